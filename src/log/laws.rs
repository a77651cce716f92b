//! Laws of this layer, over arbitrary bytes and over notes of real shapes with random slips.

use super::Log;
use crate::note::{self, EntryKey, Note, tag::TagRules};
use crate::text::clean::is_invisible;
use crate::{date::Series, text::problem::Code};
use encoding_rs::GB18030;
use proptest::prelude::*;
use std::{
    collections::HashSet,
    sync::{Arc, LazyLock},
};

/// Notes in the shapes people write, each with the slips of its kind.
const SHAPES: [(&str, &str); 19] = [
    (
        "2024/2024-03-week2.md",
        "# 2024年3月第二周周报\n\n## 生活\n\n1. 换了灯泡，顺便擦了窗\n2. 看完《长日将尽》 112/300\n    1. 译本不错\n\n![阳台](https://img.example/a.png)\n\n## 技术\n\n1， 给 [PR13](https://github.com/a/b/pull/13) 补了测试。**先写测试。**再改代码\n2. 读了 [论文](https://arxiv.org/abs/2301.00001)，见 #14\n\n周三晚上的事故复盘：由于证书过期导致网关握手失败。\n\n1. 21:04 告警\n2. 21:20 回滚，恢复\n\n## 总结\n\n还行。\n",
    ),
    ("journal/2023_05_04.md", "- 晨会\n  - 讨论 [[灰度发布|灰度]] #发布\n-\n- 写代码 `a|b` => 好\n- \n\t- tab\n"),
    (
        "outline.txt",
        "旧事\n\n• 第一件，折腾了一\n  波网络\n  • 细节：api/<apiGroup>/<Namespace名字>\n    • 更细 $f(x)$\n• 第二件 https://a.example/b，不错\n（1）甲\n（2）乙\n",
    ),
    (
        "history/2023.md",
        "---\ntitle: 记录\ndate: 2023-01-01\ntags: [随笔, \"\\e[31m红\"]\n---\n\n### 2023-06-16 ~ 2023-06-17\n\n- 甲 &#27;[2J &#x202e;\n- 乙\n\n### 2023-02-30\n\n- 丙\n\n###2023-06-01\n- 丁\n",
    ),
    (
        "links/2022-40.md",
        "# 链接 2022-40\n\n> 原文：[a](https://a.example)\n\n## [](#one)第一条\n\n[a.example](https://a.example/x)\n\n说明文字。\n\n* 甲\n* 乙\n\n## 第二条\n\n[b.example](https://b.example/y%1b%5d)\n\n正文，[c][d] 与脚注[^1]。\n\n[d]: https://d.example/\u{202e}x\n[^1]: 注\n",
    ),
    ("til/a.md", "# One fact\n\nProse with `code`.\n\n```sh\n• 1、not a list\n# no heading\n```\n\nMore prose.\n"),
    (
        "2024-05-01-weekly.md",
        "Title: Weekly notes 12\nDate: 2024-05-01\nTags: x, y\n\n# Updates\n\n* one [#12](https://github.com/a/b/pull/13)\n* two\n\n| Name | What |\n|---|---|\n| [x](https://x.example) | 好 |\n| [y](https://y.example) | 坏 |\n\n## Table\n\n| a | b |\n|---|---|\n| [c](https://c.example) | 1 |\n| d | 2 |\n| [e](/e) | 3 |\n",
    ),
    (
        "plan/1651700000.txt",
        "+++\ndate = 2022-05-04\ntitle = \"a\\u001bb\"\n+++\n= Plan\n\nWork on things.\n====\n* done\n+ to do\n",
    ),
    (
        "notes.org",
        "#+TITLE: 周记\n#+DATE: <2022-07-24 Sun>\n* 技术 :ebpf:\n- 看 [[https://o.example][文档]]\n  续行\n** TODO 子题\n#+BEGIN_SRC sh\n- x\n#+END_SRC\n* 生活\n正文\n",
    ),
    (
        "page.html.md",
        "<h3 id=\"a\">标题</h3>\n<p>段落 <a href=\"https://h.example\">链接</a></p>\n<!-- 注释\n\n* x -->\n{{< figure src=\"/a.png\" title=\"图\" >}}\n<ul><li>甲<li>乙</ul>\n",
    ),
    (
        "journals/2023_05_05.md",
        "- 会 #a\n  id:: 6453a1b2-0000-4000-8000-000000000001\n  collapsed:: true\n\t- TODO 看 ((6453a1b2-0000-4000-8000-000000000001)) ==重== ^^点^^\n\t  :LOGBOOK:\n\t  CLOCK: x\n\t  :END:\n- type:: book\n  author:: [[某人]]\n  读完\n- {{query (task TODO)}}\n- #+BEGIN_QUOTE\n  引\n  #+END_QUOTE\n- ```js\n  let a = 1;\n",
    ),
    (
        "daily/2024-03-05.md",
        "%%\n私 https://a.example\n%%\n> [!note]- 题\n> 文\n\n- [/] 半 ^abc123\n- ![[图.png|300]] %%注%%\n\n一段 #甲\n乙 ^block-id\n",
    ),
    (
        "a.adoc",
        "= 周记\n某人\n:date: 2022-07-24\n\n== 工作\n\n* 甲 link:https://a.example[乙^]\n** 丙\n+\n----\nx\n----\n. 丁\n\n[source,go]\n----\n== y\n----\n\n////\n注\n////\n.题\n|===\n|a |b\n|===\n____\n引 +\n____\n",
    ),
    (
        "a.rst",
        "====\n周记\n====\n\n:date: 2022-07-24\n\n工作\n----\n\n* 甲 `乙 <https://a.example>`_ Docs_\n\n.. code-block:: go\n   :linenos:\n\n   * x\n\n.. note::\n\n   心::\n\n     y\n\n   .. image:: a.png\n      :alt: 图\n\n.. _Docs: https://b.example\n.. 注\n   释\n\n    引\n",
    ),
    (
        "a.mdx",
        "import A from 'a'\n\n# 题\n\n<Tabs a=\"1\">\n\n- 甲 <B>乙</B>\n\n</Tabs>\n{/* 注 */}\nexport const x = {\n}\n",
    ),
    (
        "总结.txt",
        "2023年第12周\n\n一、工作\n1、甲，\n２．乙\n\n（一）网关\n好\n（二）文档\n坏\n\n二、生活\n① 丙\n----\n写了\n两行。\n----\n三行\n",
    ),
    ("diary.txt", "2022-07-24 周日 晴\n爬山。\n\n2022年7月25日 星期一 多云转小雨\n- 在家\n2022-07-26\n"),
    ("empty.md", "- \n-\n\n1. \n\n###\n\n> \n"),
    (
        "deep.md",
        "# 深\n\n- a\n  - b\n    - c\n      > 引用\n      > - d\n\n      ```\n      e\n\n### 又\n\n---\n\n段落\n***\n  # 头\n",
    ),
];

