//! Understanding one note: from bytes to a [`Note`].
//!
//! Sees one file, its path, and what the names of the files beside it say together. Never fails:
//! what cannot be read is a note without entries and with a Problem.

use super::{
    EntryKey, EntryRecord, KindRecord, Note, RefRecord, TagRecord, date,
    decode::decode,
    front::{self, Front},
    kind::{self, Signs},
    markdown::{Block, BlockKind, Document, Reader},
    normalize::{Normalized, normalize},
    org,
    problem::{Code, Problem},
    reference::{self, Found, Mention, RefKind},
    split::{self, Cut, Draft, Shape},
    store::Builder,
    tag::{Evidence, Rules},
};
use crate::text::clean_line;
use pulldown_cmark::{Event, Tag, TagEnd};
use regex::Regex;
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    sync::LazyLock,
};
use xxhash_rust::xxh3::xxh3_64;

/// A file as it was found.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Name of its source.
    pub source: &'a str,
    /// Path relative to its source, with `/`.
    pub path: &'a str,
    pub bytes: &'a [u8],
}

/// Bytes of a file that is still read: no one's notes are larger, and more would stand in the
/// way of the rest.
pub const LARGEST: u64 = 32 * 1024 * 1024;

/// Tags of front matter that are looked at.
const FRONT_TAGS: usize = 64;

/// Version of everything in this layer that decides what a note is understood as: a change
/// here makes stored results stale.
pub const RULES_VERSION: u64 = 2;

/// Reads `file` as a note.
pub fn read(file: File<'_>, series: &date::Series, rules: &Rules) -> Note {
    match decode(file.bytes) {
        Ok((text, problems)) => Understanding::new(file, &text, problems).note(series, rules),
        Err(problem) => unread(file, problem),
    }
}

/// A note whose file could not be read: it stands in the log with the reason.
pub fn unread(file: File<'_>, problem: Problem) -> Note {
    let title = some_title("", file.path);
    Note { problems: vec![problem], fingerprint: fingerprint(file), ..Note::new(file.source, file.path, title) }
}

/// `title` on one line, or the name of the file when nothing of it can be shown.
fn some_title(title: &str, path: &str) -> String {
    let names = [title, date::stem(path), path, "?"].map(|name| clean_line(name).trim().to_owned());
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

/// Changes whenever the file, its path or the rules change.
fn fingerprint(file: File<'_>) -> u64 {
    let seed = xxh3_64(file.path.as_bytes()) ^ RULES_VERSION;
    xxhash_rust::xxh3::xxh3_64_with_seed(file.bytes, seed)
}

fn is_org(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|ending| ending.eq_ignore_ascii_case("org"))
}

struct Understanding<'a> {
    file: File<'a>,
    front: Front,
    body: Normalized,
    problems: Vec<Problem>,
}

