//! Keys: what a key, a paste or a command does in the place the user is in.
//!
//! The only place where a command becomes a change; knows no files, and not how anything is drawn.

use super::{
    Effect, Model, Pane, Severity,
    command::{Command, Context},
    find_bar, help_lines,
    insight::{self, PendingInsight},
    key::{Key, KeyCode},
    links, navigation,
    overlay::{Explanation, Overlay, Xray},
    picker::LinkAction,
    prompt_changed,
    scroll::Scroll,
    set_query, suggestions, veil, xray_size,
};
use crate::{
    query::{Atom, Completion, Query, Stance, complete},
    text::clean_line,
};

pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let is_finding = model.context() == Context::Find;
    match model.overlays.last_mut() {
        Some(Overlay::Help { filter, .. }) => filter.push_str(&clean_line(text)),
        Some(Overlay::Picker(picker)) => picker.paste(text),
        Some(_) => {}
        None if is_finding => {
            if let Some(finding) = &mut model.entry.finding {
                finding.line.insert(text);
            }
        }
        None => {
            // A paste into the lists is meant for the query: nothing else takes text.
            model.is_typing = true;
            model.prompt.insert(text);
            return prompt_changed(model);
        }
    }
    Vec::new()
}

pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    (model.status, model.pending) = (None, model.pending.filter(PendingInsight::is_shown));
    let context = model.context();
    let completion = model.completion.take();
    let walk = std::mem::take(&mut model.walk);
    if context != Context::Prompt {
        model.before = None;
    }
    if counted(model, context, key) {
        return Vec::new();
    }
    let times = model.count.take().unwrap_or(1).max(1);
    if let Some(command) = model.keymap.command(context, key) {
        if times > 1 && command == Command::Back {
            return Vec::new();
        }
        if command.is_step() {
            return (0..times).flat_map(|_| run(model, command)).collect();
        }
        match command {
            Command::Complete => return complete_prompt(model, completion, 1),
            Command::CompleteBack => return complete_prompt(model, completion, -1),
            Command::OlderQuery => return suggestions::up(model, walk),
            Command::NewerQuery => return suggestions::down(model, walk),
            _ => {}
        }
        return run(model, command);
    }
    match context {
        Context::Prompt if model.prompt.press(key) => return prompt_changed(model),
        Context::Find => find_bar::press(model, key),
        Context::Help => help_typed(model, key),
        Context::Picker | Context::Narrowing => {
            let Some(Overlay::Picker(picker)) = model.overlays.last_mut() else { return Vec::new() };
            if picker.pick(key) {
                return links::choose(model);
            }
            picker.press(key);
        }
        _ => {}
    }
    Vec::new()
}

/// Takes a digit of a count.
fn counted(model: &mut Model, context: Context, key: Key) -> bool {
    let Key { code: KeyCode::Char(digit), ctrl: false, alt: false } = key.narrowed() else { return false };
    let Some(digit) = digit.to_digit(10).filter(|_| matches!(context, Context::Pane(_))) else { return false };
    if model.count.is_none() && (1..=3).contains(&digit) {
        return false;
    }
    model.count = Some((model.count.unwrap_or(0) * 10 + digit).min(COUNT));
    true
}

/// The largest count: a slip on a digit is no reason to wait.
const COUNT: u32 = 9999;

