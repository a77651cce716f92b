//! What may have been meant by a query that finds little: words a slip away, and Chinese that
//! sounds like the letters typed.
//!
//! Never part of what a query means: what is found so stands behind what was asked for, under a
//! label of its own. A guess is a query again, so that hits, counts and highlights need nothing
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
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

/// Hits below which more is looked for.
pub const FEW: usize = 10;

/// Words or texts that stand in for one: more say nothing of what was meant.
const MOST: usize = 40;

/// In which way a guess is like what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Words a slip of the keys away.
    Spelling,
    /// Chinese that is pronounced so.
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
    /// What stands in its words' stead, likeliest first.
    pub words: Vec<String>,
    pub query: Query,
}

/// Hits of a guess.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimilarHits {
    pub guess: Guess,
    /// Newest first, or by relevance, without those that the query finds itself or by a guess before.
    pub hits: Vec<EntryId>,
}

/// What is to be marked in the hits of `query` and of guesses at it.
pub fn highlight_query(query: &Query, similar: &[SimilarHits]) -> Query {
    if similar.is_empty() {
        return query.clone();
    }
    let all = std::iter::once(query).chain(similar.iter().map(|similar| &similar.guess.query));
    Query { clauses: vec![Clause { negated: false, atom: Atom::Any(all.cloned().collect()) }], order: None }
}

/// A word that may be misspelled.
pub struct FuzzyWord {
    clause: usize,
    /// As it was typed, folded.
    pub word: String,
    /// So many slips it may have.
    pub most: u8,
    /// Whether a word may go on that begins so.
    pub goes_on: bool,
    dfa: DFA,
}

/// A word that may be Chinese, typed as it sounds.
pub struct PhoneticWord {
    clause: usize,
    /// Whole syllables: surer than [`PhoneticWord::loose`].
    strict: Option<PinyinPattern>,
    loose: Option<PinyinPattern>,
}

/// Counts of what might stand in for the words of a query, by the number of their clause.
pub type ReplacementCounts = HashMap<(usize, String), usize>;

impl FuzzyWord {
    /// Whether `word`, folded, is within reach, and another word.
    pub fn fits(&self, word: &str) -> bool {
        matches!(self.dfa.eval(word), Distance::Exact(1 | 2)) && word != self.word
    }

    pub fn count(&self, word: &str, times: usize, found: &mut ReplacementCounts) {
        *found.entry((self.clause, word.to_owned())).or_default() += times;
    }
}

/// What an index tells of a log: enough to find texts by their sound without reading them all.
pub trait Vocabulary {
    /// What stands side by side in entries, folded, and in how many, which may be too many.
    fn pairs(&self) -> Option<&Bigrams>;
    /// Whether an entry has these letters as a word.
    fn has_word(&self, letters: &str) -> bool;
    /// How many entries have each of the texts; `None` once nobody waits for the answer.
    fn counts(&self, texts: &[String]) -> Option<Vec<usize>>;
}

impl PhoneticWord {
    /// Counts an entry with these texts for what of them, folded, sounds so. A sure one counts as
    /// much as any number of others.
    pub fn count(&self, texts: &[String], found: &mut ReplacementCounts) {
        let all = |sound: &PinyinPattern| -> BTreeSet<&str> {
            let places = texts.iter().flat_map(|text| sound.all_places(text).map(move |place| &text[place]));
            places.collect()
        };
        for (sound, is_sure) in self.sounds() {
            for word in all(sound) {
                let weight = if is_sure { sure(sound, word) } else { 1 };
                *found.entry((self.clause, without_blanks(word))).or_default() += weight;
            }
        }
    }

