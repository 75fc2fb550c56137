//! Ideographs: which characters are tokens of their own, and what they are folded to.

use std::sync::OnceLock;

const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;
/// Characters whose simplified forms are looked up together.
const PAGE: usize = 256;
const PAGES: usize = (LAST - FIRST) as usize / PAGE + 1;

/// Whether a character is written without blanks between words: ideographs, kana, hangul.
pub fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}'
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'
        | '\u{ac00}'..='\u{d7a3}')
}

/// Whether a text has an ideograph; English with its dashes and quotes has none.
pub fn has_ideograph(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(is_ideograph)
}

/// Whether a character is a letter or a figure, as [`char::is_alphanumeric`] says, which is asked of nearly every
/// character that is not ASCII, and takes long to be looked up.
#[inline]
pub fn is_alphanumeric(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { is_common_letter(c) || !is_mark(c) && c.is_alphanumeric() }
}

/// Whether a character is a letter, as [`char::is_alphabetic`] says.
#[inline]
pub fn is_alphabetic(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphabetic() } else { is_common_letter(c) || !is_mark(c) && c.is_alphabetic() }
}

/// Whether a character is a letter of a script that many documents are in: ideographs, kana, hangul, Latin letters with
/// accents, Greek, Cyrillic, Hebrew and Arabic.
fn is_common_letter(c: char) -> bool {
    matches!(c,
        '\u{4e00}'..='\u{9fff}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2c1}' | '\u{3a3}'..='\u{3f5}'
        | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' | '\u{5d0}'..='\u{5ea}' | '\u{620}'..='\u{64a}'
        | '\u{1e00}'..='\u{1eff}')
}

/// Whether a character is one of the common marks, which are neither letters nor figures.
pub fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{2010}'..='\u{205e}' | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{ff01}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

/// The simplified form of a character.
///
/// Character by character and not by context, so that a part of a text is folded as in the whole.
pub fn fold(c: char) -> char {
    // Made a few hundred at a time, as they are asked for: a short query needs few of the 27,000.
    static SIMPLIFIED: [OnceLock<Vec<char>>; PAGES] = [const { OnceLock::new() }; PAGES];
    if !(FIRST..=LAST).contains(&(c as u32)) {
        return c;
    }
    let at = (c as u32 - FIRST) as usize;
    let page = SIMPLIFIED[at / PAGE].get_or_init(|| {
        let first = FIRST + (at / PAGE * PAGE) as u32;
        let spaced: String = (first..first + PAGE as u32).filter_map(char::from_u32).flat_map(|c| [c, '0']).collect();
        fast2s::convert(&spaced).chars().step_by(2).collect()
    });
    page.get(at % PAGE).copied().unwrap_or(c)
}

/// Words of questions and particles: every text has them, and no question is about them. Longer ones first.
const COMMON: &[&str] = &[
    "为什么",
    "什么样",
    "怎么样",
    "是不是",
    "有没有",
    "什么",
    "哪些",
    "哪个",
    "哪里",
    "哪儿",
    "哪几",
    "哪家",
    "哪位",
    "哪种",
    "多少",
    "怎么",
    "怎样",
    "如何",
    "为何",
    "是否",
    "能否",
    "可否",
    "请问",
    "何时",
    "何地",
    "何处",
    "以及",
    "的",
    "了",
    "吗",
    "呢",
    "吧",
    "谁",
    "哪",
];
/// Words with one of them in it that mean something.
const NOT_COMMON: &[&str] = &["目的", "标的", "的确", "的士", "了解", "了不起", "了望"];

/// For each character of a run of ideographs, folded, whether it belongs to a word that any text has.
pub fn common_in(run: &[char]) -> Vec<bool> {
    let mut out = vec![false; run.len()];
    let stands = |word: &str, at: usize| {
        let mut here = run[at..].iter();
        word.chars().all(|c| here.next() == Some(&c))
    };
    let mut at = 0;
    while at < run.len() {
        let length = |word: &&str| word.chars().count();
        if let Some(word) = NOT_COMMON.iter().find(|w| stands(w, at)) {
            at += length(word);
        } else if let Some(word) = COMMON.iter().find(|w| stands(w, at)) {
            out[at..at + length(word)].fill(true);
            at += length(word);
        } else {
            at += 1;
        }
    }
    out
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
    fn marks_are_neither_letters_nor_figures() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
            assert_eq!(is_alphabetic(c), c.is_alphabetic(), "{c:?}");
            assert!(!is_mark(c) || !is_ideograph(c), "{c:?}");
        }
    }

    #[test]
    fn words_that_any_text_has_are_told() {
        let marked = |text: &str| {
            let run: Vec<char> = text.chars().collect();
            let common = common_in(&run);
            run.iter().zip(common).map(|(c, is)| if is { '·' } else { *c }).collect::<String>()
        };
        assert_eq!(marked("在什么情况下建设陆港"), "在··情况下建设陆港");
        assert_eq!(marked("建设的目的是了解了"), "建设·目的是了解·");
        assert_eq!(marked(""), "");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for c in (FIRST..=LAST).filter_map(char::from_u32) {
            assert_eq!(fold(fold(c)), fold(c), "{c}");
        }
    }
}
