//! The normaliser: repairs, before the Markdown parser, what people really write.
//!
//! Works line by line and never inside code. A repair keeps the line, or sets a blank line
//! before it; [`NormalizedText::line`] leads from repaired text back to lines of the file. Each
//! repair is a Problem of level *repaired*. Plain Markdown goes through unchanged.

mod outline;
mod wiki;

pub use wiki::is_property;

use crate::text::problem::{Code, Problem};
use crate::text::{fold, is_cjk_punctuation, is_han, lines};
use outline::{Outline, OutlineLine};
use regex::{Captures, Regex};
use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

/// Text that a Markdown parser understands as its author meant it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalizedText {
    pub text: String,
    pub problems: Vec<Problem>,
    /// Lines of `text`, counted from 0, before which a line was put in, ascending.
    inserted: Vec<u32>,
    /// Line of the file that the first line of `text` was, from 1.
    first: u32,
}

impl NormalizedText {
    /// The line of the file, from 1, that became line `at` of `text`, from 0.
    pub fn line(&self, at: u32) -> u32 {
        let put_in = self.inserted.partition_point(|&inserted| inserted <= at) as u32;
        (at + self.first).saturating_sub(put_in)
    }
}

/// Put between emphasis and the letter it touches, where CommonMark would not see its end
/// (commonmark-spec#650): an empty comment is punctuation to the parser and nothing to readers.
pub const SEAM: &str = "<!---->";

/// `body` repaired; `first` is the line of the file its first line is, from 1.
pub fn normalize(body: &str, first: u32) -> NormalizedText {
    let lines: Vec<&str> = lines(body).collect();
    let mut state = Normalizer {
        outline: Outline::of(&lines),
        out: NormalizedText {
            text: String::with_capacity(body.len() + 64),
            problems: Vec::new(),
            inserted: Vec::new(),
            first,
        },
        ..Normalizer::default()
    };
    for (at, line) in lines.iter().enumerate() {
        state.line(line, first + at as u32, at == 0 || state.only_blank, &lines[at + 1..]);
        if at + 1 < lines.len() {
            state.out.text.push('\n');
        }
    }
    state.out.problems = grouped(state.out.problems);
    state.out
}

/// Markup of another program is all over a note that has any: each sort is said once.
fn grouped(problems: Vec<Problem>) -> Vec<Problem> {
    let mut more: HashMap<String, u32> = HashMap::new();
    let mut kept: Vec<Problem> = Vec::with_capacity(problems.len());
    for problem in problems {
        let count =
            if problem.code == Code::Markup { more.entry(problem.message.clone()).or_insert(0) } else { &mut 0 };
        *count += 1;
        if *count == 1 {
            kept.push(problem);
        }
    }
    for problem in kept.iter_mut().filter(|problem| problem.code == Code::Markup) {
        match more.get(&problem.message) {
            Some(count) if *count > 1 => {
                problem.message = format!("{}, and on {} more lines", problem.message, count - 1);
            }
            _ => {}
        }
    }
    kept
}

impl Default for NormalizedText {
    fn default() -> Self {
        NormalizedText { text: String::new(), problems: Vec::new(), inserted: Vec::new(), first: 1 }
    }
}

/// What the line before was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum PreviousLine {
    #[default]
    Blank,
    Paragraph,
    /// An item or a line that belongs to one.
    Item,
    Other,
}

#[derive(Default)]
struct Normalizer {
    out: NormalizedText,
    fence: Option<(char, usize)>,
    /// Column of the item that the fence began: code ends with it.
    fence_column: usize,
    comment: bool,
    /// The open fence was a shortcode.
    highlight: bool,
    before: PreviousLine,
    only_blank: bool,
    /// The number of the last item at each depth of indentation, shallow first.
    numbers: Vec<(usize, u32)>,
    /// The column below which an indented line is no longer part of the open list.
    in_list: bool,
    /// The line before was a bullet of the dash sort.
    dashes: bool,
    /// The line before, in whose columns an underline is measured.
    above: String,
    /// Lines of the paragraph so far.
    paragraph: u32,
    lines: u32,
    outline: Outline,
    /// Level of the last heading that was written as one.
    level: usize,
    /// In a comment of several lines, `%% …`, or in a drawer.
    aside: Option<&'static str>,
    /// The line before was `key:: value`.
    property: bool,
}

