//! The files of one generation, as the engine reads and writes them: nothing damaged is believed.
//!
//! What the engine writes once is never changed again, so a file that is as it was left needs no second look: with the
//! list of segments, the size and time of each of their files is written, and the list itself is sealed with its hash.
//! A file that is not as it was left (copied, restored, half-written, with a byte turned) is read whole and compared
//! with the checksum at its end before anything in it is used.

use super::refusals::Refusals;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, FileSlice, INDEX_WRITER_LOCK, Lock, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::{Directory, HasLen};

/// The engine's list of segments, which a commit replaces in one step.
const LIST: &str = "meta.json";
/// The engine's list of files that it may delete once no commit names them.
const DELETABLE: &str = ".managed.json";
/// Bytes at the end of a file: the length of its footer, and the number that says that there is one.
const ENDING_BYTES: usize = 8;
const ENDING: u32 = 1337;
/// Bytes that are read at once to be summed.
const SUMMED_BYTES: usize = 1 << 20;

/// Of the end of each file so much is read ahead.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
const END_BYTES: u64 = 64 << 10;

/// Files by name, with what tells whether they are as they were left.
type Left = HashMap<String, (u64, i64)>;

/// What follows the list of segments, on a line of its own.
#[derive(Serialize, Deserialize)]
struct Seal {
    /// Size in bytes and time of change, in nanoseconds since 1970, of each file of a segment.
    files: Left,
    /// Of the list and the files: the beginning of their BLAKE3.
    hash: String,
}

/// Of the list of segments, what is asked for beside the engine.
#[derive(Debug, Default, Deserialize)]
pub struct State {
    /// The segments.
    pub segments: Vec<Segment>,
    /// What came with the commit.
    pub payload: Option<String>,
}

/// A segment of a list.
#[derive(Debug, Deserialize)]
pub struct Segment {
    /// Its records, those that are gone among them.
    pub max_doc: u64,
}

/// What a file of the engine has at its end, but for its version.
#[derive(Deserialize)]
struct Footer {
    crc: u32,
}

/// A folder of the engine's files.
#[derive(Clone, Debug)]
pub struct SealedDirectory {
    folder: PathBuf,
    files: Box<dyn Directory>,
    left: Arc<Mutex<Left>>,
    /// The hash of the list that was read or written last.
    seal: Arc<Mutex<String>>,
    /// The list that was read last, without its seal.
    list: Arc<Mutex<Vec<u8>>>,
    /// The names that were there when it was looked.
    there: Arc<Mutex<HashSet<String>>>,
    refusals: Refusals,
}

impl SealedDirectory {
    /// The files in a folder.
    pub fn new(folder: &Path, files: impl Into<Box<dyn Directory>>) -> SealedDirectory {
        SealedDirectory {
            folder: folder.to_path_buf(),
            files: files.into(),
            left: Arc::default(),
            seal: Arc::default(),
            list: Arc::default(),
            there: Arc::default(),
            refusals: Refusals::default(),
        }
    }

    /// What the list that was read last says, but for how the engine reads it.
    pub fn state(&self) -> State {
        let list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        serde_json::from_slice(&list).unwrap_or_default()
    }

    /// Why something could not be written, if the disk refused it.
    pub fn refusal(&self) -> Option<io::Error> {
        self.refusals.take()
    }

