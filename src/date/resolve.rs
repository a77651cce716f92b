//! Resolution of a note's date from path, front matter and title.

use super::{
    DateContext, DateMatch, DateRule, DatedSpan, Evidence, Precision, Span, WeekRule, grammar, path::PathDate,
};
use crate::text::problem::{Code, Problem};
use jiff::{ToSpan, civil::Date};

/// Dates of a note's front matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FrontMatterDates {
    /// The days that the note covers: `week`, or `start` with `end`.
    pub covers: Option<DateMatch>,
    /// The day of writing: `date`, `published`.
    pub written: Option<DateMatch>,
}

/// A note's date with all other readings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResolvedDate {
    pub dated: Option<DatedSpan>,
    /// Other readings, strongest first.
    pub alternatives: Vec<DatedSpan>,
    pub problems: Vec<Problem>,
}

/// Days between the end of a week and its publication that are not a contradiction: newsletters
/// come out up to a week late, and a wrong date is usually off by a month or a year.
const LATE: i64 = 10;

/// The date of a note. Sources from strong to weak: `path`, the covered days of the front matter, a
/// title with days or a week, the day of writing, months and years.
///
/// `weekly` is set for notes that call themselves weekly, which makes `YYYY-NN` a week.
pub fn resolve(
    path: Option<PathDate>,
    front: FrontMatterDates,
    title: Option<DateMatch>,
    weekly: bool,
) -> ResolvedDate {
    let mut problems = Vec::new();
    let mut readings: Vec<(u8, DatedSpan)> = Vec::new();
    match path {
        Some(PathDate::Exact(dated)) => readings.push((100, dated)),
        Some(PathDate::MonthOrWeek { week: Some(week), .. }) if weekly => readings.push((100, week)),
        Some(PathDate::MonthOrWeek { month, week }) => {
            readings.push((85, month));
            if week.is_some() {
                problems.push(ambiguous(&month));
            }
        }
        Some(PathDate::Year(dated)) => readings.push((40, dated)),
        None => {}
    }
    if let Some(reading) = front.covers {
        readings.push((90, reading.with_evidence(Evidence::FrontMatter)));
    }
    if let Some(reading) = front.written {
        readings.push((70, reading.with_evidence(Evidence::FrontMatter)));
    }
    if let Some(reading) = title {
        let dated = reading.with_evidence(Evidence::Title);
        let may_be_week = reading.rule == DateRule::YearMonth;
        if may_be_week && path.is_none() {
            problems.push(ambiguous(&dated));
        }
        if !may_be_week || path.is_none() {
            readings.push((title_weight(reading.span.precision), dated));
        }
    }
    readings.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let mut readings = readings.into_iter().map(|(_, dated)| dated);
    let Some(dated) = readings.next() else {
        return ResolvedDate { dated: None, alternatives: Vec::new(), problems };
    };
    let alternatives: Vec<DatedSpan> = readings.collect();
    for other in &alternatives {
        if contradicts(&dated, other) {
            problems.push(conflict(&dated, other));
        }
    }
    ResolvedDate { dated: Some(dated), alternatives, problems }
}

fn title_weight(precision: Precision) -> u8 {
    match precision {
        Precision::Day | Precision::Week => 80,
        Precision::Month => 65,
        Precision::Year => 30,
    }
}

/// The days in a title without a year, if it was written within them or shortly after.
pub fn written_of(title: &str, written: DateMatch, weeks: WeekRule) -> Option<DateMatch> {
    let day = written.span.last();
    for year in [day.year(), day.year() - 1] {
        let Some(reading) = grammar::title(title, DateContext { year: Some(year), weeks }) else { continue };
        let latest = reading.span.last().saturating_add(LATE.days());
        let is_exact = matches!(reading.span.precision, Precision::Day | Precision::Week);
        if is_exact && (reading.span.first()..=latest).contains(&day) {
            return Some(reading);
        }
    }
    None
}

/// Tests whether the two dates exclude each other. A day of writing may follow the covered days.
fn contradicts(dated: &DatedSpan, other: &DatedSpan) -> bool {
    let late = |day: Date| day.saturating_add(LATE.days());
    let allowed = Span::new(dated.span.first(), late(dated.span.last()), dated.span.precision);
    match other.evidence {
        Evidence::FrontMatter => !allowed.overlaps(&other.span),
        _ => {
            !dated.span.overlaps(&other.span)
                && !Span::new(other.span.first(), late(other.span.last()), other.span.precision).overlaps(&dated.span)
        }
    }
}

fn conflict(dated: &DatedSpan, other: &DatedSpan) -> Problem {
    let message = format!(
        "{} says {}, {} says {}: kept {}",
        dated.evidence.name(),
        dated.span,
        other.evidence.name(),
        other.span,
        dated.span
    );
    Problem::new(1, Code::DateConflict, message)
}

fn ambiguous(month: &DatedSpan) -> Problem {
    let (year, number) = (month.span.first().year(), month.span.first().month());
    let message = format!("{year}-{number:02} may be the month or the week {year}-W{number:02}: taken as the month");
    Problem::new(1, Code::DateAmbiguous, message)
}

#[cfg(test)]
mod tests {
    use super::super::{Series, from_path};
    use super::*;

    fn check(path: &str, written: &str, title: &str, expected: &str, problems: &[&str]) {
        let front = FrontMatterDates { covers: None, written: grammar::mentioned(written) };
        let resolved = {
            let path = from_path(path, &Series::default());
            resolve(path, front, grammar::title(title, DateContext::default()), title.contains("weekly"))
        };
        let shown = resolved.dated.map_or("-".into(), |dated| format!("{} {}", dated.span, dated.evidence.name()));
        let codes: Vec<&str> = resolved.problems.iter().map(|problem| problem.code.name()).collect();
        assert_eq!((shown.as_str(), codes.as_slice()), (expected, problems), "{path} {written} {title}");
    }

    #[test]
    fn the_stronger_source_wins_and_contradictions_are_reported() {
        check("2022-07-24.md", "", "", "2022-07-24 file-name", &[]);
        check(
            "2018-01-14-update.md",
            "2018-01-15 20:00:00 -0000",
            "Week Ending January 14, 2018",
            "2018-01-14 file-name",
            &[],
        );
        check("2018-01-14-update.md", "2019-01-15", "", "2018-01-14 file-name", &["date-conflict"]);
        check("2022-07-week4.md", "", "2022年8月第四周", "2022-07-18…07-24 file-name", &["date-conflict"]);
        check("x.md", "2022-07-26", "2022年7月第四周", "2022-07-18…07-24 title", &[]);
        check("x.md", "2022-01-01T14:14:35+08:00", "我的 2022", "2022-01-01 front-matter", &[]);
        check("history/2022/index.md", "2022-01-01", "", "2022-01-01 front-matter", &[]);
        check("2019-03.md", "", "", "2019-03 file-name", &["date-ambiguous"]);
        check("2019-03.md", "", "some weekly", "2019-01-14…01-20 file-name", &[]);
        check("x.md", "", "Techshack 2019-03", "2019-03 title", &["date-ambiguous"]);
    }
}
