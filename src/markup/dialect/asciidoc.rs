//! AsciiDoc: converts it to Markdown, line by line.

use super::{field, is_run};
use crate::markup::html::comment;
use crate::text::regex;
use regex::{Captures, Regex};
use std::{borrow::Cow, sync::LazyLock};

/// Lines examined to recognize AsciiDoc.
const LOOKED_AT: usize = 200;

/// Returns true if `text` begins with `= Title`, or has `== Section` and a link or block of AsciiDoc.
pub fn is_likely(text: &str) -> bool {
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?:link|image|xref):\S+\[|https?://[^\s\[\]]+\[[^\]]|^\[(?:source|quote|NOTE|TIP)\b|^\|===$")
    });
    let mut said = text.lines().take(LOOKED_AT).filter(|line| !line.trim().is_empty());
    let Some(first) = said.next() else { return false };
    if level(first) == Some(1) {
        return true;
    }
    let (mut sections, mut own) = (level(first).is_some(), OWN.is_match(first));
    for line in said {
        if line.starts_with("```") || line.starts_with("# ") || line.starts_with("## ") {
            return false;
        }
        sections |= level(line).is_some();
        own |= line.contains('[') && OWN.is_match(line) || line.starts_with("|===");
    }
    sections && own
}

/// Converts `text` to Markdown.
pub fn to_markdown(text: &str) -> String {
    let mut state = AsciiDocConverter::default();
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&state.line(line));
    }
    out
}

#[derive(Default)]
struct AsciiDocConverter {
    /// The delimiter of the open block whose lines stay as they are.
    verbatim: Option<String>,
    comment: bool,
    quote: bool,
    /// True in the lines right under the title: author, revision, attributes.
    header: bool,
    /// The language that `[source,go]` gives to the next block.
    language: String,
    /// Markers of the open lists, outermost first.
    lists: Vec<String>,
    /// True after a `+`, which joins the next lines to the item before it.
    joined: bool,
}

impl AsciiDocConverter {
    fn line<'t>(&mut self, line: &'t str) -> Cow<'t, str> {
        let content = line.trim();
        if self.comment {
            self.comment = content != "////";
            return comment(content).into();
        }
        if let Some(end) = &self.verbatim {
            if content == end {
                self.verbatim = None;
                return [&self.indent(), "```"].concat().into();
            }
            return [&self.indent(), line].concat().into();
        }
        if content.is_empty() {
            self.header = false;
            self.joined = false;
            return Cow::Borrowed("");
        }
        if self.header {
            return comment(content).into();
        }
        self.block(line, content)
    }

    fn block<'t>(&mut self, line: &'t str, content: &'t str) -> Cow<'t, str> {
        if content == "////" {
            self.comment = true;
            return comment(content).into();
        }
        if is_run(content, "-.", 4) || content == "```" {
            self.verbatim = Some(content.to_owned());
            return [&self.indent(), "```", &std::mem::take(&mut self.language)].concat().into();
        }
        if content == "+" {
            self.joined = true;
            return Cow::Borrowed("");
        }
        if is_run(content, "_", 4) {
            self.quote = !self.quote;
            return Cow::Borrowed("");
        }
        if is_run(content, "=*", 4) || matches!(content, "--" | "|===" | "<<<") {
            return Cow::Borrowed("");
        }
        if content == "'''" {
            return Cow::Borrowed("---");
        }
        if is_about_text(content) {
            if let Some(language) = content.strip_prefix("[source,").map(|rest| rest.trim_end_matches(']')) {
                self.language =
                    language.split([',', '`', ' ']).find(|word| !word.is_empty()).unwrap_or_default().into();
            }
            return comment(content).into();
        }
        if let Some(level) = level(line) {
            self.lists.clear();
            self.header = level == 1;
            let title = inline(line[level..].trim());
            return [&"######"[..level.min(6)], " ", &title].concat().into();
        }
        if let Some(title) = content.strip_prefix('.').filter(|rest| rest.starts_with(char::is_alphanumeric)) {
            return ["**", title, "**  "].concat().into();
        }
        if let Some((marker, text)) = item(content) {
            return self.item(marker, text).into();
        }
        let before = if self.quote { "> ".to_owned() } else { self.indent() };
        let text = inline(content);
        match text.strip_suffix(" +") {
            Some(text) => [&before, text, "  "].concat().into(),
            None => [before.as_str(), &text].concat().into(),
        }
    }

    fn item(&mut self, marker: &str, text: &str) -> String {
        match self.lists.iter().position(|open| open == marker) {
            Some(at) => self.lists.truncate(at + 1),
            None => self.lists.push(marker.to_owned()),
        }
        self.joined = false;
        let outer: usize = self.lists[..self.lists.len() - 1].iter().map(|marker| width(marker)).sum();
        let marker = if marker.starts_with('.') { "1. " } else { "- " };
        [&" ".repeat(outer), marker, &inline(text)].concat()
    }

    /// Indentation of lines that a `+` joins to an item.
    fn indent(&self) -> String {
        let width: usize = self.lists.iter().map(|marker| width(marker)).sum();
        if self.joined { " ".repeat(width) } else { String::new() }
    }
}

