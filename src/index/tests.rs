//! Laws of the index: its answers are those of [`Query::matches`], whatever happened to it.

mod faults;

use super::*;
use crate::{
    date::Series,
    log::{Entry, Log, testing::log_of},
    note::{self, NoteFile, tag::TagRules},
    query::{Atom, Clause, Query},
    text::{is_emoji, is_han, is_hangul, is_kana, tokenizer::tokens},
};
use proptest::{collection::vec, prelude::*, sample::select};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};
use unicode_segmentation::UnicodeSegmentation;

/// Weekly notes in the shapes people write them: lists under headings, prose, dated headings,
/// links, quotations, tables, code, full-width forms and no structure at all.
const NOTES: [(&str, &str); 10] = [
    (
        "2022-07-week4.md",
        "# 七月第四周\n\n## 技术\n\n- 给 [nerdctl 提了懒加载的 PR](https://github.com/containerd/nerdctl/pull/1331)，\
         修复了容器退出时的竞态 #容器\n- 读完论文《可观测性工程》第三章，eBPF可观测比想象中复杂\n\n## 生活\n\n- 周末去看红枫，\
         猫把键盘上的限流按钮按坏了🐱\n",
    ),
    (
        "2022-08-week1.md",
        "# 八月第一周\n\n周三晚上的事故复盘：证书轮换的脚本只检查了文件是否存在，没有检查有效期，导致网关在重载之后全部握手失败。\
         21:04 发布，21:07 告警，21:20 回滚恢复。\n\n> 任何轮换都要先在一台机器上验证，再推到全部机器。\n\n下周计划：把有效期做成监控指标。\n",
    ),
    (
        "2023-W05.md",
        "# Week 5\n\n## Work\n\n- lazy-loading images, kubelet 1.28 and Kubernetes\n- Tokio 与 rayon 的取舍；见 RFC 2394\n",
    ),
    (
        "2023.md",
        "# 2023 简报\n\n## 2023-03-06\n\n- 流量流流转，限流。流量回落\n- 开源社区的开源软件\n\n## 2023-03-13\n\n- 容 器 与 容器镜像\n\
         - ＰＲ１３３１ 的后续，café 里写的\n",
    ),
    (
        "notes/引用.md",
        "随手记：`containerd/nerdctl#1331` 与 \"容器\n运行时\" 之间\n\n```rust\nfn 主函数() { 打印(\"你好，世界\") }\n```\n",
    ),
    ("2021/12.md", "| 日期 | 事情 |\n|---|---|\n| 12-01 | 网关扩容，事故一次 |\n| 12-09 | 开源了一个小工具 |\n"),
    ("无结构.txt", "今天没什么事情\n把上周的周报补完了，顺便看了看事故报告。网关的事先放一放\n"),
    (
        "2024-02-week2.md",
        "# 二月第二周\n\n- 新书《深入理解分布式系统》读到 30%，がんばって\n- 为什么限流器没有生效？\n",
    ),
    (
        "2024-02-week3.md",
        "# 二月第三周\n\n- 東京の勉強会、コンテナの起動が速い☀️ 次はガーデン\n- 서울에서 컨테이너 이야기를 들었다 🎉🐱\n\
         - コンテナ 컨테이너 容器，café 的 naïve résumé\n",
    ),
    (
        "2024-02-week4.md",
        "# 二月第四周\n\n- ｺﾝﾃﾅ と カ\u{3099}ーテ\u{3099}ン、㈱山田の㌘\n- \u{1109}\u{1165}\u{110b}\u{116e}\u{11af}에서 ㅋㅋ 웃었다\n\
         - 👩\u{200d}💻 写的 🇨🇳🇯🇵 与 👍🏽，❤\u{fe0f}\n",
    ),
];

fn log_of_owned(notes: &[(&str, String)]) -> Log {
    let notes: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (*path, text.as_str())).collect();
    log_of(&notes)
}

fn fixtures() -> Log {
    log_of(&NOTES)
}

fn filled(mut index: Index, log: &Log) -> Index {
    index.update(log, &mut |_| {}).unwrap();
    index
}

fn in_memory(log: &Log) -> Index {
    filled(Index::in_memory().unwrap(), log)
}

