//! Blob → [`RawDocument`]: blocks of text in reading order, and metadata as found.
//!
//! In: [`Blob`]. Out: [`RawDocument`], or the [`Problem`] that the document is.
//! Never: reads files, decides between contradicting metadata, or repairs text.
//!
//! A new format is a file beside this one and a row in [`FORMATS`]. What formats share:
//!
//! - `flow` puts a document together whose text has no bytes of its own in the file;
//! - `xml` reads XML, `parts` the parts of packages by their paths;
//! - `layout` makes text of placed characters: columns, lines, paragraphs, running heads;
//! - `story` and `prose` make blocks of what word processors write, as elements or as running characters with marks;
//! - `properties`, `numerals`, `codepage`: what office documents say of themselves, count by, and code their text in.

mod codepage;
mod detect;
mod doc;
mod docx;
mod epub;
mod flow;
mod html;
mod layout;
mod markdown;
mod numerals;
mod odt;
mod ofd;
mod parts;
mod pdf;
mod properties;
mod prose;
mod rtf;
mod story;
mod text;
mod xml;

use flow::Flow;

pub use detect::{Kind, detect};

use crate::decode::Decoded;
use crate::error::Problem;
use crate::model::{Found, Span};
use crate::offsets::Traced;
use crate::source::{Blob, Given, Head, Limits};

/// A document as its file has it.
#[derive(Clone, Debug, Default)]
pub struct RawDocument {
    /// Name of the format, from [`FORMATS`].
    pub format: &'static str,
    /// The file's text as it was decoded, which every block can be led back to.
    pub original: Decoded,
    /// The text of the original that a reader would see; none: all of it.
    pub visible: Vec<Visible>,
    /// What the file says of itself.
    pub metadata: Metadata,
    /// The text in reading order, without the title.
    pub blocks: Vec<RawBlock>,
    /// The names it goes by: file name first, then its folders, nearest first.
    pub names: Vec<String>,
}

/// What a file says of itself, nothing judged yet; of several values the more trustworthy come first.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// Its title.
    pub title: Option<Found<String>>,
    /// Texts that should hold the date of publication.
    pub dates: Vec<Found<String>>,
    /// Whether a date of three numbers that could be read both ways begins with the day; not known if none.
    pub day_first: Option<bool>,
    /// Who wrote it: names.
    pub authors: Vec<Found<String>>,
    /// Who published it.
    pub sources: Vec<Found<String>>,
    /// Its address on the web.
    pub url: Option<Found<String>>,
    /// Its language, as declared.
    pub language: Option<Found<String>>,
    /// Its kind, as given in front matter.
    pub kind: Option<Found<String>>,
    /// The region it speaks for, as given in front matter.
    pub region: Option<Found<String>>,
    /// The year, as given in front matter.
    pub year: Option<Found<String>>,
    /// The page declares itself an article of news.
    pub is_article: bool,
    /// Short lines near the title that are not running text: by whom, from where, when.
    pub bylines: Vec<String>,
}

/// A stretch of the original that a reader would see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visible {
    /// Where it stands in the original.
    pub source: Span,
    /// It begins a new line.
    pub begins_line: bool,
}

/// What a block is in the flow of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading with its level, 1 to 6.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// An item of a list.
    ListItem,
    /// A row of a table, cells parted by ` | `.
    TableRow,
    /// What stands under a figure or over a table.
    Caption,
    /// A note to the text.
    Footnote,
}

/// A stretch of text that belongs together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Its text, without line breaks, led back to the original.
    pub text: Traced,
    /// The page it begins on, counted from 1, where the format has pages.
    pub page: Option<u32>,
}

impl RawBlock {
    /// A block of a format without pages.
    pub fn new(kind: BlockKind, text: impl Into<Traced>) -> RawBlock {
        RawBlock { kind, text: text.into(), page: None }
    }
}

/// A format that can be read.
pub struct Format {
    /// Its name in listings.
    pub name: &'static str,
    /// File name extensions, lower case.
    pub extensions: &'static [&'static str],
    /// Whether it is told by its content only, whatever the name: its content is no text.
    pub is_binary: bool,
    /// Whether content is surely of this format.
    pub recognises: fn(&Head) -> bool,
    /// Reads it, within limits.
    pub extract: fn(&Blob, &Limits) -> Result<RawDocument, Problem>,
}

/// Every format, asked in this order.
pub const FORMATS: &[&Format] = &[
    &pdf::FORMAT,
    &docx::FORMAT,
    &odt::FORMAT,
    &doc::FORMAT,
    &rtf::FORMAT,
    &epub::FORMAT,
    &ofd::FORMAT,
    &html::FORMAT,
    &markdown::FORMAT,
    &text::FORMAT,
];

/// Reads a document of that format. Fails with the reason when it has no text or is over a limit.
/// What is given with the blob wins over what is found in it.
pub fn extract(format: &'static Format, blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    let mut raw = (format.extract)(blob, limits)?;
    raw.format = format.name;
    let own = Some(&blob.name).filter(|_| !blob.is_numbered || blob.folders.is_empty());
    raw.names = own.into_iter().chain(blob.folders.iter().rev()).cloned().collect();
    raw.metadata.give(&blob.given);
    if !blob.is_file {
        raw.original.forget_bytes();
    }
    if raw.blocks.iter().all(|b| b.text.trim().is_empty()) {
        return Err(Problem::Content("has no text".into()));
    }
    if raw.blocks.iter().map(|b| b.text.len() as u64).sum::<u64>() > limits.text {
        return Err(limits.over("max-text"));
    }
    Ok(raw)
}

/// Reads one document, whatever its format. Fails with the reason, also when it is a container.
pub fn document(blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    match detect(blob)? {
        Kind::Document(format) => extract(format, blob, limits),
        Kind::Container(container) => {
            Err(Problem::Content(format!("is a container ({}), no document", container.name)))
        }
    }
}

impl Metadata {
    /// Takes what is given from outside; it wins.
    fn give(&mut self, given: &Given) {
        for (mine, theirs) in [
            (&mut self.title, &given.title),
            (&mut self.url, &given.url),
            (&mut self.language, &given.language),
            (&mut self.kind, &given.kind),
            (&mut self.region, &given.region),
            (&mut self.year, &given.year),
        ] {
            if theirs.is_some() {
                mine.clone_from(theirs);
            }
        }
        for (mine, theirs) in [(&mut self.dates, &given.date), (&mut self.sources, &given.source)] {
            if let Some(theirs) = theirs {
                mine.insert(0, theirs.clone());
            }
        }
        if let Some(author) = &given.author {
            self.authors = vec![author.clone()];
        }
    }
}

#[cfg(test)]
pub(crate) mod test {
    use super::*;

    /// What a file of that name and content gives.
    pub fn read(name: &str, bytes: &[u8]) -> Result<RawDocument, Problem> {
        document(&Blob::of_file(name, bytes), &Limits::default())
    }
}
