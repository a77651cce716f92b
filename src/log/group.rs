//! Groups: entries of one note and of the same days, which stand under one head.
//!
//! Worked out once for a log, so that a result is divided into weeks and years without a look at
//! its entries.

use super::{Entry, EntryId, Log, Span};

/// Number of a group in one [`Log`], newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

/// Entries of one note with the same span, or those of it without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    pub span: Option<Span>,
    /// ISO year and week of the span: [`Span::iso`].
    pub week: Option<(i16, i8)>,
    /// Entries of the log in it.
    pub len: u32,
}

/// The groups of a log, and for each entry its own.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) groups: Vec<Group>,
    pub(super) of: Vec<GroupId>,
}

impl Groups {
    /// Groups entries by the number of their note and their span. They are in order already:
    /// those of a note with the same days stand together, and differ at most in how exactly the
    /// days are known.
    pub(super) fn of(entries: impl ExactSizeIterator<Item = (u32, Option<Span>)>) -> Groups {
        let mut found = Groups { groups: Vec::new(), of: Vec::with_capacity(entries.len()) };
        let days = |span: Option<Span>| span.map(|span| (span.last(), span.first()));
        let (mut last, mut first_group) = (None, 0);
        for (note, span) in entries {
            let stretch = Some((note, days(span)));
            if last != stretch {
                (last, first_group) = (stretch, found.groups.len());
            }
            let known = found.groups[first_group..].iter().position(|group| group.span == span);
            let at = known.map_or(found.groups.len(), |at| first_group + at);
            if known.is_none() {
                found.groups.push(Group { span, week: span.map(|span| span.iso()), len: 0 });
            }
            found.groups[at].len += 1;
            found.of.push(GroupId(at as u32));
        }
        found.groups.shrink_to_fit();
        found
    }
}

impl Log {
    /// Newest first.
    pub fn groups(&self) -> &[Group] {
        &self.groups.groups
    }

    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups.groups[id.0 as usize]
    }

    pub fn group_of(&self, id: EntryId) -> GroupId {
        self.groups.of[id.index()]
    }

    /// The entries of an ISO week, or those without a date.
    pub fn of_week(&self, week: Option<(i16, i8)>) -> impl Iterator<Item = Entry<'_>> {
        let of = &self.groups.of;
        // Newest first, and undated ones last: `None` is below every week.
        let first = of.partition_point(|group| self.group(*group).week > week);
        let end = of.partition_point(|group| self.group(*group).week >= week);
        (first..end).map(|id| self.entry(EntryId(id as u32)))
    }
}

#[cfg(test)]
mod tests {
    use crate::log::{Entry, Log, date::Series, note, tag::Rules};
    use std::sync::Arc;

    #[test]
    fn a_group_is_of_one_note_and_the_same_days() {
        let notes = [
            ("2024-W01.md", "- 甲\n- 乙\n"),
            ("2024.md", "# 2024\n\n## 2024-01-02\n\n- 丙\n\n## 2024-01-05\n\n- 丁\n- 戊\n"),
            ("later.md", "- 己\n"),
        ];
        let rules = Rules::built_in();
        let read = |(path, text): (&str, &str)| {
            Arc::new(note::read(note::File { source: "x", path, bytes: text.as_bytes() }, &Series::default(), &rules))
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
