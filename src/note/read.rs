//! Understanding one note: from bytes to a [`Note`].
//!
//! Sees one file, its path, and the dates that the names of the files beside it suggest together.
//! Never fails: a file that cannot be read becomes a note without entries and with a Problem.

use super::entries::{EntryReader, LineIndex, first_sentence};
use super::{
    Note,
    split::{self, EntryRule, HeadingPath, NoteSplit},
    tag::TagRules,
};
use crate::markup::{
    decode::decode,
    dialect::Dialect,
    front_matter::{self, FrontMatter},
    markdown::{Block, BlockKind, Document},
    normalize::{NormalizedText, normalize},
};
use crate::text::clean_line;
use crate::{
    date::{self, DateContext, WeekRule},
    text::problem::{Code, Problem},
};
use regex::Regex;
use std::{collections::HashMap, sync::LazyLock};
use xxhash_rust::xxh3::xxh3_64;

/// A file to read.
#[derive(Debug, Clone, Copy)]
pub struct NoteFile<'a> {
    /// Name of its source.
    pub source: &'a str,
    /// Path relative to its source, with `/`.
    pub path: &'a str,
    pub bytes: &'a [u8],
}

/// Largest file that is read, in bytes: notes are smaller, and a larger file would delay the
/// others.
pub const LARGEST: u64 = 32 * 1024 * 1024;

/// Version of the rules by which a note is understood: a change makes stored results stale.
pub const RULES_VERSION: u64 = 7;

/// Reads `file` as a note.
pub fn read(file: NoteFile<'_>, series: &date::Series, entries: EntryRule, rules: &TagRules) -> Note {
    match decode(file.bytes) {
        Ok((text, problems)) => NoteReader::new(file, series.weeks, entries, &text, problems).note(series, rules),
        Err(problem) => unread(file, problem),
    }
}

/// Makes a note of a file that could not be read, with the reason as its Problem.
pub fn unread(file: NoteFile<'_>, problem: Problem) -> Note {
    let title = some_title("", file.path);
    Note {
        problems: vec![problem],
        fingerprint: fingerprint(file, WeekRule::default(), EntryRule::default()),
        ..Note::new(file.source, file.path, title)
    }
}

/// `title` on one line, or the name of the file when nothing of it can be shown.
fn some_title(title: &str, path: &str) -> String {
    let names = [title, date::stem(path), path, "?"].map(|name| clean_line(name).trim().to_owned());
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

/// Changes whenever the file, its path or the rules change.
fn fingerprint(file: NoteFile<'_>, weeks: WeekRule, entries: EntryRule) -> u64 {
    let rules = (entries as u64) << 8 | weeks as u64;
    let seed = xxh3_64(file.path.as_bytes()) ^ RULES_VERSION ^ rules << 32;
    xxhash_rust::xxh3::xxh3_64_with_seed(file.bytes, seed)
}

struct NoteReader<'a> {
    file: NoteFile<'a>,
    weeks: WeekRule,
    entries: EntryRule,
    front: FrontMatter,
    body: NormalizedText,
    problems: Vec<Problem>,
}

