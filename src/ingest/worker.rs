//! Reads files in a process of its own, so that what a document can do there (crash, hang, eat
//! memory) costs that document and never the run.
//!
//! The program starts itself again as a worker. Jobs go to its standard input, words about them come
//! from its standard output, each as four bytes of length and JSON, a document packed.
//! A worker that says nothing for too long is ended; one that dies is replaced, and what it was
//! reading is to blame.

use super::file::{self, Done, Job, Reply, Setup};
use crate::error::Problem;
use crate::index::Packed;
use crate::source::Limits;
use crate::vocab::{Definitions, Vocabulary};
use crossbeam_channel::{Receiver, RecvTimeoutError, bounded};
use serde::{Deserialize, Serialize};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

/// Deaths of workers over one file before the rest of it is given up.
const DEATHS_MAX: u64 = 10;
/// Stack of the thread that reads: documents are nested.
pub const STACK_BYTES: usize = 32 << 20;
/// Memory of a worker beside what the document may take: tables of names, stacks.
const OWN_BYTES: u64 = 400_000_000;
/// A longer word is none.
const WORD_BYTES_MAX: u32 = 1 << 30;
/// A worker that read a file of this size is replaced, so that its memory goes back.
const LARGE_BYTES: u64 = 20_000_000;

/// What a worker is told first.
#[derive(Serialize, Deserialize)]
struct Hello {
    setup: Setup,
    definitions: Definitions,
}

/// Reads files, in a worker's process if there is a program for it.
pub struct FileReader<'a> {
    program: Option<&'a Path>,
    setup: &'a Setup,
    vocabulary: &'a Vocabulary,
    running: Option<Running>,
}

impl<'a> FileReader<'a> {
    /// A reader. `program` is this program, which serves as worker when started with the argument
    /// [`ARGUMENT`]; none: files are read in this process.
    pub fn new(program: Option<&'a Path>, setup: &'a Setup, vocabulary: &'a Vocabulary) -> FileReader<'a> {
        FileReader { program, setup, vocabulary, running: None }
    }

    /// Reads a file; see [`file::read`]. `next`: what will be read after it, if that is known: a worker that has it
    /// already goes on without waiting to be told.
    pub fn read(&mut self, job: &Job, next: Option<&Job>, tell: &mut dyn FnMut(Reply) -> bool) {
        let Some(program) = self.program else { return file::read(job, self.setup, self.vocabulary, tell) };
        let mut job = job.clone();
        let mut handled = 0;
        let mut deaths = 0;
        let mut again = true;
        loop {
            let fit = self.running.take().filter(|running| running.ahead.as_ref().is_none_or(|key| *key == job.key));
            let mut running = match fit.map_or_else(|| Running::start(program, self.setup, self.vocabulary), Ok) {
                Ok(running) => running,
                // No process to be had: better read here than not at all.
                Err(_) if deaths == 0 => return file::read(&job, self.setup, self.vocabulary, tell),
                Err(error) => {
                    let problem = Some(Problem::Io(format!("no process to read it in ({error})")));
                    tell(Reply::Done(Done { problem, ..Done::default() }));
                    return;
                }
            };
            match running.read(&job, next, &self.setup.limits, &mut handled, tell) {
                Ended::Done { bytes } => {
                    if bytes < LARGE_BYTES {
                        self.running = Some(running);
                    }
                    return;
                }
                Ended::NobodyListens => return,
                // Killed from outside, or dead before it said a word: nothing in the file need be to blame.
                Ended::Died { opened, problem }
                    if again
                        && !matches!(problem, Problem::Limit { .. })
                        && (matches!(problem, Problem::Io(_)) || opened.is_none() && handled == job.skip) =>
                {
                    again = false;
                    job.skip = handled;
                }
                Ended::Died { opened, problem } => {
                    deaths += 1;
                    let member = opened.unwrap_or_default();
                    if member.is_empty() || deaths >= DEATHS_MAX {
                        tell(Reply::Done(Done { problem: Some(problem), ..Done::default() }));
                        return;
                    }
                    // The member is to blame: the others are read by another worker.
                    handled += 1;
                    job.skip = handled;
                    if !tell(Reply::Failed { member, problem }) {
                        return;
                    }
                }
            }
        }
    }
}

/// How a worker's reading of a file ended.
enum Ended {
    Done { bytes: u64 },
    NobodyListens,
    Died { opened: Option<String>, problem: Problem },
}

struct Running {
    child: Child,
    input: BufWriter<ChildStdin>,
    words: Receiver<Vec<u8>>,
    complaints: Receiver<String>,
    /// The key of a file that it was told of, but not yet asked about.
    ahead: Option<String>,
}

impl Running {
    fn start(program: &Path, setup: &Setup, vocabulary: &Vocabulary) -> std::io::Result<Running> {
        let mut command = Command::new(program);
        // Of memory what is used, not a gigabyte that may be used some day: there are several workers, and each has its
        // limit.
        command.env("MIMALLOC_ARENA_EAGER_COMMIT", "0").env("MIMALLOC_ARENA_RESERVE", "32MiB");
        command.arg(ARGUMENT).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C is for the program that asked: it ends its workers when it is ready.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn()?;
        let missing = || std::io::Error::other("no pipe");
        let input = child.stdin.take().ok_or_else(missing)?;
        let output = child.stdout.take().ok_or_else(missing)?;
        let errors = child.stderr.take().ok_or_else(missing)?;
        let (say, words) = bounded(2);
        std::thread::Builder::new().name("listen".into()).spawn(move || {
            let mut output = BufReader::with_capacity(1 << 16, output);
            while let Ok(Some(word)) = take(&mut output) {
                if say.send(word).is_err() {
                    return;
                }
            }
        })?;
        let (complain, complaints) = bounded(1);
        std::thread::Builder::new().name("complaints".into()).spawn(move || {
            // What it says last is why it ended; the rest is read so that it does not wait for a reader.
            let mut text = Vec::new();
            let mut errors = errors;
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = errors.read(&mut buffer) {
                text.extend_from_slice(&buffer[..length]);
                if text.len() > 1 << 16 {
                    text.drain(..1 << 15);
                }
            }
            let _ = complain.send(String::from_utf8_lossy(&text).into_owned());
        })?;
        let mut running = Running { child, input: BufWriter::new(input), words, complaints, ahead: None };
        // One that is dead already is found out with its first job.
        let _ =
            put(&mut running.input, &Hello { setup: setup.clone(), definitions: vocabulary.definitions.of_labels() });
        Ok(running)
    }

