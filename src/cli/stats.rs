//! `sennight stats`: a year in review.

mod markdown;

use super::{
    Outcome, SearchResults,
    arguments::StatsFormat,
    export::SCHEMA,
    json, output,
    output::{Output, OutputStyle, say},
    titles::{self, TitleFields},
};
use crate::{
    date::Span,
    insight::{
        Titles,
        stats::{ReferenceStats, Stats, Streak, YearOverYear, years},
    },
    log::{EntryId, Log},
    note::Kind,
    page::{Symbols, stats_lines},
    query::Query,
    reference::RefKind,
    runtime,
    text::counted,
};
use anyhow::Result;
use serde::Serialize;

/// The statistics of a year in JSON.
#[derive(Serialize)]
struct StatsJson<'a> {
    schema: u32,
    year: i16,
    /// The query that selected the entries.
    query: String,
    entries: u32,
    entries_year_before: u32,
    weeks_written: usize,
    weeks: Vec<WeekJson>,
    months: [u32; 12],
    busiest_week: Option<i8>,
    longest_streak: Option<StreakJson>,
    current_streak: Option<StreakJson>,
    kinds: Vec<CountJson<'a>>,
    tags: Vec<CountJson<'a>>,
    new_tags: Vec<NewTagJson<'a>>,
    changes: Vec<ReferenceStatsJson<'a>>,
    papers: Vec<ReferenceStatsJson<'a>>,
    repositories: Vec<ReferenceStatsJson<'a>>,
}

/// An ISO week.
#[derive(Serialize)]
struct WeekJson {
    #[serde(rename = "week")]
    number: i8,
    start: String,
    entries: u32,
}

#[derive(Serialize)]
struct StreakJson {
    weeks: u32,
    /// First and last day.
    start: String,
    end: String,
}

#[derive(Serialize)]
struct CountJson<'a> {
    name: &'a str,
    entries: u32,
    year_before: u32,
}

#[derive(Serialize)]
struct NewTagJson<'a> {
    name: &'a str,
    first: String,
    entries: u32,
}

/// A reference with its entries of the year.
#[derive(Serialize)]
struct ReferenceStatsJson<'a> {
    kind: RefKind,
    id: &'a str,
    host: &'a str,
    url: String,
    label: &'a str,
    #[serde(flatten)]
    known: TitleFields,
    entries: u32,
    /// First day of its first mention in the year, and of one in an earlier year.
    first: String,
    known_since: Option<String>,
}

pub fn run(
    out: &mut Output,
    found: &SearchResults,
    year: Option<i16>,
    format: StatsFormat,
    symbols: &Symbols,
) -> Result<Outcome> {
    let years: Vec<i16> = years(&found.log, &found.hits).into_iter().map(|(year, _)| year).collect();
    let wanted = year.or(years.first().copied());
    let Some(year) = wanted.filter(|year| years.contains(year)) else {
        if let Some(year) = year {
            let known: Vec<String> = years.iter().map(i16::to_string).collect();
            let known = if known.is_empty() { "no year".to_owned() } else { known.join(", ") };
            say("sennight", &format!("no entries in {year}; there are some in {known}"));
        } else if !found.hits.is_empty() {
            say("sennight", "none of these entries has a date");
        }
        return Ok(Outcome::Nothing);
    };
    let stats = Stats::of(&found.log, &found.hits, year, runtime::today());
    let query = Query { order: None, ..found.query.clone() }.to_string();
    let titles = titles::kept();
    let shown = StatsReport { log: &found.log, stats: &stats, titles: &titles, query };
    match format {
        StatsFormat::Text => shown.text(out, symbols)?,
        StatsFormat::Markdown => markdown::write(out, &shown)?,
        StatsFormat::Json => {
            json(out, &shown.record())?;
            out.line_end()?;
        }
    }
    Ok(Outcome::Done)
}

/// Statistics with the log and query they come from.
struct StatsReport<'a> {
    log: &'a Log,
    stats: &'a Stats,
    titles: &'a Titles,
    query: String,
}

