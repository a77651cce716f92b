//! Reading a query as people type it.
//!
//! A hand-written descent over a handful of signs. It never fails: what is no clause is text,
//! and a [`Notice`] says so.

use super::{Atom, Clause, EntryPart, Fact, Order, Period, Query, fact};
use crate::{log::Log, note::Kind, text::fold};
use jiff::civil::Date;
use std::{ops::Range, sync::Arc};

/// Something in a typed query that was not taken as it seems to be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Bytes of the typed text.
    pub place: Range<usize>,
    pub message: String,
}

/// A clause with its place in the typed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedAtom {
    pub place: Range<usize>,
    pub atom: Atom,
}

/// A typed query, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedQuery {
    pub query: Query,
    pub notices: Vec<Notice>,
    /// Its clauses as they were typed, in order.
    pub pieces: Vec<LocatedAtom>,
    /// Where fields with a value that they take stand, `sort:` among them: bytes of the typed text.
    pub fields: Vec<Range<usize>>,
}

impl ParsedQuery {
    /// What in the query no entry of `log` can answer: tags that it does not have.
    pub fn unanswerable(&self, log: &Log) -> Vec<Notice> {
        let unknown = |piece: &LocatedAtom| match &piece.atom {
            Atom::Tag(name) if log.tag(name).is_none() => {
                let nearest = nearest_tag(name, log);
                let meant = nearest.map_or(String::new(), |tag| format!(". Did you mean tag:{tag}?"));
                Some(Notice {
                    place: piece.place.clone(), message: format!("no entry has the tag “{name}”{meant}")
                })
            }
            _ => None,
        };
        self.pieces.iter().filter_map(unknown).collect()
    }
}

/// The name of a tag of `log` that is two slips away at most, or that `name` is a part of: a
/// tag's own before an alias.
pub(super) fn nearest_tag<'l>(name: &str, log: &'l Log) -> Option<&'l str> {
    let name = fold(name);
    let far = |tag: &str| {
        let slips = strsim::osa_distance(&name, tag);
        let part = name.chars().count() > 1 && tag.contains(&name);
        (slips <= 2 && slips * 2 < name.chars().count() || part).then_some(slips)
    };
    let near = log.tag_names().filter_map(|(known, tag)| {
        let own = log.tags()[tag.0 as usize].name.as_str();
        let is_alias = fold(own) != known;
        Some((far(known)?, is_alias, if is_alias { known } else { own }))
    });
    near.min().map(|(.., tag)| tag)
}

/// Characters of a query that are looked at: more is a paste by mistake.
const LONGEST: usize = 1000;
/// Brackets within brackets; deeper ones are text.
const DEEPEST: usize = 16;

pub(super) fn parse(text: &str, today: Option<Date>) -> ParsedQuery {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let mut parser = Parser {
        text: &text[..end],
        at: 0,
        today,
        order: None,
        notices: Vec::new(),
        pieces: Vec::new(),
        fields: Vec::new(),
    };
    let mut query = parser.alternatives(0);
    while parser.at < parser.text.len() {
        // A bracket that closes nothing.
        parser.at += 1;
        query.clauses.extend(parser.alternatives(0).clauses);
    }
    if end < text.len() {
        parser.notices.push(Notice {
            place: end..text.len(),
            message: format!("only the first {LONGEST} characters are searched"),
        });
    }
    query.order = parser.order;
    ParsedQuery { query, notices: parser.notices, pieces: parser.pieces, fields: parser.fields }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    today: Option<Date>,
    order: Option<Order>,
    notices: Vec<Notice>,
    pieces: Vec<LocatedAtom>,
    fields: Vec<Range<usize>>,
}

impl<'t> Parser<'t> {
    /// `a b OR c`: all of `a b`, or `c`.
    fn alternatives(&mut self, depth: usize) -> Query {
        let mut queries = vec![self.all(depth)];
        while self.keyword("OR") {
            queries.push(self.all(depth));
        }
        queries.retain(|query| !query.is_empty());
        match queries.len() {
            0 | 1 => queries.pop().unwrap_or_default(),
            _ => Query { clauses: vec![Clause { negated: false, atom: Atom::Any(queries) }], order: None },
        }
    }

