//! Bytes → text, whatever the encoding and whatever the file says of it.
//!
//! In: bytes, and what they are declared to be. Out: [`Decoded`]: text with the way back to the bytes.

use crate::model::Span;
use crate::offsets::OffsetMap;
use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Text and how it was decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: String,
    /// Name of the encoding, as in the WHATWG standard; empty for a format that has none.
    pub encoding: &'static str,
    /// Malformed sequences that became U+FFFD.
    pub replaced: usize,
    /// From the text to the bytes of the file.
    pub map: OffsetMap,
}

impl Decoded {
    /// Text that has no bytes of its own in a file: it was packed, coded or drawn.
    pub fn without_bytes(text: String) -> Decoded {
        Decoded { text, ..Decoded::default() }
    }

    /// Whether the text can be led back to bytes of the file.
    pub fn has_bytes(&self) -> bool {
        !self.map.is_empty()
    }

    /// The bytes are not those of a file: nobody can look there.
    pub(crate) fn forget_bytes(&mut self) {
        self.map = OffsetMap::default();
    }
}

/// Share of malformed sequences among multi-byte characters below which a file is damaged UTF-8
/// rather than something else.
const DAMAGE_MAX: f64 = 0.02;

/// Decodes by, in this order: byte-order mark, UTF-16 by its zero bytes, strict UTF-8 over the whole
/// file, the declared encoding if all of it decodes, UTF-8 with little damage, and a guess from the
/// bytes of the whole file. `declared` is a label such as `gb2312`.
///
/// Pages declare wrongly both ways (UTF-8 called gb2312, GBK called utf-8), so the bytes are asked first.
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (encoding_of(bytes, declared), 0));
    let mut decoded = with(encoding, &bytes[mark..]);
    decoded.map = map(encoding, bytes, mark);
    debug_assert_eq!(decoded.map.len(), decoded.text.len());
    decoded
}

/// Decodes as [`decode`] does, where nobody will want to know where a character came from.
pub fn text<'a>(bytes: &'a [u8], declared: Option<&str>) -> Cow<'a, str> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or_else(|| (encoding_of(bytes, declared), 0));
    encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0
}

fn encoding_of(bytes: &[u8], declared: Option<&str>) -> &'static Encoding {
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    if let Some(encoding) = declared.filter(|e| *e != UTF_8) {
        let decoded = with(encoding, bytes);
        if decoded.replaced == 0 && !is_single_byte(encoding) {
            return encoding;
        }
    }
    let as_utf8 = with(UTF_8, bytes);
    let wide = as_utf8.text.chars().filter(|c| !c.is_ascii()).count().max(1);
    if (as_utf8.replaced as f64) < DAMAGE_MAX * wide as f64 {
        return UTF_8;
    }
    let guessed = guess(bytes);
    match declared.filter(|e| *e != UTF_8) {
        // A declared single-byte encoding decodes anything: believe it unless the guess is multi-byte and clean.
        Some(encoding)
            if is_single_byte(encoding) && (is_single_byte(guessed) || with(guessed, bytes).replaced > 0) =>
        {
            encoding
        }
        Some(encoding) => {
            let as_declared = with(encoding, bytes);
            if as_declared.replaced <= with(guessed, bytes).replaced && !is_single_byte(encoding) {
                encoding
            } else {
                guessed
            }
        }
        None => guessed,
    }
}

fn is_single_byte(encoding: &'static Encoding) -> bool {
    encoding.is_single_byte()
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    // Short texts are told by where dryport's documents come from: mainland China.
    let guessed = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    if !guessed.is_single_byte() && is_latin(guessed, bytes) {
        let elsewhere = detector.guess(None, chardetng::Utf8Detection::Deny);
        return if elsewhere.is_single_byte() { elsewhere } else { encoding_rs::WINDOWS_1252 };
    }
    if guessed != encoding_rs::GBK {
        return guessed;
    }
    // GBK takes nearly any bytes, but makes characters of other encodings into private-use ones.
    let (as_gbk, as_big5) = (strange(encoding_rs::GBK, bytes), strange(encoding_rs::BIG5, bytes));
    if as_big5 * 4 < as_gbk { encoding_rs::BIG5 } else { guessed }
}