impl<'a> Understanding<'a> {
    fn new(file: File<'a>, text: &str, mut problems: Vec<Problem>) -> Understanding<'a> {
        let (front, head, found) = front::split(text);
        problems.extend(found);
        let first = 1 + text[..head].matches('\n').count() as u32;
        let body = match &text[head..] {
            body if is_org(file.path) => {
                problems.push(Problem::new(first, Code::Markup, "read as Org"));
                normalize(&org::to_markdown(body), first)
            }
            body => normalize(body, first),
        };
        problems.extend(body.problems.iter().cloned());
        Understanding { file, front, body, problems }
    }

    fn note(mut self, series: &date::Series, rules: &Rules) -> Note {
        let text = std::mem::take(&mut self.body.text);
        let document = Document::parse(&text);
        let (title, is_meant) = self.title(&document);
        let date_in = if is_meant { date::title } else { date::opening };
        let weekly = WEEKLY.is_match(&title)
            || WEEKLY.is_match(self.file.path)
            || self.front.list(&["tags"]).any(|tag| WEEKLY.is_match(tag));
        let path = date::from_path(self.file.path, series);
        let year = date::folder_year(self.file.path).or_else(|| path_year(path.as_ref()));
        let resolved = date::resolve(path, self.front_dates(), date_in(&title, year), weekly);
        self.problems.extend(resolved.problems);
        let beside = if resolved.dated.is_none() { self.neighbours_date(&title, weekly, series) } else { None };
        self.impossible(&title);
        let small = !weekly && date_in(&title, None).is_none() && !matches!(path, Some(date::PathDate::Exact(_)));
        let cut = split::cut(&document, &text, &title, small);
        let mut note = Note::new(self.file.source, self.file.path, title);
        note.dated = resolved.dated.or(beside);
        note.alternatives = resolved.alternatives;
        let fit = |text: &str| clean_line(text).into_owned();
        note.definitions = document.definitions.iter().map(|(label, url)| (fit(label), fit(url))).collect();
        note.fingerprint = fingerprint(self.file);
        let lines = Lines::of(&text);
        let spans = self.section_spans(&document, &lines, &cut, &note);
        let mut entries = Entries { understanding: &mut self, document: &document, rules, lines, text: &text };
        entries.read(&cut, &spans, &mut note);
        if cut.drafts.is_empty() || note.entries.is_empty() {
            self.problems.push(Problem::new(0, Code::Empty, "nothing to show in this file"));
        }
        self.problems.sort();
        self.problems.dedup();
        note.problems = self.problems;
        note
    }

    /// Front matter, the first heading, or the first line; and whether it is one that was meant
    /// as a title.
    fn title(&self, document: &Document<'_>) -> (String, bool) {
        let front = self.front.get(&["title"]).map(str::to_owned);
        let heading = || {
            let is_heading = |block: &&Block| matches!(block.kind, BlockKind::Heading(_));
            let top = document.blocks.iter().filter(is_heading).find(|block| block.kind == BlockKind::Heading(1));
            let top = top.or_else(|| document.blocks.first().filter(is_heading));
            top.map(|block| document.line_of(block))
        };
        let first_line = || {
            let first = document.blocks.first().filter(|block| block.kind == BlockKind::Paragraph)?;
            Some(first_sentence(&document.line_of(first)))
        };
        let said = |title: &String| !title.trim().is_empty();
        let meant = front.or_else(heading).filter(said);
        let is_meant = meant.is_some();
        let title = meant.or_else(first_line).filter(said).unwrap_or_default();
        (some_title(&title, self.file.path), is_meant)
    }

    fn front_dates(&self) -> date::FrontDates {
        let read = |keys: &[&str]| self.front.get(keys).and_then(date::mentioned);
        let (start, end) = (read(&["start"]), read(&["end"]));
        let both = start.zip(end).map(|(start, end)| date::Reading {
            span: date::Span::new(start.span.first(), end.span.last(), start.span.precision),
            rule: "start-end",
        });
        date::FrontDates {
            covers: read(&["week"]).or(both).or(start),
            written: read(&["date", "published", "created"]),
        }
    }

    /// A day or week whose year is missing or impossible, with the year of the notes beside it.
    /// A title speaks so only of a note that calls itself weekly: `3.5 升级` is no date.
    fn neighbours_date(&mut self, title: &str, weekly: bool, series: &date::Series) -> Option<date::Dated> {
        let year = series.year_beside(self.file.path)?;
        let stem = date::stem(self.file.path);
        let reading = date::lent_year(stem, year).or_else(|| date::lent_year(title, year).filter(|_| weekly))?;
        let message = format!("the year of {} is that of the notes beside it", reading.span);
        self.problems.push(Problem::new(0, Code::DateRepaired, message));
        Some(reading.on(date::Evidence::Neighbours))
    }

    fn impossible(&mut self, title: &str) {
        for (text, what) in [(date::stem(self.file.path), "file name"), (title, "title")] {
            if IMPOSSIBLE.is_match(text) && date::title(text, None).is_none() {
                let message = format!("the {what} “{text}” looks like a date that does not exist");
                self.problems.push(Problem::new(0, Code::DateImpossible, message));
            }
        }
    }

    /// The date that each heading path names, and the note's own when its headings are dates.
    fn section_spans(
        &mut self,
        document: &Document<'_>,
        lines: &Lines,
        cut: &Cut,
        note: &Note,
    ) -> Vec<Option<date::Dated>> {
        let page = date::folder_year(self.file.path).or_else(|| note.dated.map(|dated| dated.span.first().year()));
        let mut year = page;
        let mut spans = Vec::with_capacity(cut.sections.len());
        let lines = self.heading_lines(document, lines);
        for path in &cut.sections {
            let reading = path.iter().rev().find_map(|heading| Some((heading, date::heading(heading, year)?)));
            if let Some((heading, reading)) = reading {
                let line = lines.get(heading).copied().unwrap_or(0);
                self.check_heading(heading, &reading, page, line);
                year = Some(reading.span.first().year());
            } else if let Some(heading) = path.last().filter(|heading| IMPOSSIBLE.is_match(heading)) {
                let line = lines.get(heading).copied().unwrap_or(0);
                let message = format!("the heading “{heading}” looks like a date that does not exist");
                self.problems.push(Problem::new(line, Code::DateImpossible, message));
            }
            spans.push(reading.map(|(_, reading)| reading.on(date::Evidence::Heading)));
        }
        spans
    }

    fn check_heading(&mut self, heading: &str, reading: &date::Reading, page: Option<i16>, line: u32) {
        if let Some(page) =
            page.filter(|page| reading.span.first().year() != *page && reading.span.last().year() != *page)
        {
            let message = format!("the heading “{heading}” is of another year than its page ({page}): kept as written");
            self.problems.push(Problem::new(line, Code::DateOrder, message));
        }
    }

    fn heading_lines(&self, document: &Document<'_>, lines: &Lines) -> HashMap<String, u32> {
        let headings = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_)));
        headings.map(|block| (document.line_of(block), self.body.line(lines.at(block.place.start)))).collect()
    }
}

