//! Lines that belong to the page and not to the text: who edited it, what else to read, whose
//! rights are reserved; and, at the head, by whom and when it was published.

use crate::extract::{BlockKind, RawBlock};
use regex::Regex;
use std::sync::OnceLock;

/// A longer block is running text, whatever it begins with. In characters.
const FURNITURE_CHARS_MAX: usize = 120;
/// Blocks from the head in which a byline can stand.
const HEAD_BLOCKS: usize = 6;

/// What such lines begin with (or consist of), in both languages.
const FURNITURE: &str = r"(?xi)^[\s\[【（(]*(?:
    (?:责任)?编辑 \s* [:：|｜/丨] | 校对 \s* [|｜/丨] | 来源 \s* [|｜丨] | 本文来源 \s* [:：] | 特别声明 \s* [:：] | 图片(?:来自|来源于?)网络 | .{0,12}扫描?.{0,6}二维码 | .{2,8}公众号$ | 评论\s*[（(]\d*[)）] | 收藏文章 | 转播到 | 关键字?词?\s*[:：] | 责编 | 责任编辑 | 校对 [:：] | 审核 [:：] | 监制 [:：] | 编审 [:：] | 值班编辑 |
    版权(?:所有|声明) | 免责声明 | 未经(?:授权|许可|本网) | 转载请 | 更多精彩 | 扫一扫 | 扫描二维码 | 长按二维码 | 分享到 | 分享至 | 
    关闭(?:窗口|本页) | 上一[篇条页] | 下一[篇条页] | 相关(?:阅读|新闻|链接|报道|文章|推荐)\s*[:：]? $ | 延伸阅读\s*[:：]? $ | 推荐阅读\s*[:：]? $ | 热门(?:推荐|排行|新闻)\s*[:：]? $ |
    字[号体]\s*[:：]? | 收藏\s*$ | 【?打印(?:本[页文])?】?\s*$ | 返回(?:顶部|首页) | 当前位置 | 您(?:当前|现在)的?位置 | 网友评论 | 我要评论 | 点击(?:查看|进入|阅读) |
    copyright(?-u:\b) | © | all\s+rights\s+reserved | share\s+(?:this|on|via)(?-u:\b) | follow\s+us(?-u:\b) | sign\s+up\s+(?:for|to)(?-u:\b) | subscribe\s+(?:to|now)(?-u:\b) |
    related\s+(?:articles?|stories|news|links|topics)\s*:?\s*$ | read\s+(?:more|also|next)\s*: | recommended\s*:?\s*$ | more\s+(?:on\s+this|from)(?-u:\b).{0,40}$ |
    click\s+here(?-u:\b) | print\s+this(?-u:\b) | back\s+to\s+top | advertisement\s*$ | editor\s*: | \(?editors?\s*: | \(?(?:web\s+)?editor\s*: | comments?\s*(?:\(\d+\))?\s*$ |
    home\s*(?:>|»|/) | (?:enlarge|view)\s+(?:image|gallery|comments?)\s*$ | text\s+size\s*$ | advert\s*$ | close\s*$ | caption\s*$ | image\s+\d+\s+of(?-u:\b) | key\s+points\s*$ | related\s+tags\s*$ | learn\s+more\s*$ | loading(?-u:\b).{0,12}$ | view\s+(?:all|more)(?-u:\b).{0,20}$ |
    like\s+this\s+(?:story|article)\? | (?:want|need)\s+more(?-u:\b).{0,30}\?\s | get\s+(?:the|our)\s.{0,60}(?:inbox|newsletter|delivered) | sign\s+up(?-u:\b) | subscribe(?-u:\b) | join\s+(?:our|us)(?-u:\b).{0,60}(?:newsletter|facebook|twitter|telegram|whatsapp) | follow\s+(?:\S+\s+){1,4}on\s+(?:twitter|facebook|instagram) | (?:write|email|contact|reach)\s+(?:to\s+)?(?:\S+\s+){1,5}at(?-u:\b).{0,60}[@:] | have\s+a\s+(?:tip|story)(?-u:\b) | this\s+(?:post|article)\s+(?:may\s+contain|contains)\s+affiliate | if\s+you\s+enjoyed\s+this | our\s+standards: | (?:additional\s+)?reporting\s+by(?-u:\b).{0,120}(?:editing\s+by|writing\s+by) | (?:photo|image|picture)s?\s*(?:credit)?\s*: | [\w.+-]+@[\w-]+\.[\w.]+\s*$ | (?:https?://)?(?:www\.)?twitter\.com/\S+\s*$ | advertisement(?-u:\b).{0,20}$ | comments\s+are\s+closed | there\s+was\s+a\s+problem | media\s*caption | image\s+copyright | source\s*:\s*(?:\S+\s*){1,4}$
)";

/// What a line of publication is: who, where from and when.
const BYLINE: &str = r"(?xi)^[\s（(【]*(?:
    (?:文章|信息|稿件)?来源\s*[:：] | 作者\s*[:：] | 记者\s*[:：] | 发布(?:时间|日期|机构|单位|于)\s*[:：]? | (?:发稿|更新|时间|日期|成文日期|公开日期)\s*[:：] | 索\s*引\s*号 | 文\s*号\s*[:：] | 浏览次数 | 阅读(?:量|次数)? \s*[:：] |
    source\s*: | published\s*(?:on|at|:)\s* | published\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d) | posted\s*(?:on|:) | updated\s*(?:on|at|:) | date\s*: | by\s+(?:the\s+)?[\p{Lu}][\w'’.-]+(?:\s+[\w'’.-]+){0,5}\s*(?:[,|·].*)?$ |
    (?:(?:\S+\s+){0,2}) (?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?(?:\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?)? (?:\s+(?:来源|source)?\s*[:：]?\s*\S{0,30})? $ |
    (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2},?\s+(?:19|20)\d\d(?-u:\b).{0,40} $ |
    \d{1,2}\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+(?:19|20)\d\d(?-u:\b).{0,40} $
)";

