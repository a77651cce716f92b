//! Configuration: a strict file, resolved against its defaults.
//!
//! Text in, a value out; where the file is and what the terminal can do are handed in. A key
//! that does not exist is an error that names the nearest one that does.

mod theme;

use crate::{
    log::{
        EntryRule, WeekRule,
        tag::{self, Rules, RulesError},
    },
    page::Symbols,
    ui::theme::{Choice, Theme},
};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::{fmt, path::Path};

pub use theme::{OwnTheme, ThemeChoice};

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
    pub theme: ThemeChoice,
    pub symbols: SymbolSet,
    /// Columns that the terminal gives to characters of ambiguous width.
    pub ambiguous_width: AmbiguousWidth,
    /// Whether links are told to the terminal (OSC 8).
    pub hyperlinks: Hyperlinks,
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

impl ThemeName {
    /// What it is where colour is unwanted, and where the terminal has true colour.
    pub fn choice(self, no_colour: bool, true_colour: bool) -> Choice {
        match self {
            _ if no_colour => Choice::One(Theme::monochrome()),
            ThemeName::Monochrome => Choice::One(Theme::monochrome()),
            ThemeName::Dark => Choice::One(Theme::dark()),
            ThemeName::Light => Choice::One(Theme::light()),
            ThemeName::Auto if true_colour => Choice::ByBackground { dark: Theme::dark(), light: Theme::light() },
            ThemeName::Auto | ThemeName::Sixteen => Choice::One(Theme::sixteen()),
        }
    }

    /// Every built-in theme by its name.
    pub const ALL: [(&str, ThemeName); 5] = [
        ("auto", ThemeName::Auto),
        ("dark", ThemeName::Dark),
        ("light", ThemeName::Light),
        ("sixteen", ThemeName::Sixteen),
        ("monochrome", ThemeName::Monochrome),
    ];
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AmbiguousWidth {
    #[default]
    Narrow,
    Wide,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hyperlinks {
    /// Where the terminal is known to have them.
    #[default]
    Auto,
    Always,
    Never,
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
            theme: ThemeChoice::BuiltIn(ThemeName::Auto),
            symbols: SymbolSet::Unicode,
            ambiguous_width: AmbiguousWidth::Narrow,
            hyperlinks: Hyperlinks::Auto,
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
        let mut text = tag::DEFAULT_RULES.to_owned();
        for tag in &self.tag {
            text.extend(["\n[[tag]]\n", &tag.to_string(), "\n"]);
        }
        Rules::parse(&text)
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

    /// The theme, given whether colour is unwanted and whether the terminal has true colour. One
    /// that is named after a file is given by `read`, which gets its name.
    ///
    /// # Errors
    ///
    /// What `read` says.
    pub fn theme<E>(
        &self,
        no_colour: bool,
        true_colour: bool,
        read: impl FnOnce(&str) -> Result<OwnTheme, E>,
    ) -> Result<Choice, E> {
        let own = match &self.theme {
            ThemeChoice::BuiltIn(name) => return Ok(name.choice(no_colour, true_colour)),
            _ if no_colour => return Ok(ThemeName::Monochrome.choice(true, true_colour)),
            ThemeChoice::File(name) => &read(name)?,
            ThemeChoice::Own(own) => own,
        };
        let with_looks = |theme: Theme| own.looks.iter().fold(theme, |theme, (role, look)| theme.with(*role, *look));
        Ok(own.base.choice(no_colour, true_colour).map(with_looks))
    }

    /// Whether links are told to the terminal; `None` where that depends on it.
    pub fn hyperlinks(&self) -> Option<bool> {
        match self.hyperlinks {
            Hyperlinks::Auto => None,
            Hyperlinks::Always => Some(true),
            Hyperlinks::Never => Some(false),
        }
    }

    /// The symbols; those of Unicode are of ambiguous width, and lines and bars of them do not fit
    /// where that is wide.
    pub fn symbols(&self) -> Symbols {
        match (self.symbols, self.ambiguous_width) {
            (SymbolSet::Unicode, AmbiguousWidth::Narrow) => Symbols::unicode(),
            (SymbolSet::Ascii, _) | (_, AmbiguousWidth::Wide) => Symbols::ascii(),
        }
    }
}

fn located(text: &str, error: &toml::de::Error) -> ConfigError {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    let nearest = nearest(error.message());
    let message = error.message().lines().collect::<Vec<_>>().join(" ");
    // Where one of them is meant, the others only push it out of sight.
    let said =
        message.split_once(", expected").filter(|_| nearest.is_some()).map_or(message.as_str(), |(said, _)| said);
    ConfigError::File { line, column, message: said.to_owned(), nearest }
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
                line.strip_prefix("# ")
                    .filter(|rest| !rest.starts_with(' '))
                    .filter(|rest| rest.contains(" = ") || rest.starts_with("[["))
                    .unwrap_or(line)
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
    fn themes_are_built_in_or_ones_own() {
        let choice = |text: &str, no_colour, true_colour| {
            let read = |name: &str| OwnTheme::parse(&format!("tag = {{ fg = \"{name}\" }}"));
            Config::parse(text).expect(text).theme(no_colour, true_colour, read).expect("a theme")
        };
        let red = ratatui::style::Style::new().fg(ratatui::style::Color::Red);
        let by_background = Choice::ByBackground { dark: Theme::dark(), light: Theme::light() };
        let red_tags = by_background.clone().map(|theme| theme.with(crate::page::Role::Tag, red));
        for (text, true_colour, expected) in [
            ("", true, by_background),
            ("", false, Choice::One(Theme::sixteen())),
            ("theme = \"light\"", false, Choice::One(Theme::light())),
            ("theme = \"red\"", true, red_tags.clone()),
            ("theme = { tag = { fg = \"red\" } }", true, red_tags),
            (
                "[theme]\nbase = \"light\"\ntag = { fg = \"red\" }",
                false,
                Choice::One(Theme::light().with(crate::page::Role::Tag, red)),
            ),
        ] {
            assert_eq!(choice(text, false, true_colour), expected, "{text}");
            assert_eq!(choice(text, true, true_colour), Choice::One(Theme::monochrome()), "{text}");
        }
    }

    #[test]
    fn mistakes_are_placed_and_the_nearest_key_named() {
        for (text, expected) in [
            ("source = []", "line 1, column 1: unknown field `source`"),
            ("\nthmee = \"dark\"", "Did you mean “theme”?"),
            ("theme = \"../pink\"", "line 1, column 9: “../pink” cannot be a theme"),
            ("theme = { bace = \"dark\" }", "Did you mean “base”?"),
            ("hyperlinks = \"allways\"", "Did you mean “always”?"),
            ("ambiguous-width = 2", "line 1, column 19"),
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
