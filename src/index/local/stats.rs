//! What ranking counts: passages, their length, and in how many of them a term stands.
//!
//! Of what is alive only, and from what is stored with each passage, so that the same documents are
//! ranked alike however they came into the index: the engine's own counts hold what was removed and
//! not yet merged away, and records that are no passages.

use super::columns::AllColumns;
use super::schema::{Fields, Keyword, sort};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{BitSet, DocSet, Searcher, SegmentReader, TERMINATED};

/// Terms whose counts are kept.
const FREQUENCIES_MAX: usize = 100_000;

/// Counts of one committed state that were asked for, for those who ask again.
#[derive(Default)]
pub struct Counts {
    lengths: Mutex<HashMap<Field, Lengths>>,
    frequencies: Mutex<HashMap<Term, u64>>,
}

/// The file of a generation in which counts are kept.
const KEPT: &str = "counts.json";

/// Counts as they are kept, after a line with the beginning of their BLAKE3: nothing of them is looked at that is not as
/// it was written.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Of which state they are.
    seal: String,
    /// By the number of the field: values, terms.
    lengths: Vec<(u32, u64, u64)>,
    /// By term: records.
    frequencies: Vec<(Term, u64)>,
}

/// The line before what is kept.
fn sum(kept: &[u8]) -> String {
    blake3::hash(kept).to_hex()[..16].to_string()
}

/// What was kept in a file; none if it is not as it was written.
fn whole(file: &[u8]) -> Option<Kept> {
    let end = memchr::memchr(b'\n', file)?;
    let (line, kept) = (&file[..end], &file[end + 1..]);
    (line == sum(kept).as_bytes()).then(|| serde_json::from_slice(kept).ok())?
}

impl Counts {
    /// Those that were kept of a state in the folder of its generation; none, if they are of another.
    pub fn kept(folder: &Path, seal: &str) -> Counts {
        let out = Counts::default();
        let kept = std::fs::read(folder.join(KEPT)).ok().and_then(|file| whole(&file));
        if let Some(kept) = kept.filter(|kept| kept.seal == seal) {
            held(&out.frequencies).extend(kept.frequencies);
            let all = kept.lengths.into_iter();
            held(&out.lengths)
                .extend(all.map(|(field, count, terms)| (Field::from_field_id(field), Lengths { count, terms })));
        }
        out
    }

    /// Keeps what was counted of a state.
    /// Fails with what the disk says; then there are none, or those of an earlier state.
    pub fn keep(&self, folder: &Path, seal: &str) -> std::io::Result<()> {
        let lengths = held(&self.lengths).iter().map(|(f, l)| (f.field_id(), l.count, l.terms)).collect();
        let frequencies = held(&self.frequencies).iter().map(|(term, count)| (term.clone(), *count)).collect();
        let kept = serde_json::to_vec(&Kept { seal: seal.to_string(), lengths, frequencies })?;
        let new = folder.join(".counts.json.new");
        std::fs::write(&new, [sum(&kept).as_bytes(), b"\n", &kept].concat())?;
        std::fs::rename(new, folder.join(KEPT))
    }
}

/// What can be counted in one committed state.
#[derive(Clone, Copy)]
pub struct Statistics<'a> {
    searcher: &'a Searcher,
    fields: &'a Fields,
    known: &'a Counts,
    /// What is read of every passage.
    pub columns: &'a AllColumns,
}

/// The values of a field that are not empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Lengths {
    /// How many.
    pub count: u64,
    /// Their terms, as the engine rounds them.
    pub terms: u64,
}

