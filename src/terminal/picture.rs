//! Pictures in notes: found, read and encoded for the terminal on a thread of their own.
//!
//! Only small files below the source of a note are opened, and decoders have a memory limit. A picture that
//! cannot be shown stays a caption, and the reason is reported.

mod encode;

use crate::files::source::Origin;
use crate::{
    app::{
        Message,
        picture_cache::{Picture, PictureFailure, PictureKey},
    },
    log::{LazyNote, Log},
    page::{CellSize, PictureSize},
    text::clean_line,
};
use anyhow::{Context, Result};
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use percent_encoding::percent_decode_str;
use std::{
    fs,
    io::{self, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

/// A protocol for pictures in a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GraphicsProtocol {
    /// Cells with two colours each: any terminal with true colour.
    HalfBlocks,
    /// The graphics protocol of kitty, with Unicode placeholders.
    Kitty,
    /// Inline images of iTerm2.
    Iterm2,
    Sixel,
}

/// The largest file that is read, in bytes.
const LARGEST_FILE: u64 = 16 << 20;

/// The longest side of a picture, in pixels.
const LONGEST_SIDE: u32 = 16_384;

/// The memory for decoding, in bytes.
const MOST_MEMORY: u64 = 256 << 20;

/// A reason for which a picture is not shown.
#[derive(Debug, thiserror::Error)]
enum PictureError {
    #[error("no such file")]
    Missing,
    #[error("outside the folder of the notes")]
    Outside,
    #[error("not a file")]
    NoFile,
    #[error("empty")]
    Empty,
    #[error("larger than {} MB", LARGEST_FILE >> 20)]
    Large,
    #[error("too many pixels")]
    Pixels,
    #[error("not a PNG, JPEG, GIF or WebP")]
    Unknown,
    #[error("broken ({0})")]
    Broken(image::ImageError),
    #[error("cannot be read ({0})")]
    Io(#[from] io::Error),
    #[error("the decoder failed")]
    Panic,
}

/// A picture to encode.
struct PaintJob {
    key: PictureKey,
    /// The folder of the source and the file of the note in it.
    place: (PathBuf, PathBuf),
    room: PictureSize,
    cell: CellSize,
}

/// The thread that encodes pictures.
pub struct Painter {
    protocol: GraphicsProtocol,
    jobs: Option<Sender<PaintJob>>,
    inbox: Sender<Message>,
}

impl Painter {
    pub fn new(protocol: GraphicsProtocol, inbox: Sender<Message>) -> Painter {
        Painter { protocol, jobs: None, inbox }
    }

    /// Encodes a picture; the result comes as a message. Pictures in archives, standard input and the sample
    /// are not shown.
    ///
    /// # Errors
    ///
    /// When the thread, which the first picture starts, cannot be started.
    pub fn paint(
        &mut self,
        origin: &Origin,
        log: &Log,
        key: PictureKey,
        room: PictureSize,
        cell: CellSize,
    ) -> Result<()> {
        let mut notes = log.notes().iter();
        let note = notes.find(|note| note.source() == key.source && clean_line(note.exact_path()) == key.path);
        let Some(place) =
            note.map(LazyNote::load).and_then(|note| Some((origin.folder_of(note)?, origin.file_of(note)?)))
        else {
            let _ = self.inbox.send(Message::PictureCame { key, result: Err(PictureFailure::NoFile) });
            return Ok(());
        };
        if self.jobs.is_none() {
            let (jobs, waiting) = channel();
            let (protocol, inbox) = (self.protocol, self.inbox.clone());
            let work = move || work(protocol, &waiting, &inbox);
            thread::Builder::new().name("pictures".into()).spawn(work).context("cannot start reading pictures")?;
            self.jobs = Some(jobs);
        }
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(PaintJob { key, place, room, cell });
        }
        Ok(())
    }
}

fn work(protocol: GraphicsProtocol, jobs: &Receiver<PaintJob>, inbox: &Sender<Message>) {
    while let Ok(PaintJob { key, place: (folder, note), room, cell }) = jobs.recv() {
        let painted = catch_unwind(AssertUnwindSafe(|| paint(&folder, &note, &key.url, protocol, room, cell)));
        let result = match painted.unwrap_or(Err(PictureError::Panic)) {
            Ok(picture) => Ok(Arc::new(picture)),
            Err(error) => {
                Err(PictureFailure::Message(format!("Picture not shown, {error}: {} in {}", key.url, key.path)))
            }
        };
        if inbox.send(Message::PictureCame { key, result }).is_err() {
            return;
        }
    }
}

fn paint(
    folder: &Path,
    note: &Path,
    url: &str,
    protocol: GraphicsProtocol,
    room: PictureSize,
    cell: CellSize,
) -> Result<Picture, PictureError> {
    let image = decode(read(&find(folder, note, url)?)?)?;
    let pixels = (image.width(), image.height());
    let size = PictureSize::of(pixels, cell, room);
    let drawn = encode::drawn(&image, size, cell, protocol).map_err(PictureError::Broken)?;
    Ok(Picture { pixels, size, cell, drawn })
}

/// Finds the file that `url` names in a note: as written, else percent-decoded, else without `?` or `#` and
/// the rest; beside the note, else below `folder`, as programs for vaults and sites do.
fn find(folder: &Path, note: &Path, url: &str) -> Result<PathBuf, PictureError> {
    let folder = fs::canonicalize(folder)?;
    let bare = &url[..url.find(['?', '#']).unwrap_or(url.len())];
    let mut refusal = PictureError::Missing;
    for name in [url, bare] {
        let decoded = percent_decode_str(name).decode_utf8_lossy();
        for name in [name, decoded.as_ref()] {
            if name.is_empty() || name.contains('\0') {
                continue;
            }
            let beside = note.parent().unwrap_or(&folder).join(name);
            let below = folder.join(name.trim_start_matches('/'));
            for path in [beside, below] {
                let Ok(path) = fs::canonicalize(&path) else { continue };
                if path.starts_with(&folder) {
                    return Ok(path);
                }
                refusal = PictureError::Outside;
            }
        }
    }
    Err(refusal)
}

/// Reads a file. Errors if it is not one or too large, whatever size it reports.
fn read(path: &Path) -> Result<Vec<u8>, PictureError> {
    // Checked before it is opened, since opening a pipe waits for a writer.
    if !fs::metadata(path)?.is_file() {
        return Err(PictureError::NoFile);
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 {
        0 => Err(PictureError::Empty),
        len if len > LARGEST_FILE => Err(PictureError::Large),
        _ => Ok(bytes),
    }
}

/// Decodes a picture and turns it upright. Of an animation this is the first frame.
fn decode(bytes: Vec<u8>) -> Result<DynamicImage, PictureError> {
    let refused = |error| match error {
        image::ImageError::Limits(_) => PictureError::Pixels,
        image::ImageError::Unsupported(_) => PictureError::Unknown,
        error => PictureError::Broken(error),
    };
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    if reader.format().is_none() {
        return Err(PictureError::Unknown);
    }
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(refused)?;
    limits.check_dimensions(decoder.dimensions().0, decoder.dimensions().1).map_err(refused)?;
    limits.reserve(decoder.total_bytes()).map_err(refused)?;
    decoder.set_limits(limits).map_err(refused)?;
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(refused)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

#[cfg(test)]
mod tests;
