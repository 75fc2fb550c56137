//! Counts of all that matches, by label: every passage is counted once, nothing is sampled.
//!
//! A passage's labels of one sort are one value of a column (see `schema`), so one number is read a
//! passage; what the numbers mean is looked up afterwards, for those that were met. A document's
//! passages follow its own record in one segment: counting documents needs no table of them, and what
//! is the same for all its passages is read once, from that record.

use super::Reader;
use super::compile::Compiler;
use super::engine;
use super::schema::{SEPARATOR, sort};
use crate::error::Result;
use crate::model::Year;
use crate::query::{Facet, Query};
use rustc_hash::FxHashMap;
use std::io;
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, ColumnIndex, Dictionary};
use tantivy::postings::SegmentPostings;
use tantivy::query::EnableScoring;
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Executor, Score, SegmentOrdinal, SegmentReader};

/// Passages that are looked at together: columns are read faster so.
const BLOCK: usize = 1024;
/// Segments that are looked at at the same time.
const THREADS_MAX: usize = 8;
/// Documents with a value that wait to be counted by its labels, at most.
const PAIRS_MAX: usize = 1 << 14;
/// When so large a share of the values of a column is met, all of them are looked up at once.
const SHARE: usize = 8;

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
    pub fn count(&self, query: &Query, facets: &[Facet]) -> Result<Counted> {
        let compiler = Compiler { fields: &self.fields, searcher: &self.searcher };
        let compiled = compiler.query(query)?;
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.min(self.searcher.segment_readers().len()).min(THREADS_MAX);
        let executor = match threads {
            0 | 1 => Executor::single_thread(),
            // Where no threads are to be had, it goes without.
            _ => Executor::multi_thread(threads, "count").unwrap_or_else(|_| Executor::single_thread()),
        };
        let document = Term::from_field_text(self.fields.record, sort::DOCUMENT);
        let counter = Counter { facets, document };
        let scoring = EnableScoring::disabled_from_searcher(&self.searcher);
        self.searcher
            .search_with_executor(&compiled, &counter, &executor, scoring)
            .map_err(engine("cannot search the index"))
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

/// Values read together.
#[derive(Default)]
struct Block {
    docs: Vec<DocId>,
    rows: Vec<u32>,
    values: Vec<u64>,
}

impl Block {
    /// Reads the values of these records, in order. Those that have none are left out: `docs` are the others.
    fn read(&mut self, column: &Column<u64>, docs: &[DocId]) {
        self.docs.clear();
        self.rows.clear();
        let rows = match column.index {
            ColumnIndex::Full => docs,
            _ => {
                column.row_ids_for_docs(docs, &mut self.docs, &mut self.rows);
                &self.rows
            }
        };
        self.values.resize(rows.len(), 0);
        match (rows.first(), rows.last()) {
            (Some(first), Some(last)) if (last - first) as usize + 1 == rows.len() => {
                column.values.get_range(u64::from(*first), &mut self.values);
            }
            _ => column.values.get_vals(rows, &mut self.values),
        }
    }
}

/// Counts by one column.
enum Labels {
    Passage(OfPassages),
    Document(OfDocuments),
}

impl Labels {
    fn open(facet: Facet, reader: &SegmentReader) -> tantivy::Result<Labels> {
        let columns = reader.fast_fields();
        let text = |name: &str| -> tantivy::Result<(Arc<Dictionary>, Column<u64>)> {
            let empty = || (Arc::new(Dictionary::empty()), Column::build_empty_column(reader.max_doc()));
            Ok(columns.str(name)?.map_or_else(empty, |column| column.into_parts()))
        };
        let passages = |name| text(name).map(|(names, column)| Labels::Passage(OfPassages::new(column, names)));
        let documents = |name| {
            let (names, column) = text(name)?;
            let counts = vec![Tally::default(); names.num_terms()];
            let is_list = facet == Facet::Lang;
            Ok(Labels::Document(OfDocuments { column, names: Some(names), is_list, counts, without: Tally::default() }))
        };
        match facet {
            Facet::Region => passages("regions"),
            Facet::Topic => passages("topics"),
            Facet::Kind => documents("kind"),
            Facet::Source => documents("publisher"),
            Facet::Lang => documents("languages"),
            Facet::Year => Ok(Labels::Document(OfDocuments {
                column: columns.u64("year")?,
                names: None,
                is_list: false,
                counts: vec![Tally::default(); usize::from(Year::LAST) + 1],
                without: Tally::default(),
            })),
        }
    }
}

/// A column that each document has one value of.
struct OfDocuments {
    column: Column<u64>,
    /// What the values mean; none: they are numbers.
    names: Option<Arc<Dictionary>>,
    /// A value may be several labels.
    is_list: bool,
    /// By value.
    counts: Vec<Tally>,
    without: Tally,
}

impl OfDocuments {
    /// Counts documents by their records, with so many passages each.
    fn count(&mut self, block: &mut Block, records: &[DocId], passages: &[u32]) {
        block.read(&self.column, records);
        let is_full = block.values.len() == records.len();
        let mut at = 0;
        for (record, passages) in records.iter().zip(passages) {
            let tally = Tally { documents: 1, passages: u64::from(*passages) };
            if is_full || block.docs.get(at) == Some(record) {
                if let Some(count) = self.counts.get_mut(block.values[at] as usize) {
                    *count += tally;
                }
                at += 1;
            } else {
                self.without += tally;
            }
        }
    }

    fn finish(self) -> io::Result<(ByLabel, Tally)> {
        let mut labels: FxHashMap<Vec<u8>, Tally> = FxHashMap::default();
        let met: Vec<u64> = (0..self.counts.len() as u64).filter(|v| self.counts[*v as usize].documents > 0).collect();
        let mut tallies = met.iter().map(|v| self.counts[*v as usize]);
        let mut add = |name: &[u8]| {
            let tally = tallies.next().unwrap_or_default();
            match self.is_list {
                true => name.split(|b| *b == SEPARATOR).for_each(|l| *labels.entry(l.to_vec()).or_default() += tally),
                false => *labels.entry(name.to_vec()).or_default() += tally,
            }
        };
        match &self.names {
            Some(names) => {
                names.sorted_ords_to_term_cb(&met, add)?;
            }
            None => met.iter().for_each(|number| add(number.to_string().as_bytes())),
        }
        Ok((labels.into_iter().collect(), self.without))
    }
}

/// How many bytes two values have in common at their beginnings, or a few less.
fn common(a: &[u8], b: &[u8]) -> usize {
    let (a, b) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    8 * a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// How often something was met, and by which document last.
#[derive(Clone, Copy, Default)]
struct Met {
    count: u32,
    last: u32,
}

/// A column that each passage has a value of: its labels.
struct OfPassages {
    column: Column<u64>,
    names: Arc<Dictionary>,
    /// By value: passages.
    values: Vec<Met>,
    /// Documents, and values met in them for the first time.
    pairs: Vec<(u32, u32)>,
    /// The labels of each value, once looked up, as a range of `lists`.
    known: Vec<(u32, u32)>,
    lists: Vec<u32>,
    /// Where in `lists` those of the value looked up last begin.
    open: usize,
    numbers: FxHashMap<Vec<u8>, u32>,
    /// By label: documents.
    labels: Vec<Met>,
    trouble: Option<io::Error>,
}

impl OfPassages {
    fn new(column: Column<u64>, names: Arc<Dictionary>) -> OfPassages {
        OfPassages {
            column,
            values: vec![Met::default(); names.num_terms()],
            known: vec![(0, 0); names.num_terms()],
            names,
            pairs: Vec::with_capacity(PAIRS_MAX + BLOCK),
            lists: Vec::new(),
            open: 0,
            numbers: FxHashMap::default(),
            labels: Vec::new(),
            trouble: None,
        }
    }

    /// Counts passages of the documents with these numbers.
    fn count(&mut self, block: &mut Block, passages: &[DocId], runs: &[u32]) {
        block.read(&self.column, passages);
        for (value, run) in block.values.iter().zip(runs) {
            let Some(met) = self.values.get_mut(*value as usize) else { continue };
            met.count += 1;
            if met.last != *run {
                met.last = *run;
                self.pairs.push((*run, *value as u32));
            }
        }
        if self.pairs.len() >= PAIRS_MAX
            && self.trouble.is_none()
            && let Err(error) = self.settle()
        {
            self.trouble = Some(error);
        }
    }

    /// Counts the documents that wait: two values may have a label in common, and a document counts once for it.
    fn settle(&mut self) -> io::Result<()> {
        self.look_up()?;
        for (run, value) in self.pairs.drain(..) {
            let (from, to) = self.known[value as usize];
            for label in &self.lists[from as usize..to as usize] {
                let met = &mut self.labels[*label as usize];
                met.count += u32::from(met.last != run);
                met.last = run;
            }
        }
        Ok(())
    }

    /// Looks up the labels of all values met so far.
    fn look_up(&mut self) -> io::Result<()> {
        let unknown = || (0..self.values.len()).filter(|value| self.known[*value] == (0, 0)).map(|value| value as u64);
        let mut new: Vec<u64> = unknown().filter(|value| self.values[*value as usize].count > 0).collect();
        if new.len() > self.values.len() / SHARE {
            new = unknown().collect();
        }
        let mut values = new.iter();
        let mut before: Vec<u8> = Vec::new();
        self.names.clone().sorted_ords_to_term_cb(&new, |bytes| {
            let common = common(&before, bytes);
            if let Some(value) = values.next() {
                self.name(*value as usize, bytes, common);
            }
            before.clear();
            before.extend_from_slice(bytes);
        })?;
        Ok(())
    }

    /// Takes down the labels of a value that has the first `common` bytes of the one before: in order, most
    /// values share most of their labels with their neighbours.
    fn name(&mut self, value: usize, bytes: &[u8], common: usize) {
        let from = self.lists.len();
        let mut start = 0;
        for (at, end) in memchr::memchr_iter(SEPARATOR, &bytes[..common]).enumerate() {
            self.lists.push(self.lists[self.open + at]);
            start = end + 1;
        }
        self.open = from;
        for label in bytes[start..].split(|b| *b == SEPARATOR) {
            let next = self.labels.len() as u32;
            let number = match self.numbers.get(label) {
                Some(number) => *number,
                None => {
                    self.numbers.insert(label.to_vec(), next);
                    self.labels.push(Met::default());
                    next
                }
            };
            self.lists.push(number);
        }
        self.known[value] = (from as u32, self.lists.len() as u32);
    }

    fn finish(mut self) -> io::Result<(ByLabel, Tally)> {
        if let Some(error) = self.trouble.take() {
            return Err(error);
        }
        self.settle()?;
        let tally = |met: &Met| Tally { documents: met.count.into(), passages: 0 };
        let mut tallies: Vec<Tally> = self.labels.iter().map(tally).collect();
        for (met, (from, to)) in self.values.iter().zip(&self.known).filter(|(met, _)| met.count > 0) {
            for label in &self.lists[*from as usize..*to as usize] {
                tallies[*label as usize].passages += u64::from(met.count);
            }
        }
        let labels = self.numbers.into_iter().map(|(label, number)| (label, tallies[number as usize]));
        // Values that were not met may have been looked up with the others; having no label is a value too.
        let (labels, none): (ByLabel, ByLabel) =
            labels.filter(|(_, tally)| tally.passages > 0).partition(|(label, _)| !label.is_empty());
        Ok((labels, none.first().map(|(_, tally)| *tally).unwrap_or_default()))
    }
}
