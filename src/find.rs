//! Answers to queries: from the index if it holds exactly this log, else by scanning the log.
//!
//! Both give the same answer; the screen and the command line ask here. Knows no terminal, and of
//! the index neither its files nor Tantivy.

use crate::{
    app::hits::{Hits, TimelineRows},
    files::log_cache::LogCache,
    index::{Index, IndexDefect, IndexError, Progress, Searcher},
    log::{Counts, Entry, EntryId, Log},
    query::{
        Atom, Clause, Order, Query, SUGGESTIONS, Suggestion,
        similar::{FEW, FuzzyWord, Guess, Likeness, ReplacementCounts, SimilarHits, Vocabulary},
    },
    text::{bigrams::Bigrams, fold, tokenizer::tokens},
};
use rayon::{ThreadPool, ThreadPoolBuilder, prelude::*};
use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Makes the current thread a worker of its own pool for as long as the pool is kept: handing work to
/// another thread and waiting for it takes longer than most answers. `None` when the thread is a worker
/// already.
pub fn join_in() -> Option<ThreadPool> {
    ThreadPoolBuilder::new().use_current_thread().build().ok()
}

/// A log, with a searcher of its index if there is one.
pub struct Finder {
    log: Arc<Log>,
    searcher: Option<Searcher>,
}

impl Finder {
    pub fn new(log: Arc<Log>, searcher: Option<Searcher>) -> Finder {
        Finder { log, searcher }
    }

    /// Finds what the screen shows for `query`: newest first, unless it asks for another order.
    pub fn hits(&mut self, query: &Query) -> Hits {
        let ids = self.list(query, Order::Newest);
        self.with_similar(query, ids, &[])
    }

    /// Puts the entries of `similar` behind `ids`, which are the matches of `query`, and counts all of
    /// them for the screen.
    pub fn with_similar(&self, query: &Query, mut ids: Vec<EntryId>, similar: &[SimilarHits]) -> Hits {
        let (log, exact) = (&*self.log, ids.len());
        for similar in similar {
            ids.extend(&similar.hits);
        }
        let order = query.order.unwrap_or(Order::Newest);
        let group = || {
            let rows = TimelineRows::new(log, &ids, exact, similar, order);
            let counts = Counts::of_groups(log, rows.groups());
            (rows, counts)
        };
        let count = || count_labels(log, &ids);
        let ((rows, groups), labels) = if ids.len() < SHARE { (group(), count()) } else { rayon::join(group, count) };
        Hits::new(ids, rows, labels.merge(&groups))
    }

    /// Finds the entries that match `query`, in the order it asks for, or in the `default` order.
    pub fn list(&mut self, query: &Query, default: Order) -> Vec<EntryId> {
        let mut hits = self.find(query);
        match query.order.unwrap_or(default) {
            Order::Newest => hits,
            Order::Oldest => {
                // Undated entries stay at the end.
                let last_dated = hits.iter().rposition(|id| self.log.entry(*id).span().is_some());
                hits[..last_dated.map_or(0, |at| at + 1)].reverse();
                hits
            }
            Order::Relevance => {
                let counts = self.counts(&query.words());
                query.rank(&self.log, &hits, &counts)
            }
        }
    }

    /// Numbers of entries that match each of `queries`.
    fn counts(&mut self, queries: &[Query]) -> Vec<usize> {
        queries.iter().map(|query| self.find(query).len()).collect()
    }

    /// Finds the entries that match `query`, newest first. An index that fails is not used again: a
    /// scan finds the same.
    pub fn find(&mut self, query: &Query) -> Vec<EntryId> {
        if query.clauses.is_empty() {
            return self.log.ids().collect();
        }
        if let Some(searcher) = &self.searcher {
            match searcher.search(query) {
                Ok(hits) => return hits,
                Err(_) => self.searcher = None,
            }
        }
        scan(&self.log, query)
    }
}

