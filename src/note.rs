//! Note: one file, understood.
//!
//! Text in, values out: nothing here fails, does IO or reads a clock. Text that cannot be understood
//! is kept and reported as a [`Problem`]. Sees one note at a time, and of the others only the dates
//! that their file names suggest together; knows no log, ids or snapshots.

mod entries;
pub mod kind;
pub mod name;
mod read;
pub mod split;
pub mod tag;
pub(crate) mod text;

pub use kind::{Kind, Kinds};
pub use read::{LARGEST, NoteFile, RULES_VERSION, read, unread};
pub use split::{EntryRule, Shape};
pub use tag::TagWhy;

use crate::{
    date::DatedSpan,
    reference::ReferenceFields,
    text::{clean_line, problem::Problem},
};
use serde::{Deserialize, Serialize};
use std::{fmt, ops::Range};
use text::{Slice, Text};

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Name of the source the file belongs to.
    pub source: String,
    /// Path relative to the source, with `/`.
    pub path: String,
    pub title: String,
    /// True when the title says what the note is about, not only its date or its place in a series.
    pub is_telling: bool,
    pub dated: Option<DatedSpan>,
    /// Dates from weaker evidence, strongest first.
    pub alternatives: Vec<DatedSpan>,
    pub problems: Vec<Problem>,
    /// Reason for the way the note was cut into entries.
    pub cut_by: split::SplitReason,
    /// Changes whenever the file, its path or the rules change.
    pub fingerprint: u64,
    /// The path as the file system has it, when that is not fit to be shown.
    pub(crate) exact_path: Option<Box<str>>,
    pub(crate) text: Text,
    pub(crate) body: Slice,
    pub(crate) sections: Vec<Vec<Slice>>,
    pub(crate) entries: Vec<EntryRecord>,
    pub(crate) refs: Vec<RefRecord>,
    pub(crate) tags: Vec<TagRecord>,
    pub(crate) kind_reasons: Vec<KindRecord>,
    /// Names that no topic rule knows, in the order of the entries.
    pub(crate) names: Vec<NameRecord>,
    pub(crate) definitions: Vec<(String, String)>,
}

impl Note {
    pub(crate) fn new(source: &str, path: &str, title: String) -> Note {
        let shown = clean_line(path);
        let exact_path = (shown != path).then(|| path.into());
        let (source, path) = (clean_line(source).into_owned(), shown.into_owned());
        Note { source, path, title, exact_path, ..Note::default() }
    }

    /// The path relative to the source as the file system has it: for opening the file, never
    /// for showing. Differs from [`Note::path`] only for names with control characters.
    pub fn exact_path(&self) -> &str {
        self.exact_path.as_deref().unwrap_or(&self.path)
    }

    /// Copies the note without the entries that are not `shown`.
    pub(crate) fn with_entries(&self, shown: &[bool]) -> Note {
        let mut entries = Vec::new();
        // The new position of each entry that stays.
        let mut positions = vec![None; self.entries.len()];
        for (at, entry) in self.entries.iter().enumerate() {
            if shown.get(at) == Some(&true) {
                positions[at] = Some(entries.len() as u32);
                entries.push(entry.clone());
            }
        }
        let mut names = Vec::new();
        for name in &self.names {
            if let Some(Some(entry)) = positions.get(name.entry as usize) {
                names.push(NameRecord { entry: *entry, ..*name });
            }
        }
        Note { entries, names, ..self.clone() }
    }

    /// The Markdown of the note after its front matter, as repaired.
    pub fn body(&self) -> &str {
        self.text.get(self.body)
    }

    pub fn entry_count(&self) -> usize {
        self.entries.len()
    }

    /// Line of the file at which its first entry begins; past all lines when it has none.
    pub fn first_line(&self) -> u32 {
        self.entries.first().map_or(u32::MAX, |entry| entry.line)
    }

    /// Bytes of text that the note holds: its body and the text derived from it.
    pub fn text_size(&self) -> usize {
        self.text.size()
    }

    /// The URL that a link label stands for in this note.
    pub fn definition(&self, label: &str) -> Option<&str> {
        let label = label.to_lowercase();
        self.definitions.iter().find(|(name, _)| *name == label).map(|(_, url)| url.as_str())
    }
}

/// Name of an entry outside one log: a hash of its note's path, its text, and its number among
/// equal texts of that note. Survives edits elsewhere in the note; never names another text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryKey(pub u64);

impl EntryKey {
    pub(crate) fn new(path: &str, text: u64, occurrence: u32) -> EntryKey {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        hasher.update(path.as_bytes());
        hasher.update(&[0]);
        hasher.update(&text.to_le_bytes());
        hasher.update(&occurrence.to_le_bytes());
        EntryKey(hasher.digest())
    }

    /// Reports whether the key, printed in lower case, starts with `digits`.
    pub fn begins_with(self, digits: &str) -> bool {
        self.to_string().starts_with(digits)
    }

    /// Parses a key as [`fmt::Display`] prints it.
    pub fn parse(text: &str) -> Option<EntryKey> {
        (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok().map(EntryKey))?
    }
}

impl fmt::Display for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EntryRecord {
    pub(crate) key: EntryKey,
    pub(crate) shape: Shape,
    pub(crate) line: u32,
    pub(crate) title: Slice,
    pub(crate) body: Slice,
    pub(crate) extent: Slice,
    pub(crate) plain: Slice,
    pub(crate) section: u32,
    pub(crate) dated: Option<DatedSpan>,
    pub(crate) kinds: Kinds,
    pub(crate) kind_reasons: Range<u32>,
    pub(crate) refs: Range<u32>,
    pub(crate) tags: Range<u32>,
    pub(crate) has_code: bool,
    pub(crate) has_image: bool,
}

/// A reference of an entry, stored.
pub(crate) type RefRecord = ReferenceFields<Slice>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TagRecord {
    pub(crate) name: Slice,
    pub(crate) why: TagWhy<Slice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct NameRecord {
    /// Position of the entry in the note.
    pub(crate) entry: u32,
    pub(crate) kind: name::NameKind,
    pub(crate) name: Slice,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KindRecord {
    pub(crate) kind: Kind,
    pub(crate) why: Slice,
}
