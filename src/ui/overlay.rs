//! Overlays over the panes.

use super::theme::Theme;
use super::{fit, frame, put, spread};
use crate::{
    app::{
        Model, Status,
        fuzzy::FuzzyMatcher,
        keymap::help_lines,
        layout,
        line_edit::LineEdit,
        overlay::{Confirm, Explanation, Overlay},
        picker::{Picker, PickerItem, ReferenceItem},
    },
    insight::Titles,
    log::Reference,
    page::{LETTERS, Line, Role, Symbols, TextSpan, reference_line, truncate, width, wrap},
    text::clean_line,
};
use ratatui::{
    buffer::{Buffer, CellDiffOption, CellWidth},
    layout::{Position, Rect},
    widgets::{Clear, Widget},
};
use std::ops::Range;

/// Draws an overlay. Returns the position of the cursor, if it takes text.
pub fn draw(model: &Model, overlay: &Overlay, theme: &Theme, screen: Rect, buffer: &mut Buffer) -> Option<Position> {
    match overlay {
        Overlay::Help { filter, scroll } => {
            let lines = help(model, filter);
            let title =
                if filter.is_empty() { "Keys · type to search".to_owned() } else { format!("Keys · {filter}") };
            layer(&title, &lines, scroll.top, model, theme, screen, buffer);
        }
        Overlay::Xray(xray) => {
            layer("How this entry was understood", &xray.lines, xray.scroll.top, model, theme, screen, buffer);
        }
        Overlay::Explanation(Explanation { lines, scroll }) => {
            layer("How the query was understood", lines, scroll.top, model, theme, screen, buffer);
        }
        Overlay::Stats(shown) => {
            layer(&shown.title(), &shown.lines, shown.scroll.top, model, theme, screen, buffer);
        }
        Overlay::Messages(scroll) => {
            let lines: Vec<Line> = model.session.messages.iter().rev().map(said).collect();
            layer("Messages, newest first", &lines, scroll.top, model, theme, screen, buffer);
        }
        Overlay::Computing(title) => {
            let line = Line { spans: vec![TextSpan::new("counting …", Role::Dim)] };
            layer(title, &[line], 0, model, theme, screen, buffer);
        }
        Overlay::Picker(shown) => return picker(model, shown, theme, screen, buffer),
        Overlay::Confirm(confirm) => {
            let room = usize::from(layout::text(layout::overlay(screen, 6)).width);
            layer("This link does not go where it says", &question(confirm, room), 0, model, theme, screen, buffer);
        }
    }
    None
}

/// Draws a picker, which keeps its size while typing narrows it, so that nothing jumps.
fn picker(model: &Model, picker: &Picker, theme: &Theme, screen: Rect, buffer: &mut Buffer) -> Option<Position> {
    let area = layout::overlay(screen, picker.items.len());
    let text = layout::text(area);
    let room = usize::from(text.width);
    let filter = picker.filter.as_ref();
    let title = match filter {
        Some(filter) => format!("{} › {}", picker.title, filter.text()),
        None => picker.title.clone(),
    };
    let title = truncate(&title, usize::from(area.width).saturating_sub(6), model.settings.symbols.ellipsis);
    cover(&title, model, theme, area, buffer);
    if picker.shown.is_empty() {
        let nothing = Line { spans: vec![TextSpan::new("No matches.", Role::Dim)] };
        put(&fit(nothing, room, &model.settings.symbols), theme, Rect { height: 1, ..text }, buffer);
    }
    let mut fuzzy = FuzzyMatcher::new(filter.map_or("", LineEdit::text));
    let bottom = picker.shown.len().min(picker.scroll.top + usize::from(text.height));
    for (row, at) in (picker.scroll.top..bottom).enumerate() {
        // Letters choose a row only while none are typed to narrow the list.
        let letter = if filter.is_none() { LETTERS.chars().nth(at) } else { None };
        let line = item_line(&picker.items[picker.shown[at]], letter, &mut fuzzy, room, model);
        let area = Rect { y: text.y + row as u16, height: 1, ..text };
        if picker.scroll.cursor == at {
            let row = Rect { x: area.x - 1, width: area.width + 2, ..area };
            buffer.set_style(row, theme.style(Role::Selected));
            put(
                &Line { spans: vec![TextSpan::new(model.settings.symbols.selection, Role::Accent)] },
                theme,
                row,
                buffer,
            );
        }
        put(&fit(line, room, &model.settings.symbols), theme, area, buffer);
    }
    let filter = filter?;
    let before = width(&picker.title) + 3 + width(&filter.text()[..filter.cursor()]);
    let last = area.right().saturating_sub(2);
    Some(Position { x: (area.x + 2 + before as u16).min(last), y: area.y })
}

