//! One real terminal: the program is started, typed into, and leaves everything as it was.

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use std::{
    fs,
    io::{Read, Write},
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};
use vt100::Parser;

/// How long the program may take for anything before the test gives up: a bound for machines
/// under load, not a measure.
const PATIENCE: Duration = Duration::from_secs(30);

pub struct Terminal {
    writer: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    parser: Parser,
    /// Everything that was written, for modes that a screen does not show.
    raw: Vec<u8>,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    master: Box<dyn portable_pty::MasterPty + Send>,
}

impl Terminal {
    pub fn start(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Terminal {
        Terminal::run(env!("CARGO_BIN_EXE_sennight"), folder, arguments, environment)
    }

    pub fn run(program: &str, folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Terminal {
        let size = PtySize { rows: 24, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pty");
        let mut command = CommandBuilder::new(program);
        command.env_clear();
        command.env("TERM", "xterm-256color");
        command.env("HOME", folder);
        command.env("PATH", std::env::var("PATH").unwrap_or_default());
        command.env("SENNIGHT_CACHE", folder.join("cache"));
        command.env("SENNIGHT_STATE", folder.join("state"));
        for (name, value) in environment {
            command.env(name, value);
        }
        command.args(arguments);
        command.cwd(folder);
        let child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..read].to_vec()).is_err() {
                    return;
                }
            }
        });
        Terminal { writer, output, parser: Parser::new(24, 100, 0), raw: Vec::new(), child, master: pair.master }
    }

    pub fn type_in(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).expect("the terminal takes keys");
        self.writer.flush().expect("the terminal takes keys");
    }

    pub fn resize(&mut self, rows: u16, cols: u16) {
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).expect("a new size");
        self.parser.screen_mut().set_size(rows, cols);
    }

    /// Waits until `seen` holds of the screen.
    pub fn until(&mut self, what: &str, seen: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let shown = self.parser.screen().contents();
            if seen(&shown) {
                return shown;
            }
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => panic!("never saw {what}:\n{shown}"),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.parser.process(bytes);
    }

    /// Waits for the program to end and for all it has written.
    pub fn end(&mut self) -> u32 {
        let code = self.child.wait().expect("it ends").exit_code();
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(5)) {
            self.take(&bytes);
        }
        code
    }

    fn assert_restored(&self) {
        let screen = self.parser.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is still on");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    }
}

/// Writes a script and returns the command for it: the shell reads it, since a file that was just
/// written cannot be started while another test's child still holds it open.
fn script(path: &Path, text: &str) -> String {
    fs::write(path, text).expect("a script");
    format!("sh {}", path.display())
}

fn wait_for(path: &Path) -> String {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Ok(text) = fs::read_to_string(path)
            && text.ends_with('\n')
        {
            return text;
        }
        thread::yield_now();
    }
    panic!("{} was never written", path.display());
}

