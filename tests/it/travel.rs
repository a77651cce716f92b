//! Travelling: by name, along threads, to other years, back and forward.

use crate::support::{Session, log};
use insta::assert_snapshot;
use sennight::app::{Effect, Message, Ticket, insight::InsightRequest, key::Key, update};

/// Three years in which one pull request is written about again and again.
fn session(width: u16, height: u16) -> Session {
    let pr = "[PR3120](https://github.com/containerd/nerdctl/pull/3120)";
    let notes = [
        ("2022-W24.md", format!("# 第24周\n\n1， 给 nerdctl 提了 {pr}。等人看\n2， 猫打翻了水杯 🐈\n")),
        ("2023-W24.md", format!("# 第24周\n\n- {pr} 还没合！吃了个西瓜\n- 事故复盘写完了\n")),
        ("2024-W24.md", format!("# 第24周\n\n- 终于，{pr} 合了\n")),
        ("2024-W30.md", "# 第30周\n\n- 读 [Slacker](https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter)\n- 修 https://github.com/containerd/nerdctl/issues/3118\n".to_owned()),
    ];
    let notes: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (*path, text.as_str())).collect();
    Session::new(log(&notes), width, height)
}

fn title(session: &Session) -> String {
    session.model.current().expect("an entry").title().to_owned()
}

fn said(session: &Session) -> &str {
    session.model.session.status.as_ref().map_or("", |status| &status.text)
}

#[test]
fn a_thread_is_followed_over_the_years() {
    let mut session = session(90, 16);
    session.press("/ 合了 <enter> t a");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 4 notes · 7 entries                                           ? help
     ❯ 合了                                                                   1 of 7 · 1.2 ms
    ╭ Timeline ────────────────────────────╮╭ Entry ─────────────────────────────────────────╮
    │ 2024            ▄  █              1  ││ 2024-W24 06-10…06-16 › 第24周                  │
    │ W24 06-10…16  第24周                 ││ #nerdctl #containerd                           │
    │▌╭ containerd/nerdctl#3120 · 3 mentions · 2022-06-13 … 2024-06-10 ›  ─────────────────╮ │
    │ │ 2022-W24 06-13…06-19 给 nerdctl 提了 PR3120。                                      │ │
    │ │ 2023-W24 06-12…06-18 PR3120 还没合！                               12 months later │ │
    │ │▌2024-W24 06-10…06-16 终于，PR3120 合了                             12 months later │ │
    │ ╰────────────────────────────────────────────────────────────────────────────────────╯ │
    │                                      ││                                                │
    │                                      ││                                                │
    │                                      ││                                                │
    │                                      ││                                                │
    ╰──────────────────────────────────────╯╰────────────────────────────────────────────────╯
     Enter choose  ↓ next  Esc close
    ");
    session.press("<up> <enter>");
    assert_eq!(title(&session), "PR3120 还没合！");
    assert!(session.model.search.prompt.text().is_empty(), "the query did not find it, and gave way");
    session.press("[");
    assert_eq!(title(&session), "给 nerdctl 提了 PR3120");
    session.press("[");
    assert!(said(&session).contains("This is the first mention of containerd/nerdctl#3120"), "{}", said(&session));
    session.press("] ]");
    assert_eq!(title(&session), "终于，PR3120 合了");
    assert!(said(&session).contains("3 of 3"), "{}", said(&session));
    session.press("<ctrl-o> <ctrl-o> <ctrl-o>");
    assert_eq!(title(&session), "PR3120 还没合！");
    session.press("<ctrl-o>");
    assert_eq!((title(&session).as_str(), session.model.search.prompt.text()), ("终于，PR3120 合了", "合了"));
    session.press("<ctrl-i> <alt-right>");
    assert_eq!(title(&session), "给 nerdctl 提了 PR3120");
}

#[test]
fn without_a_thread_the_most_telling_thing_is_followed() {
    let mut session = session(90, 16);
    session.press("/ 合了 <enter> [");
    assert_eq!(title(&session), "PR3120 还没合！");
    session.press("<ctrl-f> 水杯 <enter> ] [");
    assert!(said(&session).contains("No reference, repository or tag here to follow"), "{}", said(&session));
}

#[test]
fn the_thread_of_a_tag_starts_in_the_tag_pane() {
    let mut session = session(110, 16);
    session.press("1");
    while session.model.reading.tags.item().is_none_or(|item| item.name != "nerdctl") {
        session.press("j");
    }
    session.press("t");
    assert!(session.screen().contains("nerdctl · 4 mentions · 2022-06-13 … 2024-07-22"), "{}", session.screen());
}