fn scan(query: &Query, log: &Log) -> Vec<EntryId> {
    log.entries().filter(|entry| query.matches(*entry)).map(Entry::id).collect()
}

#[track_caller]
fn assert_exact(searcher: &Searcher, text: &str, log: &Log) {
    let (query, _) = Query::parse(text);
    let expected = scan(&query, log);
    assert_eq!(searcher.search(&query).unwrap(), expected, "{text} is {query:?}");
    assert_eq!(searcher.count(&query).unwrap(), expected.len(), "{text} is {query:?}");
}

/// Answers to each query: two indexes that agree on all are the same to the user.
fn answers(index: &Index, log: &Log) -> Vec<Vec<EntryId>> {
    let searcher = index.searcher(log).unwrap();
    QUERIES.iter().map(|text| searcher.search(&Query::parse(text).0).unwrap()).collect()
}

const QUERIES: [&str; 48] = [
    "",
    "容器",
    "流流",
    "器 容",
    "限流",
    "k",
    "ku",
    "kub",
    "kube",
    "kubern",
    "lazy loa",
    "lazy-loadi",
    "\"lazy loading\"",
    "-容器",
    "容器 -tag:nerdctl",
    "tag:容器",
    "kind:pr",
    "kind:incident OR kind:paper",
    "after:2022-08",
    "before:2022-08",
    "after:2022-08 before:2023-02",
    "(容器 OR 网关) -事故",
    "-(容器 OR 网关)",
    "pr 1331",
    "PR1331",
    "nerdctl#13",
    "1.2",
    "。",
    "\"容器 运行时\"",
    "eBPF可观测",
    "in:技术",
    "in:\"技术\" -title:nerdctl",
    "title:论文",
    "title:提了懒",
    "path:2022-07",
    "path:md",
    "path:引用",
    "pr:1331",
    "pr:nerdctl#1331",
    "issue:1331",
    "repo:containerd/nerdctl",
    "host:github.com",
    "has:code OR has:image",
    "-has:link",
    "is:undated",
    "source:notes",
    "date:2022-07..2022-08",
    "date:2023-03-06",
];

#[test]
fn fixture_queries_are_exact() {
    let log = fixtures();
    let searcher = in_memory(&log).searcher(&log).unwrap();
    for text in QUERIES {
        assert_exact(&searcher, text, &log);
    }
}

/// `text` with blanks taken out, so that a line feed or any sign still parts two words.
fn without_blanks(text: &str) -> String {
    let text: String = text.chars().filter(|c| *c == '\n' || !c.is_whitespace()).collect();
    crate::text::fold(&text)
}

/// A character that is found by itself: none of the scripts that write words apart.
fn stands_alone(c: char) -> bool {
    is_han(c) || is_kana(c) || is_hangul(c) || is_emoji(c) || c == '\u{200d}'
}

#[test]
fn every_text_without_blanks_finds_just_the_entries_that_contain_it() {
    let log = fixtures();
    let searcher = in_memory(&log).searcher(&log).unwrap();
    let mut expected: BTreeMap<String, BTreeSet<EntryId>> = BTreeMap::new();
    for entry in log.entries() {
        for field in entry.fields().map(|text| without_blanks(&text)) {
            let signs: Vec<&str> = field.graphemes(true).collect();
            let windows = (1..=4).flat_map(|len| signs.windows(len));
            for window in windows.filter(|window| window.iter().all(|sign| sign.chars().all(stands_alone))) {
                expected.entry(window.concat()).or_default().insert(entry.id());
            }
        }
    }
    assert!(expected.len() > 800, "{} texts", expected.len());
    assert!(
        ["コンテナ", "ガー", "컨테이너", "서울", "ガーデン", "🎉🐱", "い☀", "起动が速", "👩\u{200d}💻写", "🇯🇵与👍🏽"]
            .iter()
            .all(|text| expected.contains_key(*text))
    );
    for (text, entries) in expected {
        let find = |atom| {
            let query = Query { clauses: vec![Clause { negated: false, atom }], order: None };
            searcher.search(&query).unwrap()
        };
        let (word, phrase) = (find(Atom::Word(text.clone())), find(Atom::Phrase(text.clone())));
        assert!(phrase.iter().eq(&entries), "{text}: {phrase:?} and not {entries:?}");
        // An emoji may go on, as another one.
        if text.ends_with(is_emoji) {
            assert!(entries.iter().all(|id| word.contains(id)), "{text}: {word:?} and not {entries:?}");
        } else {
            assert_eq!(word, phrase, "{text}");
        }
    }
}

