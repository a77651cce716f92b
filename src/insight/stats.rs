//! Statistics: a year in review, of the entries that a query finds.
//!
//! Values only; how they look is for those who show them. Weeks are those of ISO 8601, as in the
//! timeline, and a week belongs to the month of its Thursday, as ISO gives it to a year.

use super::thread::Topic;
use crate::{
    date::{Precision, Span, monday_of},
    log::{Counts, Entry, EntryId, Log, Reference, TagId},
    note::Kind,
    reference::{self, RefKind},
};
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A year in review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    pub year: i16,
    /// Entries of the year, and of the year before.
    pub entries: YearOverYear,
    /// Entries in each ISO week, 52 or 53 of them, the first first. What is known to the month or
    /// year only is in none.
    pub weeks: Vec<u32>,
    /// Entries in each month. What is known to the year only is in none.
    pub months: [u32; 12],
    /// The week with the most entries, from 1, the first of several.
    pub busiest: Option<i8>,
    /// The longest run of weeks with an entry within the year, the last of several.
    pub longest: Option<Streak>,
    /// The run of weeks, of any year, that goes on today: it may lack the week of today, which is
    /// not over.
    pub current: Option<Streak>,
    /// Most frequent first.
    pub kinds: Vec<(Kind, YearOverYear)>,
    /// Most frequent first, topics above others included.
    pub tags: Vec<(TagId, YearOverYear)>,
    /// Tags that no entry of the whole log has before this year, most frequent first, with the
    /// first entry.
    pub new_tags: Vec<(TagId, EntryId)>,
    /// Pull requests and issues, in the order in which they are first mentioned in the year.
    pub changes: Vec<ReferenceStats>,
    /// Papers, likewise.
    pub papers: Vec<ReferenceStats>,
    /// Repositories by the number of entries that name something in them, most first.
    pub repositories: Vec<ReferenceStats>,
}

/// A number of entries in a year and in the year before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct YearOverYear {
    pub now: u32,
    pub before: u32,
}

/// Weeks in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Streak {
    pub weeks: u32,
    /// The Monday of the first one.
    pub first: Date,
    /// The Monday of the last one.
    pub last: Date,
}

/// Something that entries of a year refer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceStats {
    pub topic: Topic,
    /// The first entry of the year that mentions it.
    pub entry: EntryId,
    /// Entries of the year that mention it.
    pub mentions: u32,
    /// First day of its first mention in an earlier year, when it is nothing new.
    pub known_since: Option<Date>,
}

/// What was met, as its first mention of the year has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstMention<'a> {
    pub kind: RefKind,
    pub id: &'a str,
    pub host: &'a str,
    pub url: String,
    /// Empty where it says no more than id and URL.
    pub label: &'a str,
}

impl ReferenceStats {
    /// As its first mention of the year has it: a repository by its own name, not by what lies in it.
    pub fn named<'a>(&self, log: &'a Log) -> Option<FirstMention<'a>> {
        let found = self.reference(log)?;
        if let Topic::Repository { host, .. } = &self.topic {
            let id = reference::repo_of(found.kind, found.id)?;
            return Some(FirstMention {
                kind: RefKind::Repo,
                id,
                host: found.host,
                url: format!("https://{host}/{id}"),
                label: "",
            });
        }
        let label = if found.label == found.id || found.label == found.url { "" } else { found.label };
        Some(FirstMention { kind: found.kind, id: found.id, host: found.host, url: found.url.to_owned(), label })
    }

    fn reference<'a>(&self, log: &'a Log) -> Option<Reference<'a>> {
        log.entry(self.entry).refs().find(|found| self.topic.is_named_by(found))
    }
}

/// The year that a span belongs to: that of its ISO week, or of the calendar when it is known to
/// the month or year only.
pub fn year_of(span: Span) -> i16 {
    match span.precision {
        Precision::Day | Precision::Week => span.iso().0,
        Precision::Month | Precision::Year => span.last().year(),
    }
}

/// The years of `ids`, entries of `log`, with their number, the newest first. Undated entries are
/// of none.
pub fn years(log: &Log, ids: &[EntryId]) -> Vec<(i16, u32)> {
    let mut years: BTreeMap<i16, u32> = BTreeMap::new();
    for span in ids.iter().filter_map(|id| log.entry(*id).span()) {
        *years.entry(year_of(span)).or_default() += 1;
    }
    years.into_iter().rev().collect()
}

