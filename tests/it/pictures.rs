//! Pictures in the entry: room on the page, what is asked for and kept, and how they are drawn.

use crate::support::{Session, log};
use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::{Buffer, Cell, CellDiffOption, CellWidth},
    layout::{Position, Rect},
};
use sennight::{
    app::{
        Effect, Message,
        picture_cache::{Picture, PictureEncoding, PictureFailure, PictureKey},
    },
    page::{CellSize, PictureSize},
    ui::{picture, theme::Theme, view},
};
use std::sync::Arc;

const CELL: CellSize = CellSize { width: 10, height: 20 };
const SIZE: PictureSize = PictureSize { columns: 6, rows: 3 };

/// A session on one entry with the whole screen for it.
fn session(text: &str) -> Session {
    let mut session = Session::new(log(&[("2024/2024-06-week2.md", text)]), 60, 20);
    session.press("3 z");
    session.model.reading.pictures.turn_on(CELL);
    session.press("j k");
    session
}

/// The pictures that were asked for, with the room they may have.
fn asked(session: &mut Session) -> Vec<(PictureKey, PictureSize)> {
    let effects = std::mem::take(&mut session.effects);
    let picture = |effect| match effect {
        Effect::Picture { key, room, cell } => (cell == CELL).then_some((key, room)),
        _ => None,
    };
    effects.into_iter().filter_map(picture).collect()
}

/// Answers the one picture that was asked for.
fn answer(session: &mut Session, drawn: PictureEncoding) {
    let asked = asked(session);
    let [(key, room)] = &asked[..] else { panic!("{asked:?}") };
    let size = PictureSize::of((60, 60), CELL, *room);
    let picture = Picture { pixels: (60, 60), size, cell: CELL, drawn };
    session.send(Message::PictureCame { key: key.clone(), result: Ok(Arc::new(picture)) });
}

fn half_blocks() -> PictureEncoding {
    PictureEncoding::HalfBlocks(vec![[Some([255, 0, 0]), Some([0, 0, 255])]; 18])
}

fn drawn(session: &Session) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(60, 20)).expect("a test terminal");
    let frame = terminal.draw(|frame| view(&session.model, &Theme::dark(), frame)).expect("a frame");
    frame.buffer.clone()
}

/// The area of the cells that hold `what`.
fn area_of(buffer: &Buffer, what: &str) -> Option<Rect> {
    let cells = buffer.area.positions().filter(|at| buffer[*at].symbol().contains(what));
    cells.map(|at| Rect::new(at.x, at.y, 1, 1)).reduce(Rect::union)
}

/// What `text` gives for so many numbers.
fn each(times: usize, text: impl Fn(usize) -> String) -> String {
    (0..times).map(text).collect::<Vec<_>>().concat()
}

/// A picture with more text below it than a pane holds.
fn long() -> String {
    format!("# t\n\n![图](a.png)\n\n{}", each(40, |nth| format!("行 {nth:02}\n\n")))
}

const TEXT: &str = "- 看图 ![一张图](图/a.png) 再说\n\n  后面的话\n";

#[test]
fn a_picture_gets_lines_below_its_caption() {
    let mut session = session(TEXT);
    let before = session.screen();
    let wanted = asked(&mut session);
    let [(key, room)] = &wanted[..] else { panic!("{wanted:?}") };
    assert_eq!((key.source.as_str(), key.path.as_str(), &*key.url), ("notes", "2024/2024-06-week2.md", "图/a.png"));
    // Half of the pane, behind the bullet.
    assert_eq!(*room, PictureSize { columns: 54, rows: 7 });
    let picture = Picture { pixels: (60, 60), size: SIZE, cell: CELL, drawn: half_blocks() };
    session.send(Message::PictureCame { key: key.clone(), result: Ok(Arc::new(picture)) });
    let after = session.screen();
    let row = |screen: &str, what: &str| screen.lines().position(|line| line.contains(what)).expect(what);
    assert_eq!(row(&before, "一张图"), row(&after, "一张图"));
    assert_eq!(row(&before, "后面的话") + 3, row(&after, "后面的话"));
    let buffer = drawn(&session);
    let area = area_of(&buffer, "▀").expect("half blocks");
    assert_eq!((area.width, area.height, usize::from(area.y)), (6, 3, row(&after, "一张图") + 1));
    let cell = &buffer[(area.x, area.y)];
    assert_eq!((cell.fg, cell.bg), (ratatui::style::Color::Rgb(255, 0, 0), ratatui::style::Color::Rgb(0, 0, 255)));
    session.press("j k");
    assert!(asked(&mut session).is_empty(), "nothing is asked for twice");
}

#[test]
fn where_pictures_are_off_nothing_is_asked_for() {
    let mut session = Session::new(log(&[("a.md", TEXT)]), 60, 20);
    session.press("3 z j k");
    assert!(asked(&mut session).is_empty());
    assert!(session.screen().contains("一张图"));
    let mut sample = session;
    sample.model.settings.is_sample = true;
    sample.model.reading.pictures.turn_on(CELL);
    sample.press("j k");
    assert!(asked(&mut sample).is_empty());
}

