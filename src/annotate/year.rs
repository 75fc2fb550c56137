//! Years: the one a document is of, and those a passage speaks of.

use super::{date, names};
use crate::clean::Document;
use crate::model::{Date, Found, Kind, Label, Origin, Year};
use regex::Regex;
use std::sync::OnceLock;

/// A range of more years than this is a period, not the years in it.
const RANGE_YEARS_MAX: u16 = 6;
/// First of the five years of the first plan; plans follow one another since.
const FIRST_PLAN: u16 = 1953;

/// The year a document is of. A report is of the year in its title, whenever it was put on the web;
/// anything else is of the year it was published in.
pub fn of_document(document: &Document, kind: Kind, date: Option<&Found<Date>>, today: Date) -> Option<Found<Year>> {
    let latest = today.year().get();
    let latest_in = |text: &str| published_in(text, latest);
    if let Some(given) = &document.metadata.year
        && let Some(year) = latest_in(&given.value)
    {
        return Some(given.clone().map(year));
    }
    let from_date = || date.map(|d| Found::new(d.value.year(), d.origin));
    let from_title = || latest_in(&document.title.value).map(|y| Found::new(y, Origin::Title));
    let from_names = |origin: Origin| {
        names(document)
            .filter(|(_, o)| *o == origin)
            .find_map(|(n, _)| in_name(n, latest))
            .map(|y| Found::new(y, origin))
    };
    let trusted_date = date.is_some_and(|d| d.origin == Origin::FrontMatter);
    let first = match kind {
        Kind::Report if !trusted_date => from_title().or_else(|| from_names(Origin::FileName)).or_else(from_date),
        _ => from_date().or_else(from_title),
    };
    first
        .or_else(|| from_names(Origin::FileName))
        .or_else(|| from_head(document, latest))
        .or_else(|| from_names(Origin::Folder))
}

/// The year that a title or name most likely dates a document with: the latest it names, or the first of a
/// range, since a plan is published before the years it is for.
fn published_in(text: &str, latest: u16) -> Option<Year> {
    static RANGE: OnceLock<Regex> = OnceLock::new();
    let range = compile(&RANGE, r"((?:19|20)\d\d)\s?年?\s?(?:-|–|—|～|~|至|到|to)+\s?(?:19|20)\d\d");
    let first = range.captures(text).and_then(|c| c[1].parse().ok()).and_then(Year::new);
    first.or_else(|| numbers(text).into_iter().filter(|y| y.get() <= latest).max()).filter(|y| y.get() <= latest)
}

/// The year in a file's or folder's name, where letters may touch it: `su1965.txt`.
fn in_name(name: &str, latest: u16) -> Option<Year> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let spaced = compile(&PATTERN, r"[A-Za-z_]+").replace_all(name, " ");
    published_in(&spaced, latest)
}

/// The latest year in the first blocks, when they name one.
fn from_head(document: &Document, latest: u16) -> Option<Found<Year>> {
    let head = document.blocks.iter().take(3).flat_map(|b| numbers(document.text_of(b)));
    head.filter(|y| y.get() <= latest).max().map(|y| Found::new(y, Origin::Text))
}

