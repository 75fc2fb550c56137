//! The stems of words met lately: texts repeat their words, and to find a stem again takes a tenth of the time of making
//! it.

use super::english::stem;
use std::cell::RefCell;

/// Words that are kept, one to a place: a later one takes the place of an earlier.
const PLACES: usize = 4096;
/// Longer words and stems are not kept.
const BYTES_MAX: usize = 22;

#[derive(Clone, Copy)]
struct Kept {
    lengths: [u8; 2],
    word: [u8; BYTES_MAX],
    stem: [u8; BYTES_MAX],
}

impl Kept {
    const NONE: Kept = Kept { lengths: [0; 2], word: [0; BYTES_MAX], stem: [0; BYTES_MAX] };

    fn word(&self) -> &[u8] {
        &self.word[..usize::from(self.lengths[0])]
    }

    fn stem(&self) -> Option<&str> {
        std::str::from_utf8(&self.stem[..usize::from(self.lengths[1])]).ok()
    }
}

/// Calls with the stem of a folded word.
pub fn with_stem<T>(word: &str, call: impl FnOnce(&str) -> T) -> T {
    thread_local! {
        static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
    }
    if word.len() > BYTES_MAX || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return call(&stem(word));
    }
    KEPT.with_borrow_mut(|places| {
        if places.is_empty() {
            places.resize(PLACES, Kept::NONE);
        }
        let place = &mut places[place(word)];
        if place.word() != word.as_bytes() {
            let stem = stem(word);
            if stem.len() > BYTES_MAX {
                return call(&stem);
            }
            place.lengths = [word.len() as u8, stem.len() as u8];
            place.word[..word.len()].copy_from_slice(word.as_bytes());
            place.stem[..stem.len()].copy_from_slice(stem.as_bytes());
        }
        match place.stem() {
            Some(stem) => call(stem),
            None => call(&stem(word)),
        }
    })
}

/// FNV-1a, by Fowler, Noll and Vo; its upper bits are mixed best.
fn place(word: &str) -> usize {
    let hash =
        word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    (hash >> 40) as usize % PLACES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_found_again_has_the_stem_that_was_made() {
        let words: Vec<String> = (0..3 * PLACES)
            .map(|n| {
                let letter = |n: usize| char::from(b'a' + (n % 26) as u8);
                let end = ["ing", "ed", "s", "ational", ""][n % 5];
                format!("{}{}{}{end}", letter(n), letter(n / 26), letter(n / 676))
            })
            .collect();
        for word in words.iter().chain(&words) {
            with_stem(word, |found| assert_eq!(found, &*stem(word)));
            with_stem(word, |found| assert_eq!(found, &*stem(word)));
        }
        with_stem("ürümqi", |found| assert_eq!(found, "ürümqi"));
    }
}
