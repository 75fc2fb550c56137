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
    /// It lies inside a longer word, or half in one word and half in the next: `清[江干]流`.
    Surely,
}

fn words() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| Lexicon::compiled(WORDS))
}

/// Whether the stretch from `start` to `end` of a simplified text is torn out of the words around it: a word lies
/// across one of its ends, and the characters beyond are no word without it: `中[新区]域`, but not `[陆港]口岸`.
///
/// Unlike [`straddle`] it is for terms, which may consist of words.
pub fn torn_out(text: &str, start: usize, end: usize) -> bool {
    let words = words();
    let (mut across, mut beside) = (false, false);
    for (from, _) in text[..start].char_indices().rev().take(WORD_CHARS_MAX - 1) {
        words.begin_at(text, from, |to, _| {
            across |= to > start && to < end;
            beside |= to == start;
        });
    }
    if across && !beside {
        return true;
    }
    let (mut across, mut beside) = (false, false);
    for (at, _) in text[start..end].char_indices().skip(1) {
        words.begin_at(text, start + at, |to, _| across |= to > end);
    }
    words.begin_at(text, end, |_, _| beside = true);
    across && !beside
}

/// Judges the stretch from `start` to `end` of a simplified text.
pub fn straddle(text: &str, start: usize, end: usize) -> Straddle {
    let words = words();
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

    #[test]
    fn terms_are_told_from_pieces_of_other_words() {
        for (text, term, expected) in [
            ("中新区域", "新区", true),
            ("老人大多", "人大", true),
            ("陆港口岸", "陆港", false),
            ("中国中医", "中医", false),
            ("高速铁路", "高速铁路", false),
        ] {
            let start = text.find(term).unwrap();
            assert_eq!(torn_out(text, start, start + term.len()), expected, "{text}");
        }
    }
}
