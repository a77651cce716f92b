//! HTML in notes, read once for search, references, export and the screen.
//!
//! One table gives the meaning of each tag. Anything else in angle brackets stays text: people write
//! `<Namespace名字>` and mean it.

use pulldown_cmark::{Event, Parser};
use std::borrow::Cow;

/// A style that tags and Markdown emphasis give to text, and that nests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InlineStyle {
    Bold,
    Italic,
    Strike,
    Code,
}

/// A part of HTML that is shown or changes how text is shown. Comments and other tags give no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HtmlToken<'a> {
    /// Text of one line, with character references decoded.
    Text(Cow<'a, str>),
    Open(InlineStyle),
    Close(InlineStyle),
    /// The URL of a link whose text follows.
    Link(Cow<'a, str>),
    LinkEnd,
    Image {
        url: Cow<'a, str>,
        label: Cow<'a, str>,
    },
    /// The URL of a frame, a video or a sound. It becomes a link without text of its own.
    Media(Cow<'a, str>),
    /// The end of a line, unless the line is empty.
    LineEnd,
    /// `<br>`, which ends a line even if it is empty.
    Break,
    CellEnd,
}

/// The effect of a tag on the text around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TagMeaning {
    Style(InlineStyle),
    Link,
    Image,
    Media,
    Break,
    /// Begins and ends a line.
    Block,
    Preformatted,
    Cell,
    /// A tag that is not shown; its content is.
    Hidden,
}

/// Every tag that is understood. Tags missing here are shown as they are written.
const TAGS: [(&str, TagMeaning); 71] = {
    use TagMeaning::{Block, Break, Cell, Hidden, Image, Link, Media, Preformatted, Style};
    [
        ("a", Link),
        ("abbr", Hidden),
        ("article", Block),
        ("aside", Block),
        ("audio", Media),
        ("b", Style(InlineStyle::Bold)),
        ("blockquote", Block),
        ("body", Block),
        ("br", Break),
        ("button", Hidden),
        ("center", Block),
        ("cite", Hidden),
        ("code", Style(InlineStyle::Code)),
        ("dd", Block),
        ("del", Style(InlineStyle::Strike)),
        ("details", Block),
        ("div", Block),
        ("dl", Block),
        ("dt", Block),
        ("em", Style(InlineStyle::Italic)),
        ("figcaption", Block),
        ("figure", Block),
        ("font", Hidden),
        ("footer", Block),
        ("h1", Block),
        ("h2", Block),
        ("h3", Block),
        ("h4", Block),
        ("h5", Block),
        ("h6", Block),
        ("header", Block),
        ("hr", Block),
        ("i", Style(InlineStyle::Italic)),
        ("iframe", Media),
        ("img", Image),
        ("ins", Hidden),
        ("kbd", Style(InlineStyle::Code)),
        ("li", Block),
        ("main", Block),
        ("mark", Hidden),
        ("nav", Block),
        ("ol", Block),
        ("p", Block),
        ("picture", Hidden),
        ("pre", Preformatted),
        ("q", Hidden),
        ("s", Style(InlineStyle::Strike)),
        ("samp", Style(InlineStyle::Code)),
        ("section", Block),
        ("small", Hidden),
        ("source", Media),
        ("span", Hidden),
        ("strike", Style(InlineStyle::Strike)),
        ("strong", Style(InlineStyle::Bold)),
        ("style", Hidden),
        ("sub", Hidden),
        ("summary", Block),
        ("sup", Hidden),
        ("table", Block),
        ("tbody", Block),
        ("td", Cell),
        ("tfoot", Block),
        ("th", Cell),
        ("thead", Block),
        ("tr", Block),
        ("tt", Style(InlineStyle::Code)),
        ("u", Hidden),
        ("ul", Block),
        ("var", Hidden),
        ("video", Media),
        ("wbr", Hidden),
    ]
};

fn meaning_of(name: &str) -> Option<TagMeaning> {
    TAGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, meaning)| *meaning)
}

/// The tokens of a piece of HTML, each with the byte at which it begins.
pub struct HtmlReader<'a> {
    html: &'a str,
    at: usize,
    is_at_line_start: bool,
    is_preformatted: bool,
    /// Bytes that may still be scanned for the end of tags that have none.
    budget: usize,
}

/// Bytes scanned for missing ends per byte of HTML. The limit is generous for real notes and keeps hostile
/// input linear.
const BUDGET: usize = 16;

