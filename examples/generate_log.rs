//! Writes a log that could be real, of any size.
//!
//! ```sh
//! cargo run --release --example generate_log -- --entries 1000000 ~/a-million
//! ```
//!
//! The same seed and size give the same bytes; `support/generator.rs` says what is in it.

#[path = "support/generator.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod generator;

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;

/// Write a log of weekly notes that could be real, in Chinese and English, to try things out with
#[derive(Parser)]
#[command(name = "generate_log")]
struct Arguments {
    /// How many entries
    #[arg(long, default_value_t = 10_000)]
    entries: usize,
    /// Another seed, another log; the same seed and size, the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder to write to: a new or an empty one
    dir: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { entries, seed, dir } = Arguments::parse();
    let written = generator::write(entries, seed, &dir)?;
    let megabytes = written.bytes as f64 / 1e6;
    println!("{} entries in {} notes, {megabytes:.1} MB, in {}", written.entries, written.notes, dir.display());
    Ok(())
}
