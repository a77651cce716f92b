//! Line filler: cuts styled text into lines of a width, by the rules of Chinese typography.
//!
//! Breaks where Unicode allows it (UAX 14), never before a closing mark or after an opening one,
//! and measures as the screen will, grapheme by grapheme. Knows roles, never colours, and
//! nothing of Markdown.

use super::role::Role;
use crate::text::{is_cjk_punctuation, is_han, is_hangul, is_kana};
use ratatui::buffer::CellWidth;
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;
use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns that indents leave for the text: one wide character.
const LEAST_ROOM: usize = 2;

/// Piece of text in one style. A line feed in `text` ends the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSpan {
    pub text: String,
    pub role: Role,
    pub bold: bool,
    pub italic: bool,
    pub strike: bool,
    /// Number of the match that the text is part of, counted from 0.
    pub place: Option<usize>,
    /// Full URL of a link, even if the text is a shortened form of it.
    pub url: Option<Arc<str>>,
}

impl TextSpan {
    pub fn new(text: impl Into<String>, role: Role) -> TextSpan {
        TextSpan { text: text.into(), role, bold: false, italic: false, strike: false, place: None, url: None }
    }

    /// Copies the style and link to another text.
    #[must_use]
    pub fn with_text(&self, text: impl Into<String>) -> TextSpan {
        let TextSpan { text: _, role, bold, italic, strike, place, ref url } = *self;
        TextSpan { text: text.into(), role, bold, italic, strike, place, url: url.clone() }
    }
}

/// Line of the screen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub spans: Vec<TextSpan>,
}

impl Line {
    /// Columns that the line occupies.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| width(&span.text)).sum()
    }

    /// Text without its styles.
    pub fn plain(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Drops the blanks at the end, over as many spans as they take.
    pub(super) fn trim_end(&mut self) {
        while let Some(last) = self.spans.last_mut() {
            last.text.truncate(last.text.trim_end_matches(is_blank).len());
            if !last.text.is_empty() {
                return;
            }
            self.spans.pop();
        }
    }
}

/// Measures the columns of `text` on the screen, as ratatui does each grapheme. Controls have none.
pub fn width(text: &str) -> usize {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    text.graphemes(true).map(grapheme_width).sum()
}

/// Wraps `spans` into lines of at most `width` columns, with `first_indent` before the first and
/// `next_indent` before the others. Drops blanks at the ends of lines. There is always a first line.
///
/// Indents are cut to leave room for one wide character. Wider characters (only possible when
/// `width` is below 2, or for a few curious ones of three columns) are left out. Takes time linear
/// in the text.
pub fn wrap(spans: &[TextSpan], first_indent: &[TextSpan], next_indent: &[TextSpan], width: usize) -> Vec<Line> {
    let first_indent = fit_indent(first_indent, width);
    let next_indent = fit_indent(next_indent, width);
    let room_of = |indent: &Line| width - indent.width();
    let paragraph = Paragraph::new(spans, room_of(&first_indent).min(room_of(&next_indent)));
    let mut lines = Vec::new();
    let mut start = 0;
    loop {
        let mut line = if lines.is_empty() { first_indent.clone() } else { next_indent.clone() };
        let (end, next) = paragraph.fill(start, room_of(&line));
        paragraph.copy(start, end, &mut line);
        line.trim_end();
        lines.push(line);
        if next >= paragraph.atoms.len() {
            return lines;
        }
        start = next;
    }
}

/// Cuts one line of code into pieces of at most `width` columns, wherever a grapheme ends; blanks
/// are kept. Graphemes wider than `width` are left out.
pub fn chop(spans: &[TextSpan], width: usize) -> Vec<Line> {
    let paragraph = Paragraph::new(spans, width);
    let mut lines = Vec::new();
    let (mut start, mut used) = (0, 0);
    for (place, atom) in paragraph.atoms.iter().enumerate() {
        if used + atom.width > width {
            lines.push(paragraph.line(start, place));
            (start, used) = (place, 0);
        }
        used += atom.width;
    }
    lines.push(paragraph.line(start, paragraph.atoms.len()));
    lines
}

