//! What the words of a query mean: terms of the analyser, and what the vocabularies know of them.

use super::parse::{Meaning, Stand};
use super::widen::widen;
use super::{
    Boost, Filters, Group, Leaf, Node, Params, Pattern, Query, Target, Understood, UnderstoodPlace, Word, filters,
    width, words,
};
use crate::analysis::{common_in, is_ideograph, is_stop_word};
use crate::model::{RegionId, Year};
use crate::vocab::names::{self, Strength};
use crate::vocab::{Level, Straddle, Vocabulary, straddle};
use serde::Deserialize;

/// A run of more ideographs than this is a question to be matched in part; a shorter one is a term.
const TERM_IDEOGRAPHS_MAX: usize = 4;
/// Code of the country that most documents are about: naming it tells nothing.
const HOME: &str = "100000";

/// Languages into which a query is widened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Also {
    /// Into Chinese.
    Zh,
    /// Into English.
    En,
    /// Into both.
    All,
}

/// What is made of a query beyond its letters.
#[derive(Clone, Copy, Debug)]
pub struct Widening {
    /// The glossary adds other words for the same.
    pub expand: bool,
    /// In which other languages, and for quoted phrases too.
    pub also: Option<Also>,
    /// Places and years that are named raise what is about them.
    pub places: bool,
}

impl Widening {
    /// As the parameters ask.
    pub fn asked(params: &Params) -> Widening {
        Widening { expand: !params.no_expand, also: params.also, places: !params.literal }
    }
}

/// Understands words by the vocabularies, and keeps account of it.
pub struct Lexical<'v> {
    vocabulary: &'v Vocabulary,
    widening: Widening,
    boosts: Vec<Boost>,
    understood: Understood,
    notes: Vec<String>,
}

impl<'v> Lexical<'v> {
    /// With nothing understood yet.
    pub fn new(vocabulary: &'v Vocabulary, widening: Widening) -> Lexical<'v> {
        Lexical { vocabulary, widening, boosts: Vec::new(), understood: Understood::default(), notes: Vec::new() }
    }

    /// Hands over what was understood.
    pub fn tell(self, query: &mut Query) {
        query.boosts = self.boosts;
        query.understood = self.understood;
        query.notes.extend(self.notes);
    }

    /// Other words for the same, of which account is kept.
    fn widened(&mut self, text: &str, target: Target, own: bool, whole: bool) -> Vec<Node> {
        let widened = widen(text, target, self.vocabulary, own, self.widening.also, whole);
        for added in widened.added {
            if !self.understood.added.contains(&added) {
                self.understood.added.push(added);
            }
        }
        widened.nodes
    }

    /// Places and years that the words name.
    fn places_and_years(&mut self, text: &str) {
        let mut regions: Vec<RegionId> = Vec::new();
        for (typed, codes) in places(text, self.vocabulary) {
            for code in codes {
                let region = RegionId(code);
                if !regions.contains(&region) {
                    self.understood.places.push(UnderstoodPlace { typed: typed.clone(), region: region.clone() });
                    regions.push(region);
                }
            }
        }
        // Each place for itself: a passage about both is better than one about either.
        for region in regions {
            self.boosts.push(Boost { filters: Filters { regions: vec![region], ..Filters::default() } });
        }
        for year in years(text) {
            if !self.understood.years.contains(&year) {
                self.understood.years.push(year);
                let range = vec![(year.get(), year.get())];
                self.boosts.push(Boost { filters: Filters { years: range, ..Filters::default() } });
            }
        }
    }
}

impl Meaning for Lexical<'_> {
    fn words(&mut self, words: &[String], target: Target, stand: Stand) -> Vec<(Node, bool)> {
        let mut out: Vec<(Node, bool)> = Vec::with_capacity(words.len());
        for word in words {
            let common = words::one_word(word).is_some_and(|form| is_stop_word(&form));
            if let Some(node) = plain(word, target) {
                out.push((node, common));
            }
        }
        let text = words.join(" ");
        if stand == Stand::Whole && self.widening.places && target == Target::Any {
            self.places_and_years(&text);
        }
        // Another word for what is excluded need not be excluded.
        if stand != Stand::Excluded && self.widening.expand {
            let added = self.widened(&text, target, true, false);
            out.extend(added.into_iter().map(|node| (node, false)));
        }
        out
    }

    fn quoted(&mut self, text: &str, leaf: Leaf) -> Node {
        if self.widening.also.is_none() || !self.widening.expand {
            return Node::Leaf(leaf);
        }
        let added = self.widened(text, leaf.target, false, true);
        if added.is_empty() {
            return Node::Leaf(leaf);
        }
        let should = std::iter::once(Node::Leaf(leaf)).chain(added).collect();
        Node::Group(Group { should, ..Group::default() })
    }

