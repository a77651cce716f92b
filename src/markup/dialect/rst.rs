//! reStructuredText: converts it to Markdown, line by line.

use super::{field, is_run};
use crate::markup::html::comment;
use crate::text::regex;
use regex::{Captures, Regex};
use std::{borrow::Cow, collections::HashSet, sync::LazyLock};
use unicode_width::UnicodeWidthStr;

/// Lines examined to recognize reStructuredText.
const LOOKED_AT: usize = 400;

/// Characters that underline headings.
const ADORNMENTS: &str = "=-~^\"'`#*+.:_";

/// Maximum depth of nested blocks that are converted; deeper ones stay as they are.
const DEEPEST: usize = 4;

/// Returns true if `text` has directives or headings between two lines of adornment, and no Markdown syntax.
pub fn is_likely(text: &str) -> bool {
    static DIRECTIVE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^\.\. (?:[a-z][a-z-]*(?::[a-z-]+)?::(?: |$)|_[^:]+: \S)"));
    let lines: Vec<&str> = text.lines().take(LOOKED_AT).collect();
    let mut likely = false;
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("```") || line.starts_with("# ") || line.starts_with("## ") {
            return false;
        }
        likely |= line.starts_with(".. ") && DIRECTIVE.is_match(line);
        likely |= line.starts_with(['=', '~', '^', '*', '#']) && overlined(&lines, at).is_some();
    }
    likely
}

/// Converts `text` to Markdown.
pub fn to_markdown(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let targets = lines.iter().filter_map(|line| target(line)).map(|(name, _)| name.to_lowercase()).collect();
    let mut writer = RstConverter { targets, styles: Vec::new(), out: Vec::with_capacity(lines.len()) };
    writer.lines(&lines, 0);
    writer.out.join("\n")
}

struct RstConverter {
    /// Names of link targets.
    targets: HashSet<String>,
    /// The adornments of headings, by level.
    styles: Vec<(char, bool)>,
    /// The converted lines, one for each line read.
    out: Vec<String>,
}

impl RstConverter {
    fn lines(&mut self, lines: &[&str], depth: usize) {
        let mut at = 0;
        let mut in_list = false;
        while at < lines.len() {
            let line = lines[at];
            let indent = indent(line);
            if line.trim().is_empty() {
                self.out.push(String::new());
                at += 1;
                continue;
            }
            let apart = at == 0 || lines[at - 1].trim().is_empty();
            if indent == 0 {
                in_list = is_item(line) || in_list && !apart;
                if depth == 0
                    && let Some(read) = self.heading(lines, at)
                {
                    at += read;
                    continue;
                }
                if line == ".." || line.starts_with(".. ") {
                    at += self.explicit(lines, at, depth);
                    continue;
                }
                if at < super::HEAD && depth == 0 && field(line).is_some() {
                    self.out.push(comment(line));
                    at += 1;
                    continue;
                }
            } else if apart && !in_list && depth < DEEPEST {
                let end = block_end(lines, at, 0);
                at += self.quote(&lines[at..end]);
                continue;
            }
            let literal = line.trim_end().ends_with("::");
            self.out.push(self.text(line, literal));
            at += 1;
            if literal && let Some(end) = literal_end(lines, at, indent) {
                self.code(&lines[at..end], "");
                at = end;
            }
        }
    }

    /// Converts a heading with its adornment above and below, and returns the number of lines read.
    fn heading(&mut self, lines: &[&str], at: usize) -> Option<usize> {
        if let Some(title) = overlined(lines, at) {
            let heading = self.level_of(lines[at], true) + &self.text(title.trim(), false);
            self.out.extend([String::new(), heading, String::new()]);
            return Some(3);
        }
        let (title, under) = (lines[at].trim_end(), lines.get(at + 1)?);
        let apart = at == 0 || lines[at - 1].trim().is_empty() || self.out.last().is_some_and(String::is_empty);
        if !apart || !is_run(under, ADORNMENTS, 3) || under.trim_end().len() < title.width() || is_item(title) {
            return None;
        }
        let heading = self.level_of(under, false) + &self.text(title, false);
        self.out.extend([heading, String::new()]);
        Some(2)
    }

    fn level_of(&mut self, adornment: &str, over: bool) -> String {
        let style = (adornment.chars().next().unwrap_or('='), over);
        let level = self.styles.iter().position(|known| *known == style).unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        ["######".get(..=level).unwrap_or("######"), " "].concat()
    }

