//! `sennight refs`: lists references with their number of mentions.

use super::{
    Outcome, SearchResults,
    arguments::RefsFormat,
    bibtex, file_name,
    output::{Output, OutputStyle, linked},
    table::{self, table},
    titles::{self, TitleFields},
};
use crate::{files::source::Origin, insight::Titles, log::Reference, reference::RefKind, runtime::hint::HintExt};
use anyhow::{Context, Result};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::BTreeMap;

/// A reference with its mentions.
#[derive(Serialize)]
struct RefRow {
    kind: RefKind,
    id: String,
    host: String,
    url: String,
    label: String,
    mentions: u32,
    /// First day of the first dated mention.
    first: Option<Date>,
    /// First day of the last dated mention.
    last: Option<Date>,
    #[serde(flatten)]
    known: TitleFields,
}

pub fn run(
    out: &mut Output,
    found: &SearchResults,
    origin: &Origin,
    kinds: &[String],
    format: RefsFormat,
) -> Result<Outcome> {
    let kinds = kinds.iter().map(|name| kind(name)).collect::<Result<Vec<_>>>()?;
    let Some(format) = format.of_results() else {
        let wants_papers = kinds.is_empty() || kinds.contains(&RefKind::Paper);
        let hits = if wants_papers { &found.hits[..] } else { &[] };
        return bibtex::run(out, hits.iter().map(|id| found.log.entry(*id)), &titles::kept());
    };
    let mut files = Vec::new();
    for id in &found.hits {
        let entry = found.log.entry(*id);
        if entry.refs().any(|found| kinds.is_empty() || kinds.contains(&found.kind)) {
            files.push(file_name(origin, entry.note()));
        }
    }
    table(out, &rows(found, &kinds, &titles::kept()), format, files.into_iter())
}

fn kind(name: &str) -> Result<RefKind> {
    let kind = RefKind::from_name(name.trim()).with_context(|| format!("unknown kind of reference “{name}”"));
    kind.hint(format!("the kinds are {}", RefKind::ALL.map(RefKind::name).join(", ")))
}

/// The references of these kinds, most mentioned first, then the newest.
fn rows(found: &SearchResults, kinds: &[RefKind], titles: &Titles) -> Vec<RefRow> {
    let mut rows: BTreeMap<(RefKind, String, String), RefRow> = BTreeMap::new();
    for entry in found.hits.iter().map(|id| found.log.entry(*id)) {
        let day = entry.span().map(|span| span.first());
        for reference in entry.refs().filter(|reference| kinds.is_empty() || kinds.contains(&reference.kind)) {
            let key = (reference.kind, reference.host.to_owned(), reference.id.to_owned());
            let row = rows.entry(key).or_insert_with(|| RefRow::new(&reference, titles));
            row.mentions += 1;
            if let Some(day) = day {
                row.first = Some(row.first.map_or(day, |first| first.min(day)));
                // No day at all is less than any day.
                row.last = row.last.max(Some(day));
            }
        }
    }
    let mut rows: Vec<RefRow> = rows.into_values().collect();
    rows.sort_by(|a, b| b.mentions.cmp(&a.mentions).then_with(|| b.last.cmp(&a.last)));
    rows
}

impl RefRow {
    /// A row without mentions.
    fn new(reference: &Reference<'_>, titles: &Titles) -> RefRow {
        RefRow {
            kind: reference.kind,
            id: reference.id.to_owned(),
            host: reference.host.to_owned(),
            url: reference.url.to_owned(),
            label: reference.label.to_owned(),
            mentions: 0,
            first: None,
            last: None,
            known: TitleFields::of(titles, reference.kind, reference.host, reference.id),
        }
    }

    fn days(&self) -> String {
        match (self.first, self.last) {
            (Some(first), Some(last)) if first == last => first.to_string(),
            (Some(first), Some(last)) => format!("{first}..{last}"),
            _ => String::new(),
        }
    }
}

impl table::ResultRow for RefRow {
    const HEAD: &'static [&'static str] = &["mentions", "kind", "reference", "label", "days"];

    /// Prints `3 pr containerd/nerdctl#1331 2022-06-01..2022-08-22 https://…`.
    fn text(&self, out: &mut Output) -> Result<()> {
        out.text(OutputStyle::Dim, &format!("{:>4} {:<10} ", self.mentions, self.kind.name()))?;
        out.text(OutputStyle::Bold, &self.id)?;
        if let Some(title) = &self.known.title {
            out.text(OutputStyle::Plain, &format!(" {title}"))?;
            out.text(OutputStyle::Dim, &self.known.stands())?;
        }
        let days = self.days();
        if !days.is_empty() {
            out.text(OutputStyle::Dim, &format!(" {days}"))?;
        }
        if self.url != self.id {
            out.text(OutputStyle::Accent, &format!(" {}", self.url))?;
        }
        Ok(())
    }

    fn cells(&self) -> Vec<String> {
        let label = if self.label == self.id || self.label == self.url { "" } else { &self.label };
        let id = linked(&self.id, &self.url);
        vec![self.mentions.to_string(), self.kind.name().to_owned(), id, self.known.markdown(label), self.days()]
    }
}
