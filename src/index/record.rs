//! What is kept of an entry, a document, a passage, and of the index as a whole.

use crate::copies::Sketch;
use crate::model::{Date, Found, Kind, Lang, RegionId, TopicId, Year};
use crate::source::{Fingerprint, Limits};
use crate::vocab::{Definitions, Vocabulary};
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
    /// What its owner said of it when it was read, as a number; 0 for nothing. Another number now
    /// means that it has to be read again.
    pub context: u64,
}

impl EntryRecord {
    /// A file that was indexed, of which no more is known.
    pub fn new(key: &str) -> EntryRecord {
        EntryRecord {
            key: key.to_string(),
            fingerprint: Fingerprint::default(),
            hash: String::new(),
            state: EntryState::Indexed,
            context: 0,
        }
    }

    /// A file, or a folder, that cannot be read for a reason. `fingerprint`: what it is known by until then.
    pub fn unreadable(key: String, reason: String, fingerprint: Fingerprint) -> EntryRecord {
        EntryRecord { key, fingerprint, hash: String::new(), state: EntryState::Failed(reason), context: 0 }
    }
}

/// Members of one file that are listed with the reason why they could not be read.
pub const MEMBERS_LISTED: usize = 200;

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryState {
    /// It gave documents.
    Indexed,
    /// It gave documents, and some of its members could not be read.
    Partly {
        /// Members by their address, and why; at most [`MEMBERS_LISTED`].
        failures: Vec<(String, String)>,
        /// How many could not be read in all.
        failed: u64,
    },
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
    /// It gave documents, but not all that it holds.
    Partly = 3,
}

impl StateKind {
    /// Whether it gave documents.
    pub fn has_documents(self) -> bool {
        matches!(self, StateKind::Indexed | StateKind::Partly)
    }
}

impl EntryState {
    /// Without the reason.
    pub fn kind(&self) -> StateKind {
        match self {
            EntryState::Indexed => StateKind::Indexed,
            EntryState::Partly { .. } => StateKind::Partly,
            EntryState::Failed(_) => StateKind::Failed,
            EntryState::Skipped(_) => StateKind::Skipped,
        }
    }
}

/// A document as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentRecord {
    /// Its id: 16 hexadecimal digits, the same as long as its path is.
    pub id: String,
    /// Its file's absolute path as text; for a member of a container, `!/` and its address after it.
    pub path: String,
    /// Its address within its file; none if it is the file.
    pub member: Option<String>,
    /// Name of the format it was read from.
    pub format: String,
    /// Title.
    pub title: Found<String>,
    /// Kind.
    pub kind: Found<Kind>,
    /// Language.
    pub language: Found<Lang>,
    /// That a machine translated it from Chinese, if it seems so.
    pub translated: Option<Found<bool>>,
    /// Day of publication.
    pub date: Option<Found<Date>>,
    /// Year it is of.
    pub year: Option<Found<Year>>,
    /// Publisher.
    pub source: Option<Found<String>>,
    /// Who wrote it: names parted by `; `.
    pub author: Option<Found<String>>,
    /// Address on the web.
    pub url: Option<Found<String>>,
    /// The region whose government speaks in it.
    pub issuer: Option<Found<RegionId>>,
    /// The regions it is about, the one that most of it is about first.
    pub regions: Vec<RegionId>,
    /// Its topics, the one that most of it is about first.
    pub topics: Vec<TopicId>,
    /// Number of passages.
    pub passages: u32,
    /// What near-copies of it are found by; kept apart from the record.
    pub sketch: Sketch,
}

/// A passage as it is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PassageRecord {
    /// Its number in the document, from 1.
    pub ordinal: u32,
    /// The headings it stands under, outermost first.
    pub heading: Vec<String>,
    /// The page it begins on, from 1.
    pub page: Option<u32>,
    /// Its text.
    pub text: String,
    /// Where it stands in the document's text, in Unicode characters.
    pub start: u64,
    /// One past its last character there.
    pub end: u64,
    /// The bytes of the file that it came from: the first, and one past the last; none where the text is
    /// packed, coded or drawn.
    pub bytes: Option<(u64, u64)>,
    /// The regions it is about.
    pub regions: Vec<RegionId>,
    /// The regions it only mentions.
    pub mentions: Vec<RegionId>,
    /// Its topics, then its themes.
    pub topics: Vec<TopicId>,
    /// The years it speaks of.
    pub years: Vec<Year>,
    /// What gave each of these.
    pub evidence: Vec<Evidence>,
}

