//! Report, news, policy or other: by front matter, title, structure and publisher.

use super::names;
use crate::clean::Document;
use crate::extract::BlockKind;
use crate::model::{Found, Kind, Lang, Origin};
use regex::Regex;
use std::sync::OnceLock;

const REPORT: &str = r"(?xi) 政府工作报告 | 政府工作的?报告 | work\s+report | report\s+on\s+(?:the\s+)?(?:work\s+of\s+(?:the\s+)?)?government | government\s+work | report\s+on\s+the\s+work\s+of ";
/// About a report, not one.
const ABOUT_REPORT: &str = r"(?xi) 解读 | 图解 | 一图 | 看点 | 热议 | 审议 | 速览 | 划重点 | 学习 | 评论 | 贯彻 | interpret | highlights | key\s+(?:figures|points) | excerpts? | explained | reaction ";
const POLICY: &str = r"(?xi)
    (?:意见|通知|办法|规定|条例|决定|规划|计划|方案|纲要|细则|公告|通告|批复|措施|指南|预案|公报|令|白皮书|目录|清单)(?:的通知)?(?:[（(].{0,20}[)）])?\s*$ | 关于.{2,60}的(?:意见|通知|决定|批复|函|公告) |
    (?-u:\b)(?:notice|opinions|measures|regulations?|provisions|guidelines?|circular|decree|white\s+paper|action\s+plan|implementation\s+plan|development\s+plan|outline\s+of|five-year\s+plan|general\s+plan|overall\s+plan|master\s+plan|rules)(?-u:\b) ";
const NEWS_TEXT: &str = r"(?xi) (?:新华社|中新[社网]|人民网|记者|通讯员|本报|日前|近日|获悉|报道|.{2,12}[0-9]{1,2}月[0-9]{1,2}日电) |
    (?-u:\b)(?:xinhua|reuters|reporters?|newsroom|correspondent|recently|on\s+(?:mon|tues|wednes|thurs|fri|satur|sun)day|said|told|according\s+to|announced|announcement) (?-u:\b) ";

fn matches(cell: &'static OnceLock<Regex>, pattern: &str, text: &str) -> bool {
    cell.get_or_init(|| Regex::new(pattern).expect("the pattern is fixed and compiled by tests")).is_match(text)
}

/// The kind of a document and what gave it away.
pub fn classify(document: &Document, language: &Lang) -> Found<Kind> {
    if let Some(given) = &document.metadata.kind
        && let Some(kind) = named(&given.value)
    {
        return given.clone().map(kind);
    }
    static ABOUT: OnceLock<Regex> = OnceLock::new();
    let title = &document.title.value;
    let reports_in_names = || names(document).find(|(name, _)| is_report(name));
    if !matches(&ABOUT, ABOUT_REPORT, title) {
        if is_report(title) && !is_sentence(title) {
            return Found::new(Kind::Report, Origin::Title);
        }
        if opens_as_report(document) {
            return Found::new(Kind::Report, Origin::Text);
        }
        if let Some((_, origin)) = reports_in_names() {
            return Found::new(Kind::Report, origin);
        }
    }
    let news = news_signs(document);
    static POLICIES: OnceLock<Regex> = OnceLock::new();
    // A headline such as "Province issues action plan" is news about a plan.
    if matches(&POLICIES, POLICY, title) && !document.metadata.is_article && news < 2 {
        return Found::new(Kind::Policy, Origin::Title);
    }
    if document.metadata.is_article {
        return Found::new(Kind::News, Origin::Meta);
    }
    if news > 0 {
        return Found::new(Kind::News, Origin::Text);
    }
    if let Some((_, origin)) = names(document).find(|(n, _)| n.to_lowercase().contains("news") || n.contains("新闻"))
    {
        return Found::new(Kind::News, origin);
    }
    if let Some((_, origin)) = names(document).find(|(n, _)| n.to_lowercase().contains("policy") || n.contains("政策"))
    {
        return Found::new(Kind::Policy, origin);
    }
    let known = ["en", "zh"].contains(&language.base());
    let has_bylines = !document.metadata.bylines.is_empty() && !document.metadata.sources.is_empty();
    Found::new(if known && has_bylines { Kind::News } else { Kind::Other }, Origin::Text)
}

