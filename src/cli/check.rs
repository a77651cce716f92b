//! `sennight check`: problems in the notes.

use super::{
    Outcome, file_name,
    output::{Output, OutputStyle},
};
use crate::{files::source::Origin, log::Log};
use anyhow::Result;

/// Prints every problem as `path:line: code: message`. Only with `strict` are problems a failure.
pub fn run(out: &mut Output, log: &Log, origin: &Origin, strict: bool) -> Result<Outcome> {
    let mut count = 0_usize;
    for (note, problem) in log.problems() {
        out.text(OutputStyle::Accent, &file_name(origin, note))?;
        out.text(OutputStyle::Dim, &format!(":{}: ", problem.line.max(1)))?;
        out.text(OutputStyle::Bold, problem.code.name())?;
        out.text(OutputStyle::Plain, &format!(": {}", problem.message))?;
        out.line_end()?;
        count += 1;
    }
    Ok(if strict && count > 0 { Outcome::Nothing } else { Outcome::Done })
}
