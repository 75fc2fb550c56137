//! The best documents → words that they share and the query does not have.
//!
//! Rocchio's feedback without judgements: words that several of the best documents have in common, each
//! weighted as BM25 would in them.

use super::Ranked;
use super::count::rarity;
use super::plan::Plan;
use super::score::WORDS;
use crate::analysis::{TokenKind, analyse, is_stop_word};
use crate::index::local::schema::Fields;
use crate::index::local::stats::Statistics;
use std::collections::HashMap;
use tantivy::schema::{Field, Value};
use tantivy::{DocAddress, Searcher, TantivyDocument};

/// Passages of a document that are read.
const PASSAGES_READ: usize = 4;

/// A word has to stand in so many of the documents.
const DOCUMENTS_MIN: usize = 2;
/// Words that are taken.
const WORDS_MAX: usize = 20;
/// Weight of the first of them, against a word of the query.
const WEIGHT: f32 = 0.2;

/// What to rank by beside the query; nothing if the documents share nothing. `usual`: length of a document.
pub fn feedback(
    best: &[&Ranked],
    fields: &Fields,
    usual: f32,
    searcher: &Searcher,
    statistics: &Statistics,
) -> tantivy::Result<Plan> {
    let total: f32 = best.iter().map(|r| r.score).sum();
    if total.partial_cmp(&0.0) != Some(std::cmp::Ordering::Greater) {
        return Ok(Plan::default());
    }
    let mut shared: HashMap<String, (usize, f32)> = HashMap::new();
    for ranked in best {
        let mut passages: Vec<(f32, DocAddress)> = ranked.each().collect();
        passages.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        passages.truncate(PASSAGES_READ);
        let mut counts: HashMap<String, u32> = HashMap::new();
        let mut length = 0;
        for (_, address) in &passages {
            for term in terms(*address, fields.text, searcher)? {
                length += 1;
                *counts.entry(term).or_default() += 1;
            }
        }
        for (term, count) in counts {
            let weight = ranked.score / total * WORDS.of(count as f32, length as f32, usual);
            let known = shared.entry(term).or_default();
            known.0 += 1;
            known.1 += weight;
        }
    }
    let mut all: Vec<(String, f32)> = Vec::new();
    for (term, (documents, weight)) in shared {
        if documents >= DOCUMENTS_MIN {
            let weight = weight * rarity(&term, fields.text, statistics)?;
            all.push((term, weight));
        }
    }
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all.truncate(WORDS_MAX);
    let most = all.first().map_or(1.0, |(_, w)| w.max(f32::MIN_POSITIVE));
    Ok(Plan::of_terms(all.into_iter().map(|(term, weight)| (term, WEIGHT * weight / most)).collect()))
}

/// The stems of a passage's words. In Chinese what documents share does not help.
fn terms(address: DocAddress, text: Field, searcher: &Searcher) -> tantivy::Result<Vec<String>> {
    let stored: TantivyDocument = searcher.doc(address)?;
    let Some(text) = stored.get_first(text).and_then(|v| v.as_str()) else { return Ok(Vec::new()) };
    let tokens = analyse(text);
    let list: Vec<_> = tokens.iter().collect();
    let mut out = Vec::new();
    for (at, token) in list.iter().enumerate() {
        let written = list.get(at + 1).filter(|n| n.kind == TokenKind::Form).unwrap_or(token);
        match token.kind {
            TokenKind::Word if !is_stop_word(tokens.form(written)) => out.push(tokens.form(token).to_string()),
            _ => {}
        }
    }
    Ok(out)
}
