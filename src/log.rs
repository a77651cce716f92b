//! The log: notes and their entries, understood.
//!
//! Text in, values out: this layer never fails, does no IO and knows no clock. What it cannot
//! place it keeps and reports as a [`Problem`]. A [`Log`] is immutable and replaced whole.

pub mod date;
mod decode;
mod dialect;
mod discover;
pub mod draft;
mod front;
mod group;
pub mod kind;
#[cfg(test)]
mod laws;
pub mod markdown;
mod marks;
pub mod naming;
mod normalize;
pub mod note;
mod org;
pub mod problem;
pub mod reference;
pub mod split;
mod store;
pub mod tag;
pub mod thread;

pub use date::{Dated, Evidence, Precision, Span, WeekRule};
pub use group::{Group, GroupId};
pub use kind::{Kind, Kinds};
pub use marks::Counts;
pub use normalize::SEAM;
pub use problem::{Code, Problem};
pub use reference::RefKind;
pub use split::{EntryRule, Shape};

use crate::text::{clean_line, fold};
use group::Groups;
use marks::Marks;
use std::{borrow::Cow, collections::HashMap, fmt, ops::Range, sync::Arc};
use store::{Slice, Text};

/// All notes read together.
#[derive(Debug, Default)]
pub struct Log {
    notes: Vec<Arc<Note>>,
    /// For each entry, newest first: its note and its place in it.
    places: Vec<(u32, u32)>,
    /// For each entry its key; equal ones of equal files in two sources are told apart.
    keys: Vec<EntryKey>,
    by_key: HashMap<EntryKey, EntryId>,
    /// For each note its entries, in its own order.
    ids_of: Vec<Vec<EntryId>>,
    groups: Groups,
    tags: Vec<TagInfo>,
    tag_ids: HashMap<String, TagId>,
    marks: Marks,
}

/// One file.
#[derive(Debug, Clone, Default)]
pub struct Note {
    /// Name of the source the file belongs to.
    pub source: String,
    /// Path relative to the source, with `/`.
    pub path: String,
    pub title: String,
    pub dated: Option<Dated>,
    /// What other sources say of the date, strongest first.
    pub alternatives: Vec<Dated>,
    pub problems: Vec<Problem>,
    /// Why it was cut into entries as it was.
    pub cut_by: &'static str,
    /// Changes whenever the file, its path or the rules change.
    pub fingerprint: u64,
    /// The path as the file system has it, when that is not fit to be shown.
    exact_path: Option<Box<str>>,
    text: Text,
    body: Slice,
    sections: Vec<Vec<Slice>>,
    entries: Vec<EntryRecord>,
    refs: Vec<RefRecord>,
    tags: Vec<TagRecord>,
    kind_reasons: Vec<KindRecord>,
    /// Names that no rule knows, by entry.
    names: Vec<NameRecord>,
    definitions: Vec<(String, String)>,
}

/// How the notes of a source are read where they could be read in several ways.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct SourceRules {
    pub entries: EntryRule,
    pub weeks: WeekRule,
}

/// Number of an entry in one [`Log`], newest first: dense, and valid for that log only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(pub u32);

impl EntryId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an entry is called outside one log: a hash of its note's path, its text, and its number
/// among equal texts of that note. Survives edits elsewhere in the note; never names another text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKey(pub u64);

impl EntryKey {
    fn new(path: &str, text: u64, occurrence: u32) -> EntryKey {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        hasher.update(path.as_bytes());
        hasher.update(&[0]);
        hasher.update(&text.to_le_bytes());
        hasher.update(&occurrence.to_le_bytes());
        EntryKey(hasher.digest())
    }

    /// Whether it is written with `digits` first, in lower case.
    pub fn begins_with(self, digits: &str) -> bool {
        self.to_string().starts_with(digits)
    }

    /// Reads what [`fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<EntryKey> {
        (text.len() == 16).then(|| u64::from_str_radix(text, 16).ok().map(EntryKey))?
    }
}

