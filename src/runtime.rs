//! The edge: files, terminal, threads, clock and the outside world.
//!
//! Draws, waits for one message, handles all that wait, performs what they ask, and draws
//! again only then. Nothing here decides what a key means.

mod platform;
mod rehearsal;
mod state_file;
mod worker;

pub use platform::{edit, outlive_file_limits};

pub use crate::terminal::width;

use crate::files::log_cache::LogSpec;
use crate::files::source::Origin;
use crate::terminal::Screen;
use crate::terminal::picture::{GraphicsProtocol, Painter};
use crate::{
    app::{
        Effect, Message, Model, Severity, Status,
        keymap::Keymap,
        saved_state::{Bookmark, SavedState},
        update,
    },
    config::Images,
    fetch,
    insight::Titles,
    log::Log,
    note::EntryKey,
    page::{Page, Symbols, markdown::languages, set_ambiguous_wide},
    query::Query,
    terminal::{capabilities, graphics, hyperlink, input},
    text::clean_line,
    ui::{
        theme::{AdaptiveTheme, Theme},
        view,
    },
};
use anyhow::{Context, Result};
use ratatui::Frame;
use rehearsal::{Rehearsal, RehearsalPart};
use state_file::StateFile;
use std::{
    collections::{BTreeSet, VecDeque},
    io,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};
pub use worker::Veil;
use worker::Worker;

/// How long a sentence stays in the bottom line.
const QUIET: Duration = Duration::from_secs(6);

/// The day it is here.
pub fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

/// The entries of `origin` that have a bookmark.
///
/// # Errors
///
/// When the file that they are kept in cannot be read.
pub fn bookmarks(origin: &Origin) -> Result<Arc<BTreeSet<EntryKey>>> {
    StateFile::of(origin).map_or_else(|| Ok(Arc::default()), |state| Ok(state.read()?.keys()))
}

/// How the screen looks.
pub struct ScreenOptions {
    pub theme: AdaptiveTheme,
    pub symbols: Symbols,
    /// What is private, and whether it is veiled at first.
    pub veil: Veil,
    /// Keys bound anew: place, key and command, as configuration has them.
    pub keys: Vec<(String, String, String)>,
    /// Whether links are told to the terminal; where nothing is said, if it knows them.
    pub hyperlinks: Option<bool>,
    /// Whether pictures are shown, and how.
    pub images: Images,
    /// Whether the terminal draws characters of ambiguous width in two columns.
    pub ambiguous_wide: bool,
}

impl ScreenOptions {
    /// What the terminal says of itself where that counts, with what was typed meanwhile.
    fn ask(&self) -> capabilities::TerminalReport {
        let background = matches!(self.theme, AdaptiveTheme::ByBackground { .. });
        let graphics = graphics::may_ask(self.images, environment("TERM").as_deref());
        if background || graphics {
            capabilities::ask(background, graphics)
        } else {
            capabilities::TerminalReport::default()
        }
    }

