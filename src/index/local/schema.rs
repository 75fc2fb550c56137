//! Every field once. Raising or changing one changes [`FORMAT`](crate::index::FORMAT).
//!
//! Four sorts of records stand in one index, told apart by `record`: an entry for each file, a
//! document for each document, a passage for each passage, a copy for each document that is a
//! near-copy of another or has one. All carry [`Keyword::Entry`], by which a file's records are replaced together.

use crate::analysis::TOKENIZER;
use smallvec::SmallVec;
use tantivy::TantivyDocument;
use tantivy::schema::{
    BytesOptions, FAST, Field, IndexRecordOption, STORED, Schema, Term, TextFieldIndexing, TextOptions,
};

/// Values of [`Keyword::Record`].
pub mod sort {
    /// A file.
    pub const ENTRY: &str = "entry";
    /// A document.
    pub const DOCUMENT: &str = "document";
    /// A passage.
    pub const PASSAGE: &str = "passage";
    /// That a document belongs to a group of near-copies.
    pub const COPY: &str = "copy";
}

/// Between labels that make one value: no code and no slug has it.
pub const SEPARATOR: u8 = b'\n';

/// What records are found and filtered by. All are values of one field, told apart by their first byte: each field costs
/// a new segment half a megabyte of cleared memory, and a dictionary.
#[derive(Clone, Copy, Debug)]
pub enum Keyword<'a> {
    /// Sort of record.
    Record(&'a str),
    /// Path of the file, as [`entry_key`](crate::index::local::entry_key) has it.
    Entry(&'a str),
    /// Id of the document, on document records; of the file, on entries; of the copy, on those.
    Id(&'a str),
    /// Number of the document.
    Document(u64),
    /// What became of a file.
    State(u64),
    /// Year of the document.
    Year(u16),
    /// Kind of the document.
    Kind(&'a str),
    /// Language of the document, with and without script.
    Language(&'a str),
    /// Publisher, in lower case.
    Source(&'a str),
    /// A region of a passage, or one that it lies in.
    Region(&'a str),
    /// A region that a passage only mentions, or one that it lies in.
    Mentioned(&'a str),
    /// A topic or theme of a passage.
    Topic(&'a str),
    /// A year a passage speaks of.
    AboutYear(u16),
}

impl Keyword<'_> {
    /// The value: a byte that says what it is, and what it says.
    pub fn bytes(self) -> SmallVec<[u8; 64]> {
        let (sort, text, number) = match self {
            Keyword::Record(text) => (b'r', text, None),
            Keyword::Entry(text) => (b'e', text, None),
            Keyword::Id(text) => (b'i', text, None),
            Keyword::Document(number) => (b'd', "", Some(number)),
            Keyword::State(number) => (b's', "", Some(number)),
            Keyword::Year(year) => (b'y', "", Some(year.into())),
            Keyword::Kind(text) => (b'k', text, None),
            Keyword::Language(text) => (b'l', text, None),
            Keyword::Source(text) => (b'p', text, None),
            Keyword::Region(text) => (b'g', text, None),
            Keyword::Mentioned(text) => (b'm', text, None),
            Keyword::Topic(text) => (b't', text, None),
            Keyword::AboutYear(year) => (b'a', "", Some(year.into())),
        };
        let mut out = SmallVec::new();
        out.push(sort);
        out.extend_from_slice(text.as_bytes());
        out.extend(number.iter().flat_map(|number: &u64| number.to_be_bytes()));
        out
    }
}

/// The fields of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// A passage's text, kept too.
    pub text: Field,
    /// The headings a passage stands under.
    pub heading: Field,
    /// The document's title, on its first passage: it is the one found by words of the title.
    pub title: Field,
    /// What records are found and filtered by: [`Keyword`]s.
    pub keyword: Field,
    /// Path of the file, on entries only.
    pub key: Field,
    /// Size of the file in bytes.
    pub size: Field,
    /// Time of its last change, in nanoseconds since 1970.
    pub modified: Field,
    /// What became of it.
    pub state: Field,
    /// What the file's owner said of it, as a number.
    pub context: Field,
    /// Number that parts documents: the first 8 bytes of the hash that is their id.
    pub document: Field,
    /// Number of the passage in its document.
    pub ordinal: Field,
    /// Year of the document.
    pub year: Field,
    /// First day on which the document can have been published, in days since 1970.
    pub first_day: Field,
    /// Last such day.
    pub last_day: Field,
    /// Kind of the document.
    pub kind: Field,
    /// For counting: the regions of a passage and all they lie in, a line each, as one value; empty on other
    /// records. Reading one number a passage is several times faster than reading a list.
    pub regions: Field,
    /// The same of topics and themes.
    pub topics: Field,
    /// The same of a document's language.
    pub languages: Field,
    /// Publisher as written.
    pub publisher: Field,
    /// Members of a file that could not be read, on entries that have such.
    pub failed: Field,
    /// What near-copies are found by, on document records: [`Sketch::numbers`](crate::copies::Sketch::numbers).
    pub sketch: Field,
    /// On copy records, the number of the document that stands for the group.
    pub group: Field,
    /// The record of a file.
    pub data: Field,
    /// The record of a document, or of a passage but for its text, packed.
    pub packed: Field,
}

impl Fields {
    /// A keyword in the engine's terms.
    pub fn term(&self, keyword: Keyword) -> Term {
        Term::from_field_bytes(self.keyword, &keyword.bytes())
    }

    /// Gives a record a keyword.
    pub fn put(&self, record: &mut TantivyDocument, keyword: Keyword) {
        record.add_bytes(self.keyword, &keyword.bytes());
    }
}

/// The schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |option| {
        TextOptions::default()
            .set_indexing_options(TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(option))
    };
    let column = || TextOptions::default().set_fast("raw");
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let fields = Fields {
        text: builder.add_text_field("text", words(positions).set_stored()),
        heading: builder.add_text_field("heading", words(positions)),
        title: builder.add_text_field("title", words(positions)),
        keyword: builder.add_bytes_field("keyword", BytesOptions::default().set_indexed()),
        key: builder.add_text_field("key", column()),
        size: builder.add_u64_field("size", FAST),
        modified: builder.add_i64_field("modified", FAST),
        state: builder.add_u64_field("state", FAST),
        context: builder.add_u64_field("context", FAST),
        document: builder.add_u64_field("document", FAST),
        ordinal: builder.add_u64_field("ordinal", FAST),
        year: builder.add_u64_field("year", FAST),
        first_day: builder.add_i64_field("first_day", FAST),
        last_day: builder.add_i64_field("last_day", FAST),
        kind: builder.add_text_field("kind", column()),
        regions: builder.add_text_field("regions", column()),
        topics: builder.add_text_field("topics", column()),
        languages: builder.add_text_field("languages", column()),
        publisher: builder.add_text_field("publisher", column()),
        failed: builder.add_u64_field("failed", FAST),
        sketch: builder.add_u64_field("sketch", FAST),
        group: builder.add_u64_field("group", FAST),
        data: builder.add_text_field("data", STORED),
        packed: builder.add_bytes_field("packed", STORED),
    };
    (builder.build(), fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_of_two_sorts_never_meet() {
        let all = [
            Keyword::Record("a"),
            Keyword::Entry("a"),
            Keyword::Id("a"),
            Keyword::Document(7),
            Keyword::State(7),
            Keyword::Year(7),
            Keyword::Kind("a"),
            Keyword::Language("a"),
            Keyword::Source("a"),
            Keyword::Region("a"),
            Keyword::Mentioned("a"),
            Keyword::Topic("a"),
            Keyword::AboutYear(7),
        ];
        let mut sorts: Vec<u8> = all.iter().map(|keyword| keyword.bytes()[0]).collect();
        sorts.sort_unstable();
        sorts.dedup();
        assert_eq!(sorts.len(), all.len());
        assert_ne!(Keyword::Year(2020).bytes(), Keyword::Year(2021).bytes());
        // In the order of numbers.
        assert!(Keyword::Year(255).bytes() < Keyword::Year(256).bytes());
    }
}
