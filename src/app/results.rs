//! Results: what the query found, and what may have been meant instead.

use super::{Model, Pane, Ticket, command::Command, hits::Hits, scroll::Scroll};
use crate::{
    log::EntryId,
    query::{
        Order, Query, Suggestion,
        similar::{SimilarHits, highlight_query},
    },
};
use std::{mem::take, sync::Arc};

/// Answers to the last query.
///
/// A field belongs here if a finished search sets it. Ids are those of the log on the screen.
#[derive(Debug, Default)]
pub struct Results {
    /// Hits of the query, then those of similar queries.
    pub hits: Arc<Vec<EntryId>>,
    /// Similar queries with their hits, which are the last of `hits`.
    pub similar: Vec<SimilarHits>,
    /// Queries that would find something, offered when this one finds nothing.
    pub suggestions: Vec<Suggestion>,
    /// Place of the suggestion that the user moved to.
    pub chosen_suggestion: Option<usize>,
    /// Query whose words are highlighted in the hits.
    pub highlights: Query,
    /// Time the last search took, in microseconds.
    pub search_time: Option<u64>,
    /// A search is running.
    pub is_searching: bool,
    /// The entry that was selected before the result changed, until the next key outside the
    /// prompt. Similar hits come later, and it may be one of them.
    pub(super) anchor: Option<EntryId>,
    /// The entry to select when the result arrives.
    pub(super) destination: Option<EntryId>,
}

impl Results {
    /// Starts over for another log with `current` as the only hit. The words highlighted and the
    /// suggestions stay on the screen until the search in the new log answers.
    pub(super) fn for_log(&mut self, current: Option<EntryId>) {
        *self = Results {
            hits: Arc::new(current.into_iter().collect()),
            suggestions: take(&mut self.suggestions),
            chosen_suggestion: self.chosen_suggestion,
            highlights: take(&mut self.highlights),
            search_time: self.search_time,
            ..Results::default()
        };
    }

    /// Moves among the suggestions from the `chosen` one. Returns false if `command` is no motion.
    pub(super) fn move_suggestion(&mut self, command: Command, chosen: Option<usize>, is_typing: bool) -> bool {
        let len = self.suggestions.len();
        let mut scroll = Scroll { cursor: chosen.unwrap_or(0), top: 0 };
        if !scroll.go(command, len, len) {
            return false;
        }
        self.chosen_suggestion = match (chosen, command) {
            (None, Command::Down) => Some(0),
            (None, _) => None,
            // Back into the prompt.
            (Some(0), Command::Up) if is_typing => None,
            (Some(_), _) => Some(scroll.cursor),
        };
        true
    }
}

impl Model {
    /// Place of the suggestion that Enter takes; in the prompt, only one that the user moved to.
    pub fn chosen(&self) -> Option<usize> {
        let first = (!self.search.is_typing && !self.results.suggestions.is_empty()).then_some(0);
        self.results.chosen_suggestion.or(first)
    }
}

/// Takes the answer to search number `ticket`; an answer to an older search is dropped.
pub(super) fn search_finished(model: &mut Model, ticket: Ticket, hits: &Hits, micros: u64) {
    if ticket == model.search.ticket {
        model.results.is_searching = false;
        model.results.search_time = Some(micros);
        let current = model.results.destination.take().or(model.current_id());
        model.results.anchor = current.or(model.results.anchor);
        show(model, hits, Vec::new(), current);
    }
}

/// Takes similar queries and all `hits` with theirs, as [`search_finished`] takes an answer.
pub(super) fn similar_found(model: &mut Model, ticket: Ticket, hits: &Hits, similar: Vec<SimilarHits>) {
    if ticket == model.search.ticket && model.results.similar.is_empty() {
        let anchor = model.results.anchor.filter(|id| similar.iter().any(|similar| similar.hits.contains(id)));
        let current = anchor.or(model.current_id());
        show(model, hits, similar, current);
    }
}

/// Takes suggestions for search number `ticket`.
pub(super) fn suggested(model: &mut Model, ticket: Ticket, suggestions: Vec<Suggestion>) {
    if ticket == model.search.ticket {
        model.results.suggestions = suggestions;
        model.results.chosen_suggestion = None;
    }
}

/// Shows another result with `current` selected if it is a hit. Many hits cost no more than few.
pub(super) fn show(model: &mut Model, hits: &Hits, similar: Vec<SimilarHits>, current: Option<EntryId>) {
    model.results.suggestions.clear();
    model.results.chosen_suggestion = None;
    let exact = hits.ids.len() - similar.iter().map(|similar| similar.hits.len()).sum::<usize>();
    model.results.highlights = highlight_query(&model.search.query, &similar);
    model.results.similar = similar;
    let height = model.height(Pane::Timeline);
    let order = model.search.query.order.unwrap_or(Order::Newest);
    model.reading.timeline.show(hits, exact, order, current, height);
    model.results.hits = hits.ids.clone();
    let height = model.height(Pane::Tags);
    model.reading.tags.show(&model.notes.log, &hits.counts, &model.search.query, height);
}
