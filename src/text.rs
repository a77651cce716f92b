//! Text from outside the program: cleaned for display, folded for comparison, split into tokens.
//!
//! This is the lowest layer. It knows characters, but no notes, queries or screens.

pub mod bigrams;
pub mod clean;
pub mod fold;
mod nearest;
mod pattern;
pub mod pinyin;
pub mod problem;
pub(crate) mod ranges;
pub mod sentence;
pub mod tokenizer;

pub use clean::{clean, clean_line};
pub use fold::fold;
pub(crate) use nearest::{nearest, slips};
pub use pattern::{regex, regex_set};
pub use problem::{Code, Problem};

/// The lines of `text` without their line feeds. Does the same as `split('\n')`, but faster.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    ends.scan(0, move |start, end| Some(&text[std::mem::replace(start, end + 1)..end]))
}

/// Writes `1 note` or `2 notes`.
pub(crate) fn counted(number: u32, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Returns true for Han characters, including 〇 and the iteration mark 々. The tokenizer makes a token of
/// each, and a line break between two of them is joined without a space.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

/// Returns true for Kana, including half-width forms. They are searched character by character, as Han is.
/// The middle dot and the double hyphen of these blocks are punctuation.
pub fn is_kana(c: char) -> bool {
    matches!(c,
        '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}'
        | '\u{30A1}'..='\u{30FA}' | '\u{30FC}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}' | '\u{1B000}'..='\u{1B16F}')
}

/// Returns true for Hangul syllables and letters. They are searched as Han is, but written with spaces.
pub fn is_hangul(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{A960}'..='\u{A97C}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{D7B0}'..='\u{D7FB}' | '\u{FFA0}'..='\u{FFDC}')
}

/// Returns true for emoji, similar symbols and the letters of flags. Arrows are not included.
pub fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2300}'..='\u{23FF}' | '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// Returns true for punctuation of Chinese typography: the CJK symbols block with the ideographic space,
/// full-width forms, and the quotes and dashes that Chinese shares with Latin.
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(c,
        '\u{3000}'..='\u{3004}' | '\u{3006}' | '\u{3008}'..='\u{303F}' | '\u{30A0}' | '\u{30FB}'
        | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}'
        | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// Returns true if two lines of a paragraph that was broken between `before` and `after` are joined without
/// a space. Chinese and Japanese have no spaces between words. Korean has them, and its lines are broken there.
pub fn joins_without_space(before: Option<char>, after: Option<char>) -> bool {
    let wide = |c: char| is_han(c) || is_kana(c) || is_cjk_punctuation(c);
    let (Some(before), Some(after)) = (before, after) else { return false };
    (wide(before) && wide(after)) || is_cjk_punctuation(before) || is_cjk_punctuation(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_as_their_script_does() {
        for (before, after, expected) in [
            ('很', '好', true),
            ('テ', 'ナ', true),
            ('，', 'X', true),
            ('e', '，', true),
            ('e', 'B', false),
            ('用', 'e', false),
            ('는', '한', false),
        ] {
            assert_eq!(joins_without_space(Some(before), Some(after)), expected, "{before}|{after}");
        }
    }
}
