//! Tag pane.

use super::{count, put, spread};
use crate::{
    app::{Model, layout, tags::FilterItem, tags::TagPaneRow},
    page::{Line, Role, TextSpan, width},
    query::Stance,
    text::clean_line,
    ui::theme::Theme,
};
use ratatui::{buffer::Buffer, layout::Rect};

pub fn draw(model: &Model, theme: &Theme, focused: bool, area: Rect, buffer: &mut Buffer) {
    let inner = layout::inner(area);
    let scroll = model.reading.tags.scroll;
    let rows = model.reading.tags.rows.iter().enumerate().skip(scroll.top).take(usize::from(inner.height));
    for (nth, (at, row)) in rows.enumerate() {
        let area = Rect { y: inner.y + nth as u16, height: 1, ..inner };
        match row {
            TagPaneRow::Heading(name) => {
                put(&Line { spans: vec![TextSpan::new(format!(" {name}"), Role::Dim)] }, theme, area, buffer);
            }
            TagPaneRow::Item(item) => draw_item(model, theme, item, focused && at == scroll.cursor, area, buffer),
        }
    }
}

fn draw_item(model: &Model, theme: &Theme, item: &FilterItem, selected: bool, area: Rect, buffer: &mut Buffer) {
    let symbols = &model.settings.symbols;
    let bar = if selected { symbols.selection } else { " " };
    let (mark, role) = match item.stance {
        Stance::Required => (symbols.required, Role::Accent),
        Stance::Excluded => (symbols.excluded, Role::Dim),
        Stance::Neither => (" ", Role::Tag),
    };
    let right = Line { spans: vec![TextSpan::new(format!("{} ", count(item.count as usize)), Role::Dim)] };
    let room = usize::from(area.width).saturating_sub(right.width() + 3);
    let mut name = TextSpan::new(short(&item.name, room), role);
    name.strike = item.stance == Stance::Excluded;
    let left = Line { spans: vec![TextSpan::new(bar, Role::Accent), TextSpan::new(mark, Role::Accent), name] };
    if selected {
        buffer.set_style(area, theme.style(Role::Selected));
    } else {
        let share = usize::from(area.width) * item.count as usize / model.results.hits.len().max(1);
        let columns = (share as u16).min(area.width);
        buffer.set_style(Rect { x: area.right() - columns, width: columns, ..area }, theme.style(Role::Share));
    }
    put(&spread(left, right, usize::from(area.width), symbols), theme, area, buffer);
}

/// Drops the owner of a repository whose `name` is too long for `room`.
fn short(name: &str, room: usize) -> std::borrow::Cow<'_, str> {
    let leaf = name.rsplit_once('/').map(|(_, leaf)| leaf).filter(|leaf| !leaf.is_empty() && width(name) > room);
    clean_line(leaf.unwrap_or(name))
}
