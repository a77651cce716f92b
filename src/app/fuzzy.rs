//! Fuzzy matching: finds names by a few typed letters.
//!
//! Letters match in order and with gaps, as in fzf. Names that do not match are tried by their
//! pinyin (`fupan`).

use crate::text::pinyin::PinyinPattern;
use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};
use std::{cmp::Reverse, ops::Range};
use unicode_segmentation::UnicodeSegmentation;

/// Longest name, in bytes, whose matched letters may be far apart.
const SHORT: usize = 40;

/// Score that nucleo gives for one matching letter (source: `SCORE_MATCH` in nucleo-matcher).
const LETTER: u32 = 16;

/// Typed text, prepared to be compared with names.
pub struct FuzzyMatcher {
    pattern: Pattern,
    /// Pinyin of each word; empty if one of them is no pinyin.
    sounds: Vec<PinyinPattern>,
    letters: u32,
    matcher: Matcher,
}

impl FuzzyMatcher {
    pub fn new(typed: &str) -> FuzzyMatcher {
        let sounds: Option<Vec<PinyinPattern>> =
            typed.split_whitespace().map(|word| PinyinPattern::new(word, false)).collect();
        FuzzyMatcher {
            pattern: Pattern::parse(typed, CaseMatching::Smart, Normalization::Smart),
            sounds: sounds.unwrap_or_default(),
            letters: typed.chars().filter(|c| !c.is_whitespace()).count() as u32,
            matcher: Matcher::new(Config::DEFAULT.match_paths()),
        }
    }

    /// Score of `name`, higher is better; `None` if it does not match. A match by pinyin scores like
    /// one by letters. Letters scattered over a long name do not match.
    fn score(&mut self, name: &str) -> Option<u32> {
        let (mut buffer, mut found) = (Vec::new(), Vec::new());
        let haystack = Utf32Str::new(name, &mut buffer);
        let score = if name.len() <= SHORT {
            self.pattern.score(haystack, &mut self.matcher)
        } else {
            let score = self.pattern.indices(haystack, &mut self.matcher, &mut found);
            found.sort_unstable();
            let gaps = found.windows(2).filter(|pair| pair[1] - pair[0] > 1).count();
            score.filter(|_| gaps * 3 <= found.len())
        };
        if score.is_some() {
            return score;
        }
        let is_heard = !self.sounds.is_empty() && self.sounds.iter().all(|sound| !sound.places(name).is_empty());
        is_heard.then_some(self.letters * LETTER)
    }

    /// Returns the places of the names that match: the best first, then the shortest, then in order.
    pub fn rank<'a>(&mut self, names: impl Iterator<Item = &'a str>) -> Vec<usize> {
        let is_blank = self.pattern.atoms.is_empty();
        let mut scored = Vec::new();
        for (at, name) in names.enumerate() {
            if let Some(score) = self.score(name) {
                let length = if is_blank { 0 } else { name.len() };
                scored.push((Reverse(score), length, at));
            }
        }
        scored.sort_unstable();
        scored.into_iter().map(|(.., at)| at).collect()
    }

    /// Byte ranges of `name` that match, in order.
    pub fn places(&mut self, name: &str) -> Vec<Range<usize>> {
        let (mut buffer, mut found) = (Vec::new(), Vec::new());
        if self.pattern.indices(Utf32Str::new(name, &mut buffer), &mut self.matcher, &mut found).is_none() {
            return self.sounds.iter().flat_map(|sound| sound.places(name)).collect();
        }
        found.sort_unstable();
        found.dedup();
        let mut places: Vec<Range<usize>> = Vec::new();
        for (nth, (at, grapheme)) in name.grapheme_indices(true).enumerate() {
            if found.binary_search(&(nth as u32)).is_err() {
                continue;
            }
            let end = at + grapheme.len();
            match places.last_mut().filter(|last| last.end == at) {
                Some(last) => last.end = end,
                None => places.push(at..end),
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_comes_first_and_sound_last() {
        let names = ["containerd/nerdctl#1331", "nerdctl", "复盘", "net namespace", "kernel"];
        for (typed, expected) in [
            ("nerdctl", &["nerdctl", "containerd/nerdctl#1331"][..]),
            ("1331", &["containerd/nerdctl#1331"]),
            ("fupan", &["复盘"]),
            ("复", &["复盘"]),
            ("nctl 13", &["containerd/nerdctl#1331"]),
            ("zzz", &[]),
        ] {
            let found = FuzzyMatcher::new(typed).rank(names.into_iter());
            assert_eq!(found.into_iter().map(|at| names[at]).collect::<Vec<_>>(), expected, "{typed}");
        }
        let sentence = "few updates to the pages about networks, and a 复盘 of it";
        let other = "for upgrading the proxy and the network we took a long while";
        assert_eq!(FuzzyMatcher::new("fupan").rank([other, sentence].into_iter()), [1], "strewn letters are no name");
        assert_eq!(FuzzyMatcher::new("").rank(names.into_iter()), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn what_fits_lies_on_characters() {
        for (typed, name, expected) in [
            ("限流", "网关限流", &["限流"][..]),
            ("nd", "nerdctl", &["n", "d"]),
            ("fupan", "事故复盘", &["复盘"]),
            ("家", "👩‍👩‍👧家", &["家"]),
        ] {
            let places = FuzzyMatcher::new(typed).places(name);
            assert_eq!(places.into_iter().map(|place| &name[place]).collect::<Vec<_>>(), expected, "{typed}");
        }
    }
}
