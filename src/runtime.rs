//! The event loop, which connects the model to the terminal, background threads and the outside world.
//!
//! Waits for a message, handles all that have arrived, performs the effects they ask for, and draws
//! once. What a key means is decided in [`crate::app`].

mod effects;
mod guard;
pub(crate) mod hint;
mod loader;
mod platform;
mod rehearsal;
mod search_job;
mod state_file;
mod type_ahead;
mod worker;

pub use crate::terminal::width;
pub use loader::Veil;
pub use platform::{edit, outlive_file_limits};

use crate::{
    app::{Effect, Message, Model, Severity, Status, keymap::Keymap, saved_state::SavedState, update},
    config::Images,
    fetch,
    files::{log_spec::LogSpec, source::Origin},
    insight::Titles,
    log::Log,
    note::EntryKey,
    page::{Page, Symbols, markdown::languages, set_ambiguous_wide},
    query::Query,
    terminal::{
        Screen, ScreenError, capabilities, graphics, hyperlink, input,
        picture::{GraphicsProtocol, Painter},
    },
    ui::{
        theme::{AdaptiveTheme, Theme},
        view,
    },
};
use anyhow::{Context, Result};
use effects::EffectHandler;
use hint::HintExt;
use ratatui::Frame;
use rehearsal::{Rehearsal, RehearsalPart};
use state_file::StateFile;
use std::{
    collections::{BTreeSet, VecDeque},
    ops::ControlFlow,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::Duration,
};
use type_ahead::TypeAheadBuffer;
use worker::Worker;

/// Time that a message stays in the status line.
const STATUS_TIME: Duration = Duration::from_secs(6);

/// The current date in the system's time zone.
pub fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

/// The bookmarked entries of `origin`.
///
/// # Errors
///
/// When the state file cannot be read.
pub fn bookmarks(origin: &Origin) -> Result<Arc<BTreeSet<EntryKey>>> {
    StateFile::of(origin).map_or_else(|| Ok(Arc::default()), |state| Ok(state.read()?.keys()))
}

/// Settings of the screen.
pub struct ScreenOptions {
    pub theme: AdaptiveTheme,
    pub symbols: Symbols,
    pub veil: Veil,
    /// Configured key bindings as place, key and command.
    pub keys: Vec<(String, String, String)>,
    /// Use of terminal hyperlinks (OSC 8); `None` detects whether the terminal supports them.
    pub hyperlinks: Option<bool>,
    pub images: Images,
    /// Set if the terminal draws characters of ambiguous width in two columns.
    pub ambiguous_wide: bool,
}

impl ScreenOptions {
    /// Asks the terminal for its background and graphics support, if these options depend on them.
    fn query_terminal(&self) -> capabilities::TerminalReport {
        let background = matches!(self.theme, AdaptiveTheme::ByBackground { .. });
        let graphics = graphics::can_query(self.images, environment("TERM").as_deref());
        if background || graphics {
            capabilities::query(background, graphics)
        } else {
            capabilities::TerminalReport::default()
        }
    }

    /// The theme for a terminal that reports this background; `COLORFGBG` is used if it reports none.
    fn theme(&self, background: Option<capabilities::Background>) -> Theme {
        let hyperlinks = self.hyperlinks.unwrap_or_else(|| hyperlink::is_supported(environment));
        let theme = match &self.theme {
            AdaptiveTheme::One(theme) => theme,
            AdaptiveTheme::ByBackground { dark, light } => {
                let background = background.or_else(|| capabilities::from_colorfgbg(&environment("COLORFGBG")?));
                if background == Some(capabilities::Background::Light) { light } else { dark }
            }
        };
        theme.clone().with_hyperlinks(hyperlinks)
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Shows the log until the user quits; the status line starts with `remark`.
///
/// # Errors
///
/// When there is no terminal, or it fails.
pub fn run(spec: LogSpec, options: &ScreenOptions, remark: Option<String>) -> Result<()> {
    let mut session = ScreenSession::start(spec, options, remark)?;
    while let Some(messages) = session.wait() {
        if session.handle(messages)?.is_break() {
            return Ok(());
        }
        session.draw()?;
        session.warm_up_grammars();
    }
    Ok(())
}

/// One run of the screen, from taking the terminal to giving it back.
struct ScreenSession {
    /// Dropped first: the terminal is given back before the model is freed.
    effects: EffectHandler,
    model: Model,
    theme: Theme,
    inbox: Receiver<Message>,
    type_ahead: TypeAheadBuffer,
    rehearsal: Rehearsal,
    /// Set if pictures are drawn in pixels, so that they depend on the size of a cell.
    needs_cell_size: bool,
    are_grammars_warm: bool,
}

impl ScreenSession {
    /// Takes the terminal, starts the threads, restores saved state and draws the first frame.
    fn start(spec: LogSpec, options: &ScreenOptions, remark: Option<String>) -> Result<ScreenSession> {
        let origin = spec.origin.clone();
        let (sender, inbox) = channel();
        let mut screen = Screen::take().hint_from(ScreenError::hint)?;
        set_ambiguous_wide(options.ambiguous_wide);
        let worker = Worker::start(Arc::new(spec), options.veil.clone(), sender.clone())?;
        // The notes are read while the terminal answers.
        let report = options.query_terminal();
        let theme = options.theme(report.background);
        let pictures = graphics::protocol(options.images, &report.graphics, graphics::measured_cell());
        for key in report.typed {
            sender.send(Message::Key(key)).context("nobody reads the keys")?;
        }

        let size = screen.terminal.size().context("cannot ask the terminal for its size")?;
        let mut model = Model::new(origin.shown(), origin == Origin::Sample, size.width, size.height);
        if let Some((_, cell)) = pictures {
            model.reading.pictures.turn_on(cell);
        }
        model.settings.symbols = options.symbols.clone();
        model.settings.today = Some(today());
        model.veil = (!options.veil.private.is_empty()).then_some(options.veil.is_on);
        // Another example at each start.
        model.search.example = jiff::Timestamp::now().as_second().unsigned_abs() as usize;
        let state_file = StateFile::of(&origin);
        let mut remarks = Vec::from_iter(remark);
        remarks.extend(restore(&mut model, state_file.as_ref()));
        remarks.extend(bind_keys(&mut model.settings.keymap, &options.keys));
        for remark in remarks {
            model.show_status(Status::new(Severity::Warning, remark));
        }

        let rehearsal = Rehearsal::new(environment("SENNIGHT_PANIC").as_deref());
        draw(&mut screen, &model, &theme, rehearsal)?;
        let gate = input::start(sender.clone(), report.pending_replies)?;
        input::listen(sender.clone(), gate.clone())?;
        let painter = pictures.map(|(protocol, _)| Painter::new(protocol, sender));
        let needs_cell_size = pictures.is_some_and(|(protocol, _)| protocol != GraphicsProtocol::HalfBlocks);
        Ok(ScreenSession {
            model,
            theme,
            inbox,
            type_ahead: TypeAheadBuffer::default(),
            effects: EffectHandler { screen, worker, gate, origin, state_file, painter },
            rehearsal,
            needs_cell_size,
            are_grammars_warm: false,
        })
    }

    /// Waits for a message and takes all that have arrived; `None` when no more can come.
    fn wait(&self) -> Option<VecDeque<Message>> {
        let timeout = self.type_ahead.timeout().or_else(|| self.model.session.status.is_some().then_some(STATUS_TIME));
        let first = match timeout {
            None => Some(self.inbox.recv().ok()?),
            Some(timeout) => match self.inbox.recv_timeout(timeout) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) if self.type_ahead.is_empty() => Some(Message::Quiet),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return None,
            },
        };
        Some(first.into_iter().chain(self.inbox.try_iter()).collect())
    }