/// A note that calls itself weekly.
static WEEKLY: LazyLock<Regex> = LazyLock::new(|| crate::text::regex(r"(?i)\bweek|weekly|周报|周刊|周记|周总结|简报"));

/// Text of the form of a date or week.
static IMPOSSIBLE: LazyLock<Regex> =
    LazyLock::new(|| crate::text::regex(r"^\W*(?:19|20)\d{2}[-/._](?:\d{1,2}[-/._]\d{1,2}|[wW]\d{1,2})\W*$"));

fn path_year(path: Option<&date::PathDate>) -> Option<i16> {
    Some(match path? {
        date::PathDate::Exact(dated) | date::PathDate::Year(dated) => dated.span.last().year(),
        date::PathDate::MonthOrWeek { month, .. } => month.span.first().year(),
    })
}

/// Byte offsets of the lines of a text.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Lines {
        Lines(std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect())
    }

    /// The line that holds byte `at`, from 0.
    fn at(&self, at: usize) -> u32 {
        self.0.partition_point(|start| *start <= at).saturating_sub(1) as u32
    }
}

/// Reads the entries of one note.
struct Entries<'u, 'f, 'd, 'a> {
    understanding: &'u mut Understanding<'f>,
    document: &'d Document<'a>,
    rules: &'u Rules,
    lines: Lines,
    text: &'a str,
}

/// What the drafts of a note become, while they are read one after another.
struct Growing<'n> {
    note: &'n mut Note,
    store: Builder,
    /// Entries of equal text so far.
    seen: HashMap<u64, u32>,
    /// Topics of the front matter.
    front: Vec<String>,
    /// Where the extent of a draft without visible text began, when no entry stands before it.
    skipped: Option<usize>,
}

impl Entries<'_, '_, '_, '_> {
    fn read(&mut self, cut: &Cut, spans: &[Option<date::Dated>], note: &mut Note) {
        let mut store = Builder::new(self.text);
        note.body = store.body(0..self.text.len());
        note.sections =
            cut.sections.iter().map(|path| path.iter().map(|heading| store.keep(heading)).collect()).collect();
        let front = self.front_tags();
        let mut growing = Growing { note, store, seen: HashMap::new(), front, skipped: None };
        for draft in &cut.drafts {
            let mut reader = Reader::new(self.document, draft.events.clone());
            reader.read();
            if !self.text.trim().is_empty() && (reader.is_visible() || cut.drafts.len() == 1) {
                self.entry(draft, cut, &reader, spans[draft.section], &mut growing);
            } else {
                growing.skip(&draft.extent);
            }
        }
        let Growing { note, store, .. } = growing;
        note.text = store.finish();
        if note.entries.iter().filter(|entry| entry.dated.is_some()).count() >= 2 {
            span_of_headings(note);
        }
    }

