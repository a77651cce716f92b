//! sennight reads years of weekly notes, understands them, and lets a person browse, search and jump
//! from them in a terminal. This page is the map of the house, after a word to its guests.
//!
//! # As a library
//!
//! Reading and searching are open to other programs. Notes may come from anywhere, as a path and bytes:
//!
//! ```
//! use sennight::{date::Series, log::Log, note::{self, EntryRule, NoteFile, tag::TagRules}, query::Query};
//! use std::sync::Arc;
//!
//! let rules = TagRules::built_in();
//! let path = "2022/2022-07-week4.md";
//! let text = "# 周报\n\n1， 读完 nerdctl 的 [PR1331](https://github.com/containerd/nerdctl/pull/1331)\n2， 网关限流\n";
//! let file = NoteFile { source: "notes", path, bytes: text.as_bytes() };
//! let note = note::read(file, &Series::of([path].into_iter()), EntryRule::Auto, &rules);
//! let log = Log::new(vec![Arc::new(note)], &rules);
//!
//! let (query, notices) = Query::parse("pr:1331 date:2022-07");
//! assert!(notices.is_empty());
//! let found: Vec<_> = log.entries().filter(|entry| query.matches(*entry)).collect();
//! assert_eq!(found.len(), 1);
//! assert_eq!(found[0].line(), 3);
//! assert_eq!(found[0].span().unwrap().to_string(), "2022-07-18…07-24");
//! assert_eq!(found[0].refs().next().unwrap().id, "containerd/nerdctl#1331");
//! ```
//!
//! [`files::source::read`] reads folders on all cores, and [`index::Index`] answers the same queries from
//! an index, in memory or in a folder; `examples/search_folder.rs` does both. [`insight::thread`] follows
//! a reference through the years, [`insight::stats`] counts a year.
//!
//! The rooms from [`text`] to [`page`], [`index`] and [`files::source`] are meant for other programs. The
//! rest is the program itself and changes with it: it is private or hidden from these pages, and
//! `cargo doc --document-private-items` shows what is private. Before 1.0, a minor version may change
//! names, and the changelog says so; a patch version does not.
//!
//! # The rooms, in the order in which they may use one another
//!
//! | room | holds | must not know |
//! |---|---|---|
//! | [`text`] | characters: clean, folded, cut into tokens; pinyin, sentences, Problems | notes, queries, screens |
//! | [`date`] | the days that a string, a path or git names | notes, Markdown, references |
//! | [`reference`](mod@reference) | the thing that a URL or a phrase names | notes, Markdown, dates |
//! | [`markup`] | bytes in any encoding and dialect as Markdown blocks; the one HTML reader | entries, tags, kinds, notes |
//! | [`note`] | one file, understood: entries, tags, kinds, records | other notes but the names of their files; logs, ids, snapshots |
//! | [`log`] | all notes as columns: runs, labels, postings, groups, lazy notes, snapshots | Markdown, patterns, TOML, encodings |
//! | [`insight`] | what follows from many notes: threads, stats, titles, the next note | more of a log than it shows |
//! | [`query`] | which entries to show, as a value with a meaning | indexes, screens, today |
//! | [`page`] | an entry as lines of a width | colours, cells, keys |
//! | [`app`] | model, messages, effects, commands, keys: what can happen | drawing, and everything outside |
//! | [`ui`] | the picture of the model, in colours | keys, and everything outside |
//! | [`config`] | the strict file of settings, and its defaults | where the file is |
//! | [`index`] | Tantivy and its folder; the snapshot file beside it | screens, clock, environment |
//! | [`files`] | sources, archives, the log cache, git, watching, atomic writing | screens and keys |
//! | [`find`] | hits for the screen and the command line, exact and similar | files, terminals |
//! | [`fetch`] | titles of references from the network, when asked to | logs and indexes |
//! | [`terminal`] | raw mode, input, capabilities, hyperlinks, pictures; alone names crossterm | queries and indexes |
//! | [`runtime`] | the loop and its threads; browser, clipboard, editor | command lines, crossterm |
//! | [`cli`] | arguments and subcommands | terminals, Tantivy |
//!
//! A file becomes a [`note::Note`] of entries, by pure functions; all notes together are a [`log::Log`],
//! immutable and replaced whole. The notes of a log that was read before are taken from a snapshot beside
//! the index when they are looked at. A [`query::Query`] says which entries to show:
//! [`query::Query::matches`] is its meaning, and [`index::Index`] finds the same faster. The screen is
//! Elm-shaped: [`app::update`] changes the [`app::Model`] and answers with [`app::Effect`]s, [`ui::view`]
//! draws it, [`runtime::run`] waits, performs and draws again.
//!
//! # Invariants
//!
//! `tests/it/tidy.rs` holds the table of rooms and the rule that a type name has one meaning; tests beside
//! the code hold the rest.
//!
//! - The rooms from `text` to `config` are pure: no files, environment, clock, threads, terminal or search
//!   engine. Text, sizes and answers are handed in.
//! - Understanding never fails: it gives a value and Problems. Notes are only read; `sennight new` adds
//!   one, and overwrites none.
//! - Only `note/text.rs` knows how the text of a note is stored, `log/snapshot.rs` what a stored log
//!   consists of, and `log/column.rs` how its columns lie in memory.
//! - Text from outside the crate passes [`mod@text::clean`] before it reaches a cell, a terminal, a
//!   clipboard or a message.
//! - Text of notes becomes part of a control sequence in one place, the URLs of [`ui::hyperlink`], and only
//!   as the `url` crate wrote them. The sequences of [`ui::picture`] hold numbers and pixels.
//! - The index holds derived data only. Every answer it gives is the one a scan would give.
//! - A snapshot saves reading and changes nothing: once each file has been checked, a log from a snapshot
//!   equals the log that reading all files would give.
//! - Ids ([`log::EntryId`]) are of one log; a key ([`note::EntryKey`]) names an entry across logs.
//! - Scrolling and clicks are computed in `app` from the same [`mod@app::layout`] that `ui` draws.
//! - Only [`fetch`] and the `git` of `clone` use the network, each for one command.
//! - No shell is ever started, and only `http` and `https` are opened.
//!
//! # Why it is not quite the usual map
//!
//! `text` stands below everything since cleaning, folding and cutting serve notes, queries, highlights and
//! the index alike, which could otherwise disagree. `page` stands below `app` since the app must know how
//! many lines an entry has to scroll it, while colours and cells are none of its business; it also lets a
//! page be set once and drawn many times. `files` may read `config` and `index` since a source is
//! described in the one and a snapshot lies beside the other. `markup` is also used above `log`: a page
//! shows the Markdown that a note keeps.
//!
//! # Glossary
//!
//! **Log** all notes read together · **Source** a folder or file of notes · **Note** one file · **Entry**
//! the unit that is listed, searched and shown · **Section** the headings above an entry · **Span** first
//! and last day covered, with precision and **Evidence** · **Reference** something an entry points to,
//! under a canonical id · **Tag** a topic · **Kind** what an entry is · **Labels** the kinds and tags of
//! all entries · **Postings** the entries of a label · **Group** entries of one note and the same days ·
//! **Run** entries of a group that follow one another · **Query**, **Hit** · **Problem** something odd in
//! a note, never an error · **Snapshot** a log as an earlier run understood it · **Log cache** notes as
//! they were last read, and whether their files have changed · **Thread** all entries that mention one
//! **Topic**: a reference, repository or tag · **Stats** a year in numbers · **Draft** the next note, as
//! its author would begin it · **Heat map** all weeks of a log, a year a line · **Picker** a list to pick
//! from · **Jump list** where the reader was · **Saved state** bookmarks, queries and position, from run
//! to run · **Veil** what is private, left out of the log · **Picture** an image file of the notes, drawn
//! in an entry · **Page** an entry set in lines · **X-ray** how an entry was understood, and on what
//! evidence · **Role** what a piece of text is, whatever its colour · **Command** what a user can name ·
//! **Message** what can happen · **Effect** what is asked of the outside.

// The map links to rooms that only `cargo doc --document-private-items` shows.
#![allow(rustdoc::private_intra_doc_links)]

#[doc(hidden)]
pub mod app;
#[doc(hidden)]
pub mod cli;
#[doc(hidden)]
pub mod config;
pub mod date;
#[doc(hidden)]
pub mod fetch;
pub mod files;
#[doc(hidden)]
pub mod find;
pub mod index;
pub mod insight;
pub mod log;
pub mod markup;
pub mod note;
pub mod page;
pub mod query;
pub mod reference;
mod runtime;
mod terminal;
pub mod text;
#[doc(hidden)]
pub mod ui;
