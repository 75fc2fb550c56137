#![doc = include_str!("ARCHITECTURE.md")]
#![warn(missing_docs)]

pub mod analysis;
pub mod annotate;
pub mod clean;
pub mod error;
pub mod extract;
pub mod index;
pub mod ingest;
pub mod model;
pub mod present;
pub mod query;
pub mod search;
pub mod source;
pub mod split;
pub mod vocab;
