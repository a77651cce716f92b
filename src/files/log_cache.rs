//! The notes of an origin as they were last read, in this run or in an earlier one.
//!
//! A file that has not changed since is not read again. What an earlier run has read lies in the
//! snapshot beside the index, and is shown at once; whether it still holds is told by a look at
//! every file: its size and times and, where those cannot be trusted, its bytes.

use super::{
    git, paths,
    source::{self, Origin, Source, SourceFile},
};
use crate::{
    config::Config,
    date::{FirstCommitDays, Series},
    index::{Index, IndexError, SnapshotFile},
    log::{
        LazyNote, Log,
        snapshot::{self, ColumnWriter, NoteStore},
    },
    note::{self, Note, NoteFile, tag::TagRules},
};
use anyhow::Result;
use rayon::prelude::*;
use std::{
    collections::{HashMap, HashSet},
    env, fs,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// What a log is made of: where it is read from, and how it is understood.
#[derive(Debug)]
pub struct LogSpec {
    pub origin: Origin,
    rules: String,
    made: OnceLock<TagRules>,
}

impl LogSpec {
    pub fn new(origin: Origin, config: &Config) -> LogSpec {
        LogSpec { origin, rules: config.rules_text(), made: OnceLock::new() }
    }

    /// The topic rules. Making them takes longer than the first frame: they are made when they
    /// are needed.
    pub fn rules(&self) -> &TagRules {
        // Unsound rules were said when the configuration was read.
        self.made.get_or_init(|| TagRules::parse(&self.rules).unwrap_or_else(|_| TagRules::built_in()))
    }

    /// Tells what would understand notes otherwise: rules, sources, and the program, which may
    /// have been built anew under the same version.
    fn identity(&self) -> u64 {
        let mut hasher = Xxh3::new();
        let program = env::current_exe().and_then(fs::metadata).map(|data| (data.len(), data.modified().ok()));
        let parts = [
            format!("{} {} {program:?}", env!("CARGO_PKG_VERSION"), snapshot::VERSION),
            format!("{:?}", self.origin.absolute()),
            self.rules.clone(),
        ];
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.digest()
    }

    /// The folder of this log's index.
    pub fn folder(&self) -> Option<PathBuf> {
        Some(paths::cache()?.join("index").join(self.origin.id()))
    }
}

/// See the module.
pub struct LogCache {
    making: Arc<LogSpec>,
    identity: u64,
    log: Option<Arc<Log>>,
    /// How the files of its notes were found, in the order of the log.
    files: Vec<FileRecord>,
    /// For each source what its file names say together, once it was asked.
    series: Vec<Option<Series>>,
    /// What git said last, so that reading again does not show dated notes without dates first.
    days: FirstCommitDays,
    has_asked_git: bool,
    stored: Option<StoredSnapshot>,
}

/// What is known of the snapshot that is there.
struct StoredSnapshot {
    log: Arc<Log>,
    /// The commit of the index that is of just this log.
    snapshot: Arc<StoredNotes>,
    /// Files whose times said nothing at the last look.
    unsure: usize,
}

/// A file as it was when its note was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct FileRecord {
    /// `None` when it could not be read.
    stamp: Option<FileStamp>,
    /// Hash of its bytes.
    hash: u64,
}

/// What a file looks like from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FileStamp {
    size: u64,
    /// Nanoseconds since 1970 of its last writing and, where the system tells, of the last change
    /// of anything about it, which no program can set.
    times: [i64; 2],
    /// It was read so soon after it was written that a second writing could look the same.
    is_fresh: bool,
}

/// How long after a writing another may carry the same time: FAT counts two seconds.
const TICK: Duration = Duration::from_secs(2);

/// Bytes of a snapshot that is written anew at every change: it takes a few milliseconds.
const LIGHT: u64 = 8 << 20;
/// Of a larger one so many notes must have changed, as a part of all.
const SHARE: usize = 64;

