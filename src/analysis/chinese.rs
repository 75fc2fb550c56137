//! Ideographs: which characters are tokens of their own, and what they are folded to.

use std::sync::OnceLock;

const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;

/// Whether a character is written without blanks between words: ideographs, kana, hangul.
pub fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'
        | '\u{ac00}'..='\u{d7a3}')
}

/// The simplified form of a character.
///
/// Character by character and not by context, so that a part of a text is folded as in the whole.
pub fn fold(c: char) -> char {
    static SIMPLIFIED: OnceLock<Vec<char>> = OnceLock::new();
    if !(FIRST..=LAST).contains(&(c as u32)) {
        return c;
    }
    let table = SIMPLIFIED.get_or_init(|| {
        let spaced: String = (FIRST..=LAST).filter_map(char::from_u32).flat_map(|c| [c, '0']).collect();
        fast2s::convert(&spaced).chars().step_by(2).collect()
    });
    table.get((c as u32 - FIRST) as usize).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_characters_fold_to_simplified_ones() {
        for (from, to) in
            [('陸', '陆'), ('無', '无'), ('水', '水'), ('港', '港'), ('龍', '龙'), ('〇', '〇'), ('a', 'a')]
        {
            assert_eq!(fold(from), to);
        }
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for c in (FIRST..=LAST).filter_map(char::from_u32) {
            assert_eq!(fold(fold(c)), fold(c), "{c}");
        }
    }
}
