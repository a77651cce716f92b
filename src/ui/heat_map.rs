//! Heat map of the weeks of all years.

use super::put;
use super::theme::Theme;
use crate::{
    app::{
        Model,
        timeline::heat_map::{Grid, IsoWeek},
    },
    page::{Line, Role, TextSpan, width},
};
use ratatui::{buffer::Buffer, layout::Rect};
use std::ops::Range;

/// Months, with the index of the week in which they begin in most years.
const MONTHS: [(&str, usize); 12] = [
    ("Jan", 0),
    ("Feb", 4),
    ("Mar", 8),
    ("Apr", 13),
    ("May", 17),
    ("Jun", 22),
    ("Jul", 26),
    ("Aug", 30),
    ("Sep", 35),
    ("Oct", 39),
    ("Nov", 44),
    ("Dec", 48),
];

pub fn draw(model: &Model, theme: &Theme, area: Rect, buffer: &mut Buffer) {
    let Some(grid) = Grid::of(area.width) else { return };
    let heat = &model.reading.timeline.heat;
    let row = |nth: u16| Rect { y: area.y + nth, height: 1, ..area };
    put(&months(grid), theme, row(0), buffer);
    let here = model.week();
    let years = heat.years().iter().skip(heat.scroll.top).take(usize::from(area.height) - 1);
    for (nth, (year, _)) in years.enumerate() {
        put(&year_line(model, *year, here, grid), theme, row(nth as u16 + 1), buffer);
    }
    put(&rule(model, usize::from(area.width)), theme, row(area.height), buffer);
}

/// Sets the names of months where they begin, or their first letters if there is no room.
fn months(grid: Grid) -> Line {
    let is_tight = grid.column(MONTHS[1].1) - grid.column(0) < 4;
    let mut text = String::new();
    for (name, week) in MONTHS {
        let gap = usize::from(grid.column(week)).saturating_sub(text.len());
        text.extend(std::iter::repeat_n(' ', gap));
        text.push_str(if is_tight { &name[..1] } else { name });
    }
    Line { spans: vec![TextSpan::new(text, Role::Dim)] }
}

/// Sets the weeks of a year, shaded by the number of entries; weeks with hits have other symbols.
fn year_line(model: &Model, year: i16, here: Option<IsoWeek>, grid: Grid) -> Line {
    let symbols = &model.settings.symbols;
    let here = here.filter(|(own, _)| *own == year).map(|(_, week)| week);
    let role = if here.is_some() { Role::Title } else { Role::Dim };
    let mut spans = vec![TextSpan::new(format!("{year:<5}"), role)];
    if grid.label > 5 {
        spans.insert(0, TextSpan::new(if here.is_some() { symbols.selection } else { " " }, Role::Accent));
    }
    let weeks = model.reading.timeline.heat.year(year);
    for cell in 0..grid.cells() {
        let span = grid.weeks(cell);
        let is_here = here.is_some_and(|week| span.contains(&week));
        let most = weeks[span.clone()].iter().copied().max().unwrap_or(0);
        let (sign, role) = if is_here { (symbols.here, Role::Current) } else { shade(model, year, span, most) };
        spans.push(TextSpan::new(sign.repeat(usize::from(grid.columns)), role));
    }
    Line { spans }
}

/// Picks the symbol of weeks of which the fullest has `most` entries.
fn shade(model: &Model, year: i16, mut weeks: Range<usize>, most: u32) -> (&'static str, Role) {
    let (heat, symbols) = (&model.reading.timeline.heat, &model.settings.symbols);
    let level = heat.level(most);
    if level == 0 {
        return (" ", Role::Text);
    }
    if !is_everything(model) && weeks.any(|week| heat.hits.contains_key(&(year, week))) {
        return (symbols.hits[level - 1], Role::Accent);
    }
    (symbols.shades[level - 1], Role::Dim)
}

/// Returns true if every entry is a hit, so that hits need no symbols of their own.
fn is_everything(model: &Model) -> bool {
    model.results.hits.len() == model.notes.log.len()
}

/// Sets the rule between heat map and list, with a legend of the symbols.
fn rule(model: &Model, room: usize) -> Line {
    let symbols = &model.settings.symbols;
    let legend = if is_everything(model) {
        vec![TextSpan::new(format!(" few {} many ", symbols.shades.concat()), Role::Dim)]
    } else {
        vec![
            TextSpan::new(format!(" {}", symbols.hits.concat()), Role::Accent),
            TextSpan::new(format!(" with hits  {} without ", symbols.shades.concat()), Role::Dim),
        ]
    };
    let taken: usize = legend.iter().map(|span| width(&span.text)).sum();
    let mut spans = vec![TextSpan::new(symbols.rule.repeat(room.saturating_sub(taken + 1)), Role::Dim)];
    spans.extend(legend);
    spans.push(TextSpan::new(symbols.rule, Role::Dim));
    Line { spans }
}
