//! Configuration: a strict file, resolved against its defaults.
//!
//! Pure: the text of the file and the terminal's abilities are passed in. An unknown key is an error that
//! names the nearest known one.

mod theme;

use crate::{
    date::WeekRule,
    note::{
        EntryRule,
        tag::{self, TagRules, TagRulesError},
    },
    page::Symbols,
    ui::theme::{AdaptiveTheme, ColourSupport, Theme},
};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::{collections::BTreeMap, fmt, path::Path};

pub use theme::{CustomTheme, ThemeChoice};

/// The default configuration with comments, which is also its manual.
pub const DEFAULT: &str = include_str!("../assets/config.toml");

/// The configuration.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Folders and files of notes.
    pub sources: Vec<SourceConfig>,
    /// Other logs, by names for `--log`.
    pub log: BTreeMap<String, NamedLog>,
    /// The week meant by "N月第M周", unless a source sets its own rule.
    pub week_rule: WeekRule,
    pub theme: ThemeChoice,
    pub symbols: SymbolSet,
    /// Width of characters of ambiguous width in the terminal.
    pub ambiguous_width: AmbiguousWidth,
    /// Use of terminal hyperlinks (OSC 8).
    pub hyperlinks: Hyperlinks,
    /// Display of local pictures.
    pub images: Images,
    /// Topic rules in addition to the built-in ones, in the format of `assets/tags.toml`.
    pub tag: Vec<toml::Table>,
    /// A query for private entries; empty means none.
    pub private: String,
    /// Hide private entries at start.
    pub veiled: bool,
    /// Commands by key, by place on the screen.
    pub keys: BTreeMap<String, BTreeMap<String, String>>,
}

/// A log that can be opened by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedLog {
    pub sources: Vec<SourceConfig>,
}

/// A folder or file of notes: a path, or a table with one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceConfig {
    /// The path as written, including `~`.
    pub path: String,
    /// The name; by default, the last part of the path.
    pub name: Option<String>,
    /// Patterns as in `.gitignore` for files that are notes despite their ending.
    pub include: Vec<String>,
    /// Patterns as in `.gitignore` for files and folders that are not notes.
    pub exclude: Vec<String>,
    pub entries: EntryRule,
    pub week_rule: Option<WeekRule>,
}

/// [`SourceConfig`] as a table of the file.
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

impl<'de> Deserialize<'de> for SourceConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SourceConfig, D::Error> {
        deserializer.deserialize_any(SourceVisitor)
    }
}

