//! Cutting a note into entries: the units people look for.
//!
//! Sees the blocks of a document. Every byte of it lies in the extent of exactly one draft:
//! extents follow one another without a gap.

use crate::date;
use crate::markup::markdown::{Block, BlockKind, Document, TextExtractor};
use serde::{Deserialize, Serialize};
use std::{ops::Range, rc::Rc};

/// Columns of text before a list that are an introduction to it; more is prose of its own.
const LEAD: usize = 160;

/// Columns of text after a list that close it; more is a write-up of its own.
const CLOSING: usize = 80;

/// Bytes above which a note without headings and lists is cut at blank lines.
const LONG: usize = 6000;

/// Bytes of heads for each byte of a table, which every row shows again: a table whose head is so
/// much longer than its rows stays whole.
const HEADS: usize = 16;

/// Shape of the text that became an entry, for the X-ray.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Shape {
    /// An item of a list.
    Item,
    /// A headed section.
    Section,
    /// Prose that follows a list, with the lists inside it.
    WriteUp,
    /// A row of a table that is its section.
    Row,
    /// A paragraph of a long note.
    Paragraph,
    /// A whole note.
    Note,
}

impl Shape {
    pub fn name(self) -> &'static str {
        match self {
            Shape::Item => "list item",
            Shape::Section => "headed section",
            Shape::WriteUp => "write-up after a list",
            Shape::Row => "row of a table",
            Shape::Paragraph => "paragraph of a long note",
            Shape::Note => "whole note",
        }
    }
}

/// Reason for the way a note was cut, for the X-ray.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SplitReason {
    AskedNotes,
    AskedSections,
    AskedItems,
    #[default]
    Blank,
    Small,
    Prose,
    Bare,
    Usual,
}

impl SplitReason {
    pub fn name(self) -> &'static str {
        match self {
            SplitReason::AskedNotes => "whole notes, as its source is set",
            SplitReason::AskedSections => "headed sections, as its source is set",
            SplitReason::AskedItems => "list items, as its source is set",
            SplitReason::Blank => "nothing to cut",
            SplitReason::Small => "a whole note: prose, no date of its own, one heading at most",
            SplitReason::Prose => "headed sections: most lists of the note follow prose of their own",
            SplitReason::Bare => "no headings: items of its lists, or paragraphs where it is long",
            SplitReason::Usual => "items of the lists that open a section; other sections whole",
        }
    }
}

/// Units into which the notes of a source are cut.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryRule {
    /// Units that the shape of each note suggests.
    #[default]
    Auto,
    /// Items of lists, however much prose precedes them.
    Items,
    /// Sections under a heading, lists included.
    Sections,
    /// Whole notes.
    Notes,
}

/// Places in the document that will become an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryDraft {
    pub shape: Shape,
    /// Bytes that belong to the entry, headings before it included.
    pub extent: Range<usize>,
    /// Bytes that are shown as its text.
    pub body: Range<usize>,
    /// Events of the body.
    pub events: Range<usize>,
    /// Events from which its first sentence is taken, when it has no heading of its own.
    pub opening: Range<usize>,
    /// Index into [`NoteSplit::sections`].
    pub section: usize,
    /// True when the section's heading is this entry's own title.
    pub headed: bool,
    /// Head of the table that a row belongs to, which is shown above the row; else empty.
    pub head: Range<usize>,
}

/// The headings above an entry, outermost first, as plain text.
pub type HeadingPath = Vec<Rc<str>>;

/// A note cut into drafts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoteSplit {
    pub drafts: Vec<EntryDraft>,
    /// Heading paths, in order; the first is that of text before any heading.
    pub sections: Vec<HeadingPath>,
    /// Why the note was cut so, for the X-ray.
    pub why: SplitReason,
}

/// Consecutive blocks under one heading.
struct SectionBlocks {
    section: usize,
    blocks: Range<usize>,
    begin: usize,
    headed: bool,
}

