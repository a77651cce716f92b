//! The search index: finds the entries that match a [`Query`] without looking at each of them.
//!
//! Derived data only: it may be deleted at any time and is rebuilt from the log. Its answers are
//! those of [`Query::matches`], entry by entry, whatever happened to its files: each file is verified
//! before it is used, and a damaged index is rebuilt. Knows Tantivy and the folder it writes to; knows
//! no clock, environment or screen. A large log is searched on all cores, and Tantivy writes on
//! threads of its own.

mod checksum;
mod doc_bit_set;
mod folder;
mod plan;
pub(crate) mod private;
mod schema;
mod search;
mod snapshot_file;
#[cfg(test)]
mod tests;
mod write;

pub use search::{Searcher, warm_up};
pub(crate) use snapshot_file::SnapshotFile;

use crate::{
    log::{EntryId, Log},
    query::Query,
};
use checksum::ChecksumDirectory;
use folder::Folder;
use schema::{BEGINNINGS, BigramTokenizer, EntryTokenizer, Fields, PAIRS, WHOLE, schema};
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};
use tantivy::{
    Directory, IndexReader, IndexSettings, ReloadPolicy, SegmentMeta, TantivyError, directory::error::LockError,
    index::SegmentComponent,
};
use write::{Fingerprints, NotesByPath};
use xxhash_rust::xxh3::xxh3_64;

/// A failure of the index. The notes themselves are never at fault.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error("cannot use {} for the search index", dir.display())]
    Folder { dir: PathBuf, source: io::Error },
    #[error("{} contains files that do not belong to a search index of sennight", dir.display())]
    NotOurs { dir: PathBuf },
    #[error("another sennight is writing the search index in {}", dir.display())]
    Locked { dir: PathBuf },
    #[error("cannot write the search index in {}", dir.display())]
    Write { dir: PathBuf, source: TantivyError },
    #[error("there is no search index in {} yet", dir.display())]
    Missing { dir: PathBuf },
    #[error("the search index in {} is damaged: {defect}", dir.display())]
    Damaged { dir: PathBuf, defect: IndexDefect },
}

/// The reason why stored files cannot be used as an index.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexDefect {
    #[error("cannot read its manifest: {0}")]
    Manifest(String),
    #[error("it was made by another version of sennight")]
    OtherVersion,
    #[error("it is empty")]
    Empty,
    #[error("its files are gone")]
    Gone,
    /// A file that is missing, unreadable or changed, as Tantivy reports it.
    #[error("{0}")]
    Files(String),
}

impl IndexError {
    /// Advice for the user, as one imperative sentence.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            IndexError::Folder { .. } => Some("make the folder writable, or set another cache folder"),
            IndexError::NotOurs { .. } => Some("set another cache folder, or empty this one"),
            IndexError::Locked { .. } => Some("wait for it to finish, or close the other sennight"),
            IndexError::Write { .. } => Some("check that the disk has free space"),
            IndexError::Missing { .. } => Some("build it with sennight index"),
            IndexError::Damaged { .. } => Some("delete the folder; the index will be rebuilt from the notes"),
        }
    }

    fn new(dir: &Path, error: TantivyError) -> IndexError {
        let dir = dir.to_owned();
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => IndexError::Locked { dir },
            source @ (TantivyError::IoError(_)
            | TantivyError::OpenWriteError(_)
            | TantivyError::OpenDirectoryError(_)
            | TantivyError::LockFailure(..)
            | TantivyError::ErrorInThread(_)) => IndexError::Write { dir, source },
            damage => IndexError::Damaged { dir, defect: IndexDefect::Files(damage.to_string()) },
        }
    }
}

/// Number of notes that an update has written so far, or of files that were verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
}

/// Numbers of notes that an update wrote. All zero: it did not touch the disk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Update {
    pub added: usize,
    pub changed: usize,
    pub removed: usize,
}

impl Update {
    pub fn is_empty(self) -> bool {
        self == Update::default()
    }
}

/// The index of one log's sources.
pub struct Index {
    /// `None` in memory.
    stored: Option<IndexGeneration>,
    files: Files,
    known: Fingerprints,
    /// Defect of the stored index that this one replaces.
    replaced: Option<IndexDefect>,
}

/// The place of a stored index.
struct IndexGeneration {
    folder: Folder,
    generation: u64,
}

/// One set of Tantivy's files, open.
struct Files {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    /// The commit that is open.
    commit: CommitId,
}

