//! Files: everything read from and written to the file system, and what git reports about it.
//!
//! Sources and archives, the log cache, watching for changes, the folders of this program's own
//! files, and replacing such files atomically. Knows no screen and no keys.

mod archive;
pub(crate) mod atomic;
mod file_record;
pub(crate) mod git;
pub mod log_cache;
pub mod log_spec;
pub(crate) mod paths;
pub mod source;
mod stored_notes;
pub(crate) mod watch;