/// Cuts `document`. `title` is the note's: a heading that repeats it is no section.
///
/// `small` says that the note is one thing if its shape allows: it has no date of its own
/// and does not call itself weekly.
pub fn cut(document: &Document<'_>, text: &str, title: &str, small: bool, rule: EntryRule) -> NoteSplit {
    let mut cutter = Splitter { document, text, rule, cut: NoteSplit::default(), preamble: None, by_sections: false };
    let parts = cutter.parts(title);
    let headings = document.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Heading(_))).count();
    let is_small = small && headings <= 1 && has_prose(&document.blocks) && text.len() <= LONG * 4;
    let is_blank = document.blocks.iter().all(|block| cutter.is_invisible(block));
    cutter.by_sections = rule == EntryRule::Auto && cutter.prefers_sections(&parts);
    cutter.cut.why = match rule {
        EntryRule::Notes => SplitReason::AskedNotes,
        EntryRule::Sections => SplitReason::AskedSections,
        EntryRule::Items => SplitReason::AskedItems,
        EntryRule::Auto if is_blank => SplitReason::Blank,
        EntryRule::Auto if is_small => SplitReason::Small,
        EntryRule::Auto if cutter.by_sections => SplitReason::Prose,
        EntryRule::Auto if headings == 0 => SplitReason::Bare,
        EntryRule::Auto => SplitReason::Usual,
    };
    if rule == EntryRule::Notes || rule == EntryRule::Auto && is_small || is_blank {
        cutter.whole();
    } else {
        for part in &parts {
            cutter.part(part, headings == 0);
        }
    }
    cutter.close();
    cutter.cut
}

struct Splitter<'d, 'a> {
    document: &'d Document<'a>,
    text: &'d str,
    rule: EntryRule,
    cut: NoteSplit,
    /// A short text before the first heading: it introduces, and is shown with, the first entry.
    preamble: Option<Range<usize>>,
    /// Most sections of the note are prose with lists in it: then a short text before a list is
    /// the beginning of such prose, and no introduction.
    by_sections: bool,
}

impl Splitter<'_, '_> {
    /// The visible blocks under each heading, with heading paths. A heading with
    /// nothing under it belongs to the blocks after it.
    fn parts(&mut self, title: &str) -> Vec<SectionBlocks> {
        let document = self.document;
        let mut open: Vec<(u8, Rc<str>)> = Vec::new();
        let title = bare(title);
        // The first day of a diary is no title, though it is the first heading.
        let is_diary = document.blocks.iter().filter(|block| block.kind == BlockKind::Heading(1)).count() > 1;
        let mut parts = vec![SectionBlocks { section: 0, blocks: 0..0, begin: 0, headed: false }];
        self.cut.sections.push(HeadingPath::new());
        for (at, block) in document.blocks.iter().enumerate() {
            let last = parts.last_mut().expect("one for the text before any heading");
            let BlockKind::Heading(level) = block.kind else {
                last.blocks.end = at + 1;
                continue;
            };
            let text = document.line_of(block);
            open.retain(|(above, _)| *above < level);
            let repeats = level == 1 && bare(&text) == title && !(is_diary && is_date(&text)) || text.is_empty();
            if !repeats {
                open.push((level, text.into()));
            }
            let section = self.cut.sections.len();
            self.cut.sections.push(open.iter().map(|(_, text)| text.clone()).collect());
            let begin = self.line_start(block.place.start);
            let begin = if self.is_empty(last) { last.begin } else { begin };
            parts.push(SectionBlocks { section, blocks: at + 1..at + 1, begin, headed: !repeats });
        }
        parts.retain(|part| !self.is_empty(part));
        parts
    }

    fn is_empty(&self, part: &SectionBlocks) -> bool {
        self.document.blocks[part.blocks.clone()].iter().all(|block| self.is_invisible(block))
    }

    fn part(&mut self, part: &SectionBlocks, bare: bool) {
        let blocks = &self.document.blocks[part.blocks.clone()];
        let introduced = |list: usize| match self.rule {
            EntryRule::Auto => self.is_lead(&blocks[..list]) && !(self.by_sections && has_prose(&blocks[..list])),
            rule => rule == EntryRule::Items,
        };
        let preamble = self.cut.sections[part.section].is_empty() && !bare && self.cut.drafts.is_empty();
        match first_list(blocks) {
            Some(list) if introduced(list) => self.items(part, list),
            None if preamble && self.is_lead(blocks) => {
                let from = self.preamble.as_ref().map_or(part.blocks.start, |before| before.start);
                self.preamble = Some(from..part.blocks.end);
            }
            None if self.rule != EntryRule::Sections && self.rows(part) => {}
            None if self.rule != EntryRule::Sections && bare && self.text.len() > LONG => self.paragraphs(part),
            _ => self.push(Shape::Section, part, part.blocks.clone(), part.begin, part.headed),
        }
    }

    /// Reports whether more sections are prose with lists in it than lists with an introduction.
    fn prefers_sections(&self, parts: &[SectionBlocks]) -> bool {
        let (mut prose, mut lists) = (0, 0);
        for part in parts {
            let blocks = &self.document.blocks[part.blocks.clone()];
            match first_list(blocks) {
                Some(list) if self.is_lead(&blocks[..list]) => lists += 1,
                Some(_) => prose += 1,
                None => {}
            }
        }
        prose > lists
    }

