//! The work behind the screen: reading, indexing and searching, off the keyboard's path.
//!
//! One thread shows what an earlier run has read, then looks for what has changed since, asks git
//! for days, and indexes; another searches. A search takes the newest request and skips those it
//! overtakes; until an index of the log at hand is ready it scans, which is complete too, only
//! slower.

use crate::{
    app::{Message, Severity, Status, Ticket, insight::InsightRequest},
    files::watch::ReloadReason,
    index::{self, Progress, Searcher},
    log::{LazyNote, Log},
    query::{Query, similar},
};
use crate::{
    fetch,
    files::{log_cache::LogCache, log_spec::LogSpec, watch::Watcher},
    find::{self, Finder, IndexSlot},
};
use anyhow::{Context, Result};
use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Instant,
};

/// What the searching thread is asked.
enum SearchJob {
    /// Search this log from now on.
    Log(Arc<Log>),
    /// An index of this log is ready.
    Indexed(Arc<Log>, Box<Searcher>),
    Search {
        ticket: Ticket,
        query: Query,
    },
    /// Work something out of this log.
    Insight {
        ticket: Ticket,
        log: Arc<Log>,
        ask: InsightRequest,
    },
}

/// What is private, and whether it is veiled.
#[derive(Debug, Clone, Default)]
pub struct Veil {
    pub private: Query,
    pub is_on: bool,
}

/// The threads behind the screen.
pub struct Worker {
    reload: Sender<ReloadReason>,
    jobs: Sender<SearchJob>,
    /// Number of the newest search asked for.
    newest: Arc<AtomicU64>,
}

impl Worker {
    /// Starts reading at once.
    ///
    /// # Errors
    ///
    /// When a thread cannot be started.
    pub fn start(making: Arc<LogSpec>, veil: Veil, inbox: Sender<Message>) -> Result<Worker> {
        let Veil { private, is_on: is_veiled } = veil;
        let (reload, reloads) = channel();
        let (jobs, waiting) = channel();
        let (own_inbox, own_jobs) = (inbox.clone(), jobs.clone());
        let newest = Arc::new(AtomicU64::new(0));
        let newest_ticket = newest.clone();
        let search = move || {
            let _pool = find::join_in();
            search(&waiting, &inbox, &newest_ticket);
        };
        thread::Builder::new().name("search".into()).spawn(search).context("cannot start searching")?;
        let reload_of_watcher = reload.clone();
        let read = move || {
            let keeper = IndexSlot::new(making.folder());
            let shelf = LogCache::open(making, keeper.folder());
            let mut librarian = Loader {
                shelf,
                keeper,
                private,
                is_veiled,
                veiled: None,
                indexed: None,
                inbox: own_inbox,
                jobs: own_jobs,
            };
            librarian.open();
            let watcher = Watcher::start(librarian.shelf.origin(), reload_of_watcher);
            librarian.read();
            similar::warm_up();
            index::warm_up();
            while let Ok(first) = reloads.recv() {
                let mut asked = None;
                for why in std::iter::once(first).chain(reloads.try_iter()) {
                    match why {
                        ReloadReason::Veil(on) => librarian.veil(on),
                        why => asked = Some(asked.unwrap_or(false) || why == ReloadReason::Asked),
                    }
                }
                if asked == Some(true) {
                    librarian.titles();
                }
                if let Some(asked) = asked {
                    librarian.read_again(asked);
                }
            }
            drop(watcher);
        };
        thread::Builder::new().name("read".into()).spawn(read).context("cannot start reading")?;
        Ok(Worker { reload, jobs, newest })
    }

    pub fn reload(&self) {
        let _ = self.reload.send(ReloadReason::Asked);
    }

    pub fn veil(&self, on: bool) {
        let _ = self.reload.send(ReloadReason::Veil(on));
    }

    pub fn search(&self, ticket: Ticket, query: Query) {
        self.newest.store(ticket.0, Ordering::Relaxed);
        let _ = self.jobs.send(SearchJob::Search { ticket, query });
    }

    pub fn compute_insight(&self, ticket: Ticket, log: Arc<Log>, ask: InsightRequest) {
        let _ = self.jobs.send(SearchJob::Insight { ticket, log, ask });
    }
}

