//! A match in any of a few fields or of a few forms, looked at only where the rest of the query holds.
//!
//! The engine's own union reads ahead and scores thousands of records, wanted or not: behind a filter that keeps
//! one in a hundred, ninety-nine in vain.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

/// Records that any of these queries finds; scores add up.
#[derive(Debug)]
pub struct Either(pub Vec<Box<dyn Query>>);

impl Clone for Either {
    fn clone(&self) -> Either {
        Either(self.0.iter().map(|query| query.box_clone()).collect())
    }
}

impl Query for Either {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let each: tantivy::Result<Vec<Box<dyn Weight>>> = self.0.iter().map(|query| query.weight(scoring)).collect();
        Ok(Box::new(EitherWeight(each?)))
    }
}

struct EitherWeight(Vec<Box<dyn Weight>>);

impl Weight for EitherWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut each = Vec::with_capacity(self.0.len());
        for weight in &self.0 {
            let scorer = weight.scorer(reader, boost)?;
            if scorer.doc() != TERMINATED {
                each.push(scorer);
            }
        }
        Ok(match each.len() {
            0 => Box::new(EmptyScorer),
            1 => each.remove(0),
            _ => Box::new(EitherScorer::new(each)),
        })
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new_with_string(format!("any of {} in {doc}", self.0.len()), 0.0))
    }
}

/// One of several scorers.
struct Part {
    scorer: Box<dyn Scorer>,
    /// Where it stands, or if it is only about there, before which record it has nothing.
    next: DocId,
    /// Whether it stands there.
    exact: bool,
}

impl Part {
    /// Goes to its first record from here on.
    fn seek(&mut self, target: DocId) {
        if self.exact && self.next < target {
            self.next = self.scorer.seek(target);
        }
        while !self.exact && self.next != TERMINATED {
            self.look(target.max(self.next));
        }
    }

    /// Finds out whether it has this record.
    fn look(&mut self, target: DocId) {
        match self.scorer.seek_danger(target) {
            SeekDangerResult::Found => (self.next, self.exact) = (target, true),
            SeekDangerResult::SeekLowerBound(next) => (self.next, self.exact) = (next.min(TERMINATED), false),
        }
    }
}

struct EitherScorer {
    parts: Vec<Part>,
    doc: DocId,
}

impl EitherScorer {
    fn new(each: Vec<Box<dyn Scorer>>) -> EitherScorer {
        let parts: Vec<Part> =
            each.into_iter().map(|scorer| Part { next: scorer.doc(), scorer, exact: true }).collect();
        let doc = parts.iter().map(|part| part.next).min().unwrap_or(TERMINATED);
        EitherScorer { parts, doc }
    }
}

impl DocSet for EitherScorer {
    fn advance(&mut self) -> DocId {
        self.seek(self.doc.saturating_add(1).min(TERMINATED))
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target > self.doc {
            self.parts.iter_mut().for_each(|part| part.seek(target));
            self.doc = self.parts.iter().map(|part| part.next).min().unwrap_or(TERMINATED);
        }
        self.doc
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target >= TERMINATED {
            return SeekDangerResult::SeekLowerBound(target);
        }
        for part in self.parts.iter_mut().filter(|part| part.next < target || (part.next == target && !part.exact)) {
            part.look(target);
        }
        self.doc = self.parts.iter().map(|part| part.next).min().unwrap_or(TERMINATED);
        if self.parts.iter().any(|part| part.exact && part.next == target) {
            SeekDangerResult::Found
        } else {
            SeekDangerResult::SeekLowerBound(self.doc.max(target + 1))
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.parts.iter().map(|part| part.scorer.size_hint()).fold(0, u32::saturating_add)
    }

    fn cost(&self) -> u64 {
        self.parts.iter().map(|part| part.scorer.cost()).fold(0, u64::saturating_add)
    }
}

impl Scorer for EitherScorer {
    fn score(&mut self) -> Score {
        let here = self.parts.iter_mut().filter(|part| part.exact && part.next == self.doc);
        here.map(|part| part.scorer.score()).sum()
    }
}
