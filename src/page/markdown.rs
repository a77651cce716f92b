//! Markdown as lines of styled text, fitted to a width.
//!
//! Renders what the author wrote: own numbers, own line structure, unknown tags as text. Sees one
//! piece of Markdown and its [`RenderOptions`]; knows no notes, queries or colours. Accepts any
//! input, however deeply nested, and takes time linear in its length.

mod code;
mod inline;
mod list;
mod margin;
mod table;
mod url;

use super::picture::{self, PicturePlace, PictureSizeFn, is_path};
use super::wrap::{Line, TextSpan, wrap};
use super::{role::Role, symbols::Symbols};
use crate::markup::{html::InlineStyle, markdown::options};
use crate::text::{clean, clean_line};
pub use code::languages;
use inline::Inline;
use list::ListStack;
use margin::{LEAST_TEXT, Margin};
use pulldown_cmark::{BlockQuoteKind, BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;
use table::Table;

/// Options for rendering Markdown.
pub struct RenderOptions<'a> {
    /// Columns of the widest line.
    pub width: usize,
    pub symbols: &'a Symbols,
    /// Finds the URL of a link reference that is defined outside the rendered text.
    pub definitions: &'a dyn Fn(&str) -> Option<String>,
    /// Finds what to highlight in the text of a block: byte ranges in any order, overlapping or beyond
    /// the end. Called once for each paragraph, heading, cell or block of code. Each range gets a
    /// [number](super::TextSpan::place), unless it overlaps another.
    pub highlight: &'a dyn Fn(&str) -> Vec<Range<usize>>,
    /// Finds the role of a link to a URL.
    pub url_role: &'a dyn Fn(&str) -> Role,
}

/// Renders `markdown` in lines of at most `style.width` columns. Blank lines are kept, one for any
/// number. Footnotes come last, wherever they were written.
pub fn render(markdown: &str, style: &RenderOptions<'_>) -> Vec<Line> {
    render_with_pictures(markdown, style, &|_, _| None).0
}

/// Renders `markdown` as [`render`] does, with lines kept free below a block for each picture in it
/// whose size is known. Also returns the places of all pictures. Those in tables and footnotes, and
/// repeated ones, are captions only.
pub fn render_with_pictures(
    markdown: &str,
    style: &RenderOptions<'_>,
    sizes: PictureSizeFn<'_>,
) -> (Vec<Line>, Vec<PicturePlace>) {
    if style.width == 0 {
        return (Vec::new(), Vec::new());
    }
    let source = clean(markdown);
    let mut definitions = |link: BrokenLink<'_>| definition(&link, style);
    // Subscript is enabled to tell `~`, which is kept, from `~~`. Lists of definitions and GitHub's
    // alerts only look different; they make no entries.
    let looks = Options::ENABLE_SUBSCRIPT | Options::ENABLE_DEFINITION_LIST | Options::ENABLE_GFM;
    let options = options() | looks;
    let parser = Parser::new_with_broken_link_callback(&source, options, Some(&mut definitions));
    let mut renderer = Renderer::new(&source, style, sizes);
    for (event, place) in parser.into_offset_iter() {
        renderer.take(event, &place);
    }
    renderer.finish()
}

/// Resolves a link reference. `[^1]` is a footnote, which is none.
fn definition<'s>(link: &BrokenLink<'_>, style: &RenderOptions<'_>) -> Option<(CowStr<'s>, CowStr<'s>)> {
    if link.reference.starts_with('^') {
        return None;
    }
    let url = (style.definitions)(&link.reference)?;
    Some((url.into(), "".into()))
}

struct Renderer<'a> {
    style: &'a RenderOptions<'a>,
    source: &'a str,
    /// Start of each line of the source in bytes; true if the line before it is blank.
    starts: Vec<(usize, bool)>,
    lines: Vec<Line>,
    /// True if there is a line of text since the last blank one.
    unbroken: bool,
    inline: Inline<'a>,
    margin: Margin,
    lists: ListStack,
    quotes: usize,
    /// Lines of the footnotes so far, which go to the end.
    notes: Vec<Line>,
    /// State of the text that an open footnote interrupts.
    interrupted: Option<OuterBlock>,
    /// Delimiter of each open emphasis if it belongs to a URL and so is text, else empty.
    emphases: Vec<&'a str>,
    urls: Vec<Range<usize>>,
    /// Open block of code: the words after its fence, and its text.
    code: Option<(String, String)>,
    /// Bytes of code on this page that may still be highlighted.
    code_budget: usize,
    html: Option<String>,
    table: Table,
    row: Vec<table::TableCell>,
    sizes: PictureSizeFn<'a>,
    pictures: Vec<PicturePlace>,
}

