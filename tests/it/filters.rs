//! What narrows a result from its pane: repositories, sources and years beside kinds and topics.

use crate::support::{Session, log};
use sennight::{
    app::tags::TagPaneRow,
    date::Series,
    log::Log,
    note::{self, tag::TagRules},
};
use std::sync::Arc;

fn notes() -> Log {
    log(&[
        (
            "2023-W10.md",
            "- [甲](https://github.com/containerd/nerdctl/pull/12)\n- [乙](https://github.com/moby/moby)\n",
        ),
        ("2024-W01.md", "- [丙](https://github.com/Containerd/Nerdctl/issues/13)\n- 丁\n"),
        ("2024-W20.md", "- [戊](https://github.com/containerd/nerdctl)\n"),
        ("later.md", "- 己\n"),
    ])
}

/// The rows of the tag pane under `heading`, in short.
fn group(session: &Session, heading: &str) -> Vec<String> {
    let rows = session.model.reading.tags.rows.iter();
    let own = rows.skip_while(|row| !matches!(row, TagPaneRow::Heading(name) if *name == heading)).skip(1);
    let items = own.map_while(|row| match row {
        TagPaneRow::Item(item) => Some(format!("{} {}", item.name, item.count)),
        TagPaneRow::Heading(_) => None,
    });
    items.collect()
}

fn select(session: &mut Session, name: &str) {
    // Repositories and years stand below the topics.
    let is = |row: &TagPaneRow| matches!(row, TagPaneRow::Item(item) if item.name == name);
    let at = session.model.reading.tags.rows.iter().rposition(is).unwrap_or_else(|| panic!("no {name}"));
    session.model.reading.tags.select_row(at, 20);
}

#[test]
fn repositories_and_years_are_required_and_excluded() {
    let mut session = Session::new(notes(), 110, 30);
    assert_eq!(group(&session, "Repositories"), ["containerd/nerdctl 3", "moby/moby 1"]);
    assert_eq!(group(&session, "Years"), ["2024 3", "2023 2", "undated 1"]);
    assert_eq!(group(&session, "Sources"), Vec::<String>::new());
    session.press("1");
    select(&mut session, "containerd/nerdctl");
    session.press("<space>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("repo:containerd/nerdctl", 3));
    // The cursor stays on its item, and counts are those of the result.
    assert_eq!(session.model.reading.tags.item().map(|item| item.name.as_str()), Some("containerd/nerdctl"));
    assert_eq!(group(&session, "Years"), ["2024 2", "2023 1"]);
    assert_eq!(group(&session, "Repositories"), ["containerd/nerdctl 3"]);
    select(&mut session, "2023");
    session.press("x");
    assert_eq!(
        (session.model.search.prompt.text(), session.model.results.hits.len()),
        ("repo:containerd/nerdctl -date:2023", 2)
    );
    assert_eq!(group(&session, "Years"), ["2024 2", "2023 0"]);
    session.press("x");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("repo:containerd/nerdctl", 3));
    // By its name alone it is another filter, and can be switched off.
    session.press("/ <ctrl-u> repo:nerdctl <enter> 1");
    assert_eq!(group(&session, "Repositories"), ["containerd/nerdctl 3", "nerdctl 3"]);
    select(&mut session, "nerdctl");
    session.press("<space>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("", 6));
    select(&mut session, "undated");
    session.press("<space>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("is:undated", 1));
}

#[test]
fn a_topic_is_the_same_by_its_alias() {
    let mut session = Session::new(log(&[("2024-W01.md", "- 用 stargz 懒加载\n- 别的\n")]), 110, 30);
    session.press("/ tag:懒加载 <enter> 1");
    assert_eq!(session.model.results.hits.len(), 1);
    assert_eq!(group(&session, "Topics").iter().filter(|row| row.contains("lazy") || row.contains('懒')).count(), 1);
    select(&mut session, "lazy-loading");
    session.press("<space>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("", 2));
}

#[test]
fn sources_are_there_when_there_are_several() {
    let rules = TagRules::built_in();
    let read = |source| {
        let file = note::NoteFile { source, path: "2024-W01.md", bytes: "- 甲\n- 乙\n".as_bytes() };
        Arc::new(note::read(file, &Series::default(), note::EntryRule::Auto, &rules))
    };
    let mut session = Session::new(Log::new(vec![read("家"), read("work")], &rules), 110, 30);
    assert_eq!(group(&session, "Sources"), ["work 2", "家 2"]);
    session.press("1");
    select(&mut session, "家");
    session.press("<space>");
    assert_eq!((session.model.search.prompt.text(), session.model.results.hits.len()), ("source:家", 2));
}

#[test]
fn rows_stay_while_the_cursor_moves() {
    let mut session = Session::new(notes(), 110, 30);
    session.press("1");
    let before = session.model.reading.tags.rows.clone();
    let item = |session: &Session| session.model.reading.tags.item().map(|item| item.name.clone()).unwrap_or_default();
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(item(&session));
        session.press("J");
    }
    assert_eq!(seen.last().map(String::as_str), Some("2024"), "{seen:?}");
    // There is none behind the last.
    assert_eq!(item(&session), "2024");
    session.press("j K");
    assert_eq!(item(&session), "2024");
    session.press("K");
    assert_eq!(item(&session), "containerd/nerdctl");
    session.press("j k G g j");
    assert_eq!(session.model.reading.tags.rows, before);
}

#[test]
fn a_long_repository_keeps_the_part_that_tells_it_apart() {
    let note = "- [甲](https://github.com/a-very-long-organisation/the-tool)\n";
    let mut session = Session::new(log(&[("2024-W01.md", note)]), 110, 30);
    session.press("1");
    assert!(session.screen().contains("the-tool      1 │"), "{}", session.screen());
}