#[test]
fn a_whole_session_in_a_real_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("notes");
    fs::create_dir_all(&notes).expect("a folder");
    let report = "# 2024年6月第二周周报\n\n## 技术\n\n1， 写 [nerdctl](https://github.com/containerd/nerdctl) 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120?a=1&b=2)\n2. 网关限流\n";
    fs::write(notes.join("2024-06-week2.md"), report).expect("a note");
    let (opened, edited) = (folder.path().join("opened"), folder.path().join("edited"));
    let browser = folder.path().join("browser");
    let browser = script(
        &browser,
        &format!(
            "#!/bin/sh\nprintf '%s|' \"$@\" > '{0}.part'; echo >> '{0}.part'; mv '{0}.part' '{0}'\n",
            opened.display()
        ),
    );
    let editor = folder.path().join("editor");
    // The editor reads a key of its own: none may be lost to the program that lent the terminal.
    let editor = script(
        &editor,
        &format!(
            "#!/bin/sh\nprintf 'EDITOR READY\\n'; read key; printf '%s %s\\n' \"$key\" \"$1\" > '{}'\n",
            edited.display()
        ),
    );
    let environment = [("BROWSER", browser.as_str()), ("EDITOR", editor.as_str())];
    let mut terminal = Terminal::start(folder.path(), &["notes"], &environment);

    terminal.until("the notes", |shown| shown.contains("网关限流") && shown.contains("W23 06-03…09"));
    terminal.type_in("/限流");
    terminal.until("the hit", |shown| shown.contains("1 of 2"));
    terminal.type_in("\x15nerdctl\r");
    terminal.until("the other hit", |shown| shown.contains("1 of 2") && shown.contains("a repo"));
    terminal.type_in("p");
    terminal.until("what was opened", |shown| shown.contains("Opened github.com/containerd/nerdctl/pull/3120"));
    assert_eq!(wait_for(&opened), "https://github.com/containerd/nerdctl/pull/3120?a=1&b=2|\n");
    terminal.type_in("y");
    terminal.until("the choice", |shown| shown.contains("Copy the link"));
    terminal.type_in("b");
    terminal.until("the copy", |shown| shown.contains("Copied https://"));
    assert!(String::from_utf8_lossy(&terminal.raw).contains("\x1b]52;c;aHR0cHM6"), "OSC 52");
    terminal.type_in("e");
    terminal.until("the editor", |shown| shown.contains("EDITOR READY"));
    terminal.type_in("typed\n");
    assert_eq!(wait_for(&edited), "typed +5\n");
    terminal.until("the screen again", |shown| shown.contains("Timeline") && shown.contains("nerdctl"));
    terminal.type_in("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

#[test]
fn the_screen_opens_from_a_pipe() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("2024-W05.md"), "1， 网关限流 👩‍💻\n").expect("a note");
    let program = env!("CARGO_BIN_EXE_sennight");
    for (line, shown) in [
        (format!("cat 2024-W05.md | '{program}' -"), "standard input · 1 note · 1 entry"),
        (format!("echo 2024-W05.md | xargs '{program}'"), "W05 01-29"),
        (format!("'{program}' 2024-W05.md < /dev/null"), "W05 01-29"),
        (format!("'{program}' 2024-W05.md <&-"), "W05 01-29"),
    ] {
        let script = format!("stty -g > before; {line}; echo code $?; stty -g > after");
        let mut terminal = Terminal::run("sh", folder.path(), &["-c", &script], &[]);
        terminal.until(&line, |screen| screen.contains(shown) && screen.contains("网关限流 👩‍💻"));
        terminal.type_in("/流\r");
        terminal.until("the hit", |screen| screen.contains("1 of 1"));
        terminal.type_in("q");
        terminal.until("the end", |screen| screen.contains("code 0"));
        assert_eq!(terminal.end(), 0, "{line}");
        terminal.assert_restored();
        let modes = ["before", "after"].map(|name| fs::read_to_string(folder.path().join(name)).expect("modes"));
        assert_eq!(modes[0], modes[1], "{line}");
    }
    let script = format!("echo x | '{program}' - | cat");
    let mut terminal = Terminal::run("sh", folder.path(), &["-c", &script], &[]);
    terminal.until("why not", |screen| screen.contains("the screen needs a terminal"));
    terminal.end();
}

#[test]
fn a_signal_leaves_a_whole_terminal() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(folder.path(), &[], &[]);
    terminal.until("the sample log", |shown| shown.contains("the sample log") && shown.contains("entries"));
    let pid = terminal.child.process_id().expect("a process").to_string();
    // The shell's own kill: a bare system has no program of that name.
    let killed = std::process::Command::new("sh").args(["-c", "kill -TERM $0", &pid]).status().expect("sh runs");
    assert!(killed.success());
    terminal.end();
    terminal.assert_restored();
}

