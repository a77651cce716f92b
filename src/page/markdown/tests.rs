use super::*;
use crate::markup::markdown::{Document, TextExtractor};
use insta::assert_snapshot;
use proptest::prelude::*;

const UNICODE: Symbols = Symbols::unicode();

fn shown(markdown: &str, width: usize, hits: &dyn Fn(&str) -> Vec<Range<usize>>) -> Vec<Line> {
    let style = RenderOptions {
        width,
        symbols: &UNICODE,
        definitions: &|label| (label == "outside").then(|| "https://example.org/outside".to_owned()),
        highlight: hits,
        url_role: &|url| if url.contains("/pull/") { Role::RefCode } else { Role::RefLink },
    };
    render(markdown, &style)
}

fn plain(markdown: &str, width: usize) -> String {
    let lines = shown(markdown, width, &|_| Vec::new());
    lines.iter().map(|line| line.plain().trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Every span in brackets behind its role and marks, lines apart by ` / `; blanks in text as they are.
fn marked(markdown: &str, hit: &str) -> String {
    let hits = |text: &str| text.match_indices(hit).map(|(at, hit)| at..at + hit.len()).collect();
    let lines = shown(markdown, 40, &|text| if hit.is_empty() { Vec::new() } else { hits(text) });
    let span = |span: &TextSpan| {
        let signs = [(span.bold, "*"), (span.italic, "/"), (span.strike, "-")];
        let signs: String = signs.into_iter().filter_map(|(on, sign)| on.then_some(sign)).collect();
        let url = span.url.as_deref().map(|url| format!("→{url}")).unwrap_or_default();
        match span.role {
            Role::Text if signs.is_empty() && url.is_empty() => span.text.clone(),
            role => format!("{role:?}{signs}[{}]{url}", span.text),
        }
    };
    let lines: Vec<String> = lines.iter().map(|line| line.spans.iter().map(span).collect()).collect();
    lines.join(" / ")
}

const REPORT: &str = r#"## 技术

1. 把 nerdctl 的镜像拉取改成**惰性加载**，冷启动从 41s 降到 6s，见 https://github.com/containerd/nerdctl/pull/1331，还差
   文档。
2. 读了“Slacker”这篇论文，讨论[镜像的惰性分发](https://example.org/papers/slacker.pdf)：
   1. 启动时只读 6.4% 的数据；
   2. `docker pull` 占了启动时间的 76%。
      - flatten 之后再做快照
        - 每层一个 VMDK
   3. <Namespace名字> 要保留
3. 值班：
   - [x] 升级 *etcd* 到 3.5
   - [ ] ~~回滚~~ 复盘，3~5 天内，10~20 人[^1]

> 慢就是快。
> Slow is smooth, smooth is fast, 这句话要记下来。

![架构图](https://img.example.org/2022/08/architecture-overview.png)

```go
func main() {
	fmt.Println("a rather long line of code, 带中文")
}
```

| 方案 | 冷启动 | 说明 |
|:-----|------:|:----:|
| overlayfs | 41s | 基线 |
| stargz | 6s | 需要转换镜像，对仓库没有要求 |

***

[^1]: 人数见[外面](https://example.org)的表，以及 [outside] 和 [missing]。
"#;

#[test]
fn a_week_in_sixty_columns() {
    assert_snapshot!(plain(REPORT, 60), @r#"
    技术

    1. 把 nerdctl 的镜像拉取改成惰性加载，冷启动从 41s 降到 6s，
       见 https://github.com/containerd/nerdctl/pull/1331，还差
       文档。
    2. 读了“Slacker”这篇论文，讨论镜像的惰性分发：
       1. 启动时只读 6.4% 的数据；
       2. docker pull 占了启动时间的 76%。
          • flatten 之后再做快照
            ◦ 每层一个 VMDK
       3. <Namespace名字> 要保留
    3. 值班：
       ☑ 升级 etcd 到 3.5
       ☐ 回滚 复盘，3~5 天内，10~20 人[^1]

    ▎ 慢就是快。Slow is smooth, smooth is fast, 这句话要记下来。

    ▣ 架构图 img.example.org/…re-overview.png

      func main() {
          fmt.Println("a rather long line of code, 带中文")
      }

    方案       冷启动              说明
    ─────────  ──────  ────────────────────────────
    overlayfs     41s              基线
    stargz         6s  需要转换镜像，对仓库没有要求

    ────────────────────────────────────────────────────────────

    [^1] 人数见外面的表，以及 outside 和 [missing]。
    "#);
}

#[test]
fn a_week_in_thirty_six_columns() {
    assert_snapshot!(plain(REPORT, 36), @r#"
    技术

    1. 把 nerdctl 的镜像拉取改成惰性加
       载，冷启动从 41s 降到 6s，见
       github.com/…/1331，还差文档。
    2. 读了“Slacker”这篇论文，讨论镜像的
       惰性分发：
       1. 启动时只读 6.4% 的数据；
       2. docker pull 占了启动时间的
          76%。
          • flatten 之后再做快照
            ◦ 每层一个 VMDK
       3. <Namespace名字> 要保留
    3. 值班：
       ☑ 升级 etcd 到 3.5
       ☐ 回滚 复盘，3~5 天内，10~20 人
         [^1]

    ▎ 慢就是快。Slow is smooth, smooth
    ▎ is fast, 这句话要记下来。

    ▣ 架构图 img.example.org/…erview.png

      func main() {
          fmt.Println("a rather long lin
    ↳ e of code, 带中文")
      }

    方案       冷启动        说明
    ─────────  ──────  ─────────────────
    overlayfs     41s        基线
    ─────────  ──────  ─────────────────
    stargz         6s  需要转换镜像，对
                         仓库没有要求

    ────────────────────────────────────

    [^1] 人数见外面的表，以及 outside 和
      [missing]。
    "#);
}

#[test]
fn a_week_in_twenty_columns() {
    assert_snapshot!(plain(REPORT, 20), @r#"
    技术

    1. 把 nerdctl 的镜像
       拉取改成惰性加
       载，冷启动从 41s
       降到 6s，见
       github.…ll/1331，
       还差文档。
    2. 读了“Slacker”这篇
       论文，讨论镜像的
       惰性分发：
       1. 启动时只读
          6.4% 的数据；
       2. docker pull 占
          了启动时间的
          76%。
          • flatten 之后
            再做快照
            ◦ 每层一个
              VMDK
       3. <Namespace名
          字> 要保留
    3. 值班：
       ☑ 升级 etcd 到
         3.5
       ☐ 回滚 复盘，3~5
         天内，10~20 人
         [^1]

    ▎ 慢就是快。Slow is
    ▎ smooth, smooth is
    ▎ fast, 这句话要记下
    ▎ 来。

    ▣ 架构图 img.examp…
    erview.png

      func main() {
          fmt.Println("a
    ↳  rather long line
    ↳ of code, 带中文")
      }

    方案: overlayfs
    冷启动: 41s
    说明: 基线

    方案: stargz
    冷启动: 6s
    说明: 需要转换镜像，
      对仓库没有要求

    ────────────────────

    [^1] 人数见外面的
      表，以及 outside
      和 [missing]。
    "#);
}

#[test]
fn blocks_look_like_what_they_are() {
    for (markdown, expected) in [
        ("# 周报 `x`", "Heading*[周报 ]Code*[x]"),
        ("a *b* **c** ~~d~~ ***e***", "a Text/[b] Text*[c] Text-[d] Text*/[e]"),
        ("> 慢\n>\n> > 快", "Dim[▎ ]Quote[慢] / Dim[▎] / Dim[▎ ▎ ]Quote[快]"),
        ("    a\n      bc", "Dim[  ]Code[a]Code[   ] / Dim[  ]Code[  bc]"),
        ("- [x] a", "Dim[☑ ]a"),
        ("1. [ ] a", "Dim[1. ]Dim[☐ ]a"),
        ("a[^1]\n\n[^1]: b", "aDim[[^1]] /  / Dim[[^1] ]b"),
        ("> [!WARNING]\n> 慢", "Dim[▎ ]Text*[Warning] / Dim[▎ ]Quote[慢]"),
        ("术语\n: 一\n: 二", "Text*[术语] / Dim[  ]一 / Dim[  ]二"),
        ("```go\nreturn 1\n```", "Dim[  ]Keyword[return]Code[ ]Number[1]"),
        ("<img alt=图 src=u>", "RefLink[▣ 图]→u Dim[u]→u"),
        ("-\n- a", "Dim[•] / Dim[• ]a"),
        ("|a|b|\n|-|-|\n|1|2|", "Text*[a]  Text*[b] / Dim[─  ─] / 1  2"),
    ] {
        assert_eq!(marked(markdown, ""), expected, "{markdown}");
    }
}

#[test]
fn links_know_where_they_lead() {
    for (markdown, expected) in [
        ("[文](https://a.b/pull/1)", "RefCode[文]→https://a.b/pull/1"),
        ("[`x` y](u)", "RefLink[x]→uRefLink[ y]→u"),
        ("见https://a.b/c。", "见RefLink[https://a.b/c]→https://a.b/c。"),
        ("<https://a.b>", "RefLink[https://a.b]→https://a.b"),
        ("[](https://a.b)", "RefLink[https://a.b]→https://a.b"),
        ("[文]()", "文"),
        ("[outside] [inside]", "RefLink[outside]→https://example.org/outside [inside]"),
        ("[x][outside]", "RefLink[x]→https://example.org/outside"),
        ("https://a.b/x/__init__.py *y*", "RefLink[https://a.b/x/__init__.py]→https://a.b/x/__init__.py Text/[y]"),
        ("![图](https://a.b/c.png)", "RefLink[▣ 图]→https://a.b/c.png Dim[https://a.b/c.png]→https://a.b/c.png"),
        ("[![图](i)](u)", "RefLink[▣ 图]→u Dim[i]→i"),
        ("![](i)", "RefLink[▣ ]→iDim[i]→i"),
        ("`https://a.b`", "Code[https://a.b]"),
        (
            "https://example.org/a/very/long/path/to/some/thing",
            "RefLink[example.org/…/thing]→https://example.org/a/very/long/path/to/some/thing",
        ),
    ] {
        assert_eq!(marked(markdown, ""), expected, "{markdown}");
    }
}

#[test]
fn a_match_shows_through_every_look() {
    for (markdown, hit, expected) in [
        ("容器运行时", "运行", "容器Match[运行]时"),
        ("容**器运**行", "器运行", "容Match*[器运]Match[行]"),
        ("[容器](u)", "器", "RefLink[容]→uMatch[器]→u"),
        ("# 周报", "报", "Heading*[周]Match*[报]"),
        ("```\nab\nbc\n```", "b", "Dim[  ]Code[a]Match[b] / Dim[  ]Match[b]Code[c]"),
        ("|甲|\n|-|\n|乙|", "乙", "Text*[甲] / Dim[──] / Match[乙]"),
        (
            "https://example.org/a/very/long/path/to/some/thing",
            "long",
            "RefLink[https://example.org/a/very/]→https://example.org/a/very/long/path/to/some/thingMatch[long]→https://example.org/a/very/long/path/to/some/thingRefLink[/path/to/]→https://example.org/a/very/long/path/to/some/thing / RefLink[some/thing]→https://example.org/a/very/long/path/to/some/thing",
        ),
    ] {
        assert_eq!(marked(markdown, hit), expected, "{markdown}");
    }
}

#[test]
fn careless_ranges_are_put_in_order() {
    let ranges = [(4, 2), (7, 100), (1, 2), (3, 4), (0, 1), (200, 300), (usize::MAX, usize::MAX)];
    let line = &shown("容器运行", 40, &|_| ranges.iter().map(|(start, end)| *start..*end).collect())[0];
    let spans: Vec<(&str, Role)> = line.spans.iter().map(|span| (span.text.as_str(), span.role)).collect();
    assert_eq!(spans, [("容", Role::Match), ("器", Role::Match), ("运行", Role::Match)]);
}

#[test]
fn html_is_a_look_or_it_is_text() {
    for (markdown, expected) in [
        ("a<br>b", "a / b"),
        ("<b>粗</b><i>斜</i><code>码</code>", "Text*[粗]Text/[斜]Code[码]"),
        ("<a href=\"https://a.b/?c&amp;d\">x</a> y", "RefLink[x]→https://a.b/?c&d y"),
        ("x <Namespace名字> y <apiGroup>", "x <Namespace名字> y <apiGroup>"),
        ("x <!-- y --> z", "x  z"),
        ("<!-- y -->", ""),
        ("<div>\n<b>粗</b>\n</div>", "Text*[粗]"),
        ("<b>开\n\n关", "Text*[开] /  / 关"),
    ] {
        assert_eq!(marked(markdown, ""), expected, "{markdown}");
    }
}

#[test]
fn html_blocks_end_lines_and_hide_their_tags() {
    for (markdown, expected) in [
        ("<p>甲</p>\n<p>乙</p>", "甲 / 乙"),
        ("<details>\n<summary>更多</summary>\n内容\n</details>", "更多 / 内容"),
        ("<ul><li>甲<li>乙</ul>\n\n丙", "甲 / 乙 /  / 丙"),
        ("<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>", "甲  乙 / 丙"),
        ("<pre>\n  甲\n\n  乙\n</pre>", "  甲 /  /   乙"),
        ("甲 <p>乙", "甲 / 乙"),
        ("<A\n data-href=x HREF = 'https://a.b/?c&amp;d'>甲 &lt; 乙</A>", "RefLink[甲 < 乙]→https://a.b/?c&d"),
        ("<iframe src=\"https://a.b/c\"></iframe>", "RefLink[https://a.b/c]→https://a.b/c"),
    ] {
        assert_eq!(marked(markdown, ""), expected, "{markdown}");
    }
}

#[test]
fn html_shows_what_search_reads() {
    for markdown in [
        "<p>甲</p>\n<p>乙</p>",
        "<details><summary>更多</summary>内容</details>",
        "<figure><img src = \"https://a.b/x.png\" alt = \"图 &gt; 表\"><figcaption>说明</figcaption></figure>",
        "<table><tr><td>甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>",
        "看 <a data-href=\"x\" HREF='https://a.b/?c&amp;d'>文档</a><br>乙",
        "<div>\n<a title=\"a > b\" href=https://a.b/c>甲 &amp;lt; 乙</a> https://a.b/d\n</div>",
        "<video><source src=https://a.b/v.mp4></video>",
        "[<a name=x></a>甲](https://a.b/c) <Resource> <Namespace名字>",
        "<div>\n<apiGroup> a < b\n<!-- 无 -->\n</div>",
    ] {
        let document = Document::parse(markdown);
        let mut reader = TextExtractor::new(&document, 0..document.events.len());
        reader.read();
        let mut urls: Vec<&str> = reader.links.iter().chain(&reader.images).map(|link| link.url.as_str()).collect();

        let lines = shown(markdown, 80, &|_| Vec::new());
        for (nth, line) in reader.plain.lines().enumerate() {
            let shown = lines.get(nth).map(Line::plain).unwrap_or_default();
            assert!(shown.contains(line.trim_end()), "{markdown}: {line} in {shown}");
        }
        let mut shown: Vec<&str> =
            lines.iter().flat_map(|line| &line.spans).filter_map(|span| span.url.as_deref()).collect();
        urls.sort_unstable();
        shown.sort_unstable();
        shown.dedup();
        assert_eq!(shown, urls, "{markdown}");
    }
}

#[test]
fn lines_join_and_break_as_written() {
    for (markdown, expected) in [
        ("中文\n中文", "中文中文"),
        ("中文\nabc\ndef，\nx", "中文 abc def，x"),
        ("a  \nb\\\nc", "a\nb\nc"),
        ("a\n[b](u)", "a b"),
        ("a\nb\n\n\n\nc", "a b\n\nc"),
        ("# 题\n文\n- a\n- b\n\n- c", "题\n文\n• a\n• b\n\n• c"),
    ] {
        assert_eq!(plain(markdown, 40), expected, "{markdown}");
    }
}

#[test]
fn items_keep_their_numbers() {
    for (markdown, expected) in [
        ("3. a\n4. b", "3. a\n4. b"),
        ("1. a\n3. b\n7. c", "1. a\n3. b\n7. c"),
        ("1. a\n1. b\n1. c", "1. a\n2. b\n3. c"),
        ("2) a\n   1) b", "2) a\n   1) b"),
        ("12. 一二三四五六", "12. 一二三四五\n    六"),
        ("- a\n  - b\n    - c\n      - d", "• a\n  ◦ b\n    ▪ c\n    ▪ d"),
    ] {
        assert_eq!(plain(markdown, 14), expected, "{markdown}");
    }
}

#[test]
fn footnotes_come_last_and_out_of_lists() {
    assert_snapshot!(plain("1. a[^x]\n   - b[^y]\n\n   [^x]: 一\n\n       二\n   [^y]: > 引\n\n2. c[^x]\n\n> d\n>\n> [^z]: 没人引用\n\ne", 24), @"
    1. a[^x]
       • b[^y]

    2. c[^x]

    ▎ d

    e

    [^x] 一

      二
    [^y] ▎ 引
    [^z] 没人引用
    ");
    // One inside another stays there, and nothing is lost.
    let nested = plain("[^a]: 甲\n\n    [^b]: 乙\n\n    丙\n\n丁[^a][^b]", 24);
    for text in ["甲", "乙", "丙", "丁"] {
        assert_eq!(nested.matches(text).count(), 1, "{nested}");
    }
}

#[test]
fn definitions_nest_as_lists_do() {
    assert_snapshot!(plain("- 概念\n\n  容器\n  : 一组被隔离的进程，见 `runc`。\n  : 另一个意思\n\n  镜像\n\n  : 只读的层\n\n    - 第一层", 24), @"
    • 概念

      容器
        一组被隔离的进程，见
        runc。
        另一个意思

      镜像

        只读的层

        ◦ 第一层
    ");
}

#[test]
fn hostile_text_is_clean() {
    let lines = shown("a&#27;]0;x&#7;\u{1b}[31m`\u{202e}b`\n\n[c&#x9b;](<u&#27;>)", 40, &|_| Vec::new());
    let all: String = lines
        .iter()
        .flat_map(|line| &line.spans)
        .flat_map(|span| [&span.text, span.url.as_deref().unwrap_or("")].concat().chars().collect::<Vec<_>>())
        .collect();
    assert!(!all.chars().any(|c| c.is_control() || c == '\u{202e}'), "{all:?}");
}

#[test]
fn depth_and_length_are_no_danger() {
    for (unit, count) in [
        ("> ", 100_000),
        ("- ", 100_000),
        ("- a\n", 20_000),
        ("1. ", 100_000),
        ("[", 300_000),
        ("![", 100_000),
        ("[a](", 50_000),
        ("*a ", 50_000),
        ("<", 300_000),
        ("<b>", 50_000),
        ("<!--", 50_000),
        ("`a``b", 30_000),
        ("|a", 30_000),
        ("~a~ ", 50_000),
        ("http://", 50_000),
        ("https://a.b ", 20_000),
        ("中", 100_000),
    ] {
        let text = format!("{}x", unit.repeat(count));
        let lines = shown(&text, 40, &|_| Vec::new());
        assert!(lines.iter().all(|line| line.width() <= 40), "{unit}");
    }
}

#[test]
fn deep_text_keeps_its_room() {
    for unit in ["> ", "- ", "1. "] {
        let lines = shown(&format!("{}一二三四五六七八九十", unit.repeat(60)), 30, &|_| Vec::new());
        assert!(lines.iter().any(|line| line.plain().contains("三四五")), "{lines:#?}");
    }
}

const PIECES: &[&str] = &[
    "\n",
    "\n\n",
    "    ",
    "  ",
    " ",
    "> ",
    "- ",
    "* ",
    "3. ",
    "1) ",
    "# ",
    "```\n",
    "`",
    "**",
    "*",
    "_",
    "~~",
    "~",
    "[",
    "](",
    ")",
    "![",
    "[^1]",
    "[^1]: ",
    "|",
    "|-|:-:|\n",
    "---\n",
    "- [ ] ",
    "- [x] ",
    "<b>",
    "</b>",
    "<br>",
    "<a href=x>",
    "<!--",
    "-->",
    "<x>",
    "<div>\n",
    "https://example.org/a/b/c",
    "&amp;",
    "\\",
    "中文",
    "，",
    "“",
    "”",
    "word",
    "👩\u{200d}💻",
    "\u{301}",
    "\t",
    "\u{1b}[3m",
    "[outside]",
];

fn markdown() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_markdown_fits_any_width(text in markdown(), width in 0_usize..80, hits in prop::collection::vec(0_usize..200, 0..6)) {
        let lines = shown(&text, width, &|_| hits.windows(2).map(|pair| pair[0]..pair[1]).collect());
        for line in &lines {
            prop_assert!(line.width() <= width, "{line:?}");
            prop_assert!(line.spans.iter().all(|span| clean_line(&span.text) == span.text.as_str()), "{line:?}");
        }
    }

    #[test]
    fn any_text_fits_any_width(text in "(?s).{0,120}", width in 0_usize..80) {
        let lines = shown(&text, width, &|_| Vec::new());
        prop_assert!(lines.iter().all(|line| line.width() <= width), "{lines:?}");
    }

    #[test]
    fn no_letter_is_lost(words in prop::collection::vec("[a-z中文]{1,6}", 1..12), marks in prop::collection::vec(prop::sample::select(&["\n", "\n- ", "\n1. ", "\n> ", " *x* ", "\n\n"][..]), 12), width in 4_usize..80) {
        let text: String = words.iter().zip(&marks).map(|(word, mark)| [word.as_str(), mark].concat()).collect();
        let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
        prop_assert_eq!(letters(&plain(&text, width)), letters(&text));
    }
}
