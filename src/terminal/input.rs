//! Input: keys, mouse, pastes and signals become messages, each on a thread that sleeps until
//! something happens.

use crate::app::{
    Message,
    key::{Key, KeyCode},
};
use anyhow::{Context, Result};
use crossterm::event::{self, Event, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use std::{
    sync::{Arc, Condvar, Mutex, mpsc::Sender},
    thread,
    time::Duration,
};

/// Holds the reading of keys back while another program has the terminal.
#[derive(Clone)]
pub struct InputGate {
    state: Arc<(Mutex<GateState>, Condvar)>,
    #[cfg(unix)]
    waker: Arc<std::io::PipeWriter>,
}

/// Why the reader is woken.
#[cfg(unix)]
const LOOK: u8 = 0;
#[cfg(unix)]
const RESIZED: u8 = 1;

/// How long crossterm's notice of a new size is waited for.
#[cfg(unix)]
const NOTICE: Duration = Duration::from_millis(50);

#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct GateState {
    closed: bool,
    /// The reader has seen that the gate is closed.
    waiting: bool,
}

impl InputGate {
    /// Closes the gate: when this returns, no key is read until it opens again.
    pub fn close(&self) {
        let (state, changed) = &*self.state;
        let Ok(mut state) = state.lock() else { return };
        state.closed = true;
        #[cfg(unix)]
        self.wake(LOOK);
        // The reader answers at once; the limit is for a reader that has died.
        let _ = changed.wait_timeout_while(state, Duration::from_millis(500), |state| !state.waiting);
    }

    /// Lets the reader look around, or take the notice of a new size.
    #[cfg(unix)]
    fn wake(&self, why: u8) {
        use std::io::Write;
        let _ = (&*self.waker).write(&[why]);
    }

    pub fn open(&self) {
        let (state, changed) = &*self.state;
        if let Ok(mut state) = state.lock() {
            *state = GateState::default();
        }
        changed.notify_all();
    }

    /// Waits, in the reader, while the gate is closed.
    fn pass(&self) {
        let (state, changed) = &*self.state;
        let Ok(mut state) = state.lock() else { return };
        while state.closed {
            state.waiting = true;
            changed.notify_all();
            state = match changed.wait(state) {
                Ok(state) => state,
                Err(_) => return,
            };
        }
    }
}

/// Starts reading keys and mouse; the terminal still owes so many answers.
///
/// # Errors
///
/// When the thread cannot be started.
pub fn start(inbox: Sender<Message>, owed: u8) -> Result<InputGate> {
    let mut stray = LateReplyFilter { owed, left: 0 };
    #[cfg(unix)]
    {
        let (woken, waker) = std::io::pipe().context("cannot make a pipe")?;
        let gate = InputGate { state: Arc::default(), waker: Arc::new(waker) };
        let own = gate.clone();
        let read = move || while own.wait(&woken) && forward(&inbox, &mut stray) {};
        thread::Builder::new().name("input".into()).spawn(read).context("cannot start reading keys")?;
        Ok(gate)
    }
    #[cfg(not(unix))]
    {
        let gate = InputGate { state: Arc::default() };
        let own = gate.clone();
        let read = move || loop {
            own.pass();
            if event::poll(Duration::from_millis(100)).unwrap_or(false) && !forward(&inbox, &mut stray) {
                return;
            }
        };
        thread::Builder::new().name("input".into()).spawn(read).context("cannot start reading keys")?;
        Ok(gate)
    }
}

#[cfg(unix)]
impl InputGate {
    /// Sleeps until there is input, letting the gate close meanwhile. False when input has ended.
    fn wait(&self, woken: &std::io::PipeReader) -> bool {
        use rustix::event::{PollFd, PollFlags, poll};
        use std::io::Read;
        loop {
            self.pass();
            // What crossterm has read already does not show on the file descriptor.
            if event::poll(Duration::ZERO).unwrap_or(false) {
                return true;
            }
            let stdin = std::io::stdin();
            let mut waits = [PollFd::new(&stdin, PollFlags::IN), PollFd::new(woken, PollFlags::IN)];
            match poll(&mut waits, None) {
                Err(rustix::io::Errno::INTR) => continue,
                Err(_) => return false,
                Ok(_) => {}
            }
            let (keys, gate) = (waits[0].revents(), waits[1].revents());
            if gate.contains(PollFlags::IN) {
                let mut why = [LOOK; 16];
                let _ = { woken }.read(&mut why);
                // The signal that woke may be a moment ahead of crossterm's notice of it.
                if why.contains(&RESIZED) && event::poll(NOTICE).unwrap_or(false) {
                    return true;
                }
                continue;
            }
            if keys.contains(PollFlags::IN) {
                return true;
            }
            if keys.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
                return false;
            }
        }
    }
}

/// Passes on what can be read now. False when nobody listens any more.
fn forward(inbox: &Sender<Message>, stray: &mut LateReplyFilter) -> bool {
    while event::poll(Duration::ZERO).unwrap_or(false) {
        let Ok(event) = event::read() else { return inbox.send(Message::Quit).is_ok() };
        if !stray.takes(&event)
            && let Some(message) = message(event)
            && inbox.send(message).is_err()
        {
            return false;
        }
    }
    true
}

