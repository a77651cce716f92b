//! Threads, reviews and tables of the command line: transcripts.

use crate::cli::Place;

const STORY: [(&str, &str); 4] = [
    (
        "2023-W51.md",
        "- 开了 [Issue54](https://github.com/foo/bar/issues/54)，先占坑。以后再说\n- 读 [《XRP：内核里的存储函数》](https://www.usenix.org/conference/osdi22/presentation/zhong)\n",
    ),
    (
        "2024-W01.md",
        "1， 修 foo/bar#54 的人来了？[PR 54](https://github.com/foo/bar/pull/54) 合了！下周发版。\n2， 睡觉 #生活\n",
    ),
    (
        "2024-W02.md",
        "- foo/bar 发了 [v1.2.0](https://github.com/foo/bar/releases/tag/v1.2.0)。\n- 又读 [论文](https://www.usenix.org/conference/osdi22/presentation/zhong) 与 [Attention | is *all*](https://arxiv.org/abs/1706.03762v3)\n",
    ),
    ("2024-W10.md", "- foo/bar#54 又坏了 👨‍👩‍👧‍👦\n"),
];

fn place() -> Place {
    Place::new(&STORY.map(|(path, text)| (path, text.as_bytes())))
}

/// What a run on the notes says beside its results.
fn said(place: &Place, arguments: &[&str]) -> String {
    String::from_utf8(place.run(&[arguments, &["--log", "notes"]].concat()).stderr).expect("UTF-8")
}

