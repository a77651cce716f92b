//! Pictures: drawn as coloured half blocks, or by a control sequence in a cell.
//!
//! The sequences contain only numbers and encoded pixels, no text of a note.

use crate::app::{
    Model,
    picture_cache::{Picture, PictureEncoding, picture_at},
};
use ratatui::{
    buffer::{Buffer, CellDiffOption},
    layout::Rect,
    style::Color,
};
use std::num::NonZeroU16;

/// Beginning of a transmission (kitty).
pub const TRANSMISSION: &str = "\u{1b}_G";

/// Character whose cells show a picture (kitty).
const PLACEHOLDER: char = '\u{10eeee}';

/// Diacritics that number the rows and columns of placeholders, in order: the beginning of kitty's
/// `rowcolumn-diacritics.txt`.
const NUMBERS: &str = concat!(
    "\u{305}\u{30d}\u{30e}\u{310}\u{312}\u{33d}\u{33e}\u{33f}\u{346}\u{34a}\u{34b}\u{34c}\u{350}\u{351}\u{352}",
    "\u{357}\u{35b}\u{363}\u{364}\u{365}\u{366}\u{367}\u{368}\u{369}\u{36a}\u{36b}\u{36c}\u{36d}\u{36e}\u{36f}",
    "\u{483}\u{484}\u{485}\u{486}\u{487}\u{592}\u{593}\u{594}\u{595}\u{597}\u{598}\u{599}\u{59c}\u{59d}\u{59e}",
    "\u{59f}\u{5a0}\u{5a1}\u{5a8}\u{5a9}\u{5ab}\u{5ac}\u{5af}\u{5c4}\u{610}\u{611}\u{612}\u{613}\u{614}\u{615}",
    "\u{616}\u{617}\u{657}\u{658}\u{659}\u{65a}\u{65b}\u{65d}\u{65e}\u{6d6}\u{6d7}\u{6d8}\u{6d9}\u{6da}\u{6db}",
    "\u{6dc}\u{6df}\u{6e0}\u{6e1}\u{6e2}\u{6e4}\u{6e7}\u{6e8}\u{6eb}\u{6ec}\u{730}\u{732}\u{733}\u{735}\u{736}",
    "\u{73a}\u{73d}\u{73f}\u{740}\u{741}\u{743}\u{745}\u{747}\u{749}\u{74a}\u{7eb}\u{7ec}\u{7ed}\u{7ee}\u{7ef}",
    "\u{7f0}\u{7f1}\u{7f3}\u{816}\u{817}\u{818}\u{819}\u{81b}\u{81c}\u{81d}\u{81e}\u{81f}\u{820}\u{821}\u{822}",
    "\u{823}\u{825}\u{826}\u{827}\u{829}\u{82a}\u{82b}\u{82c}",
);

/// Draws the visible pictures of the page. Under an overlay only half blocks are drawn, since a
/// terminal would show the others through it; sequences are drawn only if the whole picture is
/// visible.
pub fn draw(model: &Model, text: Rect, buffer: &mut Buffer) {
    let window = model.reading.entry.scroll.top..model.reading.entry.scroll.top + usize::from(text.height);
    for place in &model.reading.entry.page.pictures {
        let lines = place.line.max(window.start)..(place.line + place.rows()).min(window.end);
        if lines.is_empty() || place.indent >= usize::from(text.width) {
            continue;
        }
        let Some(picture) = picture_at(model, place) else { continue };
        let area = Rect {
            x: text.x + place.indent as u16,
            y: text.y + (lines.start - window.start) as u16,
            width: picture.size.columns.min(text.width - place.indent as u16),
            height: lines.len() as u16,
        };
        let skipped = lines.start - place.line;
        match &picture.drawn {
            PictureEncoding::HalfBlocks(cells) => half_blocks(picture, cells, skipped, area, buffer),
            PictureEncoding::Placeholders { .. } | PictureEncoding::Sequence(_)
                if !model.reading.overlays.is_empty() => {}
            PictureEncoding::Placeholders { id, transmission } => {
                placeholders(*id, transmission, skipped, area, buffer);
            }
            PictureEncoding::Sequence(sequence) => {
                if (area.width, area.height) == (picture.size.columns, picture.size.rows) {
                    painted(sequence, area, buffer);
                }
            }
        }
    }
}

fn half_blocks(picture: &Picture, cells: &[[Option<[u8; 3]>; 2]], skipped: usize, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(picture.size.columns);
    let colour = |rgb: [u8; 3]| Color::Rgb(rgb[0], rgb[1], rgb[2]);
    for (row, y) in area.rows().zip(skipped..) {
        for (cell, position) in cells.iter().skip(y * columns).zip(row.positions()) {
            let drawn = &mut buffer[position];
            match *cell {
                [None, None] => drawn.set_symbol(" "),
                [Some(upper), Some(lower)] => drawn.set_symbol("▀").set_fg(colour(upper)).set_bg(colour(lower)),
                [Some(upper), None] => drawn.set_symbol("▀").set_fg(colour(upper)),
                [None, Some(lower)] => drawn.set_symbol("▄").set_fg(colour(lower)),
            };
            // The width of half blocks is ambiguous; here it is one.
            drawn.set_diff_option(ONE_WIDE);
        }
    }
}

const ONE_WIDE: CellDiffOption = CellDiffOption::ForcedWidth(NonZeroU16::MIN);

/// Draws placeholders. The first cell also has the transmission; [`transmission`] separates the two,
/// so that it is not sent twice.
fn placeholders(id: u32, transmission: &str, skipped: usize, area: Rect, buffer: &mut Buffer) {
    let [_, red, green, blue] = id.to_be_bytes();
    let mut told = transmission;
    for (y, row) in area.rows().enumerate() {
        let Some(row_mark) = NUMBERS.chars().nth(skipped + y) else { return };
        for (position, mark) in row.positions().zip(NUMBERS.chars()) {
            let symbol = format!("{}{PLACEHOLDER}{row_mark}{mark}", std::mem::take(&mut told));
            buffer[position].set_symbol(&symbol).set_fg(Color::Rgb(red, green, blue)).set_diff_option(ONE_WIDE);
        }
    }
}

/// Splits a cell with a transmission into the number of the picture and the symbol for a terminal that
/// knows the picture. Returns `None` for other cells.
pub fn transmission(symbol: &str) -> Option<(u32, &str)> {
    let rest = symbol.strip_prefix(TRANSMISSION)?;
    let (_, id) = rest.split_once("i=")?;
    let id = id[..id.find(',')?].parse().ok()?;
    Some((id, &symbol[symbol.rfind(PLACEHOLDER)?..]))
}

/// Returns the sequence that removes a picture from the terminal's memory.
pub(crate) fn forgetting(id: u32) -> String {
    format!("{TRANSMISSION}q=2,a=d,d=I,i={id}\u{1b}\\")
}

/// Draws a sequence in the first cell. The other cells are skipped: anything written there would
/// cover the picture.
fn painted(sequence: &str, area: Rect, buffer: &mut Buffer) {
    for position in area.positions() {
        buffer[position].reset();
        buffer[position].set_diff_option(CellDiffOption::Skip);
    }
    buffer[(area.x, area.y)].set_symbol(sequence).set_diff_option(ONE_WIDE);
}
