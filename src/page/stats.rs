//! Stats of a year, as lines of a page.
//!
//! Knows the stats and how wide the lines may be; nothing of queries or keys.

use super::{Line, Role, Symbols, TextSpan, role_of, truncate, truncate_middle, width, wrap};
use crate::{
    insight::{
        Titles,
        stats::{FirstMention, MONTHS, ReferenceStats, Stats, Streak, YearOverYear},
        titles::Title,
    },
    log::{Log, TagId},
    text::{clean_line, counted},
};
use std::cmp::Ordering;

/// Limit on the rows of a list. The number of the others is shown below it.
const ROWS: usize = 12;

/// Columns that a title keeps before the state of a reference is shown beside it.
const LEAST_TITLE: usize = 16;

/// Sets `stats` in lines of at most `room` columns, with the known `titles` of references.
pub fn stats_lines(stats: &Stats, log: &Log, titles: &Titles, room: usize, symbols: &Symbols) -> Vec<Line> {
    let mut writer = StatsWriter { lines: Vec::new(), room, symbols };
    writer.summary(stats);
    writer.weeks(stats);
    writer.months(stats);
    let mut kinds: Vec<(String, YearOverYear)> = Vec::new();
    for (kind, change) in &stats.kinds {
        kinds.push((kind.name().to_owned(), *change));
    }
    writer.bars("Kinds", stats.year, &kinds);
    let mut tags: Vec<(String, YearOverYear)> = Vec::new();
    for (tag, change) in &stats.tags {
        tags.push((tag_name(log, *tag), *change));
    }
    writer.bars("Tags", stats.year, &tags);
    let new: Vec<String> = stats.new_tags.iter().map(|(tag, _)| format!("#{}", tag_name(log, *tag))).collect();
    if !new.is_empty() {
        writer.heading("New this year");
        writer.text(&new.join(" "), Role::Tag);
    }
    writer.references("Pull requests and issues", &stats.changes, log, titles);
    writer.references("Papers", &stats.papers, log, titles);
    writer.references("Repositories", &stats.repositories, log, titles);
    writer.lines
}

fn tag_name(log: &Log, tag: TagId) -> String {
    clean_line(&log.tags()[tag.0 as usize].name).into_owned()
}

/// Writer of the lines of one year.
struct StatsWriter<'s> {
    lines: Vec<Line>,
    room: usize,
    symbols: &'s Symbols,
}

