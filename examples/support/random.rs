//! Random numbers that are the same on every machine: whole numbers only, no libm.

/// SplitMix64 of Steele, Lea and Flood: small, and good enough for text.
pub struct Random(u64);

impl Random {
    /// The stream of numbers that belongs to `seed` and a place in the log, so that what one note
    /// draws does not move the next.
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

    /// From 0, below `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// Both ends included.
    pub fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// A place in a list of `len`, the first ones most: the nth about as often as 1/n.
    ///
    /// An octave of ranks (1, 2 to 3, 4 to 7 …) is drawn, then one of its ranks, each alike.
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

    /// [`Random::rank`], half of the time with the favourites of someone in front: `turn` says whose.
    pub fn favourite(&mut self, len: usize, turn: usize) -> usize {
        let turn = if self.percent(50) { turn } else { 0 };
        (self.rank(len) + turn) % len
    }

    /// The rank of a word in a vocabulary without end, from 0.
    ///
    /// The first eight are alike; then frequency falls as 1/rank down to the first thousand, and
    /// beyond as 1/rank^1.6, as it does in large bodies of text: the number of different words
    /// among n then grows like n^0.6 (the law of Heaps) and never stops.
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

/// The first octave of a vocabulary: as many words are equally frequent.
const FIRST: usize = 3;
/// The last octave of the head, which makes up four fifths of all nouns.
const HEAD: usize = 9;
/// The last octave of all, which is drawn once in millions of words.
const LAST: usize = 40;
