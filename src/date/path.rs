//! Dates in the names of files and folders.
//!
//! Sees paths only, all of one source at once: whether `2019-03` is a month or a week is known
//! by the files beside it.

use super::{DateContext, DateMatch, DateRule, DatedSpan, Evidence, Precision, Span, WeekRule, YEARS, grammar};
use jiff::{Timestamp, tz::TimeZone};
use regex::Regex;
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// A source as a whole: its week rule, and what its file names say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    pub weeks: WeekRule,
    /// Folders in which `YYYY-NN` is a week, since a file name in them has a number above 12.
    weekly: HashSet<String>,
    /// The year that file names of a folder agree on, `None` if they differ, and how many name one.
    years: HashMap<String, (Option<i16>, u32)>,
    /// First and last day in the file names of a folder.
    reach: HashMap<String, Span>,
}

/// File names that must agree on a year before it is lent to a note beside them.
const AGREEING: u32 = 2;

static YEAR_NUMBER: LazyLock<Regex> =
    LazyLock::new(|| crate::text::regex(r"^((?:19|20)\d{2})[-_]?(\d{2})(?:[^0-9_.-].*|[_.-](?:[^0-9].*)?)?$"));

impl Series {
    /// Reads all `paths` of a source, relative to it, with `/`.
    pub fn of<'a>(paths: impl Iterator<Item = &'a str>) -> Series {
        let paths: Vec<&str> = paths.collect();
        let mut years: HashMap<String, (Option<i16>, u32)> = HashMap::new();
        let mut reach: HashMap<String, Span> = HashMap::new();
        for path in &paths {
            let Some(year) = year_of(stem(path)) else { continue };
            let (known, count) = years.entry(folder(path).to_owned()).or_insert((Some(year), 0));
            *known = known.filter(|known| *known == year);
            *count += 1;
            let Some(reading) = grammar::title(stem(path), DateContext::default()) else { continue };
            if matches!(reading.span.precision, Precision::Day | Precision::Week) {
                let reach = reach.entry(folder(path).to_owned()).or_insert(reading.span);
                *reach = reach.hull(&reading.span);
            }
        }
        let mut weekly = HashSet::new();
        for path in paths {
            if has_week_number(stem(path)) {
                weekly.insert(folder(path).to_owned());
            }
        }
        Series { weeks: WeekRule::default(), weekly, years, reach }
    }

    /// This series, in which "N月第M周" is the week of the month that `weeks` says.
    #[must_use]
    pub fn with_weeks(self, weeks: WeekRule) -> Series {
        Series { weeks, ..self }
    }

    /// Reads the date in `text`, which belongs to the note at `path`, with the year of the notes
    /// beside it. In a series that ends in December, `week01` belongs to the next year. `None` when
    /// two years are about equally likely.
    pub fn infer_year(&self, text: &str, path: &str) -> Option<DateMatch> {
        let year = self.year_beside(path)?;
        let lent = |year| grammar::lent_year(text, year, self.weeks);
        let Some(reach) = self.reach.get(folder(path)) else { return lent(year) };
        let years = [year, year - 1, year + 1].into_iter();
        let mut near: Vec<(i32, DateMatch)> =
            years.filter_map(lent).map(|reading| (days_off(reach, &reading.span), reading)).collect();
        near.sort_by_key(|(days, _)| *days);
        let (days, reading) = near.first()?;
        near.get(1).is_none_or(|(next, _)| days * UNLIKELIER <= *next).then_some(*reading)
    }

    /// Tests whether the note at `path` reads the same with this series as with `other`. `dated` is
    /// the note's date.
    pub fn reads_same(&self, other: &Series, path: &str, dated: impl FnOnce() -> Option<DatedSpan>) -> bool {
        let beside =
            |series: &Series| (series.years.get(folder(path)).copied(), series.reach.get(folder(path)).copied());
        if self.weeks != other.weeks || self.counts_weeks(path) != other.counts_weeks(path) {
            return false;
        }
        // A note dated by anything else does not depend on its neighbours.
        beside(self) == beside(other) || dated().is_some_and(|dated| dated.evidence != Evidence::Neighbours)
    }

    /// The year of the notes beside `path`, when their names agree on one.
    fn year_beside(&self, path: &str) -> Option<i16> {
        let (year, count) = self.years.get(folder(path))?;
        year.filter(|_| *count >= AGREEING)
    }

    fn counts_weeks(&self, path: &str) -> bool {
        self.weekly.contains(folder(path))
    }
}

