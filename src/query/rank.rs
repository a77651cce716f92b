//! Relevance: which of the entries that a query finds are most likely meant.
//!
//! BM25F (Robertson and Zaragoza, 2009) over the parts of an entry, more for what stands early in
//! a title, with a bonus for words that stand near one another, and a mild one for what is
//! recent. Counts of the words are handed in, so that a scan and an index rank alike.
//!
//! Where no other source is given, a number is from the middle of the range in which the judged
//! queries of `tests/it/ranking.rs` hold while the others stay: the range is in brackets.

use super::{Atom, Clause, Needle, Query, similar::Guess};
use crate::{
    log::{Entry, EntryId, Log},
    text::tokenizer::{Token, tokens},
};
use jiff::civil::Date;

/// Entries that are ranked: the newest of a longer result. The rest follow in their order, so
/// that a query that finds everything takes no longer than a key press.
pub const RANKED: usize = 5_000;

/// How much the parts of an entry weigh against its text: fields of BM25F (titles 2 to 5; the
/// others are not told apart by the judged queries, and are half as much and as much).
const TITLE: f64 = 3.0;
const TAG: f64 = 3.0;
const SECTION: f64 = 1.5;
/// Share of [`TITLE`] that a word has at the far end of a long title (0.3 to 0.6): of a list item
/// the title is a whole sentence, and what it is about comes first, if behind a few tokens such
/// as 又看了, of which it does not matter how many. The rest halves every few tokens (4 to 8).
const TRAILING: f64 = 0.5;
const INTRODUCTION_IN_TOKENS: usize = 3;
const LEAD_IN_TOKENS: f64 = 6.0;
/// What a longer word counts that begins with the one still being typed (0.5 to 1).
const BEGUN: f64 = 0.7;
/// Saturation and length normalisation, at the values that Lucene and Tantivy use (0.9 to 2, 0.5
/// to 0.9).
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// What an entry gains on one with the same words far apart when they stand side by side as they
/// were typed, in its title (0.1 and more) or text. In another order it is less, and it halves
/// every few tokens that stand between (2 and more).
const TOGETHER_IN_TITLE: f64 = 0.8;
const TOGETHER: f64 = 0.3;
const OTHER_ORDER: f64 = 0.8;
const NEAR_IN_TOKENS: f64 = 4.0;
/// Share by which today's entry gains on one without a date (0.1 to 0.2); it halves every two
/// years.
const RECENCY: f64 = 0.15;
const HALF_LIFE_IN_DAYS: f64 = 730.0;

impl Query {
    /// A query for each word and phrase that is wanted, to be counted for [`Query::rank`].
    pub fn words(&self) -> Vec<Query> {
        words(self, &|_| false)
    }

    /// `hits`, newest first, by relevance. `counts` are the numbers of entries that each of
    /// [`Query::words`] finds.
    pub fn rank(&self, log: &Log, hits: &[EntryId], counts: &[usize]) -> Vec<EntryId> {
        ranked(&self.words(), log, hits, counts)
    }

    /// The only word or phrase, and whether it may go on.
    fn word(&self) -> Option<(&str, bool)> {
        match &self.clauses[..] {
            [Clause { negated: false, atom: Atom::Word(text) }] => Some((text, true)),
            [Clause { negated: false, atom: Atom::Phrase(text) }] => Some((text, false)),
            _ => None,
        }
    }
}

impl Guess {
    /// As [`Query::words`]: a word and what stands in for it are one.
    pub fn words(&self) -> Vec<Query> {
        words(&self.query, &|queries| queries.iter().all(|query| query.word().is_some()))
    }

    /// As [`Query::rank`]: what stands in for a word counts the less, the less likely it is.
    pub fn rank(&self, log: &Log, hits: &[EntryId], counts: &[usize]) -> Vec<EntryId> {
        ranked(&self.words(), log, hits, counts)
    }
}

