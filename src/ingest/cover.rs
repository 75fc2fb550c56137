//! Which files and folders an index covers, and taking them out again.

use super::copies;
use crate::error::{Error, Result};
use crate::index::{Location, Payload, Reader, Writer};
use crate::source;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Takes files and folders out of the index. Returns how many files went.
/// Errors: [`Error::NoIndex`], or [`Error::BadValue`] when the index holds nothing there.
pub fn forget(location: &Location, paths: &[PathBuf]) -> Result<u64> {
    location.current()?;
    let mut writer = Writer::open(location, false, 1, Arc::default())?;
    let reader = Reader::open(location)?;
    let mut payload = reader.payload().clone();
    let ledger = reader.ledger()?;
    let mut removed = 0;
    for path in paths {
        let key = source::key_of(&source::absolute(path));
        let before = payload.roots.len();
        payload.roots.retain(|root| !is_beneath(root, &key));
        let mut found = payload.roots.len() < before;
        if payload.roots.iter().any(|root| is_beneath(&key, root)) && !payload.forgotten.contains(&key) {
            payload.forgotten.push(key.clone());
        }
        payload.forgotten.retain(|f| payload.roots.iter().any(|root| is_beneath(f, root)));
        for file in ledger.keys().filter(|k| is_beneath(k, &key)) {
            writer.remove(file)?;
            removed += 1;
            found = true;
        }
        if !found {
            return Err(Error::BadValue {
                option: "the path to forget",
                given: path.display().to_string(),
                hint: "the index holds nothing there; `dryport status` shows what it covers".into(),
            });
        }
    }
    payload.copies_known = false;
    writer.commit(&payload)?;
    copies::settle(&writer, Some(&reader))?;
    writer.finish(&Payload { copies_known: true, ..payload })?;
    Ok(removed)
}

/// What a walk saw.
#[derive(Default)]
pub(super) struct Seen {
    /// The files that are there.
    pub files: HashSet<String>,
    /// Could not be looked into: what is known beneath is kept.
    pub unreadable: Vec<String>,
    /// Roots that are not there.
    pub missing: Vec<String>,
}

impl Seen {
    /// Whether a file that the index knows is beneath what was walked, and was not there.
    pub fn is_gone(&self, key: &str, walked: &[String]) -> bool {
        let out_of_reach = self.unreadable.iter().chain(&self.missing).any(|u| is_beneath(key, u));
        walked.iter().any(|root| is_beneath(key, root)) && !self.files.contains(key) && !out_of_reach
    }
}

/// Whether a path is another or lies beneath it.
pub(super) fn is_beneath(key: &str, root: &str) -> bool {
    key == root || key.strip_prefix(root.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
}

/// Both lists without what lies beneath another of them, in order of names.
pub(super) fn outermost(some: &[String], others: &[String]) -> Vec<String> {
    let mut all: Vec<&String> = some.iter().chain(others).collect();
    all.sort();
    all.dedup();
    let inside = |key: &String| all.iter().any(|root| *root != key && is_beneath(key, root));
    all.iter().filter(|k| !inside(k)).map(|k| k.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_beneath_others_are_not_kept_apart() {
        let list = |names: &[&str]| names.iter().map(|n| n.to_string()).collect::<Vec<_>>();
        assert_eq!(outermost(&list(&["/a/b", "/c"]), &list(&["/a", "/ab"])), ["/a", "/ab", "/c"]);
        assert!(is_beneath("/a/b", "/a") && is_beneath("/a", "/a") && is_beneath("/x", "/"));
        assert!(!is_beneath("/ab", "/a"));
    }
}
