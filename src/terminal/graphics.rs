//! Whether pictures are shown, and by which protocol.

use super::{capabilities::GraphicsSupport, picture::GraphicsProtocol};
use crate::{config::Images, page::CellSize};

/// Cells where the terminal does not say how large they are: of the shape that most have.
const USUAL: CellSize = CellSize { width: 10, height: 20 };

/// Terminals that show inline images of iTerm2, by what they call themselves. Konsole and WezTerm answer
/// kitty's question too, but do not place pictures by characters.
const ITERM2: [&str; 4] = ["iTerm2", "WezTerm", "Konsole", "mintty"];

/// Terminals that place kitty's pictures by characters, with the first version that does.
const PLACEHOLDERS: [(&str, [u32; 2]); 2] = [("kitty", [0, 28]), ("ghostty", [1, 0])];

/// Whether the terminal is worth being asked for pictures: the text console and those that call
/// themselves dumb would show the question.
pub fn may_ask(images: Images, term: Option<&str>) -> bool {
    images == Images::Auto && !matches!(term, None | Some("" | "dumb" | "linux"))
}

/// The protocol for what is wanted and what the terminal has answered, with the size of its cells;
/// `measured` is what the system says of that.
pub fn protocol(
    images: Images,
    said: &GraphicsSupport,
    measured: Option<CellSize>,
) -> Option<(GraphicsProtocol, CellSize)> {
    let cell = measured.or(said.cell);
    match images {
        Images::Off => None,
        Images::HalfBlocks => Some((GraphicsProtocol::HalfBlocks, USUAL)),
        Images::Auto => {
            let is_placing = PLACEHOLDERS.iter().any(|(name, least)| is_at_least(&said.name, name, *least));
            if ITERM2.iter().any(|name| said.name.starts_with(name)) {
                Some((GraphicsProtocol::Iterm2, cell.unwrap_or(USUAL)))
            } else if said.kitty && is_placing {
                Some((GraphicsProtocol::Kitty, cell.unwrap_or(USUAL)))
            } else {
                // Sixels are pixels: without the size of a cell they could cover what stands beside them.
                cell.filter(|_| said.sixel).map(|cell| (GraphicsProtocol::Sixel, cell))
            }
        }
    }
}

/// Whether `said`, such as `kitty(0.32.2)` or `ghostty 1.1.3`, is `name` of that version or a later one.
fn is_at_least(said: &str, name: &str, least: [u32; 2]) -> bool {
    let Some(version) = said.strip_prefix(name) else { return false };
    let mut parts = version.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let mut part = || parts.next().and_then(|part| part.parse().ok()).unwrap_or(0_u32);
    [part(), part()] >= least
}

/// The pixels of a cell, as the system knows them.
pub fn measured() -> Option<CellSize> {
    let size = crossterm::terminal::window_size().ok()?;
    let part = |pixels: u16, cells: u16| pixels.checked_div(cells).filter(|pixels| (2..=200).contains(pixels));
    Some(CellSize { width: part(size.width, size.columns)?, height: part(size.height, size.rows)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_terminal_is_told_in_its_own_way() {
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
            let said = GraphicsSupport { kitty, sixel, cell, name: name.to_owned() };
            assert_eq!(protocol(Images::Auto, &said, None).map(|(protocol, _)| protocol), expected, "{name}");
            assert_eq!(protocol(Images::Off, &said, None), None);
            assert_eq!(protocol(Images::HalfBlocks, &said, None), Some((GraphicsProtocol::HalfBlocks, USUAL)));
        }
        let said = GraphicsSupport { sixel: true, cell, ..GraphicsSupport::default() };
        let measured = CellSize { width: 17, height: 36 };
        assert_eq!(protocol(Images::Auto, &said, Some(measured)), Some((GraphicsProtocol::Sixel, measured)));
    }

    #[test]
    fn only_what_takes_questions_is_asked() {
        for (images, term, expected) in [
            (Images::Auto, Some("xterm-256color"), true),
            (Images::Auto, Some("tmux-256color"), true),
            (Images::Auto, Some("linux"), false),
            (Images::Auto, Some("dumb"), false),
            (Images::Auto, None, false),
            (Images::Off, Some("xterm-kitty"), false),
            (Images::HalfBlocks, Some("xterm-kitty"), false),
        ] {
            assert_eq!(may_ask(images, term), expected, "{images:?} {term:?}");
        }
    }
}
