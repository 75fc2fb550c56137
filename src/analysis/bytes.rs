//! Words as numbers. Compiled into the build script too: what it makes of a word is what the library makes of it.

/// Up to eight bytes as a number, which with their count tells them from all others.
pub fn eight(part: &[u8]) -> u64 {
    let four = |four: &[u8; 4]| u64::from(u32::from_le_bytes(*four));
    if let Some(all) = part.first_chunk() {
        return u64::from_le_bytes(*all);
    }
    // Four from either end: they may overlap.
    if let (Some(first), Some(last)) = (part.first_chunk(), part.last_chunk()) {
        return four(first) | four(last) << 32;
    }
    part.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A hash of a word that is the same everywhere and always: of 64 bits, each depending on all of it (folded
/// multiplication, as in wyhash).
pub fn hash(word: &[u8]) -> u64 {
    let start = (word.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = word.chunks(8).fold(start, |hash, part| multiplied(hash.rotate_left(23) ^ eight(part)));
    multiplied(mixed)
}

fn multiplied(number: u64) -> u64 {
    let product = u128::from(number ^ 0xa076_1d64_78bd_642f) * 0xe703_7ed1_a0b4_28db;
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn different_words_are_different_numbers() {
        let letters: Vec<u8> = (b'a'..=b'z').chain(b'0'..=b'9').collect();
        let mut words: Vec<Vec<u8>> = vec![Vec::new()];
        for a in &letters {
            words.push(vec![*a]);
            for b in &letters {
                words.push(vec![*a, *b]);
                for c in &letters {
                    words.extend([
                        vec![*a, *b, *c],
                        [b"inter", &[*a, *b, *c][..]].concat(),
                        [b"longerstem", &[*a, *b, *c][..]].concat(),
                    ]);
                }
            }
        }
        let hashes: HashSet<u64> = words.iter().map(|word| hash(word)).collect();
        assert_eq!(hashes.len(), words.len());
        // Places are taken from either end of a hash.
        for shift in [0, 52] {
            let places: HashSet<u64> = hashes.iter().map(|hash| hash >> shift & 0xfff).collect();
            assert_eq!(places.len(), 0x1000, "{shift}");
        }
        let short: Vec<&Vec<u8>> = words.iter().filter(|word| word.len() <= 8).collect();
        let numbers: HashSet<(usize, u64)> = short.iter().map(|word| (word.len(), eight(word))).collect();
        assert_eq!(numbers.len(), short.len());
    }
}
