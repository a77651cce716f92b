//! Kinds: classifies entries by what they do rather than by single words.

use crate::reference::{FoundReference, RefKind};
use crate::text::{clean_line, fold, lines, regex, regex_set};
use regex::{Regex, RegexSet, SetMatches};
use serde::{Deserialize, Serialize};
use std::{rc::Rc, sync::LazyLock};

/// Kind of an entry. An entry can have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Incident,
    Paper,
    Pr,
    Issue,
    Release,
    Book,
    Talk,
    Tool,
    Plan,
    Question,
    Life,
}

impl Kind {
    pub const ALL: [Kind; 11] = [
        Kind::Incident,
        Kind::Paper,
        Kind::Pr,
        Kind::Issue,
        Kind::Release,
        Kind::Book,
        Kind::Talk,
        Kind::Tool,
        Kind::Plan,
        Kind::Question,
        Kind::Life,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Incident => "incident",
            Kind::Paper => "paper",
            Kind::Pr => "pr",
            Kind::Issue => "issue",
            Kind::Release => "release",
            Kind::Book => "book",
            Kind::Talk => "talk",
            Kind::Tool => "tool",
            Kind::Plan => "plan",
            Kind::Question => "question",
            Kind::Life => "life",
        }
    }

    /// The kind with this name, in English (singular or plural) or Chinese, in any form.
    pub fn from_name(name: &str) -> Option<Kind> {
        let name = fold(name);
        let singular = name.strip_suffix('s').unwrap_or(&name);
        Kind::names().find(|(known, _)| *known == name || *known == singular).map(|(_, kind)| kind)
    }

    /// Every name of every kind, folded: the English ones first.
    pub fn names() -> impl Iterator<Item = (&'static str, Kind)> {
        Kind::ALL.into_iter().map(|kind| (kind.name(), kind)).chain(CHINESE)
    }
}

const CHINESE: [(&str, Kind); 15] = [
    ("事故", Kind::Incident),
    ("故障", Kind::Incident),
    ("复盘", Kind::Incident),
    ("论文", Kind::Paper),
    ("合并请求", Kind::Pr),
    ("议题", Kind::Issue),
    ("发布", Kind::Release),
    ("书", Kind::Book),
    ("读书", Kind::Book),
    ("演讲", Kind::Talk),
    ("视频", Kind::Talk),
    ("工具", Kind::Tool),
    ("计划", Kind::Plan),
    ("问题", Kind::Question),
    ("生活", Kind::Life),
];

/// A set of kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds(u16);

impl Kinds {
    pub fn insert(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u16;
    }

    /// A number that no other set has.
    pub(crate) fn bits(self) -> u16 {
        self.0
    }

    /// The set with that number.
    pub(crate) fn from_bits(bits: u16) -> Kinds {
        Kinds(bits)
    }

    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// Kinds in order of [`Kind::ALL`]: the most telling first.
    pub fn iter(self) -> impl Iterator<Item = Kind> + Clone {
        Kind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

impl FromIterator<Kind> for Kinds {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Kinds {
        let mut set = Kinds::default();
        kinds.into_iter().for_each(|kind| set.insert(kind));
        set
    }
}

/// A kind given to an entry, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindReason {
    pub kind: Kind,
    pub why: String,
}

/// Parts of an entry that can tell its kinds.
#[derive(Debug, Clone, Copy)]
pub struct KindInput<'a> {
    /// The entry's own words, without quotations.
    pub words: &'a str,
    pub section: &'a [Rc<str>],
    pub refs: &'a [FoundReference],
}

/// Bytes below which no text is a write-up of an incident: about 120 Han characters.
const WRITE_UP: usize = 360;

/// Bytes below which no text tells how a service suffered and was healed: about 50 Han characters.
const STORY: usize = 150;

/// Bytes below which a link to a write-up is only shared, not spoken of: about 20 Han characters.
const SUMMARY: usize = 60;

/// Bytes that tell what an entry is about: about 80 Han characters.
const OPENING: usize = 240;

/// Bytes of a heading that can name a part of life; a longer one is a text of its own.
const LONGEST_HEADING: usize = 400;

/// Characters of the notes that a reason quotes at most.
const QUOTED: usize = 60;

/// References that a reason names; more are counted.
const NAMED: usize = 2;

