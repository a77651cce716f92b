//! Period: a time as a query names it.
//!
//! A day, week, month or year, a range of them, or a word such as 上周 or `3 months ago`, which
//! counts from a day that is handed in.

use crate::date::{self, DateContext, Span};
use jiff::{Span as Length, civil::Date};
use regex::Regex;
use std::sync::LazyLock;

/// Days of a time that a query names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Typed text, without quotes and needless blanks.
    pub text: String,
    pub first: Date,
    pub last: Date,
}

impl Period {
    /// Returns a year, as [`Period::parse`] reads its number, but faster.
    pub fn year(year: i16) -> Option<Period> {
        let text = year.to_string();
        if !PLAIN.contains(&year) {
            return Period::parse(&text, None);
        }
        let span = Span::year(year)?;
        Some(Period { text, first: span.first(), last: span.last() })
    }

    /// Reads `2022-07`, `2022-07..2022-09`, `2022年7月第四周`, `last-week`, `去年7月` …
    ///
    /// Words that count from today are unknown without `today`.
    pub fn parse(text: &str, today: Option<Date>) -> Option<Period> {
        let text: String = text.chars().filter(|c| !matches!(c, '"' | '“' | '”' | '「' | '」' | '(' | ')')).collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (first, last) = match text.split_once("..") {
            Some((from, to)) => range(from, to, today)?,
            None => days(&text, today)?,
        };
        Some(Period { text, first, last })
    }
}

/// Years whose number is read without the grammar, which takes longer to load than the first
/// screen takes to draw.
const PLAIN: std::ops::RangeInclusive<i16> = 1970..=2069;

/// Reads the ends of a range, one of which may be empty.
fn range(from: &str, to: &str, today: Option<Date>) -> Option<(Date, Date)> {
    if from.is_empty() && to.is_empty() {
        return None;
    }
    let first = if from.is_empty() { Date::MIN } else { days(from, today)?.0 };
    let last = if to.is_empty() { Date::MAX } else { days(to, today)?.1 };
    (first <= last).then_some((first, last))
}

/// Returns the first and last day of one time.
fn days(text: &str, today: Option<Date>) -> Option<(Date, Date)> {
    let folded = crate::text::fold(text).replace(['-', '_'], " ");
    let span = if let Some(today) = today
        && let Some(span) = relative(folded.trim(), today)
    {
        span
    } else if let Some(span) = absolute(text, None) {
        span
    } else {
        last_begun(text, &folded, today?)?
    };
    Some((span.first(), span.last()))
}

/// Reads a date by the grammar of titles, with blanks or without; `year` is for dates without one.
fn absolute(text: &str, year: Option<i16>) -> Option<Span> {
    let around = DateContext { year, ..DateContext::default() };
    if let Some(reading) = date::title(text, around) {
        return Some(reading.span);
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    Some(date::title(&bare, around)?.span)
}

/// Reads a month or day without a year as the last one that has begun.
fn last_begun(text: &str, folded: &str, today: Date) -> Option<Span> {
    let in_year = |year: i16| absolute(text, Some(year)).or_else(|| month(folded, year));
    let span = in_year(today.year())?;
    if span.first() > today { in_year(today.year() - 1) } else { Some(span) }
}

/// Reads `7月` or `july`.
fn month(text: &str, year: i16) -> Option<Span> {
    let chinese = date::title(&format!("{year}年{text}"), DateContext::default());
    let reading = chinese.or_else(|| date::title(&format!("{text} {year}"), DateContext::default()))?;
    (reading.span.precision == date::Precision::Month).then_some(reading.span)
}

/// Unit of a relative time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    fn named(name: &str) -> Option<Unit> {
        Some(match name.trim_end_matches('s') {
            "day" | "天" | "日" => Unit::Day,
            "week" | "周" | "星期" | "礼拜" => Unit::Week,
            "month" | "月" => Unit::Month,
            "year" | "年" => Unit::Year,
            _ => return None,
        })
    }

    /// Returns the day `count` units before `date`.
    fn before(self, date: Date, count: i64) -> Option<Date> {
        let length = Length::new();
        let length = match self {
            Unit::Day => length.try_days(count),
            Unit::Week => length.try_weeks(count),
            Unit::Month => length.try_months(count),
            Unit::Year => length.try_years(count),
        };
        date.checked_sub(length.ok()?).ok()
    }

    /// Returns the day, week, month or year that contains `date`.
    fn around(self, date: Date) -> Option<Span> {
        match self {
            Unit::Day => Some(Span::day(date)),
            Unit::Week => Some(Span::week_of(date)),
            Unit::Month => Span::month(date.year(), date.month()),
            Unit::Year => Span::year(date.year()),
        }
    }
}

/// Numbers of a relative time, as a pattern.
const COUNT: &str = r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|a|an|one|two|three)";

/// Reads a time that counts from `today`; `text` is folded.
fn relative(text: &str, today: Date) -> Option<Span> {
    static AGO: LazyLock<Regex> = LazyLock::new(|| {
        crate::text::regex(&format!(
            r"^{COUNT}\s*(?:个)?\s*(days?|weeks?|months?|years?|天|日|周|星期|礼拜|月|年)\s*(?:ago|以?前|之前)$"
        ))
    });
    static LATELY: LazyLock<Regex> = LazyLock::new(|| {
        crate::text::regex(&format!(
            r"^(?:last|past|最近|近|过去)\s*{COUNT}\s*(?:个)?\s*(days?|weeks?|months?|years?|天|日|周|星期|礼拜|月|年)$"
        ))
    });
    static YEAR_AND: LazyLock<Regex> =
        LazyLock::new(|| crate::text::regex(r"^(今年|去年|前年|this year|last year)的?\s*(.+)$"));
    if let Some((unit, back)) = word(text) {
        return unit.around(unit.before(today, back)?);
    }
    if let Some(found) = AGO.captures(text) {
        let unit = Unit::named(&found[2])?;
        return unit.around(unit.before(today, count(&found[1])?)?);
    }
    if let Some(found) = LATELY.captures(text) {
        let before = Unit::named(&found[2])?.before(today, count(&found[1])?)?;
        return Some(Span::new(before.tomorrow().ok()?, today, date::Precision::Day));
    }
    let found = YEAR_AND.captures(text)?;
    let (_, back) = word(&found[1])?;
    let year = today.year() - i16::try_from(back).ok()?;
    let around = DateContext { year: Some(year), ..DateContext::default() };
    match date::title(&found[2], around) {
        Some(reading) => Some(reading.span),
        None => month(&found[2], year),
    }
}

