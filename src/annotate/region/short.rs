//! Provinces by one character: in runs (川渝, 沪苏浙皖), in lists (川、粤等省) and in fixed frames (鄂方, 来京, 援藏).
//!
//! Alone a character says nothing: 新, 宁 and 青 are words first.

use crate::analysis::has_ideograph;
use crate::pattern::{Match, Pattern, pattern};
use crate::vocab::{Straddle, straddle};
use std::sync::OnceLock;

/// (character, code, whether it is hardly ever anything else).
const PROVINCES: &[(char, &str, bool)] = &[
    ('京', "110000", true),
    ('津', "120000", true),
    ('冀', "130000", true),
    ('晋', "140000", true),
    ('蒙', "150000", false),
    ('辽', "210000", true),
    ('吉', "220000", false),
    ('黑', "230000", false),
    ('沪', "310000", true),
    ('苏', "320000", false),
    ('浙', "330000", true),
    ('皖', "340000", true),
    ('闽', "350000", true),
    ('赣', "360000", true),
    ('鲁', "370000", false),
    ('豫', "410000", true),
    ('鄂', "420000", true),
    ('湘', "430000", true),
    ('粤', "440000", true),
    ('桂', "450000", false),
    ('琼', "460000", false),
    ('渝', "500000", true),
    ('川', "510000", false),
    ('蜀', "510000", false),
    ('贵', "520000", false),
    ('黔', "520000", true),
    ('云', "530000", false),
    ('滇', "530000", true),
    ('藏', "540000", false),
    ('陕', "610000", true),
    ('甘', "620000", false),
    ('陇', "620000", true),
    ('青', "630000", false),
    ('宁', "640000", false),
    ('新', "650000", false),
    ('疆', "650000", false),
    ('台', "710000", false),
    ('港', "810000", false),
    ('澳', "820000", false),
];
/// Cities by one character, in the names of lines only: 渝昆高铁.
const CITIES: &[(char, &str)] = &[
    ('昆', "530100"),
    ('蓉', "510100"),
    ('杭', "330100"),
    ('甬', "330200"),
    ('汉', "420100"),
    ('深', "440300"),
    ('穗', "440100"),
    ('广', "440100"),
    ('郑', "410100"),
    ('济', "370100"),
    ('厦', "350200"),
    ('邕', "450100"),
    ('兰', "620100"),
    ('沈', "210100"),
    ('哈', "230100"),
    ('徐', "320300"),
    ('合', "340100"),
    ('福', "350100"),
    ('贵', "520100"),
];
/// A longer run is no list of provinces.
const RUN_MAX: usize = 12;
/// After these a run of two is surely one of provinces.
static FRAMES: Pattern = pattern!(
    r"^(?:[两三四五六]省|[两三四]地|[两三]市|省际|边界|交界|毗邻|携手|合作|一体化|协同|城市群|经济圈|地区|高铁|铁路|高速|大通道|通道|段|片区|等)"
);

/// A character that stands for a province, or for a city in a line's name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Short {
    /// Its first byte.
    pub start: usize,
    /// One past its last.
    pub end: usize,
    /// The code of the place.
    pub code: &'static str,
    /// It is only mentioned: an end of a line, where somebody came from or went.
    pub is_mention: bool,
    /// The rule that found it.
    pub rule: &'static str,
}

fn province(c: char) -> Option<(&'static str, bool)> {
    // All stand in the block of common ideographs: nothing else is worth a look.
    static NUMBERS: OnceLock<Vec<u8>> = OnceLock::new();
    let at = u32::from(c).checked_sub(0x4e00).filter(|at| *at < 0x5200)?;
    let numbers = NUMBERS.get_or_init(|| {
        let mut numbers = vec![0; 0x5200];
        for (number, (c, ..)) in (1..).zip(PROVINCES) {
            numbers[u32::from(*c) as usize - 0x4e00] = number;
        }
        numbers
    });
    let number = usize::from(numbers[at as usize]).checked_sub(1)?;
    PROVINCES.get(number).map(|p| (p.1, p.2))
}

/// The provinces named by one character in a simplified text, but for what `taken` says is part of a name.
pub fn find(text: &str, taken: impl Fn(usize) -> bool) -> Vec<Short> {
    if !has_ideograph(text) {
        return Vec::new();
    }
    let mut out = runs(text, &taken);
    if out.is_empty() && !text.contains(|c| province(c).is_some()) {
        return out;
    }
    framed(text, &taken, &mut out);
    out.sort_by_key(|s| s.start);
    out.dedup_by_key(|s| s.start);
    out
}

fn runs(text: &str, taken: &impl Fn(usize) -> bool) -> Vec<Short> {
    let mut out = lines(text, taken);
    let mut run: Vec<(usize, char)> = Vec::new();
    let mut close = |run: &mut Vec<(usize, char)>, end: usize| {
        if (2..=RUN_MAX).contains(&run.len()) {
            let start = run[0].0;
            let rest = &text[end..];
            let is_town = rest.starts_with(['镇', '乡', '村', '街', '桥', '路']);
            let sure = run.iter().filter(|(_, c)| province(*c).is_some_and(|p| p.1)).count();
            let lies = straddle(text, start, end);
            let good = match (run.len(), sure) {
                (2, 0) => false,
                (2, 1) => lies == Straddle::No || lies == Straddle::Half && FRAMES.is_match(rest),
                (2, _) => lies != Straddle::Surely,
                _ => sure >= 1,
            };
            if good && !is_town {
                let each = run.iter().filter_map(|(at, c)| Some((*at, *c, province(*c)?.0)));
                out.extend(each.map(|(at, c, code)| Short {
                    start: at,
                    end: at + c.len_utf8(),
                    code,
                    is_mention: false,
                    rule: "a run of short names",
                }));
            }
        }
        run.clear();
    };
    for (at, c) in text.char_indices() {
        if province(c).is_some() && !taken(at) {
            run.push((at, c));
        } else {
            close(&mut run, at);
        }
    }
    close(&mut run, text.len());
    out
}

