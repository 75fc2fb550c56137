//! Bytes of RTF → groups, control words and text.

use memchr::memchr3;

/// The next thing in a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\name` or `\name-12`
    Word(&'a [u8], Option<i32>),
    /// `\` and one character that is no letter.
    Symbol(u8),
    /// `\'hh`
    Hex(u8),
    /// Bytes of text.
    Text(&'a [u8]),
}

/// Longest control word that anybody writes.
const WORD_MAX: usize = 64;

/// Reads a file from its beginning to its end.
pub struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    /// Reads these bytes.
    pub fn new(bytes: &'a [u8]) -> Tokens<'a> {
        Tokens { bytes, at: 0 }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// The next token; none at the end.
    pub fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest();
            match *rest.first()? {
                // Line ends part nothing; NULs are padding.
                b'\r' | b'\n' | 0 => self.at += 1,
                b'{' => {
                    self.at += 1;
                    return Some(Token::Open);
                }
                b'}' => {
                    self.at += 1;
                    return Some(Token::Close);
                }
                b'\\' => {
                    self.at += 1;
                    match self.control()? {
                        Token::Word(b"bin", length) => self.skip(length),
                        token => return Some(token),
                    }
                }
                _ => {
                    let is_end = |b: &u8| matches!(b, b'{' | b'}' | b'\\' | b'\r' | b'\n' | 0);
                    let length = rest.iter().position(is_end).unwrap_or(rest.len());
                    self.at += length;
                    return rest.get(..length).map(Token::Text);
                }
            }
        }
    }

    /// What stands after a backslash; none at the end.
    fn control(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let first = *rest.first()?;
        if first == b'\'' {
            self.at += 1;
            return Some(Token::Hex(self.hex()));
        }
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return Some(Token::Symbol(first));
        }
        let length = rest.iter().take(WORD_MAX).position(|b| !b.is_ascii_alphabetic());
        let (name, rest) = rest.split_at(length.unwrap_or(rest.len().min(WORD_MAX)));
        let (number, length) = number(rest);
        let blank = usize::from(rest.get(length) == Some(&b' '));
        self.at += name.len() + length + blank;
        Some(Token::Word(name, number))
    }

    /// The byte that up to two digits write; a blank without any.
    fn hex(&mut self) -> u8 {
        let rest = self.rest();
        let digit = |at: usize| rest.get(at).and_then(|b| char::from(*b).to_digit(16));
        let (value, length) = match (digit(0), digit(1)) {
            (Some(high), Some(low)) => (high * 16 + low, 2),
            (Some(low), None) => (low, 1),
            _ => (u32::from(b' '), 0),
        };
        self.at += length;
        u8::try_from(value).unwrap_or(b' ')
    }

    /// The byte of `\'hh`, if that comes next.
    pub fn next_hex(&mut self) -> Option<u8> {
        if !self.is_at(b"\\'") {
            return None;
        }
        self.at += 2;
        Some(self.hex())
    }

    fn skip(&mut self, length: Option<i32>) {
        let length = length.and_then(|l| usize::try_from(l).ok()).unwrap_or(0);
        self.at = self.at.saturating_add(length).min(self.bytes.len());
    }

    /// Passes over the rest of the group, up to its end and not over it. Pictures go by at the speed of memory.
    pub fn skip_group(&mut self) {
        let mut depth = 0usize;
        while let Some(next) = memchr3(b'{', b'}', b'\\', self.rest()) {
            self.at += next;
            match self.bytes.get(self.at) {
                Some(b'{') => depth += 1,
                Some(b'}') if depth == 0 => return,
                Some(b'}') => depth -= 1,
                _ if self.rest().starts_with(b"\\bin") => {
                    let (length, digits) = number(self.rest().get(4..).unwrap_or_default());
                    if digits > 0 {
                        self.at += 4 + digits;
                        self.skip(length);
                    }
                }
                // An escaped brace is none.
                _ => self.at += 1,
            }
            self.at += 1;
        }
        self.at = self.bytes.len();
    }

    /// Whether the group that begins here begins so.
    pub fn is_at(&self, begins: &[u8]) -> bool {
        self.rest().starts_with(begins)
    }
}

/// A number with a sign at the beginning, held within bounds, and how long it is.
fn number(bytes: &[u8]) -> (Option<i32>, usize) {
    let sign = usize::from(bytes.first() == Some(&b'-'));
    let digits = bytes.iter().skip(sign).take_while(|b| b.is_ascii_digit());
    let (mut value, mut length) = (0i32, sign);
    for digit in digits {
        value = value.saturating_mul(10).saturating_add(i32::from(digit - b'0'));
        length += 1;
    }
    if length == sign { (None, 0) } else { (Some(if sign == 1 { -value } else { value }), length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_text_are_parted() {
        let mut tokens = Tokens::new(b"{\\rtf1\\b0 a\r\nb\\'c4\\u-10x\\~\\bin3 }}}\\par}");
        let mut all = Vec::new();
        while let Some(token) = tokens.next() {
            all.push(token);
        }
        let expected = [
            Token::Open,
            Token::Word(b"rtf", Some(1)),
            Token::Word(b"b", Some(0)),
            Token::Text(b"a"),
            Token::Text(b"b"),
            Token::Hex(0xc4),
            Token::Word(b"u", Some(-10)),
            Token::Text(b"x"),
            Token::Symbol(b'~'),
            Token::Word(b"par", None),
            Token::Close,
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_group_is_passed_over_with_all_that_is_in_it() {
        let mut tokens = Tokens::new(b"{pict{\\}}\\bin4 }}}}00}after");
        assert_eq!(tokens.next(), Some(Token::Open));
        tokens.skip_group();
        assert_eq!(tokens.next(), Some(Token::Close));
        assert_eq!(tokens.next(), Some(Token::Text(b"after")));
    }
}
