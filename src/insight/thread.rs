//! Threads: all mentions of one topic in a log, in time order.
//!
//! A topic is a reference, a repository or a tag, however notes spell it.

use crate::log::{Entry, EntryId, EntryTag, Log, Recurrence, Reference, TagId, TagWhy};
use crate::text::{fold, sentence};
use crate::{
    date::Span,
    reference::{self, RefKind},
};
use std::{collections::HashMap, ops::Range};

/// The topic of a thread. All spellings of the same thing give equal topics.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// A tag, by its folded name.
    Tag(String),
    /// A repository with everything in it: pull requests, issues, commits and files.
    Repository { host: String, name: String },
    /// A pull request, paper, CVE and the like. Kinds that share their numbers have one kind, that
    /// of `numbered_kind`: issues and discussions are [`RefKind::Pr`], except on GitLab. The host is
    /// empty when the id is enough. Ids within a repository are in lower case.
    Reference { kind: RefKind, host: String, id: String },
}

impl Topic {
    /// The topic of a reference. A reference to a repository gives the whole repository.
    pub fn of(reference: &Reference<'_>) -> Topic {
        Topic::reference(reference.kind, reference.host, reference.id)
    }

    fn reference(kind: RefKind, host: &str, id: &str) -> Topic {
        if kind == RefKind::Repo {
            return Topic::Repository { host: host.to_owned(), name: id.to_ascii_lowercase() };
        }
        if reference::repo_of(kind, id).is_none() {
            return Topic::Reference { kind, host: String::new(), id: id.to_owned() };
        }
        Topic::Reference {
            kind: reference::numbered_kind(kind, Some(host)),
            host: host.to_owned(),
            id: id.to_ascii_lowercase(),
        }
    }

    /// The repository that a reference belongs to.
    pub fn repository(reference: &Reference<'_>) -> Option<Topic> {
        let name = reference::repo_of(reference.kind, reference.id)?.to_ascii_lowercase();
        Some(Topic::Repository { host: reference.host.to_owned(), name })
    }

    pub fn tag(name: &str) -> Topic {
        Topic::Tag(fold(name))
    }

    /// Tests whether `reference` names this topic, or something in it if it is a repository.
    pub fn is_named_by(&self, reference: &Reference<'_>) -> bool {
        match self {
            Topic::Tag(_) => false,
            Topic::Repository { host, name } => {
                reference.host == host
                    && reference::repo_of(reference.kind, reference.id)
                        .is_some_and(|repo| repo.eq_ignore_ascii_case(name))
            }
            Topic::Reference { kind, host, id } if host.is_empty() => reference.kind == *kind && reference.id == id,
            Topic::Reference { kind, host, id } => {
                reference.host == host
                    && reference::numbered_kind(reference.kind, Some(host)) == *kind
                    && reference.id.eq_ignore_ascii_case(id)
            }
        }
    }

    /// Quotes the mention of this topic in `entry`; `None` when there is none.
    pub fn quoted<'a>(&self, entry: Entry<'a>) -> Option<Quote<'a>> {
        match self {
            Topic::Tag(name) => quoted_tag(entry, name),
            Topic::Repository { .. } | Topic::Reference { .. } => {
                let found = entry.refs().find(|found| self.is_named_by(found))?;
                let sentence = of_reference(entry, &found);
                Some(Quote { reference: Some(found), name: found.id, line: found.line, sentence })
            }
        }
    }
}

/// Quotes the mention of a tag, by its folded name.
fn quoted_tag<'a>(entry: Entry<'a>, name: &str) -> Option<Quote<'a>> {
    let log = entry.log();
    let tag = log.tag(name).filter(|tag| log.tags_of(entry.id()).any(|own| own == *tag))?;
    let of_name = entry.tags().find(|tagged| fold(tagged.name) == *name);
    let because = of_name.or_else(|| entry.tags().find(|tagged| is_within(entry, tagged.name, tag)));
    let sentence = because.and_then(|tagged| of_tag(entry, &tagged)).unwrap_or_else(|| beginning(entry));
    let name = &log.tags()[tag.0 as usize].name;
    Some(Quote { reference: None, name, line: entry.line(), sentence })
}

