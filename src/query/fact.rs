//! Facts of an entry that a query asks for by name: what it refers to, where that is hosted, what
//! it contains.
//!
//! A fact is one folded text, `pr:containerd/nerdctl#1331`, and an entry has a set of them. So a
//! field of this kind means membership in a set, and needs a single term in an index.

use crate::{
    log::{Entry, Reference},
    reference::{self, RefKind},
    text::fold,
};
use std::collections::BTreeSet;

/// Field and value, in the one form in which entries have them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    field: FactField,
    /// Free of quotes and line feeds.
    value: String,
}

/// Field whose values are facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum FactField {
    Pr,
    Issue,
    Repo,
    Cve,
    Rfc,
    Host,
    Source,
    Has,
    Is,
}

impl FactField {
    const ALL: [FactField; 9] = [
        FactField::Pr,
        FactField::Issue,
        FactField::Repo,
        FactField::Cve,
        FactField::Rfc,
        FactField::Host,
        FactField::Source,
        FactField::Has,
        FactField::Is,
    ];

    /// Returns the name that is printed and stored in the index.
    fn name(self) -> &'static str {
        match self {
            FactField::Pr => "pr",
            FactField::Issue => "issue",
            FactField::Repo => "repo",
            FactField::Cve => "cve",
            FactField::Rfc => "rfc",
            FactField::Host => "host",
            FactField::Source => "source",
            FactField::Has => "has",
            FactField::Is => "is",
        }
    }
}

impl Fact {
    /// Reads `field:value` as a person writes it: `pr:1331`, `cve:2019-15225`, `rfc:"RFC 9114"`.
    /// Returns `None` for an unknown field, and for a value that no entry could ever have.
    pub fn new(field: &str, value: &str) -> Option<Fact> {
        let field = FactField::ALL.into_iter().find(|known| known.name() == field)?;
        Fact::with_field(field, value)
    }

    /// Reads the value of a known field, as [`Fact::new`] does.
    pub(super) fn with_field(field: FactField, value: &str) -> Option<Fact> {
        // Folding may make quotes and brackets, which a value must not have.
        let value = fold(value.trim()).replace(['"', '(', ')'], "");
        let value = match field {
            FactField::Pr | FactField::Issue => value
                .trim_start_matches("pr")
                .trim_start_matches("issue")
                .trim_start_matches(['#', ' ', '-', ':', '!'])
                .to_owned(),
            FactField::Cve => format!("cve-{}", value.trim_start_matches("cve").trim_start_matches(['-', ' '])),
            FactField::Rfc => value.trim_start_matches("rfc").trim_start_matches(['-', ' ']).to_owned(),
            FactField::Host => value
                .trim_start_matches("https://")
                .trim_start_matches("http://")
                .trim_start_matches("www.")
                .trim_end_matches('/')
                .to_owned(),
            FactField::Has => thing_had(&value)?.to_owned(),
            FactField::Is if value != "undated" => return None,
            FactField::Is | FactField::Repo | FactField::Source => value,
        };
        (!value.is_empty()).then_some(Fact { field, value })
    }

    /// Name of the field, as it is printed.
    pub fn field(&self) -> &'static str {
        self.field.name()
    }

    pub(super) fn fact_field(&self) -> FactField {
        self.field
    }

    /// Folded value.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns the term of the fact in an index.
    pub fn term(&self) -> String {
        [self.field(), ":", &self.value].concat()
    }

    fn of(field: FactField, value: impl Into<String>) -> Fact {
        Fact { field, value: value.into() }
    }
}

/// Reads a value of `has:`, singular or plural, English or Chinese.
fn thing_had(value: &str) -> Option<&'static str> {
    let singular = value.strip_suffix('s').unwrap_or(value);
    Some(match value {
        "图片" => "image",
        "代码" => "code",
        "链接" => "link",
        "论文" => "paper",
        "问题" => "problem",
        _ => return things_had().into_iter().find(|name| *name == value || *name == singular),
    })
}

/// Collects the facts of `entry`, sorted and each once.
pub fn facts(entry: Entry<'_>) -> Vec<Fact> {
    let mut facts = vec![Fact::of(FactField::Source, fold(&entry.note().source))];
    for reference in entry.refs() {
        reference_facts(&reference, &mut facts);
    }
    let lines = entry.lines();
    let has_problem = entry.note().problems.iter().any(|problem| lines.contains(&problem.line));
    for (has, name) in [
        (entry.has_code(), "code"),
        (entry.has_image(), "image"),
        (entry.refs().next().is_some(), "link"),
        (entry.tags().next().is_some(), "tag"),
        (has_problem, "problem"),
    ] {
        if has {
            facts.push(Fact::of(FactField::Has, name));
        }
    }
    if entry.span().is_none() {
        facts.push(Fact::of(FactField::Is, "undated"));
    }
    facts.sort_unstable();
    facts.dedup();
    facts
}

