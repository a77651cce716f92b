//! The heat map: all weeks of the log, a year a line, above the timeline while it is zoomed.
//!
//! The columns of weeks are computed here, for clicks and for drawing alike.

use crate::{
    app::scroll::Scroll,
    date::{Precision, monday_of},
    log::{Group, Log},
};
use jiff::{ToSpan, civil::Date};
use std::{cmp::Reverse, collections::BTreeMap, ops::Range, sync::Arc};

/// Weeks of a year's strip: ISO years have up to 53.
pub const WEEKS: usize = 53;

/// Numbers of entries in the weeks of a year.
pub type WeekCounts = [u32; WEEKS];

/// An ISO year and one of its weeks, from 0.
pub type IsoWeek = (i16, usize);

/// Shades of a heat map.
pub const LEVELS: usize = 4;

/// All weeks of a log, and those of them that have hits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeatMap {
    /// Entries of the log per week, by year, the newest first.
    years: Vec<(i16, WeekCounts)>,
    /// The most entries of each shade but the last: a quarter of the weeks that have any is of each.
    limits: [u32; LEVELS - 1],
    /// Place in the result of the first hit of each week that has one.
    pub hits: Arc<BTreeMap<IsoWeek, u32>>,
    /// Window over the years; the cursor is that of the reader.
    pub scroll: Scroll,
}

impl HeatMap {
    /// Makes the heat map of `log`, without hits.
    pub fn of(log: &Log) -> HeatMap {
        let mut years: BTreeMap<Reverse<i16>, WeekCounts> = BTreeMap::new();
        for group in log.groups() {
            if let Some((year, _)) = group.week {
                let weeks = years.entry(Reverse(year)).or_insert([0; WEEKS]);
                if let Some((_, week)) = week_of(group) {
                    weeks[week] += group.len;
                }
            }
        }
        let years: Vec<(i16, WeekCounts)> = years.into_iter().map(|(Reverse(year), weeks)| (year, weeks)).collect();
        let limits = limits(&years);
        HeatMap { years, limits, ..HeatMap::default() }
    }

    pub fn years(&self) -> &[(i16, WeekCounts)] {
        &self.years
    }

    /// Numbers of entries of the log in the weeks of a year.
    pub fn year(&self, year: i16) -> WeekCounts {
        self.years.iter().find(|(of, _)| *of == year).map_or([0; WEEKS], |(_, weeks)| *weeks)
    }

    /// Shade of a week with `count` entries, up to [`LEVELS`]; 0 without any.
    pub fn level(&self, entries: u32) -> usize {
        usize::from(entries > 0) + self.limits.iter().filter(|limit| entries > **limit).count()
    }

    /// Brings the year of `week` into a window of `rows` years.
    pub fn settle(&mut self, week: Option<IsoWeek>, rows: usize) {
        let at = week.and_then(|(year, _)| self.years.iter().position(|(of, _)| *of == year));
        self.scroll.cursor = at.unwrap_or(self.scroll.cursor);
        self.scroll.show(self.years.len(), rows);
    }

    /// Place of the first hit in one of these weeks of a year; else of that in the week nearest to
    /// them, the later of two.
    pub fn nearest(&self, year: i16, weeks: &Range<usize>) -> Option<usize> {
        let (first, last) = (monday((year, weeks.start)), monday((year, weeks.end.saturating_sub(1))));
        let distance = |week: IsoWeek| {
            let monday = monday(week);
            let away = if monday < first { first.since(monday) } else { monday.max(last).since(last) };
            away.map_or(i32::MAX, |span| span.get_days())
        };
        let nearest = self.hits.iter().rev().min_by_key(|(week, _)| distance(**week));
        nearest.map(|(_, hit)| *hit as usize)
    }
}

/// Largest count of each shade but the last: a quarter of the weeks with entries has each shade.
fn limits(years: &[(i16, WeekCounts)]) -> [u32; LEVELS - 1] {
    let mut counts = Vec::new();
    for (_, weeks) in years {
        counts.extend(weeks.iter().filter(|count| **count > 0));
    }
    counts.sort_unstable();
    [1, 2, 3].map(|quarter| counts.get(counts.len() * quarter / LEVELS).copied().unwrap_or(0))
}

/// The week that the entries of a group are counted in: none when only their year is known.
pub fn week_of(group: &Group) -> Option<IsoWeek> {
    let known = group.span.is_some_and(|span| span.precision != Precision::Year);
    let (year, week) = group.week.filter(|_| known)?;
    Some((year, (week.max(1).unsigned_abs() as usize - 1).min(WEEKS - 1)))
}

