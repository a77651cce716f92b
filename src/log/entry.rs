//! Entry: a view of one entry of a log.

use super::{EntryId, Log, run::Run};
use crate::date::{DatedSpan, Span};
use crate::note::{EntryKey, EntryRecord, Kind, Kinds, Note, Shape, TagWhy};
use crate::reference::{RefKind, ReferenceFields};
use crate::text::{is_cjk_punctuation, is_han};
use std::{borrow::Cow, fmt, ops::Range};

/// The unit that is listed, searched and shown: a view of one entry of a log.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub(super) log: &'a Log,
    pub(super) id: EntryId,
    pub(super) run: &'a Run,
    /// The note of the entry, when it was read only to look at its entries.
    pub(super) note: Option<&'a Note>,
}

/// Something an entry points to.
pub type Reference<'a> = ReferenceFields<&'a str>;

/// A tag of an entry with its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryTag<'a> {
    pub name: &'a str,
    pub why: TagWhy<&'a str>,
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
        self.note.unwrap_or_else(|| self.log.notes[self.run.note as usize].load())
    }

    /// Position of the entry in its note, from 0.
    fn nth(self) -> usize {
        self.run.place_of(self.id) as usize
    }

    fn record(self) -> &'a EntryRecord {
        &self.note().entries[self.nth()]
    }

    /// Line of the file at which the entry begins, from 1.
    pub fn line(self) -> u32 {
        self.record().line
    }

    /// Lines of the file from the first line of the entry to the line before the next entry; the
    /// range of the last entry is open.
    pub fn lines(self) -> Range<u32> {
        let next = self.note().entries.get(self.nth() + 1).map_or(u32::MAX, |next| next.line);
        self.line()..next.max(self.line().saturating_add(1))
    }

    pub fn shape(self) -> Shape {
        self.record().shape
    }

    /// Title of the entry: never empty, on one line.
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
    fn note_title(self) -> Option<&'a str> {
        let note = self.note();
        (self.nth() == 0 && note.is_telling && note.title != self.title()).then_some(&*note.title)
    }

    /// The date of the entry, or else that of its note.
    pub fn dated(self) -> Option<DatedSpan> {
        self.record().dated.or(self.note().dated)
    }

    /// The span of [`Entry::dated`]; known without reading the note.
    pub fn span(self) -> Option<Span> {
        self.log.group(self.run.group).span
    }

    /// Kinds of the entry; known without reading the note.
    pub fn kinds(self) -> Kinds {
        self.log.labels.kinds(self.id)
    }

    /// Kinds of the entry, each with the evidence for it.
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
        let note = self.note();
        let Range { start, end } = self.record().refs;
        let records = &note.refs[start as usize..end as usize];
        records.iter().map(|record| record.map(|slice| note.text.get(*slice)))
    }

    /// Tags of the entry: those with evidence in the entry first, then discovered ones.
    pub fn tags(self) -> impl Iterator<Item = EntryTag<'a>> {
        let discovered = self.log.labels.discovered(self.id).filter_map(move |tag| {
            let info = &self.log.tags[tag.0 as usize];
            let recurrence = info.discovered.as_ref()?.borrowed();
            Some(EntryTag { name: &info.name, why: TagWhy::Recurrence(recurrence) })
        });
        self.own_tags().chain(discovered)
    }

    fn own_tags(self) -> impl Iterator<Item = EntryTag<'a>> {
        let note = self.note();
        let Range { start, end } = self.record().tags;
        let records = &note.tags[start as usize..end as usize];
        let text = |slice| note.text.get(slice);
        records.iter().map(move |record| EntryTag { name: text(record.name), why: record.why.map(text) })
    }

    /// Reports whether the entry has the tag that [`Log::tag`] finds by `name`, or one below it.
    pub fn has_tag(self, name: &str) -> bool {
        self.log.tag(name).is_some_and(|tag| self.log.tags_of(self.id).any(|own| own == tag))
    }

    /// The texts that are searched for words, each by itself: no phrase reaches from one into the
    /// next.
    ///
    /// The first entry of a note also has the note's title, if that says what the note is about:
    /// a search for the title finds one entry, not all. A pull request is also `pr 1331`, so that
    /// every spelling finds it, and one that may be an issue as well is `issue 1331` too. Titles
    /// and labels that the plain text contains, as it does most of them, are not repeated.
    pub fn fields(self) -> impl Iterator<Item = Cow<'a, str>> {
        let plain = self.plain();
        let title = Some(self.title()).filter(|title| !starts_with_words(plain, title));
        let tags = self.tags().map(|tagged| tagged.name);
        let texts = title.into_iter().chain([plain]).chain(self.section()).chain(self.note_title()).chain(tags);
        texts.map(Cow::Borrowed).chain(self.refs().flat_map(move |found| reference_fields(found, plain)))
    }
}

/// The texts that find an entry by a reference: id and label where `plain` does not contain them,
/// then the spellings of a change.
fn reference_fields<'a>(found: Reference<'a>, plain: &str) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
    let mut fields = [None, None, None, None];
    if !contains_words(found.id, plain) {
        fields[0] = Some(Cow::Borrowed(found.id));
    }
    if !contains_words(found.label, plain) {
        fields[1] = Some(Cow::Borrowed(found.label));
    }
    if found.kind.is_change() {
        fields[2] = numbered(found.kind, found.id);
        if found.inferred {
            let other = if found.kind == RefKind::Issue { RefKind::Pr } else { RefKind::Issue };
            fields[3] = numbered(other, found.id);
        }
    }
    fields.into_iter().flatten()
}

/// `pr 1331` for `containerd/nerdctl#1331`.
fn numbered<'a>(kind: RefKind, id: &str) -> Option<Cow<'a, str>> {
    let (_, number) = id.rsplit_once('#')?;
    Some(Cow::Owned(format!("{} {number}", kind.name())))
}

/// Largest text, in bytes, that is searched for labels; longer ones have many.
const LONG: usize = 4096;

/// Reports whether `plain` contains the words of `text` side by side, none as a part of another.
fn contains_words(text: &str, plain: &str) -> bool {
    if plain.len() > LONG || !starts_at_word_boundary(text) {
        return false;
    }
    plain.match_indices(text).any(|(at, _)| {
        let (before, after) = (&plain[..at], &plain[at + text.len()..]);
        is_border(before.chars().next_back()) && is_border(after.chars().next())
    })
}

fn starts_with_words(plain: &str, text: &str) -> bool {
    starts_at_word_boundary(text) && plain.strip_prefix(text).is_some_and(|rest| is_border(rest.chars().next()))
}

/// Reports whether the first character cannot combine with one before it.
fn starts_at_word_boundary(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_graphic() || is_han(c))
}

/// Reports whether a word ends at `c`: at white space, punctuation, Han, or the end of the text.
fn is_border(c: Option<char>) -> bool {
    c.is_none_or(|c| c.is_ascii_whitespace() || c.is_ascii_punctuation() || is_han(c) || is_cjk_punctuation(c))
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("key", &self.key()).field("title", &self.title()).finish()
    }
}
