//! Files: everything read from and written to the file system, and what git says of it.
//!
//! Sources and archives, the cache of logs, watching, where this program keeps its own files, and
//! writing them whole. Knows no screen and no keys.

mod archive;
pub(crate) mod atomic;
pub mod git;
pub mod log_cache;
pub mod paths;
pub mod source;
pub(crate) mod watch;
