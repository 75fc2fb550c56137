//! Names and dates as typed → ids and days, or an error that says what would do.

use super::parse::has_operators;
use super::{Group, Node, Params, Query, as_phrase, parse};
use crate::error::{Error, Result};
use crate::model::{Date, Kind, Lang, RegionId, Year};
use crate::vocab::{Gazetteer, Level, Vocabulary};

/// Understands what was typed. Touches the gazetteer and the taxonomy only when a filter names a
/// place or a topic.
pub fn resolve(params: &Params, vocabulary: &Vocabulary) -> Result<Query> {
    let mut query = Query { typed: params.query.join(" "), ..Query::default() };
    understand(&params.query, &mut query)?;
    let filters = &mut query.filters;
    let gazetteer = &vocabulary.gazetteer;
    for (given, into) in [
        (&params.region, &mut filters.regions),
        (&params.region_mentioned, &mut filters.mentioned),
        (&params.not_region, &mut filters.not_regions),
    ] {
        for given in given {
            regions(given, gazetteer, into, &mut query.notes)?;
        }
    }
    for given in &params.topic {
        filters.topics.push(vocabulary.taxonomy.find(given)?.id());
    }
    for given in &params.year {
        filters.years.push(years("--year", given)?);
    }
    for given in &params.about_year {
        filters.about_years.push(years("--about-year", given)?);
    }
    filters.since = params.since.as_deref().map(|d| day("--since", d, false)).transpose()?;
    filters.until = params.until.as_deref().map(|d| day("--until", d, true)).transpose()?;
    for given in &params.kind {
        let hint = || format!("use {}", Kind::ALL.map(Kind::name).join(", "));
        filters.kinds.push(Kind::named(given).ok_or_else(|| bad("--kind", given, hint()))?);
    }
    for given in &params.lang {
        filters.languages.push(language(given)?);
    }
    filters.sources = named("--source", &params.source)?;
    for glob in named("--path", &params.path)? {
        globset::Glob::new(&glob)
            .map_err(|e| bad("--path", &glob, format!("{}; use a glob such as `reports/**`", e.kind())))?;
        filters.paths.push(glob);
    }
    Ok(query)
}

fn bad(option: &'static str, given: &str, hint: impl Into<String>) -> Error {
    Error::BadValue { option, given: given.to_string(), hint: hint.into() }
}

fn named(option: &'static str, given: &[String]) -> Result<Vec<String>> {
    match given.iter().find(|g| g.trim().is_empty()) {
        Some(empty) => Err(bad(option, empty, "give at least one character")),
        None => Ok(given.iter().map(|g| g.trim().to_string()).collect()),
    }
}

/// One argument with blanks and without operators is a phrase that a shell took the quotes off;
/// everything else is the query language. A phrase so understood falls back to its words.
fn understand(arguments: &[String], query: &mut Query) -> Result<()> {
    let shell_phrase = |a: &String| a.trim().contains(char::is_whitespace) && !has_operators(a);
    if !arguments.iter().any(shell_phrase) {
        query.node = parse(&query.typed)?;
        return Ok(());
    }
    let mut rest: Vec<&str> = Vec::new();
    let mut phrases: Vec<Node> = Vec::new();
    for argument in arguments {
        match shell_phrase(argument) {
            true => phrases.extend(as_phrase(argument)),
            false => rest.push(argument),
        }
    }
    let others = parse(&rest.join(" "))?;
    query.fallback = parse(&query.typed)?;
    query.node = match others {
        None if phrases.len() == 1 => phrases.pop(),
        None if phrases.is_empty() => None,
        Some(Node::Group(mut group)) if group.near || !(group.must.is_empty() && group.not.is_empty()) => {
            group.should.splice(0..0, phrases);
            group.near = true;
            Some(Node::Group(group))
        }
        others => Some(Node::Group(Group {
            should: phrases.into_iter().chain(others).collect(),
            near: true,
            ..Group::default()
        })),
    };
    if query.fallback == query.node {
        query.fallback = None;
    }
    Ok(())
}

