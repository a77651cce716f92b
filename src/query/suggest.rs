//! What would find something when a query finds nothing: the same with a clause less, or with one
//! put otherwise.
//!
//! Gives queries only; who can search counts them and keeps those that find something.

use super::{Atom, Clause, Query, parse::nearest_tag};
use crate::log::Log;

/// A query near one that finds nothing, and how many entries it finds: never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub query: Query,
    pub hits: usize,
}

/// Suggestions that are made: more is no help.
pub const SUGGESTIONS: usize = 4;

/// Clauses that are looked at, each of which costs a search or two.
const LOOKED_AT: usize = 8;

impl Query {
    /// Queries that may find something where this one does not, the nearest to it first: one
    /// clause put otherwise, then one left out, filters before words, then each by itself. None
    /// that asks for nothing in particular.
    pub fn relaxed(&self, log: &Log) -> Vec<Query> {
        let clauses = &self.clauses[..self.clauses.len().min(LOOKED_AT)];
        let one = |clauses: Vec<Clause>| Query { clauses, order: None };
        let mut relaxed: Vec<Query> = Vec::new();
        for (at, clause) in clauses.iter().enumerate().filter(|(_, clause)| !clause.negated) {
            for atoms in otherwise(&clause.atom, log) {
                let mut clauses = self.clauses.clone();
                clauses.splice(at..=at, atoms.into_iter().map(|atom| Clause { negated: false, atom }));
                relaxed.push(one(clauses));
            }
        }
        let is_word =
            |at: &usize| matches!(clauses[*at].atom, Atom::Word(_) | Atom::Phrase(_)) && !clauses[*at].negated;
        let (words, filters): (Vec<usize>, Vec<usize>) = (0..clauses.len()).partition(is_word);
        for at in filters.into_iter().chain(words) {
            let mut clauses = self.clauses.clone();
            clauses.remove(at);
            relaxed.push(one(clauses));
        }
        if self.clauses.len() > 2 {
            relaxed.extend(clauses.iter().map(|clause| one(vec![clause.clone()])));
        }
        relaxed.retain(|query| query.clauses.iter().any(|clause| !clause.negated));
        let mut known: Vec<Query> = Vec::new();
        for query in relaxed {
            if !known.contains(&query) {
                known.push(query);
            }
        }
        known
    }
}

/// Other ways to ask for what `atom` asks for: wider ones, and of a tag that no entry has, the
/// nearest that some have. All of each must hold.
fn otherwise(atom: &Atom, log: &Log) -> Vec<Vec<Atom>> {
    match atom {
        Atom::Tag(name) => {
            let leaf = name.rsplit('/').next().unwrap_or(name);
            let nearest = if log.tag(name).is_none() { nearest_tag(name, log) } else { None };
            let words = Atom::Phrase(leaf.replace('-', " "));
            let nearest = nearest.map(|tag| vec![Atom::Tag(tag.to_owned())]);
            nearest.into_iter().chain([vec![words]]).collect()
        }
        Atom::In(_, text) => vec![vec![Atom::Phrase(text.clone())]],
        Atom::Fact(fact) if matches!(fact.field(), "pr" | "issue" | "repo" | "cve" | "rfc" | "host") => {
            vec![vec![Atom::Phrase(fact.value().to_owned())]]
        }
        Atom::Phrase(text) if text.contains(' ') => {
            vec![text.split_whitespace().map(|word| Atom::Phrase(word.to_owned())).collect()]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(query: &str, expected: &[&str]) {
        let log = Log::from_entries(["- 甲 #nerdctl", "- 乙 #observability"]);
        let relaxed = Query::parse(query).0.relaxed(&log);
        assert_eq!(relaxed.iter().map(Query::to_string).collect::<Vec<_>>(), expected, "{query}");
    }

    #[test]
    fn clauses_are_put_otherwise_and_left_out() {
        check("甲 乙", &["乙", "甲"]);
        check("甲", &[]);
        check("甲 -乙", &["甲"]);
        check(
            "甲 after:2030 kind:pr sort:oldest",
            &["甲 kind:pr", "甲 after:2030", "after:2030 kind:pr", "甲", "after:2030", "kind:pr"],
        );
        check("tag:nerdclt", &["tag:nerdctl", "\"nerdclt\""]);
        check("tag:service-mesh x", &["\"service mesh\" x", "x", "tag:service-mesh"]);
        check("title:限流", &["\"限流\""]);
        check("pr:1331 -x", &["\"1331\" -x", "pr:1331"]);
        check("\"lazy load\"", &["\"lazy\" \"load\""]);
        check("", &[]);
        let many = "x ".repeat(100);
        assert!(Query::parse(&many).0.relaxed(&Log::default()).len() <= 3 * LOOKED_AT);
    }
}
