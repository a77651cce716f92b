//! Notes: the log on the screen and what is known of it before any query.

use super::hits::Hits;
use crate::{insight::Titles, log::Log};
use std::{mem::take, sync::Arc};

/// The log that is shown and what was computed from it.
///
/// Everything here belongs to one log: another log, or the veil, replaces it as a whole.
#[derive(Debug, Default)]
pub struct Notes {
    pub log: Arc<Log>,
    /// Titles fetched for references. They are kept by URL, so they outlive the log.
    pub titles: Arc<Titles>,
    /// Result of the empty query.
    pub(super) everything: Hits,
    /// Queries that find something in this log, shown in the empty prompt.
    pub(super) examples: Vec<String>,
    /// The log has not been read yet.
    pub is_reading: bool,
    /// Notes indexed so far and in total while the index is being built.
    pub indexing: Option<(usize, usize)>,
}

impl Notes {
    /// No log yet: it is still being read.
    pub(super) fn loading() -> Notes {
        Notes { is_reading: true, ..Notes::default() }
    }

    /// Replaces the log and everything computed from it. Examples of the old log are shown until
    /// those of the new one arrive.
    pub(super) fn replace(&mut self, log: Arc<Log>, everything: Hits) {
        let examples = take(&mut self.examples);
        *self = Notes { log, everything, examples, ..self.empty() };
    }

    /// Removes the log and everything computed from it until another is read.
    pub(super) fn clear(&mut self) {
        *self = Notes { is_reading: true, ..self.empty() };
    }

    /// Notes without a log. Titles and the progress of the index are not of one log.
    fn empty(&self) -> Notes {
        Notes { titles: self.titles.clone(), indexing: self.indexing, ..Notes::default() }
    }
}
