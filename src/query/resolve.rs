//! What was typed → a [`Query`].

use super::lexis::has_operators;
use super::meaning::{Lexical, Widening};
use super::parse::parse;
use super::{Params, Query, filters};
use crate::error::{Error, Result};
use crate::vocab::Vocabulary;
use std::time::Duration;

/// A search takes milliseconds: one that takes longer than this asks for what nobody can want.
const PATIENCE: Duration = Duration::from_secs(30);
const PATIENCE_MAX: Duration = Duration::from_secs(86_400);

/// Understands what was typed in the query language, and never takes an argument for a phrase.
/// Errors: as [`resolve`].
pub fn resolve_words(params: &Params, vocabulary: &Vocabulary) -> Result<Query> {
    let mut query = Query { typed: params.query.join(" "), ..Query::default() };
    query.filters = filters::of_options(params, vocabulary, &mut query.notes)?;
    query.patience = Some(patience(params)?);
    let mut lexical = Lexical::new(vocabulary, Widening::asked(params));
    query.node = parse(&query.typed, &mut lexical)?;
    lexical.tell(&mut query);
    Ok(query)
}

/// Understands what was typed at a shell. One argument with blanks and without operators is a phrase
/// that the shell took the quotes off; everything else is the query language. A phrase so understood
/// falls back to its words.
/// Errors: a query, a name or a value that cannot be understood, with what would do.
pub fn resolve(params: &Params, vocabulary: &Vocabulary) -> Result<Query> {
    let shell_phrase = |a: &String| a.trim().contains(char::is_whitespace) && !has_operators(a);
    if !params.query.iter().any(shell_phrase) {
        return resolve_words(params, vocabulary);
    }
    let mut query = Query { typed: params.query.join(" "), ..Query::default() };
    query.filters = filters::of_options(params, vocabulary, &mut query.notes)?;
    query.patience = Some(patience(params)?);
    let widening = Widening::asked(params);
    let mut lexical = Lexical::new(vocabulary, widening);
    let mut quoted: Vec<String> = Vec::new();
    for argument in &params.query {
        quoted.push(match shell_phrase(argument) {
            true => format!("\"{argument}\""),
            false => argument.clone(),
        });
    }
    query.node = parse(&quoted.join(" "), &mut lexical)?;
    lexical.tell(&mut query);
    let mut words = Lexical::new(vocabulary, widening);
    let node = parse(&query.typed, &mut words)?;
    if node.is_some() && node != query.node {
        let mut fallback = Query {
            node,
            typed: query.typed.clone(),
            filters: query.filters.clone(),
            patience: query.patience,
            ..Query::default()
        };
        words.tell(&mut fallback);
        query.fallback = Some(Box::new(fallback));
    }
    Ok(query)
}

/// How long a search is waited for.
fn patience(params: &Params) -> Result<Duration> {
    let Some(seconds) = params.max_time else { return Ok(PATIENCE) };
    let given =
        Duration::try_from_secs_f64(seconds).ok().filter(|given| (Duration::ZERO..=PATIENCE_MAX).contains(given));
    given.ok_or_else(|| Error::BadValue {
        option: "--max-time",
        given: seconds.to_string(),
        hint: "give seconds, 0 to 86400".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, RegionId};
    use crate::query::Node;

    fn params(query: &[&str]) -> Params {
        let query = query.iter().map(|q| q.to_string()).collect();
        Params { query, literal: true, no_expand: true, ..Params::default() }
    }

    /// The query and its fallback, as understood.
    fn understood(query: &[&str]) -> (String, Option<String>) {
        let query = resolve(&params(query), Vocabulary::builtin()).unwrap();
        let text = |node: Option<Node>| node.map(|n| format!("{n:#}")).unwrap_or_default();
        (text(query.node), query.fallback.map(|f| text(f.node)))
    }

    #[test]
    fn one_argument_with_a_blank_is_a_phrase_that_falls_back_to_words() {
        assert_eq!(understood(&["dry port"]), ("\"dri port\"".into(), Some("(dri port)".into())));
        assert_eq!(understood(&["dry", "port"]), ("(dri port)".into(), None));
        assert_eq!(understood(&["\"dry port\""]), ("\"dri port\"".into(), None));
        let (mixed, fallback) = understood(&["dry port", "Urumqi"]);
        assert_eq!((mixed.as_str(), fallback.as_deref()), ("(urumqi \"dri port\")", Some("(dri port urumqi)")));
        assert_eq!(understood(&[]), (String::new(), None));
    }

    #[test]
    fn filters_become_ids_ranges_and_days() {
        let given = Params {
            region: vec!["Ürümqi".into()],
            topic: vec!["Belt and Road".into()],
            year: vec!["2018..2020".into(), "2022".into()],
            since: Some("2020-02".into()),
            until: Some("2020-02".into()),
            kind: vec!["Report".into()],
            lang: vec!["zh".into()],
            ..Params::default()
        };
        let filters = resolve(&given, Vocabulary::builtin()).unwrap().filters;
        assert_eq!(filters.regions, [RegionId("650100".into())]);
        assert_eq!(filters.topics[0].0, "belt-and-road");
        assert_eq!(filters.years, [(2018, 2020), (2022, 2022)]);
        assert_eq!(filters.since.unwrap().to_string(), "2020-02-01");
        assert_eq!(filters.until.unwrap().to_string(), "2020-02-29");
        assert_eq!(filters.kinds, [Kind::Report]);
    }

    #[test]
    fn values_that_cannot_be_are_refused_with_what_would_do() {
        for given in ["20", "2020..2018", "..", "abc", "2020-2021"] {
            let params = Params { year: vec![given.into()], ..Params::default() };
            assert!(matches!(resolve(&params, Vocabulary::builtin()), Err(Error::BadValue { .. })), "{given}");
        }
        for given in ["2020-13", "2020-02-30", "june", ""] {
            let params = Params { since: Some(given.into()), ..Params::default() };
            assert!(matches!(resolve(&params, Vocabulary::builtin()), Err(Error::BadValue { .. })), "{given}");
        }
        let unknown = Params { kind: vec!["letter".into()], ..Params::default() };
        assert_eq!(
            resolve(&unknown, Vocabulary::builtin()).unwrap_err().hint().unwrap(),
            "use report, news, policy, other"
        );
        let glob = Params { path: vec!["a[".into()], ..Params::default() };
        assert!(resolve(&glob, Vocabulary::builtin()).is_err());
    }

    #[test]
    fn a_name_of_several_places_searches_all_and_says_so() {
        let params = Params { region: vec!["Suzhou".into()], ..Params::default() };
        let query = resolve(&params, Vocabulary::builtin()).unwrap();
        assert_eq!(query.filters.regions.len(), 2);
        assert!(query.notes[0].contains("341300"));
    }
}