    fn entry(
        &mut self,
        draft: &Draft,
        cut: &Cut,
        reader: &Reader<'_, '_>,
        dated: Option<date::Dated>,
        growing: &mut Growing<'_>,
    ) {
        let section = &cut.sections[draft.section];
        let title = self.entry_title(draft, section, &growing.note.title);
        let found = self.references(draft, reader);
        let refs = growing.refs(&found);
        let heading = if draft.headed || draft.shape == Shape::Note { title.as_str() } else { "" };
        let own = [heading, &reader.own].join("\n");
        let given = kind::kinds(&Signs { words: &own, section, refs: &found });
        let (kinds, kind_reasons) = growing.kinds(&given);
        let own = section.iter().filter(|heading| !draft.headed && heading.contains('#')).fold(own, |own, heading| {
            let tags: Vec<&str> = super::tag::hashtags(heading).collect();
            tags.iter().fold(own, |own, tag| own + " #" + tag)
        });
        let tags: Vec<_> = self.tags(&own, &found, &growing.front).into_iter().chain(tags_of_kinds(kinds)).collect();
        let tags = growing.tags(&tags);
        let text = self.key_text(draft, section);
        let occurrence = growing.seen.entry(text).and_modify(|count| *count += 1).or_insert(0);
        let store = &mut growing.store;
        growing.note.entries.push(EntryRecord {
            key: EntryKey::new(&growing.note.path, text, *occurrence),
            shape: draft.shape,
            line: self.line(draft.opening_line(self.document)),
            title: store.keep(&title),
            body: if draft.head.is_empty() {
                store.body(draft.body.clone())
            } else {
                store.keep(&[&self.text[draft.head.clone()], &self.text[draft.body.clone()]].concat())
            },
            extent: store.body(growing.skipped.take().unwrap_or(draft.extent.start)..draft.extent.end),
            plain: store.keep(reader.plain.trim()),
            section: draft.section as u32,
            dated,
            kinds,
            kind_reasons,
            refs,
            tags,
            has_code: reader.has_code,
            has_image: !reader.images.is_empty(),
        });
    }

    /// Topics of the front matter, which every entry of the note has: each once, and no more than
    /// a person gives.
    fn front_tags(&self) -> Vec<String> {
        let mut known = HashSet::new();
        let keys = ["tags", "categories", "keywords"];
        let tags = self.understanding.front.list(&keys).filter(|tag| known.insert(*tag));
        tags.take(FRONT_TAGS).map(str::to_owned).collect()
    }

    /// What the name of an entry hangs on: its text without what introduces it, without its
    /// marker, which an edit elsewhere in the list would renumber, and with its own heading.
    fn key_text(&self, draft: &Draft, section: &[String]) -> u64 {
        let start = draft.opening_line(self.document).clamp(draft.body.start, draft.body.end);
        let text = self.text.get(start..draft.body.end).unwrap_or(&self.text[draft.body.clone()]);
        let heading = section.last().filter(|_| draft.headed).map_or("", String::as_str);
        xxh3_64([heading, "\0", without_marker(text).trim()].concat().as_bytes())
    }

    /// The line of the file for byte `at` of the repaired body.
    fn line(&self, at: usize) -> u32 {
        self.understanding.body.line(self.lines.at(at))
    }

    fn entry_title(&self, draft: &Draft, section: &[String], note: &str) -> String {
        let heading = section.last().filter(|heading| draft.headed && date::heading(heading, Some(2000)).is_none());
        let title = match (heading, draft.shape) {
            (Some(heading), _) => heading.clone(),
            (None, Shape::Note) => note.to_owned(),
            _ => first_sentence(&opening(self.document, draft.opening.clone())),
        };
        let title = clean_line(title.trim()).trim().to_owned();
        let fallback = || section.last().map_or(note, String::as_str).to_owned();
        if title.is_empty() { fallback() } else { title }
    }

    /// What the entry, and the headings that stand before it, point to.
    fn references(&mut self, draft: &Draft, reader: &Reader<'_, '_>) -> Vec<Found> {
        let mut refs = References::default();
        for heading in self.headings(draft) {
            let mut reader = Reader::new(self.document, heading);
            reader.read();
            self.links(&reader, &mut refs);
        }
        self.links(reader, &mut refs);
        self.mentions(draft, reader, &mut refs);
        refs.found
    }

