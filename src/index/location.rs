//! Where an index lies and which generation of it is current.

use super::Payload;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The format of indexes that this version writes and reads. Raised whenever the schema, the
/// analyser or the records change.
pub const FORMAT: u32 = 11;
const MANIFEST: &str = "dryport.json";
const LOCK: &str = "writer.lock";

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: u32,
    generation: String,
}

/// The folder of an index.
#[derive(Clone, Debug)]
pub struct Location {
    folder: PathBuf,
}

/// Held while a process writes; another one is told who holds it. Let go when the process ends, however it ends.
#[derive(Debug)]
pub struct WriterLock {
    _file: File,
}

impl Location {
    /// An index at this folder, made or not.
    pub fn new(folder: impl Into<PathBuf>) -> Location {
        Location { folder: folder.into() }
    }

    /// The index's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of the current generation.
    /// Errors: [`Error::NoIndex`], [`Error::OtherFormat`], [`Error::Damaged`].
    pub fn current(&self) -> Result<PathBuf> {
        let path = self.folder.join(MANIFEST);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
                return Err(Error::NoIndex { path: self.folder.clone() });
            }
            Err(e) => return Err(Error::io("cannot read", path)(e)),
        };
        let damaged = |reason: String| Error::Damaged { path: self.folder.clone(), reason };
        let value: serde_json::Value =
            serde_json::from_slice(&text).map_err(|_| damaged(format!("`{MANIFEST}` cannot be read")))?;
        // The number first: what else another format's file holds is unknown.
        let found = value.get("format").and_then(serde_json::Value::as_u64).and_then(|f| u32::try_from(f).ok());
        let found = found.ok_or_else(|| damaged(format!("`{MANIFEST}` names no format")))?;
        if found != FORMAT {
            return Err(Error::OtherFormat { path: self.folder.clone(), found, expected: FORMAT });
        }
        let manifest: Manifest =
            serde_json::from_value(value).map_err(|_| damaged(format!("`{MANIFEST}` names no generation")))?;
        if manifest.generation.is_empty()
            || manifest.generation.contains(['/', '\\'])
            || manifest.generation.starts_with('.')
        {
            return Err(damaged(format!("`{MANIFEST}` names no generation")));
        }
        Ok(self.folder.join(manifest.generation))
    }

    /// What is left of what an index said of itself that cannot be read, or is of another format: what it covers.
    pub fn payload_left(&self) -> Option<Payload> {
        let manifest = fs::read(self.folder.join(MANIFEST)).ok();
        let named = manifest.and_then(|text| {
            let value: serde_json::Value = serde_json::from_slice(&text).ok()?;
            value.get("generation")?.as_str().map(str::to_string)
        });
        let there = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let there = there.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let payload = |generation: String| {
            let list = fs::read(self.folder.join(generation).join("meta.json")).ok()?;
            // A seal may follow.
            let list = serde_json::Deserializer::from_slice(&list).into_iter::<serde_json::Value>().next()?.ok()?;
            serde_json::from_str::<Payload>(list.get("payload")?.as_str()?).ok()
        };
        named.into_iter().chain(there).filter(|name| is_generation(name)).find_map(payload)
    }

    /// Makes the folder, if need be, and takes the writer's lock.
    /// Errors: [`Error::Locked`] when another process writes, [`Error::NotAnIndex`] when the folder holds other things.
    pub fn lock(&self) -> Result<WriterLock> {
        self.check_usable()?;
        fs::create_dir_all(&self.folder).map_err(Error::io("cannot make the folder", &self.folder))?;
        let path = self.folder.join(LOCK);
        let mut file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(Error::io("cannot write", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // What cannot be read is only a name.
                let _ = file.take(500).read_to_string(&mut holder);
                let holder = holder.lines().next().unwrap_or("").trim().to_string();
                let holder = if holder.is_empty() { "another process".to_string() } else { holder };
                return Err(Error::Locked { path: self.folder.clone(), holder });
            }
            Err(fs::TryLockError::Error(e)) => return Err(Error::io("cannot lock", path)(e)),
        }
        let name = format!("process {} (dryport {})\n", std::process::id(), env!("CARGO_PKG_VERSION"));
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(name.as_bytes()))
            .map_err(Error::io("cannot write", &path))?;
        Ok(WriterLock { _file: file })
    }

    /// A folder with a user's files in it is no place to write to.
    fn check_usable(&self) -> Result<()> {
        if self.folder.is_file() {
            return Err(Error::NotAnIndex { path: self.folder.clone() });
        }
        let Ok(entries) = fs::read_dir(&self.folder) else { return Ok(()) };
        let names: Vec<String> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
        let ours = |n: &String| n == LOCK || is_generation(n) && is_ours(&self.folder.join(n));
        let harmless = |n: &String| n.starts_with('.') || n.starts_with("README") || ours(n);
        if names.iter().any(|n| n == MANIFEST) || names.iter().all(harmless) {
            return Ok(());
        }
        Err(Error::NotAnIndex { path: self.folder.clone() })
    }

    /// A new folder for a generation that is not current yet.
    pub fn new_generation(&self) -> Result<PathBuf> {
        self.sweep()?;
        let taken = |n: &u32| self.generation(*n).exists();
        let number = (1..).find(|n| !taken(n)).unwrap_or(1);
        let path = self.generation(number);
        fs::create_dir_all(&path).map_err(Error::io("cannot make the folder", &path))?;
        Ok(path)
    }

    fn generation(&self, number: u32) -> PathBuf {
        self.folder.join(format!("generation-{number}"))
    }

    /// Makes a generation the current one, in one step that survives a crash, and removes the others.
    pub fn make_current(&self, generation: &Path) -> Result<()> {
        let name = generation.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let manifest = Manifest { format: FORMAT, generation: name };
        let text = serde_json::to_string(&manifest)
            .map_err(|e| Error::Engine { doing: "cannot write the index", source: e.into() })?;
        let new = self.folder.join(".dryport.json.new");
        let path = self.folder.join(MANIFEST);
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&new)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            // The rename itself is only safe once the folder is.
            File::open(&self.folder)?.sync_all()
        };
        write().map_err(Error::io("cannot write", &path))?;
        self.sweep()
    }

    /// Removes generations that are not the current one: what a rebuild replaced or did not finish.
    pub fn sweep(&self) -> Result<()> {
        let current = self.current().ok();
        let Ok(entries) = fs::read_dir(&self.folder) else { return Ok(()) };
        for entry in entries.flatten() {
            let path = entry.path();
            let is_other = Some(&path) != current.as_ref() && is_generation(&entry.file_name().to_string_lossy());
            // Whatever else lies there under such a name is somebody's.
            if is_other && is_ours(&path) {
                fs::remove_dir_all(&path).map_err(Error::io("cannot remove", &path))?;
            }
        }
        Ok(())
    }

    /// Bytes that the index takes on disk.
    pub fn bytes(&self) -> u64 {
        let Ok(current) = self.current() else { return 0 };
        let Ok(entries) = fs::read_dir(current) else { return 0 };
        entries.flatten().filter_map(|e| e.metadata().ok()).filter(|m| m.is_file()).map(|m| m.len()).sum()
    }
}

