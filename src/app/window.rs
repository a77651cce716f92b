//! Window: how the panes share the screen, and which of them has the keys.

use super::{
    Model, Pane,
    layout::{self, Layout, PaneSplit},
};
use ratatui::layout::Rect;

/// Size and arrangement of the screen. Holds nothing that comes from a note.
#[derive(Debug)]
pub struct Window {
    /// The whole screen, from column 0 and row 0.
    pub area: Rect,
    pub focus: Pane,
    /// Borders that were dragged with the mouse.
    pub split: PaneSplit,
    /// The pane to the right of the border that is being dragged.
    pub(super) dragged: Option<Pane>,
    /// The focused pane fills the screen.
    pub zoomed: bool,
    /// Count typed before a motion, as in `8j`. The first digit cannot be 1, 2 or 3, which focus
    /// panes; `03j` is a way round.
    pub count: Option<u32>,
}

impl Window {
    pub(super) fn new(width: u16, height: u16) -> Window {
        Window {
            area: Rect::new(0, 0, width, height),
            focus: Pane::default(),
            split: PaneSplit::default(),
            dragged: None,
            zoomed: false,
            count: None,
        }
    }
}

impl Model {
    /// Areas of the panes, or none on a screen that is too small.
    pub fn layout(&self) -> Option<Layout> {
        self.layout_on(self.window.area)
    }

    /// Areas of the panes on a screen that may be smaller than the last reported size.
    pub fn layout_on(&self, screen: Rect) -> Option<Layout> {
        let years = self.reading.timeline.heat.years().len();
        layout::layout(screen, self.window.focus, self.window.zoomed, self.window.split, years)
    }

    /// Rows of text in `pane`; for a hidden pane, the rows it would have.
    pub(super) fn height(&self, pane: Pane) -> usize {
        let area = self.layout().and_then(|layout| layout.body(pane));
        let height = area.map_or(self.window.area.height.saturating_sub(5), |area| layout::inner(area).height);
        usize::from(height)
    }
}
