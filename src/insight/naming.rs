//! Naming: templates that make names of notes from their days, learned from a series.
//!
//! There is no list of patterns: a name is cut at its numbers, and each number becomes the part of
//! the date that it equals in most names. Callers read a new name back to verify it.

use crate::date::{DateRule, Span, WeekRule};
use jiff::civil::Date;

/// A name with placeholders for parts of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<TemplatePart>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum TemplatePart {
    Text(String),
    Part(DatePart, NumberFormat),
    /// A count, such as an issue number: one more than in the newest name.
    Next(u32),
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DatePart {
    Year,
    Month,
    Day,
    /// Year of the last day.
    LastYear,
    LastMonth,
    LastDay,
    /// Year of the ISO week.
    WeekYear,
    Week,
    /// Year of the month that a week of a month is counted in; then month and number of the week.
    NthYear,
    NthMonth,
    Nth,
    /// `20240520`
    Whole,
}

/// Format of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberFormat {
    Padded,
    Plain,
    Han,
    /// `Nov`
    Short,
    /// `November`
    Long,
}

const STYLES: [NumberFormat; 5] =
    [NumberFormat::Padded, NumberFormat::Plain, NumberFormat::Han, NumberFormat::Short, NumberFormat::Long];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const NUMERALS: [&str; 12] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

/// The unit that a series of names counts by. It decides between several meanings of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Days,
    Weeks,
    /// Weeks of a month, by a week rule.
    WeeksOfMonth(WeekRule),
}

impl Scheme {
    /// The scheme of names that this rule dates.
    pub fn of(rule: DateRule) -> Scheme {
        match rule {
            DateRule::MonthWeek(weeks) => Scheme::WeeksOfMonth(weeks),
            DateRule::IsoWeek => Scheme::Weeks,
            DateRule::DateRange
            | DateRule::WeekEnding
            | DateRule::WeekOf
            | DateRule::Date
            | DateRule::EnglishRange
            | DateRule::EnglishDate
            | DateRule::ChineseDate
            | DateRule::DayRange
            | DateRule::Month
            | DateRule::YearMonth
            | DateRule::Year
            | DateRule::UnixTime
            | DateRule::DatedFolders
            | DateRule::YearFolder
            | DateRule::StartEnd
            | DateRule::FirstCommit
            | DateRule::DatedHeadings => Scheme::Days,
        }
    }

    /// Parts that a number can be, likeliest first.
    fn parts(self) -> Vec<DatePart> {
        let days = [
            DatePart::Year,
            DatePart::Month,
            DatePart::Day,
            DatePart::LastYear,
            DatePart::LastMonth,
            DatePart::LastDay,
        ];
        let weeks = [DatePart::WeekYear, DatePart::Week];
        let own: &[DatePart] = match self {
            Scheme::Days => &[],
            Scheme::Weeks => &weeks,
            Scheme::WeeksOfMonth(_) => &[DatePart::NthYear, DatePart::NthMonth, DatePart::Nth],
        };
        own.iter().chain(&days).chain(&weeks).chain(&[DatePart::Whole]).copied().collect()
    }
}

impl Template {
    /// Learns a template from `names`, newest first. Names unlike the newest are left out. `None`
    /// when a number is neither part of the dates, nor constant, nor a count.
    pub fn learn(names: &[(&str, Span)], scheme: Scheme) -> Option<Template> {
        let (newest, _) = names.first()?;
        let newest = cuts(newest);
        let mut alike: Vec<(Vec<NameToken<'_>>, Span)> = Vec::new();
        for (name, span) in names {
            let other = cuts(name);
            if is_alike(&newest, &other) {
                alike.push((other, *span));
            }
        }
        let mut parts = Vec::new();
        for (at, token) in newest.iter().enumerate() {
            parts.push(match token {
                NameToken::Text(text) => TemplatePart::Text((*text).to_owned()),
                NameToken::Number(text) => {
                    let column: Vec<(&str, Span)> =
                        alike.iter().map(|(other, span)| (other[at].text(), *span)).collect();
                    part(&column, scheme).or_else(|| constant(text, &column)).or_else(|| next(&column))?
                }
            });
        }
        Some(Template(parts))
    }

    /// Tests whether any part depends on the date.
    pub fn is_dated(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, TemplatePart::Part(..)))
    }

    /// The name for a span; `None` when the span lacks a part in this scheme.
    pub fn name(&self, span: Span, scheme: Scheme) -> Option<String> {
        let mut name = String::new();
        for part in &self.0 {
            match part {
                TemplatePart::Text(text) => name += text,
                TemplatePart::Part(part, style) => name += &written(value(*part, span, scheme)?, *part, *style)?,
                TemplatePart::Next(number) => name += &number.to_string(),
            }
        }
        Some(name)
    }
}

