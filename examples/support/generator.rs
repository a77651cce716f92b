//! Generates a realistic log of any size from a seed.
//!
//! Several people write weekly for years, newest week first, until the log has the requested number
//! of entries: 10 000 are seven years of one person, a million are about sixty people. Each person
//! has a folder with one folder per year, and writes different things with different care:
//!
//! ```text
//! lin/2024/2024-06-week4.md     weekly report: numbered or bulleted items under sections
//! lin/2024/links/2024-W26.md    link blog: a headed section for each link
//! lin/2024/til/re-lockable.md   something learnt today: one entry, dated by front matter
//! lin/2024/history.md           a year under dated headings
//! lin/scraps/quorum.md          no date anywhere
//! ```
//! All random numbers are integers derived from the seed: the same seed and size give the same bytes
//! on every machine.

mod links;
mod prose;
mod random;
mod shapes;
mod words;

use anyhow::{Context, Result, bail};
use jiff::{ToSpan, civil::Date};
use random::Random;
use shapes::{Draft, Person};
use std::{
    collections::{HashSet, VecDeque},
    fs,
    io::{ErrorKind, Write},
    path::Path,
};
use words::Words;

/// Sunday of the newest week.
const NEWEST: Date = jiff::civil::date(2025, 12, 28);

/// Note to write.
pub struct File {
    /// Relative path with `/`.
    pub path: String,
    pub text: String,
    /// Number of entries that sennight should read from it.
    pub entries: usize,
    /// True if the note has a date anywhere.
    pub is_dated: bool,
}

/// Iterator over the notes of a log.
pub struct Generator {
    words: Words,
    seed: u64,
    /// Entries still to be written.
    left: usize,
    person: Person,
    /// Weeks of this person so far, counted backwards.
    week: usize,
    waiting: VecDeque<Draft>,
}

impl Generator {
    pub fn new(entries: usize, seed: u64) -> Generator {
        Generator::starting_with(0, entries, seed)
    }

    /// Skips the people before the nth.
    pub fn starting_with(nth: usize, entries: usize, seed: u64) -> Generator {
        let words = Words::new();
        let person = Person::new(nth, seed, &words);
        Generator { words, seed, left: entries, person, week: 0, waiting: VecDeque::new() }
    }

    /// Queues the notes of the next week, or of the last week of the next person.
    fn next_week(&mut self) {
        if self.week == self.person.weeks {
            self.person = Person::new(self.person.nth + 1, self.seed, &self.words);
            self.week = 0;
        }
        let sunday = NEWEST.saturating_sub((7 * self.week as i64).days());
        let place = [self.person.nth as u64, self.week as u64 + 1];
        let random = Random::new(self.seed, &place);
        self.waiting.extend(shapes::week(self.person.weeks - self.week, sunday, random));
        self.week += 1;
    }
}

impl Iterator for Generator {
    type Item = File;

    fn next(&mut self) -> Option<File> {
        if self.left == 0 {
            return None;
        }
        while self.waiting.is_empty() {
            self.next_week();
        }
        let draft = self.waiting.pop_front()?;
        let file = draft.write(&self.words, &self.person, self.left);
        self.left -= file.entries;
        Some(file)
    }
}

/// Totals of a written log.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written {
    pub notes: usize,
    pub entries: usize,
    pub bytes: usize,
}

/// Writes a log with `entries` entries to `dir`, one note at a time.
///
/// # Errors
///
/// Fails if `dir` exists and is not empty (it is left unchanged), or if writing fails.
pub fn write(entries: usize, seed: u64, dir: &Path) -> Result<Written> {
    require_empty(dir)?;
    let mut written = Written::default();
    let mut folders = HashSet::new();
    for note in Generator::new(entries, seed) {
        let path = dir.join(&note.path);
        let folder = path.parent().unwrap_or(dir);
        if folders.insert(folder.to_owned()) {
            fs::create_dir_all(folder).with_context(|| format!("cannot create the folder {}", folder.display()))?;
        }
        write_new(&path, &note.text).with_context(|| format!("cannot write {}", path.display()))?;
        written.notes += 1;
        written.entries += note.entries;
        written.bytes += note.text.len();
    }
    Ok(written)
}

fn require_empty(dir: &Path) -> Result<()> {
    let is_empty = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == ErrorKind::NotFound => true,
        Err(error) => return Err(error).with_context(|| format!("cannot read the folder {}", dir.display())),
    };
    if !is_empty {
        bail!("{} is not empty: notes are only written to a new or empty folder", dir.display());
    }
    Ok(())
}

/// Writes a file that must not exist yet.
fn write_new(path: &Path, text: &str) -> Result<()> {
    Ok(fs::File::create_new(path)?.write_all(text.as_bytes())?)
}
