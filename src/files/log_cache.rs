//! The log cache: the notes of an origin as they were last read, in this run or in an earlier one.
//!
//! Reads only files that have changed since. What an earlier run has read is in the snapshot beside
//! the index and is shown at once; each file is then checked by its size and times and, where those
//! cannot be trusted, by its bytes. Knows neither how a file record is stored nor how a note is read
//! from a snapshot, and starts no threads of its own.

use super::{
    file_record::{self, FileRecord, FileStamp},
    git,
    log_spec::LogSpec,
    source::{self, Origin, Source, SourceFile},
    stored_notes::StoredNotes,
};
use crate::{
    date::{FirstCommitDays, Series},
    index::{Index, IndexError, SnapshotFile},
    log::{LazyNote, Log},
    note::{self, NoteFile, tag::TagRules},
};
use anyhow::Result;
use rayon::prelude::*;
use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// The log as last read, with what is needed to read only changed files again.
pub struct LogCache {
    spec: Arc<LogSpec>,
    identity: u64,
    log: Option<Arc<Log>>,
    /// Records of the notes' files, in the order of the log.
    records: Vec<FileRecord>,
    /// Series of each source's file names, once computed.
    series: Vec<Option<Series>>,
    /// Days that git reported last, so that reading again does not show dated notes as undated first.
    days: FirstCommitDays,
    has_asked_git: bool,
    stored: Option<StoredSnapshot>,
}

/// The snapshot on the disk.
struct StoredSnapshot {
    /// The log it holds.
    log: Arc<Log>,
    notes: Arc<StoredNotes>,
    /// Number of files whose stored stamps were fresh, and have settled since.
    settled: usize,
}

/// Bytes of a snapshot that is rewritten at every change: that takes a few milliseconds.
const LIGHT: u64 = 8 << 20;
/// Fraction of all notes, as its denominator, that must have changed before a larger snapshot is
/// rewritten.
const SHARE: usize = 64;

impl LogCache {
    /// Opens the cache as an earlier run left it in the snapshot in `folder`; empty without a
    /// snapshot, or with one that is damaged, older, or of other sources or rules.
    pub fn open(spec: Arc<LogSpec>, folder: Option<&Path>) -> LogCache {
        let identity = spec.identity();
        let mut cache = LogCache {
            spec,
            identity,
            log: None,
            records: Vec::new(),
            series: Vec::new(),
            days: FirstCommitDays::new(),
            has_asked_git: false,
            stored: None,
        };
        if let Some(snapshot) = folder.and_then(|folder| SnapshotFile::existing(folder, identity)) {
            cache.restore(snapshot);
        }
        cache
    }

    /// Takes over the log of `snapshot`; changes nothing and returns `None` if it is damaged.
    fn restore(&mut self, snapshot: SnapshotFile) -> Option<()> {
        let (head, packed_records) = snapshot.head()?;
        let records = file_record::unpack(&packed_records)?;
        let notes = Arc::new(StoredNotes::new(self.spec.clone(), snapshot));
        let log = Arc::new(head.log(Box::new(notes.clone()))?);
        if records.len() != log.notes().len() {
            return None;
        }
        for note in log.notes() {
            if let (read, Some(day)) = note.without_git_date() {
                self.days.insert((read.source().to_owned(), read.exact_path().to_owned()), day);
            }
        }
        self.stored = Some(StoredSnapshot { log: log.clone(), notes, settled: 0 });
        self.log = Some(log);
        self.records = records;
        Some(())
    }

    pub fn origin(&self) -> &Origin {
        &self.spec.origin
    }

    pub fn rules(&self) -> &TagRules {
        self.spec.rules()
    }

    /// Folder of this log's index; none where the platform has no cache folder.
    pub fn folder(&self) -> Option<PathBuf> {
        self.spec.folder()
    }

    /// The log as last read, by this run or an earlier one; later changes of files are not in it.
    pub fn log(&self) -> Option<Arc<Log>> {
        self.log.clone()
    }

