//! The entries of one note: each draft with its title, references, kinds and tags.
//!
//! Sees what the note is known to be; knows nothing of files, dates in names or other notes.

use super::{
    EntryKey, EntryRecord, KindRecord, NameRecord, Note, TagRecord, TagWhy,
    kind::{self, KindInput},
    name,
    split::{EntryDraft, HeadingPath, NoteSplit, Shape},
    tag::{TagInput, TagReason, TagRules, hashtags},
    text::{Slice, TextBuilder},
};
use crate::{
    date,
    markup::{
        front_matter::FrontMatter,
        markdown::{BlockKind, Document, TextExtractor},
        normalize::{NormalizedText, is_property},
    },
    reference::{self, FoundReference, LinkedRepos, References},
    text::{Problem, clean_line},
};
use pulldown_cmark::{Event, Tag, TagEnd};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
    rc::Rc,
};
use xxhash_rust::xxh3::xxh3_64;

/// Context with an arbitrary year, to test whether a heading is a date at all.
const A_YEAR: date::DateContext = date::DateContext { year: Some(2000), weeks: date::WeekRule::Sunday };

/// Maximum number of tags of front matter that are read.
const FRONT_TAGS: usize = 64;

/// Reads the entries of one note.
pub(super) struct EntryReader<'u, 'd, 'a> {
    pub front: &'u FrontMatter,
    pub body: &'u NormalizedText,
    pub problems: &'u mut Vec<Problem>,
    pub document: &'d Document<'a>,
    pub rules: &'u TagRules,
    pub lines: LineIndex,
    pub text: &'a str,
}

/// A note under construction: entries are added one after another.
struct NoteBuilder<'n> {
    note: &'n mut Note,
    store: TextBuilder,
    /// Number of entries so far by the hash of their text.
    seen: HashMap<u64, u32>,
    /// Topics of the front matter.
    front: Vec<String>,
    /// Hashtags of the headings of each section, as they are written.
    hashtags: Vec<String>,
    /// The title of the note, stored once for all entries that have no other.
    title: Option<Slice>,
    /// Buffer for the words of an entry, then for the text its key is made of.
    words: String,
    /// Start of the extents of drafts without visible text that precede the first entry.
    skipped: Option<usize>,
}

/// A draft of an entry with its headings and its title, if it has one of its own.
struct TitledDraft<'e> {
    draft: &'e EntryDraft,
    section: &'e [Rc<str>],
    title: Option<String>,
}

impl<'u> EntryReader<'u, '_, '_> {
    pub fn read(&mut self, cut: &NoteSplit, spans: &[Option<date::DatedSpan>], note: &mut Note) {
        let mut store = TextBuilder::new(self.text);
        note.body = store.body(0..self.text.len());
        note.sections = along(&cut.sections, |heading| store.keep(heading));
        let hashtags = along(&cut.sections, |heading| hashtags(heading).map(|tag| [" #", tag].concat()).collect());
        let hashtags = hashtags.iter().map(|tags: &Vec<String>| tags.concat()).collect();
        let front = self.front_tags();
        let (seen, words) = (HashMap::new(), String::new());
        let mut building = NoteBuilder { note, store, seen, front, hashtags, title: None, words, skipped: None };
        let has_text = !self.text.trim().is_empty();
        let mut reader = TextExtractor::new(self.document, 0..0);
        for draft in &cut.drafts {
            let sentence = read(&mut reader, self.document, draft);
            if has_text && (reader.is_visible() || cut.drafts.len() == 1) {
                let section = &cut.sections[draft.section];
                let title = self.entry_title(draft, section, building.note, sentence);
                let titled = TitledDraft { draft, section, title };
                self.entry(&titled, &mut reader, spans[draft.section], &mut building);
            } else {
                building.skip(&draft.extent);
            }
        }
        let NoteBuilder { note, store, .. } = building;
        note.text = store.finish();
        if note.entries.iter().filter(|entry| entry.dated.is_some()).count() >= 2 {
            span_of_headings(note);
        }
    }

