//! Whole screens at the sizes that people have, over notes with everything that has a width of its
//! own; and the heat map of a timeline that is zoomed.

use crate::support::{Session, log, rows};
use insta::assert_snapshot;
use sennight::{
    app::{Message, Pane},
    log::{Entry, Log},
    page::width,
};

const SIZES: [(u16, u16); 4] = [(60, 20), (80, 24), (140, 40), (200, 60)];

/// Chinese, ZWJ emoji, flags, signs with a variation selector, a table, and years enough to scroll.
fn notes() -> Log {
    let report = "# 2024年6月第二周周报\n\n## 生活\n\n1. 一家人 👨‍👩‍👧‍👦 去了 🇨🇳🇯🇵 两地，❤️ 与 ☎️ 不离手\n\n## 技术\n\n1， 继续写 [nerdctl](https://github.com/containerd/nerdctl) 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120) 👩🏽‍💻：“懒加载”的镜像\n\n   | 镜像 | 拉取 ⏱️ | 说明 |\n   |---|---:|---|\n   | 普通 🐳 | 12.5 s | 整个拉取，然后解压 |\n   | ｅｓｔａｒｇｚ | 0.8 s | 只取 🇨🇳 所需的块 1️⃣ |\n\n2. 网关限流 ½ ① → ǆ é가\n";
    let mut notes = vec![("2024-06-week2.md".to_owned(), report.to_owned())];
    for year in 2015..2025 {
        for (nth, week) in (1..52).step_by(3 + year % 4).enumerate() {
            let what = |item| if (week + item) % 9 == 0 { "容器" } else { "" };
            let items = (0..=(nth * 7 + year) % 5).map(|item| format!("- 第 {week} 周的{}事 {item}\n", what(item)));
            let items: String = items.collect::<Vec<_>>().concat();
            notes.push((format!("{year}-W{week:02}.md"), format!("# 周报 {year}\n\n{items}")));
        }
    }
    notes.push(("readme.md".to_owned(), "# 无日期\n\n关于 ✈️ 的杂记 🏴󠁧󠁢󠁥󠁮󠁧󠁿\n".to_owned()));
    let notes: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    log(&notes)
}

/// On the entry with the table.
fn session(width: u16, height: u16) -> Session {
    let mut session = Session::new(notes(), width, height);
    session.model.settings.today = Some(jiff::civil::date(2024, 12, 22));
    session.press("/ nerdctl <enter> <esc>");
    session
}

#[test]
fn every_row_of_every_view_is_as_wide_as_the_screen() {
    for (columns, height) in SIZES {
        let mut session = session(columns, height);
        for keys in
            ["", "3", "z", "z 1", "z", "z 2 z", "/ 容器 <enter>", "<esc> <esc> t", "<esc> s", "<esc> i", "<esc> ?"]
        {
            session.press(keys);
            let rows = rows(&session.model, columns, height);
            assert_eq!(rows.len(), usize::from(height));
            for row in rows {
                assert_eq!(width(&row), usize::from(columns), "{columns}×{height} after {keys}: {row:?}");
            }
        }
    }
}

