//! Dates from git: the day a note first entered its repository.
//!
//! Sees only the output of `git log`, newest commits first. A commit that adds many notes at once
//! (an import, a move between repositories) says nothing about when they were written. A renamed
//! note keeps the day of its first name.

use super::{DateRule, DatedSpan, Evidence, Span, YEARS};
use jiff::civil::Date;
use std::collections::HashMap;

/// Arguments of `git log` for output that [`GitLogParser`] reads: for each commit the author's local
/// day, then added and renamed files; each field ends in NUL.
pub const FORMAT: [&str; 7] =
    ["--format=%as", "-z", "--name-status", "--diff-filter=AR", "--find-renames", "--topo-order", "--relative"];

/// Notes that one commit may add for its day to count for them.
const TOGETHER: usize = 20;

/// The zero of computer clocks, which commits without a date have.
const ZERO: Date = Date::constant(1970, 1, 1);

/// First days of notes, by the name of their source and their exact path in it.
pub type FirstCommitDays = HashMap<(String, String), Date>;

impl DatedSpan {
    /// The date of a note that was first committed on `day`.
    pub fn first_commit(day: Date) -> DatedSpan {
        DatedSpan { span: Span::day(day), evidence: Evidence::Git, rule: DateRule::FirstCommit }
    }
}

/// Parser of `git log` output, field by field.
pub struct GitLogParser {
    is_note: fn(&str) -> bool,
    next: GitLogField,
    day: Option<Date>,
    /// Notes that the current commit adds, by their present names.
    added: Vec<String>,
    /// Present names, by earlier ones.
    renamed: HashMap<String, String>,
    /// The first day of each note, with `false` if its commit added too many notes.
    first: HashMap<String, (Date, bool)>,
}

/// The meaning of the next field.
enum GitLogField {
    /// The day of a commit, or what happened to a file.
    Header,
    Added,
    OldName,
    NewName(String),
}

impl GitLogParser {
    /// Creates a parser for the files that `is_note` accepts.
    pub fn new(is_note: fn(&str) -> bool) -> GitLogParser {
        let (added, renamed, first) = (Vec::new(), HashMap::new(), HashMap::new());
        GitLogParser { is_note, next: GitLogField::Header, day: None, added, renamed, first }
    }

    /// Reads a field, without the NUL it ends with.
    pub fn read(&mut self, field: &str) {
        match std::mem::replace(&mut self.next, GitLogField::Header) {
            GitLogField::Header => self.header(field),
            GitLogField::Added => self.add(field),
            GitLogField::OldName => self.next = GitLogField::NewName(field.to_owned()),
            GitLogField::NewName(old) => {
                let today = self.today(field);
                self.renamed.insert(old, today);
            }
        }
    }

    fn header(&mut self, field: &str) {
        let mark = field.trim_start_matches('\n');
        match mark.as_bytes().first() {
            Some(b'A') => self.next = GitLogField::Added,
            Some(b'R') => self.next = GitLogField::OldName,
            _ => {
                self.end_commit();
                self.day = mark.parse().ok().filter(|day: &Date| YEARS.contains(&day.year()) && *day != ZERO);
            }
        }
    }

    fn add(&mut self, path: &str) {
        let today = self.today(path);
        if (self.is_note)(&today) {
            self.added.push(today);
        }
    }

    fn today(&self, path: &str) -> String {
        self.renamed.get(path).map_or(path, String::as_str).to_owned()
    }

    fn end_commit(&mut self) {
        let tells = self.added.len() <= TOGETHER;
        let Some(day) = self.day.take() else { return self.added.clear() };
        for path in self.added.drain(..) {
            let first = self.first.entry(path).or_insert((day, tells));
            if day <= first.0 {
                *first = (day, tells);
            }
        }
    }

