//! Years: the one a document is of, and those a passage speaks of.

mod dateline;
mod document;
mod parts;
mod plans;
mod ranges;
mod relative;
mod spoken;
mod written;

pub use document::of_document;
pub use spoken::spoken_of;

#[cfg(test)]
mod tests;