/// The ends of lines: 渝昆高铁. A city is only mentioned, since the line is elsewhere too.
fn lines(text: &str, taken: &impl Fn(usize) -> bool) -> Vec<Short> {
    static LINE: Pattern = pattern!(r"(\p{Han})(\p{Han})(?:高铁|铁路|客专|城际)");
    if !["铁", "客专", "城际"].iter().any(|w| text.contains(w)) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for found in LINE.captures_iter(text) {
        let ends: Vec<_> = [1, 2].iter().filter_map(|g| found.get(*g)).filter(|m| !taken(m.start())).collect();
        let place = |m: &Match| {
            let c = m.as_str().chars().next()?;
            let city = CITIES.iter().find(|p| p.0 == c).map(|p| (p.1, true));
            province(c).map(|p| (p.0, false)).filter(|_| !matches!(c, '贵')).or(city)
        };
        let named: Vec<_> = ends.iter().filter_map(|m| Some((m, place(m)?))).collect();
        let sure = ends.iter().any(|m| m.as_str().chars().next().and_then(province).is_some_and(|p| p.1));
        if named.len() == 2 && sure {
            out.extend(named.into_iter().map(|(m, (code, is_city))| Short {
                start: m.start(),
                end: m.end(),
                code,
                is_mention: is_city,
                rule: "a line's name",
            }));
        }
    }
    out
}

fn framed(text: &str, taken: &impl Fn(usize) -> bool, out: &mut Vec<Short>) {
    static LIST: Pattern = pattern!(
        r"(?:^|\P{Han}|[在赴从由对向及和与])([京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕甘陇青宁新疆台港澳](?:[、和与及][京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川蜀贵黔云滇藏陕甘陇青宁新疆台港澳])+)(?:等)?(?:[一二三四五六七八九十两0-9]*(?:省|省份|省区市?|省市|地|区市))"
    );
    static SIDE: Pattern = pattern!(
        r"([京津冀晋沪浙皖闽赣豫鄂湘粤桂琼渝川黔滇陕甘青宁台港澳])(?:方(?:[^案面法向式便针程言位才略阵块圆]|面|$)|[籍企商胞]|[政]府|省(?:内|外|委|政府|级))"
    );
    static MOVE: Pattern = pattern!(
        r"(?:[来赴抵离返援驻入]|[^推促引改先跟奋后前]进|驰援|支援|在)([京津冀晋沪浙皖闽赣豫鄂湘粤琼渝川黔滇藏疆陕台港澳])(?:$|[^剧菜语江湖海上下风口币元运])"
    );
    let mut add = |at: usize, is_mention: bool, rule: &'static str| {
        let Some(c) = text[at..].chars().next() else { return };
        if let Some((code, _)) = province(c).filter(|_| !taken(at)) {
            out.push(Short { start: at, end: at + c.len_utf8(), code, is_mention, rule });
        }
    };
    // 川、粤等省
    let is_list = text.contains('省') || text.contains("地") || text.contains("区市");
    for found in LIST.captures_iter(if is_list { text } else { "" }).filter_map(|c| c.get(1)) {
        found
            .as_str()
            .char_indices()
            .filter(|(_, c)| province(*c).is_some())
            .for_each(|(at, _)| add(found.start() + at, false, "a list of short names"));
    }
    // 鄂方, 渝企, 浙商
    for found in SIDE.captures_iter(text).filter_map(|c| c.get(1)) {
        let whole = straddle(text, found.start(), found.end()) == Straddle::No;
        if whole {
            add(found.start(), text[found.end()..].starts_with(['籍', '商', '胞']), "a short name in a frame");
        }
    }
    // 来京, 援鄂, 返湘
    for found in MOVE.captures_iter(text).filter_map(|c| c.get(1)) {
        let rest = &text[found.start()..];
        if straddle(rest, 0, found.as_str().len()) == Straddle::No {
            add(found.start(), true, "a short name in a frame");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found: String = find(text, |_| false).iter().map(|s| &text[s.start..s.end]).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn provinces_are_named_by_characters_in_runs_lists_and_frames() {
        check("沪苏浙皖实现直接结算", "沪苏浙皖");
        check("赣皖两省在交界处设卡", "赣皖");
        check("川、粤等省援鄂医疗队抵达，鄂方表示感谢", "川粤鄂鄂");
        check("渝昆高铁川渝段开工，黔滇段加快", "渝昆川渝黔滇");
        check("作者来京布展", "京");
        check("推进川渝合作", "川渝");
    }

    #[test]
    fn characters_of_words_are_no_provinces() {
        check("新青年和云台山、贵宾与宁静", "");
        check("港口和台风", "");
        check("方案、新方法和甘甜", "");
    }
}
