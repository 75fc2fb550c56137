//! Paths as text, and back. Names of files need be no text: what is none is written so that no two paths look the same.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Stands before a byte that is no UTF-8, which follows in two hexadecimal digits; itself it is written twice.
const MARK: char = '\u{fffd}';

/// A path as text: what identifies a file in the index.
pub fn key_of(path: &Path) -> String {
    if let Some(text) = path.to_str().filter(|text| !text.contains(MARK)) {
        return text.to_string();
    }
    let mut out = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            out.push(c);
            if c == MARK {
                out.push(c);
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("{MARK}{byte:02X}"));
        }
    }
    out
}

/// The bytes of the path that is so written.
pub fn key_bytes(key: &str) -> Cow<'_, [u8]> {
    if !key.contains(MARK) {
        return key.as_bytes().into();
    }
    let mut out = Vec::with_capacity(key.len());
    let mut rest = key;
    while let Some((before, after)) = rest.split_once(MARK) {
        out.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = match (after.strip_prefix(MARK), byte) {
            (None, Some(byte)) => {
                out.push(byte);
                &after[2..]
            }
            (twice, _) => {
                out.extend_from_slice(MARK.encode_utf8(&mut [0; 4]).as_bytes());
                twice.unwrap_or(after)
            }
        };
    }
    out.extend_from_slice(rest.as_bytes());
    out.into()
}

/// The path that is so written.
pub fn path_of(key: &str) -> PathBuf {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Path::new(std::ffi::OsStr::from_bytes(&key_bytes(key))).to_path_buf()
    }
    #[cfg(not(unix))]
    PathBuf::from(key)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    proptest::proptest! {
        #[test]
        fn a_path_is_found_again_from_its_key(
            parts in proptest::collection::vec(
                proptest::prop_oneof![
                    proptest::collection::vec(proptest::prelude::any::<u8>(), 0..4),
                    proptest::prelude::Just("\u{fffd}".as_bytes().to_vec()),
                    proptest::prelude::Just(b"FF".to_vec()),
                ],
                0..6,
            )
        ) {
            let bytes = parts.concat();
            let path = Path::new(OsStr::from_bytes(&bytes));
            let found = path_of(&key_of(path));
            proptest::prop_assert_eq!(found.as_os_str(), path.as_os_str());
        }
    }

    #[test]
    fn no_two_paths_have_one_key() {
        let key = |name: &[u8]| key_of(Path::new(OsStr::from_bytes(name)));
        assert_eq!(key("/a%FF/新".as_bytes()), "/a%FF/新");
        assert_eq!(key(b"a\xff.txt"), "a\u{fffd}FF.txt");
        assert_ne!(key(b"a\xff.txt"), key("a\u{fffd}FF.txt".as_bytes()));
        for odd in ["\u{fffd}", "\u{fffd}G1", "\u{fffd}\u{fffd}FF", "\u{fffd}F新"] {
            assert!(!path_of(odd).as_os_str().is_empty());
        }
    }
}
