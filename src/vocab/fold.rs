//! How names and terms are made comparable: shared by the tables made at build time and the scan of texts.

use crate::analysis::eight;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// The form of a character under which names are looked up: lower case, without accents; dashes and
/// all blanks are one blank, apostrophes one apostrophe, full-width letters and digits plain ones. Ideographs stay: texts and
/// names are made simplified as a whole before.
pub fn fold(c: char, mut emit: impl FnMut(char)) {
    if c.is_ascii() {
        return emit(match c {
            '-' | '\t' | '\n' => ' ',
            '`' => '\'',
            _ => c.to_ascii_lowercase(),
        });
    }
    match c {
        '‘' | '’' | 'ʼ' | '′' | '＇' | '´' => emit('\''),
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | '\u{a0}' | '\u{3000}' | '\u{2009}' => emit(' '),
        '\u{ff01}'..='\u{ff5e}' => {
            let plain = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
            emit(plain.to_ascii_lowercase());
        }
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => decompose_canonical(c, |part| {
            if !('\u{300}'..='\u{36f}').contains(&part) {
                part.to_lowercase().for_each(&mut emit);
            }
        }),
        _ => emit(c),
    }
}

/// A whole name so folded.
pub fn folded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    name.chars().for_each(|c| fold(c, |f| out.push(f)));
    out
}

/// A name reduced to what tells it from others: letters, digits and ideographs, lower case,
/// simplified, without accents, blanks and apostrophes.
pub fn key(name: &str) -> String {
    let folded: String = name.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if folded.is_ascii() { folded } else { fast2s::convert(&folded) }
}

/// A text with simplified characters in place of traditional ones; every byte keeps its place.
pub fn simplified(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let converted = fast2s::convert(text);
    if converted.len() == text.len() { converted.into() } else { text.into() }
}

/// A number for the first two characters of a folded name, below [`PAIRS`]: most texts begin no name at most places,
/// and a bit tells.
pub fn pair(first: char, second: char) -> usize {
    let mixed = (first as u32).wrapping_mul(0x9e37_79b1) ^ (second as u32).wrapping_mul(0x85eb_ca6b);
    (mixed >> (32 - PAIR_BITS)) as usize
}

/// The same for the first four characters.
pub fn four(characters: [char; 4]) -> usize {
    let mixed = characters.iter().fold(0u32, |mixed, c| (mixed.rotate_left(7) ^ *c as u32).wrapping_mul(0x9e37_79b1));
    (mixed >> (32 - PAIR_BITS)) as usize
}

/// The same for a run of ASCII letters and digits in any case.
pub fn word(run: &[u8]) -> usize {
    let mixed = run.chunks(8).fold(run.len() as u64, |mixed, part| {
        // The bit that parts upper from lower case; digits have it.
        (mixed.rotate_left(23) ^ (eight(part) | 0x2020_2020_2020_2020)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (mixed >> (64 - PAIR_BITS)) as usize
}

/// Bits of such a number: with some ten thousand beginnings, one in twenty of the others is taken for one.
const PAIR_BITS: u32 = 18;
/// How many such numbers there are.
pub const PAIRS: usize = 1 << PAIR_BITS;
