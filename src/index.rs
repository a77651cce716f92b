//! The index: finds what a [`Query`] finds without looking at every entry.
//!
//! Derived data only: it may be deleted at any time and is made again from the log. What it
//! answers is what [`Query::matches`] says, entry by entry, whatever happened to its files: each
//! is checked before it is trusted, and an index that is not whole is made anew. Knows Tantivy
//! and the folder it writes to; knows no clock, environment or screen. A large log is searched on
//! all cores, and Tantivy writes on threads of its own.

mod checksum;
mod doc_bit_set;
mod folder;
mod plan;
mod schema;
mod search;
mod snapshot_file;
#[cfg(test)]
mod tests;
mod write;

pub use search::{Searcher, warm_up};
pub use snapshot_file::SnapshotFile;

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

/// Why the index could not do its work. The notes themselves are never at fault.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    #[error("cannot use {} for the search index", dir.display())]
    Folder { dir: PathBuf, source: io::Error },
    #[error("{} holds other files than a search index of sennight", dir.display())]
    NotOurs { dir: PathBuf },
    #[error("another sennight is writing the search index in {}", dir.display())]
    Locked { dir: PathBuf },
    #[error("cannot write the search index in {}", dir.display())]
    Write { dir: PathBuf, source: TantivyError },
    #[error("there is no search index in {} yet", dir.display())]
    Missing { dir: PathBuf },
    #[error("the search index in {} is damaged: {what}", dir.display())]
    Damaged { dir: PathBuf, what: String },
}

impl IndexError {
    /// What the user can do about it, as one imperative sentence.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            IndexError::Folder { .. } => Some("Make the folder writable, or set another cache folder."),
            IndexError::NotOurs { .. } => Some("Set another cache folder, or empty this one."),
            IndexError::Locked { .. } => Some("Wait for it to finish, or close the other sennight."),
            IndexError::Write { .. } => Some("Make sure that the disk has free space."),
            IndexError::Missing { .. } => Some("Make it with sennight index."),
            IndexError::Damaged { .. } => Some("Delete the folder: the index is made again from the notes."),
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
            damage => IndexError::Damaged { dir, what: damage.to_string() },
        }
    }
}

/// Notes read into the index so far by one update, or files of it checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
}

/// How many notes an update wrote. None: it did not touch the disk.
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
    /// None: in memory.
    stored: Option<IndexGeneration>,
    files: Files,
    known: Fingerprints,
    /// Why what was there before could not be used.
    anew: Option<String>,
}

struct IndexGeneration {
    folder: Folder,
    generation: u64,
}

/// One set of Tantivy's files, open.
struct Files {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    /// Of the commit that is open.
    state: CommitId,
}

/// Tells one commit from every other: the hash of Tantivy's list of segments, whose names are
/// never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CommitId(u64);

impl Index {
    /// Opens the index in `dir`, or begins an empty one: where there is none, and, as
    /// [`Index::made_anew`] says, where it was made by another version or is not whole.
    ///
    /// Writes nothing to an index that can be used. Reads every byte of it once.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotOurs`] when `dir` holds other things, which stay as they are;
    /// [`IndexError::Locked`] when a new index must be begun while another process writes;
    /// [`IndexError::Folder`] and [`IndexError::Write`] when the disk refuses. Use
    /// [`Index::in_memory`] then.
    pub fn open(dir: &Path) -> Result<Index, IndexError> {
        let folder = Folder::open(dir)?;
        if let Ok(Some(index)) = Index::stored(&folder) {
            return Ok(index);
        }
        let _lock = folder.lock()?;
        // Another process may have written it meanwhile.
        let anew = match Index::stored(&folder) {
            Ok(Some(index)) => return Ok(index),
            Ok(None) => None,
            Err(why) => Some(why),
        };
        let index = Index { anew, ..Index::begin(&folder)? };
        index.publish()?;
        Ok(index)
    }

    /// The index in `dir` if it is there and can be used. Writes nothing.
    pub fn existing(dir: &Path) -> Option<Index> {
        Index::stored(&Folder::existing(dir)?).ok()?
    }

    /// Why [`Index::open`] did not use what was there.
    pub fn made_anew(&self) -> Option<&str> {
        self.anew.as_deref()
    }

