//! A long random walk: any key, click, wheel, paste, size and answer at any time. Nothing panics,
//! and after each step the model is sound and every row exactly as wide as the screen.
//!
//! `SENNIGHT_STEPS` sets how many steps are walked, `SENNIGHT_SEED` where it begins.

use crate::support::{Session, log, screen};
use sennight::{
    app::{Message, Pane, key::Key, keymap::Keymap, overlay::Overlay},
    files::source::{self, Origin},
    log::Log,
    note::tag::TagRules,
};
use std::{env, sync::Arc};

/// SplitMix64: the same walk in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ z >> 31) % sides as u64) as usize
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.roll(list.len())]
    }
}

const TYPED: [&str; 24] = [
    "a",
    "e",
    "n",
    "r",
    "1",
    "4",
    "0",
    "限",
    "流",
    "猫",
    "tag:",
    "kind:paper",
    "-",
    "\"",
    "(",
    "，",
    "👩‍💻",
    "\u{202e}",
    "\u{1b}[31m",
    "\n",
    "is:undated",
    "fupan",
    " ",
    "pr:3120",
];

fn hostile() -> Log {
    let wide = "宽".repeat(20_000);
    log(&[
        ("2024-W23.md", "1， 限流 👩‍👩‍👧 🇨🇳 ❤️ \u{202e}abc\u{0} [a](https://example.com)\n2， \u{1b}]8;;x\u{7}y\n"),
        ("9999-99-99.md", "- 不存在的日子\n"),
        ("空.md", ""),
        (
            "til.md",
            "# T\n\n| a | b |\n|---|---|\n| 容器 | https://example.com/a/very/long/url/that/does/not/end |\n\n```rust\nfn main() {}\n```\n",
        ),
        ("wide.md", &wide),
    ])
}

fn number(name: &str, otherwise: u64) -> u64 {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn assert_sound(session: &Session, step: u64) {
    let model = &session.model;
    let rows = model.reading.timeline.rows.len();
    assert!(
        model.results.hits.is_empty() || model.reading.timeline.selected() < model.results.hits.len(),
        "step {step}"
    );
    assert!(rows == 0 || model.reading.timeline.scroll.cursor < rows, "step {step}");
    assert!(
        model.reading.tags.rows.is_empty() || model.reading.tags.scroll.cursor < model.reading.tags.rows.len(),
        "step {step}"
    );
    assert!(model.results.hits.iter().all(|hit| hit.index() < model.notes.log.len()), "step {step}");
    if let Some(Overlay::Picker(picker)) = model.reading.overlays.last() {
        assert!(picker.shown.is_empty() || picker.scroll.cursor < picker.shown.len(), "step {step}");
        assert!(picker.shown.iter().all(|at| *at < picker.items.len()), "step {step}");
    }
    if let Some(area) = model.layout().and_then(|layout| layout.body(Pane::Timeline)) {
        let (scroll, height) = (model.reading.timeline.scroll, usize::from(area.height) - 2);
        let is_seen = (scroll.top..scroll.top + height.max(1)).contains(&scroll.cursor);
        assert!(rows == 0 || is_seen, "step {step}: row {} of {scroll:?} in {height} rows", scroll.cursor);
    }
}

fn walk(logs: &[Arc<Log>], steps: u64, dice: &mut Dice) {
    let keymap = Keymap::default();
    let keys: Vec<Key> = keymap.keys().collect();
    let mut session = Session::new(Log::default(), 80, 24);
    session.model.settings.today = Some(jiff::civil::date(2026, 2, 20));
    session.send(Message::loaded(logs[0].clone()));
    for step in 0..steps {
        match dice.roll(100) {
            0 => session.send(Message::Resized { width: dice.roll(201) as u16, height: dice.roll(81) as u16 }),
            1 => session.send(Message::Drag { column: dice.roll(200) as u16, row: dice.roll(80) as u16 }),
            2..=4 => session.send(Message::Click { column: dice.roll(200) as u16, row: dice.roll(80) as u16 }),
            5..=7 => {
                let rows = [3, -3, 1, -40][dice.roll(4)];
                session.send(Message::Wheel { column: dice.roll(200) as u16, row: dice.roll(80) as u16, rows });
            }
            8 => session.send(Message::Paste(dice.of(&TYPED).repeat(dice.roll(40)))),
            9 => {
                let log = dice.of(logs).clone();
                session.send(Message::loaded(log));
            }
            10..=30 => {
                for c in dice.of(&TYPED).chars() {
                    session.send(Message::Key(Key::parse(&c.to_string()).expect("a character")));
                }
            }
            _ => session.send(Message::Key(*dice.of(&keys))),
        }
        session.effects.clear();
        assert_sound(&session, step);
        screen(&session.model, session.model.window.area.width, session.model.window.area.height);
    }
}

#[test]
fn any_key_at_any_time_leaves_a_sound_model_and_a_straight_screen() {
    let rules = TagRules::built_in();
    let logs = [source::read(&Origin::Sample, &rules).expect("the sample log"), hostile()].map(Arc::new);
    let (steps, seed) = (number("SENNIGHT_STEPS", 1500), number("SENNIGHT_SEED", 7));
    walk(&logs, steps, &mut Dice(seed));
}
