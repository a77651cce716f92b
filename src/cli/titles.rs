//! Titles stored by `fetch-titles`, as commands print them.

use super::output::{escaped, say};
use crate::{
    fetch,
    insight::{Titles, titles::RefState},
    reference::RefKind,
};
use serde::Serialize;

/// All stored titles; none, with a message, if they cannot be read.
pub fn kept() -> Titles {
    fetch::kept().unwrap_or_else(|error| {
        say("sennight", &format!("{error:#}"));
        Titles::default()
    })
}

/// The title and state of a reference. Unknown fields are left out of the JSON.
#[derive(Debug, Default, Serialize)]
pub struct TitleFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<RefState>,
    /// The state with its day, as text.
    #[serde(skip)]
    standing: String,
}

impl TitleFields {
    pub fn of(titles: &Titles, kind: RefKind, host: &str, id: &str) -> TitleFields {
        titles.known(kind, host, id).map_or_else(TitleFields::default, |title| TitleFields {
            title: Some(title.text()),
            state: title.state,
            standing: title.standing(),
        })
    }

    /// Formats the state as ` (merged 2022-08-22)`; empty if unknown.
    pub fn stands(&self) -> String {
        if self.standing.is_empty() { String::new() } else { format!(" ({})", self.standing) }
    }

    /// The title and state in Markdown, or `label` without a title.
    pub fn markdown(&self, label: &str) -> String {
        escaped(&self.title.as_ref().map_or_else(|| label.to_owned(), |title| title.clone() + &self.stands()))
    }
}
