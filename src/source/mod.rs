//! Where documents are: finds files and opens them into bytes.
//!
//! In: a path. Out: [`Entry`]s, each opened into a [`Blob`]. May touch: the file system, for reading only.
//! Never: judges what is in a file.

mod ahead;
mod folder;
mod given;
mod head;
mod limits;
pub(crate) mod package;
mod rules;
pub mod unpack;

pub use crate::model::{key_of, path_of};
pub use ahead::Ahead;
pub use folder::{Entry, Fingerprint, Found, absolute, exists_nearby, walk};
pub use given::{FIELDS, Given};
pub use head::Head;
pub use limits::{LIMITS, Limit, Limits, amount, parse_amount};
pub use package::Package;
pub use rules::{ADDITION_FILES, RULES_FILE, Rule, Rules, given, is_of_rules};

use crate::error::Problem;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// The bytes of exactly one document and where they came from.
#[derive(Clone, Debug, Default)]
pub struct Blob {
    /// The file's whole content, or the member's.
    pub bytes: Vec<u8>,
    /// The name the document goes by: the file's name, or the member's.
    pub name: String,
    /// The names of the folders it lies in, outermost first; the nearest last.
    pub folders: Vec<String>,
    /// What is said of it from outside.
    pub given: Given,
    /// Its name is a number that its container gave it: it says nothing of the document.
    pub is_numbered: bool,
    /// The bytes are those of a file, so that places in them are places in the file.
    pub is_file: bool,
}

impl Blob {
    /// The bytes of a file of that name, of which nothing more is known.
    pub fn of_file(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Blob {
        Blob { bytes: bytes.into(), name: name.into(), is_file: true, ..Blob::default() }
    }

    /// A member of a container.
    pub fn member(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Blob {
        Blob { bytes: bytes.into(), name: name.into(), ..Blob::default() }
    }

    /// A member that its container has no name for, but a number.
    pub fn numbered(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Blob {
        Blob { is_numbered: true, ..Blob::member(name, bytes) }
    }

    /// The extension of its name, lower case.
    pub fn extension(&self) -> Option<String> {
        self.name.rsplit_once('.').map(|(_, e)| e.to_lowercase())
    }
}

/// How often a file that changes while it is read is read again.
const TRIES: usize = 3;
/// Between two readings of a file that changes.
const PAUSE: Duration = Duration::from_millis(20);
/// A file changed so lately may be in the middle of being written, and another change can have the same time: the clocks of
/// most file systems tick no coarser.
const FRESH: Duration = Duration::from_millis(15);

/// Reads a whole file, with its size and time at that moment. Fails with the reason when it cannot be
/// read, is too large, or keeps changing. Half of a file whose writer pauses for longer is read as it is, and again when it has
/// changed.
pub fn open(path: &Path, limits: &Limits) -> Result<(Blob, Fingerprint), Problem> {
    use std::io::Read;
    let io = |e: std::io::Error| Problem::Io(reason(&e));
    for _ in 0..TRIES {
        let file = opened(path)?;
        let before = folder::fingerprint(&file.metadata().map_err(io)?);
        if before.size > limits.file {
            return Err(limits.over("max-file-size"));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(before.size).unwrap_or(0));
        file.take(limits.file + 1).read_to_end(&mut bytes).map_err(io)?;
        if is_fresh(&before) {
            std::thread::sleep(PAUSE);
        }
        let after = folder::fingerprint(&std::fs::metadata(path).map_err(io)?);
        if before == after && bytes.len() as u64 == before.size {
            let (name, folders) = (file_name(path), folders(path));
            return Ok((Blob { bytes, name, folders, is_file: true, ..Blob::default() }, before));
        }
        std::thread::sleep(PAUSE);
    }
    Err(Problem::Io("it keeps changing while it is read; index again".into()))
}

/// Opens a file of which it was told that it is one: what stands in its place by now (a pipe, a link to somewhere else) is
/// neither waited for nor followed.
fn opened(path: &Path) -> Result<std::fs::File, Problem> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags.bits() as i32);
    }
    let no_file = || Problem::Io("it is no file any more; index again".into());
    match options.open(path) {
        Ok(file) if file.metadata().is_ok_and(|found| found.is_file()) => Ok(file),
        Ok(_) => Err(no_file()),
        Err(_) if std::fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) => Err(no_file()),
        Err(error) => Err(Problem::Io(reason(&error))),
    }
}

/// Whether a file was changed so lately that another change could look the same.
fn is_fresh(fingerprint: &Fingerprint) -> bool {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64);
    (0..FRESH.as_nanos() as i64).contains(&now.saturating_sub(fingerprint.modified))
}

/// What the system said, without its error number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    // Walking puts other words before it.
    let text = text.rsplit(": ").next().unwrap_or(text);
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|n| decode_name(n.as_encoded_bytes())).unwrap_or_default()
}

fn folders(path: &Path) -> Vec<String> {
    path.parent()
        .into_iter()
        .flat_map(Path::components)
        .filter_map(|c| match c {
            std::path::Component::Normal(name) => Some(decode_name(name.as_encoded_bytes())),
            _ => None,
        })
        .collect()
}

/// A file name as text; names that are no UTF-8 are mostly GBK, from archives made on Chinese systems.
fn decode_name(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(name) => name.to_string(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[cfg(unix)]
    #[test]
    fn what_stands_in_the_place_of_a_file_is_neither_waited_for_nor_followed() {
        let folder = tempfile::tempdir().unwrap();
        let secret = folder.path().join("secret.txt");
        std::fs::write(&secret, "A secret.").unwrap();
        let (link, pipe) = (folder.path().join("a.txt"), folder.path().join("b.txt"));
        std::os::unix::fs::symlink(&secret, &link).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [&link, &pipe, &folder.path().to_path_buf()] {
            let problem = open(path, &Limits::default()).unwrap_err();
            assert_eq!(problem, Problem::Io("it is no file any more; index again".into()), "{}", path.display());
        }
        let gone = open(&folder.path().join("c.txt"), &Limits::default()).unwrap_err();
        assert_eq!(gone, Problem::Io("no such file or directory".into()));
        assert!(open(&secret, &Limits::default()).is_ok());
    }

    #[test]
    fn what_is_read_of_a_file_that_grows_is_what_it_was_at_one_moment() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "").unwrap();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
                while !stop.load(Ordering::Relaxed) {
                    file.write_all(&[b'x'; 100]).unwrap();
                    std::thread::sleep(Duration::from_micros(300));
                }
            });
            for _ in 0..10 {
                match open(&path, &Limits::default()) {
                    // Its writer was held up for a while.
                    Ok((blob, fingerprint)) => assert_eq!(blob.bytes.len() as u64, fingerprint.size),
                    Err(problem) => assert!(problem.to_string().contains("keeps changing"), "{problem}"),
                }
            }
            stop.store(true, Ordering::Relaxed);
        });
        let (blob, fingerprint) = open(&path, &Limits::default()).unwrap();
        assert_eq!((blob.bytes.len() as u64, fingerprint.size), (fingerprint.size, path.metadata().unwrap().len()));
    }

    #[test]
    fn a_file_that_vanishes_is_a_problem_and_no_empty_document() {
        let folder = tempfile::tempdir().unwrap();
        let problem = open(&folder.path().join("gone.txt"), &Limits::default()).unwrap_err();
        assert!(matches!(problem, Problem::Io(_)), "{problem}");
    }
}
