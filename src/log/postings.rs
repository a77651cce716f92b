//! Marks the other way round: for each of them the entries that have it. Many entries are counted
//! along these, block by block, in a fraction of the time that a look at each would take.

use super::EntryId;

/// Which entries have which marks of one sort, by the number of the mark.
#[derive(Debug, Default)]
pub(super) struct Postings {
    labels: usize,
    /// Marks that so many have: a bit for each entry.
    frequent: Vec<(u32, Vec<u64>)>,
    /// The other marks, for each block of entries: where they begin, and at the end where all end.
    starts: Vec<u32>,
    /// The number of a mark above the place of its entry in the block.
    rare: Vec<u32>,
}

/// Entries of a log from one to another, as bits.
pub(super) struct EntryBitmap {
    /// The first block.
    first: usize,
    bits: Vec<u64>,
}

/// Entries of a block: as many as a word has bits.
const BLOCK: u32 = u64::BITS;

impl Postings {
    /// Of `marks` marks, those that each of `entries` entries has: pairs of both, ascending by entry.
    pub(super) fn of(entries: usize, marks: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Postings {
        let blocks = entries.div_ceil(BLOCK as usize);
        let mut times = vec![0; marks];
        pairs.clone().for_each(|(_, mark)| times[mark as usize] += 1);
        let is_frequent = |times: usize| times * FREQUENT > entries;
        let mut found = Postings { labels: marks, starts: vec![0], ..Postings::default() };
        let mut rows = vec![None; marks];
        for (mark, _) in times.iter().enumerate().filter(|(_, times)| is_frequent(**times)) {
            rows[mark] = Some(found.frequent.len());
            found.frequent.push((mark as u32, vec![0; blocks]));
        }
        found.rare.reserve_exact(times.iter().filter(|times| !is_frequent(**times)).sum());
        for (entry, mark) in pairs {
            let (block, place) = ((entry / BLOCK) as usize, entry % BLOCK);
            if let Some(row) = rows[mark as usize] {
                found.frequent[row].1[block] |= 1 << place;
            } else {
                found.starts.resize(block + 1, found.rare.len() as u32);
                found.rare.push(mark * BLOCK + place);
            }
        }
        found.starts.resize(blocks + 1, found.rare.len() as u32);
        found
    }

    /// How many of `among` have each mark.
    pub(super) fn count(&self, among: &EntryBitmap) -> Vec<u32> {
        let mut counts = vec![0; self.labels];
        for (mark, row) in &self.frequent {
            let both = row[among.first..].iter().zip(&among.bits).map(|(own, bits)| own & bits);
            counts[*mark as usize] = both.map(u64::count_ones).sum();
        }
        for (place, bits) in self.starts[among.first..].windows(2).zip(&among.bits) {
            if *bits != 0 {
                // No branch depends on who is among them: as many are met in less time.
                for mark in &self.rare[place[0] as usize..place[1] as usize] {
                    counts[(mark / BLOCK) as usize] += (bits >> (mark % BLOCK) & 1) as u32;
                }
            }
        }
        counts
    }
}

impl EntryBitmap {
    /// `None` when `ids` are so few of those between them that each is sooner looked at by itself.
    pub(super) fn of(ids: &[EntryId]) -> Option<EntryBitmap> {
        let numbers = ids.iter().map(|id| id.0);
        let (first, last) = (numbers.clone().min()?, numbers.max()?);
        if ids.len() * SPARSE < (last - first) as usize {
            return None;
        }
        let start = first / BLOCK * BLOCK;
        let mut bits = vec![0; ((last - start) / BLOCK + 1) as usize];
        // Those of a block mostly follow one another: its word is written once.
        for of_block in ids.chunk_by(|a, b| a.0 / BLOCK == b.0 / BLOCK) {
            let word = of_block.iter().fold(0, |word, id| word | 1 << (id.0 % BLOCK));
            bits[((of_block[0].0 - start) / BLOCK) as usize] |= word;
        }
        Some(EntryBitmap { first: (start / BLOCK) as usize, bits })
    }
}

/// One entry in so many must have a mark to be worth a bit for each: measured with a million.
const FREQUENT: usize = 50;

/// One entry among so many is looked at as fast as all of them along the marks: measured with a
/// million.
const SPARSE: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_count_a_subset() {
        let has = |entry: u32, mark: u32| match mark {
            0 => entry.is_multiple_of(2),
            1 => entry % 50 == 3,
            2 => entry == 199,
            3 => entry == 63 || entry == 64,
            _ => false,
        };
        let marks = 5;
        let all = 0..200;
        let pairs = all
            .clone()
            .flat_map(|entry| (0..marks).filter(move |mark| has(entry, *mark)).map(move |mark| (entry, mark)));
        let inverted = Postings::of(200, marks as usize, pairs);
        assert_eq!((inverted.frequent.len(), inverted.rare.len()), (1, 4 + 1 + 2));
        for (range, step) in
            [(0..200, 1), (0..200, 7), (63..65, 1), (64..128, 3), (130..200, 2), (199..200, 1), (5..6, 1)]
        {
            let ids: Vec<EntryId> = range.clone().step_by(step).map(EntryId).collect();
            for ids in [ids.clone(), ids.into_iter().rev().collect()] {
                let among = EntryBitmap::of(&ids).expect("they are many");
                let expected = (0..marks).map(|mark| ids.iter().filter(|id| has(id.0, mark)).count() as u32);
                assert_eq!(inverted.count(&among), expected.collect::<Vec<_>>(), "{range:?} by {step}");
            }
        }
        assert!(
            EntryBitmap::of(&[]).is_none() && EntryBitmap::of(&[EntryId(0), EntryId(2 * SPARSE as u32 + 1)]).is_none()
        );
    }
}
