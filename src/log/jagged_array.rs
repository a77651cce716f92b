//! Jagged array: lists of numbers, one for each entry, stored one after another in one column.

use super::column::Column;
use std::ops::Range;

/// Lists of numbers of different lengths.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JaggedArray {
    /// Start of each list, then the end of the last.
    starts: Column<u32>,
    items: Column<u32>,
}

impl Default for JaggedArray {
    fn default() -> JaggedArray {
        JaggedArray { starts: Column::Own(vec![0]), items: Column::default() }
    }
}

/// Borrowed view of a [`JaggedArray`], for reading many lists.
#[derive(Clone, Copy)]
pub(super) struct JaggedView<'a> {
    starts: &'a [u32],
    items: &'a [u32],
}

impl JaggedArray {
    /// Builds the array from stored [`JaggedArray::starts`] and [`JaggedArray::items`]; `None` when they
    /// do not fit.
    pub(super) fn stored(starts: Column<u32>, items: Column<u32>) -> Option<JaggedArray> {
        let fits = starts.first() == Some(&0) && starts.is_sorted() && starts.last() == Some(&(items.len() as u32));
        fits.then_some(JaggedArray { starts, items })
    }

    pub(super) fn push(&mut self, list: impl IntoIterator<Item = u32>) {
        let items = self.items.to_mut();
        items.extend(list);
        self.starts.to_mut().push(items.len() as u32);
    }

    /// Appends the lists of `other` at the positions `place`.
    pub(super) fn extend(&mut self, other: JaggedView<'_>, place: Range<usize>) {
        let starts = &other.starts[place.start..=place.end];
        let (items, end) = (self.items.to_mut(), starts[0]);
        let first = items.len() as u32;
        items.extend_from_slice(&other.items[end as usize..starts[place.len()] as usize]);
        self.starts.to_mut().extend(starts[1..].iter().map(|start| start - end + first));
    }

    pub(super) fn view(&self) -> JaggedView<'_> {
        JaggedView { starts: &self.starts, items: &self.items }
    }

    /// Number of lists.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn starts(&self) -> &[u32] {
        &self.starts
    }

    pub(super) fn items(&self) -> &[u32] {
        &self.items
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.starts.to_mut().shrink_to_fit();
        self.items.to_mut().shrink_to_fit();
    }
}

impl<'a> JaggedView<'a> {
    /// The list at position `at`.
    ///
    /// # Panics
    ///
    /// Panics when there are fewer lists.
    pub(super) fn get(self, at: usize) -> &'a [u32] {
        &self.items[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// Items of all lists, each paired with the position of its list.
    pub(super) fn pairs(self) -> impl Iterator<Item = (u32, u32)> + Clone + 'a {
        (0..).zip(self.starts.windows(2)).flat_map(move |(at, place)| {
            let items = &self.items[place[0] as usize..place[1] as usize];
            items.iter().map(move |item| (at, *item))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jagged_array_survives_a_round_trip() {
        let mut lists = JaggedArray::default();
        for list in [&[1, 2][..], &[], &[3]] {
            lists.push(list.iter().copied());
        }
        let view = lists.view();
        assert_eq!([view.get(0), view.get(1), view.get(2)], [&[1, 2][..], &[], &[3]]);
        assert_eq!(view.pairs().collect::<Vec<_>>(), [(0, 1), (0, 2), (2, 3)]);
        let mut others = JaggedArray::default();
        others.extend(view, 1..3);
        others.extend(view, 0..1);
        others.extend(view, 2..2);
        assert_eq!([0, 1, 2].map(|at| others.view().get(at)), [&[][..], &[3], &[1, 2]]);
        let table = |numbers: &[u32]| numbers.iter().copied().collect::<Column<u32>>();
        assert_eq!(JaggedArray::stored(table(lists.starts()), table(lists.items())), Some(lists));
        assert_eq!(JaggedArray::stored(table(&[0]), table(&[])), Some(JaggedArray::default()));
        for starts in [&[][..], &[1, 2], &[0, 2, 1], &[0, 1], &[0, 3]] {
            assert_eq!(JaggedArray::stored(table(starts), table(&[7, 8])), None, "{starts:?}");
        }
    }
}
