//! Roles, the styles they have in each theme, and the symbols that speak without colour.
//!
//! The one place where a colour is named: everything else says what a text is, never how it
//! looks. Text keeps the terminal's own colours, since only their owner knows the background.

use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    Text,
    /// When, how many, where; borders, rules and hints.
    Dim,
    /// The focus: its border, title, selection bar and the keys of hints.
    Accent,
    Title,
    /// What the query hit. Drawn over any other role.
    Match,
    Tag,
    /// Pull requests, issues, commits, repositories.
    RefCode,
    /// Papers and books.
    RefReading,
    /// Vulnerabilities and incidents.
    RefAlarm,
    /// Every other link.
    RefLink,
    Positive,
    Warning,
    Error,
    Code,
    Quote,
    Heading,
    /// The background of the selected row; goes with [`Symbols::selection`].
    Selected,
    /// The background behind a tag's count that shows its share; without colour the count says it.
    Share,
    /// The letter that opens a link.
    Hint,
}

impl Role {
    /// Every role, in order of declaration.
    pub const ALL: [Role; 19] = [
        Role::Text,
        Role::Dim,
        Role::Accent,
        Role::Title,
        Role::Match,
        Role::Tag,
        Role::RefCode,
        Role::RefReading,
        Role::RefAlarm,
        Role::RefLink,
        Role::Positive,
        Role::Warning,
        Role::Error,
        Role::Code,
        Role::Quote,
        Role::Heading,
        Role::Selected,
        Role::Share,
        Role::Hint,
    ];
}

/// A style for every [`Role`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
}

impl Theme {
    /// For true colour on a dark background.
    pub fn dark() -> Theme {
        Theme::new(|role| DARK.style(role))
    }

    /// For true colour on a light background.
    pub fn light() -> Theme {
        Theme::new(|role| LIGHT.style(role))
    }

    /// For the sixteen colours of any terminal, background unknown: no grey, which several
    /// palettes map to the background, and no coloured background.
    pub fn sixteen() -> Theme {
        Theme::new(sixteen)
    }

    /// Without colour, for `NO_COLOR`: weight, underline and reverse only.
    pub fn monochrome() -> Theme {
        Theme::new(|role| Style::new().add_modifier(modifier(role) | plain_modifier(role)))
    }

    /// The style of `role`, to be patched over what is beneath.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// This theme with another style for one role.
    #[must_use]
    pub fn with(mut self, role: Role, style: Style) -> Theme {
        self.styles[role as usize] = style;
        self
    }

    fn new(style: impl Fn(Role) -> Style) -> Theme {
        Theme { styles: Role::ALL.map(style) }
    }
}

/// What tells a role apart in every theme.
fn modifier(role: Role) -> Modifier {
    match role {
        Role::Title | Role::Heading | Role::Accent | Role::Error | Role::Warning => Modifier::BOLD,
        Role::Match => Modifier::BOLD.union(Modifier::UNDERLINED),
        Role::RefCode | Role::RefReading | Role::RefAlarm | Role::RefLink => Modifier::UNDERLINED,
        Role::Hint => Modifier::REVERSED,
        _ => Modifier::empty(),
    }
}

/// What replaces the shades of grey and the backgrounds where there are none.
fn plain_modifier(role: Role) -> Modifier {
    match role {
        Role::Dim | Role::Code => Modifier::DIM,
        Role::Selected => Modifier::REVERSED,
        _ => Modifier::empty(),
    }
}

fn sixteen(role: Role) -> Style {
    let style = Style::new().add_modifier(modifier(role));
    match role {
        Role::Dim => style.add_modifier(Modifier::DIM),
        Role::Accent | Role::RefReading => style.fg(Color::Magenta),
        Role::Match | Role::RefAlarm | Role::Error => style.fg(Color::Red),
        Role::RefCode | Role::Code => style.fg(Color::Cyan),
        Role::Tag | Role::Positive => style.fg(Color::Green),
        Role::Warning => style.fg(Color::Yellow),
        Role::Selected => style.add_modifier(Modifier::BOLD),
        _ => style,
    }
}

/// The hues of a true-colour theme.
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

/// Every foreground has a contrast of at least 4.5 on #1e1e1e and on the backgrounds below
/// (WCAG 2.1, 1.4.3), which the tests check.
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
    code_background: rgb(0x002b_2b2b),
    selected_background: rgb(0x0030_3846),
    share_background: rgb(0x0033_373d),
};

/// As [`DARK`], on #ffffff.
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
            Role::Match => style.fg(self.hit),
            Role::Tag => style.fg(self.tag),
            Role::RefCode => style.fg(self.code),
            Role::RefReading => style.fg(self.reading),
            Role::RefAlarm | Role::Error => style.fg(self.alarm),
            Role::RefLink => style.fg(self.link),
            Role::Positive => style.fg(self.positive),
            Role::Warning => style.fg(self.warning),
            Role::Quote => style.fg(self.quote),
            Role::Code => style.bg(self.code_background),
            Role::Selected => style.bg(self.selected_background),
            Role::Share => style.bg(self.share_background),
        }
    }
}

