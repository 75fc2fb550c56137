//! Files that are to be read → what came of each. Runs in several threads, each with a reader of its own.

use super::file::{Job, Reply};
use super::outcome::Outcome;
use super::report::FormatCount;
use super::{Message, PART_PASSAGES, Task, Work, worker};
use crate::error::Problem;
use crate::index::{EntryRecord, EntryState, StateKind};
use crate::source::Fingerprint;
use crossbeam_channel::{Receiver, Sender};
use std::sync::atomic::Ordering;

/// A file that is about to be read.
struct Begun {
    job: Job,
    /// What is known of it until it is read.
    outcome: Outcome,
    /// Whether the index has documents of it.
    has_documents: bool,
    /// Hash and state as they are known, if the same content gives the same again.
    before: Option<(String, EntryState)>,
}

impl Work<'_> {
    /// Reads files until there are no more, the next being made ready while one is read.
    pub(super) fn read(&self, jobs: &Receiver<Task>, tell: &Sender<Message>) {
        let mut reader = worker::FileReader::new(self.request.program, &self.setup, self.vocabulary);
        let mut next = None;
        while let Some(task) = next.take().or_else(|| jobs.recv().ok().map(|task| self.begun(task))) {
            if self.request.stop.load(Ordering::Relaxed) {
                return;
            }
            next = jobs.try_recv().ok().map(|task| self.begun(task));
            let outcome = self.outcome(task, next.as_ref().map(|next| &next.job), &mut reader, tell);
            if tell.send(Message::Read(Box::new(outcome))).is_err() {
                return;
            }
        }
    }

    /// What is known of a file before it is read.
    fn begun(&self, task: Task) -> Begun {
        let Task { entry, rules, context } = task;
        let known = self.ledger.get(&entry.key);
        let was = known.filter(|k| k.state.has_documents());
        // The same content gives the same again, if nothing else changed.
        let same = was.filter(|k| k.context == self.context(k.state, context));
        let before = same.and_then(|_| self.known?.entry(&entry.key).ok()?);
        let outcome = Outcome {
            entry: EntryRecord {
                key: entry.key.clone(),
                fingerprint: entry.fingerprint,
                hash: String::new(),
                state: EntryState::Indexed,
                context,
            },
            documents: Vec::new(),
            parted: false,
            failures: Vec::new(),
            is_new: known.is_none(),
            same: false,
            keep: false,
            bytes: 0,
            problem: None,
        };
        let known = before.as_ref().map(|(hash, _)| hash.clone());
        let job = Job { path: entry.path, key: entry.key, known, rules, skip: 0 };
        Begun { job, outcome, has_documents: was.is_some(), before }
    }

    /// `next`: what is read after it.
    fn outcome(
        &self,
        begun: Begun,
        next: Option<&Job>,
        reader: &mut worker::FileReader,
        tell: &Sender<Message>,
    ) -> Outcome {
        let Begun { job, mut outcome, has_documents, before } = begun;
        let mut waiting = 0;
        // The format of the document that is being read.
        let mut format = String::new();
        let failed = |format: &mut String| {
            if !format.is_empty() {
                let count = FormatCount { failures: 1, ..FormatCount::default() };
                let _ = tell.send(Message::Took(std::mem::take(format), count));
            }
        };
        reader.read(&job, next, &mut |reply| {
            match reply {
                Reply::Opening { format: name, .. } => format = name,
                Reply::Document { packed, characters, micros, bytes } => {
                    let count = FormatCount { documents: 1, failures: 0, bytes, characters, micros };
                    waiting += packed.as_ref().map_or(0, |p| p.document.passages as usize);
                    outcome.documents.extend(packed.map(|packed| *packed));
                    let _ = tell.send(Message::Took(std::mem::take(&mut format), count));
                }
                Reply::Failed { member, problem } => {
                    outcome.failures.push((member, problem));
                    failed(&mut format);
                }
                Reply::Done(done) => {
                    if done.problem.is_some() {
                        failed(&mut format);
                    }
                    if let Some((size, modified)) = done.fingerprint {
                        outcome.entry.fingerprint = Fingerprint { size, modified };
                    }
                    outcome.entry.hash = done.hash;
                    outcome.bytes = done.bytes;
                    outcome.same = done.same;
                    outcome.problem = done.problem;
                }
            }
            if waiting >= PART_PASSAGES {
                waiting = 0;
                let part = std::mem::take(&mut outcome.documents);
                let first = !std::mem::replace(&mut outcome.parted, true);
                return tell.send(Message::Part(job.key.clone(), first, part)).is_ok();
            }
            // A file of one document is read to its end; one of many would go on for long.
            let many = outcome.parted || outcome.documents.len() + outcome.failures.len() > 1;
            !(many && self.request.stop.load(Ordering::Relaxed))
        });
        if outcome.same {
            outcome.entry.state = before.map_or(EntryState::Indexed, |(_, state)| state);
            return outcome;
        }
        outcome.keep = has_documents && !outcome.parted && matches!(outcome.problem, Some(Problem::Io(_)));
        let said = outcome.entry.context;
        let mut outcome = outcome.settled();
        outcome.entry.context = self.context(outcome.entry.state.kind(), said);
        outcome
    }

    /// What a file in this state is known by beside its content: what was said of it, and if it was not
    /// read to its end, what it was read with.
    pub(super) fn context(&self, state: StateKind, said: u64) -> u64 {
        let said = said ^ self.words;
        if state == StateKind::Indexed { said } else { said ^ self.means }
    }
}
