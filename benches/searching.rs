//! Measures how fast a log with many entries is indexed, opened and searched, key by key.
//!
//! ```sh
//! cargo bench --bench searching                # 10 000 and 100 000 entries
//! cargo bench --bench searching -- --full      # also 1 000 000
//! cargo bench --bench searching -- --rebuild   # rebuilds the indexes and measures it
//! cargo bench --bench searching -- 50000       # any other size
//! ```
//!
//! Prints Markdown. The logs come from `examples/generate_log.rs` and are kept with their indexes in
//! `target/bench-logs`. Each size is built in one process and searched in another, so that their
//! memory is counted separately.
//!
//! A key press covers everything the screen does between a key and the frame that shows its result:
//! parsing the query, searching, timeline rows, all tag counts, and the page of the entry. It does
//! not include drawing and passing messages between threads.

#[path = "../examples/support/generator.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod generator;

use anyhow::{Context, Result, ensure};
use generator::Generator;
use sennight::{
    app::{
        Effect, Message, Model,
        key::{Key, KeyCode},
        update,
    },
    config::Config,
    files::source::{self, Origin},
    find::{self, Finder},
    index::{Index, Progress},
    log::{EntryId, Log},
    note::tag::TagRules,
    query::Query,
};
use std::{
    env, fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

const SEED: u64 = 1;
const SIZES: [usize; 2] = [10_000, 100_000];
const FULL: usize = 1_000_000;

/// Key presses per class, and the time limit for one class.
const PRESSES: usize = 400;
const BUDGET: Duration = Duration::from_secs(20);

/// Number of words with a typo to try.
const GUESSES: usize = 40;

/// Number of times a note is saved.
const SAVES: usize = 9;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    let numbers: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
    if let Some(stage) = arguments.first().filter(|first| ["build", "measure"].contains(&first.as_str())) {
        let place = Place::of(*numbers.first().context("a number of entries")?);
        return if stage == "build" { build(&place, has("--rebuild")) } else { measure(&place) };
    }
    // `cargo test --benches` only checks that this runs.
    let sizes = match (has("--bench"), &numbers[..]) {
        (false, _) => vec![300],
        (true, []) => SIZES.into_iter().chain(has("--full").then_some(FULL)).collect(),
        (true, numbers) => numbers.to_vec(),
    };
    for size in sizes {
        for stage in ["build", "measure"] {
            let mut command = Command::new(env::current_exe()?);
            command.args([stage, &size.to_string()]).args(has("--rebuild").then_some("--rebuild"));
            ensure!(command.status()?.success(), "{size} entries: {stage} failed");
        }
    }
    Ok(())
}

/// Folder for a generated log and its index.
struct Place {
    entries: usize,
    folder: PathBuf,
}

impl Place {
    /// Names the folder after a hash of some notes, so that a changed generator gets a new folder.
    fn of(entries: usize) -> Place {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        Generator::new(entries, SEED).take(200).for_each(|note| hasher.update(note.text.as_bytes()));
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap_or(Path::new("target"));
        let name = format!("{entries}-{:08x}", hasher.digest() as u32);
        Place { entries, folder: target.join("bench-logs").join(name) }
    }

    fn notes(&self) -> PathBuf {
        self.folder.join("notes")
    }

    fn index(&self) -> PathBuf {
        self.folder.join("index")
    }