fn help_typed(model: &mut Model, key: Key) {
    let Some(Overlay::Help { filter, scroll }) = model.overlays.last_mut() else { return };
    match key.code {
        KeyCode::Char('q' | '?') if filter.is_empty() => {
            model.overlays.pop();
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

pub(super) fn run(model: &mut Model, command: Command) -> Vec<Effect> {
    if go(model, command) {
        return Vec::new();
    }
    match command {
        Command::Search => {
            navigation::push_jump(model);
            find_bar::end(model);
            model.is_typing = true;
        }
        Command::Find => find_bar::begin(model),
        Command::KeepFind => find_bar::keep(model),
        Command::NextPlace => find_bar::step(model, true),
        Command::PreviousPlace => find_bar::step(model, false),
        Command::Accept => return suggestions::accept(model),
        Command::Read if model.focus == Pane::Timeline && !model.suggestions.is_empty() => {
            return suggestions::take(model, model.chosen().unwrap_or(0));
        }
        Command::Back => return back(model),
        Command::NextPane => model.focus = model.focus.step(1),
        Command::PreviousPane => model.focus = model.focus.step(2),
        Command::FocusTags => model.focus = Pane::Tags,
        Command::FocusTimeline => model.focus = Pane::Timeline,
        Command::FocusEntry | Command::Read => model.focus = Pane::Entry,
        Command::Left => model.focus = Pane::ALL[(model.focus as usize).saturating_sub(1)],
        Command::Right => model.focus = Pane::ALL[(model.focus as usize + 1).min(2)],
        Command::Require => return toggle_current(model, Stance::Required),
        Command::Exclude => return toggle_current(model, Stance::Excluded),
        Command::Open => return links::pick_of_entry(model, LinkAction::Open),
        Command::CopyUrl => return links::pick_of_entry(model, LinkAction::Copy),
        Command::OpenChanges => return links::pick_changes(model),
        Command::OpenChangesOfResult => return links::pick_changes_of_result(model),
        Command::Narrow => {
            if let Some(Overlay::Picker(picker)) = model.overlays.last_mut() {
                picker.narrow();
            }
        }
        Command::Thread => return navigation::thread(model),
        Command::NextMention => return navigation::step_in_thread(model, true),
        Command::PreviousMention => return navigation::step_in_thread(model, false),
        Command::GoTo => model.overlays.push(Overlay::Picker(navigation::by_name(model))),
        Command::OtherYears => navigation::other_years(model),
        Command::GoBack => return navigation::retrace(model, false),
        Command::GoForward => return navigation::retrace(model, true),
        Command::Palette => links::palette(model),
        Command::Veil => return veil::toggle(model),
        Command::Filter => navigation::filters(model),
        Command::Bookmark => return navigation::toggle_bookmark(model),
        Command::Bookmarks => navigation::pick_bookmark(model),
        Command::CopyMarkdown => return links::copy_markdown(model),
        Command::Edit => return links::edit(model),
        Command::Why => why(model),
        Command::Stats => insight::open_stats(model),
        Command::Messages if model.said.is_empty() => model.say(Severity::Plain, "Nothing was said yet"),
        Command::Messages => model.overlays.push(Overlay::Messages(Scroll::default())),
        Command::Explain => {
            model.overlays.push(Overlay::Explanation(Explanation::default()));
        }
        Command::Zoom => model.zoomed = !model.zoomed,
        Command::Reload => {
            model.say(Severity::Plain, "Reading the notes again");
            return vec![Effect::Reload];
        }
        Command::Help => model.overlays.push(Overlay::Help { filter: String::new(), scroll: Scroll::default() }),
        Command::Suspend => return vec![Effect::Suspend],
        Command::Quit => return vec![Effect::Quit],
        Command::Choose => return links::choose(model),
        Command::Yes => return links::confirm(model),
        Command::No => {
            model.overlays.pop();
        }
        _ => {}
    }
    Vec::new()
}

/// Moves in what has the focus. Whether `command` was a move there.
pub(super) fn go(model: &mut Model, command: Command) -> bool {
    let rows = model.screen.height.saturating_sub(4) as usize;
    match model.overlays.last_mut() {
        Some(Overlay::Help { filter, scroll }) => {
            let len = help_lines(&model.keymap, model.is_typing, model.focus, filter).len();
            return scroll.turn(command, len, rows.min(len));
        }
        Some(Overlay::Picker(picker)) => {
            let len = picker.shown.len();
            return picker.scroll.go(command, len, rows.min(picker.items.len()));
        }
        Some(Overlay::Xray(xray)) => {
            return xray.scroll.turn(command, xray.lines.len(), xray_size(model.screen).1);
        }
        Some(Overlay::Stats(shown)) => {
            if matches!(command, Command::Left | Command::Right) {
                shown.turn(command == Command::Right);
                return true;
            }
            return shown.scroll.turn(command, shown.lines.len(), xray_size(model.screen).1);
        }
        Some(Overlay::Messages(scroll)) => return scroll.turn(command, model.said.len(), rows.min(model.said.len())),
        Some(Overlay::Explanation(explanation)) => {
            let len = explanation.lines.len();
            return explanation.scroll.turn(command, len, rows.min(len));
        }
        Some(Overlay::Confirm(_) | Overlay::Computing(_)) => return false,
        None => {}
    }
    let weeks = matches!(command, Command::NextWeek | Command::PreviousWeek);
    let entries = matches!(command, Command::NextEntry | Command::PreviousEntry);
    let pane = if model.is_typing || weeks || entries { Pane::Timeline } else { model.focus };
    let height = model.height(pane);
    match pane {
        Pane::Timeline => {
            let command = match command {
                Command::NextEntry => Command::Down,
                Command::PreviousEntry => Command::Up,
                command => command,
            };
            if model.suggestions.is_empty() {
                model.timeline.go(command, height)
            } else {
                suggestions::go(model, command)
            }
        }
        Pane::Tags => model.tags.go(command, height),
        Pane::Entry => model.entry.go(command, height),
    }
}

pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    if model.overlays.pop().is_some() {
        return Vec::new();
    }
    if model.is_typing {
        suggestions::leave(model);
        return Vec::new();
    }
    if find_bar::end(model) {
        return Vec::new();
    }
    if model.zoomed {
        model.zoomed = false;
        return Vec::new();
    }
    if model.prompt.text().is_empty() {
        return Vec::new();
    }
    navigation::push_jump(model);
    set_query(model, &Query::default())
}

pub(super) fn toggle_current(model: &mut Model, stance: Stance) -> Vec<Effect> {
    let atom = model.tags.item().map(|item| item.atom.clone());
    atom.map_or_else(Vec::new, |atom| toggle(model, &atom, stance))
}

pub(super) fn toggle(model: &mut Model, atom: &Atom, stance: Stance) -> Vec<Effect> {
    let query = model.query.toggled(atom.clone(), stance);
    navigation::push_jump(model);
    set_query(model, &query)
}

/// Completes the word at the cursor, or goes on to the next way to: `step` ways further. With
/// nothing to complete, typing is over.
fn complete_prompt(model: &mut Model, completion: Option<(Completion, usize)>, step: isize) -> Vec<Effect> {
    let next = match completion {
        Some((completion, at)) => {
            let at = at.cast_signed() + step;
            let at = at.rem_euclid(completion.candidates.len().cast_signed());
            Some((completion, at.unsigned_abs()))
        }
        None => complete(model.prompt.text(), model.prompt.cursor(), &model.log).map(|completion| (completion, 0)),
    };
    let Some((mut completion, at)) = next else { return run(model, Command::Accept) };
    let candidate = &completion.candidates[at];
    model.prompt.replace(completion.place.clone(), candidate);
    completion.place.end = completion.place.start + candidate.len();
    model.completion = Some((completion, at));
    prompt_changed(model)
}

/// Shows how the entry was understood.
fn why(model: &mut Model) {
    let (width, _) = xray_size(model.screen);
    match model.current().map(|entry| Xray::new(entry, width)) {
        Some(xray) => model.overlays.push(Overlay::Xray(xray)),
        None => model.say(Severity::Plain, "No entry is selected"),
    }
}
