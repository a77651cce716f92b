//! sennight reads years of weekly notes, understands them, and shows them in a terminal.

pub mod text;
pub mod ui;