/// Tests whether the tag of this name is `tag` or below it.
fn is_within(entry: Entry<'_>, name: &str, tag: TagId) -> bool {
    entry.log().tag(name).is_some_and(|own| own == tag || is_above(entry, tag, own))
}

fn is_above(entry: Entry<'_>, tag: TagId, own: TagId) -> bool {
    entry.log().tags()[own.0 as usize].above.contains(&tag)
}

/// The mention of a topic in an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote<'a> {
    /// The reference that names it; none for a tag.
    pub reference: Option<Reference<'a>>,
    /// The id of the reference, or the tag.
    pub name: &'a str,
    /// Line of the file, from 1.
    pub line: u32,
    /// The sentence of the mention on one line: at most [`LONGEST`] characters, and always the words
    /// of the mention. Not cleaned.
    pub sentence: String,
}

/// Characters of a sentence that are quoted.
pub const LONGEST: usize = 200;

/// The sentence of a reference: that of its label, else of its id, its URL or its number.
fn of_reference(entry: Entry<'_>, found: &Reference<'_>) -> String {
    match place_of_reference(entry, found) {
        Some(place) => sentence::around(entry.plain(), place, LONGEST),
        None => beginning(entry),
    }
}

fn place_of_reference(entry: Entry<'_>, found: &Reference<'_>) -> Option<Range<usize>> {
    let text = entry.plain();
    // The nth link with a label is the nth place of the label.
    let before = entry.refs().take_while(|other| other != found);
    let nth = before.filter(|other| other.label == found.label).count();
    for (words, nth) in [(found.label, nth), (found.label, 0), (found.id, 0), (found.url, 0)] {
        let place = sentence::find(text, words, nth);
        if place.is_some() {
            return place;
        }
    }
    reference::repo_of(found.kind, found.id)?;
    let (_, number) = found.id.rsplit_once('#')?;
    sentence::find(text, number, 0)
}

/// The sentence that gave a tag: that of its link, of its word, or of its name.
fn of_tag(entry: Entry<'_>, tagged: &EntryTag<'_>) -> Option<String> {
    let text = entry.plain();
    let sentence_of = |word: &str| Some(sentence::around(text, sentence::find(text, word, 0)?, LONGEST));
    let by_evidence = match tagged.why {
        TagWhy::Link(target) => {
            let link = entry.refs().find(|found| leads_to(found, target));
            link.map(|found| of_reference(entry, &found))
        }
        TagWhy::Word(word) => sentence_of(word),
        TagWhy::Recurrence(Recurrence { spelling, .. }) => sentence_of(spelling),
        TagWhy::Hashtag(_) | TagWhy::FrontMatter | TagWhy::Kind(_) => None,
    };
    by_evidence.or_else(|| sentence_of(tagged.name))
}

/// Tests whether a reference has a URL that begins with `target`, or belongs to the repository `target`.
fn leads_to(found: &Reference<'_>, target: &str) -> bool {
    let url = found.url.split_once("://").map_or(found.url, |(_, rest)| rest);
    if url.trim_start_matches("www.").starts_with(target) {
        return true;
    }
    let Some(repo) = reference::repo_of(found.kind, found.id) else { return false };
    format!("{}/{repo}", found.host).eq_ignore_ascii_case(target)
}

fn beginning(entry: Entry<'_>) -> String {
    let text = entry.plain();
    let start = text.len() - text.trim_start().len();
    let sentence = sentence::around(text, start..start, LONGEST);
    if sentence.is_empty() { entry.title().to_owned() } else { sentence }
}

