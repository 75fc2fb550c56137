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
    is_whole: bool,
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
                // An empty one says that it came to its end.
                let is_last = part.is_empty();
                if give.send(part).is_err() || is_last {
                    return;
                }
            }
        })?;
        Ok(Ahead { parts, part: Vec::new().into_iter(), is_whole: false })
    }

    /// Once nothing more comes: whether the walk came to its end. What a walk that broke off has not seen may be there.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }
}

impl Iterator for Ahead {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        if self.part.len() == 0 && !self.is_whole {
            self.part = self.parts.recv().ok()?.into_iter();
            self.is_whole = self.part.len() == 0;
        }
        self.part.next()
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
        let mut ahead = Ahead::start(folder.path(), Vec::new()).unwrap();
        assert_eq!(keys(ahead.by_ref()), all);
        assert!(ahead.is_whole() && ahead.next().is_none());
        let except = vec![PathBuf::from(&all[1])];
        assert_eq!(keys(Ahead::start(folder.path(), except).unwrap().take(2)), [all[0].clone(), all[2].clone()]);
    }
}
