//! Datelines: the place and day from which an article was sent, which it does not speak of.

use crate::pattern::{Pattern, pattern};
use std::ops::Range;

/// A dateline at the head ends within so many bytes.
const HEAD: usize = 160;
/// What stands before its day is no longer.
const PLACE: usize = 90;
/// A line that says no more than the day of publication and the publisher is no longer, in characters.
const LINE_CHARS: usize = 80;

/// The parts of a text that only date it, in order, none within another.
pub fn datelines(text: &str) -> Vec<Range<usize>> {
    let whole = is_line_of_date(text).then_some(0..text.len());
    let Some(head) = whole.or_else(|| in_english(text)) else { return in_chinese(text) };
    let mut out = in_chinese(text);
    out.retain(|line| line.start >= head.end);
    out.insert(0, head);
    out
}

/// `新华社南昌7月26日电`, `湖南日报12月10日讯`: wherever they stand, since articles come joined.
fn in_chinese(text: &str) -> Vec<Range<usize>> {
    static PATTERN: Pattern = pattern!(
        r"(?:[0-9０-９〇○零一二三四五六七八九]{4}[\x20\u{3000}]?年[\x20\u{3000}]?)?(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,2})[\x20\u{3000}]?月[\x20\u{3000}]?(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})[\x20\u{3000}]?日[\x20\u{3000}]?(?:专?电|電|讯|訊|[（(][\x20\u{3000}]?(?:记者|記者|通讯员|本报))"
    );
    if !text.contains('日') {
        return Vec::new();
    }
    // 7月26日电话会议 is a call, not a wire.
    let is_wire = |end: usize| {
        !text[end..].starts_with(|c| "话视子力影商网价动信站量池器竞台".contains(c)) && !text[end..].starts_with("息")
    };
    PATTERN.find_iter(text).filter(|m| is_wire(m.end())).map(|m| m.range()).collect()
}

/// `URUMQI, June 12, 2020 (Agency) --`, `Xinhua News Agency, Xining, July 26 (Reporter …)`: at the head only.
fn in_english(text: &str) -> Option<Range<usize>> {
    static DAY: Pattern = pattern!(
        r"(?i)(?-u:\b)(?:(?:<months>)\.?[\x20\u{3000}]+[0-9]{1,2}(?:st|nd|rd|th)?(?-u:\b)|[0-9]{1,2}(?:st|nd|rd|th)?[\x20\u{3000}]+(?:<months>)(?-u:\b)\.?)(?:,?[\x20\u{3000}]+(?:19|20)[0-9][0-9](?-u:\b))?"
    );
    static NEXT: Pattern = pattern!(
        r"(?i)^[\x20\u{3000}]*(?:\(|--|—|–|-[\x20\u{3000}]|/|,?[\x20\u{3000}]*(?:xinhua|reporter|\([^)]{0,40}\)|[a-z' ]{0,30}\((?:xinhua|report|by|ap(?-u:\b)|afp))|:|,[\x20\u{3000}]+[A-Z][0-9A-Za-z_' ]{0,40}\((?:report|xinhua|by))"
    );
    let head = &text[..text.floor_char_boundary(HEAD)];
    let found = DAY.find(head)?;
    let (before, after) = (&head[..found.start()], &head[found.end()..]);
    if before.len() > PLACE || !before.is_ascii() && before.chars().any(|c| c as u32 > 0x2E7F) {
        return None;
    }
    let words: Vec<&str> = before
        .split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '.'))
        .map(|w| w.trim_end_matches('.'))
        .filter(|w| !w.is_empty())
        .collect();
    let is_name = |w: &&str| !w.starts_with(|c: char| c.is_lowercase()) || SMALL.contains(w);
    let is_preposition = |w: &&str| PREPOSITIONS.iter().any(|p| p.eq_ignore_ascii_case(w));
    if !words.iter().all(is_name) || words.iter().any(is_preposition) {
        return None;
    }
    let names_agency = words.iter().any(|w| AGENCIES.iter().any(|a| w.to_lowercase().contains(a)));
    let follows = NEXT.is_match(after) && !(words.is_empty() && after.trim_start().starts_with(':'));
    (names_agency || follows).then_some(0..found.end())
}

