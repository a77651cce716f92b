//! Inline text of one block: collected run by run, then linked, searched and turned into spans that
//! are ready to be wrapped.
//!
//! Knows styles and links, not blocks. Every text is cleaned here.

use super::super::role::Role;
use super::super::wrap::{TextSpan, is_closing, width};
use super::{RenderOptions, url};
use crate::markup::html::{HtmlReader, HtmlToken, InlineStyle};
use crate::text::{clean_line, joins_without_space, ranges::join_overlapping};
use std::ops::Range;
use std::sync::Arc;

/// Columns of the link shown after an image's caption.
const IMAGE_LINK: usize = 32;

/// Minimum width of a shortened link in columns; a narrower one gets a line of its own.
const LEAST_LINK: usize = 12;

/// Number of open tags or delimiters of each [`InlineStyle`].
#[derive(Default)]
struct OpenStyles([usize; 4]);

impl OpenStyles {
    fn open(&mut self, mark: InlineStyle) {
        self.0[mark as usize] += 1;
    }

    fn close(&mut self, mark: InlineStyle) {
        let count = &mut self.0[mark as usize];
        *count = count.saturating_sub(1);
    }

    fn has(&self, mark: InlineStyle) -> bool {
        self.0[mark as usize] > 0
    }
}

/// A run of text in one style.
struct TextRun {
    end: usize,
    /// The style, in a span without text.
    look: TextSpan,
    /// The width of a link that is its own text and may be shortened.
    limit: Option<Limit>,
}

/// Width in which a link may be shown.
#[derive(Clone, Copy)]
struct Limit {
    columns: usize,
    /// Columns of text that should be on the same line.
    beside: usize,
}

impl Limit {
    const LINE: Limit = Limit { columns: usize::MAX, beside: 0 };

    /// Computes the columns of the link in a line of `room`, with `marks` columns after the link.
    fn in_line(self, room: usize, marks: usize) -> usize {
        let beside = self.beside + marks;
        let room = if room >= beside + LEAST_LINK { room - beside } else { room };
        self.columns.min(room)
    }
}

#[derive(Clone)]
struct LinkTarget {
    url: Arc<str>,
    role: Role,
}

/// Link or image whose text is being collected.
struct OpenLink {
    /// The target of its text: an image inside a link leads where the link does.
    target: Option<LinkTarget>,
    /// The target of its own URL.
    own: Option<LinkTarget>,
    /// The start of its text in the text of the block.
    from: usize,
}

/// Collector of the text of one block.
pub(super) struct Inline<'a> {
    style: &'a RenderOptions<'a>,
    /// The role of plain text in this block.
    pub base: Role,
    pub base_bold: bool,
    text: String,
    runs: Vec<TextRun>,
    /// True if the next text begins a new run.
    turned: bool,
    soft_break: bool,
    open_styles: OpenStyles,
    open_html_styles: OpenStyles,
    links: Vec<OpenLink>,
    /// URLs of the images in this block, in order.
    pub images: Vec<Arc<str>>,
    html_link: Option<LinkTarget>,
    /// A line feed or spaces to add before the next text, where HTML ended a line or a cell.
    gap: Option<&'static str>,
    /// Places so far, in this block and those before it.
    places: usize,
}

