//! References: the things that an entry points to, each under one canonical id.
//!
//! Sees URLs, labels and prose; fetches nothing. The URL of the note is kept for opening.

mod gather;
mod paper;
mod prose;
mod url;
mod web;

pub(crate) use gather::{LinkedRepos, References, in_code, named_by_label, resolve};
pub use paper::venue;
pub use prose::{MentionTarget, ProseMention, cve, mentions};
pub use url::{UrlTarget, bare_urls, classify};
pub use web::host_of;
pub(crate) use web::without_www;

use crate::text::problem::{Code, Problem};
use serde::{Deserialize, Serialize};

/// The kind of thing that a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RefKind {
    Pr,
    Issue,
    Discussion,
    /// A merge request of GitLab.
    Mr,
    Commit,
    Release,
    Repo,
    /// A file or folder in a repository.
    File,
    Gist,
    Paper,
    Cve,
    Rfc,
    /// A Kubernetes, Python or Java enhancement proposal.
    Proposal,
    Link,
}

impl RefKind {
    pub const ALL: [RefKind; 14] = [
        RefKind::Pr,
        RefKind::Issue,
        RefKind::Discussion,
        RefKind::Mr,
        RefKind::Commit,
        RefKind::Release,
        RefKind::Repo,
        RefKind::File,
        RefKind::Gist,
        RefKind::Paper,
        RefKind::Cve,
        RefKind::Rfc,
        RefKind::Proposal,
        RefKind::Link,
    ];

    pub fn name(self) -> &'static str {
        match self {
            RefKind::Pr => "pr",
            RefKind::Issue => "issue",
            RefKind::Discussion => "discussion",
            RefKind::Mr => "mr",
            RefKind::Commit => "commit",
            RefKind::Release => "release",
            RefKind::Repo => "repo",
            RefKind::File => "file",
            RefKind::Gist => "gist",
            RefKind::Paper => "paper",
            RefKind::Cve => "cve",
            RefKind::Rfc => "rfc",
            RefKind::Proposal => "proposal",
            RefKind::Link => "link",
        }
    }

    pub fn from_name(name: &str) -> Option<RefKind> {
        RefKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Tests for pull requests, merge requests and issues.
    pub fn is_change(self) -> bool {
        matches!(self, RefKind::Pr | RefKind::Mr | RefKind::Issue)
    }

    /// Tests for the kinds that a repository numbers: changes and discussions.
    pub fn is_numbered(self) -> bool {
        self.is_change() || self == RefKind::Discussion
    }
}

/// The kind that stands for all kinds which share their numbers with `kind` on `host`.
///
/// Pull requests, issues and discussions of a forge share one sequence of numbers, and prose
/// confuses them. GitLab numbers merge requests apart from issues. Without a host, as in prose, all
/// of them are one. Other kinds stand for themselves.
pub(crate) fn numbered_kind(kind: RefKind, host: Option<&str>) -> RefKind {
    let is_gitlab = host.is_some_and(web::is_gitlab);
    match kind {
        RefKind::Pr | RefKind::Mr if is_gitlab => RefKind::Mr,
        RefKind::Issue | RefKind::Discussion if is_gitlab => kind,
        RefKind::Pr | RefKind::Mr | RefKind::Issue | RefKind::Discussion => RefKind::Pr,
        RefKind::Commit
        | RefKind::Release
        | RefKind::Repo
        | RefKind::File
        | RefKind::Gist
        | RefKind::Paper
        | RefKind::Cve
        | RefKind::Rfc
        | RefKind::Proposal
        | RefKind::Link => kind,
    }
}

/// One thing an entry points to, with texts of type `T`: owned while a note is read, slices of
/// the note's text once it is stored, and borrowed strings when it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceFields<T> {
    pub kind: RefKind,
    /// Canonical within its kind and host: `containerd/nerdctl#1331`, `arXiv:1706.03762`.
    pub id: T,
    pub host: T,
    /// URL as the note has it, to jump to; made up for mentions in prose.
    pub url: T,
    /// Text of the link, or the words of the mention.
    pub label: T,
    /// Line of the file, from 1.
    pub line: u32,
    /// True when it was inferred from prose and the links around it, not read from a URL.
    pub inferred: bool,
}

/// A reference found in an entry.
pub type FoundReference = ReferenceFields<String>;

impl<T> ReferenceFields<T> {
    /// Converts every text by `convert`, in the order id, host, URL, label.
    pub(crate) fn map<'a, U>(&'a self, mut convert: impl FnMut(&'a T) -> U) -> ReferenceFields<U> {
        ReferenceFields {
            kind: self.kind,
            id: convert(&self.id),
            host: convert(&self.host),
            url: convert(&self.url),
            label: convert(&self.label),
            line: self.line,
            inferred: self.inferred,
        }
    }
}

