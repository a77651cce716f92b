//! The architecture, held: who may use whom, and what each room must not know.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Names that no pure room may contain: files, environment, clock, threads, terminal, search engine.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "SystemTime",
    "Instant",
    "Zoned::now",
    "Timestamp::now",
    "tantivy",
    "crossterm",
    "rayon",
    "anyhow",
    "println!",
    "eprintln!",
];

/// Names that the rooms which understand notes must not contain either: the work of `markup`.
const MARKDOWN: &[&str] = &["pulldown_cmark"];

/// A room, the rooms it may use beside itself, and lists of names that must not appear in it.
const ROOMS: &[(&str, &str, &[&[&str]])] = &[
    ("text", "", &[IMPURE, MARKDOWN]),
    ("date", "text", &[IMPURE, MARKDOWN]),
    ("reference", "text", &[IMPURE, MARKDOWN]),
    ("markup", "text date reference", &[IMPURE]),
    ("note", "text date reference markup", &[IMPURE, &["EntryId"]]),
    ("log", "text date reference note", &[IMPURE, MARKDOWN, &["Regex", "toml::", "encoding_rs"]]),
    ("insight", "text date reference markup note log", &[IMPURE, MARKDOWN]),
    ("query", "text date reference note log insight", &[IMPURE, MARKDOWN]),
    ("page", "text date reference markup note log insight query", &[IMPURE]),
    ("app", "text date reference markup note log insight query page", &[IMPURE]),
    ("ui", "text date reference note log insight query page app", &[IMPURE]),
    ("config", "text date note page ui", &[IMPURE]),
    (
        "index",
        "text note log query",
        &[&["ratatui", "crossterm", "std::env", "SystemTime", "Instant", "println!", "eprintln!"]],
    ),
    ("files", "text date markup note log index config", &[&["ratatui", "crossterm", "tantivy", "clap"]]),
    ("find", "text note log query app index files", &[&["ratatui", "crossterm", "tantivy", "clap", "std::fs"]]),
    ("fetch", "text reference insight files", &[&["ratatui", "crossterm", "tantivy", "clap"]]),
    ("terminal", "text log page app ui config files", &[&["tantivy", "clap"]]),
    (
        "runtime",
        "text date note log insight query page app ui index config files find fetch terminal",
        &[&["clap", "crossterm", "tantivy"]],
    ),
    (
        "cli",
        "text date reference markup note log insight query page ui index config files find fetch runtime",
        &[&["ratatui", "crossterm", "tantivy"]],
    ),
    ("main", "cli", &[&["ratatui", "crossterm", "tantivy", "std::fs"]]),
];

/// What is wrong in `source`, a file of `room`: one sentence for each.
fn violations(room: &str, source: &str) -> Vec<String> {
    let Some((_, uses, absent)) = ROOMS.iter().find(|(name, ..)| *name == room) else {
        return vec![format!("the room “{room}” has no row in the table")];
    };
    let may_use = |other: &str| other == room || uses.split(' ').any(|name| name == other);
    let mut found = Vec::new();
    for (number, line) in code(source).enumerate() {
        for other in rooms_named(line) {
            if !may_use(other) {
                found.push(format!("line {}: must not use {other}: {}", number + 1, line.trim()));
            }
        }
        for name in absent.iter().copied().flatten().filter(|name| line.contains(**name)) {
            found.push(format!("line {}: must not know {name}: {}", number + 1, line.trim()));
        }
        if line.contains("crate::{") && line.trim_end().ends_with("crate::{") {
            // Rooms of a group over several lines stand at the start of its lines: read below.
            for other in group(source, number) {
                if !may_use(&other) {
                    found.push(format!("line {}: must not use {other}", number + 1));
                }
            }
        }
    }
    found
}

/// Lines of code: no comments, and no tests, which may use what they like.
fn code(source: &str) -> impl Iterator<Item = &str> {
    let end = source.find("#[cfg(test)]\nmod tests").unwrap_or(source.len());
    source[..end].lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line })
}

/// The rooms that `crate::x` and `crate::{x, y::z}` on one line name.
fn rooms_named(line: &str) -> Vec<&str> {
    let mut rooms = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let name = name.trim().split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
            if ROOMS.iter().any(|(room, ..)| *room == name) {
                rooms.push(name);
            }
        }
    }
    rooms
}

/// The rooms at the first level of a `use crate::{` that runs over several lines.
fn group(source: &str, from: usize) -> Vec<String> {
    let mut depth = 0;
    let mut rooms = Vec::new();
    for line in source.lines().skip(from) {
        let name = line.trim().split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        if depth == 1 && ROOMS.iter().any(|(room, ..)| *room == name) {
            rooms.push(name.to_owned());
        }
        depth += line.matches('{').count();
        depth = depth.saturating_sub(line.matches('}').count());
        if depth == 0 {
            break;
        }
    }
    rooms
}

/// Whether `file` is compiled for tests alone.
fn is_test(file: &Path) -> bool {
    file.ends_with("laws.rs") || file.ends_with("tests.rs") || file.iter().any(|part| part == "tests")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            found.append(&mut files(&entry));
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            found.push(entry);
        }
    }
    found
}

