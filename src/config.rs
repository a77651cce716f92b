//! Configuration: a strict file, resolved against its defaults.
//!
//! Text in, a value out; where the file is and what the terminal can do are handed in. A key
//! that does not exist is an error that names the nearest one that does.

use crate::{
    log::{
        EntryRule, WeekRule,
        tag::{self, Rules, RulesError},
    },
    page::Symbols,
    ui::theme::Theme,
};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::{fmt, path::Path};

/// The defaults, commented: the file is the manual.
pub const DEFAULT: &str = include_str!("../assets/config.toml");

/// What can be configured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Folders and files of notes.
    pub sources: Vec<Source>,
    /// Which week "N月第M周" is, where a source does not say.
    pub week_rule: WeekRule,
    pub theme: ThemeName,
    pub symbols: SymbolSet,
    /// Topic rules on top of the built-in ones, in the format of `assets/tags.toml`.
    pub tag: Vec<toml::Table>,
}

/// A folder or file of notes: a path, or a table with one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// As written, `~` and all.
    pub path: String,
    /// What it is called; else the last part of its path.
    pub name: Option<String>,
    /// Files that are notes too, whatever their ending: patterns as in `.gitignore`.
    pub include: Vec<String>,
    /// Files and folders that are no notes: patterns as in `.gitignore`.
    pub exclude: Vec<String>,
    pub entries: EntryRule,
    pub week_rule: Option<WeekRule>,
}

/// [`Source`] as a table of the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SourceTable {
    path: String,
    name: Option<String>,
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
    #[serde(default)]
    entries: EntryRule,
    week_rule: Option<WeekRule>,
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Source, D::Error> {
        deserializer.deserialize_any(PathOrTable)
    }
}

struct PathOrTable;

impl<'de> Visitor<'de> for PathOrTable {
    type Value = Source;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path or a table with a path")
    }

    fn visit_str<E: de::Error>(self, path: &str) -> Result<Source, E> {
        Ok(Source { path: path.to_owned(), ..Source::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Source, A::Error> {
        let table = SourceTable::deserialize(MapAccessDeserializer::new(map))?;
        for pattern in table.include.iter().chain(&table.exclude) {
            patterns(std::slice::from_ref(pattern))
                .map_err(|error| de::Error::custom(format!("“{pattern}”: {error}")))?;
        }
        let SourceTable { path, name, include, exclude, entries, week_rule } = table;
        Ok(Source { path, name, include, exclude, entries, week_rule })
    }
}

/// Patterns as in `.gitignore`, ready for use.
///
/// # Errors
///
/// When one of them is no pattern.
pub fn patterns(patterns: &[String]) -> Result<Gitignore, ignore::Error> {
    let mut builder = GitignoreBuilder::new("");
    for pattern in patterns {
        builder.add_line(None, pattern)?;
    }
    builder.build()
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
        Config {
            sources: Vec::new(),
            week_rule: WeekRule::Sunday,
            theme: ThemeName::Auto,
            symbols: SymbolSet::Unicode,
            tag: Vec::new(),
        }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("line {line}, column {column}: {message}{}", nearest.as_ref().map_or(String::new(), |key| format!(". Did you mean “{key}”?")))]
    File { line: usize, column: usize, message: String, nearest: Option<String> },
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
        Rules::parse(&self.rules_text())
    }

    /// The text of [`Config::rules`].
    pub fn rules_text(&self) -> String {
        let mut text = tag::DEFAULT_RULES.to_owned();
        for tag in &self.tag {
            text.extend(["\n[[tag]]\n", &tag.to_string(), "\n"]);
        }
        text
    }

    /// What can be derived is derived: `~` in the paths becomes `home`, and sources without a
    /// week rule get that of the file.
    #[must_use]
    pub fn settled(mut self, home: Option<&Path>) -> Config {
        for source in &mut self.sources {
            let below_home = source.path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/'));
            if let (Some(rest), Some(home)) = (below_home, home) {
                source.path = home.join(rest.trim_start_matches('/')).to_string_lossy().into_owned();
            }
            source.week_rule.get_or_insert(self.week_rule);
        }
        self
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
    let nearest = nearest(error.message());
    ConfigError::File { line, column, message: error.message().lines().collect::<Vec<_>>().join(" "), nearest }
}

/// Of the keys that could stand there the one most like the unknown one, if it is like it at
/// all. The parser names them: "unknown field `a`, expected one of `b`, `c`".
fn nearest(message: &str) -> Option<String> {
    let mut names = message.strip_prefix("unknown ")?.split('`').skip(1).step_by(2);
    let unknown = names.next()?;
    let (closest, key) = names
        .map(|key| (strsim::normalized_damerau_levenshtein(unknown, key), key))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    (closest > 0.5).then(|| key.to_owned())
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
        let config = config.settled(Some(Path::new("/home/me")));
        let [notes, work] = config.sources.as_slice() else { panic!("{:?}", config.sources) };
        assert_eq!((notes.path.as_str(), notes.week_rule), ("/home/me/notes", Some(WeekRule::Sunday)));
        assert_eq!((work.path.as_str(), work.name.as_deref()), ("/home/me/work/weekly", Some("work")));
        assert_eq!((work.entries, work.week_rule), (EntryRule::Sections, Some(WeekRule::Iso)));
        assert_eq!((&work.include[..], &work.exclude[..]), (&["*.plan".to_owned()][..], &["drafts/".to_owned()][..]));
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
            ("sources = [{ name = \"a\" }]", "missing field `path`"),
            ("sources = [{ path = \"a\", exclud = [] }]", "Did you mean “exclude”?"),
            ("sources = [{ path = \"a\", entries = \"item\" }]", "Did you mean “items”?"),
            ("sources = [3]", "expected a path or a table with a path"),
            ("sources = [{ path = \"a\", include = [\"[z-a]\"] }]", "“[z-a]”"),
            ("week_rule = \"iso\"", "Did you mean “week-rule”?"),
        ] {
            let error = Config::parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
