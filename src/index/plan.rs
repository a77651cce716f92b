//! A [`Query`] as postings to read and sets to combine, which together find exactly what
//! [`Query::matches`] says.

use super::{
    doc_bit_set::DocBitSet,
    schema::{EDGE, FIRST, Fields, KEY, LAST, days, edge, gap, pair},
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

/// Above every letter: bounds the words that begin with a prefix.
const LAST_CHAR: char = char::MAX;

/// What to look up, and how to put it together.
///
/// Tantivy looks up words and phrases; days are compared and clauses are combined here, as sets. Its own
/// `BooleanQuery` seeks an excluded phrase backwards (`Exclude::contains` in 0.27.0), against
/// which `PhraseScorer` has a debug assertion: what a release build answers is not promised.
pub(super) enum Plan {
    Everything,
    Found(Box<dyn Weight>),
    /// The second finds nothing where the first, which is looked up sooner, finds nothing.
    Behind(Box<dyn Weight>, Box<dyn Weight>),
    /// Entries that end on or after the first day and begin on or before the last, as [`days`] counts.
    Days(i64, i64),
    /// Entries with these keys.
    Keys(Vec<u64>),
    /// All of these; those marked must not hold.
    All(Vec<(bool, Plan)>),
    Any(Vec<Plan>),
}

impl Plan {
    /// The documents of `segment` that fit, deleted ones among them. `spans` are their days.
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
                let has = |doc: &u32| column.first(*doc).is_some_and(|key| keys.binary_search(&key).is_ok());
                (0..segment.max_doc()).filter(has).for_each(|doc| docs.insert(doc));
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

/// The days of the documents of a segment, in memory: comparing them all takes less than looking
/// for a range in a column of the index, by which an entry without days must be found as well.
pub(super) struct DocSpans(Vec<(i32, i32)>);

impl DocSpans {
    pub(super) fn new(segment: &SegmentReader) -> Result<DocSpans, TantivyError> {
        let (first, last) = (segment.fast_fields().i64(FIRST)?, segment.fast_fields().i64(LAST)?);
        let span = |doc| match first.first(doc).zip(last.first(doc)) {
            Some((first, last)) => (first as i32, last as i32),
            None => UNDATED,
        };
        Ok(DocSpans((0..segment.max_doc()).map(span).collect()))
    }

    fn overlap(&self, first: i64, last: i64) -> DocBitSet {
        let spans = &self.0;
        // Days of the calendar lie within, those of undated entries without.
        let [first, last] = [first, last].map(|day| day.clamp(DAYS.start, DAYS.end) as i32);
        DocBitSet::from_fn(spans.len() as u32, |doc| {
            let (begin, end) = spans[doc as usize];
            end >= first && begin <= last
        })
    }
}

/// More than all days of the calendar.
const DAYS: std::ops::Range<i64> = -1 << 30..1 << 30;

/// Begins after every day and ends before: overlaps nothing.
const UNDATED: (i32, i32) = (i32::MAX, i32::MIN);

/// Makes plans for one state of the index.
pub(super) struct Planner<'s> {
    pub fields: Fields,
    pub searcher: &'s tantivy::Searcher,
    /// Every name of every tag of the log, folded, with its own.
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
            Atom::Tag(name) => {
                let name = fold(name);
                let leaf = name.rsplit('/').next().unwrap_or(&name);
                let known = self.tags.get(&name).or_else(|| self.tags.get(leaf));
                self.term(Term::from_field_text(fields.tag, known.map_or(leaf, String::as_str)))
            }
            Atom::Kind(kind) => self.term(Term::from_field_text(fields.kind, kind.name())),
            Atom::Bookmarked(keys) => Ok(Plan::Keys(keys.iter().map(|key| key.0).collect())),
            Atom::After(period) => Ok(Plan::Days(days(period.first), i64::MAX)),
            Atom::Before(period) => Ok(Plan::Days(i64::MIN, days(period.first) - 1)),
            Atom::During(period) => Ok(Plan::Days(days(period.first), days(period.last))),
            Atom::Any(queries) => {
                Ok(Plan::Any(queries.iter().map(|query| self.query(query)).collect::<Result<_, _>>()?))
            }
        }
    }

    fn field(&self, part: EntryPart) -> Field {
        match part {
            EntryPart::Title => self.fields.title,
            EntryPart::Section => self.fields.section,
            EntryPart::Path => self.fields.path,
        }
    }

    /// Entries whose text has what is wanted. Where that has pairs, only entries with all of them
    /// are looked at more closely, and for a pair alone not even that.
    fn words(&self, needle: &Needle) -> Result<Plan, TantivyError> {
        let is_pair = |two: &&[(String, u32)]| two[0].1 + 1 == two[1].1 && two.iter().all(|(text, _)| !is_word(text));
        let pair = |two: &[(String, u32)]| term(Term::from_field_text(self.fields.pairs, &pair(&two[0].0, &two[1].0)));
        let mut wanted: Vec<BoxedQuery> = needle.tokens.windows(2).filter(is_pair).map(pair).collect();
        if wanted.len() == 1 && needle.tokens.len() == 2 {
            return self.found(&*wanted.remove(0));
        }
        let Some(needle) = needle_in(self.fields.text, needle) else { return Ok(Plan::Everything) };
        if wanted.is_empty() {
            return self.found(&*needle);
        }
        let pairs = self.weight(&BooleanQuery::intersection(wanted.iter().map(|pair| pair.box_clone()).collect()))?;
        wanted.push(needle);
        Ok(Plan::Behind(pairs, self.weight(&BooleanQuery::intersection(wanted))?))
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

/// `None` when there is nothing to look for.
fn needle_in(field: Field, needle: &Needle) -> Option<BoxedQuery> {
    let word = |text: &str| Term::from_field_text(field, text);
    Some(match &needle.tokens[..] {
        [] => return None,
        [(text, _)] if needle.prefix && is_long(text) => beginning(field, text),
        [(text, _)] if needle.prefix => term(word(&edge(text))),
        [(text, _)] => term(word(text)),
        tokens => phrase(field, tokens, needle.prefix),
    })
}

/// Words that begin with `letters`, all of them: there is no limit to how many.
fn beginning(field: Field, letters: &str) -> BoxedQuery {
    let word = |text: &str| Term::from_field_text(field, text);
    let after = word(&format!("{letters}{LAST_CHAR}"));
    Box::new(RangeQuery::new(Bound::Included(word(letters)), Bound::Excluded(after)))
}

fn phrase(field: Field, tokens: &[(String, u32)], prefix: bool) -> BoxedQuery {
    let mut terms: Vec<(usize, String)> = Vec::with_capacity(tokens.len() + 1);
    let mut free = 0;
    for (text, position) in tokens {
        if *position > free {
            terms.push((*position as usize, gap(position - free)));
        }
        terms.push((*position as usize, text.clone()));
        free = position + 1;
    }
    match terms.last_mut() {
        Some((_, last)) if prefix && is_long(last) => return phrase_beginning(field, &terms),
        Some((_, last)) if prefix => *last = edge(last),
        _ => {}
    }
    let terms = terms.into_iter().map(|(at, text)| (at, Term::from_field_text(field, &text))).collect();
    Box::new(PhraseQuery::new_with_offset(terms))
}

/// A phrase whose last word is a beginning. `PhrasePrefixQuery` would give up after 50 words by
/// default and is slow without a limit; this one unites the positions of all of them.
fn phrase_beginning(field: Field, terms: &[(usize, String)]) -> BoxedQuery {
    let pattern = |(nth, (at, text)): (usize, &(usize, String))| {
        let any = if nth + 1 == terms.len() { ".*" } else { "" };
        (*at, format!("{}{any}", regex::escape(text)))
    };
    let mut phrase = RegexPhraseQuery::new_with_offset(field, terms.iter().enumerate().map(pattern).collect());
    phrase.set_max_expansions(u32::MAX);
    Box::new(phrase)
}

/// Whether a beginning is longer than those that are terms of their own.
fn is_long(letters: &str) -> bool {
    letters.chars().count() > EDGE
}