/// Cuts `text` to `width` columns and ends it with `ellipsis`, if it does not fit. An ellipsis that
/// would not fit itself is left out.
pub fn truncate<'a>(text: &'a str, width: usize, ellipsis: &str) -> Cow<'a, str> {
    if prefix(text, width).len() == text.len() {
        return Cow::Borrowed(text);
    }
    let (ellipsis, room) = room_beside(ellipsis, width);
    Cow::Owned(format!("{}{ellipsis}", prefix(text, room).trim_end()))
}

/// Cuts `text` in the middle, if it does not fit: for paths and links, which differ at their ends.
/// The end gets the odd column.
pub fn truncate_middle<'a>(text: &'a str, width: usize, ellipsis: &str) -> Cow<'a, str> {
    if prefix(text, width).len() == text.len() {
        return Cow::Borrowed(text);
    }
    let (ellipsis, room) = room_beside(ellipsis, width);
    let tail = suffix(text, room.div_ceil(2));
    let head = prefix(text, room - self::width(tail));
    Cow::Owned(format!("{head}{ellipsis}{tail}"))
}

fn room_beside(ellipsis: &str, width: usize) -> (&str, usize) {
    match width.checked_sub(self::width(ellipsis)) {
        Some(room) => (ellipsis, room),
        None => ("", width),
    }
}

/// Returns the longest beginning of `text` that is at most `width` columns wide.
fn prefix(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += grapheme_width(grapheme);
        if used > width {
            return &text[..at];
        }
    }
    text
}

/// Returns the longest end of `text` that is at most `width` columns wide.
pub fn suffix(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        used += grapheme_width(grapheme);
        if used > width {
            return &text[at + grapheme.len()..];
        }
    }
    text
}

thread_local! {
    static AMBIGUOUS_IS_WIDE: Cell<bool> = const { Cell::new(false) };
}

/// Sets whether characters of ambiguous width (UAX 11: `“ ” … · ● ①`) take two columns on the screen
/// that this thread draws.
///
/// The width is a property of the terminal, like the locale, and every text on the screen is measured
/// by it, so it is not passed to each measurement. Set once, before the first page.
pub fn set_ambiguous_wide(wide: bool) {
    AMBIGUOUS_IS_WIDE.set(wide);
}

/// Measures the columns of one grapheme. Controls have none.
pub fn grapheme_width(grapheme: &str) -> usize {
    let mut chars = grapheme.chars();
    match (chars.next(), chars.next()) {
        (Some(' '..='~'), None) => 1,
        (Some(c), None) if is_han(c) => 2,
        // Controls are not drawn, and ratatui must not be asked to measure them.
        _ if grapheme.contains(char::is_control) => 0,
        _ if AMBIGUOUS_IS_WIDE.get() => grapheme.width_cjk().max(usize::from(grapheme.cell_width())),
        _ => usize::from(grapheme.cell_width()),
    }
}

fn fit_indent(indent: &[TextSpan], width: usize) -> Line {
    let mut room = width.saturating_sub(LEAST_ROOM);
    let mut line = Line::default();
    for span in indent {
        let text = prefix(&span.text, room);
        room -= self::width(text);
        line.spans.push(span.with_text(text));
    }
    line
}

/// Grapheme of a paragraph.
struct Grapheme {
    /// Bytes at which it begins and ends in the paragraph's text.
    start: usize,
    end: usize,
    /// Index of the span that its first character belongs to; a grapheme is never divided.
    span: usize,
    width: usize,
    kind: GraphemeKind,
    /// True if a line may begin here.
    may_begin: bool,
}

