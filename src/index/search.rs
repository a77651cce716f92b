//! Searching: one state of the index, bound to one log.
//!
//! Knows nothing of the folder, and writes nothing.

use super::{
    IndexError,
    doc_bit_set::DocBitSet,
    guarded,
    plan::{DocSpans, Plan, Planner},
    schema::{Fields, KEY},
};
use crate::{
    log::{EntryId, Log},
    note::EntryKey,
    query::{Query, similar::FuzzyWord},
    text::{bigrams::Bigrams, fold, is_han},
};
use rayon::prelude::*;
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, OnceLock},
};
use tantivy::{IndexReader, SegmentReader, TantivyError, Term, query::FuzzyTermQuery, schema::Field};

/// A searcher answers queries with entries of the log it was made for, whatever is written meanwhile.
///
/// It can be shared between threads and outlives the [`super::Index`] it came from.
pub struct Searcher {
    state: tantivy::Searcher,
    fields: Fields,
    /// Documents of each segment, in the order of the segments.
    documents: Vec<SegmentDocs>,
    /// Number of entries in the log.
    len: u32,
    /// Canonical name of each tag of the log, by every name of the tag; all folded.
    tags: HashMap<String, String>,
    place: PathBuf,
    /// Bigrams of the index, once collected; shared with the closure that collects them ahead.
    pairs: Arc<OnceLock<Bigrams>>,
}

/// Builds Tantivy's automata for edit distances 1 and 2, which the first [`Searcher::words_like`] would
/// otherwise wait for. They are the same for every field and word.
pub fn warm_up() {
    for distance in 1..=2 {
        let term = Term::from_field_text(Field::from_field_id(0), "a");
        drop(FuzzyTermQuery::new(term, distance, true).automaton());
    }
}

/// The documents of one segment.
struct SegmentDocs {
    /// Entry of each document, or [`GONE`].
    ids: Vec<u32>,
    spans: DocSpans,
}

/// Entry number of a document that was deleted, or whose entry the log does not have.
const GONE: u32 = u32::MAX;

impl Searcher {
    pub(super) fn new(
        reader: &IndexReader,
        fields: Fields,
        log: &Log,
        place: PathBuf,
    ) -> Result<Searcher, TantivyError> {
        let state = reader.searcher();
        let find = log.by_key();
        let mut documents = Vec::with_capacity(state.segment_readers().len());
        for segment in state.segment_readers() {
            let keys = segment.fast_fields().u64(KEY)?;
            let mut ids = vec![GONE; segment.max_doc() as usize];
            for doc in segment.doc_ids_alive() {
                let id = keys.first(doc).and_then(|key| find(EntryKey(key)));
                ids[doc as usize] = id.map_or(GONE, |id| id.0);
            }
            documents.push(SegmentDocs { ids, spans: DocSpans::new(segment)? });
        }
        let mut tags = HashMap::new();
        for (name, tag) in log.tag_names() {
            tags.insert(name.to_owned(), fold(&log.tags()[tag.0 as usize].name));
        }
        Ok(Searcher { state, fields, documents, len: log.len() as u32, tags, place, pairs: Arc::default() })
    }