impl fmt::Display for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
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

/// Tags by the order in which they are met.
#[derive(Default)]
struct TagTable {
    tags: Vec<TagInfo>,
    /// By folded name.
    ids: HashMap<String, TagId>,
}

impl TagTable {
    fn id(&mut self, name: &str) -> TagId {
        *self.ids.entry(fold(name)).or_insert_with(|| {
            self.tags.push(TagInfo { name: name.to_owned(), discovered: None, above: Vec::new() });
            TagId(self.tags.len() as u32 - 1)
        })
    }
}

#[derive(Debug, Clone)]
struct EntryRecord {
    key: EntryKey,
    shape: Shape,
    line: u32,
    title: Slice,
    body: Slice,
    extent: Slice,
    plain: Slice,
    section: u32,
    dated: Option<Dated>,
    kinds: Kinds,
    kind_reasons: Range<u32>,
    refs: Range<u32>,
    tags: Range<u32>,
    has_code: bool,
    has_image: bool,
}

#[derive(Debug, Clone, Copy)]
struct RefRecord {
    kind: RefKind,
    id: Slice,
    host: Slice,
    url: Slice,
    label: Slice,
    line: u32,
    inferred: bool,
}

#[derive(Debug, Clone, Copy)]
struct TagRecord {
    name: Slice,
    why: Slice,
}

#[derive(Debug, Clone, Copy)]
struct NameRecord {
    /// Its place in the note.
    entry: u32,
    kind: discover::NameKind,
    name: Slice,
}

#[derive(Debug, Clone, Copy)]
struct KindRecord {
    kind: Kind,
    why: Slice,
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
pub struct Tagged<'a> {
    pub name: &'a str,
    pub why: &'a str,
}

/// The unit that is listed, searched and shown: a view of one entry of a log.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    log: &'a Log,
    note: &'a Note,
    record: &'a EntryRecord,
    id: EntryId,
}

