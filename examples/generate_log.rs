//! Writes a realistic log of any size.
//!
//! ```sh
//! cargo run --release --example generate_log -- --entries 1000000 ~/a-million
//! ```
//!
//! The same seed and size give the same bytes. `support/generator.rs` describes the contents.

#[path = "support/generator.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod generator;

use anyhow::Result;
use clap::Parser;
use std::path::PathBuf;

/// Write a realistic log of weekly notes in Chinese and English for experiments
#[derive(Parser)]
#[command(name = "generate_log")]
struct Arguments {
    /// Number of entries
    #[arg(long, default_value_t = 10_000)]
    entries: usize,
    /// Seed of the log; the same seed and size give the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder to write to; must be new or empty
    dir: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { entries, seed, dir } = Arguments::parse();
    let written = generator::write(entries, seed, &dir)?;
    let megabytes = written.bytes as f64 / 1e6;
    println!("{} entries in {} notes, {megabytes:.1} MB, in {}", written.entries, written.notes, dir.display());
    Ok(())
}
