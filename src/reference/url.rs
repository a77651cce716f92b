//! URLs: the things they name.

use super::{
    RefKind, paper,
    web::{WebUrl, any_web, host_of, is_gitlab, web, without_www},
};
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

/// The thing that a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlTarget {
    pub kind: RefKind,
    pub id: String,
    pub host: String,
    /// The target of the URL when it is a redirect.
    pub unwrapped: Option<String>,
}

/// Nested redirects that are followed.
const WRAPPERS: usize = 3;

/// The thing `url` names; `None` when it is no absolute `http` or `https` URL with a host.
pub fn classify(url: &str) -> Option<UrlTarget> {
    let mut parsed = web(url)?;
    let mut unwrapped = None;
    for _ in 0..WRAPPERS {
        let Some(inner) = target_of(&parsed) else { break };
        unwrapped = Some(inner.text.to_string());
        parsed = inner;
    }
    let host = without_www(parsed.host()).to_lowercase();
    let (kind, id) = forge(&parsed, &host)
        .or_else(|| known_id(&parsed, &host))
        .or_else(|| paper::of(&parsed, &host).map(|id| (RefKind::Paper, id)))
        .unwrap_or_else(|| (RefKind::Link, parsed.text.to_string()));
    Some(UrlTarget { kind, id, host, unwrapped })
}

/// Last path parts of redirects.
const WRAPPER: [&str; 13] =
    ["", "url", "link", "redirect", "redir", "away", "l.php", "jump", "go", "goto", "gotolink", "go-wild", "out"];

