//! Common Chinese words, for telling names from characters that meet at the border of two words.

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
    static SET: OnceLock<fst::Set<&'static [u8]>> = OnceLock::new();
    let set = SET.get_or_init(|| fst::Set::new(WORDS).expect("the list was made at build time"));
    let before: Vec<usize> = text[..start].char_indices().rev().take(WORD_CHARS_MAX - 1).map(|(at, _)| at).collect();
    let after: Vec<usize> =
        text[end..].char_indices().take(WORD_CHARS_MAX - 1).map(|(at, c)| end + at + c.len_utf8()).collect();
    let inner: Vec<usize> = text[start..end].char_indices().skip(1).map(|(at, _)| start + at).collect();
    let is_word = |from: usize, to: usize| set.contains(&text[from..to]);
    let froms = || before.iter().copied().chain([start]);
    let tos = || after.iter().copied().chain([end]);
    if froms().any(|from| tos().any(|to| (from, to) != (start, end) && is_word(from, to))) {
        return Straddle::Surely;
    }
    let mut half = false;
    for border in inner {
        let left = before.iter().any(|from| is_word(*from, border));
        let right = after.iter().any(|to| is_word(border, *to));
        if left && right {
            return Straddle::Surely;
        }
        half |= left || right;
    }
    if half { Straddle::Half } else { Straddle::No }
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
        check("中国新华社记者", "新华", Straddle::Surely);
        check("当前大悟正处于高位", "大悟", Straddle::No);
        check("江干", "江干", Straddle::No);
    }
}
