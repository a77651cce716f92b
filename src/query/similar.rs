//! Guesses at what a query that finds little may have meant: misspelled words, and Chinese that
//! sounds like the letters typed.
//!
//! Guesses never change the meaning of a query: their hits are listed below the exact ones, under
//! a heading of their own. A guess is a query again, so hits, counts and highlights need nothing
//! new.

use super::{Atom, Clause, Query};
use crate::{
    log::EntryId,
    text::{
        bigrams::Bigrams,
        pinyin::{Chains, PinyinPattern},
        tokenizer::tokens,
    },
};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

/// Number of hits below which guesses are made.
pub const FEW: usize = 10;

/// Limit on the replacements of one word: more say nothing about what was meant.
const MOST: usize = 40;

/// Way in which a guess resembles what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Words that differ by one or two slips of the keys.
    Spelling,
    /// Chinese pronounced like the letters or characters typed.
    Sound,
}

impl Likeness {
    pub fn name(self) -> &'static str {
        match self {
            Likeness::Spelling => "typo",
            Likeness::Sound => "pinyin",
        }
    }
}

/// A query that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    pub likeness: Likeness,
    /// Replacements of the words, likeliest first.
    pub words: Vec<String>,
    pub query: Query,
}

/// Hits of a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarHits {
    pub guess: Guess,
    /// Newest first or by relevance, without hits of the query itself or of an earlier guess.
    pub hits: Vec<EntryId>,
}

/// Combines `query` and the guesses at it, for highlighting.
pub fn highlight_query(query: &Query, similar: &[SimilarHits]) -> Query {
    if similar.is_empty() {
        return query.clone();
    }
    let all = std::iter::once(query).chain(similar.iter().map(|similar| &similar.guess.query));
    Query { clauses: vec![Clause { negated: false, atom: Atom::Any(all.cloned().collect()) }], order: None }
}

/// Word that may be misspelled.
pub struct FuzzyWord {
    clause: usize,
    /// Typed word, folded.
    pub word: String,
    /// Limit on the slips, 1 or 2.
    pub most: u8,
    /// True if longer words that begin like this one match too.
    pub goes_on: bool,
    dfa: DFA,
}

/// Word that may be Chinese, typed as it sounds.
pub struct PhoneticWord {
    clause: usize,
    /// Pattern of whole syllables: surer than [`PhoneticWord::loose`].
    strict: Option<PinyinPattern>,
    loose: Option<PinyinPattern>,
}

/// Counts of possible replacements, by the index of the clause and the replacement.
pub type ReplacementCounts = HashMap<(usize, String), usize>;

impl FuzzyWord {
    /// Returns true if `word`, folded, is another word within the limit of slips.
    pub fn fits(&self, word: &str) -> bool {
        matches!(self.dfa.eval(word), Distance::Exact(1 | 2)) && word != self.word
    }

    /// Adds `times` entries that have `word`.
    pub fn count(&self, word: &str, times: usize, found: &mut ReplacementCounts) {
        *found.entry((self.clause, word.to_owned())).or_default() += times;
    }
}

/// Words of a log as an index knows them: enough to find texts by their sound without reading all.
pub trait Vocabulary {
    /// Returns the pairs of folded characters that are adjacent in entries, with the number of
    /// entries, which may be too high. `None` if the index has not counted them.
    fn pairs(&self) -> Option<&Bigrams>;
    /// Returns true if an entry has these letters as a word.
    fn has_word(&self, letters: &str) -> bool;
    /// Counts the entries that have each of the texts. Returns `None` once the search is cancelled.
    fn counts(&self, texts: &[String]) -> Option<Vec<usize>>;
}

impl PhoneticWord {
    /// Counts an entry for each of the words in its folded `texts` that sound so. A sure match
    /// counts as much as any number of others.
    pub fn count(&self, texts: &[String], found: &mut ReplacementCounts) {
        for (sound, is_sure) in self.sounds() {
            let mut words: BTreeSet<&str> = BTreeSet::new();
            for text in texts {
                words.extend(sound.all_places(text).map(|place| &text[place]));
            }
            for word in words {
                *found.entry((self.clause, without_blanks(word))).or_default() += weight(sound, is_sure, word);
            }
        }
    }

    /// Counts as [`PhoneticWord::count`] does, for all entries at once. Counts are exact for the most
    /// frequent words; if too many words sound so, the rest is left out.
    pub fn look_up(&self, known: &impl Vocabulary, found: &mut ReplacementCounts) {
        let Some(pairs) = known.pairs() else { return };
        for (sound, is_sure) in self.sounds() {
            let Some(words) = most_frequent(sound, pairs, known) else { return };
            // Beside sure matches the others are left out.
            let is_done = !words.is_empty();
            for (word, times) in words {
                let weight = weight(sound, is_sure, &word);
                *found.entry((self.clause, word)).or_default() += weight * times;
            }
            if is_done {
                return;
            }
        }
    }

