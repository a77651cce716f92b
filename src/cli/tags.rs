//! `sennight tags`: lists kinds and tags with their number of entries.

use super::{
    Outcome, SearchResults,
    arguments::OutputFormat,
    file_name,
    output::{Output, OutputStyle, escaped},
    table::{self, table},
};
use crate::{
    files::source::Origin,
    log::{Counts, TagId},
    note::Kind,
};
use anyhow::Result;
use serde::Serialize;
use std::cmp::Reverse;

/// A tag or kind with its number of entries.
#[derive(Serialize)]
struct TagRow {
    name: String,
    /// The field of the query language: `tag` or `kind`.
    field: &'static str,
    count: u32,
}

impl table::ResultRow for TagRow {
    const HEAD: &'static [&'static str] = &["entries", "kind or tag"];

    fn text(&self, out: &mut Output) -> Result<()> {
        out.text(OutputStyle::Dim, &format!("{:>5} ", self.count))?;
        out.text(OutputStyle::Plain, &format!("{}:{}", self.field, self.name))
    }

    fn cells(&self) -> Vec<String> {
        vec![self.count.to_string(), escaped(&format!("{}:{}", self.field, self.name))]
    }
}

pub fn run(out: &mut Output, found: &SearchResults, origin: &Origin, format: OutputFormat) -> Result<Outcome> {
    let mut files = Vec::new();
    for id in &found.hits {
        let entry = found.log.entry(*id);
        if entry.kinds().iter().next().is_some() || found.log.tags_of(*id).len() > 0 {
            files.push(file_name(origin, entry.note()));
        }
    }
    table(out, &rows(found), format, files.into_iter())
}

/// Rows of kinds, then of tags, each most frequent first.
fn rows(found: &SearchResults) -> Vec<TagRow> {
    let counts = Counts::of(&found.log, &found.hits);
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        rows.push(TagRow { name: kind.name().to_owned(), field: "kind", count: counts.kind(kind) });
    }
    for (tag, id) in found.log.tags().iter().zip(0..) {
        rows.push(TagRow { name: tag.name.clone(), field: "tag", count: counts.tag(TagId(id)) });
    }
    rows.retain(|row| row.count > 0);
    rows.sort_by(|a, b| (a.field, Reverse(a.count), &a.name).cmp(&(b.field, Reverse(b.count), &b.name)));
    rows
}
