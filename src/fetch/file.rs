//! The file of fetched titles in the state folder: plain JSON, shared by all logs.

use crate::{
    files::atomic,
    files::paths,
    insight::titles::{Title, Titles},
};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{fs, io, path::PathBuf};

/// All fetched titles.
///
/// # Errors
///
/// When the file cannot be read. It is left unchanged.
pub fn kept() -> Result<Titles> {
    TitlesFile::here().map_or(Ok(Titles::default()), |kept| kept.read())
}

/// The file of titles.
#[derive(Debug, Clone)]
pub struct TitlesFile {
    file: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct TitlesFileContents {
    version: u32,
    titles: Titles,
}

/// Version of the file format. Files of a newer version are left unchanged.
const VERSION: u32 = 1;

/// The largest file that is read, in bytes: a hundred thousand titles.
const LARGEST: u64 = 64 * 1024 * 1024;

impl TitlesFile {
    /// The file in the state folder; `None` if the platform has no such folder.
    pub fn here() -> Option<TitlesFile> {
        Some(TitlesFile { file: paths::state()?.join("titles.json") })
    }

    /// Reads all titles; none if there is no file yet.
    ///
    /// # Errors
    ///
    /// When the file cannot be read. It is left unchanged.
    pub fn read(&self) -> Result<Titles> {
        let unreadable = || format!("cannot read the titles in {}; left unchanged", self.file.display());
        let size = match fs::metadata(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Titles::default()),
            size => size.with_context(unreadable)?.len(),
        };
        anyhow::ensure!(size <= LARGEST, "{}: the file is larger than {LARGEST} bytes", unreadable());
        let text = fs::read_to_string(&self.file).with_context(unreadable)?;
        let contents: TitlesFileContents = serde_json::from_str(&text).with_context(unreadable)?;
        anyhow::ensure!(contents.version <= VERSION, "{}: a newer sennight wrote it", unreadable());
        Ok(contents.titles)
    }

    /// Adds titles to those in the file now, to which another process may have added some.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written. It is left unchanged.
    pub fn add(&self, fresh: Vec<(String, Title)>) -> Result<()> {
        let _turn = atomic::turn(&self.file)?;
        let mut titles = self.read()?;
        titles.0.extend(fresh);
        atomic::replace(&self.file, &TitlesFileContents { version: VERSION, titles })
    }
}