#[test]
fn the_first_key_after_a_new_size_is_seen_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(folder.path(), &[], &[]);
    terminal.until("the sample log", |shown| shown.contains("193 entries"));
    for rows in [20, 30, 22, 28] {
        terminal.resize(rows, 90);
        let is_last = |shown: &str| shown.lines().count() == usize::from(rows) && shown.ends_with("all keys");
        terminal.until("the new size", |shown| is_last(shown.trim_end()));
        terminal.type_in("?");
        terminal.until("the keys", |shown| shown.contains("type to search"));
        terminal.type_in("?");
        terminal.until("the list", |shown| !shown.contains("type to search"));
    }
    terminal.type_in("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_panic_leaves_a_whole_terminal_and_says_what_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    // The modes of the line are compared by the shell around, and what is said is caught apart.
    let around = format!(
        "stty -a > before; '{}' 2> said; code=$?; stty -a > after; echo left; exit $code",
        env!("CARGO_BIN_EXE_sennight")
    );
    for part in ["update", "draw"] {
        let mut terminal = Terminal::run("sh", folder.path(), &["-c", &around], &[("SENNIGHT_PANIC", part)]);
        terminal.until("the sample log", |shown| shown.contains("193 entries"));
        assert!(terminal.parser.screen().alternate_screen(), "the screen is open");
        terminal.type_in("j");
        assert_eq!(terminal.end(), 101, "{part}");
        terminal.assert_restored();
        let shown = terminal.parser.screen().contents();
        assert!(shown.contains("left") && !shown.contains("Timeline"), "{part}: {shown}");
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect(name);
        assert_eq!(read("before"), read("after"), "{part}");
        assert!(read("before").contains(" icanon") && read("before").contains(" echo "), "{}", read("before"));
        let said = read("said");
        assert!(said.contains("panicked at src/runtime/rehearsal.rs") && said.contains("SENNIGHT_PANIC"), "{said}");
    }
}

#[test]
fn without_a_browser_the_link_is_copied_and_said() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.md"), "# t\n\n看 <https://a.example/x>\n").expect("a note");
    let mut terminal = Terminal::start(folder.path(), &["a.md"], &[]);
    terminal.until("the note", |shown| shown.contains("a.example"));
    terminal.type_in("o");
    terminal.until("the sentence", |shown| shown.contains("No browser here: copied the link instead"));
    terminal.type_in("q");
    assert_eq!(terminal.end(), 0);
    terminal.assert_restored();
}

#[test]
fn what_git_dates_moves_to_its_week_after_the_first_frame() {
    let Some(repository) = crate::git::Repository::new() else { return };
    repository.write("til/vim.md", "# Vim\n\nA fact.\n");
    repository.commit("2023-03-01T12:00:00 +0000");
    let mut terminal = Terminal::start(repository.0.path(), &["notes"], &[]);
    terminal.until("the week of the first commit", |shown| shown.contains("W09 03-01"));
    terminal.type_in("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn files_are_followed_while_they_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("notes");
    fs::create_dir_all(&notes).expect("a folder");
    fs::write(notes.join("2024-06-week2.md"), "- 网关限流\n- 缓存预热\n").expect("a note");
    let mut terminal = Terminal::start(folder.path(), &["notes"], &[]);
    terminal.until("the notes", |shown| shown.contains("1 note · 2 entries"));
    terminal.type_in("/缓存\r");
    terminal.until("the hit", |shown| shown.contains("1 of 2"));
    // As editors save: a new file takes the place of the old one.
    fs::write(notes.join(".2024.swp"), "- 网关限流\n- 缓存预热\n- 又是缓存\n").expect("a file");
    fs::rename(notes.join(".2024.swp"), notes.join("2024-06-week2.md")).expect("a note");
    terminal.until("what was saved", |shown| shown.contains("2 of 3") && shown.contains("又是缓存"));
    fs::write(notes.join("2024-06-week3.md"), "- 缓存击穿\n").expect("a note");
    terminal.until("the new note", |shown| shown.contains("3 of 4") && shown.contains("缓存击穿"));
    fs::remove_file(notes.join("2024-06-week2.md")).expect("removed");
    terminal.until("the note gone", |shown| shown.contains("1 of 1"));
    terminal.type_in("q");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn a_query_that_found_nothing_is_kept_too() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.md"), "- 限流\n").expect("a note");
    let mut terminal = Terminal::start(folder.path(), &["a.md"], &[]);
    terminal.until("the note", |shown| shown.contains("1 of 1"));
    terminal.type_in("/没有这个词\r");
    terminal.until("that nothing is found", |shown| shown.contains("0 of 1"));
    terminal.type_in("q");
    assert_eq!(terminal.end(), 0);
    let mut terminal = Terminal::start(folder.path(), &["a.md"], &[]);
    terminal.until("the note", |shown| shown.contains("1 of 1"));
    terminal.type_in("/\x1b[A");
    terminal.until("the query", |shown| shown.contains("❯ 没有这个词"));
    terminal.type_in("\x03");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn titles_fetched_meanwhile_are_read_again() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.md"), "看 <https://github.com/a/b/pull/12>\n").expect("a note");
    let mut terminal = Terminal::start(folder.path(), &["a.md"], &[]);
    terminal.until("the note", |shown| shown.contains("a pr     a/b#12"));
    let titles =
        r#"{"version":1,"titles":{"github.com/a/b#12":{"title":"懒加载","state":"open","asked":"2026-03-01"}}}"#;
    fs::create_dir_all(folder.path().join("state")).expect("a folder");
    fs::write(folder.path().join("state/titles.json"), titles).expect("titles");
    terminal.type_in("r");
    terminal.until("the title", |shown| shown.contains("a/b#12 懒加载"));
    fs::write(folder.path().join("state/titles.json"), "{").expect("titles");
    terminal.type_in("r");
    terminal.until("why not", |shown| shown.contains("cannot read the titles") && shown.contains("懒加载"));
    terminal.type_in("q");
    assert_eq!(terminal.end(), 0);
}

impl Terminal {
    /// Waits until `sequence` was written.
    fn until_written(&mut self, sequence: &str) {
        self.until_written_times(sequence, 1);
    }

    /// Waits until `sequence` was written so often.
    fn until_written_times(&mut self, sequence: &str, times: usize) {
        let end = Instant::now() + PATIENCE;
        while String::from_utf8_lossy(&self.raw).matches(sequence).count() < times {
            match self.output.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => panic!("{error}: never wrote {sequence:?}: {:?}", String::from_utf8_lossy(&self.raw)),
            }
        }
    }
}

