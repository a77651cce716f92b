//! The folder an index lives in: the manifest that makes it ours, and one generation of files.
//!
//! ```text
//! <dir>/sennight-index.json   which versions made it, and the generation in use
//! <dir>/.sennight-lock        held by whoever writes; it may be left behind
//! <dir>/g-<n>/                the files of Tantivy, and a snapshot of the log
//! ```
//! Only `g-<n>` folders beside a manifest, and our own temporary files, are ever deleted.

use super::{IndexError, schema::versions};
use serde::{Deserialize, Serialize};
use std::{
    fmt::Display,
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

const MANIFEST: &str = "sennight-index.json";
const LOCK: &str = ".sennight-lock";
/// How every file begins that may lie there before the manifest does.
pub(super) const OURS: &str = ".sennight-";
const GENERATION: &str = "g-";
/// Stands in the manifest while there is no generation in use.
const NONE: u64 = 0;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    versions: String,
    pub generation: u64,
}

#[derive(Debug, Clone)]
pub(super) struct Folder {
    dir: PathBuf,
}

impl Folder {
    /// Takes `dir`, and makes it if it is not there.
    ///
    /// # Errors
    ///
    /// [`IndexError::NotOurs`] when it holds something and no manifest.
    pub(super) fn open(dir: &Path) -> Result<Folder, IndexError> {
        let folder = Folder { dir: dir.to_owned() };
        make_dir(dir).map_err(|source| folder.failed(source))?;
        if !folder.is_ours().map_err(|source| folder.failed(source))? {
            return Err(IndexError::NotOurs { dir: dir.to_owned() });
        }
        Ok(folder)
    }

    /// `dir`, if there is an index in it.
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

    /// Where the files of a generation are.
    pub(super) fn files(&self, generation: u64) -> PathBuf {
        self.dir.join(format!("{GENERATION}{generation}"))
    }

    /// The generation in use, if there is one, or why it cannot be used.
    pub(super) fn generation(&self) -> Result<Option<u64>, String> {
        let unreadable = |why: &dyn Display| format!("its manifest cannot be read: {why}");
        let bytes = match fs::read(self.dir.join(MANIFEST)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| unreadable(&error))?,
        };
        let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
        if manifest.versions != versions() {
            return Err("another version of sennight made it".to_owned());
        }
        Ok((manifest.generation != NONE).then_some(manifest.generation))
    }

    /// Holds off every other writer, in this process and others, until dropped. Makes a folder
    /// that was deleted.
    ///
    /// # Errors
    ///
    /// [`IndexError::Locked`] at once while another writes; [`IndexError::NotOurs`] when the
    /// folder is another's by now.
    pub(super) fn lock(&self) -> Result<File, IndexError> {
        Folder::open(&self.dir)?;
        let path = self.dir.join(LOCK);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|source| self.failed(source))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(IndexError::Locked { dir: self.dir.clone() }),
            Err(TryLockError::Error(source)) => Err(self.failed(source)),
        }
    }

    /// Makes an empty folder for a generation that no other has. Hold the lock.
    pub(super) fn begin(&self) -> Result<u64, IndexError> {
        // The manifest comes first: without it nobody would know the folder for ours.
        if self.generation() == Ok(None) {
            self.replace_manifest(NONE).map_err(|source| self.failed(source))?;
        }
        let free = self.generations().into_iter().map(|(generation, _)| generation + 1).max().unwrap_or(1);
        make_dir(&self.files(free)).map_err(|source| self.failed(source))?;
        Ok(free)
    }

    /// Makes `generation` the one in use, all at once, and deletes the others. Hold the lock.
    pub(super) fn switch(&self, generation: u64) -> Result<(), IndexError> {
        self.replace_manifest(generation).map_err(|source| self.failed(source))?;
        for (other, path) in self.generations() {
            if other != generation {
                // What another process still reads may not go; the next switch tries again.
                let _ = fs::remove_dir_all(path);
            }
        }
        self.sweep();
        Ok(())
    }

    /// Deletes a generation that is not in use. Hold the lock.
    pub(super) fn remove(&self, generation: u64) {
        // Should it stay, the next switch deletes it.
        let _ = fs::remove_dir_all(self.files(generation));
    }

    /// Deletes manifests that were being written when their process was killed.
    fn sweep(&self) {
        sweep(&self.dir);
    }

    /// The same for snapshots. Hold the lock.
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

    fn generations(&self) -> Vec<(u64, PathBuf)> {
        let number = |path: PathBuf| {
            let name = path.file_name()?.to_str()?;
            Some((name.strip_prefix(GENERATION)?.parse().ok()?, path))
        };
        let entries = fs::read_dir(&self.dir).into_iter().flatten().filter_map(Result::ok);
        entries.filter_map(|entry| number(entry.path())).collect()
    }

    /// Takes from others what rights they have on the files of a generation: Tantivy creates
    /// them with those of the process.
    #[cfg(unix)]
    pub(super) fn close_to_others(&self, generation: u64) {
        use std::os::unix::fs::PermissionsExt;
        for file in fs::read_dir(self.files(generation)).into_iter().flatten().filter_map(Result::ok) {
            let open = file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o077 != 0);
            if open {
                // Their folder is closed already: this is a second door.
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

/// Deletes the temporary files in `dir`.
fn sweep(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().filter_map(Result::ok) {
        let name = entry.file_name();
        if name != LOCK && name.to_string_lossy().starts_with(OURS) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Makes a folder and those above it, closed to others.
fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}