/// What slips into notes: markers, controls, half tokens.
const SLIPS: [&str; 40] = [
    "\n",
    "\n\n",
    "# ",
    "##",
    "- ",
    "\n- \n",
    "1. ",
    "1， ",
    "2、",
    "（3）",
    "• ",
    "> ",
    "```\n",
    "~~~",
    "---\n",
    "+++\n",
    "|",
    "\n|-|\n",
    "**",
    "`",
    "[",
    "](",
    "[[",
    "]]",
    "<",
    "<a href=",
    "<!--",
    "-->",
    "&#0;",
    "&#x9b;",
    "\u{1b}]8;;x\u{7}",
    "\u{202e}",
    "\0",
    "\r",
    "\t",
    "{{< ",
    "{% raw %}",
    "$$",
    "2023-02-30",
    "https://a.example/%1b[31m",
];

static RULES: LazyLock<TagRules> = LazyLock::new(TagRules::built_in);

fn read(path: &str, bytes: &[u8]) -> Note {
    let series = Series::of(std::iter::once(path));
    note::read(note::NoteFile { source: "notes", path, bytes }, &series, note::EntryRule::Auto, &RULES)
}

fn log(note: Note) -> Log {
    Log::new(vec![Arc::new(note)], &RULES)
}

/// Everything that must hold of whatever was read.
fn check(path: &str, bytes: &[u8]) {
    let note = read(path, bytes);
    let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r' | 0x0b | 0x0c)).count() as u32;
    check_places(&note);
    check_strings(&note);
    let utf8 = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(['\u{85}', '\u{2028}', '\u{2029}', '\0']));
    for record in note.entries.iter().filter(|_| utf8) {
        assert!((1..=lines).contains(&record.line), "line {} of {lines}", record.line);
    }
}

/// The extents follow one another over the whole body; what is shown lies inside them.
fn check_places(note: &Note) {
    let joined: String = note.entries.iter().map(|record| note.text.get(record.extent)).collect();
    if note.entries.is_empty() {
        assert!(
            note.problems.iter().any(|problem| problem.code.level() == crate::text::problem::Level::Warning),
            "an empty note says so"
        );
    } else {
        assert_eq!(joined, note.body(), "the extents are the body");
    }
    let mut keys = HashSet::new();
    for record in &note.entries {
        assert!(note.text.holds(record.extent) && note.text.holds(record.body), "character boundaries");
        assert!(
            record.extent.contains(record.body) || record.shape == note::Shape::Row,
            "{:?} {:?} is not in {:?} of {:?}",
            record.shape,
            note.text.get(record.body),
            note.text.get(record.extent),
            note.body()
        );
        assert!(keys.insert(record.key), "two entries have the key {}", record.key);
    }
}

