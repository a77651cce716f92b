//! Keys: what a key, a paste or a command does in the place that has the keys.
//!
//! The only file that turns a command into a change. Knows no files and nothing of drawing.

use super::{
    Effect, Model, Pane, Severity, bookmarks,
    command::{Command, Context},
    find_bar,
    history::HistoryCursor,
    insight::{self, PendingInsight},
    key::{Key, KeyCode},
    links,
    motion::{back, go},
    navigation,
    overlay::{self, Explanation, Overlay},
    palette,
    picker::{LinkAction, PickerItem},
    scroll::Scroll,
    search::{complete_prompt, prompt_changed, toggle, toggle_current},
    suggestions, thread, veil,
};
use crate::{
    query::{Completion, Stance},
    text::clean_line,
};
use Command as C;
use std::mem::take;

/// The largest count. A slip on a digit is no reason to wait.
const MAX_COUNT: u32 = 9999;

/// State of the prompt that only the next key can use: any other key ends it.
#[derive(Default)]
pub(super) struct PromptState {
    completion: Option<(Completion, usize)>,
    cursor: HistoryCursor,
}

/// Inserts pasted text where text is typed; in a pane, into the prompt.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let is_finding = model.context() == Context::Find;
    match model.reading.overlays.last_mut() {
        Some(Overlay::Help { filter, .. }) => filter.push_str(&clean_line(text)),
        Some(Overlay::Picker(picker)) => picker.paste(text),
        Some(_) => {}
        None if is_finding => find_bar::paste(model, text),
        None => {
            model.search.is_typing = true;
            model.search.prompt.insert(text);
            return prompt_changed(model);
        }
    }
    Vec::new()
}

/// Handles a key: a digit of a count, the key of a command, or text.
pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    model.session.status = None;
    model.reading.pending_insight = model.reading.pending_insight.filter(PendingInsight::is_shown);
    let context = model.context();
    let prompt =
        PromptState { completion: model.search.completion.take(), cursor: take(&mut model.search.history_cursor) };
    if context != Context::Prompt {
        model.results.anchor = None;
    }
    if push_digit(model, context, key) {
        return Vec::new();
    }
    let times = model.window.count.take().unwrap_or(1).max(1);
    match model.settings.keymap.command(context, key) {
        Some(command) => repeat(model, command, times, prompt),
        None => type_key(model, context, key),
    }
}

/// Adds a digit to the count. Returns false if `key` is no digit of a count.
fn push_digit(model: &mut Model, context: Context, key: Key) -> bool {
    let Key { code: KeyCode::Char(c), ctrl: false, alt: false } = key.narrowed() else { return false };
    let Context::Pane(_) = context else { return false };
    let Some(digit) = c.to_digit(10) else { return false };
    let count = model.window.count;
    if count.is_none() && (1..=3).contains(&digit) {
        return false;
    }
    model.window.count = Some((count.unwrap_or(0) * 10 + digit).min(MAX_COUNT));
    true
}

/// Runs a command as often as the count says, if it is one that a count repeats.
fn repeat(model: &mut Model, command: Command, times: u32, prompt: PromptState) -> Vec<Effect> {
    // After a count, Esc only clears the count.
    if times > 1 && command == Command::Back {
        return Vec::new();
    }
    if !command.is_step() {
        return run(model, command, prompt);
    }
    let mut effects = Vec::new();
    for _ in 0..times {
        effects.extend(run(model, command, PromptState::default()));
    }
    effects
}

/// Handles a key that is bound to no command: text, or the letter of an item.
fn type_key(model: &mut Model, context: Context, key: Key) -> Vec<Effect> {
    match context {
        Context::Prompt => {
            if model.search.prompt.press(key) {
                return prompt_changed(model);
            }
        }
        Context::Find => find_bar::press(model, key),
        Context::Help => type_in_help(model, key),
        Context::Picker | Context::Narrowing => {
            let Some(Overlay::Picker(picker)) = model.reading.overlays.last_mut() else { return Vec::new() };
            if picker.pick(key) {
                return choose(model);
            }
            picker.press(key);
        }
        Context::Lists | Context::Pane(_) | Context::Xray | Context::Stats | Context::Confirm => {}
    }
    Vec::new()
}

fn type_in_help(model: &mut Model, key: Key) {
    let Some(Overlay::Help { filter, scroll }) = model.reading.overlays.last_mut() else { return };
    match key.code {
        KeyCode::Char('q' | '?') if filter.is_empty() => {
            model.reading.overlays.pop();
        }
        KeyCode::Char(c) if !key.ctrl && !key.alt => {
            filter.push_str(&clean_line(c.encode_utf8(&mut [0; 4])));
            *scroll = Scroll::default();
        }
        KeyCode::Backspace => {
            filter.pop();
            *scroll = Scroll::default();
        }
        _ => {}
    }
}

