//! Bounds the time of a search: no question holds a processor for ever, whatever it asks.

use std::time::{Duration, Instant};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::Weight;
use tantivy::{DocSet, SegmentOrdinal, SegmentReader, TERMINATED, TantivyError};

/// Matches between two looks at the clock; a look takes about as long as one match.
const LOOK_EVERY: u32 = 32;

/// A collector that gives up at a point in time.
pub struct Timed<C> {
    collector: C,
    until: Option<Instant>,
}

impl<C> Timed<C> {
    /// Gives up after so long from now; none: never.
    pub fn new(collector: C, patience: Option<Duration>) -> Timed<C> {
        Timed { collector, until: patience.and_then(|patience| Instant::now().checked_add(patience)) }
    }

    /// Whether the time is over.
    pub fn is_over(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }
}

impl<C: Collector> Collector for Timed<C> {
    type Fruit = C::Fruit;
    type Child = C::Child;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<C::Child> {
        self.collector.for_segment(segment, reader)
    }

    fn requires_scoring(&self) -> bool {
        self.collector.requires_scoring()
    }

    fn merge_fruits(&self, fruits: Vec<<C::Child as SegmentCollector>::Fruit>) -> tantivy::Result<Self::Fruit> {
        self.collector.merge_fruits(fruits)
    }

    fn collect_segment(
        &self,
        weight: &dyn Weight,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<<C::Child as SegmentCollector>::Fruit> {
        if self.until.is_none() {
            return self.collector.collect_segment(weight, segment, reader);
        }
        let mut child = self.for_segment(segment, reader)?;
        let scores = self.requires_scoring();
        let alive = reader.alive_bitset();
        let mut scorer = weight.scorer(reader, 1.0)?;
        let mut document = scorer.doc();
        let mut until_look = 0;
        while document != TERMINATED {
            if until_look == 0 {
                if self.is_over() {
                    return Err(TantivyError::InvalidArgument("it takes too long".to_string()));
                }
                until_look = LOOK_EVERY;
            }
            until_look -= 1;
            if alive.is_none_or(|alive| alive.is_alive(document)) {
                let score = if scores { scorer.score() } else { 1.0 };
                child.collect(document, score);
            }
            document = scorer.advance();
        }
        Ok(child.harvest())
    }
}
