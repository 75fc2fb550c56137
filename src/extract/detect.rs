//! Which format a file is: by its content first, by its name second.

use super::{FORMATS, Format};
use crate::error::Problem;
use crate::source::Blob;

/// Formats that are told by their first bytes but not read: the reason a user gets.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "a ZIP container (Word, OpenDocument, EPUB, OFD, archive)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"WARC/", "WARC"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x7fELF", "a program"),
];

/// The format of a blob, or that it has none that is read.
pub fn format_of(blob: &Blob) -> Result<&'static Format, Problem> {
    let bytes = blob.bytes.as_slice();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::Content("is empty".into()));
    }
    if let Some((_, name)) = SIGNATURES.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Problem::Format(name.to_string()));
    }
    let extension = blob.name.rsplit_once('.').map(|(_, e)| e.to_lowercase());
    let named = extension.as_deref().and_then(|e| FORMATS.iter().find(|f| f.extensions.contains(&e)));
    // Only what says it is text, or says nothing, may be told by content: a script or a style sheet
    // beside a saved page is text too.
    if (named.is_some() || extension.is_none())
        && let Some(format) = FORMATS.iter().find(|f| (f.recognises)(bytes))
    {
        return Ok(format);
    }
    match (named, extension) {
        (Some(format), _) if !is_binary(bytes) => Ok(format),
        (Some(_), _) => Err(Problem::Content("is binary data, not text".into())),
        (None, Some(extension)) => Err(Problem::Format(format!(".{extension}"))),
        (None, None) => Err(Problem::Format("a file without an extension".into())),
    }
}

/// Whether bytes are no text in any encoding: text has NUL bytes only in UTF-16.
fn is_binary(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(4096)];
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return false;
    }
    if super::decode::utf16_without_mark(bytes).is_some() {
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
        let blob = Blob { bytes: bytes.to_vec(), name: name.into(), folders: vec![] };
        let said = match format_of(&blob) {
            Ok(format) => format.name.to_string(),
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
        check("a.html", b"%PDF-1.7", "PDF is not a format that is read");
        check("a.css", b"p { }", ".css is not a format that is read");
        check("a.js", b"<html>", ".js is not a format that is read");
        check("a.txt", b"ab\0\0\x01\x02\x03cd\0ef", "is binary data, not text");
        check("a.txt", b"a\0b\0c\0d\0e\0f\0", "text");
        check("a.txt", b" \n", "is empty");
        check("README", b"plain", "a file without an extension is not a format that is read");
    }
}