/// A piece of a name: a number (digits, Chinese numerals or the name of a month), or the text between
/// numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NameToken<'n> {
    Text(&'n str),
    Number(&'n str),
}

impl<'n> NameToken<'n> {
    fn text(self) -> &'n str {
        match self {
            NameToken::Text(text) | NameToken::Number(text) => text,
        }
    }
}

fn is_alike(one: &[NameToken<'_>], other: &[NameToken<'_>]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_number_pair(*one, *other) || one == other)
}

fn is_number_pair(one: NameToken<'_>, other: NameToken<'_>) -> bool {
    matches!((one, other), (NameToken::Number(_), NameToken::Number(_)))
}

fn cuts(name: &str) -> Vec<NameToken<'_>> {
    let mut cuts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(c) = name[at..].chars().next() {
        let len = number(&name[..at], &name[at..]);
        if len == 0 {
            at += c.len_utf8();
            continue;
        }
        if from < at {
            cuts.push(NameToken::Text(&name[from..at]));
        }
        cuts.push(NameToken::Number(&name[at..at + len]));
        at += len;
        from = at;
    }
    if from < name.len() {
        cuts.push(NameToken::Text(&name[from..]));
    }
    cuts
}

/// Length in bytes of the number at the start of `rest`; 0 when there is none.
fn number(before: &str, rest: &str) -> usize {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return digits;
    }
    // Numerals count as numbers in dates only: 一月, 第四周.
    if let Some(numeral) = NUMERALS.iter().rev().find(|numeral| rest.starts_with(**numeral)) {
        let is_counted = rest[numeral.len()..].starts_with(['月', '周', '日', '号']);
        if before.ends_with('第') || is_counted {
            return numeral.len();
        }
    }
    if before.ends_with(|c: char| c.is_ascii_alphabetic()) {
        return 0;
    }
    let word = &rest[..rest.bytes().take_while(u8::is_ascii_alphabetic).count()];
    if is_month_name(word) { word.len() } else { 0 }
}

/// Tests for an English month, whole or as its first three letters.
fn is_month_name(word: &str) -> bool {
    MONTHS.iter().any(|month| word.eq_ignore_ascii_case(month) || word.eq_ignore_ascii_case(&month[..3]))
}

/// The part of a date that most texts of a column equal, and more than half.
fn part(column: &[(&str, Span)], scheme: Scheme) -> Option<TemplatePart> {
    let mut best: Option<(usize, TemplatePart)> = None;
    for part in scheme.parts() {
        for style in STYLES {
            let count = column.iter().filter(|(text, span)| is_part(text, *span, part, style, scheme)).count();
            if count * 2 > column.len() && best.as_ref().is_none_or(|(most, _)| count > *most) {
                best = Some((count, TemplatePart::Part(part, style)));
            }
        }
    }
    best.map(|(_, piece)| piece)
}

/// Tests whether `text` is this part of `span`, written in this format.
fn is_part(text: &str, span: Span, part: DatePart, style: NumberFormat, scheme: Scheme) -> bool {
    let Some(value) = value(part, span, scheme) else { return false };
    written(value, part, style).is_some_and(|written| written == text)
}

fn constant(text: &str, column: &[(&str, Span)]) -> Option<TemplatePart> {
    column.iter().all(|(other, _)| *other == text).then(|| TemplatePart::Text(text.to_owned()))
}