    /// Adds one entry to the note. `reader` has read the draft.
    fn entry(
        &mut self,
        titled: &TitledDraft<'_>,
        reader: &mut TextExtractor<'_, '_>,
        dated: Option<date::DatedSpan>,
        building: &mut NoteBuilder<'_>,
    ) {
        let TitledDraft { draft, section, title } = titled;
        let mut found = self.references(draft, reader);
        let mut words = std::mem::take(&mut building.words);
        write_words(titled, building.note, &reader.own, &mut words);
        let reasons = kind::kinds(&KindInput { words: &words, section, refs: &found });
        let (kinds, kind_reasons) = building.kinds(&reasons);
        if !draft.headed {
            words.push_str(&building.hashtags[draft.section]);
        }
        let mut tags = self.tags(&words, &found, &building.front);
        tags.extend(tags_of_kinds(kinds));
        let tags = building.tags(tags);
        let repos = found.iter().filter_map(|found| reference::repo_of(found.kind, &found.id));
        building.names(&name::names(&words, repos, |name| self.rules.knows(name)));
        self.code_links(reader, &mut found);
        let refs = building.refs(&found);
        let key = building.key(self.key_text(draft, section, &mut words));
        building.words = words;
        let record = EntryRecord {
            key,
            shape: draft.shape,
            line: self.line(draft.opening_line(self.document)),
            title: building.title(title.as_deref(), draft.section),
            body: building.body(self.text, draft),
            extent: building.extent(draft),
            plain: building.store.keep(reader.plain.trim()),
            section: draft.section as u32,
            dated,
            kinds,
            kind_reasons,
            refs,
            tags,
            has_code: reader.has_code,
            has_image: !reader.images.is_empty(),
        };
        building.note.entries.push(record);
    }

    /// Topics of the front matter, which every entry of the note has: each once, at most
    /// [`FRONT_TAGS`].
    fn front_tags(&self) -> Vec<String> {
        let mut known = HashSet::new();
        let keys = ["tags", "categories", "keywords"];
        let tags = self.front.list(&keys).filter(|tag| known.insert(*tag));
        tags.take(FRONT_TAGS).map(str::to_owned).collect()
    }

    /// Hash of the text that the key of an entry is made of: its own heading and its text without
    /// its introduction and its list marker, which an edit elsewhere in the list would renumber.
    fn key_text(&self, draft: &EntryDraft, section: &[Rc<str>], buffer: &mut String) -> u64 {
        let start = draft.opening_line(self.document).clamp(draft.body.start, draft.body.end);
        let text = self.text.get(start..draft.body.end).unwrap_or(&self.text[draft.body.clone()]);
        let heading = section.last().filter(|_| draft.headed).map_or("", |heading| heading);
        buffer.clear();
        buffer.extend([heading, "\0", without_marker(text).trim()]);
        xxh3_64(buffer.as_bytes())
    }

    /// The line of the file for byte `at` of the repaired body.
    fn line(&self, at: usize) -> u32 {
        self.body.line(self.lines.at(at))
    }

    /// Title of an entry; `None` when nothing in it can be one, and the section's title is used.
    fn entry_title(
        &self,
        draft: &EntryDraft,
        section: &[Rc<str>],
        note: &Note,
        sentence: Option<String>,
    ) -> Option<String> {
        let heading = section.last().filter(|_| draft.headed).and_then(|heading| without_date(heading));
        let title = match (heading, draft.shape) {
            (Some(heading), _) => heading.to_owned(),
            (None, Shape::Note) => note.title.clone(),
            (None, _) if has_note_title(note, draft, section) => note.title.clone(),
            _ => sentence.unwrap_or_else(|| first_sentence(&opening(self.document, draft.opening.clone()))),
        };
        let title = clean_line(title.trim());
        let title = title.trim();
        let title = if title.ends_with("::") { title } else { title.trim_end_matches(GOES_ON).trim_end() };
        (!title.is_empty()).then(|| title.to_owned())
    }

    /// References of the entry and of the headings before it.
    fn references(&mut self, draft: &EntryDraft, reader: &mut TextExtractor<'_, '_>) -> Vec<FoundReference> {
        let mut refs = References::default();
        for heading in self.headings(draft) {
            let mut reader = TextExtractor::new(self.document, heading);
            reader.read();
            self.links(&mut reader, &mut refs);
        }
        self.links(reader, &mut refs);
        for note in reader.footnotes.iter().filter_map(|label| self.document.footnotes.get(label)) {
            let mut reader = TextExtractor::new(self.document, note.clone());
            reader.read();
            self.links(&mut reader, &mut refs);
        }
        self.mentions(draft, reader, &mut refs);
        refs.found
    }

