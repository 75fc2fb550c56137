//! ZIP files: archives, and the packages that office formats are. Reads members within limits.

use super::Limits;
use crate::error::Problem;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// An opened ZIP.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    limits: &'a Limits,
    left: u64,
}

impl<'a> Package<'a> {
    /// Opens a ZIP. Fails with the reason when its list of members cannot be read.
    pub fn open(bytes: &'a [u8], limits: &'a Limits) -> Result<Package<'a>, Problem> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| said(&e))?;
        Ok(Package { archive, limits, left: limits.unpacked })
    }

    /// Members in the order of the list: number and name. Names of folders end with `/`.
    pub fn members(&self) -> Vec<(usize, String)> {
        self.archive.file_names_raw().map(super::decode_name).enumerate().collect()
    }

    /// A member by its exact name; none if it is not there.
    /// Fails when it is damaged, encrypted, or the package unpacks to more than the limit.
    pub fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        // Some producers write absolute names or backslashes.
        let wanted = name.trim_start_matches('/');
        let same = |n: &str| n.trim_start_matches('/').replace('\\', "/").eq_ignore_ascii_case(wanted);
        match self.members().into_iter().find(|(_, n)| same(n)) {
            Some((at, _)) => self.read_at(at).map(Some),
            None => Ok(None),
        }
    }

    /// A member by its number, as yet packed: for those who keep limits of their own.
    pub fn packed(&mut self, at: usize) -> Result<impl Read + '_, Problem> {
        self.archive.by_index(at).map_err(|e| said(&e))
    }

    /// A member by its number.
    pub fn read_at(&mut self, at: usize) -> Result<Vec<u8>, Problem> {
        let member = self.archive.by_index(at).map_err(|e| said(&e))?;
        // What a header says of the size may be a lie: it is a hint for a small buffer, no more.
        let mut bytes = Vec::with_capacity(usize::try_from(member.size().min(1 << 20)).unwrap_or(0));
        let read = member.take(self.left + 1).read_to_end(&mut bytes);
        read.map_err(|e| Problem::Content(format!("is damaged: a part of it cannot be unpacked ({e})")))?;
        if bytes.len() as u64 > self.left {
            return Err(self.limits.over("max-unpacked"));
        }
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }
}

fn said(error: &ZipError) -> Problem {
    Problem::Content(match error {
        ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => {
            "is protected by a password".to_string()
        }
        ZipError::UnsupportedArchive(text) => format!("is packed in a way that is not read ({text})"),
        other => format!("is damaged: not a whole ZIP file ({other})"),
    })
}

#[cfg(test)]
pub(crate) mod test {
    use std::io::{Cursor, Write};
    use zip::write::SimpleFileOptions;

    /// A ZIP of members.
    pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_within_the_limit() {
        let bytes = test::zip(&[("a.txt", b"text"), ("b/", b""), ("b/zeros", &[0; 5000])]);
        let limits = Limits { unpacked: 4000, ..Limits::default() };
        let mut package = Package::open(&bytes, &limits).unwrap();
        assert_eq!(package.read("A.txt").unwrap().unwrap(), b"text");
        assert_eq!(package.read("none").unwrap(), None);
        assert_eq!(package.read("b/zeros").unwrap_err(), limits.over("max-unpacked"));
    }

    #[test]
    fn a_cut_file_is_said_to_be_damaged() {
        let bytes = test::zip(&[("a.txt", b"text")]);
        let limits = Limits::default();
        let problem = Package::open(&bytes[..bytes.len() / 2], &limits).err().unwrap();
        assert!(problem.to_string().starts_with("is damaged"), "{problem}");
    }
}