fn check_strings(note: &Note) {
    let line = |text: &str, what: &str| {
        assert!(!text.contains(|c: char| c.is_control() || is_invisible(c)), "{what}: {text:?}");
    };
    line(&note.path, "path");
    line(&note.source, "source");
    line(&note.title, "title of the note");
    assert!(!note.title.trim().is_empty());
    for problem in &note.problems {
        line(&problem.message, "problem");
    }
    for (label, url) in &note.definitions {
        line(label, "definition");
        line(url, "definition");
    }
    let log = log(note.clone());
    for entry in log.entries() {
        line(entry.title(), "title");
        for (kind, why) in entry.kind_reasons() {
            line(why, "reason of a kind");
            assert!(entry.kinds().contains(kind) && !why.is_empty(), "{}: {why:?}", kind.name());
        }
        assert_eq!(entry.kinds().iter().count(), entry.kind_reasons().count(), "a reason for each kind");
        assert!(!entry.title().trim().is_empty(), "a title is never empty");
        let lines = [entry.plain(), entry.body()].into_iter().flat_map(|text| text.split('\n'));
        let refs = entry.refs().flat_map(|found| [found.id, found.host, found.url, found.label]);
        let tags = entry.tags().map(|tag| tag.name);
        for tag in entry.tags() {
            line(&tag.why.to_string(), "reason of a tag");
        }
        for text in entry.section().chain(lines).chain(refs).chain(tags) {
            line(text, "a string of an entry");
        }
    }
    assert_eq!(log.len(), note.entries.len());
}

/// One slip: what is done, where (as a share of the text), and with which snippet.
fn slip(text: &mut String, (kind, place, length, snippet): (u8, f64, usize, usize)) {
    let mut at = (place * text.len() as f64) as usize;
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let mut end = (at + length).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    match kind {
        0 => text.insert_str(at, SLIPS[snippet]),
        1 => text.replace_range(at..end.max(at), ""),
        2 => *text = [&text[..end.max(at)], &text[at..]].concat(),
        _ => text.replace_range(at..end.max(at), SLIPS[snippet]),
    }
}

fn slips() -> impl Strategy<Value = Vec<(u8, f64, usize, usize)>> {
    prop::collection::vec((0..4_u8, 0.0..1.0_f64, 0..30_usize, 0..SLIPS.len()), 0..8)
}

#[test]
fn notes_of_all_shapes_keep_the_laws() {
    for (path, text) in SHAPES {
        check(path, text.as_bytes());
        check(path, text.replace('\n', "\r\n").as_bytes());
        check(path, &GB18030.encode(text).0);
    }
    for text in ["", "\n", "\u{feff}", "---\n---\n", "---\ntitle: x\n---\n", "[a]: b\n", "<!-- x -->", "\u{fffd}"] {
        check("x.md", text.as_bytes());
    }
}

/// Enough of each for anything that is not linear to be felt.
#[test]
fn repetitions_keep_the_laws() {
    for piece in [
        "[",
        "![",
        "[a](",
        "[[a]]",
        ">",
        "> - a\n",
        "- ",
        "1. ",
        "1，",
        "（1）甲\n",
        "#",
        "## h\n\n- a\n\n",
        "**",
        "*a_ ",
        "<a",
        "<a href=",
        "<!-- ",
        "<div>\n",
        "`",
        "|a",
        "|a|\n|-|\n|b|\n",
        "https://a.example/(",
        ")",
        "PR1 #12 a/b#3 ",
        "CVE-2020-1234 ",
        "- \n",
        "-\n\n",
        "• a\n",
        "[^1] ",
        "[a]: /b\n\n[a]\n",
        "&#27;",
        "\\",
        "\u{301}",
        "\u{1b}]8;;",
        "#tag1 ",
        "---\na: &a *a\n",
        "{{< x ",
        "{% ",
        "a\n===\n",
        "%% ",
        "%%\n",
        ":LOGBOOK:\n",
        "a:: b\n",
        "abcd\n~~~~\n",
        "一、甲\n",
        "（一）甲\n乙\n",
        "2022-07-24\n",
        "== a\n",
        "** a\n",
        ".. a::\n  ",
        "a::\n\n b\n",
        "((",
        "==a",
        "<A>",
    ] {
        let text = piece.repeat(12_000 / piece.len());
        check("x.md", text.as_bytes());
        for path in ["x.org", "x.adoc", "x.rst", "x.mdx"] {
            check(path, text.as_bytes());
        }
        check("x.md", ["https://a.example/", &text].concat().as_bytes());
    }
}

