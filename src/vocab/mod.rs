//! Controlled vocabularies: the names documents are labelled with and the names a user filters by
//! are the same tables, so that they cannot disagree.
//!
//! In: tables compiled in from `data/` by the build script's `compile.rs`, and what the user adds. Out: places and
//! topics by code, name or near name; the names and terms in a text; what a term of a query is called otherwise.
//! Never: built before somebody asks. What is compiled in is read where it lies.

mod fold;
pub mod gazetteer;
pub mod glossary;
mod lexicon;
pub mod names;
mod own;
pub mod taxonomy;
pub mod terms;
mod words;

pub(crate) use fold::{folded, key};
pub use gazetteer::{Gazetteer, Level, Place};
pub use glossary::{Concept, Glossary};
pub use lexicon::Lexicon;
pub use own::{Definitions, OwnPlace, Vocabulary};
pub use taxonomy::{Taxonomy, Topic};
pub use words::{Straddle, straddle, torn_out};

/// The names nearest to `given`, at most `limit`, nearest first.
///
/// `names` gives candidates with a handicap that is added to the edit distance (doubled), so that
/// among equally near names the more important one wins. Names further away than a third of their
/// length are left out.
pub(crate) fn nearest<T: PartialEq>(
    given: &str,
    names: impl Iterator<Item = (String, usize, T)>,
    limit: usize,
) -> Vec<T> {
    let length = given.chars().count();
    let reach = if given.is_ascii() { (length / 3).clamp(1, 3) } else { (length / 2).clamp(1, 2) };
    let mut scored: Vec<(usize, T)> = names
        .filter_map(|(name, handicap, value)| {
            if name.len().abs_diff(given.len()) > 3 * reach {
                return None;
            }
            let distance = strsim::osa_distance(given, &name);
            let begins = length >= 3 && (name.starts_with(given) || given.starts_with(&name));
            (distance <= reach && distance < length || begins).then_some((2 * distance.min(reach) + handicap, value))
        })
        .collect();
    scored.sort_by_key(|(score, _)| *score);
    let mut out: Vec<T> = Vec::new();
    for (_, value) in scored {
        if out.len() == limit {
            break;
        }
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}
