//! A log with what every screen of it begins with: whoever reads the log works this out too, so
//! that the keyboard does not wait for it.

use super::{Message, examples::examples, hits::Hits, timeline::Timeline};
use crate::log::Log;
use std::sync::Arc;

#[derive(Debug, Clone)]
pub struct LoadedLog {
    pub(super) log: Arc<Log>,
    /// What the empty query finds.
    pub(super) everything: Hits,
    /// Before anything is shown.
    pub(super) timeline: Timeline,
}

impl Message {
    /// `log` is the one to be shown from now on. Takes a look at every entry.
    pub fn loaded(log: Arc<Log>) -> Message {
        let (everything, timeline) = (Hits::all(&log), Timeline::of(&log));
        Message::LogLoaded(Box::new(LoadedLog { log, everything, timeline }))
    }

    /// Queries that `log` answers, for those who look at an empty box. Reads some of its notes.
    pub fn examples(log: Arc<Log>) -> Message {
        let examples = examples(&log);
        Message::Examples { log, examples }
    }
}
