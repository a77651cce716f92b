//! Detection of the terminal's graphics protocol.

use super::{
    capabilities::{GraphicsSupport, plausible_cell},
    picture::GraphicsProtocol,
    version::is_at_least,
};
use crate::{config::Images, page::CellSize};

/// Cell size assumed if the terminal reports none: most terminals have this shape.
const USUAL: CellSize = CellSize { width: 10, height: 20 };

/// Names of terminals that show inline images of iTerm2. Konsole and WezTerm answer kitty's query too, but
/// have no Unicode placeholders.
const ITERM2: [&str; 4] = ["iTerm2", "WezTerm", "Konsole", "mintty"];

/// Terminals with kitty's Unicode placeholders, and the first version that has them.
const PLACEHOLDERS: [(&str, [u32; 2]); 2] = [("kitty", [0, 28]), ("ghostty", [1, 0])];

/// Decides whether to ask the terminal about graphics. The Linux console and dumb terminals would print
/// the query.
pub(crate) fn can_query(images: Images, term: Option<&str>) -> bool {
    images == Images::Auto && !matches!(term, None | Some("" | "dumb" | "linux"))
}

/// The protocol to use, if any, and the size of a cell in pixels. `measured` is the cell size that the
/// system reports, which takes precedence over the terminal's own report.
pub(crate) fn protocol(
    images: Images,
    reported: &GraphicsSupport,
    measured: Option<CellSize>,
) -> Option<(GraphicsProtocol, CellSize)> {
    match images {
        Images::Off => return None,
        Images::HalfBlocks => return Some((GraphicsProtocol::HalfBlocks, USUAL)),
        Images::Auto => {}
    }
    let cell = measured.or(reported.cell);
    if ITERM2.iter().any(|name| reported.name.starts_with(name)) {
        return Some((GraphicsProtocol::Iterm2, cell.unwrap_or(USUAL)));
    }
    if reported.kitty && has_placeholders(&reported.name) {
        return Some((GraphicsProtocol::Kitty, cell.unwrap_or(USUAL)));
    }
    // A sixel picture is sized in pixels: with a wrong cell size it could cover the text beside it.
    if reported.sixel { Some((GraphicsProtocol::Sixel, cell?)) } else { None }
}

/// Tests a name and version, such as `kitty(0.32.2)` or `ghostty 1.1.3`, against [`PLACEHOLDERS`].
fn has_placeholders(terminal: &str) -> bool {
    for (name, least) in PLACEHOLDERS {
        if let Some(version) = terminal.strip_prefix(name) {
            return is_at_least(version, &least);
        }
    }
    false
}

/// The size of a cell in pixels, as the system reports it.
pub(crate) fn measured_cell() -> Option<CellSize> {
    let size = crossterm::terminal::window_size().ok()?;
    let width = size.width.checked_div(size.columns)?;
    let height = size.height.checked_div(size.rows)?;
    plausible_cell(width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocol_follows_the_terminals_report() {
        let cell = Some(CellSize { width: 9, height: 18 });
        for (name, kitty, sixel, cell, expected) in [
            ("kitty(0.32.2)", true, false, cell, Some(GraphicsProtocol::Kitty)),
            ("kitty(0.32.2)", true, false, None, Some(GraphicsProtocol::Kitty)),
            ("kitty(0.21.0)", true, false, cell, None),
            ("kitty(0.32.2)", false, false, cell, None),
            ("ghostty 1.1.3", true, false, cell, Some(GraphicsProtocol::Kitty)),
            ("WezTerm 20240203-110809-5046fc22", true, true, cell, Some(GraphicsProtocol::Iterm2)),
            ("Konsole 23.08.1", true, true, cell, Some(GraphicsProtocol::Iterm2)),
            ("iTerm2 3.5.0", false, true, None, Some(GraphicsProtocol::Iterm2)),
            ("foot(1.16.2)", false, true, cell, Some(GraphicsProtocol::Sixel)),
            ("tmux 3.4", false, true, cell, Some(GraphicsProtocol::Sixel)),
            ("tmux 3.4", false, false, cell, None),
            ("XTerm(390)", false, true, None, None),
            ("other 1.0", true, false, cell, None),
            ("", false, false, cell, None),
        ] {
            let reported = GraphicsSupport { kitty, sixel, cell, name: name.to_owned() };
            assert_eq!(protocol(Images::Auto, &reported, None).map(|(protocol, _)| protocol), expected, "{name}");
            assert_eq!(protocol(Images::Off, &reported, None), None);
            assert_eq!(protocol(Images::HalfBlocks, &reported, None), Some((GraphicsProtocol::HalfBlocks, USUAL)));
        }
        let reported = GraphicsSupport { sixel: true, cell, ..GraphicsSupport::default() };
        let measured = CellSize { width: 17, height: 36 };
        assert_eq!(protocol(Images::Auto, &reported, Some(measured)), Some((GraphicsProtocol::Sixel, measured)));
    }

    #[test]
    fn consoles_and_dumb_terminals_are_not_queried() {
        for (images, term, expected) in [
            (Images::Auto, Some("xterm-256color"), true),
            (Images::Auto, Some("tmux-256color"), true),
            (Images::Auto, Some("linux"), false),
            (Images::Auto, Some("dumb"), false),
            (Images::Auto, None, false),
            (Images::Off, Some("xterm-kitty"), false),
            (Images::HalfBlocks, Some("xterm-kitty"), false),
        ] {
            assert_eq!(can_query(images, term), expected, "{images:?} {term:?}");
        }
    }
}
