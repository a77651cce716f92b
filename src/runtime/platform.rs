//! The outside world: browser, clipboard, editor.
//!
//! No shell is ever started. Text from a note becomes one argument of a program, never part of a command
//! line.

use crate::text::clean;
use anyhow::{Context, Result, bail, ensure};
use base64::Engine;
use std::{
    env,
    ffi::OsString,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
};
use url::Url;

/// The longest URL that is opened, in bytes: longer than any address bar accepts.
const LONGEST_URL: usize = 8 * 1024;

/// The longest text that is copied, in bytes: terminals drop a longer OSC 52 (100 000 by default in xterm).
const LONGEST_COPY: usize = 74_000;

/// Parses a URL that may be opened: `http` or `https`.
///
/// # Errors
///
/// When it is anything else, too long, or has control characters.
pub fn openable(url: &str) -> Result<Url> {
    ensure!(url.len() <= LONGEST_URL, "not opened: the link is longer than {LONGEST_URL} bytes");
    ensure!(!url.chars().any(char::is_control), "not opened: the link has control characters");
    ensure!(!url.starts_with('-'), "not opened: the link begins with a dash");
    let parsed = Url::parse(url).context("not opened: not a valid URL")?;
    match parsed.scheme() {
        "http" | "https" if parsed.has_host() => Ok(parsed),
        scheme => bail!("not opened: only http and https links are, not {scheme}:"),
    }
}

/// Ignores SIGXFSZ, so that a file limit (`ulimit -f`) fails one write instead of ending the program.
pub fn outlive_file_limits() {
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
}

/// Opens `url` in a browser that outlives this program. Returns the URL in short form.
///
/// # Errors
///
/// [`NoBrowser`] if there is none, and others if the URL may not be opened.
pub fn open(url: &str) -> Result<String> {
    let url = openable(url)?;
    for mut command in browsers(&url) {
        if spawn(&mut command).is_ok() {
            return Ok(shown(&url));
        }
    }
    Err(NoBrowser.into())
}

/// The error of a system without a web browser.
#[derive(Debug, thiserror::Error)]
#[error("no browser here")]
pub struct NoBrowser;

fn shown(url: &Url) -> String {
    url[url::Position::BeforeHost..].trim_end_matches('/').to_owned()
}

/// Commands to open `url`: those in `$BROWSER`, separated by colons, else the platform's own.
fn browsers(url: &Url) -> Vec<Command> {
    let wanted = env::var("BROWSER").unwrap_or_default();
    let own = wanted.split(':').filter_map(|line| with_argument(line, url.as_str()));
    let commands = own.collect::<Vec<_>>();
    if !commands.is_empty() || !has_desktop() {
        return commands;
    }
    open::commands(url.as_str())
}

/// Splits `line` into the words of a command. `argument` replaces `%s`, or goes last.
fn with_argument(line: &str, argument: &str) -> Option<Command> {
    let mut words = shell_words::split(line).ok()?.into_iter();
    let mut command = Command::new(words.next().filter(|program| !program.is_empty())?);
    let mut placed = false;
    for word in words {
        placed |= word == "%s";
        command.arg(if word == "%s" { argument.to_owned() } else { word });
    }
    if !placed {
        command.arg(argument);
    }
    Some(command)
}

fn has_desktop() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(all(unix, not(target_os = "macos"))) || set("DISPLAY") || set("WAYLAND_DISPLAY") || set("WSL_DISTRO_NAME")
}

/// Starts a program without input or output that may outlive this one.
fn spawn(command: &mut Command) -> io::Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    let mut child = command.spawn()?;
    thread::spawn(move || child.wait());
    Ok(())
}

/// Asks the terminal to copy `text` to the clipboard (OSC 52), which works over ssh too.
///
/// # Errors
///
/// When it is too long for terminals, or the terminal cannot be written to.
pub fn copy(text: &str, out: &mut impl Write) -> Result<()> {
    let text = clean(text);
    ensure!(text.len() <= LONGEST_COPY, "not copied: the text is longer than {LONGEST_COPY} bytes");
    let sequence = osc52(&text, env::var_os("TMUX").is_some());
    out.write_all(sequence.as_bytes()).and_then(|()| out.flush()).context("cannot write to the terminal")
}

/// The sequence that sets the clipboard; in tmux, wrapped to pass through it.
fn osc52(text: &str, in_tmux: bool) -> String {
    let payload = base64::engine::general_purpose::STANDARD.encode(text);
    if in_tmux { format!("\x1bPtmux;\x1b\x1b]52;c;{payload}\x07\x1b\\") } else { format!("\x1b]52;c;{payload}\x07") }
}

