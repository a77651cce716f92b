//! Words with one leading dash: `-word` in a query means `NOT word`; anywhere else it is an unknown option.

use super::{Arguments, output::say};
use clap::{Arg, Command, CommandFactory};
use std::ffi::OsString;

/// Spells `-word` in the query of a command as `NOT word`, which is the same but never an option. Prints a
/// remark if the word looks like an option: the query then probably means something else than intended.
pub fn spell_out(arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.iter().all(|argument| excluded_word(argument).is_none()) {
        return arguments;
    }
    let root = Arguments::command();
    let Some((at, command)) = queried_command(&root, &arguments) else { return arguments };
    let options: Vec<&Arg> = root.get_opts().chain(command.get_opts()).collect();
    let mut spelled = Vec::with_capacity(arguments.len());
    let mut rest = arguments.into_iter();
    spelled.extend(rest.by_ref().take(at + 1));
    let mut is_value = false;
    for argument in rest.by_ref() {
        let is_end = argument == "--";
        let word = if is_value { None } else { excluded_word(&argument) };
        let Some(word) = word else {
            let long = argument.to_str().and_then(|text| text.strip_prefix("--"));
            is_value =
                !is_value && long.is_some_and(|long| options.iter().any(|option| option.get_long() == Some(long)));
            spelled.push(argument);
            if is_end {
                break;
            }
            continue;
        };
        if let Some(option) = similar_option(&root, command, word) {
            say("sennight", &format!("there is no option -{word}, so it excludes “{word}”; did you mean {option}?"));
        }
        spelled.extend(["NOT".into(), word.into()]);
    }
    spelled.extend(rest);
    spelled
}

/// The command in `arguments` that takes a query, and its place. A path or `help` before it ends the search:
/// clap then takes what follows for paths.
fn queried_command<'c>(root: &'c Command, arguments: &[OsString]) -> Option<(usize, &'c Command)> {
    let mut arguments = arguments.iter().enumerate().skip(1);
    while let Some((at, argument)) = arguments.next() {
        if argument == "--log" || argument == "--color" {
            arguments.next();
        } else if let Some(command) = root.find_subcommand(argument) {
            let takes_query = command.get_positionals().any(|arg| arg.get_id() == "query");
            return takes_query.then_some((at, command));
        } else if !argument.as_encoded_bytes().starts_with(b"--") || argument == "--" {
            return None;
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
fn similar_option(root: &Command, command: &Command, word: &str) -> Option<String> {
    let name = word.split('=').next().unwrap_or_default();
    let mut options = root.get_arguments().chain(command.get_arguments()).filter_map(Arg::get_long);
    if let Some(option) = options.find(|option| name.len() > 1 && *option == name) {
        return Some(format!("--{option}"));
    }
    let initial = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let mut options = command.get_opts().filter_map(Arg::get_long);
    let is_meant = |option: &&str| option.starts_with(initial) || *option == "limit" && initial == "n";
    let option = options.find(|option| initial.len() == 1 && is_meant(option))?;
    Some(format!("--{option}"))
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
            ("sennight -v search x", "sennight -v search x"),
            ("sennight notes search -x", "sennight notes search -x"),
            ("sennight help search -x", "sennight help search -x"),
            ("sennight thread -v x", "sennight thread -v x"),
            ("sennight search --limit -5 -x", "sennight search --limit -5 NOT x"),
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
            ("veil", Some("--veil")),
            ("explain", Some("--explain")),
            ("life", None),
            ("v", None),
            ("2024", None),
            ("限", None),
        ] {
            assert_eq!(similar_option(&root, search, word).as_deref(), expected, "{word}");
        }
    }
}