/// A name that a user asks for, taken apart.
struct TopicQuery<'t> {
    /// One of [`FIELDS`], if the name has it in front.
    field: Option<&'t str>,
    /// The folded name, without the field.
    name: String,
    /// The topic of the name when it is a URL.
    target: Option<Topic>,
    /// The number, when the name is only a number: `1331` of `PR #1331`.
    number: Option<String>,
}

const FIELDS: [&str; 7] = ["tag", "repo", "pr", "issue", "cve", "rfc", "paper"];

impl<'t> TopicQuery<'t> {
    fn new(text: &'t str) -> TopicQuery<'t> {
        let text = text.trim();
        let (field, name) = match text.split_once([':', '：']) {
            Some((field, name)) if FIELDS.contains(&field) => (Some(field), name.trim()),
            _ => (None, text),
        };
        let target = if field == Some("tag") { None } else { target_of(name) };
        let name = fold(name);
        let number = number_of(&name).map(str::to_owned);
        TopicQuery { field, name, target, number }
    }

    fn may_be_tag(&self) -> bool {
        self.field.map_or(self.number.is_none() && self.target.is_none(), |field| field == "tag")
    }

    /// The thread of the tag that this names, if it may be one.
    fn tag_thread(&self, log: &Log) -> Option<Thread> {
        if !self.may_be_tag() {
            return None;
        }
        let tag = log.tag(self.name.trim_start_matches('#'))?;
        Some(Thread::of(log, Topic::tag(&log.tags()[tag.0 as usize].name)))
    }

    /// The topics that references of `log` give this name, those of the highest likeliness.
    fn likeliest(&self, log: &Log) -> Vec<Topic> {
        let mut meant: HashMap<Topic, u8> = HashMap::new();
        for found in log.entries().flat_map(Entry::refs) {
            for (topic, likeliness) in self.meant_by(&found) {
                let known = meant.entry(topic).or_insert(likeliness);
                *known = likeliness.max(*known);
            }
        }
        let best = meant.values().copied().max();
        meant.retain(|_, likeliness| Some(*likeliness) == best);
        meant.into_keys().collect()
    }

    /// The topics that `found` lets this name mean, with their likeliness.
    fn meant_by(&self, found: &Reference<'_>) -> Vec<(Topic, u8)> {
        if let Some(target) = &self.target {
            if target.is_named_by(found) {
                return vec![(target.clone(), EXACTLY)];
            }
            // An address in code is nothing but an address.
            let is_same = found.kind == RefKind::Link && fold(found.url) == self.name;
            return if is_same { vec![(Topic::of(found), BY_TAIL)] } else { Vec::new() };
        }
        let mut meant = Vec::new();
        let repo = reference::repo_of(found.kind, found.id);
        if let Some(repo) = repo.filter(|_| self.field.is_none_or(|field| field == "repo"))
            && let Some(likeliness) = is_tail(&self.name, repo)
            && let Some(topic) = Topic::repository(found)
        {
            meant.push((topic, likeliness));
        }
        if found.kind != RefKind::Repo && self.may_be(found.kind) {
            meant.extend(self.fits(found).map(|likeliness| (Topic::of(found), likeliness)));
        }
        meant
    }

    fn may_be(&self, kind: RefKind) -> bool {
        match self.field {
            None => true,
            Some("pr" | "issue") => kind.is_numbered(),
            Some(field) => kind.name() == field,
        }
    }

    fn fits(&self, found: &Reference<'_>) -> Option<u8> {
        if let Some((repo, number)) = found.id.rsplit_once('#')
            && reference::repo_of(found.kind, found.id).is_some()
        {
            return self.fits_number(repo, number).or_else(|| self.labels(found));
        }
        let id = fold(found.id);
        let tail = id.split_once([':', '-', ' ']).map_or("", |(_, tail)| tail);
        let fits = match found.kind {
            // As one writes them: `rfc9114`, `CVE 2019-15225`, `2019-15225` behind its field.
            RefKind::Cve | RefKind::Rfc | RefKind::Proposal => {
                letters(&id) == letters(&self.name) || self.field.is_some() && letters(tail) == letters(&self.name)
            }
            RefKind::Paper => tail == self.name,
            _ => false,
        };
        if id == self.name || fits { Some(EXACTLY) } else { self.labels(found) }
    }

    /// The likeliness that this names the pull request or issue `number` of `repo`.
    fn fits_number(&self, repo: &str, number: &str) -> Option<u8> {
        if let Some((named, asked)) = self.name.rsplit_once(['#', '!'])
            && asked == number
            && let Some(likeliness) = is_tail(named.trim(), repo)
        {
            return Some(likeliness);
        }
        (self.number.as_deref() == Some(number)).then_some(BY_TAIL)
    }

    fn labels(&self, found: &Reference<'_>) -> Option<u8> {
        let is_name = self.number.is_none() && self.name.chars().nth(1).is_some();
        (is_name && fold(found.label) == self.name).then_some(BY_LABEL)
    }
}

/// The topic of a URL, with or without its scheme.
fn target_of(name: &str) -> Option<Topic> {
    let target = if name.contains("://") {
        reference::classify(name)?
    } else {
        name.split_once('/').filter(|(host, _)| host.contains('.'))?;
        reference::classify(&format!("https://{name}"))?
    };
    Some(Topic::reference(target.kind, &target.host, &target.id))
}

/// The number in a folded name that is only a number, with or without a word such as `pr` before it.
fn number_of(name: &str) -> Option<&str> {
    const WORDS: [&str; 8] = ["pull request", "merge request", "pull", "issue", "pr", "mr", "议题", "合并请求"];
    let rest = WORDS.iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name);
    let number = rest.trim_start_matches([' ', '#', '!', '-']);
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(number)
}