impl Normalizer {
    fn line(&mut self, line: &str, number: u32, is_first: bool, rest: &[&str]) {
        let next = rest.first().copied();
        let content = line.trim_start_matches([' ', '\t']);
        let before = &line[..line.len() - content.len()];
        let indent =
            before.bytes().fold(0, |column, byte| if byte == b'\t' { column / TAB * TAB + TAB } else { column + 1 });
        let ends_code = self.highlight && (highlight(content) == Some("") || wiki::ends_code(content));
        let underlines = self.underlines(content, rest);
        if !ends_code && !underlines && self.is_verbatim(content, indent) {
            self.only_blank &= content.is_empty();
            return self.put(line);
        }
        if content.is_empty() {
            self.only_blank = is_first;
            self.before = PreviousLine::Blank;
            self.property = false;
            return self.put(line);
        }
        self.only_blank = false;
        if underlines {
            self.repaired(number, Code::Markup, "read the line above as a heading of reStructuredText");
            self.before = PreviousLine::Other;
            return self.put("---");
        }
        if self.is_aside(content, rest) {
            self.repaired(number, Code::Markup, "read what is about the text as a comment");
            self.before = PreviousLine::Other;
            return self.put(&[before, &wiki::hidden(content)].concat());
        }
        let fence = if ends_code { Some("") } else { highlight(content) };
        let fence =
            fence.or_else(|| wiki::begins_code(content).map(|name| if name.is_empty() { "text" } else { name }));
        if let Some(fence) = fence {
            self.repaired(number, Code::Markup, "read the shortcode as a code block");
            self.highlight = !fence.is_empty();
            self.fence = self.highlight.then_some(('`', 3));
            self.fence_column = 0;
            self.before = PreviousLine::Other;
            return self.put(&[before, "```", fence].concat());
        }
        if self.separates(content) {
            self.blank_before();
            self.repaired(number, Code::Markup, "read the line as a rule between paragraphs");
            self.before = PreviousLine::Other;
            return self.put("---");
        }
        self.above.clear();
        self.above.push_str(content.trim_end());
        if indent == 0 && !is_marker(content) && self.before == PreviousLine::Blank {
            self.in_list = false;
            self.numbers.clear();
        }
        self.level = written_level(content).unwrap_or(self.level);
        let content = self.outlined(content, indent, number);
        let content = self.wiki(content, number);
        let content = self.heading(&content, number, is_first);
        let content = self.marker(content, indent, number, next);
        let content = self.inline(content, number);
        self.note_kind(&content, indent);
        self.out.text.push_str(before);
        self.put(&content);
    }

    /// Whether the line makes a heading of the one above it in a way that Markdown does not know.
    fn underlines(&self, content: &str, rest: &[&str]) -> bool {
        self.fence.is_none()
            && !self.comment
            && self.before == PreviousLine::Paragraph
            && self.paragraph == 1
            && !self.in_list
            && is_underline(content, &self.above)
            && !(content.starts_with('~') && is_closed(rest))
    }

    /// Whether a line of `-` or `=` stands between paragraphs: Markdown would make a heading of
    /// all that is above it, and no heading is several lines long or ends like a sentence.
    fn separates(&self, content: &str) -> bool {
        let rule = content.trim_end();
        let is_rule =
            rule.len() >= 3 && (rule.bytes().all(|byte| byte == b'-') || rule.bytes().all(|byte| byte == b'='));
        is_rule
            && self.before == PreviousLine::Paragraph
            && !self.in_list
            && !self.above.starts_with(['>', '<', '|'])
            && (self.paragraph > 1 || self.above.ends_with(['。', '；', '，']))
    }

    /// Comments of several lines and drawers, when they have an end.
    fn is_aside(&mut self, content: &str, rest: &[&str]) -> bool {
        if let Some(end) = self.aside {
            if content.trim_end().ends_with(end) {
                self.aside = None;
            }
            return true;
        }
        let opened = if wiki::opens_comment(content) {
            "%%"
        } else if wiki::opens_drawer(content) {
            ":END:"
        } else {
            return false;
        };
        let ends = rest.iter().take(LONGEST_ASIDE).any(|line| line.trim_end().ends_with(opened));
        self.aside = ends.then_some(opened);
        ends
    }

    fn blank_before(&mut self) {
        self.out.inserted.push(self.lines);
        self.put("");
        self.out.text.push('\n');
    }