struct Loader {
    shelf: LogCache,
    keeper: IndexSlot,
    /// What is veiled, when that is asked for.
    private: Query,
    is_veiled: bool,
    /// A log and what is shown of it.
    veiled: Option<(Arc<Log>, Arc<Log>)>,
    /// What the index was brought up to last.
    indexed: Option<Arc<Log>>,
    inbox: Sender<Message>,
    jobs: Sender<SearchJob>,
}

impl Loader {
    /// Shows what an earlier run has read, and makes it ready to be searched.
    fn open(&mut self) {
        let inbox = self.inbox.clone();
        guarded(&inbox, "reading", || {
            let Some(log) = self.shelf.log() else { return };
            self.show(&log);
            if let Some(searcher) = self.keeper.current_searcher(&self.shelf) {
                self.indexed = Some(log.clone());
                self.search_in(&log, Box::new(searcher));
            }
            self.give_examples();
        });
    }

    /// Reads what is not on the shelf.
    fn read(&mut self) {
        let inbox = self.inbox.clone();
        guarded(&inbox, "reading", || match self.shelf.read() {
            Ok(log) => self.publish(log),
            Err(error) => self.say(Severity::Error, &format!("{error:#}")),
        });
    }

    /// Shows the titles as another run may have fetched them meanwhile.
    fn titles(&self) {
        match fetch::kept() {
            Ok(titles) => drop(self.inbox.send(Message::TitlesLoaded(Arc::new(titles)))),
            Err(error) => self.say(Severity::Warning, &format!("{error:#}")),
        }
    }

    /// Reads what has changed since. Nothing happens if that is nothing, unless it was asked for.
    fn read_again(&mut self, asked: bool) {
        let inbox = self.inbox.clone();
        guarded(&inbox, "reading", || match self.shelf.read() {
            Ok(None) if !asked => {}
            Ok(log) => self.publish(log),
            Err(error) if asked => self.say(Severity::Error, &format!("{error:#}")),
            // A source that is gone for a moment, as while it is replaced, is no news.
            Err(_) => {}
        });
    }

    /// Shows the log that was read, if it is another, then what git dates of it, and brings the
    /// index up to that.
    fn publish(&mut self, log: Option<Arc<Log>>) {
        let shown = log.map(|log| self.show(&log));
        let dated = self.shelf.apply_git_dates().map(|log| self.show(&log));
        let is_ready = dated.or(shown);
        if !is_ready.unwrap_or_else(|| self.keeper.is_of(&self.shelf))
            && let Some(log) = self.shelf.log()
            && let Some(searcher) = self.index(&log)
        {
            self.search_in(&log, searcher);
        }
        if is_ready.is_some() {
            self.give_examples();
        }
        self.keeper.keep(&mut self.shelf);
    }

    /// Shows a log. One of which little has changed is indexed first, which takes less than looking
    /// for the query in all of it. Whether it is ready to be searched.
    fn show(&mut self, log: &Arc<Log>) -> bool {
        let is_near = self.indexed.as_ref().is_some_and(|before| changes(before, log) <= FEW);
        let searcher = if is_near { self.index(log) } else { None };
        let is_ready = searcher.is_some();
        let shown = self.visible_log(log);
        let _ = self.jobs.send(SearchJob::Log(shown.clone()));
        if let Some(searcher) = searcher {
            self.search_in(log, searcher);
        }
        let _ = self.inbox.send(Message::loaded(shown));
        is_ready
    }

    /// Says what may be asked of the log that is shown. Nobody waits for it.
    fn give_examples(&mut self) {
        if let Some(log) = self.shelf.log() {
            let shown = self.visible_log(&log);
            let _ = self.inbox.send(Message::examples(shown));
        }
    }

    /// What of `log` is shown: the same of the same log.
    fn visible_log(&mut self, log: &Arc<Log>) -> Arc<Log> {
        if !self.is_veiled || self.private.is_empty() {
            return log.clone();
        }
        if let Some((of, shown)) = &self.veiled
            && Arc::ptr_eq(of, log)
        {
            return shown.clone();
        }
        let shown = Arc::new(log.veiled(|entry| self.private.matches(entry), self.shelf.rules()));
        self.veiled = Some((log.clone(), shown.clone()));
        shown
    }

