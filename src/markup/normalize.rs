//! The normalizer: repairs text that Markdown would misread, before it is parsed.
//!
//! Works line by line and never inside code. A repair keeps the line or inserts a blank line before it;
//! [`NormalizedText::line`] maps lines of the repaired text back to lines of the file. Each repair is
//! reported as a Problem of level *repaired*. Plain Markdown stays unchanged.

mod outline;
mod wiki;

pub use wiki::is_property;

use super::html;
use crate::text::problem::{Code, Problem};
use crate::text::{fold, is_cjk_punctuation, is_han, lines};
use outline::{Outline, OutlineLine};
use regex::{Captures, Regex};
use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

/// Repaired text, which a Markdown parser understands as its author meant it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormalizedText {
    pub text: String,
    pub problems: Vec<Problem>,
    /// Lines of `text`, from 0, that were inserted, ascending.
    inserted: Vec<u32>,
    /// Line of the file, from 1, at which `text` begins.
    first: u32,
}

impl NormalizedText {
    /// The line of the file, from 1, for line `at` of `text`, from 0.
    pub fn line(&self, at: u32) -> u32 {
        let put_in = self.inserted.partition_point(|&inserted| inserted <= at) as u32;
        (at + self.first).saturating_sub(put_in)
    }
}

/// Separates emphasis from the letter it touches where CommonMark would not see its end
/// (commonmark-spec#650). The parser takes an empty comment as punctuation, and readers do not see it.
pub const SEAM: &str = "<!---->";

/// Repairs `body`, which begins at line `first` of the file, from 1.
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
        let line = SourceLine::new(line, first + at as u32, at == 0 || state.only_blank);
        state.line(&line, &lines[at + 1..]);
        if at + 1 < lines.len() {
            state.out.text.push('\n');
        }
    }
    state.out.problems = grouped(state.out.problems);
    state.out
}

/// Merges the Problems about markup of other programs, which a note usually has many of, into one of each sort.
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

/// The role of a line, as far as it decides how the next one is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum LineRole {
    #[default]
    Blank,
    Paragraph,
    /// An item or a line that belongs to one.
    Item,
    Other,
}

/// The line before the current one.
#[derive(Default)]
struct PreviousLine {
    role: LineRole,
    /// Text of the line; an underline must be as wide.
    text: String,
    /// Lines of its paragraph so far.
    paragraph: u32,
    /// True if it was `key:: value`.
    is_property: bool,
}

/// Fenced code or a comment that is still open.
#[derive(Default)]
struct OpenCode {
    /// The character of the fence and the length of its run.
    fence: Option<(char, usize)>,
    /// Column of the item that the fence began: the code ends with the item.
    column: usize,
    /// True if a shortcode opened the fence.
    is_shortcode: bool,
    /// True inside an HTML comment of several lines.
    is_comment: bool,
    /// The end of the open comment of several lines, `%% …`, or of the open drawer.
    aside: Option<&'static str>,
}

/// The list around the current line, if there is one.
#[derive(Default)]
struct ListContext {
    is_open: bool,
    /// The number of the last item at each depth of indentation, shallow first.
    numbers: Vec<(usize, u32)>,
    /// True if the line before was an item that begins with a dash.
    has_dashes: bool,
}

impl ListContext {
    fn close(&mut self) {
        self.is_open = false;
        self.numbers.clear();
    }

    /// Returns true if `value` is the number after the last one at this depth.
    fn expects(&self, indent: usize, value: u32) -> bool {
        let last = self.numbers.iter().rev().find(|(depth, _)| *depth <= indent + 1);
        last.is_some_and(|(_, last)| value == last + 1)
    }

    fn number(&mut self, indent: usize, value: u32) {
        self.numbers.retain(|(depth, _)| *depth < indent);
        self.numbers.push((indent, value));
        self.is_open = true;
    }
}

#[derive(Default)]
struct Normalizer {
    out: NormalizedText,
    /// Lines written so far.
    lines: u32,
    /// True while all lines were blank.
    only_blank: bool,
    outline: Outline,
    /// Level of the last heading that was written as one.
    level: usize,
    previous: PreviousLine,
    code: OpenCode,
    list: ListContext,
}

