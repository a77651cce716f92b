//! The log: notes and their entries, understood.
//!
//! Text in, values out: this layer never fails, does no IO and knows no clock. What it cannot
//! place it keeps and reports as a [`Problem`]. A [`Log`] is immutable and replaced whole.

mod assemble;
mod census;
mod column;
mod facet;
mod group;
mod jagged_array;
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
pub use crate::reference::RefKind;
pub use crate::text::problem::{Code, Problem};
pub use group::{Group, GroupId};
pub use labels::Counts;
pub use lazy::LazyNote;

use crate::note::{self, EntryKey, EntryRecord, Note, tag};
use crate::text::{fold, is_cjk_punctuation, is_han};
use column::Column;
use facet::Facets;
use labels::Labels;
use run::{Run, Runs};
use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    hash::{BuildHasher, Hasher},
    ops::Range,
    sync::{Arc, OnceLock},
};

/// All notes read together.
#[derive(Debug, Default)]
pub struct Log {
    notes: Vec<LazyNote>,
    stretches: Runs,
    /// For each entry, newest first, its key; equal ones of equal files in two sources are told apart.
    keys: Column<u64>,
    /// The entries by their keys; of a log from a snapshot, once one is asked for.
    by_key: OnceLock<Keys>,
    groups: Vec<Group>,
    facets: Facets,
    tags: Vec<TagInfo>,
    /// By folded name, and by the other names of topics.
    tag_ids: foldhash::HashMap<String, TagId>,
    labels: Labels,
    /// Of all entries, once they were counted.
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

type Keys = HashMap<EntryKey, EntryId, BuildKeyHasher>;

/// Keys are hashes already.
#[derive(Debug, Clone, Copy, Default)]
struct BuildKeyHasher;

struct KeyHasher(u64);

impl BuildHasher for BuildKeyHasher {
    type Hasher = KeyHasher;

    fn build_hasher(&self) -> KeyHasher {
        KeyHasher(0)
    }
}

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxhash_rust::xxh3::xxh3_64_with_seed(bytes, self.0);
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// Number of a tag in one [`Log`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagId(pub u32);

/// A tag of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagInfo {
    pub name: String,
    /// For a discovered tag, that no rule knows and no one wrote: on what evidence.
    pub discovered: Option<String>,
    /// The topics above it, nearest first.
    pub above: Vec<TagId>,
}

/// Something an entry points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference<'a> {
    pub kind: RefKind,
    pub id: &'a str,
    pub host: &'a str,
    pub url: &'a str,
    pub label: &'a str,
    /// Line of the file, from 1.
    pub line: u32,
    /// Told by prose and the links around it, not by a URL of the note.
    pub inferred: bool,
}

/// A tag of an entry with its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryTag<'a> {
    pub name: &'a str,
    pub why: &'a str,
}

/// The unit that is listed, searched and shown: a view of one entry of a log.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    log: &'a Log,
    id: EntryId,
    stretch: &'a Run,
    /// Its note, where that was read for the moment only.
    note: Option<&'a Note>,
}

impl Log {
    /// [`Log::of`] notes that are all at hand.
    pub fn new(notes: Vec<Arc<Note>>, rules: &tag::TagRules) -> Log {
        Log::of(notes.into_iter().map(LazyNote::from).collect(), rules)
    }

