//! The terminal: taken for the screen, and restored whatever happens.

pub(crate) mod capabilities;
pub(crate) mod graphics;
pub(crate) mod hyperlink;
pub(crate) mod input;
pub(crate) mod picture;
mod version;

use crate::ui;
use anyhow::{Context, Result};
use crossterm::{
    cursor, event, execute,
    terminal::{self, EnterAlternateScreen, LeaveAlternateScreen},
};
use ratatui::{
    Terminal,
    backend::{Backend, ClearType, CrosstermBackend, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};
#[cfg(unix)]
use std::ffi::OsStr;
use std::{
    io::{self, IsTerminal, Stdout, Write},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

/// Set while the screen has the terminal. It is global because panics and signals read it too.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Numbers of the pictures that the terminal stores, oldest first. It is global because a panic too must
/// delete them.
static STORED: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// The number of pictures that the terminal stores at most.
const MOST_STORED: usize = 32;

/// The terminal while the screen has it. Dropping it restores the terminal.
pub struct Screen {
    pub terminal: Terminal<HyperlinkBackend>,
}

/// The width in columns of the terminal on standard output, if it is one.
pub fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal::size().ok().map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0)
}

/// An error in taking the terminal.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    #[error("the screen needs a terminal")]
    NoTerminal,
    #[error("cannot set up the terminal")]
    Setup(#[source] io::Error),
}

impl ScreenError {
    /// Advice to the user, as one sentence.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            ScreenError::NoTerminal => {
                Some("without one, use a command such as sennight search; sennight --help lists them all")
            }
            ScreenError::Setup(_) => None,
        }
    }
}

impl Screen {
    /// Takes the terminal: raw mode, alternate screen, mouse, bracketed paste. If standard input is
    /// something else, keys are read from the terminal all the same.
    ///
    /// # Errors
    ///
    /// [`ScreenError::NoTerminal`] if there is none; [`ScreenError::Setup`] if it cannot be set up.
    pub fn take() -> Result<Screen, ScreenError> {
        if !io::stdout().is_terminal() || !io::stdin().is_terminal() && read_keys_from_terminal().is_err() {
            return Err(ScreenError::NoTerminal);
        }
        restore_on_panic();
        enter().map_err(ScreenError::Setup)?;
        let terminal = Terminal::new(HyperlinkBackend::new()).map_err(ScreenError::Setup)?;
        Ok(Screen { terminal })
    }

    /// Lends the terminal to another program while `run` runs. Everything is drawn again after it.
    ///
    /// # Errors
    ///
    /// When the terminal cannot be taken back.
    pub fn lend<T>(&mut self, run: impl FnOnce() -> T) -> Result<T> {
        leave();
        let result = run();
        enter().context("cannot take the terminal back")?;
        // A new one draws everything. Clearing the old one would ask the terminal where its cursor is,
        // and some terminals never answer.
        self.terminal = Terminal::new(HyperlinkBackend::new()).context("cannot take the terminal back")?;
        Ok(result)
    }
}

/// A backend of ratatui that sends each link once for all its cells, and each picture once.
pub struct HyperlinkBackend(CrosstermBackend<Stdout>);

impl HyperlinkBackend {
    fn new() -> HyperlinkBackend {
        HyperlinkBackend(CrosstermBackend::new(io::stdout()))
    }
}

impl Backend for HyperlinkBackend {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let cells: Vec<(u16, u16, &Cell)> = content.collect();
        if !cells.iter().any(|(.., cell)| has_sequence(cell)) {
            return self.0.draw(cells.into_iter());
        }
        let mut changed = Vec::with_capacity(cells.len());
        for (x, y, cell) in cells {
            let mut cell = cell.clone();
            transmit_once(&mut cell);
            changed.push((x, y, cell));
        }
        let joined = hyperlink::joined(changed);
        self.0.draw(joined.iter().map(|(x, y, cell)| (*x, *y, cell)))
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.0.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.0.show_cursor()
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        self.0.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.0.set_cursor_position(position)
    }

    fn clear(&mut self) -> io::Result<()> {
        forget_pictures();
        self.0.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        forget_pictures();
        self.0.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.0.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.0.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.0)
    }
}

/// Tests for a link or the transmission of a picture.
fn has_sequence(cell: &Cell) -> bool {
    cell.symbol().starts_with(ui::hyperlink::OPEN) || cell.symbol().starts_with(ui::picture::TRANSMISSION)
}

/// Removes the transmission from a cell whose picture the terminal stores already.
fn transmit_once(cell: &mut Cell) {
    let Some((id, rest)) = ui::picture::transmission(cell.symbol()) else { return };
    let mut stored = stored();
    if stored.contains(&id) {
        let rest = rest.to_owned();
        cell.set_symbol(&rest);
        return;
    }
    stored.push(id);
    if stored.len() > MOST_STORED {
        let symbol = format!("{}{}", ui::picture::forgetting(stored.remove(0)), cell.symbol());
        cell.set_symbol(&symbol);
    }
}

fn stored() -> std::sync::MutexGuard<'static, Vec<u32>> {
    STORED.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Deletes the pictures that the terminal stores.
fn forget_pictures() {
    let sequence: String = stored().drain(..).map(ui::picture::forgetting).collect();
    let _ = io::stdout().write_all(sequence.as_bytes());
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// Replaces standard input, which has been read or is not wanted, by the terminal: keys, the answers to
/// queries and editors all read from there.
#[cfg(unix)]
fn read_keys_from_terminal() -> io::Result<()> {
    use std::{fs::OpenOptions, os::unix::ffi::OsStrExt};
    let open = |path: &OsStr| OpenOptions::new().read(true).write(true).open(path);
    // By its own name, because macOS cannot wait for events of /dev/tty.
    let named = rustix::termios::ttyname(io::stdout(), Vec::new()).map_err(io::Error::from);
    let terminal = named.and_then(|name| open(OsStr::from_bytes(name.to_bytes())));
    let terminal = terminal.or_else(|_| open(OsStr::new("/dev/tty")))?;
    Ok(rustix::stdio::dup2_stdin(terminal)?)
}

#[cfg(not(unix))]
fn read_keys_from_terminal() -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn enter() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    terminal::enable_raw_mode()?;
    let clear = terminal::Clear(terminal::ClearType::All);
    execute!(io::stdout(), EnterAlternateScreen, clear, event::EnableMouseCapture, event::EnableBracketedPaste)
}

/// Restores the terminal. Does nothing if it was not taken or is restored already. Errors are ignored
/// because nothing could be done about them.
fn leave() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        forget_pictures();
        let _ = execute!(
            io::stdout(),
            // Some terminals keep pictures unless the screen is cleared.
            terminal::Clear(terminal::ClearType::All),
            event::DisableBracketedPaste,
            event::DisableMouseCapture,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = terminal::disable_raw_mode();
        let _ = io::stdout().flush();
    }
}

/// Restores the terminal before the message of a panic in the main thread, which ends the program, is
/// printed, cleaned. Other threads catch their panics and report them.
fn restore_on_panic() {
    std::panic::set_hook(Box::new(|info| {
        if std::thread::current().name() == Some("main") {
            leave();
            eprintln!("{}", crate::text::clean(&info.to_string()));
        }
    }));
}
