//! Writing: what of a log is not in the index yet, and putting it there.

use super::{
    Progress, Update,
    schema::{Fields, days},
};
use crate::{
    log::{Entry, LazyNote, Log, TagInfo},
    query::facts,
    text::{clean_line, fold},
};
use rayon::prelude::*;
use std::collections::BTreeMap;
use tantivy::{
    Index, TantivyDocument, TantivyError, Term,
    indexer::{IndexWriterOptions, LogMergePolicy},
};
use xxhash_rust::xxh3::xxh3_64;

/// Fingerprint of each note in the index, by the note's hash. Stored with every commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fingerprints(pub BTreeMap<u64, u64>);

impl Fingerprints {
    /// Reads what [`Fingerprints::payload`] wrote; `None` when it is something else.
    pub(super) fn parse(payload: &str) -> Option<Fingerprints> {
        let hex = |text: &str| u64::from_str_radix(text, 16).ok();
        let pair = |line: &str| line.split_once(':').and_then(|(note, print)| Some((hex(note)?, hex(print)?)));
        payload.split_terminator(',').map(pair).collect::<Option<_>>().map(Fingerprints)
    }

    fn payload(&self) -> String {
        use std::fmt::Write;
        let mut out = String::with_capacity(self.0.len() * 34);
        for (note, fingerprint) in &self.0 {
            // Writing into a string cannot fail.
            let _ = write!(out, "{note:x}:{fingerprint:x},");
        }
        out
    }
}

/// Notes of a log as they are indexed. Two of the same source and path, as two folders of one
/// name make them, are one group: they are deleted together.
pub(super) struct NotesByPath(BTreeMap<u64, PathNotes>);

struct PathNotes {
    fingerprint: u64,
    /// Numbers of its notes.
    notes: Vec<usize>,
}

impl NotesByPath {
    /// Hashes, beside each note's own fingerprint, what the notes around it and the topic rules
    /// say of its entries: days, tags with their parents, and kinds.
    pub(super) fn of(log: &Log) -> NotesByPath {
        let tags: Vec<u64> = log.tags().iter().map(hash_of_tag).collect();
        let print = |(at, note): (usize, &LazyNote)| {
            let name = xxh3_64([note.source(), "\0", &*clean_line(note.exact_path())].concat().as_bytes());
            (name, fingerprint(at, log, &tags))
        };
        let prints: Vec<(u64, u64)> = log.notes().par_iter().enumerate().map(print).collect();
        let mut groups: BTreeMap<u64, PathNotes> = BTreeMap::new();
        for (note, (name, fingerprint)) in prints.into_iter().enumerate() {
            let group = groups.entry(name).or_insert(PathNotes { fingerprint: 0, notes: Vec::new() });
            group.fingerprint = group.fingerprint.rotate_left(1) ^ fingerprint;
            group.notes.push(note);
        }
        NotesByPath(groups)
    }

    /// Whether the index holds just these notes.
    pub(super) fn matches(&self, known: &Fingerprints) -> bool {
        self.0.len() == known.0.len()
            && self.0.iter().zip(&known.0).all(|((a, group), (b, print))| a == b && group.fingerprint == *print)
    }

    fn known(&self) -> Fingerprints {
        Fingerprints(self.0.iter().map(|(name, group)| (*name, group.fingerprint)).collect())
    }
}

fn hash_of_tag(tag: &TagInfo) -> u64 {
    xxh3_64(fold(&tag.name).as_bytes())
}

/// Hashes note number `at` with what is said of its entries. `tags` are the hashes of all tags.
fn fingerprint(at: usize, log: &Log, tags: &[u64]) -> u64 {
    let mut bytes = log.notes()[at].fingerprint().to_le_bytes().to_vec();
    let mut own: Vec<u64> = Vec::new();
    for entry in log.entries_of(at) {
        let (first, last) = entry.span().map_or((i64::MAX, 0), |span| (days(span.first()), days(span.last())));
        let kinds = entry.kinds().iter().fold(0_u64, |kinds, kind| kinds | 1 << kind as u64);
        // The numbers of tags depend on the whole log; their names do not.
        own.clear();
        own.extend(log.tags_of(entry.id()).map(|tag| tags[tag.0 as usize]));
        own.sort_unstable();
        let facts = [entry.key().0, first as u64, last as u64, kinds, own.len() as u64];
        facts.iter().chain(&own).for_each(|fact| bytes.extend(fact.to_le_bytes()));
    }
    xxh3_64(&bytes)
}