const EXACTLY: u8 = 3;
const BY_TAIL: u8 = 2;
const BY_LABEL: u8 = 1;

/// The likeliness that `asked`, folded, means `name`: equal to it, or its last parts.
fn is_tail(asked: &str, name: &str) -> Option<u8> {
    let name = fold(name);
    if name == asked {
        return Some(EXACTLY);
    }
    name.strip_suffix(asked).filter(|rest| !asked.is_empty() && rest.ends_with('/')).map(|_| BY_TAIL)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Entries that mention `topic`, in the order of the log.
fn entries_of<'a>(log: &'a Log, topic: &Topic) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    match topic {
        Topic::Tag(name) => {
            let Some(tag) = log.tag(name) else { return entries };
            entries.extend(log.entries().filter(|entry| log.tags_of(entry.id()).any(|own| own == tag)));
        }
        Topic::Repository { .. } | Topic::Reference { .. } => {
            entries.extend(log.entries().filter(|entry| entry.refs().any(|found| topic.is_named_by(&found))));
        }
    }
    entries
}

/// All entries that mention a topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    pub topic: Topic,
    /// Mentions in time order; undated ones last, in the order of the log.
    pub mentions: Vec<Mention>,
}

/// An entry that mentions the topic of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    pub entry: EntryId,
    pub span: Option<Span>,
    /// Days since the previous mention, from first day to first day. `None` for the first mention
    /// and for undated ones.
    pub gap: Option<u32>,
}

impl Thread {
    /// Collects the mentions of `topic`. [`Topic::quoted`] gives the sentence of each.
    pub fn of(log: &Log, topic: Topic) -> Thread {
        let mut mentions: Vec<Mention> = Vec::new();
        for entry in entries_of(log, &topic) {
            mentions.push(Mention { entry: entry.id(), span: entry.span(), gap: None });
        }
        mentions.sort_by_key(|mention| {
            let days = mention.span.map(|span| (span.first(), span.last()));
            (days.is_none(), days, mention.entry)
        });
        let mut before: Option<Span> = None;
        for mention in &mut mentions {
            if let (Some(before), Some(own)) = (before, mention.span) {
                mention.gap = Some((own.first() - before.first()).get_days().unsigned_abs());
            }
            before = mention.span;
        }
        Thread { topic, mentions }
    }

