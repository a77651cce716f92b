//! Tests of the whole: the architecture, sessions of keys, the command line, and one real
//! terminal.

mod cli;
#[cfg(unix)]
mod faults;
mod generator;
mod git;
mod hostile;
mod promises;
#[cfg(unix)]
mod pty;
mod ranking;
mod readme;
mod sample;
mod session;
#[cfg(unix)]
mod snapshot;
mod sources;
mod support;
mod tidy;