#[test]
fn a_screen_of_60_by_20() {
    assert_snapshot!(session(60, 20).screen(), @"
     sennight  ~/notes · 128 notes · 381 entries         ? help
     ❯   try  pr:nerdctl#3120                        381 of 381
    ╭ Timeline ───────────────╮╭ Entry ────────────────────────╮
    │ W23 06-03…09  2024年6…  ││ 2024-W23 06-03…06-09 › 2024年 │
    │ · 一家人 👨‍👩‍👧‍👦 去了 🇨🇳🇯🇵…  ││   6月第二周周报 › 技术        │
    │▌⑂ 继续写 nerdct… #3120  ││ #nerdctl #containerd #lazy-   │
    │   网关限流 ½…  gateway  ││   loading                     │
    │ W22 05-27…06-02  周报…  ││                               │
    │   第 22 周的事 0        ││ 1. 继续写 nerdctl 的 PR3120   │
    │   第 22 周的事 1        ││    👩🏽‍💻：“懒加载”的镜像         │
    │   第 22 周的事 2        ││                               │
    │   第 22 周的事 3        ││    镜像     拉取 ⏱️  说明     │
    │ W19 05-06…12  周报 2024 ││    ───────  ───────  ──────── │
    │   第 19 周的事 0        ││    普通 🐳   12.5 s  整个拉   │
    │   第 19 周的事 1        ││                      取，然后 │
    │ W16 04-15…21  周报 2024 ││                      解压     │
    │   第 16 周的事 0        ││    ───────  ───────  ──────── │
    │   第 16 周的事 1        ││    ｅｓｔ     0.8 s  只取 🇨🇳  │
    ╰─────────────────────────╯╰──────────────────────── more ─╯
     / search  Enter read  o open  p PRs  t thread  J week
    ");
    assert_snapshot!(session(60, 20).press("3 z").screen(), @"
     sennight  ~/notes · 128 notes · 381 entries         ? help
     ❯   try  pr:nerdctl#3120                        381 of 381
    ╭ Entry ───────────────────────────────────────────────────╮
    │ 2024-W23 06-03…06-09 › 2024年6月第二周周报 › 技术        │
    │ #nerdctl #containerd #lazy-loading                       │
    │                                                          │
    │ 1. 继续写 nerdctl 的 PR3120 👩🏽‍💻：“懒加载”的镜像           │
    │                                                          │
    │    镜像            拉取 ⏱️  说明                         │
    │    ──────────────  ───────  ───────────────────          │
    │    普通 🐳          12.5 s  整个拉取，然后解压           │
    │    ｅｓｔａｒｇｚ    0.8 s  只取 🇨🇳 所需的块 1️⃣          │
    │                                                          │
    │ ────────────────────────                                 │
    │ a repo   containerd/nerdctl nerdctl github.com           │
    │ b pr     containerd/nerdctl#3120 PR3120 github.com       │
    │                                                          │
    │                                                          │
    ╰──────────────────────────────────────────────────────────╯
     o open  y copy  t thread  e edit  > next  f find  z zoom
    ");
}

#[test]
fn a_screen_of_80_by_24() {
    assert_snapshot!(session(80, 24).screen(), @"
     sennight  ~/notes · 128 notes · 381 entries                             ? help
     ❯   try  pr:nerdctl#3120                                            381 of 381
    ╭ Timeline ────────────────────────╮╭ Entry ───────────────────────────────────╮
    │ W23 06-03…09  2024年6月第二周周… ││ 2024-W23 06-03…06-09 › 2024年6月第二周周 │
    │ · 一家人 👨‍👩‍👧‍👦 去了 🇨🇳🇯🇵 两地，❤️…  ││   报 › 技术                              │
    │▌⑂ 继续写 nerdctl 的 PR31… #3120  ││ #nerdctl #containerd #lazy-loading       │
    │   网关限流 ½ ① → ǆ é가  gateway  ││                                          │
    │ W22 05-27…06-02  周报 2024       ││ 1. 继续写 nerdctl 的 PR3120 👩🏽‍💻：“懒加载” │
    │   第 22 周的事 0                 ││    的镜像                                │
    │   第 22 周的事 1                 ││                                          │
    │   第 22 周的事 2                 ││    镜像           拉取 ⏱️  说明          │
    │   第 22 周的事 3                 ││    ─────────────  ───────  ───────────── │
    │ W19 05-06…12  周报 2024          ││    普通 🐳         12.5 s  整个拉取，然  │
    │   第 19 周的事 0                 ││                            后解压        │
    │   第 19 周的事 1                 ││    ─────────────  ───────  ───────────── │
    │ W16 04-15…21  周报 2024          ││    ｅｓｔａｒｇ     0.8 s  只取 🇨🇳 所需  │
    │   第 16 周的事 0                 ││    ｚ                      的块 1️⃣       │
    │   第 16 周的事 1                 ││                                          │
    │   第 16 周的容器事 2 containers  ││ ────────────────────────                 │
    │   第 16 周的事 3                 ││ a repo   containerd/nerdctl github.com   │
    │   第 16 周的事 4                 ││ b pr     container…dctl#3120 github.com  │
    │ W13 03-25…31  周报 2024          ││                                          │
    ╰──────────────────────────────────╯╰──────────────────────────────────────────╯
     / search  Enter read  o open  p PRs  t thread  J week  ? all keys
    ");
}

#[test]
fn a_screen_of_140_by_40() {
    assert_snapshot!(session(140, 40).screen(), @"
     sennight  ~/notes · 128 notes · 381 entries                                                                                         ? help
     ❯   try  pr:nerdctl#3120                                                                                                        381 of 381
    ╭ Tags ───────────────╮╭ Timeline ────────────────────────────────────────╮╭ Entry ────────────────────────────────────────────────────────╮
    │ Kinds               ││ W23 06-03…09  2024年6月第二周周报                ││ 2024-W23 06-03…06-09 › 2024年6月第二周周报 › 技术             │
    │  life             1 ││ · 一家人 👨‍👩‍👧‍👦 去了 🇨🇳🇯🇵 两地，❤️ 与 ☎️ 不离手      ││ #nerdctl #containerd #lazy-loading                            │
    │  pr               1 ││▌⑂ 继续写 nerdctl 的 PR3120 👩🏽‍💻：“懒加载”…  #3120  ││                                                               │
    │ Topics              ││   网关限流 ½ ① → ǆ é가                  gateway  ││ 1. 继续写 nerdctl 的 PR3120 👩🏽‍💻：“懒加载”的镜像                │
    │  containers      34 ││ W22 05-27…06-02  周报 2024                       ││                                                               │
    │  containerd       1 ││   第 22 周的事 0                                 ││    镜像            拉取 ⏱️  说明                              │
    │  gateway          1 ││   第 22 周的事 1                                 ││    ──────────────  ───────  ───────────────────               │
    │  lazy-loading     1 ││   第 22 周的事 2                                 ││    普通 🐳          12.5 s  整个拉取，然后解压                │
    │  nerdctl          1 ││   第 22 周的事 3                                 ││    ｅｓｔａｒｇｚ    0.8 s  只取 🇨🇳 所需的块 1️⃣               │
    │  networking       1 ││ W19 05-06…12  周报 2024                          ││                                                               │
    │  rate-limiting    1 ││   第 19 周的事 0                                 ││ ────────────────────────                                      │
    │  reliability      1 ││   第 19 周的事 1                                 ││ a repo   containerd/nerdctl nerdctl github.com                │
    │ Repositories        ││ W16 04-15…21  周报 2024                          ││ b pr     containerd/nerdctl#3120 PR3120 github.com            │
    │  nerdctl          1 ││   第 16 周的事 0                                 ││                                                               │
    │ Years               ││   第 16 周的事 1                                 ││                                                               │
    │  2024            55 ││   第 16 周的容器事 2                 containers  ││                                                               │
    │  2023            28 ││   第 16 周的事 3                                 ││                                                               │
    │  2022            33 ││   第 16 周的事 4                                 ││                                                               │
    │  2021            37 ││ W13 03-25…31  周报 2024                          ││                                                               │
    │  2020            49 ││   第 13 周的事 0                                 ││                                                               │
    │  2019            28 ││   第 13 周的事 1                                 ││                                                               │
    │  2018            39 ││   第 13 周的事 2                                 ││                                                               │
    │  2017            40 ││ W10 03-04…10  周报 2024                          ││                                                               │
    │  2016            51 ││   第 10 周的事 0                                 ││                                                               │
    │  2015            26 ││ W07 02-12…18  周报 2024                          ││                                                               │
    │  2014             1 ││   第 7 周的事 0                                  ││                                                               │
    │  undated          1 ││   第 7 周的事 1                                  ││                                                               │
    │                     ││   第 7 周的容器事 2                  containers  ││                                                               │
    │                     ││   第 7 周的事 3                                  ││                                                               │
    │                     ││ W04 01-22…28  周报 2024                          ││                                                               │
    │                     ││   第 4 周的事 0                                  ││                                                               │
    │                     ││   第 4 周的事 1                                  ││                                                               │
    │                     ││ W01 01-01…07  周报 2024                          ││                                                               │
    │                     ││   第 1 周的事 0                                  ││                                                               │
    │                     ││   第 1 周的事 1                                  ││                                                               │
    ╰─────────────────────╯╰──────────────────────────────────────────────────╯╰───────────────────────────────────────────────────────────────╯
     / search  Enter read  o open  p PRs  t thread  J week  ? all keys
    ");
}

#[test]
fn a_screen_of_200_by_60() {
    assert_snapshot!(session(200, 60).screen(), @"
     sennight  ~/notes · 128 notes · 381 entries                                                                                                                                                     ? help
     ❯   try  pr:nerdctl#3120                                                                                                                                                                    381 of 381
    ╭ Tags ──────────────────────╮╭ Timeline ────────────────────────────────────────────────────────────────╮╭ Entry ─────────────────────────────────────────────────────────────────────────────────────╮
    │ Kinds                      ││ W23 06-03…09  2024年6月第二周周报                                        ││ 2024-W23 06-03…06-09 › 2024年6月第二周周报 › 技术                                          │
    │  life                    1 ││ · 一家人 👨‍👩‍👧‍👦 去了 🇨🇳🇯🇵 两地，❤️ 与 ☎️ 不离手                              ││ #nerdctl #containerd #lazy-loading                                                         │
    │  pr                      1 ││▌⑂ 继续写 nerdctl 的 PR3120 👩🏽‍💻：“懒加载”的镜像                     #3120  ││                                                                                            │
    │ Topics                     ││   网关限流 ½ ① → ǆ é가                                          gateway  ││ 1. 继续写 nerdctl 的 PR3120 👩🏽‍💻：“懒加载”的镜像                                             │
    │  containers             34 ││ W22 05-27…06-02  周报 2024                                               ││                                                                                            │
    │  containerd              1 ││   第 22 周的事 0                                                         ││    镜像            拉取 ⏱️  说明                                                           │
    │  gateway                 1 ││   第 22 周的事 1                                                         ││    ──────────────  ───────  ───────────────────                                            │
    │  lazy-loading            1 ││   第 22 周的事 2                                                         ││    普通 🐳          12.5 s  整个拉取，然后解压                                             │
    │  nerdctl                 1 ││   第 22 周的事 3                                                         ││    ｅｓｔａｒｇｚ    0.8 s  只取 🇨🇳 所需的块 1️⃣                                            │
    │  networking              1 ││ W19 05-06…12  周报 2024                                                  ││                                                                                            │
    │  rate-limiting           1 ││   第 19 周的事 0                                                         ││ ────────────────────────                                                                   │
    │  reliability             1 ││   第 19 周的事 1                                                         ││ a repo   containerd/nerdctl nerdctl github.com                                             │
    │ Repositories               ││ W16 04-15…21  周报 2024                                                  ││ b pr     containerd/nerdctl#3120 PR3120 github.com                                         │
    │  containerd/nerdctl      1 ││   第 16 周的事 0                                                         ││                                                                                            │
    │ Years                      ││   第 16 周的事 1                                                         ││                                                                                            │
    │  2024                   55 ││   第 16 周的容器事 2                                         containers  ││                                                                                            │
    │  2023                   28 ││   第 16 周的事 3                                                         ││                                                                                            │
    │  2022                   33 ││   第 16 周的事 4                                                         ││                                                                                            │
    │  2021                   37 ││ W13 03-25…31  周报 2024                                                  ││                                                                                            │
    │  2020                   49 ││   第 13 周的事 0                                                         ││                                                                                            │
    │  2019                   28 ││   第 13 周的事 1                                                         ││                                                                                            │
    │  2018                   39 ││   第 13 周的事 2                                                         ││                                                                                            │
    │  2017                   40 ││ W10 03-04…10  周报 2024                                                  ││                                                                                            │
    │  2016                   51 ││   第 10 周的事 0                                                         ││                                                                                            │
    │  2015                   26 ││ W07 02-12…18  周报 2024                                                  ││                                                                                            │
    │  2014                    1 ││   第 7 周的事 0                                                          ││                                                                                            │
    │  undated                 1 ││   第 7 周的事 1                                                          ││                                                                                            │
    │                            ││   第 7 周的容器事 2                                          containers  ││                                                                                            │
    │                            ││   第 7 周的事 3                                                          ││                                                                                            │
    │                            ││ W04 01-22…28  周报 2024                                                  ││                                                                                            │
    │                            ││   第 4 周的事 0                                                          ││                                                                                            │
    │                            ││   第 4 周的事 1                                                          ││                                                                                            │
    │                            ││ W01 01-01…07  周报 2024                                                  ││                                                                                            │
    │                            ││   第 1 周的事 0                                                          ││                                                                                            │
    │                            ││   第 1 周的事 1                                                          ││                                                                                            │
    │                            ││   第 1 周的事 2                                                          ││                                                                                            │
    │                            ││   第 1 周的事 3                                                          ││                                                                                            │
    │                            ││   第 1 周的事 4                                                          ││                                                                                            │
    │                            ││ 2023 ▇     ▂     ▅     █     ▄     ▇     ▂     ▅     █               28  ││                                                                                            │
    │                            ││ W49 12-04…10  周报 2023                                                  ││                                                                                            │
    │                            ││   第 49 周的事 0                                                         ││                                                                                            │
    │                            ││   第 49 周的事 1                                                         ││                                                                                            │
    │                            ││   第 49 周的事 2                                                         ││                                                                                            │
    │                            ││   第 49 周的事 3                                                         ││                                                                                            │
    │                            ││   第 49 周的事 4                                                         ││                                                                                            │
    │                            ││ W43 10-23…29  周报 2023                                                  ││                                                                                            │
    │                            ││   第 43 周的事 0                                                         ││                                                                                            │
    │                            ││   第 43 周的事 1                                                         ││                                                                                            │
    │                            ││   第 43 周的容器事 2                                         containers  ││                                                                                            │
    │                            ││ W37 09-11…17  周报 2023                                                  ││                                                                                            │
    │                            ││   第 37 周的事 0                                                         ││                                                                                            │
    │                            ││ W31 07-31…08-06  周报 2023                                               ││                                                                                            │
    │                            ││   第 31 周的事 0                                                         ││                                                                                            │
    │                            ││   第 31 周的事 1                                                         ││                                                                                            │
    │                            ││   第 31 周的事 2                                                         ││                                                                                            │
    ╰────────────────────────────╯╰──────────────────────────────────────────────────────────────────────────╯╰────────────────────────────────────────────────────────────────────────────────────────────╯
     / search  Enter read  o open  p PRs  t thread  J week  ? all keys
    ");
}

#[test]
fn a_zoomed_timeline_of_200_by_60() {
    assert_snapshot!(session(200, 60).press("/ 容器 <enter> z").screen(), @"
     sennight  ~/notes · 128 notes · 381 entries                                                                                                                                                     ? help
     ❯ 容器                                                                                                                                                                              33 of 381 · 1.2 ms
    ╭ Timeline ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╮
    │      Jan     Feb     Mar       Apr     May       Jun     Jul     Aug       Sep     Oct       Nov     Dec                                                                                             │
    │▌2024 ▓▓    ··    ▆▆    ··    ░░    ◆◆    ··    ▒▒░░  ··    ░░    ▓▓    ··    ▒▒    ··    ▄▄    ▓▓    ··                                                                                              │
    │ 2023 ▒▒          ··          ░░          ▓▓          ··          ▒▒          ··          ▄▄          ▓▓                                                                                              │
    │ 2022 ░░        ██        ··        ▆▆        ··        ▄▄        ▓▓        ▂▂        ▒▒        ··        ░░                                                                                          │
    │ 2021 ··      ▒▒      ▂▂      ░░      ██      ··      ▆▆      ··      ░░      ▓▓      ··      ▆▆      ··                                                                                              │
    │ 2020 ··    ░░    ██    ··    ▒▒    ··    ░░    ▓▓    ··    ▒▒    ··    ▄▄    ▓▓    ··    ▆▆    ··    ░░                                                                                              │
    │ 2019 ▓▓          ··          ▒▒          ··          ▄▄          ▓▓          ··          ▆▆          ··                                                                                              │
    │ 2018 ▒▒        ··        ░░        ██        ··        ▆▆        ··        ▄▄        ██        ··        ▆▆                                                                                          │
    │ 2017 ░░      ██      ▂▂      ▒▒      ··      ░░      ██      ··      ▆▆      ··      ░░      ██      ··                                                                                              │
    │ 2016 ··    ▒▒    ··    ░░    ▓▓    ··    ▒▒    ··    ▄▄    ▓▓    ··    ▆▆    ··    ░░    ██    ··    ▒▒                                                                                              │
    │ 2015 ··          ▄▄          ▓▓          ··          ▆▆          ··          ░░          ██          ··                                                                                              │
    │─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────── ▂▄▆█ with hits  ·░▒▓ without ─│
    │ 2024 W43 10-21…27  周报 2024                                                                                                                                                                         │
    │ W16 04-15…21  周报 2024                                                                                                                                                                              │
    │▌  第 16 周的容器事 2                                                                                                                                                                     containers  │
    │ W07 02-12…18  周报 2024                                                                                                                                                                              │
    │   第 7 周的容器事 2                                                                                                                                                                      containers  │
    │ 2023 ▇     ▂     ▅     █     ▄     ▇     ▂     ▅     █                                                                                                                                            1  │
    │ W43 10-23…29  周报 2023                                                                                                                                                                              │
    │   第 43 周的容器事 2                                                                                                                                                                     containers  │
    │ 2022 ▅    █    ▄    ▇    ▂    ▅    █    ▄    ▇    ▂    ▅                                                                                                                                          4  │
    │ W36 09-05…11  周报 2022                                                                                                                                                                              │
    │   第 36 周的容器事 0                                                                                                                                                                     containers  │
    │ W26 06-27…07-03  周报 2022                                                                                                                                                                           │
    │   第 26 周的容器事 1                                                                                                                                                                     containers  │
    │ W16 04-18…24  周报 2022                                                                                                                                                                              │
    │   第 16 周的容器事 2                                                                                                                                                                     containers  │
    │ W06 02-07…13  周报 2022                                                                                                                                                                              │
    │   第 6 周的容器事 3                                                                                                                                                                      containers  │
    │ 2021 ▄   ▇   ▂   ▅   █   ▄   ▇   ▂   ▅   █   ▄   ▇   ▂                                                                                                                                            4  │
    │ W45 11-08…14  周报 2021                                                                                                                                                                              │
    │   第 45 周的容器事 0                                                                                                                                                                     containers  │
    │ W25 06-21…27  周报 2021                                                                                                                                                                              │
    │   第 25 周的容器事 2                                                                                                                                                                     containers  │
    │ W17 04-26…05-02  周报 2021                                                                                                                                                                           │
    │   第 17 周的容器事 1                                                                                                                                                                     containers  │
    │ W09 03-01…07  周报 2021                                                                                                                                                                              │
    │   第 9 周的容器事 0                                                                                                                                                                      containers  │
    │ 2020 ▂  ▅  █  ▄  ▇  ▂  ▅  █  ▄  ▇  ▂  ▅  █  ▄  ▇  ▂  ▅                                                                                                                                            3  │
    │ W43 10-19…25  周报 2020                                                                                                                                                                              │
    │   第 43 周的容器事 2                                                                                                                                                                     containers  │
    │ W34 08-17…23  周报 2020                                                                                                                                                                              │
    │   第 34 周的容器事 2                                                                                                                                                                     containers  │
    │ W07 02-10…16  周报 2020                                                                                                                                                                              │
    │   第 7 周的容器事 2                                                                                                                                                                      containers  │
    │ 2019 █     ▄     ▇     ▂     ▅     █     ▄     ▇     ▂                                                                                                                                            2  │
    │ W43 10-21…27  周报 2019                                                                                                                                                                              │
    │   第 43 周的容器事 2                                                                                                                                                                     containers  │
    │ W25 06-17…23  周报 2019                                                                                                                                                                              │
    │   第 25 周的容器事 2                                                                                                                                                                     containers  │
    │ 2018 ▇    ▂    ▅    █    ▄    ▇    ▂    ▅    █    ▄    ▇                                                                                                                                          5  │
    │ W51 12-17…23  周报 2018                                                                                                                                                                              │
    │   第 51 周的容器事 3                                                                                                                                                                     containers  │
    │ W41 10-08…14  周报 2018                                                                                                                                                                              │
    │   第 41 周的容器事 4                                                                                                                                                                     containers  │
    ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
     / search  Enter read  o open  p PRs  t thread  J week  ? all keys
    ");
}

#[test]
fn the_heat_map_stands_above_a_zoomed_timeline() {
    let mut session = session(80, 24);
    session.press("<esc> z");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 128 notes · 381 entries                             ? help
     ❯   try  pr:nerdctl#3120                                            381 of 381
    ╭ Timeline ────────────────────────────────────────────────────────────────────╮
    │      Jan Feb Mar  Apr May  Jun Jul Aug  Sep Oct  Nov Dec                     │
    │▌2024 ▓  ·  ▒  ·  ░  ▓  ·  ▒◆ ·  ░  ▓  ·  ▒  ·  ░  ▓  ·                       │
    │ 2023 ▒     ·     ░     ▓     ·     ▒     ·     ░     ▓                       │
    │ 2022 ░    ▓    ·    ▒    ·    ░    ▓    ·    ▒    ·    ░                     │
    │ 2021 ·   ▒   ·   ░   ▓   ·   ▒   ·   ░   ▓   ·   ▒   ·                       │
    │────────────────────────────────────────────────────────────── few ·░▒▓ many ─│
    │ W23 06-03…09  2024年6月第二周周报                                            │
    │ · 一家人 👨‍👩‍👧‍👦 去了 🇨🇳🇯🇵 两地，❤️ 与 ☎️ 不离手                                  │
    │▌⑂ 继续写 nerdctl 的 PR3120 👩🏽‍💻：“懒加载”的镜像                         #3120  │
    │   网关限流 ½ ① → ǆ é가                                              gateway  │
    │ W22 05-27…06-02  周报 2024                                                   │
    │   第 22 周的事 0                                                             │
    │   第 22 周的事 1                                                             │
    │   第 22 周的事 2                                                             │
    │   第 22 周的事 3                                                             │
    │ W19 05-06…12  周报 2024                                                      │
    │   第 19 周的事 0                                                             │
    │   第 19 周的事 1                                                             │
    │ W16 04-15…21  周报 2024                                                      │
    ╰──────────────────────────────────────────────────────────────────────────────╯
     / search  Enter read  o open  p PRs  t thread  J week  ? all keys
    ");
    session.press("/ 容器 <enter>");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 128 notes · 381 entries                             ? help
     ❯ 容器                                                      33 of 381 · 1.2 ms
    ╭ Timeline ────────────────────────────────────────────────────────────────────╮
    │      Jan Feb Mar  Apr May  Jun Jul Aug  Sep Oct  Nov Dec                     │
    │▌2024 ▓  ·  ▆  ·  ░  ◆  ·  ▒░ ·  ░  ▓  ·  ▒  ·  ▄  ▓  ·                       │
    │ 2023 ▒     ·     ░     ▓     ·     ▒     ·     ▄     ▓                       │
    │ 2022 ░    █    ·    ▆    ·    ▄    ▓    ▂    ▒    ·    ░                     │
    │ 2021 ·   ▒   ▂   ░   █   ·   ▆   ·   ░   ▓   ·   ▆   ·                       │
    │─────────────────────────────────────────────── ▂▄▆█ with hits  ·░▒▓ without ─│
    │ 2024 W43 10-21…27  周报 2024                                                 │
    │ W16 04-15…21  周报 2024                                                      │
    │▌  第 16 周的容器事 2                                             containers  │
    │ W07 02-12…18  周报 2024                                                      │
    │   第 7 周的容器事 2                                              containers  │
    │ 2023 ▇     ▂     ▅     █     ▄     ▇     ▂     ▅     █                    1  │
    │ W43 10-23…29  周报 2023                                                      │
    │   第 43 周的容器事 2                                             containers  │
    │ 2022 ▅    █    ▄    ▇    ▂    ▅    █    ▄    ▇    ▂    ▅                  4  │
    │ W36 09-05…11  周报 2022                                                      │
    │   第 36 周的容器事 0                                             containers  │
    │ W26 06-27…07-03  周报 2022                                                   │
    │   第 26 周的容器事 1                                             containers  │
    ╰──────────────────────────────────────────────────────────────────────────────╯
     / search  Enter read  o open  p PRs  t thread  J week  ? all keys
    ");
    session.model.settings.symbols = sennight::page::Symbols::ascii();
    session.press("G");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 128 notes · 381 entries                             ? help
     > 容器                                                      33 of 381 · 1.2 ms
    + Timeline --------------------------------------------------------------------+
    |      Jan Feb Mar  Apr May  Jun Jul Aug  Sep Oct  Nov Dec                     |
    | 2018 -    .    :    @    .    #    .    *    @    .    #                     |
    | 2017 :   @   +   -   .   :   @   .   #   .   :   @   .                       |
    | 2016 .  -  .  :  =  .  -  .  *  =  .  #  .  :  @  .  -                       |
    |>2015 .     X     =     .     #     .     :     @     .                       |
    |----------------------------------------------- +*#@ with hits  .:-= without -|
    | W43 10-24…30  周报 2016                                                      |
    |   第 43 周的容器事 2                                             containers  |
    | W34 08-22…28  周报 2016                                                      |
    |   第 34 周的容器事 2                                             containers  |
    | W25 06-20…26  周报 2016                                                      |
    |   第 25 周的容器事 2                                             containers  |
    | 2015 :     +     @     =     #     :     +     @     =                    3  |
    | W43 10-19…25  周报 2015                                                      |
    |   第 43 周的容器事 2                                             containers  |
    | W25 06-15…21  周报 2015                                                      |
    |   第 25 周的容器事 2                                             containers  |
    | W07 02-09…15  周报 2015                                                      |
    |>  第 7 周的容器事 2                                              containers  |
    +------------------------------------------------------------------------------+
     / search  Enter read  o open  p PRs  t thread  J week  ? all keys
    ");
    // Without room, or in another pane, there is none.
    for (keys, width, height) in [("", 80, 12), ("", 32, 24), ("z 3 z", 80, 24)] {
        session.press(keys);
        session.send(Message::Resized { width, height });
        assert!(!session.screen().contains("Mar"), "{}", session.screen());
    }
}

/// Where the week of a year stands on the screen.
fn cell(session: &Session, year: i16, week: u16) -> (u16, u16) {
    let area = session.model.layout().and_then(|layout| layout.heat).expect("a heat map");
    let heat = &session.model.reading.timeline.heat;
    let nth = heat.years().iter().position(|(of, _)| *of == year).expect("a year") - heat.scroll.top;
    (area.x + 6 + week - 1, area.y + 1 + nth as u16)
}

#[test]
fn a_click_on_a_week_goes_there_or_to_the_nearest_with_a_hit() {
    let mut session = session(80, 40);
    session.press("<esc> z");
    let week = |session: &Session| session.model.current().and_then(Entry::span).expect("a span").iso();
    for (query, clicked, expected) in [
        ("", (2022, 6), (2022, 6)),
        ("", (2022, 7), (2022, 6)),
        ("", (2022, 9), (2022, 11)),
        ("", (2021, 1), (2021, 1)),
        ("/ 容器 <enter>", (2021, 3), (2021, 9)),
        ("", (2021, 40), (2021, 45)),
    ] {
        session.press(query);
        let (column, row) = cell(&session, clicked.0, clicked.1);
        session.send(Message::Click { column, row });
        assert_eq!(week(&session), expected, "{clicked:?}\n{}", session.screen());
        assert_eq!(session.model.window.focus, Pane::Timeline);
        assert!(session.screen().contains('▌') && session.screen().contains('◆'), "{}", session.screen());
    }
    // Back from where it went, as from any jump.
    session.press("<ctrl-o>");
    assert_eq!(week(&session), (2021, 9));
    // Months, labels and the rule lead nowhere; the list below has its own rows.
    let before = session.screen();
    let (column, row) = cell(&session, 2024, 3);
    for (column, row) in [(column, row - 1), (2, row), (79, row), (column, row + 9)] {
        session.send(Message::Click { column, row });
        assert_eq!(session.screen(), before, "{column} {row}");
    }
    let list = session.model.layout().and_then(|layout| layout.body(Pane::Timeline)).expect("the list");
    for row in list.y + 1..list.bottom() - 1 {
        session.send(Message::Click { column: 20, row });
        let shown = session.screen();
        let line = shown.lines().nth(usize::from(row)).unwrap_or_default();
        let below = shown.lines().nth(usize::from(row) + 1).unwrap_or_default();
        let is_head = line.contains(" W") || line.contains(" 20");
        assert!(line.contains('▌') || is_head || below.contains('▌'), "{row}: {shown}");
    }
}

#[test]
fn the_window_of_the_heat_map_follows_the_reader_and_else_stays() {
    let mut session = session(80, 24);
    session.press("<esc> z g");
    let top = |session: &Session| session.model.reading.timeline.heat.scroll.top;
    let mut tops = Vec::new();
    for _ in 0..400 {
        tops.push(top(&session));
        session.press("j");
        let (area, year) =
            (session.model.layout().and_then(|layout| layout.heat).expect("a map"), session.model.week());
        let heat = &session.model.reading.timeline.heat;
        let mut shown = heat.years().iter().skip(heat.scroll.top).take(usize::from(area.height) - 1);
        assert!(year.is_none_or(|(year, _)| shown.any(|(of, _)| *of == year)));
    }
    tops.dedup();
    assert_eq!(tops, [0, 1, 2, 3, 4, 5, 6]);
    session.press("k k");
    assert_eq!(top(&session), 6, "nothing moves that need not");
}
