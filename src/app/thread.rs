//! Threads: the commands that list all mentions of a topic, or step along them.

use super::{
    Effect, Model, Pane, Severity, insight, mentions,
    overlay::Overlay,
    picker::{Picker, PickerItem},
    tags::FilterItem,
};
use crate::{
    insight::thread::{Thread, Topic},
    log::{Log, Reference},
    query::Atom,
    reference::{self, RefKind},
};

/// Shown where there is no topic.
const NO_TOPIC: &str = "No reference, repository or tag here to follow";

/// Lists the thread of the topic under the cursor; if there are several topics, asks which.
pub(super) fn list(model: &mut Model) -> Vec<Effect> {
    let items = if model.window.focus == Pane::Tags {
        let item = model.reading.tags.item();
        item.and_then(|item| topic_of_item(&model.notes.log, item)).into_iter().collect()
    } else {
        topics_of_entry(model)
    };
    match items.as_slice() {
        [] => model.say(Severity::Plain, NO_TOPIC),
        [PickerItem::Topic { topic, name, .. }] => return insight::thread(model, topic.clone(), name.clone()),
        _ => model.reading.overlays.push(Overlay::Picker(Picker::by_letter("Thread of", items))),
    }
    Vec::new()
}

/// Goes to the next or previous entry of the followed thread; without one that mentions this entry,
/// follows the thread of the entry's first topic.
pub(super) fn step(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(id) = model.current_id() else { return Vec::new() };
    if let Some(thread) = &model.reading.thread
        && thread.position(id).is_some()
    {
        return mentions::step(model, forward);
    }
    model.reading.thread = None;
    if let Some(PickerItem::Topic { topic, .. }) = topics_of_entry(model).into_iter().next() {
        return insight::step(model, topic, forward);
    }
    model.say(Severity::Plain, NO_TOPIC);
    Vec::new()
}

/// Topic of an item of the tag pane: a tag or a repository has one.
fn topic_of_item(log: &Log, item: &FilterItem) -> Option<PickerItem> {
    let name = item.name.clone();
    match &item.atom {
        Atom::Tag(tag) => Some(PickerItem::Topic { topic: Topic::tag(tag), what: "tag", name }),
        Atom::Fact(fact) if fact.field() == "repo" => {
            let thread = Thread::named(log, &format!("repo:{}", fact.value())).into_iter().next()?;
            Some(PickerItem::Topic { topic: thread.topic, what: RefKind::Repo.name(), name })
        }
        _ => None,
    }
}

/// Topics of the selected entry, each once: its references, their repositories, then its tags.
fn topics_of_entry(model: &Model) -> Vec<PickerItem> {
    let Some(entry) = model.current() else { return Vec::new() };
    let refs: Vec<Reference<'_>> = entry.refs().filter(|found| found.kind != RefKind::Link).collect();
    let mut items: Vec<PickerItem> = Vec::new();
    for found in &refs {
        push_new(&mut items, PickerItem::thread_of(found));
    }
    for found in &refs {
        if let (Some(topic), Some(name)) = (Topic::repository(found), reference::repo_of(found.kind, found.id)) {
            push_new(&mut items, PickerItem::topic(topic, RefKind::Repo.name(), name));
        }
    }
    for tagged in entry.tags() {
        push_new(&mut items, PickerItem::tag(tagged.name));
    }
    items
}

/// Adds a topic to the items unless it is among them.
fn push_new(items: &mut Vec<PickerItem>, item: PickerItem) {
    let PickerItem::Topic { topic, .. } = &item else { return };
    let is_known = items.iter().any(|known| matches!(known, PickerItem::Topic { topic: other, .. } if other == topic));
    if !is_known {
        items.push(item);
    }
}
