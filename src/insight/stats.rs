//! Statistics of a year, over the entries that a query finds.
//!
//! Values only, without layout. Weeks are those of ISO 8601, as in the timeline. A week belongs to
//! the month of its Thursday, just as ISO assigns it to a year.

use super::thread::Topic;
use crate::{
    date::{Precision, Span, monday_of},
    log::{Counts, Entry, EntryId, Log, Reference, TagId},
    note::Kind,
    reference::{self, RefKind},
};
use jiff::{ToSpan, civil::Date};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// English abbreviations of the months, in the order of [`Stats::months`].
pub const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Statistics of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    pub year: i16,
    /// Entries of the year, and of the year before.
    pub entries: YearOverYear,
    /// Entries in each of the 52 or 53 ISO weeks. Entries known only to the month or year are left out.
    pub weeks: Vec<u32>,
    /// Entries in each month. Entries known only to the year are left out.
    pub months: [u32; 12],
    /// The week with the most entries, from 1, the first of several.
    pub busiest: Option<i8>,
    /// The longest run of weeks with an entry within the year, the last of several.
    pub longest: Option<Streak>,
    /// The run of weeks, of any year, that is still going on. It may lack the current week, which is
    /// not over yet.
    pub current: Option<Streak>,
    /// Most frequent first.
    pub kinds: Vec<(Kind, YearOverYear)>,
    /// Most frequent first, broader topics included.
    pub tags: Vec<(TagId, YearOverYear)>,
    /// Tags that no entry of the whole log has before this year, most frequent first, with the
    /// first entry.
    pub new_tags: Vec<(TagId, EntryId)>,
    /// Pull requests, issues and discussions, by their first mention in the year.
    pub changes: Vec<ReferenceStats>,
    /// Papers, by their first mention in the year.
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
    /// First day of its first mention in an earlier year, if there is one.
    pub known_since: Option<Date>,
}

/// A reference as its first mention of the year writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstMention<'a> {
    pub kind: RefKind,
    pub id: &'a str,
    pub host: &'a str,
    pub url: String,
    /// Empty when it repeats the id or the URL.
    pub label: &'a str,
}

impl ReferenceStats {
    /// The reference as its first mention of the year writes it. A repository goes by its own name,
    /// not by that of a reference inside it.
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

/// The year that a span belongs to: the ISO year of its week, or the calendar year when only the
/// month or year is known.
pub fn year_of(span: Span) -> i16 {
    match span.precision {
        Precision::Day | Precision::Week => span.iso().0,
        Precision::Month | Precision::Year => span.last().year(),
    }
}

/// The years of `ids`, entries of `log`, with the number of entries, newest first. Undated entries
/// are left out.
pub fn years(log: &Log, ids: &[EntryId]) -> Vec<(i16, u32)> {
    let mut years: BTreeMap<i16, u32> = BTreeMap::new();
    for span in ids.iter().filter_map(|id| log.entry(*id).span()) {
        *years.entry(year_of(span)).or_default() += 1;
    }
    years.into_iter().rev().collect()
}

impl Stats {
    /// Counts `year` by `ids`, entries of `log` in any order. `today` tells which streak is still
    /// going on.
    pub fn of(log: &Log, ids: &[EntryId], year: i16, today: Date) -> Stats {
        let dated = in_time_order(log, ids);
        let (now, before) = (of_year(&dated, year), of_year(&dated, year - 1));
        let (now_counts, before_counts) = (Counts::of(log, &now), Counts::of(log, &before));
        let (weeks, months) = calendar(log, &now, year);
        let mondays: BTreeSet<Date> = dated.iter().filter_map(|(span, _)| monday(*span)).collect();
        let of_kind = |kind| (kind, now_counts.kind(kind), before_counts.kind(kind));
        let of_tag = |tag| (tag, now_counts.tag(tag), before_counts.tag(tag));
        let references = ReferenceTally::of(log, &dated, year);
        Stats {
            year,
            entries: YearOverYear { now: now.len() as u32, before: before.len() as u32 },
            busiest: busiest(&weeks),
            longest: longest_streak(&mondays, year),
            current: current_streak(&mondays, today),
            kinds: most_first(Kind::ALL.into_iter().map(of_kind)),
            tags: most_first(tags(log).map(of_tag)),
            new_tags: new_tags(log, &now, &now_counts, year),
            changes: references.of_kind(RefKind::is_numbered),
            papers: references.of_kind(|kind| kind == RefKind::Paper),
            repositories: references.repositories(),
            weeks,
            months,
        }
    }

