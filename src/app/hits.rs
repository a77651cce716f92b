//! Hits: a result, prepared to be shown.
//!
//! The search thread computes rows and counts, so that showing a million hits takes no longer than
//! showing ten.

pub use super::timeline_rows::TimelineRows;
use crate::{
    log::{Counts, EntryId, Log},
    query::Order,
};
use std::sync::Arc;

/// Hits of a query, then those of similar queries. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    pub ids: Arc<Vec<EntryId>>,
    pub rows: TimelineRows,
    pub counts: Arc<Counts>,
}

impl Hits {
    /// Makes a result of `ids` with their `rows` and `counts`.
    pub fn new(ids: Vec<EntryId>, rows: TimelineRows, counts: Counts) -> Hits {
        Hits { ids: Arc::new(ids), rows, counts: Arc::new(counts) }
    }

    /// Makes the result of the empty query: the whole log, newest first.
    pub fn all(log: &Log) -> Hits {
        let all: Vec<EntryId> = log.ids().collect();
        let rows = TimelineRows::new(log, &all, all.len(), &[], Order::Newest);
        Hits::new(all, rows, log.counts().clone())
    }
}