    /// Writes the notes unless they are complete already.
    fn generate(&self) -> Result<Option<Duration>> {
        if self.notes().exists() {
            return Ok(None);
        }
        let unfinished = self.folder.join("unfinished");
        remove(&unfinished)?;
        let start = Instant::now();
        generator::write(self.entries, SEED, &unfinished)?;
        fs::rename(unfinished, self.notes())?;
        Ok(Some(start.elapsed()))
    }
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

fn row(what: &str, figures: &str) {
    println!("| {what} | {figures} |");
}

/// Generates and indexes whatever is missing, and prints the start of the table.
fn build(place: &Place, rebuild: bool) -> Result<()> {
    println!("\n### {} entries\n\n| what | |\n|---|---|", thousands(place.entries));
    if let Some(time) = place.generate()? {
        row("generating", &seconds(time));
    }
    if rebuild {
        remove(&place.index())?;
    }
    let bytes = size(&place.notes())?;
    let rules = TagRules::built_in();
    let origin = Origin::new(vec![place.notes()], &Config::default())?;
    let (reading, log) = timed(|| source::read(&origin, &rules));
    let log = log?;
    let speed = |time: Duration| {
        let (megabytes, entries) = (megabytes(bytes), log.len() as f64);
        let seconds = time.as_secs_f64();
        format!(
            "{seconds:.2} s, {:.1} MB/s, {} entries/s",
            megabytes / seconds,
            thousands((entries / seconds) as usize)
        )
    };
    let problems = log.problems().count();
    let (notes, text) = (thousands(log.notes().len()), megabytes(bytes));
    row(
        "text",
        &format!("{} entries in {notes} notes, {text:.1} MB, {} Problems", thousands(log.len()), thousands(problems)),
    );
    row("reading and understanding, all cores", &speed(reading));
    let (mut first, mut last) = (None, Instant::now());
    let mut progress = |_: Progress| {
        last = Instant::now();
        first.get_or_insert(last);
    };
    let start = Instant::now();
    let update = Index::open(&place.index())?.update(&log, &mut progress)?;
    let end = Instant::now();
    match first {
        None => row("indexing", "the index is reused: `--rebuild` measures it"),
        Some(first) => {
            ensure!(update.added == log.notes().len(), "the index was not empty");
            row("comparing notes with the index", &seconds(first - start));
            row("indexing with commit and merges", &speed(end - first));
            row("of that, after the last note was handed over", &seconds(end - last));
            row("all stages", &speed(reading + (end - start)));
        }
    }
    row("memory at most while building", &memory("VmHWM:"));
    Ok(())
}

/// Opens the log and its index, searches them, and prints the rest of the table.
fn measure(place: &Place) -> Result<()> {
    // The search thread of the program does the same.
    let _pool = find::join_in();
    let rules = TagRules::built_in();
    let origin = Origin::new(vec![place.notes()], &Config::default())?;
    let (reading, log) = timed(|| source::read(&origin, &rules));
    let log = Arc::new(log?);
    let (opening, searcher) = timed(|| {
        let index = Index::open(&place.index())?;
        ensure!(index.is_current(&log), "the index is not of these notes");
        Ok(index.searcher(&log)?)
    });
    let searcher = searcher?;
    // The program does the same in the background after its first screen.
    searcher.prefetch_bigrams()();
    let mut screen = Screen::new(log.clone(), Finder::new(log.clone(), Some(searcher)));
    let (index, text) = (size(&place.index())?, size(&place.notes())?);
    row("index", &format!("{:.1} MB, {:.2} × the text", megabytes(index), index as f64 / text as f64));
    row("warm start: reading all notes", &seconds(reading));
    row("warm start: opening the index, ready to search", &milliseconds(opening));
    row("memory, ready to search", &memory("VmRSS:"));
    let classes = classes(&log);
    // The first presses read the index from the disk cache.
    for class in &classes {
        class.run(&mut screen, 20);
    }
    let results: Vec<(&str, Times)> =
        classes.iter().map(|class| (class.name, class.run(&mut screen, PRESSES))).collect();
    row("memory after all key presses", &memory("VmRSS:"));
    save(place, &origin, &rules)?;
    println!(
        "\n| {} entries | presses | hits p50 | find p50 | p99 | max | key press p50 | p99 | max |",
        thousands(log.len())
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (name, times) in results {
        times.print(name);
    }
    // The program does the same in the background after its first screen.
    sennight::query::similar::warm_up();
    sennight::index::warm_up();
    meant(&mut screen.finder, &log);
    Ok(())
}

/// Measures typo and pinyin matches for queries with few results. The program searches for them
/// after the result, and the next key cancels the search.
fn meant(finder: &mut Finder, log: &Log) {
    println!("\n| what may have been meant | queries | p50 | p99 | max |\n|---|--:|--:|--:|--:|");
    let mut sample = Sample { log, state: 0x9e37_79b9 };
    let typos: Vec<String> = (0..GUESSES).map(|_| sample.typo()).collect();
    let pinyin = PINYIN.map(str::to_owned).to_vec();
    for (name, queries) in [("typos: words a slip away", typos), ("pinyin: texts that sound so", pinyin)] {
        let start = Instant::now();
        let queries = queries.iter().take_while(|_| start.elapsed() < BUDGET).map(|text| Query::parse(text).0);
        let time = |query: Query| {
            let hits = finder.find(&query);
            timed(|| finder.similar(&query, &hits, &|| false)).0
        };
        let times: Vec<Duration> = queries.map(time).collect();
        println!("| {name} | {} | {} |", times.len(), spread(times));
    }
}

/// Saves a note repeatedly, next to a copy of the index. Reads all notes each time, as the program
/// does.
fn save(place: &Place, origin: &Origin, rules: &TagRules) -> Result<()> {
    let folder = tempfile::tempdir_in(&place.folder)?;
    let (index, note) = (folder.path().join("index"), folder.path().join("saved/2025-12-30.md"));
    copy(&place.index(), &index)?;
    fs::create_dir_all(note.parent().context("it has one")?)?;
    let Origin::Sources(sources) = origin else { return Ok(()) };
    let mut paths: Vec<PathBuf> = sources.iter().map(|source| source.path.clone()).collect();
    paths.push(note.parent().context("it has one")?.to_owned());
    let mut index = Index::open(&index)?;
    let mut text = "# Saved\n\n".to_owned();
    let (mut readings, mut updates, mut searchers) = (Vec::new(), Vec::new(), Vec::new());
    let rounds = if place.entries > SIZES[1] { 3 } else { SAVES };
    for round in 0..=rounds {
        text.push_str("- 又记了一条 another line\n");
        fs::write(&note, &text)?;
        let origin = Origin::new(paths.clone(), &Config::default())?;
        let (reading, log) = timed(|| source::read(&origin, rules));
        let log = log?;
        let (updating, update) = timed(|| index.update(&log, &mut |_| {}));
        ensure!(!update?.is_empty(), "nothing was saved");
        let (opening, searcher) = timed(|| index.searcher(&log));
        searcher?;
        // The first round adds a note instead of changing it.
        if round > 0 {
            readings.push(reading);
            updates.push(updating);
            searchers.push(opening);
        }
    }
    let spread = |times: &mut Vec<Duration>| {
        times.sort();
        let (p50, max) = (times[times.len() / 2], times[times.len() - 1]);
        format!("p50 {}, max {}, {} times", milliseconds(p50), milliseconds(max), times.len())
    };
    row("one note saved: reading all notes", &spread(&mut readings));
    row("one note saved: updating the index", &spread(&mut updates));
    row("one note saved: ready to search", &spread(&mut searchers));
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (path, target) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

/// Screen without a terminal or threads.
struct Screen {
    model: Model,
    finder: Finder,
}

/// Times of one key press.
struct Press {
    find: Option<Duration>,
    whole: Duration,
    hits: usize,
}

impl Screen {
    fn new(log: Arc<Log>, finder: Finder) -> Screen {
        let mut screen = Screen { model: Model::new("~/notes", false, 120, 40), finder };
        update(&mut screen.model, Message::loaded(log));
        screen.model.search.is_typing = true;
        screen
    }

    /// Puts `text` into the prompt with an empty result, as if nothing had been shown yet.
    fn given(&mut self, text: &str) {
        self.model.search.prompt.set(text);
        self.model.search.query = Query::parse(text).0;
        self.model.results.hits = Arc::default();
    }

    /// Presses a key. Returns `None` if the query does not change.
    fn press(&mut self, key: Key) -> Option<Press> {
        let before = self.model.search.query.clone();
        let (mut find, start) = (None, Instant::now());
        for effect in update(&mut self.model, Message::Key(key)) {
            let Effect::Search { ticket, query } = effect else { continue };
            let (time, hits) = timed(|| self.finder.hits(&query));
            find = Some(time);
            update(&mut self.model, Message::SearchFinished { ticket, hits, micros: 0 });
        }
        let whole = start.elapsed();
        (self.model.search.query != before).then_some(Press { find, whole, hits: self.model.results.hits.len() })
    }
}

/// Class of searches: text that is already in the prompt, and text typed after it.
struct Class {
    name: &'static str,
    typed: Vec<(String, String)>,
}

/// Represents the key that deletes a character.
const BACKSPACE: char = '\u{8}';

impl Class {
    fn run(&self, screen: &mut Screen, presses: usize) -> Times {
        let (mut times, start) = (Times::default(), Instant::now());
        for (given, typed) in &self.typed {
            if times.presses.len() >= presses || start.elapsed() > BUDGET {
                break;
            }
            screen.given(given);
            for c in typed.chars() {
                let code = if c == BACKSPACE { KeyCode::Backspace } else { KeyCode::Char(c) };
                times.presses.extend(screen.press(Key::plain(code)));
            }
        }
        times
    }
}

#[derive(Default)]
struct Times {
    presses: Vec<Press>,
}

impl Times {
    fn print(&self, name: &str) {
        let mut hits: Vec<usize> = self.presses.iter().map(|press| press.hits).collect();
        hits.sort_unstable();
        let hits = hits.get(hits.len() / 2).copied().unwrap_or_default();
        let find = spread(self.presses.iter().filter_map(|press| press.find).collect());
        let whole = spread(self.presses.iter().map(|press| press.whole).collect());
        println!("| {name} | {} | {} | {find} | {whole} |", self.presses.len(), thousands(hits));
    }
}

/// Formats p50, p99 and max in milliseconds as three cells.
fn spread(mut times: Vec<Duration>) -> String {
    times.sort();
    let Some(max) = times.last() else { return "– | – | –".to_owned() };
    let part = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1];
    [part(50), part(99), *max].map(|time| format!("{:.2}", time.as_secs_f64() * 1e3)).join(" | ")
}

/// Makes queries that people might type, with words from the log.
fn classes(log: &Log) -> Vec<Class> {
    let mut sample = Sample { log, state: 0x9e37_79b9 };
    let all = 0..PRESSES;
    let whole = |text: String| (String::new(), text);
    // Split off the last character.
    let last = |text: &str| {
        let at = text.char_indices().next_back().map_or(0, |(at, _)| at);
        (text[..at].to_owned(), text[at..].to_owned())
    };
    let filtered = |filter: &str, more: &str| {
        let (given, typed) = last(filter);
        (given, format!("{typed} {more}"))
    };
    let frequent = ["的", "了", "服", "a", "s", "the", "kube", "1", "github", "的 是", "batch", "排查"];
    let class = |name, typed| Class { name, typed };
    vec![
        class("empty query", vec![("的".to_owned(), BACKSPACE.to_string()); 40]),
        class("frequent words", frequent.repeat(8).into_iter().map(last).collect()),
        class("Chinese, typed", all.clone().map(|nth| whole(sample.han(2 + nth % 4))).collect()),
        class("English, typed", all.clone().map(|_| whole(sample.word(3))).collect()),
        class("mixed, typed", all.clone().map(|_| whole(format!("{} {}", sample.word(3), sample.han(2)))).collect()),
        class("phrases, typed", all.clone().map(|nth| whole(format!("\"{}\"", sample.phrase(nth)))).collect()),
        class(
            "tag and text",
            all.clone().map(|_| filtered(&format!("tag:{}", sample.tag()), &sample.han(2))).collect(),
        ),
        class("without a tag", all.clone().map(|_| (sample.han(1), format!(" -tag:{}", sample.tag()))).collect()),
        class("dates and text", all.clone().map(|nth| filtered(&sample.dates(nth), &sample.han(2))).collect()),
        class("typos: their exact hits", all.map(|_| last(&sample.typo())).collect()),
        class("pinyin: its exact hits", PINYIN.repeat(4).into_iter().map(last).collect()),
    ]
}

/// Queries in full syllables, in initials, and mixed.
const PINYIN: [&str; 24] = [
    "rongqi",
    "rq",
    "huancun",
    "hc",
    "wangguan",
    "wg",
    "fuwu",
    "fw",
    "xianliu",
    "xl",
    "paicha",
    "pc",
    "lanjiazai",
    "ljz",
    "shigu",
    "sg",
    "jiankong",
    "jk",
    "huigun",
    "diaodu",
    "neihe",
    "mao",
    "kafei",
    "lanjz",
];

/// Picks texts from the log, the same ones in each run.
struct Sample<'l> {
    log: &'l Log,
    state: u64,
}

impl<'l> Sample<'l> {
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % end as u64) as usize
    }

    /// Returns the plain text of a random entry.
    fn text(&mut self) -> &'l str {
        let id = self.below(self.log.len());
        self.log.entry(EntryId(id as u32)).plain()
    }

    /// Returns `len` consecutive Han characters from a random text.
    fn han(&mut self, len: usize) -> String {
        loop {
            let runs = self.text().split(|c: char| !('\u{4e00}'..='\u{9fff}').contains(&c));
            let runs: Vec<&str> = runs.filter(|run| run.chars().count() >= len).collect();
            if !runs.is_empty() {
                let run = runs[self.below(runs.len())];
                let start = self.below(run.chars().count() - len + 1);
                return run.chars().skip(start).take(len).collect();
            }
        }
    }

    /// Returns a Latin word from a random text, with at least `least` letters.
    fn word(&mut self, least: usize) -> String {
        loop {
            let words = self.text().split(|c: char| !c.is_ascii_alphabetic());
            let words: Vec<&str> = words.filter(|word| (least..=12).contains(&word.len())).collect();
            if !words.is_empty() {
                return words[self.below(words.len())].to_owned();
            }
        }
    }

    /// Returns two adjacent words, or four Han characters.
    fn phrase(&mut self, nth: usize) -> String {
        if nth.is_multiple_of(2) {
            return self.han(4);
        }
        loop {
            let words: Vec<&str> = self.text().split(' ').collect();
            let pairs: Vec<&[&str]> = words.windows(2).filter(|pair| pair.iter().all(|word| is_plain(word))).collect();
            if !pairs.is_empty() {
                return pairs[self.below(pairs.len())].join(" ");
            }
        }
    }

    fn tag(&mut self) -> String {
        let at = self.below(self.log.tags().len());
        self.log.tags()[at].name.clone()
    }

    fn dates(&mut self, nth: usize) -> String {
        let (year, month) = (2017 + self.below(8), 1 + self.below(12));
        match nth % 3 {
            0 => format!("after:{year}-{month:02}"),
            1 => format!("after:{year}-{month:02} before:{}", year + 1),
            _ => format!("before:{year}-W{:02}", 4 * month),
        }
    }

    /// Returns a word of five letters or more with two letters swapped.
    fn typo(&mut self) -> String {
        let mut letters: Vec<char> = self.word(5).chars().collect();
        let at = 1 + self.below(letters.len() - 2);
        letters.swap(at, at + 1);
        letters.into_iter().collect()
    }
}

fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let made = run();
    (start.elapsed(), made)
}

/// Returns the total size in bytes of all files below `folder`.
fn size(folder: &Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// Formats a number as `1 234 567`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(" ")
}

/// Returns a memory figure of this process and its part without mapped files, if the system reports it (Linux, in kB).
fn memory(name: &str) -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.trim().split(' ').next()?.parse::<usize>().ok())
    };
    match (kilobytes(name), kilobytes("RssAnon:")) {
        (Some(all), Some(own)) if name == "VmRSS:" => {
            format!("{} MB, {} MB of it not mapped files", all / 1000, own / 1000)
        }
        (Some(all), _) => format!("{} MB", all / 1000),
        _ => "unknown".to_owned(),
    }
}
