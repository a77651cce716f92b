//! The tokenizer: how text is cut for search, in queries and in entries alike.
//!
//! Han, Kana and Hangul are single characters; other letters are words, digits are numbers, and
//! a word is cut where letters meet digits, so that `PR1331` is `pr` `1331` and every spelling
//! of it (`pr 1331`, `PR#1331`) can be found. Positions count tokens and jump by one more at
//! every punctuation mark and line feed (in an entry's text, the border between two blocks), but
//! not at blanks or where scripts meet: `eBPF 可观测` and
//! `eBPF可观测` are the same four tokens in a row, and `容。器` is not 容器.

use super::{fold::fold_char, is_han, is_kana_or_hangul};
use std::ops::Range;

/// One token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded text: never empty.
    pub text: String,
    /// Place in the sequence of tokens and punctuation marks, from 0.
    pub position: u32,
    /// The bytes of the original text that the token covers.
    pub place: Range<usize>,
}

impl Token {
    /// Whether this token is a word or number, which a prefix can begin; a Han character is whole.
    pub fn is_word(&self) -> bool {
        self.text.chars().next().is_some_and(|c| !stands_alone(c))
    }
}

/// Bytes of a word that are looked at; a longer run of letters is cut there into the next
/// token, so that no term outgrows the index (65 530 bytes, `MAX_TOKEN_LEN` in tantivy 0.27).
const LONGEST: usize = 128;

/// The tokens of `text` in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut cutter = Cutter { tokens: Vec::with_capacity(text.len() / 3), position: 0, open: None };
    for (at, c) in text.char_indices() {
        cutter.take(at, c);
    }
    cutter.close();
    cutter.tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
}

struct Cutter {
    tokens: Vec<Token>,
    position: u32,
    open: Option<(Class, Token)>,
}

impl Cutter {
    fn take(&mut self, at: usize, c: char) {
        let place = at..at + c.len_utf8();
        if c.is_ascii_alphanumeric() {
            return self.extend(c.to_ascii_lowercase(), place);
        }
        if c == '\n' {
            self.close();
            self.position += 1;
            return;
        }
        if c.is_whitespace() {
            return self.close();
        }
        if unicode_normalization::char::is_combining_mark(c) {
            if let Some((_, token)) = &mut self.open {
                token.place.end = place.end;
            }
            return;
        }
        let mut folded = fold_char(c).peekable();
        if folded.peek().is_none() {
            return;
        }
        for c in folded {
            if stands_alone(c) {
                self.close();
                self.push(c.to_string(), place.clone());
            } else if c.is_alphanumeric() {
                self.extend(c, place.clone());
            } else if !c.is_whitespace() {
                self.close();
                self.position += 1;
            }
        }
    }

    fn extend(&mut self, c: char, place: Range<usize>) {
        let class = if c.is_numeric() { Class::Digit } else { Class::Letter };
        match &mut self.open {
            Some((open, token)) if *open == class && token.text.len() < LONGEST => {
                token.text.push(c);
                token.place.end = place.end;
            }
            _ => {
                self.close();
                self.open = Some((class, Token { text: c.to_string(), position: self.position, place }));
            }
        }
    }

    fn close(&mut self) {
        if let Some((_, token)) = self.open.take() {
            self.push(token.text, token.place);
        }
    }

    fn push(&mut self, text: String, place: Range<usize>) {
        self.tokens.push(Token { text, position: self.position, place });
        self.position += 1;
    }
}

/// A character that is a token of its own: Han, Kana, Hangul, and emoji, which have no words.
fn stands_alone(c: char) -> bool {
    is_han(c) || is_kana_or_hangul(c) || matches!(c, '\u{2600}'..='\u{27bf}' | '\u{1f300}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expected: &str) {
        let shown: Vec<String> =
            tokens(text).iter().map(|token| format!("{}@{}", token.text, token.position)).collect();
        assert_eq!(shown.join(" "), expected, "{text}");
    }

    #[test]
    fn scripts_and_numbers_are_cut_apart() {
        check("eBPF 可观测", "ebpf@0 可@1 观@2 测@3");
        check("eBPF可观测", "ebpf@0 可@1 观@2 测@3");
        check("PR1331", "pr@0 1331@1");
        check("containerd/nerdctl#1331", "containerd@0 nerdctl@2 1331@4");
        check("ＰＲ１３３１", "pr@0 1331@1");
    }

    #[test]
    fn punctuation_leaves_a_gap_and_blanks_do_not() {
        check("故，复", "故@0 复@2");
        check("故 复", "故@0 复@1");
        check("v1.2", "v@0 1@1 2@3");
        check("甲\n乙", "甲@0 乙@2");
    }

    #[test]
    fn emoji_are_tokens_and_accents_are_not() {
        check("🐱猫", "🐱@0 猫@1");
        check("cafe\u{301} au", "cafe@0 au@1");
    }

    #[test]
    fn a_run_without_end_is_cut() {
        assert_eq!(tokens(&"a".repeat(300)).len(), 3);
    }

    proptest! {
        #[test]
        fn places_are_on_character_boundaries_and_in_order(text in "\\PC{0,60}") {
            let mut last = 0;
            for token in tokens(&text) {
                prop_assert!(text.get(token.place.clone()).is_some());
                prop_assert!(token.place.start >= last);
                prop_assert!(!token.text.is_empty());
                last = token.place.start;
            }
        }
    }
}
