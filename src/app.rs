//! The application: its state, what can happen to it, and what it asks of the outside.
//!
//! Elm-shaped: [`update`] is the only place where a [`Model`] changes, and answers with
//! [`Effect`]s for the runtime to perform. Pure: knows no terminal, files, clock or threads, so
//! that every behaviour can be tested as keys in, state and effects out.

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
mod mouse;
mod navigation;
pub mod overlay;
mod pane;
pub mod picker;
pub mod picture_cache;
mod press;
pub mod saved_state;
pub mod scroll;
pub mod suggestions;
mod timeline_rows;
mod veil;

pub use loaded_log::LoadedLog;
pub use pane::{
    Pane,
    entry::EntryPane,
    tags::{self, TagPane},
    timeline::{self, Timeline},
};

use crate::{
    insight::{Titles, thread::Thread},
    log::{Entry, EntryId, Log},
    page::{CellSize, Line, PictureSize, Role, Symbols, TextSpan, wrap},
    query::{
        Completion, Notice, Order, Query, Suggestion,
        similar::{SimilarHits, highlight_query},
    },
    text::clean_line,
};
use command::{Command, Context};
use history::{History, HistoryCursor};
use hits::Hits;
use insight::{Insight, InsightRequest, PendingInsight};
use jiff::civil::Date;
use jump_list::JumpList;
use key::Key;
use keymap::Keymap;
use layout::{Layout, PaneSplit};
use line_edit::LineEdit;
use overlay::Overlay;
use picker::Picker;
use picture_cache::{Picture, PictureCache, PictureKey};
use press::{back, go, paste, press, run, toggle, toggle_current};
use ratatui::layout::Rect;
use saved_state::{Bookmark, SavedState};
use std::sync::Arc;
use timeline::heat_map::{IsoWeek, week_of};

/// Number of a search: an answer to an older one is dropped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Everything the screen shows.
#[derive(Debug)]
pub struct Model {
    pub log: Arc<Log>,
    /// What was fetched of references.
    pub titles: Arc<Titles>,
    pub keymap: Keymap,
    pub symbols: Symbols,
    /// What is read, as it is shown: a path, or the name of the sample log.
    pub origin: String,
    /// The log is the one built into the program.
    pub is_sample: bool,
    pub screen: Rect,
    pub query: Query,
    pub notices: Vec<Notice>,
    /// Where fields of the prompt stand that took their value.
    pub fields: Vec<std::ops::Range<usize>>,
    /// The day it is, as far as the runtime has said: `last-week` is counted from it.
    pub today: Option<Date>,
    pub prompt: LineEdit,
    /// Ways to complete the word at the cursor, and which of them stands there.
    pub completion: Option<(Completion, usize)>,
    pub history: History,
    /// Where Up and Down have led from the prompt.
    walk: HistoryCursor,
    /// Queries that this log answers.
    examples: Vec<String>,
    /// Number of the one that an empty prompt shows, around the end; another after each clearing.
    pub example: usize,
    /// The prompt has the keys.
    pub is_typing: bool,
    /// What the query finds, then what similar ones do.
    pub hits: Arc<Vec<EntryId>>,
    /// What the empty query finds: it is at hand at any time.
    everything: Hits,
    /// Hits of guesses at what was meant: the last of `hits`.
    pub similar: Vec<SimilarHits>,
    /// The entry that was selected before the result changed, until something is pressed: similar
    /// hits come later, and it may be one of them.
    before: Option<EntryId>,
    /// What would find something where the query finds nothing.
    pub suggestions: Vec<Suggestion>,
    /// The one that Enter takes.
    pub suggested: Option<usize>,
    /// What is marked in the hits.
    pub highlights: Query,
    /// Microseconds the last search took.
    pub search_time: Option<u64>,
    pub ticket: Ticket,
    /// Number of the last thread or review that was asked for.
    insight_ticket: Ticket,
    /// It, until it is there.
    pending: Option<PendingInsight>,
    /// The result of the query has been asked for, and is not there yet.
    pub is_searching: bool,
    /// How often the next move is made, while it is typed: `8j`. `1` `2` `3` are panes, so a count
    /// begins with another digit: `03j`.
    pub count: Option<u32>,
    pub focus: Pane,
    /// Where borders were dragged to, and the pane left of which one is being dragged.
    pub split: PaneSplit,
    dragged: Option<Pane>,
    pub zoomed: bool,
    /// Whether what is private is veiled; none where nothing is called private.
    pub veil: Option<bool>,
    /// What may repeat private words, while they are veiled.
    aside: Option<veil::HiddenSession>,
    pub tags: TagPane,
    pub timeline: Timeline,
    pub entry: EntryPane,
    pub pictures: PictureCache,
    pub overlays: Vec<Overlay>,
    /// What outlives this run.
    pub kept: SavedState,
    /// Where the reader was.
    trail: JumpList,
    /// The entry to be shown when the result of the query is there.
    destination: Option<EntryId>,
    /// What `[` and `]` follow.
    thread: Option<Thread>,
    pub status: Option<Status>,
    /// What was said before, the newest last.
    pub said: Vec<Status>,
    /// The notes have not been read yet.
    pub is_reading: bool,
    /// Notes indexed so far, and all there are, while an index is built.
    pub indexing: Option<(usize, usize)>,
}