/// A line of the file, taken apart.
#[derive(Clone, Copy)]
struct SourceLine<'t> {
    whole: &'t str,
    indentation: &'t str,
    /// The line without its indentation.
    content: &'t str,
    /// Columns of the indentation.
    indent: usize,
    /// Line of the file, from 1.
    number: u32,
    /// True if only blank lines come before it.
    is_first: bool,
}

impl<'t> SourceLine<'t> {
    fn new(whole: &'t str, number: u32, is_first: bool) -> SourceLine<'t> {
        let content = whole.trim_start_matches([' ', '\t']);
        let indentation = &whole[..whole.len() - content.len()];
        let mut indent = 0;
        for byte in indentation.bytes() {
            indent = if byte == b'\t' { indent / TAB * TAB + TAB } else { indent + 1 };
        }
        SourceLine { whole, indentation, content, indent, number, is_first }
    }
}

impl Normalizer {
    /// Writes one line, repaired; `rest` are the lines after it.
    fn line(&mut self, line: &SourceLine<'_>, rest: &[&str]) {
        let SourceLine { whole, content, number, .. } = *line;
        let ends_code = self.code.is_shortcode && (highlight(content) == Some("") || wiki::ends_code(content));
        let underlines = self.underlines(content, rest);
        if !ends_code && !underlines && self.is_verbatim(content, line.indent) {
            self.only_blank &= content.is_empty();
            return self.put(whole);
        }
        if content.is_empty() {
            self.only_blank = line.is_first;
            self.previous.role = LineRole::Blank;
            self.previous.is_property = false;
            return self.put(whole);
        }
        self.only_blank = false;
        if underlines {
            return self.replace("---", number, "read the line above as a heading of reStructuredText");
        }
        if self.is_aside(content, rest) {
            let comment = [line.indentation, &html::comment(content)].concat();
            return self.replace(&comment, number, "read what is about the text as a comment");
        }
        let language = if ends_code { Some("") } else { fence_language(content) };
        if let Some(language) = language {
            return self.shortcode_fence(line, language);
        }
        if self.separates(content) {
            self.blank_before();
            return self.replace("---", number, "read the line as a rule between paragraphs");
        }
        self.text_line(line, rest.first().copied());
    }

    /// Writes `text` in place of a line that is markup of another program.
    fn replace(&mut self, text: &str, number: u32, message: &str) {
        self.repaired(number, Code::Markup, message);
        self.previous.role = LineRole::Other;
        self.put(text);
    }

    /// Opens a code block in `language`, or closes it if that is empty.
    fn shortcode_fence(&mut self, line: &SourceLine<'_>, language: &str) {
        self.code.is_shortcode = !language.is_empty();
        self.code.fence = self.code.is_shortcode.then_some(('`', 3));
        self.code.column = 0;
        let fence = [line.indentation, "```", language].concat();
        self.replace(&fence, line.number, "read the shortcode as a code block");
    }

    /// Repairs and writes a line that is neither code nor a comment.
    fn text_line(&mut self, line: &SourceLine<'_>, next: Option<&str>) {
        let SourceLine { content, indent, number, .. } = *line;
        self.previous.text.clear();
        self.previous.text.push_str(content.trim_end());
        if indent == 0 && !is_marker(content) && self.previous.role == LineRole::Blank {
            self.list.close();
        }
        self.level = written_level(content).unwrap_or(self.level);
        let content = self.outlined(content, indent, number);
        let content = self.wiki(content, number);
        let content = self.heading(&content, number, line.is_first);
        let content = self.marker(content, indent, number, next);
        let content = self.inline(content, number);
        self.note_role(&content, indent);
        self.out.text.push_str(line.indentation);
        self.put(&content);
    }

    /// Returns true if the line underlines a heading in a way that Markdown does not know.
    fn underlines(&self, content: &str, rest: &[&str]) -> bool {
        self.code.fence.is_none()
            && !self.code.is_comment
            && self.previous.role == LineRole::Paragraph
            && self.previous.paragraph == 1
            && !self.list.is_open
            && is_underline(content, &self.previous.text)
            && !(content.starts_with('~') && is_closed(rest))
    }