    /// The theme for the background of this terminal.
    fn theme(&self, background: Option<capabilities::Background>) -> Theme {
        let hyperlinks = self.hyperlinks.unwrap_or_else(|| hyperlink::is_supported(environment));
        let theme = match &self.theme {
            AdaptiveTheme::One(theme) => theme.clone(),
            AdaptiveTheme::ByBackground { dark, light } => {
                let said = environment("COLORFGBG").and_then(|value| capabilities::of_variable(&value));
                let is_light = background.or(said) == Some(capabilities::Background::Light);
                if is_light { light.clone() } else { dark.clone() }
            }
        };
        theme.with_hyperlinks(hyperlinks)
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Shows a log until the user quits; `remark` stands in the bottom line at first.
///
/// # Errors
///
/// When there is no terminal, or it fails.
pub fn run(making: LogSpec, look: &ScreenOptions, remark: Option<String>) -> Result<()> {
    let origin = making.origin.clone();
    let (sender, inbox) = channel();
    let mut screen = Screen::take()?;
    set_ambiguous_wide(look.ambiguous_wide);
    let worker = Worker::start(Arc::new(making), look.veil.clone(), sender.clone())?;
    // The notes are read meanwhile.
    let answer = look.ask();
    let theme = look.theme(answer.background);
    let pictures = graphics::protocol(look.images, &answer.graphics, graphics::measured());
    for key in answer.typed {
        sender.send(Message::Key(key)).context("nobody reads the keys")?;
    }
    let size = screen.terminal.size().context("cannot ask the terminal for its size")?;
    let mut model = Model::new(origin.shown(), origin == Origin::Sample, size.width, size.height);
    if let Some((_, cell)) = pictures {
        model.pictures.turn_on(cell);
    }
    model.symbols = look.symbols.clone();
    model.today = Some(today());
    model.veil = (!look.veil.private.is_empty()).then_some(look.veil.is_on);
    let state = StateFile::of(&origin);
    let kept = state.as_ref().map_or(Ok(SavedState::default()), StateFile::read);
    let unread = kept.as_ref().err().map(|error| format!("{error:#}"));
    model.recall(kept.unwrap_or_default());
    let titles = fetch::kept();
    let untitled = titles.as_ref().err().map(|error| format!("{error:#}"));
    model.titles = Arc::new(titles.unwrap_or_default());
    let rebound = rebind(&mut model.keymap, &look.keys);
    for remark in remark.into_iter().chain(unread).chain(untitled).chain(rebound) {
        model.show_status(Status::new(Severity::Warning, remark));
    }
    // Another example at each start.
    model.example = jiff::Timestamp::now().as_second().unsigned_abs() as usize;
    let mut rehearsal = Rehearsal::new(std::env::var("SENNIGHT_PANIC").ok().as_deref());
    draw(&mut screen, &model, &theme, rehearsal)?;
    let gate = input::start(sender.clone(), answer.owed)?;
    input::listen(sender.clone(), gate.clone())?;
    let painter = pictures.map(|(protocol, _)| Painter::new(protocol, sender));
    let is_measured = pictures.is_some_and(|(protocol, _)| protocol != GraphicsProtocol::HalfBlocks);
    let mut outside = EffectHandler { screen, worker, gate, origin, state, painter };
    let mut held = TypeAheadBuffer::default();
    let mut is_warm = false;
    while let Some(messages) = next(&inbox, &model, &held) {
        model.today = Some(today());
        let mut messages: VecDeque<Message> = messages.into();
        while let Some(message) = held.next(&mut messages, &model) {
            if let (Message::Resized { .. }, true, Some(cell)) = (&message, is_measured, graphics::measured()) {
                // The letters may have another size.
                model.pictures.turn_on(cell);
            }
            rehearsal.hear(&message);
            rehearsal.play(RehearsalPart::Update);
            for effect in update(&mut model, message) {
                if effect == Effect::Quit {
                    outside.remember(&model);
                    return Ok(());
                }
                if let Some(said) = outside.perform(effect, &model.log)? {
                    update(&mut model, Message::Said(said));
                }
            }
        }
        draw(&mut outside.screen, &model, &theme, rehearsal)?;
        // What it shows first shall not wait for them.
        if !is_warm && !model.log.is_empty() {
            let log = model.log.clone();
            is_warm = std::thread::Builder::new().name("grammars".into()).spawn(move || warm_up(&log)).is_ok();
        }
    }
    Ok(())
}

/// Keys that came before the result they are about: `Enter` after a query, and then `o`, means the
/// first of what the query finds. Keys of the query itself never wait.
#[derive(Default)]
struct TypeAheadBuffer {
    messages: VecDeque<Message>,
    since: Option<Instant>,
}

/// How long keys wait for a result.
const PATIENCE: Duration = Duration::from_millis(400);

impl TypeAheadBuffer {
    /// The next message to happen, of those that are held and those that came.
    fn next(&mut self, came: &mut VecDeque<Message>, model: &Model) -> Option<Message> {
        if !self.is_holding(model) {
            // A result that took too long keeps no further key waiting.
            self.since = self.since.filter(|_| model.is_waiting());
            if let Some(message) = self.messages.pop_front() {
                return Some(message);
            }
        }
        while let Some(message) = came.pop_front() {
            if self.is_holding(model) && matches!(message, Message::Key(_)) {
                self.since.get_or_insert_with(Instant::now);
                self.messages.push_back(message);
            } else {
                return Some(message);
            }
        }
        None
    }

    fn is_holding(&self, model: &Model) -> bool {
        model.is_waiting() && !model.is_typing && self.since.is_none_or(|since| since.elapsed() < PATIENCE)
    }

    /// How long to wait for a message: no longer than keys are held, or than a sentence stays.
    fn timeout(&self, model: &Model) -> Option<Duration> {
        let held = self.since.filter(|_| !self.messages.is_empty());
        let held = held.map(|since| PATIENCE.saturating_sub(since.elapsed()));
        held.or_else(|| model.status.is_some().then_some(QUIET))
    }
}

/// Binds keys as configuration says; what it could not, and what has no key left, in sentences.
fn rebind(keymap: &mut Keymap, keys: &[(String, String, String)]) -> Vec<String> {
    let bound = keys.iter().map(|(place, key, command)| (place, keymap.bind(place, key, command)));
    let bound: Vec<_> = bound.collect();
    let mut remarks = Vec::new();
    for (place, result) in bound {
        match result {
            Err(why) => remarks.push(format!("keys.{place}: {why}: left out")),
            // It may have got another key by a later line.
            Ok(Some(command)) if !keymap.has_key(place, command) => {
                remarks.push(format!("keys.{place}: no key is left for “{}”", command.name()));
            }
            Ok(_) => {}
        }
    }
    remarks
}

/// Languages whose grammars are made ready.
const LANGUAGES: usize = 16;

/// The newest entries, whose languages are those that are met first. To look at all would read all
/// notes, which lie in the snapshot until they are looked at.
const NEWEST: usize = 300;

/// Sets one page with code of each language of the newest entries, aside: the first block of a
/// language makes its grammar ready, which takes a tenth of a second that no key should wait for.
fn warm_up(log: &Log) {
    let mut known = std::collections::HashSet::new();
    for entry in log.entries().take(NEWEST).filter(|entry| entry.has_code()) {
        let fresh = languages(entry.body()).filter(|language| known.insert(language.to_lowercase())).count();
        if fresh > 0 {
            drop(Page::of(entry, 80, &Query::default(), &Symbols::ascii(), &Titles::default()));
        }
        if known.len() >= LANGUAGES {
            return;
        }
    }
}

fn draw(screen: &mut Screen, model: &Model, theme: &Theme, rehearsal: Rehearsal) -> Result<()> {
    let draw = |frame: &mut Frame<'_>| {
        view(model, theme, frame);
        rehearsal.play(RehearsalPart::Draw);
    };
    screen.terminal.draw(draw).context("cannot draw")?;
    Ok(())
}

/// Waits for a message and takes all that wait with it; `None` when no more can come.
fn next(inbox: &Receiver<Message>, model: &Model, held: &TypeAheadBuffer) -> Option<Vec<Message>> {
    let first = match held.timeout(model) {
        Some(timeout) => match inbox.recv_timeout(timeout) {
            Ok(message) => Some(message),
            Err(RecvTimeoutError::Timeout) => held.messages.is_empty().then_some(Message::Quiet),
            Err(RecvTimeoutError::Disconnected) => return None,
        },
        None => Some(inbox.recv().ok()?),
    };
    Some(first.into_iter().chain(inbox.try_iter()).collect())
}

/// Everything that effects reach.
struct EffectHandler {
    screen: Screen,
    worker: Worker,
    gate: input::InputGate,
    origin: Origin,
    state: Option<StateFile>,
    /// Where pictures are shown.
    painter: Option<Painter>,
}

impl EffectHandler {
    /// Keeps where the reader is and what was asked. On the way out there is nobody left to tell of a
    /// failure, and nothing in it that was made by hand.
    fn remember(&self, model: &Model) {
        let Some(state) = &self.state else { return };
        let _ = state.change(|kept| {
            // With nothing found there is no place, and the one before still is one.
            kept.position = model.position().or(kept.position);
            model.queries().for_each(|query| kept.queries.remember(query));
        });
    }

