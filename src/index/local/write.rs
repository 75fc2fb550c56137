//! Records → one commit. A file's records are replaced together, or not at all.

use super::super::location::{Location, WriterLock};
use super::super::packed::{Kept, Packed, look};
use super::super::record::{DocumentRecord, EntryRecord, EntryState, Payload};
use super::directory::SealedDirectory;
use super::merging::{Merging, Progress};
use super::read::Reader;
use super::schema::{Fields, Keyword, SEPARATOR, schema, sort};
use super::{document_number, engine};
use crate::error::{Error, Result};
use crate::model::{Date, Lang};
use crate::vocab::Vocabulary;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::OpenReadError;
use tantivy::indexer::UserOperation;
use tantivy::schema::Term;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Directory, Index, IndexSettings, IndexWriter, TantivyDocument, TantivyError};

/// Memory for records on their way to disk of each thread that writes, in bytes.
pub const MEMORY_OF_WRITER: u64 = 40_000_000;
/// Passages of 1 KB compress well in blocks of this size, and ten hits cost ten blocks.
const STORE_BLOCK_BYTES: usize = 16_384;

/// Writes to an index. Nothing is seen by readers, or survives, before [`Writer::commit`].
pub struct Writer {
    location: Location,
    generation: PathBuf,
    is_new: bool,
    writer: IndexWriter,
    fields: Fields,
    vocabulary: Arc<Vocabulary>,
    /// What merging goes by.
    progress: Arc<Progress>,
    files: SealedDirectory,
    _lock: WriterLock,
}

impl Writer {
    /// Opens the index for writing; makes it where there is none, or anew for `rebuild`.
    /// Errors: [`Error::Locked`], [`Error::OtherFormat`], [`Error::NotAnIndex`], or what the disk says.
    pub fn open(location: &Location, rebuild: bool, threads: usize, vocabulary: Arc<Vocabulary>) -> Result<Writer> {
        Writer::open_on(location, rebuild, threads, vocabulary, &on_disk)
    }

    /// The same on files that are opened so.
    pub(super) fn open_on(
        location: &Location,
        rebuild: bool,
        threads: usize,
        vocabulary: Arc<Vocabulary>,
        files: &Files,
    ) -> Result<Writer> {
        let lock = location.lock()?;
        let current = match location.current() {
            Ok(path) => Some(path),
            Err(Error::NoIndex { .. }) => None,
            Err(_) if rebuild => None,
            Err(error) => return Err(error),
        };
        let ((index, files), generation, is_new) = match current {
            Some(path) if !rebuild => {
                location.sweep()?;
                (open_on(location, &path, files)?, path, false)
            }
            _ => {
                let path = location.new_generation()?;
                (create(&path, files)?, path, true)
            }
        };
        index.tokenizers().register(crate::analysis::TOKENIZER, crate::analysis::analyzer());
        let threads = threads.clamp(1, 4);
        let writer = index
            .writer_with_num_threads(threads, threads * MEMORY_OF_WRITER as usize)
            .map_err(|error| refused(&files, &generation, error))?;
        // What an interrupted run left behind and no commit names.
        drop(writer.garbage_collect_files());
        let progress = Arc::new(Progress::default());
        writer.set_merge_policy(Box::new(Merging::new(progress.clone(), 0)));
        Ok(Writer {
            location: location.clone(),
            generation,
            is_new,
            writer,
            fields: schema().1,
            vocabulary,
            progress,
            files,
            _lock: lock,
        })
    }

    /// Has so many bytes of memory for making segments one, beside what its threads have.
    pub fn merge_with(&self, memory: u64) {
        self.writer.set_merge_policy(Box::new(Merging::new(self.progress.clone(), memory)));
    }

    /// Replaces all that is known of a file. `known`: whether there is anything to be replaced; to look for it takes
    /// longer than to write a small file.
    pub fn put(&self, entry: &EntryRecord, documents: &[Packed], known: bool) -> Result<()> {
        let mut operations = Vec::new();
        operations.extend(known.then(|| UserOperation::Delete(self.entry_term(&entry.key))));
        operations.push(UserOperation::Add(self.entry(entry)?));
        self.add(&entry.key, documents, &mut operations)?;
        self.run(operations)
    }

