//! Bounds the time of a search: from the words that stand for others to the last mark, the clock is looked at wherever
//! much is gone through.

use super::engine;
use crate::error::{Error, Result};
use std::time::{Duration, Instant};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::query::Weight;
use tantivy::{DocSet, SegmentOrdinal, SegmentReader, TERMINATED, TantivyError};

/// Matches between two looks at the clock; a look takes about as long as one match.
const LOOK_EVERY: u32 = 32;

/// When a search is given up, with all that belongs to it. The default is never.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deadline {
    patience: Duration,
    until: Option<Instant>,
}

impl Deadline {
    /// So long from now; none: never.
    pub fn after(patience: Option<Duration>) -> Deadline {
        let until = patience.and_then(|patience| Instant::now().checked_add(patience));
        Deadline { patience: patience.unwrap_or_default(), until }
    }

    /// Whether the time is over.
    pub fn is_over(self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Errors: [`Error::TooSlow`] once the time is over.
    pub fn check(self) -> Result<()> {
        match self.is_over() {
            true => Err(Error::TooSlow { seconds: self.patience.as_secs_f64() }),
            false => Ok(()),
        }
    }

    /// The same in the engine's words.
    pub(super) fn go_on(self) -> tantivy::Result<()> {
        match self.is_over() {
            true => Err(TantivyError::InvalidArgument("it takes too long".to_string())),
            false => Ok(()),
        }
    }

    /// Why something of the engine ended without a result.
    pub(super) fn broke_off(self, doing: &'static str, error: TantivyError) -> Error {
        self.check().err().unwrap_or_else(|| engine(doing)(error))
    }
}

/// A collector that gives up at a point in time.
pub struct Timed<C> {
    collector: C,
    deadline: Deadline,
}

impl<C> Timed<C> {
    /// Gives up at the deadline.
    pub fn new(collector: C, deadline: Deadline) -> Timed<C> {
        Timed { collector, deadline }
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
        if self.deadline.until.is_none() {
            return self.collector.collect_segment(weight, segment, reader);
        }
        self.deadline.go_on()?;
        let mut child = self.for_segment(segment, reader)?;
        let scores = self.requires_scoring();
        let alive = reader.alive_bitset();
        let mut scorer = weight.scorer(reader, 1.0)?;
        self.deadline.go_on()?;
        let mut document = scorer.doc();
        let mut until_look = 0;
        while document != TERMINATED {
            if until_look == 0 {
                self.deadline.go_on()?;
                until_look = LOOK_EVERY;
            }
            until_look -= 1;
            if alive.is_none_or(|alive| alive.is_alive(document)) {
                let score = if scores { scorer.score() } else { 1.0 };
                child.collect(document, score);
            }
            document = scorer.advance();
        }
        self.deadline.go_on()?;
        Ok(child.harvest())
    }
}
