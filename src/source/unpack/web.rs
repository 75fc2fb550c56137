//! What a web server sent, as an archive keeps it: the head taken off, the body as it was meant.

use super::{Sink, damaged, gzip};
use crate::error::Problem;
use crate::source::decode_name;
use flate2::bufread::{DeflateDecoder, ZlibDecoder};

/// Encodings that may lie on one another.
const ENCODINGS_MAX: usize = 3;
/// Longest name made of an address, in characters.
const NAME_CHARS_MAX: usize = 120;

/// What a server answered.
pub(super) struct Answer<'a> {
    /// Status, such as 200.
    pub status: u16,
    /// Media type, lower case, without parameters; empty if none is said.
    pub media_type: String,
    encodings: Vec<String>,
    is_chunked: bool,
    body: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Reads the head. None if there is none.
    pub fn read(bytes: &'a [u8]) -> Option<Answer<'a>> {
        let mut lines = Lines(bytes);
        let status = std::str::from_utf8(lines.next()?).ok()?.strip_prefix("HTTP/")?.split(' ').nth(1)?.parse().ok()?;
        let mut answer = Answer { status, media_type: String::new(), encodings: vec![], is_chunked: false, body: &[] };
        for line in lines.by_ref().take_while(|l| !l.is_empty()) {
            let line = String::from_utf8_lossy(line);
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim().to_lowercase();
            match name.trim().to_lowercase().as_str() {
                "content-type" => answer.media_type = media_type(&value),
                "content-encoding" => answer.encodings.extend(value.split(',').map(|e| e.trim().to_string())),
                "transfer-encoding" => answer.is_chunked |= value.contains("chunked"),
                _ => {}
            }
        }
        answer.body = lines.0;
        Some(answer)
    }

    /// The body, put together and unpacked. Crawlers may have done so and left the head as it was.
    pub fn body(self, sink: &mut Sink) -> Result<Vec<u8>, Problem> {
        let mut body = match self.is_chunked.then(|| joined(self.body)).flatten() {
            Some(joined) => joined?,
            None => self.body.to_vec(),
        };
        if self.encodings.len() > ENCODINGS_MAX {
            return Err(Problem::Content("is packed many times over".into()));
        }
        for encoding in self.encodings.iter().rev() {
            let first = body.trim_ascii_start().first();
            match encoding.as_str() {
                "gzip" | "x-gzip" if body.starts_with(gzip::MAGIC) => body = sink.unpack(gzip::Gunzip::new(&body))?,
                "deflate" if body.first().is_some_and(|b| b & 0x0f == 8) => {
                    body = sink.unpack(ZlibDecoder::new(body.as_slice()))?;
                }
                "deflate" if first != Some(&b'<') => body = sink.unpack(DeflateDecoder::new(body.as_slice()))?,
                "br" | "zstd" | "compress" if !body.is_empty() && first != Some(&b'<') => {
                    return Err(Problem::Content(format!("is packed in a way that is not read ({encoding})")));
                }
                _ => {}
            }
        }
        Ok(body)
    }
}

