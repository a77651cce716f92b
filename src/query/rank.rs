//! Relevance: ranks the entries that a query finds.
//!
//! BM25F (Robertson and Zaragoza, 2009) over the parts of an entry: words early in a title weigh
//! more, words near one another earn a bonus, and recent entries a small one. The number of entries
//! with each word is handed in, so that a scan and an index rank alike.
//!
//! Numbers without another source are from the middle of the range, given in brackets, in which
//! every judged query of `tests/it/ranking.rs` holds.

use super::{Atom, Clause, Needle, Query, similar::Guess};
use crate::{
    log::{Entry, EntryId, Log},
    text::tokenizer::{Token, tokens},
};
use jiff::civil::Date;

/// Newest entries that are ranked. The rest of a longer result follows in its order, so that a
/// query that finds everything takes no longer than a key press.
pub const RANKED: usize = 5_000;

/// Weight of a title against the text: fields of BM25F (2 to 5).
const TITLE: f64 = 3.0;
/// Weights of tags and headings. The judged queries do not tell them apart: as much as a title, and
/// half as much.
const TAG: f64 = 3.0;
const SECTION: f64 = 1.5;
/// Share of [`TITLE`] that a word has at the far end of a long title (0.3 to 0.6). The title of a
/// list item is a whole sentence, which names its topic first.
const TRAILING: f64 = 0.5;
/// Tokens of an introduction such as 又看了, within which the position does not matter.
const INTRODUCTION_IN_TOKENS: usize = 3;
/// Tokens after which the rest of the weight halves (4 to 8).
const LEAD_IN_TOKENS: f64 = 6.0;
/// Share of a match that only begins with the word being typed (0.5 to 1).
const BEGUN: f64 = 0.7;
/// Saturation (0.9 to 2), at the value that Lucene and Tantivy use.
const K1: f64 = 1.2;
/// Normalization by length (0.5 to 0.9), at the value that Lucene and Tantivy use.
const B: f64 = 0.75;
/// Bonus of a title in which the words are adjacent and in order, over one in which they are far
/// apart (0.1 and more).
const TOGETHER_IN_TITLE: f64 = 0.8;
/// The same bonus in the text.
const TOGETHER: f64 = 0.3;
/// Share of these bonuses for words in another order, or with words between them.
const OTHER_ORDER: f64 = 0.8;
/// Tokens between the words after which the bonus halves (2 and more).
const NEAR_IN_TOKENS: f64 = 4.0;
/// Bonus of the newest entry over one without a date (0.1 to 0.2).
const RECENCY: f64 = 0.15;
/// Age at which the bonus is halved.
const HALF_LIFE_IN_DAYS: f64 = 730.0;

impl Query {
    /// Splits the query into one for each required word and phrase, to be counted for
    /// [`Query::rank`].
    pub fn words(&self) -> Vec<Query> {
        words(self, false)
    }

    /// Sorts `hits`, which are newest first, by relevance. `counts` has the number of entries that
    /// each of [`Query::words`] finds.
    pub fn rank(&self, log: &Log, hits: &[EntryId], counts: &[usize]) -> Vec<EntryId> {
        ranked(&self.words(), log, hits, counts)
    }

    /// Returns the text of a query of a single word or phrase; true if the word may be unfinished.
    fn word(&self) -> Option<(&str, bool)> {
        match &self.clauses[..] {
            [Clause { negated: false, atom: Atom::Word(text) }] => Some((text, true)),
            [Clause { negated: false, atom: Atom::Phrase(text) }] => Some((text, false)),
            _ => None,
        }
    }
}

impl Guess {
    /// Splits the query as [`Query::words`] does. A word and its replacements stay one query.
    pub fn words(&self) -> Vec<Query> {
        words(&self.query, true)
    }

    /// Sorts `hits` as [`Query::rank`] does. A replacement counts less the less likely it is.
    pub fn rank(&self, log: &Log, hits: &[EntryId], counts: &[usize]) -> Vec<EntryId> {
        ranked(&self.words(), log, hits, counts)
    }
}

