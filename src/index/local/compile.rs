//! Query → the engine's query.

use super::exclude::Excluded;
use super::schema::{Fields, sort};
use crate::error::{Error, Result};
use crate::query::{Filters, Group, Leaf, Node, Pattern, Query, Target};
use std::ops::Bound;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Occur, PhraseQuery, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{Searcher, query::Query as EngineQuery};

/// Weight of a match in the headings, against one in the text.
const HEADING_WEIGHT: f32 = 0.5;
/// Weight of a match in the title.
const TITLE_WEIGHT: f32 = 0.5;
/// Weight of two neighbouring words of the query found near one another.
const NEAR_WEIGHT: f32 = 0.3;
/// How far apart, in words, near ones are.
const NEAR_SLOP: u32 = 4;
/// Of a long run of ideographs, the share of pairs that a passage must have.
const RUN_SHARE: f32 = 0.5;
/// Weight of the whole run in one piece.
const RUN_WEIGHT: f32 = 1.0;
/// Words with one beginning that are ranked apart; more are found, but count alike.
const PREFIX_RANKED_MAX: usize = 64;
/// Words with one beginning that are looked for at all.
const PREFIX_TERMS_MAX: usize = 10_000;

type Boxed = Box<dyn EngineQuery>;

/// Compiles against one committed state: beginnings of words and names of publishers are looked up in it.
pub struct Compiler<'a> {
    pub fields: &'a Fields,
    pub searcher: &'a Searcher,
}

