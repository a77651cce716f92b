//! Draft: the next note of a series, begun as its author would begin it.
//!
//! Name, title, front matter and sections are learned from the notes of the series; what the last
//! note left open is carried over. Text in, text out: nothing is written here.

mod front_matter;

use super::naming::{Scheme, Template};
use crate::date::{self, DateContext, DateRule, Evidence, PathDate, Precision, Series, Span, WeekRule, from_path};
use crate::text::{clean_line, fold, is_han, regex, sentence};
use crate::{
    log::{LazyNote, Log},
    note::{Kind, Note},
};
use front_matter::RawFrontMatter;
use jiff::civil::Date;
use regex::Regex;
use std::{collections::HashSet, sync::LazyLock};

/// Notes of a series that name and title are learned from, and those that sections are learned from.
const SIBLINGS: usize = 12;
const WITH_SECTIONS: usize = 8;

/// Open items that are carried over, and characters of each.
const OPEN_ITEMS: usize = 20;
const LONGEST: usize = 120;

/// Days after which a series of weeks counts as given up in favour of one of days.
const GIVEN_UP: i32 = 60;

/// The next note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Relative to the source, with `/`.
    pub path: String,
    pub span: Span,
    pub text: String,
    /// Line on which the author begins to write, from 1.
    pub line: u32,
}

/// The note of a day: an existing one or a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextNote {
    /// Path of the existing note that covers the day.
    There(String),
    New(Draft),
}

/// Reads the whole text of a note, if it can be read.
pub type NoteTextFn<'t> = &'t dyn Fn(&Note) -> Option<String>;

/// The note for `day` in the series of notes of `source`. In a source without dated names it is
/// named after its ISO week. `text_of` reads the text of a note, front matter included.
pub fn next(log: &Log, source: &str, day: Date, text_of: NoteTextFn<'_>) -> NextNote {
    let notes = log.notes().iter().filter(|note| note.source() == source);
    let notes: Vec<&Note> = notes.map(LazyNote::load).collect();
    let series = Siblings::of(&notes);
    let span = series.span(day);
    let paths: HashSet<&str> = notes.iter().map(|note| note.path.as_str()).collect();
    let path = series.path(span, &paths);
    for note in &notes {
        let is_same_span = date::folder(&note.path) == date::folder(&path) && named_span(note) == Some(span);
        if note.path == path || is_same_span {
            return NextNote::There(note.exact_path().to_owned());
        }
    }
    let (text, line) = series.text(log, &path, span, text_of);
    NextNote::New(Draft { path, span, text, line })
}

/// The span that the file name of a note says.
fn named_span(note: &Note) -> Option<Span> {
    note.dated.filter(|dated| dated.evidence == Evidence::FileName).map(|dated| dated.span)
}

/// The notes whose file names say a span, newest first.
fn newest_first<'a>(notes: &[&'a Note]) -> Vec<(&'a Note, Span)> {
    let mut dated: Vec<(&Note, Span)> = Vec::new();
    for note in notes {
        if let Some(span) = named_span(note) {
            dated.push((note, span));
        }
    }
    dated.sort_by(|(a, of_a), (b, of_b)| (of_b.last(), &b.path).cmp(&(of_a.last(), &a.path)));
    dated
}

/// The newest note of weeks, or of days when there are no weeks or they have been given up.
fn newest_of_series<'a>(dated: &[(&'a Note, Span)]) -> Option<(&'a Note, Span)> {
    let newest = |precision| dated.iter().find(|(_, span)| span.precision == precision).copied();
    let (week, day) = (newest(Precision::Week), newest(Precision::Day));
    match (week, day) {
        (Some(week), Some(day)) if (day.1.last() - week.1.last()).get_days() > GIVEN_UP => Some(day),
        (week, day) => week.or(day),
    }
}

/// Keeps, of several series, the one in the top folder `home`, which holds the newest note. Folders
/// of years are one series.
fn retain_home(series: &mut Vec<(&Note, Span)>, home: &str) {
    let is_at_home = |note: &Note| first_part(&note.path) == home;
    let is_year = home.parse::<i16>().is_ok_and(|year| date::YEARS.contains(&year));
    if !is_year && series.iter().filter(|(note, _)| is_at_home(note)).count() > 1 {
        series.retain(|(note, _)| is_at_home(note));
    }
}

