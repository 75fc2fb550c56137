//! What the terms of topics say. Compiled into the build script too: what is compiled in needs no making ready.

use super::folding::folded_term;
use super::prefixes::Prefixes;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A term that is evidence enough.
pub const STRONG: f32 = 2.0;
/// One that is, if nothing else is there.
pub const MEDIUM: f32 = 1.0;
/// One that counts only beside others.
pub const WEAK: f32 = 0.5;

/// An acronym counts only in capitals if it is no longer than this: longer ones are no words by chance.
const ACRONYM_MAX: usize = 6;

/// A topic or theme with its terms.
pub struct Topic<'a> {
    /// The topic of a theme, by its place.
    pub parent: Option<usize>,
    /// Its terms with their weights; of one that is given twice the first weight stands.
    pub terms: Vec<(&'a str, f32)>,
}

/// What a term says; of a phrase in which no term counts, nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Term {
    /// Topics and themes, by their place, with weights.
    pub says: Cow<'static, [(usize, f32)]>,
    /// It counts only when written in capitals.
    pub capitals: bool,
}

/// All terms of topics, folded, and phrases in which none counts.
pub fn table<'a>(topics: &[Topic<'a>], phrases: impl Iterator<Item = &'a str>) -> BTreeMap<String, Term> {
    let mut out: BTreeMap<String, Term> = BTreeMap::new();
    let mut add = |term: &str, topic: usize, weight: f32| {
        let known = out.entry(folded_term(term)).or_default();
        known.capitals |= is_acronym(term);
        // The weight a topic gives a term itself comes first and stands.
        if known.says.iter().all(|(t, _)| *t != topic) {
            known.says.to_mut().push((topic, weight));
        }
    };
    for themes in [false, true] {
        for (at, topic) in topics.iter().enumerate().filter(|(_, t)| t.parent.is_some() == themes) {
            for (term, weight) in &topic.terms {
                add(term, at, *weight);
                topic.parent.into_iter().for_each(|p| add(term, p, *weight));
            }
        }
    }
    for phrase in phrases {
        out.entry(folded_term(phrase)).or_default();
    }
    out.remove("");
    themes_within(&mut out, topics);
    out
}

/// Lets a term of a topic without a theme say the themes whose terms it contains: it hides them in the text.
fn themes_within(terms: &mut BTreeMap<String, Term>, topics: &[Topic]) {
    let is_theme = |topic: &(usize, f32)| topics[topic.0].parent.is_some();
    let of_themes: Vec<(String, Vec<(usize, f32)>)> = terms
        .iter()
        .map(|(term, t)| (term.clone(), t.says.iter().filter(|s| is_theme(s)).copied().collect()))
        .filter(|(_, says): &(_, Vec<_>)| !says.is_empty())
        .collect();
    let within = Prefixes::of(of_themes.iter().map(|(term, _)| term.as_str()));
    for (text, term) in terms {
        let own = term.says.to_vec();
        let mut found: Vec<(usize, usize, usize)> = Vec::new();
        for from in 0..text.len() {
            within.each(&text.as_bytes()[from..], |length, number| found.push((from + length, from, number)));
        }
        // Of two that say the same theme, the one that ends first counts, and of those the longer.
        found.sort_unstable();
        for (.., number) in found {
            for (theme, weight) in &of_themes[number].1 {
                let parent = topics[*theme].parent;
                let is_of_topic = own.iter().any(|(t, _)| Some(*t) == parent);
                let has_theme = own.iter().any(|(t, _)| topics[*t].parent == parent);
                if is_of_topic && !has_theme && term.says.iter().all(|(t, _)| t != theme) {
                    term.says.to_mut().push((*theme, *weight));
                }
            }
        }
    }
}

/// Whether a term as given is an acronym that could be a word.
fn is_acronym(term: &str) -> bool {
    (2..=ACRONYM_MAX).contains(&term.len())
        && term.bytes().any(|b| b.is_ascii_uppercase())
        && term.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'&')
}
