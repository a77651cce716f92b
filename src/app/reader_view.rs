//! ReaderView: what the panes and the layers over them show.

use super::{
    EntryPane, Model, Pane, TagPane, Ticket, Timeline, insight::PendingInsight, layout, overlay, overlay::Overlay,
    picture_cache::PictureCache,
};
use crate::{
    insight::thread::Thread,
    log::{Entry, EntryId},
};
use heat_map::{IsoWeek, week_of};
use std::mem::take;

use super::timeline::heat_map;

/// State of the panes and of the layers over them.
///
/// A field belongs here if it shows, or was computed from, entries of the log. Another log or the
/// veil starts over with [`ReaderView::for_log`] or [`ReaderView::clear`], which name what survives.
#[derive(Debug, Default)]
pub struct ReaderView {
    pub tags: TagPane,
    pub timeline: Timeline,
    pub entry: EntryPane,
    pub pictures: PictureCache,
    /// Layers over the panes; the last one is on top and has the keys.
    pub overlays: Vec<Overlay>,
    /// The thread that `[` and `]` follow.
    pub(super) thread: Option<Thread>,
    /// The thread or the stats being computed, if any.
    pub(super) pending_insight: Option<PendingInsight>,
    /// Number of the last thread or stats that was asked for.
    pub(super) insight_ticket: Ticket,
}

impl ReaderView {
    /// Starts over for another log. Cursors of the panes and most layers survive: they hold keys and
    /// names, which mean the same in both logs.
    pub(super) fn for_log(&mut self, timeline: Timeline) {
        let mut old = take(self);
        old.entry.invalidate();
        old.pictures.invalidate();
        overlay::drop_stale(&mut old.overlays);
        *self = ReaderView {
            tags: old.tags,
            timeline,
            entry: old.entry,
            pictures: old.pictures,
            overlays: old.overlays,
            insight_ticket: old.insight_ticket,
            ..ReaderView::default()
        };
    }

    /// Removes everything that comes from a note.
    pub(super) fn clear(&mut self) {
        *self = ReaderView {
            pictures: self.pictures.emptied(),
            insight_ticket: self.insight_ticket,
            ..ReaderView::default()
        };
    }
}

impl Model {
    /// The selected entry of the timeline.
    pub fn current(&self) -> Option<Entry<'_>> {
        self.notes.log.get(*self.results.hits.get(self.reading.timeline.selected())?)
    }

    /// Week of the selected entry.
    pub fn week(&self) -> Option<IsoWeek> {
        let log = &self.notes.log;
        self.current().and_then(|entry| week_of(log.group(log.group_of(entry.id()))))
    }

    /// Id of the selected entry.
    pub(super) fn current_id(&self) -> Option<EntryId> {
        self.current().map(Entry::id)
    }
}

/// Brings cursors and pages in line with what has changed.
pub(super) fn settle(model: &mut Model) {
    let height = model.height(Pane::Timeline);
    model.reading.timeline.settle(height);
    if let Some(area) = model.layout().and_then(|layout| layout.heat) {
        let week = model.week();
        model.reading.timeline.heat.settle(week, usize::from(area.height) - 1);
    }
    let height = model.height(Pane::Tags);
    let tags = &mut model.reading.tags;
    tags.scroll.show(tags.rows.len(), height);
    overlay::settle(model);
    let area = model.layout().and_then(|layout| layout.entry);
    if let Some(area) = area {
        let text = layout::text(area);
        let current = model.current_id();
        model.reading.entry.show(
            current.and_then(|id| model.notes.log.get(id)),
            (usize::from(text.width), usize::from(text.height)),
            &model.results.highlights,
            &model.settings.symbols,
            &model.notes.titles,
            &model.reading.pictures,
        );
    }
}
