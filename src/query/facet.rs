//! What results can be counted by.

use super::Filters;
use crate::error::{Error, Result};
use crate::vocab::nearest;

/// What results are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Facet {
    /// Places that passages are about.
    Region,
    /// Topics and themes of passages.
    Topic,
    /// Years of documents.
    Year,
    /// Kinds of documents.
    Kind,
    /// Publishers of documents.
    Source,
    /// Languages of documents.
    Lang,
}

impl Facet {
    /// Every facet, in the order of listings.
    pub const ALL: [Facet; 6] = [Facet::Region, Facet::Topic, Facet::Year, Facet::Kind, Facet::Source, Facet::Lang];

    /// The name: that of its filter.
    pub fn name(self) -> &'static str {
        match self {
            Facet::Region => "region",
            Facet::Topic => "topic",
            Facet::Year => "year",
            Facet::Kind => "kind",
            Facet::Source => "source",
            Facet::Lang => "lang",
        }
    }

    /// Facets as typed, parted by commas, none twice; all if none is named.
    /// Errors: [`Error::BadValue`] with the near names.
    pub fn named(given: &[String]) -> Result<Vec<Facet>> {
        let mut out = Vec::new();
        for name in given.iter().flat_map(|g| g.split(',')).map(str::trim) {
            let known = Facet::ALL.into_iter().find(|f| f.name().eq_ignore_ascii_case(name));
            let facet = known.ok_or_else(|| Error::BadValue {
                option: "--by",
                given: name.to_string(),
                hint: near(&name.to_lowercase()),
            })?;
            if !out.contains(&facet) {
                out.push(facet);
            }
        }
        Ok(if out.is_empty() { Facet::ALL.to_vec() } else { out })
    }
}

fn near(given: &str) -> String {
    let names = Facet::ALL.into_iter().map(|f| (f.name().to_string(), 0, f.name()));
    match nearest(given, names, 2) {
        near if near.is_empty() => format!("use {}", Facet::ALL.map(Facet::name).join(", ")),
        near => format!("did you mean {}?", near.join(" or ")),
    }
}

impl Filters {
    /// Without the filter that a facet offers values for: its counts say what another choice would find.
    /// Years are those of documents; days (`since`, `until`) and what a passage mentions stay.
    pub fn without(&self, facet: Facet) -> Filters {
        let mut out = self.clone();
        match facet {
            Facet::Region => out.regions.clear(),
            Facet::Topic => out.topics.clear(),
            Facet::Year => out.years.clear(),
            Facet::Kind => out.kinds.clear(),
            Facet::Source => out.sources.clear(),
            Facet::Lang => out.languages.clear(),
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(given: &[&str]) -> Result<Vec<Facet>> {
        Facet::named(&given.iter().map(|g| g.to_string()).collect::<Vec<_>>())
    }

    #[test]
    fn facets_go_by_name_in_the_order_given() {
        assert_eq!(named(&["year, Region", "year"]).unwrap(), [Facet::Year, Facet::Region]);
        assert_eq!(named(&[]).unwrap(), Facet::ALL);
    }

    #[test]
    fn an_unknown_facet_gets_the_near_names() {
        assert_eq!(named(&["regoin"]).unwrap_err().hint().unwrap(), "did you mean region?");
        assert_eq!(named(&["language"]).unwrap_err().hint().unwrap(), "did you mean lang?");
        assert!(named(&["colour"]).unwrap_err().hint().unwrap().starts_with("use region, topic"));
        assert!(named(&["region,,year"]).is_err());
    }

    #[test]
    fn a_facet_leaves_out_its_own_filter_only() {
        let filters = Filters { years: vec![(2020, 2020)], sources: vec!["daily".into()], ..Filters::default() };
        for facet in Facet::ALL {
            let without = filters.without(facet);
            assert_eq!(without.years.is_empty(), facet == Facet::Year);
            assert_eq!(without.sources.is_empty(), facet == Facet::Source);
        }
    }
}
