//! The day of publication: from metadata, the lines about the title, datelines, the address, names.

mod forms;

pub use forms::{chinese, digits};

use super::names;
use crate::clean::Document;
use crate::model::{Confidence, Date, Found, Origin};
use crate::pattern::{Pattern, pattern};

/// Before this year there was no web and hardly a report: an earlier date is one spoken of.
const EARLIEST: u16 = 1950;
/// Blocks at the head of a text in which its own date can stand.
const HEAD_BLOCKS: usize = 5;
/// Blocks at the head in which the line can stand that says when a report was given.
const GIVEN_BLOCKS: usize = 12;
/// That line is no longer, in bytes.
const GIVEN_BYTES: usize = 400;
/// Blocks at its end in which a closing date can stand.
const TAIL_BLOCKS: usize = 3;

/// The day of publication, from the most trustworthy place that gives one: what is declared for the
/// purpose, the document's address, lines that are labelled or stand by the title, its first and last
/// lines, its title, its names. A day after tomorrow is never believed; tomorrow may be today elsewhere.
pub fn published(document: &Document, today: Date) -> Option<Found<Date>> {
    let latest = today.tomorrow().unwrap_or(today);
    let metadata = &document.metadata;
    let order = metadata.day_first;
    let ok = |date: Option<Date>| date.filter(|d| *d <= latest && d.year().get() >= EARLIEST);
    let given = |confidence: &[Confidence]| {
        metadata.dates.iter().filter(|g| confidence.contains(&g.confidence)).find_map(|g| {
            let date =
                if g.origin == Origin::Text { forms::first(&g.value, order) } else { forms::machine(&g.value, order) };
            Some(g.clone().map(ok(date.filter(|_| !is_made_up(&g.value)))?))
        })
    };
    let declared =
        |g: &&Found<String>| g.confidence == Confidence::High && g.origin != Origin::Text && !is_made_up(&g.value);
    let machine =
        metadata.dates.iter().filter(declared).find_map(|g| Some(g.clone().map(ok(forms::machine(&g.value, order))?)));
    if machine.is_some() {
        return machine;
    }
    let address =
        metadata.url.as_ref().and_then(|u| Some(u.clone().map(ok(forms::in_address(&u.value))?).at("address")));
    if let Some(found) = address.or_else(|| given(&[Confidence::High, Confidence::Medium])) {
        return Some(found);
    }
    let text = |date: Date, place: &'static str| Some(Found::new(date, Origin::Text).at(place));
    for line in &metadata.bylines {
        if let Some(date) = ok(forms::first(line, order)) {
            return text(date, "byline");
        }
    }
    for block in document.blocks.iter().take(HEAD_BLOCKS) {
        if let Some(date) = ok(own_date(document.text_of(block), order)) {
            return text(date, "head");
        }
    }
    if let Some(date) = ok(given_on(document)) {
        return text(date, "head");
    }
    for block in document.blocks.iter().rev().take(TAIL_BLOCKS) {
        let line = document.text_of(block);
        if line.chars().count() <= 40
            && let Some(date) = ok(forms::first(line, order))
        {
            return text(date, "end").map(|f| f.sure(Confidence::Low));
        }
    }
    if let Some(date) = ok(forms::first(&document.title.value, order)) {
        return Some(Found::new(date, Origin::Title));
    }
    let named = names(document).find_map(|(name, origin)| {
        ok(forms::first(name, order).or_else(|| forms::compact(name))).map(|d| Found::new(d, origin))
    });
    named.or_else(|| given(&[Confidence::Low]))
}

/// Moments that programs write when they know none: the zero of clocks and archives, and the templates of
/// `python-docx` and of spreadsheet libraries.
const MADE_UP: &[&str] = &["1970-01-01", "1980-01-01", "2013-12-23T23:15:00", "2006-09-16T00:00:00"];

fn is_made_up(value: &str) -> bool {
    let value = value.trim();
    value == "0" || MADE_UP.iter().any(|made_up| value.starts_with(made_up))
}

