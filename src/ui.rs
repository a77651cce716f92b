//! What is drawn: roles and symbols.
//!
//! Pure: text in, styled lines out. Knows no files, no keys and no clock.

pub mod theme;
