//! `sennight config`: shows the configuration and its path, or writes a new one.

use super::{
    GlobalArguments, Outcome,
    arguments::ConfigAction,
    output::{Output, OutputStyle, say},
};
use crate::{
    config::{Config, ConfigLayer, ConfigSetting, DEFAULT, VARIABLES, settings},
    files::paths,
    runtime::hint::HintExt,
    ui::theme::ColourSupport,
};
use anyhow::{Context, Result, anyhow};
use std::{
    env,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::Path,
};

/// The configuration in effect, and remarks on what cannot be used of it. Mistakes do not stop anybody
/// from reading notes.
pub fn effective(shared: &GlobalArguments) -> (Config, Vec<String>) {
    let mut remarks = Vec::new();
    let mut config = Config::default();
    if let Some(file) = paths::config() {
        match parse_file(&file) {
            Ok(found) => config = found,
            Err(error) => remarks.push(format!("{}: {error:#}; using the defaults", file.display())),
        }
    }
    for (layer, key, value) in overrides(shared) {
        if let (Err(error), ConfigLayer::Environment(name)) = (set_text(&mut config, key, &value), layer) {
            remarks.push(format!("{name}: {error:#}; ignored"));
        }
    }
    (config, remarks)
}

/// The configuration in `file`; the default if there is none.
fn parse_file(file: &Path) -> Result<Config> {
    Ok(match read(file)? {
        Some(text) => Config::parse(&text)?,
        None => Config::default(),
    })
}

/// Sets `key` to `value`. Fails, and changes nothing, if the theme cannot be read.
fn set_text(config: &mut Config, key: &str, value: &str) -> Result<()> {
    let mut changed = config.clone();
    changed.set(key, value)?;
    changed.theme(ColourSupport::Sixteen, super::read_theme)?;
    *config = changed;
    Ok(())
}

/// The text of `file`; `None` if it does not exist.
fn read(file: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Keys set by the environment, then those set by options, as layer, key and value.
fn overrides(shared: &GlobalArguments) -> Vec<(ConfigLayer, &'static str, String)> {
    let mut overrides = Vec::new();
    for (name, key) in VARIABLES {
        if let Some(value) = non_empty_variable(name) {
            overrides.push((ConfigLayer::Environment(name), key, value));
        }
    }
    if non_empty_variable(ASCII).is_some_and(|value| value != "0") {
        overrides.push((ConfigLayer::Environment(ASCII), "symbols", "ascii".to_owned()));
    }
    if shared.ascii {
        overrides.push((ConfigLayer::Flag("--ascii"), "symbols", "ascii".to_owned()));
    }
    overrides
}

fn non_empty_variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

const ASCII: &str = "SENNIGHT_ASCII";

pub fn run(out: &mut Output, shared: &GlobalArguments, action: ConfigAction) -> Result<Outcome> {
    let file = paths::config().context("there is no folder for a configuration");
    let file = file.hint("set SENNIGHT_CONFIG to a path")?;
    match action {
        ConfigAction::Path => {
            out.text(OutputStyle::Plain, &file.to_string_lossy())?;
            out.line_end()?;
        }
        ConfigAction::Show => show(out, shared, &file)?,
        ConfigAction::Init => {
            init(&file)?;
            out.text(OutputStyle::Plain, &file.to_string_lossy())?;
            out.line_end()?;
        }
    }
    Ok(Outcome::Done)
}

/// Prints the settings in effect as TOML, each with a comment that says where its value comes from.
fn show(out: &mut Output, shared: &GlobalArguments, file: &Path) -> Result<()> {
    let shown = file.display();
    let text = read(file).with_context(|| format!("cannot read {shown}"))?;
    let text = text.unwrap_or_default();
    Config::parse(&text)
        .hint("correct that line, or move the file away and write a new one with sennight config init")
        .with_context(|| format!("cannot use {shown}"))?;
    let mut scratch = Config::default();
    let mut set: Vec<ConfigSetting> = Vec::new();
    for (layer, key, value) in overrides(shared) {
        match (set_text(&mut scratch, key, &value), layer) {
            (Ok(()), layer) => set.push(ConfigSetting { key: key.to_owned(), value: value.into(), layer }),
            (Err(error), ConfigLayer::Environment(name)) => say("sennight", &format!("{name}: {error:#}; ignored")),
            (Err(_), _) => {}
        }
    }
    set.extend(opened(shared));
    for ConfigSetting { key, value, layer } in settings(&text, set) {
        out.text(OutputStyle::Bold, &key)?;
        out.text(OutputStyle::Plain, &format!(" = {value}"))?;
        let place = match layer {
            ConfigLayer::Default => "default".to_owned(),
            ConfigLayer::File(line) => format!("{shown}:{line}"),
            ConfigLayer::Environment(name) => format!("environment {name}"),
            ConfigLayer::Flag(name) => format!("option {name}"),
        };
        out.text(OutputStyle::Dim, &format!("  # {place}"))?;
        out.line_end()?;
    }
    Ok(())
}

/// The paths that `--log` or the environment opens instead of the configured sources, as a setting.
fn opened(shared: &GlobalArguments) -> Option<ConfigSetting> {
    let (paths, layer) = if shared.log.is_empty() {
        (super::logs_of_environment(), ConfigLayer::Environment("SENNIGHT_LOG"))
    } else {
        (shared.log.clone(), ConfigLayer::Flag("--log"))
    };
    if paths.is_empty() {
        return None;
    }
    let paths: Vec<String> = paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    Some(ConfigSetting { key: "sources".to_owned(), value: paths.into(), layer })
}

/// Writes the default configuration with comments, unless the file exists.
fn init(file: &Path) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", folder.display()))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(mut new) => new.write_all(DEFAULT.as_bytes()).with_context(|| format!("cannot write {}", file.display())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let exists = anyhow!("there is a configuration already at {}; left unchanged", file.display());
            Err(exists).hint("move it away to write a new one")
        }
        Err(error) => Err(error).with_context(|| format!("cannot write {}", file.display())),
    }
}
