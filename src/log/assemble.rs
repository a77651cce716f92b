//! Assembling: notes become a log, in one look at each.

use super::{
    BuildKeyHasher, EntryId, Keys, LazyNote, Log, TagId, TagInfo,
    census::{Census, Discovery},
    column::Column,
    facet::{self, Facets},
    group::GroupBuilder,
    jagged_array::{JaggedArray, JaggedView},
    labels::Labels,
    run::{Run, Runs},
};
use crate::date::Span;
use crate::note::{
    EntryKey, EntryRecord, Kinds, NameRecord, Note,
    name::NameMention,
    tag,
    text::{Slice, Text, TextBuilder},
};
use crate::text::fold;
use foldhash::{HashMap, HashMapExt};
use jiff::civil::Date;
use std::{borrow::Cow, cmp::Reverse, ops::Range, sync::OnceLock};

/// What the log as a whole must know of a note.
pub(super) struct NoteSummary {
    entries: Box<[EntrySummary]>,
    /// Tags and repositories, each once.
    words: Box<[Slice]>,
    /// Own tags of its entries, one entry after the other, as numbers of words.
    tags: Box<[u32]>,
    /// Repositories that its entries link, folded, in the same way.
    repos: Box<[u32]>,
    names: Box<[NameRecord]>,
    text: Text,
}

struct EntrySummary {
    key: EntryKey,
    span: Option<Span>,
    /// First day of a date of its own.
    day: Option<Date>,
    kinds: Kinds,
    tags: u32,
    repos: u32,
}

impl NoteSummary {
    pub(super) fn of<'n>(note: &'n Note) -> NoteSummary {
        let (mut store, mut words, mut tags, mut repos) = (TextBuilder::default(), Vec::new(), Vec::new(), Vec::new());
        let mut known: HashMap<Cow<'n, str>, u32> = HashMap::new();
        let mut word = |text: Cow<'n, str>| {
            known.get(&text).copied().unwrap_or_else(|| {
                let number = words.len() as u32;
                words.push(store.keep(&text));
                known.insert(text, number);
                number
            })
        };
        let entry = |record: &EntryRecord| {
            let own = &note.tags[record.tags.start as usize..record.tags.end as usize];
            tags.extend(own.iter().map(|tag| word(note.text.get(tag.name).into())));
            let start = repos.len();
            for repo in facet::repos(note, record) {
                let repo = word(repo);
                if !repos[start..].contains(&repo) {
                    repos.push(repo);
                }
            }
            EntrySummary {
                key: record.key,
                span: record.dated.or(note.dated).map(|dated| dated.span),
                day: record.dated.map(|dated| dated.span.first()),
                kinds: record.kinds,
                tags: own.len() as u32,
                repos: (repos.len() - start) as u32,
            }
        };
        let entries = note.entries.iter().map(entry).collect();
        let mut kept: HashMap<&str, Slice> = HashMap::new();
        let name = |record: &NameRecord| {
            let text = note.text.get(record.name);
            NameRecord { name: *kept.entry(text).or_insert_with(|| store.keep(text)), ..*record }
        };
        let names = note.names.iter().map(name).collect();
        NoteSummary {
            entries,
            words: words.into(),
            tags: tags.into(),
            repos: repos.into(),
            names,
            text: store.finish(),
        }
    }
}

/// Entries that follow one another in their note and have the same days: a stretch of the log.
struct UnsortedRun {
    span: Option<Span>,
    note: u32,
    /// Place of its first entry in the note.
    nth: u32,
    /// Its entries, as all are counted note by note.
    entries: Range<u32>,
}

/// Those of all notes; entries are counted note by note.
#[derive(Default)]
struct LogSummary {
    runs: Vec<UnsortedRun>,
    keys: Vec<EntryKey>,
    kinds: Vec<Kinds>,
    /// Own tags of all entries, as numbers of `spellings`.
    tags: JaggedArray,
    spellings: Vec<String>,
    /// Linked repositories of all entries, folded, as numbers of `repo_names`.
    repos: JaggedArray,
    repo_names: Vec<String>,
    census: Census,
}

/// Tags by the order in which they are met.
#[derive(Default)]
struct TagInterner {
    tags: Vec<TagInfo>,
    /// By folded name.
    ids: HashMap<String, TagId>,
}

impl TagInterner {
    fn id(&mut self, name: &str) -> TagId {
        *self.ids.entry(fold(name)).or_insert_with(|| {
            self.tags.push(TagInfo { name: name.to_owned(), discovered: None, above: Vec::new() });
            TagId(self.tags.len() as u32 - 1)
        })
    }
}

