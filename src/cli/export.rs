//! `sennight export`: everything understood, as JSON of schema 1.
//!
//! The schema is a contract with scripts: fields are added, never changed.

use crate::{
    log::{Dated, Entry, Kind, Log, Note, RefKind, date::Evidence, date::Precision},
    query::Query,
};
use anyhow::Result;
use serde::Serialize;
use std::io::Write;

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
    /// Only for references told by prose.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    inferred: bool,
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
                    inferred: found.inferred,
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

/// The notes of `log` with the entries that `query` finds. Without a query every note is there,
/// also those without entries.
pub fn records<'a>(log: &'a Log, query: &Query) -> impl Iterator<Item = NoteRecord<'a>> {
    let all = query.is_empty();
    log.notes().iter().filter_map(move |note| {
        let found = log.entries_of(note).filter(|entry| all || query.matches(*entry));
        let entries: Vec<EntryRecord<'_>> = found.map(EntryRecord::new).collect();
        (all || !entries.is_empty()).then(|| NoteRecord::new(note, entries))
    })
}

/// Writes one JSON object a line.
pub fn jsonl<'a>(out: &mut impl Write, records: impl Iterator<Item = NoteRecord<'a>>) -> Result<usize> {
    let mut count = 0;
    for record in records {
        serde_json::to_writer(&mut *out, &record)?;
        out.write_all(b"\n")?;
        count += 1;
    }
    Ok(count)
}