    /// Converts explicit markup, `.. something`, with its block, and returns the number of lines read.
    fn explicit(&mut self, lines: &[&str], at: usize, depth: usize) -> usize {
        static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| regex(r"^\.\. ([a-z][a-z-]*(?::[a-z-]+)?)::(?: (.*))?$"));
        let line = lines[at].trim_end();
        let end = block_end(lines, at + 1, 0);
        if let Some((name, url)) = target(line) {
            self.out.push(format!("[{name}]: {url}"));
            return 1;
        }
        if let Some((label, text)) = line.strip_prefix(".. [").and_then(|rest| rest.split_once("] ")) {
            self.out.push(format!("[^{}]: {}", label.trim_start_matches('#'), self.text(text, false)));
            return 1;
        }
        let Some(found) = DIRECTIVE.captures(line) else {
            return self.hide(&lines[at..end]);
        };
        let argument = found.get(2).map_or("", |argument| argument.as_str()).trim();
        let options = lines[at + 1..end].iter().take_while(|line| line.trim_start().starts_with(':')).count();
        let body = at + 1 + options;
        match &found[1] {
            "code-block" | "code" | "sourcecode" | "parsed-literal" | "literalinclude" | "math" => {
                self.hide(&lines[at..body]);
                if let Some(end) = literal_end(lines, body, 0) {
                    self.code(&lines[body..end], argument.split(['`', ' ']).next().unwrap_or_default());
                    return end - at;
                }
                return body - at;
            }
            "image" | "figure" => {
                let alt = option(&lines[at + 1..body], "alt").unwrap_or_default().replace(['[', ']'], "");
                self.out.push(format!("![{alt}]({})", argument.replace(' ', "%20")));
            }
            "contents" | "toctree" | "raw" | "meta" | "highlight" | "include" | "index" | "role" | "default-role"
            | "sectnum" | "only" => {
                return self.hide(&lines[at..end]);
            }
            "admonition" | "topic" | "sidebar" | "rubric" if !argument.is_empty() => {
                self.out.push(["**", &self.text(argument, false), "**"].concat());
            }
            _ if !argument.is_empty() => self.out.push(self.text(argument, false)),
            _ => self.out.push(comment(line)),
        }
        self.hide(&lines[at + 1..body]);
        self.dedented(&lines[body..end], depth);
        end - at
    }

    /// Hides lines in comments, and returns their number.
    fn hide(&mut self, lines: &[&str]) -> usize {
        for line in lines {
            self.out.push(hidden_line(line));
        }
        lines.len()
    }

    /// Converts a block after removing its common indentation.
    fn dedented(&mut self, lines: &[&str], depth: usize) {
        let edge = common_indent(lines);
        let lines: Vec<&str> = lines.iter().map(|line| line.get(edge..).unwrap_or_default()).collect();
        if depth < DEEPEST {
            self.lines(&lines, depth + 1);
        } else {
            for line in lines {
                self.out.push(line.trim_start().to_owned());
            }
        }
    }

    fn quote(&mut self, lines: &[&str]) -> usize {
        for line in lines {
            let quoted =
                if line.trim().is_empty() { String::new() } else { "> ".to_owned() + &self.text(line.trim(), false) };
            self.out.push(quoted);
        }
        lines.len()
    }

    /// Writes a code block. `lines` run from the blank line before it to the blank line after it.
    fn code(&mut self, lines: &[&str], language: &str) {
        let last = lines.len() - 1;
        let closed = lines[last].trim().is_empty();
        let edge = common_indent(lines);
        for (at, line) in lines.iter().enumerate() {
            self.out.push(match at {
                0 => ["```", language].concat(),
                at if at == last && closed => "```".to_owned(),
                _ => line.get(edge..).unwrap_or_default().to_owned(),
            });
        }
    }

    /// The Markdown of `name_` if that is a target, and the text itself otherwise.
    fn named_link(&self, found: &Captures<'_>) -> String {
        let name = found.get(1).or(found.get(2)).map_or("", |name| name.as_str());
        if self.targets.contains(&name.to_lowercase()) { format!("[{name}]") } else { found[0].to_owned() }
    }

    /// Converts roles, named links and footnotes in running text.
    fn text(&self, line: &str, literal: bool) -> String {
        static ROLE: LazyLock<Regex> = LazyLock::new(|| regex(r":[a-z][a-z:+-]*:(`[^`<>]+`)"));
        static NAMED: LazyLock<Regex> =
            LazyLock::new(|| regex(r"`([^`<>]+)`__?|\b([A-Za-z0-9][A-Za-z0-9.-]*)_(?:\b|$)"));
        static FOOTNOTE: LazyLock<Regex> = LazyLock::new(|| regex(r" ?\[#?([A-Za-z0-9]+)\]_"));
        let line = line.trim_end();
        let line = match line.strip_suffix("::").filter(|_| literal) {
            Some(before) if before.trim().is_empty() => "",
            Some(before) if before.ends_with(' ') => before.trim_end(),
            Some(_) => &line[..line.len() - 1],
            None => line,
        };
        let mut line = Cow::Borrowed(line);
        if let Some(rest) = line.trim_start().strip_prefix("#. ") {
            line = Cow::Owned([&line[..indent(&line)], "1. ", rest].concat());
        }
        if line.contains(":`") {
            line = Cow::Owned(ROLE.replace_all(&line, "${1}").into_owned());
        }
        if line.contains("]_") {
            line = Cow::Owned(FOOTNOTE.replace_all(&line, "[^${1}]").into_owned());
        }
        if line.contains('_') && !self.targets.is_empty() {
            line = Cow::Owned(NAMED.replace_all(&line, |found: &Captures<'_>| self.named_link(found)).into_owned());
        }
        line.into_owned()
    }
}

/// The indentation that all lines share, not counting blank lines.
fn common_indent(lines: &[&str]) -> usize {
    let indents = lines.iter().filter(|line| !line.trim().is_empty()).map(|line| indent(line));
    indents.min().unwrap_or(0)
}

/// The value of `:key: value` in the options of a directive.
fn option<'t>(lines: &[&'t str], key: &str) -> Option<&'t str> {
    for line in lines {
        match field(line.trim()) {
            Some((found, value)) if found == key => return Some(value),
            _ => {}
        }
    }
    None
}

