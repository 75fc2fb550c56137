//! Words and numbers of alphabetic scripts: folding, apostrophes, stems, stop words.

use super::chinese::is_alphanumeric;
use super::stems;
use super::tokens::{Sink, TOKEN_BYTES_MAX, TokenKind};
use std::sync::OnceLock;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Characters without width that a typesetter or a page left in a word.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '＇' | '′')
}

/// A word being read.
#[derive(Default)]
pub(super) struct Word {
    form: String,
    start: usize,
    end: usize,
    /// Where the form stood before an apostrophe, to cut a possessive off.
    apostrophe: Option<(usize, usize)>,
    /// An apostrophe came just before the word: `’s` on its own is no word.
    after_apostrophe: bool,
    open: bool,
}

impl Word {
    /// Takes a character into the word; false when it ends the word (or is between words).
    pub(super) fn take(&mut self, c: char, at: usize, end: usize, rest: &str) -> bool {
        if is_alphanumeric(c) || (self.open && is_combining_mark(c)) {
            if !self.open {
                self.open = true;
                self.start = at;
            }
            self.end = end;
            fold(c, &mut self.form);
            return true;
        }
        let next_is_letter = rest.chars().next().is_some_and(|n| n.is_alphanumeric() && !super::is_ideograph(n));
        if is_apostrophe(c) {
            if self.open && next_is_letter {
                self.apostrophe = Some((self.form.len(), self.end));
                return true;
            }
            if !self.open {
                self.after_apostrophe = true;
                // Stays: `flush` of the empty word would forget it.
                return true;
            }
            return false;
        }
        // A comma that groups thousands is no border: 2,000 is one number.
        let groups = |rest: &str| {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            digits == 3
        };
        matches!(c, ',' | '，') && self.open && self.form.bytes().all(|b| b.is_ascii_digit()) && groups(rest)
    }

    /// Takes a run of ASCII letters and digits into the word.
    pub(super) fn take_run(&mut self, run: &str, at: usize) {
        if !self.open {
            self.open = true;
            self.start = at;
        }
        self.end = at + run.len();
        let from = self.form.len();
        self.form.push_str(run);
        self.form[from..].make_ascii_lowercase();
    }

    /// Ends the word and gives its token, if it is one. Returns by how many positions to go on.
    pub(super) fn flush(&mut self, tokens: &mut impl Sink, position: usize) -> usize {
        let after_apostrophe = std::mem::take(&mut self.after_apostrophe);
        if !self.open {
            return 0;
        }
        self.open = false;
        let mut end = self.end;
        if let Some((length, before)) = self.apostrophe.take()
            && &self.form[length..] == "s"
        {
            self.form.truncate(length);
            end = before;
        }
        let mut form = std::mem::take(&mut self.form);
        let mut given = 0;
        let lone_possessive = after_apostrophe && form == "s";
        if !form.is_empty() && !lone_possessive {
            if form.len() > TOKEN_BYTES_MAX {
                let cut = (0..=TOKEN_BYTES_MAX).rev().find(|&at| form.is_char_boundary(at)).unwrap_or(0);
                form.truncate(cut);
            }
            self.give(&form, end, tokens, position);
            given = 1;
        }
        form.clear();
        self.form = form;
        given
    }

    fn give<S: Sink>(&self, form: &str, end: usize, tokens: &mut S, position: usize) {
        if !tokens.wants(form) {
            return;
        }
        if !S::STEMS {
            return tokens.take(form, self.start, end, position, TokenKind::Word);
        }
        let differs = stems::with_stem(form, |stem| {
            tokens.take(stem, self.start, end, position, TokenKind::Word);
            *stem != *form
        });
        if differs {
            tokens.take(form, self.start, end, position, TokenKind::Form);
        }
    }
}

/// Lower case, half width, without accents.
fn fold(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
    } else {
        decompose_compatible(c, |part| {
            if is_alphanumeric(part) {
                out.extend(part.to_lowercase());
            }
        });
    }
}

/// The stem of a folded word.
pub fn stem(form: &str) -> std::borrow::Cow<'_, str> {
    static STEMMER: OnceLock<frostem::Stemmer> = OnceLock::new();
    if !form.bytes().all(|b| b.is_ascii_lowercase()) {
        return form.into();
    }
    STEMMER.get_or_init(|| frostem::Stemmer::new(frostem::Algorithm::English)).stem(form)
}

/// Whether a folded, unstemmed English word is so common that a query of words can do without it.
pub fn is_stop_word(word: &str) -> bool {
    const STOP_WORDS: &[&str] = &[
        "a", "about", "all", "also", "am", "an", "and", "any", "are", "as", "at", "be", "been", "before", "being",
        "but", "by", "can", "could", "did", "do", "does", "doing", "for", "from", "had", "has", "have", "having", "he",
        "her", "here", "hers", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "me", "more", "most",
        "my", "no", "nor", "not", "of", "off", "on", "or", "our", "ours", "out", "over", "own", "same", "she",
        "should", "so", "some", "such", "than", "that", "the", "their", "theirs", "them", "then", "there", "these",
        "they", "this", "those", "through", "to", "too", "under", "until", "up", "very", "was", "we", "were", "what",
        "when", "where", "which", "while", "who", "whom", "why", "will", "with", "would", "you", "your", "yours",
    ];
    STOP_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_sorted_for_the_search() {
        for word in ["a", "and", "yours", "the", "of"] {
            assert!(is_stop_word(word), "{word}");
        }
        assert!(!is_stop_word("port"));
    }
}
