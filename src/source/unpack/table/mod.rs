//! Tables of documents: CSV, TSV and their kin, a document a row.
//!
//! Encoding, delimiter and quoting are told from the content; columns by their usual names, or as a
//! user mapped them. Where a document lies in many rows, a part of it in each, they become one.

use super::fields::{Columns, DOCUMENT, ID, PART, SECTION, TEXT, listed};
use super::{Container, Sink, damaged, markup, stem};
use crate::decode;
use crate::error::Problem;
use crate::source::{Blob, Given};
use csv::StringRecord;
use std::borrow::Cow;
use std::collections::HashSet;
use std::io::Read;

/// Tables, by their names only: any text could be one.
pub const CONTAINER: Container = Container {
    name: "table",
    extensions: &["csv", "tsv", "tab", "psv"],
    is_binary: false,
    recognises: |_| false,
    unpack,
};

/// What parts cells; of equals the first.
const DELIMITERS: &[u8] = b",;\t|";
/// Bytes that tell how a table is written.
const SAMPLE_BYTES: usize = 256 << 10;
/// Rows that tell which column has the text if none has its name.
const SAMPLE_ROWS: usize = 200;
/// A column of texts has more characters than this in a cell, on average.
const TEXT_CHARS_MIN: usize = 200;
/// Put after the end of a table: read as a row of its own, it shows that no quotation is open there.
const END: &str = "\n\u{1}\u{1}\n";

/// How a table is written.
#[derive(Debug, PartialEq, Eq)]
struct Dialect {
    delimiter: u8,
    /// Whether cells are in quotes that are no part of them.
    quotes: bool,
}

impl Dialect {
    /// By the first row: the delimiter that finds columns of known names in it, or else the most columns.
    fn of(text: &str, map: &[(String, String)]) -> Dialect {
        let head = Dialect::first_row(text);
        let known = |delimiter: &u8| {
            let delimiter = Dialect { delimiter: *delimiter, quotes: true };
            let names =
                delimiter.reader(head.as_bytes()).into_records().next().and_then(Result::ok).unwrap_or_default();
            let names: Vec<&str> = names.iter().collect();
            let columns = Columns::of(&names, map).or_else(|_| Columns::of(&names, &[])).unwrap_or_default();
            let known = [ID, DOCUMENT, PART, SECTION, TEXT].iter().chain(crate::source::FIELDS);
            (known.filter(|f| columns.first(f).is_some()).count(), names.len())
        };
        let delimiter = DELIMITERS.iter().rev().copied().max_by_key(known).unwrap_or(b',');
        let sample = text.get(..floor(text, SAMPLE_BYTES)).unwrap_or(text);
        // Quotes in tables by tabs are often a part of the text.
        Dialect { delimiter, quotes: matches!(delimiter, b',' | b';') || Dialect::is_quoted(sample, delimiter) }
    }

    /// The first row that is not blank, as it is written: to the first line end outside of quotes.
    fn first_row(text: &str) -> &str {
        let text = text.trim_start_matches(['\n', '\r']);
        let text = text.get(..floor(text, SAMPLE_BYTES)).unwrap_or(text);
        let mut inside = false;
        let end = text.bytes().position(|b| {
            inside ^= b == b'"';
            b == b'\n' && !inside
        });
        end.or_else(|| text.find('\n')).and_then(|n| text.get(..n)).unwrap_or(text)
    }

    /// Whether as many cells end with a quote as begin with one.
    fn is_quoted(sample: &str, delimiter: u8) -> bool {
        let bytes = sample.as_bytes();
        let parts = |b: Option<&u8>| b.is_none_or(|b| *b == delimiter || matches!(b, b'\n' | b'\r'));
        let (mut begin, mut end) = (0usize, 0usize);
        for at in memchr::memchr_iter(b'"', bytes) {
            begin += usize::from(parts(at.checked_sub(1).and_then(|n| bytes.get(n))));
            end += usize::from(parts(bytes.get(at + 1)));
        }
        begin == end
    }

    fn reader<R: Read>(&self, input: R) -> csv::Reader<R> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .quoting(self.quotes)
            .from_reader(input)
    }
}

