//! What is kept of an entry, a document, a passage, and of the index as a whole.

use crate::model::{Date, Found, Kind, Lang, RegionId, TopicId, Year};
use crate::source::Fingerprint;
use serde::{Deserialize, Serialize};

/// A file: what the index knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryRecord {
    /// Its absolute path as text.
    pub key: String,
    /// Its size and time when it was read.
    pub fingerprint: Fingerprint,
    /// BLAKE3 of its content, in hexadecimal; empty when it could not be read.
    pub hash: String,
    /// What became of it.
    pub state: EntryState,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryState {
    /// It gave documents.
    Indexed,
    /// It could not be read, and why.
    Failed(String),
    /// It is of no format that is read, and of which.
    Skipped(String),
}

/// [`EntryState`] without reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// It gave documents.
    Indexed = 0,
    /// It could not be read.
    Failed = 1,
    /// It is of no format that is read.
    Skipped = 2,
}

impl EntryState {
    /// Without the reason.
    pub fn kind(&self) -> StateKind {
        match self {
            EntryState::Indexed => StateKind::Indexed,
            EntryState::Failed(_) => StateKind::Failed,
            EntryState::Skipped(_) => StateKind::Skipped,
        }
    }
}

/// A document as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// Its id: 16 hexadecimal digits, the same as long as its path is.
    pub id: String,
    /// Its file's absolute path as text.
    pub path: String,
    /// Name of the format it was read from.
    pub format: String,
    /// Title.
    pub title: Found<String>,
    /// Kind.
    pub kind: Found<Kind>,
    /// Language.
    pub language: Found<Lang>,
    /// Day of publication.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<Found<Date>>,
    /// Year it is of.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub year: Option<Found<Year>>,
    /// Publisher.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub source: Option<Found<String>>,
    /// Who wrote it: names parted by `; `.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub author: Option<Found<String>>,
    /// Address on the web.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub url: Option<Found<String>>,
    /// The region whose government speaks in it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub issuer: Option<Found<RegionId>>,
    /// The regions it is about, the one that most of it is about first.
    pub regions: Vec<RegionId>,
    /// Its topics, the one that most of it is about first.
    pub topics: Vec<TopicId>,
    /// Number of passages.
    pub passages: u32,
}

/// A passage as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PassageRecord {
    /// Its number in the document, from 1.
    pub ordinal: u32,
    /// The headings it stands under, outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub heading: Vec<String>,
    /// The page it begins on, from 1.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub page: Option<u32>,
    /// Its text.
    pub text: String,
    /// Where it stands in the document's text, in Unicode characters.
    pub start: u64,
    /// One past its last character there.
    pub end: u64,
    /// The bytes of the file that it came from: the first, and one past the last.
    #[serde(default)]
    pub bytes: (u64, u64),
    /// The regions that hold for it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub regions: Vec<RegionId>,
    /// Its topics, then its themes.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub topics: Vec<TopicId>,
    /// The years it speaks of.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub years: Vec<Year>,
}

/// What is known of the index as a whole: written with every commit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    /// The files and folders that the index covers: absolute paths as text.
    pub roots: Vec<String>,
    /// Beneath them, what was taken out and stays out until it is named again.
    #[serde(default)]
    pub forgotten: Vec<String>,
    /// The version of dryport that made the commit: another one may read more formats.
    pub version: String,
}

/// The id of the document that a file gives: 16 hexadecimal digits of BLAKE3 over its path.
pub fn document_id(key: &str) -> String {
    blake3::hash(key.as_bytes()).to_hex()[..16].to_string()
}
