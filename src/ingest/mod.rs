//! Runs the line: which files, in what order, on how many threads, committed when.
//!
//! In: the paths to bring up to date. Out: a [`Report`]. All concurrency of indexing is in this file:
//! one thread walks, several extract to split, this one writes; the queues between them are bounded,
//! so memory depends on threads and the largest document, not on the folder.
//!
//! Never: deletes or changes a user's file. A document is wholly in a commit or not at all.

mod line;
mod report;

pub use crate::clean::{Fate, Part, Repair};
pub use line::{Inspected, inspect};
pub use report::{Progress, Report};

use crate::error::{Error, Problem, Result};
use crate::index::{
    DocumentRecord, EntryRecord, EntryState, Known, Location, PassageRecord, Payload, Reader, StateKind, Writer,
};
use crate::model::Date;
use crate::source::{self, Entry, Fingerprint, Found};
use crossbeam_channel::{Receiver, Sender, bounded};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A long run commits this often: an interruption loses seconds of work.
const COMMIT_EVERY: Duration = Duration::from_secs(5);
/// Files waiting for a thread, per thread.
const QUEUE_PER_THREAD: usize = 4;
/// Pages nested deep are read by recursion.
const STACK_BYTES: usize = 32 << 20;

/// What to bring up to date, and how.
pub struct Request<'a> {
    /// Files and folders; none: all that the index covers.
    pub paths: &'a [PathBuf],
    /// Start anew.
    pub rebuild: bool,
    /// Threads that read documents, at least 1.
    pub threads: usize,
    /// The day that dates of publication cannot be after.
    pub today: Date,
    /// Told now and then how far it is.
    pub progress: &'a (dyn Fn(&Progress) + Sync),
    /// Set by somebody else to stop after what is being read: it is committed.
    pub stop: &'a AtomicBool,
}

/// What came of one file.
struct Outcome {
    entry: EntryRecord,
    documents: Vec<(DocumentRecord, Vec<PassageRecord>)>,
    is_new: bool,
    /// The content is what it was: only the file's time changed.
    same: bool,
    /// It cannot be read just now, but could be before: what is known of it stays.
    keep: bool,
    bytes: u64,
    problem: Option<Problem>,
}

/// Brings the index up to date.
/// Errors: what stops the run as a whole; what is wrong with single files is in the report.
pub fn run(location: &Location, request: &Request) -> Result<Report> {
    let started = Instant::now();
    let mut named = Vec::new();
    for path in request.paths {
        if !path.exists() {
            return Err(Error::NoSuchPath { path: path.clone() });
        }
        named.push(source::key_of(&source::absolute(path)));
    }
    // Asked before the writer is opened: what covers it survives a rebuild.
    let before = match Reader::open(location) {
        Ok(reader) => Some(reader),
        Err(Error::NoIndex { .. }) => None,
        Err(Error::Damaged { .. } | Error::OtherFormat { .. }) if request.rebuild && !named.is_empty() => None,
        Err(error) => return Err(error),
    };
    let covered = before.as_ref().map(|r| r.payload().roots.clone()).unwrap_or_default();
    let roots = if request.rebuild && !named.is_empty() { outermost(&named, &[]) } else { outermost(&covered, &named) };
    let walked = if named.is_empty() { roots.clone() } else { outermost(&named, &[]) };
    let mut forgotten = before.as_ref().map(|r| r.payload().forgotten.clone()).unwrap_or_default();
    // What is named again is wanted again.
    forgotten.retain(|f| !named.iter().any(|n| is_beneath(f, n) || is_beneath(n, f)));
    let payload = Payload { roots, forgotten, version: env!("CARGO_PKG_VERSION").into() };

    let mut writer = Writer::open(location, request.rebuild, request.threads)?;
    // Between the look above and the lock, another writer may have committed.
    let known = if request.rebuild || writer.is_new() { None } else { Some(Reader::open(location)?) };
    if writer.is_new() && before.is_none() {
        writer.publish(&payload)?;
    }
    let retry = known.as_ref().is_some_and(|k| k.payload().version != payload.version);
    let ledger = known.as_ref().map(Reader::ledger).transpose()?.unwrap_or_default();

    let mut report = Report::default();
    let index = std::iter::once(source::absolute(location.folder()));
    let except = index.chain(payload.forgotten.iter().map(PathBuf::from)).collect();
    let work = Work { request, ledger: &ledger, known: known.as_ref(), walked: &walked, except, retry };
    let seen = work.run(&mut writer, &payload, &mut report)?;
    if !report.stopped {
        for key in ledger.keys() {
            if seen.is_gone(key, &walked) {
                writer.remove(key)?;
                report.removed += 1;
                report.wrote = true;
            }
        }
    }
    let told = known.as_ref().is_none_or(|k| *k.payload() != payload);
    if report.wrote || told || writer.is_new() {
        if writer.is_new() && report.stopped {
            // An unfinished rebuild must not replace what is whole.
            report.discarded = true;
            return Ok(report.timed(started));
        }
        writer.finish(&payload)?;
    }
    Ok(report.timed(started))
}

