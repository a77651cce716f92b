//! What is private is veiled everywhere.

use crate::{
    cli::sennight,
    support::{Session, log},
};
use sennight::{
    app::{
        Effect, Message, Severity, Status,
        command::Command,
        overlay::{Confirm, Explanation, Overlay, Xray},
        picker::{Picker, PickerItem},
        scroll::Scroll,
    },
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

/// A session on the whole log, and the log without its private entries.
fn unveiled() -> (Session, std::sync::Arc<sennight::log::Log>) {
    let whole = log(&[("2024-06-week2.md", WEEK), ("diary/2024-06-12.md", DIARY)]);
    let (private, _) = Query::parse("in:生活 OR path:diary");
    let rules = sennight::note::tag::TagRules::built_in();
    let veiled = std::sync::Arc::new(whole.veiled(|entry| private.matches(entry), &rules));
    let mut session = Session::new(whole, 110, 20);
    session.model.veil = Some(false);
    (session, veiled)
}

/// All parts of the model that hold words of notes or of the user, as text.
fn parts(session: &Session) -> String {
    let model = &session.model;
    format!("{:?}", (&model.notes, &model.search, &model.results, &model.reading, &model.session))
}

/// Runs the command that veils, over whatever layers are open.
fn veil(session: &mut Session) {
    let item = PickerItem::Command { command: Command::Veil, name: String::new(), keys: String::new() };
    session.model.reading.overlays.push(Overlay::Picker(Picker::by_letter("", vec![item])));
    session.press("<enter>");
    assert_eq!(session.model.veil, Some(true));
}

fn open(session: &mut Session, overlay: Overlay) {
    session.model.reading.overlays.push(overlay);
}

/// Keys, or a message, that bring a private word into the model.
type Plant = fn(&mut Session);

/// Ways in which a private word comes into a part of the model.
const PLANTS: [(&str, Plant); 21] = [
    ("entry page and X-ray", |session| {
        session.press("g i");
    }),
    ("prompt and query", |session| {
        session.press("/ 牙医");
    }),
    ("history", |session| {
        session.press("/ 牙医 <enter> <esc>");
    }),
    ("position in the history", |session| {
        session.press("/ 牙医 <enter> <esc> / <up>");
    }),
    ("completion", |session| {
        session.press("/ tag:诊 <tab>");
    }),
    ("notices", |session| {
        session.press("/ kind:牙医");
    }),
    ("suggestions", |session| {
        session.press("/ 牙医 nonesuch <enter>");
    }),
    ("highlights of a similar query", |session| {
        session.press("/ yayi <enter>");
    }),
    ("find bar", |session| {
        session.press("3 f 牙医 <enter>");
    }),
    ("jump list", |session| {
        session.press("/ 牙医 <enter> / <ctrl-u> nerdctl <enter>");
    }),
    ("thread", |session| {
        session.press("/ 诊断 <enter> ] <esc>");
    }),
    ("list of a thread", |session| {
        session.press("1 f 诊断 <enter> t");
    }),
    ("go to", |session| {
        session.press("<ctrl-f> 牙医");
    }),
    ("filter", |session| {
        session.press("1 f 诊断");
    }),
    ("stats", |session| {
        session.press("s");
    }),
    ("help", |session| open(session, Overlay::Help { filter: "牙医".to_owned(), scroll: Scroll::default() })),
    ("explanation", |session| {
        session.press("/ 牙医 <enter>");
        open(session, Overlay::Explanation(Explanation::default()));
        session.send(Message::Quiet);
    }),
    ("computing", |session| open(session, Overlay::Computing("诊断".to_owned()))),
    ("question", |session| {
        let url = "https://health.example/".to_owned();
        open(session, Overlay::Confirm(Confirm { label: "牙医".to_owned(), host: "health.example".to_owned(), url }));
    }),
    ("X-ray", |session| {
        let entry = session.model.notes.log.entries().find(|entry| entry.title().contains("牙医"));
        let xray = Xray::new(entry.expect("the entry"), 80);
        open(session, Overlay::Xray(xray));
    }),
    ("status and messages", |session| {
        session.send(Message::Said(Status::new(Severity::Plain, "Opened https://health.example/secret/1")));
        open(session, Overlay::Messages(Scroll::default()));
    }),
];

#[test]
fn every_part_of_the_model_is_veiled() {
    for (part, plant) in PLANTS {
        let (mut session, veiled) = unveiled();
        plant(&mut session);
        let before = parts(&session);
        assert!(SECRETS.iter().any(|secret| before.contains(secret)), "{part}: nothing was planted");
        veil(&mut session);
        for log in [None, Some(veiled)] {
            let after = parts(&session);
            let left: Vec<_> = SECRETS.iter().filter(|secret| after.contains(**secret)).collect();
            assert!(left.is_empty(), "{part}: {left:?} in {after}");
            assert_eq!(tells(&mut session), None, "{part}");
            session.press("<esc> <esc> <esc>");
            if let Some(log) = log {
                session.send(Message::loaded(log));
            }
        }
    }
}

#[test]
fn answers_to_requests_from_before_the_veil_are_dropped() {
    let (mut session, _) = unveiled();
    let hits = sennight::app::hits::Hits::all(&session.model.notes.log);
    let ticket = session.model.search.ticket;
    let text = "- 牙医 ![诊断](a.png)\n";
    let mut pictured = Session::new(log(&[("diary.md", text)]), 110, 20);
    pictured.model.veil = Some(false);
    pictured.model.reading.pictures.turn_on(sennight::page::CellSize { width: 10, height: 20 });
    pictured.press("j k");
    let key = pictured.effects.iter().find_map(|effect| match effect {
        Effect::Picture { key, .. } => Some(key.clone()),
        _ => None,
    });
    veil(&mut session);
    veil(&mut pictured);
    session.send(Message::SearchFinished { ticket, hits, micros: 1 });
    assert!(session.model.results.hits.is_empty());
    let failed = Err(sennight::app::picture_cache::PictureFailure::Message("cannot read diary/诊断.png".to_owned()));
    pictured.send(Message::PictureCame { key: key.expect("a picture was asked for"), result: failed });
    assert_eq!(tells(&mut pictured), None);
}