/// The kinds of an entry, in order of [`Kind::ALL`], each once.
pub fn kinds(signs: &KindInput<'_>) -> Vec<KindReason> {
    // Most entries have no sign, and testing for any is faster than finding which.
    let may_say = || signs.refs.iter().any(|found| is_incident(&found.url)) || ALONE.is_match(signs.words);
    let said = (signs.words.len() >= WRITE_UP || may_say()).then(|| WORDS.matches(signs.words));
    let reading = KindClassifier { signs, is_ascii: signs.words.is_ascii(), said };
    Kind::ALL.into_iter().filter_map(|kind| Some(KindReason { kind, why: reading.why(kind)? })).collect()
}

/// Classifier of one entry. Each test returns the evidence it finds, or `None`.
struct KindClassifier<'a> {
    signs: &'a KindInput<'a>,
    /// True when the words contain no Han.
    is_ascii: bool,
    said: Option<SetMatches>,
}

impl KindClassifier<'_> {
    /// All evidence for `kind`.
    fn why(&self, kind: Kind) -> Option<String> {
        let reasons = match kind {
            Kind::Incident if self.said.is_none() => [None, None, None],
            Kind::Incident => [self.write_up().or_else(|| self.summary()).or_else(|| self.story()), None, None],
            Kind::Paper => [self.links(&[RefKind::Paper]), self.says(Sign::Paper), self.near("论文", &PAPER)],
            Kind::Pr => [self.links(&[RefKind::Pr, RefKind::Mr]), None, None],
            Kind::Issue => [self.links(&[RefKind::Issue]), None, None],
            Kind::Release => [self.links(&[RefKind::Release]), self.says(Sign::Release), None],
            Kind::Book => [self.says(Sign::Book), self.book(), self.pages()],
            Kind::Talk => [self.says(Sign::Talk), self.near("分享", &TALK), self.video()],
            Kind::Tool => [self.tool(), None, None],
            Kind::Plan => [self.says(Sign::Plan), self.near("ext week", &PLAN), None],
            Kind::Question => [self.says(Sign::Question), None, None],
            Kind::Life => [self.life(), None, None],
        };
        let mut reasons = reasons.into_iter().flatten();
        let first = reasons.next()?;
        Some(reasons.fold(first, |all, reason| all + "; " + &reason))
    }

    fn links(&self, kinds: &[RefKind]) -> Option<String> {
        let found = || self.signs.refs.iter().filter(|found| kinds.contains(&found.kind));
        found().next()?;
        let verb = if found().all(|found| found.inferred) { "names" } else { "links" };
        listed(verb, found().map(|found| found.id.as_str()))
    }

    fn has(&self, sign: Sign) -> bool {
        self.said.as_ref().is_some_and(|said| said.matched(sign as usize))
    }

    /// The words of the text that match `sign`, as they are written.
    fn word(&self, sign: Sign) -> Option<String> {
        if !self.has(sign) {
            return None;
        }
        quoted(&SINGLE[sign as usize], self.signs.words)
    }

    fn says(&self, sign: Sign) -> Option<String> {
        self.word(sign).map(|word| words(&word))
    }

    /// The words that match `pattern`, which is only tried when the text contains `word`.
    fn near(&self, word: &str, pattern: &Regex) -> Option<String> {
        if self.is_ascii && !word.is_ascii() || !self.signs.words.contains(word) {
            return None;
        }
        quoted(pattern, self.signs.words).map(|found| words(&found))
    }

    /// A write-up: words of a postmortem and, beside them, two of cause, course and recovery, in a
    /// text long enough to be one. "出了事故，下面复盘" only points to it.
    fn write_up(&self) -> Option<String> {
        if self.signs.words.len() < WRITE_UP {
            return None;
        }
        let told = self.told(&[Sign::Cause, Sign::Course, Sign::Recovery]);
        if told.len() < 2 {
            return None;
        }
        Some(format!("a write-up: names {}, {}", self.word(Sign::Incident)?, told.join(", ")))
    }

    /// A summary of a linked write-up, with its causes or lessons.
    fn summary(&self) -> Option<String> {
        let urls = self.signs.refs.iter().map(|found| found.url.as_str());
        let page = listed("links", urls.filter(|url| is_incident(url)))?;
        let told = self.told(&[Sign::Cause, Sign::Course, Sign::Recovery, Sign::Lesson]);
        (self.signs.words.len() >= SUMMARY && !told.is_empty())
            .then(|| format!("a write-up: {page}; names {}", told.join(", ")))
    }

    /// A story of an incident in any words: a service had trouble, with a cause and an end.
    fn story(&self) -> Option<String> {
        let signs = [Sign::Service, Sign::Trouble, Sign::Cause, Sign::Healed];
        if self.signs.words.len() < STORY || !signs.iter().all(|sign| self.has(*sign)) {
            return None;
        }
        let trouble = self.word(Sign::Trouble)?;
        let end = self.word(Sign::Healed)?;
        Some(format!("the story of an incident: a service had “{trouble}”, with a cause and its end, “{end}”"))
    }

    /// Names of those `parts` of a write-up that the text has.
    fn told(&self, parts: &[Sign]) -> Vec<&'static str> {
        let name = |sign: &Sign| match sign {
            Sign::Cause => "a cause",
            Sign::Course => "a course of events",
            Sign::Recovery => "a recovery",
            _ => "lessons",
        };
        parts.iter().filter(|sign| self.has(**sign)).map(name).collect()
    }

    /// A title in its brackets that is read, not one that the author writes.
    fn book(&self) -> Option<String> {
        let text = self.signs.words;
        if self.is_ascii || !text.contains("《") {
            return None;
        }
        let is_read = |found: &regex::Match<'_>| {
            let line = text[..found.start()].rfind('\n').map_or(0, |feed| feed + 1);
            !["博客", "文章", "发布"].iter().any(|word| text[line..found.start()].contains(word))
        };
        let found = BOOK.find_iter(text).find(is_read)?;
        Some(words(&shortened(found.as_str().trim())))
    }

    /// A title with its progress in pages; in days or lessons it is that of a course.
    fn pages(&self) -> Option<String> {
        let is_title = |line: &&str| line.contains('/') && !line.contains(['天', '课']) && line.len() < OPENING;
        let found = lines(self.signs.words).filter(is_title).find(|line| PAGES.is_match(line))?;
        Some(words(&shortened(found.trim())))
    }

    fn video(&self) -> Option<String> {
        listed("links", self.signs.refs.iter().map(|found| found.url.as_str()).filter(|url| is_video(url)))
    }

    /// A tool is what an entry begins with; far down it is one word of many.
    fn tool(&self) -> Option<String> {
        if !self.has(Sign::Tool) {
            return None;
        }
        let text = self.signs.words;
        let end = (0..=text.len().min(OPENING)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let said = quoted(&SINGLE[Sign::Tool as usize], &text[..end]);
        let said = words(&said?);
        Some(format!("{said} and {}", self.links(&[RefKind::Repo, RefKind::Link])?))
    }

    fn life(&self) -> Option<String> {
        let names = |heading: &&Rc<str>| heading.len() <= LONGEST_HEADING && is_life(heading);
        let heading = self.signs.section.iter().find(names)?;
        Some(format!("the section {}", shortened(heading)))
    }
}

