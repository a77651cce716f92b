//! Snapshots: a whole log as bytes, from which it opens at once.
//!
//! ```text
//! piece of each note, one after another     written in order, read on demand
//! head: columns of the whole log            read at once and used in place
//! ```
//! The head holds a checksum of each piece. A note whose piece is damaged is read again from its
//! file. Changes of files are not detected here.

use super::{
    Counts, EntryId, LazyNote, Log, TagId, TagInfo,
    column::{Column, ColumnReader},
    facet::Facets,
    group::{Group, GroupId},
    jagged_array::JaggedArray,
    labels::Labels,
    lazy::{NoteHeader, NoteLoader, SharedStr},
    run::{Run, Runs},
};
use crate::note::{EntryKey, EntryRecord, Kinds, Note, Shape, tag::Recurrence, text::TextBuilder};
use crate::text::fold;
use crate::{
    date::{Span, packed},
    text::problem::{Code, Problem},
};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, Write},
    ops::Range,
    sync::{Arc, OnceLock},
};
use xxhash_rust::xxh3::xxh3_64;

pub use super::column::{ColumnWriter, Memory, read_values};

/// Version of the format, which includes the records of a note.
pub const VERSION: u32 = 5;

/// Storage of the pieces of a snapshot.
pub trait NoteStore: Send + Sync {
    /// The bytes at `place`, if they can be read.
    fn read(&self, place: Range<u64>) -> Option<Vec<u8>>;

    /// Reads the note at a source and exact path again from its file, since its piece is damaged.
    fn reread(&self, source: &str, path: &str) -> Option<Note>;
}

/// The notes of a snapshot.
struct Snapshot {
    pieces: Box<dyn NoteStore>,
    /// Offset at which each piece begins, then the end of the last.
    places: Column<u64>,
    seals: Column<u64>,
}

impl NoteLoader for Snapshot {
    fn bytes(&self, at: u32) -> Option<Vec<u8>> {
        let at = at as usize;
        let bytes = self.pieces.read(self.places[at]..self.places[at + 1])?;
        (xxh3_64(&bytes) == self.seals[at]).then_some(bytes)
    }

    fn note(&self, at: u32, head: &NoteHeader) -> Note {
        let stored = self.bytes(at).and_then(|bytes| postcard::from_bytes(&bytes).ok());
        match stored.or_else(|| self.pieces.reread(&head.source, &head.path)) {
            Some(note) if note.fingerprint == head.fingerprint && note.entries.len() == head.entries as usize => note,
            _ => lost(head),
        }
    }
}

/// Placeholder for a note whose piece is damaged and whose file has changed, until the log is read
/// again.
fn lost(head: &NoteHeader) -> Note {
    let mut store = TextBuilder::default();
    let title = store.keep("?");
    let blank = EntryRecord {
        key: EntryKey(0),
        shape: Shape::Note,
        line: 1,
        title,
        body: title,
        extent: title,
        plain: title,
        section: 0,
        dated: None,
        kinds: Kinds::default(),
        kind_reasons: 0..0,
        refs: 0..0,
        tags: 0..0,
        has_code: false,
        has_image: false,
    };
    let message = "what was kept of it cannot be read, and the file has changed: read the notes again";
    Note {
        problems: vec![Problem::new(0, Code::Unreadable, message)],
        fingerprint: head.fingerprint,
        entries: vec![blank; head.entries as usize],
        text: store.finish(),
        ..Note::new(&head.source, &head.path, "?".to_owned())
    }
}

/// Parts of the head that are small or have text.
#[derive(Serialize, Deserialize)]
struct SnapshotTexts {
    sources: Vec<String>,
    /// Source, end of the path in `paths`, and whether its file dates it, for each note.
    notes: Vec<(u32, u32, bool)>,
    /// The exact paths of all notes.
    paths: String,
    /// Notes that git dates, with their packed days.
    days: Vec<(u32, i32)>,
    /// Name, evidence if it is discovered, and the tags above it, for each tag.
    tags: Vec<StoredTag>,
    /// Other names of tags.
    aliases: Vec<(String, u32)>,
    /// Linked repositories.
    repos: Vec<String>,
    /// Span and number of entries of each group.
    groups: Vec<(Option<Span>, u32)>,
    counts: Counts,
}

