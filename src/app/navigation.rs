//! Travelling in the log: to an entry, by name, to the same week of other years, back and forward.

use super::{
    Effect, Model, Pane, Severity,
    command::Command,
    insight,
    jump_list::JumpPosition,
    overlay::Overlay,
    picker::{JumpTarget, Picker, PickerItem},
    saved_state::{Bookmark, HexEntryKey},
    tags,
};
use crate::{
    insight::thread::{Mention, Thread, Topic},
    log::{Entry, Log, Reference},
    note::EntryKey,
    query::Atom,
    reference::{self, RefKind},
    text::clean_line,
};
use std::{borrow::Cow, collections::HashSet};

/// Where the reader is.
pub(super) fn position(model: &Model) -> JumpPosition {
    JumpPosition { query: model.prompt.text().to_owned(), entry: model.current().map(Entry::key) }
}

/// Remembers where the reader is, before a jump.
pub(super) fn push_jump(model: &mut Model) {
    let here = position(model);
    model.trail.push(here);
}

/// Goes to an entry; where the query does not find it, the query gives way.
pub(super) fn go_to(model: &mut Model, key: EntryKey) -> Vec<Effect> {
    let Some(id) = model.log.find(key) else {
        model.say(Severity::Plain, "That entry is no longer in the notes");
        return Vec::new();
    };
    push_jump(model);
    if model.hits.contains(&id) {
        let query = model.prompt.text().to_owned();
        return arrive(model, Some(key), &query);
    }
    if !model.query.is_empty() {
        let back = model.key_of(Command::GoBack);
        model.say(Severity::Plain, format!("The query did not find that entry, and was cleared; {back} goes back"));
    }
    arrive(model, Some(key), "")
}

/// Goes back, or forward again.
pub(super) fn retrace(model: &mut Model, forward: bool) -> Vec<Effect> {
    let here = position(model);
    let there = if forward { model.trail.forward(here) } else { model.trail.back(here) };
    let Some(there) = there else {
        model.say(Severity::Plain, if forward { "Nothing further ahead" } else { "Nothing further back" });
        return Vec::new();
    };
    arrive(model, there.entry, &there.query)
}

/// Shows an entry in the result of a query.
fn arrive(model: &mut Model, key: Option<EntryKey>, query: &str) -> Vec<Effect> {
    let id = key.and_then(|key| model.log.find(key));
    if query == model.prompt.text() {
        let at = id.and_then(|id| model.hits.iter().position(|hit| *hit == id));
        if let Some(at) = at {
            let height = model.height(Pane::Timeline);
            model.timeline.select(at, height);
        }
        return Vec::new();
    }
    model.destination = id;
    model.prompt.set(query);
    super::prompt_changed(model)
}

/// Entries whose names can be gone to: to name all of a very large log, all its notes would have to
/// be read at one key press.
const NAMED: usize = 20_000;

/// All there is to go to by name: weeks, tags, references, entries, of the newest [`NAMED`] entries.
pub(super) fn by_name(model: &Model) -> Picker {
    let log = &model.log;
    let entries = || log.entries().take(NAMED);
    let mut items = Vec::new();
    let mut last = None;
    for entry in entries() {
        let group = log.group_of(entry.id());
        if last.replace(group) != Some(group) && log.group(group).span.is_some() {
            let title = clean_line(&entry.note().title).into_owned();
            items.push(PickerItem::Place(JumpTarget { right: "week".to_owned(), ..place(entry, title) }));
        }
    }
    items.extend(log.tags().iter().map(|tag| PickerItem::Topic {
        topic: Topic::tag(&tag.name),
        what: "tag",
        name: clean_line(&tag.name).into_owned(),
    }));
    let mut known = HashSet::new();
    for found in entries().flat_map(Entry::refs).filter(|found| found.kind != RefKind::Link) {
        if known.insert((found.kind, found.host, found.id)) {
            items.push(topic(&found));
        }
    }
    items.extend(entries().map(|entry| PickerItem::Place(place(entry, clean_line(entry.title()).into_owned()))));
    let title = if log.len() > NAMED { "Go to, of the newest 20 000 entries" } else { "Go to" };
    Picker::by_name(title, items)
}

