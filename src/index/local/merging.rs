//! Which segments are made one, and which are written anew: memory stays the same however many documents there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::merge_policy::{LogMergePolicy, MergeCandidate, MergePolicy};

/// Segments of about one size that are made one. Each has half a dozen files that every search opens: fewer are
/// found faster, and writing a record a second time costs little beside reading its document.
const SEGMENTS_MERGED: usize = 3;
/// The share of a segment's records that may be dead before it is written anew.
const DEAD_SHARE_MAX: f32 = 0.3;
/// Records of a segment that is not made one with others any more: merging reads all of its files.
const MERGED_RECORDS_MAX: usize = 80_000;
/// Records that are made one segment, at most.
const MERGED_TOGETHER_MAX: u32 = 3 * MERGED_RECORDS_MAX as u32;

/// Records that are merged for each that was written: a few documents more must not have all others written anew.
const MERGED_PER_WRITTEN: u64 = 20;
/// With more small segments than this they are merged whatever was written: every search opens all of them.
const SMALL_SEGMENTS_MAX: usize = 12;

/// Small segments are merged, large ones only rewritten when much of them is dead.
#[derive(Debug)]
pub struct Merging {
    policy: LogMergePolicy,
    written: Arc<AtomicU64>,
}

impl Merging {
    /// `written` counts the records that are written.
    pub fn new(written: Arc<AtomicU64>) -> Merging {
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(SEGMENTS_MERGED);
        policy.set_del_docs_ratio_before_merge(DEAD_SHARE_MAX);
        policy.set_max_docs_before_merge(MERGED_RECORDS_MAX);
        Merging { policy, written }
    }
}

/// Whether a segment is for being rewritten alone.
fn is_large(records: u32) -> bool {
    records as usize > MERGED_RECORDS_MAX
}

fn is_mostly_dead(dead: u32, all: u32) -> bool {
    dead as f32 > DEAD_SHARE_MAX * all as f32
}

/// How many of these are merged, from the first on.
fn together(records: impl Iterator<Item = u32>) -> usize {
    let mut sum = 0u32;
    records
        .take_while(|one| {
            sum = sum.saturating_add(*one);
            sum <= MERGED_TOGETHER_MAX
        })
        .count()
}

impl MergePolicy for Merging {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let (large, small): (Vec<SegmentMeta>, Vec<SegmentMeta>) =
            segments.iter().cloned().partition(|s| is_large(s.num_docs()));
        let mut out: Vec<MergeCandidate> = large
            .iter()
            .filter(|s| is_mostly_dead(s.num_deleted_docs(), s.max_doc()))
            .map(|s| MergeCandidate(vec![s.id()]))
            .collect();
        let may_merge = match small.len() > SMALL_SEGMENTS_MAX {
            true => u64::MAX,
            false => self.written.load(Ordering::Relaxed).saturating_mul(MERGED_PER_WRITTEN),
        };
        for MergeCandidate(mut ids) in self.policy.compute_merge_candidates(&small) {
            let size = |id: &SegmentId| small.iter().find(|s| s.id() == *id).map_or(0, SegmentMeta::num_docs);
            ids.truncate(together(ids.iter().map(size)).max(1));
            if ids.iter().map(|id| u64::from(size(id))).sum::<u64>() <= may_merge {
                out.push(MergeCandidate(ids));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::indexer::UserOperation;
    use tantivy::merge_policy::NoMergePolicy;
    use tantivy::schema::{INDEXED, Schema, Term};
    use tantivy::{Index, TantivyDocument};

    /// How many segments each candidate has, in an index whose segments have so many records, alive and dead.
    fn candidates(segments: &[(u64, u64)], written: u64) -> Vec<usize> {
        let mut schema = Schema::builder();
        let number = schema.add_u64_field("number", INDEXED);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 100_000_000).unwrap();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let record = |n: u64| {
            let mut document = TantivyDocument::new();
            document.add_u64(number, n);
            UserOperation::Add(document)
        };
        for (alive, dead) in segments {
            let records: Vec<_> = (0..alive + dead).map(|n| record(if n < *alive { 1 } else { 2 })).collect();
            writer.run(records).unwrap();
            writer.commit().unwrap();
        }
        writer.delete_term(Term::from_field_u64(number, 2));
        writer.commit().unwrap();
        let metas = index.searchable_segment_metas().unwrap();
        assert_eq!(metas.len(), segments.len());
        let policy = Merging::new(Arc::new(AtomicU64::new(written)));
        policy.compute_merge_candidates(&metas).iter().map(|c| c.0.len()).collect()
    }

    #[test]
    fn small_segments_are_merged_as_far_as_enough_was_written() {
        assert_eq!(candidates(&[(100, 0); 3], 15), [3]);
        assert_eq!(candidates(&[(100, 0); 3], 14), [0; 0]);
        assert_eq!(candidates(&[(100, 0); 2], 1000), [0; 0]);
        // So many that every search feels them.
        assert_eq!(candidates(&[(10, 0); SMALL_SEGMENTS_MAX + 1], 1), [SMALL_SEGMENTS_MAX + 1]);
    }

    #[test]
    fn large_segments_are_left_alone_until_much_of_them_is_dead() {
        let large = MERGED_RECORDS_MAX as u64 + 1;
        assert_eq!(candidates(&[(large, 0), (large, 20_000), (large, 0)], u64::MAX), [0; 0]);
        assert_eq!(candidates(&[(large, 40_000), (large, 0)], 1), [1]);
    }

    #[test]
    fn what_is_merged_has_a_size() {
        assert_eq!(together([80_000; 9].into_iter()), 3);
        assert_eq!(together([10; 9].into_iter()), 9);
        assert_eq!(together([u32::MAX; 2].into_iter()), 0);
        assert!(is_large(80_001) && !is_large(80_000));
        assert!(is_mostly_dead(31, 100) && !is_mostly_dead(30, 100) && !is_mostly_dead(0, 0));
    }
}
