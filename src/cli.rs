//! The command line: arguments, then one function per subcommand.
//!
//! Standard output carries results only, so that pipes can rely on it; messages go to standard error.
//! Exit codes: 0 found or done, 1 nothing found, 2 error.

mod arguments;
mod bibtex;
mod check;
mod clone;
mod command_log;
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
mod short_option;
mod show;
mod stats;
mod table;
mod tags;
mod thread;
mod titles;

use crate::{
    config::{AmbiguousWidth, Config, CustomTheme, Images, ThemeName},
    files::{
        log_spec::LogSpec,
        source::{self, Origin, SourceError},
    },
    query::{Order, Query},
    runtime::{
        self, ScreenOptions, Veil,
        hint::{HintExt, HintedError},
    },
    text::nearest,
    ui::theme::{AdaptiveTheme, ColourSupport},
};
use anyhow::{Context, Result};
use arguments::{CliCommand, Sort};
use clap::{Args, CommandFactory, Parser, ValueEnum};
use command_log::{CommandLog, SearchResults};
use output::{Output, say};
use std::{env, ffi::OsString, io, path::PathBuf, process::ExitCode};

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

/// Use of colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColourChoice {
    Auto,
    Always,
    Never,
}

/// The result of a run that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Something was found or done.
    Done,
    Nothing,
}

/// Runs the program with `arguments`, of which the first is the program's name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = short_option::spell_out(arguments.into_iter().collect());
    let arguments = match Arguments::try_parse_from(arguments) {
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

/// Tests for a reader that has closed the pipe, which is not an error.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    for cause in error.chain() {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        if io.or(json) == Some(io::ErrorKind::BrokenPipe) {
            return true;
        }
    }
    false
}

/// Prints an error, its causes, and the hint that travels with it.
fn report(error: &anyhow::Error) {
    say("sennight", &error.to_string());
    for cause in error.chain().skip(1) {
        say("  because", &cause.to_string());
    }
    if let Some(hint) = HintedError::hint_of(error) {
        say("  help", hint);
    }
}

fn run(arguments: Arguments) -> Result<Outcome> {
    runtime::outlive_file_limits();
    if let Some(outcome) = run_without_notes(&arguments) {
        return outcome;
    }
    let (config, mut remarks) = config::effective(&arguments.shared);
    let config = config.settled(directories::BaseDirs::new().as_ref().map(directories::BaseDirs::home_dir));
    let mistyped = mistyped_command(&arguments);
    let Arguments { shared, paths, command } = arguments;
    let paths = source_paths(paths, shared.log, &config)?;
    let opened = Origin::new(paths, &config);
    let origin = match mistyped {
        Some(command) => opened.hint(format!("did you mean sennight {command}? The command comes before paths")),
        None => opened.hint_from(SourceError::hint),
    }?;
    let veil = veil(&config, shared.veil, &mut remarks);
    let Some(command) = command else {
        open_screen(origin, &config, veil, shared.color, remarks)?;
        return Ok(Outcome::Done);
    };
    for remark in &remarks {
        say("sennight", remark);
    }
    // This thread works with the others instead of waiting for them.
    let _ = rayon::ThreadPoolBuilder::new().use_current_thread().build_global();
    let loaded = CommandLog::load(LogSpec::new(origin, &config), &command, &veil)?;
    // A folder without notes is where the first one can be created.
    if !matches!(command, CliCommand::New { .. }) {
        source::require_notes(&loaded.log, loaded.origin()).hint_from(SourceError::hint)?;
    }
    let mut out = Output::stdout(shared.color);
    let outcome = run_command(command, &mut out, loaded, &config)?;
    out.finish()?;
    Ok(outcome)
}