    /// Returns true if a line of `-` or `=` separates paragraphs. Markdown would make the paragraph above it
    /// a heading, but no heading has several lines or ends like a sentence.
    fn separates(&self, content: &str) -> bool {
        let rule = content.trim_end();
        let is_rule =
            rule.len() >= 3 && (rule.bytes().all(|byte| byte == b'-') || rule.bytes().all(|byte| byte == b'='));
        is_rule
            && self.previous.role == LineRole::Paragraph
            && !self.list.is_open
            && !self.previous.text.starts_with(['>', '<', '|'])
            && (self.previous.paragraph > 1 || self.previous.text.ends_with(['。', '；', '，']))
    }

    /// Returns true inside comments of several lines and drawers, if they have an end.
    fn is_aside(&mut self, content: &str, rest: &[&str]) -> bool {
        if let Some(end) = self.code.aside {
            if content.trim_end().ends_with(end) {
                self.code.aside = None;
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
        self.code.aside = ends.then_some(opened);
        ends
    }

    fn blank_before(&mut self) {
        self.out.inserted.push(self.lines);
        self.put("");
        self.out.text.push('\n');
    }

    /// Reads Chinese numbers and the days of a diary as headings or items, according to the outline.
    fn outlined<'a>(&mut self, content: &'a str, indent: usize, number: u32) -> Cow<'a, str> {
        let Some(line) = self.outline.read(content).filter(|_| indent == 0) else { return Cow::Borrowed(content) };
        match line {
            OutlineLine::Heading { below } => {
                self.repaired(number, Code::HeadingMarker, "read the line as a heading");
                self.previous.role = LineRole::Other;
                let level = (self.level.max(1) + below).min(6);
                Cow::Owned(["######".get(..level).unwrap_or("######"), " ", content].concat())
            }
            OutlineLine::Item { number: value, text } => {
                self.repaired(number, Code::ListMarker, "read the number as a list item");
                Cow::Owned(format!("{value}. {text}"))
            }
        }
    }

