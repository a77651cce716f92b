//! Marks of Obsidian, Logseq and similar programs, which Markdown would show literally.
//!
//! Sees single lines outside code. Metadata (block ids, folding, queries) becomes a comment, which is kept
//! but not shown.

use crate::markup::html::comment;
use crate::text::regex;
use regex::{Captures, Regex};
use std::{borrow::Cow, sync::LazyLock};

/// Converts `content`, a line without its indentation, to Markdown; returns `None` if it has no such mark.
pub fn line(content: &str) -> Option<String> {
    let item = content.strip_prefix("- ").unwrap_or(content);
    if is_about_block(item) {
        return Some([&content[..content.len() - item.len()], &comment(item)].concat());
    }
    if content.starts_with('>')
        && content.contains("[!")
        && let Some(found) = CALLOUT.captures(content)
    {
        let title = if found[3].trim().is_empty() { &found[2] } else { found[3].trim() };
        return Some(format!("{}**{title}**  ", &found[1]));
    }
    if content.find('[').is_some_and(|at| content.as_bytes().get(at + 2) == Some(&b']'))
        && let Some(found) = TASK.captures(content)
    {
        let done = if &found[2] == "-" { 'x' } else { ' ' };
        return Some(format!("{}[{done}] {}", &found[1], &content[found[0].len()..]));
    }
    None
}

/// Converts marks within a part of a line that has no code.
pub fn inline(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains("{{")
        && let Cow::Owned(mended) = MACRO.replace_all(&text, unfold)
    {
        text = Cow::Owned(mended);
    }
    for (sign, pattern, with) in MARKUP.iter() {
        if text.contains(sign)
            && let Cow::Owned(mended) = pattern.replace_all(&text, *with)
        {
            text = Cow::Owned(mended);
        }
    }
    text
}

/// Returns true if a line may have any of these marks. This is a quick check before the regexes.
pub fn may_have_markup(content: &str) -> bool {
    let bytes = content.as_bytes();
    let is_mark = |at: usize| match bytes[at] {
        b'(' => bytes.get(at + 1) == Some(&b'('),
        b'[' => bytes.get(at + 1) == Some(&b'#'),
        b'!' => bytes[at..].starts_with(b"![["),
        _ => true,
    };
    let signs = memchr::memchr3_iter(b'^', b'=', b'{', bytes).chain(memchr::memchr_iter(b'%', bytes));
    signs.chain(memchr::memchr3_iter(b'(', b'[', b'!', bytes)).any(is_mark)
}

/// Returns true for `key:: value` alone on its line, a property of a block.
pub fn is_property(content: &str) -> bool {
    static PROPERTY: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:[A-Za-z][\w-]{0,40}|\p{Han}{1,8})::\s+\S"));
    let colon = memchr::memchr(b':', content.as_bytes());
    colon.is_some_and(|colon| content[colon..].starts_with("::")) && PROPERTY.is_match(content)
}

/// Moves comments at the start of `content` to its end. A block that begins with a comment is HTML, in
/// which Markdown is not read.
pub fn comments_last(content: &str) -> Option<String> {
    let start = content.find("<!--")?;
    if !content[..start].bytes().all(|byte| b"-*+> .)0123456789".contains(&byte)) {
        return None;
    }
    let mut rest = &content[start..];
    while rest.starts_with("<!--") {
        rest = rest[rest.find("-->")? + 3..].trim_start();
    }
    let comments = content[start..content.len() - rest.len()].trim_end();
    (!rest.is_empty()).then(|| [&content[..start], rest, comments].concat())
}

/// Returns true if a comment, `%% …`, begins on this line and does not end on it.
pub fn opens_comment(content: &str) -> bool {
    content.starts_with("%%") && !content[2..].contains("%%")
}

/// Returns true for the start of a drawer, such as `:LOGBOOK:`, which ends at `:END:`.
pub fn opens_drawer(content: &str) -> bool {
    matches!(content.trim_end(), ":LOGBOOK:" | ":PROPERTIES:")
}

