//! `sennight tags`: topics and kinds with the number of entries.

use super::{
    Found, Outcome, TableFormat,
    output::{Look, Output},
    table,
};
use crate::log::{Counts, Kind, TagId};
use anyhow::Result;
use serde::Serialize;

/// A tag or kind with its number of entries.
#[derive(Serialize)]
struct Row {
    name: String,
    /// `tag` or `kind`: the field of the query language.
    field: &'static str,
    count: u32,
}

pub fn run(out: &mut Output, found: &Found, format: TableFormat) -> Result<Outcome> {
    let rows = rows(found);
    table(out, &rows, format, |out, row| {
        out.text(Look::Dim, &format!("{:>5} ", row.count))?;
        out.text(Look::Plain, &format!("{}:{}", row.field, row.name))
    })
}

/// Kinds, then tags, each most frequent first.
fn rows(found: &Found) -> Vec<Row> {
    let counts = Counts::of(&found.log, &found.hits);
    let kinds =
        Kind::ALL.into_iter().map(|kind| Row { name: kind.name().to_owned(), field: "kind", count: counts.kind(kind) });
    let tags = found.log.tags().iter().zip(0..);
    let tags = tags.map(|(tag, id)| Row { name: tag.name.clone(), field: "tag", count: counts.tag(TagId(id)) });
    let mut rows: Vec<Row> = kinds.chain(tags).filter(|row| row.count > 0).collect();
    rows.sort_by(|a, b| a.field.cmp(b.field).then_with(|| b.count.cmp(&a.count)).then_with(|| a.name.cmp(&b.name)));
    rows
}