    /// Adds the references that prose mentions: a list item is about one repository, longer prose
    /// about one in each paragraph.
    fn mentions(&self, draft: &EntryDraft, reader: &TextExtractor<'_, '_>, refs: &mut References) {
        let linked = LinkedRepos::of(&refs.found);
        let mut named = Vec::new();
        let of_all = linked.only_repo(0..=u32::MAX);
        let mut pieces = reader.prose().peekable();
        while let Some((at, prose)) = pieces.next() {
            let mentions = reference::mentions(prose);
            if mentions.is_empty() {
                continue;
            }
            let end = pieces.peek().map_or(usize::MAX, |(next, _)| *next);
            let lines = self.line(at)..=self.line(end.min(self.text.len()).max(at + 1) - 1);
            let line = *lines.start();
            let repo = if draft.shape == Shape::Item { of_all.as_ref() } else { None };
            let near = if draft.shape == Shape::Item { None } else { linked.only_repo(lines) };
            for mention in mentions {
                named.extend(reference::resolve(&mention, prose, line, repo.or(near.as_ref())));
            }
        }
        for reference in named {
            refs.mention(reference);
        }
    }

    /// Events of the headings in the extent of `draft`, before its body.
    fn headings(&self, draft: &EntryDraft) -> Vec<Range<usize>> {
        let before = draft.extent.start..draft.body.start;
        let blocks = &self.document.blocks;
        let first = blocks.partition_point(|block| block.place.start < before.start);
        let blocks = blocks[first..].iter().take_while(|block| block.place.start < before.end);
        blocks.filter(|block| matches!(block.kind, BlockKind::Heading(_))).map(|block| block.events.clone()).collect()
    }

    fn links(&mut self, reader: &mut TextExtractor<'_, '_>, refs: &mut References) {
        for link in reader.links.drain(..) {
            let line = self.line(link.at);
            let Some(target) = reference::classify(&link.url) else { continue };
            let label = clean_line(link.label.trim()).into_owned();
            // The label of a bare URL is the URL itself and names nothing else.
            let is_bare = label == link.url;
            let url = target.unwrapped.unwrap_or(link.url);
            let id = match clean_line(&target.id) {
                Cow::Borrowed(_) => target.id,
                Cow::Owned(id) => id,
            };
            let reference =
                FoundReference { kind: target.kind, id, host: target.host, url, label, line, inferred: false };
            let told = Some(&reference).filter(|_| !is_bare);
            self.problems.extend(told.and_then(reference::conflict));
            let other = told.and_then(reference::named_by_label);
            let (first, second) = match other {
                // The label of a CVE is what is read; a number in it is only inferred.
                Some(other) if !other.inferred => (other, Some(reference)),
                other => (reference, other),
            };
            refs.link(first);
            if let Some(second) = second {
                refs.link(second);
            }
        }
    }

    /// Adds the URLs in code: they can be opened, and tell nothing else about the entry.
    fn code_links(&self, reader: &TextExtractor<'_, '_>, found: &mut Vec<FoundReference>) {
        let mut known: HashSet<String> = HashSet::new();
        for link in &reader.code_links {
            let is_new = known.insert(link.url.clone()) && found.iter().all(|other| other.url != link.url);
            found.extend(reference::in_code(&link.url, self.line(link.at)).filter(|_| is_new));
        }
    }

    fn tags<'f>(&self, own: &str, found: &'f [FoundReference], front: &[String]) -> Vec<TagReason<'u>> {
        let repo = |found: &'f FoundReference| Some((reference::repo_of(found.kind, &found.id)?, found.host.as_str()));
        let repos: Vec<(&str, &str)> = found.iter().filter_map(repo).collect();
        let urls: Vec<&str> = found.iter().map(|found| found.url.as_str()).collect();
        self.rules.tags(&TagInput { words: own, repos: &repos, urls: &urls, front })
    }
}

/// Writes the words that tell the kinds and tags of an entry: `own` under the title that stands
/// above it.
fn write_words(titled: &TitledDraft<'_>, note: &Note, own: &str, words: &mut String) {
    let TitledDraft { draft, section, title } = titled;
    words.clear();
    if draft.headed || draft.shape == Shape::Note || has_note_title(note, draft, section) {
        words.push_str(match (title, section.last()) {
            (Some(title), _) => title,
            (None, Some(heading)) => heading,
            (None, None) => &note.title,
        });
    }
    words.push('\n');
    words.push_str(own);
}

/// Reports whether the title of `note` is that of the draft: prose right under it.
fn has_note_title(note: &Note, draft: &EntryDraft, section: &[Rc<str>]) -> bool {
    note.is_telling && draft.shape == Shape::Section && section.is_empty()
}

/// Kinds that people also filter by as topics.
fn tags_of_kinds<'r>(kinds: kind::Kinds) -> impl Iterator<Item = TagReason<'r>> {
    let named = [(kind::Kind::Paper, "papers"), (kind::Kind::Incident, "incidents")];
    let given = named.into_iter().filter(move |(kind, _)| kinds.contains(*kind));
    given.map(|(kind, name)| TagReason { name: name.into(), why: TagWhy::Kind(kind) })
}

