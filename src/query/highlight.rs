//! Highlights: the places of a text that a query matched.

use super::Query;
use crate::text::{fold, ranges::join_touching, tokenizer::tokens};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

impl Query {
    /// Returns the bytes of `text` that the required words cover: on character boundaries,
    /// ascending, not overlapping.
    pub fn highlights(&self, text: &str) -> Vec<Range<usize>> {
        let needles = self.needles();
        if needles.is_empty() || text.is_empty() {
            return Vec::new();
        }
        let tokens = tokens(text);
        let mut found: Vec<Range<usize>> = Vec::new();
        for needle in &needles {
            let letters = needle.tokens.last().map_or(0, |(letters, _)| letters.len());
            for at in needle.places(&tokens) {
                let last = tokens[at + needle.tokens.len() - 1].place.clone();
                let end = if needle.prefix { last.start + covered(&text[last], letters) } else { last.end };
                found.push(tokens[at].place.start..end);
            }
        }
        join_touching(found)
    }
}

/// Counts the bytes at the start of `word` whose folded form has at least `folded` bytes: whole
/// graphemes.
fn covered(word: &str, folded: usize) -> usize {
    let mut so_far = 0;
    for (at, grapheme) in word.grapheme_indices(true) {
        if so_far >= folded {
            return at;
        }
        so_far += fold(grapheme).len();
    }
    word.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn highlights_cover_the_matches() {
        for (query, text, expected) in [
            ("容器", "用容器跑容器", vec!["容器", "容器"]),
            ("kuber", "Kubernetes", vec!["Kuber"]),
            ("ebpf可观测", "eBPF 可观测性", vec!["eBPF 可观测"]),
            ("ｐｒ1331", "ＰＲ１３３１ ok", vec!["ＰＲ１３３１"]),
            ("-x 流", "限流", vec!["流"]),
            ("学习", "機器學習", vec!["學習"]),
        ] {
            let (query, _) = Query::parse(query);
            let found: Vec<&str> = query.highlights(text).into_iter().map(|place| &text[place]).collect();
            assert_eq!(found, expected, "{query}");
        }
    }

    proptest! {
        #[test]
        fn highlights_cover_nothing_else(
            wanted in "[ab1容器éかがカ가\u{1100}\u{1161}☀👩🏽#.]{1,3}",
            text in "[ab1容器éÉＡ①學ﬁかがｶﾞ\u{3099}가\u{1100}\u{1161}\u{11a8}，. \n☀️👩🏽\u{200d}💻#\u{301}]{0,24}",
        ) {
            let (query, _) = Query::parse(&wanted);
            let cut = tokens(&text);
            let covered = query.highlights(&text);
            let mut expected: Vec<usize> = Vec::new();
            for needle in query.needles() {
                let last = needle.tokens.len() - 1;
                for at in needle.places(&cut) {
                    prop_assert!(covered.iter().any(|place| place.contains(&cut[at].place.start)));
                    prop_assert!(covered.iter().any(|place| place.contains(&cut[at + last].place.start)));
                    expected.extend(cut[at].place.start..cut[at + last].place.end);
                }
            }
            for place in covered {
                let slice = text.get(place.clone());
                prop_assert!(slice.is_some_and(|slice| !slice.is_empty()));
                prop_assert!(place.into_iter().all(|byte| expected.contains(&byte)), "{} in {}", wanted, text);
            }
        }

        #[test]
        fn highlights_lie_on_character_boundaries(query in "\\PC{1,6}", text in "\\PC{0,40}") {
            let (query, _) = Query::parse(&query);
            for place in query.highlights(&text) {
                prop_assert!(text.get(place).is_some());
            }
        }
    }
}