struct SourceVisitor;

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = SourceConfig;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a path or a table with a path")
    }

    fn visit_str<E: de::Error>(self, path: &str) -> Result<SourceConfig, E> {
        Ok(SourceConfig { path: path.to_owned(), ..SourceConfig::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<SourceConfig, A::Error> {
        let table = SourceTable::deserialize(MapAccessDeserializer::new(map))?;
        for pattern in table.include.iter().chain(&table.exclude) {
            patterns(std::slice::from_ref(pattern))
                .map_err(|error| de::Error::custom(format!("“{pattern}”: {error}")))?;
        }
        let SourceTable { path, name, include, exclude, entries, week_rule } = table;
        Ok(SourceConfig { path, name, include, exclude, entries, week_rule })
    }
}

/// Compiles patterns as in `.gitignore`.
///
/// # Errors
///
/// When a pattern is malformed.
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
    /// The theme for a terminal with these colours. Dark and light are used on any terminal, because some
    /// have true colour without reporting it.
    pub fn choice(self, colours: ColourSupport) -> AdaptiveTheme {
        let by_background = || AdaptiveTheme::ByBackground { dark: Theme::dark(), light: Theme::light() };
        match self {
            _ if colours == ColourSupport::None => AdaptiveTheme::One(Theme::monochrome()),
            ThemeName::Monochrome => AdaptiveTheme::One(Theme::monochrome()),
            ThemeName::Dark => AdaptiveTheme::One(Theme::dark()),
            ThemeName::Light => AdaptiveTheme::One(Theme::light()),
            ThemeName::Auto if colours == ColourSupport::True => by_background(),
            ThemeName::Auto if colours == ColourSupport::Indexed => by_background().map(Theme::indexed),
            ThemeName::Auto | ThemeName::Sixteen => AdaptiveTheme::One(Theme::sixteen()),
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
    /// Use in terminals known to support them.
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Images {
    #[default]
    Off,
    /// Display if the terminal reports support.
    Auto,
    /// Display in any terminal, as coloured half blocks.
    HalfBlocks,
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
            log: BTreeMap::new(),
            week_rule: WeekRule::Sunday,
            theme: ThemeChoice::BuiltIn(ThemeName::Auto),
            symbols: SymbolSet::Unicode,
            ambiguous_width: AmbiguousWidth::Narrow,
            hyperlinks: Hyperlinks::Auto,
            images: Images::Off,
            tag: Vec::new(),
            private: String::new(),
            veiled: false,
            keys: BTreeMap::new(),
        }
    }
}

/// An error in the configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("line {line}, column {column}: {message}{}", nearest.as_ref().map_or(String::new(), |key| format!(" (did you mean “{key}”?)")))]
    File { line: usize, column: usize, message: String, nearest: Option<String> },
    #[error("{message}")]
    Value { message: String },
    #[error("{key} cannot be set to a text")]
    NotText { key: String },
    #[error(transparent)]
    Tags(#[from] TagRulesError),
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    ///
    /// [`ConfigError::File`] with the place if it is not TOML, or has an unknown key or an invalid value;
    /// [`ConfigError::Tags`] if its topic rules are invalid.
    pub fn parse(text: &str) -> Result<Config, ConfigError> {
        let config: Config = toml::from_str(text).map_err(|error| located(text, &error))?;
        // Compiling the rules takes longer than the first frame, and the built-in ones are valid.
        if !config.tag.is_empty() {
            config.rules()?;
        }
        Ok(config)
    }

    /// The built-in topic rules with those of this configuration.
    ///
    /// # Errors
    ///
    /// When its rules are invalid.
    pub fn rules(&self) -> Result<TagRules, TagRulesError> {
        TagRules::parse(&self.rules_text())
    }

    /// The text of [`Config::rules`].
    pub fn rules_text(&self) -> String {
        let mut text = tag::DEFAULT_RULES.to_owned();
        for tag in &self.tag {
            text.extend(["\n[[tag]]\n", &tag.to_string(), "\n"]);
        }
        text
    }

    /// Fills in derived values: `~` in paths becomes `home`, and sources without a week rule get the
    /// general one.
    #[must_use]
    pub fn settled(mut self, home: Option<&Path>) -> Config {
        let others = self.log.values_mut().flat_map(|log| &mut log.sources);
        for source in self.sources.iter_mut().chain(others) {
            let below_home = source.path.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with('/'));
            if let (Some(rest), Some(home)) = (below_home, home) {
                source.path = home.join(rest.trim_start_matches('/')).to_string_lossy().into_owned();
            }
            source.week_rule.get_or_insert(self.week_rule);
        }
        self
    }

    /// All sources, including those of named logs.
    pub fn known(&self) -> impl Iterator<Item = &SourceConfig> {
        self.sources.iter().chain(self.log.values().flat_map(|log| &log.sources))
    }

    /// The sources of the log with this name, else the source with this name.
    pub fn named(&self, name: &str) -> Option<&[SourceConfig]> {
        if let Some(log) = self.log.get(name) {
            return Some(&log.sources);
        }
        let source = self.known().find(|source| source.name.as_deref() == Some(name))?;
        Some(std::slice::from_ref(source))
    }

    /// The names that [`Config::named`] accepts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.log.keys().map(String::as_str).chain(self.known().filter_map(|source| source.name.as_deref()))
    }

    /// Sets `key` to a text, for environment variables and options.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Value`] or [`ConfigError::NotText`] if the key is unknown or cannot have that value.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), ConfigError> {
        let table = toml::Table::from_iter([(key.to_owned(), toml::Value::from(value))]);
        let set: Config = match table.try_into() {
            Ok(set) => set,
            Err(error) => return Err(ConfigError::Value { message: toml::de::Error::message(&error).to_owned() }),
        };
        match key {
            "theme" => self.theme = set.theme,
            "symbols" => self.symbols = set.symbols,
            "images" => self.images = set.images,
            "week-rule" => self.week_rule = set.week_rule,
            _ => return Err(ConfigError::NotText { key: key.to_owned() }),
        }
        Ok(())
    }

    /// The configured key bindings as place, key and command.
    pub fn bindings(&self) -> Vec<(String, String, String)> {
        let mut bindings = Vec::new();
        for (place, keys) in &self.keys {
            for (key, command) in keys {
                bindings.push((place.clone(), key.clone(), command.clone()));
            }
        }
        bindings
    }

    /// The theme for a terminal with these colours. `read` reads a theme's file by its name.
    ///
    /// # Errors
    ///
    /// The error of `read`, if the theme has a file.
    pub fn theme<E>(
        &self,
        colours: ColourSupport,
        read: impl FnOnce(&str) -> Result<CustomTheme, E>,
    ) -> Result<AdaptiveTheme, E> {
        let own = match &self.theme {
            ThemeChoice::BuiltIn(name) => return Ok(name.choice(colours)),
            _ if colours == ColourSupport::None => return Ok(ThemeName::Monochrome.choice(colours)),
            ThemeChoice::File(name) => &read(name)?,
            ThemeChoice::Own(own) => own,
        };
        Ok(own.base.choice(colours).map(|theme| own.applied_to(theme, colours)))
    }

    /// Use of terminal hyperlinks; `None` means detecting whether the terminal supports them.
    pub fn hyperlinks(&self) -> Option<bool> {
        match self.hyperlinks {
            Hyperlinks::Auto => None,
            Hyperlinks::Always => Some(true),
            Hyperlinks::Never => Some(false),
        }
    }

    /// The symbols to draw. Those of Unicode have ambiguous width, so that lines and bars of them do not fit
    /// in terminals that draw them wide.
    pub fn symbols(&self) -> Symbols {
        match (self.symbols, self.ambiguous_width) {
            (SymbolSet::Unicode, AmbiguousWidth::Narrow) => Symbols::unicode(),
            (SymbolSet::Ascii, _) | (_, AmbiguousWidth::Wide) => Symbols::ascii(),
        }
    }
}

