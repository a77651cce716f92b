//! The veil: what is private leaves the screen, and with it all that was typed and said while it
//! was seen, which may repeat its words. None of that is lost: it comes back when the veil is lifted.

use super::{
    Effect, Model, Severity, Status, Timeline, find_bar,
    history::{History, HistoryCursor},
    hits::Hits,
    jump_list::JumpList,
    navigation, parse_prompt,
    saved_state::SavedState,
    show,
};
use std::sync::Arc;

/// What is out of sight while the veil is on.
#[derive(Debug, Default)]
pub(super) struct HiddenSession {
    trail: JumpList,
    history: History,
    said: Vec<Status>,
}

/// Veils what is private, or shows it again.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    let Some(is_veiled) = model.veil else {
        model.say(Severity::Plain, "Nothing is called private yet: private = \"in:生活\" in the configuration does");
        return Vec::new();
    };
    model.veil = Some(!is_veiled);
    if is_veiled {
        lift(model);
        model.say(Severity::Plain, "Private entries are shown");
    } else {
        veil(model);
        model.say(Severity::Plain, "Private entries are veiled");
    }
    vec![Effect::Veil(!is_veiled)]
}

/// Nothing private stays on the screen until the log without it is there.
fn veil(model: &mut Model) {
    navigation::push_jump(model);
    find_bar::end(model);
    let (trail, history) = (std::mem::take(&mut model.trail), std::mem::take(&mut model.history));
    model.aside = Some(HiddenSession { trail, history, said: std::mem::take(&mut model.said) });
    model.overlays.clear();
    model.pending = None;
    model.kept.position = model.position();
    model.log = Arc::default();
    model.everything = Hits::default();
    model.examples.clear();
    (model.before, model.destination, model.thread) = (None, None, None);
    (model.completion, model.walk) = (None, HistoryCursor::default());
    model.prompt.set("");
    model.query = parse_prompt(model);
    model.ticket.0 += 1;
    (model.is_searching, model.is_reading, model.search_time) = (false, true, None);
    model.timeline = Timeline::default();
    model.entry.invalidate();
    show(model, &Hits::default(), Vec::new(), None);
}

fn lift(model: &mut Model) {
    let Some(mut aside) = model.aside.take() else { return };
    model.history.queries.iter().for_each(|query| aside.history.remember(query));
    model.history = aside.history;
    aside.trail.go_on(std::mem::take(&mut model.trail));
    model.trail = aside.trail;
    aside.said.append(&mut model.said);
    model.said = aside.said;
}

impl Model {
    /// Takes up what was kept of the log: for a model that has read nothing yet, and knows whether it
    /// is veiled. Former queries may hold private words.
    pub fn recall(&mut self, kept: SavedState) {
        if self.veil == Some(true) {
            self.aside = Some(HiddenSession { history: kept.queries.clone(), ..HiddenSession::default() });
        } else {
            self.history = kept.queries.clone();
        }
        self.kept = kept;
    }

    /// All queries to be kept, those out of sight first.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        let aside = self.aside.iter().flat_map(|aside| &aside.history.queries);
        aside.chain(&self.history.queries).map(String::as_str)
    }
}
