//! Configuration: a strict file, resolved against its defaults.
//!
//! Text in, a value out; where the file is and what the terminal can do are handed in. A key
//! that does not exist is an error that names the nearest one that does.

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

/// The defaults, commented: the file is the manual.
pub const DEFAULT: &str = include_str!("../assets/config.toml");

/// What can be configured.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Folders and files of notes.
    pub sources: Vec<SourceConfig>,
    /// Other logs, by the names that `--log` takes.
    pub log: BTreeMap<String, NamedLog>,
    /// Which week "N月第M周" is, where a source does not say.
    pub week_rule: WeekRule,
    pub theme: ThemeChoice,
    pub symbols: SymbolSet,
    /// Columns that the terminal gives to characters of ambiguous width.
    pub ambiguous_width: AmbiguousWidth,
    /// Whether links are told to the terminal (OSC 8).
    pub hyperlinks: Hyperlinks,
    /// Whether pictures of the notes' own are shown, and how.
    pub images: Images,
    /// Topic rules on top of the built-in ones, in the format of `assets/tags.toml`.
    pub tag: Vec<toml::Table>,
    /// What is private, as a query; nothing, when it is empty.
    pub private: String,
    /// Whether what is private is veiled from the start.
    pub veiled: bool,
    /// For each place of the screen, keys and the commands they are bound to.
    pub keys: BTreeMap<String, BTreeMap<String, String>>,
}

/// A log that is opened by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NamedLog {
    pub sources: Vec<SourceConfig>,
}

/// A folder or file of notes: a path, or a table with one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceConfig {
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
    /// What it is in the colours there are. Dark and light are what they are on any terminal, for
    /// those that have true colour and do not say so.
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
    /// Where the terminal is known to have them.
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
    /// Where the terminal answers that it can show them.
    Auto,
    /// As coloured half blocks, in any terminal.
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

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("line {line}, column {column}: {message}{}", nearest.as_ref().map_or(String::new(), |key| format!(". Did you mean “{key}”?")))]
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

    /// What can be derived is derived: `~` in the paths becomes `home`, and sources without a
    /// week rule get that of the file.
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

    /// All sources, those of named logs too.
    pub fn known(&self) -> impl Iterator<Item = &SourceConfig> {
        self.sources.iter().chain(self.log.values().flat_map(|log| &log.sources))
    }

    /// The sources of the log with this name, else the source with it.
    pub fn named(&self, name: &str) -> Option<&[SourceConfig]> {
        let source = || self.known().find(|source| source.name.as_deref() == Some(name)).map(std::slice::from_ref);
        self.log.get(name).map(|log| &log.sources[..]).or_else(source)
    }

    /// The names that [`Config::named`] knows.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.log.keys().map(String::as_str).chain(self.known().filter_map(|source| source.name.as_deref()))
    }

    /// Sets `key` to a text, as an environment variable or an option does.
    ///
    /// # Errors
    ///
    /// When there is no such key, or it cannot have that value.
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

    /// Keys bound anew: place, key and command.
    pub fn bindings(&self) -> Vec<(String, String, String)> {
        let of_place = |(place, keys): (&String, &BTreeMap<String, String>)| {
            keys.iter().map(|(key, command)| (place.clone(), key.clone(), command.clone())).collect::<Vec<_>>()
        };
        self.keys.iter().flat_map(of_place).collect()
    }

    /// The theme, in the colours there are. One that is named after a file is given by `read`, which gets its name.
    ///
    /// # Errors
    ///
    /// What `read` says.
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
        let is_auto = own.base == ThemeName::Auto;
        let with_looks = |theme: Theme| {
            let theme = own.looks.iter().fold(theme, |theme, (role, look)| theme.with(*role, *look));
            if is_auto && colours == ColourSupport::Indexed { theme.indexed() } else { theme }
        };
        Ok(own.base.choice(colours).map(with_looks))
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