fn compile(cell: &'static OnceLock<Regex>, pattern: &str) -> &'static Regex {
    cell.get_or_init(|| Regex::new(pattern).expect("the pattern is fixed and compiled by tests"))
}

/// Four-digit years written out, in the order of the text: numbers of anything else left out.
fn numbers(text: &str) -> Vec<Year> {
    static DIGITS: OnceLock<Regex> = OnceLock::new();
    static CHINESE: OnceLock<Regex> = OnceLock::new();
    let mut out = Vec::new();
    for found in compile(&DIGITS, r"[0-9]+").find_iter(text).filter(|m| m.len() == 4) {
        let before = text[..found.start()].chars().next_back();
        let after = &text[found.end()..];
        let next = after.chars().next();
        let joined = before.is_some_and(|c| {
            matches!(c, '.' | ',' | '$' | '¥' | '￥' | '€' | '#' | '№' | '％' | '%')
                || c.is_ascii_alphabetic() && c != 't'
        }) || next.is_some_and(|c| matches!(c, '%' | '％') || c.is_ascii_alphabetic())
            || matches!(next, Some('.' | ',')) && after[1..].starts_with(|c: char| c.is_ascii_digit());
        let counted = UNITS.iter().any(|unit| after.trim_start().starts_with(unit));
        // `2000多万`, `2020 tons` are amounts; `2020年` and `in 2020` are years.
        if !joined && (!counted || next == Some('年')) {
            out.extend(found.as_str().parse().ok().and_then(Year::new));
        }
    }
    for found in compile(&CHINESE, "[一二][〇○零一二三四五六七八九]{3}年").find_iter(text) {
        out.extend(date::digits(found.as_str().trim_end_matches('年')).and_then(Year::new));
    }
    out
}

/// What is counted rather than dated.
const UNITS: &[&str] = &[
    "tons",
    "tonnes",
    "ton ",
    "kilomet",
    "km",
    "met",
    "mu ",
    "hectares",
    "yuan",
    "million",
    "billion",
    "people",
    "persons",
    "households",
    "villages",
    "enterprises",
    "companies",
    "trains",
    "units",
    "sets",
    "items",
    "projects",
    "jobs",
    "TEU",
    "kilowatt",
    "megawatt",
    "MW",
    "GW",
    "dollars",
    "US dollars",
    "square",
    "beds",
    "schools",
    "students",
    "teachers",
    "cases",
    "trips",
    "公里",
    "多公里",
    "万",
    "多万",
    "余万",
    "亿",
    "多亿",
    "余",
    "多",
    "吨",
    "人",
    "名",
    "户",
    "家",
    "个",
    "元",
    "亩",
    "项",
    "辆",
    "列",
    "平方",
    "米",
    "千瓦",
    "兆瓦",
    "台",
    "套",
    "种",
    "次",
    "所",
    "张",
    "件",
    "座",
    "处",
    "公顷",
    "标箱",
    "只",
    "头",
];

/// The years a text speaks of: written out, ranges, five-year plans, and this, last and next year
/// seen from `document`. In order, none twice.
pub fn spoken_of(text: &str, document: Option<Year>) -> Vec<Label<Year>> {
    static RANGE: OnceLock<Regex> = OnceLock::new();
    static PLAN: OnceLock<Regex> = OnceLock::new();
    let mut out = numbers(text);
    let range = compile(&RANGE, r"((?:19|20)\d\d)\s?年?\s?(?:-|–|—|～|~|至|到|to|and)+\s?((?:19|20)\d\d)");
    for found in range.captures_iter(text) {
        let (Ok(from), Ok(to)) = (found[1].parse::<u16>(), found[2].parse::<u16>()) else { continue };
        // "between 2016 and 2020" is a range, "2016 and 2020" names two years.
        let and = found[0].contains("and");
        if !and && to > from && to - from < RANGE_YEARS_MAX {
            out.extend((from..=to).filter_map(|y| Year::new(y.into())));
        }
    }
    let plan = compile(
        &PLAN,
        r"(?i)[“「]?([一二三四五六七八九十]{1,3})五[”」]?(?:规划|时期|期间|计划|以来|末|开局|收官|目标)|[“「](十[一二三四五]|[一二三四五六七八九十])五[”」]|(?-u:\b)(\d{1,2})(?:st|nd|rd|th)\s+five[- ]year\s+plan",
    );
    for found in plan.captures_iter(text) {
        let number = match (found.get(1).or(found.get(2)), found.get(3)) {
            (Some(chinese), _) => chinese_number(chinese.as_str()),
            (None, Some(digits)) => digits.as_str().parse().ok(),
            _ => None,
        };
        // The first plans and those from the sixth on began every five years; 1963–65 lay between.
        if let Some(number @ 6..=20) = number {
            let from = FIRST_PLAN + 28 + (number - 6) * 5;
            out.extend((from..from + 5).filter_map(|y| Year::new(y.into())));
        }
    }
    if let Some(year) = document {
        let lower = text.to_lowercase();
        for (words, shift) in [
            (&["今年", "本年度", "this year", "上半年", "first half of the year"][..], 0),
            (&["去年", "上年", "last year", "previous year", "past year"], -1),
            (&["明年", "next year"], 1),
        ] {
            if words.iter().any(|w| lower.contains(w)) {
                out.extend(Year::new(i64::from(year.get()) + shift));
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out.into_iter().map(|year| Label::new(year, "", "named")).collect()
}

fn chinese_number(text: &str) -> Option<u16> {
    let value = |t: &str| date::digits(t).and_then(|v| u16::try_from(v).ok());
    match text.split_once('十') {
        None => value(text),
        Some(("", ones)) => Some(10 + if ones.is_empty() { 0 } else { value(ones)? }),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::{document, named_document};
    use super::*;

    #[track_caller]
    fn check_spoken(text: &str, expected: &[u16]) {
        let years: Vec<u16> = spoken_of(text, Year::new(2020)).into_iter().map(|l| l.value.get()).collect();
        assert_eq!(years, expected, "{text}");
    }

    #[test]
    fn years_spoken_of_are_told_from_amounts() {
        check_spoken("In 2019 the port handled 2,018 trains and 2018 tons.", &[2019]);
        check_spoken("2019年完成投资2018亿元", &[2019]);
        check_spoken("1.2019 or $2019 or A2019", &[]);
        check_spoken("二〇一九年", &[2019]);
    }

    #[test]
    fn relative_years_ranges_and_plans_are_resolved() {
        check_spoken("this year more than last year", &[2019, 2020]);
        check_spoken("去年", &[2019]);
        check_spoken("2016-2019", &[2016, 2017, 2018, 2019]);
        check_spoken("2016年至2018年", &[2016, 2017, 2018]);
        check_spoken("1990-2015", &[1990, 2015]);
        check_spoken("“十三五”时期", &[2016, 2017, 2018, 2019, 2020]);
        check_spoken("the 14th Five-Year Plan", &[2021, 2022, 2023, 2024, 2025]);
        check_spoken("", &[]);
    }

    #[track_caller]
    fn check(document: Document, kind: Kind, expected: Option<(u16, Origin)>) {
        let today = Date::parse_iso("2026-01-01").unwrap();
        let date = date::published(&document, today);
        let year = of_document(&document, kind, date.as_ref(), today);
        assert_eq!(year.map(|y| (y.value.get(), y.origin)), expected);
    }

    #[test]
    fn a_document_is_of_its_title_when_it_has_no_date() {
        check(document("In 2020, all regions will build", &["Text."]), Kind::News, Some((2020, Origin::Title)));
        check(document("Plan to 2035", &["Text."]), Kind::News, None);
        check(document("Action plan (2024-2027)", &["Text."]), Kind::Policy, Some((2024, Origin::Title)));
        check(named_document("reports/2019/a.txt", "T", &["Text."]), Kind::News, Some((2019, Origin::Folder)));
        check(named_document("su1965.txt", "T", &["Text."]), Kind::News, Some((1965, Origin::FileName)));
        check(document("T", &["来源：天山晚报 2021-06-05", "2019年的正文。"]), Kind::News, Some((2021, Origin::Text)));
    }

    #[test]
    fn a_report_is_of_its_title_even_when_put_on_the_web_later() {
        let report = document("2020年政府工作报告", &["来源：天山晚报 2022-06-05", "各位代表：正文。"]);
        check(report, Kind::Report, Some((2020, Origin::Title)));
    }
}
