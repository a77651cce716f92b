//! Parser for queries as people type them.
//!
//! Recursive descent over a handful of signs, written by hand. It never fails: what is not a
//! clause becomes text, and a [`Notice`] says so.

use super::{Atom, Clause, Fact, Order, Period, Query, fact::FactField, field::QueryField};
use crate::{
    log::Log,
    note::Kind,
    text::{fold, nearest, slips},
};
use jiff::civil::Date;
use std::{ops::Range, sync::Arc};

/// Remark on a piece of a typed query that was probably not understood as it was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Bytes of the typed text.
    pub place: Range<usize>,
    pub message: String,
}

/// Clause with its place, in bytes of the typed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedAtom {
    pub place: Range<usize>,
    pub atom: Atom,
}

/// Result of parsing a typed query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParsedQuery {
    pub query: Query,
    pub notices: Vec<Notice>,
    /// Clauses as they were typed, in order; including those inside brackets, but not the brackets themselves.
    pub pieces: Vec<LocatedAtom>,
    /// Places of the fields that accepted their value, `sort:` among them: bytes of the typed text.
    pub fields: Vec<Range<usize>>,
}

impl ParsedQuery {
    /// Reports the tags of the query that no entry of `log` has.
    pub fn unanswerable(&self, log: &Log) -> Vec<Notice> {
        let mut notices = Vec::new();
        for LocatedAtom { place, atom } in &self.pieces {
            let Atom::Tag(name) = atom else { continue };
            if log.tag(name).is_some() {
                continue;
            }
            let nearest = nearest_tag(name, log);
            let meant = nearest.map_or(String::new(), |tag| format!(". Did you mean tag:{tag}?"));
            let message = format!("no entry has the tag “{name}”{meant}");
            notices.push(Notice { place: place.clone(), message });
        }
        notices
    }
}

/// Returns the tag of `log` that `name` is a misspelling of, or, of two letters or more, a part
/// of. The fewest slips win, then a tag's own name before an alias.
pub(super) fn nearest_tag<'l>(name: &str, log: &'l Log) -> Option<&'l str> {
    let name = fold(name);
    let length = name.chars().count();
    let is_long = length > 1;
    let mut nearest: Option<(usize, bool, &str)> = None;
    for (known, tag) in log.tag_names() {
        // Of two characters, one slip is half the name.
        let distance = match slips(&name, known).filter(|slips| slips * 2 < length) {
            Some(slips) => slips,
            None if is_long && known.contains(&name) => strsim::osa_distance(&name, known),
            None => continue,
        };
        let own = log.tags()[tag.0 as usize].name.as_str();
        let is_alias = fold(own) != known;
        let candidate = (distance, is_alias, if is_alias { known } else { own });
        if nearest.is_none_or(|nearest| candidate < nearest) {
            nearest = Some(candidate);
        }
    }
    nearest.map(|(.., name)| name)
}

/// Characters of a query that are read: more is a paste by mistake.
const LONGEST: usize = 1000;
/// Depth of nested brackets; deeper ones are text.
const DEEPEST: usize = 16;

