//! Entries that share a key, told apart.
//!
//! A key names a path and a text. Two sources with a note of one relative path can hold the same
//! text, and the log finds only one of them by its key; a query must find both.

use crate::log::{Entry, EntryId, EntryKey, Log};
use std::collections::HashMap;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The entries that [`Log::find`] does not find by their key. Few, and mostly none.
#[derive(Debug, Default)]
pub(super) struct Twins {
    names: HashMap<EntryId, u64>,
    by_name: HashMap<u64, EntryId>,
}

impl Twins {
    pub(super) fn of(log: &Log) -> Twins {
        let mut twins = Twins::default();
        let mut seen: HashMap<EntryKey, u64> = HashMap::new();
        for entry in log.entries().filter(|entry| log.find(entry.key()) != Some(entry.id())) {
            let nth = seen.entry(entry.key()).and_modify(|nth| *nth += 1).or_insert(1);
            let name = xxh3_64_with_seed(&entry.key().0.to_le_bytes(), *nth);
            twins.names.insert(entry.id(), name);
            twins.by_name.insert(name, entry.id());
        }
        twins
    }

    /// What the entry is called in the index: its key, unless another entry is found by that.
    pub(super) fn name(&self, entry: Entry<'_>) -> u64 {
        self.names.get(&entry.id()).copied().unwrap_or(entry.key().0)
    }

    /// The entry of `log`, which these are the twins of, that is called so.
    pub(super) fn find(&self, name: u64, log: &Log) -> Option<EntryId> {
        log.find(EntryKey(name)).or_else(|| self.by_name.get(&name).copied())
    }
}