/// Entries of the same week in other years, the newest first.
pub(super) fn other_years(model: &mut Model) {
    let week = model.current().and_then(|entry| model.log.group(model.log.group_of(entry.id())).week);
    let Some((year, week)) = week else {
        model.say(Severity::Plain, "This entry is of no week");
        return;
    };
    let log = &model.log;
    let mut years: Vec<i16> = log.groups().iter().filter_map(|group| Some(group.week?.0)).collect();
    years.dedup();
    let entries = years.into_iter().filter(|other| *other != year);
    let entries = entries.flat_map(|other| log.of_week(Some((other, week))));
    let items: Vec<PickerItem> =
        entries.map(|entry| PickerItem::Place(place(entry, clean_line(entry.title()).into_owned()))).collect();
    if items.is_empty() {
        model.say(Severity::Plain, format!("No other year has notes of week {week}"));
        return;
    }
    model.overlays.push(Overlay::Picker(Picker::by_name(format!("Week {week} in other years"), items)));
}

/// `entry` as a place to go to.
pub(super) fn place(entry: Entry<'_>, text: String) -> JumpTarget {
    let left = entry.span().map_or_else(|| "undated".to_owned(), |span| span.label());
    JumpTarget { key: entry.key(), left, text, right: String::new() }
}

/// What `reference` leads to inside the notes: its thread.
fn topic(reference: &Reference<'_>) -> PickerItem {
    let name = clean_line(reference.id).into_owned();
    PickerItem::Topic { topic: Topic::of(reference), what: reference.kind.name(), name }
}

/// Shows the thread of what the cursor is on; of several things, the one that is picked.
pub(super) fn thread(model: &mut Model) -> Vec<Effect> {
    let items = if model.focus == Pane::Tags {
        model.tags.item().and_then(|item| topic_of_item(&model.log, item)).into_iter().collect()
    } else {
        topics_of_entry(model)
    };
    match items.as_slice() {
        [] => model.say(Severity::Plain, "Nothing here that other entries could mention"),
        [PickerItem::Topic { topic, name, .. }] => return insight::thread(model, topic.clone(), name.clone()),
        _ => model.overlays.push(Overlay::Picker(Picker::by_letter("Thread of", items))),
    }
    Vec::new()
}

