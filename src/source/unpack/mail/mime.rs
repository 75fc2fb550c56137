//! The parts of a message: heads, bodies, and how they were packed for the way.
//!
//! Heads are read by the mail library; the tree of parts is walked here, to a depth that is capped.

use super::super::markup;
use super::super::web::percent_decoded;
use super::transfer::{base64, quoted_printable, reflowed};
use crate::decode;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders};
use std::borrow::Cow;

/// Deepest nesting of parts in one message; mails nest three or four.
const DEPTH_MAX: usize = 16;
/// Most parts of one message.
pub(super) const PARTS_MAX: usize = 10_000;
/// Longest head, in bytes: what is longer is none.
const HEAD_BYTES_MAX: usize = 4 << 20;
/// Fields of a head that say something of its part; of the others, some are very long.
const FIELDS: &[&str] = &[
    "from",
    "sender",
    "subject",
    "date",
    "content-type",
    "content-disposition",
    "content-transfer-encoding",
    "content-location",
    "content-id",
    "snapshot-content-location",
];
/// Longest of these fields, in bytes, and most of them.
const FIELD_BYTES_MAX: usize = 16 << 10;
const FIELDS_MAX: usize = 20;

/// Pieces that a name comes in, at most, and the bytes that number one.
const PIECES_MAX: usize = 64;
const NUMBER_BYTES_MAX: usize = 6;

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
    Leaf(Box<Leaf<'a>>),
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
        return Part::Leaf(Box::new(Leaf { head: Head { media_type, ..head }, body }));
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

/// The fields of a head that are of use, as a head of their own.
fn fields_of(head: &str) -> String {
    let mut out = String::new();
    let (mut number, mut begun, mut is_wanted) = (0, 0, false);
    for line in head.split_inclusive('\n') {
        if !line.starts_with([' ', '\t']) {
            let name = line.split(':').next().unwrap_or_default().trim_end();
            is_wanted = number < FIELDS_MAX && FIELDS.iter().any(|f| name.eq_ignore_ascii_case(f));
            number += usize::from(is_wanted);
            begun = out.len();
        }
        if is_wanted && out.len() - begun + line.len() <= FIELD_BYTES_MAX {
            out.push_str(line.trim_end_matches(['\r', '\n']));
            out.push_str("\r\n");
        }
    }
    out.push_str("\r\n");
    out
}

fn read_head(bytes: &[u8], parser: &MessageParser, usual: &str) -> Head {
    let fields = fields_of(&decode::text(bytes, None));
    let Some(message) = parser.parse_headers(fields.as_bytes()) else {
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
        name: continued_name(&fields).or_else(|| text(message.attachment_name())),
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

/// A file's name in several pieces, `filename*0*=…; filename*1*=…`: a character may be cut in two between
/// them, so they are joined before they are decoded.
fn continued_name(fields: &str) -> Option<String> {
    let mut pieces: Vec<(u32, bool, &str)> = Vec::new();
    for (at, _) in fields.match_indices("name*") {
        let rest = fields.get(at + 5..)?;
        let Some(equals) = rest.bytes().take(NUMBER_BYTES_MAX).position(|b| b == b'=') else { continue };
        let Some((number, value)) = rest.split_at_checked(equals).map(|(n, v)| (n, &v[1..])) else { continue };
        let is_coded = number.ends_with('*');
        let Ok(number) = number.trim_end_matches('*').parse() else { continue };
        let value = value.split([';', '\r', '\n']).next().unwrap_or_default().trim().trim_matches('"');
        pieces.push((number, is_coded, value));
        if pieces.len() == PIECES_MAX {
            break;
        }
    }
    pieces.sort_by_key(|(number, ..)| *number);
    pieces.dedup_by_key(|(number, ..)| *number);
    let (_, is_coded, first) = *pieces.first().filter(|(number, ..)| *number == 0)?;
    let mut charset = None;
    let mut bytes = Vec::new();
    for (number, coded, value) in &pieces {
        let mut value = *value;
        if *number == 0 && is_coded {
            // The first begins with the encoding and the language.
            let mut parts = first.splitn(3, '\'');
            charset = parts.next().filter(|c| !c.is_empty());
            value = parts.nth(1).unwrap_or(first);
        }
        if *coded { bytes.extend(percent_decoded(value)) } else { bytes.extend_from_slice(value.as_bytes()) }
    }
    Some(decode::text(&bytes, charset).into_owned()).filter(|n| !n.trim().is_empty())
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
        // Only at the beginning of a line, so that each line is looked at once.
        if at.checked_sub(1).is_some_and(|before| body.get(before) != Some(&b'\n')) {
            continue;
        }
        let after = body.get(at + mark.len()..).unwrap_or_default();
        let line = memchr::memchr(b'\n', after).map_or(after, |n| after.get(..n).unwrap_or_default());
        let is_last = line.starts_with(b"--");
        // A longer boundary that begins like this one is another.
        if !is_last && !line.trim_ascii().is_empty() {
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

    /// Its text. Of plain text, lines broken for the way are joined.
    pub fn text(&self) -> String {
        let bytes = self.bytes();
        let charset = self.head.charset.as_deref();
        let unknown = charset.filter(|c| encoding_rs::Encoding::for_label(c.trim().as_bytes()).is_none());
        let text = match unknown.and_then(|c| mail_parser::decoders::charsets::map::charset_decoder(c.as_bytes())) {
            // Encodings that only mail has, such as UTF-7.
            Some(decoder) => Cow::Owned(decoder(&bytes)),
            None => decode::text(&bytes, charset),
        };
        if self.head.media_type == "text/html" {
            return text.into_owned();
        }
        if self.head.is_flowed { reflowed(&text, self.head.joins_words) } else { text.into_owned() }
    }
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
    fn a_name_in_pieces_is_joined_before_it_is_decoded() {
        let name = "x: y;\r\n filename*1*=%AF.docx;\r\n filename*0*=UTF-8''%E6%9E%9C%E6%96";
        assert_eq!(continued_name(name).as_deref(), Some("果斯.docx"));
        assert_eq!(continued_name("name*0=\"a b\"; name*1=\".pdf\"").as_deref(), Some("a b.pdf"));
        assert_eq!(continued_name("filename*=UTF-8''x; name=y"), None);
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