/// Environment variables and the keys that they override.
pub const VARIABLES: [(&str, &str); 4] = [
    ("SENNIGHT_THEME", "theme"),
    ("SENNIGHT_SYMBOLS", "symbols"),
    ("SENNIGHT_IMAGES", "images"),
    ("SENNIGHT_WEEK_RULE", "week-rule"),
];

/// The origin of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigLayer {
    Default,
    /// A line of the file, counted from 1.
    File(usize),
    /// An environment variable, by name.
    Environment(&'static str),
    /// An option, as written.
    Flag(&'static str),
}

/// A key with its value and the origin of that value.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfigSetting {
    pub key: String,
    pub value: toml::Value,
    pub layer: ConfigLayer,
}

/// All settings: the defaults, then those of `text`, a file that [`Config::parse`] accepts, then
/// `overrides`. The last one to set a key wins.
pub fn settings(text: &str, overrides: impl IntoIterator<Item = ConfigSetting>) -> Vec<ConfigSetting> {
    let mut layers: Vec<ConfigSetting> = Vec::new();
    for (_, key, value) in top_level_keys(DEFAULT) {
        layers.push(ConfigSetting { key, value, layer: ConfigLayer::Default });
    }
    for (line, key, value) in top_level_keys(text) {
        layers.push(ConfigSetting { key, value, layer: ConfigLayer::File(line) });
    }
    layers.extend(overrides);
    let mut settings: Vec<ConfigSetting> = Vec::new();
    for setting in layers {
        match settings.iter_mut().find(|known| known.key == setting.key) {
            Some(known) => *known = setting,
            None => settings.push(setting),
        }
    }
    settings
}

/// The top-level keys with their lines and values, in the order of the file.
fn top_level_keys(text: &str) -> Vec<(usize, String, toml::Value)> {
    let (Ok(places), Ok(mut values)) = (toml::de::DeTable::parse(text), text.parse::<toml::Table>()) else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    for key in places.get_ref().keys() {
        if let Some(value) = values.remove(key.get_ref().as_ref()) {
            keys.push((place_in(text, key.span().start).0, key.get_ref().to_string(), value));
        }
    }
    keys.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    keys
}

