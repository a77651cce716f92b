//! Output of cleaned text: results on standard output, with colour if wanted, and messages on standard error.

use super::ColourChoice;
use crate::{
    page::{Line, Role},
    text::{clean, clean_line},
};
use anyhow::Result;
use std::{
    env,
    io::{self, BufWriter, IsTerminal, Write},
};

/// Standard output, buffered.
pub struct Output {
    out: BufWriter<Box<dyn Write>>,
    colour: bool,
}

/// The style of a piece of text on a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputStyle {
    Plain,
    Dim,
    Bold,
    Accent,
}

impl Output {
    pub fn stdout(colour: ColourChoice) -> Output {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let colour = match colour {
            ColourChoice::Always => true,
            ColourChoice::Never => false,
            ColourChoice::Auto if set("CLICOLOR_FORCE") => true,
            ColourChoice::Auto => io::stdout().is_terminal() && !set("NO_COLOR"),
        };
        Output { out: BufWriter::new(Box::new(io::stdout())), colour }
    }

    /// Writes untrusted text on one line, cleaned.
    pub fn text(&mut self, look: OutputStyle, text: &str) -> Result<()> {
        let text = clean_line(text);
        let (before, after) = match look {
            _ if !self.colour => ("", ""),
            OutputStyle::Plain => ("", ""),
            OutputStyle::Dim => ("\x1b[2m", "\x1b[0m"),
            OutputStyle::Bold => ("\x1b[1m", "\x1b[0m"),
            OutputStyle::Accent => ("\x1b[36m", "\x1b[0m"),
        };
        write!(self.out, "{before}{text}{after}")?;
        Ok(())
    }

    /// Writes lines of text, cleaned.
    pub fn block(&mut self, text: &str) -> Result<()> {
        self.out.write_all(clean(text).as_bytes())?;
        Ok(())
    }

    pub fn line_end(&mut self) -> Result<()> {
        self.out.write_all(b"\n")?;
        Ok(())
    }

    /// Writes what is still in the buffer.
    pub fn finish(&mut self) -> Result<()> {
        self.out.flush()?;
        Ok(())
    }
}

/// Writes lines of a page.
pub fn lines(out: &mut Output, lines: &[Line]) -> Result<()> {
    for line in lines {
        for span in &line.spans {
            out.text(if span.bold { OutputStyle::Bold } else { look(span.role) }, &span.text)?;
        }
        out.line_end()?;
    }
    Ok(())
}

fn look(role: Role) -> OutputStyle {
    match role {
        Role::Title | Role::Heading | Role::Warning => OutputStyle::Bold,
        Role::Dim | Role::Quote => OutputStyle::Dim,
        Role::Accent | Role::Tag | Role::RefCode | Role::RefReading | Role::RefAlarm | Role::RefLink => {
            OutputStyle::Accent
        }
        _ => OutputStyle::Plain,
    }
}

/// Escapes `text` for Markdown, on one line and cleaned.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in clean_line(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A link in Markdown; without a URL, its text alone.
pub fn linked(text: &str, url: &str) -> String {
    if url.is_empty() {
        return escaped(text);
    }
    let url = clean_line(url).replace(['<', '>', ' '], "");
    format!("[{}](<{url}>)", escaped(text))
}

/// Prints a message on one line of standard error, cleaned. Failures to write it, as on a full disk, are
/// ignored.
pub fn say(lead: &str, text: &str) {
    let _ = writeln!(io::stderr(), "{lead}: {}", clean_line(text));
}

/// Writes JSON, whose serializer escapes control characters.
impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
