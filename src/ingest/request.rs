//! What a run is asked for, and how its memory is shared out.

use super::Progress;
use crate::index::{AdditionKind, MEMORY_OF_WRITER};
use crate::model::Date;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// A long run commits this often if nobody says otherwise: an interruption loses seconds of work.
pub const COMMIT_EVERY: Duration = Duration::from_secs(5);
/// Memory of this process beside what is on its way to disk: what is known of the files, queues, tables.
const MEMORY_OWN: u64 = 70_000_000;
/// Memory of a process that reads documents.
const MEMORY_OF_READER: u64 = 80_000_000;
/// The least memory that a run can do with: one reader, one thread that writes.
pub const MEMORY_MIN: u64 = MEMORY_OWN + MEMORY_OF_READER + MEMORY_OF_WRITER;

/// One thread that writes keeps up with so many that read, and leaves fewer segments to merge than several.
const READERS_PER_WRITER: usize = 2;

/// Memory in bytes that so many threads have enough of.
pub fn memory_for(threads: usize) -> u64 {
    (MEMORY_OWN + threads as u64 * (MEMORY_OF_READER + MEMORY_OF_WRITER)).max(400_000_000)
}

/// What to bring up to date, and how.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Files and folders; none: all that the index covers.
    pub paths: &'a [PathBuf],
    /// Start anew.
    pub rebuild: bool,
    /// Threads that read documents, at most; at least 1.
    pub threads: usize,
    /// Memory to stay under in bytes, of all processes together, but for what documents of many megabytes need while
    /// they are read; at least [`MEMORY_MIN`].
    pub memory: u64,
    /// A long run commits this often, at most.
    pub commit_every: Duration,
    /// The day that dates of publication cannot be after.
    pub today: Date,
    /// Told now and then how far it is.
    pub progress: &'a (dyn Fn(&Progress) + Sync),
    /// Set by somebody else to stop after what is being read: it is committed.
    pub stop: &'a AtomicBool,
    /// Limits on each file, by option; others are what they were in the run before, or the defaults.
    pub limits: &'a [(String, u64)],
    /// Columns named for fields of tables, as (field, column); none: those named before.
    pub map: Option<&'a [(String, String)]>,
    /// Files by which the user adds places, topics and terms; they are remembered for later runs.
    pub additions: &'a [(AdditionKind, PathBuf)],
    /// This program, which reads documents in processes of its own when started with
    /// [`super::WORKER_ARGUMENT`]; none: documents are read in this process, and a crash or a hang is the run's.
    pub program: Option<&'a Path>,
}

impl Request<'_> {
    /// Threads that read: as many as there is memory for.
    pub(super) fn readers(&self) -> usize {
        let room = self.memory.saturating_sub(MEMORY_OWN + MEMORY_OF_WRITER) / MEMORY_OF_READER;
        self.threads.clamp(1, usize::try_from(room).unwrap_or(usize::MAX).max(1))
    }

    /// Memory that those that read leave.
    fn left(&self) -> u64 {
        self.memory.saturating_sub(MEMORY_OWN + self.readers() as u64 * MEMORY_OF_READER)
    }

    /// Memory for making segments one.
    pub(super) fn merging(&self) -> u64 {
        self.left().saturating_sub(self.writers() as u64 * MEMORY_OF_WRITER)
    }

    /// Threads that write, with the memory that those that read leave.
    pub(super) fn writers(&self) -> usize {
        self.readers()
            .div_ceil(READERS_PER_WRITER)
            .clamp(1, usize::try_from(self.left() / MEMORY_OF_WRITER).unwrap_or(usize::MAX).max(1))
    }
}