/// Entries from which a write counts as a full build and is worth two threads.
const MANY: usize = 2_000;
/// Bytes of memory for each indexing thread of a full build, and of a small one. Tantivy 0.27
/// asks for 15 MB at least (`MEMORY_BUDGET_NUM_BYTES_MIN`); more than 50 MB gained nothing.
const HEAP: usize = 50_000_000;
const SMALL_HEAP: usize = 20_000_000;

/// Brings `index` to what `groups` of `log` say, in one commit that also holds the fingerprints.
/// Blocks until segments are merged, so that nothing is written after it returns.
pub(super) fn write(
    index: &Index,
    fields: Fields,
    known: &Fingerprints,
    groups: &NotesByPath,
    log: &Log,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Fingerprints, Update), TantivyError> {
    let stale = |name: &&u64| groups.0.get(name).is_none_or(|group| known.0[name] != group.fingerprint);
    let stale: Vec<u64> = known.0.keys().filter(stale).copied().collect();
    let new: Vec<(&u64, &PathNotes)> =
        groups.0.iter().filter(|(name, group)| known.0.get(name) != Some(&group.fingerprint)).collect();
    let entries = |group: &PathNotes| group.notes.iter().map(|note| log.notes()[*note].entry_count()).sum::<usize>();
    let many = new.iter().map(|(_, group)| entries(group)).sum::<usize>() >= MANY;
    let (threads, heap) = if many { (2, HEAP) } else { (1, SMALL_HEAP) };
    let options = IndexWriterOptions::builder()
        .num_worker_threads(threads)
        .memory_budget_per_thread(heap)
        .num_merge_threads(1)
        .build();
    let mut writer = index.writer_with_options::<TantivyDocument>(options)?;
    writer.set_merge_policy(Box::new(merges()));
    for name in &stale {
        writer.delete_term(Term::from_field_u64(fields.note, *name));
    }
    for (done, (name, group)) in new.iter().enumerate() {
        progress(Progress { done, of: new.len() });
        for entry in group.notes.iter().flat_map(|note| log.entries_of(*note)) {
            writer.add_document(document(fields, **name, entry, log))?;
        }
    }
    let (after, update) = (groups.known(), update_of(&stale, &new, groups, known));
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&after.payload());
    commit.commit()?;
    writer.wait_merging_threads()?;
    Ok((after, update))
}

fn update_of(stale: &[u64], new: &[(&u64, &PathNotes)], groups: &NotesByPath, known: &Fingerprints) -> Update {
    let changed = new.iter().filter(|(name, _)| known.0.contains_key(name)).count();
    let removed = stale.iter().filter(|name| !groups.0.contains_key(name)).count();
    Update { added: new.len() - changed, changed, removed }
}

/// Eight small segments are merged into one, so that a commit for each saved note leaves few;
/// below 1 000 entries all count as equally small, which keeps such a merge under 8 000 entries.
/// A segment of which a third is deleted is written anew.
fn merges() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(8);
    policy.set_min_layer_size(1_000);
    policy.set_del_docs_ratio_before_merge(0.33);
    policy
}

fn document(fields: Fields, note: u64, entry: Entry<'_>, log: &Log) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_u64(fields.key, entry.key().0);
    document.add_u64(fields.note, note);
    for text in entry.fields().filter(|text| !text.is_empty()) {
        document.add_text(fields.text, &text);
        document.add_text(fields.pairs, text);
    }
    document.add_text(fields.title, entry.title());
    for heading in entry.section() {
        document.add_text(fields.section, heading);
    }
    document.add_text(fields.path, &entry.note().path);
    for fact in facts(entry) {
        document.add_text(fields.fact, fact.term());
    }
    for tag in log.tags_of(entry.id()) {
        document.add_text(fields.tag, fold(&log.tags()[tag.0 as usize].name));
    }
    for kind in entry.kinds().iter() {
        document.add_text(fields.kind, kind.name());
    }
    if let Some(span) = entry.span() {
        document.add_i64(fields.first, days(span.first()));
        document.add_i64(fields.last, days(span.last()));
    }
    document
}
