//! Matching: the meaning of a query, which the index must agree with.

use super::{Atom, EntryPart, Fact, Query, facts};
use crate::{
    log::Entry,
    text::tokenizer::{Token, tokens},
};
use std::cell::OnceCell;

/// Tokens of a word or phrase to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    /// Text and position of each token, the first at position 0.
    pub tokens: Vec<(String, u32)>,
    /// True if the last token may be the beginning of a longer one.
    pub prefix: bool,
}

impl Needle {
    /// Cuts `text` into tokens. If it is `unfinished` and ends in a word, longer words match too.
    pub fn new(text: &str, unfinished: bool) -> Needle {
        let found = tokens(text);
        let first = found.first().map_or(0, |token| token.position);
        let prefix = unfinished && found.last().is_some_and(|last| last.is_word() && last.place.end == text.len());
        Needle { tokens: found.into_iter().map(|token| (token.text.into(), token.position - first)).collect(), prefix }
    }

    /// Returns true if there is nothing to search for: punctuation alone finds everything.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Returns the indices of the tokens of `text` at which the needle begins.
    pub fn places<'n>(&'n self, text: &'n [Token]) -> impl Iterator<Item = usize> + 'n {
        let starts = if self.is_empty() { 0 } else { text.len() };
        (0..starts).filter(|at| self.is_at(&text[*at..]))
    }

    /// Returns true if `text` begins with the needle.
    fn is_at(&self, text: &[Token]) -> bool {
        if self.tokens.len() > text.len() {
            return false;
        }
        let last = self.tokens.len() - 1;
        for (nth, (needle, position)) in self.tokens.iter().enumerate() {
            let token = &text[nth];
            let may_go_on = self.prefix && nth == last;
            let is_same = if may_go_on { token.text.starts_with(needle.as_str()) } else { token.text == *needle };
            if !is_same || token.position - text[0].position != *position {
                return false;
            }
        }
        true
    }

    fn is_in(&self, fields: &[Vec<Token>]) -> bool {
        self.is_empty() || fields.iter().any(|field| self.places(field).next().is_some())
    }
}

/// Entry to be matched, with its tokens and facts once they are needed.
struct Candidate<'a> {
    entry: Entry<'a>,
    fields: OnceCell<Vec<Vec<Token>>>,
    facts: OnceCell<Vec<Fact>>,
}

impl Candidate<'_> {
    fn fields(&self) -> &[Vec<Token>] {
        self.fields.get_or_init(|| self.entry.fields().map(|text| tokens(&text)).collect())
    }

    fn has(&self, fact: &Fact) -> bool {
        self.facts.get_or_init(|| facts(self.entry)).binary_search(fact).is_ok()
    }

    /// Cuts the texts of a part into tokens.
    fn part(&self, part: EntryPart) -> Vec<Vec<Token>> {
        match part {
            EntryPart::Title => vec![tokens(self.entry.title())],
            EntryPart::Section => self.entry.section().map(tokens).collect(),
            EntryPart::Path => vec![tokens(&self.entry.note().path)],
        }
    }
}

impl Query {
    /// Returns true if the query finds `entry`.
    pub fn matches(&self, entry: Entry<'_>) -> bool {
        self.holds(&Candidate { entry, fields: OnceCell::new(), facts: OnceCell::new() })
    }

    fn holds(&self, asked: &Candidate<'_>) -> bool {
        let unfinished = self.unfinished();
        self.clauses
            .iter()
            .enumerate()
            .all(|(at, clause)| clause.negated != clause.atom.holds(asked, unfinished == Some(at)))
    }

    /// Lists the needles of the required words and phrases.
    pub fn needles(&self) -> Vec<Needle> {
        let mut needles = Vec::new();
        let unfinished = self.unfinished();
        for (at, clause) in self.clauses.iter().enumerate().filter(|(_, clause)| !clause.negated) {
            match &clause.atom {
                Atom::Word(text) => needles.push(Needle::new(text, unfinished == Some(at))),
                Atom::Phrase(text) | Atom::In(EntryPart::Title | EntryPart::Section, text) => {
                    needles.push(Needle::new(text, false));
                }
                Atom::Any(queries) => needles.extend(queries.iter().flat_map(Query::needles)),
                Atom::In(EntryPart::Path, _)
                | Atom::Tag(_)
                | Atom::Kind(_)
                | Atom::Fact(_)
                | Atom::After(_)
                | Atom::Before(_)
                | Atom::During(_)
                | Atom::Bookmarked(_) => {}
            }
        }
        needles.retain(|needle| !needle.is_empty());
        needles
    }
}

