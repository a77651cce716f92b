//! What tests share: logs from files, screens as text, keys as text.

use ratatui::{Terminal, backend::TestBackend, buffer::CellWidth};
use sennight::{
    app::{Effect, Message, Model, key::Key, update},
    date::Series,
    files::source::{self, Origin},
    find::Finder,
    log::Log,
    note::{self, tag::TagRules},
    ui::{theme::Theme, view},
};
use std::sync::Arc;

/// A log of notes given as path and text.
pub fn log(notes: &[(&str, &str)]) -> Log {
    let rules = TagRules::built_in();
    let series = Series::of(notes.iter().map(|(path, _)| *path));
    let read = |(path, text): &(&str, &str)| {
        Arc::new(note::read(
            note::NoteFile { source: "notes", path, bytes: text.as_bytes() },
            &series,
            note::EntryRule::Auto,
            &rules,
        ))
    };
    Log::new(notes.iter().map(read).collect(), &rules)
}

/// Says on standard error that the calling test is skipped and why; the test harness does not capture this.
///
/// # Panics
///
/// If `SENNIGHT_NO_SKIP` is set, as in `.ci/run`: then a skipped test is a failed test.
pub fn skip(why: &str) {
    use std::io::Write;
    let name = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stderr(), "skipped: {name}: {why}");
    assert!(std::env::var_os("SENNIGHT_NO_SKIP").is_none(), "skipped: {why}");
}

/// The folder of real logs beside the repository, named `name` within it. Without it the calling test
/// must return: the skip is reported.
pub fn corpus(name: &str) -> Option<std::path::PathBuf> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(name);
    if !folder.is_dir() {
        skip("no real logs beside the repository");
        return None;
    }
    Some(folder)
}

/// A session: a model, and the outside answered by scanning.
pub struct Session {
    pub model: Model,
    /// What was asked of the outside, searches apart.
    pub effects: Vec<Effect>,
}

impl Session {
    pub fn new(log: Log, width: u16, height: u16) -> Session {
        let mut session = Session { model: Model::new("~/notes", false, width, height), effects: Vec::new() };
        let log = Arc::new(log);
        session.send(Message::loaded(log.clone()));
        session.send(Message::examples(log));
        session
    }

    /// On the notes of `origin`, with the last day that they cover for today.
    pub fn on(origin: &Origin, width: u16, height: u16) -> anyhow::Result<Session> {
        let mut session = Session::new(source::read(origin, &TagRules::built_in())?, width, height);
        session.model.settings.origin = origin.shown();
        session.model.settings.today =
            session.model.notes.log.entries().filter_map(|entry| Some(entry.span()?.last())).max();
        Ok(session)
    }

    pub fn send(&mut self, message: Message) {
        for effect in update(&mut self.model, message) {
            match effect {
                Effect::Search { ticket, query } => {
                    let log = self.model.notes.log.clone();
                    let mut finder = Finder::new(log, None);
                    let hits = finder.hits(&query);
                    let similar = finder.similar(&query, &hits.ids, &|| false);
                    let all = finder.with_similar(&query, hits.ids.to_vec(), &similar);
                    let suggestions = if all.ids.is_empty() { finder.suggest(&query, &|| false) } else { Vec::new() };
                    self.send(Message::SearchFinished { ticket, hits, micros: 1200 });
                    self.send(Message::SimilarFound { ticket, hits: all, similar });
                    self.send(Message::Suggested { ticket, suggestions });
                }
                Effect::ComputeInsight { ticket, ask } => {
                    let answer = ask.compute(&self.model.notes.log);
                    self.send(Message::InsightReady { ticket, answer });
                }
                effect => self.effects.push(effect),
            }
        }
    }

    /// Presses keys: words between blanks are `<enter>`, `<ctrl-d>` …, all else is typed.
    pub fn press(&mut self, keys: &str) -> &mut Session {
        for word in keys.split(' ').filter(|word| !word.is_empty()) {
            match word.strip_prefix('<').and_then(|word| word.strip_suffix('>')) {
                Some(name) => self.send(Message::Key(Key::parse(name).unwrap_or_else(|| panic!("no key <{name}>")))),
                None => {
                    for c in word.chars() {
                        self.send(Message::Key(Key::parse(&c.to_string()).expect("a character")));
                    }
                }
            }
        }
        self
    }

    pub fn screen(&self) -> String {
        screen(&self.model, self.model.window.area.width, self.model.window.area.height)
    }
}

/// The screen as text, without the blanks at the ends of rows.
pub fn screen(model: &Model, width: u16, height: u16) -> String {
    let rows = rows(model, width, height);
    rows.iter().map(|row| row.trim_end()).collect::<Vec<_>>().join("\n")
}

/// The rows of the screen. Cells that a wide character covers are skipped, and each row is exactly
/// as wide as the screen.
pub fn rows(model: &Model, width: u16, height: u16) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("a test terminal");
    terminal.draw(|frame| view(model, &Theme::monochrome(), frame)).expect("a frame");
    let buffer = terminal.backend().buffer();
    let mut rows = Vec::new();
    for y in 0..height {
        let (mut row, mut x) = (String::new(), 0);
        while x < width {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += symbol.cell_width().max(1);
        }
        assert_eq!(x, width, "row {y} is not as wide as the screen: {row:?}");
        rows.push(row);
    }
    rows
}
