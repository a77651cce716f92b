//! A log with what every screen of it begins with, computed by the thread that reads the log so
//! that no key waits for it.

use super::{
    Effect, Message, Model,
    examples::examples,
    hits::Hits,
    search::{parse_prompt, search},
    timeline::Timeline,
};
use crate::{
    insight::Titles,
    log::{Entry, Log},
};
use std::sync::Arc;

/// A log to be shown from now on.
#[derive(Debug, Clone)]
pub struct LoadedLog {
    log: Arc<Log>,
    /// Result of the empty query.
    everything: Hits,
    /// The timeline before anything is shown.
    timeline: Timeline,
}

impl Message {
    /// Makes the message that shows `log` from now on. Looks at every entry.
    pub fn loaded(log: Arc<Log>) -> Message {
        let (everything, timeline) = (Hits::all(&log), Timeline::of(&log));
        Message::LogLoaded(Box::new(LoadedLog { log, everything, timeline }))
    }

    /// Makes the message with queries that find something in `log`, for the empty prompt. Reads
    /// some of its notes.
    pub fn examples(log: Arc<Log>) -> Message {
        let examples = examples(&log);
        Message::Examples { log, examples }
    }
}

/// Shows another log: the prompt and the selected entry stay, all else starts over.
pub(super) fn log_loaded(model: &mut Model, LoadedLog { log, everything, timeline }: LoadedLog) -> Vec<Effect> {
    let key = model.current().map(Entry::key);
    let key = key.or_else(|| model.saved.position.take().map(|key| key.0));
    // Ids of the old log mean nothing in the new one; the key does.
    let current = key.and_then(|key| log.find(key));
    model.notes.replace(log, everything);
    model.results.for_log(current);
    model.reading.for_log(timeline);
    model.search.query = parse_prompt(model);
    search(model)
}

/// Takes examples of queries, unless `log` is no longer the one shown.
pub(super) fn examples_found(model: &mut Model, log: &Arc<Log>, examples: Vec<String>) {
    if Arc::ptr_eq(log, &model.notes.log) {
        model.notes.examples = examples;
    }
}

/// Shows the titles fetched so far.
pub(super) fn titles_loaded(model: &mut Model, titles: Arc<Titles>) {
    model.notes.titles = titles;
    model.reading.entry.invalidate();
}
