//! Counts of a document → its score.

use super::Ranked;
use super::count::{Counted, Posting};
use super::plan::{Feature, Plan, What};
use crate::analysis::is_ideograph;
use crate::query::spans::{Places, spans};
use crate::query::{Pattern, Word};
use smallvec::SmallVec;
use tantivy::DocAddress;

/// Weight of a word in the title beyond its being part of the document.
const TITLE_WEIGHT: f32 = 0.3;
/// A word in a passage's headings, against one in its text.
const HEADING_WEIGHT: f32 = 0.5;
/// A word in the title for a document's first passage, against one in its text.
const LEAD_WEIGHT: f32 = 0.5;
/// The share of a score that the best passage decides, in a document of very many.
const BEST_SHARE: f32 = 0.5;
/// Words of a query are neighbours within so many words.
const NEAR_WINDOW: u32 = 4;

/// A figure for each passage of a document: most have few.
pub type Each = SmallVec<[f32; EACH_INSIDE]>;

/// So many have their place without memory of their own.
const EACH_INSIDE: usize = 12;

/// Nothing for each of so many passages.
fn nothing(passages: usize) -> Each {
    const NOTHING: [f32; EACH_INSIDE] = [0.0; EACH_INSIDE];
    NOTHING.get(..passages).map_or_else(|| Each::from_elem(0.0, passages), Each::from_slice)
}

/// Usual lengths in terms.
pub struct Scale {
    /// Of a passage.
    pub passage: f32,
    /// Of a document.
    pub document: f32,
    /// Of a title.
    pub title: f32,
}

/// How repetition and length count in BM25: `k1` and `b`.
#[derive(Clone, Copy)]
pub struct Saturation(f32, f32);

/// For words.
pub const WORDS: Saturation = Saturation(1.2, 0.65);
/// For ideographs and pairs of them: single ones are met by chance, and long texts are not to pay for it.
const IDEOGRAPHS: Saturation = Saturation(0.9, 0.4);

impl Saturation {
    /// How much of a term's weight so many of it earn in a text of that length.
    pub fn of(self, count: f32, length: f32, usual: f32) -> f32 {
        let Saturation(k1, b) = self;
        count * (k1 + 1.0) / (count + k1 * (1.0 - b + b * length / usual.max(1.0)))
    }
}

/// What each feature of a plan weighs where it is found once, from how rare the terms are.
pub fn weights(plan: &Plan, rarities: &[f32]) -> Vec<f32> {
    plan.features.iter().map(|feature| feature.weight * worth(&feature.what, plan, rarities)).collect()
}

/// The score of a document and of its passages.
pub fn score(plan: &Plan, document: &Counted, weights: &[f32], scale: &Scale, explain: bool) -> Ranked {
    let length: f32 = document.lengths.iter().sum::<u32>() as f32 + document.title_length as f32;
    let size = document.lengths.len();
    let mut whole = 0.0;
    let mut each = nothing(size);
    let mut parts = Vec::new();
    for (number, (feature, worth)) in plan.features.iter().zip(weights).enumerate() {
        let counts = |postings, passages| counts(feature, plan.needs(number), plan, document, postings, passages);
        let in_text = counts(&document.text, size);
        let (in_heading, in_title) = match feature.what {
            What::Term(_) | What::Any(_) => {
                (counts(&document.heading, size), counts(&document.title, 1).iter().sum::<f32>())
            }
            _ => (Each::new(), 0.0),
        };
        let sum = in_text.iter().sum::<f32>() + in_title + HEADING_WEIGHT * in_heading.iter().sum::<f32>();
        if sum == 0.0 {
            continue;
        }
        let saturation = saturation(&feature.what, plan);
        let earned = saturation.of(sum, length, scale.document + scale.title)
            + TITLE_WEIGHT * saturation.of(in_title, document.title_length as f32, scale.title);
        whole += worth * earned;
        if explain {
            parts.push((feature.name.clone(), worth * earned));
        }
        let of = |counts: &[f32], at: usize| counts.get(at).copied().unwrap_or(0.0);
        for (at, score) in each.iter_mut().enumerate() {
            let lead = if at == 0 { in_title * LEAD_WEIGHT } else { 0.0 };
            let count = of(&in_text, at) + HEADING_WEIGHT * of(&in_heading, at) + lead;
            if count > 0.0 {
                *score += worth * saturation.of(count, document.lengths[at] as f32, scale.passage);
            }
        }
    }
    // The more passages there are, the less the whole says of where the answer is.
    let share = BEST_SHARE * (1.0 - 1.0 / (size.max(1) as f32).sqrt());
    let best = each.iter().copied().fold(0.0, f32::max);
    if explain {
        parts.iter_mut().for_each(|(_, part)| *part *= 1.0 - share);
        if share > 0.0 {
            parts.push(("best passage".into(), share * best));
        }
    }
    let first = DocAddress::new(document.segment, document.first);
    Ranked { score: (1.0 - share) * whole + share * best, first, passages: each, parts }
}

fn saturation(what: &What, plan: &Plan) -> Saturation {
    let of_ideographs = |term: usize| plan.terms[term].chars().all(is_ideograph);
    match what {
        What::Term(term) | What::Near(term, _) if of_ideographs(*term) => IDEOGRAPHS,
        _ => WORDS,
    }
}