    fn all(&mut self, depth: usize) -> Query {
        let mut clauses = Vec::new();
        loop {
            self.blanks();
            if self.rest().is_empty() || self.rest().starts_with(')') || self.is_keyword("OR") {
                return Query { clauses, order: None };
            }
            let negated = self.negation();
            if self.rest().is_empty() || self.rest().starts_with(')') {
                continue;
            }
            match self.group(depth) {
                Some(query) if query.is_empty() => {}
                Some(mut query) if !negated && !matches!(query.clauses[..], [Clause { atom: Atom::Any(_), .. }]) => {
                    clauses.append(&mut query.clauses);
                }
                Some(mut query) => match query.clauses.pop() {
                    Some(Clause { negated: inner, atom }) if query.clauses.is_empty() => {
                        clauses.push(Clause { negated: negated != inner, atom });
                    }
                    last => {
                        query.clauses.extend(last);
                        clauses.push(Clause { negated, atom: Atom::Any(vec![query]) });
                    }
                },
                None => clauses.extend(self.atom().map(|atom| Clause { negated, atom })),
            }
        }
    }

    /// `-x`, `NOT x`, `!x`.
    fn negation(&mut self) -> bool {
        let mut negated = false;
        loop {
            let rest = self.rest();
            let next = rest.chars().nth(1);
            if matches!(rest.chars().next(), Some('-' | '－'))
                && next.is_some_and(|next| !next.is_whitespace() && next != '-' && next != ')')
            {
                self.at += rest.chars().next().map_or(0, char::len_utf8);
            } else if !self.keyword("NOT") {
                return negated;
            }
            negated = !negated;
            self.blanks();
        }
    }

    fn group(&mut self, depth: usize) -> Option<Query> {
        if !self.rest().starts_with('(') || depth >= DEEPEST {
            return None;
        }
        self.at += 1;
        let query = self.alternatives(depth + 1);
        if self.rest().starts_with(')') {
            self.at += 1;
        }
        Some(query)
    }

    fn atom(&mut self) -> Option<Atom> {
        let start = self.at;
        let atom = self.bare_atom()?;
        self.pieces.push(LocatedAtom { place: start..self.at, atom: atom.clone() });
        Some(atom)
    }

    fn bare_atom(&mut self) -> Option<Atom> {
        if let Some(phrase) = self.quoted() {
            return (!phrase.is_empty()).then_some(Atom::Phrase(phrase));
        }
        let start = self.at;
        let word = self.word();
        if let Some(atom) = hashtag(word) {
            self.fields.push(start..self.at);
            return Some(atom);
        }
        let Some((name, value_at)) = field(word) else { return text(word) };
        let value = if word.len() == value_at { self.quoted() } else { None };
        let value = value.unwrap_or_else(|| word[value_at..].to_owned());
        let reading = self.field(name, &value, start);
        if !matches!(reading, ParsedField::Text) {
            self.fields.push(start..self.at);
        }
        match reading {
            ParsedField::Atom(atom) => Some(atom),
            ParsedField::Order(order) => {
                self.order = Some(order);
                None
            }
            ParsedField::Text => text(&self.text[start..self.at]),
        }
    }

    /// What `name:value` is; when it is nothing, a notice says why.
    fn field(&mut self, name: &str, value: &str, start: usize) -> ParsedField {
        let place = start..self.at;
        if value.is_empty() {
            return ParsedField::Text;
        }
        let Some(field) = QueryField::from_name(name) else {
            if let Some(nearest) = QueryField::nearest(name) {
                let message = format!("no field is called “{name}”: searched as text. Did you mean {nearest}:?");
                self.notices.push(Notice { place, message });
            }
            return ParsedField::Text;
        };
        let reading = self.reading(field, value);
        if matches!(reading, ParsedField::Text) {
            let message =
                format!("“{value}” is no {}: searched as text{}", field.what(), meant(&field.values(), value));
            self.notices.push(Notice { place, message });
        }
        reading
    }