impl StatsWriter<'_> {
    /// Writes a line without blanks at its end.
    fn put(&mut self, mut spans: Vec<TextSpan>) {
        while let Some(last) = spans.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                break;
            }
            spans.pop();
        }
        self.lines.push(Line { spans });
    }

    fn text(&mut self, text: &str, role: Role) {
        self.lines.extend(wrap(&[TextSpan::new(text, role)], &[], &[], self.room));
    }

    fn heading(&mut self, text: &str) {
        self.lines.push(Line::default());
        self.text(text, Role::Heading);
    }

    fn summary(&mut self, stats: &Stats) {
        let YearOverYear { now, before } = stats.entries;
        let entries =
            format!("{} in {} of {} weeks", counted(now, "entry", "entries"), stats.weeks_written(), stats.weeks.len());
        let than = if before > 0 { format!(" · {} in {}", before, stats.year - 1) } else { String::new() };
        self.text(&format!("{entries}{than}"), Role::Title);
        if let Some(longest) = stats.longest {
            self.text(&format!("Longest run: {}", streak(longest)), Role::Text);
        }
        if let Some(current) = stats.current {
            self.text(&format!("Current run: {}", streak(current)), Role::Positive);
        }
        if let Some(week) = stats.busiest {
            let most = stats.weeks.get(week.unsigned_abs() as usize - 1).copied().unwrap_or(0);
            self.text(
                &format!("Busiest week: {}-W{week:02}, {}", stats.year, counted(most, "entry", "entries")),
                Role::Text,
            );
        }
    }

    /// Writes a bar for each week, one column wide, if there is room for the year.
    fn weeks(&mut self, stats: &Stats) {
        if self.room < stats.weeks.len() {
            return;
        }
        self.heading("Weeks");
        let most = stats.weeks.iter().copied().max().unwrap_or(0);
        let mut strip = String::new();
        for count in &stats.weeks {
            let height = (count * 8).div_ceil(most.max(1)).clamp(1, 8) as usize;
            strip.push_str(if *count == 0 { " " } else { self.symbols.strip[height - 1] });
        }
        self.put(vec![TextSpan::new(strip, Role::Accent)]);
        let labelled = (1..stats.weeks.len().saturating_sub(1)).step_by(10);
        let scale = labelled.map(|week| format!("W{week:<9}")).collect::<Vec<_>>().concat();
        let scale = truncate(&scale, stats.weeks.len(), "").into_owned();
        self.put(vec![TextSpan::new(scale, Role::Dim)]);
    }

    fn months(&mut self, stats: &Stats) {
        self.heading("Months");
        let most = stats.months.iter().copied().max().unwrap_or(0);
        for (name, count) in MONTHS.into_iter().zip(stats.months) {
            let bar = self.bar(count, most, self.room.saturating_sub(12).min(40));
            self.put(vec![
                TextSpan::new(format!("{name}  "), Role::Dim),
                TextSpan::new(format!("{count:>4}  "), Role::Text),
                TextSpan::new(bar, Role::Accent),
            ]);
        }
    }

    /// Writes a bar for each name that occurs this year, with the change from the year before.
    fn bars(&mut self, heading: &str, year: i16, rows: &[(String, YearOverYear)]) {
        let rows: Vec<&(String, YearOverYear)> = rows.iter().filter(|(_, change)| change.now > 0).collect();
        let Some((_, first)) = rows.first() else { return };
        self.heading(heading);
        let shown = &rows[..rows.len().min(ROWS)];
        let widest = shown.iter().map(|(name, _)| width(name)).max().unwrap_or(0);
        let names = widest.min(self.room / 3);
        let bars = self.room.saturating_sub(names + 22).min(40);
        for (name, change) in shown {
            let name = truncate(name, names, self.symbols.ellipsis);
            let gap = " ".repeat(names - width(&name) + 2);
            let bar = self.bar(change.now, first.now, bars);
            let rest = " ".repeat(bars.saturating_sub(width(&bar)) + 1);
            let mut spans = vec![
                TextSpan::new(format!("{name}{gap}"), Role::Text),
                TextSpan::new(format!("{:>4}  ", change.now), Role::Text),
                TextSpan::new(bar, Role::Accent),
                TextSpan::new(rest, Role::Text),
            ];
            if change.before > 0 && bars >= 8 {
                spans.push(difference(*change, year - 1));
            }
            self.put(spans);
        }
        self.more(rows.len());
    }

    /// Lists references with the number of their mentions.
    fn references(&mut self, heading: &str, references: &[ReferenceStats], log: &Log, titles: &Titles) {
        if references.is_empty() {
            return;
        }
        self.heading(&format!("{heading}: {}", references.len()));
        for reference in references.iter().take(ROWS) {
            let Some(named) = reference.named(log) else { continue };
            let known = titles.known(named.kind, named.host, named.id);
            self.reference(reference, &named, known, log);
        }
        self.more(references.len());
    }

    /// Writes the date, mentions, id, title and state of a reference, as far as there is room.
    fn reference(&mut self, stats: &ReferenceStats, named: &FirstMention<'_>, known: Option<&Title>, log: &Log) {
        let ellipsis = self.symbols.ellipsis;
        let when = log.entry(stats.entry).span().map_or(String::new(), |span| span.label());
        let when = truncate(&when, 8, "").into_owned();
        let times = format!("{:>3}×  ", stats.mentions);
        let room = self.room.saturating_sub(width(&when) + 2 + width(&times));
        let id = truncate_middle(&clean_line(named.id), room, ellipsis).into_owned();
        let room = room.saturating_sub(width(&id));
        let mut beside = state(stats, known);
        if width(&beside) + LEAST_TITLE > room {
            beside.clear();
        }
        let room = room - width(&beside);
        let title = known.map_or_else(|| clean_line(named.label).into_owned(), Title::text);
        let mut spans = vec![
            TextSpan::new(format!("{when}  "), Role::Dim),
            TextSpan::new(times, Role::Text),
            TextSpan::new(id, role_of(named.kind)),
        ];
        if !title.is_empty() && room >= 8 {
            let title = truncate(&title, room - 2, ellipsis);
            spans.push(TextSpan::new(format!("  {title}"), Role::Text));
        }
        spans.push(TextSpan::new(beside, Role::Dim));
        self.put(spans);
    }

    fn more(&mut self, all: usize) {
        if all > ROWS {
            self.text(&format!("and {} more", all - ROWS), Role::Dim);
        }
    }

    /// Draws a bar of at most `room` columns; the smallest count has one.
    fn bar(&self, count: u32, most: u32, room: usize) -> String {
        if count == 0 || room == 0 {
            return String::new();
        }
        let columns = (count as usize * room).div_ceil(most.max(1) as usize);
        self.symbols.strip[7].repeat(columns.max(1))
    }
}

