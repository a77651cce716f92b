//! Rows of a timeline: hits, and headers between them.
//!
//! Only the headers are stored; the rows between two of them are the hits in turn. So a row is found
//! by its number, and the row of a hit by its place, without a list of either.

use super::timeline::heat_map::{IsoWeek, week_of};
use crate::{
    log::{EntryId, GroupId, Log},
    query::{Order, similar::SimilarHits},
};
use std::{collections::BTreeMap, ops::Range, sync::Arc};

/// A row of the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineRow {
    Head(TimelineHeader),
    /// A hit, by its place in the result.
    Hit(usize),
}

/// A row above the hits that belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineHeader {
    /// An ISO year, with the hits in it.
    Year {
        year: i16,
        hits: u32,
    },
    Undated {
        hits: u32,
    },
    /// A week, or another span, of one note.
    Group(GroupId),
    /// Hits of a similar query, by its number.
    Similar(usize),
}

/// All rows of a result. Cheap to clone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TimelineRows {
    /// Headers in order of their rows.
    heads: Arc<Vec<HeaderPosition>>,
    /// Place of the first hit of each week that has one.
    weeks: Arc<BTreeMap<IsoWeek, u32>>,
    hits: usize,
}

/// A header and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct HeaderPosition {
    row: u32,
    /// Place of the hit below the header.
    hit: u32,
    head: TimelineHeader,
}

impl TimelineRows {
    /// Lays out `ids`: the first `exact` are hits of the query in `order`, the others are those of
    /// `similar`, in turn.
    pub fn new(log: &Log, ids: &[EntryId], exact: usize, similar: &[SimilarHits], order: Order) -> TimelineRows {
        let mut heads = TimelineRowsBuilder { places: Vec::new(), weeks: BTreeMap::new() };
        heads.groups(log, ids, 0..exact, order != Order::Relevance);
        let mut start = exact;
        for (nth, similar) in similar.iter().enumerate().filter(|(_, similar)| !similar.hits.is_empty()) {
            heads.push(start, TimelineHeader::Similar(nth));
            heads.groups(log, ids, start..start + similar.hits.len(), false);
            start += similar.hits.len();
        }
        TimelineRows { heads: Arc::new(heads.places), weeks: Arc::new(heads.weeks), hits: ids.len() }
    }

