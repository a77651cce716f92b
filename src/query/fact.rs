//! Facts of an entry that a query asks for by name: what it refers to, where that lies, what it
//! holds.
//!
//! A fact is one folded text, `pr:containerd/nerdctl#1331`, and an entry has a set of them; so
//! that one set membership is all that a query means by a field of this sort, and one term all
//! that an index needs for it.

use crate::{
    log::{Entry, Reference},
    reference::{self, RefKind},
    text::fold,
};

/// A field with a value, in the one form in which entries have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact {
    field: &'static str,
    /// Free of quotes and line feeds.
    value: String,
}

/// Fields whose values are facts, and what they are called in Chinese.
pub(super) const FIELDS: [(&str, &str); 9] = [
    ("pr", "合并请求"),
    ("issue", "议题"),
    ("repo", "仓库"),
    ("cve", "漏洞"),
    ("rfc", "标准"),
    ("host", "网站"),
    ("source", "来源"),
    ("has", "含有"),
    ("is", "是"),
];

/// What `has:` can ask for beside the kinds of references.
const PARTS: [&str; 6] = ["code", "image", "problem", "link", "change", "tag"];

impl Fact {
    /// `field:value` as a person writes it: `pr:1331`, `cve:2019-15225`, `rfc:"RFC 9114"`. `None` when
    /// no entry could ever have it.
    pub fn new(field: &str, value: &str) -> Option<Fact> {
        let (field, _) = FIELDS.into_iter().find(|(name, _)| *name == field)?;
        // Folding may make signs that group, which a value does not have as it is written.
        let value = fold(value.trim()).replace(['"', '(', ')'], "");
        let value = match field {
            "pr" | "issue" => value
                .trim_start_matches("pr")
                .trim_start_matches("issue")
                .trim_start_matches(['#', ' ', '-', ':', '!'])
                .to_owned(),
            "cve" => format!("cve-{}", value.trim_start_matches("cve").trim_start_matches(['-', ' '])),
            "rfc" => value.trim_start_matches("rfc").trim_start_matches(['-', ' ']).to_owned(),
            "host" => value
                .trim_start_matches("https://")
                .trim_start_matches("http://")
                .trim_start_matches("www.")
                .trim_end_matches('/')
                .to_owned(),
            "has" => had(&value)?.to_owned(),
            "is" => (value == "undated").then_some(value)?,
            _ => value,
        };
        (!value.is_empty()).then_some(Fact { field, value })
    }

    pub fn field(&self) -> &'static str {
        self.field
    }

    pub fn value(&self) -> &str {
        &self.value
    }

    /// The one text that stands for it in an index.
    pub fn term(&self) -> String {
        [self.field, ":", &self.value].concat()
    }

    fn of(field: &'static str, value: impl Into<String>) -> Fact {
        Fact { field, value: value.into() }
    }

    /// Values that [`Fact::new`] takes for a field that has only a few.
    pub(super) fn values(field: &str) -> Vec<&'static str> {
        match field {
            "has" => PARTS
                .into_iter()
                .chain(RefKind::ALL.iter().map(|kind| kind.name()))
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect(),
            "is" => vec!["bookmarked", "undated"],
            _ => Vec::new(),
        }
    }
}

fn had(value: &str) -> Option<&'static str> {
    let singular = value.strip_suffix('s').unwrap_or(value);
    let chinese = [("图片", "image"), ("代码", "code"), ("链接", "link"), ("论文", "paper"), ("问题", "problem")];
    let named = chinese.into_iter().find(|(name, _)| *name == value).map(|(_, name)| name);
    named.or_else(|| Fact::values("has").into_iter().find(|name| *name == value || *name == singular))
}

/// The facts of `entry`, each once.
pub fn facts(entry: Entry<'_>) -> Vec<Fact> {
    let mut facts = vec![Fact::of("source", fold(&entry.note().source))];
    for reference in entry.refs() {
        of_reference(&reference, &mut facts);
    }
    let lines = entry.lines();
    let held = [
        (entry.has_code(), "code"),
        (entry.has_image(), "image"),
        (entry.refs().next().is_some(), "link"),
        (entry.tags().next().is_some(), "tag"),
        (entry.note().problems.iter().any(|problem| lines.contains(&problem.line)), "problem"),
    ];
    facts.extend(held.into_iter().filter(|(is, _)| *is).map(|(_, name)| Fact::of("has", name)));
    if entry.span().is_none() {
        facts.push(Fact::of("is", "undated"));
    }
    facts.sort_unstable();
    facts.dedup();
    facts
}

/// A pull request is found by its number, by repository and number, and by repository; one that
/// prose names without a link may be an issue as well, and the other way about.
fn of_reference(reference: &Reference<'_>, facts: &mut Vec<Fact>) {
    facts.push(Fact::of("has", reference.kind.name()));
    let id = fold(reference.id);
    if let Some(repo) = reference::repo_of(reference.kind, &id) {
        let leaf = repo.rsplit('/').next().unwrap_or(repo);
        facts.extend([repo, leaf].map(|name| Fact::of("repo", name)));
        if let (true, Some((_, number))) = (reference.kind.is_change(), id.rsplit_once('#')) {
            facts.push(Fact::of("has", "change"));
            let is_issue = reference.kind == RefKind::Issue;
            let fields = [("issue", is_issue || reference.inferred), ("pr", !is_issue || reference.inferred)];
            for (field, _) in fields.into_iter().filter(|(_, is)| *is) {
                let values =
                    [number.to_owned(), id.clone(), format!("{leaf}#{number}"), repo.to_owned(), leaf.to_owned()];
                facts.extend(values.map(|value| Fact::of(field, value)));
            }
        }
    }
    match reference.kind {
        RefKind::Cve => facts.push(Fact::of("cve", id.clone())),
        RefKind::Rfc => facts.push(Fact::of("rfc", id.trim_start_matches("rfc").trim())),
        _ => {}
    }
    let host = fold(reference.host);
    let host = host.trim_start_matches("www.");
    let above = host.match_indices('.').map(|(at, _)| &host[at + 1..]).filter(|above| above.contains('.'));
    facts.extend(std::iter::once(host).chain(above).filter(|host| !host.is_empty()).map(|host| Fact::of("host", host)));
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
