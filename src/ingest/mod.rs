//! Runs the line: which files, in what order, on how many threads, committed when.
//!
//! In: the paths to bring up to date. Out: a [`Report`]. All concurrency of indexing is in this file, but for files
//! that are listed ahead ([`Ahead`]): one thread walks, several wait for readers (`reading`), this one writes; the queues
//! between them are bounded, so memory depends on threads and the largest document, not on the folder.
//!
//! Never: deletes or changes a user's file. A document is wholly in a commit or not at all.

mod additions;
mod before;
mod copies;
mod cover;
mod file;
mod inspect;
mod line;
mod outcome;
mod reading;
mod report;
mod request;
mod rules;
mod watch;
mod worker;

pub use crate::clean::{Fate, Part, Repair};
pub use additions::definitions;
pub use cover::forget;
pub use file::{Documents, Setup};
pub use inspect::inspect;
pub use line::{Alone, Inspected, alone, shingles};
pub use report::{FormatCount, Progress, Report};
pub use request::{COMMIT_EVERY, MEMORY_MIN, Request, memory_for};
pub use watch::watch;
pub use worker::{ARGUMENT as WORKER_ARGUMENT, serve};

use crate::error::{Error, Problem, Result};
use crate::index::{Addition, EntryRecord, EntryState, Known, Location, Packed, Payload, Reader, StateKind, Writer};
use crate::source::{self, Ahead, Entry, Found, Limits, Rule};
use crate::vocab::Vocabulary;
use cover::{Seen, is_beneath, outermost};
use crossbeam_channel::{Receiver, Sender, bounded};
use outcome::{ALWAYS, Outcome};
use rules::Sayings;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Files waiting for a thread, per thread.
const QUEUE_PER_THREAD: usize = 4;
/// Files that are as they were, told of in one go.
const SAME_TOLD: u64 = 500;
/// A file that holds many documents is handed over in parts of so many passages.
const PART_PASSAGES: usize = 1000;

/// A number that tells values apart; never 0.
fn number(value: &impl serde::Serialize) -> u64 {
    let hash = blake3::hash(&serde_json::to_vec(value).unwrap_or_default());
    let mut number = [0; 8];
    number.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(number).max(1)
}

/// A file to be read.
struct Task {
    entry: Entry,
    rules: Vec<Rule>,
    context: u64,
}

