//! What a query was understood as: for a person in lines, for a program in JSON.

use super::escape::terminal;
use crate::query::{Query, Understood};
use crate::vocab::Gazetteer;
use serde::Serialize;

/// Terms that are named for each concept of the glossary; JSON has all.
const TERMS_SHOWN: usize = 6;

#[derive(Serialize)]
pub(super) struct UnderstoodOut<'a> {
    query: String,
    filters: String,
    places: Vec<PlaceOut<'a>>,
    years: Vec<u16>,
    added: Vec<AddedOut<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct PlaceOut<'a> {
    typed: &'a str,
    code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct AddedOut<'a> {
    typed: &'a str,
    concept: &'a str,
    terms: &'a [String],
}

pub(super) fn understood<'a>(query: &'a Query, gazetteer: &'a Gazetteer) -> UnderstoodOut<'a> {
    let Understood { places, years, added } = &query.understood;
    UnderstoodOut {
        query: text(query),
        filters: query.filters.to_string(),
        places: places
            .iter()
            .map(|p| PlaceOut { typed: &p.typed, code: &p.region.0, name: gazetteer.name(&p.region) })
            .collect(),
        years: years.iter().map(|y| y.get()).collect(),
        added: added.iter().map(|a| AddedOut { typed: &a.typed, concept: &a.concept, terms: &a.terms }).collect(),
        notes: &query.notes,
    }
}

fn text(query: &Query) -> String {
    query.node.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// What was made of a query beyond its letters, a line each; with `explain` also how it was read.
pub fn understood_lines(query: &Query, gazetteer: &Gazetteer, explain: bool) -> Vec<String> {
    let Understood { places, years, added } = &query.understood;
    let mut out: Vec<String> = query.notes.iter().map(|note| format!("note: {note}")).collect();
    if explain && query.node.is_some() {
        out.push(format!("read as {}", text(query)));
    }
    let mut raised: Vec<String> =
        places.iter().map(|p| format!("{} ({})", gazetteer.name(&p.region), p.region.0)).collect();
    raised.extend(years.iter().map(ToString::to_string));
    if !raised.is_empty() {
        out.push(format!("passages about {} come first (--literal: as typed only)", raised.join(", ")));
    }
    for added in added {
        let named: Vec<&str> = added.terms.iter().take(TERMS_SHOWN).map(String::as_str).collect();
        let more = added.terms.len().saturating_sub(named.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        out.push(format!("also searched for {}: {}{more} (--no-expand: not)", added.typed, named.join(", ")));
    }
    out.into_iter().map(|line| terminal(&line).replace('\n', " ")).collect()
}
