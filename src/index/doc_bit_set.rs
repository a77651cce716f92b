//! A set of document or entry numbers below a bound, as bits.
//!
//! Knows nothing of the index.

/// A set of numbers below a bound.
///
/// Invariant: bits at and above the bound are never set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DocBitSet {
    bits: Vec<u64>,
    bound: u32,
}

impl DocBitSet {
    pub(super) fn none(bound: u32) -> DocBitSet {
        DocBitSet { bits: vec![0; bound.div_ceil(64) as usize], bound }
    }

    pub(super) fn all(bound: u32) -> DocBitSet {
        let mut docs = DocBitSet::none(bound);
        docs.flip();
        docs
    }

    /// Collects the numbers below `bound` that `fit`.
    pub(super) fn from_fn(bound: u32, fit: impl Fn(u32) -> bool) -> DocBitSet {
        let word = |start: u32| {
            (start..bound.min(start + 64)).fold(0, |bits, number| bits | u64::from(fit(number)) << (number - start))
        };
        DocBitSet { bits: (0..bound).step_by(64).map(word).collect(), bound }
    }

    /// Adds a number.
    ///
    /// # Panics
    ///
    /// When `number` is far above the bound.
    pub(super) fn insert(&mut self, number: u32) {
        self.bits[number as usize / 64] |= 1 << (number % 64);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bits.iter().all(|bits| *bits == 0)
    }

    pub(super) fn flip(&mut self) {
        for bits in &mut self.bits {
            *bits = !*bits;
        }
        let unused = self.bits.len() as u32 * 64 - self.bound;
        if let Some(last) = self.bits.last_mut().filter(|_| unused > 0) {
            *last &= u64::MAX >> unused;
        }
    }

    pub(super) fn intersect(&mut self, other: &DocBitSet) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(bits, other)| *bits &= other);
    }

    pub(super) fn remove(&mut self, other: &DocBitSet) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(bits, other)| *bits &= !other);
    }

    pub(super) fn union(&mut self, other: &DocBitSet) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(bits, other)| *bits |= other);
    }

    /// Number of members.
    pub(super) fn len(&self) -> usize {
        self.bits.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// Calls `meet` with each member in ascending order. Faster than an iterator, which has to save its
    /// state after each.
    pub(super) fn for_each(&self, mut meet: impl FnMut(u32)) {
        for (at, bits) in self.bits.iter().enumerate() {
            let (start, mut bits) = (at as u32 * 64, *bits);
            while bits != 0 {
                meet(start + bits.trailing_zeros());
                bits &= bits - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(docs: &DocBitSet) -> Vec<u32> {
        let mut numbers = Vec::new();
        docs.for_each(|number| numbers.push(number));
        numbers
    }

    #[test]
    fn sets_keep_their_bound() {
        for bound in [0, 1, 63, 64, 65, 130] {
            let all = DocBitSet::all(bound);
            assert_eq!(numbers(&all), (0..bound).collect::<Vec<_>>());
            assert_eq!(DocBitSet::from_fn(bound, |_| true), all);
            let mut even = DocBitSet::none(bound);
            (0..bound).step_by(2).for_each(|number| even.insert(number));
            let mut odd = even.clone();
            odd.flip();
            assert_eq!(numbers(&odd), (0..bound).skip(1).step_by(2).collect::<Vec<_>>());
            assert_eq!(DocBitSet::from_fn(bound, |number| number % 2 == 1), odd);
            let mut rest = all.clone();
            rest.remove(&even);
            assert_eq!(rest, odd, "{bound}");
            rest.union(&even);
            assert_eq!((&rest, rest.len()), (&all, bound as usize), "{bound}");
            rest.intersect(&odd);
            rest.remove(&odd);
            assert!(rest.is_empty(), "{bound}");
        }
    }
}
