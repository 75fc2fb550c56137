//! Which of many terms a folded text goes on with: a trie of whole words and single characters, kept as one table of
//! hashes. Compiled into the build script too.

use super::folding::is_word;
use crate::analysis::eight;
use std::borrow::Cow;

/// Terms by number, in the order they were given.
#[derive(Debug, PartialEq)]
pub struct Trie {
    /// Every beginning of a term that ends where a word or a character does: in the lower bits the number of the term
    /// that ends there, counted from 1, and above them 44 bits of its hash. Empty places are 0; a power of two of them.
    slots: Cow<'static, [u64]>,
    /// How long the last words are of terms that are open at their end, the shortest first.
    open: Cow<'static, [usize]>,
    /// Two bits for each beginning, by the uppermost bits of its hash: that a term may go on after it, and that one may
    /// end there. Most words lead nowhere, and this fits where the processor has it at hand, which the slots do not.
    hints: Cow<'static, [u64]>,
}

/// Bits of a hash by which hints are found.
const HINT_BITS: u32 = 18;
/// A beginning.
const BEGINS: u64 = 1;
/// The end of a term.
const ENDS: u64 = 2;
/// Bits of the number of a term.
const NUMBER_BITS: u32 = 20;
/// Bytes by which a word is known to begin as the last word of an open term does, if all of those have so many.
const BEGINNING: usize = 4;
/// Sorts of units: a whole word, the whole beginning of one that is open, the first bytes of such a one, a character.
const WORD: u64 = 1;
const OPEN: u64 = 2;
const OPENS: u64 = 3;
const CHARACTER: u64 = 4;

