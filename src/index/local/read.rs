//! One committed state, read: search, records by id, the ledger of files, counts.

use super::super::Known;
use super::super::location::Location;
use super::super::packed::{unpack, unpack_document};
use super::super::record::{DocumentRecord, EntryState, PassageRecord, Payload, StateKind, document_id};
use super::collect::{Collapse, Found, Window};
use super::columns::AllColumns;
use super::compile::Compiler;
use super::rank::{RANKED_MAX, Wanted, rank};
use super::schema::{Fields, Keyword, schema, sort};
use super::stats::{Counts, Statistics};
use super::timed::{Deadline, Timed};
use super::write::{entry_key, open, unreadable};
use super::{document_number, engine};
use crate::copies::Groups;
use crate::error::{Error, Result};
use crate::query::Query;
use crate::source::Fingerprint;
use crate::vocab::Vocabulary;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use tantivy::collector::DocSetCollector;
use tantivy::columnar::{Column, ColumnIndex};
use tantivy::query::{BooleanQuery, TermQuery};
use tantivy::schema::{IndexRecordOption, Term, Value};
use tantivy::{DocAddress, DocId, ReloadPolicy, Searcher, TantivyDocument};

/// How often to try again when a writer cleans up just while the index is opened.
const TRIES: usize = 100;

/// Records that one thread has searched sooner than others are started and wait for one another.
const RECORDS_PER_THREAD: u64 = 250_000;

/// Passages of a document among which ranking chooses the one to show.
const PASSAGES_COMPARED: usize = 8;

/// A found passage before anything is made of it for a reader.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its document's score: higher is better, comparable within one search only.
    pub score: f32,
    /// What made the score, and how much of it; only if that was asked for.
    pub parts: Vec<(String, f32)>,
    /// How many near-copies of the document there are, for which it stands.
    pub copies: usize,
    /// The document it is of.
    pub document: DocumentRecord,
    /// The passage.
    pub passage: PassageRecord,
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Matching passages in all.
    pub passages: u64,
    /// Documents they are of.
    pub documents: u64,
    /// Those in the window: a document's best first, then its next, then the next document's.
    pub hits: Vec<Candidate>,
    /// Whether there are more after them.
    pub more: bool,
}

/// Reads the last commit as it was when opened; a writer does not disturb it.
pub struct Reader {
    pub(super) location: Location,
    pub(super) searcher: Searcher,
    pub(super) fields: Fields,
    payload: Payload,
    vocabulary: OnceLock<Vocabulary>,
    pub(super) copies: OnceLock<Arc<Groups>>,
    copies_in: OnceLock<HashMap<u64, usize>>,
    counts: Counts,
    seal: String,
    columns: AllColumns,
}

impl Reader {
    /// Opens the last commit.
    /// Errors: [`Error::NoIndex`], [`Error::OtherFormat`], [`Error::Damaged`].
    pub fn open(location: &Location) -> Result<Reader> {
        Reader::open_with(location, true)
    }

    /// The same for many searches side by side: each is then made by the thread that asks for it.
    /// Errors: as [`Reader::open`].
    pub fn open_for_many(location: &Location) -> Result<Reader> {
        Reader::open_with(location, false)
    }

    fn open_with(location: &Location, in_threads: bool) -> Result<Reader> {
        let state = || location.current().ok().map(|path| (std::fs::read(path.join("meta.json")).ok(), path));
        let mut tries = 0;
        loop {
            let before = state();
            match location.current().and_then(|path| Reader::with(location, &path, in_threads)) {
                // A writer may have exchanged the generation, or removed a merged segment, since its
                // name was read: then what names them has changed, too.
                Err(Error::Damaged { .. }) if tries < TRIES && before != state() => tries += 1,
                result => return result,
            }
        }
    }

    /// Opens the last commit of a generation, the current one or not.
    pub(super) fn at(location: &Location, path: &Path) -> Result<Reader> {
        Reader::with(location, path, true)
    }

