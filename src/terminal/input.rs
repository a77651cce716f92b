//! Input: keys, mouse events, pastes and signals as messages, from threads that sleep until something
//! happens.

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

/// A gate that stops the reading of keys while another program has the terminal.
#[derive(Clone)]
pub(crate) struct InputGate {
    state: Arc<(Mutex<GateState>, Condvar)>,
    #[cfg(unix)]
    waker: Arc<std::io::PipeWriter>,
}

/// Reasons to wake the reader.
#[cfg(unix)]
const LOOK: u8 = 0;
#[cfg(unix)]
const RESIZED: u8 = 1;

/// Time to wait for crossterm's event of a new size.
#[cfg(unix)]
const NOTICE: Duration = Duration::from_millis(50);

#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct GateState {
    closed: bool,
    /// Set once the reader has seen that the gate is closed.
    waiting: bool,
}

impl InputGate {
    /// Closes the gate. After this returns, no key is read until it opens again.
    pub(crate) fn close(&self) {
        let (state, changed) = &*self.state;
        let Ok(mut state) = state.lock() else { return };
        state.closed = true;
        #[cfg(unix)]
        self.wake(LOOK);
        // The reader answers at once. The limit is for a reader that has died.
        let _ = changed.wait_timeout_while(state, Duration::from_millis(500), |state| !state.waiting);
    }

    /// Wakes the reader, to look at the gate or to take the event of a new size.
    #[cfg(unix)]
    fn wake(&self, why: u8) {
        use std::io::Write;
        let _ = (&*self.waker).write(&[why]);
    }

    pub(crate) fn open(&self) {
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

/// Starts reading keys and mouse. `pending_replies` answers of the terminal may still arrive among the keys.
///
/// # Errors
///
/// When the thread cannot be started.
pub(crate) fn start(inbox: Sender<Message>, pending_replies: u8) -> Result<InputGate> {
    let mut late_replies = LateReplyFilter { pending: pending_replies, left: 0 };
    #[cfg(unix)]
    {
        let (woken, waker) = std::io::pipe().context("cannot make a pipe")?;
        let gate = InputGate { state: Arc::default(), waker: Arc::new(waker) };
        let own = gate.clone();
        let read = move || while own.wait(&woken) && forward(&inbox, &mut late_replies) {};
        thread::Builder::new().name("input".into()).spawn(read).context("cannot start reading keys")?;
        Ok(gate)
    }
    #[cfg(not(unix))]
    {
        let gate = InputGate { state: Arc::default() };
        let own = gate.clone();
        let read = move || loop {
            own.pass();
            if event::poll(Duration::from_millis(100)).unwrap_or(false) && !forward(&inbox, &mut late_replies) {
                return;
            }
        };
        thread::Builder::new().name("input".into()).spawn(read).context("cannot start reading keys")?;
        Ok(gate)
    }
}

#[cfg(unix)]
impl InputGate {
    /// Sleeps until there is input, letting the gate close meanwhile. Returns false when input has ended.
    fn wait(&self, woken: &std::io::PipeReader) -> bool {
        use rustix::event::{PollFd, PollFlags, poll};
        use std::io::Read;
        loop {
            self.pass();
            // Events that crossterm has read already do not show on the file descriptor.
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
                // The signal may come a moment before crossterm's event.
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

/// Sends all events that can be read now. Returns false when nobody receives them.
fn forward(inbox: &Sender<Message>, late_replies: &mut LateReplyFilter) -> bool {
    while event::poll(Duration::ZERO).unwrap_or(false) {
        let Ok(event) = event::read() else { return inbox.send(Message::Quit).is_ok() };
        if !late_replies.takes(&event)
            && let Some(message) = message(event)
            && inbox.send(message).is_err()
        {
            return false;
        }
    }
    true
}

/// A filter for answers of the terminal that arrive too late. As keys, each letter would be a command.
struct LateReplyFilter {
    /// Number of answers that may still arrive.
    pending: u8,
    /// Number of further keys that may belong to the current answer; 0 outside of one.
    left: u8,
}

impl LateReplyFilter {
    /// Length in keys of the longest answer, a name and version, with some to spare.
    const LONGEST: u8 = 60;

    /// Tests for a part of an answer, which was not typed. An answer begins with ESC `]`, ESC `_` or ESC `P`,
    /// which is read as Alt and that key, and ends with ESC `\` or BEL.
    fn takes(&mut self, event: &Event) -> bool {
        let Event::Key(key) = event else { return false };
        let is = |code, modifiers| key.code == event::KeyCode::Char(code) && key.modifiers.contains(modifiers);
        if self.left > 0 {
            let ends = is('\\', KeyModifiers::ALT) || is('g', KeyModifiers::CONTROL);
            self.left = if ends { 0 } else { self.left - 1 };
            return true;
        }
        let begins = self.pending > 0 && [']', '_', 'P'].into_iter().any(|c| is(c, KeyModifiers::ALT));
        if begins {
            (self.pending, self.left) = (self.pending - 1, LateReplyFilter::LONGEST);
        }
        begins
    }
}

/// The number of rows that one notch of the wheel scrolls.
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
                MouseEventKind::Drag(MouseButton::Left) => Some(Message::Drag { column, row }),
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

/// Turns the signals that end programs into messages. Wakes the reader at a new size: crossterm's event
/// for it must be taken at once, since a key that crossterm reads together with such an event is not
/// seen until the next key.
///
/// # Errors
///
/// When the signals cannot be listened to.
pub(crate) fn listen(inbox: Sender<Message>, gate: InputGate) -> Result<()> {
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

/// Suspends this process until the shell continues it. The whole process group stops, as if the terminal
/// had sent the signal: a shell would not see a child of xargs stop alone.
pub(crate) fn stop() {
    #[cfg(unix)]
    let _ = rustix::process::kill_current_process_group(rustix::process::Signal::TSTP);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_answers_are_not_taken_for_keys() {
        let key = |c, modifiers| Event::Key(event::KeyEvent::new(event::KeyCode::Char(c), modifiers));
        let plain = |text: &str| text.chars().map(|c| key(c, KeyModifiers::NONE)).collect::<Vec<_>>();
        let mut events = plain("j");
        events.push(key(']', KeyModifiers::ALT));
        events.extend(plain("11;rgb:ffff/ffff/ffff"));
        events.push(key('\\', KeyModifiers::ALT));
        events.extend(plain("k"));
        let left = |pending, events: &[Event]| {
            let mut late_replies = LateReplyFilter { pending, left: 0 };
            events.iter().filter(|event| !late_replies.takes(event)).count()
        };
        assert_eq!(left(1, &events), 2);
        assert_eq!(left(0, &events), events.len());
        // An answer without an end takes no more keys than the longest answer has.
        let endless: Vec<Event> = [key(']', KeyModifiers::ALT)].into_iter().chain(plain(&"x".repeat(100))).collect();
        let twice = [&events[..], &events].concat();
        assert_eq!((left(1, &twice) > 4, left(3, &twice)), (true, 4));
        assert_eq!(left(1, &endless), 100 - usize::from(LateReplyFilter::LONGEST));
    }
}
