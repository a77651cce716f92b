//! Search: the prompt, the query it stands for, and the requests for results.

use super::{Effect, Model, Ticket, history::HistoryCursor, line_edit::LineEdit, results::show};
use crate::query::{Atom, Completion, Notice, Query, Stance, complete};
use std::ops::Range;

/// The prompt and the query it stands for.
///
/// A field belongs here if typing changes it. The veil empties it with [`Search::clear`].
#[derive(Debug, Default)]
pub struct Search {
    pub prompt: LineEdit,
    pub query: Query,
    /// Remarks on parts of the prompt that could not be understood.
    pub notices: Vec<Notice>,
    /// Byte ranges of fields in the prompt whose value was understood.
    pub fields: Vec<Range<usize>>,
    /// Completions of the word at the cursor, and the place of the one inserted.
    pub completion: Option<(Completion, usize)>,
    /// Position in the history that Up and Down have reached.
    pub(super) history_cursor: HistoryCursor,
    /// Number of the example shown in the empty prompt, counted without end; clearing the prompt
    /// shows the next.
    pub example: usize,
    /// The prompt has the keys.
    pub is_typing: bool,
    /// Number of the last search.
    pub ticket: Ticket,
}

impl Search {
    /// Empties the prompt. An answer to a search that is still running will be dropped.
    pub(super) fn clear(&mut self) {
        *self = Search {
            example: self.example,
            is_typing: self.is_typing,
            ticket: Ticket(self.ticket.0 + 1),
            ..Search::default()
        };
    }
}

impl Model {
    /// A query that finds something in this log.
    pub fn example(&self) -> Option<&str> {
        let examples = &self.notes.examples;
        examples.get(self.search.example % examples.len().max(1)).map(String::as_str)
    }
}

/// Requests the result of the query; that of the empty query is known and shown at once.
pub(super) fn search(model: &mut Model) -> Vec<Effect> {
    model.search.ticket.0 += 1;
    model.results.is_searching = !model.search.query.is_empty();
    if model.search.query.is_empty() {
        model.results.search_time = None;
        let current = model.results.destination.take().or(model.current_id()).or(model.results.anchor);
        show(model, &model.notes.everything.clone(), Vec::new(), current);
        return Vec::new();
    }
    vec![Effect::Search { ticket: model.search.ticket, query: search_query(model) }]
}

/// The query with the bookmarks it asks for filled in.
fn search_query(model: &Model) -> Query {
    let query = &model.search.query;
    if query.asks_for_bookmarks() { query.with_bookmarks(&model.saved.keys()) } else { query.clone() }
}

/// Searches again if the text of the prompt now means another query.
pub(super) fn prompt_changed(model: &mut Model) -> Vec<Effect> {
    let query = parse_prompt(model);
    if query == model.search.query {
        return Vec::new();
    }
    model.search.example += usize::from(model.search.prompt.text().is_empty());
    model.search.query = query;
    search(model)
}

/// Parses the prompt into a query, and sets the notices and fields.
pub(super) fn parse_prompt(model: &mut Model) -> Query {
    let parsed = Query::parse_on(model.search.prompt.text(), model.settings.today);
    let unanswerable = parsed.unanswerable(&model.notes.log);
    model.search.notices = parsed.notices;
    model.search.notices.extend(unanswerable);
    model.search.fields = parsed.fields;
    parsed.query.resolved(&model.notes.log)
}

/// Writes `query` into the prompt and searches.
pub(super) fn set_query(model: &mut Model, query: &Query) -> Vec<Effect> {
    model.search.prompt.set(&query.to_string());
    prompt_changed(model)
}

/// Toggles the item under the cursor of the tag pane in the query.
pub(super) fn toggle_current(model: &mut Model, stance: Stance) -> Vec<Effect> {
    let Some(item) = model.reading.tags.item() else { return Vec::new() };
    let atom = item.atom.clone();
    toggle(model, &atom, stance)
}

/// Requires or excludes `atom` in the query, or removes it if it is there with that stance.
pub(super) fn toggle(model: &mut Model, atom: &Atom, stance: Stance) -> Vec<Effect> {
    let query = model.search.query.toggled(atom.clone(), stance);
    model.push_jump();
    set_query(model, &query)
}

/// Inserts the first completion of the word at the cursor, or the one `step` places after the
/// current `completion`. Returns `None` if there is nothing to complete.
pub(super) fn complete_prompt(
    model: &mut Model,
    completion: Option<(Completion, usize)>,
    step: isize,
) -> Option<Vec<Effect>> {
    let prompt = &mut model.search.prompt;
    let (mut completion, at) = match completion {
        Some((completion, at)) => {
            let at = at.cast_signed() + step;
            let at = at.rem_euclid(completion.candidates.len().cast_signed());
            (completion, at.unsigned_abs())
        }
        None => (complete(prompt.text(), prompt.cursor(), &model.notes.log)?, 0),
    };
    let candidate = &completion.candidates[at];
    prompt.replace(completion.place.clone(), candidate);
    completion.place.end = completion.place.start + candidate.len();
    model.search.completion = Some((completion, at));
    Some(prompt_changed(model))
}