/// The signs beside the words. Every one is a single column wide, save the task boxes.
///
/// Most of the Unicode set is of ambiguous width, like Chinese quotes: a terminal set to draw
/// such characters wide needs [`Symbols::ascii`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbols {
    pub paper: &'static str,
    pub incident: &'static str,
    pub pull_request: &'static str,
    pub issue: &'static str,
    pub book: &'static str,
    pub tool: &'static str,
    pub life: &'static str,
    pub link: &'static str,
    pub undated: &'static str,
    pub veiled: &'static str,
    pub image: &'static str,
    /// By depth of the list, the last for all that are deeper.
    pub bullets: [&'static str; 3],
    pub quote: &'static str,
    /// Horizontal line of a rule and under a table's header.
    pub rule: &'static str,
    pub ellipsis: &'static str,
    /// Before the second and later parts of a line of code.
    pub continuation: &'static str,
    pub task_open: &'static str,
    pub task_done: &'static str,
    /// Bars from lowest to highest.
    pub strip: [&'static str; 8],
    /// The bar at the left edge of the selected row.
    pub selection: &'static str,
    pub prompt: &'static str,
    pub required: &'static str,
    pub excluded: &'static str,
    /// Between the parts of a breadcrumb.
    pub within: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub border: border::Set<'static>,
}

impl Symbols {
    pub const fn unicode() -> Symbols {
        Symbols {
            paper: "◆",
            incident: "▲",
            pull_request: "⑂",
            issue: "◉",
            book: "▤",
            tool: "⚙",
            life: "·",
            link: "↗",
            undated: "?",
            veiled: "▒",
            image: "▣",
            bullets: ["•", "◦", "▪"],
            quote: "▎",
            rule: "─",
            ellipsis: "…",
            continuation: "↳",
            task_open: "☐",
            task_done: "☑",
            strip: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
            selection: "▌",
            prompt: "❯",
            required: "●",
            excluded: "○",
            within: "›",
            previous: "←",
            next: "→",
            border: border::ROUNDED,
        }
    }

    /// Printable ASCII only. Its task boxes are three columns wide, as they are written.
    pub const fn ascii() -> Symbols {
        Symbols {
            paper: "P",
            incident: "!",
            pull_request: "R",
            issue: "I",
            book: "B",
            tool: "T",
            life: ".",
            link: ">",
            undated: "?",
            veiled: "#",
            image: "@",
            bullets: ["*", "-", "+"],
            quote: "|",
            rule: "-",
            ellipsis: "~",
            continuation: "\\",
            task_open: "[ ]",
            task_done: "[x]",
            strip: [".", ":", "-", "=", "+", "*", "#", "@"],
            selection: ">",
            prompt: ">",
            required: "+",
            excluded: "-",
            within: ">",
            previous: "<",
            next: ">",
            border: ASCII_BORDER,
        }
    }
}

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    fn singles(symbols: &Symbols) -> Vec<&'static str> {
        let border = symbols.border;
        let mut all = vec![
            symbols.paper,
            symbols.incident,
            symbols.pull_request,
            symbols.issue,
            symbols.book,
            symbols.tool,
            symbols.life,
            symbols.link,
            symbols.undated,
            symbols.veiled,
            symbols.image,
            symbols.quote,
            symbols.rule,
            symbols.ellipsis,
            symbols.continuation,
            symbols.selection,
            symbols.prompt,
            symbols.required,
            symbols.excluded,
            symbols.within,
            symbols.previous,
            symbols.next,
            border.top_left,
            border.top_right,
            border.bottom_left,
            border.bottom_right,
            border.vertical_left,
            border.vertical_right,
            border.horizontal_top,
            border.horizontal_bottom,
        ];
        all.extend(symbols.bullets);
        all.extend(symbols.strip);
        all
    }

    #[test]
    fn symbols_are_one_column_wide() {
        for symbol in singles(&Symbols::unicode()).into_iter().chain(["☐", "☑"]) {
            assert_eq!(symbol.width(), 1, "{symbol}");
        }
        for symbol in singles(&Symbols::ascii()) {
            assert!(symbol.width_cjk() == 1 && symbol.is_ascii(), "{symbol}");
        }
    }

    #[test]
    fn roles_have_their_own_place() {
        for (place, role) in Role::ALL.into_iter().enumerate() {
            assert_eq!(place, role as usize, "{role:?}");
        }
    }

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
        let grounds = |palette: &Palette, ground| [ground, palette.selected_background, palette.share_background];
        for (theme, grounds) in
            [(Theme::dark(), grounds(&DARK, rgb(0x001e_1e1e))), (Theme::light(), grounds(&LIGHT, rgb(0x00ff_ffff)))]
        {
            for role in Role::ALL {
                let Some(colour) = theme.style(role).fg else { continue };
                for ground in grounds {
                    let contrast = contrast(colour, ground);
                    assert!(contrast >= 4.5, "{role:?} on {ground}: {contrast:.2}");
                }
            }
        }
    }

    /// Contrast ratio as WCAG 2.1 defines it.
    fn contrast(one: Color, other: Color) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn luminance(colour: Color) -> f64 {
        let Color::Rgb(red, green, blue) = colour else { panic!("{colour} is not a true colour") };
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
