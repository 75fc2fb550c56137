//! Bytes → text for containers that are text themselves: feeds, tables, mail.
//!
//! In: bytes and perhaps the encoding that is declared. Out: text. What cannot be decoded becomes U+FFFD.

use encoding_rs::{Encoding, GB18030, GBK, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Bytes that a guess looks at, at most.
const GUESS_BYTES: usize = 4 << 20;
/// Share of malformed sequences among the wide characters below which a text is damaged UTF-8.
const DAMAGE_MAX: f64 = 0.02;

/// Decodes by byte-order mark, zero bytes, strict UTF-8, the declared encoding if it fits, and a guess.
pub(super) fn decode<'a>(bytes: &'a [u8], declared: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0;
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let declared = declared.filter(|e| *e != UTF_8 && *e != REPLACEMENT);
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    if declared == Some(ISO_2022_JP) && bytes.contains(&0x1b) {
        // Its bytes are ASCII all of them.
        return ISO_2022_JP.decode_without_bom_handling(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    if let Some((text, false)) = declared.filter(|e| !e.is_single_byte()).map(|e| with(e, bytes)) {
        return text;
    }
    let lossy = String::from_utf8_lossy(bytes);
    let (mut wide, mut replaced) = (1usize, 0usize);
    for c in lossy.chars().filter(|c| !c.is_ascii()) {
        wide += 1;
        replaced += usize::from(c == '\u{fffd}');
    }
    if (replaced as f64) < DAMAGE_MAX * wide as f64 {
        return lossy;
    }
    let guessed = guess(bytes);
    match declared {
        // A single-byte encoding decodes anything: a clean guess of another kind is better.
        Some(encoding) if encoding.is_single_byte() && (guessed.is_single_byte() || with(guessed, bytes).1) => {
            with(encoding, bytes).0
        }
        _ => with(guessed, bytes).0,
    }
}

/// The text, and whether some of it was malformed. GBK is read as the larger GB18030.
fn with<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> (Cow<'a, str>, bool) {
    let encoding = if encoding == GBK { GB18030 } else { encoding };
    encoding.decode_without_bom_handling(bytes)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let bytes = bytes.get(..GUESS_BYTES).unwrap_or(bytes);
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // Short texts are told by where the documents come from: mainland China.
    let guessed = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    if !guessed.is_single_byte() && is_latin(&with(guessed, bytes).0) {
        let elsewhere = detector.guess(None, chardetng::Utf8Detection::Deny);
        return if elsewhere.is_single_byte() { elsewhere } else { WINDOWS_1252 };
    }
    guessed
}

/// Whether what seem to be two-byte characters stand alone within Latin words: accented letters.
fn is_latin(text: &str) -> bool {
    let is_ideograph = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let (mut runs, mut alone, mut before, mut length) = (0usize, 0usize, ' ', 0usize);
    for c in text.chars().chain([' ']) {
        if is_ideograph(c) {
            length += 1;
            continue;
        }
        if length > 0 {
            runs += 1;
            alone += usize::from(length == 1 && (before.is_ascii_alphabetic() || c.is_ascii_alphabetic()));
            length = 0;
        }
        before = c;
    }
    runs > 0 && alone * 2 > runs
}

/// UTF-16 of markup or letters has a zero at every other place.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..1024).unwrap_or(bytes);
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if even.max(odd) * 8 < head.len() || head.len() < 4 {
        return None;
    }
    if odd > 4 * even { Some(UTF_16LE) } else { (even > 4 * odd).then_some(UTF_16BE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: &str = "新疆维吾尔自治区政府工作报告：加快乌鲁木齐国际陆港区建设。";

    #[test]
    fn declared_and_undeclared_encodings_are_read() {
        let gbk = GBK.encode(CHINESE).0;
        assert_eq!(decode(&gbk, None), CHINESE);
        assert_eq!(decode(&gbk, Some("gb2312")), CHINESE);
        assert_eq!(decode(&gbk, Some("iso-8859-1")), CHINESE);
        assert_eq!(decode(CHINESE.as_bytes(), Some("gb2312")), CHINESE);
        assert_eq!(decode(b"\xef\xbb\xbfa", None), "a");
        let big5 = encoding_rs::BIG5.encode("臺灣與大陸之間的貿易持續增長").0;
        assert_eq!(decode(&big5, Some("Big5")), "臺灣與大陸之間的貿易持續增長");
        let latin = WINDOWS_1252.encode("The mayor of Orléans came to the café in Genève.").0;
        assert_eq!(decode(&latin, None), "The mayor of Orléans came to the café in Genève.");
        let le: Vec<u8> = "<rss>港".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&le, None), "<rss>港");
        assert_eq!(decode(b"\x1b$BElMN\x1b(B", Some("iso-2022-jp")), "東洋");
    }
}