    /// Finds the entries for which [`Query::matches`] holds, newest first.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn search(&self, query: &Query) -> Result<Vec<EntryId>, IndexError> {
        guarded(&self.place, || self.execute(query))
    }

    /// Counts the entries that match `query`. Faster than [`Searcher::search`] for few matches.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn count(&self, query: &Query) -> Result<usize, IndexError> {
        guarded(&self.place, || self.count_docs(query))
    }

    fn count_docs(&self, query: &Query) -> Result<usize, TantivyError> {
        let plan = self.plan(query)?;
        let mut count = 0;
        for (segment, SegmentDocs { ids, spans }) in self.segments() {
            plan.docs(segment, spans)?.for_each(|doc| count += usize::from(ids[doc as usize] != GONE));
        }
        Ok(count)
    }

    fn segments(&self) -> impl Iterator<Item = (&SegmentReader, &SegmentDocs)> {
        self.state.segment_readers().iter().zip(&self.documents)
    }

    /// Calls `meet` with the folded words of the log that fit `slip`, and with the number of entries
    /// that have each; a word may come several times.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn words_like(&self, slip: &FuzzyWord, meet: &mut dyn FnMut(&str, usize)) -> Result<(), IndexError> {
        guarded(&self.place, || self.meet_words_like(slip, meet))
    }

    fn meet_words_like(&self, slip: &FuzzyWord, meet: &mut dyn FnMut(&str, usize)) -> Result<(), TantivyError> {
        let term = Term::from_field_text(self.fields.text, &slip.word);
        let new_query = if slip.goes_on { FuzzyTermQuery::new_prefix } else { FuzzyTermQuery::new };
        let fuzzy = new_query(term, slip.most, true);
        for segment in self.state.segment_readers() {
            let index = segment.inverted_index(self.fields.text)?;
            // Prefixes and gaps begin with control characters, numbers with digits.
            let near = index.terms().search(fuzzy.automaton()?).ge("a").lt("{");
            let mut words = near.into_stream()?;
            while let Some((word, info)) = words.next() {
                let word = std::str::from_utf8(word).unwrap_or_default();
                if slip.fits(word) {
                    meet(word, info.doc_freq as usize);
                }
            }
        }
        Ok(())
    }

    /// Bigrams of the log's texts, folded, and single Chinese characters. The numbers of entries are
    /// exact or too large, never too small.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn pairs(&self) -> Result<&Bigrams, IndexError> {
        if let Some(pairs) = self.pairs.get() {
            return Ok(pairs);
        }
        let pairs = guarded(&self.place, || collect_bigrams(&self.state, self.fields))?;
        Ok(self.pairs.get_or_init(|| pairs))
    }

    /// Makes a closure that collects [`Searcher::pairs`] ahead, on another thread.
    pub fn prefetch_bigrams(&self) -> impl FnOnce() + Send + use<> {
        let (state, fields, place, pairs) = (self.state.clone(), self.fields, self.place.clone(), self.pairs.clone());
        move || {
            if let Ok(collected) = guarded(&place, || collect_bigrams(&state, fields)) {
                let _ = pairs.set(collected);
            }
        }
    }

    /// Returns true if an entry has the folded word `letters`, or had it before the last merge of segments.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn has_word(&self, letters: &str) -> Result<bool, IndexError> {
        guarded(&self.place, || Ok(self.state.doc_freq(&Term::from_field_text(self.fields.text, letters))? > 0))
    }

    fn plan(&self, query: &Query) -> Result<Plan, TantivyError> {
        Planner { fields: self.fields, searcher: &self.state, tags: &self.tags }.query(query)
    }

    fn execute(&self, query: &Query) -> Result<Vec<EntryId>, TantivyError> {
        let plan = self.plan(query)?;
        let found = if self.len < MANY { self.run(&plan)? } else { self.run_parallel(&plan)? };
        let mut entries = Vec::with_capacity(found.len());
        found.for_each(|id| entries.push(EntryId(id)));
        Ok(entries)
    }

    /// Finds the numbers of matching entries, one segment after another.
    fn run(&self, plan: &Plan) -> Result<DocBitSet, TantivyError> {
        let mut found = DocBitSet::none(self.len);
        for (segment, documents) in self.segments() {
            add(&mut found, plan, segment, documents)?;
        }
        Ok(found)
    }

    /// Finds the numbers of matching entries, with the segments shared among all cores.
    fn run_parallel(&self, plan: &Plan) -> Result<DocBitSet, TantivyError> {
        let none = || DocBitSet::none(self.len);
        let segments: Vec<_> = self.segments().collect();
        let found = segments.into_par_iter().try_fold(none, |mut found, (segment, documents)| {
            add(&mut found, plan, segment, documents)?;
            Ok(found)
        });
        found.try_reduce(none, |mut all, more| {
            all.union(&more);
            Ok(all)
        })
    }
}

/// Collects the pairs of neighbouring characters in an index, and the single Chinese characters.
fn collect_bigrams(state: &tantivy::Searcher, fields: Fields) -> Result<Bigrams, TantivyError> {
    let (mut found, mut alone) = (Vec::new(), Vec::new());
    for segment in state.segment_readers() {
        let index = segment.inverted_index(fields.pairs)?;
        let mut pairs = index.terms().stream()?;
        while let Some((pair, info)) = pairs.next() {
            let mut chars = std::str::from_utf8(pair).unwrap_or_default().chars();
            if let (Some(first), Some(second)) = (chars.next(), chars.next()) {
                found.push((first, second, info.doc_freq));
            }
        }
        let index = segment.inverted_index(fields.text)?;
        let mut words = index.terms().range().gt("\u{7F}").into_stream()?;
        while let Some((word, _)) = words.next() {
            let mut chars = std::str::from_utf8(word).unwrap_or_default().chars();
            if let (Some(first), None) = (chars.next(), chars.next())
                && is_han(first)
            {
                alone.push(first);
            }
        }
    }
    Ok(Bigrams::of(found, alone))
}

/// Number of entries in a log from which several cores search it: fewer are searched faster than
/// another core is woken.
const MANY: u32 = 1 << 18;

/// Adds the entries that `plan` finds in a segment to `found`.
fn add(
    found: &mut DocBitSet,
    plan: &Plan,
    segment: &SegmentReader,
    SegmentDocs { ids, spans }: &SegmentDocs,
) -> Result<(), TantivyError> {
    let docs = plan.docs(segment, spans)?;
    docs.for_each(|doc| {
        let id = ids[doc as usize];
        if id != GONE {
            found.insert(id);
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::{index::Index, log::Log};

    #[test]
    fn prefetched_bigrams_equal_computed_ones() {
        let log = Log::from_entries(["容器与容量", "栈"]);
        let mut index = Index::in_memory().expect("memory");
        index.update(&log, &mut |_| {}).expect("an index");
        let (ahead, asked) = (index.searcher(&log).expect("a searcher"), index.searcher(&log).expect("a searcher"));
        assert!(ahead.pairs.get().is_none());
        ahead.prefetch_bigrams()();
        let (gathered, asked) = (ahead.pairs.get().expect("gathered"), asked.pairs().expect("pairs"));
        assert_eq!((gathered.behind('容'), gathered.chars()), (asked.behind('容'), asked.chars()));
        assert_eq!(gathered.behind('容').len(), 2);
        assert!(gathered.chars().contains(&'栈'));
    }
}