/// The day on which a report was given, as the line under its title has it: `2020年1月12日在…会议上`.
pub fn given_on(document: &Document) -> Option<Date> {
    static GIVEN: Pattern = pattern!(r"年.{1,8}日在.{2,60}(?:会议|大会)|在.{2,60}(?:会议|大会)上?.{0,8}年.{1,8}日");
    static GIVEN_EN: Pattern =
        pattern!(r"(?i)^\W*(?:delivered|given|made|presented)(?-u:\b).{0,160}(?:19|20)[0-9][0-9]");
    // All that match have these three.
    let is_given = |text: &str| {
        ['年', '在', '会'].iter().all(|c| text.contains(*c)) && GIVEN.is_match(text) || GIVEN_EN.is_match(text)
    };
    document
        .blocks
        .iter()
        .take(GIVEN_BLOCKS)
        .map(|block| document.text_of(block))
        .chain([document.title.value.as_str()])
        .filter(|text| text.len() <= GIVEN_BYTES && is_given(text))
        .find_map(|text| forms::first(text, document.metadata.day_first))
}

/// The date of a block that states the document's own: a dateline, a line under the title.
fn own_date(text: &str, order: Option<bool>) -> Option<Date> {
    static DELIVERED: Pattern = pattern!(
        r"(?i)^[—\-–―（(\x20\u{3000}*]*(?:(?:delivered|given|made|presented)(?-u:\b).{0,80}?(?-u:\b)on[\x20\u{3000}]+|on[\x20\u{3000}]+)?"
    );
    static DATELINE: Pattern = pattern!(r"^.{0,50}?(?:电|\)[\x20\u{3000}]*[-—–]|[-—–]{1,2}[\x20\u{3000}]|讯)");
    let head: String = text.chars().take(120).collect();
    // "——2021年1月20日在…第四次会议上", "delivered at … on January 20, 2021"
    let rest = &head[DELIVERED.find(&head).map_or(0, |m| m.end())..];
    if starts_with_date(rest) && (head.chars().count() < 100 || head.starts_with(['—', '-', '–', '(', '（', '―']))
    {
        return forms::first(rest, order);
    }
    // "URUMQI, June 12, 2020 (Agency) --", "新华社北京2020年7月26日电"
    DATELINE.find(&head).and_then(|m| forms::first(m.as_str(), order))
}

fn starts_with_date(text: &str) -> bool {
    let head: String = text.chars().take(24).collect();
    forms::all(&head, None).iter().any(|(at, _)| *at <= 3)
}

#[cfg(test)]
mod tests {
    use super::super::test::{document, named_document};
    use super::*;

    #[track_caller]
    fn check(document: Document, expected: Option<(&str, Origin)>) {
        let found = published(&document, Date::parse_iso("2026-01-01").unwrap());
        assert_eq!(found.map(|f| (f.value.to_string(), f.origin)), expected.map(|(d, o)| (d.to_string(), o)));
    }

    #[test]
    fn the_day_a_report_was_given_is_told_in_both_languages() {
        let given = |line: &str| given_on(&document("T", &[line, "Text."])).map(|date| date.to_string());
        for line in [
            "——2021年1月20日在自治区第十三届人民代表大会第四次会议上",
            "在自治区第十三届人民代表大会第四次会议上（2021年1月20日）",
            "Delivered at the fourth session of the congress on January 20, 2021",
        ] {
            assert_eq!(given(line).as_deref(), Some("2021-01-20"), "{line}");
        }
        assert_eq!(given("On January 20, 2021 a report was delivered."), None);
        assert_eq!(given("2021年1月20日，陆港开通。"), None);
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
    fn a_report_is_dated_by_the_day_it_was_given() {
        check(
            document("政府工作报告", &["在省人民代表大会第三次会议上（2020年1月12日）", "各位代表："]),
            Some(("2020-01-12", Origin::Text)),
        );
    }

    #[test]
    fn what_programs_write_when_they_know_no_date_is_none() {
        for value in ["0", "1970-01-01T00:00:00Z", "2013-12-23T23:15:00Z"] {
            let mut made_up = document("T", &["Text.", "Text."]);
            made_up.metadata.dates.push(Found::new(value.to_string(), Origin::Meta));
            check(made_up, None);
        }
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