    /// Goes on with more documents of a file that was begun with [`Writer::put`] and ends with [`Writer::put_last`].
    pub fn put_more(&self, key: &str, documents: &[Packed]) -> Result<()> {
        let mut operations = Vec::new();
        self.add(key, documents, &mut operations)?;
        self.run(operations)
    }

    /// Ends with the last documents, and the file itself as it is now known.
    pub fn put_last(&self, entry: &EntryRecord, documents: &[Packed]) -> Result<()> {
        let term = self.fields.term(Keyword::Id(&entry_id(&entry.key)));
        let mut operations = vec![UserOperation::Delete(term), UserOperation::Add(self.entry(entry)?)];
        self.add(&entry.key, documents, &mut operations)?;
        self.run(operations)
    }

    /// Replaces what is known of the file itself; its documents stay.
    pub fn touch(&self, entry: &EntryRecord) -> Result<()> {
        let term = self.fields.term(Keyword::Id(&entry_id(&entry.key)));
        self.run(vec![UserOperation::Delete(term), UserOperation::Add(self.entry(entry)?)])
    }

    fn add(&self, key: &str, documents: &[Packed], operations: &mut Vec<UserOperation<TantivyDocument>>) -> Result<()> {
        let other =
            || Error::Engine { doing: "cannot write the index", source: "a passage is not as it was packed".into() };
        for packed in documents {
            operations.push(UserOperation::Add(self.document(key, packed)));
            let common = self.common(key, &packed.document);
            for (text, rest) in &packed.passages {
                let passage = look(rest).ok_or_else(other)?;
                let mut record = self.passage(common.clone(), &packed.document.title.value, &passage);
                record.add_text(self.fields.text, text);
                record.add_bytes(self.fields.packed, rest);
                operations.push(UserOperation::Add(record));
            }
        }
        Ok(())
    }

    /// Notes to which group of near-copies a document belongs.
    pub fn put_copy(&self, document: &DocumentRecord, group: u64) -> Result<()> {
        let f = &self.fields;
        let mut out = TantivyDocument::new();
        f.put(&mut out, Keyword::Record(sort::COPY));
        f.put(&mut out, Keyword::Entry(&entry_key(document.file())));
        let number = document_number(&document.id);
        f.put(&mut out, Keyword::Id(&copy_id(number)));
        out.add_u64(f.document, number);
        f.put(&mut out, Keyword::Document(number));
        out.add_u64(f.group, group);
        unlabelled(f, &mut out);
        let old = f.term(Keyword::Id(&copy_id(number)));
        self.run(vec![UserOperation::Delete(old), UserOperation::Add(out)])
    }

    /// Notes that a document is in no group of near-copies any more.
    pub fn remove_copy(&self, number: u64) -> Result<()> {
        let term = self.fields.term(Keyword::Id(&copy_id(number)));
        self.run(vec![UserOperation::Delete(term)])
    }

    /// Reads what was committed last, seen by others or not.
    pub fn reader(&self) -> Result<Reader> {
        Reader::at(&self.location, &self.generation)
    }

    /// One batch goes to one segment in order: a document's passages are neighbours there.
    fn run(&self, operations: Vec<UserOperation<TantivyDocument>>) -> Result<()> {
        self.progress.written.fetch_add(operations.len() as u64, Ordering::Relaxed);
        self.writer.run(operations).map_err(|error| self.refused(error))?;
        Ok(())
    }

    /// Removes all that is known of a file.
    pub fn remove(&self, key: &str) -> Result<()> {
        self.run(vec![UserOperation::Delete(self.entry_term(key))])
    }

