//! Ranges of bytes, put in order.

use std::ops::Range;

/// Sorts `ranges` and joins those that overlap. Neighbours that only touch stay apart.
pub(crate) fn join_overlapping(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    join(ranges, |start, end| start < end)
}

/// Sorts `ranges` and joins those that overlap or touch.
pub(crate) fn join_touching(ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    join(ranges, |start, end| start <= end)
}

/// Joins ranges whose `start` belongs to the range before, which goes to `end`.
fn join(mut ranges: Vec<Range<usize>>, belongs: fn(usize, usize) -> bool) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, last| {
        let joined = belongs(next.start, last.end);
        if joined {
            last.end = last.end.max(next.end);
        }
        joined
    });
    ranges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_sorted_and_joined() {
        let ranges = vec![8..9, 0..2, 1..3, 3..5, 1..2];
        assert_eq!(join_overlapping(ranges.clone()), [0..3, 3..5, 8..9]);
        assert_eq!(join_touching(ranges), [0..5, 8..9]);
    }
}