    /// As [`PhoneticWord::count`] for all entries, by what `known` tells of them: exact for the words that
    /// most have, and where too many sound so, for those only.
    pub fn look_up(&self, known: &impl Vocabulary, found: &mut ReplacementCounts) {
        let Some(pairs) = known.pairs() else { return };
        for (sound, is_sure) in self.sounds() {
            let mut chains = Chains::new(sound, pairs);
            let mut words: HashMap<String, bool> = HashMap::new();
            let mut is_word = |letters: &str| {
                words.get(letters).copied().unwrap_or_else(|| {
                    let is_word = known.has_word(letters);
                    words.insert(letters.to_owned(), is_word);
                    is_word
                })
            };
            // What was found so far, ascending.
            let mut counts: Vec<usize> = Vec::new();
            // Whether as many are known as are taken, and none has fewer than `most`.
            let is_enough = |counts: &[usize], most: u32| {
                counts.len().checked_sub(MOST).is_some_and(|at| counts[at] >= most as usize)
            };
            let (mut tried, mut is_over) = (0, false);
            while tried < MOST_TRIED && !is_over {
                let next = std::iter::from_fn(|| chains.next(&mut is_word));
                let next = next.take_while(|(_, most)| !is_enough(&counts, *most)).take(AT_ONCE);
                let (words, most): (Vec<String>, Vec<u32>) = next.unzip();
                let Some(times) = known.counts(&words) else { return };
                let is_last = words.len() < AT_ONCE;
                tried += words.len();
                for ((word, most), times) in words.into_iter().zip(most).zip(times) {
                    is_over |= is_enough(&counts, most);
                    if times > 0 && !is_over {
                        counts.insert(counts.partition_point(|known| *known < times), times);
                        let weight = if is_sure { sure(sound, &word) } else { 1 };
                        *found.entry((self.clause, word)).or_default() += weight * times;
                    }
                }
                is_over |= is_last;
            }
            // Beside sure ones others are left out.
            if !counts.is_empty() {
                return;
            }
        }
    }

    /// Its sounds, sure ones first.
    fn sounds(&self) -> impl Iterator<Item = (&PinyinPattern, bool)> {
        self.strict.iter().map(|sound| (sound, true)).chain(self.loose.iter().map(|sound| (sound, false)))
    }
}

/// Chains that are looked for in the index, each in some ten microseconds.
const MOST_TRIED: usize = 400;

/// Chains that are looked for together, on as many cores as there are.
const AT_ONCE: usize = 16;

/// What an entry counts that has `word`, which surely sounds so.
fn sure(sound: &PinyinPattern, word: &str) -> usize {
    if sound.is_usual_for(word) { USUAL } else { SURE }
}

/// As the index has it: blanks stand between words, not in them.
fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

const SURE: usize = 1 << 24;
/// As [`SURE`], by readings that are not rare: before all others.
const USUAL: usize = SURE * 8;

/// Letters from which a word can have one slip, and two; below, too many others are near.
const ONE_SLIP: usize = 4;
const TWO_SLIPS: usize = 8;
/// Letters from which a slip is also looked for in words that go on.
const BEGINNING: usize = 6;

static ONE: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
static TWO: LazyLock<LevenshteinAutomatonBuilder> = LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));

/// Makes ready what the first guess would wait for: some hundredths of a second.
pub fn warm_up() {
    LazyLock::force(&ONE);
    LazyLock::force(&TWO);
    drop(PinyinPattern::new("rongq", false));
}