/// Identity of a commit: the hash of Tantivy's list of segments, whose names are never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CommitId(u64);

impl Index {
    /// Opens the index in `dir`, or creates an empty one if there is none or if it cannot be used;
    /// [`Index::rebuild_reason`] then has the reason.
    ///
    /// Writes nothing to an index that can be used. Reads every byte of it once.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotOurs`] when `dir` contains other files, which stay as they are;
    /// [`IndexError::Locked`] when a new index must be created while another process writes;
    /// [`IndexError::Folder`] and [`IndexError::Write`] when the disk cannot be written. Use
    /// [`Index::in_memory`] then.
    pub fn open(dir: &Path) -> Result<Index, IndexError> {
        let folder = Folder::open(dir)?;
        if let Ok(Some(index)) = Index::stored(&folder) {
            return Ok(index);
        }
        let _lock = folder.lock()?;
        // Another process may have written it before the lock was taken.
        let replaced = match Index::stored(&folder) {
            Ok(Some(index)) => return Ok(index),
            Ok(None) => None,
            Err(defect) => Some(defect),
        };
        let index = Index { replaced, ..Index::begin(&folder)? };
        index.publish()?;
        Ok(index)
    }

    /// Opens the index in `dir` if it exists and can be used. Writes nothing.
    pub fn existing(dir: &Path) -> Option<Index> {
        Index::stored(&Folder::existing(dir)?).ok()?
    }

    /// The defect because of which [`Index::open`] replaced the stored index, if it did.
    pub fn rebuild_reason(&self) -> Option<&IndexDefect> {
        self.replaced.as_ref()
    }

    /// Opens the generation in use in `folder`; `None` if there is none.
    fn stored(folder: &Folder) -> Result<Option<Index>, IndexDefect> {
        let Some(generation) = folder.generation()? else { return Ok(None) };
        let opened = guarded(folder.dir(), || Files::open(&folder.files(generation)));
        let (files, known) = opened.map_err(defect_of)?;
        let stored = IndexGeneration { folder: folder.clone(), generation };
        Ok(Some(Index { stored: Some(stored), files, known, replaced: None }))
    }

    /// Creates an empty generation that is not in use yet. Hold the lock.
    fn begin(folder: &Folder) -> Result<Index, IndexError> {
        let generation = folder.begin()?;
        let files = Files::create(folder, generation)?;
        let stored = IndexGeneration { folder: folder.clone(), generation };
        Ok(Index { stored: Some(stored), files, known: Fingerprints::default(), replaced: None })
    }

    /// Creates an empty index that is never written to the disk.
    ///
    /// # Errors
    ///
    /// None are expected.
    pub fn in_memory() -> Result<Index, IndexError> {
        let place = Path::new(MEMORY);
        let files = guarded(place, || Files::new(tantivy::Index::create_in_ram(schema().0)))?;
        Ok(Index { stored: None, files, known: Fingerprints::default(), replaced: None })
    }

    /// Returns true if the index holds exactly the notes of `log`, so that nothing needs an update.
    pub fn is_current(&self, log: &Log) -> bool {
        NotesByPath::of(log).matches(&self.known)
    }

    /// Updates the index to the notes of `log`. Unchanged notes are not touched; if none changed,
    /// nothing is written and no lock taken.
    ///
    /// Calls `progress` before each note. The update is atomic; a [`Searcher`] made before it keeps
    /// answering from the old state.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] while another process writes; [`IndexError::Damaged`] when the index
    /// needs [`Index::rebuild`]; [`IndexError::Write`] when the disk cannot be written.
    pub fn update(&mut self, log: &Log, progress: &mut dyn FnMut(Progress)) -> Result<Update, IndexError> {
        let groups = NotesByPath::of(log);
        if groups.matches(&self.known) {
            return Ok(Update::default());
        }
        let _lock = self.lock()?;
        self.catch_up()?;
        if groups.matches(&self.known) {
            return Ok(Update::default());
        }
        self.write(&groups, log, progress)
    }

