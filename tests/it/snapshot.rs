//! What an earlier run has read: whatever happened to the files, the cache and the program since,
//! answers are those of reading everything anew.

use crate::{
    cli::sennight,
    generator::generated::{self, Generator},
    pty::Terminal,
};
use std::{
    fs::{self, File},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Output,
    time::{Duration, SystemTime},
};
use tempfile::TempDir;

/// Notes, a cache that is filled, and a second, empty one to compare with.
struct Place(TempDir);

/// What is asked; together it shows all that is known of a note.
const ASKED: [&[&str]; 6] = [
    &["export"],
    &["search", "--format", "json", "--sort", "relevance", "容器 OR the"],
    &["search", "--sort", "date", "tag:kubernetes OR 随想"],
    &["refs"],
    &["tags"],
    &["check"],
];

const HOSTILE: [(&str, &[u8]); 9] = [
    ("2024-06-week2.md", "# 2024年6月第二周周报\n\n## 技术\n\n1， 写 [PR3120](https://github.com/containerd/nerdctl/pull/3120) 容器 #随想\n2、the QuxDB\n".as_bytes()),
    ("大纲/week24.md", "• 大纲 QuxDB\n  • 里面 CVE-2024-21626\n• 👨‍👩‍👧‍👦 家\n".as_bytes()),
    ("大纲/2024-week22.md", "- 甲\n".as_bytes()),
    ("大纲/2024-week23.md", "- 乙 QuxDB\n".as_bytes()),
    ("gbk.txt", b"\xd6\xdc\xb1\xa8\xa3\xba\xc8\xdd\xc6\xf7\xcf\xde\xc1\xf7\n"),
    ("nul\u{7}.md", b"a\0b\x1b[31m \xff\xfe QuxDB the\n"),
    ("bidi.md", "# \u{202e}反\u{2066}\n\n正文 [标][a]\n\n[a]: https://a.example/x\n".as_bytes()),
    ("empty.md", b""),
    ("wrong/2202-13-45.md", "- 错的年份\n".as_bytes()),
];

impl Place {
    fn new() -> Place {
        let place = Place(tempfile::tempdir().expect("a folder"));
        for (path, bytes) in HOSTILE {
            place.write(path, bytes);
        }
        place.write("long.md", "容器 word ".repeat(2_000).as_bytes());
        place
    }

    fn generated(entries: usize) -> Place {
        let place = Place(tempfile::tempdir().expect("a folder"));
        generated::write(entries, 3, &place.0.path().join("notes")).expect("notes");
        place
    }

