//! Sources as the configuration has them: names, patterns, entries and week rules of their own.

use crate::cli::sennight;
use std::{fs, path::Path};
use tempfile::TempDir;

const WEEK: &str = "# 2024年6月第三周周报\n\n## 技术\n\n写在列表前的一段话，并不长。\n\n1， 网关限流\n2. 缓存预热\n\n## 生活\n\n- 跑步\n";

fn place(config: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let files = [
        ("config.toml", config),
        ("home/notes/june.md", WEEK),
        ("work/notes/june.md", WEEK),
        ("work/notes/drafts/later.md", "# 草稿\n\n- 还没写完\n"),
        ("work/notes/log.diary", "2024-06-20\n\n部署了新集群\n"),
    ];
    for (path, text) in files {
        let file = folder.path().join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(file, text).expect("a file");
    }
    folder
}

/// Standard output and standard error of a run.
fn run(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = sennight(folder).env("SENNIGHT_CONFIG", folder.join("config.toml")).args(arguments).output();
    let output = output.expect("the program runs");
    (String::from_utf8(output.stdout).expect("UTF-8"), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn each_source_is_read_by_its_own_rules() {
    let folder = place(
        r#"
        week-rule = "monday"
        [[sources]]
        path = "home/notes"
        entries = "notes"
        [[sources]]
        path = "work/notes"
        include = ["*.diary"]
        exclude = ["drafts/"]
        entries = "sections"
        week-rule = "sunday"
        "#,
    );
    let (found, said) = run(folder.path(), &["search", ""]);
    assert_eq!(said, "");
    insta::assert_snapshot!(found, @"
    home/notes/june.md:3: 2024-06-17…06-23 2024年6月第三周周报
    work/notes/log.diary:1: 2024-06-20 2024-06-20
    work/notes/june.md:5: 2024-06-10…06-16 技术
    work/notes/june.md:12: 2024-06-10…06-16 生活
    ");
    let sources = run(folder.path(), &["export"]).0;
    let name = |line: &str| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["note"]["source"].clone();
    assert_eq!(sources.lines().map(name).collect::<Vec<_>>(), ["notes", "notes (2)", "notes (2)"]);
}

#[test]
fn the_rules_count_when_the_path_is_given_by_hand() {
    let folder =
        place("sources = [{ path = \"work/notes\", name = \"office\", entries = \"items\", exclude = [\"drafts\"] }]");
    let (found, _) = run(folder.path(), &["search", "--log", "./work/../work/notes", "-跑步"]);
    insta::assert_snapshot!(found, @"
    ./work/../work/notes/june.md:7: 2024-06-10…06-16 网关限流
    ./work/../work/notes/june.md:8: 2024-06-10…06-16 缓存预热
    ");
    let hit = run(folder.path(), &["search", "--format", "json", "缓存"]).0;
    let hit: serde_json::Value = serde_json::from_str(&hit).expect("JSON");
    let why = run(folder.path(), &["show", "--why", hit[0]["key"].as_str().expect("a key")]).0;
    assert!(why.contains("list item  list items, as its source is set"), "{why}");
}

#[test]
fn changing_the_rules_brings_the_index_up_to_date() {
    let folder = place("sources = [\"home/notes\"]");
    let ask = || run(folder.path(), &["search", "缓存"]).0;
    run(folder.path(), &["index"]);
    assert_eq!(ask().lines().count(), 1);
    assert!(ask().contains("缓存预热"));
    fs::write(folder.path().join("config.toml"), "sources = [{ path = \"home/notes\", entries = \"notes\" }]")
        .expect("written");
    assert!(ask().contains("2024年6月第三周周报"), "{}", ask());
    run(folder.path(), &["index"]);
    assert!(ask().contains("2024年6月第三周周报"), "{}", ask());
    let verified = run(folder.path(), &["index", "--verify"]);
    assert!(verified.0.contains("1 note") || verified.1.is_empty(), "{verified:?}");
}

#[test]
fn a_pattern_that_is_none_is_said_and_the_rest_keeps_working() {
    let folder = place("sources = [{ path = \"home/notes\", exclude = [\"[z-a]\"] }]");
    let (_, said) = run(folder.path(), &["search", "--log", "home/notes", "缓存"]);
    assert!(said.contains("config.toml: line 1, column ") && said.contains("“[z-a]”"), "{said}");
    assert!(said.contains("started with the defaults"), "{said}");
}
