//! Stretches: entries that follow one another in their note and, having the same days, in the log.
//!
//! A log is put in order stretch by stretch. The stretch of an entry tells its note, its place there
//! and its group, so that no table needs a line for each entry to say so.

use super::{EntryId, GroupId};
use std::{ops::Range, sync::OnceLock};

/// A stretch. It ends where the next one of the log begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// Its first entry.
    pub first: EntryId,
    /// Number of its note.
    pub note: u32,
    /// Place of its first entry in the note.
    pub nth: u32,
    pub group: GroupId,
}

/// All stretches of a log.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Newest first.
    all: Vec<Run>,
    /// Entries of the log.
    entries: u32,
    /// Numbers of stretches, note by note, as they follow in it; once that was asked.
    by_note: OnceLock<Vec<u32>>,
}

impl Run {
    /// The place in its note of an entry that stands in it.
    pub(super) fn place_of(&self, id: EntryId) -> u32 {
        self.nth + (id.0 - self.first.0)
    }
}

impl Runs {
    /// Stretches, newest first, that so many entries stand in.
    pub(super) fn new(all: Vec<Run>, entries: u32) -> Runs {
        Runs { all, entries, by_note: OnceLock::new() }
    }

    pub(super) fn all(&self) -> &[Run] {
        &self.all
    }

    /// How many entries stand in them.
    pub(super) fn entries(&self) -> u32 {
        self.entries
    }

    /// # Panics
    ///
    /// When no entry has that number.
    pub(super) fn find(&self, id: EntryId) -> &Run {
        assert!(id.0 < self.entries, "no entry of this log");
        &self.all[self.number(id)]
    }

    fn number(&self, id: EntryId) -> usize {
        self.all.partition_point(|stretch| stretch.first <= id).saturating_sub(1)
    }

    /// The entry behind the last one of a stretch, by its number.
    fn end(&self, number: usize) -> u32 {
        self.all.get(number + 1).map_or(self.entries, |next| next.first.0)
    }

    /// The stretches of a note, as they follow in it, each with its entries.
    pub(super) fn of_note(&self, note: usize) -> impl Iterator<Item = (&Run, Range<u32>)> {
        let note = note as u32;
        let by_note = self.by_note.get_or_init(|| {
            let mut numbers: Vec<u32> = (0..self.all.len() as u32).collect();
            numbers.sort_unstable_by_key(|number| {
                let stretch = &self.all[*number as usize];
                (stretch.note, stretch.nth)
            });
            numbers
        });
        let first = by_note.partition_point(|number| self.all[*number as usize].note < note);
        let numbers = by_note[first..].iter().map(|number| *number as usize);
        numbers.map_while(move |number| {
            let stretch = &self.all[number];
            (stretch.note == note).then(|| (stretch, stretch.first.0..self.end(number)))
        })
    }

    /// The groups of `ids`, each with the places of those that stand in it. A group comes again
    /// where it has several stretches.
    pub(super) fn groups_of<'a>(&'a self, ids: &'a [EntryId]) -> impl Iterator<Item = (GroupId, Range<usize>)> {
        // Counting takes less than stopping at the first.
        let is_sorted = ids.windows(2).filter(|two| two[1] < two[0]).count() == 0;
        let (mut at, mut number) = (0, 0);
        std::iter::from_fn(move || {
            let id = *ids.get(at)?;
            let has = |number: &usize| self.all[*number].first <= id && id.0 < self.end(*number);
            let mut near = number..self.all.len().min(number + NEAR);
            number = near.find(has).unwrap_or_else(|| self.number(id));
            let (stretch, end) = (&self.all[number], self.end(number));
            let start = at;
            at += if is_sorted {
                let most = (end - id.0) as usize;
                ids[at..ids.len().min(at + most)].partition_point(|id| id.0 < end)
            } else {
                ids[at..].iter().take_while(|id| (stretch.first.0..end).contains(&id.0)).count()
            };
            Some((stretch.group, start..at))
        })
    }
}

/// Stretches that are tried one after another before one is searched for among all.
const NEAR: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    /// Two notes: the first has its later entries on top.
    fn stretches() -> Runs {
        let stretch = |first, note, nth, group| Run { first: EntryId(first), note, nth, group: GroupId(group) };
        Runs::new(vec![stretch(0, 0, 2, 0), stretch(3, 1, 0, 1), stretch(4, 0, 0, 2), stretch(5, 0, 5, 2)], 7)
    }

    #[test]
    fn run_is_found_by_entry_and_by_note() {
        let stretches = stretches();
        let place = |id| {
            let stretch = stretches.find(EntryId(id));
            (stretch.note, stretch.place_of(EntryId(id)))
        };
        let places: Vec<(u32, u32)> = (0..7).map(place).collect();
        assert_eq!(places, [(0, 2), (0, 3), (0, 4), (1, 0), (0, 0), (0, 5), (0, 6)]);
        let of_note = |note| stretches.of_note(note).flat_map(|(_, ids)| ids).collect::<Vec<_>>();
        assert_eq!((of_note(0), of_note(1), of_note(2)), (vec![4, 0, 1, 2, 5, 6], vec![3], vec![]));
        assert!(Runs::default().of_note(0).next().is_none());
    }

    #[test]
    fn groups_follow_any_order() {
        let stretches = stretches();
        let groups = |ids: &[u32]| {
            let ids: Vec<EntryId> = ids.iter().copied().map(EntryId).collect();
            stretches.groups_of(&ids).map(|(group, place)| (group.0, place.len())).collect::<Vec<_>>()
        };
        assert_eq!(groups(&[0, 1, 2, 3, 4, 5, 6]), [(0, 3), (1, 1), (2, 1), (2, 2)]);
        assert_eq!(groups(&[6, 5, 4, 2, 0]), [(2, 2), (2, 1), (0, 2)]);
        assert_eq!(groups(&[1, 6, 2, 3]), [(0, 1), (2, 1), (0, 1), (1, 1)]);
        assert_eq!(groups(&[]), []);
    }
}
