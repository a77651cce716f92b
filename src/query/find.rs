//! Find: searches a text for a string anywhere, also inside words.

use crate::text::{fold, fold::walk};
use memchr::memmem;
use std::ops::Range;

/// String to search for. Case, accents, width, and Simplified or Traditional characters do not
/// count, as in a query; unlike there, a match may begin and end inside a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Find {
    text: String,
    folded: String,
}

impl Find {
    pub fn new(text: &str) -> Find {
        Find { text: text.to_owned(), folded: fold(text) }
    }

    /// String as it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }

    /// Returns the bytes of `text` that match: on character boundaries, ascending, not overlapping.
    /// Takes time linear in the text.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        if self.is_empty() {
            return Vec::new();
        }
        let folded = FoldedText::of(text);
        let mut places: Vec<Range<usize>> = Vec::new();
        for at in memmem::find_iter(folded.text.as_bytes(), &self.folded) {
            let place = folded.origin(at..at + self.folded.len());
            if places.last().is_none_or(|last| last.end <= place.start) {
                places.push(place);
            }
        }
        places
    }
}

/// Folded text that knows the place in the original of each of its bytes.
struct FoldedText {
    text: String,
    /// Place in the original of each byte.
    origins: Vec<Range<usize>>,
}

impl FoldedText {
    fn of(text: &str) -> FoldedText {
        let mut folded =
            FoldedText { text: String::with_capacity(text.len()), origins: Vec::with_capacity(text.len()) };
        walk(text, |c, place| {
            folded.text.push(c);
            folded.origins.resize(folded.text.len(), place);
        });
        folded
    }

    /// Returns the characters that `folded` comes from, with the accents after the last of them,
    /// which fold to nothing.
    fn origin(&self, folded: Range<usize>) -> Range<usize> {
        self.origins[folded.start].start..self.origins[folded.end - 1].end
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_are_exact() {
        for (wanted, text, expected) in [
            ("bernet", "Kubernetes", vec!["bernet"]),
            ("ＥＢＰＦ", "eBPF 与 ebpf", vec!["eBPF", "ebpf"]),
            ("容器", "容器容器", vec!["容器", "容器"]),
            ("学习", "機器學習", vec!["學習"]),
            ("cafe", "cafe\u{301}s Café", vec!["cafe\u{301}", "Café"]),
            ("a b", "a b a　b ab", vec!["a b", "a　b"]),
            ("，", "一，二,", vec!["，", ","]),
            ("i", "ﬁn", vec!["ﬁ"]),
            ("f", "ﬀ", vec!["ﬀ"]),
            ("aa", "aaaa a", vec!["aa", "aa"]),
            ("", "a", vec![]),
            ("\u{301}", "e\u{301}", vec![]),
            ("x", "", vec![]),
        ] {
            let found: Vec<&str> = Find::new(wanted).places(text).into_iter().map(|place| &text[place]).collect();
            assert_eq!(found, expected, "{wanted}");
        }
    }

    proptest! {
        #[test]
        fn places_fold_to_the_string(wanted in "[a容é習Ａ①ﬁ ，\u{301}]{1,3}", text in "[aAb容習习é①1ﬁfi ，\u{301}]{0,24}") {
            let find = Find::new(&wanted);
            let places = find.places(&text);
            let mut at = 0;
            for place in &places {
                prop_assert!(place.start >= at && place.start < place.end);
                at = place.end;
                prop_assert!(fold(&text[place.clone()]).contains(&find.folded), "{:?}", &text[place.clone()]);
            }
            let there = !find.is_empty() && fold(&text).contains(&find.folded);
            prop_assert_eq!(there, !places.is_empty());
        }
    }
}
