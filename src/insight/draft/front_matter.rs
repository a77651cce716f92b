//! Front matter of the next note, learned from the notes of its series.
//!
//! Keys are those of the newest note that most notes have. Title and dates follow the days of the
//! note, counts go up by one, shared values are copied, and the rest is left to the author.

use crate::{
    date::Span,
    insight::naming::{Scheme, Template},
    markup::front_matter,
    text::{clean_line, regex},
};
use jiff::{ToSpan, civil::Date};
use regex::Regex;
use std::sync::LazyLock;

/// Keys whose values belong to one note: a single note says nothing about the next.
const OWN: [&str; 13] = [
    "tags",
    "tag",
    "keywords",
    "slug",
    "id",
    "uuid",
    "url",
    "permalink",
    "aliases",
    "summary",
    "description",
    "excerpt",
    "filetags",
];

/// The syntax of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FrontMatterSyntax {
    Yaml,
    Toml,
    /// `#+KEY: value`
    Org,
    /// `key:: value`
    Properties,
    /// `Key: value`, up to a blank line.
    Lines,
}

/// One key with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
struct FrontMatterField {
    key: String,
    /// The key as it is written, with its separator.
    lead: String,
    value: String,
    /// Further lines of the value.
    more: Vec<String>,
}

/// The front matter of a note, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFrontMatter {
    style: FrontMatterSyntax,
    fields: Vec<FrontMatterField>,
}

impl RawFrontMatter {
    /// Reads the front matter of a note, if it has some.
    pub fn of(text: &str) -> Option<RawFrontMatter> {
        let (_, end, _) = front_matter::split(text);
        let mut lines = text[..end].lines();
        let style = match lines.clone().next()?.trim_end() {
            "---" => FrontMatterSyntax::Yaml,
            "+++" => FrontMatterSyntax::Toml,
            line if line.starts_with("#+") => FrontMatterSyntax::Org,
            line if line.contains(":: ") => FrontMatterSyntax::Properties,
            _ => FrontMatterSyntax::Lines,
        };
        if matches!(style, FrontMatterSyntax::Yaml | FrontMatterSyntax::Toml) {
            lines.next();
            lines.next_back();
        }
        let mut fields: Vec<FrontMatterField> = Vec::new();
        for line in lines {
            let line = clean_line(line);
            let is_in_table = fields.last().is_some_and(|field| field.key.starts_with('['));
            match style.field(&line).filter(|_| !is_in_table) {
                Some(field) => fields.push(field),
                None => fields.last_mut()?.more.push(line.trim_end().to_owned()),
            }
        }
        Some(RawFrontMatter { style, fields })
    }

    /// The front matter that follows `heads`, newest first, each with the days of its note; `None`
    /// unless more than half of `notes` have some.
    pub fn next(
        heads: &[(RawFrontMatter, Span)],
        notes: usize,
        title: &str,
        span: Span,
        scheme: Scheme,
    ) -> Option<RawFrontMatter> {
        let (newest, _) = heads.first().filter(|_| heads.len() * 2 > notes)?;
        let alike: Vec<&(RawFrontMatter, Span)> = heads.iter().filter(|(head, _)| head.style == newest.style).collect();
        let mut fields = Vec::new();
        for field in &newest.fields {
            let mut column: Vec<(&FrontMatterField, Span)> = Vec::new();
            for (head, span) in &alike {
                if let Some(other) = head.field(&field.key) {
                    column.push((other, *span));
                }
            }
            if column.len() * 2 > alike.len() {
                fields.extend(newest.style.next(&column, title, span, scheme));
            }
        }
        Some(RawFrontMatter { style: newest.style, fields })
    }

    fn field(&self, key: &str) -> Option<&FrontMatterField> {
        self.fields.iter().find(|field| field.key == key)
    }

    pub fn has_title(&self) -> bool {
        self.field("title").is_some()
    }

