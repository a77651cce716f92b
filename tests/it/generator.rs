//! The generated log: the same from the same seed, and read as it was meant.

#[path = "../../examples/support/generator.rs"]
pub mod generated;

use crate::support::log;
use generated::{File, Generator};
use sennight::{
    log::{Entry, LazyNote, Log},
    reference::RefKind,
    text::problem::{Code, Level},
};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::Path,
};

/// People whose notes are read: each of the ways to name a report, and both languages.
const PEOPLE: usize = 6;
/// Entries of each of them.
const ENTRIES: usize = 1200;

fn files() -> Vec<File> {
    (0..PEOPLE).flat_map(|nth| Generator::starting_with(nth, ENTRIES, 7)).collect()
}

fn read(files: &[File]) -> Log {
    log(&files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect::<Vec<_>>())
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let all = |seed| Generator::new(3_000, seed).map(|file| (file.path, file.text)).collect::<Vec<_>>();
    assert!(all(7) == all(7));
    assert!(all(7) != all(8));
}

#[test]
fn generated_log_has_the_requested_entries() {
    for asked in [1, 100, 3_000] {
        assert_eq!(Generator::new(asked, 7).map(|file| file.entries).sum::<usize>(), asked);
    }
    let files = files();
    let log = read(&files);
    let asked = PEOPLE * ENTRIES;
    assert!(log.len().abs_diff(asked) * 20 <= asked, "{asked} entries were meant, {} read", log.len());
    let bytes = files.iter().map(|file| file.text.len()).sum::<usize>() / log.len();
    assert!((100..=250).contains(&bytes), "{bytes} bytes an entry");
    let entries = log.len() / log.notes().len();
    assert!((15..=30).contains(&entries), "{entries} entries a note");
}

#[test]
fn generated_entries_are_dated_linked_and_tagged() {
    let files = files();
    let log = read(&files);
    let is_dated: HashMap<&str, bool> = files.iter().map(|file| (file.path.as_str(), file.is_dated)).collect();
    for note in log.notes().iter().map(LazyNote::load) {
        assert_eq!(note.dated.is_some(), is_dated[note.path.as_str()], "{}", note.path);
    }
    let share = |count: usize| count * 100 / log.len();
    let linked = log.entries().filter(|entry| entry.refs().next().is_some()).count();
    let tagged = log.entries().filter(|entry| log.tags_of(entry.id()).len() > 0).count();
    assert!((25..=60).contains(&share(linked)), "{} % of the entries are linked", share(linked));
    assert!((25..=90).contains(&share(tagged)), "{} % of the entries have a tag", share(tagged));
    for kind in [RefKind::Pr, RefKind::Issue, RefKind::Paper, RefKind::Cve, RefKind::Rfc] {
        let count = log.entries().flat_map(Entry::refs).filter(|found| found.kind == kind).count();
        assert!(count >= 10, "{count} of {}", kind.name());
    }
}

#[test]
fn only_slips_that_are_meant_are_problems() {
    let log = read(&files());
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    for (note, problem) in log.problems() {
        let meant = [Code::DateConflict, Code::LabelUrlMismatch].contains(&problem.code);
        assert!(meant || problem.code.level() < Level::Warning, "{}:{}: {}", note.path, problem.line, problem.message);
        *counts.entry(problem.code).or_default() += 1;
    }
    for code in [Code::ListMarker, Code::HeadingMarker, Code::LabelUrlMismatch] {
        assert!(counts.contains_key(&code), "no {code} in {counts:?}");
    }
    let warnings: usize =
        counts.iter().filter(|(code, _)| code.level() == Level::Warning).map(|(_, count)| count).sum();
    assert!(warnings * 200 < log.len(), "{warnings} warnings: {counts:?}");
}

#[test]
fn generator_overwrites_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().join("new");
    let written = generated::write(200, 1, &dir).expect("a new folder");
    assert_eq!(written.entries, 200);
    let first = Generator::new(200, 1).next().expect("a note");
    let file = dir.join(&first.path);
    assert_eq!(fs::read_to_string(&file).expect("the note"), first.text);
    fs::write(&file, "mine").expect("a file");
    let error = generated::write(200, 1, &dir).expect_err("it is not empty");
    assert!(error.to_string().ends_with("is not empty: notes are only written to a new or empty folder"), "{error}");
    assert_eq!(fs::read_to_string(&file).expect("the note"), "mine");
    assert!(generated::write(200, 1, Path::new(file!())).is_err(), "a file is no folder");
}