/// Makes a value of each heading of each path; paths that share headings share their values.
fn along<T: Clone>(paths: &[HeadingPath], mut made: impl FnMut(&str) -> T) -> Vec<Vec<T>> {
    let mut all: Vec<Vec<T>> = Vec::with_capacity(paths.len());
    for (at, path) in paths.iter().enumerate() {
        let above = at.checked_sub(1).map_or(&[][..], |above| &paths[above]);
        let shared = path.iter().zip(above).take_while(|(heading, above)| Rc::ptr_eq(heading, above)).count();
        let mut of_path: Vec<T> = all.last().map_or_else(Vec::new, |above| above[..shared].to_vec());
        of_path.extend(path[shared..].iter().map(|heading| made(heading)));
        all.push(of_path);
    }
    all
}

impl NoteBuilder<'_> {
    /// Stores the title of an entry; a title of the section or note is stored once.
    fn title(&mut self, own: Option<&str>, section: usize) -> Slice {
        match (own, self.note.sections[section].last()) {
            (Some(own), _) => self.store.keep(own),
            (None, Some(heading)) => *heading,
            (None, None) => *self.title.get_or_insert_with(|| self.store.keep(&self.note.title)),
        }
    }

    /// The key of the next entry, whose text has the hash `text`.
    fn key(&mut self, text: u64) -> EntryKey {
        let occurrence = self.seen.entry(text).and_modify(|count| *count += 1).or_insert(0);
        EntryKey::new(&self.note.path, text, *occurrence)
    }

    /// The Markdown of `draft`; below the head of its table for a row.
    fn body(&mut self, text: &str, draft: &EntryDraft) -> Slice {
        if draft.head.is_empty() {
            return self.store.body(draft.body.clone());
        }
        self.store.keep(&[&text[draft.head.clone()], &text[draft.body.clone()]].concat())
    }

    /// The extent of `draft`, with those of the drafts skipped before it.
    fn extent(&mut self, draft: &EntryDraft) -> Slice {
        let start = self.skipped.take().unwrap_or(draft.extent.start);
        self.store.body(start..draft.extent.end)
    }

    /// Skips a draft without visible text: its extent is part of the entry before it, or else of
    /// the one after.
    fn skip(&mut self, extent: &Range<usize>) {
        match self.note.entries.last_mut() {
            Some(entry) => entry.extent = entry.extent.up_to(self.store.body(extent.clone())),
            None => self.skipped = self.skipped.or(Some(extent.start)),
        }
    }

    fn refs(&mut self, found: &[FoundReference]) -> Range<u32> {
        let (store, refs) = (&mut self.store, &mut self.note.refs);
        let first = refs.len() as u32;
        refs.extend(found.iter().map(|found| found.map(|text| store.keep(text))));
        first..refs.len() as u32
    }

    /// Stores names of the next entry.
    fn names(&mut self, met: &[name::NameMention<'_>]) {
        let entry = self.note.entries.len() as u32;
        let store = &mut self.store;
        let records = met.iter().map(|met| NameRecord { entry, kind: met.kind, name: store.keep(met.name) });
        self.note.names.extend(records);
    }

    fn kinds(&mut self, given: &[kind::KindReason]) -> (kind::Kinds, Range<u32>) {
        let (store, reasons) = (&mut self.store, &mut self.note.kind_reasons);
        let first = reasons.len() as u32;
        reasons.extend(given.iter().map(|given| KindRecord { kind: given.kind, why: store.keep(&given.why) }));
        (given.iter().map(|given| given.kind).collect(), first..reasons.len() as u32)
    }

    fn tags(&mut self, given: Vec<TagReason<'_>>) -> Range<u32> {
        let first = self.note.tags.len() as u32;
        for TagReason { name, why } in given {
            let name = self.store.keep(&name);
            let why = why.map(|text| self.store.keep(&text));
            self.note.tags.push(TagRecord { name, why });
        }
        first..self.note.tags.len() as u32
    }
}

/// Byte offsets of the lines of a text.
pub(super) struct LineIndex(Vec<usize>);

impl LineIndex {
    pub(super) fn of(text: &str) -> LineIndex {
        LineIndex(std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect())
    }

    /// The line that holds byte `at`, from 0.
    pub(super) fn at(&self, at: usize) -> u32 {
        self.0.partition_point(|start| *start <= at).saturating_sub(1) as u32
    }
}

/// Strips the date from a heading; `None` when nothing else is left.
fn without_date(heading: &str) -> Option<&str> {
    if date::heading(heading, A_YEAR).is_none() {
        return Some(heading);
    }
    date::stamped(heading).map(|(_, rest)| rest).filter(|rest| rest.chars().any(char::is_alphanumeric))
}

