//! Names: things that an entry mentions by name and no topic rule knows.
//!
//! Sees the words of one entry; the log counts how often a name recurs. A name is a repository, a
//! 《title》, or a Latin term that is written as names are; common words that happen to be written so
//! are left out.

use crate::text::{fold, is_cjk_punctuation, is_han};
use foldhash::{HashSet, HashSetExt};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Sort of thing that a discovered name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NameKind {
    Repository,
    Title,
    Term,
}

impl NameKind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            NameKind::Repository => "the repository",
            NameKind::Title => "the title",
            NameKind::Term => "the name",
        }
    }
}

/// Letters of a term: shorter ones say little, longer ones are code.
const LETTERS: std::ops::RangeInclusive<usize> = 3..=24;

/// Characters of a title.
const TITLE: std::ops::RangeInclusive<usize> = 2..=30;

/// Maximum number of names that are read in one entry.
const PER_ENTRY: usize = 40;

/// Words that are written like names and name nothing to filter by.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "
      the this that and but for with from not you are was all new now one how what why when who can its our
      your his her they then there also todo done wip fyi btw asap faq tldr imo imho aka etc psa url urls http
      https html css json yaml toml xml csv pdf png jpg gif svg utf ascii readme changelog blog post posts
      page link links video talk paper book issue issues pull request requests merge commit review code bug
      bugs fix release feature design draft update case demo part note notes week weekly day today monday
      tuesday wednesday thursday friday saturday sunday january february march april may june july august
      september october november december jan feb mar apr jun jul aug sep oct nov dec api apis sdk cli gui app
      apps web ide cpu gpu ram ssd usb github gitlab gitee google twitter youtube bilibili zhihu wechat slack
      telegram medium reddit usa utc gmt okr kpi ceo cto hr ok id ids true false null none error errors linux
      mac macos windows english chinese team type types data file user users key rfc rfcs pr prs pep kep cve
      til sha head proposal patch plugin metric metrics spec node action ppt mvp poc infra value test tests
      part1 part2 good nice great happy hello world step
    "
    .split_whitespace()
    .collect()
});

/// A name met in an entry, as it is written there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NameMention<'a> {
    pub name: &'a str,
    pub kind: NameKind,
}

/// The names in an entry for which `is_topic`, given the folded name, is false. `repos` are the linked
/// repositories, as `owner/repo`.
pub fn names<'a>(
    words: &'a str,
    repos: impl Iterator<Item = &'a str>,
    is_topic: impl Fn(&str) -> bool,
) -> Vec<NameMention<'a>> {
    let mut met: Vec<NameMention<'a>> = Vec::new();
    let leaf = |repo: &'a str| repo.rsplit('/').next().unwrap_or(repo);
    met.extend(repos.map(|repo| NameMention { name: leaf(repo), kind: NameKind::Repository }));
    met.extend(titles(words).map(|name| NameMention { name, kind: NameKind::Title }));
    met.extend(terms(words).map(|name| NameMention { name, kind: NameKind::Term }));
    let mut known = HashSet::new();
    met.retain(|met| {
        let folded = fold(met.name);
        let is_common = met.kind == NameKind::Term && COMMON.contains(folded.as_str());
        !is_common && !is_topic(&folded) && known.insert(folded)
    });
    met.truncate(PER_ENTRY);
    met
}

fn titles(words: &str) -> impl Iterator<Item = &str> {
    let mut rest = words;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once('《')?;
        let (title, behind) = after.split_once('》').unwrap_or((after, ""));
        rest = behind;
        Some(title.trim())
    })
    .filter(|title| TITLE.contains(&title.chars().count()) && !title.contains(['《', '\n']))
}

/// Bytes that Latin words and what is glued to them consist of.
const PART: [bool; 256] = {
    let mut parts = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        parts[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'.' | b'+' | b'-' | b'/' | b':' | b'@' | b'\\' | b'=');
        byte += 1;
    }
    parts
};

/// Latin words written as names are: `TiDB`, `io_uring`, `LLVM` anywhere; `Tokio` only beside
/// Han, since English begins sentences and titles the same way.
fn terms(words: &str) -> impl Iterator<Item = &str> {
    let is_part = |byte: &u8| PART[usize::from(*byte)];
    let bytes = words.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(is_part)?;
        at = bytes[start..].iter().position(|byte| !is_part(byte)).map_or(words.len(), |len| start + len);
        Some((start, at))
    })
    // Most words are in small letters, and no name is.
    .filter(move |(start, end)| bytes[*start..*end].iter().any(|byte| byte.is_ascii_uppercase() || *byte == b'_'))
    .filter_map(move |(start, end)| {
        let word = singular(words[start..end].trim_matches(['.', '-', ':', '+', '_', '=']));
        is_term(word, || stands_in_han(words, start, end)).then_some(word)
    })
}