impl<'a> HtmlReader<'a> {
    pub fn new(html: &'a str) -> HtmlReader<'a> {
        HtmlReader { html, at: 0, is_at_line_start: true, is_preformatted: false, budget: html.len() * BUDGET }
    }

    /// Reads one tag, comment or text at the current byte. Returns `None` if it shows nothing.
    fn token(&mut self) -> Option<HtmlToken<'a>> {
        let rest = &self.html[self.at..];
        if rest.starts_with('\n') {
            self.at += 1;
            return Some(self.line_feed());
        }
        if rest.starts_with("<!--") {
            // A comment without an end hides the rest, as it does in browsers.
            self.at = rest[2..].find("-->").map_or(self.html.len(), |end| self.at + 2 + end + 3);
            return None;
        }
        let is_sign = rest.starts_with('<');
        if is_sign && let Some(tag) = self.tag(rest) {
            self.at += tag.length;
            return self.token_of(&tag);
        }
        let first = usize::from(is_sign);
        let length = rest[first..].find(['<', '\n']).map_or(rest.len(), |end| first + end);
        self.at += length;
        self.text(&rest[..length])
    }

    /// A line feed ends a line. In preformatted text an empty line counts too.
    fn line_feed(&mut self) -> HtmlToken<'a> {
        let is_empty_line = std::mem::replace(&mut self.is_at_line_start, true);
        if is_empty_line && self.is_preformatted { HtmlToken::Break } else { HtmlToken::LineEnd }
    }

    fn text(&mut self, text: &'a str) -> Option<HtmlToken<'a>> {
        // The indentation of a tag is layout of the file; that of text may be meant.
        let is_layout = self.is_at_line_start && !self.is_preformatted;
        if is_layout && text.trim_ascii().is_empty() {
            return None;
        }
        self.is_at_line_start = false;
        Some(HtmlToken::Text(decoded(text)))
    }

    /// The tag at the start of `text`, if it is one of [`TAGS`].
    fn tag(&mut self, text: &'a str) -> Option<HtmlTag<'a>> {
        let inner = text.strip_prefix('<')?;
        let (is_end, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        let (name, after_name) = inner.split_at(inner.find(|c: char| !c.is_ascii_alphanumeric())?);
        if !after_name.starts_with([' ', '\t', '\r', '\n', '/', '>']) {
            return None;
        }
        let meaning = meaning_of(name)?;
        match tag_end(&after_name.as_bytes()[..after_name.len().min(self.budget)]) {
            Ok(end) => {
                let length = text.len() - after_name.len() + end + 1;
                Some(HtmlTag { meaning, is_end, attributes: &after_name[..end], length })
            }
            Err(read) => {
                self.budget -= read;
                None
            }
        }
    }

    fn token_of(&mut self, tag: &HtmlTag<'a>) -> Option<HtmlToken<'a>> {
        match tag.meaning {
            TagMeaning::Style(style) if tag.is_end => Some(HtmlToken::Close(style)),
            TagMeaning::Style(style) => Some(HtmlToken::Open(style)),
            TagMeaning::Link if tag.is_end => Some(HtmlToken::LinkEnd),
            TagMeaning::Link => tag.attribute("href").map(HtmlToken::Link),
            TagMeaning::Image if tag.is_end => None,
            TagMeaning::Image => {
                self.is_at_line_start = false;
                Some(HtmlToken::Image { url: tag.url("src"), label: tag.attribute("alt").unwrap_or_default() })
            }
            TagMeaning::Media => {
                let url = tag.url("src");
                (!tag.is_end && !url.is_empty()).then_some(HtmlToken::Media(url))
            }
            TagMeaning::Break => {
                self.is_at_line_start = true;
                Some(HtmlToken::Break)
            }
            TagMeaning::Block => {
                self.is_at_line_start = true;
                Some(HtmlToken::LineEnd)
            }
            TagMeaning::Preformatted => {
                self.is_preformatted = !tag.is_end;
                // A line feed right after the tag is no line of the text.
                if self.is_preformatted && self.html[self.at..].starts_with('\n') {
                    self.at += 1;
                }
                self.is_at_line_start = true;
                Some(HtmlToken::LineEnd)
            }
            TagMeaning::Cell => tag.is_end.then_some(HtmlToken::CellEnd),
            TagMeaning::Hidden => None,
        }
    }
}

impl<'a> Iterator for HtmlReader<'a> {
    type Item = (usize, HtmlToken<'a>);

    fn next(&mut self) -> Option<(usize, HtmlToken<'a>)> {
        while self.at < self.html.len() {
            let start = self.at;
            if let Some(token) = self.token() {
                return Some((start, token));
            }
        }
        None
    }
}

struct HtmlTag<'a> {
    meaning: TagMeaning,
    is_end: bool,
    attributes: &'a str,
    /// Bytes from `<` to `>`, both included.
    length: usize,
}

impl<'a> HtmlTag<'a> {
    /// The decoded value of the attribute `name`. The first one counts if it is given twice.
    fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        let mut rest = self.attributes;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            let first = rest.chars().next()?;
            let after_first = &rest[first.len_utf8()..];
            let after_key = after_first.trim_start_matches(|c: char| !c.is_ascii_whitespace() && c != '=' && c != '/');
            let key = &rest[..rest.len() - after_key.len()];
            let (value, after) = attribute_value(after_key);
            if key.eq_ignore_ascii_case(name) {
                return Some(decoded(value));
            }
            rest = after;
        }
    }

    /// The URL in the attribute `name`, or an empty one.
    fn url(&self, name: &str) -> Cow<'a, str> {
        self.attribute(name).unwrap_or_default()
    }
}

