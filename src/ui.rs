//! Screen: draws the [`Model`] anew each time.
//!
//! Only reads it: keys and clicks change the model in `app`, which uses the same `layout` that is
//! drawn here. Colours are named in [`theme`] alone, and every text has been cleaned.

mod entry;
mod find;
mod heat_map;
pub mod hyperlink;
mod indexed_colour;
mod overlay;
pub mod picture;
mod prompt;
mod status;
mod tags;
pub mod theme;
mod timeline;

use crate::{
    app::{Model, Pane, layout},
    page::{Line, Role, Symbols, TextSpan, grapheme_width, width, wrap},
};
use ratatui::{
    Frame,
    buffer::{Buffer, CellDiffOption, CellWidth},
    layout::Rect,
    widgets::Block,
};
use std::num::NonZeroU16;
use theme::Theme;
use unicode_segmentation::UnicodeSegmentation;

/// Draws `model` on `frame`.
pub fn view(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let screen = frame.area().intersection(model.window.area);
    let Some(layout) = model.layout_on(screen) else {
        return too_small(model, theme, frame);
    };
    if let Some(area) = layout.header {
        status::header(model, theme, area, frame.buffer_mut());
    }
    let cursor = prompt::draw(model, theme, layout.prompt, frame.buffer_mut());
    for pane in Pane::ALL {
        if let Some(area) = layout.of(pane) {
            let body = layout.body(pane).unwrap_or(area);
            draw_pane(model, theme, pane, (area, body), frame.buffer_mut());
        }
    }
    if let Some(area) = layout.heat {
        heat_map::draw(model, theme, area, frame.buffer_mut());
    }
    let find_cursor = if find::is_shown(model) {
        find::draw(model, theme, layout.bottom, frame.buffer_mut())
    } else {
        status::bottom(model, theme, layout.bottom, frame.buffer_mut());
        None
    };
    if let Some(top) = model.reading.overlays.last() {
        if let Some(cursor) = overlay::draw(model, top, theme, screen, frame.buffer_mut()) {
            frame.set_cursor_position(cursor);
        }
    } else if let Some(cursor) = find_cursor.or(model.search.is_typing.then_some(cursor)) {
        frame.set_cursor_position(cursor);
    }
}

fn too_small(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.height > 0 {
        let text = Line { spans: vec![TextSpan::new("sennight needs 20×6", Role::Text)] };
        let line = fit(text, usize::from(area.width), &model.settings.symbols);
        put(&line, theme, Rect { height: 1, ..area }, frame.buffer_mut());
    }
}

/// Draws the frame of a pane, and its list or page in `body`.
fn draw_pane(model: &Model, theme: &Theme, pane: Pane, (area, body): (Rect, Rect), buffer: &mut Buffer) {
    let focused = model.window.focus == pane && !model.search.is_typing && model.reading.overlays.is_empty();
    let role = if focused { Role::Accent } else { Role::Dim };
    frame(pane.title(), role, theme, area, &model.settings.symbols, buffer);
    match pane {
        Pane::Tags => tags::draw(model, theme, focused, body, buffer),
        Pane::Timeline => timeline::draw(model, theme, focused, body, buffer),
        Pane::Entry => entry::draw(model, theme, body, buffer),
    }
}

/// Draws a border with a title in its upper edge.
fn frame(title: &str, role: Role, theme: &Theme, area: Rect, symbols: &Symbols, buffer: &mut Buffer) {
    use ratatui::widgets::Widget;
    let style = theme.style(role);
    Block::bordered().border_set(symbols.border).border_style(style).render(area, buffer);
    let title = Line { spans: vec![TextSpan::new(format!(" {title} "), role)] };
    let room = Rect { x: area.x.saturating_add(1), width: area.width.saturating_sub(2), ..area };
    put(&fit(title, usize::from(room.width), symbols), theme, room, buffer);
}

/// Writes a line at the start of `area` and cuts what does not fit.
///
/// Cells are filled here and not by ratatui, which knows neither links nor how wide this terminal
/// draws characters of ambiguous width.
fn put(line: &Line, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return;
    }
    let mut x = area.x;
    for span in &line.spans {
        let style = theme.span(span);
        let opening = span.url.as_deref().filter(|_| theme.hyperlinks).and_then(hyperlink::open);
        for grapheme in span.text.graphemes(true) {
            let columns = grapheme_width(grapheme) as u16;
            let Some(forced) = NonZeroU16::new(columns) else { continue };
            if x + columns > area.right() {
                return;
            }
            let cell = &mut buffer[(x, area.y)];
            cell.set_style(style).set_diff_option(CellDiffOption::None);
            match &opening {
                Some(open) => cell.set_symbol(&format!("{open}{grapheme}{}", hyperlink::CLOSE)),
                None => cell.set_symbol(grapheme),
            };
            if opening.is_some() || grapheme.cell_width() != columns {
                cell.set_diff_option(CellDiffOption::ForcedWidth(forced));
            }
            for covered in x + 1..x + columns {
                buffer[(covered, area.y)].reset();
            }
            x += columns;
        }
    }
}

