//! What takes a look at every entry: threads and reviews. It is asked of the outside as a search
//! is, and no key waits for it; an answer to what is no longer wanted is dropped.

use super::{
    Effect, Model, Ticket, Tone,
    overlay::{Overlay, Statistics},
    picker::{Item, Picker},
    travel,
};
use crate::{
    insight::{
        stats::{self, Review},
        thread::{Thread, Topic},
    },
    log::{Entry, EntryId, Log},
};
use jiff::civil::Date;
use std::sync::Arc;

/// What is to be worked out of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    Thread(Topic),
    /// The review of a year of some entries: of the newest year, where they have none of that one.
    Review {
        ids: Arc<Vec<EntryId>>,
        year: Option<i16>,
        today: Date,
    },
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Answer {
    /// A thread, with its mentions as a list to pick from.
    Thread { thread: Thread, title: String, items: Vec<Item> },
    /// All years, the newest first, and the review of one; none of what has no date.
    Review { years: Vec<i16>, review: Option<Arc<Review>> },
}

impl Ask {
    /// Works it out: for another thread than the screen's. `log` is the one that was on the screen.
    pub fn answer(self, log: &Log) -> Answer {
        match self {
            Ask::Thread(topic) => {
                let thread = Thread::of(log, topic);
                let (title, items) = (travel::title(&thread, log), travel::mentions(&thread, log));
                Answer::Thread { thread, title, items }
            }
            Ask::Review { ids, year, today } => {
                let years: Vec<i16> = stats::years(log, &ids).into_iter().map(|(year, _)| year).collect();
                let year = year.filter(|year| years.contains(year)).or(years.first().copied());
                let review = year.map(|year| Arc::new(Review::of(log, &ids, year, today)));
                Answer::Review { years, review }
            }
        }
    }
}

/// What was asked last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pending {
    ticket: Ticket,
    /// The step along the thread to be made when it is there: forward, or back.
    step: Option<bool>,
}

impl Pending {
    /// Whether it is for a layer: a step is no longer wanted once another key was pressed.
    pub(super) fn is_shown(&self) -> bool {
        self.step.is_none()
    }
}

impl Model {
    /// Whether what keys mean hangs on an answer that is not there yet.
    pub fn is_waiting(&self) -> bool {
        let counts = self.pending.is_some_and(|pending| match self.overlays.last() {
            Some(Overlay::Counting(_)) => true,
            Some(Overlay::Statistics(shown)) => shown.review.is_none(),
            Some(_) => false,
            None => !pending.is_shown(),
        });
        self.is_searching || counts
    }
}

fn ask(model: &mut Model, ask: Ask, step: Option<bool>) -> Effect {
    model.counts.0 += 1;
    model.pending = Some(Pending { ticket: model.counts, step });
    Effect::Count { ticket: model.counts, ask }
}

/// Asks for the thread of a topic, to be listed under a title until it is there.
pub(super) fn thread(model: &mut Model, topic: Topic, title: String) -> Vec<Effect> {
    model.overlays.push(Overlay::Counting(title));
    vec![ask(model, Ask::Thread(topic), None)]
}

/// Asks for the thread of a topic, to go a step along it.
pub(super) fn step(model: &mut Model, topic: Topic, forward: bool) -> Vec<Effect> {
    vec![ask(model, Ask::Thread(topic), Some(forward))]
}

/// Opens the review of the year of the entry one is on; [`settle`] asks for it.
pub(super) fn statistics(model: &mut Model) {
    let own = model.current().and_then(Entry::span).map(stats::year_of);
    model.overlays.push(Overlay::Statistics(Statistics::new(own)));
}

/// Asks for another review when its year or the result has changed, and waits no longer for what
/// was closed.
pub(super) fn settle(model: &mut Model) -> Option<Effect> {
    let hits = model.hits.clone();
    match model.overlays.last_mut() {
        Some(Overlay::Statistics(shown)) => {
            let (is_wanted, year) = (shown.wants(&hits), shown.year);
            let today = model.today.unwrap_or_default();
            is_wanted.then(|| ask(model, Ask::Review { ids: hits, year, today }, None))
        }
        Some(Overlay::Counting(_)) => None,
        _ => {
            model.pending = model.pending.filter(|pending| !pending.is_shown());
            None
        }
    }
}

/// Nothing of the old log is waited for, or kept.
pub(super) fn forget(model: &mut Model) {
    model.pending = None;
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Counting(_)));
    if let Some(Overlay::Statistics(shown)) = model.overlays.last_mut() {
        shown.forget();
    }
}

pub(super) fn answered(model: &mut Model, ticket: Ticket, answer: Answer) -> Vec<Effect> {
    let Some(pending) = model.pending.take_if(|pending| pending.ticket == ticket) else { return Vec::new() };
    match answer {
        Answer::Thread { thread, title, items } => {
            if let Some(forward) = pending.step {
                model.thread = Some(thread);
                return travel::step(model, forward);
            }
            let Some(Overlay::Counting(_)) = model.overlays.last() else { return Vec::new() };
            model.overlays.pop();
            let mut picker = Picker::by_name(title, items);
            let current = model.current().and_then(|entry| thread.position(entry.id()));
            picker.scroll.cursor = current.unwrap_or(0);
            model.overlays.push(Overlay::Picker(picker));
            model.thread = Some(thread);
        }
        Answer::Review { years, review: Some(review) } => {
            if let Some(Overlay::Statistics(shown)) = model.overlays.last_mut() {
                shown.take(years, review);
            }
        }
        Answer::Review { review: None, .. } => {
            model.overlays.retain(|overlay| !matches!(overlay, Overlay::Statistics(_)));
            model.say(Tone::Plain, "Nothing here has a date to count by");
        }
    }
    Vec::new()
}
