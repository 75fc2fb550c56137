//! Names, years and days as typed → what to keep, or an error that says what would do.
//!
//! The same for options (`--region Gansu`) and for fields of a query (`region:Gansu`).

use super::{Filters, Params};
use crate::error::{Error, Result};
use crate::model::{Date, Kind, Lang, RegionId, Year};
use crate::vocab::{Gazetteer, Level, Vocabulary};

/// The filters that options name. Touches the gazetteer and the taxonomy only when one names a place or a topic.
pub fn of_options(params: &Params, vocabulary: &Vocabulary, notes: &mut Vec<String>) -> Result<Filters> {
    let mut filters = Filters::default();
    let gazetteer = &vocabulary.gazetteer;
    for (given, into) in [
        (&params.region, &mut filters.regions),
        (&params.region_mentioned, &mut filters.mentioned),
        (&params.not_region, &mut filters.not_regions),
    ] {
        for given in given {
            regions(given, gazetteer, into, notes)?;
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
        filters.kinds.push(kind("--kind", given)?);
    }
    for given in &params.lang {
        filters.languages.push(language("--lang", given)?);
    }
    filters.sources = named("--source", &params.source)?;
    for given in named("--path", &params.path)? {
        filters.paths.push(glob("--path", given)?);
    }
    Ok(filters)
}

/// What a field of a query keeps: any of its values.
pub fn of_field(field: &str, values: &[String], vocabulary: &Vocabulary, notes: &mut Vec<String>) -> Result<Filters> {
    let mut filters = Filters::default();
    if values.is_empty() {
        return Err(bad("the field", field, "give it a value"));
    }
    for value in values {
        match field {
            "region" => regions(value, &vocabulary.gazetteer, &mut filters.regions, notes)?,
            "topic" => filters.topics.push(vocabulary.taxonomy.find(value)?.id()),
            "year" => filters.years.push(years("year:", value)?),
            "kind" => filters.kinds.push(kind("kind:", value)?),
            "lang" => filters.languages.push(language("lang:", value)?),
            "source" => filters.sources.extend(named("source:", std::slice::from_ref(value))?),
            _ => filters.paths.push(glob("path:", value.clone())?),
        }
    }
    Ok(filters)
}

fn kind(option: &'static str, given: &str) -> Result<Kind> {
    let hint = || format!("use {}", Kind::ALL.map(Kind::name).join(", "));
    Kind::named(given).ok_or_else(|| bad(option, given, hint()))
}

fn glob(option: &'static str, given: String) -> Result<String> {
    match globset::Glob::new(&given) {
        Ok(_) => Ok(given),
        Err(e) => Err(bad(option, &given, format!("{}; use a glob such as `reports/**`", e.kind()))),
    }
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

fn language(option: &'static str, given: &str) -> Result<Lang> {
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
                option,
                given,
                "give a code such as en, zh or zh-Hant, or en-mt for English that a machine translated",
            ));
        }
    };
    Ok(Lang::new(code))
}

/// Globs over absolute paths: one that is not absolute may begin at any folder, and one that names
/// a folder takes what is beneath it.
pub fn globs(given: &[String]) -> Result<globset::GlobSet> {
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
