//! `sennight config`: where the configuration is, what is in effect, and a new one.

use super::{
    GlobalArguments, Outcome,
    arguments::ConfigAction,
    output::{Output, OutputStyle, say},
};
use crate::{
    config::{Config, ConfigError, ConfigLayer, DEFAULT, Setting, VARIABLES, settings},
    files::paths,
    ui::theme::ColourSupport,
};
use anyhow::{Context, Result, bail};
use std::{
    env,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The configuration in effect, with sentences about what of it cannot be used: that stops nobody
/// from reading.
pub fn effective(shared: &GlobalArguments) -> (Config, Vec<String>) {
    let mut remarks = Vec::new();
    let mut config = Config::default();
    if let Some(file) = paths::config() {
        match read(&file) {
            Ok(Some(text)) => match Config::parse(&text) {
                Ok(found) => config = found,
                Err(why) => remarks.push(format!("{}: {why}: started with the defaults", file.display())),
            },
            Ok(None) => {}
            Err(why) => remarks.push(format!("{}: {why}: started with the defaults", file.display())),
        }
    }
    for (layer, key, value) in above(shared) {
        if let (Err(why), ConfigLayer::Environment(name)) = (set_text(&mut config, key, &value), layer) {
            remarks.push(format!("{name}: {why}: left out"));
        }
    }
    (config, remarks)
}

/// Sets `key` to a text; a theme must be there, whoever reads it.
fn set_text(config: &mut Config, key: &str, value: &str) -> Result<(), String> {
    let before = config.clone();
    config.set(key, value)?;
    let found = config.theme(ColourSupport::Sixteen, super::own_theme).map(|_| ());
    found.inspect_err(|_| *config = before)
}

/// The file, if there is one.
fn read(file: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the environment sets, then what options do.
fn above(shared: &GlobalArguments) -> Vec<(ConfigLayer, &'static str, String)> {
    let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
    let variables =
        VARIABLES.into_iter().filter_map(|(name, key)| Some((ConfigLayer::Environment(name), key, set(name)?)));
    let ascii =
        set(ASCII).filter(|value| value != "0").map(|_| (ConfigLayer::Environment(ASCII), "symbols", "ascii".into()));
    let flag = shared.ascii.then(|| (ConfigLayer::Flag("--ascii"), "symbols", "ascii".into()));
    variables.chain(ascii).chain(flag).collect()
}

const ASCII: &str = "SENNIGHT_ASCII";

pub fn run(out: &mut Output, shared: &GlobalArguments, action: ConfigAction) -> Result<Outcome> {
    let file = paths::config().context("there is no folder for a configuration: set SENNIGHT_CONFIG")?;
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

/// TOML that could be a configuration, with where each value comes from behind it.
fn show(out: &mut Output, shared: &GlobalArguments, file: &Path) -> Result<()> {
    let shown = file.display();
    let text = read(file).with_context(|| format!("cannot read {shown}"))?;
    let text = text.unwrap_or_default();
    Config::parse(&text).map_err(|why: ConfigError| why).with_context(|| format!("cannot use {shown}"))?;
    let mut scratch = Config::default();
    let mut set: Vec<Setting> = Vec::new();
    for (layer, key, value) in above(shared) {
        match (set_text(&mut scratch, key, &value), layer) {
            (Ok(()), layer) => set.push(Setting { key: key.to_owned(), value: value.into(), layer }),
            (Err(why), ConfigLayer::Environment(name)) => say("sennight", &format!("{name}: {why}: left out")),
            (Err(_), _) => {}
        }
    }
    set.extend(opened(shared));
    for Setting { key, value, layer } in settings(&text, set) {
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

/// What `--log` or the environment opens instead of the configured sources.
fn opened(shared: &GlobalArguments) -> Option<Setting> {
    let listed = |paths: &[PathBuf]| -> toml::Value {
        paths.iter().map(|path| path.to_string_lossy().into_owned()).collect::<Vec<_>>().into()
    };
    let setting = |paths: &[PathBuf], layer| Setting { key: "sources".to_owned(), value: listed(paths), layer };
    if !shared.log.is_empty() {
        return Some(setting(&shared.log, ConfigLayer::Flag("--log")));
    }
    let paths = super::logs_of_environment();
    (!paths.is_empty()).then(|| setting(&paths, ConfigLayer::Environment("SENNIGHT_LOG")))
}

/// Writes the commented default, and never over a file.
fn init(file: &Path) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Ok(mut new) => new.write_all(DEFAULT.as_bytes()).with_context(|| format!("cannot write {}", file.display())),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            bail!(
                "there is a configuration already at {}: it stays as it is. Move it away for a new one",
                file.display()
            )
        }
        Err(error) => Err(error).with_context(|| format!("cannot write {}", file.display())),
    }
}