/// The language of `#+BEGIN_SRC`, which is empty for `#+BEGIN_EXAMPLE`.
pub fn begins_code(content: &str) -> Option<&str> {
    let rest = content.strip_prefix("#+BEGIN_").or_else(|| content.strip_prefix("#+begin_"))?;
    let mut words = rest.split_whitespace();
    let name = words.next()?;
    (name.eq_ignore_ascii_case("src") || name.eq_ignore_ascii_case("example"))
        .then(|| words.next().filter(|word| !word.contains('`')).unwrap_or_default())
}

pub fn ends_code(content: &str) -> bool {
    let content = content.trim_end();
    content.eq_ignore_ascii_case("#+end_src") || content.eq_ignore_ascii_case("#+end_example")
}

/// Returns true for metadata that a program stores about a block.
fn is_about_block(content: &str) -> bool {
    static ABOUT: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(?:(?:id::\s+[0-9a-f]{8}-[0-9a-f-]{27}|(?:collapsed|heading|logseq\.[\w.-]+|query-[\w-]+|background-color|(?:created|updated)-at|ls-type|hl-[\w-]+|card-[\w-]+)::\s.*)|(?:SCHEDULED|DEADLINE|CLOSED): [<\[]\d{4}-\d\d-\d\d.*|#\+(?:BEGIN|END|begin|end)_[A-Za-z]+.*|\{:[^{}]*\}|\^[A-Za-z0-9-]+)\s*$",
        )
    });
    content.starts_with(|c: char| c.is_ascii_lowercase() || matches!(c, 'S' | 'D' | 'C' | '#' | '{' | '^'))
        && ABOUT.is_match(content)
}

/// Callouts of Obsidian and GitHub: `> [!note]- Title`.
static CALLOUT: LazyLock<Regex> = LazyLock::new(|| regex(r"^((?:>\s*)+)\[!([A-Za-z][\w-]*)[^\]]*\][+-]?(.*)$"));

/// Tasks that are neither open nor done, which some themes have.
static TASK: LazyLock<Regex> = LazyLock::new(|| regex(r"^((?:[-*+]|\d{1,3}[.)]) )\[([/>!?*<-])\] "));

/// Marks within a line: a string that every line with the mark has, its pattern and its replacement.
static MARKUP: LazyLock<[(&str, Regex, &str); 9]> = LazyLock::new(|| {
    [
        ("((", regex(r" ?\(\(([0-9a-f]{8}-[0-9a-f-]{27})\)\)"), "<!--${0}-->"),
        ("^", regex(r"\s(\^(?:[A-Za-z][A-Za-z0-9-]{3,}|[0-9a-z]{6}))\s*$"), " <!--${1}-->"),
        ("){:", regex(r"\)(\{:[^{}<>]*\})"), ")<!--${1}-->"),
        ("![[", regex(r"!\[\[([^\[\]|]+)\|\d+(?:x\d+)?\]\]"), "![[${1}]]"),
        ("[#", regex(r"^((?:[-*+] )?(?:[A-Z]{3,11} )?)(\[#[ABC]\]) "), "${1}<!--${2}-->"),
        ("%%", regex(r"(?:^|\s)%%([^%<>]+)%%"), "<!--%%${1}%%-->"),
        ("==", regex(r"(^|[^=A-Za-z0-9])==([^\s=](?:[^=]*[^\s=])?)==($|[^=A-Za-z0-9])"), "${1}**${2}**${3}"),
        ("^^", regex(r"(^|[^\^A-Za-z0-9])\^\^([^\s\^](?:[^\^]*[^\s\^])?)\^\^($|[^\^A-Za-z0-9])"), "${1}**${2}**${3}"),
        ("{{{", regex(r"\{\{\{([^{}<>]*)\}\}\}"), "<!--{{{${1}}}}-->"),
    ]
});

