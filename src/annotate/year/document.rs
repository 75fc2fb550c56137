//! The year a document is of.

use super::plans;
use super::written::written;
use crate::annotate::{date, names};
use crate::clean::Document;
use crate::model::{Confidence, Date, Found, Kind, Origin, Year};
use crate::pattern::{Pattern, pattern};

/// A report can be given so many days before the year it plans.
const AHEAD_DAYS: i64 = 60;
/// A heading is no longer, in bytes, when nothing marks it as one.
const HEADING_BYTES: usize = 120;
/// Blocks at the head that can name the document's year.
const HEAD_BLOCKS: usize = 3;

/// The year a document is of. A report is of the year it plans, by what it says itself, else by its title,
/// whenever it was put on the web; a communique or yearbook is of the year in its title; anything else is of
/// the year it was published in.
pub fn of_document(document: &Document, kind: Kind, date: Option<&Found<Date>>, today: Date) -> Option<Found<Year>> {
    let is_report = kind == Kind::Report;
    let limit = if is_report { today.plus_days(AHEAD_DAYS).unwrap_or(today) } else { today };
    let latest = limit.year().get();
    if let Some(given) = &document.metadata.year
        && let Some(year) = published_in(&given.value, latest)
    {
        return Some(given.clone().map(year));
    }
    let title = &document.title.value;
    let from_date = || date.map(|d| Found::new(d.value.year(), d.origin));
    let from_title = || published_in(title, latest).map(|y| Found::new(y, Origin::Title));
    let from_text = || said(document, latest).map(|y| Found::new(y, Origin::Text));
    let from_names = |origin: Origin| {
        names(document)
            .filter(|(_, o)| *o == origin)
            .find_map(|(n, _)| in_name(n, latest))
            .map(|y| Found::new(y, origin))
    };
    let trusted_date = date.is_some_and(|d| d.origin == Origin::FrontMatter);
    let first = if is_report {
        if trusted_date { from_date() } else { None }
            .or_else(|| of_report(from_title(), from_text()))
            .or_else(|| from_names(Origin::FileName))
            .or_else(from_date)
    } else if reviews_a_year(title) {
        from_title().or_else(from_date)
    } else if kind == Kind::News {
        from_date().or_else(from_title)
    } else {
        from_date().or_else(|| from_plan(title, latest)).or_else(from_title)
    };
    first
        .or_else(|| from_names(Origin::FileName))
        .or_else(|| if kind == Kind::News { None } else { from_text() })
        .or_else(|| from_head(document, kind, latest))
        .or_else(|| from_names(Origin::Folder))
}

/// A report's year. Some titles name the year that is looked back on: then what the report says of itself decides.
fn of_report(title: Option<Found<Year>>, text: Option<Found<Year>>) -> Option<Found<Year>> {
    match (title, text) {
        (Some(title), Some(text)) if text.value.get() != title.value.get() + 1 => Some(title),
        (title, text) => text.or(title),
    }
}

/// The year that a report plans, by its headings (`2020年重点工作`, `Tasks for 2020`, or the year after
/// `2019年工作回顾`), or else that in which it was given.
fn said(document: &Document, latest: u16) -> Option<Year> {
    let (mut planned, mut reviewed) = (None, None);
    for block in &document.blocks {
        let text = document.text_of(block);
        if text.len() > HEADING_BYTES {
            continue;
        }
        match heading(text) {
            Some((year, true)) if year.get() <= latest => planned = planned.max(Some(year)),
            Some((year, false)) if year.get() < latest => reviewed = reviewed.max(Some(year)),
            _ => {}
        }
    }
    let after_review = || reviewed.and_then(|y| Year::new(i64::from(y.get()) + 1));
    let given = || date::given_on(document).map(Date::year).filter(|y| y.get() <= latest);
    // A plan made of years to come names none of them.
    let is_near = |year: &Year| given().is_none_or(|g| (g.get()..=g.get() + 1).contains(&year.get()));
    planned.filter(is_near).or_else(|| after_review().filter(is_near)).or_else(given)
}

/// The year that a heading plans or, false, looks back on.
fn heading(text: &str) -> Option<(Year, bool)> {
    static CHINESE: Pattern = pattern!(
        r"年(?:的?政府|的?全[省市区州县]|的?经济社会发展)?[^，。；！0-9]{0,16}?(?:工作|任务|目标|安排|打算|部署|总体要求|重点|回顾|总结|成效|思路)[^，。；！0-9]{0,20}\**$"
    );
    static ENGLISH: Pattern = pattern!(
        r"(?i)(?-u:\b)(?:review|retrospect|work|tasks?|plans?|priorities|requirements|targets?|objectives|arrangements|goals|agenda|achievements|development)(?-u:\b).{0,60}(?-u:\b)(?:in|for|of|during)\s+(?:the year\s+)?(?:19|20)[0-9][0-9]\W*$"
    );
    static BACK: Pattern = pattern!(
        r"(?i)回顾|总结|完成情况|执行情况|成效|成就|取得|主要做法|review|retrospect|achievements|accomplishments|looking back"
    );
    let bytes = text.as_bytes();
    if !bytes.windows(2).any(|w| w == b"20" || w == b"19") && !text.contains(['〇', '○', '九']) {
        return None;
    }
    if !CHINESE.is_match(text) && !ENGLISH.is_match(text) {
        return None;
    }
    let years = written(text);
    let year = years.last()?;
    // 到2020年的目标 is far; 展望 looks farther than a year.
    if text[..year.place.start].ends_with(['到', '至'])
        || ["远景", "展望", "半年", "季度"].iter().any(|w| text.contains(w))
    {
        return None;
    }
    Some((year.year, !BACK.is_match(text)))
}

