//! The tag pane: kinds, topics, repositories, sources and years of the current result, with counts.

use crate::{
    app::{command::Command, scroll::Scroll},
    log::{Counts, Log, TagId},
    note::Kind,
    query::{Atom, Fact, Period, Query, Stance},
};

/// Most repositories that are listed; the others are found by typing.
const REPOSITORIES: usize = 40;

/// A line of the tag pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagPaneRow {
    Heading(&'static str),
    Item(FilterItem),
}

/// Something to filter by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterItem {
    pub name: String,
    pub atom: Atom,
    /// Entries of the current result that have it.
    pub count: u32,
    pub stance: Stance,
}

/// State of the tag pane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TagPane {
    pub rows: Vec<TagPaneRow>,
    pub scroll: Scroll,
}

impl TagPane {
    /// Shows other counts. The cursor follows its item.
    pub fn show(&mut self, log: &Log, counts: &Counts, query: &Query, height: usize) {
        let current = self.item().map(|item| item.atom.clone());
        let before = self.scroll;
        let offset = before.cursor.saturating_sub(before.top);
        self.rows = rows(log, counts, query);
        let at = self.rows.iter().position(|row| match row {
            TagPaneRow::Item(item) => Some(&item.atom) == current.as_ref(),
            TagPaneRow::Heading(_) => false,
        });
        if let Some(at) = at {
            self.scroll.cursor = at;
            self.scroll.top = at.saturating_sub(offset);
        }
        self.settle(true, height);
    }

    /// All items, each with the heading of its group.
    pub fn items(&self) -> impl Iterator<Item = (&'static str, &FilterItem)> {
        let mut group = "";
        self.rows.iter().filter_map(move |row| match row {
            TagPaneRow::Heading(heading) => {
                group = heading;
                None
            }
            TagPaneRow::Item(item) => Some((group, item)),
        })
    }

    pub fn item(&self) -> Option<&FilterItem> {
        match self.rows.get(self.scroll.cursor)? {
            TagPaneRow::Item(item) => Some(item),
            TagPaneRow::Heading(_) => None,
        }
    }

    pub fn go(&mut self, command: Command, height: usize) -> bool {
        if let Command::NextGroup | Command::PreviousGroup = command {
            if let Some(heading) = self.group(command == Command::NextGroup) {
                // As much of the group as there is room for.
                self.scroll = Scroll { cursor: heading, top: heading };
                self.settle(true, height);
            }
            return true;
        }
        let moved = self.scroll.go(command, self.rows.len(), height);
        let down = !matches!(command, Command::Up | Command::HalfUp | Command::PageUp);
        if moved {
            self.settle(down, height);
        }
        moved
    }

    /// The heading of the next group; or that of this one from inside it, else of the one before.
    fn group(&self, next: bool) -> Option<usize> {
        let headings = || (0..self.rows.len()).filter(|at| matches!(self.rows[*at], TagPaneRow::Heading(_)));
        if next {
            headings().find(|at| *at > self.scroll.cursor)
        } else {
            headings().rfind(|at| at + 1 < self.scroll.cursor)
        }
    }

    pub fn select_row(&mut self, row: usize, height: usize) {
        self.scroll.cursor = row;
        self.settle(true, height);
    }

    /// Leaves a heading for the item after it, or before it when going up.
    fn settle(&mut self, down: bool, height: usize) {
        let last = self.rows.len().saturating_sub(1);
        self.scroll.cursor = self.scroll.cursor.min(last);
        let is_item = |at: &usize| matches!(self.rows.get(*at), Some(TagPaneRow::Item(_)));
        let after = || (self.scroll.cursor..=last).find(is_item);
        let before = || (0..=self.scroll.cursor).rev().find(is_item);
        let at = if down { after().or_else(before) } else { before().or_else(after) };
        self.scroll.cursor = at.unwrap_or(0);
        self.scroll.show(self.rows.len(), height);
        if self.scroll.cursor == 1 {
            self.scroll.top = 0;
        }
    }
}

