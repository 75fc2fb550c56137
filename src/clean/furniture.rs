//! Lines that belong to the page and not to the text: who edited it, what else to read, whose
//! rights are reserved; and, at the head, by whom and when it was published.

use crate::analysis::is_alphanumeric;
use crate::extract::{BlockKind, RawBlock};
use crate::pattern::{Pattern, pattern};

/// A longer block is running text, whatever it begins with. In characters.
const FURNITURE_CHARS_MAX: usize = 120;
/// Blocks from the head in which a byline can stand.
const HEAD_BLOCKS: usize = 6;

/// What such lines begin with (or consist of), in both languages.
static FURNITURE: Pattern = pattern!(
    r"(?xi)^[\x20\u{3000}\[【（(]*(?:
    (?:责任)?编辑 [\x20\u{3000}]* [:：|｜/丨] | 校对 [\x20\u{3000}]* [|｜/丨] | 来源 [\x20\u{3000}]* [|｜丨] | 本文来源 [\x20\u{3000}]* [:：] | 特别声明 [\x20\u{3000}]* [:：] | 图片(?:来自|来源于?)网络 | 评论[\x20\u{3000}]*[（(][0-9]*[)）] | 收藏文章 | 转播到 | 关键字?词?[\x20\u{3000}]*[:：] | 责编 | 责任编辑 | 校对 [:：] | 审核 [:：] | 监制 [:：] | 编审 [:：] | 值班编辑 |
    版权(?:所有|声明) | 免责声明 | 未经(?:授权|许可|本网) | 转载请 | 更多精彩 | 扫一扫 | 扫描二维码 | 长按二维码 | 分享到 | 分享至 | 
    关闭(?:窗口|本页) | 上一[篇条页] | 下一[篇条页] | 相关(?:阅读|新闻|链接|报道|文章|推荐)[\x20\u{3000}]*[:：]? $ | 延伸阅读[\x20\u{3000}]*[:：]? $ | 推荐阅读[\x20\u{3000}]*[:：]? $ | 热门(?:推荐|排行|新闻)[\x20\u{3000}]*[:：]? $ |
    字[号体][\x20\u{3000}]*[:：]? | 收藏[\x20\u{3000}]*$ | 【?打印(?:本[页文])?】?[\x20\u{3000}]*$ | 返回(?:顶部|首页) | 当前位置 | 您(?:当前|现在)的?位置 | 网友评论 | 我要评论 | 点击(?:查看|进入|阅读) |
    copyright(?-u:\b) | © | all[\x20\u{3000}]+rights[\x20\u{3000}]+reserved | share[\x20\u{3000}]+(?:this|on|via)(?-u:\b) | follow[\x20\u{3000}]+us(?-u:\b) | sign[\x20\u{3000}]+up[\x20\u{3000}]+(?:for|to)(?-u:\b) | subscribe[\x20\u{3000}]+(?:to|now)(?-u:\b) |
    related[\x20\u{3000}]+(?:articles?|stories|news|links|topics)[\x20\u{3000}]*:?[\x20\u{3000}]*$ | read[\x20\u{3000}]+(?:more|also|next)[\x20\u{3000}]*: | recommended[\x20\u{3000}]*:?[\x20\u{3000}]*$ | more[\x20\u{3000}]+(?:on[\x20\u{3000}]+this|from)(?-u:\b).{0,40}$ |
    click[\x20\u{3000}]+here(?-u:\b) | print[\x20\u{3000}]+this(?-u:\b) | back[\x20\u{3000}]+to[\x20\u{3000}]+top | advertisement[\x20\u{3000}]*$ | editor[\x20\u{3000}]*: | \(?editors?[\x20\u{3000}]*: | \(?(?:web[\x20\u{3000}]+)?editor[\x20\u{3000}]*: | comments?[\x20\u{3000}]*(?:\([0-9]+\))?[\x20\u{3000}]*$ |
    home[\x20\u{3000}]*(?:>|»|/) | (?:enlarge|view)[\x20\u{3000}]+(?:image|gallery|comments?)[\x20\u{3000}]*$ | text[\x20\u{3000}]+size[\x20\u{3000}]*$ | advert[\x20\u{3000}]*$ | close[\x20\u{3000}]*$ | caption[\x20\u{3000}]*$ | image[\x20\u{3000}]+[0-9]+[\x20\u{3000}]+of(?-u:\b) | key[\x20\u{3000}]+points[\x20\u{3000}]*$ | related[\x20\u{3000}]+tags[\x20\u{3000}]*$ | learn[\x20\u{3000}]+more[\x20\u{3000}]*$ | loading(?-u:\b).{0,12}$ | view[\x20\u{3000}]+(?:all|more)(?-u:\b).{0,20}$ |
    like[\x20\u{3000}]+this[\x20\u{3000}]+(?:story|article)\? | (?:want|need)[\x20\u{3000}]+more(?-u:\b).{0,30}\?[\x20\u{3000}] | get[\x20\u{3000}]+(?:the|our)[\x20\u{3000}].{0,60}(?:inbox|newsletter|delivered) | sign[\x20\u{3000}]+up(?-u:\b) | subscribe(?-u:\b) | join[\x20\u{3000}]+(?:our|us)(?-u:\b).{0,60}(?:newsletter|facebook|twitter|telegram|whatsapp) | follow[\x20\u{3000}]+(?:\S+[\x20\u{3000}]+){1,4}on[\x20\u{3000}]+(?:twitter|facebook|instagram) | (?:write|email|contact|reach)[\x20\u{3000}]+(?:to[\x20\u{3000}]+)?(?:\S+[\x20\u{3000}]+){1,5}at(?-u:\b).{0,60}[@:] | have[\x20\u{3000}]+a[\x20\u{3000}]+(?:tip|story)(?-u:\b) | this[\x20\u{3000}]+(?:post|article)[\x20\u{3000}]+(?:may[\x20\u{3000}]+contain|contains)[\x20\u{3000}]+affiliate | if[\x20\u{3000}]+you[\x20\u{3000}]+enjoyed[\x20\u{3000}]+this | our[\x20\u{3000}]+standards: | (?:additional[\x20\u{3000}]+)?reporting[\x20\u{3000}]+by(?-u:\b).{0,120}(?:editing[\x20\u{3000}]+by|writing[\x20\u{3000}]+by) | (?:photo|image|picture)s?[\x20\u{3000}]*(?:credit)?[\x20\u{3000}]*: | (?:https?://)?(?:www\.)?twitter\.com/\S+[\x20\u{3000}]*$ | advertisement(?-u:\b).{0,20}$ | comments[\x20\u{3000}]+are[\x20\u{3000}]+closed | there[\x20\u{3000}]+was[\x20\u{3000}]+a[\x20\u{3000}]+problem | media[\x20\u{3000}]*caption | image[\x20\u{3000}]+copyright | source[\x20\u{3000}]*:[\x20\u{3000}]*(?:\S+[\x20\u{3000}]*){1,4}$
)"
);

/// What a line of publication is: who, where from and when.
static BYLINE: Pattern = pattern!(
    r"(?xi)^[\x20\u{3000}（(【]*(?:
    (?:文章|信息|稿件)?来源[\x20\u{3000}]*[:：] | 作者[\x20\u{3000}]*[:：] | 记者[\x20\u{3000}]*[:：] | 发布(?:时间|日期|机构|单位|于)[\x20\u{3000}]*[:：]? | (?:发稿|更新|时间|日期|成文日期|公开日期)[\x20\u{3000}]*[:：] | 索[\x20\u{3000}]*引[\x20\u{3000}]*号 | 文[\x20\u{3000}]*号[\x20\u{3000}]*[:：] | 浏览次数 | 阅读(?:量|次数)? [\x20\u{3000}]*[:：] |
    source[\x20\u{3000}]*: | published[\x20\u{3000}]*(?:on|at|:)[\x20\u{3000}]* | published[\x20\u{3000}]+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|[0-9]) | posted[\x20\u{3000}]*(?:on|:) | updated[\x20\u{3000}]*(?:on|at|:) | date[\x20\u{3000}]*: | by[\x20\u{3000}]+(?:the[\x20\u{3000}]+)?[\p{Lu}][0-9A-Za-z_'’.-]+(?:[\x20\u{3000}]+[0-9A-Za-z_'’.-]+){0,5}[\x20\u{3000}]*(?:[,|·].*)?$ |
    (?:(?:\S+[\x20\u{3000}]+){0,2}) (?:19|20)[0-9][0-9][-/.年][\x20\u{3000}]?[0-9]{1,2}[-/.月][\x20\u{3000}]?[0-9]{1,2}日?(?:[\x20\u{3000}]+[0-9]{1,2}[:：][0-9][0-9](?:[:：][0-9][0-9])?)? (?:[\x20\u{3000}]+(?:来源|source)?[\x20\u{3000}]*[:：]?[\x20\u{3000}]*\S{0,30})? $ |
    (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?[\x20\u{3000}]+)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[\x20\u{3000}]+[0-9]{1,2},?[\x20\u{3000}]+(?:19|20)[0-9][0-9](?-u:\b).{0,40} $ |
    [0-9]{1,2}[\x20\u{3000}]+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?[\x20\u{3000}]+(?:19|20)[0-9][0-9](?-u:\b).{0,40} $
)"
);

