//! `sennight show`: one entry, as it is read on the screen.

use super::{
    Outcome,
    arguments::ShowFormat,
    json,
    output::{Look, Output, say},
    search,
};
use crate::{
    log::{Entry, Log, RefKind, Reference, Titles},
    page::{Line, Page, Role, Symbols, named, xray},
    query::Query,
    runtime::{self, source::Origin},
};
use anyhow::Result;

/// Digits of a key that name an entry well enough to be asked for.
const LEAST_DIGITS: usize = 4;

/// Candidates that are named when a key is that of several entries.
const NAMED: usize = 8;

/// Why a key names no single entry.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("“{0}” is no key")]
    Malformed(String),
    #[error("“{digits}” begins {} keys: {}", .found.len(), candidates(.found))]
    Ambiguous { digits: String, found: Vec<String> },
}

impl KeyError {
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            KeyError::Malformed(_) => {
                "a key is 4 to 16 of the digits 0-9 and a-f: “sennight search --format json” gives them"
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

/// What to show of an entry, and how.
pub struct Show<'a> {
    pub key: &'a str,
    pub why: bool,
    pub format: ShowFormat,
    pub symbols: Symbols,
}

pub fn run(out: &mut Output, log: &Log, origin: &Origin, show: &Show<'_>) -> Result<Outcome> {
    let Some(entry) = entry(log, show.key)? else {
        say("sennight", &format!("no entry has a key that begins with “{}”", show.key));
        return Ok(Outcome::Nothing);
    };
    let width = runtime::width().unwrap_or(80);
    match show.format {
        _ if show.why => lines(out, &xray(entry, width))?,
        ShowFormat::Text => text(out, entry, width, &show.symbols)?,
        ShowFormat::Markdown => search::markdown(out, origin, entry)?,
        ShowFormat::Json => {
            json(out, &search::record(origin, entry, None))?;
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

/// The page, with its list of references written out.
fn text(out: &mut Output, entry: Entry<'_>, width: usize, symbols: &Symbols) -> Result<()> {
    let page = Page::of(entry, width, &Query::default(), symbols, &Titles::default());
    lines(out, &page.lines[..page.refs_at.unwrap_or(page.lines.len())])?;
    entry.refs().try_for_each(|found| reference(out, &found))
}

/// `pr     containerd/nerdctl#1331 https://…`, on one line however long.
fn reference(out: &mut Output, found: &Reference<'_>) -> Result<()> {
    out.text(Look::Dim, &format!("{:<6} ", found.kind.name()))?;
    if found.kind != RefKind::Link {
        out.text(Look::Bold, &format!("{} ", named(found)))?;
    }
    out.text(Look::Accent, found.url)?;
    out.line_end()
}

fn lines(out: &mut Output, lines: &[Line]) -> Result<()> {
    for line in lines {
        for span in &line.spans {
            out.text(if span.bold { Look::Bold } else { look(span.role) }, &span.text)?;
        }
        out.line_end()?;
    }
    Ok(())
}

fn look(role: Role) -> Look {
    match role {
        Role::Title | Role::Heading | Role::Warning => Look::Bold,
        Role::Dim | Role::Quote => Look::Dim,
        Role::Accent | Role::Tag | Role::RefCode | Role::RefReading | Role::RefAlarm | Role::RefLink => Look::Accent,
        _ => Look::Plain,
    }
}
