//! The index: finds what a [`Query`] finds without looking at every entry.
//!
//! Derived data only: it may be deleted at any time and is made again from the log. What it
//! answers is what [`Query::matches`] says, entry by entry. Knows Tantivy and the folder it
//! writes to; knows no clock, environment or screen. A large log is searched on all cores, and
//! Tantivy writes on threads of its own.

mod docs;
mod folder;
mod plan;
mod schema;
mod search;
#[cfg(test)]
mod tests;
mod write;

pub use search::Searcher;

use crate::{
    log::{EntryId, Log},
    query::Query,
};
use folder::Folder;
use schema::{EntryTokenizer, Fields, TOKENIZER, schema};
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};
use tantivy::{
    IndexReader, ReloadPolicy, SegmentMeta, TantivyError, directory::error::LockError, index::SegmentComponent,
};
use write::{Groups, Known};

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

/// Notes read into the index so far by one update.
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
    stored: Option<Stored>,
    files: Files,
    known: Known,
    /// Whether the checksums were found right, which they must be before anything is written:
    /// Tantivy's writer ends the process when it meets a damaged file.
    sound: bool,
}

struct Stored {
    folder: Folder,
    generation: u64,
}

/// One set of Tantivy's files, open.
struct Files {
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    /// Number of the last commit seen: it grows with every one.
    opstamp: u64,
}

impl Index {
    /// Opens the index in `dir`, or begins an empty one: where there is none, where it was made
    /// by another version, and where it cannot be read.
    ///
    /// Writes nothing to an index that can be used. Damage inside of files is left for
    /// [`Index::verify`] to find.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotOurs`] when `dir` holds other things, which stay as they are;
    /// [`IndexError::Locked`] when a new index must be begun while another process writes;
    /// [`IndexError::Folder`] and [`IndexError::Write`] when the disk refuses. Use
    /// [`Index::in_memory`] then.
    pub fn open(dir: &Path) -> Result<Index, IndexError> {
        let folder = Folder::open(dir)?;
        if let Some(index) = Index::stored(&folder) {
            return Ok(index);
        }
        let _lock = folder.lock()?;
        // While we waited for nothing, another process may have begun it.
        if let Some(index) = Index::stored(&folder) {
            return Ok(index);
        }
        let generation = folder.begin()?;
        let files = Files::create(&folder, generation)?;
        folder.switch(generation)?;
        Ok(Index { stored: Some(Stored { folder, generation }), files, known: Known::default(), sound: true })
    }

    /// The index in use in `folder`, if it can be read.
    fn stored(folder: &Folder) -> Option<Index> {
        let generation = folder.generation()?;
        let (files, known) = guarded(folder.dir(), || Files::open(&folder.files(generation))).ok()??;
        let stored = Stored { folder: folder.clone(), generation };
        Some(Index { stored: Some(stored), files, known, sound: false })
    }

    /// An empty index that leaves no trace on the disk.
    ///
    /// # Errors
    ///
    /// None that can be expected.
    pub fn in_memory() -> Result<Index, IndexError> {
        let place = Path::new(MEMORY);
        let files = guarded(place, || Files::new(tantivy::Index::create_in_ram(schema().0)))?;
        Ok(Index { stored: None, files, known: Known::default(), sound: true })
    }

    /// Whether there is nothing to update: searching gives what [`Query::matches`] says.
    pub fn is_current(&self, log: &Log) -> bool {
        Groups::of(log).agree(&self.known)
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
        let groups = Groups::of(log);
        if groups.agree(&self.known) {
            return Ok(Update::default());
        }
        let _lock = self.lock()?;
        self.catch_up()?;
        if groups.agree(&self.known) {
            return Ok(Update::default());
        }
        self.check()?;
        self.write(&groups, log, progress)
    }

    /// Writes what `groups` have that the index has not. Hold the lock.
    fn write(&mut self, groups: &Groups, log: &Log, progress: &mut dyn FnMut(Progress)) -> Result<Update, IndexError> {
        let written = guarded(&self.place(), || {
            let written = write::write(&self.files.index, self.files.fields, &self.known, groups, log, progress)?;
            self.files.reader.reload()?;
            Ok((written, self.files.index.load_metas()?.opstamp))
        });
        if let Some(Stored { folder, generation }) = &self.stored {
            folder.close_to_others(*generation);
        }
        let ((known, update), opstamp) = written?;
        (self.known, self.files.opstamp) = (known, opstamp);
        Ok(update)
    }

