//! The loader: reads the notes, keeps the index up to date, and hands both to the screen and the search
//! thread.
//!
//! It first shows the log cached by an earlier run, then reads what has changed since, asks git for dates,
//! and indexes. After that it repeats the reading whenever it is asked to or files change.

use super::{guard::guarded, search_job::SearchJob};
use crate::{
    app::{Message, Severity, Status},
    fetch,
    files::{log_cache::LogCache, log_spec::LogSpec, watch::Watcher},
    find::IndexSlot,
    index::{self, Progress, Searcher},
    log::{LazyNote, Log},
    query::{Query, similar},
};
use std::{
    collections::HashSet,
    sync::{
        Arc,
        mpsc::{Receiver, Sender},
    },
};

/// A request to the loader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoadRequest {
    /// Reload because the user asked.
    Reload,
    /// Reload because something below a source has changed.
    FilesChanged,
    /// Hide or show private entries.
    Veil(bool),
}

/// The query for private entries, and whether they are hidden.
#[derive(Debug, Clone, Default)]
pub struct Veil {
    pub private: Query,
    pub is_on: bool,
}

/// The log of one source list, read again and again.
pub(super) struct Loader {
    cache: LogCache,
    index: IndexSlot,
    veil: Veil,
    /// The log that was last veiled, and its visible part.
    last_veiled: Option<(Arc<Log>, Arc<Log>)>,
    /// The log that the index matches.
    indexed: Option<Arc<Log>>,
    inbox: Sender<Message>,
    jobs: Sender<SearchJob>,
}

impl Loader {
    pub(super) fn new(spec: Arc<LogSpec>, veil: Veil, inbox: Sender<Message>, jobs: Sender<SearchJob>) -> Loader {
        let index = IndexSlot::new(spec.folder());
        let cache = LogCache::open(spec, index.folder());
        Loader { cache, index, veil, last_veiled: None, indexed: None, inbox, jobs }
    }

    /// Loads the log, then serves `requests` until no more can come. Changes of files are sent to
    /// `own_requests`.
    pub(super) fn run(mut self, requests: &Receiver<LoadRequest>, own_requests: Sender<LoadRequest>) {
        self.open_cached();
        let _watcher =
            Watcher::start(self.cache.origin(), move || own_requests.send(LoadRequest::FilesChanged).is_ok());
        self.load();
        similar::warm_up();
        index::warm_up();
        while let Ok(first) = requests.recv() {
            let (mut is_asked, mut has_changed) = (false, false);
            for request in std::iter::once(first).chain(requests.try_iter()) {
                match request {
                    LoadRequest::Reload => is_asked = true,
                    LoadRequest::FilesChanged => has_changed = true,
                    LoadRequest::Veil(on) => self.set_veiled(on),
                }
            }
            if is_asked {
                self.reload_titles();
                self.load();
            } else if has_changed {
                self.load_if_changed();
            }
        }
    }

    /// Shows the log that an earlier run cached, and searches it if its index is current.
    fn open_cached(&mut self) {
        let inbox = self.inbox.clone();
        guarded(&inbox, READING, || {
            let Some(log) = self.cache.log() else { return };
            self.show(&log);
            if let Some(searcher) = self.index.current_searcher(&self.cache) {
                self.indexed = Some(log.clone());
                self.search_in(&log, Box::new(searcher));
            }
            self.send_examples();
        });
    }

    /// Reads the notes that are not cached.
    fn load(&mut self) {
        let inbox = self.inbox.clone();
        guarded(&inbox, READING, || match self.cache.read() {
            Ok(log) => self.publish(log),
            Err(error) => self.report(Severity::Error, &format!("{error:#}")),
        });
    }

    /// Reads the notes that have changed. Silent if there are none or they cannot be read: a source may be
    /// missing for a moment while it is replaced.
    fn load_if_changed(&mut self) {
        let inbox = self.inbox.clone();
        guarded(&inbox, READING, || {
            if let Ok(Some(log)) = self.cache.read() {
                self.publish(Some(log));
            }
        });
    }

    /// Sends the titles, which another run may have fetched meanwhile.
    fn reload_titles(&self) {
        match fetch::kept() {
            Ok(titles) => drop(self.inbox.send(Message::TitlesLoaded(Arc::new(titles)))),
            Err(error) => self.report(Severity::Warning, &format!("{error:#}")),
        }
    }

    /// Shows a new log, then the dates that git adds to it, and brings the index up to date.
    fn publish(&mut self, new: Option<Arc<Log>>) {
        let shown = new.map(|log| self.show(&log));
        let dated = self.cache.apply_git_dates().map(|log| self.show(&log));
        let is_searchable = dated.or(shown);
        if !is_searchable.unwrap_or_else(|| self.index.is_of(&self.cache))
            && let Some(log) = self.cache.log()
            && let Some(searcher) = self.update_index(&log)
        {
            self.search_in(&log, searcher);
        }
        if is_searchable.is_some() {
            self.send_examples();
        }
        self.index.keep(&mut self.cache);
    }

