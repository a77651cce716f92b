//! Facets: repositories, sources and years, by which a result is divided beside kinds and tags.
//!
//! Years and sources belong to groups, so that counting them visits no entry.

use super::{
    EntryId, Group, GroupId, LazyNote, Log,
    jagged_array::JaggedArray,
    postings::{EntryBitmap, Postings},
    run::Run,
};
use crate::note::{EntryRecord, Note};
use crate::reference;
use crate::text::fold;
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, collections::BTreeSet, ops::RangeInclusive, sync::OnceLock};

/// The facets of a log.
#[derive(Debug, Default)]
pub struct Facets {
    /// Linked repositories, folded.
    pub repos: Vec<String>,
    /// Names of sources, in order.
    pub sources: Vec<String>,
    /// The first year; the others follow in turn.
    first_year: i16,
    years: usize,
    /// Repositories of each entry, each once.
    pub(super) of_entry: JaggedArray,
    /// Entries by repository, built when many entries are counted.
    by_repo: OnceLock<Postings>,
    /// Facets of each group, built at the first count.
    of_group: OnceLock<Vec<GroupFacets>>,
}

#[derive(Debug)]
struct GroupFacets {
    source: u32,
    /// Years that it shares a day with, as places; none when undated.
    years: Option<RangeInclusive<u16>>,
}

/// Numbers of entries by source and year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct GroupCounts {
    sources: Vec<u32>,
    years: Vec<u32>,
    undated: u32,
}

impl Facets {
    /// The facets of `log`, whose entries are grouped already, with the names of repositories and,
    /// for each entry, which of them it links.
    pub(super) fn of(log: &Log, repos: Vec<String>, of_entry: JaggedArray) -> Facets {
        let sources: BTreeSet<&str> = log.notes.iter().map(LazyNote::source).collect();
        let years = || log.groups().iter().filter_map(years);
        let first_year = years().map(|(first, _)| first).min().unwrap_or(0);
        let last = years().map(|(_, last)| last).max().unwrap_or(-1);
        Facets {
            repos,
            of_entry,
            sources: sources.into_iter().map(str::to_owned).collect(),
            first_year,
            years: usize::try_from(last - first_year + 1).unwrap_or(0),
            ..Facets::default()
        }
    }

    /// Source and years of each group of `log`.
    fn of_groups(&self, log: &Log) -> &[GroupFacets] {
        self.of_group.get_or_init(|| {
            let mut of_group: Vec<GroupFacets> = Vec::with_capacity(log.groups().len());
            for Run { group, note, .. } in log.runs.all() {
                // Groups are numbered as their first entries are met.
                if group.0 as usize == of_group.len() {
                    let source = log.notes[*note as usize].source();
                    let source = self.sources.binary_search_by(|known| known.as_str().cmp(source)).unwrap_or(0) as u32;
                    let place = |year: i16| (year - self.first_year).unsigned_abs();
                    let years = years(log.group(*group)).map(|(from, to)| place(from)..=place(to));
                    of_group.push(GroupFacets { source, years });
                }
            }
            of_group
        })
    }

    /// Counts how many of `ids` link each repository, visiting each.
    pub(super) fn count_repos(&self, ids: &[EntryId]) -> Vec<u32> {
        let (mut counts, of_entry) = (vec![0; self.repos.len()], self.of_entry.view());
        for id in ids {
            of_entry.get(id.index()).iter().for_each(|repo| counts[*repo as usize] += 1);
        }
        counts
    }

    /// Counts like [`Facets::count_repos`], by postings.
    pub(super) fn repos_among(&self, among: &EntryBitmap) -> Vec<u32> {
        let of_repos = || Postings::of(self.of_entry.len(), self.repos.len(), self.of_entry.view().pairs());
        self.by_repo.get_or_init(of_repos).count(among)
    }

    /// The years from the first to the last of the log.
    pub fn years(&self) -> impl Iterator<Item = i16> {
        (self.first_year..).take(self.years)
    }
}

/// The repositories that an entry of `note` links, as `repo:` in a query finds them.
pub(super) fn repos<'a>(note: &'a Note, entry: &EntryRecord) -> impl Iterator<Item = Cow<'a, str>> {
    let folded = |repo: &'a str| {
        let is_folded = repo.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
        if is_folded { Cow::Borrowed(repo) } else { Cow::Owned(fold(repo)) }
    };
    let refs = &note.refs[entry.refs.start as usize..entry.refs.end as usize];
    refs.iter().filter_map(|found| reference::repo_of(found.kind, note.text.get(found.id))).map(folded)
}

/// The first and the last year that a group shares a day with.
fn years(group: &Group) -> Option<(i16, i16)> {
    group.span.map(|span| (span.first().year(), span.last().year()))
}

