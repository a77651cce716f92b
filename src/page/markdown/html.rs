//! HTML in notes: the few tags that mean a look are understood, everything else is text.
//!
//! People write `<Namespace名字>` and mean it; what is not one of our tags must stay visible.

use super::inline::Mark;

/// A part of HTML as far as we understand it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Open(Mark),
    Close(Mark),
    Link(&'a str),
    LinkEnd,
    /// Source and caption.
    Image(&'a str, &'a str),
    /// What is only about places and sizes, and shows nothing.
    Nothing,
    Break,
}

/// `html` in pieces, comments left out.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
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

fn push_text<'a>(pieces: &mut Vec<Piece<'a>>, text: &'a str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

/// What the tag says, `tag` being what stands between `<` and `>`.
fn piece(tag: &str) -> Option<Piece<'_>> {
    let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
    let (name, attributes) = tag.split_at(tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len()));
    if !(attributes.is_empty() || attributes.starts_with(char::is_whitespace)) {
        return None;
    }
    let mark = match name.to_ascii_lowercase().as_str() {
        "b" | "strong" => Mark::Bold,
        "i" | "em" => Mark::Italic,
        "s" | "del" | "strike" => Mark::Strike,
        "code" | "kbd" | "samp" | "tt" => Mark::Code,
        "sup" | "sub" | "u" | "mark" | "small" | "font" | "center" => return Some(Piece::Nothing),
        "br" => return Some(Piece::Break),
        "a" if closing => return Some(Piece::LinkEnd),
        "a" => return value(attributes, "href").map(Piece::Link),
        "img" => {
            let caption = value(attributes, "alt").unwrap_or_default();
            return value(attributes, "src").map(|source| Piece::Image(source, caption));
        }
        _ => return None,
    };
    Some(if closing { Piece::Close(mark) } else { Piece::Open(mark) })
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
        use Piece::{Break, Close, Image, Link, LinkEnd, Nothing, Open, Text};
        for (html, expected) in [
            ("<b>", vec![Open(Mark::Bold)]),
            ("</STRONG>", vec![Close(Mark::Bold)]),
            ("a<br/>b<br />", vec![Text("a"), Break, Text("b"), Break]),
            ("<a class=x href='u?a=b'>t</a>", vec![Link("u?a=b"), Text("t"), LinkEnd]),
            ("<a href=u>", vec![Link("u")]),
            ("<img width=\"480\" alt='图' src=\"a.png\">", vec![Image("a.png", "图")]),
            ("<img src=a.png />", vec![Image("a.png", "")]),
            ("<img alt=x>", vec![Text("<img alt=x"), Text(">")]),
            ("<del>a</del>", vec![Open(Mark::Strike), Text("a"), Close(Mark::Strike)]),
            ("H<sub>2</sub>O", vec![Text("H"), Nothing, Text("2"), Nothing, Text("O")]),
            ("<kbd>", vec![Open(Mark::Code)]),
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
