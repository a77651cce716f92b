//! Explanation: a query in words, for a person who wonders about its result.

use super::{Atom, EntryPart, Fact, Needle, Order, Period, Query, fact::FactField};

impl Query {
    /// Explains each clause in a line, nested ones indented, then the order that is asked for.
    pub fn explain(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.is_empty() {
            lines.push("every entry".to_owned());
        }
        self.explain_at(0, &mut lines);
        match self.order {
            Some(Order::Newest) => lines.push("newest first".to_owned()),
            Some(Order::Oldest) => lines.push("oldest first".to_owned()),
            Some(Order::Relevance) => lines.push("the most relevant first".to_owned()),
            None => {}
        }
        lines
    }

    fn explain_at(&self, depth: usize, lines: &mut Vec<String>) {
        let unfinished = self.unfinished();
        for (at, clause) in self.clauses.iter().enumerate() {
            let not = if clause.negated { "not: " } else { "" };
            let and = if depth > 0 && at > 0 { "and " } else { "" };
            lines.push(format!("{}{and}{not}{}", "  ".repeat(depth), clause.atom.explain(unfinished == Some(at))));
            if let Atom::Any(queries) = &clause.atom {
                for (nth, query) in queries.iter().enumerate() {
                    let inner = lines.len();
                    query.explain_at(depth + 1, lines);
                    if nth > 0
                        && let Some(first) = lines.get_mut(inner)
                    {
                        *first = format!("{}or {}", "  ".repeat(depth + 1), first.trim_start());
                    }
                }
            }
        }
    }
}

impl Atom {
    fn explain(&self, unfinished: bool) -> String {
        match self {
            Atom::Word(text) | Atom::Phrase(text) => {
                let needle = Needle::new(text, unfinished && matches!(self, Atom::Word(_)));
                if needle.is_empty() {
                    format!("anything: “{text}” has no letter or digit")
                } else if needle.prefix {
                    format!("words that begin with “{text}”")
                } else {
                    format!("the text “{text}”")
                }
            }
            Atom::Tag(name) => format!("the tag “{name}” or one below it"),
            Atom::Kind(kind) => format!("of the kind {}", kind.name()),
            Atom::In(EntryPart::Title, text) => format!("“{text}” in the title"),
            Atom::In(EntryPart::Section, text) => format!("“{text}” in a heading above"),
            Atom::In(EntryPart::Path, text) => format!("“{text}” in the path of the note"),
            Atom::Fact(fact) => explain(fact),
            Atom::Bookmarked(_) => "with a bookmark".to_owned(),
            Atom::After(period) => format!("on or after {}, “{}”", period.first, period.text),
            Atom::Before(period) => format!("beginning before {}, “{}”", period.first, period.text),
            Atom::During(Period { text, first, last }) => format!("within or overlapping {first}…{last}, “{text}”"),
            Atom::Any(_) => "at least one of:".to_owned(),
        }
    }
}

fn explain(fact: &Fact) -> String {
    let value = fact.value();
    match fact.fact_field() {
        FactField::Pr => format!("mentioning the pull request {value}"),
        FactField::Issue => format!("mentioning the issue {value}"),
        FactField::Repo => format!("mentioning the repository {value}"),
        FactField::Cve => format!("mentioning {}", value.to_uppercase()),
        FactField::Rfc => format!("mentioning RFC {value}"),
        FactField::Host => format!("linking to {value}"),
        FactField::Source => format!("from the source “{value}”"),
        FactField::Has => format!("containing: {value}"),
        FactField::Is => "without a date".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clause_is_explained() {
        let explain = |text: &str| Query::parse(text).0.explain().join("\n");
        assert_eq!(explain(""), "every entry");
        insta::assert_snapshot!(explain("\"a b\" -tag:容器 in:技术 pr:#12 (x OR 限流 y) after:2022-06 kuber sort:oldest"), @"
        the text “a b”
        not: the tag “容器” or one below it
        “技术” in a heading above
        mentioning the pull request 12
        at least one of:
          words that begin with “x”
          or the text “限流”
          and words that begin with “y”
        on or after 2022-06-01, “2022-06”
        words that begin with “kuber”
        oldest first
        ");
        insta::assert_snapshot!(explain("date:2022-W30 is:undated has:code host:a.example title:周报 -kind:paper ，"), @"
        within or overlapping 2022-07-25…2022-07-31, “2022-W30”
        without a date
        containing: code
        linking to a.example
        “周报” in the title
        not: of the kind paper
        anything: “，” has no letter or digit
        ");
    }
}