    fn reading(&self, field: QueryField, value: &str) -> ParsedField {
        let period = || Period::parse(value, self.today);
        let atom = match field {
            QueryField::Tag => tag(value),
            QueryField::Kind => Kind::from_name(value).map(Atom::Kind),
            QueryField::After => period().map(Atom::After),
            QueryField::Before => period().map(Atom::Before),
            QueryField::During => period().map(Atom::During),
            QueryField::In(part) => bare(value).map(|text| Atom::In(part, text)),
            QueryField::Fact("is") if matches!(bare(value).as_deref(), Some("bookmarked" | "书签")) => {
                Some(Atom::Bookmarked(Arc::default()))
            }
            QueryField::Fact(name) => {
                let fact = bare(value).and_then(|value| Fact::new(name, &value)).map(Atom::Fact);
                fact.or_else(|| Kind::from_name(value).filter(|_| name == "is").map(Atom::Kind))
            }
            QueryField::Order => return order(value).map_or(ParsedField::Text, ParsedField::Order),
        };
        atom.map_or(ParsedField::Text, ParsedField::Atom)
    }

    /// Text between quotes; without a closing one, the rest.
    fn quoted(&mut self) -> Option<String> {
        let open = self.rest().chars().next()?;
        let close: &[char] = match open {
            '"' => &['"'],
            '“' | '”' => &['“', '”'],
            '「' => &['」'],
            _ => return None,
        };
        let start = self.at + open.len_utf8();
        let end = self.text[start..].find(close).map(|end| start + end);
        let text = &self.text[start..end.unwrap_or(self.text.len())];
        self.at = end.map_or(self.text.len(), |end| end + self.text[end..].chars().next().map_or(0, char::len_utf8));
        Some(text.replace('"', "").split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// Up to the next blank, or a bracket that could close a group; a quote after a field's
    /// colon begins its value.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let mut last = ' ';
        let mut open = 0_i32;
        let end = rest.char_indices().find_map(|(at, c)| {
            open += i32::from(c == '(') - i32::from(c == ')');
            let stop = c.is_whitespace()
                || matches!(c, '"' | '“' | '”' | '「') && matches!(last, ':' | '：')
                || c == '"' && at > 0
                || c == ')' && open < 0;
            last = c;
            (stop && at > 0).then_some(at)
        });
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn is_keyword(&self, keyword: &str) -> bool {
        self.rest()
            .strip_prefix(keyword)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '('))
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        self.blanks();
        let is = self.is_keyword(keyword);
        self.at += if is { keyword.len() } else { 0 };
        is
    }
}

/// `word` as text. What would be read as a sign when printed bare is kept as a phrase.
fn text(word: &str) -> Option<Atom> {
    let word = word.replace('"', "");
    let word = word.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = !matches!(word.as_str(), "OR" | "NOT")
        && !word.starts_with(['-', '－'])
        && !word.contains(|c: char| is_sign(c) || c == ' ');
    match bare {
        _ if word.is_empty() => None,
        true => Some(Atom::Word(word)),
        false => Some(Atom::Phrase(word)),
    }
}

/// `#nerdctl` is a tag; `#1331` is text.
fn hashtag(word: &str) -> Option<Atom> {
    let name = word.strip_prefix(['#', '＃'])?;
    let is_tag = name.chars().any(char::is_alphabetic) && !name.contains('#');
    if is_tag { tag(name) } else { None }
}

fn tag(value: &str) -> Option<Atom> {
    let name: String = value.chars().filter(|c| !is_sign(*c)).collect();
    let name = name
        .trim_start_matches(|c: char| c == '#' || c.is_whitespace())
        .split_whitespace()
        .collect::<Vec<_>>()
        .join("-");
    (!name.is_empty()).then_some(Atom::Tag(name))
}

/// Quotes and brackets: signs of the language, never part of a value.
fn is_sign(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '「' | '」' | '(' | ')')
}