impl FileStamp {
    /// `None` when it is no file that can be looked at.
    fn of(file: &Path) -> Option<FileStamp> {
        let data = fs::metadata(file).ok().filter(fs::Metadata::is_file)?;
        let modified = data.modified().ok()?;
        let times = [nanoseconds(modified), changed(&data)];
        let now = nanoseconds(SystemTime::now());
        let is_fresh = times.iter().any(|time| now.saturating_sub(*time) < TICK.as_nanos() as i64);
        Some(FileStamp { size: data.len(), times, is_fresh })
    }

    /// Whether a file that looked like this and looks like `now` is the same.
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

impl LogCache {
    /// The shelf as an earlier run left it in the snapshot in `folder`; empty without one, and
    /// with one that is damaged, older or of other sources or rules.
    pub fn open(making: Arc<LogSpec>, folder: Option<&Path>) -> LogCache {
        let identity = making.identity();
        let mut shelf = LogCache {
            making,
            identity,
            log: None,
            files: Vec::new(),
            series: Vec::new(),
            days: FirstCommitDays::new(),
            has_asked_git: false,
            stored: None,
        };
        let found = folder.and_then(|folder| SnapshotFile::existing(folder, identity));
        found.and_then(|found| shelf.take(found));
        shelf
    }

    /// Takes the log of a snapshot, if that is one.
    fn take(&mut self, found: SnapshotFile) -> Option<()> {
        let (tables, aside) = found.head()?;
        let files = unpacked(&aside)?;
        let found = Arc::new(StoredNotes::new(self.making.clone(), found));
        let log = tables.log(Box::new(found.clone()))?;
        if files.len() != log.notes().len() {
            return None;
        }
        let day = |note: &LazyNote| {
            let (read, day) = note.without_git_date();
            Some(((read.source().to_owned(), read.exact_path().to_owned()), day?))
        };
        self.days = log.notes().iter().filter_map(day).collect();
        let log = Arc::new(log);
        self.stored = Some(StoredSnapshot { log: log.clone(), snapshot: found, unsure: 0 });
        (self.log, self.files) = (Some(log), files);
        Some(())
    }

    pub fn origin(&self) -> &Origin {
        &self.making.origin
    }

    pub fn rules(&self) -> &TagRules {
        self.making.rules()
    }

    /// The folder of this log's index.
    pub fn folder(&self) -> Option<PathBuf> {
        self.making.folder()
    }

    /// What was read last, or by an earlier run: what has changed since is not looked at.
    pub fn log(&self) -> Option<Arc<Log>> {
        self.log.clone()
    }

    /// Whether `index` is known to be of just the log on the shelf.
    pub fn is_of(&self, index: &Index) -> bool {
        let is_stored = |stored: &&StoredSnapshot| self.log.as_ref().is_some_and(|log| Arc::ptr_eq(log, &stored.log));
        self.stored.as_ref().filter(is_stored).is_some_and(|stored| stored.snapshot.file.is_of(index))
    }

    /// The log as it is now, with what git says of it.
    ///
    /// # Errors
    ///
    /// As [`LogCache::read`].
    pub fn refresh(&mut self) -> Result<Arc<Log>> {
        self.read()?;
        self.apply_git_dates();
        Ok(self.log().unwrap_or_default())
    }

