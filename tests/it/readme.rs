//! The README stays true: its commands run, its keys are the keymap's, its picture is the screen.

use crate::cli::sennight;
use std::{fs, path::Path};

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md")
}

/// Lines of the `sh` blocks that run the program on the sample log.
#[test]
fn every_command_of_the_readme_runs() {
    let readme = readme();
    let folder = tempfile::tempdir().expect("a folder");
    let mut count = 0;
    for block in readme.split("```sh\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for line in block.lines().filter(|line| line.starts_with("sennight ")) {
            let line = line.split(" #").next().unwrap_or(line).split(" | ").next().unwrap_or(line);
            let words = shell_words::split(line).expect(line);
            if words.iter().any(|word| word.starts_with('~')) || words.len() == 1 {
                continue;
            }
            let output = sennight(folder.path()).args(&words[1..]).output().expect("the program runs");
            assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            count += 1;
        }
    }
    assert!(count >= 6, "{count} commands");
}

#[test]
fn every_default_key_is_in_the_readme() {
    let readme = readme();
    let keymap = sennight::app::keymap::Keymap::default();
    for pane in sennight::app::Pane::ALL {
        for (command, keys) in keymap.of(sennight::app::command::Context::Pane(pane)) {
            let named = keys.iter().any(|key| readme.contains(&format!("`{key}`")));
            assert!(named, "{} ({keys:?}) is not in the README", command.name());
        }
    }
}

/// The picture is what `examples/render_screen` prints: the session below, on the sample log.
#[test]
fn the_picture_is_the_screen() {
    use crate::support::Session;
    use sennight::{
        log::tag::Rules,
        runtime::source::{self, Origin},
    };
    let log = source::read(&Origin::Sample, &Rules::built_in()).expect("the sample log");
    let mut session = Session::new(log, 96, 24);
    session.model.origin = Origin::Sample.shown();
    session.press("/ nerdctl <enter> J J j");
    let screen = session.screen();
    assert!(readme().contains(&screen), "the README's picture is out of date; this is the screen:\n{screen}");
}