    /// Chinese numbers and the days of a diary, as what they are in this note.
    fn outlined<'a>(&mut self, content: &'a str, indent: usize, number: u32) -> Cow<'a, str> {
        let Some(line) = self.outline.read(content).filter(|_| indent == 0) else { return Cow::Borrowed(content) };
        match line {
            OutlineLine::Heading { below } => {
                self.repaired(number, Code::HeadingMarker, "read the line as a heading");
                self.before = PreviousLine::Other;
                let level = (self.level.max(1) + below).min(6);
                Cow::Owned(["######".get(..level).unwrap_or("######"), " ", content].concat())
            }
            OutlineLine::Item { number: value, text } => {
                self.repaired(number, Code::ListMarker, "read the number as a list item");
                Cow::Owned(format!("{value}. {text}"))
            }
        }
    }

    /// Marks of Obsidian and Logseq; a property stands on a line of its own.
    fn wiki<'a>(&mut self, content: Cow<'a, str>, number: u32) -> Cow<'a, str> {
        let property = is_property(&content);
        if let Some(mended) = wiki::line(&content) {
            self.repaired(number, Code::Markup, "read a mark of a note program as what it shows");
            return Cow::Owned(mended);
        }
        let apart = matches!(self.before, PreviousLine::Item | PreviousLine::Paragraph) && !is_marker(&content);
        if apart && property != self.property {
            self.blank_before();
            self.repaired(number, Code::Markup, "set a property apart from the text");
        }
        self.property = property || is_marker(&content) && is_property(content.get(2..).unwrap_or_default());
        if self.property { Cow::Owned([content.trim_end(), "  "].concat()) } else { content }
    }

    fn put(&mut self, line: &str) {
        self.out.text.push_str(line);
        self.lines += 1;
    }

    /// Fenced code, HTML comments and code by indentation are left alone.
    fn is_verbatim(&mut self, content: &str, indent: usize) -> bool {
        if self.fence.is_some() && indent < self.fence_column && !content.is_empty() {
            self.fence = None;
        }
        let (column, content) = match after_markers(content) {
            begun if self.fence.is_none() && begun.starts_with(['`', '~']) => (content.len() - begun.len(), begun),
            _ => (0, content),
        };
        let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'));
        let run = mark.map_or(0, |mark| content.chars().take_while(|c| *c == mark).count());
        match (self.fence, mark) {
            (Some((open, length)), Some(mark)) if mark == open && run >= length && content[run..].trim().is_empty() => {
                self.fence = None;
                self.before = PreviousLine::Other;
                return true;
            }
            (Some(_), _) => return true,
            (None, Some(mark)) if run >= 3 && !(mark == '`' && content[run..].contains('`')) => {
                self.fence = Some((mark, run));
                self.fence_column = if column > 0 { indent + column } else { 0 };
                self.before = PreviousLine::Other;
                return true;
            }
            _ => {}
        }
        if self.comment || content.starts_with("<!--") && !content.starts_with(SEAM) {
            self.comment = !content.contains("-->");
            self.before = PreviousLine::Other;
            return true;
        }
        indent >= 4
            && !self.in_list
            && self.before != PreviousLine::Paragraph
            && !is_bullet_like(content)
            && !content.is_empty()
    }

    fn heading<'a>(&mut self, content: &'a str, number: u32, is_first: bool) -> Cow<'a, str> {
        if self.before == PreviousLine::Blank
            && content.starts_with("<h")
            && let Some(found) = HTML_HEADING.captures(content)
        {
            self.repaired(number, Code::Markup, "read the HTML heading as a heading");
            let level = found[1].parse().unwrap_or(1);
            return Cow::Owned(["######".get(..level).unwrap_or("#"), " ", found[2].trim()].concat());
        }
        let hashes = content.bytes().take_while(|byte| *byte == b'#').count();
        let rest = &content[hashes..];
        if !(1..=6).contains(&hashes) || rest.is_empty() {
            return Cow::Borrowed(content);
        }
        if rest.starts_with(' ') {
            return match ANCHOR.replace_all(rest, "") {
                Cow::Borrowed(_) => Cow::Borrowed(content),
                Cow::Owned(rest) => {
                    self.repaired(number, Code::HeadingMarker, "left out an empty link before the heading");
                    Cow::Owned([&content[..hashes], " ", rest.trim_start()].concat())
                }
            };
        }
        let is_heading = hashes > 1 || is_first && !rest.contains('#');
        if is_heading && rest.chars().next().is_some_and(char::is_alphanumeric) {
            self.repaired(number, Code::HeadingMarker, "put a blank after the # of the heading");
            return Cow::Owned([&content[..hashes], " ", rest].concat());
        }
        Cow::Borrowed(content)
    }

    /// List markers that Markdown does not know, and lists that a paragraph would swallow.
    fn marker<'a>(&mut self, content: Cow<'a, str>, indent: usize, number: u32, next: Option<&str>) -> Cow<'a, str> {
        let among = self.dashes || next.is_some_and(|next| next.trim_start().starts_with(DASH));
        self.dashes = content.starts_with(DASH) && among;
        if let Some(rest) = bullet(&content).filter(|_| self.dashes || !content.starts_with(DASH)) {
            self.repaired(number, Code::ListMarker, "read the bullet as a list item");
            let rest = ["- ", rest].concat();
            self.before = PreviousLine::Item;
            self.in_list = true;
            return Cow::Owned(rest);
        }
        if let Some((value, separator, rest)) = ordinal(&content) {
            let known = matches!(separator, ". " | ") ");
            let follows = value <= 1
                || self.expects(indent, value)
                || matches!(self.before, PreviousLine::Blank)
                || next.is_some_and(|next| continues(next, value));
            if known || follows {
                self.apart(indent, value, number, next);
                self.numbered(indent, value);
                if !known {
                    self.repaired(number, Code::ListMarker, "read the number as a list item");
                    return Cow::Owned(format!("{value}. {rest}"));
                }
            }
        }
        content
    }

    /// An ordered list can interrupt a paragraph only when it starts with 1: otherwise a blank
    /// line goes before it, if its numbers show that it is a list.
    fn apart(&mut self, indent: usize, value: u32, number: u32, next: Option<&str>) {
        if self.before == PreviousLine::Paragraph
            && !self.in_list
            && value != 1
            && indent < 4
            && next.is_some_and(|next| continues(next, value))
        {
            self.blank_before();
            self.repaired(number, Code::ListApart, "set the list apart from the paragraph before it");
        }
    }

    fn expects(&self, indent: usize, value: u32) -> bool {
        self.numbers.iter().rev().find(|(depth, _)| *depth <= indent + 1).is_some_and(|(_, last)| value == last + 1)
    }

    fn numbered(&mut self, indent: usize, value: u32) {
        self.numbers.retain(|(depth, _)| *depth < indent);
        self.numbers.push((indent, value));
        self.in_list = true;
    }

    fn inline<'a>(&mut self, content: Cow<'a, str>, number: u32) -> Cow<'a, str> {
        let mut content = content;
        if may_be_broken(&content) && BROKEN_URL.is_match(&content) {
            self.repaired(number, Code::BrokenUrl, "put the h back before ttp");
            content = Cow::Owned(BROKEN_URL.replace_all(&content, "${1}h${2}").into_owned());
        }
        if wiki::may_have_markup(&content)
            && let Some(mended) = outside_code(&content, wiki::inline)
        {
            self.repaired(number, Code::Markup, "read a mark of a note program as what it shows");
            content = Cow::Owned(mended);
        }
        if has(&content, b'{')
            && (content.contains("{{") || content.contains("{%"))
            && let Some(mended) = outside_code(&content, shortcodes)
        {
            self.repaired(number, Code::Markup, "read a shortcode as what it shows");
            content = Cow::Owned(mended);
        }
        if has(&content, b'`') && content.contains("`_") && RST_LINK.is_match(&content) {
            self.repaired(number, Code::Markup, "read a link of reStructuredText");
            content = Cow::Owned(RST_LINK.replace_all(&content, "[${1}](${2})").into_owned());
        }
        if has(&content, b'*')
            && content.contains("**")
            && let Some(mended) = seams(&content)
        {
            self.repaired(number, Code::Emphasis, "saw the emphasis beside full-width punctuation");
            content = Cow::Owned(mended);
        }
        if has(&content, b'<')
            && content.contains("<!--")
            && let Some(mended) = wiki::comments_last(&content)
        {
            content = Cow::Owned(mended);
        }
        content
    }

    fn note_kind(&mut self, content: &str, indent: usize) {
        let was_paragraph = self.before == PreviousLine::Paragraph;
        self.before = if is_marker(content) {
            self.in_list = true;
            PreviousLine::Item
        } else if content.starts_with('#') || content.starts_with('|') || content.starts_with("---") {
            if content.starts_with('#') {
                self.in_list = false;
                self.numbers.clear();
            }
            PreviousLine::Other
        } else if self.in_list && (indent > 0 || self.before == PreviousLine::Item) {
            PreviousLine::Item
        } else {
            PreviousLine::Paragraph
        };
        self.paragraph = if was_paragraph { self.paragraph + 1 } else { 1 };
    }

    fn repaired(&mut self, line: u32, code: Code, message: &str) {
        self.out.problems.push(Problem::new(line, code, message));
    }
}