    /// In a list item all of it speaks of one thing; in longer prose, each paragraph.
    fn mentions(&self, draft: &Draft, reader: &Reader<'_, '_>, refs: &mut References) {
        let linked = Linked::of(&refs.found);
        let mut named = Vec::new();
        let of_all = linked.only_repo(0..=u32::MAX);
        for (nth, (at, prose)) in reader.prose.iter().enumerate() {
            let mentions = reference::mentions(prose);
            if mentions.is_empty() {
                continue;
            }
            let end = reader.prose.get(nth + 1).map_or(usize::MAX, |(next, _)| *next);
            let lines = self.line(*at)..=self.line(end.min(self.text.len()).max(at + 1) - 1);
            let line = *lines.start();
            let repo = if draft.shape == Shape::Item { of_all.as_ref() } else { None };
            let near = if draft.shape == Shape::Item { None } else { linked.only_repo(lines) };
            for mention in mentions {
                named.extend(resolve(&mention, prose, line, repo.or(near.as_ref())));
            }
        }
        for reference in named {
            refs.mention(reference);
        }
    }

    /// Events of the headings in the extent of `draft`, before its body.
    fn headings(&self, draft: &Draft) -> Vec<Range<usize>> {
        let before = draft.extent.start..draft.body.start;
        let blocks = &self.document.blocks;
        let first = blocks.partition_point(|block| block.place.start < before.start);
        let blocks = blocks[first..].iter().take_while(|block| block.place.start < before.end);
        blocks.filter(|block| matches!(block.kind, BlockKind::Heading(_))).map(|block| block.events.clone()).collect()
    }

    fn links(&mut self, reader: &Reader<'_, '_>, refs: &mut References) {
        for link in &reader.links {
            let line = self.line(link.at);
            let Some(target) = reference::classify(&link.url) else { continue };
            let url = target.unwrapped.unwrap_or_else(|| link.url.clone());
            let label = clean_line(link.label.trim()).into_owned();
            let id = clean_line(&target.id).into_owned();
            let reference = Found { kind: target.kind, id, host: target.host, url, label, line, inferred: false };
            self.understanding.problems.extend(reference::conflict(&reference));
            if let Some(other) = named_cve(&reference) {
                refs.link(other);
            }
            refs.link(reference);
        }
    }

    fn tags<'f>(&self, own: &str, found: &'f [Found], front: &[String]) -> Vec<super::tag::Given> {
        let repo = |found: &'f Found| Some((reference::repo_of(found.kind, &found.id)?, found.host.as_str()));
        let repos: Vec<(&str, &str)> = found.iter().filter_map(repo).collect();
        let urls: Vec<&str> = found.iter().map(|found| found.url.as_str()).collect();
        self.rules.tags(&Evidence { words: own, repos: &repos, urls: &urls, front })
    }
}

/// Kinds that people also filter by as topics.
fn tags_of_kinds(kinds: kind::Kinds) -> impl Iterator<Item = super::tag::Given> {
    let named = [(kind::Kind::Paper, "papers"), (kind::Kind::Incident, "incidents")];
    let given = named.into_iter().filter(move |(kind, _)| kinds.contains(*kind));
    given.map(|(kind, name)| super::tag::Given { name: name.to_owned(), why: format!("it is of kind {}", kind.name()) })
}

impl Growing<'_> {
    /// A draft without visible text is part of the entry before it, or else of the one after.
    fn skip(&mut self, extent: &Range<usize>) {
        match self.note.entries.last_mut() {
            Some(entry) => entry.extent = entry.extent.up_to(self.store.body(extent.clone())),
            None => self.skipped = self.skipped.or(Some(extent.start)),
        }
    }

    fn refs(&mut self, found: &[Found]) -> Range<u32> {
        let (store, refs) = (&mut self.store, &mut self.note.refs);
        let first = refs.len() as u32;
        refs.extend(found.iter().map(|found| RefRecord {
            kind: found.kind,
            id: store.keep(&found.id),
            host: store.keep(&found.host),
            url: store.keep(&found.url),
            label: store.keep(&found.label),
            line: found.line,
            inferred: found.inferred,
        }));
        first..refs.len() as u32
    }

    fn kinds(&mut self, given: &[kind::Given]) -> (kind::Kinds, Range<u32>) {
        let (store, reasons) = (&mut self.store, &mut self.note.kind_reasons);
        let first = reasons.len() as u32;
        reasons.extend(given.iter().map(|given| KindRecord { kind: given.kind, why: store.keep(&given.why) }));
        (given.iter().map(|given| given.kind).collect(), first..reasons.len() as u32)
    }

    fn tags(&mut self, given: &[super::tag::Given]) -> Range<u32> {
        let (store, tags) = (&mut self.store, &mut self.note.tags);
        let first = tags.len() as u32;
        tags.extend(given.iter().map(|tag| TagRecord { name: store.keep(&tag.name), why: store.keep(&tag.why) }));
        first..tags.len() as u32
    }
}

