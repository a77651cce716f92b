//! Plans: a [`Query`] as postings to read and sets to combine, which together find exactly the entries
//! for which [`Query::matches`] holds.
//!
//! Knows neither the log nor its entries, only documents of a segment.

use super::{
    doc_bit_set::DocBitSet,
    schema::{EDGE, FIRST, Fields, KEY, LAST, bigram, days, edge, gap},
};
use crate::{
    query::{Atom, EntryPart, Needle, Query},
    text::{fold, tokenizer::is_word},
};
use std::{collections::HashMap, ops::Bound};
use tantivy::{
    DocSet, SegmentReader, TERMINATED, TantivyError, Term,
    query::{BooleanQuery, EnableScoring, PhraseQuery, RangeQuery, RegexPhraseQuery, TermQuery, Weight},
    schema::{Field, IndexRecordOption},
};

/// A character above every letter: the upper bound of the words that begin with a prefix.
const LAST_CHAR: char = char::MAX;

/// A plan tells what to look up and how to combine it.
///
/// Tantivy looks up words and phrases; days are compared and clauses combined here, as sets. Its own
/// `BooleanQuery` seeks an excluded phrase backwards (`Exclude::contains` in 0.27.0), which
/// `PhraseScorer` forbids with a debug assertion: the answer of a release build is undefined.
pub(super) enum Plan {
    Everything,
    Found(Box<dyn Weight>),
    /// The second, run only if the first, which is faster, finds anything: its matches are among those
    /// of the first.
    Behind(Box<dyn Weight>, Box<dyn Weight>),
    /// Entries that end on or after the first day and begin on or before the last, in [`days`] since 1970.
    Days(i64, i64),
    /// Entries with these keys.
    Keys(Vec<u64>),
    /// Entries that fit all of these plans; none of the plans marked `true`.
    All(Vec<(bool, Plan)>),
    Any(Vec<Plan>),
}

impl Plan {
    /// Finds the documents of `segment` that fit, including deleted ones. `spans` are their days.
    pub(super) fn docs(&self, segment: &SegmentReader, spans: &DocSpans) -> Result<DocBitSet, TantivyError> {
        match self {
            Plan::Everything => Ok(DocBitSet::all(segment.max_doc())),
            Plan::Found(weight) => found(&**weight, segment),
            Plan::Behind(first, second) => {
                let finds_some = first.scorer(segment, 1.0)?.doc() != TERMINATED;
                if finds_some { found(&**second, segment) } else { Ok(DocBitSet::none(segment.max_doc())) }
            }
            Plan::Days(first, last) => Ok(spans.overlap(*first, *last)),
            Plan::Keys(keys) => {
                let mut docs = DocBitSet::none(segment.max_doc());
                let column = segment.fast_fields().u64(KEY)?;
                for doc in 0..segment.max_doc() {
                    if column.first(doc).is_some_and(|key| keys.binary_search(&key).is_ok()) {
                        docs.insert(doc);
                    }
                }
                Ok(docs)
            }
            Plan::All(plans) => {
                let mut docs = DocBitSet::all(segment.max_doc());
                for (negated, plan) in plans {
                    if docs.is_empty() {
                        break;
                    }
                    let found = plan.docs(segment, spans)?;
                    if *negated { docs.remove(&found) } else { docs.intersect(&found) }
                }
                Ok(docs)
            }
            Plan::Any(plans) => {
                let mut docs = DocBitSet::none(segment.max_doc());
                for plan in plans {
                    docs.union(&plan.docs(segment, spans)?);
                }
                Ok(docs)
            }
        }
    }
}

fn found(weight: &dyn Weight, segment: &SegmentReader) -> Result<DocBitSet, TantivyError> {
    let mut docs = DocBitSet::none(segment.max_doc());
    weight.for_each_no_score(segment, &mut |found| found.iter().for_each(|doc| docs.insert(*doc)))?;
    Ok(docs)
}

/// First and last days of the documents of a segment, in memory: comparing them all is faster than a
/// range query on a column of the index, which would have to handle entries without days too.
pub(super) struct DocSpans(Vec<(i32, i32)>);

