//! Counts by the labels of one column of one segment.

use super::{BLOCK, ByLabel, Tally};
use crate::index::local::schema::SEPARATOR;
use crate::model::Year;
use crate::query::Facet;
use rustc_hash::FxHashMap;
use std::io;
use std::sync::Arc;
use tantivy::columnar::{Column, ColumnIndex, Dictionary};
use tantivy::{DocId, SegmentReader};

/// Documents with a value that wait to be counted by its labels, at most.
const PAIRS_MAX: usize = if cfg!(test) { 32 } else { 1 << 14 };
/// When so large a share of the values of a column is met, all of them are looked up at once.
const SHARE: usize = 8;
/// Labels that are counted together. Most values have no more, so the processor foresees how often to go round.
const PAD: usize = 4;

/// Values read together.
#[derive(Default)]
pub(super) struct Block {
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
pub(super) enum Labels {
    Passage(OfPassages),
    Document(OfDocuments),
}

impl Labels {
    pub(super) fn open(facet: Facet, reader: &SegmentReader) -> tantivy::Result<Labels> {
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
pub(super) struct OfDocuments {
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
    pub(super) fn count(&mut self, block: &mut Block, records: &[DocId], passages: &[u32]) {
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

    pub(super) fn finish(self) -> io::Result<(ByLabel, Tally)> {
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
pub(super) struct OfPassages {
    column: Column<u64>,
    names: Arc<Dictionary>,
    /// By value: passages.
    values: Vec<Met>,
    /// Documents, and values met in them for the first time: the first `waiting` are to be counted by label.
    pairs: Vec<(u32, u32)>,
    waiting: usize,
    /// The labels of each value, once looked up, as a range of `lists`, where the last is repeated up to a multiple
    /// of [`PAD`].
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
            pairs: Vec::new(),
            waiting: 0,
            lists: Vec::new(),
            open: 0,
            numbers: FxHashMap::default(),
            labels: Vec::new(),
            trouble: None,
        }
    }

    /// Counts passages of the documents with these numbers.
    pub(super) fn count(&mut self, block: &mut Block, passages: &[DocId], runs: &[u32]) {
        block.read(&self.column, passages);
        debug_assert_eq!(block.values.len(), passages.len(), "all records have a value");
        // One is written before it is known to be wanted.
        let room = self.waiting + block.values.len() + 1;
        if self.pairs.len() < room {
            self.pairs.resize(room.max(PAIRS_MAX + 2 * BLOCK), (0, 0));
        }
        let (values, pairs) = (self.values.as_mut_slice(), self.pairs.as_mut_slice());
        let mut waiting = self.waiting;
        for (value, run) in block.values.iter().zip(runs) {
            let Some(met) = values.get_mut(*value as usize) else { continue };
            // No branches: which it will be cannot be foretold.
            pairs[waiting] = (*run, *value as u32);
            waiting += usize::from(met.last != *run);
            *met = Met { count: met.count + 1, last: *run };
        }
        self.waiting = waiting;
        if waiting >= PAIRS_MAX
            && let Err(error) = self.settle()
        {
            (self.trouble, self.waiting) = (Some(error), 0);
        }
    }

    /// Counts the documents that wait: two values may have a label in common, and a document counts once for it.
    fn settle(&mut self) -> io::Result<()> {
        self.look_up()?;
        let (known, lists, labels) = (self.known.as_slice(), self.lists.as_slice(), self.labels.as_mut_slice());
        for (run, value) in &self.pairs[..self.waiting] {
            let (from, to) = known[*value as usize];
            let padded = to.next_multiple_of(PAD as u32);
            for group in lists[from as usize..padded as usize].as_chunks::<PAD>().0 {
                for label in group {
                    let met = &mut labels[*label as usize];
                    *met = Met { count: met.count + u32::from(met.last != *run), last: *run };
                }
            }
        }
        self.waiting = 0;
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
        if let Some(last) = self.lists.last() {
            self.lists.resize(self.lists.len().next_multiple_of(PAD), *last);
        }
    }

    pub(super) fn finish(mut self) -> io::Result<(ByLabel, Tally)> {
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
