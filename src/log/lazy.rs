//! A note of a log that is understood when it is first looked at.
//!
//! What orders and counts notes is at hand at any time; the rest of a note may still lie in a
//! snapshot. Logs that follow one another share the notes that stay the same.

use super::{Dated, Note, date::Days, snapshot::Snapshot};
use jiff::civil::Date;
use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

/// A note, at hand or to be read from a snapshot. Cheap to clone; clones share what was read.
#[derive(Clone)]
pub struct LazyNote(Arc<Slot>);

struct Slot {
    head: Head,
    note: OnceLock<Arc<Note>>,
    origin: Origin,
}

/// What is known of a note without reading it.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub source: Arc<str>,
    /// As the file system has it: [`Note::exact_path`].
    pub path: Arc<str>,
    pub fingerprint: u64,
    pub entries: u32,
    pub is_dated: bool,
}

/// Where a note is got from.
enum Origin {
    Hand,
    /// By its number there.
    Snapshot(Arc<Snapshot>, u32),
    /// Another note, and the day it entered its repository.
    Git(LazyNote, Date),
}

/// A note for the moment: read for it, unless it was at hand.
pub enum Look<'a> {
    Kept(&'a Note),
    Read(Box<Note>),
}

impl Deref for Look<'_> {
    type Target = Note;

    fn deref(&self) -> &Note {
        match self {
            Look::Kept(note) => note,
            Look::Read(note) => note,
        }
    }
}

impl From<Arc<Note>> for LazyNote {
    fn from(note: Arc<Note>) -> LazyNote {
        let head = Head {
            source: note.source.as_str().into(),
            path: note.exact_path().into(),
            fingerprint: note.fingerprint,
            entries: note.entries.len() as u32,
            is_dated: note.dated.is_some(),
        };
        LazyNote(Arc::new(Slot { head, note: OnceLock::from(note), origin: Origin::Hand }))
    }
}

impl LazyNote {
    pub(super) fn stored(head: Head, snapshot: Arc<Snapshot>, at: u32) -> LazyNote {
        LazyNote(Arc::new(Slot { head, note: OnceLock::new(), origin: Origin::Snapshot(snapshot, at) }))
    }

    /// This note, which nothing else dates, on the day it entered its repository.
    pub(super) fn first_committed(self, day: Date) -> LazyNote {
        let head = Head { is_dated: true, ..self.0.head.clone() };
        LazyNote(Arc::new(Slot { head, note: OnceLock::new(), origin: Origin::Git(self, day) }))
    }

    /// The note, which is kept from now on.
    pub fn get(&self) -> &Note {
        self.0.note.get_or_init(|| match self.look() {
            Look::Read(note) => (*note).into(),
            Look::Kept(note) => note.clone().into(),
        })
    }

    /// The note, which is let go again if it was not at hand: for looking at all of them.
    pub fn look(&self) -> Look<'_> {
        if let Some(note) = self.0.note.get() {
            return Look::Kept(note);
        }
        Look::Read(Box::new(match &self.0.origin {
            Origin::Hand => Note::default(),
            Origin::Snapshot(snapshot, at) => snapshot.note(*at, &self.0.head),
            Origin::Git(note, day) => {
                let dated = Some(Dated::first_commit(*day));
                match note.look() {
                    Look::Kept(note) => Note { dated, ..note.clone() },
                    Look::Read(note) => Note { dated, ..*note },
                }
            }
        }))
    }

    /// The note as its file alone says, and the day that git says of it.
    pub fn as_read(&self) -> (&LazyNote, Option<Date>) {
        match &self.0.origin {
            Origin::Git(note, day) => (note, Some(*day)),
            _ => (self, None),
        }
    }

    /// `notes` with just those dated by `days` that nothing else dates; `None` when they are so
    /// already.
    pub fn dated_by(notes: &[LazyNote], days: &Days) -> Option<Vec<LazyNote>> {
        let dated = |note: &LazyNote| {
            let (read, known) = note.as_read();
            let place = || (read.source().to_owned(), read.exact_path().to_owned());
            let day = if days.is_empty() || read.is_dated() { None } else { days.get(&place()).copied() };
            match day {
                _ if day == known => note.clone(),
                Some(day) => read.clone().first_committed(day),
                None => read.clone(),
            }
        };
        let dated: Vec<LazyNote> = notes.iter().map(dated).collect();
        notes.iter().zip(&dated).any(|(before, now)| !before.is(now)).then_some(dated)
    }

    /// Tells it from every other while both are there.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// Whether both are the very same, and not merely alike.
    pub fn is(&self, other: &LazyNote) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Its bytes in the snapshot it comes from, if they are as they were written.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        match &self.0.origin {
            Origin::Snapshot(snapshot, at) => snapshot.bytes(*at),
            _ => None,
        }
    }

    pub fn source(&self) -> &str {
        &self.0.head.source
    }

    pub fn exact_path(&self) -> &str {
        &self.0.head.path
    }

    pub fn fingerprint(&self) -> u64 {
        self.0.head.fingerprint
    }

    pub fn entry_count(&self) -> usize {
        self.0.head.entries as usize
    }

    pub fn is_dated(&self) -> bool {
        self.0.head.is_dated
    }
}

impl Deref for LazyNote {
    type Target = Note;

    fn deref(&self) -> &Note {
        self.get()
    }
}

impl fmt::Debug for LazyNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.head.fmt(f)
    }
}
