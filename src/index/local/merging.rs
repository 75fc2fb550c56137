//! Which segments are made one, and which are written anew: few enough for every search, and memory stays the same
//! however many documents there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tantivy::index::{SegmentId, SegmentMeta};
use tantivy::merge_policy::{LogMergePolicy, MergeCandidate, MergePolicy};

/// Segments of about one size that are made one. More at once means that a record is written anew less often: twice on
/// the way to a segment of the largest size.
const SEGMENTS_MERGED: usize = 8;
/// The share of a segment's records that may be dead before it is written anew.
const DEAD_SHARE_MAX: f32 = 0.3;
/// Records of a segment that is not made one with others any more: the engine reads all their texts at once, some 250
/// bytes each.
const MERGED_RECORDS_MAX: usize = 200_000;
/// Records that are made one segment, at most.
const MERGED_TOGETHER_MAX: u32 = 1_000_000;
/// The same where there is no memory to spare.
const MERGED_TOGETHER_MIN: u32 = 200_000;
/// What merging keeps of each record.
const BYTES_MERGED: u64 = 48;

/// Records that are merged for each that was written: a few documents more must not have all others written anew.
const MERGED_PER_WRITTEN: u64 = 8;
/// With more small segments than this they are merged whatever was written: every search opens all of them.
const SMALL_SEGMENTS_MAX: usize = 12;
/// Small segments that a run leaves behind, if it wrote enough to have fewer: each has half a dozen files, and costs a
/// search some 0.4 ms.
const SEGMENTS_LEFT: usize = 2;

/// What a policy is told of the run.
#[derive(Debug, Default)]
pub struct Progress {
    /// Records that were written.
    pub written: AtomicU64,
    /// The last commit is being made: what is left now is what is searched.
    pub ending: AtomicBool,
}

/// Small segments are merged, large ones only rewritten when much of them is dead.
#[derive(Debug)]
pub struct Merging {
    policy: LogMergePolicy,
    progress: Arc<Progress>,
    /// Records that are made one segment.
    together: u32,
}

impl Merging {
    /// The policy of a run that has so many bytes for merging.
    pub fn new(progress: Arc<Progress>, memory: u64) -> Merging {
        let mut policy = LogMergePolicy::default();
        policy.set_min_num_segments(SEGMENTS_MERGED);
        policy.set_del_docs_ratio_before_merge(DEAD_SHARE_MAX);
        policy.set_max_docs_before_merge(MERGED_RECORDS_MAX);
        let together = u32::try_from(memory / BYTES_MERGED).unwrap_or(u32::MAX);
        let together = together.clamp(MERGED_TOGETHER_MIN, MERGED_TOGETHER_MAX);
        Merging { policy, progress, together }
    }
}

/// Whether a segment is for being rewritten alone.
fn is_large(records: u32) -> bool {
    records as usize > MERGED_RECORDS_MAX
}

fn is_mostly_dead(dead: u32, all: u32) -> bool {
    dead as f32 > DEAD_SHARE_MAX * all as f32
}

/// How many of these are merged, from the first on, if they may have so many records.
fn together(records: impl Iterator<Item = u32>, most: u32) -> usize {
    let mut sum = 0u32;
    records
        .take_while(|one| {
            sum = sum.saturating_add(*one);
            sum <= most
        })
        .count()
}

