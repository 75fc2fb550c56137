//! After the documents of a run are in: which of them are near-copies of which.
//!
//! Sketches of all documents are compared with those of the state before the run. What is new or changed is placed, and
//! what such a change reaches; only records of documents whose group changed are written. The payload of a commit says
//! whether this was done: after an interruption it is done anew for all documents.

use super::line;
use crate::copies::{Groups, Placed, Shingles, group};
use crate::error::Result;
use crate::index::{Reader, Writer};
use rustc_hash::FxHashSet;
use std::collections::HashMap;
use std::sync::Arc;

/// Memory for the shingles of documents that are compared with several others, in bytes.
const CACHE_BYTES: usize = 64_000_000;

/// Brings the groups of near-copies up to date with what was committed last. `before` is the state before the run.
pub fn settle(writer: &Writer, before: Option<&Reader>) -> Result<()> {
    let reader = writer.reader()?;
    let before = before.filter(|b| b.payload().copies_known);
    // Most are in segments that both states have; only those of others are compared.
    let sketches = before.map(|before| before.sketches_beyond(&reader)).transpose()?.unwrap_or_default();
    let sketches: HashMap<u64, Placed> = sketches.into_iter().map(|placed| (placed.number, placed)).collect();
    let (all, shared) = reader.sketches(before)?;
    let changed = all.iter().skip(shared).filter(|placed| sketches.get(&placed.number) != Some(*placed));
    let changed: FxHashSet<u64> = changed.map(|placed| placed.number).collect();
    drop(sketches);
    let none = Groups::new();
    let groups_before: &Groups = before.map(Reader::copy_groups).transpose()?.map_or(&none, |groups| groups);
    let mut texts = Texts { reader: &reader, recent: HashMap::new(), older: HashMap::new(), bytes: 0 };
    let compare = |one, other| -> Result<bool> { Ok(texts.of(one)?.resemblance(&*texts.of(other)?).is_copy()) };
    let groups = group(&all, groups_before, |number| !changed.contains(&number), compare)?;
    let written = reader.copy_groups()?;
    for (number, group) in groups.iter().filter(|(number, group)| written.get(number) != Some(group)) {
        writer.put_copy(&reader.document_numbered(*number)?, *group)?;
    }
    written.keys().filter(|number| !groups.contains_key(number)).try_for_each(|number| writer.remove_copy(*number))
}

/// The shingles of documents, read back from their passages; those that were asked for lately are kept.
struct Texts<'a> {
    reader: &'a Reader,
    recent: HashMap<u64, Arc<Shingles>>,
    older: HashMap<u64, Arc<Shingles>>,
    bytes: usize,
}

impl Texts<'_> {
    fn of(&mut self, number: u64) -> Result<Arc<Shingles>> {
        if let Some(known) = self.recent.get(&number) {
            return Ok(known.clone());
        }
        let shingles = match self.older.remove(&number) {
            Some(known) => known,
            None => {
                let document = self.reader.document_numbered(number)?;
                Arc::new(line::shingles(&document.title.value, &self.reader.passages(&document.id)?))
            }
        };
        self.bytes += shingles.bytes();
        if self.bytes > CACHE_BYTES / 2 {
            self.older = std::mem::take(&mut self.recent);
            self.bytes = shingles.bytes();
        }
        self.recent.insert(number, shingles.clone());
        Ok(shingles)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{COMMIT_EVERY, Request, run};
    use crate::index::{Location, Payload, Reader, Writer};
    use crate::model::Date;
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    #[test]
    fn what_an_interruption_left_undone_is_done_by_the_next_run_and_then_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let story: String = (0..80).map(|n| format!("Train {n} reached town w{n}x after night {}. ", n * n)).collect();
        let docs = folder.path().join("docs");
        std::fs::create_dir(&docs).unwrap();
        for name in ["a.txt", "b.txt"] {
            std::fs::write(docs.join(name), format!("Trains\n\n{story}\n")).unwrap();
        }
        let location = Location::new(folder.path().join("index"));
        let stop = AtomicBool::new(false);
        let update = || {
            let request = Request {
                paths: std::slice::from_ref(&docs),
                rebuild: false,
                threads: 1,
                memory: crate::ingest::MEMORY_MIN,
                commit_every: COMMIT_EVERY,
                today: Date::parse_iso("2026-01-01").unwrap(),
                progress: &|_| {},
                stop: &stop,
                limits: &[],
                map: None,
                additions: &[],
                program: None,
            };
            run(&location, &request).unwrap();
            Reader::open(&location).unwrap()
        };
        let reader = update();
        let groups = reader.copy_groups().unwrap().clone();
        assert_eq!(groups.len(), 2);
        // As if it had ended between its two commits.
        let mut writer = Writer::open(&location, false, 1, Arc::default()).unwrap();
        groups.keys().for_each(|number| writer.remove_copy(*number).unwrap());
        writer.commit(&Payload { copies_known: false, ..reader.payload().clone() }).unwrap();
        drop(writer);
        assert!(Reader::open(&location).unwrap().copy_groups().unwrap().is_empty());
        assert_eq!(*update().copy_groups().unwrap(), groups);
        let index = location.current().unwrap().join("meta.json");
        let before = std::fs::read(&index).unwrap();
        assert!(update().payload().copies_known);
        assert_eq!(std::fs::read(&index).unwrap(), before, "nothing changed, nothing is written");
    }
}
