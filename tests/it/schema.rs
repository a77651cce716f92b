//! What is written as JSON is what `assets/schema.json` says, and nothing else.

use crate::cli::{Place, sennight};
use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The definitions, closed: a field that is not described is an error here, while those who read
/// the output must expect new ones.
struct Contract {
    schemas: Schemas,
    compiler: Compiler,
}

fn closed(mut value: Value) -> Value {
    match &mut value {
        Value::Object(map) => {
            for inner in map.values_mut() {
                *inner = closed(inner.take());
            }
            if map.get("type").is_some_and(|kind| kind == "object") && map.contains_key("properties") {
                map.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| *inner = closed(inner.take())),
        _ => {}
    }
    value
}

impl Contract {
    fn new() -> Contract {
        let text = include_str!("../../assets/schema.json");
        let schema = closed(serde_json::from_str(text).expect("the schema is JSON"));
        let mut compiler = Compiler::new();
        compiler.add_resource("schema.json", schema).expect("a schema");
        Contract { schemas: Schemas::new(), compiler }
    }

    fn definition(&mut self, name: &str) -> SchemaIndex {
        let place = format!("schema.json#/$defs/{name}");
        self.compiler.compile(&place, &mut self.schemas).unwrap_or_else(|error| panic!("{name}: {error:#}"))
    }

    /// What is wrong with `value` as the definition `name`.
    fn fault(&mut self, name: &str, value: &Value) -> Option<String> {
        let definition = self.definition(name);
        self.schemas.validate(value, definition).err().map(|error| format!("{name}: {error:#}\n{value:#}"))
    }

    fn hold(&mut self, name: &str, value: &Value) {
        assert_eq!(self.fault(name, value), None);
    }
}

/// Commands with the definition of their rows, and whether they write a list of them.
const OUTPUTS: [(&[&str], &str, bool); 6] = [
    (&["export", "--format", "json"], "note", true),
    (&["search", "--format", "json", "--limit", "200", ""], "hit", true),
    (&["refs", "--format", "json"], "reference", true),
    (&["tags", "--format", "json"], "tag", true),
    (&["stats", "--format", "json"], "review", false),
    (&["stats", "--format", "json", "--year", "2022", "的"], "review", false),
];

/// Runs all commands on a log, and a thread of its most mentioned reference and tag. Returns the
/// number of values that were held against the schema.
fn hold_all(contract: &mut Contract, run: &dyn Fn(&[&str]) -> String) -> usize {
    let mut count = 0;
    let (mut reference, mut tag) = (None, None);
    for (arguments, name, is_list) in OUTPUTS {
        let text = run(arguments);
        if text.is_empty() {
            continue;
        }
        let value: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
        let rows = if is_list { value.as_array().cloned().expect("a list") } else { vec![value] };
        for row in &rows {
            contract.hold(name, row);
        }
        count += rows.len();
        let first = |field: &str| Some(rows.first()?[field].as_str()?.to_owned());
        match name {
            "reference" => reference = first("url"),
            "tag" => {
                let named = rows.iter().find(|row| row["field"] == "tag");
                tag = named.and_then(|row| Some(format!("tag:{}", row["name"].as_str()?)));
            }
            _ => {}
        }
    }
    for topic in [reference, tag].into_iter().flatten() {
        let text = run(&["thread", "--format", "json", &topic]);
        let thread: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{topic}: {error}"));
        contract.hold("thread", &thread);
        count += thread["mentions"].as_array().map_or(0, Vec::len);
    }
    count
}

fn of(folder: &TempDir, log: Option<&Path>) -> impl Fn(&[&str]) -> String {
    let (folder, log) = (folder.path().to_owned(), log.map(PathBuf::from));
    move |arguments| {
        let mut command = sennight(&folder);
        command.args(arguments);
        if let Some(log) = &log {
            command.arg("--log").arg(log);
        }
        let output = command.output().expect("the program runs");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

#[test]
fn the_sample_log_keeps_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let count = hold_all(&mut Contract::new(), &of(&folder, None));
    assert!(count > 500, "{count}");
}

#[test]
fn odd_and_hostile_notes_keep_the_contract() {
    let long = "长".repeat(20_000);
    let hostile = format!(
        "---\ntitle: \"a\u{1b}]0;x\u{7}\\n\"\n---\n\n1，\u{202e}甲 [PR1\u{1b}[31m](https://github.com/a/b/pull/1?\u{7}) #标签\u{0}\n2、{long} arXiv:1706.03762\n- 👨‍👩‍👧‍👦 下周 CVE-2024-21626 a/b#1\n"
    );
    let gbk =
        b"# \xd6\xdc\xb1\xa8\n\n1. \xcf\xde\xc1\xf7\xd3\xeb\xcd\xf8\xb9\xd8\xb5\xc4\xbb\xd2\xb6\xc8\xb7\xa2\xb2\xbc\n";
    let place = Place::new(&[
        ("2202-W10.md", hostile.as_bytes()),
        ("2024-06-week2.md", hostile.as_bytes()),
        ("outline.txt", "• 甲\n  • 乙 https://a.example/\n• 丙\n".as_bytes()),
        ("gbk.md", gbk),
        ("nul.md", b"\0"),
        ("empty.md", b""),
    ]);
    let notes = place.folder.path().join("notes");
    let mut contract = Contract::new();
    assert!(hold_all(&mut contract, &of(&place.folder, Some(&notes))) > 20);
    let run = of(&place.folder, Some(&notes));
    for (arguments, name) in [
        (vec!["search", "--format", "jsonl", "jia"], "hit"),
        (vec!["show", "--format", "json", &place.key("arXiv")], "hit"),
        (vec!["thread", "--format", "jsonl", "a/b#1"], "mention"),
        (vec!["export", "arXiv"], "note"),
    ] {
        let text = run(&arguments);
        assert!(!text.is_empty(), "{arguments:?}");
        for line in text.lines() {
            contract.hold(name, &serde_json::from_str(line).expect("JSON"));
        }
    }
}

#[test]
fn what_breaks_the_contract_is_found() {
    let mut contract = Contract::new();
    let good = serde_json::json!({"name": "a", "field": "tag", "count": 1});
    contract.hold("tag", &good);
    for (field, value) in [("field", "topic".into()), ("count", 0.into()), ("count", "1".into()), ("more", 1.into())] {
        let mut bad = good.clone();
        bad[field] = value;
        assert!(contract.fault("tag", &bad).is_some(), "{bad}");
    }
    assert!(contract.fault("tag", &serde_json::json!({"name": "a", "field": "tag"})).is_some());
}

/// Real logs, where they lie beside the repository.
#[test]
fn real_logs_keep_the_contract() {
    let Some(corpora) = crate::support::corpus("") else { return };
    let folders = std::fs::read_dir(corpora).expect("a folder");
    let folder = tempfile::tempdir().expect("a folder");
    let mut contract = Contract::new();
    for log in folders.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()) {
        let run = of(&folder, Some(&log));
        let holds_notes = sennight(folder.path()).args(["check", "--log"]).arg(&log).output();
        if holds_notes.is_ok_and(|output| output.status.success()) {
            hold_all(&mut contract, &run);
        }
    }
}