impl Note {
    fn new(source: &str, path: &str, title: String) -> Note {
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

    /// This note with its day of `days`, if they know it.
    fn dated_by(&self, days: &date::Days) -> Option<Note> {
        let day = days.get(&(self.source.clone(), self.exact_path().to_owned()))?;
        Some(Note { dated: Some(Dated::first_commit(*day)), ..self.clone() })
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

    /// Bytes of text that are kept of it: its body and what was derived from it.
    pub fn text_size(&self) -> usize {
        self.text.size()
    }

    /// The URL that a link label stands for in this note.
    pub fn definition(&self, label: &str) -> Option<&str> {
        let label = label.to_lowercase();
        self.definitions.iter().find(|(name, _)| *name == label).map(|(_, url)| url.as_str())
    }
}

impl Log {
    /// Puts notes in order: newest entries first, undated ones last, each note's own order kept.
    pub fn new(notes: Vec<Arc<Note>>, rules: &tag::Rules) -> Log {
        let mut log = Log { notes, ..Log::default() };
        let mut places: Vec<(u32, u32)> = Vec::new();
        for (at, note) in log.notes.iter().enumerate() {
            places.extend((0..note.entries.len() as u32).map(|nth| (at as u32, nth)));
        }
        let span = |&(note, nth): &(u32, u32)| {
            let note = &log.notes[note as usize];
            note.entries[nth as usize].dated.or(note.dated).map(|dated| (dated.span.last(), dated.span.first()))
        };
        places.sort_by_key(|place| std::cmp::Reverse(span(place)));
        log.places = places;
        log.number();
        log.groups = Groups::of(&log);
        log.mark(rules);
        log
    }

    /// This log with the undated notes dated by `days`; `None` when they date nothing. No file is
    /// read again, and keys stay.
    pub fn dated_by(&self, days: &date::Days, rules: &tag::Rules) -> Option<Log> {
        let dated = |note: &Arc<Note>| match note.dated {
            None => note.dated_by(days).map_or_else(|| note.clone(), Arc::new),
            Some(_) => note.clone(),
        };
        let notes: Vec<Arc<Note>> = self.notes.iter().map(dated).collect();
        let same = self.notes.iter().zip(&notes).all(|(old, new)| Arc::ptr_eq(old, new));
        (!same).then(|| Log::new(notes, rules))
    }

    /// Gives keys and ids to the entries, in their order.
    fn number(&mut self) {
        self.ids_of = self.notes.iter().map(|note| vec![EntryId(0); note.entries.len()]).collect();
        for (at, (note, nth)) in self.places.iter().enumerate() {
            let id = EntryId(at as u32);
            let mut key = self.notes[*note as usize].entries[*nth as usize].key;
            while self.by_key.contains_key(&key) {
                key.0 = key.0.wrapping_add(1);
            }
            self.by_key.insert(key, id);
            self.keys.push(key);
            self.ids_of[*note as usize][*nth as usize] = id;
        }
    }

    /// A log of plain texts without dates, for tests of the layers above.
    pub fn from_entries<'a>(texts: impl IntoIterator<Item = &'a str>) -> Log {
        let rules = tag::Rules::parse("").expect("no rules are sound rules");
        let notes = texts.into_iter().enumerate().map(|(at, text)| {
            let path = format!("{at}.md");
            let file = note::File { source: "test", path: &path, bytes: text.as_bytes() };
            Arc::new(note::read(file, &date::Series::default(), &rules))
        });
        Log::new(notes.collect(), &rules)
    }

    /// Gives each entry its tags: its own with those above them, then discovered ones.
    fn mark(&mut self, rules: &tag::Rules) {
        let mut table = TagTable::default();
        let (mut own, mut ends) = (Vec::new(), Vec::with_capacity(self.len()));
        for entry in self.entries() {
            let mut all: Vec<TagId> = Vec::new();
            for tagged in entry.own_tags() {
                all.push(table.id(tagged.name));
                all.extend(rules.parents(tagged.name).into_iter().map(|parent| table.id(parent)));
            }
            all.sort();
            all.dedup();
            own.extend(all);
            ends.push(own.len());
        }
        let mut discovered: Vec<(u32, TagId)> = Vec::new();
        for found in self.discoveries() {
            let tag = table.id(&found.name);
            table.tags[tag.0 as usize].discovered = Some(found.why);
            discovered.extend(found.entries.into_iter().map(|entry| (entry, tag)));
        }
        discovered.sort_by_key(|(entry, _)| *entry);
        let (mut marks, mut discovered, mut start) = (marks::Builder::default(), &discovered[..], 0);
        for (entry, end) in self.entries().zip(ends) {
            let own = &own[std::mem::replace(&mut start, end)..end];
            let here = discovered.iter().take_while(|(of, _)| *of == entry.id().0).count();
            let (here, rest) = discovered.split_at(here);
            discovered = rest;
            if here.is_empty() {
                marks.push(entry.kinds(), own, &[]);
                continue;
            }
            let mut new: Vec<TagId> = Vec::new();
            for (_, tag) in here {
                if !own.contains(tag) && !new.contains(tag) {
                    new.push(*tag);
                }
            }
            let mut all = [own, &new].concat();
            all.sort();
            marks.push(entry.kinds(), &all, &new);
        }
        let marks = marks.finish();
        for tag in &mut table.tags {
            tag.above =
                rules.parents(&tag.name).iter().filter_map(|name| table.ids.get(&fold(name)).copied()).collect();
        }
        (self.tags, self.tag_ids, self.marks) = (table.tags, table.ids, marks);
    }

    /// Names that recur in the log. A day of a note that has several counts as a note.
    fn discoveries(&self) -> Vec<discover::Discovery> {
        let mut census = discover::Census::default();
        for (at, note) in self.notes.iter().enumerate() {
            for record in &note.names {
                let dated = note.entries[record.entry as usize].dated;
                let day = dated
                    .map_or(0, |dated| dated.span.first().duration_since(jiff::civil::Date::ZERO).as_hours() as u64);
                let entry = self.ids_of[at][record.entry as usize];
                let met = discover::Met { name: note.text.get(record.name), kind: record.kind };
                census.count(met, (at as u64) << 32 | day, entry.0);
            }
        }
        census.discoveries()
    }

    pub fn len(&self) -> usize {
        self.places.len()
    }

    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Notes in the order of their sources and paths.
    pub fn notes(&self) -> &[Arc<Note>] {
        &self.notes
    }

    /// Whether these are its notes, each the very same.
    pub fn holds_the_notes_of(&self, notes: &[Arc<Note>]) -> bool {
        self.notes.len() == notes.len() && self.notes.iter().zip(notes).all(|(own, other)| Arc::ptr_eq(own, other))
    }

    /// All entries, newest first.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = Entry<'_>> + DoubleEndedIterator {
        (0..self.places.len() as u32).map(|id| self.entry(EntryId(id)))
    }