impl<'a> Inline<'a> {
    pub fn new(style: &'a RenderOptions<'a>) -> Inline<'a> {
        Inline {
            style,
            base: Role::Text,
            base_bold: false,
            text: String::new(),
            runs: Vec::new(),
            turned: true,
            soft_break: false,
            open_styles: OpenStyles::default(),
            open_html_styles: OpenStyles::default(),
            links: Vec::new(),
            images: Vec::new(),
            html_link: None,
            gap: None,
            places: 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn push(&mut self, text: &str) {
        let text = clean_line(text);
        let Some(first) = text.chars().next() else { return };
        self.fill_gap();
        let last = self.text.chars().next_back();
        if std::mem::take(&mut self.soft_break)
            && last.is_some_and(|last| last != '\n')
            && !joins_without_space(last, Some(first))
        {
            self.blank();
        }
        self.append(&text);
    }

    /// Adds text in a role of its own, such as the sign of a footnote.
    pub fn push_as(&mut self, role: Role, text: &str) {
        let base = std::mem::replace(&mut self.base, role);
        self.turned = true;
        self.push(text);
        self.turned = true;
        self.base = base;
    }

    pub fn code(&mut self, text: &str) {
        self.open(InlineStyle::Code);
        self.push(text);
        self.close(InlineStyle::Code);
    }

    pub fn soft_break(&mut self) {
        self.soft_break = true;
    }

    pub fn hard_break(&mut self) {
        self.fill_gap();
        self.soft_break = false;
        self.append("\n");
    }

    pub fn open(&mut self, mark: InlineStyle) {
        self.open_styles.open(mark);
        self.turned = true;
    }

    pub fn close(&mut self, mark: InlineStyle) {
        self.open_styles.close(mark);
        self.turn();
    }

    /// Begins a new run, since the style changes.
    pub fn turn(&mut self) {
        self.turned = true;
    }

    pub fn open_link(&mut self, url: &str) {
        let own = self.target(url);
        self.open_text(own.clone(), own);
    }

    /// Closes a link. One without text shows its URL.
    pub fn close_link(&mut self) {
        let Some(link) = self.links.last() else { return };
        if let (Some(own), true) = (link.own.clone(), link.from == self.text.len()) {
            self.push(&own.url);
        }
        self.links.pop();
        self.turned = true;
    }

    pub fn open_image(&mut self, url: &str) {
        let own = self.target(url);
        self.open_text(self.current_target().cloned().or_else(|| own.clone()), own);
        self.push(self.style.symbols.image);
        if let Some(image) = self.links.last_mut() {
            image.from = self.text.len();
        }
        self.append(" ");
    }

    /// Closes an image: its own link, short and dim, follows the caption.
    pub fn close_image(&mut self) {
        let Some(image) = self.links.pop() else { return };
        self.turned = true;
        let Some(own) = image.own else { return };
        self.images.push(own.url.clone());
        if self.text.len() > image.from + 1 {
            self.blank();
        }
        let caption = &self.text[image.from..];
        let limit = Limit { columns: IMAGE_LINK, beside: width(self.style.symbols.image) + width(caption) };
        let look = TextSpan { url: Some(own.url.clone()), ..TextSpan::new("", Role::Dim) };
        self.text.push_str(&own.url);
        self.runs.push(TextRun { end: self.text.len(), look, limit: Some(limit) });
        self.turned = true;
    }

    /// Adds HTML: text, links and images, in the styles of its tags.
    pub fn html(&mut self, html: &str) {
        for (_, token) in HtmlReader::new(html) {
            self.turned = true;
            match token {
                HtmlToken::Text(text) => self.push(&text),
                HtmlToken::Open(style) => self.open_html_styles.open(style),
                HtmlToken::Close(style) => self.open_html_styles.close(style),
                HtmlToken::Link(url) => self.html_link = self.target(url.trim()),
                HtmlToken::LinkEnd => self.html_link = None,
                HtmlToken::Image { url, label } => {
                    self.open_image(url.trim());
                    self.push(&label);
                    self.close_image();
                }
                HtmlToken::Media(url) => {
                    self.open_link(url.trim());
                    self.close_link();
                }
                HtmlToken::LineEnd => self.gap = Some("\n"),
                HtmlToken::CellEnd => self.gap = self.gap.or(Some("  ")),
                HtmlToken::Break => self.hard_break(),
            }
        }
        self.turned = true;
    }

    /// Adds the gap that HTML has left, unless the line is empty.
    fn fill_gap(&mut self) {
        let Some(gap) = self.gap.take() else { return };
        if self.text.is_empty() || self.text.ends_with('\n') {
            return;
        }
        self.soft_break = false;
        self.text.push_str(gap);
        self.runs.push(TextRun { end: self.text.len(), look: TextSpan::new("", self.base), limit: None });
        self.turned = true;
    }

    pub fn push_lines(&mut self, text: &str) {
        for (place, line) in text.split('\n').enumerate() {
            if place > 0 {
                self.hard_break();
            }
            self.push(line);
        }
    }

    /// Returns the spans of the collected text, for lines of `room` columns. The next block starts
    /// empty, whatever HTML was left open.
    pub fn finish(&mut self, room: usize) -> Vec<TextSpan> {
        let text = std::mem::take(&mut self.text);
        let runs = self.with_bare_links(&text);
        let hits = merged((self.style.highlight)(&text), &text);
        let first = self.places;
        self.places += hits.len();
        (self.open_html_styles, self.html_link, self.gap) = (OpenStyles::default(), None, None);
        (self.soft_break, self.turned) = (false, true);
        let ellipsis = self.style.symbols.ellipsis;
        spans(&text, &runs, &hits, first, |url, limit, marks| url::shorten(url, limit.in_line(room, marks), ellipsis))
    }

    fn open_text(&mut self, target: Option<LinkTarget>, own: Option<LinkTarget>) {
        self.links.push(OpenLink { target, own, from: self.text.len() });
        self.turned = true;
    }

    fn target(&self, url: &str) -> Option<LinkTarget> {
        let url = clean_line(url);
        (!url.is_empty()).then(|| LinkTarget { role: (self.style.url_role)(&url), url: Arc::from(url.as_ref()) })
    }

    fn current_target(&self) -> Option<&LinkTarget> {
        match self.links.last() {
            Some(link) => link.target.as_ref(),
            None => self.html_link.as_ref(),
        }
    }

    fn append(&mut self, text: &str) {
        self.text.push_str(text);
        match self.runs.last_mut() {
            Some(run) if !self.turned => run.end = self.text.len(),
            _ => self.runs.push(TextRun { end: self.text.len(), look: self.look(), limit: None }),
        }
        self.turned = false;
    }

    /// Adds a space between words, outside a link that begins or ends there.
    fn blank(&mut self) {
        if self.turned {
            self.text.push(' ');
            self.runs.push(TextRun { end: self.text.len(), look: TextSpan::new("", self.base), limit: None });
        } else {
            self.append(" ");
        }
    }

    fn look(&self) -> TextSpan {
        let has = |mark| self.open_styles.has(mark) || self.open_html_styles.has(mark);
        let target = self.current_target();
        let role = match target {
            Some(target) => target.role,
            None if has(InlineStyle::Code) => Role::Code,
            None => self.base,
        };
        TextSpan {
            text: String::new(),
            role,
            bold: self.base_bold || has(InlineStyle::Bold),
            italic: has(InlineStyle::Italic),
            strike: has(InlineStyle::Strike),
            place: None,
            url: target.map(|target| target.url.clone()),
        }
    }

    /// Returns the runs, with bare links split off and linked.
    fn with_bare_links(&mut self, text: &str) -> Vec<TextRun> {
        let mut runs = Vec::with_capacity(self.runs.len());
        let mut start = 0;
        for mut run in self.runs.drain(..) {
            let part = &text[start..run.end];
            if run.look.url.as_deref() == Some(part) {
                run.limit = run.limit.or(Some(Limit::LINE));
            } else if run.look.url.is_none() && !run.look.role.is_code() {
                for link in url::find(part) {
                    let url = &part[link.clone()];
                    let role = (self.style.url_role)(url);
                    let look = TextSpan { role, url: Some(Arc::from(url)), ..run.look.clone() };
                    runs.push(TextRun { end: start + link.start, look: run.look.clone(), limit: None });
                    runs.push(TextRun { end: start + link.end, look, limit: Some(Limit::LINE) });
                }
            }
            start = run.end;
            runs.push(run);
        }
        runs
    }
}

/// Sorts and merges `ranges`, removes empty ones and moves their ends to character boundaries of `text`.
fn merged(mut ranges: Vec<Range<usize>>, text: &str) -> Vec<Range<usize>> {
    for range in &mut ranges {
        range.start = range.start.min(text.len());
        range.end = range.end.min(text.len());
        while !text.is_char_boundary(range.start) {
            range.start -= 1;
        }
        while !text.is_char_boundary(range.end) {
            range.end += 1;
        }
    }
    ranges.retain(|range| range.start < range.end);
    join_overlapping(ranges)
}

/// Cuts the runs at the ends of `hits`, which are numbered from `first`. A link is shortened only if
/// it has no hit.
fn spans(
    text: &str,
    runs: &[TextRun],
    hits: &[Range<usize>],
    first: usize,
    shorten: impl Fn(&str, Limit, usize) -> String,
) -> Vec<TextSpan> {
    let mut spans = Vec::with_capacity(runs.len());
    let mut hits = (first..).zip(hits).peekable();
    let mut at = 0;
    for run in runs {
        while hits.next_if(|(_, hit)| hit.end <= at).is_some() {}
        let untouched = hits.peek().is_none_or(|(_, hit)| hit.start >= run.end);
        if let (Some(limit), true, true) = (run.limit, untouched, at < run.end) {
            let marks = text[run.end..].chars().take_while(|c| is_closing(*c)).take(2);
            let marks = width(&marks.collect::<String>());
            spans.push(run.look.with_text(shorten(&text[at..run.end], limit, marks)));
            at = run.end;
        }
        while at < run.end {
            while hits.next_if(|(_, hit)| hit.end <= at).is_some() {}
            let (end, role, place) = match hits.peek() {
                Some((place, hit)) if hit.start <= at => (hit.end, Role::Match, Some(*place)),
                Some((_, hit)) => (hit.start, run.look.role, None),
                None => (run.end, run.look.role, None),
            };
            let end = end.min(run.end);
            spans.push(TextSpan { role, place, ..run.look.with_text(&text[at..end]) });
            at = end;
        }
    }
    spans.retain(|span| !span.text.is_empty());
    spans
}
