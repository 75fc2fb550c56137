//! About or mentioned: whether a passage says something of a place, or only names it by the way.

use super::candidate::Candidate;
use super::resolve::groups;
use crate::analysis::has_ideograph;
use crate::pattern::{Pattern, pattern};
use crate::vocab::{Level, Place};

/// A list of more places than this says nothing of any of them.
const LIST_MAX: usize = 8;

/// Why a name is only a mention; none if the passage is about the place.
pub fn mentions(
    text: &str,
    candidates: &[Candidate],
    decided: &[Option<&Place>],
    dateline_end: usize,
) -> Vec<Option<&'static str>> {
    let groups = groups(text, candidates);
    let size = |group: usize| {
        let inside = groups.iter().zip(decided).filter(|(g, p)| **g == group && p.is_some_and(is_division));
        inside.count()
    };
    candidates
        .iter()
        .enumerate()
        .map(|(at, candidate)| {
            decided[at]?;
            if candidate.start < dateline_end {
                return Some("dateline");
            }
            if candidate.is_mention {
                return Some(candidate.rule);
            }
            if where_only(text, candidates, at, decided) {
                return Some("where a place lies");
            }
            if size(groups[at]) > LIST_MAX {
                return Some("a long list");
            }
            // What stands before a list holds for all of it.
            let first = (0..=at).rev().take_while(|o| groups[*o] == groups[at]).last().unwrap_or(at);
            by_the_way(&text[..candidates[first].start], &text[candidate.end..])
        })
        .collect()
}

/// "In northwest China's Gansu Province": the wider region only says where the place is.
fn where_only(text: &str, candidates: &[Candidate], at: usize, decided: &[Option<&Place>]) -> bool {
    let is_wide = decided[at].is_some_and(|p| p.has_flag("geographic"));
    let Some((next, place)) = candidates.get(at + 1).zip(decided.get(at + 1)) else { return false };
    let between = text.get(candidates[at].end..next.start).unwrap_or("");
    is_wide
        && place.is_some_and(is_division)
        && (matches!(between, "'s " | "’s ") || between.ends_with(" of ") && between.len() < 20)
}

fn is_division(place: &Place) -> bool {
    matches!(place.level, Level::Province | Level::Prefecture | Level::County)
}

fn by_the_way(before: &str, after: &str) -> Option<&'static str> {
    static BEFORE: Pattern = pattern!(
        r"(?x)(?: 来自|途经|途径|经由|经过|发往|开往|飞往|运往|销往|驶往|前往|远赴|奔赴|飞抵|调派|抽调|抽派|邻近|毗邻|邻省
            | (?-u:\b)(?:via|through|bound\sfor|(?:visitors|tourists|guests|travellers|travelers|goods|students|workers|experts|people|those|arrivals|flights|trains|reporters|returned|came|come|coming|arriving|arrived|shipped|flew|travelled|traveled|imported|originating|transferred|native)\s(?:from|to)|exported\sto|sold\sto|en\sroute\sto|on\sthe\sway\sto|neighbou?ring|compared\swith|unlike)
            )\s?(?:the\s)?$"
    );
    static AFTER: Pattern = pattern!(
        r"^(?:特别行政区)?(?:[、和](?:香港|澳门|台湾)(?:特别行政区)?)*(?:同胞|籍|客商|游客|旅客)|^(?:-based\s|(?:,?\s(?:and\s)?(?:Hong Kong|Macao|Taiwan))*\scompatriots)"
    );
    let start = before.char_indices().rev().nth(23).map_or(0, |(at, _)| at);
    if BEFORE.is_match(&before[start..]) {
        return Some("origin or destination");
    }
    AFTER.is_match(after).then_some("by the way")
}

/// One past the dateline that a news text opens with; 0 when it has none.
pub fn dateline_end(text: &str) -> usize {
    // Words with capitals only: "When Sansha was set up in July 2012" is a sentence.
    static ENGLISH: Pattern = pattern!(
        r"(?x)^(?: [（(]?(?:(?:[A-ZÀ-Þ][A-Za-zÀ-ÿ'’.-]*[,/]?\x20+){1,8})?(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\x20+[0-9]{1,2}(?-u:\b)(?:,\x20*[0-9]{4})?\x20*(?:\([^)]{2,60}\)|（[^）]{2,60}）)?\x20*(?:--|[-—–:])?
            | [A-ZÀ-Þ][A-ZÀ-Þ\ '’.,/-]{1,40}\x20*(?:\([^)]{2,40}\))?\x20*(?:--|[-—–])
            | [A-ZÀ-Þ][A-Za-zÀ-ÿ\ ,]{1,30}\([^)]{2,30}\)\x20 )"
    );
    static CHINESE: Pattern = pattern!(
        r"(?x)^(?: .{0,30}?[0-9]{1,2}日?[电讯](?:\x20*[（(][^）)]{2,40}[）)])? | .{0,30}?[0-9]{1,2}日(?:消息|电) )"
    );
    let chinese = || if has_ideograph(text) { CHINESE.find(text) } else { None };
    ENGLISH.find(text).or_else(chinese).map_or(0, |m| m.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_end_where_the_news_begins() {
        for (text, rest) in [
            ("URUMQI, Jan. 3 -- A record", " A record"),
            ("Nanchang, China, July 26 (Yuan Yujing) Jiangxi", "Jiangxi"),
            ("Xinhua News Agency, Shanghai, July 26 (Xinhua Zhou Wei) 26, the", "26, the"),
            ("BEIJING, June 12 (Agency) -- Xinjiang", " Xinjiang"),
            ("新华社昆明12月12日电（记者林碧锋）为持续", "为持续"),
            ("湖南日报12月10日讯（全媒体记者 周帙恒）9日", "9日"),
            ("When Sansha was set up in July 2012, Yongxing", "When Sansha was set up in July 2012, Yongxing"),
            ("新疆开行列车。", "新疆开行列车。"),
            ("Xinjiang will build a dry port.", "Xinjiang will build a dry port."),
        ] {
            assert_eq!(&text[dateline_end(text)..], rest, "{text}");
        }
    }
}
