//! Examples: queries that find something in this log, shown in the empty prompt.

use crate::{
    log::{Entry, Log},
    note::Kind,
    query::{Atom, Clause, EntryPart, Fact, Period, Query},
    reference,
};

/// Newest entries that are searched for examples.
const SEARCHED: usize = 2_000;

/// Longest example in columns; a longer one would be cut.
const LONGEST: usize = 40;

/// Makes the clauses of a query that finds an entry, if the rule applies to it.
type ExampleRule = fn(Entry<'_>) -> Option<Vec<Atom>>;

/// Returns one query per rule that finds something in `log`, as it would be typed.
pub(super) fn examples(log: &Log) -> Vec<String> {
    let rules: [ExampleRule; 7] = [recent_kind, change, tag, repository, held, section, year_of_kind];
    let mut examples: Vec<String> = Vec::new();
    for rule in rules {
        let found = log.entries().take(SEARCHED).find_map(|entry| Some((rule(entry)?, entry)));
        let Some((atoms, entry)) = found else { continue };
        let clauses = atoms.into_iter().map(|atom| Clause { negated: false, atom }).collect();
        let query = Query { clauses, order: None };
        let text = query.to_string();
        // Shown only if typing it finds the entry.
        if crate::page::width(&text) <= LONGEST && Query::parse(&text).0.matches(entry) && !examples.contains(&text) {
            examples.push(text);
        }
    }
    examples
}

/// `kind:paper after:2023`.
fn recent_kind(entry: Entry<'_>) -> Option<Vec<Atom>> {
    let kind = entry.kinds().iter().find(|kind| *kind != Kind::Life)?;
    Some(vec![Atom::Kind(kind), Atom::After(year(entry)?)])
}

/// `pr:nerdctl#1331`.
fn change(entry: Entry<'_>) -> Option<Vec<Atom>> {
    let found = entry.refs().find(|found| found.kind.is_change())?;
    let leaf = found.id.rsplit('/').next()?;
    let field = if found.kind == reference::RefKind::Issue { "issue" } else { "pr" };
    Some(vec![Atom::Fact(Fact::new(field, leaf)?)])
}

fn tag(entry: Entry<'_>) -> Option<Vec<Atom>> {
    Some(vec![Atom::Tag(entry.tags().next()?.name.to_owned())])
}

/// `repo:containerd/nerdctl`.
fn repository(entry: Entry<'_>) -> Option<Vec<Atom>> {
    let repo = entry.refs().find_map(|found| reference::repo_of(found.kind, found.id))?;
    Some(vec![Atom::Fact(Fact::new("repo", repo)?)])
}

/// `has:code`.
fn held(entry: Entry<'_>) -> Option<Vec<Atom>> {
    let held = if entry.has_image() { "image" } else { entry.has_code().then_some("code")? };
    Some(vec![Atom::Fact(Fact::new("has", held)?)])
}

/// `in:技术`.
fn section(entry: Entry<'_>) -> Option<Vec<Atom>> {
    let heading = entry.section().last().filter(|heading| heading.chars().count() <= 12)?;
    Some(vec![Atom::In(EntryPart::Section, heading.to_owned())])
}

/// `kind:life date:2022`.
fn year_of_kind(entry: Entry<'_>) -> Option<Vec<Atom>> {
    Some(vec![Atom::Kind(entry.kinds().iter().last()?), Atom::During(year(entry)?)])
}

fn year(entry: Entry<'_>) -> Option<Period> {
    Period::year(entry.span()?.last().year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        date::Series,
        note::{self, tag::TagRules},
    };
    use std::sync::Arc;

    #[test]
    fn every_example_finds_something() {
        let text = "# 周报\n\n## 技术 (杂)\n\n- 读了论文 [Slacker](https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter)\n\
                    - [合并了](https://github.com/containerd/nerdctl/pull/1331) `x` ![图](a.png) #容器\n\n## 生活\n\n- 猫\n";
        let rules = TagRules::built_in();
        let file = note::NoteFile { source: "x", path: "2022-08-week4.md", bytes: text.as_bytes() };
        let log = Log::new(vec![Arc::new(note::read(file, &Series::default(), note::EntryRule::Auto, &rules))], &rules);
        let found = examples(&log);
        assert_eq!(found[..2], ["kind:paper after:2022", "pr:nerdctl#1331"]);
        assert!(found.len() >= 6, "{found:?}");
        for text in found {
            let (query, notices) = Query::parse(&text);
            assert!(log.entries().any(|entry| query.matches(entry)) && notices.is_empty(), "{text}");
        }
        assert!(examples(&Log::default()).is_empty());
    }
}
