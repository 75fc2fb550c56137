//! Min-hashes: a document's shingles in 208 bytes.

use super::shingles::{Resemblance, SHORT, Shingles};

/// Hashes of a sketch. The share of equal ones is Jaccard's measure with a deviation of at most 0.051, or less.
const HASHES: usize = 96;
/// Hashes of a band: of documents that share 0.5, 0.6 and 0.7 of their shingles, 98.6%, 99.96% and 99.9998% have a band
/// in common; of those that share a tenth, 3%.
const ROWS: usize = 3;
/// A text of fewer shingles is a line that several documents may have without being copies.
const SHINGLES_MIN: usize = 8;
/// Bands of a sketch.
pub(super) const BANDS: usize = HASHES / ROWS;
/// Three deviations of an estimate.
const DEVIATIONS: f64 = 0.15;
/// Of short texts, with their titles, this much at least.
const SHORT_ESTIMATE_MIN: f64 = 0.35;
/// Hashes that are kept in one number, 16 bits of each.
const PACKED: usize = 4;

/// A document's sketch: 96 least hashes of its shingles, each of a part of them, found with about one hash a shingle
/// (fast similarity sketching: Dahlgaard, Knudsen and Thorup, 2017).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// A hash of all that is compared: documents with the same are the same.
    digest: u64,
    /// How many different shingles there are; 0 if there are too few to be compared.
    length: u64,
    /// 16 bits of each minimum, four to a number.
    minima: [u64; HASHES / PACKED],
}

impl Sketch {
    /// The sketch of a document.
    pub fn of(shingles: &Shingles) -> Sketch {
        if shingles.len() < SHINGLES_MIN {
            return Sketch::default();
        }
        // The least of what falls into each place; places that nothing fell into are filled by further rounds, the last
        // of which take the places in turn, so that any text fills all.
        let mut minima = [u64::MAX; HASHES];
        for round in 0..2 * HASHES as u64 {
            for shingle in shingles.sketched() {
                let mixed = mix(shingle ^ mix(round));
                let place = match (round as usize).checked_sub(HASHES) {
                    Some(place) => place,
                    None => (((mixed >> 32) * HASHES as u64) >> 32) as usize,
                };
                minima[place] = minima[place].min(round << 32 | mixed & 0xffff_ffff);
            }
            if !minima.contains(&u64::MAX) {
                break;
            }
        }
        let mut sketch =
            Sketch { digest: shingles.digest(), length: shingles.len() as u64, minima: [0; HASHES / PACKED] };
        for (packed, four) in sketch.minima.iter_mut().zip(minima.chunks(PACKED)) {
            *packed = four.iter().fold(0, |packed, m| packed << 16 | m & 0xffff);
        }
        sketch
    }

    /// The numbers it is kept as.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        let all = [self.digest, self.length].into_iter().chain(self.minima);
        all.take(if self.is_empty() { 0 } else { usize::MAX })
    }

    /// A sketch from the numbers it was kept as; empty if they are no sketch.
    pub fn from_numbers(mut numbers: impl Iterator<Item = u64>) -> Sketch {
        let mut read = || -> Option<Sketch> {
            let mut sketch = Sketch { digest: numbers.next()?, length: numbers.next()?, ..Sketch::default() };
            for minimum in &mut sketch.minima {
                *minimum = numbers.next()?;
            }
            numbers.next().is_none().then_some(sketch)
        };
        read().unwrap_or_default()
    }

    /// Whether it is of a document without text, or nearly so.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// How many different shingles the document has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// One of the bands as a number: documents that resemble each other have one in common.
    pub(super) fn band(&self, band: usize) -> u64 {
        let minimum = |at: usize| self.minima[at / PACKED] >> (48 - 16 * (at % PACKED)) & 0xffff;
        (0..ROWS).fold(0, |key, row| key << 16 | minimum(band * ROWS + row))
    }

    /// Whether the two may be of copies: others are not worth comparing. Of copies it says no once in several hundred
    /// times, of those that share the very least, and hardly ever of others.
    pub(super) fn is_near(&self, other: &Sketch) -> bool {
        let (shorter, longer) = (self.length.min(other.length), self.length.max(other.length));
        if shorter < SHORT as u64 {
            // The title is in it.
            return self.estimate(other) >= SHORT_ESTIMATE_MIN;
        }
        let least = Resemblance::least_shared(shorter as f64 / longer as f64);
        least.is_some_and(|least| self.estimate(other) >= least - DEVIATIONS)
    }

    /// The share of shingles in common, as far as sketches tell.
    pub fn estimate(&self, other: &Sketch) -> f64 {
        let equal = |(a, b): (&u64, &u64)| {
            let differ = a ^ b;
            (0..PACKED).filter(|at| differ >> (16 * at) & 0xffff == 0).count()
        };
        self.minima.iter().zip(&other.minima).map(equal).sum::<usize>() as f64 / HASHES as f64
    }
}

/// Mixes the bits of a number, each into all: the finalizer of SplitMix64 (Steele and others, 2014). Kept sketches are
/// compared with new ones: another function is another format of the index.
fn mix(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ number >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(range: std::ops::Range<u32>) -> Shingles {
        let words: Vec<String> = range.map(|n| format!("w{n}w")).collect();
        Shingles::of("", [words.join(" ").as_str()])
    }

    #[test]
    fn sketches_tell_what_texts_share_and_copies_have_a_band_in_common() {
        for (shift, shared) in [(0, 1.0), (111, 0.8), (250, 0.6), (333, 0.5), (820, 0.1), (1000, 0.0)] {
            let (one, other) = (numbered(0..1003), numbered(shift..1003 + shift));
            let real = one.resemblance(&other).shared;
            assert!((real - shared).abs() < 0.01, "{real}");
            let (one, other) = (Sketch::of(&one), Sketch::of(&other));
            let estimate = one.estimate(&other);
            assert!((estimate - real).abs() < 0.153, "{estimate} of {real}");
            assert!(real < 0.5 || (0..BANDS).any(|band| one.band(band) == other.band(band)), "{real}");
        }
    }

    #[test]
    fn copies_are_near_and_halves_of_one_another_that_are_none_are_not() {
        for (one, other) in [(0..1003, 0..1003), (0..1003, 200..1203), (0..1003, 0..520), (0..40, 0..42)] {
            let (one, other) = (numbered(one), numbered(other));
            assert!(one.resemblance(&other).is_copy());
            assert!(Sketch::of(&one).is_near(&Sketch::of(&other)) && Sketch::of(&other).is_near(&Sketch::of(&one)));
        }
        for (one, other) in [(0..1003, 0..400), (0..1003, 600..1603), (0..40, 30..70)] {
            assert!(!Sketch::of(&numbered(one)).is_near(&Sketch::of(&numbered(other))));
        }
    }

    #[test]
    fn it_is_read_back_from_the_numbers_it_is_kept_as() {
        let sketch = Sketch::of(&numbered(0..100));
        assert_eq!(Sketch::from_numbers(sketch.numbers()), sketch);
        assert_eq!(sketch.length(), 97);
        let none = Sketch::of(&Shingles::default());
        assert!(none.is_empty() && none.numbers().next().is_none());
        assert_eq!(Sketch::from_numbers([1, 2, 3].into_iter()), none);
    }

    #[test]
    fn it_is_the_same_on_every_machine_and_in_every_version() {
        let sum = Sketch::of(&numbered(0..100)).numbers().fold(0u64, u64::wrapping_add);
        assert_eq!(sum, 10_586_371_882_651_341_605, "another sum is another format of the index");
    }
}
