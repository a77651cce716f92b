//! The three panes: the state and the moves of each.

pub mod entry;
pub mod heat_map;
pub mod tags;
pub mod timeline;

/// A pane of the screen, from left to right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    Tags,
    #[default]
    Timeline,
    Entry,
}

impl Pane {
    pub const ALL: [Pane; 3] = [Pane::Tags, Pane::Timeline, Pane::Entry];

    pub fn title(self) -> &'static str {
        match self {
            Pane::Tags => "Tags",
            Pane::Timeline => "Timeline",
            Pane::Entry => "Entry",
        }
    }

    /// Returns the pane to the left, or this one at the edge.
    #[must_use]
    pub fn left(self) -> Pane {
        Pane::ALL[(self as usize).saturating_sub(1)]
    }

    /// Returns the pane to the right, or this one at the edge.
    #[must_use]
    pub fn right(self) -> Pane {
        Pane::ALL[(self as usize + 1).min(2)]
    }

    /// Returns the pane `by` places to the right, wrapping around.
    #[must_use]
    pub fn step(self, by: usize) -> Pane {
        Pane::ALL[(self as usize + by) % Pane::ALL.len()]
    }
}