/// What the item of the tag pane stands for.
fn topic_of_item(log: &Log, item: &tags::FilterItem) -> Option<PickerItem> {
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

/// What the current entry mentions: its references, the repositories they lie in, its tags.
fn topics_of_entry(model: &Model) -> Vec<PickerItem> {
    let Some(entry) = model.current() else { return Vec::new() };
    let mut items: Vec<PickerItem> = Vec::new();
    let mut add = |item: PickerItem| {
        let same = |other: &PickerItem| matches!((other, &item), (PickerItem::Topic { topic: a, .. }, PickerItem::Topic { topic: b, .. }) if a == b);
        if !items.iter().any(same) {
            items.push(item);
        }
    };
    let refs: Vec<Reference<'_>> = entry.refs().filter(|found| found.kind != RefKind::Link).collect();
    for found in &refs {
        add(topic(found));
    }
    for found in &refs {
        if let (Some(of), Some(name)) = (Topic::repository(found), reference::repo_of(found.kind, found.id)) {
            add(PickerItem::Topic { topic: of, what: RefKind::Repo.name(), name: clean_line(name).into_owned() });
        }
    }
    for tagged in entry.tags() {
        add(PickerItem::Topic {
            topic: Topic::tag(tagged.name),
            what: "tag",
            name: clean_line(tagged.name).into_owned(),
        });
    }
    items
}

/// All mentions of a thread, in time order.
pub(super) fn mentions(thread: &Thread, log: &Log) -> Vec<PickerItem> {
    let mention = |mention: &Mention| {
        let entry = log.entry(mention.entry);
        let quote = thread.topic.quoted(entry).map_or(Cow::Borrowed(entry.title()), |quote| quote.sentence.into());
        PickerItem::Place(JumpTarget {
            right: mention.gap.map_or(String::new(), format_gap),
            ..place(entry, clean_line(&quote).into_owned())
        })
    };
    thread.mentions.iter().map(mention).collect()
}

/// What it is about, how often, and from when to when.
pub(super) fn title(thread: &Thread, log: &Log) -> String {
    let first = thread.mentions.first().and_then(|mention| thread.topic.quoted(log.entry(mention.entry)));
    let name = first.map_or("", |quote| match (&thread.topic, quote.reference) {
        (Topic::Repository { .. }, Some(found)) => reference::repo_of(found.kind, found.id).unwrap_or(quote.name),
        _ => quote.name,
    });
    let name = clean_line(name);
    let times = match thread.mentions.len() {
        1 => "1 mention".to_owned(),
        many => format!("{many} mentions"),
    };
    match thread.first().zip(thread.last()) {
        Some((first, last)) if first != last => format!("{name} · {times} · {first} … {last}"),
        Some((first, _)) => format!("{name} · {times} · {first}"),
        None => format!("{name} · {times}"),
    }
}

/// The time since the mention before, as people count it.
fn format_gap(days: u32) -> String {
    match days {
        0 => String::new(),
        1 => "1 day later".to_owned(),
        2..=13 => format!("{days} days later"),
        14..=89 => format!("{} weeks later", days / 7),
        _ => format!("{} months later", days / 30),
    }
}

/// Goes to the entry before or after this one in the thread that is followed; without one, in that
/// of the most telling thing the entry mentions.
pub(super) fn step_in_thread(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some(id) = model.current().map(Entry::id) else { return Vec::new() };
    let follows = |thread: &Thread| thread.position(id).is_some();
    if !model.thread.as_ref().is_some_and(follows) {
        model.thread = None;
        if let Some(PickerItem::Topic { topic, .. }) = topics_of_entry(model).into_iter().next() {
            return insight::step(model, topic, forward);
        }
        model.say(Severity::Plain, "Nothing here that other entries could mention");
        return Vec::new();
    }
    step(model, forward)
}

/// Goes to the entry before or after this one in the thread that is followed.
pub(super) fn step(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some((id, thread)) = model.current().map(Entry::id).zip(model.thread.as_ref()) else { return Vec::new() };
    let at = thread.position(id).unwrap_or(0);
    let next = if forward { at + 1 } else { at.wrapping_sub(1) };
    let place = format!("{} of {}", next.wrapping_add(1), thread.mentions.len());
    let name = title(thread, &model.log);
    let Some(key) = thread.mentions.get(next).map(|mention| model.log.entry(mention.entry).key()) else {
        let end = if forward { "last" } else { "first" };
        model.say(Severity::Plain, format!("The {end} mention of {name}"));
        return Vec::new();
    };
    let effects = go_to(model, key);
    model.say(Severity::Plain, format!("{place}: {name}"));
    effects
}

/// Bookmarks the entry, or no longer.
pub(super) fn toggle_bookmark(model: &mut Model) -> Vec<Effect> {
    let Some(entry) = model.current() else { return Vec::new() };
    let JumpTarget { key, left, text, .. } = place(entry, clean_line(entry.title()).into_owned());
    let path = entry.note().path.clone();
    let bookmark = Bookmark { key: HexEntryKey(key), title: text, path, line: entry.line(), when: left };
    let on = !model.kept.has(key);
    model.kept.set_bookmark(bookmark.clone(), on);
    let list = model.key_of(Command::Bookmarks);
    model.say(
        Severity::Plain,
        if on { format!("Bookmarked; {list} lists the bookmarks") } else { "No longer bookmarked".to_owned() },
    );
    let mut effects = vec![Effect::SetBookmark { bookmark, on }];
    if model.query.asks_for_bookmarks() {
        effects.extend(super::search(model));
    }
    effects
}

/// All that the tag pane has, to be found by name and required.
pub(super) fn filters(model: &mut Model) {
    let items: Vec<PickerItem> =
        model.tags.items().map(|(group, item)| PickerItem::Filter(group, item.clone())).collect();
    if items.is_empty() {
        return model.say(Severity::Plain, "Nothing to filter by");
    }
    model.overlays.push(Overlay::Picker(Picker::by_name("Filter by", items)));
}

/// All bookmarks, the newest first. One whose entry is gone says where it was.
pub(super) fn pick_bookmark(model: &mut Model) {
    let item = |bookmark: &Bookmark| {
        let is_lost = model.log.find(bookmark.key.0).is_none();
        let right = if is_lost { format!("gone; was {}:{}", bookmark.path, bookmark.line) } else { String::new() };
        let (left, text) = (bookmark.when.clone(), bookmark.title.clone());
        PickerItem::Place(JumpTarget { key: bookmark.key.0, left, text, right: clean_line(&right).into_owned() })
    };
    // A veiled entry looks like one that is gone, and its bookmark would tell what it says.
    let is_shown = |bookmark: &&Bookmark| model.veil != Some(true) || model.log.find(bookmark.key.0).is_some();
    let items: Vec<PickerItem> = model.kept.bookmarks.iter().rev().filter(is_shown).map(item).collect();
    if items.is_empty() {
        let mark = model.key_of(Command::Bookmark);
        model.say(Severity::Plain, format!("No bookmarks yet: {mark} makes one of this entry"));
    } else {
        model.overlays.push(Overlay::Picker(Picker::by_name("Bookmarks", items)));
    }
}
