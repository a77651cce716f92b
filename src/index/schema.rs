//! The schema of the index: its fields, and how the text of an entry becomes terms.
//!
//! A change here, or in how [`crate::text::tokenizer`] cuts and folds, must raise [`SCHEMA_VERSION`].
//! Knows no log, no query and no files.

use crate::{note::RULES_VERSION, text::tokenizer};
use jiff::civil::Date;
use std::fmt::Write;
use tantivy::{
    schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{Token, TokenStream, Tokenizer},
};

/// Version of the fields and terms below, of the tokenizer and folding that fill them, and of the
/// checksums of files.
const SCHEMA_VERSION: u64 = 7;

/// Versions of schema and rules. A stored index made by others is not used.
pub(super) fn versions() -> String {
    format!("{SCHEMA_VERSION}.{RULES_VERSION}")
}

/// Names by which Tantivy knows [`EntryTokenizer`], with the beginnings of words and without, and
/// [`BigramTokenizer`].
pub(super) const BEGINNINGS: &str = "beginnings";
pub(super) const WHOLE: &str = "whole";
pub(super) const PAIRS: &str = "pairs";
/// Name of the fast field that holds [`crate::note::EntryKey`].
pub(super) const KEY: &str = "key";
/// Names of the fast fields that hold the days of an entry.
pub(super) const FIRST: &str = "first";
pub(super) const LAST: &str = "last";

/// The fields of a document, which is one entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// The entry's key.
    pub key: Field,
    /// Hash of its note's source and path: what is deleted when the note changes.
    pub note: Field,
    /// Words of the entry: each text of `Entry::fields` is a value of its own.
    pub text: Field,
    /// Bigrams of the same texts: neighbouring characters that are words of their own, such as Chinese
    /// ones. Without positions.
    pub pairs: Field,
    /// Title of the entry, the headings above it and the path of its note. They are searched for whole
    /// words only.
    pub title: Field,
    pub section: Field,
    pub path: Field,
    /// Facts of the entry, as [`crate::query::Fact::term`] writes them.
    pub fact: Field,
    /// Tags of the entry and all their parents, folded.
    pub tag: Field,
    pub kind: Field,
    /// First and last day covered, in days since 1970-01-01; absent when undated.
    pub first: Field,
    pub last: Field,
}

/// Builds the schema. No field is stored: the log has the text. Days are fast fields only, since they
/// are read as a whole.
pub(super) fn schema() -> (Schema, Fields) {
    // Relevance is not computed by Tantivy, so no field norms are needed.
    let options = |tokenizer, record| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_fieldnorms(false);
        TextOptions::default().set_indexing_options(indexing.set_index_option(record))
    };
    let raw = || options("raw", IndexRecordOption::Basic);
    let words = |tokenizer| options(tokenizer, IndexRecordOption::WithFreqsAndPositions);
    let mut schema = Schema::builder();
    let fields = Fields {
        key: schema.add_u64_field(KEY, FAST),
        note: schema.add_u64_field("note", INDEXED),
        text: schema.add_text_field("text", words(BEGINNINGS)),
        pairs: schema.add_text_field("pairs", options(PAIRS, IndexRecordOption::Basic)),
        title: schema.add_text_field("title", words(WHOLE)),
        section: schema.add_text_field("section", words(WHOLE)),
        path: schema.add_text_field("path", words(WHOLE)),
        fact: schema.add_text_field("fact", raw()),
        tag: schema.add_text_field("tag", raw()),
        kind: schema.add_text_field("kind", raw()),
        first: schema.add_i64_field(FIRST, FAST),
        last: schema.add_i64_field(LAST, FAST),
    };
    (schema.build(), fields)
}

/// Days from 1970-01-01 to `date`.
pub(super) fn days(date: Date) -> i64 {
    i64::from((date - Date::constant(1970, 1, 1)).get_days())
}

/// Number of letters up to which the beginnings of a word are terms of their own: a prefix of one
/// letter would otherwise merge the postings of half the dictionary (6 876 instead of 31 ms inside a
/// phrase at 1 M entries). Few words share three letters: merging their postings is as fast, and the
/// index is a tenth smaller.
pub(super) const EDGE: usize = 2;

/// Term of a word's beginning. No token contains a control character.
pub(super) fn edge(letters: &str) -> String {
    let mut term = String::with_capacity(letters.len() + 1);
    write_edge(&mut term, letters);
    term
}

fn write_edge(term: &mut String, letters: &str) {
    term.push('\u{1}');
    term.push_str(letters);
}

/// Term at the position of a token with `gap` punctuation marks between it and the previous token.
///
/// Without it, `a.c` would match `a b c`: the positions are the same, and Tantivy does not see that
/// there is a word between them.
pub(super) fn gap(gap: u32) -> String {
    let mut term = String::new();
    write_gap(&mut term, gap);
    term
}

fn write_gap(term: &mut String, gap: u32) {
    // Writing into a string cannot fail.
    let _ = write!(term, "\u{2}{gap}");
}

/// A tokenizer that cuts one text of an entry into terms with true positions.
///
/// At the position of each token are also its beginnings, if they are wanted, and the gap before it.
/// The first token of a text has no gap term, and Tantivy leaves a position free between the values of
/// a field, so no phrase reaches from one text into the next, however long a gap it has.
#[derive(Clone)]
pub(super) struct EntryTokenizer {
    pub beginnings: bool,
}

