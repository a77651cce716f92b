//! The log that a command works on, and the search in it.

use super::{Outcome, arguments::CliCommand, output::say, progress::Spinner};
use crate::{
    files::{
        log_cache::LogCache,
        log_spec::LogSpec,
        source::{Origin, SourceError},
    },
    find::{Finder, IndexSlot},
    log::{EntryId, Log},
    note::EntryKey,
    query::{
        Order, Query, Suggestion,
        similar::{Likeness, SimilarHits, highlight_query},
    },
    runtime::{self, Veil, hint::HintExt},
    text::clean_line,
};
use anyhow::Result;
use std::{collections::BTreeSet, sync::Arc};

/// A log as it is on disk now, with its cache and index.
pub struct CommandLog {
    /// The entries that the command sees: without private ones if they are veiled.
    pub log: Arc<Log>,
    pub cache: LogCache,
    index: IndexSlot,
}

impl CommandLog {
    /// Reads the notes, and opens the index if `command` searches.
    ///
    /// # Errors
    ///
    /// When a source cannot be read.
    pub fn load(spec: LogSpec, command: &CliCommand, veil: &Veil) -> Result<CommandLog> {
        let is_index = matches!(command, CliCommand::Index { .. });
        let _spinner = is_index.then(|| Spinner::new("reading the notes"));
        let mut index = IndexSlot::new(spec.folder());
        let mut cache = LogCache::open(Arc::new(spec), index.folder());
        let has_query = command.has_query();
        // One core checks the notes for changes while another opens the index.
        let (log, ()) = rayon::join(
            || cache.refresh(),
            || {
                if has_query {
                    index.open();
                }
            },
        );
        let mut log = log.hint_from(|error| error.downcast_ref::<SourceError>()?.hint())?;
        // The index covers all entries: it is as private as the notes themselves.
        if veil.is_on && !is_index {
            log = Arc::new(log.veiled(|entry| veil.private.matches(entry), cache.rules()));
        }
        Ok(CommandLog { log, cache, index })
    }

    pub fn origin(&self) -> &Origin {
        self.cache.origin()
    }

    /// Searches for the words of a command line, and prints remarks on the query and similar hits. Uses the
    /// index if it is up to date, as the screen does; none is built for a single query.
    pub fn find(&mut self, words: &[String], order: Option<Order>) -> SearchResults {
        let parsed = Query::parse_on(&words.join(" "), Some(runtime::today()));
        let unanswerable = parsed.unanswerable(&self.log);
        for notice in parsed.notices.iter().chain(&unanswerable) {
            say("sennight", &notice.message);
        }
        let mut query = Query { order: order.or(parsed.query.order), ..parsed.query };
        if query.asks_for_bookmarks() {
            query = query.with_bookmarks(&bookmarks(self.origin()));
        }
        let mut finder = Finder::new(self.log.clone(), self.searcher(&query));
        let mut hits = finder.list(&query, query.order());
        let similar = finder.similar(&query, &hits, &|| false);
        for SimilarHits { guess, hits: more } in &similar {
            let label = match guess.likeness {
                Likeness::Spelling => "similar spelling",
                Likeness::Sound => "pinyin",
            };
            let words = guess.words.join(" ");
            say("sennight", &format!("{} found; {} more by {label}: {words}", hits.len(), more.len()));
        }
        hits.extend(similar.iter().flat_map(|similar| &similar.hits));
        if hits.is_empty() {
            print_suggestions(&finder.suggest(&query, &|| false));
        }
        let highlights = highlight_query(&query, &similar);
        SearchResults { log: self.log.clone(), query, hits, similar, highlights }
    }

    /// A search in the index, if it is up to date and the query needs it.
    fn searcher(&mut self, query: &Query) -> Option<crate::index::Searcher> {
        if query.clauses.is_empty() {
            return None;
        }
        let searcher = self.index.current_searcher(&self.cache)?;
        let is_whole = self.cache.log().is_some_and(|whole| Arc::ptr_eq(&whole, &self.log));
        if is_whole { Some(searcher) } else { self.index.searcher(&self.log) }
    }
}

/// Prints queries that would find something, each with its number of hits.
fn print_suggestions(suggestions: &[Suggestion]) {
    if suggestions.is_empty() {
        return;
    }
    let mut tries = Vec::new();
    for Suggestion { query, hits } in suggestions {
        tries.push(format!("{} ({hits})", clean_line(&query.to_string())));
    }
    say("sennight", &format!("No matches. Try: {}", tries.join(" · ")));
}

/// The entries bookmarked on the screen. Prints a message if they cannot be read.
fn bookmarks(origin: &Origin) -> Arc<BTreeSet<EntryKey>> {
    runtime::bookmarks(origin).unwrap_or_else(|error| {
        say("sennight", &format!("{error:#}"));
        Arc::default()
    })
}

/// A query with its result.
pub struct SearchResults {
    pub log: Arc<Log>,
    pub query: Query,
    /// The hits of the query, then similar ones.
    pub hits: Vec<EntryId>,
    /// Guesses at what was meant. Their hits are the last of `hits`.
    pub similar: Vec<SimilarHits>,
    /// The words to highlight in the hits.
    pub highlights: Query,
}

impl SearchResults {
    /// The kind of similarity that found a hit; `None` if the query itself found it.
    pub fn likeness(&self, hit: EntryId) -> Option<&'static str> {
        let similar = self.similar.iter().find(|similar| similar.hits.contains(&hit))?;
        Some(similar.guess.likeness.name())
    }

    pub fn outcome(&self) -> Outcome {
        if self.hits.is_empty() { Outcome::Nothing } else { Outcome::Done }
    }
}
