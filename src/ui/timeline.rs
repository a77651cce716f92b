//! Timeline pane.

use super::theme::Theme;
use super::{count, put, sentences, spread};
use crate::{
    app::{
        Model, layout,
        suggestions::ROWS_ABOVE,
        timeline::{TimelineHeader, TimelineRow, WEEKS, WeekCounts},
    },
    date::{Precision, Span as Days},
    log::Entry,
    note::Kind,
    page::{Line, Role, Symbols, TextSpan, highlighted},
    query::{
        Suggestion,
        similar::{Likeness, SimilarHits},
    },
    reference::RefKind,
    text::clean_line,
};
use ratatui::{buffer::Buffer, layout::Rect};

/// Draws the hits under the heads of their groups, or what to do without hits.
pub fn draw(model: &Model, theme: &Theme, focused: bool, area: Rect, buffer: &mut Buffer) {
    if model.results.hits.is_empty() {
        if !model.results.suggestions.is_empty() {
            return suggestions(model, theme, focused, area, buffer);
        }
        return sentences(&nothing(model), theme, area, buffer);
    }
    let inner = layout::inner(area);
    let scroll = model.reading.timeline.scroll;
    let rows = (scroll.top..model.reading.timeline.rows.len()).take(usize::from(inner.height));
    for (nth, at) in rows.enumerate() {
        let area = Rect { y: inner.y + nth as u16, height: 1, ..inner };
        let room = usize::from(area.width).saturating_sub(1);
        let sticky = if nth == 0 { model.reading.timeline.sticky(usize::from(inner.height)) } else { None };
        let line = if let Some(row) = sticky {
            sticky_line(model, row, room)
        } else {
            match model.reading.timeline.rows.get(at) {
                Some(TimelineRow::Head(head)) => head_line(model, at, head, room),
                Some(TimelineRow::Hit(hit)) => {
                    let selected = at == scroll.cursor;
                    if selected {
                        buffer.set_style(area, theme.style(Role::Selected));
                    }
                    let entry = entry_of(model, hit);
                    entry.map(|entry| hit_line(model, entry, selected, focused, room)).unwrap_or_default()
                }
                None => Line::default(),
            }
        };
        put(&line, theme, area, buffer);
    }
}

/// Returns the entry of a hit.
fn entry_of(model: &Model, hit: usize) -> Option<Entry<'_>> {
    model.notes.log.get(*model.results.hits.get(hit)?)
}

/// Sets the head at row `row`.
fn head_line(model: &Model, row: usize, head: TimelineHeader, room: usize) -> Line {
    let symbols = &model.settings.symbols;
    match head {
        TimelineHeader::Year { year, hits } => {
            let (all, found) =
                (model.reading.timeline.heat.year(year), model.reading.timeline.found(&model.notes.log, row));
            year_line(year, hits, &all, &found, room, symbols)
        }
        TimelineHeader::Undated { hits } => {
            let left = Line { spans: vec![TextSpan::new(format!(" {} undated", symbols.undated), Role::Title)] };
            let right = Line { spans: vec![TextSpan::new(format!("{} ", count(hits as usize)), Role::Dim)] };
            spread(left, right, room, symbols)
        }
        TimelineHeader::Similar(nth) => {
            let Some(similar) = model.results.similar.get(nth) else { return Line::default() };
            similar_line(similar, room, symbols)
        }
        TimelineHeader::Group(_) => {
            let Some(first) = entry_of(model, model.reading.timeline.rows.hit_from(row)) else {
                return Line::default();
            };
            group_line(first, room, symbols)
        }
    }
}

/// Sets the head of a group that begins above the window, with its year, which is out of sight too.
fn sticky_line(model: &Model, row: usize, room: usize) -> Line {
    let Some(entry) = entry_of(model, model.reading.timeline.rows.hit_from(row)) else { return Line::default() };
    let year = entry.span().map_or_else(String::new, |span| format!(" {}", span.iso().0));
    let mut line = Line { spans: vec![TextSpan::new(year, Role::Title)] };
    line.spans.extend(group_line(entry, room, &model.settings.symbols).spans);
    super::fit(line, room, &model.settings.symbols)
}

