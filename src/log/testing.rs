//! Logs for tests.

use super::Log;
use crate::{
    date::Series,
    note::{self, EntryRule, NoteFile, tag::TagRules},
};
use std::sync::Arc;

/// A log of files, given as path and text, of one source named `notes`, read with the built-in rules.
pub fn log_of(files: &[(&str, &str)]) -> Log {
    log_by(files, &TagRules::built_in())
}

/// The same log, read with `rules`.
pub fn log_by(files: &[(&str, &str)], rules: &TagRules) -> Log {
    let series = Series::of(files.iter().map(|(path, _)| *path));
    let mut notes = Vec::with_capacity(files.len());
    for (path, text) in files {
        let file = NoteFile { source: "notes", path, bytes: text.as_bytes() };
        notes.push(Arc::new(note::read(file, &series, EntryRule::Auto, rules)));
    }
    Log::new(notes, rules)
}

impl Log {
    /// A log of plain texts without dates or topics, one note each.
    pub fn from_entries<'a>(texts: impl IntoIterator<Item = &'a str>) -> Log {
        let rules = TagRules::parse("").expect("no rules are sound rules");
        let mut notes = Vec::new();
        for (at, text) in texts.into_iter().enumerate() {
            let path = format!("{at}.md");
            let file = NoteFile { source: "test", path: &path, bytes: text.as_bytes() };
            notes.push(Arc::new(note::read(file, &Series::default(), EntryRule::Auto, &rules)));
        }
        Log::new(notes, &rules)
    }
}