/// Whether a title is of a document on one year that is over.
fn reviews_a_year(title: &str) -> bool {
    static PATTERN: Pattern = pattern!(
        r"(?i)统计公报|统计年鉴|年鉴|年报|年度报告|决算|执行结果的公报|statistical (?:communiqu|bulletin)|annual report|yearbook|^\W*(?:19|20)[0-9][0-9]\s?年?\W*$"
    );
    PATTERN.is_match(title)
}

/// The first year of the five-year plan that a title names: it was published then.
fn from_plan(title: &str, latest: u16) -> Option<Found<Year>> {
    let mut events = Vec::new();
    plans::in_chinese(title, &mut events);
    plans::in_english(title, &mut events);
    let first = events.iter().find_map(|e| e.sense.first()).filter(|y| *y <= latest)?;
    Some(Found::new(Year::new(first.into())?, Origin::Title).sure(Confidence::Low))
}

/// The year that a title or name most likely dates a document with: the latest it names, or the first of a
/// range, since a plan is published before the years it is for.
fn published_in(text: &str, latest: u16) -> Option<Year> {
    static RANGE: Pattern = pattern!(r"((?:19|20)[0-9][0-9])\s?年?\s?(?:-|–|—|～|~|至|到|to)+\s?(?:19|20)[0-9][0-9]");
    let first = RANGE.captures(text).and_then(|c| c[1].parse().ok()).and_then(Year::new);
    first.or_else(|| years(text, latest).max()).filter(|y| y.get() <= latest)
}

fn years(text: &str, latest: u16) -> impl Iterator<Item = Year> {
    written(text).into_iter().map(|w| w.year).filter(move |y| y.get() <= latest)
}

/// The year in a file's or folder's name, where letters may touch it: `su1965.txt`.
fn in_name(name: &str, latest: u16) -> Option<Year> {
    let parts = name.split(|c: char| c.is_ascii_alphabetic() || c == '_').filter(|part| !part.is_empty());
    let spaced = parts.collect::<Vec<_>>().join(" ");
    published_in(&spaced, latest)
}

/// The latest year in the first blocks, when they name one; in news, which speaks of many years, one with its month.
fn from_head(document: &Document, kind: Kind, latest: u16) -> Option<Found<Year>> {
    static MONTH: Pattern = pattern!(r"(?i)(?:<months>)(?-u:\b)\.?(?:\s+[0-9]{1,2}(?:st|nd|rd|th)?)?,?\s+$");
    let dated = |text: &str, place: &std::ops::Range<usize>| {
        let after = text[place.end..].trim_start();
        let has_month =
            after.starts_with(|c: char| c.is_ascii_digit()) && after.get(..8).unwrap_or(after).contains('月');
        has_month || MONTH.is_match(&text[text.floor_char_boundary(place.start.saturating_sub(24))..place.start])
    };
    let head = document.blocks.iter().take(HEAD_BLOCKS).flat_map(|b| {
        let text = document.text_of(b);
        written(text).into_iter().filter(move |w| kind != Kind::News || dated(text, &w.place))
    });
    head.map(|w| w.year).filter(|y| y.get() <= latest).max().map(|y| Found::new(y, Origin::Text).sure(Confidence::Low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotate::test::{document, named_document};

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

    #[test]
    fn a_report_is_of_the_year_it_says_it_plans() {
        let report = |title: &str, blocks: &[&str]| document(title, blocks);
        let text = |year| Some((year, Origin::Text));
        check(
            report("政府工作报告", &["各位代表：", "一、2019年工作回顾", "二、2020年重点工作"]),
            Kind::Report,
            text(2020),
        );
        check(report("政府工作报告", &["各位代表：", "一、2019年工作回顾", "去年，"]), Kind::Report, text(2020));
        check(
            report("政府工作报告", &["在省人民代表大会第三次会议上（2020年1月12日）", "各位代表："]),
            Kind::Report,
            text(2020),
        );
        check(report("Report", &["A Review of Our Work in 2023", "Major Tasks for 2024"]), Kind::Report, text(2024));
        // Given in December, and titled by the year looked back on.
        check(
            report("市政府工作报告（2021年12月21日）", &["一、2021年工作回顾", "二、2022年工作安排"]),
            Kind::Report,
            text(2022),
        );
        check(
            report("2017年政府工作报告", &["在省人民代表大会第一次会议上（2018年1月26日）", "三、2018年工作安排建议"]),
            Kind::Report,
            text(2018),
        );
        let far = report("2020年政府工作报告", &["二、2035年远景目标", "到2022年的目标任务", "2020年上半年工作"]);
        check(far, Kind::Report, Some((2020, Origin::Title)));
    }

    #[test]
    fn communiques_are_of_the_year_they_count_and_plans_of_their_first() {
        let communique = document("关于1996年国民经济和社会发展的统计公报", &["（1997年4月4日）", "1996年，"]);
        check(communique, Kind::Other, Some((1996, Origin::Title)));
        let plan = document("第十二个五年规划和2020年远景目标纲要", &["正文。"]);
        check(plan, Kind::Policy, Some((2011, Origin::Title)));
    }

    #[test]
    fn news_is_dated_by_a_day_not_by_any_year_it_speaks_of() {
        check(document("T", &["The film will come out in 2021.", "Text."]), Kind::News, None);
        check(document("T", &["The film came out on July 16, 2020.", "Text."]), Kind::News, Some((2020, Origin::Text)));
        check(document("急令查2000架客机", &["正文。"]), Kind::News, None);
    }
}
