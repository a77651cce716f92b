//! Markup: bytes of a note in any encoding and dialect become Markdown blocks.
//!
//! Knows files as bytes and text; no entries, tags, kinds or notes. Each line stays one line, so that
//! line numbers stay true, and each repair is a [`Problem`](crate::text::Problem).

pub mod decode;
pub mod dialect;
pub mod front_matter;
pub mod html;
pub mod markdown;
pub mod normalize;

pub use decode::decode;
