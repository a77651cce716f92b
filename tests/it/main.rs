//! Tests of the whole: the architecture, sessions of keys, the command line, and one real
//! terminal.

mod cli;
mod commands;
#[cfg(unix)]
mod faults;
mod filters;
mod generator;
mod git;
mod hostile;
mod licenses;
mod pictures;
mod promises;
mod prompt;
#[cfg(unix)]
mod pty;
mod ranking;
mod readme;
mod sample;
mod schema;
mod screens;
mod session;
mod setup;
#[cfg(unix)]
mod snapshot;
mod sources;
mod support;
mod tidy;
mod titles;
mod travel;
mod veil;
mod walk;