/// Writes the pieces of `log` to `out`, from its start, and returns the head.
///
/// # Errors
///
/// Returns the errors of `out`.
pub fn write(log: &Log, out: &mut dyn Write) -> io::Result<Vec<u8>> {
    let (mut places, mut seals) = (vec![0], Vec::new());
    let (mut end, mut days, mut sources, mut notes) = (0, Vec::new(), Vec::<String>::new(), Vec::new());
    let mut paths = String::new();
    for (at, note) in log.notes.iter().enumerate() {
        let (note, day) = note.without_git_date();
        days.extend(day.map(|day| (at as u32, packed::pack(day))));
        let source = sources.iter().position(|source| source == note.source()).unwrap_or_else(|| {
            sources.push(note.source().to_owned());
            sources.len() - 1
        });
        paths.push_str(note.exact_path());
        notes.push((source as u32, paths.len() as u32, note.is_dated()));
        let bytes = match note.bytes() {
            Some(bytes) => bytes,
            None => postcard::to_stdvec(&*note.peek()).map_err(io::Error::other)?,
        };
        out.write_all(&bytes)?;
        end += bytes.len() as u64;
        places.push(end);
        seals.push(xxh3_64(&bytes));
    }
    let texts = SnapshotTexts {
        sources,
        notes,
        paths,
        days,
        tags: log.tags.iter().map(stored_tag).collect(),
        aliases: aliases(log),
        repos: log.facets.repos.clone(),
        groups: log.groups().iter().map(|group| (group.span, group.len)).collect(),
        counts: log.counts().clone(),
    };
    let mut head = ColumnWriter::default();
    head.write_slice(&postcard::to_stdvec(&texts).map_err(io::Error::other)?);
    head.write_slice(&places);
    head.write_slice(&seals);
    head.write_iter(log.notes.iter().map(LazyNote::fingerprint));
    head.write_iter(log.notes.iter().map(|note| note.entry_count() as u32));
    head.write_iter(log.runs.all().iter().map(|at| [at.first.0, at.note, at.nth, at.group.0]));
    head.write_slice(&log.keys);
    head.write_slice(&log.labels.kinds);
    head.write_slice(log.labels.tags.starts());
    head.write_slice(log.labels.tags.items());
    head.write_slice(&log.labels.discovered);
    head.write_slice(log.facets.of_entry.starts());
    head.write_slice(log.facets.of_entry.items());
    Ok(head.0)
}

type StoredTag = (String, Option<Recurrence<String>>, Vec<u32>);

/// The tags as they were stored, and their ids by folded name and alias.
fn restored_tags(
    stored: Vec<StoredTag>,
    aliases: Vec<(String, u32)>,
) -> (Vec<TagInfo>, foldhash::HashMap<String, TagId>) {
    let mut ids = foldhash::HashMap::default();
    for (name, tag) in aliases {
        ids.insert(name, TagId(tag));
    }
    let mut tags = Vec::with_capacity(stored.len());
    for (name, discovered, above) in stored {
        ids.insert(fold(&name), TagId(tags.len() as u32));
        tags.push(TagInfo { name, discovered, above: above.into_iter().map(TagId).collect() });
    }
    (tags, ids)
}

fn stored_tag(tag: &TagInfo) -> StoredTag {
    (tag.name.clone(), tag.discovered.clone(), tag.above.iter().map(|tag| tag.0).collect())
}

/// Aliases of tags, sorted.
fn aliases(log: &Log) -> Vec<(String, u32)> {
    let is_alias = |(name, tag): &(&String, &TagId)| fold(&log.tags[tag.0 as usize].name) != **name;
    let aliases = log.tag_ids.iter().filter(is_alias).map(|(name, tag)| (name.clone(), tag.0));
    let mut aliases: Vec<_> = aliases.collect();
    aliases.sort_unstable();
    aliases
}

