//! The edge: files, terminal, threads, clock and the outside world.
pub mod source;
