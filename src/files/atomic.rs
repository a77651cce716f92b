//! Atomic writing: a file of this program is replaced whole, one instance at a time.

use anyhow::{Context, Result};
use serde::Serialize;
use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

/// Makes the folder of `file` and waits for other instances that write it; where the file system
/// knows no locks, nobody waits.
pub(crate) fn turn(file: &Path) -> Result<Option<File>> {
    let folder = folder_of(file);
    private_folder(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let lock = options.open(file.with_extension("lock"));
    Ok(lock.ok().filter(|lock| lock.lock().is_ok()))
}

/// Writes `contents` as JSON beside `file`, then puts it in its place.
pub(crate) fn replace(file: &Path, contents: &impl Serialize) -> Result<()> {
    let write = || -> Result<()> {
        // Made for its owner alone: the crate sees to it.
        let mut fresh = tempfile::NamedTempFile::new_in(folder_of(file))?;
        let mut writer = io::BufWriter::new(&mut fresh);
        serde_json::to_writer_pretty(&mut writer, contents)?;
        io::Write::flush(&mut writer)?;
        drop(writer);
        fresh.as_file().sync_all()?;
        fresh.persist(file)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", file.display()))
}

fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
