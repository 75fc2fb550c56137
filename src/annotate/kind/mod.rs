//! Report, news, policy or other: by what its owner says, its title, how it opens, its structure, its publisher.
//!
//! A report is an account that a government, or an organ beside it, gives of a year or a term: work reports, reports
//! on plans and budgets, statistical communiqués, addresses on the state of a nation. An article about one is news,
//! a list of the tasks it sets is policy.

mod news;
mod policy;
mod report;

use super::clues::Clues;
use super::names;
use crate::analysis::has_ideograph;
use crate::clean::Document;
use crate::model::{Confidence, Found, Kind, Lang, Origin};
use crate::pattern::Pattern;

/// Signs of news that outweigh what a file's or folder's name says.
const NEWS_OVER_NAMES: i32 = 3;
/// Signs of news that make an article of a document which nothing else explains.
const NEWS_MIN: i32 = 2;
/// Signs of news enough to be fairly sure.
const NEWS_SURE: i32 = 4;
/// Characters of evidence that are shown.
const WORDS_CHARS_MAX: usize = 40;

/// What spoke for a kind: how much, where, and the first words of it.
#[derive(Clone, Debug, Default)]
struct Signs {
    score: i32,
    words: String,
}

impl Signs {
    /// Counts a sign, and keeps its words if they are the first that speak for the kind.
    fn add(&mut self, score: i32, words: &str) {
        self.score += score;
        if score > 0 && self.words.is_empty() {
            self.words = short(words);
        }
    }
}

/// The kind of a document and what gave it away; `clues` of its blocks.
pub fn classify(document: &Document, clues: &[Clues], language: &Lang) -> Found<Kind> {
    if let Some(given) = &document.metadata.kind
        && let Some(kind) = named(&given.value)
    {
        return given.clone().map(kind);
    }
    let found = |kind, origin, words: &str| Found::new(kind, origin).at(short(words));
    let title = &document.title.value;
    let about = report::is_about(title);
    if !about {
        if let Some(words) = report::in_title(title) {
            return found(Kind::Report, Origin::Title, words);
        }
        if let Some(words) = report::opening(document, clues) {
            return found(Kind::Report, Origin::Text, words);
        }
    }
    let news = news::signs(document, clues, language);
    let policy = policy::signs(document);
    if !about && policy.is_act(news.score) {
        let origin = if policy.in_title { Origin::Title } else { Origin::Text };
        return found(Kind::Policy, origin, &policy.signs.words);
    }
    if news.score < NEWS_OVER_NAMES && !about {
        if let Some((words, origin)) = names(document).find_map(|(n, o)| report::in_name(n).map(|w| (w, o))) {
            return found(Kind::Report, origin, words);
        }
        if let Some(words) = report::address_within(document) {
            return found(Kind::Report, Origin::Text, words).sure(Confidence::Low);
        }
    }
    if news.score >= NEWS_MIN || about && news.score > 0 {
        let sure = if news.score >= NEWS_SURE { Confidence::Medium } else { Confidence::Low };
        let origin = if document.metadata.is_article { Origin::Meta } else { Origin::Text };
        return found(Kind::News, origin, &news.words).sure(sure);
    }
    let in_names = |words: [&str; 2]| names(document).find(|(n, _)| words.iter().any(|w| n.to_lowercase().contains(w)));
    if news.score >= 0
        && let Some((name, origin)) = in_names(["news", "新闻"])
    {
        return found(Kind::News, origin, name);
    }
    if let Some((name, origin)) = in_names(["polic", "政策"]) {
        return found(Kind::Policy, origin, name);
    }
    Found::new(Kind::Other, Origin::Text).sure(Confidence::Low)
}

/// A kind as owners of documents call it.
fn named(given: &str) -> Option<Kind> {
    Kind::named(given).or(match given.trim().to_lowercase().as_str() {
        "article" | "newsarticle" | "新闻" => Some(Kind::News),
        "政府工作报告" | "工作报告" | "报告" | "work report" | "government work report" => {
            Some(Kind::Report)
        }
        "政策" | "规划" | "notice" | "plan" | "regulation" => Some(Kind::Policy),
        "其他" => Some(Kind::Other),
        _ => None,
    })
}

fn short(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS_CHARS_MAX).collect()
}

/// The same for a pattern that matches nothing without an ideograph.
fn find_chinese<'t>(pattern: &Pattern, text: &'t str) -> Option<&'t str> {
    if has_ideograph(text) { find(pattern, text) } else { None }
}

/// The words of a text that a fixed pattern finds: its first group, or all of it.
fn find<'t>(pattern: &Pattern, text: &'t str) -> Option<&'t str> {
    // Where the match lies is found several times sooner than where its groups do.
    let whole = pattern.find(text)?;
    let groups = (pattern.groups() > 1).then(|| pattern.captures_at(text, whole.start())).flatten();
    Some(groups.and_then(|groups| groups.get(1)).unwrap_or(whole).as_str())
}

#[cfg(test)]
mod tests {
    use super::super::test::{clues, document, named_document};
    use super::*;

    #[track_caller]
    fn check(document: Document, expected: Kind) {
        let found = classify(&document, &clues(&document), &Lang::new("en"));
        assert_eq!(found.value, expected, "{} {found:?}", document.title.value);
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

    #[test]
    fn about_a_report_is_not_a_report() {
        let news = "本报讯（记者 李某）1月20日，省人大代表分组审议政府工作报告，代表们表示，报告振奋人心。";
        for title in [
            "代表热议政府工作报告",
            "政府工作报告提出：今年建设陆港",
            "省政府工作报告里的民生实事",
            "政府工作报告，这些数字很亮眼",
            "省长在人代会上作政府工作报告",
        ] {
            check(document(title, &[news, "他说，今年要开好头。"]), Kind::News);
            check(named_document("政府工作报告/a.txt", title, &[news, "他说，今年要开好头。"]), Kind::News);
        }
        let text = "URUMQI, Jan. 20 (Xinhua) -- The work report said on Monday that trade would grow.";
        check(document("Government work report sets growth target", &[text]), Kind::News);
        check(document("Key figures in government work report", &[text]), Kind::News);
        let acts = [
            "某县2024年政府工作报告重点任务分解方案",
            "关于印发《政府工作报告》任务分工的通知",
            "关于政府工作报告的决议",
        ];
        for title in acts {
            check(named_document("政府工作报告/a.txt", title, &["各乡镇人民政府："]), Kind::Policy);
        }
    }

    #[test]
    fn a_headline_about_an_act_is_news() {
        check(document("新疆印发陆港行动方案", &["记者从自治区发改委获悉，近日方案印发。"]), Kind::News);
        check(
            document(
                "Province issues action plan for dry ports",
                &["The plan was released on Monday, officials said."],
            ),
            Kind::News,
        );
    }

    #[test]
    fn what_gave_it_away_is_said() {
        let of = |document: Document| classify(&document, &clues(&document), &Lang::new("zh"));
        let found = of(document("2020年某省政府工作报告", &["正文。"]));
        assert_eq!((found.origin, found.place.as_ref()), (Origin::Title, "政府工作报告"));
        let found = of(document("某事", &["本报讯（记者 李某）昨日，陆港开通。"]));
        assert_eq!((found.origin, found.place.as_ref()), (Origin::Text, "本报讯"));
    }
}