/// The top folder of a path, or its file name.
fn first_part(path: &str) -> &str {
    path.split_once('/').map_or(path, |(first, _)| first)
}

/// The series that the next note continues.
struct Siblings<'a> {
    /// Newest first.
    notes: Vec<(&'a Note, Span)>,
    scheme: Scheme,
    weeks: WeekRule,
}

impl<'a> Siblings<'a> {
    /// The newest series of weeks, or of days when there are no weeks or they have been given up.
    fn of(notes: &[&'a Note]) -> Siblings<'a> {
        let dated = newest_first(notes);
        let newest = newest_of_series(&dated);
        let rule = newest.and_then(|(note, _)| note.dated).map_or(DateRule::IsoWeek, |dated| dated.rule);
        let scheme = Scheme::of(rule);
        let weeks = match scheme {
            Scheme::WeeksOfMonth(weeks) => weeks,
            Scheme::Days | Scheme::Weeks => WeekRule::default(),
        };
        let mut series: Vec<(&Note, Span)> = Vec::new();
        if let Some((newest, of_newest)) = newest {
            for (note, span) in &dated {
                let has_scheme = note.dated.is_some_and(|dated| Scheme::of(dated.rule) == scheme);
                if has_scheme && span.precision == of_newest.precision {
                    series.push((*note, *span));
                }
            }
            retain_home(&mut series, first_part(&newest.path));
        }
        series.truncate(SIBLINGS);
        Siblings { notes: series, scheme, weeks }
    }

    /// The span of the next note: the week of `day`, or, in a series of days, the weekday on which
    /// the author writes every week, or `day` itself when there is no such weekday.
    fn span(&self, day: Date) -> Span {
        let week = Span::week_of(day);
        let Some((_, newest)) = self.notes.first().filter(|_| self.scheme == Scheme::Days) else { return week };
        if !self.is_weekly() {
            return Span::day(day);
        }
        let weekday = newest.first().weekday().to_monday_zero_offset();
        Span::day(week.first().saturating_add(jiff::Span::new().days(weekday)))
    }

    /// Tests whether the median gap between notes is about a week.
    fn is_weekly(&self) -> bool {
        let mut gaps: Vec<i32> = Vec::new();
        for pair in self.notes.windows(2) {
            gaps.push((pair[0].1.first() - pair[1].1.first()).get_days());
        }
        gaps.sort_unstable();
        gaps.get(gaps.len() / 2).is_some_and(|gap| (5..=9).contains(gap))
    }

    /// A path that is read back as `span`: learned from the series, else named after the ISO week.
    fn path(&self, span: Span, paths: &HashSet<&str>) -> String {
        let names: Vec<(&str, Span)> = self.notes.iter().map(|(note, span)| (note.path.as_str(), *span)).collect();
        let template = Template::learn(&names, self.scheme);
        if let Some(path) = template.and_then(|template| template.name(span, self.scheme))
            && self.reads_as(&path, span, paths)
        {
            return path;
        }
        let home = self.notes.first().map_or("", |(note, _)| date::folder(&note.path));
        let (year, week) = span.iso();
        let name = format!("{year}-W{week:02}.md");
        if home.is_empty() || date::folder_year(&format!("{home}/x")).is_some() {
            name
        } else {
            format!("{home}/{name}")
        }
    }

    /// Tests whether `path`, beside `paths`, is read as `span`.
    fn reads_as(&self, path: &str, span: Span, paths: &HashSet<&str>) -> bool {
        let series = Series::of(paths.iter().copied().chain([path])).with_weeks(self.weeks);
        matches!(from_path(path, &series), Some(PathDate::Exact(dated)) if dated.span == span)
    }

    /// The text, and the line on which the author begins to write.
    fn text(&self, log: &Log, path: &str, span: Span, text_of: NoteTextFn<'_>) -> (String, u32) {
        let syntax = if path.to_lowercase().ends_with(".org") { Syntax::Org } else { Syntax::Markdown };
        let mut lines = Vec::new();
        let mut is_titled = false;
        if let Some(head) = self.head(path, span, text_of) {
            lines = head.lines();
            is_titled = !lines.is_empty() && head.has_title() && !self.is_headed();
        }
        if !is_titled && let Some(title) = self.title(path, span) {
            lines.extend([syntax.title(&title), String::new()]);
        }
        lines.extend(self.open_items(log, span, syntax));
        let mut line = lines.len() as u32 + 1;
        for (nth, (level, heading)) in self.sections().into_iter().enumerate() {
            lines.extend([syntax.heading(level, &heading), String::new(), String::new()]);
            line = if nth == 0 { lines.len() as u32 - 1 } else { line };
        }
        let used = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 2);
        lines.truncate(used);
        let mut text = lines.join("\n");
        if lines.last().is_some_and(|line| !line.is_empty()) {
            text.push('\n');
        }
        (text, line)
    }

    /// The open items of the note before `span`, as a comment with a blank line after it; empty
    /// without any.
    fn open_items(&self, log: &Log, span: Span, syntax: Syntax) -> Vec<String> {
        let Some((note, _)) = self.notes.iter().find(|(_, other)| other.last() < span.first()) else {
            return Vec::new();
        };
        let items = open_items(log, note);
        if items.is_empty() {
            return Vec::new();
        }
        let lead = if note.title.chars().any(is_han) { "上周未了" } else { "Open from" };
        let name = note.path.rsplit('/').next().unwrap_or_default();
        let mut lines = syntax.comment(&format!("{lead} {name}:"), &items);
        lines.push(String::new());
        lines
    }

    /// The title, as the series has it; `None` when its titles are its file names.
    fn title(&self, path: &str, span: Span) -> Option<String> {
        if self.notes.first().is_some_and(|(note, _)| note.title == date::stem(&note.path)) {
            return None;
        }
        let titles: Vec<(&str, Span)> = self.notes.iter().map(|(note, span)| (note.title.as_str(), *span)).collect();
        let template = Template::learn(&titles, self.scheme).filter(Template::is_dated);
        if let Some(title) = template.and_then(|template| template.name(span, self.scheme)) {
            return Some(title);
        }
        Some(if self.notes.is_empty() { date::stem(path).to_owned() } else { span.label() })
    }

    /// The front matter, as the series has it, if most of its notes have some.
    fn head(&self, path: &str, span: Span, text_of: NoteTextFn<'_>) -> Option<RawFrontMatter> {
        let recent = &self.notes[..self.notes.len().min(WITH_SECTIONS)];
        let heads = recent.iter().filter_map(|(note, span)| Some((RawFrontMatter::of(&text_of(note)?)?, *span)));
        let title = self.title(path, span).unwrap_or_else(|| date::stem(path).to_owned());
        RawFrontMatter::next(&heads.collect::<Vec<_>>(), recent.len(), &title, span, self.scheme)
    }

    /// Tests whether the newest note has its title as a heading.
    fn is_headed(&self) -> bool {
        let Some((note, _)) = self.notes.first() else { return false };
        note.body().lines().any(|line| line.strip_prefix("# ").is_some_and(|text| text.trim() == note.title))
    }

    /// The headings that more than half of the last notes have, with their levels, in their usual order.
    fn sections(&self) -> Vec<(usize, String)> {
        let recent = &self.notes[..self.notes.len().min(WITH_SECTIONS)];
        // Each heading with the number of notes that have it and the sum of its places in them.
        let mut known: Vec<((usize, String), usize, usize)> = Vec::new();
        for (note, _) in recent {
            for (at, heading) in headings(note).into_iter().enumerate() {
                match known.iter_mut().find(|(known, ..)| *known == heading) {
                    Some((_, count, places)) => (*count, *places) = (*count + 1, *places + at),
                    None => known.push((heading, 1, at)),
                }
            }
        }
        known.retain(|(_, count, _)| count * 2 > recent.len());
        // By mean place, without division.
        known.sort_by(|(_, count, places), (_, other, others)| (places * other).cmp(&(others * count)));
        known.into_iter().map(|(heading, ..)| heading).collect()
    }
}

/// The headings of a note, each once, without its title and dates.
fn headings(note: &Note) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut is_code = false;
    for line in note.body().lines() {
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            is_code = !is_code;
        }
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        let text = clean_line(line[level..].trim().trim_end_matches('#').trim_end()).into_owned();
        let is_heading =
            !is_code && (1..=6).contains(&level) && line[level..].starts_with([' ', '\t']) && !text.is_empty();
        if is_heading && text != note.title && !is_date(&text) && found.iter().all(|(_, other)| *other != text) {
            found.push((level, text));
        }
    }
    found
}

