//! Relevance: which of the entries that a query finds are most likely meant.
//!
//! BM25 (Robertson and Zaragoza, 2009) over the parts of an entry, with a bonus for words that
//! stand together as they were typed, and a mild one for what is recent. Counts of the words are
//! handed in, so that a scan and an index rank alike.

use super::{Atom, Clause, Needle, Query};
use crate::{
    log::{Entry, EntryId, Log},
    text::token::{Token, tokens},
};
use jiff::civil::Date;

/// Entries that are ranked: the newest of a longer result. The rest follow in their order, so
/// that a query that finds everything takes no longer than a key press.
pub const RANKED: usize = 5_000;

/// How much the parts of an entry weigh against its text: fields of BM25F.
const TITLE: f64 = 3.0;
const TAG: f64 = 3.0;
const SECTION: f64 = 1.5;
/// Saturation and length normalisation, at the values that Lucene and Tantivy use.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// Factors for all words standing together, in the title and in the text.
const TOGETHER_IN_TITLE: f64 = 1.8;
const TOGETHER: f64 = 1.3;
/// Share by which today's entry gains on one without a date; it halves every two years.
const RECENCY: f64 = 0.2;
const HALF_LIFE_IN_DAYS: f64 = 730.0;

impl Query {
    /// A query for each word and phrase that is wanted, to be counted for [`Query::rank`].
    pub fn words(&self) -> Vec<Query> {
        let unfinished = self.unfinished();
        let mut words = Vec::new();
        for (at, clause) in self.clauses.iter().enumerate().filter(|(_, clause)| !clause.negated) {
            let atom = match &clause.atom {
                Atom::Word(text) if unfinished == Some(at) => Atom::Word(text.clone()),
                Atom::Word(text) | Atom::Phrase(text) => Atom::Phrase(text.clone()),
                Atom::Any(queries) => {
                    words.extend(queries.iter().flat_map(Query::words));
                    continue;
                }
                _ => continue,
            };
            words.push(Query { clauses: vec![Clause { negated: false, atom }], order: None });
        }
        words
    }

    /// `hits`, newest first, by relevance. `counts` are the numbers of entries that each of
    /// [`Query::words`] finds.
    pub fn rank(&self, log: &Log, hits: &[EntryId], counts: &[usize]) -> Vec<EntryId> {
        let (ranked, rest) = hits.split_at(hits.len().min(RANKED));
        let weighing = Weighing::new(&self.words(), log, ranked, counts);
        let mut scored: Vec<(f64, EntryId)> = ranked.iter().map(|id| (weighing.score(log.entry(*id)), *id)).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.into_iter().map(|(_, id)| id).chain(rest.iter().copied()).collect()
    }
}

struct Weighing {
    /// Words with how much they tell.
    words: Vec<(Needle, f64)>,
    /// All of them as they were typed, when there are several.
    together: Option<Needle>,
    /// Bytes of text of a hit, on average.
    average: f64,
    newest: Option<Date>,
}

impl Weighing {
    fn new(words: &[Query], log: &Log, hits: &[EntryId], counts: &[usize]) -> Weighing {
        let all = log.len() as f64;
        let rarity = |found: usize| (1.0 + (all - found as f64 + 0.5).max(0.5) / (found as f64 + 0.5)).ln();
        let texts: Vec<(&str, bool)> = words
            .iter()
            .filter_map(|word| match &word.clauses.first()?.atom {
                Atom::Word(text) => Some((text.as_str(), true)),
                Atom::Phrase(text) => Some((text.as_str(), false)),
                _ => None,
            })
            .collect();
        let needles = texts
            .iter()
            .zip(counts)
            .map(|((text, unfinished), count)| (Needle::new(text, *unfinished), rarity(*count)));
        let joined = texts.iter().map(|(text, _)| *text).collect::<Vec<_>>().join(" ");
        let length: usize = hits.iter().map(|id| log.entry(*id).plain().len()).sum();
        Weighing {
            words: needles.filter(|(needle, _)| !needle.is_empty()).collect(),
            together: (texts.len() > 1).then(|| Needle::new(&joined, texts.last().is_some_and(|(_, last)| *last))),
            average: (length as f64 / hits.len().max(1) as f64).max(1.0),
            newest: log.entries().next().and_then(Entry::span).map(|span| span.last()),
        }
    }

    fn score(&self, entry: Entry<'_>) -> f64 {
        let (title, plain) = (tokens(entry.title()), tokens(entry.plain()));
        let sections: Vec<_> = entry.section().map(tokens).collect();
        let tags: Vec<_> = entry.tags().map(|tagged| tokens(tagged.name)).collect();
        let count = |needle: &Needle, text: &[Token]| needle.places(text).count() as f64;
        let norm = 1.0 - B + B * entry.plain().len() as f64 / self.average;
        let word = |(needle, rarity): &(Needle, f64)| {
            let in_any = |texts: &[Vec<Token>]| texts.iter().map(|text| count(needle, text)).sum::<f64>();
            let rest = count(needle, &plain) / norm + SECTION * in_any(&sections).min(1.0);
            let weight = TITLE * count(needle, &title).min(2.0) + TAG * in_any(&tags).min(1.0) + rest;
            rarity * weight * (K1 + 1.0) / (weight + K1)
        };
        let mut score: f64 = self.words.iter().map(word).sum();
        if let Some(together) = &self.together {
            score *= match () {
                () if count(together, &title) > 0.0 => TOGETHER_IN_TITLE,
                () if count(together, &plain) > 0.0 => TOGETHER,
                () => 1.0,
            };
        }
        let age = self
            .newest
            .zip(entry.span())
            .map(|(newest, span)| f64::from(newest.since(span.last()).map_or(0, |age| age.get_days())));
        score * (1.0 + age.map_or(0.0, |days| RECENCY * (-days.max(0.0) / HALF_LIFE_IN_DAYS).exp2()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(texts: &[&str], query: &str, expected: &[&str]) {
        let log = Log::from_entries(texts.iter().copied());
        let (query, _) = Query::parse(query);
        let find = |query: &Query| -> Vec<EntryId> {
            log.entries().filter(|entry| query.matches(*entry)).map(Entry::id).collect()
        };
        let counts: Vec<usize> = query.words().iter().map(|word| find(word).len()).collect();
        let ranked = query.rank(&log, &find(&query), &counts);
        let shown: Vec<&str> = ranked.iter().map(|id| log.entry(*id).plain()).collect();
        assert_eq!(shown, expected, "{query}");
    }

    #[test]
    fn the_title_the_phrase_and_the_shorter_text_win() {
        check(
            &["周末散步，路上想到了容器", "容器与镜像的关系"],
            "容器",
            &["容器与镜像的关系", "周末散步，路上想到了容器"],
        );
        let long = ["看到 loading 的图标很 lazy ", &"别的内容".repeat(60)].concat();
        check(&[&long, "about lazy loading"], "lazy loading", &["about lazy loading", &long]);
        let buried = ["第一段\n\n", &"说了许多别的事情。".repeat(40), "\n\n限流"].concat();
        let two = Log::from_entries([buried.as_str(), "第一段\n\n又是限流"]);
        let (query, _) = Query::parse("限流");
        let ranked = query.rank(&two, &[EntryId(0), EntryId(1)], &[2]);
        assert_eq!(ranked, [EntryId(1), EntryId(0)]);
        check(&["甲", "乙"], "", &["甲", "乙"]);
    }
}
