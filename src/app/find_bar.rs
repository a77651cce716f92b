//! The find bar: finding text in the entry, and stepping through the matches.
//!
//! Without text to find, the matches are those of the query.

use super::{
    Model, Pane, Severity,
    key::{Key, KeyCode},
    line_edit::LineEdit,
};

/// Text to find in the entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindBar {
    pub line: LineEdit,
    /// The find bar has the keys.
    pub is_typing: bool,
    /// First line in view when the find began; typing finds from there.
    pub from: usize,
}

/// A step that wrapped around an end of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrapAround {
    FromTop,
    FromBottom,
}

/// Opens the find bar, with its last text if it is still shown.
pub(super) fn begin(model: &mut Model) {
    model.window.focus = Pane::Entry;
    let from = model.reading.entry.scroll.top;
    let finding = model.reading.entry.finding.get_or_insert_default();
    (finding.is_typing, finding.from) = (true, from);
}

/// Handles a key in the find bar. Backspace in an empty bar closes it.
pub(super) fn press(model: &mut Model, key: Key) {
    let Some(finding) = &mut model.reading.entry.finding else { return };
    if key.code == KeyCode::Backspace && finding.line.text().is_empty() {
        model.reading.entry.finding = None;
    } else {
        finding.line.press(key);
    }
}

/// Inserts pasted text into the find bar.
pub(super) fn paste(model: &mut Model, text: &str) {
    if let Some(find_bar) = &mut model.reading.entry.finding {
        find_bar.line.insert(text);
    }
}

/// Tests if the find bar has the keys.
pub(super) fn is_typing(model: &Model) -> bool {
    let Some(find_bar) = &model.reading.entry.finding else { return false };
    model.window.focus == Pane::Entry && find_bar.is_typing
}

/// Returns to the text and keeps the find; an empty find bar is closed.
pub(super) fn keep(model: &mut Model) {
    if let Some(finding) = &mut model.reading.entry.finding {
        finding.is_typing = false;
        if finding.line.text().is_empty() {
            model.reading.entry.finding = None;
        }
    }
}

/// Closes the find bar. Returns false if there was none.
pub(super) fn end(model: &mut Model) -> bool {
    model.reading.entry.finding.take().is_some()
}

/// Goes to the next or previous match, and reports its number.
pub(super) fn step(model: &mut Model, forward: bool) {
    let height = model.height(Pane::Entry);
    model.reading.entry.step(forward, height);
    if model.reading.entry.finding.is_some() {
        return;
    }
    match model.reading.entry.position() {
        Some(position) => model.say(Severity::Plain, position),
        None => model.say(Severity::Plain, "The query matches nothing here; f finds in this entry"),
    }
}
