//! The columns that every search reads, opened once for all searches of one committed state, and held in memory for
//! those who search often.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentOrdinal, SegmentReader};

/// After so many searches what they read of each passage is held in memory: to read all of it takes about as long as
/// so many of them.
const SEARCHES_BEFORE: u32 = 32;
/// Records of a segment that are held, at most, 16 bytes each; the columns of larger ones are read as they are needed.
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
    held: OnceLock<Vec<Held>>,
}

/// Of what has no day.
const NO_DAY: i32 = i32::MIN;

/// What is held of a record.
struct Held {
    document: u64,
    first: DocId,
    /// Counted in days; the least number if there is none.
    day: i32,
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
        })
    }

    /// To be called by each search before it goes through many passages.
    pub fn prepare(&self) {
        let is_often = || self.searches.fetch_add(1, Ordering::Relaxed) == SEARCHES_BEFORE;
        if self.ordinal.num_docs() <= HELD_MAX && is_often() {
            self.held.get_or_init(|| {
                let of = |doc| Held {
                    first: self.read_first(doc),
                    document: self.read_document(doc),
                    day: i32::try_from(self.read_day(doc)).unwrap_or(NO_DAY),
                };
                (0..self.ordinal.num_docs()).map(of).collect()
            });
        }
    }

    /// The number of a passage's document.
    pub fn document_of(&self, passage: DocId) -> u64 {
        self.held(passage).map_or_else(|| self.read_document(passage), |held| held.document)
    }

    /// The first day on which a passage can have been published.
    pub fn first_day(&self, passage: DocId) -> i64 {
        match self.held(passage) {
            Some(Held { day: NO_DAY, .. }) => i64::MIN,
            Some(held) => held.day.into(),
            None => self.read_day(passage),
        }
    }

    /// All passages of a passage's document: they are neighbours, in the order of their ordinals.
    pub fn extent(&self, passage: DocId) -> Range<DocId> {
        let mut end = passage + 1;
        if let (Some(held), Some(all)) = (self.held(passage), self.held.get()) {
            while all.get(end as usize).is_some_and(|next| next.first == held.first) {
                end += 1;
            }
            return held.first..end;
        }
        passages_from(&self.ordinal, passage)
    }

    fn held(&self, passage: DocId) -> Option<&Held> {
        self.held.get()?.get(passage as usize)
    }

    fn read_first(&self, passage: DocId) -> DocId {
        first_of(&self.ordinal, passage)
    }

    fn read_document(&self, passage: DocId) -> u64 {
        self.document.first(passage).unwrap_or(0)
    }

    fn read_day(&self, passage: DocId) -> i64 {
        self.first_day.first(passage).unwrap_or(i64::MIN)
    }
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