    /// What tells the committed state from any other, once it was read.
    pub fn seal(&self) -> String {
        self.seal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, files: Left, hash: String) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = files;
        *self.seal.lock().unwrap_or_else(PoisonError::into_inner) = hash;
    }

    /// Has the ends of all files read while something else is done: whatever opens a file begins there, and where they
    /// are not in memory, one read after the other would be waited for.
    pub fn read_ahead(&self) {
        #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
        for (name, (size, _)) in self.left.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let Ok(file) = std::fs::File::open(self.folder.join(name)) else { continue };
            let from = size.saturating_sub(END_BYTES);
            // Only saves time.
            let _ = rustix::fs::fadvise(&file, from, None, rustix::fs::Advice::WillNeed);
        }
    }

    /// Size and time of a file.
    fn look(&self, name: &Path) -> io::Result<(u64, i64)> {
        let found = std::fs::metadata(self.folder.join(name))?;
        let changed = found.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Ok((found.len(), i64::try_from(changed.as_nanos()).unwrap_or(i64::MAX)))
    }

    /// The list with its seal.
    fn sealed(&self, list: &[u8]) -> io::Result<Vec<u8>> {
        let named: serde_json::Value = serde_json::from_slice(list)?;
        let segments = named["segments"].as_array().cloned().unwrap_or_default();
        let segments: Vec<String> =
            segments.iter().filter_map(|s| s["segment_id"].as_str()).map(|id| id.replace('-', "")).collect();
        let mut files = Left::new();
        for entry in std::fs::read_dir(&self.folder)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_of_segment = name.split('.').next().is_some_and(|id| segments.iter().any(|s| s == id));
            if is_of_segment && let Ok(found) = self.look(Path::new(&name)) {
                files.insert(name, found);
            }
        }
        let hash = hash(list, &files);
        let mut out = list.trim_ascii_end().to_vec();
        out.push(b'\n');
        out.extend(serde_json::to_vec(&Seal { files: files.clone(), hash: hash.clone() })?);
        out.push(b'\n');
        self.keep(files, hash);
        Ok(out)
    }

    /// The list without its seal, if that is whole and nothing that it names is missing.
    fn unsealed(&self, data: Vec<u8>) -> Result<Vec<u8>, OpenReadError> {
        let (data, seal) = self.seal_of(data)?;
        let there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        // The look at the folder may be an old one. What is deleted in a segment stands in a new file after each commit,
        // and is read at once when the segment is opened.
        let is_gone =
            |name: &&String| !there.contains(*name) && !name.ends_with(".del") && self.look(Path::new(name)).is_err();
        if let Some(gone) = seal.files.keys().filter(is_gone).min() {
            return Err(OpenReadError::FileDoesNotExist(PathBuf::from(gone)));
        }
        drop(there);
        self.keep(seal.files, seal.hash);
        data.clone_into(&mut self.list.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(data)
    }

    /// The list and its seal, if that is whole.
    fn seal_of(&self, mut data: Vec<u8>) -> Result<(Vec<u8>, Seal), OpenReadError> {
        let broken = |what| damaged(Path::new(LIST), what);
        let end = data.trim_ascii_end().iter().rposition(|b| *b == b'\n').ok_or_else(|| broken("has no seal"))?;
        let seal: Seal = serde_json::from_slice(&data[end..]).map_err(|_| broken("has a broken seal"))?;
        data.truncate(end);
        if hash(&data, &seal.files) != seal.hash {
            return Err(broken("is not as it was written"));
        }
        Ok((data, seal))
    }

    /// The files of segments that are there, named by a commit or not: a list that is kept beside them would have to be
    /// made durable before each new file, and could say something else after an interruption.
    fn deletable(&self) -> io::Result<Vec<u8>> {
        let names =
            std::fs::read_dir(&self.folder)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
        let names: HashSet<String> = names.filter(|name| is_of_segment(name)).collect();
        let list = serde_json::to_vec(&names)?;
        *self.there.lock().unwrap_or_else(PoisonError::into_inner) = names;
        Ok(list)
    }

    /// The names of the files of all segments, in order, as the list on the disk has them.
    pub fn listed(&self) -> Result<Vec<String>, OpenReadError> {
        self.deletable().map_err(|e| OpenReadError::wrap_io_error(e, PathBuf::from(DELETABLE)))?;
        let data = self.files.atomic_read(Path::new(LIST))?;
        let mut names: Vec<String> = self.seal_of(data)?.1.files.into_keys().collect();
        names.retain(|name| !name.ends_with(".del") || self.look(Path::new(name)).is_ok());
        names.sort_unstable();
        Ok(names)
    }

    fn is_listed(&self, name: &Path) -> bool {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&*name.to_string_lossy())
    }

    /// Believes a file that is as it was left, or whose content has the checksum at its end.
    fn checked(&self, name: &Path, file: FileSlice) -> Result<FileSlice, OpenReadError> {
        let is_left = {
            let left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
            left.get(&*name.to_string_lossy()).is_some_and(|left| self.look(name).is_ok_and(|found| found == *left))
        };
        match is_left || is_whole(&file).map_err(|e| OpenReadError::wrap_io_error(e, name.to_path_buf()))? {
            true => Ok(file),
            false => Err(damaged(name, "is not as it was written")),
        }
    }
}

