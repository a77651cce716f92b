//! Folding: the one normal form in which texts are compared.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `text` with full-width and other compatibility forms, case and accents folded away, so that
/// `ＥＢＰＦ`, `eBPF` and `ebpf` are one, and `café` is `cafe`.
///
/// Kana keep their voicing marks: か and が are different letters, not an accent.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            c if is_itself(c) => folded.push(c),
            c => folded.extend(fold_char(c)),
        }
    }
    folded
}

/// The folded form of one character: nothing for an accent, several for a ligature.
pub fn fold_char(c: char) -> impl Iterator<Item = char> {
    let mut folded: [char; FOLDED] = ['\0'; FOLDED];
    let mut len = 0;
    let mut put = |c: char| {
        if len < FOLDED {
            folded[len] = c;
            len += 1;
        }
    };
    if c.is_ascii() {
        put(c.to_ascii_lowercase());
    } else if is_itself(c) {
        put(c);
    } else {
        let marks_fall = |c: &char| !is_combining_mark(*c);
        std::iter::once(c).nfkd().filter(marks_fall).flat_map(char::to_lowercase).filter(marks_fall).for_each(&mut put);
    }
    folded.into_iter().take(len)
}

/// Characters one character may fold to. U+FDFA, the longest compatibility decomposition of
/// Unicode, has 18 (UAX #15, table 8).
const FOLDED: usize = 18;

fn is_itself(c: char) -> bool {
    super::is_han(c) && !is_compatibility_han(c) || super::is_kana_or_hangul(c)
}

fn is_compatibility_han(c: char) -> bool {
    matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_of_one_word_fold_together() {
        for (text, expected) in [
            ("eBPF", "ebpf"),
            ("ＥＢＰＦ１２", "ebpf12"),
            ("Café", "cafe"),
            ("ﬁne", "fine"),
            ("容器", "容器"),
            ("が", "が"),
            ("①", "1"),
            ("Straße", "straße"),
        ] {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
