//! Text: storage of the text of a note as one string, and slices of it.
//!
//! No other module knows how it is stored: all others hold a [`Slice`] and ask the [`Text`] it
//! belongs to.

use serde::{Deserialize, Serialize};

/// The text of one note: its body, then what was derived from it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text(Box<str>);

/// A piece of a [`Text`].
///
/// Invariant: made by the [`TextBuilder`] of that text, so it lies on character boundaries in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Slice {
    start: u32,
    end: u32,
}

impl Text {
    /// The characters of `slice`; empty for a slice of another text that does not fit.
    pub fn get(&self, slice: Slice) -> &str {
        self.0.get(slice.start as usize..slice.end as usize).unwrap_or_default()
    }

    /// Length in bytes.
    pub fn size(&self) -> usize {
        self.0.len()
    }

    /// Reports whether `slice` is a piece of this text.
    #[cfg(test)]
    pub fn holds(&self, slice: Slice) -> bool {
        self.0.get(slice.start as usize..slice.end as usize).is_some()
    }
}

impl Slice {
    /// This piece and the one after it.
    pub fn up_to(self, next: Slice) -> Slice {
        Slice { start: self.start, end: next.end.max(self.end) }
    }

    #[cfg(test)]
    pub fn contains(self, other: Slice) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// Collects the pieces of a [`Text`].
#[derive(Debug, Default)]
pub struct TextBuilder {
    text: String,
}

impl TextBuilder {
    /// Begins with the body of a note, of which [`TextBuilder::body`] can cut pieces.
    pub fn new(body: &str) -> TextBuilder {
        TextBuilder { text: body.to_owned() }
    }

    /// A piece of the body; empty when it is none.
    pub fn body(&self, place: std::ops::Range<usize>) -> Slice {
        match self.text.get(place.clone()) {
            Some(_) => Slice { start: place.start as u32, end: place.end as u32 },
            None => Slice::default(),
        }
    }

    /// Adds a piece.
    pub fn keep(&mut self, piece: &str) -> Slice {
        let start = self.text.len() as u32;
        self.text.push_str(piece);
        Slice { start, end: self.text.len() as u32 }
    }

    pub fn finish(self) -> Text {
        Text(self.text.into_boxed_str())
    }
}
