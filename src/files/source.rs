//! Sources: folders, files and archives of notes, read into a [`Log`].
//!
//! The only place that walks folders and opens notes, for reading only. A file that cannot be read
//! becomes a note with a Problem; the rest of the log is unaffected. Knows neither what was read
//! before nor what git knows.

use super::archive::{self, ArchiveError, NoteBytes};
use crate::{
    config::{self, Config},
    date::{Series, WeekRule},
    log::{LazyNote, Log},
    markup::dialect::{is_note, note_endings},
    note::{self, EntryRule, LARGEST, Note, NoteFile, tag::TagRules},
    text::problem::{Code, Problem},
};
use ignore::{WalkBuilder, gitignore::Gitignore};
use include_dir::{Dir, include_dir};
use rayon::prelude::*;
use std::{
    borrow::Cow,
    fs,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

/// The notes of the sample log.
static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/sample");

/// Notes that cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("cannot open the notes at {}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("cannot use the patterns of {name}")]
    Patterns { name: String, source: ignore::Error },
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("cannot read standard input")]
    Input(#[source] io::Error),
    #[error("standard input is larger than {} MB, the limit for a note", LARGEST >> 20)]
    InputTooLarge,
    #[error("no notes in {origin}: looked for files ending in .{endings}")]
    Empty { origin: String, endings: String },
}

impl SourceError {
    /// Advice for the user, as one imperative sentence.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            SourceError::Open { .. } => {
                Some("check the path given to sennight, --log, SENNIGHT_LOG or the configuration")
            }
            SourceError::Patterns { .. } => Some("correct the pattern in the configuration"),
            SourceError::Archive(error) => error.hint(),
            SourceError::Input(_) => None,
            SourceError::InputTooLarge => Some("save it as several files, and open their folder"),
            SourceError::Empty { .. } => Some("give the folder of your notes: sennight ~/notes"),
        }
    }
}

/// A folder, file or archive of notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub path: PathBuf,
    /// Name of the source in the log, different from those of other sources.
    pub name: String,
    /// Settings from [`config::SourceConfig`].
    include: Vec<String>,
    exclude: Vec<String>,
    entries: EntryRule,
    weeks: WeekRule,
    /// Bytes of standard input, if that is the source.
    input: Option<Arc<[u8]>>,
}

/// Path that means standard input.
const INPUT: &str = "-";

impl Source {
    pub(super) fn weeks(&self) -> WeekRule {
        self.weeks
    }

    pub(super) fn entries(&self) -> EntryRule {
        self.entries
    }

    /// Name of the source as its notes have it: cleaned for the terminal.
    pub fn shown_name(&self) -> Cow<'_, str> {
        crate::text::clean_line(&self.name)
    }

    /// Returns true if the notes are no files of their own, but in an archive or from standard input.
    pub(super) fn is_packed(&self) -> bool {
        self.input.is_some() || archive::is_archive(&self.path)
    }

    /// Makes the source at `path`, with the first settings in `config` for the same place.
    pub(super) fn new(path: PathBuf, config: &Config) -> Source {
        let place = canonical(&path);
        let known = config.known().find(|known| canonical(Path::new(&known.path)) == place);
        let known = known.cloned().unwrap_or_default();
        Source {
            name: known.name.unwrap_or_else(|| name(&path)),
            include: known.include,
            exclude: known.exclude,
            entries: known.entries,
            weeks: known.week_rule.unwrap_or(config.week_rule),
            input: None,
            path,
        }
    }

    /// Reads standard input to its end.
    fn standard_input(config: &Config) -> Result<Source, SourceError> {
        let mut bytes = Vec::new();
        io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).map_err(SourceError::Input)?;
        if bytes.len() as u64 > LARGEST {
            return Err(SourceError::InputTooLarge);
        }
        Ok(Source { input: Some(bytes.into()), name: "input".to_owned(), ..Source::new(INPUT.into(), config) })
    }
}

/// Resolves links and relative parts of a path that exists.
fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The places a log is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// These folders and files, in this order; no two have the same name.
    Sources(Vec<Source>),
    /// The sample log built into the program.
    Sample,
}

impl Origin {
    /// Makes sources of the given paths, with the settings of `config` for them; the sample log when
    /// there are no paths. Reads standard input if it is one of them.
    ///
    /// # Errors
    ///
    /// When one of the paths cannot be opened.
    pub fn new(paths: Vec<PathBuf>, config: &Config) -> Result<Origin, SourceError> {
        if paths.is_empty() {
            return Ok(Origin::Sample);
        }
        let mut sources: Vec<Source> = Vec::new();
        for path in paths {
            let source = if path.as_os_str() == INPUT {
                Source::standard_input(config)?
            } else {
                metadata(&path)?;
                Source::new(path, config)
            };
            let name = free_name(&source.name, &sources);
            sources.push(Source { name, ..source });
        }
        Ok(Origin::Sources(sources))
    }

