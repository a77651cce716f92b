//! Links: what is opened, copied or edited outside; the runtime decides how.
//!
//! The true host of a link is on the screen before it is opened.

use super::{
    Effect, Model, Severity,
    overlay::{Confirm, Overlay},
    picker::{LinkAction, Picker, PickerItem, ReferenceItem},
};
use crate::{
    log::{Entry, EntryId, Reference},
    reference::{self, RefKind},
    text::clean_line,
};
use std::collections::HashSet;

/// Opens or copies the link of the entry; if there are several, asks which.
pub(super) fn pick_of_entry(model: &mut Model, purpose: LinkAction) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let choices = entry.refs().map(|reference| choice(&reference)).collect();
    let title = if purpose == LinkAction::Open { "Open" } else { "Copy the link" };
    pick(model, choices, purpose, title, "This entry has no link")
}

/// Opens a pull request or issue of the entry, or, if it has none, of its week.
pub(super) fn pick_changes(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let changes = |entry: Entry<'_>| -> Vec<ReferenceItem> {
        let refs = entry.refs().filter(|reference| reference.kind.is_change());
        refs.map(|reference| choice(&reference)).collect()
    };
    let own = changes(entry);
    if !own.is_empty() {
        return pick(model, own, LinkAction::Open, "Pull requests and issues", "");
    }
    let week = entry.span().map(|span| span.iso());
    let mut choices: Vec<ReferenceItem> = Vec::new();
    for found in model.notes.log.of_week(week).flat_map(changes) {
        if !choices.iter().any(|other| other.id == found.id && other.host == found.host) {
            choices.push(found);
        }
    }
    let single = choices.len() == 1;
    let nothing = "No pull request or issue in this entry or its week";
    let effects = pick(model, choices, LinkAction::Open, "Pull requests and issues of this week", nothing);
    if single && !effects.is_empty() {
        model.say(Severity::Plain, "None in this entry; opened the only one of its week");
    }
    effects
}

pub(super) fn choice(reference: &Reference<'_>) -> ReferenceItem {
    let clean = |text: &str| clean_line(text).into_owned();
    ReferenceItem {
        kind: reference.kind,
        id: if reference.kind == RefKind::Link { clean(reference.url) } else { clean(reference.id) },
        host: clean(reference.host),
        url: reference.url.to_owned(),
        label: clean(reference.label),
        inferred: reference.inferred,
    }
}

fn pick(
    model: &mut Model,
    choices: Vec<ReferenceItem>,
    purpose: LinkAction,
    title: &'static str,
    nothing: &str,
) -> Vec<Effect> {
    match choices.as_slice() {
        [] => {
            model.say(Severity::Plain, nothing);
            Vec::new()
        }
        [only] => take(model, &only.clone(), purpose),
        _ => {
            let items = choices.into_iter().map(|choice| PickerItem::Reference(choice, purpose)).collect();
            model.reading.overlays.push(Overlay::Picker(Picker::by_letter(title, items)));
            Vec::new()
        }
    }
}

/// Lists pull requests and issues of the whole result, the newest mention first, each once.
pub(super) fn pick_changes_of_result(model: &mut Model) -> Vec<Effect> {
    let mut known = HashSet::new();
    let mut items = Vec::new();
    let mut newest_first: Vec<EntryId> = model.results.hits.to_vec();
    newest_first.sort_unstable();
    for entry in newest_first.into_iter().map(|id| model.notes.log.entry(id)) {
        for found in entry.refs().filter(|found| found.kind.is_change()) {
            if items.len() < MOST && known.insert((found.host, found.id)) {
                items.push(PickerItem::Reference(choice(&found), LinkAction::Open));
            }
        }
    }
    if items.is_empty() {
        model.say(Severity::Plain, "No pull request or issue in this result");
    } else {
        let all = if items.len() == MOST { "the newest " } else { "" };
        let title = format!("Pull requests and issues of the result: {all}{}", items.len());
        model.reading.overlays.push(Overlay::Picker(Picker::by_letter(title, items)));
    }
    Vec::new()
}

/// References of a result that are listed.
const MOST: usize = 2000;

/// Opens or copies `choice`; if the label names another host, asks first.
pub(super) fn take(model: &mut Model, choice: &ReferenceItem, purpose: LinkAction) -> Vec<Effect> {
    match purpose {
        LinkAction::Copy => vec![Effect::Copy { text: choice.url.clone(), what: choice.url.clone() }],
        LinkAction::Open if reference::claimed_host(&choice.label, &choice.host).is_some() => {
            let ReferenceItem { label, host, url, .. } = choice.clone();
            model.reading.overlays.push(Overlay::Confirm(Confirm { label, host, url }));
            Vec::new()
        }
        LinkAction::Open => vec![Effect::Open { url: choice.url.clone() }],
    }
}

pub(super) fn confirm(model: &mut Model) -> Vec<Effect> {
    match model.reading.overlays.pop() {
        Some(Overlay::Confirm(confirm)) => vec![Effect::Open { url: confirm.url }],
        _ => Vec::new(),
    }
}

pub(super) fn copy_markdown(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let note = entry.note();
    let body = entry.body().trim().replace(crate::markup::normalize::SEAM, "");
    let text = format!("{body}\n\n[{}]({}#L{})\n", note.title, note.path, entry.line());
    vec![Effect::Copy { text, what: "the entry as Markdown".to_owned() }]
}

pub(super) fn edit(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let note = entry.note();
    vec![Effect::Edit { source: note.source.clone(), path: note.path.clone(), line: entry.line() }]
}