/// `text` without the list marker it begins with.
fn without_marker(text: &str) -> &str {
    let text = text.trim_start();
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest =
        if number.len() < text.len() { number.strip_prefix(['.', ')']) } else { text.strip_prefix(['-', '*', '+']) };
    rest.filter(|rest| rest.starts_with([' ', '\n']) || rest.is_empty()).unwrap_or(text)
}

impl Draft {
    /// Byte at which the entry's own text begins, after what introduces it.
    fn opening_line(&self, document: &Document<'_>) -> usize {
        document.events.get(self.opening.start).map_or(self.body.start, |(_, place)| place.start)
    }
}

/// A page of dated headings covers what they cover.
fn span_of_headings(note: &mut Note) {
    let spans = note.entries.iter().filter_map(|entry| entry.dated).map(|dated| dated.span);
    let Some(span) = spans.reduce(|hull, span| hull.hull(&span)) else { return };
    note.alternatives.extend(note.dated);
    note.dated = Some(date::Dated { span, evidence: date::Evidence::Heading, rule: "dated-headings" });
}

/// The text of the first paragraph among `events`, without the lists nested in it, as far as it
/// can be a title.
fn opening(document: &Document<'_>, events: Range<usize>) -> String {
    let mut reader = Reader::new(document, events.clone());
    let mut text = false;
    for (event, place) in &document.events[events] {
        match event {
            Event::Text(_) | Event::Code(_) => text = true,
            Event::Start(Tag::List(_)) | Event::End(TagEnd::Paragraph) if text => break,
            _ => {}
        }
        reader.event(event, place);
        if reader.plain.trim_start().len() > TITLE * 2 {
            break;
        }
    }
    reader.plain
}

/// The first sentence of `text`; two when the first is only a word or two.
pub(super) fn first_sentence(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let mut rest = line.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, c)| *c);
        let ends = matches!(c, '。' | '！' | '？') || matches!(c, '.' | '!' | '?') && next == Some(' ');
        if ends && at >= SHORT {
            return line[..at + c.len_utf8()].trim_end_matches(['。', '.']).to_owned();
        }
        if at >= TITLE {
            return format!("{}…", &line[..at]);
        }
    }
    line.trim_end_matches(['。', '.']).to_owned()
}

/// Bytes below which a sentence says too little to be a title.
const SHORT: usize = 12;
/// Bytes of a title; screens cut it by width, this only bounds lines without an end.
const TITLE: usize = 300;

/// The references of an entry, each once.
#[derive(Default)]
struct References {
    found: Vec<Found>,
    /// Kind, id and host of those found; kind and id for mentions, which change kinds.
    known: HashSet<u64>,
}

impl References {
    /// Of two links to the same thing the first stays.
    fn link(&mut self, reference: Found) {
        let named = hash([reference.kind.name(), &reference.id, &reference.host]);
        if self.known.insert(named) {
            self.known.insert(hash([group(reference.kind), &reference.id]));
            self.found.push(reference);
        }
    }

    /// A mention counts unless a link of the entry names the same.
    fn mention(&mut self, reference: Found) {
        if !self.known.contains(&hash([group(reference.kind), &reference.id])) {
            self.link(reference);
        }
    }
}

/// Prose may take a pull request for an issue.
fn group(kind: RefKind) -> &'static str {
    if kind.is_change() { "change" } else { kind.name() }
}

fn hash<const N: usize>(parts: [&str; N]) -> u64 {
    let mut hasher = xxhash_rust::xxh3::Xxh3::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.digest()
}

/// The repositories linked in an entry, by line.
struct Linked<'f>(Vec<(u32, &'f str, &'f str)>);

