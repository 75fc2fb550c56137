//! A disk that fails, and files that were changed: the index is what a commit says, or it is said that it is not.

use super::write::{Files, Writer, on_disk};
use super::{Deadline, Reader, Window};
use crate::error::{Error, Result};
use crate::index::{DocumentRecord, EntryRecord, Location, Packed, PassageRecord, Payload};
use crate::model::{Found, Kind, Lang, Origin};
use crate::query::{Params, resolve};
use crate::vocab::Vocabulary;
use std::collections::BTreeSet;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, FileSlice, Lock, TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
};

/// How a disk fails.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// It is full: nothing more can be written.
    Full,
    /// Files can be opened no more.
    Refused,
    /// What was written cannot be made durable.
    Sync,
    /// Half of what is written last arrives, and it says nothing of it before it fails.
    Torn,
}

/// A folder on a disk that fails after so many operations, and from then on.
#[derive(Clone, Debug)]
struct Failing {
    files: Box<dyn Directory>,
    fault: Fault,
    left: Arc<AtomicI64>,
}

impl Failing {
    /// Whether the operation fails.
    fn fails(&self) -> bool {
        self.left.fetch_sub(1, Ordering::SeqCst) <= 0
    }

    fn is(&self, faults: &[Fault]) -> bool {
        faults.contains(&self.fault) && self.fails()
    }

    fn error(&self) -> io::Error {
        let kind = if self.fault == Fault::Refused { ErrorKind::PermissionDenied } else { ErrorKind::StorageFull };
        io::Error::new(kind, "as the test wants it")
    }
}

struct FailingFile {
    file: WritePtr,
    disk: Failing,
}

impl Write for FailingFile {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        if self.disk.is(&[Fault::Full, Fault::Torn]) {
            if self.disk.fault == Fault::Torn {
                self.file.write_all(&data[..data.len() / 2])?;
                self.file.flush()?;
            }
            return Err(self.disk.error());
        }
        self.file.write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for FailingFile {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        match self.disk.is(&[Fault::Sync]) {
            true => Err(self.disk.error()),
            false => self.file.terminate_ref(token),
        }
    }
}

impl Directory for Failing {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }
    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        self.files.open_read(path)
    }
    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.files.delete(path)
    }
    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }
    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        if self.is(&[Fault::Refused]) {
            return Err(OpenWriteError::wrap_io_error(self.error(), path.to_path_buf()));
        }
        let file = self.files.open_write(path)?;
        Ok(BufWriter::new(Box::new(FailingFile { file, disk: self.clone() })))
    }
    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        // Whatever happens on the way, what is not whole is never given the name.
        if self.fails() { Err(self.error()) } else { self.files.atomic_write(path, data) }
    }
    fn sync_directory(&self) -> io::Result<()> {
        if self.is(&[Fault::Sync]) { Err(self.error()) } else { self.files.sync_directory() }
    }
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.files.acquire_lock(lock)
    }
    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}

/// A file of one document with a few passages, of a version.
fn put(writer: &Writer, number: usize, version: usize) -> Result<()> {
    let key = format!("/d/{number}.txt");
    let passages: Vec<PassageRecord> = (1..=1 + number as u32 % 4)
        .map(|ordinal| PassageRecord {
            ordinal,
            text: format!("The dry port {number} has a yard {ordinal} of version v{version} 无水港。"),
            ..PassageRecord::default()
        })
        .collect();
    let title = Found::new(format!("Port {number}"), Origin::Text);
    let (kind, language) = (Found::new(Kind::News, Origin::Text), Found::new(Lang::new("en"), Origin::Text));
    let count = passages.len() as u32;
    let document = DocumentRecord { passages: count, ..DocumentRecord::new(&key, title, kind, language) };
    writer.put(&EntryRecord::new(&key), &[Packed::new(document, passages)], true)
}

const DOCUMENTS: usize = 30;

/// Every other document in a new version, and some new ones.
fn change(writer: &mut Writer, commits: usize) -> Result<()> {
    for commit in 0..commits {
        for number in (commit..DOCUMENTS + 5).step_by(commits) {
            if number % 2 == 1 || number >= DOCUMENTS {
                put(writer, number, 2)?;
            }
        }
        writer.commit(&Payload::default())?;
    }
    Ok(())
}

/// What a search for all finds: the texts, with their documents.
fn found(reader: &Reader) -> Result<BTreeSet<String>> {
    let params = Params { query: vec!["port".into()], literal: true, no_expand: true, ..Params::default() };
    let query = reader.expand(&resolve(&params, reader.vocabulary())?, Deadline::default())?;
    let window = Window { offset: 0, limit: 1000, per_document: 100, explain: false, collapse: false };
    let hits = reader.search(&query, window, Deadline::default())?.hits;
    let count = hits.len();
    let texts: BTreeSet<String> = hits
        .into_iter()
        .map(|hit| format!("{} {} {}", hit.document.path, hit.document.title.value, hit.passage.text))
        .collect();
    assert_eq!(texts.len(), count, "no passage twice");
    Ok(texts)
}

fn first(folder: &Path) -> Location {
    let location = Location::new(folder.join("index"));
    let writer = Writer::open(&location, false, 1, Arc::new(Vocabulary::default())).unwrap();
    (0..DOCUMENTS).for_each(|number| put(&writer, number, 1).unwrap());
    writer.finish(&Payload::default()).unwrap();
    location
}