/// The line and column of a byte, both from 1.
fn place_in(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// Adds the place to an error of the parser, and the nearest valid name.
fn located(text: &str, error: &toml::de::Error) -> ConfigError {
    let (line, column) = place_in(text, error.span().map_or(0, |span| span.start));
    let nearest = nearest_name(error.message());
    let mut message = error.message().trim_end().replace('\n', " ");
    // The list of valid names is long and of no use beside the nearest one.
    if nearest.is_some()
        && let Some(end) = message.find(", expected")
    {
        message.truncate(end);
    }
    ConfigError::File { line, column, message, nearest }
}

/// The valid name most similar to the unknown one in a message of the parser, such as "unknown field `a`,
/// expected one of `b`, `c`".
fn nearest_name(message: &str) -> Option<String> {
    let mut names = message.strip_prefix("unknown ")?.split('`').skip(1).step_by(2);
    let unknown = names.next()?;
    crate::text::nearest(unknown, names).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_file_equals_the_defaults() {
        assert_eq!(Config::parse(DEFAULT).expect("the default"), Config::default());
        assert_eq!(Config::parse("").expect("empty"), Config::default());
    }

    #[test]
    fn examples_in_the_default_file_are_valid() {
        let uncommented: String = DEFAULT
            .lines()
            .map(|line| {
                line.strip_prefix("# ")
                    .filter(|rest| !rest.starts_with(' '))
                    .filter(|rest| rest.contains(" = ") || rest.starts_with('['))
                    .unwrap_or(line)
            })
            .fold(String::new(), |text, line| text + line + "\n");
        let config = Config::parse(&uncommented).expect("the examples");
        let config = config.settled(Some(Path::new("/home/me")));
        assert_eq!(config.keys["lists"]["ctrl-g"], "go-to");
        let [notes, work] = config.sources.as_slice() else { panic!("{:?}", config.sources) };
        assert_eq!((notes.path.as_str(), notes.week_rule), ("/home/me/notes", Some(WeekRule::Sunday)));
        assert_eq!((work.path.as_str(), work.name.as_deref()), ("/home/me/work/weekly", Some("work")));
        assert_eq!((work.entries, work.week_rule), (EntryRule::Sections, Some(WeekRule::Iso)));
        assert_eq!((&work.include[..], &work.exclude[..]), (&["*.plan".to_owned()][..], &["drafts/".to_owned()][..]));
        assert_eq!(config.rules().expect("rules").canonical("某项目").as_deref(), Some("my-project"));
    }

    #[test]
    fn logs_and_sources_are_found_by_name() {
        let text = "sources = [\"a\", { path = \"b\", name = \"work\" }]\n[log.old]\nsources = [\"c\", { path = \"~/d\", name = \"d\" }]\n[log.work]\nsources = [\"e\"]";
        let config = Config::parse(text).expect("sound").settled(Some(Path::new("/home/me")));
        for (name, expected) in
            [("old", Some("c /home/me/d")), ("work", Some("e")), ("d", Some("/home/me/d")), ("a", None), ("", None)]
        {
            let paths =
                |sources: &[SourceConfig]| sources.iter().map(|it| it.path.as_str()).collect::<Vec<_>>().join(" ");
            assert_eq!(config.named(name).map(paths).as_deref(), expected, "{name}");
        }
        assert_eq!(config.names().collect::<Vec<_>>(), ["old", "work", "work", "d"]);
    }

    #[test]
    fn settings_name_their_origin() {
        let flag = ConfigSetting { key: "symbols".into(), value: "ascii".into(), layer: ConfigLayer::Flag("--ascii") };
        let text =
            "# mine\ntheme = \"dark\"\n\nsources = [\n  \"a\",\n]\n[[tag]]\nname = \"x\"\n[log.old]\nsources = []\n";
        let shown: Vec<String> = settings(text, [flag])
            .iter()
            .map(|setting| format!("{} {} {:?}", setting.key, setting.value, setting.layer))
            .collect();
        assert_eq!(
            shown,
            [
                "week-rule \"sunday\" Default",
                "theme \"dark\" File(2)",
                "symbols \"ascii\" Flag(\"--ascii\")",
                "ambiguous-width \"narrow\" Default",
                "hyperlinks \"auto\" Default",
                "images \"off\" Default",
                "sources [\"a\"] File(4)",
                "tag [{ name = \"x\" }] File(7)",
                "log { old = { sources = [] } } File(9)",
            ]
        );
    }

    #[test]
    fn set_changes_one_key() {
        let mut config = Config::default();
        // Any name can be that of a theme's file.
        for (_, key) in VARIABLES.into_iter().filter(|(_, key)| *key != "theme") {
            assert!(
                config.set(key, "nonsense").is_err_and(|error| error.to_string().contains("unknown variant")),
                "{key}"
            );
        }
        for (key, value) in [("symbols", "ascii"), ("images", "halfblocks"), ("week-rule", "iso")] {
            config.set(key, value).expect(key);
        }
        assert_eq!(config.symbols, SymbolSet::Ascii);
        assert_eq!(config.images, Images::HalfBlocks);
        assert_eq!(config.week_rule, WeekRule::Iso);
        assert!(config.set("sources", "a").is_err() && config.set("nothing", "a").is_err());
    }

    #[test]
    fn themes_are_built_in_or_custom() {
        let choice = |text: &str, colours| {
            let read = |name: &str| CustomTheme::parse(&format!("tag = {{ fg = \"{name}\" }}"));
            Config::parse(text).expect(text).theme(colours, read).expect("a theme")
        };
        let red = ratatui::style::Style::new().fg(ratatui::style::Color::Red);
        let by_background = AdaptiveTheme::ByBackground { dark: Theme::dark(), light: Theme::light() };
        let indexed = by_background.clone().map(Theme::indexed);
        let red_tags = by_background.clone().map(|theme| theme.with(crate::page::Role::Tag, red));
        let (true_colour, sixteen) = (ColourSupport::True, ColourSupport::Sixteen);
        for (text, colours, expected) in [
            ("", true_colour, by_background),
            ("", ColourSupport::Indexed, indexed.clone()),
            ("theme = \"dark\"", ColourSupport::Indexed, AdaptiveTheme::One(Theme::dark())),
            (
                "theme = { tag = { fg = \"red\" } }",
                ColourSupport::Indexed,
                indexed.map(|theme| theme.with(crate::page::Role::Tag, red)),
            ),
            ("", sixteen, AdaptiveTheme::One(Theme::sixteen())),
            ("theme = \"light\"", sixteen, AdaptiveTheme::One(Theme::light())),
            ("theme = \"red\"", true_colour, red_tags.clone()),
            ("theme = { tag = { fg = \"red\" } }", true_colour, red_tags),
            (
                "[theme]\nbase = \"light\"\ntag = { fg = \"red\" }",
                sixteen,
                AdaptiveTheme::One(Theme::light().with(crate::page::Role::Tag, red)),
            ),
        ] {
            assert_eq!(choice(text, colours), expected, "{text}");
            assert_eq!(choice(text, ColourSupport::None), AdaptiveTheme::One(Theme::monochrome()), "{text}");
        }
    }

    #[test]
    fn errors_give_the_place_and_the_nearest_key() {
        for (text, expected) in [
            ("source = []", "line 1, column 1: unknown field `source`"),
            ("\nthmee = \"dark\"", "did you mean “theme”?"),
            ("theme = \"../pink\"", "line 1, column 9: “../pink” is not a valid theme name"),
            ("theme = { bace = \"dark\" }", "did you mean “base”?"),
            ("hyperlinks = \"allways\"", "did you mean “always”?"),
            ("images = \"halfblock\"", "did you mean “halfblocks”?"),
            ("images = true", "line 1, column 10"),
            ("image = \"auto\"", "did you mean “images”?"),
            ("ambiguous-width = 2", "line 1, column 19"),
            ("[[tag]]\nname = \"a b\"", "“a b” cannot be a topic"),
            ("theme = ", "line 1"),
            ("sources = [{ name = \"a\" }]", "missing field `path`"),
            ("sources = [{ path = \"a\", exclud = [] }]", "did you mean “exclude”?"),
            ("sources = [{ path = \"a\", entries = \"item\" }]", "did you mean “items”?"),
            ("sources = [3]", "expected a path or a table with a path"),
            ("sources = [{ path = \"a\", include = [\"[z-a]\"] }]", "“[z-a]”"),
            ("week_rule = \"iso\"", "did you mean “week-rule”?"),
            ("[log.old]\nsource = []", "line 2, column 1: unknown field `source`"),
            ("[logs.old]\nsources = []", "did you mean “log”?"),
        ] {
            let error = Config::parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
