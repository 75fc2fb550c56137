//! Near-copies, read from columns: the sketches of documents, and the groups they were placed in.

use super::engine;
use super::read::Reader;
use super::schema::{Keyword, sort};
use crate::copies::{Groups, Placed, Sketch};
use crate::error::Result;
use crate::index::DocumentRecord;
use std::sync::Arc;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

impl Reader {
    /// What near-copies are found by, of every document. The first so many are in segments that another state has too,
    /// so that they are in that state as they are in this one.
    pub fn sketches(&self, other: Option<&Reader>) -> Result<(Vec<Placed>, usize)> {
        let has = |segment: &&SegmentReader| other.is_some_and(|other| other.has_segment(segment));
        let segments = self.searcher.segment_readers().iter();
        let (shared, own): (Vec<&SegmentReader>, Vec<&SegmentReader>) = segments.partition(has);
        let mut out = Vec::new();
        shared.into_iter().try_for_each(|segment| self.sketches_in(segment, &mut out))?;
        let count = out.len();
        own.into_iter().try_for_each(|segment| self.sketches_in(segment, &mut out))?;
        Ok((out, count))
    }

    /// The same of the documents in segments that another state does not have.
    pub fn sketches_beyond(&self, other: &Reader) -> Result<Vec<Placed>> {
        let mut segments = self.searcher.segment_readers().iter().filter(|segment| !other.has_segment(segment));
        let mut out = Vec::new();
        segments.try_for_each(|segment| self.sketches_in(segment, &mut out))?;
        Ok(out)
    }

    fn has_segment(&self, segment: &SegmentReader) -> bool {
        self.searcher.segment_readers().iter().any(|own| own.segment_id() == segment.segment_id())
    }

    fn sketches_in(&self, segment: &SegmentReader, out: &mut Vec<Placed>) -> Result<()> {
        let broken = |e: tantivy::TantivyError| engine("cannot read the index")(e);
        let columns = segment.fast_fields();
        let (documents, sketches) = (columns.u64("document").map_err(broken)?, columns.u64("sketch").map_err(broken)?);
        let days = columns.i64("last_day").map_err(broken)?;
        let records = self.records_of(sort::DOCUMENT, segment)?;
        out.reserve(records.len());
        for doc in records {
            let sketch = Sketch::from_numbers(sketches.values_for_doc(doc));
            if let Some(number) = documents.first(doc).filter(|_| !sketch.is_empty()) {
                out.push(Placed { number, day: days.first(doc).unwrap_or(i64::MAX), sketch });
            }
        }
        Ok(())
    }

    /// The groups of near-copies: for each document that is one or has one, by its number, the number of the document
    /// that stands for the group: the earliest, of several the longest. Documents that are not in it have no copies.
    pub fn copy_groups(&self) -> Result<&Arc<Groups>> {
        if let Some(known) = self.copies.get() {
            return Ok(known);
        }
        let broken = |e: tantivy::TantivyError| engine("cannot read the index")(e);
        let mut out = Groups::new();
        for segment in self.searcher.segment_readers() {
            let columns = segment.fast_fields();
            let (documents, groups) = (columns.u64("document").map_err(broken)?, columns.u64("group").map_err(broken)?);
            for doc in self.records_of(sort::COPY, segment)? {
                if let (Some(number), Some(group)) = (documents.first(doc), groups.first(doc)) {
                    out.insert(number, group);
                }
            }
        }
        Ok(self.copies.get_or_init(|| Arc::new(out)))
    }

    /// The records of a sort in one segment: few among many, so they are not looked for in the columns.
    fn records_of(&self, sort: &str, segment: &SegmentReader) -> Result<Vec<DocId>> {
        let io = |e: std::io::Error| crate::error::Error::Engine { doing: "cannot read the index", source: e.into() };
        let term = self.fields.term(Keyword::Record(sort));
        let inverted = segment.inverted_index(self.fields.keyword).map_err(engine("cannot read the index"))?;
        let mut out = Vec::new();
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic).map_err(io)? else {
            return Ok(out);
        };
        while postings.doc() != TERMINATED {
            if !segment.is_deleted(postings.doc()) {
                out.push(postings.doc());
            }
            postings.advance();
        }
        Ok(out)
    }

    /// The near-copies of a document, by its id, without itself: the one that stands for the group first, then by path.
    pub fn copies_of(&self, id: &str) -> Result<Vec<DocumentRecord>> {
        let groups = self.copy_groups()?;
        let number = super::document_number(id);
        let Some(group) = groups.get(&number) else { return Ok(Vec::new()) };
        let others = groups.iter().filter(|(other, of)| *of == group && **other != number);
        let mut out: Vec<(bool, DocumentRecord)> =
            others.map(|(other, _)| Ok((other != group, self.document_numbered(*other)?))).collect::<Result<_>>()?;
        out.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
        Ok(out.into_iter().map(|(_, record)| record).collect())
    }
}
