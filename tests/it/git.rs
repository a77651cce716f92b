//! Dates from git: repositories made by the `git` program, read through the command line.

use crate::cli::sennight;
use std::{
    collections::BTreeMap,
    env, fs,
    path::Path,
    process::{Command, Stdio},
};
use tempfile::TempDir;

/// A repository in `notes` of a new folder; nothing when there is no `git` program.
pub struct Repository(pub TempDir);

impl Repository {
    pub fn new() -> Option<Repository> {
        if !Command::new("git").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
            crate::support::skip("no git program");
            return None;
        }
        let repository = Repository(tempfile::tempdir().expect("a folder"));
        fs::create_dir(repository.notes()).expect("a folder");
        repository.git("", &["init", "--quiet"]);
        Some(repository)
    }

    fn notes(&self) -> std::path::PathBuf {
        self.0.path().join("notes")
    }

    pub fn write(&self, path: &str, text: &str) {
        let file = self.notes().join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
        fs::write(file, text).expect("a note");
    }

    /// Runs git as an author at `date`, without the configuration of this machine.
    fn git(&self, date: &str, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=N", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false", "-C"])
            .arg(self.notes())
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", date)
            .output()
            .expect("git runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    pub fn commit(&self, date: &str) {
        self.git(date, &["add", "--all"]);
        self.git(date, &["commit", "--quiet", "--message", "notes"]);
    }

    /// First day and evidence of each note of the source at `path`; of each entry, when they differ.
    fn spans(&self, path: &Path) -> BTreeMap<String, String> {
        let output = sennight(self.0.path())
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .args(["export", "--log"])
            .arg(path)
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).expect("UTF-8");
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).map(|note| shown(&note)).collect()
    }
}

fn shown(note: &serde_json::Value) -> (String, String) {
    let span = |of: &serde_json::Value| {
        let span = &of["span"];
        let text = |name: &str| span[name].as_str().unwrap_or("-").to_owned();
        [text("start"), text("precision"), text("evidence"), text("rule")].join(" ")
    };
    let of_note = span(&note["note"]);
    for entry in note["entries"].as_array().expect("entries") {
        assert_eq!(span(entry), of_note, "{note}");
    }
    (note["note"]["path"].as_str().expect("a path").to_owned(), of_note)
}

const UNDATED: &str = "- - - -";

#[test]
fn undated_notes_have_the_day_of_their_first_commit() {
    let Some(repository) = Repository::new() else { return };
    repository.write("til/vim.md", "# Vim\n\nA fact.\n");
    repository.write("笔 记/容器\"一\".md", "# 容器\n\n一件事。\n");
    repository.write("draft.md", "# A draft\n\nOf some length, so that its later name is known.\n");
    repository.write("2024-06-week2.md", "# 周报\n\n- 一\n");
    // Half past eleven in Tokyo is the day before elsewhere, and the writer's day counts.
    repository.commit("2023-03-01T23:30:00 +0900");
    for at in 0..25 {
        repository.write(&format!("old/{at}.md"), "# Old\n\nImported.\n");
    }
    repository.commit("2023-04-01T12:00:00 +0000");
    repository.write("til/vim.md", "# Vim\n\nA fact, corrected.\n");
    repository.git("", &["mv", "draft.md", "essay.md"]);
    repository.commit("2023-05-01T12:00:00 +0000");
    repository.write("new.md", "# New\n\nNot committed.\n");
    let spans = repository.spans(&repository.notes());
    let first = "2023-03-01 day git first-commit";
    for (path, expected) in [
        ("til/vim.md", first),
        ("笔 记/容器\"一\".md", first),
        ("essay.md", first),
        ("2024-06-week2.md", "2024-06-03 week file-name month-week-sunday"),
        ("old/7.md", UNDATED),
        ("new.md", UNDATED),
    ] {
        assert_eq!(spans[path], expected, "{path}");
    }
    // A folder and a file of it tell the same.
    assert_eq!(repository.spans(&repository.notes().join("til"))["vim.md"], first);
    assert_eq!(repository.spans(&repository.notes().join("笔 记/容器\"一\".md"))["容器\"一\".md"], first);
    // So does the folder the repository lies in.
    assert_eq!(repository.spans(repository.0.path())["notes/til/vim.md"], first);
}

