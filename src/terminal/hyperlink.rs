//! Whether the terminal knows hyperlinks, and links told to it once for all their cells.

use crate::ui::hyperlink::{CLOSE, OPEN};
use ratatui::buffer::{Cell, CellWidth};

/// Terminals that know hyperlinks, by what `TERM_PROGRAM` says, and since which version.
/// Source: the lists of <https://github.com/Alhadis/OSC8-Adoption> and of each terminal's own notes.
const PROGRAMS: &[(&str, &[u32])] = &[
    ("ghostty", &[]),
    ("Hyper", &[]),
    ("iTerm.app", &[3, 1]),
    ("mintty", &[3, 0]),
    ("rio", &[]),
    ("Tabby", &[]),
    ("tmux", &[3, 4]),
    ("vscode", &[1, 72]),
    ("WarpTerminal", &[]),
    ("WezTerm", &[]),
    ("zed", &[]),
];

/// The same, by the beginning of `TERM`.
const TERMS: &[&str] = &["alacritty", "contour", "foot", "rio", "wezterm", "xterm-ghostty", "xterm-kitty"];

/// The same, by a variable that they set, and the least number in it.
const VARIABLES: &[(&str, u32)] =
    &[("KONSOLE_VERSION", 201_200), ("VTE_VERSION", 5000), ("WT_SESSION", 0), ("DOMTERM", 0)];

/// Whether the terminal that `environment` tells of knows hyperlinks. Inside a multiplexer that one
/// decides: it passes on what it knows itself.
pub fn is_supported(environment: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| environment(name).filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_default();
    let program = set("TERM_PROGRAM").unwrap_or_default();
    if term == "dumb" || term == "linux" || set("STY").is_some() {
        return false;
    }
    let version = set("TERM_PROGRAM_VERSION").unwrap_or_default();
    let known = PROGRAMS.iter().find(|(name, _)| *name == program);
    let in_tmux = set("TMUX").is_some() || program == "tmux" || term.starts_with("tmux") || term.starts_with("screen");
    if in_tmux {
        return program == "tmux" && known.is_some_and(|(_, least)| is_at_least(&version, least));
    }
    known.is_some_and(|(_, least)| is_at_least(&version, least))
        || TERMS.iter().any(|name| term.starts_with(name))
        || VARIABLES.iter().any(|(name, least)| {
            set(name).is_some_and(|value| *least == 0 || value.parse().is_ok_and(|version: u32| version >= *least))
        })
}

/// Whether `version`, such as `3.4a`, is `least` or a later one.
fn is_at_least(version: &str, least: &[u32]) -> bool {
    let number = |part: &str| {
        let digits = part.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())].parse().unwrap_or(0)
    };
    let parts: Vec<u32> = version.split('.').map(number).collect();
    least.is_empty() || parts.as_slice() >= least
}

/// A cell with its place on the screen.
type PositionedCell = (u16, u16, Cell);

/// `cells` with each link begun once and ended once on a run of cells that stand side by side: each
/// cell has it whole, and to say it for each would cost kilobytes a line.
pub fn joined(mut cells: Vec<PositionedCell>) -> Vec<PositionedCell> {
    let mut last: Option<(String, u16, u16)> = None;
    for at in 0..cells.len() {
        let (x, y, cell) = &cells[at];
        let after = (x + cell.cell_width().max(1), *y);
        let Some(link) = link(cell).map(str::to_owned) else {
            last = None;
            continue;
        };
        if last.is_some_and(|(known, next, row)| known == link && (next, row) == (*x, *y)) {
            let text = cell.symbol()[link.len()..].to_owned();
            let before = cells[at - 1].2.symbol().trim_end_matches(CLOSE).to_owned();
            cells[at - 1].2.set_symbol(&before);
            cells[at].2.set_symbol(&text);
        }
        last = Some((link, after.0, after.1));
    }
    cells
}

/// The sequence that begins the link of a cell, if it has one.
fn link(cell: &Cell) -> Option<&str> {
    let rest = cell.symbol().strip_prefix(OPEN)?;
    let end = rest.find("\u{1b}\\")?;
    Some(&cell.symbol()[..OPEN.len() + end + 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::buffer::CellDiffOption;
    use std::num::NonZeroU16;

    #[test]
    fn terminals_that_know_links_are_told_them() {
        for (environment, expected) in [
            ("TERM=xterm-256color", false),
            ("TERM=xterm-kitty", true),
            ("TERM=foot-extra", true),
            ("TERM=xterm-256color VTE_VERSION=7600", true),
            ("TERM=xterm-256color VTE_VERSION=4803", false),
            ("TERM=xterm-256color KONSOLE_VERSION=220401", true),
            ("TERM=xterm-256color WT_SESSION=b1a", true),
            ("TERM=xterm-256color TERM_PROGRAM=iTerm.app TERM_PROGRAM_VERSION=3.5.0", true),
            ("TERM=xterm-256color TERM_PROGRAM=iTerm.app TERM_PROGRAM_VERSION=2.9", false),
            ("TERM=xterm-256color TERM_PROGRAM=WezTerm", true),
            ("TERM=xterm-256color TERM_PROGRAM=Apple_Terminal TERM_PROGRAM_VERSION=455", false),
            ("TERM=tmux-256color TMUX=/tmp/x TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.4", true),
            ("TERM=tmux-256color TMUX=/tmp/x TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.5a", true),
            ("TERM=screen-256color TMUX=/tmp/x TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.3a", false),
            ("TERM=screen-256color TMUX=/tmp/x VTE_VERSION=7600", false),
            ("TERM=screen STY=1.x VTE_VERSION=7600", false),
            ("TERM=linux VTE_VERSION=7600", false),
            ("", false),
        ] {
            let lookup = |name: &str| {
                let pair = |pair: &'static str| pair.split_once('=').filter(|(known, _)| *known == name);
                environment.split(' ').find_map(pair).map(|(_, value)| value.to_owned())
            };
            assert_eq!(is_supported(lookup), expected, "{environment}");
        }
    }

    #[test]
    fn a_link_is_begun_once_for_the_cells_beside_each_other() {
        let cell = |x, y, text: &str, link: &str| {
            let mut cell = Cell::default();
            let width = if text == "容" { 2 } else { 1 };
            match link {
                "" => cell.set_symbol(text),
                link => cell.set_symbol(&format!("{OPEN};{link}\u{1b}\\{text}{CLOSE}")),
            };
            cell.set_diff_option(CellDiffOption::ForcedWidth(NonZeroU16::new(width).expect("a width")));
            (x, y, cell)
        };
        let cells = vec![
            cell(0, 0, "a", "u"),
            cell(1, 0, "容", "u"),
            cell(3, 0, "b", "u"),
            cell(4, 0, "c", "v"),
            cell(6, 0, "d", "v"),
            cell(7, 0, "e", ""),
            cell(8, 0, "f", "v"),
            cell(0, 1, "g", "v"),
        ];
        let shown: String = joined(cells).iter().map(|(.., cell)| cell.symbol()).collect();
        let shown = shown.replace(CLOSE, ">").replace(OPEN, "<").replace("\u{1b}\\", "|");
        assert_eq!(shown, "<;u|a容b><;v|c><;v|d>e<;v|f><;v|g>");
        assert_eq!(joined(Vec::new()), Vec::new());
    }
}
