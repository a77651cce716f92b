//! Layers over the panes: the topmost gets the keys.

use super::{Model, Severity, layout, picker::Picker, scroll::Scroll};
use crate::{
    insight::{Titles, stats::Stats},
    log::{Entry, EntryId, Log},
    page::{Line, Role, Symbols, TextSpan, stats_lines, wrap, xray},
    query::{Notice, Query},
    text::clean_line,
};
use ratatui::layout::Rect;
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
    /// History of messages, the newest first.
    Messages(Scroll),
    /// Title of a thread that is being computed.
    Computing(String),
    Picker(Picker),
    Confirm(Confirm),
}

/// Explanation of how an entry was understood, laid out for a width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Xray {
    entry: EntryId,
    /// Columns the lines were laid out for.
    width: usize,
    pub lines: Vec<Line>,
    pub scroll: Scroll,
}

/// Explanation of how the query was understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    pub lines: Vec<Line>,
    pub scroll: Scroll,
}

/// Stats of a year of the hits, shown as the year in review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatsView {
    /// Years with an entry, the newest first.
    years: Vec<i16>,
    /// Year to be shown, if it is known.
    pub year: Option<i16>,
    /// Year and entries of the last request.
    requested: Option<(Option<i16>, Arc<Vec<EntryId>>)>,
    /// Stats that are shown, which may still be those of another year.
    pub stats: Option<Arc<Stats>>,
    /// Stats, titles and columns that the lines were laid out for.
    laid_out: Option<(Arc<Stats>, Arc<Titles>, usize)>,
    pub lines: Vec<Line>,
    pub scroll: Scroll,
}

impl StatsView {
    /// Makes an empty view of `year`, or of the newest year.
    pub fn new(year: Option<i16>) -> StatsView {
        let (years, lines) = (Vec::new(), Vec::new());
        StatsView { years, year, requested: None, stats: None, laid_out: None, lines, scroll: Scroll::default() }
    }

    /// Turns to the next later or earlier year, if there is one.
    pub fn turn(&mut self, later: bool) {
        let Some(at) = self.years.iter().position(|year| Some(*year) == self.year) else { return };
        let to = if later { at.checked_sub(1) } else { Some(at + 1) };
        self.year = to.and_then(|to| self.years.get(to).copied()).or(self.year);
    }

    /// Returns true if stats of the year and `hits` are to be requested: once for each pair.
    pub(super) fn start_request(&mut self, hits: &Arc<Vec<EntryId>>) -> bool {
        let wanted = (self.year, hits.clone());
        if self.requested.as_ref() == Some(&wanted) {
            return false;
        }
        self.requested = Some(wanted);
        true
    }

    /// Shows the stats that were requested. `years` are all years with an entry.
    pub(super) fn set_stats(&mut self, years: Vec<i16>, stats: Arc<Stats>) {
        self.year = Some(stats.year);
        self.requested = self.requested.take().map(|(_, hits)| (self.year, hits));
        (self.years, self.stats) = (years, Some(stats));
    }

    /// Empties the view of an old log; the year stays.
    fn clear(&mut self) {
        *self = StatsView::new(self.year);
    }

    /// Lays out the lines again if the stats, the titles or the width have changed.
    pub fn show(&mut self, log: &Log, titles: &Arc<Titles>, (width, height): (usize, usize), symbols: &Symbols) {
        if let Some(found) = &self.stats {
            let is_current = self.laid_out.as_ref().is_some_and(|(stats, known, columns)| {
                Arc::ptr_eq(stats, found) && Arc::ptr_eq(known, titles) && *columns == width
            });
            if !is_current {
                self.lines = stats_lines(found, log, titles, width, symbols);
                self.laid_out = Some((found.clone(), titles.clone(), width));
            }
        }
        self.scroll.top = self.scroll.top.min(self.lines.len().saturating_sub(height));
    }

    /// Heading: the year shown, and the year still being counted.
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

/// Question about a link whose label names another host than its URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    pub label: String,
    pub host: String,
    pub url: String,
}

/// Removes or empties the layers that show ids of an old log.
pub(super) fn drop_stale(overlays: &mut Vec<Overlay>) {
    overlays.retain(|overlay| !matches!(overlay, Overlay::Computing(_) | Overlay::Xray(_)));
    for overlay in overlays {
        if let Overlay::Stats(view) = overlay {
            view.clear();
        }
    }
}

/// Columns and rows of text in a layer as large as the screen allows.
pub(super) fn text_size(screen: Rect) -> (usize, usize) {
    let text = layout::text(layout::overlay(screen, usize::from(u16::MAX)));
    (usize::from(text.width), usize::from(text.height))
}

/// Lays out the topmost layer again if what it shows, or the screen, has changed.
pub(super) fn settle(model: &mut Model) {
    let (width, height) = text_size(model.window.area);
    match model.reading.overlays.last_mut() {
        Some(Overlay::Xray(xray)) => xray.show(&model.notes.log, width, height),
        Some(Overlay::Stats(view)) => {
            view.show(&model.notes.log, &model.notes.titles, (width, height), &model.settings.symbols);
        }
        Some(Overlay::Explanation(shown)) => {
            shown.lines = explanation(&model.search.query, &model.search.notices, width);
            shown.scroll.top = shown.scroll.top.min(shown.lines.len().saturating_sub(height));
        }
        _ => {}
    }
}

/// Opens the X-ray of the selected entry.
pub(super) fn open_xray(model: &mut Model) {
    let (width, _) = text_size(model.window.area);
    match model.current().map(|entry| Xray::new(entry, width)) {
        Some(xray) => model.reading.overlays.push(Overlay::Xray(xray)),
        None => model.say(Severity::Plain, "No entry is selected"),
    }
}

/// Opens the history of messages.
pub(super) fn open_messages(model: &mut Model) {
    if model.session.messages.is_empty() {
        model.say(Severity::Plain, "No messages yet");
    } else {
        model.reading.overlays.push(Overlay::Messages(Scroll::default()));
    }
}

/// Explains how the query was understood, then what was not, in lines of `width` columns.
fn explanation(query: &Query, notices: &[Notice], width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for text in query.explain() {
        lines.extend(wrap_indented(&text, Role::Text, width));
    }
    for notice in notices {
        lines.extend(wrap_indented(&notice.message, Role::Warning, width));
    }
    lines
}

/// Wraps `text` so that all its lines keep the indentation of the first.
fn wrap_indented(text: &str, role: Role, width: usize) -> Vec<Line> {
    let trimmed = text.trim_start();
    let margin = [TextSpan::new(" ".repeat(text.len() - trimmed.len()), Role::Text)];
    wrap(&[TextSpan::new(clean_line(trimmed), role)], &margin, &margin, width)
}

impl Xray {
    pub fn new(entry: Entry<'_>, width: usize) -> Xray {
        Xray { entry: entry.id(), width, lines: xray(entry, width), scroll: Scroll::default() }
    }

    /// Lays out the lines again if the width has changed, and keeps the scroll position in range.
    pub fn show(&mut self, log: &Log, width: usize, height: usize) {
        if let Some(entry) = log.get(self.entry).filter(|_| self.width != width) {
            (self.lines, self.width) = (xray(entry, width), width);
        }
        self.scroll.top = self.scroll.top.min(self.lines.len().saturating_sub(height));
    }
}
