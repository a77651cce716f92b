//! Lists, one for each entry, kept in a row: a look at the next takes no jump in memory.

use std::ops::Range;

/// As many lists as were pushed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lists<T> {
    /// Where each begins, and where the last ends.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Lists<T> {
        Lists { starts: vec![0], items: Vec::new() }
    }
}

impl<T> Lists<T> {
    /// Lists as [`Lists::starts`] and [`Lists::items`] told them. `None` when these do not fit.
    pub(super) fn stored(starts: Vec<u32>, items: Vec<T>) -> Option<Lists<T>> {
        let fits = starts.first() == Some(&0) && starts.is_sorted() && starts.last() == Some(&(items.len() as u32));
        fits.then_some(Lists { starts, items })
    }

    pub(super) fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.items.extend(list);
        self.starts.push(self.items.len() as u32);
    }

    /// Adds those lists of `other` that stand at `place`.
    pub(super) fn extend(&mut self, other: &Lists<T>, place: Range<usize>)
    where
        T: Copy,
    {
        let starts = &other.starts[place.start..=place.end];
        let (first, end) = (self.items.len() as u32, starts[0]);
        self.items.extend_from_slice(&other.items[end as usize..starts[place.len()] as usize]);
        self.starts.extend(starts[1..].iter().map(|start| start - end + first));
    }

    /// How many lists there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// # Panics
    ///
    /// When fewer were pushed.
    pub(super) fn get(&self, at: usize) -> &[T] {
        &self.items[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    pub(super) fn starts(&self) -> &[u32] {
        &self.starts
    }

    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    /// Each item behind the number of its list.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (u32, &T)> + Clone {
        (0..).zip(self.starts.windows(2)).flat_map(|(at, place)| {
            let items = &self.items[place[0] as usize..place[1] as usize];
            items.iter().map(move |item| (at, item))
        })
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.starts.shrink_to_fit();
        self.items.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back() {
        let mut lists = Lists::default();
        for list in [&[1, 2][..], &[], &[3]] {
            lists.push(list.iter().copied());
        }
        assert_eq!([lists.get(0), lists.get(1), lists.get(2)], [&[1, 2][..], &[], &[3]]);
        let (starts, items) = (lists.starts().to_vec(), lists.items().to_vec());
        assert_eq!(lists.pairs().collect::<Vec<_>>(), [(0, &1), (0, &2), (2, &3)]);
        let mut others = Lists::default();
        others.extend(&lists, 1..3);
        others.extend(&lists, 0..1);
        others.extend(&lists, 2..2);
        assert_eq!([others.get(0), others.get(1), others.get(2)], [&[][..], &[3], &[1, 2]]);
        assert_eq!(Lists::stored(starts, items), Some(lists));
        assert_eq!(Lists::stored(vec![0], Vec::new()), Some(Lists::<u32>::default()));
        for starts in [&[][..], &[1, 2], &[0, 2, 1], &[0, 1], &[0, 3]] {
            assert_eq!(Lists::stored(starts.to_vec(), vec![7, 8]), None, "{starts:?}");
        }
    }
}
