//! The state file of a log: what its reader would miss. Written whole, beside the old one, and then
//! put in its place; never given up for what cannot be read.

use crate::files::{
    atomic::{replace, turn},
    paths,
};
use crate::{app::kept::Kept, files::source::Origin};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{fs, io, path::PathBuf};

/// Where the state of one log is kept.
#[derive(Debug, Clone)]
pub struct State {
    file: PathBuf,
    /// The log, for people who look into the folder.
    log: String,
}

#[derive(Serialize, Deserialize)]
struct Contents {
    version: u32,
    log: String,
    #[serde(flatten)]
    kept: Kept,
}

/// Version of the file. One of a newer version is left alone.
const VERSION: u32 = 1;

impl State {
    /// The state of `origin`; none where the platform has no place for it.
    pub fn of(origin: &Origin) -> Option<State> {
        Some(State { file: paths::state()?.join(format!("{}.json", origin.id())), log: origin.shown() })
    }

    /// What is kept; nothing when there is no file yet.
    ///
    /// # Errors
    ///
    /// When there is a file that cannot be read: it stays as it is.
    pub fn read(&self) -> Result<Kept> {
        let text = match fs::read_to_string(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Kept::default()),
            text => text.with_context(|| self.unreadable())?,
        };
        let contents: Contents = serde_json::from_str(&text).with_context(|| self.unreadable())?;
        anyhow::ensure!(contents.version <= VERSION, "{}: it is of a newer sennight", self.unreadable());
        Ok(contents.kept)
    }

    fn unreadable(&self) -> String {
        format!("cannot read the bookmarks in {}; they are left as they are", self.file.display())
    }

    /// Changes what is kept, as it stands in the file by now: another instance may have changed it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written: then nothing is changed.
    pub fn change(&self, change: impl FnOnce(&mut Kept)) -> Result<Kept> {
        let _turn = turn(&self.file)?;
        let mut kept = self.read()?;
        change(&mut kept);
        let contents = Contents { version: VERSION, log: self.log.clone(), kept };
        replace(&self.file, &contents)?;
        Ok(contents.kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::kept::{Bookmark, Key},
        note::EntryKey,
    };
    use std::path::Path;

    fn state(folder: &Path) -> State {
        State { file: folder.join("state/x.json"), log: "~/notes".to_owned() }
    }

    fn bookmark(key: u64) -> Bookmark {
        Bookmark { key: Key(EntryKey(key)), title: "限流".into(), path: "a.md".into(), line: 1, when: "W23".into() }
    }

    #[test]
    fn two_instances_lose_nothing_of_each_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let instances = [state(folder.path()), state(folder.path())];
        std::thread::scope(|scope| {
            for (nth, instance) in instances.iter().enumerate() {
                scope.spawn(move || {
                    for at in 0..20 {
                        instance.change(|kept| kept.mark(bookmark(nth as u64 * 100 + at), true)).expect("written");
                    }
                });
            }
        });
        assert_eq!(instances[0].read().expect("read").bookmarks.len(), 40);
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = state(folder.path());
        assert_eq!(state.read().expect("nothing yet"), Kept::default());
        state.change(|kept| kept.queries.remember("限流")).expect("written");
        for damaged in ["{", "[]", r#"{"version": 9, "log": "x"}"#, "\0\0"] {
            fs::write(&state.file, damaged).expect("written");
            assert!(state.read().is_err(), "{damaged}");
            assert!(state.change(|kept| kept.queries.remember("x")).is_err(), "{damaged}");
            assert_eq!(fs::read_to_string(&state.file).expect("read"), damaged);
        }
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let state = state(folder.path());
        state.change(|kept| kept.queries.remember("限流")).expect("written");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&state.file), mode(state.file.parent().expect("a folder"))), (0o600, 0o700));
    }
}
