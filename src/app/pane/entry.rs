//! The entry pane: one entry set as a page, and a window over it.

use crate::{
    app::{command::Command, scroll::Scroll},
    log::{EntryId, Log},
    page::{Page, Symbols},
    query::Query,
};

/// State of the entry pane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryPane {
    /// What the page shows: set anew only when one of these changes.
    set: Option<(EntryId, usize, Query)>,
    pub page: Page,
    pub scroll: Scroll,
}

impl EntryPane {
    /// Sets `entry` for a pane of `width` columns; another entry is read from its top.
    pub fn show(
        &mut self,
        log: &Log,
        entry: Option<EntryId>,
        width: usize,
        height: usize,
        query: &Query,
        symbols: &Symbols,
    ) {
        let Some(entry) = entry.and_then(|id| log.get(id)) else {
            *self = EntryPane::default();
            return;
        };
        let wanted = Some((entry.id(), width, query.clone()));
        if self.set == wanted {
            return;
        }
        let same = self.set.as_ref().is_some_and(|(id, ..)| *id == entry.id());
        self.page = Page::of(entry, width, query, symbols);
        self.set = wanted;
        self.scroll.top = if same { self.scroll.top.min(self.page.lines.len().saturating_sub(height)) } else { 0 };
    }

    /// Sets the page anew when it is next shown: the log behind it is another.
    pub fn forget(&mut self) {
        self.set = None;
    }

    pub fn go(&mut self, command: Command, height: usize) -> bool {
        self.scroll.turn(command, self.page.lines.len(), height)
    }

    /// Whether there is more below the window.
    pub fn has_more(&self, height: usize) -> bool {
        self.scroll.top + height < self.page.lines.len()
    }
}
