//! Measures how the time to understand a hostile note grows with its size. A ratio far above 2 for
//! twice the size means that a file can make the program hang.
//!
//! ```sh
//! cargo run --release --example growth               # all shapes
//! cargo run --release --example growth -- bullets    # only shapes with this in their name
//! cargo run --release --example growth -- bullets 4  # the same, four times as large
//! ```
//!
//! Prints four sizes for each shape: bytes, the time of the fastest run, the factor by which it
//! grew when the bytes doubled, and bytes of text kept per byte read.

use sennight::{
    date::Series,
    log::Log,
    note::{self, NoteFile, tag::TagRules},
};
use std::{env, fmt::Write, sync::Arc, time::Instant};

/// Bytes of the largest note, for shapes that have no better measure.
const LARGEST: usize = 1_000_000;

const SIZES: u32 = 4;

/// Runs per size; the fastest counts. Slow sizes get fewer runs.
const RUNS: usize = 5;

fn main() {
    let wanted = env::args().nth(1).unwrap_or_default();
    let scale: usize = env::args().nth(2).and_then(|scale| scale.parse().ok()).unwrap_or(1);
    let rules = TagRules::built_in();
    println!("{:34} {:>9} {:>9} {:>6} {:>6}", "shape", "kB", "ms", "ratio", "kept");
    for (name, largest, shape) in SHAPES.iter().filter(|(name, ..)| name.contains(&wanted)) {
        let mut before: Option<(f64, f64)> = None;
        for part in (0..SIZES).rev() {
            let text = shape((largest * scale) >> part);
            let (milliseconds, kept) = measure(name, &text, &rules);
            let (bytes, name) = (text.len() as f64, if before.is_none() { name } else { "" });
            let doublings = |smaller: f64| (bytes / smaller).log2();
            let ratio = before.map(|(smaller, time)| (milliseconds / time).powf(1.0 / doublings(smaller)));
            let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
            println!("{name:34} {:9.1} {milliseconds:9.2} {ratio:>6} {:6.1}", bytes / 1e3, kept as f64 / bytes);
            before = Some((bytes, milliseconds));
        }
    }
}

/// Milliseconds of the fastest run, and bytes of text kept.
fn measure(name: &str, text: &str, rules: &TagRules) -> (f64, usize) {
    let path = if name.starts_with("org ") { "a.org" } else { "a.md" };
    let (mut fastest, mut kept) = (f64::INFINITY, 0);
    for run in 0..RUNS {
        let start = Instant::now();
        let note = note::read(
            NoteFile { source: "notes", path, bytes: text.as_bytes() },
            &Series::default(),
            note::EntryRule::Auto,
            rules,
        );
        kept = note.text_size();
        let log = Log::new(vec![Arc::new(note)], rules);
        fastest = fastest.min(start.elapsed().as_secs_f64() * 1e3);
        drop(log);
        if fastest > 200.0 && run > 0 {
            break;
        }
    }
    (fastest, kept)
}

