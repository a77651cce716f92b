//! The README stays true: its commands run, its keys are the keymap's, its picture is the screen.

use crate::cli::sennight;
use std::{fs, path::Path};

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md")
}

/// The arguments of the program in a line of a shell: those it begins with, or those in `$(…)`, up to
/// the first pipe.
fn command(line: &str) -> Option<&str> {
    let line = line.split(" #").next().unwrap_or(line);
    let inner = line.split_once("$(sennight ").and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner);
    inner.or(line.strip_prefix("sennight "))?.split(" | ").next()
}

/// Lines of the `sh` blocks that run the program on the sample log.
#[test]
fn every_command_of_the_readme_runs() {
    let readme = readme();
    let folder = tempfile::tempdir().expect("a folder");
    let mut count = 0;
    for block in readme.split("```sh\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for line in block.lines().filter_map(command) {
            let words = shell_words::split(line).expect(line);
            if words.iter().any(|word| word.starts_with('~') || word == ">") || words.is_empty() {
                continue;
            }
            let output = sennight(folder.path()).args(&words).output().expect("the program runs");
            assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            count += 1;
        }
    }
    assert!(count >= 20, "{count} commands");
}

#[test]
fn every_default_key_is_in_the_readme() {
    let readme = readme();
    let keymap = sennight::app::keymap::Keymap::default();
    for pane in sennight::app::Pane::ALL {
        for (command, keys) in keymap.of(sennight::app::command::Context::Pane(pane)) {
            let named = keys.is_empty() || keys.iter().any(|key| readme.contains(&format!("`{key}`")));
            assert!(named, "{} ({keys:?}) is not in the README", command.name());
        }
    }
}

/// The pictures are what `examples/render_screen` prints for these sizes and keys.
#[test]
fn the_pictures_are_the_screen() {
    use crate::support::Session;
    use sennight::files::source::Origin;
    let readme = readme();
    for (width, height, keys) in
        [(96, 24, "/ nerdctl <enter> J J j"), (96, 16, "/ #1387 <enter> j j t b"), (96, 32, "s h")]
    {
        let mut session = Session::on(&Origin::Sample, width, height).expect("the sample log");
        let screen = session.press(keys).screen();
        assert!(readme.contains(&screen), "the README's picture of {keys} is out of date; this is it:\n{screen}");
        let recipe = format!("render_screen -- {width} {height} '{keys}'");
        assert!(readme.contains(&recipe), "the README does not say how its picture was made: {recipe}");
    }
}

/// Paths of files that `text` names between backticks or brackets.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    text.split(move |c| !is_path(c)).map(|word| word.trim_end_matches('.')).filter(|word| {
        ["src/", "tests/", "assets/", "examples/", "benches/", ".ci/"].iter().any(|folder| word.starts_with(folder))
    })
}

#[test]
fn every_file_that_the_documents_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] {
        let text = fs::read_to_string(root.join(document)).expect(document);
        for path in paths(&text) {
            assert!(root.join(path).exists(), "{document} names {path}, which is not there");
        }
    }
}

/// Whether `source` defines `name`: a function, type, constant or macro (`name!`).
fn defines(source: &str, name: &str) -> bool {
    let item = match name.strip_suffix('!') {
        Some(name) => format!(r"macro_rules! {}\b", regex::escape(name)),
        None => format!(r"\b(?:fn|struct|enum|trait|const|static) {}\b", regex::escape(name)),
    };
    regex::Regex::new(&item).expect("a pattern").is_match(source)
}

#[test]
fn a_mention_defines_nothing() {
    assert!(defines("pub(super) fn run(model: &mut Model) {", "run"));
    assert!(defines("macro_rules! commands {", "commands!"));
    assert!(defines("const RULES: [Rule; 3]", "RULES"));
    assert!(!defines("the run of a loop; runtime::run(x)", "run"));
    assert!(!defines("fn run_all() {}", "run"));
}

/// CONTRIBUTING says “`name` in `path`”: this file must define that item.
#[test]
fn every_item_that_contributing_names_is_in_its_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("CONTRIBUTING.md")).expect("CONTRIBUTING.md");
    let mut count = 0;
    for (before, after) in text.match_indices("` in `").map(|(at, gap)| (&text[..at], &text[at + gap.len()..])) {
        let name = before.rsplit('`').next().unwrap_or_default();
        let path = after.split('`').next().unwrap_or_default();
        let source = fs::read_to_string(root.join(path)).expect(path);
        assert!(defines(&source, name), "CONTRIBUTING names {name} in {path}, which does not define it");
        count += 1;
    }
    assert!(count >= 8, "{count} names");
}
