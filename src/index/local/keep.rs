//! Filters → the engine's query.

use super::compile::{Boxed, Compiler, silent, unreadable};
use super::exclude::Excluded;
use crate::error::Result;
use crate::model::Year;
use crate::query::{Filters, globs};
use std::ops::Bound;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, RangeQuery, TermQuery, TermSetQuery};
use tantivy::schema::{Field, IndexRecordOption, Term};

impl Compiler<'_> {
    /// Any of these values.
    fn any<'t>(&self, field: Field, values: impl Iterator<Item = &'t str>) -> Boxed {
        let mut each: Vec<Boxed> = values.map(|v| self.keyword(field, v)).collect();
        match each.len() {
            0 => Box::new(EmptyQuery),
            1 => each.remove(0),
            _ => Box::new(BooleanQuery::union(each)),
        }
    }

    /// What keeps and drops, as clauses beside others; none of them ranks.
    pub fn filters(&self, filters: &Filters, clauses: &mut Vec<(Occur, Boxed)>) -> Result<()> {
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
            // Years are few: looking them up is sooner done than going through all records.
            let years = ranges.iter().flat_map(|(from, to)| (*from).max(Year::FIRST)..=(*to).min(Year::LAST));
            let terms: Vec<Term> = years.map(|year| Term::from_field_u64(field, year.into())).collect();
            match terms.as_slice() {
                _ if ranges.is_empty() => {}
                [one] => keep.push(Box::new(TermQuery::new(one.clone(), IndexRecordOption::Basic))),
                _ => keep.push(Box::new(TermSetQuery::new(terms))),
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
