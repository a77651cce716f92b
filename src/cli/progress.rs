//! Progress of long tasks on standard error: a bar on a terminal, else a line now and then.
//!
//! Tasks that are done soon show nothing.

use super::output::say;
use crate::index::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::{
    fmt,
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

/// Time after which a task shows its progress.
const PATIENCE: Duration = Duration::from_millis(300);

/// Time between two lines of progress, if there is no terminal.
const BETWEEN_LINES: Duration = Duration::from_secs(5);

/// The progress of a task.
pub struct Bar {
    what: &'static str,
    unit: &'static str,
    begun: Instant,
    spoken: Instant,
    drawn: Option<ProgressBar>,
    is_terminal: bool,
}

impl Bar {
    /// A task such as “indexing”, counted in a unit such as “notes”.
    pub fn new(what: &'static str, unit: &'static str) -> Bar {
        let now = Instant::now();
        Bar { what, unit, begun: now, spoken: now, drawn: None, is_terminal: io::stderr().is_terminal() }
    }

    pub fn show(&mut self, progress: Progress) {
        if self.is_terminal {
            self.draw(progress);
        } else if self.spoken.elapsed() >= BETWEEN_LINES {
            self.spoken = Instant::now();
            say("sennight", &line(self.what, self.unit, progress, self.begun.elapsed()));
        }
    }

    fn draw(&mut self, progress: Progress) {
        if self.drawn.is_none() && self.begun.elapsed() >= PATIENCE {
            let bar = ProgressBar::with_draw_target(Some(progress.of as u64), ProgressDrawTarget::stderr());
            let template = "{msg} {wide_bar} {pos}/{len} {prefix}, {rate}, {eta} left";
            let style =
                ProgressStyle::with_template(template).map(|style| style.progress_chars("=> ").with_key("rate", rate));
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(self.what);
            bar.set_prefix(self.unit);
            self.drawn = Some(bar.with_elapsed(self.begun.elapsed()));
        }
        if let Some(bar) = &self.drawn {
            bar.set_position(progress.done as u64);
        }
    }

    /// Removes the bar.
    pub fn end(&mut self) {
        if let Some(bar) = self.drawn.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.end();
    }
}

/// Formats the rate in whole units a second.
fn rate(state: &ProgressState, out: &mut dyn fmt::Write) {
    // A bar that cannot show the rate is still of use.
    let _ = write!(out, "{:.0}/s", state.per_sec());
}

/// A spinner for a task of unknown length, shown on a terminal until it is dropped.
pub struct Spinner(ProgressBar);

impl Spinner {
    pub fn new(what: &'static str) -> Spinner {
        let spinner = ProgressBar::new_spinner().with_message(what);
        spinner.set_style(ProgressStyle::default_spinner().tick_chars("-\\|/ "));
        spinner.enable_steady_tick(PATIENCE);
        Spinner(spinner)
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Formats progress as `indexing: 1200 of 3000 notes, 40 %, about 12 s left`.
fn line(what: &str, unit: &str, progress: Progress, elapsed: Duration) -> String {
    let Progress { done, of } = progress;
    let percent = done * 100 / of.max(1);
    let left = (of - done.min(of)) as f64 * elapsed.as_secs_f64() / done.max(1) as f64;
    format!("{what}: {done} of {of} {unit}, {percent} %, about {left:.0} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_far_and_how_long() {
        let shown = |done, of, seconds| line("indexing", "notes", Progress { done, of }, Duration::from_secs(seconds));
        assert_eq!(shown(1200, 3000, 8), "indexing: 1200 of 3000 notes, 40 %, about 12 s left");
        assert_eq!(shown(0, 0, 5), "indexing: 0 of 0 notes, 0 %, about 0 s left");
        assert_eq!(shown(3, 2, 5), "indexing: 3 of 2 notes, 150 %, about 0 s left");
    }
}
