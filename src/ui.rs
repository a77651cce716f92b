//! What is drawn: roles and symbols, lines of text, Markdown as lines.
//!
//! Pure: text in, styled lines out. Knows no files, no keys and no clock.

pub mod markdown;
pub mod theme;
pub mod wrap;