    /// Reads what has changed, with the dates that git said last. `None` when that is nothing.
    ///
    /// # Errors
    ///
    /// When a given path has vanished. What is wrong with single files is a Problem of their notes.
    pub fn read(&mut self) -> Result<Option<Arc<Log>>> {
        let making = self.making.clone();
        let Origin::Sources(sources) = &making.origin else { return Ok(self.sample()) };
        let found: Vec<Vec<SourceFile>> = sources.iter().map(source::files).collect::<Result<_>>()?;
        let mut files: Vec<(usize, &SourceFile)> = Vec::new();
        found.iter().enumerate().for_each(|(of, found)| files.extend(found.iter().map(|found| (of, found))));
        let names: Vec<String> = sources.iter().map(|source| source.shown_name().into_owned()).collect();
        let log = self.log.clone().unwrap_or_default();
        let known = known(log.notes(), &files, &names);
        let sides = self.source_series(sources, &found, &names, &log);
        let read = |(at, (of, file)): (usize, &(usize, &SourceFile))| {
            let side = &sides[*of];
            let same = |known: &usize| side.reads_same(file, log.notes()[*known].without_git_date().0);
            let known = known[at].filter(same).map(|known| (&log.notes()[known], self.files[known]));
            read_one(&sources[*of], file, known, &|| (side.series(&sources[*of], &found[*of]), making.rules()))
        };
        let (notes, kept): (Vec<LazyNote>, Vec<FileRecord>) = files.par_iter().enumerate().map(read).unzip();
        self.series = sides.into_iter().map(|side| side.now.into_inner()).collect();
        if let Some(stored) = &mut self.stored {
            let settled = |(before, now): &(&FileRecord, &FileRecord)| !before.is_sure() && now.is_sure();
            stored.unsure += self.files.iter().zip(&kept).filter(settled).count();
        }
        self.files = kept;
        if self.log.is_some() && log.has_same_notes(&notes) {
            return Ok(None);
        }
        let notes = LazyNote::with_git_dates(&notes, &self.days).unwrap_or(notes);
        notes.par_iter().for_each(LazyNote::warm_up);
        Ok(Some(self.put(Log::of(notes, making.rules()))))
    }

    fn sample(&mut self) -> Option<Arc<Log>> {
        if self.log.is_some() {
            return None;
        }
        let log = Log::new(source::sample(self.making.rules()), self.making.rules());
        self.files = vec![FileRecord::default(); log.notes().len()];
        Some(self.put(log))
    }

    /// What the file names of each source say together, now and, where others are there, before.
    fn source_series(
        &mut self,
        sources: &[Source],
        found: &[Vec<SourceFile>],
        names: &[String],
        log: &Log,
    ) -> Vec<SourceSeries> {
        let mut series = std::mem::take(&mut self.series).into_iter();
        let side = |((source, found), name): ((&Source, &Vec<SourceFile>), &String)| {
            let series = series.next().flatten();
            let paths = || log.notes().iter().filter(|note| note.source() == name).map(LazyNote::exact_path);
            if paths().eq(found.iter().map(|found| found.path.as_str())) {
                return SourceSeries { before: None, now: series.map(OnceLock::from).unwrap_or_default() };
            }
            let before = series.unwrap_or_else(|| Series::of(paths()).with_weeks(source.weeks()));
            SourceSeries { before: Some(before), now: source::series(source, found).into() }
        };
        sources.iter().zip(found).zip(names).map(side).collect()
    }

    /// Asks git for the days of notes that nothing else dates. `None` when that changes nothing.
    pub fn apply_git_dates(&mut self) -> Option<Arc<Log>> {
        let log = self.log.clone()?;
        // What an earlier run was told may have changed: the first time git is asked for all.
        let again = std::mem::replace(&mut self.has_asked_git, true);
        let read = log.notes().iter().map(|note| if again { note } else { note.without_git_date().0 });
        let days = git::days(read.filter(|note| !note.is_dated()), &self.making.origin);
        if again {
            self.days.extend(days);
        } else {
            self.days = days;
        }
        let notes = LazyNote::with_git_dates(log.notes(), &self.days)?;
        Some(self.put(Log::of(notes, self.making.rules())))
    }

    fn put(&mut self, log: Log) -> Arc<Log> {
        self.log.insert(Arc::new(log)).clone()
    }

    /// Keeps the log on the shelf for later runs beside `index`, which is of just it. A large one
    /// is kept only when that saves reading many files: the others are found out and read.
    ///
    /// # Errors
    ///
    /// As [`Index::keep`].
    pub fn keep(&mut self, index: &Index, folder: &Path) -> Result<(), IndexError> {
        let Some(log) = self.log.clone().filter(|log| self.is_worth_keeping(log, index)) else { return Ok(()) };
        index.keep(&log, self.identity, &packed(&self.files))?;
        self.stored = SnapshotFile::existing(folder, self.identity).map(|snapshot| StoredSnapshot {
            log,
            snapshot: Arc::new(StoredNotes::new(self.making.clone(), snapshot)),
            unsure: 0,
        });
        Ok(())
    }

