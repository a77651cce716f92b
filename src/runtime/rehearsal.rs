//! A panic on purpose, so that a test can see the terminal given back: see CONTRIBUTING.md.

use crate::app::Message;

/// What is to panic once a key was pressed, if anything.
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
    /// As `SENNIGHT_PANIC` has it: `update` or `draw`.
    pub fn new(variable: Option<&str>) -> Rehearsal {
        let part = match variable {
            Some("update") => Some(RehearsalPart::Update),
            Some("draw") => Some(RehearsalPart::Draw),
            _ => None,
        };
        Rehearsal { part, has_key: false }
    }

    /// Takes note of a message that is about to happen.
    pub fn hear(&mut self, message: &Message) {
        self.has_key |= matches!(message, Message::Key(_));
    }

    /// Panics if that is asked of this part.
    pub fn play(self, part: RehearsalPart) {
        assert!(!(self.has_key && self.part == Some(part)), "SENNIGHT_PANIC asked for this");
    }
}