#[test]
fn the_background_is_asked_for_and_no_key_is_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    for (colour, accent) in [("rgb:fdfd/f6f6/e3e3", "\x1b[38;2;0;85;184"), ("rgb:00/2b/36", "\x1b[38;2;124;183;255")] {
        let mut terminal = Terminal::start(folder.path(), &[], &[("COLORTERM", "truecolor")]);
        terminal.until_written("\x1b]11;?\x1b\\\x1b[c");
        terminal.type_in(&format!("/限\x1b]11;{colour}\x1b\\流\x1b[?62;4c"));
        terminal.until("what was typed", |shown| shown.contains("❯ 限流") && shown.contains(" of 193"));
        terminal.until_written(accent);
        terminal.type_in("\x03");
        assert_eq!(terminal.end(), 0);
        terminal.assert_restored();
    }
}

#[test]
fn a_terminal_that_answers_late_presses_no_keys() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut terminal = Terminal::start(folder.path(), &[], &[("COLORTERM", "truecolor")]);
    terminal.until("the sample log", |shown| shown.contains("193 entries"));
    terminal.type_in("\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;4c");
    terminal.type_in("/限流");
    let shown = terminal.until("what was typed", |shown| shown.contains("❯ 限流") && shown.contains(" of 193"));
    assert!(!shown.contains("rgb"), "{shown}");
    terminal.type_in("\x03");
    assert_eq!(terminal.end(), 0);
}

#[test]
fn links_are_told_to_a_terminal_that_knows_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let note = "# t\n\n看 [容器 PR](https://github.com/a/b/pull/12?x=1&y=路) 和 [本地](file:///etc/passwd)\n";
    fs::write(folder.path().join("a.md"), note).expect("a note");
    let mut screens = Vec::new();
    for (environment, told) in [
        (vec![("VTE_VERSION", "7600")], true),
        (vec![], false),
        (vec![("TERM", "tmux-256color"), ("TMUX", "x"), ("VTE_VERSION", "7600")], false),
    ] {
        let mut terminal = Terminal::start(folder.path(), &["a.md"], &environment);
        let shown = terminal.until("the note", |shown| {
            shown.contains("a/b#12") && shown.contains("容器 PR 和") && shown.contains("github.com")
        });
        terminal.type_in("q");
        assert_eq!(terminal.end(), 0);
        terminal.assert_restored();
        let raw = String::from_utf8_lossy(&terminal.raw);
        let begins: Vec<&str> = raw.match_indices("\x1b]8;id=").map(|(at, _)| &raw[at..]).collect();
        assert_eq!(!begins.is_empty(), told, "{environment:?}");
        for begin in begins {
            let (link, text) = begin.split_once("\x1b\\").expect("an end");
            assert!(link.ends_with(";https://github.com/a/b/pull/12?x=1&y=%E8%B7%AF"), "{link:?}");
            assert!(text.split_once("\x1b]8;;\x1b\\").is_some_and(|(text, _)| !text.contains("\x1b]8;")), "{text:?}");
        }
        screens.push(shown);
    }
    // The first lines speak of what goes on, and the example in the box is another at each start.
    let panes = |shown: &String| shown.lines().filter(|line| line.contains('│')).collect::<Vec<_>>().concat();
    let first = panes(&screens[0]);
    assert!(screens.iter().all(|shown| panes(shown) == first), "{screens:#?}");
}

