//! Notes of a snapshot, read from it on demand.
//!
//! Knows neither which files have changed nor when a snapshot is written.

use super::{log_spec::LogSpec, source};
use crate::{
    index::SnapshotFile,
    log::{Log, snapshot::NoteStore},
    note::Note,
};
use std::{
    ops::Range,
    sync::{Arc, OnceLock},
};

/// A snapshot file, and all notes read again from their files if it is damaged.
pub(super) struct StoredNotes {
    spec: Arc<LogSpec>,
    pub(super) file: SnapshotFile,
    /// The whole log, read from the sources once a note of the snapshot was damaged; `None` inside
    /// when reading failed.
    reread: OnceLock<Option<Log>>,
}

impl StoredNotes {
    pub(super) fn new(spec: Arc<LogSpec>, file: SnapshotFile) -> StoredNotes {
        StoredNotes { spec, file, reread: OnceLock::new() }
    }

    /// Returns true if a note could not be read from the snapshot.
    pub(super) fn is_damaged(&self) -> bool {
        self.reread.get().is_some()
    }
}

impl NoteStore for Arc<StoredNotes> {
    fn read(&self, place: Range<u64>) -> Option<Vec<u8>> {
        self.file.read(place)
    }

    fn reread(&self, source: &str, path: &str) -> Option<Note> {
        let read_all = || source::read(&self.spec.origin, self.spec.rules()).ok();
        let log = self.reread.get_or_init(read_all).as_ref()?;
        let note = log.notes().iter().find(|note| note.source() == source && note.exact_path() == path)?;
        Some(note.load().clone())
    }
}
