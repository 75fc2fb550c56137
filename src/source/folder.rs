//! Walks folders: which files there are, in a steady order, and a fingerprint of each.

use crate::error::Problem;
use crate::model::key_of;
use std::path::{Path, PathBuf};

/// What tells cheaply that a file has not changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// Size in bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified: i64,
}

/// A file that is there.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its absolute path.
    pub path: PathBuf,
    /// The path as text: what identifies the file in the index.
    pub key: String,
    /// Its size and time when it was listed.
    pub fingerprint: Fingerprint,
}

/// What a walk comes across.
#[derive(Debug)]
pub enum Found {
    /// A file.
    File(Entry),
    /// A file or folder that could not be looked at. What the index holds beneath it is kept.
    Unreadable {
        /// Its path as text.
        key: String,
        /// Why.
        problem: Problem,
    },
}

/// A folder's own list of what to leave out, with the rules of `.gitignore`.
const IGNORE_FILE: &str = ".dryportignore";

/// Lists the files at or beneath `root` in the order of names. Hidden files, what a `.dryportignore`
/// names, files of rules and of additions are left out, links are not followed, and `except` (the index, what was
/// forgotten) is neither listed nor entered.
pub fn walk(root: &Path, except: Vec<PathBuf>) -> impl Iterator<Item = Found> + use<> {
    let root = root.to_path_buf();
    ignore::WalkBuilder::new(&root)
        .standard_filters(false)
        .hidden(true)
        .add_custom_ignore_filename(IGNORE_FILE)
        .follow_links(false)
        // Those of one folder differ in their names only: to find these in a path takes longer than to compare it all.
        .sort_by_file_path(|a, b| a.as_os_str().cmp(b.as_os_str()))
        .filter_entry(move |entry| !except.iter().any(|e| e == entry.path()))
        .build()
        .filter_map(move |item| match item {
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => {
                let path = entry.path().to_path_buf();
                if super::is_of_rules(&path) {
                    return None;
                }
                match entry.metadata() {
                    Ok(metadata) => {
                        Some(Found::File(Entry { key: key_of(&path), fingerprint: fingerprint(&metadata), path }))
                    }
                    Err(error) => Some(unreadable(&path, &error)),
                }
            }
            Ok(_) => None,
            Err(error) => {
                // A listing that breaks off does not say where: then nothing beneath the root is known to be gone.
                let path = path_of(&error).unwrap_or_else(|| root.clone());
                Some(unreadable(&path, &error))
            }
        })
}

fn unreadable(path: &Path, error: &ignore::Error) -> Found {
    let said = error.io_error().map_or_else(|| error.to_string(), super::reason);
    Found::Unreadable { key: key_of(path), problem: Problem::Io(said) }
}

fn path_of(error: &ignore::Error) -> Option<PathBuf> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path.clone()),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        ignore::Error::Loop { child, .. } => Some(child.clone()),
        _ => None,
    }
}

pub(super) fn fingerprint(metadata: &std::fs::Metadata) -> Fingerprint {
    let modified = metadata.modified().ok().map_or(0, |time| match time.duration_since(std::time::UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
    });
    Fingerprint { size: metadata.len(), modified }
}

/// The absolute path of something that is there, links resolved; of something that is not, as near as can be.
pub fn absolute(path: &Path) -> PathBuf {
    if let Ok(found) = std::fs::canonicalize(path) {
        return found;
    }
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    match (full.parent(), full.file_name()) {
        (Some(parent), Some(name)) if parent != full => absolute(parent).join(name),
        _ => full,
    }
}

/// Whether the folder that a path lies in is there, so that the path itself can be called gone
/// rather than out of reach.
pub fn exists_nearby(path: &Path) -> bool {
    path.parent().is_some_and(Path::is_dir)
}
