//! The tokenizer: splits queries and entries alike into tokens for search.
//!
//! Han, Kana and Hangul are single characters; other letters are words, digits are numbers, and
//! a word is split where letters meet digits, so that `PR1331` is `pr` `1331` and every spelling
//! of it (`pr 1331`, `PR#1331`) can be found. An emoji is one token, even if it is composed of several.
//!
//! Positions count tokens and skip one more at every punctuation mark and line feed (in an entry's text,
//! the boundary between two blocks), but not at spaces or where scripts meet: `eBPF 可观测` and
//! `eBPF可观测` are the same four tokens in a row, and `容。器` is not 容器. Signs between a number and the
//! word that says what it counts skip none either: `nerdctl#1331` is `nerdctl 1331`, and `PR-1331` and
//! `PR: #1331` are `PR 1331`.

use super::{fold::walk, is_emoji, is_han, is_hangul, is_kana};
use compact_str::CompactString;
use std::ops::Range;

/// One token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The folded text, which is never empty and nearly always short.
    pub text: CompactString,
    /// Index in the sequence of tokens and punctuation marks, from 0.
    pub position: u32,
    /// The bytes of the original text that the token covers.
    pub place: Range<usize>,
}

impl Token {
    /// Calls [`is_word`] with the text.
    pub fn is_word(&self) -> bool {
        is_word(&self.text)
    }
}

/// Returns true if a token with this text is a word, a number or an emoji, which can be found by a prefix.
/// Han, Kana and Hangul characters cannot.
pub fn is_word(text: &str) -> bool {
    text.chars().next().is_some_and(|c| !stands_alone(c))
}

/// Maximum length of a word in bytes. A longer run of letters continues in the next token, so that no term
/// outgrows the index (65 530 bytes, `MAX_TOKEN_LEN` in tantivy 0.27).
const LONGEST: usize = 128;

/// Words that say what the number after them counts, even if there is a sign between them.
const NUMBERED: [&str; 4] = ["pr", "mr", "issue", "pull"];

/// The tokens of `text` in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut cutter = Tokenizer { tokens: Vec::with_capacity(text.len() / 3), ..Tokenizer::default() };
    walk(text, |c, place| cutter.take(c, place));
    cutter.close();
    cutter.tokens
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Emoji,
}

#[derive(Default)]
struct Tokenizer {
    tokens: Vec<Token>,
    position: u32,
    open: Option<(Class, Token)>,
    /// Punctuation marks since the last token.
    punctuation: u32,
    /// True if all of them are signs that may separate a word from its number.
    are_signs: bool,
    /// True if the previous character is a `#`.
    after_hash: bool,
    /// True if the previous character joins two emoji.
    after_joiner: bool,
}

impl Tokenizer {
    /// Takes the next folded character.
    fn take(&mut self, c: char, place: Range<usize>) {
        let after_joiner = std::mem::take(&mut self.after_joiner);
        match c {
            c if c.is_ascii_alphanumeric() => self.extend(c, place),
            c if c.is_whitespace() && c != '\n' => {
                self.close();
                self.after_hash = false;
            }
            c if stands_alone(c) => {
                self.close();
                let token = self.token(c, place);
                self.push(token);
            }
            JOINER => self.after_joiner = true,
            c if is_emoji(c) || after_joiner && is_arrow(c) => self.picture(c, place, after_joiner),
            c if c.is_alphanumeric() => self.extend(c, place),
            c => self.punctuation(c),
        }
    }

    fn extend(&mut self, c: char, place: Range<usize>) {
        let class = if c.is_numeric() { Class::Digit } else { Class::Letter };
        match &mut self.open {
            Some((open, token)) if *open == class && token.text.len() < LONGEST => {
                token.text.push(c);
                token.place.end = place.end;
            }
            _ => self.begin(class, c, place),
        }
    }

    /// Takes an emoji or extends the one before: after a joiner, with a skin tone, or with the second
    /// letter of a flag.
    fn picture(&mut self, c: char, place: Range<usize>, after_joiner: bool) {
        match &mut self.open {
            Some((Class::Emoji, token))
                if (after_joiner || is_skin(c) || is_flag(c) && is_flag_letter(&token.text))
                    && token.text.len() < LONGEST =>
            {
                token.text.extend(after_joiner.then_some(JOINER));
                token.text.push(c);
                token.place.end = place.end;
            }
            _ => self.begin(Class::Emoji, c, place),
        }
    }

