//! One file through the line, without an index: what `dryport inspect` shows.

use super::file::{self, Documents, Job, Setup};
use super::rules::Sayings;
use super::worker;
use crate::error::Problem;
use crate::source;
use crate::vocab::Vocabulary;
use std::path::Path;

/// Runs a file through the line in this process, without indexing it: each of its documents, or those
/// whose address begins with `member`.
/// Errors: why the file as a whole cannot be read.
pub fn inspect(path: &Path, setup: &Setup, vocabulary: &Vocabulary, member: &str) -> Result<Documents, Problem> {
    let path = source::absolute(path);
    let (rules, _) = Sayings::new(&setup.map, &vocabulary.gazetteer).of(&path);
    let job = Job { key: source::key_of(&path), path, known: None, rules, skip: 0 };
    // Documents are nested: a thread of the size that workers read with, and named as they are.
    std::thread::scope(|scope| {
        let reading = std::thread::Builder::new().name("read".into()).stack_size(worker::STACK_BYTES);
        match reading.spawn_scoped(scope, || file::inspect(&job, setup, vocabulary, member)) {
            Ok(thread) => thread.join().unwrap_or_else(|_| Err(Problem::Internal("no reason given".into()))),
            Err(error) => Err(Problem::Io(format!("no thread to read it in ({error})"))),
        }
    })
}
