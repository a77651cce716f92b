//! The command line: arguments, then one function per subcommand.
//!
//! Standard output carries results and nothing else, so that pipes can rely on it; everything
//! said beside them goes to standard error. Exit codes: 0 found or done, 1 nothing found, 2 error.

mod arguments;
mod bibtex;
mod check;
mod clone;
mod config;
mod export;
mod fetch_titles;
mod index;
mod manual;
mod new;
mod output;
mod progress;
mod refs;
mod search;
mod show;
mod stats;
mod table;
mod tags;
mod thread;
mod titles;

use crate::{
    config::{AmbiguousWidth, Config, CustomTheme, Images, ThemeName},
    files::{
        log_cache::LogCache,
        log_spec::LogSpec,
        source::{self, Origin},
    },
    find::{Finder, IndexSlot},
    log::Log,
    note::EntryKey,
    query::{
        Order, Query, Suggestion,
        similar::{Likeness, SimilarHits, highlight_query},
    },
    runtime::{self, ScreenOptions, Veil},
    ui::theme::{AdaptiveTheme, ColourSupport},
};
use anyhow::{Context, Result, bail};
use arguments::{CliCommand, Sort};
use clap::{Args, CommandFactory, Parser, ValueEnum};
use output::{Output, say};
use std::{collections::BTreeSet, env, ffi::OsString, io, path::PathBuf, process::ExitCode, sync::Arc};

/// Browse and search years of weekly notes.
///
/// Without a command, sennight opens the screen. Without a path, it opens the built-in sample log.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
#[command(
    after_help = "Examples:\n  sennight ~/notes\n  sennight search --log ~/notes 'nerdctl after:2022-06'\n  SENNIGHT_LOG=~/notes sennight refs --kind pr\n\nConfiguration: config.toml in the platform's folder (~/.config/sennight on Linux) or at SENNIGHT_CONFIG.\nThe index is in the cache folder or at SENNIGHT_CACHE; you can delete it at any time."
)]
struct Arguments {
    #[command(flatten)]
    shared: GlobalArguments,
    /// Folders or files of notes; for a path with the name of a command, write ./index
    paths: Vec<PathBuf>,
    #[command(subcommand)]
    command: Option<CliCommand>,
}

#[derive(Debug, Args)]
struct GlobalArguments {
    /// Folder or file of notes, or a name from the configuration; can be repeated [env: SENNIGHT_LOG,
    /// separated by colons]
    #[arg(long, global = true, value_name = "PATH")]
    log: Vec<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = ColourChoice::Auto, value_name = "WHEN")]
    color: ColourChoice,
    /// Hide entries marked private in the config
    #[arg(long, global = true)]
    veil: bool,
    /// Use ASCII symbols only
    #[arg(long, global = true)]
    ascii: bool,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColourChoice {
    Auto,
    Always,
    Never,
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
    let meant = mistyped(&arguments);
    match run(arguments) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error, meant);
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
fn report(error: &anyhow::Error, meant: Option<String>) {
    say("sennight", &error.to_string());
    for cause in error.chain().skip(1) {
        say("  because", &cause.to_string());
    }
    let meant = meant.map(|command| format!("did you mean sennight {command}? A command stands before paths"));
    say("  help", &meant.unwrap_or_else(|| hint(error)));
}

/// The command that a path which does not exist was meant to be.
fn mistyped(arguments: &Arguments) -> Option<String> {
    let first = arguments.paths.iter().find(|path| arguments.command.is_none() && !path.exists())?.to_str()?;
    let command = Arguments::command();
    let known = command.get_subcommands().map(clap::Command::get_name);
    crate::text::nearest(first, known).map(str::to_owned)
}