/// An answer of the terminal that comes when nobody waits for it any more: it would be read as keys,
/// and each letter of it as a command.
struct LateReplyFilter {
    /// Answers that may come.
    owed: u8,
    /// In one, with so many keys left that may belong to it.
    left: u8,
}

impl LateReplyFilter {
    /// Keys of the longest answer, a name and version, and some more.
    const LONGEST: u8 = 60;

    /// Whether `event` is a part of one, and so nothing that was typed. It begins with ESC `]`, ESC `_`
    /// or ESC `P`, which is read as Alt and that key, and ends with ESC `\` or BEL.
    fn takes(&mut self, event: &Event) -> bool {
        let Event::Key(key) = event else { return false };
        let is = |code, modifiers| key.code == event::KeyCode::Char(code) && key.modifiers.contains(modifiers);
        if self.left > 0 {
            let ends = is('\\', KeyModifiers::ALT) || is('g', KeyModifiers::CONTROL);
            self.left = if ends { 0 } else { self.left - 1 };
            return true;
        }
        let begins = self.owed > 0 && [']', '_', 'P'].into_iter().any(|c| is(c, KeyModifiers::ALT));
        if begins {
            (self.owed, self.left) = (self.owed - 1, LateReplyFilter::LONGEST);
        }
        begins
    }
}

/// Rows that one notch of the wheel moves.
const WHEEL: i16 = 3;

fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Message::Key(self::key(&key)?)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(width, height) => Some(Message::Resized { width, height }),
        Event::Mouse(mouse) => {
            let (column, row) = (mouse.column, mouse.row);
            match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => Some(Message::Click { column, row }),
                MouseEventKind::Drag(MouseButton::Left) => Some(Message::Drag { column: mouse.column, row: mouse.row }),
                MouseEventKind::ScrollDown => Some(Message::Wheel { column, row, rows: WHEEL }),
                MouseEventKind::ScrollUp => Some(Message::Wheel { column, row, rows: -WHEEL }),
                _ => None,
            }
        }
        _ => None,
    }
}

fn key(key: &event::KeyEvent) -> Option<Key> {
    use event::KeyCode as From;
    let code = match key.code {
        From::Char(c) => KeyCode::Char(c),
        From::Enter => KeyCode::Enter,
        From::Esc => KeyCode::Esc,
        From::Tab => KeyCode::Tab,
        From::BackTab => KeyCode::BackTab,
        From::Backspace => KeyCode::Backspace,
        From::Delete => KeyCode::Delete,
        From::Up => KeyCode::Up,
        From::Down => KeyCode::Down,
        From::Left => KeyCode::Left,
        From::Right => KeyCode::Right,
        From::Home => KeyCode::Home,
        From::End => KeyCode::End,
        From::PageUp => KeyCode::PageUp,
        From::PageDown => KeyCode::PageDown,
        _ => return None,
    };
    let has = |modifier| key.modifiers.contains(modifier);
    Some(Key { code, ctrl: has(KeyModifiers::CONTROL), alt: has(KeyModifiers::ALT) })
}

/// Turns the signals that end programs into messages. At a new size the reader is woken: crossterm's
/// notice of it is to be taken before the screen shows it, since a key that crossterm meets together
/// with a notice is not seen until the next key.
///
/// # Errors
///
/// When the signals cannot be listened to.
pub fn listen(inbox: Sender<Message>, gate: InputGate) -> Result<()> {
    #[cfg(unix)]
    {
        use signal_hook::{
            consts::{SIGHUP, SIGINT, SIGTERM, SIGWINCH},
            iterator::Signals,
        };
        let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM, SIGWINCH]).context("cannot listen to signals")?;
        let listen = move || {
            for signal in &mut signals {
                if signal == SIGWINCH {
                    gate.wake(RESIZED);
                } else if inbox.send(Message::Quit).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().name("signals".into()).spawn(listen).context("cannot listen to signals")?;
    }
    #[cfg(not(unix))]
    drop((inbox, gate));
    Ok(())
}

/// Stops this process as the shell's job control expects, until it is continued: with all that was
/// started with it, as the terminal itself would, since a shell does not see that a child of xargs stops.
pub fn stop() {
    #[cfg(unix)]
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_late_answer_is_not_taken_for_keys() {
        let key = |c, modifiers| Event::Key(event::KeyEvent::new(event::KeyCode::Char(c), modifiers));
        let plain = |text: &str| text.chars().map(|c| key(c, KeyModifiers::NONE)).collect::<Vec<_>>();
        let mut events = plain("j");
        events.push(key(']', KeyModifiers::ALT));
        events.extend(plain("11;rgb:ffff/ffff/ffff"));
        events.push(key('\\', KeyModifiers::ALT));
        events.extend(plain("k"));
        let left = |owed, events: &[Event]| {
            let mut stray = LateReplyFilter { owed, left: 0 };
            events.iter().filter(|event| !stray.takes(event)).count()
        };
        assert_eq!(left(1, &events), 2);
        assert_eq!(left(0, &events), events.len());
        // One that never ends takes no more than it could have had.
        let endless: Vec<Event> = [key(']', KeyModifiers::ALT)].into_iter().chain(plain(&"x".repeat(100))).collect();
        let twice = [&events[..], &events].concat();
        assert_eq!((left(1, &twice) > 4, left(3, &twice)), (true, 4));
        assert_eq!(left(1, &endless), 100 - usize::from(LateReplyFilter::LONGEST));
    }
}
