//! Pickers: a list to pick from with the cursor, by letter, or by typing part of a name.

use super::{
    command::Command,
    fuzzy::Fuzzy,
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
    pub items: Vec<Item>,
    /// Places in `items` of those that fit the filter, the best first.
    pub shown: Vec<usize>,
    /// What narrows the list; while there is none, letters pick.
    pub filter: Option<LineEdit>,
    pub scroll: Scroll,
}

/// Something to pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    Reference(Choice, Purpose),
    Place(Place),
    Command {
        command: Command,
        /// Its name in configuration and what it does.
        name: String,
        keys: String,
    },
    /// Something to filter by, with the heading of its group.
    Filter(&'static str, tags::Item),
    /// Something that entries mention: it leads to its thread.
    Topic {
        topic: Topic,
        what: &'static str,
        name: String,
    },
}

/// What is done with a chosen reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Open,
    Copy,
}

/// A reference to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub kind: RefKind,
    pub id: String,
    pub host: String,
    pub url: String,
    pub label: String,
    pub inferred: bool,
}

/// An entry to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub key: EntryKey,
    /// When it was, or what it is.
    pub left: String,
    pub text: String,
    /// What stands at the right edge.
    pub right: String,
}

impl Item {
    /// What typing is compared with.
    pub fn name(&self) -> &str {
        match self {
            Item::Reference(choice, _) if choice.label.is_empty() => &choice.id,
            Item::Reference(choice, _) if choice.kind == RefKind::Link => &choice.label,
            Item::Reference(choice, _) => &choice.id,
            Item::Place(place) => &place.text,
            Item::Filter(_, item) => &item.name,
            Item::Command { name, .. } | Item::Topic { name, .. } => name,
        }
    }
}

impl Picker {
    /// A list in which letters pick.
    pub fn by_letter(title: impl Into<String>, items: Vec<Item>) -> Picker {
        let shown = (0..items.len()).collect();
        Picker { title: title.into(), items, shown, filter: None, scroll: Scroll::default() }
    }

    /// A list that typing narrows from the start.
    pub fn by_name(title: impl Into<String>, items: Vec<Item>) -> Picker {
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
        self.shown = Fuzzy::new(typed).rank(self.items.iter().map(Item::name));
        self.scroll = Scroll::default();
    }

    /// The item under the cursor.
    pub fn current(&self) -> Option<&Item> {
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
