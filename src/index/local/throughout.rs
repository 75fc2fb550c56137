//! What is found in a document's title, which its first passage has for all, holds for every passage of it.

use super::columns::passages_from;
use tantivy::columnar::Column;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

/// All passages of the documents of which a query finds the first; each has its score.
#[derive(Debug)]
pub struct Throughout(pub Box<dyn Query>);

impl Clone for Throughout {
    fn clone(&self) -> Throughout {
        Throughout(self.0.box_clone())
    }
}

impl Query for Throughout {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(ThroughoutWeight(self.0.weight(scoring)?)))
    }
}

struct ThroughoutWeight(Box<dyn Weight>);

impl Weight for ThroughoutWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let first = self.0.scorer(reader, boost)?;
        if first.doc() == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        let ordinal = reader.fast_fields().u64("ordinal")?;
        let mut scorer = ThroughoutScorer { first, ordinal, doc: TERMINATED, end: 0 };
        scorer.open(scorer.first.doc());
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new_with_string(format!("the title of {doc}"), 0.0))
    }
}

struct ThroughoutScorer {
    /// Stands at the first passage of the document that `doc` is of.
    first: Box<dyn Scorer>,
    ordinal: Column<u64>,
    doc: DocId,
    /// One past the last passage of that document.
    end: DocId,
}

impl ThroughoutScorer {
    /// Goes to the first passage of a document.
    fn open(&mut self, first: DocId) -> DocId {
        self.doc = first;
        self.end = if first == TERMINATED { TERMINATED } else { passages_from(&self.ordinal, first).end };
        self.doc
    }
}

// `seek_danger` is left to its default, which looks where it stands before it seeks.
impl DocSet for ThroughoutScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        if self.doc + 1 < self.end {
            self.doc += 1;
            return self.doc;
        }
        let first = self.first.advance();
        self.open(first)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target <= self.doc {
            return self.doc;
        }
        if target < self.end {
            self.doc = target;
            return target;
        }
        // The target may stand within a document that has the title.
        let begin = match target < self.ordinal.num_docs() {
            true => passages_from(&self.ordinal, target).start,
            false => target,
        };
        let first = if self.first.doc() < begin { self.first.seek(begin) } else { self.first.doc() };
        self.open(first);
        if self.doc < target {
            self.doc = target;
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        self.first.size_hint().saturating_mul(8)
    }

    fn cost(&self) -> u64 {
        self.first.cost().saturating_mul(8)
    }
}

impl Scorer for ThroughoutScorer {
    fn score(&mut self) -> Score {
        self.first.score()
    }
}
