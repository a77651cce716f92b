//! Markup: turns the bytes of a note, in any encoding and dialect, into Markdown blocks.
//!
//! Knows bytes and text, but no entries, tags, kinds or notes. Each line stays one line, so that line
//! numbers stay correct, and each repair is reported as a [`Problem`](crate::text::Problem).

pub mod decode;
pub mod dialect;
pub mod front_matter;
pub mod html;
pub mod markdown;
pub mod normalize;

pub use decode::decode;