impl DocSpans {
    pub(super) fn new(segment: &SegmentReader) -> Result<DocSpans, TantivyError> {
        let (first, last) = (segment.fast_fields().i64(FIRST)?, segment.fast_fields().i64(LAST)?);
        let mut spans = Vec::with_capacity(segment.max_doc() as usize);
        for doc in 0..segment.max_doc() {
            spans.push(match (first.first(doc), last.first(doc)) {
                (Some(first), Some(last)) => (first as i32, last as i32),
                _ => UNDATED,
            });
        }
        Ok(DocSpans(spans))
    }

    fn overlap(&self, first: i64, last: i64) -> DocBitSet {
        let spans = &self.0;
        // All days of the calendar are within these bounds; UNDATED is outside.
        let [first, last] = [first, last].map(|day| day.clamp(DAYS.start, DAYS.end) as i32);
        DocBitSet::from_fn(spans.len() as u32, |doc| {
            let (begin, end) = spans[doc as usize];
            end >= first && begin <= last
        })
    }
}

/// Range that includes all days of the calendar.
const DAYS: std::ops::Range<i64> = -1 << 30..1 << 30;

/// Span of an undated entry: begins after every day and ends before every day, so it overlaps none.
const UNDATED: (i32, i32) = (i32::MAX, i32::MIN);

/// A planner makes plans for one state of the index.
pub(super) struct Planner<'s> {
    pub fields: Fields,
    pub searcher: &'s tantivy::Searcher,
    /// Canonical name of each tag of the log, by every name of the tag; all folded.
    pub tags: &'s HashMap<String, String>,
}

impl Planner<'_> {
    pub(super) fn query(&self, query: &Query) -> Result<Plan, TantivyError> {
        let unfinished = query.unfinished();
        let mut plans = Vec::with_capacity(query.clauses.len());
        for (at, clause) in query.clauses.iter().enumerate() {
            plans.push((clause.negated, self.atom(&clause.atom, unfinished == Some(at))?));
        }
        match &plans[..] {
            [] => Ok(Plan::Everything),
            [(false, _)] => Ok(plans.remove(0).1),
            _ => Ok(Plan::All(plans)),
        }
    }

    fn atom(&self, atom: &Atom, unfinished: bool) -> Result<Plan, TantivyError> {
        let fields = &self.fields;
        match atom {
            Atom::Word(text) => self.words(&Needle::new(text, unfinished)),
            Atom::Phrase(text) => self.words(&Needle::new(text, false)),
            Atom::In(part, text) => self.part(self.field(*part), &Needle::new(text, false)),
            Atom::Fact(fact) => self.term(Term::from_field_text(fields.fact, &fact.term())),
            Atom::Tag(name) => self.tag(name),
            Atom::Kind(kind) => self.term(Term::from_field_text(fields.kind, kind.name())),
            Atom::Bookmarked(keys) => Ok(Plan::Keys(keys.iter().map(|key| key.0).collect())),
            Atom::After(period) => Ok(Plan::Days(days(period.first), i64::MAX)),
            Atom::Before(period) => Ok(Plan::Days(i64::MIN, days(period.first) - 1)),
            Atom::During(period) => Ok(Plan::Days(days(period.first), days(period.last))),
            Atom::Any(queries) => {
                let plans: Result<_, _> = queries.iter().map(|query| self.query(query)).collect();
                Ok(Plan::Any(plans?))
            }
        }
    }

    /// Entries with a tag, named by any of its names, with its parents or without.
    fn tag(&self, name: &str) -> Result<Plan, TantivyError> {
        let name = fold(name);
        let leaf = name.rsplit('/').next().unwrap_or(&name);
        let canonical = self.tags.get(&name).or_else(|| self.tags.get(leaf));
        self.term(Term::from_field_text(self.fields.tag, canonical.map_or(leaf, String::as_str)))
    }

    fn field(&self, part: EntryPart) -> Field {
        match part {
            EntryPart::Title => self.fields.title,
            EntryPart::Section => self.fields.section,
            EntryPart::Path => self.fields.path,
        }
    }

    /// Entries whose text contains the needle. If it has bigrams, positions are compared only in
    /// entries that have all of them; a needle that is one bigram needs no positions at all.
    fn words(&self, needle: &Needle) -> Result<Plan, TantivyError> {
        let mut wanted = self.bigrams(needle);
        if wanted.len() == 1 && needle.tokens.len() == 2 {
            return self.found(&*wanted.remove(0));
        }
        let Some(needle) = needle_in(self.fields.text, needle) else { return Ok(Plan::Everything) };
        if wanted.is_empty() {
            return self.found(&*needle);
        }
        let bigrams: Vec<BoxedQuery> = wanted.iter().map(|bigram| bigram.box_clone()).collect();
        let bigrams = self.weight(&BooleanQuery::intersection(bigrams))?;
        wanted.push(needle);
        Ok(Plan::Behind(bigrams, self.weight(&BooleanQuery::intersection(wanted))?))
    }

    /// Queries for the pairs of neighbouring characters in a needle.
    fn bigrams(&self, needle: &Needle) -> Vec<BoxedQuery> {
        let mut queries = Vec::new();
        for pair in needle.tokens.windows(2) {
            let [(first, at), (second, next)] = pair else { continue };
            if at + 1 == *next && !is_word(first) && !is_word(second) {
                queries.push(term(Term::from_field_text(self.fields.pairs, &bigram(first, second))));
            }
        }
        queries
    }

    fn part(&self, field: Field, needle: &Needle) -> Result<Plan, TantivyError> {
        needle_in(field, needle).map_or(Ok(Plan::Everything), |wanted| self.found(&*wanted))
    }

    fn term(&self, wanted: Term) -> Result<Plan, TantivyError> {
        self.found(&*term(wanted))
    }

    fn found(&self, wanted: &dyn tantivy::query::Query) -> Result<Plan, TantivyError> {
        Ok(Plan::Found(self.weight(wanted)?))
    }

    fn weight(&self, wanted: &dyn tantivy::query::Query) -> Result<Box<dyn Weight>, TantivyError> {
        wanted.weight(EnableScoring::disabled_from_searcher(self.searcher))
    }
}

