//! Settings: what the configuration and the command line decide before the first key.

use super::keymap::Keymap;
use crate::page::Symbols;
use jiff::civil::Date;

/// Choices of the user and facts about the run. A veil or another log leaves them alone.
///
/// A field belongs here if no note and no key press changes it.
#[derive(Debug)]
pub struct Settings {
    pub keymap: Keymap,
    pub symbols: Symbols,
    /// Name of the log in the header: a path, or the name of the sample log.
    pub origin: String,
    /// The log is the sample that is built into the program.
    pub is_sample: bool,
    /// Today's date as last reported by the runtime; periods such as `last-week` count from it.
    pub today: Option<Date>,
}

impl Settings {
    pub(super) fn new(origin: String, is_sample: bool) -> Settings {
        Settings { keymap: Keymap::default(), symbols: Symbols::unicode(), origin, is_sample, today: None }
    }
}