#[test]
fn addresses_tables_and_footnotes_keep_their_captions() {
    let text = "- ![甲](https://a.example/x.png) ![乙](file:///etc/x.png) ![丙](data:image/png;base64,AAAA)[^1]\n\n  | a | b |\n  |---|---|\n  | ![丁](d.png) | e |\n\n[^1]: ![戊](e.png)\n";
    assert!(asked(&mut session(text)).is_empty());
    let many = each(30, |nth| format!("![图{nth}]({}.png)\n", nth % 20));
    let session = session(&format!("# t\n\n{many}"));
    assert_eq!(session.model.reading.entry.page.pictures.len(), sennight::page::MOST_PICTURES);
}

#[test]
fn pictures_of_html_and_of_quotes_have_their_place() {
    let mut session = session("# t\n\n> <img src=\"a.png\" alt=\"图\">\n>\n> 后\n");
    answer(&mut session, half_blocks());
    let shown = session.screen();
    let rows: Vec<&str> = shown.lines().filter(|line| line.contains('▀')).collect();
    assert!(
        rows.len() == 3 && rows.iter().all(|row| row.contains("▌ ▀") || row.contains("│ ▀") || row.contains("▎ ▀")),
        "{shown}"
    );
}

#[test]
fn a_picture_comes_one_at_a_time_and_for_what_is_shown() {
    let mut session = session("# 甲\n\n![1](1.png)\n\n![2](2.png)\n");
    let first = asked(&mut session);
    assert_eq!(first.len(), 1);
    session.press("j k j k");
    assert!(asked(&mut session).is_empty(), "the first has not come");
    session.send(Message::PictureCame {
        key: first[0].0.clone(),
        result: Err(PictureFailure::Message("It is gone".to_owned())),
    });
    let second = asked(&mut session);
    assert_eq!(second.iter().map(|(key, _)| &*key.url).collect::<Vec<_>>(), ["2.png"]);
    assert!(session.model.session.status.as_ref().is_none_or(|status| status.text != "It is gone"), "said aside");
    session.send(Message::PictureCame { key: second[0].0.clone(), result: Err(PictureFailure::NoFile) });
    // Read again, it is asked for again, and the same is not said twice.
    let log = session.model.notes.log.clone();
    session.send(Message::loaded(log));
    let again = asked(&mut session);
    assert_eq!(again.len(), 1);
    session.send(Message::PictureCame {
        key: again[0].0.clone(),
        result: Err(PictureFailure::Message("It is gone".to_owned())),
    });
    assert_eq!(session.model.session.messages.iter().filter(|status| status.text == "It is gone").count(), 1);
    session.press("M");
    assert!(session.screen().contains("It is gone"));
}

#[test]
fn only_some_pictures_are_kept() {
    let notes = each(60, |nth| format!("- 图 ![{nth}]({nth}.png)\n"));
    let mut session = Session::new(log(&[("2024-06-week2.md", &notes)]), 110, 30);
    session.model.reading.pictures.turn_on(CELL);
    session.press("g");
    let mut bytes = 0;
    for nth in 0..60 {
        if session.effects.iter().any(|effect| matches!(effect, Effect::Picture { .. })) {
            answer(&mut session, PictureEncoding::Sequence("x".repeat(1 << 20)));
            bytes += 1;
        }
        assert!(session.effects.is_empty(), "{nth}");
        session.press("j");
    }
    assert_eq!(bytes, 60);
    // Those seen last are still there, those before are asked for again.
    session.press("k k k");
    assert!(asked(&mut session).is_empty());
    session.press("g");
    assert_eq!(asked(&mut session).len(), 1);
}

#[test]
fn more_than_is_kept_on_one_page_is_asked_for_once_all_the_same() {
    let many = each(sennight::page::MOST_PICTURES, |nth| format!("![图]({nth}.png)\n\n"));
    let mut session = session(&format!("# t\n\n{many}"));
    for _ in 0..sennight::page::MOST_PICTURES {
        answer(&mut session, PictureEncoding::Sequence("x".repeat(4 << 20)));
    }
    assert!(session.effects.is_empty(), "{:?}", session.effects);
}

#[test]
fn a_picture_above_moves_nothing_that_is_read() {
    let mut session = session(&long());
    session.press("<ctrl-d> <ctrl-d>");
    let top = |session: &Session| session.screen().lines().find(|line| line.contains("行 ")).map(str::to_owned);
    let before = top(&session);
    answer(&mut session, half_blocks());
    assert_eq!(top(&session), before);
    session.press("g");
    assert!(session.screen().contains('▀'));
}