#[test]
fn places_are_found_by_name_and_by_sound() {
    let mut session = session(90, 16);
    session.press("<ctrl-f> fupan");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 4 notes · 7 entries                                           ? help
     ❯╭ Go to › fupan ─────────────────────────────────────────────────────────────────────╮7
    ╭ │▌2023-W24 06-12…06-18 事故复盘写完了                                                │─╮
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │▌│                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    ╰─╰────────────────────────────────────────────────────────────────────────────────────╯─╯
     Enter choose  ↓ next  Esc close
    ");
    session.press("<enter>");
    assert_eq!(title(&session), "事故复盘写完了");
    session.press("<ctrl-f> nerdctl#3118 <enter>");
    assert!(session.screen().contains("· 1 mention ·"), "a reference leads to its thread: {}", session.screen());
    session.press("<esc> <ctrl-f> 不存在的");
    assert!(session.screen().contains("No matches"), "{}", session.screen());
}

#[test]
fn the_same_week_of_other_years() {
    let mut session = session(90, 16);
    session.press("/ 合了 <enter> w");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 4 notes · 7 entries                                           ? help
     ❯ 合了                                                                   1 of 7 · 1.2 ms
    ╭ Timeline ────────────────────────────╮╭ Entry ─────────────────────────────────────────╮
    │ 2024            ▄  █              1  ││ 2024-W24 06-10…06-16 › 第24周                  │
    │ W24 06-10…16  第24周                 ││ #nerdctl #containerd                           │
    │▌╭ Week 24 in other years ›  ─────────────────────────────────────────────────────────╮ │
    │ │▌2023-W24 06-12…06-18 PR3120 还没合！                                               │ │
    │ │ 2023-W24 06-12…06-18 事故复盘写完了                                                │ │
    │ │ 2022-W24 06-13…06-19 给 nerdctl 提了 PR3120                                        │ │
    │ │ 2022-W24 06-13…06-19 猫打翻了水杯 🐈                                               │ │
    │ ╰────────────────────────────────────────────────────────────────────────────────────╯ │
    │                                      ││                                                │
    │                                      ││                                                │
    │                                      ││                                                │
    ╰──────────────────────────────────────╯╰────────────────────────────────────────────────╯
     Enter choose  ↓ next  Esc close
    ");
    session.press("水 <enter>");
    assert_eq!(title(&session), "猫打翻了水杯 🐈");
    session.press("<ctrl-f> Slacker <enter> w");
    assert!(said(&session).contains("No other year has notes for week 30"), "{}", said(&session));
}

#[test]
fn changes_of_the_whole_result_newest_mention_first() {
    let mut session = session(90, 16);
    session.press("P");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 4 notes · 7 entries                                           ? help
     ❯   try  kind:paper after:2024                                                    7 of 7
    ╭ Timeline ────────────────────────────╮╭ Entry ─────────────────────────────────────────╮
    │ 2024            ▄  █              3  ││ 2024-W30 07-22…07-28 › 第30周                  │
    │ W30 07-22…28  第30周                 ││ #papers                                        │
    │▌◆ 读 Slacker               FAST ’16  ││                                                │
    │ ╭ Pull requests and issues of the result: 2 ─────────────────────────────────────────╮ │
    │ │▌a issue  containerd/nerdctl#3118 github.com                                        │ │
    │ │ b pr     containerd/nerdctl#3120 PR3120 github.com                                 │ │
    │ ╰────────────────────────────────────────────────────────────────────────────────────╯ │
    │ W24 06-12…18  第24周                 ││                                                │
    │ ⑂ PR3120 还没合！             #3120  ││                                                │
    │   事故复盘写完了                     ││                                                │
    │ 2022            █                 2  ││                                                │
    ╰──────────────────────────────────────╯╰────────────────────────────────────────────────╯
     Enter choose  / narrow  Esc close
    ");
    session.press("a");
    let url = "https://github.com/containerd/nerdctl/issues/3118".to_owned();
    assert_eq!(session.effects, [Effect::Open { url }]);
    session.effects.clear();
    session.press("P / 3120 <enter>");
    let url = "https://github.com/containerd/nerdctl/pull/3120".to_owned();
    assert_eq!(session.effects, [Effect::Open { url }]);
    session.press("/ 西瓜 -西瓜 <enter> P");
    assert_eq!(said(&session), "No pull request or issue in this result");
}