fn regex(cell: &'static OnceLock<Regex>, pattern: &str) -> &'static Regex {
    cell.get_or_init(|| Regex::new(pattern).expect("the pattern is fixed and compiled by tests"))
}

fn is_furniture(text: &str) -> bool {
    static CELL: OnceLock<Regex> = OnceLock::new();
    text.chars().count() <= FURNITURE_CHARS_MAX && regex(&CELL, FURNITURE).is_match(text)
}

/// A day with the time of day: no running text needs it.
const STAMP: &str = r"(?:(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|(?-u:\b)\d{1,2}[-\s][A-Za-z]{3}[-\s](?:19|20)\d\d)\s+\d{1,2}[:：]\d\d";

/// A line that is a date and hardly anything else, in the forms that stand under headlines.
const DATED: &str = r"(?xi)^[\s|·•–—,:(\[]*(?:(?:by|published|posted|updated|last\s+updated|modified|created|on|at|from)(?-u:\b)[\s:]*)*
    (?:[\p{Lu}][\w.'’-]*[\s,|·•–—-]*){0,5}
    (?:\d{1,2}[:.]\d\d\s*(?:am|pm|a\.m\.|p\.m\.)?\s*(?:[A-Z]{2,4})?[\s,|·•–—-]*)?
    (?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?[\s,.]*)?
    (?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4} | \d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?\s+\d{4} | \d{1,2}[/.]\d{1,2}[/.]\d{2,4} | \d{4}-\d\d-\d\d)
    (?:[\s,|·•–—@-]|at|on|am|pm|a\.m\.|p\.m\.|updated|published|:|\(|\)|\d|[A-Z]{2,4}(?-u:\b)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|min(?:ute)?s?\s+read|read)*$";

/// What stands under a picture: ends with, or begins with, where the picture is from.
const CREDIT: &str = r"(?xi)(?: \((?:image|photo|picture|pic|credit|file\s+photo|source|getty|reuters|ap|afp)(?-u:\b)[^)]{0,80}\)\s*$ | (?:photo(?:graph)?|image|picture|photo\s+credit|credit)s?\s*(?:by|:|courtesy(?:\s+of)?)\s*[^.]{2,70}$ | (?:getty(?:\s+images)?|shutterstock|istock(?:photo)?|afp|ap\s+photo|/\s*ap|reuters/\S+(?:\s\S+)?)\s*[)/]?\s*$ | ^file\s+photo | ^(?:image|media)\s*caption )";

/// Whether a line stands under a picture.
pub fn is_caption(text: &str) -> bool {
    static CELL: OnceLock<Regex> = OnceLock::new();
    text.chars().count() <= 400 && regex(&CELL, CREDIT).is_match(text)
}

/// Whether a short line says by whom, from where or when a document was published.
pub fn is_byline(text: &str) -> bool {
    static LABELS: OnceLock<Regex> = OnceLock::new();
    static STAMPS: OnceLock<Regex> = OnceLock::new();
    static DATES: OnceLock<Regex> = OnceLock::new();
    let stamped = || regex(&STAMPS, STAMP).is_match(text) && !text.ends_with(['.', '。', '！', '？', '!', '?']);
    text.chars().count() <= FURNITURE_CHARS_MAX
        && (regex(&LABELS, BYLINE).is_match(text) || regex(&DATES, DATED).is_match(text) || stamped())
}

/// Takes such lines, and repetitions of the title at the head, out of the blocks; bylines are kept apart.
pub fn remove(blocks: &mut Vec<RawBlock>, title: &str, bylines: &mut Vec<String>) {
    let title = letters(title);
    let mut at = 0;
    let mut own = Vec::new();
    let count = blocks.len();
    blocks.retain(|block| {
        let head = at < HEAD_BLOCKS;
        if head && is_title(&block.text, &title) && count > 1 {
            return false;
        }
        if head && block.kind != BlockKind::TableRow && is_byline(&block.text) {
            own.push(block.text.as_str().to_string());
            return false;
        }
        // Only what stays is counted: another look at what is left finds nothing more.
        let stays = !is_furniture(&block.text);
        at += usize::from(stays);
        stays
    });
    bylines.splice(0..0, own);
}

fn is_title(text: &str, title: &str) -> bool {
    let text = letters(text);
    // A page's title may still have the site's name at its end.
    !text.is_empty() && (text == title || title.starts_with(&text) && text.len() * 5 >= title.len() * 3)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_told_from_text() {
        for line in [
            "责任编辑：张伟",
            "（责编：李）",
            "版权所有 天山晚报网",
            "分享到：",
            "上一篇：陆港开通",
            "相关阅读",
            "Copyright 2020 Example Daily",
            "Share this article",
            "Related stories",
            "Editor: Li",
            "(Web editor: Li)",
            "© 2020",
        ] {
            assert!(is_furniture(line), "{line}");
        }
        for line in [
            "编辑部设在乌鲁木齐。",
            "相关阅读材料已经发给代表。",
            "Share prices rose on Monday.",
            "Editors met in Urumqi.",
            "Related industries grew by 5%.",
            "The copyright office moved.",
            "打印机产量增长一成。",
        ] {
            assert!(!is_furniture(line), "{line}");
        }
    }

    #[test]
    fn bylines_are_told_from_text() {
        for line in [
            "来源：天山晚报 2020-06-05 09:12",
            "2020年6月5日",
            "2020-06-05 09:12:33 来源：新闻网",
            "发布时间：2021-01-20",
            "By the Example newsroom, March 5, 2021",
            "June 5, 2020",
            "26-MAR-1987 03:40:34.40",
            "Source: Example Daily",
            "天山网 2020-06-05",
        ] {
            assert!(is_byline(line), "{line}");
        }
        for line in [
            "来源广泛的粮食。",
            "By 2025 the dry port will handle a million containers.",
            "2020年6月5日，陆港开通运营，首趟列车出发。",
            "June 5 was a rainy day.",
        ] {
            assert!(!is_byline(line), "{line}");
        }
    }
}
