//! References named in running text: `containerd/nerdctl#1331`, `PR1331`, `#12`, `CVE-…`, `RFC 9114`.

use super::RefKind;
use crate::text::regex;
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

/// Something that running text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProseMention {
    pub place: Range<usize>,
    pub named: MentionTarget,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MentionTarget {
    /// `owner/repo#12`: complete in itself.
    Full {
        repo: String,
        number: String,
    },
    /// `PR 1331`, `#12`: needs the repository linked around it.
    Number {
        kind: Option<RefKind>,
        number: String,
    },
    Cve(String),
    Rfc(String),
    /// `KEP-1287`, `PEP 703`, `JEP 444`.
    Proposal(String),
}

/// Finds the references that `text` names, in their order. Links, code and URLs must be left out
/// of `text`.
pub fn mentions(text: &str) -> Vec<ProseMention> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Vec::new();
    }
    let mut found = full_mentions(text);
    let numbers = number_mentions(text, &found);
    found.extend(numbers);
    if may_name_a_cve(text) {
        for cve in CVE.find_iter(text) {
            let named = MentionTarget::Cve(cve.as_str().to_uppercase());
            found.push(ProseMention { place: cve.range(), named });
        }
    }
    if ["KEP", "PEP", "JEP"].iter().any(|series| text.contains(series)) {
        for captures in PROPOSAL.captures_iter(text) {
            let Some(all) = captures.get(0) else { continue };
            let mark = if &captures[1] == "KEP" { '-' } else { ' ' };
            let named = MentionTarget::Proposal(format!("{}{mark}{}", &captures[1], &captures[2]));
            found.push(ProseMention { place: all.range(), named });
        }
    }
    if is_about_protocols(text) {
        for captures in RFC.captures_iter(text) {
            let Some(all) = captures.get(0) else { continue };
            found.push(ProseMention { place: all.range(), named: MentionTarget::Rfc(captures[1].to_owned()) });
        }
    }
    found.sort_by_key(|mention| mention.place.start);
    found
}

/// `owner/repo#12`, in the order of the text.
fn full_mentions(text: &str) -> Vec<ProseMention> {
    static FULL: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?:^|[^A-Za-z0-9_./#-])([A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100})#([0-9]{1,7})(?-u:\b)")
    });
    let mut found = Vec::new();
    if !text.contains('#') {
        return found;
    }
    for captures in FULL.captures_iter(text) {
        let (Some(repo), Some(number)) = (captures.get(1), captures.get(2)) else { continue };
        let named = MentionTarget::Full { repo: repo.as_str().to_lowercase(), number: number.as_str().to_owned() };
        found.push(ProseMention { place: repo.start()..number.end(), named });
    }
    found
}

/// `PR 1331`, `#12`, unless they are part of one of `full` or belong to a named project.
fn number_mentions(text: &str, full: &[ProseMention]) -> Vec<ProseMention> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)(?:^|[^a-z0-9_/#.&-])(?:(pr|pull request|pull|mr|issue|issues?)\s?#?|#)(\d{2,6})(?:$|[^0-9a-z_./%-]|[./](?:$|[^0-9a-z]))",
        )
    });
    let mut found = Vec::new();
    let mut at = 0;
    // The character after one mention may begin the next: search on from the end of the number.
    while let Some(captures) = NUMBER.captures_at(text, at) {
        let Some(number) = captures.get(2) else { break };
        at = number.end();
        let word = captures.get(1);
        let kind = word.map(|word| match word.as_str().to_lowercase().as_str() {
            "pr" | "pull" | "pull request" => RefKind::Pr,
            "mr" => RefKind::Mr,
            _ => RefKind::Issue,
        });
        let start = word.map_or(number.start() - 1, |word| word.start());
        let is_other = word.is_none() && names_a_project(&text[..start]);
        let whole = full[..full.partition_point(|other| other.place.start <= start)].last();
        if !is_other && whole.is_none_or(|other| !other.place.contains(&start)) {
            let named = MentionTarget::Number { kind, number: number.as_str().to_owned() };
            found.push(ProseMention { place: start..number.end(), named });
        }
    }
    found
}

/// Tests whether the Latin word before a `#12` is the name of its project: `LND #8136`.
fn names_a_project(before: &str) -> bool {
    const NEUTRAL: [&str; 24] = [
        "fix", "fixes", "fixed", "close", "closes", "closed", "resolve", "resolves", "see", "in", "of", "and", "or",
        "via", "per", "by", "ref", "refs", "to", "from", "for", "with", "the", "review",
    ];
    let Some(before) = before.strip_suffix(' ') else { return false };
    let start = before
        .rfind(|c: char| !c.is_ascii_alphanumeric())
        .map_or(0, |at| before[..at].len() + before[at..].chars().next().map_or(1, char::len_utf8));
    let word = before[start..].to_lowercase();
    !word.is_empty() && !word.ends_with(|c: char| c.is_ascii_digit()) && !NEUTRAL.contains(&word.as_str())
}

