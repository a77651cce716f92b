//! Text that comes from outside: made fit for display, folded for comparison, cut into tokens.
//!
//! The lowest layer: knows characters, never notes, queries or screens.

pub mod clean;
pub mod fold;
mod pattern;
pub mod pinyin;
pub mod sentence;
pub mod token;

pub use clean::{clean, clean_line};
pub use fold::fold;
pub use pattern::{regex, regex_set};

/// A Han character (with 〇 and the iteration mark): the scripts that write without spaces
/// are cut into single characters by the tokenizer and joined without a space over line ends.
pub fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}'
        | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{323AF}')
}

/// Kana and Hangul syllables, which are searchable character by character as Han is.
pub fn is_kana_or_hangul(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{AC00}'..='\u{D7AF}')
}

/// Punctuation of Chinese typography, ideographic space included: full-width forms and the
/// CJK symbols block, and the quotes and dashes that Chinese shares with Latin.
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(c,
        '\u{3000}'..='\u{3004}' | '\u{3006}' | '\u{3008}'..='\u{303F}'
        | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FF3B}'..='\u{FF40}' | '\u{FF5B}'..='\u{FF65}'
        | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// Whether two lines of a paragraph broken between `before` and `after` are joined without a
/// space: Chinese has none, and a line broken by hand in the middle of a word must heal.
pub fn joins_without_space(before: Option<char>, after: Option<char>) -> bool {
    let wide = |c: char| is_han(c) || is_kana_or_hangul(c) || is_cjk_punctuation(c);
    let (Some(before), Some(after)) = (before, after) else { return false };
    (wide(before) && wide(after)) || is_cjk_punctuation(before) || is_cjk_punctuation(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_as_their_script_does() {
        for (before, after, expected) in
            [('很', '好', true), ('，', 'X', true), ('e', '，', true), ('e', 'B', false), ('用', 'e', false)]
        {
            assert_eq!(joins_without_space(Some(before), Some(after)), expected, "{before}|{after}");
        }
    }
}