#[test]
fn dates_that_come_later_keep_the_cursor_and_the_keys() {
    use crate::support::{Session, log};
    use sennight::{
        app::Message,
        date::{Evidence, FirstCommitDays},
        log::{LazyNote, Log},
        note::tag::TagRules,
    };
    let (rules, day) = (TagRules::built_in(), jiff::civil::date(2024, 5, 1));
    let notes = log(&[("2023-05-01.md", "dated"), ("til/a.md", "first"), ("til/b.md", "second")]);
    let days = |path: &str| FirstCommitDays::from([(("notes".to_owned(), path.to_owned()), day)]);
    assert!(LazyNote::with_git_dates(notes.notes(), &days("2023-05-01.md")).is_none(), "what is dated stays");
    let dated = Log::of(LazyNote::with_git_dates(notes.notes(), &days("til/b.md")).expect("other notes"), &rules);
    let undated = LazyNote::with_git_dates(dated.notes(), &FirstCommitDays::new()).expect("other notes");
    assert!(undated.iter().zip(notes.notes()).all(|(now, then)| now.ptr_eq(then)), "git may take back what it said");
    let evidence: Vec<_> = dated.entries().map(|entry| entry.dated().map(|dated| dated.evidence)).collect();
    assert_eq!(evidence, [Some(Evidence::Git), Some(Evidence::FileName), None]);
    for entry in notes.entries() {
        assert_eq!(dated.find(entry.key()).map(|id| dated.entry(id).body()), Some(entry.body()));
    }
    let mut session = Session::new(notes, 80, 24);
    session.press("j");
    let current = |session: &Session| session.model.current().map(|entry| entry.body().to_owned());
    assert_eq!(current(&session).as_deref(), Some("first"));
    session.send(Message::loaded(std::sync::Arc::new(dated)));
    assert_eq!(current(&session).as_deref(), Some("first"));
}

#[test]
fn a_shallow_clone_tells_nothing() {
    let Some(repository) = Repository::new() else { return };
    repository.write("a.md", "# A\n\nOne.\n");
    repository.commit("2023-03-01T12:00:00 +0000");
    repository.write("b.md", "# B\n\nTwo.\n");
    repository.commit("2023-05-01T12:00:00 +0000");
    let url = format!("file://{}", repository.notes().display());
    let clone = repository.0.path().join("clone");
    repository.git("", &["clone", "--quiet", "--depth", "1", &url, &clone.to_string_lossy()]);
    assert_eq!(repository.spans(&clone)["a.md"], UNDATED);
}

/// A repository whose configuration names programs for everything that has a name.
#[cfg(unix)]
#[test]
fn a_hostile_repository_starts_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let Some(repository) = Repository::new() else { return };
    repository.write("a.md", "# A\n\nOne.\n");
    repository.write(".gitattributes", "*.md diff=evil\n");
    repository.commit("2023-03-01T12:00:00 +0000");
    let signed = repository.git("", &["cat-file", "commit", "HEAD"]).replacen(
        "\n\n",
        "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n",
        1,
    );
    fs::write(repository.0.path().join("signed"), signed).expect("a file");
    let commit = repository.git("", &["hash-object", "-t", "commit", "-w", "../signed"]);
    repository.git("", &["reset", "--quiet", commit.trim()]);
    let (program, sign) = (repository.0.path().join("evil"), repository.0.path().join("started"));
    fs::write(&program, format!("#!/bin/sh\ntouch '{}'\n", sign.display())).expect("a program");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a program");
    for name in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.evil.command",
        "diff.evil.textconv",
        "diff.external",
        "gpg.program",
        "pager.log",
    ] {
        repository.git("", &["config", name, &program.to_string_lossy()]);
    }
    repository.git("", &["config", "log.showSignature", "true"]);
    assert_eq!(repository.spans(&repository.notes())["a.md"], "2023-03-01 day git first-commit");
    assert!(!sign.exists(), "a program of the repository was started");
    // The trap is a trap: git by itself falls into it.
    repository.git("", &["log", "--oneline"]);
    assert!(sign.exists(), "nothing was there to be started");
}

#[test]
fn a_repository_is_cloned_and_a_failure_is_said() {
    let Some(repository) = Repository::new() else { return };
    repository.write("2024-W05.md", "- 限流\n");
    repository.commit("2024-02-05T12:00:00");
    let run = |path: bool, arguments: &[&str]| {
        let mut command = sennight(repository.0.path());
        command.env("PATH", if path { env::var_os("PATH").unwrap_or_default() } else { "nowhere".into() });
        let output = command.args(arguments).output().expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), said)
    };
    let (code, out, said) = run(true, &["clone", "notes/.git", "mine"]);
    assert!(code == Some(0) && out == "mine\n" && said.contains("open it with: sennight mine"), "{said}");
    assert_eq!(run(true, &["--log", "mine", "search", "限流"]).1, "mine/2024-W05.md:1: 2024-01-29…02-04 限流\n");
    let marker = repository.0.path().join("started");
    let start = format!("ext::sh -c touch% {}", marker.display());
    for (arguments, expected) in [
        (vec!["clone", "notes", "mine"], "mine already exists and is not an empty folder"),
        (vec!["clone", "nowhere", "other"], "git could not clone it"),
        (vec!["clone", "--", "--upload-pack=x"], "cannot name a folder after"),
        (vec!["clone", start.as_str(), "other"], "git could not clone it"),
    ] {
        let (code, out, said) = run(true, &arguments);
        assert!(code == Some(2) && out.is_empty() && said.contains(expected), "{arguments:?}: {said}");
    }
    assert!(!marker.exists(), "a URL started a program");
    let (code, _, said) = run(false, &["clone", "notes", "other"]);
    assert!(code == Some(2) && said.contains("cannot start the git program: install git"), "{said}");
}
