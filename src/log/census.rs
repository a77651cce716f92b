//! Census: names that recur in several notes become discovered tags.

use crate::{
    note::{
        name::{NameKind, NameMention},
        tag::{Recurrence, Tag},
    },
    text::fold,
};
use foldhash::{HashMap, HashMapExt};

/// Minimum number of notes, or of days of a note with dated sections, that mention a discovered name:
/// twice is chance.
const SEVERAL: u32 = 3;

/// Maximum number of discovered tags of a log: more would be a word list.
const MOST: usize = 100;

/// Counts names over a log.
#[derive(Debug, Default)]
pub struct Census {
    spellings: HashMap<String, NameSpelling>,
    names: Vec<NameOccurrences>,
    /// Positions in `names` by folded name.
    numbers: HashMap<String, usize>,
}

/// A way in which a name is written.
#[derive(Debug)]
struct NameSpelling {
    /// Number of the name.
    name: usize,
    count: u32,
    kind: NameKind,
}

#[derive(Debug, Default)]
struct NameOccurrences {
    folded: String,
    /// The last place that mentions it: places are counted once, as they come in order.
    last: Option<u64>,
    places: u32,
    entries: Vec<u32>,
}

/// A name that recurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    pub name: String,
    pub why: Recurrence<String>,
    /// Numbers of the entries that mention it, as they were given to [`Census::count`], ascending.
    pub entries: Vec<u32>,
}

impl Census {
    /// Counts that `entry` mentions `met`. `place` is the note, or the day of a note that has several;
    /// calls for the same place follow one another.
    pub fn count(&mut self, met: NameMention<'_>, place: u64, entry: u32) {
        let at = match self.spellings.get_mut(met.name) {
            Some(spelling) => {
                spelling.count += 1;
                spelling.kind = spelling.kind.min(met.kind);
                spelling.name
            }
            None => self.learn(met),
        };
        let name = &mut self.names[at];
        if name.last.replace(place) != Some(place) {
            name.places += 1;
        }
        name.entries.push(entry);
    }

    fn learn(&mut self, met: NameMention<'_>) -> usize {
        let folded = fold(met.name);
        let name = self.numbers.get(&folded).copied().unwrap_or_else(|| {
            self.names.push(NameOccurrences { folded: folded.clone(), ..NameOccurrences::default() });
            self.numbers.insert(folded, self.names.len() - 1);
            self.names.len() - 1
        });
        self.spellings.insert(met.name.to_owned(), NameSpelling { name, count: 1, kind: met.kind });
        name
    }

    /// Names that recur, the most frequent first.
    pub fn discoveries(self) -> Vec<Discovery> {
        let mut recurring: Vec<(usize, NameOccurrences)> = self.names.into_iter().enumerate().collect();
        recurring.retain(|(_, name)| name.places >= SEVERAL);
        recurring.sort_by(|(_, a), (_, b)| b.places.cmp(&a.places).then_with(|| a.folded.cmp(&b.folded)));
        recurring.truncate(MOST);
        let mut written: HashMap<usize, Vec<(&str, &NameSpelling)>> = HashMap::new();
        for (at, _) in &recurring {
            written.insert(*at, Vec::new());
        }
        for (text, spelling) in &self.spellings {
            if let Some(spellings) = written.get_mut(&spelling.name) {
                spellings.push((text, spelling));
            }
        }
        recurring.into_iter().filter_map(|(at, name)| name.discovery(written.get(&at)?)).collect()
    }
}

impl NameOccurrences {
    /// The name as it is `written` most often.
    fn discovery(mut self, written: &[(&str, &NameSpelling)]) -> Option<Discovery> {
        let kind = written.iter().map(|(_, found)| found.kind).min()?;
        let (spelling, _) = written.iter().max_by(|a, b| a.1.count.cmp(&b.1.count).then_with(|| b.0.cmp(a.0)))?;
        self.entries.sort_unstable();
        self.entries.dedup();
        Some(Discovery {
            name: Tag::new(&spelling.replace(char::is_whitespace, "-"))?.as_str().to_owned(),
            why: Recurrence { kind, spelling: (*spelling).to_owned(), places: self.places },
            entries: self.entries,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn discover(met: &[(&'static str, NameKind, u64, u32)]) -> Vec<Discovery> {
        let mut census = Census::default();
        for (name, kind, place, entry) in met {
            census.count(NameMention { name, kind: *kind }, *place, *entry);
        }
        census.discoveries()
    }

    #[test]
    fn name_in_three_places_is_discovered() {
        use NameKind::{Repository, Term, Title};
        let found = discover(&[
            ("TiDB", Term, 1, 10),
            ("TiDB", Term, 1, 11),
            ("tidb", Repository, 2, 12),
            ("TiDB", Term, 3, 13),
            ("Tokio", Term, 1, 10),
            ("Tokio", Term, 1, 11),
            ("Tokio", Term, 2, 12),
            ("Go 语言", Title, 1, 10),
            ("Go 语言", Title, 2, 12),
            ("Go 语言", Title, 3, 13),
        ]);
        let expected = [
            ("Go-语言", "the title “Go 语言” recurs, 3 times", vec![10, 12, 13]),
            ("TiDB", "the repository “TiDB” recurs, 3 times", vec![10, 11, 12, 13]),
        ];
        let found: Vec<_> = found.into_iter().map(|found| (found.name, found.why.to_string(), found.entries)).collect();
        assert_eq!(found, expected.map(|(name, why, entries)| (name.to_owned(), why.to_owned(), entries)));
    }
}