impl<'a> Statistics<'a> {
    /// Of a state; `known`: what was counted in it before.
    pub fn new(
        searcher: &'a Searcher,
        fields: &'a Fields,
        known: &'a Counts,
        columns: &'a AllColumns,
    ) -> Statistics<'a> {
        Statistics { searcher, fields, known, columns }
    }

    /// Whether it was counted that no passage has a field: the engine takes longer to find that out than to search.
    pub fn is_absent(&self, field: Field) -> bool {
        held(&self.known.lengths).get(&field).is_some_and(|lengths| lengths.count == 0)
    }

    /// The passages that have a field, and how long it is in them.
    pub fn lengths(&self, field: Field) -> tantivy::Result<Lengths> {
        if let Some(known) = held(&self.known.lengths).get(&field) {
            return Ok(*known);
        }
        let mut out = Lengths::default();
        for segment in self.searcher.segment_readers() {
            for (id, count) in histogram(segment, field)?.into_iter().enumerate().skip(1) {
                out.count += count;
                out.terms += count * u64::from(FieldNormReader::id_to_fieldnorm(id as u8));
            }
        }
        held(&self.known.lengths).insert(field, out);
        Ok(out)
    }

    /// The documents there are.
    pub fn documents(&self) -> tantivy::Result<u64> {
        self.frequency(&self.fields.term(Keyword::Record(sort::DOCUMENT)))
    }

    /// The passages there are: all records but the few of other sorts, which are sooner counted.
    pub fn passages(&self) -> tantivy::Result<u64> {
        let mut others = 0;
        for sort in [sort::ENTRY, sort::DOCUMENT, sort::COPY] {
            others += self.frequency(&self.fields.term(Keyword::Record(sort)))?;
        }
        Ok(self.searcher.num_docs().saturating_sub(others))
    }

    /// The passages in which a term stands.
    pub fn frequency(&self, term: &Term) -> tantivy::Result<u64> {
        if let Some(known) = held(&self.known.frequencies).get(term) {
            return Ok(*known);
        }
        let mut out = 0;
        let segments = if self.is_absent(term.field()) { &[] } else { self.searcher.segment_readers() };
        for segment in segments {
            let inverted = segment.inverted_index(term.field())?;
            let Some(info) = inverted.get_term_info(term)? else { continue };
            let Some(alive) = segment.alive_bitset() else {
                out += u64::from(info.doc_freq);
                continue;
            };
            let mut postings = inverted.read_postings_from_terminfo(&info, IndexRecordOption::Basic)?;
            while postings.doc() != TERMINATED {
                out += u64::from(alive.is_alive(postings.doc()));
                postings.advance();
            }
        }
        let mut known = held(&self.known.frequencies);
        if known.len() >= FREQUENCIES_MAX {
            known.clear();
        }
        known.insert(term.clone(), out);
        Ok(out)
    }
}

/// What is kept is whole at any time, so it holds whatever another thread did.
fn held<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many living records have each length, by the engine's number for it.
fn histogram(segment: &SegmentReader, field: Field) -> tantivy::Result<[u64; 256]> {
    // A byte a record, read as they lie: asking for them one by one is ten times slower, and every query asks.
    let bytes = match segment.fieldnorms_readers().get_inner_file().open_read(field) {
        Some(file) => file.read_bytes()?,
        None => return Ok([0; 256]),
    };
    // Neighbours are often as long; counted in four tables none waits for the one before.
    let mut tables = [[0u32; 256]; 4];
    let (fours, rest) = bytes.as_chunks::<4>();
    for four in fours {
        for (table, id) in tables.iter_mut().zip(four) {
            table[usize::from(*id)] += 1;
        }
    }
    rest.iter().for_each(|id| tables[0][usize::from(*id)] += 1);
    let mut out: [u64; 256] = std::array::from_fn(|id| tables.iter().map(|table| u64::from(table[id])).sum());
    if let Some(alive) = segment.alive_bitset() {
        let mut copy = BitSet::with_max_value_and_full(segment.max_doc());
        copy.intersect_update(alive.bitset());
        // Whole words of the set at a time: few records are dead.
        for (word, ids) in (0..).zip(bytes.chunks(64)) {
            let alive = copy.tinyset(word);
            if (alive.len() as usize) < ids.len() {
                let dead = (0..).zip(ids).filter(|(at, _)| !alive.contains(*at));
                dead.for_each(|(_, id)| out[usize::from(*id)] -= 1);
            }
        }
    }
    Ok(out)
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        if field == self.fields.text {
            return Ok(self.lengths(field)?.terms.max(1));
        }
        // Headings are about as long as titles; counting them too would cost as much as the rest. As if every passage had
        // one: so many are taken to be all.
        let Lengths { count, terms } = self.lengths(self.fields.title)?;
        Ok((terms * self.passages()?).checked_div(count).unwrap_or(0).max(1))
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.passages()?.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.frequency(term)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_that_were_changed_in_any_way_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let counts = Counts::default();
        let (field, term) = (Field::from_field_id(2), Term::from_field_text(Field::from_field_id(4), "document"));
        held(&counts.lengths).insert(field, Lengths { count: 3, terms: 40 });
        held(&counts.frequencies).insert(term.clone(), 7);
        counts.keep(folder.path(), "a seal").unwrap();
        let read = |seal: &str| {
            let counts = Counts::kept(folder.path(), seal);
            (held(&counts.lengths).get(&field).copied(), held(&counts.frequencies).get(&term).copied())
        };
        assert_eq!(read("a seal"), (Some(Lengths { count: 3, terms: 40 }), Some(7)));
        assert_eq!(read("another"), (None, None));
        let file = folder.path().join(KEPT);
        let right = std::fs::read(&file).unwrap();
        for at in 0..right.len() {
            for bit in [1, 2, 64] {
                let mut turned = right.clone();
                turned[at] ^= bit;
                std::fs::write(&file, &turned).unwrap();
                assert_eq!(read("a seal"), (None, None), "byte {at}");
            }
            std::fs::write(&file, &right[..at]).unwrap();
            assert_eq!(read("a seal"), (None, None), "cut at {at}");
        }
    }
}
