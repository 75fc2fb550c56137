//! A document and its passages in few bytes: as they are kept, and as one process hands them to another.

mod document;
mod passage;

use super::record::{DocumentRecord, PassageRecord};
use crate::copies::Sketch;

pub(super) use document::unpack as unpack_document;
pub(super) use passage::{Kept, look, unpack};

/// A document with its passages, ready to be written.
#[derive(Debug)]
pub struct Packed {
    /// The document.
    pub document: DocumentRecord,
    /// It, without its sketch, as it is kept.
    pub(super) kept: Vec<u8>,
    /// The text of each of its passages, and the rest as it is kept.
    pub(super) passages: Vec<(String, Vec<u8>)>,
}

impl Packed {
    /// Packs a document.
    pub fn new(document: DocumentRecord, passages: Vec<PassageRecord>) -> Packed {
        let pack = |passage: PassageRecord| {
            let rest = passage::pack(&passage);
            (passage.text, rest)
        };
        let kept = document::pack(&document);
        Packed { document, kept, passages: passages.into_iter().map(pack).collect() }
    }

    /// For another process: every part after its length.
    pub fn to_bytes(&self) -> Vec<u8> {
        let sketch: Vec<u8> = self.document.sketch.numbers().flat_map(u64::to_le_bytes).collect();
        let passages = || self.passages.iter().flat_map(|(text, rest)| [text.as_bytes(), rest]);
        let parts = || [self.kept.as_slice(), &sketch].into_iter().chain(passages());
        let mut out = Vec::with_capacity(parts().map(|part| part.len() + 4).sum());
        for part in parts() {
            out.extend((part.len() as u32).to_le_bytes());
            out.extend(part);
        }
        out
    }

    /// From another process; none if the bytes are not a document and its passages.
    pub fn from_bytes(bytes: &[u8]) -> Option<Packed> {
        let mut rest = bytes;
        let mut part = || {
            let (length, after) = rest.split_first_chunk()?;
            let (part, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
            rest = after;
            Some(part)
        };
        let (kept, sketch) = (part()?.to_vec(), part()?);
        let mut document = document::unpack(&kept)?;
        let (numbers, broken) = sketch.as_chunks();
        document.sketch = Sketch::from_numbers(numbers.iter().map(|number| u64::from_le_bytes(*number)));
        let mut passages = Vec::with_capacity(document.passages.min(1000) as usize);
        while let Some(text) = part() {
            let rest = part()?;
            look(rest)?;
            passages.push((std::str::from_utf8(text).ok()?.to_string(), rest.to_vec()));
        }
        (rest.is_empty() && broken.is_empty()).then_some(Packed { document, kept, passages })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copies::Shingles;

    #[test]
    fn a_document_goes_to_another_process_and_comes_back() {
        let mut document = document::tests::document();
        let text: Vec<String> = (0..50).map(|number| number.to_string()).collect();
        document.sketch = Sketch::of(&Shingles::of("", [text.join(" ").as_str()]));
        let passages: Vec<PassageRecord> =
            (1..4).map(|ordinal| PassageRecord { ordinal, text: "dry port".into(), ..Default::default() }).collect();
        let bytes = Packed::new(document.clone(), passages.clone()).to_bytes();
        let back = Packed::from_bytes(&bytes).unwrap();
        assert!(!back.document.sketch.is_empty());
        assert_eq!(back.document, document);
        assert_eq!(back.passages.iter().map(|(text, rest)| unpack(text, rest).unwrap()).collect::<Vec<_>>(), passages);
        assert_eq!(back.to_bytes(), bytes);
        for end in 0..bytes.len() {
            // Where a passage ends, the document may.
            assert!(Packed::from_bytes(&bytes[..end]).is_none_or(|p| p.passages.len() < passages.len()), "{end}");
        }
        for at in 0..bytes.len() {
            // Anything but a panic.
            let mut turned = bytes.clone();
            turned[at] ^= 0xff;
            let _ = Packed::from_bytes(&turned);
        }
    }
}