static CVE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?-u:\b)cve-(?:19|20)\d{2}-\d{4,7}(?-u:\b)"));
static RFC: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)(?-u:\b)rfc[\s-]?0*([1-9]\d{2,3})(?-u:\b)"));
/// Numbers of proposals, as their communities write them.
static PROPOSAL: LazyLock<Regex> = LazyLock::new(|| regex(r"(?-u:\b)(KEP|PEP|JEP)[\s-]?0*([1-9]\d{0,4})(?-u:\b)"));

/// The first CVE in `text`, upper case.
pub fn cve(text: &str) -> Option<String> {
    may_name_a_cve(text).then(|| CVE.find(text))?.map(|cve| cve.as_str().to_uppercase())
}

/// Tests for `cve-`, which nearly all texts and URLs lack.
fn may_name_a_cve(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'-', bytes).any(|at| at >= 3 && bytes[at - 3..at].eq_ignore_ascii_case(b"cve"))
}

/// The number of the first RFC in `text`.
pub fn rfc_number(text: &str) -> Option<String> {
    Some(RFC.captures(text)?[1].to_owned())
}

/// The repository that a label names with a number: `owner/repo#12`.
pub fn named_repo(label: &str) -> Option<String> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^[^A-Za-z0-9]*([A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100})#[0-9]{1,7}(?-u:\b)")
    });
    let may_name = label.contains('#') && label.contains('/');
    Some(may_name.then(|| LABEL.captures(label))??[1].to_lowercase())
}

/// The number of the pull request or issue that a label names: `#12`, `PR1331`, `Issue 54`.
pub fn numbered(label: &str) -> Option<&str> {
    static LABEL: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?i)^\W*(?:[a-z0-9._/-]*#|(?:pr|pull request|pull|mr|issue)\s?#?)[0-9]{1,7}(?-u:\b)"));
    let has_number = label.bytes().any(|byte| byte.is_ascii_digit());
    let found = has_number.then(|| LABEL.find(label))??.as_str();
    let before = found.trim_end_matches(|c: char| c.is_ascii_digit());
    Some(&found[before.len()..])
}

/// Tests for words of the IETF: other communities number their RFCs too.
fn is_about_protocols(text: &str) -> bool {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)(?-u:\b)(?:ietf|http|https|http/?[123]|quic|tls|tcp|udp|dns|bgp|smtp|oauth|jwt|uri|ipv6|websocket|protocol)(?-u:\b)|协议|标准|规范",
        )
    });
    (text.contains("RFC") || text.contains("rfc")) && WORDS.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let shown: Vec<String> = mentions(text)
            .into_iter()
            .map(|mention| match mention.named {
                MentionTarget::Full { repo, number } => format!("{repo}#{number}"),
                MentionTarget::Number { kind, number } => format!("{} {number}", kind.map_or("?", RefKind::name)),
                MentionTarget::Cve(id) | MentionTarget::Proposal(id) => id,
                MentionTarget::Rfc(number) => format!("RFC {number}"),
            })
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn prose_mentions_are_found() {
        check("见 containerd/nerdctl#1331，合并了", &["containerd/nerdctl#1331"]);
        check("PR1331 和 PR 1332、Issue54", &["pr 1331", "pr 1332", "issue 54"]);
        check("修复 #123。", &["? 123"]);
        check("CVE-2019-25225 与 cve-2024-21626", &["CVE-2019-25225", "CVE-2024-21626"]);
        check("HTTP/3 的 RFC9114", &["RFC 9114"]);
        check("the TCP of rfc-793 and rfc9293", &["RFC 793", "RFC 9293"]);
        check("KEP-1287、PEP 703 和 JEP444", &["KEP-1287", "PEP 703", "JEP 444"]);
        check("Issue54 #55", &["issue 54", "? 55"]);
    }

    #[test]
    fn plain_numbers_are_no_mentions() {
        for text in [
            "先写个 draft 的 PR 出来",
            "83/236",
            "requests/limits",
            "v1.21",
            "&#123;",
            "RFC 1234 of the Rust project",
            "color #123456ab",
            "PR 数 12.5%",
            "7 PRs",
            "LND #8136",
            "step 3, kep up",
        ] {
            check(text, &[]);
        }
    }
}