/// What gave a label of a passage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The label: a region's code, a topic's slug, a year.
    pub label: String,
    /// The words that gave it, as written; empty when it was inherited.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub words: String,
    /// The rule by which they did.
    pub rule: String,
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
    /// The limits of the last run: what was over one may be within another.
    #[serde(default)]
    pub limits: Limits,
    /// Columns that the user named for fields of tables, for all later runs.
    #[serde(default)]
    pub map: Vec<(String, String)>,
    /// What the user added to the vocabularies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub additions: Vec<Addition>,
    /// Whether the groups of near-copies are those of this commit.
    #[serde(default)]
    pub copies_known: bool,
}

/// A file by which the user adds to the vocabularies, as it was when it was read last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addition {
    /// What it adds.
    pub kind: AdditionKind,
    /// Its absolute path as text.
    pub file: String,
    /// Its text.
    pub text: String,
    /// It was named by an option, and not found in a folder.
    #[serde(default)]
    pub named: bool,
}

impl Addition {
    /// Adds what it defines.
    /// Fails with what is wrong in it, for a reader; then nothing is added.
    pub fn add_to(&self, definitions: &mut Definitions) -> Result<(), String> {
        match self.kind {
            AdditionKind::Places => definitions.add_places(&self.text),
            AdditionKind::Topics => definitions.add_taxonomy(&self.text),
            AdditionKind::Glossary => definitions.add_glossary(&self.text),
        }
    }
}

/// What a file adds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AdditionKind {
    /// Places.
    Places,
    /// Topics.
    Topics,
    /// Terms by which queries are widened.
    Glossary,
}

impl AdditionKind {
    /// All.
    pub const ALL: [AdditionKind; 3] = [AdditionKind::Places, AdditionKind::Topics, AdditionKind::Glossary];

    /// The name of such a file in a folder.
    pub fn file_name(self) -> &'static str {
        let [places, topics, glossary] = crate::source::ADDITION_FILES;
        match self {
            AdditionKind::Places => places,
            AdditionKind::Topics => topics,
            AdditionKind::Glossary => glossary,
        }
    }

    /// Whether the labels of documents depend on it; if not, it is used by queries alone.
    pub fn is_of_labels(self) -> bool {
        self != AdditionKind::Glossary
    }
}

impl Payload {
    /// The vocabularies that hold for the index.
    pub fn vocabulary(&self) -> Vocabulary {
        let mut definitions = Definitions::default();
        for addition in &self.additions {
            // What was taken once is right.
            match addition.kind {
                // Tried below: a query does not wait for it twice.
                AdditionKind::Glossary => definitions.glossaries.push(addition.text.clone()),
                AdditionKind::Places | AdditionKind::Topics => drop(addition.add_to(&mut definitions)),
            }
        }
        Vocabulary::new(&definitions).or_else(|_| Vocabulary::new(&definitions.of_labels())).unwrap_or_default()
    }
}

impl DocumentRecord {
    /// A document of text of which no more is known.
    pub fn new(path: &str, title: Found<String>, kind: Found<Kind>, language: Found<Lang>) -> DocumentRecord {
        DocumentRecord {
            id: document_id(path),
            path: path.to_string(),
            member: None,
            format: "text".into(),
            title,
            kind,
            language,
            translated: None,
            date: None,
            year: None,
            source: None,
            author: None,
            url: None,
            issuer: None,
            regions: Vec::new(),
            topics: Vec::new(),
            passages: 0,
            sketch: Sketch::default(),
        }
    }

    /// The path of the file that it is, or lies in.
    pub fn file(&self) -> &str {
        let inside = self.member.as_ref().map_or(0, |m| m.len() + 2);
        self.path.get(..self.path.len().saturating_sub(inside)).unwrap_or(&self.path)
    }
}

/// The id of the document that a file gives: 16 hexadecimal digits of BLAKE3 over its path.
pub fn document_id(key: &str) -> String {
    blake3::hash(key.as_bytes()).to_hex()[..16].to_string()
}

/// The path of a member: that of its file, and its address in it.
pub fn member_path(key: &str, member: &str) -> String {
    if member.is_empty() { key.to_string() } else { format!("{key}!/{member}") }
}
