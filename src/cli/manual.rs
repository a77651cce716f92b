//! `sennight man` and `sennight completions`: documentation of the command line for other programs.

use super::{Arguments, Outcome, output::Output};
use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;
use std::io::Write;

/// Sections that the options do not cover, in roff.
const REST: &str = r#".SH "EXIT STATUS"
0 if something was found or done, 1 if nothing was found, 2 if an error occurred.
.SH ENVIRONMENT
.TP
SENNIGHT_LOG
Folders, files or named logs to open if none are given as arguments or options, separated by colons.
.TP
SENNIGHT_CONFIG, SENNIGHT_CACHE, SENNIGHT_STATE
The configuration file, the cache folder (the index and other derived data), and the state folder (bookmarks,
queries and fetched titles).
.TP
SENNIGHT_THEME, SENNIGHT_SYMBOLS, SENNIGHT_IMAGES, SENNIGHT_WEEK_RULE, SENNIGHT_ASCII
Override the configuration keys of the same names; SENNIGHT_ASCII=1 means symbols = "ascii".
.TP
NO_COLOR, CLICOLOR_FORCE, COLORTERM, TERM
Control whether to use colour, and how many colours.
.TP
VISUAL, EDITOR, BROWSER
Programs that open notes and links.
.SH FILES
.TP
~/.config/sennight/config.toml
The configuration, on Linux; sennight config init writes the default with comments.
.TP
~/.cache/sennight
The index. You can delete it at any time.
"#;

pub fn completions(out: &mut Output, shell: Shell) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "sennight", &mut script);
    out.write_all(&script)?;
    Ok(Outcome::Done)
}

/// Prints one page: the program, then each command in a section of its own.
pub fn page(out: &mut Output) -> Result<Outcome> {
    let mut command = Arguments::command();
    command.build();
    let mut page = Vec::new();
    let man = Man::new(command.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        // Options of all commands are in the section of the program.
        let man = Man::new(command.clone().mut_args(|arg| {
            let is_shared = arg.is_global_set() || arg.get_id() == "help";
            if is_shared { arg.hide(true) } else { arg }
        }));
        let mut part = Vec::new();
        man.render_synopsis_section(&mut part)?;
        man.render_description_section(&mut part)?;
        man.render_options_section(&mut part)?;
        man.render_extra_section(&mut part)?;
        let part = String::from_utf8_lossy(&part).replace(".SH EXTRA", ".SH EXAMPLES").replace("\n.SH ", "\n.SS ");
        writeln!(page, ".SH \"SENNIGHT {}\"", command.get_name().to_uppercase())?;
        page.extend(part.bytes());
    }
    page.extend(REST.bytes());
    man.render_version_section(&mut page)?;
    out.write_all(&page)?;
    Ok(Outcome::Done)
}
