//! Watching the files of a log: reports that something below a source has changed.
//!
//! Reports neither what changed nor how: reading again finds that out. Where the system reports no
//! changes (too many folders, a network drive), the files are polled instead, slowly.

use super::source::{Origin, Source};
use notify::{Config, Event, EventKind, PollWatcher, RecursiveMode, Watcher as _};
use std::{
    fs,
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

/// Time without changes after which a change is reported: an editor writes in several steps.
const QUIET: Duration = Duration::from_millis(60);

/// Longest time until a change is reported, in a folder that never stops changing.
const LONGEST: Duration = Duration::from_secs(1);

/// Interval between polls where the system reports no changes.
const POLL: Duration = Duration::from_secs(5);

/// A running watch; it ends when the value is dropped.
pub(crate) struct Watcher {
    _watchers: Vec<Box<dyn notify::Watcher + Send>>,
}

impl Watcher {
    /// Calls `notify` after each change below a source of `origin`, until it returns `false`.
    pub(crate) fn start(origin: &Origin, notify: impl Fn() -> bool + Send + 'static) -> Watcher {
        let Origin::Sources(sources) = origin else { return Watcher { _watchers: Vec::new() } };
        let (sender, changes) = channel();
        let watchers = sources.iter().filter_map(|source| watch(source, &sender)).collect();
        // If no thread can be started, nothing is watched; `r` still reads again.
        let _ = thread::Builder::new().name("watch".into()).spawn(move || settle(&changes, &notify));
        Watcher { _watchers: watchers }
    }
}

/// Sends to `changed` at each change below `source`; `None` when it cannot be watched at all.
fn watch(source: &Source, changed: &Sender<()>) -> Option<Box<dyn notify::Watcher + Send>> {
    let root = fs::canonicalize(&source.path).ok()?;
    let mode = if root.is_dir() { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
    if let Ok(mut watcher) = notify::recommended_watcher(event_handler(changed, &root))
        && watcher.watch(&root, mode).is_ok()
    {
        return Some(Box::new(watcher));
    }
    let config = Config::default().with_poll_interval(POLL);
    let mut watcher = PollWatcher::new(event_handler(changed, &root), config).ok()?;
    watcher.watch(&root, mode).ok()?;
    Some(Box::new(watcher))
}

fn event_handler(changed: &Sender<()>, root: &Path) -> impl Fn(notify::Result<Event>) + Send + use<> {
    let (changed, root) = (changed.clone(), root.to_owned());
    move |event| {
        if event.is_ok_and(|event| may_matter(&event, &root)) {
            let _ = changed.send(());
        }
    }
}

/// Returns true if an event may change a note: reading does not, and hidden files, which git and editors
/// often write, are no notes.
fn may_matter(event: &Event, root: &Path) -> bool {
    if matches!(event.kind, EventKind::Access(_)) {
        return false;
    }
    event.paths.is_empty() || !event.paths.iter().all(|path| is_hidden(path, root))
}

/// Returns true if a path has a hidden part below `root`. `.gitignore` counts as visible: it decides which
/// files are notes.
fn is_hidden(path: &Path, root: &Path) -> bool {
    if path.file_name().is_some_and(|name| name == ".gitignore") {
        return false;
    }
    let Ok(below) = path.strip_prefix(root) else { return false };
    below.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
}

/// Passes changes on once there have been none for a while.
fn settle(changes: &Receiver<()>, notify: &dyn Fn() -> bool) {
    while changes.recv().is_ok() {
        let since = Instant::now();
        while since.elapsed() < LONGEST {
            match changes.recv_timeout(QUIET) {
                Ok(()) => {}
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        if !notify() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::event::{AccessKind, CreateKind};

    #[test]
    fn hidden_and_read_files_are_no_changes() {
        let root = Path::new("/notes");
        let check = |kind: EventKind, path: &str, expected: bool| {
            let event = Event::new(kind).add_path(path.into());
            assert_eq!(may_matter(&event, root), expected, "{path}");
        };
        let created = EventKind::Create(CreateKind::File);
        check(created, "/notes/2024/a.md", true);
        check(created, "/notes/.git/index.lock", false);
        check(created, "/notes/a/.b.md.swp", false);
        check(created, "/notes/.gitignore", true);
        check(EventKind::Access(AccessKind::Any), "/notes/a.md", false);
        assert!(may_matter(&Event::new(EventKind::Any), root));
    }
}
