//! Dialects: converts Org, AsciiDoc, reStructuredText and MDX to Markdown.
//!
//! Each line stays one line, so that line numbers stay correct. Metadata becomes an HTML comment, which is
//! kept but not shown. A dialect is recognized by the file ending, or by syntax that no Markdown has.

mod asciidoc;
mod org;
mod rst;

use crate::markup::html::comment;
use std::borrow::Cow;

/// A markup that is not Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Org,
    AsciiDoc,
    Rst,
    Mdx,
}

impl Dialect {
    pub fn of(path: &str, text: &str) -> Option<Dialect> {
        let by_name = FileEnding::of(path).and_then(|ending| ending.dialect);
        match by_name {
            Some(dialect) => Some(dialect),
            None if asciidoc::is_likely(text) => Some(Dialect::AsciiDoc),
            None if rst::is_likely(text) => Some(Dialect::Rst),
            None => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Dialect::Org => "Org",
            Dialect::AsciiDoc => "AsciiDoc",
            Dialect::Rst => "reStructuredText",
            Dialect::Mdx => "MDX",
        }
    }

    pub fn to_markdown(self, text: &str) -> String {
        match self {
            Dialect::Org => org::to_markdown(text),
            Dialect::AsciiDoc => asciidoc::to_markdown(text),
            Dialect::Rst => rst::to_markdown(text),
            Dialect::Mdx => mdx_to_markdown(text),
        }
    }

    /// Keys and values of the `:key: value` lines at the head of `text`.
    pub fn fields(self, text: &str) -> impl Iterator<Item = (&str, &str)> {
        let head = if matches!(self, Dialect::AsciiDoc | Dialect::Rst) { HEAD } else { 0 };
        text.lines().take(head).filter_map(field)
    }
}

/// Returns true if a file of this name is a note by default.
pub fn is_note(path: &str) -> bool {
    FileEnding::of(path).is_some_and(|ending| ending.is_note)
}

/// The endings of files that are notes by default.
pub fn note_endings() -> impl Iterator<Item = &'static str> {
    ENDINGS.iter().filter(|ending| ending.is_note).map(|ending| ending.name)
}

/// A known ending of a file name.
struct FileEnding {
    name: &'static str,
    /// The dialect, or `None` for Markdown unless the text looks like another markup.
    dialect: Option<Dialect>,
    is_note: bool,
}

impl FileEnding {
    const fn note(name: &'static str, dialect: Option<Dialect>) -> FileEnding {
        FileEnding { name, dialect, is_note: true }
    }

    /// The ending of the file at `path`, in any case, if it is one of [`ENDINGS`].
    fn of(path: &str) -> Option<&'static FileEnding> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (stem, ending) = name.rsplit_once('.')?;
        ENDINGS.iter().find(|known| !stem.is_empty() && known.name.eq_ignore_ascii_case(ending))
    }
}

/// All known endings. An `.asc` file is usually a signature, so it is a note only if `include` of a source
/// names it.
const ENDINGS: [FileEnding; 12] = [
    FileEnding::note("md", None),
    FileEnding::note("markdown", None),
    FileEnding::note("mdown", None),
    FileEnding::note("mdx", Some(Dialect::Mdx)),
    FileEnding::note("txt", None),
    FileEnding::note("text", None),
    FileEnding::note("plan", None),
    FileEnding::note("org", Some(Dialect::Org)),
    FileEnding::note("rst", Some(Dialect::Rst)),
    FileEnding::note("adoc", Some(Dialect::AsciiDoc)),
    FileEnding::note("asciidoc", Some(Dialect::AsciiDoc)),
    FileEnding { name: "asc", dialect: Some(Dialect::AsciiDoc), is_note: false },
];

/// Lines at the head of a note that may hold metadata.
const HEAD: usize = 40;

/// Parses `:key: value`.
fn field(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_prefix(':')?.split_once(':')?;
    let is_key = !key.is_empty()
        && key.len() <= 40
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ' ' | '!'));
    (is_key && (value.is_empty() || value.starts_with(' '))).then_some((key, value.trim()))
}

/// Returns true if `line` consists of one character of `marks`, repeated at least `least` times.
fn is_run(line: &str, marks: &str, least: usize) -> bool {
    let line = line.trim_end();
    let first = line.chars().next();
    line.len() >= least && first.is_some_and(|first| marks.contains(first) && line.chars().all(|c| c == first))
}

/// Hides imports, exports and component tags of MDX, and keeps the text inside components.
fn mdx_to_markdown(text: &str) -> String {
    let (mut out, mut fence, mut code) = (String::with_capacity(text.len()), false, false);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let content = line.trim_start();
        fence ^= content.starts_with("```");
        let begins = ["import ", "export "].iter().any(|word| line.starts_with(word));
        code = !fence && !content.is_empty() && (code || begins);
        let is_aside = content.starts_with("{/*") && content.trim_end().ends_with("*/}");
        if code || !fence && is_aside {
            out.push_str(&comment(line));
        } else {
            out.push_str(&if fence { Cow::Borrowed(line) } else { without_components(line) });
        }
    }
    out
}

/// Removes the tags of components, whose names begin with a capital letter.
fn without_components(line: &str) -> Cow<'_, str> {
    if !line.contains('<') {
        return line.into();
    }
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find('<') {
        let tag = rest[start + 1..].trim_start_matches('/');
        let name = tag.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.');
        let is_component = tag.starts_with(|c: char| c.is_ascii_uppercase()) && name.starts_with([' ', '/', '>']);
        if let Some(end) = rest[start..].find('>').filter(|_| is_component) {
            out.push_str(&rest[..start]);
            rest = &rest[start + end + 1..];
        } else {
            out.push_str(&rest[..=start]);
            rest = &rest[start + 1..];
        }
    }
    out.push_str(rest);
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dialects_are_known_by_what_no_markdown_looks_like() {
        for (path, text, expected) in [
            ("a.txt", "= 周记\n\n== 工作\n\n* 甲\n", Some(Dialect::AsciiDoc)),
            ("a.txt", "甲\n\n== 工作\n\nlink:https://a.example[x]\n", Some(Dialect::AsciiDoc)),
            ("a.txt", "====\n周记\n====\n\n* 甲\n", Some(Dialect::Rst)),
            ("a.txt", "News\n====\n\n.. image:: a.png\n", Some(Dialect::Rst)),
            ("a.mdx", "# x\n", Some(Dialect::Mdx)),
            ("a.md", "# 周记\n\n== 高亮 ==\n", None),
            ("a.md", "News\n====\n\n* one\n\nMore\n----\n", None),
            ("a.txt", "一段\n\n----\n二段\n----\n三段\n", None),
            ("a.md", "```\n= a\n.. image:: b\n```\n", None),
        ] {
            assert_eq!(Dialect::of(path, text), expected, "{text}");
        }
    }

    #[test]
    fn mdx_shows_its_text() {
        let text = "import { A } from './a'\n\nexport const m = {\n  a: 1,\n}\n\n<Tabs a=\"1\">\n\n- 甲 <Badge>新</Badge> <b>粗</b> <Namespace名字>\n\n</Tabs>\n{/* 注 */}\n```\nimport x\n<A>\n```";
        assert_eq!(
            mdx_to_markdown(text),
            "<!-- import { A } from './a' -->\n\n<!-- export const m = { -->\n<!--   a: 1, -->\n<!-- } -->\n\n\n\n- 甲 新 <b>粗</b> <Namespace名字>\n\n\n<!-- {/* 注 */} -->\n```\nimport x\n<A>\n```"
        );
    }
}