    /// Text for the screen: the paths, with `~` for the home folder.
    pub fn shown(&self) -> String {
        let Origin::Sources(sources) = self else { return "the sample log".to_owned() };
        let mut names = Vec::with_capacity(sources.len());
        for source in sources {
            names.push(if source.input.is_some() { "standard input".to_owned() } else { shown(&source.path) });
        }
        names.join(", ")
    }

    /// The same origin with canonical paths, which do not depend on the current folder.
    #[must_use]
    pub(super) fn absolute(&self) -> Origin {
        let Origin::Sources(sources) = self else { return Origin::Sample };
        let absolute = |source: &Source| Source { path: canonical(&source.path), ..source.clone() };
        Origin::Sources(sources.iter().map(absolute).collect())
    }

    /// Name of this log's folder in the cache: the same for the same sources.
    pub fn id(&self) -> String {
        let named = match self.absolute() {
            Origin::Sample => "sample".to_owned(),
            Origin::Sources(sources) => {
                let paths = sources.iter().map(|source| source.path.to_string_lossy().into_owned());
                paths.collect::<Vec<_>>().join("\0")
            }
        };
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(named.as_bytes()))
    }

    /// File a note was read from; none for the sample log, archives and standard input.
    pub fn file_of(&self, note: &Note) -> Option<PathBuf> {
        let source = self.source_of(note).filter(|source| !source.is_packed())?;
        let path = &source.path;
        Some(if path.is_dir() { path.join(note.exact_path()) } else { path.clone() })
    }

    /// Folder that contains the files of a note's source; none where [`Origin::file_of`] has none.
    pub fn folder_of(&self, note: &Note) -> Option<PathBuf> {
        let source = self.source_of(note).filter(|source| !source.is_packed())?;
        if source.path.is_dir() {
            return Some(source.path.clone());
        }
        // The path of the file may have no parent: `a.md`.
        fs::canonicalize(&source.path).ok()?.parent().map(Path::to_owned)
    }

    /// Place of a note for messages: its file, or its path below an archive.
    pub fn place_of(&self, note: &Note) -> String {
        let archive = self.source_of(note).filter(|source| source.input.is_none());
        let place = self.file_of(note).or_else(|| Some(archive?.path.join(&note.path)));
        place.map_or_else(|| note.path.clone(), |place| place.to_string_lossy().into_owned())
    }

    fn source_of(&self, note: &Note) -> Option<&Source> {
        let Origin::Sources(sources) = self else { return None };
        sources.iter().find(|source| source.shown_name() == note.source)
    }
}

/// Numbers `name` if one of `sources` has it already.
fn free_name(name: &str, sources: &[Source]) -> String {
    let mut free = name.to_owned();
    let mut number = 2;
    while sources.iter().any(|other| other.name == free) {
        free = format!("{name} ({number})");
        number += 1;
    }
    free
}

fn shown(path: &Path) -> String {
    let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    let under_home = home.as_deref().and_then(|home| path.strip_prefix(home).ok());
    let text = match under_home {
        Some(rest) => Path::new("~").join(rest).to_string_lossy().into_owned(),
        None => path.to_string_lossy().into_owned(),
    };
    crate::text::clean_line(&text).into_owned()
}

