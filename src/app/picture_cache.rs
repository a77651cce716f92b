//! Pictures of the notes: asked for one at a time, and a few kept that were shown last.
//!
//! What a picture is made of is handed in, ready to be drawn; nothing is read here.

use super::{Effect, Model, Severity, Status, layout};
use crate::page::{CellSize, PicturePlace, PictureSize};
use std::sync::Arc;

/// Pictures that are kept.
const MOST: usize = 24;

/// Bytes of pictures that are kept, beside those of the page.
const MOST_BYTES: usize = 16 << 20;

/// Rows of the highest picture: terminals number no more than some hundred.
const HIGHEST: usize = 100;

/// Which picture: that at a url as one note has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureKey {
    /// The source of the note.
    pub source: String,
    /// The path of the note.
    pub path: String,
    pub url: Arc<str>,
}

/// A picture made ready for a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width and height in its file.
    pub pixels: (u32, u32),
    /// The cells it covers.
    pub size: PictureSize,
    /// The size of the cells it was made for.
    pub cell: CellSize,
    pub drawn: PictureEncoding,
}

/// What a terminal is told to show a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureEncoding {
    /// The colours of the upper and lower half of each cell, row by row; none where one sees through.
    HalfBlocks(Vec<[Option<[u8; 3]>; 2]>),
    /// A sequence that makes the picture known under a number of 24 bits; cells that bear the number
    /// show it (kitty).
    Placeholders { id: u32, transmission: String },
    /// A sequence that paints the picture over the cells right and below, and leaves the cursor in the
    /// second of them (sixel, iTerm2).
    Sequence(String),
}

impl Picture {
    /// Bytes that it takes.
    fn weight(&self) -> usize {
        match &self.drawn {
            PictureEncoding::HalfBlocks(cells) => size_of_val(&cells[..]),
            PictureEncoding::Placeholders { transmission: text, .. } | PictureEncoding::Sequence(text) => text.len(),
        }
    }
}

/// A picture that was asked for.
#[derive(Debug, Clone)]
struct CachedPicture {
    key: PictureKey,
    /// None when it cannot be shown.
    picture: Option<Arc<Picture>>,
    /// Its file may be another by now.
    is_stale: bool,
}

/// The pictures at hand.
#[derive(Debug, Clone, Default)]
pub struct PictureCache {
    /// None where no pictures are shown.
    cell: Option<CellSize>,
    /// Those that came last stand last.
    known: Vec<CachedPicture>,
    /// The one that is being made ready.
    asked: Option<PictureKey>,
    /// Another after each change.
    revision: u64,
}

impl PictureCache {
    /// Shows pictures from now on, in cells of a size.
    pub fn turn_on(&mut self, cell: CellSize) {
        if self.cell != Some(cell) {
            self.cell = Some(cell);
            self.known.clear();
            self.revision += 1;
        }
    }

    /// Returns an empty cache for the same terminal. Answers to earlier requests will be dropped.
    pub(super) fn emptied(&self) -> PictureCache {
        PictureCache { cell: self.cell, revision: self.revision + 1, ..PictureCache::default() }
    }

    /// A number that is another when a page may have to be set anew.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Files may have changed: what is at hand is shown until it was read again.
    pub(super) fn invalidate(&mut self) {
        self.known.iter_mut().for_each(|known| known.is_stale = true);
    }

    fn find(&self, key: &PictureKey) -> Option<&CachedPicture> {
        self.known.iter().find(|known| known.key == *key)
    }

    /// The picture, if it is at hand.
    fn get(&self, key: &PictureKey) -> Option<&Arc<Picture>> {
        self.find(key)?.picture.as_ref()
    }

    /// The cells that a picture gets in a room, as far as it is known.
    pub(super) fn size(&self, key: &PictureKey, room: PictureSize) -> Option<PictureSize> {
        Some(PictureSize::of(self.get(key)?.pixels, self.cell?, room))
    }