fn regions(given: &str, gazetteer: &Gazetteer, into: &mut Vec<RegionId>, notes: &mut Vec<String>) -> Result<()> {
    let places = gazetteer.find(given)?;
    if places.len() > 1 {
        let list: Vec<String> = places
            .iter()
            .take(6)
            .map(|p| {
                let inside = gazetteer.closure(&p.code)[1..]
                    .iter()
                    .filter_map(|c| gazetteer.place(c))
                    .find(|o| o.level <= Level::Province && o.code != "100000");
                format!("{} ({}{})", p.label(), inside.map(|o| format!("{}, ", o.name_en)).unwrap_or_default(), p.code)
            })
            .collect();
        let more = if places.len() > 6 { format!(" and {} more", places.len() - 6) } else { String::new() };
        notes.push(format!(
            "`{}` names {} places, all searched: {}{more}; give a code for one of them",
            given.trim(),
            places.len(),
            list.join(", ")
        ));
    }
    for place in places {
        into.extend(gazetteer.accepted(place));
    }
    Ok(())
}

fn years(option: &'static str, given: &str) -> Result<(u16, u16)> {
    let hint = "give a year such as 2020, or a range such as 2018..2022, 2018.. or ..2022";
    let year = |text: &str| -> Result<u16> {
        let number = text.trim().trim_end_matches('年').parse::<i64>().ok().and_then(Year::new);
        number.map(Year::get).ok_or_else(|| bad(option, given, hint))
    };
    let (from, to) = match given.split_once("..") {
        None => (year(given)?, year(given)?),
        Some(("", "")) => return Err(bad(option, given, hint)),
        Some((from, "")) => (year(from)?, Year::LAST),
        Some(("", to)) => (Year::FIRST, year(to.trim_start_matches('='))?),
        Some((from, to)) => (year(from)?, year(to.trim_start_matches('='))?),
    };
    if from > to {
        return Err(bad(option, given, format!("the range runs backwards; did you mean {to}..{from}?")));
    }
    Ok((from, to))
}

/// A day, or the first or last day of a month or year.
fn day(option: &'static str, given: &str, last: bool) -> Result<Date> {
    let parts: Vec<Option<i64>> = given.trim().split(['-', '/', '.']).map(|p| p.parse().ok()).collect();
    let date = match parts.as_slice() {
        [Some(year), Some(month), Some(day)] => Date::new(*year, *month, *day),
        [Some(year), Some(month)] if last => (28..=31).rev().find_map(|day| Date::new(*year, *month, day)),
        [Some(year), Some(month)] => Date::new(*year, *month, 1),
        [Some(year)] if last => Date::new(*year, 12, 31),
        [Some(year)] => Date::new(*year, 1, 1),
        _ => None,
    };
    date.ok_or_else(|| bad(option, given, "give a day such as 2020-06-05, a month such as 2020-06, or a year"))
}

fn language(given: &str) -> Result<Lang> {
    let lower = given.trim().to_lowercase();
    let code = match lower.as_str() {
        "english" | "英文" | "英语" => "en",
        "chinese" | "中文" | "汉语" | "zh-cn" | "cn" => "zh",
        Lang::MACHINE_TRANSLATED | "mt" | "machine-translated" => Lang::MACHINE_TRANSLATED,
        "traditional" | "繁体" | "繁體" | "zh-hant" | "zh-tw" | "zh-hk" => "zh-Hant",
        "zh-hans" | "simplified" | "简体" => "zh-Hans",
        code if (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase()) => code,
        _ => {
            return Err(bad(
                "--lang",
                given,
                "give a code such as en, zh or zh-Hant, or en-mt for English that a machine translated",
            ));
        }
    };
    Ok(Lang::new(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &[&str]) -> Params {
        Params { query: query.iter().map(|q| q.to_string()).collect(), ..Params::default() }
    }

    #[test]
    fn one_argument_with_a_blank_is_a_phrase_that_falls_back_to_words() {
        let query = resolve(&params(&["dry port"]), Vocabulary::builtin()).unwrap();
        assert_eq!(query.node, parse("\"dry port\"").unwrap());
        assert_eq!(query.fallback, parse("dry port").unwrap());
        let words = resolve(&params(&["dry", "port"]), Vocabulary::builtin()).unwrap();
        assert_eq!((words.node, words.fallback), (parse("dry port").unwrap(), None));
        let quoted = resolve(&params(&["\"dry port\""]), Vocabulary::builtin()).unwrap();
        assert_eq!((quoted.node, quoted.fallback), (parse("\"dry port\"").unwrap(), None));
        let mixed = resolve(&params(&["dry port", "Urumqi"]), Vocabulary::builtin()).unwrap();
        assert_eq!(mixed.node, parse("\"dry port\" Urumqi").unwrap());
        assert_eq!(resolve(&params(&[]), Vocabulary::builtin()).unwrap().node, None);
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
