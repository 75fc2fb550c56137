//! The parts of a message: heads, bodies, and how they were packed for the way.
//!
//! Heads are read by the mail library; the tree of parts is walked here, to a depth that is capped.

use super::super::markup;
use crate::source::decode::decode;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders};
use std::borrow::Cow;

/// Deepest nesting of parts in one message; mails nest three or four.
const DEPTH_MAX: usize = 16;
/// Most parts of one message.
const PARTS_MAX: usize = 10_000;
/// Longest head, in bytes: what is longer is none.
const HEAD_BYTES_MAX: usize = 1 << 20;
/// What stands after a line of `-- ` is a signature if it is not longer than this, in lines.
const SIGNATURE_LINES_MAX: usize = 12;

/// What a head says of its part.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    /// Media type, lower case: `text/html`.
    pub media_type: String,
    pub subject: Option<String>,
    /// Name and address.
    pub from: Option<String>,
    /// The day, in the sender's zone.
    pub date: Option<String>,
    /// Its name as a file.
    pub name: Option<String>,
    /// It is meant as a file of its own.
    pub is_attachment: bool,
    /// Where it came from.
    pub location: Option<String>,
    pub content_id: Option<String>,
    /// The part that is the root of its siblings.
    pub start: Option<String>,
    charset: Option<String>,
    boundary: Option<String>,
    transfer: String,
    is_flowed: bool,
    joins_words: bool,
}

/// A part that is no container of parts.
#[derive(Clone, Debug)]
pub(super) struct Leaf<'a> {
    pub head: Head,
    body: &'a [u8],
}

/// A part: one, or several.
#[derive(Clone, Debug)]
pub(super) enum Part<'a> {
    Leaf(Leaf<'a>),
    /// The subtype of the multipart, the id of its root if one is named, and its parts.
    Many {
        kind: String,
        start: Option<String>,
        parts: Vec<Part<'a>>,
    },
}

/// A message: its head and its part, the head's copy of which has the same fields.
pub(super) fn message<'a>(bytes: &'a [u8]) -> (Head, Part<'a>) {
    let mut count = 0;
    let parser = MessageParser::default();
    let (head, body) = parted(bytes);
    let head = read_head(head, &parser, "text/plain");
    let part = part(head.clone(), body, &parser, 0, &mut count);
    (head, part)
}

fn part<'a>(head: Head, body: &'a [u8], parser: &MessageParser, depth: usize, count: &mut usize) -> Part<'a> {
    *count += 1;
    let kind = head.media_type.strip_prefix("multipart/").unwrap_or_default().to_string();
    let parts = head.boundary.as_ref().filter(|_| !kind.is_empty() && depth < DEPTH_MAX).map(|b| split(body, b));
    let Some(parts) = parts.filter(|p| !p.is_empty()) else {
        // A multipart without parts is text that nobody took apart.
        let media_type = if kind.is_empty() { head.media_type.clone() } else { "text/plain".into() };
        return Part::Leaf(Leaf { head: Head { media_type, ..head }, body });
    };
    let usual = if kind == "digest" { "message/rfc822" } else { "text/plain" };
    let mut read = Vec::new();
    for bytes in parts {
        if *count >= PARTS_MAX {
            break;
        }
        let (own, body) = parted(bytes);
        read.push(part(read_head(own, parser, usual), body, parser, depth + 1, count));
    }
    Part::Many { kind, start: head.start, parts: read }
}

/// Head and body: parted by the first blank line.
fn parted(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    for end in memchr::memchr_iter(b'\n', bytes).map(|n| n + 1).chain([bytes.len()]) {
        let line = bytes.get(at..end).unwrap_or_default();
        if line.trim_ascii().is_empty() {
            return (bytes.get(..at).unwrap_or_default(), bytes.get(end..).unwrap_or_default());
        }
        if end > HEAD_BYTES_MAX {
            break;
        }
        at = end;
    }
    (bytes.get(..at).unwrap_or_default(), bytes.get(at..).unwrap_or_default())
}