/// Brings the index up to date.
/// Errors: what stops the run as a whole; what is wrong with single files is in the report.
pub fn run(location: &Location, request: &Request) -> Result<Report> {
    let started = Instant::now();
    let mut named = Vec::new();
    for path in request.paths {
        match std::fs::metadata(path) {
            Err(_) => return Err(Error::NoSuchPath { path: path.clone() }),
            Ok(found) if !found.is_file() && !found.is_dir() => {
                let problem = Problem::Content("is neither a file nor a folder".into());
                return Err(Error::Unreadable { path: path.clone(), problem });
            }
            Ok(_) => {}
        }
        named.push(source::key_of(&source::absolute(path)));
    }
    // Asked before the writer is opened: what covers it survives a rebuild.
    let before = before::payload(location, request.rebuild, !named.is_empty())?;
    let covered = before.as_ref().map(|b| b.roots.clone()).unwrap_or_default();
    let roots = if request.rebuild && !named.is_empty() { outermost(&named, &[]) } else { outermost(&covered, &named) };
    let mut walked = if named.is_empty() { roots.clone() } else { outermost(&named, &[]) };
    let mut forgotten = before.as_ref().map(|b| b.forgotten.clone()).unwrap_or_default();
    // What is named again is wanted again.
    forgotten.retain(|f| !named.iter().any(|n| is_beneath(f, n) || is_beneath(n, f)));
    let map = request.map.map(<[_]>::to_vec);
    let map = map.or_else(|| before.as_ref().map(|b| b.map.clone())).unwrap_or_default();
    let mut limits = before.as_ref().map(|b| b.limits.clone()).unwrap_or_default();
    if request.rebuild {
        limits = Limits::default();
    }
    for (option, value) in request.limits {
        limits.set(option, *value);
    }
    let known_additions = before.as_ref().map(|b| b.additions.clone()).unwrap_or_default();
    let (additions, definitions, problems) = additions::gather(&roots, &known_additions, request.additions)?;
    let of_labels = |all: &[Addition]| all.iter().filter(|a| a.kind.is_of_labels()).cloned().collect::<Vec<_>>();
    if of_labels(&additions) != of_labels(&known_additions) && before.is_some() {
        // What is yours holds for all documents: labels of two minds in one index would find nothing.
        walked.clone_from(&roots);
    }
    let vocabulary = Arc::new(Vocabulary::new(&definitions).unwrap_or_default());
    let version = env!("CARGO_PKG_VERSION").into();
    let payload = Payload { roots, forgotten, version, limits, map, additions, copies_known: false };

    let mut writer = Writer::open(location, request.rebuild, request.writers(), vocabulary.clone())?;
    writer.merge_with(request.merging());
    // Between the look above and the lock, another writer may have committed.
    let known = if request.rebuild || writer.is_new() { None } else { Some(Reader::open(location)?) };
    if writer.is_new() && before.is_none() {
        writer.publish(&payload)?;
    }
    let index = std::iter::once(source::absolute(location.folder()));
    let except: Vec<PathBuf> = index.chain(payload.forgotten.iter().map(|key| source::path_of(key))).collect();
    // Files are listed while what is known of them is read.
    let first = walked.first().map(|root| source::path_of(root)).filter(|path| path.exists());
    let ahead = first.and_then(|path| Ahead::start(&path, except.clone()).ok());
    // Another version may read more, other limits allow more.
    let means = number(&(&payload.version, &payload.limits));
    let ledger = known.as_ref().map(Reader::ledger).transpose()?.unwrap_or_default();

    let mut report = Report::default();
    problems.into_iter().for_each(|(file, problem)| report.fail(&file, problem));
    let setup = Setup { limits: payload.limits.clone(), today: request.today, map: payload.map.clone() };
    // With other places or topics, every document is read again.
    let labels = definitions.of_labels();
    let words = if labels.is_empty() { 0 } else { number(&labels) };
    let work = Work {
        request,
        setup,
        vocabulary: &vocabulary,
        words,
        ledger: &ledger,
        known: known.as_ref(),
        walked: &walked,
        except,
        means,
    };
    let seen = work.run(&mut writer, &payload, &mut report, ahead)?;
    if !report.stopped {
        for key in ledger.keys() {
            if seen.is_gone(key, &walked) {
                writer.remove(key)?;
                // A folder that could not be looked into, and can be now, is not gone.
                report.removed += u64::from(!source::path_of(key).is_dir());
                report.wrote = true;
            }
        }
    }
    let last = Payload { copies_known: true, ..payload.clone() };
    let told = known.as_ref().is_none_or(|k| *k.payload() != last);
    if report.wrote || told || writer.is_new() {
        if writer.is_new() && report.stopped {
            // An unfinished rebuild must not replace what is whole.
            report.discarded = true;
            return Ok(report.timed(started));
        }
        writer.commit(&payload)?;
        if report.stopped {
            writer.finish(&payload)?;
        } else {
            copies::settle(&writer, known.as_ref())?;
            writer.finish(&last)?;
        }
    }
    Ok(report.timed(started))
}

struct Work<'a> {
    request: &'a Request<'a>,
    setup: Setup,
    vocabulary: &'a Vocabulary,
    /// A number of what the user added to the vocabularies; 0 for nothing.
    words: u64,
    ledger: &'a HashMap<String, Known>,
    known: Option<&'a Reader>,
    walked: &'a [String],
    /// Neither listed nor entered.
    except: Vec<PathBuf>,
    /// A number of what files are read with: what could not be read is tried again with others.
    means: u64,
}

