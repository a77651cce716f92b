//! Postings: for each label the entries that have it. Counting many entries by postings, block by
//! block, takes a fraction of the time that visiting each entry takes.

use super::EntryId;

/// The entries that have each label of one sort (kinds, tags or repositories), by its number.
#[derive(Debug, Default)]
pub(super) struct Postings {
    labels: usize,
    /// Frequent labels, each with a bit for each entry.
    frequent: Vec<(u32, Vec<u64>)>,
    /// Start of each block of entries in `rare`, then the end of the last.
    starts: Vec<u32>,
    /// Rare labels as `label * BLOCK + position of the entry in its block`.
    rare: Vec<u32>,
}

/// A range of entries as bits.
pub(super) struct EntryBitmap {
    /// The first block.
    first: usize,
    bits: Vec<u64>,
}

/// Entries of a block: as many as a word has bits.
const BLOCK: u32 = u64::BITS;

impl Postings {
    /// Builds postings of `labels` labels from `pairs` of entry and label, ascending by entry.
    pub(super) fn of(entries: usize, labels: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Postings {
        let blocks = entries.div_ceil(BLOCK as usize);
        let mut times = vec![0; labels];
        pairs.clone().for_each(|(_, label)| times[label as usize] += 1);
        let is_frequent = |times: usize| times * FREQUENT > entries;
        let mut found = Postings { labels, starts: vec![0], ..Postings::default() };
        let mut rows = vec![None; labels];
        for (label, _) in times.iter().enumerate().filter(|(_, times)| is_frequent(**times)) {
            rows[label] = Some(found.frequent.len());
            found.frequent.push((label as u32, vec![0; blocks]));
        }
        found.rare.reserve_exact(times.iter().filter(|times| !is_frequent(**times)).sum());
        for (entry, label) in pairs {
            let (block, place) = ((entry / BLOCK) as usize, entry % BLOCK);
            if let Some(row) = rows[label as usize] {
                found.frequent[row].1[block] |= 1 << place;
            } else {
                found.starts.resize(block + 1, found.rare.len() as u32);
                found.rare.push(label * BLOCK + place);
            }
        }
        found.starts.resize(blocks + 1, found.rare.len() as u32);
        found
    }

    /// Counts how many of `among` have each label.
    pub(super) fn count(&self, among: &EntryBitmap) -> Vec<u32> {
        let mut counts = vec![0; self.labels];
        for (label, row) in &self.frequent {
            let both = row[among.first..].iter().zip(&among.bits).map(|(own, bits)| own & bits);
            counts[*label as usize] = both.map(u64::count_ones).sum();
        }
        for (place, bits) in self.starts[among.first..].windows(2).zip(&among.bits) {
            if *bits != 0 {
                // Free of branches on the bits, which is faster.
                for label in &self.rare[place[0] as usize..place[1] as usize] {
                    counts[(label / BLOCK) as usize] += (bits >> (label % BLOCK) & 1) as u32;
                }
            }
        }
        counts
    }
}

impl EntryBitmap {
    /// Makes a bitmap of `ids`; `None` when they are so sparse that visiting each is faster.
    pub(super) fn of(ids: &[EntryId]) -> Option<EntryBitmap> {
        let numbers = ids.iter().map(|id| id.0);
        let (first, last) = (numbers.clone().min()?, numbers.max()?);
        if ids.len() * SPARSE < (last - first) as usize {
            return None;
        }
        let start = first / BLOCK * BLOCK;
        let mut bits = vec![0; ((last - start) / BLOCK + 1) as usize];
        // Ids of a block mostly follow one another, so that its word is written once.
        for of_block in ids.chunk_by(|a, b| a.0 / BLOCK == b.0 / BLOCK) {
            let word = of_block.iter().fold(0, |word, id| word | 1 << (id.0 % BLOCK));
            bits[((of_block[0].0 - start) / BLOCK) as usize] |= word;
        }
        Some(EntryBitmap { first: (start / BLOCK) as usize, bits })
    }
}

/// A label that more than one in so many entries has gets a bit for each entry: measured with a
/// million entries.
const FREQUENT: usize = 50;

/// Sparsity from which visiting each entry is as fast as postings: one in so many, measured with a
/// million entries.
const SPARSE: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_count_a_subset() {
        let has = |entry: u32, label: u32| match label {
            0 => entry.is_multiple_of(2),
            1 => entry % 50 == 3,
            2 => entry == 199,
            3 => entry == 63 || entry == 64,
            _ => false,
        };
        let labels = 5;
        let all = 0..200;
        let pairs = all
            .clone()
            .flat_map(|entry| (0..labels).filter(move |label| has(entry, *label)).map(move |label| (entry, label)));
        let inverted = Postings::of(200, labels as usize, pairs);
        assert_eq!((inverted.frequent.len(), inverted.rare.len()), (1, 4 + 1 + 2));
        for (range, step) in
            [(0..200, 1), (0..200, 7), (63..65, 1), (64..128, 3), (130..200, 2), (199..200, 1), (5..6, 1)]
        {
            let ids: Vec<EntryId> = range.clone().step_by(step).map(EntryId).collect();
            for ids in [ids.clone(), ids.into_iter().rev().collect()] {
                let among = EntryBitmap::of(&ids).expect("they are many");
                let expected = (0..labels).map(|label| ids.iter().filter(|id| has(id.0, label)).count() as u32);
                assert_eq!(inverted.count(&among), expected.collect::<Vec<_>>(), "{range:?} by {step}");
            }
        }
        assert!(
            EntryBitmap::of(&[]).is_none() && EntryBitmap::of(&[EntryId(0), EntryId(2 * SPARSE as u32 + 1)]).is_none()
        );
    }
}