    /// Converts marks of Obsidian and Logseq, and keeps properties on lines of their own.
    fn wiki<'a>(&mut self, content: Cow<'a, str>, number: u32) -> Cow<'a, str> {
        let property = is_property(&content);
        if let Some(mended) = wiki::line(&content) {
            self.repaired(number, Code::Markup, "read a mark of a note program as what it shows");
            return Cow::Owned(mended);
        }
        let apart = matches!(self.previous.role, LineRole::Item | LineRole::Paragraph) && !is_marker(&content);
        if apart && property != self.previous.is_property {
            self.blank_before();
            self.repaired(number, Code::Markup, "set a property apart from the text");
        }
        self.previous.is_property =
            property || is_marker(&content) && is_property(content.get(2..).unwrap_or_default());
        if self.previous.is_property { Cow::Owned([content.trim_end(), "  "].concat()) } else { content }
    }

    fn put(&mut self, line: &str) {
        self.out.text.push_str(line);
        self.lines += 1;
    }

    /// Returns true for fenced code, HTML comments and indented code, which stay as they are.
    fn is_verbatim(&mut self, content: &str, indent: usize) -> bool {
        if self.code.fence.is_some() && indent < self.code.column && !content.is_empty() {
            self.code.fence = None;
        }
        let (column, content) = match after_markers(content) {
            begun if self.code.fence.is_none() && begun.starts_with(['`', '~']) => (content.len() - begun.len(), begun),
            _ => (0, content),
        };
        let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'));
        let run = mark.map_or(0, |mark| content.chars().take_while(|c| *c == mark).count());
        match (self.code.fence, mark) {
            (Some((open, length)), Some(mark)) if mark == open && run >= length && content[run..].trim().is_empty() => {
                self.code.fence = None;
                self.previous.role = LineRole::Other;
                return true;
            }
            (Some(_), _) => return true,
            (None, Some(mark)) if run >= 3 && !(mark == '`' && content[run..].contains('`')) => {
                self.code.fence = Some((mark, run));
                self.code.column = if column > 0 { indent + column } else { 0 };
                self.previous.role = LineRole::Other;
                return true;
            }
            _ => {}
        }
        if self.code.is_comment || content.starts_with("<!--") && !content.starts_with(SEAM) {
            self.code.is_comment = !content.contains("-->");
            self.previous.role = LineRole::Other;
            return true;
        }
        indent >= 4
            && !self.list.is_open
            && self.previous.role != LineRole::Paragraph
            && !is_bullet_like(content)
            && !content.is_empty()
    }

    fn heading<'a>(&mut self, content: &'a str, number: u32, is_first: bool) -> Cow<'a, str> {
        if self.previous.role == LineRole::Blank
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

    /// Converts list markers that Markdown does not know, and separates lists from the paragraph above.
    fn marker<'a>(&mut self, content: Cow<'a, str>, indent: usize, number: u32, next: Option<&str>) -> Cow<'a, str> {
        let among = self.list.has_dashes || next.is_some_and(|next| next.trim_start().starts_with(DASH));
        self.list.has_dashes = content.starts_with(DASH) && among;
        if let Some(rest) = bullet(&content).filter(|_| self.list.has_dashes || !content.starts_with(DASH)) {
            self.repaired(number, Code::ListMarker, "read the bullet as a list item");
            let rest = ["- ", rest].concat();
            self.previous.role = LineRole::Item;
            self.list.is_open = true;
            return Cow::Owned(rest);
        }
        if let Some((value, separator, rest)) = ordinal(&content) {
            let known = matches!(separator, ". " | ") ");
            let follows = value <= 1
                || self.list.expects(indent, value)
                || matches!(self.previous.role, LineRole::Blank)
                || next.is_some_and(|next| continues(next, value));
            if known || follows {
                self.apart(indent, value, number, next);
                self.list.number(indent, value);
                if !known {
                    self.repaired(number, Code::ListMarker, "read the number as a list item");
                    return Cow::Owned(format!("{value}. {rest}"));
                }
            }
        }
        content
    }

    /// Inserts a blank line before an ordered list whose numbers show that it is one. Without it only a list
    /// that starts with 1 can interrupt a paragraph.
    fn apart(&mut self, indent: usize, value: u32, number: u32, next: Option<&str>) {
        if self.previous.role == LineRole::Paragraph
            && !self.list.is_open
            && value != 1
            && indent < 4
            && next.is_some_and(|next| continues(next, value))
        {
            self.blank_before();
            self.repaired(number, Code::ListApart, "set the list apart from the paragraph before it");
        }
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

    fn note_role(&mut self, content: &str, indent: usize) {
        let was_paragraph = self.previous.role == LineRole::Paragraph;
        self.previous.role = if is_marker(content) {
            self.list.is_open = true;
            LineRole::Item
        } else if content.starts_with('#') || content.starts_with('|') || content.starts_with("---") {
            if content.starts_with('#') {
                self.list.close();
            }
            LineRole::Other
        } else if self.list.is_open && (indent > 0 || self.previous.role == LineRole::Item) {
            LineRole::Item
        } else {
            LineRole::Paragraph
        };
        self.previous.paragraph = if was_paragraph { self.previous.paragraph + 1 } else { 1 };
    }

    fn repaired(&mut self, line: u32, code: Code, message: &str) {
        self.out.problems.push(Problem::new(line, code, message));
    }
}

/// Columns between tab stops.
const TAB: usize = 4;

/// Maximum number of lines of a comment or drawer.
const LONGEST_ASIDE: usize = 500;

/// Returns true if `content` has a URL that may have lost its `h`. Most lines have no URL, and most URLs
/// are whole, so this is checked before the regex.
fn may_be_broken(content: &str) -> bool {
    let bytes = content.as_bytes();
    for colon in memchr::memchr_iter(b':', bytes) {
        let scheme = bytes[..colon].strip_suffix(b"s").unwrap_or(&bytes[..colon]);
        let Some(before) = scheme.strip_suffix(b"ttp") else { continue };
        if !before.last().is_some_and(u8::is_ascii_alphabetic) {
            return true;
        }
    }
    false
}

fn has(content: &str, byte: u8) -> bool {
    memchr::memchr(byte, content.as_bytes()).is_some()
}

static ANCHOR: LazyLock<Regex> = LazyLock::new(|| crate::text::regex(r"\[\]\(#[^)\s]*\)"));
static BROKEN_URL: LazyLock<Regex> = LazyLock::new(|| crate::text::regex(r"(^|[^A-Za-z])(ttps?://)"));

static HTML_HEADING: LazyLock<Regex> =
    LazyLock::new(|| crate::text::regex(r"(?i)^<h([1-6])(?:\s[^<>]*)?>(.*[^\s].*)</h[1-6]>\s*$"));

