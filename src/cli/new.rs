//! `sennight new`: creates this week's note beside the newest one.
//!
//! Nothing else writes among notes. It creates one file and never overwrites any.

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
    runtime::{self, hint::HintExt},
};
use anyhow::{Context, Result, anyhow, bail};
use jiff::civil::Date;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Component, Path, PathBuf},
};

/// Creates the note for `date`, by default today, unless it exists; prints its path, and with `edit` opens
/// it in the editor.
pub fn run(out: &mut Output, log: &Log, origin: &Origin, date: Option<&str>, edit: bool) -> Result<Outcome> {
    let today = runtime::today();
    let day = match date {
        None => today,
        Some(text) => {
            let period = Period::parse(text, Some(today)).with_context(|| format!("“{text}” is not a date"));
            period.hint("write it like 2024-05-20, 2024-W21 or last-week")?.first
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
        say("sennight", "note already exists; left unchanged");
    }
    out.text(OutputStyle::Plain, &file.to_string_lossy())?;
    out.line_end()?;
    if edit {
        out.finish()?;
        runtime::edit(&file, line)?;
    }
    Ok(Outcome::Done)
}

/// The text of a note's file; `None` if it can no longer be read.
fn text_of(origin: &Origin, note: &Note) -> Option<String> {
    let bytes = fs::read(origin.file_of(note)?).ok()?;
    decode(&bytes).ok().map(|(text, _)| text)
}

/// The folder that holds the newest note with a date in its name, else the first.
fn source<'o>(log: &Log, origin: &'o Origin) -> Result<&'o Source> {
    let Origin::Sources(sources) = origin else {
        return Err(anyhow!("the sample log is built in"))
            .hint("give the folder of your notes with --log or SENNIGHT_LOG");
    };
    let folders: Vec<&Source> = sources.iter().filter(|source| source.path.is_dir()).collect();
    let Some(first) = folders.first() else {
        bail!("{} is not a folder: a new note needs one", origin.shown());
    };
    // Of folders with equally new notes, the first.
    let (mut newest, mut best) = (None, *first);
    for folder in &folders {
        let day = newest_named_day(log, folder);
        if day > newest {
            (newest, best) = (day, folder);
        }
    }
    Ok(best)
}

/// The last day of the newest note in `folder` with a date in its name.
fn newest_named_day(log: &Log, folder: &Source) -> Option<Date> {
    let mut newest = None;
    for note in log.notes().iter().filter(|note| note.source == folder.shown_name()) {
        if let Some(dated) = note.dated
            && dated.evidence == Evidence::FileName
        {
            newest = newest.max(Some(dated.span.last()));
        }
    }
    newest
}

/// The file at `path` in `folder`; an error if it would be outside.
fn below(folder: &Path, path: &str) -> Result<PathBuf> {
    let is_plain = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if !is_plain {
        bail!("“{path}” would be outside {}", folder.display());
    }
    Ok(folder.join(path))
}

/// Creates a file, and its folder if needed. Returns `false` if the file exists.
fn create(file: &Path, text: &str) -> Result<bool> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", folder.display()))?;
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
