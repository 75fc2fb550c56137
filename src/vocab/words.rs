//! Common Chinese words, for telling names from characters that meet at the border of two words.

use super::Lexicon;
use std::sync::OnceLock;

static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.fst"));
/// No word of the list is longer, in characters.
const WORD_CHARS_MAX: usize = 6;

/// How a stretch of Chinese lies to the words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Straddle {
    /// Not across any.
    No,
    /// Its beginning could be the end of a word, or its end the beginning of one.
    Half,
    /// It lies inside a longer word, or half in one word and half in the next: 清[江干]流.
    Surely,
}

/// Judges the stretch from `start` to `end` of a simplified text.
pub fn straddle(text: &str, start: usize, end: usize) -> Straddle {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    let words = LEXICON.get_or_init(|| Lexicon::compiled(WORDS));
    let mut right_borders: u32 = 0; // inner borders, by their place, at which a word begins that ends beyond
    let mut left_borders: u32 = 0; // and at which a word ends that began before
    let borders = text[start..end].char_indices().skip(1).map(|(at, _)| start + at);
    let mut surely = false;
    let before = text[..start].char_indices().rev().take(WORD_CHARS_MAX - 1).map(|(at, _)| at);
    for from in before.chain([start]) {
        words.begin_at(text, from, |to, _| {
            if to >= end {
                surely |= from != start || to > end;
            } else if to > start {
                let border = text[start..to].chars().count() - 1;
                left_borders |= 1 << border.min(31);
            }
        });
        if surely {
            return Straddle::Surely;
        }
    }
    for (number, border) in borders.enumerate() {
        words.begin_at(text, border, |to, _| {
            if to >= end {
                right_borders |= 1 << number.min(31);
            }
        });
    }
    match (left_borders & right_borders, left_borders | right_borders) {
        (0, 0) => Straddle::No,
        (0, _) => Straddle::Half,
        _ => Straddle::Surely,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, expected: Straddle) {
        let start = text.find(name).unwrap();
        assert_eq!(straddle(text, start, start + name.len()), expected, "{text}");
    }

    #[test]
    fn names_across_words_are_told() {
        check("导致清江干流河道形成堰塞湖", "江干", Straddle::Surely);
        check("扩大新能源装机", "大新", Straddle::Surely);
        check("沿海城市的投资", "海城市", Straddle::Surely);
        check("南部县域特色产业", "南部县", Straddle::Surely);
        check("中国新华社记者", "新华", Straddle::Surely);
        check("当前大悟正处于高位", "大悟", Straddle::No);
        check("江干", "江干", Straddle::No);
    }
}
