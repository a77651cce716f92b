//! `sennight search`: the entries that a query finds.

use super::{
    Found, Outcome,
    arguments::Format,
    export::EntryRecord,
    file_name, json,
    output::{Look, Output},
    table, titles,
};
use crate::{files::source::Origin, insight::Titles, log::Entry, markup::normalize::SEAM};
use anyhow::Result;
use serde::Serialize;

/// A hit in JSON, of `search` and `show`: an entry of schema 1 with the place it is found at.
#[derive(Serialize)]
pub struct HitRecord<'a> {
    path: String,
    /// In which way it is like what was asked for, where it is not just that.
    #[serde(skip_serializing_if = "Option::is_none")]
    like: Option<&'static str>,
    #[serde(flatten)]
    entry: EntryRecord<'a>,
}

pub fn run(out: &mut Output, found: &Found, origin: &Origin, format: Format, limit: usize) -> Result<Outcome> {
    let limit = if limit == 0 { usize::MAX } else { limit };
    let titles = if matches!(format, Format::Json | Format::Jsonl) { titles::kept() } else { Titles::default() };
    let hits = found.hits.iter().take(limit).map(|id| found.log.entry(*id));
    match format {
        Format::Text => hits.into_iter().try_for_each(|entry| text(out, found, origin, entry))?,
        Format::Paths => table::paths(out, hits.map(|entry| file_name(origin, entry.note())))?,
        Format::Markdown => hits.into_iter().try_for_each(|entry| markdown(out, origin, entry))?,
        Format::Jsonl => {
            for entry in hits {
                json(out, &record(origin, entry, found.like(entry.id()), &titles))?;
                out.line_end()?;
            }
        }
        Format::Json => {
            json(out, &hits.map(|entry| record(origin, entry, found.like(entry.id()), &titles)).collect::<Vec<_>>())?;
            out.line_end()?;
        }
    }
    Ok(found.outcome())
}

/// How the query was understood, a line for each clause.
pub fn explain(out: &mut Output, found: &Found) -> Result<Outcome> {
    for line in found.query.explain() {
        out.text(Look::Plain, &line)?;
        out.line_end()?;
    }
    Ok(Outcome::Done)
}

pub fn record<'a>(origin: &Origin, entry: Entry<'a>, like: Option<&'static str>, titles: &Titles) -> HitRecord<'a> {
    HitRecord { path: file_name(origin, entry.note()), like, entry: EntryRecord::new(entry, titles) }
}

/// `path:line: when title`, so that editors and pickers can use it.
fn text(out: &mut Output, found: &Found, origin: &Origin, entry: Entry<'_>) -> Result<()> {
    out.text(Look::Accent, &file_name(origin, entry.note()))?;
    out.text(Look::Dim, &format!(":{}: ", entry.line()))?;
    if let Some(span) = entry.span() {
        out.text(Look::Dim, &format!("{span} "))?;
    }
    let title = entry.title();
    let mut at = 0;
    for place in found.marks.highlights(title) {
        out.text(Look::Plain, &title[at..place.start])?;
        out.text(Look::Bold, &title[place.clone()])?;
        at = place.end;
    }
    out.text(Look::Plain, &title[at..])?;
    out.line_end()
}

pub fn markdown(out: &mut Output, origin: &Origin, entry: Entry<'_>) -> Result<()> {
    let when = entry.span().map_or_else(|| "undated".to_owned(), |span| span.to_string());
    out.block(&format!("## {when} {}\n\n", entry.title()))?;
    out.block(entry.body().replace(SEAM, "").trim())?;
    out.block(&format!("\n\n<{}:{}>\n\n", file_name(origin, entry.note()), entry.line()))
}
