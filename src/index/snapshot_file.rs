//! The snapshot file: a snapshot of a log, stored beside the index of that log.
//!
//! ```text
//! notes · head · extra · footer
//! ```
//! The footer has the lengths of the parts, what the snapshot was made from, and a checksum of
//! everything but the notes, whose checksums are in the head. The file is written beside its place and
//! renamed, and never changed. It is read by position, not mapped: a mapping would end the process if
//! the file were truncated. Knows nothing of what the notes, the head and the extra bytes hold.

use super::{CommitId, Folder, Index, IndexError, checksum, last_commit};
use crate::log::{
    Log,
    snapshot::{self, SnapshotHead},
};
use memmap2::MmapMut;
use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    ops::Range,
    path::Path,
    sync::Arc,
};
use xxhash_rust::xxh3::Xxh3;

pub(super) const NAME: &str = "snapshot";
/// Bytes of the footer: identity, commit of the index, lengths of notes, head and extra bytes, checksum.
const FOOTER: usize = 6 * 8;
/// Bytes of the footer that its checksum covers.
const CHECKED: usize = FOOTER - 8;
/// Bytes that are written at once.
const BUFFER: usize = 1 << 20;
/// Bytes that are read at once: they stay in the processor's cache until they are hashed.
const NEAR: usize = 1 << 18;

/// An open snapshot of a log.
pub(crate) struct SnapshotFile {
    file: File,
    /// Size of the file in bytes.
    pub size: u64,
    footer: SnapshotFooter,
}

/// The last bytes of a snapshot file.
struct SnapshotFooter {
    /// Number given to [`Index::keep`].
    identity: u64,
    /// Commit of the index that holds exactly the log of the snapshot.
    commit: CommitId,
    /// Bytes of the notes, the head and the extra bytes.
    notes: u64,
    head: u64,
    extra: u64,
    checksum: u64,
}

impl SnapshotFooter {
    fn of(bytes: &[u8; FOOTER]) -> SnapshotFooter {
        let (numbers, _) = bytes.as_chunks::<8>();
        let number = |at: usize| u64::from_le_bytes(numbers[at]);
        SnapshotFooter {
            identity: number(0),
            commit: CommitId(number(1)),
            notes: number(2),
            head: number(3),
            extra: number(4),
            checksum: number(5),
        }
    }

    /// Encodes the footer without its checksum, which covers these bytes too.
    fn checked_bytes(&self) -> [u8; CHECKED] {
        let mut bytes = [0; CHECKED];
        let numbers = [self.identity, self.commit.0, self.notes, self.head, self.extra];
        for (place, number) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(numbers) {
            *place = number.to_le_bytes();
        }
        bytes
    }
}

/// A reader that hashes what it reads.
struct ChecksumReader<'f> {
    file: &'f File,
    hasher: Xxh3,
}

impl Read for ChecksumReader<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        // Hashed while it is in the processor's cache.
        let most = bytes.len().min(NEAR);
        let read = self.file.read(&mut bytes[..most])?;
        self.hasher.update(&bytes[..read]);
        Ok(read)
    }
}

impl SnapshotFile {
    /// Opens the snapshot in the index at `dir`, if it was written with `identity`.
    pub fn existing(dir: &Path, identity: u64) -> Option<SnapshotFile> {
        let folder = Folder::existing(dir)?;
        let generation = folder.generation().ok()??;
        SnapshotFile::open(&folder.files(generation)).ok().filter(|found| found.footer.identity == identity)
    }

    fn open(generation: &Path) -> io::Result<SnapshotFile> {
        let mut file = File::open(generation.join(NAME))?;
        let size = file.metadata()?.len();
        let footer_at = size.checked_sub(FOOTER as u64).ok_or(io::ErrorKind::InvalidData)?;
        let mut footer = [0; FOOTER];
        file.seek(SeekFrom::Start(footer_at))?;
        file.read_exact(&mut footer)?;
        let footer = SnapshotFooter::of(&footer);
        let end = footer.notes.checked_add(footer.head).and_then(|end| end.checked_add(footer.extra));
        if end != Some(footer_at) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(SnapshotFile { file, size, footer })
    }

