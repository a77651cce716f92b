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
    assert!(said.contains("using the defaults"), "{said}");
}

const PACKED: [(&str, &str); 5] = [
    ("notes-main/2024/2024-06-week3.md", WEEK),
    ("notes-main/til/vim.md", "# vim\n\n- 宏 https://github.com/vim/vim/pull/1\n"),
    ("notes-main/photo.png", "限流"),
    ("notes-main/.hidden/a.md", "- 限流\n"),
    ("../outside.md", "- 限流\n"),
];

fn zip() -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (path, text) in PACKED {
        archive.start_file(path, zip::write::SimpleFileOptions::default()).expect("a member");
        archive.write_all(text.as_bytes()).expect("written");
    }
    archive.finish().expect("an archive").into_inner()
}

fn tar_gz() -> Vec<u8> {
    let mut archive = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    for (path, text) in PACKED {
        let mut header = tar::Header::new_gnu();
        header.as_gnu_mut().expect("GNU").name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_size(text.len() as u64);
        header.set_cksum();
        archive.append(&header, text.as_bytes()).expect("a member");
    }
    archive.into_inner().expect("a stream").finish().expect("an archive")
}

#[test]
fn an_archive_is_read_where_it_is() {
    let folder = place("");
    for (name, bytes) in [("notes.zip", zip()), ("notes.tar.gz", tar_gz()), ("notes.TGZ", tar_gz())] {
        fs::write(folder.path().join(name), &bytes).expect("written");
        let (found, said) = run(folder.path(), &["search", "--log", name, "限流"]);
        assert_eq!(said, "", "{name}");
        assert_eq!(found, format!("{name}/notes-main/2024/2024-06-week3.md:7: 2024-06-10…06-16 网关限流\n"));
        let all = run(folder.path(), &["--log", name, "export"]).0;
        assert_eq!(all.lines().count(), 2, "{name}: {all}");
        assert!(run(folder.path(), &["--log", name, "new"]).1.contains("is not a folder: a new note needs one"));
        assert!(run(folder.path(), &["--log", name, "index"]).0.contains("entries of 2 notes"), "{name}");
        fs::write(folder.path().join(name), &bytes[..bytes.len() / 2]).expect("written");
        let (found, said) = run(folder.path(), &["search", "--log", name, "限流"]);
        assert!(found.is_empty() && said.contains(&format!("cannot read the archive {name}")), "{name}: {said}");
        fs::write(folder.path().join(name), "no archive").expect("written");
        let (found, said) = run(folder.path(), &["search", "--log", name, "限流"]);
        assert!(found.is_empty() && said.contains("because: "), "{name}: {said}");
    }
    // A folder may be called so.
    fs::create_dir(folder.path().join("real.zip")).expect("made");
    fs::write(folder.path().join("real.zip/a.md"), "- 限流\n").expect("written");
    assert_eq!(run(folder.path(), &["search", "--log", "real.zip", "限流"]).0, "real.zip/a.md:1: 限流\n");
}

#[test]
fn standard_input_is_a_note() {
    use std::{io::Write, process::Stdio};
    let folder = place("");
    let ask = |bytes: &[u8], arguments: &[&str]| {
        let mut command = sennight(folder.path());
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program runs");
        child.stdin.take().expect("a pipe").write_all(bytes).expect("written");
        let output = child.wait_with_output().expect("it ends");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"), output.stderr)
    };
    let gbk = b"1. \xcf\xde\xc1\xf7\xd3\xeb\xcd\xf8\xb9\xd8\xb5\xc4\xbb\xd2\xb6\xc8\xb7\xa2\xb2\xbc\n";
    let (code, found, _) = ask(gbk, &["search", "--log", "-", "限流"]);
    assert_eq!((code, found.as_str()), (Some(0), "input.md:1: 限流与网关的灰度发布\n"));
    let (_, found, _) = ask(WEEK.as_bytes(), &["--log", "-", "search", "--format", "paths", "跑步"]);
    assert_eq!(found, "input.md\n");
    let (code, found, said) = ask(WEEK.as_bytes(), &["-"]);
    assert!(
        code == Some(2) && found.is_empty() && String::from_utf8_lossy(&said).contains("the screen needs a terminal")
    );
    assert_eq!(ask(b"", &["search", "--log", "-", "x"]).0, Some(1));
}

#[cfg(unix)]
#[test]
fn a_vault_may_be_a_link_to_elsewhere() {
    let folder = place("");
    std::os::unix::fs::symlink("home/notes", folder.path().join("vault")).expect("a link");
    let (found, _) = run(folder.path(), &["search", "--log", "vault", "限流"]);
    assert_eq!(found, "vault/june.md:7: 2024-06-10…06-16 网关限流\n");
}
