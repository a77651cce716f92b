//! Shapes of notes, and the people who write them.

use super::{
    File,
    links::{Around, Link},
    prose::Prose,
    random::Random,
    words::Words,
};
use jiff::{ToSpan, civil::Date};
use std::fmt::Write;

/// Person who keeps notes.
pub struct Person {
    pub nth: usize,
    /// Number of weeks with notes.
    pub weeks: usize,
    name: String,
    /// Percentage of entries in Chinese; the rest are in English.
    han: usize,
    spaced: bool,
    naming: Naming,
    /// Numbers the items.
    numbered: bool,
    /// Starts reports with front matter.
    front: bool,
    /// Percentage of notes with a slip.
    slips: usize,
    turn: usize,
    /// Number of items in a report.
    items: usize,
}

/// Naming scheme of reports.
#[derive(Clone, Copy)]
enum Naming {
    /// `2024-week26.md`
    IsoWeek,
    /// `2024-06-week4.md`: the week that ends on the fourth Sunday.
    MonthWeek,
    /// `2024-06-23.md`
    Day,
    /// `weekly-312.md`, dated by its front matter.
    Issue,
}

impl Person {
    pub fn new(nth: usize, seed: u64, words: &Words) -> Person {
        let mut random = Random::new(seed, &[nth as u64, 0]);
        let name = if let Some(name) = words.people.get(nth) {
            name.to_lowercase()
        } else {
            let mut name = String::new();
            words.project(random.below(2_000), &mut name);
            format!("{name}-{nth}")
        };
        let naming = [Naming::MonthWeek, Naming::IsoWeek, Naming::Day, Naming::Issue][nth % 4];
        Person {
            nth,
            weeks: if nth == 0 { 520 } else { random.between(150, 832) },
            name,
            han: [72, 12, 94, 55, 0, 85][nth % 6],
            spaced: nth == 0 || random.percent(60),
            naming,
            numbered: nth.is_multiple_of(3) || random.percent(30),
            front: matches!(naming, Naming::Issue) || random.percent(30),
            slips: random.between(4, 14),
            turn: if nth == 0 { 0 } else { random.below(1_000) },
            items: random.between(22, 30),
        }
    }
}

/// Returns the notes of the week up to `sunday`, a person's `nth` week. The last week of a year also
/// gets the note of the year.
pub fn week(nth: usize, sunday: Date, mut random: Random) -> Vec<Draft> {
    let mut shapes = vec![Shape::Report];
    for (shape, chance) in [(Shape::Links, 20), (Shape::Learnt, 30), (Shape::Scrap, 2)] {
        if random.percent(chance) {
            shapes.push(shape);
        }
    }
    if sunday.saturating_add(7.days()).year() > sunday.year() {
        shapes.push(Shape::History);
    }
    let draft = |shape| Draft { shape, sunday, nth, random: Random::new(random.next(), &[]) };
    shapes.into_iter().map(draft).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Report,
    Links,
    Learnt,
    History,
    Scrap,
}

/// Note that is not written yet.
pub struct Draft {
    shape: Shape,
    sunday: Date,
    nth: usize,
    random: Random,
}

/// Slip in a note. sennight reads the note anyway, and reports a date or a number that contradicts
/// another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slip {
    None,
    /// `1，` for `1.`
    Numbers,
    /// `•` for `-`
    Bullets,
    /// `##技术` for `## 技术`
    Headings,
    /// Lines broken by hand, even within Chinese words.
    Lines,
    /// Last year's number in the title, as in January, or a misspelt title.
    Title,
}

const SLIPS: [Slip; 5] = [Slip::Numbers, Slip::Bullets, Slip::Headings, Slip::Lines, Slip::Title];

const SECTIONS_HAN: [&str; 9] = ["技术", "阅读", "工作", "生活", "开源", "杂项", "问题", "工具", "下周计划"];
const SECTIONS: [&str; 9] =
    ["Work", "Reading", "Open source", "Life", "Links", "Misc", "Questions", "Tools", "Next week"];
const NUMERALS: [&str; 6] = ["零", "一", "二", "三", "四", "五"];

