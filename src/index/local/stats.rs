//! What ranking counts: passages, their length, and in how many of them a term stands.
//!
//! Of what is alive only, and from what is stored with each passage, so that the same documents are
//! ranked alike however they came into the index: the engine's own counts hold what was removed and
//! not yet merged away, and records that are no passages.

use super::schema::{Fields, sort};
use std::cell::RefCell;
use std::collections::HashMap;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocSet, Searcher, TERMINATED};

/// Counts of one committed state; looked up when first asked for.
pub struct Statistics<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
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
    /// Of a state.
    pub fn new(searcher: &'a Searcher, fields: &'a Fields) -> Statistics<'a> {
        Statistics { searcher, fields, lengths: RefCell::default(), frequencies: RefCell::default() }
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
            let alive = segment.alive_bitset();
            for doc in (0..segment.max_doc()).filter(|doc| alive.is_none_or(|alive| alive.is_alive(*doc))) {
                histogram[usize::from(norms.fieldnorm_id(doc))] += 1;
            }
            for (id, count) in histogram.iter().enumerate().skip(1) {
                out.count += count;
                out.terms += count * u64::from(FieldNormReader::id_to_fieldnorm(id as u8));
            }
        }
        self.lengths.borrow_mut().insert(field, out);
        Ok(out)
    }

    /// The documents there are.
    pub fn documents(&self) -> tantivy::Result<u64> {
        self.frequency(&Term::from_field_text(self.fields.record, sort::DOCUMENT))
    }

    /// The passages there are: all records but the few of other sorts, which are sooner counted.
    pub fn passages(&self) -> tantivy::Result<u64> {
        let mut others = 0;
        for sort in [sort::ENTRY, sort::DOCUMENT, sort::COPY] {
            others += self.frequency(&Term::from_field_text(self.fields.record, sort))?;
        }
        Ok(self.searcher.num_docs().saturating_sub(others))
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
        // Headings are about as long as titles; counting them too would cost as much as the rest.
        let counted = if field == self.fields.text { field } else { self.fields.title };
        Ok(self.lengths(counted)?.terms.max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.passages()?.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.frequency(term)
    }
}
