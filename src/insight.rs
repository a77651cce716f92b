//! Insight: conclusions from many notes together.
//!
//! Threads, statistics of a year, fetched titles, names of a series and its next note. Sees only the
//! public face of a [`Log`](crate::log::Log).

pub mod draft;
mod naming;
pub mod stats;
pub mod thread;
pub mod titles;

pub use titles::Titles;
