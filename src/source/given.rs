//! What is said of a document from outside its text: by the container it lies in, or by its owner.

use crate::model::{Found, Origin};
use serde::{Deserialize, Serialize};

/// What is given with a document. It wins over what is found in it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Given {
    /// Title.
    pub title: Option<Found<String>>,
    /// Day of publication.
    pub date: Option<Found<String>>,
    /// Year it is of.
    pub year: Option<Found<String>>,
    /// Publisher.
    pub source: Option<Found<String>>,
    /// Who wrote it.
    pub author: Option<Found<String>>,
    /// Address on the web.
    pub url: Option<Found<String>>,
    /// Language.
    pub language: Option<Found<String>>,
    /// Kind.
    pub kind: Option<Found<String>>,
    /// The region it speaks for.
    pub region: Option<Found<String>>,
}

/// The names of the fields, as rules and listings write them.
pub const FIELDS: &[&str] = &["title", "date", "year", "source", "author", "url", "language", "kind", "region"];

impl Given {
    /// The field of that name from [`FIELDS`].
    pub fn field(&mut self, name: &str) -> Option<&mut Option<Found<String>>> {
        Some(match name {
            "title" => &mut self.title,
            "date" => &mut self.date,
            "year" => &mut self.year,
            "source" => &mut self.source,
            "author" => &mut self.author,
            "url" => &mut self.url,
            "language" => &mut self.language,
            "kind" => &mut self.kind,
            "region" => &mut self.region,
            _ => return None,
        })
    }

    /// Gives a field, unless the value is blank.
    pub fn set(&mut self, name: &str, value: &str, origin: Origin, place: impl Into<String>) {
        let value = value.trim();
        if let Some(field) = self.field(name).filter(|_| !value.is_empty()) {
            *field = Some(Found::new(value.to_string(), origin).at(place.into()));
        }
    }

    /// Takes from another what this one does not give.
    pub fn or(mut self, mut other: Given) -> Given {
        for name in FIELDS {
            if let (Some(mine), Some(theirs)) = (self.field(name), other.field(name))
                && mine.is_none()
            {
                *mine = theirs.take();
            }
        }
        self
    }

    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        *self == Given::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_first_stays() {
        let (mut near, mut far) = (Given::default(), Given::default());
        near.set("region", "Gansu", Origin::Override, "");
        near.set("title", "  ", Origin::Override, "");
        far.set("region", "Henan", Origin::Column, "province");
        far.set("title", "T", Origin::Column, "title");
        let both = near.or(far);
        assert_eq!(both.region.unwrap().value, "Gansu");
        assert_eq!(both.title.unwrap().place, "title");
    }

    #[test]
    fn every_field_has_its_name() {
        let mut given = Given::default();
        assert!(FIELDS.iter().all(|name| given.field(name).is_some()));
    }
}