/// Most headings have neither Han nor one of two words in them, and need no pattern.
fn is_life(heading: &str) -> bool {
    let has = |word: &[u8]| heading.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    (!heading.is_ascii() || has(b"life") || has(b"personal")) && LIFE.is_match(heading)
}

/// `links a, b and 3 more`; `None` for none.
fn listed<'a>(verb: &str, mut names: impl Iterator<Item = &'a str>) -> Option<String> {
    let first: Vec<String> = names.by_ref().take(NAMED).map(shortened).collect();
    let more = match names.count() {
        0 => String::new(),
        count => format!(" and {count} more"),
    };
    (!first.is_empty()).then(|| format!("{verb} {}{more}", first.join(", ")))
}

fn words(found: &str) -> String {
    format!("the words “{found}”")
}

/// The text that `pattern` matches: that of its group when it has one, since a pattern may look at
/// the words around it.
fn quoted(pattern: &Regex, text: &str) -> Option<String> {
    let found = pattern.captures(text)?;
    let own = found.iter().skip(1).flatten().next().or(found.get(0))?;
    Some(shortened(own.as_str().trim()))
}

/// `text` on one line, at most [`QUOTED`] characters of it.
fn shortened(text: &str) -> String {
    let text = &*clean_line(text);
    if text.len() <= QUOTED {
        return text.to_owned();
    }
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Reports whether a URL looks like that of a write-up of an incident. Most URLs are rejected
/// without the pattern.
fn is_incident(url: &str) -> bool {
    const INCIDENT_WORDS: [&str; 5] = ["incident", "ortem", "outage", "cascading", "root-cause"];
    INCIDENT_WORDS.iter().any(|mark| url.contains(mark)) && INCIDENT_URL.is_match(url)
}

fn is_video(url: &str) -> bool {
    ["youtu", "bilibili", "vimeo"].iter().any(|name| url.contains(name)) && VIDEO.is_match(url)
}

/// A meaning that words can have; the place of its row in [`SIGNS`].
#[derive(Debug, Clone, Copy)]
enum Sign {
    Paper,
    Incident,
    Cause,
    Course,
    Recovery,
    Release,
    Book,
    Talk,
    Tool,
    Plan,
    Question,
    Lesson,
    Service,
    Trouble,
    Healed,
}

/// Signs, each with whether it can tell a kind without a [`WRITE_UP`] around it, and its pattern,
/// which ignores case.
///
/// Word borders are those of Latin words, for Han has none: `听了talk` contains the word talk. A
/// group marks the part that is quoted.
#[rustfmt::skip]
const SIGNS: [(Sign, bool, &str); 15] = [
    (Sign::Paper, true, r"论文(?:时间|笔记|阅读)|\bpaper reading\b"),
    (Sign::Incident, false, r"事故|复盘|覆盘|\bpost-?mortem\b|\boutages?\b|\bincident\b|故障|级联失效|级联失败|cascading failure|挂了一整天"),
    (Sign::Cause, false, r"原因|根因|由于|因为|导致|root cause|caused|because"),
    (Sign::Course, false, r"时间线|分钟后|小时后|\d{1,2}[:：]\d{2}|开始报警|告警|timeline|minutes? later|第一次遇到"),
    (Sign::Recovery, false, r"恢复|回滚|止血|修复|解决方案|rolled? ?back|rollback|recover|mitigat|resolved|fix"),
    (Sign::Release, true, r"发布了? ?v?\d+\.\d+|\bv?\d+\.\d+(?:\.\d+)? (?:发布|(?:released|is out)\b)|\breleased v?\d+\.\d+"),
    (Sign::Book, true, r"\b(?:finished reading|reading the book)\b"),
    (Sign::Talk, true, r"(?:\b(?:the|this|an?|his|her|their|my|our|great|recent|lightning|conference|ted)|['’]s|了|场|个|这) ?talks?\b|\btalk(?:[:：]| by\b| at\b|s are\b|s from\b)|\bkeynote\b|看了? ?kubecon\b|演讲|分享会"),
    (Sign::Tool, true, r"推荐(?:一个|个|一下)|工具|(?:试|用)了一?下|\btool\b|开源了"),
    (Sign::Plan, true, r"(下周)(?:[^末]|$)|下个月|[我也还]计划|计划[在把下明用做写学要去先开]|打算|\bTODO\b|\bplan to\b"),
    (Sign::Question, true, r"[?？]\s*$|(?:^|[^是])(为什么)|困惑|\bwhy (?:does|is|do)\b"),
    (Sign::Lesson, false, r"教训|要点|启示|lessons? learned|\blessons\b|takeaways?"),
    (Sign::Service, false, r"线上|生产环境|生产上|可用率|可用性|流量|in production|\busers\b|\bcustomers\b"),
    (Sign::Trouble, true, r"复现了问题|可用[率性]抖动|可用[率性]下降|不可用|迁移失败|升级失败|发布失败|宕机|雪崩|大量报错|大量超时|大面积|挂了|\bwent down\b|\bunavailable\b"),
    (Sign::Healed, false, r"回滚了|已回滚|问题解决|基本解决|恢复了|已恢复|恢复正常|\brolled back\b|\bwas restored\b|\bwere restored\b"),
];

// Sets of patterns report matches by row.
const _: () = {
    let mut row = 0;
    while row < SIGNS.len() {
        assert!(SIGNS[row].0 as usize == row, "the rows follow the order of `Sign`");
        row += 1;
    }
};

/// All signs, matched in one pass.
static WORDS: LazyLock<RegexSet> = LazyLock::new(|| regex_set(&SIGNS.map(|(.., pattern)| any_case(pattern))));
/// The signs that can tell a kind by themselves.
static ALONE: LazyLock<RegexSet> = LazyLock::new(|| {
    let alone = SIGNS.iter().filter(|(_, speaks_alone, _)| *speaks_alone);
    regex_set(&alone.map(|(.., pattern)| any_case(pattern)).collect::<Vec<_>>())
});
/// Each sign by itself, to tell which words it matched.
static SINGLE: LazyLock<[Regex; 15]> = LazyLock::new(|| SIGNS.map(|(.., pattern)| regex(&any_case(pattern))));

fn any_case(pattern: &str) -> String {
    format!("(?i){pattern}")
}

/// Words near one another: gaps would blow up the automaton of [`WORDS`], so they are apart.
static PAPER: LazyLock<Regex> = LazyLock::new(|| regex(r"读完[^\n]{0,12}论文|(?:读|看)了?[^\n]{0,6}(?:篇|这)论文"));
static BOOK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:读完|阅读|在读|看完|读了|闲书|小说|这本书|新书)[^\n]{0,12}《[^》]+》|《[^》]+》[^\n]{0,10}(?:\d+/\d+|\d+%|读完|这本书)",
    )
});
/// The end of a line that has a title and the pages read of it, and nothing else.
static PAGES: LazyLock<Regex> = LazyLock::new(|| regex(r"\S\s+[-–—]\s*(?:进度\s*)?[1-9]\d{0,3}/[1-9]\d{1,3}\s*$"));
static TALK: LazyLock<Regex> = LazyLock::new(|| regex(r"听了[^\n]{0,10}分享|[做作]了?[一两]?[次场个][^\n]{0,20}分享"));
/// Plans of the author; a newsletter's "see you next week" is none.
static PLAN: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\b(?:i|we)\b[^.\n]{0,40}\bnext week\b|\bnext week,? (?:i|we)\b"));
static INCIDENT_URL: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)/incidents?/|\bincident-(?:review|report)|post-?mortems?(?:[/.-]|$)|\boutage|\bcascading-failure|\broot-cause",
    )
});
static VIDEO: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)//(?:www\.)?(?:youtube\.com/watch|youtu\.be/|bilibili\.com/video|vimeo\.com/\d)"));
static LIFE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)生活|日常|娱乐|随想|\blife\b|\bpersonal\b"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{UrlTarget, classify};

    const WRITE_UP_OF_ONE: &str = "周三晚上的事故复盘。起因是一次证书轮换，由于脚本只检查了文件是否存在而没有检查有效期，导致网关在重载之后全部握手失败。\
            时间线如下：21:04 发布，21:07 告警，21:12 开始回滚，21:20 恢复。教训是任何轮换都要先在一台机器上验证，再推到全部机器，并且把有效期做成监控指标。";

    fn given(words: &str, section: &str, links: &[&str]) -> Vec<KindReason> {
        let found = |url: &&str| {
            let UrlTarget { kind, id, host, .. } = classify(url).expect(url);
            FoundReference { kind, id, host, url: (*url).to_owned(), label: String::new(), line: 1, inferred: false }
        };
        let refs: Vec<FoundReference> = links.iter().map(found).collect();
        kinds(&KindInput { words, section: &[section.into()], refs: &refs })
    }

    fn check(words: &str, section: &str, links: &[&str], expected: &[&str]) {
        let found = given(words, section, links);
        assert_eq!(found.iter().map(|given| given.kind.name()).collect::<Vec<_>>(), expected, "{words}");
    }

    fn check_why(words: &str, section: &str, links: &[&str], expected: &str) {
        let found = given(words, section, links);
        let shown: Vec<String> = found.iter().map(|given| format!("{}: {}", given.kind.name(), given.why)).collect();
        assert_eq!(shown.join(" | "), expected, "{words}");
    }

    #[test]
    fn a_story_needs_a_service_its_trouble_a_cause_and_an_end() {
        let summary = "讲一家公司的队列是怎样一台接一台倒下的，要点是：每个租户一条队列，以及重试必须有上限。";
        let write_up = "https://blog.example/2020/a-cascading-failure-of-queues";
        check(summary, "", &[write_up], &["incident"]);
        check(summary, "", &["https://blog.example/2020/queues"], &[]);
        check("看看这个", "", &[write_up], &[]);
        let told = "把网关集群换到新的机型，切了一半流量之后可用率抖动，从百分之九十九点九掉到百分之九十七，没有找到原因，\
            晚上回滚了，明天在预发环境里再试。";
        check(told, "", &[], &["incident"]);
        check(told.replace("可用率抖动", "一切正常").as_str(), "", &[], &[]);
        check(told.replace("回滚了", "继续看").as_str(), "", &[], &[]);
        check_why(
            told,
            "",
            &[],
            "incident: the story of an incident: a service had “可用率抖动”, with a cause and its end, “回滚了”",
        );
    }

    #[test]
    fn one_word_is_no_incident() {
        check(WRITE_UP_OF_ONE, "技术", &[], &["incident"]);
        check("生产上搞了个事故，技术章里会完整复盘", "生活", &[], &["life"]);
        check("晚上邻居太吵，报警了", "生活", &[], &["life"]);
        check("继续推进稳定性建设，完善告警", "技术", &[], &[]);
    }

    #[test]
    fn links_tell_kinds() {
        check(
            "看了看",
            "技术",
            &["https://github.com/a/b/pull/1", "https://arxiv.org/abs/1706.03762"],
            &["paper", "pr"],
        );
        check("分享", "", &["https://www.youtube.com/watch?v=x"], &["talk"]);
        check("推荐一个工具", "", &["https://github.com/a/b"], &["tool"]);
        check("下周继续", "", &[], &["plan"]);
        check("Next week we move the gateway", "", &[], &["plan"]);
        check("Vote for the quote of next week!", "", &[], &[]);
        check("这也是为什么要先量再改", "", &[], &[]);
        check("为什么会慢", "", &[], &["question"]);
        check("听了talk，还不错", "", &[], &["talk"]);
        check("《编译原理》- 进度 20%", "", &[], &["book"]);
        check("Computer Systems - 12/340", "", &[], &["book"]);
        check("昨天做了一次技术分享", "", &[], &["talk"]);
        check("the pods talk to one another with kubeconfig", "", &[], &[]);
        check("跑步计划照旧", "", &[], &[]);
        check(&format!("{}工具", "长".repeat(90)), "", &["https://github.com/a/b"], &[]);
        check("每日英语 270 天 - 12/270", "", &[], &[]);
        check("续写博客《从零开始的网关》- 90%", "", &[], &[]);
    }

    #[test]
    fn every_kind_says_why() {
        let paper = "https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter";
        let pulls: Vec<String> = (1..=4).map(|number| format!("https://github.com/a/b/pull/{number}")).collect();
        let pulls: Vec<&str> = pulls.iter().map(String::as_str).collect();
        check_why("看了看", "", &[paper], "paper: links usenix:fast16/harter");
        check_why("论文时间", "", &[paper], "paper: links usenix:fast16/harter; the words “论文时间”");
        check_why("看了看", "", &pulls, "pr: links a/b#1, a/b#2 and 2 more");
        check_why("下周继续", "我的生活", &[], "plan: the words “下周” | life: the section 我的生活");
        check_why("所以为什么会慢", "", &[], "question: the words “为什么”");
        check_why("推荐一个", "", &["https://github.com/a/b"], "tool: the words “推荐一个” and links a/b");
        let video = "https://www.youtube.com/watch?v=x";
        check_why("分享", "", &[video], "talk: links https://www.youtube.com/watch?v=x");
        let incident = "incident: a write-up: names 事故, a cause, a course of events, a recovery";
        check_why(WRITE_UP_OF_ONE, "", &[], incident);
        check_why(
            &format!("读完《{}》", "长".repeat(90)),
            "",
            &[],
            &format!("book: the words “读完《{}…”", "长".repeat(57)),
        );
    }

    #[test]
    fn kinds_have_names_in_both_languages() {
        for (name, expected) in
            [("papers", Kind::Paper), ("论文", Kind::Paper), ("PR", Kind::Pr), ("事故", Kind::Incident)]
        {
            assert_eq!(Kind::from_name(name), Some(expected), "{name}");
        }
        assert_eq!(Kind::from_name("nothing"), None);
    }
}
