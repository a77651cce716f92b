//! Measures frames: the response to a key and the drawing of it, on a screen of 200 by 60.
//!
//! ```sh
//! cargo bench --bench drawing               # 100 000 entries
//! cargo bench --bench drawing -- 10000      # any other size
//! ```
//!
//! Prints Markdown. The log comes from `examples/generate_log.rs`. A frame covers everything from a
//! key press to the bytes for the terminal: updating the model, and drawing it on a screen in memory.

#[path = "../examples/support/generator.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod generator;

use anyhow::Result;
use generator::Generator;
use ratatui::{Terminal, backend::TestBackend};
use sennight::{
    app::{Effect, Message, Model, key::Key, update},
    date::Series,
    find::Finder,
    log::Log,
    note::{self, tag::TagRules},
    ui::{theme::Theme, view},
};
use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

/// Keys to press repeatedly, by what they show.
const CLASSES: [(&str, &[&str]); 8] = [
    ("down the timeline", &["j"]),
    ("pages of the timeline", &["pgdn"]),
    ("weeks", &["J"]),
    ("through the tags", &["1", "j", "2"]),
    ("reading: page down and next entry", &["3", "space", ">"]),
    ("zoom and back", &["z", "z"]),
    ("help, X-ray", &["?", "esc", "i", "esc"]),
    ("thread of the entry", &["t", "esc"]),
];

/// Repetitions of each class.
const TIMES: usize = 300;

fn main() -> Result<()> {
    let numbers: Vec<usize> = env::args().filter_map(|argument| argument.parse().ok()).collect();
    let is_bench = env::args().any(|argument| argument == "--bench");
    let entries = numbers.first().copied().unwrap_or(if is_bench { 100_000 } else { 300 });
    let log = Arc::new(log(entries));
    let mut model = Model::new("bench", false, 200, 60);
    model.settings.today = Some(jiff::civil::date(2026, 1, 1));
    let mut finder = Finder::new(log.clone(), None);
    let theme = Theme::dark();
    let mut terminal = Terminal::new(TestBackend::new(200, 60))?;
    let started = Instant::now();
    send(&mut model, &mut finder, Message::loaded(log.clone()));
    println!("| 200×60, {} entries | p50 ms | p99 ms | max ms |\n|---|--:|--:|--:|", log.len());
    println!("| the log arrives | {:.2} | | |", milliseconds(started.elapsed()));
    for (name, keys) in CLASSES {
        let mut times = Vec::with_capacity(TIMES * keys.len());
        for _ in 0..if is_bench { TIMES } else { 2 } {
            for key in keys {
                let started = Instant::now();
                send(&mut model, &mut finder, Message::Key(Key::parse(key).expect("a key of this table")));
                terminal.draw(|frame| view(&model, &theme, frame))?;
                times.push(started.elapsed());
            }
        }
        times.sort_unstable();
        let at = |part: usize| milliseconds(times[(times.len() - 1) * part / 100]);
        println!("| {name} | {:.2} | {:.2} | {:.2} |", at(50), at(99), at(100));
        send(&mut model, &mut finder, Message::Key(Key::parse("2").expect("a key")));
    }
    Ok(())
}

fn send(model: &mut Model, finder: &mut Finder, message: Message) {
    for effect in update(model, message) {
        if let Effect::Search { ticket, query } = effect {
            let hits = finder.hits(&query);
            send(model, finder, Message::SearchFinished { ticket, hits, micros: 0 });
        }
    }
}

fn log(entries: usize) -> Log {
    let rules = TagRules::built_in();
    let notes: Vec<generator::File> = Generator::new(entries, 1).collect();
    let series = Series::of(notes.iter().map(|note| note.path.as_str()));
    let read = |note: &generator::File| {
        let file = note::NoteFile { source: "bench", path: &note.path, bytes: note.text.as_bytes() };
        Arc::new(note::read(file, &series, note::EntryRule::Auto, &rules))
    };
    Log::new(notes.iter().map(read).collect(), &rules)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