    /// Updates the model by each message and performs what that asks for. Breaks when the user quits.
    fn handle(&mut self, mut messages: VecDeque<Message>) -> Result<ControlFlow<()>> {
        self.model.settings.today = Some(today());
        while let Some(message) = self.type_ahead.next(&mut messages, &self.model) {
            if self.needs_cell_size
                && matches!(message, Message::Resized { .. })
                && let Some(cell) = graphics::measured_cell()
            {
                // The font size may have changed with the window.
                self.model.reading.pictures.turn_on(cell);
            }
            self.rehearsal.hear(&message);
            self.rehearsal.play(RehearsalPart::Update);
            for effect in update(&mut self.model, message) {
                if effect == Effect::Quit {
                    self.effects.save_session(&self.model);
                    return Ok(ControlFlow::Break(()));
                }
                if let Some(status) = self.effects.perform(effect, &self.model.notes.log)? {
                    update(&mut self.model, Message::Said(status));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn draw(&mut self) -> Result<()> {
        draw(&mut self.effects.screen, &self.model, &self.theme, self.rehearsal)
    }

    /// Loads grammars for highlighting on a thread of its own, once the first entries are on the screen.
    fn warm_up_grammars(&mut self) {
        if !self.are_grammars_warm && !self.model.notes.log.is_empty() {
            let log = self.model.notes.log.clone();
            let thread = std::thread::Builder::new().name("grammars".into());
            self.are_grammars_warm = thread.spawn(move || warm_up(&log)).is_ok();
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

/// Restores the state saved by earlier runs, and the fetched titles. Returns what could not be read.
fn restore(model: &mut Model, state_file: Option<&StateFile>) -> Vec<String> {
    let mut unreadable = Vec::new();
    let state = state_file.map_or(Ok(SavedState::default()), StateFile::read);
    model.recall(state.unwrap_or_else(|error| {
        unreadable.push(format!("{error:#}"));
        SavedState::default()
    }));
    let titles = fetch::kept().unwrap_or_else(|error| {
        unreadable.push(format!("{error:#}"));
        Titles::default()
    });
    model.notes.titles = Arc::new(titles);
    unreadable
}

/// Binds the configured keys. Returns what could not be bound, and commands left without a key.
fn bind_keys(keymap: &mut Keymap, keys: &[(String, String, String)]) -> Vec<String> {
    let mut results = Vec::new();
    for (place, key, command) in keys {
        results.push((place, keymap.bind(place, key, command)));
    }
    let mut remarks = Vec::new();
    for (place, result) in results {
        match result {
            Err(error) => remarks.push(format!("keys.{place}: {error}: ignored")),
            // A later line may have given it another key.
            Ok(Some(command)) if !keymap.has_key(place, command) => {
                remarks.push(format!("keys.{place}: “{}” has no key any more", command.name()));
            }
            Ok(_) => {}
        }
    }
    remarks
}

/// The number of languages whose grammars are loaded ahead.
const LANGUAGES: usize = 16;

/// The number of newest entries whose languages are loaded ahead. Looking at all entries would read all
/// notes, which stay in the snapshot until they are needed.
const NEWEST: usize = 300;

/// Loads the grammar of each language in the newest entries by setting a page in it. Without this the
/// first code block of a language would delay a key press by a tenth of a second.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusable_key_bindings_are_reported() {
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
            "keys.lists: “zoom” has no key any more",
            "keys.entry: unknown command “opne” (did you mean “open”?): ignored",
        ];
        assert_eq!(bind_keys(&mut keymap, &keys), expected);
    }
}
