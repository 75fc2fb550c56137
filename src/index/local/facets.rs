//! Counts of all that matches, by label: every passage is counted once, nothing is sampled.
//!
//! A passage's labels of one sort are one value of a column (see `schema`), so one number is read a
//! passage; what the numbers mean is looked up afterwards, for those that were met. A document's
//! passages follow its own record in one segment: counting documents needs no table of them, and what
//! is the same for all its passages is read once, from that record.

mod labels;
#[cfg(test)]
mod tests;

use super::Reader;
use super::schema::{Keyword, sort};
use super::timed::{Deadline, Timed};
use crate::error::Result;
use crate::query::{Facet, Query};
use labels::{Block, Labels};
use rustc_hash::FxHashMap;
use std::io;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::postings::SegmentPostings;
use tantivy::query::EnableScoring;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Executor, Score, SegmentOrdinal, SegmentReader};

/// Passages that are looked at together: columns are read faster so.
const BLOCK: usize = if cfg!(test) { 8 } else { 1024 };
/// Segments that are looked at at the same time.
const THREADS_MAX: usize = 8;

/// How many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Documents with at least one of the passages.
    pub documents: u64,
    /// Passages.
    pub passages: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Tally) {
        self.documents += other.documents;
        self.passages += other.passages;
    }
}

/// All that matches, counted by the labels of one facet.
#[derive(Clone, Debug, Default)]
pub struct Tallies {
    /// By label, in no order: a region's code, a topic's slug, a year, a kind, a publisher as written, a language.
    pub labels: Vec<(String, Tally)>,
    /// Passages that have none, and documents with such passages.
    pub without: Tally,
}

/// All that matches, counted.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// In all.
    pub all: Tally,
    /// By each facet asked for, in that order.
    pub facets: Vec<Tallies>,
}

impl Reader {
    /// Counts what an expanded query finds, in all and by each of these facets.
    pub fn count(&self, query: &Query, facets: &[Facet], deadline: Deadline) -> Result<Counted> {
        let compiler = self.compiler(deadline);
        let compiled = compiler.query(query)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.min(self.searcher.segment_readers().len()).min(THREADS_MAX);
        let executor = match threads {
            0 | 1 => Executor::single_thread(),
            // Where no threads are to be had, it goes without.
            _ => Executor::multi_thread(threads, "count").unwrap_or_else(|_| Executor::single_thread()),
        };
        let document = self.fields.term(Keyword::Record(sort::DOCUMENT));
        let counter = Timed::new(Counter { facets, document }, deadline);
        let scoring = EnableScoring::disabled_from_searcher(&self.searcher);
        self.searcher
            .search_with_executor(&compiled, &counter, &executor, scoring)
            .map_err(|error| deadline.broke_off("cannot search the index", error))
    }
}

struct Counter<'a> {
    facets: &'a [Facet],
    /// What the records of documents have.
    document: Term,
}

/// No label twice.
type ByLabel = Vec<(Vec<u8>, Tally)>;
/// Counts of one segment: in all, and for each facet by label and without any.
type Part = (Tally, Vec<(ByLabel, Tally)>);

impl Collector for Counter<'_> {
    type Fruit = Counted;
    type Child = SegmentCounter;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentCounter> {
        let records = reader.inverted_index(self.document.field())?;
        let next = records.read_postings(&self.document, IndexRecordOption::Basic)?;
        Ok(SegmentCounter {
            next,
            columns: self.facets.iter().map(|facet| Labels::open(*facet, reader)).collect::<tantivy::Result<_>>()?,
            waiting: Vec::with_capacity(BLOCK),
            runs: Vec::with_capacity(BLOCK),
            records: Vec::with_capacity(BLOCK),
            lengths: Vec::with_capacity(BLOCK),
            run: 0,
            document: 0,
            all: Tally::default(),
            block: Block::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<io::Result<Part>>) -> tantivy::Result<Counted> {
        let mut all = Tally::default();
        let mut facets: Vec<(FxHashMap<Vec<u8>, Tally>, Tally)> = vec![Default::default(); self.facets.len()];
        for fruit in fruits {
            let (tally, parts) = fruit?;
            all += tally;
            for ((labels, without), (more_labels, more)) in facets.iter_mut().zip(parts) {
                *without += more;
                if labels.is_empty() {
                    labels.reserve(more_labels.len());
                }
                for (label, tally) in more_labels {
                    *labels.entry(label).or_default() += tally;
                }
            }
        }
        let text = |label: Vec<u8>| String::from_utf8_lossy(&label).into_owned();
        let facets = facets.into_iter().map(|(labels, without)| Tallies {
            labels: labels.into_iter().map(|(label, tally)| (text(label), tally)).collect(),
            without,
        });
        Ok(Counted { all, facets: facets.collect() })
    }
}

struct SegmentCounter {
    /// The records of documents, from the one after the document that is being counted.
    next: Option<SegmentPostings>,
    /// The record of that document, and its number among those of the segment, from 1.
    document: DocId,
    run: u32,
    columns: Vec<Labels>,
    /// Passages not looked at yet.
    waiting: Vec<DocId>,
    /// The number of the document of each.
    runs: Vec<u32>,
    /// Of documents not counted yet: their records, and how many passages were found.
    records: Vec<DocId>,
    lengths: Vec<u32>,
    all: Tally,
    block: Block,
}

impl SegmentCounter {
    fn look(&mut self) {
        self.runs.clear();
        for doc in &self.waiting {
            let mut is_first = self.run == 0;
            while let Some(next) = self.next.as_mut().filter(|next| next.doc() < *doc) {
                (self.document, self.run, is_first) = (next.doc(), self.run + 1, true);
                next.advance();
            }
            if is_first {
                self.all.documents += 1;
                self.records.push(self.document);
                self.lengths.push(0);
            }
            if let Some(length) = self.lengths.last_mut() {
                *length += 1;
            }
            self.runs.push(self.run);
        }
        self.all.passages += self.waiting.len() as u64;
        for column in &mut self.columns {
            if let Labels::Passage(column) = column {
                column.count(&mut self.block, &self.waiting, &self.runs);
            }
        }
        self.waiting.clear();
        if self.records.len() >= BLOCK {
            self.close(1);
        }
    }

    /// Counts documents as wholes, but for the last `but`: it may go on in the next block.
    fn close(&mut self, but: usize) {
        let whole = self.records.len().saturating_sub(but);
        for column in &mut self.columns {
            if let Labels::Document(column) = column {
                column.count(&mut self.block, &self.records[..whole], &self.lengths);
            }
        }
        self.records.drain(..whole);
        self.lengths.drain(..whole);
    }
}

impl SegmentCollector for SegmentCounter {
    type Fruit = io::Result<Part>;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.waiting.push(doc);
        if self.waiting.len() >= BLOCK {
            self.look();
        }
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.waiting.extend_from_slice(docs);
        if self.waiting.len() >= BLOCK {
            self.look();
        }
    }

    fn harvest(mut self) -> io::Result<Part> {
        self.look();
        self.close(0);
        let facets = self.columns.into_iter().map(|column| match column {
            Labels::Passage(column) => column.finish(),
            Labels::Document(column) => column.finish(),
        });
        Ok((self.all, facets.collect::<io::Result<_>>()?))
    }
}
