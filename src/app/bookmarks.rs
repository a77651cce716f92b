//! Bookmarks and the last position: what of the reader's place is saved for the next run.

use super::{
    Effect, Model, Severity,
    command::Command,
    overlay::Overlay,
    picker::{JumpTarget, Picker, PickerItem},
    saved_state::{Bookmark, HexEntryKey},
    search::search,
};
use crate::text::clean_line;

impl Model {
    /// The selected entry, to be selected again by the next run.
    pub fn position(&self) -> Option<HexEntryKey> {
        self.current().map(|entry| HexEntryKey(entry.key()))
    }
}

/// Adds a bookmark on the selected entry, or removes it.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let JumpTarget { key, left, text, .. } = JumpTarget::entry(entry);
    let path = entry.note().path.clone();
    let bookmark = Bookmark { key: HexEntryKey(key), title: text, path, line: entry.line(), when: left };
    let on = !model.saved.has(key);
    model.saved.set_bookmark(bookmark.clone(), on);
    let list = model.key_of(Command::Bookmarks);
    let message = if on { format!("Bookmark added; {list} lists bookmarks") } else { "Bookmark removed".to_owned() };
    model.say(Severity::Plain, message);
    let mut effects = vec![Effect::SetBookmark { bookmark, on }];
    if model.search.query.asks_for_bookmarks() {
        effects.extend(search(model));
    }
    effects
}

/// Lists bookmarks, the newest first. One whose entry is gone shows its path and line.
pub(super) fn pick(model: &mut Model) {
    let mut items = Vec::new();
    for bookmark in model.saved.bookmarks.iter().rev() {
        let is_lost = model.notes.log.find(bookmark.key.0).is_none();
        // A veiled entry looks like a lost one, and its bookmark would reveal the title.
        if is_lost && model.veil == Some(true) {
            continue;
        }
        items.push(PickerItem::Place(target(bookmark, is_lost)));
    }
    if items.is_empty() {
        let key = model.key_of(Command::Bookmark);
        model.say(Severity::Plain, format!("No bookmarks yet; {key} adds one for this entry"));
    } else {
        model.reading.overlays.push(Overlay::Picker(Picker::by_name("Bookmarks", items)));
    }
}

fn target(bookmark: &Bookmark, is_lost: bool) -> JumpTarget {
    let right = if is_lost { format!("gone; was {}:{}", bookmark.path, bookmark.line) } else { String::new() };
    JumpTarget {
        key: bookmark.key.0,
        left: bookmark.when.clone(),
        text: bookmark.title.clone(),
        right: clean_line(&right).into_owned(),
    }
}