    /// Returns true if `index` is known to hold exactly the cached log.
    pub fn is_of(&self, index: &Index) -> bool {
        let (Some(stored), Some(log)) = (&self.stored, &self.log) else { return false };
        Arc::ptr_eq(log, &stored.log) && stored.notes.file.is_of(index)
    }

    /// Reads what has changed and asks git about undated notes.
    ///
    /// # Errors
    ///
    /// The same as for [`LogCache::read`].
    pub fn refresh(&mut self) -> Result<Arc<Log>> {
        self.read()?;
        self.apply_git_dates();
        Ok(self.log().unwrap_or_default())
    }

    /// Reads what has changed, with the dates that git reported last. `None` when nothing has.
    ///
    /// # Errors
    ///
    /// When a source cannot be opened any more. What is wrong with single files is a Problem of their notes.
    pub fn read(&mut self) -> Result<Option<Arc<Log>>> {
        let spec = self.spec.clone();
        let Origin::Sources(sources) = &spec.origin else { return Ok(self.read_sample()) };
        let log = self.log.clone().unwrap_or_default();
        let listings = self.list(sources, &log)?;
        let (notes, records) = self.read_files(&listings, &log);
        self.series = listings.into_iter().map(|listing| listing.series.into_inner()).collect();
        self.set_records(records);
        if self.log.is_some() && log.has_same_notes(&notes) {
            return Ok(None);
        }
        let notes = LazyNote::with_git_dates(&notes, &self.days).unwrap_or(notes);
        notes.par_iter().for_each(LazyNote::warm_up);
        Ok(Some(self.set_log(Log::of(notes, spec.rules()))))
    }

    /// Reads the notes in the listed files, on all cores; unchanged ones are those of `log`.
    fn read_files(&self, listings: &[SourceListing<'_>], log: &Log) -> (Vec<LazyNote>, Vec<FileRecord>) {
        let mut files: Vec<(&SourceListing<'_>, &SourceFile)> = Vec::new();
        for listing in listings {
            for file in &listing.files {
                files.push((listing, file));
            }
        }
        let known = known_notes(log.notes(), &files);
        let read = |((listing, file), known): (&(&SourceListing<'_>, &SourceFile), Option<usize>)| {
            let known = known.map(|number| (&log.notes()[number], self.records[number]));
            listing.read(file, known, &self.spec)
        };
        files.par_iter().zip(known).map(read).unzip()
    }

    fn read_sample(&mut self) -> Option<Arc<Log>> {
        if self.log.is_some() {
            return None;
        }
        let log = Log::new(source::sample(self.spec.rules()), self.spec.rules());
        self.records = vec![FileRecord::default(); log.notes().len()];
        Some(self.set_log(log))
    }

    /// Lists the files of all sources; `log` is what was read from them last.
    fn list<'s>(&mut self, sources: &'s [Source], log: &Log) -> Result<Vec<SourceListing<'s>>> {
        let files: Vec<Vec<SourceFile>> = sources.iter().map(source::files).collect::<Result<_, _>>()?;
        let mut series = std::mem::take(&mut self.series).into_iter();
        let mut listings = Vec::with_capacity(sources.len());
        for (source, files) in sources.iter().zip(files) {
            listings.push(SourceListing::new(source, files, series.next().flatten(), log));
        }
        Ok(listings)
    }

    fn set_records(&mut self, records: Vec<FileRecord>) {
        if let Some(stored) = &mut self.stored {
            for (before, now) in self.records.iter().zip(&records) {
                stored.settled += usize::from(!before.is_settled() && now.is_settled());
            }
        }
        self.records = records;
    }

    /// Asks git for the days of notes that nothing else dates. `None` when that changes nothing.
    pub fn apply_git_dates(&mut self) -> Option<Arc<Log>> {
        let log = self.log.clone()?;
        // Days that an earlier run stored may have changed: the first time, git is asked about all.
        let is_first = !std::mem::replace(&mut self.has_asked_git, true);
        let mut undated = Vec::new();
        for note in log.notes() {
            let note = if is_first { note.without_git_date().0 } else { note };
            if !note.is_dated() {
                undated.push(note);
            }
        }
        let days = git::days(&undated, &self.spec.origin);
        if is_first {
            self.days = days;
        } else {
            self.days.extend(days);
        }
        let notes = LazyNote::with_git_dates(log.notes(), &self.days)?;
        Some(self.set_log(Log::of(notes, self.spec.rules())))
    }

    fn set_log(&mut self, log: Log) -> Arc<Log> {
        self.log.insert(Arc::new(log)).clone()
    }

    /// Stores the log for later runs beside `index`, which must hold exactly this log. A large log
    /// is stored only when that saves reading many files: a later run finds and reads the others.
    ///
    /// # Errors
    ///
    /// The same as for [`Index::keep`].
    pub fn keep(&mut self, index: &Index, folder: &Path) -> Result<(), IndexError> {
        let Some(log) = self.log.clone().filter(|log| self.is_worth_keeping(log, index)) else { return Ok(()) };
        index.keep(&log, self.identity, &file_record::pack(&self.records))?;
        self.stored = SnapshotFile::existing(folder, self.identity).map(|snapshot| StoredSnapshot {
            log,
            notes: Arc::new(StoredNotes::new(self.spec.clone(), snapshot)),
            settled: 0,
        });
        Ok(())
    }

    fn is_worth_keeping(&self, log: &Arc<Log>, index: &Index) -> bool {
        let Some(stored) = &self.stored else { return true };
        if stored.notes.is_damaged() {
            return true;
        }
        if stored.notes.file.size <= LIGHT {
            return stored.settled > 0 || !Arc::ptr_eq(log, &stored.log) || !stored.notes.file.is_of(index);
        }
        let before: HashSet<usize> = stored.log.notes().iter().map(LazyNote::address).collect();
        let changed = log.notes().iter().filter(|note| !before.contains(&note.address())).count();
        let gone = before.len().saturating_sub(log.notes().len());
        (changed + gone + stored.settled) * SHARE > log.notes().len()
    }
}

/// A source with the files found in it now.
struct SourceListing<'s> {
    source: &'s Source,
    /// Name of the source in its notes.
    name: String,
    files: Vec<SourceFile>,
    /// Series of the last reading, if the file names have changed since.
    series_before: Option<Series>,
    /// Series of `files`, once computed: always, if the file names have changed.
    series: OnceLock<Series>,
}

