//! The ways in which people write a date, a week or a range, in Chinese and English.
//!
//! Sees one line of text and, for incomplete dates, their context.

use super::{DateMatch, DateRule, Precision, Span, WeekRule, YEARS};
use crate::text::{fold, regex};
use jiff::{ToSpan, civil::Date};
use regex::{Captures, Regex};
use std::{
    borrow::Cow,
    ops::Range,
    sync::{LazyLock, OnceLock},
};

/// A way to write a date: its pattern and its meaning.
struct DatePattern {
    /// The rule. [`MONTH_WEEK`] is replaced by the week rule of the context.
    rule: DateRule,
    source: String,
    /// Compiled at first use: most notes need only the first few rules.
    pattern: OnceLock<Regex>,
    read: fn(&Captures<'_>, DateContext) -> Option<Span>,
}

/// Context that completes a date.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DateContext {
    /// The year of a date that names none.
    pub year: Option<i16>,
    /// The rule for the Nth week of a month.
    pub weeks: WeekRule,
}

impl DatePattern {
    fn pattern(&self) -> &Regex {
        self.pattern.get_or_init(|| regex(&with_edge(&self.source)))
    }
}

/// Names the group of the character after the date, which the pattern matches but the date lacks.
fn with_edge(source: &str) -> Cow<'_, str> {
    match source.rfind("(?:$|[^").filter(|_| source.ends_with("])")) {
        Some(at) => [&source[..at], "(?:$|(?<edge>", &source[at + 5..], ")"].concat().into(),
        None => source.into(),
    }
}

/// The date that a heading consists of: `2022-06-16 ~ 2022-06-17`, `Week of June 5`. `None` for a
/// heading that merely mentions a date.
pub fn heading(text: &str, around: DateContext) -> Option<DateMatch> {
    if text.len() > LONGEST_HEADING || !may_name_a_date(text) {
        return None;
    }
    if let Some(reading) = whole(text, around) {
        return Some(reading);
    }
    let (stamp, _) = stamped(text)?;
    whole(stamp, around).or_else(|| whole(stamp.get(..DAY)?, around))
}

/// The date that `text` consists of.
fn whole(text: &str, around: DateContext) -> Option<DateMatch> {
    let text = fold(text);
    let (reading, place) = first(&text, around)?;
    is_all(&text, &reading, &place, around).then_some(reading)
}

/// Splits a heading that begins with a date in brackets, as in Org and diaries, into the inside of
/// the brackets and the rest. `<2024-05-20 Mon 10:00> 网络`, `【5月20日】回家`.
pub fn stamped(heading: &str) -> Option<(&str, &str)> {
    const BRACKETS: [(char, char); 4] = [('<', '>'), ('[', ']'), ('【', '】'), ('［', '］')];
    let heading = heading.trim_start();
    let open = heading.chars().next()?;
    let (_, close) = BRACKETS.into_iter().find(|(first, _)| *first == open)?;
    let (stamp, rest) = heading[open.len_utf8()..].split_once(close)?;
    Some((stamp, rest.trim()))
}

