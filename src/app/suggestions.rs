//! The box and what stands around it: former queries above, hits or suggestions below.

use super::{
    Effect, Model, Pane, command::Command, go as go_in_list, history::HistoryCursor, prompt_changed, scroll::Scroll,
    set_query,
};

/// Rows of the timeline above the first suggestion.
pub const ROWS_ABOVE: usize = 3;

impl Model {
    /// The suggestion that Enter takes: while typing only one that was gone to.
    pub fn chosen(&self) -> Option<usize> {
        let first = (!self.is_typing && !self.suggestions.is_empty()).then_some(0);
        self.suggested.or(first)
    }
}

/// Leaves the box with its query kept.
pub(super) fn leave(model: &mut Model) {
    model.is_typing = false;
    model.history.remember(model.prompt.text());
}

/// Leaves the box for the list, with the suggestion that was gone to, if any.
pub(super) fn accept(model: &mut Model) -> Vec<Effect> {
    let chosen = model.chosen();
    leave(model);
    model.focus = Pane::Timeline;
    chosen.map_or_else(Vec::new, |chosen| take(model, chosen))
}

/// Asks suggestion number `at` instead of what was typed.
pub(super) fn take(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(query) = model.suggestions.get(at).map(|suggestion| suggestion.query.clone()) else { return Vec::new() };
    let effects = set_query(model, &query);
    model.history.remember(model.prompt.text());
    effects
}

/// Moves among the suggestions. Whether `command` was a move.
pub(super) fn go(model: &mut Model, command: Command) -> bool {
    let (len, before) = (model.suggestions.len(), model.chosen());
    let mut scroll = Scroll { cursor: before.unwrap_or(0), top: 0 };
    if !scroll.go(command, len, len) {
        return false;
    }
    model.suggested = match (before, command) {
        (None, Command::Down) => Some(0),
        (None, _) => None,
        // Back into the box.
        (Some(0), Command::Up) if model.is_typing => None,
        (Some(_), _) => Some(scroll.cursor),
    };
    true
}

/// Up in the list, and from the box to the query before.
pub(super) fn up(model: &mut Model, walk: HistoryCursor) -> Vec<Effect> {
    if let HistoryCursor::Below(rows @ 1..) = walk {
        go_in_list(model, Command::Up);
        model.walk = if rows > 1 { HistoryCursor::Below(rows - 1) } else { HistoryCursor::Typing };
        return Vec::new();
    }
    let walk = model.history.older(walk, model.prompt.text());
    recall(model, walk)
}

/// To the query after, then to what was typed, then down in the list.
pub(super) fn down(model: &mut Model, walk: HistoryCursor) -> Vec<Effect> {
    match walk {
        HistoryCursor::Recalled { at, typed } if at + 1 < model.history.queries.len() => {
            recall(model, HistoryCursor::Recalled { at: at + 1, typed })
        }
        HistoryCursor::Recalled { typed: text, .. } => {
            model.prompt.set(&text);
            prompt_changed(model)
        }
        HistoryCursor::Typing | HistoryCursor::Below(_) => {
            go_in_list(model, Command::Down);
            model.walk = HistoryCursor::Below(if let HistoryCursor::Below(rows) = walk { rows + 1 } else { 1 });
            Vec::new()
        }
    }
}

/// Puts the query of a place of the walk into the box.
fn recall(model: &mut Model, walk: HistoryCursor) -> Vec<Effect> {
    let Some(text) = model.history.recalled(&walk).map(str::to_owned) else { return Vec::new() };
    model.prompt.set(&text);
    let effects = prompt_changed(model);
    model.walk = walk;
    effects
}
