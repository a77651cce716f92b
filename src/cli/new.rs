//! `sennight new`: this week's note, begun beside the newest one.
//!
//! The one place that writes among notes: one new file, and never over another.

use super::{
    Outcome,
    output::{Output, OutputStyle, say},
};
use crate::{
    date::Evidence,
    files::source::{Origin, Source},
    insight::draft::{self, NextNote},
    log::Log,
    markup::decode,
    note::Note,
    query::Period,
    runtime,
};
use anyhow::{Context, Result, bail};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Component, Path, PathBuf},
};

/// Makes the note of `date`, or of today, unless it is there; prints its path, and with `edit` opens
/// it in the editor.
pub fn run(out: &mut Output, log: &Log, origin: &Origin, date: Option<&str>, edit: bool) -> Result<Outcome> {
    let today = runtime::today();
    let day = match date {
        None => today,
        Some(text) => {
            let period = Period::parse(text, Some(today));
            period.with_context(|| format!("“{text}” is no date: write 2024-05-20, 2024-W21 or last-week"))?.first
        }
    };
    let source = source(log, origin)?;
    let (path, line, text) = match draft::next(log, &source.shown_name(), day, &|note| text_of(origin, note)) {
        NextNote::There(path) => (path, 1, None),
        NextNote::New(draft) => (draft.path, draft.line, Some(draft.text)),
    };
    let file = below(&source.path, &path)?;
    let is_new = text.map(|text| create(&file, &text)).transpose()?.unwrap_or(false);
    if !is_new {
        say("sennight", "the note is there already, and stays as it is");
    }
    out.text(OutputStyle::Plain, &file.to_string_lossy())?;
    out.line_end()?;
    if edit {
        out.finish()?;
        runtime::edit(&file, line)?;
    }
    Ok(Outcome::Done)
}

/// A note as it is written; none where it can no longer be read.
fn text_of(origin: &Origin, note: &Note) -> Option<String> {
    let bytes = fs::read(origin.file_of(note)?).ok()?;
    decode(&bytes).ok().map(|(text, _)| text)
}

/// The folder that holds the newest note with a date in its name, else the first.
fn source<'o>(log: &Log, origin: &'o Origin) -> Result<&'o Source> {
    let Origin::Sources(sources) = origin else {
        bail!("the sample log is part of the program: name the folder of your notes by --log or SENNIGHT_LOG");
    };
    let folders: Vec<&Source> = sources.iter().filter(|source| source.path.is_dir()).collect();
    let named = log.notes().iter().filter_map(|note| {
        let dated = note.peek().dated.filter(|dated| dated.evidence == Evidence::FileName)?;
        let at = folders.iter().position(|source| source.shown_name() == note.source())?;
        Some((dated.span.last(), std::cmp::Reverse(at)))
    });
    let at = named.max().map_or(0, |(_, std::cmp::Reverse(at))| at);
    folders.get(at).copied().with_context(|| format!("{} is no folder: a new note needs one", origin.shown()))
}

/// The file at `path`, relative to `folder` and never outside it.
fn below(folder: &Path, path: &str) -> Result<PathBuf> {
    let is_plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !is_plain {
        bail!("“{path}” would lie outside {}", folder.display());
    }
    Ok(folder.join(path))
}

/// Writes a new file, and its folder if there is none; `false` when another has just made the file.
fn create(file: &Path, text: &str) -> Result<bool> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    match OpenOptions::new().write(true).create_new(true).open(file) {
        Ok(mut new) => {
            let written = new.write_all(text.as_bytes()).and_then(|()| new.sync_all());
            written.with_context(|| format!("cannot write {}", file.display()))?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot write {}", file.display())),
    }
}
