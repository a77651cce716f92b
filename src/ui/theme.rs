//! Themes: the style of each role.
//!
//! The one place that names colours: everything else says what a text is, never how it looks. Plain
//! text keeps the terminal's own colours, since only their owner knows the background.

use super::indexed_colour;
use crate::page::{Role, TextSpan};
use ratatui::style::{Color, Modifier, Style};

/// Style of every [`Role`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
    /// True if links become hyperlinks of the terminal.
    pub(super) hyperlinks: bool,
}

/// Colours that a terminal supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourSupport {
    None,
    Sixteen,
    /// Colours by number: the sixteen, a cube and greys.
    Indexed,
    True,
}

impl ColourSupport {
    /// Reads the variables `COLORTERM` and `TERM`. The names of terminals do not understate their
    /// colours, and `-direct` means true colour.
    pub fn of_terminal(colorterm: &str, term: &str) -> ColourSupport {
        if matches!(colorterm, "truecolor" | "24bit") || term.ends_with("-direct") {
            ColourSupport::True
        } else if term.contains("256color") {
            ColourSupport::Indexed
        } else {
            ColourSupport::Sixteen
        }
    }
}

/// Theme that may depend on the background of the terminal, which is asked for later.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one")]
pub enum AdaptiveTheme {
    One(Theme),
    ByBackground { dark: Theme, light: Theme },
}

impl AdaptiveTheme {
    /// Applies a change to each theme.
    #[must_use]
    pub fn map(self, change: impl Fn(Theme) -> Theme) -> AdaptiveTheme {
        match self {
            AdaptiveTheme::One(theme) => AdaptiveTheme::One(change(theme)),
            AdaptiveTheme::ByBackground { dark, light } => {
                AdaptiveTheme::ByBackground { dark: change(dark), light: change(light) }
            }
        }
    }
}

impl Theme {
    /// Returns the theme for true colour on a dark background.
    pub fn dark() -> Theme {
        Theme::new(|role| DARK.style(role))
    }

    /// Returns the theme for true colour on a light background.
    pub fn light() -> Theme {
        Theme::new(|role| LIGHT.style(role))
    }

    /// Returns the theme for the sixteen colours of any terminal on an unknown background: no grey,
    /// which several palettes map to the background, no blue, which is dark on black, no yellow,
    /// which is bright on white, and no coloured background.
    pub fn sixteen() -> Theme {
        Theme::new(sixteen)
    }

    /// Returns the theme without colour, for `NO_COLOR`: weight, underline and reverse only.
    pub fn monochrome() -> Theme {
        Theme::new(|role| Style::new().add_modifier(modifier(role) | plain_modifier(role)))
    }

    /// Returns the style of `role`, to be patched over the style beneath.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// Returns the style of a span of a page.
    pub fn span(&self, span: &TextSpan) -> Style {
        let mut style = self.style(span.role);
        for (is_on, modifier) in
            [(span.bold, Modifier::BOLD), (span.italic, Modifier::ITALIC), (span.strike, Modifier::CROSSED_OUT)]
        {
            if is_on {
                style = style.add_modifier(modifier);
            }
        }
        style
    }

    /// Converts the theme to the 256 colours that a terminal has by number. Each colour gets a number
    /// of its own, so that different roles keep looking different.
    #[must_use]
    pub fn indexed(mut self) -> Theme {
        let colours: Vec<Color> = self.styles.iter().flat_map(|style| [style.fg, style.bg]).flatten().collect();
        let mut taken: Vec<u8> = Vec::new();
        for colour in &colours {
            if let Color::Indexed(number) = colour {
                taken.push(*number);
            }
        }
        let table = indexed_colour::table(&colours, &taken);
        for style in &mut self.styles {
            for colour in [&mut style.fg, &mut style.bg].into_iter().flatten() {
                if let Some((_, number)) = table.iter().find(|(known, _)| known == colour) {
                    *colour = Color::Indexed(*number);
                }
            }
        }
        self
    }

    /// Patches `style` over that of one role.
    #[must_use]
    pub fn with(mut self, role: Role, style: Style) -> Theme {
        self.styles[role as usize] = self.style(role).patch(style);
        self
    }