fn read_head(bytes: &[u8], parser: &MessageParser, usual: &str) -> Head {
    let mut text = decode(bytes, None).into_owned();
    text.push_str("\r\n");
    let Some(message) = parser.parse_headers(text.as_bytes()) else {
        return Head { media_type: usual.into(), ..Head::default() };
    };
    let content = message.content_type();
    let attribute = |name: &str| content.and_then(|c| c.attribute(name)).map(str::to_string);
    let is = |name: &str, value: &str| attribute(name).is_some_and(|v| v.eq_ignore_ascii_case(value));
    let text = |v: Option<&str>| v.map(|v| v.trim().to_string()).filter(|v| !v.is_empty());
    Head {
        media_type: content.map_or(usual.to_string(), |c| {
            format!("{}/{}", c.ctype().trim(), c.subtype().unwrap_or_default().trim()).to_lowercase()
        }),
        subject: text(message.subject()),
        from: from(&message),
        date: message.date().map(|d| format!("{:04}-{:02}-{:02}", d.year, d.month, d.day)),
        name: text(message.attachment_name()),
        is_attachment: message.content_disposition().is_some_and(|d| d.is_attachment()),
        location: text(message.content_location()).or_else(|| other(&message, "Snapshot-Content-Location")),
        content_id: text(message.content_id()),
        start: attribute("start").map(|s| s.trim_matches(['<', '>']).to_string()),
        charset: attribute("charset"),
        boundary: attribute("boundary").filter(|b| !b.is_empty()),
        transfer: text(message.content_transfer_encoding()).unwrap_or_default().to_lowercase(),
        is_flowed: is("format", "flowed"),
        joins_words: is("delsp", "yes"),
    }
}

fn from(message: &Message) -> Option<String> {
    let sender = message.from().and_then(|f| f.first()).or_else(|| message.sender().and_then(|s| s.first()))?;
    let (name, address) = (sender.name(), sender.address());
    let name = name.map(|n| n.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|n| !n.is_empty());
    match (name, address) {
        (Some(name), Some(address)) if name != address => Some(format!("{name} <{address}>")),
        (name, address) => name.or(address.map(str::to_string)),
    }
}

/// A field that mail does not usually have.
fn other(message: &Message, name: &'static str) -> Option<String> {
    match message.header(name)? {
        HeaderValue::Text(text) => Some(text.trim().to_string()),
        HeaderValue::TextList(texts) => texts.first().map(|t| t.trim().to_string()),
        _ => None,
    }
}

/// The parts between the lines of a boundary; empty if there is none. The last may lack its end.
fn split<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mark = format!("--{boundary}");
    let finder = memchr::memmem::Finder::new(mark.as_bytes());
    let mut parts = Vec::new();
    let mut begin = None;
    for at in finder.find_iter(body) {
        let starts_line = at.checked_sub(1).is_none_or(|before| body.get(before) == Some(&b'\n'));
        let after = body.get(at + mark.len()..).unwrap_or_default();
        let line = memchr::memchr(b'\n', after).map_or(after, |n| after.get(..n).unwrap_or_default());
        let is_last = line.starts_with(b"--");
        // A longer boundary that begins like this one is another.
        if !starts_line || !(is_last || line.trim_ascii().is_empty()) {
            continue;
        }
        if let Some(begin) = begin {
            let part = body.get(begin..at).unwrap_or_default();
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            parts.push(part.strip_suffix(b"\r").unwrap_or(part));
        }
        begin = (!is_last).then(|| (at + mark.len() + line.len() + 1).min(body.len()));
        if is_last {
            break;
        }
    }
    parts.extend(begin.and_then(|b| body.get(b..)).filter(|rest| !rest.trim_ascii().is_empty()));
    parts
}

impl Leaf<'_> {
    /// Its bytes as they were before they were packed for the way.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self.head.transfer.as_str() {
            "base64" => Cow::Owned(base64(self.body)),
            "quoted-printable" => Cow::Owned(quoted_printable(self.body)),
            _ => Cow::Borrowed(self.body),
        }
    }

    /// Its text. Of plain text, lines broken for the way are joined and the signature is left out.
    pub fn text(&self) -> String {
        let bytes = self.bytes();
        let charset = self.head.charset.as_deref();
        let unknown = charset.filter(|c| encoding_rs::Encoding::for_label(c.trim().as_bytes()).is_none());
        let text = match unknown.and_then(|c| mail_parser::decoders::charsets::map::charset_decoder(c.as_bytes())) {
            // Encodings that only mail has, such as UTF-7.
            Some(decoder) => Cow::Owned(decoder(&bytes)),
            None => decode(&bytes, charset),
        };
        if self.head.media_type == "text/html" {
            return text.into_owned();
        }
        let text = without_signature(&text);
        if self.head.is_flowed { reflowed(text, self.head.joins_words) } else { text.to_string() }
    }
}

/// Decodes base64; what is none of it is passed over.
fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0u32);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    out
}

