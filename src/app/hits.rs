//! A result, ready to be shown.
//!
//! Whoever finds it works out all that is to be said of it, so that showing a million hits is no
//! more work than showing ten.

pub use super::timeline_rows::TimelineRows;
use crate::{
    log::{Counts, EntryId, Log},
    query::Order,
};
use std::sync::Arc;

/// What a query finds, then what similar ones do. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    pub ids: Arc<Vec<EntryId>>,
    pub rows: TimelineRows,
    pub counts: Arc<Counts>,
}

impl Hits {
    /// The hits `ids` with their `rows` and `counts`.
    pub fn new(ids: Vec<EntryId>, rows: TimelineRows, counts: Counts) -> Hits {
        Hits { ids: Arc::new(ids), rows, counts: Arc::new(counts) }
    }

    /// The whole log, newest first.
    pub fn all(log: &Log) -> Hits {
        let all: Vec<EntryId> = log.ids().collect();
        let rows = TimelineRows::new(log, &all, all.len(), &[], Order::Newest);
        Hits::new(all, rows, log.counts().clone())
    }
}
