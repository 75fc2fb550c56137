//! gzip: one file, packed, perhaps in several pieces.

use super::{Container, Sink, placed};
use crate::error::Problem;
use crate::source::{Blob, Head, decode_name};
use flate2::bufread::GzDecoder;
use std::io::Read;

/// gzip. Packed web archives are not asked for here: they are recognised before.
pub const CONTAINER: Container = Container {
    name: "gzip",
    extensions: &["gz", "gzip"],
    is_binary: true,
    recognises: |h: &Head| h.begins(MAGIC),
    unpack,
};

/// What a file begins with.
pub(super) const MAGIC: &[u8] = b"\x1f\x8b\x08";

fn unpack(blob: &Blob, sink: &mut Sink) -> Result<(), Problem> {
    let mut packed = Gunzip::new(&blob.bytes);
    let name = name(blob, packed.name());
    let bytes = sink.unpack(&mut packed)?;
    // It is the same document: what is said of the file is said of it.
    sink.member(&name, Ok(Blob { given: blob.given.clone(), ..Blob::member(name.clone(), bytes) }))
}

/// The file's name without what says that it is packed, or else the one it had before.
fn name(blob: &Blob, before: Option<String>) -> String {
    let lower = blob.name.to_lowercase();
    for (packed, plain) in [(".gz", ""), (".gzip", ""), (".tgz", ".tar")] {
        if let Some(stem) = lower.strip_suffix(packed).and_then(|s| blob.name.get(..s.len())).filter(|s| !s.is_empty())
        {
            return format!("{stem}{plain}");
        }
    }
    before.and_then(|b| placed(&b)).map_or_else(|| blob.name.clone(), |(_, name)| name)
}

/// Unpacks piece after piece. What follows the last and is none, such as padding, is passed over.
pub(super) struct Gunzip<'a>(Option<GzDecoder<&'a [u8]>>);

impl<'a> Gunzip<'a> {
    /// Of bytes that begin with [`MAGIC`].
    pub fn new(bytes: &'a [u8]) -> Gunzip<'a> {
        Gunzip(Some(GzDecoder::new(bytes)))
    }

    /// The name of the file that was packed.
    fn name(&self) -> Option<String> {
        let header = self.0.as_ref()?.header()?;
        header.filename().map(decode_name)
    }
}

impl Read for Gunzip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while let Some(piece) = &mut self.0 {
            let read = piece.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let rest: &[u8] = piece.get_ref();
            self.0 = rest.starts_with(MAGIC).then(|| GzDecoder::new(rest));
        }
        Ok(0)
    }
}

#[cfg(test)]
pub(crate) mod test {
    use std::io::Write;

    /// Bytes packed as one piece.
    pub fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::{lines, members_of};
    use super::test::gzip;
    use super::*;
    use crate::source::Limits;

    #[test]
    fn all_pieces_are_one_file_and_padding_is_nothing() {
        let bytes = [gzip(b"one "), gzip(b"two"), vec![0; 20]].concat();
        assert_eq!(lines(&CONTAINER, "a.txt.gz", &bytes), ["a.txt [a.txt] one two"]);
        assert_eq!(lines(&CONTAINER, "a.TGZ", &gzip(b"x")), ["a.tar [a.tar] x"]);
    }

    #[test]
    fn the_name_within_is_taken_where_the_file_has_none() {
        let mut bytes = gzip(b"x");
        bytes[3] |= 8;
        bytes.splice(10..10, *b"dir/b.txt\0");
        assert_eq!(lines(&CONTAINER, "data", &bytes), ["b.txt [b.txt] x"]);
        assert_eq!(lines(&CONTAINER, "a.html.gz", &bytes), ["a.html [a.html] x"]);
    }

    #[test]
    fn damage_and_size_are_problems() {
        let bytes = gzip(&[7; 5000]);
        let damaged = lines(&CONTAINER, "a.gz", &bytes[..bytes.len() - 9]);
        assert!(damaged[0].starts_with("end: is damaged"), "{damaged:?}");
        let limits = Limits { unpacked: 4000, ..Limits::default() };
        let (members, result) = members_of(&CONTAINER, &Blob::of_file("a.gz", bytes), &limits, &[]);
        assert_eq!((members.len(), result), (0, Err(limits.over("max-unpacked"))));
    }
}
