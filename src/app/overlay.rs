//! Layers over the panes: the topmost gets the keys.

use super::scroll::Scroll;
use crate::{
    log::{EntryId, RefKind},
    page::LETTERS,
};

/// A layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlay {
    Help { filter: String, scroll: Scroll },
    Picker(Picker),
    Confirm(Confirm),
}

/// What is done with a chosen reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Open,
    Copy,
}

/// A choice among references.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker {
    pub purpose: Purpose,
    pub title: &'static str,
    pub choices: Vec<Choice>,
    pub scroll: Scroll,
}

/// A reference to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub entry: EntryId,
    pub kind: RefKind,
    pub id: String,
    pub host: String,
    pub url: String,
    pub label: String,
    pub inferred: bool,
}

/// A link whose label names another host than it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirm {
    pub label: String,
    pub host: String,
    pub url: String,
}

impl Picker {
    /// The choice that `letter` stands for.
    pub fn by_letter(&self, letter: char) -> Option<usize> {
        LETTERS.chars().position(|known| known == letter).filter(|at| *at < self.choices.len())
    }
}
