//! Following the files of a log: says when something below a source has changed.
//!
//! Says neither what nor how: whoever reads again finds out. Where the system cannot tell (too many
//! folders, a network drive) it is asked again and again instead, slowly.

use super::source::{Origin, Source};
use notify::{Config, Event, EventKind, PollWatcher, RecursiveMode, Watcher as _};
use std::{
    fs,
    path::{Component, Path},
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

/// How long it must be quiet before a change counts: an editor writes in several steps.
const QUIET: Duration = Duration::from_millis(60);

/// How long a change waits at most, in a folder that is never quiet.
const LONGEST: Duration = Duration::from_secs(1);

/// How often files are looked at where the system does not tell.
const POLL: Duration = Duration::from_secs(5);

/// Watches as long as it lives.
pub(crate) struct Watcher {
    _watchers: Vec<Box<dyn notify::Watcher + Send>>,
}

impl Watcher {
    /// Calls `notify` after each change below a source of `origin`, until it returns `false`.
    pub(crate) fn start(origin: &Origin, notify: impl Fn() -> bool + Send + 'static) -> Watcher {
        let Origin::Sources(sources) = origin else { return Watcher { _watchers: Vec::new() } };
        let (teller, changes) = channel();
        let watchers = sources.iter().filter_map(|source| watch(source, &teller)).collect();
        let settle = move || settle(&changes, &notify);
        // Without it nothing is followed, and `r` still reads again.
        let _ = thread::Builder::new().name("watch".into()).spawn(settle);
        Watcher { _watchers: watchers }
    }
}

fn watch(source: &Source, changed: &Sender<()>) -> Option<Box<dyn notify::Watcher + Send>> {
    let root = fs::canonicalize(&source.path).ok()?;
    let mode = if root.is_dir() { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
    let told = |changed: Sender<()>, root: &Path| {
        let root = root.to_owned();
        move |event: notify::Result<Event>| {
            if event.is_ok_and(|event| may_matter(&event, &root)) {
                let _ = changed.send(());
            }
        }
    };
    let native = notify::recommended_watcher(told(changed.clone(), &root)).and_then(|mut watcher| {
        watcher.watch(&root, mode)?;
        Ok(watcher)
    });
    if let Ok(watcher) = native {
        return Some(Box::new(watcher));
    }
    let config = Config::default().with_poll_interval(POLL);
    let mut watcher = PollWatcher::new(told(changed.clone(), &root), config).ok()?;
    watcher.watch(&root, mode).ok()?;
    Some(Box::new(watcher))
}

/// Reading is no change, and what is hidden is no note: git and editors are busy there.
fn may_matter(event: &Event, root: &Path) -> bool {
    let is_hidden = |path: &Path| {
        let hidden = |part: Component<'_>| part.as_os_str().to_string_lossy().starts_with('.');
        path.strip_prefix(root).is_ok_and(|below| below.components().any(hidden))
            && path.file_name().is_none_or(|name| name != ".gitignore")
    };
    !matches!(event.kind, EventKind::Access(_))
        && (event.paths.is_empty() || !event.paths.iter().all(|path| is_hidden(path)))
}

/// Passes changes on when it has been quiet for a while.
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
    fn what_is_hidden_or_only_read_is_no_change() {
        let root = Path::new("/notes");
        let check = |kind: EventKind, path: &str, expected: bool| {
            let event = Event::new(kind).add_path(path.into());
            assert_eq!(may_matter(&event, root), expected, "{path}");
        };
        let made = EventKind::Create(CreateKind::File);
        check(made, "/notes/2024/a.md", true);
        check(made, "/notes/.git/index.lock", false);
        check(made, "/notes/a/.b.md.swp", false);
        check(made, "/notes/.gitignore", true);
        check(EventKind::Access(AccessKind::Any), "/notes/a.md", false);
        assert!(may_matter(&Event::new(EventKind::Any), root));
    }
}