/// Tests whether the name is `YYYY-NN` with a number that is a week but no month.
fn has_week_number(stem: &str) -> bool {
    let Some(found) = YEAR_NUMBER.captures(stem) else { return false };
    found[2].parse::<i8>().is_ok_and(|number| (13..=53).contains(&number))
}

/// Factor by which another year must be further off for the nearest to be taken.
const UNLIKELIER: i32 = 3;

/// Days between `span` and the days that the notes beside it cover.
fn days_off(reach: &Span, span: &Span) -> i32 {
    let after = (span.first() - reach.last()).get_days();
    let before = (reach.first() - span.last()).get_days();
    after.max(before).max(0)
}

fn year_of(stem: &str) -> Option<i16> {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| crate::text::regex(r"(?:^|\D)((?:19|20)\d{2})(?:\D|$)"));
    possible_year(&YEAR.captures(stem)?[1])
}

/// The date in a path, by how exact it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathDate {
    /// The name of the file names a day or a week.
    Exact(DatedSpan),
    /// `YYYY-NN`: a month, or, in a note that calls itself weekly, a week.
    MonthOrWeek { month: DatedSpan, week: Option<DatedSpan> },
    /// A year, of the folder or the file name.
    Year(DatedSpan),
}

/// The date in `path`, relative to its source, with `/`.
pub fn from_path(path: &str, series: &Series) -> Option<PathDate> {
    let stem = stem(path);
    if let Some((year, number)) = year_number(stem) {
        let week = Span::iso_week(year, number).map(|span| named(span, DateRule::IsoWeek));
        let month = Span::month(year, number).map(|span| named(span, DateRule::YearMonth));
        return match (month, week) {
            (_, Some(week)) if series.counts_weeks(path) => Some(PathDate::Exact(week)),
            (Some(month), week) => Some(PathDate::MonthOrWeek { month, week }),
            _ => None,
        };
    }
    if let Some(span) = unix_time(stem) {
        return Some(PathDate::Exact(named(span, DateRule::UnixTime)));
    }
    let of_stem = grammar::title(stem, DateContext { year: folder_year(path), weeks: series.weeks });
    if let Some(reading) = of_stem.filter(|reading| reading.rule != DateRule::Year).or_else(|| dated_folders(path)) {
        return Some(PathDate::Exact(reading.with_evidence(Evidence::FileName)));
    }
    let year = possible_year(stem).or_else(|| folder_year(path))?;
    Some(PathDate::Year(named(Span::year(year)?, DateRule::YearFolder)))
}

fn named(span: Span, rule: DateRule) -> DatedSpan {
    DatedSpan { span, evidence: Evidence::FileName, rule }
}

/// Year and number of a name `YYYY-NN` that says nothing more exact.
fn year_number(stem: &str) -> Option<(i16, i8)> {
    let found = YEAR_NUMBER.captures(stem)?;
    let numbers = (found[1].parse().ok()?, found[2].parse().ok()?);
    let reading = grammar::title(stem, DateContext::default());
    reading.is_none_or(|reading| reading.rule == DateRule::YearMonth).then_some(numbers)
}

/// A file name without its folders and its ending.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
}

/// The folders of a path, without the file name; empty for a file at the top.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The innermost folder that is a year.
pub fn folder_year(path: &str) -> Option<i16> {
    folder(path).rsplit('/').filter(|part| part.len() == 4).find_map(possible_year)
}

/// A year that notes can be of.
fn possible_year(text: &str) -> Option<i16> {
    text.parse().ok().filter(|year| YEARS.contains(year))
}

/// `2022/Nov/07/x.md`, `2022/11/07.md`: year, month and day as parts of the path.
fn dated_folders(path: &str) -> Option<DateMatch> {
    let parts: Vec<&str> = folder(path).split('/').chain([stem(path)]).collect();
    parts.windows(3).rev().find_map(|parts| day_of(parts[0], parts[1], parts[2]))
}

/// The day of a year, a month in digits or English, and a text that begins with the day.
fn day_of(year: &str, month: &str, day: &str) -> Option<DateMatch> {
    let year = possible_year(year)?;
    let month = month.parse().ok().or_else(|| grammar::month_number(month))?;
    let day = day.get(..2).unwrap_or(day).parse().ok()?;
    let date = jiff::civil::Date::new(year, month, day).ok()?;
    Some(DateMatch { span: Span::day(date), rule: DateRule::DatedFolders })
}

