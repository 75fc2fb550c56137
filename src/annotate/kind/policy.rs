//! Acts and plans: by the noun that their title ends with and by the form of official letters and laws.

use super::report::first_chars;
use super::{Signs, find, find_chinese};
use crate::clean::Document;
use crate::extract::BlockKind;
use crate::pattern::{Pattern, pattern};

/// Nouns that only titles of acts end with.
static ACT: Pattern = pattern!(
    r"(?x) ( 意见 | 通知 | 规定 | 条例 | 决定 | 决议 | 纲要 | 细则 | 通告 | 批复 | 白皮书 | 公报 | 法典 | 办法 | (?:实施|行动|工作|总体|改革|试点|建设|任务|整治|保障)方案
    | 行动计划 | 三年计划 | 五年(?:规划|计划) | (?:发展|总体|专项|区域|空间)规划 | 若干措施 | 政策措施 | 应急预案 | (?:主席|总理|国务院|部|政府|委员会)令 | 的(?:函|公告|请示|复函|令) )
    (?: 的通知 | 的决定 | 的批复 )? 》? [\x20\u{3000}]* (?: [（(〔\[] .{0,40} [)）〕\]] )? [\x20\u{3000}]* $ "
);
/// Nouns that titles of other texts end with too.
static PERHAPS: Pattern = pattern!(
    r"(?x) ( 规划 | 计划 | 方案 | 公告 | 措施 | 指南 | 预案 | 目录 | 清单 | 指引 | 标准 | 法 | 令 | 准则 | 章程 | 任务分工 | 任务分解 )
    》? [\x20\u{3000}]* (?: [（(〔\[] .{0,40} [)）〕\]] )? [\x20\u{3000}]* $ "
);
/// Who acts, or what is acted on, in such a title.
static PUBLIC: Pattern = pattern!(
    r"关于|人民政府|国务院|办公[厅室]|政府|[省市县区州旗镇乡]|国家|全国|中国|中华人民共和国|中共|党委|十[一二三四五]五|五年|(?:19|20)[0-9][0-9]|重点任务|任务分|专项|应急|整治|改革|行政|管理"
);
/// An act being done to a plan: a headline.
static HEADLINE: Pattern = pattern!(
    r"(?x) 印发(?:《|[^》]{0,30}(?:方案|规划|计划|办法|意见|措施|通知)$) | 出台 | 发布(?:《|了|[^的]{2,30}$) | 公布(?:《|[^的]{2,30}$) | 推出 | 启动 | 召开 | 举行 | 获批 | 即将 | 正式 | [，！？…] | 记者 | 解读 | 问答 "
);
static ACT_EN: Pattern = pattern!(
    r"(?xi) (?:
      (?-u:^|\b)(?:notice|opinions|circular|decision|provisions|regulations?|guidelines?|decree|announcement)[\x20\u{3000}]+(?:of|on|concerning|regarding|for|about|governing)(?-u:\b)
    | (?-u:\b)(?:administrative|interim|provisional|implementation|implementing|several|special)[\x20\u{3000}]+(?:measures|rules|provisions|opinions|regulations)(?-u:\b)
    | (?-u:\b)(?:measures|rules)[\x20\u{3000}]+(?:for|on|governing|concerning)[\x20\u{3000}]+(?:the[\x20\u{3000}]+)?(?:administration|management|implementation|supervision|promotion)
    | (?-u:\b)(?:white[\x20\u{3000}]+paper|action[\x20\u{3000}]+plan|implementation[\x20\u{3000}]+plan|development[\x20\u{3000}]+plan|five-year[\x20\u{3000}]+plan|general[\x20\u{3000}]+plan|overall[\x20\u{3000}]+plan|master[\x20\u{3000}]+plan|work[\x20\u{3000}]+plan)(?-u:\b)
    | (?-u:\b)outline[\x20\u{3000}]+of[\x20\u{3000}]+the(?-u:\b) | (?-u:^)(?:the[\x20\u{3000}]+)?law[\x20\u{3000}]+of[\x20\u{3000}]+the(?-u:\b) ) "
);
static HEADLINE_EN: Pattern = pattern!(
    r"(?xi) (?-u:\b) (?: issues? | issued | releases? | unveils? | launch(?:es|ed)? | adopts? | announces? | publish(?:es|ed)? | rolls? | approves? | says | said | to[\x20\u{3000}]+(?:boost|build|promote|be|help|cut|curb) | seeks? | maps? | passes | introduces | sets | reveals? | draws | formulates? | is | are | was | will | has | have ) (?-u:\b) "
);
/// Paragraphs numbered as articles that make a law.
const ARTICLES_MIN: usize = 3;
const ENOUGH: i32 = 3;

/// How much speaks for an act.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// All of it.
    pub signs: Signs,
    /// The title speaks for it.
    pub in_title: bool,
    /// The form of the text does: numbered articles, an official number, an addressee.
    form: i32,
}

impl Policy {
    /// Whether it is one, though so much speaks for news: acts are printed by agencies too.
    pub fn is_act(&self, news: i32) -> bool {
        self.signs.score >= ENOUGH && (self.form >= ENOUGH || self.signs.score >= news)
    }
}