fn streak(streak: Streak) -> String {
    format!("{} from {}", counted(streak.weeks, "week", "weeks"), streak.first)
}

/// Compares a count with that of the year before.
fn difference(YearOverYear { now, before }: YearOverYear, last_year: i16) -> TextSpan {
    match now.cmp(&before) {
        Ordering::Greater => TextSpan::new(format!("+{} on {last_year}", now - before), Role::Positive),
        Ordering::Less => TextSpan::new(format!("-{} on {last_year}", before - now), Role::Dim),
        Ordering::Equal => TextSpan::new(format!("as in {last_year}"), Role::Dim),
    }
}

/// Describes the state of a reference and the day it was first mentioned, as far as they are known.
fn state(stats: &ReferenceStats, known: Option<&Title>) -> String {
    let mut parts = Vec::new();
    parts.extend(known.map(Title::standing).filter(|standing| !standing.is_empty()));
    parts.extend(stats.known_since.map(|day| format!("since {day}")));
    if parts.is_empty() { String::new() } else { format!("  {}", parts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insight::titles::RefState,
        log::{Entry, testing::log_of},
    };

    #[test]
    fn no_line_is_wider_than_its_room() {
        let text = "1， 给 nerdctl 提了 [PR3120](https://github.com/containerd/nerdctl/pull/3120)，限流\n2， 读 [Slacker](https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter)\n";
        let log = log_of(&[("2023-W02.md", text), ("2024-W02.md", text), ("2024-W03.md", text)]);
        let ids: Vec<_> = log.entries().map(Entry::id).collect();
        let found = Stats::of(&log, &ids, 2024, jiff::civil::date(2024, 1, 20));
        let (asked, day) = (jiff::civil::date(2026, 3, 1), Some(jiff::civil::date(2024, 8, 22)));
        let title = Title::new("限流 👩‍💻 for lazy loading of images", Some(RefState::Merged), day, asked);
        let titles = Titles([("github.com/containerd/nerdctl#3120".to_owned(), title.expect("a title"))].into());
        let lines = |room, symbols: &Symbols| -> Vec<Line> { stats_lines(&found, &log, &titles, room, symbols) };
        for room in 20..120 {
            for line in lines(room, &Symbols::unicode()) {
                assert!(line.width() <= room, "{room}: {:?}", line.plain());
            }
        }
        let of = |room| {
            let lines = lines(room, &Symbols::unicode());
            let line = lines.iter().map(Line::plain).find(|line| line.contains("#3120"));
            line.expect("the pull request").split_once("3120").expect("its number").1.to_owned()
        };
        let whole = "  限流 👩‍💻 for lazy loading of images  merged 2024-08-22, since 2023-01-09";
        assert_eq!(of(usize::from(u16::MAX)), whole);
        assert_eq!(of(95), "  限流 👩‍💻 for lazy…  merged 2024-08-22, since 2023-01-09");
        assert_eq!(of(70), "  限流 👩‍💻 for lazy loading of…");
        assert_eq!(of(40), "");
        let shown: Vec<String> = lines(80, &Symbols::ascii()).iter().map(Line::plain).collect();
        insta::assert_snapshot!(shown.join("\n"), @"
        4 entries in 2 of 52 weeks · 2 in 2023
        Longest run: 2 weeks from 2024-01-08
        Current run: 2 weeks from 2024-01-08
        Busiest week: 2024-W02, 2 entries

        Weeks
         @@
        W1        W11       W21       W31       W41

        Months
        Jan     4  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
        Feb     0
        Mar     0
        Apr     0
        May     0
        Jun     0
        Jul     0
        Aug     0
        Sep     0
        Oct     0
        Nov     0
        Dec     0

        Kinds
        paper     2  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ +1 on 2023
        pr        2  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ +1 on 2023

        Tags
        nerdctl           2  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ +1 on 2023
        containers        2  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ +1 on 2023
        containerd        2  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ +1 on 2023
        rate-limiting     2  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ +1 on 2023
        reliability       2  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ +1 on 2023
        papers            2  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ +1 on 2023
        Slacker           2  @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ +1 on 2023

        Pull requests and issues: 1
        2024-W02    2×  containerd/nerdctl#3120  限流 👩‍💻 for lazy loading of images

        Papers: 1
        2024-W02    2×  usenix:fast16/harter  Slacker  since 2023-01-09

        Repositories: 1
        2024-W02    2×  containerd/nerdctl  since 2023-01-09
        ");
    }
}
