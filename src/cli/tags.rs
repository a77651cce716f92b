//! `sennight tags`: topics and kinds with the number of entries.

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

/// A tag or kind with its number of entries.
#[derive(Serialize)]
struct TagRow {
    name: String,
    /// `tag` or `kind`: the field of the query language.
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
    let has_any = |id: &&crate::log::EntryId| {
        found.log.entry(**id).kinds().iter().next().is_some() || found.log.tags_of(**id).len() > 0
    };
    let files = found.hits.iter().filter(has_any).map(|id| file_name(origin, found.log.entry(*id).note()));
    table(out, &rows(found), format, files)
}

/// Kinds, then tags, each most frequent first.
fn rows(found: &SearchResults) -> Vec<TagRow> {
    let counts = Counts::of(&found.log, &found.hits);
    let kinds = Kind::ALL.into_iter().map(|kind| TagRow {
        name: kind.name().to_owned(),
        field: "kind",
        count: counts.kind(kind),
    });
    let tags = found.log.tags().iter().zip(0..);
    let tags = tags.map(|(tag, id)| TagRow { name: tag.name.clone(), field: "tag", count: counts.tag(TagId(id)) });
    let mut rows: Vec<TagRow> = kinds.chain(tags).filter(|row| row.count > 0).collect();
    rows.sort_by(|a, b| a.field.cmp(b.field).then_with(|| b.count.cmp(&a.count)).then_with(|| a.name.cmp(&b.name)));
    rows
}
