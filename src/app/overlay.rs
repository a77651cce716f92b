//! Layers over the panes: the topmost gets the keys.

use super::{picker::Picker, scroll::Scroll};
use crate::{
    log::{Entry, EntryId, Log},
    page::{Line, xray},
};

/// A layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    Help { filter: String, scroll: Scroll },
    Xray(Xray),
    Explanation(Explanation),
    Picker(Picker),
    Confirm(Confirm),
}

/// How an entry was understood, set for a width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Xray {
    entry: EntryId,
    /// Columns the lines are set for.
    width: usize,
    pub lines: Vec<Line>,
    pub scroll: Scroll,
}

/// How the query was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    pub lines: Vec<Line>,
    pub scroll: Scroll,
}

/// A link whose label names another host than it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    pub label: String,
    pub host: String,
    pub url: String,
}

impl Xray {
    pub fn new(entry: Entry<'_>, width: usize) -> Xray {
        Xray { entry: entry.id(), width, lines: xray(entry, width), scroll: Scroll::default() }
    }

    /// Sets it anew when the width has changed; the window stays on lines that are there.
    pub fn show(&mut self, log: &Log, width: usize, height: usize) {
        if let Some(entry) = log.get(self.entry).filter(|_| self.width != width) {
            (self.lines, self.width) = (xray(entry, width), width);
        }
        self.scroll.top = self.scroll.top.min(self.lines.len().saturating_sub(height));
    }
}