fn is_generation(name: &str) -> bool {
    name.strip_prefix("generation-").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a folder, and no link to one, holds nothing but what the engine and this program write.
fn is_ours(folder: &Path) -> bool {
    let is_folder = fs::symlink_metadata(folder).is_ok_and(|found| found.is_dir());
    let Ok(mut entries) = fs::read_dir(folder) else { return false };
    is_folder
        && entries.all(|entry| {
            entry.is_ok_and(|entry| {
                entry.file_type().is_ok_and(|kind| kind.is_file())
                    && super::local::is_index_file(&entry.file_name().to_string_lossy())
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_format_is_refused_and_a_missing_index_named() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::new(folder.path().join("index"));
        assert!(matches!(location.current(), Err(Error::NoIndex { .. })));
        fs::create_dir(location.folder()).unwrap();
        let outside = format!("{{\"format\":{FORMAT},\"generation\":\"../x\"}}");
        for (text, other_format) in [
            (b"{\"format\": 999}".as_slice(), true),
            (b"{}", false),
            (b"", false),
            (b"{\"format\": \xff8}", false),
            (outside.as_bytes(), false),
        ] {
            fs::write(location.folder().join(MANIFEST), text).unwrap();
            let error = location.current().unwrap_err();
            assert_eq!(matches!(error, Error::OtherFormat { found: 999, .. }), other_format, "{text:?}");
            assert_eq!(matches!(error, Error::Damaged { .. }), !other_format, "{text:?}");
        }
    }

    #[test]
    fn a_folder_of_documents_is_no_place_for_an_index() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("report.html"), "x").unwrap();
        assert!(matches!(Location::new(folder.path()).lock(), Err(Error::NotAnIndex { .. })));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn what_is_not_the_indexs_is_never_removed() {
        let folder = tempfile::tempdir().unwrap();
        let thesis = folder.path().join("generation-2020").join("thesis.txt");
        fs::create_dir(thesis.parent().unwrap()).unwrap();
        fs::write(&thesis, "years of work").unwrap();
        let location = Location::new(folder.path());
        assert!(matches!(location.lock(), Err(Error::NotAnIndex { .. })));
        // Nor where there is an index beside it, nor in a folder that links lead to.
        fs::write(folder.path().join(MANIFEST), "{}").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), folder.path().join("generation-7")).unwrap();
        let _lock = location.lock().unwrap();
        let first = location.new_generation().unwrap();
        fs::write(first.join("meta.json"), "{}").unwrap();
        location.make_current(&location.new_generation().unwrap()).unwrap();
        assert!(thesis.exists() && !first.join("meta.json").exists());
        // A lock of the same name does not make an index of a folder.
        let other = tempfile::tempdir().unwrap();
        fs::write(other.path().join(LOCK), "").unwrap();
        fs::write(other.path().join("important.txt"), "x").unwrap();
        assert!(matches!(Location::new(other.path()).lock(), Err(Error::NotAnIndex { .. })));
    }

    #[test]
    fn the_second_writer_is_told_who_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::new(folder.path().join("index"));
        let lock = location.lock().unwrap();
        let Err(Error::Locked { holder, .. }) = location.lock() else { panic!("locked twice") };
        assert!(holder.contains(&std::process::id().to_string()), "{holder}");
        drop(lock);
        location.lock().unwrap();
    }

    #[test]
    fn a_generation_becomes_current_and_the_others_go() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::new(folder.path().join("index"));
        let _lock = location.lock().unwrap();
        let first = location.new_generation().unwrap();
        location.make_current(&first).unwrap();
        let second = location.new_generation().unwrap();
        assert_eq!(location.current().unwrap(), first);
        location.make_current(&second).unwrap();
        assert_eq!(location.current().unwrap(), second);
        assert!(!first.exists());
    }
}