/// A media type without its parameters.
pub(super) fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// Lines, each without its end.
struct Lines<'a>(&'a [u8]);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.0.is_empty() {
            return None;
        }
        let end = memchr::memchr(b'\n', self.0).unwrap_or(self.0.len());
        let line = self.0.get(..end)?;
        self.0 = self.0.get(end + 1..).unwrap_or_default();
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// A body that came in chunks, as one. None if it did not come so.
fn joined(mut rest: &[u8]) -> Option<Result<Vec<u8>, Problem>> {
    let mut out = Vec::new();
    let mut is_first = true;
    loop {
        let mut lines = Lines(rest);
        let size = lines.next().and_then(|line| {
            let digits = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
            usize::from_str_radix(digits, 16).ok()
        });
        rest = lines.0;
        match size {
            Some(0) => return Some(Ok(out)),
            Some(size) => match rest.get(..size) {
                Some(chunk) => out.extend_from_slice(chunk),
                None => return Some(Err(damaged("its last part is missing"))),
            },
            None if is_first => return None,
            None => return Some(Err(damaged("its last part is missing"))),
        }
        is_first = false;
        rest = rest.get(size.unwrap_or(0)..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
    }
}

/// The name extensions that fit a media type, the usual one first; none fit a type whose content must
/// tell. Nothing for types that hold no running text.
pub(super) fn extensions(media_type: &str) -> Option<&'static [&'static str]> {
    Some(match media_type {
        "text/html" | "application/xhtml+xml" | "application/vnd.wap.xhtml+xml" => &["html", "htm", "xhtml", "shtml"],
        "text/plain" => &[
            "txt", "text", "asc", "md", "markdown", "csv", "tsv", "json", "jsonl", "eml", "mbox", "xml", "html", "htm",
        ],
        "text/markdown" => &["md", "markdown"],
        "text/csv" | "application/csv" => &["csv", "tsv", "txt"],
        "text/tab-separated-values" => &["tsv", "tab"],
        "application/pdf" | "application/x-pdf" => &["pdf"],
        "application/msword" => &["doc", "rtf", "docx"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => &["docx"],
        "application/vnd.oasis.opendocument.text" => &["odt"],
        "application/rtf" | "text/rtf" => &["rtf"],
        "application/epub+zip" => &["epub"],
        "application/ofd" | "application/vnd.ofd" => &["ofd"],
        "text/xml" | "application/xml" | "application/rss+xml" | "application/atom+xml" | "application/rdf+xml" => {
            &["xml", "rss", "atom", "rdf"]
        }
        "application/json" | "text/json" | "application/feed+json" => &["json", "jsonl"],
        "application/x-ndjson" | "application/jsonl" => &["jsonl", "ndjson"],
        "message/rfc822" | "multipart/related" | "application/x-mimearchive" => &["eml", "mht", "mhtml"],
        "application/zip" | "application/x-zip-compressed" => &["zip", "docx", "odt", "epub", "ofd"],
        "application/gzip" | "application/x-gzip" => &["gz"],
        ""
        | "application/octet-stream"
        | "binary/octet-stream"
        | "application/x-download"
        | "application/download"
        | "application/force-download" => &[],
        _ if media_type.starts_with("application/vnd.ms-")
            || media_type.starts_with("application/vnd.openxmlformats")
            || media_type.starts_with("application/vnd.oasis") =>
        {
            &[]
        }
        _ => return None,
    })
}

/// A name for what lies at an address: the last step of its path, with an extension that fits.
pub(super) fn name(uri: &str, fitting: &[&str]) -> String {
    let path = uri.split(['?', '#']).next().unwrap_or_default();
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let last = decode_name(&percent_decoded(path.rsplit('/').next().unwrap_or_default()));
    let is_plain = |c: &char| !c.is_control() && !matches!(c, '/' | '\\');
    let mut name: String = last.chars().filter(is_plain).take(NAME_CHARS_MAX).collect();
    if name.trim_matches('.').is_empty() {
        name = "index".into();
    }
    let extension = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
    match fitting.first() {
        Some(usual) if !fitting.contains(&extension.as_str()) => format!("{name}.{usual}"),
        _ => name,
    }
}

/// Bytes with what was written as `%E6` put back.
pub(super) fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let decoded = hex.and_then(|h| u8::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok());
        out.push(decoded.unwrap_or(*byte));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_the_type() {
        let html = extensions("text/html").unwrap();
        for (uri, fitting, expected) in [
            ("http://a.example/", html, "index.html"),
            ("http://a.example", html, "index.html"),
            ("http://a.example/x/t20210819_1.htm?a=b/c", html, "t20210819_1.htm"),
            ("http://a.example/show.asp?id=1", html, "show.asp.html"),
            ("http://a.example/%E6%B8%AF%2F.pdf", &["pdf"], "港.pdf"),
            ("http://a.example/%C9%CC.pdf", &["pdf"], "商.pdf"),
            ("http://a.example/data.bin", &[], "data.bin"),
            ("http://a.example/100%", &[], "100%"),
        ] {
            assert_eq!(name(uri, fitting), expected);
        }
        assert!(extensions("image/png").is_none() && extensions("text/css").is_none());
    }

    #[test]
    fn chunks_are_joined_and_what_is_not_in_chunks_is_left() {
        let whole = |b: &[u8]| joined(b).map(|j| j.map(|b| String::from_utf8(b).unwrap()).map_err(|p| p.to_string()));
        assert_eq!(whole(b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"), Some(Ok("abc0123456789".into())));
        assert_eq!(whole(b"<html>"), None);
        assert_eq!(whole(b"5\r\nabc"), Some(Err("is damaged: its last part is missing".into())));
        assert_eq!(whole(b"ffffffffffffffff\r\nabc"), Some(Err("is damaged: its last part is missing".into())));
    }
}