impl ReferenceFields<&str> {
    /// Venue and year of a paper, as far as its URL tells: OSDI, 2022.
    pub fn venue(&self) -> Option<(String, u16)> {
        if self.kind == RefKind::Paper { venue(self.id) } else { None }
    }
}

/// The repository of an id, such as `owner/repo`: of the repository itself, its pull requests,
/// commits, files and the like.
pub fn repo_of(kind: RefKind, id: &str) -> Option<&str> {
    let end = match kind {
        RefKind::Pr | RefKind::Issue | RefKind::Discussion | RefKind::Mr => id.find('#')?,
        RefKind::Commit | RefKind::Release => id.find('@')?,
        RefKind::Repo => id.len(),
        RefKind::File => id.match_indices('/').nth(1)?.0,
        _ => return None,
    };
    Some(&id[..end])
}

/// The problem of a label that contradicts its URL: another number, another CVE, another host.
pub(crate) fn conflict(found: &FoundReference) -> Option<Problem> {
    let label = found.label.as_str();
    let differs = match found.kind {
        RefKind::Pr | RefKind::Issue | RefKind::Mr | RefKind::Discussion => {
            let number = found.id.rsplit('#').next()?;
            prose::numbered(label).is_some_and(|named| named != number)
                || prose::named_repo(label).is_some_and(|named| repo_of(found.kind, &found.id) != Some(&named))
        }
        RefKind::Cve => cve(label).is_some_and(|cve| cve != found.id),
        RefKind::Rfc => prose::rfc_number(label).is_some_and(|number| found.id != format!("RFC {number}")),
        _ => false,
    };
    if !differs && claimed_host(label, &found.host).is_none() {
        return None;
    }
    let message = format!("the label says “{label}”, the link goes to {}", shown(found));
    Some(Problem::new(found.line, Code::LabelUrlMismatch, message))
}

/// The host in a label when the link leads to another.
pub(crate) fn claimed_host(label: &str, host: &str) -> Option<String> {
    url::host_label(label).filter(|named| !same_site(named, host))
}

fn shown(found: &FoundReference) -> String {
    if found.kind == RefKind::Link { found.host.clone() } else { format!("{} ({})", found.id, found.host) }
}

/// Tests whether one host is the other or below it: `example.com`, `blog.example.com`.
fn same_site(a: &str, b: &str) -> bool {
    let (a, b) = (without_www(a), without_www(b));
    let is_below = |a: &str, b: &str| a.strip_suffix(b).is_some_and(|rest| rest.ends_with('.'));
    a == b || is_below(a, b) || is_below(b, a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shared_but_on_gitlab() {
        for (one, other, host, expected) in [
            (RefKind::Pr, RefKind::Issue, Some("github.com"), true),
            (RefKind::Discussion, RefKind::Issue, Some("github.com"), true),
            (RefKind::Mr, RefKind::Pr, Some("github.com"), true),
            (RefKind::Mr, RefKind::Pr, Some("gitlab.com"), true),
            (RefKind::Mr, RefKind::Issue, Some("gitlab.example"), false),
            (RefKind::Mr, RefKind::Issue, Some("salsa.debian.org"), false),
            (RefKind::Mr, RefKind::Issue, None, true),
            (RefKind::Discussion, RefKind::Pr, None, true),
            (RefKind::Commit, RefKind::Pr, None, false),
        ] {
            let is_shared = numbered_kind(one, host) == numbered_kind(other, host);
            assert_eq!(is_shared, expected, "{one:?} {other:?} {host:?}");
        }
    }

    #[test]
    fn contradicting_labels_are_a_problem() {
        for (label, url, lies) in [
            (
                "CVE-2019-25225",
                "https://github.com/envoyproxy/envoy/blob/main/security/postmortems/cve-2019-15225.md",
                true,
            ),
            ("#12", "https://github.com/a/b/pull/13", true),
            ("a/b#13", "https://github.com/c/d/pull/13", true),
            ("A/b#13", "https://github.com/a/b/pull/13", false),
            ("docs.example.com/tokio", "https://evil.example/x", true),
            ("PR13", "https://github.com/a/b/pull/13", false),
            ("PR 13 的后续", "https://github.com/a/b/pull/13", false),
            ("github.com", "https://evil.example/x", true),
            ("https://github.com/a/b", "https://evil.example/x", true),
            ("status.cloud.google.com", "https://status.cloud.google.com/incident/19001", false),
            ("infoq.com", "https://www.infoq.com/articles/x", false),
            ("RFC9114", "https://datatracker.ietf.org/doc/rfc9114/", false),
            ("node.js", "https://nodejs.org/", false),
        ] {
            let target = classify(url).expect(url);
            let found = FoundReference {
                kind: target.kind,
                id: target.id,
                host: target.host,
                url: url.into(),
                label: label.into(),
                line: 1,
                inferred: false,
            };
            assert_eq!(conflict(&found).is_some(), lies, "{label} {url}");
        }
    }
}