/// A count that goes up by one with each name.
fn next(column: &[(&str, Span)]) -> Option<TemplatePart> {
    let mut counts: Vec<u32> = Vec::new();
    for (text, _) in column {
        counts.push(text.parse().ok()?);
    }
    let goes_up = counts.len() > 1 && counts.windows(2).all(|pair| pair[1].checked_add(1) == Some(pair[0]));
    goes_up.then(|| TemplatePart::Next(counts[0].saturating_add(1)))
}

fn value(part: DatePart, span: Span, scheme: Scheme) -> Option<i32> {
    let (first, last): (Date, Date) = (span.first(), span.last());
    let iso = || {
        let (year, week) = span.iso();
        (i32::from(year), i32::from(week))
    };
    let nth = || match scheme {
        Scheme::WeeksOfMonth(rule) => week_of_month(span, rule),
        _ => None,
    };
    Some(match part {
        DatePart::Year => first.year().into(),
        DatePart::Month => first.month().into(),
        DatePart::Day => first.day().into(),
        DatePart::LastYear => last.year().into(),
        DatePart::LastMonth => last.month().into(),
        DatePart::LastDay => last.day().into(),
        DatePart::WeekYear => iso().0,
        DatePart::Week => iso().1,
        DatePart::NthYear => nth()?.0.into(),
        DatePart::NthMonth => nth()?.1.into(),
        DatePart::Nth => nth()?.2.into(),
        DatePart::Whole => i32::from(first.year()) * 10_000 + i32::from(first.month()) * 100 + i32::from(first.day()),
    })
}

/// Year, month and number of `span` as a week of a month, with the smallest number: the fifth week
/// of a month can be the first of the next.
fn week_of_month(span: Span, rule: WeekRule) -> Option<(i16, i8, i8)> {
    let months = [(span.first().year(), span.first().month()), (span.last().year(), span.last().month())];
    let named = |nth: i8| months.into_iter().map(move |(year, month)| (year, month, nth));
    (1..=5).flat_map(named).find(|(year, month, nth)| rule.month_week(*year, *month, *nth) == Some(span))
}