    fn with(location: &Location, path: &Path, in_threads: bool) -> Result<Reader> {
        let damaged = |e: tantivy::TantivyError| unreadable(location, &e);
        let (mut index, files) = open(location, path)?;
        files.read_ahead();
        index.tokenizers().register(crate::analysis::TOKENIZER, crate::analysis::analyzer());
        let (mut seal, mut state) = (files.seal(), files.state());
        // Threads cost more than they bring where there is little to search.
        let records: u64 = state.segments.iter().map(|s| s.max_doc).sum();
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(state.segments.len());
        if in_threads && threads > 1 && records > RECORDS_PER_THREAD {
            index.set_multithread_executor(threads).map_err(damaged)?;
        }
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(damaged)?;
        let searcher = reader.searcher();
        // Of the state that was read last: the reader's.
        if files.seal() != seal {
            (seal, state) = (files.seal(), files.state());
        }
        let payload = state.payload.as_deref().and_then(|p| serde_json::from_str(p).ok()).unwrap_or_default();
        Ok(Reader {
            location: location.clone(),
            columns: AllColumns::new(searcher.segment_readers().len()),
            searcher,
            fields: schema().1,
            payload,
            vocabulary: OnceLock::new(),
            copies: OnceLock::new(),
            copies_in: OnceLock::new(),
            counts: Counts::kept(path, &seal),
            seal,
        })
    }

    /// Counts what every search asks for, and keeps it beside this state.
    pub(super) fn keep_counts(&self, path: &Path) -> Result<()> {
        let broken = |e: tantivy::TantivyError| engine("cannot read the index")(e);
        self.statistics().passages().map_err(broken)?;
        for field in [self.fields.text, self.fields.title, self.fields.heading] {
            self.statistics().lengths(field).map_err(broken)?;
        }
        self.coverage(&[])?;
        self.counts.keep(path, &self.seal).map_err(Error::io("cannot write", path))
    }