/// What has its words at the end: any line could begin so.
static FOLLOWED: Pattern = pattern!(r"^[\x20\u{3000}\[【（(]*(?:.{0,12}扫描?.{0,6}二维码|.{2,8}公众号$)");
/// An address of mail, which any word could begin.
static MAIL: Pattern =
    pattern!(r"^[\x20\u{3000}\[【（(]*[0-9A-Za-z_.+-]+@[0-9A-Za-z_-]+\.[0-9A-Za-z_.]+[\x20\u{3000}]*$");

fn is_furniture(text: &str) -> bool {
    let is_followed = || ["二维码", "公众号"].iter().any(|w| text.contains(w)) && FOLLOWED.is_match(text);
    is_short(text, FURNITURE_CHARS_MAX)
        && (FURNITURE.is_match(text) || is_followed() || text.contains('@') && MAIL.is_match(text))
}

/// A day with the time of day: no running text needs it.
static STAMP: Pattern = pattern!(
    r"(?:(?:19|20)[0-9][0-9][-/.年][\x20\u{3000}]?[0-9]{1,2}[-/.月][\x20\u{3000}]?[0-9]{1,2}日?|(?-u:\b)[0-9]{1,2}[-\x20\u{3000}][A-Za-z]{3}[-\x20\u{3000}](?:19|20)[0-9][0-9])[\x20\u{3000}]+[0-9]{1,2}[:：][0-9][0-9]"
);

