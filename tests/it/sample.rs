//! The sample log: what a newcomer sees first must be understood without a fault of ours.

use crate::support::log;
use sennight::{
    log::{LazyNote, Log},
    note::Kind,
    query::Query,
    reference::RefKind,
    text::problem::Code,
};
use std::{fs, path::Path};

fn sample() -> Log {
    fn gather(folder: &Path, notes: &mut Vec<(String, String)>, root: &Path) {
        for entry in fs::read_dir(folder).expect("the sample").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                gather(&entry, notes, root);
            } else {
                let path = entry.strip_prefix(root).expect("below").to_string_lossy().replace('\\', "/");
                notes.push((path, fs::read_to_string(&entry).expect("UTF-8")));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample");
    let mut notes = Vec::new();
    gather(&root, &mut notes, &root);
    notes.sort();
    log(&notes.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>())
}

fn find<'a>(log: &'a Log, query: &str) -> Vec<sennight::log::Entry<'a>> {
    let (query, notices) = Query::parse(query);
    assert!(notices.is_empty(), "{notices:?}");
    log.entries().filter(|entry| query.matches(*entry)).collect()
}

#[test]
fn sample_covers_two_years_in_five_shapes() {
    let log = sample();
    assert!(log.notes().len() >= 16, "{}", log.notes().len());
    for shape in ["weekly/", "history/", "links/", "til/", "outline/"] {
        assert!(log.notes().iter().any(|note| note.exact_path().starts_with(shape)), "{shape}");
    }
    let days: Vec<_> = log.entries().filter_map(sennight::log::Entry::span).map(|span| span.last()).collect();
    let (first, last) = (days.iter().min().expect("dated"), days.iter().max().expect("dated"));
    assert!((*last - *first).get_days() > 600, "{first} to {last}");
}

#[test]
fn every_weekly_note_is_dated_by_its_name() {
    let log = sample();
    for note in log
        .notes()
        .iter()
        .map(LazyNote::load)
        .filter(|note| note.path.starts_with("weekly/") || note.path.starts_with("links/"))
    {
        let dated = note.dated.unwrap_or_else(|| panic!("{} is undated", note.path));
        assert_eq!(dated.evidence.name(), "file-name", "{}", note.path);
        assert_eq!((dated.span.last() - dated.span.first()).get_days(), 6, "{}", note.path);
    }
}

#[test]
fn there_is_one_incident_and_its_story() {
    let log = sample();
    let write_ups: Vec<_> =
        find(&log, "kind:incident").into_iter().filter(|entry| entry.note().path.starts_with("weekly/")).collect();
    assert_eq!(write_ups.len(), 1, "{write_ups:?}");
    assert_eq!(write_ups[0].note().path, "weekly/2025-week10.md");
}

#[test]
fn sample_slips_are_reported() {
    let log = sample();
    for code in [Code::ListMarker, Code::HeadingMarker, Code::LabelUrlMismatch, Code::DateConflict, Code::DateOrder] {
        assert!(log.problems().any(|(_, problem)| problem.code == code), "{code}");
    }
}

#[test]
fn sample_has_many_references() {
    let log = sample();
    let mut kinds: Vec<RefKind> =
        log.entries().flat_map(|entry| entry.refs().map(|reference| reference.kind).collect::<Vec<_>>()).collect();
    kinds.sort();
    for kind in [RefKind::Pr, RefKind::Issue, RefKind::Paper, RefKind::Cve, RefKind::Rfc, RefKind::Repo] {
        assert!(kinds.contains(&kind), "{}", kind.name());
    }
    let weeks = find(&log, "nerdctl#1387");
    assert!(weeks.len() >= 3, "{weeks:?}");
    assert!(log.entries().any(|entry| entry.kinds().contains(Kind::Paper)));
}
