//! Assembling: notes become a log, in one look at each.

use super::{
    EntryId, EntryKey, EntryRecord, KeyHash, Keys, Kinds, LazyNote, Log, NameRecord, Note, Span, TagId, TagInfo,
    discover::{Census, Discovery, Met},
    facet::{self, Facets},
    group::Groups,
    lists::Lists,
    marks::Marks,
    store::{Builder, Slice, Text},
    tag,
};
use crate::text::fold;
use foldhash::{HashMap, HashMapExt};
use jiff::civil::Date;
use std::{borrow::Cow, cmp::Reverse};

/// What the log as a whole must know of a note.
pub(super) struct Facts {
    entries: Box<[EntryFacts]>,
    /// Tags and repositories, each once.
    words: Box<[Slice]>,
    /// Own tags of its entries, one entry after the other, as numbers of words.
    tags: Box<[u32]>,
    /// Repositories that its entries link, folded, in the same way.
    repos: Box<[u32]>,
    names: Box<[NameRecord]>,
    text: Text,
}

struct EntryFacts {
    key: EntryKey,
    span: Option<Span>,
    /// First day of a date of its own.
    day: Option<Date>,
    kinds: Kinds,
    tags: u32,
    repos: u32,
}

impl Facts {
    pub(super) fn of<'n>(note: &'n Note) -> Facts {
        let (mut store, mut words, mut tags, mut repos) = (Builder::default(), Vec::new(), Vec::new(), Vec::new());
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
            EntryFacts {
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
        Facts { entries, words: words.into(), tags: tags.into(), repos: repos.into(), names, text: store.finish() }
    }
}

/// Those of all notes; entries are counted note by note.
#[derive(Default)]
struct AllFacts {
    spans: Vec<Option<Span>>,
    keys: Vec<EntryKey>,
    kinds: Vec<Kinds>,
    /// Own tags of all entries, as numbers of `spellings`.
    tags: Lists<u32>,
    spellings: Vec<String>,
    /// Linked repositories of all entries, folded, as numbers of `repo_names`.
    repos: Lists<u32>,
    repo_names: Vec<String>,
    census: Census,
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

/// Texts by the order in which they are met.
#[derive(Default)]
struct Numbers {
    texts: Vec<String>,
    known: HashMap<String, u32>,
}

impl Numbers {
    /// Those of `words` of a note. `known` is room for what each of its words was found to be.
    fn of_note<'n>(
        &'n mut self,
        facts: &'n Facts,
        words: &'n [u32],
        known: &'n mut Vec<Option<u32>>,
    ) -> impl Iterator<Item = u32> {
        known.clear();
        known.resize(facts.words.len(), None);
        words.iter().map(|word| {
            let word = *word as usize;
            *known[word].get_or_insert_with(|| self.of(facts.text.get(facts.words[word])))
        })
    }

    fn of(&mut self, text: &str) -> u32 {
        self.known.get(text).copied().unwrap_or_else(|| {
            self.known.insert(text.to_owned(), self.texts.len() as u32);
            self.texts.push(text.to_owned());
            self.texts.len() as u32 - 1
        })
    }
}

impl AllFacts {
    fn of(notes: &[LazyNote]) -> AllFacts {
        let mut all = AllFacts::default();
        let (mut tags, mut repos) = (Numbers::default(), Numbers::default());
        let (mut tags_of_note, mut repos_of_note) = (Vec::new(), Vec::new());
        for (at, note) in notes.iter().enumerate() {
            let (facts, first) = (note.facts(), all.keys.len() as u32);
            let mut own_tags = tags.of_note(&facts, &facts.tags, &mut tags_of_note);
            let mut own_repos = repos.of_note(&facts, &facts.repos, &mut repos_of_note);
            for entry in &facts.entries {
                all.spans.push(entry.span);
                all.keys.push(entry.key);
                all.kinds.push(entry.kinds);
                all.tags.push(own_tags.by_ref().take(entry.tags as usize));
                all.repos.push(own_repos.by_ref().take(entry.repos as usize));
            }
            for record in &facts.names {
                // A day of a note that has several counts as a note.
                let day = facts.entries[record.entry as usize].day;
                let day = day.map_or(0, |day| day.duration_since(Date::ZERO).as_hours() as u64);
                let met = Met { name: facts.text.get(record.name), kind: record.kind };
                all.census.count(met, (at as u64) << 32 | day, first + record.entry);
            }
        }
        (all.spellings, all.repo_names) = (tags.texts, repos.texts);
        all
    }
}

