//! Motions: moving in the layer or pane that has the keys, and leaving it.

use super::{
    Effect, Model, Pane,
    command::Command,
    find_bar,
    keymap::help_lines,
    overlay::{self, Overlay},
    search::set_query,
    suggestions,
};
use crate::query::Query;

/// Moves in the layer or pane that has the keys. Returns false if `command` is no motion there.
pub(super) fn go(model: &mut Model, command: Command) -> bool {
    if model.reading.overlays.is_empty() { go_in_pane(model, command) } else { go_in_layer(model, command) }
}

/// Moves in the topmost layer.
fn go_in_layer(model: &mut Model, command: Command) -> bool {
    let rows = usize::from(model.window.area.height.saturating_sub(4));
    let (_, text_rows) = overlay::text_size(model.window.area);
    let messages = model.session.messages.len();
    let Some(top) = model.reading.overlays.last_mut() else { return false };
    match top {
        Overlay::Help { filter, scroll } => {
            let focus = model.window.focus;
            let len = help_lines(&model.settings.keymap, model.search.is_typing, focus, filter).len();
            scroll.turn(command, len, rows.min(len))
        }
        Overlay::Picker(picker) => {
            let len = picker.shown.len();
            picker.scroll.go(command, len, rows.min(picker.items.len()))
        }
        Overlay::Xray(xray) => xray.scroll.turn(command, xray.lines.len(), text_rows),
        Overlay::Stats(view) => {
            if matches!(command, Command::Left | Command::Right) {
                view.turn(command == Command::Right);
                return true;
            }
            view.scroll.turn(command, view.lines.len(), text_rows)
        }
        Overlay::Messages(scroll) => scroll.turn(command, messages, rows.min(messages)),
        Overlay::Explanation(explanation) => {
            let len = explanation.lines.len();
            explanation.scroll.turn(command, len, rows.min(len))
        }
        Overlay::Confirm(_) | Overlay::Computing(_) => false,
    }
}

/// Moves in the focused pane; motions by week or entry, and those of the prompt, are in the timeline.
fn go_in_pane(model: &mut Model, command: Command) -> bool {
    let by_week = matches!(command, Command::NextWeek | Command::PreviousWeek);
    let by_entry = matches!(command, Command::NextEntry | Command::PreviousEntry);
    let is_in_timeline = model.search.is_typing || by_week || by_entry;
    let pane = if is_in_timeline { Pane::Timeline } else { model.window.focus };
    let height = model.height(pane);
    match pane {
        Pane::Tags => model.reading.tags.go(command, height),
        Pane::Entry => model.reading.entry.go(command, height),
        Pane::Timeline => {
            let command = match command {
                Command::NextEntry => Command::Down,
                Command::PreviousEntry => Command::Up,
                command => command,
            };
            if model.results.suggestions.is_empty() {
                return model.reading.timeline.go(command, height);
            }
            let chosen = model.chosen();
            model.results.move_suggestion(command, chosen, model.search.is_typing)
        }
    }
}

/// Closes the topmost thing: a layer, the prompt, the find bar, the zoom; then clears the query.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    if model.reading.overlays.pop().is_some() {
        return Vec::new();
    }
    if model.search.is_typing {
        suggestions::leave(model);
        return Vec::new();
    }
    if find_bar::end(model) {
        return Vec::new();
    }
    if model.window.zoomed {
        model.window.zoomed = false;
        return Vec::new();
    }
    if model.search.prompt.text().is_empty() {
        return Vec::new();
    }
    model.push_jump();
    set_query(model, &Query::default())
}
