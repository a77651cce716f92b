//! Bare links in running text: finds them, and shortens those too long for their line.
//!
//! Knows characters only, not hosts or the targets of links.

use super::super::wrap::{suffix, truncate_middle, width};
use crate::text::{is_cjk_punctuation, is_han, is_hangul, is_kana};
use std::ops::Range;

/// Columns of a link's end below which the host is not shown in full.
const LEAST_END: usize = 6;

/// Finds the `http://` and `https://` links in `text`, in order, as byte ranges.
///
/// A link ends before Chinese and its punctuation, which nobody separates with a blank, and
/// before marks that end a sentence or close a bracket opened outside.
pub(super) fn find(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (colon, _) in text.match_indices("://") {
        if found.last().is_some_and(|last| colon < last.end) {
            continue;
        }
        if let Some(start) = scheme_start(text, colon) {
            let host = colon + "://".len();
            let end = host + link_length(&text[host..]);
            if text[host..end].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') {
                found.push(start..end);
            }
        }
    }
    found
}

/// Returns the start of the `http` or `https` before `colon`, unless it ends a longer word.
fn scheme_start(text: &str, colon: usize) -> Option<usize> {
    let before = &text.as_bytes()[..colon];
    let scheme = ["https", "http"].into_iter().find(|scheme| {
        before.len() >= scheme.len() && before[before.len() - scheme.len()..].eq_ignore_ascii_case(scheme.as_bytes())
    })?;
    let start = colon - scheme.len();
    let inside_word = start > 0 && before[start - 1].is_ascii_alphanumeric();
    (!inside_word).then_some(start)
}

fn link_length(text: &str) -> usize {
    let link = &text[..text.find(ends_link).unwrap_or(text.len())];
    let count = |bracket| link.chars().filter(|c| *c == bracket).count();
    let mut spare = [count(')').saturating_sub(count('(')), count(']').saturating_sub(count('['))];
    let mut end = link.len();
    for c in link.chars().rev() {
        match c {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' => {}
            ')' if spare[0] > 0 => spare[0] -= 1,
            ']' if spare[1] > 0 => spare[1] -= 1,
            _ => break,
        }
        end -= c.len_utf8();
    }
    end
}

fn ends_link(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '`' | '|' | '\\' | '^' | '{' | '}')
        || is_cjk_punctuation(c)
        || is_han(c)
        || is_kana(c)
        || is_hangul(c)
}

/// Shortens `url` to `room` columns: first without its scheme, then as `host/…/end`, the parts in
/// which links differ, or with as much of the end as fits.
pub(super) fn shorten(url: &str, room: usize, ellipsis: &str) -> String {
    if width(url) <= room {
        return url.to_owned();
    }
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest).trim_end_matches('/');
    if width(bare) <= room {
        return bare.to_owned();
    }
    let host = bare.split('/').next().unwrap_or(bare);
    let end = bare.rsplit('/').next().unwrap_or(bare);
    let gap = format!("/{ellipsis}");
    let left = room.saturating_sub(width(host) + width(&gap));
    if left > width(end) {
        format!("{host}{gap}/{end}")
    } else if left >= LEAST_END && host.len() < bare.len() {
        format!("{host}{gap}{}", suffix(end, left))
    } else {
        truncate_middle(bare, room, ellipsis).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_end_where_a_reader_sees_them_end() {
        for (text, expected) in [
            ("见 https://example.org/a。", vec!["https://example.org/a"]),
            ("（https://example.org/a?b=c#d）", vec!["https://example.org/a?b=c#d"]),
            ("https://example.org/a的文章", vec!["https://example.org/a"]),
            ("(see http://example.org/Foo_(bar)), then", vec!["http://example.org/Foo_(bar)"]),
            ("https://example.org/a, HTTP://EXAMPLE.ORG.", vec!["https://example.org/a", "HTTP://EXAMPLE.ORG"]),
            ("**https://example.org**", vec!["https://example.org"]),
            ("http://[::1]:8080/x", vec!["http://[::1]:8080/x"]),
            ("看https://example.org", vec!["https://example.org"]),
            ("xhttps://example.org file:///etc https:// https://。", vec![]),
        ] {
            let found: Vec<&str> = find(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn long_links_keep_host_and_end() {
        for (room, expected) in [
            (60, "https://github.com/containerd/nerdctl/pull/1331"),
            (40, "github.com/containerd/nerdctl/pull/1331"),
            (30, "github.com/…/1331"),
            (12, "githu…l/1331"),
            (1, "…"),
        ] {
            assert_eq!(shorten("https://github.com/containerd/nerdctl/pull/1331", room, "…"), expected);
        }
        assert_eq!(shorten("https://example.org/a/long-name-of-a-file.png", 26, "…"), "example.org/…of-a-file.png");
        assert_eq!(shorten("https://example.org/", 11, "…"), "example.org");
    }
}
