//! The specification of a log: the sources it is read from and the rules it is understood by.
//!
//! Knows nothing of what was read: no notes, no snapshot, no index.

use super::{paths, source::Origin};
use crate::{config::Config, log::snapshot, note::tag::TagRules};
use std::{env, fs, path::PathBuf, sync::OnceLock};
use xxhash_rust::xxh3::Xxh3;

/// Sources of a log and the configured topic rules.
#[derive(Debug)]
pub struct LogSpec {
    pub origin: Origin,
    rules_text: String,
    rules: OnceLock<TagRules>,
}

impl LogSpec {
    pub fn new(origin: Origin, config: &Config) -> LogSpec {
        LogSpec { origin, rules_text: config.rules_text(), rules: OnceLock::new() }
    }

    /// Topic rules, compiled at the first call: that takes longer than drawing the first frame.
    pub fn rules(&self) -> &TagRules {
        // Invalid rules were reported when the configuration was read.
        self.rules.get_or_init(|| TagRules::parse(&self.rules_text).unwrap_or_else(|_| TagRules::built_in()))
    }

    /// Hash of everything that changes how notes are understood: rules, sources, and the program,
    /// which may have been rebuilt under the same version.
    pub(super) fn identity(&self) -> u64 {
        let mut hasher = Xxh3::new();
        let program = env::current_exe().and_then(fs::metadata).map(|data| (data.len(), data.modified().ok()));
        let parts = [
            format!("{} {} {program:?}", env!("CARGO_PKG_VERSION"), snapshot::VERSION),
            format!("{:?}", self.origin.absolute()),
            self.rules_text.clone(),
        ];
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.digest()
    }

    /// Folder of this log's index; none where the platform has no cache folder.
    pub fn folder(&self) -> Option<PathBuf> {
        Some(paths::cache()?.join("index").join(self.origin.id()))
    }
}
