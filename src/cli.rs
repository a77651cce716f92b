//! The command line: arguments, then one function per subcommand.
//!
//! Standard output carries results and nothing else, so that pipes can rely on it; everything
//! said beside them goes to standard error. Exit codes: 0 found or done, 1 nothing found, 2 error.

mod check;
mod export;
mod index;
mod output;
mod refs;
mod search;
mod show;
mod tags;

use crate::{
    config::{AmbiguousWidth, Config, OwnTheme, ThemeName},
    log::{Log, tag::Rules},
    page::Symbols,
    query::{
        Order, Query, Suggestion,
        similar::{Likeness, Similar, marks},
    },
    runtime::{
        self, Look,
        finder::{self, Finder},
        git,
        source::{self, Origin},
    },
    ui::theme::Choice,
};
use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use output::{Output, say};
use std::{env, ffi::OsString, io, path::PathBuf, process::ExitCode, sync::Arc};

/// Browse, search and follow years of weekly notes.
///
/// Without a subcommand the screen opens. Without a path it shows the sample log built into the
/// program.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true, max_term_width = 100)]
#[command(
    after_help = "Examples:\n  sennight ~/notes\n  sennight search --log ~/notes 'nerdctl after:2022-06'\n  SENNIGHT_LOG=~/notes sennight refs --kind pr\n\nConfiguration: config.toml in the platform's folder (~/.config/sennight on Linux) or at SENNIGHT_CONFIG.\nThe index lies in the cache folder or at SENNIGHT_CACHE, and can be deleted at any time."
)]
struct Arguments {
    #[command(flatten)]
    shared: Shared,
    /// Folders or files of notes
    paths: Vec<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
struct Shared {
    /// A folder or file of notes; can be repeated [env: SENNIGHT_LOG, separated by colons]
    #[arg(long, global = true, value_name = "PATH")]
    log: Vec<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
    /// Symbols of the screen in ASCII only
    #[arg(long, global = true)]
    ascii: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Jsonl,
    Paths,
    Markdown,
}

/// In which order hits are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    Date,
    Oldest,
    Relevance,
}

impl Sort {
    fn order(self) -> Order {
        match self {
            Sort::Date => Order::Newest,
            Sort::Oldest => Order::Oldest,
            Sort::Relevance => Order::Relevance,
        }
    }
}

/// Formats of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Jsonl,
    Json,
    Markdown,
}

/// Formats of one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    Text,
    Markdown,
    Json,
}

