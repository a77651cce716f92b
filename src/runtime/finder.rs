//! Answers to queries: from the index when it is of this log, else by scanning.
//!
//! Both give the same answer; screen and command line ask here.

use super::{paths, source::Origin};
use crate::{
    app::hits::Hits,
    index::{Index, IndexError, Progress, Searcher},
    log::{Counts, Entry, EntryId, Log},
    query::{
        Order, Query, SUGGESTIONS, Suggestion,
        similar::{self, FEW, Guess, Likeness, Similar},
    },
    text::token::tokens,
};
use rayon::prelude::*;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

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
    pub fn with_similar(&self, query: &Query, ids: Vec<EntryId>, similar: &[Similar]) -> Hits {
        Hits::new(&self.log, ids, query.order.unwrap_or(Order::Newest), similar, count)
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
            return self.log.entries().map(Entry::id).collect();
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
    pub fn similar(&mut self, query: &Query, hits: &[EntryId], is_stale: &(dyn Fn() -> bool + Sync)) -> Vec<Similar> {
        if hits.len() >= FEW || !query.has_words() {
            return Vec::new();
        }
        let mut known: HashSet<EntryId> = hits.iter().copied().collect();
        let mut similar = Vec::new();
        let guesses = [self.misspelled(query), self.spoken(query, !hits.is_empty(), is_stale)];
        for guess in guesses.into_iter().flatten() {
            let mut hits: Vec<EntryId> = self.find(&guess.query).into_iter().filter(|hit| known.insert(*hit)).collect();
            if !hits.is_empty() && query.order == Some(Order::Relevance) {
                let counts = self.counts(&guess.words());
                hits = guess.rank(&self.log, &hits, &counts);
            }
            if !hits.is_empty() && !is_stale() {
                similar.push(Similar { guess, hits });
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
        let mut found = similar::Found::new();
        let mut meet = |word: &str, times: usize| {
            slips.iter().filter(|slip| slip.fits(word)).for_each(|slip| slip.count(word, times, &mut found));
        };
        match &self.searcher {
            Some(searcher) if searcher.words(&mut meet).is_ok() => {}
            _ => words(&self.log).iter().for_each(|(word, times)| meet(word, *times)),
        }
        query.guess(Likeness::Spelling, found)
    }

    /// Reads every text, on all cores: how a text sounds is in no index.
    fn spoken(&self, query: &Query, finds_some: bool, is_stale: &(dyn Fn() -> bool + Sync)) -> Option<Guess> {
        let spoken = query.spoken(finds_some);
        if spoken.is_empty() {
            return None;
        }
        let count = |mut found: similar::Found, id: EntryId| {
            let mut read = |text: &str| spoken.iter().for_each(|spoken| spoken.count(text, &mut found));
            if !is_stale() {
                self.log.entry(id).fields().for_each(|text| read(&text));
            }
            found
        };
        let sum = |mut all: similar::Found, more: similar::Found| {
            for (word, times) in more {
                *all.entry(word).or_default() += times;
            }
            all
        };
        let ids = (0..self.log.len() as u32).into_par_iter().map(EntryId);
        let found = ids.fold(similar::Found::new, count).reduce(similar::Found::new, sum);
        query.guess(Likeness::Sound, found)
    }
}

/// As [`Counts::of`], on all cores where that is worth it.
fn count(log: &Log, ids: &[EntryId]) -> Counts {
    let part = ids.len().div_ceil(rayon::current_num_threads()).max(SHARE);
    let counts = ids.par_chunks(part).map(|ids| Counts::of(log, ids));
    counts.reduce(Counts::default, |all, more| all.and(&more))
}

/// Entries that one core counts sooner than another is woken.
const SHARE: usize = 1 << 15;

/// The Latin words of a log with the number of times they are met.
fn words(log: &Log) -> HashMap<String, usize> {
    let ids = (0..log.len() as u32).into_par_iter().map(EntryId);
    let count = |mut words: HashMap<String, usize>, id: EntryId| {
        for token in log.entry(id).fields().flat_map(|text| tokens(&text)) {
            if token.text.starts_with(|c: char| c.is_ascii_lowercase()) {
                *words.entry(token.text).or_default() += 1;
            }
        }
        words
    };
    let sum = |mut all: HashMap<String, usize>, more: HashMap<String, usize>| {
        for (word, times) in more {
            *all.entry(word).or_default() += times;
        }
        all
    };
    ids.fold(HashMap::new, count).reduce(HashMap::new, sum)
}

/// Looks at every entry, on all cores.
fn scan(log: &Log, query: &Query) -> Vec<EntryId> {
    let ids = (0..log.len() as u32).into_par_iter().map(EntryId);
    ids.filter(|id| query.matches(log.entry(*id))).collect()
}

/// The folder of this log's index.
pub fn folder(origin: &Origin) -> Option<PathBuf> {
    Some(paths::cache()?.join("index").join(origin.id()))
}

/// A search in the index that is there already, if it is of just this log. Makes none.
pub fn existing(origin: &Origin, log: &Log) -> Option<Searcher> {
    let index = Index::existing(&folder(origin)?)?;
    if index.is_current(log) { index.searcher(log).ok() } else { None }
}

/// Brings the index of `origin` up to `log`: in its folder, else, if that cannot be used, in
/// memory. With a sentence when that was so, or when the index had to be made anew.
pub fn index(origin: &Origin, log: &Log, progress: &mut dyn FnMut(Progress)) -> (Option<Searcher>, Option<String>) {
    let why = match folder(origin).map(|folder| kept(&folder, log, progress)) {
        Some(Ok((searcher, anew))) => return (Some(searcher), anew.map(|why| made_anew(&why))),
        Some(Err(IndexError::Locked { .. })) => {
            return (None, Some("Another sennight is indexing: searching without the index meanwhile".to_owned()));
        }
        Some(Err(error)) => error.to_string(),
        None => "there is no cache folder".to_owned(),
    };
    match in_memory(log, progress) {
        Ok(searcher) => (Some(searcher), Some(format!("The index is kept in memory only: {why}"))),
        Err(error) => (None, Some(format!("Searching without an index: {error}"))),
    }
}

/// What is said of an index that could not be used.
pub fn made_anew(why: &str) -> String {
    format!("The index was made anew from the notes: {why}")
}

/// The index in its folder, brought up to `log`; one that cannot be used is built anew, with why.
fn kept(
    folder: &Path,
    log: &Log,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Searcher, Option<String>), IndexError> {
    let mut index = Index::open(folder)?;
    let mut anew = index.made_anew().map(str::to_owned);
    match index.update(log, progress) {
        Err(IndexError::Damaged { what, .. }) => {
            index.rebuild(log, progress)?;
            anew = Some(what);
        }
        updated => drop(updated?),
    }
    Ok((index.searcher(log)?, anew))
}

fn in_memory(log: &Log, progress: &mut dyn FnMut(Progress)) -> Result<Searcher, IndexError> {
    let mut index = Index::in_memory()?;
    index.update(log, progress)?;
    index.searcher(log)
}
