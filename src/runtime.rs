//! The edge: files, terminal, threads, clock and the outside world.
//!
//! Draws, waits for one message, handles all that wait, performs what they ask, and draws
//! again only then. Nothing here decides what a key means.

mod archive;
pub mod finder;
pub mod git;
mod input;
pub mod paths;
mod platform;
pub mod source;
mod terminal;
mod watch;
mod worker;

pub use platform::{edit, outlive_file_limits};

pub use terminal::width;

use crate::{
    app::{Effect, Message, Model, Status, Tone, update},
    log::{Log, tag::Rules},
    page::Symbols,
    ui::{theme::Theme, view},
};
use anyhow::{Context, Result};
use source::Origin;
use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};
use terminal::Screen;
use worker::Worker;

/// How long a sentence stays in the bottom line.
const QUIET: Duration = Duration::from_secs(6);

/// The day it is here.
pub fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

/// How the screen looks.
pub struct Look {
    pub theme: Theme,
    pub symbols: Symbols,
}

/// Shows the log of `origin`, tagged by `rules`, until the user quits; `remark` stands in the
/// bottom line at first.
///
/// # Errors
///
/// When there is no terminal, or it fails.
pub fn run(
    origin: Origin,
    rules: impl FnOnce() -> Rules + Send + 'static,
    look: &Look,
    remark: Option<String>,
) -> Result<()> {
    let (sender, inbox) = channel();
    let mut screen = Screen::take()?;
    let worker = Worker::start(origin.clone(), rules, sender.clone())?;
    let size = screen.terminal.size().context("cannot ask the terminal for its size")?;
    let mut model = Model::new(origin.shown(), origin == Origin::Sample, size.width, size.height);
    model.symbols = look.symbols.clone();
    model.today = Some(today());
    model.status = remark.map(|remark| Status::new(Tone::Warning, remark));
    let theme = &look.theme;
    draw(&mut screen, &model, theme)?;
    input::listen(sender.clone())?;
    let gate = input::start(sender)?;
    let mut outside = Outside { screen, worker, gate, origin };
    while let Some(messages) = next(&inbox, &model) {
        model.today = Some(today());
        for message in messages {
            for effect in update(&mut model, message) {
                if effect == Effect::Quit {
                    return Ok(());
                }
                if let Some(said) = outside.perform(effect, &model.log)? {
                    update(&mut model, Message::Said(said));
                }
            }
        }
        draw(&mut outside.screen, &model, theme)?;
    }
    Ok(())
}

fn draw(screen: &mut Screen, model: &Model, theme: &Theme) -> Result<()> {
    screen.terminal.draw(|frame| view(model, theme, frame)).context("cannot draw")?;
    Ok(())
}

/// Waits for a message and takes all that wait with it; `None` when no more can come.
fn next(inbox: &Receiver<Message>, model: &Model) -> Option<Vec<Message>> {
    let first = if model.status.is_some() {
        match inbox.recv_timeout(QUIET) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => Message::Quiet,
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    } else {
        inbox.recv().ok()?
    };
    Some(std::iter::once(first).chain(inbox.try_iter()).collect())
}

/// Everything that effects reach.
struct Outside {
    screen: Screen,
    worker: Worker,
    gate: input::InputGate,
    origin: Origin,
}

impl Outside {
    /// Does what `effect` asks. A failure is a sentence; only the terminal's own is an error.
    fn perform(&mut self, effect: Effect, log: &Log) -> Result<Option<Status>> {
        match effect {
            Effect::Search { ticket, query } => self.worker.search(ticket, query),
            Effect::Reload => self.worker.reload(),
            Effect::Open { url } => return Ok(Some(open(&url))),
            Effect::Copy { text, what } => return Ok(Some(copy(&text, &what))),
            Effect::Edit { source, path, line } => return self.edit(log, &source, &path, line),
            Effect::Suspend => self.lend(input::stop)?,
            Effect::Quit => {}
        }
        Ok(None)
    }

    fn edit(&mut self, log: &Log, source: &str, path: &str, line: u32) -> Result<Option<Status>> {
        let note = log.notes().iter().find(|note| note.source == source && note.path == path);
        let Some(file) = note.and_then(|note| self.origin.file_of(note)) else {
            let text = match self.origin {
                Origin::Sample => "The sample log is part of the program: there is no file to edit",
                Origin::Sources(_) => "This note lies in an archive: there is no file to edit",
            };
            return Ok(Some(Status::new(Tone::Plain, text)));
        };
        let edited = self.lend(|| edit(&file, line))?;
        self.worker.reload();
        Ok(edited.err().map(|error| Status::new(Tone::Error, format!("{error:#}"))))
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
        Ok(shown) => Status::new(Tone::Plain, format!("Opened {shown}")),
        Err(error) if error.is::<platform::NoBrowser>() => match platform::copy(url, &mut io::stdout()) {
            Ok(()) => Status::new(Tone::Warning, format!("No browser here: copied the link instead: {url}")),
            Err(_) => Status::new(Tone::Warning, format!("No browser here: {url}")),
        },
        Err(error) => Status::new(Tone::Error, format!("{error:#}")),
    }
}

fn copy(text: &str, what: &str) -> Status {
    match platform::copy(text, &mut io::stdout()) {
        Ok(()) => Status::new(Tone::Plain, format!("Copied {what}")),
        Err(error) => Status::new(Tone::Error, format!("{error:#}")),
    }
}