    /// Lists the patterns, sure ones first.
    fn sounds(&self) -> impl Iterator<Item = (&PinyinPattern, bool)> {
        self.strict.iter().map(|sound| (sound, true)).chain(self.loose.iter().map(|sound| (sound, false)))
    }
}

/// Chains of characters that are tried in the index, each in some ten microseconds.
const MOST_TRIED: usize = 400;

/// Chains that are counted together, on all cores.
const AT_ONCE: usize = 16;

/// Finds the words that sound like `sound`, with the number of entries that have them, and stops
/// when no further one can be among the [`MOST`] most frequent. Returns `None` once the search is
/// cancelled.
fn most_frequent(sound: &PinyinPattern, pairs: &Bigrams, known: &impl Vocabulary) -> Option<Vec<(String, usize)>> {
    let mut chains = Chains::new(sound, pairs);
    let mut words: HashMap<String, bool> = HashMap::new();
    let mut has_word = |letters: &str| {
        if let Some(is_word) = words.get(letters) {
            return *is_word;
        }
        let is_word = known.has_word(letters);
        words.insert(letters.to_owned(), is_word);
        is_word
    };
    let mut found: Vec<(String, usize)> = Vec::new();
    // Counts of what was found, ascending.
    let mut counts: Vec<usize> = Vec::new();
    let mut tried = 0;
    while tried < MOST_TRIED {
        let mut batch: Vec<String> = Vec::new();
        let mut limits: Vec<u32> = Vec::new();
        while batch.len() < AT_ONCE
            && let Some((word, limit)) = chains.next(&mut has_word)
            && !is_enough(&counts, limit)
        {
            batch.push(word);
            limits.push(limit);
        }
        let times = known.counts(&batch)?;
        let is_last = batch.len() < AT_ONCE;
        tried += batch.len();
        for ((word, limit), times) in batch.into_iter().zip(limits).zip(times) {
            if is_enough(&counts, limit) {
                return Some(found);
            }
            if times > 0 {
                counts.insert(counts.partition_point(|known| *known < times), times);
                found.push((word, times));
            }
        }
        if is_last {
            break;
        }
    }
    Some(found)
}

/// Returns true if [`MOST`] of the ascending `counts` reach `limit`, the most entries that a
/// further word can have.
fn is_enough(counts: &[usize], limit: u32) -> bool {
    counts.len().checked_sub(MOST).is_some_and(|at| counts[at] >= limit as usize)
}

/// Weighs an entry that has `word`.
fn weight(sound: &PinyinPattern, is_sure: bool, word: &str) -> usize {
    if !is_sure {
        1
    } else if sound.is_usual_for(word) {
        USUAL
    } else {
        SURE
    }
}

/// Removes the blanks, which the index has between words only.
fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Weight of a sure match: more than any number of others.
const SURE: usize = 1 << 24;
/// Weight of a sure match by readings that are not rare: before all others.
const USUAL: usize = SURE * 8;

/// Letters from which a word may have one slip; shorter ones have too many neighbours.
const ONE_SLIP: usize = 4;
/// Letters from which a word may have two slips.
const TWO_SLIPS: usize = 8;
/// Letters from which a slip is also looked for in longer words.
const BEGINNING: usize = 6;

static ONE: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
static TWO: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));

/// Builds the tables that the first guess would wait for: some hundredths of a second.
pub fn warm_up() {
    LazyLock::force(&ONE);
    LazyLock::force(&TWO);
    drop(PinyinPattern::new("rongq", false));
}

impl Query {
    /// Lists the words that may be misspelled: Latin ones of four letters or more.
    pub fn slips(&self) -> Vec<FuzzyWord> {
        let unfinished = self.unfinished();
        self.typed().filter_map(|(clause, text)| fuzzy_word(clause, text, unfinished == Some(clause))).collect()
    }

    /// Lists the words that may be Chinese typed in letters, or Chinese written with other
    /// characters. While the query finds something itself, only sure patterns are used.
    pub fn spoken(&self, finds_some: bool) -> Vec<PhoneticWord> {
        let mut spoken = Vec::new();
        for (clause, text) in self.typed() {
            let strict = PinyinPattern::new(text, true).or_else(|| PinyinPattern::of(text));
            let loose = if finds_some { None } else { PinyinPattern::new(text, false) };
            if strict.is_some() || loose.is_some() {
                spoken.push(PhoneticWord { clause, strict, loose });
            }
        }
        spoken
    }

    /// Lists the required words, with the index of their clause.
    fn typed(&self) -> impl Iterator<Item = (usize, &str)> {
        self.clauses.iter().enumerate().filter_map(|(at, clause)| match clause {
            Clause { negated: false, atom: Atom::Word(text) } => Some((at, text.as_str())),
            _ => None,
        })
    }

