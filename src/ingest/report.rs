//! What a run did: for the summary, the list of failures, and the progress bar.

use super::outcome::Outcome;
use crate::error::Problem;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Files that are new in the index.
    pub added: u64,
    /// Files that changed and were read again.
    pub changed: u64,
    /// Files of which only the time changed: known by their content, not read again.
    pub touched: u64,
    /// Files that are as they were, failed ones among them.
    pub unchanged: u64,
    /// Files that are gone.
    pub removed: u64,
    /// Files and members that could not be read, with reasons, in the order they were met.
    pub failures: Vec<(String, Problem)>,
    /// Members that could not be read and are not listed, of files with very many of them.
    pub unlisted: u64,
    /// Documents read in this run, by format.
    pub formats: BTreeMap<String, FormatCount>,
    /// Files of no format that is read, counted by what they are.
    pub skipped: BTreeMap<String, u64>,
    /// Passages indexed.
    pub passages: u64,
    /// Bytes read.
    pub bytes: u64,
    /// How long it took.
    pub took: Duration,
    /// It was stopped before the end; what it had read is committed.
    pub stopped: bool,
    /// Records were written or removed, so that there is something to commit.
    pub(super) wrote: bool,
    /// What it had read is not kept: an unfinished rebuild leaves the index as it was.
    pub discarded: bool,
}

/// What documents of one format came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FormatCount {
    /// Documents.
    pub documents: u64,
    /// Documents that could not be read.
    pub failures: u64,
    /// Bytes of them.
    pub bytes: u64,
    /// Characters of text in their passages.
    pub characters: u64,
    /// Time for reading, cleaning and annotating them, in microseconds of one thread.
    pub micros: u64,
}

impl FormatCount {
    pub(super) fn add(&mut self, other: FormatCount) {
        self.documents += other.documents;
        self.failures += other.failures;
        self.bytes += other.bytes;
        self.characters += other.characters;
        self.micros += other.micros;
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Files looked at.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Passages so far.
    pub passages: u64,
}

impl Report {
    pub(super) fn count(&mut self, outcome: Outcome) {
        match outcome.problem {
            Some(Problem::Format(name)) => return self.skip(&name),
            Some(problem) => return self.fail(&outcome.entry.key, problem),
            None => {}
        }
        for (member, problem) in outcome.failures {
            self.fail(&crate::index::member_path(&outcome.entry.key, &member), problem);
        }
        if outcome.same {
            self.touched += 1;
            self.unchanged += 1;
            return;
        }
        if outcome.is_new {
            self.added += 1;
        } else {
            self.changed += 1;
        }
        self.passages += outcome.documents.iter().map(|p| u64::from(p.document.passages)).sum::<u64>();
        self.bytes += outcome.bytes;
    }

    pub(super) fn fail(&mut self, key: &str, problem: Problem) {
        self.failures.push((key.to_string(), problem));
    }

    pub(super) fn skip(&mut self, name: &str) {
        *self.skipped.entry(name.to_string()).or_default() += 1;
    }

    pub(super) fn progress(&self) -> Progress {
        let files = self.added
            + self.changed
            + self.unchanged
            + self.failures.iter().filter(|(_, p)| !matches!(p, Problem::Format(_))).count() as u64
            + self.skipped.values().sum::<u64>();
        Progress { files, bytes: self.bytes, passages: self.passages }
    }

    pub(super) fn timed(mut self, started: Instant) -> Report {
        self.took = started.elapsed();
        self
    }

    /// Megabytes (10⁶ bytes) read a second.
    pub fn megabytes_per_second(&self) -> f64 {
        self.bytes as f64 / 1e6 / self.took.as_secs_f64().max(1e-6)
    }
}