/// Takes files and folders out of the index. Returns how many files went.
/// Errors: [`Error::NoIndex`], or [`Error::BadValue`] when the index holds nothing there.
pub fn forget(location: &Location, paths: &[PathBuf]) -> Result<u64> {
    location.current()?;
    let writer = Writer::open(location, false, 1)?;
    let reader = Reader::open(location)?;
    let mut payload = reader.payload().clone();
    let ledger = reader.ledger()?;
    let mut removed = 0;
    for path in paths {
        let key = source::key_of(&source::absolute(path));
        let before = payload.roots.len();
        payload.roots.retain(|root| !is_beneath(root, &key));
        let mut found = payload.roots.len() < before;
        if payload.roots.iter().any(|root| is_beneath(&key, root)) && !payload.forgotten.contains(&key) {
            payload.forgotten.push(key.clone());
        }
        payload.forgotten.retain(|f| payload.roots.iter().any(|root| is_beneath(f, root)));
        for file in ledger.keys().filter(|k| is_beneath(k, &key)) {
            writer.remove(file)?;
            removed += 1;
            found = true;
        }
        if !found {
            return Err(Error::BadValue {
                option: "the path to forget",
                given: path.display().to_string(),
                hint: "the index holds nothing there; `dryport status` shows what it covers".into(),
            });
        }
    }
    writer.finish(&payload)?;
    Ok(removed)
}

/// Whether a path is another or lies beneath it.
fn is_beneath(key: &str, root: &str) -> bool {
    key == root || key.strip_prefix(root.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
}

/// Both lists without what lies beneath another of them, in order of names.
fn outermost(some: &[String], others: &[String]) -> Vec<String> {
    let mut all: Vec<&String> = some.iter().chain(others).collect();
    all.sort();
    all.dedup();
    let inside = |key: &String| all.iter().any(|root| *root != key && is_beneath(key, root));
    all.iter().filter(|k| !inside(k)).map(|k| k.to_string()).collect()
}

/// What a walk saw.
#[derive(Default)]
struct Seen {
    files: HashSet<String>,
    /// Could not be looked into: what is known beneath is kept.
    unreadable: Vec<String>,
    /// Roots that are not there.
    missing: Vec<String>,
}

impl Seen {
    fn is_gone(&self, key: &str, walked: &[String]) -> bool {
        let out_of_reach = self.unreadable.iter().chain(&self.missing).any(|u| is_beneath(key, u));
        walked.iter().any(|root| is_beneath(key, root)) && !self.files.contains(key) && !out_of_reach
    }
}

struct Work<'a> {
    request: &'a Request<'a>,
    ledger: &'a HashMap<String, Known>,
    known: Option<&'a Reader>,
    walked: &'a [String],
    /// Neither listed nor entered.
    except: Vec<PathBuf>,
    /// Files that gave nothing are tried again: another version may read them.
    retry: bool,
}