/// Collects the required words of `query`. Alternatives that are words only may be kept `together`.
fn words(query: &Query, together: bool) -> Vec<Query> {
    let unfinished = query.unfinished();
    let mut found = Vec::new();
    for (at, clause) in query.clauses.iter().enumerate().filter(|(_, clause)| !clause.negated) {
        let atom = match &clause.atom {
            Atom::Word(text) if unfinished == Some(at) => Atom::Word(text.clone()),
            Atom::Word(text) | Atom::Phrase(text) => Atom::Phrase(text.clone()),
            Atom::Any(queries) if together && queries.iter().all(|query| query.word().is_some()) => clause.atom.clone(),
            Atom::Any(queries) => {
                for query in queries {
                    found.extend(words(query, together));
                }
                continue;
            }
            Atom::Tag(_)
            | Atom::Kind(_)
            | Atom::In(..)
            | Atom::Fact(_)
            | Atom::After(_)
            | Atom::Before(_)
            | Atom::During(_)
            | Atom::Bookmarked(_) => continue,
        };
        found.push(Query { clauses: vec![Clause { negated: false, atom }], order: None });
    }
    found
}

fn ranked(words: &[Query], log: &Log, hits: &[EntryId], counts: &[usize]) -> Vec<EntryId> {
    let (newest, rest) = hits.split_at(hits.len().min(RANKED));
    let scorer = Bm25Scorer::new(words, log, counts);
    let mut hits: Vec<(f64, EntryId)> = newest.iter().map(|id| (scorer.score(log.entry(*id)), *id)).collect();
    hits.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut ranked: Vec<EntryId> = hits.into_iter().map(|(_, id)| id).collect();
    ranked.extend_from_slice(rest);
    ranked
}

/// Scores entries for one query.
struct Bm25Scorer {
    terms: Vec<Term>,
    /// Average length of an entry's text in bytes.
    average: f64,
    newest: Option<Date>,
}

/// A word, or several of which one is enough.
struct Term {
    words: Vec<Word>,
    /// Inverse document frequency, as in BM25.
    rarity: f64,
}

struct Word {
    needle: Needle,
    /// Needle of the finished word, if `needle` also finds longer ones.
    whole: Option<Needle>,
    /// Likelihood that it is meant: 1 for a word as it was typed.
    share: f64,
}

impl Word {
    fn new((text, unfinished): (&str, bool), share: f64) -> Word {
        let needle = Needle::new(text, unfinished);
        let whole = needle.prefix.then(|| Needle::new(text, false));
        Word { needle, whole, share }
    }

    /// Counts the matches in `text`, weighted by likelihood.
    fn count(&self, text: &[Token]) -> f64 {
        let all = self.needle.places(text).count() as f64;
        let whole = self.whole.as_ref().map_or(all, |whole| whole.places(text).count() as f64);
        self.share * (whole + BEGUN * (all - whole))
    }
}

/// Parts of an entry, cut into tokens.
struct EntryTokens {
    title: Vec<Token>,
    plain: Vec<Token>,
    sections: Vec<Vec<Token>>,
    tags: Vec<Vec<Token>>,
    /// True if the text begins with the title, whose words then count once only.
    is_titled_by_text: bool,
}

impl Bm25Scorer {
    fn new(words: &[Query], log: &Log, counts: &[usize]) -> Bm25Scorer {
        let mut terms = Vec::new();
        for (query, count) in words.iter().zip(counts) {
            terms.extend(Term::new(query, *count, log.len()));
        }
        let newest = log.entries().next().and_then(Entry::span);
        Bm25Scorer { terms, average: average_length(log), newest: newest.map(|span| span.last()) }
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
        score * (1.0 + self.recency(entry))
    }

    /// Returns the bonus for the age of `entry` against the newest one.
    fn recency(&self, entry: Entry<'_>) -> f64 {
        let (Some(newest), Some(span)) = (self.newest, entry.span()) else { return 0.0 };
        let days = newest.since(span.last()).map_or(0, |age| age.get_days());
        RECENCY * (-f64::from(days.max(0)) / HALF_LIFE_IN_DAYS).exp2()
    }

    /// Rates how near to one another all terms are in `text`: 1 if they are adjacent as they were
    /// typed, 0 if one is missing.
    fn closeness(&self, text: &[Token]) -> f64 {
        let mut latest: Vec<Option<TermPlace>> = vec![None; self.terms.len()];
        let mut nearest = 0.0_f64;
        for (place, term) in self.places(text) {
            latest[term] = Some(place);
            if let Some(all) = latest.iter().copied().collect::<Option<Vec<TermPlace>>>() {
                nearest = nearest.max(nearness(&all));
            }
        }
        nearest
    }

