//! Measures how soon the program shows a log that it has read before, and how much memory it uses.
//!
//! ```sh
//! cargo bench --bench starting              # 10 000 and 100 000 entries
//! cargo bench --bench starting -- --full    # also 1 000 000
//! cargo bench --bench starting -- 50000     # any other size
//! ```
//!
//! Prints Markdown. The program runs in its own terminal, on logs from `examples/generate_log.rs`
//! that are kept with their cache in `target/bench-logs`. The time of a start runs from before the
//! process is created until its output shows the number of entries. The time of a saved note runs
//! from its renaming into place until the screen finds it.

#[path = "../examples/support/generator.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod generator;

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
fn main() -> anyhow::Result<()> {
    measuring::main()
}

#[cfg(unix)]
mod measuring {
    use super::generator;
    use anyhow::{Context, Result, bail, ensure};
    use portable_pty::{Child, CommandBuilder, PtySize, native_pty_system};
    use sennight::{
        config::Config,
        files::{
            log_cache::LogCache,
            log_spec::LogSpec,
            source::{self, Origin},
        },
        index::Index,
        log::Log,
    };
    use std::{
        env, fs,
        io::{Read, Write},
        path::{Path, PathBuf},
        process::Command,
        sync::{
            Arc,
            mpsc::{Receiver, channel},
        },
        thread,
        time::{Duration, Instant},
    };

    const SEED: u64 = 1;
    const SIZES: [usize; 2] = [10_000, 100_000];
    const FULL: usize = 1_000_000;

    /// Number of repetitions.
    const TIMES: usize = 11;

    /// Time without changes that the program waits for before it reads notes again: `QUIET` in `files/watch.rs`.
    const DEBOUNCE: Duration = Duration::from_millis(60);

    /// Timeout of each step.
    const PATIENCE: Duration = Duration::from_secs(300);

    pub fn main() -> Result<()> {
        let arguments: Vec<String> = env::args().skip(1).collect();
        let has = |name: &str| arguments.iter().any(|argument| argument == name);
        let numbers: Vec<usize> = arguments.iter().filter_map(|argument| argument.parse().ok()).collect();
        // `cargo test --benches` only checks that this runs.
        let (sizes, times) = match (has("--bench"), &numbers[..]) {
            (false, _) => (vec![300], 1),
            (true, []) => (SIZES.into_iter().chain(has("--full").then_some(FULL)).collect(), TIMES),
            (true, numbers) => (numbers.to_vec(), TIMES),
        };
        sizes.into_iter().try_for_each(|entries| measure(entries, times))
    }

    fn measure(entries: usize, times: usize) -> Result<()> {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().context("it is below target")?;
        let folder = target.join("bench-logs").join(format!("start-{entries}"));
        let (notes, cache) = (folder.join("notes"), folder.join("cache"));
        if !notes.exists() {
            let unfinished = folder.join("unfinished");
            let _ = fs::remove_dir_all(&unfinished);
            generator::write(entries, SEED, &unfinished)?;
            fs::rename(unfinished, &notes)?;
        }
        println!("\n### {entries} entries\n\n| what | |\n|---|---|");
        let (time, done) = timed(|| {
            Command::new(PROGRAM).arg("index").arg("--log").arg(&notes).env("SENNIGHT_CACHE", &cache).output()
        });
        ensure!(done?.status.success(), "cannot build the index");
        row("`sennight index`, as much as was to do", &milliseconds(time));
        let spec = Arc::new(LogSpec::new(Origin::new(vec![notes.clone()], &Config::default())?, &Config::default()));
        let index = cache.join("index").join(spec.origin.id());
        let text = size(&notes)?;
        let kept = snapshot(&index)?;
        row("text, snapshot beside the index", &format!("{:.1} MB, {:.1} MB", megabytes(text), megabytes(kept)));
        // Run this first, while this process is small: the child in the terminal starts as a copy of it.
        starts(entries, &notes, &cache, times)?;
        keys(&notes, &cache, times)?;
        saves(&notes, &cache, times)?;
        reading(&spec, times)
    }

    const PROGRAM: &str = env!("CARGO_BIN_EXE_sennight");