/// A part of a term or of a text.
enum Unit<'a> {
    /// A word without the blanks around it, and its bytes with them.
    Word(&'a [u8], usize),
    /// The rest of an open term.
    Open(&'a [u8]),
    /// A character's bytes.
    Character(&'a [u8]),
}

impl Trie {
    /// As it was made before.
    pub fn from_static(slots: &'static [u64], open: &'static [usize], hints: &'static [u64]) -> Trie {
        Trie { slots: slots.into(), open: open.into(), hints: hints.into() }
    }

    /// What it is kept as, for the build script.
    #[allow(dead_code)]
    pub fn parts(&self) -> (&[u64], &[usize], &[u64]) {
        (&self.slots, &self.open, &self.hints)
    }

    /// Of folded terms, none twice; each is known by its number among them.
    pub fn of<'t>(terms: impl Iterator<Item = &'t str>) -> Trie {
        let mut open: Vec<usize> = Vec::new();
        let mut opens: Vec<(u64, &[u8])> = Vec::new();
        let mut beginnings: Vec<(u64, u64)> = Vec::new();
        for (number, term) in terms.enumerate() {
            let mut rest = term.as_bytes();
            let mut before = 0;
            while let Some(unit) = Unit::first(rest) {
                match unit {
                    Unit::Word(word, length) => {
                        before = step(before, WORD, word);
                        rest = &rest[length..];
                    }
                    Unit::Character(one) => {
                        before = step(before, CHARACTER, one);
                        rest = &rest[one.len()..];
                    }
                    Unit::Open(beginning) => {
                        opens.push((before, beginning));
                        open.push(beginning.len());
                        before = step(before, OPEN, beginning);
                        rest = &[];
                    }
                }
                let number = if rest.is_empty() { number as u64 + 1 } else { 0 };
                beginnings.push((before, number));
            }
        }
        open.sort_unstable();
        open.dedup();
        let known = open.first().map_or(0, |shortest| BEGINNING.min(*shortest));
        beginnings.extend(opens.into_iter().map(|(before, beginning)| (step(before, OPENS, &beginning[..known]), 0)));
        let mut hints = vec![0; 1 << (HINT_BITS + 1 - u64::BITS.ilog2())];
        for (hash, number) in &beginnings {
            let (at, shift) = hint(*hash);
            hints[at] |= (if *number > 0 { BEGINS | ENDS } else { BEGINS }) << shift;
        }
        let slots = vec![0; (2 * beginnings.len()).next_power_of_two()].into();
        let mut trie = Trie { slots, open: open.into(), hints: hints.into() };
        beginnings.into_iter().for_each(|(hash, number)| trie.add(hash, number));
        trie
    }

    fn add(&mut self, hash: u64, number: u64) {
        debug_assert!(number < 1 << NUMBER_BITS);
        let (mut at, check) = self.place(hash);
        let slots = self.slots.to_mut();
        while slots[at] != 0 && slots[at] >> NUMBER_BITS != check {
            at = (at + 1) & (slots.len() - 1);
        }
        slots[at] = check << NUMBER_BITS | number.max(slots[at] & ((1 << NUMBER_BITS) - 1));
    }

    /// Where a hash is to be sought, and what is kept of it.
    fn place(&self, hash: u64) -> (usize, u64) {
        let mixed = (hash ^ hash >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        // Never 0: that is an empty place.
        ((mixed >> 40) as usize & (self.slots.len() - 1), mixed >> NUMBER_BITS | 1)
    }

    /// The number of the term that ends so, found among all beginnings.
    fn find(&self, hash: u64) -> Option<usize> {
        let (mut at, check) = self.place(hash);
        loop {
            match self.slots[at] {
                0 => return None,
                slot if slot >> NUMBER_BITS == check => {
                    let number = slot & ((1 << NUMBER_BITS) - 1);
                    return (number as usize).checked_sub(1);
                }
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }

    /// Whether a term may begin so.
    fn begins(&self, hash: u64) -> bool {
        self.hints(hash) & BEGINS != 0
    }

    /// The number of the term that ends so.
    fn ends(&self, hash: u64) -> Option<usize> {
        if self.hints(hash) & ENDS == 0 { None } else { self.find(hash) }
    }

    fn hints(&self, hash: u64) -> u64 {
        let (at, shift) = hint(hash);
        self.hints[at] >> shift
    }

    /// The longest term with which a folded text goes on at a place: its length in bytes and its number.
    fn longest(&self, text: &[u8]) -> Option<(usize, usize)> {
        let mut found = None;
        let (mut at, mut before) = (0, 0);
        while let Some(unit) = Unit::first(&text[at..]) {
            let (hash, length) = match unit {
                Unit::Word(word, length) => {
                    found = self.opens(before, word).map(|(size, number)| (at + 1 + size, number)).or(found);
                    (step(before, WORD, word), length)
                }
                Unit::Character(one) => (step(before, CHARACTER, one), one.len()),
                Unit::Open(_) => break,
            };
            if !self.begins(hash) {
                break;
            }
            (at, before) = (at + length, hash);
            found = self.ends(hash).map(|number| (at, number)).or(found);
        }
        found
    }

    /// The longest open end of a term that a word begins with: its length in bytes and the number of the term.
    fn opens(&self, before: u64, word: &[u8]) -> Option<(usize, usize)> {
        let known = word.get(..BEGINNING.min(*self.open.first()?))?;
        if !self.begins(step(before, OPENS, known)) {
            return None;
        }
        let ends = self.open.iter().rev().filter(|size| **size <= word.len());
        ends.into_iter().find_map(|size| Some((*size, self.ends(step(before, OPEN, &word[..*size]))?)))
    }

    /// The next term from `from` on in a folded text, the longest where it begins: where it begins and ends, and its
    /// number.
    pub fn next(&self, folded: &str, from: usize) -> Option<(usize, usize, usize)> {
        let bytes = folded.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            let length = match bytes[at] {
                // Before a word; the blank after one begins nothing.
                b' ' => match Unit::first(&bytes[at..]) {
                    // The blank after it is looked at by itself.
                    Some(Unit::Word(_, length)) => length - 1,
                    _ => {
                        at += 1;
                        continue;
                    }
                },
                // Within a word, where an open term ended, or within a character.
                b'0'..=b'9' | b'a'..=b'z' | 0x80..0xc0 => {
                    at += 1;
                    continue;
                }
                _ => 1,
            };
            if let Some((length, number)) = self.longest(&bytes[at..]) {
                return Some((at, at + length, number));
            }
            at += length;
        }
        None
    }
}

impl<'a> Unit<'a> {
    /// The first unit of a folded text or term.
    fn first(text: &'a [u8]) -> Option<Unit<'a>> {
        let first = *text.first()?;
        if first == b' ' && text.get(1).is_some_and(|b| is_word(char::from(*b))) {
            let word = &text[1..];
            return Some(match word.iter().position(|b| *b == b' ') {
                Some(end) => Unit::Word(&word[..end], end + 2),
                None => Unit::Open(word),
            });
        }
        let length = match first {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        Some(Unit::Character(&text[..length.min(text.len())]))
    }
}

/// Where the hints of a hash are.
fn hint(hash: u64) -> (usize, u32) {
    let at = 2 * (hash >> (u64::BITS - HINT_BITS));
    ((at / u64::from(u64::BITS)) as usize, at as u32 % u64::BITS)
}

/// Goes on from the hash of what stands before with a unit.
fn step(before: u64, sort: u64, unit: &[u8]) -> u64 {
    let mix = |hash: u64, part: u64| (hash.rotate_left(23) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let start = mix(before, (unit.len() as u64) << 3 | sort);
    unit.chunks(8).fold(start, |hash, part| mix(hash, eight(part)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TERMS: [&str; 12] = [
        " dry ",
        " dry  port ",
        " dry  port  por",
        " ox ",
        "税",
        "税收",
        "陆港",
        " 5g 基站",
        "é",
        " vaccin",
        " vac",
        " ai",
    ];

    #[test]
    fn the_longest_term_is_found_where_it_begins() {
        let trie = Trie::of(TERMS.into_iter());
        assert_eq!(trie.next(" a  dry  port  x ", 0), Some((3, 14, 1)));
        assert_eq!(trie.next(" a  dry  dock ", 0), Some((3, 8, 0)));
        assert_eq!(trie.next(" dry  port  ports ", 0), Some((0, 15, 2)));
        assert_eq!(trie.next(" vaccinated ", 0), Some((0, 7, 9)));
        assert_eq!(trie.next(" vacs ", 0), Some((0, 4, 10)));
        assert_eq!(trie.next("收税收", 0), Some((3, 9, 5)));
        assert_eq!(trie.next(" unvaccinated  foxox ", 0), None);
        assert_eq!(trie.next(" dry ", 1), None);
        assert_eq!(trie.next("", 0), None);
        assert_eq!(Trie::of([].into_iter()).next(" dry ", 0), None);
    }

    proptest! {
        /// A transducer that is walked from every place finds the same.
        #[test]
        fn a_text_has_the_terms_that_a_walk_finds(
            units in proptest::collection::vec(
                prop_oneof![
                    Just(" dry "), Just(" port "), Just(" ports "), Just(" ox "), Just(" vaccinated "), Just(" vacs "),
                    Just(" 5g "), Just("基"), Just("站"), Just("税"), Just("收"), Just("|"), Just("é"), Just(" aid "),
                ],
                0..12,
            )
        ) {
            let text = units.concat();
            let mut sorted = TERMS.to_vec();
            sorted.sort_unstable();
            let trie = Trie::of(sorted.iter().copied());
            let walk = super::super::prefixes::Prefixes::of(sorted.iter().copied());
            let starts = |at: usize| text.is_char_boundary(at)
                && (!text.as_bytes()[at].is_ascii_alphanumeric())
                && (text.as_bytes()[at] != b' ' || text[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric()));
            let (mut from, mut expected) = (0, Vec::new());
            while from < text.len() {
                let found = if starts(from) { walk.longest(&text.as_bytes()[from..]) } else { None };
                from += match found {
                    Some((length, number)) => {
                        expected.push((from, from + length, number));
                        length
                    }
                    None => 1,
                };
            }
            let (mut from, mut found) = (0, Vec::new());
            while let Some((start, end, number)) = trie.next(&text, from) {
                found.push((start, end, number));
                from = end;
            }
            prop_assert_eq!(found, expected);
        }
    }
}
