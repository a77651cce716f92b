//! Leaving the notes: to a link, to the clipboard, to the editor.
//!
//! Decides what is opened or copied; how is the runtime's affair. The true host of a link is
//! on the screen before it is opened.

use super::{
    Effect, Model, Tone,
    overlay::{Choice, Confirm, Overlay, Picker, Purpose},
    scroll::Scroll,
};
use crate::{
    log::{Entry, EntryId, RefKind, Reference, reference},
    text::clean_line,
};

/// Opens or copies a link of the entry: the only one at once, of several the chosen one.
pub(super) fn pick_of_entry(model: &mut Model, purpose: Purpose) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let choices = entry.refs().map(|reference| choice(entry.id(), &reference)).collect();
    let title = if purpose == Purpose::Open { "Open" } else { "Copy the link" };
    pick(model, choices, purpose, title, "This entry has no link")
}

/// Pull requests and issues of the entry, or, if it has none, of all its week.
pub(super) fn pick_changes(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let changes = |entry: Entry<'_>| -> Vec<Choice> {
        let refs = entry.refs().filter(|reference| reference.kind.is_change());
        refs.map(|reference| choice(entry.id(), &reference)).collect()
    };
    let own = changes(entry);
    if !own.is_empty() {
        return pick(model, own, Purpose::Open, "Pull requests and issues", "");
    }
    let week = entry.span().map(|span| span.iso());
    let mut choices: Vec<Choice> = Vec::new();
    for found in model.log.of_week(week).flat_map(changes) {
        if !choices.iter().any(|other| other.id == found.id && other.host == found.host) {
            choices.push(found);
        }
    }
    let single = choices.len() == 1;
    let nothing = "No pull request or issue in this entry, nor in its week";
    let effects = pick(model, choices, Purpose::Open, "Pull requests and issues of this week", nothing);
    if single && !effects.is_empty() {
        model.say(Tone::Plain, "None in this entry: opened the one of its week");
    }
    effects
}

pub(super) fn choice(entry: EntryId, reference: &Reference<'_>) -> Choice {
    let clean = |text: &str| clean_line(text).into_owned();
    Choice {
        entry,
        kind: reference.kind,
        id: if reference.kind == RefKind::Link { clean(reference.url) } else { clean(reference.id) },
        host: clean(reference.host),
        url: reference.url.to_owned(),
        label: clean(reference.label),
        inferred: reference.inferred,
    }
}

fn pick(model: &mut Model, choices: Vec<Choice>, purpose: Purpose, title: &'static str, nothing: &str) -> Vec<Effect> {
    match choices.as_slice() {
        [] => {
            model.say(Tone::Plain, nothing);
            Vec::new()
        }
        [only] => take(model, &only.clone(), purpose),
        _ => {
            model.overlays.push(Overlay::Picker(Picker { purpose, title, choices, scroll: Scroll::default() }));
            Vec::new()
        }
    }
}

pub(super) fn choose(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Picker(picker)) = model.overlays.pop() else { return Vec::new() };
    match picker.choices.get(picker.scroll.cursor) {
        Some(choice) => take(model, choice, picker.purpose),
        None => Vec::new(),
    }
}

/// Opens or copies `choice`; a label that hides another host is asked about first.
pub(super) fn take(model: &mut Model, choice: &Choice, purpose: Purpose) -> Vec<Effect> {
    match purpose {
        Purpose::Copy => vec![Effect::Copy { text: choice.url.clone(), what: choice.url.clone() }],
        Purpose::Open if reference::claimed_host(&choice.label, &choice.host).is_some() => {
            let Choice { label, host, url, .. } = choice.clone();
            model.overlays.push(Overlay::Confirm(Confirm { label, host, url }));
            Vec::new()
        }
        Purpose::Open => vec![Effect::Open { url: choice.url.clone() }],
    }
}

pub(super) fn confirm(model: &mut Model) -> Vec<Effect> {
    match model.overlays.pop() {
        Some(Overlay::Confirm(confirm)) => vec![Effect::Open { url: confirm.url }],
        _ => Vec::new(),
    }
}

pub(super) fn copy_markdown(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let note = entry.note();
    let body = entry.body().trim().replace(crate::log::SEAM, "");
    let text = format!("{body}\n\n[{}]({}#L{})\n", note.title, note.path, entry.line());
    vec![Effect::Copy { text, what: "the entry as Markdown".to_owned() }]
}

pub(super) fn edit(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let note = entry.note();
    vec![Effect::Edit { source: note.source.clone(), path: note.path.clone(), line: entry.line() }]
}
