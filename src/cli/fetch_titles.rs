//! `sennight fetch-titles`: fetches and stores titles of linked pull requests, issues and papers.

use super::{
    Outcome, SearchResults,
    output::{Output, OutputStyle, say},
    progress::Bar,
};
use crate::{
    fetch::{FetchSummary, Fetcher, TitlesFile, homes, token},
    index::Progress,
    insight::titles::{Title, key},
    runtime::{self, hint::HintExt},
};
use anyhow::{Context, Result};
use jiff::civil::Date;
use std::{collections::HashSet, env, thread, time::Duration};

/// Time limit of one request.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Options of `sennight fetch-titles`.
pub struct FetchOptions {
    /// The largest number of titles; 0 means all.
    pub limit: usize,
    /// Fetch cached titles too.
    pub again: bool,
}

/// Fetches the missing titles of references in `found`, most recently mentioned first, stores and prints
/// them.
pub fn run(out: &mut Output, found: &SearchResults, asked: &FetchOptions) -> Result<Outcome> {
    let file = TitlesFile::here().context("there is no folder for titles");
    let file = file.hint("set SENNIGHT_STATE to a folder")?;
    let titles = file.read()?;
    let wanted = wanted(found);
    if wanted.is_empty() {
        say(
            "sennight",
            "these entries link to no pull request or issue on GitHub and no paper with an arXiv id or DOI",
        );
        return Ok(Outcome::Nothing);
    }
    let today = runtime::today();
    let mut due: Vec<String> = wanted.iter().filter(|key| titles.is_due(key, today, asked.again)).cloned().collect();
    let all = due.len();
    if asked.limit > 0 {
        due.truncate(asked.limit);
    }
    if due.is_empty() {
        say("sennight", &format!("all {} titles are cached already", wanted.len()));
        return Ok(Outcome::Done);
    }
    let fetcher = fetcher(today)?;
    let mut fresh = Vec::new();
    let mut store = |titles: Vec<(String, Title)>| {
        fresh.extend(titles.iter().cloned());
        file.add(titles)
    };
    let mut bar = Bar::new("fetching", "titles");
    let summary = fetcher.fetch(&due, &mut store, &mut |done| bar.show(Progress { done, of: due.len() }));
    bar.end();
    drop(bar);
    for (key, title) in &fresh {
        print(out, key, title)?;
    }
    out.finish()?;
    let FetchSummary { titled, missing, failed, mut stops } = summary?;
    let left = all - titled - missing - failed;
    say("sennight", &counts(&[(titled, "fetched"), (missing, "not found"), (failed, "failed"), (left, "left")]));
    let Some(last) = stops.pop() else { return Ok(Outcome::Done) };
    for stop in stops {
        say("sennight", &stop.to_string());
        say("  help", stop.hint());
    }
    let hint = last.hint();
    Err(last).hint(hint)
}

/// A fetcher for the services and the token that the environment names.
fn fetcher(today: Date) -> Result<Fetcher<'static>> {
    let homes = homes(variable)?;
    let token = match token(&homes[0].1, variable) {
        Ok(token) => token,
        Err(timeout) => {
            say("sennight", &timeout.to_string());
            say("  help", timeout.hint());
            None
        }
    };
    Ok(Fetcher { homes, token, timeout: TIMEOUT, today, sleep: &thread::sleep })
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// Formats counts as `3 fetched, 1 not found`, without those that are 0.
fn counts(counts: &[(usize, &str)]) -> String {
    let some: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    some.join(", ")
}

/// The keys of all titles, each once, most recently mentioned first.
fn wanted(found: &SearchResults) -> Vec<String> {
    let mut known = HashSet::new();
    let mut wanted = Vec::new();
    for id in &found.hits {
        for reference in found.log.entry(*id).refs() {
            let Some(key) = key(reference.kind, reference.host, reference.id) else { continue };
            if known.insert(key.clone()) {
                wanted.push(key);
            }
        }
    }
    wanted
}

/// Prints `github.com/a/b#1 Title merged 2022-08-22`.
fn print(out: &mut Output, key: &str, title: &Title) -> Result<()> {
    out.text(OutputStyle::Bold, key)?;
    if title.title.is_some() {
        out.text(OutputStyle::Plain, &format!(" {}", title.text()))?;
    }
    let standing = if title.title.is_some() { title.standing() } else { "not found".to_owned() };
    if !standing.is_empty() {
        out.text(OutputStyle::Dim, &format!(" {standing}"))?;
    }
    out.line_end()
}
