//! Layers over the panes: the topmost gets the keys.

use super::{picker::Picker, scroll::Scroll};
use crate::{
    log::{Entry, EntryId, Log, Titles},
    page::{Line, Symbols, review, xray},
    query::stats::Review,
};
use jiff::civil::Date;
use std::sync::Arc;

/// A layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    Help {
        filter: String,
        scroll: Scroll,
    },
    Xray(Xray),
    Explanation(Explanation),
    Statistics(Statistics),
    /// What was said in the bottom line, the newest first.
    Messages(Scroll),
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

/// A year in review, of what the query finds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statistics {
    /// Years with an entry, the newest first.
    pub years: Vec<i16>,
    /// Which of them is shown.
    pub at: usize,
    set: Option<Subject>,
    pub lines: Vec<Line>,
    pub scroll: Scroll,
}

/// What a review is set of, and for how many columns.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Subject {
    year: i16,
    width: usize,
    hits: Arc<Vec<EntryId>>,
    titles: Arc<Titles>,
}

impl Statistics {
    /// Of these years, the newest first, the one at `at`.
    pub fn new(years: Vec<i16>, at: usize) -> Statistics {
        Statistics { years, at, set: None, lines: Vec::new(), scroll: Scroll::default() }
    }

    /// Goes to a later or earlier year, if there is one.
    pub fn turn(&mut self, later: bool) {
        let at = if later { self.at.checked_sub(1) } else { Some(self.at + 1) };
        self.at = at.filter(|at| *at < self.years.len()).unwrap_or(self.at);
    }

    pub fn year(&self) -> i16 {
        self.years.get(self.at).copied().unwrap_or_default()
    }

    /// Reviews the year anew when it, the result, the titles or the width have changed.
    pub fn show(
        &mut self,
        log: &Log,
        hits: &Arc<Vec<EntryId>>,
        titles: &Arc<Titles>,
        today: Date,
        (width, height): (usize, usize),
        symbols: &Symbols,
    ) {
        let wanted = Subject { year: self.year(), width, hits: hits.clone(), titles: titles.clone() };
        if self.set.as_ref() != Some(&wanted) {
            let found = Review::of(log, hits, self.year(), today);
            self.lines = review(&found, log, titles, width, symbols);
            self.set = Some(wanted);
        }
        self.scroll.top = self.scroll.top.min(self.lines.len().saturating_sub(height));
    }
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