/// Tells what to do about an empty timeline.
fn nothing(model: &Model) -> Vec<String> {
    if model.notes.is_reading {
        return vec!["Reading the notes …".to_owned()];
    }
    if model.notes.log.is_empty() {
        return vec![
            format!("No notes in {}.", clean_line(&model.settings.origin)),
            "Notes are files ending in .md, .markdown, .txt or .org.".to_owned(),
            "Open others with: sennight PATH".to_owned(),
        ];
    }
    let mut texts = vec![format!("No entry matches  {}", clean_line(model.search.prompt.text())), String::new()];
    texts.push("Try fewer words, or the beginning of a word.".to_owned());
    let words = model.search.query.without_filters();
    if !words.is_empty() && words != model.search.query {
        texts.push("Tags and kinds narrow the result too; Esc clears the query.".to_owned());
    }
    texts
}

/// Draws the suggestions for a query without hits, one of which can be chosen.
fn suggestions(model: &Model, theme: &Theme, focused: bool, area: Rect, buffer: &mut Buffer) {
    let (inner, symbols) = (layout::inner(area), &model.settings.symbols);
    let room = usize::from(inner.width).saturating_sub(1);
    let typed = clean_line(model.search.prompt.text());
    let above: [String; ROWS_ABOVE] =
        [format!(" No entry matches  {typed}"), String::new(), " These queries have hits:".to_owned()];
    let mut lines: Vec<Line> = Vec::new();
    for text in above {
        lines.push(super::fit(Line { spans: vec![TextSpan::new(text, Role::Dim)] }, room, symbols));
    }
    let chosen = model.chosen();
    for (at, suggestion) in model.results.suggestions.iter().enumerate() {
        lines.push(suggestion_line(suggestion, chosen == Some(at), focused, room, symbols));
    }
    for (row, line) in lines.iter().take(usize::from(inner.height)).enumerate() {
        let area = Rect { y: inner.y + row as u16, height: 1, ..inner };
        if chosen.is_some_and(|chosen| row == ROWS_ABOVE + chosen) {
            buffer.set_style(area, theme.style(Role::Selected));
        }
        put(line, theme, area, buffer);
    }
}

fn suggestion_line(suggestion: &Suggestion, chosen: bool, focused: bool, room: usize, symbols: &Symbols) -> Line {
    let (bar, role) = if chosen { (symbols.selection, Role::Title) } else { (" ", Role::Text) };
    let bar_role = if focused || !chosen { Role::Accent } else { Role::Dim };
    let query = clean_line(&suggestion.query.to_string()).into_owned();
    let left = Line { spans: vec![TextSpan::new(bar, bar_role), TextSpan::new(format!(" {query}"), role)] };
    let right = Line { spans: vec![TextSpan::new(format!("{} ", count(suggestion.hits)), Role::Dim)] };
    spread(left, right, room, symbols)
}

fn year_line(year: i16, hits: u32, all: &WeekCounts, found: &WeekCounts, room: usize, symbols: &Symbols) -> Line {
    let right = format!("{} ", count(hits as usize));
    let strip_room = room.saturating_sub(6 + right.len() + 1).min(WEEKS);
    let mut spans = vec![TextSpan::new(format!(" {year} "), Role::Title)];
    spans.extend(strip(all, found, strip_room, symbols));
    spread(Line { spans }, Line { spans: vec![TextSpan::new(right, Role::Dim)] }, room, symbols)
}

/// Draws bars for the weeks of a year, several weeks to a bar where room is short: weeks with hits
/// bright, the rest dim.
fn strip(all: &WeekCounts, found: &WeekCounts, room: usize, symbols: &Symbols) -> Vec<TextSpan> {
    if room < 12 {
        return Vec::new();
    }
    let bars = bars(all, found, WEEKS.div_ceil(room));
    let highest = bars.iter().map(|(all, _)| *all).max().unwrap_or(1).max(1);
    let mut spans = Vec::new();
    for (all, found) in bars {
        let height = (all * 8).div_ceil(highest).clamp(1, 8) as usize;
        let sign = if all == 0 { " " } else { symbols.strip[height - 1] };
        spans.push(TextSpan::new(sign, if found > 0 { Role::Accent } else { Role::Dim }));
    }
    spans
}

/// Adds up the entries and hits of each `per_bar` weeks.
fn bars(all: &WeekCounts, found: &WeekCounts, per_bar: usize) -> Vec<(u32, u32)> {
    let mut bars = Vec::new();
    for (all, found) in all.chunks(per_bar).zip(found.chunks(per_bar)) {
        bars.push((all.iter().sum(), found.iter().sum()));
    }
    bars
}

