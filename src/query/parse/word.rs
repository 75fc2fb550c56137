//! Words of a query that are more than their letters: `transp*`, `wom?n`, `urumqi~`, `=ports`.

use super::super::lexis::{folded, fuzzy_of, is_close, is_open, is_quote};
use super::super::wild::Recognizer;
use super::super::{Pattern, Target, Wild, WildKind, Word, words};
use super::{HEADLESS_MAX, Item, Parser, WILD_MAX};
use crate::error::Result;

impl Parser<'_> {
    pub(super) fn word(&mut self, target: Target, exact: bool) -> Result<Option<Item>> {
        let start = self.at;
        while self.here().is_some_and(|c| !c.is_whitespace())
            && !self.is(self.at, |c| is_open(c) || is_close(c) || is_quote(c))
        {
            self.at += 1;
        }
        if self.at == start {
            // Something that neither opens, closes nor begins a word.
            self.at += 1;
            return Ok(None);
        }
        self.count(start)?;
        let word: String = self.chars[start..self.at].iter().collect();
        if exact {
            return Ok(words::phrase(&word, true).map(|p| self.leaf(start - 1, target, p)));
        }
        let word = word.replace('＊', "*");
        if let Some((head, edits)) = fuzzy_of(&word) {
            let Some(form) = words::one_word(head) else {
                return Err(
                    self.error(start, "`~` can only follow one word of letters, without a hyphen or apostrophe in it")
                );
            };
            return self.like(start, &word, WildKind::Fuzzy(form, edits), target).map(Some);
        }
        // `10~20` is a range of the text; `word~3` asks for what there is not.
        if let Some((head, edits)) = word.split_once('~')
            && edits.parse::<u32>().is_ok()
            && words::one_word(head).is_some_and(|form| form.chars().any(char::is_alphabetic))
        {
            let at = start + head.chars().count();
            return Err(self.error(at, "a word can have `~`, `~1` or `~2` at its end: so many letters may differ"));
        }
        self.wildcards(start, word, target)
    }

    /// A word with `*` or `?` in it. A question mark at its end is that of a question.
    fn wildcards(&mut self, start: usize, word: String, target: Target) -> Result<Option<Item>> {
        let asked = word.trim_end_matches(['?', '？']);
        if !word.contains('*') {
            let letters = asked.replace('?', "");
            if !asked.contains('?') || words::one_word(&letters).is_none() {
                let gapped = asked.contains(['?', '？']).then(|| words::gapped(asked)).flatten();
                return Ok(Some(match gapped {
                    Some(pattern) => self.leaf(start, target, pattern),
                    None => Item::Plain(word),
                }));
            }
            let glob = folded(asked);
            return self.like(start, asked, WildKind::Wildcard(glob), target).map(Some);
        }
        if word.chars().all(|c| matches!(c, '*' | '?')) {
            return Err(self.error(start, "`*` needs some letters of a word"));
        }
        match self.kind_of(start, &word)? {
            Some(kind) => self.like(start, &word, kind, target).map(Some),
            None => Ok(Some(Item::Plain(word.trim_end_matches('*').to_string()))),
        }
    }

    /// The words that one with `*` in it stands for; none, if it stands for itself: without letters, or with ideographs
    /// before a `*`, which any text may go on after.
    pub(super) fn kind_of(&self, at: usize, word: &str) -> Result<Option<WildKind>> {
        let Some(first) = word.find('*') else { return Ok(None) };
        let (head, stars) = word.split_at(first);
        let only_at_end = stars.bytes().all(|b| b == b'*');
        let letters: String = word.chars().filter(|c| !matches!(c, '*' | '?')).collect();
        if letters.is_empty() || only_at_end && head.chars().any(crate::analysis::is_ideograph) {
            return Ok(None);
        }
        let Some(form) = words::one_word(&letters) else {
            let reason = "`*` can only stand in one word of letters, without a hyphen or apostrophe in it";
            return Err(self.error(at, reason));
        };
        Ok(Some(match only_at_end && !head.contains('?') {
            true => WildKind::Prefix(form),
            false => WildKind::Wildcard(folded(word)),
        }))
    }

    pub(super) fn like(&mut self, at: usize, typed: &str, kind: WildKind, target: Target) -> Result<Item> {
        let word = Word::Like(self.wild(at, typed, kind)?);
        Ok(self.leaf(at, target, Pattern::Phrase(vec![(0, word)])))
    }

    /// A word that stands for others, if there are not too many.
    pub(super) fn wild(&mut self, at: usize, typed: &str, kind: WildKind) -> Result<Wild> {
        self.wild += 1;
        if self.wild > WILD_MAX {
            return Err(self.error(at, format!("the query has more than {WILD_MAX} words with `*`, `?`, `~` or `/…/`")));
        }
        if let WildKind::Regex(regex) = &kind
            && let Err(error) = crate::query::wild::compile_regex(regex)
        {
            return Err(self.error(at, error));
        }
        self.headless += usize::from(Recognizer::new(&kind).is_some_and(|r| r.head().is_empty()));
        if self.headless > HEADLESS_MAX {
            let reason = format!("more than {HEADLESS_MAX} words with `*`, `?` or `/…/` can begin with any letter");
            return Err(self.error(at, reason));
        }
        Ok(Wild { typed: typed.to_string(), kind })
    }
}
