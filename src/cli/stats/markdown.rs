//! Statistics as Markdown: a report ready to publish.

use super::{CountJson, ReferenceStatsJson, StatsReport, counted};
use crate::cli::output::{Output, escaped, linked};
use crate::insight::stats::MONTHS;
use anyhow::Result;

/// The largest number of rows in a table.
const ROWS: usize = 20;

pub fn write(out: &mut Output, shown: &StatsReport<'_>) -> Result<()> {
    let (stats, record) = (shown.stats, shown.record());
    let of = if shown.query.is_empty() { String::new() } else { format!(": {}", escaped(&shown.query)) };
    out.block(&format!("# {} in review{of}\n\n", stats.year))?;
    let before = counted(stats.entries.before, "entry", "entries");
    let mut facts = vec![format!("{} ({} had {before}).", shown.head(), stats.year - 1)];
    if let Some(streak) = &record.longest_streak {
        let weeks = counted(streak.weeks, "week", "weeks");
        facts.push(format!("The longest run: {weeks}, {} to {}.", streak.start, streak.end));
    }
    if let Some((week, entries)) = shown.busiest() {
        facts.push(format!("The busiest week: {week}, {}.", counted(entries, "entry", "entries")));
    }
    out.block(&format!("{}\n", facts.join("\n")))?;
    out.block("\n## Months\n\n| month | entries |\n| --- | ---: |\n")?;
    for (month, count) in MONTHS.iter().zip(stats.months) {
        out.block(&format!("| {month} | {count} |\n"))?;
    }
    counts(out, "Topics", "topic", &record.tags, stats.year - 1)?;
    if !record.new_tags.is_empty() {
        let names: Vec<String> = record.new_tags.iter().take(ROWS).map(|tag| escaped(tag.name)).collect();
        let rest = record.new_tags.len().saturating_sub(ROWS);
        let more = if rest > 0 { format!(", and {rest} more") } else { String::new() };
        out.block(&format!("\nNew this year: {}{more}.\n", names.join(", ")))?;
    }
    counts(out, "Kinds", "kind", &record.kinds, stats.year - 1)?;
    if !record.repositories.is_empty() {
        out.block("\n## Repositories\n\n| repository | entries |\n| --- | ---: |\n")?;
        for met in record.repositories.iter().take(ROWS) {
            let new = if met.known_since.is_none() { " (new)" } else { "" };
            out.block(&format!("| {}{new} | {} |\n", linked(met.id, &met.url), met.entries))?;
        }
    }
    mentions(out, "Pull requests and issues", &record.changes)?;
    mentions(out, "Papers", &record.papers)
}

fn counts(out: &mut Output, name: &str, head: &str, counts: &[CountJson<'_>], before: i16) -> Result<()> {
    if counts.is_empty() {
        return Ok(());
    }
    out.block(&format!("\n## {name}\n\n| {head} | entries | {before} |\n| --- | ---: | ---: |\n"))?;
    for count in counts.iter().take(ROWS) {
        out.block(&format!("| {} | {} | {} |\n", escaped(count.name), count.entries, count.year_before))?;
    }
    Ok(())
}

/// Lists all mentions in time order; a report is not cut short.
fn mentions(out: &mut Output, name: &str, mentions: &[ReferenceStatsJson<'_>]) -> Result<()> {
    if mentions.is_empty() {
        return Ok(());
    }
    out.block(&format!("\n## {name}\n\n"))?;
    for mention in mentions {
        let label = mention.known.markdown(mention.label);
        let label = if label.is_empty() { label } else { format!(" {label}") };
        let link = linked(mention.id, &mention.url);
        let times = if mention.entries > 1 { format!(", {} entries", mention.entries) } else { String::new() };
        let since = mention.known_since.as_ref().map_or(String::new(), |day| format!(", since {day}"));
        out.block(&format!("- {}: {link}{label}{times}{since}\n", mention.first))?;
    }
    Ok(())
}
