//! A walk in a thread of its own: to look at files takes as long as to compare them with what is known of them.

use super::folder::{Found, walk};
use crossbeam_channel::{Receiver, bounded};
use std::path::{Path, PathBuf};

/// Files that are handed over together: a word for each would take longer than looking at it.
const TOGETHER: usize = 256;
/// How many such parts may wait.
const PARTS: usize = 16;

/// What [`walk`] finds, in its order, looked for ahead of who asks. The thread ends when nobody asks any more.
pub struct Ahead {
    parts: Receiver<Vec<Found>>,
    part: std::vec::IntoIter<Found>,
}

impl Ahead {
    /// Begins to walk. Fails if there is no thread to be had.
    pub fn start(root: &Path, except: Vec<PathBuf>) -> std::io::Result<Ahead> {
        let (give, parts) = bounded(PARTS);
        let root = root.to_path_buf();
        std::thread::Builder::new().name("list".into()).spawn(move || {
            let mut walk = walk(&root, except);
            loop {
                let part: Vec<Found> = walk.by_ref().take(TOGETHER).collect();
                if part.is_empty() || give.send(part).is_err() {
                    return;
                }
            }
        })?;
        Ok(Ahead { parts, part: Vec::new().into_iter() })
    }
}

impl Iterator for Ahead {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.part.next() {
                return Some(found);
            }
            self.part = self.parts.recv().ok()?.into_iter();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(found: impl Iterator<Item = Found>) -> Vec<String> {
        found.map(|f| if let Found::File(entry) = f { entry.key } else { String::new() }).collect()
    }

    #[test]
    fn it_finds_what_a_walk_finds_and_may_be_left() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..TOGETHER * 2 + 3 {
            std::fs::write(folder.path().join(format!("{number}.txt")), "").unwrap();
        }
        let all = keys(walk(folder.path(), Vec::new()));
        assert_eq!(all.len(), TOGETHER * 2 + 3);
        assert_eq!(keys(Ahead::start(folder.path(), Vec::new()).unwrap()), all);
        let except = vec![PathBuf::from(&all[1])];
        assert_eq!(keys(Ahead::start(folder.path(), except).unwrap().take(2)), [all[0].clone(), all[2].clone()]);
    }
}
