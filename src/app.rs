//! The application: its state, the messages that change it and the effects it asks for.
//!
//! Follows the Elm architecture: [`update`] is the only place where a [`Model`] changes, and
//! returns [`Effect`]s for the runtime to perform. The room is pure: it knows no terminal, files,
//! clock or threads, so that tests press keys and compare state and effects.

mod bookmarks;
pub mod command;
mod examples;
pub mod find_bar;
pub mod fuzzy;
pub mod history;
pub mod hits;
pub mod insight;
mod jump_list;
pub mod key;
pub mod keymap;
pub mod layout;
pub mod line_edit;
mod links;
mod loaded_log;
mod mentions;
mod motion;
mod mouse;
mod navigation;
mod notes;
pub mod overlay;
mod palette;
mod pane;
pub mod picker;
pub mod picture_cache;
mod press;
mod reader_view;
mod results;
pub mod saved_state;
pub mod scroll;
mod search;
mod session;
mod settings;
mod status;
pub mod suggestions;
mod thread;
mod timeline_rows;
mod veil;
mod window;

pub use loaded_log::LoadedLog;
pub use notes::Notes;
pub use pane::{
    Pane,
    entry::EntryPane,
    tags::{self, TagPane},
    timeline::{self, Timeline},
};
pub use reader_view::ReaderView;
pub use results::Results;
pub use search::Search;
pub use session::Session;
pub use settings::Settings;
pub use status::{Severity, Status};
pub use window::Window;

use crate::{
    insight::Titles,
    log::Log,
    page::{CellSize, PictureSize},
    query::{Query, Suggestion, similar::SimilarHits},
};
use command::Context;
use hits::Hits;
use insight::{Insight, InsightRequest};
use key::Key;
use overlay::Overlay;
use picker::Picker;
use picture_cache::{Picture, PictureFailure, PictureKey};
use ratatui::layout::Rect;
use saved_state::{Bookmark, SavedState};
use std::sync::Arc;

/// Number of a search: an answer to an older one is dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Everything the screen shows, in parts.
///
/// The parts are what can be replaced as a whole. Another log replaces `notes` and starts
/// `results` and `reading` over; the veil also clears `search` and puts `session` aside. A new
/// field therefore belongs in a part, where it is reset with the others.
#[derive(Debug)]
pub struct Model {
    pub settings: Settings,
    pub window: Window,
    pub notes: Notes,
    pub search: Search,
    pub results: Results,
    pub reading: ReaderView,
    pub session: Session,
    /// Bookmarks and the last position, which outlive this run.
    pub saved: SavedState,
    /// Private entries are veiled; none if the configuration calls nothing private.
    pub veil: Option<bool>,
    /// The session that is put aside while private entries are veiled.
    hidden: Option<Session>,
}

/// Something that happened: input, or an answer from outside.
#[derive(Debug, Clone)]
pub enum Message {
    Key(Key),
    Paste(String),
    Click {
        column: u16,
        row: u16,
    },
    /// The mouse moves with its button down.
    Drag {
        column: u16,
        row: u16,
    },
    /// The wheel turned at a place: `rows` down, or up when negative.
    Wheel {
        column: u16,
        row: u16,
        rows: i16,
    },
    Resized {
        width: u16,
        height: u16,
    },
    LogLoaded(Box<LoadedLog>),
    /// Queries that find something in `log`.
    Examples {
        log: Arc<Log>,
        examples: Vec<String>,
    },
    /// All titles fetched so far.
    TitlesLoaded(Arc<Titles>),
    SearchFinished {
        ticket: Ticket,
        hits: Hits,
        micros: u64,
    },
    /// Queries that may have been meant, with their hits. `hits` are those of the query, then theirs.
    SimilarFound {
        ticket: Ticket,
        hits: Hits,
        similar: Vec<SimilarHits>,
    },
    /// Queries that would find something, after a query that found nothing.
    Suggested {
        ticket: Ticket,
        suggestions: Vec<Suggestion>,
    },
    /// A thread or stats that were requested.
    InsightReady {
        ticket: Ticket,
        answer: Insight,
    },
    Indexing(Option<(usize, usize)>),
    /// A picture that was requested, or the reason why it cannot be shown.
    PictureCame {
        key: PictureKey,
        result: Result<Arc<Picture>, PictureFailure>,
    },
    Said(Status),
    /// The message in the bottom line has been shown for long enough.
    Quiet,
    Quit,
}