/// Columns from one tab stop to the next.
const TAB: usize = 4;

/// Lines within which a comment or drawer must end to be one.
const LONGEST_ASIDE: usize = 500;

/// Whether `ttp` stands in `content` with no letter before it: most lines have no URL, and most
/// URLs are whole.
fn may_be_broken(content: &str) -> bool {
    let bytes = content.as_bytes();
    let schemes =
        memchr::memchr_iter(b':', bytes).map(|colon| bytes[..colon].strip_suffix(b"s").unwrap_or(&bytes[..colon]));
    let mut broken = schemes.filter_map(|scheme| scheme.strip_suffix(b"ttp"));
    broken.any(|before| !before.last().is_some_and(u8::is_ascii_alphabetic))
}

fn has(content: &str, byte: u8) -> bool {
    memchr::memchr(byte, content.as_bytes()).is_some()
}

static ANCHOR: LazyLock<Regex> = LazyLock::new(|| crate::text::regex(r"\[\]\(#[^)\s]*\)"));
static BROKEN_URL: LazyLock<Regex> = LazyLock::new(|| crate::text::regex(r"(^|[^A-Za-z])(ttps?://)"));

static HTML_HEADING: LazyLock<Regex> =
    LazyLock::new(|| crate::text::regex(r"(?i)^<h([1-6])(?:\s[^<>]*)?>(.*[^\s].*)</h[1-6]>\s*$"));