/// Links of reStructuredText: `` `label <url>`_ ``.
static RST_LINK: LazyLock<Regex> =
    LazyLock::new(|| crate::text::regex(r"`([^`<>\[\]]+?)\s*<(https?://[^\s<>()]+)>`__?"));

/// Shortcodes of Hugo, tags of Liquid and Jinja.
static SHORTCODE: LazyLock<Regex> = LazyLock::new(|| {
    crate::text::regex(r"\{\{[<%]\s*(/?[\w./-]+)((?:[^{}]|\{[^{])*?)[>%]\}\}|\{%-?\s*(\w+)[^{}]*?%\}")
});

/// Replaces shortcodes of images by images, and hides the others in comments.
fn shortcodes(content: &str) -> Cow<'_, str> {
    SHORTCODE.replace_all(content, |found: &Captures<'_>| {
        let name = found.get(1).or(found.get(3)).map_or("", |name| name.as_str());
        let rest = found.get(2).map_or("", |rest| rest.as_str());
        let image = if matches!(name, "figure" | "img" | "image" | "picture") { image_of(rest) } else { None };
        image.unwrap_or_else(|| ["<!--", &html::comment_text(&found[0]), "-->"].concat())
    })
}

/// The Markdown of an image shortcode with these parameters, if they have a URL.
fn image_of(parameters: &str) -> Option<String> {
    let url = first_parameter(parameters, &["src", "link"])?;
    let label = first_parameter(parameters, &["title", "caption", "alt"]).unwrap_or_default();
    Some(format!("![{}]({})", label.replace(['[', ']'], ""), url.replace(' ', "%20")))
}

fn first_parameter<'t>(parameters: &'t str, keys: &[&str]) -> Option<&'t str> {
    keys.iter().find_map(|key| parameter(parameters, key))
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

/// The language of a code block that a shortcode or a line of Org begins, or an empty one where it ends.
fn fence_language(content: &str) -> Option<&str> {
    if let Some(language) = highlight(content) {
        return Some(language);
    }
    let language = wiki::begins_code(content)?;
    Some(if language.is_empty() { "text" } else { language })
}

/// The language of `{% highlight go %}`, or an empty one for the line that ends such a block.
fn highlight(content: &str) -> Option<&str> {
    let mut words = shortcode_inner(content.trim_end())?.split_whitespace();
    match words.next()? {
        "highlight" => Some(words.next().filter(|word| !word.contains('`')).unwrap_or("text")),
        "endhighlight" | "/highlight" => Some(""),
        _ => None,
    }
}

/// The text within `{% … %}`, `{{< … >}}` or `{{% … %}}`.
fn shortcode_inner(content: &str) -> Option<&str> {
    let tag = content.strip_prefix("{%").and_then(|rest| rest.strip_suffix("%}"));
    if tag.is_some() {
        return tag;
    }
    let inner = content.strip_prefix("{{<").or(content.strip_prefix("{{%"))?;
    inner.strip_suffix(">}}").or(inner.strip_suffix("%}}"))
}

/// Applies `mend` outside the code spans of `content`; returns `None` if that changes nothing.
fn outside_code(content: &str, mend: fn(&str) -> Cow<'_, str>) -> Option<String> {
    let parts = content.split('`').enumerate();
    let mended: Vec<Cow<'_, str>> =
        parts.map(|(nth, part)| if nth % 2 == 0 { mend(part) } else { Cow::Borrowed(part) }).collect();
    mended.iter().any(|part| matches!(part, Cow::Owned(_))).then(|| mended.join("`"))
}

/// Returns true for a line of one repeated mark as wide as the line above. Markdown knows only `=` and `-`.
fn is_underline(content: &str, above: &str) -> bool {
    let content = content.trim_end();
    let mark = content.bytes().next().filter(|mark| matches!(mark, b'~' | b'^' | b'"'));
    if content.len() < 4 || !mark.is_some_and(|mark| content.bytes().all(|byte| byte == mark)) {
        return false;
    }
    let width = unicode_width::UnicodeWidthStr::width(above);
    (width..=width + 4).contains(&content.len())
}

/// Strips the markers of all items that begin on the line.
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