#[test]
fn a_theme_of_ones_own_is_used_and_a_broken_one_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config.toml");
    fs::write(&config, "theme = \"mine\"\n").expect("a configuration");
    let environment = [("SENNIGHT_CONFIG", config.to_str().expect("UTF-8"))];
    let themes = folder.path().join("themes");
    fs::create_dir(&themes).expect("a folder");
    for (theme, said, written) in [
        (Some("base = \"dark\"\naccent = { fg = \"#010203\" }\n"), "193 entries", "38;2;1;2;3"),
        (Some("acent = { fg = \"#010203\" }\n"), "did you mean “accent”?", ""),
        (None, "theme “mine”", ""),
    ] {
        match theme {
            Some(theme) => fs::write(themes.join("mine.toml"), theme).expect("a theme"),
            None => fs::remove_file(themes.join("mine.toml")).expect("a theme"),
        }
        let mut terminal = Terminal::start(folder.path(), &[], &environment);
        terminal.until(said, |shown| shown.replace('\n', "").contains(said));
        terminal.until_written(written);
        terminal.type_in("q");
        assert_eq!(terminal.end(), 0);
    }
}

#[test]
fn what_is_private_is_veiled_by_a_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("notes");
    fs::create_dir_all(&notes).expect("a folder");
    fs::write(notes.join("2024-06-week2.md"), "## 生活\n\n- 去看了牙医\n\n## 技术\n\n- 网关限流\n").expect("a note");
    let config = folder.path().join("config.toml");
    fs::write(&config, "private = \"in:生活\"\n").expect("written");
    let environment = [("SENNIGHT_CONFIG", config.to_str().expect("UTF-8"))];
    let mut terminal = Terminal::start(folder.path(), &["notes"], &environment);
    terminal.until("both", |shown| shown.contains("2 of 2") && shown.contains("牙医"));
    terminal.type_in("v");
    let shown = terminal.until("one", |shown| shown.contains("1 of 1") && shown.contains("veiled"));
    assert!(!shown.contains("牙医"), "{shown}");
    terminal.type_in("/牙医\r");
    terminal.until("nothing", |shown| shown.contains("0 of 1"));
    terminal.type_in("\x1bv");
    terminal.until("both again", |shown| shown.contains("牙医"));
    terminal.type_in("q");
    assert_eq!(terminal.end(), 0);
}

/// A folder with a note and a picture of 40×40 pixels beside it.
fn illustrated() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("notes");
    fs::create_dir_all(notes.join("图")).expect("a folder");
    let text = "# 2024年6月第二周周报\n\n- 看图 ![一张图](图/a.png) 再说\n- 网关限流\n";
    fs::write(notes.join("2024-06-week2.md"), text).expect("a note");
    let picture = image::RgbaImage::from_pixel(40, 40, image::Rgba([10, 200, 30, 255]));
    picture.save(notes.join("图/a.png")).expect("a picture");
    folder
}