impl<'f> Linked<'f> {
    fn of(found: &'f [Found]) -> Linked<'f> {
        let repo =
            |found: &'f Found| Some((found.line, reference::repo_of(found.kind, &found.id)?, found.host.as_str()));
        let mut repos: Vec<_> = found.iter().filter_map(repo).collect();
        repos.sort_unstable();
        Linked(repos)
    }

    /// The repository, with its host, that all links of `lines` belong to, if it is one.
    fn only_repo(&self, lines: std::ops::RangeInclusive<u32>) -> Option<(String, String)> {
        let first = self.0.partition_point(|(line, ..)| line < lines.start());
        let mut repos = self.0[first..].iter().take_while(|(line, ..)| lines.contains(line));
        let (_, repo, host) = repos.next()?;
        repos.all(|(_, other, at)| (other, at) == (repo, host)).then(|| ((*repo).to_owned(), (*host).to_owned()))
    }
}

/// A CVE that the label names while the URL names another.
fn named_cve(reference: &Found) -> Option<Found> {
    let cve = reference::cve(&reference.label)?;
    (cve != reference.id).then(|| Found {
        kind: RefKind::Cve,
        url: cve_url(&cve),
        id: cve,
        host: NVD.to_owned(),
        ..reference.clone()
    })
}

const NVD: &str = "nvd.nist.gov";

fn cve_url(cve: &str) -> String {
    format!("https://{NVD}/vuln/detail/{cve}")
}

/// The reference a mention means, given the one repository linked around it.
fn resolve(mention: &Mention, prose: &str, line: u32, repo: Option<&(String, String)>) -> Option<Found> {
    let label = clean_line(&prose[mention.place.clone()]).into_owned();
    let found = |kind, id: String, host: &str, url, inferred| {
        Some(Found { kind, id, host: host.to_owned(), url, label, line, inferred })
    };
    match &mention.named {
        reference::Named::Cve(cve) => found(RefKind::Cve, cve.clone(), NVD, cve_url(cve), false),
        reference::Named::Rfc(number) => {
            let url = format!("https://www.rfc-editor.org/rfc/rfc{number}");
            found(RefKind::Rfc, format!("RFC {number}"), "rfc-editor.org", url, false)
        }
        reference::Named::Full { repo, number } => {
            let url = format!("https://github.com/{repo}/issues/{number}");
            found(RefKind::Issue, format!("{repo}#{number}"), "github.com", url, true)
        }
        reference::Named::Number { kind, number } => {
            let (repo, host) = repo?;
            let kind = kind.unwrap_or(RefKind::Issue);
            let path = match kind {
                RefKind::Mr => "-/merge_requests",
                RefKind::Pr => "pull",
                _ => "issues",
            };
            found(kind, format!("{repo}#{number}"), host, format!("https://{host}/{repo}/{path}/{number}"), true)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, siblings: &[&str], expected: &str) {
        let series = date::Series::of(siblings.iter().copied().chain([path]));
        let rules = Rules::parse("").expect("no rules are sound rules");
        let note = read(File { source: "notes", path, bytes: text.as_bytes() }, &series, &rules);
        let dated = note.dated.map_or("-".into(), |dated| format!("{} {}", dated.span, dated.evidence.name()));
        let codes: Vec<&str> = note.problems.iter().map(|problem| problem.code.name()).collect();
        assert_eq!([&[dated.as_str()], codes.as_slice()].concat().join(" "), expected, "{path}");
    }

    fn check_entries(text: &str, expected: &[(u32, &str, &str)]) {
        let rules = Rules::parse("").expect("no rules are sound rules");
        let file = File { source: "notes", path: "weekly.md", bytes: text.as_bytes() };
        let note = read(file, &date::Series::default(), &rules);
        let shown = |entry: &EntryRecord| (entry.line, note.text.get(entry.title), note.text.get(entry.body));
        assert_eq!(note.entries.iter().map(shown).collect::<Vec<_>>(), expected, "{text}");
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
        check("daily/2024-02-30.md", "- 甲\n", &[], "- date-impossible date-impossible");
        check("notes.txt", "于 2022-04-28 修好了 5/9 的网关\n", &[], "-");
        check("notes.txt", "2022-07-18 ~ 2022-07-24 工作记录\n\n甲\n", &[], "2022-07-18…07-24 title");
        check(
            "notes.txt",
            "2022年7月第四周周报\n\n1、甲\n2、乙\n",
            &[],
            "2022-07-18…07-24 title list-marker list-marker",
        );
        check("adoc.txt", "= Notes\nA Name\nv1.0, 2022-07-24\n\n* one\n", &[], "-");
        check("issue-12.txt", "Newsletter 12\n=============\n\n* one\n", &[], "-");
        check("a.org", "#+DATE: [2022-07-24 Sun]\n* 甲\n正文\n", &[], "2022-07-24 front-matter markup");
    }
}
