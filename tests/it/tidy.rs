//! The architecture, held: who may use whom, and what each layer must not know.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Names that no pure layer may contain: files, environment, clock, threads, terminal, search engine.
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

/// A layer, the layers it may use, and names that must not appear in it.
const LAYERS: &[(&str, &[&str], &[&str])] = &[
    ("text", &["text"], IMPURE),
    ("date", &["text", "date"], IMPURE),
    ("reference", &["text", "reference"], IMPURE),
    ("markup", &["text", "date", "reference", "markup"], IMPURE),
    ("note", &["text", "date", "reference", "markup", "note"], IMPURE),
    ("log", &["text", "date", "reference", "markup", "note", "log"], IMPURE),
    ("insight", &["text", "date", "reference", "markup", "note", "log", "insight"], IMPURE),
    ("query", &["text", "date", "reference", "markup", "note", "log", "insight", "query"], IMPURE),
    ("page", &["text", "date", "reference", "markup", "note", "log", "insight", "query", "page"], IMPURE),
    ("app", &["text", "date", "reference", "markup", "note", "log", "insight", "query", "page", "app"], IMPURE),
    ("ui", &["text", "date", "reference", "markup", "note", "log", "insight", "query", "page", "app", "ui"], IMPURE),
    (
        "index",
        &["text", "date", "reference", "markup", "note", "log", "insight", "query", "index"],
        &["ratatui", "crossterm", "std::env", "SystemTime", "Instant", "println!", "eprintln!"],
    ),
    (
        "runtime",
        &[
            "text",
            "date",
            "reference",
            "markup",
            "note",
            "log",
            "insight",
            "query",
            "page",
            "app",
            "ui",
            "index",
            "config",
            "runtime",
        ],
        &["clap"],
    ),
    ("config", &["text", "date", "reference", "markup", "note", "log", "page", "ui", "config"], IMPURE),
    (
        "cli",
        &[
            "text",
            "date",
            "reference",
            "markup",
            "note",
            "log",
            "insight",
            "query",
            "page",
            "index",
            "config",
            "runtime",
            "ui",
            "cli",
        ],
        &["ratatui", "crossterm", "tantivy"],
    ),
    ("main", &["cli"], &["ratatui", "crossterm", "tantivy", "std::fs"]),
];

/// What is wrong in `source`, a file of `layer`: one sentence for each.
fn violations(layer: &str, source: &str) -> Vec<String> {
    let Some((_, uses, absent)) = LAYERS.iter().find(|(name, ..)| *name == layer) else {
        return vec![format!("the layer “{layer}” has no row in the table")];
    };
    let mut found = Vec::new();
    for (number, line) in code(source).enumerate() {
        for layer in layers_named(line) {
            if !uses.contains(&layer) {
                found.push(format!("line {}: must not use {layer}: {}", number + 1, line.trim()));
            }
        }
        for name in absent.iter().filter(|name| line.contains(**name)) {
            found.push(format!("line {}: must not know {name}: {}", number + 1, line.trim()));
        }
        if line.contains("crate::{") && line.trim_end().ends_with("crate::{") {
            // Layers of a group over several lines stand at the start of its lines: read below.
            found.extend(
                group(source, number)
                    .into_iter()
                    .filter(|layer| !uses.contains(&layer.as_str()))
                    .map(|layer| format!("line {}: must not use {layer}", number + 1)),
            );
        }
    }
    found
}

/// Lines of code: no comments, and no tests, which may use what they like.
fn code(source: &str) -> impl Iterator<Item = &str> {
    let end = source.find("#[cfg(test)]\nmod tests").unwrap_or(source.len());
    source[..end].lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line })
}

/// The layers that `crate::x` and `crate::{x, y::z}` on one line name.
fn layers_named(line: &str) -> Vec<&str> {
    let mut layers = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        let names: Vec<&str> = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default().split(',').collect(),
            None => vec![rest],
        };
        for name in names {
            let name = name.trim().split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
            if LAYERS.iter().any(|(layer, ..)| *layer == name) {
                layers.push(name);
            }
        }
    }
    layers
}

/// The layers at the first level of a `use crate::{` that runs over several lines.
fn group(source: &str, from: usize) -> Vec<String> {
    let mut depth = 0;
    let mut layers = Vec::new();
    for line in source.lines().skip(from) {
        let name = line.trim().split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        if depth == 1 && LAYERS.iter().any(|(layer, ..)| *layer == name) {
            layers.push(name.to_owned());
        }
        depth += line.matches('{').count();
        depth = depth.saturating_sub(line.matches('}').count());
        if depth == 0 {
            break;
        }
    }
    layers
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
fn every_layer_keeps_to_its_row() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in files(&src).into_iter().filter(|file| !file.ends_with("lib.rs")) {
        let path = file.strip_prefix(&src).expect("below src").to_string_lossy().replace('\\', "/");
        let layer = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        let source = fs::read_to_string(&file).expect("a source file");
        wrong.extend(violations(&layer, &source).into_iter().map(|what| format!("src/{path}: {what}")));
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
fn the_version_has_a_changelog() {
    let changelog =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md")).expect("CHANGELOG.md");
    assert!(changelog.contains(&format!("## {}", env!("CARGO_PKG_VERSION"))));
}