/// The URL inside a redirect: `link.zhihu.com/?target=https%3A//…`.
fn target_of(url: &WebUrl<'_>) -> Option<WebUrl<'static>> {
    if url.query.is_empty() {
        return None;
    }
    let last = url.path().rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    if !WRAPPER.contains(&&*last) {
        return None;
    }
    let inner = url.parameters().find(|(key, _)| matches!(&**key, "target" | "url" | "u" | "q" | "to" | "dest"))?.1;
    any_web(inner.trim())
}

/// Repositories, pull requests, issues and the like on GitHub, GitLab and similar forges.
fn forge(url: &WebUrl<'_>, host: &str) -> Option<(RefKind, String)> {
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    match host {
        "github.com" | "gitee.com" | "codeberg.org" | "gitea.com" => github(&parts, host),
        "gist.github.com" => gist(&parts),
        "raw.githubusercontent.com" => {
            let [owner, repo, path @ ..] = parts.as_slice() else { return None };
            let path = path.strip_prefix(&["refs", "heads"]).or(path.strip_prefix(&["refs", "tags"])).unwrap_or(path);
            Some(file_in(&name(owner, repo), path.get(1..)?))
        }
        _ if is_gitlab(host) => gitlab(&parts),
        _ => None,
    }
}

/// A gist by its id, with its owner if the URL has one; `None` for the page of an owner.
fn gist(parts: &[&str]) -> Option<(RefKind, String)> {
    match parts {
        [owner, id, ..] if is_sha(id) => Some((RefKind::Gist, format!("{}/{id}", owner.to_lowercase()))),
        [id] if id.len() >= 16 && is_sha(id) => Some((RefKind::Gist, (*id).to_owned())),
        [_, number] if is_number(number) => Some((RefKind::Gist, parts.join("/"))),
        [number] if number.bytes().all(|byte| byte.is_ascii_digit()) => Some((RefKind::Gist, (*number).to_owned())),
        _ => None,
    }
}

/// Owner and repository, lower case: forges do not tell case apart.
fn name(owner: &str, repo: &str) -> String {
    [owner, "/", repo.strip_suffix(".git").unwrap_or(repo)].concat().to_lowercase()
}

/// First path parts of GitHub that are not owners.
const RESERVED: [&str; 28] = [
    "about",
    "apps",
    "blog",
    "codespaces",
    "collections",
    "contact",
    "customer-stories",
    "enterprise",
    "events",
    "explore",
    "features",
    "issues",
    "login",
    "marketplace",
    "new",
    "notifications",
    "orgs",
    "organizations",
    "pricing",
    "pulls",
    "search",
    "security",
    "settings",
    "sponsors",
    "stars",
    "topics",
    "trending",
    "users",
];

fn github(parts: &[&str], host: &str) -> Option<(RefKind, String)> {
    if let ["orgs", org, "discussions", number, ..] = parts {
        return is_number(number).then(|| (RefKind::Discussion, format!("{}#{number}", org.to_lowercase())));
    }
    if let ("gitee.com", [owner, "codes", id, ..]) = (host, parts) {
        return Some((RefKind::Gist, format!("{}/{id}", owner.to_lowercase())));
    }
    let (owner, repo, rest) = match parts {
        [owner, repo, rest @ ..] if !RESERVED.contains(owner) => (owner, repo, rest),
        _ => return None,
    };
    let name = name(owner, repo);
    let numbered = |kind, number: &str| {
        let number = leading_digits(number).trim_start_matches('0');
        Some((kind, [&name, "#", number].concat()))
    };
    let verb = rest.first().map(|verb| verb.to_ascii_lowercase());
    let rest: Vec<&str> = verb.as_deref().into_iter().chain(rest.iter().skip(1).copied()).collect();
    match rest.as_slice() {
        [] | ["tree", _] | ["src", "branch" | "tag" | "commit", _] => Some((RefKind::Repo, name)),
        ["pull" | "pulls", number, ..] if is_number(number) => numbered(RefKind::Pr, number),
        ["issues", number, ..] if is_number(number) => numbered(RefKind::Issue, number),
        ["issues", id, ..] if host == "gitee.com" && is_gitee_issue(id) => {
            Some((RefKind::Issue, format!("{name}#{}", id.to_ascii_uppercase())))
        }
        ["discussions", number, ..] if is_number(number) => numbered(RefKind::Discussion, number),
        ["commit" | "commits", sha, ..] if is_sha(sha) => {
            Some((RefKind::Commit, format!("{name}@{}", sha.to_lowercase())))
        }
        ["releases", "tag", tag @ ..] if !tag.is_empty() => {
            Some((RefKind::Release, format!("{name}@{}", decoded(&tag.join("/")))))
        }
        ["releases", "download", tag, ..] => Some((RefKind::Release, format!("{name}@{}", decoded(tag)))),
        ["src", "branch" | "tag" | "commit", _, path @ ..] if !path.is_empty() => Some(file_in(&name, path)),
        ["blob" | "tree" | "raw" | "blame" | "src", _, path @ ..] if !path.is_empty() => {
            if let Some(cve) = super::prose::cve(&path.join("/")) {
                return Some((RefKind::Cve, cve));
            }
            proposal_file(&name, path).or_else(|| Some(file_in(&name, path)))
        }
        [
            "tree" | "wiki" | "releases" | "issues" | "pulls" | "actions" | "discussions" | "tags" | "branches"
            | "graphs",
            ..,
        ] => Some((RefKind::Link, format!("{host}/{}", parts.join("/")))),
        _ => None,
    }
}

fn gitlab(parts: &[&str]) -> Option<(RefKind, String)> {
    let dash = parts.iter().position(|part| *part == "-");
    let (project, rest) = match dash {
        Some(dash) => (&parts[..dash], &parts[dash + 1..]),
        None => match parts.iter().skip(2).position(|part| GITLAB.contains(part)) {
            Some(at) => (&parts[..at + 2], &parts[at + 2..]),
            None => (parts, &[][..]),
        },
    };
    let name = project.join("/").trim_end_matches(".git").to_lowercase();
    match rest {
        ["snippets", number] if is_number(number) && project.is_empty() => {
            return Some((RefKind::Gist, (*number).to_owned()));
        }
        _ if project.len() < 2 || matches!(project[0], "groups" | "explore" | "users" | "help" | "dashboard") => {
            return None;
        }
        _ => {}
    }
    let numbered = |kind, number: &str| Some((kind, format!("{name}#{}", leading_digits(number))));
    match rest {
        [] | ["tree", _] => Some((RefKind::Repo, name)),
        ["merge_requests", number, ..] if is_number(number) => numbered(RefKind::Mr, number),
        ["issues" | "work_items", number, ..] if is_number(number) => numbered(RefKind::Issue, number),
        ["commit", sha, ..] if is_sha(sha) => Some((RefKind::Commit, format!("{name}@{}", sha.to_lowercase()))),
        ["releases" | "tags", tag, ..] => Some((RefKind::Release, format!("{name}@{}", decoded(tag)))),
        ["snippets", number, ..] if is_number(number) => Some((RefKind::Gist, format!("{name}/{number}"))),
        ["blob" | "tree" | "raw" | "blame", _, path @ ..] if !path.is_empty() => Some(file_in(&name, path)),
        _ => None,
    }
}

/// Parts that follow a project in the older URLs of GitLab, which have no `/-/`.
const GITLAB: [&str; 7] = ["merge_requests", "issues", "commit", "blob", "tree", "raw", "snippets"];

/// `I5ABCD`: the issues of Gitee have letters in their numbers.
fn is_gitee_issue(id: &str) -> bool {
    (4..=8).contains(&id.len()) && id.starts_with(['I', 'i']) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `kubernetes/enhancements/…/1234-name`: a KEP by its number.
fn proposal_file(name: &str, path: &[&str]) -> Option<(RefKind, String)> {
    if name != "kubernetes/enhancements" || path.first() != Some(&"keps") {
        return None;
    }
    let number = path.get(2)?.split('-').next().filter(|number| is_number(number) && number.len() <= 5)?;
    Some((RefKind::Proposal, format!("KEP-{number}")))
}

/// CVE, RFC, PEP, JEP and KEP by the pages of their publishers.
fn known_id(url: &WebUrl<'_>, host: &str) -> Option<(RefKind, String)> {
    static RFC: LazyLock<Regex> = LazyLock::new(|| crate::text::regex(r"(?i)\brfc[-/ ]?0*(\d{1,5})\b"));
    static PROPOSAL: LazyLock<Regex> = LazyLock::new(|| crate::text::regex(r"(?i)/(pep|jep|jeps)[-/]0*(\d{1,4})\b"));
    let rest = url.path_and_on();
    if matches!(host, "datatracker.ietf.org" | "tools.ietf.org" | "ietf.org" | "rfc-editor.org" | "httpwg.org") {
        return RFC.captures(rest).map(|found| (RefKind::Rfc, format!("RFC {}", &found[1])));
    }
    if matches!(host, "peps.python.org" | "python.org" | "openjdk.org" | "openjdk.java.net") {
        let found = PROPOSAL.captures(rest)?;
        let series = if found[1].eq_ignore_ascii_case("pep") { "PEP" } else { "JEP" };
        return Some((RefKind::Proposal, format!("{series} {}", &found[2])));
    }
    if host == "kep.k8s.io" {
        let number = url.path().trim_matches('/');
        return is_number(number).then(|| (RefKind::Proposal, format!("KEP-{number}")));
    }
    let cve = super::prose::cve(rest)?;
    Some((RefKind::Cve, cve))
}

/// A file by its path in a repository.
fn file_in(repo: &str, path: &[&str]) -> (RefKind, String) {
    (RefKind::File, format!("{repo}/{}", decoded(&path.join("/"))))
}

fn leading_digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

fn is_number(text: &str) -> bool {
    let digits = leading_digits(text).len();
    (1..=9).contains(&digits)
        && !text[digits..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

fn is_sha(text: &str) -> bool {
    (7..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn decoded(text: &str) -> String {
    let pairs = format!("x={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(pairs.as_bytes())
        .next()
        .map_or_else(|| text.to_owned(), |(_, value)| value.into_owned())
}

/// Places of bare URLs in prose. A URL ends before Han, full-width punctuation, and the punctuation
/// of its sentence.
pub fn bare_urls(text: &str) -> Vec<Range<usize>> {
    static BARE: LazyLock<Regex> =
        LazyLock::new(|| crate::text::regex(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%|]+"));
    if memchr::memmem::find(text.as_bytes(), b"://").is_none() {
        return Vec::new();
    }
    BARE.find_iter(text)
        .map(|found| found.start()..found.start() + trimmed(found.as_str()))
        .filter(|place| place.len() > "https://".len())
        .collect()
}

/// The length of `url` without trailing punctuation and unbalanced closing brackets.
fn trimmed(url: &str) -> usize {
    let count = |bracket| url.bytes().filter(|byte| *byte == bracket).count() as i64;
    let (mut round, mut square) = (count(b')') - count(b'('), count(b']') - count(b'['));
    let mut bytes = url.bytes();
    while let Some(last) = bytes.clone().next_back() {
        match last {
            b')' if round > 0 => round -= 1,
            b']' if square > 0 => square -= 1,
            b'(' => round += 1,
            b'[' => square += 1,
            b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*' | b'|' | b'~' | b'_' => {}
            _ => break,
        }
        bytes.next_back();
    }
    bytes.len()
}

/// The host in a label that is nothing but a URL or a domain name, with or without a path.
pub(super) fn host_label(label: &str) -> Option<String> {
    static DOMAIN: LazyLock<Regex> = LazyLock::new(|| {
        crate::text::regex(r"^(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|cn|edu|gov|me|app|co|info)(?:/[!-~]*)?$")
    });
    if !label.contains('.') || label.trim().contains(char::is_whitespace) {
        return None;
    }
    let label = label.trim().to_lowercase();
    match host_of(&label) {
        Some(host) => Some(host),
        None if DOMAIN.is_match(&label) => label.split('/').next().map(str::to_owned),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::web::plain_web, *};
    use proptest::prelude::*;

    #[test]
    fn one_id_however_the_url_is_written() {
        for (url, kind, id) in [
            ("https://github.com/containerd/nerdctl/pull/1331", "pr", "containerd/nerdctl#1331"),
            ("https://www.GitHub.com/Containerd/Nerdctl/pull/1331/files#diff-1", "pr", "containerd/nerdctl#1331"),
            ("http://github.com/containerd/nerdctl/pull/1331?w=1#issuecomment-12", "pr", "containerd/nerdctl#1331"),
            ("https://github.com/containerd/nerdctl/issues/54", "issue", "containerd/nerdctl#54"),
            ("https://github.com/moby/moby/discussions/7", "discussion", "moby/moby#7"),
            ("https://github.com/containerd/nerdctl", "repo", "containerd/nerdctl"),
            ("https://github.com/containerd/nerdctl.git", "repo", "containerd/nerdctl"),
            ("https://github.com/containerd/nerdctl/releases/tag/v1.0.0", "release", "containerd/nerdctl@v1.0.0"),
            ("https://github.com/rust-lang/rust/commit/0123456789abcdef", "commit", "rust-lang/rust@0123456789abcdef"),
            (
                "https://github.com/moby/buildkit/blob/v0.10.0/docs/merge%2Bdiff.md",
                "file",
                "moby/buildkit/docs/merge+diff.md",
            ),
            ("https://www.github.com/o/r/Pull/2", "pr", "o/r#2"),
            ("https://github.com/o/r/tree/main", "repo", "o/r"),
            ("https://github.com/o/r/releases/download/v1.2/r.tar.gz", "release", "o/r@v1.2"),
            ("https://raw.githubusercontent.com/o/r/refs/heads/main/a/b.md", "file", "o/r/a/b.md"),
            ("https://gitlab.com/a/b/c/-/merge_requests/3/diffs#note_1", "mr", "a/b/c#3"),
            ("https://gitlab.com/a/b/c/-/blob/main/src/x.rs", "file", "a/b/c/src/x.rs"),
            ("https://gitlab.com/a/b/-/tags/v1.0", "release", "a/b@v1.0"),
            ("https://gitlab.com/a/b/commit/ABCDEF0123", "commit", "a/b@abcdef0123"),
            ("https://gitlab.com/-/snippets/123", "gist", "123"),
            ("https://gitlab.example.org/a/b/-/issues/7", "issue", "a/b#7"),
            ("https://codeberg.org/a/b/pulls/9", "pr", "a/b#9"),
            ("https://codeberg.org/a/b/src/branch/main/doc/x.md", "file", "a/b/doc/x.md"),
            ("https://gitee.com/a/b/pulls/33", "pr", "a/b#33"),
            ("https://gitee.com/a/b/issues/I5ABCD?from=x", "issue", "a/b#I5ABCD"),
            ("https://gitee.com/u/codes/abcdef123", "gist", "u/abcdef123"),
            ("https://gist.github.com/u/0123456789abcdef", "gist", "u/0123456789abcdef"),
            ("https://gist.github.com/0123456789abcdef0123", "gist", "0123456789abcdef0123"),
            ("https://datatracker.ietf.org/doc/html/rfc9114#section-4", "rfc", "RFC 9114"),
            ("https://www.rfc-editor.org/rfc/rfc0793.txt", "rfc", "RFC 793"),
            ("https://nvd.nist.gov/vuln/detail/cve-2024-21626", "cve", "CVE-2024-21626"),
            ("https://github.com/e/e/blob/main/security/cve-2019-15225.md", "cve", "CVE-2019-15225"),
            ("https://arxiv.org/pdf/1706.03762v5.pdf", "paper", "arXiv:1706.03762"),
            ("https://link.zhihu.com/?target=https%3A//github.com/a/b/pull/1", "pr", "a/b#1"),
            ("https://www.oschina.net/action/GoToLink?url=https%3A%2F%2Fgithub.com%2Fa%2Fb", "repo", "a/b"),
            ("https://peps.python.org/pep-0703/", "proposal", "PEP 703"),
            ("https://kep.k8s.io/1287", "proposal", "KEP-1287"),
            ("https://doi.org/10.48550/arXiv.1706.03762", "paper", "arXiv:1706.03762"),
        ] {
            let target = classify(url).expect(url);
            assert_eq!((target.kind.name(), target.id.as_str()), (kind, id), "{url}");
        }
    }

    proptest! {
        #[test]
        fn a_plain_url_is_read_as_any(url in "https?://[a-z0-9.X%@:-]{1,12}(/[a-zA-Z0-9._~%/:@!$&()*+,;=?#'|-]{0,24})?") {
            if let Some(web) = plain_web(&url) {
                prop_assert_eq!(Some(web), any_web(&url));
            }
        }
    }

    #[test]
    fn urls_that_only_look_like_a_thing_are_links() {
        for url in [
            "https://github.com/xrp-project",
            "https://github.com/orgs/containerd/repositories",
            "https://github.com/topics/ebpf",
            "https://gist.github.com/someone",
            "https://gitlab.com/groups/some-group",
            "https://gitlab.com/someone",
            "https://a.example/share?url=https%3A%2F%2Fgithub.com%2Fa%2Fb",
            "https://github.com/rust-lang/rust/issues?q=is%3Aopen",
            "https://example.com/pull/12",
            "https://docs.example.com/rfc9114",
        ] {
            assert_eq!(classify(url).expect(url).kind, RefKind::Link, "{url}");
        }
        for url in ["javascript:alert(1)", "file:///etc/passwd", "/relative", "#anchor", "mailto:a@b.c", ""] {
            assert_eq!(classify(url), None, "{url}");
        }
    }

    #[test]
    fn bare_urls_end_where_the_sentence_goes_on() {
        for (text, expected) in [
            ("项目:https://github.com/a/b，很好", "https://github.com/a/b"),
            ("见https://a.example/x。后", "https://a.example/x"),
            ("(see https://a.example/x_(y)).", "https://a.example/x_(y)"),
            ("https://a.example/x容器", "https://a.example/x"),
            ("https://a.example/?q=1&b=2, and", "https://a.example/?q=1&b=2"),
        ] {
            let found: Vec<&str> = bare_urls(text).into_iter().map(|place| &text[place]).collect();
            assert_eq!(found, [expected], "{text}");
        }
        assert!(bare_urls("http:// nothing").is_empty());
    }
}
