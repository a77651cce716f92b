//! Where sennight keeps what it derives: its own folders, and none of the user's.

use directories::ProjectDirs;
use std::{env, path::PathBuf};

/// The configuration file: `$SENNIGHT_CONFIG`, or `config.toml` in the platform's folder.
pub fn config() -> Option<PathBuf> {
    let named = env::var_os("SENNIGHT_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
    named.or_else(|| Some(ProjectDirs::from("", "", "sennight")?.config_dir().join("config.toml")))
}

/// The folder for what may be deleted at any time: `$SENNIGHT_CACHE`, or the platform's.
pub fn cache() -> Option<PathBuf> {
    let named = env::var_os("SENNIGHT_CACHE").filter(|path| !path.is_empty()).map(PathBuf::from);
    named.or_else(|| Some(ProjectDirs::from("", "", "sennight")?.cache_dir().to_owned()))
}

/// The folder for what its reader would miss: `$SENNIGHT_STATE`, or the platform's.
pub fn state() -> Option<PathBuf> {
    let named = env::var_os("SENNIGHT_STATE").filter(|path| !path.is_empty()).map(PathBuf::from);
    let platform = || {
        let folders = ProjectDirs::from("", "", "sennight")?;
        Some(folders.state_dir().unwrap_or(folders.data_local_dir()).to_owned())
    };
    named.or_else(platform)
}
