//! Entry pane.

use super::{picture, put, sentences};
use crate::{
    app::{Model, layout},
    page::{Line, Role, TextSpan},
    ui::theme::Theme,
};
use ratatui::{buffer::Buffer, layout::Rect};
use std::borrow::Cow;

/// Highlights the current match of the reader in `line` differently from the others.
fn with_current(line: &Line, place: Option<usize>) -> Cow<'_, Line> {
    let is_here = |span: &TextSpan| place.is_some() && span.place == place;
    if !line.spans.iter().any(is_here) {
        return Cow::Borrowed(line);
    }
    let mut line = line.clone();
    for span in line.spans.iter_mut().filter(|span| is_here(span)) {
        span.role = Role::Current;
    }
    Cow::Owned(line)
}

pub fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let text = layout::text(area);
    if model.current().is_none() {
        if !model.notes.is_reading && model.notes.log.is_empty() {
            sentences(&["Nothing to read yet.".to_owned()], theme, area, buffer);
        }
        return;
    }
    let lines =
        model.reading.entry.page.lines.iter().skip(model.reading.entry.scroll.top).take(usize::from(text.height));
    for (row, line) in lines.enumerate() {
        put(
            &with_current(line, model.reading.entry.place),
            theme,
            Rect { y: text.y + row as u16, height: 1, ..text },
            buffer,
        );
    }
    picture::draw(model, text, buffer);
    if model.reading.entry.has_more(usize::from(text.height)) && area.height > 0 {
        let more = Line { spans: vec![TextSpan::new(" more ", Role::Dim)] };
        let width = more.width() as u16;
        let area = Rect { x: area.right().saturating_sub(width + 2), y: area.bottom() - 1, width, height: 1 };
        put(&more, theme, area, buffer);
    }
}