    /// Writes the notes of `groups` that are missing or changed in the index. Hold the lock.
    fn write(
        &mut self,
        groups: &NotesByPath,
        log: &Log,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Update, IndexError> {
        let written = guarded(&self.place(), || {
            let written = write::write(&self.files.index, self.files.fields, &self.known, groups, log, progress)?;
            self.files.reader.reload()?;
            Ok((written, last_commit(&self.files.index)?))
        });
        if let Some(IndexGeneration { folder, generation }) = &self.stored {
            folder.close_to_others(*generation);
        }
        let ((known, update), commit) = written?;
        self.known = known;
        self.files.commit = commit;
        Ok(update)
    }

    /// Switches the folder to this generation. Hold the lock.
    fn publish(&self) -> Result<(), IndexError> {
        match &self.stored {
            Some(IndexGeneration { folder, generation }) => folder.switch(*generation),
            None => Ok(()),
        }
    }

    /// Removes a generation that never came into use. Hold the lock.
    fn abandon(self) {
        drop(self.files);
        if let Some(IndexGeneration { folder, generation }) = &self.stored {
            folder.remove(*generation);
        }
    }

    /// Rebuilds the index from scratch beside the old one, and switches to it once it is complete.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] while another process writes; [`IndexError::Folder`] and
    /// [`IndexError::Write`] when the disk cannot be written. The old index stays in all cases.
    pub fn rebuild(&mut self, log: &Log, progress: &mut dyn FnMut(Progress)) -> Result<Update, IndexError> {
        let _lock = self.lock()?;
        let mut fresh = match &self.stored {
            None => Index::in_memory()?,
            Some(IndexGeneration { folder, .. }) => Index::begin(folder)?,
        };
        match fresh.fill(log, progress) {
            Ok(update) => {
                *self = fresh;
                Ok(update)
            }
            Err(error) => {
                fresh.abandon();
                Err(error)
            }
        }
    }

    /// Writes all notes of `log` to a new generation, and switches to it. Hold the lock.
    fn fill(&mut self, log: &Log, progress: &mut dyn FnMut(Progress)) -> Result<Update, IndexError> {
        let update = self.write(&NotesByPath::of(log), log, progress)?;
        self.publish()?;
        Ok(update)
    }

    /// Reads every file of the index in `dir` and returns the names of those that were damaged since
    /// they were written. Writes nothing.
    ///
    /// # Errors
    ///
    /// [`IndexError::Missing`] when there is no index; [`IndexError::Damaged`] when not even the list
    /// of its files can be read.
    pub fn verify(dir: &Path) -> Result<Vec<PathBuf>, IndexError> {
        Index::verify_with(dir, &mut |_| {})
    }

    /// Does the work of [`Index::verify`] and calls `progress` before each file.
    ///
    /// # Errors
    ///
    /// The same as for [`Index::verify`].
    pub fn verify_with(dir: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Vec<PathBuf>, IndexError> {
        let damage = |defect| IndexError::Damaged { dir: dir.to_owned(), defect };
        let folder = Folder::existing(dir).ok_or_else(|| IndexError::Missing { dir: dir.to_owned() })?;
        let generation = folder.generation().map_err(damage)?.ok_or_else(|| damage(IndexDefect::Empty))?;
        let files = folder.files(generation);
        let mut damaged = guarded(dir, || damaged(&files, progress))?;
        if !SnapshotFile::is_whole(&files) {
            damaged.push(PathBuf::from(snapshot_file::NAME));
        }
        Ok(damaged)
    }

    /// Makes a searcher of the current state for entries of `log`. Takes time proportional to their
    /// number; keep it until the log or the index changes.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn searcher(&self, log: &Log) -> Result<Searcher, IndexError> {
        let place = self.place();
        guarded(&place, || Searcher::new(&self.files.reader, self.files.fields, log, place.clone()))
    }

    /// Finds the entries of `log` that match `query`, newest first; entries that `log` does not have
    /// are left out. Suits a single query: for more of them, keep an [`Index::searcher`].
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn search(&self, query: &Query, log: &Log) -> Result<Vec<EntryId>, IndexError> {
        self.searcher(log)?.search(query)
    }

    fn place(&self) -> PathBuf {
        self.stored.as_ref().map_or_else(|| PathBuf::from(MEMORY), |stored| stored.folder.dir().to_owned())
    }

    fn lock(&self) -> Result<Option<std::fs::File>, IndexError> {
        self.stored.as_ref().map(|stored| stored.folder.lock()).transpose()
    }

    /// Opens the index again if another process has written to it. Hold the lock.
    fn catch_up(&mut self) -> Result<(), IndexError> {
        let Some(IndexGeneration { folder, generation }) = &self.stored else { return Ok(()) };
        let is_same = folder.generation() == Ok(Some(*generation))
            && guarded(folder.dir(), || last_commit(&self.files.index))? == self.files.commit;
        if is_same {
            return Ok(());
        }
        let damage = |defect| IndexError::Damaged { dir: self.place(), defect };
        let current = Index::stored(folder).map_err(damage)?;
        *self = current.ok_or_else(|| damage(IndexDefect::Gone))?;
        Ok(())
    }
}

/// Name of the folder in messages about an index in memory.
const MEMORY: &str = "memory";

impl Files {
    fn new(index: tantivy::Index) -> Result<Files, TantivyError> {
        for (name, beginnings) in [(BEGINNINGS, true), (WHOLE, false)] {
            index.tokenizers().register(name, EntryTokenizer { beginnings });
        }
        index.tokenizers().register(PAIRS, BigramTokenizer);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let commit = last_commit(&index)?;
        Ok(Files { index, reader, fields: schema().1, commit })
    }

