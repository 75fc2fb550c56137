//! Query → the engine's query.

use super::either::Either;
use super::exclude::Excluded;
use super::schema::{Fields, Keyword, sort};
use super::span::SpanQuery;
use super::stats::Statistics;
use super::throughout::Throughout;
use super::timed::Deadline;
use crate::error::{Error, Result};
use crate::query::{Boost, Filters, Group, Leaf, Node, Pattern, Query, Target, Word};
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{Searcher, query::Query as EngineQuery};

/// Weight of a match in the headings, against one in the text.
const HEADING_WEIGHT: f32 = 0.5;
/// Weight of a match in the title, which a document's first passage has for all: this is the first order only, in
/// which a title has to bring its document among those that are ranked anew.
const TITLE_WEIGHT: f32 = 1.0;
/// Words that one stands for that are ranked apart; more are found, but count alike.
const RANKED_MAX: usize = 64;

/// Of so many parts each is asked by itself; of more the engine reads them all ahead.
const EITHER_MAX: usize = 8;

/// Score of a place or year that was understood: about that of a rare word.
const BOOST: f32 = 4.0;

pub(super) type Boxed = Box<dyn EngineQuery>;

/// Compiles against one committed state: names of publishers and paths are looked up in it.
pub struct Compiler<'a> {
    pub fields: &'a Fields,
    pub searcher: &'a Searcher,
    /// What is counted in it.
    pub statistics: Statistics<'a>,
    /// When patterns that are looked for passage by passage are given up.
    pub deadline: Deadline,
}

