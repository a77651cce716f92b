//! The jump list: where the reader was before each jump, to go back and forward.

use super::Model;
use crate::{log::Entry, note::EntryKey};

/// A query and the entry that was selected in its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpPosition {
    /// Text of the prompt.
    pub query: String,
    pub entry: Option<EntryKey>,
}

/// Positions that were left, kept as a browser keeps its pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JumpList {
    behind: Vec<JumpPosition>,
    ahead: Vec<JumpPosition>,
}

/// Positions that are kept in each direction.
const MOST: usize = 200;

impl JumpList {
    /// Adds the position that is being left for a new one. Positions ahead are forgotten.
    pub fn push(&mut self, from: JumpPosition) {
        self.ahead.clear();
        if self.behind.last() != Some(&from) {
            self.behind.push(from);
            let old = self.behind.len().saturating_sub(MOST);
            self.behind.drain(..old);
        }
    }

    /// Appends the positions of a later list.
    pub fn append(&mut self, later: JumpList) {
        for position in later.behind {
            self.push(position);
        }
        if !later.ahead.is_empty() {
            self.ahead = later.ahead;
        }
    }

    /// Returns the previous position other than `here`, and adds `here` ahead.
    pub fn back(&mut self, here: JumpPosition) -> Option<JumpPosition> {
        step(&mut self.behind, &mut self.ahead, here)
    }

    /// Returns the next position other than `here`, and adds `here` behind.
    pub fn forward(&mut self, here: JumpPosition) -> Option<JumpPosition> {
        step(&mut self.ahead, &mut self.behind, here)
    }
}

fn step(from: &mut Vec<JumpPosition>, to: &mut Vec<JumpPosition>, here: JumpPosition) -> Option<JumpPosition> {
    while from.last() == Some(&here) {
        from.pop();
    }
    let next = from.pop()?;
    to.push(here);
    Some(next)
}

impl Model {
    pub(super) fn jump_position(&self) -> JumpPosition {
        JumpPosition { query: self.search.prompt.text().to_owned(), entry: self.current().map(Entry::key) }
    }

    /// Remembers the current position before a jump.
    pub(super) fn push_jump(&mut self) {
        let here = self.jump_position();
        self.session.jumps.push(here);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jump_list_goes_back_and_forward() {
        let at = |query: &str| JumpPosition { query: query.to_owned(), entry: None };
        let mut jumps = JumpList::default();
        jumps.push(at("a"));
        jumps.push(at("b"));
        jumps.push(at("b"));
        assert_eq!(jumps.back(at("c")), Some(at("b")));
        assert_eq!(jumps.back(at("b")), Some(at("a")));
        assert_eq!(jumps.back(at("a")), None);
        assert_eq!(jumps.forward(at("a")), Some(at("b")));
        jumps.push(at("b"));
        assert_eq!(jumps.forward(at("d")), None, "a jump forgets the positions ahead");
        let mut earlier = JumpList::default();
        earlier.push(at("z"));
        earlier.append(jumps.clone());
        assert_eq!(earlier.behind, ["z", "a", "b"].map(at));
        assert_eq!(jumps.back(at("d")), Some(at("b")));
    }
}
