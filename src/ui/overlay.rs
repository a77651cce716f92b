//! Layers over the panes, drawn.

use super::{fit, frame, put};
use crate::{
    app::{
        Model, help_lines, layout,
        overlay::{Confirm, Explanation, Overlay, Picker},
    },
    log::Reference,
    page::{LETTERS, Line, Role, Span, reference_line, width, wrap},
    text::clean_line,
    ui::theme::Theme,
};
use ratatui::{
    buffer::{Buffer, CellDiffOption, CellWidth},
    layout::Rect,
    widgets::{Clear, Widget},
};

pub fn draw(model: &Model, overlay: &Overlay, theme: &Theme, screen: Rect, buffer: &mut Buffer) {
    match overlay {
        Overlay::Help { filter, scroll } => {
            let lines = help(model, filter);
            let title =
                if filter.is_empty() { "Keys · type to search".to_owned() } else { format!("Keys · {filter}") };
            layer(&title, &lines, scroll.top, None, model, theme, screen, buffer);
        }
        Overlay::Xray(xray) => {
            layer("How this entry was understood", &xray.lines, xray.scroll.top, None, model, theme, screen, buffer);
        }
        Overlay::Explanation(Explanation { lines, scroll }) => {
            layer("How the query was understood", lines, scroll.top, None, model, theme, screen, buffer);
        }
        Overlay::Picker(picker) => {
            let room = usize::from(layout::text(layout::overlay(screen, picker.choices.len())).width);
            let lines = choices(model, picker, room);
            layer(picker.title, &lines, picker.scroll.top, Some(picker.scroll.cursor), model, theme, screen, buffer);
        }
        Overlay::Confirm(confirm) => {
            let room = usize::from(layout::text(layout::overlay(screen, 6)).width);
            layer("This link is not what it says", &question(confirm, room), 0, None, model, theme, screen, buffer);
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "a layer is all of these, once")]
fn layer(
    title: &str,
    lines: &[Line],
    top: usize,
    selected: Option<usize>,
    model: &Model,
    theme: &Theme,
    screen: Rect,
    buffer: &mut Buffer,
) {
    let area = layout::overlay(screen, lines.len());
    Clear.render(area, buffer);
    unhalve(area, buffer);
    frame(title, Role::Accent, theme, area, &model.symbols, buffer);
    let text = layout::text(area);
    for (row, (at, line)) in lines.iter().enumerate().skip(top).take(usize::from(text.height)).enumerate() {
        let area = Rect { y: text.y + row as u16, height: 1, ..text };
        if selected == Some(at) {
            let row = Rect { x: area.x - 1, width: area.width + 2, ..area };
            buffer.set_style(row, theme.style(Role::Selected));
            put(&Line { spans: vec![Span::new(model.symbols.selection, Role::Accent)] }, theme, row, buffer);
        }
        put(&fit(line.clone(), usize::from(text.width), &model.symbols), theme, area, buffer);
    }
}

/// Blanks out wide characters of which the layer covers the second half: a terminal would draw
/// them over the border.
fn unhalve(area: Rect, buffer: &mut Buffer) {
    let Some(x) = area.x.checked_sub(1) else { return };
    for y in area.y..area.bottom() {
        if let Some(cell) = buffer.cell_mut((x, y)).filter(|cell| cell.cell_width() > 1) {
            cell.set_symbol(" ").set_diff_option(CellDiffOption::None);
        }
    }
}

fn help(model: &Model, filter: &str) -> Vec<Line> {
    let lines = help_lines(&model.keymap, model.is_typing, model.focus, filter);
    if lines.is_empty() {
        return vec![Line { spans: vec![Span::new("No key does that here.", Role::Dim)] }];
    }
    let widest = lines.iter().map(|(keys, _)| width(keys)).max().unwrap_or(0);
    let line = |(keys, title): (String, &str)| {
        let gap = " ".repeat(widest - width(&keys) + 2);
        Line { spans: vec![Span::new(keys, Role::Accent), Span::new(format!("{gap}{title}"), Role::Text)] }
    };
    lines.into_iter().map(line).collect()
}

fn choices(model: &Model, picker: &Picker, room: usize) -> Vec<Line> {
    let letters = LETTERS.chars().chain(std::iter::repeat(' '));
    let choices = picker.choices.iter().zip(letters);
    choices
        .map(|(choice, letter)| {
            let reference = Reference {
                kind: choice.kind,
                id: &choice.id,
                host: &choice.host,
                url: &choice.url,
                label: &choice.label,
                line: 0,
                inferred: choice.inferred,
            };
            reference_line(letter, &reference, room, &model.symbols)
        })
        .collect()
}

fn question(confirm: &Confirm, room: usize) -> Vec<Line> {
    let say = |text: String, role| wrap(&[Span::new(text, role)], &[], &[], room);
    let mut lines = say(format!("It says   {}", clean_line(&confirm.label)), Role::Text);
    lines.extend(say(format!("It opens  {}", clean_line(&confirm.host)), Role::RefAlarm));
    lines.extend(say(clean_line(&confirm.url).into_owned(), Role::Dim));
    lines.push(Line::default());
    lines.extend(say("Open it? y / n".to_owned(), Role::Title));
    lines
}