/// Decodes quoted-printable; what is none of it stays as it is.
fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        let after = after.get(1..).unwrap_or_default();
        let hex = after.get(..2).and_then(|h| u8::from_str_radix(std::str::from_utf8(h).ok()?, 16).ok());
        let blanks = after.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
        if let Some(byte) = hex {
            out.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else if after.get(blanks).is_none_or(|b| *b == b'\n') {
            rest = after.get(blanks + 1..).unwrap_or_default();
        } else {
            out.push(b'=');
            rest = after;
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Text up to the line that begins a signature.
fn without_signature(text: &str) -> &str {
    let mark = text.rmatch_indices("\n-- ").find(|(at, m)| text[at + m.len()..].starts_with(['\n', '\r']));
    match mark {
        Some((at, _)) if text[at..].trim().lines().count() <= SIGNATURE_LINES_MAX => text[..at].trim_end(),
        _ => text,
    }
}

/// Joins the lines that a program broke: they end with a blank.
fn reflowed(text: &str, joins_words: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let quotes = line.len() - line.trim_start_matches('>').len();
        let content = &line[quotes..];
        let content = content.strip_prefix(' ').unwrap_or(content);
        if open != Some(quotes) {
            if open.is_some() {
                out.push('\n');
            }
            out.push_str(&line[..quotes]);
        }
        let goes_on = content.ends_with(' ') && content != "-- ";
        out.push_str(if goes_on && joins_words { &content[..content.len() - 1] } else { content });
        open = goes_on.then_some(quotes);
        if !goes_on {
            out.push('\n');
        }
    }
    out
}

/// What of a message is its text: HTML or plain.
#[derive(Debug)]
pub(super) enum Body {
    Plain(String),
    Html(String),
}

impl Body {
    /// One body of several: HTML if one of them is.
    pub fn joined(bodies: Vec<Body>) -> Option<Body> {
        let is_html = bodies.iter().any(|b| matches!(b, Body::Html(_)));
        bodies.into_iter().reduce(|all, next| match (all, next, is_html) {
            (Body::Plain(a), Body::Plain(b), false) => Body::Plain(format!("{}\n\n{b}", a.trim_end())),
            (a, b, _) => Body::Html(a.into_html() + &b.into_html()),
        })
    }

    fn into_html(self) -> String {
        match self {
            Body::Html(html) => html,
            Body::Plain(text) => markup::paragraphs(&text),
        }
    }

    /// Whether nothing is in it that could be read.
    pub fn is_blank(&self) -> bool {
        match self {
            Body::Plain(text) => text.trim().is_empty(),
            Body::Html(html) => markup::text(html).is_empty(),
        }
    }

    /// Letters in it, for comparison.
    pub fn length(&self) -> usize {
        let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        match self {
            Body::Plain(text) => count(text),
            Body::Html(html) => count(&markup::text(html)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_for_the_way_is_unpacked() {
        assert_eq!(base64(b"5Lit5Y2r\r\n5peg5rC0"), "中卫无水".as_bytes());
        assert_eq!(base64(b"YQ==YmM="), b"abc");
        assert_eq!(quoted_printable(b"G=C3=BCl=\r\n=C3=A7in = a=3D=\nb=2"), "Gülçin = a=b=2".as_bytes());
        assert_eq!(quoted_printable(b"a="), b"a");
    }

    #[test]
    fn lines_broken_for_the_way_are_joined() {
        assert_eq!(
            reflowed("one \ntwo\n> three \n> four\n>> five\n\nsix", false),
            "one two\n>three four\n>>five\n\nsix\n"
        );
        assert_eq!(reflowed("ab \ncd", true), "abcd\n");
        assert_eq!(without_signature("Text.\n\n-- \nName\nHouse"), "Text.");
        assert_eq!(without_signature("Text.\n--\nMore"), "Text.\n--\nMore");
    }

    #[test]
    fn parts_are_split_at_their_own_boundary() {
        let body = b"before\r\n--x\r\none\r\n--xy\r\n--x \r\ntwo\n--x--\r\nafter";
        assert_eq!(split(body, "x"), [&b"one\r\n--xy"[..], b"two"]);
        assert_eq!(split(b"--x\nopen", "x"), [&b"open"[..]]);
        assert!(split(b"none", "x").is_empty());
    }

    #[test]
    fn nesting_is_capped() {
        let mut bytes = b"Content-Type: text/plain\n\nx".to_vec();
        for n in 0..3000 {
            bytes = [format!("Content-Type: multipart/mixed; boundary=b{n}x\n\n--b{n}x\n").as_bytes(), &bytes].concat();
        }
        let (_, mut part) = message(&bytes);
        let mut depth = 0;
        while let Part::Many { mut parts, .. } = part {
            part = parts.remove(0);
            depth += 1;
        }
        assert_eq!(depth, DEPTH_MAX);
    }
}