fn item_line(item: &PickerItem, letter: Option<char>, fuzzy: &mut FuzzyMatcher, room: usize, model: &Model) -> Line {
    let symbols = &model.settings.symbols;
    let named = |text: &str, role, fuzzy: &mut FuzzyMatcher| highlighted(text, role, &fuzzy.places(text));
    let mut spans = Vec::new();
    if let Some(letter) = letter {
        spans = vec![TextSpan::new(letter.to_string(), Role::Hint), TextSpan::new(" ", Role::Text)];
    }
    match item {
        PickerItem::Reference(choice, _) => {
            reference(choice, letter.unwrap_or(' '), room, symbols, &model.notes.titles)
        }
        PickerItem::Command { name, keys, .. } => {
            let left = Line { spans: named(name, Role::Text, fuzzy) };
            spread(left, Line { spans: vec![TextSpan::new(keys.as_str(), Role::Accent)] }, room, symbols)
        }
        PickerItem::Filter(group, item) => {
            let mut spans = vec![TextSpan::new(format!("{group:<13} "), Role::Dim)];
            spans.extend(named(&item.name, Role::Text, fuzzy));
            let right = Line { spans: vec![TextSpan::new(item.count.to_string(), Role::Dim)] };
            spread(Line { spans }, right, room, symbols)
        }
        PickerItem::Topic { what, name, .. } => {
            spans.push(TextSpan::new(format!("{what:<9} "), Role::Dim));
            spans.extend(named(name, Role::Text, fuzzy));
            Line { spans }
        }
        PickerItem::Place(place) => {
            let gap = LEFT.saturating_sub(width(&place.left)) + 1;
            spans.push(TextSpan::new(format!("{}{}", place.left, " ".repeat(gap)), Role::Dim));
            spans.extend(named(&place.text, Role::Text, fuzzy));
            let right = Line { spans: vec![TextSpan::new(place.right.as_str(), Role::Dim)] };
            spread(Line { spans }, right, room, symbols)
        }
    }
}

/// Columns of the date on the left of a place: `2022-W34 08-22…28`.
const LEFT: usize = 17;

/// Highlights `places` of `text`.
fn highlighted(text: &str, role: Role, places: &[Range<usize>]) -> Vec<TextSpan> {
    let mut spans = Vec::new();
    let mut at = 0;
    for place in places.iter().filter(|place| !place.is_empty()) {
        if place.start > at {
            spans.push(TextSpan::new(&text[at..place.start], role));
        }
        if place.end > at {
            spans.push(TextSpan::new(&text[place.start.max(at)..place.end], Role::Match));
            at = place.end;
        }
    }
    spans.push(TextSpan::new(&text[at..], role));
    spans
}

/// Clears the area of an overlay and draws its border.
fn cover(title: &str, model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    Clear.render(area, buffer);
    unhalve(area, buffer);
    frame(title, Role::Accent, theme, area, &model.settings.symbols, buffer);
}

fn layer(title: &str, lines: &[Line], top: usize, model: &Model, theme: &Theme, screen: Rect, buffer: &mut Buffer) {
    let area = layout::overlay(screen, lines.len());
    cover(title, model, theme, area, buffer);
    let text = layout::text(area);
    for (row, line) in lines.iter().skip(top).take(usize::from(text.height)).enumerate() {
        let area = Rect { y: text.y + row as u16, height: 1, ..text };
        put(&fit(line.clone(), usize::from(text.width), &model.settings.symbols), theme, area, buffer);
    }
}

/// Blanks wide characters whose second half the overlay covers: a terminal would draw them over
/// the border.
fn unhalve(area: Rect, buffer: &mut Buffer) {
    let Some(x) = area.x.checked_sub(1) else { return };
    for y in area.y..area.bottom() {
        if let Some(cell) = buffer.cell_mut((x, y)).filter(|cell| cell.cell_width() > 1) {
            cell.set_symbol(" ").set_diff_option(CellDiffOption::None);
        }
    }
}

fn help(model: &Model, filter: &str) -> Vec<Line> {
    let lines = help_lines(&model.settings.keymap, model.search.is_typing, model.window.focus, filter);
    if lines.is_empty() {
        return vec![Line { spans: vec![TextSpan::new("No matches.", Role::Dim)] }];
    }
    let widest = lines.iter().map(|(keys, _)| width(keys)).max().unwrap_or(0);
    let mut help = Vec::new();
    for (keys, title) in lines {
        let gap = " ".repeat(widest - width(&keys) + 2);
        let title = TextSpan::new(format!("{gap}{title}"), Role::Text);
        help.push(Line { spans: vec![TextSpan::new(keys, Role::Accent), title] });
    }
    help
}

fn reference(choice: &ReferenceItem, letter: char, room: usize, symbols: &Symbols, titles: &Titles) -> Line {
    let reference = Reference {
        kind: choice.kind,
        id: &choice.id,
        host: &choice.host,
        url: &choice.url,
        label: &choice.label,
        line: 0,
        inferred: choice.inferred,
    };
    reference_line(letter, &reference, titles, room, symbols)
}

fn said(status: &Status) -> Line {
    Line { spans: vec![TextSpan::new(status.text.as_str(), status.tone.role())] }
}

fn question(confirm: &Confirm, room: usize) -> Vec<Line> {
    let say = |text: String, role| wrap(&[TextSpan::new(text, role)], &[], &[], room);
    let mut lines = say(format!("It says   {}", clean_line(&confirm.label)), Role::Text);
    lines.extend(say(format!("It opens  {}", clean_line(&confirm.host)), Role::RefAlarm));
    lines.extend(say(clean_line(&confirm.url).into_owned(), Role::Dim));
    lines.push(Line::default());
    lines.extend(say("Open it? y / n".to_owned(), Role::Title));
    lines
}
