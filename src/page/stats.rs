//! A year in review, in lines.
//!
//! Knows what a review says and how wide the lines may be; nothing of queries or keys.

use super::{Line, Role, Symbols, TextSpan, role_of, truncate, width, wrap};
use crate::{
    insight::{
        Titles,
        stats::{FirstMention, ReferenceStats, Stats, Streak, YearOverYear},
        titles::Title,
    },
    log::Log,
    text::{clean_line, counted},
};

/// Rows of a list that are shown; how many more there are is said.
const ROWS: usize = 12;

/// Columns that a title has at least beside how it stands.
const LEAST_TITLE: usize = 16;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `review` in lines of at most `room` columns, with `titles` of what was met.
pub fn stats_lines(stats: &Stats, log: &Log, titles: &Titles, room: usize, symbols: &Symbols) -> Vec<Line> {
    let mut sheet = StatsWriter { lines: Vec::new(), room, symbols };
    sheet.summary(stats);
    sheet.weeks(stats);
    sheet.months(stats);
    let kinds: Vec<(String, YearOverYear)> =
        stats.kinds.iter().map(|(kind, change)| (kind.name().to_owned(), *change)).collect();
    sheet.bars("Kinds", stats.year, &kinds);
    let name = |tag: &crate::log::TagId| clean_line(&log.tags()[tag.0 as usize].name).into_owned();
    let tags: Vec<(String, YearOverYear)> = stats.tags.iter().map(|(tag, change)| (name(tag), *change)).collect();
    sheet.bars("Tags", stats.year, &tags);
    let new: Vec<String> = stats.new_tags.iter().map(|(tag, _)| format!("#{}", name(tag))).collect();
    if !new.is_empty() {
        sheet.heading("New this year");
        sheet.say(&new.join(" "), Role::Tag);
    }
    sheet.met("Pull requests and issues", &stats.changes, log, titles);
    sheet.met("Papers", &stats.papers, log, titles);
    sheet.met("Repositories", &stats.repositories, log, titles);
    sheet.lines
}

/// Lines that are being written.
struct StatsWriter<'s> {
    lines: Vec<Line>,
    room: usize,
    symbols: &'s Symbols,
}