    /// The index in use in `folder`, if there is one, or why it cannot be used.
    fn stored(folder: &Folder) -> Result<Option<Index>, String> {
        let Some(generation) = folder.generation()? else { return Ok(None) };
        let (files, known) = guarded(folder.dir(), || Files::open(&folder.files(generation))).map_err(what)?;
        let stored = IndexGeneration { folder: folder.clone(), generation };
        Ok(Some(Index { stored: Some(stored), files, known, anew: None }))
    }

    /// An empty generation that is not in use yet. Hold the lock.
    fn begin(folder: &Folder) -> Result<Index, IndexError> {
        let generation = folder.begin()?;
        let files = Files::create(folder, generation)?;
        let stored = IndexGeneration { folder: folder.clone(), generation };
        Ok(Index { stored: Some(stored), files, known: Fingerprints::default(), anew: None })
    }

    /// An empty index that leaves no trace on the disk.
    ///
    /// # Errors
    ///
    /// None that can be expected.
    pub fn in_memory() -> Result<Index, IndexError> {
        let place = Path::new(MEMORY);
        let files = guarded(place, || Files::new(tantivy::Index::create_in_ram(schema().0)))?;
        Ok(Index { stored: None, files, known: Fingerprints::default(), anew: None })
    }

    /// Whether there is nothing to update: searching gives what [`Query::matches`] says.
    pub fn is_current(&self, log: &Log) -> bool {
        NotesByPath::of(log).matches(&self.known)
    }

    /// Brings the index to the notes of `log`: what did not change is not touched, and when
    /// nothing did, nothing is written and no lock taken.
    ///
    /// `progress` is called before each note. The update is there all at once or not at all;
    /// a [`Searcher`] made before keeps answering from the old state.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] while another process writes; [`IndexError::Damaged`] when the
    /// index must be made again by [`Index::rebuild`]; [`IndexError::Write`] when the disk refuses.
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