/// The words of `text` between blanks, with a bar for each place at which no phrase goes on.
fn spelled(text: &str) -> String {
    let mut next = 0;
    let word = |token: crate::text::tokenizer::Token| {
        let gap = "| ".repeat((token.position - std::mem::replace(&mut next, token.position + 1)) as usize);
        format!("{gap}{} ", token.text)
    };
    [" ".to_owned()].into_iter().chain(tokens(text).into_iter().map(word)).collect()
}

#[test]
fn every_text_in_quotes_finds_just_the_entries_that_contain_it() {
    let log = fixtures();
    let searcher = in_memory(&log).searcher(&log).unwrap();
    let entries: Vec<(EntryId, Vec<String>)> =
        log.entries().map(|entry| (entry.id(), entry.fields().map(|text| spelled(&text)).collect())).collect();
    let mut asked = BTreeSet::new();
    for text in log.entries().flat_map(Entry::fields) {
        let places: Vec<_> = tokens(&text).into_iter().map(|token| token.place).collect();
        for window in (2..=4).flat_map(|len| places.windows(len)) {
            // With the other case and the punctuation between, as it stands there.
            asked.insert(
                text[window[0].start..window[window.len() - 1].end].to_uppercase().replace(['"', '“', '”'], "'"),
            );
        }
    }
    assert!(asked.len() > 900, "{} texts", asked.len());
    // A line feed cannot be typed.
    for text in asked.iter().filter(|text| !text.contains('\n')).step_by(3) {
        let spelled = spelled(text);
        let contain = entries.iter().filter(|(_, fields)| fields.iter().any(|field| field.contains(&spelled)));
        let expected: Vec<EntryId> = contain.map(|(id, _)| *id).collect();
        let found = searcher.search(&Query::parse(&format!("\"{text}\"")).0).unwrap();
        assert_eq!(found, expected, "{text}: {spelled}");
        assert!(!found.is_empty(), "{text}");
    }
}

#[test]
fn punctuation_is_not_a_word() {
    let log = Log::from_entries(["a b c", "a.c", "a..c", "a c", "a.b.c", "a。c", "x a", ".c a.", "a\n\nc"]);
    let searcher = in_memory(&log).searcher(&log).unwrap();
    for text in ["a.c", "a..c", "\"a c\"", "a...c", "c.a", "a.b.c", "\"a。c\"", "\"a\"", "a.b", "\"x a\""] {
        assert_exact(&searcher, text, &log);
    }
}

#[test]
fn a_prefix_finds_all_of_many_words() {
    let texts: Vec<String> =
        (0..400).map(|at| format!("see word{} 与 prefix{}", letters(at), letters(at * 7))).collect();
    let log = Log::from_entries(texts.iter().map(String::as_str));
    let searcher = in_memory(&log).searcher(&log).unwrap();
    for text in ["word", "see word", "wor", "see wor", "prefixa", "与 pref", "与 prefixb", "与prefixc", "see wordabc"]
    {
        assert_exact(&searcher, text, &log);
    }
}

/// A number as letters, since digits would be tokens of their own.
fn letters(number: usize) -> String {
    number.to_string().bytes().map(|digit| char::from(digit - b'0' + b'a')).collect()
}

#[test]
fn a_word_without_end_can_be_found() {
    let endless = "a".repeat(300);
    let log = Log::from_entries([endless.as_str(), "aaaa", &"ab".repeat(64)]);
    let searcher = in_memory(&log).searcher(&log).unwrap();
    for length in [1, 3, 4, 127, 128, 129, 256, 260, 299, 300, 301] {
        assert_exact(&searcher, &"a".repeat(length), &log);
        assert_exact(&searcher, &format!("\"{}\"", "a".repeat(length)), &log);
    }
}

