//! Years named by a five-year plan, or by the cycle of sixty years.

use super::spoken::{Event, Sense};
use crate::annotate::date;
use crate::pattern::{Match, Pattern, pattern};

/// The years of the first plans; 1963 to 1965 lay between the second and the third.
const EARLY_PLANS: [(u16, u16); 2] = [(1953, 1957), (1958, 1962)];
/// The first year of the third plan, since which they follow one another.
const THIRD_PLAN: u16 = 1966;
/// No later plan is spoken of yet: the sixteenth ends in 2035, the year of the far goals.
const LAST_PLAN: u16 = 16;
/// Up to this number, "the fifth five-year plan" needs more than its number to be that of China.
const EARLY: u16 = 5;
/// The first year of the first five-year plan of legal education (普法), counted apart.
const FIRST_LAW_PLAN: u16 = 1986;
/// So many bytes before or after a plan's name can say which of its years is meant.
const LOOK_ABOUT: usize = 72;

const RULE: &str = "five-year plan by name";
const RULE_ONE: &str = "year of a five-year plan";

fn years_of(plan: u16) -> Option<(u16, u16)> {
    match plan {
        1 | 2 => Some(EARLY_PLANS[usize::from(plan) - 1]),
        3..=LAST_PLAN => Some((THIRD_PLAN + (plan - 3) * 5, THIRD_PLAN + (plan - 3) * 5 + 4)),
        _ => None,
    }
}

/// Plans named in Chinese: `“十三五”`, `第十三个五年规划`.
pub fn in_chinese(text: &str, out: &mut Vec<Event>) {
    static NAMES: Pattern = pattern!(
        r#"第([一二三四五六七八九十]{1,3}|[0-9]{1,2})个?五年(?:规划|计划)|[“"「『‘]([一二三四五六七八九]|十[一二三四五六]?)五[”"」』’]|(十[一二三四五六]|[一二三四五六七八九十])五(?:规划|计划|时期|期间|以来|末|收官|开局|纲要|普法)|(十[一二三四五六])五"#
    );
    static YEAR: Pattern = pattern!(
        r"^(?:规划|计划)?(?:纲要)?(?:的?实施|建设)?(?:时期|期间)?的?(?:(开局|起步|开启|首|头|第一|第1)|(第[二三四五2345])|(收官|最后|末|收尾|决胜))(?:起步|之战)?(?:之|一|的一|的?关键一|的?关键之|的)?年|^(?:规划|计划|时期|期)?(初)[，。、；]|^(?:规划|计划|时期|期)?(末)"
    );
    if !text.contains('五') {
        return;
    }
    // “十四五”开局之年, “十三五”规划的最后一年, “十四五”末
    for found in NAMES.captures_iter(text) {
        let (Some(whole), Some(number)) = (found.get(0), (1..=4).find_map(|group| found.get(group))) else { continue };
        let before = &text[..whole.start()];
        // 二十三五 and the like are numbers that meet.
        if whole.start() == number.start() && before.ends_with(|c| "一二三四五六七八九十百千万第".contains(c))
        {
            continue;
        }
        let digits = number.as_str();
        let Some(plan) = date::chinese(digits).and_then(|n| u16::try_from(n).ok()) else { continue };
        let after = &text[whole.end()..];
        if whole.as_str().ends_with("普法") || after.starts_with("普法") {
            let from = FIRST_LAW_PLAN + (plan.max(1) - 1) * 5;
            out.push(Event::new(whole.range(), Sense::Years(from, from + 4), "five-year plan of legal education"));
            continue;
        }
        // Up to the tenth they were 计划; 规划 are of anybody.
        if plan <= EARLY && whole.as_str().ends_with("规划") {
            continue;
        }
        let Some((from, to)) = years_of(plan) else { continue };
        // The suffixes that the third form takes with it are read again.
        let name_end = number.end() + if found.get(3).is_some() { '五'.len_utf8() } else { 0 };
        let rest = if found.get(3).is_some() { &text[name_end..] } else { after };
        if let Some(one) = YEAR.captures(rest) {
            let value = match (one.get(1).or(one.get(4)), one.get(2), one.get(3).or(one.get(5))) {
                (Some(_), ..) => from,
                (_, Some(nth), _) => {
                    let nth = nth.as_str().trim_start_matches('第');
                    from + date::digits(nth).and_then(|n| u16::try_from(n).ok()).unwrap_or(1) - 1
                }
                _ => to,
            };
            out.push(Event::new(whole.range(), Sense::Years(value, value), RULE_ONE));
        } else {
            out.push(Event::new(whole.range(), Sense::Years(from, to), RULE));
        }
    }
}