#[test]
fn every_room_keeps_to_its_row() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    let is_code = |file: &PathBuf| !file.ends_with("lib.rs") && !is_test(file);
    for file in files(&src).into_iter().filter(is_code) {
        let path = file.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
        let room = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        let source = fs::read_to_string(&file).expect("a source file");
        wrong.extend(violations(&room, &source).into_iter().map(|what| format!("src/{path}: {what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_planted_violation_is_found() {
    for (layer, source, expected) in [
        ("app", "use crate::ui::view;", 1),
        ("app", "use crate::{log::Log, ui::view};", 1),
        ("log", "use crate::{\n    query::Query,\n    text::fold,\n};", 1),
        ("query", "use std::fs::read;", 1),
        ("ui", "let now = std::time::Instant::now();", 1),
        ("index", "use crate::app::Model;", 1),
        ("somewhere", "", 1),
        ("app", "use crate::{\n    log::Log,\n    page::Symbols,\n};", 0),
        ("log", "// crate::ui is far away\n#[cfg(test)]\nmod tests { use std::fs; }", 0),
    ] {
        assert_eq!(violations(layer, source).len(), expected, "{layer}: {source}: {:?}", violations(layer, source));
    }
}

#[test]
fn every_row_is_enforced() {
    for (room, uses, absent) in ROOMS {
        for (other, ..) in ROOMS {
            let is_allowed = other == room || uses.split(' ').any(|name| name == *other);
            let source = format!("use crate::{{{other}::Something}};");
            assert_eq!(violations(room, &source).is_empty(), is_allowed, "{room} uses {other}");
        }
        for name in absent.iter().copied().flatten() {
            assert!(!violations(room, &format!("let x = {name};")).is_empty(), "{room} knows {name}");
        }
    }
}

#[test]
fn rooms_come_one_after_another() {
    for (at, (room, uses, _)) in ROOMS.iter().enumerate() {
        for name in uses.split_whitespace() {
            assert!(ROOMS[..at].iter().any(|(above, ..)| *above == name), "{room} uses {name}, which comes later");
        }
    }
}

/// A top-level type of a file: its name.
fn type_name(line: &str) -> Option<&str> {
    let item = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub(super) ")).or(line.strip_prefix("pub "));
    let item = item.unwrap_or(line);
    let name = ["struct ", "enum ", "trait ", "type "].iter().find_map(|keyword| item.strip_prefix(keyword))?;
    Some(name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default())
}

/// One word that is a verb's participle says what was done, not what the thing is.
fn is_bare_participle(name: &str) -> bool {
    const IRREGULAR: [&str; 19] = [
        "Kept", "Held", "Found", "Met", "Shown", "Said", "Seen", "Made", "Read", "Written", "Known", "Given", "Taken",
        "Drawn", "Left", "Told", "Lent", "Meant", "Begun",
    ];
    let is_one_word = name.chars().skip(1).all(char::is_lowercase);
    is_one_word && (name.ends_with("ed") || name.ends_with("ing") || IRREGULAR.contains(&name))
}

/// What is wrong with the names of the top-level types of `sources`, given as path and text.
fn name_faults(sources: &[(String, String)]) -> Vec<String> {
    let mut places: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, source) in sources {
        for name in code(source).filter_map(type_name) {
            places.entry(name).or_default().insert(path);
        }
    }
    let mut faults = Vec::new();
    for (name, files) in &places {
        if files.len() > 1 {
            faults.push(format!("{name} is the name of several types: {files:?}"));
        }
        if is_bare_participle(name) {
            faults.push(format!("{name} is a participle, not a noun: {files:?}"));
        }
    }
    faults
}

#[test]
fn a_type_name_has_one_meaning() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    for file in files(&src).into_iter().filter(|file| !is_test(file)) {
        let source = fs::read_to_string(&file).expect("a source file");
        sources.push((file.strip_prefix(&src).expect("below src").to_string_lossy().into_owned(), source));
    }
    let faults = name_faults(&sources);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_planted_type_name_is_found() {
    let file = |path: &str, source: &str| (path.to_owned(), source.to_owned());
    for (first, second, expected) in [
        ("pub struct Row {", "struct Row;", 1),
        ("pub(crate) enum Kept {", "", 1),
        ("type Sealing = u8;", "", 1),
        ("pub struct Row;", "pub struct Column;\n#[cfg(test)]\nmod tests {\nstruct Row;\n}", 0),
        ("pub struct LoadedLog;", "/// struct LoadedLog\npub struct Loader;", 0),
    ] {
        let faults = name_faults(&[file("a.rs", first), file("b.rs", second)]);
        assert_eq!(faults.len(), expected, "{first} {second}: {faults:?}");
    }
}

#[test]
fn the_version_has_a_changelog() {
    let changelog =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md")).expect("CHANGELOG.md");
    assert!(changelog.contains(&format!("## {}", env!("CARGO_PKG_VERSION"))));
}
