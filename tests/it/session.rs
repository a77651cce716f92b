//! Sessions: keys in, screen and effects out.

use crate::support::{Session, log, screen};
use insta::assert_snapshot;
use sennight::{
    app::{Effect, Message, Pane, hits::Hits, key::Key, overlay::Overlay, update},
    find::Finder,
    insight::titles::{RefState, Title, Titles},
    log::{Entry, Log},
    query::Query,
};
use std::sync::Arc;

/// Two weeks in the shape of a weekly report, one history page, one undated note.
fn notes() -> Log {
    log(&[
        (
            "2024-06-week2.md",
            "# 2024年6月第二周周报\n\n## 生活\n\n1. 猫学会了开门 🐈\n2. 读完了《一本书》\n\n## 技术\n\n1， 继续写 [nerdctl](https://github.com/containerd/nerdctl) 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120)\n    1. 容器的懒加载，参见 [Issue3118](https://github.com/containerd/nerdctl/issues/3118)\n2. 网关限流 的 `rate limit` 与 eBPF 可观测性\n\n## 总结\n\n还行。\n",
        ),
        (
            "2024-06-week3.md",
            "# 2024年6月第三周周报\n\n## 技术\n\n1. 看了 [Slacker](https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter) 这篇论文\n2. 另一个限流器，见 [example.com](https://evil.example/x)\n",
        ),
        (
            "til/tabs.md",
            "# Tabs and spaces\n\nA fact about tabs, with `expand -t 4`.\n\n```sh\nexpand -t 4 file\n```\n",
        ),
    ])
}

fn session(width: u16, height: u16) -> Session {
    Session::new(notes(), width, height)
}

