//! Titles as `fetch-titles` keeps them, beside what commands print.

use super::output::{escaped, say};
use crate::{
    fetch,
    insight::{Titles, titles::RefState},
    reference::RefKind,
};
use serde::Serialize;

/// What is kept; where it cannot be read that is said, and nothing is shown.
pub fn kept() -> Titles {
    fetch::kept().unwrap_or_else(|error| {
        say("sennight", &format!("{error:#}"));
        Titles::default()
    })
}

/// What is known of one reference: in JSON, fields that are there only then.
#[derive(Debug, Default, Serialize)]
pub struct TitleFields {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<RefState>,
    /// The state with its day, for people.
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

    /// ` (merged 2022-08-22)`, or nothing.
    pub fn stands(&self) -> String {
        if self.standing.is_empty() { String::new() } else { format!(" ({})", self.standing) }
    }

    /// The title and how it stands, else `label`, in Markdown.
    pub fn markdown(&self, label: &str) -> String {
        escaped(&self.title.as_ref().map_or_else(|| label.to_owned(), |title| title.clone() + &self.stands()))
    }
}
