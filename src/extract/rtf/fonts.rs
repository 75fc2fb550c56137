//! Fonts of RTF: in which code page the bytes of a run are.

use crate::extract::codepage::{self, CodePage};
use std::borrow::Cow;
use std::collections::HashMap;

/// In which code page bytes are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Page {
    /// In this one.
    Known(CodePage),
    /// In Western European as the font says, if they look like it: writers that think in another code
    /// page do not all name it with each font.
    Western,
    /// Pictures of a symbol font.
    Symbols,
}

/// The fonts of a document, and what holds without one.
#[derive(Default)]
pub struct Fonts {
    fonts: HashMap<i32, Page>,
    /// What `\ansicpg` and its like say.
    pub declared: Option<CodePage>,
    /// The font that holds where none is named.
    pub default: Option<i32>,
}

impl Fonts {
    /// Takes a font's `\fcharset`.
    pub fn charset(&mut self, font: i32, charset: i32) {
        let number = match charset {
            0 => {
                self.fonts.insert(font, Page::Western);
                return;
            }
            2 => {
                self.fonts.insert(font, Page::Symbols);
                return;
            }
            77 => 10000,
            78 | 128 => 932,
            79 | 129 | 130 => 949,
            80 | 134 => 936,
            81 | 136 => 950,
            161 => 1253,
            162 => 1254,
            163 => 1258,
            177 => 1255,
            178..=180 => 1256,
            186 => 1257,
            204 => 1251,
            222 => 874,
            238 => 1250,
            254 => 437,
            255 => 850,
            _ => return,
        };
        self.page(font, number);
    }

    /// Takes a font's `\cpg`.
    pub fn page(&mut self, font: i32, number: i32) {
        let page = u32::try_from(number).ok().and_then(codepage::by_number);
        if let Some(page) = page {
            self.fonts.insert(font, Page::Known(page));
        }
    }

    /// In what the bytes of a run of that font are.
    pub fn of(&self, font: Option<i32>) -> Page {
        let page = font.or(self.default).and_then(|f| self.fonts.get(&f)).copied();
        page.unwrap_or_else(|| self.of_file())
    }

    /// In what the bytes outside of runs are.
    pub fn of_file(&self) -> Page {
        self.declared.map_or(Page::Western, Page::Known)
    }

    /// The text of a run.
    pub fn decode<'a>(&self, bytes: &'a [u8], page: Page) -> Cow<'a, str> {
        match page {
            _ if bytes.is_ascii() => String::from_utf8_lossy(bytes),
            Page::Known(page) => match page {
                // What reads as UTF-8 is hardly anything else, and Western European takes everything.
                page if page == codepage::WESTERN => self.decode(bytes, Page::Western),
                page => page.decode(bytes),
            },
            Page::Symbols => Cow::Owned(bytes.iter().filter_map(|b| symbol(*b)).collect()),
            Page::Western => match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => self.instead_of_western(bytes).unwrap_or(codepage::WESTERN).decode(bytes),
            },
        }
    }

    /// The two-byte code page that bytes are in although their font says Western European: bytes from
    /// 0x80 on come in pairs, which letters with accents and quotation marks do not.
    fn instead_of_western(&self, bytes: &[u8]) -> Option<CodePage> {
        let declared = self.declared.filter(CodePage::is_wide);
        let pairs_min = if declared.is_some() { 1 } else { 2 };
        let page = match (declared, self.declared) {
            (Some(page), _) => page,
            (None, None) => codepage::by_number(936)?,
            (None, Some(_)) => return None,
        };
        let mut runs = bytes.split(u8::is_ascii).map(<[u8]>::len).filter(|length| *length > 0);
        let is_paired = runs.all(|length| length % 2 == 0 && length >= 2 * pairs_min);
        (is_paired && !page.decode(bytes).contains('\u{fffd}')).then_some(page)
    }
}

/// What a byte of a symbol font stands for, as far as it is text.
fn symbol(byte: u8) -> Option<char> {
    match byte {
        0xb7 => Some('•'),
        0x20..=0x7e => Some(char::from(byte)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fonts_say_the_code_page_and_pairs_of_bytes_contradict() {
        let mut fonts = Fonts::default();
        fonts.charset(1, 134);
        fonts.charset(2, 0);
        fonts.charset(3, 2);
        fonts.default = Some(2);
        let read = |fonts: &Fonts, bytes: &[u8], font| fonts.decode(bytes, fonts.of(Some(font))).into_owned();
        assert_eq!(read(&fonts, b"\xb8\xdb", 1), "港");
        assert_eq!(read(&fonts, b"caf\xe9 \x93a\x94", 2), "café “a”");
        assert_eq!(read(&fonts, b"\xc2\xbd\xb8\xdb a", 2), "陆港 a");
        assert_eq!(read(&fonts, b"\xe9\xe8", 2), "éè");
        assert_eq!(read(&fonts, "陆港é".as_bytes(), 2), "陆港é");
        assert_eq!(read(&fonts, b"\xb7\xa8", 3), "•");
        assert_eq!(read(&fonts, b"caf\xe9", 9), "café");
        fonts.declared = codepage::by_number(950);
        assert_eq!(read(&fonts, b"\xb4\xe4", 2), "港");
        assert_eq!(read(&fonts, b"\x93a\x94", 2), "“a”");
    }
}
