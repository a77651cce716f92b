//! Pairs of adjacent characters in the texts of a log.

/// Pairs of adjacent characters with the number of texts that contain them, looked up by the first.
#[derive(Debug, Default)]
pub struct Bigrams {
    /// The first character of each pair, ascending, and the start of its pairs in `behind`.
    first: Vec<(char, u32)>,
    behind: Vec<(char, u32)>,
    /// Every character of the texts, ascending.
    chars: Vec<char>,
}

impl Bigrams {
    /// Collects pairs, adding up the counts of equal ones. `chars` holds characters that are in no pair.
    pub fn of(mut found: Vec<(char, char, u32)>, chars: Vec<char>) -> Bigrams {
        #[expect(clippy::stable_sort_primitive, reason = "the input is a few sorted runs, which a stable sort merges")]
        found.sort();
        let mut pairs = Bigrams::default();
        for same in found.chunk_by(|one, next| (one.0, one.1) == (next.0, next.1)) {
            let (a, b, _) = same[0];
            if pairs.first.last().is_none_or(|(first, _)| *first != a) {
                pairs.first.push((a, pairs.behind.len() as u32));
            }
            let mut sum = 0_u32;
            for (_, _, times) in same {
                sum = sum.saturating_add(*times);
            }
            pairs.behind.push((b, sum));
        }
        pairs.chars = chars;
        pairs.chars.extend(pairs.first.iter().chain(&pairs.behind).map(|(c, _)| *c));
        pairs.chars.sort_unstable();
        pairs.chars.dedup();
        pairs
    }

    /// The characters that follow `c`, each with the number of texts.
    pub fn behind(&self, c: char) -> &[(char, u32)] {
        let Ok(at) = self.first.binary_search_by_key(&c, |(first, _)| *first) else { return &[] };
        let end = self.first.get(at + 1).map_or(self.behind.len(), |(_, start)| *start as usize);
        &self.behind[self.first[at].1 as usize..end]
    }

    /// All characters, ascending.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_found_by_their_first_character() {
        let found = [
            ('容', '器', 2),
            ('复', '盘', 1),
            ('容', '量', 1),
            ('容', '器', 3),
            ('器', '容', u32::MAX),
            ('器', '容', 1),
        ];
        let pairs = Bigrams::of(found.to_vec(), vec!['栈', '复']);
        assert_eq!(pairs.behind('容'), [('器', 5), ('量', 1)]);
        assert_eq!((pairs.behind('复'), pairs.behind('器')), (&[('盘', 1)][..], &[('容', u32::MAX)][..]));
        assert!(pairs.behind('量').is_empty() && pairs.behind('我').is_empty());
        assert_eq!(pairs.chars(), ['器', '复', '容', '栈', '盘', '量']);
        assert!(pairs.behind('栈').is_empty() && Bigrams::of(Vec::new(), Vec::new()).chars().is_empty());
    }
}