impl Compiler<'_> {
    /// The whole query: what to find, what to keep, and what ranks higher.
    pub fn query(&self, query: &Query, node: Option<&Node>) -> Result<Boxed> {
        let mut clauses: Vec<(Occur, Boxed)> = Vec::new();
        match node {
            Some(node) => {
                clauses.push((Occur::Must, self.node(node)?));
                for leaf in node.positive_leaves().into_iter().filter(|l| l.target == Target::Any) {
                    let in_title = self.pattern(self.fields.title, &leaf.pattern)?;
                    clauses.push((Occur::Should, Box::new(BoostQuery::new(in_title, TITLE_WEIGHT))));
                }
            }
            None => clauses.push((Occur::Must, silent(self.passages()))),
        }
        self.filters(&query.filters, &mut clauses)?;
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn passages(&self) -> Boxed {
        self.keyword(self.fields.record, sort::PASSAGE)
    }

    fn node(&self, node: &Node) -> Result<Boxed> {
        match node {
            Node::Leaf(leaf) => self.leaf(leaf),
            Node::Group(group) => self.group(group),
        }
    }

    fn group(&self, group: &Group) -> Result<Boxed> {
        let mut clauses: Vec<(Occur, Boxed)> = Vec::new();
        for node in &group.must {
            clauses.push((Occur::Must, self.node(node)?));
        }
        let words = self.without_stop_words(group);
        for node in &words {
            clauses.push((Occur::Should, self.node(node)?));
        }
        if group.must.is_empty() && words.is_empty() {
            // All passages but the excluded ones: a group of exclusions alone matches nothing in the engine.
            clauses.push((Occur::Must, silent(self.passages())));
        }
        for node in &group.not {
            clauses.push((Occur::MustNot, Box::new(Excluded(self.node(node)?))));
        }
        if group.must.is_empty() && !words.is_empty() && group.near {
            // Nearness ranks what matches, and must not match by itself.
            let base: Boxed = Box::new(BooleanQuery::new(clauses));
            let mut ranked = vec![(Occur::Must, base)];
            ranked.extend(self.near(&words).into_iter().map(|q| (Occur::Should, q)));
            return Ok(Box::new(BooleanQuery::new(ranked)));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// Words that every text has are left out where others remain.
    fn without_stop_words<'n>(&self, group: &'n Group) -> Vec<&'n Node> {
        let is_stop = |node: &&Node| matches!(node, Node::Leaf(Leaf { pattern: Pattern::Term(term), .. }) if crate::analysis::is_stop_word(term));
        let rest: Vec<&Node> = group.should.iter().filter(|n| !is_stop(n)).collect();
        if group.near && !rest.is_empty() { rest } else { group.should.iter().collect() }
    }

    /// Neighbouring words of the query within a few words of one another.
    fn near(&self, words: &[&Node]) -> Vec<Boxed> {
        let term = |node: &Node| match node {
            Node::Leaf(Leaf { target: Target::Any, pattern: Pattern::Term(term) }) => Some(term.clone()),
            _ => None,
        };
        words
            .windows(2)
            .filter_map(|pair| {
                let (a, b) = (term(pair[0])?, term(pair[1])?);
                let terms = vec![(0, self.term(self.fields.text, &a)), (1, self.term(self.fields.text, &b))];
                let phrase: Boxed = Box::new(PhraseQuery::new_with_offset_and_slop(terms, NEAR_SLOP));
                (a != b).then(|| Box::new(BoostQuery::new(phrase, NEAR_WEIGHT)) as Boxed)
            })
            .collect()
    }

    fn leaf(&self, leaf: &Leaf) -> Result<Boxed> {
        let f = self.fields;
        match leaf.target {
            Target::Title => self.pattern(f.title, &leaf.pattern),
            Target::Heading => self.pattern(f.heading, &leaf.pattern),
            Target::Any => {
                let weighted = [(f.text, 1.0), (f.heading, HEADING_WEIGHT), (f.lead, TITLE_WEIGHT)];
                let mut clauses: Vec<(Occur, Boxed)> = Vec::with_capacity(3);
                for (field, weight) in weighted {
                    clauses
                        .push((Occur::Should, Box::new(BoostQuery::new(self.pattern(field, &leaf.pattern)?, weight))));
                }
                Ok(Box::new(BooleanQuery::new(clauses)))
            }
        }
    }

    fn pattern(&self, field: Field, pattern: &Pattern) -> Result<Boxed> {
        Ok(match pattern {
            Pattern::Term(term) => self.scored(field, term),
            Pattern::Phrase(terms) => self.phrase(field, terms),
            Pattern::Prefix(prefix) => self.prefix(field, prefix)?,
            Pattern::Run(terms) => {
                let mut clauses: Vec<(Occur, Boxed)> =
                    terms.iter().map(|(_, t)| (Occur::Should, self.scored(field, t))).collect();
                let least = ((clauses.len() as f32 * RUN_SHARE).ceil() as usize).max(1);
                let pairs: Boxed =
                    Box::new(BooleanQuery::with_minimum_required_clauses(std::mem::take(&mut clauses), least));
                let whole: Boxed = Box::new(BoostQuery::new(self.phrase(field, terms), RUN_WEIGHT));
                Box::new(BooleanQuery::new(vec![(Occur::Must, pairs), (Occur::Should, whole)]))
            }
        })
    }

    fn phrase(&self, field: Field, terms: &[(usize, String)]) -> Boxed {
        Box::new(PhraseQuery::new_with_offset(terms.iter().map(|(at, t)| (*at, self.term(field, t))).collect()))
    }

    fn prefix(&self, field: Field, prefix: &str) -> Result<Boxed> {
        let mut terms: Vec<Term> = Vec::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field).map_err(super::engine("cannot read the index"))?;
            let mut stream = inverted.terms().range().ge(prefix.as_bytes()).into_stream().map_err(unreadable)?;
            while stream.advance() && stream.key().starts_with(prefix.as_bytes()) {
                if let Ok(text) = std::str::from_utf8(stream.key()) {
                    terms.push(self.term(field, text));
                }
                if terms.len() >= PREFIX_TERMS_MAX {
                    break;
                }
            }
        }
        terms.sort();
        terms.dedup();
        Ok(match terms.len() {
            0 => Box::new(EmptyQuery),
            1..=PREFIX_RANKED_MAX => {
                let each = terms
                    .into_iter()
                    .map(|t| Box::new(TermQuery::new(t, IndexRecordOption::WithFreqs)) as Boxed)
                    .collect();
                Box::new(BooleanQuery::union(each))
            }
            _ => Box::new(TermSetQuery::new(terms)),
        })
    }

    fn term(&self, field: Field, text: &str) -> Term {
        Term::from_field_text(field, text)
    }

    fn scored(&self, field: Field, text: &str) -> Boxed {
        Box::new(TermQuery::new(self.term(field, text), IndexRecordOption::WithFreqs))
    }

    fn keyword(&self, field: Field, text: &str) -> Boxed {
        Box::new(TermQuery::new(self.term(field, text), IndexRecordOption::Basic))
    }

    /// Any of these values.
    fn any<'t>(&self, field: Field, values: impl Iterator<Item = &'t str>) -> Boxed {
        let mut each: Vec<Boxed> = values.map(|v| self.keyword(field, v)).collect();
        match each.len() {
            0 => Box::new(EmptyQuery),
            1 => each.remove(0),
            _ => Box::new(BooleanQuery::union(each)),
        }
    }

    fn filters(&self, filters: &Filters, clauses: &mut Vec<(Occur, Boxed)>) -> Result<()> {
        let f = self.fields;
        let mut keep: Vec<Boxed> = Vec::new();
        if !filters.regions.is_empty() {
            keep.push(self.any(f.region, filters.regions.iter().map(|r| r.0.as_str())));
        }
        if !filters.mentioned.is_empty() {
            let codes = || filters.mentioned.iter().map(|r| r.0.as_str());
            let either = vec![self.any(f.region, codes()), self.any(f.mentioned, codes())];
            keep.push(Box::new(BooleanQuery::union(either)));
        }
        if !filters.topics.is_empty() {
            keep.push(self.any(f.topic, filters.topics.iter().map(|t| t.0.as_str())));
        }
        for (field, ranges) in [(f.year, &filters.years), (f.about_year, &filters.about_years)] {
            let year = |y: u16| Bound::Included(Term::from_field_u64(field, y.into()));
            let each: Vec<Boxed> =
                ranges.iter().map(|(a, b)| Box::new(RangeQuery::new(year(*a), year(*b))) as Boxed).collect();
            if !each.is_empty() {
                keep.push(Box::new(BooleanQuery::union(each)));
            }
        }
        if let Some(since) = filters.since {
            let day = Term::from_field_i64(f.last_day, since.days());
            keep.push(Box::new(RangeQuery::new(Bound::Included(day), Bound::Unbounded)));
        }
        if let Some(until) = filters.until {
            let day = Term::from_field_i64(f.first_day, until.days());
            keep.push(Box::new(RangeQuery::new(Bound::Unbounded, Bound::Included(day))));
        }
        if !filters.kinds.is_empty() {
            keep.push(self.any(f.kind, filters.kinds.iter().map(|k| k.name())));
        }
        if !filters.languages.is_empty() {
            keep.push(self.languages(filters));
        }
        if !filters.sources.is_empty() {
            let wanted: Vec<String> = filters.sources.iter().map(|s| s.to_lowercase()).collect();
            let terms = self.terms_where(f.source, |name| wanted.iter().any(|w| name.contains(w)))?;
            keep.push(Box::new(TermSetQuery::new(terms)));
        }
        if !filters.paths.is_empty() {
            let globs = globs(&filters.paths)?;
            let terms = self.terms_where(f.entry, |path| globs.is_match(path))?;
            keep.push(Box::new(TermSetQuery::new(terms)));
        }
        if !filters.within.is_empty() {
            let folders: Vec<String> = filters.within.iter().map(|w| format!("{}/", w.trim_end_matches('/'))).collect();
            let inside =
                |path: &str| filters.within.iter().any(|w| w == path) || folders.iter().any(|f| path.starts_with(f));
            let terms = self.terms_where(f.entry, inside)?;
            keep.push(Box::new(TermSetQuery::new(terms)));
        }
        clauses.extend(keep.into_iter().map(|q| (Occur::Must, silent(q))));
        if !filters.not_regions.is_empty() {
            let regions = self.any(f.region, filters.not_regions.iter().map(|r| r.0.as_str()));
            clauses.push((Occur::MustNot, Box::new(Excluded(regions))));
        }
        Ok(())
    }

    /// `zh` finds both scripts, `zh-Hans` what is not traditional.
    fn languages(&self, filters: &Filters) -> Boxed {
        let each = filters.languages.iter().map(|language| match language.code() {
            "zh-Hans" => Box::new(BooleanQuery::new(vec![
                (Occur::Must, self.keyword(self.fields.language, "zh")),
                (Occur::MustNot, self.keyword(self.fields.language, "zh-Hant")),
            ])) as Boxed,
            code => self.keyword(self.fields.language, code),
        });
        Box::new(BooleanQuery::union(each.collect()))
    }

    /// The terms of a field that a test accepts.
    fn terms_where(&self, field: Field, accepts: impl Fn(&str) -> bool) -> Result<Vec<Term>> {
        let mut out = Vec::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field).map_err(super::engine("cannot read the index"))?;
            let mut stream = inverted.terms().stream().map_err(unreadable)?;
            while stream.advance() {
                if let Ok(text) = std::str::from_utf8(stream.key())
                    && accepts(text)
                {
                    out.push(self.term(field, text));
                }
            }
        }
        Ok(out)
    }
}

/// Keeps or drops, and does not rank.
fn silent(query: Boxed) -> Boxed {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn unreadable(error: std::io::Error) -> Error {
    Error::Engine { doing: "cannot read the index", source: error.into() }
}

/// Globs over absolute paths: one that is not absolute may begin at any folder, and one that names
/// a folder takes what is beneath it.
fn globs(given: &[String]) -> Result<globset::GlobSet> {
    let mut set = globset::GlobSetBuilder::new();
    for glob in given {
        let relative = glob.strip_prefix("./").unwrap_or(glob).trim_end_matches('/');
        let from_root = if relative.starts_with('/') { relative.to_string() } else { format!("**/{relative}") };
        for pattern in [from_root.clone(), format!("{from_root}/**")] {
            let built = globset::GlobBuilder::new(&pattern).literal_separator(true).build();
            let built = built.map_err(|e| Error::BadValue {
                option: "--path",
                given: glob.clone(),
                hint: e.kind().to_string(),
            })?;
            set.add(built);
        }
    }
    set.build().map_err(|e| Error::BadValue { option: "--path", given: given.join(" "), hint: e.kind().to_string() })
}