    /// # Panics
    ///
    /// When `id` is of another log.
    pub fn entry(&self, id: EntryId) -> Entry<'_> {
        let (note, nth) = self.places[id.index()];
        let note = &self.notes[note as usize];
        Entry { log: self, note, record: &note.entries[nth as usize], id }
    }

    pub fn get(&self, id: EntryId) -> Option<Entry<'_>> {
        (id.index() < self.places.len()).then(|| self.entry(id))
    }

    pub fn find(&self, key: EntryKey) -> Option<EntryId> {
        self.by_key.get(&key).copied()
    }

    /// Each note with its entries in its own order.
    pub fn by_note(&self) -> impl Iterator<Item = (&Note, impl Iterator<Item = Entry<'_>>)> {
        self.notes.iter().zip(&self.ids_of).map(|(note, ids)| (&**note, ids.iter().map(|id| self.entry(*id))))
    }

    pub fn tags(&self) -> &[TagInfo] {
        &self.tags
    }

    /// The tags of an entry and the topics above them, each once.
    pub fn tags_of(&self, id: EntryId) -> &[TagId] {
        self.marks.all(id)
    }

    pub fn tag(&self, name: &str) -> Option<TagId> {
        self.tag_ids.get(&fold(name)).copied()
    }

    /// Problems of all notes, by note.
    pub fn problems(&self) -> impl Iterator<Item = (&Note, &Problem)> {
        self.notes.iter().flat_map(|note| note.problems.iter().map(move |problem| (&**note, problem)))
    }
}

impl<'a> Entry<'a> {
    pub fn id(self) -> EntryId {
        self.id
    }

    pub fn key(self) -> EntryKey {
        self.log.keys[self.id.index()]
    }