/// Default name of the source at a path: the last part of the path.
fn name(path: &Path) -> String {
    canonical(path).file_name().map_or_else(|| "notes".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A file of a source, to be read.
pub(super) struct SourceFile {
    /// Path relative to the source, with `/` as separator.
    pub path: String,
    pub file: PathBuf,
    /// Bytes of the note, if it is no file of its own.
    held: Option<NoteBytes>,
}

/// Reads all notes of `origin` from their files, on all cores.
///
/// # Errors
///
/// When a source cannot be opened any more. What is wrong with single files is a Problem of their notes.
pub fn read(origin: &Origin, rules: &TagRules) -> Result<Log, SourceError> {
    let Origin::Sources(sources) = origin else { return Ok(Log::new(sample(rules), rules)) };
    let mut notes = Vec::new();
    for source in sources {
        let files = files(source)?;
        let series = series(source, &files);
        let read = |found: &SourceFile| {
            let file = |bytes| NoteFile { source: &source.name, path: &found.path, bytes };
            let note = LazyNote::from(Arc::new(match bytes(found) {
                Ok(bytes) => note::read(file(&bytes), &series, source.entries, rules),
                Err(problem) => note::unread(file(&[]), problem),
            }));
            note.warm_up();
            note
        };
        notes.par_extend(files.par_iter().map(read));
    }
    Ok(Log::of(notes, rules))
}

/// Makes the series of a source's file names, which date each other.
pub(super) fn series(source: &Source, files: &[SourceFile]) -> Series {
    Series::of(files.iter().map(|found| found.path.as_str())).with_weeks(source.weeks)
}

/// Reads the bytes of a note, in a file of its own or not.
pub(super) fn bytes(found: &SourceFile) -> Result<Cow<'_, [u8]>, Problem> {
    let file = &found.file;
    if let Some(held) = &found.held {
        return held.as_deref().map(Cow::Borrowed).map_err(Clone::clone);
    }
    let unreadable = |error: &io::Error| Problem::new(0, Code::Unreadable, format!("cannot be read: {error}"));
    let size = fs::metadata(file).map_err(|error| unreadable(&error))?.len();
    if size > LARGEST {
        let message = format!("{} MB are more than a note: only files up to {} MB are read", size >> 20, LARGEST >> 20);
        return Err(Problem::new(0, Code::TooLarge, message));
    }
    fs::read(file).map(Cow::Owned).map_err(|error| unreadable(&error))
}

/// Lists the notes of `source`: the file itself, or the files below a folder that are not hidden, not
/// ignored by git and not excluded. Links are followed, but not in circles.
pub(super) fn files(source: &Source) -> Result<Vec<SourceFile>, SourceError> {
    let root = &source.path;
    if let Some(input) = &source.input {
        return Ok(vec![SourceFile { path: "input.md".to_owned(), file: root.clone(), held: Some(Ok(input.clone())) }]);
    }
    if archive::is_archive(root) {
        return files_of_archive(root);
    }
    if metadata(root)?.is_dir() {
        return files_of_folder(source);
    }
    let path = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(vec![SourceFile { path, file: root.clone(), held: None }])
}

fn metadata(path: &Path) -> Result<fs::Metadata, SourceError> {
    fs::metadata(path).map_err(|source| SourceError::Open { path: path.to_owned(), source })
}

fn files_of_archive(root: &Path) -> Result<Vec<SourceFile>, SourceError> {
    let mut files = Vec::new();
    for member in archive::notes(root)? {
        files.push(SourceFile { file: root.join(&member.path), path: member.path, held: Some(member.bytes) });
    }
    Ok(files)
}

fn files_of_folder(source: &Source) -> Result<Vec<SourceFile>, SourceError> {
    let root = &source.path;
    let include = patterns(source, &source.include)?;
    let exclude = patterns(source, &source.exclude)?;
    let mut walk = WalkBuilder::new(root);
    walk.follow_links(true).require_git(false).sort_by_file_path(Ord::cmp);
    let base = root.clone();
    walk.filter_entry(move |entry| {
        let path = entry.path().strip_prefix(&base).unwrap_or(entry.path());
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        path.as_os_str().is_empty() || !exclude.matched(path, is_folder).is_ignore()
    });
    let mut found = Vec::new();
    for entry in walk.build().filter_map(Result::ok) {
        // The type is that of a link's target.
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        let file = entry.into_path();
        let path = file.strip_prefix(root).unwrap_or(&file);
        if is_file && (is_note(&file.to_string_lossy()) || include.matched(path, false).is_ignore()) {
            let path = slashed(path);
            found.push(SourceFile { path, file, held: None });
        }
    }
    Ok(found)
}

/// Compiles patterns of the configuration for `source`.
fn patterns(source: &Source, patterns: &[String]) -> Result<Gitignore, SourceError> {
    config::patterns(patterns).map_err(|error| SourceError::Patterns { name: source.name.clone(), source: error })
}

/// Writes a relative path with `/` as separator.
fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Reads the notes of the sample log.
pub(super) fn sample(rules: &TagRules) -> Vec<Arc<Note>> {
    let mut files: Vec<(String, &[u8])> = Vec::new();
    collect_files(&SAMPLE, &mut files);
    files.sort();
    let series = Series::of(files.iter().map(|(path, _)| path.as_str()));
    let read = |(path, bytes): &(String, &[u8])| {
        Arc::new(note::read(NoteFile { source: "sample", path, bytes }, &series, EntryRule::Auto, rules))
    };
    files.iter().map(read).collect()
}

fn collect_files(folder: &Dir<'static>, files: &mut Vec<(String, &'static [u8])>) {
    for file in folder.files().filter(|file| is_note(&file.path().to_string_lossy())) {
        files.push((file.path().to_string_lossy().replace('\\', "/"), file.contents()));
    }
    for folder in folder.dirs() {
        collect_files(folder, files);
    }
}

/// Checks that `log`, which was read from `origin`, has notes.
///
/// # Errors
///
/// [`SourceError::Empty`] when it has none.
pub fn require_notes(log: &Log, origin: &Origin) -> Result<(), SourceError> {
    if !log.notes().is_empty() {
        return Ok(());
    }
    let endings = note_endings().collect::<Vec<_>>().join(", .");
    Err(SourceError::Empty { origin: origin.shown(), endings })
}
