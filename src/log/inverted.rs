//! Marks the other way round: for each of them the entries that have it. A large part of a log is
//! counted along these, which takes as long for half of all entries as for all.

use super::EntryId;
use std::ops::Range;

/// For each mark of one sort, by its number, who has it.
#[derive(Debug, Default)]
pub(super) struct Inverted(Vec<Row>);

/// The entries that have a mark: in whichever form is smaller.
#[derive(Debug)]
enum Row {
    Bits(Vec<u64>),
    /// Ascending.
    Ids(Vec<u32>),
}

/// Entries of a log from one to another, as bits.
pub(super) struct Among {
    /// Of the first bit: a multiple of 64.
    first: u32,
    bits: Vec<u64>,
}

const WORD: u32 = u64::BITS;

impl Inverted {
    /// Of `marks` marks, those that each of `entries` entries has: pairs of both, ascending by entry.
    pub(super) fn of(entries: usize, marks: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Inverted {
        let mut times = vec![0; marks];
        pairs.clone().for_each(|(_, mark)| times[mark as usize] += 1);
        let row = |times: &usize| {
            let is_frequent = times * WORD as usize / 2 > entries;
            if is_frequent {
                Row::Bits(vec![0; entries.div_ceil(WORD as usize)])
            } else {
                Row::Ids(Vec::with_capacity(*times))
            }
        };
        let mut rows: Vec<Row> = times.iter().map(row).collect();
        for (entry, mark) in pairs {
            match &mut rows[mark as usize] {
                Row::Bits(bits) => bits[(entry / WORD) as usize] |= 1 << (entry % WORD),
                Row::Ids(ids) => ids.push(entry),
            }
        }
        Inverted(rows)
    }

    /// How many of `among` have each mark.
    pub(super) fn count(&self, among: &Among) -> Vec<u32> {
        self.0.iter().map(|row| row.count(among)).collect()
    }
}

impl Row {
    fn count(&self, among: &Among) -> u32 {
        match self {
            Row::Bits(bits) => {
                let bits = &bits[(among.first / WORD) as usize..];
                bits.iter().zip(&among.bits).map(|(own, bits)| (own & bits).count_ones()).sum()
            }
            Row::Ids(ids) => {
                let Range { start, end } = among.range();
                let from = ids.partition_point(|id| *id < start);
                ids[from..].iter().take_while(|id| **id < end).map(|id| u32::from(among.has(*id))).sum()
            }
        }
    }
}

impl Among {
    /// `None` when `ids` are so few of those between them that each is sooner looked at by itself.
    pub(super) fn of(ids: &[EntryId]) -> Option<Among> {
        let (first, last) = (ids.iter().min()?.0, ids.iter().max()?.0);
        if ids.len() * SPARSE < (last - first) as usize {
            return None;
        }
        let first = first / WORD * WORD;
        let mut bits = vec![0; ((last - first) / WORD + 1) as usize];
        ids.iter().map(|id| id.0 - first).for_each(|id| bits[(id / WORD) as usize] |= 1 << (id % WORD));
        Some(Among { first, bits })
    }

    fn range(&self) -> Range<u32> {
        self.first..self.first + self.bits.len() as u32 * WORD
    }

    fn has(&self, id: u32) -> bool {
        let at = id - self.first;
        self.bits[(at / WORD) as usize] >> (at % WORD) & 1 == 1
    }
}

/// One entry among so many is looked at as fast as all of them along the rows: measured with a
/// million entries.
const SPARSE: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_count_what_is_among() {
        let has = |entry: u32, mark: u32| match mark {
            0 => entry.is_multiple_of(2),
            1 => entry % 50 == 3,
            2 => entry == 199,
            _ => false,
        };
        let all = 0..200;
        let pairs =
            all.clone().flat_map(|entry| (0..4).filter(move |mark| has(entry, *mark)).map(move |mark| (entry, mark)));
        let inverted = Inverted::of(200, 4, pairs);
        assert!(matches!(inverted.0[..], [Row::Bits(_), Row::Ids(_), Row::Ids(_), Row::Ids(_)]));
        for (range, step) in
            [(0..200, 1), (0..200, 7), (63..65, 1), (64..128, 3), (130..200, 2), (199..200, 1), (5..6, 1)]
        {
            let ids: Vec<EntryId> = range.clone().step_by(step).map(EntryId).collect();
            for ids in [ids.clone(), ids.into_iter().rev().collect()] {
                let among = Among::of(&ids).expect("they are many");
                let expected = (0..4).map(|mark| ids.iter().filter(|id| has(id.0, mark)).count() as u32);
                assert_eq!(inverted.count(&among), expected.collect::<Vec<_>>(), "{range:?} by {step}");
            }
        }
        assert!(Among::of(&[]).is_none() && Among::of(&[EntryId(0), EntryId(33)]).is_none());
    }
}