/// Signs of an act in a document.
pub fn signs(document: &Document) -> Policy {
    let title = document.title.value.trim();
    let mut policy = Policy::default();
    if let Some(words) = find_chinese(&ACT, title) {
        policy.signs.add(if title.chars().count() > 3 { ENOUGH } else { 1 }, words);
    } else if let Some(words) = find_chinese(&PERHAPS, title) {
        let public = PUBLIC.is_match(title);
        policy.signs.add(if public { ENOUGH } else { 1 }, words);
    } else if let Some(words) = find(&ACT_EN, title) {
        policy.signs.add(ENOUGH, words);
    }
    if title.contains("关于") && policy.signs.score > 0 {
        policy.signs.add(1, "");
    }
    let printed = title.starts_with("关于印发")
        || title.contains("关于印发")
        || title.contains("关于发布")
        || title.contains("关于公布");
    if policy.signs.score > 0 && (!printed && HEADLINE.is_match(title) || HEADLINE_EN.is_match(title)) {
        policy.signs.score -= 4;
    }
    policy.in_title = policy.signs.score > 0;
    form(document, &mut policy);
    policy
}

/// The form of official letters and laws.
fn form(document: &Document, policy: &mut Policy) {
    static NUMBER: Pattern = pattern!(
        r"[\p{Han}]{2,12}[〔\[【（(](?:19|20)[0-9][0-9][〕\]】）)]第?[\x20\u{3000}]?[0-9]{1,5}[\x20\u{3000}]?号"
    );
    static ARTICLE: Pattern = pattern!(r"^第[一二三四五六七八九十百零〇0-9]{1,5}条");
    static ADDRESSEE: Pattern =
        pattern!(r"^[^。，]{0,10}(?:[各县市区]|直属|人民政府|委员会|部门|单位|[厅局委办院])[^。]{0,80}[：:]$");
    static CLOSING: Pattern = pattern!(
        r"特此(?:通知|公告|通告|批复|函复|函告|通报|决定)|现(?:将.{0,60})?印发给你们|请(?:认真|遵照|结合实际)?(?:认真)?(?:贯彻|遵照)(?:落实|执行)|此复"
    );
    let before = policy.signs.score;
    let first = || document.blocks.iter().take(4).map(|b| document.text_of(b));
    let bylines = document.metadata.bylines.iter().map(String::as_str);
    let numbered = first().chain(bylines).filter(|t| t.chars().count() <= 60);
    if let Some(words) = numbered.into_iter().find_map(|t| find_chinese(&NUMBER, t)) {
        policy.signs.add(2, words);
    }
    let articles = document
        .blocks
        .iter()
        .filter(|b| matches!(b.kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Heading(_)))
        .filter(|b| {
            let text = document.text_of(b);
            text.starts_with('第') && ARTICLE.is_match(text)
        })
        .take(ARTICLES_MIN)
        .count();
    if articles >= ARTICLES_MIN {
        policy.signs.add(3, "第一条");
    }
    if let Some(words) = first()
        .filter(|t| t.chars().count() <= 100 && t.trim_end().ends_with(['：', ':']))
        .find_map(|t| find_chinese(&ADDRESSEE, t.trim()))
    {
        policy.signs.add(1, words);
    }
    if let Some(words) = document
        .blocks
        .iter()
        .take(6)
        .chain(document.blocks.iter().rev().take(6))
        .find_map(|b| find_chinese(&CLOSING, first_chars(document.text_of(b), 300)))
    {
        policy.signs.add(2, words);
    }
    policy.form = policy.signs.score - before;
}

#[cfg(test)]
mod tests {
    use super::super::super::test::document;
    use super::*;

    #[track_caller]
    fn check(title: &str, blocks: &[&str], expected: bool) {
        let found = signs(&document(title, blocks));
        assert_eq!(found.is_act(1), expected, "{title} {found:?}");
    }

    #[test]
    fn acts_are_known_by_title() {
        for title in [
            "关于支持陆港建设的意见",
            "中华人民共和国国民经济和社会发展第十四个五年规划和2035年远景目标纲要",
            "某县2024年政府工作报告重点任务分解方案",
            "关于印发某市综合交通规划的通知",
            "1976—1985年发展国民经济十年规划纲要（草案）",
            "某省道路运输条例",
            "Notice on dry ports",
            "14th Five-Year Plan for the Development of Logistics",
            "Interim Measures for the Administration of Dry Ports",
        ] {
            check(title, &["正文。"], true);
        }
    }

    #[test]
    fn headlines_and_manuals_are_not_acts() {
        for title in [
            "新疆出台陆港发展规划",
            "国务院印发《陆港建设方案》",
            "省政府发布综合交通规划",
            "浏览器应用开发指南（常用手册）",
            "Province issues action plan for dry ports",
            "Measures of Health Inequality",
        ] {
            check(title, &["正文。"], false);
        }
    }

    #[test]
    fn acts_are_known_by_form() {
        check("某事", &["某卫发〔2011〕76号", "区中医院：", "来文收悉。", "此复。"], true);
        check("某物", &["第一条 为了发展。", "第二条 本市适用。", "第三条 自公布之日起施行。"], true);
        check("某物", &["第一条新闻是这样的。", "他说了许多。"], false);
    }
}