/// Reads a name of nine or ten digits as seconds since 1970.
fn unix_time(stem: &str) -> Option<Span> {
    if !matches!(stem.len(), 9 | 10) || !stem.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let time = Timestamp::from_second(stem.parse().ok()?).ok()?.to_zoned(TimeZone::UTC);
    YEARS.contains(&time.year()).then(|| Span::day(time.date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, siblings: &[&str], expected: &str) {
        let series = Series::of(siblings.iter().copied().chain([path]));
        let shown = match from_path(path, &series) {
            None => "-".to_owned(),
            Some(PathDate::Exact(dated)) => format!("{}..{} {}", dated.span.first(), dated.span.last(), dated.rule),
            Some(PathDate::MonthOrWeek { month, week }) => {
                format!("{} or {:?}", month.span, week.map(|w| w.span.iso()))
            }
            Some(PathDate::Year(dated)) => format!("year {}", dated.span),
        };
        assert_eq!(shown, expected, "{path}");
    }

    #[test]
    fn names_of_real_notes() {
        for (path, expected) in [
            ("2022-07-24.md", "2022-07-24..2022-07-24 date"),
            ("journals/2023_05_04.md", "2023-05-04..2023-05-04 date"),
            ("20220724-notes.md", "2022-07-24..2022-07-24 date"),
            ("contents/2022/Nov/07/x.md", "2022-11-07..2022-11-07 dated-folders"),
            ("2022/11/07.md", "2022-11-07..2022-11-07 dated-folders"),
            ("2022-W29.md", "2022-07-18..2022-07-24 iso-week"),
            ("2023/2023-week10.md", "2023-03-06..2023-03-12 iso-week"),
            ("2023-week8.md", "2023-02-20..2023-02-26 iso-week"),
            ("2022/2022-07-week4.md", "2022-07-18..2022-07-24 month-week-sunday"),
            ("2022/week29.md", "2022-07-18..2022-07-24 iso-week"),
            ("plan/1651700000.plan", "2022-05-04..2022-05-04 unix-time"),
            ("history/2022/index.md", "year 2022"),
            ("history/2024.md", "year 2024"),
            ("004_3fb8d8c30e5f5482.txt", "-"),
            ("001_e94889846607150b.txt", "-"),
            ("vim/previous-buffer.md", "-"),
            ("2023-W53.md", "-"),
        ] {
            check(path, &[], expected);
        }
    }

    #[test]
    fn names_that_agree_lend_their_year() {
        for (siblings, expected) in [
            (&["a/2023-week20.md", "a/2023-week22.md"][..], Some(2023)),
            (&["a/2023-week20.md"], None),
            (&["a/2023-week20.md", "a/2024-week01.md", "a/2024-week02.md"], None),
            (&["b/2023-week20.md", "b/2023-week22.md"], None),
        ] {
            let series = Series::of(siblings.iter().copied());
            assert_eq!(series.year_beside("a/week21.md"), expected, "{siblings:?}");
        }
    }

    #[test]
    fn a_series_may_cross_new_year() {
        for (text, siblings, expected) in [
            ("week01", &["2022-W51.md", "2022-W52.md"][..], "2023-01-02…01-08"),
            ("week52", &["2023-W01.md", "2023-W02.md"], "2022-12-26…01-01"),
            ("week50", &["2022-W51.md", "2022-W52.md"], "2022-12-12…12-18"),
            ("week10", &["2022-W30.md", "2022-W52.md"], "-"),
        ] {
            let reading = Series::of(siblings.iter().copied()).infer_year(text, "x.md");
            assert_eq!(reading.map_or("-".into(), |reading| reading.span.to_string()), expected, "{text}");
        }
    }

    #[test]
    fn a_number_above_twelve_beside_it_makes_it_a_week() {
        check("2019-03.md", &[], "2019-03 or Some((2019, 3))");
        check("2019-03.md", &["2019-15.md"], "2019-01-14..2019-01-20 iso-week");
        check("2019-03-CN.md", &["2018-51.md"], "2019-01-14..2019-01-20 iso-week");
        check("a/2019-03.md", &["b/2019-15.md"], "2019-03 or Some((2019, 3))");
    }
}