/// `` `label <url>`_ `` of reStructuredText.
static RST_LINK: LazyLock<Regex> =
    LazyLock::new(|| crate::text::regex(r"`([^`<>\[\]]+?)\s*<(https?://[^\s<>()]+)>`__?"));

/// Shortcodes of Hugo, tags of Liquid and Jinja.
static SHORTCODE: LazyLock<Regex> = LazyLock::new(|| {
    crate::text::regex(r"\{\{[<%]\s*(/?[\w./-]+)((?:[^{}]|\{[^{])*?)[>%]\}\}|\{%-?\s*(\w+)[^{}]*?%\}")
});

/// `content` with pictures for the shortcodes that show one; the others are kept as comments,
/// which show nothing.
fn shortcodes(content: &str) -> Cow<'_, str> {
    SHORTCODE.replace_all(content, |found: &Captures<'_>| {
        let name = found.get(1).or(found.get(3)).map_or("", |name| name.as_str());
        let rest = found.get(2).map_or("", |rest| rest.as_str());
        let value = |keys: &[&str]| keys.iter().find_map(|key| parameter(rest, key));
        match value(&["src", "link"]).filter(|_| matches!(name, "figure" | "img" | "image" | "picture")) {
            Some(url) => {
                let label = value(&["title", "caption", "alt"]).unwrap_or_default();
                format!("![{}]({})", label.replace(['[', ']'], ""), url.replace(' ', "%20"))
            }
            None => format!("<!--{}-->", found[0].replace("--", "- -").replace('>', " ")),
        }
    })
}

/// The value of `key="…"` in a shortcode.
fn parameter<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let start = text.match_indices(key).find(|(at, _)| {
        text[..*at].ends_with(char::is_whitespace) && text[at + key.len()..].trim_start().starts_with('=')
    })?;
    let value = text[start.0 + key.len()..].trim_start().strip_prefix('=')?.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'' | '`') => value[1..].split(quote).next(),
        _ => value.split_whitespace().next(),
    }
}

/// What follows the fence when the line is `{% highlight go %}` or its end: the language.
fn highlight(content: &str) -> Option<&str> {
    let inner = content.trim_end();
    let inner = inner.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}")).or_else(|| {
        let inner = inner.strip_prefix("{{<").or(inner.strip_prefix("{{%"))?;
        inner.strip_suffix(">}}").or(inner.strip_suffix("%}}"))
    })?;
    let mut words = inner.split_whitespace();
    match words.next()? {
        "highlight" => Some(words.next().filter(|word| !word.contains('`')).unwrap_or("text")),
        "endhighlight" | "/highlight" => Some(""),
        _ => None,
    }
}

/// `content` with `mend` applied outside its code spans; `None` when that changes nothing.
fn outside_code(content: &str, mend: fn(&str) -> Cow<'_, str>) -> Option<String> {
    let parts = content.split('`').enumerate();
    let mended: Vec<Cow<'_, str>> =
        parts.map(|(nth, part)| if nth % 2 == 0 { mend(part) } else { Cow::Borrowed(part) }).collect();
    mended.iter().any(|part| matches!(part, Cow::Owned(_))).then(|| mended.join("`"))
}

/// A line of one mark as long as the line above it: Markdown knows only `=` and `-`.
fn is_underline(content: &str, above: &str) -> bool {
    let content = content.trim_end();
    let mark = content.bytes().next().filter(|mark| matches!(mark, b'~' | b'^' | b'"'));
    if content.len() < 4 || !mark.is_some_and(|mark| content.bytes().all(|byte| byte == mark)) {
        return false;
    }
    let width = unicode_width::UnicodeWidthStr::width(above);
    (width..=width + 4).contains(&content.len())
}

