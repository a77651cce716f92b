//! Archives of notes: `.zip`, `.tar` and `.tar.gz`, read in memory.
//!
//! Nothing is unpacked to the disk, so no path in an archive can do harm there. The sizes that an
//! archive claims are not trusted: bytes are counted as they are read. Knows nothing of sources.

use crate::{
    markup::dialect::is_note,
    note::LARGEST,
    text::problem::{Code, Problem},
};
use flate2::read::MultiGzDecoder;
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::{Component, Path, PathBuf},
    sync::Arc,
};
use zip::result::ZipError;

/// Limits on the bytes of all notes in an archive, and on their number: twenty years of notes are some
/// ten megabytes.
const MOST_BYTES: u64 = 512 << 20;
const MOST_FILES: usize = 200_000;

/// Limit on the unpacked bytes of a tar stream, including files that are no notes.
const LONGEST_STREAM: u64 = 8 << 30;

/// An archive that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("cannot open the archive {}", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("cannot read the archive {}", path.display())]
    Read { path: PathBuf, source: ArchiveDefect },
}

/// The reason why an open archive cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveDefect {
    #[error(transparent)]
    Zip(#[from] ZipError),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error("it contains more than {MOST_FILES} notes")]
    TooManyNotes,
    #[error("its notes are larger than {} MB when unpacked", MOST_BYTES >> 20)]
    TooLarge,
}

impl ArchiveError {
    /// Advice for the user, as one imperative sentence.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            ArchiveError::Read { source: ArchiveDefect::TooManyNotes | ArchiveDefect::TooLarge, .. } => {
                Some("unpack the archive, and open the folder of notes in it")
            }
            ArchiveError::Open { .. } | ArchiveError::Read { .. } => None,
        }
    }
}

/// A note in an archive.
pub(super) struct ArchiveMember {
    /// Path with `/` as separator; always below the archive.
    pub path: String,
    pub bytes: NoteBytes,
}

/// The bytes of a note that is no file of its own, or the problem that kept them from being read.
pub(super) type NoteBytes = Result<Arc<[u8]>, Problem>;

/// Returns true if the file at `path` is read as an archive, judged by the ending of its name.
pub(super) fn is_archive(path: &Path) -> bool {
    ArchiveFormat::of(path).is_some() && path.is_file()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ArchiveFormat {
    Zip,
    Tar,
    TarGz,
}

/// Endings of the names of archives, in lower case.
const ARCHIVE_ENDINGS: [(&str, ArchiveFormat); 4] = [
    (".zip", ArchiveFormat::Zip),
    (".tar", ArchiveFormat::Tar),
    (".tar.gz", ArchiveFormat::TarGz),
    (".tgz", ArchiveFormat::TarGz),
];

impl ArchiveFormat {
    fn of(path: &Path) -> Option<ArchiveFormat> {
        let name = path.file_name()?.to_string_lossy().to_lowercase();
        for (ending, format) in ARCHIVE_ENDINGS {
            if name.ends_with(ending) {
                return Some(format);
            }
        }
        None
    }
}

/// Reads the notes in the archive at `path`, sorted by path. Hidden ones are left out, as in folders.
///
/// # Errors
///
/// When it is no readable archive, or has more notes than any real collection.
pub(super) fn notes(path: &Path) -> Result<Vec<ArchiveMember>, ArchiveError> {
    let file = File::open(path).map_err(|source| ArchiveError::Open { path: path.to_owned(), source })?;
    let mut collector = MemberCollector { members: Vec::new(), left: MOST_BYTES };
    let read = match ArchiveFormat::of(path) {
        Some(ArchiveFormat::Zip) => read_zip(file, &mut collector),
        Some(ArchiveFormat::TarGz) => read_tar(MultiGzDecoder::new(BufReader::new(file)), &mut collector),
        Some(ArchiveFormat::Tar) | None => read_tar(BufReader::new(file), &mut collector),
    };
    read.map_err(|source| ArchiveError::Read { path: path.to_owned(), source })?;
    let mut members = collector.members;
    members.sort_by(|a, b| a.path.cmp(&b.path));
    members.dedup_by(|a, b| a.path == b.path);
    Ok(members)
}

/// The notes read from an archive so far.
struct MemberCollector {
    members: Vec<ArchiveMember>,
    /// Bytes that may still be read.
    left: u64,
}

impl MemberCollector {
    /// Reads a note; one that cannot be read is kept with a Problem.
    fn add(&mut self, path: String, content: &mut dyn Read) -> Result<(), ArchiveDefect> {
        if self.members.len() >= MOST_FILES {
            return Err(ArchiveDefect::TooManyNotes);
        }
        let mut bytes = Vec::new();
        let read = content.take(LARGEST + 1).read_to_end(&mut bytes);
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(ArchiveDefect::TooLarge)?;
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

fn read_zip(file: File, collector: &mut MemberCollector) -> Result<(), ArchiveDefect> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file))?;
    for at in 0..archive.len() {
        // A member that cannot be unpacked, such as an encrypted one, still has a name.
        let raw = archive.by_index_raw(at).map(|member| (member.name_raw().to_vec(), member.is_file()));
        let Ok((name, true)) = raw else { continue };
        let Some(path) = path_of(&name) else { continue };
        match archive.by_index(at) {
            Ok(mut member) => collector.add(path, &mut member)?,
            Err(error) => collector.add(path, &mut FailingReader(Some(error.to_string())))?,
        }
    }
    Ok(())
}

/// A reader of content that cannot be read.
struct FailingReader(Option<String>);

impl Read for FailingReader {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other(self.0.take().unwrap_or_default()))
    }
}

fn read_tar(content: impl Read, collector: &mut MemberCollector) -> Result<(), ArchiveDefect> {
    let mut archive = tar::Archive::new(content.take(LONGEST_STREAM));
    for member in archive.entries()? {
        let mut member = member?;
        let name = member.path_bytes().into_owned();
        if member.header().entry_type().is_file()
            && let Some(path) = path_of(&name)
        {
            collector.add(path, &mut member)?;
        }
    }
    Ok(())
}

/// Decodes the path of a note, in UTF-8 or, as Chinese Windows writes it, GB18030. `None` when it
/// points outside the archive, is hidden or names no note.
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
    // macOS adds this folder to every archive.
    let is_wanted = is_note(&name) && parts.first().is_some_and(|part| *part != "__MACOSX");
    is_wanted.then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archive_paths_stay_inside() {
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
    fn oversized_archives_are_refused() {
        let mut collector = MemberCollector { members: Vec::new(), left: 10 };
        assert!(collector.add("a.md".into(), &mut &b"12345678"[..]).is_ok());
        let error = collector.add("b.md".into(), &mut &b"12345678"[..]).expect_err("too much");
        assert!(error.to_string().contains("larger than"), "{error}");
        let mut collector = MemberCollector { members: Vec::new(), left: MOST_BYTES };
        collector.add("endless.md".into(), &mut io::repeat(b'x')).expect("kept with its reason");
        assert!(collector.members[0].bytes.as_ref().is_err_and(|problem| problem.code == Code::TooLarge));
    }
}
