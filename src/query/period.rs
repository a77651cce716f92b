//! A time as a query names it: a day, week, month or year, a range of them, or a word such as
//! 上周 or `3 months ago`, which is counted from a day that is handed in.

use crate::date::{self, DateContext, Span};
use jiff::{Span as Length, ToSpan, civil::Date};
use regex::Regex;
use std::sync::LazyLock;

/// First and last day of a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// As it was written: free of quotes, and of blanks at its ends.
    pub text: String,
    pub first: Date,
    pub last: Date,
}

impl Period {
    /// A year, as [`Period::parse`] reads its number.
    pub fn year(year: i16) -> Option<Period> {
        let text = year.to_string();
        if !PLAIN.contains(&year) {
            return Period::parse(&text, None);
        }
        let span = Span::year(year)?;
        Some(Period { text, first: span.first(), last: span.last() })
    }

    /// Reads `2022-07`, `2022-07..2022-09`, `2022年7月第四周`, `last-week`, `去年7月` …
    pub fn parse(text: &str, today: Option<Date>) -> Option<Period> {
        let text: String = text.chars().filter(|c| !matches!(c, '"' | '“' | '”' | '「' | '」' | '(' | ')')).collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (first, last) = match text.split_once("..") {
            Some(("", "")) => None,
            Some((from, to)) => {
                let from = if from.is_empty() { Some(Date::MIN) } else { days(from, today).map(|days| days.0) };
                let to = if to.is_empty() { Some(Date::MAX) } else { days(to, today).map(|days| days.1) };
                from.zip(to).filter(|(first, last)| first <= last)
            }
            None => days(&text, today),
        }?;
        Some(Period { text, first, last })
    }
}

/// Years of which it is known how their number is read: making the grammar ready takes longer than
/// drawing the first screen.
const PLAIN: std::ops::RangeInclusive<i16> = 1970..=2069;

fn days(text: &str, today: Option<Date>) -> Option<(Date, Date)> {
    let folded = crate::text::fold(text).replace(['-', '_'], " ");
    if let Some(found) = today.and_then(|today| relative(folded.trim(), today)) {
        return Some((found.first(), found.last()));
    }
    // A month or day without a year is the last one that has begun.
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let named = |year: Option<i16>| {
        let around = DateContext { year, ..DateContext::default() };
        date::title(text, around).or_else(|| date::title(&bare, around)).map(|reading| reading.span)
    };
    let this_year = || {
        let today = today?;
        let span = named(Some(today.year())).or_else(|| month(&folded, today.year()))?;
        if span.first() > today {
            named(Some(today.year() - 1)).or_else(|| month(&folded, today.year() - 1))
        } else {
            Some(span)
        }
    };
    let span = named(None).or_else(this_year)?;
    Some((span.first(), span.last()))
}

/// `7月`, `july`.
fn month(text: &str, year: i16) -> Option<Span> {
    date::title(&format!("{year}年{text}"), DateContext::default())
        .or_else(|| date::title(&format!("{text} {year}"), DateContext::default()))
        .map(|reading| reading.span)
        .filter(|span| span.precision == date::Precision::Month)
}

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

    fn length(self, count: i64) -> Option<Length> {
        let length = Length::new();
        match self {
            Unit::Day => length.try_days(count),
            Unit::Week => length.try_weeks(count),
            Unit::Month => length.try_months(count),
            Unit::Year => length.try_years(count),
        }
        .ok()
    }

    /// The day, week, month or year that holds `date`.
    fn around(self, date: Date) -> Option<Span> {
        match self {
            Unit::Day => Some(Span::day(date)),
            Unit::Week => Some(Span::week_of(date)),
            Unit::Month => Span::month(date.year(), date.month()),
            Unit::Year => Span::year(date.year()),
        }
    }
}

const COUNT: &str = r"(\d{1,3}|[一二两三四五六七八九十]{1,3}|a|an|one|two|three)";

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
        return unit.around(today.checked_sub(unit.length(back)?).ok()?);
    }
    if let Some(found) = AGO.captures(text) {
        let unit = Unit::named(&found[2])?;
        return unit.around(today.checked_sub(unit.length(count(&found[1])?)?).ok()?);
    }
    if let Some(found) = LATELY.captures(text) {
        let first = today.checked_sub(Unit::named(&found[2])?.length(count(&found[1])?)?).ok()?;
        return Some(Span::new(first.checked_add(1.day()).ok()?, today, date::Precision::Day));
    }
    let found = YEAR_AND.captures(text)?;
    let (_, back) = word(&found[1])?;
    let year = today.year() - i16::try_from(back).ok()?;
    let around = DateContext { year: Some(year), ..DateContext::default() };
    date::title(&found[2], around).map(|reading| reading.span).or_else(|| month(&found[2], year))
}

/// A word for a time, and how many of its units it lies back.
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

fn count(text: &str) -> Option<i64> {
    let digit = |c: char| "零一二三四五六七八九".chars().position(|d| d == c).map(|d| d as i64);
    match text {
        "a" | "an" | "one" => return Some(1),
        "two" | "两" => return Some(2),
        "three" => return Some(3),
        _ => {}
    }
    text.parse().ok().or_else(|| match text.split_once('十') {
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens.chars().next()?)? };
            let ones = if ones.is_empty() { 0 } else { digit(ones.chars().next()?)? };
            Some(tens * 10 + ones)
        }
        None => digit(text.chars().next()?),
    })
}

/// Words for times, to be offered while typing.
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
    fn the_number_of_a_year_is_read_without_the_grammar() {
        for year in PLAIN {
            assert_eq!(Period::year(year), Period::parse(&year.to_string(), None), "{year}");
        }
        for year in [-1, 3, 1812, 2500] {
            assert_eq!(Period::year(year), Period::parse(&year.to_string(), None), "{year}");
        }
    }

    #[test]
    fn times_as_people_name_them() {
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
