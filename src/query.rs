//! Query: the entries to show, as a value.
//!
//! The search box, the tag pane and the command line all edit or pass this one value.
//! [`Query::matches`] defines its meaning; the index is an optimization of it, and a property test
//! keeps them equal. Knows nothing of indexes, screens or today's date.

mod complete;
mod explain;
mod fact;
mod field;
mod find;
mod highlight;
mod matching;
mod parse;
mod period;
mod rank;
pub mod similar;
mod suggest;

pub use complete::{Completion, complete};
pub use fact::{Fact, facts};
pub use find::Find;
pub use matching::Needle;
pub use parse::{LocatedAtom, Notice, ParsedQuery};
pub use period::Period;
pub use suggest::{SUGGESTIONS, Suggestion};

use crate::{
    log::Log,
    note::{EntryKey, Kind},
};
use jiff::civil::Date;
use std::{collections::BTreeSet, fmt, sync::Arc};

/// Clauses that must all hold. The empty query matches every entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub clauses: Vec<Clause>,
    /// Order that is asked for. Without one, results are listed by [`Order::Relevance`] if the query
    /// has words, else by [`Order::Newest`].
    pub order: Option<Order>,
}

/// Order in which hits are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Newest,
    Oldest,
    Relevance,
}

impl Order {
    pub const ALL: [Order; 3] = [Order::Newest, Order::Oldest, Order::Relevance];

    pub fn name(self) -> &'static str {
        match self {
            Order::Newest => "date",
            Order::Oldest => "oldest",
            Order::Relevance => "relevance",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub negated: bool,
    pub atom: Atom,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Atom {
    /// Text without blanks. The last word of a query, and of each alternative, also finds longer
    /// words that begin with it.
    Word(String),
    /// Text that must occur exactly so.
    Phrase(String),
    /// Name of a tag, as written. Tags below it match too.
    Tag(String),
    Kind(Kind),
    /// Text in one part of the entry.
    In(EntryPart, String),
    /// Property of an entry: a reference, a host, a picture.
    Fact(Fact),
    /// Entries that end on or after the first day of this period.
    After(Period),
    /// Entries that begin before the first day of this period.
    Before(Period),
    /// Time that shares a day with the entry.
    During(Period),
    /// Keys of the entries with a bookmark. They are not written in the query: see
    /// [`Query::with_bookmarks`].
    Bookmarked(Arc<BTreeSet<EntryKey>>),
    /// Alternatives, of which at least one must hold.
    Any(Vec<Query>),
}

/// Part of an entry that can be searched by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryPart {
    Title,
    /// Headings above the entry.
    Section,
    /// Path of the note.
    Path,
}

impl EntryPart {
    pub const ALL: [EntryPart; 3] = [EntryPart::Title, EntryPart::Section, EntryPart::Path];

    pub fn name(self) -> &'static str {
        match self {
            EntryPart::Title => "title",
            EntryPart::Section => "in",
            EntryPart::Path => "path",
        }
    }
}

impl Query {
    /// Parses what a person typed. Never fails: what is not a clause is searched as text, with a
    /// notice. Words such as `last-week` need a date to count from: see [`Query::parse_on`].
    pub fn parse(text: &str) -> (Query, Vec<Notice>) {
        let ParsedQuery { query, notices, .. } = parse::parse(text, None);
        (query, notices)
    }

    /// Parses like [`Query::parse`], with the date of today and the places of the clauses.
    pub fn parse_on(text: &str, today: Option<Date>) -> ParsedQuery {
        parse::parse(text, today)
    }

    /// Replaces each name of a tag by the one that `log` lists it under; the hits stay the same.
    #[must_use]
    pub fn resolved(mut self, log: &Log) -> Query {
        for clause in &mut self.clauses {
            if let Atom::Tag(name) = &mut clause.atom
                && let Some(tag) = log.tag(name)
            {
                name.clone_from(&log.tags()[tag.0 as usize].name);
            } else if let Atom::Any(queries) = &mut clause.atom {
                for query in queries {
                    *query = std::mem::take(query).resolved(log);
                }
            }
        }
        self
    }

    /// Sets the bookmarks that `is:bookmarked` refers to.
    #[must_use]
    pub fn with_bookmarks(&self, keys: &Arc<BTreeSet<EntryKey>>) -> Query {
        let mut query = self.clone();
        for clause in &mut query.clauses {
            if let Atom::Bookmarked(known) = &mut clause.atom {
                known.clone_from(keys);
            } else if let Atom::Any(queries) = &mut clause.atom {
                for query in queries {
                    *query = query.with_bookmarks(keys);
                }
            }
        }
        query
    }

