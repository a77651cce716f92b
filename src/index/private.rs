//! Private folders and files: usable by their owner alone, where the system knows modes.
//!
//! Part of the index because no lower room writes files; `files` makes its own private folders with
//! it too. Knows nothing of what is written there.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
    path::Path,
};

/// Creates a folder and its missing parents with mode 0700; those that exist stay as they are.
pub(crate) fn create_folder(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Opens a lock file for writing, and creates it with mode 0600 if it is missing. Does not lock it.
pub(crate) fn open_lock_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