/// What a feature is worth where it is found once: how rare it is.
fn worth(what: &What, plan: &Plan, worths: &[f32]) -> f32 {
    match what {
        What::Term(term) => worths[*term],
        What::Any(terms) => terms.iter().map(|t| worths[*t]).reduce(f32::min).unwrap_or(0.0),
        What::Near(a, b) => worths[*a].min(worths[*b]),
        // All words of a phrase together are as rare as their product, as the engine takes it.
        What::Phrase(words) => words.iter().map(|(_, term)| worths[*term]).sum(),
        What::Pattern(pattern) => rarest(pattern, plan, worths),
    }
}

/// As of a phrase; of those that one stands for, the commonest counts.
fn rarest(pattern: &Pattern, plan: &Plan, worths: &[f32]) -> f32 {
    let of = |term: &String| plan.number(term).map_or(0.0, |at| worths[at]);
    let of_word = |word: &Word| match word {
        Word::Term(term) | Word::Written(term) | Word::Only { term, .. } => of(term),
        Word::Terms { terms, .. } => terms.iter().filter(|t| plan.number(t).is_some()).map(of).fold(f32::MAX, f32::min),
        Word::Like(_) => 0.0,
    };
    match pattern {
        Pattern::Phrase(words) => words.iter().map(|(_, word)| of_word(word)).filter(|w| *w < f32::MAX).sum(),
        Pattern::Near(near) => near.parts.iter().map(|p| rarest(p, plan, worths)).sum(),
        Pattern::Any(list) => list.iter().map(|p| rarest(p, plan, worths)).fold(f32::MAX, f32::min).min(1e3),
    }
}

/// How often a feature stands in each passage; of none nothing is listed. `needs`: see [`Plan::needs`].
fn counts(
    feature: &Feature,
    needs: &[Vec<usize>],
    plan: &Plan,
    document: &Counted,
    postings: &[Posting],
    passages: usize,
) -> Each {
    if postings.is_empty() {
        return Each::new();
    }
    let mut out = nothing(passages);
    match &feature.what {
        What::Term(term) => {
            of_term(postings, *term).iter().for_each(|p| out[p.passage as usize] += p.count as f32);
        }
        What::Any(terms) => {
            let all = terms.iter().flat_map(|term| of_term(postings, *term));
            all.for_each(|p| out[p.passage as usize] += p.count as f32);
        }
        What::Near(a, b) => {
            let window = if plan.terms[*a].chars().all(is_ideograph) { 1 } else { NEAR_WINDOW };
            for first in of_term(postings, *a) {
                let Some(second) = at(postings, *b, first.passage) else { continue };
                let second = document.places(second);
                let is_near = |x: &&u32| second.iter().any(|y| x.abs_diff(*y) <= window);
                out[first.passage as usize] += document.places(first).iter().filter(is_near).count() as f32;
            }
        }
        What::Phrase(words) => {
            let Some(((_, first), rest)) = words.split_first() else { return Each::new() };
            if rest.iter().any(|(_, term)| of_term(postings, *term).is_empty()) {
                return Each::new();
            }
            for first in of_term(postings, *first) {
                let mut follow: SmallVec<[(u32, &[u32]); 4]> = SmallVec::new();
                for (after, term) in rest {
                    let Some(posting) = at(postings, *term, first.passage) else { break };
                    follow.push((*after, document.places(posting)));
                }
                if follow.len() == rest.len() {
                    let is_followed = |place: &&u32| {
                        follow.iter().all(|(after, places)| places.binary_search(&(*place + after)).is_ok())
                    };
                    out[first.passage as usize] += document.places(first).iter().filter(is_followed).count() as f32;
                }
            }
        }
        What::Pattern(pattern) => {
            let stand_here = |terms: &Vec<usize>| terms.iter().all(|term| !of_term(postings, *term).is_empty());
            if !needs.iter().any(stand_here) {
                return Each::new();
            }
            let mut here: Vec<u32> = postings.iter().map(|p| p.passage).collect();
            here.sort_unstable();
            here.dedup();
            for passage in here {
                let has_all = |terms: &Vec<usize>| terms.iter().all(|term| at(postings, *term, passage).is_some());
                if !needs.iter().any(has_all) {
                    continue;
                }
                let mut text = Text { plan, document, passage };
                out[passage as usize] = spans(pattern, &mut text).len() as f32;
            }
        }
    }
    out
}

/// The postings of a term; they are in the order of terms, then passages.
fn of_term(postings: &[Posting], term: usize) -> &[Posting] {
    let from = postings.partition_point(|p| p.term < term);
    &postings[from..from + postings[from..].partition_point(|p| p.term == term)]
}

/// A term in a passage.
fn at(postings: &[Posting], term: usize, passage: u32) -> Option<&Posting> {
    postings.binary_search_by_key(&(term, passage), |p| (p.term, p.passage)).ok().map(|at| &postings[at])
}

/// The counted terms of a passage.
struct Text<'a> {
    plan: &'a Plan,
    document: &'a Counted,
    passage: u32,
}

impl Places for Text<'_> {
    fn places(&mut self, term: &str) -> Vec<u32> {
        let here = self.plan.number(term).and_then(|number| at(&self.document.text, number, self.passage));
        here.map(|p| self.document.places(p).to_vec()).unwrap_or_default()
    }
}
