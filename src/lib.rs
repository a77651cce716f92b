//! sennight reads years of weekly notes, understands them, and lets a person browse, search and
//! jump from them in a terminal. This page is the map of the house, after a word to its guests.
//!
//! # As a library
//!
//! Reading and searching are open to other programs. Notes may come from anywhere, as a path and bytes:
//!
//! ```
//! use sennight::{date::Series, log::{EntryRule, Log, note::{self, File}, tag::Rules}, query::Query};
//! use std::sync::Arc;
//!
//! let rules = Rules::built_in();
//! let path = "2022/2022-07-week4.md";
//! let text = "# 周报\n\n1， 读完 nerdctl 的 [PR1331](https://github.com/containerd/nerdctl/pull/1331)\n2， 网关限流\n";
//! let file = File { source: "notes", path, bytes: text.as_bytes() };
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
//! [`runtime::source::read`] reads folders, on all cores, and [`index::Index`] answers the same queries
//! from an index, in memory or in a folder; `examples/search_folder.rs` does both. [`log::thread`] follows
//! a reference through the years, [`query::stats`] counts a year.
//!
//! Meant for others are [`text`], [`log`], [`query`], [`page`], [`index`] and [`runtime::source`]; the rest
//! is the program, and changes with it. Before 1.0 a minor version may change names, which the changelog
//! then says; a patch version does not.
//!
//! # Bird's eye
//!
//! ```text
//!   main ─► cli ─► runtime        the only layers that touch files, environment, clock,
//!                     │           terminal, processes and threads
//!          ┌──────────┤
//!          ▼          ▼
//!        index        ui          index: Tantivy and its folder, nothing else
//!          │          ▼
//!          │         app          what can happen, and what is asked of the outside
//!          │          ▼
//!          │        page          an entry, set in lines of a width
//!          ▼          ▼
//!        query ◄──────┘           what to show, as a value
//!          ▼
//!         log                     notes and entries, understood
//!          ▼
//!        text                     clean, folded, cut into tokens
//! ```
//!
//! Arrows mean "may use". A file becomes a [`log::Note`] of [`log::Entry`]s in `log`, by pure
//! functions; all notes together are a [`log::Log`], immutable and replaced whole. Of a log that
//! was read before, notes are taken from a snapshot beside the index when they are looked at. A
//! [`query::Query`] says which entries to show: [`query::Query::matches`] is its meaning, and
//! [`index::Index`] finds the same faster. The screen is Elm-shaped: [`app::update`] changes the
//! [`app::Model`] and answers with [`app::Effect`]s, [`ui::view`] draws it, [`runtime::run`] waits,
//! performs and draws again.
//!
//! # Modules, in reading order
//!
//! - [`text`]: what every string from outside goes through, and the one tokenizer.
//! - [`log`]: reading, dating, entries, references, tags, kinds, Problems; a log as bytes.
//! - [`query`]: the query language and what it means.
//! - [`page`]: Markdown and references as lines, room for pictures, Chinese line breaking, roles and symbols.
//! - [`app`]: model, messages, effects, commands, keymap, panes, layers, layout; pickers, the trail of
//!   positions, and what is kept from run to run.
//! - [`ui`]: the picture of the model; colours.
//! - [`config`]: the strict file of settings and its defaults, a value that `cli` reads and `runtime` goes by.
//! - [`index`]: the search index, and the file of the snapshot beside it.
//! - [`runtime`]: the loop, threads, terminal, sources, the shelf of what was read, pictures, titles, browser, clipboard,
//!   editor.
//! - [`cli`]: arguments and subcommands.
//!
//! # Invariants
//!
//! `tests/it/tidy.rs` holds the table of layers; the rest is held by tests beside the code.
//!
//! - `text`, `log`, `query`, `page`, `app` and `ui` are pure: no files, environment, clock,
//!   threads, terminal or search engine. Text, sizes and answers are handed in.
//! - Understanding never fails: it gives a value and Problems. Notes are only ever read; `sennight
//!   new` adds one, and overwrites none.
//! - Only `log/store.rs` knows how the text of a note is stored, `log/snapshot.rs` what a stored log
//!   consists of, and `log/table.rs` how its tables lie in memory.
//! - Whatever was written outside this crate passes [`mod@text::clean`] before it reaches a cell, a
//!   terminal, a clipboard or a message.
//! - What notes say becomes part of a control sequence in one place, the URLs of [`ui::hyperlink`], and
//!   only as the `url` crate wrote them. The sequences of [`ui::picture`] hold numbers and pixels.
//! - The index holds derived data only. Every answer it gives is the one a scan would give.
//! - A snapshot saves reading and changes nothing: a log from it is the one that reading all files
//!   would give, once each file has been looked at.
//! - Ids ([`log::EntryId`]) are of one log; what outlives it is named by key ([`log::EntryKey`]).
//! - Scrolling and clicks are computed in `app` from the same [`mod@app::layout`] that `ui` draws.
//! - Only [`runtime::titles`] and the `git` of `clone` use the network, each for one command.
//! - No shell is ever started, and only `http` and `https` are opened.
//!
//! # Why it is not quite the usual map
//!
//! `text` stands below everything since cleaning, folding and cutting serve notes, queries,
//! highlights and the index alike, which could otherwise disagree. `page` stands between `query`
//! and `app` since the app must know how many lines an entry has to scroll it, while colours and
//! cells are none of its business; it also lets a page be set once and drawn many times.
//!
//! # Glossary
//!
//! **Log** all notes read together · **Source** a folder or file of notes · **Note** one file ·
//! **Entry** the unit that is listed, searched and shown · **Section** the headings an entry
//! stands under · **Span** first and last day covered, with precision and **Evidence** ·
//! **Reference** something an entry points to, under a canonical id · **Tag** a topic · **Kind**
//! what an entry is · **Group** entries of one note and the same days · **Stretch** entries of a group that stand together · **Query**, **Hit** · **Problem** something odd in a note, never an error ·
//! **Snapshot** a log as an earlier run understood it · **Shelf** notes as they were last read ·
//! **Thread** all entries that mention one **Topic**: a reference, repository or tag · **Review** a
//! year in numbers · **Draft** the next note, as its author would begin it ·
//! **Heat map** all weeks of a log, a year a line · **Picker** a list to pick from · **Trail** where the reader was · **Kept** bookmarks, queries and position,
//! from run to run · **Veil** what is private, left out of the log ·
//! **Picture** an image file of the notes, drawn in an entry ·
//! **Page** an entry set in lines · **X-ray** how it was understood, and on what evidence · **Role** what a piece of text is, whatever its colour ·
//! **Command** what a user can name · **Message** what can happen · **Effect** what is asked of
//! the outside.

pub mod app;
pub mod cli;
pub mod config;
pub mod date;
pub mod fetch;
pub mod files;
pub mod find;
pub mod index;
pub mod insight;
pub mod log;
pub mod markup;
pub mod note;
pub mod page;
pub mod query;
pub mod reference;
pub mod runtime;
pub mod terminal;
pub mod text;
pub mod ui;
