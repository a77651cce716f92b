//! Mentions: a thread as a title and a list, and the steps along it.

use super::{
    Effect, Model, Severity,
    navigation::go_to,
    picker::{JumpTarget, PickerItem},
};
use crate::{
    insight::thread::{Mention, Thread, Topic},
    log::Log,
    reference,
    text::clean_line,
};

/// Lists the mentions of a thread, the oldest first.
pub(super) fn list(thread: &Thread, log: &Log) -> Vec<PickerItem> {
    thread.mentions.iter().map(|mention| item(thread, mention, log)).collect()
}

/// A mention with the sentence around it, and the time since the previous one.
fn item(thread: &Thread, mention: &Mention, log: &Log) -> PickerItem {
    let entry = log.entry(mention.entry);
    let text = match thread.topic.quoted(entry) {
        Some(quote) => clean_line(&quote.sentence).into_owned(),
        None => clean_line(entry.title()).into_owned(),
    };
    let right = mention.gap.map_or(String::new(), format_gap);
    PickerItem::Place(JumpTarget { right, ..JumpTarget::new(entry, text) })
}

/// Title of a thread: its topic, the number of mentions, and their first and last day.
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

/// Time since the previous mention, in the unit that people would use; empty for the same day.
fn format_gap(days: u32) -> String {
    match days {
        0 => String::new(),
        1 => "1 day later".to_owned(),
        2..=13 => format!("{days} days later"),
        14..=89 => format!("{} weeks later", days / 7),
        _ => format!("{} months later", days / 30),
    }
}

/// Goes to the entry after or before the selected one in the followed thread.
pub(super) fn step(model: &mut Model, forward: bool) -> Vec<Effect> {
    let Some((id, thread)) = model.current_id().zip(model.reading.thread.as_ref()) else { return Vec::new() };
    let at = thread.position(id).unwrap_or(0);
    let next = if forward { at + 1 } else { at.wrapping_sub(1) };
    let place = format!("{} of {}", next.wrapping_add(1), thread.mentions.len());
    let name = title(thread, &model.notes.log);
    let Some(mention) = thread.mentions.get(next) else {
        let end = if forward { "last" } else { "first" };
        model.say(Severity::Plain, format!("This is the {end} mention of {name}"));
        return Vec::new();
    };
    let key = model.notes.log.entry(mention.entry).key();
    let effects = go_to(model, key);
    model.say(Severity::Plain, format!("{place}: {name}"));
    effects
}