    /// Reports whether blocks before a list are no more than its introduction.
    fn is_lead(&self, blocks: &[Block]) -> bool {
        self.columns(blocks) <= LEAD
            && !self.is_lone_link(blocks)
            && !blocks.iter().any(|block| block.kind == BlockKind::Code)
    }

    /// Each item is an entry; prose after a list is a write-up up to the end of the section.
    fn items(&mut self, part: &SectionBlocks, first_list: usize) {
        let document = self.document;
        let mut at = part.blocks.start + first_list;
        let mut begin = part.begin;
        let mut lead = part.blocks.start..at;
        while at < part.blocks.end {
            if let BlockKind::List(items) = &document.blocks[at].kind {
                for (nth, (events, place)) in items.iter().enumerate() {
                    let start = self.line_start(place.start);
                    let from = if nth == 0 { lead.clone() } else { at..at };
                    self.item(part, events, place, if nth == 0 { begin.min(start) } else { start }, from);
                }
                at += 1;
                (begin, lead) = (usize::MAX, at..at);
                continue;
            }
            let next = (at..part.blocks.end).find(|at| matches!(document.blocks[*at].kind, BlockKind::List(_)));
            let run = at..next.unwrap_or(part.blocks.end);
            let blocks = &document.blocks[run.clone()];
            begin = self.line_start(blocks[0].place.start);
            if self.columns(blocks) > CLOSING {
                self.push(Shape::WriteUp, part, run.start..part.blocks.end, begin, false);
                return;
            }
            lead = run.clone();
            if next.is_none() || !self.introduces(blocks) {
                self.extend_last(&run);
                begin = next.map_or(begin, |next| self.line_start(document.blocks[next].place.start));
                lead = run.end..run.end;
            }
            at = run.end;
        }
    }

    fn item(
        &mut self,
        part: &SectionBlocks,
        events: &Range<usize>,
        place: &Range<usize>,
        begin: usize,
        lead: Range<usize>,
    ) {
        let visible = self.document.blocks[lead].iter().find(|block| !self.is_invisible(block));
        let (start, first) = match visible {
            Some(block) => (self.line_start(block.place.start), block.events.start),
            None => (self.line_start(place.start), events.start),
        };
        self.cut.drafts.push(EntryDraft {
            shape: Shape::Item,
            extent: begin..begin,
            body: start..place.end,
            events: first..events.end,
            opening: events.clone(),
            section: part.section,
            headed: false,
            head: 0..0,
        });
    }

    /// Makes each row an entry when the section is one table of links and nothing else; else returns
    /// false.
    fn rows(&mut self, part: &SectionBlocks) -> bool {
        let blocks = &self.document.blocks[part.blocks.clone()];
        let Some(at) = blocks.iter().position(|block| block.kind == BlockKind::Table) else { return false };
        if !blocks.iter().enumerate().all(|(nth, block)| nth == at || self.is_invisible(block)) {
            return false;
        }
        let rows = self.document.rows(&blocks[at]);
        let linked = rows.iter().filter(|row| row.link.is_some()).count();
        if rows.len() < 2 || linked * 2 <= rows.len() {
            return false;
        }
        let head = self.line_start(blocks[at].place.start)..self.line_start(rows[0].place.start);
        if head.len() * rows.len() > HEADS * blocks[at].place.len() {
            return false;
        }
        for (nth, row) in rows.iter().enumerate() {
            let start = self.line_start(row.place.start);
            self.cut.drafts.push(EntryDraft {
                shape: Shape::Row,
                extent: if nth == 0 { part.begin..part.begin } else { start..start },
                body: start..row.place.end,
                events: row.events.clone(),
                opening: row.link.clone().unwrap_or_else(|| row.events.clone()),
                section: part.section,
                headed: false,
                head: head.clone(),
            });
        }
        true
    }

    fn paragraphs(&mut self, part: &SectionBlocks) {
        for at in part.blocks.clone() {
            let block = &self.document.blocks[at];
            if block.kind == BlockKind::Paragraph || self.cut.drafts.is_empty() {
                let begin = self.line_start(block.place.start);
                let begin = if self.cut.drafts.is_empty() { part.begin } else { begin };
                self.push(Shape::Paragraph, part, at..at + 1, begin, false);
            } else {
                self.extend_last(&(at..at + 1));
            }
        }
    }

    fn push(&mut self, shape: Shape, part: &SectionBlocks, blocks: Range<usize>, begin: usize, headed: bool) {
        let blocks = &self.document.blocks[blocks];
        let visible = blocks.iter().find(|block| !self.is_invisible(block)).unwrap_or(&blocks[0]);
        let last = &blocks[blocks.len() - 1];
        let events = visible.events.start..last.events.end;
        let body = self.line_start(visible.place.start)..last.place.end;
        self.cut.drafts.push(EntryDraft {
            shape,
            extent: begin..begin,
            body,
            opening: events.clone(),
            events,
            section: part.section,
            headed,
            head: 0..0,
        });
    }

