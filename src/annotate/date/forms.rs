//! The forms that dates are written in, in Chinese, English and the languages of news sites.

use crate::model::Date;
use crate::pattern::{Captures, Pattern, pattern};

/// Beginnings of the names of months, lower case without accents, and the month. The longest that
/// fits decides: `mar` is March, `mai` May.
const MONTHS: &[(&str, i64)] = &[
    ("jan", 1),
    ("jän", 1),
    ("ene", 1),
    ("gen", 1),
    ("sty", 1),
    ("led", 1),
    ("oca", 1),
    ("янв", 1),
    ("tammi", 1),
    ("feb", 2),
    ("fév", 2),
    ("fev", 2),
    ("lut", 2),
    ("úno", 2),
    ("şub", 2),
    ("фев", 2),
    ("helmi", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrz", 3),
    ("maa", 3),
    ("maerz", 3),
    ("бře", 3),
    ("bře", 3),
    ("мар", 3),
    ("mrt", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("kwi", 4),
    ("dub", 4),
    ("nis", 4),
    ("апр", 4),
    ("huhti", 4),
    ("may", 5),
    ("mai", 5),
    ("maj", 5),
    ("mei", 5),
    ("mag", 5),
    ("mayıs", 5),
    ("kvě", 5),
    ("мая", 5),
    ("май", 5),
    ("touko", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("cze", 6),
    ("haz", 6),
    ("июн", 6),
    ("kesä", 6),
    ("června", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("lip", 7),
    ("tem", 7),
    ("июл", 7),
    ("heinä", 7),
    ("července", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("ago", 8),
    ("sie", 8),
    ("ağu", 8),
    ("agu", 8),
    ("авг", 8),
    ("srp", 8),
    ("elo", 8),
    ("sep", 9),
    ("set", 9),
    ("wrz", 9),
    ("eyl", 9),
    ("сен", 9),
    ("zář", 9),
    ("syys", 9),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("paź", 10),
    ("eki", 10),
    ("окт", 10),
    ("říj", 10),
    ("loka", 10),
    ("nov", 11),
    ("lis", 11),
    ("kas", 11),
    ("ноя", 11),
    ("marras", 11),
    ("dec", 12),
    ("dez", 12),
    ("déc", 12),
    ("dic", 12),
    ("des", 12),
    ("gru", 12),
    ("ara", 12),
    ("дек", 12),
    ("pro", 12),
    ("joulu", 12),
];
/// No month has a longer name, in characters.
const MONTH_CHARS_MAX: usize = 10;

type Reader = fn(&Captures, Option<bool>) -> Option<Date>;

/// The first full date in a text. `day_first` decides over three numbers that can be read both ways;
/// if nothing is known, as most pages in English have it: month first with slashes.
pub fn first(text: &str, day_first: Option<bool>) -> Option<Date> {
    all(text, day_first).into_iter().min_by_key(|(at, _)| *at).map(|(_, date)| date)
}

/// Every full date with the byte it begins at, form by form.
pub fn all(text: &str, day_first: Option<bool>) -> Vec<(usize, Date)> {
    const NUMBERS: Reader = |c, _| Date::new(number(c, 1)?, number(c, 2)?, number(c, 3)?);
    static FORMS: [(Pattern, Reader); 6] = [
        (
            pattern!(
                r"(?:^|[^0-9])((?:19|20)[0-9][0-9])\s?(?:[-/.]|年|년)\s?([0-9]{1,2})\s?(?:[-/.]|月|월)\s?([0-9]{1,2})(?:[^0-9]|$)"
            ),
            NUMBERS,
        ),
        (
            pattern!(
                r"([12一二][0-9〇○零一二三四五六七八九]{3})\s?年\s?([一二三四五六七八九十]{1,2})\s?月\s?([一二三四五六七八九十]{1,3})\s?日"
            ),
            |c, _| Date::new(digits(&c[1])?, chinese(&c[2])?, chinese(&c[3])?),
        ),
        // June 5, 2020; 5 June 2020; 5. Juni 2020; 5 de junio de 2020
        (
            pattern!(
                r"(\p{L}{3,})\.?\s+([0-9]{1,2})(?:st|nd|rd|th|\.)?,?\s+(?:de\s+|del\s+)?((?:19|20)[0-9][0-9])(?:[^0-9]|$)"
            ),
            |c, _| Date::new(number(c, 3)?, month(&c[1])?, number(c, 2)?),
        ),
        (
            pattern!(
                r"(?:^|[^0-9])([0-9]{1,2})(?:st|nd|rd|th|er|º|°|\.)?[\s-]*(?:of\s+|de\s+|d['’])?(\p{L}{3,})\.?,?[\s-]*(?:de\s+|del\s+)?((?:19|20)[0-9][0-9])(?:[^0-9]|$)"
            ),
            |c, _| Date::new(number(c, 3)?, month(&c[2])?, number(c, 1)?),
        ),
        // 05.06.2020, 05/06/2020, 05-06-2020
        (
            pattern!(
                r"(?:^|[^0-9/.-])([0-9]{1,2})\s?([/.-])\s?([0-9]{1,2})\s?[/.-]\s?((?:19|20)[0-9][0-9])(?:[^0-9/]|$)"
            ),
            |c, day_first| by_order(number(c, 4)?, number(c, 1)?, number(c, 3)?, day_first.unwrap_or(&c[2] == ".")),
        ),
        // 05.06.20, 11/18/19
        (pattern!(r"(?:^|[^0-9/.:-])([0-9]{1,2})([/.])([0-9]{1,2})[/.]([0-9][0-9])(?:[^0-9/.:]|$)"), |c, day_first| {
            let year = number(c, 4)?;
            let year = if year < 70 { 2000 + year } else { 1900 + year };
            by_order(year, number(c, 1)?, number(c, 3)?, day_first.unwrap_or(&c[2] == "."))
        }),
    ];
    let mut out = Vec::new();
    for (pattern, read) in &FORMS {
        for captures in pattern.captures_iter(text) {
            if let (Some(at), Some(date)) = (captures.get(1), read(&captures, day_first)) {
                out.push((at.start(), date));
            }
        }
    }
    out
}

fn by_order(year: i64, a: i64, b: i64, day_first: bool) -> Option<Date> {
    let (day, month) = if day_first { (a, b) } else { (b, a) };
    Date::new(year, month, day).or_else(|| Date::new(year, day, month))
}

/// A value made for machines: a date, eight digits and perhaps a time, or seconds or milliseconds
/// since 1970.
pub fn machine(text: &str, day_first: Option<bool>) -> Option<Date> {
    let text = text.trim();
    if text.len() >= 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let value: i64 = text.parse().ok()?;
        return match text.len() {
            10 => from_days(value.div_euclid(86_400)),
            13 => from_days(value.div_euclid(86_400_000)),
            8 | 12 | 14 => compact(text),
            _ => None,
        };
    }
    first(text, day_first).or_else(|| compact(text))
}

fn from_days(days: i64) -> Option<Date> {
    Date::parse_iso("1970-01-01")?.plus_days(days)
}

/// A date in a web address: `/2020/06/05/`, `/2020-06/05/`, `/2020/nov/05/`, `/20200605/`, `t20200605_`.
pub fn in_address(url: &str) -> Option<Date> {
    static NUMBERS: Pattern =
        pattern!(r"[/_=-]((?:19|20)[0-9][0-9])[-/_]?([0-9][0-9]?)[-/_]([0-9][0-9]?)(?:[/_.?&-]|$)");
    static NAMES: Pattern = pattern!(r"/((?:19|20)[0-9][0-9])/(\p{L}{3,})/([0-9][0-9]?)(?:/|$)");
    static WHOLE: Pattern = pattern!(r"[/_=-]((?:19|20)[0-9][0-9])([0-9][0-9])/([0-9][0-9])(?:/|$)");
    let read = |c: Captures| Date::new(number(&c, 1)?, number(&c, 2)?, number(&c, 3)?);
    NUMBERS
        .captures(url)
        .and_then(read)
        .or_else(|| NAMES.captures(url).and_then(|c| Date::new(number(&c, 1)?, month(&c[2])?, number(&c, 3)?)))
        .or_else(|| WHOLE.captures(url).and_then(read))
        .or_else(|| compact(url))
}

/// Eight digits that are a date.
pub fn compact(text: &str) -> Option<Date> {
    static PATTERN: Pattern =
        pattern!(r"(?:^|[^0-9])((?:19|20)[0-9][0-9])([0-9][0-9])([0-9][0-9])(?:[0-9]{4}(?:[0-9][0-9])?)?(?:[^0-9]|$)");
    PATTERN.captures_iter(text).find_map(|c| Date::new(number(&c, 1)?, number(&c, 2)?, number(&c, 3)?))
}

fn number(captures: &Captures, group: usize) -> Option<i64> {
    captures.get(group)?.as_str().parse().ok()
}

fn month(name: &str) -> Option<i64> {
    let name = name.to_lowercase();
    if name.chars().count() > MONTH_CHARS_MAX {
        return None;
    }
    MONTHS
        .iter()
        .filter(|(start, _)| name.starts_with(start))
        .max_by_key(|(start, _)| start.len())
        .map(|(_, month)| *month)
}

/// `二〇二〇`, `２０２０` → 2020: digit by digit.
pub fn digits(text: &str) -> Option<i64> {
    text.chars().try_fold(0, |value, c| Some(value * 10 + digit(c)?))
}

/// `二十三` → 23.
pub fn chinese(text: &str) -> Option<i64> {
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
        '〇' | '○' | '零' | 'O' | 'Ｏ' => Some(0),
        '0'..='9' => c.to_digit(10).map(i64::from),
        '０'..='９' => Some(i64::from(u32::from(c) - u32::from('０'))),
        _ => "一二三四五六七八九".chars().position(|d| d == c).map(|at| at as i64 + 1),
    }
}

#[cfg(test)]
mod tests {
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
            ("05.06.2020", Some("2020-06-05")),
            ("11/18/19 11:04 PM EST", Some("2019-11-18")),
            ("26-MAR-1987 03:40:34.40", Some("1987-03-26")),
            ("5. März 2020", Some("2020-03-05")),
            ("le 1er août 2020", Some("2020-08-01")),
            ("5 de junio de 2020", Some("2020-06-05")),
            ("5 czerwca 2020", Some("2020-06-05")),
            ("5 июня 2020", Some("2020-06-05")),
            ("2020년 6월 5일", Some("2020-06-05")),
            ("Room 12 2020", None),
            ("2020-13-05", None),
            ("12020-06-051", None),
            ("version 1.2.3", None),
            ("192.168.10.20", None),
            ("", None),
        ] {
            assert_eq!(first(text, None).map(|d| d.to_string()).as_deref(), expected, "{text}");
        }
        assert_eq!(first("05/06/2020", Some(true)).unwrap().to_string(), "2020-06-05");
        assert_eq!(first("05.06.2020", Some(false)).unwrap().to_string(), "2020-05-06");
    }

    #[test]
    fn machines_and_addresses_have_forms_of_their_own() {
        for (text, expected) in [
            ("1591347600", "2020-06-05"),
            ("1591347600000", "2020-06-05"),
            ("20200605", "2020-06-05"),
            ("20200605091200", "2020-06-05"),
        ] {
            assert_eq!(machine(text, None).map(|d| d.to_string()).as_deref(), Some(expected), "{text}");
        }
        for (url, expected) in [
            ("https://a.cn/2020/06/05/x.html", Some("2020-06-05")),
            ("https://a.cn/2020-06/05/c_1.htm", Some("2020-06-05")),
            ("https://a.cn/202006/05/t1.html", Some("2020-06-05")),
            ("https://a.cn/zw/t20200605_1234.html", Some("2020-06-05")),
            ("https://a.com/stories/2020/jun/05/x", Some("2020-06-05")),
            ("https://a.com/2020/06/x", None),
            ("https://a.com/story-99999999", None),
        ] {
            assert_eq!(in_address(url).map(|d| d.to_string()).as_deref(), expected, "{url}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "[0-9年月日./ -]{0,30}|\\PC{0,40}") {
            let _ = (machine(&text, None), in_address(&text));
        }
    }
}
