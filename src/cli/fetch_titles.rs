//! `sennight fetch-titles`: titles of linked pull requests, issues and papers, fetched and kept.

use super::{
    Outcome, SearchResults,
    output::{Output, OutputStyle, say},
    progress::Bar,
};
use crate::{
    fetch::{FetchSummary, Fetcher, TitlesFile, homes, token},
    index::Progress,
    insight::titles::{Title, key},
    runtime,
};
use anyhow::{Context, Result};
use std::{collections::HashSet, env, thread, time::Duration};

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What is asked for.
pub struct FetchOptions {
    /// References at most; 0 is all.
    pub limit: usize,
    /// Those that are known as well.
    pub again: bool,
}

/// Fetches what is not known of the references of `found`, the newest first, keeps it, and prints it.
pub fn run(out: &mut Output, found: &SearchResults, asked: &FetchOptions) -> Result<Outcome> {
    let kept = TitlesFile::here().context("there is no folder to keep titles in: name one by SENNIGHT_STATE")?;
    let titles = kept.read()?;
    let wanted = wanted(found);
    if wanted.is_empty() {
        say("sennight", "no pull request or issue on GitHub, and no paper of arXiv or with a DOI, is linked there");
        return Ok(Outcome::Nothing);
    }
    let today = runtime::today();
    let mut due: Vec<String> = wanted.iter().filter(|key| titles.is_due(key, today, asked.again)).cloned().collect();
    let left = if asked.limit == 0 { 0 } else { due.len().saturating_sub(asked.limit) };
    due.truncate(due.len() - left);
    if due.is_empty() {
        say("sennight", &format!("all {} are known already", wanted.len()));
        return Ok(Outcome::Done);
    }
    let homes = homes(variable)?;
    let token = token(&homes[0].1, variable).unwrap_or_else(|silent| {
        say("sennight", &silent.to_string());
        say("  help", silent.hint());
        None
    });
    let network = Fetcher { homes, token, timeout: TIMEOUT, today, sleep: &thread::sleep };
    let mut fresh = Vec::new();
    let mut keep = |titles: Vec<(String, Title)>| {
        fresh.extend(titles.iter().cloned());
        kept.add(titles)
    };
    let mut bar = Bar::new("fetching", "titles");
    let fetched = network.fetch(&due, &mut keep, &mut |done| bar.show(Progress { done, of: due.len() }));
    bar.end();
    drop(bar);
    for (key, title) in &fresh {
        print(out, key, title)?;
    }
    out.finish()?;
    let FetchSummary { titled, missing, failed, mut stops } = fetched?;
    let unasked = due.len() - titled - missing - failed;
    say(
        "sennight",
        &summary(&[(titled, "fetched"), (missing, "not to be had"), (failed, "failed"), (unasked + left, "left")]),
    );
    let last = stops.pop();
    for stop in stops {
        say("sennight", &stop.to_string());
        say("  help", stop.hint());
    }
    last.map_or(Ok(Outcome::Done), |stop| Err(stop.into()))
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// `3 fetched, 1 not to be had`, without what is none.
fn summary(counts: &[(usize, &str)]) -> String {
    let some: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    some.join(", ")
}

/// Each once, the newest mention first.
fn wanted(found: &SearchResults) -> Vec<String> {
    let mut known = HashSet::new();
    let entries = found.hits.iter().map(|id| found.log.entry(*id));
    let keys = entries.flat_map(|entry| {
        let keys = entry.refs().filter_map(|found| key(found.kind, found.host, found.id));
        keys.collect::<Vec<_>>()
    });
    keys.filter(|key| known.insert(key.clone())).collect()
}

/// `github.com/a/b#1 Title merged 2022-08-22`
fn print(out: &mut Output, key: &str, title: &Title) -> Result<()> {
    out.text(OutputStyle::Bold, key)?;
    if title.title.is_some() {
        out.text(OutputStyle::Plain, &format!(" {}", title.text()))?;
    }
    let standing = if title.title.is_some() { title.standing() } else { "not to be had".to_owned() };
    if !standing.is_empty() {
        out.text(OutputStyle::Dim, &format!(" {standing}"))?;
    }
    out.line_end()
}