    /// A log of plain texts without dates, for tests of the layers above.
    pub fn from_entries<'a>(texts: impl IntoIterator<Item = &'a str>) -> Log {
        let rules = tag::TagRules::parse("").expect("no rules are sound rules");
        let notes = texts.into_iter().enumerate().map(|(at, text)| {
            let path = format!("{at}.md");
            let file = note::NoteFile { source: "test", path: &path, bytes: text.as_bytes() };
            Arc::new(note::read(file, &crate::date::Series::default(), EntryRule::Auto, &rules))
        });
        Log::new(notes.collect(), &rules)
    }

    /// This log as if the entries that are private were not written: no layer above can show, count
    /// or find them. Keys stay.
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

    /// Whether these are its notes, each the very same.
    pub fn has_same_notes(&self, notes: &[LazyNote]) -> bool {
        self.notes.len() == notes.len() && self.notes.iter().zip(notes).all(|(own, other)| own.ptr_eq(other))
    }

    /// All entries, newest first.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Entry<'_>> + DoubleEndedIterator {
        self.ids().map(|id| self.entry(id))
    }

    /// The numbers of all entries, newest first.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = EntryId> + DoubleEndedIterator + use<> {
        (0..self.len() as u32).map(EntryId)
    }

    /// # Panics
    ///
    /// When `id` is of another log.
    pub fn entry(&self, id: EntryId) -> Entry<'_> {
        Entry { log: self, id, stretch: self.stretches.find(id), note: None }
    }

    pub fn get(&self, id: EntryId) -> Option<Entry<'_>> {
        (id.index() < self.len()).then(|| self.entry(id))
    }

    pub fn find(&self, key: EntryKey) -> Option<EntryId> {
        match self.by_key.get() {
            Some(by_key) => by_key.get(&key).copied(),
            // One is sooner looked for than all are put in order.
            None => self.keys.iter().position(|own| *own == key.0).map(|at| EntryId(at as u32)),
        }
    }

    /// As [`Log::find`], for looking for many.
    pub fn by_key(&self) -> impl Fn(EntryKey) -> Option<EntryId> {
        let by_key = self.by_key.get_or_init(|| self.keys.iter().map(|key| EntryKey(*key)).zip(self.ids()).collect());
        |key| by_key.get(&key).copied()
    }

    /// Each note with its entries in its own order.
    pub fn by_note(&self) -> impl Iterator<Item = (&Note, impl Iterator<Item = Entry<'_>>)> {
        self.notes.iter().enumerate().map(|(at, note)| (note.load(), self.entries_of(at)))
    }

    /// Looks at the entries of note number `at`, in its own order. A note that is not at hand is
    /// read for it and let go again: looking at all of a log so takes no memory.
    pub fn peek_entries(&self, at: usize, mut look: impl FnMut(Entry<'_>)) {
        let note = self.notes[at].peek();
        self.entries_of(at).for_each(|entry| look(Entry { note: Some(&note), ..entry }));
    }

    /// The entries of note number `note`, in its own order.
    pub fn entries_of(&self, note: usize) -> impl Iterator<Item = Entry<'_>> {
        let stretches = self.stretches.of_note(note);
        stretches.flat_map(|(stretch, ids)| ids.map(|id| Entry { log: self, id: EntryId(id), stretch, note: None }))
    }

    /// The number of the note of an entry.
    pub fn note_of(&self, id: EntryId) -> usize {
        self.stretches.find(id).note as usize
    }

    pub fn tags(&self) -> &[TagInfo] {
        &self.tags
    }

    /// Those of all entries.
    pub fn counts(&self) -> &Counts {
        let count = || Counts::of(self, &self.ids().collect::<Vec<_>>());
        self.counts.get_or_init(count)
    }

    /// The tags of an entry and the topics above them, each once.
    pub fn tags_of(&self, id: EntryId) -> impl ExactSizeIterator<Item = TagId> {
        self.labels.all(id)
    }

    /// The tag of that name, written in any way, by alias or with the topics above it (`a/b`).
    pub fn tag(&self, name: &str) -> Option<TagId> {
        let name = fold(name);
        let leaf = name.rsplit('/').next().unwrap_or(&name);
        self.tag_ids.get(&name).or_else(|| self.tag_ids.get(leaf)).copied()
    }

    /// Every name under which [`Log::tag`] finds a tag, folded: its own and its aliases.
    pub fn tag_names(&self) -> impl Iterator<Item = (&str, TagId)> {
        self.tag_ids.iter().map(|(name, tag)| (name.as_str(), *tag))
    }

    /// Problems of all notes, by note.
    pub fn problems(&self) -> impl Iterator<Item = (&Note, &Problem)> {
        self.notes.iter().map(LazyNote::load).flat_map(|note| note.problems.iter().map(move |problem| (note, problem)))
    }
}