    /// Blocks that belong to the entry before them.
    fn extend_last(&mut self, blocks: &Range<usize>) {
        let last = &self.document.blocks[blocks.end - 1];
        if let Some(draft) = self.cut.drafts.last_mut() {
            draft.body.end = last.place.end;
            draft.events.end = last.events.end;
        }
    }

    fn whole(&mut self) {
        let blocks = &self.document.blocks;
        let from = usize::from(blocks.len() > 1 && matches!(blocks[0].kind, BlockKind::Heading(_)));
        let events = blocks.get(from).map_or(0, |block| block.events.start)..self.document.events.len();
        let start = blocks.get(from).map_or(0, |block| self.line_start(block.place.start));
        self.cut.drafts.push(EntryDraft {
            shape: Shape::Note,
            extent: 0..0,
            body: start..self.text.trim_end().len().max(start),
            opening: events.clone(),
            events,
            section: 0,
            headed: false,
            head: 0..0,
        });
    }

    /// Lets each extent reach to the next, the first from the start, the last to the end.
    fn close(&mut self) {
        if let Some(blocks) = self.preamble.take() {
            self.open_with(&blocks);
        }
        let ends: Vec<usize> =
            self.cut.drafts.iter().skip(1).map(|draft| draft.extent.start).chain([self.text.len()]).collect();
        if let Some(first) = self.cut.drafts.first_mut() {
            first.extent.start = 0;
        }
        for (draft, end) in self.cut.drafts.iter_mut().zip(ends) {
            draft.extent.end = end;
            // The parser counts the blanks before a block to the code before it.
            draft.body.end = draft.body.end.min(end);
        }
    }

    fn open_with(&mut self, blocks: &Range<usize>) {
        let first = &self.document.blocks[blocks.clone()].iter().find(|block| !self.is_invisible(block));
        let Some(first) = first else { return };
        match self.cut.drafts.first_mut() {
            Some(draft) => {
                draft.body.start = self.text[..first.place.start].rfind('\n').map_or(0, |feed| feed + 1);
                draft.events.start = first.events.start;
            }
            None => self.push(
                Shape::Section,
                &SectionBlocks { section: 0, blocks: blocks.clone(), begin: 0, headed: false },
                blocks.clone(),
                0,
                false,
            ),
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |feed| feed + 1)
    }

    /// Columns of text of the author's own: no quotations, code or image captions.
    fn columns(&self, blocks: &[Block]) -> usize {
        blocks.iter().map(|block| self.block_columns(block)).sum()
    }

    fn block_columns(&self, block: &Block) -> usize {
        if matches!(block.kind, BlockKind::Quote | BlockKind::Code | BlockKind::Html) {
            return 0;
        }
        let mut reader = TextExtractor::new(self.document, block.events.clone());
        reader.read();
        let urls: usize =
            reader.links.iter().filter(|link| link.label == link.url).map(|link| width(&link.label)).sum();
        width(&reader.own).saturating_sub(urls)
    }

    /// A source link alone on the line under a heading, as link blogs have it.
    fn is_lone_link(&self, blocks: &[Block]) -> bool {
        let Some(block) = blocks.iter().find(|block| !self.is_invisible(block)) else { return false };
        let mut reader = TextExtractor::new(self.document, block.events.clone());
        reader.read();
        block.kind == BlockKind::Paragraph && reader.links.len() == 1 && reader.links[0].label == reader.plain.trim()
    }

    /// Reports whether short prose between two lists introduces the second.
    fn introduces(&self, blocks: &[Block]) -> bool {
        blocks.last().is_some_and(|block| {
            block.kind == BlockKind::Paragraph && self.document.line_of(block).ends_with([':', '：'])
        })
    }

    fn is_invisible(&self, block: &Block) -> bool {
        match block.kind {
            BlockKind::Heading(_) | BlockKind::Rule => true,
            BlockKind::Html => self.document.line_of(block).is_empty(),
            _ => false,
        }
    }
}

fn has_prose(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::Code))
}

fn first_list(blocks: &[Block]) -> Option<usize> {
    blocks.iter().position(|block| matches!(block.kind, BlockKind::List(_)))
}

fn is_date(heading: &str) -> bool {
    date::heading(heading, date::DateContext { year: Some(2000), ..date::DateContext::default() }).is_some()
}

/// Letters and digits of a heading, folded.
fn bare(heading: &str) -> String {
    crate::text::fold(heading).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text.trim())
}
