//! Folding: the normal form in which texts are compared.

use super::{clean::is_invisible, is_han, is_kana};
use hanconv::RawDictionary;
use std::{ops::Range, sync::LazyLock};
use unicode_normalization::{
    UnicodeNormalization,
    char::{compose, is_combining_mark},
};

/// Folds away width and other compatibility forms, case and accents, so that `ＥＢＰＦ`, `eBPF` and `ebpf`
/// are equal, as are `café` and `cafe`. Traditional Han characters become Simplified ones, so that 学习
/// finds 學習.
///
/// Kana keep their voicing marks, since か and が are different letters, and Hangul is composed into
/// syllables. All Unicode normal forms (UAX #15) of a text fold to the same.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            c if is_itself(c) => folded.push(simplified(c)),
            c => decomposed(c).for_each(|c| match folded.chars().next_back().and_then(|last| joined(last, c)) {
                Some(whole) => {
                    folded.pop();
                    folded.push(whole);
                }
                None => folded.extend((!is_voicing(c)).then_some(c)),
            }),
        }
    }
    folded
}

/// Calls `meet` for each character of the [`fold`]ed `text` with the bytes of `text` that it represents.
/// Accents and invisible characters, which fold away, belong to the character before them. Places begin
/// in ascending order; characters that come from one have the same place.
pub fn walk(text: &str, mut meet: impl FnMut(char, Range<usize>)) {
    let mut last: Option<(char, Range<usize>)> = None;
    for (at, c) in text.char_indices() {
        let place = at..at + c.len_utf8();
        if c.is_ascii() || is_itself(c) {
            let c = if c.is_ascii() { c.to_ascii_lowercase() } else { simplified(c) };
            if let Some((c, place)) = last.replace((c, place)) {
                meet(c, place);
            }
            continue;
        }
        let mut is_gone = true;
        for c in decomposed(c) {
            let whole = last.as_ref().and_then(|(last, _)| joined(*last, c));
            if let (Some(whole), Some(last)) = (whole, &mut last) {
                *last = (whole, last.1.start..place.end);
                is_gone = false;
            } else if !is_voicing(c) {
                if let Some((c, place)) = last.replace((c, place.clone())) {
                    meet(c, place);
                }
                is_gone = false;
            }
        }
        if let Some((_, last)) = last.as_mut().filter(|_| is_gone) {
            last.end = place.end;
        }
    }
    if let Some((c, place)) = last {
        meet(c, place);
    }
}

/// Decomposes a character: into nothing for an accent, into several for a ligature.
fn decomposed(c: char) -> impl Iterator<Item = char> {
    let mut parts: [char; FOLDED] = ['\0'; FOLDED];
    let mut len = 0;
    let stays = |c: &char| is_voicing(*c) || !is_combining_mark(*c) && !is_invisible(*c);
    let all = std::iter::once(c).nfkd().filter(stays).flat_map(char::to_lowercase).filter(stays).map(simplified);
    for (part, c) in parts.iter_mut().zip(all) {
        *part = c;
        len += 1;
    }
    parts.into_iter().take(len)
}

/// Composes `last` and `c` into a voiced Kana or a Hangul syllable, if they are one.
fn joined(last: char, c: char) -> Option<char> {
    let joins = is_voicing(c) || matches!(c, '\u{1161}'..='\u{1175}' | '\u{11a8}'..='\u{11c2}');
    if joins { compose(last, c) } else { None }
}

/// Returns true for the marks that turn は into ば and ぱ.
fn is_voicing(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309a}')
}

/// Maximum number of characters that one character folds to. U+FDFA, the longest compatibility
/// decomposition of Unicode, has 18 (UAX #15, table 8).
const FOLDED: usize = 18;

/// Replaces a Traditional character by its Simplified form, according to OpenCC's table of single
/// characters. Words such as 乾隆 and 答覆 need no special treatment, since text and query are folded alike.
fn simplified(c: char) -> char {
    match (c as usize).checked_sub(FIRST_HAN).and_then(|at| SIMPLIFIED.get(at)) {
        Some(0) | None => c,
        Some(code) => char::from_u32(u32::from(*code)).unwrap_or(c),
    }
}