    fn filter(&mut self, field: &str, values: &[String]) -> Result<Filters, String> {
        filters::of_field(field, values, self.vocabulary, &mut self.notes).map_err(|error| match error.hint() {
            Some(hint) => format!("{error}: {hint}"),
            None => error.to_string(),
        })
    }
}

/// An unquoted word: what punctuation parts in it must follow one another, but a long run of
/// ideographs is a sentence whose words the author left unparted.
fn plain(word: &str, target: Target) -> Option<Node> {
    let sequence = words::sequence(word, false);
    if sequence.is_empty() {
        return None;
    }
    let leaf = |sequence, typed: &str| Node::Leaf(Leaf::typed(target, Pattern::Phrase(sequence), typed));
    let ideographs = word.chars().filter(|c| is_ideograph(*c)).count();
    if ideographs <= TERM_IDEOGRAPHS_MAX || sequence.len() < 2 {
        return Some(leaf(sequence, word));
    }
    let run = telling(sequence);
    let should = run.iter().map(|(_, part)| leaf(vec![(0, part.clone())], &part.to_string())).collect();
    Some(Node::Group(Group { should, run: Some(run), near: true, ..Group::default() }))
}

/// The parts of a run without those that hold something of a word that any text has, if any are left.
fn telling(sequence: Vec<(u32, Word)>) -> Vec<(u32, Word)> {
    let mut run: Vec<char> = Vec::new();
    for (at, word) in &sequence {
        let Word::Term(term) = word else { continue };
        let at = *at as usize;
        run.resize(run.len().max(at + width(term) as usize), ' ');
        term.chars().filter(|c| is_ideograph(*c)).enumerate().for_each(|(next, c)| run[at + next] = c);
    }
    let common = common_in(&run);
    let tells = |(at, word): &&(u32, Word)| !common[*at as usize..(at + word.width()) as usize].contains(&true);
    let kept: Vec<(u32, Word)> = sequence.iter().filter(tells).cloned().collect();
    if kept.is_empty() { sequence } else { kept }
}

/// The places that a text surely names, each with its codes.
fn places(text: &str, vocabulary: &Vocabulary) -> Vec<(String, Vec<String>)> {
    let simple = names::simplified(text);
    // Names are written with capitals; a query need not be. Same length: only ASCII letters change.
    let mut titled = String::with_capacity(simple.len());
    let mut before = ' ';
    for c in simple.chars() {
        titled.push(if before.is_ascii_alphanumeric() || matches!(before, '\'' | '’') {
            c
        } else {
            c.to_ascii_uppercase()
        });
        before = c;
    }
    let mut out: Vec<(usize, String, Vec<String>)> = Vec::new();
    for written in [&*simple, &*titled] {
        for mention in names::find(&vocabulary.gazetteer, written) {
            let taken = out.iter().any(|(at, typed, _)| mention.start < at + typed.len() && *at < mention.end);
            if taken || mention.is_demonym || straddle(written, mention.start, mention.end) != Straddle::No {
                continue;
            }
            let best = mention.readings.iter().map(|r| r.strength).max();
            let sure = mention.readings.iter().filter(|r| Some(r.strength) == best && r.strength >= Strength::Fair);
            let highest = sure.clone().map(|r| r.place.level).filter(|l| *l != Level::Zone).min();
            let codes: Vec<String> = sure
                .filter(|r| r.place.code != HOME && (Some(r.place.level) == highest || r.place.level == Level::Zone))
                .flat_map(|r| vocabulary.gazetteer.accepted(r.place).into_iter().take(1))
                .map(|region| region.0)
                .collect();
            if !codes.is_empty() {
                out.push((mention.start, text[mention.start..mention.end].to_string(), codes));
            }
        }
    }
    out.sort_by_key(|(at, ..)| *at);
    out.into_iter().map(|(_, typed, codes)| (typed, codes)).collect()
}

/// The years that a text names: four digits by themselves.
fn years(text: &str) -> Vec<Year> {
    let mut out = Vec::new();
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_ideograph(c) || c == '.' || c == ',');
    for (at, _) in text.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        let Some(digits) = text.get(at..at + 4).filter(|d| d.bytes().all(|b| b.is_ascii_digit())) else { continue };
        let before = text[..at].chars().next_back();
        let after = text[at + 4..].chars().next();
        let ends = !is_digit(after)
            || matches!(after, Some('.' | ',')) && !text[at + 5..].starts_with(|c: char| c.is_ascii_digit());
        if !is_digit(before) && ends {
            out.extend(digits.parse().ok().and_then(Year::new).filter(|y| (1949..=2100).contains(&y.get())));
        }
    }
    out
}
