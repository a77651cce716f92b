//! Outlines: headings and lists that can be told apart only by the whole note, such as `一、`, `（一）` and the
//! days of a diary.
//!
//! Sees the lines of one note. The line `一、工作` alone may be a heading or an item; the lines after it decide.

use crate::{
    date,
    text::{is_cjk_punctuation, regex},
};
use regex::Regex;
use std::sync::LazyLock;

/// The role of all numbered lines of one sort in a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineRole {
    Heading,
    Item,
}

/// The roles of lines with Chinese numbers or days in a note.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outline {
    /// The role of `一、`.
    plain: Option<OutlineRole>,
    /// The role of `（一）`.
    enclosed: Option<OutlineRole>,
    /// True if lines that are a date are headings.
    days: bool,
}

/// A line of an outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineLine<'t> {
    /// A heading, `below` levels under the one before the outline.
    Heading {
        below: usize,
    },
    Item {
        number: u32,
        text: &'t str,
    },
}

/// Maximum width of a heading in columns; a longer line is text.
const HEADING: usize = 40;

impl Outline {
    pub fn of(lines: &[&str]) -> Outline {
        let (mut plain, mut enclosed) = (NumberingTally::default(), NumberingTally::default());
        let mut fence = false;
        for line in lines {
            fence ^= line.trim_start().starts_with("```");
            if fence || line.trim().is_empty() {
                continue;
            }
            let found = number(line);
            plain.line(found.filter(|found| !found.enclosed));
            enclosed.line(found.filter(|found| found.enclosed));
        }
        Outline { plain: plain.role(), enclosed: enclosed.role(), days: is_diary(lines) }
    }

    pub fn read(self, line: &str) -> Option<OutlineLine<'_>> {
        if self.days && is_day(line) {
            return Some(OutlineLine::Heading { below: 1 });
        }
        if self.plain.is_none() && self.enclosed.is_none() {
            return None;
        }
        let found = number(line)?;
        let (role, below) = if found.enclosed { (self.enclosed?, 2) } else { (self.plain?, 1) };
        Some(match role {
            OutlineRole::Heading => {
                OutlineLine::Heading { below: if self.plain == Some(OutlineRole::Heading) { below } else { 1 } }
            }
            OutlineRole::Item => OutlineLine::Item { number: found.value, text: found.text },
        })
    }
}

/// A Chinese number at the start of a line.
#[derive(Debug, Clone, Copy)]
struct NumberedLine<'t> {
    value: u32,
    enclosed: bool,
    text: &'t str,
}

fn number(line: &str) -> Option<NumberedLine<'_>> {
    let content = line.trim_start_matches(' ');
    let inner = content.strip_prefix(['（', '(']);
    let start = inner.unwrap_or(content);
    let text = start.trim_start_matches(|c| DIGITS.contains(c));
    let numeral = &start[..start.len() - text.len()];
    let text = match inner {
        Some(_) => text.strip_prefix(['）', ')'])?,
        None => text.strip_prefix(['、', '．'])?,
    };
    let text = text.trim();
    (!text.is_empty()).then_some(NumberedLine { value: value(numeral)?, enclosed: inner.is_some(), text })
}

const DIGITS: &str = "一二三四五六七八九十";

/// Parses 一 to 九十九.
fn value(numeral: &str) -> Option<u32> {
    let (mut tens, mut unit, mut length) = (0, 0, 0);
    for c in numeral.chars() {
        length += 1;
        match DIGITS.chars().position(|digit| digit == c)? as u32 + 1 {
            10 => (tens, unit) = (unit.max(1) * 10, 0),
            digit => unit = digit,
        }
    }
    (1..=3).contains(&length).then_some(tens + unit)
}

/// Counts of the numbered lines of one sort.
#[derive(Default)]
struct NumberingTally {
    lines: u32,
    /// Lines whose number follows the previous one.
    in_order: u32,
    /// Lines with other text after them.
    followed: u32,
    short: u32,
    last: u32,
    was_one: bool,
}

