//! Page: an entry set in lines of a width, to be read on the screen.
//!
//! Knows entries, queries, roles and Markdown; knows no colours, keys or panes.

mod footnotes;
pub mod markdown;
mod picture;
mod role;
mod stats;
mod symbols;
mod wrap;
mod xray;

pub use picture::{CellSize, MOST as MOST_PICTURES, PicturePlace, PictureSize, PictureSizeFn};
pub use role::{NAMES as ROLE_NAMES, Role};
pub use stats::stats_lines;
pub use symbols::Symbols;
pub use wrap::{Line, TextSpan, set_ambiguous_wide, truncate, truncate_middle, width, wrap};
pub(crate) use wrap::{grapheme_width, suffix};
pub use xray::xray;

use crate::{
    insight::{Titles, titles::Title},
    log::{Entry, Reference},
    query::{Find, Query},
    reference::{self, RefKind},
    text::clean_line,
};
use std::ops::Range;

/// Columns of the widest line of text: longer lines tire the eye.
const MEASURE: usize = 100;

/// Letters that open references, in order; the references beyond have none.
pub const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";

/// Finder of the ranges to highlight in a text, in bytes.
type HighlightFn<'p> = &'p dyn Fn(&str) -> Vec<Range<usize>>;

/// Entry set in lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub lines: Vec<Line>,
    /// First line of the list of references, if there is one.
    pub refs_at: Option<usize>,
    /// Line on which each highlight begins: [`TextSpan::place`] is the index.
    pub places: Vec<usize>,
    /// Pictures beside the note that the entry shows, in order.
    pub pictures: Vec<PicturePlace>,
}

