//! Runs the program. Everything else is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    sennight::cli::main(std::env::args_os())
}
