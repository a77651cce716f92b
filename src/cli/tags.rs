//! `sennight tags`: topics and kinds with the number of entries.

use super::{
    Found, Outcome, TableFormat,
    output::{Look, Output},
    table,
};
use crate::log::Kind;
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
    let mut kinds = [0_u32; Kind::ALL.len()];
    let mut tags = vec![0_u32; found.log.tags().len()];
    for hit in &found.hits {
        for kind in found.log.entry(*hit).kinds().iter() {
            kinds[kind as usize] += 1;
        }
        for tag in found.log.tags_of(*hit) {
            tags[tag.0 as usize] += 1;
        }
    }
    let kinds = Kind::ALL.into_iter().map(|kind| Row {
        name: kind.name().to_owned(),
        field: "kind",
        count: kinds[kind as usize],
    });
    let tags =
        found.log.tags().iter().zip(tags).map(|(tag, count)| Row { name: tag.name.clone(), field: "tag", count });
    let mut rows: Vec<Row> = kinds.chain(tags).filter(|row| row.count > 0).collect();
    rows.sort_by(|a, b| a.field.cmp(b.field).then_with(|| b.count.cmp(&a.count)).then_with(|| a.name.cmp(&b.name)));
    rows
}