/// Sentences that are kept.
const SAID: usize = 200;

/// A sentence for the bottom line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub text: String,
    pub tone: Severity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Plain,
    Warning,
    Error,
}

impl Severity {
    pub fn role(self) -> Role {
        match self {
            Severity::Plain => Role::Text,
            Severity::Warning => Role::Warning,
            Severity::Error => Role::Error,
        }
    }
}

impl Status {
    pub fn new(tone: Severity, text: impl AsRef<str>) -> Status {
        Status { text: clean_line(text.as_ref()).into_owned(), tone }
    }
}

/// What can happen.
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
    /// Rows down, or up when negative, at a place.
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
    /// Queries that a log answers.
    Examples {
        log: Arc<Log>,
        examples: Vec<String>,
    },
    /// Titles as they are kept by now.
    TitlesLoaded(Arc<Titles>),
    SearchFinished {
        ticket: Ticket,
        hits: Hits,
        micros: u64,
    },
    /// What may have been meant by a query that found little, and all hits with those of it.
    SimilarFound {
        ticket: Ticket,
        hits: Hits,
        similar: Vec<SimilarHits>,
    },
    /// What would find something where a query found nothing.
    Suggested {
        ticket: Ticket,
        suggestions: Vec<Suggestion>,
    },
    /// A thread or review that was asked for.
    InsightReady {
        ticket: Ticket,
        answer: Insight,
    },
    Indexing(Option<(usize, usize)>),
    /// What became of a picture; why there is none, where that is worth a sentence.
    PictureCame {
        key: PictureKey,
        result: Result<Arc<Picture>, Option<String>>,
    },
    Said(Status),
    /// The bottom line has been read for long enough.
    Quiet,
    Quit,
}

/// What is asked of the outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    Search {
        ticket: Ticket,
        query: Query,
    },
    /// To be worked out of the log that is on the screen.
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
    /// What is private is to be veiled, or shown.
    Veil(bool),
    /// A bookmark is to be kept, or no longer.
    SetBookmark {
        bookmark: Bookmark,
        on: bool,
    },
    /// A picture is to be made ready for a room, on cells of a size.
    Picture {
        key: PictureKey,
        room: PictureSize,
        cell: CellSize,
    },
    Suspend,
    Quit,
}

impl Model {
    /// An empty screen of a size, before any note is read.
    pub fn new(origin: impl Into<String>, is_sample: bool, width: u16, height: u16) -> Model {
        Model {
            log: Arc::default(),
            titles: Arc::default(),
            keymap: Keymap::default(),
            symbols: Symbols::unicode(),
            origin: origin.into(),
            is_sample,
            screen: Rect::new(0, 0, width, height),
            query: Query::default(),
            notices: Vec::new(),
            fields: Vec::new(),
            today: None,
            prompt: LineEdit::default(),
            completion: None,
            history: History::default(),
            walk: HistoryCursor::default(),
            examples: Vec::new(),
            example: 0,
            is_typing: false,
            hits: Arc::default(),
            everything: Hits::default(),
            similar: Vec::new(),
            before: None,
            suggestions: Vec::new(),
            suggested: None,
            highlights: Query::default(),
            search_time: None,
            ticket: Ticket::default(),
            insight_ticket: Ticket::default(),
            pending: None,
            is_searching: false,
            count: None,
            focus: Pane::Timeline,
            split: PaneSplit::default(),
            dragged: None,
            zoomed: false,
            veil: None,
            aside: None,
            tags: TagPane::default(),
            timeline: Timeline::default(),
            entry: EntryPane::default(),
            pictures: PictureCache::default(),
            overlays: Vec::new(),
            kept: SavedState::default(),
            trail: JumpList::default(),
            destination: None,
            thread: None,
            status: None,
            said: Vec::new(),
            is_reading: true,
            indexing: None,
        }
    }

