//! Found documents → their order.
//!
//! The engine finds, and gives a first order by single passages; the best are ranked here by what is
//! known of the whole document: BM25 over its text and title, its best passage, neighbours, the places
//! and years it is about, and words that the best have in common.
//!
//! The weights were measured on the Cranfield collection and on questions about Chinese news (CRUD-RAG),
//! where each lies on a flat stretch; those of two languages differ in how they count repetition and length.

mod count;
mod feedback;
mod plan;
mod score;

use super::schema::Fields;
use super::stats::Statistics;
use super::timed::Deadline;
use crate::query::Node;
use count::{Within, count, rarity};
pub use plan::COUNTED_MAX;
use plan::Plan;
use score::{Each, Scale, score, weights};
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocSet, Searcher, TERMINATED};

/// Documents that are ranked anew; what is found beyond stays in the first order.
pub const RANKED_MAX: usize = 500;
/// Queries of fewer words are exact enough: words that documents share would lead away.
const FEEDBACK_WORDS_MIN: usize = 4;
/// Documents whose shared words are taken.
const FEEDBACK_DOCUMENTS: usize = 5;
/// Where the best document lacks this share of what the query asks for or more, they count in full; where
/// it lacks nothing it is the answer, and they count for nothing.
const FEEDBACK_LACK: f32 = 0.4;
/// What a place or year that was understood adds to the score of a document about it, as a share.
const BOOST: f32 = 0.5;

/// The score of a document, and those of its passages.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Of the document.
    pub score: f32,
    /// Its first passage.
    pub first: DocAddress,
    /// Of each passage, from its first.
    pub passages: Each,
    /// What made the score, and how much of it.
    pub parts: Vec<(String, f32)>,
}

impl Ranked {
    /// The score of one of its passages.
    pub fn of(&self, passage: DocAddress) -> f32 {
        let at = passage.doc_id.checked_sub(self.first.doc_id);
        at.and_then(|at| self.passages.get(at as usize)).copied().unwrap_or_default()
    }

    /// Its passages and their scores.
    pub fn each(&self) -> impl Iterator<Item = (f32, DocAddress)> {
        let of = |doc: u32| DocAddress::new(self.first.segment_ord, self.first.doc_id + doc);
        self.passages.iter().zip(0..).map(move |(score, at)| (*score, of(at)))
    }
}

/// What is ranked by beside the words.
pub struct Wanted<'a> {
    /// The query's node.
    pub node: &'a Node,
    /// What raises a passage, with its name.
    pub boosts: Vec<(String, Box<dyn Query>)>,
    /// Whether to say what made the scores.
    pub explain: bool,
    /// When to give up.
    pub deadline: Deadline,
}

/// Ranks the documents to which these passages belong.
pub fn rank(
    wanted: &Wanted,
    passages: &[DocAddress],
    fields: &Fields,
    searcher: &Searcher,
    statistics: &Statistics,
) -> tantivy::Result<Vec<Ranked>> {
    let searched = [fields.text, fields.heading, fields.title];
    let within = Within {
        fields: searched,
        searcher,
        columns: statistics.columns,
        absent: searched.map(|field| statistics.is_absent(field)),
        deadline: wanted.deadline,
    };
    let rarities = |plan: &Plan| -> tantivy::Result<Vec<f32>> {
        plan.terms.iter().map(|term| rarity(term, fields.text, statistics)).collect()
    };
    let (text, title) = (statistics.lengths(fields.text)?, statistics.lengths(fields.title)?);
    let documents = statistics.documents()?;
    let scale = Scale {
        passage: text.terms as f32 / text.count.max(1) as f32,
        document: text.terms as f32 / documents.max(1) as f32,
        title: title.terms as f32 / title.count.max(1) as f32,
    };
    let plan = Plan::new(wanted.node);
    let rarity_of = rarities(&plan)?;
    let worths = weights(&plan, &rarity_of);
    let asked = |f: &plan::Feature| plan.asked(f, &rarity_of);

    // How much of what is asked for each has, beside its score.
    let (mut ranked, answered): (Vec<Ranked>, Vec<f32>) = count(&plan, passages, &within, |document| {
        let has: f32 = plan.features.iter().filter(|f| document.has(&f.what)).map(asked).sum();
        (score(&plan, document, &worths, &scale, wanted.explain), has)
    })?
    .into_iter()
    .unzip();

    for (name, boost) in &wanted.boosts {
        raise(name, &**boost, &mut ranked, wanted.explain, searcher)?;
    }

    if plan.words < FEEDBACK_WORDS_MIN {
        return Ok(ranked);
    }
    let mut order: Vec<usize> = (0..ranked.len()).collect();
    order.sort_by(|a, b| ranked[*b].score.total_cmp(&ranked[*a].score).then(passages[*a].cmp(&passages[*b])));
    let best: Vec<&Ranked> = order.iter().take(FEEDBACK_DOCUMENTS).map(|at| &ranked[*at]).collect();
    let all: f32 = plan.features.iter().map(asked).sum();
    let answered = order.first().map_or(0.0, |at| answered[*at]);
    let trust = ((1.0 - answered / all.max(f32::MIN_POSITIVE)) / FEEDBACK_LACK).clamp(0.0, 1.0);
    if trust == 0.0 {
        return Ok(ranked);
    }
    let shared = feedback::feedback(&best, fields, scale.document, searcher, statistics)?;
    let weights = weights(&shared, &rarities(&shared)?);
    let more =
        count(&shared, passages, &within, |document| trust * score(&shared, document, &weights, &scale, false).score)?;
    for (ranked, more) in ranked.iter_mut().zip(more) {
        ranked.score += more;
        if wanted.explain && more > 0.0 {
            let names: Vec<&str> = shared.terms.iter().take(5).map(String::as_str).collect();
            ranked.parts.push((format!("words shared by the best ({} …)", names.join(" ")), more));
        }
    }
    Ok(ranked)
}

/// Raises the passages that have something, and the documents that are found by such a passage.
fn raise(
    name: &str,
    boost: &dyn Query,
    ranked: &mut [Ranked],
    explain: bool,
    searcher: &Searcher,
) -> tantivy::Result<()> {
    let weight = boost.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut order: Vec<&mut Ranked> = ranked.iter_mut().collect();
    order.sort_unstable_by_key(|ranked| ranked.first);
    for (ordinal, segment) in searcher.segment_readers().iter().enumerate() {
        let mut having = weight.scorer(segment, 1.0)?;
        for ranked in &mut order {
            let DocAddress { segment_ord, doc_id: first } = ranked.first;
            if segment_ord as usize != ordinal {
                continue;
            }
            if having.doc() < first {
                having.seek(first);
            }
            if having.doc() == TERMINATED {
                break;
            }
            let mut found = false;
            while let Some(score) = ranked.passages.get_mut((having.doc() - first) as usize) {
                found |= *score > 0.0;
                *score *= 1.0 + BOOST;
                having.advance();
            }
            if found {
                let more = ranked.score * BOOST;
                ranked.score += more;
                if explain {
                    ranked.parts.push((name.to_string(), more));
                }
            }
        }
    }
    Ok(())
}
