//! `sennight clone`: a repository of notes, fetched by the git program.

use super::{
    Outcome,
    output::{Output, OutputStyle, say},
};
use crate::files::git;
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};

/// Clones `url` into `folder`, or into a folder called as the repository is, and prints it.
pub fn run(out: &mut Output, url: &str, folder: Option<PathBuf>) -> Result<Outcome> {
    let folder = match folder {
        Some(folder) => folder,
        None => {
            PathBuf::from(name(url).with_context(|| format!("“{url}” does not say how to call the folder: name one"))?)
        }
    };
    let is_free = folder.read_dir().map_or(!folder.exists(), |mut files| files.next().is_none());
    ensure!(is_free, "there is something already at {}: name another folder", folder.display());
    git::clone(url, &folder)?;
    out.text(OutputStyle::Plain, &folder.to_string_lossy())?;
    out.line_end()?;
    say("sennight", &format!("open it with: sennight {}", folder.display()));
    Ok(Outcome::Done)
}

/// The last part of a URL or path, without `.git`.
fn name(url: &str) -> Option<&str> {
    let end = url.trim_end_matches('/').rsplit(['/', ':']).next()?;
    let name = end.strip_suffix(".git").unwrap_or(end);
    let is_plain = Path::new(name).components().count() == 1 && !name.starts_with(['-', '.']);
    (is_plain && !name.contains(char::is_control)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_called_as_the_repository() {
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
            assert_eq!(name(url), expected, "{url}");
        }
    }
}