/// Hostile shape: its name, the maximum number of repetitions, and the text for a number of repetitions.
type Shape = (&'static str, usize, fn(usize) -> String);

/// Concatenates `text` for each number below `n`.
fn each(n: usize, text: impl Fn(&mut String, usize)) -> String {
    (0..n).fold(String::new(), |mut all, at| {
        text(&mut all, at);
        all
    })
}

const SHAPES: &[Shape] = &[
    ("[", LARGEST, |n| "[".repeat(n)),
    ("![](", LARGEST / 4, |n| "![](".repeat(n)),
    ("[a](b) ", LARGEST / 7, |n| "[a](b) ".repeat(n)),
    ("[a](", LARGEST / 4, |n| "[a](".repeat(n)),
    ("[^", LARGEST / 2, |n| "[^".repeat(n)),
    ("[[a]] ", LARGEST / 6, |n| "[[a]] ".repeat(n)),
    ("images in images", LARGEST / 7, |n| "![a".repeat(n) + &"](b)".repeat(n)),
    ("HTML links in HTML links", LARGEST / 15, |n| "<a href=b>a".repeat(n) + &"</a>".repeat(n)),
    ("definitions", LARGEST / 12, |n| each(n, |all, at| _ = write!(all, "[a{at}]: b\n\n"))),
    ("links to definitions", LARGEST / 20, |n| {
        each(n, |all, at| _ = write!(all, "[x][a{at}] ")) + "\n\n" + &each(n, |all, at| _ = writeln!(all, "[a{at}]: b"))
    }),
    ("links to one definition", LARGEST / 4, |n| "[a] ".repeat(n) + "\n\n[a]: https://a.example\n"),
    ("footnotes", LARGEST / 20, |n| {
        each(n, |all, at| _ = write!(all, "x[^{at}] ")) + "\n\n" + &each(n, |all, at| _ = write!(all, "[^{at}]: b\n\n"))
    }),
    ("*a ", LARGEST / 3, |n| "*a ".repeat(n)),
    ("a**b", LARGEST / 4, |n| "a**b".repeat(n)),
    ("*a_b~~c", LARGEST / 7, |n| "*a_b~~c".repeat(n)),
    ("` of growing length", 1_400, |n| each(n, |all, at| *all += &("`".repeat(at) + " "))),
    ("<a ", LARGEST / 3, |n| "<a ".repeat(n)),
    ("<!-- ", LARGEST / 5, |n| "<!-- ".repeat(n)),
    ("<!-- --> ", LARGEST / 9, |n| "<!-- --> ".repeat(n)),
    ("<div>", LARGEST / 5, |n| "<div>".repeat(n)),
    ("<div> on lines", LARGEST / 7, |n| "<div>\n\n".repeat(n)),
    ("<h3> on lines", LARGEST / 12, |n| "<h3>a</h3>\n\n".repeat(n)),
    ("&#", LARGEST / 2, |n| "&#".repeat(n)),
    ("{{<a ", LARGEST / 5, |n| "{{<a ".repeat(n)),
    ("{%a%}", LARGEST / 5, |n| "{%a%}".repeat(n)),
    ("bullets in bullets", 100_000, |n| "- ".repeat(n) + "a"),
    ("numbers in numbers", 100_000, |n| "1. ".repeat(n) + "a"),
    ("bullets deeper on each line", 1_000, |n| each(n, |all, at| *all += &("  ".repeat(at) + "- a\n"))),
    ("bullets in bullets on lines", 100, |n| ("- ".repeat(n) + "a\n").repeat(n * 10)),
    ("quotes in quotes", 100_000, |n| "> ".repeat(n) + "a"),
    (">>>>", LARGEST, |n| ">".repeat(n)),
    ("quotes in quotes on lines", 200, |n| (">".repeat(n) + "a\n").repeat(n * 10)),
    ("bullets", LARGEST / 4, |n| "- a\n".repeat(n)),
    ("bullets after blank lines", LARGEST / 5, |n| "\n".repeat(n) + &"- a\n".repeat(n)),
    ("repaired numbers", LARGEST / 8, |n| "1、a\n".repeat(n)),
    ("headings", LARGEST / 6, |n| "## a\n\n".repeat(n)),
    ("headings with lists", LARGEST / 11, |n| "## a\n\n- b\n\n".repeat(n)),
    ("headings under a long one", LARGEST / 22, |n| {
        format!("# {}\n\n", "容器 #a ".repeat(n)) + &"## a\n\n- b\n\n".repeat(n)
    }),
    ("headings after a long title", LARGEST / 20, |n| {
        format!("# {}\n\n", "title ".repeat(n)) + &"# a\n\n- b\n\n".repeat(n)
    }),
    ("images under a long heading", LARGEST / 20, |n| {
        format!("## {}\n\n", "heading ".repeat(n)) + &"- ![](b)\n".repeat(n)
    }),
    ("images under a long title", LARGEST / 20, |n| format!("# {}\n\n", "title ".repeat(n)) + &"- ![](b)\n".repeat(n)),
    ("dated headings", LARGEST / 20, |n| "## 2024-05-01\n\n- a\n\n".repeat(n)),
    ("numbers in the title", LARGEST / 4, |n| format!("# {}\n", "1.1 ".repeat(n))),
    ("years in the title", LARGEST / 5, |n| format!("# {}\n", "2024 ".repeat(n))),
    ("columns", LARGEST / 4, |n| format!("{}\n{}\n", "|a".repeat(n / 2), "|-".repeat(n / 2))),
    ("columns and rows", LARGEST / 6, |n| {
        format!("{}\n{}\n{}", "|a".repeat(n / 2), "|-".repeat(n / 2), "|a\n".repeat(n / 2))
    }),
    ("rows", LARGEST / 11, |n| "|a|b|\n|-|-|\n".to_owned() + &"|a|[b](c)|\n".repeat(n)),
    ("rows under a long head", LARGEST / 20, |n| {
        format!("|{}|b|\n|-|-|\n", "head ".repeat(n)) + &"|a|[b](c)|\n".repeat(n)
    }),
    ("keys of front matter", 10_000, |n| format!("---\n{}---\na\n", each(n, |all, at| _ = writeln!(all, "k{at}: v")))),
    ("keys of a long front matter", 80_000, |n| {
        format!("---\n{}---\na\n", each(n, |all, at| _ = writeln!(all, "k{at}: v")))
    }),
    ("keys without fences", 80_000, |n| {
        format!("Title: a\nDate: b\n{}\na\n", each(n, |all, at| _ = writeln!(all, "k{at}: v")))
    }),
    ("tags of front matter", 100_000, |n| format!("---\ntags: [{}]\n---\na\n", "a, ".repeat(n))),
    ("nested front matter", 20_000, |n| format!("---\na: {}{}\n---\na\n", "[".repeat(n), "]".repeat(n))),
    ("one line", LARGEST, |n| "a".repeat(n)),
    ("one line of Han", LARGEST / 3, |n| "容".repeat(n)),
    ("lines of 20 000 letters", LARGEST / 20_000, |n| ("word ".repeat(4_000) + "\n").repeat(n)),
    ("accents", LARGEST / 2, |n| "\u{301}".repeat(n)),
    ("tabs", LARGEST, |n| "\t".repeat(n)),
    ("escapes", LARGEST / 2, |n| "\u{1b}]".repeat(n)),
    ("#12 ", LARGEST / 4, |n| "#12 ".repeat(n)),
    ("#12 beside a link", LARGEST / 4, |n| "https://github.com/a/b/pull/1 ".to_owned() + &"#12 ".repeat(n)),
    ("#tag ", LARGEST / 8, |n| each(n, |all, at| _ = write!(all, "#t{at} "))),
    ("a/b#12 ", LARGEST / 12, |n| each(n, |all, at| _ = write!(all, "a/b#{at} "))),
    ("links to one thing", LARGEST / 40, |n| "https://github.com/a/b/pull/12?x=%1b%5d\n".repeat(n)),
    ("links in items", LARGEST / 40, |n| "- [b](https://github.com/a/b/pull/12)\n".repeat(n)),
    ("org headings", LARGEST / 4, |n| "* a\n".repeat(n)),
    ("org =a ", LARGEST / 3, |n| "=a ".repeat(n)),
    ("org [[a]", LARGEST / 4, |n| "[[a]".repeat(n)),
];