/// The title between two equal lines of adornment at `at`.
fn overlined<'t>(lines: &[&'t str], at: usize) -> Option<&'t str> {
    let [over, title, under] = *lines.get(at..at + 3)? else { return None };
    let run = over.trim_end();
    let fits = is_run(run, ADORNMENTS, 3) && under.trim_end() == run && title.trim().width() <= run.len();
    let is_title = !title.trim().is_empty() && !is_run(title, ADORNMENTS, 3) && !is_item(title);
    (fits && is_title).then_some(title)
}

/// Parses a link target, `.. _name: url`.
fn target(line: &str) -> Option<(&str, &str)> {
    let (name, url) = line.strip_prefix(".. _")?.split_once(": ")?;
    let url = url.trim();
    (url.contains("://") && !url.contains(' ')).then_some((name.trim_matches('`'), url))
}

fn hidden_line(line: &str) -> String {
    if line.trim().is_empty() { String::new() } else { comment(line.trim()) }
}

fn is_item(line: &str) -> bool {
    let line = line.trim_start();
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '#');
    let numbered = number.len() < line.len() && (number.starts_with(". ") || number.starts_with(") "));
    numbered || ["* ", "- ", "+ ", "• "].iter().any(|marker| line.starts_with(marker))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// The end of the block that begins at `at`: the first line indented by no more than `edge`. Blank lines
/// belong to the block.
fn block_end(lines: &[&str], at: usize, edge: usize) -> usize {
    let ends = |line: &&str| !line.trim().is_empty() && indent(line) <= edge;
    lines[at..].iter().position(ends).map_or(lines.len(), |end| at + end)
}

/// The end of the code block that begins with a blank line at `at`, if a fence can enclose it: it must be
/// followed by a blank line or by nothing.
fn literal_end(lines: &[&str], at: usize, edge: usize) -> Option<usize> {
    let end = block_end(lines, at, edge);
    let begins =
        end > at + 1 && lines[at].trim().is_empty() && lines[at + 1..end].iter().any(|line| !line.trim().is_empty());
    (begins && (end == lines.len() || lines[end - 1].trim().is_empty())).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(to_markdown(text), expected, "{text}");
        assert_eq!(expected.lines().count(), text.lines().count(), "a line for a line");
    }

    #[test]
    fn headings_take_their_level_from_their_order() {
        check(
            "====\n周记\n====\n\n工作\n====\n\n细\n--\n----\n\n生活\n====\n",
            "\n# 周记\n\n\n## 工作\n\n\n细\n--\n----\n\n## 生活\n\n",
        );
        check("News\n~~~~\n\nOld\n----\n\nNew\n~~~~\n", "# News\n\n\n## Old\n\n\n# New\n\n");
    }

    #[test]
    fn rst_directives_become_markdown() {
        check(
            ".. code-block:: go\n   :linenos:\n\n   * x\n   y\n\n文",
            "<!-- .. code-block:: go -->\n<!-- :linenos: -->\n```go\n* x\ny\n```\n文",
        );
        check("如下::\n\n   * x\n\n* 甲", "如下:\n```\n* x\n```\n* 甲");
        check(
            ".. image:: https://a.example/a b.png\n   :alt: 图\n\n文",
            "![图](https://a.example/a%20b.png)\n<!-- :alt: 图 -->\n\n文",
        );
        check(".. note::\n\n   小心\n\n   * 甲\n\n文", "<!-- .. note:: -->\n\n小心\n\n* 甲\n\n文");
        check(".. 注释\n   私\n\n文", "<!-- .. 注释 -->\n<!-- 私 -->\n\n文");
        check("文\n\n    引用\n\n文", "文\n\n> 引用\n\n文");
    }

    #[test]
    fn rst_names_and_roles_become_markdown() {
        check(
            "看 Docs_ 与 `the docs`_ 和 x_y，:pep:`8` [1]_\n\n.. _Docs: https://a.example/\n.. _the docs: https://b.example/\n.. [1] 注",
            "看 [Docs] 与 [the docs] 和 x_y，`8`[^1]\n\n[Docs]: https://a.example/\n[the docs]: https://b.example/\n[^1]: 注",
        );
        check("#. 甲\n#. 乙", "1. 甲\n1. 乙");
    }
}
