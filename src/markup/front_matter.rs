//! Front matter: the metadata at the head of a note.
//!
//! YAML between `---`, TOML between `+++`, Pelican's `Key: value` lines, Org's `#+KEY:` and
//! Logseq's `key:: value`.
//! A head that cannot be read stays in the body, so that no text is lost.

use crate::text::clean_line;
use crate::text::problem::{Code, Problem};
use std::collections::BTreeMap;

/// Maximum length of a fenced head in bytes; further down, `---` is a rule between paragraphs.
const LONGEST: usize = 64 * 1024;

/// The lower-case keys of a note's head with their values as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontMatter {
    values: BTreeMap<String, Vec<String>>,
}

impl FrontMatter {
    /// The first value of the first of `keys` that has one.
    pub fn get(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.values.get(*key)?.first()).map(String::as_str)
    }

    /// All values of `keys`. Lists stay as they are, text is split at commas.
    pub fn list<'a>(&'a self, keys: &'a [&str]) -> impl Iterator<Item = &'a str> {
        let values = keys.iter().filter_map(|key| self.values.get(*key)).flatten();
        values.flat_map(|value| value.split([',', '，', '、'])).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Sets a value unless the head has set it.
    pub fn fill(&mut self, key: &str, value: &str) {
        if self.get(&[&key.trim().to_lowercase()]).is_none() {
            self.put(key, value);
        }
    }

    fn put(&mut self, key: &str, value: &str) {
        // YAML and TOML can escape control characters, so values are cleaned again.
        let value = clean_line(value.trim().trim_matches(['"', '\'']));
        let value = value.trim();
        if !value.is_empty() {
            self.values.entry(key.trim().to_lowercase()).or_default().push(value.to_owned());
        }
    }
}

/// Reads the front matter of `text` and returns it with the length of the head in bytes.
pub fn split(text: &str) -> (FrontMatter, usize, Vec<Problem>) {
    for (fence, read, lines) in [("---", yaml as fn(&str) -> Option<FrontMatter>, true), ("+++", toml, false)] {
        let Some((head, end)) = fenced(text, fence) else { continue };
        if let Some(front) = read(head) {
            return (front, end, Vec::new());
        }
        return match key_lines(head).filter(|_| lines) {
            Some(front) => {
                let message = "the front matter is no YAML: its lines were read one by one as key: value";
                (front, end, vec![Problem::new(1, Code::FrontMatter, message)])
            }
            None if head.trim().is_empty() => (FrontMatter::default(), end, Vec::new()),
            None => {
                let message = "the head between fences is no front matter: kept as text";
                (FrontMatter::default(), 0, vec![Problem::new(1, Code::FrontMatter, message)])
            }
        };
    }
    let (front, end) = org(text).or_else(|| pelican(text)).or_else(|| properties(text)).unwrap_or_default();
    (front, end, Vec::new())
}

/// The lines between two lines of `fence` at the start of `text`, and the start of the body.
fn fenced<'a>(text: &'a str, fence: &str) -> Option<(&'a str, usize)> {
    let first = text.split_inclusive('\n').next().filter(|line| line.trim_end() == fence)?;
    let mut at = first.len();
    for line in text[first.len()..].split_inclusive('\n') {
        if line.trim_end() == fence || (fence == "---" && line.trim_end() == "...") {
            return Some((&text[first.len()..at], at + line.len()));
        }
        at += line.len();
        if at > LONGEST {
            return None;
        }
    }
    None
}

fn yaml(head: &str) -> Option<FrontMatter> {
    let values: BTreeMap<String, serde_json::Value> = serde_saphyr::from_str(head).ok()?;
    Some(from_values(values))
}

fn toml(head: &str) -> Option<FrontMatter> {
    let values: BTreeMap<String, ::toml::Value> = ::toml::from_str(head).ok()?;
    Some(from_values(values.into_iter().filter_map(|(key, value)| Some((key, plain_toml(value)?)))))
}

/// Converts TOML to JSON; dates become the text they were written as.
fn plain_toml(value: ::toml::Value) -> Option<serde_json::Value> {
    match value {
        ::toml::Value::Datetime(date) => Some(date.to_string().into()),
        ::toml::Value::Array(list) => Some(list.into_iter().filter_map(plain_toml).collect()),
        value => serde_json::to_value(value).ok(),
    }
}

fn from_values(values: impl IntoIterator<Item = (String, serde_json::Value)>) -> FrontMatter {
    let mut front = FrontMatter::default();
    for (key, value) in values {
        for value in texts(&value) {
            front.put(&key, &value);
        }
    }
    front
}