    /// The first day of each note, without those that came with too many others.
    pub fn days(mut self) -> HashMap<String, Date> {
        self.end_commit();
        self.first.into_iter().filter_map(|(path, (day, tells))| tells.then_some((path, day))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::stem;
    use super::*;
    use std::collections::BTreeMap;

    fn check(output: &str, expected: &[(&str, &str)]) {
        let mut history = GitLogParser::new(|path| stem(path).len() < path.len());
        for field in output.split_terminator('\0') {
            history.read(field);
        }
        let days: BTreeMap<String, String> =
            history.days().into_iter().map(|(path, day)| (path, day.to_string())).collect();
        let days: Vec<_> = days.iter().map(|(path, day)| (path.as_str(), day.as_str())).collect();
        assert_eq!(days, expected, "{output:?}");
    }

    /// A commit that adds as many notes as that.
    fn bulk(day: &str, count: usize) -> String {
        let added: Vec<String> = (0..count).map(|at| format!("A\0{at:02}.md\0")).collect();
        format!("{day}\0\n{}", added.concat())
    }

    #[test]
    fn the_first_day_counts() {
        for (output, expected) in [
            ("", vec![]),
            ("2024-05-02\0\nA\0b.md\0A\0c.md\x002024-05-01\0\nA\0a.md\0", {
                vec![("a.md", "2024-05-01"), ("b.md", "2024-05-02"), ("c.md", "2024-05-02")]
            }),
            ("2024-05-02\0\nA\0里 面/\"笔\n记\".md\0", vec![("里 面/\"笔\n记\".md", "2024-05-02")]),
            ("2024-05-09\0\nA\0a.md\x002024-05-02\0\nA\0a.md\0", vec![("a.md", "2024-05-02")]),
            ("2024-05-02\0\nA\0a.md\x002024-05-09\0\nA\0a.md\0", vec![("a.md", "2024-05-02")]),
            ("2024-05-02\x002024-05-01\0\nA\0A\0A\0a.md\0", vec![("a.md", "2024-05-01")]),
            ("1970-01-01\0\nA\0a.md\0", vec![]),
            ("2024-13-01\0\nA\0a.md\0", vec![]),
            ("%as\0\nA\0a.md\x002024-05-02\0\nA\0b.md\0", vec![("b.md", "2024-05-02")]),
            ("2024-05-02\0\nA\0", vec![]),
        ] {
            check(output, &expected);
        }
    }

    #[test]
    fn a_renamed_note_keeps_its_first_day() {
        for (output, expected) in [
            ("2024-05-02\0\nR100\0a.md\0b.md\x002024-05-01\0\nA\0a.md\0", vec![("b.md", "2024-05-01")]),
            (
                "2024-05-03\0\nR090\0b.md\0里/c.md\x002024-05-02\0\nR100\0a.txt\0b.md\x002024-05-01\0\nA\0a.txt\0",
                vec![("里/c.md", "2024-05-01")],
            ),
            // Another note took the old name later.
            ("2024-05-03\0\nA\0a.md\x002024-05-02\0\nR100\0a.md\0b.md\x002024-05-01\0\nA\0a.md\0", {
                vec![("a.md", "2024-05-03"), ("b.md", "2024-05-01")]
            }),
            ("2024-05-02\0\nR100\0draft\0b.md\x002024-05-01\0\nA\0draft\0", vec![("b.md", "2024-05-01")]),
        ] {
            check(output, &expected);
        }
    }

    #[test]
    fn a_commit_of_many_notes_tells_nothing() {
        let twenty = bulk("2024-05-01", 20);
        let mut history = GitLogParser::new(|_| true);
        twenty.split_terminator('\0').for_each(|field| history.read(field));
        assert_eq!(history.days().len(), 20);
        check(&bulk("2024-05-01", 21), &[]);
        // Nor does a later commit that adds one of them again.
        check(&format!("2024-05-09\0\nA\x0003.md\0A\0x.md\0{}", bulk("2024-05-01", 21)), &[("x.md", "2024-05-09")]);
    }
}
