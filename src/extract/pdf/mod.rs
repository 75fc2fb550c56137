//! PDF: characters with places → text in reading order, with page numbers.
//!
//! A PDF says where each character is drawn and nothing of words, lines or columns. `glyphs` collects
//! what a page draws, `layout` makes text of it. Nothing is rendered, followed or run.

mod glyphs;

use super::flow::Flow;
use super::layout::{Layout, Page};
use super::properties::{authors, believable_title};
use super::{Format, RawDocument};
use crate::error::Problem;
use crate::model::{Confidence, Found, Origin};
use crate::source::{Blob, Limits};
use glyphs::draw;
use hayro_interpret::InterpreterCache;
use hayro_interpret::hayro_syntax::metadata::Metadata;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use std::collections::HashMap;

/// PDF.
pub const FORMAT: Format =
    Format { name: "pdf", extensions: &["pdf"], is_binary: true, recognises: |head| is_pdf(head.bytes), extract };

/// Where the mark of a PDF must stand: some producers put bytes before it.
const MARK_WITHIN: usize = 1024;
/// Where its last mark must stand, counted from the end: servers append to files.
const END_WITHIN: usize = 65_536;
/// Fewer characters a page than this are no text layer: a stamp, a page number on a scan.
const SCAN_CHARACTERS: usize = 12;
/// Where the metadata stands, for people.
const PLACE: &str = "document information";

fn is_pdf(bytes: &[u8]) -> bool {
    memchr::memmem::find(&bytes[..bytes.len().min(MARK_WITHIN)], b"%PDF-").is_some()
}

fn extract(blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    if is_cut(&blob.bytes) {
        return Err(Problem::Content("is damaged: the PDF is cut off before its end".into()));
    }
    let pdf = Pdf::new(blob.bytes.clone()).map_err(said)?;
    let cache = InterpreterCache::new();
    let mut fonts = HashMap::new();
    let mut layout = Layout::default();
    let (mut unknown, mut known, mut pictures) = (0, 0, 0);
    for page in pdf.pages().iter() {
        let drawing = draw(page, &cache, &mut fonts);
        unknown += drawing.unknown;
        pictures += drawing.pictures;
        known += drawing.turned.iter().flatten().filter(|g| !g.text.is_blank()).count();
        layout.add(Page {
            turned: drawing.turned,
            width: drawing.width,
            height: drawing.height,
            before: format!("{}\n{}", drawing.artifacts, drawing.aslant),
            ..Page::default()
        });
        if layout.bytes() > limits.text {
            return Err(limits.over("max-text"));
        }
    }
    let pages = layout.len();
    if pages == 0 {
        return Err(Problem::Content("is damaged: it has no pages".into()));
    }
    if unknown > known {
        let reason = "has a text layer that cannot be read: its fonts do not say which characters they draw";
        return Err(Problem::Content(reason.into()));
    }
    if known == 0 || known < SCAN_CHARACTERS * pages && pictures >= pages {
        let reason = if pictures > 0 {
            "has no text layer: its pages are pictures (a scan)"
        } else {
            "has no text: its pages are empty or drawn as shapes"
        };
        return Err(Problem::Content(reason.into()));
    }
    let metadata = pdf.metadata();
    let declared = metadata.title.as_deref().map(text_string).and_then(|t| believable_title(&t));
    let mut pages = layout.read();
    let title = pages.title(declared.map(|t| Found::new(t, Origin::Meta).at(PLACE)));
    let mut flow = Flow::new(limits);
    pages.pour(&mut flow);
    let mut raw = flow.finish()?;
    raw.metadata.title = title;
    describe(&mut raw, metadata);
    Ok(raw)
}

/// Whether the end of a file is missing: a whole one has its mark there, with little after it.
fn is_cut(bytes: &[u8]) -> bool {
    let tail = bytes.len().saturating_sub(END_WITHIN);
    memchr::memmem::rfind(&bytes[tail..], b"%%EOF").is_none()
        && memchr::memmem::rfind(&bytes[tail..], b"startxref").is_none()
}

fn said(error: LoadPdfError) -> Problem {
    Problem::Content(
        match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => "is protected by a password",
            LoadPdfError::Decryption(_) => "is encrypted in a way that is not read",
            LoadPdfError::Invalid => "is damaged: no PDF that can be read",
        }
        .into(),
    )
}

fn describe(raw: &mut RawDocument, metadata: &Metadata) {
    let author = metadata.author.as_deref().map(text_string).unwrap_or_default();
    raw.metadata.authors.extend(authors(&author).into_iter().map(|a| Found::new(a, Origin::Meta).at(PLACE)));
    if let Some(date) = &metadata.creation_date {
        // When the file was made: mostly near the day of publication, and all there is.
        let text = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
        raw.metadata.dates.push(Found::new(text, Origin::Meta).at(PLACE).sure(Confidence::Low));
    }
}

/// Text of a PDF's dictionaries: UTF-16 or UTF-8 with a mark, else one byte a character.
pub(super) fn text_string(bytes: &[u8]) -> String {
    let text = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0.into_owned(),
        None if bytes.iter().any(|b| *b >= 0x80) && std::str::from_utf8(bytes).is_ok() => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        None => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    };
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests;
