//! Word documents of 1993 to 2003: a compound file with a stream of text and tables that say what it is.
//!
//! In: a compound file with a stream `WordDocument`. Out: paragraphs, headings by their styles, items
//! with the labels that Word would show, rows of tables, text boxes, notes at the end; what the file says
//! of itself. Of files before Word 97, the text without its formats.
//! Never: pictures, objects, hidden and deleted text, comments, or what a field would do.

mod body;
mod bytes;
mod fib;
mod format;
mod lists;
mod numbers;
mod pieces;
mod styles;
mod summary;

use super::properties::believable_title;
use super::{Flow, Format, RawDocument, codepage};
use crate::error::Problem;
use crate::model::{Confidence, Found, Origin};
use crate::source::{Blob, Head, Limits};
use body::{Body, Formats};
use fib::{Fib, Story, damaged};
use format::Runs;
use lists::Lists;
use pieces::Piece;
use std::io::{Cursor, Read};
use styles::Styles;

/// Old Word documents.
pub const FORMAT: Format = Format { name: "doc", extensions: &["doc", "dot"], is_binary: true, recognises, extract };

/// What compound files begin with.
const MAGIC: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// The stream that makes one a Word document.
const STREAM: &str = "WordDocument";

type Compound<'a> = cfb::CompoundFile<Cursor<&'a [u8]>>;

fn recognises(head: &Head) -> bool {
    if !head.begins(MAGIC) {
        return false;
    }
    let name: Vec<u8> = STREAM.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // The name may also be that of a document within a workbook: only the outermost counts. A file
    // whose list of streams cannot be read is better called a damaged document than something else.
    memchr::memmem::find(head.bytes, &name).is_some()
        && cfb::CompoundFile::open(Cursor::new(head.bytes)).map_or(true, |file| file.is_stream(STREAM))
}

fn extract(blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    let mut file = cfb::CompoundFile::open(Cursor::new(blob.bytes.as_slice()))
        .map_err(|e| damaged(&format!("its list of streams cannot be read ({e})")))?;
    let mut stream = |name: &str| stream(&mut file, name, blob.bytes.len());
    let document = stream(STREAM).ok_or_else(|| damaged("the stream with its text is not there"))?;
    let fib = Fib::read(&document)?;
    let mut flow = Flow::new(limits);
    if fib.is_modern {
        let table = fib.tables().into_iter().find_map(&mut stream);
        let table = table.ok_or_else(|| damaged("the stream with its tables is not there"))?;
        let data = stream("Data").unwrap_or_default();
        modern(&fib, [&document, &table, &data], limits)?.pour(&mut flow);
    } else {
        old(&fib, &document, limits)?.pour(&mut flow);
    }
    let mut raw = flow.finish()?;
    let summary = stream("\u{5}SummaryInformation").map(|s| summary::read(&s)).unwrap_or_default();
    let found = |value| Found::new(value, Origin::Meta).at("summary information");
    raw.metadata.title = summary.title.and_then(|t| believable_title(&t)).map(found);
    raw.metadata.authors = summary.author.into_iter().map(found).collect();
    raw.metadata.dates = summary.created.into_iter().map(|d| found(d).sure(Confidence::Low)).collect();
    Ok(raw)
}

/// What can be read of a stream, which is no longer than the file; none if it is not there. Whether
/// enough is there shows later.
fn stream(file: &mut Compound, name: &str, most: usize) -> Option<Vec<u8>> {
    let stream = file.open_stream(name).ok()?;
    let mut bytes = Vec::new();
    match stream.take(most as u64).read_to_end(&mut bytes) {
        Err(_) if bytes.is_empty() => None,
        _ => Some(bytes),
    }
}