/// Parses `text`; `today` is the day that `last-week` and its like count from.
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
    /// Reads `a b OR c`: all of `a b`, or `c`.
    fn alternatives(&mut self, depth: usize) -> Query {
        let mut queries = vec![self.all(depth)];
        while self.keyword("OR") {
            queries.push(self.all(depth));
        }
        queries.retain(|query| !query.is_empty());
        if queries.len() < 2 {
            return queries.pop().unwrap_or_default();
        }
        Query { clauses: vec![Clause { negated: false, atom: Atom::Any(queries) }], order: None }
    }

    /// Reads clauses up to `OR`, a closing bracket or the end.
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
                Some(group) => add_group(group, negated, &mut clauses),
                None => clauses.extend(self.atom().map(|atom| Clause { negated, atom })),
            }
        }
    }

    /// Reads any number of `-x`, `NOT x`, and returns true if they negate what follows.
    fn negation(&mut self) -> bool {
        let mut negated = false;
        loop {
            let mut chars = self.rest().chars();
            let (sign, next) = (chars.next(), chars.next());
            match (sign, next) {
                (Some(sign @ ('-' | '－')), Some(next)) if !next.is_whitespace() && !matches!(next, '-' | ')') => {
                    self.at += sign.len_utf8();
                }
                _ if self.keyword("NOT") => {}
                _ => return negated,
            }
            negated = !negated;
            self.blanks();
        }
    }

    /// Reads alternatives in brackets. A closing bracket may be missing at the end.
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

    /// Reads one clause and records its place. `sort:` is not a clause.
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

    /// Reads `name:value`. If it is no field after all, a notice says why.
    fn field(&mut self, name: &str, value: &str, start: usize) -> ParsedField {
        if value.is_empty() {
            return ParsedField::Text;
        }
        let Some(field) = QueryField::from_name(name) else {
            if let Some(nearest) = QueryField::nearest(name) {
                self.notice(start, format!("unknown field “{name}”, searched as text. Did you mean {nearest}:?"));
            }
            return ParsedField::Text;
        };
        let parsed = self.value(field, value);
        if matches!(parsed, ParsedField::Text) {
            let meant = nearest(value, field.values());
            let meant = meant.map_or(String::new(), |known| format!(". Did you mean {known}?"));
            self.notice(start, format!("“{value}” is not {}, searched as text{meant}", field.what()));
        }
        parsed
    }

    /// Adds a remark on the text from `start` up to here.
    fn notice(&mut self, start: usize, message: String) {
        self.notices.push(Notice { place: start..self.at, message });
    }

    fn value(&self, field: QueryField, value: &str) -> ParsedField {
        let atom = match field {
            QueryField::Tag => tag(value),
            QueryField::Kind => Kind::from_name(value).map(Atom::Kind),
            QueryField::After => Period::parse(value, self.today).map(Atom::After),
            QueryField::Before => Period::parse(value, self.today).map(Atom::Before),
            QueryField::During => Period::parse(value, self.today).map(Atom::During),
            QueryField::In(part) => bare(value).map(|text| Atom::In(part, text)),
            QueryField::Fact(FactField::Is) => state(value),
            QueryField::Fact(field) => bare(value).and_then(|value| Fact::with_field(field, &value)).map(Atom::Fact),
            QueryField::Order => return order(value).map_or(ParsedField::Text, ParsedField::Order),
        };
        atom.map_or(ParsedField::Text, ParsedField::Atom)
    }

    /// Reads text between quotes; without a closing one, to the end.
    fn quoted(&mut self) -> Option<String> {
        let open = self.rest().chars().next()?;
        let close: &[char] = match open {
            '"' => &['"'],
            '“' | '”' => &['“', '”'],
            '「' => &['」'],
            _ => return None,
        };
        self.at += open.len_utf8();
        let rest = self.rest();
        let inside = rest.split(close).next().unwrap_or(rest);
        self.at += inside.len();
        if let Some(closing) = self.rest().chars().next() {
            self.at += closing.len_utf8();
        }
        Some(join_words(&inside.replace('"', "")))
    }

    /// Reads up to the next blank, or to a bracket that could close a group. A quote after a
    /// field's colon begins its value.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let mut last = ' ';
        let mut open = 0_i32;
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            open += i32::from(c == '(') - i32::from(c == ')');
            let begins_value = matches!(c, '"' | '“' | '”' | '「') && matches!(last, ':' | '：');
            let stops = c.is_whitespace() || begins_value || c == '"' || c == ')' && open < 0;
            if stops && at > 0 {
                end = at;
                break;
            }
            last = c;
        }
        self.at += end;
        &rest[..end]
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn is_keyword(&self, keyword: &str) -> bool {
        let Some(rest) = self.rest().strip_prefix(keyword) else { return false };
        rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c == '(')
    }

    /// Skips `keyword`, if it comes next.
    fn keyword(&mut self, keyword: &str) -> bool {
        self.blanks();
        let is_next = self.is_keyword(keyword);
        if is_next {
            self.at += keyword.len();
        }
        is_next
    }
}