/// Environment variables that set a key, over the file.
pub const VARIABLES: [(&str, &str); 4] = [
    ("SENNIGHT_THEME", "theme"),
    ("SENNIGHT_SYMBOLS", "symbols"),
    ("SENNIGHT_IMAGES", "images"),
    ("SENNIGHT_WEEK_RULE", "week-rule"),
];

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigLayer {
    Default,
    /// A line of the file, from 1.
    File(usize),
    /// The variable of the environment.
    Environment(&'static str),
    /// The option.
    Flag(&'static str),
}

/// A key with its value and where that comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub key: String,
    pub value: toml::Value,
    pub layer: ConfigLayer,
}

/// What is set by default and by `text`, a file that [`Config::parse`] takes, and by what stands
/// `above` both: the last to set a key wins.
pub fn settings(text: &str, above: impl IntoIterator<Item = Setting>) -> Vec<Setting> {
    let defaults =
        tables(DEFAULT).into_iter().map(|(_, key, value)| Setting { key, value, layer: ConfigLayer::Default });
    let file =
        tables(text).into_iter().map(|(line, key, value)| Setting { key, value, layer: ConfigLayer::File(line) });
    let mut settings: Vec<Setting> = Vec::new();
    for setting in defaults.chain(file).chain(above) {
        match settings.iter_mut().find(|known| known.key == setting.key) {
            Some(known) => *known = setting,
            None => settings.push(setting),
        }
    }
    settings
}

/// Keys of the highest level with their lines and values, in the order of the file.
fn tables(text: &str) -> Vec<(usize, String, toml::Value)> {
    let (Ok(places), Ok(mut values)) = (toml::de::DeTable::parse(text), text.parse::<toml::Table>()) else {
        return Vec::new();
    };
    let line = |at: usize| text[..at.min(text.len())].matches('\n').count() + 1;
    let mut keys: Vec<(usize, String)> =
        places.get_ref().keys().map(|key| (line(key.span().start), key.get_ref().to_string())).collect();
    keys.sort();
    keys.into_iter().filter_map(|(line, key)| values.remove(&key).map(|value| (line, key, value))).collect()
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
    crate::text::nearest(unknown, names).map(str::to_owned)
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
    fn a_setting_says_where_it_comes_from() {
        let flag = Setting { key: "symbols".into(), value: "ascii".into(), layer: ConfigLayer::Flag("--ascii") };
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
    fn themes_are_built_in_or_ones_own() {
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
    fn mistakes_are_placed_and_the_nearest_key_named() {
        for (text, expected) in [
            ("source = []", "line 1, column 1: unknown field `source`"),
            ("\nthmee = \"dark\"", "Did you mean “theme”?"),
            ("theme = \"../pink\"", "line 1, column 9: “../pink” cannot be a theme"),
            ("theme = { bace = \"dark\" }", "Did you mean “base”?"),
            ("hyperlinks = \"allways\"", "Did you mean “always”?"),
            ("images = \"halfblock\"", "Did you mean “halfblocks”?"),
            ("images = true", "line 1, column 10"),
            ("image = \"auto\"", "Did you mean “images”?"),
            ("ambiguous-width = 2", "line 1, column 19"),
            ("[[tag]]\nname = \"a b\"", "“a b” cannot be a topic"),
            ("theme = ", "line 1"),
            ("sources = [{ name = \"a\" }]", "missing field `path`"),
            ("sources = [{ path = \"a\", exclud = [] }]", "Did you mean “exclude”?"),
            ("sources = [{ path = \"a\", entries = \"item\" }]", "Did you mean “items”?"),
            ("sources = [3]", "expected a path or a table with a path"),
            ("sources = [{ path = \"a\", include = [\"[z-a]\"] }]", "“[z-a]”"),
            ("week_rule = \"iso\"", "Did you mean “week-rule”?"),
            ("[log.old]\nsource = []", "line 2, column 1: unknown field `source`"),
            ("[logs.old]\nsources = []", "Did you mean “log”?"),
        ] {
            let error = Config::parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