impl NumberingTally {
    fn line(&mut self, found: Option<NumberedLine<'_>>) {
        let Some(found) = found else {
            self.followed += u32::from(std::mem::take(&mut self.was_one));
            return;
        };
        self.lines += 1;
        self.in_order += u32::from(found.value == self.last + 1);
        self.short += u32::from(is_short(found.text));
        (self.last, self.was_one) = (found.value, true);
    }

    /// The role of these lines, or `None` if the numbers are out of order.
    fn role(&self) -> Option<OutlineRole> {
        if self.lines < 2 || self.in_order * 2 < self.lines {
            return None;
        }
        let heads = self.short == self.lines && self.followed * 2 > self.lines;
        Some(if heads { OutlineRole::Heading } else { OutlineRole::Item })
    }
}

fn is_short(text: &str) -> bool {
    unicode_width::UnicodeWidthStr::width(text) <= HEADING && !text.ends_with(['。', '；', '，', ';', '.'])
}

/// Returns true if the note begins with a day, or with a title and a day, and has more days.
fn is_diary(lines: &[&str]) -> bool {
    let mut first_lines = lines.iter().filter(|line| !line.trim().is_empty()).take(2);
    first_lines.any(|line| is_day(line)) && lines.iter().filter(|line| is_day(line)).nth(1).is_some()
}

/// Returns true for a line that is only a date with its weekday or weather: `2022-07-24 周日 晴`.
fn is_day(line: &str) -> bool {
    static DAY: LazyLock<Regex> = LazyLock::new(|| regex(r"^[\[<(（【]?(?:\d{4}|\d{1,2}\s*月|[A-Za-z]{3,9},?\s)"));
    line.len() <= 80
        && !line.starts_with([' ', '\t'])
        && !line.starts_with(is_mark_of_line)
        && DAY.is_match(line)
        && date::heading(line, LEAP).is_some_and(|reading| reading.span.first() == reading.span.last())
}

fn is_mark_of_line(c: char) -> bool {
    matches!(c, '#' | '-' | '*' | '+' | '>' | '|') || is_cjk_punctuation(c) && c != '【'
}

/// A leap year, for lines without a year.
const LEAP: date::DateContext = date::DateContext { year: Some(2000), weeks: date::WeekRule::Sunday };

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_headings_or_items() {
        for (text, plain, enclosed) in [
            ("一、工作\n1、甲\n\n二、生活\n随便写写", Some(OutlineRole::Heading), None),
            ("一、买菜\n二、做饭\n三、洗碗", Some(OutlineRole::Item), None),
            ("一、修好了网关，又写了一整天的文档。\n\n二、读书。\n", Some(OutlineRole::Item), None),
            (
                "一、工作\n（一）网关\n写完了\n（二）文档\n没写\n二、生活\n（一）猫\n（二）狗\n它们",
                Some(OutlineRole::Heading),
                Some(OutlineRole::Heading),
            ),
            ("一、只有这一条", None, None),
            ("三、乱\n一、序\n五、号", None, None),
            ("```\n一、甲\n二、乙\n```", None, None),
        ] {
            let outline = Outline::of(&text.split('\n').collect::<Vec<_>>());
            assert_eq!((outline.plain, outline.enclosed), (plain, enclosed), "{text}");
        }
    }

    #[test]
    fn a_diary_begins_with_a_day() {
        for (text, expected) in [
            ("2022-07-24 周日 晴\n\n爬山。\n\n2022-07-25 周一 雨\n在家。", true),
            ("日记\n\n7月24日 晴\n爬山。\n7月25日\n在家。", true),
            ("July 24, 2022\n\nOne.\n\nJuly 25, 2022\n\nTwo.", true),
            ("2022-07-24\n\n只有一天。", false),
            ("写了很久。\n\n又写。\n\n2022-07-24\n\n再写。\n\n2022-07-25\n", false),
            ("2022-07-24 修好了网关\n2022-07-25 读书", false),
            ("- 2022-07-24\n- 2022-07-25", false),
            ("1.21\n\n2.5\n", false),
        ] {
            assert_eq!(is_diary(&text.split('\n').collect::<Vec<_>>()), expected, "{text}");
        }
    }
}
