//! The command line: arguments, then one function per subcommand.
pub mod export;
