//! Query: what to show, as a value.
//!
//! The search box, the tag pane and the command line all edit or pass this one value.
//! [`Query::matches`] is its meaning; the index is an optimisation of it and a property test
//! holds them together. Knows nothing of indexes, screens or today's date.

mod complete;
mod explain;
mod fact;
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

/// Clauses that must all hold. The empty query matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub clauses: Vec<Clause>,
    /// The order that is asked for; none is [`Order::Newest`] for a query without words and
    /// [`Order::Relevance`] for one with them, wherever results stand in a list of their own.
    pub order: Option<Order>,
}

/// In which order hits are listed.
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
    /// Text without blanks. The last one of a query, and of each alternative, also finds what
    /// it is the beginning of.
    Word(String),
    /// Exactly this text.
    Phrase(String),
    /// A tag or one below it, as written.
    Tag(String),
    Kind(Kind),
    /// Text that stands in one part of the entry.
    In(EntryPart, String),
    /// Something an entry has or has not: a reference, a host, a picture.
    Fact(Fact),
    /// Entries that reach into or beyond the first day of this time.
    After(Period),
    /// Entries that begin before the first day of this time.
    Before(Period),
    /// Entries that share a day with this time.
    During(Period),
    /// Entries with a bookmark. Which those are is no part of the query as it is written: see
    /// [`Query::with_bookmarks`].
    Bookmarked(Arc<BTreeSet<EntryKey>>),
    /// At least one of these.
    Any(Vec<Query>),
}

/// A part of an entry in which text is looked for by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryPart {
    Title,
    /// The headings above it.
    Section,
    /// The path of its note.
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
    /// Reads what a person typed. Never fails: what is no clause is searched as text, and said.
    /// Words such as `last-week` need a today: see [`Query::parse_on`].
    pub fn parse(text: &str) -> (Query, Vec<Notice>) {
        let ParsedQuery { query, notices, .. } = parse::parse(text, None);
        (query, notices)
    }

    /// As [`Query::parse`], on a day, and with the places of its pieces.
    pub fn parse_on(text: &str, today: Option<Date>) -> ParsedQuery {
        parse::parse(text, today)
    }

    /// With each tag under the name that `log` has it by, whatever it was called: what it finds
    /// there is the same.
    #[must_use]
    pub fn resolved(mut self, log: &Log) -> Query {
        for clause in &mut self.clauses {
            match &mut clause.atom {
                Atom::Tag(name) => {
                    if let Some(tag) = log.tag(name) {
                        name.clone_from(&log.tags()[tag.0 as usize].name);
                    }
                }
                Atom::Any(queries) => {
                    for query in queries {
                        *query = std::mem::take(query).resolved(log);
                    }
                }
                _ => {}
            }
        }
        self
    }

    /// The query with the bookmarks that `ptr_eq:bookmarked` means.
    #[must_use]
    pub fn with_bookmarks(&self, keys: &Arc<BTreeSet<EntryKey>>) -> Query {
        let clause = |clause: &Clause| Clause {
            negated: clause.negated,
            atom: match &clause.atom {
                Atom::Bookmarked(_) => Atom::Bookmarked(keys.clone()),
                Atom::Any(queries) => Atom::Any(queries.iter().map(|query| query.with_bookmarks(keys)).collect()),
                atom => atom.clone(),
            },
        };
        Query { clauses: self.clauses.iter().map(clause).collect(), ..*self }
    }

    /// Whether it asks for bookmarks.
    pub fn asks_for_bookmarks(&self) -> bool {
        self.clauses.iter().any(|clause| match &clause.atom {
            Atom::Bookmarked(_) => true,
            Atom::Any(queries) => queries.iter().any(Query::asks_for_bookmarks),
            _ => false,
        })
    }

    /// Whether it finds everything, in the order of the log.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty() && matches!(self.order, None | Some(Order::Newest))
    }

    /// Whether the query looks for words, and not only filters.
    pub fn has_words(&self) -> bool {
        self.clauses.iter().any(|clause| match &clause.atom {
            Atom::Word(_) | Atom::Phrase(_) | Atom::In(..) => true,
            Atom::Any(queries) => queries.iter().any(Query::has_words),
            _ => false,
        })
    }

    /// The order in which hits are listed: the one asked for, else by relevance where there are
    /// words to be relevant to.
    pub fn order(&self) -> Order {
        self.order.unwrap_or(if self.has_words() { Order::Relevance } else { Order::Newest })
    }

    /// Index of the clause whose word is still being typed: the last word that is wanted.
    pub fn unfinished(&self) -> Option<usize> {
        let last = self.clauses.iter().rposition(|clause| matches!(clause.atom, Atom::Word(_) | Atom::Phrase(_)))?;
        (matches!(self.clauses[last].atom, Atom::Word(_)) && !self.clauses[last].negated).then_some(last)
    }

    /// How the query treats a tag or kind.
    pub fn stance(&self, atom: &Atom) -> Stance {
        match self.clauses.iter().find(|clause| clause.atom == *atom) {
            Some(Clause { negated: false, .. }) => Stance::Required,
            Some(Clause { negated: true, .. }) => Stance::Excluded,
            None => Stance::Neither,
        }
    }

    /// Gives `atom` the stance; with the stance it has already, neither.
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

    /// Without tags and kinds.
    #[must_use]
    pub fn without_filters(&self) -> Query {
        let is_filter = |clause: &Clause| matches!(clause.atom, Atom::Tag(_) | Atom::Kind(_));
        Query { clauses: self.clauses.iter().filter(|clause| !is_filter(clause)).cloned().collect(), ..*self }
    }
}

/// What a query says of a tag or kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    Required,
    Excluded,
    Neither,
}

/// As it would be typed: parsing it again gives the same query.
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

/// A value as it can stand behind a colon.
fn quoted(value: &str) -> std::borrow::Cow<'_, str> {
    if value.contains(char::is_whitespace) { format!("\"{value}\"").into() } else { value.into() }
}