/// Ordinals and, for translations by machine, the numbers of plans in words.
const ORDINALS: [&str; 16] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
];

/// Plans named in English: `13th Five-Year Plan`, `the “Thirteenth Five-Year” period`, `14th FYP`.
pub fn in_english(text: &str, out: &mut Vec<Event>) {
    static NAMES: Pattern = pattern!(
        r#"(?i)(?-u:\b)(?:(?:([0-9]{1,2})(?:st|nd|rd|th)|([a-z]{3,7}t[he]h?|first|second|third|thirteen|fourteen|fifteen))\s*(?:and|&|to)\s*(?:the\s+)?)?(?:([0-9]{1,2})(?:st|nd|rd|th)|(first|second|third|[a-z]{3,8}th|thirteen|fourteen|fifteen))\s+["“'‘]?(?:(?:national|provincial|municipal|economic|social|development|general|state|china['’]s)\s+){0,2}(?:five[\s-]*year|fyps?)(?-u:\b)"#
    );
    static BEFORE: Pattern = pattern!(
        r#"(?i)(?-u:\b)(?:(?:(first|opening|initial|starting|inaugural)|(second)|(third)|(fourth)|(fifth|last|final|concluding|closing))\s+year(?:\s+[a-z]+){1,4}|(end|close|conclusion)\s+of|(beginning|start)\s+of)\s+(?:the\s+|China's\s+)?["“'‘]?$"#
    );
    static OTHER: Pattern = pattern!(
        r"(?i)(?-u:\b)(?:of|from|under|in|during|over|than|since|and)\s+the\s+(([0-9]{1,2})(?:st|nd|rd|th))(?:\s*[,.;:)]|\s+(?:and|plan|to)(?-u:\b)|$)"
    );
    static QUOTED: Pattern =
        pattern!(r#"(?i)["“'‘](eleven|twelve|twelf|thirteen|fourteen|fifteen)(?:th)?[\s-]five["”'’]"#);
    let first = out.len();
    // 十三五 as machines translate it.
    for found in QUOTED.captures_iter(text) {
        let word = found[1].to_lowercase();
        let plan = ORDINALS.iter().position(|o| o.starts_with(&word) || *o == "twelfth" && word == "twelve");
        if let (Some(whole), Some((from, to))) = (found.get(0), plan.and_then(|at| years_of(at as u16 + 1))) {
            out.push(Event::new(whole.range(), Sense::Years(from, to), RULE));
        }
    }
    for found in NAMES.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        let number = |digits: usize, word: usize| {
            let in_words = |w: Match| {
                let word = w.as_str().to_lowercase();
                ORDINALS.iter().position(|o| o.starts_with(&word)).map(|at| at as u16 + 1)
            };
            found.get(digits).and_then(|d| d.as_str().parse().ok()).or_else(|| found.get(word).and_then(in_words))
        };
        // An early number may be that of a plan of anybody.
        let Some((from, to)) = number(3, 4).filter(|n| *n > EARLY).and_then(years_of) else { continue };
        if let (Some(other), Some((from, to))) = (found.get(1).or(found.get(2)), number(1, 2).and_then(years_of)) {
            out.push(Event::new(other.range(), Sense::Years(from, to), RULE));
        }
        let place = found.get(3).or(found.get(4)).map_or(whole.start(), |n| n.start())..whole.end();
        let at = text.floor_char_boundary(whole.start().saturating_sub(LOOK_ABOUT));
        let one = BEFORE.captures(&text[at..whole.start()]).map(|c| {
            let nth = (2..=4).find(|group| c.get(*group).is_some());
            match nth {
                Some(group) => from + group as u16 - 1,
                None if c.get(5).is_some() || c.get(6).is_some() => to,
                None => from,
            }
        });
        out.push(match one {
            Some(year) => Event::new(place, Sense::Years(year, year), RULE_ONE),
            None => Event::new(place, Sense::Years(from, to), RULE),
        });
    }
    // "under the 14th Five-Year Plan what was left over from the 13th": its neighbour, by number alone.
    let named: Vec<u16> = out[first..].iter().filter_map(|e| e.sense.first()).collect();
    if named.is_empty() {
        return;
    }
    for found in OTHER.captures_iter(text) {
        let (Some(place), Some(years)) = (found.get(1), found[2].parse().ok().and_then(years_of)) else { continue };
        if named.iter().any(|from| from.abs_diff(years.0) == 5) {
            out.push(Event::new(place.range(), Sense::Years(years.0, years.1), RULE));
        }
    }
}

