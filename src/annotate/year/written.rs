//! Years written out in a text, in digits or in Chinese numerals, told from amounts, numbers and names.

use crate::annotate::date;
use crate::model::Year;
use crate::pattern::{Pattern, pattern};
use std::ops::Range;

/// An address or the number of a standard is looked for in so many bytes before the year.
const LOOK_BACK: usize = 100;

/// A year written out.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its place, with `年` where that follows.
    pub place: Range<usize>,
    /// The year.
    pub year: Year,
}

/// Every year written out, in the order of the text.
pub fn written(text: &str) -> Vec<Written> {
    let mut out: Vec<Written> = runs(text).filter_map(|run| in_digits(text, run)).collect();
    if !text.is_ascii()
        && ["１９", "２０", "一九", "二〇", "二○", "二零", "二O", "二Ｏ"].iter().any(|start| text.contains(start))
    {
        out.extend(in_numerals(text));
        out.sort_by_key(|w| w.place.start);
    }
    out
}

/// Runs of exactly four digits.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + bytes.get(at..)?.iter().position(u8::is_ascii_digit)?;
            at = start + bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
            if at - start == 4 {
                return Some(start..at);
            }
        }
    })
}

fn in_digits(text: &str, run: Range<usize>) -> Option<Written> {
    let value: u16 = text[run.clone()].parse().ok()?;
    let year = Year::new(value.into())?;
    let (before, after) = (&text[..run.start], &text[run.end..]);
    if is_touched(before, after, value) {
        return None;
    }
    let rest = after.trim_start();
    if let Some(rest) = rest.strip_prefix('年') {
        let is_decade = rest.starts_with('代');
        let is_other = is_decade || value.is_multiple_of(100) && is_span(before, rest);
        return (!is_other).then_some(Written { place: run.start..text.len() - rest.len(), year });
    }
    let is_year = !rest.starts_with("年代")
        && !rest.starts_with("冠状病毒")
        && !is_counted(before, rest, value)
        && !is_numbered(before, rest);
    is_year.then_some(Written { place: run, year })
}

/// Years in Chinese numerals (`二〇二〇年`) and in wide digits.
fn in_numerals(text: &str) -> Vec<Written> {
    static PATTERN: Pattern =
        pattern!(r"([一二][〇○零OＯ一二三四五六七八九]{3,})\s?(年代?|[至到—–\-~～])|([０-９]{4,})(年代?)?");
    PATTERN
        .captures_iter(text)
        .filter_map(|c| {
            let number = c.get(1).or(c.get(3))?;
            let mark = c.get(2).or(c.get(4)).map_or("", |m| m.as_str());
            let year =
                (number.as_str().chars().count() == 4 && mark != "年代").then(|| date::digits(number.as_str()))?;
            let end = if mark == "年" { c.get(0)?.end() } else { number.end() };
            Some(Written { place: number.start()..end, year: Year::new(year?)? })
        })
        .collect()
}

/// Whether what touches the digits makes them part of something else: an amount, a name, a decade.
fn is_touched(before: &str, after: &str, value: u16) -> bool {
    let ends_in_digit = |text: &str| text.ends_with(|c: char| c.is_ascii_digit());
    let starts_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let touched = match before.chars().next_back() {
        Some('.' | ':') => ends_in_digit(&before[..before.len() - 1]),
        Some('#' | '№' | '%' | '第') => true,
        Some(dash @ ('-' | '–' | '—' | '/')) => is_standard(&before[..before.len() - dash.len_utf8()]),
        Some(c) => c.is_ascii_alphabetic() && !["FY", "CY"].contains(&last_word(before)),
        None => false,
    };
    let untouched = before.trim_end();
    let is_money = untouched.ends_with(['$', '¥', '￥', '€', '£', '＄']) || CURRENCIES.contains(&last_word(untouched));
    let is_decade = value.is_multiple_of(10) && value < 2020 && (after.starts_with("'s") || after.starts_with("’s"));
    let joined = match after.chars().next() {
        Some('%' | '％' | '‰' | '℃' | '°' | '号' | '號' | '+') => true,
        Some('.') => starts_with_digit(&after[1..]) && !is_rest_of_date(&after[1..]),
        Some('．') => starts_with_digit(&after['．'.len_utf8()..]),
        Some(',') => after[1..].bytes().take_while(u8::is_ascii_digit).count() == 3,
        Some('-') => ["nCoV", "year", "odd"].iter().any(|w| after[1..].starts_with(w)),
        Some(c) => c.is_ascii_alphabetic(),
        None => false,
    };
    touched || is_money || is_decade || joined || is_in_address(before)
}

