//! Where documents are: finds files and opens them into bytes.
//!
//! In: a path. Out: [`Entry`]s, each opened into a [`Blob`]. May touch: the file system, for reading only.
//! Never: judges what is in a file.

mod folder;

pub use folder::{Entry, Fingerprint, Found, absolute, exists_nearby, key_of, walk};

use crate::error::Problem;
use std::path::Path;

/// The bytes of exactly one document and where they came from.
#[derive(Clone, Debug)]
pub struct Blob {
    /// The file's whole content.
    pub bytes: Vec<u8>,
    /// The name the document goes by: the file's name.
    pub name: String,
    /// The names of the folders it lies in, outermost first; the nearest last.
    pub folders: Vec<String>,
}

/// Largest file that is read, in bytes. Reports and articles are a thousandth of it.
pub const FILE_BYTES_MAX: u64 = 100_000_000;

/// How often a file that changes while it is read is read again.
const TRIES: usize = 3;

/// Reads a whole file, with its size and time at that moment. Fails with the reason when it cannot be
/// read, is too large, or keeps changing: half of a document is never taken for the whole.
pub fn open(path: &Path) -> Result<(Blob, Fingerprint), Problem> {
    use std::io::Read;
    let io = |e: std::io::Error| Problem::Io(reason(&e));
    for _ in 0..TRIES {
        let file = std::fs::File::open(path).map_err(io)?;
        let before = folder::fingerprint(&file.metadata().map_err(io)?);
        if before.size > FILE_BYTES_MAX {
            return Err(Problem::TooLarge { bytes: before.size, limit: FILE_BYTES_MAX });
        }
        let mut bytes = Vec::with_capacity(usize::try_from(before.size).unwrap_or(0));
        file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(io)?;
        let after = folder::fingerprint(&std::fs::metadata(path).map_err(io)?);
        if before == after && bytes.len() as u64 == before.size {
            return Ok((Blob { bytes, name: file_name(path), folders: folders(path) }, before));
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    Err(Problem::Io("it keeps changing while it is read; index again".into()))
}

/// What the system said, without its error number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
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
