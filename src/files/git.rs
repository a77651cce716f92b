//! Git: the days on which notes were first committed, and cloning.
//!
//! Runs the `git` program, which only reads: no shell, no pager, no network except to clone, and no
//! program named in a repository's own configuration is ever started. Where git cannot answer (not
//! installed, no repository, one of another owner, a shallow clone), notes stay undated. Knows nothing
//! of what was read before.

use super::source::Origin;
use crate::{
    date::{FORMAT, FirstCommitDays, GitLogParser},
    log::LazyNote,
    markup::dialect::is_note,
};
use anyhow::{Context, Result, ensure};
use jiff::civil::Date;
use std::{
    collections::{BTreeSet, HashMap},
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

/// Time limit for git's answer about one repository.
const LONGEST: Duration = Duration::from_secs(10);

/// Limit on the bytes of an answer: a million notes in a hundred folders need fewer.
const LARGEST: u64 = 128 * 1024 * 1024;

/// Settings that keep a hostile repository from starting programs, whatever its configuration.
const SAFE_SETTINGS: [&str; 7] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.sshCommand=false",
    "diff.external=",
    "log.showSignature=false",
    "log.follow=false",
    "safe.bareRepository=explicit",
];

/// Environment variables, set in a git hook, that would make git use another repository than the given one.
const REPOSITORY_VARIABLES: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
];

/// Asks git for the first commit days of the `undated` notes of `origin`. The answer has other notes
/// of their folders too. Starts git only if there are undated notes.
pub(super) fn days(undated: &[&LazyNote], origin: &Origin) -> FirstCommitDays {
    let mut days = FirstCommitDays::new();
    let Origin::Sources(sources) = origin else { return days };
    for source in sources {
        if source.is_packed() {
            continue;
        }
        let name = source.shown_name();
        let in_source = undated.iter().filter(|note| note.source() == name);
        let paths: Vec<&str> = in_source.map(|note| note.exact_path()).collect();
        for place in repo_folders(&source.path, &paths) {
            for (file, day) in first_days(&place).unwrap_or_default() {
                days.entry((name.to_string(), place.prefix.clone() + &file)).or_insert(day);
            }
        }
    }
    days
}

/// A folder of one repository, and the path in it to ask about.
struct RepoFolder {
    folder: PathBuf,
    /// Path of `folder` below the source, with a `/` at its end unless it is empty.
    prefix: String,
    path: PathBuf,
}

/// Finds the repositories of the notes at `undated`, whose paths are relative to the source at `path`.
fn repo_folders(path: &Path, undated: &[&str]) -> Vec<RepoFolder> {
    if undated.is_empty() {
        return Vec::new();
    }
    if !path.is_dir() {
        return vec![folder_of_file(path)];
    }
    let folders: BTreeSet<&str> = undated.iter().map(|note| parent(note)).collect();
    let mut roots = BTreeSet::new();
    for folder in folders {
        roots.insert(root(path, folder));
    }
    let mut places = Vec::with_capacity(roots.len());
    for root in roots {
        let prefix = if root.is_empty() { String::new() } else { format!("{root}/") };
        places.push(RepoFolder { folder: path.join(root), prefix, path: ".".into() });
    }
    places
}

fn folder_of_file(path: &Path) -> RepoFolder {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = path.file_name().map(PathBuf::from).unwrap_or_default();
    RepoFolder { folder: folder.to_owned(), prefix: String::new(), path: file }
}

/// Folder of a relative path with `/`, empty at the top.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Finds the innermost folder at or above `folder`, relative to `path`, that is a repository of its own;
/// otherwise the source itself, which may be inside one.
fn root<'a>(path: &Path, mut folder: &'a str) -> &'a str {
    while !folder.is_empty() && !path.join(folder).join(".git").exists() {
        folder = parent(folder);
    }
    folder
}

fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.args(["--no-pager", "--literal-pathspecs"]);
    for setting in SAFE_SETTINGS {
        command.args(["-c", setting]);
    }
    command.arg("-C").arg(folder);
    for name in REPOSITORY_VARIABLES {
        command.env_remove(name);
    }
    // A partial clone would fetch missing objects; older versions of git know only the list of protocols.
    command.envs([("GIT_NO_LAZY_FETCH", "1"), ("GIT_ALLOW_PROTOCOL", "none")]);
    command.envs([("GIT_OPTIONAL_LOCKS", "0"), ("GIT_TERMINAL_PROMPT", "0")]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Clones `url` into `folder` with its whole history, which dates notes. Git writes to standard error,
/// and may ask for a password there.
///
/// # Errors
///
/// When git cannot be started, or fails; it has then written the reason.
pub(crate) fn clone(url: &str, folder: &Path) -> Result<()> {
    let mut command = Command::new("git");
    for name in REPOSITORY_VARIABLES {
        command.env_remove(name);
    }
    // Other protocols, such as ext::, start programs.
    command.env("GIT_ALLOW_PROTOCOL", "https:http:ssh:git:file");
    command.args(["-c", "core.hooksPath=/dev/null", "clone", "--"]).arg(url).arg(folder).stdout(Stdio::null());
    let status = command.status().context("cannot start the git program: install git, or clone in another way")?;
    ensure!(status.success(), "git could not clone it; see its message above");
    Ok(())
}

/// Returns true if `folder` is in a work tree with its whole history: the first commit of a shallow clone
/// adds all files.
fn has_history(folder: &Path) -> bool {
    let asked = git(folder).args(["rev-parse", "--is-inside-work-tree", "--is-shallow-repository"]).output();
    asked.is_ok_and(|answer| answer.status.success() && answer.stdout.starts_with(b"true\nfalse"))
}

/// Asks git for the first day of each note at `place`; `None` unless it answers completely in time.
fn first_days(place: &RepoFolder) -> Option<HashMap<String, Date>> {
    if !has_history(&place.folder) {
        return None;
    }
    let mut command = git(&place.folder);
    command.arg("log").args(FORMAT).args(["--no-ext-diff", "--no-textconv", "--"]).arg(&place.path);
    let history = watched(command.spawn().ok()?, LONGEST, read)?;
    Some(history.days())
}

/// Passes the output of `child` to `read`, and returns the result if the child succeeds within
/// `longest`. A child that takes longer is killed; processes it has started may go on.
pub(crate) fn watched<T: Send + 'static>(
    mut child: Child,
    longest: Duration,
    read: impl FnOnce(&mut dyn BufRead) -> Option<T> + Send + 'static,
) -> Option<T> {
    let mut output = BufReader::new(child.stdout.take()?.take(LARGEST));
    let (done, waiting) = channel();
    let reader = thread::Builder::new().name("output".into()).spawn(move || {
        let result = read(&mut output);
        // Output that was cut off at the limit is incomplete.
        let is_complete = output.get_ref().limit() > 0;
        let _ = done.send(if is_complete { result } else { None });
    });
    let result = match reader {
        Ok(_) => waiting.recv_timeout(longest).ok().flatten(),
        Err(_) => None,
    };
    if result.is_none() {
        let _ = child.kill();
    }
    let status = child.wait().ok()?;
    if status.success() { result } else { None }
}

/// Parses the output of `git log`.
fn read(output: &mut dyn BufRead) -> Option<GitLogParser> {
    let mut history = GitLogParser::new(is_note);
    let mut field = Vec::new();
    while output.read_until(0, &mut field).ok()? > 0 {
        history.read(&String::from_utf8_lossy(field.strip_suffix(b"\0").unwrap_or(&field)));
        field.clear();
    }
    Some(history)
}
