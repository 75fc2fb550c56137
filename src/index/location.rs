//! Where an index lies and which generation of it is current.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

/// The format of indexes that this version writes and reads. Raised whenever the schema, the
/// analyser or the records change.
pub const FORMAT: u32 = 8;
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
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
                return Err(Error::NoIndex { path: self.folder.clone() });
            }
            Err(e) => return Err(Error::io("cannot read", path)(e)),
        };
        let damaged = |reason: String| Error::Damaged { path: self.folder.clone(), reason };
        let value: serde_json::Value =
            serde_json::from_str(&text).map_err(|_| damaged(format!("`{MANIFEST}` cannot be read")))?;
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
        let ours = |n: &String| n == MANIFEST || n == LOCK || n.starts_with("generation-");
        let harmless = |n: &String| n.starts_with('.') || n.starts_with("README") || ours(n);
        if names.iter().any(|n| n == MANIFEST || n == LOCK) || names.iter().all(harmless) {
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
            let is_generation = entry.file_name().to_string_lossy().starts_with("generation-") && path.is_dir();
            if is_generation && Some(&path) != current.as_ref() {
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
        for (text, other_format) in [("{\"format\": 999}", true), ("{}", false), ("", false), (outside.as_str(), false)]
        {
            fs::write(location.folder().join(MANIFEST), text).unwrap();
            let error = location.current().unwrap_err();
            assert_eq!(matches!(error, Error::OtherFormat { found: 999, .. }), other_format, "{text}");
            assert_eq!(matches!(error, Error::Damaged { .. }), !other_format, "{text}");
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