    /// Lists the places of all terms in `text`, with the index of the term, in order.
    fn places(&self, text: &[Token]) -> Vec<(TermPlace, usize)> {
        let mut places = Vec::new();
        for (nth, term) in self.terms.iter().enumerate() {
            for word in &term.words {
                let last = word.needle.tokens.len() - 1;
                for at in word.needle.places(text) {
                    places.push(((text[at].position, text[at + last].position), nth));
                }
            }
        }
        places.sort_unstable();
        places
    }
}

/// Averages the length of the newest entries in bytes, at least 1. All entries count, not only hits: a
/// few hits would be short or long only against one another.
fn average_length(log: &Log) -> f64 {
    let length: usize = log.entries().take(RANKED).map(|entry| entry.plain().len()).sum();
    (length as f64 / log.len().clamp(1, RANKED) as f64).max(1.0)
}

/// Positions of the first and last token of a term.
type TermPlace = (u32, u32);

/// Rates a place of each term, in the order of the terms.
fn nearness(places: &[TermPlace]) -> f64 {
    let (mut from, mut to, mut own) = (u32::MAX, 0, 0);
    for (first, last) in places {
        from = from.min(*first);
        to = to.max(*last);
        own += last - first + 1;
    }
    let between = (to - from + 1).saturating_sub(own);
    let in_order = places.windows(2).all(|pair| pair[0].1 < pair[1].0);
    let order = if in_order && between == 0 { 1.0 } else { OTHER_ORDER };
    order * (-f64::from(between) / NEAR_IN_TOKENS).exp2()
}

impl Term {
    /// Makes a term of a word or alternatives, which `count` of `all` entries have. Returns `None`
    /// if there is no letter or digit in them.
    fn new(query: &Query, count: usize, all: usize) -> Option<Term> {
        let mut words = Vec::new();
        if let Atom::Any(queries) = &query.clauses.first()?.atom {
            for (nth, query) in queries.iter().enumerate() {
                // The word itself and its likeliest replacement weigh the same.
                let share = 1.0 / (nth.max(1) as f64).sqrt();
                words.extend(query.word().map(|word| Word::new(word, share)));
            }
        } else {
            words.push(Word::new(query.word()?, 1.0));
        }
        words.retain(|word| !word.needle.is_empty());
        if words.is_empty() {
            return None;
        }
        let (count, all) = (count as f64, all as f64);
        let rarity = (1.0 + (all - count + 0.5).max(0.5) / (count + 0.5)).ln();
        Some(Term { words, rarity })
    }

    /// Scores an entry, whose text is `norm` times the average length after normalization.
    fn score(&self, parts: &EntryTokens, norm: f64) -> f64 {
        let in_title = self.count(&parts.title);
        let in_text = self.count(&parts.plain) - if parts.is_titled_by_text { in_title } else { 0.0 };
        let title = TITLE * in_title.min(1.0) * self.lead(&parts.title);
        let tags = TAG * self.count_once(&parts.tags);
        let sections = SECTION * self.count_once(&parts.sections);
        let weight = title + tags + sections + in_text.max(0.0) / norm;
        self.rarity * weight * (K1 + 1.0) / (weight + K1)
    }

    fn count(&self, text: &[Token]) -> f64 {
        self.words.iter().map(|word| word.count(text)).sum()
    }

    /// Counts the matches in short texts, of which one is as good as many.
    fn count_once(&self, texts: &[Vec<Token>]) -> f64 {
        texts.iter().map(|text| self.count(text)).sum::<f64>().min(1.0)
    }

    /// Rates the first place in a title: 1 at its very beginning, down to [`TRAILING`].
    fn lead(&self, title: &[Token]) -> f64 {
        let first = self.words.iter().filter_map(|word| word.needle.places(title).next()).min();
        let Some(at) = first else { return 0.0 };
        let behind = if at == 0 { 0 } else { at.max(INTRODUCTION_IN_TOKENS) };
        TRAILING + (1.0 - TRAILING) * (-(behind as f64) / LEAD_IN_TOKENS).exp2()
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
