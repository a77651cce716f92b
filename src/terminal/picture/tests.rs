use super::*;
use crate::app::picture_cache::{PictureEncoding, PictureFailure};
use base64::{Engine, engine::general_purpose::STANDARD};
use image::{ImageFormat, Rgba, RgbaImage};

const CELL: CellSize = CellSize { width: 10, height: 20 };
const ROOM: PictureSize = PictureSize { columns: 40, rows: 10 };

/// A picture whose upper half is red and whose lower half is blue.
fn flag(width: u32, height: u32) -> RgbaImage {
    let colour = |y| if y < height / 2 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 255, 255]) };
    RgbaImage::from_fn(width, height, |_, y| colour(y))
}

fn encoded(image: &RgbaImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let image = DynamicImage::from(image.clone());
    let image = if format == ImageFormat::Jpeg { image.to_rgb8().into() } else { image };
    image.write_to(&mut Cursor::new(&mut bytes), format).expect("encoded");
    bytes
}

/// A PNG of one colour that says it is so large, and is as small as such can be.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    use flate2::{Compression, Crc, write::ZlibEncoder};
    use std::io::Write;
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut crc = Crc::new();
        crc.update(kind);
        crc.update(data);
        [&(data.len() as u32).to_be_bytes(), &kind[..], data, &crc.sum().to_be_bytes()].concat()
    };
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 0]);
    let mut data = ZlibEncoder::new(Vec::new(), Compression::best());
    data.write_all(&vec![0; 1 << 20]).expect("deflated");
    let data = data.finish().expect("deflated");
    [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &header), &chunk(b"IDAT", &data), &chunk(b"IEND", b"")].concat()
}

/// A folder of notes with a picture beside one, and things that are none.
struct PictureFixture {
    root: tempfile::TempDir,
}

impl PictureFixture {
    fn new() -> PictureFixture {
        let root = tempfile::tempdir().expect("a folder");
        let place = PictureFixture { root };
        let png = encoded(&flag(40, 40), ImageFormat::Png);
        for (path, bytes) in [
            ("notes/2024/图 一.png", &png[..]),
            ("notes/2024/100%.png", &png),
            ("notes/assets/a.png", &png),
            ("outside.png", &png),
            ("notes/empty.png", b""),
            ("notes/short.png", &png[..png.len() / 2]),
            ("notes/text.png", b"# no picture\n"),
            ("notes/wide.png", &bomb(60_000, 2)),
            ("notes/bomb.png", &bomb(16_000, 16_000)),
            ("notes/svg.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ] {
            let file = place.root.path().join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, bytes).expect("a file");
        }
        fs::create_dir(place.notes().join("folder.png")).expect("a folder");
        place
    }

    fn notes(&self) -> PathBuf {
        self.root.path().join("notes")
    }

    /// What becomes of the picture at `url` in a note of the folder 2024.
    fn paint(&self, url: &str) -> Result<Picture, String> {
        let note = self.notes().join("2024/week.md");
        paint(&self.notes(), &note, url, GraphicsProtocol::HalfBlocks, ROOM, CELL).map_err(|why| why.to_string())
    }
}

