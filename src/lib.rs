//! sennight reads years of weekly notes, understands them, and shows them in a terminal.

pub mod cli;
pub mod index;
pub mod log;
pub mod query;
pub mod runtime;
pub mod text;
pub mod ui;
