//! OpenDocument texts: packages (.odt, .ott) and single XML files (.fodt).
//!
//! In: the [`Blob`]. Out: its paragraphs, lists, tables, boxes and notes in reading order, with the labels
//! that lists count. What is deleted, hidden, commented, or repeated on each page stays out.

mod body;
mod lists;
mod styles;

use super::properties::Properties;
use super::xml::{self, Event, Xml};
use super::{Format, RawDocument};
use crate::error::Problem;
use crate::source::{Blob, Head, Limits, Package};
use body::Body;
use styles::Styles;

/// OpenDocument texts.
pub const FORMAT: Format =
    Format { name: "odt", extensions: &["odt", "ott", "odm", "fodt"], is_binary: true, recognises, extract };

/// What a text, a template of one and a master document say they are, or how it begins.
const MEDIA_TYPE: &str = "application/vnd.oasis.opendocument.text";

fn recognises(head: &Head) -> bool {
    if head.is_package_of(MEDIA_TYPE) {
        return true;
    }
    if head.start().starts_with('<') {
        return head.start().contains("<office:document") && head.start().contains(MEDIA_TYPE);
    }
    // Some programs write the media type last, or packed.
    if head.is_package_of("application/") || !head.has_member("content.xml") || !head.has_member("mimetype") {
        return false;
    }
    let limits = Limits { unpacked: 1000, ..Limits::default() };
    let said = Package::open(head.bytes, &limits).and_then(|mut p| p.read("mimetype"));
    said.ok().flatten().is_some_and(|said| said.starts_with(MEDIA_TYPE.as_bytes()))
}

fn extract(blob: &Blob, limits: &Limits) -> Result<RawDocument, Problem> {
    let (mut styles, mut properties) = (Styles::default(), Properties::default());
    if !blob.bytes.starts_with(b"PK") {
        let text = xml::decoded(&blob.bytes);
        return read(&text, "the file", limits, &mut styles, &mut properties)?
            .ok_or_else(without_text)?
            .finish(properties);
    }
    let mut package = Package::open(&blob.bytes, limits)?;
    if let Ok(Some(manifest)) = package.read("META-INF/manifest.xml")
        && memchr::memmem::find(&manifest, b"encryption-data").is_some()
    {
        return Err(Problem::Content("is protected by a password".into()));
    }
    for name in ["meta.xml", "styles.xml"] {
        // Looks and properties can be missing or damaged and the text be whole; a limit is a limit.
        let part = match package.read(name) {
            Ok(Some(bytes)) => xml::decoded(&bytes),
            Err(problem @ Problem::Limit { .. }) => return Err(problem),
            _ => continue,
        };
        if let Err(problem @ Problem::Limit { .. }) = read(&part, name, limits, &mut styles, &mut properties) {
            return Err(problem);
        }
    }
    let content = package.read("content.xml")?.ok_or_else(without_text)?;
    let text = xml::decoded(&content);
    let body = read(&text, "content.xml", limits, &mut styles, &mut properties)?;
    body.ok_or_else(without_text)?.finish(properties)
}

fn without_text() -> Problem {
    Problem::Content("is damaged: the text of the document is not in it".into())
}

/// Reads a part: styles and properties go where they are gathered, the text is handed back.
fn read<'l>(
    text: &str,
    part: &str,
    limits: &'l Limits,
    styles: &mut Styles,
    properties: &mut Properties,
) -> Result<Option<Body<'l>>, Problem> {
    let mut reader = Xml::new(text, part, limits);
    let mut body = None;
    while let Some(event) = reader.next()? {
        let Event::Start(element) = event else { continue };
        match element.name() {
            "document" | "document-meta" | "document-styles" | "document-content" => {}
            "meta" => properties.read(&mut reader)?,
            "styles" | "automatic-styles" => styles.read(&mut reader)?,
            "body" if body.is_none() => {
                let mut new = Body::new(std::mem::take(styles), limits);
                new.read(&mut reader)?;
                body = Some(new);
            }
            _ => reader.skip()?,
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests;
