//! Hyperlinks (OSC 8): detection of support, and one sequence for all cells of a link.

use super::version::is_at_least;
use crate::ui::hyperlink::{CLOSE, OPEN};
use ratatui::buffer::{Cell, CellWidth};

/// Values of `TERM_PROGRAM` of terminals that support hyperlinks, and the first version that does.
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

/// Beginnings of `TERM` of terminals that support hyperlinks.
const TERMS: &[&str] = &["alacritty", "contour", "foot", "rio", "wezterm", "xterm-ghostty", "xterm-kitty"];

/// Variables that terminals with hyperlinks set, and the least number in them; 0 accepts any value.
const VARIABLES: &[(&str, u32)] =
    &[("KONSOLE_VERSION", 201_200), ("VTE_VERSION", 5000), ("WT_SESSION", 0), ("DOMTERM", 0)];

/// Detects from the environment whether the terminal supports hyperlinks. Inside a multiplexer only its
/// own support counts, since it passes on what it understands.
pub(crate) fn is_supported(environment: impl Fn(&str) -> Option<String>) -> bool {
    let value = |name: &str| environment(name).unwrap_or_default();
    let (term, program) = (value("TERM"), value("TERM_PROGRAM"));
    if term == "dumb" || term == "linux" || !value("STY").is_empty() {
        return false;
    }
    let is_known_program = is_known_program(&program, &value("TERM_PROGRAM_VERSION"));
    if program == "tmux" {
        return is_known_program;
    }
    let is_in_tmux = !value("TMUX").is_empty() || term.starts_with("tmux") || term.starts_with("screen");
    if is_in_tmux {
        return false;
    }
    is_known_program
        || TERMS.iter().any(|name| term.starts_with(name))
        || VARIABLES.iter().any(|(name, least)| is_number_from(&value(name), *least))
}

fn is_known_program(program: &str, version: &str) -> bool {
    PROGRAMS.iter().any(|(name, least)| *name == program && is_at_least(version, least))
}

/// Tests the value of a variable against the least number in it.
fn is_number_from(value: &str, least: u32) -> bool {
    if least == 0 { !value.is_empty() } else { value.parse().is_ok_and(|number: u32| number >= least) }
}

/// A cell with its column and row.
type PositionedCell = (u16, u16, Cell);

/// Joins the links of adjacent cells. Each cell comes with the whole sequence of its link, which would
/// cost kilobytes a line; returned are cells that open and close each link once.
pub(super) fn joined(mut cells: Vec<PositionedCell>) -> Vec<PositionedCell> {
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

/// The sequence that opens the link of a cell, if it has one.
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
    fn support_is_detected_from_the_environment() {
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
    fn adjacent_cells_share_one_link_sequence() {
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