impl<'a> NoteReader<'a> {
    fn new(
        file: NoteFile<'a>,
        weeks: WeekRule,
        entries: EntryRule,
        text: &str,
        mut problems: Vec<Problem>,
    ) -> NoteReader<'a> {
        let (mut front, head, found) = front_matter::split(text);
        problems.extend(found);
        let first = 1 + text[..head].matches('\n').count() as u32;
        let body = &text[head..];
        let body = match Dialect::of(file.path, body) {
            Some(dialect) => {
                problems.push(Problem::new(first, Code::Markup, format!("read as {}", dialect.name())));
                dialect.fields(body).for_each(|(key, value)| front.fill(key, value));
                normalize(&dialect.to_markdown(body), first)
            }
            None => normalize(body, first),
        };
        problems.extend(body.problems.iter().cloned());
        NoteReader { file, weeks, entries, front, body, problems }
    }

    fn note(mut self, series: &date::Series, rules: &TagRules) -> Note {
        let text = std::mem::take(&mut self.body.text);
        let document = Document::parse(&text);
        let (title, is_meant) = self.title(&document);
        let date_in = if is_meant { date::title } else { date::opening };
        let weekly = WEEKLY.is_match(&title)
            || WEEKLY.is_match(self.file.path)
            || self.front.list(&["tags"]).any(|tag| WEEKLY.is_match(tag));
        let path = date::from_path(self.file.path, series);
        let year = date::folder_year(self.file.path).or_else(|| path_year(path.as_ref()));
        let front = self.front_dates();
        let named = date_in(&title, self.around(year));
        let named = named.or_else(|| date::written_of(&title, front.written?, self.weeks).filter(|_| weekly));
        let resolved = date::resolve(path, front, named, weekly);
        self.problems.extend(resolved.problems);
        let beside = if resolved.dated.is_none() { self.neighbours_date(&title, weekly, series) } else { None };
        self.impossible(&title);
        let small =
            !weekly && date_in(&title, self.around(None)).is_none() && !matches!(path, Some(date::PathDate::Exact(_)));
        let cut = split::cut(&document, &text, &title, small, self.entries);
        let mut note = Note::new(self.file.source, self.file.path, title);
        note.dated = resolved.dated.or(beside);
        note.alternatives = resolved.alternatives;
        note.cut_by = cut.why;
        let fit = |text: &str| clean_line(text).into_owned();
        note.definitions = document.definitions.iter().map(|(label, url)| (fit(label), fit(url))).collect();
        note.fingerprint = fingerprint(self.file, self.weeks, self.entries);
        let lines = LineIndex::of(&text);
        let spans = self.section_spans(&document, &lines, &cut, &note);
        note.is_telling = is_meant && !weekly && date::heading(&note.title, self.around(Some(2000))).is_none();
        let mut entries = EntryReader {
            front: &self.front,
            body: &self.body,
            problems: &mut self.problems,
            document: &document,
            rules,
            lines,
            text: &text,
        };
        entries.read(&cut, &spans, &mut note);
        if cut.drafts.is_empty() || note.entries.is_empty() {
            self.problems.push(Problem::new(0, Code::Empty, "nothing to show in this file"));
        }
        self.problems.sort();
        self.problems.dedup();
        note.problems = self.problems;
        note
    }

    fn around(&self, year: Option<i16>) -> DateContext {
        DateContext { year, weeks: self.weeks }
    }

    /// Title of the note from front matter, the first heading or the first line; and whether it was
    /// meant as a title, as the first two are.
    fn title(&self, document: &Document<'_>) -> (String, bool) {
        let meant = match self.front.get(&["title"]) {
            Some(title) => title.to_owned(),
            None => title_heading(document).map(|heading| document.line_of(heading)).unwrap_or_default(),
        };
        if !meant.trim().is_empty() {
            return (some_title(&meant, self.file.path), true);
        }
        let line = match document.blocks.first() {
            Some(first) if first.kind == BlockKind::Paragraph => first_sentence(&document.line_of(first)),
            _ => String::new(),
        };
        (some_title(&line, self.file.path), false)
    }

    fn front_dates(&self) -> date::FrontMatterDates {
        let read = |keys: &[&str]| self.front.get(keys).and_then(date::mentioned);
        let (start, end) = (read(&["start"]), read(&["end"]));
        let both = start.zip(end).map(|(start, end)| date::DateMatch {
            span: date::Span::new(start.span.first(), end.span.last(), start.span.precision),
            rule: date::DateRule::StartEnd,
        });
        date::FrontMatterDates {
            covers: read(&["week"]).or(both).or(start),
            written: read(&["date", "published", "created"]),
        }
    }

    /// A day or week whose year is missing or impossible, with the year of the notes beside it.
    /// A title speaks so only of a note that calls itself weekly: `3.5 升级` is no date.
    fn neighbours_date(&mut self, title: &str, weekly: bool, series: &date::Series) -> Option<date::DatedSpan> {
        let path = self.file.path;
        let reading =
            series.infer_year(date::stem(path), path).or_else(|| series.infer_year(title, path).filter(|_| weekly))?;
        let message = format!("the year of {} is that of the notes beside it", reading.span);
        self.problems.push(Problem::new(0, Code::DateRepaired, message));
        Some(reading.with_evidence(date::Evidence::Neighbours))
    }

    fn impossible(&mut self, title: &str) {
        for (text, what) in [(date::stem(self.file.path), "file name"), (title, "title")] {
            if IMPOSSIBLE.is_match(text) && date::title(text, DateContext::default()).is_none() {
                let message = format!("the {what} “{text}” looks like a date that does not exist");
                self.problems.push(Problem::new(0, Code::DateImpossible, message));
            }
        }
    }

    /// The date that each heading path names, and the note's own when its headings are dates.
    fn section_spans(
        &mut self,
        document: &Document<'_>,
        lines: &LineIndex,
        cut: &NoteSplit,
        note: &Note,
    ) -> Vec<Option<date::DatedSpan>> {
        let page = date::folder_year(self.file.path).or_else(|| note.dated.map(|dated| dated.span.first().year()));
        let mut year = page;
        let mut spans = Vec::with_capacity(cut.sections.len());
        let lines = self.heading_lines(document, lines);
        let is_diary = is_diary(&cut.sections);
        let line_of = |heading: &str| lines.get(heading).copied().unwrap_or(0);
        for path in &cut.sections {
            let reading = self.heading_date(path, year, is_diary);
            if let Some((heading, reading)) = &reading {
                self.check_heading(heading, reading, page, line_of(heading));
                year = Some(reading.span.first().year());
            } else if let Some(heading) = path.last().filter(|heading| IMPOSSIBLE.is_match(heading)) {
                let line = line_of(heading);
                let message = format!("the heading “{heading}” looks like a date that does not exist");
                self.problems.push(Problem::new(line, Code::DateImpossible, message));
            }
            spans.push(reading.map(|(_, reading)| reading.with_evidence(date::Evidence::Heading)));
        }
        spans
    }

    /// The innermost heading of `path` that is a date, with the date. In a diary a heading that begins
    /// with a date counts as one.
    fn heading_date<'p>(
        &self,
        path: &'p HeadingPath,
        year: Option<i16>,
        is_diary: bool,
    ) -> Option<(&'p str, date::DateMatch)> {
        for heading in path.iter().rev() {
            let mut reading = date::heading(heading, self.around(year));
            if reading.is_none() && is_diary {
                reading = date::begun(heading);
            }
            if let Some(reading) = reading {
                return Some((heading, reading));
            }
        }
        None
    }

    fn check_heading(&mut self, heading: &str, reading: &date::DateMatch, page: Option<i16>, line: u32) {
        if let Some(page) =
            page.filter(|page| reading.span.first().year() != *page && reading.span.last().year() != *page)
        {
            let message = format!("the heading “{heading}” is of another year than its page ({page}): kept as written");
            self.problems.push(Problem::new(line, Code::DateOrder, message));
        }
    }

    fn heading_lines(&self, document: &Document<'_>, lines: &LineIndex) -> HashMap<String, u32> {
        let headings = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_)));
        headings.map(|block| (document.line_of(block), self.body.line(lines.at(block.place.start)))).collect()
    }
}