impl<'a> Entry<'a> {
    /// The log the entry belongs to.
    pub fn log(self) -> &'a Log {
        self.log
    }

    pub fn id(self) -> EntryId {
        self.id
    }

    pub fn key(self) -> EntryKey {
        EntryKey(self.log.keys[self.id.index()])
    }

    pub fn note(self) -> &'a Note {
        self.note.unwrap_or_else(|| self.log.notes[self.stretch.note as usize].load())
    }

    /// Its place in its note.
    fn nth(self) -> usize {
        self.stretch.place_of(self.id) as usize
    }

    fn record(self) -> &'a EntryRecord {
        &self.note().entries[self.nth()]
    }

    /// Line of the file at which the entry begins, from 1.
    pub fn line(self) -> u32 {
        self.record().line
    }

    /// Lines of the file from its own to the one before the next entry's; that of the last has
    /// no end.
    pub fn lines(self) -> Range<u32> {
        let next = self.note().entries.get(self.nth() + 1).map_or(u32::MAX, |next| next.line);
        self.line()..next.max(self.line().saturating_add(1))
    }

    pub fn shape(self) -> Shape {
        self.record().shape
    }

    /// Never empty, on one line.
    pub fn title(self) -> &'a str {
        self.note().text.get(self.record().title)
    }

    /// The Markdown of the entry, as repaired.
    pub fn body(self) -> &'a str {
        self.note().text.get(self.record().body)
    }

    /// The entry with the headings and blank lines before it: the extents of a note's entries
    /// are its whole body, in order.
    pub fn extent(self) -> &'a str {
        self.note().text.get(self.record().extent)
    }

    /// The text without markup, a line for each block.
    pub fn plain(self) -> &'a str {
        self.note().text.get(self.record().plain)
    }

    /// The headings above, outermost first.
    pub fn section(self) -> impl Iterator<Item = &'a str> {
        let note = self.note();
        note.sections.get(self.record().section as usize).into_iter().flatten().map(|slice| note.text.get(*slice))
    }

    /// The title of the note, at its first entry, when it says what the note is about.
    fn stands_for(self) -> Option<&'a str> {
        let note = self.note();
        (self.nth() == 0 && note.is_telling && note.title != self.title()).then_some(&*note.title)
    }

    /// Its own date, else its note's.
    pub fn dated(self) -> Option<DatedSpan> {
        self.record().dated.or(self.note().dated)
    }

    /// The span of [`Entry::dated`]; known without reading the note.
    pub fn span(self) -> Option<Span> {
        self.log.group(self.stretch.group).span
    }

    /// Known without reading the note.
    pub fn kinds(self) -> Kinds {
        self.log.labels.kinds(self.id)
    }

    /// Its kinds, each with what speaks for it.
    pub fn kind_reasons(self) -> impl Iterator<Item = (Kind, &'a str)> {
        let Range { start, end } = self.record().kind_reasons;
        let note = self.note();
        let records = &note.kind_reasons[start as usize..end as usize];
        records.iter().map(|record| (record.kind, note.text.get(record.why)))
    }

    pub fn has_code(self) -> bool {
        self.record().has_code
    }

    pub fn has_image(self) -> bool {
        self.record().has_image
    }

    pub fn refs(self) -> impl Iterator<Item = Reference<'a>> {
        let text = &self.note().text;
        self.note().refs[self.record().refs.start as usize..self.record().refs.end as usize].iter().map(|record| {
            Reference {
                kind: record.kind,
                id: text.get(record.id),
                host: text.get(record.host),
                url: text.get(record.url),
                label: text.get(record.label),
                line: record.line,
                inferred: record.inferred,
            }
        })
    }

    /// Those with evidence of their own first, then discovered ones.
    pub fn tags(self) -> impl Iterator<Item = EntryTag<'a>> {
        let discovered = self.log.labels.discovered(self.id).map(|tag| {
            let info = &self.log.tags[tag.0 as usize];
            EntryTag { name: &info.name, why: info.discovered.as_deref().unwrap_or_default() }
        });
        self.own_tags().chain(discovered)
    }

    fn own_tags(self) -> impl Iterator<Item = EntryTag<'a>> {
        let text = &self.note().text;
        let records = &self.note().tags[self.record().tags.start as usize..self.record().tags.end as usize];
        records.iter().map(|record| EntryTag { name: text.get(record.name), why: text.get(record.why) })
    }

    /// Whether the entry has the tag that [`Log::tag`] knows by `name`, or one below it.
    pub fn has_tag(self, name: &str) -> bool {
        self.log.tag(name).is_some_and(|tag| self.log.tags_of(self.id).any(|own| own == tag))
    }

    /// The texts in which words are looked for, each by itself: no phrase reaches from one into
    /// the next. The first entry of a note has its title too, if that says what the note is about:
    /// whoever looks for it by name finds one entry, not all. A pull request is also `pr 1331`, so
    /// that it is found by every spelling, and one that may be an issue as well `issue 1331` too.
    /// What stands in the text as it is, as titles and labels mostly do, is not told twice.
    pub fn fields(self) -> impl Iterator<Item = Cow<'a, str>> {
        let plain = self.plain();
        let spelled = |found: &Reference<'a>, kind: RefKind| {
            let (_, number) = found.id.rsplit_once('#')?;
            Some(Cow::Owned(format!("{} {number}", kind.name())))
        };
        let refs = self.refs().flat_map(move |found| {
            let change = found.kind.is_change().then_some(found.kind);
            let other = if found.kind == RefKind::Issue { RefKind::Pr } else { RefKind::Issue };
            let other = change.filter(|_| found.inferred).map(|_| other);
            let spelled = [change, other].into_iter().flatten().filter_map(move |kind| spelled(&found, kind));
            let own = [found.id, found.label].into_iter().filter(move |text| !contains_words(text, plain));
            own.map(Cow::Borrowed).chain(spelled)
        });
        let title = Some(self.title()).filter(|title| !starts_with_words(plain, title));
        let own = title.into_iter().chain([plain]).chain(self.section()).chain(self.stands_for());
        own.chain(self.tags().map(|tagged| tagged.name)).map(Cow::Borrowed).chain(refs)
    }
}