    /// Turns hyperlinks of the terminal on or off.
    #[must_use]
    pub fn with_hyperlinks(mut self, hyperlinks: bool) -> Theme {
        self.hyperlinks = hyperlinks;
        self
    }

    fn new(style: impl Fn(Role) -> Style) -> Theme {
        Theme { styles: Role::ALL.map(style), hyperlinks: false }
    }
}

/// Returns the modifiers of a role in every theme.
fn modifier(role: Role) -> Modifier {
    match role {
        Role::Current => Modifier::BOLD.union(Modifier::REVERSED),
        Role::Comment => Modifier::ITALIC,
        Role::Title | Role::Heading | Role::Keyword | Role::Accent | Role::Error | Role::Warning => Modifier::BOLD,
        Role::Match => Modifier::BOLD.union(Modifier::UNDERLINED),
        Role::RefCode | Role::RefReading | Role::RefAlarm | Role::RefLink | Role::Doubt => Modifier::UNDERLINED,
        Role::Hint => Modifier::REVERSED,
        Role::Text
        | Role::Dim
        | Role::Tag
        | Role::Positive
        | Role::Code
        | Role::String
        | Role::Number
        | Role::Name
        | Role::Added
        | Role::Removed
        | Role::Quote
        | Role::Selected
        | Role::Share => Modifier::empty(),
    }
}

/// Returns the modifiers that replace greys and backgrounds in a theme without colour.
fn plain_modifier(role: Role) -> Modifier {
    match role {
        Role::Dim
        | Role::Code
        | Role::Comment
        | Role::String
        | Role::Number
        | Role::Name
        | Role::Added
        | Role::Removed => Modifier::DIM,
        Role::Selected => Modifier::REVERSED,
        Role::Text
        | Role::Accent
        | Role::Title
        | Role::Match
        | Role::Current
        | Role::Tag
        | Role::RefCode
        | Role::RefReading
        | Role::RefAlarm
        | Role::RefLink
        | Role::Positive
        | Role::Warning
        | Role::Error
        | Role::Keyword
        | Role::Quote
        | Role::Heading
        | Role::Share
        | Role::Hint
        | Role::Doubt => Modifier::empty(),
    }
}

fn sixteen(role: Role) -> Style {
    let style = Style::new().add_modifier(modifier(role));
    match role {
        Role::Dim | Role::Comment => style.add_modifier(Modifier::DIM),
        Role::Accent | Role::RefReading | Role::Number => style.fg(Color::Magenta),
        Role::Match | Role::Current | Role::RefAlarm | Role::Error | Role::Warning | Role::Doubt | Role::Removed => {
            style.fg(Color::Red)
        }
        Role::RefCode | Role::Code | Role::Keyword | Role::Name => style.fg(Color::Cyan),
        Role::Tag | Role::Positive | Role::String | Role::Added => style.fg(Color::Green),
        Role::Selected => style.add_modifier(Modifier::BOLD),
        Role::Text | Role::Title | Role::RefLink | Role::Quote | Role::Heading | Role::Share | Role::Hint => style,
    }
}

/// Colours of a true-colour theme.
struct Palette {
    dim: Color,
    accent: Color,
    hit: Color,
    tag: Color,
    code: Color,
    reading: Color,
    alarm: Color,
    link: Color,
    positive: Color,
    warning: Color,
    quote: Color,
    code_background: Color,
    selected_background: Color,
    share_background: Color,
}

/// Colours for dark backgrounds.
///
/// Every foreground has a contrast of at least 4.5 (WCAG 2.1, 1.4.3), the dim ones of 3, on black, on
/// the dark backgrounds of common terminals, Solarized included, and on the backgrounds below. Tests
/// check it, and that little is lost in 256 colours.
const DARK: Palette = Palette {
    dim: rgb(0x00a0_a0a0),
    accent: rgb(0x007c_b7ff),
    hit: rgb(0x00ff_c857),
    tag: rgb(0x008f_c98b),
    code: rgb(0x006c_c7d9),
    reading: rgb(0x00c3_a6ff),
    alarm: rgb(0x00ff_8f85),
    link: rgb(0x00a9_bccd),
    positive: rgb(0x008f_d17f),
    warning: rgb(0x00e8_b04b),
    quote: rgb(0x00bd_bdbd),
    code_background: rgb(0x0029_2929),
    selected_background: rgb(0x0030_3846),
    share_background: rgb(0x0033_373d),
};

