//! Insight: what follows from many notes together.
//!
//! Threads, the year in numbers, titles once fetched, names of a series and the next note of it. Sees
//! only what a [`Log`](crate::log::Log) shows of itself.

pub mod draft;
pub mod naming;
pub mod stats;
pub mod thread;
pub mod titles;

pub use titles::Titles;