/// Splits `text`, which follows the name of an attribute, into its value and the rest of the tag.
/// Without `=` the value is empty.
fn attribute_value(text: &str) -> (&str, &str) {
    let Some(value) = text.trim_ascii_start().strip_prefix('=') else { return ("", text) };
    let value = value.trim_ascii_start();
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
        _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
    }
}

/// The index of the `>` that ends a tag, or the number of bytes read when there is none before the next
/// `<`. Neither counts within a quoted value.
fn tag_end(bytes: &[u8]) -> Result<usize, usize> {
    let (mut quote, mut is_value) = (None, false);
    for (at, byte) in bytes.iter().copied().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (None, b'>') => return Ok(at),
            (None, b'<') => return Err(at),
            (None, b'"' | b'\'') if is_value => quote = Some(byte),
            _ => {}
        }
        is_value = byte == b'=' || is_value && byte.is_ascii_whitespace();
    }
    Err(bytes.len())
}

/// Replaces the character references of `text` (`&amp;`, `&#20013;`), each once.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        let length = reference_length(&rest[start..]);
        push_decoded(&mut out, &rest[start..start + length]);
        rest = &rest[start + length..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Bytes of the longest character reference of HTML, `&CounterClockwiseContourIntegral;`.
const LONGEST_REFERENCE: usize = 33;

/// The length of the character reference at the start of `text`, or that of `&` if there is none.
fn reference_length(text: &str) -> usize {
    let bytes = text.as_bytes().iter().take(LONGEST_REFERENCE);
    let inner = bytes.skip(1).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    if text[1 + inner..].starts_with(';') { inner + 2 } else { 1 }
}

/// Appends the character that `reference` names, which the Markdown parser knows. Unknown names stay.
fn push_decoded(out: &mut String, reference: &str) {
    match reference {
        "&" | "&amp;" => out.push('&'),
        "&lt;" => out.push('<'),
        "&gt;" => out.push('>'),
        "&quot;" => out.push('"'),
        _ => {
            for event in Parser::new(reference) {
                if let Event::Text(text) = event {
                    out.push_str(&text);
                }
            }
        }
    }
}

/// Hides `content` in a comment.
pub(super) fn comment(content: &str) -> String {
    ["<!-- ", &comment_text(content), " -->"].concat()
}

/// Replaces two hyphens and `>` in `content`, which could end a comment.
pub(super) fn comment_text(content: &str) -> String {
    content.replace("--", "- -").replace('>', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::markdown::{Document, TextExtractor};

    fn shown(html: &str) -> String {
        let mut out = String::new();
        for (_, token) in HtmlReader::new(html) {
            let shown = match token {
                HtmlToken::Text(text) => text.into_owned(),
                HtmlToken::Open(style) => format!("[{style:?} "),
                HtmlToken::Close(_) | HtmlToken::LinkEnd => "]".to_owned(),
                HtmlToken::Link(url) => format!("[{url}→"),
                HtmlToken::Image { url, label } => format!("[image {label}→{url}]"),
                HtmlToken::Media(url) => format!("[media {url}]"),
                HtmlToken::LineEnd => "/".to_owned(),
                HtmlToken::Break => "|".to_owned(),
                HtmlToken::CellEnd => ";".to_owned(),
            };
            out.push_str(&shown);
        }
        out
    }

    #[test]
    fn tags_are_understood() {
        for (html, expected) in [
            ("<b>a</STRONG>", "[Bold a]"),
            ("a<br/>b<br />c", "a|b|c"),
            ("<del>a</del> <kbd>b</kbd>", "[Strike a] [Code b]"),
            ("H<sub>2</sub>O", "H2O"),
            ("<p>a</p><body>b", "/a//b"),
            ("<pre>\n  a\n\n  b\n</pre>", "/  a/|  b//"),
            ("<ul>\n  <li>a\n   b", "///a/   b"),
            ("<td>a</td>", "a;"),
            ("<video controls><source src=v.mp4></video>", "[media v.mp4]"),
            ("a<!-- <b> -->c<!---->d<!-->e", "acde"),
            ("a<!-- open <b>", "a"),
        ] {
            assert_eq!(shown(html), expected, "{html}");
        }
    }

    #[test]
    fn attributes_are_read_as_browsers_read_them() {
        for (html, expected) in [
            ("<a class=x href='u?a=b'>t</a>", "[u?a=b→t]"),
            ("<a href=u>", "[u→"),
            ("<a href=https://a.example/>", "[https://a.example/→"),
            ("<A\n  HREF = \"u\">", "[u→"),
            ("<a data-href=\"x\" href=\"u\" href=\"v\">", "[u→"),
            ("<a name=x>", ""),
            ("<a title=' href=x'>", ""),
            ("<a title=\"a > b\" href=u>", "[u→"),
            ("<a href=\"?a=1&amp;b=2&amp;lt;&#x4e2d;&unknown;&c\">", "[?a=1&b=2&lt;中&unknown;&c→"),
            ("<img src = \"x\" alt = \"甲 &gt; 乙\">", "[image 甲 > 乙→x]"),
            ("<img width=\"480\" alt='图' src=a.png />", "[image 图→a.png]"),
            ("<img alt=x>", "[image x→]"),
        ] {
            assert_eq!(shown(html), expected, "{html}");
        }
    }

    #[test]
    fn angle_brackets_without_a_tag_stay_text() {
        for html in
            ["<Namespace名字>", "<apiGroup>", "<p-x>", "<b名>", "a < b <i", "<a href=\"u>", "<!DOCTYPE html>", "<>"]
        {
            assert_eq!(shown(html), html);
        }
        assert_eq!(shown("<b <i>a</i>"), "<b [Italic a]");
    }

    #[test]
    fn tags_without_an_end_are_read_in_linear_time() {
        let html = "<a b=\" <a b=' <a b=\" c='".repeat(20_000);
        assert!(shown(&html).len() <= html.len());
        let html = "<a href=\"".repeat(50_000);
        assert!(shown(&html).len() <= html.len());
    }

    #[test]
    fn plain_text_links_and_images_agree_with_the_tags() {
        for (html, plain, links, images) in [
            ("<p>甲</p>\n<p>乙</p>", "甲\n乙", vec![], vec![]),
            ("<details><summary>更多</summary>内容</details>", "更多\n内容", vec![], vec![]),
            (
                "<figure><img src = \"x.png\" alt = \"图\"><figcaption>说明</figcaption></figure>",
                "图\n说明",
                vec![],
                vec![("图", "x.png")],
            ),
            ("<ul>\n  <li>甲</li>\n  <li>乙</li>\n</ul>", "甲\n乙", vec![], vec![]),
            ("<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>", "甲  乙\n丙", vec![], vec![]),
            ("甲<br>乙", "甲\n乙", vec![], vec![]),
            (
                "看 <a data-href=\"x\" HREF='https://a.example/?b&amp;c'>文档</a>",
                "看 文档",
                vec![("文档", "https://a.example/?b&c")],
                vec![],
            ),
            (
                "<p>https://a.example/b</p>",
                "https://a.example/b",
                vec![("https://a.example/b", "https://a.example/b")],
                vec![],
            ),
            ("<div>\n<a\n href=u\n>甲 &lt; 乙</a>\n</div>", "甲 < 乙", vec![("甲 < 乙", "u")], vec![]),
            ("[<a name=x></a> 甲](u) 乙", " 甲 乙", vec![("甲", "u")], vec![]),
            (
                "<iframe src=\"https://v.example/1\"></iframe>",
                "",
                vec![("https://v.example/1", "https://v.example/1")],
                vec![],
            ),
            ("<Resource> 与 <Namespace名字>", "<Resource> 与 <Namespace名字>", vec![], vec![]),
        ] {
            let document = Document::parse(html);
            let mut reader = TextExtractor::new(&document, 0..document.events.len());
            reader.read();
            let links_read: Vec<_> = reader.links.iter().map(|link| (link.label.as_str(), link.url.as_str())).collect();
            let images_read: Vec<_> =
                reader.images.iter().map(|link| (link.label.as_str(), link.url.as_str())).collect();
            assert_eq!(
                (reader.plain.trim_end_matches('\n'), links_read, images_read),
                (plain, links, images),
                "{html}"
            );
        }
    }
}