/// Tests whether a heading is a date, in any year.
fn is_date(heading: &str) -> bool {
    date::heading(heading, DateContext { year: Some(2000), ..DateContext::default() }).is_some()
}

/// Open items, each once, as lines of a list.
#[derive(Default)]
struct OpenItems {
    lines: Vec<String>,
    /// Folded texts of the lines.
    known: HashSet<String>,
}

impl OpenItems {
    fn push(&mut self, lead: &str, text: &str) {
        let text = sentence::around(clean_line(text).trim(), 0..0, LONGEST);
        if !text.is_empty() && self.lines.len() < OPEN_ITEMS && self.known.insert(fold(&text)) {
            self.lines.push(format!("{lead}{text}"));
        }
    }
}

/// The open items of a note: unticked boxes, plans, and sentences about next week.
fn open_items(log: &Log, note: &Note) -> Vec<String> {
    static BOX: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:[-*+•]|\d+[.)])\s+\[ \]\s+(.+)$"));
    static LATER: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\btodo\b|待办|下周|下星期|\bnext week\b"));
    let mut items = OpenItems::default();
    for found in note.body().lines().filter_map(|line| BOX.captures(line)) {
        items.push("- [ ] ", &found[1]);
    }
    let own = log.by_note().filter(|(other, _)| std::ptr::eq(*other, note)).flat_map(|(_, entries)| entries);
    for entry in own {
        let text = entry.plain();
        for found in LATER.find_iter(text) {
            items.push("- ", &sentence::around(text, found.range(), LONGEST));
        }
        if entry.kinds().contains(Kind::Plan) && !LATER.is_match(text) {
            items.push("- ", entry.title());
        }
    }
    items.lines
}

