//! The heat map, drawn.

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

/// Months, with the week that most years have their first day in, from 0.
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

/// The names of months where they begin, by a letter where two columns are all there are.
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

/// The weeks of a year: shaded by the entries of the log, of another shape where there are hits.
fn year_line(model: &Model, year: i16, here: Option<IsoWeek>, grid: Grid) -> Line {
    let (heat, symbols) = (&model.reading.timeline.heat, &model.settings.symbols);
    let (weeks, is_own) = (heat.year(year), here.is_some_and(|(own, _)| own == year));
    let role = if is_own { Role::Title } else { Role::Dim };
    let mut spans = vec![TextSpan::new(format!("{year:<5}"), role)];
    if grid.label > 5 {
        spans.insert(0, TextSpan::new(if is_own { symbols.selection } else { " " }, Role::Accent));
    }
    let narrows = !is_everything(model);
    for cell in 0..grid.cells() {
        let of = grid.weeks(cell);
        let level = heat.level(weeks[of.clone()].iter().copied().max().unwrap_or(0));
        let has_hit = narrows && of.clone().any(|week| heat.hits.contains_key(&(year, week)));
        let (sign, role) = match level {
            _ if here.is_some_and(|(own, week)| own == year && of.contains(&week)) => (symbols.here, Role::Current),
            0 => (" ", Role::Text),
            _ if has_hit => (symbols.hits[level - 1], Role::Accent),
            _ => (symbols.shades[level - 1], Role::Dim),
        };
        spans.push(TextSpan::new(sign.repeat(usize::from(grid.columns)), role));
    }
    Line { spans }
}

/// Tests if all entries are hits, so that there is nothing to highlight.
fn is_everything(model: &Model) -> bool {
    model.results.hits.len() == model.notes.log.len()
}

/// Rule between the heat map and the list, with the legend.
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