impl Finder {
    /// Finds entries that match corrections of `query`, if its own matches, `hits`, are few: first
    /// similar spellings, then Chinese that sounds the same. Each part is newest first unless the
    /// query asks for relevance. Ends early once `is_stale`.
    pub fn similar(
        &mut self,
        query: &Query,
        hits: &[EntryId],
        is_stale: &(dyn Fn() -> bool + Sync),
    ) -> Vec<SimilarHits> {
        if hits.len() >= FEW || !query.has_words() {
            return Vec::new();
        }
        let mut is_listed = vec![false; self.log.len()];
        for hit in hits {
            is_listed[hit.index()] = true;
        }
        let mut similar = Vec::new();
        let guesses = [self.misspelled(query), self.spoken(query, !hits.is_empty(), is_stale)];
        for guess in guesses.into_iter().flatten() {
            let mut hits = self.find(&guess.query);
            hits.retain(|hit| !std::mem::replace(&mut is_listed[hit.index()], true));
            if !hits.is_empty() && query.order == Some(Order::Relevance) {
                let counts = self.counts(&guess.words());
                hits = guess.rank(&self.log, &hits, &counts);
            }
            if !hits.is_empty() && !is_stale() {
                similar.push(SimilarHits { guess, hits });
            }
        }
        similar
    }

    /// Suggests looser queries that find something, for a `query` that finds nothing. Ends early once
    /// `is_stale`.
    pub fn suggest(&mut self, query: &Query, is_stale: &(dyn Fn() -> bool + Sync)) -> Vec<Suggestion> {
        let mut suggestions = Vec::new();
        for query in query.relaxed(&self.log.clone()) {
            if suggestions.len() == SUGGESTIONS || is_stale() {
                break;
            }
            let hits = self.find(&query).len();
            if hits > 0 {
                suggestions.push(Suggestion { query, hits });
            }
        }
        suggestions
    }

    /// Corrects the spelling of `query` by words of the log.
    fn misspelled(&self, query: &Query) -> Option<Guess> {
        let slips = query.slips();
        if slips.is_empty() {
            return None;
        }
        let indexed = self.searcher.as_ref().and_then(|searcher| indexed_spellings(searcher, &slips));
        let found = indexed.unwrap_or_else(|| {
            let mut found = ReplacementCounts::new();
            for (word, times) in words(&self.log) {
                for slip in &slips {
                    if slip.fits(&word) {
                        slip.count(&word, times, &mut found);
                    }
                }
            }
            found
        });
        query.guess(Likeness::Spelling, found)
    }

    /// Replaces the Chinese of `query` by words of the same sound: by the index, else by reading every
    /// text on all cores.
    fn spoken(&self, query: &Query, finds_some: bool, is_stale: &(dyn Fn() -> bool + Sync)) -> Option<Guess> {
        let spoken = query.spoken(finds_some);
        if spoken.is_empty() {
            return None;
        }
        if let Some(searcher) = &self.searcher {
            let vocabulary = IndexVocabulary { searcher, is_stale, has_failed: AtomicBool::new(false) };
            let mut found = ReplacementCounts::new();
            for spoken in &spoken {
                spoken.look_up(&vocabulary, &mut found);
            }
            if !vocabulary.has_failed.into_inner() {
                return query.guess(Likeness::Sound, found);
            }
        }
        let count = |found: &mut ReplacementCounts, entry: Entry<'_>| {
            if !is_stale() {
                let texts: Vec<String> = entry.fields().map(|text| fold(&text)).collect();
                for spoken in &spoken {
                    spoken.count(&texts, found);
                }
            }
        };
        let found = fold_all(&self.log, ReplacementCounts::new, count).reduce(ReplacementCounts::new, sum);
        query.guess(Likeness::Sound, found)
    }
}

/// Counts the indexed words that `slips` may stand for; `None` when the index cannot be read.
fn indexed_spellings(searcher: &Searcher, slips: &[FuzzyWord]) -> Option<ReplacementCounts> {
    let mut found = ReplacementCounts::new();
    for slip in slips {
        searcher.words_like(slip, &mut |word, times| slip.count(word, times, &mut found)).ok()?;
    }
    Some(found)
}