/// Adds the facts of one reference.
fn reference_facts(reference: &Reference<'_>, facts: &mut Vec<Fact>) {
    facts.push(Fact::of(FactField::Has, reference.kind.name()));
    let id = fold(reference.id);
    if let Some(repo) = reference::repo_of(reference.kind, &id) {
        let leaf = repo.rsplit('/').next().unwrap_or(repo);
        facts.extend([Fact::of(FactField::Repo, repo), Fact::of(FactField::Repo, leaf)]);
        if reference.kind.is_change() {
            change_facts(reference, &id, repo, leaf, facts);
        }
    }
    if reference.kind == RefKind::Cve {
        facts.push(Fact::of(FactField::Cve, id));
    } else if reference.kind == RefKind::Rfc {
        facts.push(Fact::of(FactField::Rfc, id.trim_start_matches("rfc").trim()));
    }
    host_facts(&fold(reference.host), facts);
}

/// Adds the names of a pull request or issue: its number, repository and number, and repository.
/// A number in prose that links nothing may be either, so it gets the names of both.
fn change_facts(reference: &Reference<'_>, id: &str, repo: &str, leaf: &str, facts: &mut Vec<Fact>) {
    let Some((_, number)) = id.rsplit_once('#') else { return };
    facts.push(Fact::of(FactField::Has, "change"));
    let is_issue = reference.kind == RefKind::Issue;
    for (field, fits) in [(FactField::Issue, is_issue), (FactField::Pr, !is_issue)] {
        if fits || reference.inferred {
            for value in [number, id, &format!("{leaf}#{number}"), repo, leaf] {
                facts.push(Fact::of(field, value));
            }
        }
    }
}

/// Adds a host and the domains above it, but no top-level domain.
fn host_facts(host: &str, facts: &mut Vec<Fact>) {
    let host = host.trim_start_matches("www.");
    if !host.is_empty() {
        facts.push(Fact::of(FactField::Host, host));
    }
    for (dot, _) in host.match_indices('.') {
        let above = &host[dot + 1..];
        if above.contains('.') {
            facts.push(Fact::of(FactField::Host, above));
        }
    }
}

/// Parts of an entry that `has:` can ask for, beside the kinds of references.
const PARTS: [&str; 6] = ["code", "image", "problem", "link", "change", "tag"];

/// Lists the values of `has:` by the alphabet.
pub(super) fn things_had() -> Vec<&'static str> {
    let mut things = BTreeSet::from(PARTS);
    things.extend(RefKind::ALL.iter().map(|kind| kind.name()));
    things.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::Log;

    fn terms(text: &str) -> Vec<String> {
        let log = Log::from_entries([text]);
        log.entries().next().map(|entry| facts(entry).iter().map(Fact::term).collect()).unwrap_or_default()
    }

    fn check(text: &str, asked: &[(&str, &str, bool)]) {
        let terms = terms(text);
        for (field, value, expected) in asked {
            let fact = Fact::new(field, value).map(|fact| fact.term());
            assert_eq!(fact.is_some_and(|fact| terms.contains(&fact)), *expected, "{field}:{value} {terms:?}");
        }
    }

    #[test]
    fn one_change_by_every_name() {
        check(
            "[合并了](https://github.com/Containerd/nerdctl/pull/1331)",
            &[
                ("pr", "1331", true),
                ("pr", "#1331", true),
                ("pr", "PR1331", true),
                ("pr", "PR-1331", true),
                ("pr", "＃1331", true),
                ("pr", "nerdctl#1331", true),
                ("pr", "containerd/nerdctl#1331", true),
                ("pr", "containerd/nerdctl", true),
                ("issue", "1331", false),
                ("pr", "133", false),
                ("repo", "Nerdctl", true),
                ("host", "https://github.com/", true),
                ("has", "prs", true),
                ("has", "change", true),
                ("has", "issue", false),
                ("has", "nothing", false),
                ("is", "undated", true),
            ],
        );
        check(
            "[nerdctl](https://github.com/containerd/nerdctl) 的 #1331",
            &[("pr", "1331", true), ("issue", "1331", true)],
        );
    }

    #[test]
    fn references_become_facts() {
        check(
            "[x](https://nvd.nist.gov/vuln/detail/CVE-2019-15225) [y](https://www.rfc-editor.org/rfc/rfc9114) `c` ![图](a.png)",
            &[
                ("cve", "2019-15225", true),
                ("cve", "CVE-2019-15225", true),
                ("rfc", "9114", true),
                ("rfc", "RFC 9114", true),
                ("host", "nist.gov", true),
                ("host", "gov", false),
                ("has", "图片", true),
                ("source", "test", true),
            ],
        );
    }
}