/// A document of Word 97 or later.
fn modern<'a>(fib: &Fib, [document, table, data]: [&'a [u8]; 3], limits: &'a Limits) -> Result<Body<'a>, Problem> {
    let pieces = pieces::pieces(fib.part(table, fib::PIECES), false);
    let pieces = pieces.ok_or_else(|| damaged("the table of its text is not whole"))?;
    let formats = Formats {
        document,
        data,
        characters: Runs::of_characters(fib.part(table, fib::CHARACTERS), document),
        paragraphs: Runs::of_paragraphs(fib.part(table, fib::PARAGRAPHS), document),
        styles: Styles::read(fib.part(table, fib::STYLES), data),
        lists: Lists::read(table, fib.place(fib::LISTS), fib.part(table, fib::LIST_FORMATS)),
    };
    let mut body = Body::new(formats, limits);
    walk(fib, &pieces, document, |part| match part {
        Part::Begin(story) => body.begin(story),
        Part::Text(bytes, piece, at) => body.piece(bytes, piece, at),
    })?;
    Ok(body)
}

/// A document of Word 6 or 95: its text in the code page of its language.
fn old<'a>(fib: &Fib, document: &[u8], limits: &'a Limits) -> Result<Body<'a>, Problem> {
    let whole = || {
        let (from, to) = fib.old_text().filter(|(from, to)| from <= to)?;
        let size = if fib.is_wide() { 2 } else { 1 };
        let length = u32::try_from((to - from) / size).ok()?;
        Some(vec![Piece { length, at: from, is_wide: fib.is_wide(), changes: pieces::Changes::One(0, 0) }])
    };
    let pieces = if fib.is_in_pieces() { pieces::pieces(fib.old_pieces(), true) } else { whole() };
    let pieces = pieces.ok_or_else(|| damaged("the table of its text is not whole"))?;
    let (narrow, wide) = (codepage::by_language(fib.language), codepage::by_number(1200).unwrap_or(codepage::WESTERN));
    let mut body = Body::new(Formats::default(), limits);
    walk(fib, &pieces, document, |part| match part {
        Part::Begin(story) => body.begin(story),
        Part::Text(bytes, piece, _) => body.plain(&if piece.is_wide { wide } else { narrow }.decode(bytes)),
    })?;
    Ok(body)
}

/// A step through the text of a document.
enum Part<'a> {
    Begin(Story),
    /// Characters of a piece, and where they lie.
    Text(&'a [u8], &'a Piece<'a>, usize),
}

/// Goes through all stories in order. Fails when text that should be there is not.
fn walk<'a>(
    fib: &Fib,
    pieces: &'a [Piece<'a>],
    document: &'a [u8],
    mut take: impl FnMut(Part<'a>),
) -> Result<(), Problem> {
    let lengths = fib.stories();
    let is_silent = lengths.iter().all(|(_, length)| *length == 0);
    let mut stories = lengths.into_iter();
    // What the stories leave over is the last mark, but all is text in a file that does not say their lengths.
    let mut left = stories.next().map_or(0, |(_, length)| if is_silent { u32::MAX } else { length });
    let mut bytes_left = document.len();
    for piece in pieces {
        let (mut done, size) = (0, if piece.is_wide { 2usize } else { 1 });
        while done < piece.length {
            if left == 0 {
                let Some((story, length)) = stories.next() else { return Ok(()) };
                take(Part::Begin(story));
                left = length;
                continue;
            }
            let length = left.min(piece.length - done);
            let place = |characters: u32| usize::try_from(characters).ok().and_then(|c| c.checked_mul(size));
            let at = place(done).and_then(|d| piece.at.checked_add(d));
            let bytes =
                at.zip(place(length)).and_then(|(at, length)| Some((at, bytes::stretch(document, at, length)?)));
            let (at, bytes) = bytes.ok_or_else(|| damaged("a part of its text is not there"))?;
            // Pieces do not overlap: together they are no longer than the stream.
            bytes_left = bytes_left.checked_sub(bytes.len()).ok_or_else(|| damaged("parts of its text overlap"))?;
            take(Part::Text(bytes, piece, at));
            (done, left) = (done + length, left - length);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