#[test]
fn a_thread_in_every_format() {
    let place = place();
    insta::assert_snapshot!(place.check(&["thread", "PR54"], 0), @"
    notes/2023-W51.md:1: 2023-12-18…12-24 开了 Issue54，先占坑。
    notes/2024-W01.md:1: 2024-01-01…01-07 +14d PR 54 合了！
    notes/2024-W10.md:1: 2024-03-04…03-10 +63d foo/bar#54 又坏了 👨‍👩‍👧‍👦
    ");
    insta::assert_snapshot!(said(&place, &["thread", "bar#54"]), @"sennight: foo/bar#54: 3 mentions, 2023-12-18 to 2024-03-04, longest gap 63 days before 2024-03-04");
    insta::assert_snapshot!(place.check(&["thread", "--format", "markdown", "https://github.com/foo/bar/pull/54"], 0), @"
    # [foo/bar#54](<https://github.com/foo/bar/issues/54>)

    3 mentions, 2023-12-18 to 2024-03-04, longest gap 63 days before 2024-03-04.

    - **2023-12-18…12-24** 开了 Issue54，先占坑。 — notes/2023-W51.md:1
    - **2024-01-01…01-07** (+14 days) PR 54 合了！ — notes/2024-W01.md:1
    - **2024-03-04…03-10** (+63 days) foo/bar#54 又坏了 👨‍👩‍👧‍👦 — notes/2024-W10.md:1
    ");
    insta::assert_snapshot!(place.check(&["thread", "--format", "paths", "foo/bar"], 0), @"
    notes/2023-W51.md
    notes/2024-W01.md
    notes/2024-W02.md
    notes/2024-W10.md
    ");
    let thread: serde_json::Value =
        serde_json::from_str(&place.check(&["thread", "--format", "json", "foo/bar"], 0)).expect("JSON");
    assert_eq!(thread["topic"]["url"], "https://github.com/foo/bar");
    assert_eq!((&thread["first"], &thread["last"]), (&"2023-12-18".into(), &"2024-03-04".into()));
    assert_eq!(thread["mentions"][2]["gap"], 7);
    let lines = place.check(&["thread", "--format", "jsonl", "foo/bar"], 0);
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(thread["mentions"], serde_json::Value::from(lines));
}

#[test]
fn a_thread_of_nothing_is_said() {
    let place = place();
    assert_eq!(place.check(&["thread", "foo/bar#5"], 1), "");
    insta::assert_snapshot!(said(&place, &["thread", "没有", "这个"]), @"sennight: no reference, repository or tag matches “没有 这个”");
    place.check(&["thread"], 2);
}

#[test]
fn stats_print_a_year_in_every_format() {
    let place = place();
    insta::assert_snapshot!(place.check(&["stats", "--year", "2024"], 0), @"
    2024 in review
    5 entries in 3 of 52 weeks · 2 in 2023
    Longest run: 2 weeks from 2024-01-01
    Busiest week: 2024-W01, 2 entries

    Weeks
    ██       ▄
    W1        W11       W21       W31       W41

    Months
    Jan     4  ████████████████████████████████████████
    Feb     0
    Mar     1  ██████████
    Apr     0
    May     0
    Jun     0
    Jul     0
    Aug     0
    Sep     0
    Oct     0
    Nov     0
    Dec     0

    Kinds
    paper       1  ████████████████████████████████████████ as in 2023
    pr          1  ████████████████████████████████████████
    issue       1  ████████████████████████████████████████ as in 2023
    release     1  ████████████████████████████████████████
    plan        1  ████████████████████████████████████████

    Tags
    bar        3  ████████████████████████████████████████ +2 on 2023
    papers     1  ██████████████                           as in 2023
    生活       1  ██████████████

    New this year
    #生活

    Pull requests and issues: 1
    2024-W01    2×  foo/bar#54  PR 54  since 2023-12-18

    Papers: 2
    2024-W02    1×  usenix:osdi22/zhong  论文  since 2023-12-18
    2024-W02    1×  arXiv:1706.03762  Attention | is all

    Repositories: 1
    2024-W01    3×  foo/bar  since 2023-12-18
    ");
    insta::assert_snapshot!(place.check(&["stats", "--year", "2024", "--format", "markdown", "-生活"], 0), @r"
    # 2024 in review: -生活

    4 entries in 3 of 52 weeks (2023 had 2 entries).
    The longest run: 2 weeks, 2024-01-01 to 2024-01-14.
    The busiest week: W02 2024-01-08…01-14, 2 entries.

    ## Months

    | month | entries |
    | --- | ---: |
    | Jan | 3 |
    | Feb | 0 |
    | Mar | 1 |
    | Apr | 0 |
    | May | 0 |
    | Jun | 0 |
    | Jul | 0 |
    | Aug | 0 |
    | Sep | 0 |
    | Oct | 0 |
    | Nov | 0 |
    | Dec | 0 |

    ## Topics

    | topic | entries | 2023 |
    | --- | ---: | ---: |
    | bar | 3 | 1 |
    | papers | 1 | 1 |

    ## Kinds

    | kind | entries | 2023 |
    | --- | ---: | ---: |
    | paper | 1 | 1 |
    | pr | 1 | 0 |
    | issue | 1 | 1 |
    | release | 1 | 0 |
    | plan | 1 | 0 |

    ## Repositories

    | repository | entries |
    | --- | ---: |
    | [foo/bar](<https://github.com/foo/bar>) | 3 |

    ## Pull requests and issues

    - 2024-01-01: [foo/bar#54](<https://github.com/foo/bar/pull/54>) PR 54, 2 entries, since 2023-12-18

    ## Papers

    - 2024-01-08: [usenix:osdi22/zhong](<https://www.usenix.org/conference/osdi22/presentation/zhong>) 论文, since 2023-12-18
    - 2024-01-08: [arXiv:1706.03762](<https://arxiv.org/abs/1706.03762v3>) Attention \| is all
    ");
    assert_eq!(place.check(&["stats"], 0), place.check(&["stats", "--year", "2024"], 0));
    assert!(!place.check(&["--ascii", "stats"], 0).contains(['█', '▄']));
    let review: serde_json::Value =
        serde_json::from_str(&place.check(&["stats", "--format", "json", "foo"], 0)).expect("JSON");
    assert_eq!((&review["entries"], &review["entries_year_before"]), (&3.into(), &1.into()));
    assert_eq!(review["weeks"][9], serde_json::json!({"week": 10, "start": "2024-03-04", "entries": 1}));
    assert_eq!(review["changes"][0]["known_since"], "2023-12-18");
}

#[test]
fn a_year_without_entries_is_said() {
    let place = place();
    assert_eq!(place.check(&["stats", "--year", "1999"], 1), "");
    assert_eq!(
        said(&place, &["stats", "--year", "1999"]),
        "sennight: no entries in 1999; there are some in 2024, 2023\n"
    );
    assert_eq!(place.check(&["stats", "没有这个词"], 1), "");
    place.check(&["stats", "--year", "last"], 2);
    let undated = Place::new(&[("x.md", "- 无日期\n".as_bytes())]);
    assert_eq!(said(&undated, &["stats"]), "sennight: none of these entries has a date\n");
}

#[test]
fn references_and_tags_in_every_format() {
    let place = place();
    insta::assert_snapshot!(place.check(&["refs", "--format", "markdown", "--kind", "paper,release"], 0), @r"
    | mentions | kind | reference | label | days |
    | --- | --- | --- | --- | --- |
    | 2 | paper | [usenix:osdi22/zhong](<https://www.usenix.org/conference/osdi22/presentation/zhong>) | 论文 | 2023-12-18..2024-01-08 |
    | 1 | release | [foo/bar@v1.2.0](<https://github.com/foo/bar/releases/tag/v1.2.0>) | v1.2.0 | 2024-01-08 |
    | 1 | paper | [arXiv:1706.03762](<https://arxiv.org/abs/1706.03762v3>) | Attention \| is all | 2024-01-08 |
    ");
    insta::assert_snapshot!(place.check(&["refs", "--format", "paths", "--kind", "paper"], 0), @"
    notes/2024-W02.md
    notes/2023-W51.md
    ");
    insta::assert_snapshot!(place.check(&["refs", "--format", "bibtex"], 0), @"
    @inproceedings{zhong2022osdi,
      author = {Zhong and others},
      title = {{XRP：内核里的存储函数}},
      booktitle = {OSDI 2022},
      year = {2022},
      url = {https://www.usenix.org/conference/osdi22/presentation/zhong},
    }

    @misc{arXiv-1706.03762,
      title = {{Attention | is all}},
      year = {2017},
      eprint = {1706.03762},
      archiveprefix = {arXiv},
      url = {https://arxiv.org/abs/1706.03762},
    }
    ");
    assert_eq!(place.check(&["refs", "--format", "bibtex", "--kind", "pr"], 1), "");
    assert_eq!(place.check(&["refs", "--format", "bibtex", "合了"], 1), "");
    insta::assert_snapshot!(place.check(&["tags", "--format", "markdown", "date:2024-W01"], 0), @"
    | entries | kind or tag |
    | --- | --- |
    | 1 | kind:plan |
    | 1 | kind:pr |
    | 1 | tag:bar |
    | 1 | tag:生活 |
    ");
    assert_eq!(place.check(&["tags", "--format", "paths", "date:2024-W01"], 0), "notes/2024-W01.md\n");
    let lines = place.check(&["tags", "--format", "jsonl"], 0);
    assert!(lines.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
}

#[test]
fn an_export_in_markdown_keeps_titles_dates_and_sections() {
    let place = Place::weekly();
    insta::assert_snapshot!(place.check(&["export", "--format", "markdown"], 0), @"
    # 2024年6月第二周周报

    2024-06-03…06-09 · 2024-06-week2.md

    ## 技术

    1. 写 [nerdctl](https://github.com/containerd/nerdctl) 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120)，容器懒加载

    2. 网关限流

    # 2024年6月第三周周报

    2024-06-10…06-16 · 2024-06-week3.md

    ## 技术

    1. 又是 nerdctl 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120)
    ");
    let links =
        Place::new(&[("2024-W01.md", "# Links\n\n## *First* <one>\n\nAbout it.\n\n## Second\n\nMore.\n".as_bytes())]);
    insta::assert_snapshot!(links.check(&["export", "--format", "markdown", "about"], 0), @r"
    # Links

    2024-01-01…01-07 · 2024-W01.md

    ## First \<one\>

    About it.
    ");
    assert_eq!(links.check(&["export", "--format", "markdown", "nothing"], 1), "");
}

#[test]
fn options_stand_before_and_after_a_command() {
    let place = place();
    let first = |arguments: &[&str]| {
        let output = place.run(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned), said)
    };
    let indexed = "7 entries of 4 notes indexed";
    for arguments in [
        vec!["--log", "notes", "index"],
        vec!["index", "--log", "notes"],
        vec!["--color", "never", "--log", "notes", "index"],
    ] {
        let (code, line, said) = first(&arguments);
        assert!(code == Some(0) && line.is_some_and(|line| line.starts_with(indexed)), "{arguments:?}: {said}");
    }
    std::fs::create_dir(place.folder.path().join("index")).expect("a folder");
    std::fs::write(place.folder.path().join("index/a.md"), "- 甲\n").expect("a note");
    let (code, _, said) = first(&["./index"]);
    assert!(code == Some(2) && said.contains("the screen needs a terminal"), "{said}");
    let (code, line, _) = first(&["--log", "index", "search", "甲"]);
    assert_eq!((code, line.as_deref()), (Some(0), Some("index/a.md:1: 甲")));
    for arguments in [["serach", "甲"], ["notes", "search"]] {
        let (code, _, said) = first(&arguments);
        assert!(code == Some(2) && said.contains("did you mean sennight search?"), "{said}");
    }
}

#[test]
fn a_new_note_goes_on_with_the_others_and_overwrites_none() {
    let place = Place::new(&[
        ("2024/2024-06-week2.md", "# 2024年6月第二周周报\n\n## 技术\n\n- 网关限流\n".as_bytes()),
        ("2024/2024-06-week3.md", "# 2024年6月第三周周报\n\n## 技术\n\n- [ ] 写复盘\n".as_bytes()),
    ]);
    let file = place.folder.path().join("notes/2025/2025-01-week1.md");
    assert_eq!(place.check(&["new", "--date", "2025-01-01"], 0), "notes/2025/2025-01-week1.md\n");
    insta::assert_snapshot!(std::fs::read_to_string(&file).expect("a note"), @"
    # 2025年1月第一周周报

    <!-- 上周未了 2024-06-week3.md:
    - [ ] 写复盘
    -->

    ## 技术
    ");
    std::fs::write(&file, "# mine\n").expect("written");
    assert_eq!(place.check(&["new", "--date", "2024-W52..2025-W01"], 0), "notes/2024/2024-12-week5.md\n");
    assert_eq!(place.check(&["new", "--date", "2025-01-05"], 0), "notes/2025/2025-01-week1.md\n");
    assert_eq!(said(&place, &["new", "--date", "2025-01-05"]), "sennight: note already exists; left unchanged\n");
    assert_eq!(std::fs::read_to_string(&file).expect("a note"), "# mine\n");
    assert!(place.check(&["new"], 0).starts_with("notes/20"));
    place.check(&["new", "--date", "someday"], 2);
}

#[test]
fn a_new_note_needs_a_folder_and_can_be_the_first() {
    let place = Place::new(&[]);
    std::fs::create_dir(place.folder.path().join("notes")).expect("a folder");
    assert_eq!(place.check(&["new", "--date", "2024-12-30"], 0), "notes/2025-W01.md\n");
    let sample = place.run(&["new"]);
    assert_eq!(sample.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&sample.stderr).contains("give the folder of your notes with --log"));
    let single = place.run(&["new", "--log", "notes/2025-W01.md"]);
    assert!(String::from_utf8_lossy(&single.stderr).contains("is not a folder: a new note needs one"));
}

#[cfg(unix)]
#[test]
fn a_new_note_is_opened_at_its_first_section() {
    let place = Place::new(&[("2024-W05.md", "# W5\n\n## 技术\n\n- 限流\n".as_bytes())]);
    let editor = place.folder.path().join("editor.sh");
    std::fs::write(&editor, "#!/bin/sh\necho \"$@\" > \"$HOME/asked\"\n").expect("written");
    let editor = format!("sh {}", editor.display());
    let mut command = crate::cli::sennight(place.folder.path());
    command.env("PATH", "/usr/bin:/bin").env("EDITOR", &editor);
    let output = command.args(["--log", "notes", "new", "--edit", "--date", "2024-W06"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let asked = std::fs::read_to_string(place.folder.path().join("asked")).expect("the editor was asked");
    assert!(asked.starts_with("+4 ") && asked.trim_end().ends_with("notes/2024-W06.md"), "{asked}");
}

#[test]
fn a_new_note_has_front_matter_as_the_others_have() {
    // The first is GBK.
    let gbk = b"---\ntitle: \xd6\xdc\xb1\xa8 2024-W05\ndate: 2024-02-04\nlayout: \xd6\xdc\xb1\xa8\n---\n\n- \xbc\xd7\n";
    let other = "---\r\ntitle: 周报 2024-W04\r\ndate: 2024-01-28\r\nlayout: 周报\r\n---\r\n\r\n- 乙\r\n";
    let place = Place::new(&[("2024-W05.md", gbk), ("2024-W04.md", other.as_bytes())]);
    assert_eq!(place.check(&["new", "--date", "2024-02-06"], 0), "notes/2024-W06.md\n");
    let made = std::fs::read_to_string(place.folder.path().join("notes/2024-W06.md")).expect("the note");
    assert_eq!(made, "---\ntitle: 周报 2024-W06\ndate: 2024-02-11\nlayout: 周报\n---\n");
}