    /// Creates an empty index in the folder of a generation.
    fn create(folder: &Folder, generation: u64) -> Result<Files, IndexError> {
        let create = || {
            let files = ChecksumDirectory::open(&folder.files(generation))?;
            Files::new(tantivy::Index::create(files, schema().0, IndexSettings::default())?)
        };
        let files = guarded(folder.dir(), create)?;
        folder.close_to_others(generation);
        Ok(files)
    }

    /// Opens the index in `dir`, with the fingerprints of its notes.
    fn open(dir: &Path) -> Result<(Files, Fingerprints), TantivyError> {
        let index = tantivy::Index::open(ChecksumDirectory::open(dir)?)?;
        let foreign = || TantivyError::SchemaError("it was not made by sennight".to_owned());
        if index.schema() != schema().0 {
            return Err(foreign());
        }
        // The fingerprints must be those of the commit that is open: another process may write.
        loop {
            let before = last_commit(&index)?;
            let payload = index.load_metas()?.payload;
            let files = Files::new(index.clone())?;
            if files.commit == before {
                let known = payload.map_or(Some(Fingerprints::default()), |payload| Fingerprints::parse(&payload));
                return Ok((files, known.ok_or_else(foreign)?));
            }
        }
    }
}

/// Tantivy's list of segments.
const SEGMENTS: &str = "meta.json";

/// Reads the identity of the last commit from the disk.
fn last_commit(index: &tantivy::Index) -> Result<CommitId, TantivyError> {
    Ok(CommitId(xxh3_64(&index.directory().atomic_read(Path::new(SEGMENTS))?)))
}

/// Verifies the files of the index in `dir` and returns the damaged ones, sorted by name.
fn damaged(dir: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Vec<PathBuf>, TantivyError> {
    let files = ChecksumDirectory::open(dir)?;
    let segments = tantivy::Index::open(files.clone())?.searchable_segment_metas()?;
    let all: Vec<PathBuf> = segments.iter().flat_map(files_of).collect();
    let mut damaged: Vec<PathBuf> = Vec::new();
    for (done, file) in all.iter().enumerate() {
        progress(Progress { done, of: all.len() });
        if !files.is_whole(file) {
            damaged.push(file.clone());
        }
    }
    damaged.sort();
    Ok(damaged)
}

fn files_of(segment: &SegmentMeta) -> Vec<PathBuf> {
    use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
    let parts = [Postings, Positions, Terms, FastFields, FieldNorms, Store];
    let deleted = segment.has_deletes().then_some(Delete);
    parts.into_iter().chain(deleted).map(|part| segment.relative_path(part)).collect()
}

/// Runs `work` and reports a panic of Tantivy, which damaged files can cause, as damage.
fn guarded<T>(place: &Path, work: impl FnOnce() -> Result<T, TantivyError>) -> Result<T, IndexError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|error| IndexError::new(place, error)),
        Err(panic) => {
            let text = if let Some(text) = panic.downcast_ref::<String>() {
                text.clone()
            } else if let Some(text) = panic.downcast_ref::<&str>() {
                (*text).to_owned()
            } else {
                "reading it failed".to_owned()
            };
            Err(IndexError::Damaged { dir: place.to_owned(), defect: IndexDefect::Files(text) })
        }
    }
}

/// Reduces an error to the defect, without the place.
fn defect_of(error: IndexError) -> IndexDefect {
    match error {
        IndexError::Damaged { defect, .. } => defect,
        error => IndexDefect::Files(error.to_string()),
    }
}
