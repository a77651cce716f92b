//! `sennight export`: everything understood, as JSON of schema 1.
//!
//! The schema is a contract with scripts: fields are added, never changed.

use super::{ExportFormat, Found, Outcome, json, output::Output};
use crate::log::{Dated, Entry, Kind, Note, RefKind, SEAM, date::Evidence, date::Precision};
use anyhow::Result;
use serde::Serialize;

/// The version of the schema, in every object.
const SCHEMA: u32 = 1;

/// One note with its entries: a line of `--format jsonl`.
#[derive(Serialize)]
pub struct NoteRecord<'a> {
    schema: u32,
    note: NoteHead<'a>,
    entries: Vec<EntryRecord<'a>>,
}

#[derive(Serialize)]
struct NoteHead<'a> {
    path: &'a str,
    source: &'a str,
    title: &'a str,
    span: Option<SpanRecord>,
    problems: Vec<ProblemRecord<'a>>,
}

#[derive(Serialize)]
struct ProblemRecord<'a> {
    line: u32,
    code: &'static str,
    message: &'a str,
}

/// An entry, in `export` and in the JSON of `search`.
#[derive(Serialize)]
pub struct EntryRecord<'a> {
    key: String,
    line: u32,
    section: Vec<&'a str>,
    title: &'a str,
    kinds: Vec<Kind>,
    span: Option<SpanRecord>,
    tags: Vec<TagRecord<'a>>,
    refs: Vec<RefRecord<'a>>,
    text: &'a str,
}

#[derive(Serialize)]
struct TagRecord<'a> {
    name: &'a str,
    why: &'a str,
}

#[derive(Serialize)]
struct RefRecord<'a> {
    kind: RefKind,
    id: &'a str,
    host: &'a str,
    url: &'a str,
    label: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct SpanRecord {
    start: String,
    end: String,
    precision: Precision,
    evidence: Evidence,
    rule: &'static str,
}

impl SpanRecord {
    fn new(dated: Dated) -> SpanRecord {
        SpanRecord {
            start: dated.span.first().to_string(),
            end: dated.span.last().to_string(),
            precision: dated.span.precision,
            evidence: dated.evidence,
            rule: dated.rule,
        }
    }
}

impl<'a> EntryRecord<'a> {
    pub fn new(entry: Entry<'a>) -> EntryRecord<'a> {
        EntryRecord {
            key: entry.key().to_string(),
            line: entry.line(),
            section: entry.section().collect(),
            title: entry.title(),
            kinds: entry.kinds().iter().collect(),
            span: entry.dated().map(SpanRecord::new),
            tags: entry.tags().map(|tagged| TagRecord { name: tagged.name, why: tagged.why }).collect(),
            refs: entry
                .refs()
                .map(|found| RefRecord {
                    kind: found.kind,
                    id: found.id,
                    host: found.host,
                    url: found.url,
                    label: found.label,
                    line: found.line,
                })
                .collect(),
            text: entry.plain(),
        }
    }
}

impl<'a> NoteRecord<'a> {
    fn new(note: &'a Note, entries: Vec<EntryRecord<'a>>) -> NoteRecord<'a> {
        let problems = note.problems.iter().map(|problem| ProblemRecord {
            line: problem.line,
            code: problem.code.name(),
            message: &problem.message,
        });
        NoteRecord {
            schema: SCHEMA,
            note: NoteHead {
                path: &note.path,
                source: &note.source,
                title: &note.title,
                span: note.dated.map(SpanRecord::new),
                problems: problems.collect(),
            },
            entries,
        }
    }
}

/// The notes with the entries that were found. Without a query every note is there, also those
/// without entries.
fn records(found: &Found) -> impl Iterator<Item = NoteRecord<'_>> {
    let all = found.query.is_empty();
    found.log.by_note().filter_map(move |(note, entries)| {
        let entries = entries.filter(|entry| all || found.hits.binary_search(&entry.id()).is_ok());
        let entries: Vec<EntryRecord<'_>> = entries.map(EntryRecord::new).collect();
        (all || !entries.is_empty()).then(|| NoteRecord::new(note, entries))
    })
}

pub fn run(out: &mut Output, found: &Found, format: ExportFormat) -> Result<Outcome> {
    match format {
        ExportFormat::Jsonl => {
            for record in records(found) {
                json(out, &record)?;
                out.line_end()?;
            }
        }
        ExportFormat::Json => {
            json(out, &records(found).collect::<Vec<_>>())?;
            out.line_end()?;
        }
        ExportFormat::Markdown => markdown(out, found)?,
    }
    let nothing = found.hits.is_empty() && !found.query.is_empty();
    Ok(if nothing { Outcome::Nothing } else { Outcome::Done })
}

/// The found entries under their notes, as repaired.
fn markdown(out: &mut Output, found: &Found) -> Result<()> {
    for (note, entries) in found.log.by_note() {
        let mut first = true;
        for entry in entries.filter(|entry| found.hits.binary_search(&entry.id()).is_ok()) {
            if std::mem::take(&mut first) {
                out.block(&format!("# {}\n\n", note.title))?;
            }
            out.block(entry.body().replace(SEAM, "").trim())?;
            out.block("\n\n")?;
        }
    }
    Ok(())
}
