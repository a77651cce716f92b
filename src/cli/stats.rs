//! `sennight stats`: a year in review.

mod report;

use super::{
    Found, Outcome,
    arguments::StatsFormat,
    export::SCHEMA,
    json, output,
    output::{Look, Output, say},
    titles::{self, Known},
};
use crate::{
    date::Span,
    insight::{
        Titles,
        stats::{Change, Met, Review, Streak, years},
    },
    log::{EntryId, Log},
    note::Kind,
    page::{Symbols, review},
    query::Query,
    reference::RefKind,
    runtime,
};
use anyhow::Result;
use serde::Serialize;

/// A review in JSON.
#[derive(Serialize)]
struct Record<'a> {
    schema: u32,
    year: i16,
    /// The query that chose the entries.
    query: String,
    entries: u32,
    entries_year_before: u32,
    weeks_written: usize,
    weeks: Vec<Week>,
    months: [u32; 12],
    busiest_week: Option<i8>,
    longest_streak: Option<StreakRecord>,
    current_streak: Option<StreakRecord>,
    kinds: Vec<Count<'a>>,
    tags: Vec<Count<'a>>,
    new_tags: Vec<NewTag<'a>>,
    changes: Vec<Mention<'a>>,
    papers: Vec<Mention<'a>>,
    repositories: Vec<Mention<'a>>,
}

/// An ISO week.
#[derive(Serialize)]
struct Week {
    #[serde(rename = "week")]
    number: i8,
    start: String,
    entries: u32,
}

#[derive(Serialize)]
struct StreakRecord {
    weeks: u32,
    /// First and last day.
    start: String,
    end: String,
}

#[derive(Serialize)]
struct Count<'a> {
    name: &'a str,
    entries: u32,
    year_before: u32,
}

#[derive(Serialize)]
struct NewTag<'a> {
    name: &'a str,
    first: String,
    entries: u32,
}

/// What entries of the year refer to.
#[derive(Serialize)]
struct Mention<'a> {
    kind: RefKind,
    id: &'a str,
    host: &'a str,
    url: String,
    label: &'a str,
    #[serde(flatten)]
    known: Known,
    entries: u32,
    /// First day of its first mention of the year, and that of an earlier year.
    first: String,
    known_since: Option<String>,
}

pub fn run(
    out: &mut Output,
    found: &Found,
    year: Option<i16>,
    format: StatsFormat,
    symbols: &Symbols,
) -> Result<Outcome> {
    let years = years(&found.log, &found.hits);
    let newest = years.first().map(|(year, _)| *year);
    let Some(year) = year.or(newest).filter(|year| years.iter().any(|(known, _)| known == year)) else {
        if let Some(year) = year {
            let known: Vec<String> = years.iter().map(|(year, _)| year.to_string()).collect();
            let known = if known.is_empty() { "no year".to_owned() } else { known.join(", ") };
            say("sennight", &format!("no entry of {year}: there are some of {known}"));
        } else if !found.hits.is_empty() {
            say("sennight", "no entry found has a date");
        }
        return Ok(Outcome::Nothing);
    };
    let review = Review::of(&found.log, &found.hits, year, runtime::today());
    let query = Query { order: None, ..found.query.clone() }.to_string();
    let titles = titles::kept();
    let shown = Shown { log: &found.log, review: &review, titles: &titles, query };
    match format {
        StatsFormat::Text => shown.text(out, symbols)?,
        StatsFormat::Markdown => report::write(out, &shown)?,
        StatsFormat::Json => {
            json(out, &shown.record())?;
            out.line_end()?;
        }
    }
    Ok(Outcome::Done)
}

/// A review with what it is of.
struct Shown<'a> {
    log: &'a Log,
    review: &'a Review,
    titles: &'a Titles,
    query: String,
}