    /// Makes everything so far durable and visible to readers, in one step.
    pub fn commit(&mut self, payload: &Payload) -> Result<()> {
        let text = serde_json::to_string(payload)
            .map_err(|e| Error::Engine { doing: "cannot write the index", source: e.into() })?;
        let (files, generation) = (&self.files, &self.generation);
        let mut prepared = self.writer.prepare_commit().map_err(|error| refused(files, generation, error))?;
        prepared.set_payload(&text);
        prepared.commit().map_err(|error| refused(files, generation, error))?;
        Ok(())
    }

    fn refused(&self, error: TantivyError) -> Error {
        refused(&self.files, &self.generation, error)
    }

    /// Commits for the last time: a new generation becomes the current one.
    pub fn finish(mut self, payload: &Payload) -> Result<()> {
        self.progress.ending.store(true, Ordering::Relaxed);
        self.commit(payload)?;
        let Writer { location, generation, is_new, writer, files, _lock, .. } = self;
        writer.wait_merging_threads().map_err(|error| refused(&files, &generation, error))?;
        // Only saves time: who does not find them counts.
        let _ = Reader::at(&location, &generation).map(|reader| reader.keep_counts(&generation));
        if is_new {
            location.make_current(&generation)?;
        }
        Ok(())
    }

    /// Whether commits are only seen once [`Writer::finish`] has run.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Makes a new index the current one at once, so that an interruption keeps what is committed.
    /// Only right where there is no older generation to answer meanwhile.
    pub fn publish(&mut self, payload: &Payload) -> Result<()> {
        self.commit(payload)?;
        self.location.make_current(&self.generation)?;
        self.is_new = false;
        Ok(())
    }

    fn entry_term(&self, key: &str) -> Term {
        self.fields.term(Keyword::Entry(&entry_key(key)))
    }

    fn entry(&self, entry: &EntryRecord) -> Result<TantivyDocument> {
        let f = &self.fields;
        let mut out = TantivyDocument::new();
        f.put(&mut out, Keyword::Record(sort::ENTRY));
        f.put(&mut out, Keyword::Entry(&entry_key(&entry.key)));
        f.put(&mut out, Keyword::Id(&entry_id(&entry.key)));
        out.add_text(f.key, &entry.key);
        out.add_u64(f.size, entry.fingerprint.size);
        out.add_i64(f.modified, entry.fingerprint.modified);
        out.add_u64(f.state, entry.state.kind() as u64);
        f.put(&mut out, Keyword::State(entry.state.kind() as u64));
        out.add_u64(f.context, entry.context);
        if let EntryState::Partly { failed, .. } = &entry.state {
            out.add_u64(f.failed, *failed);
        }
        unlabelled(f, &mut out);
        out.add_text(f.data, json(&(&entry.hash, &entry.state))?);
        Ok(out)
    }

    fn document(&self, key: &str, packed: &Packed) -> TantivyDocument {
        let (f, document) = (&self.fields, &packed.document);
        let mut out = TantivyDocument::new();
        f.put(&mut out, Keyword::Record(sort::DOCUMENT));
        f.put(&mut out, Keyword::Entry(&entry_key(key)));
        f.put(&mut out, Keyword::Id(&document.id));
        self.describe(document, &mut out);
        unlabelled(f, &mut out);
        document.sketch.numbers().for_each(|number| out.add_u64(f.sketch, number));
        out.add_bytes(f.packed, &packed.kept);
        out
    }

    /// What all passages of a document have.
    fn common(&self, key: &str, document: &DocumentRecord) -> TantivyDocument {
        let f = &self.fields;
        let mut out = TantivyDocument::new();
        f.put(&mut out, Keyword::Record(sort::PASSAGE));
        f.put(&mut out, Keyword::Entry(&entry_key(key)));
        self.describe(document, &mut out);
        out
    }