impl MergePolicy for Merging {
    fn compute_merge_candidates(&self, segments: &[SegmentMeta]) -> Vec<MergeCandidate> {
        let (large, mut small): (Vec<SegmentMeta>, Vec<SegmentMeta>) =
            segments.iter().cloned().partition(|s| is_large(s.num_docs()));
        let mut out: Vec<MergeCandidate> = large
            .iter()
            .filter(|s| is_mostly_dead(s.num_deleted_docs(), s.max_doc()))
            .map(|s| MergeCandidate(vec![s.id()]))
            .collect();
        let may_merge = match small.len() > SMALL_SEGMENTS_MAX {
            true => u64::MAX,
            false => self.progress.written.load(Ordering::Relaxed).saturating_mul(MERGED_PER_WRITTEN),
        };
        let size = |id: &SegmentId| segments.iter().find(|s| s.id() == *id).map_or(0, SegmentMeta::num_docs);
        let is_paid_for = |ids: &Vec<SegmentId>| ids.iter().map(|id| u64::from(size(id))).sum::<u64>() <= may_merge;
        let cut = |mut ids: Vec<SegmentId>| {
            ids.truncate(together(ids.iter().map(size), self.together).max(1));
            ids
        };
        let candidates = self.policy.compute_merge_candidates(&small).into_iter().map(|candidate| candidate.0);
        let mut wanted: Vec<Vec<SegmentId>> = candidates.map(cut).filter(is_paid_for).collect();
        if self.progress.ending.load(Ordering::Relaxed) {
            small.retain(|s| !wanted.iter().flatten().any(|id| *id == s.id()));
            if let Some(surplus @ 1..) = (small.len() + wanted.len()).checked_sub(SEGMENTS_LEFT) {
                small.sort_by_key(SegmentMeta::num_docs);
                let sizes = small.iter().map(SegmentMeta::num_docs).take(surplus + 1);
                let paid_for = together(sizes, u32::try_from(may_merge).unwrap_or(u32::MAX));
                if paid_for > 1 {
                    wanted.push(cut(small.iter().take(paid_for).map(SegmentMeta::id).collect()));
                }
            }
        }
        let is_worth_it =
            |ids: &Vec<SegmentId>| ids.len() > 1 || segments.iter().any(|s| s.id() == ids[0] && s.has_deletes());
        out.extend(wanted.into_iter().filter(is_worth_it).map(MergeCandidate));
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
        at(segments, Progress { written: AtomicU64::new(written), ending: AtomicBool::new(false) })
    }

    /// The same when a run ends.
    fn candidates_at_end(segments: &[(u64, u64)], written: u64) -> Vec<usize> {
        at(segments, Progress { written: AtomicU64::new(written), ending: AtomicBool::new(true) })
    }

    fn at(segments: &[(u64, u64)], progress: Progress) -> Vec<usize> {
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
        let policy = Merging::new(Arc::new(progress), 0);
        policy.compute_merge_candidates(&metas).iter().map(|c| c.0.len()).collect()
    }

    #[test]
    fn small_segments_are_merged_as_far_as_enough_was_written() {
        assert_eq!(candidates(&[(100, 0); 8], 100), [8]);
        assert_eq!(candidates(&[(100, 0); 8], 99), [0; 0]);
        assert_eq!(candidates(&[(100, 0); 7], 1000), [0; 0]);
        // So many that every search feels them.
        assert_eq!(candidates(&[(10, 0); SMALL_SEGMENTS_MAX + 1], 1), [SMALL_SEGMENTS_MAX + 1]);
    }

    #[test]
    fn a_run_leaves_few_segments_if_it_wrote_enough() {
        assert_eq!(candidates_at_end(&[(100, 0), (100, 0)], 1000), [0; 0]);
        // The smallest, as many as were paid for.
        let five = [(1000, 0), (100, 0), (200, 0), (300, 0), (50, 0)];
        assert_eq!(candidates_at_end(&five, 82), [4]);
        assert_eq!(candidates_at_end(&five, 81), [3]);
        assert_eq!(candidates_at_end(&five, 19), [2]);
        assert_eq!(candidates_at_end(&five, 18), [0; 0]);
        assert_eq!(candidates_at_end(&[(100, 0); 7], 1000), [6]);
        assert_eq!(candidates_at_end(&[(100, 0); 8], 1000), [8]);
    }

    #[test]
    fn large_segments_are_left_alone_until_much_of_them_is_dead() {
        let large = MERGED_RECORDS_MAX as u64 + 1;
        assert_eq!(candidates(&[(large, 0), (large, 50_000), (large, 0)], u64::MAX), [0; 0]);
        assert_eq!(candidates(&[(large, 100_000), (large, 0)], 1), [1]);
    }

    #[test]
    fn what_is_merged_has_a_size() {
        assert_eq!(together([200_000; 9].into_iter(), 800_000), 4);
        assert_eq!(together([10; 9].into_iter(), 800_000), 9);
        assert_eq!(together([u32::MAX; 2].into_iter(), 800_000), 0);
        assert!(is_large(200_001) && !is_large(200_000));
        assert!(is_mostly_dead(31, 100) && !is_mostly_dead(30, 100) && !is_mostly_dead(0, 0));
    }
}