/// Returns true if a line of `~` opens code that a line in `rest` closes. Another such line may also underline
/// a heading of its own.
fn is_closed(rest: &[&str]) -> bool {
    let Some(at) = rest.iter().position(|line| is_tildes(line)) else { return false };
    let blank = |at: usize| rest.get(at).is_none_or(|line| line.trim().is_empty());
    !(at >= 2 && blank(at - 2) && !blank(at - 1) && is_underline(rest[at], rest[at - 1].trim_end()))
}

fn is_tildes(line: &str) -> bool {
    line.len() >= 3 && line.trim_end().bytes().all(|byte| byte == b'~')
}

/// Bullets of word processors and other dialects, which Markdown does not know.
const BULLETS: [char; 10] = ['•', '·', '●', '○', '◦', '▪', '‣', '・', '–', '◆'];

/// The text after a foreign bullet and a space. The round bullet needs no space: `•text`.
fn bullet(content: &str) -> Option<&str> {
    let first = content.chars().next().filter(|c| !c.is_ascii() && BULLETS.contains(c))?;
    let rest = &content[first.len_utf8()..];
    let text = rest.trim_start_matches([' ', '\u{3000}']);
    (!text.is_empty() && (text.len() < rest.len() || first == '•' || first == '●')).then_some(text)
}

fn is_bullet_like(content: &str) -> bool {
    bullet(content).is_some() && !content.starts_with(DASH)
}

/// The dash, which is a bullet only among others; alone it names the author of a quotation.
const DASH: char = '–';

/// Parses the number of a list item: value, separator and text. Years, decimals and versions are not
/// ordinals.
fn ordinal(content: &str) -> Option<(u32, &str, &str)> {
    static ORDINAL: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r"^(?:[（(]([\d０-９]{1,2})[）)]\s*|([\d０-９]{1,2})(\. |\) |[，、．。：]\s*|[)）]\s*|\.(?:[^\d\s.])))";
        crate::text::regex(pattern)
    });
    let first = content.chars().next()?;
    if ('①'..='⑳').contains(&first) {
        let rest = content[first.len_utf8()..].trim_start_matches([' ', '、', '.', '．', '\u{3000}']);
        return (!rest.trim().is_empty()).then_some((first as u32 - '①' as u32 + 1, "①", rest));
    }
    let digit = if matches!(first, '（' | '(') { content.chars().nth(1)? } else { first };
    if !matches!(digit, '0'..='9' | '０'..='９') {
        return None;
    }
    // Most numbers at the start of a line are longer.
    if content.bytes().take_while(u8::is_ascii_digit).count() > 2 {
        return None;
    }
    let found = ORDINAL.captures(content)?;
    let value = fold(found.get(1).or(found.get(2))?.as_str()).parse().ok()?;
    let separator = found.get(3).map_or("(", |separator| separator.as_str());
    let whole = found.get(0)?;
    // `1.text`: the letter after the dot belongs to the text.
    if separator.starts_with('.') && !separator.ends_with(' ') {
        let letter = separator[1..].chars().next()?;
        let begins_text =
            is_han(letter) || is_cjk_punctuation(letter) || matches!(letter, '[' | '*' | '`') || letter.is_uppercase();
        let rest = &content[whole.end() - letter.len_utf8()..];
        return begins_text.then_some((value, separator, rest));
    }
    let rest = &content[whole.end()..];
    (!rest.trim().is_empty()).then_some((value, separator, rest))
}

/// Returns true if the next line is the item after number `value`.
fn continues(next: &str, value: u32) -> bool {
    let next = next.trim_start();
    ordinal(next).is_some_and(|(number, ..)| number == value + 1)
}

/// Returns true if a line starts with a marker that Markdown knows.
fn is_marker(content: &str) -> bool {
    let dashed = matches!(content.as_bytes(), [b'-' | b'*' | b'+', b' ', ..]);
    let digits = content.bytes().take_while(u8::is_ascii_digit).count();
    let numbered =
        (1..=9).contains(&digits) && matches!(content.as_bytes().get(digits..digits + 2), Some([b'.' | b')', b' ']));
    dashed || numbered || is_bullet_like(content) || ordinal(content).is_some()
}

/// Inserts a [`SEAM`] wherever `**` beside full-width punctuation touches a letter, outside code spans.
/// Returns `None` if there is no such place.
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
    fn ordinals_are_read_as_people_write_them() {
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
