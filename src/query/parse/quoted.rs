//! What stands in quotes: a phrase, or words within a window.

use super::super::lexis::closes_quote;
use super::super::{Leaf, Node, Pattern, Target, Word, words};
use super::{Item, Parser};
use crate::error::Result;

impl Parser<'_> {
    /// What is between quotes; goes past them.
    pub(super) fn inside_quotes(&mut self) -> Result<String> {
        let start = self.at;
        let open = self.chars[start];
        let Some(length) = self.chars[start + 1..].iter().position(|c| closes_quote(open, *c)) else {
            return Err(self.error(start, "the quote is not closed"));
        };
        self.at = start + length + 2;
        Ok(self.chars[start + 1..start + 1 + length].iter().collect())
    }

    pub(super) fn quoted(&mut self, target: Target, exact: bool) -> Result<Option<Item>> {
        let start = self.at;
        let text = self.inside_quotes()?.replace('＊', "*");
        self.count(start)?;
        let suffix = self.at;
        let ordered = self.chars[suffix..].starts_with(&['-', '>']);
        if ordered || matches!(self.here(), Some('~' | '～')) {
            self.at += if ordered { 2 } else { 1 };
            let digits: String = self.chars[self.at..].iter().take_while(|c| c.is_ascii_digit()).collect();
            self.at += digits.len();
            let window = self.window(digits.parse().ok(), suffix)?;
            let mut parts = self.parts(start + 1, &text, exact)?.into_iter().map(Pattern::Phrase).collect::<Vec<_>>();
            return Ok(match parts.len() {
                0 => None,
                1 => Some(self.leaf(start, target, parts.remove(0))),
                _ => Some(self.leaf(start, target, words::window_of(parts, window, ordered))),
            });
        }
        if let Some(c @ ('*' | '^')) = self.here() {
            return Err(self.error(suffix, format!("`{c}` after a phrase is not understood")));
        }
        let pattern = if text.contains('*') {
            let parts = self.parts(start + 1, &text, exact)?;
            Some(in_a_row(parts)).filter(|words| !words.is_empty()).map(Pattern::Phrase)
        } else {
            words::phrase(&text, exact)
        };
        let Some(pattern) = pattern else { return Ok(None) };
        let is_plain = !exact && !text.contains('*');
        Ok(Some(match self.leaf(start - usize::from(exact), target, pattern) {
            Item::Node(Node::Leaf(leaf)) => {
                let leaf = Leaf { quoted: true, ..leaf };
                Item::Node(if is_plain { self.meaning.quoted(&text, leaf) } else { Node::Leaf(leaf) })
            }
            item => item,
        }))
    }

    /// The words of a text that begins at a place of the query, what stands between blanks together: what punctuation
    /// parts in it follows one another.
    fn parts(&mut self, start: usize, text: &str, exact: bool) -> Result<Vec<Vec<(u32, Word)>>> {
        let mut out = Vec::new();
        let mut at = start;
        for piece in text.split(char::is_whitespace) {
            let words = match self.kind_of(at, piece)? {
                Some(kind) => vec![(0, Word::Like(self.wild(at, piece, kind)?))],
                None => words::sequence(piece, exact),
            };
            out.extend(Some(words).filter(|words| !words.is_empty()));
            at += piece.chars().count() + 1;
        }
        Ok(out)
    }
}

/// Words that follow one another as one phrase.
fn in_a_row(parts: Vec<Vec<(u32, Word)>>) -> Vec<(u32, Word)> {
    let mut out: Vec<(u32, Word)> = Vec::new();
    for part in parts {
        let from = out.iter().map(|(at, word)| at + word.width()).max().unwrap_or(0);
        out.extend(part.into_iter().map(|(at, word)| (from + at, word)));
    }
    out
}