type BoxedQuery = Box<dyn tantivy::query::Query>;

fn term(term: Term) -> BoxedQuery {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// Makes the query for a needle in a field; `None` when the needle has no tokens.
fn needle_in(field: Field, needle: &Needle) -> Option<BoxedQuery> {
    let word = |text: &str| Term::from_field_text(field, text);
    Some(match &needle.tokens[..] {
        [] => return None,
        [(text, _)] if needle.prefix && is_long(text) => prefix(field, text),
        [(text, _)] if needle.prefix => term(word(&edge(text))),
        [(text, _)] => term(word(text)),
        tokens => phrase(field, tokens, needle.prefix),
    })
}

/// Makes the query for words that begin with `letters`, without a limit on their number.
fn prefix(field: Field, letters: &str) -> BoxedQuery {
    let word = |text: &str| Term::from_field_text(field, text);
    let after = word(&format!("{letters}{LAST_CHAR}"));
    Box::new(RangeQuery::new(Bound::Included(word(letters)), Bound::Excluded(after)))
}

/// Makes the query for tokens at their positions; with `is_prefix` the last is the beginning of a word.
fn phrase(field: Field, tokens: &[(String, u32)], is_prefix: bool) -> BoxedQuery {
    let mut terms: Vec<(usize, String)> = Vec::with_capacity(tokens.len() + 1);
    let mut next = 0;
    for (text, position) in tokens {
        if *position > next {
            terms.push((*position as usize, gap(position - next)));
        }
        terms.push((*position as usize, text.clone()));
        next = position + 1;
    }
    match terms.last_mut() {
        Some((_, last)) if is_prefix && is_long(last) => return phrase_prefix(field, &terms),
        Some((_, last)) if is_prefix => *last = edge(last),
        _ => {}
    }
    let terms = terms.into_iter().map(|(at, text)| (at, Term::from_field_text(field, &text))).collect();
    Box::new(PhraseQuery::new_with_offset(terms))
}

/// Makes the query for a phrase whose last word is a prefix. `PhrasePrefixQuery` gives up after 50
/// words by default and is slow without a limit; this one merges the positions of all words.
fn phrase_prefix(field: Field, terms: &[(usize, String)]) -> BoxedQuery {
    let mut patterns = Vec::with_capacity(terms.len());
    for (nth, (at, text)) in terms.iter().enumerate() {
        let suffix = if nth + 1 == terms.len() { ".*" } else { "" };
        patterns.push((*at, format!("{}{suffix}", regex::escape(text))));
    }
    let mut phrase = RegexPhraseQuery::new_with_offset(field, patterns);
    phrase.set_max_expansions(u32::MAX);
    Box::new(phrase)
}

/// Returns true if a prefix is longer than those that are terms of their own.
fn is_long(letters: &str) -> bool {
    letters.chars().count() > EDGE
}