impl<'s> SourceListing<'s> {
    /// Compares `files` with those `log` was read from; `known` is the series of the latter, if it
    /// was computed.
    fn new(source: &'s Source, files: Vec<SourceFile>, known: Option<Series>, log: &Log) -> SourceListing<'s> {
        let name = source.shown_name().into_owned();
        let paths_before = || log.notes().iter().filter(|note| note.source() == name).map(LazyNote::exact_path);
        let is_unchanged = paths_before().eq(files.iter().map(|file| file.path.as_str()));
        let (series_before, series) = if is_unchanged {
            (None, known.map(OnceLock::from).unwrap_or_default())
        } else {
            let before = known.unwrap_or_else(|| Series::of(paths_before()).with_weeks(source.weeks()));
            (Some(before), source::series(source, &files).into())
        };
        SourceListing { source, name, files, series_before, series }
    }

    fn series(&self) -> &Series {
        self.series.get_or_init(|| source::series(self.source, &self.files))
    }

    /// Returns true if `note` was read from the place of `file`.
    fn is_place_of(&self, file: &SourceFile, note: &LazyNote) -> bool {
        note.source() == self.name && note.exact_path() == file.path
    }

    /// Returns true if `note`, read from the place of `file` before, would be dated the same now.
    fn reads_same(&self, file: &SourceFile, note: &LazyNote) -> bool {
        match (&self.series_before, self.series.get()) {
            (Some(before), Some(now)) => now.reads_same(before, &file.path, || note.peek().dated),
            _ => true,
        }
    }

    /// Reads the note in `file`: the known one, if the file is as it was then.
    fn read(
        &self,
        file: &SourceFile,
        known: Option<(&LazyNote, FileRecord)>,
        spec: &LogSpec,
    ) -> (LazyNote, FileRecord) {
        let known = known.filter(|(note, _)| self.reads_same(file, note.without_git_date().0));
        let stamp = FileStamp::of(&file.file);
        if let Some((note, record)) = known
            && record.is_proved_by(stamp)
        {
            return (note.clone(), record);
        }
        let note_file = |bytes| NoteFile { source: &self.source.name, path: &file.path, bytes };
        let bytes = match source::bytes(file) {
            Ok(bytes) => bytes,
            Err(problem) => {
                return (Arc::new(note::unread(note_file(&[]), problem)).into(), FileRecord::default());
            }
        };
        let record = FileRecord::new(stamp, &bytes);
        if let Some((note, before)) = known
            && before.has_bytes_of(record)
        {
            return (note.clone(), record);
        }
        let note = note::read(note_file(&bytes), self.series(), self.source.entries(), spec.rules());
        (Arc::new(note).into(), record)
    }
}

/// Finds for each file the number of the note that was read from it.
fn known_notes(notes: &[LazyNote], files: &[(&SourceListing<'_>, &SourceFile)]) -> Vec<Option<usize>> {
    let is_same = notes.len() == files.len()
        && notes.iter().zip(files).all(|(note, (listing, file))| listing.is_place_of(file, note));
    if is_same {
        return (0..notes.len()).map(Some).collect();
    }
    let mut numbers: HashMap<(&str, &str), Option<usize>> = HashMap::with_capacity(notes.len());
    for (at, note) in notes.iter().enumerate() {
        // Names that are not valid text may look alike: such files are always read.
        let place = (note.source(), note.exact_path());
        numbers.entry(place).and_modify(|number| *number = None).or_insert(Some(at));
    }
    let mut known = Vec::with_capacity(files.len());
    for (listing, file) in files {
        let place = (listing.name.as_str(), file.path.as_str());
        known.push(numbers.get(&place).copied().flatten());
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::fs;

    /// Paths of the notes of `log` that are the very ones of `before`.
    fn kept(log: &Log, before: &Log) -> Vec<String> {
        let is_kept = |note: &&LazyNote| before.notes().iter().any(|old| old.ptr_eq(note));
        log.notes().iter().filter(is_kept).map(|note| note.exact_path().to_owned()).collect()
    }

    fn spec_of(folder: &Path) -> Arc<LogSpec> {
        let config = Config::default();
        Arc::new(LogSpec::new(Origin::new(vec![folder.to_owned()], &config).expect("an origin"), &config))
    }

    #[test]
    fn cache_reads_only_changed_files_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        write("2023-week10.md", "- 甲\n");
        write("2023-week11.md", "- 乙\n");
        write("week12.md", "- 丙\n");
        let mut cache = LogCache::open(spec_of(folder.path()), None);
        let mut read = || {
            let before = cache.log().unwrap_or_default();
            let log = cache.read().expect("a log");
            (kept(&cache.log().expect("a log"), &before), log)
        };
        assert_eq!(read().0, [""; 0]);
        let (all, log) = read();
        assert_eq!(
            (all, log.is_none()),
            (["2023-week10.md", "2023-week11.md", "week12.md"].map(String::from).into(), true)
        );
        // The same size and, as far as clocks tell, the same time: only the bytes can tell.
        write("2023-week10.md", "- 丁\n");
        assert_eq!(read().0, ["2023-week11.md", "week12.md"]);
        write("2023-week10.md", "- 戊\n");
        let (same, log) = read();
        assert_eq!(same, ["2023-week11.md", "week12.md"]);
        assert!(log.expect("another log").entries().any(|entry| entry.plain() == "戊"));
        // What its neighbours date is read again when they change, and only that.
        fs::remove_file(folder.path().join("2023-week11.md")).expect("removed");
        write("2023-week10.md", "- 戊\n");
        let (same, log) = read();
        assert_eq!(same, ["2023-week10.md"]);
        assert_eq!(log.expect("another log").notes()[1].load().dated, None, "one year is no series");
    }
}