/// Small words in the names of places and agencies.
const SMALL: &[&str] =
    &["news", "agency", "reported", "reports", "by", "of", "the", "and", "com", "cn", "reporter", "report"];
/// Before the day when the sentence speaks of it.
const PREPOSITIONS: &[&str] = &["on", "in", "since", "from", "until", "till", "before", "after", "as", "at", "between"];
/// Parts of the names of those who send news, lower case.
const AGENCIES: &[&str] = &[
    "news", "xinhua", "agency", "daily", "network", "times", "press", "cctv", "reuter", "reported", "ecns", "afp",
    "online", "post",
];

/// A line of a date, perhaps with the time, the session or the publisher, and nothing else.
fn is_line_of_date(text: &str) -> bool {
    static PATTERN: Pattern = pattern!(
        r"(?i)^[\W_]*(?:发布时间|发布日期|发文日期|成文日期|时间|日期|date|published|updated|posted|delivered)?[\x20\u{3000}]*[:：]?[\x20\u{3000}]*(?:on[\x20\u{3000}]+)?(?:(?:19|20)[0-9][0-9][\x20\u{3000}]?[-/.年][\x20\u{3000}]?[0-9]{1,2}[\x20\u{3000}]?[-/.月][\x20\u{3000}]?[0-9]{1,2}[\x20\u{3000}]?日?|(?:<months>)\.?[\x20\u{3000}]+[0-9]{1,2}(?:st|nd|rd|th)?,?[\x20\u{3000}]+(?:19|20)[0-9][0-9]|[0-9]{1,2}[\x20\u{3000}]+(?:<months>)\.?,?[\x20\u{3000}]+(?:19|20)[0-9][0-9]|[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日)[\x20\u{3000},，]*(?:[0-9]{1,2}:[0-9][0-9](?::[0-9][0-9])?)?[\x20\u{3000}]*(?:[—－\-]*在.{2,60}上|(?:来源|source|作者|浏览|字号).*)?[\W_]*$"
    );
    if text.len() > LINE_CHARS * 4 || text.chars().count() > LINE_CHARS {
        return false;
    }
    PATTERN.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(!datelines(text).is_empty(), expected, "{text}");
    }

    #[test]
    fn datelines_are_told_from_days_spoken_of() {
        for text in [
            "新华社南昌7月26日电（记者郭）江西省",
            "湖南日报12月10日讯（全媒体记者）",
            "URUMQI, Jan. 3 -- A record",
            "Nanchang, China, July 26 (Yuan Yujing) Jiangxi",
            "Xinhua News Agency, Hong Kong, July 25: Christopher",
            "Xinhua News Agency, Beijing, reported July 25th (Correspondents: Yu) On the 25th",
            "Chinanews.com, July 26, Hulun Buir (reported by Li)",
            "China News Service, Hong Kong, July 26. The Financial Secretary",
            "July 26 (China News) According to",
            "PEKING, March 2 - China",
            "Geneva, 26 July 2020 – The",
            "——2021年1月20日在自治区第十三届人民代表大会第四次会议上",
            "2020-07-26 09:12 来源：天山晚报",
            "(June 12, 2020)",
        ] {
            check(text, true);
        }
        for text in [
            "据7月26日消息，",
            "7月26日电话会议召开",
            "On July 26 (Sunday), the city",
            "From Hubei Daily (reported by Lin Jing) On July 26, Enshi",
            "Since July 26 -- the day",
            "As of July 26, the",
            "July 25-27 are holidays",
            "2020年7月26日新疆新增病例46例",
            "Xinjiang's port opened July 26 (Sunday)",
        ] {
            check(text, false);
        }
    }
}
