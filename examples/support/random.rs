//! Random numbers that are the same on every machine: integers only, no libm.

/// SplitMix64 by Steele, Lea and Flood: small, and good enough for text.
pub struct Random(u64);

impl Random {
    /// Starts a separate stream for `seed` and a place in the log, so that numbers drawn for one note
    /// do not affect the next.
    pub fn new(seed: u64, place: &[u64]) -> Random {
        let mut random = Random(seed);
        for part in place {
            random = Random(random.next() ^ part.wrapping_mul(0xd6e8_feb8_6659_fd93));
        }
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 up to, but not including, `end`, which must not be 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// Returns a number from `first` to `last`, both included.
    pub fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// Returns a place in a list of `len`; the nth place has a frequency of about 1/n.
    ///
    /// Draws an octave of ranks (1, 2 to 3, 4 to 7 …), then a rank in the octave with equal probability.
    pub fn rank(&mut self, len: usize) -> usize {
        let octaves = usize::BITS - len.leading_zeros();
        loop {
            let octave = self.below(octaves as usize);
            let rank = (1 << octave) + self.below(1 << octave);
            if rank <= len {
                return rank - 1;
            }
        }
    }

    /// Returns a [`Random::rank`]; half of the time, the favourites of the person with this `turn` come first.
    pub fn favourite(&mut self, len: usize, turn: usize) -> usize {
        let turn = if self.percent(50) { turn } else { 0 };
        (self.rank(len) + turn) % len
    }

    /// Returns the rank, from 0, of a word in an infinite vocabulary.
    ///
    /// The first eight words are equally frequent. Frequency then falls as 1/rank up to rank one
    /// thousand, and as 1/rank^1.6 beyond, as in large bodies of text. The number of different words
    /// among n words therefore keeps growing like n^0.6 (Heaps' law).
    pub fn word_rank(&mut self) -> usize {
        let mut octave = self.between(FIRST, HEAD);
        if self.percent(20) {
            octave = HEAD + 1;
            while octave < LAST && self.percent(66) {
                octave += 1;
            }
        }
        (1 << octave) + self.below(1 << octave) - (1 << FIRST)
    }
}

/// First octave of a vocabulary; its words are equally frequent.
const FIRST: usize = 3;
/// Last octave of the head, which makes up four fifths of all nouns.
const HEAD: usize = 9;
/// Last octave of all, drawn once in millions of words.
const LAST: usize = 40;