#[test]
fn pictures_below_the_notes_are_found_and_no_others() {
    let place = PictureFixture::new();
    let absolute = |path: &str| fs::canonicalize(place.root.path().join(path)).expect("a file");
    for url in [
        "图 一.png",
        "./图 一.png",
        "%E5%9B%BE%20%E4%B8%80.png",
        "图%20一.png?raw=true",
        "100%.png",
        "../assets/a.png",
        "/assets/a.png",
        "assets/a.png",
        "../assets/a.png#x",
        absolute("notes/assets/a.png").to_str().expect("UTF-8"),
    ] {
        let picture = place.paint(url).unwrap_or_else(|why| panic!("{url}: {why}"));
        assert_eq!((picture.pixels, picture.size), ((40, 40), PictureSize { columns: 4, rows: 2 }), "{url}");
    }
    for (url, expected) in [
        ("../../outside.png", "outside the folder"),
        ("..%2F..%2Foutside.png", "outside the folder"),
        ("../../../../../../../../../../etc/hostname", "outside the folder"),
        ("/etc/hostname", "outside the folder"),
        (absolute("outside.png").to_str().expect("UTF-8"), "outside the folder"),
        ("file:///etc/hostname", "no such file"),
        ("http://127.0.0.1/x.png", "no such file"),
        ("nowhere.png", "no such file"),
        ("a\0b.png", "no such file"),
        ("%00", "no such file"),
        ("", "no such file"),
        ("../folder.png", "not a file"),
        ("../empty.png", "empty"),
        ("../text.png", "not a PNG, JPEG, GIF or WebP"),
        ("../svg.png", "not a PNG, JPEG, GIF or WebP"),
        ("../short.png", "broken"),
        ("../wide.png", "too many pixels"),
        ("../bomb.png", "too many pixels"),
    ] {
        let why = place.paint(url).expect_err(url);
        assert!(why.contains(expected), "{url}: {why}");
    }
}

#[cfg(unix)]
#[test]
fn links_lead_out_of_the_notes_no_more_than_paths_do() {
    let place = PictureFixture::new();
    for (name, target) in [("out.png", "outside.png"), ("in.png", "notes/assets/a.png"), ("loop.png", "notes/loop.png")]
    {
        std::os::unix::fs::symlink(place.root.path().join(target), place.notes().join(name)).expect("a link");
    }
    std::os::unix::fs::symlink(place.root.path(), place.notes().join("up")).expect("a link");
    assert!(place.paint("../in.png").is_ok());
    for (url, expected) in
        [("../out.png", "outside"), ("../up/outside.png", "outside"), ("../loop.png", "no such file")]
    {
        assert!(place.paint(url).expect_err(url).contains(expected), "{url}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_keeps_nobody_waiting() {
    let place = PictureFixture::new();
    let made = std::process::Command::new("mkfifo").arg(place.notes().join("pipe.png")).status();
    // Without the program there is nothing to try.
    if made.is_ok_and(|status| status.success()) {
        assert!(place.paint("../pipe.png").expect_err("a pipe").contains("not a file"));
    }
}

#[test]
fn a_file_that_is_too_large_is_not_read_whole() {
    let place = PictureFixture::new();
    let file = fs::File::create(place.notes().join("large.png")).expect("a file");
    file.set_len(LARGEST_FILE + 1).expect("made longer");
    assert!(place.paint("../large.png").expect_err("large").contains("larger than 16 MB"));
}

#[test]
fn each_format_is_read() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let image = decode(encoded(&flag(32, 16), format)).unwrap_or_else(|why| panic!("{format:?}: {why}"));
        assert_eq!((image.width(), image.height()), (32, 16), "{format:?}");
        let [red, _, blue, _] = image.to_rgba8().get_pixel(3, 3).0;
        assert!(red > 200 && blue < 60, "{format:?}");
    }
}

#[test]
fn nothing_that_is_broken_panics() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Gif, ImageFormat::WebP] {
        let bytes = encoded(&flag(24, 24), format);
        for cut in (0..bytes.len()).step_by(3) {
            let mut turned = bytes.clone();
            turned[cut] ^= 0xff;
            drop((decode(bytes[..cut].to_vec()), decode(turned)));
        }
    }
}

#[test]
fn half_blocks_are_the_colours_of_the_picture() {
    let mut image = flag(40, 40);
    (0..10).for_each(|x| (0..40).for_each(|y| image.get_pixel_mut(x, y).0[3] = 0));
    let size = PictureSize { columns: 4, rows: 1 };
    let drawn = encode::drawn(&image.into(), size, CELL, GraphicsProtocol::HalfBlocks).expect("drawn");
    let cell = [Some([255, 0, 0]), Some([0, 0, 255])];
    assert_eq!(drawn, PictureEncoding::HalfBlocks(vec![[None, None], cell, cell, cell]));
}

