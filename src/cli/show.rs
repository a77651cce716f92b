//! `sennight show`: prints an entry as the screen shows it.

use super::{
    Outcome,
    arguments::ShowFormat,
    json,
    output::{Output, OutputStyle, lines, say},
    search,
    titles::{self, TitleFields},
};
use crate::{
    files::source::Origin,
    insight::Titles,
    log::{Entry, Log, Reference},
    page::{Page, Symbols, named, xray},
    query::Query,
    reference::RefKind,
    runtime::{self, hint::HintExt},
};
use anyhow::Result;

/// The least number of digits of a key.
const LEAST_DIGITS: usize = 4;

/// The number of entries listed for an ambiguous key.
const NAMED: usize = 8;

/// An error in the key of an entry.
#[derive(Debug, thiserror::Error)]
enum KeyError {
    #[error("“{0}” is not a key")]
    Malformed(String),
    #[error("“{digits}” begins {} keys: {}", .found.len(), candidates(.found))]
    Ambiguous { digits: String, found: Vec<String> },
}

impl KeyError {
    /// Advice to the user, as one sentence.
    fn hint(&self) -> &'static str {
        match self {
            KeyError::Malformed(_) => {
                "a key is 4 to 16 of the digits 0-9 and a-f; sennight search --format json prints them"
            }
            KeyError::Ambiguous { .. } => "give more digits of the key",
        }
    }
}

fn candidates(found: &[String]) -> String {
    let more = found.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!("{}{more}", found[..found.len().min(NAMED)].join(", "))
}

/// Options of `sennight show`.
pub struct ShowOptions<'a> {
    pub key: &'a str,
    pub why: bool,
    pub format: ShowFormat,
    pub symbols: Symbols,
}

pub fn run(out: &mut Output, log: &Log, origin: &Origin, show: &ShowOptions<'_>) -> Result<Outcome> {
    let Some(entry) = entry(log, show.key).hint_from(|error| Some(error.hint()))? else {
        say("sennight", &format!("no entry has a key that begins with “{}”", show.key));
        return Ok(Outcome::Nothing);
    };
    let width = runtime::width().unwrap_or(80);
    let titles = titles::kept();
    match show.format {
        _ if show.why => lines(out, &xray(entry, width))?,
        ShowFormat::Text => text(out, entry, width, &show.symbols, &titles)?,
        ShowFormat::Markdown => search::markdown(out, origin, entry)?,
        ShowFormat::Json => {
            json(out, &search::record(origin, entry, None, &titles))?;
            out.line_end()?;
        }
    }
    Ok(Outcome::Done)
}

/// The entry whose key begins with `key`, in digits of either case.
fn entry<'a>(log: &'a Log, key: &str) -> Result<Option<Entry<'a>>, KeyError> {
    let digits = key.trim().to_lowercase();
    if !(LEAST_DIGITS..=16).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(KeyError::Malformed(key.to_owned()));
    }
    let found: Vec<Entry<'_>> = log.entries().filter(|entry| entry.key().begins_with(&digits)).collect();
    if found.len() > 1 {
        let found = found.iter().map(|entry| format!("{} “{}”", entry.key(), entry.title())).collect();
        return Err(KeyError::Ambiguous { digits, found });
    }
    Ok(found.first().copied())
}

/// Prints the page of an entry, then its references in full.
fn text(out: &mut Output, entry: Entry<'_>, width: usize, symbols: &Symbols, titles: &Titles) -> Result<()> {
    let page = Page::of(entry, width, &Query::default(), symbols, &Titles::default());
    lines(out, &page.lines[..page.refs_at.unwrap_or(page.lines.len())])?;
    entry.refs().try_for_each(|found| reference(out, &found, titles))
}

/// Prints `pr     containerd/nerdctl#1331 Title (merged 2022-08-22) https://…` on one line.
fn reference(out: &mut Output, found: &Reference<'_>, titles: &Titles) -> Result<()> {
    out.text(OutputStyle::Dim, &format!("{:<6} ", found.kind.name()))?;
    if found.kind != RefKind::Link {
        out.text(OutputStyle::Bold, &format!("{} ", named(found)))?;
    }
    let known = TitleFields::of(titles, found.kind, found.host, found.id);
    if let Some(title) = &known.title {
        out.text(OutputStyle::Plain, title)?;
        out.text(OutputStyle::Dim, &format!("{} ", known.stands()))?;
    }
    out.text(OutputStyle::Accent, found.url)?;
    out.line_end()
}
