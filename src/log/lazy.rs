//! A note of a log that is understood when it is first looked at.
//!
//! What orders and counts notes is at hand at any time; the rest of a note may still lie in a
//! snapshot. Logs that follow one another share the notes that stay the same.

use super::{assemble::NoteSummary, snapshot::Snapshot};
use crate::date::{DatedSpan, FirstCommitDays};
use crate::note::Note;
use jiff::civil::Date;
use std::{
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

/// A note, at hand or to be read from a snapshot. Cheap to clone; clones share what was read.
#[derive(Clone)]
pub struct LazyNote {
    /// Those of a snapshot lie side by side: they are made by one stroke.
    slots: Arc<[Slot]>,
    at: u32,
}

struct Slot {
    head: NoteHeader,
    note: OnceLock<Arc<Note>>,
    /// Once they were prepared: less than a tenth of the note.
    facts: OnceLock<NoteSummary>,
    origin: NoteOrigin,
}

/// What is known of a note without reading it.
#[derive(Debug, Clone)]
pub(super) struct NoteHeader {
    pub source: Arc<str>,
    /// As the file system has it: [`Note::exact_path`].
    pub path: SharedStr,
    pub fingerprint: u64,
    pub entries: u32,
    pub is_dated: bool,
}

/// A part of a text that many share.
#[derive(Clone)]
pub(super) struct SharedStr {
    pub text: Arc<str>,
    pub place: (u32, u32),
}

impl Deref for SharedStr {
    type Target = str;

    fn deref(&self) -> &str {
        self.text.get(self.place.0 as usize..self.place.1 as usize).unwrap_or_default()
    }
}

impl fmt::Debug for SharedStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// Where a note is got from.
enum NoteOrigin {
    Hand,
    /// By its number there.
    Snapshot(Arc<Snapshot>, u32),
    /// Another note, and the day it entered its repository.
    Git(LazyNote, Date),
    /// Another note, and which of its entries are shown.
    Veiled(LazyNote, Box<[bool]>),
}

/// A note, or something of it, for the moment: made for it, unless it was at hand.
pub enum MaybeOwned<'a, T = Note> {
    Kept(&'a T),
    Read(Box<T>),
}

impl<T> Deref for MaybeOwned<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            MaybeOwned::Kept(kept) => kept,
            MaybeOwned::Read(read) => read,
        }
    }
}

impl From<Arc<Note>> for LazyNote {
    fn from(note: Arc<Note>) -> LazyNote {
        let head = NoteHeader {
            source: note.source.as_str().into(),
            path: SharedStr { text: note.exact_path().into(), place: (0, note.exact_path().len() as u32) },
            fingerprint: note.fingerprint,
            entries: note.entries.len() as u32,
            is_dated: note.dated.is_some(),
        };
        LazyNote::alone(Slot { note: OnceLock::from(note), ..Slot::new(head, NoteOrigin::Hand) })
    }
}

impl Slot {
    fn new(head: NoteHeader, origin: NoteOrigin) -> Slot {
        Slot { head, note: OnceLock::new(), facts: OnceLock::new(), origin }
    }
}

impl LazyNote {
    fn alone(slot: Slot) -> LazyNote {
        LazyNote { slots: Arc::new([slot]), at: 0 }
    }

    /// The notes of `snapshot`, of which `heads` are known.
    pub(super) fn from_snapshot(heads: Vec<NoteHeader>, snapshot: &Arc<Snapshot>) -> Vec<LazyNote> {
        let slot = |(head, at)| Slot::new(head, NoteOrigin::Snapshot(snapshot.clone(), at));
        let slots: Arc<[Slot]> = heads.into_iter().zip(0..).map(slot).collect();
        (0..slots.len() as u32).map(|at| LazyNote { slots: slots.clone(), at }).collect()
    }

    fn slot(&self) -> &Slot {
        &self.slots[self.at as usize]
    }

    /// This note, which nothing else dates, on the day it entered its repository.
    pub(super) fn first_committed(self, day: Date) -> LazyNote {
        let head = NoteHeader { is_dated: true, ..self.slot().head.clone() };
        LazyNote::alone(Slot::new(head, NoteOrigin::Git(self, day)))
    }