/// A value without quotes and needless blanks.
fn bare(value: &str) -> Option<String> {
    let text: String = value.chars().filter(|c| !is_sign(*c)).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

fn order(value: &str) -> Option<Order> {
    match fold(value).as_str() {
        "date" | "newest" | "日期" => Some(Order::Newest),
        "oldest" | "最早" => Some(Order::Oldest),
        "relevance" | "相关" => Some(Order::Relevance),
        _ => None,
    }
}

/// Of the values that a field takes, the one that `value` is two slips away from at most.
fn meant(values: &[&str], value: &str) -> String {
    let value = fold(value);
    let near = values.iter().map(|known| (strsim::osa_distance(known, &value), known)).min();
    near.filter(|(slips, _)| *slips <= 2 && *slips < value.chars().count())
        .map_or(String::new(), |(_, known)| format!(". Did you mean {known}?"))
}

/// What a word with a colon turned out to be.
enum ParsedField {
    Atom(Atom),
    Order(Order),
    Text,
}

/// A word of the form `name:value`, and where the value begins. URLs are none.
fn field(word: &str) -> Option<(&str, usize)> {
    let (at, colon) = word.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = &word[..at];
    let value = at + colon.len_utf8();
    let is_name = !name.is_empty() && name.chars().all(char::is_alphabetic);
    (is_name && !word[value..].starts_with("//")).then_some((name, value))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum QueryField {
    Tag,
    Kind,
    After,
    Before,
    During,
    In(EntryPart),
    Fact(&'static str),
    Order,
}

/// Names of fields beside those of facts; the first of each is the one that is shown.
const FIELDS: [(&str, QueryField); 28] = [
    ("tag", QueryField::Tag),
    ("kind", QueryField::Kind),
    ("in", QueryField::In(EntryPart::Section)),
    ("title", QueryField::In(EntryPart::Title)),
    ("path", QueryField::In(EntryPart::Path)),
    ("date", QueryField::During),
    ("after", QueryField::After),
    ("before", QueryField::Before),
    ("sort", QueryField::Order),
    ("tags", QueryField::Tag),
    ("标签", QueryField::Tag),
    ("type", QueryField::Kind),
    ("类型", QueryField::Kind),
    ("section", QueryField::In(EntryPart::Section)),
    ("章节", QueryField::In(EntryPart::Section)),
    ("标题", QueryField::In(EntryPart::Title)),
    ("file", QueryField::In(EntryPart::Path)),
    ("路径", QueryField::In(EntryPart::Path)),
    ("on", QueryField::During),
    ("week", QueryField::During),
    ("日期", QueryField::During),
    ("时间", QueryField::During),
    ("since", QueryField::After),
    ("之后", QueryField::After),
    ("until", QueryField::Before),
    ("之前", QueryField::Before),
    ("order", QueryField::Order),
    ("排序", QueryField::Order),
];

/// The names under which fields are offered.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FIELDS.into_iter().take(9).map(|(name, _)| name).chain(fact::FIELDS.into_iter().map(|(name, _)| name))
}

impl QueryField {
    fn from_name(name: &str) -> Option<QueryField> {
        let name = fold(name);
        let fact = || fact::FIELDS.into_iter().find(|(known, chinese)| *known == name || *chinese == name);
        let known = FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field);
        known.or_else(|| fact().map(|(name, _)| QueryField::Fact(name)))
    }

    /// The field that `name` is one slip away from.
    fn nearest(name: &str) -> Option<&'static str> {
        let name = fold(name);
        let is_near = |known: &&str| strsim::damerau_levenshtein(known, &name) <= 1;
        names().filter(|known| known.len() > 2).find(is_near)
    }

    /// What its values are called.
    fn what(self) -> &'static str {
        match self {
            QueryField::Tag => "tag",
            QueryField::Kind => "kind",
            QueryField::After | QueryField::Before | QueryField::During => "date",
            QueryField::In(_) => "text",
            QueryField::Fact("has") => "thing an entry has",
            QueryField::Fact("is") => "thing an entry is",
            QueryField::Fact(_) => "reference",
            QueryField::Order => "order",
        }
    }

    /// The values it takes, if they are few.
    fn values(self) -> Vec<&'static str> {
        match self {
            QueryField::Kind => Kind::names().map(|(name, _)| name).collect(),
            QueryField::Fact("is") => Kind::ALL.iter().map(|kind| kind.name()).chain(Fact::values("is")).collect(),
            QueryField::Fact(name) => Fact::values(name),
            QueryField::Order => Order::ALL.iter().map(|order| order.name()).collect(),
            QueryField::After | QueryField::Before | QueryField::During => super::period::WORDS.to_vec(),
            _ => Vec::new(),
        }
    }
}