/// Columns of a head that was read. The caller has to test that the bytes are as they were written
/// before it makes a log of them.
pub struct SnapshotHead {
    texts: Column<u8>,
    places: Column<u64>,
    seals: Column<u64>,
    fingerprints: Column<u64>,
    /// Number of entries of each note.
    entries: Column<u32>,
    /// First entry, note, position there and group of each run.
    runs: Column<[u32; 4]>,
    keys: Column<u64>,
    kinds: Column<u16>,
    tags: [Column<u32>; 2],
    discovered: Column<[u32; 2]>,
    repos: [Column<u32>; 2],
}

impl SnapshotHead {
    /// Reads the columns of the head in `memory`, in place; `None` when they are cut off, or do not
    /// begin at a multiple of eight bytes.
    pub fn of(memory: Arc<dyn Memory>) -> Option<SnapshotHead> {
        let mut head = ColumnReader::new(memory);
        Some(SnapshotHead {
            texts: head.next()?,
            places: head.next()?,
            seals: head.next()?,
            fingerprints: head.next()?,
            entries: head.next()?,
            runs: head.next()?,
            keys: head.next()?,
            kinds: head.next()?,
            tags: [head.next()?, head.next()?],
            discovered: head.next()?,
            repos: [head.next()?, head.next()?],
        })
    }

    /// Makes the log that was written, with its `pieces`; `None` when the columns do not fit together.
    pub fn log(self, pieces: Box<dyn NoteStore>) -> Option<Log> {
        let texts: SnapshotTexts = postcard::from_bytes(&self.texts).ok()?;
        let mut groups = Vec::with_capacity(texts.groups.len());
        for (span, len) in texts.groups {
            groups.push(Group { span, week: span.map(|span| span.iso()), len });
        }
        let mut runs = Vec::with_capacity(self.runs.len());
        for [first, note, nth, group] in self.runs.iter().copied() {
            runs.push(Run { first: EntryId(first), note, nth, group: GroupId(group) });
        }
        let [of_entries, tags] = self.tags;
        let labels = Labels::stored(self.kinds, JaggedArray::stored(of_entries, tags)?, self.discovered);
        let [of_entries, repos] = self.repos;
        let repos = JaggedArray::stored(of_entries, repos)?;
        let snapshot: Arc<dyn NoteLoader> = Arc::new(Snapshot { pieces, places: self.places, seals: self.seals });
        let sources: Vec<Arc<str>> = texts.sources.into_iter().map(Arc::from).collect();
        let (paths, mut start): (Arc<str>, u32) = (texts.paths.into(), 0);
        let mut heads = Vec::with_capacity(texts.notes.len());
        for (at, (source, end, is_dated)) in texts.notes.into_iter().enumerate() {
            heads.push(NoteHeader {
                source: sources.get(source as usize)?.clone(),
                path: SharedStr { text: paths.clone(), place: (std::mem::replace(&mut start, end), end) },
                fingerprint: *self.fingerprints.get(at)?,
                entries: *self.entries.get(at)?,
                is_dated,
            });
        }
        let mut notes = LazyNote::stored(heads, &snapshot);
        for (at, day) in texts.days {
            let note = notes.get_mut(at as usize)?;
            *note = note.clone().first_committed(packed::unpack(day)?);
        }
        let (tags, tag_ids) = restored_tags(texts.tags, texts.aliases);
        let mut log = Log {
            notes,
            runs: Runs::new(runs, self.keys.len() as u32),
            keys: self.keys,
            by_key: OnceLock::new(),
            groups,
            tags,
            tag_ids,
            labels,
            facets: Facets::default(),
            counts: texts.counts.into(),
        };
        log.facets = Facets::of(&log, texts.repos, repos);
        Some(log)
    }

