//! The references of one entry: each once, with the mentions in its prose.

use super::{
    FoundReference, MentionTarget, ProseMention, RefKind, cve, host_of, numbered_kind,
    prose::{named_repo, numbered, rfc_number},
    repo_of,
    web::is_gitlab,
};
use crate::text::clean_line;
use std::collections::BTreeSet;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The references of an entry, each once.
#[derive(Default)]
pub struct References {
    pub found: Vec<FoundReference>,
    /// Kind, id and host of those found; kind and id for mentions, which change kinds.
    known: BTreeSet<u64>,
}

impl References {
    /// Adds a link, unless one to the same thing was added before.
    pub fn link(&mut self, reference: FoundReference) {
        let named = hash([reference.kind.name(), &reference.id, &reference.host]);
        if self.known.insert(named) {
            self.known.insert(hash([group(reference.kind), &reference.id]));
            self.found.push(reference);
        }
    }

    /// Adds a mention in prose, unless a link of the entry names the same.
    pub fn mention(&mut self, reference: FoundReference) {
        if !self.known.contains(&hash([group(reference.kind), &reference.id])) {
            self.link(reference);
        }
    }
}

/// The name shared by all kinds that prose may confuse with `kind`.
fn group(kind: RefKind) -> &'static str {
    numbered_kind(kind, None).name()
}

fn hash<const N: usize>(parts: [&str; N]) -> u64 {
    parts.iter().fold(0, |seed, part| xxh3_64_with_seed(part.as_bytes(), seed))
}

/// The repositories linked in an entry, by line.
pub struct LinkedRepos<'f>(Vec<(u32, &'f str, &'f str)>);

impl<'f> LinkedRepos<'f> {
    pub fn of(found: &'f [FoundReference]) -> LinkedRepos<'f> {
        let mut repos = Vec::new();
        for found in found {
            if let Some(repo) = repo_of(found.kind, &found.id) {
                repos.push((found.line, repo, found.host.as_str()));
            }
        }
        repos.sort_unstable();
        LinkedRepos(repos)
    }

    /// The repository, with its host, that all links of `lines` belong to, if it is one.
    pub fn only_repo(&self, lines: std::ops::RangeInclusive<u32>) -> Option<(String, String)> {
        let first = self.0.partition_point(|(line, ..)| line < lines.start());
        let mut repos = self.0[first..].iter().take_while(|(line, ..)| lines.contains(line));
        let (_, repo, host) = repos.next()?;
        repos.all(|(_, other, at)| (other, at) == (repo, host)).then(|| ((*repo).to_owned(), (*host).to_owned()))
    }
}

/// The reference in a label whose URL names another one; both are kept.
pub fn named_by_label(reference: &FoundReference) -> Option<FoundReference> {
    if let Some(cve) = cve(&reference.label) {
        if cve == reference.id {
            return None;
        }
        let url = cve_url(&cve);
        return Some(FoundReference { kind: RefKind::Cve, id: cve, host: NVD.to_owned(), url, ..reference.clone() });
    }
    match reference.kind {
        RefKind::Rfc => {
            let number = rfc_number(&reference.label)?;
            let id = format!("RFC {number}");
            if id == reference.id {
                return None;
            }
            let (host, url) = (RFC_EDITOR.to_owned(), rfc_url(&number));
            Some(FoundReference { id, host, url, inferred: false, ..reference.clone() })
        }
        RefKind::Pr | RefKind::Issue | RefKind::Mr | RefKind::Discussion => {
            let number = numbered(&reference.label)?;
            let repo = named_repo(&reference.label);
            let repo = repo.as_deref().or_else(|| repo_of(reference.kind, &reference.id))?;
            if reference.id.strip_prefix(repo).and_then(|rest| rest.strip_prefix('#')) == Some(number) {
                return None;
            }
            let path = change_path(reference.kind, &reference.host);
            let url = format!("https://{}/{repo}/{path}/{number}", reference.host);
            Some(FoundReference { id: [repo, "#", number].concat(), url, inferred: true, ..reference.clone() })
        }
        _ => None,
    }
}

/// A link in code, which is a plain address; `None` for a host without a name outside, such as an
/// IP address.
pub fn in_code(url: &str, line: u32) -> Option<FoundReference> {
    let host = host_of(url)?;
    let is_outside = host.contains('.') && !host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let url = || clean_line(url).into_owned();
    is_outside.then(|| FoundReference {
        kind: RefKind::Link,
        id: url(),
        host,
        label: url(),
        url: url(),
        line,
        inferred: false,
    })
}

const RFC_EDITOR: &str = "rfc-editor.org";

fn rfc_url(number: &str) -> String {
    format!("https://www.{RFC_EDITOR}/rfc/rfc{number}")
}

const NVD: &str = "nvd.nist.gov";

fn cve_url(cve: &str) -> String {
    format!("https://{NVD}/vuln/detail/{cve}")
}

/// The reference of a mention, given the one repository linked around it.
pub fn resolve(
    mention: &ProseMention,
    prose: &str,
    line: u32,
    repo: Option<&(String, String)>,
) -> Option<FoundReference> {
    let found = |kind, id: String, host: &str, url, inferred| {
        let label = clean_line(&prose[mention.place.clone()]).into_owned();
        Some(FoundReference { kind, id, host: host.to_owned(), url, label, line, inferred })
    };
    match &mention.named {
        MentionTarget::Cve(cve) => found(RefKind::Cve, cve.clone(), NVD, cve_url(cve), false),
        MentionTarget::Rfc(number) => found(RefKind::Rfc, format!("RFC {number}"), RFC_EDITOR, rfc_url(number), false),
        MentionTarget::Full { repo, number } => {
            let url = format!("https://github.com/{repo}/issues/{number}");
            found(RefKind::Issue, format!("{repo}#{number}"), "github.com", url, true)
        }
        MentionTarget::Proposal(id) => {
            let (host, path) = proposal_page(id);
            found(RefKind::Proposal, id.clone(), host, format!("https://{host}/{path}"), false)
        }
        MentionTarget::Number { kind, number } => {
            let (repo, host) = repo?;
            let kind = kind.unwrap_or(RefKind::Issue);
            let path = change_path(kind, host);
            found(kind, format!("{repo}#{number}"), host, format!("https://{host}/{repo}/{path}/{number}"), true)
        }
    }
}

/// The path to pull requests and issues of a forge, below the repository.
fn change_path(kind: RefKind, host: &str) -> &'static str {
    let is_gitlab = is_gitlab(host);
    match kind {
        RefKind::Mr => "-/merge_requests",
        RefKind::Pr if is_gitlab => "-/merge_requests",
        RefKind::Discussion => "discussions",
        RefKind::Pr if host == "github.com" => "pull",
        RefKind::Pr => "pulls",
        _ if is_gitlab => "-/issues",
        _ => "issues",
    }
}

/// Host and path of the page of a proposal.
fn proposal_page(id: &str) -> (&'static str, String) {
    let (series, number) = id.split_once(['-', ' ']).unwrap_or((id, ""));
    match series {
        "PEP" => ("peps.python.org", format!("pep-{number:0>4}/")),
        "JEP" => ("openjdk.org", format!("jeps/{number}")),
        _ => ("kep.k8s.io", number.to_owned()),
    }
}