fn texts(value: &serde_json::Value) -> Vec<String> {
    use serde_json::Value;
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// Reads YAML that a strict parser refuses (`title: ! 'Issue'`, a colon in a title) as lines of
/// `key: value`. At least one line must have that form.
fn key_lines(head: &str) -> Option<FrontMatter> {
    let mut front = FrontMatter::default();
    let mut last: Option<String> = None;
    for line in head.lines() {
        if let Some(item) = line.trim_start().strip_prefix("- ")
            && let Some(key) = &last
        {
            front.put(key, item);
        } else if let Some((key, value)) = key_value(line) {
            front.put(key, value.trim_start_matches('!').trim().trim_matches(['[', ']']));
            last = Some(key.to_owned());
        }
    }
    last.map(|_| front)
}

/// Parses `key: value` with a key of one word at the start of the line.
fn key_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let is_key =
        !key.is_empty() && key.len() <= 40 && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    (is_key && (value.is_empty() || value.starts_with(' '))).then_some((key, value))
}

/// Reads Pelican metadata: `Title: …` and at least one more known key, up to the first blank line.
fn pelican(text: &str) -> Option<(FrontMatter, usize)> {
    const KNOWN: [&str; 12] = [
        "title", "date", "modified", "category", "tags", "slug", "author", "authors", "summary", "number", "status",
        "lang",
    ];
    let (mut front, mut at, mut known) = (FrontMatter::default(), 0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            at += line.len();
            break;
        }
        let (key, value) = key_value(line.trim_end())?;
        known += usize::from(KNOWN.contains(&key.to_lowercase().as_str()));
        front.put(key, value);
        at += line.len();
    }
    (known >= 2).then_some((front, at))
}

/// Reads Logseq properties: `key:: value` lines, with nothing else up to the first blank line.
fn properties(text: &str) -> Option<(FrontMatter, usize)> {
    let (mut front, mut at) = (FrontMatter::default(), 0);
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() {
            at += line.len();
            break;
        }
        let (key, value) = line.split_once(":: ").filter(|_| super::normalize::is_property(line))?;
        front.put(key, &value.replace(['[', ']', '#'], ""));
        at += line.len();
    }
    (at > 0).then_some((front, at))
}

/// Reads Org keywords: `#+TITLE: …` lines at the head.
fn org(text: &str) -> Option<(FrontMatter, usize)> {
    let (mut front, mut at, mut found) = (FrontMatter::default(), 0, false);
    for line in text.split_inclusive('\n') {
        if let Some((key, value)) = line.strip_prefix("#+").and_then(|line| line.split_once(':')) {
            let value = value.trim().trim_matches([':', '<', '>', '[', ']']);
            front.put(if key.eq_ignore_ascii_case("filetags") { "tags" } else { key }, &value.replace(':', ","));
            found = true;
        } else if !line.trim().is_empty() {
            break;
        }
        at += line.len();
    }
    found.then_some((front, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, title: Option<&str>, date: Option<&str>, body: &str) {
        let (front, end, _) = split(text);
        assert_eq!((front.get(&["title"]), front.get(&["date"]), &text[end..]), (title, date, body), "{text}");
    }

    #[test]
    fn front_matter_of_every_dialect_is_read() {
        check(
            "---\ntitle: 周报\ndate: 2022-07-24T10:00:00+08:00\n---\nbody",
            Some("周报"),
            Some("2022-07-24T10:00:00+08:00"),
            "body",
        );
        check("+++\ntitle = \"周报\"\ndate = 2022-07-24\n+++\nbody", Some("周报"), Some("2022-07-24"), "body");
        check("Title: This Week\nDate: 2022-07-24\n\nbody", Some("This Week"), Some("2022-07-24"), "body");
        check("Title: This Week\nTags:\nDate: 2022-07-24\n\nbody", Some("This Week"), Some("2022-07-24"), "body");
        check("title:: 周报\ndate:: [[2022-07-24]]\n\n- body", Some("周报"), Some("2022-07-24"), "- body");
        check("#+TITLE: 周报\n#+DATE: <2022-07-24>\nbody", Some("周报"), Some("2022-07-24"), "body");
    }

    #[test]
    fn other_heads_stay_text() {
        for text in
            ["---\nno end\n\ntext", "---\njust a line\n---\ntext", "Note: this\nis text", "text\n---\ntitle: x\n---\n"]
        {
            let (front, end, _) = split(text);
            assert_eq!((front, end), (FrontMatter::default(), 0), "{text}");
        }
    }

    #[test]
    fn invalid_yaml_is_read_line_by_line() {
        check("---\ntitle: ! 'Issue #38'\nlayout: post\n---\nx", Some("Issue #38"), None, "x");
        check("---\ntitle: Rust: the book\n---\nx", Some("Rust: the book"), None, "x");
        let (.., problems) = split("---\ntitle: Rust: the book\n---\nx");
        assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::FrontMatter]);
        assert_eq!(split("---\ntitle: the book\n---\nx").2, []);
    }

    #[test]
    fn tags_are_lists_or_commas() {
        for text in
            ["---\ntags: [eBPF, 容器]\n---\n", "---\ntags:\n- eBPF\n- 容器\n---\n", "---\ntags: eBPF，容器\n---\n"]
        {
            let (front, ..) = split(text);
            assert_eq!(front.list(&["tags"]).collect::<Vec<_>>(), ["eBPF", "容器"], "{text}");
        }
    }
}
