//! Patterns that the engine has no query for: windows, phrases of words that stand for others, words as
//! they are written. Found by [`spans`], as the highlighter does.

use super::timed::Deadline;
use crate::query::spans::{Places, Span, merged, spans};
use crate::query::{Pattern, Word, width};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{
    Bm25Weight, BooleanQuery, EmptyQuery, EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery,
    TermSetQuery, Weight,
};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, TERMINATED};

/// Passages that are looked into between two looks at the clock.
const LOOK_EVERY: u32 = 64;
/// Terms of a pattern of which the rarest make its weight.
const WEIGHED_MAX: usize = 64;

/// Passages in whose field a pattern matches.
#[derive(Clone, Debug)]
pub struct SpanQuery {
    field: Field,
    pattern: Arc<Pattern>,
    deadline: Deadline,
}

impl SpanQuery {
    /// For a pattern in a field; after the deadline nothing more is found.
    pub fn new(field: Field, pattern: &Pattern, deadline: Deadline) -> SpanQuery {
        SpanQuery { field, pattern: Arc::new(pattern.clone()), deadline }
    }
}

impl Query for SpanQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weight = match scoring {
            EnableScoring::Enabled { statistics_provider, .. } => {
                let mut terms: Vec<Term> = Vec::new();
                self.pattern.each_word(&mut |word| {
                    terms.extend(word.terms().take(1).map(|t| Term::from_field_text(self.field, t)));
                });
                terms.truncate(WEIGHED_MAX);
                match terms.is_empty() {
                    true => None,
                    false => Some(Bm25Weight::for_terms(statistics_provider, &terms)?),
                }
            }
            EnableScoring::Disabled { .. } => None,
        };
        let candidates = candidates(self.field, &self.pattern).weight(scoring)?;
        Ok(Box::new(SpanWeight { query: self.clone(), weight, candidates }))
    }
}

/// What every passage has in which a pattern matches.
fn candidates(field: Field, pattern: &Pattern) -> Box<dyn Query> {
    let term = |text: &str| Term::from_field_text(field, text);
    match pattern {
        Pattern::Any(list) => Box::new(BooleanQuery::union(list.iter().map(|p| candidates(field, p)).collect())),
        Pattern::Near(near) => {
            Box::new(BooleanQuery::intersection(near.parts.iter().map(|p| candidates(field, p)).collect()))
        }
        Pattern::Phrase(words) => {
            let each = words.iter().map(|(_, word)| -> Box<dyn Query> {
                match word {
                    Word::Terms { terms, .. } => Box::new(TermSetQuery::new(terms.iter().map(|t| term(t)))),
                    word => match word.terms().next() {
                        Some(text) => Box::new(TermQuery::new(term(text), IndexRecordOption::Basic)),
                        None => Box::new(EmptyQuery),
                    },
                }
            });
            Box::new(BooleanQuery::intersection(each.collect()))
        }
    }
}

struct SpanWeight {
    query: SpanQuery,
    weight: Option<Bm25Weight>,
    candidates: Box<dyn Weight>,
}

impl Weight for SpanWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let candidates = self.candidates.scorer(reader, 1.0)?;
        if candidates.doc() == TERMINATED {
            return Ok(Box::new(EmptyScorer));
        }
        let mut scorer = SpanScorer {
            candidates,
            pattern: self.query.pattern.clone(),
            text: SegmentText::open(&self.query, reader)?,
            norms: reader.get_fieldnorms_reader(self.query.field)?,
            weight: self.weight.as_ref().map(|w| w.boost_by(boost)),
            count: 0,
            deadline: self.query.deadline,
            is_over: false,
        };
        let first = scorer.candidates.doc();
        scorer.settle(first);
        Ok(Box::new(scorer))
    }

    fn explain(&self, _: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        Ok(Explanation::new_with_string(format!("pattern in {doc}"), 0.0))
    }
}