/// The sequence of a picture of 40×40 pixels on 4×2 cells.
fn sequence(protocol: GraphicsProtocol, image: RgbaImage) -> String {
    match encode::drawn(&image.into(), PictureSize { columns: 4, rows: 2 }, CELL, protocol).expect("drawn") {
        PictureEncoding::Sequence(sequence) => sequence,
        other => panic!("{other:?}"),
    }
}

#[test]
fn kitty_is_told_a_png_in_pieces() {
    // What compresses badly takes more than one piece.
    let noise = RgbaImage::from_fn(40, 40, |x, y| {
        let [a, b, c, ..] = xxhash_rust::xxh3::xxh3_64(&[x as u8, y as u8]).to_le_bytes();
        Rgba([a, b, c, 255])
    });
    let size = PictureSize { columns: 4, rows: 2 };
    let drawn =
        |image: &RgbaImage| encode::drawn(&image.clone().into(), size, CELL, GraphicsProtocol::Kitty).expect("drawn");
    let PictureEncoding::Placeholders { id, transmission } = drawn(&noise) else { panic!("no placeholders") };
    assert!((1..=0x00ff_ffff).contains(&id));
    assert_eq!(drawn(&noise), drawn(&noise));
    assert_ne!(drawn(&noise), drawn(&flag(40, 40)));
    let pieces: Vec<&str> = transmission.split_terminator("\x1b\\").collect();
    assert!(pieces.len() > 1 && pieces[0].starts_with(&format!("\x1b_Gq=2,i={id},a=T,U=1,f=100,t=d,c=4,r=2,m=1;")));
    let mut data = String::new();
    for (nth, piece) in pieces.iter().enumerate() {
        let (head, part) = piece.split_once(';').expect("data");
        assert!(part.len() <= 4096 && head.ends_with(if nth + 1 < pieces.len() { "m=1" } else { "m=0" }), "{head}");
        assert!(part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)));
        data.push_str(part);
    }
    let png = STANDARD.decode(data).expect("base64");
    assert_eq!(image::load_from_memory(&png).expect("a PNG").to_rgba8(), noise);
}

#[test]
fn pictures_are_made_smaller_to_their_cells() {
    let told = sequence(GraphicsProtocol::Iterm2, flag(400, 400));
    let data = told.split_once("doNotMoveCursor=1:").and_then(|(_, rest)| rest.split_once('\x07')).expect("data").0;
    let small = image::load_from_memory(&STANDARD.decode(data).expect("base64")).expect("a PNG");
    assert_eq!((small.width(), small.height()), (40, 40));
    assert!(told.starts_with("\x1b7\x1b[4X\x1b[1B\x1b[4X\x1b[1B\x1b8\x1b]1337;File=inline=1;size="), "{told:?}");
    assert!(told.contains(";width=4;height=2;") && told.ends_with("\x07\x1b8\x1b[1C"), "{told:?}");
}

