//! Groups: entries of one note and of the same days, which are listed under one head.
//!
//! Computed once for a log, so that a result is divided into weeks and years without visiting its
//! entries.

use super::{Entry, EntryId, Log, run::Run};
use crate::date::Span;
use jiff::civil::Date;
use std::ops::Range;

/// Number of a group in one [`Log`], newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

/// Entries of one note with the same span, or without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    pub span: Option<Span>,
    /// ISO year and week of the span: [`Span::iso`].
    pub week: Option<(i16, i8)>,
    /// Number of entries in the group.
    pub len: u32,
}

/// Finds the groups of a log, whose runs are given in order.
#[derive(Default)]
pub(super) struct GroupBuilder {
    pub(super) groups: Vec<Group>,
    /// Note and days of the last run; `first` is the first group of both.
    last: Option<(u32, Option<(Date, Date)>)>,
    first: usize,
}

impl GroupBuilder {
    /// The group of the next run, of `entries` entries. Runs of a note with the same days follow one
    /// another, and differ at most in the precision of the date.
    pub(super) fn group(&mut self, note: u32, span: Option<Span>, entries: u32) -> GroupId {
        let now = Some((note, span.map(|span| (span.last(), span.first()))));
        if self.last != now {
            (self.last, self.first) = (now, self.groups.len());
        }
        let known = self.groups[self.first..].iter().position(|group| group.span == span);
        let at = known.map_or(self.groups.len(), |at| self.first + at);
        if known.is_none() {
            self.groups.push(Group { span, week: span.map(|span| span.iso()), len: 0 });
        }
        self.groups[at].len += entries;
        GroupId(at as u32)
    }
}

impl Log {
    /// Groups, newest first.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.0 as usize]
    }

    pub fn group_of(&self, id: EntryId) -> GroupId {
        self.runs.find(id).group
    }

    /// Divides `ids` into consecutive ranges of one group each; a group may come again.
    pub fn groups_of<'a>(&'a self, ids: &'a [EntryId]) -> impl Iterator<Item = (GroupId, Range<usize>)> {
        self.runs.groups_of(ids)
    }

    /// The entries of an ISO week, or those without a date.
    pub fn of_week(&self, week: Option<(i16, i8)>) -> impl Iterator<Item = Entry<'_>> {
        let all = self.runs.all();
        let week_of = |run: &Run| self.group(run.group).week;
        // Newest first, and undated ones last: `None` is below every week.
        let first = all.partition_point(|run| week_of(run) > week);
        let end = all.partition_point(|run| week_of(run) >= week);
        let id = |run: usize| all.get(run).map_or(self.runs.entries(), |run| run.first.0);
        (id(first)..id(end)).map(|id| self.entry(EntryId(id)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, Log};
    use crate::date::Series;
    use crate::note::{self, tag::TagRules};
    use std::sync::Arc;

    #[test]
    fn a_group_is_of_one_note_and_the_same_days() {
        let notes = [
            ("2024-W01.md", "- 甲\n- 乙\n"),
            ("2024.md", "# 2024\n\n## 2024-01-02\n\n- 丙\n\n## 2024-01-05\n\n- 丁\n- 戊\n"),
            ("later.md", "- 己\n"),
        ];
        let rules = TagRules::built_in();
        let read = |(path, text): (&str, &str)| {
            Arc::new(note::read(
                note::NoteFile { source: "x", path, bytes: text.as_bytes() },
                &Series::default(),
                note::EntryRule::Auto,
                &rules,
            ))
        };
        let log = Log::new(notes.into_iter().map(read).collect(), &rules);
        let shown: Vec<String> =
            log.entries().map(|entry| format!("{}{}", entry.title(), log.group_of(entry.id()).0)).collect();
        assert_eq!(shown.join(" "), "甲0 乙0 丁1 戊1 丙2 己3");
        assert_eq!(log.groups().iter().map(|group| group.len).collect::<Vec<_>>(), [2, 2, 1, 1]);
        let week = |week| log.of_week(week).map(Entry::title).collect::<String>();
        assert_eq!(
            (week(Some((2024, 1))), week(Some((2023, 1))), week(None)),
            ("甲乙丁戊丙".to_owned(), String::new(), "己".to_owned())
        );
    }
}