    pub fn note(self) -> &'a Note {
        self.note
    }

    /// Line of the file at which the entry begins, from 1.
    pub fn line(self) -> u32 {
        self.record.line
    }

    /// Lines of the file from its own to the one before the next entry's; that of the last has
    /// no end.
    pub fn lines(self) -> Range<u32> {
        let (_, nth) = self.log.places[self.id.index()];
        let next = self.note.entries.get(nth as usize + 1).map_or(u32::MAX, |next| next.line);
        self.line()..next.max(self.line().saturating_add(1))
    }

    pub fn shape(self) -> Shape {
        self.record.shape
    }

    /// Never empty, on one line.
    pub fn title(self) -> &'a str {
        self.note.text.get(self.record.title)
    }

    /// The Markdown of the entry, as repaired.
    pub fn body(self) -> &'a str {
        self.note.text.get(self.record.body)
    }

    /// The entry with the headings and blank lines before it: the extents of a note's entries
    /// are its whole body, in order.
    pub fn extent(self) -> &'a str {
        self.note.text.get(self.record.extent)
    }

    /// The text without markup, a line for each block.
    pub fn plain(self) -> &'a str {
        self.note.text.get(self.record.plain)
    }

    /// The headings above, outermost first.
    pub fn section(self) -> impl Iterator<Item = &'a str> {
        self.note
            .sections
            .get(self.record.section as usize)
            .into_iter()
            .flatten()
            .map(|slice| self.note.text.get(*slice))
    }

    /// Its own date, else its note's.
    pub fn dated(self) -> Option<Dated> {
        self.record.dated.or(self.note.dated)
    }

    pub fn span(self) -> Option<Span> {
        self.dated().map(|dated| dated.span)
    }

    pub fn kinds(self) -> Kinds {
        self.record.kinds
    }

    /// Its kinds, each with what speaks for it.
    pub fn kind_reasons(self) -> impl Iterator<Item = (Kind, &'a str)> {
        let Range { start, end } = self.record.kind_reasons;
        let records = &self.note.kind_reasons[start as usize..end as usize];
        records.iter().map(|record| (record.kind, self.note.text.get(record.why)))
    }

    pub fn has_code(self) -> bool {
        self.record.has_code
    }

    pub fn has_image(self) -> bool {
        self.record.has_image
    }

    pub fn refs(self) -> impl Iterator<Item = Reference<'a>> {
        let text = &self.note.text;
        self.note.refs[self.record.refs.start as usize..self.record.refs.end as usize].iter().map(|record| Reference {
            kind: record.kind,
            id: text.get(record.id),
            host: text.get(record.host),
            url: text.get(record.url),
            label: text.get(record.label),
            line: record.line,
            inferred: record.inferred,
        })
    }

    /// Those with evidence of their own first, then discovered ones.
    pub fn tags(self) -> impl Iterator<Item = Tagged<'a>> {
        let discovered = self.log.marks.discovered(self.id).iter().map(|tag| {
            let info = &self.log.tags[tag.0 as usize];
            Tagged { name: &info.name, why: info.discovered.as_deref().unwrap_or_default() }
        });
        self.own_tags().chain(discovered)
    }

    fn own_tags(self) -> impl Iterator<Item = Tagged<'a>> {
        let text = &self.note.text;
        let records = &self.note.tags[self.record.tags.start as usize..self.record.tags.end as usize];
        records.iter().map(|record| Tagged { name: text.get(record.name), why: text.get(record.why) })
    }

    /// Whether the entry has the tag, or one below it in the hierarchy.
    pub fn has_tag(self, name: &str) -> bool {
        let leaf = name.rsplit('/').next().unwrap_or(name);
        self.log.tag(leaf).is_some_and(|tag| self.log.tags_of(self.id).contains(&tag))
    }

    /// The texts in which words are looked for, each by itself: no phrase reaches from one into
    /// the next. A pull request is also `pr 1331`, so that it is found by every spelling.
    pub fn fields(self) -> impl Iterator<Item = Cow<'a, str>> {
        let spelled = |found: &Reference<'a>| {
            let (_, number) = found.id.rsplit_once('#').filter(|_| found.kind.is_change())?;
            Some(Cow::Owned(format!("{} {number}", found.kind.name())))
        };
        let refs = self.refs().flat_map(move |found| {
            [Some(Cow::Borrowed(found.id)), Some(Cow::Borrowed(found.label)), spelled(&found)].into_iter().flatten()
        });
        let own = [self.title(), self.plain()].into_iter().chain(self.section());
        own.chain(self.tags().map(|tagged| tagged.name)).map(Cow::Borrowed).chain(refs)
    }
}

impl Reference<'_> {
    /// Where and in which year a paper appeared, as far as its URL tells: OSDI, 2022.
    pub fn venue(&self) -> Option<(String, u16)> {
        if self.kind == RefKind::Paper { reference::venue(self.id) } else { None }
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("key", &self.key()).field("title", &self.title()).finish()
    }
}