/// Sets the head of similar hits: `pinyin: 复盘 覆盘`.
fn similar_line(similar: &SimilarHits, room: usize, symbols: &Symbols) -> Line {
    let how = match similar.guess.likeness {
        Likeness::Spelling => " similar spelling: ",
        Likeness::Sound => " pinyin: ",
    };
    let words = clean_line(&similar.guess.words.join(" ")).into_owned();
    let left = Line { spans: vec![TextSpan::new(how, Role::Title), TextSpan::new(words, Role::Match)] };
    let right = Line { spans: vec![TextSpan::new(format!("{} ", count(similar.hits.len())), Role::Dim)] };
    spread(left, right, room, symbols)
}

/// Sets the head of a group: `W34 08-22…28  2022年8月第四周周报`.
fn group_line(entry: Entry<'_>, room: usize, symbols: &Symbols) -> Line {
    let when = entry.span().map_or_else(String::new, days);
    let title = clean_line(&entry.note().title).into_owned();
    let spans = vec![TextSpan::new(format!(" {when}  "), Role::Dim), TextSpan::new(title, Role::Dim)];
    super::fit(Line { spans }, room, symbols)
}

fn days(span: Days) -> String {
    let (first, last) = (span.first(), span.last());
    let week = format!("W{:02}", span.iso().1);
    match span.precision {
        Precision::Year if first.year() == last.year() => format!("{}", first.year()),
        Precision::Year => format!("{}…{}", first.year(), last.year()),
        Precision::Month if first.day() == 1 => format!("{}-{:02}", first.year(), first.month()),
        _ if first == last => format!("{week} {}", first.strftime("%m-%d")),
        _ if first.month() == last.month() => format!("{week} {}…{:02}", first.strftime("%m-%d"), last.day()),
        _ => format!("{week} {}…{}", first.strftime("%m-%d"), last.strftime("%m-%d")),
    }
}

fn hit_line(model: &Model, entry: Entry<'_>, selected: bool, focused: bool, room: usize) -> Line {
    let symbols = &model.settings.symbols;
    let bar = if selected { symbols.selection } else { " " };
    let bar_role = if focused { Role::Accent } else { Role::Dim };
    let (sign, role) = sign(entry, symbols);
    let mut spans = vec![TextSpan::new(bar, bar_role), TextSpan::new(format!("{sign} "), role)];
    let title = if selected { Role::Title } else { Role::Text };
    spans.extend(highlighted(entry.title(), title, &model.results.highlights));
    let right = strongest(entry).map(|(text, role)| Line { spans: vec![TextSpan::new(format!("{text} "), role)] });
    match right {
        Some(right) if right.width() * 3 <= room => spread(Line { spans }, right, room, symbols),
        Some(_) | None => super::fit(Line { spans }, room, symbols),
    }
}

/// Picks the symbol of the most important kind of an entry.
fn sign<'s>(entry: Entry<'_>, symbols: &'s Symbols) -> (&'s str, Role) {
    match entry.kinds().iter().next() {
        Some(Kind::Incident) => (symbols.incident, Role::RefAlarm),
        Some(Kind::Paper) => (symbols.paper, Role::RefReading),
        Some(Kind::Pr | Kind::Release) => (symbols.pull_request, Role::RefCode),
        Some(Kind::Issue) => (symbols.issue, Role::RefCode),
        Some(Kind::Book) => (symbols.book, Role::RefReading),
        Some(Kind::Tool | Kind::Talk) => (symbols.tool, Role::Dim),
        Some(Kind::Plan | Kind::Question | Kind::Life) => (symbols.life, Role::Dim),
        None if entry.refs().next().is_some() => (symbols.link, Role::Dim),
        None => (" ", Role::Dim),
    }
}

/// Picks the most telling reference, shortened to `#1331` or `OSDI ’22`; else the first tag.
fn strongest(entry: Entry<'_>) -> Option<(String, Role)> {
    let change = entry.refs().find(|reference| reference.kind.is_change());
    if let Some(reference) = change {
        let number = reference.id.rsplit('#').next().unwrap_or(reference.id);
        return Some((format!("#{}", clean_line(number)), Role::RefCode));
    }
    if let Some(cve) = entry.refs().find(|reference| reference.kind == RefKind::Cve) {
        return Some((clean_line(cve.id).into_owned(), Role::RefAlarm));
    }
    if let Some((venue, year)) = entry.refs().find_map(|found| found.venue()) {
        return Some((format!("{venue} ’{:02}", year % 100), Role::RefReading));
    }
    entry.tags().next().map(|tagged| (clean_line(tagged.name).into_owned(), Role::Tag))
}
