//! The command line: transcripts of the program itself, for good, empty and bad input.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use tempfile::TempDir;

/// The program with nothing of this machine in its environment.
pub fn sennight(cache: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sennight"));
    command.env_clear().env("HOME", cache).env("SENNIGHT_CACHE", cache.join("cache")).current_dir(cache);
    command.stdin(Stdio::null());
    command
}

pub struct Place {
    pub folder: TempDir,
}

impl Place {
    /// A folder with notes: path and bytes.
    pub fn new(notes: &[(&str, &[u8])]) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, bytes) in notes {
            let file = folder.path().join("notes").join(path);
            fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            fs::write(file, bytes).expect("a note");
        }
        Place { folder }
    }

    pub fn weekly() -> Place {
        Place::new(&[
            ("2024-06-week2.md", "# 2024年6月第二周周报\n\n## 技术\n\n1， 写 [nerdctl](https://github.com/containerd/nerdctl) 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120)，容器懒加载\n2. 网关限流\n".as_bytes()),
            ("2024-06-week3.md", "# 2024年6月第三周周报\n\n## 技术\n\n1. 又是 nerdctl 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120)\n".as_bytes()),
        ])
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        sennight(self.folder.path()).args(arguments).output().expect("the program runs")
    }

    /// The key of the newest entry that `query` finds.
    pub fn key(&self, query: &str) -> String {
        let hits: serde_json::Value =
            serde_json::from_str(&self.check(&["search", "--format", "json", query], 0)).expect("JSON");
        hits[0]["key"].as_str().expect("a key").to_owned()
    }

    /// Standard output of a run on the notes that must end with `code`.
    pub fn check(&self, arguments: &[&str], code: i32) -> String {
        let output = self.run(&[arguments, &["--log", "notes"]].concat());
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

#[test]
fn search_prints_path_and_line_first() {
    let place = Place::weekly();
    insta::assert_snapshot!(place.check(&["search", "nerdctl"], 0), @"
    notes/2024-06-week3.md:5: 2024-06-10…06-16 又是 nerdctl 的 PR3120
    notes/2024-06-week2.md:5: 2024-06-03…06-09 写 nerdctl 的 PR3120，容器懒加载
    ");
    insta::assert_snapshot!(place.check(&["search", "--format", "paths", "nerdctl"], 0), @"
    notes/2024-06-week3.md
    notes/2024-06-week2.md
    ");
    insta::assert_snapshot!(place.check(&["search", "--format", "markdown", "限流"], 0), @"
    ## 2024-06-03…06-09 网关限流

    2. 网关限流

    <notes/2024-06-week2.md:6>
    ");
    assert_eq!(place.check(&["search", "--limit", "1", "nerdctl"], 0).lines().count(), 1);
    assert_eq!(place.check(&["search", "没有这个词"], 1), "");
    assert_eq!(place.check(&["search", "-nerdctl"], 0).lines().count(), 1);
}

#[test]
fn search_gives_json() {
    let place = Place::weekly();
    let hits: serde_json::Value =
        serde_json::from_str(&place.check(&["search", "--format", "json", "限流"], 0)).expect("JSON");
    assert_eq!((hits[0]["path"].as_str(), hits[0]["line"].as_u64()), (Some("notes/2024-06-week2.md"), Some(6)));
    let lines = place.check(&["search", "--format", "jsonl", "nerdctl"], 0);
    assert!(
        lines
            .lines()
            .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok_and(|hit| hit["key"].is_string()))
    );
}

#[test]
fn show_prints_one_entry() {
    let place = Place::weekly();
    let key = place.key("懒加载");
    insta::assert_snapshot!(place.check(&["show", &key], 0), @"
    2024-W23 06-03…06-09 › 2024年6月第二周周报 › 技术
    #nerdctl #containerd #containers #lazy-loading

    1. 写 nerdctl 的 PR3120，容器懒加载

    ────────────────────────
    repo   containerd/nerdctl https://github.com/containerd/nerdctl
    pr     containerd/nerdctl#3120 https://github.com/containerd/nerdctl/pull/3120
    ");
    assert_eq!(place.check(&["show", &key[..6]], 0), place.check(&["show", &key.to_uppercase()], 0));
    insta::assert_snapshot!(place.check(&["show", "--format", "markdown", &key], 0), @"
    ## 2024-06-03…06-09 写 nerdctl 的 PR3120，容器懒加载

    1. 写 [nerdctl](https://github.com/containerd/nerdctl) 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120)，容器懒加载

    <notes/2024-06-week2.md:5>
    ");
    let shown: serde_json::Value =
        serde_json::from_str(&place.check(&["show", "--format", "json", &key], 0)).expect("JSON");
    assert_eq!((shown["key"].as_str(), shown["line"].as_u64()), (Some(key.as_str()), Some(5)));
    insta::assert_snapshot!(place.check(&["show", "--why", &key], 0), @"
    Date        2024-W23 06-03…06-09  the week that ends on the 2nd Sunday of June
                  (month-week-sunday), from the file name
                also: 2024-W23 06-03…06-09  the week that ends on the 2nd Sunday of
                  June (month-week-sunday), from the title
    Shape       list item  items of the lists that open a section; other sections
                  whole
    Section     技术
    Title       写 nerdctl 的 PR3120，容器懒加载
    Tags        #nerdctl  link github.com/containerd/nerdctl
                #containerd  link github.com/containerd/nerdctl
                #containers  the word “容器”
                #lazy-loading  the word “懒加载”
    Kinds       pr  links containerd/nerdctl#3120
    References  repo containerd/nerdctl  line 5
                pr containerd/nerdctl#3120  line 5
    Problems    list-marker  read the number as a list item  line 5
    Of the note none
    ");
}

#[test]
fn show_says_which_keys_it_cannot_use() {
    let items = (0..2000).map(|number| format!("- {number} 甲\n")).collect::<Vec<_>>().concat();
    let place = Place::new(&[("x.md", items.as_bytes())]);
    let hits: serde_json::Value =
        serde_json::from_str(&place.check(&["search", "--format", "json", "甲"], 0)).expect("JSON");
    let keys: Vec<&str> = hits.as_array().expect("hits").iter().filter_map(|hit| hit["key"].as_str()).collect();
    let begins = |digits: &str| keys.iter().filter(|key| key.starts_with(digits)).count();
    let shared =
        keys.iter().map(|key| &key[..4]).find(|digits| begins(digits) == 2).expect("two of 2000 share 16 bits");
    let unknown = (0..=u16::MAX).map(|number| format!("{number:04x}")).find(|digits| begins(digits) == 0);
    let unknown = unknown.expect("2000 keys do not fill 16 bits");
    for (key, code, expected) in [
        (unknown.as_str(), 1, vec!["sennight: no entry has a key that begins with “"]),
        (shared, 2, vec!["begins 2 keys: ", " 甲”, ", "help: give more digits"]),
        ("abc", 2, vec!["“abc” is not a key", "help: a key is 4 to 16 of the digits"]),
        ("xyzt", 2, vec!["“xyzt” is not a key"]),
    ] {
        let output = place.run(&["show", "--log", "notes", key]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{key}: {said}");
        assert!(expected.iter().all(|part| said.contains(part)), "{key}: {said}");
        assert!(code == 2 || said.lines().count() == 1, "{said}");
    }
}

#[test]
fn export_is_schema_1_exactly() {
    let place = Place::weekly();
    let lines = place.check(&["export"], 0);
    let note: serde_json::Value = serde_json::from_str(lines.lines().next().expect("a note")).expect("JSON");
    let mut without_key = note.clone();
    without_key["entries"][0]["key"] = "…".into();
    without_key["entries"].as_array_mut().expect("entries").truncate(1);
    insta::assert_snapshot!(serde_json::to_string_pretty(&without_key).expect("JSON"), @r#"
    {
      "entries": [
        {
          "key": "…",
          "kinds": [
            "pr"
          ],
          "line": 5,
          "refs": [
            {
              "host": "github.com",
              "id": "containerd/nerdctl",
              "kind": "repo",
              "label": "nerdctl",
              "line": 5,
              "url": "https://github.com/containerd/nerdctl"
            },
            {
              "host": "github.com",
              "id": "containerd/nerdctl#3120",
              "kind": "pr",
              "label": "PR3120",
              "line": 5,
              "url": "https://github.com/containerd/nerdctl/pull/3120"
            }
          ],
          "section": [
            "技术"
          ],
          "span": {
            "end": "2024-06-09",
            "evidence": "file-name",
            "precision": "week",
            "rule": "month-week-sunday",
            "start": "2024-06-03"
          },
          "tags": [
            {
              "name": "nerdctl",
              "why": "link github.com/containerd/nerdctl"
            },
            {
              "name": "containerd",
              "why": "link github.com/containerd/nerdctl"
            },
            {
              "name": "containers",
              "why": "the word “容器”"
            },
            {
              "name": "lazy-loading",
              "why": "the word “懒加载”"
            }
          ],
          "text": "写 nerdctl 的 PR3120，容器懒加载",
          "title": "写 nerdctl 的 PR3120，容器懒加载"
        }
      ],
      "note": {
        "path": "2024-06-week2.md",
        "problems": [
          {
            "code": "list-marker",
            "line": 5,
            "message": "read the number as a list item"
          }
        ],
        "source": "notes",
        "span": {
          "end": "2024-06-09",
          "evidence": "file-name",
          "precision": "week",
          "rule": "month-week-sunday",
          "start": "2024-06-03"
        },
        "title": "2024年6月第二周周报"
      },
      "schema": 1
    }
    "#);
    let all: serde_json::Value = serde_json::from_str(&place.check(&["export", "--format", "json"], 0)).expect("JSON");
    assert_eq!(all.as_array().map(Vec::len), Some(2));
    assert_eq!(place.check(&["export", "限流"], 0).lines().count(), 1);
    assert_eq!(place.check(&["export", "没有"], 1), "");
}

#[test]
fn refs_and_tags_count() {
    let place = Place::weekly();
    insta::assert_snapshot!(place.check(&["refs", "--kind", "pr"], 0), @"   2 pr         containerd/nerdctl#3120 2024-06-03..2024-06-10 https://github.com/containerd/nerdctl/pull/3120");
    assert_eq!(place.check(&["refs", "--kind", "cve"], 1), "");
    assert!(place.check(&["tags"], 0).lines().any(|line| line == "    2 tag:nerdctl"));
    place.check(&["refs", "--kind", "nonsense"], 2);
}

#[test]
fn check_prints_problems_and_is_strict_when_told() {
    let place = Place::weekly();
    insta::assert_snapshot!(place.check(&["check"], 0), @"notes/2024-06-week2.md:5: list-marker: read the number as a list item");
    place.check(&["check", "--strict"], 1);
}

#[test]
fn index_is_built_reused_and_verified() {
    let place = Place::weekly();
    let missing = place.run(&["index", "--verify", "--log", "notes"]);
    let said = String::from_utf8(missing.stderr).expect("UTF-8");
    assert_eq!((missing.status.code(), missing.stdout.len()), (Some(2), 0));
    assert!(
        said.contains("there is no search index in") && said.contains("help: build it with sennight index"),
        "{said}"
    );
    assert_eq!(place.check(&["index"], 0), "3 entries of 2 notes indexed, 2 notes changed\n");
    assert_eq!(place.check(&["index"], 0), "3 entries of 2 notes indexed, 0 notes changed\n");
    assert_eq!(place.check(&["search", "懒加载"], 0).lines().count(), 1);
    let verified = place.run(&["index", "--verify", "--log", "notes"]);
    // Whatever a terminal would show of the work, a pipe gets nothing of it.
    assert_eq!((verified.status.code(), verified.stderr.as_slice()), (Some(0), b"".as_slice()));
    assert_eq!(String::from_utf8_lossy(&verified.stdout).lines().count(), 1);
    assert_eq!(place.check(&["index", "--rebuild"], 0), "3 entries of 2 notes indexed, 2 notes changed\n");
}

#[test]
fn errors_say_what_why_and_what_to_do() {
    let place = Place::weekly();
    for (arguments, expected) in [
        (
            vec!["search", "--log", "nowhere", "x"],
            vec!["sennight: cannot open the notes at nowhere", "because:", "help: check the path"],
        ),
        (vec!["nowhere"], vec!["sennight: cannot open the notes at nowhere", "because:", "help:"]),
        (vec!["notes"], vec!["sennight: the screen needs a terminal", "help:"]),
        (vec!["search", "--format", "nonsense", "x"], vec!["nonsense", "help"]),
    ] {
        let output = place.run(&arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(expected.iter().all(|part| said.contains(part)), "{arguments:?}: {said}");
    }
}

#[test]
fn odd_files_are_problems_and_the_rest_is_shown() {
    let place = Place::new(&[
        ("good.md", "# 好\n\n限流\n".as_bytes()),
        ("nul.md", b"\0"),
        ("binary.md", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0"),
        ("empty.md", b""),
        ("gbk.md", b"# \xd6\xdc\xb1\xa8\n\n1. \xcf\xde\xc1\xf7\xd3\xeb\xcd\xf8\xb9\xd8\xb5\xc4\xbb\xd2\xb6\xc8\xb7\xa2\xb2\xbc\n"),
        ("bad.md", b"# ok\n\n1. \xe9\x99\x90\xe6\xb5\x81 \xff \xe7\xbd\x91\xe5\x85\xb3\n"),
        ("photo.png", b"\x89PNG"),
        (".hidden.md", "限流".as_bytes()),
        ("ignored.md", "限流".as_bytes()),
        (".gitignore", b"ignored.md\n"),
    ]);
    let large = fs::File::create(place.folder.path().join("notes/large.md")).expect("a file");
    large.set_len(50 * 1024 * 1024).expect("50 MB");
    let found = place.check(&["search", "限流"], 0);
    assert_eq!(found.lines().count(), 3, "{found}");
    let problems = place.check(&["check"], 0);
    for expected in [
        "nul.md:1: binary",
        "binary.md:1: binary",
        "empty.md:1: empty",
        "gbk.md:1: encoding: read as gb18030",
        "bad.md:3: bad-bytes",
        "large.md:1: too-large: 50 MB",
    ] {
        assert!(problems.contains(expected), "{expected}: {problems}");
    }
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_is_a_problem() {
    use std::os::unix::fs::symlink;
    let place = Place::weekly();
    // A link to itself cannot be opened by anyone, root included.
    symlink("loop.md", place.folder.path().join("notes/loop.md")).expect("a link");
    symlink(".", place.folder.path().join("notes/circle")).expect("a link");
    assert_eq!(place.check(&["search", "nerdctl"], 0).lines().count(), 2);
}

#[test]
fn an_empty_folder_is_said_to_be_empty() {
    let place = Place::new(&[]);
    fs::create_dir_all(place.folder.path().join("notes")).expect("a folder");
    let output = place.run(&["search", "x", "--log", "notes"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no notes in notes: looked for files ending in .md"));
}

#[test]
fn names_with_blanks_han_quotes_and_line_feeds_are_opened_and_shown_clean() {
    let name = "a b 周报 'q' \"d\"\nx.md";
    let place = Place::new(&[(name, "# t\n\n限流 one\n".as_bytes())]);
    let found = place.check(&["search", "限流"], 0);
    assert_eq!(found.lines().count(), 1, "{found}");
    assert!(found.starts_with("notes/a b 周报 'q' \"d\" x.md:3: "), "{found}");
}

#[test]
fn hostile_notes_leave_no_control_sequence_in_any_output() {
    let hostile = "# t\u{1b}]0;x\u{7}\n\n- a\u{1b}[31m 限流 \u{9b}1m\u{202e} [x\u{1b}]8;;u\u{7}](https://a.example/\u{1b}[0m) [p\u{1b}[2J}](https://arxiv.org/abs/1706.03762) #tag\u{7}\n";
    let place = Place::new(&[("2024-06-02 h\u{1b}[31m.md", hostile.as_bytes())]);
    let key = place.key("限流");
    for arguments in [
        vec!["search", "限流"],
        vec!["search", "--format", "markdown", "限流"],
        vec!["search", "--format", "paths", "限流"],
        vec!["refs"],
        vec!["tags"],
        vec!["check"],
        vec!["export", "--format", "markdown"],
        vec!["show", &key],
        vec!["show", "--format", "markdown", &key],
        vec!["show", "--why", &key],
        vec!["thread", "tag"],
        vec!["thread", "--format", "markdown", "tag"],
        vec!["refs", "--format", "markdown"],
        vec!["refs", "--format", "bibtex"],
        vec!["tags", "--format", "markdown"],
        vec!["stats"],
        vec!["stats", "--format", "markdown"],
    ] {
        let text = place.check(&arguments, 0);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{arguments:?}: {text:?}");
    }
    let colour = place.check(&["search", "--color", "always", "限流"], 0);
    assert!(!colour.contains("\u{1b}]"), "{colour:?}");
}

#[test]
fn colour_only_where_it_is_wanted() {
    let place = Place::weekly();
    let has_colour =
        |arguments: &[&str]| place.check(&[&["search", "nerdctl"], arguments].concat(), 0).contains('\u{1b}');
    assert!(!has_colour(&[]));
    assert!(!has_colour(&["--color", "never"]));
    assert!(has_colour(&["--color", "always"]));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let text = "- nerdctl 的一条\n".repeat(20_000);
    let place = Place::new(&[("2024-06-week2.md", text.as_bytes())]);
    for command in [
        &["search", "nerdctl"][..],
        &["thread", "tag:nerdctl"],
        &["thread", "--format", "json", "nerdctl"],
        &["export"],
    ] {
        let mut child = sennight(place.folder.path())
            .args(command)
            .args(["--log", "notes"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut out = child.stdout.take().expect("a pipe");
        out.read_exact(&mut [0; 10]).expect("some output");
        drop(out);
        let output = child.wait_with_output().expect("it ends");
        // A thread says beside its mentions how many they are.
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{command:?}: {said}");
        assert!(said.is_empty() || said.starts_with("sennight: nerdctl: 20000 mentions"), "{command:?}: {said}");
    }
}

#[test]
fn the_log_can_come_from_the_environment_and_be_the_sample() {
    let place = Place::weekly();
    let paths: Vec<PathBuf> = vec!["notes/2024-06-week2.md".into(), "notes/2024-06-week3.md".into()];
    let joined = std::env::join_paths(paths).expect("paths");
    let run = |command: &mut Command| command.args(["search", "nerdctl"]).output().expect("the program runs");
    let output = run(sennight(place.folder.path()).env("SENNIGHT_LOG", joined));
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 2);
    let sample = run(&mut sennight(place.folder.path()));
    assert!(sample.status.success() && !sample.stdout.is_empty());
}

#[test]
fn every_subcommand_has_help_with_an_example() {
    let place = Place::weekly();
    for command in [
        "search",
        "show",
        "export",
        "refs",
        "tags",
        "thread",
        "stats",
        "check",
        "index",
        "config",
        "completions",
        "man",
    ] {
        let output = place.run(&[command, "--help"]);
        let help = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && help.contains("Example"), "{help}");
    }
    assert!(place.run(&["--version"]).status.success());
}

#[test]
fn the_configuration_names_sources_and_topics_and_a_broken_one_stops_nobody() {
    let place = Place::weekly();
    let config = place.folder.path().join("config.toml");
    let run = |text: &str, arguments: &[&str]| {
        fs::write(&config, text).expect("a file");
        sennight(place.folder.path())
            .env("SENNIGHT_CONFIG", &config)
            .args(arguments)
            .output()
            .expect("the program runs")
    };
    let lines = |output: &Output| String::from_utf8_lossy(&output.stdout).lines().count();
    assert_eq!(lines(&run("sources = [\"~/notes\"]", &["search", "nerdctl"])), 2);
    let topic = "sources = [\"~/notes\"]\n[[tag]]\nname = \"灰度\"\naliases = [\"懒加载\"]\n";
    assert_eq!(lines(&run(topic, &["search", "tag:灰度"])), 1);
    let broken = run("thme = \"dark\"", &["search", "--log", "notes", "nerdctl"]);
    assert_eq!(lines(&broken), 2);
    let said = String::from_utf8_lossy(&broken.stderr).into_owned();
    assert!(
        said.contains("config.toml: line 1, column 1") && said.contains("(did you mean “theme”?); using the defaults"),
        "{said}"
    );
}

/// Every key of schema 1 and no other, at each level: scripts rely on it.
#[test]
fn export_has_the_keys_of_schema_1_and_no_other() {
    let text = "# 2024年6月第二周周报\n\n## 技术\n\n1， [nerdctl](https://github.com/containerd/nerdctl) 的 PR3120，读 [论文](https://arxiv.org/abs/1706.03762)\n";
    let place = Place::new(&[("2024-06-week2.md", text.as_bytes())]);
    let note: serde_json::Value = serde_json::from_str(&place.check(&["export"], 0)).expect("JSON");
    let keys = |value: &serde_json::Value| {
        let mut keys: Vec<String> = value.as_object().expect("an object").keys().cloned().collect();
        keys.sort();
        keys.join(" ")
    };
    let entry = &note["entries"][0];
    assert_eq!(entry["refs"].as_array().map(Vec::len), Some(3), "{entry}");
    for (value, expected) in [
        (&note, "entries note schema"),
        (&note["note"], "path problems source span title"),
        (&note["note"]["span"], "end evidence precision rule start"),
        (&note["note"]["problems"][0], "code line message"),
        (entry, "key kinds line refs section span tags text title"),
        (&entry["refs"][0], "host id kind label line url"),
        (&entry["refs"][2], "host id kind label line url"),
        (&entry["tags"][0], "name why"),
    ] {
        assert_eq!(keys(value), expected, "{value}");
    }
}

#[test]
fn search_forgives_spelling_and_takes_pinyin() {
    let place = Place::weekly();
    let found = place.check(&["search", "nerdclt"], 0);
    assert_eq!(found.lines().count(), 2, "{found}");
    insta::assert_snapshot!(place.check(&["search", "xianliu"], 0), @"notes/2024-06-week2.md:6: 2024-06-03…06-09 网关限流");
    let hits: serde_json::Value =
        serde_json::from_str(&place.check(&["search", "--format", "json", "ljz"], 0)).expect("JSON");
    assert_eq!((hits[0]["like"].as_str(), hits.as_array().map(Vec::len)), (Some("pinyin"), Some(1)));
    let exact: serde_json::Value =
        serde_json::from_str(&place.check(&["search", "--format", "json", "限流"], 0)).expect("JSON");
    assert_eq!(exact[0].get("like"), None);
    let said = String::from_utf8(place.run(&["search", "xianliu", "--log", "notes"]).stderr).expect("UTF-8");
    assert_eq!(said, "sennight: 0 found; 1 more by pinyin: 限流\n");
    // With an index or without one, the same.
    for query in ["nerdclt", "xianliu", "ljz", "限硫", "kontainer"] {
        let before = place.run(&["search", query, "--log", "notes"]);
        place.check(&["index"], 0);
        let after = place.run(&["search", query, "--log", "notes"]);
        assert_eq!((before.stdout, before.stderr), (after.stdout, after.stderr), "{query}");
    }
}

#[test]
fn a_search_that_finds_nothing_says_what_would() {
    let place = Place::weekly();
    let said = |query: &str| {
        let output = place.run(&["search", query, "--log", "notes"]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{query}");
        String::from_utf8(output.stderr).expect("UTF-8")
    };
    insta::assert_snapshot!(said("nerdctl kind:book after:2024"), @"sennight: No matches. Try: nerdctl after:2024 (2) · nerdctl (2) · after:2024 (3)");
    insta::assert_snapshot!(said("tag:nerdclt"), @"
    sennight: no entry has the tag “nerdclt”. Did you mean tag:nerdctl?
    sennight: No matches. Try: tag:nerdctl (2)
    ");
    insta::assert_snapshot!(said("\"限流 网关\""), @r#"sennight: No matches. Try: "限流" "网关" (1)"#);
    assert_eq!(said("没有这个词"), "");
}

#[test]
fn search_explains_and_sorts() {
    let place = Place::weekly();
    insta::assert_snapshot!(place.check(&["search", "--explain", "nerdctl -tag:life after:2024-06"], 0), @"
    words that begin with “nerdctl”
    not: the tag “life” or one below it
    on or after 2024-06-01, “2024-06”
    ");
    let first =
        |arguments: &[&str]| place.check(&[&["search"], arguments].concat(), 0).lines().next().map(str::to_owned);
    assert!(first(&["--sort", "oldest", "nerdctl"]).is_some_and(|line| line.contains("week2")));
    assert!(first(&["--sort", "date", "nerdctl"]).is_some_and(|line| line.contains("week3")));
    assert!(first(&["sort:oldest", "nerdctl"]).is_some_and(|line| line.contains("week2")));
    let said = String::from_utf8(place.run(&["search", "tag:nerdclt", "--log", "notes"]).stderr).expect("UTF-8");
    assert!(said.contains("Did you mean tag:nerdctl?"), "{said}");
}
