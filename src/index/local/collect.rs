//! One pass over all matching passages: counted, and the best kept per document.
//!
//! A document's passages are neighbours in one segment, so a document is complete when the next one
//! begins, and memory does not grow with what is found.

use super::columns::{AllColumns, Columns};
use crate::copies::Groups;
use smallvec::SmallVec;
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
    pub passages: SmallVec<[(Score, DocAddress); 2]>,
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
    /// The best documents: enough to fill the window; in no order.
    pub best: Vec<Found>,
    /// Of each group of near-copies the one that stands for it; in `best` at the end.
    grouped: HashMap<u64, Found>,
}

/// There is room for so many documents from the start.
const MET_FIRST: usize = 1024;

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
        columns.prepare(self.groups.as_deref());
        Ok(SegmentCollapse {
            segment,
            columns,
            keep: self.keep(),
            per_document: self.window.per_document.max(1),
            open: None,
            open_passages: Vec::new(),
            best: Vec::with_capacity(MET_FIRST),
            passages_of_best: Vec::with_capacity(2 * MET_FIRST),
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
        cut_by(&mut out.best, self.keep(), Found::cmp);
        Ok(out)
    }
}

/// Leaves the best of them, in any order.
fn cut_by<T>(found: &mut Vec<T>, keep: usize, order: impl FnMut(&T, &T) -> Ordering) {
    if found.len() > keep {
        if keep > 0 {
            found.select_nth_unstable_by(keep - 1, order);
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
    /// The first passage of the document whose passages are met.
    open: Option<DocId>,
    /// Of these the best, best first.
    open_passages: Vec<(Score, DocId)>,
    /// The best documents, and some more.
    best: Vec<Met>,
    /// Their passages, those of one after the other's.
    passages_of_best: Vec<(Score, DocId)>,
    /// Documents with a lower score are not among the best.
    least: Option<Score>,
    groups: Option<Arc<Groups>>,
    grouped: HashMap<u64, Found>,
    passages: u64,
    count: u64,
}

/// A document whose passages were met, in few bytes: most are not kept.
#[derive(Clone, Copy)]
struct Met {
    score: Score,
    /// Where its passages are, and how many.
    passages: u32,
    count: u32,
}

impl SegmentCollapse {
    fn close(&mut self) {
        if self.open.take().is_none() {
            return;
        }
        let (score, passage) = self.open_passages[0];
        let group = self.groups.as_ref().and_then(|groups| self.columns.group_of(passage, groups));
        if let Some(group) = group {
            let found = found(&self.open_passages, told(&self.columns, passage), self.segment);
            return stand_for(group, found, &mut self.grouped);
        }
        if self.least.is_some_and(|least| score < least) {
            return;
        }
        let (passages, count) = (self.passages_of_best.len() as u32, self.open_passages.len() as u32);
        self.best.push(Met { score, passages, count });
        self.passages_of_best.extend_from_slice(&self.open_passages);
        if self.best.len() >= self.keep.saturating_mul(2).max(1) {
            self.cut();
        }
    }

    /// Leaves the best, in any order.
    fn cut(&mut self) {
        if self.best.len() <= self.keep {
            return;
        }
        let SegmentCollapse { best, passages_of_best: all, columns, keep, .. } = self;
        let first = |met: &Met| all[met.passages as usize].1;
        // As whole results are ordered; what is no part of a score is looked up only where scores are the same.
        cut_by(best, *keep, |a, b| {
            b.score.total_cmp(&a.score).then_with(|| {
                let ((day_a, document_a), (day_b, document_b)) = (told(columns, first(a)), told(columns, first(b)));
                day_b.cmp(&day_a).then(document_a.cmp(&document_b))
            })
        });
        let mut kept = Vec::with_capacity(2 * all.len());
        for met in best {
            let from = met.passages as usize;
            met.passages = kept.len() as u32;
            kept.extend_from_slice(&all[from..from + met.count as usize]);
        }
        *all = kept;
        self.least = self.best.last().map(|worst| worst.score);
    }
}

/// The first day and the number of a passage's document.
fn told(columns: &Columns, passage: DocId) -> (i64, u64) {
    (columns.first_day(passage), columns.document_of(passage))
}

/// A document by its best passages in a segment, and what is [`told`] of it.
fn found(passages: &[(Score, DocId)], (day, document): (i64, u64), segment: SegmentOrdinal) -> Found {
    let mut addresses = SmallVec::with_capacity(passages.len());
    for (score, doc) in passages {
        addresses.push((*score, DocAddress::new(segment, *doc)));
    }
    Found { score: passages[0].0, day, document, passages: addresses, parts: Vec::new() }
}

impl SegmentCollector for SegmentCollapse {
    type Fruit = Collected;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.passages += 1;
        let first = self.columns.first(doc);
        let passage = (score, doc);
        if self.open == Some(first) {
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
        self.open = Some(first);
        self.open_passages.clear();
        self.open_passages.push(passage);
    }

    fn harvest(mut self) -> Collected {
        self.close();
        self.cut();
        let passages = |met: &Met| &self.passages_of_best[met.passages as usize..][..met.count as usize];
        // One after the other and nothing between: each waits for memory, and so several wait together.
        let told: Vec<(i64, u64)> = self.best.iter().map(|met| told(&self.columns, passages(met)[0].1)).collect();
        let best = self.best.iter().zip(told).map(|(met, told)| found(passages(met), told, self.segment)).collect();
        Collected { passages: self.passages, documents: self.count, best, grouped: self.grouped }
    }
}
