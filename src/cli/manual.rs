//! `sennight man` and `sennight completions`: what other programs show of the command line.

use super::{Arguments, Outcome, output::Output};
use anyhow::Result;
use clap::{Arg, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use std::io::Write;

/// What the options leave unsaid, in the language of manual pages.
const REST: &str = r#".SH "EXIT STATUS"
0 when something was found or done, 1 when nothing was found, 2 for an error.
.SH ENVIRONMENT
.TP
SENNIGHT_LOG
Folders, files or names of notes, separated by colons, where no option names any.
.TP
SENNIGHT_CONFIG, SENNIGHT_CACHE, SENNIGHT_STATE
The configuration file, and the folders of what is derived and of what is remembered.
.TP
SENNIGHT_THEME, SENNIGHT_SYMBOLS, SENNIGHT_IMAGES, SENNIGHT_WEEK_RULE, SENNIGHT_ASCII
As the keys of the configuration; SENNIGHT_ASCII=1 is symbols = "ascii".
.TP
NO_COLOR, CLICOLOR_FORCE, COLORTERM, TERM
Whether there is colour, and how much.
.TP
VISUAL, EDITOR, BROWSER
What notes and links are opened with.
.SH FILES
.TP
~/.config/sennight/config.toml
The configuration, on Linux; sennight config init writes the commented default.
.TP
~/.cache/sennight
The index. It may be deleted at any time.
"#;

pub fn completions(out: &mut Output, shell: Shell) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "sennight", &mut script);
    out.write_all(&script)?;
    Ok(Outcome::Done)
}

/// One page: the program, then each command in a section of its own.
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
        // What every command takes stands above.
        let is_shared = |arg: &Arg| arg.is_global_set() || arg.get_id() == "help";
        let man = Man::new(command.clone().mut_args(|arg| if is_shared(&arg) { arg.hide(true) } else { arg }));
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
