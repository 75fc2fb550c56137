//! Terms of the taxonomy → where they stand in a text.
//!
//! Text and terms are folded alike: words of Latin letters in lower case and singular, each between blanks of its own,
//! without what joins them; Chinese in simplified characters; all else as it stands. A folded term then stands in a
//! folded text only as whole words, and needs no second look.

mod folding;
mod prefixes;
mod table;
mod trie;

use super::Taxonomy;
use crate::model::TopicId;
pub use folding::{Folded, Hit};
use std::borrow::Cow;
use std::collections::HashMap;
pub use table::{MEDIUM, STRONG, WEAK};
use table::{Term, Topic, table};
use trie::Trie;

include!(concat!(env!("OUT_DIR"), "/terms.rs"));

/// Finds the terms of a taxonomy.
pub struct Matcher {
    words: Trie,
    terms: Cow<'static, [Term]>,
    topics: Vec<Entry>,
}

/// A topic or theme as the matcher knows it.
pub struct Entry {
    /// Its identifier.
    pub id: TopicId,
    /// The topic of a theme, by its place.
    pub parent: Option<usize>,
}

impl Matcher {
    /// A matcher of all terms of a taxonomy; that of the one that is compiled in is too.
    pub fn new(taxonomy: &Taxonomy) -> Matcher {
        if taxonomy.is_builtin() { Matcher::compiled_in(taxonomy) } else { Matcher::made(taxonomy) }
    }

    fn compiled_in(taxonomy: &Taxonomy) -> Matcher {
        Matcher {
            words: Trie::from_static(&SLOTS, &OPEN, &HINTS),
            terms: Cow::Borrowed(&TERMS),
            topics: entries(taxonomy),
        }
    }

    fn made(taxonomy: &Taxonomy) -> Matcher {
        let topics = entries(taxonomy);
        let with = |terms: &[Cow<'static, str>], weight| {
            terms.iter().map(move |t| (t.to_string(), weight)).collect::<Vec<_>>()
        };
        let terms: Vec<Vec<(String, f32)>> = taxonomy
            .topics()
            .iter()
            .map(|t| [with(&t.strong, STRONG), with(&t.medium, MEDIUM), with(&t.weak, WEAK)].concat())
            .collect();
        let rows: Vec<Topic> = topics
            .iter()
            .zip(&terms)
            .map(|(entry, terms)| Topic {
                parent: entry.parent,
                terms: terms.iter().map(|(term, weight)| (term.as_str(), *weight)).collect(),
            })
            .collect();
        let by_term = table(&rows, taxonomy.phrases().iter().map(|p| &**p));
        Matcher { words: Trie::of(by_term.keys().map(String::as_str)), terms: by_term.into_values().collect(), topics }
    }

    /// Topics and themes by their place.
    pub fn topics(&self) -> &[Entry] {
        &self.topics
    }

    /// What a term says: topics and themes with weights.
    pub fn says(&self, term: usize) -> &[(usize, f32)] {
        &self.terms[term].says
    }

    /// The distinct terms in a text, in the order of terms.
    pub fn find(&self, text: &Folded) -> Vec<Hit> {
        let mut out = Vec::new();
        let mut from = 0;
        while let Some((start, end, term)) = self.words.next(&text.folded, from) {
            from = end;
            let hit = Hit { term, start, end, again: false };
            let term = &self.terms[hit.term];
            if term.says.is_empty() || (term.capitals && !in_capitals(text.written(&hit))) {
                continue;
            }
            out.push(hit);
        }
        out.sort_unstable_by_key(|h| (h.term, h.start));
        out.dedup_by(|later, first| {
            let same = later.term == first.term;
            first.again |= same;
            same
        });
        out
    }
}

/// Whether a word is in capitals, but for the `s` of a plural or genitive.
fn in_capitals(word: &str) -> bool {
    let stem = word.strip_suffix('s').unwrap_or(word);
    stem.bytes().all(|b| !b.is_ascii_lowercase())
}

/// The topics and themes of a taxonomy, in its order.
fn entries(taxonomy: &Taxonomy) -> Vec<Entry> {
    let places: HashMap<&str, usize> = taxonomy.topics().iter().enumerate().map(|(at, t)| (&*t.slug, at)).collect();
    let parent = |topic: &super::Topic| topic.parent().and_then(|p| places.get(p)).copied();
    taxonomy.topics().iter().map(|topic| Entry { id: topic.id(), parent: parent(topic) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let folded = Folded::new(text);
        let mut hits = crate::vocab::Vocabulary::builtin().terms().find(&folded);
        hits.sort_by_key(|h| h.start);
        assert_eq!(hits.iter().map(|h| folded.written(h)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn words_are_wholes_one_or_many_with_hyphens_or_blanks() {
        check("The railways of the trailways.", &["railways"]);
        check("A free-trade  zone, free trade zones", &["free-trade  zone"]);
        check("Factories’ universities", &["Factories", "universities"]);
        check("free. Trade zone", &["Trade"]);
        check("customs, and a custom", &["customs"]);
    }

    #[test]
    fn chinese_terms_stand_anywhere_and_lead_back() {
        check("加快“一带一路”建设，5G基站", &["一带一路", "5G基站"]);
        check("新建 5G 基站", &["5G 基站"]);
    }

    #[test]
    fn an_open_term_is_a_beginning_and_is_given_as_the_whole_word() {
        check("Vaccinated and unvaccinated.", &["Vaccinated"]);
    }

    #[test]
    fn acronyms_count_in_capitals_only() {
        check("SOEs and the PLA", &["SOEs", "PLA"]);
        check("soes, pla, who", &[]);
    }

    #[test]
    fn the_longest_wins_and_in_phrases_nothing_counts() {
        check("the school of thought", &[]);
        check("新型城镇化", &["新型城镇化"]);
    }

    #[test]
    fn what_is_compiled_in_is_what_would_be_made() {
        let (is, made) = (Matcher::compiled_in(Taxonomy::get()), Matcher::made(Taxonomy::get()));
        assert_eq!(is.terms, made.terms);
        assert!(is.terms.len() > 3000);
        assert_eq!(is.words, made.words);
    }

    #[test]
    fn any_text_folds() {
        for text in ["", "'", "’’", "a’", "é’s", "3.", "3.1.4", "&", "İ﷽\u{301}x", "a'’b"] {
            let folded = Folded::new(text);
            for hit in crate::vocab::Vocabulary::builtin().terms().find(&folded) {
                assert!(!folded.written(&hit).is_empty());
            }
        }
    }
}
