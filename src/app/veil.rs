//! The veil: private entries leave the screen, and with them everything that may repeat their words.
//!
//! Whole parts of the model are replaced, so that a new field is hidden without a line here. What
//! was typed, visited and reported comes back when the veil is lifted.

use super::{Effect, Model, Session, Severity, hits::Hits, results::show, saved_state::SavedState};
use crate::app::search::parse_prompt;
use std::mem::take;

/// Veils private entries, or shows them again.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    let Some(is_veiled) = model.veil else {
        let hint = "No entries are marked as private; set  private = \"in:生活\"  in the configuration";
        model.say(Severity::Plain, hint);
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

/// Empties the screen until the log without private entries is there.
fn veil(model: &mut Model) {
    model.push_jump();
    model.saved.position = model.position();
    model.hidden = Some(take(&mut model.session));
    model.results = super::Results::default();
    model.notes.clear();
    model.reading.clear();
    model.search.clear();
    model.search.query = parse_prompt(model);
    show(model, &Hits::default(), Vec::new(), None);
}

/// Gives back the session that was put aside, followed by what happened since.
fn lift(model: &mut Model) {
    let Some(mut session) = model.hidden.take() else { return };
    session.resume(take(&mut model.session));
    model.session = session;
}

impl Model {
    /// Takes up the state saved by the last run. To be called before the first log is loaded and
    /// after `veil` is set: saved queries may hold private words, so they are hidden while veiled.
    pub fn recall(&mut self, saved: SavedState) {
        let history = saved.queries.clone();
        if self.veil == Some(true) {
            self.hidden = Some(Session { history, ..Session::default() });
        } else {
            self.session.history = history;
        }
        self.saved = saved;
    }

    /// All queries to be saved, the hidden ones first.
    pub fn queries(&self) -> impl Iterator<Item = &str> {
        let hidden = self.hidden.iter().flat_map(|session| &session.history.queries);
        hidden.chain(&self.session.history.queries).map(String::as_str)
    }
}
