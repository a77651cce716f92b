//! History: queries asked before, and the position that Up and Down have reached in them.

use serde::{Deserialize, Serialize};

/// Queries that are kept.
const MOST: usize = 500;

/// Queries asked before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct History {
    /// Oldest first, each once.
    pub queries: Vec<String>,
}

/// Position that Up and Down have reached from the prompt. Typing resets it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum HistoryCursor {
    #[default]
    Typing,
    /// On query number `at` of the history. `typed` is the text to return to.
    Recalled { at: usize, typed: String },
    /// Number of lines down in the list below the prompt.
    Below(usize),
}

impl History {
    /// Adds `query` as the newest. A blank query is ignored.
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

    /// Returns the position of the previous query that differs from `text`, the content of the prompt.
    pub fn older(&self, cursor: HistoryCursor, text: &str) -> HistoryCursor {
        let (from, typed) = match cursor {
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

    /// Query at a position; `None` if it is not in the history.
    pub fn recalled(&self, cursor: &HistoryCursor) -> Option<&str> {
        match cursor {
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
        let mut cursor = HistoryCursor::Typing;
        let mut text = "c".to_owned();
        for expected in ["b", "a", "a"] {
            cursor = history.older(cursor, &text);
            text = history.recalled(&cursor).expect("a query").to_owned();
            assert_eq!(text, expected);
        }
        assert_eq!(cursor, HistoryCursor::Recalled { at: 0, typed: "c".to_owned() });
        assert_eq!(History::default().older(HistoryCursor::Typing, "x"), HistoryCursor::Typing);
    }
}