fn copied(from: &Location, to: &Path) -> Location {
    let generation = from.current().unwrap();
    let new = Location::new(to.join("index"));
    let folder = new.folder().join(generation.file_name().unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    for entry in std::fs::read_dir(&generation).unwrap().flatten() {
        std::fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    std::fs::copy(from.folder().join("dryport.json"), new.folder().join("dryport.json")).unwrap();
    new
}

#[test]
fn whatever_fails_on_the_disk_the_index_is_what_a_commit_said() {
    let temp = tempfile::tempdir().unwrap();
    let clean = first(temp.path());
    // The states that commits make, one after the other.
    let after = |commits: usize| {
        let folder = tempfile::tempdir().unwrap();
        let location = copied(&clean, folder.path());
        let mut writer = Writer::open(&location, false, 1, Arc::new(Vocabulary::default())).unwrap();
        let mut states = vec![found(&Reader::open(&location).unwrap()).unwrap()];
        for commit in 0..commits {
            for number in (commit..DOCUMENTS + 5).step_by(commits) {
                if number % 2 == 1 || number >= DOCUMENTS {
                    put(&writer, number, 2).unwrap();
                }
            }
            writer.commit(&Payload::default()).unwrap();
            states.push(found(&Reader::open(&location).unwrap()).unwrap());
        }
        states
    };
    const COMMITS: usize = 3;
    let states = after(COMMITS);
    for fault in [Fault::Full, Fault::Refused, Fault::Sync, Fault::Torn] {
        let mut at = 1;
        loop {
            let folder = tempfile::tempdir().unwrap();
            let location = copied(&clean, folder.path());
            let left = Arc::new(AtomicI64::new(at));
            let disk = left.clone();
            let files: &Files = &move |path| {
                let files = on_disk(path)?;
                Ok(Box::new(Failing { files, fault, left: disk.clone() }))
            };
            let done =
                Writer::open_on(&location, false, 1, Arc::new(Vocabulary::default()), files).and_then(|mut writer| {
                    change(&mut writer, COMMITS)?;
                    writer.finish(&Payload::default())
                });
            let reader = Reader::open(&location).unwrap_or_else(|e| panic!("{fault:?} at {at}: {e}"));
            let is = found(&reader).unwrap();
            assert!(states.contains(&is), "{fault:?} at {at}: no commit made this");
            assert!(done.is_err() || is == states[COMMITS], "{fault:?} at {at}: said to be done, and is not");
            let checked = reader.check(1, &mut |_, _, _| Ok(())).unwrap();
            assert_eq!(checked.faults, Vec::<String>::new(), "{fault:?} at {at}");
            // The next run has a disk that works.
            let mut writer = Writer::open(&location, false, 1, Arc::new(Vocabulary::default())).unwrap();
            change(&mut writer, COMMITS).unwrap();
            writer.finish(&Payload::default()).unwrap();
            assert_eq!(found(&Reader::open(&location).unwrap()).unwrap(), states[COMMITS], "{fault:?} at {at}");
            if left.load(Ordering::SeqCst) > 0 {
                break;
            }
            at += 1 + at / 8;
        }
        assert!(at > 5, "{fault:?} was tried at several places");
    }
}

#[test]
fn a_changed_file_is_found_out_or_does_no_harm() {
    let temp = tempfile::tempdir().unwrap();
    let clean = first(temp.path());
    let mut writer = Writer::open(&clean, false, 1, Arc::new(Vocabulary::default())).unwrap();
    change(&mut writer, 1).unwrap();
    writer.finish(&Payload::default()).unwrap();
    let right = found(&Reader::open(&clean).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = copied(&clean, folder.path());
    assert_eq!(found(&Reader::open(&copy).unwrap()).unwrap(), right, "a copy is as good");
    let generation = copy.current().unwrap();
    let mut refused = 0;
    let mut tried = 0;
    let mut names: Vec<_> = std::fs::read_dir(&generation).unwrap().flatten().map(|e| e.path()).collect();
    names.push(copy.folder().join("dryport.json"));
    names.sort();
    for path in names {
        let bytes = std::fs::read(&path).unwrap();
        let step = (bytes.len() / 40).max(1);
        let turned = (0..bytes.len()).step_by(step).map(|at| {
            let mut other = bytes.clone();
            other[at] ^= 1 << (at % 8);
            other
        });
        let cut = [bytes.len() / 2, bytes.len().saturating_sub(1), 0].map(|length| bytes[..length].to_vec());
        for other in turned.chain(cut) {
            std::fs::write(&path, other).unwrap();
            tried += 1;
            match Reader::open(&copy).and_then(|reader| found(&reader)) {
                Ok(is) => assert_eq!(is, right, "a wrong answer with {} changed", path.display()),
                Err(Error::Damaged { .. } | Error::OtherFormat { .. } | Error::NoIndex { .. } | Error::Io { .. }) => {
                    refused += 1
                }
                Err(error) => panic!("{} changed: {error:?}", path.display()),
            }
        }
        std::fs::write(&path, bytes).unwrap();
    }
    assert_eq!(found(&Reader::open(&copy).unwrap()).unwrap(), right);
    assert!(refused > tried / 2, "{refused} of {tried}");
}
