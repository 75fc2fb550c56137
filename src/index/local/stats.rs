//! What ranking counts: passages, their length, and in how many of them a term stands.
//!
//! Of what is alive only, and from what is stored with each passage, so that the same documents are
//! ranked alike however they came into the index: the engine's own counts hold what was removed and
//! not yet merged away, and records that are no passages.

use std::cell::RefCell;
use std::collections::HashMap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocSet, Searcher, TERMINATED};

/// Counts of one committed state; looked up when first asked for.
pub struct Statistics<'a> {
    searcher: &'a Searcher,
    /// What every passage has.
    passage: Term,
    lengths: RefCell<HashMap<Field, Lengths>>,
    frequencies: RefCell<HashMap<Term, u64>>,
}

/// The values of a field that are not empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lengths {
    /// How many.
    pub count: u64,
    /// Their terms, as the engine rounds them.
    pub terms: u64,
}

impl<'a> Statistics<'a> {
    /// Of a state in which every passage has a term.
    pub fn new(searcher: &'a Searcher, passage: Term) -> Statistics<'a> {
        Statistics { searcher, passage, lengths: RefCell::default(), frequencies: RefCell::default() }
    }

    /// The passages that have a field, and how long it is in them.
    pub fn lengths(&self, field: Field) -> tantivy::Result<Lengths> {
        if let Some(known) = self.lengths.borrow().get(&field) {
            return Ok(*known);
        }
        let mut out = Lengths::default();
        for segment in self.searcher.segment_readers() {
            let norms = segment.get_fieldnorms_reader(field)?;
            let mut histogram = [0u64; 256];
            match segment.has_deletes() {
                true => segment.doc_ids_alive().for_each(|doc| histogram[usize::from(norms.fieldnorm_id(doc))] += 1),
                false => (0..segment.max_doc()).for_each(|doc| histogram[usize::from(norms.fieldnorm_id(doc))] += 1),
            }
            for (id, count) in histogram.iter().enumerate().skip(1) {
                out.count += count;
                out.terms += count * u64::from(FieldNormReader::id_to_fieldnorm(id as u8));
            }
        }
        self.lengths.borrow_mut().insert(field, out);
        Ok(out)
    }

    /// The passages in which a term stands.
    pub fn frequency(&self, term: &Term) -> tantivy::Result<u64> {
        if let Some(known) = self.frequencies.borrow().get(term) {
            return Ok(*known);
        }
        let mut out = 0;
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(term.field())?;
            let Some(info) = inverted.get_term_info(term)? else { continue };
            let Some(alive) = segment.alive_bitset() else {
                out += u64::from(info.doc_freq);
                continue;
            };
            let mut postings = inverted.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED {
                out += u64::from(alive.is_alive(postings.doc()));
                postings.advance();
            }
        }
        self.frequencies.borrow_mut().insert(term.clone(), out);
        Ok(out)
    }
}

// The engine asks from one thread, before it searches with several.
impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Ok(self.lengths(field)?.terms.max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.frequency(&self.passage)?.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.frequency(term)
    }
}
