//! Paths of the configuration file and of the folders that belong to sennight.
//!
//! Creates nothing, and knows no folder of notes.

use directories::ProjectDirs;
use std::{env, path::PathBuf};

/// Path of the configuration file: `$SENNIGHT_CONFIG`, or `config.toml` in the platform's folder.
pub fn config() -> Option<PathBuf> {
    if let Some(path) = from_environment("SENNIGHT_CONFIG") {
        return Some(path);
    }
    Some(platform()?.config_dir().join("config.toml"))
}

/// Folder of derived files, which may be deleted at any time: `$SENNIGHT_CACHE`, or the platform's.
pub fn cache() -> Option<PathBuf> {
    if let Some(path) = from_environment("SENNIGHT_CACHE") {
        return Some(path);
    }
    Some(platform()?.cache_dir().to_owned())
}

/// Folder of files that cannot be derived again, such as bookmarks: `$SENNIGHT_STATE`, or the platform's.
pub fn state() -> Option<PathBuf> {
    if let Some(path) = from_environment("SENNIGHT_STATE") {
        return Some(path);
    }
    let folders = platform()?;
    Some(folders.state_dir().unwrap_or(folders.data_local_dir()).to_owned())
}

/// Reads a path from an environment variable that is set and not empty.
fn from_environment(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// Folders of this program on this platform.
fn platform() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "sennight")
}
