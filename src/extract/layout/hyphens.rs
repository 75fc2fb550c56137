//! Hyphens at line ends: whether one parts a word or belongs to it, the other words of the document tell.

use std::collections::HashSet;

/// What stands beside a hyphen is looked at for no more characters.
const WORD_MAX: usize = 60;

/// Stands for a hyphen at the end of a line until the whole document is known.
pub const HYPHEN: char = '\u{1}';

/// The words of a document.
#[derive(Debug, Default)]
pub struct Words {
    whole: HashSet<String>,
}

impl Words {
    /// Of texts with hyphens to be decided; of none, if there is nothing to decide.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> Words {
        let mut whole = HashSet::new();
        if texts.clone().any(|text| text.contains(HYPHEN)) {
            for text in texts {
                let words = text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\u{2010}' | HYPHEN));
                whole.extend(words.filter(|w| !w.contains(HYPHEN)).map(str::to_lowercase));
            }
        }
        Words { whole }
    }

    /// Takes hyphens at line ends out, unless the document writes the word with one elsewhere.
    pub fn unhyphenated(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut parts = text.split(HYPHEN).peekable();
        while let Some(part) = parts.next() {
            out.push_str(part);
            let Some(next) = parts.peek() else { break };
            let word = |c: &char| c.is_alphanumeric() || *c == '-';
            let letters = out.char_indices().rev().take(WORD_MAX).take_while(|(_, c)| word(c));
            let before = letters.last().map_or(out.len(), |(at, _)| at);
            let before = out.get(before..).unwrap_or_default().to_lowercase();
            let after: String = next.chars().take(WORD_MAX).take_while(word).collect::<String>().to_lowercase();
            let joined = self.whole.contains(&format!("{before}{after}"));
            let hyphenated = self.whole.contains(&format!("{before}-{after}"));
            if hyphenated && !joined {
                out.push('-');
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_stay_in_words_that_have_them() {
        let words = Words::of(["a long-term plan", "the long\u{1}term infra\u{1}structure"].into_iter());
        assert_eq!(words.unhyphenated("the long\u{1}term infra\u{1}structure"), "the long-term infrastructure");
    }
}