/// The values that the field called `name` takes, if they are few.
pub(super) fn values(name: &str) -> Vec<&'static str> {
    QueryField::from_name(name).map_or(Vec::new(), QueryField::values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        date::Series,
        note::{self, tag::TagRules},
    };
    use proptest::prelude::*;
    use std::sync::Arc;

    fn check(text: &str, printed: &str, notices: usize) {
        let ParsedQuery { query, notices: found, .. } = parse(text, Some(Date::constant(2024, 3, 13)));
        assert_eq!((query.to_string().as_str(), found.len()), (printed, notices), "{text} {query:?} {found:?}");
    }

    #[test]
    fn queries_as_people_type_them() {
        check("lazy  loading", "lazy loading", 0);
        check("\"lazy loading\" 容器", "\"lazy loading\" 容器", 0);
        check("nerdctl -tag:life kind:papers", "nerdctl -tag:life kind:paper", 0);
        check("#nerdctl #1331 PR1331", "tag:nerdctl #1331 PR1331", 0);
        check("标签:容器 类型：论文 之后:2022年7月", "tag:容器 kind:paper after:2022年7月", 0);
        check("after:2022-06 before:2022-W30", "after:2022-06 before:2022-W30", 0);
        check("a OR b c", "(a OR b c)", 0);
        check("x (a OR b)", "x (a OR b)", 0);
        check("NOT a", "-a", 0);
        check("tag:\"service mesh\"", "tag:service-mesh", 0);
        check("in:技术 章节:\"技 术\" title：周报 路径:2022/07", "in:技术 in:\"技 术\" title:周报 path:2022/07", 0);
        check("pr:PR1331 issue:#12 仓库:containerd/nerdctl", "pr:1331 issue:12 repo:containerd/nerdctl", 0);
        check(
            "cve:2019-15225 rfc:\"RFC 9114\" host:www.usenix.org has:图片",
            "cve:cve-2019-15225 rfc:9114 host:usenix.org has:image",
            0,
        );
        check(
            "date:last-week 日期:\"3 months ago\" on:2022-07..2022-09",
            "date:last-week date:\"3 months ago\" date:2022-07..2022-09",
            0,
        );
        check("is:undated is:incident sort:oldest 容器", "is:undated kind:incident 容器 sort:oldest", 0);
        check("-has:code source:work", "-has:code source:work", 0);
    }

    #[test]
    fn what_is_no_clause_is_text_and_said() {
        check("tga:nerdctl", "tga:nerdctl", 1);
        check("after:someday", "after:someday", 1);
        check("kind:nothing", "kind:nothing", 1);
        check("has:everything", "has:everything", 1);
        check("sort:colour", "sort:colour", 1);
        check("date:2022-13", "date:2022-13", 1);
        check("https://a.example/b", "https://a.example/b", 0);
        check("\"open quote", "\"open quote\"", 0);
        check(")(", "", 0);
        check("- --x", "\"-\" \"--x\"", 0);
        check("tag:", "tag:", 0);
        check("std::fs", "std::fs", 0);
    }

    #[test]
    fn after_and_before_begin_on_the_first_day() {
        for (text, expected) in
            [("after:2022", "2022-01-01"), ("after:2022-06", "2022-06-01"), ("after:2022-W30", "2022-07-25")]
        {
            let query = parse(text, None).query;
            let Atom::After(period) = &query.clauses[0].atom else { panic!("{text}") };
            assert_eq!(period.first.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn notices_name_what_was_meant() {
        for (text, place, meant) in [
            ("容器 kind:paperr", 7..18, "Did you mean paper?"),
            ("dates:x", 0..7, "Did you mean date:?"),
            ("has:imge", 0..8, "Did you mean image?"),
            ("sort:relevence", 0..14, "Did you mean relevance?"),
        ] {
            let notices = parse(text, None).notices;
            assert!(notices.len() == 1 && notices[0].message.contains(meant), "{text}: {notices:?}");
            assert_eq!(notices[0].place, place, "{text}");
        }
    }

    #[test]
    fn fields_that_took_their_value_have_places() {
        let check = |text: &str, expected: &[&str]| {
            let fields: Vec<&str> = parse(text, None).fields.into_iter().map(|place| &text[place]).collect();
            assert_eq!(fields, expected, "{text}");
        };
        check("容器 -tag:life (#x OR 类型：论文) sort:oldest", &["tag:life", "#x", "类型：论文", "sort:oldest"]);
        check("in:\"技 术\" tag: kind:nothing #12 std::fs", &["in:\"技 术\""]);
    }

    #[test]
    fn tags_that_the_log_does_not_have_are_said() {
        let log = Log::from_entries(["- 甲 #nerdctl", "- 乙 #observability"]);
        let said = |text: &str| -> Vec<String> {
            parse(text, None).unanswerable(&log).into_iter().map(|notice| notice.message).collect()
        };
        assert_eq!(said("tag:nerdctl -tag:containers/nerdctl"), Vec::<String>::new());
        assert_eq!(said("tag:nerdclt"), ["no entry has the tag “nerdclt”. Did you mean tag:nerdctl?"]);
        assert_eq!(said("#observ"), ["no entry has the tag “observ”. Did you mean tag:observability?"]);
        assert_eq!(said("x tag:空"), ["no entry has the tag “空”"]);
    }

    #[test]
    fn topics_are_known_by_all_their_names() {
        let rules = TagRules::parse(
            "[[tag]]\nname = \"consensus\"\naliases = [\"共识\", \"Raft\", \"total order\"]\n[[tag]]\nname = \"unmet\"\naliases = [\"没有\"]\n",
        );
        let rules = rules.expect("sound rules");
        let read = |(path, text): (&str, &str)| {
            let file = note::NoteFile { source: "x", path, bytes: text.as_bytes() };
            Arc::new(note::read(file, &Series::default(), note::EntryRule::Auto, &rules))
        };
        let log = Log::new([("1.md", "- 用 Raft 选主"), ("2.md", "- 别的")].into_iter().map(read).collect(), &rules);
        let found = |text: &str| {
            let query = parse(text, None).query;
            let found = log.entries().filter(|entry| query.matches(*entry)).count();
            let resolved = query.resolved(&log);
            assert_eq!(log.entries().filter(|entry| resolved.matches(*entry)).count(), found, "{text}");
            (found, resolved.to_string())
        };
        let names = [
            "tag:consensus",
            "tag:raft",
            "#RAFT",
            "标签:共识",
            "標籤：共識",
            "tag:\"total order\"",
            "tag:systems/raft",
        ];
        for text in names {
            assert_eq!(found(text), (1, "tag:consensus".to_owned()), "{text}");
            assert_eq!(parse(text, None).unanswerable(&log), Vec::new(), "{text}");
        }
        assert_eq!(found("(x OR -tag:raft) tag:没有"), (0, "(x OR -tag:consensus) tag:没有".to_owned()));
        let said = |text: &str| parse(text, None).unanswerable(&log)[0].message.clone();
        assert_eq!(said("tag:consenssu"), "no entry has the tag “consenssu”. Did you mean tag:consensus?");
        assert_eq!(said("tag:total"), "no entry has the tag “total”. Did you mean tag:total-order?");
        assert_eq!(said("tag:没有"), "no entry has the tag “没有”");
    }

    #[test]
    fn kinds_have_chinese_names() {
        for (text, printed) in [
            ("类型:论文", "kind:paper"),
            ("類型：論文", "kind:paper"),
            ("kind:事故", "kind:incident"),
            ("kind:故障", "kind:incident"),
            ("类型:合并请求", "kind:pr"),
            ("类型:议题", "kind:issue"),
            ("类型:ＢＯＯＫＳ", "kind:book"),
            ("是:问题", "kind:question"),
        ] {
            check(text, printed, 0);
        }
        assert_eq!(
            parse("类型:论问", None).notices[0].message,
            "“论问” is no kind: searched as text. Did you mean 论文?"
        );
    }

    proptest! {
        #[test]
        fn printing_and_parsing_again_changes_nothing(text in "(?:[a-z容器()\"“： -]|tag:|#|OR |NOT |after:2022|kind:pr|“|「|in:|date:上周 |date:\"3 days ago\"|sort:|oldest |pr:#1 |has:code|host:a.b|host:a⑴b|host:a＂b|is:){0,24}") {
            let today = Some(Date::constant(2024, 3, 13));
            let query = parse(&text, today).query;
            let again = parse(&query.to_string(), today).query;
            prop_assert_eq!(&again, &query, "{} -> {}", text, query);
        }

        #[test]
        fn parse_never_panics(text in "\\PC{0,80}") {
            let ParsedQuery { query, notices, pieces, fields } = parse(&text, None);
            prop_assert!(query.clauses.len() <= text.len());
            for notice in notices {
                prop_assert!(text.get(notice.place).is_some());
            }
            for place in pieces.into_iter().map(|piece| piece.place).chain(fields) {
                prop_assert!(text.get(place).is_some());
            }
        }
    }
}
