//! Dating: the days that a note or entry covers, with the evidence.
//!
//! Sees only the given path and text, and the output of git; never file times or today's date. Every
//! date is a [`DatedSpan`] with its source and its rule. A conflict between sources is a
//! [`Problem`](crate::text::problem::Problem), not an error.

mod git;
mod grammar;
pub(crate) mod packed;
mod path;
mod resolve;
mod rule;

pub use git::{FORMAT, FirstCommitDays, GitLogParser};
pub use grammar::{DateContext, heading, mentioned, title};
pub(crate) use grammar::{begun, opening, stamped};
pub use path::{PathDate, Series, from_path};
pub(crate) use path::{folder, folder_year, stem};
pub(crate) use resolve::written_of;
pub use resolve::{FrontMatterDates, ResolvedDate, resolve};
pub use rule::DateRule;

use jiff::{ToSpan, civil::Date, civil::Weekday};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Precision to which a span is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    Day,
    Week,
    Month,
    Year,
}

/// First and last day covered.
///
/// Invariant: `first <= last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    #[serde(with = "packed")]
    first: Date,
    #[serde(with = "packed")]
    last: Date,
    pub precision: Precision,
}

/// The source of a date, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// A heading inside the note that is a date.
    Heading,
    /// The name of the file and of its folders.
    FileName,
    /// The note's front matter.
    FrontMatter,
    /// The note's title.
    Title,
    /// The notes beside it.
    Neighbours,
    /// The day the file first entered its repository.
    Git,
}

impl Evidence {
    pub fn name(self) -> &'static str {
        match self {
            Evidence::Heading => "heading",
            Evidence::FileName => "file-name",
            Evidence::FrontMatter => "front-matter",
            Evidence::Title => "title",
            Evidence::Neighbours => "neighbours",
            Evidence::Git => "git",
        }
    }
}

/// A span with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DatedSpan {
    pub span: Span,
    pub evidence: Evidence,
    pub rule: DateRule,
}

/// A date that a rule read in a text, before its source is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateMatch {
    pub span: Span,
    pub rule: DateRule,
}

impl DateMatch {
    pub fn with_evidence(self, evidence: Evidence) -> DatedSpan {
        DatedSpan { span: self.span, evidence, rule: self.rule }
    }
}

/// The Monday of the week that holds `day`.
pub(crate) fn monday_of(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

/// Years that notes can have. Others are typing slips.
pub const YEARS: std::ops::RangeInclusive<i16> = 1970..=2100;

/// Meaning of "N月第M周", the Mth week of a month; set for each source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeekRule {
    /// The week that ends on the Mth Sunday of the month. Of 48 such notes of one author 47 were
    /// committed on that Sunday or the day after.
    #[default]
    Sunday,
    /// The week that begins on the Mth Monday of the month.
    Monday,
    /// The week of the Mth Thursday of the month, as ISO 8601 gives a week to a year.
    Iso,
}

impl WeekRule {
    /// The `nth` week of a month, Monday to Sunday. The fifth of a month with four such days runs
    /// into the next.
    pub fn month_week(self, year: i16, month: i8, nth: i8) -> Option<Span> {
        let day = match self {
            WeekRule::Sunday => Weekday::Sunday,
            WeekRule::Monday => Weekday::Monday,
            WeekRule::Iso => Weekday::Thursday,
        };
        let first = Date::new(year, month, 1).ok()?;
        let to_day = i64::from(first.weekday().until(day));
        let named = first.checked_add((to_day + 7 * i64::from(nth - 1)).days()).ok()?;
        (1..=5).contains(&nth).then(|| Span::week_of(named))
    }
}

impl Span {
    /// The days from `a` to `b`, in either order.
    pub fn new(a: Date, b: Date, precision: Precision) -> Span {
        Span { first: a.min(b), last: a.max(b), precision }
    }

    pub fn day(date: Date) -> Span {
        Span::new(date, date, Precision::Day)
    }

    /// The seven days from Monday that hold `date`.
    pub fn week_of(date: Date) -> Span {
        let monday = monday_of(date);
        Span::new(monday, monday.saturating_add(6.days()), Precision::Week)
    }

    /// An ISO 8601 week; `None` when the year has no such week (2023 has 52).
    pub fn iso_week(year: i16, week: i8) -> Option<Span> {
        let monday = jiff::civil::ISOWeekDate::new(year, week, Weekday::Monday).ok()?;
        Some(Span::week_of(monday.date()))
    }

