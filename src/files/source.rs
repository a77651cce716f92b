//! Reading sources: folders and files of notes become a [`Log`].
//!
//! The only place that walks folders and opens notes, and it opens them for reading only. What
//! cannot be read is a note with a Problem; the rest of the log is unaffected.

use super::archive::{self, ArchiveMember, NoteBytes};
use crate::{
    config::{self, Config},
    date::{Series, WeekRule},
    log::{LazyNote, Log},
    markup::dialect::{is_note, note_endings},
    note::{self, EntryRule, LARGEST, Note, NoteFile, tag::TagRules},
    text::problem::{Code, Problem},
};
use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use include_dir::{Dir, include_dir};
use rayon::prelude::*;
use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The log a newcomer sees first.
static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/sample");

/// A folder or file of notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub path: PathBuf,
    /// What it is called in the log, where no other source has the name.
    pub name: String,
    /// See [`config::SourceConfig`].
    include: Vec<String>,
    exclude: Vec<String>,
    entries: EntryRule,
    weeks: WeekRule,
    /// What came by standard input, when that is the source.
    input: Option<Arc<[u8]>>,
}

/// The path that stands for standard input.
const INPUT: &str = "-";

impl Source {
    /// How its notes are read.
    pub(crate) fn weeks(&self) -> WeekRule {
        self.weeks
    }

    pub(crate) fn entries(&self) -> EntryRule {
        self.entries
    }

    /// Its name as notes have it.
    pub fn shown_name(&self) -> Cow<'_, str> {
        crate::text::clean_line(&self.name)
    }

    /// Whether its notes are no files of their own: in an archive, or from standard input.
    pub fn is_packed(&self) -> bool {
        self.input.is_some() || archive::is_archive(&self.path)
    }

    /// The source at `path`, as the first of `known` says that is at the same place.
    pub fn new(path: PathBuf, config: &Config) -> Source {
        let place = |path: &Path| fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let same = |known: &&config::SourceConfig| place(Path::new(&known.path)) == place(&path);
        let known = config.known().find(same).cloned().unwrap_or_default();
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

    fn standard_input(config: &Config) -> Result<Source> {
        let input = Some(archive::standard_input()?);
        Ok(Source { input, name: "input".to_owned(), ..Source::new(INPUT.into(), config) })
    }
}

/// What to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// These folders and files, in this order; no two have the same name.
    Sources(Vec<Source>),
    /// The sample log built into the program.
    Sample,
}

impl Origin {
    /// The given paths, as far as `config` knows them by its rules, or the sample log when there
    /// are none.
    ///
    /// # Errors
    ///
    /// When one of the paths does not exist or cannot be looked at.
    pub fn new(paths: Vec<PathBuf>, config: &Config) -> Result<Origin> {
        if paths.is_empty() {
            return Ok(Origin::Sample);
        }
        let mut sources: Vec<Source> = Vec::new();
        for path in paths {
            let source = if path.as_os_str() == INPUT {
                Source::standard_input(config)?
            } else {
                fs::metadata(&path).with_context(|| format!("cannot open the notes at {}", path.display()))?;
                Source::new(path, config)
            };
            let is_free = |name: &String| sources.iter().all(|other| other.name != *name);
            let numbered = (2..).map(|nth| format!("{} ({nth})", source.name));
            let name = std::iter::once(source.name.clone()).chain(numbered).find(is_free).unwrap_or_default();
            sources.push(Source { name, ..source });
        }
        Ok(Origin::Sources(sources))
    }

