//! X-ray: how an entry was understood, and on what evidence.
//!
//! Shows what is stored with the entry and its note; reads and decides nothing itself. Cleans every
//! text, since it shows some that pages leave out.

use super::{Line, MEASURE, Role, TextSpan, role_of, wrap};
use crate::{
    date::{DateRule, DatedSpan, Evidence, WeekRule},
    log::{Entry, Reference},
    text::{
        clean_line,
        problem::{Code, Level, Problem},
    },
};

/// Columns of the names on the left.
const NAMES: usize = 12;

/// Width in columns below which names get lines of their own.
const NARROW: usize = 48;

/// Sets the X-ray of `entry` in lines of at most `width` columns.
pub fn xray(entry: Entry<'_>, width: usize) -> Vec<Line> {
    let mut writer = XrayWriter { width: width.min(MEASURE), lines: Vec::new() };
    let note = entry.note();
    writer.part("Date", dates(entry));
    writer.part("Shape", [because(entry.shape().name(), Role::Text, note.cut_by.name())]);
    writer.part("Section", entry.section().map(|heading| vec![text(heading)]));
    writer.part("Title", [vec![TextSpan::new(clean_line(entry.title()), Role::Title)]]);
    writer.part(
        "Tags",
        entry.tags().map(|tagged| because(&format!("#{}", tagged.name), Role::Tag, &tagged.why.to_string())),
    );
    writer.part("Kinds", entry.kind_reasons().map(|(kind, why)| because(kind.name(), Role::Heading, why)));
    writer.part("References", entry.refs().map(|found| reference(&found)));
    let (mut own, mut of_note) = (Vec::new(), Vec::new());
    for found in &note.problems {
        if is_of_note(entry, found) {
            of_note.push(problem(found));
        } else if entry.lines().contains(&found.line) {
            own.push(problem(found));
        }
    }
    writer.part("Problems", own);
    writer.part("Of the note", of_note);
    writer.lines
}

/// Writer of parts, with a name on the left and rows on the right.
struct XrayWriter {
    width: usize,
    lines: Vec<Line>,
}

impl XrayWriter {
    fn part(&mut self, name: &str, rows: impl IntoIterator<Item = Vec<TextSpan>>) {
        let mut rows = rows.into_iter().peekable();
        if rows.peek().is_none() {
            return self.row(name, &[dim("none")]);
        }
        for (nth, row) in rows.enumerate() {
            self.row(if nth == 0 { name } else { "" }, &row);
        }
    }

    fn row(&mut self, name: &str, spans: &[TextSpan]) {
        if self.width >= NARROW {
            let first = TextSpan::new(format!("{name:<NAMES$}"), Role::Accent);
            return self.lines.extend(wrap(spans, &[first], &[text(&" ".repeat(NAMES + 2))], self.width));
        }
        if !name.is_empty() {
            self.lines.extend(wrap(&[TextSpan::new(name, Role::Accent)], &[], &[], self.width));
        }
        self.lines.extend(wrap(spans, &[text(" ")], &[text("   ")], self.width));
    }
}

fn text(text: &str) -> TextSpan {
    TextSpan::new(clean_line(text), Role::Text)
}

fn dim(text: &str) -> TextSpan {
    TextSpan::new(clean_line(text), Role::Dim)
}

fn because(name: &str, role: Role, why: &str) -> Vec<TextSpan> {
    vec![TextSpan::new(clean_line(name), role), dim(&format!("  {why}"))]
}

/// Lists the date of the entry, then the other dates of the note.
fn dates(entry: Entry<'_>) -> Vec<Vec<TextSpan>> {
    let note = entry.note();
    let Some(own) = entry.dated() else { return vec![vec![dim("none: no rule found one")]] };
    let mut rows = vec![date("", &own)];
    rows.extend(note.dated.filter(|dated| *dated != own).map(|dated| date("the note: ", &dated)));
    for other in &note.alternatives {
        let agrees = note.dated.is_some_and(|taken| taken.span == other.span);
        rows.push(date(if agrees { "also: " } else { "not taken: " }, other));
    }
    rows
}

fn date(before: &str, dated: &DatedSpan) -> Vec<TextSpan> {
    let rule = format!("  {} ({}), {}", in_words(dated), dated.rule, source(dated.evidence));
    vec![dim(before), text(&dated.span.label()), dim(&rule)]
}

fn source(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Heading => "from a heading",
        Evidence::FileName => "from the file name",
        Evidence::FrontMatter => "from the front matter",
        Evidence::Title => "from the title",
        Evidence::Neighbours => "with the year of neighbouring notes",
        Evidence::Git => "from git",
    }
}

/// Describes the days that the rule of a date stands for.
fn in_words(dated: &DatedSpan) -> String {
    let (first, last) = (dated.span.first(), dated.span.last());
    match dated.rule {
        DateRule::MonthWeek(WeekRule::Sunday) => {
            let nth = ["1st", "2nd", "3rd", "4th", "5th"][usize::from(last.day().unsigned_abs() - 1) / 7];
            format!("the week that ends on the {nth} Sunday of {}", last.strftime("%B"))
        }
        DateRule::MonthWeek(WeekRule::Monday) => {
            "the week that begins on the Monday of that number in its month".to_owned()
        }
        DateRule::MonthWeek(WeekRule::Iso) => "the week of the Thursday of that number in its month".to_owned(),
        DateRule::IsoWeek => {
            let (year, week) = dated.span.iso();
            format!("week {week} of {year} by ISO 8601")
        }
        DateRule::WeekEnding => format!("the seven days that end on {last}"),
        DateRule::WeekOf => "the week of the day that is named".to_owned(),
        DateRule::Date | DateRule::EnglishDate => "the day as it is written".to_owned(),
        DateRule::ChineseDate if first == last => "the day as it is written".to_owned(),
        DateRule::DateRange | DateRule::EnglishRange | DateRule::ChineseDate | DateRule::DayRange => {
            "the days as they are written".to_owned()
        }
        DateRule::Month | DateRule::YearMonth => format!("the month {}", first.strftime("%B %Y")),
        DateRule::Year => format!("the year {}", first.year()),
        DateRule::YearFolder => format!("the year {}, of the file or its folder", first.year()),
        DateRule::DatedFolders => "year, month and day are parts of the path".to_owned(),
        DateRule::UnixTime => "the name counts seconds since 1970".to_owned(),
        DateRule::FirstCommit => "the day the file was first committed".to_owned(),
        DateRule::StartEnd => "from its start to its end".to_owned(),
        DateRule::DatedHeadings => "from the first to the last of the dated headings".to_owned(),
    }
}