/// `07.26`, as in 2020.07.26.
fn is_rest_of_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '.');
    let mut part = || {
        let part = parts.next()?;
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        Some((part.get(..digits)?.parse::<u8>().ok()?, digits == part.len()))
    };
    matches!((part(), part()), (Some((1..=12, true)), Some((1..=31, _))))
}

/// Whether a text ends as the number of a standard does before its year: `GB 3095`, `ISO 9001`; or as
/// the name of the disease.
fn is_standard(before: &str) -> bool {
    let number = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let digits = before.len() - number.len();
    if digits == 0 {
        return last_word(before).eq_ignore_ascii_case("covid");
    }
    let is_year = digits == 4 && before[number.len()..].parse().ok().and_then(Year::new).is_some();
    // DB65/T 4321: the letters may have a number of their own.
    let name = number.trim_end();
    let name = name.strip_suffix("/T").unwrap_or(name).trim_end_matches(|c: char| c.is_ascii_digit());
    let name = last_word(name);
    !is_year && name.len() >= 2 && name.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether the text ends within an address on the web.
fn is_in_address(before: &str) -> bool {
    if !before.ends_with(['/', '-', '_', '=', '.', '?', '&']) {
        return false;
    }
    let from = before.floor_char_boundary(before.len().saturating_sub(LOOK_BACK));
    let word = before[from..].rsplit(|c: char| c.is_whitespace() || !c.is_ascii()).next().unwrap_or("");
    word.contains("://") || word.contains("www.")
}

/// `近2000年`, `2000年历史`: a length of time in round numbers.
fn is_span(before: &str, rest: &str) -> bool {
    before.ends_with(['近', '约', '有', '逾', '超', '达', '去', '过'])
        || ["历史", "的历史", "文明", "的文明", "以上"].iter().any(|s| rest.starts_with(s))
        || rest.starts_with('前') && !rest.starts_with("前后")
}

/// Whether the number counts something: `2018亿元`, `2018 tons`, `some 2000 villages`.
fn is_counted(before: &str, rest: &str, value: u16) -> bool {
    if before.trim_end().ends_with("total of")
        || before.ends_with(['约', '近', '达', '超', '逾', '共', '仅', '足', '满', '破'])
    {
        return true;
    }
    let counted = |(unit, unless): &(&str, &str)| {
        rest.strip_prefix(unit).is_some_and(|then| !then.starts_with(|c| unless.contains(c)))
    };
    if UNITS.iter().any(counted) {
        return true;
    }
    let word = &rest[..rest.bytes().take_while(u8::is_ascii_alphabetic).count()];
    if MEASURES.iter().any(|m| m.eq_ignore_ascii_case(word)) {
        return true;
    }
    let is_round = value.is_multiple_of(100);
    let is_noun = word.starts_with(|c: char| c.is_ascii_lowercase()) && !JOINTS.contains(&word);
    let previous = last_word(before.trim_end());
    if APPROXIMATIONS.iter().any(|a| a.eq_ignore_ascii_case(previous)) {
        return is_round || is_noun;
    }
    let is_plural = word.len() >= 4 && word.ends_with('s') && !word.ends_with("ss") || PLURALS.contains(&word);
    let is_cue = previous.is_empty()
        || previous.starts_with(|c: char| c.is_ascii_uppercase())
        || CUES.contains(&previous)
        || !before.ends_with(char::is_whitespace);
    // orders 2000 Boeing airliners
    let is_amount = is_round && !is_cue && !word.is_empty() && !JOINTS.contains(&word) && previous != "of";
    is_amount || is_noun && is_plural && (is_round || !is_cue)
}

/// Whether the number only numbers something: `No. 2020`, `〔2020〕15号`.
fn is_numbered(before: &str, rest: &str) -> bool {
    let previous = last_word(before.trim_end().trim_end_matches('.'));
    if NUMBERED.iter().any(|n| n.eq_ignore_ascii_case(previous)) && !before.trim_end().ends_with(',') {
        return true;
    }
    if !before.trim_end().ends_with(['〔', '【', '（', '(', '[', '［']) {
        return false;
    }
    let Some(rest) = rest.strip_prefix(['〕', '】', '）', ')', ']', '］']) else { return false };
    let rest = rest.trim_start();
    let number = rest.strip_prefix('第').unwrap_or(rest);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    rest.starts_with("No.") || digits > 0 && number[digits..].trim_start().starts_with('号')
}

/// The letters that a text ends with.
fn last_word(text: &str) -> &str {
    &text[text.len() - text.bytes().rev().take_while(u8::is_ascii_alphabetic).count()..]
}

/// Before an amount of money.
const CURRENCIES: &[&str] = &["RMB", "USD", "CNY", "HKD", "EUR", "GBP", "JPY"];
/// Before a number that is one among numbers.
const NUMBERED: &[&str] =
    &["no", "nos", "number", "room", "flight", "route", "highway", "article", "section", "page", "pp", "chapter"];
/// Before an amount.
const APPROXIMATIONS: &[&str] = &[
    "some",
    "about",
    "around",
    "nearly",
    "almost",
    "approximately",
    "roughly",
    "only",
    "least",
    "than",
    "another",
    "additional",
    "totaling",
    "totalling",
    "exceeding",
    "exceeded",
];
/// Before a year, also where a plural follows: `the 2020 floods`.
const CUES: &[&str] = &[
    "in", "since", "by", "until", "till", "during", "before", "after", "from", "to", "through", "between", "year",
    "early", "late", "mid", "end", "the", "their", "its", "our", "his", "her", "this", "and", "or", "as", "that",
    "when", "for", "fiscal", "spring", "summer", "autumn", "fall", "winter",
];
/// Words that follow a year as well as an amount, and so tell nothing.
const JOINTS: &[&str] = &[
    "and", "or", "in", "to", "for", "as", "at", "by", "on", "of", "with", "from", "was", "were", "is", "are", "has",
    "have", "had", "will", "would", "than", "when", "which", "that", "but", "while", "alone", "due", "because", "this",
    "its", "does", "across", "thus", "plus", "versus", "towards", "through",
];
/// Plurals without the letter.
const PLURALS: &[&str] = &["people", "children", "women", "men", "sheep", "cattle"];
/// What is measured, never dated.
const MEASURES: &[&str] = &[
    "ton",
    "tons",
    "tonne",
    "tonnes",
    "km",
    "kilometer",
    "kilometers",
    "kilometre",
    "kilometres",
    "m",
    "meter",
    "meters",
    "metre",
    "metres",
    "mu",
    "hectare",
    "hectares",
    "yuan",
    "dollar",
    "dollars",
    "dlrs",
    "million",
    "billion",
    "mln",
    "bln",
    "pct",
    "percent",
    "square",
    "cubic",
    "sq",
    "kw",
    "kwh",
    "mw",
    "gw",
    "kilowatts",
    "megawatts",
    "kilowatt",
    "megawatt",
    "teu",
    "teus",
    "hours",
    "hrs",
    "gmt",
    "utc",
    "barrels",
    "feet",
    "miles",
    "degrees",
    "kg",
    "kilograms",
    "rmb",
    "usd",
    "euros",
    "points",
];
/// Chinese measure words, with what may not follow: `2019家` counts, `2019家电` does not.
const UNITS: &[(&str, &str)] = &[
    ("公里", ""),
    ("万", "科达"),
    ("亿", ""),
    ("余", "姚杭"),
    ("多", "彩哈"),
    ("吨", ""),
    ("人", "大工民才口力社"),
    ("名", "单录"),
    ("户", "外籍"),
    ("家", "电具庭长"),
    ("个", "税人"),
    ("元", "旦宵"),
    ("亩", ""),
    ("项", "目"),
    ("辆", ""),
    ("列", ""),
    ("平方", ""),
    ("米", "兰"),
    ("千", ""),
    ("兆瓦", ""),
    ("台", "北州湾风"),
    ("套", ""),
    ("种", "业植"),
    ("次", ""),
    ("所", "得有"),
    ("张", "家掖北"),
    ("件", ""),
    ("座", "谈"),
    ("处", "暑"),
    ("公顷", ""),
    ("标箱", ""),
    ("只", ""),
    ("头", "条"),
    ("架", ""),
    ("艘", ""),
    ("条", "例"),
    ("部", "门署"),
    ("场", ""),
    ("岁", ""),
    ("斤", ""),
    ("公斤", ""),
    ("克", ""),
    ("升", "级"),
    ("页", ""),
    ("字", ""),
    ("栋", ""),
    ("幢", ""),
    ("棵", ""),
    ("株", "洲"),
    ("枚", ""),
    ("颗", ""),
    ("份", ""),
    ("册", ""),
    ("批", ""),
    ("趟", ""),
    ("床", ""),
    ("羽", "毛"),
    ("美元", ""),
    ("港元", ""),
    ("欧元", ""),
    ("英镑", ""),
    ("日元", ""),
    ("小时", ""),
    ("分钟", ""),
    ("天", "津山水"),
    ("倍", ""),
    ("股", "市"),
    ("宗", "教"),
    ("例", "会"),
    ("箱", ""),
    ("袋", ""),
    ("瓶", ""),
    ("立方", ""),
    ("马力", ""),
    ("毫", ""),
    ("口井", ""),
    ("村", ""),
    ("点", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[u16]) {
        let years: Vec<u16> = written(text).into_iter().map(|w| w.year.get()).collect();
        assert_eq!(years, expected, "{text}");
    }

    #[test]
    fn years_are_told_from_amounts() {
        check("In 2019 the port handled 2,018 trains and 2018 tons.", &[2019]);
        check("2019年完成投资2018亿元、建成2020家、调派2000架", &[2019]);
        check("1.2019 or $2019 or A2019 or RMB 2019, 2019.5, 2019％", &[]);
        check("more than 2000 people and some 2018 households opened 2017 shops", &[]);
        check("In 2019 people saw the 2018 floods; their 2020 goals", &[2019, 2018, 2020]);
        check("近2000年的古城，2000年历史，2000年以来，2000年前后", &[2000, 2000]);
        check("at 2000 hours or 2030 GMT; orders 2000 Boeing airliners; 2000-odd, 2000+", &[]);
        check("In 2000 Beijing won; the 2000 Olympics; 2020届", &[2000, 2000, 2020]);
        check("2021中国展览在2020家电展之后", &[2021, 2020]);
    }

    #[test]
    fn numerals_and_wide_digits_are_read() {
        check("二〇一九年、二○二○年、一九八三至一九八五年、２０２０年", &[2019, 2020, 1983, 1985, 2020]);
        check("二〇〇〇〇年 一九四〇年代 ２０２０１", &[]);
    }

    #[test]
    fn numbers_names_and_decades_are_no_years() {
        check("GB 3095-2012, ISO 9001:2015, DB65/T 4321—2020, COVID-2019, 2019-nCoV", &[]);
        check("国发〔2020〕15号 第2020号 Order No. 2018 of Flight 2019", &[]);
        check("the 1990s, the 1990's, 1990年代, 2020s", &[]);
        check("https://example.org/2020/06/05/x-2019.html", &[]);
        check(
            "GDP 2016-2020, FY2019, mid-2018, July 1,2017, 2015.06.07, 2014/5/6",
            &[2016, 2020, 2019, 2018, 2017, 2015, 2014],
        );
        check("year 340, 2103, 1899", &[]);
    }
}
