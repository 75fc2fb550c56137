//! The day of publication: from metadata, the lines about the title, datelines, the address, names.

use super::names;
use crate::clean::Document;
use crate::model::{Date, Found, Origin};
use regex::{Captures, Regex};
use std::sync::OnceLock;

/// Blocks at the head of a text in which its own date can stand.
const HEAD_BLOCKS: usize = 5;
/// Blocks at its end in which a closing date can stand.
const TAIL_BLOCKS: usize = 3;

/// The day of publication, from the most trustworthy place that gives one. A day after tomorrow is
/// never believed; tomorrow may be today elsewhere.
pub fn published(document: &Document, today: Date) -> Option<Found<Date>> {
    let latest = today.tomorrow().unwrap_or(today);
    let ok = |date: Option<Date>| date.filter(|d| *d <= latest);
    let metadata = &document.metadata;
    for given in &metadata.dates {
        if let Some(date) = ok(first(&given.value)) {
            return Some(Found::new(date, given.origin));
        }
    }
    let labelled =
        metadata.bylines.iter().filter(|l| is_labelled(l)).chain(metadata.bylines.iter().filter(|l| !is_labelled(l)));
    if let Some(date) = labelled.filter_map(|line| ok(first(line))).next() {
        return Some(Found::new(date, Origin::Text));
    }
    for block in document.blocks.iter().take(HEAD_BLOCKS) {
        if let Some(date) = ok(own_date(document.text_of(block))) {
            return Some(Found::new(date, Origin::Text));
        }
    }
    if let Some(date) = metadata.url.as_deref().and_then(|u| ok(in_address(u))) {
        return Some(Found::new(date, Origin::Meta));
    }
    for block in document.blocks.iter().rev().take(TAIL_BLOCKS) {
        let text = document.text_of(block);
        if text.chars().count() <= 40
            && let Some(date) = ok(first(text))
        {
            return Some(Found::new(date, Origin::Text));
        }
    }
    if let Some(date) = ok(first(&document.title.value)) {
        return Some(Found::new(date, Origin::Title));
    }
    names(document).find_map(|(name, origin)| ok(first(name).or_else(|| compact(name))).map(|d| Found::new(d, origin)))
}

fn is_labelled(line: &str) -> bool {
    let line = line.to_lowercase();
    ["发布", "发稿", "时间", "日期", "publish", "posted", "date"].iter().any(|l| line.contains(l))
}

/// The date of a block that states the document's own: a dateline, a line under the title.
fn own_date(text: &str) -> Option<Date> {
    static DELIVERED: OnceLock<Regex> = OnceLock::new();
    static DATELINE: OnceLock<Regex> = OnceLock::new();
    let head: String = text.chars().take(120).collect();
    // "——2021年1月20日在…第四次会议上", "delivered at … on January 20, 2021"
    let delivered = DELIVERED.get_or_init(|| {
        compile(r"(?i)^[—\-–―（(\s*]*(?:(?:delivered|given|made|presented)(?-u:\b).{0,80}?(?-u:\b)on\s+|on\s+)?")
    });
    let rest = &head[delivered.find(&head).map_or(0, |m| m.end())..];
    if starts_with_date(rest) && (head.chars().count() < 100 || head.starts_with(['—', '-', '–', '(', '（', '―']))
    {
        return first(rest);
    }
    // "URUMQI, June 12, 2020 (Agency) --", "新华社北京2020年7月26日电"
    let dateline = DATELINE.get_or_init(|| compile(r"^.{0,50}?(?:电|\)\s*[-—–]|[-—–]{1,2}\s|讯)"));
    dateline.find(&head).and_then(|m| first(m.as_str()))
}

fn starts_with_date(text: &str) -> bool {
    let head: String = text.chars().take(24).collect();
    all(&head).next().is_some_and(|(at, _)| at <= 3)
}

/// The first full date in a text, in any of the forms used in English and Chinese.
pub fn first(text: &str) -> Option<Date> {
    all(text).min_by_key(|(at, _)| *at).map(|(_, date)| date)
}

fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is fixed and compiled by tests")
}

type Reader = fn(&Captures) -> Option<Date>;

/// Every full date with the byte it begins at, form by form.
fn all(text: &str) -> impl Iterator<Item = (usize, Date)> {
    static FORMS: OnceLock<Vec<(Regex, Reader)>> = OnceLock::new();
    const MONTH: &str = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?";
    let forms = FORMS.get_or_init(|| {
        let numbers: Reader = |c| Date::new(number(c, 1)?, number(c, 2)?, number(c, 3)?);
        vec![
            (compile(r"(?:^|[^0-9])((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?:[^0-9]|$)"), numbers),
            (compile(r"([12一二][0-9〇○零一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"), |c| {
                Date::new(digits(&c[1])?, chinese(&c[2])?, chinese(&c[3])?)
            }),
            (compile(&format!(r"(?i)(?-u:\b){MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?-u:\b)")), |c| {
                Date::new(number(c, 3)?, month(&c[1])?, number(c, 2)?)
            }),
            (compile(&format!(r"(?i)(?-u:\b)(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{MONTH},?[\s-]+((?:19|20)\d\d)(?-u:\b)")), |c| {
                Date::new(number(c, 3)?, month(&c[2])?, number(c, 1)?)
            }),
            // 05/06/2020: month first, as most pages in English have it, unless that is no month.
            (compile(r"(?:^|[^0-9/])(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)(?:[^0-9/]|$)"), |c| {
                let (a, b, year) = (number(c, 1)?, number(c, 2)?, number(c, 3)?);
                Date::new(year, a, b).or_else(|| Date::new(year, b, a))
            }),
        ]
    });
    forms
        .iter()
        .flat_map(move |(regex, read)| regex.captures_iter(text).filter_map(|c| Some((c.get(1)?.start(), read(&c)?))))
}

