//! What came of one file, and what is written down of it.

use crate::error::Problem;
use crate::index::{EntryRecord, EntryState, MEMBERS_LISTED, Packed};
use crate::source::Fingerprint;

/// The fingerprint of what has to be read again whatever it looks like: what the disk refused once it may
/// give another time, with no change to see.
pub const ALWAYS: Fingerprint = Fingerprint { size: u64::MAX, modified: i64::MIN };

/// What came of one file.
pub struct Outcome {
    /// The file.
    pub entry: EntryRecord,
    /// The documents, or the last part of them.
    pub documents: Vec<Packed>,
    /// Parts of it were handed over before.
    pub parted: bool,
    /// Members that could not be read.
    pub failures: Vec<(String, Problem)>,
    /// It was not known.
    pub is_new: bool,
    /// The content is what it was: only the file's time changed.
    pub same: bool,
    /// It cannot be read just now, but could be before: what is known of it stays.
    pub keep: bool,
    /// Its size.
    pub bytes: u64,
    /// Why it, or the rest of it, could not be read.
    pub problem: Option<Problem>,
}

impl Outcome {
    /// Says what became of the file, when all is known of it. A file that gave documents is indexed,
    /// whatever happened to the rest of it.
    pub fn settled(mut self) -> Outcome {
        let passing = |p: &Problem| matches!(p, Problem::Io(_));
        if self.problem.as_ref().is_some_and(passing) || self.failures.iter().any(|(_, p)| passing(p)) {
            self.entry.fingerprint = ALWAYS;
        }
        let any = self.parted || !self.documents.is_empty();
        if any && let Some(problem) = self.problem.take() {
            self.failures.push((String::new(), problem));
        }
        self.entry.state = match &self.problem {
            Some(Problem::Format(name)) => EntryState::Skipped(name.clone()),
            Some(problem) => EntryState::Failed(problem.to_string()),
            None if self.failures.is_empty() => EntryState::Indexed,
            None => EntryState::Partly {
                failures: self.failures.iter().take(MEMBERS_LISTED).map(|(m, p)| (m.clone(), p.to_string())).collect(),
                failed: self.failures.len() as u64,
            },
        };
        self
    }
}