fn reference(found: &Reference<'_>) -> Vec<TextSpan> {
    let id = TextSpan { url: Some(found.url.into()), ..TextSpan::new(clean_line(found.id), role_of(found.kind)) };
    let how = if found.inferred { format!(", inferred from “{}”", found.label) } else { String::new() };
    vec![dim(&format!("{} ", found.kind.name())), id, dim(&format!("  line {}{how}", found.line))]
}

fn problem(problem: &Problem) -> Vec<TextSpan> {
    let role = if problem.code.level() == Level::Warning { Role::Warning } else { Role::Dim };
    let line = if problem.line == 0 { String::new() } else { format!("  line {}", problem.line) };
    vec![TextSpan::new(problem.code.name(), role), text(&format!("  {}", problem.message)), dim(&line)]
}

/// Returns true if a problem concerns the whole note, or the lines before its first entry. A
/// contradiction of dates has no line of its own.
fn is_of_note(entry: Entry<'_>, problem: &Problem) -> bool {
    let about_its_date = matches!(problem.code, Code::DateConflict | Code::DateAmbiguous);
    about_its_date || problem.line < entry.note().first_line()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Log, testing::log_of};

    fn log(path: &str, text: &str) -> Log {
        log_of(&[(path, text)])
    }

    fn shown(log: &Log, nth: usize, width: usize) -> String {
        let lines = xray(log.entries().nth(nth).expect("an entry"), width);
        assert!(lines.iter().all(|line| line.width() <= width), "{width}: {lines:#?}");
        lines.iter().map(Line::plain).collect::<Vec<_>>().join("\n")
    }

    /// Joins the lines of the X-ray.
    fn flat(path: &str, text: &str) -> String {
        shown(&log(path, text), 0, 100).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    const WEEK: &str = "# 2022年8月第四周\n\n## 技术\n\n1， 看了 [nerdctl](https://github.com/containerd/nerdctl) 的 #1331\n2， 下周读 [Slacker](https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter)\n";

    #[test]
    fn everything_inferred_says_why() {
        insta::assert_snapshot!(shown(&log("2022-07-week4.md", WEEK), 0, 80), @"
        Date        2022-W29 07-18…07-24  the week that ends on the 4th Sunday of July
                      (month-week-sunday), from the file name
                    not taken: 2022-W34 08-22…08-28  the week that ends on the 4th
                      Sunday of August (month-week-sunday), from the title
        Shape       list item  items of the lists that open a section; other sections
                      whole
        Section     技术
        Title       看了 nerdctl 的 #1331
        Tags        #nerdctl  link github.com/containerd/nerdctl
                    #containerd  link github.com/containerd/nerdctl
        Kinds       issue  names containerd/nerdctl#1331
        References  repo containerd/nerdctl  line 5
                    issue containerd/nerdctl#1331  line 5, inferred from “#1331”
        Problems    list-marker  read the number as a list item  line 5
        Of the note date-conflict  file-name says 2022-07-18…07-24, title says
                      2022-08-22…08-28: kept 2022-07-18…07-24  line 1
        ");
    }

    #[test]
    fn each_entry_has_its_own_problems_and_those_of_the_note() {
        let log = log("2022-07-week4.md", WEEK);
        let lines = |nth| shown(&log, nth, 100).lines().filter(|line| line.contains("  line ")).count();
        assert_eq!((lines(0), lines(1)), (4, 3));
    }

    #[test]
    fn xray_fits_any_width() {
        let log = log("2022-07-week4.md", WEEK);
        for width in 0..120 {
            shown(&log, 0, width);
        }
    }

    #[test]
    fn every_rule_has_its_words() {
        for (path, expected) in [
            ("2022-03-week5.md", "the week that ends on the 1st Sunday of April"),
            ("2022-w29.md", "week 29 of 2022 by ISO 8601"),
            ("2022-07-18.md", "the day as it is written"),
            ("2022-07-18 ~ 2022-07-24.md", "the days as they are written"),
            ("Week ending July 24, 2022.md", "the seven days that end on 2022-07-24"),
            ("Week of July 18, 2022.md", "the week of the day that is named"),
            ("2022-07.md", "the month July 2022"),
            ("2022/x.md", "the year 2022, of the file or its folder"),
            ("2022/Nov/07/x.md", "year, month and day are parts of the path"),
            ("1658102400.md", "the name counts seconds since 1970"),
        ] {
            let shown = flat(path, "甲\n");
            assert!(shown.contains(expected) && shown.contains("from the file name"), "{path}: {shown}");
        }
        let headings = "# 史\n\n## 2024-06-16\n\n- 甲\n\n## 2024-06-18\n\n- 乙\n";
        let shown = flat("x.md", headings);
        assert!(shown.contains("to the last of the dated headings"), "{shown}");
        assert!(flat("x.md", "甲\n").contains("none: no rule found one"));
    }
}
