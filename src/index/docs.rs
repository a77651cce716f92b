//! A set of numbers below a bound, as bits.

/// Invariant: bits at and above the bound are never set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Docs {
    bits: Vec<u64>,
    bound: u32,
}

impl Docs {
    pub(super) fn none(bound: u32) -> Docs {
        Docs { bits: vec![0; bound.div_ceil(64) as usize], bound }
    }

    pub(super) fn all(bound: u32) -> Docs {
        let mut docs = Docs::none(bound);
        docs.flip();
        docs
    }

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

    pub(super) fn keep(&mut self, other: &Docs) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(bits, other)| *bits &= other);
    }

    pub(super) fn remove(&mut self, other: &Docs) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(bits, other)| *bits &= !other);
    }

    pub(super) fn add(&mut self, other: &Docs) {
        self.bits.iter_mut().zip(&other.bits).for_each(|(bits, other)| *bits |= other);
    }

    /// How many are in it.
    pub(super) fn len(&self) -> usize {
        self.bits.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// In ascending order.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.bits.iter().enumerate().flat_map(|(at, bits)| {
            let mut bits = *bits;
            std::iter::from_fn(move || {
                let number = (bits != 0).then(|| at as u32 * 64 + bits.trailing_zeros());
                bits &= bits.wrapping_sub(1);
                number
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_keep_their_bound() {
        for bound in [0, 1, 63, 64, 65, 130] {
            let all = Docs::all(bound);
            assert!(all.iter().eq(0..bound), "{bound}");
            let mut even = Docs::none(bound);
            (0..bound).step_by(2).for_each(|number| even.insert(number));
            let mut odd = even.clone();
            odd.flip();
            assert!(odd.iter().eq((0..bound).skip(1).step_by(2)), "{bound}");
            let mut rest = all.clone();
            rest.remove(&even);
            assert_eq!(rest, odd, "{bound}");
            rest.add(&even);
            assert_eq!((&rest, rest.len()), (&all, bound as usize), "{bound}");
            rest.keep(&odd);
            rest.remove(&odd);
            assert!(rest.is_empty(), "{bound}");
        }
    }
}
