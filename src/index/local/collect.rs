//! One pass over all matching passages: counted, and the best kept per document.
//!
//! A document's passages are neighbours in one segment, so a document is complete when the next one
//! begins, and memory does not grow with what is found.

use super::columns::{AllColumns, Columns};
use crate::copies::Groups;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

/// Which part of the results to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Hits to leave out at the front.
    pub offset: usize,
    /// Hits to return.
    pub limit: usize,
    /// Passages of one document, at most.
    pub per_document: usize,
    /// Whether to say what made the scores.
    pub explain: bool,
    /// Whether one document stands for its near-copies.
    pub collapse: bool,
}

/// A document's best passages.
#[derive(Clone, Debug)]
pub struct Found {
    /// Score of the best.
    pub score: Score,
    /// First day on which it can have been published.
    pub day: i64,
    /// The document's number.
    pub document: u64,
    /// Scores and places, best first.
    pub passages: Vec<(Score, DocAddress)>,
    /// What made the score.
    pub parts: Vec<(String, Score)>,
}

impl Found {
    /// Better first: by score, then the newer, then by number, so that the order never depends on
    /// threads or segments.
    fn rank(&self, other: &Found) -> Ordering {
        other.score.total_cmp(&self.score).then(other.day.cmp(&self.day)).then(self.document.cmp(&other.document))
    }
}

impl PartialEq for Found {
    fn eq(&self, other: &Found) -> bool {
        self.rank(other) == Ordering::Equal
    }
}
impl Eq for Found {}
impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Found) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Found {
    fn cmp(&self, other: &Found) -> Ordering {
        self.rank(other)
    }
}

/// What was found in all.
#[derive(Clone, Debug, Default)]
pub struct Collected {
    /// Matching passages.
    pub passages: u64,
    /// Documents they are of.
    pub documents: u64,
    /// The best documents: enough to fill the window; best first, once all segments are together.
    pub best: Vec<Found>,
    /// Of each group of near-copies the one that stands for it; in `best` at the end.
    grouped: HashMap<u64, Found>,
}

/// Collects for a window.
pub struct Collapse<'a> {
    pub window: Window,
    pub columns: &'a AllColumns,
    /// The groups of near-copies of which one document is kept.
    pub groups: Option<Arc<Groups>>,
}

impl Collapse<'_> {
    fn keep(&self) -> usize {
        // Every document gives at least one hit.
        self.window.offset.saturating_add(self.window.limit)
    }
}

impl Collector for Collapse<'_> {
    type Fruit = Collected;
    type Child = SegmentCollapse;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentCollapse> {
        let columns = self.columns.of(segment, reader)?.clone();
        columns.prepare();
        Ok(SegmentCollapse {
            segment,
            columns,
            keep: self.keep(),
            per_document: self.window.per_document.max(1),
            open: None,
            open_passages: Vec::new(),
            best: Vec::new(),
            least: None,
            groups: self.groups.clone(),
            grouped: HashMap::new(),
            passages: 0,
            count: 0,
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Collected>) -> tantivy::Result<Collected> {
        let mut out = Collected::default();
        for fruit in fruits {
            out.passages += fruit.passages;
            out.documents += fruit.documents;
            out.best.extend(fruit.best);
            fruit.grouped.into_iter().for_each(|(group, found)| stand_for(group, found, &mut out.grouped));
        }
        out.best.extend(std::mem::take(&mut out.grouped).into_values());
        cut(&mut out.best, self.keep());
        out.best.sort_unstable();
        Ok(out)
    }
}

/// Leaves the best of them, in any order.
fn cut(found: &mut Vec<Found>, keep: usize) {
    if found.len() > keep {
        if keep > 0 {
            found.select_nth_unstable(keep - 1);
        }
        found.truncate(keep);
    }
}

/// Of near-copies the one stands for all that the group is named by, if it is found, else the best.
fn stand_for(group: u64, found: Found, grouped: &mut HashMap<u64, Found>) {
    match grouped.entry(group) {
        Entry::Vacant(entry) => drop(entry.insert(found)),
        Entry::Occupied(mut entry) => {
            let known = entry.get();
            if (found.document != group, &found) < (known.document != group, known) {
                entry.insert(found);
            }
        }
    }
}

/// Collects in one segment.
pub struct SegmentCollapse {
    segment: SegmentOrdinal,
    columns: Arc<Columns>,
    keep: usize,
    per_document: usize,
    /// Number of the document whose passages are met.
    open: Option<u64>,
    /// Of these the best, best first.
    open_passages: Vec<(Score, DocAddress)>,
    /// The best documents, and some more.
    best: Vec<Found>,
    /// Documents with a lower score are not among the best.
    least: Option<Score>,
    groups: Option<Arc<Groups>>,
    grouped: HashMap<u64, Found>,
    passages: u64,
    count: u64,
}

impl SegmentCollapse {
    fn close(&mut self) {
        let (Some(document), Some((score, address))) = (self.open.take(), self.open_passages.first().copied()) else {
            return;
        };
        let group = self.groups.as_ref().and_then(|groups| groups.get(&document)).copied();
        if group.is_none() && self.least.is_some_and(|least| score < least) {
            return;
        }
        let day = self.columns.first_day(address.doc_id);
        let found = Found { score, day, document, passages: self.open_passages.clone(), parts: Vec::new() };
        match group {
            Some(group) => stand_for(group, found, &mut self.grouped),
            None => self.best.push(found),
        }
        if self.best.len() >= self.keep.saturating_mul(2).max(1) {
            cut(&mut self.best, self.keep);
            self.least = self.best.last().map(|worst| worst.score);
        }
    }
}

impl SegmentCollector for SegmentCollapse {
    type Fruit = Collected;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.passages += 1;
        let document = self.columns.document_of(doc);
        let passage = (score, DocAddress::new(self.segment, doc));
        if self.open == Some(document) {
            // Earlier passages come first among equals.
            let at = self.open_passages.partition_point(|(s, _)| *s >= score);
            if at < self.per_document {
                self.open_passages.insert(at, passage);
                self.open_passages.truncate(self.per_document);
            }
            return;
        }
        self.close();
        self.count += 1;
        self.open = Some(document);
        self.open_passages.clear();
        self.open_passages.push(passage);
    }

    fn harvest(mut self) -> Collected {
        self.close();
        Collected { passages: self.passages, documents: self.count, best: self.best, grouped: self.grouped }
    }
}
