//! How often, and where, terms stand in the passages of some documents.

use super::super::columns::AllColumns;
use super::super::stats::Statistics;
use super::super::timed::Deadline;
use super::plan::{Plan, What};
use tantivy::columnar::Column;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocId, DocSet, Searcher, TERMINATED};

/// Documents that are counted in one go, by one thread.
const COUNTED_TOGETHER: usize = 128;

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
    /// Where terms stand in the text, one posting after the other.
    places: Vec<u32>,
}

impl Counted {
    /// Whether a term stands in it.
    pub fn has(&self, what: &What) -> bool {
        match what {
            What::Term(term) => self.text.iter().chain(&self.title).any(|p| p.term == *term),
            _ => false,
        }
    }

    /// Where a term stands in the text of a passage, if that was asked for.
    pub fn places(&self, posting: &Posting) -> &[u32] {
        let from = posting.from as usize;
        self.places.get(from..from + posting.count as usize).unwrap_or_default()
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
    /// Where its places begin among the document's.
    from: u32,
}

/// Where is counted, and until when.
#[derive(Clone, Copy)]
pub struct Within<'a> {
    /// Text, headings and title.
    pub fields: [Field; 3],
    /// Which of them no passage has.
    pub absent: [bool; 3],
    /// The state that is searched.
    pub searcher: &'a Searcher,
    /// Its columns.
    pub columns: &'a AllColumns,
    /// When to give up.
    pub deadline: Deadline,
}

/// Counts the terms of a plan in the documents to which these passages belong, one passage for each; of each document
/// something is made, in the order of the passages.
pub fn count<T: Send>(
    plan: &Plan,
    passages: &[DocAddress],
    within: &Within,
    make: impl Fn(Counted) -> T + Sync,
) -> tantivy::Result<Vec<T>> {
    let mut order: Vec<usize> = (0..passages.len()).collect();
    order.sort_unstable_by_key(|at| passages[*at]);
    let parts = order
        .chunk_by(|a, b| passages[*a].segment_ord == passages[*b].segment_ord)
        .flat_map(|segment| segment.chunks(COUNTED_TOGETHER));
    let counted = |part: &[usize]| -> tantivy::Result<Vec<(usize, T)>> {
        let here: Vec<DocAddress> = part.iter().map(|at| passages[*at]).collect();
        let made = count_in_segment(plan, &here, within)?.into_iter().map(&make);
        Ok(part.iter().copied().zip(made).collect())
    };
    let mut out: Vec<(usize, T)> =
        within.searcher.index().search_executor().map(counted, parts)?.into_iter().flatten().collect();
    out.sort_unstable_by_key(|(at, _)| *at);
    Ok(out.into_iter().map(|(_, made)| made).collect())
}

/// Counts in documents of one segment, given in its order.
fn count_in_segment(plan: &Plan, passages: &[DocAddress], within: &Within) -> tantivy::Result<Vec<Counted>> {
    let Within { fields, absent, searcher, columns, deadline } = *within;
    let Some(ordinal) = passages.first().map(|p| p.segment_ord) else { return Ok(Vec::new()) };
    let segment = searcher.segment_reader(ordinal);
    let columns = columns.of(ordinal, segment)?;
    let ordinals = &columns.ordinal;
    let (norms, title_norms) = (segment.get_fieldnorms_reader(fields[0])?, segment.get_fieldnorms_reader(fields[2])?);
    let mut out: Vec<Counted> =
        passages.iter().map(|passage| extent(ordinal, passage.doc_id, ordinals, [&norms, &title_norms])).collect();
    for (kind, field) in fields.into_iter().enumerate().filter(|(kind, _)| !absent[*kind]) {
        let inverted = segment.inverted_index(field)?;
        let places = kind == 0 && plan.needs_places();
        let option = if places { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
        for (term, text) in plan.terms.iter().enumerate() {
            deadline.go_on()?;
            let Some(mut postings) = inverted.read_postings(&Term::from_field_text(field, text), option)? else {
                continue;
            };
            for document in &mut out {
                let end = document.first + if kind == 2 { 1 } else { document.lengths.len() as u32 };
                let mut doc = postings.doc();
                if doc < document.first {
                    doc = postings.seek(document.first);
                }
                if doc == TERMINATED {
                    break;
                }
                while doc < end {
                    let from = document.places.len() as u32;
                    if places {
                        postings.append_positions_with_offset(0, &mut document.places);
                    }
                    let posting = Posting { passage: doc - document.first, term, count: postings.term_freq(), from };
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
    Ok(out)
}

/// The document around a passage: its passages are neighbours, in the order of their ordinals, and only passages have one.
fn extent(segment: u32, passage: DocId, ordinals: &Column<u64>, [norms, titles]: [&FieldNormReader; 2]) -> Counted {
    let mut ordinal = ordinals.first(passage).unwrap_or(1);
    let before = u32::try_from(ordinal.saturating_sub(1)).unwrap_or(0);
    let first = passage.saturating_sub(before);
    let mut end = passage + 1;
    while end < ordinals.num_docs() && ordinals.first(end) == Some(ordinal + 1) {
        (end, ordinal) = (end + 1, ordinal + 1);
    }
    Counted {
        segment,
        first,
        lengths: (first..end).map(|doc| norms.fieldnorm(doc)).collect(),
        text: Vec::new(),
        heading: Vec::new(),
        title: Vec::new(),
        title_length: titles.fieldnorm(passage),
        places: Vec::new(),
    }
}

/// How rare a term is: 0 or more.
pub fn rarity(term: &str, field: Field, statistics: &Statistics) -> tantivy::Result<f32> {
    let all = statistics.lengths(field)?.count as f32;
    let with = statistics.frequency(&Term::from_field_text(field, term))? as f32;
    Ok((1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln())
}
