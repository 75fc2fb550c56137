//! The stems of words met lately: texts repeat their words, and to find a stem again takes a tenth of the time of making
//! it.

use super::bytes::eight;
use super::english::stem;
use std::cell::RefCell;

/// Words that are kept, one to a place: a later one takes the place of an earlier.
const PLACES: usize = 8192;
/// The first words of a thread are not kept: a query has fewer, and to make room for all takes longer than their stems.
const FIRST_WORDS: usize = 400;
/// Longer words are not kept.
const WORD_BYTES_MAX: usize = 16;
/// Nor are those whose stem ends in more than this that the word has not.
const ENDING_BYTES_MAX: usize = 5;

/// A word, and its stem: so many bytes of the word, and an ending.
#[derive(Clone, Copy, Default)]
struct Kept {
    word: (u64, u64),
    /// Bytes of the word; 0 where none is kept.
    length: u8,
    shared: u8,
    ending_length: u8,
    ending: [u8; ENDING_BYTES_MAX],
}

/// Calls with the stem of a folded word.
pub fn with_stem<T>(word: &str, call: impl FnOnce(&str) -> T) -> T {
    thread_local! {
        static KEPT: RefCell<(usize, Vec<Kept>)> = const { RefCell::new((0, Vec::new())) };
    }
    let Some(key) = key(word.as_bytes()) else { return call(&stem(word)) };
    KEPT.with_borrow_mut(|(met, places)| {
        if places.is_empty() {
            *met += 1;
            if *met <= FIRST_WORDS {
                return call(&stem(word));
            }
            places.resize(PLACES, Kept::default());
        }
        let kept = &mut places[place(key)];
        if kept.word != key || usize::from(kept.length) != word.len() {
            let stem = stem(word);
            let Some(new) = Kept::of(key, word, &stem) else { return call(&stem) };
            *kept = new;
        }
        let shared = &word[..usize::from(kept.shared)];
        if kept.ending_length == 0 {
            return call(shared);
        }
        let mut stem = [0; WORD_BYTES_MAX + ENDING_BYTES_MAX];
        let length = shared.len() + usize::from(kept.ending_length);
        stem[..shared.len()].copy_from_slice(shared.as_bytes());
        stem[shared.len()..length].copy_from_slice(&kept.ending[..usize::from(kept.ending_length)]);
        call(std::str::from_utf8(&stem[..length]).unwrap_or(word))
    })
}

impl Kept {
    /// None if the stem has too little of the word.
    fn of(key: (u64, u64), word: &str, stem: &str) -> Option<Kept> {
        let is_plain = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase());
        if word != stem && !(is_plain(word) && is_plain(stem)) {
            return None;
        }
        let shared = word.bytes().zip(stem.bytes()).take_while(|(a, b)| a == b).count();
        let rest = &stem.as_bytes()[shared..];
        let mut ending = [0; ENDING_BYTES_MAX];
        ending.get_mut(..rest.len())?.copy_from_slice(rest);
        let short = |length: usize| u8::try_from(length).ok();
        Some(Kept {
            word: key,
            length: short(word.len())?,
            shared: short(shared)?,
            ending_length: short(rest.len())?,
            ending,
        })
    }
}

/// The bytes of a word in two numbers that, with its length, tell it from all others; none of a longer one.
fn key(word: &[u8]) -> Option<(u64, u64)> {
    match word.len() {
        0..=7 => Some((eight(word), 0)),
        // Eight bytes from either end: they may overlap.
        8..=WORD_BYTES_MAX => {
            let (first, last) = (word.first_chunk()?, word.last_chunk()?);
            Some((u64::from_le_bytes(*first), u64::from_le_bytes(*last)))
        }
        _ => None,
    }
}

/// Multiplication mixes upwards: the uppermost bits depend on all others.
fn place((first, last): (u64, u64)) -> usize {
    let mixed = (first ^ last.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (u64::BITS - PLACES.ilog2())) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn any_word_has_its_stem(word in "[a-z0-9é']{0,20}") {
            with_stem(&word, |found| assert_eq!(found, &*stem(&word)));
            with_stem(&word, |found| assert_eq!(found, &*stem(&word)));
        }
    }

    #[test]
    fn a_word_found_again_has_the_stem_that_was_made() {
        let words: Vec<String> = (0..3 * PLACES)
            .map(|n| {
                let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
                let end = ["ing", "ed", "s", "ational", "", "encapsulations"][n % 6];
                format!("{}{}{}{end}", letter(n), letter(n / 26), letter(n / 676))
            })
            .collect();
        for word in words.iter().chain(&words) {
            with_stem(word, |found| assert_eq!(found, &*stem(word)));
            with_stem(word, |found| assert_eq!(found, &*stem(word)));
        }
        with_stem("ürümqi", |found| assert_eq!(found, "ürümqi"));
        for word in [
            "generously",
            "communism",
            "skies",
            "dying",
            "news",
            "sixteenlettersss",
            "seventeenletterss",
            "a2b",
            "2020",
        ] {
            with_stem(word, |found| assert_eq!(found, &*stem(word)));
            with_stem(word, |found| assert_eq!(found, &*stem(word)));
        }
        with_stem("", |found| assert_eq!(found, ""));
    }
}