    fn is_worth_keeping(&self, log: &Arc<Log>, index: &Index) -> bool {
        let Some(stored) = &self.stored else { return true };
        if stored.snapshot.again.get().is_some() {
            return true;
        }
        if stored.snapshot.file.size <= LIGHT {
            return stored.unsure > 0 || !Arc::ptr_eq(log, &stored.log) || !stored.snapshot.file.is_of(index);
        }
        let before: HashSet<usize> = stored.log.notes().iter().map(LazyNote::address).collect();
        let changed = log.notes().iter().filter(|note| !before.contains(&note.address())).count();
        let gone = before.len().saturating_sub(log.notes().len());
        (changed + gone + stored.unsure) * SHARE > log.notes().len()
    }
}

/// The file names of a source.
struct SourceSeries {
    /// What they said before, where that may be something else.
    before: Option<Series>,
    now: OnceLock<Series>,
}

impl SourceSeries {
    fn series(&self, source: &Source, found: &[SourceFile]) -> &Series {
        self.now.get_or_init(|| source::series(source, found))
    }

    /// Whether `note`, read from `file` before, would be understood the same now.
    fn reads_same(&self, file: &SourceFile, note: &LazyNote) -> bool {
        match (&self.before, self.now.get()) {
            (Some(before), Some(now)) => now.reads_same(before, &file.path, || note.peek().dated),
            _ => true,
        }
    }
}

/// For each file the note that was read from it, by its number.
fn known(notes: &[LazyNote], files: &[(usize, &SourceFile)], names: &[String]) -> Vec<Option<usize>> {
    let name = |(of, file): &(usize, &SourceFile)| (names[*of].clone(), file.path.clone());
    let is = |(note, (of, file)): (&LazyNote, &(usize, &SourceFile))| {
        note.source() == names[*of] && note.exact_path() == file.path
    };
    if notes.len() == files.len() && notes.iter().zip(files).all(is) {
        return (0..notes.len()).map(Some).collect();
    }
    let mut numbers: HashMap<(String, String), Option<usize>> = HashMap::with_capacity(notes.len());
    for (at, note) in notes.iter().enumerate() {
        let place = (note.source().to_owned(), note.exact_path().to_owned());
        // Names that are no text may look alike: such files are always read.
        numbers.entry(place).and_modify(|number| *number = None).or_insert(Some(at));
    }
    files.iter().map(|file| numbers.get(&name(file)).copied().flatten()).collect()
}

/// The note in a file: the known one, if the file is as it was then.
fn read_one<'a>(
    source: &Source,
    found: &SourceFile,
    known: Option<(&LazyNote, FileRecord)>,
    how: &dyn Fn() -> (&'a Series, &'a TagRules),
) -> (LazyNote, FileRecord) {
    let stamp = FileStamp::of(&found.file);
    if let Some((note, kept)) = known
        && let (Some(then), Some(now)) = (kept.stamp, stamp)
        && then.proves_unchanged(now)
    {
        return (note.clone(), kept);
    }
    let file = |bytes| NoteFile { source: &source.name, path: &found.path, bytes };
    match source::bytes(found) {
        Ok(bytes) => {
            let kept = FileRecord { stamp, hash: xxh3_64(&bytes) };
            let same = known.filter(|(_, known)| known.stamp.is_some() && known.hash == kept.hash);
            let read = || {
                let (series, rules) = how();
                Arc::new(note::read(file(&bytes), series, source.entries(), rules)).into()
            };
            (same.map_or_else(read, |(note, _)| note.clone()), kept)
        }
        Err(problem) => (Arc::new(note::unread(file(&[]), problem)).into(), FileRecord::default()),
    }
}

