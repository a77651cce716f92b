//! Folding: the one normal form in which texts are compared.

use hanconv::RawDictionary;
use std::sync::LazyLock;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `text` with full-width and other compatibility forms, case and accents folded away, so that
/// `ＥＢＰＦ`, `eBPF` and `ebpf` are one, and `café` is `cafe`; and with Traditional Han characters as
/// their Simplified ones, so that 学习 finds 學習.
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
            c if is_itself(c) => folded.push(simplified(c)),
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
        put(simplified(c));
    } else {
        let marks_fall = |c: &char| !is_combining_mark(*c);
        std::iter::once(c)
            .nfkd()
            .filter(marks_fall)
            .flat_map(char::to_lowercase)
            .filter(marks_fall)
            .map(simplified)
            .for_each(&mut put);
    }
    folded.into_iter().take(len)
}

/// Characters one character may fold to. U+FDFA, the longest compatibility decomposition of
/// Unicode, has 18 (UAX #15, table 8).
const FOLDED: usize = 18;

/// The Simplified form of a Traditional character, by the table of single characters of OpenCC, and
/// any other character itself. One character stays one: whole words (乾隆, 答覆) are not looked at,
/// since text and query are folded alike.
fn simplified(c: char) -> char {
    match (c as usize).checked_sub(FIRST_HAN).and_then(|at| SIMPLIFIED.get(at)) {
        Some(0) | None => c,
        Some(code) => char::from_u32(u32::from(*code)).unwrap_or(c),
    }
}

/// Steps after which a chain of forms has ended.
const CHAIN: usize = 4;
const FIRST_HAN: usize = 0x3400;
const LAST_HAN: usize = 0x9FFF;

/// For each code from [`FIRST_HAN`] that of the Simplified form, where it has another. The table
/// prefers the character itself where it lists it first (覆), and 干 for 乾.
static SIMPLIFIED: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut table = vec![0_u16; LAST_HAN - FIRST_HAN + 1].into_boxed_slice();
    let range = FIRST_HAN..=LAST_HAN;
    let code = |text: &str| text.chars().next().map(|c| c as usize).filter(|code| range.contains(code));
    for (from, to) in RawDictionary::TSCharacters.iter() {
        if let (Some(from), Some(to)) = (code(from), code(to)) {
            table[from - FIRST_HAN] = if from == to { 0 } else { to as u16 };
        }
    }
    // What a character becomes does not change again.
    for at in 0..table.len() {
        for _ in 0..CHAIN {
            let next = usize::from(table[at]).checked_sub(FIRST_HAN).map_or(0, |next| table[next]);
            table[at] = if next == 0 { table[at] } else { next };
        }
    }
    table
});

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
            ("學習、網關與容器編排", "学习、网关与容器编排"),
            ("覆盘与答覆", "覆盘与答覆"),
            ("乾淨", "干净"),
            ("が", "が"),
            ("①", "1"),
            ("Straße", "straße"),
        ] {
            assert_eq!(fold(text), expected, "{text}");
        }
    }

    #[test]
    fn every_simplified_form_stays_as_it_is() {
        let changed = |c: &char| simplified(*c) != *c;
        let han = (FIRST_HAN..=LAST_HAN).filter_map(|code| char::from_u32(code as u32));
        let changing: Vec<char> = han.filter(changed).collect();
        assert!(changing.len() > 2_900, "{}", changing.len());
        let unsettled: Vec<char> = changing.into_iter().filter(|c| changed(&simplified(*c))).collect();
        assert_eq!(unsettled, Vec::<char>::new());
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