impl GroupCounts {
    /// Counts entries of `log` by how many of them are in which group.
    pub(super) fn of(log: &Log, groups: impl Iterator<Item = (GroupId, u32)>) -> GroupCounts {
        let facets = &log.facets;
        let mut counts =
            GroupCounts { sources: vec![0; facets.sources.len()], years: vec![0; facets.years], undated: 0 };
        let of_groups = facets.of_groups(log);
        groups.for_each(|(group, entries)| counts.add(&of_groups[group.0 as usize], entries));
        counts
    }

    /// Adds `entries` entries of a group.
    fn add(&mut self, group: &GroupFacets, entries: u32) {
        self.sources[group.source as usize] += entries;
        match &group.years {
            Some(years) => years.clone().for_each(|year| self.years[usize::from(year)] += entries),
            None => self.undated += entries,
        }
    }

    /// Adds the counts of other entries of the same log.
    pub(super) fn merge(mut self, other: &GroupCounts) -> GroupCounts {
        add(&mut self.sources, &other.sources);
        add(&mut self.years, &other.years);
        self.undated += other.undated;
        self
    }
}

/// Adds `more` to `counts`, position by position.
pub(super) fn add(counts: &mut Vec<u32>, more: &[u32]) {
    counts.resize(counts.len().max(more.len()), 0);
    counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
}

impl super::Counts {
    /// Linked repositories with their number of entries, in no order.
    pub fn repos<'l>(&'l self, log: &'l Log) -> impl Iterator<Item = (&'l str, u32)> {
        log.facets.repos.iter().map(String::as_str).zip(self.repos.iter().copied())
    }

    /// All sources of the log, in order.
    pub fn sources<'l>(&'l self, log: &'l Log) -> impl Iterator<Item = (&'l str, u32)> {
        log.facets.sources.iter().map(String::as_str).zip(self.groups.sources.iter().copied())
    }

    /// All years of the log, newest first, with the entries that share a day with each: some with
    /// two years.
    pub fn years<'l>(&'l self, log: &'l Log) -> impl Iterator<Item = (i16, u32)> {
        let years: Vec<(i16, u32)> = log.facets.years().zip(self.groups.years.iter().copied()).collect();
        years.into_iter().rev()
    }

    pub fn undated(&self) -> u32 {
        self.groups.undated
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Counts, Entry, EntryId, Log, postings::EntryBitmap};
    use crate::note::{self, tag::TagRules};
    use crate::{date::Series, query::Query};
    use std::sync::Arc;

    #[test]
    fn counts_are_what_the_query_would_find() {
        let repo = |nth: usize| format!("[r](https://github.com/Owner/Repo{})", nth % 3);
        let week = |nth: usize| format!("- 甲 {}\n- 乙 {} {}\n- 丙\n", repo(nth), repo(nth), repo(nth + 1));
        let mut notes: Vec<(String, String)> =
            (0..9).map(|nth| (format!("{}-W{:02}.md", 2019 + nth / 3, 52 - nth % 3), week(nth))).collect();
        notes.push(("2020-W53.md".to_owned(), "- 过年\n".to_owned()));
        notes.push(("later.md".to_owned(), week(1)));
        let rules = TagRules::built_in();
        let read = |(nth, (path, text)): (usize, &(String, String))| {
            let file = note::NoteFile { source: ["x", "y"][nth % 2], path, bytes: text.as_bytes() };
            Arc::new(note::read(file, &Series::default(), note::EntryRule::Auto, &rules))
        };
        let log = Log::new(notes.iter().enumerate().map(read).collect(), &rules);
        let ids: Vec<EntryId> = log.entries().map(Entry::id).collect();
        let mut asked = 0;
        for ids in [&ids[..0], &ids[..1], &ids[3..17], &ids] {
            let counts = Counts::of(&log, ids);
            if let Some(among) = EntryBitmap::of(ids) {
                assert_eq!(log.facets.repos_among(&among), log.facets.count_repos(ids));
            }
            let (some, others) = ids.split_at(ids.len() / 3);
            assert_eq!(Counts::of(&log, some).merge(&Counts::of(&log, others)), counts);
            let mut check = |query: String, count: u32| {
                let (query, _) = Query::parse(&query);
                let expected = ids.iter().filter(|id| query.matches(log.entry(**id))).count();
                assert_eq!(count as usize, expected, "{query} of {}", ids.len());
                asked += 1;
            };
            counts.repos(&log).for_each(|(repo, count)| check(format!("repo:{repo}"), count));
            counts.sources(&log).for_each(|(source, count)| check(format!("source:{source}"), count));
            counts.years(&log).for_each(|(year, count)| check(format!("date:{year}"), count));
            check("is:undated".to_owned(), counts.undated());
        }
        // Three repositories, two sources, four years, since 2021-W52 ends in 2022, and no year.
        assert_eq!(asked, 4 * (3 + 2 + 4 + 1));
        assert!(Counts::of(&Log::default(), &[]).years(&Log::default()).next().is_none());
    }
}