/// Runs a command that needs no notes; `None` for all others.
fn run_without_notes(arguments: &Arguments) -> Option<Result<Outcome>> {
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

fn run_command(command: CliCommand, out: &mut Output, mut loaded: CommandLog, config: &Config) -> Result<Outcome> {
    let newest = Some(Order::Newest);
    match command {
        CliCommand::Search { explain: true, sort, query, .. } => {
            search::explain(out, &loaded.find(&query, sort.map(Sort::order)))
        }
        CliCommand::Search { format, limit, sort, query, .. } => {
            let found = loaded.find(&query, sort.map(Sort::order));
            search::run(out, &found, loaded.origin(), format, limit)
        }
        CliCommand::Show { format, why, key } => {
            let show = show::ShowOptions { key: &key, why, format, symbols: config.symbols() };
            show::run(out, &loaded.log, loaded.origin(), &show)
        }
        CliCommand::Export { format, query } => export::run(out, &loaded.find(&query, newest), format),
        CliCommand::Refs { kind, format, query } => {
            let found = loaded.find(&query, newest);
            refs::run(out, &found, loaded.origin(), &kind, format)
        }
        CliCommand::FetchTitles { limit, again, query } => {
            fetch_titles::run(out, &loaded.find(&query, newest), &fetch_titles::FetchOptions { limit, again })
        }
        CliCommand::Tags { format, query } => {
            let found = loaded.find(&query, newest);
            tags::run(out, &found, loaded.origin(), format)
        }
        CliCommand::Thread { format, topic } => {
            thread::run(out, &loaded.log, loaded.origin(), &topic.join(" "), format)
        }
        CliCommand::Stats { year, format, query } => {
            stats::run(out, &loaded.find(&query, newest), year, format, &config.symbols())
        }
        CliCommand::Check { strict } => check::run(out, &loaded.log, loaded.origin(), strict),
        CliCommand::Index { rebuild, verify } => index::run(out, &mut loaded, rebuild, verify),
        CliCommand::New { date, edit } => new::run(out, &loaded.log, loaded.origin(), date.as_deref(), edit),
        CliCommand::Config { .. } | CliCommand::Completions { .. } | CliCommand::Clone { .. } | CliCommand::Man => {
            Ok(Outcome::Done)
        }
    }
}

/// Opens the screen. Remarks on the configuration are shown in its status line.
fn open_screen(
    origin: Origin,
    config: &Config,
    veil: Veil,
    colour: ColourChoice,
    mut remarks: Vec<String>,
) -> Result<()> {
    let options = ScreenOptions {
        theme: theme(colour, config, &mut remarks),
        symbols: config.symbols(),
        keys: config.bindings(),
        hyperlinks: config.hyperlinks(),
        images: if is_colour_unwanted(colour) { Images::Off } else { config.images },
        ambiguous_wide: config.ambiguous_width == AmbiguousWidth::Wide,
        veil,
    };
    let remark = (!remarks.is_empty()).then(|| remarks.join("; "));
    runtime::run(LogSpec::new(origin, config), &options, remark)
}

/// The command that a path which does not exist was meant to be, if one has a similar name.
fn mistyped_command(arguments: &Arguments) -> Option<String> {
    if arguments.command.is_some() {
        return None;
    }
    let path = arguments.paths.iter().find(|path| !path.exists())?.to_str()?;
    let command = Arguments::command();
    let names = command.get_subcommands().map(clap::Command::get_name);
    nearest(path, names).map(str::to_owned)
}

/// The paths of the notes: those on the command line, else those of the environment, else the configured
/// ones. Names of configured logs are replaced by their paths.
fn source_paths(given: Vec<PathBuf>, log: Vec<PathBuf>, config: &Config) -> Result<Vec<PathBuf>> {
    let is_given = !given.is_empty() || !log.is_empty();
    let mut paths = given;
    for path in if is_given { log } else { logs_of_environment() } {
        paths.extend(named_paths(path, config)?);
    }
    if paths.is_empty() {
        paths.extend(config.sources.iter().map(|source| PathBuf::from(&source.path)));
    }
    Ok(paths)
}

fn logs_of_environment() -> Vec<PathBuf> {
    let listed = env::var_os("SENNIGHT_LOG").unwrap_or_default();
    env::split_paths(&listed).filter(|path| !path.as_os_str().is_empty()).collect()
}

/// The paths of the configured log with this name; any other path is itself.
fn named_paths(path: PathBuf, config: &Config) -> Result<Vec<PathBuf>> {
    let Some(name) = path.to_str() else { return Ok(vec![path]) };
    if let Some(sources) = config.named(name) {
        return Ok(sources.iter().map(|source| PathBuf::from(&source.path)).collect());
    }
    if !path.exists()
        && let Some(meant) = nearest(name, config.names())
    {
        let unknown = anyhow::anyhow!("“{name}” is neither a configured log nor an existing path");
        return Err(unknown).hint(format!("did you mean --log {meant}?"));
    }
    Ok(vec![path])
}

/// The configured veil, which `asked` puts on. Adds remarks about parts of its query that cannot be
/// understood, since their entries would be shown.
fn veil(config: &Config, asked: bool, remarks: &mut Vec<String>) -> Veil {
    let parsed = Query::parse_on(&config.private, Some(runtime::today()));
    for notice in &parsed.notices {
        remarks.push(format!("private: {}", notice.message));
    }
    let hides_any = !parsed.query.is_empty();
    if asked && !hides_any {
        remarks.push("--veil hides nothing: set the key “private” in the configuration".to_owned());
    }
    Veil { is_on: (asked || config.veiled) && hides_any, private: parsed.query }
}

fn is_colour_unwanted(colour: ColourChoice) -> bool {
    let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    colour == ColourChoice::Never || no_colour && colour == ColourChoice::Auto
}

/// The configured theme. Falls back to the default, with a remark, if it cannot be used.
fn theme(colour: ColourChoice, config: &Config, remarks: &mut Vec<String>) -> AdaptiveTheme {
    let variable = |name| env::var(name).unwrap_or_default();
    let colours = if is_colour_unwanted(colour) {
        ColourSupport::None
    } else {
        ColourSupport::of_terminal(&variable("COLORTERM"), &variable("TERM"))
    };
    config.theme(colours, read_theme).unwrap_or_else(|error| {
        remarks.push(format!("{error:#}"));
        ThemeName::Auto.choice(colours)
    })
}

/// Reads a theme from its file in the folder `themes` beside the configuration.
fn read_theme(name: &str) -> Result<CustomTheme> {
    let folder = crate::files::paths::config().and_then(|file| Some(file.parent()?.join("themes")));
    let file = folder.unwrap_or_default().join(name).with_extension("toml");
    let text = std::fs::read_to_string(&file).with_context(|| {
        let likely = nearest(name, ThemeName::ALL.iter().map(|(known, _)| *known));
        let meant = likely.map_or(String::new(), |known| format!(" (did you mean “{known}”?)"));
        format!("theme “{name}”{meant}: cannot read {}", file.display())
    })?;
    CustomTheme::parse(&text).with_context(|| format!("theme “{name}”"))
}

/// The path of a note for an editor: below the path by which its source was given.
fn file_name(origin: &Origin, note: &crate::note::Note) -> String {
    origin.place_of(note)
}

/// Writes a value as JSON.
fn json(out: &mut Output, value: &impl serde::Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, value).context("cannot write the result")
}
