//! Measures how fast notes are read and understood. For hostile notes, see the example `growth`.
//!
//! ```sh
//! cargo bench                              # generated notes
//! SENNIGHT_BENCH=~/notes cargo bench       # also a folder of real notes, ten times over
//! ```
//!
//! Notes are in memory before the clock starts. Each figure is the median of [`RUNS`] runs.

use rayon::prelude::*;
use sennight::{
    date::Series,
    log::{LazyNote, Log},
    note::{self, NoteFile, tag::TagRules},
};
use std::{
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

const RUNS: usize = 5;

/// Bytes of generated notes.
const GENERATED: usize = 20_000_000;

/// Path and bytes of each note.
type Notes = Vec<(String, Vec<u8>)>;

fn main() {
    // `cargo test --benches` only checks that this runs.
    let scale = if env::args().any(|argument| argument == "--bench") { 1 } else { 100 };
    let rules = TagRules::built_in();
    measure("generated", &generated(GENERATED / scale), &rules);
    if let Some(folder) = env::var_os("SENNIGHT_BENCH") {
        measure(&folder.to_string_lossy(), &tenfold(Path::new(&folder)), &rules);
    }
}

fn measure(name: &str, notes: &Notes, rules: &TagRules) {
    let bytes: usize = notes.iter().map(|(_, bytes)| bytes.len()).sum();
    println!("{name}: {} notes, {:.1} MB", notes.len(), megabytes(bytes));
    for threads in [0, 1] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let (understood, read) = median(|| pool.install(|| understand(notes, rules)));
        let (ordered, log) = median(|| Log::of(read.clone(), rules));
        let seconds = (understood + ordered).as_secs_f64();
        println!(
            "  on {}: {:6.1} MB/s, {:7.0} notes/s, {:8.0} entries/s; notes {:5.0} ms, log {:4.0} ms",
            pool.current_num_threads(),
            megabytes(bytes) / seconds,
            notes.len() as f64 / seconds,
            log.len() as f64 / seconds,
            understood.as_secs_f64() * 1e3,
            ordered.as_secs_f64() * 1e3,
        );
        if threads == 1 {
            let kept: usize = log.notes().iter().map(|note| note.load().text_size()).sum();
            println!(
                "  {} entries, {:.2} bytes of text kept for each byte read{}",
                log.len(),
                kept as f64 / bytes as f64,
                peak()
            );
        }
    }
}

/// Reads and understands notes as the program does.
fn understand(notes: &Notes, rules: &TagRules) -> Vec<LazyNote> {
    let series = Series::of(notes.iter().map(|(path, _)| path.as_str()));
    let read = |(path, bytes): &(String, Vec<u8>)| {
        let note = LazyNote::from(Arc::new(note::read(
            NoteFile { source: "notes", path, bytes },
            &series,
            note::EntryRule::Auto,
            rules,
        )));
        note.warm_up();
        note
    };
    notes.par_iter().map(read).collect()
}

/// Returns the time of the median run, and the result of the last run.
fn median<T>(mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut once = || {
        let start = Instant::now();
        let made = run();
        (start.elapsed(), made)
    };
    let mut times: Vec<Duration> = (1..RUNS).map(|_| once().0).collect();
    let (last, made) = once();
    times.push(last);
    times.sort();
    (times[RUNS / 2], made)
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}

/// Returns the peak memory of this process, if the system reports it (`VmHWM` on Linux, in kB).
fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|rest| rest.trim().split(' ').next()?.parse::<usize>().ok());
    kilobytes.map_or_else(String::new, |kilobytes| format!(", {} MB at most so far", kilobytes / 1000))
}

/// Reads the notes below `folder` and returns ten copies, each in its own folder.
fn tenfold(folder: &Path) -> Notes {
    let mut files = Vec::new();
    gather(folder, &mut files);
    files.sort();
    let read = |file: &PathBuf| {
        let path = file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/");
        (path, fs::read(file).unwrap_or_default())
    };
    let notes: Notes = files.iter().map(read).collect();
    let copy = |nth: usize| notes.iter().map(move |(path, bytes)| (format!("copy {nth}/{path}"), bytes.clone()));
    (0..10).flat_map(copy).collect()
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if entry.is_dir() {
            gather(&entry, files);
        } else if entry
            .extension()
            .is_some_and(|ending| ["md", "markdown", "txt", "org"].iter().any(|known| ending == *known))
        {
            files.push(entry);
        }
    }
}

/// Small random number generator, the same on every machine (Marsaglia's xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

const CLAUSES: [&str; 16] = [
    "排查了网关的超时",
    "给缓存加了指标",
    "读完一章旧书",
    "把部署脚本改成并行",
    "周末去河边散步",
    "review 了同事的 patch",
    "复盘上周的事故，由于证书过期导致握手失败，回滚后恢复",
    "整理 Kubernetes 的调度日志",
    "moved the parser to a streaming design",
    "wrote a short post about tail latency",
    "fixed a race in the worker pool",
    "the new index is half as large",
    "upgraded the kernel on two machines",
    "tried `cargo flamegraph` on the slow path",
    "用 eBPF 看了一下丢包",
    "plans for next week: finish the migration",
];

const REPOS: [&str; 6] =
    ["tokio-rs/tokio", "containerd/nerdctl", "rust-lang/rust", "cilium/cilium", "a/b", "some/thing"];

/// Generates weekly reports in two languages with links, about `size` bytes in total.
fn generated(size: usize) -> Notes {
    let (mut random, mut notes, mut total) = (Random(0x5e77_1964), Vec::new(), 0);
    for week in 0.. {
        if total >= size {
            break;
        }
        let (path, text) = weekly(week, &mut random);
        total += text.len();
        notes.push((path, text.into_bytes()));
    }
    notes
}

fn weekly(week: usize, random: &mut Random) -> (String, String) {
    let (copy, year, number) = (week / 1040, 2004 + week / 52 % 20, 1 + week % 52);
    let mut text = format!("# {year} 年第{number}周周报\n\n");
    for section in ["技术", "Reading", "生活", "Misc"] {
        let _ = write!(text, "## {section}\n\n");
        for nth in 1..=4 + random.below(10) {
            item(nth, random, &mut text);
        }
        text.push('\n');
    }
    (format!("{copy}/{year}/{year}-week{number:02}.md"), text)
}

fn item(nth: usize, random: &mut Random, text: &mut String) {
    let (repo, number) = (random.one_of(&REPOS), random.below(20_000));
    let _ = write!(text, "{nth}. {}，{}", random.one_of(&CLAUSES), random.one_of(&CLAUSES));
    let _ = match random.below(6) {
        0 | 1 => write!(
            text,
            "，见 [PR{number}](https://github.com/{repo}/pull/{number})，**{}。**",
            random.one_of(&CLAUSES)
        ),
        2 => write!(text, " ([paper](https://arxiv.org/abs/2301.{number:05})) and {repo}#{number}"),
        3 => write!(text, "\n   - {}\n   - <https://example.org/post/{number}?from=feed>", random.one_of(&CLAUSES)),
        _ => write!(text, "。{}", random.one_of(&CLAUSES)),
    };
    text.push('\n');
}
