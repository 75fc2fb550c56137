//! Near-copies: the same text in several documents, whatever the file, the encoding, the headline or the line of the
//! editor.
//!
//! In: what a document says, as its passages have it. Out: a [`Sketch`] of it, small enough to be kept of every
//! document; the [`Resemblance`] of two documents, from all of what they say; the groups that documents form
//! ([`group`]).
//! Never: reads an index, or judges by sketches alone: they only say which documents to look at.
//!
//! Two documents are compared by their shingles, four words or eight ideographs in a row, as the analyser gives
//! them, but for stems: case, width, accents and the script of Chinese make no difference. Sketches are min-hashes (Broder, "On
//! the resemblance and containment of documents", 1997), cut into bands so that documents that resemble each other
//! have one in common (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", 3.4).

mod group;
mod shingles;
mod sketch;

pub use group::{Groups, Placed, group};
pub use shingles::{Resemblance, Shingles};
pub use sketch::Sketch;