    pub fn len(&self) -> usize {
        self.heads.len() + self.hits
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of hits.
    pub fn hits(&self) -> usize {
        self.hits
    }

    /// Row number `row`, from 0.
    pub fn get(&self, row: usize) -> Option<TimelineRow> {
        let above = self.heads_above(row);
        match self.heads.get(above) {
            Some(place) if place.row as usize == row => Some(TimelineRow::Head(place.head)),
            _ => (row < self.len()).then(|| TimelineRow::Hit(row - above)),
        }
    }

    /// Row of hit number `hit`, or row 0 if there is none.
    pub fn of_hit(&self, hit: usize) -> usize {
        if hit < self.hits { hit + self.heads.partition_point(|place| place.hit as usize <= hit) } else { 0 }
    }

    /// Place of the first hit on or after row `row`.
    pub fn hit_from(&self, row: usize) -> usize {
        row - self.heads_above(row)
    }

    /// First row on or after `row` that is the header of a group.
    pub fn group_from(&self, row: usize) -> Option<usize> {
        self.heads[self.heads_above(row)..].iter().find(|place| place.is_group()).map(|place| place.row as usize)
    }

    /// Last row before `row` that is the header of a group.
    pub fn group_before(&self, row: usize) -> Option<usize> {
        self.heads[..self.heads_above(row)].iter().rfind(|place| place.is_group()).map(|place| place.row as usize)
    }

    /// Groups below the header of a year in row `row`, each with its number of hits.
    pub fn groups_of_year(&self, row: usize) -> impl Iterator<Item = (GroupId, u32)> {
        let heads = self.heads.get(self.heads_above(row) + 1..).unwrap_or_default();
        let end = |nth: usize| heads.get(nth + 1).map_or(self.hits as u32, |next| next.hit);
        heads.iter().enumerate().map_while(move |(nth, place)| match place.head {
            TimelineHeader::Group(group) => Some((group, end(nth) - place.hit)),
            _ => None,
        })
    }

    /// Groups, each with its number of hits. A group whose hits are apart occurs more than once.
    pub fn groups(&self) -> impl Iterator<Item = (GroupId, u32)> {
        let end = |nth: usize| self.heads.get(nth + 1).map_or(self.hits as u32, |next| next.hit);
        self.heads.iter().enumerate().filter_map(move |(nth, place)| match place.head {
            TimelineHeader::Group(group) => Some((group, end(nth) - place.hit)),
            _ => None,
        })
    }

    /// Place of the first hit of each week that has one.
    pub fn weeks(&self) -> &Arc<BTreeMap<IsoWeek, u32>> {
        &self.weeks
    }

    fn heads_above(&self, row: usize) -> usize {
        self.heads.partition_point(|place| (place.row as usize) < row)
    }
}

impl HeaderPosition {
    fn is_group(&self) -> bool {
        matches!(self.head, TimelineHeader::Group(_))
    }
}

struct TimelineRowsBuilder {
    places: Vec<HeaderPosition>,
    weeks: BTreeMap<IsoWeek, u32>,
}

impl TimelineRowsBuilder {
    /// Adds headers for the hits of `place`, with years if they are in order of time.
    fn groups(&mut self, log: &Log, ids: &[EntryId], place: Range<usize>, years: bool) {
        let (mut group, mut year, mut of_year, mut week) = (None, None, None, None);
        for (own, hits) in log.groups_of(&ids[place.clone()]) {
            if group == Some(own) {
                continue;
            }
            let at = place.start + hits.start;
            group = Some(own);
            let own_year = log.group(own).week.map(|(year, _)| year);
            let own_week = week_of(log.group(own));
            if own_week != week {
                week = own_week;
                if let Some(week) = week {
                    self.weeks.entry(week).or_insert(at as u32);
                }
            }
            if years && year != Some(own_year) {
                self.end_year(of_year, at);
                (year, of_year) = (Some(own_year), Some(self.places.len()));
                self.push(
                    at,
                    own_year.map_or(TimelineHeader::Undated { hits: 0 }, |year| TimelineHeader::Year { year, hits: 0 }),
                );
            }
            self.push(at, TimelineHeader::Group(own));
        }
        self.end_year(of_year, place.end);
    }

    /// Ends the year whose header is number `head` at hit number `end`.
    fn end_year(&mut self, head: Option<usize>, end: usize) {
        let Some(place) = head.map(|head| &mut self.places[head]) else { return };
        if let TimelineHeader::Year { hits, .. } | TimelineHeader::Undated { hits } = &mut place.head {
            *hits = end as u32 - place.hit;
        }
    }

    fn push(&mut self, hit: usize, head: TimelineHeader) {
        let row = (hit + self.places.len()) as u32;
        self.places.push(HeaderPosition { row, hit: hit as u32, head });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        date::Series,
        log::Entry,
        note::{self, tag::TagRules},
        query::{
            Query,
            similar::{Guess, Likeness},
        },
    };

    fn log() -> Log {
        let notes = [
            ("2023-W52.md", "- a\n- b\n"),
            ("2024-W01.md", "- c\n- d\n- e\n"),
            ("2024-W02.md", "- f\n"),
            ("later.md", "- g\n- h\n"),
        ];
        let rules = TagRules::built_in();
        let read = |(path, text): (&str, &str)| {
            let file = note::NoteFile { source: "x", path, bytes: text.as_bytes() };
            Arc::new(note::read(file, &Series::default(), note::EntryRule::Auto, &rules))
        };
        Log::new(notes.into_iter().map(read).collect(), &rules)
    }