    /// `out`: what it has in common with the document's other passages. What is kept of it is added by who asks.
    fn passage(&self, mut out: TantivyDocument, title: &str, passage: &Kept) -> TantivyDocument {
        let f = &self.fields;
        out.add_u64(f.ordinal, passage.ordinal.into());
        for heading in &passage.heading {
            out.add_text(f.heading, heading);
        }
        if passage.ordinal == 1 {
            out.add_text(f.title, title);
        }
        let filed = |regions: &[&str]| {
            let mut codes: Vec<&str> = regions.iter().flat_map(|r| self.vocabulary.gazetteer.closure(r)).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        };
        let regions = filed(&passage.regions);
        out.add_text(f.regions, as_one(regions.iter().copied()));
        for code in regions {
            f.put(&mut out, Keyword::Region(code));
        }
        for code in filed(&passage.mentions) {
            f.put(&mut out, Keyword::Mentioned(code));
        }
        out.add_text(f.topics, as_one(passage.topics.iter().copied()));
        for topic in &passage.topics {
            f.put(&mut out, Keyword::Topic(topic));
        }
        for year in &passage.years {
            f.put(&mut out, Keyword::AboutYear(*year));
        }
        out
    }

    /// What documents and their passages are filtered by.
    fn describe(&self, document: &DocumentRecord, out: &mut TantivyDocument) {
        let f = &self.fields;
        let number = document_number(&document.id);
        out.add_u64(f.document, number);
        f.put(out, Keyword::Document(number));
        out.add_text(f.kind, document.kind.value.name());
        f.put(out, Keyword::Kind(document.kind.value.name()));
        let language = &document.language.value;
        let mut languages = vec![language.code()];
        languages.extend((language.base() != language.code()).then(|| language.base()));
        languages.extend(document.translated.as_ref().map(|_| Lang::MACHINE_TRANSLATED));
        out.add_text(f.languages, as_one(languages.iter().copied()));
        for language in languages {
            f.put(out, Keyword::Language(language));
        }
        if let Some(source) = &document.source {
            f.put(out, Keyword::Source(&source.value.to_lowercase()));
            out.add_text(f.publisher, &source.value);
        }
        if let Some(year) = &document.year {
            out.add_u64(f.year, year.value.get().into());
            f.put(out, Keyword::Year(year.value.get()));
        }
        // A document of which only the year is known can be of any day in it.
        let of_year = document.year.as_ref().map(|y| i64::from(y.value.get()));
        let first = document.date.as_ref().map(|d| d.value).or_else(|| Date::new(of_year?, 1, 1));
        let last = document.date.as_ref().map(|d| d.value).or_else(|| Date::new(of_year?, 12, 31));
        if let (Some(first), Some(last)) = (first, last) {
            out.add_i64(f.first_day, first.days());
            out.add_i64(f.last_day, last.days());
        }
    }
}

/// Several labels as one value: sorted, so that the same ones always make the same value.
fn as_one<'a>(labels: impl Iterator<Item = &'a str>) -> String {
    let mut labels: Vec<&str> = labels.collect();
    labels.sort_unstable();
    labels.dedup();
    labels.join(char::from(SEPARATOR).encode_utf8(&mut [0; 4]))
}

/// A record without labels has a value of them too: columns that all records have a value in are read fastest.
fn unlabelled(fields: &Fields, out: &mut TantivyDocument) {
    out.add_text(fields.regions, "");
    out.add_text(fields.topics, "");
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Engine { doing: "cannot write the index", source: e.into() })
}

/// A path as a term. The engine drops terms of more than 65,530 bytes without a word; no system has such paths,
/// but members of archives may.
pub(super) fn entry_key(key: &str) -> String {
    const TERM_BYTES_MAX: usize = 60_000;
    if key.len() <= TERM_BYTES_MAX {
        key.to_string()
    } else {
        format!("blake3:{}", blake3::hash(key.as_bytes()).to_hex())
    }
}

/// The id of a file's own record, apart from those of documents.
pub(super) fn entry_id(key: &str) -> String {
    format!("file:{}", super::super::document_id(key))
}

/// The id of the record of a copy, from its document's number.
fn copy_id(number: u64) -> String {
    format!("copy:{number:016x}")
}

/// How the files of a generation are opened.
pub(super) type Files = dyn Fn(&Path) -> tantivy::Result<Box<dyn Directory>>;

