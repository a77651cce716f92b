//! Prints the screen as text. The pictures in the README are its output.
//!
//! ```sh
//! cargo run --example render_screen -- 110 30 '/ nerdctl <enter>'
//! cargo run --example render_screen -- 80 24 '' ~/notes
//! ```
//!
//! Arguments: width, height, keys as in the session tests, and the folder to read (default: the
//! sample log). Today is the last day of the notes.

#[path = "../tests/it/support.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod support;

use sennight::{config::Config, files::source::Origin};
use std::{
    env,
    io::{self, Write},
};
use support::Session;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = |at: usize, default| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(default);
    let keys = arguments.get(2).map_or("", String::as_str);
    let origin = Origin::new(arguments.iter().skip(3).map(Into::into).collect(), &Config::default())?;
    let mut session = Session::on(&origin, number(0, 110), number(1, 30))?;
    session.press(keys);
    // A closed pipe is not an error.
    match writeln!(io::stdout(), "{}", session.screen()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