    pub fn month(year: i16, month: i8) -> Option<Span> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Span::new(first, first.last_of_month(), Precision::Month))
    }

    pub fn year(year: i16) -> Option<Span> {
        let first = Date::new(year, 1, 1).ok()?;
        Some(Span::new(first, first.last_of_year(), Precision::Year))
    }

    pub fn first(&self) -> Date {
        self.first
    }

    pub fn last(&self) -> Date {
        self.last
    }

    pub fn overlaps(&self, other: &Span) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The smallest span that covers both, with the precision of its length.
    #[must_use]
    pub fn hull(&self, other: &Span) -> Span {
        let (first, last) = (self.first.min(other.first), self.last.max(other.last));
        let precision = match last.since(first).map_or(i32::MAX, |span| span.get_days()) {
            0 => Precision::Day,
            1..=6 => Precision::Week,
            7..=31 => Precision::Month,
            _ => Precision::Year,
        };
        Span { first, last, precision }
    }

    /// ISO year and week of the last day, which place the span in a timeline of weeks.
    pub fn iso(&self) -> (i16, i8) {
        let week = self.last.iso_week_date();
        (week.year(), week.week())
    }
}

impl Span {
    /// The label of a span that is shown on its own: `2022-W29 07-18…07-24`, `2022-07-18`, `2022-07`.
    pub fn label(&self) -> String {
        let (year, week) = self.iso();
        match self.precision {
            Precision::Week => {
                format!("{year}-W{week:02} {}…{}", self.first.strftime("%m-%d"), self.last.strftime("%m-%d"))
            }
            _ => self.to_string(),
        }
    }
}

/// Prints the shortest complete form: `2022-07-18…07-24`, `2022-07`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.precision {
            _ if self.first == self.last => write!(f, "{}", self.first),
            Precision::Year if self.first.year() != self.last.year() => write!(f, "{}…{}", self.first, self.last),
            Precision::Year => write!(f, "{}", self.first.year()),
            Precision::Month if self.first.day() == 1 && self.last == self.first.last_of_month() => {
                write!(f, "{}-{:02}", self.first.year(), self.first.month())
            }
            _ => write!(f, "{}…{}", self.first, self.last.strftime("%m-%d")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn weeks(rule: WeekRule, expected: &[(i16, i8, i8, Date, Date)]) {
        for (year, month, nth, first, last) in expected {
            let span = rule.month_week(*year, *month, *nth).expect("a week");
            assert_eq!((span.first(), span.last()), (*first, *last), "{rule:?} {year}-{month} {nth}");
        }
        assert_eq!(rule.month_week(2022, 7, 6), None);
        assert_eq!(rule.month_week(2022, 7, 0), None);
        assert_eq!(rule.month_week(2022, 13, 1), None);
    }

    #[test]
    fn the_week_of_a_month_goes_by_the_rule_of_its_source() {
        weeks(
            WeekRule::Sunday,
            &[
                (2022, 7, 4, date(2022, 7, 18), date(2022, 7, 24)),
                (2022, 8, 4, date(2022, 8, 22), date(2022, 8, 28)),
                (2022, 6, 1, date(2022, 5, 30), date(2022, 6, 5)),
                (2022, 3, 5, date(2022, 3, 28), date(2022, 4, 3)),
                (2022, 5, 1, date(2022, 4, 25), date(2022, 5, 1)),
            ],
        );
        weeks(
            WeekRule::Monday,
            &[
                (2022, 7, 4, date(2022, 7, 25), date(2022, 7, 31)),
                (2022, 8, 1, date(2022, 8, 1), date(2022, 8, 7)),
                (2022, 5, 5, date(2022, 5, 30), date(2022, 6, 5)),
            ],
        );
        weeks(
            WeekRule::Iso,
            &[
                (2022, 7, 4, date(2022, 7, 25), date(2022, 7, 31)),
                (2022, 6, 1, date(2022, 5, 30), date(2022, 6, 5)),
                (2022, 9, 1, date(2022, 8, 29), date(2022, 9, 4)),
            ],
        );
    }

    #[test]
    fn iso_weeks_are_iso_weeks() {
        assert_eq!(Span::iso_week(2023, 53), None);
        assert!(Span::iso_week(2020, 53).is_some());
        let span = Span::iso_week(2022, 29).expect("a week");
        assert_eq!((span.first(), span.iso()), (date(2022, 7, 18), (2022, 29)));
    }
}