    /// Measures the parts of a start within this process.
    fn reading(spec: &Arc<LogSpec>, times: usize) -> Result<()> {
        let (time, log) = timed(|| source::read(&spec.origin, spec.rules()));
        row("all notes read anew", &milliseconds(time));
        let entries = log?.len();
        let (mut openings, mut proofs, mut ready) = (Vec::new(), Vec::new(), Vec::new());
        // A snapshot from a different build is not valid here, so this process keeps its own.
        let folder = tempfile::tempdir()?;
        let place = folder.path().join("index");
        let mut log_cache = LogCache::open(spec.clone(), None);
        let log = log_cache.refresh()?;
        let mut own = Index::open(&place)?;
        own.update(&log, &mut |_| {})?;
        let (keeping, kept) = timed(|| log_cache.keep(&own, &place));
        kept?;
        row("keeping the snapshot", &milliseconds(keeping));
        drop((own, log_cache, log));
        for _ in 0..times {
            let (opening, mut log_cache) = timed(|| LogCache::open(spec.clone(), Some(&place)));
            let log: Arc<Log> = log_cache.log().context("a snapshot")?;
            ensure!(log.len() == entries, "all entries are there");
            let (proof, read) = timed(|| log_cache.read());
            ensure!(read?.is_none(), "nothing has changed");
            let (searching, searcher) = timed(|| Index::open(&place).and_then(|index| index.searcher(&log)));
            searcher?;
            openings.push(opening);
            proofs.push(proof);
            ready.push(searching);
        }
        row("the log from its snapshot", &spread(&mut openings));
        row("proof that no file has changed", &spread(&mut proofs));
        row("opening the index, ready to search", &spread(&mut ready));
        Ok(())
    }

    fn starts(entries: usize, notes: &Path, cache: &Path, times: usize) -> Result<()> {
        let (mut frames, mut memory, mut browsing) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..times {
            let start = Instant::now();
            let mut terminal = Terminal::start(notes, cache)?;
            terminal.until(&format!("{} entries", thousands(entries)))?;
            frames.push(start.elapsed());
            terminal.settle(Duration::from_millis(400 + entries as u64 / 1_000));
            memory.push(terminal.memory());
            for keys in ["G", "g", "\x04\x04\x04\x04\x04\x04\x04\x04", "JJJJJJJJ", "/容器\r", "\x04\x04\x04\x04"] {
                terminal.press(keys)?;
                terminal.settle(Duration::from_millis(150));
            }
            browsing.push(terminal.memory());
        }
        row("process start to the first frame with entries", &spread(&mut frames));
        memory.sort_unstable();
        browsing.sort_unstable();
        row(
            "memory, ready",
            &format!("{} MB, {} MB of it not mapped files", memory[times / 2].0 / 1000, memory[times / 2].1 / 1000),
        );
        let browsing = browsing[times / 2];
        row(
            "memory after browsing and searching",
            &format!("{} MB, {} MB of it not mapped files", browsing.0 / 1000, browsing.1 / 1000),
        );
        Ok(())
    }

    /// Queries to type, one key at a time.
    const TYPED: [&str; 12] = [
        "容器",
        "的",
        "缓存 cache",
        "kubernetes",
        "the 服务",
        "github",
        "限流",
        "复盘",
        "tag:ebpf 容",
        "date:2023 内存",
        "排查",
        "网关 -tag:go",
    ];

    /// Measures the time from a key in the query to a changed screen.
    fn keys(notes: &Path, cache: &Path, times: usize) -> Result<()> {
        let mut terminal = Terminal::start(notes, cache)?;
        terminal.until("entries")?;
        terminal.press("/")?;
        terminal.settle(Duration::from_secs(1));
        let mut seen = Vec::new();
        for typed in TYPED.iter().take(times) {
            for key in typed.chars() {
                let start = Instant::now();
                terminal.press(&key.to_string())?;
                let bytes = terminal.output.recv_timeout(PATIENCE)?;
                seen.push(start.elapsed());
                terminal.screen.process(&bytes);
                terminal.settle(Duration::from_millis(100));
            }
            terminal.press("\x15")?;
            terminal.settle(Duration::from_millis(150));
        }
        seen.sort();
        let part = |percent: usize| milliseconds(seen[(seen.len() * percent).div_ceil(100).max(1) - 1]);
        row(
            "a key in the query to a changed screen",
            &format!("p50 {}, p99 {}, {} times", part(50), part(99), seen.len()),
        );
        Ok(())
    }

    /// Saves a note repeatedly while the screen shows a query that finds it.
    fn saves(notes: &Path, cache: &Path, times: usize) -> Result<()> {
        let saved = notes.join("2031-01-01-saved.md");
        let _ = fs::remove_file(&saved);
        let mut terminal = Terminal::start(notes, cache)?;
        terminal.until("entries")?;
        terminal.press("/unheardof")?;
        terminal.until("0 of")?;
        terminal.settle(Duration::from_secs(2));
        let (mut text, mut found) = (String::new(), Vec::new());
        for round in 1..=times + 1 {
            text.push_str("- unheardof 容器\n");
            let aside = notes.join(".saved");
            fs::write(&aside, &text)?;
            let start = Instant::now();
            fs::rename(aside, &saved)?;
            terminal.until(&format!("{round} of"))?;
            // The first round adds a note instead of changing it.
            if round > 1 {
                found.push(start.elapsed().saturating_sub(DEBOUNCE));
            }
            terminal.settle(Duration::from_millis(500));
        }
        fs::remove_file(saved)?;
        terminal.until("0 of")?;
        terminal.settle(Duration::from_secs(1));
        row("note saved to found on the screen, less the wait for quiet", &spread(&mut found));
        Ok(())
    }