    /// The entry the timeline stands on.
    pub fn current(&self) -> Option<Entry<'_>> {
        self.log.get(*self.hits.get(self.timeline.selected())?)
    }

    pub fn layout(&self) -> Option<Layout> {
        self.layout_on(self.screen)
    }

    /// The layout on a screen that may be smaller than the one that was told.
    pub fn layout_on(&self, screen: Rect) -> Option<Layout> {
        layout::layout(screen, self.focus, self.zoomed, self.split, self.timeline.heat.years().len())
    }

    /// The week one is in.
    pub fn week(&self) -> Option<IsoWeek> {
        self.current().and_then(|entry| week_of(self.log.group(self.log.group_of(entry.id()))))
    }

    /// Rows of text that `pane` has; that of a pane out of sight is what it would have.
    fn height(&self, pane: Pane) -> usize {
        let area = self.layout().and_then(|layout| layout.body(pane));
        let height = area.map_or(self.screen.height.saturating_sub(5), |area| layout::inner(area).height);
        usize::from(height)
    }

    /// Where keys go.
    pub fn context(&self) -> Context {
        match self.overlays.last() {
            Some(Overlay::Help { .. }) => Context::Help,
            Some(Overlay::Xray(_) | Overlay::Explanation(_) | Overlay::Messages(_) | Overlay::Computing(_)) => {
                Context::Xray
            }
            Some(Overlay::Stats(_)) => Context::Stats,
            Some(Overlay::Picker(Picker { filter: None, .. })) => Context::Picker,
            Some(Overlay::Picker(_)) => Context::Narrowing,
            Some(Overlay::Confirm(_)) => Context::Confirm,
            None if self.is_typing => Context::Prompt,
            None if self.is_finding() => Context::Find,
            None => Context::Pane(self.focus),
        }
    }

    /// Where the reader is, to be taken up by the next run.
    pub fn position(&self) -> Option<saved_state::HexEntryKey> {
        self.current().map(|entry| saved_state::HexEntryKey(entry.key()))
    }

    /// A query that finds something in this log.
    pub fn example(&self) -> Option<&str> {
        self.examples.get(self.example % self.examples.len().max(1)).map(String::as_str)
    }

    /// The line of the find has the keys.
    fn is_finding(&self) -> bool {
        self.focus == Pane::Entry && self.entry.finding.as_ref().is_some_and(|finding| finding.is_typing)
    }

    /// The key of a command in the lists, to be named in a sentence; else how the palette has it.
    fn key_of(&self, command: Command) -> String {
        let key = self.keymap.key(Context::Lists, command);
        key.map_or_else(|| format!(":{}", command.name()), |key| key.to_string())
    }

    fn say(&mut self, tone: Severity, text: impl AsRef<str>) {
        self.show_status(Status::new(tone, text));
    }

    /// Shows a sentence in the bottom line, and keeps it for those who look later.
    pub fn show_status(&mut self, status: Status) {
        self.log_status(status.clone());
        self.status = Some(status);
    }

    /// Keeps a sentence for those who look later.
    fn log_status(&mut self, status: Status) {
        let old = (self.said.len() + 1).saturating_sub(SAID);
        self.said.drain(..old);
        self.said.push(status);
    }
}

