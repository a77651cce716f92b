//! The rules that read dates, by name.

use super::WeekRule;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

/// The rule that read a date.
///
/// Stored and printed by [`name`](DateRule::name); code matches on the variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateRule {
    /// Two full dates, or a full date and a day: `2022-07-18 ~ 2022-07-24`.
    DateRange,
    /// The Nth week of a month, counted by a [`WeekRule`]: `2022年7月第四周`.
    MonthWeek(WeekRule),
    /// An ISO 8601 week: `2022-W29`, `第29周`.
    IsoWeek,
    /// The seven days up to a day: `Week ending April 9, 2023`.
    WeekEnding,
    /// The week of a day: `Week of June 6`.
    WeekOf,
    /// A full date: `2022-07-24`.
    Date,
    /// Two English dates in one: `June 5 to 11, 2022`.
    EnglishRange,
    /// `June 5, 2022`.
    EnglishDate,
    /// `6月5日`, or a range of such days.
    ChineseDate,
    /// Month and day, twice: `7.18-7.24`.
    DayRange,
    /// A month by its name or with 月: `June 2022`.
    Month,
    /// `2019-03`, which may be a week instead.
    YearMonth,
    /// A year that is the whole text, or `2022 年度`.
    Year,
    /// A file name that counts seconds since 1970.
    UnixTime,
    /// Year, month and day as parts of a path.
    DatedFolders,
    /// The year of a file or folder name.
    YearFolder,
    /// `start` and `end` of the front matter.
    StartEnd,
    /// The commit that added the file.
    FirstCommit,
    /// The first to the last dated heading of a note.
    DatedHeadings,
}

impl DateRule {
    pub const ALL: [DateRule; 21] = [
        DateRule::DateRange,
        DateRule::MonthWeek(WeekRule::Sunday),
        DateRule::MonthWeek(WeekRule::Monday),
        DateRule::MonthWeek(WeekRule::Iso),
        DateRule::IsoWeek,
        DateRule::WeekEnding,
        DateRule::WeekOf,
        DateRule::Date,
        DateRule::EnglishRange,
        DateRule::EnglishDate,
        DateRule::ChineseDate,
        DateRule::DayRange,
        DateRule::Month,
        DateRule::YearMonth,
        DateRule::Year,
        DateRule::UnixTime,
        DateRule::DatedFolders,
        DateRule::YearFolder,
        DateRule::StartEnd,
        DateRule::FirstCommit,
        DateRule::DatedHeadings,
    ];

    /// Stable name, as `export` prints it and snapshots store it.
    pub fn name(self) -> &'static str {
        match self {
            DateRule::DateRange => "date-range",
            DateRule::MonthWeek(WeekRule::Sunday) => "month-week-sunday",
            DateRule::MonthWeek(WeekRule::Monday) => "month-week-monday",
            DateRule::MonthWeek(WeekRule::Iso) => "month-week-iso",
            DateRule::IsoWeek => "iso-week",
            DateRule::WeekEnding => "week-ending",
            DateRule::WeekOf => "week-of",
            DateRule::Date => "date",
            DateRule::EnglishRange => "english-range",
            DateRule::EnglishDate => "english-date",
            DateRule::ChineseDate => "chinese-date",
            DateRule::DayRange => "day-range",
            DateRule::Month => "month",
            DateRule::YearMonth => "year-month",
            DateRule::Year => "year",
            DateRule::UnixTime => "unix-time",
            DateRule::DatedFolders => "dated-folders",
            DateRule::YearFolder => "year-folder",
            DateRule::StartEnd => "start-end",
            DateRule::FirstCommit => "first-commit",
            DateRule::DatedHeadings => "dated-headings",
        }
    }

    pub fn from_name(name: &str) -> Option<DateRule> {
        DateRule::ALL.into_iter().find(|rule| rule.name() == name)
    }
}

impl fmt::Display for DateRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for DateRule {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for DateRule {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<DateRule, D::Error> {
        let name = <&str>::deserialize(from)?;
        DateRule::from_name(name).ok_or_else(|| D::Error::custom("unknown date rule"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_find_their_rules() {
        for rule in DateRule::ALL {
            assert_eq!(DateRule::from_name(rule.name()), Some(rule));
        }
        assert_eq!(DateRule::from_name("month-week"), None);
    }
}
