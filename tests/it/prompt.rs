//! The query line: what it says of the query, former queries above it and suggestions below.

use crate::support::{Session, log};
use insta::assert_snapshot;
use ratatui::{Terminal, backend::TestBackend, style::Style};
use sennight::{
    app::{Message, Pane},
    log::Log,
    page::Role,
    query::Query,
    ui::{theme::Theme, view},
};
use std::collections::BTreeSet;

fn notes() -> Log {
    log(&[
        (
            "2024-06-week2.md",
            "## 技术\n\n- 继续写 [nerdctl](https://github.com/containerd/nerdctl) 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120)\n- 网关限流\n",
        ),
        (
            "2024-06-week3.md",
            "## 技术\n\n- 看了 [Slacker](https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter) 这篇论文\n- 另一个限流器\n",
        ),
    ])
}

fn session() -> Session {
    Session::new(notes(), 80, 14)
}

/// The characters of the query line that look as `role` does.
fn drawn_as(session: &Session, role: Role) -> String {
    let theme = Theme::dark();
    let mut terminal = Terminal::new(TestBackend::new(80, 14)).expect("a terminal");
    terminal.draw(|frame| view(&session.model, &theme, frame)).expect("a frame");
    let style: Style = theme.style(role);
    let cells = terminal.backend().buffer().content()[..80].iter();
    cells.filter(|cell| Some(cell.fg) == style.fg).map(|cell| cell.symbol().trim()).collect()
}

#[test]
fn suggestions_are_chosen_by_cursor_and_enter() {
    let mut session = session();
    session.press("/ 限流 <space> kind:paper <space> after:2020");
    assert_snapshot!(session.screen(), @"
     ❯ 限流 kind:paper after:2020                                   0 of 4 · 1.2 ms
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
    // From the box into the list and back, and on.
    session.press("<down> <down> <down> <up>");
    assert_eq!((session.model.results.chosen_suggestion, session.model.search.is_typing), (Some(1), true));
    session.press("<enter>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("kind:paper after:2020", 1));
    assert!(!session.model.search.is_typing && session.model.results.suggestions.is_empty());
}

#[test]
fn suggestions_are_taken_from_the_list_and_by_a_click() {
    let mut session = session();
    session.press("/ 限流 <space> kind:paper <enter>");
    assert_eq!((session.model.chosen(), session.model.window.focus), (Some(0), Pane::Timeline), "{}", session.screen());
    assert!(session.screen().contains("▌ 限流") && session.screen().contains("Enter try it"), "{}", session.screen());
    session.press("j <enter>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("kind:paper", 1));
    session.press("<esc> / 限流 <space> kind:paper");
    session.send(Message::Click { column: 5, row: 1 + 1 + 3 });
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("限流", 2));
    // Up from the first leads back into the box, where Enter only leaves it.
    session.press("/ <space> kind:paper <down> <up> <enter>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.suggestions.len()), ("限流 kind:paper", 2));
    session.send(Message::Click { column: 5, row: 12 });
    assert_eq!(session.model.search.prompt.text(), "限流 kind:paper", "there is nothing");
}

#[test]
fn up_and_down_walk_former_queries() {
    let mut session = session();
    let text = |session: &Session| session.model.search.prompt.text().to_owned();
    session.press("/ 限流 <enter> / <ctrl-u> kind:paper <esc> <esc> / nerd");
    for (key, expected, hits) in [
        ("<up>", "kind:paper", 1),
        ("<up>", "限流", 2),
        ("<up>", "限流", 2),
        ("<down>", "kind:paper", 1),
        ("<down>", "nerd", 1),
        ("<up>", "kind:paper", 1),
    ] {
        session.press(key);
        assert_eq!((text(&session).as_str(), session.model.results.hits.len()), (expected, hits), "{key}");
    }
    // What is edited is a query of its own.
    session.press("s <up>");
    assert_eq!(text(&session), "kind:paper");
    session.press("<down>");
    assert_eq!(text(&session), "kind:papers");
    session.press("<enter> / <up> <enter>");
    assert_eq!(session.model.session.history.queries, ["限流", "kind:papers", "kind:paper"]);
    // Filled from outside, as from a file.
    session.model.session.history.queries.insert(0, "容器".to_owned());
    session.press("/ <ctrl-u> <up> <up> <up> <up>");
    assert_eq!(text(&session), "容器");
}

#[test]
fn down_from_what_is_typed_leads_into_the_list() {
    let mut session = session();
    session.press("/ 限流 <enter> / <down>");
    assert_eq!((session.model.reading.timeline.selected(), session.model.search.prompt.text()), (1, "限流"));
    session.press("<up>");
    assert_eq!((session.model.reading.timeline.selected(), session.model.search.prompt.text()), (0, "限流"));
    session.model.session.history.remember("kind:paper");
    session.press("<up>");
    assert_eq!(session.model.search.prompt.text(), "kind:paper");
}

#[test]
fn fields_have_the_colour_of_tags_once_they_are_valid() {
    let mut session = session();
    session.press("/ 限流 <space> -kind:pape");
    assert_eq!((drawn_as(&session, Role::Tag).as_str(), drawn_as(&session, Role::Doubt).as_str()), ("", "kind:pape"));
    session.press("r <space> #nerdctl <space> sort:oldest <space> tag:nothing");
    assert_eq!(drawn_as(&session, Role::Tag), "kind:paper#nerdctlsort:oldest");
    assert_eq!(drawn_as(&session, Role::Doubt), "tag:nothing");
}

#[test]
fn an_empty_box_shows_what_this_log_answers_another_each_time() {
    let mut session = session();
    let mut shown = BTreeSet::new();
    for _ in 0..12 {
        let example = session.model.example().expect("an example").to_owned();
        assert!(session.screen().contains(&format!("try  {example}")), "{}", session.screen());
        let (query, _) = Query::parse(&example);
        assert!(session.model.notes.log.entries().any(|entry| query.matches(entry)), "{example}");
        // Nothing else changes it.
        session.press("j k / <esc> <tab> <tab> <tab>");
        assert_eq!(session.model.example(), Some(example.as_str()));
        session.press("/ 限流 <enter> <esc>");
        assert_ne!(session.model.example(), Some(example.as_str()));
        shown.insert(example);
    }
    assert!(shown.len() >= 4, "{shown:?}");
    assert_eq!(Session::new(Log::default(), 80, 14).model.example(), None);
}
