//! What is asked of the terminal before the first frame: its background, and whether it shows pictures.
//!
//! The questions (OSC 11; kitty's, XTVERSION and the size of a cell) are followed by one that every
//! terminal answers (DA1), so that one that does not know them is no cause to wait. What is typed
//! meanwhile comes back as keys: libraries for this, terminal-colorsaurus and ratatui-image, read past
//! them.

use crate::{
    app::key::{Key, KeyCode},
    page::CellSize,
};

/// What the terminal has behind its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    Dark,
    Light,
}

/// What came of asking.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct TerminalReport {
    pub background: Option<Background>,
    pub graphics: GraphicsSupport,
    /// What was typed meanwhile.
    pub typed: Vec<Key>,
    /// Answers that may still come and would be read as keys.
    pub owed: u8,
}

/// What the terminal says of pictures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GraphicsSupport {
    /// It has kitty's protocol.
    pub kitty: bool,
    pub sixel: bool,
    pub cell: Option<CellSize>,
    /// Its name and version: `kitty(0.32.2)`, `WezTerm 20240203`.
    pub name: String,
}

/// Asks the terminal, which is in raw mode, and waits for at most a tenth of a second. Nothing is
/// asked where something was typed already: it is for the program to read.
#[cfg(unix)]
pub fn ask(background: bool, graphics: bool) -> TerminalReport {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use std::{
        io::{self, Read, Write},
        time::{Duration, Instant},
    };

    const PATIENCE: Duration = Duration::from_millis(100);
    /// How long for the rest of an answer that has begun: left behind, it would be read as keys.
    const REST: Duration = Duration::from_millis(50);
    const BACKGROUND: &str = "\x1b]11;?\x1b\\";
    /// A picture of one pixel that is not shown, the terminal's name, the pixels of a cell.
    const GRAPHICS: &str = "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\\x1b[>q\x1b[16t";
    const LAST: &str = "\x1b[c";

    let stdin = io::stdin();
    let is_ready = |limit: Duration| {
        let limit = Timespec::try_from(limit).ok();
        let mut waits = [PollFd::new(&stdin, PollFlags::IN)];
        poll(&mut waits, limit.as_ref()).is_ok() && waits[0].revents().contains(PollFlags::IN)
    };
    let mut out = io::stdout();
    let question = [if background { BACKGROUND } else { "" }, if graphics { GRAPHICS } else { "" }, LAST].concat();
    if is_ready(Duration::ZERO) || out.write_all(question.as_bytes()).and_then(|()| out.flush()).is_err() {
        return TerminalReport::default();
    }
    let end = Instant::now() + PATIENCE;
    let mut heard = Vec::new();
    loop {
        let (_, state) = understand(&heard);
        let left = end.saturating_duration_since(Instant::now());
        let limit = if state == ReportState::InAnAnswer { left.max(REST) } else { left };
        if state == ReportState::Whole || !is_ready(limit) {
            break;
        }
        // As large as the buffer of standard input, so that nothing stays in that.
        let mut piece = vec![0; 64 * 1024];
        match stdin.lock().read(&mut piece) {
            Ok(read @ 1..) => heard.extend_from_slice(&piece[..read]),
            _ => break,
        }
    }
    let (mut answer, state) = understand(&heard);
    if state != ReportState::Whole {
        answer.owed = u8::from(background) + 2 * u8::from(graphics);
    }
    answer
}

#[cfg(not(unix))]
pub fn ask(_background: bool, _graphics: bool) -> TerminalReport {
    TerminalReport::default()
}

/// What `COLORFGBG` says, which some terminals set: the last part is the background's number among
/// the sixteen colours.
pub fn of_variable(value: &str) -> Option<Background> {
    match value.rsplit(';').next()?.parse().ok()? {
        0..=6 | 8 => Some(Background::Dark),
        7 | 9..=15 => Some(Background::Light),
        _ => None,
    }
}

/// How far the answers have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReportState {
    Awaited,
    /// One has begun and not ended.
    InAnAnswer,
    /// The last one is there.
    Whole,
}