/// Formats of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    Text,
    Json,
    Jsonl,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Find entries: one a line
    #[command(
        after_help = "Examples:\n  sennight search 限流\n  sennight search 'tag:nerdctl kind:pr after:2024'\n  $EDITOR $(sennight search --format paths --limit 1 fupan)"
    )]
    Search {
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// How many entries at most; 0 is all
        #[arg(long, default_value_t = 0, value_name = "N")]
        limit: usize,
        /// The order; without it the most relevant first for words, else the newest
        #[arg(long, value_enum)]
        sort: Option<Sort>,
        /// Say how the query was understood, instead of what it finds
        #[arg(long)]
        explain: bool,
        /// Words, phrases and fields, as in the screen
        query: Vec<String>,
    },
    /// One entry as it is read on the screen, or how it was understood
    #[command(
        after_help = "Examples:\n  sennight show 3f2a90c1\n  sennight show --why $(sennight search --format json 限流 | jq -r '.[0].key')"
    )]
    Show {
        #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
        format: ShowFormat,
        /// How it was understood, and on what evidence
        #[arg(long, conflicts_with = "format")]
        why: bool,
        /// The key that search and export give in JSON, or its first digits, at least 4
        key: String,
    },
    /// Everything understood, one JSON object a note
    #[command(after_help = "Example:\n  sennight export kind:incident | jq -r '.entries[].title'")]
    Export {
        #[arg(long, value_enum, default_value_t = ExportFormat::Jsonl)]
        format: ExportFormat,
        query: Vec<String>,
    },
    /// References with their first, last and number of mentions
    #[command(after_help = "Example:\n  sennight refs --kind pr,issue nerdctl")]
    Refs {
        /// Kinds to list, separated by commas: pr, issue, paper, cve, rfc, repo, link …
        #[arg(long, value_delimiter = ',', value_name = "KIND")]
        kind: Vec<String>,
        #[arg(long, value_enum, default_value_t = TableFormat::Text)]
        format: TableFormat,
        query: Vec<String>,
    },
    /// Tags with the number of entries that have them
    #[command(after_help = "Example:\n  sennight tags after:2025")]
    Tags {
        #[arg(long, value_enum, default_value_t = TableFormat::Text)]
        format: TableFormat,
        query: Vec<String>,
    },
    /// What is odd in the notes, as path:line: code: message
    #[command(after_help = "Example:\n  sennight check --strict   # for a hook: fails when anything is odd")]
    Check {
        /// Exit with 1 when anything is found
        #[arg(long)]
        strict: bool,
    },
    /// Bring the index up to date
    #[command(after_help = "Example:\n  sennight index --verify")]
    Index {
        /// Build it anew
        #[arg(long)]
        rebuild: bool,
        /// Check every byte of it
        #[arg(long, conflicts_with = "rebuild")]
        verify: bool,
    },
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something was found or done.
    Done,
    Nothing,
}

/// Runs the program with `arguments`, the program's name first.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(spelled_out(arguments)) {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match run(arguments) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::from(2)
        }
    }
}

/// `-word` of a query as `NOT word`, which is the same and no option.
fn spelled_out(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut spelled = Vec::new();
    let mut arguments = arguments.into_iter();
    for argument in arguments.by_ref() {
        if argument == "--" {
            spelled.push(argument);
            break;
        }
        let word = argument.to_str().and_then(|text| text.strip_prefix('-')).filter(|word| !word.starts_with('-'));
        match word {
            Some(word) if !matches!(word, "" | "h" | "V") => spelled.extend(["NOT".into(), word.into()]),
            _ => spelled.push(argument),
        }
    }
    spelled.extend(arguments);
    spelled
}

/// A reader that has seen enough is no error.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let is_closed = |cause: &(dyn std::error::Error + 'static)| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(io::ErrorKind::BrokenPipe)
    };
    error.chain().any(is_closed)
}

/// What went wrong, why, and what to do.
fn report(error: &anyhow::Error) {
    say("sennight", &error.to_string());
    for cause in error.chain().skip(1) {
        say("  because", &cause.to_string());
    }
    say("  help", &hint(error));
}

fn hint(error: &anyhow::Error) -> String {
    let index = error.chain().find_map(|cause| cause.downcast_ref::<crate::index::IndexError>()?.hint());
    let missing = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::NotFound);
    let key = error.chain().find_map(|cause| Some(cause.downcast_ref::<show::KeyError>()?.hint()));
    match index.or(key) {
        Some(hint) => hint.to_owned(),
        None if missing => "check the path given to sennight, --log or SENNIGHT_LOG".to_owned(),
        None => "see sennight --help".to_owned(),
    }
}