#[derive(PartialEq, Eq)]
enum GraphemeKind {
    Solid,
    /// White space, dropped at the end of a line, so it may lie beyond the edge.
    Blank,
    /// Line feed, which ends the line.
    Feed,
}

struct Paragraph<'a> {
    spans: &'a [TextSpan],
    text: String,
    atoms: Vec<Grapheme>,
}

impl<'a> Paragraph<'a> {
    /// Cuts the text into graphemes and leaves out those wider than `room`.
    fn new(spans: &'a [TextSpan], room: usize) -> Paragraph<'a> {
        let text: String = spans.iter().map(|span| span.text.as_str()).collect();
        let atoms = atoms(&text, spans, room);
        Paragraph { spans, text, atoms }
    }

    /// Finds the end of the line that begins at atom `start`, and the start of the next one.
    fn fill(&self, start: usize, room: usize) -> (usize, usize) {
        let mut used = 0;
        let mut last = None;
        for place in start..self.atoms.len() {
            let atom = &self.atoms[place];
            if atom.kind == GraphemeKind::Feed {
                return (place, place + 1);
            }
            if place > start && atom.may_begin {
                last = Some(place);
            }
            if atom.kind == GraphemeKind::Solid && used + atom.width > room {
                let end = last.unwrap_or_else(|| self.split(start, place, room));
                return (end, end);
            }
            used += atom.width;
        }
        (self.atoms.len(), self.atoms.len())
    }

    /// Finds the place to cut a word that fills the line up to the atom `over`: the last at which no
    /// mark is torn from its word, or, in a word of nothing but marks, none that Chinese never begins
    /// or ends a line with. The search is bounded, for the text may be all marks.
    fn split(&self, start: usize, over: usize, room: usize) -> usize {
        let first = (start + 1).max(over.saturating_sub(room));
        let places = first..=over;
        if let Some(place) = places.clone().rev().find(|place| self.may_split(*place)) {
            return place;
        }
        places.rev().find(|place| self.is_apart(*place, is_closing, is_opening)).unwrap_or(over)
    }

    fn may_split(&self, place: usize) -> bool {
        let closes = |c| is_closing(c) || is_ascii_closing(c);
        self.is_apart(place, closes, |c| is_opening(c) || matches!(c, '(' | '[' | '{'))
    }

    /// Returns true if neither the atom at `place` nor the one before it is a mark bound to the other.
    fn is_apart(&self, place: usize, closes: fn(char) -> bool, opens: fn(char) -> bool) -> bool {
        let atom = &self.atoms[place];
        let (before, after) = self.text.split_at(atom.start);
        atom.kind == GraphemeKind::Solid && !after.starts_with(closes) && !before.ends_with(opens)
    }

    fn line(&self, start: usize, end: usize) -> Line {
        let mut line = Line::default();
        self.copy(start, end, &mut line);
        line
    }

    /// Adds the atoms from `start` to `end` to the line, one span for each run of one style.
    fn copy(&self, start: usize, end: usize, line: &mut Line) {
        let together = |one: &Grapheme, next: &Grapheme| one.span == next.span && one.end == next.start;
        for run in self.atoms[start..end].chunk_by(together) {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
            line.spans.push(self.spans[first.span].with_text(&self.text[first.start..last.end]));
        }
    }
}

/// Cuts `text`, the text of `spans`, into graphemes, without those wider than `room`.
fn atoms(text: &str, spans: &[TextSpan], room: usize) -> Vec<Grapheme> {
    let mut atoms = Vec::with_capacity(text.len());
    let mut breaks =
        linebreaks(text).filter(|(_, kind)| *kind == BreakOpportunity::Allowed).map(|(at, _)| at).peekable();
    let mut before = BreakContext::default();
    let (mut span, mut span_end) = (0, spans.first().map_or(0, |span| span.text.len()));
    for (start, grapheme) in text.grapheme_indices(true) {
        while start >= span_end && span + 1 < spans.len() {
            span += 1;
            span_end += spans[span].text.len();
        }
        while breaks.next_if(|at| *at < start).is_some() {}
        let width = grapheme_width(grapheme);
        if width <= room {
            let may_begin = before.may_break(&text[start..], breaks.peek() == Some(&start));
            atoms.push(Grapheme { start, end: start + grapheme.len(), span, width, kind: kind(grapheme), may_begin });
        }
        before.pass(grapheme);
    }
    atoms
}

fn kind(grapheme: &str) -> GraphemeKind {
    match grapheme.chars().next() {
        Some('\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}') => GraphemeKind::Feed,
        // An accent on a blank is to be seen.
        _ if grapheme.chars().all(is_blank) => GraphemeKind::Blank,
        _ => GraphemeKind::Solid,
    }
}

/// White space that a line may lose at its end; not the kinds that forbid a break.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}

/// Context before a place in the text, for the rules of line breaking.
#[derive(Default)]
struct BreakContext {
    /// Last character that is no blank.
    last: Option<char>,
    /// True if blanks follow it.
    blank: bool,
}

impl BreakContext {
    fn pass(&mut self, grapheme: &str) {
        match grapheme.chars().next_back() {
            Some(c) if is_blank(c) => self.blank = true,
            mark => *self = BreakContext { last: mark, blank: false },
        }
    }

