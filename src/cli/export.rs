//! `sennight export`: prints everything understood as JSON of schema 1.
//!
//! Scripts rely on the schema: fields are added, never changed.

use super::{
    Outcome, SearchResults,
    arguments::ExportFormat,
    json,
    output::{Output, escaped},
    titles::{self, TitleFields},
};
use crate::{
    date::{DatedSpan, Evidence, Precision},
    insight::Titles,
    log::{Entry, EntryId, Reference},
    markup::normalize::SEAM,
    note::{Kind, Note},
    reference::RefKind,
};
use anyhow::Result;
use serde::Serialize;
use std::collections::HashSet;

/// Version of the schema, part of every object.
pub const SCHEMA: u32 = 1;

/// A note with its entries: a line of `--format jsonl`.
#[derive(Serialize)]
pub struct NoteJson<'a> {
    schema: u32,
    note: NoteMetaJson<'a>,
    entries: Vec<EntryJson<'a>>,
}

#[derive(Serialize)]
struct NoteMetaJson<'a> {
    path: &'a str,
    source: &'a str,
    title: &'a str,
    span: Option<SpanJson>,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    line: u32,
    code: &'static str,
    message: &'a str,
}

/// An entry in the JSON of `export` and `search`.
#[derive(Serialize)]
pub struct EntryJson<'a> {
    key: String,
    line: u32,
    section: Vec<&'a str>,
    title: &'a str,
    kinds: Vec<Kind>,
    span: Option<SpanJson>,
    tags: Vec<TagJson<'a>>,
    refs: Vec<RefJson<'a>>,
    text: &'a str,
}

#[derive(Serialize)]
struct TagJson<'a> {
    name: &'a str,
    why: String,
}

#[derive(Serialize)]
struct RefJson<'a> {
    kind: RefKind,
    id: &'a str,
    host: &'a str,
    url: &'a str,
    label: &'a str,
    #[serde(flatten)]
    known: TitleFields,
    line: u32,
}

impl<'a> RefJson<'a> {
    fn new(found: Reference<'a>, titles: &Titles) -> RefJson<'a> {
        let Reference { kind, id, host, url, label, line, .. } = found;
        RefJson { kind, id, host, url, label, known: TitleFields::of(titles, kind, host, id), line }
    }
}

#[derive(Serialize)]
pub struct SpanJson {
    start: String,
    end: String,
    precision: Precision,
    evidence: Evidence,
    rule: &'static str,
}

impl SpanJson {
    pub fn new(dated: DatedSpan) -> SpanJson {
        SpanJson {
            start: dated.span.first().to_string(),
            end: dated.span.last().to_string(),
            precision: dated.span.precision,
            evidence: dated.evidence,
            rule: dated.rule.name(),
        }
    }
}

impl<'a> EntryJson<'a> {
    pub fn new(entry: Entry<'a>, titles: &Titles) -> EntryJson<'a> {
        EntryJson {
            key: entry.key().to_string(),
            line: entry.line(),
            section: entry.section().collect(),
            title: entry.title(),
            kinds: entry.kinds().iter().collect(),
            span: entry.dated().map(SpanJson::new),
            tags: entry.tags().map(|tagged| TagJson { name: tagged.name, why: tagged.why.to_string() }).collect(),
            refs: entry.refs().map(|found| RefJson::new(found, titles)).collect(),
            text: entry.plain(),
        }
    }
}

impl<'a> NoteJson<'a> {
    fn new(note: &'a Note, entries: Vec<EntryJson<'a>>) -> NoteJson<'a> {
        let problems = note.problems.iter().map(|problem| ProblemJson {
            line: problem.line,
            code: problem.code.name(),
            message: &problem.message,
        });
        NoteJson {
            schema: SCHEMA,
            note: NoteMetaJson {
                path: &note.path,
                source: &note.source,
                title: &note.title,
                span: note.dated.map(SpanJson::new),
                problems: problems.collect(),
            },
            entries,
        }
    }
}

/// The notes with the entries found. Without a query these are all notes, even those without entries.
fn records<'a>(found: &'a SearchResults, titles: &'a Titles) -> impl Iterator<Item = NoteJson<'a>> {
    let all = found.query.is_empty();
    let hits: HashSet<EntryId> = found.hits.iter().copied().collect();
    found.log.by_note().filter_map(move |(note, entries)| {
        let entries = entries.filter(|entry| all || hits.contains(&entry.id()));
        let entries: Vec<EntryJson<'_>> = entries.map(|entry| EntryJson::new(entry, titles)).collect();
        (all || !entries.is_empty()).then(|| NoteJson::new(note, entries))
    })
}

pub fn run(out: &mut Output, found: &SearchResults, format: ExportFormat) -> Result<Outcome> {
    match format {
        ExportFormat::Jsonl => {
            for record in records(found, &titles::kept()) {
                json(out, &record)?;
                out.line_end()?;
            }
        }
        ExportFormat::Json => {
            json(out, &records(found, &titles::kept()).collect::<Vec<_>>())?;
            out.line_end()?;
        }
        ExportFormat::Markdown => markdown(out, found)?,
    }
    let nothing = found.hits.is_empty() && !found.query.is_empty();
    Ok(if nothing { Outcome::Nothing } else { Outcome::Done })
}

/// Prints the entries found under the headings of their notes and sections, as repaired Markdown.
fn markdown(out: &mut Output, found: &SearchResults) -> Result<()> {
    let hits: HashSet<EntryId> = found.hits.iter().copied().collect();
    for (note, entries) in found.log.by_note() {
        let (mut above, mut is_first): (Vec<&str>, bool) = (Vec::new(), true);
        for entry in entries.filter(|entry| hits.contains(&entry.id())) {
            if std::mem::take(&mut is_first) {
                let when = note.dated.map_or_else(String::new, |dated| format!("{} · ", dated.span));
                out.block(&format!("# {}\n\n{when}{}\n\n", escaped(&note.title), escaped(&note.path)))?;
            }
            let body = entry.body().replace(SEAM, "");
            let headings = headings(entry);
            let same = above.iter().zip(&headings).take_while(|(above, own)| above == own).count();
            for (depth, heading) in headings.iter().enumerate().skip(same) {
                if !has_heading(&body, heading) {
                    out.block(&format!("{} {}\n\n", "#".repeat((depth + 2).min(6)), escaped(heading)))?;
                }
            }
            above = headings;
            out.block(body.trim())?;
            out.block("\n\n")?;
        }
    }
    Ok(())
}

/// The headings above an entry: those of its section, then its own.
fn headings(entry: Entry<'_>) -> Vec<&str> {
    let mut headings: Vec<&str> = entry.section().collect();
    let title = entry.title().trim_end_matches('…');
    if !entry.plain().contains(title) && headings.last() != Some(&entry.title()) {
        headings.push(entry.title());
    }
    headings.retain(|heading| *heading != entry.note().title);
    headings
}

/// Tests for a heading that is part of the text itself.
fn has_heading(body: &str, heading: &str) -> bool {
    body.lines().any(|line| line.starts_with('#') && line.trim_start_matches('#').trim() == heading)
}
