//! The mouse: clicks and the wheel, resolved by the layout that is drawn.

use super::{
    Effect, Model, Pane,
    command::Command,
    go,
    jump::{choice, take},
    picker::Purpose,
    suggested, tags, toggle,
};
use crate::query::Stance;

pub(super) fn click(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
    let Some(layout) = model.layout().filter(|_| model.overlays.is_empty()) else { return Vec::new() };
    model.status = None;
    if layout.prompt.contains((column, row).into()) {
        model.is_typing = true;
        return Vec::new();
    }
    let Some((pane, inside)) = layout.at(column, row) else { return Vec::new() };
    if model.is_typing {
        suggested::leave(model);
    }
    model.focus = pane;
    let Some(inside) = inside.map(usize::from) else { return Vec::new() };
    let height = model.height(pane);
    match pane {
        Pane::Timeline if !model.suggestions.is_empty() => {
            let at = inside.checked_sub(suggested::ROWS_ABOVE);
            return at.map_or_else(Vec::new, |at| suggested::take(model, at));
        }
        Pane::Timeline => {
            let row = model.timeline.scroll.top + inside;
            if row < model.timeline.rows.len() {
                model.timeline.select_row(row, height);
            }
        }
        Pane::Tags => {
            let row = model.tags.scroll.top + inside;
            if matches!(model.tags.rows.get(row), Some(tags::Row::Item(_))) {
                model.tags.select_row(row, height);
                return toggle(model, Stance::Required);
            }
        }
        Pane::Entry => return click_page(model, inside),
    }
    Vec::new()
}

/// A click on a line of the list of references opens it.
fn click_page(model: &mut Model, inside: usize) -> Vec<Effect> {
    let line = model.entry.scroll.top + inside;
    let at = model.entry.page.refs_at.and_then(|first| line.checked_sub(first));
    let Some((entry, at)) = model.current().zip(at) else { return Vec::new() };
    let Some(found) = entry.refs().nth(at).map(|reference| choice(entry.id(), &reference)) else { return Vec::new() };
    take(model, &found, Purpose::Open)
}

pub(super) fn wheel(model: &mut Model, column: u16, row: u16, rows: i16) -> Vec<Effect> {
    let command = if rows < 0 { Command::Up } else { Command::Down };
    let under = model.layout().and_then(|layout| layout.at(column, row)).map(|(pane, _)| pane);
    let focus = model.focus;
    if let Some(pane) = under.filter(|_| model.overlays.is_empty()) {
        model.focus = pane;
    }
    for _ in 0..rows.unsigned_abs() {
        go(model, command);
    }
    model.focus = focus;
    Vec::new()
}