    /// Returns true if a line may begin with `after`, where UAX 14 says `allowed`.
    ///
    /// Stricter than UAX 14 where a mark would be torn from its word, and looser in two places:
    /// between Chinese and a curly quote, which UAX 14 takes for a Latin one glued to both sides
    /// (LB19, fixed in Unicode 16 by LB19a), and before a path or file name that begins with a mark
    /// (LB13).
    fn may_break(&self, after: &str, allowed: bool) -> bool {
        let (Some(last), Some(next)) = (self.last, after.chars().next()) else { return allowed };
        let in_brackets = !self.blank && (next == '>' || last == '<');
        if is_closing(next) || is_opening(last) || in_brackets {
            return false;
        }
        allowed || if self.blank { begins_name(after) } else { is_quote_beside_chinese(last, next) }
    }
}

fn is_quote_beside_chinese(last: char, next: char) -> bool {
    let wide = |c| is_han(c) || is_kana(c) || is_hangul(c);
    (matches!(next, '“' | '‘') && (wide(last) || is_cjk_punctuation(last)))
        || (matches!(last, '”' | '’') && (wide(next) || is_opening(next)))
}

/// Recognizes `.gitignore`, `/etc/hosts`, `!important`.
fn begins_name(text: &str) -> bool {
    let mut chars = text.chars();
    matches!(chars.next(), Some('.' | '/' | '!')) && chars.next().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Recognizes marks that belong to the word before them.
pub(super) fn is_closing(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '、'
            | '；'
            | '：'
            | '！'
            | '？'
            | '．'
            | '·'
            | '・'
            | '…'
            | '‥'
            | '”'
            | '’'
            | '）'
            | '》'
            | '」'
            | '』'
            | '】'
            | '〉'
            | '〕'
            | '〗'
            | '〙'
            | '〛'
            | '］'
            | '｝'
            | '｠'
            | '｣'
            | '﹐'
            | '﹑'
            | '﹒'
            | '﹔'
            | '﹕'
            | '﹖'
            | '﹗'
            | '﹚'
            | '﹜'
            | '﹞'
            | '％'
            | '～'
    )
}

/// Marks of ASCII that are not torn from a word that is cut. Elsewhere they begin names too.
fn is_ascii_closing(c: char) -> bool {
    matches!(c, ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '}')
}

/// Recognizes marks that belong to the word after them.
fn is_opening(c: char) -> bool {
    matches!(
        c,
        '（' | '《'
            | '「'
            | '『'
            | '【'
            | '〈'
            | '〔'
            | '〖'
            | '〘'
            | '〚'
            | '［'
            | '｛'
            | '｟'
            | '｢'
            | '“'
            | '‘'
            | '﹙'
            | '﹛'
            | '﹝'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(text: &str, width: usize) -> Vec<String> {
        wrap(&[TextSpan::new(text, Role::Text)], &[], &[], width).iter().map(Line::plain).collect()
    }

    fn check(text: &str, width: usize, expected: &[&str]) {
        assert_eq!(lines(text, width), expected, "{text} at {width}");
    }

    #[test]
    fn lines_are_filled_with_words_and_characters() {
        check("the quick brown fox", 10, &["the quick", "brown fox"]);
        check("用 Rust 重写了解析器", 10, &["用 Rust 重", "写了解析器"]);
        check("升级containerd到2.0", 12, &["升级", "containerd到", "2.0"]);
        check("see /usr/bin/env and .gitignore", 13, &["see /usr/bin/", "env and", ".gitignore"]);
        check("a\nb\n\nc", 10, &["a", "b", "", "c"]);
        check("", 10, &[""]);
    }

    #[test]
    fn punctuation_stays_with_its_word() {
        check("这一周很忙，真的", 10, &["这一周很", "忙，真的"]);
        check("他读了《容器》一书", 8, &["他读了", "《容器》", "一书"]);
        check("称之为“异步”的东西", 10, &["称之为“异", "步”的东西"]);
        check("“好”“对”“是”", 8, &["“好”“对”", "“是”"]);
        check("“一二”“三四”“五六”", 10, &["“一二”“三", "四”“五六”"]);
        check("名为<名字>的标签", 10, &["名为<名字>", "的标签"]);
        check("名为<名字>的标签", 9, &["名为<名", "字>的标签"]);
        check("好好……吧", 5, &["好", "好……", "吧"]);
    }

    #[test]
    fn long_words_are_cut_and_keep_their_mark() {
        check("abcdefghijklmno", 10, &["abcdefghij", "klmno"]);
        check("abcdefghij，好", 10, &["abcdefghi", "j，好"]);
        check("({...})，尝试在", 8, &["({...}", ")，尝试", "在"]);
        check("见abcdefghijk。", 6, &["见", "abcdef", "ghij", "k。"]);
        check("https://example.org/a/long-path/x", 14, &["https://", "example.org/a/", "long-path/x"]);
    }

    #[test]
    fn graphemes_are_whole() {
        check("👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻", 5, &["👩\u{200d}💻👩\u{200d}💻", "👩\u{200d}💻"]);
        check("🇨🇳🇩🇪🇫🇷", 4, &["🇨🇳🇩🇪", "🇫🇷"]);
        check("❤\u{fe0f}❤\u{fe0f}", 3, &["❤\u{fe0f}", "❤\u{fe0f}"]);
        check("cafe\u{301}s", 4, &["cafe\u{301}", "s"]);
    }

    #[test]
    fn tiny_widths_lose_text_and_nothing_else() {
        check("容器 ab", 0, &[""]);
        check("容器 ab", 1, &["", "a", "b"]);
        check("容器 ab", 2, &["容", "器", "ab"]);
    }

    #[test]
    fn indents_go_before_and_yield_to_the_text() {
        let text = [TextSpan::new("一二三四五六", Role::Text)];
        let indent = |text| [TextSpan::new(text, Role::Dim)];
        let plain =
            |width| wrap(&text, &indent("1. "), &indent("   "), width).iter().map(Line::plain).collect::<Vec<_>>();
        assert_eq!(plain(9), ["1. 一二三", "   四五六"]);
        assert_eq!(plain(3), ["1一", " 二", " 三", " 四", " 五", " 六"]);
    }

    #[test]
    fn looks_and_links_survive_the_cut() {
        let url: Arc<str> = Arc::from("https://example.org");
        let link = TextSpan { url: Some(url.clone()), bold: true, ..TextSpan::new("三四五六", Role::RefLink) };
        let lines = wrap(&[TextSpan::new("一二", Role::Text), link.clone()], &[], &[], 6);
        assert_eq!(lines[0].spans, [TextSpan::new("一二", Role::Text), link.with_text("三")]);
        assert_eq!(lines[1].spans, [link.with_text("四五六")]);
        assert_eq!(lines[0].width(), 6);
    }

    #[test]
    fn a_grapheme_over_two_spans_goes_to_the_first() {
        let lines = wrap(&[TextSpan::new("e", Role::Text), TextSpan::new("\u{301}x", Role::Code)], &[], &[], 10);
        assert_eq!(lines[0].spans, [TextSpan::new("e\u{301}", Role::Text), TextSpan::new("x", Role::Code)]);
    }

    #[test]
    fn cut_texts_say_so() {
        for (text, width, end, middle) in [
            ("short", 5, "short", "short"),
            ("longer text", 7, "longer…", "lon…ext"),
            ("容器运行时", 6, "容器…", "容…时"),
            ("容器运行时", 7, "容器运…", "容器…时"),
            ("👩\u{200d}💻👩\u{200d}💻👩\u{200d}💻", 5, "👩\u{200d}💻👩\u{200d}💻…", "👩\u{200d}💻…👩\u{200d}💻"),
            ("容器", 1, "…", "…"),
            ("容器", 0, "", ""),
        ] {
            assert_eq!(truncate(text, width, "…"), end, "{text} at {width}");
            assert_eq!(truncate_middle(text, width, "…"), middle, "{text} at {width}");
        }
    }

    #[test]
    fn widths_are_those_of_the_screen() {
        for (text, expected) in
            [("abc", 3), ("容器，", 6), ("“”…", 3), ("👩\u{200d}💻", 2), ("🇨🇳", 2), ("❤\u{fe0f}", 2), ("a\u{7}b", 2)]
        {
            assert_eq!(width(text), expected, "{text}");
        }
    }

    #[test]
    fn ambiguous_characters_can_be_wide() {
        set_ambiguous_wide(true);
        for (text, expected) in [("“容器”…", 10), ("·①", 4), ("abc，", 5), ("👩\u{200d}💻", 2), ("═", 2)]
        {
            assert_eq!(width(text), expected, "{text}");
        }
        check("“好”“对”", 8, &["“好”", "“对”"]);
        assert_eq!(truncate("容器运行时", 6, "…"), "容器…");
        assert_eq!(truncate("容器运行时", 5, "…"), "容…");
        set_ambiguous_wide(false);
        assert_eq!(width("“容器”…"), 7);
    }

    #[test]
    fn text_without_end_takes_no_time() {
        for text in ["a", "中", " ", "，", "“", "\u{301}", "中，", "a/", "“ ", "\n", "👩\u{200d}"] {
            let count = wrap(&[TextSpan::new(text.repeat(200_000), Role::Text)], &[], &[], 20).len();
            assert!(count <= 200_001, "{text}");
        }
    }

    const PIECES: &[&str] = &[
        "中",
        "文",
        "容器",
        "可观测性",
        "，",
        "。",
        "；",
        "”",
        "“",
        "‘",
        "’",
        "（",
        "）",
        "《",
        "》",
        "……",
        "——",
        "、",
        " ",
        "  ",
        "word",
        "a",
        "-",
        "3.14",
        "https://example.org/a/b?c=d",
        "eBPF",
        "(",
        ")",
        ",",
        ".",
        "\"",
        "👩\u{200d}💻",
        "🇨🇳",
        "❤\u{fe0f}",
        "e\u{301}",
        "\u{3000}",
        "\u{a0}",
        "·",
    ];

    fn texts(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
        let piece = prop::sample::select(pieces);
        prop::collection::vec(prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat()), 0..6)
    }

    /// Chinese with words and marks, as it is written: never more marks in a row than two.
    fn sentences() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec!["中", "文字", "eBPF", "3.14", "a", "https://example.org/a/b_c?d=e", "v2"]);
        let quoted =
            prop::sample::select(vec![("“", "”"), ("（", "）"), ("《", "》"), ("‘", "’"), ("「", "」"), ("", "")]);
        let mark = prop::sample::select(vec!["，", "。", "？", "：", "……", "", "", "", "、", "！", " ", "—— "]);
        prop::collection::vec((quoted, prop::collection::vec(word, 1..9), mark), 1..12).prop_map(|parts| {
            let sentence = |((open, close), words, mark): &((&str, &str), Vec<&str>, &str)| {
                format!("{open}{}{close}{mark}", words.concat())
            };
            parts.iter().map(sentence).collect::<Vec<String>>().concat()
        })
    }

    fn spans(texts: &[String]) -> Vec<TextSpan> {
        let role = |place| if place % 2 == 0 { Role::Text } else { Role::RefLink };
        texts.iter().enumerate().map(|(place, text)| TextSpan::new(text, role(place))).collect()
    }

    fn without_blanks(text: &str) -> String {
        text.chars().filter(|c| !is_blank(*c)).collect()
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_no_text_is_lost(texts in texts(PIECES), width in 2_usize..200) {
            let spans = spans(&texts);
            let lines = wrap(&spans, &[TextSpan::new("12. ", Role::Dim)], &[TextSpan::new("    ", Role::Dim)], width);
            prop_assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
            let lines = wrap(&spans, &[], &[], width);
            prop_assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
            let wrapped: String = lines.iter().map(Line::plain).collect();
            prop_assert_eq!(without_blanks(&wrapped), without_blanks(&texts.concat()));
        }

        #[test]
        fn graphemes_are_never_split(texts in texts(PIECES), width in 2_usize..60) {
            let all = texts.concat();
            let whole: Vec<&str> = all.graphemes(true).filter(|grapheme| !grapheme.starts_with(is_blank)).collect();
            let lines = wrap(&spans(&texts), &[], &[], width);
            let pieces: Vec<String> = lines.into_iter().flat_map(|line| line.spans).map(|span| span.text).collect();
            let cut: Vec<&str> = pieces.iter().flat_map(|piece| piece.graphemes(true)).filter(|grapheme| !grapheme.starts_with(is_blank)).collect();
            prop_assert_eq!(cut, whole);
        }

        #[test]
        fn no_line_begins_or_ends_with_the_wrong_mark(text in sentences(), width in 10_usize..200) {
            let lines = lines(&text, width);
            for line in lines.iter().skip(1) {
                prop_assert!(!line.starts_with(is_closing), "{lines:#?}");
            }
            for line in &lines[..lines.len() - 1] {
                prop_assert!(!line.ends_with(is_opening), "{lines:#?}");
            }
        }

        #[test]
        fn any_text_at_any_width(text in "(?s).{0,80}", width in 0_usize..12) {
            prop_assert!(wrap(&[TextSpan::new(text.as_str(), Role::Text)], &[], &[], width).iter().all(|line| line.width() <= width));
            prop_assert!(chop(&[TextSpan::new(text.as_str(), Role::Text)], width).iter().all(|line| line.width() <= width));
            prop_assert!(super::width(&truncate(&text, width, "…")) <= width);
            prop_assert!(super::width(&truncate_middle(&text, width, "…")) <= width);
        }

        #[test]
        fn a_line_is_as_wide_as_its_cells(texts in texts(PIECES)) {
            use ratatui::{buffer::Buffer, layout::Rect};
            let spans = spans(&texts);
            let line = &wrap(&spans, &[], &[], 2_000)[0];
            let mut buffer = Buffer::empty(Rect::new(0, 0, 2_000, 1));
            let (end, _) = buffer.set_stringn(0, 0, line.plain(), 2_000, ratatui::style::Style::new());
            prop_assert_eq!(usize::from(end), line.width());
        }
    }
}