    /// Keeps what came, the answer to what was asked; those of the page are not given up for it.
    fn keep(&mut self, key: PictureKey, picture: Option<Arc<Picture>>, is_of_page: impl Fn(&PictureKey) -> bool) {
        self.known.retain(|known| known.key != key);
        self.known.push(CachedPicture { key, picture, is_stale: false });
        self.revision += 1;
        let weight = |known: &CachedPicture| known.picture.as_ref().map_or(0, |picture| picture.weight());
        let mut bytes: usize = self.known.iter().map(weight).sum();
        let mut at = 0;
        while (self.known.len() > MOST || bytes > MOST_BYTES) && at < self.known.len() {
            if is_of_page(&self.known[at].key) {
                at += 1;
            } else {
                bytes -= weight(&self.known.remove(at));
            }
        }
    }
}

/// The key of the picture at `place` on the page that is shown.
fn key(model: &Model, place: &PicturePlace) -> Option<PictureKey> {
    let note = model.current()?.note();
    Some(PictureKey { source: note.source.clone(), path: note.path.clone(), url: place.url.clone() })
}

/// The picture to be drawn at `place`, if it is at hand in the size that it has there.
pub fn picture_at<'m>(model: &'m Model, place: &PicturePlace) -> Option<&'m Picture> {
    let picture = model.reading.pictures.get(&key(model, place)?)?;
    is_fit(picture, place, model).then_some(picture)
}

/// Whether a picture was made for the cells that it has at `place`.
fn is_fit(picture: &Picture, place: &PicturePlace, model: &Model) -> bool {
    Some(picture.size) == place.size && Some(picture.cell) == model.reading.pictures.cell
}

/// The next picture to be made ready for the page that is shown: one at a time, so that none is made
/// for an entry that was left meanwhile.
pub(super) fn next_request(model: &mut Model) -> Option<Effect> {
    let cell =
        model.reading.pictures.cell.filter(|_| !model.settings.is_sample && model.reading.pictures.asked.is_none())?;
    let rows = rows(usize::from(layout::text(model.layout()?.entry?).height));
    let is_missing = |place: &&PicturePlace| {
        key(model, place).is_some_and(|key| match model.reading.pictures.find(&key) {
            None => true,
            Some(known) => {
                known.is_stale || known.picture.as_ref().is_some_and(|picture| !is_fit(picture, place, model))
            }
        })
    };
    let top = model.reading.entry.scroll.top;
    let missing = model.reading.entry.page.pictures.iter().filter(is_missing);
    // What is in view or below comes first.
    let place = missing.min_by_key(|place| (place.line < top, place.line))?;
    let (key, room) = (key(model, place)?, PictureSize { columns: place.room as u16, rows });
    model.reading.pictures.asked = Some(key.clone());
    Some(Effect::Picture { key, room, cell })
}

/// Rows that a picture may have in a pane of a height: half of it, and a row at least.
pub(super) fn rows(height: usize) -> u16 {
    (height / 2).clamp(1, HIGHEST) as u16
}

/// Takes what became of the picture that was asked for. Why there is none is kept with all that was
/// said, once, and not shown: the caption stands where it would be.
pub(super) fn picture_ready(model: &mut Model, came: PictureKey, result: Result<Arc<Picture>, Option<String>>) {
    // The veil has forgotten the request, and the answer may hold private words.
    if model.reading.pictures.asked.take_if(|asked| *asked == came).is_none() {
        return;
    }
    let (picture, why) = match result {
        Ok(picture) => (Some(picture), None),
        Err(why) => (None, why),
    };
    let of_page: Vec<PictureKey> =
        model.reading.entry.page.pictures.iter().filter_map(|place| key(model, place)).collect();
    model.reading.pictures.keep(came, picture, |key| of_page.contains(key));
    if let Some(status) = why.map(|why| Status::new(Severity::Warning, why))
        && !model.session.messages.contains(&status)
    {
        model.log_status(status);
    }
}