/// What was heard so far, and how far that goes.
fn understand(heard: &[u8]) -> (TerminalReport, ReportState) {
    let (mut answer, mut state) = (TerminalReport::default(), ReportState::Awaited);
    let mut rest = heard;
    while !rest.is_empty() {
        if let Some(told) = rest.strip_prefix(b"\x1b]11;") {
            let Some(end) = told.iter().position(|byte| matches!(byte, 0x07 | 0x1b)) else {
                return (answer, ReportState::InAnAnswer);
            };
            answer.background = background(&told[..end]);
            let ends_long = told[end] == 0x1b;
            rest = told.get(end + 1 + usize::from(ends_long)..).unwrap_or_default();
        } else if let Some(told) = rest.strip_prefix(b"\x1b_G").or(rest.strip_prefix(b"\x1bP")) {
            let is_kitty = rest[1] == b'_';
            let Some(end) = told.windows(2).position(|two| two == b"\x1b\\") else {
                return (answer, ReportState::InAnAnswer);
            };
            let text = String::from_utf8_lossy(&told[..end]);
            match text.strip_prefix(">|") {
                _ if is_kitty => answer.graphics.kitty |= text.ends_with(";OK"),
                Some(name) => name.clone_into(&mut answer.graphics.name),
                None => {}
            }
            rest = &told[end + 2..];
        } else if let Some((cell, after)) = cell(rest) {
            answer.graphics.cell = cell;
            rest = after;
        } else if let Some(told) = rest.strip_prefix(b"\x1b[?") {
            let Some(end) = told.iter().position(|byte| matches!(byte, 0x40..=0x7e)) else {
                return (answer, ReportState::InAnAnswer);
            };
            if told[end] == b'c' {
                state = ReportState::Whole;
                answer.graphics.sixel |= told[..end].split(|byte| *byte == b';').skip(1).any(|part| part == b"4");
            }
            rest = &told[end + 1..];
        } else {
            let (key, len) = key(rest);
            answer.typed.extend(key);
            rest = &rest[len..];
        }
    }
    (answer, state)
}

/// `CSI 6 ; height ; width t`: the pixels of a cell, if they can be, and what comes after.
fn cell(heard: &[u8]) -> Option<(Option<CellSize>, &[u8])> {
    let told = heard.strip_prefix(b"\x1b[6;")?;
    let end = told.iter().position(|byte| matches!(byte, 0x40..=0x7e)).filter(|end| told[*end] == b't')?;
    let (height, width) = std::str::from_utf8(&told[..end]).ok()?.split_once(';')?;
    let part = |text: &str| text.parse::<u16>().ok().filter(|pixels| (2..=200).contains(pixels));
    let cell = part(width).zip(part(height)).map(|(width, height)| CellSize { width, height });
    Some((cell, &told[end + 1..]))
}

/// The key at the beginning of what was typed, and its bytes. Keys that send sequences are left out.
fn key(typed: &[u8]) -> (Option<Key>, usize) {
    let plain = |code| Some(Key { code, ctrl: false, alt: false });
    match typed {
        [0x1b, b'[' | b'O', after @ ..] => {
            let len = after.iter().position(|byte| matches!(byte, 0x40..=0x7e)).map_or(after.len(), |end| end + 1);
            (None, 2 + len)
        }
        [0x1b, ..] => (plain(KeyCode::Esc), 1),
        [b'\r', ..] => (plain(KeyCode::Enter), 1),
        [b'\t', ..] => (plain(KeyCode::Tab), 1),
        [0x7f, ..] => (plain(KeyCode::Backspace), 1),
        [byte @ 1..=26, ..] => {
            (Some(Key { code: KeyCode::Char(char::from(byte - 1 + b'a')), ctrl: true, alt: false }), 1)
        }
        [byte, ..] if *byte < b' ' => (None, 1),
        _ => {
            let len = (1..=typed.len().min(4)).find(|len| std::str::from_utf8(&typed[..*len]).is_ok());
            let text = len.and_then(|len| std::str::from_utf8(&typed[..len]).ok());
            (text.and_then(|text| plain(KeyCode::Char(text.chars().next()?))), len.unwrap_or(1))
        }
    }
}