/// The first heading of level 1, or else a heading that begins the document.
fn title_heading<'d>(document: &'d Document<'_>) -> Option<&'d Block> {
    if let Some(top) = document.blocks.iter().find(|block| block.kind == BlockKind::Heading(1)) {
        return Some(top);
    }
    document.blocks.first().filter(|block| matches!(block.kind, BlockKind::Heading(_)))
}

/// Reports whether headings begin with dates of at least two different days, as a diary's do.
fn is_diary(sections: &[HeadingPath]) -> bool {
    let mut days = sections.iter().filter_map(|path| date::begun(path.last()?)).map(|reading| reading.span);
    days.next().is_some_and(|first| days.any(|day| day != first))
}

/// A note that calls itself weekly.
static WEEKLY: LazyLock<Regex> = LazyLock::new(|| crate::text::regex(r"(?i)\bweek|weekly|周报|周刊|周记|周总结|简报"));

/// Text of the form of a date or week.
static IMPOSSIBLE: LazyLock<Regex> =
    LazyLock::new(|| crate::text::regex(r"^\W*\d{4}[-/._](?:\d{1,2}[-/._]\d{1,2}|[wW]\d{1,2})\W*$"));

fn path_year(path: Option<&date::PathDate>) -> Option<i16> {
    Some(match path? {
        date::PathDate::Exact(dated) | date::PathDate::Year(dated) => dated.span.last().year(),
        date::PathDate::MonthOrWeek { month, .. } => month.span.first().year(),
    })
}

#[cfg(test)]
mod tests {
    use super::{super::EntryRecord, *};
    use crate::log::Log;

    fn check(path: &str, text: &str, siblings: &[&str], expected: &str) {
        let series = date::Series::of(siblings.iter().copied().chain([path]));
        let rules = TagRules::parse("").expect("no rules are sound rules");
        let note = read(NoteFile { source: "notes", path, bytes: text.as_bytes() }, &series, EntryRule::Auto, &rules);
        let dated = note.dated.map_or("-".into(), |dated| format!("{} {}", dated.span, dated.evidence.name()));
        let codes: Vec<&str> = note.problems.iter().map(|problem| problem.code.name()).collect();
        assert_eq!([&[dated.as_str()], codes.as_slice()].concat().join(" "), expected, "{path}");
    }

