//! Pickers: a list to pick from with the cursor, by letter, or by typing part of a name.

use super::{
    command::Command,
    fuzzy::FuzzyMatcher,
    key::{Key, KeyCode},
    line_edit::LineEdit,
    scroll::Scroll,
    tags,
};
use crate::{insight::thread::Topic, note::EntryKey, page::LETTERS, reference::RefKind};

/// A list to pick from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    pub title: String,
    pub items: Vec<PickerItem>,
    /// Places in `items` of those that fit the filter, the best first.
    pub shown: Vec<usize>,
    /// What narrows the list; while there is none, letters pick.
    pub filter: Option<LineEdit>,
    pub scroll: Scroll,
}

/// Something to pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PickerItem {
    Reference(ReferenceItem, LinkAction),
    Place(JumpTarget),
    Command {
        command: Command,
        /// Its name in configuration and what it does.
        name: String,
        keys: String,
    },
    /// Something to filter by, with the heading of its group.
    Filter(&'static str, tags::FilterItem),
    /// Something that entries mention: it leads to its thread.
    Topic {
        topic: Topic,
        what: &'static str,
        name: String,
    },
}

/// What is done with a chosen reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkAction {
    Open,
    Copy,
}

/// A reference to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceItem {
    pub kind: RefKind,
    pub id: String,
    pub host: String,
    pub url: String,
    pub label: String,
    pub inferred: bool,
}

/// An entry to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JumpTarget {
    pub key: EntryKey,
    /// When it was, or what it is.
    pub left: String,
    pub text: String,
    /// What stands at the right edge.
    pub right: String,
}

impl PickerItem {
    /// What typing is compared with.
    pub fn name(&self) -> &str {
        match self {
            PickerItem::Reference(choice, _) if choice.label.is_empty() => &choice.id,
            PickerItem::Reference(choice, _) if choice.kind == RefKind::Link => &choice.label,
            PickerItem::Reference(choice, _) => &choice.id,
            PickerItem::Place(place) => &place.text,
            PickerItem::Filter(_, item) => &item.name,
            PickerItem::Command { name, .. } | PickerItem::Topic { name, .. } => name,
        }
    }
}

impl Picker {
    /// A list in which letters pick.
    pub fn by_letter(title: impl Into<String>, items: Vec<PickerItem>) -> Picker {
        let shown = (0..items.len()).collect();
        Picker { title: title.into(), items, shown, filter: None, scroll: Scroll::default() }
    }

    /// A list that typing narrows from the start.
    pub fn by_name(title: impl Into<String>, items: Vec<PickerItem>) -> Picker {
        Picker { filter: Some(LineEdit::default()), ..Picker::by_letter(title, items) }
    }

    /// From now on, typing narrows the list.
    pub fn narrow(&mut self) {
        self.filter.get_or_insert_default();
    }

    /// Does what `key` does in the filter. Whether it meant anything there.
    pub fn press(&mut self, key: Key) -> bool {
        let Some(filter) = &mut self.filter else { return false };
        let before = filter.text().to_owned();
        let meant = filter.press(key);
        if before != filter.text() {
            self.refresh();
        }
        meant
    }

    /// Puts `text` into the filter.
    pub fn paste(&mut self, text: &str) {
        self.filter.get_or_insert_default().insert(text);
        self.refresh();
    }

    fn refresh(&mut self) {
        let typed = self.filter.as_ref().map_or("", LineEdit::text);
        self.shown = FuzzyMatcher::new(typed).rank(self.items.iter().map(PickerItem::name));
        self.scroll = Scroll::default();
    }

    /// The item under the cursor.
    pub fn current(&self) -> Option<&PickerItem> {
        self.items.get(*self.shown.get(self.scroll.cursor)?)
    }

    /// Moves to the item that `key` stands for, if it is a letter that stands for one.
    pub fn pick(&mut self, key: Key) -> bool {
        let KeyCode::Char(letter) = key.narrowed().code else { return false };
        if key.ctrl || key.alt || self.filter.is_some() {
            return false;
        }
        let at = LETTERS.chars().position(|known| known == letter).filter(|at| *at < self.shown.len());
        at.inspect(|at| self.scroll.cursor = *at).is_some()
    }
}