/// The vocabulary of an index. Remembers whether reading it failed.
struct IndexVocabulary<'f> {
    searcher: &'f Searcher,
    is_stale: &'f (dyn Fn() -> bool + Sync),
    has_failed: AtomicBool,
}

impl IndexVocabulary<'_> {
    fn record_error<T>(&self, answer: Result<T, IndexError>) -> Option<T> {
        self.has_failed.fetch_or(answer.is_err(), Ordering::Relaxed);
        answer.ok()
    }
}

impl Vocabulary for IndexVocabulary<'_> {
    fn pairs(&self) -> Option<&Bigrams> {
        self.record_error(self.searcher.pairs())
    }

    fn has_word(&self, letters: &str) -> bool {
        // A word that is cut into several tokens counts as known if its first token is.
        let first = tokens(letters).into_iter().next();
        first.is_some_and(|first| self.record_error(self.searcher.has_word(&first.text)).unwrap_or_default())
    }

    fn counts(&self, texts: &[String]) -> Option<Vec<usize>> {
        let count = |text: &String| {
            let phrase = Clause { negated: false, atom: Atom::Phrase(text.clone()) };
            let query = Query { clauses: vec![phrase], order: None };
            if (self.is_stale)() { None } else { self.record_error(self.searcher.count(&query)) }
        };
        texts.par_iter().map(count).collect()
    }
}

/// Counts the labels of `ids`, on all cores where that is worth it.
fn count_labels(log: &Log, ids: &[EntryId]) -> Counts {
    let part = ids.len().div_ceil(rayon::current_num_threads()).max(SHARE);
    let counts = ids.par_chunks(part).map(|ids| Counts::of_labels(log, ids));
    counts.reduce(Counts::default, |all, more| all.merge(&more))
}

/// Number of entries that one core counts faster than another core is woken.
const SHARE: usize = 1 << 15;

/// Counts for each Latin word of a log the entries that have it.
fn words(log: &Log) -> HashMap<String, usize> {
    let count = |words: &mut HashMap<String, usize>, entry: Entry<'_>| {
        let tokens = entry.fields().flat_map(|text| tokens(&text)).map(|token| token.text);
        let own: HashSet<_> = tokens.filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase())).collect();
        for word in own {
            *words.entry(word.into()).or_default() += 1;
        }
    };
    fold_all(log, HashMap::new, count).reduce(HashMap::new, sum)
}

/// Adds the numbers of `more` to those of `all`.
fn sum<K: Eq + Hash>(mut all: HashMap<K, usize>, more: HashMap<K, usize>) -> HashMap<K, usize> {
    for (key, times) in more {
        *all.entry(key).or_default() += times;
    }
    all
}

/// Matches every entry against `query`, on all cores. Newest first.
fn scan(log: &Log, query: &Query) -> Vec<EntryId> {
    let collect = |found: &mut Vec<EntryId>, entry: Entry<'_>| {
        if query.matches(entry) {
            found.push(entry.id());
        }
    };
    let mut found = fold_all(log, Vec::new, collect).reduce(Vec::new, |mut all, mut more| {
        all.append(&mut more);
        all
    });
    found.sort_unstable();
    found
}