/// Something that the runtime is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    Search {
        ticket: Ticket,
        query: Query,
    },
    /// Computes a thread or stats from the log on the screen.
    ComputeInsight {
        ticket: Ticket,
        ask: InsightRequest,
    },
    Reload,
    Open {
        url: String,
    },
    Copy {
        text: String,
        what: String,
    },
    Edit {
        source: String,
        path: String,
        line: u32,
    },
    /// Loads the log without private entries, or with them.
    Veil(bool),
    /// Saves a bookmark, or deletes it.
    SetBookmark {
        bookmark: Bookmark,
        on: bool,
    },
    /// Loads a picture and encodes it to fit `room`, in cells of the size `cell`.
    Picture {
        key: PictureKey,
        room: PictureSize,
        cell: CellSize,
    },
    Suspend,
    Quit,
}

impl Model {
    /// Makes an empty screen, before any note is read. `width` and `height` are in cells.
    pub fn new(origin: impl Into<String>, is_sample: bool, width: u16, height: u16) -> Model {
        Model {
            settings: Settings::new(origin.into(), is_sample),
            window: Window::new(width, height),
            notes: Notes::loading(),
            search: Search::default(),
            results: Results::default(),
            reading: ReaderView::default(),
            session: Session::default(),
            saved: SavedState::default(),
            veil: None,
            hidden: None,
        }
    }

    /// The place whose keys apply.
    pub fn context(&self) -> Context {
        match self.reading.overlays.last() {
            Some(Overlay::Help { .. }) => Context::Help,
            Some(Overlay::Xray(_) | Overlay::Explanation(_) | Overlay::Messages(_) | Overlay::Computing(_)) => {
                Context::Xray
            }
            Some(Overlay::Stats(_)) => Context::Stats,
            Some(Overlay::Picker(Picker { filter: None, .. })) => Context::Picker,
            Some(Overlay::Picker(_)) => Context::Narrowing,
            Some(Overlay::Confirm(_)) => Context::Confirm,
            None if self.search.is_typing => Context::Prompt,
            None if find_bar::is_typing(self) => Context::Find,
            None => Context::Pane(self.window.focus),
        }
    }
}

/// Applies `message` and returns what is left to do outside.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let mut effects = apply(model, message);
    effects.extend(insight::settle(model));
    reader_view::settle(model);
    effects.extend(picture_cache::next_request(model));
    effects
}

/// Hands `message` to the file that knows what it means.
fn apply(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Key(key) => return press::press(model, key),
        Message::Paste(text) => return press::paste(model, &text),
        Message::Click { column, row } => return mouse::click(model, column, row),
        Message::Drag { column, .. } => mouse::drag(model, column),
        Message::Wheel { column, row, rows } => mouse::wheel(model, column, row, rows),
        Message::Resized { width, height } => model.window.area = Rect::new(0, 0, width, height),
        Message::LogLoaded(loaded) => return loaded_log::log_loaded(model, *loaded),
        Message::Examples { log, examples } => loaded_log::examples_found(model, &log, examples),
        Message::TitlesLoaded(titles) => loaded_log::titles_loaded(model, titles),
        Message::SearchFinished { ticket, hits, micros } => results::search_finished(model, ticket, &hits, micros),
        Message::SimilarFound { ticket, hits, similar } => results::similar_found(model, ticket, &hits, similar),
        Message::Suggested { ticket, suggestions } => results::suggested(model, ticket, suggestions),
        Message::InsightReady { ticket, answer } => return insight::insight_ready(model, ticket, answer),
        Message::Indexing(progress) => model.notes.indexing = progress,
        Message::PictureCame { key, result } => picture_cache::picture_ready(model, key, result),
        Message::Said(status) => model.show_status(status),
        Message::Quiet => model.session.status = None,
        Message::Quit => return vec![Effect::Quit],
    }
    Vec::new()
}
