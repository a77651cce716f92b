//! What is private is veiled everywhere.

use crate::{
    cli::sennight,
    support::{Session, log},
};
use sennight::{
    app::{Effect, Message},
    log::Entry,
    query::Query,
};
use std::{fs, path::Path};

const WEEK: &str = "# 2024年6月第二周周报\n\n## 生活\n\n1， 去看了牙医 🦷，病历在 [这里](https://health.example/secret/1)\n2. 和 nerdctl 无关的私事 #诊断\n\n## 技术\n\n1. 继续写 [nerdctl](https://github.com/containerd/nerdctl) 的 [PR3120](https://github.com/containerd/nerdctl/pull/3120)\n";
const DIARY: &str = "# 日记\n\n只有私事：诊断书放在抽屉里。\n";

/// Nothing of these may be seen of a veiled log.
const SECRETS: [&str; 6] = ["牙医", "health.example", "诊断", "私事", "抽屉", "diary"];

fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("notes/diary")).expect("a folder");
    fs::write(folder.path().join("notes/2024-06-week2.md"), WEEK).expect("a note");
    fs::write(folder.path().join("notes/diary/2024-06-12.md"), DIARY).expect("a note");
    let config = "sources = [\"notes\"]\nprivate = \"in:生活 OR path:diary\"\n";
    fs::write(folder.path().join("config.toml"), config).expect("written");
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = sennight(folder);
    command.env("SENNIGHT_CONFIG", folder.join("config.toml")).args(arguments);
    let output = command.output().expect("the program runs");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn no_command_tells_what_is_veiled() {
    let place = place();
    let folder = place.path();
    for with_index in [false, true] {
        if with_index {
            assert_eq!(run(folder, &["index"]).0, Some(0));
        }
        let commands: [&[&str]; 9] = [
            &["export"],
            &["export", "--format", "markdown"],
            &["search", "--format", "json"],
            &["search", "nerdctl"],
            &["refs"],
            &["tags"],
            &["stats", "--year", "2024", "--format", "markdown"],
            &["thread", "nerdctl"],
            &["check"],
        ];
        for command in commands {
            let (_, shown) = run(folder, &[&["--veil"], command].concat());
            let told: Vec<&&str> = SECRETS.iter().filter(|secret| shown.contains(**secret)).collect();
            assert!(told.is_empty(), "{command:?} tells {told:?}: {shown}");
        }
        for secret in ["牙医", "诊断", "host:health.example", "path:diary", "yayi"] {
            let (code, shown) = run(folder, &["search", secret]);
            assert_eq!(code, Some(0), "{secret}: {shown}");
            let (code, shown) = run(folder, &["search", "--veil", secret]);
            assert_eq!((code, shown.as_str()), (Some(1), ""), "{secret}");
        }
        let (code, shown) = run(folder, &["search", "--veil", "PR3120"]);
        assert_eq!((code, shown.lines().count()), (Some(0), 1), "{shown}");
    }
    assert_eq!(run(folder, &["index", "--veil", "--verify"]).0, Some(0));
    assert_eq!(run(folder, &["search", "诊断"]).1.lines().count(), 2, "the index is of all entries");
}

#[test]
fn veiled_from_the_start_by_configuration() {
    let place = place();
    let file = place.path().join("config.toml");
    let config = fs::read_to_string(&file).expect("read") + "veiled = true\n";
    fs::write(&file, config).expect("written");
    assert_eq!(run(place.path(), &["search", "诊断"]).0, Some(1));
    assert_eq!(run(place.path(), &["search", "nerdctl"]).0, Some(0));
}

#[test]
fn a_key_takes_what_is_private_off_the_screen_at_once() {
    let mut session = Session::new(log(&[("2024-06-week2.md", WEEK)]), 110, 20);
    session.model.veil = Some(false);
    session.press("j");
    let (before, title) =
        (session.model.notes.log.clone(), |session: &Session| session.model.current().map(|it| it.title().to_owned()));
    let entry = title(&session);
    assert!(session.screen().contains("私事"), "{}", session.screen());
    session.press("v");
    assert_eq!(session.effects, [Effect::Veil(true)]);
    let shown = session.screen();
    assert!(SECRETS.iter().all(|secret| !shown.contains(secret)), "before the other log is there: {shown}");
    session.send(Message::loaded(before));
    assert_eq!(title(&session), entry, "the place is kept");
}