/// A line that is a date and hardly anything else, in the forms that stand under headlines.
static DATED: Pattern = pattern!(
    r"(?xi)^[\x20\u{3000}|·•–—,:(\[]*(?:(?:by|published|posted|updated|last[\x20\u{3000}]+updated|modified|created|on|at|from)(?-u:\b)[\x20\u{3000}:]*)*
    (?:[\p{Lu}][0-9A-Za-z_.'’-]*[\x20\u{3000},|·•–—-]*){0,5}
    (?:[0-9]{1,2}[:.][0-9][0-9][\x20\u{3000}]*(?:am|pm|a\.m\.|p\.m\.)?[\x20\u{3000}]*(?:[A-Z]{2,4})?[\x20\u{3000},|·•–—-]*)?
    (?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?[\x20\u{3000},.]*)?
    (?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[\x20\u{3000}]+[0-9]{1,2}(?:st|nd|rd|th)?,?[\x20\u{3000}]+[0-9]{4} | [0-9]{1,2}(?:st|nd|rd|th)?[\x20\u{3000}]+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?[\x20\u{3000}]+[0-9]{4} | [0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4} | [0-9]{4}-[0-9][0-9]-[0-9][0-9])
    (?:[\x20\u{3000},|·•–—@-]|at|on|am|pm|a\.m\.|p\.m\.|updated|published|:|\(|\)|[0-9]|[A-Z]{2,4}(?-u:\b)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|min(?:ute)?s?[\x20\u{3000}]+read|read)*$"
);

/// What stands under a picture: ends with, or begins with, where the picture is from.
static CREDIT: Pattern = pattern!(
    r"(?xi)(?: \((?:image|photo|picture|pic|credit|file[\x20\u{3000}]+photo|source|getty|reuters|ap|afp)(?-u:\b)[^)]{0,80}\)[\x20\u{3000}]*$ | (?:photo(?:graph)?|image|picture|photo[\x20\u{3000}]+credit|credit)s?[\x20\u{3000}]*(?:by|:|courtesy(?:[\x20\u{3000}]+of)?)[\x20\u{3000}]*[^.]{2,70}$ | (?:getty(?:[\x20\u{3000}]+images)?|shutterstock|istock(?:photo)?|afp|ap[\x20\u{3000}]+photo|/[\x20\u{3000}]*ap|reuters/\S+(?:[\x20\u{3000}]\S+)?)[\x20\u{3000}]*[)/]?[\x20\u{3000}]*$ | ^file[\x20\u{3000}]+photo | ^(?:image|media)[\x20\u{3000}]*caption )"
);

/// Whether a line stands under a picture.
pub fn is_caption(text: &str) -> bool {
    is_short(text, 400) && CREDIT.is_match(text)
}

/// Whether a short line says by whom, from where or when a document was published.
pub fn is_byline(text: &str) -> bool {
    let is_dated = || text.bytes().any(|b| b.is_ascii_digit()) && DATED.is_match(text);
    let stamped = || STAMP.is_match(text) && !text.ends_with(['.', '。', '！', '？', '!', '?']);
    is_short(text, FURNITURE_CHARS_MAX) && (BYLINE.is_match(text) || is_dated() || stamped())
}

/// Takes such lines, and repetitions of the title at the head, out of the blocks; bylines are kept apart.
pub fn remove(blocks: &mut Vec<RawBlock>, title: &str, bylines: &mut Vec<String>) {
    let title: String = letters(title).collect();
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
    let mut rest = title.chars();
    let is_beginning = letters(text).all(|c| rest.next() == Some(c));
    let common = title.len() - rest.as_str().len();
    // A page's title may still have the site's name at its end.
    is_beginning && common > 0 && common * 5 >= title.len() * 3
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| is_alphanumeric(*c)).flat_map(char::to_lowercase)
}

/// Whether a line has at most so many characters.
fn is_short(text: &str, characters: usize) -> bool {
    text.len() <= characters * 4 && text.chars().count() <= characters
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
            "扫描下方二维码",
            "【微信扫一扫二维码",
            "关注天山晚报公众号",
            "a.writer@example.org",
            "(a.writer-2@mail.example.org ",
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
            "全市的公众号有三千个。",
            "Write to a.writer@example.org today.",
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
            "Last updated 5:30 PM ET, Fri June 5, 2020",
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