impl StatsWriter<'_> {
    /// A line, without blanks at its end.
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

    fn say(&mut self, text: &str, role: Role) {
        self.lines.extend(wrap(&[TextSpan::new(text, role)], &[], &[], self.room));
    }

    fn heading(&mut self, text: &str) {
        self.lines.push(Line::default());
        self.say(text, Role::Heading);
    }

    fn summary(&mut self, stats: &Stats) {
        let YearOverYear { now, before } = stats.entries;
        let entries =
            format!("{} in {} of {} weeks", counted(now, "entry", "entries"), stats.weeks_written(), stats.weeks.len());
        let than = if before > 0 { format!(" · {} in {}", before, stats.year - 1) } else { String::new() };
        self.say(&format!("{entries}{than}"), Role::Title);
        let run = |streak: Streak| format!("{} from {}", counted(streak.weeks, "week", "weeks"), streak.first);
        if let Some(longest) = stats.longest {
            self.say(&format!("Longest run: {}", run(longest)), Role::Text);
        }
        if let Some(current) = stats.current {
            self.say(&format!("The run that goes on: {}", run(current)), Role::Positive);
        }
        if let Some(week) = stats.busiest {
            let most = stats.weeks.get(week.unsigned_abs() as usize - 1).copied().unwrap_or(0);
            self.say(
                &format!("Busiest week: {}-W{week:02}, {}", stats.year, counted(most, "entry", "entries")),
                Role::Text,
            );
        }
    }

    /// One column for each week.
    fn weeks(&mut self, stats: &Stats) {
        if self.room < stats.weeks.len() {
            return;
        }
        self.heading("Weeks");
        let most = stats.weeks.iter().copied().max().unwrap_or(0);
        let bar = |count: &u32| match count {
            0 => " ",
            count => self.symbols.strip[(count * 8).div_ceil(most.max(1)).clamp(1, 8) as usize - 1],
        };
        let strip: String = stats.weeks.iter().map(bar).collect();
        self.put(vec![TextSpan::new(strip, Role::Accent)]);
        let scale = (1..stats.weeks.len().saturating_sub(1))
            .step_by(10)
            .map(|week| format!("W{week:<9}"))
            .collect::<Vec<_>>()
            .concat();
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

    /// A bar for each name, with the change from the year before.
    fn bars(&mut self, heading: &str, year: i16, rows: &[(String, YearOverYear)]) {
        let shown: Vec<&(String, YearOverYear)> = rows.iter().filter(|(_, change)| change.now > 0).take(ROWS).collect();
        let Some((_, first)) = shown.first() else { return };
        let most = first.now;
        self.heading(heading);
        let names = shown.iter().map(|(name, _)| width(name)).max().unwrap_or(0).min(self.room / 3);
        let bars = self.room.saturating_sub(names + 22).min(40);
        for (name, YearOverYear { now, before }) in shown {
            let name = truncate(name, names, self.symbols.ellipsis);
            let gap = " ".repeat(names - width(&name) + 2);
            let (change, role) = match now.cmp(before) {
                _ if *before == 0 || bars < 8 => (String::new(), Role::Dim),
                std::cmp::Ordering::Greater => (format!("+{} on {}", now - before, year - 1), Role::Positive),
                std::cmp::Ordering::Less => (format!("-{} on {}", before - now, year - 1), Role::Dim),
                std::cmp::Ordering::Equal => (format!("as in {}", year - 1), Role::Dim),
            };
            let bar = self.bar(*now, most, bars);
            let rest = " ".repeat(bars.saturating_sub(width(&bar)) + 1);
            self.put(vec![
                TextSpan::new(format!("{name}{gap}"), Role::Text),
                TextSpan::new(format!("{now:>4}  "), Role::Text),
                TextSpan::new(bar, Role::Accent),
                TextSpan::new(rest, Role::Text),
                TextSpan::new(change, role),
            ]);
        }
        self.more(rows.iter().filter(|(_, change)| change.now > 0).count());
    }

    fn met(&mut self, heading: &str, met: &[ReferenceStats], log: &Log, titles: &Titles) {
        if met.is_empty() {
            return;
        }
        self.heading(&format!("{heading}: {}", met.len()));
        for (met, named) in met.iter().take(ROWS).filter_map(|met| Some((met, met.named(log)?))) {
            let known = titles.known(named.kind, named.host, named.id);
            self.row(met, &named, known, log);
        }
        self.more(met.len());
    }

    /// When, how often, which, what it is called, and how it stands or since when it is known: as
    /// much of that as there is room for.
    fn row(&mut self, met: &ReferenceStats, named: &FirstMention<'_>, known: Option<&Title>, log: &Log) {
        let ellipsis = self.symbols.ellipsis;
        let when = log.entry(met.entry).span().map_or(String::new(), |span| span.label());
        let when = truncate(&when, 8, "").into_owned();
        let times = format!("{:>3}×  ", met.mentions);
        let room = self.room.saturating_sub(width(&when) + 2 + width(&times));
        let id = crate::page::truncate_middle(&clean_line(named.id), room, ellipsis).into_owned();
        let room = room.saturating_sub(width(&id));
        let standing = known.map(Title::standing).filter(|standing| !standing.is_empty());
        let since = met.known_since.map(|day| format!("since {day}"));
        let beside: Vec<String> = standing.into_iter().chain(since).collect();
        let beside = if beside.is_empty() { String::new() } else { format!("  {}", beside.join(", ")) };
        // A title is worth more than what stands beside it.
        let beside = if width(&beside) + LEAST_TITLE <= room { beside } else { String::new() };
        let room = room - width(&beside);
        let label = known.map_or_else(|| clean_line(named.label).into_owned(), Title::text);
        let label = if label.is_empty() || room < 8 {
            String::new()
        } else {
            format!("  {}", truncate(&label, room - 2, ellipsis))
        };
        self.put(vec![
            TextSpan::new(format!("{when}  "), Role::Dim),
            TextSpan::new(times, Role::Text),
            TextSpan::new(id, role_of(named.kind)),
            TextSpan::new(label, Role::Text),
            TextSpan::new(beside, Role::Dim),
        ]);
    }

    fn more(&mut self, all: usize) {
        if all > ROWS {
            self.say(&format!("and {} more", all - ROWS), Role::Dim);
        }
    }

    fn bar(&self, count: u32, most: u32, room: usize) -> String {
        let full =
            if count == 0 || room == 0 { 0 } else { (count as usize * room).div_ceil(most.max(1) as usize).max(1) };
        self.symbols.strip[7].repeat(full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        date::Series,
        insight::titles::RefState,
        log::Entry,
        note::{self, tag::TagRules},
    };
    use std::sync::Arc;

    #[test]
    fn no_line_is_wider_than_its_room() {
        let rules = TagRules::built_in();
        let text = "1， 给 nerdctl 提了 [PR3120](https://github.com/containerd/nerdctl/pull/3120)，限流\n2， 读 [Slacker](https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter)\n";
        let read = |path: &str| {
            let file = note::NoteFile { source: "x", path, bytes: text.as_bytes() };
            Arc::new(note::read(file, &Series::default(), note::EntryRule::Auto, &rules))
        };
        let log = Log::new(["2023-W02.md", "2024-W02.md", "2024-W03.md"].map(read).to_vec(), &rules);
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
        The run that goes on: 2 weeks from 2024-01-08
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
