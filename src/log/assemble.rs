//! Assembling: notes become a log, in one look at each.

use super::{
    EntryId, LazyNote, Log, TagId, TagInfo,
    census::{Census, Discovery},
    column::Column,
    facet::{self, Facets},
    group::GroupBuilder,
    jagged_array::{JaggedArray, JaggedView},
    key_map::{BuildKeyHasher, KeyMap},
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

/// The data of one note that a log is assembled from.
#[derive(Clone)]
pub(super) struct NoteSummary {
    entries: Box<[EntrySummary]>,
    /// Names of tags and repositories, each once.
    words: Box<[Slice]>,
    /// Own tags of its entries, one entry after the other, as numbers of words.
    tags: Box<[u32]>,
    /// Repositories that its entries link, folded, in the same way.
    repos: Box<[u32]>,
    names: Box<[NameRecord]>,
    text: Text,
}

#[derive(Clone)]
struct EntrySummary {
    key: EntryKey,
    span: Option<Span>,
    /// First day of the entry's own date.
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

/// A run before its entries have ids: entries that follow one another in their note and have the
/// same days.
struct UnsortedRun {
    span: Option<Span>,
    note: u32,
    /// Position of the first entry in the note.
    nth: u32,
    /// Numbers of the entries, counted note by note.
    entries: Range<u32>,
}

/// The summaries of all notes put together; entries are numbered note by note.
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

/// Numbers tags in the order in which they are met.
#[derive(Default)]
struct TagInterner {
    tags: Vec<TagInfo>,
    /// Tags by folded name.
    ids: HashMap<String, TagId>,
}

impl TagInterner {
    fn id(&mut self, name: &str) -> TagId {
        *self.ids.entry(fold(name)).or_insert_with(|| {
            self.tags.push(TagInfo { name: name.to_owned(), discovered: None, above: Vec::new() });
            TagId(self.tags.len() as u32 - 1)
        })
    }

    /// The tag called `name`, then those above it.
    fn id_and_parents(&mut self, name: &str, rules: &tag::TagRules) -> Vec<TagId> {
        let mut ids = vec![self.id(name)];
        for parent in rules.parents(name) {
            ids.push(self.id(parent));
        }
        ids
    }

    /// Adds the aliases of the tags met, and links each tag to those above it.
    fn link(&mut self, rules: &tag::TagRules) {
        for (name, topic) in rules.names() {
            if let Some(tag) = self.ids.get(&fold(topic)).copied() {
                self.ids.entry(name.to_owned()).or_insert(tag);
            }
        }
        for tag in &mut self.tags {
            let parents = rules.parents(&tag.name);
            tag.above = parents.iter().filter_map(|name| self.ids.get(&fold(name)).copied()).collect();
        }
    }
}

/// Numbers texts in the order in which they are met.
#[derive(Default)]
struct Interner {
    texts: Vec<String>,
    known: HashMap<String, u32>,
}

impl Interner {
    /// Numbers of `words` of a note. `known` is a buffer for the number of each word of the note.
    fn of_note<'n>(
        &'n mut self,
        summary: &'n NoteSummary,
        words: &'n [u32],
        known: &'n mut Vec<Option<u32>>,
    ) -> impl Iterator<Item = u32> {
        known.clear();
        known.resize(summary.words.len(), None);
        words.iter().map(|word| {
            let word = *word as usize;
            *known[word].get_or_insert_with(|| self.intern(summary.text.get(summary.words[word])))
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
            let (summary, first) = (note.summary(), all.keys.len() as u32);
            let mut own_tags = tags.of_note(&summary, &summary.tags, &mut tags_of_note);
            let mut own_repos = repos.of_note(&summary, &summary.repos, &mut repos_of_note);
            for (nth, entry) in (0..).zip(&summary.entries) {
                all.run(entry.span, at as u32, nth);
                all.keys.push(entry.key);
                all.kinds.push(entry.kinds);
                all.tags.push(own_tags.by_ref().take(entry.tags as usize));
                all.repos.push(own_repos.by_ref().take(entry.repos as usize));
            }
            for record in &summary.names {
                // A day of a note that has several counts as a note.
                let day = summary.entries[record.entry as usize].day;
                let day = day.map_or(0, |day| day.duration_since(Date::ZERO).as_hours() as u64);
                let met = NameMention { name: summary.text.get(record.name), kind: record.kind };
                all.census.count(met, (at as u64) << 32 | day, first + record.entry);
            }
        }
        (all.spellings, all.repo_names) = (tags.texts, repos.texts);
        all
    }

    /// Adds the next entry to the last run if it continues it, else to a new one.
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
        let mut summary = LogSummary::of(&notes);
        let mut log = Log { notes, ..Log::default() };
        // Newest first; the sort is stable, so that runs of the same days keep their order.
        let mut runs = std::mem::take(&mut summary.runs);
        runs.sort_by_key(|run| Reverse(run.span.map(|span| (span.last(), span.first()))));
        log.assign_ids(&runs);
        (log.keys, log.by_key) = keys(&summary.keys, &runs);
        let names = std::mem::take(&mut summary.repo_names);
        log.facets = Facets::of(&log, names, in_order(summary.repos.view(), &runs));
        let discoveries = std::mem::take(&mut summary.census).discoveries();
        log.assign_labels(&summary, &runs, discoveries, rules);
        log
    }

    /// Gives numbers to the entries of `runs`, which are in order, and groups them.
    fn assign_ids(&mut self, runs: &[UnsortedRun]) {
        let (mut grouping, mut first) = (GroupBuilder::default(), 0);
        let mut placed = Vec::with_capacity(runs.len());
        for run in runs {
            let entries = run.entries.len() as u32;
            let group = grouping.group(run.note, run.span, entries);
            placed.push(Run { first: EntryId(first), note: run.note, nth: run.nth, group });
            first += entries;
        }
        self.runs = Runs::new(placed, first);
        self.groups = grouping.groups;
        self.groups.shrink_to_fit();
    }

    /// Gives each entry its tags: its own with those above them, then discovered ones.
    fn assign_labels(
        &mut self,
        summary: &LogSummary,
        runs: &[UnsortedRun],
        found: Vec<Discovery>,
        rules: &tag::TagRules,
    ) {
        let mut interner = TagInterner::default();
        let (own, ends) = own_tags(summary, runs, rules, &mut interner);
        let discovered = discovered_tags(found, &EntryIdMap::of(runs, &self.runs), &mut interner);
        let (mut labels, mut discovered, mut start) = (Labels::default(), &discovered[..], 0);
        for (id, (entry, end)) in runs.iter().flat_map(|run| run.entries.clone()).zip(ends).enumerate() {
            let own = &own[std::mem::replace(&mut start, end)..end];
            let kinds = summary.kinds[entry as usize];
            let here = discovered.iter().take_while(|(of, _)| of.index() == id).count();
            let (here, rest) = discovered.split_at(here);
            discovered = rest;
            if here.is_empty() {
                labels.push(kinds, own, &[]);
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
            labels.push(kinds, &all, &new);
        }
        labels.shrink_to_fit();
        interner.link(rules);
        (self.tags, self.tag_ids, self.labels) = (interner.tags, interner.ids, labels);
    }
}

/// The tags of entries in the order of their `runs`, each entry's own with those above them,
/// ascending; and where those of each entry end.
fn own_tags(
    summary: &LogSummary,
    runs: &[UnsortedRun],
    rules: &tag::TagRules,
    interner: &mut TagInterner,
) -> (Vec<TagId>, Vec<usize>) {
    // The tag of a spelling, and those above it, once it was met.
    let mut met: Vec<Option<Vec<TagId>>> = vec![None; summary.spellings.len()];
    let (mut own, mut ends) = (Vec::new(), Vec::with_capacity(summary.keys.len()));
    let (mut all, tags) = (Vec::<TagId>::new(), summary.tags.view());
    for entry in runs.iter().flat_map(|run| run.entries.clone()) {
        all.clear();
        for spelling in tags.get(entry as usize) {
            let name = &summary.spellings[*spelling as usize];
            let ids = met[*spelling as usize].get_or_insert_with(|| interner.id_and_parents(name, rules));
            all.extend_from_slice(ids);
        }
        all.sort_unstable();
        all.dedup();
        own.extend_from_slice(&all);
        ends.push(own.len());
    }
    (own, ends)
}

/// The tags that recurring names give to entries, by entry.
fn discovered_tags(found: Vec<Discovery>, ids: &EntryIdMap, interner: &mut TagInterner) -> Vec<(EntryId, TagId)> {
    let mut discovered = Vec::new();
    for Discovery { name, why, entries } in found {
        let tag = interner.id(&name);
        interner.tags[tag.0 as usize].discovered = Some(why);
        discovered.extend(entries.into_iter().map(|entry| (ids.of_entry(entry), tag)));
    }
    discovered.sort_by_key(|(entry, _)| *entry);
    discovered
}

/// Maps entries, numbered note by note, to their ids: first number and first id of each run.
struct EntryIdMap(Vec<(u32, EntryId)>);

impl EntryIdMap {
    /// The map for entries whose `unsorted` runs became `runs`, in the same order.
    fn of(unsorted: &[UnsortedRun], runs: &Runs) -> EntryIdMap {
        let pairs = unsorted.iter().zip(runs.all());
        let mut starts: Vec<(u32, EntryId)> = pairs.map(|(run, placed)| (run.entries.start, placed.first)).collect();
        starts.sort_unstable_by_key(|(start, _)| *start);
        EntryIdMap(starts)
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

/// The keys of entries in the order of their `runs`; equal keys, of equal files in two sources, are
/// made distinct.
fn keys(own: &[EntryKey], runs: &[UnsortedRun]) -> (Column<u64>, OnceLock<KeyMap>) {
    let mut by_key = KeyMap::with_capacity_and_hasher(own.len(), BuildKeyHasher);
    let mut keys = Vec::with_capacity(own.len());
    for (id, entry) in (0..).zip(runs.iter().flat_map(|run| run.entries.clone())) {
        let mut key = own[entry as usize];
        while by_key.contains_key(&key) {
            key.0 = key.0.wrapping_add(1);
        }
        by_key.insert(key, EntryId(id));
        keys.push(key.0);
    }
    (Column::Own(keys), by_key.into())
}