#[test]
fn three_panes_with_chinese_and_emoji() {
    assert_snapshot!(session(110, 20).press("J j").screen(), @"
     sennight  ~/notes · 3 notes · 8 entries                                                               ? help
     ❯   try  kind:paper after:2024                                                                        8 of 8
    ╭ Tags ────────────╮╭ Timeline ────────────────────────────╮╭ Entry ─────────────────────────────────────────╮
    │ Kinds            ││ 2024            █                 7  ││ 2024-W23 06-03…06-09 › 2024年6月第二周周报 ›   │
    │  life          2 ││ W24 06-10…16  2024年6月第三周周报    ││   生活                                         │
    │  book          1 ││ ◆ 看了 Slacker 这篇论文    FAST ’16  ││                                                │
    │  issue         1 ││ ↗ 另一个限流器，见 example.com       ││ 2. 读完了《一本书》                            │
    │  paper         1 ││ W23 06-03…09  2024年6月第二周周报    ││                                                │
    │  pr            1 ││ · 猫学会了开门 🐈                    ││                                                │
    │ Topics           ││▌▤ 读完了《一本书》                   ││                                                │
    │  rate-limiting 2 ││ ⑂ 继续写 nerdctl 的 PR3120    #3120  ││                                                │
    │  reliability   2 ││   网关限流 的 rate limit…   gateway  ││                                                │
    │  containerd    1 ││   总结                               ││                                                │
    │  containers    1 ││ ? undated                         1  ││                                                │
    │  eBPF          1 ││   Tabs and spaces                    ││                                                │
    │  gateway       1 ││   Tabs and spaces                    ││                                                │
    │  kernel        1 ││                                      ││                                                │
    │  lazy-loading  1 ││                                      ││                                                │
    ╰──────────────────╯╰──────────────────────────────────────╯╰────────────────────────────────────────────────╯
     / search  Enter read  o open  p PRs  t thread  J week  ? all keys
    ");
}

#[test]
fn two_panes_and_one() {
    assert_snapshot!(session(80, 16).press("/ 限流 <enter>").screen(), @"
     sennight  ~/notes · 3 notes · 8 entries                                 ? help
     ❯ 限流                                                         2 of 8 · 1.2 ms
    ╭ Timeline ────────────────────────╮╭ Entry ───────────────────────────────────╮
    │ 2024        █                 2  ││ 2024-W24 06-10…06-16 › 2024年6月第三周周 │
    │ W24 06-10…16  2024年6月第三周周… ││   报 › 技术                              │
    │▌↗ 另一个限流器，见 example.com   ││ #rate-limiting                           │
    │ W23 06-03…09  2024年6月第二周周… ││                                          │
    │   网关限流 的 rate lim… gateway  ││ 2. 另一个限流器，见 example.com          │
    │                                  ││                                          │
    │                                  ││ ────────────────────────                 │
    │                                  ││ a link   evil.example/x evil.example     │
    │                                  ││                                          │
    │                                  ││                                          │
    │                                  ││                                          │
    ╰──────────────────────────────────╯╰──────────────────────────────────────────╯
     / search  Enter read  o open  p PRs  t thread  J week  ? all keys
    ");
    assert_snapshot!(session(40, 10).screen(), @"
     ❯   try  kind:paper after:2024  8 of 8
    ╭ Timeline ────────────────────────────╮
    │ 2024            █                 7  │
    │ W24 06-10…16  2024年6月第三周周报    │
    │▌◆ 看了 Slacker 这篇论文    FAST ’16  │
    │ ↗ 另一个限流器，见 example.com       │
    │ W23 06-03…09  2024年6月第二周周报    │
    │ · 猫学会了开门 🐈                    │
    ╰──────────────────────────────────────╯
     / search  Enter read  o open  p PRs
    ");
}

#[test]
fn a_layer_covers_no_wide_character_by_half() {
    for width in 60..120 {
        let mut session = session(width, 20);
        session.press("?");
        let shown = session.screen();
        let (top, head) = shown.lines().enumerate().find(|(_, line)| line.contains("╭ Keys")).expect("the layer");
        let column = sennight::page::width(head.split_once("╭ Keys").expect("the layer").0);
        for row in shown.lines().skip(top + 1).take(8) {
            let mut used = 0;
            let at = row.chars().find(|c| {
                let reached = used == column;
                used += sennight::page::width(&c.to_string());
                reached
            });
            assert_eq!(at, Some('│'), "{width}: {row}\n{shown}");
        }
    }
}

#[test]
fn every_size_has_straight_borders() {
    let session = session(80, 24);
    for (width, height) in (0..200).step_by(9).flat_map(|width| (0..60).step_by(7).map(move |height| (width, height))) {
        let mut sized = session_of(&session, width, height);
        screen(&sized.model, width, height);
        sized.press("?");
        screen(&sized.model, width, height);
        sized.press("<esc> i j");
        screen(&sized.model, width, height);
        sized.press("<esc> 3 o");
        screen(&sized.model, width, height);
    }
}

fn session_of(session: &Session, width: u16, height: u16) -> Session {
    let mut sized = Session::new(notes(), width, height);
    let at = session.model.reading.timeline.selected();
    sized.model.reading.timeline.select(at, 10);
    sized
}

#[test]
fn i_tells_how_the_entry_was_understood() {
    let mut session = session(80, 24);
    session.press("J j j i");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 3 notes · 8 entries                                 ? help
     ❯╭ How this entry was understood ───────────────────────────────────────────╮8
    ╭ │ Date        2024-W23 06-03…06-09  the week that ends on the 2nd Sunday   │─╮
    │ │               of June (month-week-sunday), from the file name            │ │
    │ │             also: 2024-W23 06-03…06-09  the week that ends on the 2nd    │ │
    │ │               Sunday of June (month-week-sunday), from the title         │ │
    │ │ Shape       list item  items of the lists that open a section; other     │ │
    │ │               sections whole                                             │ │
    │ │ Section     技术                                                         │ │
    │ │ Title       继续写 nerdctl 的 PR3120                                     │ │
    │▌│ Tags        #nerdctl  link github.com/containerd/nerdctl                 │ │
    │ │             #containerd  link github.com/containerd/nerdctl              │ │
    │ │             #containers  the word “容器”                                 │ │
    │ │             #lazy-loading  the word “懒加载”                             │ │
    │ │ Kinds       pr  links containerd/nerdctl#3120                            │ │
    │ │             issue  links containerd/nerdctl#3118                         │ │
    │ │ References  repo containerd/nerdctl  line 10                             │ │
    │ │             pr containerd/nerdctl#3120  line 10                          │ │
    │ │             issue containerd/nerdctl#3118  line 11                       │ │
    │ │ Problems    list-marker  read the number as a list item  line 10         │ │
    │ │ Of the note none                                                         │ │
    │ ╰──────────────────────────────────────────────────────────────────────────╯ │
    ╰──────────────────────────────────╯╰──────────────────────────────────────────╯
     Esc close  j scroll
    ");
    session.send(Message::Resized { width: 44, height: 12 });
    session.press("G");
    assert_snapshot!(session.screen(), @"
     ❯   try  kind:paper after:2024      8 of 8
    ╭ ╭ How this entry was understood ───────╮─╮
    │ │  pr containerd/nerdctl#3120  line 10 │ │
    │ │  issue containerd/nerdctl#3118  line │ │
    │ │    11                                │ │
    │ │ Problems                             │ │
    │ │  list-marker  read the number as a   │ │
    │ │    list item  line 10                │ │
    │ │ Of the note                          │ │
    │▌│  none                                │ │
    ╰─╰──────────────────────────────────────╯─╯
     Esc close  j scroll
    ");
    for close in ["i", "q", "<esc>"] {
        session.press(close);
        assert!(session.model.reading.overlays.is_empty() && session.effects.is_empty(), "{close}");
        session.press("3 i");
    }
    let log = session.model.notes.log.clone();
    session.send(Message::loaded(log));
    assert!(session.model.reading.overlays.is_empty(), "what it told of is gone");
}

#[test]
fn typing_narrows_at_once_and_escape_keeps_then_clears() {
    let mut session = session(110, 30);
    for (keys, hits) in [("/ nerd", 1), ("ctl", 1), ("<esc>", 1), ("<esc>", 8), ("/ 限流", 2), ("<space> 网关", 1)]
    {
        session.press(keys);
        assert_eq!(session.model.results.hits.len(), hits, "{keys} {:?}", session.model.search.prompt.text());
    }
    assert_eq!(session.model.search.prompt.text(), "限流 网关");
}

#[test]
fn a_tag_is_required_and_excluded_from_its_pane() {
    let mut session = session(110, 30);
    session.press("1");
    let at = session
        .model
        .reading
        .tags
        .rows
        .iter()
        .position(|row| format!("{row:?}").contains("\"nerdctl\""))
        .expect("the tag");
    session.model.reading.tags.select_row(at, 20);
    session.press("<space>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("tag:nerdctl", 1));
    session.press("<space>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("", 8));
    session.press("x");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("-tag:nerdctl", 7));
}

#[test]
fn discovered_tags_stand_below_the_topics() {
    let week = |path| (path, "- 给 Zorbux 写了 nerdctl 的插件\n- 别的\n");
    let mut session = Session::new(log(&[week("2024-W01.md"), week("2024-W02.md"), week("2024-W03.md")]), 110, 24);
    let screen = session.screen();
    let at =
        |text: &str| screen.lines().position(|line| line.contains(text)).unwrap_or_else(|| panic!("{text}: {screen}"));
    assert!(
        at("Topics") < at("│  nerdctl") && at("│  nerdctl") < at("Discovered") && at("Discovered") < at("│  Zorbux"),
        "{screen}"
    );
    session.press("1 G <space>");
    assert!(session.screen().contains("tag:Zorbux") && session.screen().contains("3 of 6"), "{}", session.screen());
}

#[test]
fn titles_fetched_meanwhile_stand_on_the_page_and_in_the_review() {
    let mut session = session(130, 40);
    session.press("J j j");
    assert!(session.screen().contains("a repo   containerd/nerdctl"), "{}", session.screen());
    let asked = jiff::civil::date(2026, 3, 1);
    let title = Title::new("懒加载 of 👩‍💻 images", Some(RefState::Open), None, asked).expect("a title");
    let titles = Titles([("github.com/containerd/nerdctl#3120".to_owned(), title)].into());
    update(&mut session.model, Message::TitlesLoaded(Arc::new(titles.clone())));
    assert!(session.screen().contains("#3120 懒加载 of"), "{}", session.screen());
    session.model.settings.today = Some(asked);
    session.press("s G");
    assert!(session.screen().contains("懒加载 of 👩‍💻 images  open as of 2026-03-01"), "{}", session.screen());
    update(&mut session.model, Message::TitlesLoaded(Arc::default()));
    assert!(!session.screen().contains("懒加载 of"), "{}", session.screen());
}

#[test]
fn links_are_opened_exactly() {
    let open = |url: &str| [Effect::Open { url: url.to_owned() }];
    let mut session = session(110, 30);
    session.press("/ nerdctl <enter> o");
    assert!(matches!(session.model.reading.overlays.last(), Some(Overlay::Picker(picker)) if picker.items.len() == 3));
    session.press("b");
    assert_eq!(session.effects, open("https://github.com/containerd/nerdctl/pull/3120"));
    session.effects.clear();
    session.press("p <down> <enter>");
    assert_eq!(session.effects, open("https://github.com/containerd/nerdctl/issues/3118"));
    session.effects.clear();
    session.press("<esc> / slacker <enter> o");
    assert_eq!(
        session.effects,
        open("https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter")
    );
}

#[test]
fn a_label_that_hides_another_host_is_asked_about() {
    let mut session = session(110, 30);
    session.press("/ 限流器 <enter> o");
    assert!(session.effects.is_empty());
    assert!(session.screen().contains("It opens  evil.example"), "{}", session.screen());
    session.press("n");
    assert!(session.effects.is_empty() && session.model.reading.overlays.is_empty());
    session.press("o y");
    assert_eq!(session.effects, [Effect::Open { url: "https://evil.example/x".to_owned() }]);
}

#[test]
fn an_entry_without_changes_offers_those_of_its_week() {
    let mut session = session(110, 30);
    session.press("/ 猫 <enter> p");
    let Some(Overlay::Picker(picker)) = session.model.reading.overlays.last() else { panic!("no picker") };
    assert_eq!((picker.title.as_str(), picker.items.len()), ("Pull requests and issues of this week", 2));
    session.press("<esc> o");
    assert_eq!(
        session.model.session.status.as_ref().map(|status| status.text.as_str()),
        Some("This entry has no link")
    );
}

#[test]
fn copying_and_editing_say_what() {
    let mut session = session(110, 30);
    session.press("/ slacker <enter> y e");
    let url = "https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter".to_owned();
    let expected = [
        Effect::Copy { text: url.clone(), what: url },
        Effect::Edit { source: "notes".into(), path: "2024-06-week3.md".into(), line: 5 },
    ];
    assert_eq!(session.effects, expected);
    session.effects.clear();
    session.press("Y");
    let [Effect::Copy { text, .. }] = session.effects.as_slice() else { panic!("{:?}", session.effects) };
    assert!(
        text.starts_with("1. 看了 [Slacker](") && text.ends_with("[2024年6月第三周周报](2024-06-week3.md#L5)\n"),
        "{text}"
    );
}

#[test]
fn focus_moves_with_its_keys() {
    let mut session = session(110, 30);
    for (keys, pane) in [
        ("<tab>", Pane::Entry),
        ("<tab>", Pane::Tags),
        ("<shift-tab>", Pane::Entry),
        ("h", Pane::Timeline),
        ("h", Pane::Tags),
        ("h", Pane::Tags),
        ("3", Pane::Entry),
        ("2", Pane::Timeline),
        ("<enter>", Pane::Entry),
        ("l", Pane::Entry),
    ] {
        session.press(keys);
        assert_eq!(session.model.window.focus, pane, "{keys}");
    }
}

#[test]
fn weeks_and_entries_are_stepped_through() {
    let mut session = session(110, 30);
    let titles = |session: &Session| session.model.current().map(|entry| entry.title().to_owned()).unwrap_or_default();
    for (keys, title) in [
        ("j", "另一个限流器，见 example.com"),
        ("J", "猫学会了开门 🐈"),
        ("J", "Tabs and spaces"),
        ("K", "猫学会了开门 🐈"),
        ("K", "看了 Slacker 这篇论文"),
        ("G", "Tabs and spaces"),
        ("g", "看了 Slacker 这篇论文"),
        ("3 >", "另一个限流器，见 example.com"),
        ("<", "看了 Slacker 这篇论文"),
    ] {
        session.press(keys);
        assert_eq!(titles(&session), title, "{keys}");
    }
}

#[test]
fn the_list_stays_on_its_entry_when_results_change() {
    let mut session = session(110, 30);
    session.press("/ 网关 <enter>");
    let key = session.model.current().map(Entry::key);
    session.press("<esc>");
    assert_eq!(session.model.current().map(Entry::key), key);
    session.send(Message::loaded(Arc::new(notes())));
    assert_eq!(session.model.current().map(Entry::key), key);
}

#[test]
fn a_late_answer_to_an_old_query_is_dropped() {
    let mut session = session(110, 30);
    session.press("/ 限流");
    let before = session.model.results.hits.clone();
    session.send(Message::SearchFinished { ticket: sennight::app::Ticket(1), hits: Hits::default(), micros: 1 });
    assert_eq!(session.model.results.hits, before);
}

#[test]
fn the_previous_result_stays_until_the_newest_is_there() {
    let mut session = session(110, 30);
    session.press("/ 限流");
    let (before, marks) = (session.model.results.hits.clone(), session.model.results.highlights.clone());
    assert_eq!(before.len(), 2);
    // Two more keys, while the outside is silent: each is shown at once, the result is not.
    let mut tickets = Vec::new();
    for key in ["x", "y"] {
        let effects = update(&mut session.model, Message::Key(Key::parse(key).expect("a key")));
        let [Effect::Search { ticket, .. }] = effects[..] else { panic!("{effects:?}") };
        tickets.push(ticket);
        assert_eq!((&session.model.results.hits, &session.model.results.highlights), (&before, &marks), "{key}");
    }
    assert!(session.screen().contains("❯ 限流xy") && session.screen().contains("2 of 8"));
    let log = session.model.notes.log.clone();
    let answer = |ticket, ids| Message::SearchFinished {
        ticket,
        hits: Finder::new(log.clone(), None).with_similar(&Query::default(), ids, &[]),
        micros: 1,
    };
    session.send(answer(tickets[0], Vec::new()));
    assert_eq!(session.model.results.hits, before, "the older answer comes first and is dropped");
    session.send(answer(tickets[1], before[1..].to_vec()));
    assert_eq!(session.model.results.hits[..], before[1..]);
    session.send(answer(tickets[0], Vec::new()));
    assert_eq!(session.model.results.hits[..], before[1..], "and so it is when it comes last");
}

#[test]
fn full_width_keys_of_an_input_method_count() {
    let mut session = session(110, 30);
    session.press("？");
    assert!(matches!(session.model.reading.overlays.last(), Some(Overlay::Help { .. })));
    session.press("<esc> ／ 猫");
    assert_eq!(session.model.search.prompt.text(), "猫");
}

#[test]
fn help_is_searchable() {
    let mut session = session(80, 20);
    session.press("?");
    session.press("editor");
    assert_snapshot!(session.screen().lines().skip(8).take(4).collect::<Vec<_>>().join("\n"), @"
    │ ╭ Keys · editor ───────────────────────────────────────────────────────────╮ │
    │ │ e  open the note in your editor at this entry                            │ │
    │ ╰──────────────────────────────────────────────────────────────────────────╯ │
    │   网关限流 的 rate lim… gateway  ││                                          │
    ");
}

#[test]
fn an_empty_result_and_an_empty_log_teach() {
    let mut empty = session(80, 12);
    empty.press("/ 不存在的词");
    assert!(empty.screen().contains("No entry matches  不存在的词"), "{}", empty.screen());
    let mut nearly = session(80, 14);
    nearly.press("/ 限流 <space> kind:paper <space> after:2020");
    assert_snapshot!(nearly.screen(), @"
     ❯ 限流 kind:paper after:2020                                   0 of 8 · 1.2 ms
    ╭ Timeline ────────────────────────╮╭ Entry ───────────────────────────────────╮
    │ No entry matches  限流 kind:pap… ││                                          │
    │                                  ││                                          │
    │ These queries have hits:         ││                                          │
    │  限流 after:2020              2  ││                                          │
    │  kind:paper after:2020        1  ││                                          │
    │  限流                         2  ││                                          │
    │  kind:paper                   1  ││                                          │
    │                                  ││                                          │
    │                                  ││                                          │
    │                                  ││                                          │
    ╰──────────────────────────────────╯╰──────────────────────────────────────────╯
     Enter to the list  ↓ next  ↑ previous  Esc leave
    ");
    nearly.press("<enter> <esc>");
    assert!(nearly.model.results.suggestions.is_empty());
    let none = Session::new(Log::default(), 80, 12);
    assert!(none.screen().contains("No notes in ~/notes."), "{}", none.screen());
    assert!(none.screen().contains("sennight PATH"));
}

#[test]
fn mouse_clicks_focus_select_and_open() {
    let mut session = session(110, 20);
    session.send(Message::Click { column: 30, row: 6 });
    assert_eq!(session.model.reading.timeline.selected(), 1, "{}", session.screen());
    session.send(Message::Click { column: 80, row: 6 });
    assert_eq!(session.model.window.focus, Pane::Entry);
    session.send(Message::Wheel { column: 30, row: 5, rows: 3 });
    assert_eq!(session.model.reading.timeline.selected(), 4);
    assert_eq!(session.model.window.focus, Pane::Entry);
}

#[test]
fn pastes_are_cleaned_and_go_to_the_query() {
    let mut session = session(110, 20);
    session.send(Message::Paste("限流\u{1b}]52;c;eA==\u{7}\n".to_owned()));
    assert_eq!(session.model.search.prompt.text(), "限流 ");
    assert_eq!(session.model.results.hits.len(), 2);
}

#[test]
fn the_prompt_completes_and_explains() {
    let mut session = session(110, 24);
    session.press("/ ner");
    session.press("<tab>");
    assert_eq!(session.model.search.prompt.text(), "tag:nerdctl");
    session.press("<tab>");
    assert_eq!(session.model.search.prompt.text(), "repo:containerd/nerdctl");
    session.press("<shift-tab>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("tag:nerdctl", 1));
    session.press("? ");
    assert!(session.screen().contains("the tag “nerdctl” or one below it"), "{}", session.screen());
    session.press("<esc> <esc>");
    assert_eq!(session.model.search.prompt.text(), "tag:nerdctl");
    // With nothing to complete, typing is over.
    session.press("/ <ctrl-u> zzzz <tab>");
    assert!(!session.model.search.is_typing);
}

#[test]
fn what_cannot_be_placed_is_underlined_and_the_nearest_named() {
    let mut session = session(110, 24);
    session.press("/ 容器 <space> tag:nerdclt");
    let screen = session.screen();
    assert!(screen.contains("no entry has the tag “nerdclt”. Did you mean tag:nerdctl?"), "{screen}");
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(110, 24)).expect("a terminal");
    terminal
        .draw(|frame| sennight::ui::view(&session.model, &sennight::ui::theme::Theme::monochrome(), frame))
        .expect("a frame");
    let line: Vec<_> = terminal.backend().buffer().content()[110..220].to_vec();
    let underlined: String = line
        .iter()
        .filter(|cell| cell.modifier.contains(ratatui::style::Modifier::UNDERLINED))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert_eq!(underlined, "tag:nerdclt");
}

#[test]
fn results_are_listed_in_the_order_asked_for() {
    let mut session = session(110, 24);
    session.model.settings.today = jiff::civil::Date::new(2022, 8, 3).ok();
    let newest = session.model.results.hits.clone();
    session.press("/ sort:oldest <enter>");
    assert_eq!(session.model.results.hits.len(), newest.len());
    session.press("/ <ctrl-u> date:上周 <enter>");
    assert!(session.model.search.notices.is_empty(), "{:?}", session.model.search.notices);
}

#[test]
fn what_was_perhaps_meant_stands_behind_what_was_asked_for() {
    let notes = [
        ("2024-W01.md", "- 网关事故的复盘\n- 升级 Kubernetes\n"),
        ("2024-W02.md", "- 上周事故的覆盘\n- 用容器跑 kubernetes-sigs 的工具\n"),
    ];
    let mut session = Session::new(log(&notes), 110, 24);
    session.press("/ fupan <enter>");
    let screen = session.screen();
    let at = |text: &str| screen.lines().position(|line| line.contains(text)).unwrap_or(usize::MAX);
    assert!(at("pinyin: 复盘 覆盘") < at("网关事故的复盘"), "{screen}");
    assert!(screen.contains("0 + 2 of 4"), "{screen}");
    session.press("/ <ctrl-u> kubernetse <enter>");
    assert!(session.screen().contains("similar spelling: kubernetes"), "{}", session.screen());
    assert_eq!(session.model.results.hits.len(), 2);
    // Up and down go over heads of both sorts, and results that change keep the entry.
    session.press("j k G");
    let current = session.model.current().map(Entry::key);
    session.press("/ <backspace> <backspace> <enter>");
    assert_eq!(session.model.current().map(Entry::key), current);
    session.press("/ <ctrl-u> 复盘 <enter>");
    assert!(session.screen().contains("1 + 1 of 4") && session.screen().contains("覆盘"), "{}", session.screen());
}

#[test]
fn a_count_repeats_a_move() {
    let mut session = session(110, 20);
    session.press("04");
    assert!(session.screen().lines().last().is_some_and(|line| line.ends_with(" 4")), "{}", session.screen());
    session.press("j");
    assert_eq!((session.model.reading.timeline.selected(), session.model.window.count), (4, None));
    session.press("9 k 5 <esc> j");
    assert_eq!(session.model.reading.timeline.selected(), 1, "escape forgets the count, and nothing else");
    session.press("99999999999 j 3");
    assert_eq!((session.model.reading.timeline.selected(), session.model.window.focus), (7, Pane::Entry));
}

#[test]
fn the_head_of_the_week_stays_in_sight() {
    let list = (1..30).map(|nth| format!("{nth}. 第 {nth} 件事\n")).collect::<Vec<_>>().concat();
    let mut session = Session::new(log(&[("2024-W23.md", &list), ("2023-W10.md", "- 去年的事\n")]), 60, 14);
    session.press("<pgdn> <pgdn>");
    assert_snapshot!(session.screen(), @"
     ❯                                                 30 of 30
    ╭ Timeline ───────────────╮╭ Entry ────────────────────────╮
    │ 2024 W23 06-03…09  202… ││ 2024-W23 06-03…06-09 › 2024-  │
    │   第 11 件事            ││   W23                         │
    │   第 12 件事            ││                               │
    │   第 13 件事            ││ 19. 第 19 件事                │
    │   第 14 件事            ││                               │
    │   第 15 件事            ││                               │
    │   第 16 件事            ││                               │
    │   第 17 件事            ││                               │
    │   第 18 件事            ││                               │
    │▌  第 19 件事            ││                               │
    ╰─────────────────────────╯╰───────────────────────────────╯
     / search  Enter read  o open  p PRs  t thread  J week
    ");
    for keys in ["k k k k k k k", "k", "k", "<pgup>", "<ctrl-u>", "G", "k", "g"] {
        session.press(keys);
        let shown = session.screen();
        let first = shown.lines().nth(2).expect("a row");
        assert!(first.contains("W23") || first.contains("▆") || first.contains("█"), "{keys}: {shown}");
        assert!(shown.contains('▌'), "the selected row is in sight: {shown}");
    }
}

#[test]
fn borders_are_dragged_and_layers_are_clicked() {
    let mut session = session(120, 20);
    let entry = |session: &Session| session.model.layout().and_then(|layout| layout.entry).expect("the entry");
    let before = entry(&session);
    session.send(Message::Click { column: before.x, row: 8 });
    session.send(Message::Drag { column: 50, row: 9 });
    assert_eq!(entry(&session).x, 50);
    session.send(Message::Click { column: 70, row: 8 });
    session.send(Message::Drag { column: 100, row: 9 });
    assert_eq!(entry(&session).x, 50, "no border was pressed on");
    for column in [0, 119, 3] {
        session.send(Message::Click { column: entry(&session).x, row: 8 });
        session.send(Message::Drag { column, row: 0 });
        assert!(session.screen().contains("Entry"), "{}", session.screen());
    }
    session.press("/ nerdctl <enter> o");
    session.send(Message::Click { column: 40, row: 10 });
    assert_eq!(session.effects.len(), 1, "{:?}", session.effects);
    session.press("o");
    session.send(Message::Click { column: 0, row: 19 });
    assert!(session.model.reading.overlays.is_empty() && session.effects.len() == 1);
}

/// An entry whose text is longer than its pane.
fn long_entry() -> Session {
    let lines: Vec<String> = (0..40)
        .map(|at| format!("   第{at}行{}\n\n", if at % 10 == 5 { "，網關限流 Kubernetes" } else { "" }))
        .collect();
    let lines = lines.concat();
    let text = format!("1. 限流的一周\n\n{lines}2. 另一条，没有\n");
    let mut session = Session::new(log(&[("2024-06-week2.md", &text)]), 60, 14);
    session.press("g <enter>");
    session
}

/// The words of the bottom line.
fn bottom(session: &Session) -> String {
    let screen = session.screen();
    let words: Vec<&str> = screen.lines().last().unwrap_or_default().split_whitespace().collect();
    words.join(" ")
}

#[test]
fn f_finds_in_the_entry_and_n_goes_on() {
    let mut session = long_entry();
    session.press("f 网关 ");
    assert_eq!(bottom(&session), "find ❯ 网关 1 of 4 ↓ next ↑ previous Esc end");
    assert!(session.screen().contains("網關限流"), "{}", session.screen());
    session.press("<enter> n n");
    assert_eq!(bottom(&session), "find ❯ 网关 3 of 4 n next N previous Esc end");
    session.press("n n");
    assert_eq!(bottom(&session), "find ❯ 网关 1 of 4, from the top n next");
    session.press("N");
    assert!(bottom(&session).contains("4 of 4, from the bottom"));
    assert!(session.screen().contains("第35行"), "{}", session.screen());
    // What is typed narrows from where the find began; what is nowhere is said.
    session.press("f BERNETES");
    assert!(bottom(&session).contains("not in this entry"), "{}", bottom(&session));
    session.press("<ctrl-u> bernetes");
    assert!(bottom(&session).contains("5 of 5"), "{}", bottom(&session));
    // Another entry is looked through too.
    session.press("<enter> >");
    assert!(bottom(&session).contains("not in this entry"), "{}", bottom(&session));
    session.press("<");
    assert!(bottom(&session).contains("1 of 5"), "{}", bottom(&session));
    session.press("<esc>");
    assert!(!bottom(&session).contains("find ❯") && session.model.window.focus == Pane::Entry);
}

#[test]
fn the_line_of_the_find_has_the_cursor_and_the_pastes() {
    let mut session = long_entry();
    session.press("f");
    session.send(Message::Paste("限\u{1b}[31m流".to_owned()));
    assert!(bottom(&session).contains("find ❯ 限流"), "{}", bottom(&session));
    assert_eq!(session.model.search.prompt.text(), "");
    for width in 20..80 {
        let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(width, 14)).expect("a terminal");
        session.send(Message::Resized { width, height: 14 });
        let theme = sennight::ui::theme::Theme::monochrome();
        terminal.draw(|frame| sennight::ui::view(&session.model, &theme, frame)).expect("a frame");
        terminal.backend_mut().assert_cursor_position((12, 13));
    }
    session.press("<backspace> <backspace> <backspace>");
    assert!(session.model.reading.entry.finding.is_none());
    // Another query has places of its own.
    session.press("f 流 <enter> /");
    assert!(session.model.reading.entry.finding.is_none() && session.model.search.is_typing);
}

#[test]
fn without_a_find_n_goes_through_what_the_query_matched() {
    let mut session = long_entry();
    session.press("n");
    assert!(bottom(&session).contains("The query matches nothing here"), "{}", bottom(&session));
    session.press("/ 限流 <enter> <enter> n");
    assert_eq!(bottom(&session), "1 of 5");
    session.press("N");
    assert_eq!(bottom(&session), "5 of 5, from the bottom");
    assert!(session.screen().contains("第35行"), "{}", session.screen());
    // A page that is set anew keeps the place: another size, the same notes read again.
    session.send(Message::Resized { width: 80, height: 20 });
    session.send(Message::loaded(session.model.notes.log.clone()));
    session.press("n n");
    assert_eq!(bottom(&session), "2 of 5");
}
