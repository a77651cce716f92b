//! The folder of an index: the manifest that shows it is ours, and one generation of files.
//!
//! ```text
//! <dir>/sennight-index.json   the versions that made it, and the generation in use
//! <dir>/.sennight-lock        locked while a process writes; it may be left behind
//! <dir>/g-<n>/                the files of Tantivy, and a snapshot of the log
//! ```
//! Only `g-<n>` folders beside a manifest, and our own temporary files, are ever deleted. Knows
//! nothing of Tantivy.

use super::{IndexDefect, IndexError, private, schema::versions};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsStr,
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

const MANIFEST: &str = "sennight-index.json";
const LOCK: &str = ".sennight-lock";
/// Prefix of the files that may exist before the manifest does: the lock and temporary files.
pub(super) const OURS: &str = ".sennight-";
const GENERATION: &str = "g-";
/// Generation number in a manifest while none is in use.
const NONE: u64 = 0;

/// Contents of the manifest file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    versions: String,
    generation: u64,
}

/// A folder that holds an index, or is about to.
#[derive(Debug, Clone)]
pub(super) struct Folder {
    dir: PathBuf,
}

impl Folder {
    /// Takes over `dir`, and creates it if it is missing.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotOurs`] when it contains other files and no manifest.
    pub(super) fn open(dir: &Path) -> Result<Folder, IndexError> {
        let folder = Folder { dir: dir.to_owned() };
        private::create_folder(dir).map_err(|source| folder.failed(source))?;
        if !folder.is_ours().map_err(|source| folder.failed(source))? {
            return Err(IndexError::NotOurs { dir: dir.to_owned() });
        }
        Ok(folder)
    }

    /// Takes `dir` if it has a manifest.
    pub(super) fn existing(dir: &Path) -> Option<Folder> {
        dir.join(MANIFEST).is_file().then(|| Folder { dir: dir.to_owned() })
    }

    fn is_ours(&self) -> io::Result<bool> {
        if self.dir.join(MANIFEST).try_exists()? {
            return Ok(true);
        }
        for entry in fs::read_dir(&self.dir)? {
            if !entry?.file_name().to_string_lossy().starts_with(OURS) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Folder of the files of a generation.
    pub(super) fn files(&self, generation: u64) -> PathBuf {
        self.dir.join(format!("{GENERATION}{generation}"))
    }

    /// Reads the number of the generation in use; `None` if there is none.
    pub(super) fn generation(&self) -> Result<Option<u64>, IndexDefect> {
        let bytes = match fs::read(self.dir.join(MANIFEST)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(IndexDefect::Manifest(error.to_string())),
        };
        let manifest: Manifest =
            serde_json::from_slice(&bytes).map_err(|error| IndexDefect::Manifest(error.to_string()))?;
        if manifest.versions != versions() {
            return Err(IndexDefect::OtherVersion);
        }
        Ok((manifest.generation != NONE).then_some(manifest.generation))
    }

    /// Locks out every other writer, in this process and others, until the lock is dropped. Creates
    /// the folder again if it was deleted.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`], without waiting, while another writes; [`IndexError::NotOurs`] when the
    /// folder has other files by now.
    pub(super) fn lock(&self) -> Result<File, IndexError> {
        Folder::open(&self.dir)?;
        let file = private::open_lock_file(&self.dir.join(LOCK)).map_err(|source| self.failed(source))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(IndexError::Locked { dir: self.dir.clone() }),
            Err(TryLockError::Error(source)) => Err(self.failed(source)),
        }
    }

    /// Creates an empty folder for a new generation and returns its number. Hold the lock.
    pub(super) fn begin(&self) -> Result<u64, IndexError> {
        // The manifest comes first: without it the folder would not be known as ours.
        if self.generation() == Ok(None) {
            self.replace_manifest(NONE).map_err(|source| self.failed(source))?;
        }
        let free = self.generations().into_iter().map(|(generation, _)| generation + 1).max().unwrap_or(1);
        private::create_folder(&self.files(free)).map_err(|source| self.failed(source))?;
        Ok(free)
    }

    /// Switches to `generation` atomically, and deletes the others. Hold the lock.
    pub(super) fn switch(&self, generation: u64) -> Result<(), IndexError> {
        self.replace_manifest(generation).map_err(|source| self.failed(source))?;
        for (other, path) in self.generations() {
            if other != generation {
                // Files that another process still reads may not be deletable; the next switch tries again.
                let _ = fs::remove_dir_all(path);
            }
        }
        // Manifests that were being written when their process was killed.
        sweep(&self.dir);
        Ok(())
    }

    /// Deletes a generation that is not in use. Hold the lock.
    pub(super) fn remove(&self, generation: u64) {
        // If this fails, the next switch deletes it.
        let _ = fs::remove_dir_all(self.files(generation));
    }

    /// Deletes snapshots that were being written when their process was killed. Hold the lock.
    pub(super) fn sweep_generation(&self, generation: u64) {
        sweep(&self.files(generation));
    }

    fn replace_manifest(&self, generation: u64) -> io::Result<()> {
        let manifest = Manifest { versions: versions(), generation };
        let mut file = tempfile::Builder::new().prefix(OURS).tempfile_in(&self.dir)?;
        file.write_all(&serde_json::to_vec(&manifest)?)?;
        file.as_file().sync_all()?;
        file.persist(self.dir.join(MANIFEST))?;
        Ok(())
    }

    /// Numbers and folders of all generations, in no order.
    fn generations(&self) -> Vec<(u64, PathBuf)> {
        let mut generations = Vec::new();
        for entry in fs::read_dir(&self.dir).into_iter().flatten().filter_map(Result::ok) {
            if let Some(number) = generation_number(&entry.file_name()) {
                generations.push((number, entry.path()));
            }
        }
        generations
    }

    /// Removes the rights of other users on the files of a generation: Tantivy creates files with
    /// the default rights of the process.
    #[cfg(unix)]
    pub(super) fn close_to_others(&self, generation: u64) {
        use std::os::unix::fs::PermissionsExt;
        for file in fs::read_dir(self.files(generation)).into_iter().flatten().filter_map(Result::ok) {
            let open = file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o077 != 0);
            if open {
                // Their folder is closed to others already: this is a second protection.
                let _ = fs::set_permissions(file.path(), fs::Permissions::from_mode(0o600));
            }
        }
    }

    #[cfg(not(unix))]
    pub(super) fn close_to_others(&self, _: u64) {}

    pub(super) fn failed(&self, source: io::Error) -> IndexError {
        IndexError::Folder { dir: self.dir.clone(), source }
    }
}

fn generation_number(folder_name: &OsStr) -> Option<u64> {
    folder_name.to_str()?.strip_prefix(GENERATION)?.parse().ok()
}

/// Deletes the temporary files in `dir`.
fn sweep(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        if name != LOCK && name.to_string_lossy().starts_with(OURS) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
