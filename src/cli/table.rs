//! Tables of results in all output formats.

use super::{
    Outcome,
    arguments::OutputFormat,
    json,
    output::{Output, OutputStyle, escaped},
};
use anyhow::Result;
use serde::Serialize;
use std::collections::HashSet;

/// A row of a table, which serializes to a JSON object.
pub trait ResultRow: Serialize {
    /// Column headings in Markdown.
    const HEAD: &'static [&'static str];

    /// Writes the row as text, without the line end.
    fn text(&self, out: &mut Output) -> Result<()>;

    /// The cells in Markdown, one per heading.
    fn cells(&self) -> Vec<String>;
}

/// Writes `rows` in a format. `files` are the notes they come from, best match first.
pub fn table<T: ResultRow>(
    out: &mut Output,
    rows: &[T],
    format: OutputFormat,
    files: impl Iterator<Item = String>,
) -> Result<Outcome> {
    match format {
        OutputFormat::Text => {
            for row in rows {
                row.text(out)?;
                out.line_end()?;
            }
        }
        OutputFormat::Jsonl => {
            for row in rows {
                json(out, row)?;
                out.line_end()?;
            }
        }
        OutputFormat::Json => {
            json(out, &rows)?;
            out.line_end()?;
        }
        OutputFormat::Paths => paths(out, files)?,
        OutputFormat::Markdown => markdown(out, rows)?,
    }
    Ok(if rows.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

/// Writes each file once, in order of first appearance.
pub fn paths(out: &mut Output, files: impl Iterator<Item = String>) -> Result<()> {
    let mut seen = HashSet::new();
    for path in files {
        if seen.insert(path.clone()) {
            out.text(OutputStyle::Plain, &path)?;
            out.line_end()?;
        }
    }
    Ok(())
}

fn markdown<T: ResultRow>(out: &mut Output, rows: &[T]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    line(out, T::HEAD.iter().map(|head| escaped(head)))?;
    line(out, T::HEAD.iter().map(|_| "---".to_owned()))?;
    rows.iter().try_for_each(|row| line(out, row.cells().into_iter()))
}

fn line(out: &mut Output, cells: impl Iterator<Item = String>) -> Result<()> {
    out.block(&format!("| {} |\n", cells.collect::<Vec<_>>().join(" | ")))
}
