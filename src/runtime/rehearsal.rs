//! A deliberate panic, so that a test can check that the terminal is restored: see CONTRIBUTING.md.

use crate::app::Message;

/// The part of the loop that panics after the first key press, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rehearsal {
    part: Option<RehearsalPart>,
    has_key: bool,
}

/// A part of the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RehearsalPart {
    Update,
    Draw,
}

impl Rehearsal {
    /// Parses the value of `SENNIGHT_PANIC`: `update` or `draw`.
    pub fn new(variable: Option<&str>) -> Rehearsal {
        let part = match variable {
            Some("update") => Some(RehearsalPart::Update),
            Some("draw") => Some(RehearsalPart::Draw),
            _ => None,
        };
        Rehearsal { part, has_key: false }
    }

    /// Notes whether a key has been pressed.
    pub fn hear(&mut self, message: &Message) {
        self.has_key |= matches!(message, Message::Key(_));
    }

    /// Panics if this part is to.
    pub fn play(self, part: RehearsalPart) {
        assert!(!(self.has_key && self.part == Some(part)), "SENNIGHT_PANIC asked for this");
    }
}
