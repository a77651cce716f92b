//! Cleaning: makes any text safe to display.
//!
//! Notes, file names, front matter, configuration, error messages: every string that was not
//! written in this crate goes through [`clean`] or [`clean_line`] before it reaches a cell, a
//! terminal, a clipboard or a log. Only printable characters, spaces and line feeds remain.
//! Works on characters, never on bytes: C1 values are legal inside UTF-8 sequences.

use std::borrow::Cow;

/// Columns between tab stops, as in most editors.
const TAB: usize = 4;

/// Maximum number of combining marks on one base character. Vietnamese and Thai need three; more is
/// decoration ("zalgo") that makes a terminal cell unbounded.
const MARKS: usize = 6;

/// Returns `text` without escape sequences, control characters, bidi controls and invisible characters,
/// with tabs expanded. Line feeds stay; CR, vertical tab, form feed and the Unicode line
/// separators become line feeds. Cleaning twice changes nothing.
pub fn clean(text: &str) -> Cow<'_, str> {
    if is_plain_ascii(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    let first = plain_run(text);
    if first == text.len() {
        return Cow::Borrowed(text);
    }
    let mut out = Cleaner { out: String::with_capacity(text.len()), column: 0, marks: 0 };
    // Start at the beginning of the line, so that tab stops are right.
    let line = text[..first].rfind('\n').map_or(0, |feed| feed + 1);
    out.out.push_str(&text[..line]);
    let mut rest = text[line..].chars();
    loop {
        let ahead = rest.as_str();
        let plain = plain_run(ahead);
        out.plain(&ahead[..plain]);
        rest = ahead[plain..].chars();
        let Some(c) = rest.next() else { break };
        match c {
            '\u{1b}' => rest = skip_escape(rest),
            '\u{9b}' => rest = skip_csi(rest),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => rest = skip_string(rest),
            '\r' if rest.clone().next() == Some('\n') => {}
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.line_feed(),
            '\t' => out.tab(),
            '\u{200d}' => out.joiner(rest.clone().next()),
            c if c.is_control() || is_invisible(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out.out)
}

/// Cleans `text` as [`clean`] does and turns line feeds into spaces. For titles, labels, names and messages.
pub fn clean_line(text: &str) -> Cow<'_, str> {
    if is_printable_ascii(text.as_bytes()) {
        return Cow::Borrowed(text);
    }
    match clean(text) {
        Cow::Borrowed(text) if !text.contains('\n') => Cow::Borrowed(text),
        text => Cow::Owned(text.replace('\n', " ")),
    }
}

/// Returns true for characters that [`clean`] drops besides controls. They occupy no cell or reorder the
/// text around them, so that the screen would not show what was written.
pub fn is_invisible(c: char) -> bool {
    c >= '\u{ad}'
        && matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Bytes that are checked together.
const PIECE: usize = 64;

/// Returns true if none of these bytes needs cleaning.
fn is_plain_ascii(bytes: &[u8]) -> bool {
    all(bytes, is_plain_byte)
}

fn is_printable_ascii(bytes: &[u8]) -> bool {
    all(bytes, is_printable)
}

fn is_printable(byte: u8) -> bool {
    byte.wrapping_sub(b' ') <= b'~' - b' '
}

fn is_plain_byte(byte: u8) -> bool {
    is_printable(byte) || byte == b'\n'
}

/// Checks whole pieces without an early exit, so that the compiler can vectorize the loop.
fn all(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    bytes.chunks(PIECE).all(|piece| piece.iter().fold(true, |all, byte| all & is(*byte)))
}

/// The length of the text before the first character that is not plain.
fn plain_run(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        while bytes.get(at..at + PIECE).is_some_and(is_plain_ascii) {
            at += PIECE;
        }
        let end = at + PIECE;
        while at < end {
            let Some(byte) = bytes.get(at) else { return at };
            if byte.is_ascii() {
                if !is_plain_byte(*byte) {
                    return at;
                }
                at += 1;
            } else {
                let c = text[at..].chars().next().filter(|c| is_common_wide(*c));
                let Some(c) = c else { return at };
                at += c.len_utf8();
            }
        }
    }
}

/// Returns true if the character needs no cleaning, whatever its neighbours are.
fn is_common_wide(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{303f}' | '\u{3041}'..='\u{3096}' | '\u{4e00}'..='\u{9fff}' | '\u{ff01}'..='\u{ff60}')
        || matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

struct Cleaner {
    out: String,
    /// Characters since the last line feed, which tab stops depend on. Characters rather than cells are
    /// counted, since that is enough for indentation.
    column: usize,
    marks: usize,
}

impl Cleaner {
    /// Appends characters that need no cleaning, which may span lines.
    fn plain(&mut self, run: &str) {
        if run.is_empty() {
            return;
        }
        self.out.push_str(run);
        self.marks = 0;
        let line = run.rfind('\n').map(|feed| &run[feed + 1..]);
        self.column = line.map_or(self.column, |_| 0) + line.unwrap_or(run).chars().count();
    }

    fn push(&mut self, c: char) {
        self.marks = if is_mark(c) { self.marks + 1 } else { 0 };
        if self.marks <= MARKS {
            self.out.push(c);
            self.column += 1;
        }
    }

    fn line_feed(&mut self) {
        self.out.push('\n');
        (self.column, self.marks) = (0, 0);
    }

    fn tab(&mut self) {
        let width = TAB - self.column % TAB;
        self.out.extend(std::iter::repeat_n(' ', width));
        self.column += width;
    }

    /// Keeps a zero-width joiner only inside an emoji sequence.
    fn joiner(&mut self, next: Option<char>) {
        let before = self.out.chars().next_back().is_some_and(|c| is_pictograph(c) || c == '\u{fe0f}');
        if before && next.is_some_and(is_pictograph) {
            self.out.push('\u{200d}');
        }
    }
}

/// Skips the sequence after ESC: a CSI, a string sequence, or intermediates and one final character.
fn skip_escape(mut rest: std::str::Chars<'_>) -> std::str::Chars<'_> {
    let ahead = rest.clone();
    match rest.next() {
        Some('[') => skip_csi(rest),
        Some(']' | 'P' | 'X' | '^' | '_') => skip_string(rest),
        Some(' '..='/') => {
            while rest.clone().next().is_some_and(|c| matches!(c, ' '..='/')) {
                rest.next();
            }
            if rest.clone().next().is_some_and(|c| matches!(c, '0'..='~')) {
                rest.next();
            }
            rest
        }
        Some('0'..='~') => rest,
        _ => ahead,
    }
}

/// Skips parameters and intermediates up to the final character (ECMA-48 5.4).
fn skip_csi(mut rest: std::str::Chars<'_>) -> std::str::Chars<'_> {
    while let Some(c) = rest.clone().next() {
        match c {
            ' '..='?' => rest.next(),
            '@'..='~' => {
                rest.next();
                return rest;
            }
            _ => return rest,
        };
    }
    rest
}

/// Skips a control string up to its terminator (BEL or ST), or to the end of the line if it has none.
/// Without its introducer the rest is harmless, and the note must not lose its other lines.
fn skip_string(mut rest: std::str::Chars<'_>) -> std::str::Chars<'_> {
    while let Some(c) = rest.clone().next() {
        match c {
            '\n' | '\r' => return rest,
            '\u{7}' | '\u{9c}' => {
                rest.next();
                return rest;
            }
            '\u{1b}' => {
                let mut after = rest.clone();
                after.next();
                if after.clone().next() == Some('\\') {
                    after.next();
                    return after;
                }
                return rest;
            }
            _ => rest.next(),
        };
    }
    rest
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Returns true for emoji and their components, which may be on either side of a zero-width joiner.
fn is_pictograph(c: char) -> bool {
    matches!(c,
        '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_text_becomes_harmless() {
        for (text, expected) in [
            ("a\u{1b}]52;c;ZXZpbA==\u{7}b", "ab"),
            ("a\u{1b}]8;;http://evil\u{1b}\\label\u{1b}]8;;\u{1b}\\b", "alabelb"),
            ("a\u{1b}[31;1mred\u{1b}[0m", "ared"),
            ("a\u{1b}P1$r\u{1b}\\b", "ab"),
            ("a\u{1b}_G payload", "a"),
            ("a\u{1b}]0;title\nnext", "a\nnext"),
            ("a\u{9b}31mb", "ab"),
            ("a\u{9d}52;c;eA==\u{9c}b", "ab"),
            ("nul\0bs\u{8}del\u{7f}", "nulbsdel"),
            ("\u{202e}gpj.exe\u{2066}x\u{2069}", "gpj.exex"),
            ("zero\u{200b}width\u{feff}", "zerowidth"),
            ("a\tb", "a   b"),
            ("\tx", "    x"),
            ("one\r\ntwo\rthree\u{2028}four", "one\ntwo\nthree\nfour"),
            ("👩\u{200d}💻 ok", "👩\u{200d}💻 ok"),
            ("a\u{200d}b", "ab"),
            ("❤\u{fe0f}", "❤\u{fe0f}"),
            ("\u{1b}", ""),
            ("\u{1b}中", "中"),
            ("容器，“可观测”……", "容器，“可观测”……"),
        ] {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn marks_on_one_character_are_bounded() {
        let zalgo = format!("a{}", "\u{301}".repeat(500));
        assert_eq!(clean(&zalgo).chars().count(), 1 + MARKS);
    }

    proptest! {
        #[test]
        fn no_control_character_survives(text in "(?s).{0,200}") {
            let cleaned = clean(&text).into_owned();
            prop_assert!(cleaned.chars().all(|c| c == '\n' || (!c.is_control() && !is_invisible(c))), "{cleaned:?}");
            prop_assert_eq!(clean(&cleaned).into_owned(), cleaned);
        }

        #[test]
        fn control_characters_among_escapes_are_removed(text in "[\u{1b}\\[\\]P_;0-9mA\u{7}\u{9b}\u{9c}\u{9d}\\\\\u{202e}\n容🏳\u{200d}👩\u{301}]{0,60}") {
            let cleaned = clean(&text).into_owned();
            prop_assert!(cleaned.chars().all(|c| c == '\n' || (!c.is_control() && !is_invisible(c))), "{cleaned:?}");
            prop_assert_eq!(clean(&cleaned).into_owned(), cleaned);
        }
    }
}