/// The colours of a picture in sixels, row by row, as a terminal paints it.
fn painted(told: &str) -> Vec<Vec<Option<[u32; 3]>>> {
    let told = told.split_once("\x1bP0;1;0q\"1;1;").expect("a head").1.split_once("\x1b\\").expect("an end").0;
    let (size, told) = told.split_at(told.find(['#', '-']).expect("colours"));
    let (width, height) = size.split_once(';').expect("a size");
    let (width, height): (usize, usize) = (width.parse().expect("a width"), height.parse().expect("a height"));
    let mut rows = vec![vec![None; width]; height];
    let mut palette = std::collections::HashMap::new();
    let (mut x, mut top, mut colour) = (0, 0, 0);
    let mut rest = told;
    while let Some(sign) = rest.chars().next() {
        rest = &rest[1..];
        let numbers = rest[..rest.find(|c: char| !(c.is_ascii_digit() || c == ';')).unwrap_or(rest.len())].to_owned();
        let parts: Vec<u32> = numbers.split(';').filter_map(|part| part.parse().ok()).collect();
        let mut times = 1;
        let mut sixel = sign;
        match sign {
            '#' => {
                rest = &rest[numbers.len()..];
                colour = parts[0];
                if let [nth, 2, red, green, blue] = parts[..] {
                    palette.insert(nth, [red, green, blue]);
                }
                continue;
            }
            '$' => x = 0,
            '-' => (x, top) = (0, top + 6),
            '!' => {
                sixel = rest[numbers.len()..].chars().next().expect("a sixel");
                rest = &rest[numbers.len() + 1..];
                times = parts[0];
            }
            _ => {}
        }
        if ('?'..='~').contains(&sixel) {
            for _ in 0..times {
                for bit in (0..6).filter(|bit| (sixel as u8 - b'?') >> bit & 1 == 1) {
                    rows[top + bit][x] = palette.get(&colour).copied();
                }
                x += 1;
            }
        }
    }
    rows
}

#[test]
fn sixels_paint_the_picture() {
    let mut image = flag(40, 40);
    (0..40).for_each(|y| image.get_pixel_mut(7, y).0[3] = 0);
    let rows = painted(&sequence(GraphicsProtocol::Sixel, image));
    assert_eq!((rows.len(), rows[0].len()), (40, 40));
    for (y, row) in rows.iter().enumerate() {
        for (x, colour) in row.iter().enumerate() {
            match colour {
                None => assert_eq!(x, 7, "{x} {y}"),
                Some([red, green, blue]) => {
                    assert!(x != 7 && *green < 10, "{x} {y}: {colour:?}");
                    assert!(
                        if y < 20 { *red > 90 && *blue < 10 } else { *blue > 90 && *red < 10 },
                        "{x} {y}: {colour:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn sixels_of_the_smallest_pictures_and_of_nothing_end_all_the_same() {
    for image in [RgbaImage::from_pixel(1, 1, Rgba([9, 9, 9, 255])), RgbaImage::new(3, 3), flag(2, 7)] {
        let told = sequence(GraphicsProtocol::Sixel, image);
        assert!(told.ends_with("\x1b\\\x1b8\x1b[1C"), "{told:?}");
    }
}

#[test]
fn painter_reports_by_message() {
    use crate::{config::Config, note::tag::TagRules};
    let place = PictureFixture::new();
    fs::write(place.notes().join("2024/week.md"), "- 图 ![a](图 一.png)\n").expect("a note");
    let origin = Origin::new(vec![place.notes()], &Config::default()).expect("an origin");
    let log = crate::files::source::read(&origin, &TagRules::built_in()).expect("a log");
    let (inbox, messages) = channel();
    let mut painter = Painter::new(GraphicsProtocol::HalfBlocks, inbox);
    let mut ask = |path: &str, url: &str| {
        let key = PictureKey { source: "notes".to_owned(), path: path.to_owned(), url: url.into() };
        painter.paint(&origin, &log, key.clone(), ROOM, CELL).expect("asked");
        match messages.recv().expect("an answer") {
            Message::PictureCame { key: of, result } if of == key => result.map(|picture| picture.size),
            message => panic!("{message:?}"),
        }
    };
    assert_eq!(ask("2024/week.md", "图 一.png"), Ok(PictureSize { columns: 4, rows: 2 }));
    let Err(PictureFailure::Message(why)) = ask("2024/week.md", "../bomb.png") else { panic!("a bomb was shown") };
    assert_eq!(why, "Picture not shown, too many pixels: ../bomb.png in 2024/week.md");
    assert_eq!(ask("2024/gone.md", "图 一.png"), Err(PictureFailure::NoFile));
}