/// The day at the start of a heading that goes on: `2024-05-22 Wed 回家`. A heading about an event
/// looks the same, so only several of them make a diary.
pub fn begun(heading: &str) -> Option<DateMatch> {
    static DAY: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^([0-9]{4}(?:[-./][0-9]{1,2}[-./][0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}日))[\s（(：:—]"));
    let heading = heading.starts_with(char::is_numeric).then(|| fold(heading))?;
    self::heading(&DAY.captures(&heading)?[1], DateContext::default())
}

/// Bytes of `2024-05-20`.
const DAY: usize = 10;

/// The date in a title; weeks win over days, days over months.
pub fn title(text: &str, around: DateContext) -> Option<DateMatch> {
    if !may_name_a_date(text) {
        return None;
    }
    first(&fold(text), around).map(|(reading, _)| reading)
}

/// Bytes of the longest heading that can be a date.
const LONGEST_HEADING: usize = 160;

/// Tests for a digit or numeral, which every date has and most headings lack.
fn may_name_a_date(text: &str) -> bool {
    text.chars().any(|c| if c.is_ascii() { c.is_ascii_digit() } else { c.is_numeric() || NUMERALS.contains(c) })
}

/// The date at the start of a line used as a title. `None` for running text: a line that is long,
/// or has its date further on.
pub fn opening(text: &str, around: DateContext) -> Option<DateMatch> {
    if let Some(reading) = heading(text, around) {
        return Some(reading);
    }
    let is_short = unicode_width::UnicodeWidthStr::width(text) <= LONGEST_OPENING;
    if !is_short || !may_name_a_date(text) {
        return None;
    }
    let folded = fold(text);
    let (reading, place) = first(&folded, around)?;
    let is_at_start = !folded[..place.start].chars().any(char::is_alphanumeric);
    is_at_start.then_some(reading)
}

/// Columns of the longest line that can be a title.
const LONGEST_OPENING: usize = 60;

/// The day or week in a text whose year is missing or impossible (`2202年第10周`), with `year` in
/// its place.
pub fn lent_year(text: &str, year: i16, weeks: WeekRule) -> Option<DateMatch> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"(^|\D)(\d{4})(\s*年|[-_. ]?(?:w|wk|week)|[-_./]\d)"));
    let folded = fold(text);
    let mended = NUMBER.replace(&folded, |found: &Captures<'_>| {
        let possible = found[2].parse().is_ok_and(|year| YEARS.contains(&year));
        if possible { found[0].to_owned() } else { format!("{}{year}{}", &found[1], &found[3]) }
    });
    let reading = title(&mended, DateContext { year: Some(year), weeks })?;
    matches!(reading.span.precision, Precision::Day | Precision::Week).then_some(reading)
}

/// The first full date in `text`, for values that are one (front matter).
pub fn mentioned(text: &str) -> Option<DateMatch> {
    first(&fold(text), DateContext::default()).map(|(reading, _)| reading)
}

/// The first match of the strongest rule that matches `text`, with its range.
fn first(text: &str, around: DateContext) -> Option<(DateMatch, Range<usize>)> {
    if !text.contains(|c: char| c.is_ascii_digit() || NUMERALS.contains(c)) {
        return None;
    }
    RULES.iter().find_map(|rule| {
        let (span, place) = rule.pattern().captures_iter(text).find_map(|captures| {
            let span = (rule.read)(&captures, around)?;
            YEARS.contains(&span.first().year()).then(|| (span, place(&captures)))
        })?;
        let rule = if rule.rule == MONTH_WEEK { DateRule::MonthWeek(around.weeks) } else { rule.rule };
        Some((DateMatch { span, rule }, place))
    })
}

/// The range of the date itself, without its edge.
fn place(captures: &Captures<'_>) -> Range<usize> {
    let all = captures.get(0).map_or(0..0, |all| all.range());
    let end = captures.name("edge").map_or(all.end, |edge| edge.start());
    all.start..end
}

/// Tests whether the rest of `text` only goes with the date: blanks, punctuation, a weekday, the
/// weather, or the same days in another form (`2024年第12周（3.18-3.24）`).
fn is_all(text: &str, reading: &DateMatch, place: &Range<usize>, around: DateContext) -> bool {
    let rest = [&text[..place.start], " ", &text[place.end..]].concat();
    let rest = BESIDE_DATES.replace_all(&rest, "");
    if !rest.chars().any(char::is_alphanumeric) {
        return true;
    }
    let again = first(&rest, DateContext { year: Some(reading.span.last().year()), ..around });
    again.is_some_and(|(again, place)| {
        let outside = [&rest[..place.start], &rest[place.end..]].concat();
        again.span.overlaps(&reading.span) && !outside.chars().any(char::is_alphanumeric)
    })
}

/// Words that go with a date in a heading: weekdays, weather, times, `weekly`.
static BESIDE_DATES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:星期|周|礼拜)[一二三四五六日天]|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|第\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*周|\bw(?:ee)?k?\s*#?\d{1,2}\b|周报|周记|日记|weekly|week|notes?|天气|多云|[晴阴云]天?|(?:小|中|大|暴|雷|阵|雷阵|毛毛)*雨|(?:小|中|大|暴|阵)?雪|雨夹雪|雾|霾|大风|[转间到]|\b(?:sunny|clear|cloudy|overcast|rain(?:y)?|snow(?:y)?|windy|fog(?:gy)?)\b|-?\d{1,2}(?:\s*[-~到]\s*-?\d{1,2})?\s*(?:°c?|度)|\d{1,2}[:：]\d{2}(?::\d{2})?",
    )
});

