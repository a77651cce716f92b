//! Titles of references, as they were fetched: notes rarely contain them.
//!
//! A value that is passed in; fetching and storing happen elsewhere. Titles come from the network,
//! so they are cleaned when they are made, and again when they are shown.

use crate::log::Reference;
use crate::reference::RefKind;
use crate::text::clean_line;
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Characters of a title that are kept. The longest titles of arXiv have about 250.
const LONGEST: usize = 400;

/// Days after which a title that may have changed is fetched again.
const STALE: i32 = 30;

/// Fetched titles, by [`key`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Titles(pub BTreeMap<String, Title>);

/// The fetched title and state of one reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// The title; `None` for a reference that does not exist or is private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The state of a pull request or issue; `None` for a paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RefState>,
    /// The day of merging or closing, or of a paper's publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The day of the fetch.
    pub asked: Date,
}

/// The state of a pull request or an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RefState {
    Open,
    Merged,
    Closed,
}

impl RefState {
    pub fn name(self) -> &'static str {
        match self {
            RefState::Open => "open",
            RefState::Merged => "merged",
            RefState::Closed => "closed",
        }
    }
}

/// The key of a reference in [`Titles`]; `None` when no title can be fetched for it. Pull requests
/// and issues of GitHub share their numbers, so a wrong kind does no harm.
pub fn key(kind: RefKind, host: &str, id: &str) -> Option<String> {
    let is_change = matches!(kind, RefKind::Pr | RefKind::Issue) && host == "github.com";
    let is_paper = kind == RefKind::Paper && (id.starts_with("arXiv:") || id.starts_with("doi:"));
    match (is_change, is_paper) {
        (true, _) => Some(format!("github.com/{id}")),
        (_, true) => Some(id.to_owned()),
        _ => None,
    }
}

impl Titles {
    /// The title of `reference`, if it was fetched and exists.
    pub fn of(&self, reference: &Reference<'_>) -> Option<&Title> {
        self.known(reference.kind, reference.host, reference.id)
    }

    /// The title of a reference given by its parts, if it was fetched and exists.
    pub fn known(&self, kind: RefKind, host: &str, id: &str) -> Option<&Title> {
        if self.0.is_empty() {
            return None;
        }
        let known = self.0.get(&key(kind, host, id)?)?;
        known.title.is_some().then_some(known)
    }

    /// Tests whether to fetch `key` today. Merged pull requests and papers do not change. Nothing is
    /// fetched twice a day, not even with `again`, so that an interrupted run continues.
    pub fn is_due(&self, key: &str, today: Date, again: bool) -> bool {
        let Some(known) = self.0.get(key) else { return true };
        let may_change = known.title.is_none() || known.state == Some(RefState::Open);
        let is_stale = known.asked.checked_add(STALE.days()).is_ok_and(|end| end <= today);
        known.asked != today && (again || may_change && is_stale)
    }
}

impl Title {
    /// The record of a reference that does not exist or is private.
    pub fn missing(asked: Date) -> Title {
        Title { title: None, state: None, day: None, asked }
    }

    /// Makes a title of one line, cleaned and cut; `None` when nothing is left.
    pub fn new(title: &str, state: Option<RefState>, day: Option<Date>, asked: Date) -> Option<Title> {
        let title = clean_line(title).split_whitespace().collect::<Vec<_>>().join(" ");
        let title: String = title.chars().take(LONGEST).collect();
        (!title.is_empty()).then_some(Title { title: Some(title), state, day, asked })
    }

    /// The title, cleaned again: others may have written the stored file.
    pub fn text(&self) -> String {
        clean_line(self.title.as_deref().unwrap_or_default()).into_owned()
    }

    /// State and day in words: `merged 2022-08-22`, `open as of 2024-05-20`, `2017`.
    pub fn standing(&self) -> String {
        match (self.state, self.day) {
            (Some(RefState::Open), _) => format!("open as of {}", self.asked),
            (Some(state), Some(day)) => format!("{} {day}", state.name()),
            (Some(state), None) => state.name().to_owned(),
            (None, Some(day)) => day.year().to_string(),
            (None, None) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn keys_are_of_references_with_titles() {
        for (kind, host, id, expected) in [
            (RefKind::Pr, "github.com", "a/b#1", Some("github.com/a/b#1")),
            (RefKind::Issue, "github.com", "a/b#1", Some("github.com/a/b#1")),
            (RefKind::Pr, "gitea.example", "a/b#1", None),
            (RefKind::Paper, "ar5iv.org", "arXiv:1706.03762", Some("arXiv:1706.03762")),
            (RefKind::Paper, "dl.acm.org", "doi:10.1145/1.2", Some("doi:10.1145/1.2")),
            (RefKind::Paper, "usenix.org", "usenix:osdi22/zhong", None),
            (RefKind::Link, "github.com", "https://github.com/", None),
        ] {
            assert_eq!(key(kind, host, id).as_deref(), expected, "{id}");
        }
    }

    #[test]
    fn titles_that_may_have_changed_are_due() {
        let asked = date(2026, 3, 1);
        let title = |state| Title::new("x", state, None, asked).expect("a title");
        let titles = Titles(BTreeMap::from([
            ("open".to_owned(), title(Some(RefState::Open))),
            ("merged".to_owned(), title(Some(RefState::Merged))),
            ("paper".to_owned(), title(None)),
            ("missing".to_owned(), Title::missing(asked)),
        ]));
        for (key, today, again, expected) in [
            ("new", asked, false, true),
            ("open", date(2026, 3, 30), false, false),
            ("open", date(2026, 3, 31), false, true),
            ("missing", date(2026, 3, 31), false, true),
            ("merged", date(2036, 3, 1), false, false),
            ("merged", date(2026, 3, 2), true, true),
            ("paper", date(2036, 3, 1), false, false),
            ("open", asked, true, false),
        ] {
            assert_eq!(titles.is_due(key, today, again), expected, "{key} {today} {again}");
        }
    }

    #[test]
    fn titles_are_cleaned_and_show_their_state() {
        let (asked, day) = (date(2026, 3, 1), Some(date(2022, 8, 22)));
        for (text, state, day, expected) in [
            (
                " Fix \u{1b}[31mCI\u{1b}[0m\n 限流\u{202e} ",
                Some(RefState::Merged),
                day,
                "Fix CI 限流|merged 2022-08-22",
            ),
            ("👩‍💻\u{7}", Some(RefState::Open), day, "👩‍💻|open as of 2026-03-01"),
            ("x", Some(RefState::Closed), None, "x|closed"),
            ("Attention", None, day, "Attention|2022"),
            ("Attention", None, None, "Attention|"),
        ] {
            let title = Title::new(text, state, day, asked).expect("a title");
            assert_eq!(format!("{}|{}", title.text(), title.standing()), expected);
        }
        assert_eq!(Title::new("\u{1b}[2J \u{200b}", None, None, asked), None);
        let long = Title::new(&"长".repeat(20_000), None, None, asked).expect("a title");
        assert_eq!(long.text().chars().count(), LONGEST);
    }
}