    fn save_bookmark(&self, bookmark: Bookmark, on: bool) -> Option<Status> {
        let failed = |error: &anyhow::Error| Status::new(Severity::Error, format!("{error:#}"));
        let state = self.state.as_ref()?;
        state.change(|kept| kept.set_bookmark(bookmark, on)).err().as_ref().map(failed)
    }

    /// Does what `effect` asks. A failure is a sentence; only the terminal's own is an error.
    fn perform(&mut self, effect: Effect, log: &Arc<Log>) -> Result<Option<Status>> {
        match effect {
            Effect::Search { ticket, query } => self.worker.search(ticket, query),
            Effect::ComputeInsight { ticket, ask } => self.worker.compute_insight(ticket, log.clone(), ask),
            Effect::Reload => self.worker.reload(),
            Effect::Open { url } => return Ok(Some(open(&url))),
            Effect::Copy { text, what } => return Ok(Some(copy(&text, &what))),
            Effect::Edit { source, path, line } => return self.edit(log, &source, &path, line),
            Effect::Veil(on) => self.worker.veil(on),
            Effect::SetBookmark { bookmark, on } => return Ok(self.save_bookmark(bookmark, on)),
            Effect::Picture { key, room, cell } => {
                let painted = self.painter.as_mut().map(|painter| painter.paint(&self.origin, log, key, room, cell));
                return Ok(painted
                    .and_then(Result::err)
                    .map(|error| Status::new(Severity::Error, format!("{error:#}"))));
            }
            Effect::Suspend => self.lend(input::stop)?,
            Effect::Quit => {}
        }
        Ok(None)
    }