impl FileRecord {
    fn is_sure(self) -> bool {
        self.stamp.is_some_and(|stamp| !stamp.is_fresh)
    }
}

/// Numbers of each file.
const PARTS: usize = 5;

fn packed(files: &[FileRecord]) -> Vec<u8> {
    let numbers = |kept: &FileRecord| {
        let state = kept.stamp.map_or(0, |stamp| 1 + u64::from(stamp.is_fresh));
        let (size, times) = kept.stamp.map_or((0, [0; 2]), |stamp| (stamp.size, stamp.times));
        [state, size, times[0] as u64, times[1] as u64, kept.hash]
    };
    let mut table = ColumnWriter::default();
    table.write_slice(&files.iter().map(numbers).collect::<Vec<_>>());
    table.0
}

fn unpacked(bytes: &[u8]) -> Option<Vec<FileRecord>> {
    let files: Vec<[u64; PARTS]> = snapshot::read_values(bytes)?;
    let kept = |[state, size, written, changed, hash]: &[u64; PARTS]| {
        let times = [*written as i64, *changed as i64];
        let stamp = (*state > 0).then_some(FileStamp { size: *size, times, is_fresh: *state > 1 });
        FileRecord { stamp, hash: *hash }
    };
    Some(files.iter().map(kept).collect())
}

/// A snapshot, and the notes themselves for when it is damaged.
struct StoredNotes {
    making: Arc<LogSpec>,
    file: SnapshotFile,
    /// All notes, once one was missing.
    again: OnceLock<Option<Log>>,
}

impl StoredNotes {
    fn new(making: Arc<LogSpec>, file: SnapshotFile) -> StoredNotes {
        StoredNotes { making, file, again: OnceLock::new() }
    }
}

impl NoteStore for Arc<StoredNotes> {
    fn read(&self, place: Range<u64>) -> Option<Vec<u8>> {
        self.file.read(place)
    }

    fn reread(&self, source: &str, path: &str) -> Option<Note> {
        let read = || source::read(&self.making.origin, self.making.rules()).ok();
        let log = self.again.get_or_init(read).as_ref()?;
        let note = log.notes().iter().find(|note| note.source() == source && note.exact_path() == path)?;
        Some(note.load().clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which notes of `log` are the very ones of `before`.
    fn kept(log: &Log, before: &Log) -> Vec<String> {
        let is_kept = |note: &&LazyNote| before.notes().iter().any(|old| old.ptr_eq(note));
        log.notes().iter().filter(is_kept).map(|note| note.exact_path().to_owned()).collect()
    }

    fn making(folder: &Path) -> Arc<LogSpec> {
        let config = Config::default();
        Arc::new(LogSpec::new(Origin::new(vec![folder.to_owned()], &config).expect("an origin"), &config))
    }

    #[test]
    fn only_what_has_changed_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        write("2023-week10.md", "- 甲\n");
        write("2023-week11.md", "- 乙\n");
        write("week12.md", "- 丙\n");
        let mut shelf = LogCache::open(making(folder.path()), None);
        let mut read = || {
            let before = shelf.log().unwrap_or_default();
            let log = shelf.read().expect("a log");
            (kept(&shelf.log().expect("a log"), &before), log)
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

    #[test]
    fn a_file_is_trusted_only_when_a_later_writing_would_show() {
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
        let files = [
            FileRecord { stamp: Some(known), hash: 7 },
            FileRecord::default(),
            FileRecord { stamp: Some(stamp(0, -1, i64::MAX, true)), hash: u64::MAX },
        ];
        assert_eq!(unpacked(&packed(&files)).as_deref(), Some(&files[..]));
        assert_eq!(unpacked(&packed(&files)[1..]), None);
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.md");
        fs::write(&file, "a").expect("a file");
        assert!(FileStamp::of(&file).is_some_and(|stamp| stamp.is_fresh));
        assert_eq!(FileStamp::of(folder.path()), None);
    }
}