fn written(value: i32, part: DatePart, style: NumberFormat) -> Option<String> {
    let is_year =
        matches!(part, DatePart::Year | DatePart::LastYear | DatePart::WeekYear | DatePart::NthYear | DatePart::Whole);
    let is_month = matches!(part, DatePart::Month | DatePart::LastMonth | DatePart::NthMonth);
    let name =
        |names: &[&str; 12]| names.get(usize::try_from(value).ok()?.checked_sub(1)?).map(|name| (*name).to_owned());
    match style {
        NumberFormat::Padded => Some(format!("{value:02}")),
        NumberFormat::Plain if !is_year => Some(value.to_string()),
        NumberFormat::Han if !is_year => name(&NUMERALS),
        NumberFormat::Short if is_month => name(&MONTHS).map(|name| name[..3].to_owned()),
        NumberFormat::Long if is_month => name(&MONTHS),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::{PathDate, Series, from_path};
    use jiff::{ToSpan, civil::date};
    use proptest::prelude::*;

    fn check(names: [&str; 3], expected: &[(Date, &str)]) {
        let read = |name: &str| match from_path(name, &Series::of(names.into_iter())) {
            Some(PathDate::Exact(dated)) => dated,
            other => panic!("{name}: {other:?}"),
        };
        let dated = names.map(|name| (name, read(name).span));
        let scheme = Scheme::of(read(names[0]).rule);
        let template = Template::learn(&dated, scheme).expect(names[0]);
        for (day, expected) in expected {
            let span = if scheme == Scheme::Days { Span::day(*day) } else { Span::week_of(*day) };
            let name = template.name(span, scheme).expect("a name");
            assert_eq!(name, *expected, "{names:?}");
            assert_eq!(read(&name).span, span, "{name}");
        }
    }

    #[test]
    fn templates_continue_the_names_of_a_series() {
        check(
            ["2022/2022-07-week4.md", "2022/2022-07-week3.md", "2022/2022-06-week1.md"],
            &[
                (date(2022, 7, 26), "2022/2022-07-week5.md"),
                (date(2022, 8, 1), "2022/2022-08-week1.md"),
                (date(2023, 1, 4), "2023/2023-01-week2.md"),
            ],
        );
        check(
            ["2023/2023-week10.md", "2023/2023-week9.md", "2022/2022-week52.md"],
            &[(date(2023, 3, 15), "2023/2023-week11.md"), (date(2024, 1, 30), "2024/2024-week5.md")],
        );
        check(["2024-W05.md", "2024-W04.md", "2023-W52.md"], &[(date(2024, 12, 31), "2025-W01.md")]);
        check(["2024-05-20.md", "2024-05-13.md", "2024-05-06.md"], &[(date(2024, 6, 3), "2024-06-03.md")]);
        check(
            ["journals/2023_05_04.md", "journals/2023_05_03.md", "journals/2023_04_28.md"],
            &[(date(2023, 12, 1), "journals/2023_12_01.md")],
        );
        check(["2022/Nov/07/x.md", "2022/Nov/06/x.md", "2022/Oct/31/x.md"], &[(date(2024, 2, 9), "2024/Feb/09/x.md")]);
        check(["20240520-周报.md", "20240513-周报.md", "20240506-周报.md"], &[(date(2024, 6, 3), "20240603-周报.md")]);
        check(
            ["2024年6月第三周.md", "2024年6月第二周.md", "2024年5月第四周.md"],
            &[(date(2024, 11, 8), "2024年11月第二周.md")],
        );
    }

    #[test]
    fn templates_keep_days_and_counts() {
        let week = |day| Span::week_of(day);
        let names = [
            ("第 12 期 (01.29-02.04)", week(date(2024, 1, 29))),
            ("第 11 期 (01.22-01.28)", week(date(2024, 1, 22))),
            ("杂谈 2024", week(date(2024, 1, 15))),
        ];
        let template = Template::learn(&names, Scheme::Weeks).expect("a template");
        assert_eq!(template.name(week(date(2024, 2, 5)), Scheme::Weeks).as_deref(), Some("第 13 期 (02.05-02.11)"));
        let odd = [("7 things", week(date(2024, 1, 29))), ("3 things", week(date(2024, 1, 22)))];
        assert_eq!(Template::learn(&odd, Scheme::Weeks), None);
        assert_eq!(Template::learn(&[], Scheme::Weeks), None);
    }

    proptest! {
        /// A learned name of any week is read back as that week.
        #[test]
        fn learned_names_are_read_back(weeks in 0_i64..3000, which in 0_usize..6) {
            let start = date(1990, 1, 1).saturating_add((weeks * 7).days());
            let rule = [WeekRule::Sunday, WeekRule::Monday, WeekRule::Iso][which % 3];
            let month = |span: Span| week_of_month(span, rule).map(|(y, m, n)| format!("{y}/{y}-{m:02}-week{n}.md"));
            let iso = |span: Span| { let (y, w) = span.iso(); Some(format!("{y}/w{w}/{y}-W{w:02}.md")) };
            let scheme = if which < 3 { Scheme::WeeksOfMonth(rule) } else { Scheme::Weeks };
            let name = |span| if which < 3 { month(span) } else { iso(span) };
            let span = |back: i64| Span::week_of(start.saturating_sub((back * 7).days()));
            let names: Vec<(String, Span)> = (1..9).filter_map(|back| Some((name(span(back))?, span(back)))).collect();
            let names: Vec<(&str, Span)> = names.iter().map(|(name, span)| (name.as_str(), *span)).collect();
            let made = Template::learn(&names, scheme).and_then(|template| template.name(span(0), scheme));
            let made = made.expect("a name");
            let series = Series::default().with_weeks(rule);
            match from_path(&made, &series) {
                Some(PathDate::Exact(dated)) => prop_assert_eq!(dated.span, span(0), "{}", made),
                other => prop_assert!(false, "{}: {:?}", made, other),
            }
        }
    }
}
