//! First and last line: the open log, and the keys that are most useful now.

use super::{count, fit, put, spread};
use crate::{
    app::{
        Model, Pane,
        command::{Command, Context},
    },
    page::{Line, Role, TextSpan},
    text::clean_line,
    ui::theme::Theme,
};
use ratatui::{buffer::Buffer, layout::Rect};

/// Draws the name, place and size of the log.
pub fn header(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let mut left =
        vec![TextSpan::new(" sennight  ", Role::Title), TextSpan::new(clean_line(&model.settings.origin), Role::Text)];
    if model.settings.is_sample {
        left.push(TextSpan::new(" · open your own: sennight PATH", Role::Accent));
    }
    let size = if model.notes.is_reading {
        " · reading …".to_owned()
    } else {
        format!(
            " · {} · {}",
            counted(model.notes.log.notes().len(), "note", "notes"),
            counted(model.notes.log.len(), "entry", "entries")
        )
    };
    left.push(TextSpan::new(size, Role::Dim));
    if model.veil == Some(true) {
        left.push(TextSpan::new(format!(" · {} veiled", model.settings.symbols.veiled), Role::Warning));
    }
    let right = match model.notes.indexing {
        Some((done, all)) => format!("indexing {} of {} ", count(done), count(all)),
        None => "? help ".to_owned(),
    };
    let right = Line { spans: vec![TextSpan::new(right, Role::Dim)] };
    put(&spread(Line { spans: left }, right, usize::from(area.width), &model.settings.symbols), theme, area, buffer);
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// Draws the last message, or hints at keys, and the count typed before a key.
pub fn bottom(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let line = match &model.session.status {
        Some(status) => {
            let role = status.tone.role();
            Line { spans: vec![TextSpan::new(format!(" {}", status.text), role)] }
        }
        None => hints(model, usize::from(area.width)),
    };
    let Some(count) = model.window.count else {
        return put(&fit(line, usize::from(area.width), &model.settings.symbols), theme, area, buffer);
    };
    let count = Line { spans: vec![TextSpan::new(format!("{count} "), Role::Accent)] };
    put(&spread(line, count, usize::from(area.width), &model.settings.symbols), theme, area, buffer);
}

/// Sets as many hints as there is room for, the most useful first.
fn hints(model: &Model, room: usize) -> Line {
    let context = model.context();
    let mut line = Line::default();
    let offers = context == Context::Pane(Pane::Timeline) && !model.results.suggestions.is_empty();
    for (command, word) in if offers { OFFERS } else { of(context) } {
        let Some(key) = model.settings.keymap.key(context, *command) else { continue };
        let mut hint = Line {
            spans: vec![TextSpan::new(format!(" {key} "), Role::Accent), TextSpan::new(format!("{word} "), Role::Dim)],
        };
        if line.width() + hint.width() <= room {
            line.spans.append(&mut hint.spans);
        }
    }
    line
}

/// Hints while suggestions are shown in place of hits.
const OFFERS: &[(Command, &str)] =
    &[(Command::Read, "try it"), (Command::Down, "next"), (Command::Search, "edit"), (Command::Back, "clear")];

/// Lists the commands worth a hint in a context, the most useful first.
fn of(context: Context) -> &'static [(Command, &'static str)] {
    match context {
        Context::Pane(Pane::Timeline) => &[
            (Command::Search, "search"),
            (Command::Read, "read"),
            (Command::Open, "open"),
            (Command::OpenChanges, "PRs"),
            (Command::Thread, "thread"),
            (Command::NextWeek, "week"),
            (Command::Help, "all keys"),
        ],
        Context::Pane(Pane::Entry) => &[
            (Command::Open, "open"),
            (Command::CopyUrl, "copy"),
            (Command::Thread, "thread"),
            (Command::Edit, "edit"),
            (Command::NextEntry, "next"),
            (Command::Find, "find"),
            (Command::Zoom, "zoom"),
            (Command::NextPane, "pane"),
            (Command::Help, "all keys"),
            (Command::Why, "why"),
        ],
        Context::Pane(Pane::Tags) => &[
            (Command::Require, "require"),
            (Command::Exclude, "exclude"),
            (Command::NextGroup, "group"),
            (Command::Back, "clear"),
            (Command::Search, "search"),
            (Command::NextPane, "pane"),
            (Command::Help, "all keys"),
        ],
        Context::Picker => &[(Command::Choose, "choose"), (Command::Narrow, "narrow"), (Command::Back, "close")],
        Context::Narrowing => &[(Command::Choose, "choose"), (Command::Down, "next"), (Command::Back, "close")],
        Context::Stats => &[(Command::Back, "close"), (Command::Down, "scroll"), (Command::Left, "previous year")],
        Context::Prompt => &[
            (Command::Accept, "to the list"),
            (Command::NewerQuery, "next"),
            (Command::OlderQuery, "previous"),
            (Command::Back, "leave"),
        ],
        Context::Help | Context::Xray => &[(Command::Back, "close"), (Command::Down, "scroll")],
        Context::Confirm => &[(Command::Yes, "open"), (Command::No, "cancel")],
        Context::Lists | Context::Find => &[],
    }
}
