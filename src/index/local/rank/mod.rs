//! Found documents → their order.
//!
//! The engine finds and gives a first order by its passages; the best are ranked here by all that is
//! known of the whole document.

mod count;
mod feedback;
mod plan;

use super::schema::{Fields, sort};
use super::stats::Statistics;
use crate::query::Node;
use crate::query::spans::{Places, spans};
use count::{Counted, Posting, rarity};
use plan::{Feature, Plan, What, param};
use tantivy::schema::Term;
use tantivy::{DocAddress, Searcher};

/// Documents that are ranked anew; what is found beyond stays in the first order.
pub const RANKED_MAX: usize = 1000;

/// The score of a document, and those of its passages.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Of the document.
    pub score: f32,
    /// Of each passage, from its first; with its place.
    pub passages: Vec<(f32, DocAddress)>,
}

/// Ranks the documents to which these passages belong.
pub fn rank(
    node: &Node,
    passages: &[DocAddress],
    fields: &Fields,
    searcher: &Searcher,
    statistics: &Statistics,
) -> tantivy::Result<Vec<Ranked>> {
    let plan = Plan::new(node);
    let counted = count::count(&plan, passages, [fields.text, fields.heading, fields.title], searcher)?;
    let text = statistics.lengths(fields.text)?;
    let title = statistics.lengths(fields.title)?;
    let passage_length = text.terms as f32 / text.count.max(1) as f32;
    let documents = statistics.frequency(&Term::from_field_text(fields.record, sort::DOCUMENT))?;
    let mut rarities: Vec<f32> = Vec::with_capacity(plan.terms.len());
    for term in &plan.terms {
        rarities.push(rarity(term, fields.text, statistics)?);
    }
    let scale = Scale {
        passage: passage_length,
        document: text.terms as f32 / documents.max(1) as f32,
        title: title.terms as f32 / title.count.max(1) as f32,
    };
    let mut ranked: Vec<Ranked> = counted.iter().map(|document| score(&plan, document, &rarities, &scale)).collect();
    let words = plan.features.iter().filter(|f| matches!(f.what, What::Term(_))).count();
    if words < param("fbwords", 4.0) as usize {
        return Ok(ranked);
    }
    let mut order: Vec<usize> = (0..ranked.len()).collect();
    order.sort_by(|a, b| ranked[*b].score.total_cmp(&ranked[*a].score).then(a.cmp(b)));
    let best: Vec<&Ranked> = order.iter().take(param("fbk", 10.0) as usize).map(|at| &ranked[*at]).collect();
    let more = feedback::feedback(&best, fields.text, fields.data, scale.document, searcher, statistics)?;
    let counted = count::count(&more, passages, [fields.text, fields.heading, fields.title], searcher)?;
    let mut rarities: Vec<f32> = Vec::with_capacity(more.terms.len());
    for term in &more.terms {
        rarities.push(rarity(term, fields.text, statistics)?);
    }
    for (ranked, document) in ranked.iter_mut().zip(&counted) {
        ranked.score += score(&more, document, &rarities, &scale).score;
    }
    Ok(ranked)
}

/// Usual lengths.
struct Scale {
    passage: f32,
    document: f32,
    title: f32,
}

/// How much of a feature's weight so many occurrences in a text of that length earn (BM25).
fn saturated(count: f32, length: f32, usual: f32) -> f32 {
    let (k1, b) = (param("k1", 1.2), param("b", 0.75));
    count * (k1 + 1.0) / (count + k1 * (1.0 - b + b * length / usual.max(1.0)))
}

fn score(plan: &Plan, document: &Counted, rarities: &[f32], scale: &Scale) -> Ranked {
    let length = document.lengths.iter().sum::<u32>() as f32;
    let mut whole = 0.0;
    let mut each = vec![0.0f32; document.lengths.len()];
    for feature in &plan.features {
        let worth = feature.weight * worth(feature, plan, rarities);
        let in_text = counts(feature, plan, &document.text, document.lengths.len());
        let in_heading = match feature.what {
            What::Term(_) => counts(feature, plan, &document.heading, document.lengths.len()),
            _ => Vec::new(),
        };
        let in_title: f32 = match feature.what {
            What::Term(_) => counts(feature, plan, &document.title, 1)[0],
            _ => 0.0,
        };
        let sum: f32 = in_text.iter().sum::<f32>() + in_title;
        whole += worth * saturated(sum, length + document.title_length as f32, scale.document + scale.title);
        whole += param("title", 0.2) * worth * saturated(in_title, document.title_length as f32, scale.title);
        for (at, count) in in_text.iter().enumerate() {
            let heading = in_heading.get(at).copied().unwrap_or(0.0);
            let count =
                count + param("heading", 0.5) * heading + if at == 0 { in_title * param("lead", 0.5) } else { 0.0 };
            if count > 0.0 {
                each[at] += worth * saturated(count, document.lengths[at] as f32, scale.passage);
            }
        }
    }
    let best = each.iter().copied().fold(0.0, f32::max);
    let mix = param("best", 0.3);
    Ranked {
        score: (1.0 - mix) * whole + mix * best,
        passages: each
            .into_iter()
            .enumerate()
            .map(|(at, score)| (score, DocAddress::new(document.segment, document.first + at as u32)))
            .collect(),
    }
}

/// What a feature is worth where it is found once.
fn worth(feature: &Feature, plan: &Plan, rarities: &[f32]) -> f32 {
    match &feature.what {
        What::Term(term) => rarities[*term],
        What::Near(a, b) => rarities[*a].min(rarities[*b]),
        What::Pattern(_) => {
            let _ = plan;
            rarities.iter().copied().fold(0.0, f32::max) * 1.5
        }
    }
}

/// How often a feature stands in each passage.
fn counts(feature: &Feature, plan: &Plan, postings: &[Posting], passages: usize) -> Vec<f32> {
    let mut out = vec![0.0; passages];
    match &feature.what {
        What::Term(term) => {
            postings.iter().filter(|p| p.term == *term).for_each(|p| out[p.passage as usize] += p.count as f32);
        }
        What::Near(a, b) => {
            for first in postings.iter().filter(|p| p.term == *a) {
                let second = postings.iter().find(|p| p.term == *b && p.passage == first.passage);
                let Some(second) = second else { continue };
                let window = param("window", 4.0) as u32;
                let near =
                    first.places.iter().filter(|x| second.places.iter().any(|y| x.abs_diff(*y) <= window)).count();
                out[first.passage as usize] += near as f32;
            }
        }
        What::Pattern(pattern) => {
            for (passage, count) in out.iter_mut().enumerate() {
                let mut text = Text { plan, postings, passage: passage as u32 };
                *count = spans(pattern, &mut text).len() as f32;
            }
        }
    }
    out
}

struct Text<'a> {
    plan: &'a Plan,
    postings: &'a [Posting],
    passage: u32,
}

impl Places for Text<'_> {
    fn places(&mut self, term: &str) -> Vec<u32> {
        let number = self.plan.terms.iter().position(|t| t == term);
        let here = self.postings.iter().find(|p| Some(p.term) == number && p.passage == self.passage);
        here.map(|p| p.places.clone()).unwrap_or_default()
    }
}
