//! Completion: the ways in which the word at the cursor could go on.
//!
//! Sees the typed text and the log. Reads at most [`LOOKED_AT`] entries, so that a key press never
//! waits.

use super::{
    EntryPart,
    fact::FactField,
    field::{self, QueryField},
};
use crate::{
    log::{Entry, LazyNote, Log},
    reference,
    text::fold,
};
use std::{cmp::Reverse, collections::HashMap, ops::Range};

/// Ways in which a piece of a query could go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// Bytes of the typed text that a candidate replaces.
    pub place: Range<usize>,
    /// Replacements, the likeliest first; never empty.
    pub candidates: Vec<String>,
}

/// Limit on the candidates: more is a list to scroll, not a completion.
const MOST: usize = 40;

/// Newest entries whose tags, repositories and sections are offered.
const LOOKED_AT: usize = 20_000;

/// Completes the word before byte `cursor` of `text`. Returns `None` if nothing continues it.
pub fn complete(text: &str, cursor: usize, log: &Log) -> Option<Completion> {
    let before = text.get(..cursor)?;
    let start = word_start(before);
    let word = &before[start..];
    let mut candidates = if let Some((name, value)) = word.split_once([':', '：']) {
        values(name, value, log)
    } else if let Some(tag) = word.strip_prefix(['#', '＃']) {
        tags(tag, log).into_iter().take(MOST + 1).map(|tag| format!("#{tag}")).collect()
    } else if word.is_empty() {
        return None;
    } else {
        clauses(word, log)
    };
    candidates.retain(|candidate| candidate != word);
    candidates.truncate(MOST);
    (!candidates.is_empty()).then_some(Completion { place: start..cursor, candidates })
}

/// Returns the byte at which the last word of `text` begins, behind the signs that negate it.
fn word_start(text: &str) -> usize {
    let separates = |c: char| c.is_whitespace() || matches!(c, '(' | '"' | '“' | '”');
    let word = text.rsplit(separates).next().unwrap_or(text);
    text.len() - word.trim_start_matches(['-', '－']).len()
}

/// Completes a word without a colon as the name of a field, then as a tag or repository.
fn clauses(word: &str, log: &Log) -> Vec<String> {
    let folded = fold(word);
    let mut found = Vec::new();
    for name in field::names() {
        if name.starts_with(&folded) {
            found.push(format!("{name}:"));
        }
    }
    found.extend(tags(word, log).into_iter().take(MOST + 1).map(|tag| format!("tag:{tag}")));
    found.extend(repos(word, log).into_iter().map(|repo| format!("repo:{repo}")));
    found
}

/// Completes the value of the field called `name`, which is kept as it was typed.
fn values(name: &str, value: &str, log: &Log) -> Vec<String> {
    let Some(field) = QueryField::from_name(name) else { return Vec::new() };
    let found = match field {
        QueryField::Tag => tags(value, log).into_iter().map(str::to_owned).collect(),
        QueryField::Fact(FactField::Repo | FactField::Pr | FactField::Issue) => repos(value, log),
        QueryField::In(EntryPart::Section) => sections(value, log),
        QueryField::Fact(FactField::Source) => starting_with(value, log.notes().iter().map(LazyNote::source)),
        QueryField::During | QueryField::After | QueryField::Before => {
            let mut times = years(value, log);
            let start = fold(value);
            let words = field.values().into_iter().filter(|word| word.starts_with(&start));
            times.extend(words.map(str::to_owned));
            times
        }
        QueryField::Kind
        | QueryField::Order
        | QueryField::In(EntryPart::Title | EntryPart::Path)
        | QueryField::Fact(FactField::Cve | FactField::Rfc | FactField::Host | FactField::Has | FactField::Is) => {
            starting_with(value, field.values().into_iter())
        }
    };
    found.into_iter().map(|value| format!("{name}:{}", super::quoted(&value))).collect()
}

/// Lists the tags that begin with `value`, or, if there are none, those with an alias that does.
/// The most frequent come first.
fn tags<'l>(value: &str, log: &'l Log) -> Vec<&'l str> {
    let value = fold(value);
    let mut fits: Vec<bool> = log.tags().iter().map(|tag| fold(&tag.name).starts_with(&value)).collect();
    if !fits.contains(&true) {
        for (name, tag) in log.tag_names() {
            fits[tag.0 as usize] |= name.starts_with(&value);
        }
    }
    if !fits.contains(&true) {
        return Vec::new();
    }
    let counts = tag_counts(log);
    let mut found: Vec<(u32, &str)> = Vec::new();
    for (at, tag) in log.tags().iter().enumerate() {
        if fits[at] {
            found.push((counts[at], &tag.name));
        }
    }
    found.sort_by_key(|(count, name)| (Reverse(*count), *name));
    found.into_iter().map(|(_, name)| name).collect()
}

/// Counts how often the newest entries have each tag of the log.
fn tag_counts(log: &Log) -> Vec<u32> {
    let mut counts = vec![0_u32; log.tags().len()];
    for entry in log.entries().take(LOOKED_AT) {
        for tag in log.tags_of(entry.id()) {
            counts[tag.0 as usize] += 1;
        }
    }
    counts
}

/// Lists the linked repositories of which the whole name, or the part behind the owner, begins
/// with `value`.
fn repos(value: &str, log: &Log) -> Vec<String> {
    let value = fold(value);
    let mut found = Vec::new();
    for reference in log.entries().take(LOOKED_AT).flat_map(Entry::refs) {
        let Some(repo) = reference::repo_of(reference.kind, reference.id) else { continue };
        let folded = fold(repo);
        let leaf = folded.rsplit('/').next().unwrap_or(&folded);
        if folded.starts_with(&value) || leaf.starts_with(&value) {
            found.push(repo);
        }
    }
    by_frequency(found)
}

/// Lists the headings above entries that begin with `value` and are short enough to be typed.
fn sections(value: &str, log: &Log) -> Vec<String> {
    let headings = log.entries().take(LOOKED_AT).flat_map(Entry::section);
    starting_with(value, headings.filter(|heading| heading.chars().count() <= 40))
}

/// Lists the years of the log that begin with the digits in `value`, newest first.
fn years(value: &str, log: &Log) -> Vec<String> {
    let mut years: Vec<i16> = log.groups().iter().filter_map(|group| Some(group.span?.first().year())).collect();
    years.sort_unstable_by_key(|year| Reverse(*year));
    years.dedup();
    years.into_iter().map(|year| year.to_string()).filter(|year| year.starts_with(value)).collect()
}

fn starting_with<'v>(value: &str, known: impl Iterator<Item = &'v str>) -> Vec<String> {
    let value = fold(value);
    by_frequency(known.filter(|known| fold(known).starts_with(&value)))
}

/// Lists each name once, the most frequent first, [`MOST`] of them.
fn by_frequency<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut names: Vec<(&str, u32)> = counts.into_iter().collect();
    names.sort_by_key(|(name, count)| (Reverse(*count), *name));
    names.truncate(MOST);
    names.into_iter().map(|(name, _)| name.to_owned()).collect()
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
