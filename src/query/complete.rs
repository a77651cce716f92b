//! Completion: how the word at the cursor could go on.
//!
//! Sees the typed text and the log at hand. Looks at no more entries than a key press allows.

use super::parse;
use crate::{
    log::{LazyNote, Log},
    reference,
    text::fold,
};
use std::{collections::HashMap, ops::Range};

/// Ways in which a piece of a query could go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Bytes of the typed text that are replaced.
    pub place: Range<usize>,
    /// What stands there instead, likeliest first; never empty.
    pub candidates: Vec<String>,
}

/// Candidates that are offered: more is a list to scroll, not a completion.
const MOST: usize = 40;

/// Newest entries whose repositories and sections are offered.
const LOOKED_AT: usize = 20_000;

/// How the word before byte `cursor` of `text` could go on; `None` when it could not.
pub fn complete(text: &str, cursor: usize, log: &Log) -> Option<Completion> {
    let before = text.get(..cursor)?;
    let start = before
        .rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '”'))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let start =
        start + before[start..].chars().take_while(|c| matches!(c, '-' | '－')).map(char::len_utf8).sum::<usize>();
    let word = &before[start..];
    let (field, value) = match word.split_once([':', '：']) {
        Some((field, value)) => (Some(field), value),
        None => (None, word),
    };
    let candidates = match (field, word.strip_prefix(['#', '＃'])) {
        (None, Some(tag)) => tags(tag, log).map(|tag| format!("#{tag}")).collect(),
        (Some(field), _) => values(field, value, log),
        (None, None) if word.is_empty() => return None,
        (None, None) => {
            let fields = parse::names().filter(|name| name.starts_with(&fold(word))).map(|name| format!("{name}:"));
            let tags = tags(word, log).map(|tag| format!("tag:{tag}"));
            let repos = repos(word, log).into_iter().map(|repo| format!("repo:{repo}"));
            fields.chain(tags).chain(repos).collect::<Vec<_>>()
        }
    };
    let candidates: Vec<String> = candidates.into_iter().filter(|candidate| candidate != word).take(MOST).collect();
    (!candidates.is_empty()).then_some(Completion { place: start..cursor, candidates })
}

fn values(field: &str, value: &str, log: &Log) -> Vec<String> {
    let named = match fold(field).as_str() {
        "tag" | "tags" | "标签" => tags(value, log).map(str::to_owned).collect(),
        "repo" | "仓库" | "pr" | "issue" => repos(value, log),
        "in" | "section" | "章节" => sections(value, log),
        "source" | "来源" => begun(value, log.notes().iter().map(LazyNote::source)),
        "after" | "before" | "date" | "since" | "until" | "on" | "之前" | "之后" | "日期" => {
            let words =
                parse::values(field).into_iter().filter(|word| word.starts_with(&fold(value))).map(str::to_owned);
            years(value, log).into_iter().chain(words).collect()
        }
        _ => begun(value, parse::values(field).into_iter()),
    };
    named.into_iter().map(|named| format!("{field}:{}", super::quoted(&named))).collect()
}

/// Tags by how often they are given: those that begin so, else those of which an alias does.
fn tags<'l>(value: &str, log: &'l Log) -> impl Iterator<Item = &'l str> {
    let value = fold(value);
    let mut found: Vec<(u32, &str)> = Vec::new();
    let mut begun: Vec<bool> = log.tags().iter().map(|tag| fold(&tag.name).starts_with(&value)).collect();
    if !begun.contains(&true) {
        let aliases = log.tag_names().filter(|(name, _)| name.starts_with(&value));
        aliases.for_each(|(_, tag)| begun[tag.0 as usize] = true);
    }
    if begun.contains(&true) {
        let mut counts = vec![0_u32; log.tags().len()];
        let entries = log.entries().take(LOOKED_AT);
        entries.for_each(|entry| log.tags_of(entry.id()).for_each(|tag| counts[tag.0 as usize] += 1));
        let tags = counts.into_iter().zip(log.tags()).zip(begun);
        found.extend(tags.filter(|(_, begun)| *begun).map(|((count, tag), _)| (count, tag.name.as_str())));
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    }
    found.into_iter().map(|(_, name)| name)
}

/// Repositories that are linked, whole or by the name behind their owner.
fn repos(value: &str, log: &Log) -> Vec<String> {
    let refs = log.entries().take(LOOKED_AT).flat_map(crate::log::Entry::refs);
    let value = fold(value);
    let repos = refs.filter_map(|found| reference::repo_of(found.kind, found.id));
    let begins = |repo: &&str| {
        let folded = fold(repo);
        folded.starts_with(&value) || folded.rsplit('/').next().is_some_and(|leaf| leaf.starts_with(&value))
    };
    counted(repos.filter(begins))
}

fn sections(value: &str, log: &Log) -> Vec<String> {
    let value = fold(value);
    let headings = log.entries().take(LOOKED_AT).flat_map(crate::log::Entry::section);
    counted(headings.filter(|heading| fold(heading).starts_with(&value) && heading.chars().count() <= 40))
}

/// Years of the log, newest first.
fn years(value: &str, log: &Log) -> Vec<String> {
    let mut years: Vec<i16> = log.groups().iter().filter_map(|group| Some(group.span?.first().year())).collect();
    years.sort_unstable_by(|a, b| b.cmp(a));
    years.dedup();
    years.into_iter().map(|year| year.to_string()).filter(|year| year.starts_with(value)).collect()
}

fn begun<'v>(value: &str, known: impl Iterator<Item = &'v str>) -> Vec<String> {
    let value = fold(value);
    counted(known.filter(|known| fold(known).starts_with(&value)))
}

/// Each once, the most frequent first.
fn counted<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    names.for_each(|name| *counts.entry(name).or_default() += 1);
    let mut names: Vec<(&str, u32)> = counts.into_iter().collect();
    names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    names.into_iter().map(|(name, _)| name.to_owned()).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_on_as_fields_tags_and_repositories() {
        let log = Log::from_entries([
            "## 技术\n\n- [nerdctl](https://github.com/containerd/nerdctl) #nerdctl",
            "- #nerdctl 与 #network",
            "## 技术 杂谈\n\n- 甲",
        ]);
        let check = |text: &str, expected: &[&str]| {
            let found = complete(text, text.len(), &log);
            let shown =
                found.as_ref().map_or(Vec::new(), |found| found.candidates.iter().map(String::as_str).collect());
            assert_eq!(shown, expected, "{text}");
            let place = found.map(|found| found.place);
            assert!(place.is_none_or(|place| text.get(place).is_some()), "{text}");
        };
        check("容器 ne", &["tag:nerdctl", "tag:network", "repo:containerd/nerdctl"]);
        check("ta", &["tag:"]);
        check("-tag:n", &["tag:nerdctl", "tag:network"]);
        check("#NET", &["#network"]);
        check("标签:net", &["标签:network"]);
        check("(repo:ner", &["repo:containerd/nerdctl"]);
        check("in:技", &["in:技术", "in:\"技术 杂谈\""]);
        check("kind:pa", &["kind:paper"]);
        check("sort:", &["sort:date", "sort:oldest", "sort:relevance"]);
        check("date:上", &["date:上周"]);
        check("has:im", &["has:image"]);
        check("source:t", &["source:test"]);
        check("", &[]);
        check("zzz", &[]);
        check("tag:nothing", &[]);
    }
}