fn named(given: &str) -> Option<Kind> {
    Kind::named(given).or(match given.trim().to_lowercase().as_str() {
        "article" | "新闻" => Some(Kind::News),
        "政府工作报告" | "报告" | "work report" => Some(Kind::Report),
        "政策" | "notice" | "plan" => Some(Kind::Policy),
        _ => None,
    })
}

fn is_report(text: &str) -> bool {
    static REPORTS: OnceLock<Regex> = OnceLock::new();
    matches(&REPORTS, REPORT, text)
}

/// Headlines are sentences, titles of reports are not.
fn is_sentence(title: &str) -> bool {
    title.ends_with(['.', '。', '!', '！', '?', '？']) || title.contains(['，', '：']) && title.chars().count() > 30
}

/// The salutation and the line of delivery with which every work report opens.
fn opens_as_report(document: &Document) -> bool {
    let head: String = document
        .blocks
        .iter()
        .take(8)
        .map(|b| document.text_of(b))
        .collect::<Vec<_>>()
        .join("\n")
        .chars()
        .take(600)
        .collect();
    let salutation = head.contains("各位代表")
        || head.contains("Fellow deputies")
        || head.contains("Dear deputies")
        || head.contains("Esteemed Deputies");
    let delivery = head.contains("代表大会")
        || head.contains("People's Congress")
        || head.contains("People’s Congress")
        || head.contains("审议");
    let names_report = is_report(&head) || head.contains("报告工作") || head.contains("工作报告");
    salutation && (delivery || names_report)
}

/// How many signs of a news article there are: datelines and reporters in the text, a byline and a publisher.
fn news_signs(document: &Document) -> usize {
    static NEWS: OnceLock<Regex> = OnceLock::new();
    let paragraphs: Vec<&str> =
        document.blocks.iter().filter(|b| b.kind == BlockKind::Paragraph).map(|b| document.text_of(b)).collect();
    let marked = paragraphs.iter().take(30).filter(|t| matches(&NEWS, NEWS_TEXT, t)).count();
    let opens = paragraphs.iter().take(2).any(|t| {
        let head: String = t.chars().take(60).collect();
        head.contains("电") && head.contains('日')
            || head.contains(") -")
            || head.contains(" — ")
            || head.contains(") —")
            || head.contains("讯")
    });
    // In a long text a reporter is met now and then; a news article is short.
    usize::from(marked > 0 && marked * 12 >= paragraphs.len().min(30)) + usize::from(opens)
}

#[cfg(test)]
mod tests {
    use super::super::test::{document, named_document};
    use super::*;

    #[track_caller]
    fn check(document: Document, expected: Kind) {
        assert_eq!(classify(&document, &Lang::new("en")).value, expected, "{}", document.title.value);
    }

    #[test]
    fn kinds_are_told_apart() {
        check(document("2020年新疆维吾尔自治区政府工作报告", &["各位代表：", "正文。"]), Kind::Report);
        check(document("Report on the Work of the Government", &["Fellow deputies,", "Text."]), Kind::Report);
        check(
            document("某地", &["各位代表：现在，我代表市人民政府向大会报告工作，请予审议。", "正文。"]),
            Kind::Report,
        );
        check(named_document("政府工作报告/a.txt", "某地", &["正文。"]), Kind::Report);
        check(document("一图读懂政府工作报告", &["记者获悉，正文。"]), Kind::News);
        check(document("关于支持陆港建设的意见", &["各地："]), Kind::Policy);
        check(document("Notice on dry ports", &["To all:"]), Kind::Policy);
        check(
            document("Dry port opens", &["URUMQI, June 12 (Agency) -- The port opened, officials said."]),
            Kind::News,
        );
        check(document("Recipe", &["Take two eggs."]), Kind::Other);
    }
}
