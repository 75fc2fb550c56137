//! Every field once. Raising or changing one changes [`FORMAT`](crate::index::FORMAT).
//!
//! Four sorts of records stand in one index, told apart by `record`: an entry for each file, a
//! document for each document, a passage for each passage, a copy for each document that is a
//! near-copy of another or has one. All carry `entry`, by which a file's records are replaced together.

use crate::analysis::TOKENIZER;
use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions};

/// Values of the field `record`.
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

/// The fields of the schema.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// A passage's text.
    pub text: Field,
    /// The headings a passage stands under.
    pub heading: Field,
    /// The document's title, on its first passage: it is the one found by words of the title.
    pub title: Field,
    /// Sort of record.
    pub record: Field,
    /// Path of the file as text.
    pub entry: Field,
    /// The same as a column, on entries only.
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
    /// Id of the document, on document records; of the file, on entries; of the copy, on those.
    pub id: Field,
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
    /// Language of the document, with and without script.
    pub language: Field,
    /// Publisher, in lower case.
    pub source: Field,
    /// Regions of a passage and all they lie in.
    pub region: Field,
    /// Regions that a passage only mentions, and all they lie in.
    pub mentioned: Field,
    /// Topics and themes of a passage.
    pub topic: Field,
    /// Years a passage speaks of.
    pub about_year: Field,
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
    /// The record of a document or a passage, packed.
    pub packed: Field,
}

/// The schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let words = |option| {
        TextOptions::default()
            .set_indexing_options(TextFieldIndexing::default().set_tokenizer(TOKENIZER).set_index_option(option))
    };
    let keyword = || {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_index_option(IndexRecordOption::Basic)
                .set_fieldnorms(false),
        )
    };
    let column = || TextOptions::default().set_fast("raw");
    // A number has no length to be kept.
    let number = || NumericOptions::default().set_indexed();
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let fields = Fields {
        text: builder.add_text_field("text", words(positions)),
        heading: builder.add_text_field("heading", words(positions)),
        title: builder.add_text_field("title", words(positions)),
        record: builder.add_text_field("record", keyword()),
        entry: builder.add_text_field("entry", keyword()),
        key: builder.add_text_field("key", column()),
        size: builder.add_u64_field("size", FAST),
        modified: builder.add_i64_field("modified", FAST),
        state: builder.add_u64_field("state", number().set_fast()),
        context: builder.add_u64_field("context", FAST),
        document: builder.add_u64_field("document", number().set_fast()),
        id: builder.add_text_field("id", keyword()),
        ordinal: builder.add_u64_field("ordinal", FAST),
        year: builder.add_u64_field("year", number().set_fast()),
        first_day: builder.add_i64_field("first_day", FAST),
        last_day: builder.add_i64_field("last_day", FAST),
        kind: builder.add_text_field("kind", keyword().set_fast("raw")),
        language: builder.add_text_field("language", keyword()),
        source: builder.add_text_field("source", keyword()),
        region: builder.add_text_field("region", keyword()),
        mentioned: builder.add_text_field("mentioned", keyword()),
        topic: builder.add_text_field("topic", keyword()),
        about_year: builder.add_u64_field("about_year", number()),
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