    /// The threads that `text` may mean, likeliest first: the tag of that name, else repositories and
    /// references, the longest thread first.
    ///
    /// A reference is found by its id or any tail of it (`containerd/nerdctl#1331`, `nerdctl#1331`,
    /// `PR1331`, `#1331`), by its URL, and, if nothing else has the name, by the label of its
    /// links. `tag:`, `repo:`, `pr:`, `issue:`, `cve:`, `rfc:` and `paper:` say which is meant.
    pub fn named(log: &Log, text: &str) -> Vec<Thread> {
        let asked = TopicQuery::new(text);
        // `owner/name` is a repository first: a tag may have its last part.
        if !asked.name.contains('/')
            && let Some(thread) = asked.tag_thread(log)
        {
            return vec![thread];
        }
        let mut threads = Vec::new();
        for topic in asked.likeliest(log) {
            threads.push(Thread::of(log, topic));
        }
        threads.sort_by(|a, b| (b.mentions.len(), b.last(), &a.topic).cmp(&(a.mentions.len(), a.last(), &b.topic)));
        if threads.is_empty() {
            threads.extend(asked.tag_thread(log));
        }
        threads
    }

    /// First day of the first mention.
    pub fn first(&self) -> Option<jiff::civil::Date> {
        self.mentions.first()?.span.map(|span| span.first())
    }

    /// First day of the last dated mention.
    pub fn last(&self) -> Option<jiff::civil::Date> {
        self.mentions.iter().rev().find_map(|mention| mention.span).map(|span| span.first())
    }

    /// The mention after the longest gap, the first of several.
    pub fn longest_gap(&self) -> Option<&Mention> {
        self.mentions.iter().rev().filter(|mention| mention.gap.is_some()).max_by_key(|mention| mention.gap)
    }

