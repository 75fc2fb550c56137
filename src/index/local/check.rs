//! Whether an index is whole: the checksum of every file, every record, and how records belong together.

use super::directory::SealedDirectory;
use super::write::{entry_key, for_search, reason};
use super::{Reader, document_number, engine};
use crate::error::{Error, Result};
use crate::index::{DocumentRecord, Location, PassageRecord};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use tantivy::{Directory, DocAddress, TantivyError};

/// Faults that are said; more are counted.
const FAULTS_MAX: usize = 100;

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Files of the index.
    pub files: u64,
    /// Files of the user that it knows.
    pub entries: u64,
    /// Documents.
    pub documents: u64,
    /// Passages.
    pub passages: u64,
    /// Passages that were searched for by their own words.
    pub searched: u64,
    /// What is wrong, the first hundred.
    pub faults: Vec<String>,
    /// How much is wrong, in all.
    pub count: u64,
}

impl Checked {
    /// Notes a fault.
    pub fn fault(&mut self, what: String) {
        self.count += 1;
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(what);
        }
    }

    /// What is wrong with an index that cannot be opened or read, for this reason.
    pub fn unreadable(location: &Location, error: &Error) -> Checked {
        let mut out = Checked::default();
        location.damaged_files().into_iter().for_each(|fault| out.fault(fault));
        if out.count == 0 {
            out.fault(error.to_string());
        }
        out
    }
}

impl Location {
    /// The files that are not as they were written, each with what is wrong with it.
    fn damaged_files(&self) -> Vec<String> {
        let Some(directory) =
            self.current().ok().and_then(|path| Some(SealedDirectory::new(&path, for_search(&path).ok()?)))
        else {
            return Vec::new();
        };
        let wrong = |name: &Path| directory.open_read(name).err().map(|e| reason(&TantivyError::OpenReadError(e)));
        match directory.listed() {
            Ok(names) => names.iter().filter_map(|name| wrong(Path::new(name))).collect(),
            Err(error) => vec![reason(&TantivyError::OpenReadError(error))],
        }
    }
}

/// A document whose passages are being counted.
struct Open {
    record: DocumentRecord,
    number: u64,
    passages: u32,
}

impl Reader {
    /// Looks at everything. `sample`: takes one passage here and there, about so many in all, with its document.
    /// Errors: what cannot be read at all.
    pub fn check(
        &self,
        sample: u64,
        take: &mut dyn FnMut(&DocumentRecord, PassageRecord, &mut Checked) -> Result<()>,
    ) -> Result<Checked> {
        let broken = |e: tantivy::TantivyError| engine("cannot read the index")(e);
        let mut out = Checked::default();
        let index = self.searcher.index();
        let mut damaged: Vec<PathBuf> = index.validate_checksum().map_err(broken)?.into_iter().collect();
        damaged.sort();
        damaged.iter().for_each(|file| out.fault(format!("the file `{}` is damaged", file.display())));
        out.files = index.directory().list_managed_files().len() as u64;

        let every = (self.statistics().passages().map_err(broken)? / sample.max(1)).max(1);
        let mut entries: HashMap<String, (bool, u64)> = HashMap::new();
        let mut documents: HashSet<u64> = HashSet::new();
        let mut files: Vec<(String, u64)> = Vec::new();
        let mut copies: Vec<(u64, u64)> = Vec::new();
        for (ordinal, segment) in self.searcher.segment_readers().iter().enumerate() {
            let columns = segment.fast_fields();
            let of = |name: &str| columns.u64(name).map_err(broken);
            let (numbers, ordinals, states, groups) = (of("document")?, of("ordinal")?, of("state")?, of("group")?);
            let mut open: Option<Open> = None;
            for doc in segment.doc_ids_alive() {
                let address = DocAddress::new(ordinal as u32, doc);
                let number = numbers.first(doc);
                if let Some(at) = ordinals.first(doc) {
                    out.passages += 1;
                    match &mut open {
                        Some(open) if number == Some(open.number) && at == u64::from(open.passages) + 1 => {
                            open.passages += 1;
                            if out.passages.is_multiple_of(every) {
                                match self.passage(address) {
                                    Ok(passage) => take(&open.record, passage, &mut out)?,
                                    Err(error) => out.fault(format!("passage {at} of `{}`: {error}", open.record.path)),
                                }
                            }
                        }
                        Some(open) => out.fault(format!(
                            "after passage {} of `{}` stands one that is not the next of it",
                            open.passages, open.record.path
                        )),
                        None => out.fault(format!("passage {at} stands without its document")),
                    }
                    continue;
                }
                closed(open.take(), &mut out);
                if states.first(doc).is_some() {
                    let entry = self.entry_at(address);
                    let key = columns.str("key").map_err(broken)?.and_then(|keys| {
                        let mut key = String::new();
                        let ord = keys.term_ords(doc).next()?;
                        keys.ord_to_str(ord, &mut key).ok()?.then_some(key)
                    });
                    out.entries += 1;
                    match (key, entry) {
                        (Some(key), Ok((_, state))) => {
                            let has_documents = state.kind().has_documents();
                            if entries.insert(entry_key(&key), (has_documents, 0)).is_some() {
                                out.fault(format!("`{key}` is known twice"));
                            }
                        }
                        _ => out.fault("what is known of a file cannot be read".into()),
                    }
                } else if let (Some(number), Some(group)) = (number, groups.first(doc)) {
                    copies.push((number, group));
                } else {
                    out.documents += 1;
                    match (self.document_at(address), number) {
                        (Ok(record), Some(number)) if document_number(&record.id) == number => {
                            if !documents.insert(number) {
                                out.fault(format!("`{}` is there twice", record.path));
                            }
                            files.push((entry_key(record.file()), number));
                            open = Some(Open { record, number, passages: 0 });
                        }
                        (Ok(record), _) => out.fault(format!("`{}` has the number of another document", record.path)),
                        (Err(error), _) => out.fault(format!("a document: {error}")),
                    }
                }
            }
            closed(open.take(), &mut out);
        }
        for (key, _) in files {
            match entries.get_mut(&key) {
                Some((_, documents)) => *documents += 1,
                None => out.fault(format!("a document of `{key}` is there, but not what is known of the file")),
            }
        }
        for (key, (_, documents)) in entries.iter().filter(|(_, (has_documents, count))| *has_documents && *count == 0)
        {
            out.fault(format!("`{key}` is said to be indexed, and has {documents} documents"));
        }
        for (number, group) in copies {
            if !documents.contains(&number) || !documents.contains(&group) {
                out.fault(format!("a near-copy is noted of a document that is not there ({number:016x})"));
            }
        }
        Ok(out)
    }
}

fn closed(open: Option<Open>, out: &mut Checked) {
    if let Some(Open { record, passages, .. }) = open
        && record.passages != passages
    {
        out.fault(format!("`{}` has {passages} of its {} passages", record.path, record.passages));
    }
}
