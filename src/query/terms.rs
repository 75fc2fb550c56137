//! All terms of a query, to tell whether a word of a text is one of them.

use super::Node;
use rustc_hash::FxHashMap;

/// Terms of an expanded query, each with a number.
pub struct Terms<'q> {
    numbers: FxHashMap<&'q str, u32>,
    /// The pairs of letters with which words begin whose stem, or form, may be a term.
    beginnings: [u64; LETTERS * LETTERS / u64::BITS as usize + 1],
}

const LETTERS: usize = 26;

impl<'q> Terms<'q> {
    /// Of a query's node, excluded ones too.
    pub fn of(node: &'q Node) -> Terms<'q> {
        let mut out = Terms { numbers: FxHashMap::default(), beginnings: Default::default() };
        out.node(node);
        out
    }

    /// The number of a term, if it is one of them.
    pub fn number(&self, term: &str) -> Option<u32> {
        self.numbers.get(term).copied()
    }

    /// Whether a word in this folded form may be one of them, as it is written or as its stem: where not, there is no
    /// need of the stem.
    pub fn may_have(&self, form: &str) -> bool {
        // Only words of plain letters have stems.
        match beginning(form).filter(|_| form.bytes().all(|b| b.is_ascii_lowercase())) {
            Some(at) => self.beginnings[at / 64] >> (at % 64) & 1 == 1,
            None => self.numbers.contains_key(form),
        }
    }

    fn node(&mut self, node: &'q Node) {
        match node {
            Node::Leaf(leaf) => leaf.pattern.each_word(&mut |word| word.terms().for_each(|term| self.add(term))),
            Node::Filter(_) => {}
            Node::Group(group) => group.must.iter().chain(&group.should).chain(&group.not).for_each(|n| self.node(n)),
        }
    }

    fn add(&mut self, term: &'q str) {
        let number = self.numbers.len() as u32;
        self.numbers.entry(term).or_insert(number);
        match (beginning(term), term.as_bytes()) {
            // The stem of a word begins as the word does, but for those such as dying.
            (Some(at), [_, b'i', ..]) => [at, at + usize::from(b'y' - b'i')].into_iter().for_each(|at| self.hint(at)),
            (Some(at), _) => self.hint(at),
            // Of one letter are also the stems of words such as AED.
            (None, [letter @ b'a'..=b'z']) => {
                let row = usize::from(letter - b'a') * LETTERS;
                (row..row + LETTERS).for_each(|at| self.hint(at));
            }
            _ => {}
        }
    }

    fn hint(&mut self, at: usize) {
        self.beginnings[at / 64] |= 1 << (at % 64);
    }
}

/// The number of a word's first two letters, if it has two.
fn beginning(form: &str) -> Option<usize> {
    let letter = |at: usize| form.as_bytes().get(at).filter(|b| b.is_ascii_lowercase()).map(|b| usize::from(b - b'a'));
    Some(letter(0)? * LETTERS + letter(1)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::stem;

    fn has(term: &str, word: &str) -> bool {
        let mut terms = Terms { numbers: FxHashMap::default(), beginnings: Default::default() };
        terms.add(term);
        terms.may_have(word)
    }

    #[test]
    fn no_short_word_is_left_out() {
        let letters = || (b'a'..=b'z').map(char::from);
        let ends = ["", "s", "ed", "eds", "ing", "ings", "ly", "ied", "ies", "ying", "y", "er", "est", "ation", "ness"];
        for beginning in letters().flat_map(|a| letters().map(move |b| format!("{a}{b}"))) {
            for word in ends.iter().flat_map(|end| [format!("{}{end}", &beginning[..1]), format!("{beginning}{end}")]) {
                assert!(has(&stem(&word), &word), "{word}");
            }
        }
    }

    #[test]
    fn words_that_begin_otherwise_are_left_out() {
        assert!(has("port", "ports") && has("port", "possible"));
        assert!(!has("port", "rail") && !has("2020", "2021") && !has("a", "b"));
        assert!(has("2020", "2020") && has("陆港", "陆港") && has("é", "é"));
    }

    #[test]
    fn the_stems_that_the_stemmer_has_by_heart_are_found() {
        for word in [
            "skis", "skies", "sky", "dying", "lying", "tying", "idly", "gently", "ugly", "early", "only", "singly",
            "news", "howe", "atlas", "cosmos", "bias", "andes", "innings", "ties", "ied", "ies", "yes", "ay", "by",
            "cries", "aed", "aeds", "ieds", "oing", "vying",
        ] {
            assert!(has(&stem(word), word), "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_word_is_left_out_whose_stem_or_form_is_a_term(word in "[a-z]{1,4}(y|i|s|ed|ies|ing|eed|ly|ying|'|é|2)?[a-z]{0,3}") {
            assert!(has(&stem(&word), &word));
            assert!(has(&word, &word));
        }
    }
}