impl<'a> Shown<'a> {
    /// As on the screen. What goes to a pipe is cut nowhere.
    fn text(&self, out: &mut Output, symbols: &Symbols) -> Result<()> {
        let of = if self.query.is_empty() { String::new() } else { format!(": {}", self.query) };
        out.text(Look::Bold, &format!("{} in review{of}", self.review.year))?;
        out.line_end()?;
        let room = runtime::width().unwrap_or(usize::from(u16::MAX));
        output::lines(out, &review(self.review, self.log, self.titles, room, symbols))
    }

    fn record(&self) -> Record<'a> {
        let Shown { log, review, query, .. } = self;
        let weeks = (1..).zip(&review.weeks).map(|(week, entries)| {
            let start = Span::iso_week(review.year, week).map_or_else(String::new, |span| span.first().to_string());
            Week { number: week, start, entries: *entries }
        });
        Record {
            schema: SCHEMA,
            year: review.year,
            query: query.clone(),
            entries: review.entries.now,
            entries_year_before: review.entries.before,
            weeks_written: review.weeks_written(),
            weeks: weeks.collect(),
            months: review.months,
            busiest_week: review.busiest,
            longest_streak: review.longest.map(StreakRecord::new),
            current_streak: review.current.map(StreakRecord::new),
            kinds: review.kinds.iter().map(|(kind, change)| Count::new(Kind::name(*kind), *change)).collect(),
            tags: review
                .tags
                .iter()
                .map(|(tag, change)| Count::new(&log.tags()[tag.0 as usize].name, *change))
                .collect(),
            new_tags: self.new_tags(),
            changes: self.met(&review.changes),
            papers: self.met(&review.papers),
            repositories: self.met(&review.repositories),
        }
    }

    fn new_tags(&self) -> Vec<NewTag<'a>> {
        let count = |tag| self.review.tags.iter().find(|(other, _)| *other == tag).map_or(0, |(_, change)| change.now);
        let new = |(tag, entry): &(crate::log::TagId, EntryId)| {
            let name = &self.log.tags()[tag.0 as usize].name;
            NewTag { name, first: self.day(*entry), entries: count(*tag) }
        };
        self.review.new_tags.iter().map(new).collect()
    }

    fn met(&self, met: &[Met]) -> Vec<Mention<'a>> {
        met.iter().filter_map(|met| self.mention(met)).collect()
    }

    fn mention(&self, met: &Met) -> Option<Mention<'a>> {
        let named = met.named(self.log)?;
        Some(Mention {
            known: Known::of(self.titles, named.kind, named.host, named.id),
            kind: named.kind,
            id: named.id,
            host: named.host,
            url: named.url,
            label: named.label,
            entries: met.mentions,
            first: self.day(met.entry),
            known_since: met.known_since.map(|day| day.to_string()),
        })
    }

    fn day(&self, entry: EntryId) -> String {
        self.log.entry(entry).span().map_or_else(String::new, |span| span.first().to_string())
    }

    /// `W34 2025-08-18…08-24`, and its number of entries.
    fn busiest(&self) -> Option<(String, u32)> {
        let week = self.review.busiest?;
        let span = Span::iso_week(self.review.year, week)?;
        Some((format!("W{week:02} {span}"), self.review.weeks.get(week as usize - 1).copied().unwrap_or_default()))
    }

    /// `41 entries in 23 of 52 weeks`
    fn head(&self) -> String {
        let review = self.review;
        let entries = counted(review.entries.now, "entry", "entries");
        format!("{entries} in {} of {} weeks", review.weeks_written(), review.weeks.len())
    }
}

impl StreakRecord {
    fn new(streak: Streak) -> StreakRecord {
        let end = Span::week_of(streak.last).last();
        StreakRecord { weeks: streak.weeks, start: streak.first.to_string(), end: end.to_string() }
    }
}

impl<'a> Count<'a> {
    fn new(name: &'a str, change: Change) -> Count<'a> {
        Count { name, entries: change.now, year_before: change.before }
    }
}

fn counted(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
