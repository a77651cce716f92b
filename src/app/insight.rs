//! Threads and stats, which look at every entry. They are requested like a search, so no key waits
//! for them; an answer that is no longer wanted is dropped.

use super::{
    Effect, Model, Severity, Ticket, mentions,
    overlay::{Overlay, StatsView},
    picker::{Picker, PickerItem},
};
use crate::{
    insight::{
        stats::{self, Stats},
        thread::{Thread, Topic},
    },
    log::{Entry, EntryId, Log},
};
use jiff::civil::Date;
use std::sync::Arc;

/// A computation over a log, to be done outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsightRequest {
    Thread(Topic),
    /// Stats of a year of some entries: of their newest year if `year` is none of theirs.
    Stats {
        ids: Arc<Vec<EntryId>>,
        year: Option<i16>,
        today: Date,
    },
}

/// Answer to an [`InsightRequest`].
#[derive(Debug, Clone)]
pub enum Insight {
    /// A thread, with its mentions as a list to pick from.
    Thread { thread: Thread, title: String, items: Vec<PickerItem> },
    /// All years, the newest first, and the stats of one; no stats if no entry has a date.
    Stats { years: Vec<i16>, stats: Option<Arc<Stats>> },
}

impl InsightRequest {
    /// Computes the answer from `log`, which was on the screen when it was requested. Takes long
    /// in a large log, so it runs on another thread than the screen's.
    pub fn compute(self, log: &Log) -> Insight {
        match self {
            InsightRequest::Thread(topic) => {
                let thread = Thread::of(log, topic);
                let (title, items) = (mentions::title(&thread, log), mentions::list(&thread, log));
                Insight::Thread { thread, title, items }
            }
            InsightRequest::Stats { ids, year, today } => {
                let years: Vec<i16> = stats::years(log, &ids).into_iter().map(|(year, _)| year).collect();
                let year = match year {
                    Some(year) if years.contains(&year) => Some(year),
                    _ => years.first().copied(),
                };
                let stats = year.map(|year| Arc::new(Stats::of(log, &ids, year, today)));
                Insight::Stats { years, stats }
            }
        }
    }
}

/// The last request, while its answer is still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PendingInsight {
    ticket: Ticket,
    /// Step along the thread to be made when the answer arrives: forward, or back.
    step: Option<bool>,
}

impl PendingInsight {
    /// Tests if the answer is for a layer. A step is no longer wanted once another key is pressed.
    pub(super) fn is_shown(&self) -> bool {
        self.step.is_none()
    }
}

impl Model {
    /// Tests if keys must wait for a pending answer, since it decides what they mean.
    pub fn is_waiting(&self) -> bool {
        self.results.is_searching || self.is_waiting_for_insight()
    }

    fn is_waiting_for_insight(&self) -> bool {
        let Some(pending) = self.reading.pending_insight else { return false };
        match self.reading.overlays.last() {
            Some(Overlay::Computing(_)) => true,
            Some(Overlay::Stats(view)) => view.stats.is_none(),
            Some(_) => false,
            None => !pending.is_shown(),
        }
    }
}

fn request(model: &mut Model, ask: InsightRequest, step: Option<bool>) -> Effect {
    model.reading.insight_ticket.0 += 1;
    let ticket = model.reading.insight_ticket;
    model.reading.pending_insight = Some(PendingInsight { ticket, step });
    Effect::ComputeInsight { ticket, ask }
}

/// Requests the thread of a topic, and shows `title` until its list is there.
pub(super) fn thread(model: &mut Model, topic: Topic, title: String) -> Vec<Effect> {
    model.reading.overlays.push(Overlay::Computing(title));
    vec![request(model, InsightRequest::Thread(topic), None)]
}

/// Requests the thread of a topic, to go a step along it.
pub(super) fn step(model: &mut Model, topic: Topic, forward: bool) -> Vec<Effect> {
    vec![request(model, InsightRequest::Thread(topic), Some(forward))]
}

/// Opens the stats of the year of the selected entry; [`settle`] requests them.
pub(super) fn open_stats(model: &mut Model) {
    let year = model.current().and_then(Entry::span).map(stats::year_of);
    model.reading.overlays.push(Overlay::Stats(StatsView::new(year)));
}

/// Requests new stats if their year or the result has changed, and forgets the request of a layer
/// that was closed.
pub(super) fn settle(model: &mut Model) -> Option<Effect> {
    match model.reading.overlays.last_mut() {
        Some(Overlay::Stats(view)) => {
            let ids = model.results.hits.clone();
            let (is_needed, year) = (view.start_request(&ids), view.year);
            let today = model.settings.today.unwrap_or_default();
            is_needed.then(|| request(model, InsightRequest::Stats { ids, year, today }, None))
        }
        Some(Overlay::Computing(_)) => None,
        _ => {
            model.reading.pending_insight = model.reading.pending_insight.filter(|pending| !pending.is_shown());
            None
        }
    }
}

/// Takes an answer, unless another request was made since.
pub(super) fn insight_ready(model: &mut Model, ticket: Ticket, answer: Insight) -> Vec<Effect> {
    let pending = model.reading.pending_insight.take_if(|pending| pending.ticket == ticket);
    let Some(pending) = pending else { return Vec::new() };
    match answer {
        Insight::Thread { thread, title, items } => {
            if let Some(forward) = pending.step {
                model.reading.thread = Some(thread);
                return mentions::step(model, forward);
            }
            list_thread(model, thread, Picker::by_name(title, items));
        }
        Insight::Stats { years, stats: Some(stats) } => {
            if let Some(Overlay::Stats(view)) = model.reading.overlays.last_mut() {
                view.set_stats(years, stats);
            }
        }
        Insight::Stats { stats: None, .. } => {
            model.reading.overlays.retain(|overlay| !matches!(overlay, Overlay::Stats(_)));
            model.say(Severity::Plain, "None of these entries has a date");
        }
    }
    Vec::new()
}

/// Replaces the layer that waits for `thread` by its list, with the cursor on the selected entry.
fn list_thread(model: &mut Model, thread: Thread, mut picker: Picker) {
    let Some(Overlay::Computing(_)) = model.reading.overlays.last() else { return };
    model.reading.overlays.pop();
    picker.scroll.cursor = model.current_id().and_then(|id| thread.position(id)).unwrap_or(0);
    model.reading.overlays.push(Overlay::Picker(picker));
    model.reading.thread = Some(thread);
}
