//! Query → [`Results`]: the passages found, with the places that matched.
//!
//! In: [`Query`] and a [`Reader`] of one committed state. Out: [`Results`]: plain text and ranges.
//! Never: marks or escapes anything; that is for whoever shows it.

mod check;
mod facets;
mod filter;
mod highlight;
mod snippet;

pub use check::check;
pub use facets::{Facets, Value, Values, facets};
pub use highlight::{Marker, Marks};
pub use snippet::{Snippet, snippet};

use crate::error::Result;
use crate::index::{Candidate, Coverage, Deadline, DocumentRecord, PassageRecord, Reader, Window};
use crate::query::{Filters, Query};

/// Which part of the results, and how much of each passage.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Hits to leave out at the front.
    pub offset: usize,
    /// Hits to return.
    pub limit: usize,
    /// Passages of one document, at most.
    pub per_document: usize,
    /// Longest snippet, in characters.
    pub snippet_chars: usize,
    /// Whether to say what made the scores.
    pub explain: bool,
    /// Whether one document stands for its near-copies.
    pub collapse: bool,
    /// Whether to name the near-copies that a document stands for.
    pub copies: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            offset: 0,
            limit: 10,
            per_document: 1,
            snippet_chars: 320,
            explain: false,
            collapse: true,
            copies: false,
        }
    }
}

/// A returned passage.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its place among all, from 1.
    pub rank: usize,
    /// Its score: higher is better, comparable within one search only.
    pub score: f32,
    /// What made the score, and how much of it; only if that was asked for.
    pub parts: Vec<(String, f32)>,
    /// How many near-copies of the document there are, for which it stands.
    pub copies: usize,
    /// Which they are, if that was asked for.
    pub copied: Vec<DocumentRecord>,
    /// The document it is of.
    pub document: DocumentRecord,
    /// The passage.
    pub passage: PassageRecord,
    /// The best window of its text, with what matched.
    pub snippet: Snippet,
    /// What matched in its text, its headings and the title.
    pub marks: Marks,
}

/// All that is returned of a search.
#[derive(Clone, Debug, Default)]
pub struct Results {
    /// Hits in the window, best first.
    pub hits: Vec<Hit>,
    /// Passages that match, in all.
    pub passages: u64,
    /// Documents they are of.
    pub documents: u64,
    /// Whether there are more hits after the window.
    pub more: bool,
    /// No passage had the phrase, so its words were searched.
    pub fell_back: bool,
    /// What was asked in the end: as expanded, and the words in place of a phrase.
    pub asked: Query,
    /// When nothing was found: passages that match but are kept out by the filters.
    pub elsewhere: u64,
    /// What was searched, and what could not be.
    pub searched: Coverage,
}

/// Searches. Nothing found is no error.
pub fn search(query: &Query, reader: &Reader, options: Options) -> Result<Results> {
    let Options { offset, limit, per_document, explain, collapse, .. } = options;
    let window = Window { offset, limit, per_document, explain, collapse };
    // One for all that follows.
    let deadline = Deadline::after(query.patience);
    let mut asked = reader.expand(query, deadline)?;
    let mut found = reader.search(&asked, window, deadline)?;
    let (mut fell_back, mut elsewhere) = (false, 0);
    if found.passages == 0 && query.filters != Filters::default() && query.node.is_some() {
        let unfiltered = Query { filters: Filters::default(), ..asked.clone() };
        let none = Window { offset: 0, limit: 0, per_document: 1, explain: false, collapse: false };
        elsewhere = reader.search(&unfiltered, none, deadline)?.passages;
    }
    // Words in place of a phrase that no passage has; a phrase that is only somewhere else is an answer.
    if found.passages == 0
        && elsewhere == 0
        && let Some(fallback) = &query.fallback
    {
        let words = reader.expand(&Query { filters: query.filters.clone(), ..(**fallback).clone() }, deadline)?;
        let instead = reader.search(&words, window, deadline)?;
        if instead.passages > 0 {
            (asked, found, fell_back) = (words, instead, true);
        }
    }
    let gazetteer = &reader.vocabulary().gazetteer;
    let marker = asked.node.as_ref().map(|node| Marker::new(node, gazetteer));
    let mut hits: Vec<Hit> = found
        .hits
        .into_iter()
        .enumerate()
        .map(|(at, Candidate { score, parts, copies, document, passage })| {
            deadline.check()?;
            let marks = marker.as_ref().and_then(|marker| marker.marks(&document, &passage)).unwrap_or_default();
            Ok(Hit {
                rank: options.offset + at + 1,
                score,
                parts,
                copies,
                copied: Vec::new(),
                snippet: snippet(&passage.text, &marks.text, options.snippet_chars),
                marks,
                document,
                passage,
            })
        })
        .collect::<Result<_>>()?;
    for hit in hits.iter_mut().filter(|hit| options.copies && hit.copies > 0) {
        hit.copied = reader.copies_of(&hit.document.id)?;
    }
    let searched = reader.coverage(&query.filters.within)?;
    let (passages, documents, more) = (found.passages, found.documents, found.more);
    Ok(Results { hits, passages, documents, more, fell_back, elsewhere, asked, searched })
}

/// The documents that a query finds, best first, at most so many, and their scores.
pub fn documents(query: &Query, reader: &Reader, limit: usize) -> Result<Vec<(DocumentRecord, f32)>> {
    let window = Window { offset: 0, limit, per_document: 1, explain: false, collapse: false };
    let deadline = Deadline::after(query.patience);
    let found = reader.search(&reader.expand(query, deadline)?, window, deadline)?;
    Ok(found.hits.into_iter().map(|hit| (hit.document, hit.score)).collect())
}

#[cfg(test)]
mod tests;
