//! Queries to the terminal before the first frame: its background colour and graphics support.
//!
//! The queries (OSC 11; kitty graphics, XTVERSION and the cell size) are followed by one that every
//! terminal answers (DA1), so that a terminal without the others causes no wait. Keys typed meanwhile
//! are returned as keys. The libraries for this, terminal-colorsaurus and ratatui-image, lose them.

use crate::{
    app::key::{Key, KeyCode},
    page::CellSize,
};

/// The brightness of the terminal's background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Background {
    Dark,
    Light,
}

/// The terminal's answers to all queries.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct TerminalReport {
    pub(crate) background: Option<Background>,
    pub(crate) graphics: GraphicsSupport,
    /// Keys typed while the terminal answered.
    pub(crate) typed: Vec<Key>,
    /// Number of answers that may still arrive and must not be read as keys.
    pub(crate) pending_replies: u8,
}

/// The graphics support that the terminal reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct GraphicsSupport {
    /// Set if the terminal has kitty's protocol.
    pub(crate) kitty: bool,
    pub(crate) sixel: bool,
    pub(crate) cell: Option<CellSize>,
    /// The terminal's name and version, such as `kitty(0.32.2)` or `WezTerm 20240203`.
    pub(crate) name: String,
}

/// Queries the terminal, which must be in raw mode, and waits for at most a tenth of a second. Nothing is
/// asked if keys are waiting already: the program must read them first.
#[cfg(unix)]
pub(crate) fn query(background: bool, graphics: bool) -> TerminalReport {
    use std::{
        io::{self, Read, Write},
        time::{Duration, Instant},
    };

    const PATIENCE: Duration = Duration::from_millis(100);
    /// Time to wait for the rest of an answer that has begun: left unread, it would be taken for keys.
    const REST: Duration = Duration::from_millis(50);
    const BACKGROUND: &str = "\x1b]11;?\x1b\\";
    /// An invisible picture of one pixel, the terminal's name, the pixels of a cell.
    const GRAPHICS: &str = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[>q\x1b[16t";
    const LAST: &str = "\x1b[c";

    let stdin = io::stdin();
    let mut out = io::stdout();
    let queries = [if background { BACKGROUND } else { "" }, if graphics { GRAPHICS } else { "" }, LAST].concat();
    if is_readable(&stdin, Duration::ZERO) || out.write_all(queries.as_bytes()).and_then(|()| out.flush()).is_err() {
        return TerminalReport::default();
    }
    let end = Instant::now() + PATIENCE;
    let mut received = Vec::new();
    loop {
        let (_, progress) = parse(&received);
        let left = end.saturating_duration_since(Instant::now());
        let limit = if progress == ReportProgress::InsideAnswer { left.max(REST) } else { left };
        if progress == ReportProgress::Complete || !is_readable(&stdin, limit) {
            break;
        }
        // As large as the buffer of standard input, so that nothing stays behind in it.
        let mut piece = vec![0; 64 * 1024];
        match stdin.lock().read(&mut piece) {
            Ok(read @ 1..) => received.extend_from_slice(&piece[..read]),
            _ => break,
        }
    }
    let (mut report, progress) = parse(&received);
    if progress != ReportProgress::Complete {
        report.pending_replies = u8::from(background) + 2 * u8::from(graphics);
    }
    report
}

#[cfg(unix)]
fn is_readable(stdin: &std::io::Stdin, timeout: std::time::Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let timeout = Timespec::try_from(timeout).ok();
    let mut waits = [PollFd::new(stdin, PollFlags::IN)];
    poll(&mut waits, timeout.as_ref()).is_ok() && waits[0].revents().contains(PollFlags::IN)
}

#[cfg(not(unix))]
pub(crate) fn query(_background: bool, _graphics: bool) -> TerminalReport {
    TerminalReport::default()
}

/// The background in `COLORFGBG`, which some terminals set: the last part is its number among the
/// sixteen colours.
pub(crate) fn from_colorfgbg(value: &str) -> Option<Background> {
    match value.rsplit(';').next()?.parse().ok()? {
        0..=6 | 8 => Some(Background::Dark),
        7 | 9..=15 => Some(Background::Light),
        _ => None,
    }
}

/// Progress through the terminal's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReportProgress {
    /// More answers are to come.
    Waiting,
    /// An answer has begun and not ended.
    InsideAnswer,
    /// The last answer has arrived.
    Complete,
}

/// Parses the bytes received so far into answers and keys.
fn parse(received: &[u8]) -> (TerminalReport, ReportProgress) {
    let (mut report, mut progress) = (TerminalReport::default(), ReportProgress::Waiting);
    let mut rest = received;
    while !rest.is_empty() {
        if let Some(answer) = rest.strip_prefix(b"\x1b]11;") {
            let Some(end) = answer.iter().position(|byte| matches!(byte, 0x07 | 0x1b)) else {
                return (report, ReportProgress::InsideAnswer);
            };
            report.background = parse_background(&answer[..end]);
            let ends_long = answer[end] == 0x1b;
            rest = answer.get(end + 1 + usize::from(ends_long)..).unwrap_or_default();
        } else if let Some(answer) = rest.strip_prefix(b"\x1b_G").or(rest.strip_prefix(b"\x1bP")) {
            let is_kitty = rest[1] == b'_';
            let Some(end) = answer.windows(2).position(|two| two == b"\x1b\\") else {
                return (report, ReportProgress::InsideAnswer);
            };
            let text = String::from_utf8_lossy(&answer[..end]);
            if is_kitty {
                report.graphics.kitty |= text.ends_with(";OK");
            } else if let Some(name) = text.strip_prefix(">|") {
                name.clone_into(&mut report.graphics.name);
            }
            rest = &answer[end + 2..];
        } else if let Some((cell, after)) = parse_cell(rest) {
            report.graphics.cell = cell;
            rest = after;
        } else if let Some(answer) = rest.strip_prefix(b"\x1b[?") {
            let Some(end) = end_of_csi(answer) else {
                return (report, ReportProgress::InsideAnswer);
            };
            if answer[end] == b'c' {
                progress = ReportProgress::Complete;
                report.graphics.sixel |= answer[..end].split(|byte| *byte == b';').skip(1).any(|part| part == b"4");
            }
            rest = &answer[end + 1..];
        } else {
            let (key, len) = parse_key(rest);
            report.typed.extend(key);
            rest = &rest[len..];
        }
    }
    (report, progress)
}

/// The place of the byte that ends a control sequence.
fn end_of_csi(sequence: &[u8]) -> Option<usize> {
    sequence.iter().position(|byte| matches!(byte, 0x40..=0x7e))
}

/// Parses `CSI 6 ; height ; width t`. Returns the cell size, if it is plausible, and the bytes after it.
fn parse_cell(received: &[u8]) -> Option<(Option<CellSize>, &[u8])> {
    let answer = received.strip_prefix(b"\x1b[6;")?;
    let end = end_of_csi(answer)?;
    if answer[end] != b't' {
        return None;
    }
    let (height, width) = std::str::from_utf8(&answer[..end]).ok()?.split_once(';')?;
    let cell = match (width.parse(), height.parse()) {
        (Ok(width), Ok(height)) => plausible_cell(width, height),
        _ => None,
    };
    Some((cell, &answer[end + 1..]))
}

/// Parses the first key and returns it with its length in bytes. Keys that send escape sequences are
/// skipped.
fn parse_key(typed: &[u8]) -> (Option<Key>, usize) {
    let plain = |code| Some(Key { code, ctrl: false, alt: false });
    match typed {
        [0x1b, b'[' | b'O', after @ ..] => (None, 2 + end_of_csi(after).map_or(after.len(), |end| end + 1)),
        [0x1b, ..] => (plain(KeyCode::Esc), 1),
        [b'\r', ..] => (plain(KeyCode::Enter), 1),
        [b'\t', ..] => (plain(KeyCode::Tab), 1),
        [0x7f, ..] => (plain(KeyCode::Backspace), 1),
        [byte @ 1..=26, ..] => {
            (Some(Key { code: KeyCode::Char(char::from(byte - 1 + b'a')), ctrl: true, alt: false }), 1)
        }
        [byte, ..] if *byte < b' ' => (None, 1),
        _ => match first_char(typed) {
            Some(c) => (plain(KeyCode::Char(c)), c.len_utf8()),
            None => (None, 1),
        },
    }
}

/// The character that the bytes begin with, if they are UTF-8.
fn first_char(bytes: &[u8]) -> Option<char> {
    let longest = &bytes[..bytes.len().min(4)];
    longest.utf8_chunks().next()?.valid().chars().next()
}

/// Parses a colour such as `rgb:1e1e/1e1e/1e1e` (XParseColor; one to four digits each) or `#1e1e1e`.
fn parse_background(answer: &[u8]) -> Option<Background> {
    let answer = std::str::from_utf8(answer).ok()?;
    let [red, green, blue] = if let Some(parts) = answer.strip_prefix("rgb:").or(answer.strip_prefix("rgba:")) {
        let mut parts = parts.split('/');
        [parts.next()?, parts.next()?, parts.next()?]
    } else {
        let digits = answer.strip_prefix('#')?;
        if !digits.is_ascii() || digits.len() % 3 != 0 {
            return None;
        }
        let (red, rest) = digits.split_at(digits.len() / 3);
        let (green, blue) = rest.split_at(red.len());
        [red, green, blue]
    };
    let (red, green, blue) = (colour_part(red)?, colour_part(green)?, colour_part(blue)?);
    // Brightness as the eye sees it (ITU-R BT.601).
    let is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5;
    Some(if is_light { Background::Light } else { Background::Dark })
}

/// A colour component of one to four hexadecimal digits, from 0 to 1.
fn colour_part(digits: &str) -> Option<f64> {
    let max = (1_u32 << (4 * digits.len().clamp(1, 4))) - 1;
    let value = u32::from_str_radix(digits, 16).ok()?;
    if value <= max { Some(f64::from(value) / f64::from(max)) } else { None }
}

/// A cell of this many pixels; `None` outside 2 to 200, which no terminal has.
pub(super) fn plausible_cell(width: u16, height: u16) -> Option<CellSize> {
    let is_plausible = (2..=200).contains(&width) && (2..=200).contains(&height);
    is_plausible.then_some(CellSize { width, height })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_separated_from_keys() {
        let keys = |names: &[&str]| names.iter().filter_map(|name| Key::parse(name)).collect::<Vec<_>>();
        let light = Some(Background::Light);
        for (heard, background, typed, state) in [
            ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;4c", light, vec![], ReportProgress::Complete),
            ("\x1b]11;rgb:fd/f6/e3\x07\x1b[?1;2c", light, vec![], ReportProgress::Complete),
            ("\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1b[?6c", Some(Background::Dark), vec![], ReportProgress::Complete),
            ("\x1b]11;#fdf6e3\x1b\\\x1b[?6c", light, vec![], ReportProgress::Complete),
            ("\x1b]11;rgba:ffff/ffff/ffff/ffff\x1b\\\x1b[?6c", light, vec![], ReportProgress::Complete),
            ("\x1b[?62c", None, vec![], ReportProgress::Complete),
            (
                "/\x1b]11;rgb:ff/ff/ff\x1b\\限\r\x1b[?62c\x03\x1b",
                light,
                keys(&["/", "限", "enter", "ctrl-c", "esc"]),
                ReportProgress::Complete,
            ),
            ("j\x1b[Ak", None, keys(&["j", "k"]), ReportProgress::Waiting),
            ("\x1b]11;rgb:ffff/ff", None, vec![], ReportProgress::InsideAnswer),
            ("\x1b]11;rgb:nonsense\x1b\\\x1b[?62c", None, vec![], ReportProgress::Complete),
            ("", None, vec![], ReportProgress::Waiting),
        ] {
            let (answer, found) = parse(heard.as_bytes());
            assert_eq!((answer.background, answer.typed, found), (background, typed, state), "{heard:?}");
            // No part of it panics.
            (0..heard.len()).for_each(|cut| drop(parse(&heard.as_bytes()[..cut])));
        }
    }

    #[test]
    fn graphics_reports_are_parsed() {
        let cell = |width, height| Some(CellSize { width, height });
        let graphics = |kitty, sixel, cell, name: &str| GraphicsSupport { kitty, sixel, cell, name: name.to_owned() };
        for (heard, expected, typed) in [
            (
                "\x1b_Gi=31;OK\x1b\\j\x1bP>|kitty(0.32.2)\x1b\\\x1b[6;36;17t\x1b[?62;c",
                graphics(true, false, cell(17, 36), "kitty(0.32.2)"),
                "j",
            ),
            ("\x1b_Gi=31;EINVAL:x\x1b\\\x1b[?62;4c", graphics(false, true, None, ""), ""),
            (
                "\x1bP>|XTerm(390)\x1b\\\x1b[6;20;10tk\x1b[?64;1;4;9c",
                graphics(false, true, cell(10, 20), "XTerm(390)"),
                "k",
            ),
            ("\x1b[6;0;0t\x1b[?4;6c", graphics(false, false, None, ""), ""),
            ("\x1b[?64;1;14;44c", graphics(false, false, None, ""), ""),
        ] {
            let (answer, state) = parse(heard.as_bytes());
            assert_eq!((answer.graphics, state), (expected, ReportProgress::Complete), "{heard:?}");
            let typed_keys: String = answer.typed.iter().map(ToString::to_string).collect();
            assert_eq!(typed_keys, typed, "{heard:?}");
            (0..heard.len()).for_each(|cut| drop(parse(&heard.as_bytes()[..cut])));
        }
    }

    #[test]
    fn colorfgbg_gives_the_background() {
        for (value, expected) in [
            ("15;0", Some(Background::Dark)),
            ("0;15", Some(Background::Light)),
            ("0;default;7", Some(Background::Light)),
            ("12;8", Some(Background::Dark)),
            ("default", None),
            ("", None),
            ("0;99", None),
        ] {
            assert_eq!(from_colorfgbg(value), expected, "{value}");
        }
    }
}