/// Whether a file has the name of one of a segment: an identifier of 32 hexadecimal digits, and what is in it.
fn is_of_segment(name: &str) -> bool {
    name.split_once('.').is_some_and(|(id, _)| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Whether a file in the folder of a generation can have been written by this program or its engine.
pub fn is_index_file(name: &str) -> bool {
    is_of_segment(name)
        || matches!(name, LIST | DELETABLE | "counts.json" | ".counts.json.new" | ".meta.json.new")
        || name.starts_with(".tantivy-")
        || name.starts_with(".tmp")
}

fn damaged(name: &Path, what: &str) -> OpenReadError {
    let error = io::Error::new(io::ErrorKind::InvalidData, format!("`{}` {what}", name.display()));
    OpenReadError::wrap_io_error(error, name.to_path_buf())
}

fn hash(list: &[u8], files: &Left) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(list.trim_ascii_end());
    let mut names: Vec<_> = files.iter().collect();
    names.sort_unstable();
    for (name, (size, changed)) in names {
        hasher.update(format!("\n{name} {size} {changed}").as_bytes());
    }
    hasher.finalize().to_hex()[..16].to_string()
}

/// Whether a file's content has the checksum at its end.
pub fn is_whole(file: &FileSlice) -> io::Result<bool> {
    let Some(rest) = file.len().checked_sub(ENDING_BYTES) else { return Ok(false) };
    let (rest, ending) = file.clone().split(rest);
    let ending = ending.read_bytes()?;
    let number = |at: usize| u32::from_le_bytes([ending[at], ending[at + 1], ending[at + 2], ending[at + 3]]);
    let Some(body) = rest.len().checked_sub(number(0) as usize).filter(|_| number(4) == ENDING) else {
        return Ok(false);
    };
    let (body, footer) = rest.split(body);
    let mut sum = crc32fast::Hasher::new();
    for at in (0..body.len()).step_by(SUMMED_BYTES) {
        sum.update(&body.slice(at..body.len().min(at + SUMMED_BYTES)).read_bytes()?);
    }
    Ok(serde_json::from_slice::<Footer>(&footer.read_bytes()?).is_ok_and(|footer| footer.crc == sum.finalize()))
}

impl Directory for SealedDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        Ok(Arc::new(self.open_read(path)?))
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        self.checked(path, self.files.open_read(path)?)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    /// A run that was interrupted may have left a file of the same name behind; no list names it, so it is nobody's.
    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let opened = match self.files.open_write(path) {
            Err(OpenWriteError::FileAlreadyExists(name)) if !self.is_listed(&name) => {
                self.files.delete(path).map_err(|e| OpenWriteError::wrap_io_error(io::Error::other(e), name))?;
                self.files.open_write(path)
            }
            result => result,
        };
        let opened = opened.and_then(|file| {
            self.refusals.of(file).map_err(|error| OpenWriteError::wrap_io_error(error, path.to_path_buf()))
        });
        if let Err(OpenWriteError::IoError { io_error, .. }) = &opened {
            let _ = self.refusals.noted::<()>(Err(io::Error::new(io_error.kind(), io_error.to_string())));
        }
        opened
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        if path == Path::new(DELETABLE) {
            return self.deletable().map_err(|e| OpenReadError::wrap_io_error(e, path.to_path_buf()));
        }
        let data = self.files.atomic_read(path)?;
        if path != Path::new(LIST) {
            return Ok(data);
        }
        self.unsealed(data)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.refusals.noted(match path.to_str() {
            Some(LIST) => self.sealed(data).and_then(|sealed| self.files.atomic_write(path, &sealed)),
            Some(DELETABLE) => Ok(()),
            _ => self.files.atomic_write(path, data),
        })
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.refusals.noted(self.files.sync_directory())
    }

    /// The lock that a reader takes while it opens files needs permission to write: on a read-only medium, or in another
    /// user's folder, there is none to be had. A writer may then clean up between two reads, and the reader tries again.
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.files.acquire_lock(lock) {
            Err(LockError::IoError(_)) if lock.filepath != INDEX_WRITER_LOCK.filepath => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            other => other,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}
