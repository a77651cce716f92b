//! Layers over the panes: the topmost gets the keys.

use super::{picker::Picker, scroll::Scroll};
use crate::{
    insight::{Titles, stats::Stats},
    log::{Entry, EntryId, Log},
    page::{Line, Symbols, stats_lines, xray},
};
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
    Stats(StatsView),
    /// What was said in the bottom line, the newest first.
    Messages(Scroll),
    /// What is being worked out, by its title.
    Computing(String),
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
pub struct StatsView {
    /// Years with an entry, the newest first.
    years: Vec<i16>,
    /// The year that is wanted, if that is known.
    pub year: Option<i16>,
    /// What was asked for last: the year and the entries.
    asked: Option<(Option<i16>, Arc<Vec<EntryId>>)>,
    /// The one that is shown.
    pub stats: Option<Arc<Stats>>,
    /// What the lines were set for: the review, titles and columns.
    set: Option<(Arc<Stats>, Arc<Titles>, usize)>,
    pub lines: Vec<Line>,
    pub scroll: Scroll,
}

impl StatsView {
    /// Of a year, or of the newest there is.
    pub fn new(year: Option<i16>) -> StatsView {
        let (years, lines) = (Vec::new(), Vec::new());
        StatsView { years, year, asked: None, stats: None, set: None, lines, scroll: Scroll::default() }
    }

    /// Goes to a later or earlier year, if there is one.
    pub fn turn(&mut self, later: bool) {
        let Some(at) = self.years.iter().position(|year| Some(*year) == self.year) else { return };
        let to = if later { at.checked_sub(1) } else { Some(at + 1) };
        self.year = to.and_then(|to| self.years.get(to).copied()).or(self.year);
    }

    /// Whether the year is to be reviewed of `hits`, unless that was asked for already.
    pub(super) fn start_request(&mut self, hits: &Arc<Vec<EntryId>>) -> bool {
        let wanted = (self.year, hits.clone());
        if self.asked.as_ref() == Some(&wanted) {
            return false;
        }
        self.asked = Some(wanted);
        true
    }

    /// Takes the review that was asked for, and what years there are.
    pub(super) fn set_stats(&mut self, years: Vec<i16>, stats: Arc<Stats>) {
        self.year = Some(stats.year);
        self.asked = self.asked.take().map(|(_, hits)| (self.year, hits));
        (self.years, self.stats) = (years, Some(stats));
    }

    /// What it shows is of an old log.
    pub(super) fn forget(&mut self) {
        *self = StatsView::new(self.year);
    }

    /// Sets the review anew when it, the titles or the width have changed.
    pub fn show(&mut self, log: &Log, titles: &Arc<Titles>, (width, height): (usize, usize), symbols: &Symbols) {
        if let Some(found) = &self.stats {
            let is_set = self.set.as_ref().is_some_and(|(set, known, columns)| {
                Arc::ptr_eq(set, found) && Arc::ptr_eq(known, titles) && *columns == width
            });
            if !is_set {
                self.lines = stats_lines(found, log, titles, width, symbols);
                self.set = Some((found.clone(), titles.clone(), width));
            }
        }
        self.scroll.top = self.scroll.top.min(self.lines.len().saturating_sub(height));
    }

    /// What is shown, and what is still being counted.
    pub fn title(&self) -> String {
        let shown = self.stats.as_ref().map(|stats| stats.year);
        match (shown, self.year) {
            (Some(shown), Some(wanted)) if shown != wanted => format!("{shown} in review · counting {wanted} …"),
            (Some(year), _) => format!("{year} in review"),
            (None, Some(year)) => format!("{year} in review · counting …"),
            (None, None) => "A year in review · counting …".to_owned(),
        }
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