/// Looks up a word for a time: its unit, and how many of them ago it is.
fn word(text: &str) -> Option<(Unit, i64)> {
    Some(match text {
        "today" | "今天" | "今日" => (Unit::Day, 0),
        "yesterday" | "昨天" | "昨日" => (Unit::Day, 1),
        "前天" => (Unit::Day, 2),
        "week" | "this week" | "本周" | "这周" | "这星期" | "这个星期" => (Unit::Week, 0),
        "last week" | "上周" | "上星期" | "上个星期" | "上一周" => (Unit::Week, 1),
        "上上周" => (Unit::Week, 2),
        "month" | "this month" | "本月" | "这个月" | "这月" => (Unit::Month, 0),
        "last month" | "上月" | "上个月" => (Unit::Month, 1),
        "上上个月" | "上上月" => (Unit::Month, 2),
        "year" | "this year" | "今年" | "本年" => (Unit::Year, 0),
        "last year" | "去年" => (Unit::Year, 1),
        "前年" => (Unit::Year, 2),
        _ => return None,
    })
}

/// Reads a number below 1 000 in digits, or below 100 in words.
fn count(text: &str) -> Option<i64> {
    match text {
        "a" | "an" | "one" => return Some(1),
        "two" | "两" => return Some(2),
        "three" => return Some(3),
        _ => {}
    }
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let Some((tens, ones)) = text.split_once('十') else { return chinese_digit(text) };
    let tens = if tens.is_empty() { 1 } else { chinese_digit(tens)? };
    let ones = if ones.is_empty() { 0 } else { chinese_digit(ones)? };
    Some(tens * 10 + ones)
}

fn chinese_digit(text: &str) -> Option<i64> {
    let first = text.chars().next()?;
    let digit = "零一二三四五六七八九".chars().position(|digit| digit == first)?;
    i64::try_from(digit).ok()
}

/// Words for times that completion offers.
pub(super) const WORDS: [&str; 12] = [
    "today",
    "yesterday",
    "this-week",
    "last-week",
    "this-month",
    "last-month",
    "this-year",
    "last-year",
    "本周",
    "上周",
    "今年",
    "去年",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_years_equal_those_of_the_grammar() {
        for year in PLAIN {
            assert_eq!(Period::year(year), Period::parse(&year.to_string(), None), "{year}");
        }
        for year in [-1, 3, 1812, 2500] {
            assert_eq!(Period::year(year), Period::parse(&year.to_string(), None), "{year}");
        }
    }

    #[test]
    fn times_are_read_as_people_name_them() {
        // A Wednesday.
        let today = Date::constant(2024, 3, 13);
        for (text, expected) in [
            ("2022-07", "2022-07-01..2022-07-31"),
            ("2022", "2022-01-01..2022-12-31"),
            ("2022-W30", "2022-07-25..2022-07-31"),
            ("2022-07..2022-09", "2022-07-01..2022-09-30"),
            ("2022-07..", "2022-07-01..9999-12-31"),
            ("..2022-07-05", "-9999-01-01..2022-07-05"),
            ("2022-09..2022-07", "-"),
            ("..", "-"),
            ("2022年7月第四周", "2022-07-18..2022-07-24"),
            ("today", "2024-03-13..2024-03-13"),
            ("last-week", "2024-03-04..2024-03-10"),
            ("上周", "2024-03-04..2024-03-10"),
            ("上个月", "2024-02-01..2024-02-29"),
            ("去年", "2023-01-01..2023-12-31"),
            ("去年7月", "2023-07-01..2023-07-31"),
            ("去年7月第四周", "2023-07-17..2023-07-23"),
            ("last year july", "2023-07-01..2023-07-31"),
            ("3 months ago", "2023-12-01..2023-12-31"),
            ("3-months-ago", "2023-12-01..2023-12-31"),
            ("三个月前", "2023-12-01..2023-12-31"),
            ("两周前", "2024-02-26..2024-03-03"),
            ("12天前", "2024-03-01..2024-03-01"),
            ("最近3个月", "2023-12-14..2024-03-13"),
            ("past 2 weeks", "2024-02-29..2024-03-13"),
            ("1月", "2024-01-01..2024-01-31"),
            ("7月", "2023-07-01..2023-07-31"),
            ("july", "2023-07-01..2023-07-31"),
            ("2月3日", "2024-02-03..2024-02-03"),
            ("12月3日", "2023-12-03..2023-12-03"),
            ("去年..上周", "2023-01-01..2024-03-10"),
            ("someday", "-"),
            ("999 years ago", "1025-01-01..1025-12-31"),
            ("", "-"),
        ] {
            let period = Period::parse(text, Some(today));
            let shown = period.map_or("-".into(), |period| format!("{}..{}", period.first, period.last));
            assert_eq!(shown.replace("-009999", "-9999"), expected, "{text}");
        }
        assert_eq!(Period::parse("last-week", None), None, "words need a today");
    }
}
