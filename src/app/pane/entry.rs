//! The entry pane: one entry laid out as a page, a window over it, and the matches in it.

use crate::{
    app::{
        command::Command,
        find_bar::{FindBar, WrapAround},
        picture_cache::{PictureCache, PictureKey, rows},
        scroll::Scroll,
    },
    insight::Titles,
    log::{Entry, EntryId},
    note::EntryKey,
    page::{HighlightsRef, Page, PictureSize, Symbols},
    query::{Find, Query},
};

/// Text that is highlighted on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Highlights {
    Query(Query),
    Find(Find),
}

/// State of the entry pane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryPane {
    /// Entry, width and highlights of the page, which is laid out again when one of them changes.
    set: Option<(EntryId, usize, Highlights)>,
    /// Most rows of a picture, and the revision of the picture cache, at that time.
    set_for: (u16, u64),
    /// The page must be laid out again, since its log has changed.
    is_stale: bool,
    /// Key of the entry that was shown last, which stays the same in another log.
    shown: Option<EntryKey>,
    pub page: Page,
    pub scroll: Scroll,
    pub finding: Option<FindBar>,
    /// Number of the current match.
    pub place: Option<usize>,
    /// Set if the last step to a match went over an end of the page.
    wrap: Option<WrapAround>,
}

impl EntryPane {
    /// Lays out `entry` for a pane of `width` columns and `height` rows. Another entry starts at its top.
    pub fn show(
        &mut self,
        entry: Option<Entry<'_>>,
        (width, height): (usize, usize),
        query: &Query,
        symbols: &Symbols,
        titles: &Titles,
        pictures: &PictureCache,
    ) {
        let Some(entry) = entry else {
            *self = EntryPane::default();
            return;
        };
        let wanted = (entry.id(), width, self.highlights(query));
        let rows = rows(height);
        let set_for = (rows, pictures.revision());
        let is_set_for = self.page.pictures.is_empty() || self.set_for == set_for;
        if !self.is_stale && is_set_for && self.set.as_ref() == Some(&wanted) {
            return;
        }
        let is_same = self.shown == Some(entry.key());
        let has_same_marks = is_same && self.set.as_ref().is_some_and(|(.., marks)| *marks == wanted.2);
        let above = self.text_above();
        let marked = match &wanted.2 {
            Highlights::Query(query) => HighlightsRef::Query(query),
            Highlights::Find(find) => HighlightsRef::Find(find),
        };
        let note = entry.note();
        let size = |url: &str, room: usize| {
            let key = PictureKey { source: note.source.clone(), path: note.path.clone(), url: url.into() };
            pictures.size(&key, PictureSize { columns: room as u16, rows })
        };
        self.page = Page::illustrated(entry, width, marked, symbols, titles, &size);
        self.set_for = set_for;
        if is_same {
            self.scroll.top = self.line_below(above);
        }
        (self.set, self.is_stale) = (Some(wanted), false);
        self.shown = Some(entry.key());
        self.scroll.top = if is_same { self.scroll.top.min(self.page.lines.len().saturating_sub(height)) } else { 0 };
        if !has_same_marks {
            (self.place, self.wrap) = (None, None);
            self.find_from_start(is_same, height);
        }
        self.place = self.place.filter(|place| *place < self.page.places.len());
    }

    /// Lines above the window that are not reserved for pictures.
    fn text_above(&self) -> usize {
        let top = self.scroll.top;
        let kept = self.page.pictures.iter().map(|place| place.rows().min(top.saturating_sub(place.line)));
        top - kept.sum::<usize>()
    }

    /// Line with `above` lines above it that are not reserved for pictures. It keeps the text in place
    /// when a picture arrives above it.
    fn line_below(&self, above: usize) -> usize {
        self.page.pictures.iter().fold(above, |line, place| line + if place.line <= line { place.rows() } else { 0 })
    }

    fn highlights(&self, query: &Query) -> Highlights {
        let find = self.finding.as_ref().map(|finding| Find::new(finding.line.text()));
        match find.filter(|find| !find.is_empty()) {
            Some(find) => Highlights::Find(find),
            None => Highlights::Query(query.clone()),
        }
    }

    /// Goes to the first match at or below the line where the find began.
    fn find_from_start(&mut self, is_same: bool, height: usize) {
        let Some(finding) = &self.finding else { return };
        let from = if is_same { finding.from } else { 0 };
        self.scroll.top = from.min(self.page.lines.len().saturating_sub(height));
        if !finding.line.text().is_empty() && !self.page.places.is_empty() {
            let below = self.page.places.iter().position(|line| *line >= from);
            self.wrap = below.is_none().then_some(WrapAround::FromTop);
            self.scroll_to_place(below.unwrap_or(0), height);
        }
    }

    /// Goes to the next or previous match, wrapping around.
    pub fn step(&mut self, forward: bool, height: usize) {
        let places = &self.page.places;
        let Some(last) = places.len().checked_sub(1) else { return };
        let (top, bottom) = (self.scroll.top, self.scroll.top + height);
        let next = match (self.place, forward) {
            (Some(place), true) => (place < last).then_some(place + 1),
            (Some(place), false) => place.checked_sub(1),
            (None, true) => places.iter().position(|line| *line >= top),
            (None, false) => places.iter().rposition(|line| *line < bottom),
        };
        (self.wrap, self.place) = (None, next);
        let next = next.unwrap_or_else(|| {
            let (wrap, place) = if forward { (WrapAround::FromTop, 0) } else { (WrapAround::FromBottom, last) };
            self.wrap = Some(wrap);
            place
        });
        self.scroll_to_place(next, height);
    }

    /// Goes to match `place` and brings it into view, with some lines above it.
    fn scroll_to_place(&mut self, place: usize, height: usize) {
        self.place = Some(place);
        let line = self.page.places[place];
        if !(self.scroll.top..self.scroll.top + height).contains(&line) {
            let last = self.page.lines.len().saturating_sub(height);
            self.scroll.top = line.saturating_sub(height / 3).min(last);
        }
    }

    /// Position such as `3 of 7`, and if the step wrapped around; `None` without a current match.
    pub fn position(&self) -> Option<String> {
        let all = self.page.places.len();
        let place = self.place?;
        let wrap = match self.wrap {
            None => "",
            Some(WrapAround::FromTop) => ", from the top",
            Some(WrapAround::FromBottom) => ", from the bottom",
        };
        Some(format!("{} of {all}{wrap}", place + 1))
    }

    /// Lays the page out again when it is next shown.
    pub fn invalidate(&mut self) {
        self.is_stale = true;
    }

    pub fn go(&mut self, command: Command, height: usize) -> bool {
        self.scroll.turn(command, self.page.lines.len(), height)
    }

    /// Tests if there is more text below the window.
    pub fn has_more(&self, height: usize) -> bool {
        self.scroll.top + height < self.page.lines.len()
    }
}
