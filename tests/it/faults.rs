//! Faults: whatever becomes of the index, its folder and those who use it, answers are those of a
//! scan, and the notes open.

use crate::{
    cli::sennight,
    generator::generated::{self, File, Generator},
    pty::Terminal,
    support,
};
use sennight::{
    config::Config,
    files::source::{self, Origin},
    index::{Index, IndexError, Update},
    log::{Entry, EntryId, Log},
    note::tag::TagRules,
    query::Query,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const QUERIES: [&str; 34] = [
    "",
    "容器",
    "流",
    "限流",
    "的",
    "网关",
    "镜像",
    "k",
    "ku",
    "kube",
    "kubern",
    "con",
    "the",
    "to",
    "review",
    "\"the\"",
    "-容器",
    "容器 -tag:containerd",
    "tag:kubernetes",
    "kind:pr",
    "kind:incident OR kind:paper",
    "after:2022-08",
    "before:2022-08",
    "after:2020 before:2023-02",
    "(容器 OR 网关) -事故",
    "-(容器 OR the)",
    "has:link",
    "-has:link",
    "has:code",
    "is:undated",
    "title:the",
    "path:week",
    "host:github.com",
    "read a",
];

/// `usual` rounds, or as many times more as `SENNIGHT_FAULTS` says.
fn rounds(usual: usize) -> usize {
    usual * std::env::var("SENNIGHT_FAULTS").ok().and_then(|times| times.parse().ok()).unwrap_or(1)
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

fn notes(entries: usize) -> Vec<File> {
    Generator::new(entries, 7).collect()
}

fn log_of(files: &[File]) -> Log {
    support::log(&files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect::<Vec<_>>())
}

/// What each query finds when every entry is looked at.
fn truth(log: &Log) -> Vec<Vec<EntryId>> {
    let scan = |text: &&str| {
        let (query, _) = Query::parse(text);
        log.entries().filter(|entry| query.matches(*entry)).map(Entry::id).collect()
    };
    QUERIES.iter().map(scan).collect()
}

fn answers(index: &Index, log: &Log) -> Vec<Vec<EntryId>> {
    let searcher = index.searcher(log).expect("a searcher");
    QUERIES.iter().map(|text| searcher.search(&Query::parse(text).0).expect("an answer")).collect()
}

/// Tries again while the index is locked: a process that another test is starting holds this
/// one's locks until it runs its program.
fn patiently<T>(mut work: impl FnMut() -> Result<T, IndexError>) -> T {
    loop {
        match work() {
            Err(IndexError::Locked { .. }) => thread::yield_now(),
            done => return done.expect("the index works"),
        }
    }
}

fn open(dir: &Path) -> Index {
    patiently(|| Index::open(dir))
}

fn fill(index: &mut Index, log: &Log) -> Update {
    patiently(|| index.update(log, &mut |_| {}))
}

/// The files below `dir` with what is in them.
fn content(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for path in fs::read_dir(dir).expect("a folder").map(|entry| entry.expect("a file").path()) {
        if path.is_dir() {
            files.extend(content(&path));
        } else {
            let bytes = fs::read(&path).expect("a file");
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

/// Makes of `dir` what it was.
fn put_back(dir: &Path, files: &[(PathBuf, Vec<u8>)]) {
    let _ = fs::remove_dir_all(dir);
    for (path, bytes) in files {
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}

/// Changes a file as a bad disk does, and says how.
fn spoil(bytes: &mut Vec<u8>, numbers: &mut Numbers) -> String {
    let at = numbers.below(bytes.len());
    match numbers.below(6) {
        _ if bytes.is_empty() => {
            bytes.push(b'x');
            "filled".to_owned()
        }
        0 | 1 => {
            bytes.truncate(at);
            format!("cut off at {at}")
        }
        2 => {
            bytes.push(numbers.next() as u8);
            "made longer".to_owned()
        }
        3 => {
            bytes[at] = bytes[at].wrapping_add(1 + numbers.below(255) as u8);
            format!("another byte at {at}")
        }
        _ => {
            bytes[at] ^= 1 << numbers.below(8);
            format!("a bit flipped at {at}")
        }
    }
}

#[test]
fn damage_never_leads_to_a_wrong_answer() {
    let mut files = notes(150);
    let last = files.pop().expect("a note");
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("index");
    // Several segments, and deleted entries in the first.
    let mut index = open(&place);
    fill(&mut index, &log_of(&files));
    files.push(last);
    fill(&mut index, &log_of(&files));
    files[0].text.push_str("\n- 又一条 one more\n");
    let log = log_of(&files);
    fill(&mut index, &log);
    drop(index);
    let whole = content(&place);
    assert!(whole.iter().any(|(path, _)| path.extension().is_some_and(|found| found == "del")), "entries are deleted");

    let expected = truth(&log);
    let mut numbers = Numbers(20_240_612);
    let (mut used, mut anew) = (0, 0);
    for round in 0..rounds(50) {
        let (path, bytes) = &whole[round % whole.len()];
        let mut bytes = bytes.clone();
        let what = format!("{} {}", path.file_name().expect("a name").display(), spoil(&mut bytes, &mut numbers));
        fs::write(path, &bytes).expect("a file");

        // A single question uses no index that is damaged, and makes none.
        let before = content(&place);
        match Index::existing(&place) {
            Some(index) if index.is_current(&log) => {
                assert_eq!(answers(&index, &log), expected, "{what}");
                used += 1;
            }
            Some(_) => panic!("{what}: of a log that never was"),
            None => anew += 1,
        }
        assert!(content(&place) == before, "{what}: written to");
        let mut index = open(&place);
        let is_anew = index.rebuild_reason().is_some();
        assert_eq!(fill(&mut index, &log).is_empty(), !is_anew, "{what}");
        assert_eq!(answers(&index, &log), expected, "{what}");
        assert_eq!(Index::verify(&place).expect("a whole index"), Vec::<PathBuf>::new(), "{what}");
        assert_eq!(used + anew, round + 1);
        drop(index);
        put_back(&place, &whole);
    }
    // Locks, and what was merged already, are in no one's way.
    assert!(anew * 2 > rounds(50), "{anew} made anew");
    eprintln!("{} times a file was damaged: {anew} indexes made anew, {used} used", rounds(50));
}

/// Two readers search while a note is written again and again: each answer is that of the log
/// which the searcher was made for.
#[test]
fn answers_are_of_the_log_they_were_asked_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let log_at = |round: usize| {
        let word: String = round.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect();
        let text = format!("# 二月第二周\n\n- 第{word}次 容器 {}\n{}", round % 7, "- 限流\n".repeat(round % 4));
        support::log(&[("2024-02-week2.md", &text), ("2024-02-week3.md", "# 三\n\n- 容器懒加载 kubernetes\n- a\n")])
    };
    let queries = ["容器", "限流", "kube", "-限流", "a", "次", "第", "tag:容器", "after:2023", "b 容器", "5", "第b"];
    let queries = queries.map(|text| Query::parse(text).0);
    let mut index = open(folder.path());
    fill(&mut index, &log_at(0));
    let bound = |index: &Index, log: Log| Arc::new((index.searcher(&log).expect("a searcher"), log));
    let current = RwLock::new(bound(&index, log_at(0)));
    let (done, asked) = (AtomicBool::new(false), AtomicUsize::new(0));
    let read = || {
        while !done.load(Ordering::Relaxed) {
            let bound = current.read().expect("a searcher").clone();
            for query in &queries {
                let expected: Vec<EntryId> =
                    bound.1.entries().filter(|entry| query.matches(*entry)).map(Entry::id).collect();
                assert_eq!(bound.0.search(query).expect("an answer"), expected);
            }
            asked.fetch_add(queries.len(), Ordering::Relaxed);
        }
    };
    thread::scope(|scope| {
        let readers = [scope.spawn(read), scope.spawn(read)];
        for round in 1..=rounds(25) {
            let log = log_at(round);
            assert_eq!(fill(&mut index, &log), Update { added: 0, changed: 1, removed: 0 });
            *current.write().expect("a searcher") = bound(&index, log);
            if readers.iter().any(thread::ScopedJoinHandle::is_finished) {
                break;
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(Index::verify(folder.path()).expect("a whole index"), Vec::<PathBuf>::new());
    eprintln!("a note rewritten {} times, {} answers", rounds(25), asked.into_inner());
}

/// Notes in a folder, with a cache beside them.
struct Place {
    folder: TempDir,
    /// What searches print that look at every entry.
    expected: Vec<Vec<u8>>,
}

const SEARCHES: [&str; 3] = ["容器", "the", "after:2022"];

impl Place {
    fn new(entries: usize) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        generated::write(entries, 7, &folder.path().join("notes")).expect("notes");
        let mut place = Place { folder, expected: Vec::new() };
        place.expected = SEARCHES.iter().map(|text| place.run(&["search", text]).stdout).collect();
        assert!(place.expected.iter().all(|found| !found.is_empty()), "each search finds something");
        assert!(!place.cache().exists(), "searching makes no index");
        place
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn cache(&self) -> PathBuf {
        self.path().join("cache")
    }

    fn origin(&self) -> Origin {
        Origin::new(vec![self.path().join("notes")], &Config::default()).expect("notes")
    }

    fn index(&self) -> PathBuf {
        self.cache().join("index").join(self.origin().id())
    }

    fn log(&self) -> Log {
        source::read(&self.origin(), &TagRules::built_in()).expect("notes")
    }

    /// What the screen says of the entries that `text` finds.
    fn count(&self, text: &str) -> String {
        let (log, (query, _)) = (self.log(), Query::parse(text));
        let hits = log.entries().filter(|entry| query.matches(*entry)).count();
        format!("{hits} of {}", log.len())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = sennight(self.path());
        command.args(arguments).args(["--log", "notes"]);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program runs")
    }

    fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }

    #[track_caller]
    fn assert_exact(&self, nth: usize) {
        let (text, expected) = (SEARCHES[nth % SEARCHES.len()], &self.expected[nth % SEARCHES.len()]);
        let output = self.run(&["search", text]);
        assert!(output.stdout == *expected && output.status.code() == Some(0), "{text}: {}", said(&output));
    }

    /// The index can be brought up to date, and is whole and exact then. What was said meanwhile.
    #[track_caller]
    fn assert_mends(&self) -> String {
        let output = self.run(&["index"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let verified = self.run(&["index", "--verify"]);
        assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
        assert!(Index::existing(&self.index()).is_some());
        self.assert_exact(0);
        said(&output)
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn killed_index_answers_right_and_goes_on() {
    let place = Place::new(300);
    let log = place.log();
    let (half, expected) = (log_of(&notes(150)), truth(&log));
    let start = Instant::now();
    assert_eq!(place.run(&["index"]).status.code(), Some(0));
    let usual = start.elapsed().max(Duration::from_millis(300));
    let full = content(&place.index());
    fs::remove_dir_all(place.cache()).expect("a cache");
    fill(&mut open(&place.index()), &half);
    let old = content(&place.index());

    let mut numbers = Numbers(9);
    let (mut killed, mut current) = (0, 0);
    for round in 0..rounds(10) {
        // The first index, one of other notes, and one that is built anew.
        let (files, arguments) =
            [(&[][..], &["index"][..]), (&old, &["index"]), (&full, &["index", "--rebuild"])][round % 3];
        put_back(&place.index(), files);
        let mut child = place.start(arguments);
        thread::sleep(usual.mul_f64(numbers.below(1000) as f64 / 1000.0));
        child.kill().expect("it is ours");
        killed += usize::from(!child.wait_with_output().expect("it ends").status.success());
        if let Some(index) = Index::existing(&place.index()).filter(|index| index.is_current(&log)) {
            assert_eq!(answers(&index, &log), expected, "{round}");
            current += 1;
        }
        place.assert_exact(round);
        place.assert_mends();
    }
    eprintln!("killed {killed} of {} times, {current} with a whole index", rounds(10));
}

#[test]
fn many_at_once_all_end_and_answer_right() {
    let place = Place::new(200);
    let (mut written, mut busy, mut searched) = (0, 0, 0);
    for round in 0..rounds(2) {
        for count in [2, 10] {
            if round % 2 == 0 {
                let _ = fs::remove_dir_all(place.cache());
            }
            let kind = |nth: usize| match nth % 3 {
                0 => vec!["index"],
                1 => vec!["search", SEARCHES[nth % SEARCHES.len()]],
                _ => vec!["index", "--rebuild"],
            };
            let children: Vec<Child> = (0..count).map(|nth| place.start(&kind(nth + round))).collect();
            for (nth, child) in children.into_iter().enumerate() {
                let output = child.wait_with_output().expect("it ends");
                match kind(nth + round)[..] {
                    ["search", text] => {
                        let at = SEARCHES.iter().position(|search| *search == text).expect("one of them");
                        assert!(output.stdout == place.expected[at], "{text}: {}", said(&output));
                        searched += 1;
                    }
                    _ if output.status.code() == Some(0) => written += 1,
                    _ => {
                        let said = said(&output);
                        assert!(said.contains("another sennight is writing the search index"), "{said}");
                        busy += 1;
                    }
                }
            }
            assert!(!place.assert_mends().contains("anew"));
        }
    }
    eprintln!("{written} wrote, {busy} found another writing, {searched} searched");
}

#[test]
fn an_index_of_another_version_is_made_anew_with_one_line() {
    let place = Place::new(40);
    assert_eq!(place.assert_mends(), "");
    let manifest = place.index().join("sennight-index.json");
    for (text, why) in [
        (r#"{"versions":"1.1","generation":1}"#, "it was made by another version of sennight"),
        ("garbage", "cannot read its manifest"),
    ] {
        fs::write(&manifest, text).expect("a manifest");
        place.assert_exact(1);
        assert_eq!(fs::read_to_string(&manifest).expect("a manifest"), text, "searching makes no index");
        assert_eq!(place.run(&["index", "--verify"]).status.code(), Some(2));
        let said = place.assert_mends();
        assert!(said.starts_with(&format!("sennight: Rebuilt the search index from the notes: {why}")), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert_eq!(place.assert_mends(), "");
    }
    // The screen says it too.
    fs::write(&manifest, "garbage").expect("a manifest");
    let mut terminal = Terminal::start(place.path(), &["notes"], &[]);
    terminal.until("the sentence", |shown| shown.contains("Rebuilt the search index"));
    terminal.type_in("q");
    assert_eq!(terminal.end(), 0);
    assert_eq!(place.assert_mends(), "");
}

/// Opens the notes where no index can be kept: they are there, and it is said.
fn assert_opens_from_memory(place: &Place, program: &str, arguments: &[&str], environment: &[(&str, &str)]) {
    let mut terminal = Terminal::run(program, place.path(), arguments, environment);
    terminal.until("the sentence", |shown| shown.contains("The search index is kept in memory only"));
    terminal.type_in("/容器");
    terminal.until("the hits", |shown| shown.contains(&place.count("容器")));
    terminal.type_in("\x1b\x1bq");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn without_a_folder_for_it_the_index_is_in_memory() {
    const PROGRAM: &str = env!("CARGO_BIN_EXE_sennight");
    let place = Place::new(40);
    fs::write(place.cache(), "mine").expect("a file in the way");
    let inside = place.cache().join("below");
    // Nobody makes folders in /proc, whoever they are.
    let nowhere = Path::new("/proc/self/sennight/cache");
    let caches = [place.cache(), inside, nowhere.to_owned()];
    for cache in caches.iter().filter(|cache| *cache != nowhere || Path::new("/proc/self").exists()) {
        let cache = cache.to_str().expect("UTF-8");
        let run = |arguments: &[&str]| place.command(arguments).env("SENNIGHT_CACHE", cache).output().expect("it runs");
        assert!(run(&["search", SEARCHES[0]]).stdout == place.expected[0], "{cache}");
        let output = run(&["index"]);
        assert_eq!(output.status.code(), Some(2), "{cache}");
        assert!(said(&output).contains("help: make the folder writable, or set another cache folder"), "{cache}");
        assert_opens_from_memory(&place, PROGRAM, &["notes"], &[("SENNIGHT_CACHE", cache)]);
    }
    assert_eq!(fs::read_to_string(place.cache()).expect("the file"), "mine");
    // A folder with something else in it is neither written nor deleted.
    fs::remove_file(place.cache()).expect("the file");
    fs::create_dir_all(place.index().join("g-1")).expect("a folder");
    fs::write(place.index().join("g-1/notes.md"), "mine").expect("a file");
    let before = content(&place.cache());
    for arguments in [&["index"][..], &["index", "--rebuild"], &["index", "--verify"]] {
        assert_eq!(place.run(arguments).status.code(), Some(2));
    }
    place.assert_exact(0);
    assert_opens_from_memory(&place, PROGRAM, &["notes"], &[]);
    assert!(content(&place.cache()) == before);
}

/// A small file system, if this system lets us have one.
struct Mount(PathBuf);

impl Mount {
    fn new(dir: &Path, options: &str) -> Option<Mount> {
        fs::create_dir_all(dir).ok()?;
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(dir).stderr(Stdio::null());
        let is_mounted = command.status().is_ok_and(|status| status.success());
        if !is_mounted {
            support::skip("file systems of a given size can only be mounted as root");
        }
        is_mounted.then(|| Mount(dir.to_owned()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn on_a_full_disk_the_notes_open_and_nothing_is_wrong_afterwards() {
    let place = Place::new(200);
    for size in [0, 16, 64, 128, 192, 256] {
        let Some(mount) = Mount::new(&place.cache(), &format!("size={}k", size.max(4))) else { return };
        if size == 0 {
            fs::write(place.cache().join("full"), [0; 4096]).expect("it has room for this");
        }
        let output = place.run(&["index"]);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{size}: {:?} {}", output.status, said(&output));
        if size < 64 {
            assert_eq!(output.status.code(), Some(2), "{size}");
            assert_opens_from_memory(&place, env!("CARGO_BIN_EXE_sennight"), &["notes"], &[]);
        }
        place.assert_exact(1);
        drop(mount);
        fs::remove_dir_all(place.cache()).expect("a cache");
    }
    let Some(_mount) = Mount::new(&place.cache(), "ro") else { return };
    assert_eq!(place.run(&["index"]).status.code(), Some(2));
    place.assert_exact(0);
    assert_opens_from_memory(&place, env!("CARGO_BIN_EXE_sennight"), &["notes"], &[]);
}

#[test]
fn files_that_may_not_grow_end_nobody() {
    let place = Place::new(200);
    let limited =
        |blocks: usize| format!("ulimit -f {blocks}; exec '{}' \"$0\" \"$@\"", env!("CARGO_BIN_EXE_sennight"));
    let (mut refused, mut written) = (0, 0);
    for blocks in [0, 1, 2, 4, 8, 16, 32, 64, 128, 256] {
        for arguments in [&["index"][..], &["index", "--rebuild"]] {
            let mut command = Command::new("sh");
            command.env_clear().env("HOME", place.path()).env("SENNIGHT_CACHE", place.cache());
            command.current_dir(place.path()).stdin(Stdio::null());
            command.args(["-c", &limited(blocks)]).args(arguments).args(["--log", "notes"]);
            let output = command.output().expect("sh runs");
            match output.status.code() {
                Some(0) => written += 1,
                Some(2) => refused += 1,
                _ => panic!("{blocks} {arguments:?}: {:?} {}", output.status, said(&output)),
            }
            place.assert_exact(blocks);
        }
        if blocks % 3 == 0 {
            place.assert_mends();
        }
    }
    assert!(refused > 4, "{refused} refused");
    fs::remove_dir_all(place.cache()).expect("a cache");
    assert_opens_from_memory(&place, "sh", &["-c", &limited(0), "notes"], &[]);
    place.assert_mends();
    eprintln!("{refused} refused, {written} written");
}

#[test]
fn unwritable_stderr_ends_nobody() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        return support::skip("no /dev/full");
    };
    let place = Place::new(40);
    fs::create_dir_all(place.index()).expect("a folder");
    fs::write(place.index().join("notes.md"), "mine").expect("a file");
    for (arguments, code) in [(&["index"][..], 2), (&["search", "kubernets"], 0), (&["show", "00000000"], 1)] {
        let full = full.try_clone().expect("a file");
        let output = place.command(arguments).stderr(full).output().expect("the program runs");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn a_cache_deleted_under_the_screen_is_made_again() {
    let place = Place::new(40);
    let mut terminal = Terminal::start(place.path(), &["notes"], &[]);
    let end = Instant::now() + Duration::from_secs(30);
    let wait = |what: &str, seen: &dyn Fn() -> bool| {
        while !seen() {
            assert!(Instant::now() < end, "never: {what}");
            thread::yield_now();
        }
    };
    let is_current = || Index::existing(&place.index()).is_some_and(|index| index.is_current(&place.log()));
    wait("an index", &is_current);
    terminal.type_in("/容器");
    terminal.until("the hits", |shown| shown.contains(&place.count("容器")));
    fs::remove_dir_all(place.cache()).expect("a cache");
    terminal.type_in("\x15after:2022");
    terminal.until("the other hits", |shown| shown.contains(&place.count("after:2022")));
    let (note, _) = &content(&place.path().join("notes"))[0];
    let text = fs::read_to_string(note).expect("a note");
    fs::write(note, format!("{text}\n- 一条叫做 zyxwvut 的新事\n")).expect("a note");
    terminal.type_in("\x1b\x1br");
    wait("the index again", &is_current);
    terminal.type_in("/\x15zyxwvut");
    terminal.until("the new entry", |shown| shown.contains("1 of 41"));
    terminal.type_in("\x1b\x1bq");
    assert_eq!(terminal.end(), 0);
    assert_eq!(Index::verify(&place.index()).expect("an index"), Vec::<PathBuf>::new());
}