/// Initials without the `s` of their plural: `SIGs`.
fn singular(word: &str) -> &str {
    let one = word.strip_suffix('s').filter(|one| one.len() > 1 && one.bytes().all(|byte| byte.is_ascii_uppercase()));
    one.unwrap_or(word)
}

/// A letter thrice in a row is a laugh, and a part in small letters makes a compound of a name.
fn is_wordplay(word: &str) -> bool {
    let thrice = word.as_bytes().windows(3).any(|three| three.iter().all(|byte| byte.eq_ignore_ascii_case(&three[0])));
    thrice || word.split('-').skip(1).any(|part| !part.starts_with(|c: char| c.is_ascii_uppercase()))
}

fn is_term(word: &str, stands_in_han: impl Fn() -> bool) -> bool {
    let letters = || word.bytes().filter(u8::is_ascii_alphabetic);
    if !LETTERS.contains(&word.len())
        || !word.starts_with(|c: char| c.is_ascii_alphabetic())
        || word.contains(['/', ':', '@', '\\', '=', '.', '+'])
        || is_version(word)
        || is_wordplay(word)
    {
        return false;
    }
    let upper = letters().filter(u8::is_ascii_uppercase).count();
    let later = word.bytes().skip(1).filter(u8::is_ascii_uppercase).count();
    let lower = letters().count() - upper;
    let is_camel = later > 0 && lower > 0;
    let is_initials = upper >= *LETTERS.start() && lower == 0 && !word.contains('_');
    let is_joined = word.contains('_') && lower > 0 && upper == 0 && letters().count() >= 5;
    let is_capitalised = upper == 1 && later == 0 && lower > 2;
    is_camel || is_initials || is_joined && stands_in_han() || is_capitalised && stands_in_han()
}

/// `v2`, `PR1331`, `Issue54`, `W30`: letters and then numbers only.
fn is_version(word: &str) -> bool {
    word.trim_start_matches(|c: char| c.is_ascii_alphabetic()).bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
        && word.ends_with(|c: char| c.is_ascii_digit())
}

/// Reports whether the word has Chinese on one side at least, blanks aside, and no Latin word on
/// the left.
fn stands_in_han(words: &str, start: usize, end: usize) -> bool {
    let is_chinese = |c: char| is_han(c) || is_cjk_punctuation(c);
    let before = words[..start].trim_end_matches(' ').chars().next_back();
    let after = words[end..].trim_start_matches(' ').chars().next();
    before.is_some_and(is_chinese)
        || after.is_some_and(is_chinese) && !before.is_some_and(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{super::tag::TagRules, *};

    fn check(words: &str, repos: &[&str], expected: &[&str]) {
        let rules = TagRules::parse("[[tag]]\nname = \"eBPF\"\naliases = [\"bpf\"]").expect("rules");
        let names: Vec<&str> =
            names(words, repos.iter().copied(), |name| rules.knows(name)).iter().map(|met| met.name).collect();
        assert_eq!(names, expected, "{words}");
    }

    #[test]
    fn names_are_told_from_words() {
        check("在 TiDB 上跑了 Tokio，又看了《深入理解网络》", &[], &["深入理解网络", "TiDB", "Tokio"]);
        check("eBPF 与 BPF 都有主题", &[], &[]);
        check("用 GraphQL 的人多。Today we try Rust and WebAssembly", &[], &["GraphQL", "WebAssembly"]);
        check("io_uring 的实现，LLVM IR", &[], &["io_uring", "LLVM"]);
        check("PR1331、Issue54、v1.21.4、K8s-1.2、W30、TODO", &[], &[]);
        check("https://Example.com/FooBar me@FooBar.com a/BarFoo Foo=BarBaz", &[], &[]);
        check("The Quick Brown Fox", &[], &[]);
        check("SIGs、SIG、PRs、Objective-C、LN-enabled、XDDD、哈哈 Hhhhh", &[], &["SIG", "Objective-C"]);
        check("", &["someone/video-tool", "bpf/bpf"], &["video-tool"]);
        check("《》《a》《没有结尾", &[], &["没有结尾"]);
        check("TiDB tidb TIDB", &[], &["TiDB"]);
    }
}