impl<'a> StatsReport<'a> {
    /// Prints the statistics as the screen shows them. Lines for a pipe are not cut.
    fn text(&self, out: &mut Output, symbols: &Symbols) -> Result<()> {
        let of = if self.query.is_empty() { String::new() } else { format!(": {}", self.query) };
        out.text(OutputStyle::Bold, &format!("{} in review{of}", self.stats.year))?;
        out.line_end()?;
        let room = runtime::width().unwrap_or(usize::from(u16::MAX));
        output::lines(out, &stats_lines(self.stats, self.log, self.titles, room, symbols))
    }

    fn record(&self) -> StatsJson<'a> {
        let StatsReport { log, stats, query, .. } = self;
        let mut kinds = Vec::new();
        for (kind, change) in &stats.kinds {
            kinds.push(CountJson::new(Kind::name(*kind), *change));
        }
        let mut tags = Vec::new();
        for (tag, change) in &stats.tags {
            tags.push(CountJson::new(&log.tags()[tag.0 as usize].name, *change));
        }
        StatsJson {
            schema: SCHEMA,
            year: stats.year,
            query: query.clone(),
            entries: stats.entries.now,
            entries_year_before: stats.entries.before,
            weeks_written: stats.weeks_written(),
            weeks: self.weeks(),
            months: stats.months,
            busiest_week: stats.busiest,
            longest_streak: stats.longest.map(StreakJson::new),
            current_streak: stats.current.map(StreakJson::new),
            kinds,
            tags,
            new_tags: self.new_tags(),
            changes: self.met(&stats.changes),
            papers: self.met(&stats.papers),
            repositories: self.met(&stats.repositories),
        }
    }

    fn weeks(&self) -> Vec<WeekJson> {
        let mut weeks = Vec::new();
        for (number, entries) in (1..).zip(&self.stats.weeks) {
            let first = Span::iso_week(self.stats.year, number).map(|span| span.first().to_string());
            weeks.push(WeekJson { number, start: first.unwrap_or_default(), entries: *entries });
        }
        weeks
    }

    fn new_tags(&self) -> Vec<NewTagJson<'a>> {
        let mut new_tags = Vec::new();
        for (tag, entry) in &self.stats.new_tags {
            let name = &self.log.tags()[tag.0 as usize].name;
            let change = self.stats.tags.iter().find(|(other, _)| other == tag);
            let entries = change.map_or(0, |(_, change)| change.now);
            new_tags.push(NewTagJson { name, first: self.day(*entry), entries });
        }
        new_tags
    }

    fn met(&self, met: &[ReferenceStats]) -> Vec<ReferenceStatsJson<'a>> {
        met.iter().filter_map(|met| self.mention(met)).collect()
    }

    fn mention(&self, met: &ReferenceStats) -> Option<ReferenceStatsJson<'a>> {
        let named = met.named(self.log)?;
        Some(ReferenceStatsJson {
            known: TitleFields::of(self.titles, named.kind, named.host, named.id),
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

    /// The busiest week, as `W34 2025-08-18…08-24`, and its number of entries.
    fn busiest(&self) -> Option<(String, u32)> {
        let week = self.stats.busiest?;
        let span = Span::iso_week(self.stats.year, week)?;
        Some((format!("W{week:02} {span}"), self.stats.weeks.get(week as usize - 1).copied().unwrap_or_default()))
    }

    /// Formats the totals as `41 entries in 23 of 52 weeks`.
    fn head(&self) -> String {
        let stats = self.stats;
        let entries = counted(stats.entries.now, "entry", "entries");
        format!("{entries} in {} of {} weeks", stats.weeks_written(), stats.weeks.len())
    }
}

impl StreakJson {
    fn new(streak: Streak) -> StreakJson {
        let end = Span::week_of(streak.last).last();
        StreakJson { weeks: streak.weeks, start: streak.first.to_string(), end: end.to_string() }
    }
}

impl<'a> CountJson<'a> {
    fn new(name: &'a str, change: YearOverYear) -> CountJson<'a> {
        CountJson { name, entries: change.now, year_before: change.before }
    }
}