/// The border between characters at or before a place.
fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|n| text.is_char_boundary(*n)).unwrap_or(0)
}

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let text = decode::text(&blob.bytes, None);
    let mut body = text.trim_start_matches('\u{feff}');
    let mut stated = None;
    // Excel is told the delimiter in a line before the table.
    if let Some(rest) = body.strip_prefix("sep=").and_then(|r| r.split_once('\n')) {
        stated = rest.0.bytes().next();
        body = rest.1;
    }
    let mut dialect = Dialect::of(body, sink.map);
    dialect.delimiter = stated.filter(u8::is_ascii).unwrap_or(dialect.delimiter);
    let mut rows = Rows { reader: dialect.reader(body.as_bytes().chain(END.as_bytes())), cells: 0, ended: false };
    let names = rows.next(sink)?.ok_or_else(|| Problem::Content("has no rows".into()))?;
    let names: Vec<String> = names.iter().map(|n| n.trim().to_string()).collect();
    let columns = Columns::of(&names, sink.map)?;
    let mut table = Table { names, columns, blob, delimiter: char::from(dialect.delimiter), number: 0, open: None };
    let mut waiting = Vec::new().into_iter();
    if table.columns.first(TEXT).is_none() {
        let mut sample = Vec::new();
        while sample.len() < SAMPLE_ROWS
            && let Some(row) = rows.next(sink)?
        {
            sample.push(row);
        }
        table.find_text(&sample)?;
        waiting = sample.into_iter();
    }
    while let Some(row) = waiting.next().map_or_else(|| rows.next(sink), |row| Ok(Some(row)))? {
        table.row(&row, sink)?;
    }
    table.hand_over(sink)?;
    if table.number == 0 && rows.ended { Err(Problem::Content("has no rows".into())) } else { rows.end() }
}

/// Rows, counted by their cells.
struct Rows<R: Read> {
    reader: csv::Reader<R>,
    cells: u64,
    /// The end was read as a row of its own.
    ended: bool,
}

impl<R: Read> Rows<R> {
    fn next(&mut self, sink: &Sink) -> Result<Option<StringRecord>, Problem> {
        let mut row = StringRecord::new();
        loop {
            if !self.reader.read_record(&mut row).map_err(|e| damaged(&e.to_string()))? {
                return Ok(None);
            }
            self.ended = row.len() == 1 && row.get(0) == Some(END.trim_matches('\n'));
            if self.ended || row.iter().all(|c| c.trim().is_empty()) {
                continue;
            }
            self.cells += row.len() as u64;
            if self.cells > sink.limits.cells {
                return Err(sink.limits.over("max-cells"));
            }
            // A quotation that never ends has taken in all that follows.
            let is_open = row.iter().next_back().is_some_and(|c| c.ends_with(END));
            return if is_open { Ok(None) } else { Ok(Some(row)) };
        }
    }

    /// How it ended.
    fn end(&self) -> Result<(), Problem> {
        if self.ended { Ok(()) } else { Err(damaged("a quotation in the last row does not end")) }
    }
}

struct Table<'a> {
    names: Vec<String>,
    columns: Columns,
    blob: &'a Blob,
    delimiter: char,
    /// Rows read, without the head.
    number: u64,
    open: Option<Document>,
}

/// A document in the making.
struct Document {
    address: String,
    /// The row it begins in.
    number: u64,
    /// What its rows must have in common.
    key: Vec<String>,
    given: Given,
    parts: Vec<Part>,
    /// Numbers of its parts.
    numbers: HashSet<String>,
}

/// The part of a document that a row is.
struct Part {
    number: Option<f64>,
    section: String,
    text: String,
}

