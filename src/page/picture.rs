//! Pictures on a page: where they stand, and how much room they get.
//!
//! Knows sizes only; what is in a picture and how it is drawn is the affair of others.

use std::sync::Arc;

/// Pictures of one page that get room of their own; those beyond stay captions.
pub const MOST: usize = 12;

/// Pixels of one cell of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellSize {
    pub width: u16,
    pub height: u16,
}

/// Room on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSize {
    pub columns: u16,
    pub rows: u16,
}

/// The size of the picture at a url in a room of so many columns, as far as it is known.
pub type PictureSizeFn<'a> = &'a dyn Fn(&str, usize) -> Option<PictureSize>;

/// A picture that a page names, and the lines that are kept free for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicturePlace {
    /// As written.
    pub url: Arc<str>,
    /// The first line below its caption.
    pub line: usize,
    /// Columns left of it.
    pub indent: usize,
    /// Columns that it may have.
    pub room: usize,
    /// The lines and columns it has; none before its size is known.
    pub size: Option<PictureSize>,
}

impl PicturePlace {
    /// Lines that are kept free.
    pub fn rows(&self) -> usize {
        self.size.map_or(0, |size| usize::from(size.rows))
    }
}

/// Whether a url has neither scheme nor host: a path, that is.
pub fn is_path(url: &str) -> bool {
    let scheme = url.split([':', '/', '?', '#']).next().unwrap_or_default();
    let is_scheme = url[scheme.len()..].starts_with(':')
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    !(url.is_empty() || is_scheme || url.starts_with("//") || url.starts_with('#'))
}

impl PictureSize {
    /// The cells that a picture of so many pixels covers: in its own size if it fits into `room`, else
    /// made smaller in proportion; at least one.
    pub fn of((width, height): (u32, u32), cell: CellSize, room: PictureSize) -> PictureSize {
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let (wide, high) = (f64::from(cell.width.max(1)), f64::from(cell.height.max(1)));
        let scale = (f64::from(room.columns) * wide / width).min(f64::from(room.rows) * high / height).min(1.0);
        // What rounding adds must not cost a cell.
        let cells =
            |pixels: f64, cell: f64, most: u16| ((pixels * scale / cell - 1e-6).ceil() as u16).clamp(1, most.max(1));
        PictureSize { columns: cells(width, wide, room.columns), rows: cells(height, high, room.rows) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CELL: CellSize = CellSize { width: 10, height: 20 };

    #[test]
    fn a_picture_keeps_its_size_or_its_shape() {
        let room = PictureSize { columns: 40, rows: 10 };
        for (pixels, columns, rows) in [
            ((100, 100), 10, 5),
            ((101, 101), 11, 6),
            ((1, 1), 1, 1),
            ((800, 400), 40, 10 * 2 / 2),
            ((400, 200), 40, 10),
            ((4000, 200), 40, 1),
            ((200, 4000), 1, 10),
            ((0, 0), 1, 1),
            ((u32::MAX, 1), 40, 1),
        ] {
            assert_eq!(PictureSize::of(pixels, CELL, room), PictureSize { columns, rows }, "{pixels:?}");
        }
    }

    proptest! {
        #[test]
        fn no_picture_leaves_its_room(width: u32, height: u32, columns in 1_u16..300, rows in 1_u16..100) {
            let size = PictureSize::of((width, height), CELL, PictureSize { columns, rows });
            prop_assert!((1..=columns).contains(&size.columns) && (1..=rows).contains(&size.rows), "{size:?}");
        }
    }

    #[test]
    fn paths_are_told_from_addresses() {
        for path in ["a.png", "../图/%E5%9B%BE.png", "/abs/a.png", "图:一.png", "./a:b.png", "a/b:c.png"] {
            assert!(is_path(path), "{path}");
        }
        for other in
            ["http://a.example/x.png", "HTTPS://a", "file:///etc/x.png", "data:image/png;base64,AA", "//a/b", "#a", ""]
        {
            assert!(!is_path(other), "{other}");
        }
    }
}
