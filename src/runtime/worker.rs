//! The threads behind the screen: one loads notes, one searches.

use super::{
    loader::{LoadRequest, Loader, Veil},
    search_job::{self, SearchJob},
};
use crate::{
    app::{Message, Ticket, insight::InsightRequest},
    files::log_spec::LogSpec,
    find,
    log::Log,
    query::Query,
};
use anyhow::{Context, Result};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Sender, channel},
    },
    thread,
};

/// The two threads, which run until this is dropped.
pub(super) struct Worker {
    requests: Sender<LoadRequest>,
    jobs: Sender<SearchJob>,
    /// Ticket of the newest search requested.
    newest_ticket: Arc<AtomicU64>,
}

impl Worker {
    /// Starts both threads; the notes are read at once.
    ///
    /// # Errors
    ///
    /// When a thread cannot be started.
    pub(super) fn start(spec: Arc<LogSpec>, veil: Veil, inbox: Sender<Message>) -> Result<Worker> {
        let (requests, incoming_requests) = channel();
        let (jobs, incoming_jobs) = channel();
        let worker = Worker { requests, jobs, newest_ticket: Arc::default() };

        let (loader_inbox, loader_jobs) = (inbox.clone(), worker.jobs.clone());
        let newest_ticket = worker.newest_ticket.clone();
        spawn("search", move || {
            let _pool = find::join_in();
            search_job::run(&incoming_jobs, &inbox, &newest_ticket);
        })?;
        let own_requests = worker.requests.clone();
        spawn("read", move || {
            Loader::new(spec, veil, loader_inbox, loader_jobs).run(&incoming_requests, own_requests);
        })?;
        Ok(worker)
    }

    pub(super) fn reload(&self) {
        let _ = self.requests.send(LoadRequest::Reload);
    }

    pub(super) fn veil(&self, on: bool) {
        let _ = self.requests.send(LoadRequest::Veil(on));
    }

    pub(super) fn search(&self, ticket: Ticket, query: Query) {
        self.newest_ticket.store(ticket.0, Ordering::Relaxed);
        let _ = self.jobs.send(SearchJob::Search { ticket, query });
    }

    pub(super) fn compute_insight(&self, ticket: Ticket, log: Arc<Log>, ask: InsightRequest) {
        let _ = self.jobs.send(SearchJob::Insight { ticket, log, ask });
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    let thread = thread::Builder::new().name(name.to_owned());
    thread.spawn(work).with_context(|| format!("cannot start the {name} thread"))?;
    Ok(())
}