impl Log {
    /// Puts notes in order: newest entries first, undated ones last, each note's own order kept.
    pub fn of(notes: Vec<LazyNote>, rules: &tag::Rules) -> Log {
        let mut facts = AllFacts::of(&notes);
        let mut log = Log { notes, ..Log::default() };
        log.starts = starts(log.notes.iter().map(|note| note.entry_count() as u32));
        let order = order(&facts.spans);
        log.place(&order);
        let (keys, by_key) = keys(&facts.keys, &order);
        (log.keys, log.by_key) = (keys, by_key.into());
        let spans = order.iter().map(|entry| facts.spans[*entry as usize]);
        log.groups = Groups::of(log.places.iter().map(|[note, _]| *note).zip(spans));
        let names = std::mem::take(&mut facts.repo_names);
        let mut repos = Lists::default();
        for entry in &order {
            repos.push(facts.repos.get(*entry as usize).iter().copied());
        }
        repos.shrink_to_fit();
        log.facets = Facets::of(&log, names, repos);
        let discoveries = std::mem::take(&mut facts.census).discoveries();
        log.mark(&facts, &order, discoveries, rules);
        log
    }

    /// Gives ids to the entries, which are counted note by note, in their `order`.
    fn place(&mut self, order: &[u32]) {
        self.ids = vec![EntryId(0); order.len()];
        for (id, entry) in order.iter().enumerate() {
            self.ids[*entry as usize] = EntryId(id as u32);
        }
        self.places = vec![[0, 0]; order.len()];
        for note in 0..self.notes.len() {
            let start = self.starts[note];
            for nth in 0..self.starts[note + 1] - start {
                self.places[self.ids[(start + nth) as usize].index()] = [note as u32, nth];
            }
        }
    }

    /// Gives each entry its tags: its own with those above them, then discovered ones.
    fn mark(&mut self, facts: &AllFacts, order: &[u32], found: Vec<Discovery>, rules: &tag::Rules) {
        let mut table = TagTable::default();
        // The tag of a spelling, and those above it, once it was met.
        let mut met: Vec<Option<Vec<TagId>>> = vec![None; facts.spellings.len()];
        let (mut own, mut ends) = (Vec::new(), Vec::with_capacity(order.len()));
        let mut all: Vec<TagId> = Vec::new();
        for entry in order {
            all.clear();
            for spelling in facts.tags.get(*entry as usize) {
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
        let mut discovered: Vec<(EntryId, TagId)> = Vec::new();
        for found in found {
            let tag = table.id(&found.name);
            table.tags[tag.0 as usize].discovered = Some(found.why);
            discovered.extend(found.entries.into_iter().map(|entry| (self.ids[entry as usize], tag)));
        }
        discovered.sort_by_key(|(entry, _)| *entry);
        let (mut marks, mut discovered, mut start) = (Marks::default(), &discovered[..], 0);
        for (id, (entry, end)) in order.iter().zip(ends).enumerate() {
            let own = &own[std::mem::replace(&mut start, end)..end];
            let kinds = facts.kinds[*entry as usize];
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
        (self.tags, self.tag_ids, self.marks) = (table.tags, table.ids, marks);
    }
}

/// Entries with these spans, newest first, those of the same days as they stand.
fn order(spans: &[Option<Span>]) -> Vec<u32> {
    let mut start = 0;
    // Those of a note mostly stand together: there are far fewer stretches to be sorted.
    let stretch = |stretch: &[Option<Span>]| {
        let first = start;
        start += stretch.len() as u32;
        (Reverse(stretch[0].map(|span| (span.last(), span.first()))), first..start)
    };
    let mut stretches: Vec<_> = spans.chunk_by(|one, next| one == next).map(stretch).collect();
    stretches.sort_by_key(|(when, _)| *when);
    stretches.into_iter().flat_map(|(_, entries)| entries).collect()
}

/// The number of the first entry of each note, and behind them that of all entries.
pub(super) fn starts(counts: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0];
    starts.extend(counts.scan(0, |sum, count| {
        *sum += count;
        Some(*sum)
    }));
    starts
}

/// The keys of entries in their `order`; equal ones of equal files in two sources are told apart.
fn keys(own: &[EntryKey], order: &[u32]) -> (Vec<EntryKey>, Keys) {
    let mut by_key = Keys::with_capacity_and_hasher(own.len(), KeyHash);
    let key = |(id, entry): (u32, &u32)| {
        let mut key = own[*entry as usize];
        while by_key.contains_key(&key) {
            key.0 = key.0.wrapping_add(1);
        }
        by_key.insert(key, EntryId(id));
        key
    };
    let keys = (0..).zip(order).map(key).collect();
    (keys, by_key)
}
