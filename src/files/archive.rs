//! Archives of notes: `.zip`, `.tar` and `.tar.gz`, read where they are.
//!
//! Nothing is unpacked to a disk, so nothing in an archive can reach one. What it says of its own
//! size is not believed: bytes are counted as they come.

use crate::{
    markup::dialect::is_note,
    note::LARGEST,
    text::problem::{Code, Problem},
};
use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Component, Path},
    sync::Arc,
};

/// Bytes of all its notes together, and files, that are read of an archive: twenty years of notes
/// are some ten megabytes.
const MOST_BYTES: u64 = 512 << 20;
const MOST_FILES: usize = 200_000;

/// How much of a compressed stream is gone through to find them.
const LONGEST_STREAM: u64 = 8 << 30;

/// A file of an archive.
pub struct ArchiveMember {
    /// With `/`, and never above the archive.
    pub path: String,
    pub bytes: NoteBytes,
}

/// The bytes of a note that is no file of its own, or why there are none.
pub type NoteBytes = Result<Arc<[u8]>, Problem>;

/// Whether the file at `path` is read as an archive, by the ending of its name.
pub fn is_archive(path: &Path) -> bool {
    ArchiveFormat::of(path).is_some() && path.is_file()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ArchiveFormat {
    Zip,
    Tar,
    TarGz,
}

impl ArchiveFormat {
    fn of(path: &Path) -> Option<ArchiveFormat> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        let endings = [
            (".zip", ArchiveFormat::Zip),
            (".tar", ArchiveFormat::Tar),
            (".tar.gz", ArchiveFormat::TarGz),
            (".tgz", ArchiveFormat::TarGz),
        ];
        endings.into_iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, format)| format)
    }
}

/// The notes in the archive at `path`, in the order of their paths: hidden ones are left out, as in
/// folders.
///
/// # Errors
///
/// When it is no archive that can be read, or holds more than any collection of notes.
pub fn notes(path: &Path) -> Result<Vec<ArchiveMember>> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("cannot open the archive {shown}"))?;
    let mut shelf = MemberCollector { members: Vec::new(), left: MOST_BYTES };
    let read = match ArchiveFormat::of(path) {
        Some(ArchiveFormat::Zip) => zipped(file, &mut shelf),
        Some(ArchiveFormat::TarGz) => tarred(MultiGzDecoder::new(BufReader::new(file)), &mut shelf),
        Some(ArchiveFormat::Tar) | None => tarred(BufReader::new(file), &mut shelf),
    };
    read.with_context(|| format!("cannot read the archive {shown}"))?;
    let mut members = shelf.members;
    members.sort_by(|a, b| a.path.cmp(&b.path));
    members.dedup_by(|a, b| a.path == b.path);
    Ok(members)
}

/// What has been taken out of an archive so far.
struct MemberCollector {
    members: Vec<ArchiveMember>,
    left: u64,
}

impl MemberCollector {
    /// Takes a note out; one that cannot be read is kept with the reason.
    fn take(&mut self, path: String, content: &mut dyn Read) -> Result<()> {
        ensure!(self.members.len() < MOST_FILES, "it holds more than {MOST_FILES} notes");
        let mut bytes = Vec::new();
        let read = content.take(LARGEST + 1).read_to_end(&mut bytes);
        self.left = self.left.checked_sub(bytes.len() as u64).with_context(|| {
            format!("its notes are larger than {} MB, unpacked: this is no archive of notes", MOST_BYTES >> 20)
        })?;
        let bytes = match read {
            Err(error) => Err(Problem::new(0, Code::Unreadable, format!("cannot be read: {error}"))),
            Ok(size) if size as u64 > LARGEST => {
                let message = format!("more than {} MB: only notes up to that are read", LARGEST >> 20);
                Err(Problem::new(0, Code::TooLarge, message))
            }
            Ok(_) => Ok(bytes.into()),
        };
        self.members.push(ArchiveMember { path, bytes });
        Ok(())
    }
}

fn zipped(file: File, shelf: &mut MemberCollector) -> Result<()> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file))?;
    for at in 0..archive.len() {
        // One that cannot even be begun, such as an encrypted one, still has a name.
        let raw = archive.by_index_raw(at).map(|member| (member.name_raw().to_vec(), member.is_file()));
        let Ok((name, true)) = raw else { continue };
        let Some(path) = path_of(&name) else { continue };
        match archive.by_index(at) {
            Ok(mut member) => shelf.take(path, &mut member)?,
            Err(error) => shelf.take(path, &mut FailingReader(Some(error.to_string())))?,
        }
    }
    Ok(())
}

/// Content that cannot be read.
struct FailingReader(Option<String>);

impl Read for FailingReader {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other(self.0.take().unwrap_or_default()))
    }
}

fn tarred(content: impl Read, shelf: &mut MemberCollector) -> Result<()> {
    let mut archive = tar::Archive::new(content.take(LONGEST_STREAM));
    for member in archive.entries()? {
        let mut member = member?;
        let name = member.path_bytes().into_owned();
        if member.header().entry_type().is_file()
            && let Some(path) = path_of(&name)
        {
            shelf.take(path, &mut member)?;
        }
    }
    Ok(())
}

/// The path of a note below the archive: in UTF-8, or as Chinese Windows writes it. Those that point
/// outside, are hidden or are no notes are left out.
fn path_of(name: &[u8]) -> Option<String> {
    let name = match std::str::from_utf8(name) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(name).0.into_owned(),
    };
    let name = name.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in Path::new(&name).components() {
        match part {
            Component::CurDir => {}
            Component::Normal(part) => parts.push(part.to_str().filter(|part| !part.starts_with('.'))?),
            _ => return None,
        }
    }
    // What macOS adds to every archive.
    let is_wanted = is_note(&name) && parts.first().is_some_and(|part| *part != "__MACOSX");
    is_wanted.then(|| parts.join("/"))
}

/// Everything on standard input, as one note.
///
/// # Errors
///
/// When it cannot be read, or is larger than a note.
pub fn standard_input() -> Result<Arc<[u8]>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes).context("cannot read standard input")?;
    ensure!(bytes.len() as u64 <= LARGEST, "standard input is larger than a note, {} MB", LARGEST >> 20);
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_archive() {
        for (name, expected) in [
            (&b"2022/a.md"[..], Some("2022/a.md")),
            (b"./a.md", Some("a.md")),
            (b"..\\..\\etc\\a.md", None),
            (b"../a.md", None),
            (b"/etc/a.md", None),
            (b"a/../../b.md", None),
            (b".git/a.md", None),
            (b"__MACOSX/a.md", None),
            (b"a.png", None),
            (b"\xd6\xdc\xb1\xa8/a.md", Some("周报/a.md")),
            (b"", None),
        ] {
            assert_eq!(path_of(name).as_deref(), expected, "{name:?}");
        }
    }

    #[test]
    fn a_bomb_is_no_archive_of_notes() {
        let mut shelf = MemberCollector { members: Vec::new(), left: 10 };
        assert!(shelf.take("a.md".into(), &mut &b"12345678"[..]).is_ok());
        let error = shelf.take("b.md".into(), &mut &b"12345678"[..]).expect_err("too much");
        assert!(error.to_string().contains("larger than"), "{error}");
        let mut shelf = MemberCollector { members: Vec::new(), left: MOST_BYTES };
        shelf.take("endless.md".into(), &mut io::repeat(b'x')).expect("kept with its reason");
        assert!(shelf.members[0].bytes.as_ref().is_err_and(|problem| problem.code == Code::TooLarge));
    }
}