    fn note(&self, path: &str) -> PathBuf {
        self.0.path().join("notes").join(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let file = self.note(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(file, bytes).expect("a note");
    }

    fn run(&self, cache: &str, arguments: &[&str]) -> Output {
        let mut command = sennight(self.0.path());
        command.env("SENNIGHT_CACHE", self.0.path().join(cache)).args(arguments);
        command.args(["--log", "notes"]).output().expect("the program runs")
    }

    /// Brings the cache up to date.
    #[track_caller]
    fn index(&self) {
        let output = self.run("cache", &["index"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }

    fn snapshot(&self) -> PathBuf {
        let found = find(&self.0.path().join("cache"), "snapshot");
        assert_eq!(found.len(), 1, "one snapshot: {found:?}");
        found.into_iter().next().expect("one")
    }

    /// What is asked is answered as by a program that has no cache; the cache stays as it is.
    #[track_caller]
    fn assert_exact(&self, what: &str) {
        let before = state(&self.0.path().join("cache"));
        for asked in ASKED {
            let (with, without) = (self.run("cache", asked), self.run("none", asked));
            assert!(with.stdout == without.stdout, "{what}: {asked:?} differs");
            assert_eq!((said(&with), with.status), (said(&without), without.status), "{what}: {asked:?}");
        }
        assert_eq!(state(&self.0.path().join("cache")), before, "{what}: asking writes nothing");
        assert!(!self.0.path().join("none").exists());
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Files of a name below `dir`.
fn find(dir: &Path, name: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("a file").path());
    let below = |path: PathBuf| match path.file_name() {
        Some(found) if found == name => vec![path],
        _ => find(&path, name),
    };
    paths.flat_map(below).collect()
}

/// Names, inodes and times of the files below `dir`.
fn state(dir: &Path) -> Vec<(PathBuf, u64, i64, i64)> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("a file").path())
        .flat_map(|path| {
            let data = path.metadata().expect("a file");
            if data.is_dir() { state(&path) } else { vec![(path, data.ino(), data.mtime(), data.mtime_nsec())] }
        })
        .collect();
    files.sort();
    files
}

fn set_modified(file: &Path, time: SystemTime) {
    File::options().write(true).open(file).expect("a file").set_modified(time).expect("a time");
}

#[test]
fn answers_are_those_of_reading_everything_anew() {
    for place in [Place::new(), Place::generated(400)] {
        place.assert_exact("without a snapshot");
        place.index();
        place.assert_exact("with one");
        let piece = place.snapshot();
        assert_eq!(piece.metadata().expect("a file").permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn the_sample_log_is_kept_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |cache: &str, arguments: &[&str]| {
        let output = sennight(folder.path()).env("SENNIGHT_CACHE", folder.path().join(cache)).args(arguments).output();
        output.expect("the program runs")
    };
    assert!(run("cache", &["index"]).status.success());
    assert_eq!(find(folder.path(), "snapshot").len(), 1);
    for asked in ASKED {
        assert!(run("cache", asked).stdout == run("none", asked).stdout, "{asked:?}");
    }
}

#[test]
fn whatever_happens_to_a_file_is_noticed() {
    let place = Place::new();
    let long_ago = SystemTime::now() - Duration::from_secs(3_600);
    let files = [&HOSTILE.map(|(path, _)| path)[..], &["long.md"]].concat();
    for path in &files {
        set_modified(&place.note(path), long_ago);
    }
    place.index();
    let snapshot = state(&place.0.path().join("cache"));
    let note = "2024-06-week2.md";
    let before = fs::read(place.note(note)).expect("a note");
    let put_back = || {
        place.write(note, &before);
        set_modified(&place.note(note), long_ago);
    };
    let edits: [(&str, &dyn Fn()); 13] = [
        ("edited", &|| place.write(note, "# 2024年6月第二周周报\n\n- 改了 容器\n".as_bytes())),
        ("of the same size and time", &|| {
            let other = String::from_utf8_lossy(&before).replace("容器", "网关");
            place.write(note, other.as_bytes());
            set_modified(&place.note(note), long_ago);
        }),
        ("touched", &|| {
            put_back();
            set_modified(&place.note(note), SystemTime::now());
        }),
        ("of another time, long ago", &|| set_modified(&place.note(note), long_ago - Duration::from_secs(9))),
        ("of a time to come", &|| set_modified(&place.note(note), SystemTime::now() + Duration::from_secs(86_400))),
        ("added", &|| place.write("新/2024-06-17.md", "- 新的 the QuxDB\n".as_bytes())),
        ("renamed", &|| fs::rename(place.note("新"), place.note("2019")).expect("renamed")),
        ("another of the same bytes", &|| place.write("2019/copy.md", &before)),
        ("a neighbour lost", &|| fs::remove_file(place.note("大纲/2024-week22.md")).expect("removed")),
        ("a neighbour won", &|| place.write("大纲/2024-week25.md", "- 丙\n".as_bytes())),
        ("replaced by a folder", &|| {
            fs::remove_file(place.note("bidi.md")).expect("removed");
            fs::create_dir(place.note("bidi.md")).expect("a folder");
        }),
        ("ignored", &|| place.write(".gitignore", b"gbk.txt\n")),
        ("swapped", &|| {
            fs::rename(place.note("long.md"), place.note("x")).expect("renamed");
            fs::rename(place.note("empty.md"), place.note("long.md")).expect("renamed");
            fs::rename(place.note("x"), place.note("empty.md")).expect("renamed");
        }),
    ];
    for (what, edit) in edits {
        edit();
        place.assert_exact(what);
    }
    assert_eq!(state(&place.0.path().join("cache")), snapshot, "only what was there at first was of use");
    place.index();
    place.assert_exact("brought up to date");
    for path in &files {
        drop(fs::remove_file(place.note(path)));
    }
    fs::remove_dir_all(place.note("2019")).expect("removed");
    place.assert_exact("most gone");
    fs::remove_dir_all(place.note("")).expect("removed");
    place.assert_exact("all gone");
}

/// Between the look at a file and the next there may be no tick of the clock: each of many
/// writings of the same size is seen, with a snapshot after each.
#[test]
fn two_writings_in_one_tick_are_two() {
    let place = Place::new();
    for round in 0..6 {
        place.write("2024-06-week2.md", format!("- 第{round}次\n").as_bytes());
        place.index();
        place.write("2024-06-week2.md", format!("- 又{round}次\n").as_bytes());
        let found = place.run("cache", &["search", &format!("又{round}次")]);
        assert_eq!(found.status.code(), Some(0), "{round}");
    }
}

#[test]
fn what_is_understood_otherwise_is_read_anew() {
    let place = Place::new();
    place.index();
    let with = |config: &str| {
        fs::write(place.0.path().join("config.toml"), config).expect("a file");
        let run = |cache: &str| {
            let mut command = sennight(place.0.path());
            command.env("SENNIGHT_CONFIG", "config.toml").env("SENNIGHT_CACHE", place.0.path().join(cache));
            command.args(["export", "--log", "notes"]).output().expect("the program runs").stdout
        };
        let (with, without) = (run("cache"), run("none"));
        assert!(with == without && !with.is_empty(), "{config}");
        with
    };
    let plain = with("");
    for config in [
        "week-rule = \"iso\"\n",
        "[[tag]]\nname = \"QuxDB\"\n",
        "[[sources]]\npath = \"notes\"\nentries = \"notes\"\n",
        "[[sources]]\npath = \"notes\"\nname = \"mine\"\n",
        "[[sources]]\npath = \"notes\"\nexclude = [\"gbk.txt\"]\n",
    ] {
        assert!(with(config) != plain, "{config} changes something");
    }
    assert!(with("theme = \"light\"\n") == plain);
}

/// Numbers that look random and are the same in every run.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    move |bound| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % bound.max(1) as u64) as usize
    }
}

#[test]
fn a_damaged_snapshot_is_never_believed() {
    let place = Place::generated(120);
    place.index();
    let file = place.snapshot();
    let whole = fs::read(&file).expect("a snapshot");
    let expected = place.run("none", &["export"]).stdout;
    let mut below = numbers();
    for round in 0..24 {
        let mut bytes = whole.clone();
        let at = match round % 3 {
            // Head and foot lie at the end.
            0 => bytes.len() - 1 - below(bytes.len().min(4_000)),
            _ => below(bytes.len()),
        };
        match round % 4 {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << below(8),
            2 => bytes[at] = bytes[at].wrapping_add(1 + below(255) as u8),
            _ => bytes.insert(at, below(256) as u8),
        }
        fs::write(&file, &bytes).expect("a file");
        assert!(place.run("cache", &["export"]).stdout == expected, "{round}: at {at} of {}", bytes.len());
        let verified = place.run("cache", &["index", "--verify"]);
        assert_eq!(verified.status.code(), Some(2), "{round}: at {at}: {}", said(&verified));
    }
    for bytes in [&b""[..], b"\0", &[0xff; 48], &[0; 4_096]] {
        fs::write(&file, bytes).expect("a file");
        assert!(place.run("cache", &["export"]).stdout == expected, "{} bytes", bytes.len());
    }
    // It is written again when the index is brought up to date.
    place.index();
    assert_eq!(place.run("cache", &["index", "--verify"]).status.code(), Some(0));
    place.assert_exact("written again");
    // That of other notes is no snapshot of these.
    let other = Place::generated(90);
    other.index();
    fs::copy(other.snapshot(), &file).expect("a copy");
    place.assert_exact("of other notes");
}

#[test]
fn the_screen_begins_with_what_was_there_and_goes_on_with_what_is() {
    let place = Place(tempfile::tempdir().expect("a folder"));
    let files: Vec<_> = Generator::new(300, 5).collect();
    for file in &files {
        place.write(&file.path, file.text.as_bytes());
    }
    let show = |seen: &str, keys: &str, then: &str| {
        let mut terminal = Terminal::start(place.0.path(), &["notes"], &[]);
        terminal.until(seen, |shown| shown.contains(seen));
        terminal.type_in(keys);
        terminal.until(then, |shown| shown.contains(then));
        terminal.type_in("\u{3}");
        assert_eq!(terminal.end(), 0);
    };
    let entries = "300 entries";
    show(entries, "", "entries");
    place.write("2031-05-05.md", "- 未来的容器\n".as_bytes());
    show("301 entries", "/未来的", "1 of 301");
    fs::remove_file(place.note("2031-05-05.md")).expect("removed");
    show(entries, "/未来的", "0 of 300");
    place.run("cache", &["index"]);
    show(entries, "/未来的", "0 of 300");
    place.assert_exact("after the screen");
}
