//! Answers to queries: from the index when it is of this log, else by scanning.
//!
//! Both give the same answer; screen and command line ask here.

use crate::files::log_cache::LogCache;
use crate::{
    app::hits::{Hits, TimelineRows},
    index::{Index, IndexError, Progress, Searcher},
    log::{Counts, Entry, EntryId, Log},
    query::{
        Atom, Clause, Order, Query, SUGGESTIONS, Suggestion,
        similar::{self, FEW, Guess, Likeness, SimilarHits, Vocabulary},
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

/// Makes this thread one of those that do the work it hands out, for as long as what comes back is kept:
/// waiting for others to take it up and give it back takes longer than most answers. `None` when it is
/// one already.
pub fn join_in() -> Option<ThreadPool> {
    ThreadPoolBuilder::new().use_current_thread().build().ok()
}

/// A log with, perhaps, an index of it.
pub struct Finder {
    log: Arc<Log>,
    searcher: Option<Searcher>,
}

impl Finder {
    pub fn new(log: Arc<Log>, searcher: Option<Searcher>) -> Finder {
        Finder { log, searcher }
    }

    /// What the screen shows of `query`: newest first, unless it asks for another order.
    pub fn hits(&mut self, query: &Query) -> Hits {
        let ids = self.list(query, Order::Newest);
        self.with_similar(query, ids, &[])
    }

    /// What the screen shows when behind `ids`, which `query` finds, those of `similar` stand.
    pub fn with_similar(&self, query: &Query, mut ids: Vec<EntryId>, similar: &[SimilarHits]) -> Hits {
        let (log, exact) = (&*self.log, ids.len());
        ids.extend(similar.iter().flat_map(|similar| &similar.hits));
        let rows = || {
            let rows = TimelineRows::new(log, &ids, exact, similar, query.order.unwrap_or(Order::Newest));
            let counts = Counts::of_groups(log, rows.groups());
            (rows, counts)
        };
        let marks = || count(log, &ids);
        let ((rows, groups), marks) = if ids.len() < SHARE { (rows(), marks()) } else { rayon::join(rows, marks) };
        Hits::new(ids, rows, marks.merge(&groups))
    }

    /// The entries that `query` finds in the order it asks for; `unasked` is the one it gets if it
    /// asks for none.
    pub fn list(&mut self, query: &Query, unasked: Order) -> Vec<EntryId> {
        let mut hits = self.find(query);
        match query.order.unwrap_or(unasked) {
            Order::Newest => hits,
            Order::Oldest => {
                let undated = hits.iter().rposition(|id| self.log.entry(*id).span().is_some()).map_or(0, |at| at + 1);
                hits[..undated].reverse();
                hits
            }
            Order::Relevance => {
                let counts = self.counts(&query.words());
                query.rank(&self.log, &hits, &counts)
            }
        }
    }

    /// How many entries each of `queries` finds.
    fn counts(&mut self, queries: &[Query]) -> Vec<usize> {
        queries.iter().map(|query| self.find(query).len()).collect()
    }

    /// The entries that `query` finds, newest first. An index that fails is given up: the scan
    /// is always right.
    pub fn find(&mut self, query: &Query) -> Vec<EntryId> {
        if query.clauses.is_empty() {
            return self.log.ids().collect();
        }
        match self.searcher.as_ref().map(|searcher| searcher.search(query)) {
            Some(Ok(hits)) => hits,
            failed => {
                if failed.is_some() {
                    self.searcher = None;
                }
                scan(&self.log, query)
            }
        }
    }
}

impl Finder {
    /// What may have been meant by `query`, which finds just `hits`, if they are few: first words
    /// a slip away, then Chinese by its sound; each newest first unless the query asks for
    /// relevance. `is_stale` ends it early.
    pub fn similar(
        &mut self,
        query: &Query,
        hits: &[EntryId],
        is_stale: &(dyn Fn() -> bool + Sync),
    ) -> Vec<SimilarHits> {
        if hits.len() >= FEW || !query.has_words() {
            return Vec::new();
        }
        let mut known = vec![false; self.log.len()];
        for hit in hits {
            known[hit.index()] = true;
        }
        let mut similar = Vec::new();
        let guesses = [self.misspelled(query), self.spoken(query, !hits.is_empty(), is_stale)];
        for guess in guesses.into_iter().flatten() {
            let mut hits = self.find(&guess.query);
            hits.retain(|hit| !std::mem::replace(&mut known[hit.index()], true));
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

    /// What would find something where `query` finds nothing. `is_stale` ends it early.
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

    fn misspelled(&self, query: &Query) -> Option<Guess> {
        let slips = query.slips();
        if slips.is_empty() {
            return None;
        }
        let mut found = similar::ReplacementCounts::new();
        let indexed = self.searcher.as_ref().is_some_and(|searcher| {
            slips
                .iter()
                .all(|slip| searcher.words_like(slip, &mut |word, times| slip.count(word, times, &mut found)).is_ok())
        });
        if !indexed {
            found.clear();
            for (word, times) in words(&self.log) {
                let fitting = slips.iter().filter(|slip| slip.fits(&word));
                fitting.for_each(|slip| slip.count(&word, times, &mut found));
            }
        }
        query.guess(Likeness::Spelling, found)
    }

    /// What is written as `query` sounds: by the index, else by reading every text on all cores.
    fn spoken(&self, query: &Query, finds_some: bool, is_stale: &(dyn Fn() -> bool + Sync)) -> Option<Guess> {
        let spoken = query.spoken(finds_some);
        if spoken.is_empty() {
            return None;
        }
        if let Some(searcher) = &self.searcher {
            let known = IndexVocabulary { searcher, is_stale, has_failed: AtomicBool::new(false) };
            let mut found = similar::ReplacementCounts::new();
            for spoken in &spoken {
                spoken.look_up(&known, &mut found);
            }
            if !known.has_failed.into_inner() {
                return query.guess(Likeness::Sound, found);
            }
        }
        let count = |found: &mut similar::ReplacementCounts, entry: Entry<'_>| {
            if !is_stale() {
                let texts: Vec<String> = entry.fields().map(|text| fold(&text)).collect();
                for spoken in &spoken {
                    spoken.count(&texts, found);
                }
            }
        };
        let found =
            fold_all(&self.log, similar::ReplacementCounts::new, count).reduce(similar::ReplacementCounts::new, sum);
        query.guess(Likeness::Sound, found)
    }
}

/// An index as a vocabulary.
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
        // A word cut in several is one of an entry as much as its first part.
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

/// As [`Counts::of_labels`], on all cores where that is worth it.
fn count(log: &Log, ids: &[EntryId]) -> Counts {
    let part = ids.len().div_ceil(rayon::current_num_threads()).max(SHARE);
    let counts = ids.par_chunks(part).map(|ids| Counts::of_labels(log, ids));
    counts.reduce(Counts::default, |all, more| all.merge(&more))
}

/// Entries that one core counts sooner than another is woken.
const SHARE: usize = 1 << 15;

/// The Latin words of a log with the number of entries that have them.
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

/// The numbers of both.
fn sum<K: Eq + Hash>(mut all: HashMap<K, usize>, more: HashMap<K, usize>) -> HashMap<K, usize> {
    for (key, times) in more {
        *all.entry(key).or_default() += times;
    }
    all
}

/// Looks at every entry, on all cores.
fn scan(log: &Log, query: &Query) -> Vec<EntryId> {
    let mut found = fold_all(log, Vec::new, |found, entry| found.extend(query.matches(entry).then(|| entry.id())))
        .reduce(Vec::new, |mut all, mut more| {
            all.append(&mut more);
            all
        });
    found.sort_unstable();
    found
}

/// Looks at every entry, note by note, on all cores.
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

/// The index of a log, kept open from one update to the next.
pub struct IndexSlot {
    folder: Option<PathBuf>,
    index: Option<Index>,
}

impl IndexSlot {
    /// Opens the index in `folder` when it is needed; in memory without one.
    pub fn new(folder: Option<PathBuf>) -> IndexSlot {
        IndexSlot { folder, index: None }
    }

    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Opens the index that is there already. Makes none.
    pub fn open(&mut self) {
        if self.index.is_none() {
            self.index = self.folder.as_deref().and_then(Index::existing);
        }
    }

    /// A search in the index that is there already, if it is of just the log of `notes`.
    pub fn current_searcher(&mut self, notes: &LogCache) -> Option<Searcher> {
        self.open();
        let (log, index) = (notes.log()?, self.index.as_ref()?);
        if notes.is_of(index) || index.is_current(&log) { index.searcher(&log).ok() } else { None }
    }

    /// A search in the index as it is for the entries of `log`, which may be some of those it has.
    pub fn searcher(&self, log: &Log) -> Option<Searcher> {
        self.index.as_ref()?.searcher(log).ok()
    }

    /// Whether the index is open and known to be of just the log of `notes`.
    pub fn is_of(&self, notes: &LogCache) -> bool {
        self.index.as_ref().is_some_and(|index| notes.is_of(index))
    }

    /// Brings the index up to `log`: in its folder, else, if that cannot be used, in memory. With
    /// a sentence when that was so, or when the index had to be made anew.
    pub fn update(&mut self, log: &Log, progress: &mut dyn FnMut(Progress)) -> (Option<Searcher>, Option<String>) {
        let why = match self.folder.clone().map(|folder| self.stored(&folder, log, progress)) {
            Some(Ok((searcher, anew))) => return (Some(searcher), anew.map(|why| made_anew(&why))),
            Some(Err(IndexError::Locked { .. })) => {
                let text = "Another sennight is indexing: searching without the index meanwhile";
                return (None, Some(text.to_owned()));
            }
            Some(Err(error)) => error.to_string(),
            None => "there is no cache folder".to_owned(),
        };
        self.index = None;
        match self.in_memory(log, progress) {
            Ok(searcher) => (Some(searcher), Some(format!("The index is kept in memory only: {why}"))),
            Err(error) => (None, Some(format!("Searching without an index: {error}"))),
        }
    }

    /// The index in its folder, brought up to `log`; one that cannot be used is built anew, with why.
    fn stored(
        &mut self,
        folder: &Path,
        log: &Log,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Searcher, Option<String>), IndexError> {
        let mut anew = None;
        let index = if let Some(index) = &mut self.index {
            index
        } else {
            let index = Index::open(folder)?;
            anew = index.made_anew().map(str::to_owned);
            self.index.insert(index)
        };
        match index.update(log, progress) {
            Err(IndexError::Damaged { what, .. }) => {
                index.rebuild(log, progress)?;
                anew = Some(what);
            }
            updated => drop(updated?),
        }
        Ok((index.searcher(log)?, anew))
    }

    fn in_memory(&mut self, log: &Log, progress: &mut dyn FnMut(Progress)) -> Result<Searcher, IndexError> {
        let mut index = Index::in_memory()?;
        index.update(log, progress)?;
        self.index.insert(index).searcher(log)
    }

    /// Keeps the log of `notes` for the next run, if the index is of just it. Without that, the
    /// next run reads all notes.
    pub fn keep(&self, notes: &mut LogCache) {
        if let (Some(index), Some(folder)) = (&self.index, &self.folder) {
            let _ = notes.keep(index, folder);
        }
    }
}

/// What is said of an index that could not be used.
pub fn made_anew(why: &str) -> String {
    format!("The index was made anew from the notes: {why}")
}