    /// Weeks of the year with an entry.
    pub fn weeks_written(&self) -> usize {
        self.weeks.iter().filter(|count| **count > 0).count()
    }
}

/// The dated entries among `ids`, by first day, last day and id.
fn in_time_order<'a>(log: &'a Log, ids: &[EntryId]) -> Vec<(Span, Entry<'a>)> {
    let mut dated: Vec<(Span, Entry<'_>)> = Vec::new();
    for id in ids {
        let entry = log.entry(*id);
        if let Some(span) = entry.span() {
            dated.push((span, entry));
        }
    }
    dated.sort_by_key(|(span, entry)| (span.first(), span.last(), entry.id()));
    dated
}

fn of_year(dated: &[(Span, Entry<'_>)], year: i16) -> Vec<EntryId> {
    dated.iter().filter(|(span, _)| year_of(*span) == year).map(|(_, entry)| entry.id()).collect()
}

/// The week with the most entries, from 1, the first of several; `None` when all are empty.
fn busiest(weeks: &[u32]) -> Option<i8> {
    let most = weeks.iter().max().filter(|most| **most > 0)?;
    let at = weeks.iter().position(|count| count == most)?;
    Some(at as i8 + 1)
}

/// The longest streak within an ISO year, the last of several.
fn longest_streak(mondays: &BTreeSet<Date>, year: i16) -> Option<Streak> {
    let of_year = mondays.iter().copied().filter(|monday| monday.iso_week_date().year() == year);
    streaks(of_year).into_iter().max_by_key(|streak| streak.weeks)
}

/// The streak that reaches this week or the last one.
fn current_streak(mondays: &BTreeSet<Date>, today: Date) -> Option<Streak> {
    let this_week = monday_of(today);
    let last_week = this_week.saturating_sub(7.days());
    let is_current = |streak: &Streak| (streak.first..=this_week).contains(&streak.last) && streak.last >= last_week;
    streaks(mondays.iter().copied()).into_iter().find(is_current)
}

fn tags(log: &Log) -> impl Iterator<Item = TagId> {
    (0..log.tags().len() as u32).map(TagId)
}

/// The Monday of the week in which a span ends; `None` for months and years.
fn monday(span: Span) -> Option<Date> {
    matches!(span.precision, Precision::Day | Precision::Week).then(|| monday_of(span.last()))
}

/// Counts entries by week and by month.
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

/// Runs of consecutive weeks in `mondays`, which must ascend.
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

/// Keeps what the year has, most frequent first; in the given order where equal.
fn most_first<T>(counts: impl Iterator<Item = (T, u32, u32)>) -> Vec<(T, YearOverYear)> {
    let mut present: Vec<(T, YearOverYear)> = Vec::new();
    for (counted, now, before) in counts {
        if now > 0 {
            present.push((counted, YearOverYear { now, before }));
        }
    }
    present.sort_by_key(|(_, change)| std::cmp::Reverse(change.now));
    present
}

/// Tags of `ids`, which are in time order, that no earlier year of the log has.
fn new_tags(log: &Log, ids: &[EntryId], counts: &Counts, year: i16) -> Vec<(TagId, EntryId)> {
    let mut known: BTreeSet<TagId> = BTreeSet::new();
    for entry in log.entries() {
        if entry.span().is_some_and(|span| year_of(span) < year) {
            known.extend(log.tags_of(entry.id()));
        }
    }
    let mut new: Vec<(TagId, EntryId)> = Vec::new();
    for id in ids {
        for tag in log.tags_of(*id) {
            if known.insert(tag) {
                new.push((tag, *id));
            }
        }
    }
    new.sort_by_key(|(tag, _)| std::cmp::Reverse(counts.tag(*tag)));
    new
}

/// References of a year's entries in order of their first mention, each with the kind of that
/// mention; repositories have none.
struct ReferenceTally(Vec<(Option<RefKind>, ReferenceStats)>);

impl ReferenceTally {
    /// Counts the references of `dated`, which is in time order.
    fn of(log: &Log, dated: &[(Span, Entry<'_>)], year: i16) -> ReferenceTally {
        let mut known: HashMap<Topic, Date> = HashMap::new();
        let mut places: HashMap<Topic, usize> = HashMap::new();
        let mut tally: Vec<(Option<RefKind>, ReferenceStats)> = Vec::new();
        for (span, entry) in dated.iter().filter(|(span, _)| year_of(*span) <= year) {
            for (kind, topic) in topics(log.entry(entry.id())) {
                if year_of(*span) < year {
                    known.entry(topic).or_insert(span.first());
                } else if let Some(at) = places.get(&topic) {
                    tally[*at].1.mentions += 1;
                } else {
                    places.insert(topic.clone(), tally.len());
                    let known_since = known.get(&topic).copied();
                    tally.push((kind, ReferenceStats { topic, entry: entry.id(), mentions: 1, known_since }));
                }
            }
        }
        ReferenceTally(tally)
    }

    fn of_kind(&self, is: impl Fn(RefKind) -> bool) -> Vec<ReferenceStats> {
        self.0.iter().filter(|(kind, _)| kind.is_some_and(&is)).map(|(_, stats)| stats.clone()).collect()
    }

    fn repositories(&self) -> Vec<ReferenceStats> {
        let mut repositories: Vec<ReferenceStats> =
            self.0.iter().filter(|(kind, _)| kind.is_none()).map(|(_, stats)| stats.clone()).collect();
        repositories.sort_by_key(|stats| std::cmp::Reverse(stats.mentions));
        repositories
    }
}

/// The topics of an entry's references, each once: the thing itself with its kind, and its
/// repository without one.
fn topics(entry: Entry<'_>) -> Vec<(Option<RefKind>, Topic)> {
    let mut topics: Vec<(Option<RefKind>, Topic)> = Vec::new();
    for found in entry.refs() {
        let own = (found.kind != RefKind::Repo).then(|| (Some(found.kind), Topic::of(&found)));
        let repository = Topic::repository(&found).map(|topic| (None, topic));
        for (kind, topic) in own.into_iter().chain(repository) {
            if topics.iter().all(|(_, other)| *other != topic) {
                topics.push((kind, topic));
            }
        }
    }
    topics
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{log::testing::log_by, note::tag::TagRules};
    use jiff::civil::date;

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
        log_by(&NOTES, &TagRules::parse("").expect("rules"))
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
    fn streaks_count_weeks_in_a_row() {
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
    fn tags_and_kinds_are_compared_with_the_year_before() {
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