impl Atom {
    fn holds(&self, asked: &Candidate<'_>, unfinished: bool) -> bool {
        let entry = asked.entry;
        match self {
            Atom::Word(text) => Needle::new(text, unfinished).is_in(asked.fields()),
            Atom::Phrase(text) => Needle::new(text, false).is_in(asked.fields()),
            Atom::In(part, text) => Needle::new(text, false).is_in(&asked.part(*part)),
            Atom::Tag(name) => entry.has_tag(name),
            Atom::Kind(kind) => entry.kinds().contains(*kind),
            Atom::Fact(fact) => asked.has(fact),
            Atom::Bookmarked(keys) => keys.contains(&entry.key()),
            Atom::After(period) => entry.span().is_some_and(|span| span.last() >= period.first),
            Atom::Before(period) => entry.span().is_some_and(|span| span.first() < period.first),
            Atom::During(period) => {
                entry.span().is_some_and(|span| span.first() <= period.last && span.last() >= period.first)
            }
            Atom::Any(queries) => queries.iter().any(|query| query.holds(asked)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{log::Log, query::Clause};

    fn check(query: &str, expected: &[usize]) {
        let texts = [
            "eBPF 可观测性，容器懒加载",
            "PR1331 合并了 #nerdctl",
            "lazy-loading 与 lazy loads",
            "限流。流量",
            "Kubernetes 1.28",
        ];
        let log = Log::from_entries(texts);
        let (parsed, _) = Query::parse(query);
        let found: Vec<usize> =
            log.entries().filter(|entry| parsed.matches(*entry)).map(|entry| entry.id().index()).collect();
        assert_eq!(found, expected, "{query}");
    }

    #[test]
    fn titles_labels_and_ids_are_found_in_the_text() {
        let texts = [
            "- 看 [容器 lazy 加载](https://a.example/x)，好\n",
            "- 看PR[1331](https://github.com/a/b/pull/1331)x\n",
            "- 见 https://b.example/path/x 与 [b](https://b.example)\n",
            "- [#12](https://github.com/a/b/pull/12)和[e\u{301}t](https://c.example)ude\n",
            "- 一句。二句，三句。四\n",
            "- nerdctl v1.0 released. Good\n",
        ];
        let log = Log::from_entries(texts);
        for entry in log.entries() {
            let labels = entry.refs().flat_map(|found| [found.label.to_owned(), found.id.to_owned()]);
            for text in labels.chain([entry.title().to_owned()]) {
                let query = Query {
                    clauses: vec![Clause { negated: false, atom: Atom::Phrase(text.clone()) }],
                    ..Query::default()
                };
                assert!(query.matches(entry), "{text:?} in {:?}", entry.plain());
            }
        }
        check("kubernetes 1.28", &[4]);
    }

    #[test]
    fn needles_match_words_phrases_and_prefixes() {
        check("", &[0, 1, 2, 3, 4]);
        check("ebpf可观测", &[0]);
        check("性容", &[]);
        check("流流", &[]);
        check("lazy load", &[2]);
        check("load lazy", &[]);
        check("loading lazy", &[2]);
        check("\"lazy loading\"", &[]);
        check("lazy-loading", &[2]);
        check("kubern", &[4]);
        check("kubern 1", &[]);
        check("pr 1331", &[1]);
        check("#1331", &[1]);
        check("tag:nerdctl", &[1]);
        check("-tag:nerdctl 流", &[3]);
        check("限流 OR 容器", &[0, 3]);
        check("after:2020", &[]);
        check("is:undated", &[0, 1, 2, 3, 4]);
        check("path:1.md", &[1]);
        check("path:1", &[1]);
        check("source:test -path:1", &[0, 2, 3, 4]);
        check("title:容器", &[0]);
        check("in:技术", &[]);
        check("has:code", &[]);
        check("has:tag", &[1]);
    }
}