/// Columns of the Markdown marker.
fn width(marker: &str) -> usize {
    if marker.starts_with('.') { 3 } else { 2 }
}

/// The level of `== Section`. A title that ends with `=` is not a section.
fn level(line: &str) -> Option<usize> {
    let level = line.bytes().take_while(|byte| *byte == b'=').count();
    let title = line.get(level..)?.strip_prefix(' ')?.trim();
    ((1..=6).contains(&level) && !title.is_empty() && !title.ends_with('=')).then_some(level)
}

/// Parses a list item: `** text`, `.. text` or `- text`.
fn item(content: &str) -> Option<(&str, &str)> {
    let (marker, text) = content.split_once(' ')?;
    let is_marker = marker == "-" || marker.len() <= LISTS && (is_run(marker, "*", 1) || is_run(marker, ".", 1));
    (is_marker && !text.trim().is_empty()).then_some((marker, text.trim()))
}

/// Maximum depth of nested lists in AsciiDoc.
const LISTS: usize = 5;

/// Returns true for comments, attributes, block attributes and includes.
fn is_about_text(content: &str) -> bool {
    static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"^(?://(?:$|[^/])|\[[A-Za-z#.%"\[][^\[\]]*\]{1,2}$|(?:include|ifdef|ifndef|endif|toc)::\S*\[)"#)
    });
    content.starts_with(['/', '[', 'i', 'e', 't']) && ABOUT.is_match(content) || field(content).is_some()
}

/// Converts links, images, cross references and bold text.
fn inline(content: &str) -> Cow<'_, str> {
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(image::?|link:|xref:)([^\s\[\]]+)\[([^\[\]]*)\]|(https?://[^\s\[\]<>]+)\[([^\[\]]*)\]|<<([^<>,]+)(?:,([^<>]+))?>>",
        )
    });
    static BOLD: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"(^|[\s(（“"，。：、；])\*([^\s*](?:[^*]*[^\s*])?)\*($|[\s)）”".,:;!?，。：、；！？-])"#)
    });
    let mut content = Cow::Borrowed(content);
    if content.contains('[') || content.contains("<<") {
        content = Cow::Owned(LINK.replace_all(&content, link).into_owned());
    }
    if content.contains('*') {
        content = Cow::Owned(BOLD.replace_all(&content, "${1}**${2}**${3}").into_owned());
    }
    content
}

fn link(found: &Captures<'_>) -> String {
    let part = |at| found.get(at).map_or("", |part| part.as_str());
    let label = |at| part(at).split(",window=").next().unwrap_or_default().trim_end_matches('^').trim();
    match part(1) {
        "image:" | "image::" => format!("![{}]({})", label(3), part(2)),
        "link:" if !label(3).is_empty() => format!("[{}]({})", label(3), part(2)),
        "link:" => format!("<{}>", part(2)),
        "xref:" => if label(3).is_empty() { part(2) } else { label(3) }.to_owned(),
        _ if !part(4).is_empty() && label(5).is_empty() => format!("<{}>", part(4)),
        _ if !part(4).is_empty() => format!("[{}]({})", label(5), part(4)),
        _ => if part(7).is_empty() { part(6) } else { part(7).trim() }.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(to_markdown(text), expected, "{text}");
    }

    #[test]
    fn asciidoc_headings_lists_and_links_become_markdown() {
        check("= 周记\n某人\n:toc: left\n\n== 工作", "# 周记\n<!-- 某人 -->\n<!-- :toc: left -->\n\n## 工作");
        check("* 甲\n** 乙\n*** 丙\n* 丁", "- 甲\n  - 乙\n    - 丙\n- 丁");
        check(". 甲\n.. 乙\n* 丙\n. 丁", "1. 甲\n   1. 乙\n      - 丙\n1. 丁");
        check("* 甲\n+\n----\nx\n----\n\n文", "- 甲\n\n  ```\n  x\n  ```\n\n文");
        check(
            "看 link:https://a.example[*x*] 和 https://b.example/c[乙^]",
            "看 [*x*](https://a.example) 和 [乙](https://b.example/c)",
        );
        check("见 <<第二节>> 与 <<a,第一>>，image:a.png[图]", "见 第二节 与 第一，![图](a.png)");
        check("*粗* 的 +\n换行", "**粗** 的  \n换行");
    }

    #[test]
    fn asciidoc_blocks_become_markdown() {
        check("[source,go]\n----\n== x\n* y\n----\n文", "<!-- [source,go] -->\n```go\n== x\n* y\n```\n文");
        check("////\n私\n////\n// 注\n文", "<!-- //// -->\n<!-- 私 -->\n<!-- //// -->\n<!-- // 注 -->\n文");
        check(".题\n****\n边\n****", "**题**  \n\n边\n");
        check("____\n引\n____", "\n> 引\n");
        check("[1] 是脚注", "[1] 是脚注");
    }
}
