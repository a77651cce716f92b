//! File records: whether a file is still as it was when its note was read.
//!
//! Compares sizes, times and hashes; knows nothing of notes, sources or logs.

use crate::log::snapshot::{self, ColumnWriter};
use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};
use xxhash_rust::xxh3::xxh3_64;

/// State of a file when its note was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct FileRecord {
    /// `None` when the file could not be read.
    stamp: Option<FileStamp>,
    /// XXH3 of its bytes.
    hash: u64,
}

impl FileRecord {
    /// Records a file that looked like `stamp` before `bytes` were read from it.
    pub(super) fn new(stamp: Option<FileStamp>, bytes: &[u8]) -> FileRecord {
        FileRecord { stamp, hash: xxh3_64(bytes) }
    }

    /// Returns true if size and times of the file suffice to see a later change.
    pub(super) fn is_settled(self) -> bool {
        self.stamp.is_some_and(|stamp| !stamp.is_fresh)
    }

    /// Returns true if the file that now looks like `now` is unchanged, without reading it.
    pub(super) fn is_proved_by(self, now: Option<FileStamp>) -> bool {
        match (self.stamp, now) {
            (Some(then), Some(now)) => then.proves_unchanged(now),
            _ => false,
        }
    }

    /// Returns true if the file could be read and had the bytes of `other`.
    pub(super) fn has_bytes_of(self, other: FileRecord) -> bool {
        self.stamp.is_some() && self.hash == other.hash
    }
}

/// Size and times of a file, as its metadata reports them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileStamp {
    size: u64,
    /// Nanoseconds since 1970 of the last write and, on Unix, of the last change to anything about
    /// the file, which no program can set; 0 elsewhere.
    times: [i64; 2],
    /// Set when the file was looked at so soon after a write that a second write could look the same.
    is_fresh: bool,
}

/// Time after a write within which another write may get the same time: FAT counts two seconds.
const TICK: Duration = Duration::from_secs(2);

impl FileStamp {
    /// Reads the stamp of a file; `None` when `file` is missing or is no regular file.
    pub(super) fn of(file: &Path) -> Option<FileStamp> {
        let data = fs::metadata(file).ok().filter(fs::Metadata::is_file)?;
        let modified = data.modified().ok()?;
        let times = [nanoseconds(modified), changed(&data)];
        let now = nanoseconds(SystemTime::now());
        let is_fresh = times.iter().any(|time| now.saturating_sub(*time) < TICK.as_nanos() as i64);
        Some(FileStamp { size: data.len(), times, is_fresh })
    }

    /// Returns true if a file that looked like this and now looks like `now` is the same.
    fn proves_unchanged(self, now: FileStamp) -> bool {
        !self.is_fresh && (self.size, self.times) == (now.size, now.times)
    }
}

fn nanoseconds(time: SystemTime) -> i64 {
    let number = |span: Duration| i64::try_from(span.as_nanos()).unwrap_or(i64::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => number(since),
        Err(before) => -number(before.duration()),
    }
}

#[cfg(unix)]
fn changed(data: &fs::Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    data.ctime().saturating_mul(1_000_000_000).saturating_add(data.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &fs::Metadata) -> i64 {
    0
}

/// Numbers that [`pack`] writes for each file.
const NUMBERS: usize = 5;

/// Writes `records` as one column: for each file its state (0 unread, 1 settled, 2 fresh), size,
/// two times and hash.
pub(super) fn pack(records: &[FileRecord]) -> Vec<u8> {
    let mut rows: Vec<[u64; NUMBERS]> = Vec::with_capacity(records.len());
    for record in records {
        rows.push(match record.stamp {
            Some(FileStamp { size, times: [written, changed], is_fresh }) => {
                [1 + u64::from(is_fresh), size, written as u64, changed as u64, record.hash]
            }
            None => [0, 0, 0, 0, record.hash],
        });
    }
    let mut column = ColumnWriter::default();
    column.write_slice(&rows);
    column.0
}

/// Reads what [`pack`] wrote; `None` when it is something else.
pub(super) fn unpack(bytes: &[u8]) -> Option<Vec<FileRecord>> {
    let rows: Vec<[u64; NUMBERS]> = snapshot::read_values(bytes)?;
    let mut records = Vec::with_capacity(rows.len());
    for [state, size, written, changed, hash] in rows {
        let times = [written as i64, changed as i64];
        let stamp = (state > 0).then_some(FileStamp { size, times, is_fresh: state > 1 });
        records.push(FileRecord { stamp, hash });
    }
    Some(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_prove_only_what_a_later_write_would_change() {
        let now = 1_700_000_000_000_000_000;
        let stamp = |size, written, changed, is_fresh| FileStamp { size, times: [written, changed], is_fresh };
        let known = stamp(5, now, now, false);
        for (then, later, expected) in [
            (known, known, true),
            (known, FileStamp { is_fresh: true, ..known }, true),
            (FileStamp { is_fresh: true, ..known }, known, false),
            (known, stamp(6, now, now, false), false),
            (known, stamp(5, now + 1, now, false), false),
            (known, stamp(5, now, now + 1, false), false),
        ] {
            assert_eq!(then.proves_unchanged(later), expected, "{then:?} {later:?}");
        }
    }

    #[test]
    fn records_survive_packing() {
        let stamp = |size, written, changed, is_fresh| FileStamp { size, times: [written, changed], is_fresh };
        let records = [
            FileRecord { stamp: Some(stamp(5, 1_700_000_000_000_000_000, 7, false)), hash: 7 },
            FileRecord::default(),
            FileRecord { stamp: Some(stamp(0, -1, i64::MAX, true)), hash: u64::MAX },
        ];
        assert_eq!(unpack(&pack(&records)).as_deref(), Some(&records[..]));
        assert_eq!(unpack(&pack(&records)[1..]), None);
    }

    #[test]
    fn new_files_have_fresh_stamps() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.md");
        fs::write(&file, "a").expect("a file");
        assert!(FileStamp::of(&file).is_some_and(|stamp| stamp.is_fresh));
        assert_eq!(FileStamp::of(folder.path()), None);
    }
}