/// Chinese numerals. Every date has one of these or a digit.
const NUMERALS: &str = "〇零一二两三四五六七八九十廿卅";
/// A number, in digits or Chinese numerals, to be read by [`number`].
const N: &str = r"(\d{1,2}|[〇零一二两三四五六七八九十廿卅]{1,4})";
/// The words and signs between the ends of a range.
const TO: &str = r"\s*(?:~|-{1,2}|–|—|−|=>|->|→|…|\.{2,3}|至|到|\bto\b|\band\b)\s*";
const MONTH: &str = r"\b(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?";
const YMD: &str = r"(\d{4})\s?[-/._年]\s?(\d{1,2})\s?[-/._月]\s?(\d{1,2})\s?[日号]?";

/// The rules for the Nth week of a month; [`first`] puts in the week rule of the context.
const MONTH_WEEK: DateRule = DateRule::MonthWeek(WeekRule::Sunday);

static RULES: LazyLock<Vec<DatePattern>> = LazyLock::new(|| {
    let rule = |rule, source: String, read| DatePattern { rule, source, pattern: OnceLock::new(), read };
    vec![
        rule(DateRule::DateRange, format!(r"(?:^|[^\d]){YMD}{TO}{YMD}(?:$|[^\d])"), |c, _| {
            Some(Span::new(ymd(c, 1)?, ymd(c, 4)?, Precision::Day))
        }),
        rule(
            DateRule::DateRange,
            format!(r"(?:^|[^\d]){YMD}{TO}(?:(\d{{1,2}})[-/.月])?(\d{{1,2}})[日号]?(?:$|[^\d-])"),
            |c, _| {
                let first = ymd(c, 1)?;
                let month = int(c, 4).unwrap_or(first.month());
                Some(Span::new(first, Date::new(first.year(), month, int(c, 5)?).ok()?, Precision::Day))
            },
        ),
        rule(
            MONTH_WEEK,
            format!(r"(\d{{4}})\s*[年.\-/]?\s*{N}\s*月(?:份)?\s*第?\s*{N}\s*个?(?:周|星期|礼拜)"),
            |c, around| around.weeks.month_week(int16(c, 1)?, number(c, 2)?, number(c, 3)?),
        ),
        rule(
            MONTH_WEEK,
            r"(?:^|[^\d])(\d{4})[-_. ]?(\d{1,2})[-_. ]?(?:week|wk)[-_ ]?(\d)(?:$|[^\d])".into(),
            |c, around| around.weeks.month_week(int16(c, 1)?, int(c, 2)?, int(c, 3)?),
        ),
        rule(DateRule::IsoWeek, format!(r"(\d{{4}})\s*年?\s*第?\s*{N}\s*(?:周|期周报|星期)"), |c, _| {
            Span::iso_week(int16(c, 1)?, number(c, 2)?)
        }),
        rule(
            DateRule::IsoWeek,
            r"(?:^|[^\d])(\d{4})\s*[-_. /]?\s*(?:w|wk|week)[-_ ]?(\d{1,2})(?:$|[^\d])".into(),
            |c, _| Span::iso_week(int16(c, 1)?, int(c, 2)?),
        ),
        rule(DateRule::IsoWeek, r"\b(?:w|wk|week)\s*#?(\d{1,2})\s*(?:,|of|-|/)?\s*(\d{4})\b".into(), |c, _| {
            Span::iso_week(int16(c, 2)?, int(c, 1)?)
        }),
        rule(
            DateRule::WeekEnding,
            format!(r"week\s+ending\s+(?:on\s+)?{MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?,?\s*(\d{{4}})?"),
            |c, around| {
                let last = english(c, 1, 2, 3, around.year)?;
                Some(Span::new(last.checked_sub(6.days()).ok()?, last, Precision::Week))
            },
        ),
        rule(DateRule::WeekEnding, format!(r"week\s+ending\s+(?:on\s+)?{YMD}"), |c, _| {
            let last = ymd(c, 1)?;
            Some(Span::new(last.checked_sub(6.days()).ok()?, last, Precision::Week))
        }),
        rule(
            DateRule::WeekOf,
            format!(r"week\s+of\s+(?:the\s+)?{MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?,?\s*(\d{{4}})?"),
            |c, around| week_from(english(c, 1, 2, 3, around.year)?),
        ),
        rule(DateRule::WeekOf, format!(r"week\s+of\s+{YMD}"), |c, _| week_from(ymd(c, 1)?)),
        rule(DateRule::Date, format!(r"(?:^|[^\d]){YMD}(?:$|[^\d])"), |c, _| Some(Span::day(ymd(c, 1)?))),
        rule(DateRule::Date, r"(?:^|[^0-9a-z])((?:19|20)\d{2})(\d{2})(\d{2})(?:$|[^0-9a-z])".into(), |c, _| {
            Some(Span::day(ymd(c, 1)?))
        }),
        rule(
            DateRule::EnglishRange,
            format!(
                r"{MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?{TO}(?:{MONTH}\s*)?(\d{{1,2}})(?:st|nd|rd|th)?,?\s*(\d{{4}})?"
            ),
            |c, around| {
                let year = int16(c, 5).or(around.year)?;
                let first = Date::new(year, month_number(&c[1])?, int(c, 2)?).ok()?;
                let month = c.get(3).map_or(Some(first.month()), |name| month_number(name.as_str()))?;
                Some(Span::new(first, Date::new(year, month, int(c, 4)?).ok()?, Precision::Day))
            },
        ),
        rule(
            DateRule::EnglishDate,
            format!(r"{MONTH}\s*(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{{4}})"),
            |c, around| Some(Span::day(english(c, 1, 2, 3, around.year)?)),
        ),
        rule(
            DateRule::EnglishDate,
            format!(r"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH},?\s*(\d{{4}})?"),
            |c, around| Some(Span::day(english(c, 2, 1, 3, around.year)?)),
        ),
        rule(DateRule::ChineseDate, format!(r"{N}月{N}[日号]?{TO}(?:{N}月)?{N}[日号]"), |c, around| {
            let first = Date::new(around.year?, number(c, 1)?, number(c, 2)?).ok()?;
            let month = number(c, 3).unwrap_or(first.month());
            Some(Span::new(first, Date::new(around.year?, month, number(c, 4)?).ok()?, Precision::Day))
        }),
        rule(DateRule::ChineseDate, format!(r"{N}月{N}[日号]"), |c, around| {
            Some(Span::day(Date::new(around.year?, number(c, 1)?, number(c, 2)?).ok()?))
        }),
        rule(
            DateRule::DayRange,
            format!(r"(?:^|[^\d.])(\d{{1,2}})[./](\d{{1,2}}){TO}(?:(\d{{1,2}})[./])?(\d{{1,2}})(?:$|[^\d.])"),
            |c, around| {
                let first = Date::new(around.year?, int(c, 1)?, int(c, 2)?).ok()?;
                let month = int(c, 3).unwrap_or(first.month());
                Some(Span::new(first, Date::new(around.year?, month, int(c, 4)?).ok()?, Precision::Day))
            },
        ),
        rule(DateRule::EnglishDate, format!(r"{MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:$|[^\d:])"), |c, around| {
            Some(Span::day(english(c, 1, 2, 9, around.year)?))
        }),
        rule(MONTH_WEEK, format!(r"{N}\s*月(?:份)?\s*第\s*{N}\s*个?(?:周|星期|礼拜)"), |c, around| {
            around.weeks.month_week(around.year?, number(c, 1)?, number(c, 2)?)
        }),
        rule(DateRule::IsoWeek, format!(r"第\s*{N}\s*(?:周|星期)"), |c, around| {
            Span::iso_week(around.year?, number(c, 1)?)
        }),
        rule(DateRule::IsoWeek, r"\b(?:w|week)\s*#?(\d{1,2})(?:$|[^\d])".into(), |c, around| {
            Span::iso_week(around.year?, int(c, 1)?)
        }),
        rule(DateRule::Month, format!(r"(\d{{4}})\s*年\s*{N}\s*月"), |c, _| Span::month(int16(c, 1)?, number(c, 2)?)),
        rule(DateRule::Month, format!(r"{MONTH},?\s+(\d{{4}})\b"), |c, _| {
            Span::month(int16(c, 2)?, month_number(&c[1])?)
        }),
        rule(DateRule::YearMonth, r"(?:^|[^\d.])((?:19|20)\d{2})-(\d{2})(?:$|[^\d.\-]|-(?:$|[^\d]))".into(), |c, _| {
            Span::month(int16(c, 1)?, int(c, 2)?)
        }),
        rule(
            DateRule::Year,
            r"^[^\w#]*((?:19|20)\d{2})\s*年?\W*$|((?:19|20)\d{2})\s*年(?:度|终|总结|记录|回顾|$)".into(),
            |c, _| Span::year(int16(c, 1).or(int16(c, 2))?),
        ),
    ]
});