/// Colours for white and the light backgrounds of common terminals, with the contrasts of [`DARK`].
const LIGHT: Palette = Palette {
    dim: rgb(0x0062_6262),
    accent: rgb(0x0000_55b8),
    hit: rgb(0x008a_4500),
    tag: rgb(0x002b_642a),
    code: rgb(0x0000_5f73),
    reading: rgb(0x006a_3fb0),
    alarm: rgb(0x00ad_231b),
    link: rgb(0x0045_5a68),
    positive: rgb(0x0026_6523),
    warning: rgb(0x0078_4e00),
    quote: rgb(0x0050_5050),
    code_background: rgb(0x00f0_f0f0),
    selected_background: rgb(0x00df_e8f5),
    share_background: rgb(0x00e4_e7ea),
};

const fn rgb(hex: u32) -> Color {
    Color::from_u32(hex)
}

impl Palette {
    fn style(&self, role: Role) -> Style {
        let style = Style::new().add_modifier(modifier(role));
        match role {
            Role::Text | Role::Title | Role::Heading | Role::Hint => style,
            Role::Dim => style.fg(self.dim),
            Role::Accent => style.fg(self.accent),
            Role::Match | Role::Current => style.fg(self.hit),
            Role::Tag => style.fg(self.tag),
            Role::RefCode => style.fg(self.code),
            Role::RefReading => style.fg(self.reading),
            Role::RefAlarm | Role::Error => style.fg(self.alarm),
            Role::RefLink => style.fg(self.link),
            Role::Positive => style.fg(self.positive),
            Role::Warning | Role::Doubt => style.fg(self.warning),
            Role::Quote => style.fg(self.quote),
            Role::Code => style.bg(self.code_background),
            Role::Keyword => style.fg(self.accent).bg(self.code_background),
            Role::String | Role::Added => style.fg(self.tag).bg(self.code_background),
            Role::Comment => style.fg(self.dim).bg(self.code_background),
            Role::Number => style.fg(self.warning).bg(self.code_background),
            Role::Name => style.fg(self.code).bg(self.code_background),
            Role::Removed => style.fg(self.alarm).bg(self.code_background),
            Role::Selected => style.bg(self.selected_background),
            Role::Share => style.bg(self.share_background),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_the_terminals_own() {
        for theme in [Theme::dark(), Theme::light(), Theme::sixteen(), Theme::monochrome()] {
            assert_eq!(theme.style(Role::Text), Style::new());
        }
    }

    #[test]
    fn without_colour_every_role_has_a_modifier_or_a_sign() {
        let theme = Theme::monochrome();
        for role in Role::ALL {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
            // `#` of a tag, the bar of a quote, the count over its share, the words of a state.
            let signed = matches!(role, Role::Text | Role::Tag | Role::Quote | Role::Share | Role::Positive);
            assert_eq!(style.add_modifier.is_empty(), signed, "{role:?}");
        }
    }

    #[test]
    fn a_match_shows_in_grey_and_under_the_selection() {
        for theme in [Theme::dark(), Theme::light(), Theme::sixteen(), Theme::monochrome()] {
            let row = theme.style(Role::Selected);
            assert_ne!(row.patch(theme.style(Role::Match)).add_modifier, row.add_modifier);
            assert!(theme.style(Role::Match).add_modifier.contains(Modifier::BOLD | Modifier::UNDERLINED));
        }
    }

    #[test]
    fn true_colours_are_legible() {
        // What terminals have behind their text, Solarized among them, and what we put there.
        let dark = [0x0000_0000, 0x001e_1e1e, 0x0000_2b36, 0x0028_2c34];
        let light = [0x00ff_ffff, 0x00fd_f6e3, 0x00fa_fafa, 0x00ee_e8d5];
        // The nearest of 256 colours may lose some of it: the match of the light theme, which is bold and
        // underlined too, has 3.9 on the selected row.
        let both = |(theme, grounds): (Theme, _)| [(theme.clone(), grounds, 0.0), (theme.indexed(), grounds, 0.6)];
        for (theme, grounds, loss) in [(Theme::dark(), dark), (Theme::light(), light)].into_iter().flat_map(both) {
            let own = [Role::Code, Role::Selected, Role::Share].map(|role| theme.style(role).bg.expect("a background"));
            for role in Role::ALL {
                let Some(colour) = theme.style(role).fg else { continue };
                let least = if matches!(role, Role::Dim | Role::Comment) { 3.0 } else { 4.5 } - loss;
                for ground in grounds.map(rgb).into_iter().chain(own) {
                    let contrast = contrast(colour, ground);
                    assert!(contrast >= least, "{role:?} on {ground}: {contrast:.2}");
                }
            }
            // The terminal's own text must be legible on our backgrounds.
            let text = if grounds == dark {
                [rgb(0x0083_9496), rgb(0x00ff_ffff)]
            } else {
                [rgb(0x0058_6e75), rgb(0x0000_0000)]
            };
            for ground in own {
                for text in text {
                    let contrast = contrast(text, ground);
                    assert!(contrast >= 3.0 - loss, "{text} on {ground}: {contrast:.2}");
                }
            }
        }
    }

    #[test]
    fn sixteen_colours_are_those_that_no_background_swallows() {
        for role in Role::ALL {
            let style = Theme::sixteen().style(role);
            let is_safe =
                style.fg.is_none_or(|colour| [Color::Red, Color::Green, Color::Magenta, Color::Cyan].contains(&colour));
            assert!(is_safe && style.bg.is_none(), "{role:?}");
        }
    }

    #[test]
    fn the_place_one_stands_on_is_told_from_the_others_without_colour() {
        for theme in [Theme::dark(), Theme::light(), Theme::sixteen(), Theme::monochrome()] {
            assert_ne!(theme.style(Role::Match).add_modifier, theme.style(Role::Current).add_modifier);
        }
    }

    #[test]
    fn in_256_colours_no_two_looks_become_one() {
        for theme in [Theme::dark(), Theme::light()] {
            let indexed = theme.clone().indexed();
            for one in Role::ALL {
                let (before, after) = (theme.style(one), indexed.style(one));
                assert_eq!(before.add_modifier, after.add_modifier, "{one:?}");
                let is_indexed = |colour: Color| matches!(colour, Color::Indexed(16..));
                assert!(after.fg.is_none_or(is_indexed) && after.bg.is_none_or(is_indexed), "{one:?} {after:?}");
                for other in Role::ALL {
                    let was_same = before == theme.style(other);
                    assert_eq!(after == indexed.style(other), was_same, "{one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_colour_of_ones_own_is_indexed_and_a_number_stays() {
        let own = Theme::dark().with(Role::Tag, Style::new().fg(rgb(0x0009_0808)).bg(Color::Red));
        let style = own.indexed().style(Role::Tag);
        assert_eq!((style.fg, style.bg), (Some(Color::Indexed(232)), Some(Color::Red)));
    }

    #[test]
    fn a_terminal_tells_its_colours_by_two_variables() {
        for (colorterm, term, expected) in [
            ("truecolor", "xterm", ColourSupport::True),
            ("24bit", "", ColourSupport::True),
            ("", "xterm-direct", ColourSupport::True),
            ("", "xterm-256color", ColourSupport::Indexed),
            ("yes", "screen-256color-bce", ColourSupport::Indexed),
            ("", "tmux", ColourSupport::Sixteen),
            ("", "", ColourSupport::Sixteen),
        ] {
            assert_eq!(ColourSupport::of_terminal(colorterm, term), expected, "{colorterm} {term}");
        }
    }

    /// Contrast ratio as WCAG 2.1 defines it.
    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(colour: Color) -> f64 {
        let [red, green, blue] = match colour {
            Color::Rgb(red, green, blue) => [red, green, blue],
            Color::Indexed(number) => indexed_colour::value(number),
            _ => panic!("{colour} has no value"),
        };
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