    /// This note with those of its entries that are shown. Its body stays whole.
    pub(super) fn veiled(self, shown: Box<[bool]>) -> LazyNote {
        let entries = shown.iter().filter(|shown| **shown).count() as u32;
        let head = NoteHeader { entries, ..self.slot().head.clone() };
        LazyNote::alone(Slot::new(head, NoteOrigin::Veiled(self, shown)))
    }

    /// The note, which is kept from now on.
    pub fn load(&self) -> &Note {
        self.slot().note.get_or_init(|| match self.peek() {
            MaybeOwned::Read(note) => (*note).into(),
            MaybeOwned::Kept(note) => note.clone().into(),
        })
    }

    /// The note, which is let go again if it was not at hand: for looking at all of them.
    pub fn peek(&self) -> MaybeOwned<'_> {
        if let Some(note) = self.slot().note.get() {
            return MaybeOwned::Kept(note);
        }
        MaybeOwned::Read(Box::new(match &self.slot().origin {
            NoteOrigin::Hand => Note::default(),
            NoteOrigin::Snapshot(snapshot, at) => snapshot.note(*at, &self.slot().head),
            NoteOrigin::Git(note, day) => {
                let dated = Some(DatedSpan::first_commit(*day));
                match note.peek() {
                    MaybeOwned::Kept(note) => Note { dated, ..note.clone() },
                    MaybeOwned::Read(note) => Note { dated, ..*note },
                }
            }
            NoteOrigin::Veiled(note, shown) => note.peek().with_entries(shown),
        }))
    }

    /// What the log as a whole must know of it.
    pub(super) fn summary(&self) -> MaybeOwned<'_, NoteSummary> {
        match (self.slot().facts.get(), self.slot().note.get()) {
            (Some(facts), _) => MaybeOwned::Kept(facts),
            (None, Some(note)) => MaybeOwned::Read(NoteSummary::of(note).into()),
            (None, None) => MaybeOwned::Kept(self.slot().facts.get_or_init(|| NoteSummary::of(&self.peek()))),
        }
    }

    /// Gets all that [`super::Log::of`] asks of it: for doing so on all cores.
    pub fn warm_up(&self) {
        self.slot().facts.get_or_init(|| NoteSummary::of(&self.peek()));
    }

    /// The note as its file alone says, and the day that git says of it.
    pub fn without_git_date(&self) -> (&LazyNote, Option<Date>) {
        match &self.slot().origin {
            NoteOrigin::Git(note, day) => (note, Some(*day)),
            _ => (self, None),
        }
    }

    /// `notes` with just those dated by `days` that nothing else dates; `None` when they are so
    /// already.
    pub fn with_git_dates(notes: &[LazyNote], days: &FirstCommitDays) -> Option<Vec<LazyNote>> {
        let dated = |note: &LazyNote| {
            let (read, known) = note.without_git_date();
            let place = || (read.source().to_owned(), read.exact_path().to_owned());
            let day = if days.is_empty() || read.is_dated() { None } else { days.get(&place()).copied() };
            match day {
                _ if day == known => note.clone(),
                Some(day) => read.clone().first_committed(day),
                None => read.clone(),
            }
        };
        let dated: Vec<LazyNote> = notes.iter().map(dated).collect();
        notes.iter().zip(&dated).any(|(before, now)| !before.ptr_eq(now)).then_some(dated)
    }

    /// Tells it from every other while both are there.
    pub fn address(&self) -> usize {
        &raw const *self.slot() as usize
    }

    /// Whether both are the very same, and not merely alike.
    pub fn ptr_eq(&self, other: &LazyNote) -> bool {
        std::ptr::eq(self.slot(), other.slot())
    }

    /// Its bytes in the snapshot it comes from, if they are as they were written.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        match &self.slot().origin {
            NoteOrigin::Snapshot(snapshot, at) => snapshot.bytes(*at),
            _ => None,
        }
    }

    pub fn source(&self) -> &str {
        &self.slot().head.source
    }

    pub fn exact_path(&self) -> &str {
        &self.slot().head.path
    }

    pub fn fingerprint(&self) -> u64 {
        self.slot().head.fingerprint
    }

    pub fn entry_count(&self) -> usize {
        self.slot().head.entries as usize
    }

    pub fn is_dated(&self) -> bool {
        self.slot().head.is_dated
    }
}

impl Deref for LazyNote {
    type Target = Note;

    fn deref(&self) -> &Note {
        self.load()
    }
}

impl fmt::Debug for LazyNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.slot().head.fmt(f)
    }
}