const GRAPHICS: &str = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[>q\x1b[16t\x1b[c";

#[test]
fn a_terminal_that_says_nothing_of_pictures_shows_captions() {
    // It never answers; it answers what all do; it answers when nobody waits any more.
    for (answer, late) in
        [("", ""), ("\x1b[?62;22c", ""), ("", "\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.32.2)\x1b\\\x1b[6;20;10t\x1b[?62c")]
    {
        let folder = illustrated();
        let mut terminal = Terminal::start(folder.path(), &["notes"], &[("SENNIGHT_IMAGES", "auto")]);
        terminal.until_written(GRAPHICS);
        terminal.type_in(answer);
        terminal.until("the caption", |shown| shown.contains("一张图 图/a.png"));
        terminal.type_in(late);
        terminal.type_in("/限流\r");
        let shown = terminal.until("the hit", |shown| shown.contains("1 of 2") && shown.contains("❯ 限流"));
        assert!(!shown.contains("OK") && !shown.contains("kitty") && !shown.contains('▀'), "{shown}");
        terminal.type_in("q");
        assert_eq!(terminal.end(), 0);
        terminal.assert_restored();
        let raw = String::from_utf8_lossy(&terminal.raw);
        assert_eq!(raw.matches("\x1b_G").count(), 1, "the question and no more");
    }
}

#[test]
fn nothing_is_asked_of_pictures_unless_the_user_wants_them() {
    for environment in [
        vec![],
        vec![("SENNIGHT_IMAGES", "off")],
        vec![("SENNIGHT_IMAGES", "halfblocks")],
        vec![("SENNIGHT_IMAGES", "auto"), ("NO_COLOR", "1")],
        vec![("SENNIGHT_IMAGES", "auto"), ("TERM", "linux")],
    ] {
        let folder = illustrated();
        let mut terminal = Terminal::start(folder.path(), &["notes"], &environment);
        let blocks = if environment.contains(&("SENNIGHT_IMAGES", "halfblocks")) { 8 } else { 0 };
        terminal.until("the entry", |shown| shown.contains("一张图") && shown.matches('▀').count() == blocks);
        terminal.type_in("q");
        assert_eq!(terminal.end(), 0);
        assert!(!String::from_utf8_lossy(&terminal.raw).contains("\x1b_G"), "{environment:?}");
    }
}

#[test]
fn a_terminal_is_told_of_pictures_in_its_own_way_and_keeps_none() {
    for (answer, told, at_end) in [
        (
            "\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.32.2)\x1b\\\x1b[6;20;10t\x1b[?62;c",
            "a=T,U=1,f=100,t=d,c=4,r=2,m=0;",
            "a=d,d=I,i=",
        ),
        ("\x1bP>|WezTerm 20240203\x1b\\\x1b[6;20;10t\x1b[?65;4;6c", "\x1b]1337;File=inline=1;size=", "\x1b[2J"),
        ("\x1bP>|foot(1.16.2)\x1b\\\x1b[6;20;10t\x1b[?62;4;22c", "\x1bP0;1;0q\"1;1;40;40#0;2;", "\x1b[2J"),
    ] {
        let folder = illustrated();
        let mut terminal =
            Terminal::start(folder.path(), &["notes"], &[("SENNIGHT_IMAGES", "auto"), ("EDITOR", "true")]);
        terminal.until_written(GRAPHICS);
        // What is typed meanwhile is not lost.
        terminal.type_in(&format!("j{answer}k"));
        terminal.until_written(told);
        let told_so_far = |terminal: &Terminal| String::from_utf8_lossy(&terminal.raw).matches(told).count();
        assert_eq!(told_so_far(&terminal), 1);
        // Under a layer it is gone, and comes back; kitty knows it still.
        terminal.type_in("?");
        terminal.until("help", |shown| shown.contains("Keys · type to search"));
        terminal.type_in("\x1b");
        terminal.until("the entry", |shown| !shown.contains("Keys ·") && shown.contains("一张图"));
        terminal.type_in("j");
        terminal.until("the next entry", |shown| shown.contains("• 网关限流"));
        let is_kitty = answer.contains("kitty");
        assert_eq!(told_so_far(&terminal), if is_kitty { 1 } else { 2 });
        // After another program had the terminal, it is told anew.
        terminal.type_in("k");
        terminal.until("the entry", |shown| shown.contains("▣ 一张图"));
        terminal.until_written_times(told, if is_kitty { 1 } else { 3 });
        terminal.type_in("e");
        terminal.until_written_times(told, if is_kitty { 2 } else { 4 });
        terminal.type_in("q");
        assert_eq!(terminal.end(), 0);
        terminal.assert_restored();
        let raw = String::from_utf8_lossy(&terminal.raw);
        let (_, end) = raw.rsplit_once(told).expect("told");
        let (before, _) = end.split_once("\x1b[?1049l").expect("the other screen");
        assert!(before.contains(at_end), "{at_end:?}");
    }
}
