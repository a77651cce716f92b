//! The screen: a picture of the [`Model`], drawn anew from it each time.
//!
//! Only reads: whatever a key or click changes is changed in `app`, by the same `layout` that
//! is drawn here. Colours are named in [`theme`] alone, and every text has been cleaned.

mod entry;
mod overlay;
mod prompt;
mod status;
mod tags;
pub mod theme;
mod timeline;

use crate::{
    app::{Model, Pane, layout},
    page::{Line, Role, Span, Symbols, width, wrap},
};
use ratatui::{Frame, buffer::Buffer, layout::Rect, widgets::Block};
use theme::Theme;

/// Draws `model` on `frame`.
pub fn view(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let screen = frame.area().intersection(model.screen);
    let Some(layout) = layout::layout(screen, model.focus, model.zoomed, model.split) else {
        return too_small(model, theme, frame);
    };
    if let Some(area) = layout.header {
        status::header(model, theme, area, frame.buffer_mut());
    }
    let cursor = prompt::draw(model, theme, layout.prompt, frame.buffer_mut());
    for pane in Pane::ALL {
        if let Some(area) = layout.of(pane) {
            draw_pane(model, theme, pane, area, frame.buffer_mut());
        }
    }
    status::bottom(model, theme, layout.bottom, frame.buffer_mut());
    if let Some(top) = model.overlays.last() {
        if let Some(cursor) = overlay::draw(model, top, theme, screen, frame.buffer_mut()) {
            frame.set_cursor_position(cursor);
        }
    } else if model.is_typing {
        frame.set_cursor_position(cursor);
    }
}

fn too_small(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.height > 0 {
        let text = Line { spans: vec![Span::new("sennight needs 20×6", Role::Text)] };
        let line = fit(text, usize::from(area.width), &model.symbols);
        put(&line, theme, Rect { height: 1, ..area }, frame.buffer_mut());
    }
}

fn draw_pane(model: &Model, theme: &Theme, pane: Pane, area: Rect, buffer: &mut Buffer) {
    let focused = model.focus == pane && !model.is_typing && model.overlays.is_empty();
    let role = if focused { Role::Accent } else { Role::Dim };
    frame(pane.title(), role, theme, area, &model.symbols, buffer);
    match pane {
        Pane::Tags => tags::draw(model, theme, focused, area, buffer),
        Pane::Timeline => timeline::draw(model, theme, focused, area, buffer),
        Pane::Entry => entry::draw(model, theme, area, buffer),
    }
}

/// A border with a title in its upper edge.
fn frame(title: &str, role: Role, theme: &Theme, area: Rect, symbols: &Symbols, buffer: &mut Buffer) {
    use ratatui::widgets::Widget;
    let style = theme.style(role);
    let block = Block::bordered().border_set(symbols.border).border_style(style);
    block.title(ratatui::text::Span::styled(format!(" {title} "), style)).render(area, buffer);
}

/// Writes a line at the start of `area`; what does not fit is cut.
fn put(line: &Line, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    if area.width > 0 && area.height > 0 {
        buffer.set_line(area.x, area.y, &theme.line(line), area.width);
    }
}

/// `line` in at most `room` columns, cut with an ellipsis at a grapheme boundary.
fn fit(line: Line, room: usize, symbols: &Symbols) -> Line {
    if line.width() <= room {
        return line;
    }
    let mut left = room.saturating_sub(width(symbols.ellipsis));
    let mut cut = Line::default();
    for span in line.spans {
        let text = crate::page::truncate(&span.text, left, "").into_owned();
        left = left.saturating_sub(width(&text));
        let whole = text.len() == span.text.len();
        cut.spans.push(span.with_text(text));
        if !whole {
            break;
        }
    }
    if room > 0 {
        cut.spans.push(Span::new(symbols.ellipsis, Role::Dim));
    }
    cut
}

/// `left`, and `right` at the right edge of `room` columns; `left` gives way.
fn spread(left: Line, right: Line, room: usize, symbols: &Symbols) -> Line {
    let taken = right.width();
    if taken + 4 > room {
        return fit(left, room, symbols);
    }
    let mut line = fit(left, room - taken - 1, symbols);
    let gap = room - taken - line.width();
    line.spans.push(Span::new(" ".repeat(gap), Role::Text));
    line.spans.extend(right.spans);
    line
}

/// A number with its thousands apart: `3 104`.
fn count(number: usize) -> String {
    let digits = number.to_string();
    let parts: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|part| std::str::from_utf8(part).unwrap_or_default()).collect();
    parts.join(" ")
}

/// Sentences in the middle of an empty pane.
fn sentences(texts: &[String], theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let text = layout::text(area);
    let lines = texts
        .iter()
        .flat_map(|sentence| wrap(&[Span::new(sentence.as_str(), Role::Dim)], &[], &[], usize::from(text.width)));
    for (row, line) in lines.take(usize::from(text.height)).enumerate() {
        put(&line, theme, Rect { y: text.y + row as u16, height: 1, ..text }, buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_thousands_apart() {
        for (number, expected) in [(0, "0"), (999, "999"), (3104, "3 104"), (1_000_000, "1 000 000")] {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn lines_are_cut_and_spread_to_their_room() {
        let symbols = Symbols::unicode();
        let line = |text: &str| Line { spans: vec![Span::new(text, Role::Text)] };
        assert_eq!(fit(line("容器镜像"), 5, &symbols).plain(), "容器…");
        assert_eq!(fit(line("容器"), 4, &symbols).plain(), "容器");
        assert_eq!(spread(line("容器镜像"), line("#12"), 10, &symbols).plain(), "容器…  #12");
        assert_eq!(spread(line("容器"), line("#12"), 10, &symbols).plain(), "容器   #12");
        for room in 0..12 {
            assert!(spread(line("容器镜像"), line("#12"), room, &symbols).width() <= room);
        }
    }
}