    /// Searches what is shown of `log`, of which `searcher` is, by the index.
    fn search_in(&mut self, log: &Arc<Log>, searcher: Box<Searcher>) {
        let shown = self.visible_log(log);
        let searcher =
            if Arc::ptr_eq(log, &shown) { Some(searcher) } else { self.keeper.searcher(&shown).map(Box::new) };
        if let Some(searcher) = searcher {
            rayon::spawn(searcher.prefetch_bigrams());
            let _ = self.jobs.send(SearchJob::Indexed(shown, searcher));
        }
    }

    /// Veils what is private, or shows it.
    fn veil(&mut self, on: bool) {
        let inbox = self.inbox.clone();
        self.is_veiled = on;
        guarded(&inbox, "reading", || {
            let Some(log) = self.shelf.log() else { return };
            let shown = self.visible_log(&log);
            let _ = self.jobs.send(SearchJob::Log(shown.clone()));
            let _ = self.inbox.send(Message::loaded(shown.clone()));
            if let Some(searcher) = self.keeper.searcher(&shown) {
                let _ = self.jobs.send(SearchJob::Indexed(shown, Box::new(searcher)));
            }
            self.give_examples();
        });
    }

    /// Brings the index up to `log`, and says how far that is and what was odd.
    fn index(&mut self, log: &Arc<Log>) -> Option<Box<Searcher>> {
        let mut progress = |progress: Progress| {
            let _ = self.inbox.send(Message::Indexing(Some((progress.done, progress.of))));
        };
        let (searcher, remark) = self.keeper.update(log, &mut progress);
        let _ = self.inbox.send(Message::Indexing(None));
        if let Some(remark) = remark {
            self.say(Severity::Warning, &remark);
        }
        self.indexed = searcher.is_some().then(|| log.clone());
        searcher.map(Box::new)
    }

    fn say(&self, tone: Severity, text: &str) {
        let _ = self.inbox.send(Message::Said(Status::new(tone, text)));
    }
}

/// Changed notes that are indexed sooner than a large log is looked through.
const FEW: usize = 32;

/// How many notes one of two logs has and the other has not.
fn changes(before: &Log, now: &Log) -> usize {
    let known: HashSet<usize> = before.notes().iter().map(LazyNote::address).collect();
    let same = now.notes().iter().filter(|note| known.contains(&note.address())).count();
    before.notes().len() + now.notes().len() - 2 * same
}

/// Runs `work`; a panic in it becomes a sentence, and the screen stays.
fn guarded(inbox: &Sender<Message>, what: &str, work: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        failed(inbox, what);
    }
}

fn failed(inbox: &Sender<Message>, what: &str) {
    let text = format!("{what} has failed: press r to read again, and please report it");
    let _ = inbox.send(Message::Said(Status::new(Severity::Error, text)));
}