impl Draft {
    /// Writes the note with at most `most` entries.
    pub fn write(self, words: &Words, person: &Person, most: usize) -> File {
        let Draft { shape, sunday, nth, mut random } = self;
        let slip = if random.percent(person.slips) { random.one_of(&SLIPS) } else { Slip::None };
        let han = random.percent(person.han);
        let prose = Prose::new(words, random, person.turn, person.spaced);
        let mut writer = Writer { person, prose, sunday, nth, slip, han, most, entries: 0 };
        let path = match shape {
            Shape::Report => writer.report(),
            Shape::Links => writer.links(),
            Shape::Learnt => writer.learnt(),
            Shape::History => writer.history(),
            Shape::Scrap => writer.scrap(),
        };
        let path = format!("{}/{path}", person.name);
        File { path, text: writer.prose.text, entries: writer.entries, is_dated: shape != Shape::Scrap }
    }
}

struct Writer<'w> {
    person: &'w Person,
    prose: Prose<'w>,
    sunday: Date,
    nth: usize,
    slip: Slip,
    /// True if the note, and most of its entries, are in Chinese.
    han: bool,
    most: usize,
    entries: usize,
}

impl Writer<'_> {
    /// Writes items under sections, with a sentence above some of them.
    fn report(&mut self) -> String {
        let (stem, folder, title) = self.report_name();
        if self.person.front {
            self.front(&title);
        }
        self.heading(1, &title);
        if self.percent(15) {
            self.sentence(2);
            self.prose.raw("\n\n");
        }
        let sections = self.between(3, 5);
        let first = self.prose.random.below(SECTIONS.len());
        let items = (self.person.items + self.between(0, 8)).saturating_sub(4);
        for nth in 0..sections {
            let section = if self.han { SECTIONS_HAN } else { SECTIONS }[(first + nth * 2) % SECTIONS.len()];
            let share = items * (nth + 1) / sections - items * nth / sections;
            if self.entries == self.most {
                break;
            }
            self.heading(2, section);
            for at in 1..=share {
                self.item(at);
            }
            self.prose.raw("\n");
        }
        format!("{folder}/{stem}.md")
    }

    /// Returns the file name, folder and title of a report.
    fn report_name(&mut self) -> (String, i16, String) {
        let (sunday, week) = (self.sunday, self.sunday.iso_week_date());
        let (year, month) = (sunday.year(), sunday.month());
        let shown = if self.slip == Slip::Title && self.percent(30) { year - 1 } else { year };
        let kind = match (self.slip, self.han) {
            (Slip::Title, true) => "周抱",
            (Slip::Title, false) => "Weelky",
            (_, true) => "周报",
            (_, false) => "Weekly",
        };
        match (self.person.naming, self.han) {
            (Naming::IsoWeek, han) => {
                let (number, shown) = (week.week(), week.year() - year + shown);
                let title = if han {
                    format!("{shown} 年第{number}周{kind}")
                } else {
                    format!("{kind} notes: week {number}, {shown}")
                };
                (format!("{}-week{number:02}", week.year()), week.year(), title)
            }
            (Naming::MonthWeek, han) => {
                let nth = (sunday.day() - 1) / 7 + 1;
                let title = if han {
                    format!("{shown}年{month}月第{}周{kind}", NUMERALS[nth as usize])
                } else {
                    format!("{kind} {shown}-{month:02}-{:02}", sunday.day())
                };
                (format!("{year}-{month:02}-week{nth}"), year, title)
            }
            (Naming::Day, han) => {
                let day = format!("{shown}-{month:02}-{:02}", sunday.day());
                let title = if han { format!("{day} {kind}") } else { format!("{kind} notes of {day}") };
                (sunday.to_string(), year, title)
            }
            (Naming::Issue, true) => (format!("weekly-{:03}", self.nth), year, format!("{kind}第 {} 期", self.nth)),
            (Naming::Issue, false) => (format!("weekly-{:03}", self.nth), year, format!("{kind} #{}", self.nth)),
        }
    }

    /// Writes a section with a heading for each link, like a link blog.
    fn links(&mut self) -> String {
        let week = self.sunday.iso_week_date();
        let stem = format!("{}-W{:02}", week.year(), week.week());
        let title = if self.han { format!("链接 {stem}") } else { format!("Links of {stem}") };
        self.heading(1, &title);
        for _ in 0..self.between(8, 18) {
            if self.entries == self.most {
                break;
            }
            let link = self.link(self.han);
            if !link.label.starts_with('#') && self.percent(70) {
                self.heading(3, &format!("[{}]({})", link.label, link.url));
                self.sentences(1, 3);
            } else {
                let mut heading = String::new();
                self.prose.words.noun(self.prose.random.word_rank(), &mut heading);
                self.heading(3, &format!("{}{}", heading[..1].to_uppercase(), &heading[1..]));
                self.sentences(1, 2);
                self.prose.put(if self.han { "见 " } else { " " });
                self.refer(&link);
            }
            self.prose.raw("\n\n");
            self.entries += 1;
        }
        format!("{}/links/{stem}.md", week.year())
    }

    /// Writes one thing learnt, with code.
    fn learnt(&mut self) -> String {
        let day = self.sunday.saturating_sub((self.prose.random.below(7) as i64).days());
        let (slug, title) = self.small_title();
        let tags = self.tags(2);
        self.prose.raw(&format!("---\ntitle: \"{title}\"\ndate: {day}\ntags: [{tags}]\n---\n\n"));
        self.heading(1, &title);
        self.small_text();
        format!("{}/til/{slug}-{}.md", day.year(), self.nth)
    }

    /// Writes prose without any date.
    fn scrap(&mut self) -> String {
        let (slug, title) = self.small_title();
        self.heading(1, &title);
        self.small_text();
        format!("scraps/{slug}-{}.md", self.nth)
    }

    /// Returns the file name and the title of a short note.
    fn small_title(&mut self) -> (String, String) {
        let (mut slug, mut title) = (String::new(), String::new());
        let rank = self.prose.random.one_of(&self.prose.topics);
        self.prose.words.noun(rank, &mut slug);
        slug = slug.replace('_', "-");
        if self.han {
            self.prose.words.han_noun(rank, &mut title);
            let _ = write!(title, "和 {slug}");
        } else {
            let adjective = self.prose.random.one_of(&self.prose.words.adjectives);
            title = format!("{}{} {slug}", adjective[..1].to_uppercase(), &adjective[1..]);
        }
        (slug, title)
    }

    /// Writes one entry of two or three paragraphs, sometimes with a command after the first.
    fn small_text(&mut self) {
        for nth in 0..self.between(2, 3) {
            self.sentences(2, 4);
            self.prose.raw("\n\n");
            if nth == 0 && self.percent(60) {
                let name = self.prose.random.one_of(&self.prose.words.names).to_lowercase();
                let mut option = String::new();
                self.prose.words.noun(self.prose.random.word_rank(), &mut option);
                self.prose.raw(&format!("```sh\n{name} --{option} | sort | uniq -c\n```\n\n"));
            }
        }
        self.entries += 1;
    }

    /// Writes a year under dated headings, newest first.
    fn history(&mut self) -> String {
        let year = self.sunday.year();
        let title = if self.han { format!("我的 {year}") } else { format!("My {year}") };
        self.heading(1, &title);
        self.slip = Slip::None;
        let mut day = self.sunday;
        while day.year() == year && self.entries < self.most {
            let heading = match self.prose.random.below(8) {
                0 if self.han => format!("{year}年{}月{}日", day.month(), day.day()),
                1 => format!("{} ~ {day}", day.saturating_sub(1.days())),
                _ => day.to_string(),
            };
            self.heading(3, &heading);
            for _ in 0..self.between(1, 3) {
                self.item(0);
            }
            self.prose.raw("\n");
            day = day.saturating_sub((self.between(3, 20) as i64).days());
        }
        format!("{year}/history.md")
    }

    /// Writes a list item with this number, or a bullet for 0. Writes nothing if the note has enough
    /// entries.
    fn item(&mut self, number: usize) {
        if self.entries == self.most {
            return;
        }
        let numbered = number > 0 && (self.person.numbered || self.slip == Slip::Numbers);
        let marker = match self.slip {
            Slip::Numbers if numbered => format!("{number}，"),
            Slip::Bullets => "• ".to_owned(),
            _ if numbered => format!("{number}. "),
            _ => "- ".to_owned(),
        };
        // Nested items align with the text of the item: `10. ` is wider than `1. `.
        let indent = if numbered { number.to_string().len() + 2 } else { 2 };
        let han = if self.percent(12) { !self.han } else { self.han } && self.person.han > 0;
        self.prose.raw(&marker);
        self.prose.broken = (self.slip == Slip::Lines).then_some(indent);
        self.text_of_item(han);
        self.prose.broken = None;
        if self.slip != Slip::Bullets && self.percent(18) {
            for _ in 0..self.between(1, 3) {
                self.prose.raw("\n");
                self.prose.raw(&" ".repeat(indent));
                self.prose.raw("- ");
                self.prose.sentence(han, 1);
            }
        }
        self.prose.raw("\n");
        self.entries += 1;
    }

    fn text_of_item(&mut self, han: bool) {
        let stop = if han { "。" } else { ". " };
        if self.percent(8) {
            self.prose.raw("**");
            self.prose.noun(han);
            self.prose.raw(if han { "**：" } else { "**: " });
        }
        let clauses = self.between(1, 3);
        self.prose.sentence(han, clauses);
        if self.percent(30) {
            self.stop(stop);
            let clauses = self.between(1, 2);
            self.prose.sentence(han, clauses);
        }
        if self.percent(40) {
            let link = self.link(han);
            match (han, self.prose.random.below(3)) {
                (true, 0) => self.bracketed("（", &link, "）"),
                (true, 1) => self.bracketed("：", &link, ""),
                (true, _) => self.bracketed("，见 ", &link, ""),
                (false, 0 | 1) => self.bracketed(" (", &link, ")"),
                (false, _) => self.bracketed(", see ", &link, ""),
            }
        }
        if self.percent(4) {
            let tag = self.tags(1);
            self.prose.raw(&format!(" #{tag}"));
        } else if self.percent(50) {
            self.stop(stop.trim_end());
        }
    }

    fn bracketed(&mut self, before: &str, link: &Link, after: &str) {
        self.prose.raw(before);
        self.refer(link);
        self.prose.raw(after);
    }

    /// Writes a link as people do: mostly with a label, or bare and perhaps followed by full-width punctuation.
    fn refer(&mut self, link: &Link) {
        let text = match self.prose.random.below(10) {
            0 => link.url.clone(),
            1 => format!("<{}>", link.url),
            2 | 3 if link.speaks => link.label.clone(),
            _ => format!("[{}]({})", link.label, link.url),
        };
        self.prose.raw(&text);
    }

    fn link(&mut self, han: bool) -> Link {
        let around = Around { words: self.prose.words, year: self.sunday.year(), turn: self.person.turn, han };
        around.link(&mut self.prose.random)
    }

    fn front(&mut self, title: &str) {
        let (tags, sunday) = (self.tags(3), self.sunday);
        self.prose.raw(&format!("---\ntitle: \"{title}\"\ndate: {sunday}T21:30:00+08:00\ntags: [{tags}]\n---\n\n"));
    }

    /// Returns distinct tags, separated by commas.
    fn tags(&mut self, most: usize) -> String {
        let all = &self.prose.words.tags;
        let mut tags: Vec<&str> = Vec::new();
        for _ in 0..most {
            let tag = all[self.prose.random.favourite(all.len(), self.person.turn)];
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags.join(", ")
    }

    fn heading(&mut self, level: usize, text: &str) {
        let blank = if self.slip == Slip::Headings && level > 1 && !text.starts_with('[') { "" } else { " " };
        self.prose.raw(&format!("{}{blank}{text}\n\n", "#".repeat(level)));
    }

    fn sentence(&mut self, clauses: usize) {
        self.prose.sentence(self.han, clauses);
        self.stop(if self.han { "。" } else { "." });
    }

    /// Ends a sentence, unless a question mark already did.
    fn stop(&mut self, stop: &str) {
        let stop = if self.prose.text.ends_with(['？', '?']) { stop.trim_start_matches(['。', '.']) } else { stop };
        self.prose.raw(stop);
    }

    fn sentences(&mut self, least: usize, most: usize) {
        for nth in 0..self.between(least, most) {
            if nth > 0 && !self.han {
                self.prose.raw(" ");
            }
            let clauses = self.between(1, 3);
            self.sentence(clauses);
        }
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.prose.random.percent(chance)
    }

    fn between(&mut self, first: usize, last: usize) -> usize {
        self.prose.random.between(first, last)
    }
}
