//! What takes a look at every entry: threads and reviews. It is asked of the outside as a search
//! is, and no key waits for it; an answer to what is no longer wanted is dropped.

use super::{
    Effect, Model, Severity, Ticket, navigation,
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

/// What is to be worked out of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InsightRequest {
    Thread(Topic),
    /// The review of a year of some entries: of the newest year, where they have none of that one.
    Stats {
        ids: Arc<Vec<EntryId>>,
        year: Option<i16>,
        today: Date,
    },
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Insight {
    /// A thread, with its mentions as a list to pick from.
    Thread { thread: Thread, title: String, items: Vec<PickerItem> },
    /// All years, the newest first, and the review of one; none of what has no date.
    Stats { years: Vec<i16>, stats: Option<Arc<Stats>> },
}

impl InsightRequest {
    /// Works it out: for another thread than the screen's. `log` is the one that was on the screen.
    pub fn compute(self, log: &Log) -> Insight {
        match self {
            InsightRequest::Thread(topic) => {
                let thread = Thread::of(log, topic);
                let (title, items) = (navigation::title(&thread, log), navigation::mentions(&thread, log));
                Insight::Thread { thread, title, items }
            }
            InsightRequest::Stats { ids, year, today } => {
                let years: Vec<i16> = stats::years(log, &ids).into_iter().map(|(year, _)| year).collect();
                let year = year.filter(|year| years.contains(year)).or(years.first().copied());
                let stats = year.map(|year| Arc::new(Stats::of(log, &ids, year, today)));
                Insight::Stats { years, stats }
            }
        }
    }
}

/// What was asked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PendingInsight {
    ticket: Ticket,
    /// The step along the thread to be made when it is there: forward, or back.
    step: Option<bool>,
}

impl PendingInsight {
    /// Whether it is for a layer: a step is no longer wanted once another key was pressed.
    pub(super) fn is_shown(&self) -> bool {
        self.step.is_none()
    }
}

impl Model {
    /// Whether what keys mean hangs on an answer that is not there yet.
    pub fn is_waiting(&self) -> bool {
        let counts = self.pending.is_some_and(|pending| match self.overlays.last() {
            Some(Overlay::Computing(_)) => true,
            Some(Overlay::Stats(shown)) => shown.stats.is_none(),
            Some(_) => false,
            None => !pending.is_shown(),
        });
        self.is_searching || counts
    }
}

fn ask(model: &mut Model, ask: InsightRequest, step: Option<bool>) -> Effect {
    model.insight_ticket.0 += 1;
    model.pending = Some(PendingInsight { ticket: model.insight_ticket, step });
    Effect::ComputeInsight { ticket: model.insight_ticket, ask }
}

/// Asks for the thread of a topic, to be listed under a title until it is there.
pub(super) fn thread(model: &mut Model, topic: Topic, title: String) -> Vec<Effect> {
    model.overlays.push(Overlay::Computing(title));
    vec![ask(model, InsightRequest::Thread(topic), None)]
}

/// Asks for the thread of a topic, to go a step along it.
pub(super) fn step(model: &mut Model, topic: Topic, forward: bool) -> Vec<Effect> {
    vec![ask(model, InsightRequest::Thread(topic), Some(forward))]
}

/// Opens the review of the year of the entry one is on; [`settle`] asks for it.
pub(super) fn open_stats(model: &mut Model) {
    let own = model.current().and_then(Entry::span).map(stats::year_of);
    model.overlays.push(Overlay::Stats(StatsView::new(own)));
}

/// Asks for another review when its year or the result has changed, and waits no longer for what
/// was closed.
pub(super) fn settle(model: &mut Model) -> Option<Effect> {
    let hits = model.hits.clone();
    match model.overlays.last_mut() {
        Some(Overlay::Stats(shown)) => {
            let (is_wanted, year) = (shown.start_request(&hits), shown.year);
            let today = model.today.unwrap_or_default();
            is_wanted.then(|| ask(model, InsightRequest::Stats { ids: hits, year, today }, None))
        }
        Some(Overlay::Computing(_)) => None,
        _ => {
            model.pending = model.pending.filter(|pending| !pending.is_shown());
            None
        }
    }
}

/// Nothing of the old log is waited for, or kept.
pub(super) fn reset(model: &mut Model) {
    model.pending = None;
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Computing(_)));
    if let Some(Overlay::Stats(shown)) = model.overlays.last_mut() {
        shown.forget();
    }
}

pub(super) fn insight_ready(model: &mut Model, ticket: Ticket, answer: Insight) -> Vec<Effect> {
    let Some(pending) = model.pending.take_if(|pending| pending.ticket == ticket) else { return Vec::new() };
    match answer {
        Insight::Thread { thread, title, items } => {
            if let Some(forward) = pending.step {
                model.thread = Some(thread);
                return navigation::step(model, forward);
            }
            let Some(Overlay::Computing(_)) = model.overlays.last() else { return Vec::new() };
            model.overlays.pop();
            let mut picker = Picker::by_name(title, items);
            let current = model.current().and_then(|entry| thread.position(entry.id()));
            picker.scroll.cursor = current.unwrap_or(0);
            model.overlays.push(Overlay::Picker(picker));
            model.thread = Some(thread);
        }
        Insight::Stats { years, stats: Some(stats) } => {
            if let Some(Overlay::Stats(shown)) = model.overlays.last_mut() {
                shown.set_stats(years, stats);
            }
        }
        Insight::Stats { stats: None, .. } => {
            model.overlays.retain(|overlay| !matches!(overlay, Overlay::Stats(_)));
            model.say(Severity::Plain, "Nothing here has a date to count by");
        }
    }
    Vec::new()
}
