//! One file → its documents: opened, told what it is, unpacked if it holds many. Runs in a worker's
//! process or in this one; what it says goes out through a channel of words that both understand.

use super::line::{self, Inspected, Name};
use crate::error::Problem;
use crate::extract::{Format, Kind, detect};
use crate::index::Packed;
use crate::model::Date;
use crate::source::unpack::{Budget, unpack};
use crate::source::{self, Blob, Fingerprint, Limits, Rule};
use crate::vocab::Vocabulary;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Instant;

/// What holds for all files of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Setup {
    /// Limits on each file.
    pub limits: Limits,
    /// The day that dates of publication cannot be after.
    pub today: Date,
    /// Columns that the user named for fields of tables.
    pub map: Vec<(String, String)>,
}

/// A file to be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// Its path.
    #[serde(with = "as_key")]
    pub path: PathBuf,
    /// The path as text.
    pub key: String,
    /// BLAKE3 of the content that is known; the same content is not read again.
    pub known: Option<String>,
    /// Rules that may hold for it or its members.
    pub rules: Vec<Rule>,
    /// Documents at its beginning to be passed over: they were dealt with.
    pub skip: u64,
}

/// A path between processes: it need not be UTF-8.
mod as_key {
    use crate::source::{key_of, path_of};
    use serde::{Deserialize, Deserializer, Serializer};
    use std::path::{Path, PathBuf};

    pub fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&key_of(path))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
        Ok(path_of(&String::deserialize(deserializer)?))
    }
}

/// What is said of a file while it is read.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// A document is about to be read; whatever ends the reader now is its fault.
    Opening {
        /// Its address in the file; empty if it is the file.
        member: String,
        /// Name of its format.
        format: String,
    },
    /// A document was read.
    Document {
        /// It, with its passages; between processes it follows as a word of its own.
        #[serde(skip)]
        packed: Option<Box<Packed>>,
        /// Characters of its passages.
        characters: u64,
        /// How long it took, in microseconds.
        micros: u64,
        /// Its size, in bytes.
        bytes: u64,
    },
    /// A member cannot be read.
    Failed {
        /// Its address.
        member: String,
        /// Why.
        problem: Problem,
    },
    /// The file is done: always the last word.
    Done(Done),
}

/// How the reading of a file ended.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Done {
    /// Size and time of the file when it was read; none if it could not be opened.
    pub fingerprint: Option<(u64, i64)>,
    /// BLAKE3 of its content, in hexadecimal.
    pub hash: String,
    /// Its size.
    pub bytes: u64,
    /// The content is the known one: it was not read.
    pub same: bool,
    /// Why the file, or the rest of it, could not be read.
    pub problem: Option<Problem>,
}

/// Reads a file and tells what comes of it; telling returns false when nobody listens any more.
pub fn read(job: &Job, setup: &Setup, vocabulary: &Vocabulary, tell: &mut dyn FnMut(Reply) -> bool) {
    let mut done = Done::default();
    let opened = line::guarded(|| source::open(&job.path, &setup.limits));
    let blob = match opened {
        Ok((blob, fingerprint)) => {
            let Fingerprint { size, modified } = fingerprint;
            done.fingerprint = Some((size, modified));
            blob
        }
        Err(problem) => {
            done.problem = Some(problem);
            tell(Reply::Done(done));
            return;
        }
    };
    done.hash = blake3::hash(&blob.bytes).to_hex().to_string();
    done.bytes = blob.bytes.len() as u64;
    if job.known.as_deref() == Some(&*done.hash) {
        done.same = true;
        tell(Reply::Done(done));
        return;
    }
    let mut left = job.skip;
    let mut found = job.skip > 0;
    let mut broken: (u64, Option<Problem>) = (0, None);
    let mut take = |member: &str, met: Met| {
        if left > 0 {
            left -= 1;
            return Ok(());
        }
        let (format, blob) = match met {
            Met::Document(format, blob) => (format, blob),
            Met::Broken(problem) => {
                broken.0 += 1;
                broken.1.get_or_insert_with(|| problem.clone());
                let listening = tell(Reply::Failed { member: member.to_string(), problem });
                return if listening { Ok(()) } else { Err(stopped()) };
            }
        };
        found = true;
        let opening = Reply::Opening { member: member.to_string(), format: format.name.to_string() };
        if !tell(opening) {
            return Err(stopped());
        }
        let started = Instant::now();
        let name = Name { key: job.key.clone(), member: member.to_string() };
        let read = line::guarded(|| line::document(format, blob, &name, setup, vocabulary));
        let listening = match read {
            Ok((document, passages)) => tell(Reply::Document {
                characters: passages.iter().map(|p| p.end - p.start).sum(),
                packed: Some(Box::new(Packed::new(document, passages))),
                micros: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
                bytes: blob.bytes.len() as u64,
            }),
            Err(problem) if member.is_empty() => return Err(problem),
            Err(problem) => tell(Reply::Failed { member: member.to_string(), problem }),
        };
        if listening { Ok(()) } else { Err(stopped()) }
    };
    let result = line::guarded(|| Members { job, setup, take: &mut take }.all(blob));
    done.problem = match (result, broken) {
        (Err(problem), _) => Some(problem),
        (Ok(()), _) if found => None,
        (Ok(()), (count, Some(first))) => {
            Some(Problem::Content(format!("holds no document that can be read: the first of {count} {first}")))
        }
        (Ok(()), _) => Some(Problem::Content("holds no document that is read".into())),
    };
    tell(Reply::Done(done));
}

