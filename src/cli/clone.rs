//! `sennight clone`: clones a repository of notes with the git program.

use super::{
    Outcome,
    output::{Output, OutputStyle, say},
};
use crate::{files::git, runtime::hint::HintExt};
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// Clones `url` into `folder`, by default one named after the repository, and prints that folder.
pub fn run(out: &mut Output, url: &str, folder: Option<PathBuf>) -> Result<Outcome> {
    let folder = if let Some(folder) = folder {
        folder
    } else {
        let name = repository_name(url).with_context(|| format!("cannot name a folder after “{url}”"));
        PathBuf::from(name.hint("give the folder as the last argument")?)
    };
    if !is_free(&folder) {
        let taken = anyhow!("{} already exists and is not an empty folder", folder.display());
        return Err(taken).hint("give another folder as the last argument");
    }
    git::clone(url, &folder)?;
    out.text(OutputStyle::Plain, &folder.to_string_lossy())?;
    out.line_end()?;
    say("sennight", &format!("open it with: sennight {}", folder.display()));
    Ok(Outcome::Done)
}

/// Tests for a path that does not exist or is an empty folder.
fn is_free(folder: &Path) -> bool {
    folder.read_dir().map_or(!folder.exists(), |mut files| files.next().is_none())
}

/// The last part of a URL or path, without `.git`.
fn repository_name(url: &str) -> Option<&str> {
    let end = url.trim_end_matches('/').rsplit(['/', ':']).next()?;
    let name = end.strip_suffix(".git").unwrap_or(end);
    let is_plain = Path::new(name).components().count() == 1 && !name.starts_with(['-', '.']);
    (is_plain && !name.contains(char::is_control)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_is_named_after_the_repository() {
        for (url, expected) in [
            ("https://github.com/me/notes.git", Some("notes")),
            ("git@github.com:me/notes", Some("notes")),
            ("host:notes.git/", Some("notes")),
            ("../notes", Some("notes")),
            ("https://example.com/..", None),
            ("--upload-pack=x", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(repository_name(url), expected, "{url}");
        }
    }
}