fn hint(error: &anyhow::Error) -> String {
    let index = error.chain().find_map(|cause| cause.downcast_ref::<crate::index::IndexError>()?.hint());
    let missing = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::NotFound);
    let key = error.chain().find_map(|cause| Some(cause.downcast_ref::<show::KeyError>()?.hint()));
    let config = error.chain().any(<dyn std::error::Error>::is::<crate::config::ConfigError>);
    let stop = error.chain().find_map(|cause| Some(cause.downcast_ref::<crate::fetch::FetchStop>()?.hint()));
    match index.or(key).or(stop) {
        Some(hint) => hint.to_owned(),
        None if config => {
            "correct that line, or move the file away and write a new one with sennight config init".to_owned()
        }
        None if missing => "check the path given to sennight, --log or SENNIGHT_LOG".to_owned(),
        None => "see sennight --help".to_owned(),
    }
}

fn run(arguments: Arguments) -> Result<Outcome> {
    runtime::outlive_file_limits();
    let colour = arguments.shared.color;
    if let Some(outcome) = without_notes(&arguments) {
        return outcome;
    }
    let (config, mut remarks) = config::effective(&arguments.shared);
    let config = config.settled(directories::BaseDirs::new().as_ref().map(directories::BaseDirs::home_dir));
    let origin = Origin::new(paths(arguments.paths, arguments.shared.log, &config)?, &config)?;
    let veil = veil(&config, arguments.shared.veil, &mut remarks);
    let Some(command) = arguments.command else {
        let (theme, doubt) = theme(colour, &config);
        let look = ScreenOptions {
            theme,
            symbols: config.symbols(),
            keys: config.bindings(),
            hyperlinks: config.hyperlinks(),
            images: if is_colour_unwanted(colour) { Images::Off } else { config.images },
            ambiguous_wide: config.ambiguous_width == AmbiguousWidth::Wide,
            veil,
        };
        let remarks: Vec<String> = remarks.into_iter().chain(doubt).collect();
        let remark = (!remarks.is_empty()).then(|| remarks.join("; "));
        runtime::run(LogSpec::new(origin, &config), &look, remark)?;
        return Ok(Outcome::Done);
    };
    for remark in &remarks {
        say("sennight", remark);
    }
    // This thread works with the others instead of waiting for them.
    let _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
    let making = Arc::new(LogSpec::new(origin, &config));
    let mut keeper = IndexSlot::new(making.folder());
    let mut shelf = LogCache::open(making.clone(), keeper.folder());
    let reading = matches!(command, CliCommand::Index { .. }).then(|| progress::Spinner::new("reading the notes"));
    // Whether the notes are as they were is one core's work, whether the index is the other's.
    let asks = command.asks();
    let (log, ()) = rayon::join(
        || shelf.refresh(),
        || {
            if asks {
                keeper.open();
            }
        },
    );
    let log = log?;
    // The index is of all entries: it is derived, and closed to others like the notes.
    let is_veiled = veil.is_on && !matches!(command, CliCommand::Index { .. });
    let log = if is_veiled { Arc::new(log.veiled(|entry| veil.private.matches(entry), shelf.rules())) } else { log };
    drop(reading);
    let origin = &making.origin;
    // Where there are no notes yet, the first one can be made.
    if !matches!(command, CliCommand::New { .. }) {
        source::require_notes(&log, origin)?;
    }
    let mut out = Output::stdout(colour);
    let mut find = |words: &[String], order| find(&mut keeper, &shelf, &log, words, order);
    let newest = Some(Order::Newest);
    let outcome = match command {
        CliCommand::Search { explain: true, sort, query, .. } => {
            search::explain(&mut out, &find(&query, sort.map(Sort::order)))
        }
        CliCommand::Search { format, limit, sort, query, .. } => {
            search::run(&mut out, &find(&query, sort.map(Sort::order)), origin, format, limit)
        }
        CliCommand::Show { format, why, key } => {
            let show = show::ShowOptions { key: &key, why, format, symbols: config.symbols() };
            show::run(&mut out, &log, origin, &show)
        }
        CliCommand::Export { format, query } => export::run(&mut out, &find(&query, newest), format),
        CliCommand::Refs { kind, format, query } => refs::run(&mut out, &find(&query, newest), origin, &kind, format),
        CliCommand::FetchTitles { limit, again, query } => {
            fetch_titles::run(&mut out, &find(&query, newest), &fetch_titles::FetchOptions { limit, again })
        }
        CliCommand::Tags { format, query } => tags::run(&mut out, &find(&query, newest), origin, format),
        CliCommand::Thread { format, topic } => thread::run(&mut out, &log, origin, &topic.join(" "), format),
        CliCommand::Stats { year, format, query } => {
            stats::run(&mut out, &find(&query, newest), year, format, &config.symbols())
        }
        CliCommand::Check { strict } => check::run(&mut out, &log, origin, strict),
        CliCommand::Index { rebuild, verify } => index::run(&mut out, &log, &mut shelf, rebuild, verify),
        CliCommand::New { date, edit } => new::run(&mut out, &log, origin, date.as_deref(), edit),
        CliCommand::Config { .. } | CliCommand::Completions { .. } | CliCommand::Clone { .. } | CliCommand::Man => {
            Ok(Outcome::Done)
        }
    }?;
    out.finish()?;
    Ok(outcome)
}

