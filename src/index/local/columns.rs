//! The columns that every search reads, opened once for all searches of one committed state.

use std::sync::OnceLock;
use tantivy::columnar::Column;
use tantivy::{SegmentOrdinal, SegmentReader};

/// Columns of one segment.
pub struct Columns {
    /// Number of the document.
    pub document: Column<u64>,
    /// Number of the passage in it; only passages have one.
    pub ordinal: Column<u64>,
    /// First day on which it can have been published.
    pub first_day: Column<i64>,
    /// On copy records, the document that stands for the group.
    pub group: Column<u64>,
}

/// Columns of all segments, each opened where it is first asked for.
pub struct AllColumns(Vec<OnceLock<Columns>>);

impl AllColumns {
    /// Of so many segments.
    pub fn new(segments: usize) -> AllColumns {
        AllColumns((0..segments).map(|_| OnceLock::new()).collect())
    }

    /// Those of a segment.
    pub fn of(&self, ordinal: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<&Columns> {
        let place = &self.0[ordinal as usize];
        if let Some(columns) = place.get() {
            return Ok(columns);
        }
        let columns = segment.fast_fields();
        let opened = Columns {
            document: columns.u64("document")?,
            ordinal: columns.u64("ordinal")?,
            first_day: columns.i64("first_day")?,
            group: columns.u64("group")?,
        };
        Ok(place.get_or_init(|| opened))
    }
}
