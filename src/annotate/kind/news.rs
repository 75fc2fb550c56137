//! Articles of news: by dateline, reporter, outlet and the words of reporting; what speaks against it counts too.

use super::super::clues::{Clue, Clues};
use super::super::words::words;
use super::report::first_chars;
use super::{Signs, find};
use crate::analysis::{has_ideograph, is_alphabetic};
use crate::clean::Document;
use crate::extract::BlockKind;
use crate::model::Lang;
use crate::pattern::{Pattern, pattern};

/// Paragraphs looked at for the words of reporting.
const PARAGRAPHS: usize = 30;
/// Longer texts, in bytes, are hardly ever articles of news: in both alphabets some five thousand words.
const LONG: usize = 36_000;

/// Agencies, papers and stations.
static OUTLET: Pattern = pattern!(
    r"(?xi) (?: 新华[社网] | 中新[社网] | 中国新闻[社网] | 人民网 | 央视[网]? | 澎湃 | 环球网 | 观察者?网 | 参考消息 | 半月谈 | 网易 | 凤凰 | 新浪 | 搜狐 | 腾讯 | 财联社 | 界面
    | \p{Han}{2,8}(?:日报|晚报|晨报|时报|早报|都市报|商报|青年报|电视台|广播电台|通讯社|新闻网|在线|客户端|融媒体?) | \p{Han}{1,6}新闻 | 新闻网 | 新京报 | 光明网 | 经济观察网
    | (?-u:\b)(?: xinhua[0-9A-Za-z_]* | reuters | associated[\x20\u{3000}]+press | agence[\x20\u{3000}]+france | afp | bloomberg[0-9A-Za-z_]* | chinanews[0-9A-Za-z_]* | ecns[0-9A-Za-z_]* | cctv | cnn[0-9A-Za-z_]* | bbc[0-9A-Za-z_]* | [0-9A-Za-z_’']+[\x20\u{3000}]+news | news | newspaper | [0-9A-Za-z_’']*[\x20\u{3000}]?daily | [0-9A-Za-z_’']*[\x20\u{3000}]?times | [0-9A-Za-z_’']*[\x20\u{3000}]?herald | tribune | gazette | guardian | telegraph | (?:washington|morning)[\x20\u{3000}]+post | china[\x20\u{3000}]?news[0-9A-Za-z_]* | press[\x20\u{3000}]+agency | news[\x20\u{3000}]+agency )(?-u:\b) ) "
);
/// After the first dash or bar of a title: the page's section and the outlet.
static SUFFIX: Pattern = pattern!(r"^.{4,}?[-_|–—][\x20\u{3000}]*(.{2,80})$");
/// The head of an article in Chinese.
static DATELINE: Pattern = pattern!(
    r"(?x) (?: ^.{0,24}(?:[社网报台]|客户端|时间|之家).{0,20}[0-9]{1,2}日?[\x20\u{3000}]?(?:电|讯|消息)
    | 本[报台网站刊]讯 | ^.{0,12}[报网台社]讯 | ^快讯 | ^.{2,16}[0-9]{1,2}[\x20\u{3000}]?日[\x20\u{3000}]?[电讯]
    | ^[据综合].{0,16}(?:报道|消息|通报) | ^.{2,10}(?:网|台|社|新闻|日报)(?:消息|报道)?[：:讯] ) "
);
/// The same in English.
static DATELINE_EN: Pattern = pattern!(
    r"(?x) (?: ^[A-Z][0-9A-Za-z_.'’,/\x20-]{1,60}\([A-Z][0-9A-Za-z_.'’/\x20]{1,30}\)[\x20\u{3000}]*(?:--|—|–|-)
    | ^(?:Xinhua|China[\x20\u{3000}]?News|Chinanews|CCTV|Reuters|AP|AFP)(?-u:\b)[^.]{0,80}(?:January|February|March|April|May|June|July|August|September|October|November|December|:)
    | ^(?:January|February|March|April|May|June|July|August|September|October|November|December)[\x20\u{3000}][0-9]{1,2}(?:st|nd|rd|th)?[\x20\u{3000}]\( 
    | ^[A-Z]{3,}[A-Z\x20,./-]{0,40}(?:[A-Z][a-z]{2,8}\.?[\x20\u{3000}][0-9]{1,2}[\x20\u{3000}]?)?(?:--|—|–) ) "
);
static REPORTER: Pattern = pattern!(
    r"(?xi) (?: [（(\x20\u{3000}·/，]记者[\x20\u{3000}]?\p{Han}{2,4}|[报网社台刊闻谈]记者|通讯员|记者从|向记者|对记者|记者获悉|记者了解|特约记者|实习生|^记者|作者[：:]|责任?编辑?[：:]
    | (?-u:\b)(?: reporters? | correspondent | reported[\x20\u{3000}]+by | staff[\x20\u{3000}]+writer | newsroom | editing[\x20\u{3000}]+by )(?-u:\b) | (?-i:^By[\x20\u{3000}]+[A-Z][a-z]+[\x20\u{3000}]+[A-Z]) ) "
);
static REPORTING: Pattern = pattern!(
    r"(?x) 表示 | [人士家员生者称]称[，：“] | 指出 | 说[，：。“] | 介绍 | 透露 | 认为 | 获悉 | 据悉 | 据了解 | 报道 | 消息 | 日前 | 近日 | 昨[天日] | 今[天日] | 当[天日地] | [0-9]日[，上下晚，]
    | (?-u:\b)(?: said | says | told | according[\x20\u{3000}]+to | announced | reported | reportedly | statement | officials? | spokes[0-9A-Za-z_]+ | [Oo]n[\x20\u{3000}]+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day | yesterday | recently | last[\x20\u{3000}]+(?:week|month|night) | this[\x20\u{3000}]+week )(?-u:\b) "
);
/// A day without its year, as news tells it.
static DAY: Pattern = pattern!(
    r"(?x) [0-9]{1,2}月[0-9]{1,2}日 | [0-9]{1,2}日[，上下晚0-9] | 近日 | 日前 | 昨[天日] | 今[天日] | 近期 | 本周
    | (?-u:\b)(?: (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day | (?:Jan|Feb|Mar|Apr|June?|July?|Aug|Sep|Oct|Nov|Dec)[0-9A-Za-z_]*\.?[\x20\u{3000}][0-9]{1,2}(?:st|nd|rd|th)? | [0-9]{1,2}(?:st|nd|rd|th) | [Rr]ecently | yesterday )(?-u:\b) "
);
/// Titles and publishers of other things.
static NOT_NEWS: Pattern = pattern!(
    r"(?xi) 百科 | 维基 | 手册 | 教程 | 食谱 | 做法 | 歌词 | 攻略 | 说明书 | 招聘 | 博客
    | wiki(?:pedia|media)? | ^how[\x20\u{3000}]+to(?-u:\b) | ^how[\x20\u{3000}]+i(?-u:\b) | (?-u:\b)(?:recipes? | lyrics | tutorial | user[\x20\u{3000}]+guide | handbook | manual | documentation | cheat[\x20\u{3000}]?sheet | list[\x20\u{3000}]+of | faq | chapter[\x20\u{3000}]+[0-9A-Za-z_]+ | references | abstract)(?-u:\b) "
);
/// A speech opens like this, not an article.
static SPEECH: Pattern = pattern!(
    r"(?i)^(?:各位|同志们|女士们|尊敬的)|^[^.]{0,40}(?-u:\b)(?:Mr\.?|Madam|Ladies and gentlemen|Ceann Comhairle|Cathaoirleach|wish to share time|my fellow)(?-u:\b)"
);
static PAPER: Pattern = pattern!(
    r"(?i)^(?:[0-9]+\.?[\x20\u{3000}]*)?(?:abstract|references|bibliography|keywords|参考文献|关键词|摘[\x20\u{3000}]?要)[:：]?$"
);

/// How much speaks for an article of news; `clues` of the document's blocks.
pub fn signs(document: &Document, clues: &[Clues], language: &Lang) -> Signs {
    let mut signs = Signs::default();
    let each = document.blocks.iter().zip(clues);
    let clued: Vec<(&str, Clues)> = each
        .filter(|(b, _)| matches!(b.kind, BlockKind::Paragraph | BlockKind::ListItem))
        .map(|(b, clues)| (document.text_of(b), *clues))
        .take(PARAGRAPHS)
        .collect();
    let paragraphs: Vec<&str> = clued.iter().map(|(text, _)| *text).collect();
    heads(&clued, &mut signs);
    let in_outlet = publishers(document, &mut signs);
    wording(&clued, &mut signs);
    if document.metadata.is_article {
        signs.add(2, "article");
    }
    against(document, &paragraphs, &mut signs);
    // Papers print interviews and opinions.
    if !in_outlet && personal(&paragraphs, language) {
        signs.add(-2, "");
    }
    signs
}

/// Dateline and reporter.
fn heads<'d>(paragraphs: &[(&'d str, Clues)], signs: &mut Signs) {
    let first = |count| paragraphs.iter().take(count).map(|(p, _)| first_chars(p, 160));
    if let Some(words) = first(4).find_map(|p| dateline(p.trim_start())) {
        signs.add(3, words);
    }
    let mut ends = paragraphs.iter().take(6).chain(paragraphs.iter().skip(6).rev().take(2));
    let reporter =
        |(p, clues): &(&'d str, Clues)| clues.has(Clue::Reporter).then(|| find(&REPORTER, first_chars(p, 160)))?;
    if let Some(words) = ends.find_map(reporter) {
        signs.add(2, words);
    }
    if let Some(words) = first(2).find_map(|p| find(&DAY, p)) {
        signs.add(1, words);
    }
}

/// The head of an article, which comes first; of two in one place the Chinese.
fn dateline(text: &str) -> Option<&str> {
    let chinese = if has_ideograph(text) { DATELINE.find(text) } else { None };
    let english = DATELINE_EN.find(text).filter(|e| chinese.is_none_or(|c| e.start() < c.start()));
    english.or(chinese).map(|found| found.as_str())
}

/// The outlet in the title's suffix, the byline, the publisher's name or the address; whether one was found.
fn publishers(document: &Document, signs: &mut Signs) -> bool {
    static CLOCK: Pattern = pattern!(r"(?-u:\b)[0-2]?[0-9][:：][0-5][0-9](?-u:\b)|来源[\x20\u{3000}]*[：:]");
    static ADDRESS: Pattern = pattern!(
        r"(?i)(?-u:\b)news|xinhua|people\.(?:com\.)?cn|chinanews|daily|times(?-u:\b)|post(?-u:\b)|herald|tribune|ribao|/article"
    );
    let metadata = &document.metadata;
    let before = signs.score;
    if let Some(words) = find(&SUFFIX, &document.title.value).and_then(|s| find(&OUTLET, s)) {
        signs.add(2, words);
    }
    let sources = metadata.sources.iter().map(|s| s.value.as_str());
    let lines = metadata.bylines.iter().map(String::as_str);
    if let Some(words) = sources.chain(lines.clone()).find_map(|s| find(&OUTLET, s)) {
        signs.add(2, words);
    }
    let in_outlet = signs.score > before;
    // A line with the time of day: pages of news are stamped to the minute.
    if let Some(words) = lines.clone().find_map(|l| find(&CLOCK, l)) {
        signs.add(1, words);
    }
    if let Some(words) = metadata.url.as_ref().and_then(|u| find(&ADDRESS, &u.value)) {
        signs.add(1, words);
    }
    if !metadata.authors.is_empty() {
        signs.add(1, "");
    }
    in_outlet
}

/// How many paragraphs report.
fn wording(paragraphs: &[(&str, Clues)], signs: &mut Signs) {
    let clued = paragraphs.iter().filter(|(_, clues)| clues.has(Clue::Reporting));
    let mut reporting = clued.filter_map(|(p, _)| REPORTING.find(first_chars(p, 600)));
    let Some(first) = reporting.next() else { return };
    // More of them say no more.
    let count = 1 + reporting.take(paragraphs.len().div_ceil(3) - 1).count();
    if count * 3 >= paragraphs.len() {
        signs.add(2, first.as_str());
    } else if count * 8 >= paragraphs.len() {
        signs.add(1, first.as_str());
    }
}

/// What speaks against news.
fn against(document: &Document, paragraphs: &[&str], signs: &mut Signs) {
    let metadata = &document.metadata;
    let sources = metadata.sources.iter().map(|s| s.value.as_str());
    let url = metadata.url.iter().map(|u| u.value.as_str());
    if std::iter::once(document.title.value.as_str()).chain(sources).any(|t| NOT_NEWS.is_match(t))
        || url.into_iter().any(|u| ["wiki", "baike.", "blog", "/docs/"].iter().any(|w| u.contains(w)))
    {
        signs.add(-5, "");
    }
    if document.text.len() > LONG {
        signs.add(-3, "");
    }
    if paragraphs.first().is_some_and(|p| SPEECH.is_match(first_chars(p, 100))) {
        signs.add(-3, "");
    }
    if document.blocks.iter().map(|b| document.text_of(b)).any(|t| t.len() < 30 && PAPER.is_match(t.trim())) {
        signs.add(-3, "");
    }
    let rows = document.blocks.iter().filter(|b| b.kind == BlockKind::TableRow).count();
    if rows * 2 > document.blocks.len() {
        signs.add(-1, "");
    }
}

/// Whether a text speaks of its writer or to its reader: blogs, advice, speeches.
fn personal(paragraphs: &[&str], language: &Lang) -> bool {
    const SHARE: usize = 40;
    if language.base() == "zh" {
        let (mut all, mut own) = (0usize, 0usize);
        for text in paragraphs {
            // What others say is quoted.
            let mut chars = text.chars().peekable();
            let mut quoted = false;
            while let Some(c) = chars.next() {
                all += 1;
                match c {
                    '“' | '「' => quoted = true,
                    '”' | '」' => quoted = false,
                    '我' if !quoted => {
                        own += usize::from(chars.peek().is_none_or(|n| !"国省市县区州校院军方党社司".contains(*n)));
                    }
                    _ => {}
                }
            }
        }
        return own * 2 * SHARE > all;
    }
    let (mut all, mut own) = (0usize, 0usize);
    for word in paragraphs.iter().flat_map(|text| words(text, is_alphabetic)) {
        all += 1;
        own += usize::from(matches!(word, "I" | "my" | "you" | "your" | "You" | "My" | "me"));
    }
    all >= 40 && own * SHARE > all
}

#[cfg(test)]
mod tests {
    use super::super::super::test::{clues, document, words_of};
    use super::*;

    #[track_caller]
    fn check(title: &str, blocks: &[&str], language: &str, expected: bool) {
        let document = document(title, blocks);
        let clues = clues(&document);
        let found = signs(&document, &clues, &Lang::new(language));
        // Clues save time and change nothing.
        let all = vec![Clues::ALL; clues.len()];
        assert_eq!(format!("{found:?}"), format!("{:?}", signs(&document, &all, &Lang::new(language))));
        assert_eq!(found.score >= super::super::NEWS_MIN, expected, "{title} {found:?}");
    }

    #[test]
    fn of_two_heads_the_first_is_taken_and_of_two_in_one_place_the_chinese() {
        assert_eq!(dateline("BEIJING, URUMQI, KORLA -- 本报讯 陆港。"), Some("BEIJING, URUMQI, KORLA --"));
        assert_eq!(dateline("ABC — 新华社10日电 陆港开通。"), Some("ABC — 新华社10日电"));
        assert_eq!(dateline("本报讯 陆港开通。"), Some("本报讯"));
        assert_eq!(dateline("陆港开通。"), None);
    }

    #[test]
    fn news_is_known_by_head_outlet_and_wording() {
        check("陆港开通", &["新华社乌鲁木齐7月26日电（记者王某）陆港开通。"], "zh", true);
        check("陆港开通-新华网", &["陆港位于市区。"], "zh", true);
        check("陆港开通", &["据外媒报道，陆港开通。"], "zh", true);
        check("Dry port opens", &["SAN FRANCISCO (AP) — The port opened."], "en", true);
        check("Dry port opens", &["The port opened on Monday, officials said."], "en", true);
        check("Dry port opens - China News", &["The port is large."], "en", true);
        check("陆港", &["陆港是内陆的港口。"], "zh", false);
        check("Dry port", &["A dry port is an inland port."], "en", false);
    }

    #[test]
    fn advice_and_encyclopedias_are_not_news() {
        check("How to build a dry port", &["Experts said it is easy.", "A man told us."], "en", false);
        check("陆港_百科", &["近日，陆港表示，正文。"], "zh", false);
        check("References", &["A. Author. 2020. Officials said. Daily Times."], "en", false);
    }

    #[test]
    fn a_third_of_the_paragraphs_that_report_count_twice_an_eighth_once() {
        for all in 1..=PARAGRAPHS {
            for reporting in 0..=all {
                let text = |at: usize| if at < reporting { "Officials said so." } else { "The port is large." };
                let paragraphs: Vec<(&str, Clues)> = (0..all).map(|at| (text(at), Clues::of(text(at)))).collect();
                let mut signs = Signs::default();
                wording(&paragraphs, &mut signs);
                let expected = match reporting {
                    0 => 0,
                    _ => i32::from(reporting * 3 >= all) + i32::from(reporting * 8 >= all),
                };
                assert_eq!(signs.score, expected, "{reporting} of {all}");
            }
        }
    }

    #[test]
    fn no_word_of_reporting_and_no_reporter_is_without_its_clue() {
        use proptest::strategy::{Strategy, ValueTree};
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for (pattern, clue) in [(&REPORTING, Clue::Reporting), (&REPORTER, Clue::Reporter)] {
            // Of both cases the usual letters only: nobody writes a long s today.
            let words = words_of(&pattern.source().replace("(?xi)", "(?x)"));
            let mut found = 0;
            for _ in 0..8_000 {
                let words = words.new_tree(&mut runner).unwrap().current();
                for text in [format!("Some {words} more"), words.to_uppercase(), format!("一{words}，{words}"), words]
                {
                    if pattern.is_match(&text) {
                        found += 1;
                        assert!(Clues::of(&text).has(clue), "{clue:?}: {text:?}");
                    }
                }
            }
            assert!(found > 8_000, "{clue:?}: {found}");
        }
    }
}
