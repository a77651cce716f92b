//! Kinds: what an entry is, told by what it does rather than by single words.

use super::reference::RefKind;
use crate::text::regex;
use regex::{Regex, RegexSet};
use serde::Serialize;
use std::sync::LazyLock;

/// What an entry is. It can be several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
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

    /// The kind with this name, in English (singular or plural) or Chinese.
    pub fn from_name(name: &str) -> Option<Kind> {
        let name = name.to_lowercase();
        let singular = name.strip_suffix('s').unwrap_or(&name);
        let chinese = || {
            Some(match name.as_str() {
                "事故" | "复盘" => Kind::Incident,
                "论文" => Kind::Paper,
                "发布" => Kind::Release,
                "书" | "读书" => Kind::Book,
                "演讲" | "视频" => Kind::Talk,
                "工具" => Kind::Tool,
                "计划" => Kind::Plan,
                "问题" => Kind::Question,
                "生活" => Kind::Life,
                _ => return None,
            })
        };
        Kind::ALL.into_iter().find(|kind| kind.name() == name || kind.name() == singular).or_else(chinese)
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kinds(u16);

impl Kinds {
    pub fn insert(&mut self, kind: Kind) {
        self.0 |= 1 << kind as u16;
    }

    pub fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind as u16) != 0
    }

    /// In order of [`Kind::ALL`]: what marks an entry most comes first.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(move |kind| self.contains(*kind))
    }
}

/// What is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Signs<'a> {
    /// The entry's own words, without quotations.
    pub words: &'a str,
    pub section: &'a [String],
    pub refs: &'a [(RefKind, &'a str)],
}

/// Bytes below which no text is a write-up of an incident: about 120 Han characters.
const WRITE_UP: usize = 360;

/// The kinds that `signs` show.
pub fn kinds(signs: &Signs<'_>) -> Kinds {
    let mut kinds = Kinds::default();
    let mut note = |kind, is| {
        if is {
            kinds.insert(kind);
        }
    };
    let has = |kind| signs.refs.iter().any(|(found, _)| *found == kind);
    let said = WORDS.matches(signs.words);
    let says = |sign: Sign| said.matched(sign as usize);
    let near = |word, pattern: &Regex| signs.words.contains(word) && pattern.is_match(signs.words);
    note(Kind::Paper, has(RefKind::Paper) || says(Sign::Paper) || near("论文", &PAPER));
    note(Kind::Incident, is_incident(signs, says));
    note(Kind::Pr, has(RefKind::Pr) || has(RefKind::Mr));
    note(Kind::Issue, has(RefKind::Issue));
    note(Kind::Release, has(RefKind::Release) || says(Sign::Release));
    note(Kind::Book, says(Sign::Book) || near("《", &BOOK));
    note(Kind::Talk, says(Sign::Talk) || near("听了", &TALK) || signs.refs.iter().any(|(_, url)| is_video(url)));
    note(Kind::Tool, says(Sign::Tool) && (has(RefKind::Repo) || has(RefKind::Link)));
    note(Kind::Plan, says(Sign::Plan) || near("ext week", &PLAN));
    note(Kind::Question, says(Sign::Question));
    note(Kind::Life, signs.section.iter().any(|heading| LIFE.is_match(heading)));
    kinds
}

/// A write-up: words of a postmortem and, beside them, two of cause, course and recovery, in a
/// text long enough to be one. "出了事故，下面复盘" only points to it.
fn is_incident(signs: &Signs<'_>, says: impl Fn(Sign) -> bool) -> bool {
    let told = [Sign::Cause, Sign::Course, Sign::Recovery].into_iter().filter(|sign| says(*sign)).count();
    signs.words.len() >= WRITE_UP
        && told >= 2
        && (says(Sign::Incident) || signs.refs.iter().any(|(_, url)| INCIDENT_URL.is_match(url)))
}

fn is_video(url: &str) -> bool {
    ["youtu", "bilibili", "vimeo"].iter().any(|name| url.contains(name)) && VIDEO.is_match(url)
}

/// What words can be a sign of; numbers the patterns of [`WORDS`].
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
}

