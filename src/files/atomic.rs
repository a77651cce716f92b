//! Atomic writing: a file of this program is replaced as a whole, by one instance at a time.
//!
//! Knows nothing of what is in the files.

use crate::index::private;
use anyhow::{Context, Result};
use serde::Serialize;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

/// Creates the folder of `file` and waits for other instances that write the file; they wait until
/// the lock is dropped. `None`, without waiting, where the file system has no locks.
pub(crate) fn turn(file: &Path) -> Result<Option<File>> {
    let folder = folder_of(file);
    private::create_folder(folder).with_context(|| format!("cannot create the folder {}", folder.display()))?;
    let Ok(lock) = private::open_lock_file(&file.with_extension("lock")) else { return Ok(None) };
    Ok(lock.lock().is_ok().then_some(lock))
}

/// Replaces `file` by one with `contents` as JSON, or leaves it unchanged.
pub(crate) fn replace(file: &Path, contents: &impl Serialize) -> Result<()> {
    try_replace(file, contents).with_context(|| format!("cannot write {}", file.display()))
}

fn try_replace(file: &Path, contents: &impl Serialize) -> Result<()> {
    // tempfile creates it for its owner alone.
    let mut fresh = tempfile::NamedTempFile::new_in(folder_of(file))?;
    let mut writer = BufWriter::new(&mut fresh);
    serde_json::to_writer_pretty(&mut writer, contents)?;
    writer.flush()?;
    drop(writer);
    fresh.as_file().sync_all()?;
    fresh.persist(file)?;
    Ok(())
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}
