//! The columns that every search reads, opened once for all searches of one committed state, and held in memory for
//! those who search often.

use crate::copies::Groups;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

/// After so many searches what they read of each passage is held in memory: to read all of it takes about as long as
/// so many of them.
const SEARCHES_BEFORE: u32 = 32;
/// Records of a segment that are held, at most, 12 bytes each and a bit; the columns of larger ones are read as they are
/// needed.
const HELD_MAX: u32 = 500_000;

/// Columns of one segment.
pub struct Columns {
    /// Number of the document.
    pub document: Column<u64>,
    /// Number of the passage in it; only passages have one.
    pub ordinal: Column<u64>,
    /// On copy records, the document that stands for the group.
    pub group: Column<u64>,
    first_day: Column<i64>,
    searches: AtomicU32,
    held: OnceLock<Held>,
    grouped: OnceLock<Vec<u64>>,
}

/// Of what has no day.
const NO_DAY: i32 = i32::MIN;

/// What is held of all records.
struct Held {
    /// A bit for each: whether it is no passage, or the first of its document. So few bytes that who goes through all
    /// that is found has them at hand.
    begins: Vec<u64>,
    documents: Vec<u64>,
    /// Counted in days; the least number if there is none.
    days: Vec<i32>,
}

impl Held {
    /// The first passage of a passage's document.
    fn first(&self, passage: DocId) -> DocId {
        let mut at = passage as usize / 64;
        let mut word = self.begins[at] & (u64::MAX >> (63 - passage % 64));
        while word == 0 && at > 0 {
            at -= 1;
            word = self.begins[at];
        }
        (at as u32 * 64 + 63).saturating_sub(word.leading_zeros())
    }

    /// One past the last passage of a passage's document.
    fn end(&self, passage: DocId) -> DocId {
        let mut at = passage as usize / 64;
        // Two steps: a shift by all bits is none.
        let mut word = self.begins[at] & (u64::MAX << (passage % 64) << 1);
        while word == 0 {
            at += 1;
            match self.begins.get(at) {
                Some(next) => word = *next,
                None => return self.documents.len() as u32,
            }
        }
        at as u32 * 64 + word.trailing_zeros()
    }
}

impl Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Columns> {
        let columns = segment.fast_fields();
        Ok(Columns {
            document: columns.u64("document")?,
            ordinal: columns.u64("ordinal")?,
            group: columns.u64("group")?,
            first_day: columns.i64("first_day")?,
            searches: AtomicU32::new(0),
            held: OnceLock::new(),
            grouped: OnceLock::new(),
        })
    }

    /// To be called by each search before it goes through many passages. `groups`: the near-copies that it knows of,
    /// the same in every search that does.
    pub fn prepare(&self, groups: Option<&Groups>) {
        let is_often = || self.searches.fetch_add(1, Ordering::Relaxed) == SEARCHES_BEFORE;
        if self.ordinal.num_docs() <= HELD_MAX && is_often() {
            self.held.get_or_init(|| {
                let records = 0..self.ordinal.num_docs();
                let begins = |doc: &DocId| self.ordinal.first(*doc).is_none_or(|ordinal| ordinal <= 1);
                let day = |doc| i32::try_from(self.read_day(doc)).unwrap_or(NO_DAY);
                Held {
                    begins: bits(self.ordinal.num_docs(), records.clone().filter(begins)),
                    documents: records.clone().map(|doc| self.read_document(doc)).collect(),
                    days: records.map(day).collect(),
                }
            });
        }
        if let (Some(groups), Some(held)) = (groups, self.held.get()) {
            self.grouped.get_or_init(|| {
                let numbers = (0..).zip(&held.documents);
                let grouped = numbers.filter(|(_, number)| groups.contains_key(number)).map(|(doc, _)| doc);
                bits(self.ordinal.num_docs(), grouped)
            });
        }
    }

    /// The group of near-copies that a passage's document belongs to.
    pub fn group_of(&self, passage: DocId, groups: &Groups) -> Option<u64> {
        match self.grouped.get() {
            Some(grouped) if grouped[passage as usize / 64] >> (passage % 64) & 1 == 0 => None,
            _ => groups.get(&self.document_of(passage)).copied(),
        }
    }

    /// The number of a passage's document.
    pub fn document_of(&self, passage: DocId) -> u64 {
        let held = self.held.get().and_then(|held| held.documents.get(passage as usize));
        held.copied().unwrap_or_else(|| self.read_document(passage))
    }

    /// The first day on which a passage can have been published.
    pub fn first_day(&self, passage: DocId) -> i64 {
        match self.held.get().and_then(|held| held.days.get(passage as usize)) {
            Some(&NO_DAY) => i64::MIN,
            Some(day) => (*day).into(),
            None => self.read_day(passage),
        }
    }

    /// The first passage of a passage's document.
    pub fn first(&self, passage: DocId) -> DocId {
        match self.held.get() {
            Some(held) => held.first(passage),
            None => first_of(&self.ordinal, passage),
        }
    }

    /// All passages of a passage's document: they are neighbours, in the order of their ordinals.
    pub fn extent(&self, passage: DocId) -> Range<DocId> {
        match self.held.get() {
            Some(held) => held.first(passage)..held.end(passage),
            None => passages_from(&self.ordinal, passage),
        }
    }

    fn read_document(&self, passage: DocId) -> u64 {
        self.document.first(passage).unwrap_or(0)
    }

    fn read_day(&self, passage: DocId) -> i64 {
        self.first_day.first(passage).unwrap_or(i64::MIN)
    }
}