const PIECES: [&str; 64] = [
    "容",
    "器",
    "流",
    "限",
    "容器",
    "懒加载",
    "の",
    "🐱",
    "☀",
    "☀\u{fe0f}",
    "👩",
    "👩\u{200d}💻",
    "🏽",
    "🇨",
    "🇳",
    "\u{200d}",
    "か",
    "が",
    "ｶﾞ",
    "\u{3099}",
    "각",
    "ᄀ",
    "\u{1161}",
    "\u{11a8}",
    "ㅋ",
    "㈱",
    "#",
    "PR",
    ":",
    "a",
    "b",
    "ab",
    "abc",
    "abcd",
    "abcde",
    "abx",
    "kube",
    "kubernetes",
    "kubelet",
    "PR1331",
    "1331",
    "13",
    "1.2",
    "ＰＲ１３",
    "café",
    "cafe\u{301}",
    "Straße",
    "ﬁx",
    "①",
    "nerdctl",
    "lazy",
    "loading",
    " ",
    " ",
    " ",
    "，",
    "。",
    "-",
    ".",
    "/",
    "#容器",
    "#nerdctl",
    " [懒](https://github.com/containerd/nerdctl/pull/1331) ",
    "论文笔记",
];

const BREAKS: [&str; 7] =
    ["\n- ", "\n- ", "\n\n", "\n\n## 技术\n\n", "\n\n## 2022-07-30\n\n- ", "\n\n## 生活\n\n- ", "\n> "];

const PATHS: [&str; 7] =
    ["2022-07-week4.md", "2022-08-week1.md", "2022-08-week2.md", "2023-W05.md", "2021/12.md", "notes/a.md", "读书.md"];

fn note_text() -> impl Strategy<Value = String> {
    vec(prop_oneof![5 => select(&PIECES[..]), 1 => select(&BREAKS[..])], 1..40).prop_map(|pieces| pieces.concat())
}

fn notes() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    vec(note_text(), PATHS.len()).prop_flat_map(|texts| {
        let notes: Vec<_> = PATHS.into_iter().zip(texts).collect();
        proptest::sample::subsequence(notes, 1..=PATHS.len())
    })
}

const FILTERS: [&str; 39] = [
    "tag:懒加载",
    "tag:LAZY-pulling",
    "tag:x/懒加载",
    "tag:nerdctl",
    "tag:容器",
    "#容器",
    "tag:container/nerdctl",
    "kind:pr",
    "kind:paper",
    "kind:life",
    "after:2022-08",
    "before:2022-08",
    "after:2022-W30",
    "before:2023",
    "after:2022-07-30",
    "before:2022-07-31",
    "date:2022-07",
    "date:2022-W30..2022-08-03",
    "date:..2022",
    "date:2023..",
    "is:undated",
    "is:life",
    "pr:1331",
    "pr:nerdctl#1331",
    "pr:containerd/nerdctl",
    "issue:1331",
    "repo:nerdctl",
    "repo:containerd/nerdctl",
    "host:github.com",
    "host:www.github.com",
    "source:notes",
    "source:other",
    "has:pr",
    "has:change",
    "has:link",
    "has:tag",
    "has:problem",
    "has:code",
    "sort:oldest",
];

fn term() -> impl Strategy<Value = String> {
    let beginning = (select(&PIECES[..]), 1_usize..=6).prop_map(|(word, length)| word.chars().take(length).collect());
    let words = vec(select(&PIECES[..]), 1..4).prop_map(|words| words.concat());
    let phrase = vec(select(&PIECES[..]), 1..5).prop_map(|words| format!("\"{}\"", words.concat().replace('"', "")));
    let part = select(&["in", "title", "path", "标题", "章节", "路径"][..]);
    let looked_for = select(&["技术", "技", "生活", "2022-07-30", "week", "2022", "md", "notes/a", "读", "a.m"][..]);
    let value = prop_oneof![
        vec(select(&PIECES[..]), 1..3).prop_map(|words| words.concat()),
        looked_for.prop_map(str::to_owned)
    ];
    let part = (part, value).prop_map(|(part, value)| format!("{part}:\"{}\"", value.replace('"', "")));
    prop_oneof![
        4 => beginning,
        3 => words,
        2 => phrase,
        2 => part,
        3 => select(&FILTERS[..]).prop_map(str::to_owned),
        1 => "\\PC{1,5}",
    ]
}