/// Whether something private is to be seen, on the screen or by what it leads to.
fn tells(session: &mut Session) -> Option<String> {
    for keys in
        ["", "M", "<esc> B", "<esc> / <up>", "<up>", "<esc> <esc> <ctrl-o>", "<ctrl-o>", "<ctrl-f>", "<esc> : <esc>"]
    {
        session.press(keys);
        let shown = session.screen();
        if SECRETS.iter().any(|secret| shown.contains(secret)) {
            return Some(format!("{keys}: {shown}"));
        }
    }
    None
}

#[test]
fn what_was_typed_and_said_before_is_veiled_too_and_comes_back() {
    let whole = log(&[("2024-06-week2.md", WEEK), ("diary/2024-06-12.md", DIARY)]);
    let (private, _) = Query::parse("in:生活 OR path:diary");
    let rules = sennight::note::tag::TagRules::built_in();
    let veiled = std::sync::Arc::new(whole.veiled(|entry| private.matches(entry), &rules));
    let mut session = Session::new(whole, 110, 20);
    let whole = session.model.notes.log.clone();
    session.model.veil = Some(false);
    session.press("/ 牙医 <enter> b o y <esc> f 牙 <enter> <esc> / <ctrl-u> 诊断 <enter> v");
    for log in [None, Some(veiled.clone())] {
        if let Some(log) = log {
            session.send(Message::loaded(log));
        }
        assert_eq!(session.model.search.prompt.text(), "");
        assert_eq!(tells(&mut session), None);
    }
    // What is asked from then on is kept as ever.
    session.press("/ nerdctl <enter> <esc> / <up>");
    assert_eq!(session.model.search.prompt.text(), "nerdctl");
    session.press("<up>");
    assert_eq!(session.model.search.prompt.text(), "nerdctl", "and there is none before");
    assert_eq!(session.model.queries().collect::<Vec<_>>(), ["牙医", "诊断", "nerdctl"], "all are kept in the file");
    session.press("<ctrl-u> <esc> v");
    session.send(Message::loaded(whole));
    session.press("/ <up> <up>");
    assert_eq!(session.model.search.prompt.text(), "诊断");
    session.press("<ctrl-u> <esc> <ctrl-o> <ctrl-o> <ctrl-o>");
    assert!(tells(&mut session).is_some());
}

#[test]
fn what_was_kept_is_out_of_sight_when_the_log_opens_veiled() {
    let mut kept = sennight::app::saved_state::SavedState::default();
    kept.queries.remember("牙医");
    let mut session = Session::new(log(&[]), 110, 20);
    session.model.veil = Some(true);
    session.model.recall(kept);
    session.send(Message::loaded(std::sync::Arc::new(log(&[("2024-06-week3.md", "- 限流\n")]))));
    assert_eq!(tells(&mut session), None);
    assert_eq!(session.model.queries().collect::<Vec<_>>(), ["牙医"]);
}

#[test]
fn a_veiled_log_is_that_of_notes_without_the_private() {
    let rules = sennight::note::tag::TagRules::built_in();
    let whole = log(&[("2024-06-week2.md", WEEK), ("diary/2024-06-12.md", DIARY)]);
    let (private, _) = Query::parse("in:生活 OR path:diary");
    let veiled = whole.veiled(|entry| private.matches(entry), &rules);
    let left: Vec<_> = whole.entries().filter(|entry| !private.matches(*entry)).collect();
    assert!(veiled.entries().map(Entry::key).eq(left.iter().map(|entry| entry.key())), "keys stay, and their order");
    assert!(veiled.entries().zip(&left).all(|(entry, whole)| {
        entry.refs().eq(whole.refs()) && entry.plain() == whole.plain() && entry.title() == whole.title()
    }));
    assert_eq!((whole.notes().len(), veiled.notes().len()), (2, 1), "a note with nothing to show is gone");
    assert!(veiled.tags().iter().all(|tag| tag.name != "诊断"));
    let nothing = whole.veiled(|_| false, &rules);
    assert!(nothing.entries().map(Entry::key).eq(whole.entries().map(Entry::key)));
    assert!(whole.veiled(|_| true, &rules).is_empty());
}