impl Compiler<'_> {
    /// The whole query: what to find, what to keep, and what ranks higher. Words that stand for
    /// others have been expanded.
    pub fn query(&self, query: &Query) -> Result<Boxed> {
        let mut clauses: Vec<(Occur, Boxed)> = Vec::new();
        match &query.node {
            Some(node) => {
                clauses.push((Occur::Must, self.node(node)?));
                for Boost { filters } in &query.boosts {
                    clauses.push((Occur::Should, self.kept(filters, BOOST)?));
                }
            }
            None => clauses.push((Occur::Must, silent(self.passages()))),
        }
        self.filters(&query.filters, &mut clauses)?;
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn passages(&self) -> Boxed {
        self.keyword(Keyword::Record(sort::PASSAGE))
    }

    /// What raises a passage, with its name for a reader.
    pub fn boosts(&self, query: &Query) -> Result<Vec<(String, Boxed)>> {
        let each = query.boosts.iter();
        each.map(|boost| Ok((format!("about {}", boost.filters), self.kept(&boost.filters, 0.0)?))).collect()
    }

    /// The passages that filters keep, with this score.
    fn kept(&self, filters: &Filters, score: f32) -> Result<Boxed> {
        let mut clauses = Vec::new();
        self.filters(filters, &mut clauses)?;
        // Documents have a year and a kind too.
        clauses.push((Occur::Must, silent(self.passages())));
        Ok(Box::new(ConstScoreQuery::new(Box::new(BooleanQuery::new(clauses)), score)))
    }

    fn node(&self, node: &Node) -> Result<Boxed> {
        match node {
            Node::Leaf(leaf) => Ok(self.leaf(leaf)),
            Node::Filter(filters) => self.kept(filters, 0.0),
            Node::Group(group) => self.group(group),
        }
    }

    fn group(&self, group: &Group) -> Result<Boxed> {
        let mut clauses: Vec<(Occur, Boxed)> = Vec::new();
        for node in &group.must {
            clauses.push((Occur::Must, self.node(node)?));
        }
        for node in &group.should {
            clauses.push((Occur::Should, self.node(node)?));
        }
        if group.must.is_empty() && group.should.is_empty() {
            // All passages but the excluded ones: a group of exclusions alone matches nothing in the engine.
            clauses.push((Occur::Must, silent(self.passages())));
        }
        for node in &group.not {
            clauses.push((Occur::MustNot, Box::new(Excluded(self.node(node)?))));
        }
        Ok(match group.least {
            0 | 1 => Box::new(BooleanQuery::new(clauses)),
            least => Box::new(BooleanQuery::with_minimum_required_clauses(clauses, least)),
        })
    }

    fn leaf(&self, leaf: &Leaf) -> Boxed {
        let f = self.fields;
        let weighted: &[(Field, f32)] = match leaf.target {
            Target::Title if self.statistics.is_absent(f.title) => &[],
            Target::Title => return Box::new(Throughout(boosted(self.pattern(f.title, &leaf.pattern), leaf.weight))),
            Target::Heading => &[(f.heading, 1.0)],
            Target::Any => &[(f.text, 1.0), (f.heading, HEADING_WEIGHT), (f.title, TITLE_WEIGHT)],
        };
        let there = weighted.iter().filter(|(field, _)| !self.statistics.is_absent(*field));
        let each = there.map(|(field, w)| boosted(self.pattern(*field, &leaf.pattern), w * leaf.weight));
        union(each.collect())
    }

    fn pattern(&self, field: Field, pattern: &Pattern) -> Boxed {
        match pattern {
            Pattern::Any(list) => union(list.iter().map(|p| self.pattern(field, p)).collect()),
            Pattern::Near(_) => Box::new(SpanQuery::new(field, pattern, self.deadline)),
            Pattern::Phrase(words) => self.phrase(field, words, pattern),
        }
    }

    fn phrase(&self, field: Field, words: &[(u32, Word)], pattern: &Pattern) -> Boxed {
        if let [(_, word)] = words {
            match word {
                Word::Term(term) | Word::Written(term) => return self.scored(field, term),
                Word::Terms { terms, .. } => return self.any_of(field, terms),
                Word::Only { term, others } if others.is_empty() => return self.scored(field, term),
                Word::Only { .. } | Word::Like(_) => {}
            }
        }
        let plain: Option<Vec<(usize, Term)>> = words
            .iter()
            .map(|(at, word)| match word {
                Word::Term(term) | Word::Written(term) => Some((*at as usize, self.term(field, term))),
                Word::Only { term, others } if others.is_empty() => Some((*at as usize, self.term(field, term))),
                _ => None,
            })
            .collect();
        match plain {
            Some(terms) if terms.len() > 1 => Box::new(PhraseQuery::new_with_offset(terms)),
            _ => Box::new(SpanQuery::new(field, pattern, self.deadline)),
        }
    }

    /// Any of the words that one stands for.
    fn any_of(&self, field: Field, terms: &[String]) -> Boxed {
        match terms.len() {
            0 => Box::new(EmptyQuery),
            1..=RANKED_MAX => union(terms.iter().map(|t| self.scored(field, t)).collect()),
            _ => Box::new(TermSetQuery::new(terms.iter().map(|t| self.term(field, t)))),
        }
    }

    fn term(&self, field: Field, text: &str) -> Term {
        Term::from_field_text(field, text)
    }

    fn scored(&self, field: Field, text: &str) -> Boxed {
        Box::new(TermQuery::new(self.term(field, text), IndexRecordOption::WithFreqs))
    }

    pub(super) fn keyword(&self, keyword: Keyword) -> Boxed {
        Box::new(TermQuery::new(self.fields.term(keyword), IndexRecordOption::Basic))
    }
}

fn union(mut each: Vec<Boxed>) -> Boxed {
    match each.len() {
        0 => Box::new(EmptyQuery),
        1 => each.remove(0),
        2..=EITHER_MAX => Box::new(Either(each)),
        _ => Box::new(BooleanQuery::union(each)),
    }
}

fn boosted(query: Boxed, weight: f32) -> Boxed {
    if weight == 1.0 { query } else { Box::new(BoostQuery::new(query, weight)) }
}

/// Keeps or drops, and does not rank.
pub(super) fn silent(query: Boxed) -> Boxed {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

pub(super) fn unreadable(error: std::io::Error) -> Error {
    Error::Engine { doing: "cannot read the index", source: error.into() }
}
