//! Problems: oddities in a note. They are never errors; the note is shown all the same.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Something odd in a note, for `sennight check`, the export and the X-ray.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    /// Line of the note, from 1, or 0 if it concerns the whole note.
    pub line: u32,
    pub code: Code,
    /// One clean line that says what was found and how it was understood.
    pub message: String,
}

impl Problem {
    pub fn new(line: u32, code: Code, message: impl Into<String>) -> Problem {
        let message = message.into();
        Problem { line, code, message: crate::text::clean_line(&message).into_owned() }
    }
}

/// Severity of a [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Repaired while reading; nothing is lost.
    Repaired,
    /// Something is missing, contradicts itself or may have been misunderstood.
    Warning,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $name:literal $level:ident,)*) => {
        /// The stable name of a kind of problem: scripts may rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            pub fn level(self) -> Level {
                match self { $(Code::$variant => Level::$level,)* }
            }
        }
    };
}

codes! {
    /// The file could not be read at all.
    Unreadable "unreadable" Warning,
    /// The file is too large to be read.
    TooLarge "too-large" Warning,
    /// The file is not text.
    Binary "binary" Warning,
    /// The file has nothing to show.
    Empty "empty" Warning,
    /// Bytes that are invalid in the encoding of the file.
    BadBytes "bad-bytes" Warning,
    /// The file was read in an encoding other than UTF-8.
    Encoding "encoding" Repaired,
    /// Control characters, escape sequences or invisible characters were removed.
    ControlCharacters "control-characters" Repaired,
    /// The head of the note looks like front matter but is not valid.
    FrontMatter "front-matter" Warning,
    /// A list marker that Markdown does not know.
    ListMarker "list-marker" Repaired,
    /// A list that had to be separated from the paragraph before it.
    ListApart "list-apart" Repaired,
    /// A heading without a space after its `#`, or with an empty anchor.
    HeadingMarker "heading-marker" Repaired,
    /// A URL that had lost its first letter.
    BrokenUrl "broken-url" Repaired,
    /// Markup of another program, read as what it means.
    Markup "markup" Repaired,
    /// Emphasis that Markdown does not see beside full-width punctuation.
    Emphasis "emphasis" Repaired,
    /// Two sources name different days.
    DateConflict "date-conflict" Warning,
    /// A date that could mean several things.
    DateAmbiguous "date-ambiguous" Warning,
    /// A date that does not exist.
    DateImpossible "date-impossible" Warning,
    /// A date that is out of order among its neighbours.
    DateOrder "date-order" Warning,
    /// A date that was corrected from its neighbours.
    DateRepaired "date-repaired" Repaired,
    /// A link whose label names something other than its URL.
    LabelUrlMismatch "label-url-mismatch" Warning,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