/// Macros of Logseq that show something else in their place, such as `{{query …}}`.
static MACRO: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"\{\{(query|renderer|function|namespace|embed|video|youtube|twitter|tweet|cloze)\s+([^{}]*)\}\}")
});

/// Hides `text` in a comment in which no other mark is found.
fn apart(text: &str) -> String {
    comment(&text.replace("((", "( (").replace("%%", "% %"))
}

/// Replaces a macro by the page or URL it shows, and hides any other macro.
fn unfold(found: &Captures<'_>) -> String {
    let inner = found[2].trim();
    match &found[1] {
        "query" | "renderer" | "function" | "namespace" => apart(&found[0]),
        _ if inner.starts_with("((") => apart(&found[0]),
        _ => inner.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_about_blocks_are_hidden() {
        for content in [
            "id:: 6453a1b2-0000-4000-8000-000000000001",
            "collapsed:: true",
            "SCHEDULED: <2023-05-03 Wed>",
            "#+BEGIN_QUOTE",
            "^block-id",
            "{:.wide}",
            "collapsed:: false ",
        ] {
            assert!(line(content).is_some_and(|line| line.starts_with("<!-- ")), "{content}");
        }
        assert_eq!(line("- #+BEGIN_QUOTE").as_deref(), Some("- <!-- #+BEGIN_QUOTE -->"));
        for content in ["id:: 12", "std::vector 好", "^", "x ^2", "类型:: 书", "DEADLINE: soon", "> 引用", "- [x] 完"]
        {
            assert_eq!(line(content), None, "{content}");
        }
    }

    #[test]
    fn comments_move_to_the_end_of_their_block() {
        for (content, expected) in [
            ("- <!--a--> 甲 [b](/c)", Some("- 甲 [b](/c)<!--a-->")),
            ("> <!--a--><!--b-->甲", Some("> 甲<!--a--><!--b-->")),
            ("<!--a-->", None),
            ("甲<!--a-->", None),
            ("<!--a", None),
        ] {
            assert_eq!(comments_last(content).as_deref(), expected, "{content}");
        }
    }

    #[test]
    fn wiki_markup_becomes_what_it_shows() {
        for (text, expected) in [
            ("> [!note]- 标题", "> **标题**  "),
            ("> [!WARNING]", "> **WARNING**  "),
            ("- [/] 半", "- [ ] 半"),
            ("- [-] 罢", "- [x] 罢"),
        ] {
            assert_eq!(line(text).as_deref(), Some(expected), "{text}");
        }
        for (text, expected) in [
            ("看 ((6453a1b2-0000-4000-8000-000000000001))", "看<!-- ((6453a1b2-0000-4000-8000-000000000001))-->"),
            ("文档 ^abc123", "文档 <!--^abc123-->"),
            ("![[图.png|300]] ![[图.png|说明]]", "![[图.png]] ![[图.png|说明]]"),
            ("说==重点==了", "说**重点**了"),
            ("前 %%私下 https://a.example%% 后", "前<!--%%私下 https://a.example%%--> 后"),
            ("{{embed [[网关]]}}", "[[网关]]"),
            ("{{embed ((6453a1b2))}}", "<!-- {{embed ( (6453a1b2))}} -->"),
            ("{{video https://v.example/1}}", "https://v.example/1"),
            ("{{query (task TODO)}}", "<!-- {{query (task TODO)}} -->"),
            ("![x](a.png){:height 200}", "![x](a.png)<!--{:height 200}-->"),
            ("- TODO [#A] 修", "- TODO <!--[#A]-->修"),
        ] {
            assert_eq!(inline(text), expected, "{text}");
        }
        for text in ["a==b==c", "if a == b && c == d", "100%% 与 50%%", "2 ^10", "{{ page.title }}", "f((x))", "[#12]"]
        {
            assert_eq!(inline(text), text, "{text}");
        }
    }
}
