//! Stray blanks in Chinese: names and words that a page or a converter has pulled apart.

use crate::analysis::is_ideograph;
use crate::offsets::Edit;

/// Common family names of one character that are no function words.
const FAMILIES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖石贾韦夏付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵严覃武戴莫孔汤裴";
/// Words that a name follows.
const TITLES: &[&str] = &[
    "记者",
    "通讯员",
    "书记",
    "省长",
    "市长",
    "县长",
    "区长",
    "主席",
    "部长",
    "厅长",
    "局长",
    "处长",
    "主任",
    "编辑",
    "作者",
    "代表",
    "委员",
    "总理",
    "总统",
    "教授",
    "同志",
    "院长",
    "校长",
    "经理",
    "先生",
    "女士",
];

/// Stray blanks inside names and words: between two single characters (`单 位`, `张 伟`), and after a
/// family name that stands by itself or after a title (`记者张 伟文`). Elsewhere a blank parts things.
pub fn between_ideographs(text: &str) -> Vec<Edit> {
    let mut out = Vec::new();
    if text.is_ascii() {
        return out;
    }
    for at in memchr::memchr_iter(b' ', text.as_bytes()) {
        let is_ascii = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).is_none_or(u8::is_ascii);
        if is_ascii(at.checked_sub(1)) || is_ascii(Some(at + 1)) {
            continue;
        }
        let (before, after) = (&text[..at], &text[at + 1..]);
        let (Some(last), Some(next)) = (before.chars().next_back(), after.chars().next()) else { continue };
        if !(is_ideograph(last) && is_ideograph(next)) {
            continue;
        }
        let head = &before[..before.len() - last.len_utf8()];
        let is_alone = !head.ends_with(is_ideograph);
        let single = is_alone && !after[next.len_utf8()..].starts_with(is_ideograph);
        let family = FAMILIES.contains(last) && (is_alone || TITLES.iter().any(|t| head.ends_with(t)));
        if single || family {
            out.push(Edit::drop(at, at + 1));
        }
    }
    out
}
