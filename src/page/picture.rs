//! Pictures on a page: their places and sizes.
//!
//! Knows nothing of what is in a picture or how it is drawn.

use std::sync::Arc;

/// Pictures of one page that get lines of their own; further ones stay captions.
pub const MOST: usize = 12;

/// Pixels of one cell of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellSize {
    pub width: u16,
    pub height: u16,
}

/// Size of a picture in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSize {
    pub columns: u16,
    pub rows: u16,
}

/// Function from the URL of a picture and the columns it may have to its size, if that is known.
pub type PictureSizeFn<'a> = &'a dyn Fn(&str, usize) -> Option<PictureSize>;

/// Picture of a page, with the lines that are kept free for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PicturePlace {
    /// URL as written.
    pub url: Arc<str>,
    /// First line below its caption.
    pub line: usize,
    /// Columns left of it.
    pub indent: usize,
    /// Columns that it may have.
    pub room: usize,
    /// Lines and columns it has, once its size is known.
    pub size: Option<PictureSize>,
}

impl PicturePlace {
    /// Lines that are kept free.
    pub fn rows(&self) -> usize {
        self.size.map_or(0, |size| usize::from(size.rows))
    }
}

/// Returns true if a URL has neither scheme nor host, and so is a path.
pub fn is_path(url: &str) -> bool {
    let scheme = url.split([':', '/', '?', '#']).next().unwrap_or_default();
    let is_scheme = url[scheme.len()..].starts_with(':')
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    !(url.is_empty() || is_scheme || url.starts_with("//") || url.starts_with('#'))
}

impl PictureSize {
    /// Computes the cells that a picture of `width` by `height` pixels covers. It keeps its size if it
    /// fits into `room`, else it is scaled down; it has at least one cell.
    pub fn of((width, height): (u32, u32), cell: CellSize, room: PictureSize) -> PictureSize {
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let (wide, high) = (f64::from(cell.width.max(1)), f64::from(cell.height.max(1)));
        let scale = (f64::from(room.columns) * wide / width).min(f64::from(room.rows) * high / height).min(1.0);
        PictureSize {
            columns: cells(width * scale / wide, room.columns),
            rows: cells(height * scale / high, room.rows),
        }
    }
}

/// Rounds a length up to whole cells. Errors of arithmetic must not cost a cell.
fn cells(length: f64, most: u16) -> u16 {
    ((length - 1e-6).ceil() as u16).clamp(1, most.max(1))
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
    fn paths_differ_from_addresses() {
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
