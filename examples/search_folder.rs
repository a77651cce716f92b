//! Uses the library without the screen: reads a folder of notes, searches it and prints the matches.
//!
//! ```sh
//! cargo run --example search_folder -- ~/notes 'nerdctl after:2024'
//! ```
//!
//! Prints one line per entry, newest first: file and line, the days it covers and the rule that
//! dated it, and its title. Its references follow on the lines below.

use anyhow::{Context, Result};
use sennight::{
    config::Config,
    files::source::{self, Origin},
    index::Index,
    note::tag::TagRules,
    query::Query,
};
use std::env;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().context("no folder of notes given")?;
    let text = arguments.collect::<Vec<_>>().join(" ");

    let origin = Origin::new(vec![folder.into()], &Config::default())?;
    let log = source::read(&origin, &TagRules::built_in())?;

    let (query, notices) = Query::parse(&text);
    for notice in notices {
        eprintln!("{}", notice.message);
    }
    let mut index = Index::in_memory()?;
    index.update(&log, &mut |_| {})?;
    for id in index.search(&query, &log)? {
        let entry = log.entry(id);
        let when = entry.dated().map_or_else(String::new, |dated| format!("{} ({}) ", dated.span, dated.rule));
        println!("{}:{}: {when}{}", entry.note().path, entry.line(), entry.title());
        for reference in entry.refs() {
            println!("    {} {} {}", reference.kind.name(), reference.id, reference.url);
        }
    }
    Ok(())
}