impl Stats {
    /// Reviews `year` by `ids`, entries of `log` in any order. `today` tells which run of weeks
    /// goes on.
    pub fn of(log: &Log, ids: &[EntryId], year: i16, today: Date) -> Stats {
        let mut dated: Vec<(Span, Entry<'_>)> =
            ids.iter().map(|id| log.entry(*id)).filter_map(|entry| Some((entry.span()?, entry))).collect();
        dated.sort_by_key(|(span, entry)| (span.first(), span.last(), entry.id()));
        let of_year = |wanted: i16| -> Vec<EntryId> {
            dated.iter().filter(|(span, _)| year_of(*span) == wanted).map(|(_, entry)| entry.id()).collect()
        };
        let (now, before) = (of_year(year), of_year(year - 1));
        let (weeks, months) = calendar(log, &now, year);
        let most = weeks.iter().copied().max().filter(|most| *most > 0);
        let busiest = most.and_then(|most| weeks.iter().position(|count| *count == most)).map(|at| at as i8 + 1);
        let mondays: BTreeSet<Date> = dated.iter().filter_map(|(span, _)| monday(*span)).collect();
        let runs = streaks(mondays.iter().copied());
        let this_week = Span::week_of(today).first();
        let within = mondays.iter().copied().filter(|monday| monday.iso_week_date().year() == year);
        let counts = (Counts::of(log, &now), Counts::of(log, &before));
        let met = ReferenceTally::of(log, &dated, year);
        Stats {
            year,
            entries: YearOverYear { now: now.len() as u32, before: before.len() as u32 },
            busiest,
            longest: streaks(within).into_iter().max_by_key(|streak| streak.weeks),
            current: runs.into_iter().find(|streak| {
                (streak.first..=this_week).contains(&streak.last) && streak.last >= this_week.saturating_sub(7.days())
            }),
            kinds: most_first(Kind::ALL.into_iter().map(|kind| (kind, counts.0.kind(kind), counts.1.kind(kind)))),
            tags: most_first(tags(log).map(|tag| (tag, counts.0.tag(tag), counts.1.tag(tag)))),
            new_tags: new_tags(log, &now, &counts.0, year),
            changes: met.of_kind(RefKind::is_numbered),
            papers: met.of_kind(|kind| kind == RefKind::Paper),
            repositories: met.repositories(),
            weeks,
            months,
        }
    }

    /// Weeks of the year with an entry.
    pub fn weeks_written(&self) -> usize {
        self.weeks.iter().filter(|count| **count > 0).count()
    }
}

fn tags(log: &Log) -> impl Iterator<Item = TagId> {
    (0..log.tags().len() as u32).map(TagId)
}

/// The Monday of the week in which a span ends, if it is known to the week.
fn monday(span: Span) -> Option<Date> {
    matches!(span.precision, Precision::Day | Precision::Week).then(|| monday_of(span.last()))
}

/// Entries by week and by month.
fn calendar(log: &Log, ids: &[EntryId], year: i16) -> (Vec<u32>, [u32; 12]) {
    // The 28th of December is always in the last week.
    let last = Date::new(year, 12, 28).map_or(52, |day| day.iso_week_date().week());
    let (mut weeks, mut months) = (vec![0; last as usize], [0; 12]);
    for span in ids.iter().filter_map(|id| log.entry(*id).span()) {
        let month = match monday(span) {
            Some(monday) => {
                let (_, week) = span.iso();
                weeks[week as usize - 1] += 1;
                Some(monday.saturating_add(TO_THURSDAY.days()).month())
            }
            None if span.precision == Precision::Month => Some(span.last().month()),
            None => None,
        };
        if let Some(month) = month {
            months[month as usize - 1] += 1;
        }
    }
    (weeks, months)
}

/// Days from Monday to Thursday.
const TO_THURSDAY: i64 = 3;

/// Runs of `mondays`, which ascend.
fn streaks(mondays: impl Iterator<Item = Date>) -> Vec<Streak> {
    let mut streaks: Vec<Streak> = Vec::new();
    for monday in mondays {
        match streaks.last_mut().filter(|streak| streak.last.saturating_add(7.days()) == monday) {
            Some(streak) => (streak.weeks, streak.last) = (streak.weeks + 1, monday),
            None => streaks.push(Streak { weeks: 1, first: monday, last: monday }),
        }
    }
    streaks
}

/// What the year has, most frequent first; in the given order where equal.
fn most_first<T>(counts: impl Iterator<Item = (T, u32, u32)>) -> Vec<(T, YearOverYear)> {
    let counts = counts.filter(|(_, now, _)| *now > 0);
    let mut counts: Vec<_> = counts.map(|(what, now, before)| (what, YearOverYear { now, before })).collect();
    counts.sort_by_key(|(_, change)| std::cmp::Reverse(change.now));
    counts
}

/// Tags of `ids`, which are in time order, that no earlier year of the log has.
fn new_tags(log: &Log, ids: &[EntryId], counts: &Counts, year: i16) -> Vec<(TagId, EntryId)> {
    let is_earlier = |entry: &Entry<'_>| entry.span().is_some_and(|span| year_of(span) < year);
    let known: BTreeSet<TagId> = log.entries().filter(is_earlier).flat_map(|entry| log.tags_of(entry.id())).collect();
    let mut new: Vec<(TagId, EntryId)> = Vec::new();
    let mut seen = BTreeSet::new();
    for id in ids {
        let tags = log.tags_of(*id).filter(|tag| !known.contains(tag));
        new.extend(tags.filter(|tag| seen.insert(*tag)).map(|tag| (tag, *id)));
    }
    new.sort_by_key(|(tag, _)| std::cmp::Reverse(counts.tag(*tag)));
    new
}

/// What the entries of a year refer to, with the kind it was first met as, in time order.
struct ReferenceTally(Vec<(Option<RefKind>, ReferenceStats)>);

impl ReferenceTally {
    /// `dated` is in time order.
    fn of(log: &Log, dated: &[(Span, Entry<'_>)], year: i16) -> ReferenceTally {
        let mut known: HashMap<Topic, Date> = HashMap::new();
        let mut places: HashMap<Topic, usize> = HashMap::new();
        let mut met: Vec<(Option<RefKind>, ReferenceStats)> = Vec::new();
        for (span, entry) in dated.iter().filter(|(span, _)| year_of(*span) <= year) {
            let mut here: Vec<(Option<RefKind>, Topic)> = Vec::new();
            for found in log.entry(entry.id()).refs() {
                let own = (found.kind != RefKind::Repo).then(|| (Some(found.kind), Topic::of(&found)));
                let repository = Topic::repository(&found).map(|topic| (None, topic));
                for (kind, topic) in own.into_iter().chain(repository) {
                    if here.iter().all(|(_, other)| *other != topic) {
                        here.push((kind, topic));
                    }
                }
            }
            for (kind, topic) in here {
                if year_of(*span) < year {
                    known.entry(topic).or_insert(span.first());
                } else if let Some(at) = places.get(&topic) {
                    met[*at].1.mentions += 1;
                } else {
                    places.insert(topic.clone(), met.len());
                    let known_since = known.get(&topic).copied();
                    met.push((kind, ReferenceStats { topic, entry: entry.id(), mentions: 1, known_since }));
                }
            }
        }
        ReferenceTally(met)
    }

    fn of_kind(&self, is: impl Fn(RefKind) -> bool) -> Vec<ReferenceStats> {
        self.0.iter().filter(|(kind, _)| kind.is_some_and(&is)).map(|(_, met)| met.clone()).collect()
    }

    fn repositories(&self) -> Vec<ReferenceStats> {
        let mut met: Vec<ReferenceStats> =
            self.0.iter().filter(|(kind, _)| kind.is_none()).map(|(_, met)| met.clone()).collect();
        met.sort_by_key(|met| std::cmp::Reverse(met.mentions));
        met
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        date::Series,
        note::{self, tag::TagRules},
    };
    use jiff::civil::date;
    use std::sync::Arc;

    const NOTES: [(&str, &str); 8] = [
        ("2022-W51.md", "- 旧 #old https://github.com/a/b/pull/1 https://arxiv.org/abs/1706.03762\n"),
        ("2023-W01.md", "- 新 #old #new https://github.com/a/b/pull/2\n- 又 #new https://github.com/a/b/issues/1\n"),
        ("2023-W02.md", "- 读 https://arxiv.org/abs/2005.14165 与 https://ar5iv.org/abs/1706.03762\n"),
        ("2023-W04.md", "- 三 https://github.com/c/d\n"),
        ("2023-W05.md", "- 四 a https://github.com/c/d/commit/0123456789abcdef\n"),
        ("2023-W06.md", "- 五 https://github.com/C/d/pull/9\n- 六 a/b#2\n- 七\n"),
        ("2023.md", "- 一年\n"),
        ("later.md", "- 无日期 #lost\n"),
    ];

    fn log() -> Log {
        let rules = TagRules::parse("").expect("rules");
        let read = |(path, text): &(&str, &str)| {
            let file = note::NoteFile { source: "x", path, bytes: text.as_bytes() };
            Arc::new(note::read(file, &Series::default(), note::EntryRule::Auto, &rules))
        };
        Log::new(NOTES.iter().map(read).collect(), &rules)
    }

    fn all(log: &Log) -> Vec<EntryId> {
        log.ids().collect()
    }

    fn stats_of(log: &Log, year: i16, today: Date) -> Stats {
        Stats::of(log, &all(log), year, today)
    }

    #[test]
    fn entries_are_counted_by_week_month_and_year() {
        let log = log();
        assert_eq!(years(&log, &all(&log)), [(2023, 9), (2022, 1)]);
        let stats = stats_of(&log, 2023, date(2023, 3, 1));
        assert_eq!(stats.entries, YearOverYear { now: 9, before: 1 });
        assert_eq!((stats.weeks.len(), &stats.weeks[..7]), (52, &[2, 1, 0, 1, 1, 3, 0][..]));
        // Thursdays: 5, 12 and 26 January, 2 and 9 February.
        assert_eq!(&stats.months[..3], [4, 4, 0]);
        assert_eq!((stats.busiest, stats.weeks_written()), (Some(6), 5));
        assert_eq!(Stats::of(&log, &[], 2020, date(2023, 3, 1)).weeks.len(), 53);
    }

    #[test]
    fn weeks_in_a_row() {
        let log = log();
        let streak = |weeks, first, last| Some(Streak { weeks, first, last });
        let now = |today| stats_of(&log, 2023, today).current;
        let longest = streak(3, date(2023, 1, 23), date(2023, 2, 6));
        for (today, expected) in [
            (date(2023, 2, 8), longest),
            (date(2023, 2, 19), longest),
            (date(2023, 2, 20), None),
            (date(2023, 1, 22), streak(2, date(2023, 1, 2), date(2023, 1, 9))),
            (date(2021, 1, 1), None),
        ] {
            assert_eq!(now(today), expected, "{today}");
        }
        assert_eq!(stats_of(&log, 2023, date(2024, 1, 1)).longest, longest);
        assert_eq!(stats_of(&log, 2022, date(2024, 1, 1)).longest.map(|streak| streak.weeks), Some(1));
        assert_eq!(stats_of(&log, 2021, date(2024, 1, 1)).longest, None);
    }

    #[test]
    fn tags_and_kinds_change() {
        let log = log();
        let stats = stats_of(&log, 2023, date(2023, 3, 1));
        let name = |tag: &TagId| log.tags()[tag.0 as usize].name.as_str();
        let tags: Vec<_> = stats.tags.iter().map(|(tag, change)| (name(tag), change.now, change.before)).collect();
        assert_eq!(tags, [("b", 3, 1), ("d", 3, 0), ("new", 2, 0), ("papers", 1, 1), ("old", 1, 1)]);
        let new: Vec<_> = stats.new_tags.iter().map(|(tag, entry)| (name(tag), log.entry(*entry).title())).collect();
        assert_eq!(new.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["d", "new"]);
        assert!(new[1].1.starts_with("新"), "{new:?}");
        let papers = stats.kinds.iter().find(|(kind, _)| *kind == Kind::Paper).map(|(_, change)| *change);
        assert_eq!(papers, Some(YearOverYear { now: 1, before: 1 }));
    }

    #[test]
    fn references_are_ordered_by_first_mention() {
        let log = log();
        let stats = stats_of(&log, 2023, date(2023, 3, 1));
        let shown = |met: &[ReferenceStats]| -> Vec<String> {
            let line = |met: &ReferenceStats| {
                let id = met.reference(&log).map_or("?", |found| found.id);
                let since = met.known_since.map_or(String::new(), |day| format!(" since {day}"));
                format!("{id} {}{since}", met.mentions)
            };
            met.iter().map(line).collect()
        };
        assert_eq!(shown(&stats.changes), ["a/b#2 2", "a/b#1 1 since 2022-12-19", "c/d#9 1"]);
        assert_eq!(shown(&stats.papers), ["arXiv:2005.14165 1", "arXiv:1706.03762 1 since 2022-12-19"]);
        assert_eq!(shown(&stats.repositories), ["a/b#2 3 since 2022-12-19", "c/d 3"]);
    }

    #[test]
    fn a_year_without_entries_is_empty() {
        let log = log();
        let stats = stats_of(&log, 1999, date(2023, 3, 1));
        assert_eq!((stats.entries, stats.busiest, stats.longest), (YearOverYear::default(), None, None));
        assert!(stats.tags.is_empty() && stats.changes.is_empty() && stats.new_tags.is_empty());
    }
}
