//! HTML in notes: the few tags that mean a look are understood, everything else is text.
//!
//! People write `<Namespace名字>` and mean it; what is not one of our tags must stay visible.

use super::inline::InlineStyle;

/// A part of HTML as far as we understand it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum HtmlToken<'a> {
    Text(&'a str),
    Open(InlineStyle),
    Close(InlineStyle),
    Link(&'a str),
    LinkEnd,
    /// Source and caption.
    Image(&'a str, &'a str),
    /// What is only about places and sizes, and shows nothing.
    Nothing,
    Break,
}

/// `html` in pieces, comments left out.
pub(super) fn pieces(html: &str) -> Vec<HtmlToken<'_>> {
    let mut pieces = Vec::new();
    let mut rest = html;
    let mut comments_end = true;
    while let Some(at) = rest.find('<') {
        push_text(&mut pieces, &rest[..at]);
        rest = &rest[at..];
        if comments_end && rest.starts_with("<!--") {
            if let Some(end) = rest.find("-->") {
                rest = &rest[end + "-->".len()..];
                continue;
            }
            comments_end = false;
        }
        let end = rest[1..].find(['<', '>']).map_or(rest.len(), |end| 1 + end);
        let tag = rest[1..end].trim_end_matches('/');
        if let (Some(piece), true) = (piece(tag), rest[end..].starts_with('>')) {
            pieces.push(piece);
            rest = &rest[end + 1..];
        } else {
            push_text(&mut pieces, &rest[..end]);
            rest = &rest[end..];
        }
    }
    push_text(&mut pieces, rest);
    pieces
}

fn push_text<'a>(pieces: &mut Vec<HtmlToken<'a>>, text: &'a str) {
    if !text.is_empty() {
        pieces.push(HtmlToken::Text(text));
    }
}

/// What the tag says, `tag` being what stands between `<` and `>`.
fn piece(tag: &str) -> Option<HtmlToken<'_>> {
    let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
    let (name, attributes) = tag.split_at(tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len()));
    if !(attributes.is_empty() || attributes.starts_with(char::is_whitespace)) {
        return None;
    }
    let mark = match name.to_ascii_lowercase().as_str() {
        "b" | "strong" => InlineStyle::Bold,
        "i" | "em" => InlineStyle::Italic,
        "s" | "del" | "strike" => InlineStyle::Strike,
        "code" | "kbd" | "samp" | "tt" => InlineStyle::Code,
        "sup" | "sub" | "u" | "mark" | "small" | "font" | "center" => return Some(HtmlToken::Nothing),
        "br" => return Some(HtmlToken::Break),
        "a" if closing => return Some(HtmlToken::LinkEnd),
        "a" => return value(attributes, "href").map(HtmlToken::Link),
        "img" => {
            let caption = value(attributes, "alt").unwrap_or_default();
            return value(attributes, "src").map(|source| HtmlToken::Image(source, caption));
        }
        _ => return None,
    };
    Some(if closing { HtmlToken::Close(mark) } else { HtmlToken::Open(mark) })
}

fn value<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let at = attributes.to_ascii_lowercase().find(&format!(" {name}"))?;
    let value = attributes[at + 1 + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split_whitespace().next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_tags_are_understood() {
        use HtmlToken::{Break, Close, Image, Link, LinkEnd, Nothing, Open, Text};
        for (html, expected) in [
            ("<b>", vec![Open(InlineStyle::Bold)]),
            ("</STRONG>", vec![Close(InlineStyle::Bold)]),
            ("a<br/>b<br />", vec![Text("a"), Break, Text("b"), Break]),
            ("<a class=x href='u?a=b'>t</a>", vec![Link("u?a=b"), Text("t"), LinkEnd]),
            ("<a href=u>", vec![Link("u")]),
            ("<img width=\"480\" alt='图' src=\"a.png\">", vec![Image("a.png", "图")]),
            ("<img src=a.png />", vec![Image("a.png", "")]),
            ("<img alt=x>", vec![Text("<img alt=x"), Text(">")]),
            ("<del>a</del>", vec![Open(InlineStyle::Strike), Text("a"), Close(InlineStyle::Strike)]),
            ("H<sub>2</sub>O", vec![Text("H"), Nothing, Text("2"), Nothing, Text("O")]),
            ("<kbd>", vec![Open(InlineStyle::Code)]),
            ("<a name=x>", vec![Text("<a name=x"), Text(">")]),
            ("a<!-- <b> -->c", vec![Text("a"), Text("c")]),
            ("<!-- open", vec![Text("<!-- open")]),
            ("<Namespace名字>", vec![Text("<Namespace名字"), Text(">")]),
            ("<body>", vec![Text("<body"), Text(">")]),
            ("a < b <i", vec![Text("a "), Text("< b "), Text("<i")]),
        ] {
            assert_eq!(pieces(html), expected, "{html}");
        }
    }
}
