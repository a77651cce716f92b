//! Status: the message in the bottom line, and the history of messages.

use super::{
    Model,
    command::{Command, Context},
};
use crate::{page::Role, text::clean_line};

/// Messages that are kept for the message history.
const MOST: usize = 200;

/// A message for the bottom line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub text: String,
    pub tone: Severity,
}

/// Weight of a message; decides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Plain,
    Warning,
    Error,
}

impl Severity {
    pub fn role(self) -> Role {
        match self {
            Severity::Plain => Role::Text,
            Severity::Warning => Role::Warning,
            Severity::Error => Role::Error,
        }
    }
}

impl Status {
    /// Makes a message; control characters are removed from `text`.
    pub fn new(tone: Severity, text: impl AsRef<str>) -> Status {
        Status { text: clean_line(text.as_ref()).into_owned(), tone }
    }
}

impl Model {
    /// Shows a message made of `text`.
    pub(super) fn say(&mut self, tone: Severity, text: impl AsRef<str>) {
        self.show_status(Status::new(tone, text));
    }

    /// Shows a message in the bottom line and adds it to the history.
    pub fn show_status(&mut self, status: Status) {
        self.log_status(status.clone());
        self.session.status = Some(status);
    }

    /// Adds a message to the history without showing it.
    pub(super) fn log_status(&mut self, status: Status) {
        let messages = &mut self.session.messages;
        let surplus = (messages.len() + 1).saturating_sub(MOST);
        messages.drain(..surplus);
        messages.push(status);
    }

    /// Key of `command` in the lists, for use in a message; without a key, its name in the palette.
    pub(super) fn key_of(&self, command: Command) -> String {
        let key = self.settings.keymap.key(Context::Lists, command);
        key.map_or_else(|| format!(":{}", command.name()), |key| key.to_string())
    }
}