/// `text` without the list marker it begins with.
fn without_marker(text: &str) -> &str {
    let text = text.trim_start();
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest =
        if number.len() < text.len() { number.strip_prefix(['.', ')']) } else { text.strip_prefix(['-', '*', '+']) };
    rest.filter(|rest| rest.starts_with([' ', '\n']) || rest.is_empty()).unwrap_or(text)
}

impl EntryDraft {
    /// Byte at which the entry's own text begins, after what introduces it.
    fn opening_line(&self, document: &Document<'_>) -> usize {
        document.events.get(self.opening.start).map_or(self.body.start, |(_, place)| place.start)
    }
}

/// Dates a note of dated headings by the span of them all. When some entries are under no dated
/// heading, the span includes the note's own date, and a note without one stays undated.
fn span_of_headings(note: &mut Note) {
    let spans = note.entries.iter().filter_map(|entry| entry.dated).map(|dated| dated.span);
    let Some(mut span) = spans.reduce(|hull, span| hull.hull(&span)) else { return };
    if note.entries.iter().any(|entry| entry.dated.is_none()) {
        let Some(own) = note.dated else { return };
        span = span.hull(&own.span);
    }
    note.alternatives.extend(note.dated);
    note.dated = Some(date::DatedSpan { span, evidence: date::Evidence::Heading, rule: date::DateRule::DatedHeadings });
}

/// Reads the events of `draft` and returns its first sentence, when that is on lines of its own:
/// the same text that [`opening`] reads.
fn read<'d, 'a>(reader: &mut TextExtractor<'d, 'a>, document: &'d Document<'a>, draft: &EntryDraft) -> Option<String> {
    let opening = &draft.opening;
    let (mut begin, mut text, mut sentence, mut about) = (None, false, None, false);
    reader.turn_to(draft.events.clone());
    for at in draft.events.clone() {
        let (event, place) = &document.events[at];
        if let (Some(begin), None) = (begin, &sentence) {
            match event {
                _ if at >= opening.end => sentence = Some(first_sentence(&reader.plain[begin..])),
                Event::Text(_) | Event::Code(_) => text = true,
                Event::Start(Tag::List(_)) | Event::End(TagEnd::Paragraph) if text => {
                    about = is_about_itself(&reader.plain[begin..]);
                    sentence = Some(first_sentence(&reader.plain[begin..]));
                }
                _ => {}
            }
        }
        reader.event(event, place);
        if at == opening.start && matches!(event, Event::Start(_)) && reader.is_at_line_start() {
            begin = Some(reader.plain.len());
        }
    }
    let all = || {
        let text = &reader.plain[begin?..];
        (!is_about_itself(text)).then(|| first_sentence(text))
    };
    sentence.or_else(all).filter(|_| !about)
}

/// The text of the first paragraph among `events`, without the lists nested in it, as far as it
/// can be a title. A paragraph of properties (`key:: value`) is skipped if another follows.
fn opening(document: &Document<'_>, events: Range<usize>) -> String {
    let mut reader = TextExtractor::new(document, events.clone());
    let mut text = false;
    let mut about = String::new();
    for (event, place) in &document.events[events] {
        match event {
            Event::Text(_) | Event::Code(_) => text = true,
            Event::End(TagEnd::Paragraph) if about.is_empty() && is_about_itself(&reader.plain) => {
                about = std::mem::take(&mut reader.plain);
                text = false;
            }
            Event::Start(Tag::List(_)) | Event::End(TagEnd::Paragraph) if text => break,
            _ => {}
        }
        reader.event(event, place);
        if reader.plain.trim_start().len() > TITLE * 2 {
            break;
        }
    }
    if reader.plain.trim().is_empty() { about } else { reader.plain }
}

fn is_about_itself(text: &str) -> bool {
    !text.trim().is_empty() && text.trim().lines().all(|line| is_property(line.trim()))
}

/// Punctuation after which a sentence goes on; trimmed from the end of a title.
const GOES_ON: [char; 8] = ['，', ',', '、', '；', ';', '：', ':', '—'];

/// The first sentence of `text`; two when the first is only a word or two.
pub(super) fn first_sentence(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    for (at, c) in line.char_indices().skip_while(|(at, _)| *at < SHORT) {
        let after = at + c.len_utf8();
        let ends = match c {
            '。' | '！' | '？' => true,
            '.' | '!' | '?' => line.as_bytes().get(after) == Some(&b' '),
            _ => false,
        };
        if ends {
            return line[..after].trim_end_matches(['。', '.']).to_owned();
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
