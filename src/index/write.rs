//! Index updates: which notes of a log are missing or changed in the index, and writing those.
//!
//! Knows nothing of the folder, and of no query.

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
    Index, IndexWriter, TantivyDocument, TantivyError, Term,
    indexer::{IndexWriterOptions, LogMergePolicy},
};
use xxhash_rust::xxh3::xxh3_64;

/// Fingerprints of the notes in the index, by the hash of a note's source and path. Stored with every
/// commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fingerprints(pub BTreeMap<u64, u64>);

impl Fingerprints {
    /// Reads the output of [`Fingerprints::payload`]; `None` when `payload` is something else.
    pub(super) fn parse(payload: &str) -> Option<Fingerprints> {
        let mut fingerprints = BTreeMap::new();
        for pair in payload.split_terminator(',') {
            let (note, fingerprint) = pair.split_once(':')?;
            fingerprints.insert(u64::from_str_radix(note, 16).ok()?, u64::from_str_radix(fingerprint, 16).ok()?);
        }
        Some(Fingerprints(fingerprints))
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

/// Notes of a log as they are indexed, by the hash of source and path. Notes of the same source and
/// path, which two folders of one name can have, form one group: they are deleted together.
pub(super) struct NotesByPath(BTreeMap<u64, PathNotes>);

/// Notes of one source and path.
struct PathNotes {
    fingerprint: u64,
    /// Numbers of the notes in the log.
    notes: Vec<usize>,
}

impl PathNotes {
    fn entry_count(&self, log: &Log) -> usize {
        self.notes.iter().map(|note| log.notes()[*note].entry_count()).sum()
    }
}

impl NotesByPath {
    /// Hashes each note's own fingerprint with the days, tags, their parents and kinds of its entries,
    /// which depend on other notes and on the topic rules too.
    pub(super) fn of(log: &Log) -> NotesByPath {
        let tags: Vec<u64> = log.tags().iter().map(hash_of_tag).collect();
        let hash = |(at, note): (usize, &LazyNote)| (hash_of_path(note), fingerprint(at, log, &tags));
        let hashes: Vec<(u64, u64)> = log.notes().par_iter().enumerate().map(hash).collect();
        let mut groups: BTreeMap<u64, PathNotes> = BTreeMap::new();
        for (note, (name, fingerprint)) in hashes.into_iter().enumerate() {
            let group = groups.entry(name).or_insert(PathNotes { fingerprint: 0, notes: Vec::new() });
            group.fingerprint = group.fingerprint.rotate_left(1) ^ fingerprint;
            group.notes.push(note);
        }
        NotesByPath(groups)
    }

    /// Returns true if an index with the fingerprints `known` holds exactly these notes.
    pub(super) fn matches(&self, known: &Fingerprints) -> bool {
        self.0.len() == known.0.len()
            && self.0.iter().zip(&known.0).all(|((a, group), (b, known))| a == b && group.fingerprint == *known)
    }

    fn fingerprints(&self) -> Fingerprints {
        Fingerprints(self.0.iter().map(|(name, group)| (*name, group.fingerprint)).collect())
    }
}

fn hash_of_path(note: &LazyNote) -> u64 {
    xxh3_64([note.source(), "\0", &*clean_line(note.exact_path())].concat().as_bytes())
}

fn hash_of_tag(tag: &TagInfo) -> u64 {
    xxh3_64(fold(&tag.name).as_bytes())
}

/// Hashes note number `at` with the days, tags and kinds of its entries. `tags` are the hashes of all tags.
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
        for number in facts.iter().chain(&own) {
            bytes.extend(number.to_le_bytes());
        }
    }
    xxh3_64(&bytes)
}

/// Number of entries from which a write counts as a full build and is worth two threads.
const MANY: usize = 2_000;
/// Bytes of memory for each indexing thread of a full build, and of a small one. Tantivy 0.27
/// needs at least 15 MB (`MEMORY_BUDGET_NUM_BYTES_MIN`); more than 50 MB gained nothing.
const HEAP: usize = 50_000_000;
const SMALL_HEAP: usize = 20_000_000;

/// Updates `index`, which holds the notes `known`, to `groups` of `log`, in one commit that also holds
/// the fingerprints. Blocks until segments are merged, so that nothing is written after it returns.
pub(super) fn write(
    index: &Index,
    fields: Fields,
    known: &Fingerprints,
    groups: &NotesByPath,
    log: &Log,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Fingerprints, Update), TantivyError> {
    let changes = Changes::of(groups, known);
    let entries: usize = changes.written.iter().map(|(_, group)| group.entry_count(log)).sum();
    let mut writer = writer(index, entries >= MANY)?;
    for name in &changes.deleted {
        writer.delete_term(Term::from_field_u64(fields.note, *name));
    }
    for (done, (name, group)) in changes.written.iter().enumerate() {
        progress(Progress { done, of: changes.written.len() });
        for note in &group.notes {
            for entry in log.entries_of(*note) {
                writer.add_document(document(fields, *name, entry, log))?;
            }
        }
    }
    let fingerprints = groups.fingerprints();
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&fingerprints.payload());
    commit.commit()?;
    writer.wait_merging_threads()?;
    Ok((fingerprints, changes.update))
}

/// The work of one update. A changed group is deleted and written.
struct Changes<'g> {
    deleted: Vec<u64>,
    written: Vec<(u64, &'g PathNotes)>,
    update: Update,
}

impl Changes<'_> {
    fn of<'g>(groups: &'g NotesByPath, known: &Fingerprints) -> Changes<'g> {
        let mut changes = Changes { deleted: Vec::new(), written: Vec::new(), update: Update::default() };
        for (name, fingerprint) in &known.0 {
            match groups.0.get(name) {
                Some(group) if group.fingerprint == *fingerprint => {}
                Some(_) => changes.deleted.push(*name),
                None => {
                    changes.deleted.push(*name);
                    changes.update.removed += 1;
                }
            }
        }
        for (name, group) in &groups.0 {
            match known.0.get(name) {
                Some(fingerprint) if group.fingerprint == *fingerprint => continue,
                Some(_) => changes.update.changed += 1,
                None => changes.update.added += 1,
            }
            changes.written.push((*name, group));
        }
        changes
    }
}

fn writer(index: &Index, is_full_build: bool) -> Result<IndexWriter, TantivyError> {
    let (threads, heap) = if is_full_build { (2, HEAP) } else { (1, SMALL_HEAP) };
    let options = IndexWriterOptions::builder()
        .num_worker_threads(threads)
        .memory_budget_per_thread(heap)
        .num_merge_threads(1)
        .build();
    let writer = index.writer_with_options(options)?;
    writer.set_merge_policy(Box::new(merge_policy()));
    Ok(writer)
}

/// Merges eight small segments into one, so that a commit for each saved note leaves few segments.
/// All segments below 1 000 entries count as equally small, which keeps such a merge under 8 000
/// entries. A segment is rewritten once a third of it is deleted.
fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(8);
    policy.set_min_layer_size(1_000);
    policy.set_del_docs_ratio_before_merge(0.33);
    policy
}

/// Makes the document of an entry; `note` is the hash of its note's source and path.
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
