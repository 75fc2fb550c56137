//! The stems of words met lately: texts repeat their words, and to find a stem again takes a tenth of the time of making
//! it.

use super::english::stem;
use std::cell::RefCell;

/// Words that are kept, one to a place: a later one takes the place of an earlier.
const PLACES: usize = 8192;
/// Longer words and stems are not kept.
const BYTES_MAX: usize = 15;

/// A word, its length in the last byte, and its stem: half a line of the processor's cache.
#[derive(Clone, Copy)]
struct Kept {
    word: u128,
    stem: [u8; BYTES_MAX],
    length: u8,
}

/// Calls with the stem of a folded word.
pub fn with_stem<T>(word: &str, call: impl FnOnce(&str) -> T) -> T {
    thread_local! {
        static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
    }
    let mut bytes = [0; BYTES_MAX + 1];
    let Some(head) = bytes.get_mut(..word.len()).filter(|h| h.len() <= BYTES_MAX) else { return call(&stem(word)) };
    head.copy_from_slice(word.as_bytes());
    if !head.iter().all(u8::is_ascii_lowercase) {
        return call(&stem(word));
    }
    bytes[BYTES_MAX] = word.len() as u8;
    let word_bytes = u128::from_le_bytes(bytes);
    KEPT.with_borrow_mut(|places| {
        if places.is_empty() {
            places.resize(PLACES, Kept { word: 0, stem: [0; BYTES_MAX], length: 0 });
        }
        let place = &mut places[place(word_bytes)];
        if place.word != word_bytes {
            let stem = stem(word);
            let Some(kept) = place.stem.get_mut(..stem.len()) else { return call(&stem) };
            kept.copy_from_slice(stem.as_bytes());
            (place.word, place.length) = (word_bytes, stem.len() as u8);
        }
        match std::str::from_utf8(&place.stem[..usize::from(place.length)]) {
            Ok(stem) => call(stem),
            Err(_) => call(&stem(word)),
        }
    })
}

/// Multiplication mixes upwards: the uppermost bits depend on all others.
fn place(word: u128) -> usize {
    let folded = (word as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ ((word >> 64) as u64);
    (folded.wrapping_mul(0xff51_afd7_ed55_8ccd) >> 51) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

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
        with_stem("", |found| assert_eq!(found, ""));
    }
}