/// Source of the highlights on a page.
#[derive(Debug, Clone, Copy)]
pub enum HighlightsRef<'a> {
    /// Matches of a query, in title and text.
    Query(&'a Query),
    /// Matches of a find, everywhere on the page.
    Find(&'a Find),
}

impl Page {
    /// Sets `entry` in lines of at most `width` columns and highlights the matches of `query`.
    pub fn of(entry: Entry<'_>, width: usize, query: &Query, symbols: &Symbols, titles: &Titles) -> Page {
        Page::illustrated(entry, width, HighlightsRef::Query(query), symbols, titles, &|_, _| None)
    }

    /// Sets `entry` as [`Page::of`] does, with lines kept free for the pictures that `sizes` knows.
    pub fn illustrated(
        entry: Entry<'_>,
        width: usize,
        highlights: HighlightsRef<'_>,
        symbols: &Symbols,
        titles: &Titles,
        sizes: PictureSizeFn<'_>,
    ) -> Page {
        match highlights {
            HighlightsRef::Query(query) => {
                let in_text = |text: &str| query.highlights(text);
                Page::set(entry, width, (&in_text, &|_: &str| Vec::new()), symbols, titles, sizes)
            }
            HighlightsRef::Find(find) => {
                let anywhere = |text: &str| find.places(text);
                Page::set(entry, width, (&anywhere, &anywhere), symbols, titles, sizes)
            }
        }
    }

    /// Sets `entry` and highlights the matches of `in_text` in title and text, of `beside` elsewhere.
    fn set(
        entry: Entry<'_>,
        width: usize,
        (in_text, beside): (HighlightFn<'_>, HighlightFn<'_>),
        symbols: &Symbols,
        titles: &Titles,
        sizes: PictureSizeFn<'_>,
    ) -> Page {
        let width = width.min(MEASURE);
        let mut page = Page::default();
        page.put(&[TextSpan::new(breadcrumb(entry, symbols), Role::Dim)], beside, width);
        let tags = tag_line(entry);
        if !tags.is_empty() {
            page.put(&tags, beside, width);
        }
        page.lines.push(Line::default());
        // A heading is not part of the text. A first sentence is, and is not shown twice.
        let is_headed = !entry.plain().contains(entry.title().trim_end_matches('…'));
        if is_headed {
            page.put(&[TextSpan::new(clean_line(entry.title()), Role::Title)], in_text, width);
            page.lines.push(Line::default());
        }
        let (lines, mut pictures) = body(entry, width, in_text, symbols, sizes);
        for place in &mut pictures {
            place.line += page.lines.len();
        }
        page.pictures = pictures;
        page.add(lines);
        page.references(entry, width, beside, symbols, titles);
        page
    }

    fn put(&mut self, spans: &[TextSpan], places: HighlightFn<'_>, width: usize) {
        self.add(wrap(&highlight_spans(spans, places), &[], &[TextSpan::new("  ", Role::Text)], width));
    }

    /// Adds lines, and renumbers their highlights, which count from 0, to follow those of the page.
    fn add(&mut self, lines: Vec<Line>) {
        let before = self.places.len();
        for mut line in lines {
            for place in line.spans.iter_mut().filter_map(|span| span.place.as_mut()) {
                *place += before;
                if *place >= self.places.len() {
                    self.places.resize(*place + 1, self.lines.len());
                }
            }
            self.lines.push(line);
        }
    }

    fn references(
        &mut self,
        entry: Entry<'_>,
        width: usize,
        places: HighlightFn<'_>,
        symbols: &Symbols,
        titles: &Titles,
    ) {
        let mut letters = LETTERS.chars();
        for (nth, reference) in entry.refs().enumerate() {
            if nth == 0 {
                self.lines.push(Line::default());
                self.lines.push(Line { spans: vec![TextSpan::new(symbols.rule.repeat(width.min(24)), Role::Dim)] });
                self.refs_at = Some(self.lines.len());
            }
            let letter = letters.next().map_or(' ', |letter| letter);
            let line = reference_line(letter, &reference, titles, width, symbols);
            self.add(vec![Line { spans: highlight_spans(&line.spans, places) }]);
        }
    }
}

fn body(
    entry: Entry<'_>,
    width: usize,
    places: HighlightFn<'_>,
    symbols: &Symbols,
    sizes: PictureSizeFn<'_>,
) -> (Vec<Line>, Vec<PicturePlace>) {
    let style = markdown::RenderOptions {
        width,
        symbols,
        definitions: &|label| entry.note().definition(label).map(str::to_owned),
        highlight: places,
        url_role: &|url| reference::classify(url).map_or(Role::RefLink, |target| role_of(target.kind)),
    };
    markdown::render_with_pictures(&footnotes::append_definitions(entry.body(), entry.note().body()), &style, sizes)
}

/// Cuts `spans` at the highlights in their joined text and numbers these.
fn highlight_spans(spans: &[TextSpan], places: HighlightFn<'_>) -> Vec<TextSpan> {
    let text: String = spans.iter().map(|span| span.text.as_str()).collect();
    let found = places(&text);
    if found.is_empty() {
        return spans.to_vec();
    }
    let mut highlighted = Vec::with_capacity(spans.len() + 2 * found.len());
    let mut start = 0;
    for span in spans {
        let end = start + span.text.len();
        let mut at = start;
        for (nth, place) in found.iter().enumerate() {
            if place.start >= end || place.end <= start {
                continue;
            }
            let (from, to) = (place.start.max(start), place.end.min(end));
            highlighted.push(span.with_text(&text[at..from]));
            highlighted.push(TextSpan { role: Role::Match, place: Some(nth), ..span.with_text(&text[from..to]) });
            at = to;
        }
        highlighted.push(span.with_text(&text[at..end]));
        start = end;
    }
    highlighted.retain(|span| !span.text.is_empty());
    highlighted
}

/// Writes date, title of the note and headings: `2022-W34 08-22…28 › 技术`.
fn breadcrumb(entry: Entry<'_>, symbols: &Symbols) -> String {
    let when = entry.span().map_or_else(|| "undated".to_owned(), |span| span.label());
    let mut parts = vec![when, clean_line(&entry.note().title).into_owned()];
    parts.extend(entry.section().map(|heading| clean_line(heading).into_owned()));
    parts.join(&format!(" {} ", symbols.within))
}

fn tag_line(entry: Entry<'_>) -> Vec<TextSpan> {
    let mut spans = Vec::new();
    for tagged in entry.tags() {
        if !spans.is_empty() {
            spans.push(TextSpan::new(" ", Role::Text));
        }
        spans.push(TextSpan::new(format!("#{}", clean_line(tagged.name)), Role::Tag));
    }
    spans
}

/// Highlights the matches of `query` in `text`.
pub fn highlighted(text: &str, role: Role, query: &Query) -> Vec<TextSpan> {
    highlight_spans(&[TextSpan::new(clean_line(text), role)], &|text| query.highlights(text))
}

/// Sets one reference in one line: letter, kind, id, its title and state if they are known, else its
/// label, and the host it leads to.
pub fn reference_line(
    letter: char,
    reference: &Reference<'_>,
    titles: &Titles,
    room: usize,
    symbols: &Symbols,
) -> Line {
    let kind = format!("{:<6} ", reference.kind.name());
    let host = clean_line(reference.host);
    let host = truncate_middle(&host, (room / 3).max(8), symbols.ellipsis);
    let fixed = 2 + kind.len() + width(&host) + 2 + usize::from(reference.inferred);
    let name = named(reference);
    let id = truncate_middle(&name, room.saturating_sub(fixed), symbols.ellipsis).into_owned();
    let mut left = room.saturating_sub(fixed + width(&id) + 1);
    let known = titles.of(reference);
    // Where little room is left, the title is worth more than the state.
    let standing = known.map(Title::standing).filter(|text| !text.is_empty() && width(text) + 12 <= left);
    if let Some(standing) = &standing {
        left -= width(standing) + 1;
    }
    let mut spans = vec![
        TextSpan::new(letter.to_string(), Role::Hint),
        TextSpan::new(" ", Role::Text),
        TextSpan::new(kind, Role::Dim),
        TextSpan { url: Some(reference.url.into()), ..TextSpan::new(id, role_of(reference.kind)) },
    ];
    let title = known.map_or_else(|| label(reference, &name), Title::text);
    let title = if left >= 4 { truncate(&title, left, symbols.ellipsis) } else { "".into() };
    if !title.is_empty() {
        spans.push(TextSpan::new(format!(" {title}"), Role::Text));
    }
    spans.extend(standing.map(|text| TextSpan::new(format!(" {text}"), Role::Dim)));
    let mark = if reference.inferred { "?" } else { "" };
    spans.push(TextSpan::new(format!(" {mark} {host}").replace("  ", " "), Role::Dim));
    let line = Line { spans };
    if line.width() <= room { line } else { wrap(&line.spans, &[], &[], room).swap_remove(0) }
}

/// Returns the label of a reference, unless it repeats its `name` or URL.
fn label(reference: &Reference<'_>, name: &str) -> String {
    let label = clean_line(reference.label);
    if label == name || label == reference.url { String::new() } else { label.into_owned() }
}

/// Returns the id of a reference, or, for a plain link, its URL without the scheme.
pub fn named(reference: &Reference<'_>) -> String {
    let name = match reference.kind {
        RefKind::Link => reference.url.split_once("://").map_or(reference.url, |(_, rest)| rest).trim_end_matches('/'),
        RefKind::Pr
        | RefKind::Issue
        | RefKind::Discussion
        | RefKind::Mr
        | RefKind::Commit
        | RefKind::Release
        | RefKind::Repo
        | RefKind::File
        | RefKind::Gist
        | RefKind::Paper
        | RefKind::Cve
        | RefKind::Rfc
        | RefKind::Proposal => reference.id,
    };
    clean_line(name).into_owned()
}

/// Returns the role of a kind of reference.
fn role_of(kind: RefKind) -> Role {
    match kind {
        RefKind::Paper | RefKind::Rfc | RefKind::Proposal => Role::RefReading,
        RefKind::Cve => Role::RefAlarm,
        RefKind::Link => Role::RefLink,
        RefKind::Pr
        | RefKind::Issue
        | RefKind::Discussion
        | RefKind::Mr
        | RefKind::Commit
        | RefKind::Release
        | RefKind::Repo
        | RefKind::File
        | RefKind::Gist => Role::RefCode,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{insight::titles::RefState, log::Log};

    fn shown(text: &str, query: &str, width: usize) -> String {
        let log = Log::from_entries([text]);
        let entry = log.entries().next().expect("an entry");
        let page = Page::of(entry, width, &Query::parse(query).0, &Symbols::unicode(), &Titles::default());
        assert!(page.lines.iter().all(|line| line.width() <= width), "{page:#?}");
        page.lines.iter().map(|line| line.plain().trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn an_entry_with_its_references() {
        let text = "- 看了 [PR12](https://github.com/a/b/pull/12)，`x` 用 **容器**\n  1. 子项";
        insta::assert_snapshot!(shown(text, "容器", 44), @"
        undated › 0

        • 看了 PR12，x 用 容器
          1. 子项

        ────────────────────────
        a pr     a/b#12 PR12 github.com
        ");
    }

    #[test]
    fn places_are_counted_over_the_whole_page() {
        let text = "- 容器 [容器x](https://a.example/容器) 与 `容器`\n\n  ```go\n  容容器器容器\n  ```\n\n  | 容器 | b |\n  |--|--|\n  | c | 一个很长很长很长的容器 |\n";
        let log = Log::from_entries([text]);
        let entry = log.entries().next().expect("an entry");
        for width in 4..90 {
            let find = Find::new("容器");
            let (symbols, titles) = (Symbols::unicode(), Titles::default());
            let page = Page::illustrated(entry, width, HighlightsRef::Find(&find), &symbols, &titles, &|_, _| None);
            let mut shown: Vec<(usize, String)> = Vec::new();
            for (line, span) in
                page.lines.iter().enumerate().flat_map(|(at, line)| line.spans.iter().map(move |span| (at, span)))
            {
                let Some(place) = span.place else { continue };
                assert_eq!(span.role, Role::Match);
                assert!(page.places[place] <= line, "{width}: {place}");
                match shown.iter_mut().find(|(known, _)| *known == place) {
                    Some((_, text)) => text.push_str(&span.text),
                    None => shown.push((place, span.text.clone())),
                }
            }
            assert_eq!(page.places.len(), shown.len(), "{width}: {shown:?}");
            assert!(page.places.is_sorted(), "{width}");
            if width > 60 {
                assert!(shown.iter().all(|(_, text)| text == "容器"), "{shown:?}");
                assert_eq!(shown.len(), 9, "{shown:?}");
            }
        }
    }

    #[test]
    fn a_known_title_takes_the_place_of_the_label() {
        let log = Log::from_entries(["看了 [PR12](https://github.com/a/b/pull/12)"]);
        let entry = log.entries().next().expect("an entry");
        let reference = entry.refs().next().expect("a reference");
        let (asked, day) = (jiff::civil::date(2026, 3, 1), Some(jiff::civil::date(2022, 8, 22)));
        let title = Title {
            title: Some("限流\u{1b}[2J 与 lazy loading 👩‍💻".to_owned()),
            ..Title::new("x", Some(RefState::Merged), day, asked).expect("a title")
        };
        let titles = Titles([("github.com/a/b#12".to_owned(), title)].into());
        let line = |room| reference_line('a', &reference, &titles, room, &Symbols::unicode());
        assert_eq!(line(90).plain(), "a pr     a/b#12 限流 与 lazy loading 👩‍💻 merged 2022-08-22 github.com");
        assert_eq!(line(50).plain(), "a pr     a/b#12 限流 与 lazy loading… github.com");
        let inferred = Reference { inferred: true, ..reference };
        let line_of_prose = reference_line('a', &inferred, &titles, 50, &Symbols::unicode()).plain();
        assert!(line_of_prose.ends_with("… ? github.com"), "{line_of_prose}");
        for room in 1..120 {
            let line = line(room);
            assert!(line.width() <= room && !line.plain().contains('\u{1b}'), "{room}: {line:?}");
        }
    }

    #[test]
    fn no_width_breaks_a_page() {
        let text =
            "- [一个很长的标题 with words](https://example.com/a/very/long/path/that/goes/on?and=on) 与 CVE-2024-21626";
        for width in 1..120 {
            shown(text, "长", width);
        }
    }
}
