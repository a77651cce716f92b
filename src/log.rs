//! The log: notes and their entries, understood.
//!
//! Receives notes that were read and keeps them as columns: order, postings, labels, groups. Knows
//! no Markdown, files or clock. A [`Log`] is immutable and replaced as a whole.

mod assemble;
mod census;
mod column;
mod entry;
mod facet;
mod group;
mod jagged_array;
mod key_map;
mod labels;
#[cfg(test)]
mod laws;
pub mod lazy;
mod postings;
mod run;
pub mod snapshot;
#[cfg(test)]
pub mod testing;

pub use crate::date::{DatedSpan, Evidence, Precision, Span, WeekRule};
pub use crate::note::kind::{Kind, Kinds};
pub use crate::note::split::{EntryRule, Shape};
pub use crate::note::tag::{Recurrence, TagWhy};
pub use crate::reference::RefKind;
pub use crate::text::problem::{Code, Problem};
pub use entry::{Entry, EntryTag, Reference};
pub use group::{Group, GroupId};
pub use labels::Counts;
pub use lazy::LazyNote;

use crate::note::{EntryKey, Note, tag};
use crate::text::fold;
use column::Column;
use facet::Facets;
use key_map::KeyMap;
use labels::Labels;
use run::Runs;
use std::sync::{Arc, OnceLock};

/// All notes, read together, with their entries in order and indexed by label.
#[derive(Debug, Default)]
pub struct Log {
    notes: Vec<LazyNote>,
    runs: Runs,
    /// Key of each entry, newest first; equal keys of equal files in two sources are made distinct.
    keys: Column<u64>,
    /// Entries by key; a log from a snapshot builds the map at the first request.
    by_key: OnceLock<KeyMap>,
    groups: Vec<Group>,
    facets: Facets,
    tags: Vec<TagInfo>,
    /// Tags by folded name, and by the aliases of topics.
    tag_ids: foldhash::HashMap<String, TagId>,
    labels: Labels,
    /// Counts of all entries, made at the first request.
    counts: OnceLock<Counts>,
}

/// Number of an entry in one [`Log`], newest first: dense, and valid for that log only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

impl EntryId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Number of a tag in one [`Log`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagId(pub u32);

/// A tag of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagInfo {
    pub name: String,
    /// Evidence for a discovered tag, which no rule knows and nobody wrote.
    pub discovered: Option<Recurrence<String>>,
    /// The topics above it, nearest first.
    pub above: Vec<TagId>,
}

impl Log {
    /// Makes a log of notes that are all in memory, as [`Log::of`] does.
    pub fn new(notes: Vec<Arc<Note>>, rules: &tag::TagRules) -> Log {
        Log::of(notes.into_iter().map(LazyNote::from).collect(), rules)
    }

    /// Makes a log without the private entries, as if they were not written: no layer above can
    /// show, count or find them. Keys stay the same.
    #[must_use]
    pub fn veiled(&self, is_private: impl Fn(Entry<'_>) -> bool, rules: &tag::TagRules) -> Log {
        let mut notes = Vec::with_capacity(self.notes.len());
        for (at, note) in self.notes.iter().enumerate() {
            let mut shown = Vec::with_capacity(note.entry_count());
            self.peek_entries(at, |entry| shown.push(!is_private(entry)));
            if shown.iter().all(|shown| *shown) {
                notes.push(note.clone());
            } else if shown.contains(&true) {
                notes.push(note.clone().veiled(shown.into()));
            }
        }
        Log::of(notes, rules)
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Notes in the order of their sources and paths.
    pub fn notes(&self) -> &[LazyNote] {
        &self.notes
    }

    /// Reports whether the log was made of exactly these notes, by identity.
    pub fn has_same_notes(&self, notes: &[LazyNote]) -> bool {
        self.notes.len() == notes.len() && self.notes.iter().zip(notes).all(|(own, other)| own.ptr_eq(other))
    }

    /// All entries, newest first.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Entry<'_>> + DoubleEndedIterator {
        self.ids().map(|id| self.entry(id))
    }

    /// Ids of all entries, newest first.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = EntryId> + DoubleEndedIterator + use<> {
        (0..self.len() as u32).map(EntryId)
    }

    /// The entry with number `id`.
    ///
    /// # Panics
    ///
    /// May panic when `id` is of another log.
    pub fn entry(&self, id: EntryId) -> Entry<'_> {
        Entry { log: self, id, run: self.runs.find(id), note: None }
    }

    pub fn get(&self, id: EntryId) -> Option<Entry<'_>> {
        (id.index() < self.len()).then(|| self.entry(id))
    }

    pub fn find(&self, key: EntryKey) -> Option<EntryId> {
        match self.by_key.get() {
            Some(by_key) => by_key.get(&key).copied(),
            // Scanning for one key is faster than building the map.
            None => self.keys.iter().position(|own| *own == key.0).map(|at| EntryId(at as u32)),
        }
    }

    /// Returns a function that finds entries as [`Log::find`] does: faster for many keys.
    pub fn by_key(&self) -> impl Fn(EntryKey) -> Option<EntryId> {
        let by_key = self.by_key.get_or_init(|| self.keys.iter().map(|key| EntryKey(*key)).zip(self.ids()).collect());
        |key| by_key.get(&key).copied()
    }

    /// Notes, each with its entries in the note's order. Every note stays in memory.
    pub fn by_note(&self) -> impl Iterator<Item = (&Note, impl Iterator<Item = Entry<'_>>)> {
        self.notes.iter().enumerate().map(|(at, note)| (note.load(), self.entries_of(at)))
    }

    /// Calls `look` with each entry of note number `at`, in the note's order. A note that is not in
    /// memory is read and dropped again, so that visiting a whole log keeps nothing.
    pub fn peek_entries(&self, at: usize, mut look: impl FnMut(Entry<'_>)) {
        let note = self.notes[at].peek();
        self.entries_of(at).for_each(|entry| look(Entry { note: Some(&note), ..entry }));
    }

    /// Entries of note number `note`, in the note's order.
    pub fn entries_of(&self, note: usize) -> impl Iterator<Item = Entry<'_>> {
        let runs = self.runs.of_note(note);
        runs.flat_map(|(run, ids)| ids.map(|id| Entry { log: self, id: EntryId(id), run, note: None }))
    }

    pub fn tags(&self) -> &[TagInfo] {
        &self.tags
    }

    /// Counts of all entries.
    pub fn counts(&self) -> &Counts {
        self.counts.get_or_init(|| Counts::of(self, &self.ids().collect::<Vec<_>>()))
    }

    /// The tags of an entry and the topics above them, each once.
    pub fn tags_of(&self, id: EntryId) -> impl ExactSizeIterator<Item = TagId> {
        self.labels.all(id)
    }

    /// Finds a tag by name, in any case, by alias, or with the topics above it (`a/b`).
    pub fn tag(&self, name: &str) -> Option<TagId> {
        let name = fold(name);
        let leaf = name.rsplit('/').next().unwrap_or(&name);
        self.tag_ids.get(&name).or_else(|| self.tag_ids.get(leaf)).copied()
    }

    /// Names under which [`Log::tag`] finds a tag, folded: its own and its aliases.
    pub fn tag_names(&self) -> impl Iterator<Item = (&str, TagId)> {
        self.tag_ids.iter().map(|(name, tag)| (name.as_str(), *tag))
    }

    /// Problems of all notes, by note.
    pub fn problems(&self) -> impl Iterator<Item = (&Note, &Problem)> {
        let notes = self.notes.iter().map(LazyNote::load);
        notes.flat_map(|note| note.problems.iter().map(move |problem| (note, problem)))
    }
}
