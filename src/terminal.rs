//! The terminal: taken, and given back whole whatever happens.

pub(crate) mod capabilities;
pub(crate) mod graphics;
pub(crate) mod hyperlink;
pub(crate) mod input;
pub(crate) mod picture;

use crate::ui;
use anyhow::{Context, Result, bail};
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

/// Whether the terminal is ours. Panics and signals read it too, so it is global.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// Pictures that the terminal knows by number, the oldest first. It forgets them on the way out, when a
/// panic too must find them.
static KNOWN: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Pictures that the terminal is left to know.
const MOST_KNOWN: usize = 32;

/// The terminal while it is ours: dropping it gives it back.
pub struct Screen {
    pub terminal: Terminal<HyperlinkBackend>,
}

/// Columns of the terminal that standard output goes to, if it is one.
pub fn width() -> Option<usize> {
    if !io::stdout().is_terminal() {
        return None;
    }
    terminal::size().ok().map(|(columns, _)| usize::from(columns)).filter(|columns| *columns > 0)
}

impl Screen {
    /// Takes the terminal: raw mode, alternate screen, mouse, bracketed paste. Where standard input is
    /// something else, keys are read from the terminal all the same.
    ///
    /// # Errors
    ///
    /// When output is no terminal, or it cannot be set up.
    pub fn take() -> Result<Screen> {
        if !io::stdout().is_terminal() || !io::stdin().is_terminal() && read_keys_from_terminal().is_err() {
            bail!("this is no terminal: the screen needs one");
        }
        restore_on_panic();
        enter().context("cannot set up the terminal")?;
        let terminal = Terminal::new(HyperlinkBackend::new()).context("cannot set up the terminal")?;
        Ok(Screen { terminal })
    }

    /// Lends the terminal to another program for the time of `run`, then draws anew.
    pub fn lend<T>(&mut self, run: impl FnOnce() -> T) -> Result<T> {
        leave();
        let result = run();
        enter().context("cannot take the terminal back")?;
        // A new one knows nothing of what was on the screen, and so draws all of it; clearing
        // the old one would ask the terminal where its cursor is, and some never answer.
        self.terminal = Terminal::new(HyperlinkBackend::new()).context("cannot take the terminal back")?;
        Ok(result)
    }
}

/// The terminal that is drawn on: that of ratatui, with links told once for all their cells, and
/// pictures that it knows by number once.
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
        let tells = [ui::hyperlink::OPEN, ui::picture::TRANSMISSION];
        if !cells.iter().any(|(.., cell)| tells.iter().any(|told| cell.symbol().starts_with(told))) {
            return self.0.draw(cells.into_iter());
        }
        let mut cells: Vec<_> = cells.into_iter().map(|(x, y, cell)| (x, y, cell.clone())).collect();
        for (.., cell) in &mut cells {
            tell_once(cell);
        }
        let cells = hyperlink::joined(cells);
        self.0.draw(cells.iter().map(|(x, y, cell)| (*x, *y, cell)))
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

/// Leaves the transmission out of a cell whose picture the terminal knows.
fn tell_once(cell: &mut Cell) {
    let Some((id, rest)) = ui::picture::transmission(cell.symbol()) else { return };
    let mut known = known();
    if known.contains(&id) {
        let rest = rest.to_owned();
        cell.set_symbol(&rest);
        return;
    }
    known.push(id);
    if known.len() > MOST_KNOWN {
        let told = format!("{}{}", ui::picture::forgetting(known.remove(0)), cell.symbol());
        cell.set_symbol(&told);
    }
}

fn known() -> std::sync::MutexGuard<'static, Vec<u32>> {
    KNOWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Has the terminal forget the pictures it knows.
fn forget_pictures() {
    let told: String = known().drain(..).map(ui::picture::forgetting).collect();
    let _ = io::stdout().write_all(told.as_bytes());
}

impl Drop for Screen {
    fn drop(&mut self) {
        leave();
    }
}

/// Puts the terminal in the place of standard input, which has been read or is not wanted: keys, the
/// question for the background and editors all take it from there.
#[cfg(unix)]
fn read_keys_from_terminal() -> io::Result<()> {
    use std::{fs::OpenOptions, os::unix::ffi::OsStrExt};
    let open = |path: &OsStr| OpenOptions::new().read(true).write(true).open(path);
    // By its own name: macOS cannot wait for events of /dev/tty.
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

/// Gives the terminal back. Doing it twice, or without having taken it, does nothing; errors
/// are of no use to anyone at that point.
pub fn leave() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        forget_pictures();
        let _ = execute!(
            io::stdout(),
            // Painted pictures go with what is cleared; some terminals keep them otherwise.
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