/// A bit for each of so many records, set for these.
fn bits(count: u32, set: impl Iterator<Item = DocId>) -> Vec<u64> {
    let mut out = vec![0; count.div_ceil(64) as usize];
    set.for_each(|doc| out[doc as usize / 64] |= 1 << (doc % 64));
    out
}

/// The first passage of a passage's document.
fn first_of(ordinal: &Column<u64>, passage: DocId) -> DocId {
    let before = ordinal.first(passage).unwrap_or(1).saturating_sub(1);
    passage.saturating_sub(u32::try_from(before).unwrap_or(0))
}

/// All passages of a passage's document, from the column of ordinals alone.
pub fn passages_from(ordinal: &Column<u64>, passage: DocId) -> Range<DocId> {
    let mut end = passage + 1;
    let mut last = ordinal.first(passage).unwrap_or(1);
    while end < ordinal.num_docs() && ordinal.first(end) == Some(last + 1) {
        (end, last) = (end + 1, last + 1);
    }
    first_of(ordinal, passage)..end
}

/// Columns of all segments, each opened where it is first asked for.
pub struct AllColumns(Vec<OnceLock<Arc<Columns>>>);

impl AllColumns {
    /// Of so many segments.
    pub fn new(segments: usize) -> AllColumns {
        AllColumns((0..segments).map(|_| OnceLock::new()).collect())
    }

    /// Those of a segment.
    pub fn of(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<&Arc<Columns>> {
        let place = &self.0[ordinal as usize];
        if let Some(columns) = place.get() {
            return Ok(columns);
        }
        let opened = Arc::new(Columns::open(segment)?);
        Ok(place.get_or_init(|| opened))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn bits_tell_where_documents_begin_and_end(sizes in proptest::collection::vec(1u32..200, 1..12)) {
            let count: u32 = sizes.iter().sum();
            let ends: Vec<u32> = sizes.iter().scan(0, |end, size| { *end += size; Some(*end) }).collect();
            let begins = bits(count, std::iter::once(0).chain(ends).filter(|doc| *doc < count));
            let held = Held { begins, documents: vec![0; count as usize], days: Vec::new() };
            let mut first = 0;
            for size in &sizes {
                for passage in first..first + size {
                    assert_eq!((held.first(passage), held.end(passage)), (first, first + size), "of {passage}");
                }
                first += size;
            }
        }
    }
}