    fn punctuation(&mut self, c: char) {
        self.close();
        self.are_signs = (self.punctuation == 0 || self.are_signs) && matches!(c, '#' | '-' | ':' | '!');
        self.after_hash = c == '#';
        self.punctuation += 1;
    }

    fn begin(&mut self, class: Class, c: char, place: Range<usize>) {
        self.close();
        if class == Class::Digit && self.punctuation > 0 {
            let is_counted = self.tokens.last().is_some_and(|token| NUMBERED.contains(&token.text.as_str()));
            if self.are_signs && is_counted {
                self.punctuation = 0;
            } else if self.after_hash {
                self.punctuation -= 1;
            }
        }
        self.open = Some((class, self.token(c, place)));
    }

    fn token(&mut self, c: char, place: Range<usize>) -> Token {
        self.position += std::mem::take(&mut self.punctuation);
        self.after_hash = false;
        Token { text: CompactString::from_iter([c]), position: self.position, place }
    }

    fn close(&mut self) {
        if let Some((_, token)) = self.open.take() {
            self.push(token);
        }
    }

    fn push(&mut self, token: Token) {
        self.tokens.push(token);
        self.position += 1;
    }
}

/// Returns true for a character that is always a token of its own.
fn stands_alone(c: char) -> bool {
    is_han(c) || is_kana(c) || is_hangul(c)
}

/// Joins two emoji into one.
const JOINER: char = '\u{200d}';

/// Returns true for arrows, which some emoji use as their direction.
fn is_arrow(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}')
}

/// Returns true for a skin tone of the emoji before.
fn is_skin(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// Returns true for one of the two letters of a flag.
fn is_flag(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn is_flag_letter(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_flag) && chars.next().is_none()
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
        check("ＰＲ１３３１", "pr@0 1331@1");
        check("コンテナ・ﾗﾝ", "コ@0 ン@1 テ@2 ナ@3 ラ@5 ン@6");
        check("ㄱㅏ한\u{1112}\u{1161}\u{11ab} ㅋ", "가@0 한@1 한@2 \u{110f}@3");
        check("㈱か\u{3099}", "株@1 が@3");
    }

    #[test]
    fn a_number_stands_beside_what_it_counts() {
        for text in ["PR1331", "pr 1331", "PR#1331", "pr＃1331", "PR-1331", "PR：1331", "PR: #1331", "pr - 1331"] {
            check(text, "pr@0 1331@1");
        }
        check("containerd/nerdctl#1331", "containerd@0 nerdctl@2 1331@3");
        check("nerdctl #1331，#12", "nerdctl@0 1331@1 12@3");
        check("GO-2023 2023-07 PR，12 PR\n12", "go@0 2023@2 2023@3 07@5 pr@6 12@8 pr@9 12@11");
        check("# 12", "12@1");
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
        check("☀\u{fe0f}☀ 🎉🐱", "☀@0 ☀@1 🎉@2 🐱@3");
        check("a👩\u{200d}💻b", "a@0 👩\u{200d}💻@1 b@2");
        check("👍🏽👍 🏽", "👍🏽@0 👍@1 🏽@2");
        check("🇨🇳🇯🇵🇨 🇳", "🇨🇳@0 🇯🇵@1 🇨@2 🇳@3");
        check("1\u{fe0f}\u{20e3}", "1@0");
        check("甲→乙↔\u{fe0f}", "甲@0 乙@2");
        check("🙂\u{200d}↔\u{fe0f}🏳\u{fe0f}\u{200d}🌈", "🙂\u{200d}↔@0 🏳\u{200d}🌈@1");
    }

    #[test]
    fn a_run_without_end_is_cut() {
        assert_eq!(tokens(&"a".repeat(300)).len(), 3);
    }

    proptest! {
        #[test]
        fn places_are_on_character_boundaries_and_in_order(text in "(?:\\PC|[か\u{3099}ﾞ👩🏽🇨🇳\u{200d}\u{fe0f}é\u{301}#1]){0,60}") {
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
