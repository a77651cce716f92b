//! The mouse: clicks and the wheel, resolved by the layout that is drawn.

use super::{
    Effect, Model, Pane,
    command::Command,
    layout,
    links::{choice, take},
    motion::{back, go},
    overlay::Overlay,
    picker::LinkAction,
    press::choose,
    search::toggle_current,
    suggestions, tags,
};
use crate::query::Stance;

pub(super) fn click(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
    if !model.reading.overlays.is_empty() {
        return click_layer(model, column, row);
    }
    let Some(layout) = model.layout() else { return Vec::new() };
    model.session.status = None;
    model.window.dragged = layout.border(column, row);
    if layout.prompt.contains((column, row).into()) {
        model.search.is_typing = true;
        return Vec::new();
    }
    if let Some(area) = layout.heat.filter(|area| area.contains((column, row).into())) {
        return click_heat(model, (column - area.x, row - area.y), area.width);
    }
    let Some((pane, inside)) = layout.at(column, row) else { return Vec::new() };
    if model.search.is_typing {
        suggestions::leave(model);
    }
    model.window.focus = pane;
    let Some(inside) = inside.map(usize::from) else { return Vec::new() };
    let height = model.height(pane);
    match pane {
        Pane::Timeline if !model.results.suggestions.is_empty() => {
            let at = inside.checked_sub(suggestions::ROWS_ABOVE);
            return at.map_or_else(Vec::new, |at| suggestions::take(model, at));
        }
        Pane::Timeline => {
            let row = model.reading.timeline.scroll.top + inside;
            if row < model.reading.timeline.rows.len() {
                model.reading.timeline.select_row(row, height);
            }
        }
        Pane::Tags => {
            let row = model.reading.tags.scroll.top + inside;
            if matches!(model.reading.tags.rows.get(row), Some(tags::TagPaneRow::Item(_))) {
                model.reading.tags.select_row(row, height);
                return toggle_current(model, Stance::Required);
            }
        }
        Pane::Entry => return click_page(model, inside),
    }
    Vec::new()
}

/// Handles a click on a week: selects its first hit, or that of the nearest week with one.
fn click_heat(model: &mut Model, (column, row): (u16, u16), width: u16) -> Vec<Effect> {
    if model.search.is_typing {
        suggestions::leave(model);
    }
    if let Some(hit) = model.reading.timeline.heat.clicked(column, row, width) {
        model.push_jump();
        let height = model.height(Pane::Timeline);
        model.reading.timeline.select(hit, height);
    }
    Vec::new()
}

/// Handles a click while a layer is open: on a row of a picker chooses it, beside the layer closes it.
fn click_layer(model: &mut Model, column: u16, row: u16) -> Vec<Effect> {
    let rows = match model.reading.overlays.last() {
        Some(Overlay::Picker(picker)) => picker.items.len(),
        _ => usize::from(u16::MAX),
    };
    let area = layout::overlay(model.window.area, rows);
    if !area.contains((column, row).into()) {
        return back(model);
    }
    let inner = layout::inner(area);
    match model.reading.overlays.last_mut() {
        Some(Overlay::Picker(picker)) if inner.contains((column, row).into()) => {
            let at = picker.scroll.top + usize::from(row - inner.y);
            if at >= picker.shown.len() {
                return Vec::new();
            }
            picker.scroll.cursor = at;
            choose(model)
        }
        _ => Vec::new(),
    }
}

/// Moves the border that was pressed on.
pub(super) fn drag(model: &mut Model, column: u16) {
    match model.window.dragged {
        Some(Pane::Timeline) => model.window.split.tags = Some(column),
        Some(Pane::Entry) => model.window.split.entry = Some(column),
        _ => {}
    }
}

/// Handles a click in the entry: on a line of the list of references opens it.
fn click_page(model: &mut Model, inside: usize) -> Vec<Effect> {
    let line = model.reading.entry.scroll.top + inside;
    let at = model.reading.entry.page.refs_at.and_then(|first| line.checked_sub(first));
    let Some((entry, at)) = model.current().zip(at) else { return Vec::new() };
    let Some(found) = entry.refs().nth(at).map(|reference| choice(&reference)) else { return Vec::new() };
    take(model, &found, LinkAction::Open)
}

pub(super) fn wheel(model: &mut Model, column: u16, row: u16, rows: i16) {
    let command = if rows < 0 { Command::Up } else { Command::Down };
    let under = model.layout().and_then(|layout| layout.at(column, row)).map(|(pane, _)| pane);
    let focus = model.window.focus;
    if let Some(pane) = under.filter(|_| model.reading.overlays.is_empty()) {
        model.window.focus = pane;
    }
    for _ in 0..rows.unsigned_abs() {
        go(model, command);
    }
    model.window.focus = focus;
}
