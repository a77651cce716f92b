//! The work behind the screen: reading, indexing and searching, off the keyboard's path.
//!
//! One thread reads, asks git for days, and indexes; another searches. A search takes the newest request and skips
//! those it overtakes; until an index of the log at hand is ready it scans, which is complete
//! too, only slower.

use super::{
    finder::{self, Finder},
    git,
    source::{Origin, Shelf},
    watch::Watcher,
};
use crate::{
    app::{Message, Status, Ticket, Tone},
    index::{Progress, Searcher},
    log::{Log, Note, date::Days, tag::Rules},
    query::Query,
};
use anyhow::{Context, Result};
use std::{
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
enum Job {
    /// Search this log from now on.
    Log(Arc<Log>),
    /// An index of this log is ready.
    Indexed(Arc<Log>, Box<Searcher>),
    Search {
        ticket: Ticket,
        query: Query,
    },
}

/// Why the notes are read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reload {
    /// The user asked for it.
    Asked,
    /// Something below a source has changed.
    Watched,
}

/// The threads behind the screen.
pub struct Worker {
    reload: Sender<Reload>,
    jobs: Sender<Job>,
    /// Number of the newest search asked for.
    newest: Arc<AtomicU64>,
}

impl Worker {
    /// Starts reading `origin` at once. `rules` is called on the reading thread: making them
    /// takes longer than the first frame.
    ///
    /// # Errors
    ///
    /// When a thread cannot be started.
    pub fn start(
        origin: Origin,
        rules: impl FnOnce() -> Rules + Send + 'static,
        inbox: Sender<Message>,
    ) -> Result<Worker> {
        let (reload, reloads) = channel();
        let (jobs, waiting) = channel();
        let (own_inbox, own_jobs) = (inbox.clone(), jobs.clone());
        let newest = Arc::new(AtomicU64::new(0));
        let newest_ticket = newest.clone();
        let search = move || search(&waiting, &inbox, &newest_ticket);
        thread::Builder::new().name("search".into()).spawn(search).context("cannot start searching")?;
        let reload_of_watcher = reload.clone();
        let read = move || {
            let watcher = Watcher::start(&origin, reload_of_watcher);
            let mut librarian = Librarian {
                origin,
                rules: rules(),
                inbox: own_inbox,
                jobs: own_jobs,
                days: Days::new(),
                read: Vec::new(),
                shelf: Shelf::default(),
            };
            librarian.read();
            while let Ok(first) = reloads.recv() {
                let asked = std::iter::once(first).chain(reloads.try_iter()).any(|why| why == Reload::Asked);
                librarian.read_again(asked);
            }
            drop(watcher);
        };
        thread::Builder::new().name("read".into()).spawn(read).context("cannot start reading")?;
        Ok(Worker { reload, jobs, newest })
    }

    pub fn reload(&self) {
        let _ = self.reload.send(Reload::Asked);
    }

    pub fn search(&self, ticket: Ticket, query: Query) {
        self.newest.store(ticket.0, Ordering::Relaxed);
        let _ = self.jobs.send(Job::Search { ticket, query });
    }
}

struct Librarian {
    origin: Origin,
    rules: Rules,
    inbox: Sender<Message>,
    jobs: Sender<Job>,
    shelf: Shelf,
    /// The notes that were shown last, as they were read.
    read: Vec<Arc<Note>>,
    /// What git said last, so that reading again does not show dated notes without dates first.
    days: Days,
}

impl Librarian {
    fn read(&mut self) {
        let inbox = self.inbox.clone();
        guarded(&inbox, "reading", || match self.shelf.read(&self.origin, &self.rules) {
            Ok(log) => self.publish(log),
            Err(error) => self.say(Tone::Error, &format!("{error:#}")),
        });
    }

    /// Reads what has changed since. Nothing happens if that is nothing, unless it was asked for.
    fn read_again(&mut self, asked: bool) {
        let inbox = self.inbox.clone();
        guarded(&inbox, "reading", || match self.shelf.read(&self.origin, &self.rules) {
            Ok(log) if asked || !log.holds_the_notes_of(&self.read) => self.publish(log),
            Err(error) if asked => self.say(Tone::Error, &format!("{error:#}")),
            // A source that is gone for a moment, as while it is replaced, is no news.
            Ok(_) | Err(_) => {}
        });
    }

    /// Shows the log, then what git dates of it, and brings the index up to that.
    fn publish(&mut self, log: Log) {
        self.read = log.notes().to_vec();
        let log = self.show(log.dated_by(&self.days, &self.rules).unwrap_or(log));
        let days = git::days(&log, &self.origin);
        let dated = log.dated_by(&days, &self.rules);
        self.days.extend(days);
        let log = dated.map_or(log, |dated| self.show(dated));
        self.index(log);
    }

    fn show(&self, log: Log) -> Arc<Log> {
        let log = Arc::new(log);
        let _ = self.jobs.send(Job::Log(log.clone()));
        let _ = self.inbox.send(Message::LogLoaded(log.clone()));
        log
    }

    fn index(&self, log: Arc<Log>) {
        let mut progress = |progress: Progress| {
            let _ = self.inbox.send(Message::Indexing(Some((progress.done, progress.of))));
        };
        let (searcher, remark) = finder::index(&self.origin, &log, &mut progress);
        let _ = self.inbox.send(Message::Indexing(None));
        if let Some(searcher) = searcher {
            let _ = self.jobs.send(Job::Indexed(log, Box::new(searcher)));
        }
        if let Some(remark) = remark {
            self.say(Tone::Warning, &remark);
        }
    }

    fn say(&self, tone: Tone, text: &str) {
        let _ = self.inbox.send(Message::Said(Status::new(tone, text)));
    }
}

/// Runs `work`; a panic in it becomes a sentence, and the screen stays.
fn guarded(inbox: &Sender<Message>, what: &str, work: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        failed(inbox, what);
    }
}

fn failed(inbox: &Sender<Message>, what: &str) {
    let text = format!("{what} has failed: press r to read again, and please report it");
    let _ = inbox.send(Message::Said(Status::new(Tone::Error, text)));
}

fn search(jobs: &Receiver<Job>, inbox: &Sender<Message>, newest_ticket: &AtomicU64) {
    let mut finder = Finder::new(Arc::default(), None);
    while let Ok(first) = jobs.recv() {
        let mut newest = None;
        for job in std::iter::once(first).chain(jobs.try_iter()) {
            match job {
                Job::Log(log) => finder = Finder::new(log, None),
                Job::Indexed(log, searcher) => finder = Finder::new(log, Some(*searcher)),
                Job::Search { ticket, query } => newest = Some((ticket, query)),
            }
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

    /// What arrives when `jobs` all wait.
    fn answers(jobs: Vec<Job>, newest: u64) -> Vec<Message> {
        let ((to, waiting), (inbox, arrived)) = (channel(), channel());
        for job in jobs {
            to.send(job).expect("a channel");
        }
        drop(to);
        search(&waiting, &inbox, &AtomicU64::new(newest));
        drop(inbox);
        arrived.iter().collect()
    }

    fn asked(ticket: u64, text: &str) -> Job {
        Job::Search { ticket: Ticket(ticket), query: Query::parse(text).0 }
    }

    #[test]
    fn the_newest_search_overtakes_those_that_wait() {
        let log = || Job::Log(Arc::new(Log::from_entries(["容器", "限流", "nerdctl"])));
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
}
