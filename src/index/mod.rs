//! The index: what any engine must do, in entries, documents, passages and queries only.
//!
//! In, to write: [`EntryRecord`]s with their documents and passages, [`Packed`]. In, to read: [`Query`].
//! Out: [`Candidates`] and records, all of one committed state.
//! May touch: the index's folder, and nothing of the user's. Only its room `local` names the engine.
//!
//! On disk an index is a folder with a small file, `dryport.json`, that names the format and the
//! folder of the current generation. A rebuild writes a new generation beside the old one and then
//! exchanges the name in one step: until then, and whatever is killed when, the old one answers.
//!
//! [`Query`]: crate::query::Query

mod local;
mod location;
mod packed;
mod record;

pub use local::{
    Candidate, Candidates, Checked, Counted, Coverage, Deadline, MEMORY_OF_WRITER, Reader, Tallies, Tally, Window,
    Writer,
};
pub use location::{FORMAT, Location};
pub use packed::Packed;
pub use record::{
    Addition, AdditionKind, DocumentRecord, EntryRecord, EntryState, Evidence, MEMBERS_LISTED, PassageRecord, Payload,
    document_id, member_path,
};

/// What an entry's record says cheaply, for comparing with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Size and time when it was read.
    pub fingerprint: crate::source::Fingerprint,
    /// Whether it gave documents.
    pub state: record::StateKind,
    /// What its owner said of it, as a number.
    pub context: u64,
}

pub use record::StateKind;

/// What an index holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    /// Documents.
    pub documents: u64,
    /// Passages.
    pub passages: u64,
    /// Bytes on disk.
    pub bytes: u64,
    /// Documents by kind, most first.
    pub kinds: Vec<(String, u64)>,
    /// Documents by language, most first.
    pub languages: Vec<(String, u64)>,
    /// Documents by year, in order; 0 for those without.
    pub years: Vec<(u16, u64)>,
    /// The files and folders it covers.
    pub roots: Vec<String>,
    /// What was taken out beneath them.
    pub forgotten: Vec<String>,
    /// Files that could not be read, with reasons, by path.
    pub failures: Vec<(String, String)>,
    /// Files that are of no format that is read, counted by reason.
    pub skipped: Vec<(String, u64)>,
}