/// Lets `message` happen; what is left to be done outside comes back.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let mut effects = match message {
        Message::Key(key) => press(model, key),
        Message::Paste(text) => paste(model, &text),
        Message::Click { column, row } => mouse::click(model, column, row),
        Message::Drag { column, .. } => {
            mouse::drag(model, column);
            Vec::new()
        }
        Message::Wheel { column, row, rows } => mouse::wheel(model, column, row, rows),
        Message::Resized { width, height } => {
            model.screen = Rect::new(0, 0, width, height);
            Vec::new()
        }
        Message::LogLoaded(loaded) => log_loaded(model, *loaded),
        Message::Examples { log, examples } => {
            if Arc::ptr_eq(&log, &model.log) {
                model.examples = examples;
            }
            Vec::new()
        }
        Message::TitlesLoaded(titles) => {
            model.titles = titles;
            model.entry.invalidate();
            Vec::new()
        }
        Message::SearchFinished { ticket, hits, micros } => {
            if ticket == model.ticket {
                model.is_searching = false;
                model.search_time = Some(micros);
                let current = model.destination.take().or(model.current().map(Entry::id));
                model.before = current.or(model.before);
                show(model, &hits, Vec::new(), current);
            }
            Vec::new()
        }
        Message::SimilarFound { ticket, hits, similar } => {
            if ticket == model.ticket && model.similar.is_empty() {
                let is_there = |id: &EntryId| similar.iter().any(|similar| similar.hits.contains(id));
                let current = model.before.filter(is_there).or(model.current().map(Entry::id));
                show(model, &hits, similar, current);
            }
            Vec::new()
        }
        Message::Suggested { ticket, suggestions } => {
            if ticket == model.ticket {
                (model.suggestions, model.suggested) = (suggestions, None);
            }
            Vec::new()
        }
        Message::InsightReady { ticket, answer } => insight::insight_ready(model, ticket, answer),
        Message::Indexing(progress) => {
            model.indexing = progress;
            Vec::new()
        }
        Message::PictureCame { key, result } => {
            picture_cache::picture_ready(model, key, result);
            Vec::new()
        }
        Message::Said(status) => {
            model.show_status(status);
            Vec::new()
        }
        Message::Quiet => {
            model.status = None;
            Vec::new()
        }
        Message::Quit => vec![Effect::Quit],
    };
    effects.extend(insight::settle(model));
    settle(model);
    effects.extend(picture_cache::next_request(model));
    effects
}

/// Brings cursors and pages in line with what has changed.
fn settle(model: &mut Model) {
    let height = model.height(Pane::Timeline);
    model.timeline.settle(height);
    if let Some(area) = model.layout().and_then(|layout| layout.heat) {
        let week = model.week();
        model.timeline.heat.settle(week, usize::from(area.height) - 1);
    }
    let height = model.height(Pane::Tags);
    model.tags.scroll.show(model.tags.rows.len(), height);
    let (width, height) = xray_size(model.screen);
    if let Some(Overlay::Xray(xray)) = model.overlays.last_mut() {
        xray.show(&model.log, width, height);
    }
    if let Some(Overlay::Stats(shown)) = model.overlays.last_mut() {
        shown.show(&model.log, &model.titles, (width, height), &model.symbols);
    }
    if let Some(Overlay::Explanation(shown)) = model.overlays.last_mut() {
        shown.lines = explanation(&model.query, &model.notices, width);
        shown.scroll.top = shown.scroll.top.min(shown.lines.len().saturating_sub(height));
    }
    let area = model.layout().and_then(|layout| layout.entry);
    if let Some(area) = area {
        let text = layout::text(area);
        let current = model.current().map(Entry::id);
        model.entry.show(
            current.and_then(|id| model.log.get(id)),
            (usize::from(text.width), usize::from(text.height)),
            &model.highlights,
            &model.symbols,
            &model.titles,
            &model.pictures,
        );
    }
}

/// Columns and rows of text that an X-ray has.
fn xray_size(screen: Rect) -> (usize, usize) {
    let text = layout::text(layout::overlay(screen, usize::from(u16::MAX)));
    (usize::from(text.width), usize::from(text.height))
}