/// The first day of a week; 4 January is in the first one of its year (ISO 8601).
fn monday((year, week): IsoWeek) -> Date {
    let fourth = Date::new(year, 1, 4).unwrap_or_default();
    monday_of(fourth).saturating_add((week as i64 * 7).days())
}

/// Columns of the year label: with a margin, or without it where the pane is one column too narrow.
const LABEL: [u16; 2] = [6, 5];

/// Columns of the weeks of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Columns before the first week.
    pub label: u16,
    /// Weeks that share a cell.
    weeks: usize,
    /// Columns of a cell.
    pub columns: u16,
}

impl Grid {
    /// The widest that `width` columns have room for, if any is legible.
    pub fn of(width: u16) -> Option<Grid> {
        let grids = [(1, 2, 0), (1, 1, 0), (1, 1, 1), (2, 1, 0)];
        let mut grids = grids.into_iter().map(|(weeks, columns, label)| Grid { label: LABEL[label], weeks, columns });
        grids.find(|grid| grid.label + grid.cells() as u16 * grid.columns <= width)
    }

    pub fn cells(self) -> usize {
        WEEKS.div_ceil(self.weeks)
    }

    /// The weeks of a cell.
    pub fn weeks(self, cell: usize) -> Range<usize> {
        cell * self.weeks..((cell + 1) * self.weeks).min(WEEKS)
    }

    /// The column where a week stands.
    pub fn column(self, week: usize) -> u16 {
        self.label + (week / self.weeks) as u16 * self.columns
    }

    /// The weeks at a column.
    fn at(self, column: u16) -> Option<Range<usize>> {
        let cell = usize::from(column.checked_sub(self.label)? / self.columns);
        (cell < self.cells()).then(|| self.weeks(cell))
    }
}

/// Rows above and below the years: months, and a rule.
pub const ROWS_AROUND: u16 = 2;

/// The years that a pane with so many rows of text has room to show: all take a third of it at most.
pub fn rows(years: usize, height: u16) -> u16 {
    (height / 3).saturating_sub(ROWS_AROUND).min(u16::try_from(years).unwrap_or(u16::MAX))
}

impl HeatMap {
    /// The hit that a click leads to, at a place inside a heat map of `width` columns: the row of
    /// the months is the first.
    pub fn clicked(&self, column: u16, row: u16, width: u16) -> Option<usize> {
        let weeks = Grid::of(width)?.at(column)?;
        let (year, _) = self.years.get(self.scroll.top + usize::from(row.checked_sub(1)?))?;
        self.nearest(*year, &weeks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_week_nearest_in_time_is_found_across_years() {
        let hits = [((2022, 51), 4), ((2023, 1), 3), ((2023, 20), 0)];
        let heat = HeatMap { hits: Arc::new(hits.into()), ..HeatMap::default() };
        for (year, weeks, expected) in [
            (2023, 20..21, 0),
            (2023, 0..1, 3),
            (2022, 52..53, 3), // 2022 has 52 weeks: the column after them is the first of 2023
            (2022, 50..52, 4),
            (2015, 3..4, 4),
            (2030, 3..4, 0),
            (2023, 9..12, 3),
            (2023, 10..12, 0),
            (2023, 11..12, 0),
        ] {
            assert_eq!(heat.nearest(year, &weeks), Some(expected), "{year} {weeks:?}");
        }
        assert_eq!(HeatMap::default().nearest(2023, &(0..1)), None);
    }

    #[test]
    fn every_week_has_its_cell_at_every_width() {
        for width in 0..200 {
            let Some(grid) = Grid::of(width) else {
                assert!(width < 33, "{width}");
                continue;
            };
            for week in 0..WEEKS {
                let column = grid.column(week);
                assert!(column + grid.columns <= width, "{width}");
                assert!(grid.at(column).is_some_and(|weeks| weeks.contains(&week)), "{width} {week}");
            }
            assert_eq!(grid.at(grid.label - 1), None);
            assert_eq!(grid.at(grid.label + grid.cells() as u16 * grid.columns), None);
        }
    }

    #[test]
    fn a_quarter_of_the_weeks_is_of_each_shade() {
        let counts = [1, 2, 3, 4, 5, 6, 7, 400];
        let heat = HeatMap { limits: [2, 4, 6], ..HeatMap::default() };
        assert_eq!(counts.map(|count| heat.level(count)), [1, 1, 2, 2, 3, 3, 4, 4]);
        assert_eq!((heat.level(0), HeatMap::default().level(1)), (0, LEVELS));
    }
}