    /// The position of `entry` among the mentions.
    pub fn position(&self, entry: EntryId) -> Option<usize> {
        self.mentions.iter().position(|mention| mention.entry == entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::testing::log_of;

    const STORY: [(&str, &str); 4] = [
        (
            "2024-01-02.md",
            "1， 开了 [Issue54](https://github.com/Foo/bar/issues/54)，先占坑。以后再说\n2. 读 [这篇](https://arxiv.org/abs/1706.03762v2)！很好。\n",
        ),
        (
            "2024-01-05.md",
            "- 修 foo/bar#54 的人来了？[PR 54](https://github.com/foo/bar/pull/54) 合了！下周发版。\n- 同样编号的 https://github.com/me/bar/pull/54\n",
        ),
        (
            "2024-03-05.md",
            "- 又读 [Attention](https://ar5iv.org/abs/1706.03762)\n- foo/bar 发了 [v1.2.0](https://github.com/foo/bar/releases/tag/v1.2.0)。\n",
        ),
        (
            "later.md",
            "- 没写日期的 [1](https://github.com/foo/bar/issues/54)\n- 先：\n\n  ```sh\n  git clone https://github.com/in/code\n  ```\n",
        ),
    ];

    fn check(log: &Log, text: &str, expected: &[&str]) {
        let threads = Thread::named(log, text);
        let shown = threads.first().map_or(Vec::new(), |thread| {
            let line = |mention: &Mention| {
                let day = mention.span.map_or("-".to_owned(), |span| span.first().to_string());
                let gap = mention.gap.map_or(String::new(), |gap| format!("+{gap} "));
                let quote = thread.topic.quoted(log.entry(mention.entry)).expect("a mention is a mention");
                format!("{day} {gap}{}", quote.sentence)
            };
            thread.mentions.iter().map(line).collect()
        });
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn one_thread_by_every_name() {
        let log = log_of(&STORY);
        let story = ["2024-01-02 开了 Issue54，先占坑。", "2024-01-05 +3 PR 54 合了！", "- 没写日期的 1"];
        for name in [
            "foo/bar#54",
            "Foo/Bar#54",
            "https://github.com/foo/bar/pull/54",
            "github.com/foo/bar/issues/54#issuecomment-1",
            "PR54",
            "＃５４",
            "54",
            "issue 54",
            "pr:54",
            "pr:foo/bar#54",
            "Issue54",
        ] {
            check(&log, name, &story);
        }
        let paper = ["2024-01-02 读 这篇！", "2024-03-05 +63 又读 Attention"];
        for name in
            ["arXiv:1706.03762", "1706.03762", "https://arxiv.org/pdf/1706.03762.pdf", "attention", "paper:1706.03762"]
        {
            check(&log, name, &paper);
        }
        check(&log, "https://github.com/in/code", &["- git clone https://github.com/in/code"]);
        check(&log, "me/bar#54", &["2024-01-05 同样编号的 https://github.com/me/bar/pull/54"]);
        for name in ["foo/bar", "repo:foo/bar", "https://github.com/foo/bar"] {
            check(&log, name, &[story[0], story[1], "2024-03-05 +60 foo/bar 发了 v1.2.0。", story[2]]);
        }
        for name in ["nothing/here", "", "#", "PR", "tag:none", "pr:foo/bar", "https://example.com/", "cve:54"] {
            check(&log, name, &[]);
        }
    }

    #[test]
    fn a_number_of_several_repositories_is_that_of_the_one_mentioned_most() {
        let log = log_of(&STORY);
        let named = Thread::named(&log, "bar#54");
        assert_eq!(named.iter().map(|thread| thread.mentions.len()).collect::<Vec<_>>(), [3, 1]);
        assert!(matches!(&named[1].topic, Topic::Reference { id, .. } if id == "me/bar#54"), "{named:?}");
    }

    #[test]
    fn a_tag_is_followed_with_those_below_it() {
        let log = log_of(&[
            ("2024-01-02.md", "- 容器起不来。[日志](https://github.com/containerd/nerdctl/pull/1331) 在此\n- 无关\n"),
            ("2024-01-09.md", "- 上线了。k8s 升级完成！\n- 记一笔 #nerdctl 的事\n"),
        ]);
        check(&log, "nerdctl", &["2024-01-02 日志 在此", "2024-01-09 +7 记一笔 #nerdctl 的事"]);
        check(&log, "tag:kubernetes", &["2024-01-09 k8s 升级完成！"]);
        check(&log, "Containers", &["2024-01-02 容器起不来。", "2024-01-09 +7 记一笔 #nerdctl 的事"]);
    }

    #[test]
    fn thread_knows_first_last_and_longest_gap() {
        let log = log_of(&STORY);
        let thread = Thread::named(&log, "foo/bar").swap_remove(0);
        let day = |month, day| jiff::civil::date(2024, month, day);
        assert_eq!((thread.first(), thread.last()), (Some(day(1, 2)), Some(day(3, 5))));
        assert_eq!(thread.longest_gap().and_then(|mention| mention.gap), Some(60));
        assert_eq!(thread.position(thread.mentions[2].entry), Some(2));
        let empty = Thread::of(&log, Topic::tag("none"));
        assert_eq!((empty.first(), empty.longest_gap(), empty.mentions.len()), (None, None, 0));
    }

    #[test]
    fn hostile_entries_are_quoted() {
        let long = "长".repeat(20_000);
        let text =
            format!("- {long}[PR7](https://github.com/a/b/pull/7){long}\n- \u{202e}反 a/b#7\u{0}\u{1b}[31m。完 👨‍👩‍👧‍👦\n");
        let read = log_of(&[("x.md", &text)]);
        let thread = Thread::named(&read, "a/b#7").swap_remove(0);
        assert_eq!(thread.mentions.len(), 2);
        for mention in &thread.mentions {
            let sentence = thread.topic.quoted(read.entry(mention.entry)).expect("a quote").sentence;
            assert!(sentence.chars().count() <= LONGEST && sentence.contains('7'), "{sentence}");
        }
    }
}
