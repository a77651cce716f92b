//! Tables: columns fitted to the width with wrapped cells, or, if columns would be too narrow, one
//! cell per line.
//!
//! Knows spans and widths, not Markdown.

use super::super::wrap::{Line, TextSpan, width, wrap};
use super::super::{role::Role, symbols::Symbols};
use pulldown_cmark::Alignment;

/// Blank columns between two columns of the table.
const GAP: usize = 2;

/// Columns of the narrowest column that is shown: three Han characters.
const LEAST: usize = 6;

pub(super) type TableCell = Vec<TextSpan>;

#[derive(Default)]
pub(super) struct Table {
    pub alignments: Vec<Alignment>,
    pub header: Vec<TableCell>,
    pub rows: Vec<Vec<TableCell>>,
}

impl Table {
    /// Sets the table in lines of at most `room` columns.
    pub fn lines(&self, room: usize, symbols: &Symbols) -> Vec<Line> {
        match fit(&self.natural_widths(), room) {
            Some(widths) => self.columns(&widths, symbols),
            None => self.list(room),
        }
    }

    fn natural_widths(&self) -> Vec<usize> {
        let mut widths = vec![1; self.header.len()];
        for row in std::iter::once(&self.header).chain(&self.rows) {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = (*widest).max(natural_width(cell));
            }
        }
        widths
    }

    fn columns(&self, widths: &[usize], symbols: &Symbols) -> Vec<Line> {
        let mut lines = self.row(&self.header, widths);
        lines.push(rule(widths, symbols));
        let rows: Vec<Vec<Line>> = self.rows.iter().map(|row| self.row(row, widths)).collect();
        let ruled = rows.iter().any(|row| row.len() > 1);
        for (place, row) in rows.into_iter().enumerate() {
            if ruled && place > 0 {
                lines.push(rule(widths, symbols));
            }
            lines.extend(row);
        }
        lines
    }

    /// Sets a row, whose cells may take several lines.
    fn row(&self, cells: &[TableCell], widths: &[usize]) -> Vec<Line> {
        let mut wrapped: Vec<Vec<Line>> = Vec::new();
        for (cell, width) in cells.iter().zip(widths) {
            wrapped.push(wrap(cell, &[], &[], *width));
        }
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        (0..height).map(|place| self.row_line(&wrapped, widths, place)).collect()
    }

    /// Sets the line at `place` of a row of several.
    fn row_line(&self, cells: &[Vec<Line>], widths: &[usize], place: usize) -> Line {
        let mut line = Line::default();
        for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let cell = cell.get(place).cloned().unwrap_or_default();
            let spare = width - cell.width();
            let before = match self.alignments.get(column) {
                Some(Alignment::Right) => spare,
                Some(Alignment::Center) => spare / 2,
                _ => 0,
            };
            line.spans.extend(blanks(before));
            line.spans.extend(cell.spans);
            line.spans.extend(blanks(spare - before + GAP));
        }
        line.trim_end();
        line
    }

    /// Sets `header: cell` line by line, with a blank line between rows. Empty cells are left out.
    fn list(&self, room: usize) -> Vec<Line> {
        if self.rows.is_empty() {
            return list_row(&[], &self.header, room);
        }
        let mut lines = Vec::new();
        for (place, row) in self.rows.iter().enumerate() {
            if place > 0 {
                lines.push(Line::default());
            }
            lines.extend(list_row(&self.header, row, room));
        }
        lines
    }
}

fn list_row(header: &[TableCell], row: &[TableCell], room: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for (column, cell) in row.iter().enumerate() {
        if natural_width(cell) == 0 {
            continue;
        }
        let mut spans = header.get(column).cloned().unwrap_or_default();
        if !spans.is_empty() {
            spans.push(TextSpan::new(": ", Role::Dim));
        }
        spans.extend_from_slice(cell);
        lines.extend(wrap(&spans, &[], &[TextSpan::new("  ", Role::Text)], room));
    }
    lines
}

/// Measures the widest line of a cell in columns.
fn natural_width(cell: &[TextSpan]) -> usize {
    let text: String = cell.iter().map(|span| span.text.as_str()).collect();
    text.split('\n').map(width).max().unwrap_or(0)
}

fn rule(widths: &[usize], symbols: &Symbols) -> Line {
    let parts: Vec<String> = widths.iter().map(|width| symbols.rule.repeat(*width)).collect();
    Line { spans: vec![TextSpan::new(parts.join(&" ".repeat(GAP)), Role::Dim)] }
}

fn blanks(count: usize) -> Option<TextSpan> {
    (count > 0).then(|| TextSpan::new(" ".repeat(count), Role::Text))
}

/// Computes the width of each column: its natural one if it is at most a fair share, else an equal
/// part of what the others leave. Returns `None` if that part is too small to read.
fn fit(natural: &[usize], room: usize) -> Option<Vec<usize>> {
    let mut left = room.checked_sub(GAP * natural.len().saturating_sub(1))?;
    let mut order: Vec<usize> = (0..natural.len()).collect();
    order.sort_unstable_by_key(|column| natural[*column]);
    let mut widths = vec![0; natural.len()];
    for (done, column) in order.into_iter().enumerate() {
        let share = left / (natural.len() - done);
        widths[column] = natural[column].min(share);
        if share < LEAST && widths[column] < natural[column] {
            return None;
        }
        left -= widths[column];
    }
    Some(widths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_share_fairly() {
        for (natural, room, expected) in [
            (vec![4, 4], 20, Some(vec![4, 4])),
            (vec![4, 40], 20, Some(vec![4, 14])),
            (vec![40, 4, 40], 28, Some(vec![10, 4, 10])),
            (vec![40, 40, 40], 19, None),
            (vec![3, 3], 7, None),
            (vec![3, 3], 8, Some(vec![3, 3])),
            (vec![1; 50], 20, None),
        ] {
            assert_eq!(fit(&natural, room), expected, "{natural:?} in {room}");
        }
    }
}
