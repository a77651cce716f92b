//! Margin: the indents and markers of open lists, quotes and footnotes before each line.
//!
//! Knows texts and columns, not Markdown.

use super::super::role::Role;
use super::super::wrap::{Line, TextSpan, width};

/// Columns that indents leave for the text. Deeper containers are not indented further; their number
/// or bullet goes into the text.
pub(super) const LEAST_TEXT: usize = 10;

/// Depth beyond which numbers and bullets are not shown: nobody writes it, and whole lines would be
/// markers.
const DEEPEST_MARKER: usize = 16;

/// Indent that an open container adds to each line.
struct Indent {
    /// Marker shown instead of `rest` on the first line only.
    marker: Option<String>,
    rest: String,
    width: usize,
}

#[derive(Default)]
pub(super) struct Margin {
    indents: Vec<Indent>,
    /// Open containers: true for those that have an indent.
    indented: Vec<bool>,
}

impl Margin {
    /// Columns before the text.
    pub fn width(&self) -> usize {
        self.indents.iter().map(|indent| indent.width).sum()
    }

    /// Opens a container in a page of `columns`, indented if that leaves room for text. The outermost
    /// may take half. Returns the marker if it had no room, to be put into the text.
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

    /// Closes a container. An empty one shows its marker too, on a line that is returned.
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

    /// Replaces the innermost marker by `sign`, if it was not written yet and there is room in a page
    /// of `columns`. Returns true if it did.
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

    /// Returns the indent of the next line; each marker is shown once.
    pub fn first(&mut self) -> Vec<TextSpan> {
        let mut text = String::new();
        for indent in &mut self.indents {
            match indent.marker.take() {
                Some(marker) => text.push_str(&marker),
                None => text.push_str(&indent.rest),
            }
        }
        span(text)
    }

    /// Returns the indent of the lines after it.
    pub fn rest(&self) -> Vec<TextSpan> {
        span(self.indents.iter().map(|indent| indent.rest.as_str()).collect())
    }
}

/// Makes one span of the whole indent: there may be thousands of lines.
fn span(text: String) -> Vec<TextSpan> {
    if text.is_empty() { Vec::new() } else { vec![TextSpan::new(text, Role::Dim)] }
}
