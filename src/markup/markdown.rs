//! Markdown: parses repaired text into blocks and extracts plain text and links.
//!
//! Works with byte offsets into the text. Knows nothing of entries, dates or screens.

use super::html::{HtmlReader, HtmlToken};
use crate::text::{clean, clean_line, joins_without_space};
use pulldown_cmark::{BrokenLink, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::{collections::HashMap, ops::Range};

/// Markdown extensions that are understood, here and on the screen: those of GitHub, footnotes, and the
/// `[[page]]` and `[[page|label]]` of wikis.
pub fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_WIKILINKS
}

/// Bytes of text per event in notes with many links, to reserve memory. Notes with more events let it grow.
const BYTES_PER_EVENT: usize = 14;

/// An event with the bytes it comes from.
pub type OffsetEvent<'a> = (Event<'a>, Range<usize>);

/// A Markdown text, parsed once.
pub struct Document<'a> {
    pub events: Vec<OffsetEvent<'a>>,
    pub blocks: Vec<Block>,
    /// Label (folded as in Markdown) and URL of each link definition.
    pub definitions: Vec<(String, String)>,
    /// Label of each footnote and the events of its text.
    pub footnotes: HashMap<String, Range<usize>>,
}

/// A block at the top level of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub kind: BlockKind,
    /// Bytes of the text that the block covers.
    pub place: Range<usize>,
    /// Indices of its events, including its own start and end.
    pub events: Range<usize>,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    pub place: Range<usize>,
    pub events: Range<usize>,
    /// Events of the first cell with a link, up to the end of the link.
    pub link: Option<Range<usize>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    Heading(u8),
    Paragraph,
    /// Events and bytes of each item.
    List(Vec<(Range<usize>, Range<usize>)>),
    Table,
    Quote,
    Code,
    Html,
    Rule,
    Other,
}

impl<'a> Document<'a> {
    pub fn parse(text: &'a str) -> Document<'a> {
        // A reference without a definition is text.
        let mut unknown = |_: BrokenLink<'_>| None::<(CowStr<'_>, CowStr<'_>)>;
        let parser = Parser::new_with_broken_link_callback(text, options(), Some(&mut unknown));
        let definitions = parser.reference_definitions().iter();
        let definitions = definitions.map(|(label, target)| (label.to_lowercase(), target.dest.to_string())).collect();
        let mut events: Vec<OffsetEvent<'a>> = Vec::with_capacity(text.len() / BYTES_PER_EVENT);
        events.extend(parser.into_offset_iter());
        let blocks = blocks(&events);
        let footnotes = blocks.iter().filter_map(|block| match &events[block.events.start].0 {
            Event::Start(Tag::FootnoteDefinition(label)) => {
                Some((label.to_string(), block.events.start + 1..block.events.end - 1))
            }
            _ => None,
        });
        let footnotes = footnotes.collect();
        Document { events, blocks, definitions, footnotes }
    }

    /// The rows of a table, without its head.
    pub fn rows(&self, table: &Block) -> Vec<TableRow> {
        let mut rows: Vec<TableRow> = Vec::new();
        let mut cell = 0;
        for at in table.events.clone() {
            let (event, place) = &self.events[at];
            match event {
                Event::Start(Tag::TableRow) => {
                    rows.push(TableRow { place: place.clone(), events: at..at + 1, link: None });
                }
                Event::End(TagEnd::TableRow) => {
                    if let Some(row) = rows.last_mut() {
                        row.events.end = at + 1;
                    }
                }
                Event::Start(Tag::TableCell) => cell = at,
                Event::End(TagEnd::Link) => {
                    if let Some(row) = rows.last_mut().filter(|row| row.link.is_none()) {
                        row.link = Some(cell..at + 1);
                    }
                }
                _ => {}
            }
        }
        rows
    }

    /// The plain text of `block`, on one line.
    pub fn line_of(&self, block: &Block) -> String {
        let mut reader = TextExtractor::new(self, block.events.clone());
        reader.read();
        clean_line(reader.plain.trim()).into_owned()
    }
}

fn blocks(events: &[OffsetEvent<'_>]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    let mut items: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for (at, (event, place)) in events.iter().enumerate() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    start = at;
                    items.clear();
                }
                if depth == 1 && matches!(tag, Tag::Item) {
                    items.push((at..at, place.clone()));
                }
                depth += 1;
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if depth == 1
                    && let Some(item) = items.last_mut()
                {
                    item.0.end = at + 1;
                }
                if depth == 0 {
                    let kind = kind(&events[start].0, &mut items);
                    blocks.push(Block { kind, place: place.clone(), events: start..at + 1 });
                }
            }
            _ if depth == 0 => {
                let kind = if matches!(event, Event::Rule) { BlockKind::Rule } else { BlockKind::Html };
                blocks.push(Block { kind, place: place.clone(), events: at..at + 1 });
            }
            _ => {}
        }
    }
    blocks
}

