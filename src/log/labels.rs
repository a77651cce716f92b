//! Labels: the kinds and tags of entries.

use super::{
    EntryId, GroupId, Log, TagId,
    column::Column,
    facet::{GroupCounts, add},
    jagged_array::JaggedArray,
    postings::{EntryBitmap, Postings},
};
use crate::note::{Kind, Kinds};
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

const KINDS: usize = Kind::ALL.len();

/// The labels of all entries of a log.
#[derive(Debug, Default)]
pub(super) struct Labels {
    /// [`Kinds::bits`] of each entry.
    pub(super) kinds: Column<u16>,
    /// Own tags of an entry, those above them, and discovered ones: ascending.
    pub(super) tags: JaggedArray,
    /// Tags that an entry has only since a name recurs: entry by entry, in the order in which they
    /// were discovered.
    pub(super) discovered: Column<[u32; 2]>,
    /// Entries by kind, built when many entries are counted.
    by_kind: OnceLock<Postings>,
    by_tag: OnceLock<Postings>,
}

impl Labels {
    /// Adds the labels of the next entry.
    pub(super) fn push(&mut self, kinds: Kinds, all: &[TagId], discovered: &[TagId]) {
        let id = EntryId(self.kinds.len() as u32);
        self.kinds.to_mut().push(kinds.bits());
        self.tags.push(all.iter().map(|tag| tag.0));
        self.discovered.to_mut().extend(discovered.iter().map(|tag| [id.0, tag.0]));
    }

    /// Builds labels from stored columns.
    pub(super) fn stored(kinds: Column<u16>, tags: JaggedArray, discovered: Column<[u32; 2]>) -> Labels {
        Labels { kinds, tags, discovered, ..Labels::default() }
    }

    /// All tags of an entry, ascending.
    pub(super) fn all(&self, id: EntryId) -> impl ExactSizeIterator<Item = TagId> + '_ {
        let all = if id.index() < self.tags.len() { self.tags.view().get(id.index()) } else { &[] };
        all.iter().map(|tag| TagId(*tag))
    }

    /// Tags that an entry has only since a name recurs.
    pub(super) fn discovered(&self, id: EntryId) -> impl Iterator<Item = TagId> {
        let start = self.discovered.partition_point(|[entry, _]| *entry < id.0);
        self.discovered[start..].iter().take_while(move |[entry, _]| *entry == id.0).map(|[_, tag]| TagId(*tag))
    }

    pub(super) fn kinds(&self, id: EntryId) -> Kinds {
        self.kinds.get(id.index()).copied().map(Kinds::from_bits).unwrap_or_default()
    }

    /// Counts how many of `ids` have each kind and each of `tags` tags, visiting each.
    fn count(&self, ids: &[EntryId], tags: usize) -> ([u32; KINDS], Vec<u32>) {
        let mut of_tags = vec![0; tags];
        // Entries are counted by their set of kinds, so that no kind is tested in each entry.
        let mut sets = [0; 1 << KINDS];
        let (all_kinds, all_tags) = (&*self.kinds, self.tags.view());
        for id in ids {
            sets[usize::from(all_kinds[id.index()])] += 1;
            all_tags.get(id.index()).iter().for_each(|tag| of_tags[*tag as usize] += 1);
        }
        let mut kinds = [0; KINDS];
        for (set, times) in (0..).map(Kinds::from_bits).zip(sets).filter(|(_, times)| *times > 0) {
            set.iter().for_each(|kind| kinds[kind as usize] += times);
        }
        (kinds, of_tags)
    }

    /// Counts like [`Labels::count`], by postings.
    fn count_among(&self, among: &EntryBitmap, tags: usize) -> ([u32; KINDS], Vec<u32>) {
        let len = self.kinds.len();
        let of_kinds = || {
            let kinds = (0..).zip(self.kinds.iter().copied().map(Kinds::from_bits));
            Postings::of(len, KINDS, kinds.flat_map(|(id, kinds)| kinds.iter().map(move |kind| (id, kind as u32))))
        };
        let of_tags = || Postings::of(len, tags, self.tags.view().pairs());
        let kinds = self.by_kind.get_or_init(of_kinds).count(among);
        (std::array::from_fn(|kind| kinds[kind]), self.by_tag.get_or_init(of_tags).count(among))
    }

    pub(super) fn shrink_to_fit(&mut self) {
        self.kinds.to_mut().shrink_to_fit();
        self.tags.shrink_to_fit();
        self.discovered.to_mut().shrink_to_fit();
    }
}

/// Numbers of entries by kind, tag, repository, source and year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    all: u32,
    kinds: [u32; KINDS],
    /// Counts by [`TagId`]; tags beyond the end have none.
    tags: Vec<u32>,
    pub(super) repos: Vec<u32>,
    pub(super) groups: GroupCounts,
}

impl Counts {
    /// Counts `ids` of `log`.
    pub fn of(log: &Log, ids: &[EntryId]) -> Counts {
        let groups = log.groups_of(ids).map(|(group, ids)| (group, ids.len() as u32));
        Counts::of_labels(log, ids).merge(&Counts::of_groups(log, groups))
    }

    /// Counts what belongs to entries rather than groups: all but sources and years.
    pub fn of_labels(log: &Log, ids: &[EntryId]) -> Counts {
        // To count all entries, visiting each is faster than building postings, which would delay the
        // first screen.
        let among = EntryBitmap::of(ids).filter(|_| ids.len() < log.len());
        let ((kinds, tags), repos) = match &among {
            Some(among) => (log.labels.count_among(among, log.tags.len()), log.facets.repos_among(among)),
            None => (log.labels.count(ids, log.tags.len()), log.facets.count_repos(ids)),
        };
        Counts { all: ids.len() as u32, kinds, tags, repos, groups: GroupCounts::default() }
    }

    /// Counts sources and years by the number of entries in each group.
    pub fn of_groups(log: &Log, groups: impl Iterator<Item = (GroupId, u32)>) -> Counts {
        Counts { groups: GroupCounts::of(log, groups), ..Counts::default() }
    }

    /// Adds the counts of other entries of the same log.
    #[must_use]
    pub fn merge(mut self, other: &Counts) -> Counts {
        self.all += other.all;
        self.kinds.iter_mut().zip(&other.kinds).for_each(|(count, more)| *count += more);
        add(&mut self.tags, &other.tags);
        add(&mut self.repos, &other.repos);
        self.groups = self.groups.merge(&other.groups);
        self
    }

    /// Number of entries counted.
    pub fn all(&self) -> u32 {
        self.all
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
    use super::super::Entry;
    use super::*;

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
                let expected = ids[..len].iter().filter(|id| log.tags_of(**id).any(|own| own == tag)).count();
                assert_eq!(counts.tag(tag) as usize, expected, "{} of {len}", info.name);
            }
            for kind in Kind::ALL {
                let expected = ids[..len].iter().filter(|id| log.entry(**id).kinds().contains(kind)).count();
                assert_eq!(counts.kind(kind) as usize, expected, "{kind:?} of {len}");
            }
            if let Some(among) = EntryBitmap::of(&ids[..len]) {
                let each = log.labels.count(&ids[..len], log.tags().len());
                assert_eq!(log.labels.count_among(&among, log.tags().len()), each, "{len}");
            }
            let (some, others) = ids[..len].split_at(len / 3);
            assert_eq!(Counts::default().merge(&Counts::of(&log, some)).merge(&Counts::of(&log, others)), {
                Counts::default().merge(&counts)
            });
        }
    }
}
