//! What tells of which format a file is, looked at once for all who ask.

use super::{Limits, Package};
use std::cell::OnceCell;

/// A file's content as those see it who recognise formats.
pub struct Head<'a> {
    /// The whole content.
    pub bytes: &'a [u8],
    /// Its first part as text, marks and blanks before it taken off; for formats that begin with words.
    start: OnceCell<String>,
    /// The names in it, if it is a ZIP.
    members: OnceCell<Vec<String>>,
}

/// Bytes that [`Head::start`] looks at.
const START_BYTES: usize = 4096;

impl<'a> Head<'a> {
    /// Looks at a content.
    pub fn new(bytes: &'a [u8]) -> Head<'a> {
        Head { bytes, start: OnceCell::new(), members: OnceCell::new() }
    }

    /// Whether it begins with these bytes.
    pub fn begins(&self, magic: &[u8]) -> bool {
        self.bytes.starts_with(magic)
    }

    /// Its first kilobytes as text, without byte-order mark and leading blanks; UTF-16 is decoded.
    pub fn start(&self) -> &str {
        self.start.get_or_init(|| {
            let head = &self.bytes[..self.bytes.len().min(START_BYTES)];
            let text = match encoding_rs::Encoding::for_bom(head) {
                Some((encoding, _)) => encoding.decode(head).0,
                None => String::from_utf8_lossy(head),
            };
            text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace()).to_string()
        })
    }

    /// The names of its members, if it is a ZIP with a list that can be read; empty otherwise.
    pub fn members(&self) -> &[String] {
        self.members.get_or_init(|| {
            if !self.begins(b"PK\x03\x04") && !self.begins(b"PK\x05\x06") {
                return Vec::new();
            }
            let limits = Limits::default();
            let package = Package::open(self.bytes, &limits);
            package.map(|p| p.members().into_iter().map(|(_, name)| name).collect()).unwrap_or_default()
        })
    }

    /// Whether it is a ZIP with a member whose name begins so.
    pub fn has_member(&self, begins: &str) -> bool {
        self.members().iter().any(|m| m.trim_start_matches('/').starts_with(begins))
    }

    /// Whether it is a ZIP whose first member says of what media type it is: ODF and EPUB do.
    pub fn is_package_of(&self, media_type: &str) -> bool {
        // A local header has 30 bytes and the name; this member is stored, not packed.
        self.bytes.get(30..38) == Some(b"mimetype") && {
            let extra = self.bytes.get(28..30).map_or(0, |b| usize::from(u16::from_le_bytes([b[0], b[1]])));
            self.bytes.get(38 + extra..).is_some_and(|rest| rest.starts_with(media_type.as_bytes()))
        }
    }
}
