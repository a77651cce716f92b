//! Configuration, completions and the manual page on the command line.

use crate::cli::{Place, sennight};
use std::{fs, process::Output};

fn run(place: &Place, environment: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = sennight(place.folder.path());
    command.env("SENNIGHT_CONFIG", "own/config.toml").envs(environment.iter().copied()).args(arguments);
    let Output { status, stdout, stderr } = command.output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_configuration_is_made_once_and_never_overwritten() {
    let place = Place::weekly();
    assert_eq!(run(&place, &[], &["config", "path"]), (Some(0), "own/config.toml\n".into(), String::new()));
    assert_eq!(run(&place, &[], &["config", "init"]), (Some(0), "own/config.toml\n".into(), String::new()));
    let file = place.folder.path().join("own/config.toml");
    assert_eq!(fs::read_to_string(&file).expect("a file"), sennight::config::DEFAULT);
    fs::write(&file, "# mine\n").expect("written");
    let (code, out, said) = run(&place, &[], &["config", "init"]);
    assert!(code == Some(2) && out.is_empty() && said.contains("already at own/config.toml"), "{said}");
    assert_eq!(fs::read_to_string(&file).expect("a file"), "# mine\n");
}

#[test]
fn what_is_in_effect_is_shown_with_its_reason() {
    let place = Place::weekly();
    let file = place.folder.path().join("own/config.toml");
    fs::create_dir(file.parent().expect("a folder")).expect("made");
    fs::write(&file, "theme = \"dark\"\nweek-rule = \"monday\"\nsources = [\"~/notes\"]\n").expect("written");
    let environment = [("SENNIGHT_WEEK_RULE", "iso"), ("SENNIGHT_THEME", "pink"), ("SENNIGHT_ASCII", "0")];
    let (code, out, said) = run(&place, &environment, &["--ascii", "config"]);
    assert_eq!(code, Some(0), "{said}");
    insta::assert_snapshot!(out, @r#"
    week-rule = "iso"  # environment SENNIGHT_WEEK_RULE
    theme = "dark"  # own/config.toml:1
    symbols = "ascii"  # option --ascii
    ambiguous-width = "narrow"  # default
    hyperlinks = "auto"  # default
    images = "off"  # default
    sources = ["~/notes"]  # own/config.toml:3
    "#);
    insta::assert_snapshot!(said, @"sennight: SENNIGHT_THEME: theme “pink”: cannot read own/themes/pink.toml: No such file or directory (os error 2); ignored");
    let log = [("SENNIGHT_LOG", "a:b")];
    assert!(run(&place, &log, &["config", "show"]).1.contains("sources = [\"a\", \"b\"]  # environment SENNIGHT_LOG"));
    fs::write(&file, "[log.x]\nsource = []\n").expect("written");
    let (code, out, said) = run(&place, &[], &["config", "show"]);
    assert!(code == Some(2) && out.is_empty(), "{out}");
    insta::assert_snapshot!(said, @"
    sennight: cannot use own/config.toml
      because: line 2, column 1: unknown field `source` (did you mean “sources”?)
      help: correct that line, or move the file away and write a new one with sennight config init
    ");
    assert_eq!(run(&place, &[], &["config", "path"]).0, Some(0));
}

#[test]
fn the_environment_counts_over_the_file() {
    let place = Place::new(&[("2024年6月第一周.md", "- 限流\n".as_bytes())]);
    fs::create_dir(place.folder.path().join("own")).expect("made");
    fs::write(place.folder.path().join("own/config.toml"), "week-rule = \"monday\"\n").expect("written");
    let days = |environment: &[(&str, &str)]| run(&place, environment, &["search", "--log", "notes", "限流"]).1;
    assert!(days(&[]).contains("2024-06-03…06-09"), "{}", days(&[]));
    assert!(days(&[("SENNIGHT_WEEK_RULE", "sunday")]).contains("2024-05-27…06-02"));
    let (code, out, said) = run(&place, &[("SENNIGHT_WEEK_RULE", "friday")], &["search", "--log", "notes", "限流"]);
    assert!(code == Some(0) && out.contains("06-03…06-09") && said.contains("SENNIGHT_WEEK_RULE: unknown variant"));
}

#[test]
fn a_log_is_opened_by_its_name() {
    let place = Place::weekly();
    fs::create_dir_all(place.folder.path().join("old/til")).expect("made");
    fs::write(place.folder.path().join("old/til/a.md"), "- 旧的\n").expect("written");
    fs::create_dir(place.folder.path().join("own")).expect("made");
    let config = "sources = [{ path = \"~/notes\", name = \"work\" }]\n[log.archive]\nsources = [\"~/old\"]\n";
    fs::write(place.folder.path().join("own/config.toml"), config).expect("written");
    let count = |environment: &[(&str, &str)], arguments: &[&str]| {
        run(&place, environment, &[arguments, &["search", "--format", "json", ""]].concat())
            .1
            .matches("\"key\"")
            .count()
    };
    assert_eq!(count(&[], &[]), 3);
    assert_eq!(count(&[], &["--log", "work"]), 3);
    assert_eq!(count(&[], &["--log", "archive"]), 1);
    assert_eq!(count(&[("SENNIGHT_LOG", "archive:work")], &[]), 4);
    assert_eq!(count(&[], &["--log", "archive", "--log", "work"]), 4);
    let (code, _, said) = run(&place, &[], &["--log", "achive", "search", ""]);
    assert!(code == Some(2) && said.contains("did you mean --log archive?"), "{said}");
}

#[test]
fn shells_and_manuals_are_told_every_command() {
    let place = Place::weekly();
    let commands = [
        "search", "show", "export", "refs", "tags", "thread", "stats", "check", "index", "new", "clone", "config",
        "man",
    ];
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, script, _) = run(&place, &[], &["completions", shell]);
        assert_eq!(code, Some(0), "{shell}");
        assert!(commands.iter().all(|command| script.contains(command)), "{shell}");
    }
    assert_eq!(run(&place, &[], &["completions", "cmd.exe"]).0, Some(2));
    let (code, page, _) = run(&place, &[], &["man"]);
    assert!(code == Some(0) && page.contains(".TH sennight 1"), "{page}");
    for command in commands {
        let section = format!(".SH \"SENNIGHT {}\"", command.to_uppercase());
        assert_eq!(page.matches(&section).count(), 1, "{command}");
    }
    assert!(page.contains("SENNIGHT_LOG") && page.matches("\\-\\-color\\fR \\fI").count() == 1);
}