    /// Writes what `groups` have that the index has not. Hold the lock.
    fn write(
        &mut self,
        groups: &NotesByPath,
        log: &Log,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Update, IndexError> {
        let written = guarded(&self.place(), || {
            let written = write::write(&self.files.index, self.files.fields, &self.known, groups, log, progress)?;
            self.files.reader.reload()?;
            Ok((written, state(&self.files.index)?))
        });
        if let Some(IndexGeneration { folder, generation }) = &self.stored {
            folder.close_to_others(*generation);
        }
        let ((known, update), state) = written?;
        (self.known, self.files.state) = (known, state);
        Ok(update)
    }

    /// Makes this generation the one in use. Hold the lock.
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

    /// Makes the index again from nothing, beside the old one, and switches to it when it is
    /// whole.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] while another process writes; [`IndexError::Folder`] and
    /// [`IndexError::Write`] when the disk refuses: the old index stays then.
    pub fn rebuild(&mut self, log: &Log, progress: &mut dyn FnMut(Progress)) -> Result<Update, IndexError> {
        let _lock = self.lock()?;
        let mut fresh = match &self.stored {
            None => Index::in_memory()?,
            Some(IndexGeneration { folder, .. }) => Index::begin(folder)?,
        };
        match fresh.write(&NotesByPath::of(log), log, progress).and_then(|update| fresh.publish().map(|()| update)) {
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

    /// Reads every file of the index in `dir` and names those that are not as they were written.
    /// Writes nothing.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when there is none, or not even the list of its files can be read.
    pub fn verify(dir: &Path) -> Result<Vec<PathBuf>, IndexError> {
        Index::verify_with(dir, &mut |_| {})
    }

    /// As [`Index::verify`]; `progress` counts files.
    ///
    /// # Errors
    ///
    /// As [`Index::verify`].
    pub fn verify_with(dir: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Vec<PathBuf>, IndexError> {
        let damage = |what: String| IndexError::Damaged { dir: dir.to_owned(), what };
        let folder = Folder::existing(dir).ok_or_else(|| IndexError::Missing { dir: dir.to_owned() })?;
        let generation = folder.generation().map_err(damage)?.ok_or_else(|| damage("it is empty".to_owned()))?;
        let files = folder.files(generation);
        let mut damaged = guarded(dir, || damaged(&files, progress))?;
        damaged.extend((!SnapshotFile::is_whole(&files)).then(|| PathBuf::from(snapshot_file::NAME)));
        Ok(damaged)
    }

    /// The present state, to be searched for entries of `log`. Costs a look at each entry; keep
    /// it until the log or the index changes.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn searcher(&self, log: &Log) -> Result<Searcher, IndexError> {
        let place = self.place();
        guarded(&place, || Searcher::new(&self.files.reader, self.files.fields, log, place.clone()))
    }

    /// The entries of `log` that `query` finds, newest first; entries that `log` does not have
    /// are left out. For a single query: who asks more keeps a [`Index::searcher`].
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

    /// Sees what other processes wrote since. Hold the lock.
    fn catch_up(&mut self) -> Result<(), IndexError> {
        let Some(IndexGeneration { folder, generation }) = &self.stored else { return Ok(()) };
        let is_same = folder.generation() == Ok(Some(*generation))
            && guarded(folder.dir(), || state(&self.files.index))? == self.files.state;
        if !is_same {
            let damage = |what: String| IndexError::Damaged { dir: self.place(), what };
            let current = Index::stored(folder).map_err(damage)?;
            *self = current.ok_or_else(|| damage("its files are gone".to_owned()))?;
        }
        Ok(())
    }
}

/// What stands for the folder in messages about an index in memory.
const MEMORY: &str = "memory";

impl Files {
    fn new(index: tantivy::Index) -> Result<Files, TantivyError> {
        for (name, beginnings) in [(BEGINNINGS, true), (WHOLE, false)] {
            index.tokenizers().register(name, EntryTokenizer { beginnings });
        }
        index.tokenizers().register(PAIRS, BigramTokenizer);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let state = state(&index)?;
        Ok(Files { index, reader, fields: schema().1, state })
    }

    /// An empty index in the folder of a generation.
    fn create(folder: &Folder, generation: u64) -> Result<Files, IndexError> {
        let create = || {
            let files = ChecksumDirectory::open(&folder.files(generation))?;
            Files::new(tantivy::Index::create(files, schema().0, IndexSettings::default())?)
        };
        let files = guarded(folder.dir(), create)?;
        folder.close_to_others(generation);
        Ok(files)
    }

    /// The index in `dir` with the notes it holds.
    fn open(dir: &Path) -> Result<(Files, Fingerprints), TantivyError> {
        let index = tantivy::Index::open(ChecksumDirectory::open(dir)?)?;
        let foreign = || TantivyError::SchemaError("it is not of our making".to_owned());
        if index.schema() != schema().0 {
            return Err(foreign());
        }
        // What is known must be of the commit that is read: another process may write.
        loop {
            let before = state(&index)?;
            let payload = index.load_metas()?.payload;
            let files = Files::new(index.clone())?;
            if files.state == before {
                let known = payload.map_or(Some(Fingerprints::default()), |payload| Fingerprints::parse(&payload));
                return Ok((files, known.ok_or_else(foreign)?));
            }
        }
    }
}

/// Tantivy's list of segments.
const SEGMENTS: &str = "meta.json";

/// The last commit.
fn state(index: &tantivy::Index) -> Result<CommitId, TantivyError> {
    Ok(CommitId(xxh3_64(&index.directory().atomic_read(Path::new(SEGMENTS))?)))
}

/// The files in `dir` that are not as they were written, in order.
fn damaged(dir: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Vec<PathBuf>, TantivyError> {
    let files = ChecksumDirectory::open(dir)?;
    let segments = tantivy::Index::open(files.clone())?.searchable_segment_metas()?;
    let all: Vec<PathBuf> = segments.iter().flat_map(files_of).collect();
    let mut damaged: Vec<PathBuf> = Vec::new();
    for (done, file) in all.iter().enumerate() {
        progress(Progress { done, of: all.len() });
        damaged.extend((!files.is_whole(file)).then(|| file.clone()));
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

/// Runs `work`, and takes a panic of Tantivy on damaged files for what it is.
fn guarded<T>(place: &Path, work: impl FnOnce() -> Result<T, TantivyError>) -> Result<T, IndexError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|error| IndexError::new(place, error)),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned();
            let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let what = text.unwrap_or_else(|| "reading it failed".to_owned());
            Err(IndexError::Damaged { dir: place.to_owned(), what })
        }
    }
}

/// What is wrong, without the place.
fn what(error: IndexError) -> String {
    match error {
        IndexError::Damaged { what, .. } => what,
        error => error.to_string(),
    }
}
