//! Titles of what references point to, as they were once fetched: the notes themselves seldom say them.
//!
//! A value that is handed in; who fetches and keeps it is the runtime's affair. Titles come from the
//! network: they are cleaned when they are made, and again where they are shown.

use crate::log::Reference;
use crate::reference::RefKind;
use crate::text::clean_line;
use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Characters of a title that are kept: the longest of arXiv have some 250.
const LONGEST: usize = 400;

/// Days after which what may have changed is asked for again.
const STALE: i32 = 30;

/// What is known of references, by [`key`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Titles(pub BTreeMap<String, Title>);

/// What is known of one reference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// None where there is no such thing, or none that may be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// None for a paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<RefState>,
    /// When it was merged or closed; of a paper, when it appeared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// The day this was true.
    pub asked: Date,
}

/// How far a pull request or an issue is.
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

/// Under what a reference is known here; none for what has no title to ask for. Pull requests and
/// issues of GitHub share their numbers, so that a wrong kind does no harm.
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
    /// What is known of `reference`, if it is there at all.
    pub fn of(&self, reference: &Reference<'_>) -> Option<&Title> {
        self.known(reference.kind, reference.host, reference.id)
    }

    /// As [`Titles::of`], of a reference by its parts.
    pub fn known(&self, kind: RefKind, host: &str, id: &str) -> Option<&Title> {
        if self.0.is_empty() {
            return None;
        }
        let known = self.0.get(&key(kind, host, id)?)?;
        known.title.is_some().then_some(known)
    }

    /// Whether to ask for `key`, today. What is merged or printed stays as it is; what was asked for
    /// today is not asked for twice, even if all is wanted `again`: so a run goes on where one ended.
    pub fn is_due(&self, key: &str, today: Date, again: bool) -> bool {
        let Some(known) = self.0.get(key) else { return true };
        let may_change = known.title.is_none() || known.state == Some(RefState::Open);
        let is_stale = known.asked.checked_add(STALE.days()).is_ok_and(|end| end <= today);
        known.asked != today && (again || may_change && is_stale)
    }
}

impl Title {
    /// Of what is not there, or may not be seen.
    pub fn missing(asked: Date) -> Title {
        Title { title: None, state: None, day: None, asked }
    }

    /// `title` on one line, cleaned and cut; none when nothing of it is left.
    pub fn new(title: &str, state: Option<RefState>, day: Option<Date>, asked: Date) -> Option<Title> {
        let title = clean_line(title).split_whitespace().collect::<Vec<_>>().join(" ");
        let title: String = title.chars().take(LONGEST).collect();
        (!title.is_empty()).then_some(Title { title: Some(title), state, day, asked })
    }

    /// The title, cleaned: a file may have been written by others.
    pub fn text(&self) -> String {
        clean_line(self.title.as_deref().unwrap_or_default()).into_owned()
    }

    /// `merged 2022-08-22`, `open as of 2024-05-20`, `2017`: how it stands, and of when that is.
    pub fn standing(&self) -> String {
        let on = |name: &str| self.day.map_or_else(|| name.to_owned(), |day| format!("{name} {day}"));
        match self.state {
            Some(RefState::Open) => format!("open as of {}", self.asked),
            Some(state) => on(state.name()),
            None => self.day.map_or_else(String::new, |day| day.year().to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn only_what_has_a_title_somewhere_is_asked_for() {
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
    fn only_what_may_have_changed_is_due() {
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
    fn titles_are_cleaned_and_say_how_they_stand() {
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
