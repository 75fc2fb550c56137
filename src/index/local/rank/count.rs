//! How often, and where, terms stand in the passages of some documents.

use super::super::stats::Statistics;
use super::plan::{Plan, What};
use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocId, DocSet, Searcher, TERMINATED};

/// A document to be ranked: its passages are neighbours in a segment.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Its segment.
    pub segment: u32,
    /// Its first passage.
    pub first: DocId,
    /// The lengths of its passages in terms, as the engine rounds them.
    pub lengths: Vec<u32>,
    /// What stands in them, in the order of terms, then passages.
    pub text: Vec<Posting>,
    /// What stands in the headings, likewise.
    pub heading: Vec<Posting>,
    /// What stands in the title, by term.
    pub title: Vec<Posting>,
    /// Length of the title.
    pub title_length: u32,
}

impl Counted {
    /// Whether a term stands in it.
    pub fn has(&self, what: &What) -> bool {
        match what {
            What::Term(term) => self.text.iter().chain(&self.title).any(|p| p.term == *term),
            _ => false,
        }
    }
}

/// A term in a passage.
#[derive(Clone, Debug)]
pub struct Posting {
    /// The passage, counted from the document's first.
    pub passage: u32,
    /// The term's number.
    pub term: usize,
    /// How often.
    pub count: u32,
    /// Where, if that was asked for.
    pub places: Vec<u32>,
}

/// Counts the terms of a plan in the documents to which these passages belong, one passage for each.
pub fn count(
    plan: &Plan,
    passages: &[DocAddress],
    fields: [Field; 3],
    searcher: &Searcher,
) -> tantivy::Result<Vec<Counted>> {
    let mut out: Vec<Option<Counted>> = vec![None; passages.len()];
    for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
        let mut here: Vec<usize> =
            (0..passages.len()).filter(|at| passages[*at].segment_ord as usize == ordinal).collect();
        if here.is_empty() {
            continue;
        }
        here.sort_unstable_by_key(|at| passages[*at].doc_id);
        let numbers = segment.fast_fields().u64("document")?;
        let ordinals = segment.fast_fields().u64("ordinal")?;
        let norms = segment.get_fieldnorms_reader(fields[0])?;
        let title_norms = segment.get_fieldnorms_reader(fields[2])?;
        for at in &here {
            out[*at] =
                Some(extent(ordinal as u32, passages[*at].doc_id, [&numbers, &ordinals], [&norms, &title_norms]));
        }
        for (kind, field) in fields.into_iter().enumerate() {
            let inverted = segment.inverted_index(field)?;
            let places = kind == 0 && plan.needs_places();
            let option = if places { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
            for (term, text) in plan.terms.iter().enumerate() {
                let Some(mut postings) = inverted.read_postings(&Term::from_field_text(field, text), option)? else {
                    continue;
                };
                for at in &here {
                    let Some(document) = out[*at].as_mut() else { continue };
                    let end = document.first + if kind == 2 { 1 } else { document.lengths.len() as u32 };
                    let mut doc = postings.doc();
                    if doc < document.first {
                        doc = postings.seek(document.first);
                    }
                    if doc == TERMINATED {
                        break;
                    }
                    while doc < end {
                        let mut list = Vec::new();
                        if places {
                            postings.positions(&mut list);
                        }
                        let posting =
                            Posting { passage: doc - document.first, term, count: postings.term_freq(), places: list };
                        match kind {
                            0 => document.text.push(posting),
                            1 => document.heading.push(posting),
                            _ => document.title.push(posting),
                        }
                        doc = postings.advance();
                    }
                }
            }
        }
    }
    Ok(out.into_iter().flatten().collect())
}

/// The document around a passage; only passages have an ordinal.
fn extent(
    segment: u32,
    passage: DocId,
    [numbers, ordinals]: [&Column<u64>; 2],
    [norms, titles]: [&FieldNormReader; 2],
) -> Counted {
    let number = numbers.first(passage);
    let belongs = |doc: DocId| numbers.first(doc) == number && ordinals.first(doc).is_some();
    let mut first = passage;
    while first > 0 && belongs(first - 1) {
        first -= 1;
    }
    let mut end = passage + 1;
    while end < numbers.num_docs() && belongs(end) {
        end += 1;
    }
    Counted {
        segment,
        first,
        lengths: (first..end).map(|doc| norms.fieldnorm(doc)).collect(),
        text: Vec::new(),
        heading: Vec::new(),
        title: Vec::new(),
        title_length: titles.fieldnorm(passage),
    }
}

/// How rare a term is: 0 or more.
pub fn rarity(term: &str, field: Field, statistics: &Statistics) -> tantivy::Result<f32> {
    let all = statistics.lengths(field)?.count as f32;
    let with = statistics.frequency(&Term::from_field_text(field, term))? as f32;
    Ok((1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln())
}