/// The background in `rgb:1e1e/1e1e/1e1e` (XParseColor; one to four digits each) or `#1e1e1e`.
fn background(told: &[u8]) -> Option<Background> {
    let told = std::str::from_utf8(told).ok()?;
    let parts: Vec<&str> = if let Some(parts) = told.strip_prefix("rgb:").or(told.strip_prefix("rgba:")) {
        parts.split('/').collect()
    } else {
        let digits = told.strip_prefix('#').filter(|digits| digits.is_ascii() && digits.len() % 3 == 0)?;
        let each = digits.len() / 3;
        (0..3).map(|part| &digits[part * each..(part + 1) * each]).collect()
    };
    let part = |text: &&str| {
        let most = (1_u32 << (4 * text.len().clamp(1, 4))) - 1;
        Some(f64::from(u32::from_str_radix(text, 16).ok().filter(|part| *part <= most)?) / f64::from(most))
    };
    let parts: Vec<f64> = parts.iter().take(3).map(part).collect::<Option<_>>()?;
    let [red, green, blue] = parts[..] else { return None };
    // Brightness as the eye sees it (ITU-R BT.601).
    let is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 0.5;
    Some(if is_light { Background::Light } else { Background::Dark })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_from_keys() {
        let keys = |names: &[&str]| names.iter().filter_map(|name| Key::parse(name)).collect::<Vec<_>>();
        let light = Some(Background::Light);
        for (heard, background, typed, state) in [
            ("\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;4c", light, vec![], ReportState::Whole),
            ("\x1b]11;rgb:fd/f6/e3\x07\x1b[?1;2c", light, vec![], ReportState::Whole),
            ("\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1b[?6c", Some(Background::Dark), vec![], ReportState::Whole),
            ("\x1b]11;#fdf6e3\x1b\\\x1b[?6c", light, vec![], ReportState::Whole),
            ("\x1b]11;rgba:ffff/ffff/ffff/ffff\x1b\\\x1b[?6c", light, vec![], ReportState::Whole),
            ("\x1b[?62c", None, vec![], ReportState::Whole),
            (
                "/\x1b]11;rgb:ff/ff/ff\x1b\\限\r\x1b[?62c\x03\x1b",
                light,
                keys(&["/", "限", "enter", "ctrl-c", "esc"]),
                ReportState::Whole,
            ),
            ("j\x1b[Ak", None, keys(&["j", "k"]), ReportState::Awaited),
            ("\x1b]11;rgb:ffff/ff", None, vec![], ReportState::InAnAnswer),
            ("\x1b]11;rgb:nonsense\x1b\\\x1b[?62c", None, vec![], ReportState::Whole),
            ("", None, vec![], ReportState::Awaited),
        ] {
            let (answer, found) = understand(heard.as_bytes());
            assert_eq!((answer.background, answer.typed, found), (background, typed, state), "{heard:?}");
            // However it is cut, nothing panics.
            (0..heard.len()).for_each(|cut| drop(understand(&heard.as_bytes()[..cut])));
        }
    }

    #[test]
    fn what_a_terminal_says_of_pictures_is_understood() {
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
            let (answer, state) = understand(heard.as_bytes());
            assert_eq!((answer.graphics, state), (expected, ReportState::Whole), "{heard:?}");
            let typed_keys: String = answer.typed.iter().map(ToString::to_string).collect();
            assert_eq!(typed_keys, typed, "{heard:?}");
            (0..heard.len()).for_each(|cut| drop(understand(&heard.as_bytes()[..cut])));
        }
    }

    #[test]
    fn the_variable_names_a_colour_of_sixteen() {
        for (value, expected) in [
            ("15;0", Some(Background::Dark)),
            ("0;15", Some(Background::Light)),
            ("0;default;7", Some(Background::Light)),
            ("12;8", Some(Background::Dark)),
            ("default", None),
            ("", None),
            ("0;99", None),
        ] {
            assert_eq!(of_variable(value), expected, "{value}");
        }
    }
}
