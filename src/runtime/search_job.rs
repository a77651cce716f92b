//! Jobs of the search thread, newest first.
//!
//! A search or insight that a newer one overtakes is skipped. Until the current log has an index, the
//! thread scans, which finds the same more slowly.

use super::guard::guarded;
use crate::{
    app::{Message, Ticket, hits::Hits, insight::InsightRequest},
    find::Finder,
    index::Searcher,
    log::Log,
    query::Query,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender},
    },
    time::Instant,
};

/// A job for the search thread.
pub(super) enum SearchJob {
    /// Search this log from now on.
    Log(Arc<Log>),
    /// Search this log from now on, with its index.
    Indexed(Arc<Log>, Box<Searcher>),
    Search {
        ticket: Ticket,
        query: Query,
    },
    /// Compute a thread or statistics from this log.
    Insight {
        ticket: Ticket,
        log: Arc<Log>,
        ask: InsightRequest,
    },
}

/// Runs jobs until no more can come or nobody receives their results. `newest_ticket` is the ticket of
/// the newest search requested.
pub(super) fn run(jobs: &Receiver<SearchJob>, inbox: &Sender<Message>, newest_ticket: &AtomicU64) {
    let mut finder = Finder::new(Arc::default(), None);
    while let Ok(first) = jobs.recv() {
        let (mut newest_search, mut newest_insight) = (None, None);
        for job in std::iter::once(first).chain(jobs.try_iter()) {
            match job {
                SearchJob::Log(log) => finder = Finder::new(log, None),
                SearchJob::Indexed(log, searcher) => finder = Finder::new(log, Some(*searcher)),
                SearchJob::Search { ticket, query } => newest_search = Some((ticket, query)),
                SearchJob::Insight { ticket, log, ask } => newest_insight = Some((ticket, log, ask)),
            }
        }
        // The insight covers the list on the screen, so it comes before the search.
        if let Some((ticket, log, ask)) = newest_insight {
            guarded(inbox, "Computing this", || {
                let answer = ask.compute(&log);
                let _ = inbox.send(Message::InsightReady { ticket, answer });
            });
        }
        let Some((ticket, query)) = newest_search else { continue };
        let start = Instant::now();
        let Some(hits) = guarded(inbox, "Searching", || finder.hits(&query)) else { continue };
        let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        if inbox.send(Message::SearchFinished { ticket, hits: hits.clone(), micros }).is_err() {
            return;
        }
        // Similar hits come after the result itself, and only while no newer search is requested.
        let is_stale = || newest_ticket.load(Ordering::Relaxed) != ticket.0;
        let similar = guarded(inbox, "Searching", || similar(&mut finder, ticket, &query, &hits, &is_stale));
        if let Some(Some(message)) = similar
            && !is_stale()
        {
            let _ = inbox.send(message);
        }
    }
}

/// Entries similar to those of `hits`; if there are none and nothing was found, other queries to try.
fn similar(
    finder: &mut Finder,
    ticket: Ticket,
    query: &Query,
    hits: &Hits,
    is_stale: &(dyn Fn() -> bool + Sync),
) -> Option<Message> {
    let similar = finder.similar(query, &hits.ids, is_stale);
    if !similar.is_empty() {
        let hits = finder.with_similar(query, hits.ids.to_vec(), &similar);
        return Some(Message::SimilarFound { ticket, hits, similar });
    }
    if !hits.ids.is_empty() {
        return None;
    }
    let suggestions = finder.suggest(query, is_stale);
    (!suggestions.is_empty()).then_some(Message::Suggested { ticket, suggestions })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    /// The messages sent when `jobs` all wait.
    fn answers(jobs: Vec<SearchJob>, newest: u64) -> Vec<Message> {
        let ((to, waiting), (inbox, arrived)) = (channel(), channel());
        for job in jobs {
            to.send(job).expect("a channel");
        }
        drop(to);
        run(&waiting, &inbox, &AtomicU64::new(newest));
        drop(inbox);
        arrived.iter().collect()
    }

    fn asked(ticket: u64, text: &str) -> SearchJob {
        SearchJob::Search { ticket: Ticket(ticket), query: Query::parse(text).0 }
    }

    #[test]
    fn newest_search_overtakes_waiting_ones() {
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
        // Similar hits are not looked for once a newer search was requested.
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
}