fn stopped() -> Problem {
    Problem::Io("was not read to its end: the run was stopped".into())
}

/// The documents of one file, each with its address in it, or why it cannot be read.
pub type Documents = Vec<(String, Result<Inspected, Problem>)>;

/// Runs a file through the line without indexing it: each of its documents, or those whose address
/// begins with `member`.
pub fn inspect(job: &Job, setup: &Setup, vocabulary: &Vocabulary, member: &str) -> Result<Documents, Problem> {
    let (blob, _) = source::open(&job.path, &setup.limits)?;
    let mut out: Documents = Vec::new();
    let mut take = |address: &str, met: Met| {
        let wanted = address == member || address.strip_prefix(member).is_some_and(|rest| rest.starts_with("!/"));
        if member.is_empty() || wanted {
            let looked = match met {
                Met::Document(format, blob) => {
                    let name = Name { key: job.key.clone(), member: address.to_string() };
                    line::guarded(|| line::look(format, blob, &name, setup, vocabulary))
                }
                Met::Broken(problem) => Err(problem),
            };
            out.push((address.to_string(), looked));
        }
        Ok(())
    };
    let result = line::guarded(|| Members { job, setup, take: &mut take }.all(blob));
    match (out.len(), result) {
        (0, Err(problem)) => return Err(problem),
        (_, Err(problem)) => out.push((String::new(), Err(problem))),
        (_, Ok(())) => {}
    }
    match out.len() {
        1 if out[0].0.is_empty() => out.remove(0).1.map(|one| vec![(String::new(), Ok(one))]),
        0 => Err(Problem::Content("holds no document that is read".into())),
        _ => Ok(out),
    }
}

/// What is met in a file.
enum Met<'a> {
    /// A document.
    Document(&'static Format, &'a Blob),
    /// A member that cannot even be opened, and why.
    Broken(Problem),
}

/// Takes what is met, with its address.
type Take<'a> = dyn FnMut(&str, Met) -> Result<(), Problem> + 'a;

/// Goes through a file and all that it holds.
struct Members<'a> {
    job: &'a Job,
    setup: &'a Setup,
    take: &'a mut Take<'a>,
}

impl Members<'_> {
    fn all(mut self, blob: Blob) -> Result<(), Problem> {
        self.one(blob, "", &mut Budget::new(&self.setup.limits))
    }

    fn one(&mut self, mut blob: Blob, address: &str, budget: &mut Budget) -> Result<(), Problem> {
        let path = crate::index::member_path(&self.job.key, address);
        blob.given = source::given(&self.job.rules, &path).or(std::mem::take(&mut blob.given));
        match detect(&blob)? {
            Kind::Document(format) => (self.take)(address, Met::Document(format, &blob)),
            Kind::Container(container) => {
                let (limits, map) = (&self.setup.limits, &self.setup.map);
                unpack(container, &blob, limits, map, budget, &mut |inner, member, budget| {
                    let address = if address.is_empty() { inner.to_string() } else { format!("{address}!/{inner}") };
                    match member.and_then(|blob| self.one(blob, &address, budget)) {
                        // What bounds the whole file, or stops the run, ends it.
                        Err(problem) if is_final(&problem) => Err(problem),
                        // Pictures and styles in an archive are no failures.
                        Err(Problem::Format(_)) | Ok(()) => Ok(()),
                        Err(problem) => (self.take)(&address, Met::Broken(problem)),
                    }
                })
            }
        }
    }
}

fn is_final(problem: &Problem) -> bool {
    match problem {
        Problem::Limit { option, .. } => matches!(option.as_str(), "max-unpacked" | "max-members"),
        Problem::Io(_) => true,
        _ => false,
    }
}
