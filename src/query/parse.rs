//! Reading a query as people type it.
//!
//! A hand-written descent over a handful of signs. It never fails: what is no clause is text,
//! and a [`Notice`] says so.

use super::{Atom, Clause, Day, Query};
use crate::log::{Kind, date};
use std::ops::Range;

/// Something in a typed query that was not taken as it seems to be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Bytes of the typed text.
    pub place: Range<usize>,
    pub message: String,
}

/// Characters of a query that are looked at: more is a paste by mistake.
const LONGEST: usize = 1000;
/// Brackets within brackets; deeper ones are text.
const DEEPEST: usize = 16;

pub(super) fn parse(text: &str) -> (Query, Vec<Notice>) {
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(at, _)| at);
    let mut parser = Parser { text: &text[..end], at: 0, notices: Vec::new() };
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
    (query, parser.notices)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    notices: Vec<Notice>,
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
            _ => Query { clauses: vec![Clause { negated: false, atom: Atom::Any(queries) }] },
        }
    }

    fn all(&mut self, depth: usize) -> Query {
        let mut clauses = Vec::new();
        loop {
            self.blanks();
            if self.rest().is_empty() || self.rest().starts_with(')') || self.is_keyword("OR") {
                return Query { clauses };
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
        if let Some(phrase) = self.quoted() {
            return (!phrase.is_empty()).then_some(Atom::Phrase(phrase));
        }
        let start = self.at;
        let word = self.word();
        if let Some(atom) = hashtag(word) {
            return Some(atom);
        }
        let Some((name, value_at)) = field(word) else { return text(word) };
        let value = if word.len() == value_at { self.quoted() } else { None };
        let value = value.unwrap_or_else(|| word[value_at..].to_owned());
        self.field(name, &value, start).or_else(|| text(&self.text[start..self.at]))
    }

    /// The atom that `name:value` is, or a notice why it is none.
    fn field(&mut self, name: &str, value: &str, start: usize) -> Option<Atom> {
        let place = start..self.at;
        if value.is_empty() {
            return None;
        }
        let atom = match Field::from_name(name) {
            Some(Field::Tag) => tag(value),
            Some(Field::Kind) => Kind::from_name(value).map(Atom::Kind),
            Some(Field::After) => day(value).map(Atom::After),
            Some(Field::Before) => day(value).map(Atom::Before),
            None => {
                if let Some(nearest) = Field::nearest(name) {
                    let message = format!("no field is called “{name}”: searched as text. Did you mean {nearest}:?");
                    self.notices.push(Notice { place, message });
                }
                return None;
            }
        };
        if atom.is_none() {
            let what = if matches!(Field::from_name(name), Some(Field::Kind)) { "kind" } else { "date" };
            self.notices.push(Notice { place, message: format!("“{value}” is no {what}: searched as text") });
        }
        atom
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

fn day(value: &str) -> Option<Day> {
    let text: String = value.chars().filter(|c| !c.is_whitespace() && !is_sign(*c)).collect();
    Some(Day { first: date::title(&text, date::Around::default())?.span.first(), text })
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
enum Field {
    Tag,
    Kind,
    After,
    Before,
}

/// Names of fields; the first of each kind is the one that is shown.
const FIELDS: [(&str, Field); 12] = [
    ("tag", Field::Tag),
    ("kind", Field::Kind),
    ("after", Field::After),
    ("before", Field::Before),
    ("tags", Field::Tag),
    ("标签", Field::Tag),
    ("is", Field::Kind),
    ("类型", Field::Kind),
    ("since", Field::After),
    ("之后", Field::After),
    ("until", Field::Before),
    ("之前", Field::Before),
];

impl Field {
    fn from_name(name: &str) -> Option<Field> {
        let name = name.to_lowercase();
        FIELDS.iter().find(|(known, _)| *known == name).map(|(_, field)| *field)
    }

    /// The field that `name` is one slip away from.
    fn nearest(name: &str) -> Option<&'static str> {
        let name = name.to_lowercase();
        FIELDS
            .iter()
            .map(|(known, _)| *known)
            .find(|known| known.is_ascii() && strsim::damerau_levenshtein(known, &name) <= 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, printed: &str, notices: usize) {
        let (query, found) = parse(text);
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
    }

    #[test]
    fn what_is_no_clause_is_text_and_said() {
        check("tga:nerdctl", "tga:nerdctl", 1);
        check("after:someday", "after:someday", 1);
        check("kind:nothing", "kind:nothing", 1);
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
            let (query, _) = parse(text);
            let Atom::After(day) = &query.clauses[0].atom else { panic!("{text}") };
            assert_eq!(day.first.to_string(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_parsing_again_changes_nothing(text in "(?:[a-z容器()\"“： -]|tag:|#|OR |NOT |after:2022|kind:pr|“|「){0,24}") {
            let (query, _) = parse(&text);
            let (again, _) = parse(&query.to_string());
            prop_assert_eq!(&again, &query, "{} -> {}", text, query);
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,80}") {
            let (query, notices) = parse(&text);
            prop_assert!(query.clauses.len() <= text.len());
            for notice in notices {
                prop_assert!(text.get(notice.place).is_some());
            }
        }
    }
}