    /// Reads the head of the snapshot and the extra bytes given to [`Index::keep`]; `None` when one of
    /// them is damaged.
    pub fn head(&self) -> Option<(SnapshotHead, Vec<u8>)> {
        let SnapshotFooter { notes, head, extra, checksum, .. } = self.footer;
        (&self.file).seek(SeekFrom::Start(notes)).ok()?;
        let mut file = ChecksumReader { file: &self.file, hasher: checksum::file_hasher(Path::new(NAME)) };
        let mut memory = allocate(head).ok()?;
        file.read_exact(&mut memory).ok()?;
        let head = SnapshotHead::of(Arc::new(memory))?;
        let mut extra = vec![0; usize::try_from(extra).ok()?];
        file.read_exact(&mut extra).ok()?;
        file.hasher.update(&self.footer.checked_bytes());
        (file.hasher.digest() == checksum).then_some((head, extra))
    }

    /// Reads the bytes of the notes at `place`; `None` when they cannot be read.
    pub fn read(&self, place: Range<u64>) -> Option<Vec<u8>> {
        if place.start > place.end || place.end > self.footer.notes {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(place.end - place.start).ok()?];
        read_at(&self.file, &mut bytes, place.start).ok()?;
        Some(bytes)
    }

    /// Returns true if `index` holds exactly the log of this snapshot.
    pub fn is_of(&self, index: &Index) -> bool {
        self.footer.commit == index.files.commit
    }

    /// Verifies the snapshot in the folder of a generation; true also when there is none.
    pub(super) fn is_whole(generation: &Path) -> bool {
        match SnapshotFile::open(generation) {
            Ok(found) => found.head().is_some_and(|(head, _)| head.is_whole(&|place| found.read(place))),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }
}

impl Index {
    /// Stores a snapshot of `log`, which must be exactly the indexed log, with `extra` bytes of the
    /// caller. Does nothing for an index in memory, or if another process has written to the index.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] while another process writes; [`IndexError::Folder`] when the disk
    /// cannot be written.
    pub fn keep(&self, log: &Log, identity: u64, extra: &[u8]) -> Result<(), IndexError> {
        let Some(stored) = &self.stored else { return Ok(()) };
        let _lock = stored.folder.lock()?;
        let is_ours = stored.folder.generation() == Ok(Some(stored.generation));
        if !is_ours || last_commit(&self.files.index).ok() != Some(self.files.commit) {
            return Ok(());
        }
        let place = stored.folder.files(stored.generation);
        stored.folder.sweep_generation(stored.generation);
        write(&place, log, identity, self.files.commit, extra).map_err(|source| stored.folder.failed(source))
    }
}

/// Writes a snapshot to the folder of a generation. Does not sync it to the disk: what a crash leaves
/// of it fails its checksum.
fn write(generation: &Path, log: &Log, identity: u64, commit: CommitId, extra: &[u8]) -> io::Result<()> {
    let file = tempfile::Builder::new().prefix(super::folder::OURS).tempfile_in(generation)?;
    let mut out = BufWriter::with_capacity(BUFFER, file);
    let head = snapshot::write(log, &mut out)?;
    let notes = out.stream_position()?;
    let (head_len, extra_len) = (head.len() as u64, extra.len() as u64);
    let footer = SnapshotFooter { identity, commit, notes, head: head_len, extra: extra_len, checksum: 0 };
    let mut hasher = checksum::file_hasher(Path::new(NAME));
    for bytes in [&head, extra, &footer.checked_bytes()] {
        out.write_all(bytes)?;
        hasher.update(bytes);
    }
    out.write_all(&hasher.digest().to_le_bytes())?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.persist(generation.join(NAME))?;
    Ok(())
}

/// Allocates memory in the largest pages of the system: a million entries need ten thousand small
/// pages, and getting those takes longer than reading the file.
fn allocate(bytes: u64) -> io::Result<MmapMut> {
    let bytes = usize::try_from(bytes).map_err(|_| io::ErrorKind::OutOfMemory)?;
    let memory = MmapMut::map_anon(bytes)?;
    #[cfg(target_os = "linux")]
    let _ = memory.advise(memmap2::Advice::HugePage);
    Ok(memory)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => (bytes, at) = (&mut bytes[read..], at + read as u64),
        }
    }
    Ok(())
}
