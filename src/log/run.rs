//! Runs: entries that follow one another in their note and, having the same days, in the log.
//!
//! A log is sorted run by run. The run of an entry tells its note, its position there and its
//! group, so that no column needs a value for each entry.

use super::{EntryId, GroupId};
use std::{ops::Range, sync::OnceLock};

/// Consecutive entries; the run ends where the next one of the log begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// First entry of the run.
    pub first: EntryId,
    /// Number of the note.
    pub note: u32,
    /// Position of the first entry in the note.
    pub nth: u32,
    pub group: GroupId,
}

/// All runs of a log.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Runs, newest first.
    all: Vec<Run>,
    /// Number of entries of the log.
    entries: u32,
    /// Numbers of runs by note, in the note's order; built at the first request.
    by_note: OnceLock<Vec<u32>>,
}

impl Run {
    /// Position in the note of an entry of the run.
    pub(super) fn place_of(&self, id: EntryId) -> u32 {
        self.nth + (id.0 - self.first.0)
    }
}

impl Runs {
    /// Makes the runs of a log with `entries` entries; `all` is sorted, newest first.
    pub(super) fn new(all: Vec<Run>, entries: u32) -> Runs {
        Runs { all, entries, by_note: OnceLock::new() }
    }

    pub(super) fn all(&self) -> &[Run] {
        &self.all
    }

    /// Number of entries in all runs.
    pub(super) fn entries(&self) -> u32 {
        self.entries
    }

    /// The run of an entry.
    ///
    /// # Panics
    ///
    /// Panics when no entry has the number `id`.
    pub(super) fn find(&self, id: EntryId) -> &Run {
        assert!(id.0 < self.entries, "no entry of this log");
        &self.all[self.number(id)]
    }

    fn number(&self, id: EntryId) -> usize {
        self.all.partition_point(|run| run.first <= id).saturating_sub(1)
    }

    /// Number of the entry after the last one of run `number`.
    fn end(&self, number: usize) -> u32 {
        self.all.get(number + 1).map_or(self.entries, |next| next.first.0)
    }

    /// The runs of a note in its order, each with its entries.
    pub(super) fn of_note(&self, note: usize) -> impl Iterator<Item = (&Run, Range<u32>)> {
        let note = note as u32;
        let by_note = self.by_note.get_or_init(|| {
            let mut numbers: Vec<u32> = (0..self.all.len() as u32).collect();
            numbers.sort_unstable_by_key(|number| {
                let run = &self.all[*number as usize];
                (run.note, run.nth)
            });
            numbers
        });
        let first = by_note.partition_point(|number| self.all[*number as usize].note < note);
        let numbers = by_note[first..].iter().map(|number| *number as usize);
        numbers.map_while(move |number| {
            let run = &self.all[number];
            (run.note == note).then(|| (run, run.first.0..self.end(number)))
        })
    }

    /// Divides `ids` into consecutive ranges of one group each. A group comes again where it has
    /// several runs.
    pub(super) fn groups_of<'a>(&'a self, ids: &'a [EntryId]) -> impl Iterator<Item = (GroupId, Range<usize>)> {
        // Counting all is faster than stopping at the first.
        let is_sorted = ids.windows(2).filter(|two| two[1] < two[0]).count() == 0;
        let (mut at, mut number) = (0, 0);
        std::iter::from_fn(move || {
            let id = *ids.get(at)?;
            let has = |number: &usize| self.all[*number].first <= id && id.0 < self.end(*number);
            let mut near = number..self.all.len().min(number + NEAR);
            number = near.find(has).unwrap_or_else(|| self.number(id));
            let (run, end) = (&self.all[number], self.end(number));
            let start = at;
            at += if is_sorted {
                let most = (end - id.0) as usize;
                ids[at..ids.len().min(at + most)].partition_point(|id| id.0 < end)
            } else {
                ids[at..].iter().take_while(|id| (run.first.0..end).contains(&id.0)).count()
            };
            Some((run.group, start..at))
        })
    }
}

/// Runs that are tried one after another before a binary search.
const NEAR: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    /// Two notes: the first has its later entries on top.
    fn runs() -> Runs {
        let run = |first, note, nth, group| Run { first: EntryId(first), note, nth, group: GroupId(group) };
        Runs::new(vec![run(0, 0, 2, 0), run(3, 1, 0, 1), run(4, 0, 0, 2), run(5, 0, 5, 2)], 7)
    }

    #[test]
    fn run_is_found_by_entry_and_by_note() {
        let runs = runs();
        let place = |id| {
            let run = runs.find(EntryId(id));
            (run.note, run.place_of(EntryId(id)))
        };
        let places: Vec<(u32, u32)> = (0..7).map(place).collect();
        assert_eq!(places, [(0, 2), (0, 3), (0, 4), (1, 0), (0, 0), (0, 5), (0, 6)]);
        let of_note = |note| runs.of_note(note).flat_map(|(_, ids)| ids).collect::<Vec<_>>();
        assert_eq!((of_note(0), of_note(1), of_note(2)), (vec![4, 0, 1, 2, 5, 6], vec![3], vec![]));
        assert!(Runs::default().of_note(0).next().is_none());
    }

    #[test]
    fn groups_follow_any_order() {
        let runs = runs();
        let groups = |ids: &[u32]| {
            let ids: Vec<EntryId> = ids.iter().copied().map(EntryId).collect();
            runs.groups_of(&ids).map(|(group, place)| (group.0, place.len())).collect::<Vec<_>>()
        };
        assert_eq!(groups(&[0, 1, 2, 3, 4, 5, 6]), [(0, 3), (1, 1), (2, 1), (2, 2)]);
        assert_eq!(groups(&[6, 5, 4, 2, 0]), [(2, 2), (2, 1), (0, 2)]);
        assert_eq!(groups(&[1, 6, 2, 3]), [(0, 1), (2, 1), (0, 1), (1, 1)]);
        assert_eq!(groups(&[]), []);
    }
}
