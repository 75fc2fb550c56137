//! Query → [`Results`]: the passages found, with the places that matched.
//!
//! In: [`Query`] and a [`Reader`] of one committed state. Out: [`Results`]: plain text and ranges.
//! Never: marks or escapes anything; that is for whoever shows it.

mod facets;
mod highlight;
mod snippet;

pub use facets::{Facets, Value, Values, facets};
pub use highlight::highlights;
pub use snippet::{Snippet, snippet};

use crate::error::Result;
use crate::index::{Coverage, DocumentRecord, PassageRecord, Reader, Window};
use crate::query::{Filters, Query, Target};
use std::ops::Range;

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
}

impl Default for Options {
    fn default() -> Options {
        Options { offset: 0, limit: 10, per_document: 1, snippet_chars: 320 }
    }
}

/// A returned passage.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its place among all, from 1.
    pub rank: usize,
    /// Its score: higher is better, comparable within one search only.
    pub score: f32,
    /// The document it is of.
    pub document: DocumentRecord,
    /// The passage.
    pub passage: PassageRecord,
    /// The best window of its text, with what matched.
    pub snippet: Snippet,
    /// What matched in the title, in bytes.
    pub title_matches: Vec<Range<usize>>,
    /// What matched in each heading, in bytes.
    pub heading_matches: Vec<Vec<Range<usize>>>,
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
    /// No passage had the phrase, so its words were searched.
    pub fell_back: bool,
    /// When nothing was found: passages that match but are kept out by the filters.
    pub elsewhere: u64,
    /// What was searched, and what could not be.
    pub searched: Coverage,
}

/// Searches. Nothing found is no error.
pub fn search(query: &Query, reader: &Reader, options: Options) -> Result<Results> {
    let window = Window { offset: options.offset, limit: options.limit, per_document: options.per_document };
    let mut node = query.node.as_ref();
    let mut found = reader.search(query, node, window)?;
    let (mut fell_back, mut elsewhere) = (false, 0);
    if found.passages == 0 && query.filters != Filters::default() && node.is_some() {
        let unfiltered = Query { filters: Filters::default(), ..Query::default() };
        elsewhere = reader.search(&unfiltered, node, Window { offset: 0, limit: 0, per_document: 1 })?.passages;
    }
    // Words in place of a phrase that no passage has; a phrase that is only somewhere else is an answer.
    if found.passages == 0
        && elsewhere == 0
        && let Some(fallback) = &query.fallback
    {
        let words = reader.search(query, Some(fallback), window)?;
        if words.passages > 0 {
            (node, found, fell_back) = (Some(fallback), words, true);
        }
    }
    let matches = |target, text: &str| node.map(|n| highlights(n, target, text)).unwrap_or_default();
    let hits = found
        .hits
        .into_iter()
        .enumerate()
        .map(|(at, candidate)| {
            let in_text = matches(Target::Any, &candidate.passage.text);
            Hit {
                rank: options.offset + at + 1,
                score: candidate.score,
                snippet: snippet(&candidate.passage.text, &in_text, options.snippet_chars),
                title_matches: matches(Target::Title, &candidate.document.title.value),
                heading_matches: candidate.passage.heading.iter().map(|h| matches(Target::Heading, h)).collect(),
                document: candidate.document,
                passage: candidate.passage,
            }
        })
        .collect();
    let searched = reader.coverage(&query.filters.within)?;
    Ok(Results { hits, passages: found.passages, documents: found.documents, fell_back, elsewhere, searched })
}