fn rows(log: &Log, counts: &Counts, query: &Query) -> Vec<TagPaneRow> {
    let mut kinds = Vec::new();
    for kind in Kind::ALL {
        kinds.push(item(kind.name().to_owned(), Atom::Kind(kind), counts.kind(kind), query));
    }
    let (mut topics, mut discovered) = (Vec::new(), Vec::new());
    for (tag, id) in log.tags().iter().zip(0..) {
        // Tags that repeat a kind are listed as kinds.
        if Kind::from_name(&tag.name).is_some() {
            continue;
        }
        let item = item(tag.name.clone(), Atom::Tag(tag.name.clone()), counts.tag(TagId(id)), query);
        if tag.discovered.is_some() { discovered.push(item) } else { topics.push(item) }
    }
    topics.extend(unknown(log, query));
    let mut rows = Vec::new();
    rows.extend(group("Kinds", kinds));
    rows.extend(group("Topics", topics));
    rows.extend(group("Discovered", discovered));
    rows.extend(group("Repositories", repositories(log, counts, query)));
    let sources: Vec<FilterItem> = facts("source", counts.sources(log), query);
    rows.extend(group("Sources", if sources.len() > 1 { sources } else { Vec::new() }));
    let years = years(log, counts, query);
    rows.extend(listed("Years", if years.len() > 2 { years } else { Vec::new() }));
    rows
}

/// The most frequent repositories, and those that the query names.
fn repositories(log: &Log, counts: &Counts, query: &Query) -> Vec<FilterItem> {
    let mut found: Vec<(&str, u32)> = counts.repos(log).filter(|(_, count)| *count > 0).collect();
    if found.len() > REPOSITORIES {
        found.select_nth_unstable_by(REPOSITORIES, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        found.truncate(REPOSITORIES);
    }
    let mut items = facts("repo", found.into_iter(), query);
    for clause in &query.clauses {
        let Atom::Fact(fact) = &clause.atom else { continue };
        if fact.field() != "repo" || items.iter().any(|item| item.atom == clause.atom) {
            continue;
        }
        let known = counts.repos(log).find(|(name, _)| *name == fact.value());
        let count = match known {
            Some((_, count)) => count,
            // Every hit has a required repository, and none has an excluded one.
            None if clause.negated => 0,
            None => counts.all(),
        };
        items.push(item(fact.value().to_owned(), clause.atom.clone(), count, query));
    }
    items
}

fn facts<'n>(field: &str, names: impl Iterator<Item = (&'n str, u32)>, query: &Query) -> Vec<FilterItem> {
    let mut items = Vec::new();
    for (name, count) in names {
        if let Some(fact) = Fact::new(field, name) {
            items.push(item(name.to_owned(), Atom::Fact(fact), count, query));
        }
    }
    items
}

/// Years, the newest first, then the undated.
fn years(log: &Log, counts: &Counts, query: &Query) -> Vec<FilterItem> {
    let mut items = Vec::new();
    for (year, count) in counts.years(log) {
        if let Some(period) = Period::year(year) {
            items.push(item(period.text.clone(), Atom::During(period), count, query));
        }
    }
    items.extend(facts("is", std::iter::once(("undated", counts.undated())), query));
    items
}

/// Tags of the query that no entry has. They stay listed, so that they can be toggled off.
fn unknown<'a>(log: &'a Log, query: &'a Query) -> impl Iterator<Item = FilterItem> + 'a {
    let tags = query.clauses.iter().filter_map(|clause| match &clause.atom {
        Atom::Tag(name) if !log.tags().iter().any(|tag| tag.name == *name) => Some(name),
        _ => None,
    });
    tags.map(|name| item(name.clone(), Atom::Tag(name.clone()), 0, query))
}

fn item(name: String, atom: Atom, count: u32, query: &Query) -> FilterItem {
    let stance = query.stance(&atom);
    FilterItem { name, atom, count, stance }
}

/// Rows of a group, the most frequent first, then by name.
fn group(heading: &'static str, mut items: Vec<FilterItem>) -> impl Iterator<Item = TagPaneRow> {
    items.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    listed(heading, items)
}

/// Rows of a group in the order of `items`; those of the query are listed even without a hit.
fn listed(heading: &'static str, mut items: Vec<FilterItem>) -> impl Iterator<Item = TagPaneRow> {
    items.retain(|item| item.count > 0 || item.stance != Stance::Neither);
    let heading = (!items.is_empty()).then_some(TagPaneRow::Heading(heading));
    heading.into_iter().chain(items.into_iter().map(TagPaneRow::Item))
}