fn query() -> impl Strategy<Value = String> {
    let clause =
        (prop::bool::weighted(0.25), term()).prop_map(|(not, term)| if not { format!("-{term}") } else { term });
    let clauses = vec(clause, 1..4).prop_map(|clauses| clauses.join(" "));
    clauses.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(|queries| queries.join(" OR ")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("-({a}) {b}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{a} -({b} OR x)")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn index_agrees_with_the_definition(notes in notes(), queries in vec(query(), 24)) {
        let log = log_of_owned(&notes);
        let searcher = in_memory(&log).searcher(&log).unwrap();
        for text in queries {
            let (query, _) = Query::parse(&text);
            prop_assert_eq!(searcher.search(&query).unwrap(), scan(&query, &log), "{} is {:?}", text, query);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Notes are added, changed and removed, and so are the dates that they give to their neighbours.
    #[test]
    fn updates_give_the_same_index_as_a_rebuild(steps in vec(notes(), 2..6)) {
        let mut index = Index::in_memory().unwrap();
        for notes in steps {
            let log = log_of_owned(&notes);
            index.update(&log, &mut |_| {}).unwrap();
            prop_assert!(index.is_current(&log));
            let expected: Vec<_> = QUERIES.iter().map(|text| scan(&Query::parse(text).0, &log)).collect();
            prop_assert_eq!(answers(&index, &log), expected);
        }
    }
}

/// The fixtures with one note changed, one removed and one added.
fn later() -> Log {
    let new = [("2024-03-week1.md", "# 三月第一周\n\n- 容器又懒加载了一次\n"), ("2023.md", "# 2023\n\n- 限流改好了\n")];
    let kept = NOTES.into_iter().filter(|(path, _)| *path != "2023.md" && *path != "无结构.txt");
    let notes: Vec<_> = kept.chain(new).collect();
    log_of(&notes)
}

/// Names, sizes and times of all files below `dir`.
fn traces(dir: &Path) -> Vec<String> {
    let mut traces = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        let data = entry.metadata().unwrap();
        traces.push(format!("{:?} {} {:?}", entry.path(), data.len(), data.modified().unwrap()));
        if data.is_dir() {
            traces.extend(self::traces(&entry.path()));
        }
    }
    traces.push(format!("{:?}", fs::metadata(dir).unwrap().modified().unwrap()));
    traces.sort();
    traces
}

#[test]
fn opening_again_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let log = fixtures();
    let mut index = Index::open(dir.path()).unwrap();
    assert!(!index.is_current(&log));
    let update = index.update(&log, &mut |_| {}).unwrap();
    assert_eq!(update, Update { added: NOTES.len(), changed: 0, removed: 0 });
    let before = traces(dir.path());
    drop(index);

    let mut index = Index::open(dir.path()).unwrap();
    assert!(index.is_current(&log));
    assert!(index.update(&log, &mut |_| panic!("no note is read")).unwrap().is_empty());
    assert_eq!(answers(&index, &log), answers(&in_memory(&log), &log));
    assert_eq!(Index::verify(dir.path()).unwrap(), Vec::<PathBuf>::new());
    assert_eq!(traces(dir.path()), before);
}

#[test]
fn an_update_writes_what_changed() {
    let dir = tempfile::tempdir().unwrap();
    let mut index = filled(Index::open(dir.path()).unwrap(), &fixtures());
    let log = later();
    let mut seen = Vec::new();
    let update = index.update(&log, &mut |progress| seen.push(progress)).unwrap();
    assert_eq!(update, Update { added: 1, changed: 1, removed: 1 });
    assert_eq!(seen, [Progress { done: 0, of: 2 }, Progress { done: 1, of: 2 }]);
    let again = Index::open(dir.path()).unwrap();
    assert!(again.is_current(&log));
    for index in [&index, &again] {
        assert_eq!(answers(index, &log), answers(&in_memory(&log), &log));
    }
}

#[test]
fn a_searcher_keeps_its_state() {
    let (old, new) = (fixtures(), later());
    let mut index = in_memory(&old);
    let searcher = index.searcher(&old).unwrap();
    index.update(&new, &mut |_| {}).unwrap();
    assert_exact(&searcher, "限流", &old);
    assert_exact(&index.searcher(&new).unwrap(), "限流", &new);
    index.rebuild(&old, &mut |_| {}).unwrap();
    assert_exact(&index.searcher(&old).unwrap(), "限流", &old);
}

#[test]
fn many_small_commits_leave_few_segments() {
    let mut index = Index::in_memory().unwrap();
    let text = |at: usize| format!("第{}周 容器", letters(at));
    for count in 1..=40 {
        let texts: Vec<String> = (0..count).map(text).collect();
        index.update(&Log::from_entries(texts.iter().map(String::as_str)), &mut |_| {}).unwrap();
    }
    assert!(index.files.index.searchable_segment_ids().unwrap().len() <= 8);
}

#[test]
fn a_foreign_folder_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("g-1")).unwrap();
    fs::write(dir.path().join("meta.json"), "mine").unwrap();
    let before = traces(dir.path());
    assert!(matches!(Index::open(dir.path()), Err(IndexError::NotOurs { .. })));
    assert_eq!(traces(dir.path()), before);
}