/// As files are opened by who writes.
pub(super) fn on_disk(path: &Path) -> tantivy::Result<Box<dyn Directory>> {
    #[cfg(unix)]
    return Ok(Box::new(super::pieces::Pieces::open(path)?));
    #[cfg(not(unix))]
    Ok(Box::new(MmapDirectory::open(path)?))
}

/// As files are opened by who reads here and there in them: systems that read megabytes ahead of each such place would
/// read for nothing.
pub(super) fn for_search(path: &Path) -> tantivy::Result<Box<dyn Directory>> {
    #[cfg(unix)]
    return Ok(Box::new(MmapDirectory::open_with_madvice(path, tantivy::directory::Advice::Random)?));
    #[cfg(not(unix))]
    on_disk(path)
}

fn create(path: &Path, files: &Files) -> Result<(Index, SealedDirectory)> {
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(3) }),
        docstore_blocksize: STORE_BLOCK_BYTES,
        ..IndexSettings::default()
    };
    let files = SealedDirectory::new(path, files(path).map_err(engine("cannot make the index"))?);
    let index = Index::create(files.clone(), schema().0, settings).map_err(|error| refused(&files, path, error))?;
    Ok((index, files))
}

/// Why the index cannot be written: what the disk said comes before what the engine says of it.
fn refused(files: &SealedDirectory, generation: &Path, error: TantivyError) -> Error {
    match files.refusal() {
        Some(source) => Error::Io { doing: "cannot write the index in", path: generation.to_path_buf(), source },
        None => Error::Engine { doing: "cannot write the index", source: error.into() },
    }
}

/// Opens a generation; what the engine cannot read is damage, not a bug of the user's.
pub(super) fn open(location: &Location, path: &Path) -> Result<(Index, SealedDirectory)> {
    open_on(location, path, &for_search)
}

/// The index, and its files, which know what they read.
fn open_on(location: &Location, path: &Path, files: &Files) -> Result<(Index, SealedDirectory)> {
    let files = files(path).map_err(|e| unreadable(location, &e))?;
    let directory = SealedDirectory::new(path, files);
    let index = Index::open(directory.clone()).map_err(|e| unreadable(location, &e))?;
    if index.schema() != schema().0 {
        let reason = "its fields are not those of its format".into();
        return Err(Error::Damaged { path: location.folder().to_path_buf(), reason });
    }
    Ok((index, directory))
}

/// Why an index cannot be opened: what the system refuses (permission, too many open files, a bad disk) has a number of
/// the system's; all else is damage.
pub(super) fn unreadable(location: &Location, error: &TantivyError) -> Error {
    use tantivy::directory::error::OpenDirectoryError;
    let path = location.folder().to_path_buf();
    let code = match error {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. })
        | TantivyError::IoError(io_error) => io_error.raw_os_error(),
        _ => None,
    };
    match code.map(std::io::Error::from_raw_os_error) {
        Some(source) => Error::Io { doing: "cannot read the index at", path, source },
        None => Error::Damaged { path, reason: reason(error) },
    }
}

/// What is wrong with a file, without the engine's words around it.
pub(super) fn reason(error: &TantivyError) -> String {
    match error {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => io_error.to_string(),
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(path)) => {
            format!("`{}` is not there", path.display())
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_refuses_is_no_damage() {
        let location = Location::new("index");
        let of = |error| unreadable(&location, &TantivyError::OpenReadError(error));
        let wrapped = |error| OpenReadError::wrap_io_error(error, "a.idx".into());
        for code in [13, 24, 5] {
            let refused = of(wrapped(std::io::Error::from_raw_os_error(code)));
            assert!(matches!(refused, Error::Io { .. }) && refused.hint().is_none(), "{refused}");
        }
        let broken = wrapped(std::io::Error::new(std::io::ErrorKind::InvalidData, "`a.idx` is not as it was written"));
        for error in [broken, OpenReadError::FileDoesNotExist("a.idx".into())] {
            assert!(matches!(of(error), Error::Damaged { .. }));
        }
    }
}