/// What the other threads tell the writing one.
enum Message {
    /// A file was read.
    Read(Box<Outcome>),
    /// A file is as it was.
    Unchanged(String, StateKind),
    /// Something could not be looked at.
    Trouble(String, Problem),
    /// The walk came to its end.
    Walked(Seen),
}

impl Work<'_> {
    fn run(&self, writer: &mut Writer, payload: &Payload, report: &mut Report) -> Result<Seen> {
        let threads = self.request.threads.max(1);
        let (to_read, jobs) = bounded::<Entry>(threads * QUEUE_PER_THREAD);
        let (tell, told) = bounded::<Message>(threads * QUEUE_PER_THREAD);
        let halt = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let halt = &halt;
            let spawn = |name: &str| std::thread::Builder::new().name(name.into()).stack_size(STACK_BYTES);
            let cannot = |e: std::io::Error| Error::Engine { doing: "cannot start a thread", source: e.into() };
            for _ in 0..threads {
                let (jobs, tell) = (jobs.clone(), tell.clone());
                spawn("read").spawn_scoped(scope, move || self.read(&jobs, &tell)).map_err(cannot)?;
            }
            spawn("walk").spawn_scoped(scope, move || self.walk(&to_read, &tell, halt)).map_err(cannot)?;
            drop(jobs);
            let result = self.write(writer, payload, report, &told);
            // On an error the others end at their next step: nobody takes what they send.
            halt.store(true, Ordering::Relaxed);
            drop(told);
            result
        })
    }

    fn walk(&self, to_read: &Sender<Entry>, tell: &Sender<Message>, halt: &AtomicBool) {
        let mut seen = Seen::default();
        let stopped = || halt.load(Ordering::Relaxed) || self.request.stop.load(Ordering::Relaxed);
        for root in self.walked {
            let path = Path::new(root);
            if !path.exists() {
                // A file that was named itself is gone; a folder may be on a disk that is not there.
                if !(self.ledger.contains_key(root) && source::exists_nearby(path)) {
                    let reason = "is not there; what the index holds of it is kept until `dryport forget`";
                    let _ = tell.send(Message::Trouble(root.clone(), Problem::Content(reason.into())));
                    seen.missing.push(root.clone());
                }
                continue;
            }
            for found in source::walk(path, self.except.clone()) {
                if stopped() {
                    return;
                }
                match found {
                    Found::Unreadable { key, problem } => {
                        seen.unreadable.push(key.clone());
                        if tell.send(Message::Trouble(key, problem)).is_err() {
                            return;
                        }
                    }
                    Found::File(entry) => {
                        seen.files.insert(entry.key.clone());
                        let unchanged = self.ledger.get(&entry.key).filter(|known| {
                            known.fingerprint == entry.fingerprint && !(self.retry && known.state != StateKind::Indexed)
                        });
                        let sent = match unchanged {
                            Some(known) => tell.send(Message::Unchanged(entry.key, known.state)).is_ok(),
                            None => to_read.send(entry).is_ok(),
                        };
                        if !sent {
                            return;
                        }
                    }
                }
            }
        }
        let _ = tell.send(Message::Walked(seen));
    }

    fn read(&self, jobs: &Receiver<Entry>, tell: &Sender<Message>) {
        for entry in jobs {
            if self.request.stop.load(Ordering::Relaxed)
                || tell.send(Message::Read(Box::new(self.outcome(entry)))).is_err()
            {
                return;
            }
        }
    }

    fn outcome(&self, entry: Entry) -> Outcome {
        let is_new = !self.ledger.contains_key(&entry.key);
        let mut outcome = Outcome {
            entry: EntryRecord {
                key: entry.key,
                fingerprint: entry.fingerprint,
                hash: String::new(),
                state: EntryState::Indexed,
            },
            documents: Vec::new(),
            is_new,
            same: false,
            keep: false,
            bytes: 0,
            problem: None,
        };
        let (blob, fingerprint) = match source::open(&entry.path, &source::Limits::default()) {
            Ok(opened) => opened,
            Err(problem) => {
                outcome.keep = self.ledger.get(&outcome.entry.key).is_some_and(|k| k.state == StateKind::Indexed);
                return outcome.failed(problem);
            }
        };
        outcome.entry.fingerprint = fingerprint;
        outcome.entry.hash = blake3::hash(&blob.bytes).to_hex().to_string();
        outcome.bytes = blob.bytes.len() as u64;
        if !is_new && let Some(documents) = self.unchanged_content(&outcome.entry) {
            outcome.documents = documents;
            outcome.same = true;
            return outcome;
        }
        match line::guarded(|| line::documents(blob, &outcome.entry.key, self.request.today)) {
            Ok(documents) => outcome.documents = documents,
            Err(problem) => return outcome.failed(problem),
        }
        outcome
    }

    /// What a file of the same content gave, if that is known: it need not be read again.
    fn unchanged_content(&self, entry: &EntryRecord) -> Option<Vec<(DocumentRecord, Vec<PassageRecord>)>> {
        let known = self.known?;
        let (hash, state) = known.entry(&entry.key).ok()??;
        let contents = (hash == entry.hash && state == EntryState::Indexed).then(|| known.contents(&entry.key))?;
        contents.ok().filter(|c| !c.is_empty())
    }

    fn write(
        &self,
        writer: &mut Writer,
        payload: &Payload,
        report: &mut Report,
        told: &Receiver<Message>,
    ) -> Result<Seen> {
        let mut seen = None;
        let mut committed = Instant::now();
        let mut waiting = false;
        // Ends when the other threads have.
        for message in told {
            match message {
                Message::Read(outcome) => {
                    if !outcome.keep {
                        writer.put(&outcome.entry, &outcome.documents)?;
                        waiting = true;
                        report.wrote = true;
                    }
                    report.count(*outcome);
                }
                Message::Unchanged(key, state) => self.unchanged(&key, state, report)?,
                Message::Trouble(key, problem) => report.fail(&key, problem),
                Message::Walked(all) => seen = Some(all),
            }
            (self.request.progress)(&report.progress());
            if waiting && committed.elapsed() >= COMMIT_EVERY {
                writer.commit(payload)?;
                (committed, waiting) = (Instant::now(), false);
            }
        }
        // A walk that did not end can call nothing gone.
        report.stopped = seen.is_none() || self.request.stop.load(Ordering::Relaxed);
        Ok(seen.unwrap_or_default())
    }

    fn unchanged(&self, key: &str, state: StateKind, report: &mut Report) -> Result<()> {
        report.unchanged += 1;
        if state != StateKind::Indexed
            && let Some((_, state)) = self.known.map(|k| k.entry(key)).transpose()?.flatten()
        {
            match state {
                EntryState::Failed(reason) => report.fail(key, Problem::Content(reason)),
                EntryState::Skipped(reason) => report.skip(&reason),
                EntryState::Indexed => {}
            }
        }
        Ok(())
    }
}

impl Outcome {
    fn failed(mut self, problem: Problem) -> Outcome {
        self.documents.clear();
        if matches!(problem, Problem::Io(_)) {
            // What the disk refused once it may give another time, with no change to see: try always.
            self.entry.fingerprint = Fingerprint { size: u64::MAX, modified: i64::MIN };
        }
        self.entry.state = match &problem {
            Problem::Format(name) => EntryState::Skipped(name.clone()),
            other => EntryState::Failed(other.to_string()),
        };
        self.problem = Some(problem);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_beneath_others_are_not_kept_apart() {
        let list = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<_>>();
        assert_eq!(outermost(&list(&["/a/b", "/c"]), &list(&["/a", "/ab"])), ["/a", "/ab", "/c"]);
        assert!(is_beneath("/a/b", "/a") && is_beneath("/a", "/a") && is_beneath("/x", "/"));
        assert!(!is_beneath("/ab", "/a"));
    }
}