    /// Returns true if `is:bookmarked` occurs in the query.
    pub(crate) fn asks_for_bookmarks(&self) -> bool {
        self.clauses.iter().any(|clause| match &clause.atom {
            Atom::Bookmarked(_) => true,
            Atom::Any(queries) => queries.iter().any(Query::asks_for_bookmarks),
            Atom::Word(_)
            | Atom::Phrase(_)
            | Atom::In(..)
            | Atom::Tag(_)
            | Atom::Kind(_)
            | Atom::Fact(_)
            | Atom::After(_)
            | Atom::Before(_)
            | Atom::During(_) => false,
        })
    }

    /// Returns true if the query finds every entry, in the order of the log.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty() && matches!(self.order, None | Some(Order::Newest))
    }

    /// Returns true if the query has words, and not only filters.
    pub(crate) fn has_words(&self) -> bool {
        self.clauses.iter().any(|clause| match &clause.atom {
            Atom::Word(_) | Atom::Phrase(_) | Atom::In(..) => true,
            Atom::Any(queries) => queries.iter().any(Query::has_words),
            Atom::Tag(_)
            | Atom::Kind(_)
            | Atom::Fact(_)
            | Atom::After(_)
            | Atom::Before(_)
            | Atom::During(_)
            | Atom::Bookmarked(_) => false,
        })
    }

    /// Returns the order in which hits are listed: the one asked for, else relevance if the query
    /// has words.
    pub fn order(&self) -> Order {
        self.order.unwrap_or(if self.has_words() { Order::Relevance } else { Order::Newest })
    }

    /// Returns the index of the clause whose word may be unfinished: the last word, if it is
    /// required.
    pub fn unfinished(&self) -> Option<usize> {
        let last = self.clauses.iter().rposition(|clause| matches!(clause.atom, Atom::Word(_) | Atom::Phrase(_)))?;
        (matches!(self.clauses[last].atom, Atom::Word(_)) && !self.clauses[last].negated).then_some(last)
    }

    /// Returns the stance of the query towards a tag or kind.
    pub fn stance(&self, atom: &Atom) -> Stance {
        match self.clauses.iter().find(|clause| clause.atom == *atom) {
            Some(Clause { negated: false, .. }) => Stance::Required,
            Some(Clause { negated: true, .. }) => Stance::Excluded,
            None => Stance::Neither,
        }
    }

    /// Sets the stance towards `atom`, or clears it if it is the present one.
    #[must_use]
    pub fn toggled(&self, atom: Atom, stance: Stance) -> Query {
        let before = self.stance(&atom);
        let mut query = self.clone();
        query.clauses.retain(|clause| clause.atom != atom);
        if stance != before && stance != Stance::Neither {
            query.clauses.push(Clause { negated: stance == Stance::Excluded, atom });
        }
        query
    }

    /// Drops the clauses about tags and kinds.
    #[must_use]
    pub(crate) fn without_filters(&self) -> Query {
        let mut query = self.clone();
        query.clauses.retain(|clause| !matches!(clause.atom, Atom::Tag(_) | Atom::Kind(_)));
        query
    }
}

/// Stance of a query towards a tag or kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    Required,
    Excluded,
    Neither,
}

/// Prints the query as it would be typed: parsing that gives the same query.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, clause) in self.clauses.iter().enumerate() {
            let blank = if at > 0 { " " } else { "" };
            let not = if clause.negated { "-" } else { "" };
            write!(f, "{blank}{not}{}", clause.atom)?;
        }
        if let Some(order) = self.order {
            let blank = if self.clauses.is_empty() { "" } else { " " };
            write!(f, "{blank}sort:{}", order.name())?;
        }
        Ok(())
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Atom::Word(word) => f.write_str(word),
            Atom::Phrase(text) => write!(f, "\"{text}\""),
            Atom::Tag(name) => write!(f, "tag:{name}"),
            Atom::Kind(kind) => write!(f, "kind:{}", kind.name()),
            Atom::In(part, text) => write!(f, "{}:{}", part.name(), quoted(text)),
            Atom::Fact(fact) => write!(f, "{}:{}", fact.field(), quoted(fact.value())),
            Atom::Bookmarked(_) => f.write_str("is:bookmarked"),
            Atom::After(period) => write!(f, "after:{}", quoted(&period.text)),
            Atom::Before(period) => write!(f, "before:{}", quoted(&period.text)),
            Atom::During(period) => write!(f, "date:{}", quoted(&period.text)),
            Atom::Any(queries) => {
                let shown: Vec<String> = queries.iter().map(Query::to_string).collect();
                write!(f, "({})", shown.join(" OR "))
            }
        }
    }
}

/// Quotes a value with blanks, so that it can follow a colon.
fn quoted(value: &str) -> std::borrow::Cow<'_, str> {
    if value.contains(char::is_whitespace) { format!("\"{value}\"").into() } else { value.into() }
}