    /// Reports whether all pieces of the snapshot are as they were written.
    pub fn is_whole(&self, read: &dyn Fn(Range<u64>) -> Option<Vec<u8>>) -> bool {
        if self.places.len() != self.seals.len() + 1 {
            return false;
        }
        for (place, seal) in self.places.windows(2).zip(self.seals.iter()) {
            match read(place[0]..place[1]) {
                Some(piece) if xxh3_64(&piece) == *seal => {}
                _ => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, column::AlignedBytes};
    use super::*;
    use crate::date::{DateRule, DatedSpan, Evidence, Precision, Series};
    use crate::note::{self, NoteFile, tag::TagRules};
    use std::{borrow::Cow, sync::LazyLock};

    static RULES: LazyLock<TagRules> = LazyLock::new(TagRules::built_in);
    static NOTES: LazyLock<Vec<Note>> = LazyLock::new(notes);

    /// A snapshot in memory, and what is understood when its pieces are damaged.
    struct Memory {
        bytes: Vec<u8>,
        again: fn(&str, &str) -> Option<Note>,
    }

    impl NoteStore for Memory {
        fn read(&self, place: Range<u64>) -> Option<Vec<u8>> {
            Some(self.bytes.get(place.start as usize..place.end as usize)?.to_vec())
        }

        fn reread(&self, source: &str, path: &str) -> Option<Note> {
            (self.again)(source, path)
        }
    }

    fn read(path: &str, bytes: &[u8]) -> Note {
        let siblings = ["a/2024-week20.md", "a/2024-week21.md"];
        note::read(
            NoteFile { source: "笔记", path, bytes },
            &Series::of(siblings.into_iter()),
            note::EntryRule::Auto,
            &RULES,
        )
    }

    fn notes() -> Vec<Note> {
        let long = "容器 word ".repeat(2_000);
        let texts: &[(&str, &[u8])] = &[
            ("2024-06-week2.md", "# 2024年6月第二周周报\n\n## 技术\n\n1， 看 [PR3120](https://github.com/containerd/nerdctl/pull/3120) 用 QuxDB\n2、eBPF可观测 #随想\n".as_bytes()),
            ("a/week22.md", "• 大纲\n  • 里面 CVE-2024-21626 QuxDB\n• 👨‍👩‍👧‍👦 家\n".as_bytes()),
            ("gbk.txt", b"\xd6\xdc\xb1\xa8\xa3\xba\xc8\xdd\xc6\xf7\xcf\xde\xc1\xf7\n"),
            ("nul\u{7}.md", b"a\0b\x1b[31m \xff\xfe QuxDB\n"),
            ("bidi.md", "# \u{202e}反\u{2066}\n\n正文 [标][a]\n\n[a]: https://a.example/x\n".as_bytes()),
            ("long.md", long.as_bytes()),
            ("empty.md", b""),
            ("history.md", "# 历史\n\n## 2023-05-20\n\n- 甲\n\n## 2023-05-21\n\n- 乙 `let a`\n\n![图](x.png)\n".as_bytes()),
            ("til.md", "# Vim\n\nA fact of QuxDB in 2202-13-45.\n".as_bytes()),
        ];
        texts.iter().map(|(path, bytes)| read(path, bytes)).collect()
    }

    fn log() -> Log {
        let day = (("笔记".to_owned(), "til.md".to_owned()), jiff::civil::date(2023, 3, 1));
        let notes: Vec<LazyNote> = NOTES.iter().map(|note| Arc::new(note.clone()).into()).collect();
        let notes = LazyNote::with_git_dates(&notes, &[day].into()).expect("git dates one");
        Log::of(notes, &RULES)
    }

    fn written(log: &Log) -> (Vec<u8>, Vec<u8>) {
        let mut bytes = Vec::new();
        let head = write(log, &mut bytes).expect("memory does not fail");
        (head, bytes)
    }

    fn tables(head: &[u8]) -> Option<SnapshotHead> {
        SnapshotHead::of(Arc::new(AlignedBytes::of(head)))
    }

    fn open(head: &[u8], bytes: Vec<u8>, again: fn(&str, &str) -> Option<Note>) -> Log {
        tables(head).and_then(|tables| tables.log(Box::new(Memory { bytes, again }))).expect("a snapshot")
    }

    fn opened(head: &[u8], bytes: Vec<u8>) -> Log {
        open(head, bytes, |_, _| None)
    }

    fn is_whole(head: &[u8], bytes: &[u8]) -> bool {
        let read = |place: Range<u64>| Some(bytes[place.start as usize..place.end as usize].to_vec());
        tables(head).expect("tables").is_whole(&read)
    }

    #[track_caller]
    fn assert_same(log: &Log, other: &Log) {
        assert_eq!(
            log.notes.iter().map(LazyNote::load).collect::<Vec<_>>(),
            other.notes.iter().map(LazyNote::load).collect::<Vec<_>>()
        );
        let heads = |log: &Log| format!("{:?}", log.notes);
        assert_eq!(heads(log), heads(other));
        assert_eq!((log.runs.all(), &log.keys), (other.runs.all(), &other.keys));
        assert_eq!((log.groups(), log.tags(), log.counts()), (other.groups(), other.tags(), other.counts()));
        for (entry, same) in log.entries().zip(other.entries()) {
            let all = |entry: Entry<'_>| {
                (entry.span(), entry.kinds(), entry.dated(), entry.lines(), entry.title().to_owned())
            };
            assert_eq!(all(entry), all(same));
            assert!(log.tags_of(entry.id()).eq(other.tags_of(same.id())));
            assert!(entry.tags().eq(same.tags()) && entry.refs().eq(same.refs()) && entry.fields().eq(same.fields()));
            assert_eq!(log.group_of(entry.id()), other.group_of(same.id()));
            assert_eq!(entry.span(), entry.dated().map(|dated| dated.span));
            assert_eq!(other.find(entry.key()), Some(entry.id()));
        }
        assert!(log.tags().iter().all(|tag| log.tag(&tag.name) == other.tag(&tag.name)));
    }

    #[test]
    fn log_survives_a_snapshot_round_trip() {
        let log = log();
        assert!(log.tags().iter().any(|tag| tag.discovered.is_some()) && log.len() > 8);
        let (head, bytes) = written(&log);
        assert!(is_whole(&head, &bytes));
        let stored = opened(&head, bytes.clone());
        // What is looked at is the same, and looking keeps nothing.
        let mut seen = 0;
        for at in 0..stored.notes().len() {
            stored.peek_entries(at, |entry| {
                assert_eq!(entry.plain(), log.entry(entry.id()).plain());
                seen += 1;
            });
        }
        assert_eq!(seen, log.len());
        assert!(stored.notes().iter().all(|note| matches!(note.peek(), Cow::Owned(_))));
        // A snapshot of what was never read is the same snapshot.
        assert_eq!(written(&stored), (head.clone(), bytes));
        assert_same(&log, &stored);
        // So is a log put together of notes that lie in a snapshot.
        let again = Log::of(opened(&head, written(&log).1).notes, &RULES);
        assert_same(&log, &again);
        let undated =
            LazyNote::with_git_dates(&again.notes, &crate::date::FirstCommitDays::new()).expect("git takes a day back");
        assert!(undated.iter().zip(&*NOTES).all(|(note, read)| note.load() == read));
        assert_same(&Log::default(), &opened(&written(&Log::default()).0, Vec::new()));
    }

    #[test]
    fn a_damaged_piece_is_understood_anew_and_a_damaged_head_is_none() {
        let log = log();
        let (head, bytes) = written(&log);
        for at in (0..bytes.len()).step_by(bytes.len() / 40) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(!is_whole(&head, &damaged));
            let again = |source: &str, path: &str| {
                assert_eq!(source, "笔记");
                NOTES.iter().find(|note| note.exact_path() == path).cloned()
            };
            assert_same(&log, &open(&head, damaged, again));
        }
        // Nor in the file as it was: entries keep their number, and a Problem says it.
        let lost = open(&head, Vec::new(), |_, _| Some(read("x.md", b"- a\n")));
        assert!(lost.entries().all(|entry| entry.title() == "?" && !entry.note().problems.is_empty()));
        assert_eq!((lost.len(), lost.notes()[0].exact_path()), (log.len(), "2024-06-week2.md"));
        for len in (0..head.len()).step_by(head.len() / 40) {
            assert!(tables(&head[..len]).is_none(), "{len}");
        }
    }

    #[test]
    fn every_date_rule_survives_a_snapshot() {
        let span = Span::new(jiff::civil::date(2024, 2, 26), jiff::civil::date(2024, 3, 3), Precision::Week);
        for rule in DateRule::ALL {
            let dated = DatedSpan { span, evidence: Evidence::Title, rule };
            let bytes = postcard::to_stdvec(&dated).expect("bytes");
            assert_eq!(postcard::from_bytes(&bytes), Ok(dated));
        }
    }
}
