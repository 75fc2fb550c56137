//! Word documents: packages (.docx), packages as one XML file, and the XML of Word 2003.
//!
//! In: the [`Blob`]. Out: its paragraphs, lists, tables, boxes and notes in reading order, with the labels
//! that Word counts. What is deleted, hidden, commented, or repeated on each page stays out.
//! Never: follows a link, a template or an attached part.

mod body;
mod numbering;
mod package;
mod styles;

use super::properties::Properties;
use super::xml::{self, Event, Xml};
use super::{Format, RawDocument};
use crate::error::Problem;
use crate::source::{Blob, Head, Limits};
use body::Body;
use numbering::Numbering;
use styles::Styles;

/// Word documents.
pub const FORMAT: Format = Format {
    name: "docx",
    extensions: &["docx", "docm", "dotx", "dotm"],
    is_binary: true,
    recognises: |head: &Head| {
        package::recognises(head) || is_locked(head.bytes) || head.start().starts_with('<') && is_one_file(head.start())
    },
    extract,
};

fn extract(blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    if is_locked(&blob.bytes) {
        return Err(Problem::Content("is protected by a password".into()));
    }
    if blob.bytes.starts_with(b"PK") { package::extract(&blob.bytes, limits) } else { one_file(&blob.bytes, limits) }
}

/// An encrypted package lies in a compound file; nothing else has a stream of that name.
fn is_locked(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") && memchr::memmem::find(bytes, NAME).is_some()
}

/// Whether XML is a package as one file or a document of Word 2003.
fn is_one_file(start: &str) -> bool {
    let has = |what: &str| start.contains(what);
    has("<pkg:package") && has("Word.Document")
        || has("<pkg:package") && has("/word/")
        || has("<w:wordDocument")
        || has("<?mso-application") && has("Word.Document")
}

/// Reads a package that is one XML file, or a document of Word 2003. Styles and lists may stand behind
/// the text, so they are read first.
fn one_file(bytes: &[u8], limits: &Limits) -> Result<RawDocument, Problem> {
    const PART: &str = "the file";
    let text = xml::decoded(bytes);
    let (mut styles, mut numbering) = (None, None);
    let mut properties = Properties::default();
    let mut reader = Xml::new(&text, PART, limits);
    while let Some(event) = reader.next()? {
        let Event::Start(element) = event else { continue };
        match element.name() {
            "package" | "xmlData" | "wordDocument" => {}
            "part" if !is_other_story(element.attribute("name")) => {}
            "styles" if styles.is_none() => styles = Some(Styles::read(&mut reader)?),
            "numbering" if numbering.is_none() => numbering = Some(Numbering::read(&mut reader)?),
            "coreProperties" | "DocumentProperties" => properties.read(&mut reader)?,
            _ => reader.skip()?,
        }
    }
    let styles = styles.unwrap_or_default();
    let mut body = Body::new(&styles, numbering.unwrap_or_default(), limits);
    let (mut reader, mut is_there) = (Xml::new(&text, PART, limits), false);
    while let Some(event) = reader.next()? {
        let Event::Start(element) = event else { continue };
        match element.name() {
            "package" | "xmlData" | "wordDocument" | "document" => {}
            "part" if !is_other_story(element.attribute("name")) => {}
            "footnotes" | "endnotes" => body.read(&mut reader)?,
            "body" if !is_there => {
                is_there = true;
                body.read(&mut reader)?;
            }
            _ => reader.skip()?,
        }
    }
    if !is_there {
        return Err(Problem::Content("is damaged: the text of the document is not in it".into()));
    }
    body.finish(properties)
}

/// Building blocks that could be put into the document, but are not.
fn is_other_story(part: Option<String>) -> bool {
    part.is_some_and(|name| name.contains("/glossary/"))
}

/// Whether a property without a value, or with this one, holds.
fn value_is_on(value: Option<&str>) -> bool {
    !matches!(value, Some("0" | "false" | "off" | "none"))
}

#[cfg(test)]
mod tests;
