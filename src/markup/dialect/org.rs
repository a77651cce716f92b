//! Org: converts it to Markdown. Each line of Org becomes one line of Markdown, so that line numbers stay
//! correct.
//!
//! Metadata (drawers, planning lines, comments, keywords) becomes an HTML comment, which is kept but not
//! shown.

use crate::text::regex;
use regex::{Captures, Regex};
use std::{borrow::Cow, sync::LazyLock};

/// Converts `text` to Markdown.
pub fn to_markdown(text: &str) -> String {
    let mut state = OrgState::Text;
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        out.push_str(&state.line(line));
    }
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OrgState {
    Text,
    /// Inside a block whose lines are not read as Org.
    Code,
    Quote,
    Drawer,
}

impl OrgState {
    fn line<'t>(&mut self, line: &'t str) -> Cow<'t, str> {
        let content = line.trim_start();
        let indent = &line[..line.len() - content.len()];
        if *self == OrgState::Code && !is_keyword(content, "#+end_") {
            return Cow::Borrowed(line);
        }
        if let Some(block) = keyword(content, "#+begin_") {
            return self.begin(indent, block);
        }
        if is_keyword(content, "#+end_") {
            return match std::mem::replace(self, OrgState::Text) {
                OrgState::Code => [indent, "```"].concat().into(),
                _ => hidden(indent, content),
            };
        }
        if *self == OrgState::Drawer || is_drawer(content) {
            *self = if content.trim_end().eq_ignore_ascii_case(":end:") { OrgState::Text } else { OrgState::Drawer };
            return hidden(indent, content);
        }
        if is_about_text(content) {
            return hidden(indent, content);
        }
        let content = if indent.is_empty() { heading(content) } else { Cow::Borrowed(content) };
        let quote = if *self == OrgState::Quote { "> " } else { "" };
        [indent, quote, &inline(&content)].concat().into()
    }

    fn begin<'t>(&mut self, indent: &str, block: &'t str) -> Cow<'t, str> {
        let (name, rest) = block.split_once(' ').unwrap_or((block, ""));
        if matches!(name.to_ascii_lowercase().as_str(), "src" | "example" | "export" | "comment") {
            *self = OrgState::Code;
            let language = rest.split_whitespace().next().filter(|word| !word.contains('`')).unwrap_or_default();
            return [indent, "```", language].concat().into();
        }
        *self = OrgState::Quote;
        hidden(indent, block)
    }
}

/// The rest of `content` after `name`, compared without case.
fn keyword<'t>(content: &'t str, name: &str) -> Option<&'t str> {
    content.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name)).map(|_| content[name.len()..].trim_end())
}

fn is_keyword(content: &str, name: &str) -> bool {
    keyword(content, name).is_some()
}

/// Returns true for the start of a drawer: `:PROPERTIES:`, `:LOGBOOK:`.
fn is_drawer(content: &str) -> bool {
    let name = content.trim_end().strip_prefix(':').and_then(|rest| rest.strip_suffix(':'));
    name.is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_' || byte == b'-')
    })
}

/// Returns true for keywords, comments and planning lines.
fn is_about_text(content: &str) -> bool {
    content.starts_with("#+")
        || content == "#"
        || content.starts_with("# ")
        || ["SCHEDULED:", "DEADLINE:", "CLOSED:"].iter().any(|word| content.starts_with(word))
}

/// Hides a line. Timestamps keep their `>`, since it ends a comment only after two hyphens.
fn hidden<'t>(indent: &str, content: &'t str) -> Cow<'t, str> {
    [indent, "<!-- ", &content.replace("--", "- -").replace("-->", "- ->"), " -->"].concat().into()
}

