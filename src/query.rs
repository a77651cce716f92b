//! Query: what to show, as a value.
//!
//! The search box, the tag pane and the command line all edit or pass this one value.
//! [`Query::matches`] is its meaning; the index is an optimisation of it and a property test
//! holds them together. Knows nothing of indexes, screens or today's date.

mod highlight;
mod matching;
mod parse;

pub use matching::Needle;
pub use parse::Notice;

use crate::log::Kind;
use jiff::civil::Date;
use std::fmt;

/// Clauses that must all hold. The empty query matches everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub clauses: Vec<Clause>,
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
    /// Entries that reach into or beyond the first day of this time.
    After(Day),
    /// Entries that begin before the first day of this time.
    Before(Day),
    /// At least one of these.
    Any(Vec<Query>),
}

/// A day given as a date, week, month or year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// As it was written: free of blanks and quotes.
    pub text: String,
    /// The first day it covers.
    pub first: Date,
}

impl Query {
    /// Reads what a person typed. Never fails: what is no clause is searched as text, and said.
    pub fn parse(text: &str) -> (Query, Vec<Notice>) {
        parse::parse(text)
    }

    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Whether the query looks for words, and not only filters.
    pub fn has_words(&self) -> bool {
        self.clauses.iter().any(|clause| match &clause.atom {
            Atom::Word(_) | Atom::Phrase(_) => true,
            Atom::Any(queries) => queries.iter().any(Query::has_words),
            _ => false,
        })
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
        Query { clauses: self.clauses.iter().filter(|clause| !is_filter(clause)).cloned().collect() }
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
            Atom::After(day) => write!(f, "after:{}", day.text),
            Atom::Before(day) => write!(f, "before:{}", day.text),
            Atom::Any(queries) => {
                let shown: Vec<String> = queries.iter().map(Query::to_string).collect();
                write!(f, "({})", shown.join(" OR "))
            }
        }
    }
}