    fn read(
        &mut self,
        job: &Job,
        next: Option<&Job>,
        limits: &Limits,
        handled: &mut u64,
        tell: &mut dyn FnMut(Reply) -> bool,
    ) -> Ended {
        let mut opened = None;
        // If it is dead it may have said something before.
        if self.ahead.take().is_none() {
            let _ = put(&mut self.input, job);
        }
        if let Some(next) = next {
            let _ = put(&mut self.input, next);
            self.ahead = Some(next.key.clone());
        }
        let patience = Duration::from_secs(limits.seconds);
        loop {
            let word = match self.words.recv_timeout(patience) {
                Ok(word) => word,
                Err(RecvTimeoutError::Timeout) => {
                    let _ = self.child.kill();
                    return Ended::Died { opened, problem: limits.over("max-time") };
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Ended::Died { problem: self.autopsy(limits), opened };
                }
            };
            let mut reply = match serde_json::from_slice::<Reply>(&word) {
                Ok(reply) => reply,
                Err(error) => {
                    let _ = self.child.kill();
                    return Ended::Died {
                        opened,
                        problem: Problem::Internal(format!("a word of its reader: {error}")),
                    };
                }
            };
            if let Reply::Document { packed, .. } = &mut reply {
                let problem = match self.words.recv_timeout(patience) {
                    Ok(word) => {
                        *packed = Packed::from_bytes(&word).map(Box::new);
                        let other = || Problem::Internal("a word of its reader is no document".into());
                        packed.is_none().then(other)
                    }
                    Err(RecvTimeoutError::Timeout) => Some(limits.over("max-time")),
                    Err(RecvTimeoutError::Disconnected) => Some(self.autopsy(limits)),
                };
                if let Some(problem) = problem {
                    let _ = self.child.kill();
                    return Ended::Died { opened, problem };
                }
            }
            let mut ended = None;
            match &reply {
                Reply::Opening { member, .. } => opened = Some(member.clone()),
                Reply::Document { .. } => {
                    *handled += 1;
                    opened = None;
                }
                Reply::Failed { .. } => {
                    *handled += 1;
                    opened = None;
                }
                Reply::Done(done) => ended = Some(done.bytes),
            }
            if !tell(reply) && ended.is_none() {
                return Ended::NobodyListens;
            }
            if let Some(bytes) = ended {
                return Ended::Done { bytes };
            }
        }
    }