    /// Shows a log and returns whether it is indexed. One with few changes is indexed first, which is
    /// faster than scanning all of it for the current query.
    fn show(&mut self, log: &Arc<Log>) -> bool {
        let has_few_changes = self.indexed.as_ref().is_some_and(|before| changed_note_count(before, log) <= FEW);
        let searcher = if has_few_changes { self.update_index(log) } else { None };
        let is_indexed = searcher.is_some();
        let visible = self.visible_log(log);
        let _ = self.jobs.send(SearchJob::Log(visible.clone()));
        if let Some(searcher) = searcher {
            self.search_in(log, searcher);
        }
        let _ = self.inbox.send(Message::loaded(visible));
        is_indexed
    }

    /// Sends example queries for the visible log. They come last because nobody waits for them.
    fn send_examples(&mut self) {
        if let Some(log) = self.cache.log() {
            let visible = self.visible_log(&log);
            let _ = self.inbox.send(Message::examples(visible));
        }
    }

    /// The part of `log` that is not veiled; asked twice for one log, the same value.
    fn visible_log(&mut self, log: &Arc<Log>) -> Arc<Log> {
        if !self.veil.is_on || self.veil.private.is_empty() {
            return log.clone();
        }
        if let Some((whole, visible)) = &self.last_veiled
            && Arc::ptr_eq(whole, log)
        {
            return visible.clone();
        }
        let visible = Arc::new(log.veiled(|entry| self.veil.private.matches(entry), self.cache.rules()));
        self.last_veiled = Some((log.clone(), visible.clone()));
        visible
    }

    /// Has the search thread use `searcher`, an index of `log`, for the visible part of that log.
    fn search_in(&mut self, log: &Arc<Log>, searcher: Box<Searcher>) {
        let visible = self.visible_log(log);
        let searcher =
            if Arc::ptr_eq(log, &visible) { Some(searcher) } else { self.index.searcher(&visible).map(Box::new) };
        if let Some(searcher) = searcher {
            rayon::spawn(searcher.prefetch_bigrams());
            let _ = self.jobs.send(SearchJob::Indexed(visible, searcher));
        }
    }

    /// Hides or shows private entries.
    fn set_veiled(&mut self, on: bool) {
        let inbox = self.inbox.clone();
        self.veil.is_on = on;
        guarded(&inbox, READING, || {
            let Some(log) = self.cache.log() else { return };
            let visible = self.visible_log(&log);
            let _ = self.jobs.send(SearchJob::Log(visible.clone()));
            let _ = self.inbox.send(Message::loaded(visible.clone()));
            if let Some(searcher) = self.index.searcher(&visible) {
                let _ = self.jobs.send(SearchJob::Indexed(visible, Box::new(searcher)));
            }
            self.send_examples();
        });
    }

    /// Brings the index up to `log`, and reports progress and whatever went wrong.
    fn update_index(&mut self, log: &Arc<Log>) -> Option<Box<Searcher>> {
        let (searcher, remark) = self.index.update(log, &mut |progress: Progress| {
            let _ = self.inbox.send(Message::Indexing(Some((progress.done, progress.of))));
        });
        let _ = self.inbox.send(Message::Indexing(None));
        if let Some(remark) = remark {
            self.report(Severity::Warning, &remark);
        }
        self.indexed = searcher.is_some().then(|| log.clone());
        searcher.map(Box::new)
    }

    fn report(&self, severity: Severity, text: &str) {
        let _ = self.inbox.send(Message::Said(Status::new(severity, text)));
    }
}

/// The loader's task in messages about its failure.
const READING: &str = "Reading the notes";

/// Changed notes up to which a log is indexed before it is shown.
const FEW: usize = 32;

/// The number of notes that only one of two logs has.
fn changed_note_count(before: &Log, now: &Log) -> usize {
    let known: HashSet<usize> = before.notes().iter().map(LazyNote::address).collect();
    let same = now.notes().iter().filter(|note| known.contains(&note.address())).count();
    before.notes().len() + now.notes().len() - 2 * same
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::tag::TagRules;

    #[test]
    fn changed_notes_are_those_in_one_log_only() {
        let rules = TagRules::parse("").expect("no rules are sound rules");
        let log = Log::from_entries(["甲", "乙", "丙"]);
        let with = |range: std::ops::Range<usize>, more: &Log| {
            Log::of(log.notes()[range].iter().chain(more.notes()).cloned().collect(), &rules)
        };
        let (none, one) = (Log::default(), Log::from_entries(["甲"]));
        for (now, expected) in [(with(0..3, &none), 0), (with(0..3, &one), 1), (with(1..3, &one), 2), (none, 3)] {
            assert_eq!(changed_note_count(&log, &now), expected);
        }
    }
}
