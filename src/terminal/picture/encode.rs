//! Encoding of pixels for a terminal: half blocks, or a sequence of one of three protocols.
//!
//! Pictures are scaled down to their cells, never up.

use super::GraphicsProtocol;
use crate::{
    app::picture_cache::PictureEncoding,
    page::{CellSize, PictureSize},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use color_quant::NeuQuant;
use image::{DynamicImage, ImageFormat, ImageResult, RgbaImage};
use std::{fmt::Write, io::Cursor};
use xxhash_rust::xxh3::xxh3_64;

/// Characters in a chunk of a transmission (source: kitty's protocol).
const PIECE: usize = 4096;

/// Colours of a sixel picture, which all terminals have.
const COLOURS: usize = 256;

/// Sampling factor of the choice of colours, from 1 (all pixels) to 30.
const SAMPLING: i32 = 10;

/// The least alpha with which a pixel is drawn.
const OPAQUE: u8 = 128;

pub fn drawn(
    image: &DynamicImage,
    size: PictureSize,
    cell: CellSize,
    protocol: GraphicsProtocol,
) -> ImageResult<PictureEncoding> {
    let PictureSize { columns, rows } = size;
    if protocol == GraphicsProtocol::HalfBlocks {
        return Ok(PictureEncoding::HalfBlocks(half_blocks(image, u32::from(columns), u32::from(rows))));
    }
    let room = (u32::from(columns) * u32::from(cell.width), u32::from(rows) * u32::from(cell.height));
    let small = image.width() > room.0 || image.height() > room.1;
    let image = if small { image.thumbnail(room.0, room.1).to_rgba8() } else { image.to_rgba8() };
    Ok(match protocol {
        GraphicsProtocol::Kitty => {
            let png = png(&image)?;
            let id = (xxh3_64(&png) as u32 & 0x00ff_ffff).max(1);
            PictureEncoding::Placeholders { id, transmission: transmission(&STANDARD.encode(&png), id, size) }
        }
        GraphicsProtocol::Iterm2 => {
            let png = png(&image)?;
            let (bytes, data) = (png.len(), STANDARD.encode(&png));
            PictureEncoding::Sequence(painted(
                size,
                &format!(
                    "\x1b]1337;File=inline=1;size={bytes};width={columns};height={rows};preserveAspectRatio=1;doNotMoveCursor=1:{data}\x07"
                ),
            ))
        }
        GraphicsProtocol::Sixel | GraphicsProtocol::HalfBlocks => {
            PictureEncoding::Sequence(painted(size, &sixel(&image)))
        }
    })
}

fn png(image: &RgbaImage) -> ImageResult<Vec<u8>> {
    let mut png = Vec::new();
    image.write_to(&mut Cursor::new(&mut png), ImageFormat::Png)?;
    Ok(png)
}

/// The colours of the upper and lower half of each cell. The picture is stretched by less than a cell.
fn half_blocks(image: &DynamicImage, columns: u32, rows: u32) -> Vec<[Option<[u8; 3]>; 2]> {
    let image = image.thumbnail_exact(columns, 2 * rows).to_rgba8();
    let colour = |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        (alpha >= OPAQUE).then_some([red, green, blue])
    };
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, 2 * row)));
    cells.map(|(x, y)| [colour(x, y), colour(x, y + 1)]).collect()
}

/// Transmits a PNG to kitty under a number, which placeholders show.
fn transmission(png: &str, id: u32, PictureSize { columns, rows }: PictureSize) -> String {
    let mut sequence = String::with_capacity(png.len() + png.len() / PIECE * 16 + 64);
    let mut at = 0;
    while at < png.len() {
        let end = (at + PIECE).min(png.len());
        let more = u8::from(end < png.len());
        let first = if at == 0 { format!("i={id},a=T,U=1,f=100,t=d,c={columns},r={rows},") } else { String::new() };
        let _ = write!(sequence, "\x1b_Gq=2,{first}m={more};{}\x1b\\", &png[at..end]);
        at = end;
    }
    sequence
}

/// Clears the cells, draws `sequence` on them, and puts the cursor into the second cell, wherever the
/// terminal left it.
fn painted(PictureSize { columns, rows }: PictureSize, sequence: &str) -> String {
    let wiped = format!("\x1b[{columns}X\x1b[1B").repeat(usize::from(rows));
    format!("\x1b7{wiped}\x1b8{sequence}\x1b8\x1b[1C")
}

/// Encodes a picture in sixels: bands of six rows, each drawn colour by colour.
fn sixel(image: &RgbaImage) -> String {
    let (width, height) = image.dimensions();
    let mut opaque: Vec<u8> = Vec::new();
    for pixel in image.pixels() {
        let [red, green, blue, alpha] = pixel.0;
        if alpha >= OPAQUE {
            opaque.extend([red, green, blue, 255]);
        }
    }
    // Transparent pixels (1) keep what is behind them.
    let mut told = format!("\x1bP0;1;0q\"1;1;{width};{height}");
    if opaque.is_empty() {
        return told + "\x1b\\";
    }
    let colours = NeuQuant::new(SAMPLING, COLOURS, &opaque);
    let percent = |part: u8| u32::from(part) * 100 / 255;
    let palette = colours.color_map_rgba();
    for (nth, colour) in palette.chunks_exact(4).enumerate() {
        let _ = write!(told, "#{nth};2;{};{};{}", percent(colour[0]), percent(colour[1]), percent(colour[2]));
    }
    let index = |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        (alpha >= OPAQUE).then(|| colours.index_of(&[red, green, blue, 255]))
    };
    for top in (0..height).step_by(6) {
        // By colour, the bits of each column.
        let mut bits: Vec<Vec<u8>> = vec![Vec::new(); COLOURS];
        for y in top..(top + 6).min(height) {
            for x in 0..width {
                let Some(colour) = index(x, y) else { continue };
                let row = &mut bits[colour];
                row.resize(width as usize, 0);
                row[x as usize] |= 1 << (y - top);
            }
        }
        for (colour, row) in bits.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
            let _ = write!(told, "#{colour}");
            for run in row.chunk_by(|a, b| a == b) {
                let sign = char::from(b'?' + run[0]);
                match run.len() {
                    len @ 4.. => drop(write!(told, "!{len}{sign}")),
                    len => told.extend(std::iter::repeat_n(sign, len)),
                }
            }
            told.push('$');
        }
        told.push('-');
    }
    told + "\x1b\\"
}