impl Query {
    /// The words that may be misspelled: Latin ones of four letters or more.
    pub fn slips(&self) -> Vec<FuzzyWord> {
        let unfinished = self.unfinished();
        let slip = |(clause, text): (usize, &str)| {
            let mut found = tokens(text);
            let word = found.pop().filter(|_| found.is_empty())?.text;
            let letters = word.len();
            if letters < ONE_SLIP || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
                return None;
            }
            let (builder, most) = if letters < TWO_SLIPS { (&ONE, 1) } else { (&TWO, 2) };
            let goes_on = unfinished == Some(clause) && letters >= BEGINNING;
            let dfa = if goes_on { builder.build_prefix_dfa(&word) } else { builder.build_dfa(&word) };
            Some(FuzzyWord { clause, word: word.into(), most, goes_on, dfa })
        };
        self.typed().filter_map(slip).collect()
    }

    /// The words that may be Chinese typed in letters, or Chinese that is written otherwise. While
    /// the query finds something itself, only sure ones.
    pub fn spoken(&self, finds_some: bool) -> Vec<PhoneticWord> {
        let spoken = |(clause, text): (usize, &str)| {
            let strict = PinyinPattern::new(text, true).or_else(|| PinyinPattern::of(text));
            let loose = if finds_some { None } else { PinyinPattern::new(text, false) };
            (strict.is_some() || loose.is_some()).then_some(PhoneticWord { clause, strict, loose })
        };
        self.typed().filter_map(spoken).collect()
    }

    /// The words that are wanted, with the numbers of their clauses.
    fn typed(&self) -> impl Iterator<Item = (usize, &str)> {
        self.clauses.iter().enumerate().filter(|(_, clause)| !clause.negated).filter_map(|(at, clause)| {
            match &clause.atom {
                Atom::Word(text) => Some((at, text.as_str())),
                _ => None,
            }
        })
    }

    /// The query with each of the words for which something was found, or that in its stead.
    /// `None` when nothing was.
    pub fn guess(&self, likeness: Likeness, found: ReplacementCounts) -> Option<Guess> {
        let mut by_clause: HashMap<usize, Vec<(usize, String)>> = HashMap::new();
        for ((clause, word), count) in found {
            by_clause.entry(clause).or_default().push((count, word));
        }
        let unfinished = self.unfinished();
        let mut guess = Guess { likeness, words: Vec::new(), query: self.clone() };
        for (at, clause) in guess.query.clauses.iter_mut().enumerate() {
            let Some(mut others) = by_clause.remove(&at) else { continue };
            let Atom::Word(own) = &clause.atom else { continue };
            let typed = crate::text::fold(own);
            others.retain(|(_, word)| *word != typed);
            // A word that is nearer is likelier than one that is frequent.
            let far = |word: &str| if likeness == Likeness::Spelling { strsim::osa_distance(&typed, word) } else { 0 };
            others.sort_by_cached_key(|(count, word)| (far(word), std::cmp::Reverse(*count), word.clone()));
            // Beside a sure one those that merely could be meant are noise.
            let is_sure = others.first().is_some_and(|(count, _)| *count >= SURE);
            others.retain(|(count, _)| !is_sure || *count >= SURE);
            others.truncate(MOST);
            let own = if unfinished == Some(at) { Atom::Word(own.clone()) } else { Atom::Phrase(own.clone()) };
            let stands_in = others.iter().map(|(_, word)| Atom::Phrase(word.clone()));
            let one = |atom| Query { clauses: vec![Clause { negated: false, atom }], order: None };
            clause.atom = Atom::Any(std::iter::once(own).chain(stands_in).map(one).collect());
            guess.words.extend(others.into_iter().map(|(_, word)| word));
        }
        (!guess.words.is_empty()).then_some(guess)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_a_slip_away() {
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
    fn chinese_by_its_sound() {
        assert_eq!(guess("fupan", "复盘，覆盘", false), "复盘 覆盘 (fupan OR \"复盘\" OR \"覆盘\")");
        assert_eq!(guess("fp x", "复盘", false), "复盘 (\"fp\" OR \"复盘\") x");
        assert_eq!(guess("fp", "复盘", true), "-");
        assert_eq!(guess("rongqi", "容器、人情", false), "容器 (rongqi OR \"容器\")");
        assert_eq!(guess("覆盘", "复盘", false), "复盘 (覆盘 OR \"复盘\")");
        assert_eq!(guess("网关", "容器", false), "-");
        assert_eq!(guess("-fupan", "复盘", false), "-");
    }
}
