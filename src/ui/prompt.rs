//! Query line.

use super::{count, put};
use crate::{
    app::Model,
    page::{Line, Role, TextSpan, truncate, width},
    text::clean_line,
    ui::theme::Theme,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// Draws the query with the size of its result. Returns the position of the cursor.
pub fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Position {
    let right = result(model);
    let room = usize::from(area.width).saturating_sub(width(&right) + 2);
    let sign = format!(" {} ", model.settings.symbols.prompt);
    let text_room = room.saturating_sub(width(&sign) + 1);
    let text = model.search.prompt.text();
    let before = &text[..model.search.prompt.cursor()];
    // The part before the cursor is always in sight, the end of it first.
    let hidden = hidden(before, text_room);
    let shown = truncate(&text[hidden..], text_room, model.settings.symbols.ellipsis);
    let mut spans = vec![TextSpan::new(sign.as_str(), if model.search.is_typing { Role::Accent } else { Role::Dim })];
    spans.extend(coloured(&shown, hidden, model));
    let left = room.saturating_sub(width(&sign) + width(&shown) + 2);
    let aside = aside(model);
    spans.push(TextSpan::new(format!("  {}", truncate(&aside, left, model.settings.symbols.ellipsis)), Role::Dim));
    put(&Line { spans }, theme, Rect { width: room as u16, ..area }, buffer);
    let right_area =
        Rect { x: area.right().saturating_sub(width(&right) as u16 + 1), width: width(&right) as u16, ..area };
    put(&Line { spans: vec![TextSpan::new(right, Role::Dim)] }, theme, right_area.intersection(area), buffer);
    let column = area.x + (width(&sign) + width(&text[hidden..model.search.prompt.cursor()])) as u16;
    Position::new(column.min(area.right().saturating_sub(1)), area.y)
}

/// Colours the visible part of the query, from byte `from`: fields that accepted their value, and
/// pieces that were not understood.
fn coloured(shown: &str, from: usize, model: &Model) -> Vec<TextSpan> {
    let mut spans: Vec<TextSpan> = Vec::new();
    for (at, c) in shown.char_indices() {
        let role = role_at(from + at, c, model);
        match spans.last_mut() {
            Some(last) if last.role == role => last.text.push(c),
            _ => spans.push(TextSpan::new(c.to_string(), role)),
        }
    }
    spans
}

/// Returns the role of `c`, shown in the place of byte `at` of the query.
fn role_at(at: usize, c: char, model: &Model) -> Role {
    let is_typed = model.search.prompt.text().get(at..).is_some_and(|rest| rest.starts_with(c));
    if !is_typed {
        // The ellipsis of a query that is cut.
        Role::Text
    } else if model.search.notices.iter().any(|notice| notice.place.contains(&at)) {
        Role::Doubt
    } else if model.search.fields.iter().any(|place| place.contains(&at)) {
        Role::Tag
    } else {
        Role::Text
    }
}

/// Counts the bytes at the start of the text that are out of sight to the left.
fn hidden(before: &str, room: usize) -> usize {
    use unicode_segmentation::UnicodeSegmentation;
    let mut room = room;
    let mut hidden = before.len();
    for (at, grapheme) in before.grapheme_indices(true).rev() {
        let taken = width(grapheme);
        if taken > room {
            break;
        }
        room -= taken;
        hidden = at;
    }
    hidden
}

/// Sets the size of the result: `12 of 3 104 · 2 ms`.
fn result(model: &Model) -> String {
    let similar: usize = model.results.similar.iter().map(|similar| similar.hits.len()).sum();
    let more = if similar > 0 { format!(" + {}", count(similar)) } else { String::new() };
    let of = format!("{}{more} of {}", count(model.results.hits.len() - similar), count(model.notes.log.len()));
    match model.results.search_time {
        Some(micros) if micros >= 10_000 => format!("{of} · {} ms", micros / 1000),
        Some(micros) => format!("{of} · {}.{} ms", micros / 1000, micros % 1000 / 100),
        None => of,
    }
}

/// Picks the text beside the query: other completions, the first notice, or, in an empty prompt, an
/// example that has hits in this log.
fn aside(model: &Model) -> String {
    if let Some((completion, at)) = &model.search.completion {
        let mut others = completion.candidates.clone();
        others.rotate_left(*at);
        return others[1..].join("  ");
    }
    if let Some(notice) = model.search.notices.first() {
        return notice.message.clone();
    }
    if !model.search.prompt.text().is_empty() || model.notes.is_reading {
        return String::new();
    }
    model.example().map_or_else(String::new, |example| format!("try  {}", clean_line(example)))
}
