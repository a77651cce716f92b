//! A line editor: text in graphemes, and a cursor between them.

use super::key::{Key, KeyCode};
use unicode_segmentation::UnicodeSegmentation;

/// An edited line.
///
/// Invariant: the cursor is on a grapheme boundary; the text is one line and fit for display.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LineEdit {
    text: String,
    cursor: usize,
}

impl LineEdit {
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Position of the cursor in bytes.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Replaces the text; the cursor goes to its end.
    pub fn set(&mut self, text: &str) {
        self.text = crate::text::clean_line(text).into_owned();
        self.cursor = self.text.len();
    }

    /// Inserts `text` at the cursor; control characters are removed.
    pub fn insert(&mut self, text: &str) {
        let text = crate::text::clean_line(text);
        self.text.insert_str(self.cursor, &text);
        let end = self.cursor + text.len();
        // A combining mark joins the character before it: the cursor goes after the whole.
        let cursor = self.boundaries().find(|at| *at >= end);
        self.cursor = cursor.unwrap_or(self.text.len());
    }

    /// Replaces `place`, which is on character boundaries, by `text`, and moves the cursor after it.
    /// Control characters are removed.
    pub fn replace(&mut self, place: std::ops::Range<usize>, text: &str) {
        if self.text.get(place.clone()).is_some() {
            self.cursor = place.start;
            self.text.replace_range(place, "");
            self.insert(text);
        }
    }

    /// Handles a key. Returns false if it has no meaning in a line of text.
    pub fn press(&mut self, key: Key) -> bool {
        match (key.code, key.ctrl, key.alt) {
            (KeyCode::Char(c), false, false) => self.insert(c.encode_utf8(&mut [0; 4])),
            (KeyCode::Backspace, false, false) | (KeyCode::Char('h'), true, false) => {
                self.remove(self.before()..self.cursor);
            }
            (KeyCode::Delete, ..) | (KeyCode::Char('d'), true, false) => self.remove(self.cursor..self.after()),
            (KeyCode::Char('u'), true, false) => self.remove(0..self.cursor),
            (KeyCode::Char('k'), true, false) => self.remove(self.cursor..self.text.len()),
            (KeyCode::Char('w'), true, false) | (KeyCode::Backspace, _, true) => {
                self.remove(self.word_before()..self.cursor);
            }
            (KeyCode::Left, false, false) | (KeyCode::Char('b'), true, false) => self.cursor = self.before(),
            (KeyCode::Right, false, false) | (KeyCode::Char('f'), true, false) => self.cursor = self.after(),
            (KeyCode::Left, ..) | (KeyCode::Char('b'), _, true) => self.cursor = self.word_before(),
            (KeyCode::Home, ..) | (KeyCode::Char('a'), true, false) => self.cursor = 0,
            (KeyCode::End, ..) | (KeyCode::Char('e'), true, false) => self.cursor = self.text.len(),
            _ => return false,
        }
        true
    }

    fn remove(&mut self, place: std::ops::Range<usize>) {
        self.text.replace_range(place.clone(), "");
        // The text on both sides may have become one grapheme.
        let cursor = self.boundaries().rfind(|at| *at <= place.start);
        self.cursor = cursor.unwrap_or(0);
    }

    fn boundaries(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.text.grapheme_indices(true).map(|(at, _)| at).chain([self.text.len()])
    }

    fn before(&self) -> usize {
        self.boundaries().rfind(|at| *at < self.cursor).unwrap_or(0)
    }

    fn after(&self) -> usize {
        self.boundaries().find(|at| *at > self.cursor).unwrap_or(self.text.len())
    }

    fn word_before(&self) -> usize {
        let before = self.text[..self.cursor].trim_end();
        before.rfind(char::is_whitespace).map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(keys: &[&str]) -> LineEdit {
        let mut line = LineEdit::default();
        for key in keys {
            line.press(Key::parse(key).expect("a key"));
        }
        line
    }

    #[test]
    fn editing_moves_by_what_people_see() {
        assert_eq!(typed(&["容", "器", "backspace"]).text(), "容");
        assert_eq!(typed(&["a", "space", "b", "ctrl-w"]).text(), "a ");
        assert_eq!(typed(&["a", "b", "left", "x"]).text(), "axb");
        assert_eq!(typed(&["a", "b", "ctrl-u"]).text(), "");
        let mut line = LineEdit::default();
        line.insert("👩\u{200d}💻\nx\u{1b}[31m");
        assert_eq!(line.text(), "👩\u{200d}💻 x");
        line.press(Key::parse("home").expect("a key"));
        line.press(Key::parse("delete").expect("a key"));
        assert_eq!(line.text(), " x");
    }

    proptest! {
        #[test]
        fn the_cursor_stays_between_graphemes(keys in prop::collection::vec(prop::sample::select(vec!["a", "容", "\u{301}", "left", "right", "backspace", "delete", "ctrl-w", "home", "🏳", "\u{200d}", "🌈"]), 0..40)) {
            let line = typed(&keys);
            prop_assert!(line.boundaries().any(|at| at == line.cursor()), "{line:?}");
        }
    }
}