fn run(arguments: Arguments) -> Result<Outcome> {
    runtime::outlive_file_limits();
    let (config, remark) = configured();
    let config = config.settled(directories::BaseDirs::new().as_ref().map(directories::BaseDirs::home_dir));
    let origin = Origin::new(paths(arguments.paths, arguments.shared.log, &config), &config)?;
    let colour = arguments.shared.color;
    let Some(command) = arguments.command else {
        let symbols = if arguments.shared.ascii { Symbols::ascii() } else { config.symbols() };
        let (theme, doubt) = theme(colour, &config);
        let ambiguous_wide = config.ambiguous_width == AmbiguousWidth::Wide;
        let look = Look { theme, symbols, hyperlinks: config.hyperlinks(), ambiguous_wide };
        let remark = remark.or(doubt);
        // Unsound rules were said when the configuration was read.
        let rules = move || config.rules().unwrap_or_else(|_| Rules::built_in());
        runtime::run(origin, rules, &look, remark)?;
        return Ok(Outcome::Done);
    };
    if let Some(remark) = remark {
        say("sennight", &remark);
    }
    let rules = config.rules().context("cannot use the topic rules")?;
    let log = Arc::new(git::date(source::read(&origin, &rules)?, &origin, &rules));
    source::require_notes(&log, &origin)?;
    let mut out = Output::stdout(colour);
    let find = |words: &[String]| find(&origin, &log, words, Some(Order::Newest));
    let outcome = match command {
        Command::Search { explain: true, sort, query, .. } => {
            search::explain(&mut out, &self::find(&origin, &log, &query, sort.map(Sort::order)))
        }
        Command::Search { format, limit, sort, query, .. } => {
            let found = self::find(&origin, &log, &query, sort.map(Sort::order));
            search::run(&mut out, &found, &origin, format, limit)
        }
        Command::Show { format, why, key } => {
            let symbols = if arguments.shared.ascii { Symbols::ascii() } else { config.symbols() };
            show::run(&mut out, &log, &origin, &show::Show { key: &key, why, format, symbols })
        }
        Command::Export { format, query } => export::run(&mut out, &find(&query), format),
        Command::Refs { kind, format, query } => refs::run(&mut out, &find(&query), &kind, format),
        Command::Tags { format, query } => tags::run(&mut out, &find(&query), format),
        Command::Check { strict } => check::run(&mut out, &log, &origin, strict),
        Command::Index { rebuild, verify } => index::run(&mut out, &log, &origin, rebuild, verify),
    }?;
    out.finish()?;
    Ok(outcome)
}

