//! What mail does to its parts for the way: bytes are written as letters, lines are broken.

/// What stands after a line of `-- ` is a signature if it is not longer than this, in lines.
const SIGNATURE_LINES_MAX: usize = 12;

/// Decodes base64; what is none of it is passed over.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
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
pub(super) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
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
pub(super) fn without_signature(text: &str) -> &str {
    let mark = text.rmatch_indices("\n-- ").find(|(at, m)| text[at + m.len()..].starts_with(['\n', '\r']));
    match mark {
        Some((at, _)) if text[at..].trim().lines().count() <= SIGNATURE_LINES_MAX => text[..at].trim_end(),
        _ => text,
    }
}

/// Joins the lines that a program broke: they end with a blank.
pub(super) fn reflowed(text: &str, joins_words: bool) -> String {
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
}