fn search(jobs: &Receiver<SearchJob>, inbox: &Sender<Message>, newest_ticket: &AtomicU64) {
    let mut finder = Finder::new(Arc::default(), None);
    while let Ok(first) = jobs.recv() {
        let (mut newest, mut newest_count) = (None, None);
        for job in std::iter::once(first).chain(jobs.try_iter()) {
            match job {
                SearchJob::Log(log) => finder = Finder::new(log, None),
                SearchJob::Indexed(log, searcher) => finder = Finder::new(log, Some(*searcher)),
                SearchJob::Search { ticket, query } => newest = Some((ticket, query)),
                SearchJob::Insight { ticket, log, ask } => newest_count = Some((ticket, log, ask)),
            }
        }
        // Whoever asked for this has no more eyes for the list below.
        if let Some((ticket, log, ask)) = newest_count {
            guarded(inbox, "counting", || {
                let answer = ask.compute(&log);
                let _ = inbox.send(Message::InsightReady { ticket, answer });
            });
        }
        let Some((ticket, query)) = newest else { continue };
        let start = Instant::now();
        let Ok(hits) = catch_unwind(AssertUnwindSafe(|| finder.hits(&query))) else {
            failed(inbox, "searching");
            continue;
        };
        let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        if inbox.send(Message::SearchFinished { ticket, hits: hits.clone(), micros }).is_err() {
            return;
        }
        // What else may have been meant comes behind what was asked for, and only if nothing newer is.
        let is_stale = || newest_ticket.load(Ordering::Relaxed) != ticket.0;
        let similar = || {
            let similar = finder.similar(&query, &hits.ids, &is_stale);
            if !similar.is_empty() {
                let hits = finder.with_similar(&query, hits.ids.to_vec(), &similar);
                return Some(Message::SimilarFound { ticket, hits, similar });
            }
            let suggestions = if hits.ids.is_empty() { finder.suggest(&query, &is_stale) } else { Vec::new() };
            (!suggestions.is_empty()).then_some(Message::Suggested { ticket, suggestions })
        };
        match catch_unwind(AssertUnwindSafe(similar)) {
            Ok(Some(message)) if !is_stale() => {
                let _ = inbox.send(message);
            }
            Ok(_) => {}
            Err(_) => failed(inbox, "searching"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::note::tag::TagRules;

    /// What arrives when `jobs` all wait.
    fn answers(jobs: Vec<SearchJob>, newest: u64) -> Vec<Message> {
        let ((to, waiting), (inbox, arrived)) = (channel(), channel());
        for job in jobs {
            to.send(job).expect("a channel");
        }
        drop(to);
        search(&waiting, &inbox, &AtomicU64::new(newest));
        drop(inbox);
        arrived.iter().collect()
    }

    fn asked(ticket: u64, text: &str) -> SearchJob {
        SearchJob::Search { ticket: Ticket(ticket), query: Query::parse(text).0 }
    }

    #[test]
    fn the_newest_search_overtakes_those_that_wait() {
        let log = || SearchJob::Log(Arc::new(Log::from_entries(["容器", "限流", "nerdctl"])));
        let found = |messages: &[Message]| -> Vec<(u64, usize)> {
            let found = |message: &Message| match message {
                Message::SearchFinished { ticket, hits, .. } => Some((ticket.0, hits.ids.len())),
                _ => None,
            };
            messages.iter().filter_map(found).collect()
        };
        let messages = answers(vec![log(), asked(1, "容"), asked(2, "容器"), asked(3, "限")], 3);
        assert_eq!(found(&messages), [(3, 1)]);
        // What else may have been meant is not looked for once something newer was asked for.
        let messages = answers(vec![log(), asked(3, "nerdclt")], 4);
        assert_eq!((found(&messages), messages.len()), (vec![(3, 0)], 1));
        let messages = answers(vec![log(), asked(3, "nerdclt")], 3);
        assert!(matches!(&messages[1..], [Message::SimilarFound { ticket: Ticket(3), .. }]), "{messages:?}");
        let messages = answers(vec![log(), asked(3, "容器 tag:x")], 3);
        assert!(matches!(&messages[1..], [Message::Suggested { ticket: Ticket(3), .. }]), "{messages:?}");
    }

    #[test]
    fn newest_insight_request_runs_beside_a_search() {
        let log = Arc::new(Log::from_entries(["容器", "限流"]));
        let count = |ticket: u64| SearchJob::Insight {
            ticket: Ticket(ticket),
            log: log.clone(),
            ask: InsightRequest::Thread(crate::insight::thread::Topic::tag("containers")),
        };
        let messages = answers(vec![SearchJob::Log(log.clone()), count(1), asked(3, "容器"), count(2)], 3);
        let [
            Message::InsightReady { ticket: Ticket(2), answer },
            Message::SearchFinished { ticket: Ticket(3), .. },
            ..,
        ] = messages.as_slice()
        else {
            panic!("{messages:?}")
        };
        assert!(matches!(answer, crate::app::insight::Insight::Thread { .. }));
    }

    #[test]
    fn a_change_is_a_note_that_one_log_has_alone() {
        let rules = TagRules::parse("").expect("no rules are sound rules");
        let log = Log::from_entries(["甲", "乙", "丙"]);
        let with = |range: std::ops::Range<usize>, more: &Log| {
            Log::of(log.notes()[range].iter().chain(more.notes()).cloned().collect(), &rules)
        };
        let (none, one) = (Log::default(), Log::from_entries(["甲"]));
        for (now, expected) in [(with(0..3, &none), 0), (with(0..3, &one), 1), (with(1..3, &one), 2), (none, 3)] {
            assert_eq!(changes(&log, &now), expected);
        }
    }
}