/// Texts by the order in which they are met.
#[derive(Default)]
struct Interner {
    texts: Vec<String>,
    known: HashMap<String, u32>,
}

impl Interner {
    /// Those of `words` of a note. `known` is room for what each of its words was found to be.
    fn of_note<'n>(
        &'n mut self,
        facts: &'n NoteSummary,
        words: &'n [u32],
        known: &'n mut Vec<Option<u32>>,
    ) -> impl Iterator<Item = u32> {
        known.clear();
        known.resize(facts.words.len(), None);
        words.iter().map(|word| {
            let word = *word as usize;
            *known[word].get_or_insert_with(|| self.intern(facts.text.get(facts.words[word])))
        })
    }

    fn intern(&mut self, text: &str) -> u32 {
        self.known.get(text).copied().unwrap_or_else(|| {
            self.known.insert(text.to_owned(), self.texts.len() as u32);
            self.texts.push(text.to_owned());
            self.texts.len() as u32 - 1
        })
    }
}

impl LogSummary {
    fn of(notes: &[LazyNote]) -> LogSummary {
        let mut all = LogSummary::default();
        let (mut tags, mut repos) = (Interner::default(), Interner::default());
        let (mut tags_of_note, mut repos_of_note) = (Vec::new(), Vec::new());
        for (at, note) in notes.iter().enumerate() {
            let (facts, first) = (note.summary(), all.keys.len() as u32);
            let mut own_tags = tags.of_note(&facts, &facts.tags, &mut tags_of_note);
            let mut own_repos = repos.of_note(&facts, &facts.repos, &mut repos_of_note);
            for (nth, entry) in (0..).zip(&facts.entries) {
                all.run(entry.span, at as u32, nth);
                all.keys.push(entry.key);
                all.kinds.push(entry.kinds);
                all.tags.push(own_tags.by_ref().take(entry.tags as usize));
                all.repos.push(own_repos.by_ref().take(entry.repos as usize));
            }
            for record in &facts.names {
                // A day of a note that has several counts as a note.
                let day = facts.entries[record.entry as usize].day;
                let day = day.map_or(0, |day| day.duration_since(Date::ZERO).as_hours() as u64);
                let met = NameMention { name: facts.text.get(record.name), kind: record.kind };
                all.census.count(met, (at as u64) << 32 | day, first + record.entry);
            }
        }
        (all.spellings, all.repo_names) = (tags.texts, repos.texts);
        all
    }

    /// The next entry has this span and stands there.
    fn run(&mut self, span: Option<Span>, note: u32, nth: u32) {
        let entry = self.keys.len() as u32;
        match self.runs.last_mut() {
            Some(last) if last.note == note && last.span == span => last.entries.end = entry + 1,
            _ => self.runs.push(UnsortedRun { span, note, nth, entries: entry..entry + 1 }),
        }
    }
}

impl Log {
    /// Puts notes in order: newest entries first, undated ones last, each note's own order kept.
    pub fn of(notes: Vec<LazyNote>, rules: &tag::TagRules) -> Log {
        let mut facts = LogSummary::of(&notes);
        let mut log = Log { notes, ..Log::default() };
        // Newest first; those of the same days stay as they stand.
        let mut runs = std::mem::take(&mut facts.runs);
        runs.sort_by_key(|run| Reverse(run.span.map(|span| (span.last(), span.first()))));
        log.assign_ids(&runs);
        (log.keys, log.by_key) = keys(&facts.keys, &runs);
        let names = std::mem::take(&mut facts.repo_names);
        log.facets = Facets::of(&log, names, in_order(facts.repos.view(), &runs));
        let discoveries = std::mem::take(&mut facts.census).discoveries();
        log.assign_labels(&facts, &runs, discoveries, rules);
        log
    }

    /// Gives numbers to the entries of `runs`, which are in order, and groups them.
    fn assign_ids(&mut self, runs: &[UnsortedRun]) {
        let (mut grouping, mut first) = (GroupBuilder::default(), 0);
        let stretch = |run: &UnsortedRun| {
            let entries = run.entries.len() as u32;
            let group = grouping.group(run.note, run.span, entries);
            let stretch = Run { first: EntryId(first), note: run.note, nth: run.nth, group };
            first += entries;
            stretch
        };
        let stretches = runs.iter().map(stretch).collect();
        self.stretches = Runs::new(stretches, first);
        self.groups = grouping.groups;
        self.groups.shrink_to_fit();
    }

