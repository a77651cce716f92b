//! Sentences: the part of a text to quote for a word in it.

use super::{is_cjk_punctuation, is_han, tokenizer::tokens};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// The sentence of `text` around `place`, in at most `most` characters. Sentences end at 。！？.!? and at
/// line ends. A longer one is cut on both sides of the place, and `…` marks the cuts.
///
/// `place` is in bytes and on character boundaries.
pub fn around(text: &str, place: Range<usize>, most: usize) -> String {
    let sentence = bounds(text, &place);
    let whole = text[sentence.clone()].trim();
    if whole.chars().nth(most).is_none() {
        return whole.to_owned();
    }
    let room = most.saturating_sub(text[place.clone()].chars().count() + 2);
    let ahead = text[sentence.start..place.start].chars().count();
    let behind = text[place.end..sentence.end].chars().count();
    // Room that one side does not need goes to the other.
    let before = (room / 2).max(room.saturating_sub(behind)).min(ahead);
    let after = room - before;
    let start = back(text, sentence.start..place.start, before);
    let end = forth(text, place.start..sentence.end, place.end - place.start, after);
    let lead = if start > sentence.start { "…" } else { "" };
    let tail = if end < sentence.end { "…" } else { "" };
    [lead, text[start..end].trim(), tail].concat()
}

/// Finds occurrence `nth` (from 0) of `needle` in `text`, ignoring case, width and spaces. A needle without
/// letters or digits is never found.
pub fn find(text: &str, needle: &str, nth: usize) -> Option<Range<usize>> {
    let wanted = tokens(needle);
    if wanted.is_empty() {
        return None;
    }
    let text = tokens(text);
    let mut places = text
        .windows(wanted.len())
        .filter(|window| window.iter().zip(&wanted).all(|(token, wanted)| token.text == wanted.text));
    let window = places.nth(nth)?;
    Some(window[0].place.start..window[window.len() - 1].place.end)
}

fn bounds(text: &str, place: &Range<usize>) -> Range<usize> {
    let start = text[..place.start].char_indices().rev().find(|(at, c)| ends_after(text, *at, *c));
    let start = start.map_or(0, |(at, c)| closed(text, at + c.len_utf8()).min(place.start));
    let end = text[place.end..].char_indices().find(|(at, c)| ends_after(text, place.end + at, *c));
    let end = match end {
        Some((at, '\n')) => place.end + at,
        Some((at, c)) => closed(text, place.end + at + c.len_utf8()),
        None => text.len(),
    };
    start..end
}

/// Returns true if a sentence ends with `c` at `at`. A full stop within a number, name or address ends
/// no sentence, and of several marks in a row only the last does.
fn ends_after(text: &str, at: usize, c: char) -> bool {
    let next = text[at + c.len_utf8()..].chars().next();
    match c {
        '\n' => true,
        '。' | '！' | '？' => !matches!(next, Some('。' | '！' | '？')),
        '.' | '!' | '?' => {
            next.is_none_or(|next| next.is_whitespace() || is_han(next) || is_cjk_punctuation(next) || is_closing(next))
        }
        _ => false,
    }
}

/// The end of the quotes and brackets that close at `at`.
fn closed(text: &str, at: usize) -> usize {
    at + text[at..].chars().take_while(|c| is_closing(*c)).map(char::len_utf8).sum::<usize>()
}

fn is_closing(c: char) -> bool {
    matches!(c, '”' | '’' | '」' | '』' | '）' | '】' | '》' | ')' | ']' | '"')
}

/// The grapheme boundary that is at most `count` characters before the end of `range`.
fn back(text: &str, range: Range<usize>, count: usize) -> usize {
    let mut left = count;
    let mut start = range.end;
    for grapheme in text[range].graphemes(true).rev() {
        let Some(rest) = left.checked_sub(grapheme.chars().count()) else { break };
        (left, start) = (rest, start - grapheme.len());
    }
    start
}

/// The grapheme boundary that is at most `count` characters after the first `from` bytes of `range`.
fn forth(text: &str, range: Range<usize>, from: usize, count: usize) -> usize {
    let mut left = count;
    let mut end = range.start;
    for grapheme in text[range.clone()].graphemes(true) {
        let is_within = end < range.start + from;
        match left.checked_sub(grapheme.chars().count()) {
            _ if is_within => {}
            Some(rest) => left = rest,
            None => break,
        }
        end += grapheme.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quoted(text: &str, needle: &str, most: usize) -> String {
        find(text, needle, 0).map_or_else(|| "-".to_owned(), |place| around(text, place, most))
    }

    #[test]
    fn a_sentence_ends_where_a_reader_ends_it() {
        for (text, needle, expected) in [
            ("先看日志。容器起不来！再试。", "容器", "容器起不来！"),
            ("他说：“容器起不来。”然后重启。", "重启", "然后重启。"),
            ("他说：“容器起不来。”然后重启。", "容器", "他说：“容器起不来。”"),
            ("v1.2.3 fixes a.b/c. Next one.", "fixes", "v1.2.3 fixes a.b/c."),
            ("v1.2.3 fixes it. Next one.", "next", "Next one."),
            ("第一行\n第二行 PR１３３１\n第三行", "pr 1331", "第二行 PR１３３１"),
            ("为什么？！因为 eBPF。", "ebpf", "因为 eBPF。"),
            ("没有句号的一行", "一行", "没有句号的一行"),
            ("问完了?容器好了", "容器", "容器好了"),
            ("容器", "虚拟机", "-"),
            ("容器", "…", "-"),
        ] {
            assert_eq!(quoted(text, needle, 200), expected, "{text}: {needle}");
        }
    }

    #[test]
    fn a_long_sentence_is_cut_around_the_place() {
        let long = format!("{}容器{}", "前".repeat(10_000), "后".repeat(10_000));
        assert_eq!(quoted(&long, "容器", 10), "…前前前容器后后后…");
        assert_eq!(quoted(&long["前".len() * 9_999..], "容器", 10), "前容器后后后后后…");
        assert_eq!(quoted(&long[..long.len() - "后".len() * 9_999], "容器", 10), "…前前前前前容器后");
        let family = "👨‍👩‍👧‍👦".repeat(40);
        assert_eq!(quoted(&format!("{family}容器{family}"), "容器", 30), "…👨‍👩‍👧‍👦容器👨‍👩‍👧‍👦…");
    }

    #[test]
    fn the_nth_place_is_found() {
        assert_eq!(find("a 容器 b 容器", "容器", 1), Some(11..17));
        assert_eq!(find("a 容器 b 容器", "容器", 2), None);
        assert_eq!(find("nerdctl2 nerdctl", "nerdctl", 1), Some(9..16));
        assert_eq!(find("PR13 PR1331", "PR1331", 0), Some(5..11));
    }

    proptest! {
        #[test]
        fn any_place_of_any_text_is_quoted(text in "[a容。!\\n .👨\u{200d}👩é\u{202e}]{0,60}", from in 0_usize..60, len in 0_usize..20, most in 0_usize..40) {
            let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let start = borders[from.min(borders.len() - 1)];
            let end = borders[(from + len).min(borders.len() - 1)];
            let sentence = around(&text, start..end, most);
            prop_assert!(!sentence.starts_with(char::is_whitespace) && !sentence.ends_with(char::is_whitespace));
            prop_assert!(sentence.contains(text[start..end].trim()) || text[start..end].contains('\n'), "{sentence:?}");
            let limit = most.max(text[start..end].chars().count() + 2) + 8;
            prop_assert!(sentence.chars().count() <= limit, "{sentence:?}");
        }
    }
}