/// The wanted words of `query`; alternatives that are `one` stay together.
fn words(query: &Query, one: &dyn Fn(&[Query]) -> bool) -> Vec<Query> {
    let unfinished = query.unfinished();
    let mut found = Vec::new();
    for (at, clause) in query.clauses.iter().enumerate().filter(|(_, clause)| !clause.negated) {
        let atom = match &clause.atom {
            Atom::Word(text) if unfinished == Some(at) => Atom::Word(text.clone()),
            Atom::Word(text) | Atom::Phrase(text) => Atom::Phrase(text.clone()),
            Atom::Any(queries) if one(queries) => clause.atom.clone(),
            Atom::Any(queries) => {
                found.extend(queries.iter().flat_map(|query| words(query, one)));
                continue;
            }
            _ => continue,
        };
        found.push(Query { clauses: vec![Clause { negated: false, atom }], order: None });
    }
    found
}

fn ranked(words: &[Query], log: &Log, hits: &[EntryId], counts: &[usize]) -> Vec<EntryId> {
    let (ranked, rest) = hits.split_at(hits.len().min(RANKED));
    let weighing = Bm25Scorer::new(words, log, counts);
    let mut scored: Vec<(f64, EntryId)> = ranked.iter().map(|id| (weighing.score(log.entry(*id)), *id)).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.into_iter().map(|(_, id)| id).chain(rest.iter().copied()).collect()
}

struct Bm25Scorer {
    terms: Vec<Term>,
    /// Bytes of text of an entry, on average.
    average: f64,
    newest: Option<Date>,
}

/// A word, or several of which one is enough.
struct Term {
    words: Vec<Word>,
    /// How much it tells.
    rarity: f64,
}

struct Word {
    needle: Needle,
    /// The same without what goes on, for one that may.
    whole: Option<Needle>,
    /// How likely it is meant.
    share: f64,
}

impl Word {
    fn new((text, unfinished): (&str, bool), share: f64) -> Word {
        let needle = Needle::new(text, unfinished);
        let whole = needle.prefix.then(|| Needle::new(text, false));
        Word { needle, whole, share }
    }

    /// How often it is in `text`.
    fn count(&self, text: &[Token]) -> f64 {
        let all = self.needle.places(text).count() as f64;
        let whole = self.whole.as_ref().map_or(all, |whole| whole.places(text).count() as f64);
        self.share * (whole + BEGUN * (all - whole))
    }
}

/// The parts of an entry, cut.
struct EntryTokens {
    title: Vec<Token>,
    plain: Vec<Token>,
    sections: Vec<Vec<Token>>,
    tags: Vec<Vec<Token>>,
    /// The text begins with the title, which is not to count twice.
    is_titled_by_text: bool,
}

impl Bm25Scorer {
    fn new(words: &[Query], log: &Log, counts: &[usize]) -> Bm25Scorer {
        let all = log.len() as f64;
        let rarity = |found: usize| (1.0 + (all - found as f64 + 0.5).max(0.5) / (found as f64 + 0.5)).ln();
        // The word itself and the likeliest in its stead weigh the same.
        let share = |nth: usize| 1.0 / (nth.max(1) as f64).sqrt();
        let term = |(query, count): (&Query, &usize)| {
            let words: Vec<Word> = match &query.clauses.first()?.atom {
                Atom::Any(queries) => {
                    let words = queries.iter().enumerate();
                    words.filter_map(|(nth, query)| Some(Word::new(query.word()?, share(nth)))).collect()
                }
                _ => vec![Word::new(query.word()?, 1.0)],
            };
            let words: Vec<Word> = words.into_iter().filter(|word| !word.needle.is_empty()).collect();
            (!words.is_empty()).then(|| Term { words, rarity: rarity(*count) })
        };
        // Few hits would be short or long only against one another.
        let length: usize = log.entries().take(RANKED).map(|entry| entry.plain().len()).sum();
        Bm25Scorer {
            terms: words.iter().zip(counts).filter_map(term).collect(),
            average: (length as f64 / log.len().clamp(1, RANKED) as f64).max(1.0),
            newest: log.entries().next().and_then(Entry::span).map(|span| span.last()),
        }
    }