fn log_loaded(model: &mut Model, LoadedLog { log, everything, timeline }: LoadedLog) -> Vec<Effect> {
    let key = model.current().map(Entry::key);
    let key = key.or_else(|| model.kept.position.take().map(|key| key.0));
    model.is_reading = false;
    model.everything = everything;
    model.log = log;
    model.query = parse_prompt(model);
    model.entry.invalidate();
    model.pictures.invalidate();
    insight::reset(model);
    model.overlays.retain(|overlay| !matches!(overlay, Overlay::Xray(_)));
    // Ids of the old log mean nothing in the new one; the key does.
    let current = key.and_then(|key| model.log.find(key));
    model.hits = Arc::new(current.into_iter().collect());
    model.timeline = timeline;
    (model.before, model.destination, model.thread) = (None, None, None);
    search(model)
}

/// Shows another result, on `current` if it is in it. No more work for many hits than for few.
fn show(model: &mut Model, hits: &Hits, similar: Vec<SimilarHits>, current: Option<EntryId>) {
    model.suggestions.clear();
    model.suggested = None;
    let exact = hits.ids.len() - similar.iter().map(|similar| similar.hits.len()).sum::<usize>();
    (model.highlights, model.similar) = (highlight_query(&model.query, &similar), similar);
    let height = model.height(Pane::Timeline);
    model.timeline.show(hits, exact, model.query.order.unwrap_or(Order::Newest), current, height);
    model.hits = hits.ids.clone();
    let height = model.height(Pane::Tags);
    model.tags.show(&model.log, &hits.counts, &model.query, height);
}

/// Asks for the result of the query; everything is at hand without asking.
fn search(model: &mut Model) -> Vec<Effect> {
    model.ticket.0 += 1;
    model.is_searching = !model.query.is_empty();
    if model.query.is_empty() {
        model.search_time = None;
        let current = model.destination.take().or(model.current().map(Entry::id));
        show(model, &model.everything.clone(), Vec::new(), current.or(model.before));
        return Vec::new();
    }
    vec![Effect::Search { ticket: model.ticket, query: search_query(model) }]
}

/// The query with the bookmarks it asks for.
fn search_query(model: &Model) -> Query {
    if model.query.asks_for_bookmarks() { model.query.with_bookmarks(&model.kept.keys()) } else { model.query.clone() }
}

/// The text of the prompt has changed.
fn prompt_changed(model: &mut Model) -> Vec<Effect> {
    let query = parse_prompt(model);
    if query == model.query {
        return Vec::new();
    }
    model.example += usize::from(model.prompt.text().is_empty());
    model.query = query;
    search(model)
}

/// Reads the prompt, with what is to be said of it.
fn parse_prompt(model: &mut Model) -> Query {
    let parsed = Query::parse_on(model.prompt.text(), model.today);
    let unanswerable = parsed.unanswerable(&model.log);
    (model.notices, model.fields) = (parsed.notices, parsed.fields);
    model.notices.extend(unanswerable);
    parsed.query.resolved(&model.log)
}

/// Something else than the prompt has changed the query: the prompt shows it.
fn set_query(model: &mut Model, query: &Query) -> Vec<Effect> {
    model.prompt.set(&query.to_string());
    prompt_changed(model)
}

/// How the query was understood, and what was not, in lines of a width.
fn explanation(query: &Query, notices: &[Notice], width: usize) -> Vec<Line> {
    let line = |text: &str, role| {
        let margin = [TextSpan::new(" ".repeat(text.len() - text.trim_start().len()), Role::Text)];
        wrap(&[TextSpan::new(clean_line(text.trim_start()), role)], &margin, &margin, width)
    };
    let said = query.explain().into_iter().flat_map(|text| line(&text, Role::Text));
    said.chain(notices.iter().flat_map(|notice| line(&notice.message, Role::Warning))).collect()
}

/// Keys and what they do, for help: of the place the user is in, narrowed by what was typed.
pub fn help_lines(keymap: &Keymap, is_typing: bool, focus: Pane, filter: &str) -> Vec<(String, &'static str)> {
    let context = if is_typing { Context::Prompt } else { Context::Pane(focus) };
    let filter = crate::text::fold(filter);
    let shown = |(command, keys): (Command, Vec<Key>)| {
        let keys = keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ");
        (keys, command.title())
    };
    let fits = |(keys, title): &(String, &str)| {
        crate::text::fold(keys).contains(&filter) || crate::text::fold(title).contains(&filter)
    };
    keymap.of(context).into_iter().map(shown).filter(fits).collect()
}