/// Converts `** TODO [#A] title  :tag:` to a heading with hashtags.
fn heading(content: &str) -> Cow<'_, str> {
    static PRIORITY: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^(?:DONE\s+)?((?:[A-Z]{3,11}\s+)?)(?:\[#[A-Z0-9]\]\s+)?"));
    let stars = content.bytes().take_while(|byte| *byte == b'*').count();
    if stars == 0 || !content[stars..].starts_with(' ') {
        return Cow::Borrowed(content);
    }
    let title = content[stars..].trim();
    let title = PRIORITY.replace(title, "${1}");
    let (title, tags) = match title.rsplit_once(char::is_whitespace) {
        Some((before, tags)) if tags.len() > 2 && tags.starts_with(':') && tags.ends_with(':') => (before, tags),
        _ => (&*title, ""),
    };
    let mut heading = [&"######"[..stars.min(6)], " ", title.trim_end()].concat();
    for tag in tags.split(':').filter(|tag| !tag.is_empty()) {
        heading.push_str(" #");
        heading.push_str(tag);
    }
    heading.into()
}

/// Converts links, verbatim text, emphasis and the rules of tables.
fn inline(content: &str) -> Cow<'_, str> {
    static LINK: LazyLock<Regex> = LazyLock::new(|| regex(r"\[\[([^\[\]]+)\](?:\[([^\[\]]+)\])?\]"));
    static VERBATIM: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"(^|[\s(（“"，。：、；])[=~]([^\s=~`](?:[^=~`]*[^\s=~`])?)[=~]($|[\s)）”".,:;!?，。：、；！？-])"#)
    });
    static BOLD: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"(^|[\s(（“"，。：、；])\*([^\s*](?:[^*]*[^\s*])?)\*($|[\s)）”".,:;!?，。：、；！？-])"#)
    });
    static ITALIC: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"(^|[\s（“"，。：、；])/([^\s/](?:[^/]*[^\s/])?)/($|[\s)）”".,:;!?，。：、；！？-])"#)
    });
    static STRUCK: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"(^|[\s(（“"，。：、；])\+([^\s+](?:[^+]*[^\s+])?)\+($|[\s)）”".,:;!?，。：、；！？-])"#)
    });
    if content.starts_with("|-") {
        return content.replace('+', "|").into();
    }
    let content =
        LINK.replace_all(content, |found: &Captures<'_>| link(&found[1], found.get(2).map(|label| label.as_str())));
    let content = replace(content, &VERBATIM, "${1}`${2}`${3}");
    if !content.contains(['*', '/', '+']) {
        return content;
    }
    let mut parts: Vec<Cow<'_, str>> = content.split('`').map(Cow::Borrowed).collect();
    // Every other part is verbatim.
    for part in parts.iter_mut().step_by(2) {
        let text = replace(std::mem::take(part), &BOLD, "${1}**${2}**${3}");
        let text = replace(text, &ITALIC, "${1}*${2}*${3}");
        *part = replace(text, &STRUCK, "${1}~~${2}~~${3}");
    }
    parts.join("`").into()
}

fn replace<'t>(content: Cow<'t, str>, pattern: &Regex, with: &str) -> Cow<'t, str> {
    match pattern.replace_all(&content, with) {
        Cow::Borrowed(_) => content,
        Cow::Owned(replaced) => replaced.into(),
    }
}

/// Converts a link: to a Markdown link if it leads to the web, to a wiki link otherwise.
fn link(target: &str, label: Option<&str>) -> String {
    match label {
        Some(label) if target.contains("://") => format!("[{label}]({})", target.replace(' ', "%20")),
        None if target.contains("://") => format!("<{target}>"),
        Some(label) => format!("[[{target}|{label}]]"),
        None => format!("[[{target}]]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(org: &str, markdown: &str) {
        assert_eq!(to_markdown(org), markdown, "{org}");
    }

    #[test]
    fn org_headings_and_links_become_markdown() {
        check("* 技术  :ebpf:网络:\n** TODO 子题", "# 技术 #ebpf #网络\n## TODO 子题");
        check("*** DONE [#A] 写完\n*粗体* 不是标题", "### 写完\n**粗体** 不是标题");
        check(
            "- 看 [[https://a.example][文档]]、[[https://b.example]]",
            "- 看 [文档](https://a.example)、<https://b.example>",
        );
        check("见 [[file:x.org][另一篇]] 与 [[标题]]", "见 [[file:x.org|另一篇]] 与 [[标题]]");
        check("用 =a b= 和 ~c~，a=b，x ~ y", "用 `a b` 和 `c`，a=b，x ~ y");
        check("|---+---|", "|---|---|");
        check("/斜/ 与 +删+，a/b/c 和 /usr/bin/env", "*斜* 与 ~~删~~，a/b/c 和 /usr/bin/env");
        check("看 =x /y/ *z*= 与 [[https://a.example/b/][/c/]]", "看 `x /y/ *z*` 与 [/c/](https://a.example/b/)");
        check("** TODO [#A] 写", "## TODO 写");
    }

    #[test]
    fn org_blocks_become_markdown() {
        check("#+BEGIN_SRC sh\n* x\n- [[y]]\n#+END_SRC\n* z", "```sh\n* x\n- [[y]]\n```\n# z");
        check("#+begin_quote\n引用\n#+end_quote", "<!-- quote -->\n> 引用\n<!-- #+end_quote -->");
        check("# a ---> b", "<!-- # a - - -> b -->");
        check(
            ":PROPERTIES:\n:ID: a--b\n:END:\n正文",
            "<!-- :PROPERTIES: -->\n<!-- :ID: a- -b -->\n<!-- :END: -->\n正文",
        );
        check(
            "# 注释\n  SCHEDULED: <2024-05-01 Wed>\n#tag",
            "<!-- # 注释 -->\n  <!-- SCHEDULED: <2024-05-01 Wed> -->\n#tag",
        );
    }
}