/// What is done without reading a note.
fn without_notes(arguments: &Arguments) -> Option<Result<Outcome>> {
    let mut out = Output::stdout(arguments.shared.color);
    let outcome = match arguments.command.as_ref()? {
        CliCommand::Config { action } => config::run(&mut out, &arguments.shared, *action),
        CliCommand::Completions { shell } => manual::completions(&mut out, *shell),
        CliCommand::Man => manual::page(&mut out),
        CliCommand::Clone { url, folder } => clone::run(&mut out, url, folder.clone()),
        _ => return None,
    };
    Some(outcome.and_then(|outcome| out.finish().map(|()| outcome)))
}

/// The paths on the command line, else those of `--log`, of the environment, of the configuration.
fn paths(given: Vec<PathBuf>, log: Vec<PathBuf>, config: &Config) -> Result<Vec<PathBuf>> {
    let given_any = !given.is_empty() || !log.is_empty();
    let listed = if given_any { log } else { logs_of_environment() };
    let named = listed.into_iter().map(|path| named(path, config)).collect::<Result<Vec<_>>>()?;
    let paths: Vec<PathBuf> = given.into_iter().chain(named.into_iter().flatten()).collect();
    if !paths.is_empty() {
        return Ok(paths);
    }
    Ok(config.sources.iter().map(|source| PathBuf::from(&source.path)).collect())
}

