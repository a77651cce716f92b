//! What is drawn: roles and symbols, lines of text.
//!
//! Pure: text in, styled lines out. Knows no files, no keys and no clock.

pub mod theme;
pub mod wrap;
