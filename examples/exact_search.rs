//! Checks that search is exact, or measures queries.
//!
//! Without queries, searches some notes for every sequence of one to four Han characters, Kana,
//! Hangul syllables and emoji in them, and checks that each search finds exactly the entries that
//! contain the sequence.
//!
//! ```sh
//! cargo run --release --example exact_search -- ~/notes
//! cargo run --release --example exact_search -- ~/notes 容器 'lazy loading'
//! ```
//!
//! The expected entries are computed from folded text alone, without tokens. With queries, prints
//! for each query the number of entries and the median time of 21 searches in microseconds.

use anyhow::{Context, Result, ensure};
use sennight::{
    config::Config,
    files::source::{self, Origin},
    index::{Index, Searcher},
    log::{EntryId, Log},
    note::tag::TagRules,
    query::{Atom, Clause, Query},
    text::{fold, is_emoji, is_han, is_hangul, is_kana},
};
use std::{collections::HashMap, env, time::Instant};
use unicode_segmentation::UnicodeSegmentation;

const ROUNDS: usize = 21;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().context("no notes given: pass a file or folder")?;
    let queries: Vec<String> = arguments.collect();
    let log = source::read(&Origin::new(vec![path.into()], &Config::default())?, &TagRules::built_in())?;
    let mut index = Index::in_memory()?;
    index.update(&log, &mut |_| {})?;
    let searcher = index.searcher(&log)?;
    if queries.is_empty() {
        return check(&log, &searcher);
    }
    for text in queries {
        let query = Query::parse(&text).0;
        let mut times = Vec::with_capacity(ROUNDS);
        let mut hits = 0;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            hits = searcher.search(&query)?.len();
            times.push(start.elapsed().as_micros());
        }
        times.sort_unstable();
        println!("{text}\t{hits}\t{}", times[ROUNDS / 2]);
    }
    Ok(())
}

fn check(log: &Log, searcher: &Searcher) -> Result<()> {
    let mut expected: HashMap<String, Vec<EntryId>> = HashMap::new();
    let stands_alone = |c: char| is_han(c) || is_kana(c) || is_hangul(c) || is_emoji(c) || c == '\u{200d}';
    for entry in log.entries() {
        for text in entry.fields() {
            let folded = fold(&text);
            let kept: String = folded.chars().filter(|c| *c == '\n' || !c.is_whitespace()).collect();
            let signs: Vec<&str> = kept.graphemes(true).collect();
            let windows = (1..=4).flat_map(|len| signs.windows(len));
            for run in windows.filter(|run| run.iter().all(|sign| sign.chars().all(stands_alone))) {
                let entries = expected.entry(run.concat()).or_default();
                if entries.last() != Some(&entry.id()) {
                    entries.push(entry.id());
                }
            }
        }
    }
    let (mut wrong, mut missed, mut extra) = (0, 0, 0);
    let start = Instant::now();
    for (run, entries) in &expected {
        let atom = Atom::Phrase(run.clone());
        let found = searcher.search(&Query { clauses: vec![Clause { negated: false, atom }], order: None })?;
        if found != *entries {
            wrong += 1;
            missed += entries.iter().filter(|id| !found.contains(id)).count();
            extra += found.iter().filter(|id| !entries.contains(id)).count();
            println!("{run}: contained in {} entries, found in {}", entries.len(), found.len());
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let pairs: usize = expected.values().map(Vec::len).sum();
    println!(
        "{} entries, {} sequences in {pairs} places: {wrong} wrong, {missed} missed, {extra} extra; {seconds:.1} s, {:.1} µs per query",
        log.len(),
        expected.len(),
        seconds * 1e6 / expected.len() as f64
    );
    ensure!(wrong == 0, "the search is not exact");
    Ok(())
}