/// `content` without the markers of the items that begin on its line.
fn after_markers(content: &str) -> &str {
    let mut rest = content;
    loop {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let marker = if number.len() < rest.len() { &['.', ')'][..] } else { &['-', '*', '+'] };
        match number.strip_prefix(marker).and_then(|rest| rest.strip_prefix(' ')) {
            Some(after) => rest = after.trim_start_matches(' '),
            None => return rest,
        }
    }
}

/// The level of a heading that is written with `#`.
fn written_level(content: &str) -> Option<usize> {
    let hashes = content.bytes().take_while(|byte| *byte == b'#').count();
    ((1..=6).contains(&hashes) && content[hashes..].starts_with(' ')).then_some(hashes)
}

/// Whether a line of `~` opens code that one of the lines after it closes. Another such line may
/// also underline a heading of its own.
fn is_closed(rest: &[&str]) -> bool {
    let is_tildes = |line: &&str| line.len() >= 3 && line.trim_end().bytes().all(|byte| byte == b'~');
    let Some(at) = rest.iter().position(is_tildes) else { return false };
    let blank = |at: usize| rest.get(at).is_none_or(|line| line.trim().is_empty());
    !(at >= 2 && blank(at - 2) && !blank(at - 1) && is_underline(rest[at], rest[at - 1].trim_end()))
}

/// Bullets of word processors and other dialects. Markdown's own are none of these.
const BULLETS: [char; 10] = ['•', '·', '●', '○', '◦', '▪', '‣', '・', '–', '◆'];

/// What follows a foreign bullet and its blank; `•text` without one counts for the round bullet.
fn bullet(content: &str) -> Option<&str> {
    let first = content.chars().next().filter(|c| !c.is_ascii() && BULLETS.contains(c))?;
    let rest = &content[first.len_utf8()..];
    let text = rest.trim_start_matches([' ', '\u{3000}']);
    (!text.is_empty() && (text.len() < rest.len() || first == '•' || first == '●')).then_some(text)
}

fn is_bullet_like(content: &str) -> bool {
    bullet(content).is_some() && !content.starts_with(DASH)
}

/// A bullet among its like; alone, it says who is quoted above.
const DASH: char = '–';

/// A number at the start of a line with what separates it from its text. Years, decimals and
/// versions are no ordinals.
fn ordinal(content: &str) -> Option<(u32, &str, &str)> {
    static ORDINAL: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r"^(?:[（(]([\d０-９]{1,2})[）)]\s*|([\d０-９]{1,2})(\. |\) |[，、．。：]\s*|[)）]\s*|\.(?:[^\d\s.])))";
        crate::text::regex(pattern)
    });
    let first = content.chars().next()?;
    let is_digit = |c: char| matches!(c, '0'..='9' | '０'..='９');
    let may_be = match first {
        '（' | '(' => content.chars().nth(1).is_some_and(is_digit),
        '①'..='⑳' => true,
        _ => is_digit(first),
    };
    if !may_be {
        return None;
    }
    if let Some(circled) = Some(first).filter(|c| ('①'..='⑳').contains(c)) {
        let rest = content[circled.len_utf8()..].trim_start_matches([' ', '、', '.', '．', '\u{3000}']);
        return (!rest.trim().is_empty()).then_some((circled as u32 - '①' as u32 + 1, "①", rest));
    }
    // Most numbers at the start of a line are longer.
    let end = content.find(|c: char| !c.is_ascii_digit()).unwrap_or(content.len());
    let found = if end > 2 { None } else { ORDINAL.captures(content) }?;
    let value = fold(found.get(1).or(found.get(2))?.as_str()).parse().ok()?;
    let separator = found.get(3).map_or("(", |separator| separator.as_str());
    let whole = found.get(0)?;
    // `1.text`: the letter after the dot belongs to the text.
    if separator.starts_with('.') && !separator.ends_with(' ') {
        let letter = separator[1..].chars().next()?;
        let rest = &content[whole.end() - letter.len_utf8()..];
        return (is_han(letter)
            || is_cjk_punctuation(letter)
            || matches!(letter, '[' | '*' | '`')
            || letter.is_uppercase())
        .then_some((value, separator, rest));
    }
    let rest = &content[whole.end()..];
    (!rest.trim().is_empty()).then_some((value, separator, rest))
}

/// Whether the next line is the next item after number `value`.
fn continues(next: &str, value: u32) -> bool {
    let next = next.trim_start();
    ordinal(next).is_some_and(|(number, ..)| number == value + 1)
}

/// Whether a line starts with a marker Markdown knows.
fn is_marker(content: &str) -> bool {
    let dashed = matches!(content.as_bytes(), [b'-' | b'*' | b'+', b' ', ..]);
    let digits = content.bytes().take_while(u8::is_ascii_digit).count();
    let numbered =
        (1..=9).contains(&digits) && matches!(content.as_bytes().get(digits..digits + 2), Some([b'.' | b')', b' ']));
    dashed || numbered || is_bullet_like(content) || ordinal(content).is_some()
}