#[test]
fn commands_are_found_by_name() {
    let mut session = session(90, 16);
    session.press(": zoom");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 4 notes · 7 entries                                           ? help
     ❯╭ Commands › zoom ───────────────────────────────────────────────────────────────────╮7
    ╭ │▌zoom                 toggle zoom of the focused pane                             z │─╮
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │▌│                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    │ │                                                                                    │ │
    ╰─╰────────────────────────────────────────────────────────────────────────────────────╯─╯
     Enter choose  ↓ next  Esc close
    ");
    session.press("<enter>");
    assert!(session.model.window.zoomed);
    session.press("： quit <enter>");
    assert_eq!(session.effects, [Effect::Quit]);
}

#[test]
fn bookmarks_are_kept_by_key_and_a_lost_one_says_so() {
    let mut session = session(90, 16);
    session.press("B");
    assert!(said(&session).contains("No bookmarks yet"), "{}", said(&session));
    session.press("b");
    let [Effect::SetBookmark { bookmark, on: true }] = session.effects.as_slice() else {
        panic!("{:?}", session.effects)
    };
    let slacker = bookmark.clone();
    assert_eq!((slacker.title.as_str(), slacker.path.as_str(), slacker.line), ("读 Slacker", "2024-W30.md", 3));
    session.effects.clear();
    session.press("j j j b B");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 4 notes · 7 entries                                           ? help
     ❯   try  kind:paper after:2024                                                    7 of 7
    ╭ Timeline ────────────────────────────╮╭ Entry ─────────────────────────────────────────╮
    │ 2024            ▄  █              3  ││ 2023-W24 06-12…06-18 › 第24周                  │
    │ W30 07-22…28  第30周                 ││ #nerdctl #containerd                           │
    │ ◆ 读 Slacker               FAST ’16  ││                                                │
    │ ╭ Bookmarks ›  ──────────────────────────────────────────────────────────────────────╮ │
    │ │▌2023-W24 06-12…06-18 PR3120 还没合！                                               │ │
    │ │ 2024-W30 07-22…07-28 读 Slacker                                                    │ │
    │ ╰────────────────────────────────────────────────────────────────────────────────────╯ │
    │ W24 06-12…18  第24周                 ││                                                │
    │▌⑂ PR3120 还没合！             #3120  ││                                                │
    │   事故复盘写完了                     ││                                                │
    │ 2022            █                 2  ││                                                │
    ╰──────────────────────────────────────╯╰────────────────────────────────────────────────╯
     Enter choose  ↓ next  Esc close
    ");
    session.press("<down> <enter>");
    assert_eq!(title(&session), "读 Slacker");
    session.press("b");
    assert!(matches!(session.effects.as_slice(), [.., Effect::SetBookmark { on: false, .. }]), "{:?}", session.effects);
    // The notes change under a bookmark.
    session.press("b");
    session.send(Message::loaded(log(&[("2024-W30.md", "- 别的\n")]).into()));
    session.press("B");
    assert!(session.screen().contains("gone; was 2024-W30.md:3"), "{}", session.screen());
    session.press("<enter>");
    assert_eq!(said(&session), "That entry is no longer in the notes");
}

#[test]
fn the_next_run_begins_where_this_one_ended() {
    let mut first = session(90, 16);
    first.press("<ctrl-f> 西瓜 <enter>");
    let mut kept = first.model.saved.clone();
    kept.position = first.model.position();
    let mut second = Session { model: sennight::app::Model::new("~/notes", false, 90, 16), effects: Vec::new() };
    second.model.recall(kept);
    second.send(Message::loaded(first.model.notes.log.clone()));
    assert_eq!(title(&second), title(&first));
}