struct SpanScorer {
    candidates: Box<dyn Scorer>,
    pattern: Arc<Pattern>,
    text: SegmentText,
    norms: FieldNormReader,
    weight: Option<Bm25Weight>,
    /// Matches in the passage it stands at.
    count: u32,
    deadline: Deadline,
    is_over: bool,
}

impl SpanScorer {
    /// Goes on from a candidate to the first passage that matches.
    fn settle(&mut self, mut doc: DocId) -> DocId {
        let mut until_look = LOOK_EVERY;
        while doc != TERMINATED {
            until_look -= 1;
            if until_look == 0 {
                until_look = LOOK_EVERY;
                self.is_over = self.deadline.is_over();
                if self.is_over {
                    return TERMINATED;
                }
            }
            self.text.doc = doc;
            self.count = spans(&self.pattern, &mut self.text).len() as u32;
            if self.count > 0 {
                break;
            }
            doc = self.candidates.advance();
        }
        doc
    }
}

impl DocSet for SpanScorer {
    fn advance(&mut self) -> DocId {
        if self.is_over {
            return TERMINATED;
        }
        let doc = self.candidates.advance();
        self.settle(doc)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() >= target {
            return self.doc();
        }
        let doc = self.candidates.seek(target);
        self.settle(doc)
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if self.is_over {
            return SeekDangerResult::SeekLowerBound(TERMINATED);
        }
        let found = self.candidates.seek_danger(target);
        if found != SeekDangerResult::Found {
            return found;
        }
        self.text.doc = target;
        self.count = spans(&self.pattern, &mut self.text).len() as u32;
        if self.count > 0 { SeekDangerResult::Found } else { SeekDangerResult::SeekLowerBound(target + 1) }
    }

    fn doc(&self) -> DocId {
        if self.is_over { TERMINATED } else { self.candidates.doc() }
    }

    fn size_hint(&self) -> u32 {
        self.candidates.size_hint()
    }
}

impl Scorer for SpanScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.fieldnorm_id(self.doc());
        self.weight.as_ref().map_or(0.0, |w| w.score(norm, self.count))
    }
}

/// The postings of a pattern's terms in one segment, read passage by passage.
struct SegmentText {
    doc: DocId,
    single: FxHashMap<String, SegmentPostings>,
    /// By what was typed: the postings of all it stands for.
    several: FxHashMap<String, Several>,
}

/// The places of many terms, read for a block of passages at a time: thousands of postings are not to be gone through
/// for each passage.
struct Several {
    postings: Vec<SegmentPostings>,
    /// Places that each takes.
    widths: Vec<u32>,
    /// The passages that are read, the last one excluded.
    block: Range<DocId>,
    /// In the block: passage, place and width, in order.
    places: Vec<(DocId, u32, u32)>,
}

/// Passages of a first block.
const BLOCK_MIN: u32 = 32;
/// And of the largest; blocks grow as long as passages are asked for one after the other.
const BLOCK_MAX: u32 = 1 << 13;

impl Several {
    fn new(postings: Vec<SegmentPostings>, widths: Vec<u32>) -> Several {
        Several { postings, widths, block: 0..0, places: Vec::new() }
    }

    /// The places in a passage. Passages are asked for in order.
    fn places(&mut self, doc: DocId) -> &[(DocId, u32, u32)] {
        if !self.block.contains(&doc) {
            self.read(doc);
        }
        let from = self.places.partition_point(|place| place.0 < doc);
        &self.places[from..from + self.places[from..].partition_point(|place| place.0 == doc)]
    }

    fn read(&mut self, from: DocId) {
        let length = self.block.end - self.block.start;
        let is_near = from < self.block.end.saturating_add(length);
        let length = if is_near { (length * 2).clamp(BLOCK_MIN, BLOCK_MAX) } else { BLOCK_MIN };
        self.block = from..from.saturating_add(length).min(TERMINATED);
        self.places.clear();
        let mut here = Vec::new();
        for (postings, width) in self.postings.iter_mut().zip(&self.widths) {
            let mut doc = postings.doc();
            if doc < from {
                doc = postings.seek(from);
            }
            while doc < self.block.end {
                postings.positions(&mut here);
                self.places.extend(here.iter().map(|place| (doc, *place, *width)));
                doc = postings.advance();
            }
        }
        self.places.sort_unstable();
    }
}