#[test]
fn half_blocks_are_cut_at_the_edge_of_the_pane() {
    let mut session = session(&long());
    answer(&mut session, half_blocks());
    let mut rows = Vec::new();
    for _ in 0..10 {
        rows.push(session.screen().lines().filter(|line| line.contains('▀')).count());
        session.press("j");
    }
    assert!(rows.starts_with(&[3]) && rows.ends_with(&[0]) && rows.contains(&2) && rows.contains(&1), "{rows:?}");
}

/// A painted picture is whole or not there, leaves nothing behind, and no layer has it shine through.
#[test]
fn a_painted_picture_is_whole_or_not_there() {
    let mut session = session(&long());
    answer(&mut session, PictureEncoding::Sequence("\u{1b}7<SIXELS>\u{1b}8".to_owned()));
    let whole = drawn(&session);
    let area = Rect { width: SIZE.columns, height: SIZE.rows, ..area_of(&whole, "<SIXELS>").expect("a picture") };
    for at in area.positions() {
        let expected = if (at.x, at.y) == (area.x, area.y) {
            CellDiffOption::ForcedWidth(1.try_into().expect("one"))
        } else {
            CellDiffOption::Skip
        };
        assert_eq!(whole[at].diff_option, expected, "{at}");
    }
    let is_rewritten = |after: &Buffer| {
        let diff = whole.diff(after);
        let covers =
            |(x, y, cell): &(u16, u16, &Cell), at: Position| *y == at.y && (*x..x + cell.cell_width()).contains(&at.x);
        area.positions().all(|at| diff.iter().any(|cell| covers(cell, at)))
    };
    for keys in ["?", ":", "i", "s"] {
        session.press(keys);
        let under = drawn(&session);
        assert!(area_of(&under, "<SIXELS>").is_none() && is_rewritten(&under), "{keys}");
        session.press("<esc>");
        assert_eq!(drawn(&session), whole, "{keys}");
    }
    // As far up as it is whole, then cut off.
    let mut heights = Vec::new();
    for _ in 0..8 {
        session.press("j");
        heights.push(area_of(&drawn(&session), "<SIXELS>").map(|area| area.y));
    }
    let last = heights.iter().rposition(Option::is_some).expect("whole once");
    assert!(heights[..=last].iter().all(Option::is_some) && heights[last] == Some(3) && last < 7, "{heights:?}");
    assert!(is_rewritten(&drawn(&session)));
}

#[test]
fn another_size_is_asked_for_and_not_drawn_before_it_comes() {
    let mut session = session(TEXT);
    answer(&mut session, half_blocks());
    session.send(Message::Resized { width: 60, height: 7 });
    let again = asked(&mut session);
    assert_eq!(again.len(), 1);
    assert!(!session.screen().contains('▀'), "the old one does not fit");
    session.model.reading.pictures.turn_on(CellSize { width: 20, height: 40 });
    assert!(!session.screen().contains('▀'), "letters of another size");
    // What was made for the letters before comes late: it is made anew.
    let (key, room) = again.into_iter().next().expect("asked");
    let size = PictureSize::of((60, 60), CELL, room);
    let picture = Picture { pixels: (60, 60), size, cell: CELL, drawn: half_blocks() };
    session.send(Message::PictureCame { key, result: Ok(Arc::new(picture)) });
    assert!(!session.screen().contains('▀') && session.effects.len() == 1);
}

#[test]
fn placeholders_say_which_cell_they_are_and_the_picture_once() {
    let mut session = session(&long());
    let sequence = "\u{1b}_Gq=2,i=66051,a=T,U=1,m=0;AAAA\u{1b}\\";
    answer(&mut session, PictureEncoding::Placeholders { id: 66051, transmission: sequence.to_owned() });
    let buffer = drawn(&session);
    let area = area_of(&buffer, "\u{10eeee}").expect("placeholders");
    assert_eq!((area.width, area.height), (6, 3));
    assert_eq!(buffer[(area.x, area.y)].symbol(), format!("{sequence}\u{10eeee}\u{305}\u{305}"));
    assert_eq!(picture::transmission(buffer[(area.x, area.y)].symbol()), Some((66051, "\u{10eeee}\u{305}\u{305}")));
    assert_eq!(buffer[(area.x + 2, area.y + 1)].symbol(), "\u{10eeee}\u{30d}\u{30e}");
    assert_eq!(picture::transmission(buffer[(area.x + 2, area.y + 1)].symbol()), None);
    assert!(area.positions().all(|at| buffer[at].fg == ratatui::style::Color::Rgb(1, 2, 3)));
    // Cut off at the top, the first row in view is not the first of the picture.
    while area_of(&drawn(&session), "\u{10eeee}").is_some_and(|area| area.height == 3) {
        session.press("j");
    }
    let buffer = drawn(&session);
    let area = area_of(&buffer, "\u{10eeee}").expect("placeholders");
    assert_eq!(picture::transmission(buffer[(area.x, area.y)].symbol()), Some((66051, "\u{10eeee}\u{30d}\u{305}")));
    session.press("?");
    assert!(area_of(&drawn(&session), "\u{10eeee}").is_none());
}