    /// Gives each entry its tags: its own with those above them, then discovered ones.
    fn assign_labels(
        &mut self,
        facts: &LogSummary,
        runs: &[UnsortedRun],
        found: Vec<Discovery>,
        rules: &tag::TagRules,
    ) {
        let mut table = TagInterner::default();
        // The tag of a spelling, and those above it, once it was met.
        let mut met: Vec<Option<Vec<TagId>>> = vec![None; facts.spellings.len()];
        let (mut own, mut ends) = (Vec::new(), Vec::with_capacity(facts.keys.len()));
        let (mut all, tags) = (Vec::<TagId>::new(), facts.tags.view());
        for entry in runs.iter().flat_map(|run| run.entries.clone()) {
            all.clear();
            for spelling in tags.get(entry as usize) {
                let name = &facts.spellings[*spelling as usize];
                let ids = met[*spelling as usize].get_or_insert_with(|| {
                    let tag = table.id(name);
                    std::iter::once(tag).chain(rules.parents(name).into_iter().map(|parent| table.id(parent))).collect()
                });
                all.extend_from_slice(ids);
            }
            all.sort_unstable();
            all.dedup();
            own.extend_from_slice(&all);
            ends.push(own.len());
        }
        let (placed, mut discovered) = (EntryIdMap::of(runs, &self.stretches), Vec::<(EntryId, TagId)>::new());
        for found in found {
            let tag = table.id(&found.name);
            table.tags[tag.0 as usize].discovered = Some(found.why);
            discovered.extend(found.entries.into_iter().map(|entry| (placed.of_entry(entry), tag)));
        }
        discovered.sort_by_key(|(entry, _)| *entry);
        let (mut marks, mut discovered, mut start) = (Labels::default(), &discovered[..], 0);
        for (id, (entry, end)) in runs.iter().flat_map(|run| run.entries.clone()).zip(ends).enumerate() {
            let own = &own[std::mem::replace(&mut start, end)..end];
            let kinds = facts.kinds[entry as usize];
            let here = discovered.iter().take_while(|(of, _)| of.index() == id).count();
            let (here, rest) = discovered.split_at(here);
            discovered = rest;
            if here.is_empty() {
                marks.push(kinds, own, &[]);
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
            marks.push(kinds, &all, &new);
        }
        for (name, topic) in rules.names() {
            if let Some(tag) = table.ids.get(&fold(topic)).copied() {
                table.ids.entry(name.to_owned()).or_insert(tag);
            }
        }
        for tag in &mut table.tags {
            tag.above =
                rules.parents(&tag.name).iter().filter_map(|name| table.ids.get(&fold(name)).copied()).collect();
        }
        marks.shrink_to_fit();
        (self.tags, self.tag_ids, self.labels) = (table.tags, table.ids, marks);
    }
}

/// Where entries came to stand, as they were counted note by note.
struct EntryIdMap(Vec<(u32, EntryId)>);

impl EntryIdMap {
    /// Of entries whose `runs`, in order, became `stretches`.
    fn of(runs: &[UnsortedRun], stretches: &Runs) -> EntryIdMap {
        let placed = |(run, stretch): (&UnsortedRun, &Run)| (run.entries.start, stretch.first);
        let mut placed: Vec<(u32, EntryId)> = runs.iter().zip(stretches.all()).map(placed).collect();
        placed.sort_unstable_by_key(|(start, _)| *start);
        EntryIdMap(placed)
    }

    fn of_entry(&self, entry: u32) -> EntryId {
        let (start, first) = self.0[self.0.partition_point(|(start, _)| *start <= entry) - 1];
        EntryId(first.0 + entry - start)
    }
}

/// The lists of entries in the order of their `runs`.
fn in_order(lists: JaggedView<'_>, runs: &[UnsortedRun]) -> JaggedArray {
    let mut ordered = JaggedArray::default();
    for UnsortedRun { entries, .. } in runs {
        ordered.extend(lists, entries.start as usize..entries.end as usize);
    }
    ordered.shrink_to_fit();
    ordered
}

/// The keys of entries in the order of their `runs`; equal ones of equal files in two sources are
/// told apart.
fn keys(own: &[EntryKey], runs: &[UnsortedRun]) -> (Column<u64>, OnceLock<Keys>) {
    let mut by_key = Keys::with_capacity_and_hasher(own.len(), BuildKeyHasher);
    let key = |(id, entry): (u32, u32)| {
        let mut key = own[entry as usize];
        while by_key.contains_key(&key) {
            key.0 = key.0.wrapping_add(1);
        }
        by_key.insert(key, EntryId(id));
        key.0
    };
    let keys = (0..).zip(runs.iter().flat_map(|run| run.entries.clone())).map(key).collect();
    (keys, by_key.into())
}
