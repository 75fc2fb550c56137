//! Code pages by the numbers that office formats give them.

use encoding_rs::Encoding;
use std::borrow::Cow;

/// How 8-bit text is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CodePage {
    /// One that the web knows, too.
    Known(&'static Encoding),
    /// One of DOS: its characters from 0x80 on.
    Dos(&'static str),
}

/// Western European, what is meant where nothing is said.
pub const WESTERN: CodePage = CodePage::Known(encoding_rs::WINDOWS_1252);

const DOS_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const DOS_850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The code page of that number.
pub fn by_number(number: u32) -> Option<CodePage> {
    use encoding_rs::*;
    Some(CodePage::Known(match number {
        437 => return Some(CodePage::Dos(DOS_437)),
        850 | 858 => return Some(CodePage::Dos(DOS_850)),
        866 => IBM866,
        874 => WINDOWS_874,
        932 | 10001 => SHIFT_JIS,
        // GB 18030 is GBK with more characters.
        936 | 10008 | 20936 | 54936 => GB18030,
        949 | 1361 | 10003 => EUC_KR,
        950 | 10002 => BIG5,
        1200 => UTF_16LE,
        1201 => UTF_16BE,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 | 819 | 20127 | 28591 => WINDOWS_1252,
        1253 => WINDOWS_1253,
        1254 | 28599 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10000 => MACINTOSH,
        10007 => X_MAC_CYRILLIC,
        20866 => KOI8_R,
        21866 => KOI8_U,
        28592 => ISO_8859_2,
        28595 => ISO_8859_5,
        28597 => ISO_8859_7,
        51932 => EUC_JP,
        65001 => UTF_8,
        _ => return None,
    }))
}

/// The code page of a Windows language.
pub fn by_language(language: u16) -> CodePage {
    let number = match language {
        0x0404 | 0x0c04 | 0x1404 => 950,
        0x0804 | 0x1004 => 936,
        _ => match language & 0x3ff {
            0x11 => 932,
            0x12 => 949,
            0x1e => 874,
            0x02 | 0x19 | 0x22 | 0x23 | 0x2f => 1251,
            0x05 | 0x0e | 0x15 | 0x18 | 0x1a | 0x1b | 0x1c | 0x24 => 1250,
            0x08 => 1253,
            0x1f => 1254,
            0x0d => 1255,
            0x01 | 0x20 | 0x29 => 1256,
            0x25..=0x27 => 1257,
            0x2a => 1258,
            _ => 1252,
        },
    };
    by_number(number).unwrap_or(WESTERN)
}

impl CodePage {
    /// The text that bytes are; what cannot be read becomes U+FFFD.
    pub fn decode<'a>(&self, bytes: &'a [u8]) -> Cow<'a, str> {
        match self {
            CodePage::Known(encoding) => encoding.decode_without_bom_handling(bytes).0,
            CodePage::Dos(upper) => {
                let upper: Vec<char> = upper.chars().collect();
                let of = |b: &u8| match b.checked_sub(0x80) {
                    Some(at) => upper.get(usize::from(at)).copied().unwrap_or('\u{fffd}'),
                    None => char::from(*b),
                };
                Cow::Owned(bytes.iter().map(of).collect())
            }
        }
    }

    /// Whether a character may take several bytes.
    pub fn is_wide(&self) -> bool {
        matches!(self, CodePage::Known(encoding) if !encoding.is_single_byte())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_languages_have_code_pages() {
        assert_eq!(DOS_437.chars().count(), 128);
        assert_eq!(DOS_850.chars().count(), 128);
        for (number, bytes, text) in [
            (936, &b"\xb8\xdb"[..], "港"),
            (950, b"\xb4\xe4", "港"),
            (437, b"a\x81\xff", "aü\u{a0}"),
            (1251, b"\xcf", "П"),
            (10000, b"\x8e", "é"),
        ] {
            assert_eq!(by_number(number).unwrap().decode(bytes), text, "{number}");
        }
        assert_eq!(by_number(4711), None);
        assert_eq!(by_language(0x0804), by_number(936).unwrap());
        assert_eq!(by_language(0x0409), WESTERN);
    }
}