/// Calls `look` with every entry, note by note, on all cores; yields one accumulator for each share
/// of the notes.
fn fold_all<T: Send>(
    log: &Log,
    none: impl Fn() -> T + Sync + Send,
    look: impl Fn(&mut T, Entry<'_>) + Sync + Send,
) -> impl ParallelIterator<Item = T> {
    (0..log.notes().len()).into_par_iter().fold(none, move |mut all, note| {
        log.peek_entries(note, |entry| look(&mut all, entry));
        all
    })
}

/// Holder of a log's index, which stays open from one update to the next.
pub(crate) struct IndexSlot {
    folder: Option<PathBuf>,
    index: Option<Index>,
}

impl IndexSlot {
    /// Uses the index in `folder`, opened when it is first needed, or one in memory without a folder.
    pub fn new(folder: Option<PathBuf>) -> IndexSlot {
        IndexSlot { folder, index: None }
    }

    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Opens the index if it exists; does not create one.
    pub fn open(&mut self) {
        if self.index.is_none() {
            self.index = self.folder.as_deref().and_then(Index::existing);
        }
    }

    /// Makes a searcher of the existing index, if it holds exactly the log of `cache`.
    pub fn current_searcher(&mut self, cache: &LogCache) -> Option<Searcher> {
        self.open();
        let (log, index) = (cache.log()?, self.index.as_ref()?);
        if cache.is_of(index) || index.is_current(&log) { index.searcher(&log).ok() } else { None }
    }

    /// Makes a searcher of the open index for the entries of `log`, which may be some of the indexed ones.
    pub fn searcher(&self, log: &Log) -> Option<Searcher> {
        self.index.as_ref()?.searcher(log).ok()
    }

    /// Returns true if the index is open and known to hold exactly the log of `cache`.
    pub fn is_of(&self, cache: &LogCache) -> bool {
        self.index.as_ref().is_some_and(|index| cache.is_of(index))
    }

    /// Updates the index to `log`: in its folder or, if that cannot be used, in memory. Returns a
    /// sentence for the user in the latter case, and when the index had to be rebuilt.
    pub fn update(&mut self, log: &Log, progress: &mut dyn FnMut(Progress)) -> (Option<Searcher>, Option<String>) {
        let reason = match self.folder.clone() {
            None => "there is no cache folder".to_owned(),
            Some(folder) => match self.update_stored(&folder, log, progress) {
                Ok((searcher, defect)) => return (Some(searcher), defect.as_ref().map(rebuilt)),
                Err(IndexError::Locked { .. }) => {
                    let text = "Another sennight is indexing; searching without the index until it is done";
                    return (None, Some(text.to_owned()));
                }
                Err(error) => error.to_string(),
            },
        };
        self.index = None;
        match self.update_in_memory(log, progress) {
            Ok(searcher) => (Some(searcher), Some(format!("The search index is kept in memory only: {reason}"))),
            Err(error) => (None, Some(format!("Searching without an index: {error}"))),
        }
    }

    /// Updates the index in its folder to `log`. Rebuilds one that cannot be used, and returns its defect.
    fn update_stored(
        &mut self,
        folder: &Path,
        log: &Log,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Searcher, Option<IndexDefect>), IndexError> {
        let mut replaced = None;
        let index = if let Some(index) = &mut self.index {
            index
        } else {
            let index = Index::open(folder)?;
            replaced = index.rebuild_reason().cloned();
            self.index.insert(index)
        };
        match index.update(log, progress) {
            Ok(_) => {}
            Err(IndexError::Damaged { defect, .. }) => {
                index.rebuild(log, progress)?;
                replaced = Some(defect);
            }
            Err(error) => return Err(error),
        }
        Ok((index.searcher(log)?, replaced))
    }

    fn update_in_memory(&mut self, log: &Log, progress: &mut dyn FnMut(Progress)) -> Result<Searcher, IndexError> {
        let mut index = Index::in_memory()?;
        index.update(log, progress)?;
        self.index.insert(index).searcher(log)
    }

    /// Stores the log of `cache`, which must be exactly the indexed log, for the next run.
    pub fn keep(&self, cache: &mut LogCache) {
        if let (Some(index), Some(folder)) = (&self.index, &self.folder) {
            // Without it the next run reads all notes.
            let _ = cache.keep(index, folder);
        }
    }
}

/// Message about a stored index that could not be used.
pub(crate) fn rebuilt(defect: &IndexDefect) -> String {
    format!("Rebuilt the search index from the notes: {defect}")
}