    /// Makes this generation the one in use. Hold the lock.
    fn publish(&self) -> Result<(), IndexError> {
        match &self.stored {
            Some(Stored { folder, generation }) => folder.switch(*generation),
            None => Ok(()),
        }
    }

    /// Removes a generation that never came into use. Hold the lock.
    fn abandon(self) {
        drop(self.files);
        if let Some(Stored { folder, generation }) = &self.stored {
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
            Some(Stored { folder, .. }) => {
                let generation = folder.begin()?;
                let files = Files::create(folder, generation)?;
                let stored = Some(Stored { folder: folder.clone(), generation });
                Index { stored, files, known: Known::default(), sound: true }
            }
        };
        match fresh.write(&Groups::of(log), log, progress).and_then(|update| fresh.publish().map(|()| update)) {
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

    /// Compares every file with its checksum and names those that differ or cannot be read.
    /// Reads the whole index.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when not even the list of files can be read.
    pub fn verify(&self) -> Result<Vec<PathBuf>, IndexError> {
        let Some(Stored { folder, generation }) = &self.stored else { return Ok(Vec::new()) };
        guarded(folder.dir(), || damaged(&folder.files(*generation)))
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
        let Some(Stored { folder, .. }) = &self.stored else { return Ok(()) };
        let lost = || IndexError::Damaged { dir: self.place(), what: "its files are gone".to_owned() };
        let current = Index::stored(folder).ok_or_else(lost)?;
        let state = |index: &Index| (index.stored.as_ref().map(|stored| stored.generation), index.files.opstamp);
        if state(&current) != state(self) {
            *self = current;
        }
        Ok(())
    }

    fn check(&mut self) -> Result<(), IndexError> {
        if !self.sound {
            let damaged = self.verify()?;
            if let Some(file) = damaged.first() {
                let what = format!("{} of its files, such as {}", damaged.len(), file.display());
                return Err(IndexError::Damaged { dir: self.place(), what });
            }
            self.sound = true;
        }
        Ok(())
    }
}

/// What stands for the folder in messages about an index in memory.
const MEMORY: &str = "memory";

impl Files {
    fn new(index: tantivy::Index) -> Result<Files, TantivyError> {
        index.tokenizers().register(TOKENIZER, EntryTokenizer);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let opstamp = index.load_metas()?.opstamp;
        Ok(Files { index, reader, fields: schema().1, opstamp })
    }

    /// An empty index in the folder of a generation.
    fn create(folder: &Folder, generation: u64) -> Result<Files, IndexError> {
        let create = || Files::new(tantivy::Index::create_in_dir(folder.files(generation), schema().0)?);
        let files = guarded(folder.dir(), create)?;
        folder.close_to_others(generation);
        Ok(files)
    }

    /// The index in `dir` with the notes it holds, or `None` when it is not of our making.
    fn open(dir: &Path) -> Result<Option<(Files, Known)>, TantivyError> {
        let index = tantivy::Index::open_in_dir(dir)?;
        let known = match index.load_metas()?.payload {
            Some(payload) => Known::parse(&payload),
            None => Some(Known::default()),
        };
        let known = known.filter(|_| index.schema() == schema().0);
        known.map(|known| Ok((Files::new(index)?, known))).transpose()
    }
}

/// The files in `dir` that are not as they were written, in order.
///
/// Opens them anew: a file that was cut off while it is open may not be looked at through the
/// old mapping, which would end the process.
fn damaged(dir: &Path) -> Result<Vec<PathBuf>, TantivyError> {
    let index = tantivy::Index::open_in_dir(dir)?;
    let segments = index.searchable_segment_metas()?;
    let is_damaged = |file: &PathBuf| !matches!(index.directory().validate_checksum(file), Ok(true));
    let mut damaged: Vec<PathBuf> = segments.iter().flat_map(files_of).filter(is_damaged).collect();
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
