//! Head: the front matter of the next note, as those beside it have theirs.
//!
//! Keys are those of the newest that most of them have. Title and dates are told by the days of the
//! note, what goes on in numbers goes on, what all share is copied, and the rest is left to the author.

use crate::{
    date::Span,
    insight::naming::{Scheme, Template},
    markup::front_matter,
    text::{clean_line, regex},
};
use jiff::{ToSpan, civil::Date};
use regex::Regex;
use std::sync::LazyLock;

/// Keys whose values are of one note alone, so that a single note says nothing of the next.
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

/// How a head is written.
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
    /// The key as it is written, with what parts it from the value.
    lead: String,
    value: String,
    /// Lines of the value below.
    more: Vec<String>,
}

/// The front matter of a note, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFrontMatter {
    style: FrontMatterSyntax,
    fields: Vec<FrontMatterField>,
}

impl RawFrontMatter {
    /// That of a note with this text, if it has one.
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

    /// The next after `heads`, the newest first, each with the days of its note; none where less
    /// than half of `notes` have one.
    pub fn next(
        heads: &[(RawFrontMatter, Span)],
        notes: usize,
        title: &str,
        span: Span,
        scheme: Scheme,
    ) -> Option<RawFrontMatter> {
        let (newest, _) = heads.first().filter(|_| heads.len() * 2 > notes)?;
        let alike: Vec<&(RawFrontMatter, Span)> = heads.iter().filter(|(head, _)| head.style == newest.style).collect();
        let next = |field: &FrontMatterField| {
            let column: Vec<(&FrontMatterField, Span)> =
                alike.iter().filter_map(|(head, span)| Some((head.field(&field.key)?, *span))).collect();
            let is_usual = column.len() * 2 > alike.len();
            is_usual.then(|| newest.style.next(&column, title, span, scheme)).flatten()
        };
        Some(RawFrontMatter { style: newest.style, fields: newest.fields.iter().filter_map(next).collect() })
    }

    fn field(&self, key: &str) -> Option<&FrontMatterField> {
        self.fields.iter().find(|field| field.key == key)
    }

    pub fn has_title(&self) -> bool {
        self.field("title").is_some()
    }

    /// Its lines, fences and the blank line behind it included; none where they would not be read as
    /// front matter.
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

    /// What the next note has in the place of `column`, the newest first.
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
        // One that says nothing new was learned from the newest alone.
        if let Some(value) = told.filter(|value| *value != newest.value) {
            return with(value);
        }
        match newest.value.chars().next() {
            Some('[') => with("[]".to_owned()),
            _ if self != FrontMatterSyntax::Toml => with(String::new()),
            Some('"' | '\'') => with("\"\"".to_owned()),
            // TOML has no empty value for what is no text.
            _ => None,
        }
    }

    /// `title` in the quotes of `before`, or where the syntax needs some.
    fn quoted(self, title: &str, before: &str) -> String {
        let is_quoted = before.starts_with(['"', '\'']);
        let is_special =
            || title.starts_with(|c: char| c.is_ascii_punctuation()) || title.contains(": ") || title.contains(" #");
        match self {
            FrontMatterSyntax::Yaml if before.starts_with('\'') => format!("'{}'", title.replace('\'', "''")),
            FrontMatterSyntax::Yaml if is_quoted || is_special() => double_quoted(title),
            FrontMatterSyntax::Toml => double_quoted(title),
            _ => title.to_owned(),
        }
    }
}

fn double_quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The newest value with its date as far from `span` as most of them have theirs; none where one has
/// no date, or more than one line. A time of day is kept where it is always the same.
fn dated(column: &[(&FrontMatterField, Span)], span: Span) -> Option<String> {
    static DATE: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"\b(\d{4})([-/.])(\d{1,2})[-/.](\d{1,2})(?: (?P<day>[A-Z][a-z]{2}|周?[一二三四五六日]))?")
    });
    static TIME: LazyLock<Regex> = LazyLock::new(|| regex(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"));
    let date = |value: &str| -> Option<Date> {
        let found = DATE.captures(value)?;
        Date::new(found[1].parse().ok()?, found[3].parse().ok()?, found[4].parse().ok()?).ok()
    };
    let mut offsets: Vec<i32> = Vec::new();
    for (field, span) in column {
        offsets.push((date(&field.value).filter(|_| field.more.is_empty())? - span.first()).get_days());
    }
    let often = |offset: &i32| offsets.iter().filter(|other| *other == offset).count();
    // Of several the newest.
    let offset = offsets.iter().rev().max_by_key(|offset| often(offset))?;
    let day = span.first().checked_add(offset.days()).ok()?;
    let value = &column.first()?.0.value;
    let found = DATE.captures(value)?;
    let (place, mark) = (found.get(0)?.range(), &found[2]);
    let is_padded = found[3].len() == 2;
    let (month, number) = (day.month(), day.day());
    let number = if is_padded {
        format!("{:04}{mark}{month:02}{mark}{number:02}", day.year())
    } else {
        format!("{:04}{mark}{month}{mark}{number}", day.year())
    };
    let weekday = found.name("day").map_or(String::new(), |named| {
        let at = day.weekday().to_monday_zero_offset() as usize;
        let han: String = "一二三四五六日".chars().skip(at).take(1).collect();
        match named.as_str() {
            name if name.is_ascii() => format!(" {}", day.strftime("%a")),
            name if name.starts_with('周') => format!(" 周{han}"),
            _ => format!(" {han}"),
        }
    });
    let rest = &value[place.end..];
    let times = column.iter().filter_map(|(field, _)| TIME.find(&field.value)).map(|time| time.as_str());
    let is_one_time = times.clone().all(|time| Some(time) == times.clone().next());
    let rest = if is_one_time { rest.to_owned() } else { TIME.replace(rest, midnight).into_owned() };
    Some(format!("{}{number}{weekday}{rest}", &value[..place.start]))
}

/// The same time with noughts, without parts of a second.
fn midnight(time: &regex::Captures<'_>) -> String {
    let whole = time[0].split('.').next().unwrap_or_default();
    if whole.matches(':').count() == 2 { "00:00:00".to_owned() } else { "00:00".to_owned() }
}