/// Whether what seem to be two-byte characters are accented letters and their neighbours: they stand
/// alone, in the midst of Latin words.
fn is_latin(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let (mut runs, mut alone, mut before, mut length) = (0usize, 0usize, ' ', 0usize);
    for c in text.chars().chain([' ']) {
        if crate::analysis::is_ideograph(c) {
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

/// Characters that no text of an encoding has: replaced ones and those for private use.
fn strange(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    text.chars().filter(|c| matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}')).count()
}

fn with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let encoding = if encoding == encoding_rs::GBK { encoding_rs::GB18030 } else { encoding };
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let replaced = if had_errors { text.matches('\u{fffd}').count() } else { 0 };
    Decoded { text: text.into_owned(), encoding: encoding.name(), replaced, map: OffsetMap::default() }
}

/// From the text to the bytes: the decoder is fed byte by byte, and what it gives out came from the
/// bytes since it last gave something.
fn map(encoding: &'static Encoding, bytes: &[u8], from: usize) -> OffsetMap {
    let encoding = if encoding == encoding_rs::GBK { encoding_rs::GB18030 } else { encoding };
    let mut map = OffsetMap::default();
    if encoding == UTF_8 {
        if std::str::from_utf8(&bytes[from..]).is_ok() {
            return OffsetMap::copy(bytes.len() - from, from);
        }
        let mut at = from;
        for chunk in bytes[from..].utf8_chunks() {
            let (valid, invalid) = (chunk.valid().len(), chunk.invalid().len());
            map.push(valid, Span { start: at, end: at + valid }, true);
            at += valid;
            if invalid > 0 {
                map.push('\u{fffd}'.len_utf8(), Span { start: at, end: at + invalid }, false);
            }
            at += invalid;
        }
        return map;
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = [0; 32];
    let (mut at, mut begun) = (from, from);
    while at < bytes.len() {
        if begun == at && encoding.is_ascii_compatible() {
            let ascii = bytes[at..].iter().position(|b| !b.is_ascii()).unwrap_or(bytes.len() - at);
            map.push(ascii, Span { start: at, end: at + ascii }, true);
            (at, begun) = (at + ascii, at + ascii);
            if at == bytes.len() {
                break;
            }
        }
        let (_, _, written, _) = decoder.decode_to_utf8(&bytes[at..at + 1], &mut buffer, false);
        at += 1;
        if written > 0 {
            map.push_even(written, begun, written, at - begun);
            begun = at;
        }
    }
    let (_, _, written, _) = decoder.decode_to_utf8(&[], &mut buffer, true);
    map.push_even(written, begun, written.max(1), at - begun);
    map
}

/// UTF-16 shows by zero bytes at every other place (Latin letters, line ends), or by decoding to
/// characters that texts have (ideographs, of which the other byte order makes nonsense).
pub fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(8192) & !1];
    if head.len() < 4 || !head.contains(&0) {
        return None;
    }
    let decoded = |encoding: &'static Encoding| {
        // Its last character may be cut in half.
        let (text, _) = encoding.decode_without_bom_handling(head);
        let text = text.trim_end_matches('\u{fffd}').to_string();
        let is_data = |c: char| c == '\u{fffd}' || c.is_control() && !c.is_whitespace();
        (!text.contains(is_data)).then_some(text)
    };
    let zero = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zero(0), zero(1));
    let latin = if odd > 4 * even { Some(UTF_16LE) } else { (even > 4 * odd).then_some(UTF_16BE) };
    if let Some(encoding) = latin.filter(|_| even.max(odd) * 8 >= head.len()) {
        return decoded(encoding).map(|_| encoding);
    }
    [UTF_16LE, UTF_16BE].into_iter().find(|encoding| {
        // Pairs of ASCII characters decode to ideographs, too.
        let ascii = head.iter().filter(|b| (b' '..=b'~').contains(b)).count();
        ascii * 4 < head.len() * 3
            && decoded(encoding).is_some_and(|text| {
                let usual = text.chars().filter(|c| is_usual(*c)).count();
                usual * 100 >= text.chars().count() * 97
            })
    })
}

/// Characters that reports in English and Chinese are made of.
fn is_usual(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{ff}' | '\u{2010}'..='\u{2030}' | '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHINESE: &str = "新疆维吾尔自治区政府工作报告：加快乌鲁木齐国际陆港区建设，推动中欧班列高质量发展。";

    const CHINESE_LINES: &str = "新疆政府工作报告\n加快乌鲁木齐国际陆港区建设，推动中欧班列发展。\n";

    #[track_caller]
    fn check(bytes: &[u8], declared: Option<&str>, encoding: &str, text: &str) {
        let decoded = decode(bytes, declared);
        assert_eq!((decoded.encoding, decoded.text.as_str()), (encoding, text));
    }

    #[test]
    fn declared_contradicted_and_undeclared_encodings_are_read() {
        let gbk = encoding_rs::GBK.encode(CHINESE).0;
        check(&gbk, None, "gb18030", CHINESE);
        check(&gbk, Some("gb2312"), "gb18030", CHINESE);
        check(&gbk, Some("utf-8"), "gb18030", CHINESE);
        check(&gbk, Some("iso-8859-1"), "gb18030", CHINESE);
        check(CHINESE.as_bytes(), Some("gb2312"), "UTF-8", CHINESE);
        let german = encoding_rs::WINDOWS_1252.encode("Für die Waldorfschule gab es schöne Grüße über den Träger.").0;
        check(
            &german,
            Some("iso-8859-1"),
            "windows-1252",
            "Für die Waldorfschule gab es schöne Grüße über den Träger.",
        );
        check(&german, Some("utf-8"), "windows-1252", "Für die Waldorfschule gab es schöne Grüße über den Träger.");
        check(b"The caf\xe9 of the port", Some("iso-8859-1"), "windows-1252", "The café of the port");
        let traditional = "臺灣與大陸之間的貿易持續增長，港口吞吐量創下新高，物流業者表示樂觀。";
        let big5 = encoding_rs::BIG5.encode(traditional).0;
        check(&big5, Some("big5"), "Big5", traditional);
        check(&big5, None, "Big5", traditional);
    }

    #[test]
    fn utf16_is_read_with_and_without_a_mark() {
        for text in
            ["Dry port\nof Urumqi", "Dry port 新疆\n陆港", "新疆陆港\n一带一路　建设，二〇二〇年。", CHINESE_LINES]
        {
            let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            check(&[b"\xff\xfe", le.as_slice()].concat(), None, "UTF-16LE", text);
            check(&le, None, "UTF-16LE", text);
            check(&be, None, "UTF-16BE", text);
        }
    }

    #[test]
    fn four_byte_characters_of_gb18030_survive() {
        let text = format!("{CHINESE}㐂");
        let bytes = encoding_rs::GB18030.encode(&text).0;
        check(&bytes, Some("gb2312"), "gb18030", &text);
    }

    #[test]
    fn one_bad_byte_costs_one_character() {
        let mut bytes = CHINESE.repeat(20).into_bytes();
        bytes.insert(300, 0xff);
        let decoded = decode(&bytes, None);
        assert_eq!((decoded.encoding, decoded.replaced), ("UTF-8", 1));
    }
}