    /// The lines of the front matter, with fences and the blank line after it; empty if they would
    /// not be read as front matter.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let fence = match self.style {
            FrontMatterSyntax::Yaml => Some("---".to_owned()),
            FrontMatterSyntax::Toml => Some("+++".to_owned()),
            _ => None,
        };
        lines.extend(fence.clone());
        for field in &self.fields {
            let blank = if field.value.is_empty() { "" } else { " " };
            lines.push(format!("{}{blank}{}", field.lead, field.value));
            lines.extend(field.more.iter().cloned());
        }
        while fence.is_none() && lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.extend(fence);
        lines.push(String::new());
        let text = lines.join("\n") + "\n";
        let (_, end, _) = front_matter::split(&text);
        if self.fields.is_empty() || !text[end..].trim().is_empty() { Vec::new() } else { lines }
    }
}

impl FrontMatterSyntax {
    /// The field that begins on `line`.
    fn field(self, line: &str) -> Option<FrontMatterField> {
        static YAML: LazyLock<Regex> = LazyLock::new(|| regex(r#"^([^\s:#'"-][^:]*:)(?:\s+(.*))?$"#));
        static TOML: LazyLock<Regex> = LazyLock::new(|| regex(r"^(\[.*|[\w-]+\s*=)\s*(.*)$"));
        static ORG: LazyLock<Regex> = LazyLock::new(|| regex(r"^(#\+\w+:)\s*(.*)$"));
        static PROPERTIES: LazyLock<Regex> = LazyLock::new(|| regex(r"^([^\s:]+::)\s*(.*)$"));
        let form: &Regex = match self {
            FrontMatterSyntax::Yaml | FrontMatterSyntax::Lines => &YAML,
            FrontMatterSyntax::Toml => &TOML,
            FrontMatterSyntax::Org => &ORG,
            FrontMatterSyntax::Properties => &PROPERTIES,
        };
        let found = form.captures(line)?;
        let lead = found[1].to_owned();
        let key = lead.trim_start_matches("#+").trim_end_matches([':', '=', ' ']).to_lowercase();
        let value = found.get(2).map_or("", |value| value.as_str().trim()).to_owned();
        Some(FrontMatterField { key, lead, value, more: Vec::new() })
    }

    /// The field that follows `column`, newest first; `None` to leave it out.
    fn next(
        self,
        column: &[(&FrontMatterField, Span)],
        title: &str,
        span: Span,
        scheme: Scheme,
    ) -> Option<FrontMatterField> {
        let (newest, _) = *column.first()?;
        let with = |value: String| Some(FrontMatterField { value, more: Vec::new(), ..newest.clone() });
        if newest.key == "title" {
            return with(self.quoted(title, &newest.value));
        }
        if let Some(value) = dated(column, span) {
            return with(value);
        }
        let is_shared = column.iter().all(|(field, _)| field.value == newest.value && field.more == newest.more);
        if is_shared && (column.len() > 1 || !OWN.contains(&newest.key.as_str())) {
            return Some(newest.clone());
        }
        let values: Vec<(&str, Span)> = column.iter().map(|(field, span)| (field.value.as_str(), *span)).collect();
        let learned = Template::learn(&values, scheme).filter(|_| !is_shared && newest.more.is_empty());
        let told = learned.and_then(|template| template.name(span, scheme));
        // An unchanged value was learned from the newest note alone.
        if let Some(value) = told.filter(|value| *value != newest.value) {
            return with(value);
        }
        match newest.value.chars().next() {
            Some('[') => with("[]".to_owned()),
            _ if self != FrontMatterSyntax::Toml => with(String::new()),
            Some('"' | '\'') => with("\"\"".to_owned()),
            // TOML has an empty value for text only.
            _ => None,
        }
    }

    /// `title` in the quotes of `before`, or where the syntax needs some.
    fn quoted(self, title: &str, before: &str) -> String {
        match self {
            FrontMatterSyntax::Yaml if before.starts_with('\'') => format!("'{}'", title.replace('\'', "''")),
            FrontMatterSyntax::Yaml if before.starts_with('"') || needs_quotes(title) => double_quoted(title),
            FrontMatterSyntax::Toml => double_quoted(title),
            FrontMatterSyntax::Yaml
            | FrontMatterSyntax::Org
            | FrontMatterSyntax::Properties
            | FrontMatterSyntax::Lines => title.to_owned(),
        }
    }
}

/// Tests whether YAML would read a plain `title` as something else.
fn needs_quotes(title: &str) -> bool {
    title.starts_with(|c: char| c.is_ascii_punctuation()) || title.contains(": ") || title.contains(" #")
}

fn double_quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

static DATE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\b(\d{4})([-/.])(\d{1,2})[-/.](\d{1,2})(?: (?P<day>[A-Z][a-z]{2}|周?[一二三四五六日]))?"));
static TIME: LazyLock<Regex> = LazyLock::new(|| regex(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"));

/// The newest value with its date moved to as many days from `span` as most values have; `None` when
/// one of them has no date, or more than one line. A time of day is kept if it is always the same.
fn dated(column: &[(&FrontMatterField, Span)], span: Span) -> Option<String> {
    let day = span.first().checked_add(usual_offset(column)?.days()).ok()?;
    let value = &column.first()?.0.value;
    let found = DATE.captures(value)?;
    let place = found.get(0)?.range();
    let rest = &value[place.end..];
    let rest = if has_one_time(column) { rest.to_owned() } else { TIME.replace(rest, midnight).into_owned() };
    Some(format!("{}{}{rest}", &value[..place.start], written_like(&found, day)))
}

/// The most frequent number of days from the first day of a note to the date in its value, of
/// several the newest.
fn usual_offset(column: &[(&FrontMatterField, Span)]) -> Option<i32> {
    let mut offsets: Vec<i32> = Vec::new();
    for (field, span) in column {
        let day = date_in(&field.value).filter(|_| field.more.is_empty())?;
        offsets.push((day - span.first()).get_days());
    }
    offsets.iter().rev().copied().max_by_key(|offset| offsets.iter().filter(|other| *other == offset).count())
}

/// The first date in a value.
fn date_in(value: &str) -> Option<Date> {
    let found = DATE.captures(value)?;
    Date::new(found[1].parse().ok()?, found[3].parse().ok()?, found[4].parse().ok()?).ok()
}

/// Writes `day` in the format of a date found by [`DATE`]: separator, padding and weekday.
fn written_like(found: &regex::Captures<'_>, day: Date) -> String {
    let (separator, is_padded) = (&found[2], found[3].len() == 2);
    let (year, month, number) = (day.year(), day.month(), day.day());
    let mut text = if is_padded {
        format!("{year:04}{separator}{month:02}{separator}{number:02}")
    } else {
        format!("{year:04}{separator}{month}{separator}{number}")
    };
    if let Some(weekday) = found.name("day") {
        text.push(' ');
        text += &weekday_like(weekday.as_str(), day);
    }
    text
}

/// The weekday of `day` in the format of another: `Mon`, `周一` or `一`.
fn weekday_like(other: &str, day: Date) -> String {
    const HAN: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let han = HAN[day.weekday().to_monday_zero_offset() as usize];
    match other {
        name if name.is_ascii() => day.strftime("%a").to_string(),
        name if name.starts_with('周') => format!("周{han}"),
        _ => han.to_owned(),
    }
}

/// Tests whether all times of day in the values are equal.
fn has_one_time(column: &[(&FrontMatterField, Span)]) -> bool {
    let mut times = column.iter().filter_map(|(field, _)| TIME.find(&field.value)).map(|time| time.as_str());
    let Some(first) = times.next() else { return true };
    times.all(|time| time == first)
}

/// The same time format with zeros, without fractions of a second.
fn midnight(time: &regex::Captures<'_>) -> String {
    let whole = time[0].split('.').next().unwrap_or_default();
    if whole.matches(':').count() == 2 { "00:00:00".to_owned() } else { "00:00".to_owned() }
}
