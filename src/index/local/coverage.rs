//! How much of the folders the index covers a search can find: counted from the records themselves, so
//! that it is right after whatever was added, removed or interrupted.

use super::schema::{Keyword, sort};
use super::{Reader, engine};
use crate::error::Result;
use crate::index::StateKind;
use std::ops::Bound;
use tantivy::collector::{Collector, Count, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{BooleanQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Term};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// What was searched, and what could not be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Documents.
    pub documents: u64,
    /// Files that could not be read, or not to their end.
    pub files_failed: u64,
    /// Members that could not be read, of files that gave documents.
    pub members_failed: u64,
    /// Files of no format that is read.
    pub files_skipped: u64,
}

impl Reader {
    /// What the index holds: all of it, or what is at or beneath these absolute paths.
    pub fn coverage(&self, within: &[String]) -> Result<Coverage> {
        let statistics = self.statistics();
        let count = |term: Term| {
            let counted = match within.is_empty() {
                true => statistics.frequency(&term),
                false => self.searcher.search(&self.kept(term, within), &Count).map(|n| n as u64),
            };
            counted.map_err(engine("cannot read the index"))
        };
        let state = |kind: StateKind| self.fields.term(Keyword::State(kind as u64));
        let members_failed = match count(state(StateKind::Partly))? {
            0 => 0,
            _ => {
                let partly = self.kept(state(StateKind::Partly), within);
                self.searcher.search(&partly, &Failed).map_err(engine("cannot read the index"))?
            }
        };
        Ok(Coverage {
            documents: count(self.fields.term(Keyword::Record(sort::DOCUMENT)))?,
            files_failed: count(state(StateKind::Failed))?,
            members_failed,
            files_skipped: count(state(StateKind::Skipped))?,
        })
    }

    fn kept(&self, term: Term, within: &[String]) -> Box<dyn Query> {
        let records = Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>;
        if within.is_empty() {
            return records;
        }
        let path = |text: &str| self.fields.term(Keyword::Entry(text));
        let places = within.iter().flat_map(|place| {
            let place = place.trim_end_matches('/');
            let itself = Box::new(TermQuery::new(path(place), IndexRecordOption::Basic)) as Box<dyn Query>;
            // `0` is the character after `/`.
            let (from, to) = (path(&format!("{place}/")), path(&format!("{place}0")));
            [itself, Box::new(RangeQuery::new(Bound::Included(from), Bound::Excluded(to)))]
        });
        Box::new(BooleanQuery::intersection(vec![records, Box::new(BooleanQuery::union(places.collect()))]))
    }
}

/// Adds up the members that could not be read.
struct Failed;

struct SegmentFailed {
    column: Column<u64>,
    sum: u64,
}

impl Collector for Failed {
    type Fruit = u64;
    type Child = SegmentFailed;

    fn for_segment(&self, _: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentFailed> {
        Ok(SegmentFailed { column: reader.fast_fields().u64("failed")?, sum: 0 })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<u64>) -> tantivy::Result<u64> {
        Ok(fruits.into_iter().sum())
    }
}

impl SegmentCollector for SegmentFailed {
    type Fruit = u64;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.sum += self.column.first(doc).unwrap_or(0);
    }

    fn harvest(self) -> u64 {
        self.sum
    }
}