#[test]
fn stats_show_a_year() {
    let mut session = session(90, 40);
    session.model.settings.today = Some(jiff::civil::date(2024, 7, 30));
    session.press("s");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 4 notes · 7 entries                                           ? help
     ❯╭ 2024 in review ────────────────────────────────────────────────────────────────────╮7
    ╭ │ 3 entries in 2 of 52 weeks · 2 in 2023                                             │─╮
    │ │ Longest run: 1 week from 2024-07-22                                                │ │
    │ │ Current run: 1 week from 2024-07-22                                                │ │
    │▌│ Busiest week: 2024-W30, 2 entries                                                  │ │
    │ │                                                                                    │ │
    │ │ Weeks                                                                              │ │
    │ │                        ▄     █                                                     │ │
    │ │ W1        W11       W21       W31       W41                                        │ │
    │ │                                                                                    │ │
    │ │ Months                                                                             │ │
    │ │ Jan     0                                                                          │ │
    │ │ Feb     0                                                                          │ │
    │ │ Mar     0                                                                          │ │
    │ │ Apr     0                                                                          │ │
    │ │ May     0                                                                          │ │
    │ │ Jun     1  ████████████████████                                                    │ │
    │ │ Jul     2  ████████████████████████████████████████                                │ │
    │ │ Aug     0                                                                          │ │
    │ │ Sep     0                                                                          │ │
    │ │ Oct     0                                                                          │ │
    │ │ Nov     0                                                                          │ │
    │ │ Dec     0                                                                          │ │
    │ │                                                                                    │ │
    │ │ Kinds                                                                              │ │
    │ │ paper     1  ████████████████████████████████████████                              │ │
    │ │ pr        1  ████████████████████████████████████████ as in 2023                   │ │
    │ │ issue     1  ████████████████████████████████████████                              │ │
    │ │                                                                                    │ │
    │ │ Tags                                                                               │ │
    │ │ nerdctl        2  ████████████████████████████████████████ +1 on 2023              │ │
    │ │ containers     2  ████████████████████████████████████████ +1 on 2023              │ │
    │ │ containerd     2  ████████████████████████████████████████ +1 on 2023              │ │
    │ │ papers         1  ████████████████████                                             │ │
    │ │                                                                                    │ │
    │ │ New this year                                                                      │ │
    │ │ #papers                                                                            │ │
    ╰─╰────────────────────────────────────────────────────────────────────────────────────╯─╯
     Esc close  j scroll  h previous year
    ");
    session.press("h");
    assert!(session.screen().contains("2023 in review"), "{}", session.screen());
    session.press("h h <esc> / 限硫限硫限 <enter> s");
    assert_eq!(said(&session), "None of these entries has a date");
    session.press("M");
    assert!(session.screen().contains("│ None of these entries has a date"), "{}", session.screen());
}

/// What is asked by keys, without an answer.
fn asked(session: &mut Session, keys: &[&str]) -> Vec<(Ticket, InsightRequest)> {
    let mut asked = Vec::new();
    for key in keys {
        for effect in update(&mut session.model, Message::Key(Key::parse(key).expect("a key"))) {
            match effect {
                Effect::ComputeInsight { ticket, ask } => asked.push((ticket, ask)),
                other => panic!("{other:?}"),
            }
        }
    }
    asked
}

fn answer(session: &mut Session, (ticket, ask): &(Ticket, InsightRequest)) {
    let answer = ask.clone().compute(&session.model.notes.log);
    session.send(Message::InsightReady { ticket: *ticket, answer });
}

#[test]
fn threads_and_reviews_open_at_once_and_are_filled_when_they_are_counted() {
    let mut session = session(90, 20);
    session.model.settings.today = Some(jiff::civil::date(2024, 7, 30));
    session.press("/ 合了 <enter>");
    let thread = asked(&mut session, &["t", "a"]);
    assert!(session.screen().contains("counting …") && thread.len() == 1, "{}", session.screen());
    answer(&mut session, &thread[0]);
    assert!(session.screen().contains(" mentions · "), "{}", session.screen());
    session.press("<esc> <esc>");

    let review = asked(&mut session, &["s"]);
    assert!(session.screen().contains("in review · counting …"), "{}", session.screen());
    answer(&mut session, &review[0]);
    assert!(session.screen().contains("╭ 2024 in review ─"), "{}", session.screen());
    // The year before is counted while this one is still there; of two, the last is wanted.
    let years = asked(&mut session, &["h", "l", "h"]);
    assert!(session.screen().contains("2024 in review · counting 2023 …"), "{}", session.screen());
    answer(&mut session, &years[1]);
    assert!(session.screen().contains("counting 2023 …"), "{}", session.screen());
    answer(&mut session, &years[2]);
    assert!(session.screen().contains("╭ 2023 in review ─"), "{}", session.screen());
    // Another log: it is counted anew.
    let log = session.model.notes.log.clone();
    let again: Vec<Effect> = update(&mut session.model, Message::loaded(log));
    assert!(again.iter().any(|effect| matches!(effect, Effect::ComputeInsight { .. })), "{again:?}");
}

