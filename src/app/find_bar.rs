//! Finding in the entry that is read: what is looked for, and the place the reader stands on.
//!
//! Without something to find, the places are those that the query matched.

use super::{
    Model, Pane, Severity,
    key::{Key, KeyCode},
    line_edit::LineEdit,
};

/// A text looked for in the entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FindBar {
    pub line: LineEdit,
    /// The line has the keys.
    pub is_typing: bool,
    /// The first line in view when it began: typing looks from there.
    pub from: usize,
}

/// A step that went over the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrapAround {
    FromTop,
    FromBottom,
}

/// Opens the line of the find, with what it had.
pub(super) fn begin(model: &mut Model) {
    model.window.focus = Pane::Entry;
    let from = model.reading.entry.scroll.top;
    let finding = model.reading.entry.finding.get_or_insert_default();
    (finding.is_typing, finding.from) = (true, from);
}

/// A key in the line of the find. Rubbing out an empty line ends it.
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

/// Leaves the line of the find; with nothing in it, the find is over.
pub(super) fn keep(model: &mut Model) {
    if let Some(finding) = &mut model.reading.entry.finding {
        finding.is_typing = false;
        if finding.line.text().is_empty() {
            model.reading.entry.finding = None;
        }
    }
}

/// Ends the find. Whether there was one.
pub(super) fn end(model: &mut Model) -> bool {
    model.reading.entry.finding.take().is_some()
}

/// Goes to the next place, or the one before, and says which it is.
pub(super) fn step(model: &mut Model, forward: bool) {
    let height = model.height(Pane::Entry);
    model.reading.entry.step(forward, height);
    if model.reading.entry.finding.is_some() {
        return;
    }
    match model.reading.entry.position() {
        Some(position) => model.say(Severity::Plain, position),
        None => model.say(Severity::Plain, "The query marks nothing here: f finds in this entry"),
    }
}
