//! Picture cache: pictures are requested one at a time, and the last few are kept.
//!
//! They are handed in encoded for the terminal; nothing is read or decoded here.

use super::{Effect, Model, Severity, Status, layout};
use crate::page::{CellSize, PicturePlace, PictureSize};
use std::sync::Arc;

/// Most pictures that are kept, beside those of the page.
const MOST: usize = 24;

/// Bytes of pictures that are kept, beside those of the page.
const MOST_BYTES: usize = 16 << 20;

/// Rows of the highest picture. kitty numbers the rows of a picture, up to 297.
const HIGHEST: usize = 100;

/// Identity of a picture: a URL as written in one note, which may be relative to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureKey {
    /// The source of the note.
    pub source: String,
    /// The path of the note.
    pub path: String,
    pub url: Arc<str>,
}

/// The reason why a picture cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureFailure {
    /// Its note is no longer a file, which needs no message.
    NoFile,
    /// A sentence for the message history.
    Message(String),
}

/// A picture encoded for an area of the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width and height in its file.
    pub pixels: (u32, u32),
    /// Cells that the picture covers.
    pub size: PictureSize,
    /// Size of the cells it was encoded for.
    pub cell: CellSize,
    pub drawn: PictureEncoding,
}

/// Form in which a terminal takes a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PictureEncoding {
    /// Colours of the upper and lower half of each cell, row by row; none if transparent.
    HalfBlocks(Vec<[Option<[u8; 3]>; 2]>),
    /// A sequence that transmits the picture under a number of 24 bits; cells with that number show it
    /// (kitty).
    Placeholders { id: u32, transmission: String },
    /// A sequence that paints the picture over the cells right and below, and leaves the cursor in the
    /// second of them (sixel, iTerm2).
    Sequence(String),
}

impl Picture {
    /// Size in bytes.
    fn weight(&self) -> usize {
        match &self.drawn {
            PictureEncoding::HalfBlocks(cells) => size_of_val(&cells[..]),
            PictureEncoding::Placeholders { transmission: text, .. } | PictureEncoding::Sequence(text) => text.len(),
        }
    }
}

/// A picture that was requested.
#[derive(Debug, Clone)]
struct CachedPicture {
    key: PictureKey,
    /// Encoded picture; none if it cannot be shown.
    picture: Option<Arc<Picture>>,
    /// The file may have changed since.
    is_stale: bool,
}

/// Pictures that were requested, and their answers.
#[derive(Debug, Clone, Default)]
pub struct PictureCache {
    /// Size of a cell; none if the terminal shows no pictures.
    cell: Option<CellSize>,
    /// Oldest answer first.
    known: Vec<CachedPicture>,
    /// The picture that is being loaded.
    asked: Option<PictureKey>,
    /// Number of changes so far.
    revision: u64,
}

impl PictureCache {
    /// Shows pictures from now on, in cells of the size `cell`.
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

    /// Number that changes when a page may need a new layout.
    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// Marks all pictures as stale. They are shown until they have been loaded again.
    pub(super) fn invalidate(&mut self) {
        self.known.iter_mut().for_each(|known| known.is_stale = true);
    }

    fn find(&self, key: &PictureKey) -> Option<&CachedPicture> {
        self.known.iter().find(|known| known.key == *key)
    }

    /// Picture of `key`, if it is cached.
    fn get(&self, key: &PictureKey) -> Option<&Arc<Picture>> {
        self.find(key)?.picture.as_ref()
    }

    /// Cells that a picture gets in `room`, if it is cached.
    pub(super) fn size(&self, key: &PictureKey, room: PictureSize) -> Option<PictureSize> {
        Some(PictureSize::of(self.get(key)?.pixels, self.cell?, room))
    }

    /// Stores an answer, and drops the oldest pictures that are too many. Those of the page stay.
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

/// Key of the picture at `place` on the page that is shown.
fn key(model: &Model, place: &PicturePlace) -> Option<PictureKey> {
    let note = model.current()?.note();
    Some(PictureKey { source: note.source.clone(), path: note.path.clone(), url: place.url.clone() })
}

/// Picture to be drawn at `place`, if it is cached in the size that it has there.
pub fn picture_at<'m>(model: &'m Model, place: &PicturePlace) -> Option<&'m Picture> {
    let picture = model.reading.pictures.get(&key(model, place)?)?;
    is_fit(picture, place, model).then_some(picture)
}

/// Tests if a picture was encoded for the cells that it has at `place`.
fn is_fit(picture: &Picture, place: &PicturePlace, model: &Model) -> bool {
    Some(picture.size) == place.size && Some(picture.cell) == model.reading.pictures.cell
}

/// Requests the next picture of the page that is shown: one at a time, so that none is loaded for an
/// entry that was left meanwhile.
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
    // Pictures in view or below come first.
    let place = missing.min_by_key(|place| (place.line < top, place.line))?;
    let (key, room) = (key(model, place)?, PictureSize { columns: place.room as u16, rows });
    model.reading.pictures.asked = Some(key.clone());
    Some(Effect::Picture { key, room, cell })
}

/// Most rows of a picture in a pane of `height` rows: half of them, and at least one.
pub(super) fn rows(height: usize) -> u16 {
    (height / 2).clamp(1, HIGHEST) as u16
}

/// Takes the answer to a request. The reason for a missing picture goes into the message history, once;
/// it is not shown, since the caption is on the page.
pub(super) fn picture_ready(model: &mut Model, came: PictureKey, result: Result<Arc<Picture>, PictureFailure>) {
    // The veil has forgotten the request, and the answer may hold private words.
    if model.reading.pictures.asked.take_if(|asked| *asked == came).is_none() {
        return;
    }
    let (picture, why) = match result {
        Ok(picture) => (Some(picture), None),
        Err(PictureFailure::NoFile) => (None, None),
        Err(PictureFailure::Message(why)) => (None, Some(why)),
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