/// The syntax of headings and comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Markdown,
    Org,
}

impl Syntax {
    fn title(self, title: &str) -> String {
        match self {
            Syntax::Markdown => format!("# {title}"),
            Syntax::Org => format!("#+TITLE: {title}"),
        }
    }

    fn heading(self, level: usize, text: &str) -> String {
        match self {
            Syntax::Markdown => format!("{} {text}", "#".repeat(level)),
            Syntax::Org => format!("{} {text}", "*".repeat(level)),
        }
    }

    /// Lines of a comment, which rendered notes do not show.
    fn comment(self, lead: &str, lines: &[String]) -> Vec<String> {
        match self {
            Syntax::Markdown => {
                let mut comment = vec![format!("<!-- {lead}")];
                for line in lines {
                    // Nothing in a comment may end it.
                    comment.push(line.replace("-->", "-- >").replace("--!>", "--! >"));
                }
                comment.push("-->".to_owned());
                comment
            }
            Syntax::Org => {
                let mut comment = vec![format!("# {lead}")];
                comment.extend(lines.iter().map(|line| format!("# {line}")));
                comment
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::testing::log_of;
    use jiff::civil::date;

    fn drafted(notes: &[(&str, &str)], day: Date) -> Draft {
        let text_of = |note: &Note| {
            let (_, text) = notes.iter().find(|(path, _)| *path == note.path)?;
            Some((*text).to_owned())
        };
        match next(&log_of(notes), "notes", day, &text_of) {
            NextNote::New(draft) => {
                let mut with: Vec<(&str, &str)> = notes.to_vec();
                with.push((&draft.path, &draft.text));
                let again = log_of(&with);
                let read = again
                    .notes()
                    .iter()
                    .map(LazyNote::load)
                    .find(|note| note.path == draft.path)
                    .expect("the new note");
                assert_eq!(read.dated.map(|dated| dated.span), Some(draft.span), "{draft:?}");
                assert_eq!(next(&again, "notes", day, &|_| None), NextNote::There(draft.path.clone()));
                draft
            }
            NextNote::There(path) => panic!("{path} is there"),
        }
    }

    const WEEKS: [(&str, &str); 4] = [
        ("2022/2022-07-week2.md", "# 2022年7月第二周周报\n\n## 生活\n\n- 猫\n\n## 技术\n\n1， 限流\n"),
        ("2022/2022-07-week3.md", "# 2022年7月第三周周报\n\n## 生活\n\n- 狗\n\n## 读书\n\n- 书\n\n## 技术\n\n- 容器\n"),
        (
            "2022/2022-07-week4.md",
            "# 2022年7月第四周周报\n\n## 生活\n\n- 鱼\n\n## 技术\n\n```\n# 不是标题\n```\n\n- [x] 发版\n- [ ] 写 `nerdctl` 的[文档](https://example.com/--> x)\n- 网关好了。下周把灰度开到一半！然后睡觉。\n- TODO: 清理 cgroup\n",
        ),
        ("til/vim.md", "# vim\n\n- 宏\n"),
    ];

    #[test]
    fn a_week_goes_on_as_the_weeks_before_it() {
        let draft = drafted(&WEEKS, date(2022, 7, 27));
        assert_eq!((draft.path.as_str(), draft.line), ("2022/2022-07-week5.md", 10));
        insta::assert_snapshot!(draft.text, @"
        # 2022年7月第五周周报

        <!-- 上周未了 2022-07-week4.md:
        - [ ] 写 `nerdctl` 的[文档](https://example.com/-- > x)
        - 下周把灰度开到一半！
        - TODO: 清理 cgroup
        -->

        ## 生活


        ## 技术
        ");
    }

    #[test]
    fn a_week_that_is_there_stays() {
        assert_eq!(
            next(&log_of(&WEEKS), "notes", date(2022, 7, 20), &|_| None),
            NextNote::There("2022/2022-07-week4.md".to_owned())
        );
        let other = [("2022/w29.md", "- 甲\n"), ("2022/w28.md", "- 乙\n")];
        assert_eq!(
            next(&log_of(&other), "notes", date(2022, 7, 20), &|_| None),
            NextNote::There("2022/w29.md".to_owned())
        );
    }

    #[test]
    fn names_of_other_series() {
        for (notes, day, expected) in [
            (
                vec![("2024-05-20.md", "甲"), ("2024-05-13.md", "乙"), ("2024-05-06.md", "丙")],
                date(2024, 6, 6),
                "2024-06-03.md",
            ),
            (
                vec![("2024_05_20.md", "甲"), ("2024_05_19.md", "乙"), ("2024_05_18.md", "丙")],
                date(2024, 6, 6),
                "2024_06_06.md",
            ),
            (vec![("2024-W05.md", "甲"), ("2024-W04.md", "乙")], date(2024, 12, 30), "2025-W01.md"),
            (vec![("notes.txt", "甲")], date(2024, 12, 30), "2025-W01.md"),
            (vec![], date(2021, 1, 3), "2020-W53.md"),
            (vec![("a/2024-W05.md", "甲"), ("b/2024-03.md", "乙")], date(2024, 2, 6), "a/2024-W06.md"),
            (vec![("2019-03.md", "甲"), ("2019-15.md", "乙")], date(2019, 4, 16), "2019-16.md"),
            (
                vec![("w/2024-05-20.org", "* 甲\n"), ("w/2024-05-13.org", "* 乙\n")],
                date(2024, 5, 28),
                "w/2024-05-27.org",
            ),
        ] {
            assert_eq!(drafted(&notes, day).path, expected);
        }
    }

    #[test]
    fn front_matter_goes_on_too() {
        let yaml = |title: &str, date: &str, tags: &str, number: u8| {
            format!(
                "---\nlayout: post\ntitle: \"{title}\"\ndate: {date} +0800\ntags: {tags}\ncategories:\n  - 周报\nissue: {number}\ncover: /{tags}.png\ndraft: false\n---\n\n- 甲\n"
            )
        };
        let notes = [
            ("2024-W06.md", yaml("第6周: 限流", "2024-02-11 22:10:00", "[a, b]", 42)),
            ("2024-W05.md", yaml("第5周: 限流", "2024-02-04 21:00:00", "[c]", 41)),
            ("2024-W04.md", yaml("第4周: 限流", "2024-01-28 20:00:00", "[c]", 40)),
        ];
        let notes: Vec<(&str, &str)> = notes.iter().map(|(path, text)| (*path, text.as_str())).collect();
        insta::assert_snapshot!(drafted(&notes, date(2024, 2, 13)).text, @r#"
        ---
        layout: post
        title: "第7周: 限流"
        date: 2024-02-18 00:00:00 +0800
        tags: []
        categories:
          - 周报
        issue: 43
        cover:
        draft: false
        ---
        "#);
    }

    #[test]
    fn front_matter_of_other_dialects() {
        let toml = [
            (
                "2024-05-20.md",
                "+++\ntitle = '周报 2024-05-20'\ndate = 2024-05-20T10:00:00+08:00\nslug = 'a'\nweight = 7\ndraft = true\ntags = ['x']\n[extra]\ntoc = true\n+++\n\n# 周报 2024-05-20\n\n甲\n",
            ),
            (
                "2024-05-13.md",
                "+++\ntitle = '周报 2024-05-13'\ndate = 2024-05-13T10:00:00+08:00\nslug = 'b'\nweight = 3\ndraft = true\ntags = ['y']\n[extra]\ntoc = true\n+++\n\n# 周报 2024-05-13\n\n乙\n",
            ),
        ];
        insta::assert_snapshot!(drafted(&toml, date(2024, 5, 29)).text, @r#"
        +++
        title = "周报 2024-05-27"
        date = 2024-05-27T10:00:00+08:00
        slug = ""
        draft = true
        tags = []
        [extra]
        toc = true
        +++

        # 周报 2024-05-27
        "#);
        let org = [
            (
                "w/2024-05-20.org",
                "#+TITLE: 周报 2024-05-20\n#+DATE: <2024-05-24 Fri>\n#+AUTHOR: 猫\n#+FILETAGS: :a:\n\n* 甲\n",
            ),
            (
                "w/2024-05-13.org",
                "#+TITLE: 周报 2024-05-13\n#+DATE: <2024-05-17 Fri>\n#+AUTHOR: 猫\n#+FILETAGS: :b:\n\n* 乙\n",
            ),
        ];
        insta::assert_snapshot!(drafted(&org, date(2024, 5, 29)).text, @"
        #+TITLE: 周报 2024-05-27
        #+DATE: <2024-05-31 Fri>
        #+AUTHOR: 猫
        #+FILETAGS:
        ");
        let lines = [("2024-W05.md", "Title: W5\nDate: 2024-01-29\nTags: x\nAuthor: 猫\n\n甲\n")];
        insta::assert_snapshot!(drafted(&lines, date(2024, 2, 6)).text, @"
        Title: W6
        Date: 2024-02-05
        Tags:
        Author: 猫
        ");
        let properties = [
            ("2024_05_20.md", "title:: 5\ntype:: [[journal]]\n\n- 甲\n"),
            ("2024_05_19.md", "title:: 4\ntype:: [[journal]]\n\n- 乙\n"),
        ];
        insta::assert_snapshot!(drafted(&properties, date(2024, 5, 21)).text, @"
        title:: 2024-05-21
        type:: [[journal]]
        ");
    }

    #[test]
    fn front_matter_that_few_have_or_that_is_none_is_left_out() {
        let few =
            [("2024-W06.md", "甲\n"), ("2024-W05.md", "---\ndate: 2024-02-02\n---\n乙\n"), ("2024-W04.md", "丙\n")];
        assert!(!drafted(&few, date(2024, 2, 13)).text.contains("---"));
        let hostile = [("2024-W06.md", "---\nlayout: \"a\u{1b}[31m\u{202e}b\"\ntitle: x\n---\n甲\n")];
        let text = drafted(&hostile, date(2024, 2, 13)).text;
        assert!(text.contains("layout: \"ab\"") && !text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }

    #[test]
    fn a_comment_hides_whatever_stands_in_it() {
        let notes = [("2024-W05.md", "# W5\n\n- [ ] a --> b <script>\u{1b}[31m --!> c\n- [ ] \u{202e}反\n")];
        let draft = drafted(&notes, date(2024, 2, 6));
        assert_eq!(draft.text.matches("-->").count(), 1, "{}", draft.text);
        assert!(!draft.text.contains(['\u{1b}', '\u{202e}']), "{}", draft.text);
        let again = log_of(&[("2024-W06.md", &draft.text)]);
        assert!(again.entries().all(|entry| !entry.plain().contains('b')), "{:?}", again.entries().collect::<Vec<_>>());
    }
}