impl Table<'_> {
    /// Takes for the text the one column of long texts, if no name tells.
    fn find_text(&mut self, sample: &[StringRecord]) -> Result<(), Problem> {
        let length = |at: usize| {
            let lengths = sample.iter().map(|row| row.get(at).map_or(0, |c| c.chars().count()));
            lengths.sum::<usize>() / sample.len().max(1)
        };
        let mut lengths: Vec<(usize, usize)> = (0..self.names.len()).map(|at| (length(at), at)).collect();
        lengths.sort_unstable_by(|a, b| b.cmp(a));
        let second = lengths.get(1).map_or(0, |(length, _)| *length);
        match lengths.first() {
            Some((length, at)) if *length > TEXT_CHARS_MIN && second * 2 < *length => {
                self.columns.set(TEXT, *at);
                Ok(())
            }
            _ => Err(Problem::Content(format!(
                "has no column that is known to hold the text: its columns are {}; --map text=COLUMN tells which does",
                listed(&self.names)
            ))),
        }
    }

    fn row(&mut self, row: &StringRecord, sink: &mut Sink) -> Result<(), Problem> {
        self.number += 1;
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let filled = |field: &str| self.columns.all(field).iter().map(|at| cell(*at).trim()).find(|c| !c.is_empty());
        let text = self.text(row);
        let address = filled(ID).map_or_else(|| self.number.to_string(), str::to_string);
        if text.trim().is_empty() {
            let column = self.columns.first(TEXT).and_then(|at| self.names.get(at)).cloned().unwrap_or_default();
            // A part without text is no loss to its document.
            return if self.parts_of(row).is_some() {
                Ok(())
            } else {
                let problem = Problem::Content(format!("has no text in column `{column}`"));
                sink.member(&address, Err(problem))
            };
        }
        let part = Part {
            number: filled(PART).and_then(|n| n.parse().ok()),
            section: filled(SECTION).unwrap_or_default().to_string(),
            text: text.into_owned(),
        };
        let key = self.parts_of(row);
        let number = filled(PART).unwrap_or_default().to_string();
        if let (Some(open), Some(key)) = (&mut self.open, &key)
            && open.key == *key
            && (number.is_empty() || open.numbers.insert(number.clone()))
        {
            open.parts.push(part);
            return Ok(());
        }
        let given = self.columns.given(&self.names, cell);
        // Where rows are parts, the document is named by what names it, if something does.
        let address = match &key {
            Some(_) => filled(DOCUMENT).map_or(address, str::to_string),
            None => address,
        };
        self.hand_over(sink)?;
        let numbers = HashSet::from([number]);
        let is_part = key.is_some();
        let document =
            Document { address, number: self.number, key: key.unwrap_or_default(), given, parts: vec![part], numbers };
        self.open = Some(document);
        // Only parts wait for more.
        if is_part { Ok(()) } else { self.hand_over(sink) }
    }

    /// The text of a row. Cells too many belong to a last column whose delimiters were not quoted.
    fn text<'r>(&self, row: &'r StringRecord) -> Cow<'r, str> {
        let cell = |at: &usize| row.get(*at).unwrap_or_default();
        let Some(at) = self.columns.all(TEXT).iter().find(|at| !cell(at).trim().is_empty()).copied() else {
            return Cow::Borrowed("");
        };
        if at + 1 == self.names.len() && row.len() > self.names.len() {
            return Cow::Owned(row.iter().skip(at).collect::<Vec<_>>().join(&self.delimiter.to_string()));
        }
        Cow::Borrowed(cell(&at))
    }

    /// What a row that is a part of a document has in common with the others of it; none if rows are documents.
    ///
    /// Parts have a number, or a section's heading, and something that says of which document they are.
    /// All else that is said of them must be the same.
    fn parts_of(&self, row: &StringRecord) -> Option<Vec<String>> {
        let cell = |field: &str| {
            let at = self.columns.first(field)?;
            row.get(at).map(|c| c.trim().to_string()).filter(|c| !c.is_empty())
        };
        let names_document = cell(DOCUMENT).is_some() || cell("url").is_some();
        let is_part = cell(PART).is_some() && (names_document || cell("title").is_some() || cell(ID).is_some())
            || cell(SECTION).is_some() && names_document;
        is_part.then(|| {
            let fields = [DOCUMENT].into_iter().chain(crate::source::FIELDS.iter().copied());
            let mut key: Vec<String> = fields.map(|f| cell(f).unwrap_or_default()).collect();
            // An identifier is the document's if nothing else names it, and the row's otherwise.
            if !names_document && cell("title").is_none() {
                key.push(cell(ID).unwrap_or_default());
            }
            key
        })
    }

    /// Hands over the document that is open: its parts by their numbers, each section after its heading.
    fn hand_over(&mut self, sink: &mut Sink) -> Result<(), Problem> {
        let Some(Document { address, number, given, mut parts, .. }) = self.open.take() else { return Ok(()) };
        if parts.iter().all(|p| p.number.is_some()) {
            parts.sort_by(|a, b| a.number.partial_cmp(&b.number).unwrap_or(std::cmp::Ordering::Equal));
        }
        let text = if parts.len() == 1 { parts.pop().map(|p| p.text).unwrap_or_default() } else { joined(&parts) };
        let (extension, bytes) = markup::document(&text);
        let name = format!("{} {number}.{extension}", stem(&self.blob.name));
        sink.member(&address, Ok(Blob { given, ..Blob::numbered(name, bytes) }))
    }
}

/// Parts as one text, paragraph after paragraph.
fn joined(parts: &[Part]) -> String {
    let is_html = parts.iter().any(|p| markup::has_tags(&p.text));
    let mut out = String::new();
    let mut section = "";
    let mut put = |text: &str| {
        if is_html && !markup::has_tags(text) {
            out.push_str(&markup::paragraphs(text));
        } else {
            out.push_str(text);
            out.push_str("\n\n");
        }
    };
    for part in parts {
        // A number is no heading, and a heading may begin its text already.
        let is_heading = part.section.chars().any(char::is_alphabetic);
        if part.section != section && is_heading && !part.text.trim_start().starts_with(&part.section) {
            put(&part.section);
        }
        section = &part.section;
        put(&part.text);
    }
    out
}

#[cfg(test)]
mod tests;