/// Runs the editor on `file` at `line`, counted from 1, and waits for it. The terminal must be free.
///
/// # Errors
///
/// When no editor can be started, or it ends with a failure.
pub fn edit(file: &Path, line: u32) -> Result<()> {
    let set = |name| env::var(name).ok().filter(|value: &String| !value.trim().is_empty());
    let editor = set("VISUAL")
        .or_else(|| set("EDITOR"))
        .unwrap_or_else(|| if cfg!(windows) { "notepad".into() } else { "vi".into() });
    let words = shell_words::split(&editor).with_context(|| format!("cannot read the editor “{editor}”"))?;
    let (program, before) = words.split_first().context("the editor has no name: set $VISUAL or $EDITOR")?;
    let file = file.canonicalize().with_context(|| format!("cannot open {}", file.display()))?;
    let status = Command::new(program).args(before).args(at_line(program, &file, line)).status();
    let status = status.with_context(|| format!("cannot start the editor “{program}”: set $VISUAL or $EDITOR"))?;
    ensure!(status.success(), "the editor ended with {status}");
    Ok(())
}

/// The arguments that open `file` at `line`. Editors not named here take `+N` as vi does.
fn at_line(program: &str, file: &Path, line: u32) -> Vec<OsString> {
    let name = Path::new(program).file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let with_line = || {
        let mut argument = file.as_os_str().to_owned();
        argument.push(format!(":{line}"));
        argument
    };
    match name.as_str() {
        "hx" | "helix" | "subl" | "zed" | "micro" => vec![with_line()],
        "code" | "codium" | "cursor" | "code-insiders" => vec!["--wait".into(), "--goto".into(), with_line()],
        "notepad" | "gedit" | "cat" => vec![file.into()],
        _ => vec![format!("+{line}").into(), file.into()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_links_are_opened() {
        for url in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "-flag",
            "http://x\u{1b}]52;c;x\u{7}",
            "https://",
            "mailto:a@b.c",
            "relative/path",
            "data:text/html,x",
            &format!("https://a.example/{}", "x".repeat(9000)),
        ] {
            assert!(openable(url).is_err(), "{url}");
        }
        for (url, expected) in [
            ("https://github.com/containerd/nerdctl/pull/1331", "https://github.com/containerd/nerdctl/pull/1331"),
            ("HTTP://Example.com/a b?q=`id`", "http://example.com/a%20b?q=`id`"),
            ("http://x & id", "-"),
        ] {
            let found = openable(url).map_or("-".to_owned(), |url| url.to_string());
            assert_eq!(found, expected, "{url}");
        }
    }

    #[test]
    fn a_link_is_one_argument() {
        for (line, expected) in [
            ("firefox", vec!["firefox", "https://a.example/?a&b;c"]),
            ("my browser", vec!["my", "browser", "https://a.example/?a&b;c"]),
            ("'/opt/my browser' --new %s --end", vec!["/opt/my browser", "--new", "https://a.example/?a&b;c", "--end"]),
        ] {
            let command = with_argument(line, "https://a.example/?a&b;c").expect(line);
            let words: Vec<String> = std::iter::once(command.get_program())
                .chain(command.get_args())
                .map(|word| word.to_string_lossy().into_owned())
                .collect();
            assert_eq!(words, expected, "{line}");
        }
        assert!(with_argument("", "x").is_none());
    }

    #[test]
    fn copied_text_is_clean_and_passes_through_tmux() {
        let mut out = Vec::new();
        copy("a\u{1b}[31mb\n", &mut out).expect("short");
        assert!(String::from_utf8_lossy(&out).contains("YWIK"), "{out:?}");
        assert_eq!(osc52("x", false), "\x1b]52;c;eA==\x07");
        assert_eq!(osc52("x", true), "\x1bPtmux;\x1b\x1b]52;c;eA==\x07\x1b\\");
        assert!(copy(&"x".repeat(80_000), &mut Vec::new()).is_err());
    }

    #[test]
    fn each_editor_gets_the_line_in_its_own_form() {
        for (program, expected) in [
            ("vim", "+7 /n/a.md"),
            ("/usr/bin/hx", "/n/a.md:7"),
            ("code", "--wait --goto /n/a.md:7"),
            ("unknown", "+7 /n/a.md"),
        ] {
            let words: Vec<String> = at_line(program, Path::new("/n/a.md"), 7)
                .iter()
                .map(|word| word.to_string_lossy().into_owned())
                .collect();
            assert_eq!(words.join(" "), expected, "{program}");
        }
    }
}