#[test]
fn other_files_beside_the_index_stay() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(Index::open(dir.path()).unwrap(), &fixtures()));
    fs::write(dir.path().join("g-notes.md"), "mine").unwrap();
    fs::write(dir.path().join("sennight-index.json"), "{").unwrap();
    let index = Index::open(dir.path()).unwrap();
    assert!(!index.is_current(&fixtures()));
    assert_eq!(fs::read_to_string(dir.path().join("g-notes.md")).unwrap(), "mine");
}

#[test]
fn an_index_of_another_version_is_rebuilt() {
    let dir = tempfile::tempdir().unwrap();
    drop(filled(Index::open(dir.path()).unwrap(), &fixtures()));
    fs::write(dir.path().join("sennight-index.json"), r#"{"versions":"0.0","generation":1}"#).unwrap();
    let index = Index::open(dir.path()).unwrap();
    assert!(!index.is_current(&fixtures()));
    assert!(!dir.path().join("g-1").exists());
    assert_eq!(answers(&filled(index, &fixtures()), &fixtures()), answers(&in_memory(&fixtures()), &fixtures()));
}

#[test]
fn an_index_with_an_unreadable_list_of_segments_is_rebuilt() {
    for content in ["", "{\"segments\": [", "null"] {
        let dir = tempfile::tempdir().unwrap();
        drop(filled(Index::open(dir.path()).unwrap(), &fixtures()));
        fs::write(dir.path().join("g-1/meta.json"), content).unwrap();
        let index = filled(Index::open(dir.path()).unwrap(), &fixtures());
        assert_eq!(answers(&index, &fixtures()), answers(&in_memory(&fixtures()), &fixtures()), "{content}");
    }
}

#[test]
fn one_writes_while_others_read() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (fixtures(), later());
    let mut first = filled(Index::open(dir.path()).unwrap(), &old);
    let mut second = Index::open(dir.path()).unwrap();
    let searcher = second.searcher(&old).unwrap();
    let mut asked = 0;
    let update = first.update(&new, &mut |_| {
        asked += 1;
        assert!(matches!(second.update(&new, &mut |_| {}), Err(IndexError::Locked { .. })));
        assert!(matches!(second.rebuild(&new, &mut |_| {}), Err(IndexError::Locked { .. })));
        assert_exact(&searcher, "限流", &old);
        assert!(Index::open(dir.path()).unwrap().is_current(&old));
    });
    assert!(!update.unwrap().is_empty() && asked > 0);
    assert_exact(&searcher, "限流", &old);
    // The second finds the work done.
    assert!(second.update(&new, &mut |_| panic!("no note is read")).unwrap().is_empty());
    assert_eq!(answers(&second, &new), answers(&first, &new));
}