/// A week named by one of its days: that Monday to Sunday, or the seven days from a Sunday.
fn week_from(day: Date) -> Option<Span> {
    match day.weekday() {
        jiff::civil::Weekday::Sunday => Some(Span::new(day, day.checked_add(6.days()).ok()?, Precision::Week)),
        _ => Some(Span::week_of(day)),
    }
}

fn int(captures: &Captures<'_>, group: usize) -> Option<i8> {
    captures.get(group)?.as_str().parse().ok()
}

fn int16(captures: &Captures<'_>, group: usize) -> Option<i16> {
    captures.get(group)?.as_str().parse().ok()
}

fn ymd(captures: &Captures<'_>, group: usize) -> Option<Date> {
    Date::new(int16(captures, group)?, int(captures, group + 1)?, int(captures, group + 2)?).ok()
}

fn english(captures: &Captures<'_>, month: usize, day: usize, year: usize, context: Option<i16>) -> Option<Date> {
    let year = int16(captures, year).or(context)?;
    Date::new(year, month_number(&captures[month])?, int(captures, day)?).ok()
}

/// The number of an English month, from its first three letters.
pub(super) fn month_number(name: &str) -> Option<i8> {
    const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let at = MONTHS.find(&name.to_lowercase().get(..3)?.to_owned())?;
    (at % 3 == 0).then_some((at / 3 + 1) as i8)
}

