//! Lazy notes: notes of a log that are read when they are first needed.
//!
//! The data that orders and counts notes is always in memory; the rest of a note may still be in
//! a snapshot. Successive logs share the notes that stay the same.

use super::assemble::NoteSummary;
use crate::date::{DatedSpan, FirstCommitDays};
use crate::note::Note;
use jiff::civil::Date;
use std::{
    borrow::Cow,
    fmt,
    ops::Deref,
    sync::{Arc, OnceLock},
};

/// A note, in memory or to be read from a snapshot: [`LazyNote::load`] keeps it, [`LazyNote::peek`]
/// does not. Cheap to clone; clones share the note that was read.
#[derive(Clone)]
pub struct LazyNote {
    /// Slots of all notes of a snapshot, which share one allocation.
    slots: Arc<[Slot]>,
    at: u32,
}

struct Slot {
    head: NoteHeader,
    note: OnceLock<Arc<Note>>,
    /// Cached summary: less than a tenth of the note.
    summary: OnceLock<NoteSummary>,
    origin: NoteOrigin,
}

/// Facts about a note that are known without reading it.
#[derive(Debug, Clone)]
pub(super) struct NoteHeader {
    pub source: Arc<str>,
    /// The path as the file system has it: [`Note::exact_path`].
    pub path: SharedStr,
    pub fingerprint: u64,
    pub entries: u32,
    pub is_dated: bool,
}

/// A part of a text that several notes share.
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

/// Notes kept outside memory, by number.
pub(super) trait NoteLoader: Send + Sync {
    /// The stored bytes of note number `at`, if they are as they were written.
    fn bytes(&self, at: u32) -> Option<Vec<u8>>;

    /// Note number `at`, whose header is `head`. Never fails: a note that cannot be read has a
    /// Problem that says so.
    fn note(&self, at: u32, head: &NoteHeader) -> Note;
}

/// The place a note is read from.
enum NoteOrigin {
    Memory,
    /// A store, and the number of the note in it.
    Stored(Arc<dyn NoteLoader>, u32),
    /// Another note, and the day it entered its repository.
    Git(LazyNote, Date),
    /// Another note, and for each of its entries whether it is shown.
    Veiled(LazyNote, Box<[bool]>),
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
        LazyNote::alone(Slot { note: OnceLock::from(note), ..Slot::new(head, NoteOrigin::Memory) })
    }
}

impl Slot {
    fn new(head: NoteHeader, origin: NoteOrigin) -> Slot {
        Slot { head, note: OnceLock::new(), summary: OnceLock::new(), origin }
    }
}

impl LazyNote {
    fn alone(slot: Slot) -> LazyNote {
        LazyNote { slots: Arc::new([slot]), at: 0 }
    }

    /// The notes of `store`, whose headers are `heads`.
    pub(super) fn stored(heads: Vec<NoteHeader>, store: &Arc<dyn NoteLoader>) -> Vec<LazyNote> {
        let numbered = heads.into_iter().zip(0..);
        let slots: Arc<[Slot]> =
            numbered.map(|(head, at)| Slot::new(head, NoteOrigin::Stored(store.clone(), at))).collect();
        (0..slots.len() as u32).map(|at| LazyNote { slots: slots.clone(), at }).collect()
    }

    fn slot(&self) -> &Slot {
        &self.slots[self.at as usize]
    }

    /// Dates this note, which nothing else dates, by the day it entered its repository.
    pub(super) fn first_committed(self, day: Date) -> LazyNote {
        let head = NoteHeader { is_dated: true, ..self.slot().head.clone() };
        LazyNote::alone(Slot::new(head, NoteOrigin::Git(self, day)))
    }

    /// Removes the entries that are not `shown`. The body stays whole.
    pub(super) fn veiled(self, shown: Box<[bool]>) -> LazyNote {
        let entries = shown.iter().filter(|shown| **shown).count() as u32;
        let head = NoteHeader { entries, ..self.slot().head.clone() };
        LazyNote::alone(Slot::new(head, NoteOrigin::Veiled(self, shown)))
    }

    /// Reads the note, unless it is in memory, and keeps it.
    pub fn load(&self) -> &Note {
        self.slot().note.get_or_init(|| Arc::new(self.peek().into_owned()))
    }

    /// Reads the note, unless it is in memory, and does not keep it: for visiting many notes.
    pub fn peek(&self) -> Cow<'_, Note> {
        if let Some(note) = self.slot().note.get() {
            return Cow::Borrowed(note);
        }
        Cow::Owned(match &self.slot().origin {
            NoteOrigin::Memory => Note::default(),
            NoteOrigin::Stored(store, at) => store.note(*at, &self.slot().head),
            NoteOrigin::Git(note, day) => {
                Note { dated: Some(DatedSpan::first_commit(*day)), ..note.peek().into_owned() }
            }
            NoteOrigin::Veiled(note, shown) => note.peek().with_entries(shown),
        })
    }

    /// The summary of the note; made anew when the note is in memory and no summary is cached.
    pub(super) fn summary(&self) -> Cow<'_, NoteSummary> {
        match (self.slot().summary.get(), self.slot().note.get()) {
            (Some(summary), _) => Cow::Borrowed(summary),
            (None, Some(note)) => Cow::Owned(NoteSummary::of(note)),
            (None, None) => Cow::Borrowed(self.cached_summary()),
        }
    }

    fn cached_summary(&self) -> &NoteSummary {
        self.slot().summary.get_or_init(|| NoteSummary::of(&self.peek()))
    }

    /// Caches the data that [`super::Log::of`] needs, so that several threads can share the work.
    pub fn warm_up(&self) {
        self.cached_summary();
    }

    /// The note as its file alone dates it, and the day that git dates it.
    pub fn without_git_date(&self) -> (&LazyNote, Option<Date>) {
        match &self.slot().origin {
            NoteOrigin::Git(note, day) => (note, Some(*day)),
            _ => (self, None),
        }
    }

    /// Dates by `days` those of `notes` that nothing else dates, and no others; `None` when that
    /// changes nothing.
    pub fn with_git_dates(notes: &[LazyNote], days: &FirstCommitDays) -> Option<Vec<LazyNote>> {
        let dated: Vec<LazyNote> = notes.iter().map(|note| note.with_git_date(days)).collect();
        notes.iter().zip(&dated).any(|(before, now)| !before.ptr_eq(now)).then_some(dated)
    }

    fn with_git_date(&self, days: &FirstCommitDays) -> LazyNote {
        let (undated, known) = self.without_git_date();
        let mut day = None;
        if !days.is_empty() && !undated.is_dated() {
            day = days.get(&(undated.source().to_owned(), undated.exact_path().to_owned())).copied();
        }
        match day {
            _ if day == known => self.clone(),
            Some(day) => undated.clone().first_committed(day),
            None => undated.clone(),
        }
    }

    /// Number that no other note has while this one exists.
    pub fn address(&self) -> usize {
        &raw const *self.slot() as usize
    }

    /// Reports whether both are clones of one note, and not merely equal.
    pub fn ptr_eq(&self, other: &LazyNote) -> bool {
        std::ptr::eq(self.slot(), other.slot())
    }

    /// The bytes of the note in the snapshot it comes from, if they are as they were written.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        match &self.slot().origin {
            NoteOrigin::Stored(store, at) => store.bytes(*at),
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

impl fmt::Debug for LazyNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.slot().head.fmt(f)
    }
}
