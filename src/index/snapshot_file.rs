//! The snapshot of a log, in a file beside the index of it.
//!
//! ```text
//! pieces · head · aside · foot
//! ```
//! The foot has the lengths of head and aside, what the snapshot is of, and a seal of all that but
//! the pieces, whose seals are in the head. The file is written beside its place and moved there, never
//! changed; it is read where something is looked at, by position: a mapping would end the process
//! if someone cut the file off.

use super::{CommitId, Folder, Index, IndexError, checksum, state};
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
/// Bytes of the foot: identity, state of the index, lengths of pieces, head and aside, seal.
const FOOT: usize = 6 * 8;
/// Bytes that are written at once.
const BUFFER: usize = 1 << 20;
/// Bytes that are read at once: they stay in the processor's own memory until they are sealed.
const NEAR: usize = 1 << 18;

/// The snapshot of a log, opened.
pub struct SnapshotFile {
    file: File,
    /// Bytes of the file.
    pub size: u64,
    foot: SnapshotFooter,
}

/// What stands at the end.
struct SnapshotFooter {
    identity: u64,
    state: CommitId,
    /// Bytes of pieces, head and aside.
    pieces: u64,
    head: u64,
    aside: u64,
    seal: u64,
}

impl SnapshotFooter {
    fn of(bytes: &[u8; FOOT]) -> SnapshotFooter {
        let (numbers, _) = bytes.as_chunks::<8>();
        let number = |at: usize| u64::from_le_bytes(numbers[at]);
        SnapshotFooter {
            identity: number(0),
            state: CommitId(number(1)),
            pieces: number(2),
            head: number(3),
            aside: number(4),
            seal: number(5),
        }
    }

    /// It without its seal, which is over this too.
    fn unsealed(&self) -> [u8; FOOT - 8] {
        let mut bytes = [0; FOOT - 8];
        let numbers = [self.identity, self.state.0, self.pieces, self.head, self.aside];
        bytes.as_chunks_mut::<8>().0.iter_mut().zip(numbers).for_each(|(place, number)| *place = number.to_le_bytes());
        bytes
    }
}

/// Seals what is read through it.
struct ChecksumReader<'f> {
    file: &'f File,
    seal: Xxh3,
}

impl Read for ChecksumReader<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        // Sealed while it is near.
        let most = bytes.len().min(NEAR);
        let read = self.file.read(&mut bytes[..most])?;
        self.seal.update(&bytes[..read]);
        Ok(read)
    }
}

impl SnapshotFile {
    /// The one in the index at `dir`, if it was written with `identity`.
    pub fn existing(dir: &Path, identity: u64) -> Option<SnapshotFile> {
        let folder = Folder::existing(dir)?;
        let generation = folder.generation().ok()??;
        SnapshotFile::open(&folder.files(generation)).ok().filter(|found| found.foot.identity == identity)
    }

    fn open(generation: &Path) -> io::Result<SnapshotFile> {
        let mut file = File::open(generation.join(NAME))?;
        let size = file.metadata()?.len();
        let foot_at = size.checked_sub(FOOT as u64).ok_or(io::ErrorKind::InvalidData)?;
        let mut foot = [0; FOOT];
        file.seek(SeekFrom::Start(foot_at))?;
        file.read_exact(&mut foot)?;
        let foot = SnapshotFooter::of(&foot);
        let end = foot.pieces.checked_add(foot.head).and_then(|end| end.checked_add(foot.aside));
        if end != Some(foot_at) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(SnapshotFile { file, size, foot })
    }

    /// The tables of the log, and what else was to be kept; `None` unless all of it is as it was
    /// written.
    pub fn head(&self) -> Option<(SnapshotHead, Vec<u8>)> {
        let SnapshotFooter { pieces, head, aside, seal, .. } = self.foot;
        (&self.file).seek(SeekFrom::Start(pieces)).ok()?;
        let mut file = ChecksumReader { file: &self.file, seal: checksum::file_hasher(Path::new(NAME)) };
        let mut memory = room(head).ok()?;
        file.read_exact(&mut memory).ok()?;
        let tables = SnapshotHead::of(Arc::new(memory))?;
        let mut kept = vec![0; usize::try_from(aside).ok()?];
        file.read_exact(&mut kept).ok()?;
        file.seal.update(&self.foot.unsealed());
        (file.seal.digest() == seal).then_some((tables, kept))
    }

    /// The bytes of pieces at `place`, if they can be read.
    pub fn read(&self, place: Range<u64>) -> Option<Vec<u8>> {
        if place.start > place.end || place.end > self.foot.pieces {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(place.end - place.start).ok()?];
        read_at(&self.file, &mut bytes, place.start).ok()?;
        Some(bytes)
    }

    /// Whether `index` is of just the log of this snapshot.
    pub fn is_of(&self, index: &Index) -> bool {
        self.foot.state == index.files.state
    }

    /// Whether there is none in the folder of a generation, or all of it is as it was written.
    pub(super) fn is_whole(generation: &Path) -> bool {
        match SnapshotFile::open(generation) {
            Ok(found) => found.head().is_some_and(|(tables, _)| tables.is_whole(&|place| found.read(place))),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }
}

impl Index {
    /// Keeps a snapshot of `log`, which the index is of, with `aside`. Nothing happens to an index
    /// in memory, or if another process has written to it since.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] while another process writes; [`IndexError::Folder`] when the disk
    /// refuses.
    pub fn keep(&self, log: &Log, identity: u64, aside: &[u8]) -> Result<(), IndexError> {
        let Some(stored) = &self.stored else { return Ok(()) };
        let _lock = stored.folder.lock()?;
        let is_ours = stored.folder.generation() == Ok(Some(stored.generation));
        if !is_ours || state(&self.files.index).ok() != Some(self.files.state) {
            return Ok(());
        }
        let place = stored.folder.files(stored.generation);
        stored.folder.sweep_generation(stored.generation);
        write(&place, log, identity, self.files.state, aside).map_err(|source| stored.folder.failed(source))
    }
}

/// Writes a snapshot to the folder of a generation. It is not forced to the disk: what a failing
/// machine leaves of it is no snapshot.
fn write(generation: &Path, log: &Log, identity: u64, state: CommitId, aside: &[u8]) -> io::Result<()> {
    let file = tempfile::Builder::new().prefix(super::folder::OURS).tempfile_in(generation)?;
    let mut out = BufWriter::with_capacity(BUFFER, file);
    let head = snapshot::write(log, &mut out)?;
    let pieces = out.stream_position()?;
    out.write_all(&head)?;
    out.write_all(aside)?;
    let (head_len, aside_len) = (head.len() as u64, aside.len() as u64);
    let mut foot = SnapshotFooter { identity, state, pieces, head: head_len, aside: aside_len, seal: 0 };
    let mut seal = checksum::file_hasher(Path::new(NAME));
    for bytes in [&head, aside, &foot.unsealed()] {
        seal.update(bytes);
    }
    foot.seal = seal.digest();
    out.write_all(&foot.unsealed())?;
    out.write_all(&foot.seal.to_le_bytes())?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.persist(generation.join(NAME))?;
    Ok(())
}

/// Room for so many bytes, in pages as large as the system has: of small ones a million entries need
/// ten thousand, and getting them takes longer than reading what goes there.
fn room(bytes: u64) -> io::Result<MmapMut> {
    let bytes = usize::try_from(bytes).map_err(|_| io::ErrorKind::OutOfMemory)?;
    let room = MmapMut::map_anon(bytes)?;
    #[cfg(target_os = "linux")]
    let _ = room.advise(memmap2::Advice::HugePage);
    Ok(room)
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
