//! RTF: groups of control words and text in the code pages of its fonts.
//!
//! In: bytes that begin with `{\rtf`. Out: paragraphs, headings by their styles, items with the labels
//! that the writer computed, rows of tables, notes at the end; what the file says of itself.
//! Never: pictures, objects, hidden and deleted text, or what a field would do.

mod fonts;
mod outlets;
mod read;
mod tokens;
mod words;

use super::properties::believable_title;
use super::{Format, RawDocument, prose};
use crate::error::Problem;
use crate::model::{Confidence, Found, Origin};
use crate::source::{Blob, Head, Limits};

/// RTF.
pub const FORMAT: Format = Format { name: "rtf", extensions: &["rtf"], is_binary: true, recognises, extract };

fn recognises(head: &Head) -> bool {
    begins(head.bytes).starts_with(b"{\\rtf")
}

/// The file from its first brace on: some writers put marks or blanks before it.
fn begins(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.trim_ascii_start()
}

fn extract(blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    let read = read::read(begins(&blob.bytes), limits)?;
    let mut flow = super::Flow::new(limits);
    prose::leave_out(read.left_out, &mut flow);
    prose::pour(read.body, &mut flow);
    prose::pour_notes(read.notes, &mut flow);
    let mut raw = flow.finish()?;
    let found = |value: &str| Found::new(value.trim().to_string(), Origin::Meta).at("document information");
    let info = read.info;
    raw.metadata.title = believable_title(&info.title).map(|t| found(&t));
    raw.metadata.authors = Some(info.author).filter(|a| !a.trim().is_empty()).iter().map(|a| found(a)).collect();
    raw.metadata.dates = info.created.iter().map(|d| found(d).sure(Confidence::Low)).collect();
    Ok(raw)
}

#[cfg(test)]
mod tests;
