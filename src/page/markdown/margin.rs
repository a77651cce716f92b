//! The margin: what open lists, quotes and footnotes put before each line.
//!
//! Knows texts and columns, not Markdown.

use super::super::role::Role;
use super::super::wrap::{Line, TextSpan, width};

/// Columns that indents leave to the text. What is nested deeper is not indented further; its
/// number or bullet stands in the text.
pub(super) const LEAST_TEXT: usize = 10;

/// Nesting beyond which numbers and bullets are not shown: nobody writes it, and a line of nothing
/// else would be all markers.
const DEEPEST_MARKER: usize = 16;

/// What an open container adds to the beginning of each line.
struct Indent {
    /// Instead of `rest`, on the first line only.
    marker: Option<String>,
    rest: String,
    width: usize,
}

#[derive(Default)]
pub(super) struct Margin {
    indents: Vec<Indent>,
    /// For every open container, whether it has an indent.
    indented: Vec<bool>,
}

impl Margin {
    /// Columns before the text.
    pub fn width(&self) -> usize {
        self.indents.iter().map(|indent| indent.width).sum()
    }

    /// Opens a container in a page of `columns`, indented if that leaves room for text. The
    /// outermost may take half. A marker that found no room comes back, to stand in the text.
    pub fn open(&mut self, marker: Option<String>, rest: String, columns: usize) -> Option<String> {
        let wide = width(&rest).max(marker.as_deref().map_or(0, width));
        let least = if self.indents.is_empty() { LEAST_TEXT.min(columns / 2) } else { LEAST_TEXT };
        let fits = columns.saturating_sub(self.width()) >= wide + least;
        let deep = self.indented.len() >= DEEPEST_MARKER;
        self.indented.push(fits);
        if !fits {
            return marker.filter(|_| !deep);
        }
        self.indents.push(Indent { marker, rest, width: wide });
        None
    }

    /// Closes a container. One that held nothing shows its marker all the same, on a line of its own.
    pub fn close(&mut self) -> Option<Line> {
        if self.indented.pop() != Some(true) {
            return None;
        }
        let is_empty = self.indents.last().is_some_and(|indent| indent.marker.is_some());
        let line = is_empty.then(|| {
            let mut line = Line { spans: self.first() };
            line.trim_end();
            line
        });
        self.indents.pop();
        line
    }

    /// Puts `sign` in place of the innermost marker, if that still stands and leaves room for
    /// text in a page of `columns`.
    pub fn replace_marker(&mut self, sign: &str, columns: usize) -> bool {
        let room = columns.saturating_sub(self.width());
        let Some(indent) = self.indents.last_mut().filter(|indent| indent.marker.is_some()) else { return false };
        if room + indent.width < 2 * width(sign) {
            return false;
        }
        let marker = format!("{sign} ");
        indent.width = width(&marker);
        indent.rest = " ".repeat(indent.width);
        indent.marker = Some(marker);
        true
    }

    /// The indent of the next line; markers are shown once.
    pub fn first(&mut self) -> Vec<TextSpan> {
        let text: String =
            self.indents.iter_mut().map(|indent| indent.marker.take().unwrap_or_else(|| indent.rest.clone())).collect();
        span(text)
    }

    /// The indent of the lines after it.
    pub fn rest(&self) -> Vec<TextSpan> {
        span(self.indents.iter().map(|indent| indent.rest.as_str()).collect())
    }
}

/// One span for the whole indent: there may be thousands of lines.
fn span(text: String) -> Vec<TextSpan> {
    if text.is_empty() { Vec::new() } else { vec![TextSpan::new(text, Role::Dim)] }
}