/// `content` with a seam wherever `**` beside full-width punctuation touches a letter, outside
/// code spans; `None` when there is no such place.
fn seams(content: &str) -> Option<String> {
    let mut out = String::with_capacity(content.len() + SEAM.len());
    let (mut open, mut code, mut changed) = (false, false, false);
    let mut rest = content;
    let mut before: Option<char> = None;
    while let Some(c) = rest.chars().next() {
        if c == '`' {
            code = !code;
        }
        if !code && rest.starts_with("**") && !rest.starts_with("***") && before != Some('*') && before != Some('\\') {
            let after = rest[2..].chars().next();
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let mark = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric() && !c.is_whitespace());
            if open && mark(before) && letter(after) {
                out.push_str("**");
                out.push_str(SEAM);
                changed = true;
            } else if !open && letter(before) && mark(after) {
                out.push_str(SEAM);
                out.push_str("**");
                changed = true;
            } else {
                out.push_str("**");
            }
            open = !open;
            before = Some('*');
            rest = &rest[2..];
            continue;
        }
        out.push(c);
        before = Some(c);
        rest = &rest[c.len_utf8()..];
    }
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, codes: &[&str]) {
        let normalized = normalize(text, 1);
        let found: Vec<&str> = normalized.problems.iter().map(|problem| problem.code.name()).collect();
        assert_eq!((normalized.text.as_str(), found.as_slice()), (expected, codes), "{text}");
    }

    #[test]
    fn ordinals_people_write() {
        check("1， 本周继续\n    1. 子项\n2. 第二", "1. 本周继续\n    1. 子项\n2. 第二", &["list-marker"]);
        check("1、甲\n2、乙", "1. 甲\n2. 乙", &["list-marker", "list-marker"]);
        check("（1）甲\n（2）乙", "1. 甲\n2. 乙", &["list-marker", "list-marker"]);
        check("1.甲\n2.乙", "1. 甲\n2. 乙", &["list-marker", "list-marker"]);
        check("这周：\n2. 乙\n3. 丙", "这周：\n\n2. 乙\n3. 丙", &["list-apart"]);
    }

    #[test]
    fn bullets_keep_their_indentation() {
        check("  • 甲\n    • 乙\n      1. 丙", "  - 甲\n    - 乙\n      1. 丙", &["list-marker", "list-marker"]);
        check("● 甲", "- 甲", &["list-marker"]);
        check("– 甲\n– 乙", "- 甲\n- 乙", &["list-marker", "list-marker"]);
        check("> 引用\n\n– 某人", "> 引用\n\n– 某人", &[]);
    }

    #[test]
    fn foreign_markup_is_read() {
        check("{{< figure src=\"/a b.png\" title='图[1]' >}}", "![图1](/a%20b.png)", &["markup"]);
        check("文字{{% notice %}}里{{% /notice %}}", "文字<!--{{% notice %}}-->里<!--{{% /notice %}}-->", &["markup"]);
        check("{% raw %}x{% endraw %} `{% raw %}`", "x<!--{% endraw %}--> `{% raw %}`<!--{% raw %}-->", &["markup"]);
        check(
            "{% highlight go %}\n1、x\n{% endhighlight %}\n1、y",
            "```go\n1、x\n```\n1. y",
            &["markup", "list-marker"],
        );
        check(
            "```\n{% highlight go %}\n{% endhighlight %}\n1、x\n```",
            "```\n{% highlight go %}\n{% endhighlight %}\n1、x\n```",
            &[],
        );
        check("News\n~~~~\n\ntext", "News\n---\n\ntext", &["markup"]);
        check("`a link <https://a.example/x>`_ here", "[a link](https://a.example/x) here", &["markup"]);
        check("<h3 id=\"a\">标 <b>题</b></h3>\n文", "### 标 <b>题</b>\n文", &["markup"]);
        check("<div>\n<h3>题</h3>\n</div>", "<div>\n<h3>题</h3>\n</div>", &[]);
        check("①甲\n② 乙", "1. 甲\n2. 乙", &["list-marker", "list-marker"]);
    }

    #[test]
    fn underlines_are_told_from_fences() {
        let rst = "read the line above as a heading";
        for (text, is_heading) in [
            ("News\n~~~~\n\ntext", true),
            ("News\n~~~~\n\ntext\n\nMore\n~~~~\n\ntext", true),
            ("abcd\n~~~~\ncode\n~~~~\n", false),
            ("文\n\n```\nabcd\n~~~~\n```\n", false),
            ("文字\n```\nabcd\n~~~~\n```\n", false),
            ("one\nabcd\n~~~~\n\n~~~~\n", false),
        ] {
            let found = normalize(text, 1).problems.iter().any(|problem| problem.message.contains(rst));
            assert_eq!(found, is_heading, "{text}");
        }
    }

    #[test]
    fn lines_between_paragraphs_are_no_underlines() {
        check("第二段，\n有两行。\n----\n第三段", "第二段，\n有两行。\n\n---\n第三段", &["markup"]);
        check("一句话。\n====\n第三段", "一句话。\n\n---\n第三段", &["markup"]);
        check("Heading\n-------\n> quote\n---", "Heading\n-------\n> quote\n---", &[]);
    }

    #[test]
    fn outlines_in_chinese_numbers() {
        check(
            "# 周报\n\n一、工作\n１．甲\n2、乙\n\n二、生活\n正文",
            "# 周报\n\n## 一、工作\n1. 甲\n2. 乙\n\n## 二、生活\n正文",
            &["heading-marker", "list-marker", "list-marker", "heading-marker"],
        );
        check("一、买菜\n二、做饭", "1. 买菜\n2. 做饭", &["list-marker", "list-marker"]);
        check(
            "2022-07-24 周日 晴\n爬山\n2022-07-25\n在家",
            "## 2022-07-24 周日 晴\n爬山\n## 2022-07-25\n在家",
            &["heading-marker", "heading-marker"],
        );
    }

    #[test]
    fn note_program_markup_is_read() {
        check(
            "- 会 #a\n  id:: 6453a1b2-0000-4000-8000-000000000001\n\t- 子\n\t  :LOGBOOK:\n\t  x\n\t  :END:\n- 二",
            "- 会 #a\n  <!-- id:: 6453a1b2-0000-4000-8000-000000000001 -->\n\t- 子\n\t  <!-- :LOGBOOK: -->\n\t  <!-- x -->\n\t  <!-- :END: -->\n- 二",
            &["markup", "markup"],
        );
        check("- type:: book\n  author:: 某人\n  读完", "- type:: book  \n  author:: 某人  \n\n  读完", &["markup"]);
        check("甲\n\n%%\n- 私\n%%\n乙", "甲\n\n<!-- %% -->\n<!-- - 私 -->\n<!-- %% -->\n乙", &["markup"]);
        check("%%\n不闭合\n:LOGBOOK:\n也不", "%%\n不闭合\n:LOGBOOK:\n也不", &[]);
        check("- [#A] DOING [x](/y)", "- DOING [x](/y)<!--[#A]-->", &["markup"]);
        // An item that begins with code, closed or not, ends with the item.
        check("- ```\n  1、x\n  ```\n- ==y==", "- ```\n  1、x\n  ```\n- **y**", &["markup"]);
        check("- ```\n  1、x\n- ==y==", "- ```\n  1、x\n- **y**", &["markup"]);
        check("#+BEGIN_SRC js\n1、x ==y==\n#+END_SRC", "```js\n1、x ==y==\n```", &["markup"]);
    }

    #[test]
    fn broken_headings_and_links_are_repaired() {
        check("##标题", "## 标题", &["heading-marker"]);
        check("## [](#anchor)标题", "## 标题", &["heading-marker"]);
        check("见 ttps://a.example", "见 https://a.example", &["broken-url"]);
        check("**我想做的事。**所以", "**我想做的事。**<!---->所以", &["emphasis"]);
        check("说**“好”**了", "说<!---->**“好”**<!---->了", &["emphasis"]);
    }

    #[test]
    fn plain_markdown_stays_unchanged() {
        for text in [
            "2022年，我开始写",
            "1.5 倍的延迟",
            "3.14，圆周率",
            "text\n\n    1、code",
            "- ```js\n  1、x ==y==\n  ```",
            "1. - ~~~\n     ##x\n     ~~~",
            "```\n1、code\n• code\n##code\n```\ntext",
            "#标签 #nerdctl",
            "正文\n#标签",
            "**bold** text",
            "$f(x)$ <Namespace名字> => `**a。**b`",
            "http://a.example",
            "1. one\n2. two\n\ntext\n\n3. three",
            "{{ site.url }} {x} ${a}",
            "text\n~~~~~~~~~~~~~~\ncode\n~~~~~~~~~~~~~~",
            "其中①是对的",
        ] {
            check(text, text, &[]);
        }
    }

    #[test]
    fn lines_lead_back_to_the_file() {
        let normalized = normalize("a\n2. b\n3. c", 10);
        assert_eq!(normalized.text, "a\n\n2. b\n3. c");
        assert_eq!([0, 2, 3].map(|at| normalized.line(at)), [10, 11, 12]);
    }
}
