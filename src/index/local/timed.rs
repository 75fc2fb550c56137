//! Bounds the time of a search of the engine. The clock is looked at where passages are collected and between segments:
//! what a single step may take is bounded by the limits of the query itself.

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

    fn go_on(&self) -> tantivy::Result<()> {
        match self.is_over() {
            true => Err(TantivyError::InvalidArgument("it takes too long".to_string())),
            false => Ok(()),
        }
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
        self.go_on()?;
        let mut child = self.for_segment(segment, reader)?;
        let scores = self.requires_scoring();
        let alive = reader.alive_bitset();
        let mut scorer = weight.scorer(reader, 1.0)?;
        self.go_on()?;
        let mut document = scorer.doc();
        let mut until_look = 0;
        while document != TERMINATED {
            if until_look == 0 {
                self.go_on()?;
                until_look = LOOK_EVERY;
            }
            until_look -= 1;
            if alive.is_none_or(|alive| alive.is_alive(document)) {
                let score = if scores { scorer.score() } else { 1.0 };
                child.collect(document, score);
            }
            document = scorer.advance();
        }
        self.go_on()?;
        Ok(child.harvest())
    }
}
