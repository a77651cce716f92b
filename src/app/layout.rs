//! Layout: the areas of panes on a screen, shared by update (scrolling, clicks) and view.

use super::{
    Pane,
    timeline::heat_map::{self, Grid},
};
use ratatui::layout::Rect;

/// Columns below which only the focused pane is shown.
const ONE_PANE: u16 = 60;
/// Columns below which the tags have no pane of their own.
const TWO_PANES: u16 = 100;
/// The smallest screen that shows anything.
const LEAST: (u16, u16) = (20, 6);

/// Areas of the screen. A hidden pane has none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Layout {
    pub header: Option<Rect>,
    pub prompt: Rect,
    pub tags: Option<Rect>,
    pub timeline: Option<Rect>,
    pub entry: Option<Rect>,
    /// The heat map at the top of the timeline: a row of months, and a row for each year.
    pub heat: Option<Rect>,
    pub bottom: Rect,
}

/// Borders between panes that were dragged, in columns from the left edge of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PaneSplit {
    /// Border between the tags and the timeline.
    pub tags: Option<u16>,
    /// Border between the timeline and the entry.
    pub entry: Option<u16>,
}

/// Fewest columns that dragging leaves to a pane.
const NARROWEST: u16 = 16;

/// The layout for a screen, or `None` when it is too small for one. `years` are those of the log.
pub fn layout(screen: Rect, focus: Pane, zoomed: bool, split: PaneSplit, years: usize) -> Option<Layout> {
    if screen.width < LEAST.0 || screen.height < LEAST.1 {
        return None;
    }
    let head = u16::from(screen.height >= 16);
    let row = |y, height| Rect { y, height, ..screen };
    let panes = row(screen.y + head + 1, screen.height - head - 2);
    let mut layout = Layout {
        header: (head > 0).then(|| row(screen.y, 1)),
        prompt: row(screen.y + head, 1),
        bottom: row(screen.bottom() - 1, 1),
        ..Layout::default()
    };
    if zoomed || screen.width < ONE_PANE {
        *layout.slot(focus) = Some(panes);
        let years = heat_map::rows(years, inner(panes).height);
        if zoomed && focus == Pane::Timeline && years > 0 && Grid::of(inner(panes).width).is_some() {
            layout.heat = Some(Rect { height: years + 1, ..inner(panes) });
        }
    } else if screen.width < TWO_PANES {
        let left = split.entry.map_or(panes.width * 9 / 20, |at| at.clamp(NARROWEST, panes.width - NARROWEST));
        let side = if focus == Pane::Tags { Pane::Tags } else { Pane::Timeline };
        *layout.slot(side) = Some(Rect { width: left, ..panes });
        layout.entry = Some(Rect { x: panes.x + left, width: panes.width - left, ..panes });
    } else {
        let tags = split.tags.unwrap_or((panes.width / 6).clamp(20, 30));
        let tags = tags.clamp(NARROWEST, panes.width - 2 * NARROWEST);
        let timeline = split.entry.map_or((panes.width - tags) * 9 / 20, |at| at.saturating_sub(tags));
        let timeline = timeline.clamp(NARROWEST, panes.width - tags - NARROWEST);
        layout.tags = Some(Rect { width: tags, ..panes });
        layout.timeline = Some(Rect { x: panes.x + tags, width: timeline, ..panes });
        layout.entry = Some(Rect { x: panes.x + tags + timeline, width: panes.width - tags - timeline, ..panes });
    }
    Some(layout)
}

impl Layout {
    fn slot(&mut self, pane: Pane) -> &mut Option<Rect> {
        match pane {
            Pane::Tags => &mut self.tags,
            Pane::Timeline => &mut self.timeline,
            Pane::Entry => &mut self.entry,
        }
    }

    pub fn of(&self, pane: Pane) -> Option<Rect> {
        match pane {
            Pane::Tags => self.tags,
            Pane::Timeline => self.timeline,
            Pane::Entry => self.entry,
        }
    }

    /// Area of a pane below its heat map, including a row for the border.
    pub fn body(&self, pane: Pane) -> Option<Rect> {
        let area = self.of(pane)?;
        let taken = self.heat.filter(|_| pane == Pane::Timeline).map_or(0, |heat| heat.height + 1);
        Some(Rect { y: area.y + taken, height: area.height - taken, ..area })
    }