/// Bytes of a text in which labels are looked for; longer ones have many.
const LONG: usize = 4096;

/// Whether `plain` has all words of `text` side by side, and none of them as a part of another.
fn contains_words(text: &str, plain: &str) -> bool {
    let parts = |(at, _): (usize, &str)| (&plain[..at], &plain[at + text.len()..]);
    let stands =
        |(before, after): (&str, &str)| is_border(before.chars().next_back()) && is_border(after.chars().next());
    plain.len() <= LONG && starts_at_word_boundary(text) && plain.match_indices(text).map(parts).any(stands)
}

fn starts_with_words(plain: &str, text: &str) -> bool {
    starts_at_word_boundary(text) && plain.strip_prefix(text).is_some_and(|rest| is_border(rest.chars().next()))
}

/// Whether the first character is a whole one, whatever stands before it.
fn starts_at_word_boundary(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_graphic() || is_han(c))
}

/// No word goes on over this: neither over white space and punctuation nor over Han.
fn is_border(c: Option<char>) -> bool {
    c.is_none_or(|c| c.is_ascii_whitespace() || c.is_ascii_punctuation() || is_han(c) || is_cjk_punctuation(c))
}

impl Reference<'_> {
    /// Where and in which year a paper appeared, as far as its URL tells: OSDI, 2022.
    pub fn venue(&self) -> Option<(String, u16)> {
        if self.kind == RefKind::Paper { crate::reference::venue(self.id) } else { None }
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("key", &self.key()).field("title", &self.title()).finish()
    }
}