/// The configuration; one that cannot be used is said, and stops nobody from reading.
fn configured() -> (Config, Option<String>) {
    let Some(file) = runtime::paths::config() else { return (Config::default(), None) };
    let unusable = |why: String| {
        let remark = format!("{}: {why}: started with the defaults", file.display());
        (Config::default(), Some(remark))
    };
    match std::fs::read_to_string(&file) {
        Ok(text) => Config::parse(&text).map_or_else(|error| unusable(error.to_string()), |config| (config, None)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (Config::default(), None),
        Err(error) => unusable(error.to_string()),
    }
}

/// The paths on the command line, else those of `--log`, of the environment, of the configuration.
fn paths(given: Vec<PathBuf>, log: Vec<PathBuf>, config: &Config) -> Vec<PathBuf> {
    let named: Vec<PathBuf> = given.into_iter().chain(log).collect();
    if !named.is_empty() {
        return named;
    }
    let listed = env::var_os("SENNIGHT_LOG").unwrap_or_default();
    let listed: Vec<PathBuf> = env::split_paths(&listed).filter(|path| !path.as_os_str().is_empty()).collect();
    if !listed.is_empty() {
        return listed;
    }
    config.sources.iter().map(|source| PathBuf::from(&source.path)).collect()
}

/// The theme; one that cannot be used is said, and the defaults taken.
fn theme(colour: Colour, config: &Config) -> (Choice, Option<String>) {
    let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let true_colour = env::var("COLORTERM").is_ok_and(|value| matches!(value.as_str(), "truecolor" | "24bit"));
    let unwanted = colour == Colour::Never || no_colour && colour == Colour::Auto;
    match config.theme(unwanted, true_colour, own_theme) {
        Ok(theme) => (theme, None),
        Err(why) => (ThemeName::Auto.choice(unwanted, true_colour), Some(why)),
    }
}

/// The theme of a name, from its file in the folder `themes` beside the configuration.
fn own_theme(name: &str) -> Result<OwnTheme, String> {
    let folder = runtime::paths::config().and_then(|file| Some(file.parent()?.join("themes")));
    let file = folder.unwrap_or_default().join(name).with_extension("toml");
    let text = std::fs::read_to_string(&file).map_err(|error| {
        let likely = ThemeName::ALL.iter().find(|(known, _)| strsim::damerau_levenshtein(known, name) <= 2);
        let hint = likely.map_or(String::new(), |(known, _)| format!(". Did you mean “{known}”?"));
        format!("theme “{name}”: {error}{hint} {}", file.display())
    })?;
    OwnTheme::parse(&text).map_err(|error| format!("theme “{name}”: {error}"))
}

/// A query with its result.
pub struct Found {
    pub log: Arc<Log>,
    pub query: Query,
    /// What the query finds, then what was perhaps meant.
    pub hits: Vec<crate::log::EntryId>,
    /// Guesses at what was meant, whose hits are the last of `hits`.
    pub similar: Vec<Similar>,
    /// What is marked in the hits.
    pub marks: Query,
}

/// Answers the words of a command line. An index that is at hand and up to date is used, as the
/// screen does; none is made for a single question.
fn find(origin: &Origin, log: &Arc<Log>, words: &[String], order: Option<Order>) -> Found {
    let parsed = Query::parse_on(&words.join(" "), Some(runtime::today()));
    let unanswerable = parsed.unanswerable(log);
    for notice in parsed.notices.iter().chain(&unanswerable) {
        say("sennight", &notice.message);
    }
    let query = Query { order: order.or(parsed.query.order), ..parsed.query };
    let mut finder = Finder::new(log.clone(), finder::existing(origin, log));
    let mut hits = finder.list(&query, query.order());
    let similar = finder.similar(&query, &hits, &|| false);
    for Similar { guess, hits: more } in &similar {
        let how = match guess.likeness {
            Likeness::Spelling => "a slip away",
            Likeness::Sound => "by its sound",
        };
        let words = guess.words.join(" ");
        say("sennight", &format!("{} found, then {} {how}: {words}", hits.len(), more.len()));
    }
    hits.extend(similar.iter().flat_map(|similar| &similar.hits));
    if hits.is_empty() {
        for Suggestion { query, hits } in finder.suggest(&query, &|| false) {
            eprintln!("sennight: nothing found, but {hits} by: {}", crate::text::clean_line(&query.to_string()));
        }
    }
    Found { log: log.clone(), marks: marks(&query, &similar), query, hits, similar }
}

impl Found {
    /// In which way a hit is like what was asked for; none for one that is just that.
    fn like(&self, hit: crate::log::EntryId) -> Option<&'static str> {
        let similar = self.similar.iter().find(|similar| similar.hits.contains(&hit))?;
        Some(similar.guess.likeness.name())
    }

    /// Whether there is anything to show.
    fn outcome(&self) -> Outcome {
        if self.hits.is_empty() { Outcome::Nothing } else { Outcome::Done }
    }
}

/// The path of a note as it can be given to an editor: below the path it was found by.
fn file_name(origin: &Origin, note: &crate::log::Note) -> String {
    origin.file_of(note).map_or_else(|| note.path.clone(), |file| file.to_string_lossy().into_owned())
}

/// Writes rows in a format; `text` writes one of them on a line.
fn table<T: serde::Serialize>(
    out: &mut Output,
    rows: &[T],
    format: TableFormat,
    text: impl Fn(&mut Output, &T) -> Result<()>,
) -> Result<Outcome> {
    if format == TableFormat::Json {
        json(out, &rows)?;
        out.line_end()?;
    } else {
        for row in rows {
            if format == TableFormat::Text {
                text(out, row)?;
            } else {
                json(out, row)?;
            }
            out.line_end()?;
        }
    }
    Ok(if rows.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

/// Writes a value as JSON.
fn json(out: &mut Output, value: &impl serde::Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, value).context("cannot write the result")
}
