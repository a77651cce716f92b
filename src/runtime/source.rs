//! Reading sources: folders and files of notes become a [`Log`].
//!
//! The only place that walks folders and opens notes, and it opens them for reading only. What
//! cannot be read is a note with a Problem; the rest of the log is unaffected.

use crate::log::{
    Code, Log, Note, Problem,
    date::Series,
    note::{self, File, LARGEST},
    tag::Rules,
};
use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use include_dir::{Dir, include_dir};
use rayon::prelude::*;
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The log a newcomer sees first.
static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/sample");

/// Endings of files that are notes.
const ENDINGS: [&str; 7] = ["md", "markdown", "mdown", "mdx", "txt", "text", "org"];

/// What to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// These folders and files, in this order.
    Paths(Vec<PathBuf>),
    /// The sample log built into the program.
    Sample,
}

impl Origin {
    /// The given paths, or the sample log when there are none.
    ///
    /// # Errors
    ///
    /// When one of the paths does not exist or cannot be looked at.
    pub fn new(paths: Vec<PathBuf>) -> Result<Origin> {
        if paths.is_empty() {
            return Ok(Origin::Sample);
        }
        for path in &paths {
            fs::metadata(path).with_context(|| format!("cannot open the notes at {}", path.display()))?;
        }
        Ok(Origin::Paths(paths))
    }

    /// As it is shown: the path with `~` for the home folder.
    pub fn shown(&self) -> String {
        match self {
            Origin::Sample => "the sample log".to_owned(),
            Origin::Paths(paths) => paths.iter().map(|path| shown(path)).collect::<Vec<_>>().join(", "),
        }
    }

    /// A name for this log's folder in the cache: the same for the same sources.
    pub fn id(&self) -> String {
        let named = match self {
            Origin::Sample => "sample".to_owned(),
            Origin::Paths(paths) => {
                let absolute = |path: &PathBuf| fs::canonicalize(path).unwrap_or_else(|_| path.clone());
                paths.iter().map(|path| absolute(path).to_string_lossy().into_owned()).collect::<Vec<_>>().join("\0")
            }
        };
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(named.as_bytes()))
    }

    /// The file a note was read from; none for the sample log.
    pub fn file_of(&self, note: &Note) -> Option<PathBuf> {
        let Origin::Paths(paths) = self else { return None };
        let path = paths.iter().find(|path| crate::text::clean_line(&name(path)) == note.source)?;
        Some(if path.is_dir() { path.join(note.exact_path()) } else { path.clone() })
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
pub(super) fn name(path: &Path) -> String {
    let absolute = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    absolute.file_name().map_or_else(|| "notes".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A file to be read.
struct Found {
    source: String,
    path: String,
    file: PathBuf,
}

/// Reads all notes of `origin`, on all cores.
///
/// # Errors
///
/// When a given path has vanished. What is wrong with single files is a Problem of their notes.
pub fn read(origin: &Origin, rules: &Rules) -> Result<Log> {
    let notes = match origin {
        Origin::Sample => sample(rules),
        Origin::Paths(paths) => {
            let mut found = Vec::new();
            for path in paths {
                found.append(&mut files(path)?);
            }
            read_all(&found, rules)
        }
    };
    Ok(Log::new(notes, rules))
}

fn read_all(found: &[Found], rules: &Rules) -> Vec<Arc<Note>> {
    let series = Series::of(found.iter().map(|found| found.path.as_str()));
    found.par_iter().map(|found| Arc::new(read_one(found, &series, rules))).collect()
}

fn read_one(found: &Found, series: &Series, rules: &Rules) -> Note {
    let file = |bytes| File { source: &found.source, path: &found.path, bytes };
    match bytes(&found.file) {
        Ok(bytes) => note::read(file(&bytes), series, rules),
        Err(problem) => note::unread(file(&[]), problem),
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, Problem> {
    let unreadable = |error: &io::Error| Problem::new(0, Code::Unreadable, format!("cannot be read: {error}"));
    let size = fs::metadata(file).map_err(|error| unreadable(&error))?.len();
    if size > LARGEST {
        let message = format!("{} MB are more than a note: only files up to {} MB are read", size >> 20, LARGEST >> 20);
        return Err(Problem::new(0, Code::TooLarge, message));
    }
    fs::read(file).map_err(|error| unreadable(&error))
}

/// The notes at `path`: itself, if it is a file, else those below it that are not hidden and
/// not ignored by git. Links are followed, but not in circles.
fn files(path: &Path) -> Result<Vec<Found>> {
    let source = name(path);
    let is_folder =
        fs::metadata(path).with_context(|| format!("cannot open the notes at {}", path.display()))?.is_dir();
    if !is_folder {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        return Ok(vec![Found { source, path: name, file: path.to_owned() }]);
    }
    let walk = WalkBuilder::new(path).follow_links(true).require_git(false).sort_by_file_path(Ord::cmp).build();
    let mut found = Vec::new();
    for entry in walk.filter_map(Result::ok) {
        let file = entry.into_path();
        if is_note(&file) && file.is_file() {
            let relative = file.strip_prefix(path).unwrap_or(&file);
            let parts: Vec<_> =
                relative.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            found.push(Found { source: source.clone(), path: parts.join("/"), file });
        }
    }
    Ok(found)
}

pub(super) fn is_note(file: &Path) -> bool {
    let ending = file.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

fn sample(rules: &Rules) -> Vec<Arc<Note>> {
    let mut files: Vec<(String, &[u8])> = Vec::new();
    gather(&SAMPLE, &mut files);
    files.sort();
    let series = Series::of(files.iter().map(|(path, _)| path.as_str()));
    let read =
        |(path, bytes): &(String, &[u8])| Arc::new(note::read(File { source: "sample", path, bytes }, &series, rules));
    files.iter().map(read).collect()
}

fn gather(folder: &Dir<'static>, files: &mut Vec<(String, &'static [u8])>) {
    for file in folder.files().filter(|file| is_note(file.path())) {
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
        bail!("no notes in {}: looked for files ending in .{}", origin.shown(), ENDINGS.join(", ."));
    }
    Ok(())
}
