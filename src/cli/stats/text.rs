//! A review on a terminal, with small bars.

use super::{Count, MONTHS, Mention, Shown, StreakRecord, counted};
use crate::{
    cli::output::{Look, Output},
    page::{Symbols, width},
};
use anyhow::Result;

/// Rows of each table; the JSON has all.
const ROWS: usize = 12;

/// Columns of the longest bar.
const BAR: usize = 24;

pub fn write(out: &mut Output, shown: &Shown<'_>, symbols: &Symbols) -> Result<()> {
    let (review, record) = (shown.review, shown.record());
    out.text(Look::Bold, &review.year.to_string())?;
    let before = counted(review.entries.before, "entry", "entries");
    plain(out, &format!("  {}; {before} in {}", shown.head(), review.year - 1))?;
    if !shown.query.is_empty() {
        plain(out, &format!("      of {}", shown.query))?;
    }
    if let Some(streak) = &record.longest_streak {
        plain(out, &format!("      longest run {}", run(streak)))?;
    }
    if let Some(streak) = &record.current_streak {
        plain(out, &format!("      run of today {}", run(streak)))?;
    }
    if let Some((week, entries)) = shown.busiest() {
        plain(out, &format!("      busiest {week}, {}", counted(entries, "entry", "entries")))?;
    }
    head(out, "Weeks")?;
    plain(out, &format!("  {}", strip(&review.weeks, symbols)))?;
    head(out, "Months")?;
    let months: Vec<(String, u32, String)> =
        MONTHS.iter().zip(review.months).map(|(name, count)| ((*name).to_owned(), count, String::new())).collect();
    bars(out, &months, symbols)?;
    let counts = |counts: &[Count<'_>]| -> Vec<(String, u32, String)> {
        counts.iter().take(ROWS).map(|count| (count.name.to_owned(), count.entries, count.change())).collect()
    };
    section(out, "Topics", &counts(&record.tags), symbols)?;
    section(out, "Kinds", &counts(&record.kinds), symbols)?;
    let repositories: Vec<(String, u32, String)> = record.repositories[..record.repositories.len().min(ROWS)]
        .iter()
        .map(|met| {
            (met.id.to_owned(), met.entries, if met.known_since.is_none() { "new".into() } else { String::new() })
        })
        .collect();
    section(out, "Repositories", &repositories, symbols)?;
    if !record.new_tags.is_empty() {
        head(out, "New topics")?;
        for tag in record.new_tags.iter().take(ROWS) {
            out.text(Look::Dim, &format!("  {} ", tag.first))?;
            plain(out, &format!("{} {}", tag.name, tag.entries))?;
        }
        more(out, record.new_tags.len())?;
    }
    met(out, "Pull requests and issues", &record.changes)?;
    met(out, "Papers", &record.papers)
}

fn plain(out: &mut Output, text: &str) -> Result<()> {
    out.text(Look::Plain, text)?;
    out.line_end()
}

fn head(out: &mut Output, text: &str) -> Result<()> {
    out.line_end()?;
    out.text(Look::Bold, text)?;
    out.line_end()
}

fn more(out: &mut Output, count: usize) -> Result<()> {
    if count > ROWS {
        out.text(Look::Dim, &format!("  … and {} more", count - ROWS))?;
        out.line_end()?;
    }
    Ok(())
}

/// `5 weeks, 2025-03-03 to 2025-04-06`
fn run(streak: &StreakRecord) -> String {
    format!("{}, {} to {}", counted(streak.weeks, "week", "weeks"), streak.start, streak.end)
}

/// A sign for each number, as high as it is.
fn strip(counts: &[u32], symbols: &Symbols) -> String {
    let most = counts.iter().copied().max().unwrap_or_default().max(1);
    let level = |count: &u32| match count {
        0 => " ",
        count => symbols.strip[(count * symbols.strip.len() as u32).div_ceil(most) as usize - 1],
    };
    counts.iter().map(level).collect::<String>().trim_end().to_owned()
}

fn section(out: &mut Output, name: &str, rows: &[(String, u32, String)], symbols: &Symbols) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    head(out, name)?;
    bars(out, rows, symbols)
}

/// A row for each name: a bar, a number, a remark.
fn bars(out: &mut Output, rows: &[(String, u32, String)], symbols: &Symbols) -> Result<()> {
    let most = rows.iter().map(|(_, count, _)| *count).max().unwrap_or_default().max(1) as usize;
    let widest = rows.iter().map(|(name, ..)| width(name)).max().unwrap_or_default();
    for (name, count, remark) in rows {
        let bar = symbols.strip[symbols.strip.len() - 1].repeat((*count as usize * BAR).div_ceil(most));
        let pad = " ".repeat(widest - width(name));
        out.text(Look::Plain, &format!("  {name}{pad} "))?;
        out.text(Look::Accent, &bar)?;
        let blank = if bar.is_empty() { "" } else { " " };
        out.text(Look::Plain, &format!("{blank}{count}"))?;
        if !remark.is_empty() {
            out.text(Look::Dim, &format!(" {remark}"))?;
        }
        out.line_end()?;
    }
    Ok(())
}

fn met(out: &mut Output, name: &str, mentions: &[Mention<'_>]) -> Result<()> {
    if mentions.is_empty() {
        return Ok(());
    }
    head(out, name)?;
    for mention in mentions.iter().take(ROWS) {
        out.text(Look::Dim, &format!("  {} ", mention.first))?;
        out.text(Look::Accent, mention.id)?;
        if !mention.label.is_empty() {
            out.text(Look::Plain, &format!(" {}", mention.label))?;
        }
        let times = if mention.entries > 1 { format!(" ×{}", mention.entries) } else { String::new() };
        let since = mention.known_since.as_ref().map_or(String::new(), |day| format!(" since {day}"));
        out.text(Look::Dim, &format!("{times}{since}"))?;
        out.line_end()?;
    }
    more(out, mentions.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strip_is_as_high_as_its_numbers() {
        let symbols = Symbols::unicode();
        assert_eq!(strip(&[0, 1, 4, 8, 0, 0], &symbols), " ▁▄█");
        assert_eq!(strip(&[1000, 1, 0], &Symbols::ascii()), "@.");
        assert_eq!(strip(&[0, 0], &symbols), "");
    }
}
