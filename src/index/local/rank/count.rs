//! How often, and where, terms stand in the passages of some documents.

use super::super::columns::{AllColumns, Columns};
use super::super::stats::Statistics;
use super::super::timed::Deadline;
use super::plan::{Plan, What};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocAddress, DocId, DocSet, Executor, Searcher};

/// Documents that are counted in one go, by one thread.
const COUNTED_TOGETHER: usize = 128;

/// Documents between two looks at the clock.
const LOOK_EVERY: usize = 16;

/// A document to be ranked: its passages are neighbours in a segment.
#[derive(Clone, Debug, Default)]
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

    /// The document of a passage takes the place of another, in its memory.
    fn refill(&mut self, passage: DocId, columns: &Columns, [norms, titles]: [&FieldNormReader; 2]) {
        let extent = columns.extent(passage);
        self.first = extent.start;
        self.lengths.clear();
        self.lengths.extend(extent.map(|doc| norms.fieldnorm(doc)));
        [&mut self.text, &mut self.heading, &mut self.title].into_iter().for_each(Vec::clear);
        self.places.clear();
        // A title is the first passage's.
        self.title_length = titles.fieldnorm(self.first);
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
    /// Where its places begin among the document's, if they were asked for.
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
    make: impl Fn(&Counted) -> T + Sync,
) -> tantivy::Result<Vec<T>> {
    let mut order: Vec<usize> = (0..passages.len()).collect();
    order.sort_unstable_by_key(|at| passages[*at]);
    let executor = within.searcher.index().search_executor();
    let together = match executor {
        Executor::SingleThread => usize::MAX,
        Executor::ThreadPool(_) => COUNTED_TOGETHER,
    };
    let parts = order
        .chunk_by(|a, b| passages[*a].segment_ord == passages[*b].segment_ord)
        .flat_map(|segment| segment.chunks(together));
    let counted = |part: &[usize]| -> tantivy::Result<Vec<(usize, T)>> {
        let mut out = Vec::with_capacity(part.len());
        count_in_segment(plan, part, passages, within, |at, document| out.push((at, make(document))))?;
        Ok(out)
    };
    let mut out: Vec<Option<T>> = passages.iter().map(|_| None).collect();
    for (at, made) in executor.map(counted, parts)?.into_iter().flatten() {
        out[at] = Some(made);
    }
    Ok(out.into_iter().flatten().collect())
}

/// A term in a field of a segment.
struct Cursor {
    /// Which of the fields.
    kind: usize,
    /// The term's number.
    term: usize,
    /// Whether it is of interest where it stands.
    places: bool,
    postings: SegmentPostings,
}

/// Counts in documents of one segment, given in its order by the numbers of their passages; each is shown in turn.
fn count_in_segment(
    plan: &Plan,
    part: &[usize],
    passages: &[DocAddress],
    within: &Within,
    mut show: impl FnMut(usize, &Counted),
) -> tantivy::Result<()> {
    let Within { fields, absent, searcher, columns, deadline } = *within;
    let Some(ordinal) = part.first().map(|at| passages[*at].segment_ord) else { return Ok(()) };
    let segment = searcher.segment_reader(ordinal);
    let columns = columns.of(ordinal, segment)?;
    let (norms, title_norms) = (segment.get_fieldnorms_reader(fields[0])?, segment.get_fieldnorms_reader(fields[2])?);
    let mut cursors: Vec<Cursor> = Vec::new();
    for (kind, field) in fields.into_iter().enumerate().filter(|(kind, _)| !absent[*kind]) {
        let inverted = segment.inverted_index(field)?;
        for (term, text) in plan.terms.iter().enumerate() {
            deadline.go_on()?;
            if kind != 0 && !plan.counts_outside(term) {
                continue;
            }
            let places = kind == 0 && plan.needs_places(term);
            let option = if places { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
            if let Some(postings) = inverted.read_postings(&Term::from_field_text(field, text), option)? {
                cursors.push(Cursor { kind, term, places, postings });
            }
        }
    }
    let mut document = Counted { segment: ordinal, ..Counted::default() };
    for (number, at) in part.iter().enumerate() {
        if number % LOOK_EVERY == 0 {
            deadline.go_on()?;
        }
        document.refill(passages[*at].doc_id, columns, [&norms, &title_norms]);
        for cursor in &mut cursors {
            cursor.count(&mut document);
        }
        show(*at, &document);
    }
    Ok(())
}

impl Cursor {
    /// Counts in a document; documents are asked for in order.
    fn count(&mut self, document: &mut Counted) {
        // A title is the first passage's.
        let end = document.first + if self.kind == 2 { 1 } else { document.lengths.len() as u32 };
        let mut doc = self.postings.doc();
        if doc < document.first {
            doc = self.postings.seek(document.first);
        }
        while doc < end {
            // No places are at no place.
            let mut from = u32::MAX;
            if self.places {
                from = document.places.len() as u32;
                self.postings.append_positions_with_offset(0, &mut document.places);
            }
            let (passage, count) = (doc - document.first, self.postings.term_freq());
            let list = match self.kind {
                0 => &mut document.text,
                1 => &mut document.heading,
                _ => &mut document.title,
            };
            list.push(Posting { passage, term: self.term, count, from });
            doc = self.postings.advance();
        }
    }
}

/// How rare a term is: 0 or more.
pub fn rarity(term: &str, field: Field, statistics: &Statistics) -> tantivy::Result<f32> {
    let all = statistics.lengths(field)?.count as f32;
    let with = statistics.frequency(&Term::from_field_text(field, term))? as f32;
    Ok((1.0 + (all - with + 0.5).max(0.0) / (with + 0.5)).ln())
}
