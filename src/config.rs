//! Configuration: a strict file, resolved against its defaults.
//!
//! Text in, a value out; where the file is and what the terminal can do are handed in. A key
//! that does not exist is an error that names the nearest one that does.

use crate::{
    log::tag::{self, Rules, RulesError},
    page::Symbols,
    ui::theme::Theme,
};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The defaults, commented: the file is the manual.
pub const DEFAULT: &str = include_str!("../assets/config.toml");

/// What can be configured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Folders and files of notes, as written.
    pub sources: Vec<String>,
    pub theme: ThemeName,
    pub symbols: SymbolSet,
    /// Topic rules on top of the built-in ones, in the format of `assets/tags.toml`.
    pub tag: Vec<toml::Table>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeName {
    #[default]
    Auto,
    Dark,
    Light,
    Sixteen,
    Monochrome,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SymbolSet {
    #[default]
    Unicode,
    Ascii,
}

impl Default for Config {
    fn default() -> Config {
        Config { sources: Vec::new(), theme: ThemeName::Auto, symbols: SymbolSet::Unicode, tag: Vec::new() }
    }
}

/// Keys of the file, for the one that was meant.
const KEYS: [&str; 4] = ["sources", "theme", "symbols", "tag"];

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("line {line}, column {column}: {message}{}", nearest.map_or(String::new(), |key| format!(". Did you mean “{key}”?")))]
    File { line: usize, column: usize, message: String, nearest: Option<&'static str> },
    #[error(transparent)]
    Tags(#[from] RulesError),
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// [`ConfigError::File`] with the place when it is no TOML, has an unknown key or a value
    /// that its key cannot have; [`ConfigError::Tags`] when its topic rules are unsound.
    pub fn parse(text: &str) -> Result<Config, ConfigError> {
        let config: Config = toml::from_str(text).map_err(|error| located(text, &error))?;
        // Making them takes longer than the first frame: the built-in ones alone are sound.
        if !config.tag.is_empty() {
            config.rules()?;
        }
        Ok(config)
    }

    /// The built-in topic rules with those of this configuration.
    ///
    /// # Errors
    ///
    /// When its rules are unsound.
    pub fn rules(&self) -> Result<Rules, RulesError> {
        let mut text = tag::DEFAULT_RULES.to_owned();
        for tag in &self.tag {
            text.extend(["\n[[tag]]\n", &tag.to_string(), "\n"]);
        }
        Rules::parse(&text)
    }

    /// The sources, with `~` as `home`.
    pub fn paths(&self, home: Option<&Path>) -> Vec<PathBuf> {
        let path = |source: &String| match (source.strip_prefix('~'), home) {
            (Some(rest), Some(home)) => home.join(rest.trim_start_matches('/')),
            _ => PathBuf::from(source),
        };
        self.sources.iter().map(path).collect()
    }

    /// The theme, given whether colour is unwanted and whether the terminal has true colour.
    pub fn theme(&self, no_colour: bool, true_colour: bool) -> Theme {
        match self.theme {
            _ if no_colour => Theme::monochrome(),
            ThemeName::Monochrome => Theme::monochrome(),
            ThemeName::Dark => Theme::dark(),
            ThemeName::Light => Theme::light(),
            ThemeName::Auto if true_colour => Theme::dark(),
            ThemeName::Auto | ThemeName::Sixteen => Theme::sixteen(),
        }
    }

    pub fn symbols(&self) -> Symbols {
        match self.symbols {
            SymbolSet::Unicode => Symbols::unicode(),
            SymbolSet::Ascii => Symbols::ascii(),
        }
    }
}

fn located(text: &str, error: &toml::de::Error) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let unknown = error.message().strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    let nearest = unknown.and_then(nearest);
    ConfigError::File { line, column, message: error.message().lines().collect::<Vec<_>>().join(" "), nearest }
}

/// The key that shares the most letters in order with `name`, if it is more than half of them.
fn nearest(name: &str) -> Option<&'static str> {
    let (closest, key) = KEYS
        .into_iter()
        .map(|key| (strsim::normalized_damerau_levenshtein(name, key), key))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (closest > 0.5).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_file_is_the_default() {
        assert_eq!(Config::parse(DEFAULT).expect("the default"), Config::default());
        assert_eq!(Config::parse("").expect("empty"), Config::default());
    }

    #[test]
    fn what_the_file_shows_as_examples_can_be_used() {
        let uncommented: String = DEFAULT
            .lines()
            .map(|line| {
                line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || rest.starts_with("[[")).unwrap_or(line)
            })
            .fold(String::new(), |text, line| text + line + "\n");
        let config = Config::parse(&uncommented).expect("the examples");
        assert_eq!(config.sources, ["~/notes", "~/work/weekly"]);
        assert_eq!(config.paths(Some(Path::new("/home/me")))[0], Path::new("/home/me/notes"));
        assert_eq!(config.rules().expect("rules").canonical("某项目").as_deref(), Some("my-project"));
    }

    #[test]
    fn mistakes_are_placed_and_the_nearest_key_named() {
        for (text, expected) in [
            ("source = []", "line 1, column 1: unknown field `source`"),
            ("\nthmee = \"dark\"", "Did you mean “theme”?"),
            ("theme = \"pink\"", "line 1, column 9: unknown variant `pink`"),
            ("[[tag]]\nname = \"a b\"", "“a b” cannot be a topic"),
            ("theme = ", "line 1"),
        ] {
            let error = Config::parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
