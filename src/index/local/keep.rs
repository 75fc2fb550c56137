//! Filters → the engine's query.

use super::compile::{Boxed, Compiler, silent, unreadable};
use super::exclude::Excluded;
use super::schema::Keyword;
use crate::error::Result;
use crate::model::Year;
use crate::query::{Filters, globs};
use std::ops::Bound;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, RangeQuery, TermQuery, TermSetQuery};
use tantivy::schema::{IndexRecordOption, Term};

impl Compiler<'_> {
    /// Any of these values.
    fn any<'t>(&self, values: impl Iterator<Item = Keyword<'t>>) -> Boxed {
        let mut each: Vec<Boxed> = values.map(|keyword| self.keyword(keyword)).collect();
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
            keep.push(self.any(filters.regions.iter().map(|r| Keyword::Region(&r.0))));
        }
        if !filters.mentioned.is_empty() {
            let about = filters.mentioned.iter().map(|r| Keyword::Region(&r.0));
            keep.push(self.any(about.chain(filters.mentioned.iter().map(|r| Keyword::Mentioned(&r.0)))));
        }
        if !filters.topics.is_empty() {
            keep.push(self.any(filters.topics.iter().map(|t| Keyword::Topic(&t.0))));
        }
        keep.extend(self.years(&filters.years, Keyword::Year));
        keep.extend(self.years(&filters.about_years, Keyword::AboutYear));
        if let Some(since) = filters.since {
            let day = Term::from_field_i64(f.last_day, since.days());
            keep.push(Box::new(RangeQuery::new(Bound::Included(day), Bound::Unbounded)));
        }
        if let Some(until) = filters.until {
            let day = Term::from_field_i64(f.first_day, until.days());
            keep.push(Box::new(RangeQuery::new(Bound::Unbounded, Bound::Included(day))));
        }
        if !filters.kinds.is_empty() {
            keep.push(self.any(filters.kinds.iter().map(|k| Keyword::Kind(k.name()))));
        }
        if !filters.languages.is_empty() {
            keep.push(self.languages(filters));
        }
        if !filters.sources.is_empty() {
            let wanted: Vec<String> = filters.sources.iter().map(|s| s.to_lowercase()).collect();
            let terms = self.terms_where(Keyword::Source(""), |name| wanted.iter().any(|w| name.contains(w)))?;
            keep.push(Box::new(TermSetQuery::new(terms)));
        }
        if !filters.paths.is_empty() {
            let globs = globs(&filters.paths)?;
            let terms = self.terms_where(Keyword::Entry(""), |path| globs.is_match(path))?;
            keep.push(Box::new(TermSetQuery::new(terms)));
        }
        if !filters.within.is_empty() {
            let folders: Vec<String> = filters.within.iter().map(|w| format!("{}/", w.trim_end_matches('/'))).collect();
            let inside =
                |path: &str| filters.within.iter().any(|w| w == path) || folders.iter().any(|f| path.starts_with(f));
            let terms = self.terms_where(Keyword::Entry(""), inside)?;
            keep.push(Box::new(TermSetQuery::new(terms)));
        }
        clauses.extend(keep.into_iter().map(|q| (Occur::Must, silent(q))));
        if !filters.not_regions.is_empty() {
            let regions = self.any(filters.not_regions.iter().map(|r| Keyword::Region(&r.0)));
            clauses.push((Occur::MustNot, Box::new(Excluded(regions))));
        }
        Ok(())
    }

    /// Any year of these ranges, if there are such.
    fn years(&self, ranges: &[(u16, u16)], keyword: fn(u16) -> Keyword<'static>) -> Option<Boxed> {
        // Years are few: looking them up is sooner done than going through all records.
        let years = ranges.iter().flat_map(|(from, to)| (*from).max(Year::FIRST)..=(*to).min(Year::LAST));
        let terms: Vec<Term> = years.map(|year| self.fields.term(keyword(year))).collect();
        match terms.as_slice() {
            _ if ranges.is_empty() => None,
            [one] => Some(Box::new(TermQuery::new(one.clone(), IndexRecordOption::Basic))),
            _ => Some(Box::new(TermSetQuery::new(terms))),
        }
    }

    /// `zh` finds both scripts, `zh-Hans` what is not traditional.
    fn languages(&self, filters: &Filters) -> Boxed {
        let each = filters.languages.iter().map(|language| match language.code() {
            "zh-Hans" => Box::new(BooleanQuery::new(vec![
                (Occur::Must, self.keyword(Keyword::Language("zh"))),
                (Occur::MustNot, self.keyword(Keyword::Language("zh-Hant"))),
            ])) as Boxed,
            code => self.keyword(Keyword::Language(code)),
        });
        Box::new(BooleanQuery::union(each.collect()))
    }

    /// The keywords of this sort, of which a test accepts what they say.
    fn terms_where(&self, sort: Keyword, accepts: impl Fn(&str) -> bool) -> Result<Vec<Term>> {
        let sort = sort.bytes();
        let field = self.fields.keyword;
        let mut out = Vec::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field).map_err(super::engine("cannot read the index"))?;
            let mut stream = inverted.terms().range().ge(&sort).into_stream().map_err(unreadable)?;
            while stream.advance() {
                let Some(text) = stream.key().strip_prefix(sort.as_slice()) else { break };
                if std::str::from_utf8(text).is_ok_and(&accepts) {
                    out.push(Term::from_field_bytes(field, stream.key()));
                }
            }
        }
        Ok(out)
    }
}