const STEMS: &str = "甲乙丙丁戊己庚辛壬癸";
const BRANCHES: &str = "子丑寅卯辰巳午未申酉戌亥";
/// After the year's name, when it names an event of old.
const EVENTS: &[&str] = &["革命", "战争", "变法", "赔款", "条约", "维新", "政变", "海战", "国变", "之变", "和约"];
/// The animals of the cycle of twelve years, from that of 1900.
const ANIMALS: [&[&str]; 12] = [
    &["rat", "mouse", "鼠"],
    &["ox", "cow", "牛"],
    &["tiger", "虎"],
    &["rabbit", "hare", "兔"],
    &["dragon", "loong", "龙"],
    &["snake", "蛇"],
    &["horse", "马"],
    &["goat", "sheep", "ram", "羊"],
    &["monkey", "猴"],
    &["rooster", "chicken", "鸡"],
    &["dog", "狗"],
    &["pig", "boar", "猪"],
];

/// Years of the sixty-year cycle, `庚子年`, and of its animals, `鼠年春节`, `Year of the Rat`.
pub fn of_cycle(text: &str, out: &mut Vec<Event>) {
    static STEM: Pattern = pattern!(
        r"([甲乙丙丁戊己庚辛壬癸])([子丑寅卯辰巳午未申酉戌亥])([鼠牛虎兔龙蛇马羊猴鸡狗猪]?年|之年|[新初孟仲阳]?春|岁|之[春夏秋冬]|元宵|新年|春节|[仲孟初]?[夏秋冬])"
    );
    static ANIMAL: Pattern = pattern!(
        r"(?i)(?-u:\b)year of the (rat|mouse|ox|cow|tiger|rabbit|hare|dragon|loong|snake|horse|goat|sheep|ram|monkey|rooster|chicken|dog|pig|boar)(?-u:\b)|(?:农历|迎接?|贺|中国|庆|生肖)([鼠牛虎兔龙蛇马羊猴鸡狗猪])年|([鼠牛虎兔龙蛇马羊猴鸡狗猪])年(?:春节|新春|春晚|大年|元宵|除夕|正月|到来|来临|将至|伊始|大吉|吉祥|新年|邮票)"
    );
    if text.is_ascii() && !text.contains("ear of the ") {
        return;
    }
    for found in STEM.captures_iter(text) {
        let at = |all: &str, group: usize| all.chars().position(|c| found[group].starts_with(c)).unwrap_or(0);
        let (stem, branch) = (at(STEMS, 1), at(BRANCHES, 2));
        let (Some(whole), Some(name)) = (found.get(0), found.get(2)) else { continue };
        // Stems and branches of unlike parity never meet.
        if stem % 2 == branch % 2 && !EVENTS.iter().any(|e| text[name.end()..].starts_with(e)) {
            let place = (0..60).find(|n| n % 10 == stem && n % 12 == branch).unwrap_or(0) as u16;
            // 1984 was the first of its cycle.
            out.push(Event::new(whole.range(), Sense::Cycle(1984 + place, 60), "year of the sixty-year cycle"));
        }
    }
    if !text.contains('年') && !text.contains("ear of the ") {
        return;
    }
    for found in ANIMAL.captures_iter(text) {
        let (Some(whole), Some(name)) = (found.get(0), (1..=3).find_map(|group| found.get(group))) else { continue };
        let name = name.as_str().to_lowercase();
        if let Some(at) = ANIMALS.iter().position(|names| names.contains(&name.as_str())) {
            out.push(Event::new(whole.range(), Sense::Cycle(1984 + at as u16, 12), "year of the cycle of animals"));
        }
    }
}
