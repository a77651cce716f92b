//! Custom themes: styles of roles on top of a built-in theme.

use super::{ConfigError, ThemeName, located};
use crate::{
    page::{ROLE_NAMES, Role},
    ui::theme::{ColourSupport, Theme},
};
use ratatui::style::{Color, Modifier, Style};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor, value::MapAccessDeserializer},
};
use std::{fmt, str::FromStr};

/// A custom theme.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomTheme {
    /// The built-in theme that styles all other roles.
    pub base: ThemeName,
    pub looks: Vec<(Role, Style)>,
}

/// The configured theme.
#[derive(Debug, Clone, PartialEq)]
pub enum ThemeChoice {
    BuiltIn(ThemeName),
    /// `themes/NAME.toml` beside the configuration file.
    File(String),
    Own(CustomTheme),
}

impl CustomTheme {
    /// Reads a theme's file.
    ///
    /// # Errors
    ///
    /// [`ConfigError::File`] with the place if it is not TOML, or has an unknown role or an invalid style.
    pub fn parse(text: &str) -> Result<CustomTheme, ConfigError> {
        toml::from_str(text).map_err(|error| located(text, &error))
    }

    /// Applies the styles to `theme`, which is the base theme for these colours.
    pub(super) fn applied_to(&self, mut theme: Theme, colours: ColourSupport) -> Theme {
        for (role, look) in &self.looks {
            theme = theme.with(*role, *look);
        }
        if self.base == ThemeName::Auto && colours == ColourSupport::Indexed { theme.indexed() } else { theme }
    }
}

impl<'de> Deserialize<'de> for ThemeChoice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ThemeChoice, D::Error> {
        struct NameOrTable;

        impl<'de> Visitor<'de> for NameOrTable {
            type Value = ThemeChoice;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a theme or a table of styles")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<ThemeChoice, E> {
                if let Some((_, built_in)) = ThemeName::ALL.iter().find(|(known, _)| *known == name) {
                    return Ok(ThemeChoice::BuiltIn(*built_in));
                }
                let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
                if name.is_empty() || !name.chars().all(is_plain) {
                    return Err(E::custom(format!("“{name}” is not a valid theme name: use letters, digits, - and _")));
                }
                Ok(ThemeChoice::File(name.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ThemeChoice, A::Error> {
                CustomTheme::deserialize(MapAccessDeserializer::new(map)).map(ThemeChoice::Own)
            }
        }

        deserializer.deserialize_any(NameOrTable)
    }
}

impl<'de> Deserialize<'de> for CustomTheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CustomTheme, D::Error> {
        struct Looks;

        impl<'de> Visitor<'de> for Looks {
            type Value = CustomTheme;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of styles")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CustomTheme, A::Error> {
                let mut theme = CustomTheme::default();
                while let Some(key) = map.next_key()? {
                    match key {
                        ThemeKey::Base => theme.base = map.next_value()?,
                        ThemeKey::Role(role) => theme.looks.push((role, map.next_value::<StyleOverride>()?.style())),
                    }
                }
                Ok(theme)
            }
        }

        deserializer.deserialize_map(Looks)
    }
}

/// The keys of a theme.
const KEYS: [&str; ROLE_NAMES.len() + 1] = {
    let mut keys = ["base"; ROLE_NAMES.len() + 1];
    let mut at = 0;
    while at < ROLE_NAMES.len() {
        keys[at + 1] = ROLE_NAMES[at];
        at += 1;
    }
    keys
};

enum ThemeKey {
    Base,
    Role(Role),
}

impl<'de> Deserialize<'de> for ThemeKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ThemeKey, D::Error> {
        let name = String::deserialize(deserializer)?;
        match Role::parse(&name) {
            _ if name == "base" => Ok(ThemeKey::Base),
            Some(role) => Ok(ThemeKey::Role(role)),
            None => Err(de::Error::unknown_field(&name, &KEYS)),
        }
    }
}

/// The style of a role. What is not set stays as in the base theme.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StyleOverride {
    fg: Option<ColourValue>,
    bg: Option<ColourValue>,
    bold: Option<bool>,
    dim: Option<bool>,
    italic: Option<bool>,
    underline: Option<bool>,
    reverse: Option<bool>,
    strike: Option<bool>,
}

impl StyleOverride {
    fn style(self) -> Style {
        let modifiers = [
            (self.bold, Modifier::BOLD),
            (self.dim, Modifier::DIM),
            (self.italic, Modifier::ITALIC),
            (self.underline, Modifier::UNDERLINED),
            (self.reverse, Modifier::REVERSED),
            (self.strike, Modifier::CROSSED_OUT),
        ];
        let colours = Style { fg: self.fg.map(|colour| colour.0), bg: self.bg.map(|colour| colour.0), ..Style::new() };
        modifiers.into_iter().fold(colours, |style, (is_on, modifier)| match is_on {
            Some(true) => style.add_modifier(modifier),
            Some(false) => style.remove_modifier(modifier),
            None => style,
        })
    }
}

struct ColourValue(Color);

impl<'de> Deserialize<'de> for ColourValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ColourValue, D::Error> {
        let name = String::deserialize(deserializer)?;
        let told = if name == "default" { Some(Color::Reset) } else { Color::from_str(&name).ok() };
        told.map(ColourValue).ok_or_else(|| {
            let known = "“#rrggbb”, a number up to 255, “default”, or a name such as “red” or “bright-blue”";
            de::Error::custom(format!("“{name}” is not a colour: use {known}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn theme_overrides_styles_of_its_base() {
        let text = "base = \"light\"\naccent = { fg = \"#0055b8\", bold = false }\nmatch = { bg = \"11\", underline = true }\nref-code = { fg = \"bright-blue\" }\ntext = { fg = \"default\" }\n";
        let theme = CustomTheme::parse(text).expect("a theme");
        assert_eq!(theme.base, ThemeName::Light);
        assert_eq!(
            theme.looks,
            [
                (Role::Accent, Style::new().fg(Color::Rgb(0, 0x55, 0xb8)).remove_modifier(Modifier::BOLD)),
                (Role::Match, Style::new().bg(Color::Indexed(11)).add_modifier(Modifier::UNDERLINED)),
                (Role::RefCode, Style::new().fg(Color::LightBlue)),
                (Role::Text, Style::new().fg(Color::Reset)),
            ]
        );
    }

    #[test]
    fn theme_errors_give_the_place_and_the_nearest_role() {
        for (text, expected) in [
            ("base = \"light\"\nacent = {}", "line 2, column 1: unknown field `acent`"),
            ("acent = {}", "did you mean “accent”?"),
            ("ref_code = {}", "did you mean “ref-code”?"),
            ("tag = { fgg = \"red\" }", "did you mean “fg”?"),
            ("tag = { fg = \"pinkish\" }", "“pinkish” is not a colour"),
            ("tag = { fg = \"#12345\" }", "“#12345” is not a colour"),
            ("tag = { bold = 1 }", "line 1, column 16"),
            ("base = \"drak\"", "did you mean “dark”?"),
            ("tag = \"red\"", "line 1, column 7"),
        ] {
            let error = CustomTheme::parse(text).expect_err(text).to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