    fn edit(&mut self, log: &Log, source: &str, path: &str, line: u32) -> Result<Option<Status>> {
        let note = log.notes().iter().find(|note| note.source() == source && clean_line(note.exact_path()) == path);
        let Some(file) = note.and_then(|note| self.origin.file_of(note.load())) else {
            let text = match self.origin {
                Origin::Sample => "The sample log is part of the program: there is no file to edit",
                Origin::Sources(_) => "This note lies in an archive: there is no file to edit",
            };
            return Ok(Some(Status::new(Severity::Plain, text)));
        };
        let edited = self.lend(|| edit(&file, line))?;
        self.worker.reload();
        Ok(edited.err().map(|error| Status::new(Severity::Error, format!("{error:#}"))))
    }

    /// Gives the terminal away, input included, while `run` has it.
    fn lend<T>(&mut self, run: impl FnOnce() -> T) -> Result<T> {
        self.gate.close();
        let result = self.screen.lend(run);
        self.gate.open();
        result
    }
}

fn open(url: &str) -> Status {
    match platform::open(url) {
        Ok(shown) => Status::new(Severity::Plain, format!("Opened {shown}")),
        Err(error) if error.is::<platform::NoBrowser>() => match platform::copy(url, &mut io::stdout()) {
            Ok(()) => Status::new(Severity::Warning, format!("No browser here: copied the link instead: {url}")),
            Err(_) => Status::new(Severity::Warning, format!("No browser here: {url}")),
        },
        Err(error) => Status::new(Severity::Error, format!("{error:#}")),
    }
}

fn copy(text: &str, what: &str) -> Status {
    match platform::copy(text, &mut io::stdout()) {
        Ok(()) => Status::new(Severity::Plain, format!("Copied {what}")),
        Err(error) => Status::new(Severity::Error, format!("{error:#}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Ticket, hits::Hits, key::Key};

    fn key(name: &str) -> Message {
        Message::Key(Key::parse(name).expect("a key"))
    }

    #[test]
    fn keys_after_a_query_wait_for_its_result() {
        let mut model = Model::new("x", false, 80, 24);
        model.is_searching = true;
        model.is_typing = true;
        let mut held = TypeAheadBuffer::default();
        let mut came: VecDeque<Message> = [key("a"), key("enter"), key("t"), key("j")].into();
        assert!(matches!(held.next(&mut came, &model), Some(Message::Key(_))), "typing never waits");
        assert!(held.next(&mut came, &model).is_some());
        model.is_typing = false;
        assert!(held.next(&mut came, &model).is_none());
        assert_eq!((held.messages.len(), came.len()), (2, 0));
        assert!(held.timeout(&model).is_some_and(|timeout| timeout <= PATIENCE));
        let found = Message::SearchFinished { ticket: Ticket(1), hits: Hits::default(), micros: 1 };
        came.extend([found, key("o")]);
        assert!(matches!(held.next(&mut came, &model), Some(Message::SearchFinished { .. })));
        model.is_searching = false;
        for expected in ["t", "j", "o"] {
            let Some(Message::Key(next)) = held.next(&mut came, &model) else { panic!("{expected}") };
            assert_eq!(Some(next), Key::parse(expected));
        }
        assert!(held.next(&mut came, &model).is_none() && held.timeout(&model).is_none());
    }

    #[test]
    fn keys_after_a_thread_or_review_wait_for_it() {
        let log = Arc::new(Log::from_entries(["容器 PR1 [a](https://github.com/a/b/pull/1)", "限流"]));
        let mut model = Model::new("x", false, 80, 24);
        update(&mut model, Message::loaded(log));
        for opening in ["]", "t", "s"] {
            model.overlays.clear();
            let mut pressed = vec![key(opening)];
            if opening == "t" {
                // Of several things, the first.
                pressed.push(key("a"));
            }
            let effects: Vec<Effect> = pressed.into_iter().flat_map(|key| update(&mut model, key)).collect();
            let Some(Effect::ComputeInsight { ticket, ask }) = effects.into_iter().next_back() else {
                panic!("{opening}")
            };
            let mut held = TypeAheadBuffer::default();
            let mut came: VecDeque<Message> = [key("j"), key("esc")].into();
            assert!(held.next(&mut came, &model).is_none(), "{opening}");
            let answer = ask.compute(&model.log);
            came.push_back(Message::InsightReady { ticket, answer });
            let counted = held.next(&mut came, &model).expect("the answer");
            update(&mut model, counted);
            for _ in 0..2 {
                assert!(matches!(held.next(&mut came, &model), Some(Message::Key(_))), "{opening}");
            }
        }
    }

    #[test]
    fn no_key_waits_for_ever() {
        let mut model = Model::new("x", false, 80, 24);
        model.is_searching = true;
        let mut held =
            TypeAheadBuffer { messages: [key("t"), key("j")].into(), since: Instant::now().checked_sub(PATIENCE * 2) };
        for _ in 0..3 {
            assert!(held.next(&mut [key("k")].into(), &model).is_some());
        }
    }

    #[test]
    fn keys_of_the_configuration_are_said_where_they_cannot_be() {
        let mut keymap = Keymap::default();
        let keys = [
            ("lists", "ctrl-g", "go-to"),
            ("lists", "z", "quit"),
            ("entry", "ctrl-x", "opne"),
            ("lists", "t", "none"),
            ("lists", "ctrl-t", "thread"),
        ];
        let keys = keys.map(|(place, key, command)| (place.to_owned(), key.to_owned(), command.to_owned()));
        let expected = [
            "keys.lists: no key is left for “zoom”",
            "keys.entry: “opne” is no command: did you mean “open”?: left out",
        ];
        assert_eq!(rebind(&mut keymap, &keys), expected);
    }
}
