//! A result, ready to be shown.
//!
//! Whoever finds it works out all that is to be said of it, so that showing a million hits is no
//! more work than showing ten.

pub use super::rows::Rows;
use super::timeline::heat::{Week, week_of};
use crate::{
    log::{Counts, EntryId, Log},
    query::Order,
};
use std::{collections::BTreeMap, sync::Arc};

/// What a query finds, then what similar ones do. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits {
    pub ids: Arc<Vec<EntryId>>,
    pub rows: Rows,
    pub counts: Arc<Counts>,
    /// Place of the first hit of each week that has one.
    pub weeks: Arc<BTreeMap<Week, u32>>,
}

impl Hits {
    /// The hits `ids` with their `rows` and `counts`.
    pub fn new(log: &Log, ids: Vec<EntryId>, rows: Rows, counts: Counts) -> Hits {
        let mut weeks = BTreeMap::new();
        let mut last = None;
        for (group, hit) in rows.groups() {
            let week = week_of(log.group(group));
            if let Some(week) = week.filter(|_| week != last) {
                weeks.entry(week).or_insert(hit);
            }
            last = week;
        }
        Hits { ids: Arc::new(ids), rows, counts: Arc::new(counts), weeks: Arc::new(weeks) }
    }

    /// The whole log, newest first.
    pub fn all(log: &Log) -> Hits {
        let all: Vec<EntryId> = (0..log.len() as u32).map(EntryId).collect();
        let rows = Rows::new(log, &all, all.len(), &[], Order::Newest);
        Hits::new(log, all, rows, log.counts().clone())
    }
}