/// A number below 100 in digits or Chinese numerals: 四, 十二, 二十一, 廿三.
fn number(captures: &Captures<'_>, group: usize) -> Option<i8> {
    let text = captures.get(group)?.as_str();
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let (mut total, mut unit) = (0_i8, None);
    for c in text.chars() {
        match c {
            '十' => total = total.checked_add(unit.take().unwrap_or(1) * 10)?,
            '廿' => total = total.checked_add(20)?,
            '卅' => total = total.checked_add(30)?,
            c => unit = Some(chinese_digit(c)?),
        }
    }
    total.checked_add(unit.unwrap_or(0))
}

fn chinese_digit(c: char) -> Option<i8> {
    match c {
        '〇' => Some(0),
        '两' => Some(2),
        c => "零一二三四五六七八九".chars().position(|digit| digit == c).map(|digit| digit as i8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(reading: Option<DateMatch>) -> String {
        reading
            .map_or("-".into(), |reading| format!("{}..{} {}", reading.span.first(), reading.span.last(), reading.rule))
    }

    #[test]
    fn titles_as_people_write_them() {
        for (text, expected) in [
            ("2022年7月第四周周报", "2022-07-18..2022-07-24 month-week-sunday"),
            ("2022 年 7 月第 4 周", "2022-07-18..2022-07-24 month-week-sunday"),
            ("2022年6月第一周简报", "2022-05-30..2022-06-05 month-week-sunday"),
            ("20224月第二周", "2022-04-04..2022-04-10 month-week-sunday"),
            ("2023 年第10周周报", "2023-03-06..2023-03-12 iso-week"),
            ("2023年第二十一周周报", "2023-05-22..2023-05-28 iso-week"),
            ("2022W30", "2022-07-25..2022-07-31 iso-week"),
            ("Week 30 2022", "2022-07-25..2022-07-31 iso-week"),
            ("Week Ending April 9, 2023", "2023-04-03..2023-04-09 week-ending"),
            ("June 5, 2022", "2022-06-05..2022-06-05 english-date"),
            ("2022-07-18 ~ 2022-07-24 工作记录", "2022-07-18..2022-07-24 date-range"),
            ("2022.7.18-7.24", "2022-07-18..2022-07-24 date-range"),
            ("２０２２年７月第四周", "2022-07-18..2022-07-24 month-week-sunday"),
            ("2023-W53", "-"),
            ("2024-02-30", "-"),
            ("2019-03-CN", "2019-03-01..2019-03-31 year-month"),
            ("升级到 v1.21.4 的一周", "-"),
            ("阅读进度 83/236", "-"),
            ("二〇二二", "-"),
        ] {
            assert_eq!(shown(title(text, DateContext::default())), expected, "{text}");
        }
    }

    #[test]
    fn the_week_of_a_month_is_that_of_the_rule_it_is_read_by() {
        for (weeks, expected) in [
            (WeekRule::Sunday, "2022-07-18..2022-07-24 month-week-sunday"),
            (WeekRule::Monday, "2022-07-25..2022-07-31 month-week-monday"),
            (WeekRule::Iso, "2022-07-25..2022-07-31 month-week-iso"),
        ] {
            for text in ["2022年7月第四周", "2022-07-week4", "７月第４周"] {
                assert_eq!(shown(title(text, DateContext { year: Some(2022), weeks })), expected, "{text}");
            }
        }
    }

    #[test]
    fn dates_without_a_year_take_that_of_their_surroundings() {
        let in_2022 = DateContext { year: Some(2022), ..DateContext::default() };
        for (text, expected) in [
            ("7.18-7.24", "2022-07-18..2022-07-24 day-range"),
            ("第二十一周", "2022-05-23..2022-05-29 iso-week"),
            ("6月5日", "2022-06-05..2022-06-05 chinese-date"),
            ("Week of June 6", "2022-06-06..2022-06-12 week-of"),
        ] {
            assert_eq!(shown(title(text, in_2022)), expected, "{text}");
            assert_eq!(shown(title(text, DateContext::default())), "-", "{text}");
        }
    }

    #[test]
    fn an_impossible_year_is_lent_by_the_notes_beside() {
        for (text, expected) in [
            ("2202年第10周", "2023-03-06..2023-03-12 iso-week"),
            ("week21", "2023-05-22..2023-05-28 iso-week"),
            ("0223-07-24", "2023-07-24..2023-07-24 date"),
            ("2023-W53", "-"),
            ("2023-02-30", "-"),
            ("随笔", "-"),
        ] {
            assert_eq!(shown(lent_year(text, 2023, WeekRule::Sunday)), expected, "{text}");
        }
    }

    #[test]
    fn a_heading_is_a_date_or_merely_mentions_one() {
        for (text, expected) in [
            ("2022-06-16 ~ 2022-06-17", "2022-06-16..2022-06-17 date-range"),
            ("2021-10/11 - 2021-10-19", "2021-10-11..2021-10-19 date-range"),
            ("2022-03-23 - 2022-3-25", "2022-03-23..2022-03-25 date-range"),
            ("2022-11-28 => 2022-12-02", "2022-11-28..2022-12-02 date-range"),
            ("2024年5月20日", "2024-05-20..2024-05-20 date"),
            ("2024年5月20日 星期一", "2024-05-20..2024-05-20 date"),
            ("2022-07-24 周日 晴", "2022-07-24..2022-07-24 date"),
            ("[2022-07-31 Sun 10:00]", "2022-07-31..2022-07-31 date"),
            ("2022年7月26日 星期二 多云转小雨 25~31℃", "2022-07-26..2022-07-26 date"),
            ("2024年第12周（3.18-3.24）", "2024-03-18..2024-03-24 iso-week"),
            ("2024-W12 3.18 - 3.24", "2024-03-18..2024-03-24 iso-week"),
            ("<2024-05-20 Mon> 网络", "2024-05-20..2024-05-20 date"),
            ("[2024-05-20 Mon 09:30] 看了 nerdctl", "2024-05-20..2024-05-20 date"),
            ("【2024年5月20日】回家", "2024-05-20..2024-05-20 date"),
            ("[1.28.0] - 2024-05-20 的发布", "-"),
            ("[RFC] 关于 2024-05-20", "-"),
            ("2024年第12周（8.18-8.24）", "-"),
            ("2022-07-24 周日，晴，去爬山", "-"),
            ("2022-07-24 12 个问题", "-"),
            ("2022-02-30", "-"),
            ("2022-02-30 周三", "-"),
            ("2022-04-28 的事故复盘", "-"),
            ("Release 2022-04-28 notes for all", "-"),
            ("2023", "2023-01-01..2023-12-31 year"),
            ("#2093", "-"),
        ] {
            assert_eq!(shown(heading(text, DateContext::default())), expected, "{text}");
        }
        assert_eq!(
            shown(heading("第12周（3.18-3.24）", DateContext { year: Some(2024), ..DateContext::default() })),
            "2024-03-18..2024-03-24 day-range"
        );
    }
}
