//! Find line, in place of the bottom line while the entry is searched.

use super::{put, spread};
use crate::{
    app::{
        Model, Pane,
        command::{Command, Context},
    },
    page::{Line, Role, TextSpan, suffix, truncate, width},
    ui::theme::Theme,
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

/// Columns that the keys leave for the text.
const LEAST_ROOM: usize = 24;

/// Returns true if the find line is shown: while the entry is searched and there is no message.
pub fn is_shown(model: &Model) -> bool {
    let is_here = model.window.focus == Pane::Entry && !model.search.is_typing;
    let finding = model.reading.entry.finding.as_ref().filter(|_| is_here);
    finding.is_some_and(|finding| finding.is_typing || model.session.status.is_none())
}

/// Draws the find line. Returns the position of the cursor while text is typed there.
pub fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) -> Option<Position> {
    let finding = model.reading.entry.finding.as_ref()?;
    let text = finding.line.text();
    let position = match model.reading.entry.position() {
        Some(position) => position,
        None if text.is_empty() => String::new(),
        None if !model.reading.entry.page.places.is_empty() => {
            format!("{} matches", model.reading.entry.page.places.len())
        }
        None => "not in this entry".to_owned(),
    };
    let keys = if finding.is_typing { Context::Find } else { Context::Pane(Pane::Entry) };
    let hints = [(Command::NextPlace, "next"), (Command::PreviousPlace, "previous"), (Command::Back, "end")];
    let mut right = vec![TextSpan::new(format!("{position} "), Role::Text)];
    for (command, word) in hints {
        if let Some(key) = model.settings.keymap.key(keys, command) {
            right.push(TextSpan::new(format!(" {key} "), Role::Accent));
            right.push(TextSpan::new(format!("{word} "), Role::Dim));
        }
    }
    let room = usize::from(area.width);
    let sign = format!(" find {} ", model.settings.symbols.prompt);
    let mut right = Line { spans: right };
    // Where it is narrow the keys go before the position.
    while right.spans.len() > 1 && right.width() + LEAST_ROOM > room {
        right.spans.truncate(right.spans.len() - 2);
    }
    let left_room = room.saturating_sub(right.width() + width(&sign) + 2).max(4);
    let before = suffix(&text[..finding.line.cursor()], left_room);
    let after = &text[finding.line.cursor()..];
    let shown = format!("{before}{}", truncate(after, left_room - width(before), model.settings.symbols.ellipsis));
    let sign_role = if finding.is_typing { Role::Accent } else { Role::Dim };
    let left = Line { spans: vec![TextSpan::new(sign.as_str(), sign_role), TextSpan::new(shown, Role::Text)] };
    put(&spread(left, right, room, &model.settings.symbols), theme, area, buffer);
    let column = area.x + (width(&sign) + width(before)) as u16;
    finding.is_typing.then(|| Position::new(column.min(area.right().saturating_sub(1)), area.y))
}
