//! Suggestions for a query that finds nothing: the same query with one clause fewer, or with one
//! expressed differently.
//!
//! Makes queries only. The search counts them and keeps those that find something.

use super::{Atom, Clause, Query, fact::FactField, parse::nearest_tag};
use crate::log::Log;

/// Query similar to one that finds nothing, with the number of entries it finds: at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub query: Query,
    pub hits: usize,
}

/// Limit on the suggestions shown.
pub const SUGGESTIONS: usize = 4;

/// Clauses that are varied, each of which costs a search or two.
const LOOKED_AT: usize = 8;

impl Query {
    /// Lists queries that may find something where this one does not, the nearest first: one clause
    /// expressed differently, then one left out, filters before words, then each clause alone.
    /// Each requires something; none consists of exclusions alone.
    pub fn relaxed(&self, log: &Log) -> Vec<Query> {
        let clauses = &self.clauses[..self.clauses.len().min(LOOKED_AT)];
        let mut relaxed = self.rephrased(clauses, log);
        let (words, filters): (Vec<usize>, Vec<usize>) = (0..clauses.len()).partition(|at| is_word(&clauses[*at]));
        for at in filters.into_iter().chain(words) {
            let mut clauses = self.clauses.clone();
            clauses.remove(at);
            relaxed.push(clauses);
        }
        if self.clauses.len() > 2 {
            relaxed.extend(clauses.iter().map(|clause| vec![clause.clone()]));
        }
        let mut known: Vec<Query> = Vec::new();
        for clauses in relaxed {
            let query = Query { clauses, order: None };
            let requires_something = query.clauses.iter().any(|clause| !clause.negated);
            if requires_something && !known.contains(&query) {
                known.push(query);
            }
        }
        known
    }

    /// Lists the clauses of the query with one of `clauses`, its first ones, expressed differently.
    fn rephrased(&self, clauses: &[Clause], log: &Log) -> Vec<Vec<Clause>> {
        let mut rephrased = Vec::new();
        for (at, clause) in clauses.iter().enumerate() {
            if clause.negated {
                continue;
            }
            for atoms in alternatives(&clause.atom, log) {
                let atoms = atoms.into_iter().map(|atom| Clause { negated: false, atom });
                let mut clauses = self.clauses.clone();
                clauses.splice(at..=at, atoms);
                rephrased.push(clauses);
            }
        }
        rephrased
    }
}

fn is_word(clause: &Clause) -> bool {
    matches!(clause, Clause { negated: false, atom: Atom::Word(_) | Atom::Phrase(_) })
}

/// Lists wider ways to ask for what `atom` asks for, and, for a tag that no entry has, the nearest
/// known one. All atoms of one way must hold.
fn alternatives(atom: &Atom, log: &Log) -> Vec<Vec<Atom>> {
    match atom {
        Atom::Tag(name) => {
            let mut ways = Vec::new();
            if log.tag(name).is_none()
                && let Some(tag) = nearest_tag(name, log)
            {
                ways.push(vec![Atom::Tag(tag.to_owned())]);
            }
            let leaf = name.rsplit('/').next().unwrap_or(name);
            ways.push(vec![Atom::Phrase(leaf.replace('-', " "))]);
            ways
        }
        Atom::In(_, text) => vec![vec![Atom::Phrase(text.clone())]],
        Atom::Fact(fact) => match fact.fact_field() {
            FactField::Pr | FactField::Issue | FactField::Repo | FactField::Cve | FactField::Rfc | FactField::Host => {
                vec![vec![Atom::Phrase(fact.value().to_owned())]]
            }
            FactField::Source | FactField::Has | FactField::Is => Vec::new(),
        },
        Atom::Phrase(text) if text.contains(' ') => {
            vec![text.split_whitespace().map(|word| Atom::Phrase(word.to_owned())).collect()]
        }
        Atom::Word(_)
        | Atom::Phrase(_)
        | Atom::Kind(_)
        | Atom::After(_)
        | Atom::Before(_)
        | Atom::During(_)
        | Atom::Bookmarked(_)
        | Atom::Any(_) => Vec::new(),
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
    fn clauses_are_varied_and_left_out() {
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
