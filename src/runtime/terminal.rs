//! The terminal: taken, and given back whole whatever happens.

use anyhow::{Context, Result, bail};
use crossterm::{
    cursor, event, execute,
    terminal::{self, EnterAlternateScreen, LeaveAlternateScreen},
};
use ratatui::{Terminal, backend::CrosstermBackend};
use std::{
    io::{self, IsTerminal, Stdout, Write},
    sync::atomic::{AtomicBool, Ordering},
};

/// Whether the terminal is ours. Panics and signals read it too, so it is global.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal while it is ours: dropping it gives it back.
pub struct Screen {
    pub terminal: Terminal<CrosstermBackend<Stdout>>,
}

/// Columns of the terminal that standard output goes to, if it is one.
pub fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal::size().ok().map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0)
}

impl Screen {
    /// Takes the terminal: raw mode, alternate screen, mouse, bracketed paste.
    ///
    /// # Errors
    ///
    /// When input or output is no terminal, or it cannot be set up.
    pub fn take() -> Result<Screen> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            bail!("this is no terminal: the screen needs one");
        }
        restore_on_panic();
        enter().context("cannot set up the terminal")?;
        let terminal = Terminal::new(CrosstermBackend::new(io::stdout())).context("cannot set up the terminal")?;
        Ok(Screen { terminal })
    }

    /// Lends the terminal to another program for the time of `run`, then draws anew.
    pub fn lend<T>(&mut self, run: impl FnOnce() -> T) -> Result<T> {
        leave();
        let result = run();
        enter().context("cannot take the terminal back")?;
        // A new one knows nothing of what was on the screen, and so draws all of it; clearing
        // the old one would ask the terminal where its cursor is, and some never answer.
        self.terminal = Terminal::new(CrosstermBackend::new(io::stdout())).context("cannot take the terminal back")?;
        Ok(result)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

fn enter() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    terminal::enable_raw_mode()?;
    let clear = terminal::Clear(terminal::ClearType::All);
    execute!(io::stdout(), EnterAlternateScreen, clear, event::EnableMouseCapture, event::EnableBracketedPaste)
}

/// Gives the terminal back. Doing it twice, or without having taken it, does nothing; errors
/// are of no use to anyone at that point.
pub fn leave() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let _ = execute!(
            io::stdout(),
            event::DisableBracketedPaste,
            event::DisableMouseCapture,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = terminal::disable_raw_mode();
        let _ = io::stdout().flush();
    }
}

/// A panic of the main thread ends the program: the terminal is whole before the message is
/// printed, and the message is clean. Other threads catch their own and report them.
fn restore_on_panic() {
    std::panic::set_hook(Box::new(|info| {
        if std::thread::current().name() == Some("main") {
            leave();
            eprintln!("{}", crate::text::clean(&info.to_string()));
        }
    }));
}
