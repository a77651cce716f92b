//! The timeline: the result by year and week, newest first.

pub use super::heat_map::{self, HeatMap, WEEKS, WeekCounts};
pub use crate::app::timeline_rows::{TimelineHeader, TimelineRow, TimelineRows};
use crate::{
    app::{command::Command, hits::Hits, scroll::Scroll},
    log::{EntryId, Log},
    query::Order,
};

/// State of the timeline of one log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    pub rows: TimelineRows,
    pub heat: HeatMap,
    /// Cursor and window over `rows`; the cursor is always on a hit, if there is one.
    pub scroll: Scroll,
    /// Place of the selected hit in the result.
    selected: usize,
}

impl Timeline {
    /// Makes the timeline of `log`, before anything is shown.
    pub fn of(log: &Log) -> Timeline {
        Timeline { heat: HeatMap::of(log), ..Timeline::default() }
    }

    /// Shows another result, whose first `exact` hits are in `order`. The cursor stays on its
    /// entry, at its height on the screen; if it is gone, on what comes next in time.
    pub fn show(&mut self, hits: &Hits, exact: usize, order: Order, current: Option<EntryId>, height: usize) {
        let offset = self.scroll.cursor.saturating_sub(self.scroll.top);
        self.rows = hits.rows.clone();
        self.heat.hits = hits.rows.weeks().clone();
        let (exact, similar) = hits.ids.split_at(exact);
        let place = |hits: &[EntryId], current| hits.iter().position(|hit| *hit == current);
        let at = current.map_or(0, |current| match (place(similar, current), order) {
            (Some(at), _) => exact.len() + at,
            (None, Order::Newest) => exact.partition_point(|hit| *hit < current),
            (None, Order::Oldest | Order::Relevance) => place(exact, current).unwrap_or(0),
        });
        self.select(at, height);
        self.scroll.top = self.scroll.cursor.saturating_sub(offset);
        self.scroll.show(self.rows.len(), height);
        if self.selected == 0 {
            self.scroll.top = 0;
            self.scroll.show(self.rows.len(), height);
        }
    }

    /// Place of the selected hit in the result.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Moves to hit number `at` of the result.
    pub fn select(&mut self, at: usize, height: usize) {
        self.selected = at.min(self.rows.hits().saturating_sub(1));
        self.scroll.cursor = self.rows.of_hit(self.selected);
        self.scroll.show(self.rows.len(), height);
        // The head of the first group belongs in view with it.
        if self.selected == 0 && self.scroll.cursor < height {
            self.scroll.top = 0;
        }
    }

    /// Brings the cursor into view, below the header that stays in the first row while its own row is
    /// scrolled off.
    pub fn settle(&mut self, height: usize) {
        self.scroll.show(self.rows.len(), height);
        if height > 1 && self.scroll.cursor == self.scroll.top && self.sticky(height).is_some() {
            self.scroll.top -= 1;
        }
    }

    /// Row of the header that is shown in the first row, in place of the hit there.
    pub fn sticky(&self, height: usize) -> Option<usize> {
        let top = self.scroll.top;
        let is_hit = matches!(self.rows.get(top), Some(TimelineRow::Hit(_)));
        if height > 1 && is_hit { self.rows.group_before(top) } else { None }
    }

    /// Selects the hit on or after row `row`.
    pub fn select_row(&mut self, row: usize, height: usize) {
        self.select(self.rows.hit_from(row), height);
    }

    pub fn go(&mut self, command: Command, height: usize) -> bool {
        match command {
            Command::NextWeek => self.next_group(height),
            Command::PreviousWeek => self.previous_group(height),
            Command::PageDown | Command::PageUp | Command::HalfDown | Command::HalfUp => {
                let mut scroll = self.scroll;
                scroll.go(command, self.rows.len(), height);
                self.scroll.top = scroll.top;
                self.select_row(scroll.cursor, height);
            }
            command => {
                let mut hits = Scroll { cursor: self.selected, top: 0 };
                if !hits.go(command, self.rows.hits(), height) {
                    return false;
                }
                self.select(hits.cursor, height);
            }
        }
        true
    }

    fn next_group(&mut self, height: usize) {
        if let Some(row) = self.rows.group_from(self.scroll.cursor) {
            self.select_row(row, height);
        }
    }

    fn previous_group(&mut self, height: usize) {
        let Some(own) = self.rows.group_before(self.scroll.cursor) else { return };
        // From inside a group first to its head, as editors go to the start of a paragraph.
        let target = if self.scroll.cursor > own + 1 { own } else { self.rows.group_before(own).unwrap_or(own) };
        self.select_row(target, height);
    }

    /// Numbers of hits in the weeks of the year whose header is row `row`.
    pub fn found(&self, log: &Log, row: usize) -> WeekCounts {
        let mut weeks = [0; WEEKS];
        for (group, hits) in self.rows.groups_of_year(row) {
            if let Some((_, week)) = heat_map::week_of(log.group(group)) {
                weeks[week] += hits;
            }
        }
        weeks
    }
}
