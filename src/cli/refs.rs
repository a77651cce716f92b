//! `sennight refs`: what the notes point to, and how often.

use super::{
    Found, Outcome, TableFormat,
    output::{Look, Output},
    table,
};
use crate::log::{RefKind, Span};
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::BTreeMap;

/// A reference with its mentions.
#[derive(Serialize)]
struct Row {
    kind: RefKind,
    id: String,
    host: String,
    url: String,
    label: String,
    mentions: u32,
    /// First day of the first dated mention.
    first: Option<String>,
    /// First day of the last dated mention.
    last: Option<String>,
}

pub fn run(out: &mut Output, found: &Found, kinds: &[String], format: TableFormat) -> Result<Outcome> {
    let kinds = kinds.iter().map(|name| kind(name)).collect::<Result<Vec<_>>>()?;
    let rows = rows(found, &kinds);
    table(out, &rows, format, text)
}

fn kind(name: &str) -> Result<RefKind> {
    RefKind::from_name(name.trim()).with_context(|| {
        let known = RefKind::ALL.map(RefKind::name).join(", ");
        format!("no kind of reference is called “{name}”: there are {known}")
    })
}

/// Most mentioned first, then the newest.
fn rows(found: &Found, kinds: &[RefKind]) -> Vec<Row> {
    let mut rows: BTreeMap<(RefKind, String, String), Row> = BTreeMap::new();
    for entry in found.hits.iter().map(|id| found.log.entry(*id)) {
        let day = entry.span().map(|span: Span| span.first().to_string());
        for reference in entry.refs().filter(|reference| kinds.is_empty() || kinds.contains(&reference.kind)) {
            let key = (reference.kind, reference.host.to_owned(), reference.id.to_owned());
            let row = rows.entry(key).or_insert_with(|| Row {
                kind: reference.kind,
                id: reference.id.to_owned(),
                host: reference.host.to_owned(),
                url: reference.url.to_owned(),
                label: reference.label.to_owned(),
                mentions: 0,
                first: None,
                last: None,
            });
            row.mentions += 1;
            if let Some(day) = &day {
                row.first = Some(row.first.take().map_or_else(|| day.clone(), |first| first.min(day.clone())));
                row.last = Some(row.last.take().map_or_else(|| day.clone(), |last| last.max(day.clone())));
            }
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    rows.sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| b.last.cmp(&a.last)));
    rows
}

/// `3 pr containerd/nerdctl#1331 2022-06-01..2022-08-22 https://…`
fn text(out: &mut Output, row: &Row) -> Result<()> {
    out.text(Look::Dim, &format!("{:>4} {:<10} ", row.mentions, row.kind.name()))?;
    out.text(Look::Bold, &row.id)?;
    let days = match (&row.first, &row.last) {
        (Some(first), Some(last)) if first == last => format!(" {first}"),
        (Some(first), Some(last)) => format!(" {first}..{last}"),
        _ => String::new(),
    };
    out.text(Look::Dim, &days)?;
    if row.url != row.id {
        out.text(Look::Accent, &format!(" {}", row.url))?;
    }
    Ok(())
}