    fn score(&self, entry: Entry<'_>) -> f64 {
        let parts = EntryTokens {
            title: tokens(entry.title()),
            plain: tokens(entry.plain()),
            sections: entry.section().map(tokens).collect(),
            tags: entry.tags().map(|tagged| tokens(tagged.name)).collect(),
            is_titled_by_text: entry.plain().starts_with(entry.title()),
        };
        let norm = 1.0 - B + B * entry.plain().len() as f64 / self.average;
        let mut score: f64 = self.terms.iter().map(|term| term.score(&parts, norm)).sum();
        if self.terms.len() > 1 {
            let in_title = TOGETHER_IN_TITLE * self.closeness(&parts.title);
            score *= 1.0 + in_title.max(TOGETHER * self.closeness(&parts.plain));
        }
        let age = self
            .newest
            .zip(entry.span())
            .map(|(newest, span)| f64::from(newest.since(span.last()).map_or(0, |age| age.get_days())));
        score * (1.0 + age.map_or(0.0, |days| RECENCY * (-days.max(0.0) / HALF_LIFE_IN_DAYS).exp2()))
    }

    /// How near to one another all terms stand in `text` at the nearest: 1 side by side as they
    /// were typed, 0 when one is missing.
    fn closeness(&self, text: &[Token]) -> f64 {
        let mut places: Vec<(u32, u32, usize)> = Vec::new();
        for (nth, term) in self.terms.iter().enumerate() {
            for word in &term.words {
                let last = word.needle.tokens.len() - 1;
                let place = |at: usize| (text[at].position, text[at + last].position, nth);
                places.extend(word.needle.places(text).map(place));
            }
        }
        places.sort_unstable();
        let mut latest: Vec<Option<(u32, u32)>> = vec![None; self.terms.len()];
        let mut nearest = 0.0_f64;
        for (first, last, nth) in places {
            latest[nth] = Some((first, last));
            let Some(all) = latest.iter().copied().collect::<Option<Vec<(u32, u32)>>>() else { continue };
            let from = all.iter().map(|place| place.0).min().unwrap_or(first);
            let to = all.iter().map(|place| place.1).max().unwrap_or(last);
            let own: u32 = all.iter().map(|(first, last)| last - first + 1).sum();
            let between = (to - from + 1).saturating_sub(own);
            let in_order = all.windows(2).all(|pair| pair[0].1 < pair[1].0);
            let order = if in_order && between == 0 { 1.0 } else { OTHER_ORDER };
            nearest = nearest.max(order * (-f64::from(between) / NEAR_IN_TOKENS).exp2());
        }
        nearest
    }
}

impl Term {
    /// `norm` is the length of the entry's text against the average.
    fn score(&self, parts: &EntryTokens, norm: f64) -> f64 {
        let sum = |text: &[Token]| self.words.iter().map(|word| word.count(text)).sum::<f64>();
        let any = |texts: &[Vec<Token>]| texts.iter().map(|text| sum(text)).sum::<f64>().min(1.0);
        let in_title = sum(&parts.title);
        let in_text = sum(&parts.plain) - if parts.is_titled_by_text { in_title } else { 0.0 };
        let title = TITLE * in_title.min(1.0) * self.lead(&parts.title);
        let weight = title + TAG * any(&parts.tags) + SECTION * any(&parts.sections) + in_text.max(0.0) / norm;
        self.rarity * weight * (K1 + 1.0) / (weight + K1)
    }

    /// 1 at the very beginning of a title, down to [`TRAILING`].
    fn lead(&self, title: &[Token]) -> f64 {
        let first = self.words.iter().filter_map(|word| word.needle.places(title).next()).min();
        first.map_or(0.0, |at| {
            let behind = if at == 0 { 0 } else { at.max(INTRODUCTION_IN_TOKENS) };
            TRAILING + (1.0 - TRAILING) * (-(behind as f64) / LEAD_IN_TOKENS).exp2()
        })
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

    #[test]
    fn early_near_and_whole_words_rank_first() {
        check(&["写了半天，最后换了相机", "相机的快门修好了"], "相机", &["相机的快门修好了", "写了半天，最后换了相机"]);
        check(
            &["限流在左边，很久以后才说到网关", "给网关加限流"],
            "网关 限流",
            &["给网关加限流", "限流在左边，很久以后才说到网关"],
        );
        check(&["notes on Go", "no notes"], "no", &["no notes", "notes on Go"]);
        check(&["- 限流", "- 限流与熔断"], "限流 OR 熔断", &["限流与熔断", "限流"]);
    }
}
