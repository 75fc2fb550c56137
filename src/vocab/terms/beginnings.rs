//! Where in a text a term may begin. Compiled into the build script too.

use super::folding::is_word;
use std::borrow::Cow;

/// Tells places where terms may begin: at most words of a text none does.
#[derive(Debug, PartialEq)]
pub struct Beginnings {
    bits: Cow<'static, [u64]>,
    /// How long the beginnings are of terms that are open at their end.
    open: Cow<'static, [usize]>,
}

/// Bytes of a term that is open at its end that are its beginning.
const BEGINNING: usize = 4;
/// Some ten thousand beginnings fill a tenth of so many bits.
const BEGINNING_BITS: u32 = 17;

impl Beginnings {
    /// As they were made before.
    pub fn from_static(bits: &'static [u64], open: &'static [usize]) -> Beginnings {
        Beginnings { bits: bits.into(), open: open.into() }
    }

    /// What it is kept as, for the build script.
    #[allow(dead_code)]
    pub fn parts(&self) -> (&[u64], &[usize]) {
        (&self.bits, &self.open)
    }

    /// Of so many terms.
    pub fn of<'t>(terms: impl Iterator<Item = &'t str>) -> Beginnings {
        let mut out = Beginnings { bits: vec![0; 1 << (BEGINNING_BITS - 6)].into(), open: Cow::default() };
        for term in terms {
            match term.as_bytes() {
                [b' ', word @ ..] => match first_word(word) {
                    Some(whole) => {
                        out.add(whole);
                        match first_two(word, whole.len()) {
                            Some(two) => out.add(two),
                            None => out.add(&term.as_bytes()[..1 + whole.len()]),
                        }
                    }
                    // Open at its end: words begin with it.
                    None => {
                        let length = word.len().min(BEGINNING);
                        out.add(&word[..length]);
                        if !out.open.contains(&length) {
                            out.open.to_mut().push(length);
                        }
                    }
                },
                _ => out.add(&term.as_bytes()[..two_characters(term)]),
            }
        }
        out
    }

    fn bit(beginning: &[u8]) -> usize {
        let mut hash = beginning.len() as u64;
        for part in beginning.chunks(8) {
            let mut eight = [0; 8];
            eight[..part.len()].copy_from_slice(part);
            hash = (hash.rotate_left(23) ^ u64::from_le_bytes(eight)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        (hash >> (64 - BEGINNING_BITS)) as usize
    }

    fn add(&mut self, beginning: &[u8]) {
        let bit = Beginnings::bit(beginning);
        self.bits.to_mut()[bit / 64] |= 1 << (bit % 64);
    }

    fn has(&self, beginning: &[u8]) -> bool {
        let bit = Beginnings::bit(beginning);
        self.bits[bit / 64] & 1 << (bit % 64) != 0
    }

    /// The next place from `from` on in a folded text where a term may begin.
    pub fn next(&self, folded: &str, from: usize) -> Option<usize> {
        let bytes = folded.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            match bytes[at] {
                // Before a word; the blank after one says nothing.
                b' ' if bytes.get(at + 1).is_some_and(|b| is_word(char::from(*b))) => {
                    let word = &bytes[at + 1..];
                    let whole = first_word(word).unwrap_or_default();
                    let begins = |length: &usize| whole.get(..*length).is_some_and(|beginning| self.has(beginning));
                    // A blank before it marks a word that says enough without the next.
                    let is_enough = || {
                        self.has(&bytes[at..=at + whole.len()])
                            || first_two(word, whole.len()).is_some_and(|two| self.has(two))
                    };
                    if self.has(whole) && is_enough() || self.open.iter().any(begins) {
                        return Some(at);
                    }
                    at += whole.len();
                }
                // Within a word or a character.
                b' ' | b'0'..=b'9' | b'a'..=b'z' | 0x80..0xc0 => {}
                _ => {
                    let one = folded[at..].chars().next().map_or(1, char::len_utf8);
                    if self.has(&bytes[at..at + two_characters(&folded[at..])]) || self.has(&bytes[at..at + one]) {
                        return Some(at);
                    }
                }
            }
            at += 1;
        }
        None
    }
}

/// A folded word without the blank after it; none if it is open at its end.
fn first_word(word: &[u8]) -> Option<&[u8]> {
    memchr::memchr(b' ', word).map(|end| &word[..end])
}

/// The first two folded words, the first of which has so many bytes; none if what follows it is no whole word.
fn first_two(words: &[u8], first: usize) -> Option<&[u8]> {
    let second = words.get(first..)?.strip_prefix(b"  ")?;
    first_word(second).filter(|second| !second.is_empty()).map(|second| &words[..first + 2 + second.len()])
}

/// Bytes of the first two characters.
fn two_characters(text: &str) -> usize {
    text.chars().take(2).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_lose_no_term() {
        let terms = [" dry  port ", " ox ", "税", "税收", "陆港", " 5g 基站", "é", " vaccin", " ai"];
        let beginnings = Beginnings::of(terms.into_iter());
        for term in terms {
            assert_eq!(beginnings.next(&format!("|{term}e "), 1), Some(1), "{term}");
            assert_eq!(beginnings.next(&format!(" zebra 长城{term}e "), 0), Some(13), "{term}");
        }
        assert_eq!(beginnings.next(" zebra  wall 铁路", 0), None);
        assert_eq!(beginnings.next(" dry  dock  port | dry | ", 0), None);
        let all = &crate::vocab::terms::BEGINNINGS;
        let set: u32 = all.iter().map(|b| b.count_ones()).sum();
        assert!(set < 1 << (BEGINNING_BITS - 3), "{set} bits tell little");
    }
}