fn kind(start: &Event<'_>, items: &mut Vec<(Range<usize>, Range<usize>)>) -> BlockKind {
    match start {
        Event::Start(Tag::Heading { level, .. }) => BlockKind::Heading(level_number(*level)),
        Event::Start(Tag::Paragraph) => BlockKind::Paragraph,
        Event::Start(Tag::List(_)) => BlockKind::List(std::mem::take(items)),
        Event::Start(Tag::Table(_)) => BlockKind::Table,
        Event::Start(Tag::BlockQuote(_)) => BlockKind::Quote,
        Event::Start(Tag::CodeBlock(_)) => BlockKind::Code,
        Event::Start(Tag::HtmlBlock) => BlockKind::Html,
        _ => BlockKind::Other,
    }
}

fn level_number(level: HeadingLevel) -> u8 {
    level as u8
}

/// A link or image of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub url: String,
    pub label: String,
    /// Byte of the text at which the link begins.
    pub at: usize,
}

/// Extracts plain text, links and prose from events.
pub struct TextExtractor<'d, 'a> {
    document: &'d Document<'a>,
    events: Range<usize>,
    /// All text, one line for each block; lines around soft breaks are joined.
    pub plain: String,
    /// The author's own words: without quotations, code blocks, captions, URLs and names of pull requests.
    pub own: String,
    /// Prose, in which things may be mentioned, without links and code.
    prose: String,
    /// The start of each piece of prose, in the text and in `prose`.
    pieces: Vec<(usize, usize)>,
    pub links: Vec<Link>,
    pub images: Vec<Link>,
    /// Bare URLs in code.
    pub code_links: Vec<Link>,
    /// Labels of the cited footnotes, whose links are read where they are cited.
    pub footnotes: Vec<String>,
    pub has_code: bool,
    open: Vec<PartialLink>,
    /// Bytes of all labels so far.
    labelled: usize,
    quotes: u32,
    code: bool,
    /// True inside the text of a footnote.
    footnote: bool,
    /// The HTML block being read, whose tags and comments may span lines.
    html_block: Option<HtmlBlockText>,
    /// True after a soft break, until the next character decides how to join the lines.
    pending: bool,
}

/// The lines of an HTML block.
#[derive(Default)]
struct HtmlBlockText {
    html: String,
    /// The start of each line in `html`, and in the text of the document.
    lines: Vec<(usize, usize)>,
}

