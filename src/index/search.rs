//! Searching: one state of the index, bound to one log.

use super::{
    IndexError,
    doc_bit_set::DocBitSet,
    guarded,
    plan::{DocSpans, Plan, Planner},
    schema::{Fields, KEY},
};
use crate::{
    log::{EntryId, Log, TagId},
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

/// Answers queries with entries of the log it was made for, whatever is written meanwhile.
///
/// It can be shared between threads and outlives the [`super::Index`] it came from.
pub struct Searcher {
    state: tantivy::Searcher,
    fields: Fields,
    /// For each segment what its documents are.
    documents: Vec<SegmentDocs>,
    /// Entries of the log.
    len: u32,
    /// Every name of every tag of the log, folded, with its own.
    tags: HashMap<String, String>,
    place: PathBuf,
    /// Once they were gathered; shared with whoever gathers them ahead.
    pairs: Arc<OnceLock<Bigrams>>,
}

/// Makes ready what the first [`Searcher::words_like`] would wait for: Tantivy's builders of automata,
/// which are the same for every field and word.
pub fn warm_up() {
    for most in 1..=2 {
        drop(FuzzyTermQuery::new(Term::from_field_text(Field::from_field_id(0), "a"), most, true).automaton());
    }
}

struct SegmentDocs {
    /// Their entries, or [`GONE`].
    ids: Vec<u32>,
    spans: DocSpans,
}

/// A document that was deleted, or whose entry the log does not have.
const GONE: u32 = u32::MAX;

impl Searcher {
    pub(super) fn new(
        reader: &IndexReader,
        fields: Fields,
        log: &Log,
        place: PathBuf,
    ) -> Result<Searcher, TantivyError> {
        let state = reader.searcher();
        let (mut documents, find) = (Vec::with_capacity(state.segment_readers().len()), log.by_key());
        for segment in state.segment_readers() {
            let keys = segment.fast_fields().u64(KEY)?;
            let mut of_segment = vec![GONE; segment.max_doc() as usize];
            for doc in segment.doc_ids_alive() {
                let id = keys.first(doc).and_then(|key| find(EntryKey(key)));
                of_segment[doc as usize] = id.map_or(GONE, |id| id.0);
            }
            documents.push(SegmentDocs { ids: of_segment, spans: DocSpans::new(segment)? });
        }
        let own = |tag: TagId| fold(&log.tags()[tag.0 as usize].name);
        let tags = log.tag_names().map(|(name, tag)| (name.to_owned(), own(tag))).collect();
        Ok(Searcher { state, fields, documents, len: log.len() as u32, tags, place, pairs: Arc::default() })
    }

    /// The entries that `query` finds, newest first: those for which [`Query::matches`] holds.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn search(&self, query: &Query) -> Result<Vec<EntryId>, IndexError> {
        guarded(&self.place, || self.execute(query))
    }

    /// How many entries `query` finds: sooner than [`Searcher::search`] where they are few.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn count(&self, query: &Query) -> Result<usize, IndexError> {
        let work = || {
            let (plan, mut count) = (self.plan(query)?, 0);
            for (segment, SegmentDocs { ids, spans }) in self.state.segment_readers().iter().zip(&self.documents) {
                plan.docs(segment, spans)?.for_each(|doc| count += usize::from(ids[doc as usize] != GONE));
            }
            Ok(count)
        };
        guarded(&self.place, work)
    }

    /// Tells `meet` the words of the log, folded, that `slip` fits, each with the number of entries
    /// that have it; a word may come several times.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn words_like(&self, slip: &FuzzyWord, meet: &mut dyn FnMut(&str, usize)) -> Result<(), IndexError> {
        let term = Term::from_field_text(self.fields.text, &slip.word);
        let fuzzy = if slip.goes_on { FuzzyTermQuery::new_prefix } else { FuzzyTermQuery::new };
        let fuzzy = fuzzy(term, slip.most, true);
        let work = || {
            for segment in self.state.segment_readers() {
                let index = segment.inverted_index(self.fields.text)?;
                // Beginnings and gaps begin with control characters, numbers with digits.
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
        };
        guarded(&self.place, work)
    }

    /// What stands side by side in texts of the log, or alone, folded, with numbers of entries that
    /// are not too small.
    ///
    /// # Errors
    ///
    /// [`IndexError::Damaged`] when the index cannot be read.
    pub fn pairs(&self) -> Result<&Bigrams, IndexError> {
        if let Some(pairs) = self.pairs.get() {
            return Ok(pairs);
        }
        let pairs = guarded(&self.place, || gather(&self.state, self.fields))?;
        Ok(self.pairs.get_or_init(|| pairs))
    }

    /// What gathers [`Searcher::pairs`] ahead, beside whoever searches meanwhile.
    pub fn prefetch_bigrams(&self) -> impl FnOnce() + Send + use<> {
        let (state, fields, place, pairs) = (self.state.clone(), self.fields, self.place.clone(), self.pairs.clone());
        move || {
            if let Ok(gathered) = guarded(&place, || gather(&state, fields)) {
                let _ = pairs.set(gathered);
            }
        }
    }

    /// Whether an entry has the word `letters`, folded, or had it until lately.
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
        let segments = || self.state.segment_readers().iter().zip(&self.documents);
        let found = if self.len < MANY {
            let mut found = DocBitSet::none(self.len);
            for (segment, documents) in segments() {
                add(&mut found, &plan, segment, documents)?;
            }
            found
        } else {
            let none = || DocBitSet::none(self.len);
            let segments: Vec<_> = segments().collect();
            let found = segments.into_par_iter().try_fold(none, |mut found, (segment, documents)| {
                add(&mut found, &plan, segment, documents).map(|()| found)
            });
            found.try_reduce(none, |mut all, more| {
                all.union(&more);
                Ok(all)
            })?
        };
        let mut entries = Vec::with_capacity(found.len());
        found.for_each(|id| entries.push(EntryId(id)));
        Ok(entries)
    }
}

/// What stands side by side in the texts of an index, or alone.
fn gather(state: &tantivy::Searcher, fields: Fields) -> Result<Bigrams, TantivyError> {
    let (mut found, mut alone) = (Vec::new(), Vec::new());
    for segment in state.segment_readers() {
        let index = segment.inverted_index(fields.pairs)?;
        let mut pairs = index.terms().stream()?;
        while let Some((pair, info)) = pairs.next() {
            let mut chars = std::str::from_utf8(pair).unwrap_or_default().chars();
            found.extend(chars.next().zip(chars.next()).map(|(a, b)| (a, b, info.doc_freq)));
        }
        let index = segment.inverted_index(fields.text)?;
        let mut words = index.terms().range().gt("\u{7F}").into_stream()?;
        while let Some((word, _)) = words.next() {
            let mut chars = std::str::from_utf8(word).unwrap_or_default().chars();
            alone.extend(chars.next().filter(|c| is_han(*c) && chars.next().is_none()));
        }
    }
    Ok(Bigrams::of(found, alone))
}

/// Entries of a log from which several cores search it: fewer are found sooner than another core
/// is woken.
const MANY: u32 = 1 << 18;

/// Adds what `plan` finds in a segment to `found`.
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