/// Runs a command in the place that has the keys. A motion that means nothing there does nothing.
#[expect(clippy::match_same_arms, reason = "motions of a list, then motions among entries")]
pub(super) fn run(model: &mut Model, command: Command, prompt: PromptState) -> Vec<Effect> {
    if go(model, command) {
        return Vec::new();
    }
    match command {
        C::Search => open_prompt(model),
        C::Find => find_bar::begin(model),
        C::KeepFind => find_bar::keep(model),
        C::NextPlace | C::PreviousPlace => find_bar::step(model, command == C::NextPlace),
        C::Complete => return complete(model, prompt, 1),
        C::CompleteBack => return complete(model, prompt, -1),
        C::OlderQuery => return older_query(model, prompt.cursor),
        C::NewerQuery => return newer_query(model, prompt.cursor),
        C::Explain => open(model, Overlay::Explanation(Explanation::default())),
        C::Accept => return suggestions::accept(model),
        C::Back => return back(model),
        C::NextPane => model.window.focus = model.window.focus.step(1),
        C::PreviousPane => model.window.focus = model.window.focus.step(2),
        C::FocusTags => model.window.focus = Pane::Tags,
        C::FocusTimeline => model.window.focus = Pane::Timeline,
        C::FocusEntry => model.window.focus = Pane::Entry,
        C::Left => model.window.focus = model.window.focus.left(),
        C::Right => model.window.focus = model.window.focus.right(),
        C::Read => return read(model),
        C::Require => return toggle_current(model, Stance::Required),
        C::Exclude => return toggle_current(model, Stance::Excluded),
        C::Filter => navigation::filters(model),
        C::Open => return links::pick_of_entry(model, LinkAction::Open),
        C::CopyUrl => return links::pick_of_entry(model, LinkAction::Copy),
        C::OpenChanges => return links::pick_changes(model),
        C::OpenChangesOfResult => return links::pick_changes_of_result(model),
        C::Narrow => narrow(model),
        C::Thread => return thread::list(model),
        C::NextMention | C::PreviousMention => return thread::step(model, command == C::NextMention),
        C::GoTo => open(model, Overlay::Picker(navigation::by_name(model))),
        C::OtherYears => navigation::other_years(model),
        C::GoBack | C::GoForward => return navigation::retrace(model, command == C::GoForward),
        C::Bookmark => return bookmarks::toggle(model),
        C::Bookmarks => bookmarks::pick(model),
        C::CopyMarkdown => return links::copy_markdown(model),
        C::Stats => insight::open_stats(model),
        C::Messages => overlay::open_messages(model),
        C::Veil => return veil::toggle(model),
        C::Why => overlay::open_xray(model),
        C::Edit => return links::edit(model),
        C::Zoom => model.window.zoomed = !model.window.zoomed,
        C::Reload => return reload(model),
        C::Palette => palette::open(model),
        C::Help => open(model, Overlay::Help { filter: String::new(), scroll: Scroll::default() }),
        C::Suspend => return vec![Effect::Suspend],
        C::Quit => return vec![Effect::Quit],
        C::Choose => return choose(model),
        C::Yes => return links::confirm(model),
        C::No => drop(model.reading.overlays.pop()),
        C::Down | C::Up | C::Top | C::Bottom | C::HalfDown | C::HalfUp | C::PageDown | C::PageUp => {}
        C::NextWeek | C::PreviousWeek | C::NextGroup | C::PreviousGroup | C::NextEntry | C::PreviousEntry => {}
    }
    Vec::new()
}

fn open(model: &mut Model, overlay: Overlay) {
    model.reading.overlays.push(overlay);
}

fn open_prompt(model: &mut Model) {
    model.push_jump();
    find_bar::end(model);
    model.search.is_typing = true;
}

/// Completes the word at the cursor; with nothing to complete, accepts the query.
fn complete(model: &mut Model, prompt: PromptState, step: isize) -> Vec<Effect> {
    match complete_prompt(model, prompt.completion, step) {
        Some(effects) => effects,
        None => suggestions::accept(model),
    }
}

/// Moves up in the list, and from its top recalls the previous query.
fn older_query(model: &mut Model, cursor: HistoryCursor) -> Vec<Effect> {
    let HistoryCursor::Below(rows @ 1..) = cursor else { return suggestions::recall_older(model, cursor) };
    go(model, Command::Up);
    model.search.history_cursor = if rows > 1 { HistoryCursor::Below(rows - 1) } else { HistoryCursor::Typing };
    Vec::new()
}

/// Recalls the next query, then what was typed, and then moves down in the list.
fn newer_query(model: &mut Model, cursor: HistoryCursor) -> Vec<Effect> {
    let rows = match cursor {
        HistoryCursor::Recalled { at, typed } => return suggestions::recall_newer(model, at + 1, typed),
        HistoryCursor::Typing => 0,
        HistoryCursor::Below(rows) => rows,
    };
    go(model, Command::Down);
    model.search.history_cursor = HistoryCursor::Below(rows + 1);
    Vec::new()
}

/// Focuses the entry; where suggestions are shown instead of hits, asks the chosen one.
fn read(model: &mut Model) -> Vec<Effect> {
    if model.window.focus == Pane::Timeline && !model.results.suggestions.is_empty() {
        return suggestions::take(model, model.chosen().unwrap_or(0));
    }
    model.window.focus = Pane::Entry;
    Vec::new()
}

fn narrow(model: &mut Model) {
    if let Some(Overlay::Picker(picker)) = model.reading.overlays.last_mut() {
        picker.narrow();
    }
}

fn reload(model: &mut Model) -> Vec<Effect> {
    model.say(Severity::Plain, "Reloading the notes");
    vec![Effect::Reload]
}

/// Closes the picker and acts on its current item.
pub(super) fn choose(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Picker(picker)) = model.reading.overlays.pop() else { return Vec::new() };
    match picker.current() {
        Some(PickerItem::Reference(reference, action)) => links::take(model, reference, *action),
        Some(PickerItem::Place(target)) => navigation::go_to(model, target.key),
        Some(PickerItem::Filter(_, item)) => toggle(model, &item.atom, Stance::Required),
        Some(PickerItem::Command { command, .. }) => run(model, *command, PromptState::default()),
        Some(PickerItem::Topic { topic, name, .. }) => insight::thread(model, topic.clone(), name.clone()),
        None => Vec::new(),
    }
}