    /// As it is shown: the path with `~` for the home folder.
    pub fn shown(&self) -> String {
        match self {
            Origin::Sample => "the sample log".to_owned(),
            Origin::Sources(sources) => {
                let shown = |source: &Source| match source.input {
                    Some(_) => "standard input".to_owned(),
                    None => shown(&source.path),
                };
                sources.iter().map(shown).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// The same with paths that mean the same everywhere.
    #[must_use]
    pub fn absolute(&self) -> Origin {
        let absolute = |source: &Source| Source {
            path: fs::canonicalize(&source.path).unwrap_or_else(|_| source.path.clone()),
            ..source.clone()
        };
        match self {
            Origin::Sample => Origin::Sample,
            Origin::Sources(sources) => Origin::Sources(sources.iter().map(absolute).collect()),
        }
    }

    /// A name for this log's folder in the cache: the same for the same sources.
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

    /// The file a note was read from; none for the sample log, archives and standard input.
    pub fn file_of(&self, note: &Note) -> Option<PathBuf> {
        let source = self.source_of(note).filter(|source| !source.is_packed())?;
        let path = &source.path;
        Some(if path.is_dir() { path.join(note.exact_path()) } else { path.clone() })
    }

    /// The folder below which the files of a note's source lie; none where [`Origin::file_of`] has none.
    pub fn folder_of(&self, note: &Note) -> Option<PathBuf> {
        let source = self.source_of(note).filter(|source| !source.is_packed())?;
        if source.path.is_dir() {
            return Some(source.path.clone());
        }
        // The file may have been named by no more than its name.
        fs::canonicalize(&source.path).ok()?.parent().map(Path::to_owned)
    }

    /// What the place of a note is called: its file, or its path below an archive.
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

fn shown(path: &Path) -> String {
    let home = directories::BaseDirs::new().map(|dirs| dirs.home_dir().to_owned());
    let under_home = home.as_deref().and_then(|home| path.strip_prefix(home).ok());
    let text = match under_home {
        Some(rest) => Path::new("~").join(rest).to_string_lossy().into_owned(),
        None => path.to_string_lossy().into_owned(),
    };
    crate::text::clean_line(&text).into_owned()
}

/// The last part of a path that names something, as the name of the source.
fn name(path: &Path) -> String {
    let absolute = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    absolute.file_name().map_or_else(|| "notes".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A file to be read.
pub(crate) struct SourceFile {
    /// Relative to its source, with `/`.
    pub path: String,
    pub file: PathBuf,
    /// Its bytes, when it is no file of its own.
    held: Option<NoteBytes>,
}

/// Reads all notes of `origin`, on all cores, whatever is known of them.
///
/// # Errors
///
/// When a given path has vanished. What is wrong with single files is a Problem of their notes.
pub fn read(origin: &Origin, rules: &TagRules) -> Result<Log> {
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

/// What the names of the files of a source say together.
pub(crate) fn series(source: &Source, files: &[SourceFile]) -> Series {
    Series::of(files.iter().map(|found| found.path.as_str())).with_weeks(source.weeks)
}

/// The bytes of a file, wherever it lies.
pub(crate) fn bytes(found: &SourceFile) -> Result<Cow<'_, [u8]>, Problem> {
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

/// The notes of `source`: itself, if it is a file, else those below it that are not hidden, not
/// ignored by git and not excluded. Links are followed, but not in circles.
pub(crate) fn files(source: &Source) -> Result<Vec<SourceFile>> {
    let root = &source.path;
    if let Some(input) = &source.input {
        return Ok(vec![SourceFile { path: "input.md".to_owned(), file: root.clone(), held: Some(Ok(input.clone())) }]);
    }
    if archive::is_archive(root) {
        let found = |member: ArchiveMember| SourceFile {
            file: root.join(&member.path),
            path: member.path,
            held: Some(member.bytes),
        };
        return Ok(archive::notes(root)?.into_iter().map(found).collect());
    }
    let is_folder =
        fs::metadata(root).with_context(|| format!("cannot open the notes at {}", root.display()))?.is_dir();
    if !is_folder {
        let path = root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        return Ok(vec![SourceFile { path, file: root.clone(), held: None }]);
    }
    let globs = |globs| config::patterns(globs).with_context(|| format!("cannot use the patterns of {}", source.name));
    let (include, exclude) = (globs(&source.include)?, globs(&source.exclude)?);
    let relative = |file: &Path| file.strip_prefix(root).unwrap_or(file).to_owned();
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
        // Of what a link leads to.
        let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
        let file = entry.into_path();
        let path = relative(&file);
        if is_file && (is_note(&file.to_string_lossy()) || include.matched(&path, false).is_ignore()) {
            let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            found.push(SourceFile { path: parts.join("/"), file, held: None });
        }
    }
    Ok(found)
}

pub(crate) fn sample(rules: &TagRules) -> Vec<Arc<Note>> {
    let mut files: Vec<(String, &[u8])> = Vec::new();
    gather(&SAMPLE, &mut files);
    files.sort();
    let series = Series::of(files.iter().map(|(path, _)| path.as_str()));
    let read = |(path, bytes): &(String, &[u8])| {
        Arc::new(note::read(NoteFile { source: "sample", path, bytes }, &series, EntryRule::Auto, rules))
    };
    files.iter().map(read).collect()
}

fn gather(folder: &Dir<'static>, files: &mut Vec<(String, &'static [u8])>) {
    for file in folder.files().filter(|file| is_note(&file.path().to_string_lossy())) {
        files.push((file.path().to_string_lossy().replace('\\', "/"), file.contents()));
    }
    for folder in folder.dirs() {
        gather(folder, files);
    }
}

/// Fails when there is nothing at all to read, saying what would be.
///
/// # Errors
///
/// When the log has no note.
pub fn require_notes(log: &Log, origin: &Origin) -> Result<()> {
    if log.notes().is_empty() {
        bail!(
            "no notes in {}: looked for files ending in .{}",
            origin.shown(),
            note_endings().collect::<Vec<_>>().join(", .")
        );
    }
    Ok(())
}
