//! `sennight search`: lists the entries that match a query.

use super::{
    Outcome, SearchResults,
    arguments::OutputFormat,
    export::EntryJson,
    file_name, json,
    output::{Output, OutputStyle},
    table, titles,
};
use crate::{files::source::Origin, insight::Titles, log::Entry, markup::normalize::SEAM};
use anyhow::Result;
use serde::Serialize;

/// A hit in the JSON of `search` and `show`: an entry of schema 1 with the path of its note.
#[derive(Serialize)]
pub struct HitJson<'a> {
    path: String,
    /// The kind of similarity, for hits that the query itself does not match.
    #[serde(skip_serializing_if = "Option::is_none")]
    like: Option<&'static str>,
    #[serde(flatten)]
    entry: EntryJson<'a>,
}

pub fn run(
    out: &mut Output,
    found: &SearchResults,
    origin: &Origin,
    format: OutputFormat,
    limit: usize,
) -> Result<Outcome> {
    let limit = if limit == 0 { usize::MAX } else { limit };
    let titles = match format {
        OutputFormat::Json | OutputFormat::Jsonl => titles::kept(),
        OutputFormat::Text | OutputFormat::Paths | OutputFormat::Markdown => Titles::default(),
    };
    let hits = found.hits.iter().take(limit).map(|id| found.log.entry(*id));
    match format {
        OutputFormat::Text => {
            for entry in hits {
                text(out, found, origin, entry)?;
            }
        }
        OutputFormat::Paths => table::paths(out, hits.map(|entry| file_name(origin, entry.note())))?,
        OutputFormat::Markdown => {
            for entry in hits {
                markdown(out, origin, entry)?;
            }
        }
        OutputFormat::Jsonl => {
            for entry in hits {
                json(out, &record(origin, entry, found.likeness(entry.id()), &titles))?;
                out.line_end()?;
            }
        }
        OutputFormat::Json => {
            json(
                out,
                &hits.map(|entry| record(origin, entry, found.likeness(entry.id()), &titles)).collect::<Vec<_>>(),
            )?;
            out.line_end()?;
        }
    }
    Ok(found.outcome())
}

/// Explains how the query is understood, one line per clause.
pub fn explain(out: &mut Output, found: &SearchResults) -> Result<Outcome> {
    for line in found.query.explain() {
        out.text(OutputStyle::Plain, &line)?;
        out.line_end()?;
    }
    Ok(Outcome::Done)
}

pub fn record<'a>(origin: &Origin, entry: Entry<'a>, like: Option<&'static str>, titles: &Titles) -> HitJson<'a> {
    HitJson { path: file_name(origin, entry.note()), like, entry: EntryJson::new(entry, titles) }
}

/// Prints `path:line: when title`, a form that editors and pickers can parse.
fn text(out: &mut Output, found: &SearchResults, origin: &Origin, entry: Entry<'_>) -> Result<()> {
    out.text(OutputStyle::Accent, &file_name(origin, entry.note()))?;
    out.text(OutputStyle::Dim, &format!(":{}: ", entry.line()))?;
    if let Some(span) = entry.span() {
        out.text(OutputStyle::Dim, &format!("{span} "))?;
    }
    let title = entry.title();
    let mut at = 0;
    for place in found.highlights.highlights(title) {
        out.text(OutputStyle::Plain, &title[at..place.start])?;
        out.text(OutputStyle::Bold, &title[place.clone()])?;
        at = place.end;
    }
    out.text(OutputStyle::Plain, &title[at..])?;
    out.line_end()
}

pub fn markdown(out: &mut Output, origin: &Origin, entry: Entry<'_>) -> Result<()> {
    let when = entry.span().map_or_else(|| "undated".to_owned(), |span| span.to_string());
    out.block(&format!("## {when} {}\n\n", entry.title()))?;
    out.block(entry.body().replace(SEAM, "").trim())?;
    out.block(&format!("\n\n<{}:{}>\n\n", file_name(origin, entry.note()), entry.line()))
}