fn logs_of_environment() -> Vec<PathBuf> {
    let listed = env::var_os("SENNIGHT_LOG").unwrap_or_default();
    env::split_paths(&listed).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// The paths that a name of the configuration stands for; a path is one.
fn named(path: PathBuf, config: &Config) -> Result<Vec<PathBuf>> {
    let Some(name) = path.to_str() else { return Ok(vec![path]) };
    if let Some(sources) = config.named(name) {
        return Ok(sources.iter().map(|source| PathBuf::from(&source.path)).collect());
    }
    match crate::text::nearest(name, config.names()).filter(|_| !path.exists()) {
        Some(meant) => bail!("no log is called “{name}”, and no such path exists: did you mean --log {meant}?"),
        None => Ok(vec![path]),
    }
}

/// What is private; what of it cannot be understood is said, since it would be shown.
fn veil(config: &Config, asked: bool, remarks: &mut Vec<String>) -> Veil {
    let parsed = Query::parse_on(&config.private, Some(runtime::today()));
    remarks.extend(parsed.notices.iter().map(|notice| format!("private: {}", notice.message)));
    if asked && parsed.query.is_empty() {
        remarks.push("--veil: nothing is called private: see private in the configuration".to_owned());
    }
    Veil { is_on: (asked || config.veiled) && !parsed.query.is_empty(), private: parsed.query }
}

/// The bookmarks made on the screen; when they cannot be read, that is said.
fn bookmarks(origin: &Origin) -> Arc<BTreeSet<EntryKey>> {
    let keys = runtime::bookmarks(origin);
    keys.unwrap_or_else(|why| {
        say("sennight", &format!("{why:#}"));
        Arc::default()
    })
}

fn is_colour_unwanted(colour: ColourChoice) -> bool {
    let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    colour == ColourChoice::Never || no_colour && colour == ColourChoice::Auto
}

/// The theme; one that cannot be used is said, and the defaults taken.
fn theme(colour: ColourChoice, config: &Config) -> (AdaptiveTheme, Option<String>) {
    let variable = |name| env::var(name).unwrap_or_default();
    let colours = if is_colour_unwanted(colour) {
        ColourSupport::None
    } else {
        ColourSupport::of_terminal(&variable("COLORTERM"), &variable("TERM"))
    };
    match config.theme(colours, own_theme) {
        Ok(theme) => (theme, None),
        Err(why) => (ThemeName::Auto.choice(colours), Some(why)),
    }
}

/// The theme of a name, from its file in the folder `themes` beside the configuration.
fn own_theme(name: &str) -> Result<CustomTheme, String> {
    let folder = crate::files::paths::config().and_then(|file| Some(file.parent()?.join("themes")));
    let file = folder.unwrap_or_default().join(name).with_extension("toml");
    let text = std::fs::read_to_string(&file).map_err(|error| {
        let likely = crate::text::nearest(name, ThemeName::ALL.iter().map(|(known, _)| *known));
        let hint = likely.map_or(String::new(), |known| format!(". Did you mean “{known}”?"));
        format!("theme “{name}”: {error}{hint} {}", file.display())
    })?;
    CustomTheme::parse(&text).map_err(|error| format!("theme “{name}”: {error}"))
}

/// A query with its result.
pub struct SearchResults {
    pub log: Arc<Log>,
    pub query: Query,
    /// What the query finds, then what was perhaps meant.
    pub hits: Vec<crate::log::EntryId>,
    /// Guesses at what was meant, whose hits are the last of `hits`.
    pub similar: Vec<SimilarHits>,
    /// What is marked in the hits.
    pub highlights: Query,
}

/// Answers the words of a command line. An index that is at hand and up to date is used, as the
/// screen does; none is made for a single question.
fn find(
    keeper: &mut IndexSlot,
    shelf: &LogCache,
    log: &Arc<Log>,
    words: &[String],
    order: Option<Order>,
) -> SearchResults {
    let parsed = Query::parse_on(&words.join(" "), Some(runtime::today()));
    let unanswerable = parsed.unanswerable(log);
    for notice in parsed.notices.iter().chain(&unanswerable) {
        say("sennight", &notice.message);
    }
    let query = Query { order: order.or(parsed.query.order), ..parsed.query };
    let query = if query.asks_for_bookmarks() { query.with_bookmarks(&bookmarks(shelf.origin())) } else { query };
    let is_whole = shelf.log().is_some_and(|whole| Arc::ptr_eq(&whole, log));
    let ready = if query.clauses.is_empty() { None } else { keeper.current_searcher(shelf) };
    let searcher = ready.and_then(|whole| if is_whole { Some(whole) } else { keeper.searcher(log) });
    let mut finder = Finder::new(log.clone(), searcher);
    let mut hits = finder.list(&query, query.order());
    let similar = finder.similar(&query, &hits, &|| false);
    for SimilarHits { guess, hits: more } in &similar {
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
    SearchResults { log: log.clone(), highlights: highlight_query(&query, &similar), query, hits, similar }
}

impl SearchResults {
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
fn file_name(origin: &Origin, note: &crate::note::Note) -> String {
    origin.place_of(note)
}

/// Writes a value as JSON.
fn json(out: &mut Output, value: &impl serde::Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, value).context("cannot write the result")
}
