//! Scrolling: a cursor in a list and a window over it, with the motions that all panes share.

use super::command::Command;

/// Cursor and first visible row of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scroll {
    pub cursor: usize,
    pub top: usize,
}

impl Scroll {
    /// Moves the cursor as `command` says in a list of `len` with `height` rows in view. Returns
    /// false if it is no motion.
    pub fn go(&mut self, command: Command, len: usize, height: usize) -> bool {
        let last = len.saturating_sub(1);
        let page = height.saturating_sub(1).max(1);
        self.cursor = match command {
            Command::Down => self.cursor + 1,
            Command::Up => self.cursor.saturating_sub(1),
            Command::Top => 0,
            Command::Bottom => last,
            Command::HalfDown => self.cursor + (height / 2).max(1),
            Command::HalfUp => self.cursor.saturating_sub((height / 2).max(1)),
            Command::PageDown => self.cursor + page,
            Command::PageUp => self.cursor.saturating_sub(page),
            _ => return false,
        }
        .min(last);
        self.show(len, height);
        true
    }

    /// Brings the cursor into range and into view.
    pub fn show(&mut self, len: usize, height: usize) {
        self.cursor = self.cursor.min(len.saturating_sub(1));
        let height = height.max(1);
        self.top = self
            .top
            .clamp((self.cursor + 1).saturating_sub(height), self.cursor)
            .min(len.saturating_sub(height.min(len)));
    }

    /// Moves only the window, as in a page of text. Returns false if `command` is no motion.
    pub fn turn(&mut self, command: Command, len: usize, height: usize) -> bool {
        let last = len.saturating_sub(height);
        let page = height.saturating_sub(2).max(1);
        self.top = match command {
            Command::Down => self.top + 1,
            Command::Up => self.top.saturating_sub(1),
            Command::Top => 0,
            Command::Bottom => last,
            Command::HalfDown => self.top + (height / 2).max(1),
            Command::HalfUp => self.top.saturating_sub((height / 2).max(1)),
            Command::PageDown => self.top + page,
            Command::PageUp => self.top.saturating_sub(page),
            _ => return false,
        }
        .min(last);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_cursor_is_always_in_view(
            moves in prop::collection::vec(prop::sample::select(vec![
                Command::Down, Command::Up, Command::Top, Command::Bottom,
                Command::HalfDown, Command::HalfUp, Command::PageDown, Command::PageUp,
            ]), 0..30),
            len in 0_usize..40,
            height in 0_usize..12,
        ) {
            let mut scroll = Scroll::default();
            for command in moves {
                prop_assert!(scroll.go(command, len, height));
                prop_assert!(scroll.cursor < len.max(1));
                prop_assert!(scroll.top <= scroll.cursor && scroll.cursor < scroll.top + height.max(1));
            }
        }
    }
}
