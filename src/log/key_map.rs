//! Key map: finds entries by their keys.

use super::EntryId;
use crate::note::EntryKey;
use std::{
    collections::HashMap,
    hash::{BuildHasher, Hasher},
};

pub(super) type KeyMap = HashMap<EntryKey, EntryId, BuildKeyHasher>;

/// Builds a hasher that passes keys through: they are hashes already.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BuildKeyHasher;

/// The state of [`BuildKeyHasher`]'s hasher: the key itself.
pub(super) struct KeyHasher(u64);

impl BuildHasher for BuildKeyHasher {
    type Hasher = KeyHasher;

    fn build_hasher(&self) -> KeyHasher {
        KeyHasher(0)
    }
}

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxhash_rust::xxh3::xxh3_64_with_seed(bytes, self.0);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}
