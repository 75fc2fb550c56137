//! Text decoded with the wrong encoding and saved so: found by undoing it. Only what can be undone
//! whole, and then reads as text, is put right.

use crate::offsets::Edit;
use std::sync::OnceLock;

/// What stands at 0x80 to 0x9F in windows-1252.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The stretches of a text to be put right.
pub fn edits(text: &str) -> Vec<Edit> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(start) = text.as_bytes()[from..].iter().position(|b| !b.is_ascii()).map(|found| from + found) {
        let Some(first) = text[start..].chars().next() else { break };
        let same = byte_of(first).is_some();
        let others = text[start..].find(|c: char| c.is_ascii() || byte_of(c).is_some() != same);
        let end = others.map_or(text.len(), |length| start + length);
        from = end;
        let run = &text[start..end];
        if same {
            latin(run, start, &mut out);
        } else if let Some(fixed) = gbk(run) {
            out.push(Edit::replace(start, end, fixed));
        }
    }
    out
}

/// The byte that a character stands for in windows-1252, beyond ASCII.
fn byte_of(c: char) -> Option<u8> {
    match c {
        '\u{80}'..='\u{ff}' => Some(c as u8),
        c => WINDOWS.iter().position(|w| *w == c).map(|at| 0x80 + at as u8),
    }
}

/// A run of characters of windows-1252: UTF-8 within it (`â€™` for `’`), or GB2312 (`ÐÂ½®` for 新疆).
fn latin(run: &str, start: usize, out: &mut Vec<Edit>) {
    let places: Vec<(usize, u8)> = run.char_indices().filter_map(|(at, c)| Some((at, byte_of(c)?))).collect();
    if places.len() < 2 {
        return;
    }
    let bytes: Vec<u8> = places.iter().map(|(_, b)| *b).collect();
    if bytes.len() >= 4 && bytes.len().is_multiple_of(2) && bytes.iter().all(|b| *b >= 0xa1) {
        let (text, failed) = encoding_rs::GBK.decode_without_bom_handling(&bytes);
        // First-level ideographs have leads B0 to D7, punctuation A1 and A3.
        let usual = bytes.chunks(2).all(|pair| matches!(pair[0], 0xa1 | 0xa3 | 0xb0..=0xd7));
        if !failed && usual && text.chars().filter(|c| crate::analysis::is_ideograph(*c)).count() >= 2 {
            out.push(Edit::replace(start, start + run.len(), text.into_owned()));
            return;
        }
    }
    let mut at = 0;
    while at < bytes.len() {
        let length = match bytes[at] {
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            _ => 1,
        };
        let c = bytes.get(at..at + length).and_then(|b| std::str::from_utf8(b).ok()).and_then(|t| t.chars().next());
        let Some(c) = c.filter(|c| length > 1 && is_plausible(*c)) else {
            at += 1;
            continue;
        };
        let end = places.get(at + length).map_or(run.len(), |(place, _)| *place);
        out.push(Edit::replace(start + places[at].0, start + end, c));
        at += length;
    }
}

/// Characters that documents have. By chance, the wrong ones come out: `É”` would be `ɔ`.
fn is_plausible(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{17f}' | '\u{391}'..='\u{3c9}' | '\u{410}'..='\u{44f}' | '\u{2010}'..='\u{2026}' | '\u{2030}'..='\u{203a}'
        | '€' | '™' | '\u{2190}'..='\u{21ff}' | '\u{2200}'..='\u{22ff}' | '\u{2460}'..='\u{24ff}' | '\u{25a0}'..='\u{25ff}' | '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{ff00}'..='\u{ffef}' | '\u{feff}')
}

/// UTF-8 read as GBK: `鏂扮枂` for 新疆. Nearly every third character then begins like an ideograph of
/// UTF-8 does, and some are none that GB2312 has.
fn gbk(run: &str) -> Option<String> {
    let chars = run.chars().count();
    let begins = run.chars().filter(|c| beginnings().binary_search(c).is_ok()).count();
    if chars < 3 || begins * 4 < chars {
        return None;
    }
    let (bytes, _, failed) = encoding_rs::GBK.encode(run);
    if failed {
        return None;
    }
    // The last character may have lost its end: what is whole is put right.
    let whole = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(_) => return None,
    };
    let extension = bytes.chunks(2).any(|pair| pair.len() == 2 && pair[1] < 0xa1);
    let is_text = |c: char| is_plausible(c) && !matches!(c, '\u{100}'..='\u{17f}');
    let ideographs = whole.chars().filter(|c| crate::analysis::is_ideograph(*c)).count();
    (extension && ideographs >= 2 && whole.chars().all(is_text)).then(|| whole.to_string())
}

/// What GBK makes of the first two bytes of ideographs and wide punctuation in UTF-8, in order.
fn beginnings() -> &'static [char] {
    static TABLE: OnceLock<Vec<char>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let pairs = (0xe4..=0xe9u8).flat_map(|lead| (0x80..=0xbfu8).map(move |next| [lead, next]));
        let wide = [[0xef, 0xbc], [0xef, 0xbd], [0xe3, 0x80], [0xe2, 0x80]];
        let mut table: Vec<char> = pairs
            .chain(wide)
            .filter_map(|pair| encoding_rs::GBK.decode_without_bom_handling(&pair).0.chars().next())
            .filter(|c| *c != '\u{fffd}')
            .collect();
        table.sort_unstable();
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str) -> String {
        let mut out = String::new();
        let mut at = 0;
        for edit in edits(text) {
            out.push_str(&text[at..edit.span.start]);
            out.push_str(&edit.with);
            at = edit.span.end;
        }
        out + &text[at..]
    }

    fn misread(text: &str, as_encoding: &'static encoding_rs::Encoding) -> String {
        as_encoding.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn utf8_read_as_something_else_is_put_right() {
        for text in ["Shaanxi’s “action plan” – café", "新疆陆港。", "Über die Straße"] {
            assert_eq!(fixed(&misread(text, encoding_rs::WINDOWS_1252)), text);
        }
        for text in ["新疆建设国际陆港", "新疆 建设（陆港），推动发展。"] {
            let damaged = misread(text, encoding_rs::GBK);
            if !damaged.contains('\u{fffd}') {
                assert_eq!(fixed(&damaged), text, "{damaged}");
            }
        }
        assert_eq!(fixed("鏂扮枂"), "新疆");
    }

    #[test]
    fn gb2312_read_as_latin_is_put_right() {
        let bytes = encoding_rs::GBK.encode("新疆陆港").0;
        let damaged: String = bytes.iter().map(|b| *b as char).collect();
        assert_eq!(fixed(&damaged), "新疆陆港");
    }

    #[test]
    fn what_only_looks_strange_stays() {
        for text in [
            "CAFÉ” said",
            "新疆维吾尔自治区人民政府工作报告",
            "洹河、浠水",
            "Müller’s",
            "£5 ½ ×",
            "ÀÉ",
            "Ångström",
            "国务院关于加快建设全国统一大市场的意见",
        ] {
            assert_eq!(fixed(text), text);
        }
    }
}
