//! The trail: where the reader was before each jump, to go back and forward.

use crate::note::EntryKey;

/// A place in the log as it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpPosition {
    /// The query as it was written.
    pub query: String,
    pub entry: Option<EntryKey>,
}

/// Positions that were left, as a browser keeps them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JumpList {
    behind: Vec<JumpPosition>,
    ahead: Vec<JumpPosition>,
}

/// Positions that are kept.
const LONGEST: usize = 200;

impl JumpList {
    /// Leaves `from` for somewhere new: what lay ahead is gone.
    pub fn push(&mut self, from: JumpPosition) {
        self.ahead.clear();
        if self.behind.last() != Some(&from) {
            self.behind.push(from);
            let old = self.behind.len().saturating_sub(LONGEST);
            self.behind.drain(..old);
        }
    }

    /// Adds what was left later than all of this.
    pub fn go_on(&mut self, later: JumpList) {
        for position in later.behind {
            self.push(position);
        }
        if !later.ahead.is_empty() {
            self.ahead = later.ahead;
        }
    }

    /// The position before, other than `here`, which then lies ahead.
    pub fn back(&mut self, here: JumpPosition) -> Option<JumpPosition> {
        step(&mut self.behind, &mut self.ahead, here)
    }

    /// The position that was gone back from, other than `here`, which then lies behind.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_and_forward_as_in_a_browser() {
        let at = |query: &str| JumpPosition { query: query.to_owned(), entry: None };
        let mut trail = JumpList::default();
        trail.push(at("a"));
        trail.push(at("b"));
        trail.push(at("b"));
        assert_eq!(trail.back(at("c")), Some(at("b")));
        assert_eq!(trail.back(at("b")), Some(at("a")));
        assert_eq!(trail.back(at("a")), None);
        assert_eq!(trail.forward(at("a")), Some(at("b")));
        trail.push(at("b"));
        assert_eq!(trail.forward(at("d")), None, "a new way forgets the old one");
        let mut earlier = JumpList::default();
        earlier.push(at("z"));
        earlier.go_on(trail.clone());
        assert_eq!(earlier.behind, ["z", "a", "b"].map(at));
        assert_eq!(trail.back(at("d")), Some(at("b")));
    }
}