    /// Pane whose left border is at a place.
    pub fn border(&self, column: u16, row: u16) -> Option<Pane> {
        let touches = |pane: &Pane| {
            let area = self.of(*pane).filter(|area| area.x > 0);
            area.is_some_and(|area| (area.y..area.bottom()).contains(&row) && (area.x - 1..=area.x).contains(&column))
        };
        [Pane::Timeline, Pane::Entry].into_iter().find(touches)
    }

    /// Pane at a place, and the row of its list or page there, if any.
    pub fn at(&self, column: u16, row: u16) -> Option<(Pane, Option<u16>)> {
        Pane::ALL.into_iter().find_map(|pane| {
            let area = self.of(pane).filter(|area| area.contains((column, row).into()))?;
            let inner = inner(self.body(pane).unwrap_or(area));
            Some((pane, inner.contains((column, row).into()).then(|| row - inner.y)))
        })
    }
}

/// Area inside the border of a pane.
pub fn inner(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// Area of text in a pane: inside its border and a blank column on each side.
pub fn text(area: Rect) -> Rect {
    let inner = inner(area);
    Rect { x: inner.x.saturating_add(1), width: inner.width.saturating_sub(2), ..inner }
}

/// The area of a layer over the panes: most of the screen, in its middle.
pub fn overlay(screen: Rect, rows: usize) -> Rect {
    let width = screen.width.saturating_sub(4).min(96).max(screen.width.min(20));
    let height = (rows as u16).saturating_add(2).min(screen.height.saturating_sub(2)).max(screen.height.min(3));
    Rect { x: screen.x + (screen.width - width) / 2, y: screen.y + (screen.height - height) / 2, width, height }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_tile_the_screen_at_every_size() {
        for (width, height) in
            (0..220).step_by(7).flat_map(|width| (0..70).step_by(3).map(move |height| (width, height)))
        {
            for focus in Pane::ALL {
                let screen = Rect::new(0, 0, width, height);
                let split = PaneSplit { tags: height.checked_sub(9), entry: (height > 30).then_some(width / 3 * 2) };
                let Some(layout) = layout(screen, focus, false, split, 9) else { continue };
                let shown: Vec<Rect> = Pane::ALL.into_iter().filter_map(|pane| layout.of(pane)).collect();
                let area: u32 = shown.iter().map(|area| area.area()).sum();
                let rows = u32::from(height) - 2 - u32::from(layout.header.is_some());
                assert_eq!(area, rows * u32::from(width), "{width}×{height} {layout:?}");
                assert!(layout.of(focus).is_some(), "{width}×{height} {focus:?}");
                assert_eq!(layout.heat, None);
                assert!(screen.contains((overlay(screen, 5).x, overlay(screen, 5).y).into()));
            }
        }
    }

    #[test]
    fn the_heat_map_takes_a_third_at_most_and_the_list_the_rest() {
        for (width, height, years) in
            (0..220).step_by(7).flat_map(|width| (0..70).flat_map(move |height| [0, 1, 9].map(|n| (width, height, n))))
        {
            let screen = Rect::new(0, 0, width, height);
            for focus in Pane::ALL {
                let Some(layout) = layout(screen, focus, true, PaneSplit::default(), years) else { continue };
                let pane = layout.of(focus).expect("the pane that is zoomed");
                let Some(heat) = layout.heat else {
                    assert_eq!(layout.body(focus), Some(pane));
                    assert!(focus != Pane::Timeline || years == 0 || width < 35 || height < 13, "{width}×{height}");
                    continue;
                };
                let list = inner(layout.body(Pane::Timeline).expect("the timeline"));
                assert!(focus == Pane::Timeline && usize::from(heat.height) <= years + 1);
                assert!((heat.height + 1) * 3 <= inner(pane).height, "{width}×{height}");
                assert_eq!((heat.y, heat.bottom() + 1), (inner(pane).y, list.y));
                assert_eq!((list.bottom(), list.width), (inner(pane).bottom(), heat.width));
                assert_eq!(layout.at(heat.x, heat.bottom() - 1), Some((Pane::Timeline, None)));
                assert_eq!(layout.at(list.x, list.y), Some((Pane::Timeline, Some(0))));
            }
        }
    }
}
