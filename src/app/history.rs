//! Former queries, and the way through them: they stand above the box, the hits below it.

use serde::{Deserialize, Serialize};

/// Queries that are kept; nobody walks further.
const MOST: usize = 500;

/// What was asked before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct History {
    /// Oldest first, each once. May be filled from outside.
    pub queries: Vec<String>,
}

/// Where the keys of the box have led since something was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum HistoryCursor {
    #[default]
    Typing,
    /// On a former query, and what was typed before.
    Recalled { at: usize, typed: String },
    /// So many lines down in the list.
    Below(usize),
}

impl History {
    /// Keeps `query` as the newest.
    pub fn remember(&mut self, query: &str) {
        let query = query.trim();
        if query.is_empty() {
            return;
        }
        self.queries.retain(|known| known != query);
        self.queries.push(query.to_owned());
        let surplus = self.queries.len().saturating_sub(MOST);
        self.queries.drain(..surplus);
    }

    /// The query before, from a box that holds `text`.
    pub fn older(&self, walk: HistoryCursor, text: &str) -> HistoryCursor {
        let (from, typed) = match walk {
            HistoryCursor::Recalled { at, typed } => (at, typed),
            _ => (self.queries.len(), text.to_owned()),
        };
        let before = self.queries.iter().take(from).rposition(|query| query != text.trim());
        match before {
            Some(at) => HistoryCursor::Recalled { at, typed },
            None if from < self.queries.len() => HistoryCursor::Recalled { at: from, typed },
            None => HistoryCursor::Typing,
        }
    }

    /// What stands in the box at a place of the walk; `None` when that is what was typed.
    pub fn recalled(&self, walk: &HistoryCursor) -> Option<&str> {
        match walk {
            HistoryCursor::Recalled { at, .. } => self.queries.get(*at).map(String::as_str),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_query_is_kept_once_and_the_oldest_go() {
        let mut history = History::default();
        for query in ["a", " b ", "", "a", "c"] {
            history.remember(query);
        }
        assert_eq!(history.queries, ["b", "a", "c"]);
        (0..2 * MOST).for_each(|nth| history.remember(&nth.to_string()));
        assert_eq!((history.queries.len(), history.queries[0].as_str()), (MOST, "500"));
    }

    #[test]
    fn the_way_back_ends_at_the_oldest() {
        let history = History { queries: ["a", "b", "c"].map(str::to_owned).to_vec() };
        let mut walk = HistoryCursor::Typing;
        let mut text = "c".to_owned();
        for expected in ["b", "a", "a"] {
            walk = history.older(walk, &text);
            text = history.recalled(&walk).expect("a query").to_owned();
            assert_eq!(text, expected);
        }
        assert_eq!(walk, HistoryCursor::Recalled { at: 0, typed: "c".to_owned() });
        assert_eq!(History::default().older(HistoryCursor::Typing, "x"), HistoryCursor::Typing);
    }
}
