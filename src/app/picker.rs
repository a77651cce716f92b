//! Pickers: a list to pick from with the cursor, by letter, or by typing part of a name.

use super::{
    command::Command,
    fuzzy::FuzzyMatcher,
    key::{Key, KeyCode},
    line_edit::LineEdit,
    scroll::Scroll,
    tags,
};
use crate::{
    insight::thread::Topic,
    log::{Entry, Reference},
    note::EntryKey,
    page::LETTERS,
    reference::RefKind,
    text::clean_line,
};

/// A list to pick from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    pub title: String,
    pub items: Vec<PickerItem>,
    /// Places in `items` of those that match the filter, the best first.
    pub shown: Vec<usize>,
    /// Text that narrows the list; without one, letters pick.
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
        /// Name in the configuration, and title.
        name: String,
        keys: String,
    },
    /// Something to filter by, with the heading of its group.
    Filter(&'static str, tags::FilterItem),
    /// Something that entries mention; picking it shows its thread.
    Topic {
        topic: Topic,
        what: &'static str,
        name: String,
    },
}

/// Action on the chosen reference.
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
    /// Days of the entry.
    pub left: String,
    pub text: String,
    /// Text at the right edge.
    pub right: String,
}

impl JumpTarget {
    /// Makes a target of `entry`, described by `text`.
    pub fn new(entry: Entry<'_>, text: String) -> JumpTarget {
        let left = entry.span().map_or_else(|| "undated".to_owned(), |span| span.label());
        JumpTarget { key: entry.key(), left, text, right: String::new() }
    }

    /// Makes a target of `entry`, described by its title.
    pub fn entry(entry: Entry<'_>) -> JumpTarget {
        JumpTarget::new(entry, clean_line(entry.title()).into_owned())
    }
}

impl PickerItem {
    /// Makes an item of a topic of kind `what`.
    pub fn topic(topic: Topic, what: &'static str, name: &str) -> PickerItem {
        PickerItem::Topic { topic, what, name: clean_line(name).into_owned() }
    }

    /// Makes an item of the thread of a tag.
    pub fn tag(name: &str) -> PickerItem {
        PickerItem::topic(Topic::tag(name), "tag", name)
    }

    /// Makes an item of the thread of a reference.
    pub fn thread_of(reference: &Reference<'_>) -> PickerItem {
        PickerItem::topic(Topic::of(reference), reference.kind.name(), reference.id)
    }

    /// The name that typing is compared with.
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
    /// Makes a list in which letters pick.
    pub fn by_letter(title: impl Into<String>, items: Vec<PickerItem>) -> Picker {
        let shown = (0..items.len()).collect();
        Picker { title: title.into(), items, shown, filter: None, scroll: Scroll::default() }
    }

    /// Makes a list that typing narrows from the start.
    pub fn by_name(title: impl Into<String>, items: Vec<PickerItem>) -> Picker {
        Picker { filter: Some(LineEdit::default()), ..Picker::by_letter(title, items) }
    }

    /// Lets typing narrow the list from now on.
    pub fn narrow(&mut self) {
        self.filter.get_or_insert_default();
    }

    /// Handles a key in the filter. Returns false if it has no meaning there.
    pub fn press(&mut self, key: Key) -> bool {
        let Some(filter) = &mut self.filter else { return false };
        let before = filter.text().to_owned();
        let is_handled = filter.press(key);
        if before != filter.text() {
            self.refresh();
        }
        is_handled
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

    /// Moves to the item whose letter is `key`. Returns false if there is none.
    pub fn pick(&mut self, key: Key) -> bool {
        let KeyCode::Char(letter) = key.narrowed().code else { return false };
        if key.ctrl || key.alt || self.filter.is_some() {
            return false;
        }
        match LETTERS.chars().position(|known| known == letter) {
            Some(at) if at < self.shown.len() => {
                self.scroll.cursor = at;
                true
            }
            _ => false,
        }
    }
}