#[test]
fn names_of_files_are_untrusted_text() {
    for path in ["a\u{1b}[31m.md", "\u{202e}dm.x/y\n.md", "\u{200b}.md", "2023/\u{7}/", ".md", ""] {
        check(path, b"- one\n- two\n");
        check(path, b"");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_keep_the_laws(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        check("notes/x.md", &bytes);
    }

    #[test]
    fn arbitrary_text_keeps_the_laws(text in "(?s).{0,200}", path in "(?s).{0,20}") {
        check(&path, text.as_bytes());
    }

    #[test]
    fn random_markup_keeps_the_laws(pieces in prop::collection::vec((0..SLIPS.len(), "[a甲1，.。 ]{0,6}"), 0..40)) {
        let text: String = pieces.iter().map(|(slip, word)| [SLIPS[*slip], word].concat()).collect();
        for path in ["x.md", "x.org", "x.adoc", "x.rst", "x.mdx"] {
            check(path, text.as_bytes());
        }
    }

    #[test]
    fn real_shapes_with_slips_keep_the_laws(shape in 0..SHAPES.len(), slips in slips()) {
        let (path, text) = SHAPES[shape];
        let mut text = text.to_owned();
        for one in slips {
            slip(&mut text, one);
        }
        check(path, text.as_bytes());
    }

    /// Encodings and line ends are no part of what a note says.
    #[test]
    fn every_encoding_reads_the_same(shape in 0..SHAPES.len(), slips in slips()) {
        let (path, text) = SHAPES[shape];
        let mut text = text.to_owned();
        for one in slips {
            slip(&mut text, one);
        }
        text.retain(|c| !c.is_control() || c == '\n' || c == '\t');
        let plain = shown(&read(path, text.as_bytes()));
        let utf16 = |bytes_of: fn(u16) -> [u8; 2], bom: &[u8]| -> Vec<u8> {
            bom.iter().copied().chain(text.encode_utf16().flat_map(bytes_of)).collect()
        };
        for bytes in [
            text.replace('\n', "\r\n").into_bytes(),
            text.replace('\n', "\r").into_bytes(),
            ["\u{feff}", &text].concat().into_bytes(),
            utf16(u16::to_le_bytes, b"\xff\xfe"),
            utf16(u16::to_be_bytes, b"\xfe\xff"),
        ] {
            prop_assert_eq!(&shown(&read(path, &bytes)), &plain);
        }
    }

    /// What stands elsewhere in a note is no part of what an entry is called.
    #[test]
    fn keys_survive_edits_elsewhere(items in prop::collection::vec("[a-z甲乙丙]{1,8}", 1..8), new in "[A-Z]{1,8}", at in 0..8_usize) {
        let list = |items: &[String]| {
            let lines = items.iter().enumerate().map(|(nth, item)| format!("{}. {item}\n", nth + 1));
            ["# 周报\n\n## 技术\n\n", &lines.collect::<String>(), "\n## 生活\n\n- 睡觉\n"].concat()
        };
        let mut edited = items.clone();
        edited.insert(at.min(items.len()), new);
        let before = keys(&read("a.md", list(&items).as_bytes()));
        let after = keys(&read("a.md", list(&edited).as_bytes()));
        prop_assert!(before.is_subset(&after));
        prop_assert_eq!(after.len(), before.len() + 1);
    }
}

fn keys(note: &Note) -> HashSet<EntryKey> {
    note.entries.iter().map(|record| record.key).collect()
}

/// What a reader sees of a note, without how its bytes were read.
fn shown(note: &Note) -> Vec<String> {
    let log = log(note.clone());
    let entry = |entry: super::Entry<'_>| {
        let refs: Vec<_> =
            entry.refs().map(|found| (found.kind, found.id, found.url, found.label, found.line)).collect();
        let tags: Vec<_> = entry.tags().map(|tag| tag.name).collect();
        format!(
            "{} {} {:?} {:?} {refs:?} {tags:?} {:?}",
            entry.key(),
            entry.line(),
            entry.title(),
            entry.plain(),
            entry.dated()
        )
    };
    let problems =
        note.problems.iter().filter(|problem| !matches!(problem.code, Code::Encoding | Code::ControlCharacters));
    log.entries().map(entry).chain(problems.map(|problem| format!("{} {}", problem.line, problem.message))).collect()
}
