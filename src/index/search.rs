//! Searching: one state of the index, bound to one log.

use super::{
    IndexError,
    docs::Docs,
    guarded,
    plan::Planner,
    schema::{Fields, KEY},
    twins::Twins,
};
use crate::{
    log::{EntryId, Log},
    query::Query,
};
use std::path::PathBuf;
use tantivy::{IndexReader, TantivyError};

/// Answers queries with entries of the log it was made for, whatever is written meanwhile.
///
/// It can be shared between threads and outlives the [`super::Index`] it came from.
pub struct Searcher {
    state: tantivy::Searcher,
    fields: Fields,
    /// For each segment and document: the entry, or [`GONE`].
    ids: Vec<Vec<u32>>,
    /// Entries of the log.
    len: u32,
    place: PathBuf,
}

/// A document that was deleted, or whose entry the log does not have.
const GONE: u32 = u32::MAX;

impl Searcher {
    pub(super) fn new(
        reader: &IndexReader,
        fields: Fields,
        log: &Log,
        place: PathBuf,
    ) -> Result<Searcher, TantivyError> {
        let (state, twins) = (reader.searcher(), Twins::of(log));
        let mut ids = Vec::with_capacity(state.segment_readers().len());
        for segment in state.segment_readers() {
            let keys = segment.fast_fields().u64(KEY)?;
            let mut of_segment = vec![GONE; segment.max_doc() as usize];
            for doc in segment.doc_ids_alive() {
                let id = keys.first(doc).and_then(|key| twins.find(key, log));
                of_segment[doc as usize] = id.map_or(GONE, |id| id.0);
            }
            ids.push(of_segment);
        }
        Ok(Searcher { state, fields, ids, len: log.len() as u32, place })
    }

    /// The entries that `query` finds, newest first: those for which [`Query::matches`] holds.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn search(&self, query: &Query) -> Result<Vec<EntryId>, IndexError> {
        guarded(&self.place, || self.found(query))
    }

    fn found(&self, query: &Query) -> Result<Vec<EntryId>, TantivyError> {
        let plan = Planner { fields: self.fields, searcher: &self.state }.query(query)?;
        let mut found = Docs::none(self.len);
        for (segment, ids) in self.state.segment_readers().iter().zip(&self.ids) {
            let docs = plan.docs(segment)?;
            docs.iter().map(|doc| ids[doc as usize]).filter(|id| *id != GONE).for_each(|id| found.insert(id));
        }
        let mut entries = Vec::with_capacity(found.len());
        entries.extend(found.iter().map(EntryId));
        Ok(entries)
    }
}