    /// Why a worker that was not ended by us has ended.
    fn autopsy(&mut self, limits: &Limits) -> Problem {
        // It has closed its output: it is ending. If it does not, it is ended.
        let mut status = self.child.try_wait();
        for _ in 0..50 {
            if !matches!(status, Ok(None)) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
            status = self.child.try_wait();
        }
        if matches!(status, Ok(None)) {
            let _ = self.child.kill();
            status = self.child.wait().map(Some);
        }
        let said = self.complaints.recv_timeout(Duration::from_secs(2)).unwrap_or_default();
        if said.contains("memory allocation of") || said.contains("capacity overflow") {
            return limits.over("max-memory");
        }
        if said.contains("overflowed its stack") {
            return Problem::Content("is nested too deep to be read".into());
        }
        let how = match &status {
            Ok(Some(status)) => status.to_string(),
            Ok(None) => "it does not end".to_string(),
            Err(error) => error.to_string(),
        };
        #[cfg(unix)]
        if let Ok(Some(status)) = &status
            && matches!(std::os::unix::process::ExitStatusExt::signal(status), Some(1 | 2 | 9 | 15))
        {
            // No fault ends a process so: somebody did, or a system short of memory.
            return Problem::Io(format!("its reader was killed ({how}); index again"));
        }
        Problem::Content(format!("makes its reader fail ({how})"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The argument that makes the program a worker.
pub const ARGUMENT: &str = "read-files-for-another-process";

/// Serves as a worker: takes jobs from standard input until it closes.
/// Errors: what the pipes say.
pub fn serve() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let Some(hello) = take(&mut input)? else { return Ok(()) };
    let Hello { setup, definitions } = serde_json::from_slice(&hello)?;
    drop(input);
    // Who is asked to end is the program that started this one; it ends its workers when it is ready.
    let _ = ctrlc::set_handler(|| {});
    bound_memory(setup.limits.memory);
    let (give, jobs) = bounded::<Job>(1);
    let reader = move || -> std::io::Result<()> {
        let vocabulary = Vocabulary::new(&definitions).unwrap_or_default();
        let mut output = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
        for job in jobs {
            let mut result = Ok(());
            file::read(&job, &setup, &vocabulary, &mut |reply| {
                result = put_reply(&mut output, &reply);
                result.is_ok()
            });
            result?;
        }
        Ok(())
    };
    // The name tells that a panic there is a document's.
    let reading = std::thread::Builder::new().name("read".into()).stack_size(STACK_BYTES).spawn(reader)?;
    let mut input = std::io::stdin().lock();
    while let Some(job) = take(&mut input)? {
        if give.send(serde_json::from_slice(&job)?).is_err() {
            break;
        }
    }
    // Whoever asked is gone: what is being read is of no use any more.
    drop(reading);
    Ok(())
}

/// A document that wants more memory is refused it, which ends this process and not the machine.
fn bound_memory(bytes: u64) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let most = Some(bytes.saturating_add(OWN_BYTES));
        // Where it cannot be set, the limit is the system's.
        let _ = setrlimit(Resource::As, Rlimit { current: most, maximum: most });
    }
    #[cfg(not(target_os = "linux"))]
    let _ = bytes;
}

/// What is said of a file; a document follows it packed.
fn put_reply(out: &mut impl Write, reply: &Reply) -> std::io::Result<()> {
    let Reply::Document { packed: Some(packed), .. } = reply else { return put(out, reply) };
    put_bytes(out, &serde_json::to_vec(reply)?)?;
    put_bytes(out, &packed.to_bytes())?;
    // The document that is the file is followed by the last word at once; what is done of others must be known, whatever
    // becomes of the next.
    if packed.document.member.is_some() { out.flush() } else { Ok(()) }
}

fn put(out: &mut impl Write, value: &impl Serialize) -> std::io::Result<()> {
    put_bytes(out, &serde_json::to_vec(value)?)?;
    out.flush()
}

fn put_bytes(out: &mut impl Write, bytes: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| std::io::Error::other("too long a word"))?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

/// The next word; none when the other side has closed.
fn take(input: &mut impl Read) -> std::io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_le_bytes(length);
    if length > WORD_BYTES_MAX {
        return Err(std::io::Error::other("too long a word"));
    }
    let mut bytes = Vec::new();
    input.take(u64::from(length)).read_to_end(&mut bytes)?;
    Ok((bytes.len() == length as usize).then_some(bytes))
}

#[cfg(test)]
mod tests;
