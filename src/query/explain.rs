//! A query in words: how it was understood, for a person who wonders at its result.

use super::{Atom, EntryPart, Fact, Needle, Order, Period, Query};

impl Query {
    /// A sentence for each clause, nested ones indented; then the order that is asked for.
    pub fn explain(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.is_empty() {
            lines.push("every entry".to_owned());
        }
        self.explain_at(0, &mut lines);
        lines.extend(self.order.map(|order| {
            let order = match order {
                Order::Newest => "newest first",
                Order::Oldest => "oldest first",
                Order::Relevance => "the most relevant first",
            };
            order.to_owned()
        }));
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
            Atom::Tag(name) => format!("the tag “{name}”, or a topic below it"),
            Atom::Kind(kind) => format!("of the kind {}", kind.name()),
            Atom::In(EntryPart::Title, text) => format!("“{text}” in the title"),
            Atom::In(EntryPart::Section, text) => format!("“{text}” in a heading above"),
            Atom::In(EntryPart::Path, text) => format!("“{text}” in the path of the note"),
            Atom::Fact(fact) => explain(fact),
            Atom::Bookmarked(_) => "with a bookmark".to_owned(),
            Atom::After(period) => format!("on or after {}, “{}”", period.first, period.text),
            Atom::Before(period) => format!("begun before {}, “{}”", period.first, period.text),
            Atom::During(Period { text, first, last }) => format!("sharing a day with {first}…{last}, “{text}”"),
            Atom::Any(_) => "at least one of:".to_owned(),
        }
    }
}

fn explain(fact: &Fact) -> String {
    let value = fact.value();
    match fact.field() {
        "pr" => format!("naming the pull request {value}"),
        "issue" => format!("naming the issue {value}"),
        "repo" => format!("naming something of the repository {value}"),
        "cve" => format!("naming {}", value.to_uppercase()),
        "rfc" => format!("naming RFC {value}"),
        "host" => format!("linking to {value}"),
        "source" => format!("of the source “{value}”"),
        "has" => format!("having some {value}"),
        _ => "without a date".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clause_is_said() {
        let explain = |text: &str| Query::parse(text).0.explain().join("\n");
        assert_eq!(explain(""), "every entry");
        insta::assert_snapshot!(explain("\"a b\" -tag:容器 in:技术 pr:#12 (x OR 限流 y) after:2022-06 kuber sort:oldest"), @"
        the text “a b”
        not: the tag “容器”, or a topic below it
        “技术” in a heading above
        naming the pull request 12
        at least one of:
          words that begin with “x”
          or the text “限流”
          and words that begin with “y”
        on or after 2022-06-01, “2022-06”
        words that begin with “kuber”
        oldest first
        ");
        insta::assert_snapshot!(explain("date:2022-W30 is:undated has:code host:a.example title:周报 -kind:paper ，"), @"
        sharing a day with 2022-07-25…2022-07-31, “2022-W30”
        without a date
        having some code
        linking to a.example
        “周报” in the title
        not: of the kind paper
        anything: “，” has no letter or digit
        ");
    }
}
