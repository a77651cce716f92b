//! Effects of the model, performed: searches, saved state, pictures, and other programs.

use super::{
    platform::{self, edit},
    state_file::StateFile,
    worker::Worker,
};
use crate::{
    app::{Effect, Model, Severity, Status, saved_state::Bookmark},
    files::source::Origin,
    log::Log,
    terminal::{Screen, input, picture::Painter},
    text::clean_line,
};
use anyhow::Result;
use std::{io, sync::Arc};

/// The parts of the outside world that effects need.
pub(super) struct EffectHandler {
    pub(super) screen: Screen,
    pub(super) worker: Worker,
    pub(super) gate: input::InputGate,
    pub(super) origin: Origin,
    /// The file for bookmarks and history, if the platform has a folder for it.
    pub(super) state_file: Option<StateFile>,
    /// The thread that prepares pictures, if they are shown.
    pub(super) painter: Option<Painter>,
}

impl EffectHandler {
    /// Saves the position and the queries of this session. A failure is ignored: nobody is left to read
    /// about it, and nothing in here was made by hand.
    pub(super) fn save_session(&self, model: &Model) {
        let Some(state_file) = &self.state_file else { return };
        let _ = state_file.change(|saved| {
            // Without hits there is no position; the previous one stays valid.
            saved.position = model.position().or(saved.position);
            model.queries().for_each(|query| saved.queries.remember(query));
        });
    }

    /// Performs `effect` and returns a message for the status line, if any. Failures are such messages too.
    ///
    /// # Errors
    ///
    /// When the terminal cannot be taken back from another program.
    pub(super) fn perform(&mut self, effect: Effect, log: &Arc<Log>) -> Result<Option<Status>> {
        let status = match effect {
            Effect::Search { ticket, query } => {
                self.worker.search(ticket, query);
                None
            }
            Effect::ComputeInsight { ticket, ask } => {
                self.worker.compute_insight(ticket, log.clone(), ask);
                None
            }
            Effect::Reload => {
                self.worker.reload();
                None
            }
            Effect::Veil(on) => {
                self.worker.veil(on);
                None
            }
            Effect::Open { url } => Some(open(&url)),
            Effect::Copy { text, what } => Some(copy(&text, &what)),
            Effect::Edit { source, path, line } => self.edit(log, &source, &path, line)?,
            Effect::SetBookmark { bookmark, on } => failure(self.save_bookmark(bookmark, on)),
            Effect::Picture { key, room, cell } => match &mut self.painter {
                Some(painter) => failure(painter.paint(&self.origin, log, key, room, cell)),
                None => None,
            },
            Effect::Suspend => {
                self.lend(input::stop)?;
                None
            }
            // The loop ends at this one.
            Effect::Quit => None,
        };
        Ok(status)
    }

    fn save_bookmark(&self, bookmark: Bookmark, on: bool) -> Result<()> {
        if let Some(state_file) = &self.state_file {
            state_file.change(|saved| saved.set_bookmark(bookmark, on))?;
        }
        Ok(())
    }

    fn edit(&mut self, log: &Log, source: &str, path: &str, line: u32) -> Result<Option<Status>> {
        let note = log.notes().iter().find(|note| note.source() == source && clean_line(note.exact_path()) == path);
        let Some(file) = note.and_then(|note| self.origin.file_of(note.load())) else {
            let text = match self.origin {
                Origin::Sample => "The sample log is built in: there is no file to edit",
                Origin::Sources(_) => "This note is not a file on disk: there is nothing to edit",
            };
            return Ok(Some(Status::new(Severity::Plain, text)));
        };
        let edited = self.lend(|| edit(&file, line))?;
        self.worker.reload();
        Ok(failure(edited))
    }

    /// Lends the terminal, input included, to another program while `run` runs.
    fn lend<T>(&mut self, run: impl FnOnce() -> T) -> Result<T> {
        self.gate.close();
        let result = self.screen.lend(run);
        self.gate.open();
        result
    }
}

/// The status for a failure.
fn failure<T>(result: Result<T>) -> Option<Status> {
    result.err().map(|error| Status::new(Severity::Error, format!("{error:#}")))
}

fn open(url: &str) -> Status {
    let error = match platform::open(url) {
        Ok(address) => return Status::new(Severity::Plain, format!("Opened {address}")),
        Err(error) => error,
    };
    if !error.is::<platform::NoBrowser>() {
        return Status::new(Severity::Error, format!("{error:#}"));
    }
    let text = match platform::copy(url, &mut io::stdout()) {
        Ok(()) => format!("No browser here: copied the link instead: {url}"),
        Err(_) => format!("No browser here: {url}"),
    };
    Status::new(Severity::Warning, text)
}

fn copy(text: &str, what: &str) -> Status {
    match platform::copy(text, &mut io::stdout()) {
        Ok(()) => Status::new(Severity::Plain, format!("Copied {what}")),
        Err(error) => Status::new(Severity::Error, format!("{error:#}")),
    }
}