/// A date in a web address: `/2020/06/05/`, `/2020-06/05/`, `/20200605/`, `t20200605_`.
fn in_address(url: &str) -> Option<Date> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| compile(r"/((?:19|20)\d\d)[-/_]?(\d\d?)[-/_](\d\d?)(?:[/_.-]|$)"));
    let numbers = |c: Captures| Date::new(number(&c, 1)?, number(&c, 2)?, number(&c, 3)?);
    pattern.captures(url).and_then(numbers).or_else(|| compact(url))
}

/// Eight digits that are a date.
fn compact(text: &str) -> Option<Date> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| compile(r"(?:^|[^0-9])((?:19|20)\d\d)(\d\d)(\d\d)(?:[^0-9]|$)"));
    pattern.captures_iter(text).find_map(|c| Date::new(number(&c, 1)?, number(&c, 2)?, number(&c, 3)?))
}

fn number(captures: &Captures, group: usize) -> Option<i64> {
    captures.get(group)?.as_str().parse().ok()
}

fn month(name: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    MONTHS.iter().position(|m| name.to_lowercase().starts_with(m)).map(|at| at as i64 + 1)
}

/// `二〇二〇` → 2020: digit by digit.
pub(super) fn digits(text: &str) -> Option<i64> {
    text.chars().try_fold(0, |value, c| Some(value * 10 + digit(c)?))
}

/// `二十三` → 23.
fn chinese(text: &str) -> Option<i64> {
    match text.split_once('十') {
        None => digits(text),
        Some((tens, ones)) => {
            let tens = if tens.is_empty() { 1 } else { digits(tens)? };
            Some(tens * 10 + if ones.is_empty() { 0 } else { digits(ones)? })
        }
    }
}

fn digit(c: char) -> Option<i64> {
    match c {
        '〇' | '○' | '零' => Some(0),
        '0'..='9' => c.to_digit(10).map(i64::from),
        _ => "一二三四五六七八九".chars().position(|d| d == c).map(|at| at as i64 + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::super::test::{document, named_document};
    use super::*;

    #[test]
    fn dates_are_read_in_every_form() {
        for (text, expected) in [
            ("2020-06-05T09:12:00+08:00", Some("2020-06-05")),
            ("2020年6月5日 09:12", Some("2020-06-05")),
            ("2020/6/5", Some("2020-06-05")),
            ("二〇二〇年六月二十五日", Some("2020-06-25")),
            ("June 5, 2020", Some("2020-06-05")),
            ("5th of June 2020", Some("2020-06-05")),
            ("Fri, 5 Jun 2020 09:12:00 GMT", Some("2020-06-05")),
            ("05/06/2020", Some("2020-05-06")),
            ("25/06/2020", Some("2020-06-25")),
            ("26-MAR-1987 03:40:34.40", Some("1987-03-26")),
            ("2020-13-05", None),
            ("12020-06-051", None),
            ("version 1.2.3", None),
            ("", None),
        ] {
            assert_eq!(first(text).map(|d| d.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[track_caller]
    fn check(document: Document, expected: Option<(&str, Origin)>) {
        let found = published(&document, Date::parse_iso("2026-01-01").unwrap());
        assert_eq!(found.map(|f| (f.value.to_string(), f.origin)), expected.map(|(d, o)| (d.to_string(), o)));
    }

    #[test]
    fn the_date_is_found_where_documents_have_it() {
        check(document("T", &["来源：天山晚报 2020-06-05 09:12", "正文正文。"]), Some(("2020-06-05", Origin::Text)));
        check(
            document("政府工作报告", &["——2021年1月20日在自治区第十三届人民代表大会第四次会议上", "各位代表："]),
            Some(("2021-01-20", Origin::Text)),
        );
        check(
            document("T", &["URUMQI, June 12, 2020 (Agency) -- Trains left.", "More."]),
            Some(("2020-06-12", Origin::Text)),
        );
        check(document("T", &["新华社北京2020年7月26日电 列车开行。", "更多。"]), Some(("2020-07-26", Origin::Text)));
        check(named_document("2020-06-05-port.txt", "T", &["Text.", "Text."]), Some(("2020-06-05", Origin::FileName)));
        check(named_document("t20200605_1234.txt", "T", &["Text.", "Text."]), Some(("2020-06-05", Origin::FileName)));
    }

    #[test]
    fn a_date_spoken_of_or_to_come_is_not_the_documents() {
        check(
            document(
                "T",
                &[
                    "The first train left on June 12, 2019, and the port was opened after that by the government of the region.",
                    "End.",
                ],
            ),
            None,
        );
        check(document("T", &["来源：天山晚报 2031-06-05", "正文正文。"]), None);
        check(document("T", &["来源：天山晚报 0340-06-05", "正文正文。"]), None);
    }
}