/// Cuts `line` to `room` columns, with an ellipsis at a grapheme boundary.
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
        cut.spans.push(TextSpan::new(symbols.ellipsis, Role::Dim));
    }
    cut
}

/// Puts `right` at the right edge of `room` columns. If room is short, `left` is cut.
fn spread(left: Line, right: Line, room: usize, symbols: &Symbols) -> Line {
    let taken = right.width();
    if taken + 4 > room {
        return fit(left, room, symbols);
    }
    let mut line = fit(left, room - taken - 1, symbols);
    let gap = room - taken - line.width();
    line.spans.push(TextSpan::new(" ".repeat(gap), Role::Text));
    line.spans.extend(right.spans);
    line
}

/// Formats a number with spaces between thousands: `3 104`.
fn count(number: usize) -> String {
    let digits = number.to_string();
    let mut formatted = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            formatted.push(' ');
        }
        formatted.push(digit);
    }
    formatted
}

/// Draws sentences in the middle of an empty pane.
fn sentences(texts: &[String], theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let text = layout::text(area);
    let mut lines = Vec::new();
    for sentence in texts {
        lines.extend(wrap(&[TextSpan::new(sentence.as_str(), Role::Dim)], &[], &[], usize::from(text.width)));
    }
    for (row, line) in lines.iter().take(usize::from(text.height)).enumerate() {
        put(line, theme, Rect { y: text.y + row as u16, height: 1, ..text }, buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (number, expected) in [(0, "0"), (999, "999"), (3104, "3 104"), (1_000_000, "1 000 000")] {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn cells_are_as_wide_as_the_terminal_draws_them() {
        let line = Line { spans: vec![TextSpan::new("“容”·x", Role::Text)] };
        for (wide, columns) in [
            (false, vec![("“", 1), ("容", 2), ("”", 1), ("·", 1), ("x", 1)]),
            (true, vec![("“", 2), ("容", 2), ("”", 2), ("·", 2), ("x", 1)]),
        ] {
            crate::page::set_ambiguous_wide(wide);
            let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
            put(&line, &Theme::dark(), buffer.area, &mut buffer);
            let mut x = 0;
            for (symbol, width) in columns {
                assert_eq!((buffer[(x, 0)].symbol(), buffer[(x, 0)].cell_width()), (symbol, width), "{wide}");
                x += width;
            }
        }
        crate::page::set_ambiguous_wide(false);
    }

    #[test]
    fn links_wrap_their_cells_and_change_nothing_else() {
        let link =
            TextSpan { url: Some("https://a.example/容 器?b;c".into()), ..TextSpan::new("见容器", Role::RefLink) };
        let unsafe_link = TextSpan { url: Some("file:///etc/passwd".into()), ..TextSpan::new("x", Role::RefLink) };
        let text = Line { spans: vec![TextSpan::new("a", Role::Text), link, unsafe_link] };
        let drawn = |theme: &Theme| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
            put(&text, theme, Rect::new(1, 0, 11, 1), &mut buffer);
            buffer
        };
        let (plain, linked) = (drawn(&Theme::dark()), drawn(&Theme::dark().with_hyperlinks(true)));
        for x in [0, 1, 2, 4, 6, 8, 9] {
            let (plain, linked) = (&plain[(x, 0)], &linked[(x, 0)]);
            assert_eq!((plain.style(), plain.cell_width()), (linked.style(), linked.cell_width()), "{x}");
            let shown = linked.symbol().split("\u{1b}\\").find(|part| !part.starts_with('\u{1b}')).unwrap_or_default();
            assert_eq!(shown.split('\u{1b}').next(), Some(plain.symbol()), "{x}");
        }
        let open = "\u{1b}]8;id=";
        let cell = linked[(2, 0)].symbol();
        assert!(
            cell.starts_with(open)
                && cell.ends_with(";https://a.example/%E5%AE%B9%20%E5%99%A8?b;c\u{1b}\\见\u{1b}]8;;\u{1b}\\"),
            "{cell:?}"
        );
        assert_eq!(linked[(8, 0)].symbol(), "x");
    }

    #[test]
    fn lines_are_cut_and_spread_to_their_room() {
        let symbols = Symbols::unicode();
        let line = |text: &str| Line { spans: vec![TextSpan::new(text, Role::Text)] };
        assert_eq!(fit(line("容器镜像"), 5, &symbols).plain(), "容器…");
        assert_eq!(fit(line("容器"), 4, &symbols).plain(), "容器");
        assert_eq!(spread(line("容器镜像"), line("#12"), 10, &symbols).plain(), "容器…  #12");
        assert_eq!(spread(line("容器"), line("#12"), 10, &symbols).plain(), "容器   #12");
        for room in 0..12 {
            assert!(spread(line("容器镜像"), line("#12"), room, &symbols).width() <= room);
        }
    }
}