    pub(super) fn statistics(&self) -> Statistics<'_> {
        Statistics::new(&self.searcher, &self.fields, &self.counts, &self.columns)
    }

    pub(super) fn compiler(&self, deadline: Deadline) -> Compiler<'_> {
        Compiler { fields: &self.fields, searcher: &self.searcher, statistics: self.statistics(), deadline }
    }

    /// What is known of the index as a whole.
    pub fn payload(&self) -> &Payload {
        &self.payload
    }

    /// The vocabularies that hold for the index: what is compiled in, and what its user added.
    pub fn vocabulary(&self) -> &Vocabulary {
        match self.payload.additions.is_empty() {
            true => Vocabulary::builtin(),
            false => self.vocabulary.get_or_init(|| self.payload.vocabulary()),
        }
    }

    /// The query with every word that stands for others replaced by the words of this index.
    /// Errors: [`Error::BadQuery`] where they are too many, [`Error::TooSlow`].
    pub fn expand(&self, query: &Query, deadline: Deadline) -> Result<Query> {
        super::expand::expand(query, &self.fields, &self.searcher, deadline)
    }

    /// Finds what an expanded query asks for.
    /// Errors: [`Error::TooSlow`].
    pub fn search(&self, query: &Query, window: Window, deadline: Deadline) -> Result<Candidates> {
        let compiler = self.compiler(deadline);
        let compiled = compiler.query(query)?;
        let statistics = self.statistics();
        let groups = match window.collapse && window.limit > 0 {
            true => Some(self.copy_groups()?.clone()).filter(|groups| !groups.is_empty()),
            false => None,
        };
        // What is ranked does not depend on the part that is shown.
        let first = Window {
            offset: 0,
            limit: window.offset.saturating_add(window.limit).saturating_add(1).max(RANKED_MAX),
            per_document: window.per_document.max(PASSAGES_COMPARED),
            ..window
        };
        let collapse = Timed::new(Collapse { window: first, columns: &self.columns, groups: groups.clone() }, deadline);
        let mut collected = self
            .searcher
            .search_with_statistics_provider(&compiled, &collapse, &statistics)
            .map_err(|error| deadline.broke_off("cannot search the index", error))?;
        match query.node.as_ref().filter(|_| window.limit > 0) {
            Some(node) => {
                let wanted = Wanted { node, boosts: compiler.boosts(query)?, explain: window.explain, deadline };
                let shown = window.offset.saturating_add(window.limit).saturating_add(1);
                self.rank(&wanted, &mut collected.best, shown, &statistics)
                    .map_err(|error| deadline.broke_off("cannot search the index", error))?;
            }
            None => collected.best.sort_unstable(),
        }
        let mut hits = Vec::with_capacity(window.limit.min(1000));
        let of = |found: &'_ Found| found.passages.len().min(window.per_document.max(1));
        let flat =
            collected.best.iter().flat_map(|found| found.passages[..of(found)].iter().map(move |p| (found, p.1)));
        let mut last: Option<u64> = None;
        let mut flat = flat.skip(window.offset);
        for (found, address) in flat.by_ref().take(window.limit) {
            let same = hits.last().filter(|_| last == Some(found.document));
            let document = match same.map(|hit: &Candidate| hit.document.clone()) {
                Some(document) => document,
                None => self.document_of(address, found.document)?,
            };
            last = Some(found.document);
            let (score, parts) = (found.score, found.parts.clone());
            let copies = groups.as_ref().and_then(|groups| {
                let sizes = self.copies_in.get_or_init(|| sizes_of(groups));
                let size = sizes.get(groups.get(&found.document)?)?;
                Some(size - 1)
            });
            let copies = copies.unwrap_or_default();
            hits.push(Candidate { score, parts, copies, document, passage: self.passage(address)? });
        }
        let more = flat.next().is_some();
        Ok(Candidates { passages: collected.passages, documents: collected.documents, hits, more })
    }

    /// Whether an expanded query finds a passage.
    pub fn finds(&self, query: &Query, document: &str, ordinal: u32) -> Result<bool> {
        let compiler = self.compiler(Deadline::default());
        let number = self.fields.term(Keyword::Document(document_number(document)));
        let of_document = Box::new(TermQuery::new(number, IndexRecordOption::Basic));
        let both = BooleanQuery::intersection(vec![compiler.query(query)?, of_document]);
        let broken = |e: tantivy::TantivyError| engine("cannot search the index")(e);
        for address in self.searcher.search(&both, &DocSetCollector).map_err(broken)? {
            let columns = self.searcher.segment_reader(address.segment_ord).fast_fields();
            if columns.u64("ordinal").map_err(broken)?.first(address.doc_id) == Some(ordinal.into()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Puts the best documents in their final order; so many of them are of interest.
    fn rank(&self, wanted: &Wanted, found: &mut [Found], shown: usize, statistics: &Statistics) -> tantivy::Result<()> {
        let count = found.len().min(RANKED_MAX);
        if count < found.len() {
            found.sort_unstable();
        }
        let is_all = count == found.len();
        let best = &mut found[..count];
        let passages: Vec<DocAddress> = best.iter().filter_map(|f| Some(f.passages.first()?.1)).collect();
        let ranked = rank(wanted, &passages, &self.fields, &self.searcher, statistics)?;
        for (found, ranked) in best.iter_mut().zip(ranked) {
            found.passages.iter_mut().for_each(|(score, address)| *score = ranked.of(*address));
            (found.score, found.parts) = (ranked.score, ranked.parts);
            found.passages.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        }
        let ordered = if is_all { shown.min(count) } else { count };
        if ordered < count {
            best.select_nth_unstable(ordered);
        }
        best[..ordered].sort_unstable();
        // What was not ranked anew keeps its order, after what was, and scores that can be compared with theirs.
        let (ranked, rest) = found.split_at_mut(count);
        if let (Some(last), Some(most)) = (ranked.last().map(|f| f.score), rest.first().map(|f| f.score)) {
            let scale = if most > 0.0 { last.max(0.0) / most } else { 0.0 };
            rest.iter_mut().for_each(|found| found.score *= scale);
        }
        Ok(())
    }

    /// The document of that id or path (absolute, as text).
    pub fn document(&self, id_or_path: &str) -> Result<Option<DocumentRecord>> {
        for id in [id_or_path.to_string(), document_id(id_or_path)] {
            let found = self.all(&[Keyword::Id(&id), Keyword::Record(sort::DOCUMENT)])?;
            if let Some(address) = found.first() {
                return self.document_at(*address).map(Some);
            }
        }
        Ok(None)
    }

    /// Every document whose path or title a test accepts, at most `limit`, by path.
    pub fn documents_where(
        &self,
        limit: usize,
        accepts: impl Fn(&DocumentRecord) -> bool,
    ) -> Result<Vec<DocumentRecord>> {
        let mut out = Vec::new();
        for address in self.all(&[Keyword::Record(sort::DOCUMENT)])? {
            let record = self.document_at(address)?;
            if accepts(&record) {
                out.push(record);
                if out.len() == limit {
                    break;
                }
            }
        }
        out.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(out)
    }

    /// The passages of a document, in order.
    pub fn passages(&self, id: &str) -> Result<Vec<PassageRecord>> {
        let number = self.fields.term(Keyword::Document(document_number(id)));
        let passage = self.fields.term(Keyword::Record(sort::PASSAGE));
        let mut out: Vec<PassageRecord> = Vec::new();
        for address in self.matching(vec![number, passage])? {
            out.push(self.passage(address)?);
        }
        out.sort_by_key(|p| p.ordinal);
        Ok(out)
    }

    /// Every file the index knows, by path, with what tells whether it changed.
    pub fn ledger(&self) -> Result<HashMap<String, Known>> {
        let broken = |e: tantivy::TantivyError| engine("cannot read the index")(e);
        let mut out = HashMap::new();
        for segment in self.searcher.segment_readers() {
            let columns = segment.fast_fields();
            let Some(keys) = columns.str("key").map_err(broken)? else { continue };
            let (sizes, times) = (columns.u64("size").map_err(broken)?, columns.i64("modified").map_err(broken)?);
            let states = columns.u64("state").map_err(broken)?;
            let contexts = columns.u64("context").map_err(broken)?;
            // One pass over the dictionary: looking each up by its number is a hundred times slower.
            let mut names: Vec<String> = Vec::with_capacity(keys.num_terms());
            let io = |e: std::io::Error| Error::Engine { doing: "cannot read the index", source: e.into() };
            let mut stream = keys.dictionary().stream().map_err(io)?;
            while stream.advance() {
                names.push(String::from_utf8_lossy(stream.key()).into_owned());
            }
            for doc in docs_with(keys.ords()).filter(|doc| !segment.is_deleted(*doc)) {
                let Some(name) = keys.term_ords(doc).next().and_then(|ord| names.get(ord as usize)) else { continue };
                let fingerprint =
                    Fingerprint { size: sizes.first(doc).unwrap_or(0), modified: times.first(doc).unwrap_or(0) };
                let state = match states.first(doc) {
                    Some(0) => StateKind::Indexed,
                    Some(2) => StateKind::Skipped,
                    Some(3) => StateKind::Partly,
                    _ => StateKind::Failed,
                };
                let context = contexts.first(doc).unwrap_or(0);
                out.insert(name.clone(), Known { fingerprint, state, context });
            }
        }
        Ok(out)
    }

    /// The hash and state of one file.
    pub fn entry(&self, key: &str) -> Result<Option<(String, EntryState)>> {
        let found = self.all(&[Keyword::Entry(&entry_key(key)), Keyword::Record(sort::ENTRY)])?;
        found.first().map(|address| self.entry_at(*address)).transpose()
    }

    /// The document, of this number, that a passage is of. Its record stands before its first passage.
    fn document_of(&self, passage: DocAddress, number: u64) -> Result<DocumentRecord> {
        let segment = self.searcher.segment_reader(passage.segment_ord);
        let columns = self.columns.of(passage.segment_ord, segment).map_err(engine("cannot read the index"))?;
        let before =
            columns.ordinal.first(passage.doc_id).and_then(|n| passage.doc_id.checked_sub(u32::try_from(n).ok()?));
        if let Some(doc) = before
            && columns.ordinal.first(doc).is_none()
            && columns.document.first(doc) == Some(number)
            && columns.group.first(doc).is_none()
            && !segment.is_deleted(doc)
        {
            return self.document_at(DocAddress::new(passage.segment_ord, doc));
        }
        self.document_numbered(number)
    }

    /// The document of that number.
    pub fn document_numbered(&self, number: u64) -> Result<DocumentRecord> {
        let terms =
            vec![self.fields.term(Keyword::Document(number)), self.fields.term(Keyword::Record(sort::DOCUMENT))];
        match self.matching(terms)?.first() {
            Some(address) => self.document_at(*address),
            None => Err(Error::Damaged {
                path: self.location.folder().to_path_buf(),
                reason: "a passage has no document".into(),
            }),
        }
    }

    /// Records that have all these keywords.
    pub(super) fn all(&self, keywords: &[Keyword]) -> Result<Vec<DocAddress>> {
        self.matching(keywords.iter().map(|keyword| self.fields.term(*keyword)).collect())
    }

    /// Records that have all these terms, in the order of the index.
    pub(super) fn matching(&self, terms: Vec<Term>) -> Result<Vec<DocAddress>> {
        let each = terms
            .into_iter()
            .map(|t| Box::new(TermQuery::new(t, IndexRecordOption::Basic)) as Box<dyn tantivy::query::Query>);
        let query = BooleanQuery::intersection(each.collect());
        let found = self.searcher.search(&query, &DocSetCollector).map_err(engine("cannot read the index"))?;
        let mut out: Vec<DocAddress> = found.into_iter().collect();
        out.sort_unstable();
        Ok(out)
    }

    /// The record of a passage.
    pub(super) fn passage(&self, address: DocAddress) -> Result<PassageRecord> {
        let Fields { text, packed, .. } = self.fields;
        self.stored(address, |record| unpack(record.get_first(text)?.as_str()?, record.get_first(packed)?.as_bytes()?))
    }

    /// The record of a document.
    pub(super) fn document_at(&self, address: DocAddress) -> Result<DocumentRecord> {
        self.stored(address, |record| unpack_document(record.get_first(self.fields.packed)?.as_bytes()?))
    }

    /// The hash and state of a file.
    pub(super) fn entry_at(&self, address: DocAddress) -> Result<(String, EntryState)> {
        self.stored(address, |record| serde_json::from_str(record.get_first(self.fields.data)?.as_str()?).ok())
    }

    /// What is read of what is stored with a record.
    fn stored<T>(&self, address: DocAddress, read: impl FnOnce(&TantivyDocument) -> Option<T>) -> Result<T> {
        let damaged = |reason: String| Error::Damaged { path: self.location.folder().to_path_buf(), reason };
        let stored: TantivyDocument = self.searcher.doc(address).map_err(|e| damaged(e.to_string()))?;
        read(&stored).ok_or_else(|| damaged("a record cannot be read".into()))
    }
}

/// The records that have a value in a column: of a hundred, a few are files.
fn docs_with(column: &Column<u64>) -> Box<dyn Iterator<Item = DocId> + '_> {
    match &column.index {
        ColumnIndex::Optional(some) => Box::new(some.iter_non_null_docs()),
        _ => Box::new((0..column.num_docs()).filter(|doc| column.first(*doc).is_some())),
    }
}

/// How many documents each group of near-copies has.
fn sizes_of(groups: &Groups) -> HashMap<u64, usize> {
    let mut sizes = HashMap::new();
    groups.values().for_each(|group| *sizes.entry(*group).or_default() += 1);
    sizes
}
