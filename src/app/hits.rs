//! A result, ready to be shown.
//!
//! Whoever finds it works out all that is to be said of it, so that showing a million hits is no
//! more work than showing ten.

use super::{
    rows::Rows,
    timeline::heat::{Week, week_of},
};
use crate::{
    log::{Counts, EntryId, Log},
    query::{Order, similar::Similar},
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
    /// Hits in the order that is asked for, and behind them those of `similar`, in turn; `count`
    /// is [`Counts::of`] or the same by other means.
    pub fn new(
        log: &Log,
        mut ids: Vec<EntryId>,
        order: Order,
        similar: &[Similar],
        count: impl FnOnce(&Log, &[EntryId]) -> Counts,
    ) -> Hits {
        let exact = ids.len();
        ids.extend(similar.iter().flat_map(|similar| &similar.hits));
        let rows = Rows::new(log, &ids, exact, similar, order);
        let counts = Arc::new(count(log, &ids));
        let mut weeks = BTreeMap::new();
        for (group, hit) in rows.groups() {
            if let Some(week) = week_of(log.group(group)) {
                weeks.entry(week).or_insert(hit);
            }
        }
        Hits { ids: Arc::new(ids), rows, counts, weeks: Arc::new(weeks) }
    }

    /// The whole log, newest first.
    pub fn all(log: &Log) -> Hits {
        let all = (0..log.len() as u32).map(EntryId).collect();
        Hits::new(log, all, Order::Newest, &[], Counts::of)
    }
}