/// Maximum length of a chain of forms.
const CHAIN: usize = 4;
const FIRST_HAN: usize = 0x3400;
const LAST_HAN: usize = 0x9FFF;

/// Code points of Simplified forms, indexed from [`FIRST_HAN`]; 0 where a character stays. A character
/// that OpenCC lists first among its own forms (覆) stays; 乾 becomes 干.
static SIMPLIFIED: LazyLock<Box<[u16]>> = LazyLock::new(|| {
    let mut table = vec![0_u16; LAST_HAN - FIRST_HAN + 1].into_boxed_slice();
    let range = FIRST_HAN..=LAST_HAN;
    let code = |text: &str| text.chars().next().map(|c| c as usize).filter(|code| range.contains(code));
    for (from, to) in RawDictionary::TSCharacters.iter() {
        if let (Some(from), Some(to)) = (code(from), code(to)) {
            table[from - FIRST_HAN] = if from == to { 0 } else { to as u16 };
        }
    }
    // Follow chains, so that a simplified character does not change again.
    for at in 0..table.len() {
        for _ in 0..CHAIN {
            let next = usize::from(table[at]).checked_sub(FIRST_HAN).map_or(0, |next| table[next]);
            table[at] = if next == 0 { table[at] } else { next };
        }
    }
    table
});

/// Returns true if folding leaves the character alone, except for simplifying it, whatever comes before.
fn is_itself(c: char) -> bool {
    is_han(c) && !is_compatibility_han(c)
        || is_kana(c) && !matches!(c, '\u{309f}' | '\u{30ff}' | '\u{ff00}'..)
        || matches!(c, '\u{ac00}'..='\u{d7a3}')
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
            ("①㈱㍿ﬁ½", "1(株)株式会社fi1⁄2"),
            ("Straße", "straße"),
            ("か\u{3099}は\u{309a}コ\u{301}\u{3099}", "がぱゴ"),
            ("ｶﾞｰﾃﾞﾝ ﾊﾟ ｺﾝﾃﾅ", "ガーデン パ コンテナ"),
            ("㌘㌫ゟヿ", "グラムパーセントよりコト"),
            ("あ\u{3099}x\u{3099}\u{3099}", "あx"),
            ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}", "한글"),
            ("하\u{11ab}", "한"),
            ("ﾡￂ", "가"),
            ("ㅋㅋㅋ", "\u{110f}\u{110f}\u{110f}"),
            ("❤\u{fe0f}", "❤"),
            ("容\u{200b}器", "容器"),
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

    /// Whatever joins, falls or unfolds, beside all else.
    const FORMS: &str = "(?s:[かがはパカｶﾞﾟｺ\u{3099}\u{309a}゛\u{301}\u{328}\u{1100}\u{1161}\u{11a8}\u{110f}가각ㄱㅏㅋﾡￂ㌘①㈱ﬁéÉIİßＡa1 學覆豈☀❤\u{fe0f}👩👍🏽🇨🇳\u{200d}\u{200b}，.]|.){0,16}";

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn every_normal_form_folds_to_the_same(text in FORMS) {
            let folded = fold(&text);
            for form in [text.nfc().collect::<String>(), text.nfd().collect(), text.nfkc().collect(), text.nfkd().collect()] {
                prop_assert_eq!(fold(&form), folded.as_str(), "{:?}", form);
            }
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn places_cover_the_text_in_order(text in FORMS) {
            let (mut folded, mut places) = (String::new(), Vec::new());
            walk(&text, |c, place| {
                folded.push(c);
                places.push(place);
            });
            prop_assert_eq!(&folded, &fold(&text));
            let first = places.first().map_or(text.len(), |place| place.start);
            prop_assert!(fold(&text[..first]).is_empty());
            // Each place begins where the one before ended, or is the same.
            let (mut start, mut end) = (first, first);
            for place in places {
                prop_assert!(text.get(place.clone()).is_some_and(|piece| !piece.is_empty()));
                prop_assert!(place.start == end || place.start == start, "{:?} {:?}", text, place);
                prop_assert!(place.end >= end);
                (start, end) = (place.start, place.end);
            }
            prop_assert_eq!(end, text.len());
        }
    }
}