impl SegmentText {
    fn open(query: &SpanQuery, reader: &SegmentReader) -> tantivy::Result<SegmentText> {
        let inverted = reader.inverted_index(query.field)?;
        let mut words: Vec<&Word> = Vec::new();
        query.pattern.each_word(&mut |word| words.push(word));
        let mut out = SegmentText { doc: 0, single: FxHashMap::default(), several: FxHashMap::default() };
        let open = |text: &str| {
            inverted.read_postings(&Term::from_field_text(query.field, text), IndexRecordOption::WithFreqsAndPositions)
        };
        for word in words {
            if let Word::Terms { typed, terms } = word {
                let (mut postings, mut widths) = (Vec::new(), Vec::new());
                for text in terms {
                    if let Some(found) = open(text)? {
                        postings.push(found);
                        widths.push(width(text));
                    }
                }
                out.several.insert(typed.clone(), Several::new(postings, widths));
                continue;
            }
            for text in word.terms() {
                if let Some(postings) = open(text)? {
                    out.single.insert(text.to_string(), postings);
                }
            }
        }
        Ok(out)
    }
}

/// The places in a passage, if the postings reach it.
fn at(postings: &mut SegmentPostings, doc: DocId, out: &mut Vec<u32>) {
    if postings.doc() < doc {
        postings.seek(doc);
    }
    if postings.doc() == doc {
        postings.positions(out);
    }
}

impl Places for SegmentText {
    fn places(&mut self, term: &str) -> Vec<u32> {
        let mut out = Vec::new();
        if let Some(postings) = self.single.get_mut(term) {
            at(postings, self.doc, &mut out);
        }
        out
    }

    fn places_of_any(&mut self, typed: &str, _: &[String]) -> Vec<Span> {
        let here = self.several.get_mut(typed).map_or(&[][..], |several| several.places(self.doc));
        merged(here.iter().map(|(_, start, width)| Span { start: *start, end: start + width }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Near;
    use std::time::Duration;
    use tantivy::schema::{Schema, TextFieldIndexing, TextOptions};
    use tantivy::{Index, TantivyDocument};

    /// Many passages have both words far apart, and the last has them side by side.
    #[test]
    fn passages_in_which_a_pattern_does_not_match_are_gone_through_until_the_time_is_over() {
        let mut schema = Schema::builder();
        let positions = TextFieldIndexing::default()
            .set_tokenizer(crate::analysis::TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(positions));
        let index = Index::create_in_ram(schema.build());
        index.tokenizers().register(crate::analysis::TOKENIZER, crate::analysis::analyzer());
        let mut writer = index.writer_with_num_threads(1, 20_000_000).unwrap();
        for number in 0..=2 * LOOK_EVERY {
            let between = if number == 2 * LOOK_EVERY { "" } else { "a b c d e f g h" };
            let mut passage = TantivyDocument::new();
            passage.add_text(text, format!("port {between} rail"));
            writer.add_document(passage).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let first = |deadline| {
            let word = |term: &str| Pattern::Phrase(vec![(0, Word::Term(term.into()))]);
            let near = Pattern::Near(Near { parts: vec![word("port"), word("rail")], window: 3, ordered: false });
            let query = SpanQuery::new(text, &near, deadline);
            let weight = query.weight(EnableScoring::disabled_from_searcher(&searcher)).unwrap();
            weight.scorer(searcher.segment_reader(0), 1.0).unwrap().doc()
        };
        assert_eq!(first(Deadline::default()), 2 * LOOK_EVERY);
        assert_eq!(first(Deadline::after(Some(Duration::ZERO))), TERMINATED);
    }
}
