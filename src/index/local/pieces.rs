//! Files as the writer reads them: piece by piece. A mapped file counts as memory as far as it was touched, and merging
//! touches all of it; what is read a piece at a time does not.

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, FileSlice, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::{Directory, HasLen};

/// Bytes that are read at least: merging goes through postings term by term, and hardly any has so many.
const PIECE_BYTES: usize = 256 << 10;

/// A folder whose files are read piece by piece.
#[derive(Clone, Debug)]
pub struct Pieces {
    folder: PathBuf,
    files: MmapDirectory,
}

impl Pieces {
    /// The files in a folder.
    pub fn open(folder: &Path) -> tantivy::Result<Pieces> {
        Ok(Pieces { folder: folder.to_path_buf(), files: MmapDirectory::open(folder)? })
    }
}

/// An open file.
#[derive(Debug)]
struct Piecemeal {
    file: File,
    length: usize,
    /// The piece that was read last, and where it begins.
    last: Mutex<(usize, OwnedBytes)>,
}

impl HasLen for Piecemeal {
    fn len(&self) -> usize {
        self.length
    }
}

impl Piecemeal {
    fn read(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let mut bytes = vec![0; range.len()];
        self.file.read_exact_at(&mut bytes, range.start as u64)?;
        Ok(OwnedBytes::new(bytes))
    }
}

impl FileHandle for Piecemeal {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.end > self.length || range.start > range.end {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file is shorter than it was"));
        }
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        if range.len() >= PIECE_BYTES {
            return self.read(range);
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if range.start < last.0 || range.end > last.0 + last.1.len() {
            let piece = range.start..range.start.saturating_add(PIECE_BYTES).min(self.length);
            *last = (range.start, self.read(piece)?);
        }
        Ok(last.1.slice(range.start - last.0..range.end - last.0))
    }
}

impl Directory for Pieces {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let failed = |e: io::Error| match e.kind() {
            io::ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_path_buf()),
            _ => OpenReadError::wrap_io_error(e, path.to_path_buf()),
        };
        let file = File::open(self.folder.join(path)).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let length = usize::try_from(length).map_err(|e| failed(io::Error::other(e)))?;
        Ok(Arc::new(Piecemeal { file, length, last: Mutex::new((0, OwnedBytes::empty())) }))
    }

    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        Ok(FileSlice::new(self.get_file_handle(path)?))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.files.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        // The engine's own way would leave it readable by its owner alone, and others search here too.
        let path = self.folder.join(path);
        let mut name = std::ffi::OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(".new");
        let new = path.with_file_name(name);
        let mut file = File::create(&new)?;
        file.write_all(data)?;
        file.sync_all()?;
        std::fs::rename(new, path)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.files.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.files.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(content: &[u8]) -> (tempfile::TempDir, Arc<dyn FileHandle>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), content).unwrap();
        let handle = Pieces::open(folder.path()).unwrap().get_file_handle(Path::new("a")).unwrap();
        (folder, handle)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn any_reads_give_what_is_in_the_file(
            length in 0usize..3 * PIECE_BYTES,
            reads in prop::collection::vec((0.0f64..1.0, 0.0f64..1.0), 1..40),
        ) {
            let content: Vec<u8> = (0..length).map(|n| (n * 31 / 7) as u8).collect();
            let (_folder, handle) = file(&content);
            prop_assert_eq!(handle.len(), length);
            for (start, size) in reads {
                let start = (start * length as f64) as usize;
                // Mostly short ones, as postings are.
                let end = start + (size * size * size * (length - start) as f64) as usize;
                prop_assert_eq!(&*handle.read_bytes(start..end).unwrap(), &content[start..end]);
            }
        }
    }

    #[test]
    fn what_is_not_there_is_an_error() {
        let (folder, handle) = file(b"abc");
        assert!(handle.read_bytes(0..4).is_err());
        assert_eq!(&*handle.read_bytes(3..3).unwrap(), b"");
        File::options().write(true).open(folder.path().join("a")).unwrap().set_len(1).unwrap();
        assert!(handle.read_bytes(0..3).is_err());
        let missing = Pieces::open(folder.path()).unwrap().open_read(Path::new("b")).unwrap_err();
        assert!(matches!(missing, OpenReadError::FileDoesNotExist(_)), "{missing:?}");
    }
}