impl Tokenizer for EntryTokenizer {
    type TokenStream<'a> = TermStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> TermStream {
        TermStream {
            tokens: tokenizer::tokens(text).into_iter(),
            beginnings: self.beginnings,
            pending: None,
            next_position: None,
            term: Token::default(),
        }
    }
}

/// A stream of the terms of one text, in order of position. All are written to the same buffer.
pub(super) struct TermStream {
    tokens: std::vec::IntoIter<tokenizer::Token>,
    beginnings: bool,
    pending: Option<PendingToken>,
    /// Position after the previous token.
    next_position: Option<u32>,
    term: Token,
}

/// A token of which terms are still to come: longer beginnings, the gap, then the token itself.
struct PendingToken {
    token: tokenizer::Token,
    /// Letters of the last beginning; [`EDGE`] when there are no more.
    letters: usize,
    /// Gap still to be written; 0 when there is none.
    gap: u32,
}

impl TermStream {
    /// Takes the next token, if there is one.
    fn next_token(&mut self) -> Option<PendingToken> {
        let token = self.tokens.next()?;
        let gap = self.next_position.map_or(0, |next| token.position - next);
        self.next_position = Some(token.position + 1);
        (self.term.offset_from, self.term.offset_to) = (token.place.start, token.place.end);
        (self.term.position, self.term.position_length) = (token.position as usize, 1);
        let letters = if self.beginnings && token.is_word() { 0 } else { EDGE };
        Some(PendingToken { token, letters, gap })
    }
}

impl TokenStream for TermStream {
    fn advance(&mut self) -> bool {
        let Some(mut pending) = self.pending.take().or_else(|| self.next_token()) else { return false };
        let text = &mut self.term.text;
        text.clear();
        let word = &pending.token.text;
        if pending.letters < EDGE {
            let end = word.char_indices().nth(pending.letters + 1);
            write_edge(text, &word[..end.map_or(word.len(), |(end, _)| end)]);
            pending.letters = if end.is_some() { pending.letters + 1 } else { EDGE };
        } else if pending.gap > 0 {
            write_gap(text, std::mem::take(&mut pending.gap));
        } else {
            text.push_str(word);
            return true;
        }
        self.pending = Some(pending);
        true
    }

    fn token(&self) -> &Token {
        &self.term
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.term
    }
}

/// Term of two neighbouring characters.
pub(super) fn bigram(a: &str, b: &str) -> String {
    [a, b].concat()
}

/// A tokenizer that cuts one text of an entry into its bigrams.
#[derive(Clone)]
pub(super) struct BigramTokenizer;

impl Tokenizer for BigramTokenizer {
    type TokenStream<'a> = BigramStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> BigramStream {
        let tokens = if text.is_ascii() { Vec::new() } else { tokenizer::tokens(text) };
        BigramStream { tokens, next: 0, term: Token::default() }
    }
}

/// A stream of the bigrams of one text.
pub(super) struct BigramStream {
    tokens: Vec<tokenizer::Token>,
    next: usize,
    term: Token,
}

impl TokenStream for BigramStream {
    fn advance(&mut self) -> bool {
        while let Some([a, b]) = self.tokens.get(self.next..self.next + 2) {
            self.next += 1;
            if !a.is_word() && !b.is_word() && a.position + 1 == b.position {
                (self.term.position, self.term.position_length) = (a.position as usize, 1);
                self.term.text.clear();
                self.term.text.push_str(&a.text);
                self.term.text.push_str(&b.text);
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.term
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.term
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(beginnings: bool, text: &str, expected: &str) {
        let mut tokenizer = EntryTokenizer { beginnings };
        let mut stream = tokenizer.token_stream(text);
        let mut terms = Vec::new();
        stream.process(&mut |token| terms.push(format!("{}@{}", token.text, token.position)));
        let shown = terms.join(" ").replace('\u{1}', "^").replace('\u{2}', "~");
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn beginnings_and_gaps_have_the_position_of_the_token() {
        check(false, "用 eBPF。好", "用@0 ebpf@1 ~1@3 好@3");
        check(true, "用 eBPF", "用@0 ^e@1 ^eb@1 ebpf@1");
        check(true, "。故，复", "故@1 ~1@3 复@3");
        check(true, "", "");
    }

    #[test]
    fn bigrams_are_neighbouring_characters() {
        for (text, expected) in [
            ("用容器。好 的", "用容 容器 好的"),
            ("用 eBPF 观测", "观测"),
            ("コンテナ、覆盤", "コン ンテ テナ 覆盘"),
            ("a 容\n器 🐱猫", ""),
            ("plain", ""),
            ("", ""),
        ] {
            let mut pairs = Vec::new();
            BigramTokenizer.token_stream(text).process(&mut |token| pairs.push(token.text.clone()));
            assert_eq!(pairs.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(days(Date::constant(1970, 1, 1)), 0);
        assert_eq!(days(Date::constant(2022, 7, 31)), 19_204);
        assert_eq!(days(Date::constant(1969, 12, 31)), -1);
    }
}