/// What the other threads tell the writing one.
enum Message {
    /// A part of a file that holds many documents: its path, whether it is the first, and what is in it.
    Part(String, bool, Vec<Packed>),
    /// A file was read.
    Read(Box<Outcome>),
    /// So many files are as they were, with all their documents.
    Same(u64),
    /// A file is as it was, and could not be read then, or not to its end.
    Unchanged(String),
    /// Something is not as it should be.
    Trouble(String, Problem),
    /// A file or folder could not be looked at.
    Unreadable(String, Problem),
    /// How long a document of a format took.
    Took(String, FormatCount),
    /// The walk came to its end.
    Walked(Seen),
}

impl Work<'_> {
    /// `ahead`: a walk through the first root that was begun.
    fn run(&self, writer: &mut Writer, payload: &Payload, report: &mut Report, ahead: Option<Ahead>) -> Result<Seen> {
        let threads = self.request.readers();
        let (to_read, jobs) = bounded::<Task>(threads * QUEUE_PER_THREAD);
        let (tell, told) = bounded::<Message>(threads * QUEUE_PER_THREAD);
        let halt = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let halt = &halt;
            let spawn = |name: &str| std::thread::Builder::new().name(name.into()).stack_size(worker::STACK_BYTES);
            let cannot = |e: std::io::Error| Error::Engine { doing: "cannot start a thread", source: e.into() };
            for _ in 0..threads {
                let (jobs, tell) = (jobs.clone(), tell.clone());
                spawn("read").spawn_scoped(scope, move || self.read(&jobs, &tell)).map_err(cannot)?;
            }
            spawn("walk").spawn_scoped(scope, move || self.walk(ahead, &to_read, &tell, halt)).map_err(cannot)?;
            drop(jobs);
            let result = self.write(writer, payload, report, &told);
            // On an error the others end at their next step: nobody takes what they send.
            halt.store(true, Ordering::Relaxed);
            drop(told);
            result
        })
    }

    fn walk(&self, mut ahead: Option<Ahead>, to_read: &Sender<Task>, tell: &Sender<Message>, halt: &AtomicBool) {
        let mut seen = Seen::default();
        // Told of many at once: a word for each would take longer than looking at it.
        let mut same = 0;
        let mut sayings = Sayings::new(&self.setup.map, &self.vocabulary.gazetteer);
        let stopped = || halt.load(Ordering::Relaxed) || self.request.stop.load(Ordering::Relaxed);
        for root in self.walked {
            let (path, begun) = (source::path_of(root), ahead.take());
            if !path.exists() {
                // A file that was named itself is gone; a folder may be on a disk that is not there.
                if !(self.ledger.contains_key(root) && source::exists_nearby(&path)) {
                    let reason = "is not there; what the index holds of it is kept until `dryport forget`";
                    let _ = tell.send(Message::Trouble(root.clone(), Problem::Content(reason.into())));
                    seen.missing.push(root.clone());
                }
                continue;
            }
            let Ok(mut listed) = begun.map_or_else(|| Ahead::start(&path, self.except.clone()), Ok) else {
                let _ = tell.send(Message::Trouble(root.clone(), Problem::Io("no thread to list it in".into())));
                return;
            };
            for found in listed.by_ref() {
                if stopped() {
                    return;
                }
                match found {
                    Found::Unreadable { key, problem } => {
                        seen.unreadable.push(key.clone());
                        if tell.send(Message::Unreadable(key, problem)).is_err() {
                            return;
                        }
                    }
                    Found::File(entry) => {
                        // What is new is written without a look at what was written before: never twice.
                        if !seen.files.insert(entry.key.clone()) {
                            continue;
                        }
                        let (rules, context) = sayings.of(&entry.path);
                        let unchanged = self.ledger.get(&entry.key).filter(|known| {
                            known.fingerprint == entry.fingerprint
                                && known.context == self.context(known.state, context)
                        });
                        let sent = match unchanged {
                            Some(known) if known.state == StateKind::Indexed => {
                                same += 1;
                                same < SAME_TOLD || tell.send(Message::Same(std::mem::take(&mut same))).is_ok()
                            }
                            Some(_) => tell.send(Message::Unchanged(entry.key)).is_ok(),
                            None => to_read.send(Task { entry, rules, context }).is_ok(),
                        };
                        if !sent {
                            return;
                        }
                    }
                }
            }
            // What it has not come to is not gone.
            if !listed.is_whole() {
                let reason = "its listing broke off; what was not listed is kept as it is in the index";
                let _ = tell.send(Message::Trouble(root.clone(), Problem::Internal(reason.into())));
                return;
            }
        }
        let _ = tell.send(Message::Same(same));
        for (key, problem) in sayings.problems() {
            if tell.send(Message::Trouble(key, problem)).is_err() {
                return;
            }
        }
        let _ = tell.send(Message::Walked(seen));
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
                Message::Part(key, first, documents) => {
                    report.passages += documents.iter().map(|p| u64::from(p.document.passages)).sum::<u64>();
                    if first {
                        // A commit may fall before its end: what is there then is read again.
                        let reason = "was not read to its end; index again".to_string();
                        let known = self.ledger.contains_key(&key);
                        writer.put(&EntryRecord::unreadable(key, reason, ALWAYS), &documents, known)?;
                    } else {
                        writer.put_more(&key, &documents)?;
                    }
                    (waiting, report.wrote) = (true, true);
                }
                Message::Read(outcome) => {
                    if outcome.parted {
                        writer.put_last(&outcome.entry, &outcome.documents)?;
                    } else if outcome.same {
                        writer.touch(&outcome.entry)?;
                    } else if !outcome.keep {
                        writer.put(&outcome.entry, &outcome.documents, !outcome.is_new)?;
                    }
                    waiting |= !outcome.keep;
                    report.wrote |= !outcome.keep;
                    report.count(*outcome);
                }
                Message::Took(format, count) => report.formats.entry(format).or_default().add(count),
                Message::Same(count) => report.unchanged += count,
                Message::Unchanged(key) => self.unchanged(&key, report)?,
                Message::Trouble(key, problem) => report.fail(&key, problem),
                Message::Unreadable(key, problem) => {
                    report.fail(&key, problem.clone());
                    if !self.ledger.contains_key(&key) {
                        writer.put(&EntryRecord::unreadable(key, problem.to_string(), ALWAYS), &[], true)?;
                        (waiting, report.wrote) = (true, true);
                    }
                }
                Message::Walked(all) => seen = Some(all),
            }
            (self.request.progress)(&report.progress());
            if waiting && committed.elapsed() >= self.request.commit_every {
                writer.commit(payload)?;
                (committed, waiting) = (Instant::now(), false);
            }
        }
        // A walk that did not end can call nothing gone.
        report.stopped = seen.is_none() || self.request.stop.load(Ordering::Relaxed);
        Ok(seen.unwrap_or_default())
    }

    fn unchanged(&self, key: &str, report: &mut Report) -> Result<()> {
        report.unchanged += 1;
        if let Some((_, state)) = self.known.map(|k| k.entry(key)).transpose()?.flatten() {
            match state {
                EntryState::Failed(reason) => report.fail(key, Problem::Content(reason)),
                EntryState::Partly { failures, failed } => {
                    report.unlisted += failed.saturating_sub(failures.len() as u64);
                    for (member, reason) in failures {
                        report.fail(&crate::index::member_path(key, &member), Problem::Content(reason));
                    }
                }
                EntryState::Skipped(reason) => report.skip(&reason),
                EntryState::Indexed => {}
            }
        }
        Ok(())
    }
}
