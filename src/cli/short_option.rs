//! Words with one leading dash: `-word` in a query means `NOT word`; anywhere else it is an unknown option.

use super::{Arguments, output::say};
use clap::{Command, CommandFactory};
use std::ffi::OsString;

/// Spells `-word` in the query of a command as `NOT word`, which is the same but never an option. Prints a
/// remark if the word looks like an option: the query then probably means something else than intended.
pub fn spell_out(arguments: Vec<OsString>) -> Vec<OsString> {
    let root = Arguments::command();
    let Some(command) = queried_command(&root, &arguments) else { return arguments };
    let mut spelled = Vec::with_capacity(arguments.len());
    let mut rest = arguments.into_iter();
    for argument in rest.by_ref() {
        if argument == "--" {
            spelled.push(argument);
            break;
        }
        let Some(word) = excluded_word(&argument) else {
            spelled.push(argument);
            continue;
        };
        if let Some(option) = similar_option(command, word) {
            say("sennight", &format!("there is no option -{word}, so it excludes “{word}”; did you mean {option}?"));
        }
        spelled.extend(["NOT".into(), word.into()]);
    }
    spelled.extend(rest);
    spelled
}

/// The command in `arguments`, if it takes a query.
fn queried_command<'c>(root: &'c Command, arguments: &[OsString]) -> Option<&'c Command> {
    let mut arguments = arguments.iter().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--log" || argument == "--color" {
            arguments.next();
        } else if let Some(command) = root.find_subcommand(argument) {
            let takes_query = command.get_positionals().any(|arg| matches!(arg.get_id().as_str(), "query" | "topic"));
            return takes_query.then_some(command);
        }
    }
    None
}

/// The word that an argument such as `-word` excludes; `-h` and `-V` are options.
fn excluded_word(argument: &OsString) -> Option<&str> {
    let word = argument.to_str()?.strip_prefix('-')?;
    if word.starts_with('-') || matches!(word, "" | "h" | "V") { None } else { Some(word) }
}

/// The option that `-word` looks like: one of that name, as `-limit`, or with that initial, as `-l` or
/// `-l5`. `-n` and `-n5` look like `--limit`, as in other tools.
fn similar_option(command: &Command, word: &str) -> Option<String> {
    let name = word.split('=').next().unwrap_or_default();
    let initial = name.trim_end_matches(|c: char| c.is_ascii_digit());
    for option in command.get_opts().filter_map(|option| option.get_long()) {
        let is_name = name.len() > 1 && option == name;
        let is_initial = initial.len() == 1 && (option.starts_with(initial) || option == "limit" && initial == "n");
        if is_name || is_initial {
            return Some(format!("--{option}"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashed_words_are_excluded_in_queries_only() {
        for (line, expected) in [
            ("sennight search -life 限流", "sennight search NOT life 限流"),
            ("sennight search -tag:life", "sennight search NOT tag:life"),
            ("sennight --log notes search -n5 -- -x", "sennight --log notes search NOT n5 -- -x"),
            ("sennight --log search -v", "sennight --log search -v"),
            ("sennight search -h", "sennight search -h"),
            ("sennight --log - search x", "sennight --log - search x"),
            ("sennight -v", "sennight -v"),
            ("sennight show -v", "sennight show -v"),
            ("sennight notes -n5", "sennight notes -n5"),
        ] {
            let spelled = spell_out(line.split(' ').map(OsString::from).collect());
            assert_eq!(spelled.join(" ".as_ref()), expected, "{line}");
        }
    }

    #[test]
    fn options_of_other_tools_are_recognized() {
        let root = Arguments::command();
        let search = root.find_subcommand("search").expect("a command");
        for (word, expected) in [
            ("n", Some("--limit")),
            ("n5", Some("--limit")),
            ("limit", Some("--limit")),
            ("format=json", Some("--format")),
            ("f", Some("--format")),
            ("life", None),
            ("v", None),
            ("2024", None),
            ("限", None),
        ] {
            assert_eq!(similar_option(search, word).as_deref(), expected, "{word}");
        }
    }
}
