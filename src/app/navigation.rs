//! Navigation: to an entry, by name, to the same week of other years, back and forward.

use super::{
    Effect, Model, Pane, Severity,
    command::Command,
    overlay::Overlay,
    picker::{JumpTarget, Picker, PickerItem},
    search::prompt_changed,
};
use crate::{
    log::{Entry, Log},
    note::EntryKey,
    reference::RefKind,
    text::clean_line,
};
use std::collections::HashSet;

/// Newest entries whose names the picker lists: naming all entries of a very large log would read
/// all its notes at one key press.
const NAMED: usize = 20_000;

/// Goes to an entry. A query that does not find it is cleared.
pub(super) fn go_to(model: &mut Model, key: EntryKey) -> Vec<Effect> {
    let Some(id) = model.notes.log.find(key) else {
        model.say(Severity::Plain, "That entry is no longer in the notes");
        return Vec::new();
    };
    model.push_jump();
    if model.results.hits.contains(&id) {
        let query = model.search.prompt.text().to_owned();
        return arrive(model, Some(key), &query);
    }
    if !model.search.query.is_empty() {
        let back = model.key_of(Command::GoBack);
        model.say(Severity::Plain, format!("The query did not match that entry and was cleared; {back} goes back"));
    }
    arrive(model, Some(key), "")
}

/// Goes back in the jump list, or forward again.
pub(super) fn retrace(model: &mut Model, forward: bool) -> Vec<Effect> {
    let here = model.jump_position();
    let jumps = &mut model.session.jumps;
    let there = if forward { jumps.forward(here) } else { jumps.back(here) };
    let Some(there) = there else {
        model.say(Severity::Plain, if forward { "Nothing further ahead" } else { "Nothing further back" });
        return Vec::new();
    };
    arrive(model, there.entry, &there.query)
}

/// Selects an entry in the result of `query`, now or when the result arrives.
fn arrive(model: &mut Model, key: Option<EntryKey>, query: &str) -> Vec<Effect> {
    let id = key.and_then(|key| model.notes.log.find(key));
    if query != model.search.prompt.text() {
        model.results.destination = id;
        model.search.prompt.set(query);
        return prompt_changed(model);
    }
    if let Some(id) = id
        && let Some(at) = model.results.hits.iter().position(|hit| *hit == id)
    {
        let height = model.height(Pane::Timeline);
        model.reading.timeline.select(at, height);
    }
    Vec::new()
}

/// Lists weeks, tags, references and titles of the newest [`NAMED`] entries, to go to by name.
pub(super) fn by_name(model: &Model) -> Picker {
    let log = &model.notes.log;
    let mut items = weeks(log);
    for tag in log.tags() {
        items.push(PickerItem::tag(&tag.name));
    }
    let mut known = HashSet::new();
    for found in log.entries().take(NAMED).flat_map(Entry::refs) {
        if found.kind != RefKind::Link && known.insert((found.kind, found.host, found.id)) {
            items.push(PickerItem::thread_of(&found));
        }
    }
    for entry in log.entries().take(NAMED) {
        items.push(PickerItem::Place(JumpTarget::entry(entry)));
    }
    let title = if log.len() > NAMED { "Go to, of the newest 20 000 entries" } else { "Go to" };
    Picker::by_name(title, items)
}

/// Weeks of the newest [`NAMED`] entries, each by its newest entry and the title of its note.
fn weeks(log: &Log) -> Vec<PickerItem> {
    let mut items = Vec::new();
    let mut last = None;
    for entry in log.entries().take(NAMED) {
        let group = log.group_of(entry.id());
        if last.replace(group) != Some(group) && log.group(group).span.is_some() {
            let title = clean_line(&entry.note().title).into_owned();
            items.push(PickerItem::Place(JumpTarget { right: "week".to_owned(), ..JumpTarget::new(entry, title) }));
        }
    }
    items
}

/// Lists entries of the same week in other years, the newest first.
pub(super) fn other_years(model: &mut Model) {
    let log = &model.notes.log;
    let Some((year, week)) = model.current().and_then(|entry| log.group(log.group_of(entry.id())).week) else {
        model.say(Severity::Plain, "This entry does not belong to a week");
        return;
    };
    let mut years: Vec<i16> = log.groups().iter().filter_map(|group| Some(group.week?.0)).collect();
    years.dedup();
    let mut items = Vec::new();
    for other in years.into_iter().filter(|other| *other != year) {
        for entry in log.of_week(Some((other, week))) {
            items.push(PickerItem::Place(JumpTarget::entry(entry)));
        }
    }
    if items.is_empty() {
        model.say(Severity::Plain, format!("No other year has notes for week {week}"));
        return;
    }
    model.reading.overlays.push(Overlay::Picker(Picker::by_name(format!("Week {week} in other years"), items)));
}

/// Lists everything in the tag pane, to be required by name.
pub(super) fn filters(model: &mut Model) {
    let mut items = Vec::new();
    for (group, item) in model.reading.tags.items() {
        items.push(PickerItem::Filter(group, item.clone()));
    }
    if items.is_empty() {
        return model.say(Severity::Plain, "Nothing to filter by");
    }
    model.reading.overlays.push(Overlay::Picker(Picker::by_name("Filter by", items)));
}
