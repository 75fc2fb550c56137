//! Which format a file is: by its content first, by its name second.

use super::{FORMATS, Format};
use crate::error::Problem;
use crate::source::unpack::{CONTAINERS, Container};
use crate::source::{Blob, Head};

/// What a file is.
#[derive(Clone, Copy)]
pub enum Kind {
    /// One document.
    Document(&'static Format),
    /// A container of documents.
    Container(&'static Container),
}

impl Kind {
    /// The name of the format.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Document(format) => format.name,
            Kind::Container(container) => container.name,
        }
    }
}

/// Whether a file is something that is told by its content but not read.
type Sign = fn(&Head) -> bool;

/// Formats that are told by their content but not read, and the name a user gets.
const UNREAD: &[(Sign, &str)] = &[
    (|h| h.has_member("xl/"), "an Excel workbook"),
    (|h| h.has_member("ppt/"), "a PowerPoint presentation"),
    (|h| h.is_package_of("application/vnd.oasis.opendocument"), "an OpenDocument file without running text"),
    (|h| h.begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Office file that is no Word document"),
    (|h| h.begins(b"\x89PNG"), "a PNG image"),
    (|h| h.begins(b"\xff\xd8\xff"), "a JPEG image"),
    (|h| h.begins(b"GIF8"), "a GIF image"),
    (|h| h.begins(b"BM") && h.bytes.get(6..10) == Some(&[0; 4]), "a BMP image"),
    (|h| h.begins(b"II*\0") || h.begins(b"MM\0*"), "a TIFF image"),
    (|h| h.begins(b"RIFF") && h.bytes.get(8..12) == Some(b"WEBP"), "a WebP image"),
    (|h| h.begins(b"\x7fELF") || h.begins(b"MZ"), "a program"),
    (|h| h.begins(b"7z\xbc\xaf\x27\x1c"), "a 7z archive"),
    (|h| h.begins(b"Rar!\x1a\x07"), "a RAR archive"),
    (|h| h.begins(b"\xfd7zXZ\0"), "an xz file"),
    (|h| h.begins(b"BZh"), "a bzip2 file"),
    (|h| h.begins(b"ID3") || h.bytes.get(4..8) == Some(b"ftyp"), "a sound or a film"),
    (|h| h.begins(b"%!PS"), "PostScript"),
];

/// What a blob is, or that it is nothing that is read.
pub fn detect(blob: &Blob) -> Result<Kind, Problem> {
    let bytes = blob.bytes.as_slice();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::Content("is empty".into()));
    }
    let head = Head::new(bytes);
    let extension = blob.extension();
    let is_named = |list: &[&str]| extension.as_deref().is_some_and(|e| list.contains(&e));
    let named = || {
        let format = FORMATS.iter().find(|f| is_named(f.extensions)).map(|f| Kind::Document(f));
        format.or_else(|| CONTAINERS.iter().find(|c| is_named(c.extensions)).map(|c| Kind::Container(c)))
    };
    let binary = is_binary(bytes);
    // Only what says it is text, or says nothing, may be told by textual content: a script or a style
    // sheet beside a saved page is text too.
    let may_be_text = !binary && (extension.is_none() || named().is_some() || blob.given.url.is_some());
    for format in FORMATS.iter().filter(|f| f.is_binary || may_be_text) {
        if (format.recognises)(&head) {
            return Ok(Kind::Document(format));
        }
    }
    if let Some((_, name)) = UNREAD.iter().find(|(sign, _)| sign(&head)) {
        return Err(Problem::Format(name.to_string()));
    }
    if let Some(Kind::Document(format)) = named()
        && format.is_binary
        && head.begins(b"PK\x03\x04")
        && head.members().is_empty()
    {
        return Err(not_that(format.name));
    }
    for container in CONTAINERS.iter().filter(|c| c.is_binary || may_be_text) {
        if (container.recognises)(&head) {
            return Ok(Kind::Container(container));
        }
    }
    match (named(), extension) {
        (Some(Kind::Document(format)), _) if format.is_binary => Err(not_that(format.name)),
        (Some(Kind::Container(container)), _) if container.is_binary => Err(not_that(container.name)),
        (Some(kind), _) if !binary => Ok(kind),
        (Some(_), _) => Err(Problem::Content("is binary data, not text".into())),
        (None, Some(extension)) => Err(Problem::Format(format!(".{extension}"))),
        (None, None) => Err(Problem::Format("a file without an extension".into())),
    }
}

fn not_that(name: &str) -> Problem {
    Problem::Content(format!("is damaged, or no {name} though its name says so"))
}

/// Whether bytes are no text in any encoding: text has NUL bytes only in UTF-16.
fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return false;
    }
    if crate::decode::utf16_without_mark(bytes).is_some() {
        return false;
    }
    let control = head.iter().filter(|b| matches!(b, 1..=6 | 14..=26 | 28..=31)).count();
    head.contains(&0) || control * 10 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, bytes: &[u8], expected: &str) {
        let said = match detect(&Blob::of_file(name, bytes)) {
            Ok(kind) => kind.name().to_string(),
            Err(problem) => problem.to_string(),
        };
        assert_eq!(said, expected, "{name}");
    }

    #[test]
    fn content_decides_before_the_name() {
        check("a.html", b"<p>x", "html");
        check("a.txt", b"  <!DOCTYPE html><p>x", "html");
        check("a", b"<html><p>x", "html");
        check("a.txt", b"plain", "text");
        check("a.md", b"# plain", "markdown");
        check("a.css", b"p { }", ".css is not a format that is read");
        check("a.js", b"<html>", ".js is not a format that is read");
        check("a.txt", b"ab\0\0\x01\x02\x03cd\0ef", "is binary data, not text");
        check("a.txt", b"a\0b\0c\0d\0e\0f\0", "text");
        check("a.txt", b" \n", "is empty");
        check("a.docx", b"PK\x03\x04 cut off", "is damaged, or no docx though its name says so");
        check("a.zip", b"PK\x03\x04 cut off", "zip");
        check("a.html", b"%PDF-1.7", "pdf");
        check("a.txt", b"\x89PNG\r\n\x1a\n\0\0", "a PNG image is not a format that is read");
        check("README", b"plain", "a file without an extension is not a format that is read");
    }
}