    fn check_entries(text: &str, expected: &[(u32, &str, &str)]) {
        let rules = TagRules::parse("").expect("no rules are sound rules");
        let file = NoteFile { source: "notes", path: "weekly.md", bytes: text.as_bytes() };
        let note = read(file, &date::Series::default(), EntryRule::Auto, &rules);
        let shown = |entry: &EntryRecord| (entry.line, note.text.get(entry.title), note.text.get(entry.body));
        assert_eq!(note.entries.iter().map(shown).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn prose_under_a_telling_title_has_that_title() {
        let titles = |path: &str, text: &str| {
            let rules = TagRules::parse("").expect("no rules are sound rules");
            let note = read(
                NoteFile { source: "notes", path, bytes: text.as_bytes() },
                &date::Series::default(),
                EntryRule::Auto,
                &rules,
            );
            note.entries.iter().map(|entry| note.text.get(entry.title).to_owned()).collect::<Vec<_>>()
        };
        let check = |path: &str, text: &str, expected: &[&str]| assert_eq!(titles(path, text), expected, "{text}");
        check("2024-03-05.md", "# 修复网络的一天\n\n今天看了很多东西。\n", &["修复网络的一天"]);
        check("2024-03-05.md", "---\ntitle: 修复网络的一天\n---\n今天看了很多东西。\n", &["修复网络的一天"]);
        check("2024-03-05.md", "# 修复网络\n\n- 一件事\n- 两件事\n", &["一件事", "两件事"]);
        check("2024-03-05.md", "# 2024年3月5日\n\n今天看了很多东西。\n", &["今天看了很多东西"]);
        check("2024-03-05.md", "# 2024年3月第一周周报\n\n今天看了很多东西。\n", &["今天看了很多东西"]);
        check("2024-03-05.md", "今天看了很多东西。然后睡了。\n", &["今天看了很多东西"]);
        check("log.org", "* <2024-05-20 Mon> 网络\n看了很多。\n* [2024-05-21 Tue]\n又看了\n", &["网络", "又看了"]);
    }

    #[test]
    fn a_note_is_found_by_its_name_once() {
        let check = |text: &str, name: &str, expected: &[bool]| {
            let rules = TagRules::parse("").expect("no rules are sound rules");
            let file = NoteFile { source: "notes", path: "network.md", bytes: text.as_bytes() };
            let log = Log::new(vec![read(file, &date::Series::default(), EntryRule::Auto, &rules).into()], &rules);
            let found = log.entries().map(|entry| entry.fields().any(|text| text == name));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{text}");
        };
        check("# 网关迁移\n\n- 先量\n- 再切\n", "网关迁移", &[true, false]);
        check("# 网关迁移\n\n## 准备\n\n- 先量\n\n## 之后\n\n- 再切\n", "网关迁移", &[true, false]);
        check("# 网关迁移\n\n先量再切。\n", "网关迁移", &[true]);
        check("# 第 12 期周报\n\n- 先量\n- 再切\n", "第 12 期周报", &[false, false]);
    }

    #[test]
    fn days_at_the_beginning_of_headings_make_a_diary() {
        let check = |text: &str, expected: &[&str]| {
            let rules = TagRules::parse("").expect("no rules are sound rules");
            let file = NoteFile { source: "notes", path: "diary.md", bytes: text.as_bytes() };
            let note = read(file, &date::Series::default(), EntryRule::Auto, &rules);
            let date = |entry: &EntryRecord| entry.dated.map_or("-".into(), |dated| dated.span.to_string());
            assert_eq!(note.entries.iter().map(date).collect::<Vec<_>>(), expected, "{text}");
        };
        check(
            "## 2024-05-22 Wed 回家\n\n- 甲\n\n## 2024年5月23日：修网关\n\n- 乙\n\n## 别的\n\n- 丙\n",
            &["2024-05-22", "2024-05-23", "-"],
        );
        check("## 2024.05.22（三）\n\n- 甲\n\n## 2024.05.24 五\n\n- 乙\n", &["2024-05-22", "2024-05-24"]);
        // One day is what a section is about; twice the same is no diary either.
        check("## 2024-05-22 的事故复盘\n\n- 甲\n\n## 计划\n\n- 乙\n", &["-", "-"]);
        check("## 2024-05-22 上午\n\n- 甲\n\n## 2024-05-22 下午\n\n- 乙\n", &["-", "-"]);
        check("## 2024-13-22 甲\n\n- 甲\n\n## 2024-05-22号楼\n\n- 乙\n", &["-", "-"]);
    }

    fn check_refs(text: &str, expected: &[&str]) {
        let rules = TagRules::parse("").expect("no rules are sound rules");
        let file = NoteFile { source: "notes", path: "weekly.md", bytes: text.as_bytes() };
        let note = read(file, &date::Series::default(), EntryRule::Auto, &rules);
        let mut shown = Vec::new();
        for entry in &note.entries {
            let refs = &note.refs[entry.refs.start as usize..entry.refs.end as usize];
            let mark = |inferred| if inferred { " ?" } else { "" };
            let refs = refs.iter().map(|found| {
                let (kind, id) = (found.kind.name(), note.text.get(found.id));
                format!("{}: {kind} {id}{}", entry.line, mark(found.inferred))
            });
            shown.extend(refs);
        }
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn label_and_url_references_are_both_kept() {
        check_refs(
            "- [CVE-2020-10001](https://a.example/cve-2020-10010)\n",
            &["1: cve CVE-2020-10001", "1: cve CVE-2020-10010"],
        );
        check_refs(
            "- [CVE-2020-10001](https://github.com/a/b/issues/7)\n",
            &["1: cve CVE-2020-10001", "1: issue a/b#7"],
        );
        check_refs("- [#12](https://github.com/a/b/pull/13)\n", &["1: pr a/b#13", "1: pr a/b#12 ?"]);
        check_refs("- [c/d#13](https://github.com/a/b/pull/13)\n", &["1: pr a/b#13", "1: pr c/d#13 ?"]);
        check_refs("- [PR13](https://github.com/a/b/pull/13)\n", &["1: pr a/b#13"]);
    }

    #[test]
    fn footnotes_are_links_of_those_who_cite_them() {
        let notes = "[^1]: https://github.com/a/b/pull/1\n[^2]: https://github.com/a/b/pull/2\n";
        check_refs(&format!("- 甲[^1]\n- 乙\n\n{notes}"), &["1: pr a/b#1"]);
    }

    #[test]
    fn addresses_in_code_are_links_and_in_comments_nothing() {
        let link = "1: link https://github.com/a/b/pull/1";
        check_refs("- 跑 `curl https://github.com/a/b/pull/1`\n", &[link]);
        check_refs(
            "- 跑\n\n  ```\n  https://github.com/a/b/pull/1\n  http://localhost:80/ http://127.0.0.1/\n  ```\n",
            &[link],
        );
        check_refs("- 甲 <!-- https://github.com/a/b/pull/1 -->\n", &[]);
    }

    #[test]
    fn prose_names_what_the_one_repository_has() {
        check_refs(
            "- [g](https://gitlab.com/a/b) MR12 和 #13\n",
            &["1: repo a/b", "1: mr a/b#12 ?", "1: issue a/b#13 ?"],
        );
        check_refs("- [a](https://github.com/a/a) [b](https://github.com/b/b) PR12\n", &["1: repo a/a", "1: repo b/b"]);
    }

    #[test]
    fn a_table_of_links_is_a_list_of_rows_under_its_head() {
        check_entries(
            "## 论文\n\n| 题 | 评 |\n|---|---|\n| [甲文](https://a.example) | 好 |\n| 1 | [乙文](/b) |\n",
            &[
                (5, "甲文", "| 题 | 评 |\n|---|---|\n| [甲文](https://a.example) | 好 |\n"),
                (6, "乙文", "| 题 | 评 |\n|---|---|\n| 1 | [乙文](/b) |\n"),
            ],
        );
        check_entries("## 数\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", &[(3, "数", "| a | b |\n|---|---|\n| 1 | 2 |\n")]);
        let mixed = "## 论文\n\n说明\n\n|a|\n|-|\n|[b](/b)|\n|[c](/c)|\n";
        check_entries(mixed, &[(3, "论文", "说明\n\n|a|\n|-|\n|[b](/b)|\n|[c](/c)|\n")]);
    }

    #[test]
    fn no_note_keeps_many_times_its_size() {
        let long = "word ".repeat(400);
        for text in [
            format!("## a\n\n|{long}|b|\n|-|-|\n{}", "|a|[b](c)|\n".repeat(400)),
            format!("# a\n\n## {long}\n\n{}", "- ![](b)\n".repeat(400)),
            format!("# {long}\n\n{}", "- ![](b)\n".repeat(400)),
            format!("# {long}\n\n{}", "## a\n\n- b\n\n".repeat(400)),
            "![a".repeat(2000) + &"](b)".repeat(2000),
            "<a href=https://b.example>a".repeat(1000) + &"</a>".repeat(1000),
        ] {
            let rules = TagRules::parse("").expect("no rules are sound rules");
            let file = NoteFile { source: "notes", path: "weekly.md", bytes: text.as_bytes() };
            let note = read(file, &date::Series::default(), EntryRule::Auto, &rules);
            assert!(note.text_size() < 20 * text.len(), "{} of {}: {text:.40}", note.text_size(), text.len());
        }
    }

    #[test]
    fn items_without_text_belong_to_their_neighbours() {
        check_entries("-\n- 甲\n- \n- 乙\n", &[(2, "甲", "- 甲\n"), (4, "乙", "- 乙\n")]);
        check_entries("- 甲\n\n1. 乙\n", &[(1, "甲", "- 甲\n\n"), (3, "乙", "1. 乙\n")]);
    }

    #[test]
    fn notes_of_shapes_not_seen_before_are_dated_rightly_or_not_at_all() {
        check("journals/2023_05_04.md", "- 甲\n", &[], "2023-05-04 file-name");
        check("contents/2022/Nov/07/x.md", "甲\n", &[], "2022-11-07 file-name");
        check(
            "a/week21.md",
            "- 甲\n",
            &["a/2023-week20.md", "a/2023-week22.md"],
            "2023-05-22…05-28 neighbours date-repaired",
        );
        check(
            "a/x.md",
            "# 2202年第10周周报\n\n- 甲\n",
            &["a/2023-1.md", "a/2023-2.md"],
            "2023-03-06…03-12 neighbours date-repaired",
        );
        check("a/3.5 升级.md", "甲\n", &["a/2023-1.md", "a/2023-2.md"], "-");
        check("第10周.md", "# 第10周\n\n- 甲\n", &[], "-");
        check(
            "a/week01.md",
            "- 甲\n",
            &["a/2022-W51.md", "a/2022-W52.md"],
            "2023-01-02…01-08 neighbours date-repaired",
        );
        check("a/2202-07-24.md", "- 甲\n", &[], "- date-impossible date-impossible");
        check("x.md", "---\ndate: 2022-07-26\ntitle: 第29周周报\n---\n- 甲\n", &[], "2022-07-18…07-24 title");
        check("x.md", "---\ndate: 2023-01-02\ntitle: 第52周周报\n---\n- 甲\n", &[], "2022-12-26…01-01 title");
        check("x.md", "---\ndate: 2023-01-02\ntitle: 第12周周报\n---\n- 甲\n", &[], "2023-01-02 front-matter");
        // What the headings of a page cover is not said of its entries that stand under none.
        check("a/2022.md", "# 周记\n\n## 工作\n\n- 甲\n\n## W14\n\n- 乙\n\n## W15\n\n- 丙\n", &[], "2022 heading");
        check("a/x.md", "# 周记\n\n## 工作\n\n- 甲\n\n## 2022-W14\n\n- 乙\n\n## 2022-W15\n\n- 丙\n", &[], "-");
        check("daily/2024-02-30.md", "- 甲\n", &[], "- date-impossible date-impossible");
        check("notes.txt", "于 2022-04-28 修好了 5/9 的网关\n", &[], "-");
        check("notes.txt", "2022-07-18 ~ 2022-07-24 工作记录\n\n甲\n", &[], "2022-07-18…07-24 title");
        check(
            "notes.txt",
            "2022年7月第四周周报\n\n1、甲\n2、乙\n",
            &[],
            "2022-07-18…07-24 title list-marker list-marker",
        );
        check("adoc.txt", "= Notes\nA Name\nv1.0, 2022-07-24\n\n* one\n", &[], "- markup");
        check("adoc.txt", "= Notes\n:date: 2022-07-24\n\n* one\n", &[], "2022-07-24 front-matter markup");
        check("rst.txt", "====\nNews\n====\n\n:date: 2022-07-24\n\n* one\n", &[], "2022-07-24 front-matter markup");
        check("issue-12.txt", "Newsletter 12\n=============\n\n* one\n", &[], "-");
        check("a.org", "#+DATE: [2022-07-24 Sun]\n* 甲\n正文\n", &[], "2022-07-24 front-matter markup");
    }
}