/// All signs in one pass. Word borders are those of Latin words, for Han writes none:
/// `听了talk` has the word talk in it.
static WORDS: LazyLock<RegexSet> = LazyLock::new(|| {
    let patterns = [
        r"论文(?:时间|笔记|阅读)|\bpaper reading\b",
        r"事故|复盘|覆盘|\bpost-?mortem\b|\boutages?\b|\bincident\b|故障|级联失效|cascading failure|挂了一整天",
        r"原因|根因|由于|因为|导致|root cause|caused|because",
        r"时间线|分钟后|小时后|\d{1,2}[:：]\d{2}|开始报警|告警|timeline|minutes? later|第一次遇到",
        r"恢复|回滚|止血|修复|解决方案|rolled? ?back|rollback|recover|mitigat|resolved|fix",
        r"发布了? ?v?\d+\.\d+|\bv?\d+\.\d+(?:\.\d+)? (?:发布|(?:released|is out)\b)|\breleased v?\d+\.\d+",
        r"\b(?:finished reading|reading the book)\b",
        r"\btalks?\b|\bkeynote\b|kubecon|演讲|分享会|\bmeetup\b",
        r"推荐(?:一个|个|一下)|工具|(?:试|用)了一?下|\btool\b|\bcli\b|开源了",
        r"下周(?:[^末]|$)|下个月|计划|打算|\bTODO\b|\bplan to\b",
        r"[?？]\s*$|(?:^|[^是])为什么|困惑|\bwhy (?:does|is|do)\b",
    ];
    let patterns =
        patterns.map(|pattern| format!("(?i){}", pattern.replace(r"\b", r"(?-u:\b)").replace(r"\d", "[0-9]")));
    RegexSet::new(patterns).expect("patterns of this file")
});
/// Words not far from one another: gaps would blow up the automaton of all [`WORDS`].
static PAPER: LazyLock<Regex> = LazyLock::new(|| regex(r"读完[^\n]{0,12}论文|(?:读|看)了?[^\n]{0,6}(?:篇|这)论文"));
static BOOK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:读完|阅读|在读|看完|读了|闲书|小说|这本书|新书)[^\n]{0,12}《[^》]+》|《[^》]+》[^\n]{0,10}(?:[0-9]+/[0-9]+|[0-9]+%|读完|这本书)",
    )
});
static TALK: LazyLock<Regex> = LazyLock::new(|| regex(r"听了[^\n]{0,10}分享"));
/// What the author will do; a newsletter's "see you next week" is no plan.
static PLAN: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\b(?:i|we)\b[^.\n]{0,40}\bnext week\b|\bnext week,? (?:i|we)\b"));
static INCIDENT_URL: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)//status\.|/incidents?/|post-?mortem"));
static VIDEO: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)//(?:www\.)?(?:youtube\.com/watch|youtu\.be/|bilibili\.com/video|vimeo\.com/\d)"));
static LIFE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)生活|日常|娱乐|随想|(?-u:\b)life(?-u:\b)|(?-u:\b)personal(?-u:\b)"));

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str, section: &str, refs: &[(RefKind, &str)], expected: &[&str]) {
        let section = [section.to_owned()];
        let found = kinds(&Signs { words, section: &section, refs });
        assert_eq!(found.iter().map(Kind::name).collect::<Vec<_>>(), expected, "{words}");
    }

    #[test]
    fn one_word_is_no_incident() {
        let write_up = "周三晚上的事故复盘。起因是一次证书轮换，由于脚本只检查了文件是否存在而没有检查有效期，导致网关在重载之后全部握手失败。\
            时间线如下：21:04 发布，21:07 告警，21:12 开始回滚，21:20 恢复。教训是任何轮换都要先在一台机器上验证，再推到全部机器，并且把有效期做成监控指标。";
        check(write_up, "技术", &[], &["incident"]);
        check("生产上搞了个事故，技术章里会完整复盘", "生活", &[], &["life"]);
        check("晚上邻居太吵，报警了", "生活", &[], &["life"]);
        check("继续推进稳定性建设，完善告警", "技术", &[], &[]);
    }

    #[test]
    fn links_tell_kinds() {
        check(
            "看了看",
            "技术",
            &[(RefKind::Pr, "https://github.com/a/b/pull/1"), (RefKind::Paper, "")],
            &["paper", "pr"],
        );
        check("分享", "", &[(RefKind::Link, "https://www.youtube.com/watch?v=x")], &["talk"]);
        check("推荐一个工具", "", &[(RefKind::Repo, "https://github.com/a/b")], &["tool"]);
        check("下周继续", "", &[], &["plan"]);
        check("Next week we move the gateway", "", &[], &["plan"]);
        check("Vote for the quote of next week!", "", &[], &[]);
        check("这也是为什么要先量再改", "", &[], &[]);
        check("为什么会慢", "", &[], &["question"]);
        check("听了talk，还不错", "", &[], &["talk"]);
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