impl HtmlBlockText {
    fn push(&mut self, line: &str, at: usize) {
        self.lines.push((self.html.len(), at));
        self.html.push_str(line);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LinkSyntax {
    Markdown,
    /// An image of Markdown.
    Image,
    Html,
}

/// A link whose label is being read.
struct PartialLink {
    link: Link,
    syntax: LinkSyntax,
    /// The start of the label in the plain text and in the author's own words.
    plain: usize,
    own: usize,
}

/// Maximum number of bytes in labels per byte of text. Without it, thousands of nested images would each
/// have nearly all of the text as label. The text itself is kept.
const LABELS: usize = 16;

/// Replaces links and code in prose, so that the words around them stay apart.
const CUT: &str = "\u{fffc}";

impl<'d, 'a> TextExtractor<'d, 'a> {
    pub fn new(document: &'d Document<'a>, events: Range<usize>) -> TextExtractor<'d, 'a> {
        TextExtractor {
            document,
            events,
            plain: String::new(),
            own: String::new(),
            prose: String::new(),
            pieces: Vec::new(),
            links: Vec::new(),
            images: Vec::new(),
            code_links: Vec::new(),
            footnotes: Vec::new(),
            footnote: false,
            has_code: false,
            open: Vec::new(),
            labelled: 0,
            quotes: 0,
            code: false,
            html_block: None,
            pending: false,
        }
    }

    /// Clears all results, to read `events` next.
    pub fn turn_to(&mut self, events: Range<usize>) {
        self.events = events;
        self.plain.clear();
        self.own.clear();
        self.prose.clear();
        self.pieces.clear();
        self.links.clear();
        self.images.clear();
        self.code_links.clear();
        self.footnotes.clear();
        self.open.clear();
        self.labelled = 0;
        (self.quotes, self.has_code, self.code, self.pending) = (0, false, false, false);
        self.html_block = None;
        self.footnote = false;
    }

    /// Reads all events.
    pub fn read(&mut self) {
        let document = self.document;
        for (event, place) in &document.events[self.events.clone()] {
            self.event(event, place);
        }
    }

    /// Reads one event of the document.
    pub fn event(&mut self, event: &Event<'a>, place: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, place),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => self.text(text, place.start),
            Event::Code(text) => {
                self.has_code = true;
                self.code_urls(text, place.start);
                self.put(text);
                self.prose_push(place.start, CUT);
            }
            Event::Html(html) => match &mut self.html_block {
                Some(block) => block.push(html, place.start),
                None => self.html(html, |_| place.start),
            },
            Event::InlineHtml(html) => self.html(html, |_| place.start),
            Event::SoftBreak => self.pending = true,
            Event::HardBreak | Event::Rule => self.line(),
            Event::FootnoteReference(label) => {
                self.footnotes.push(label.to_string());
                self.put(label);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'a>, place: &Range<usize>) {
        match tag {
            Tag::Link { dest_url, .. } => self.open_link(dest_url, place.start, LinkSyntax::Markdown),
            Tag::Image { dest_url, .. } => self.open_link(dest_url, place.start, LinkSyntax::Image),
            Tag::HtmlBlock => self.html_block = Some(HtmlBlockText::default()),
            Tag::BlockQuote(_) => {
                self.quotes += 1;
                self.line();
            }
            Tag::CodeBlock(_) => {
                self.code = true;
                self.has_code = true;
                self.line();
            }
            Tag::Paragraph | Tag::Heading { .. } | Tag::Item | Tag::List(_) | Tag::TableRow => self.line(),
            Tag::FootnoteDefinition(_) => {
                self.footnote = true;
                self.line();
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Link | TagEnd::Image => {
                while self.is_in_html_link() {
                    self.close_link();
                }
                self.close_link();
            }
            TagEnd::BlockQuote(_) => {
                self.quotes = self.quotes.saturating_sub(1);
                self.line();
            }
            TagEnd::CodeBlock => {
                self.code = false;
                self.line();
            }
            TagEnd::HtmlBlock => self.html_block(),
            TagEnd::FootnoteDefinition => self.footnote = false,
            TagEnd::TableCell => self.put("  "),
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow => self.line(),
            _ => {}
        }
    }

    fn open_link(&mut self, url: &str, at: usize, syntax: LinkSyntax) {
        let link = Link { url: clean_line(url.trim()).into_owned(), label: String::new(), at };
        self.open.push(PartialLink { link, syntax, plain: self.plain.len(), own: self.own.len() });
        self.prose_push(at, CUT);
    }

    fn is_in_html_link(&self) -> bool {
        self.open.last().is_some_and(|open| open.syntax == LinkSyntax::Html)
    }

    /// Closes a link at `</a>`, which may also belong to an anchor without a URL.
    fn close_html_link(&mut self) {
        if self.is_in_html_link() {
            self.close_link();
        }
    }

    fn close_link(&mut self) {
        let Some(PartialLink { mut link, syntax, plain, own }) = self.open.pop() else { return };
        let is_image = syntax == LinkSyntax::Image;
        let label = self.plain.get(plain..).unwrap_or_default().trim();
        self.labelled += label.len();
        if self.labelled <= LABELS * self.plain.len() {
            link.label.push_str(label);
        }
        if (is_image || is_address(&link.label)) && own <= self.own.len() {
            self.own.truncate(own);
            self.own.push_str(if is_image { " " } else { CUT });
        }
        if is_image { self.images.push(link) } else { self.link(link) }
    }

    fn link(&mut self, link: Link) {
        if !self.footnote {
            self.links.push(link);
        }
    }

    fn code_urls(&mut self, code: &str, at: usize) {
        for place in crate::reference::bare_urls(code) {
            let url = code[place.clone()].to_owned();
            self.code_links.push(Link { label: url.clone(), url, at: at + place.start });
        }
    }

    fn text(&mut self, text: &str, at: usize) {
        if self.code {
            self.code_urls(text, at);
            self.put_verbatim(text);
            return;
        }
        let urls = if self.open.is_empty() { crate::reference::bare_urls(text) } else { Vec::new() };
        if urls.is_empty() {
            self.put(text);
        } else {
            self.put_with(text, &urls);
        }
        if self.open.is_empty() {
            self.bare(text, at, &urls);
        }
    }

    /// Adds bare URLs in running text as links and the rest as prose.
    fn bare(&mut self, text: &str, at: usize, urls: &[Range<usize>]) {
        let mut last = 0;
        for place in urls {
            self.prose_push(at + last, &text[last..place.start]);
            self.prose_push(at + place.start, CUT);
            let url = text[place.clone()].to_owned();
            self.link(Link { label: url.clone(), url, at: at + place.start });
            last = place.end;
        }
        self.prose_push(at + last, &text[last..]);
    }

    fn prose_push(&mut self, at: usize, text: &str) {
        if self.quotes > 0 {
            return;
        }
        if !self.is_in_prose() {
            self.pieces.push((at, self.prose.len()));
        }
        self.prose.push_str(text);
    }

    /// Returns true if the last piece of prose continues.
    fn is_in_prose(&self) -> bool {
        self.pieces.last().is_some_and(|(_, start)| !self.prose[*start..].ends_with('\n'))
    }

    /// Pieces of prose without links and code, each with the byte of the text at which it begins.
    pub fn prose(&self) -> impl Iterator<Item = (usize, &str)> {
        let ends = self.pieces.iter().skip(1).map(|(_, start)| *start).chain([self.prose.len()]);
        self.pieces.iter().zip(ends).map(|((at, start), end)| (*at, &self.prose[*start..end]))
    }

    /// Reads HTML. `line_start` maps an offset in `html` to the start of that line in the document.
    fn html(&mut self, html: &str, line_start: impl Fn(usize) -> usize) {
        for (offset, token) in HtmlReader::new(html) {
            let at = line_start(offset);
            match token {
                HtmlToken::Text(text) => self.text(&text, at),
                HtmlToken::Link(url) => self.open_link(&url, at, LinkSyntax::Html),
                HtmlToken::LinkEnd => self.close_html_link(),
                HtmlToken::Image { url, label } => self.html_image(&url, &label, at),
                // As with images, the URL is no part of the text.
                HtmlToken::Media(url) => {
                    let url = clean_line(url.trim()).into_owned();
                    self.link(Link { label: url.clone(), url, at });
                }
                HtmlToken::LineEnd | HtmlToken::Break => self.line(),
                HtmlToken::CellEnd => self.put("  "),
                HtmlToken::Open(_) | HtmlToken::Close(_) => {}
            }
        }
    }

    /// Reads the HTML block that ends here.
    fn html_block(&mut self) {
        let Some(HtmlBlockText { html, lines }) = self.html_block.take() else { return };
        self.html(&html, |offset| {
            let line = lines.partition_point(|(start, _)| *start <= offset);
            lines.get(line.saturating_sub(1)).map_or(0, |(_, place)| *place)
        });
    }

    /// Adds an image of HTML. Its label is plain text, but not the author's own words.
    fn html_image(&mut self, url: &str, label: &str, at: usize) {
        let own = self.own.len();
        self.put(label);
        self.own.truncate(own);
        let url = clean_line(url.trim()).into_owned();
        if !url.is_empty() {
            self.images.push(Link { url, label: label.to_owned(), at });
        }
    }

    /// Returns true if the next text begins a line of the plain text.
    pub fn is_at_line_start(&self) -> bool {
        self.plain.is_empty() || self.plain.ends_with('\n')
    }

    /// Returns true if there is anything to show.
    pub fn is_visible(&self) -> bool {
        !self.images.is_empty() || !self.plain.trim().is_empty()
    }

    /// Adds text. It is cleaned again, since character references (`&#27;`) were not yet decoded when the
    /// file was.
    fn put(&mut self, text: &str) {
        let text = &*clean(text);
        if text.is_empty() {
            return;
        }
        self.heal(text.chars().next());
        self.plain.push_str(text);
        if self.quotes == 0 && !self.code {
            self.own.push_str(text);
        }
    }

    /// Adds `text`, whose `urls` are not the author's own words.
    fn put_with(&mut self, text: &str, urls: &[Range<usize>]) {
        if urls.is_empty() {
            return self.put(text);
        }
        self.heal(text.chars().next());
        self.plain.push_str(&clean(text));
        if self.quotes == 0 && !self.code {
            let mut last = 0;
            for url in urls {
                self.own.push_str(&clean(&text[last..url.start]));
                self.own.push_str(CUT);
                last = url.end;
            }
            self.own.push_str(&clean(&text[last..]));
        }
    }

    fn put_verbatim(&mut self, text: &str) {
        self.pending = false;
        self.plain.push_str(&clean(text));
    }

    /// Joins the lines around a soft break as their script requires.
    fn heal(&mut self, next: Option<char>) {
        if !std::mem::take(&mut self.pending) {
            return;
        }
        if !joins_without_space(self.plain.chars().next_back(), next) || ends_in_hashtag(&self.plain) {
            self.plain.push(' ');
            self.own.push(' ');
            if !self.pieces.is_empty() {
                self.prose.push(' ');
            }
        }
    }

    /// Ends the current line of plain text, if it is not empty.
    fn line(&mut self) {
        self.pending = false;
        for text in [&mut self.plain, &mut self.own] {
            while text.ends_with(' ') {
                text.pop();
            }
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
        }
        if self.is_in_prose() {
            self.prose.push('\n');
        }
    }
}

/// Returns true if a label is an address rather than words: `https://…`, `owner/repo#12`, `owner/repo`.
fn is_address(label: &str) -> bool {
    !label.contains(char::is_whitespace)
        && label.is_ascii()
        && (label.contains("://") || label.contains('#') || label.matches('/').count() == 1 && label.len() > 6)
}

/// Returns true if the last word is a hashtag, `#标签`, to which the next line does not belong.
fn ends_in_hashtag(text: &str) -> bool {
    let word = text.chars().rev().take(LONGEST_HASHTAG).take_while(|c| !c.is_whitespace());
    word.last() == Some('#')
}

/// Maximum number of characters in a hashtag.
const LONGEST_HASHTAG: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        let document = Document::parse(text);
        let mut reader = TextExtractor::new(&document, 0..document.events.len());
        reader.read();
        reader.plain
    }

    fn links(text: &str) -> Vec<(String, String)> {
        let document = Document::parse(text);
        let mut reader = TextExtractor::new(&document, 0..document.events.len());
        reader.read();
        reader.links.into_iter().map(|link| (link.label, link.url)).collect()
    }

    #[test]
    fn lines_broken_by_hand_are_joined() {
        assert_eq!(plain("折腾了一波，很\n好玩"), "折腾了一波，很好玩\n");
        assert_eq!(plain("lazy\nloading"), "lazy loading\n");
        assert_eq!(plain("- 甲\n  - 乙\n"), "甲\n乙\n");
    }

    #[test]
    fn html_is_markup_and_angle_brackets_are_text() {
        assert_eq!(plain("甲\n\n<!-- 乙\n\n丙 <b>\n-->\n\n丁"), "甲\n丁\n");
        assert_eq!(plain("a <b>bold</b> <!-- gone --> b"), "a bold  b\n");
        assert_eq!(plain("api/<apiGroup>/<Namespace名字>"), "api/<apiGroup>/<Namespace名字>\n");
        assert_eq!(
            links("<a href=\"https://a.example/x\">甲</a>"),
            [("甲".to_owned(), "https://a.example/x".to_owned())]
        );
    }

    #[test]
    fn addresses_quotations_and_captions_are_no_words_of_their_author() {
        for (text, expected) in [
            ("看 https://elixir.example/tcp 的代码", "看 \u{fffc} 的代码\n"),
            ("[containerd/nerdctl#12](https://a.example) 合了", "\u{fffc} 合了\n"),
            ("[Docker 容器](https://a.example) 合了", "Docker 容器 合了\n"),
            ("> 引用\n\n正文", "正文\n"),
            ("正文![火锅](https://a.example/1.png)后", "正文 后\n"),
            ("正文 <img alt=\"火锅\" src=\"https://a.example/1.png\">", "正文\n"),
        ] {
            let document = Document::parse(text);
            let mut reader = TextExtractor::new(&document, 0..document.events.len());
            reader.read();
            assert_eq!(reader.own, expected, "{text}");
        }
    }

    #[test]
    fn pages_of_a_wiki_are_shown_by_their_labels() {
        assert_eq!(plain("见 [[灰度发布]] 与 [[灰度发布|灰度]]"), "见 灰度发布 与 灰度\n");
        assert_eq!(plain("`[[a]]` 与 [[x](https://a.example)]"), "[[a]] 与 [x]\n");
    }

    #[test]
    fn labels_in_labels_are_bounded() {
        assert_eq!(links("[![甲](/b)](/c)"), [("甲".to_owned(), "/c".to_owned())]);
        let text = "<a href=b>a".repeat(2000) + &"</a>".repeat(2000);
        let size: usize = links(&text).iter().map(|(label, _)| label.len()).sum();
        assert!(size <= LABELS * 2000, "{size}");
    }

    #[test]
    fn links_of_all_sorts_are_found() {
        for (text, label, url) in [
            ("[甲](https://a.example)", "甲", "https://a.example"),
            ("[甲][x]\n\n[x]: https://a.example", "甲", "https://a.example"),
            ("<https://a.example>", "https://a.example", "https://a.example"),
            ("项目:https://a.example/b，好", "https://a.example/b", "https://a.example/b"),
        ] {
            assert_eq!(links(text), [(label.to_owned(), url.to_owned())], "{text}");
        }
        assert!(links("[x]: https://unused.example").is_empty());
        assert!(links("```\nhttps://code.example\n```").is_empty());
    }
}