#[test]
fn writers_take_turns() {
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (fixtures(), later());
    let mut first = filled(Index::open(dir.path()).unwrap(), &old);
    let mut second = Index::open(dir.path()).unwrap();
    for log in [&new, &old, &new] {
        assert!(!second.update(log, &mut |_| {}).unwrap().is_empty());
        assert!(first.update(log, &mut |_| {}).unwrap().is_empty());
        assert_eq!(answers(&first, log), answers(&second, log));
        assert_eq!(Index::verify(dir.path()).unwrap(), Vec::<PathBuf>::new());
    }
    second.rebuild(&old, &mut |_| {}).unwrap();
    assert!(first.update(&old, &mut |_| {}).unwrap().is_empty());
    assert_eq!(answers(&first, &old), answers(&second, &old));
}

#[test]
fn two_sources_of_one_name_and_path_are_both_indexed() {
    let rules = TagRules::built_in();
    let read = |text: &str| {
        let file = NoteFile { source: "notes", path: "a.md", bytes: text.as_bytes() };
        Arc::new(note::read(file, &Series::default(), note::EntryRule::Auto, &rules))
    };
    let log = Log::new(vec![read("容器"), read("网关")], &rules);
    let mut index = in_memory(&log);
    assert_exact(&index.searcher(&log).unwrap(), "", &log);
    let log = Log::new(vec![read("容器"), read("事故")], &rules);
    assert_eq!(index.update(&log, &mut |_| {}).unwrap().changed, 1);
    assert_exact(&index.searcher(&log).unwrap(), "", &log);
    assert_exact(&index.searcher(&log).unwrap(), "网关", &log);
    // The same text in both: one key, two entries. The first is written again although its note is
    // unchanged, because the log now finds the second by that key.
    let log = Log::new(vec![read("容器"), read("容器")], &rules);
    index.update(&log, &mut |_| {}).unwrap();
    for text in ["", "容器", "-容器"] {
        assert_exact(&index.searcher(&log).unwrap(), text, &log);
    }
    assert_eq!(index.search(&Query::default(), &log).unwrap().len(), 2);
}

#[test]
fn equal_entries_of_one_note_are_all_found() {
    let log = log_of(&[("a.md", "\n- fix\n- fix\n\n## 技术\n\n- fix\n- 容器\n- fix\n")]);
    let searcher = in_memory(&log).searcher(&log).unwrap();
    for text in ["", "fix", "技术 fix", "-技术 fix", "-fix"] {
        assert_exact(&searcher, text, &log);
    }
}

#[test]
fn another_note_can_turn_a_name_into_a_tag() {
    let notes =
        [("a.md", "- 试了 Zorbux\n"), ("b.md", "- 换掉 Zorbux，读《某书》\n"), ("c.md", "- Zorbux 与 eBPF\n- 别的\n")];
    let (two, three) = (log_of(&notes[..2]), log_of(&notes));
    let mut index = in_memory(&two);
    assert!(two.tags().iter().all(|tag| tag.discovered.is_none()));
    for (log, expected) in [(&three, 3), (&two, 0), (&three, 3)] {
        index.update(log, &mut |_| {}).unwrap();
        let searcher = index.searcher(log).unwrap();
        for text in ["tag:Zorbux", "tag:zorbux", "-tag:zorbux", "zorbux", "\"zorbux\""] {
            assert_exact(&searcher, text, log);
        }
        assert_eq!(searcher.search(&Query::parse("tag:zorbux").0).unwrap().len(), expected);
    }
    let entry = three.entries().find(|entry| entry.plain().contains("eBPF")).unwrap();
    let tags: Vec<_> = entry.tags().map(|tagged| format!("{}: {}", tagged.name, tagged.why)).collect();
    assert_eq!(tags, ["eBPF: the word “ebpf”", "Zorbux: the name “Zorbux” recurs, 3 times"]);
}

#[cfg(unix)]
#[test]
fn files_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("cache/index");
    drop(filled(filled(Index::open(&place).unwrap(), &fixtures()), &later()));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&place), mode(&place.join("g-1"))), (0o700, 0o700));
    for dir in [place.clone(), place.join("g-1")] {
        for entry in fs::read_dir(dir).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            assert_eq!(mode(&entry.path()), 0o600, "{:?}", entry.path());
        }
    }
}