    /// Program in a terminal.
    struct Terminal {
        writer: Box<dyn Write + Send>,
        output: Receiver<Vec<u8>>,
        screen: vt100::Parser,
        child: Box<dyn Child + Send + Sync>,
    }

    impl Terminal {
        fn start(notes: &Path, cache: &Path) -> Result<Terminal> {
            let pair = native_pty_system().openpty(PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 })?;
            let mut command = CommandBuilder::new(PROGRAM);
            command.env("TERM", "xterm-256color");
            // A set theme avoids a query to the terminal, which nothing here would answer.
            command.env("SENNIGHT_THEME", "dark");
            command.env("SENNIGHT_CACHE", cache);
            command.env("SENNIGHT_CONFIG", cache.join("none"));
            command.cwd(notes.parent().context("it is in a folder")?);
            command.arg("notes");
            let child = pair.slave.spawn_command(command)?;
            drop(pair.slave);
            let (mut reader, writer) = (pair.master.try_clone_reader()?, pair.master.take_writer()?);
            let (sender, output) = channel();
            thread::spawn(move || {
                let _master = pair.master;
                let mut buffer = vec![0; 65_536];
                while let Ok(read @ 1..) = reader.read(&mut buffer) {
                    if sender.send(buffer[..read].to_vec()).is_err() {
                        return;
                    }
                }
            });
            Ok(Terminal { writer, output, screen: vt100::Parser::new(40, 120, 0), child })
        }

        fn press(&mut self, keys: &str) -> Result<()> {
            self.writer.write_all(keys.as_bytes())?;
            Ok(self.writer.flush()?)
        }

        fn until(&mut self, seen: &str) -> Result<()> {
            let end = Instant::now() + PATIENCE;
            while !self.screen.screen().contents().contains(seen) {
                let Ok(bytes) = self.output.recv_timeout(end.saturating_duration_since(Instant::now())) else {
                    bail!("never saw {seen}:\n{}", self.screen.screen().contents());
                };
                self.screen.process(&bytes);
            }
            Ok(())
        }

        /// Reads output for `quiet`, so that the program can finish its work.
        fn settle(&mut self, quiet: Duration) {
            let end = Instant::now() + quiet;
            while let Ok(bytes) = self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                self.screen.process(&bytes);
            }
        }

        /// Returns all resident memory, and its part without mapped files, in kB, if the system reports it.
        fn memory(&self) -> (usize, usize) {
            let status = self.child.process_id().and_then(|id| fs::read_to_string(format!("/proc/{id}/status")).ok());
            let status = status.unwrap_or_default();
            let kilobytes = |name: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(name));
                line.and_then(|rest| rest.trim().split(' ').next()?.parse().ok()).unwrap_or_default()
            };
            (kilobytes("VmRSS:"), kilobytes("RssAnon:"))
        }
    }

    impl Drop for Terminal {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    fn snapshot(index: &Path) -> Result<u64> {
        let generations = fs::read_dir(index)?.filter_map(|entry| Some(entry.ok()?.path().join("snapshot")));
        let found: Option<PathBuf> = generations.into_iter().find(|path| path.exists());
        Ok(found.context("no snapshot")?.metadata()?.len())
    }

    fn timed<T>(run: impl FnOnce() -> T) -> (Duration, T) {
        let start = Instant::now();
        let made = run();
        (start.elapsed(), made)
    }

    fn size(folder: &Path) -> Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            bytes += if entry.file_type()?.is_dir() { size(&entry.path())? } else { entry.metadata()?.len() };
        }
        Ok(bytes)
    }

    fn row(what: &str, figures: &str) {
        println!("| {what} | {figures} |");
    }

    fn megabytes(bytes: u64) -> f64 {
        bytes as f64 / 1e6
    }

    fn milliseconds(time: Duration) -> String {
        format!("{:.1} ms", time.as_secs_f64() * 1e3)
    }

    fn spread(times: &mut [Duration]) -> String {
        times.sort();
        let [least, p50, most] = [0, times.len() / 2, times.len() - 1].map(|at| milliseconds(times[at]));
        format!("p50 {p50}, least {least}, most {most}, {} times", times.len())
    }

    /// Formats a number as the screen does: `1 234 567`.
    fn thousands(number: usize) -> String {
        let digits = number.to_string();
        let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
        groups.collect::<Vec<_>>().join(" ")
    }
}
