//! The file of titles in the state folder: plain JSON, of all logs together.

use crate::{
    files::atomic,
    files::paths,
    insight::titles::{Title, Titles},
};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{fs, io, path::PathBuf};

/// All titles that are kept here.
///
/// # Errors
///
/// When there is a file that cannot be read: it stays as it is.
pub fn kept() -> Result<Titles> {
    TitlesFile::here().map_or(Ok(Titles::default()), |kept| kept.read())
}

/// Where titles are kept.
#[derive(Debug, Clone)]
pub struct TitlesFile {
    file: PathBuf,
}

#[derive(Serialize, Deserialize)]
struct TitlesFileContents {
    version: u32,
    titles: Titles,
}

/// Version of the file. One of a newer version is left alone.
const VERSION: u32 = 1;

/// Bytes that are read: a hundred thousand titles.
const LARGEST: u64 = 64 * 1024 * 1024;

impl TitlesFile {
    /// In the state folder; none where the platform has no place for it.
    pub fn here() -> Option<TitlesFile> {
        Some(TitlesFile { file: paths::state()?.join("titles.json") })
    }

    /// What is kept; nothing when there is no file yet.
    ///
    /// # Errors
    ///
    /// When there is a file that cannot be read: it stays as it is.
    pub fn read(&self) -> Result<Titles> {
        let unreadable = || format!("cannot read the titles in {}; they are left as they are", self.file.display());
        let size = match fs::metadata(&self.file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Titles::default()),
            size => size.with_context(unreadable)?.len(),
        };
        anyhow::ensure!(size <= LARGEST, "{}: it is larger than {LARGEST} bytes", unreadable());
        let text = fs::read_to_string(&self.file).with_context(unreadable)?;
        let contents: TitlesFileContents = serde_json::from_str(&text).with_context(unreadable)?;
        anyhow::ensure!(contents.version <= VERSION, "{}: it is of a newer sennight", unreadable());
        Ok(contents.titles)
    }

    /// Adds titles to those in the file by now: another instance may have added some.
    ///
    /// # Errors
    ///
    /// When the file cannot be read or written: then nothing is changed.
    pub fn add(&self, fresh: Vec<(String, Title)>) -> Result<()> {
        let _turn = atomic::turn(&self.file)?;
        let mut titles = self.read()?;
        titles.0.extend(fresh);
        atomic::replace(&self.file, &TitlesFileContents { version: VERSION, titles })
    }
}