    /// Rows in short: years, groups by their week, titles of hits.
    fn shown(log: &Log, ids: &[EntryId], rows: &TimelineRows) -> String {
        let row = |row| match rows.get(row).expect("a row") {
            TimelineRow::Hit(hit) => log.entry(ids[hit]).title().to_owned(),
            TimelineRow::Head(TimelineHeader::Year { year, hits }) => format!("{year}:{hits}"),
            TimelineRow::Head(TimelineHeader::Undated { hits }) => format!("undated:{hits}"),
            TimelineRow::Head(TimelineHeader::Group(group)) => {
                format!("[{}]", log.group(group).week.map_or(0, |(_, week)| week))
            }
            TimelineRow::Head(TimelineHeader::Similar(nth)) => format!("similar{nth}"),
        };
        (0..rows.len()).map(row).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn heads_stand_between_the_hits() {
        let log = log();
        let all: Vec<EntryId> = log.entries().map(Entry::id).collect();
        let backwards: Vec<EntryId> = all.iter().rev().copied().collect();
        let guess = Guess { likeness: Likeness::Sound, words: Vec::new(), query: Query::default() };
        let similar =
            |hits: &[u32]| SimilarHits { guess: guess.clone(), hits: hits.iter().map(|id| EntryId(*id)).collect() };
        let similar = [similar(&[]), similar(&[2, 6]), similar(&[7])];
        let mut some = vec![EntryId(1), EntryId(3)];
        some.extend(similar.iter().flat_map(|similar| &similar.hits));
        for (ids, exact, similar, order, expected) in [
            (&all, 8, &[][..], Order::Newest, "2024:4 [2] f [1] c d e 2023:2 [52] a b undated:2 [0] g h"),
            (&backwards, 8, &[], Order::Oldest, "undated:2 [0] h g 2023:2 [52] b a 2024:4 [1] e d c [2] f"),
            (&backwards, 8, &[], Order::Relevance, "[0] h g [52] b a [1] e d c [2] f"),
            (&some, 2, &similar, Order::Newest, "2024:2 [1] c e similar1 [1] d [0] g similar2 [0] h"),
            (&Vec::new(), 0, &[], Order::Newest, ""),
        ] {
            let rows = TimelineRows::new(&log, ids, exact, similar, order);
            assert_eq!(shown(&log, ids, &rows), expected);
            let of_groups = rows.groups().flat_map(|(group, hits)| (0..hits).map(move |_| group));
            assert!(of_groups.eq(ids.iter().map(|id| log.group_of(*id))), "{expected}");
            for (week, first) in rows.weeks().iter() {
                let of_week = ids.iter().position(|id| week_of(log.group(log.group_of(*id))) == Some(*week));
                assert_eq!(of_week, Some(*first as usize), "{week:?} of {expected}");
            }
            // Rows and hits lead to each other; groups are found from every row.
            for hit in 0..ids.len() {
                assert_eq!(rows.get(rows.of_hit(hit)), Some(TimelineRow::Hit(hit)));
                assert_eq!(rows.hit_from(rows.of_hit(hit)), hit);
            }
            let is_group = |row: &usize| matches!(rows.get(*row), Some(TimelineRow::Head(TimelineHeader::Group(_))));
            for row in 0..=rows.len() {
                assert_eq!(rows.group_from(row), (row..rows.len()).find(is_group), "from {row} of {expected}");
                assert_eq!(rows.group_before(row), (0..row).rfind(is_group), "before {row} of {expected}");
            }
            assert_eq!(rows.get(rows.len()), None);
        }
    }

    #[test]
    fn a_year_knows_its_groups() {
        let log = log();
        let ids: Vec<EntryId> = [0, 1, 3, 4, 7].map(EntryId).to_vec();
        let rows = TimelineRows::new(&log, &ids, ids.len(), &[], Order::Newest);
        assert_eq!(shown(&log, &ids, &rows), "2024:3 [2] f [1] c e 2023:1 [52] a undated:1 [0] h");
        let weeks = |row| {
            let groups = rows.groups_of_year(row).map(|(group, hits)| (log.group(group).week, hits));
            groups.collect::<Vec<_>>()
        };
        assert_eq!(weeks(0), [(Some((2024, 2)), 1), (Some((2024, 1)), 2)]);
        assert_eq!(weeks(6), [(Some((2023, 52)), 1)]);
    }
}