/// State of the text around a footnote.
struct OuterBlock {
    lines: Vec<Line>,
    unbroken: bool,
    margin: Margin,
    quotes: usize,
    /// Number of open footnotes inside this one, which stay there.
    inner: usize,
}

impl<'a> Renderer<'a> {
    fn new(source: &'a str, style: &'a RenderOptions<'a>, sizes: PictureSizeFn<'a>) -> Renderer<'a> {
        Renderer {
            style,
            source,
            starts: line_starts(source),
            lines: Vec::new(),
            unbroken: false,
            inline: Inline::new(style),
            margin: Margin::default(),
            lists: ListStack::default(),
            quotes: 0,
            notes: Vec::new(),
            interrupted: None,
            emphases: Vec::new(),
            urls: url::find(source),
            code: None,
            code_budget: code::MOST,
            html: None,
            table: Table::default(),
            row: Vec::new(),
            sizes,
            pictures: Vec::new(),
        }
    }

    fn take(&mut self, event: Event<'_>, place: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, place),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push_str(&text),
                None => self.inline.push(&text),
            },
            Event::Code(code) => self.inline.code(&code),
            Event::Html(html) => match &mut self.html {
                Some(block) => block.push_str(&html),
                None => self.inline.html(&html),
            },
            Event::InlineHtml(html) => self.inline.html(&html),
            Event::FootnoteReference(label) => self.inline.push_as(Role::Dim, &format!("[^{label}]")),
            Event::SoftBreak => self.inline.soft_break(),
            Event::HardBreak => self.inline.hard_break(),
            Event::Rule => self.rule(place),
            Event::TaskListMarker(done) => self.task(done),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.inline.push(&text),
        }
    }

    fn start(&mut self, tag: Tag<'_>, place: &Range<usize>) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock | Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::Table(_) => {
                self.block(place);
                self.start_leaf(tag);
            }
            Tag::List(first) => {
                self.flush();
                self.lists.open(first);
            }
            Tag::Item => self.start_item(place),
            Tag::BlockQuote(kind) => self.start_quote(kind, place),
            Tag::FootnoteDefinition(label) => self.start_note(&label),
            Tag::DefinitionListTitle => {
                self.block(place);
                self.inline.base_bold = true;
            }
            Tag::DefinitionListDefinition => {
                self.block(place);
                self.indent(None, "  ".to_owned());
            }
            Tag::TableHead => self.inline.base_bold = true,
            Tag::Emphasis => self.start_emphasis(InlineStyle::Italic, place.start..place.start + 1),
            Tag::Strong => self.start_emphasis(InlineStyle::Bold, place.start..place.start + 2),
            Tag::Strikethrough => self.inline.open(InlineStyle::Strike),
            Tag::Subscript => self.inline.push("~"),
            Tag::Link { dest_url, .. } => self.inline.open_link(&dest_url),
            Tag::Image { dest_url, .. } => self.inline.open_image(&dest_url),
            _ => {}
        }
    }

    /// Starts a block that contains text.
    fn start_leaf(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => self.code = Some((info.into_string(), String::new())),
            Tag::CodeBlock(CodeBlockKind::Indented) => self.code = Some(Default::default()),
            Tag::HtmlBlock => self.html = Some(String::new()),
            Tag::Heading { .. } => (self.inline.base, self.inline.base_bold) = (Role::Heading, true),
            Tag::Table(alignments) => self.table = Table { alignments, ..Table::default() },
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(_) => {
                self.flush();
                (self.inline.base, self.inline.base_bold) = (self.plain_role(), false);
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => {
                let html = self.html.take().unwrap_or_default();
                self.inline.html(html.trim_end());
                self.flush();
            }
            TagEnd::List(_) => self.lists.close(),
            TagEnd::Item | TagEnd::DefinitionListDefinition => self.end_container(),
            TagEnd::FootnoteDefinition => self.end_note(),
            TagEnd::DefinitionListTitle => {
                self.flush();
                self.inline.base_bold = false;
            }
            TagEnd::BlockQuote(_) => {
                self.end_container();
                self.quotes -= 1;
                self.inline.base = self.plain_role();
            }
            TagEnd::Table => self.end_table(),
            TagEnd::TableHead => {
                self.inline.base_bold = false;
                self.table.header = std::mem::take(&mut self.row);
            }
            TagEnd::TableRow => self.table.rows.push(std::mem::take(&mut self.row)),
            TagEnd::TableCell => {
                let cell = self.inline.finish(self.room());
                self.inline.images.clear();
                self.row.push(cell);
            }
            TagEnd::Emphasis => self.end_emphasis(InlineStyle::Italic),
            TagEnd::Strong => self.end_emphasis(InlineStyle::Bold),
            TagEnd::Strikethrough => self.inline.close(InlineStyle::Strike),
            TagEnd::Subscript => self.inline.push("~"),
            TagEnd::Link => self.inline.close_link(),
            TagEnd::Image => self.inline.close_image(),
            _ => {}
        }
    }

    /// Ends the text before a block, and writes a blank line if the source has one.
    fn block(&mut self, place: &Range<usize>) {
        self.flush();
        let line = self.starts.partition_point(|(start, _)| *start <= place.start);
        let after_blank = line > 0 && self.starts[line - 1].1;
        if after_blank && self.unbroken {
            let mut blank = Line { spans: self.margin.rest() };
            blank.trim_end();
            self.lines.push(blank);
            self.unbroken = false;
        }
    }

    fn write(&mut self, lines: Vec<Line>) {
        self.unbroken |= !lines.is_empty();
        self.lines.extend(lines);
    }

    /// Writes the text gathered so far.
    fn flush(&mut self) {
        if self.inline.is_empty() {
            return;
        }
        let spans = self.inline.finish(self.room());
        let (first, next) = (self.margin.first(), self.margin.rest());
        self.write(wrap(&spans, &first, &next, self.style.width));
        self.keep_free();
    }

    /// Keeps lines free for the pictures of the block that was written.
    fn keep_free(&mut self) {
        for url in std::mem::take(&mut self.inline.images) {
            let is_known = self.pictures.iter().any(|place| place.url == url);
            // Lines of a footnote have no final place yet.
            if self.interrupted.is_some() || self.pictures.len() >= picture::MOST || is_known || !is_path(&url) {
                continue;
            }
            let size = (self.sizes)(&url, self.room());
            let (line, indent, room) = (self.lines.len(), self.margin.width(), self.room());
            let mut free = Line { spans: self.margin.rest() };
            free.trim_end();
            self.lines.extend(std::iter::repeat_n(free, size.map_or(0, |size| usize::from(size.rows))));
            self.pictures.push(PicturePlace { url, line, indent, room, size });
        }
    }

    /// Writes lines as they are, behind the indent.
    fn write_indented(&mut self, lines: Vec<Line>) {
        for mut line in lines {
            let mut spans = self.margin.first();
            spans.append(&mut line.spans);
            line.spans = spans;
            self.write(vec![line]);
        }
    }

    fn room(&self) -> usize {
        self.style.width.saturating_sub(self.margin.width())
    }

    fn plain_role(&self) -> Role {
        if self.quotes > 0 { Role::Quote } else { Role::Text }
    }

    /// Opens a container. A marker for which the margin has no room goes into the text.
    fn indent(&mut self, marker: Option<String>, rest: String) {
        if let Some(marker) = self.margin.open(marker, rest, self.style.width) {
            self.inline.push_as(Role::Dim, &marker);
        }
    }

    fn end_container(&mut self) {
        self.flush();
        if let Some(line) = self.margin.close() {
            self.write(vec![line]);
        }
    }

    fn start_item(&mut self, place: &Range<usize>) {
        self.block(place);
        let marker = self.lists.marker(&self.source[place.clone()], self.style.symbols.bullets);
        let marker = format!("{marker} ");
        let rest = " ".repeat(super::width(&marker));
        self.indent(Some(marker), rest);
    }

    /// Puts the box of a task in place of the bullet; after a number it goes into the text.
    fn task(&mut self, done: bool) {
        let symbols = self.style.symbols;
        let sign = if done { symbols.task_done } else { symbols.task_open };
        if !(self.lists.is_bulleted() && self.margin.replace_marker(sign, self.style.width)) {
            self.inline.push_as(Role::Dim, &format!("{sign} "));
        }
    }

    /// Starts a quote. GitHub's alerts name their kind on a line of its own.
    fn start_quote(&mut self, kind: Option<BlockQuoteKind>, place: &Range<usize>) {
        self.block(place);
        self.quotes += 1;
        let bar = format!("{} ", self.style.symbols.quote);
        self.indent(None, bar);
        if let Some(kind) = kind {
            self.inline.base_bold = true;
            self.inline.push(&format!("{kind:?}"));
            self.flush();
            self.inline.base_bold = false;
        }
        self.inline.base = Role::Quote;
    }

    /// Starts a footnote, which goes to the end, out of every list and quote.
    fn start_note(&mut self, label: &str) {
        self.flush();
        let marker = Some(format!("[^{}] ", clean_line(label)));
        if let Some(interrupted) = &mut self.interrupted {
            interrupted.inner += 1;
            return self.indent(marker, "  ".to_owned());
        }
        let notes = std::mem::take(&mut self.notes);
        self.interrupted = Some(OuterBlock {
            lines: std::mem::replace(&mut self.lines, notes),
            unbroken: std::mem::take(&mut self.unbroken),
            margin: std::mem::take(&mut self.margin),
            quotes: std::mem::take(&mut self.quotes),
            inner: 0,
        });
        self.inline.base = Role::Text;
        self.indent(marker, "  ".to_owned());
    }

    fn end_note(&mut self) {
        self.end_container();
        if let Some(interrupted) = self.interrupted.as_mut().filter(|interrupted| interrupted.inner > 0) {
            interrupted.inner -= 1;
            return;
        }
        let Some(OuterBlock { lines, unbroken, margin, quotes, .. }) = self.interrupted.take() else { return };
        self.notes = std::mem::replace(&mut self.lines, lines);
        (self.unbroken, self.margin, self.quotes) = (unbroken, margin, quotes);
        self.inline.base = self.plain_role();
    }

    /// Returns all lines, the footnotes last, and the places of pictures.
    fn finish(mut self) -> (Vec<Line>, Vec<PicturePlace>) {
        self.flush();
        if !self.notes.is_empty() && self.lines.last().is_some_and(|line| !line.spans.is_empty()) {
            self.lines.push(Line::default());
        }
        self.lines.append(&mut self.notes);
        (self.lines, self.pictures)
    }

    /// Starts emphasis, unless its delimiters are part of a URL such as `…/__init__.py`.
    fn start_emphasis(&mut self, mark: InlineStyle, delimiter: Range<usize>) {
        let before = self.urls.partition_point(|url| url.end <= delimiter.start);
        if self.urls.get(before).is_some_and(|url| url.start < delimiter.start) {
            let delimiter = self.source.get(delimiter).unwrap_or_default();
            self.inline.push(delimiter);
            self.emphases.push(delimiter);
        } else {
            self.inline.open(mark);
            self.emphases.push("");
        }
    }

    fn end_emphasis(&mut self, mark: InlineStyle) {
        match self.emphases.pop() {
            None | Some("") => self.inline.close(mark),
            Some(delimiter) => self.inline.push(delimiter),
        }
    }

    fn rule(&mut self, place: &Range<usize>) {
        self.block(place);
        let rule = TextSpan::new(self.style.symbols.rule.repeat(self.room()), Role::Dim);
        self.write_indented(vec![Line { spans: vec![rule] }]);
    }

    fn end_table(&mut self) {
        let table = std::mem::take(&mut self.table);
        let lines = table.lines(self.room(), self.style.symbols);
        self.write_indented(lines);
    }

    /// Writes a block of code with its lines and blanks. Lines that are too long continue behind a mark,
    /// and all are padded to a rectangle.
    fn end_code(&mut self) {
        let (info, code) = self.code.take().unwrap_or_default();
        if code.is_empty() {
            return;
        }
        let code = code.trim_end_matches('\n');
        for (place, role) in code::parts(&info, code, &mut self.code_budget) {
            self.inline.base = role;
            self.inline.push_lines(&code[place]);
            self.inline.turn();
        }
        self.inline.base = self.plain_role();
        let spans = self.inline.finish(self.room());
        let continuation = if self.room() > LEAST_TEXT { self.style.symbols.continuation } else { "" };
        let lines = code::lines(&spans, self.room(), continuation);
        self.write_indented(lines);
    }
}

/// Returns the start of each line of `source`; true if the line before is blank, also in a quote.
fn line_starts(source: &str) -> Vec<(usize, bool)> {
    let mut starts = Vec::new();
    let (mut start, mut after_blank) = (0, false);
    for line in source.split_inclusive('\n') {
        starts.push((start, after_blank));
        start += line.len();
        after_blank = line.chars().all(|c| c.is_whitespace() || c == '>');
    }
    starts
}

#[cfg(test)]
mod tests;
