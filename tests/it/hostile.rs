//! Hostile notes: nothing but printable cells leaves any view.

use crate::support::{Session, log, screen};
use proptest::prelude::*;
use sennight::{
    app::{Message, key::Key},
    log::Log,
    text::clean::is_invisible,
};

/// Every kind of sequence that could do harm, in every place a note has text.
const PAYLOADS: [&str; 12] = [
    "\u{1b}]52;c;ZXZpbA==\u{7}",
    "\u{1b}]8;;https://evil.example\u{1b}\\label\u{1b}]8;;\u{1b}\\",
    "\u{1b}]0;title",
    "\u{1b}[2J\u{1b}[31m",
    "\u{1b}P1$r\u{1b}\\",
    "\u{9b}31m",
    "\u{9d}52;c;eA==\u{9c}",
    "\u{202e}gpj.exe\u{2066}",
    "nul\0inside",
    "back\u{8}\u{8}space",
    "zero\u{200b}width\u{feff}",
    "\u{7f}\u{85}\u{2028}",
];

fn notes() -> Log {
    let all = PAYLOADS.concat();
    let body = format!(
        "---\ntitle: \"{all}\"\ntags: [\"{all}\"]\n---\n\n# {all}\n\n## {all} 节\n\n1. {all} 甲 `{all}` [{all}](https://a.example/{all})\n2. #标签{all} **{all}** ![{all}](x.png)\n\n```\n{all}\n```\n\n> {all}\n\n| {all} | b |\n|---|---|\n| {all} | d |\n\n后面一段足够长的话，{all}，讲了很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多很多事情。\n"
    );
    let path = format!("2024-06-week2 {all}.md").replace(['\0', '/'], "");
    log(&[(&path, &body), ("long.md", &format!("# 长\n\n{}", "容器".repeat(10_000)))])
}

fn is_clean(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || (!c.is_control() && !is_invisible(c)))
}

#[test]
fn no_view_shows_anything_but_printable_cells() {
    let mut session = Session::new(notes(), 110, 30);
    for keys in [
        "j",
        "3",
        "o",
        "<esc>",
        "f e",
        "<enter> n",
        "<esc>",
        "p",
        "<esc>",
        "?",
        "<esc>",
        "i",
        "G",
        "<esc>",
        "1",
        "<space>",
        "<esc>",
        "J",
        "z",
        "G",
    ] {
        session.press(keys);
        for (width, height) in [(110, 30), (80, 24), (40, 12), (20, 6), (7, 2)] {
            let shown = screen(&session.model, width, height);
            assert!(is_clean(&shown), "{keys}: {shown:?}");
            assert!(!shown.contains("ZXZpbA") && !shown.contains("evil.example\u{1b}"), "{keys}: {shown}");
        }
    }
}

/// Links are the one place where text from notes goes into a control sequence.
#[test]
fn links_hold_nothing_but_web_addresses() {
    use ratatui::{Terminal, backend::TestBackend};
    use sennight::ui::{hyperlink, theme::Theme, view};
    let link = |payload: &&str| format!("- 容器 [{payload} x](<https://a.example/{payload}/路>)\n");
    let text: Vec<String> = PAYLOADS.iter().map(link).collect();
    let mut session = Session::new(log(&[("a.md", &text.concat())]), 110, 30);
    session.press("3 z");
    let theme = Theme::dark().with_hyperlinks(true);
    let mut links = 0;
    for keys in ["", ">", ">", ">", ">", ">", "f 容器", "<enter> n", "<esc> >", ">", ">", ">", ">", ">", "?"] {
        session.press(keys);
        let mut terminal = Terminal::new(TestBackend::new(110, 30)).expect("a test terminal");
        terminal.draw(|frame| view(&session.model, &theme, frame)).expect("a frame");
        for cell in &terminal.backend().buffer().content {
            let Some(rest) = cell.symbol().strip_prefix(hyperlink::OPEN) else {
                assert!(is_clean(cell.symbol()), "{:?}", cell.symbol());
                continue;
            };
            let (link, text) = rest.split_once("\u{1b}\\").expect("the end of what begins a link");
            let (_, url) = link.split_once(';').expect("an id, then the address");
            assert!(
                url.starts_with("https://a.example/") && url.bytes().all(|byte| byte.is_ascii_graphic()),
                "{url:?}"
            );
            assert!(text.strip_suffix(hyperlink::CLOSE).is_some_and(is_clean), "{text:?}");
            links += 1;
        }
    }
    assert!(links > 0);
}

#[test]
fn messages_show_only_printable_characters() {
    use sennight::app::{Severity, Status};
    let mut session = Session::new(notes(), 110, 30);
    session.send(Message::Said(Status::new(Severity::Error, PAYLOADS.concat())));
    assert!(is_clean(&session.screen()));
}

const KEYS: &[&str] = &[
    "j",
    "k",
    "J",
    "K",
    "g",
    "G",
    "tab",
    "shift-tab",
    "1",
    "2",
    "3",
    "h",
    "l",
    "enter",
    "space",
    "x",
    "o",
    "p",
    "y",
    "Y",
    "e",
    "z",
    "i",
    "?",
    "esc",
    "/",
    "n",
    "N",
    "f",
    ">",
    "<",
    "a",
    "b",
    "容",
    "：",
    "pgdn",
    "pgup",
    "ctrl-d",
    "ctrl-u",
    "backspace",
    "left",
    "right",
    "\"",
    "-",
    "(",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A random walk over hostile notes: no panic, cursors in range, straight borders.
    #[test]
    fn a_random_walk_keeps_the_model_sound(
        steps in prop::collection::vec((0..KEYS.len() + 4, 0_u16..120, 0_u16..50), 1..60)
    ) {
        let mut session = Session::new(notes(), 80, 24);
        for (at, a, b) in steps {
            match KEYS.get(at) {
                Some(key) => session.send(Message::Key(Key::parse(key).expect("a key"))),
                None if at == KEYS.len() => session.send(Message::Resized { width: a, height: b }),
                None if at == KEYS.len() + 1 => session.send(Message::Click { column: a, row: b }),
                None => session.send(Message::Wheel { column: a, row: b, rows: if a % 2 == 0 { 3 } else { -3 } }),
            }
            let model = &session.model;
            prop_assert!(model.results.hits.is_empty() || model.reading.timeline.selected() < model.results.hits.len());
            prop_assert!(model.reading.timeline.rows.is_empty() || model.reading.timeline.scroll.cursor < model.reading.timeline.rows.len());
            prop_assert!(model.reading.tags.rows.is_empty() || model.reading.tags.scroll.cursor < model.reading.tags.rows.len());
            prop_assert!(model.results.hits.iter().all(|hit| hit.index() < model.notes.log.len()));
            screen(model, model.window.area.width, model.window.area.height);
        }
    }
}
