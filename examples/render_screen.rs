//! Prints the screen as text: the picture in the README is made by it.
//!
//! ```sh
//! cargo run --example render_screen -- 110 30 '/ nerdctl <enter>'
//! cargo run --example render_screen -- 80 24 '' ~/notes
//! ```
//!
//! Width, height, keys as the session tests write them, and the folder to read (the sample log
//! without one).

#[path = "../tests/it/support.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod support;

use sennight::{
    config::Config,
    log::tag::Rules,
    runtime::source::{self, Origin},
};
use std::env;
use support::Session;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = |at: usize, default| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let keys = arguments.get(2).map_or("", String::as_str);
    let origin = Origin::new(arguments.iter().skip(3).map(Into::into).collect(), &Config::default())?;
    let log = source::read(&origin, &Rules::built_in())?;
    let mut session = Session::new(log, number(0, 110), number(1, 30));
    session.model.origin = origin.shown();
    session.press(keys);
    println!("{}", session.screen());
    Ok(())
}
