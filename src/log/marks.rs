//! Marks: the kinds of an entry and its tags.
//!
//! Many entries have the same ones. Each such set is kept once, which also makes counting cheap:
//! first how many entries have which set, then the tags of the sets.

use super::{EntryId, Kind, Kinds, Log, TagId};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, ops::Range};

/// The marks of all entries of a log.
#[derive(Debug, Default)]
pub(super) struct Marks {
    /// For each entry its set.
    pub(super) of: Vec<u32>,
    pub(super) sets: Vec<Set>,
    /// The tags of all sets.
    pub(super) tags: Vec<TagId>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Set {
    kinds: Kinds,
    /// Own tags, those above them, and discovered ones: ascending.
    all: Range<u32>,
    /// Tags that are there only since a name recurs, in the order in which they were discovered.
    discovered: Range<u32>,
}

impl Marks {
    /// All tags of an entry, ascending.
    pub(super) fn all(&self, id: EntryId) -> &[TagId] {
        self.of.get(id.index()).map_or(&[], |set| self.tags_in(&self.sets[*set as usize].all))
    }

    /// Tags that an entry has only since a name recurs.
    pub(super) fn discovered(&self, id: EntryId) -> &[TagId] {
        self.of.get(id.index()).map_or(&[], |set| self.tags_in(&self.sets[*set as usize].discovered))
    }

    pub(super) fn kinds(&self, id: EntryId) -> Kinds {
        self.of.get(id.index()).map_or(Kinds::default(), |set| self.sets[*set as usize].kinds)
    }

    fn tags_in(&self, range: &Range<u32>) -> &[TagId] {
        &self.tags[range.start as usize..range.end as usize]
    }
}

/// Collects [`Marks`], entry by entry.
#[derive(Default)]
pub(super) struct Builder {
    marks: Marks,
    /// Sets by what is in them: kinds, number of tags, tags, discovered tags.
    known: HashMap<Vec<u32>, u32>,
    key: Vec<u32>,
}

impl Builder {
    /// Adds the marks of the next entry.
    pub(super) fn push(&mut self, kinds: Kinds, all: &[TagId], discovered: &[TagId]) {
        self.key.clear();
        self.key.extend([kinds.bits().into(), all.len() as u32]);
        self.key.extend(all.iter().chain(discovered).map(|tag| tag.0));
        let marks = &mut self.marks;
        let set = self.known.get(&self.key).copied().unwrap_or_else(|| {
            let mut keep = |tags: &[TagId]| {
                let start = marks.tags.len() as u32;
                marks.tags.extend_from_slice(tags);
                start..marks.tags.len() as u32
            };
            let (all, discovered) = (keep(all), keep(discovered));
            marks.sets.push(Set { kinds, all, discovered });
            self.known.insert(self.key.clone(), marks.sets.len() as u32 - 1);
            marks.sets.len() as u32 - 1
        });
        marks.of.push(set);
    }

    pub(super) fn finish(mut self) -> Marks {
        self.marks.of.shrink_to_fit();
        self.marks.sets.shrink_to_fit();
        self.marks.tags.shrink_to_fit();
        self.marks
    }
}

/// How many entries have each kind and each tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    kinds: [u32; Kind::ALL.len()],
    /// By [`TagId`]; tags beyond its end have none.
    tags: Vec<u32>,
}

impl Counts {
    /// Counts `ids` of `log`.
    pub fn of(log: &Log, ids: &[EntryId]) -> Counts {
        let marks = &log.marks;
        let mut counts = Counts { tags: vec![0; log.tags.len()], ..Counts::default() };
        // A few entries are looked at one by one.
        if ids.len() < marks.sets.len() {
            for id in ids {
                counts.add(marks, marks.of[id.index()], 1);
            }
            return counts;
        }
        let mut times = vec![0; marks.sets.len()];
        for id in ids {
            times[marks.of[id.index()] as usize] += 1;
        }
        for (set, times) in times.into_iter().enumerate().filter(|(_, times)| *times > 0) {
            counts.add(marks, set as u32, times);
        }
        counts
    }

    /// Counts a set that so many entries have.
    fn add(&mut self, marks: &Marks, set: u32, times: u32) {
        let set = &marks.sets[set as usize];
        for kind in set.kinds.iter() {
            self.kinds[kind as usize] += times;
        }
        for tag in marks.tags_in(&set.all) {
            self.tags[tag.0 as usize] += times;
        }
    }

    /// The counts of both, of other entries of the same log.
    #[must_use]
    pub fn and(mut self, other: &Counts) -> Counts {
        self.tags.resize(self.tags.len().max(other.tags.len()), 0);
        self.tags.iter_mut().zip(&other.tags).for_each(|(count, more)| *count += more);
        self.kinds.iter_mut().zip(&other.kinds).for_each(|(count, more)| *count += more);
        self
    }

    pub fn kind(&self, kind: Kind) -> u32 {
        self.kinds[kind as usize]
    }

    pub fn tag(&self, tag: TagId) -> u32 {
        self.tags.get(tag.0 as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Entry;

    #[test]
    fn counts_are_those_of_the_entries_however_they_are_split() {
        let texts = (0..60).map(|n| format!("#t{} #u{} #v{} 读了一篇论文", n % 2, n % 3, n % 7));
        let texts: Vec<String> = texts.collect();
        let log = Log::from_entries(texts.iter().map(String::as_str));
        let ids: Vec<EntryId> = log.entries().map(Entry::id).collect();
        for len in [0, 1, 7, 59, 60] {
            let counts = Counts::of(&log, &ids[..len]);
            for (at, info) in log.tags().iter().enumerate() {
                let tag = TagId(at as u32);
                let expected = ids[..len].iter().filter(|id| log.tags_of(**id).contains(&tag)).count();
                assert_eq!(counts.tag(tag) as usize, expected, "{} of {len}", info.name);
            }
            for kind in Kind::ALL {
                let expected = ids[..len].iter().filter(|id| log.entry(**id).kinds().contains(kind)).count();
                assert_eq!(counts.kind(kind) as usize, expected, "{kind:?} of {len}");
            }
            let (some, others) = ids[..len].split_at(len / 3);
            assert_eq!(Counts::default().and(&Counts::of(&log, some)).and(&Counts::of(&log, others)), {
                Counts::default().and(&counts)
            });
        }
    }
}
