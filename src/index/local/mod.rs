//! The engine on this machine: tantivy. No other room names it, but `analysis` for its tokenizer.

mod check;
mod collect;
mod columns;
mod compile;
mod copies;
mod coverage;
mod directory;
mod either;
mod exclude;
mod expand;
mod facets;
#[cfg(test)]
mod faults;
mod keep;
mod merging;
#[cfg(unix)]
mod pieces;
mod rank;
mod read;
mod refusals;
mod schema;
mod span;
mod stats;
mod status;
mod throughout;
mod timed;
mod write;

pub use check::Checked;
pub use collect::Window;
pub use coverage::Coverage;
pub use directory::is_index_file;
pub use facets::{Counted, Tallies, Tally};
pub use read::{Candidate, Candidates, Reader};
pub use timed::Deadline;
pub use write::{MEMORY_OF_WRITER, Writer};

use crate::error::Error;

/// Wraps what the engine said while it read: what it cannot make sense of is damaged.
fn engine(doing: &'static str) -> impl FnOnce(tantivy::TantivyError) -> Error {
    use tantivy::TantivyError::{DataCorruption, IoError, OpenReadError};
    move |source| match source {
        DataCorruption(_) | IoError(_) | OpenReadError(_) => Error::Broken { doing, reason: write::reason(&source) },
        source => Error::Engine { doing, source: source.into() },
    }
}

/// The number that parts documents in the index, from a document's id.
fn document_number(id: &str) -> u64 {
    u64::from_str_radix(id, 16).unwrap_or(0)
}