    /// Makes a query that finds each word or one of its replacements. Returns `None` if no word
    /// has any.
    pub fn guess(&self, likeness: Likeness, found: ReplacementCounts) -> Option<Guess> {
        let mut by_clause: HashMap<usize, Vec<(usize, String)>> = HashMap::new();
        for ((clause, word), count) in found {
            by_clause.entry(clause).or_default().push((count, word));
        }
        let unfinished = self.unfinished();
        let mut guess = Guess { likeness, words: Vec::new(), query: self.clone() };
        for (at, clause) in guess.query.clauses.iter_mut().enumerate() {
            let Some(counted) = by_clause.remove(&at) else { continue };
            let Atom::Word(own) = &clause.atom else { continue };
            let replacements = likeliest(own, likeness, counted);
            let own = if unfinished == Some(at) { Atom::Word(own.clone()) } else { Atom::Phrase(own.clone()) };
            let mut alternatives = vec![single(own)];
            alternatives.extend(replacements.iter().map(|word| single(Atom::Phrase(word.clone()))));
            clause.atom = Atom::Any(alternatives);
            guess.words.extend(replacements);
        }
        (!guess.words.is_empty()).then_some(guess)
    }
}

/// Makes a query of one clause.
fn single(atom: Atom) -> Query {
    Query { clauses: vec![Clause { negated: false, atom }], order: None }
}

/// Prepares `text` to be compared with words of a log, if it is a Latin word that is long enough.
fn fuzzy_word(clause: usize, text: &str, is_unfinished: bool) -> Option<FuzzyWord> {
    let found = tokens(text);
    let [token] = &found[..] else { return None };
    let word = &token.text;
    if word.len() < ONE_SLIP || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let (builder, most) = if word.len() < TWO_SLIPS { (&ONE, 1) } else { (&TWO, 2) };
    let goes_on = is_unfinished && word.len() >= BEGINNING;
    let dfa = if goes_on { builder.build_prefix_dfa(word) } else { builder.build_dfa(word) };
    Some(FuzzyWord { clause, word: word.to_string(), most, goes_on, dfa })
}

/// Picks the replacements of the word `own`, with their counts: the nearest in spelling first, then
/// the most frequent.
fn likeliest(own: &str, likeness: Likeness, mut counted: Vec<(usize, String)>) -> Vec<String> {
    let typed = crate::text::fold(own);
    counted.retain(|(_, word)| *word != typed);
    counted.sort_by_cached_key(|(count, word)| {
        let slips = if likeness == Likeness::Spelling { strsim::osa_distance(&typed, word) } else { 0 };
        (slips, Reverse(*count), word.clone())
    });
    // Beside a sure replacement the others are noise.
    if counted.first().is_some_and(|(count, _)| *count >= SURE) {
        counted.retain(|(count, _)| *count >= SURE);
    }
    counted.truncate(MOST);
    counted.into_iter().map(|(_, word)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_match_nearby_words() {
        let check = |query: &str, word: &str, expected: bool| {
            let fits = Query::parse(query).0.slips().iter().any(|slip| slip.fits(word));
            assert_eq!(fits, expected, "{query} {word}");
        };
        check("kubernetse", "kubernetes", true);
        check("Kuberntes x", "kubernetes", true);
        check("kubernetse x", "kubernetesio", false);
        check("kubernetse", "kubernetesio", true);
        check("lzay", "lazy", true);
        check("lzay", "lazyness", false);
        check("containerd", "contains", false);
        check("nerdclt", "nerdctl", true);
        check("nerdctl", "nerdctl", false);
        check("go", "got", false);
        check("-nerdclt", "nerdctl", false);
        check("\"nerdclt\"", "nerdctl", false);
        check("ab12cd", "ab12ce", false);
    }

    fn guess(query: &str, text: &str, finds_some: bool) -> String {
        let (query, _) = Query::parse(query);
        let mut found = ReplacementCounts::new();
        query.spoken(finds_some).iter().for_each(|spoken| spoken.count(&[crate::text::fold(text)], &mut found));
        let guess = query.guess(Likeness::Sound, found);
        guess.map_or("-".into(), |guess| format!("{} {}", guess.words.join(" "), guess.query))
    }

    #[test]
    fn pinyin_finds_chinese() {
        assert_eq!(guess("fupan", "复盘，覆盘", false), "复盘 覆盘 (fupan OR \"复盘\" OR \"覆盘\")");
        assert_eq!(guess("fp x", "复盘", false), "复盘 (\"fp\" OR \"复盘\") x");
        assert_eq!(guess("fp", "复盘", true), "-");
        assert_eq!(guess("rongqi", "容器、人情", false), "容器 (rongqi OR \"容器\")");
        assert_eq!(guess("覆盘", "复盘", false), "复盘 (覆盘 OR \"复盘\")");
        assert_eq!(guess("网关", "容器", false), "-");
        assert_eq!(guess("-fupan", "复盘", false), "-");
    }
}
