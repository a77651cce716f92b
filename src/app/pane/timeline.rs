//! The timeline: the result by year and week, newest first.

use crate::{
    app::{command::Command, scroll::Scroll},
    log::{Entry, EntryId, Log, Precision, Span},
    query::{Order, similar::Similar},
};

/// Weeks of a year's strip: ISO years have up to 53.
pub const WEEKS: usize = 53;

/// A line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A year with its weeks: how many entries the log has, and how many the query found.
    Year {
        year: i16,
        hits: u32,
        all: Box<[u16; WEEKS]>,
        found: Box<[u16; WEEKS]>,
    },
    /// The head of a week, or of another span, of one note.
    Group {
        first: EntryId,
    },
    /// A hit, by its place in the result.
    Hit(usize),
    Undated {
        hits: u32,
    },
    /// The head of what a guess found, by its number.
    Similar(usize),
}

/// A result, as it is to be listed.
#[derive(Debug, Clone, Copy)]
pub struct List<'r> {
    pub hits: &'r [EntryId],
    /// How many of them the query itself finds; the others are those of `similar`, in turn.
    pub exact: usize,
    pub similar: &'r [Similar],
    pub order: Order,
}

/// State of the timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    pub rows: Vec<Row>,
    /// For each hit its row.
    row_of: Vec<usize>,
    /// Entries per week of each year of the log: counted once, since a timeline is of one log.
    all: Option<Years>,
    /// Cursor and window over `rows`; the cursor is always on a hit, if there is one.
    pub scroll: Scroll,
    /// Place of the selected hit in the result.
    selected: usize,
}

impl Timeline {
    /// Shows another result. The cursor stays on its entry, at its height on the screen; if it
    /// is gone, on what comes next in time.
    pub fn show(&mut self, log: &Log, list: List<'_>, current: Option<EntryId>, height: usize) {
        let List { hits, exact, order, .. } = list;
        let offset = self.scroll.cursor.saturating_sub(self.scroll.top);
        self.lay_out(log, list);
        let at = current.map_or(0, |current| match order {
            _ if hits[exact..].contains(&current) => hits.iter().position(|hit| *hit == current).unwrap_or(0),
            Order::Newest => hits[..exact].partition_point(|hit| *hit < current),
            Order::Oldest | Order::Relevance => hits.iter().position(|hit| *hit == current).unwrap_or(0),
        });
        self.select(at.min(hits.len().saturating_sub(1)), height);
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
        self.selected = at.min(self.row_of.len().saturating_sub(1));
        self.scroll.cursor = self.row_of.get(self.selected).copied().unwrap_or(0);
        self.scroll.show(self.rows.len(), height);
        // The head of the first group belongs in view with it.
        if self.selected == 0 && self.scroll.cursor < height {
            self.scroll.top = 0;
        }
    }

    /// Selects the hit on or after row `row`.
    pub fn select_row(&mut self, row: usize, height: usize) {
        let at = self.row_of.partition_point(|of| *of < row);
        self.select(at, height);
    }

    pub fn go(&mut self, command: Command, height: usize) -> bool {
        let len = self.row_of.len();
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
                if !hits.go(command, len, height) {
                    return false;
                }
                self.select(hits.cursor, height);
            }
        }
        true
    }

    fn next_group(&mut self, height: usize) {
        let after = self.rows.iter().skip(self.scroll.cursor).position(|row| matches!(row, Row::Group { .. }));
        if let Some(after) = after {
            self.select_row(self.scroll.cursor + after, height);
        }
    }

    fn previous_group(&mut self, height: usize) {
        let before =
            |end: usize| self.rows[..end.min(self.rows.len())].iter().rposition(|row| matches!(row, Row::Group { .. }));
        let Some(own) = before(self.scroll.cursor) else { return };
        // From inside a group first to its head, as editors go to the start of a paragraph.
        let target = if self.scroll.cursor > own + 1 { own } else { before(own).unwrap_or(own) };
        self.select_row(target, height);
    }

    fn lay_out(&mut self, log: &Log, list: List<'_>) {
        let List { hits, exact, similar, order } = list;
        self.rows.clear();
        self.row_of.clear();
        let all = self.all.get_or_insert_with(|| years(log.entries()));
        let found = years(hits[..exact].iter().map(|id| log.entry(*id)));
        let (mut year, mut group) = (None, None);
        let starts = similar.iter().scan(exact, |at, similar| Some(std::mem::replace(at, *at + similar.hits.len())));
        let mut starts = starts.enumerate().peekable();
        for (at, hit) in hits.iter().enumerate() {
            let entry = log.entry(*hit);
            if let Some((nth, _)) = starts.next_if(|(_, start)| *start == at) {
                self.rows.push(Row::Similar(nth));
                group = None;
            }
            let own = entry.span().map(|span| span.iso().0);
            if year != Some(own) && order != Order::Relevance && at < exact {
                year = Some(own);
                self.rows.push(match own {
                    Some(year) => {
                        let weeks = |years: &Years| {
                            years
                                .iter()
                                .find(|(of, _)| *of == year)
                                .map_or_else(|| Box::new([0; WEEKS]), |(_, weeks)| weeks.clone())
                        };
                        let hits = hits[at..exact]
                            .iter()
                            .take_while(|hit| log.entry(**hit).span().is_some_and(|span| span.iso().0 == year));
                        Row::Year { year, hits: hits.count() as u32, all: weeks(all), found: weeks(&found) }
                    }
                    None => Row::Undated { hits: (exact - at) as u32 },
                });
            }
            let own = group_of(entry);
            if group != Some(own) {
                group = Some(own);
                self.rows.push(Row::Group { first: *hit });
            }
            self.row_of.push(self.rows.len());
            self.rows.push(Row::Hit(at));
        }
    }
}

/// What entries under one head share: their note and their days.
fn group_of(entry: Entry<'_>) -> (*const crate::log::Note, Option<Span>) {
    (std::ptr::from_ref(entry.note()), entry.span())
}

/// Numbers of entries, by year and week.
type Years = Vec<(i16, Box<[u16; WEEKS]>)>;

/// Entries per week of each year.
fn years<'a>(entries: impl Iterator<Item = Entry<'a>>) -> Years {
    let mut years: Years = Vec::new();
    for span in entries.filter_map(Entry::span) {
        if span.precision == Precision::Year {
            continue;
        }
        let (year, week) = span.iso();
        let known = years.iter().rposition(|(of, _)| *of == year);
        let at = known.unwrap_or_else(|| {
            years.push((year, Box::new([0; WEEKS])));
            years.len() - 1
        });
        let week = &mut years[at].1[(week.max(1) as usize - 1).min(WEEKS - 1)];
        *week = week.saturating_add(1);
    }
    years
}