/// Adds the clauses of a bracketed group, without the brackets where they change nothing.
fn add_group(mut group: Query, negated: bool, clauses: &mut Vec<Clause>) {
    let is_any = matches!(group.clauses[..], [Clause { atom: Atom::Any(_), .. }]);
    if group.is_empty() {
        return;
    }
    if !negated && !is_any {
        clauses.append(&mut group.clauses);
        return;
    }
    match group.clauses.pop() {
        Some(Clause { negated: inner, atom }) if group.clauses.is_empty() => {
            clauses.push(Clause { negated: negated != inner, atom });
        }
        last => {
            group.clauses.extend(last);
            clauses.push(Clause { negated, atom: Atom::Any(vec![group]) });
        }
    }
}

/// Makes text of `word`. What would be read as a sign when printed bare becomes a phrase.
fn text(word: &str) -> Option<Atom> {
    let word = join_words(&word.replace('"', ""));
    if word.is_empty() {
        return None;
    }
    let is_bare = !matches!(word.as_str(), "OR" | "NOT")
        && !word.starts_with(['-', '－'])
        && !word.contains(|c: char| is_sign(c) || c == ' ');
    Some(if is_bare { Atom::Word(word) } else { Atom::Phrase(word) })
}

/// Joins the words of `text` by single spaces.
fn join_words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads `#nerdctl` as a tag; `#1331` is text.
fn hashtag(word: &str) -> Option<Atom> {
    let name = word.strip_prefix(['#', '＃'])?;
    let is_tag = name.chars().any(char::is_alphabetic) && !name.contains('#');
    if is_tag { tag(name) } else { None }
}

fn tag(value: &str) -> Option<Atom> {
    let name = without_signs(value);
    let name = name.trim_start_matches(|c: char| c == '#' || c.is_whitespace());
    let name = name.split_whitespace().collect::<Vec<_>>().join("-");
    (!name.is_empty()).then_some(Atom::Tag(name))
}

/// Returns true for quotes and brackets: signs of the language, never part of a value.
fn is_sign(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '「' | '」' | '(' | ')')
}

fn without_signs(value: &str) -> String {
    value.chars().filter(|c| !is_sign(*c)).collect()
}

/// Strips a value of quotes and needless blanks.
fn bare(value: &str) -> Option<String> {
    let text = join_words(&without_signs(value));
    (!text.is_empty()).then_some(text)
}

/// Reads a value of `is:`: `bookmarked`, `undated`, or a kind.
fn state(value: &str) -> Option<Atom> {
    let text = bare(value);
    if matches!(text.as_deref(), Some("bookmarked" | "书签")) {
        return Some(Atom::Bookmarked(Arc::default()));
    }
    if let Some(fact) = text.and_then(|text| Fact::with_field(FactField::Is, &text)) {
        return Some(Atom::Fact(fact));
    }
    Kind::from_name(value).map(Atom::Kind)
}

fn order(value: &str) -> Option<Order> {
    match fold(value).as_str() {
        "date" | "newest" | "日期" => Some(Order::Newest),
        "oldest" | "最早" => Some(Order::Oldest),
        "relevance" | "相关" => Some(Order::Relevance),
        _ => None,
    }
}

/// Meaning of a word with a colon.
enum ParsedField {
    Atom(Atom),
    Order(Order),
    Text,
}

/// Splits `name:value` into the name and the byte at which the value begins. A URL is not a field.
fn field(word: &str) -> Option<(&str, usize)> {
    let (at, colon) = word.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = &word[..at];
    let value = at + colon.len_utf8();
    let is_name = !name.is_empty() && name.chars().all(char::is_alphabetic);
    (is_name && !word[value..].starts_with("//")).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{log::testing::log_by, note::tag::TagRules};
    use proptest::prelude::*;

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
    fn unknown_fields_and_values_become_text_with_a_notice() {
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
    fn unknown_tags_get_a_notice() {
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
    fn aliases_find_their_topic() {
        let rules = TagRules::parse(
            "[[tag]]\nname = \"consensus\"\naliases = [\"共识\", \"Raft\", \"total order\"]\n[[tag]]\nname = \"unmet\"\naliases = [\"没有\"]\n",
        );
        let rules = rules.expect("sound rules");
        let log = log_by(&[("1.md", "- 用 Raft 选主"), ("2.md", "- 别的")], &rules);
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
            "“论问” is not a kind, searched as text. Did you mean 论文?"
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
