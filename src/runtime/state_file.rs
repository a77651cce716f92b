//! The state file of a log: bookmarks, queries and position. Each change writes a new file and then replaces
//! the old one. A file that cannot be read is never overwritten.

use crate::files::{
    atomic::{replace, turn},
    paths,
};
use crate::{app::saved_state::SavedState, files::source::Origin};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{fs, io, path::PathBuf};

/// The state file of one log.
#[derive(Debug, Clone)]
pub struct StateFile {
    file: PathBuf,
    /// The name of the log, for people who look into the folder.
    log: String,
}

#[derive(Serialize, Deserialize)]
struct StateFileContents {
    version: u32,
    log: String,
    #[serde(flatten)]
    kept: SavedState,
}

/// Version of the file format. Files of a newer version are left unchanged.
const VERSION: u32 = 1;

impl StateFile {
    /// The state file of `origin`; `None` if the platform has no folder for it.
    pub fn of(origin: &Origin) -> Option<StateFile> {
        Some(StateFile { file: paths::state()?.join(format!("{}.json", origin.id())), log: origin.shown() })
    }

    /// Reads the state; empty if there is no file yet.
    ///
    /// # Errors
    ///
    /// When the file cannot be read. It is left unchanged.
    pub fn read(&self) -> Result<SavedState> {
        let text = match fs::read_to_string(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(SavedState::default()),
            text => text.with_context(|| self.unreadable())?,
        };
        let contents: StateFileContents = serde_json::from_str(&text).with_context(|| self.unreadable())?;
        anyhow::ensure!(contents.version <= VERSION, "{}: a newer sennight wrote it", self.unreadable());
        Ok(contents.kept)
    }

    fn unreadable(&self) -> String {
        format!("cannot read the bookmarks in {}; left unchanged", self.file.display())
    }

    /// Changes the state in the file now, which another process may have changed meanwhile.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written. It is left unchanged.
    pub fn change(&self, change: impl FnOnce(&mut SavedState)) -> Result<SavedState> {
        let _turn = turn(&self.file)?;
        let mut kept = self.read()?;
        change(&mut kept);
        let contents = StateFileContents { version: VERSION, log: self.log.clone(), kept };
        replace(&self.file, &contents)?;
        Ok(contents.kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::saved_state::{Bookmark, HexEntryKey},
        note::EntryKey,
    };
    use std::path::Path;

    fn state(folder: &Path) -> StateFile {
        StateFile { file: folder.join("state/x.json"), log: "~/notes".to_owned() }
    }

    fn bookmark(key: u64) -> Bookmark {
        Bookmark {
            key: HexEntryKey(EntryKey(key)),
            title: "限流".into(),
            path: "a.md".into(),
            line: 1,
            when: "W23".into(),
        }
    }

    #[test]
    fn concurrent_changes_are_all_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let instances = [state(folder.path()), state(folder.path())];
        std::thread::scope(|scope| {
            for (nth, instance) in instances.iter().enumerate() {
                scope.spawn(move || {
                    for at in 0..20 {
                        instance
                            .change(|kept| kept.set_bookmark(bookmark(nth as u64 * 100 + at), true))
                            .expect("written");
                    }
                });
            }
        });
        assert_eq!(instances[0].read().expect("read").bookmarks.len(), 40);
    }

    #[test]
    fn unreadable_file_is_left_unchanged() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = state(folder.path());
        assert_eq!(state.read().expect("nothing yet"), SavedState::default());
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
    fn state_file_is_private_to_its_owner() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let state = state(folder.path());
        state.change(|kept| kept.queries.remember("限流")).expect("written");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&state.file), mode(state.file.parent().expect("a folder"))), (0o600, 0o700));
    }
}
