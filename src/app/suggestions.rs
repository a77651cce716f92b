//! Suggestions and history: former queries are above the prompt, hits or suggestions below it.

use super::{
    Effect, Model, Pane,
    history::HistoryCursor,
    search::{prompt_changed, set_query},
};

/// Rows of the timeline above the first suggestion.
pub const ROWS_ABOVE: usize = 3;

/// Leaves the prompt and keeps its query in the history.
pub(super) fn leave(model: &mut Model) {
    model.search.is_typing = false;
    model.session.history.remember(model.search.prompt.text());
}

/// Leaves the prompt for the timeline, and asks the suggestion that the user moved to, if any.
pub(super) fn accept(model: &mut Model) -> Vec<Effect> {
    let chosen = model.chosen();
    leave(model);
    model.window.focus = Pane::Timeline;
    let Some(chosen) = chosen else { return Vec::new() };
    take(model, chosen)
}

/// Asks suggestion number `at` instead of what was typed.
pub(super) fn take(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(suggestion) = model.results.suggestions.get(at) else { return Vec::new() };
    let query = suggestion.query.clone();
    let effects = set_query(model, &query);
    model.session.history.remember(model.search.prompt.text());
    effects
}

/// Recalls the query before the one at `cursor`.
pub(super) fn recall_older(model: &mut Model, cursor: HistoryCursor) -> Vec<Effect> {
    let cursor = model.session.history.older(cursor, model.search.prompt.text());
    recall(model, cursor)
}

/// Recalls query number `at` of the history, or, after the newest, what was `typed`.
pub(super) fn recall_newer(model: &mut Model, at: usize, typed: String) -> Vec<Effect> {
    if at < model.session.history.queries.len() {
        return recall(model, HistoryCursor::Recalled { at, typed });
    }
    model.search.prompt.set(&typed);
    prompt_changed(model)
}

/// Writes the query at `cursor` into the prompt.
fn recall(model: &mut Model, cursor: HistoryCursor) -> Vec<Effect> {
    let Some(text) = model.session.history.recalled(&cursor) else { return Vec::new() };
    let text = text.to_owned();
    model.search.prompt.set(&text);
    let effects = prompt_changed(model);
    model.search.history_cursor = cursor;
    effects
}