#[test]
fn an_answer_that_nobody_waits_for_is_dropped() {
    let mut session = session(90, 20);
    session.press("/ 合了 <enter>");
    for (opening, after) in [(&["t", "a"][..], "esc"), (&["s"], "esc"), (&["]"], "3"), (&["["], "J")] {
        let open = asked(&mut session, opening);
        session.press(&format!("<{after}>"));
        let (before, selected) = (session.screen(), session.model.reading.timeline.selected());
        answer(&mut session, &open[0]);
        assert_eq!((session.screen(), session.model.reading.timeline.selected()), (before, selected), "{opening:?}");
        assert!(session.model.reading.overlays.is_empty() && !session.model.is_waiting());
    }
    // Notes that were read again: entries of the old log mean nothing in the new one.
    let open = asked(&mut session, &["t", "a"]);
    let log = session.model.notes.log.clone();
    session.send(Message::loaded(log));
    answer(&mut session, &open[0]);
    assert!(session.model.reading.overlays.is_empty(), "{}", session.screen());
}

#[test]
fn bookmarks_are_found_by_a_query_with_and_without_an_index() {
    let mut session = session(90, 16);
    session.press("b j j b / is:bookmarked <enter>");
    let titles = |session: &Session| {
        let titles = session.model.results.hits.iter().map(|id| session.model.notes.log.entry(*id).title().to_owned());
        titles.collect::<Vec<_>>().join(" | ")
    };
    assert_eq!(titles(&session), "读 Slacker | 终于，PR3120 合了");
    session.press("G b");
    assert_eq!(titles(&session), "读 Slacker", "what is no longer bookmarked leaves the result");
    session.press("<esc> / -is:书签 <enter>");
    assert_eq!(session.model.results.hits.len(), 6);
    let log = session.model.notes.log.clone();
    let mut index = sennight::index::Index::in_memory().expect("an index");
    index.update(&log, &mut |_| {}).expect("updated");
    for text in ["is:bookmarked", "-is:bookmarked", "is:bookmarked OR nerdctl", "nerdctl is:bookmarked"] {
        let query = sennight::query::Query::parse(text).0.with_bookmarks(&session.model.saved.keys());
        let scanned: Vec<_> =
            log.entries().filter(|entry| query.matches(*entry)).map(sennight::log::Entry::id).collect();
        assert_eq!(index.search(&query, &log).expect("searched"), scanned, "{text}");
        assert_eq!(sennight::query::Query::parse(&query.to_string()).0.to_string(), query.to_string());
    }
}

#[test]
fn filters_are_found_by_name() {
    let mut session = session(110, 16);
    session.press("1 f nerd");
    assert_snapshot!(session.screen(), @"
     sennight  ~/notes · 4 notes · 7 entries                                                               ? help
     ❯   try  kind:paper after:2024                                                                        7 of 7
    ╭ Tags ╭ Filter by › nerd ────────────────────────────────────────────────────────────────────────────╮──────╮
    │ Kinds│▌Topics        nerdctl                                                                      4 │      │
    │  pr  │ Repositories  containerd/nerdctl                                                           4 │      │
    │  issu│ Topics        containerd                                                                   4 │      │
    │  pape│                                                                                              │      │
    │ Topic│                                                                                              │      │
    │  cont│                                                                                              │      │
    │  cont│                                                                                              │.org  │
    │  nerd│                                                                                              │      │
    │ Repos│                                                                                              │      │
    │  nerd│                                                                                              │      │
    │ Years╰──────────────────────────────────────────────────────────────────────────────────────────────╯      │
    ╰──────────────────╯╰──────────────────────────────────────╯╰────────────────────────────────────────────────╯
     Enter choose  ↓ next  Esc close
    ");
    session.press("<enter>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("tag:nerdctl", 4));
    session.press("f containerd/nerdctl <enter>");
    assert!(
        session.model.search.prompt.text().ends_with("repo:containerd/nerdctl"),
        "{}",
        session.model.search.prompt.text()
    );
    while session.model.reading.tags.item().is_none_or(|item| item.name != "containerd/nerdctl") {
        session.press("j");
    }
    session.press("t");
    assert!(session.screen().contains("containerd/nerdctl · 4 mentions"), "{}", session.screen());
}
