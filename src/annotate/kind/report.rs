//! Reports: by title, by how they open, by what file and folder are called.

use super::super::clues::{Clue, Clues};
use super::{find, find_chinese};
use crate::analysis::has_ideograph;
use crate::clean::Document;
use crate::pattern::{Pattern, pattern};

/// About a report, not one.
static ABOUT: Pattern = pattern!(
    r"(?xi) 解读 | 图解 | 一图 | 图说 | 看点 | 热议 | 速览 | 划重点 | 学习 | 评论 | 点评 | 快评 | 贯彻 | 聚焦 | 点赞 | 读懂 | 亮点 | 要点 | 关键词
    | 数读 | 侧记 | 综述 | 起草 | 写[入进] | 分组审议 | 讨论 | 反响 | 金句 | 干货
    | (?-u:\b)(?: interpret[0-9A-Za-z_]* | highlights? | key[\x20\u{3000}]+(?:figures|points|takeaways|words) | takeaways | explain[0-9A-Za-z_]* | reactions? | analysis | at[\x20\u{3000}]+a[\x20\u{3000}]+glance | infographics? | decod[0-9A-Za-z_]+ )(?-u:\b) "
);
/// What a report is called, and what may follow in a title: a note in brackets, the day, the part.
static TITLE: Pattern = pattern!(
    r"(?xi) (
        政府(?:的)?工作(?:的)?报告 | 施政报告 | 报告政府工作
      | (?:人大常委会|常务委员会|常委会|人民法院|法院|人民检察院|检察院|政协.{0,12}委员会|人民委员会|人民政府)工作报告
      | (?:计划|预算|决算)(?:执行|草案)[^，。：]{0,40}的报告 | 法治政府建设.{0,12}报告 | 政府信息公开工作.{0,6}报告
      | 统计公报 | 计划执行(?:结果|情况)的(?:统计)?公报
    )(?: 》?[\x20\u{3000}]*(?:全文|文字实录|实录|摘要|节选|[（(【\[〔-] | [—─–_|:：]{1,2}[\x20\u{3000}]*(?:[0-9０-９一二三四五六七八九十〇○零（(在第]|$) | 第[一二三四五六七八九十0-9]+(?:部分|章|节|篇) | [一二三四五六七八九十]、 | $) )"
);
/// The same in English.
static TITLE_EN: Pattern = pattern!(
    r"(?xi) (
        report[\x20\u{3000}]+on[\x20\u{3000}]+(?:the[\x20\u{3000}]+)?(?:work[\x20\u{3000}]+of[\x20\u{3000}]+(?:the[\x20\u{3000}]+)?(?:[0-9A-Za-z_’']+[\x20\u{3000}]+){0,6}?government|government(?:['’]s)?[\x20\u{3000}]+work) | (?:government(?:['’]s)?[\x20\u{3000}]+)?work[\x20\u{3000}]+report
      | (?:statistical[\x20\u{3000}]+)?communiqu[eé][\x20\u{3000}]+.{0,60}economic[\x20\u{3000}]+and[\x20\u{3000}]+social[\x20\u{3000}]+development
      | report[\x20\u{3000}]+on[\x20\u{3000}]+the[\x20\u{3000}]+(?:implementation|execution)[\x20\u{3000}]+of[\x20\u{3000}]+.{0,80}(?:plan|budgets?)(?-u:\b)
      | state[\x20\u{3000}]+of[\x20\u{3000}]+the[\x20\u{3000}]+(?:union|nation|state|province)[\x20\u{3000}]*(?:address|message|speech)? | policy[\x20\u{3000}]+address
    ) (?: [\x20\u{3000}]* (?:$ | [,(\[:–—-] | (?:of|for|in|at|to|delivered|by)[\x20\u{3000}] | (?:19|20)[0-9][0-9] ) ) "
);
/// What may stand before it.
static BEFORE_EN: Pattern = pattern!(
    r"(?xi) ^\W*(?:(?:full|complete)[\x20\u{3000}]+text\W+(?:of[\x20\u{3000}]+)?)? (?:the[\x20\u{3000}]+)? (?:(?:19|20)[0-9][0-9][\x20\u{3000}]+)? [0-9A-Za-z_’'\x20.,-]{0,60}$"
);
/// A verb makes a headline of an English title.
static HEADLINE_EN: Pattern = pattern!(
    r"(?xi) (?-u:\b) (?: says | said | unveils? | deliver(?:s|ing) | stress(?:es)? | pledges? | sets | outlines? | hails? | reveals? | approves? | adopts? | lauds? | presents | calls | targets? | wins | gets | draws | vows | submits | reviews? | discuss[0-9A-Za-z_]* | deliberat[0-9A-Za-z_]* | released | issued | shows | on[\x20\u{3000}]+government[\x20\u{3000}]+work[\x20\u{3000}]+report ) (?-u:\b) "
);
/// `XX delivers the report`, the report's title or a headline: the text decides.
static DELIVERED: Pattern = pattern!(
    r"(?:[作做]|发表|听取|审议|发布|公布|聆听)(?:的|了)?《?(?:[^，。]{0,8})政府工作报告|对政府工作报告|围绕.{0,12}报告|在?政府工作报告中"
);

/// Whether a title is of something about a report.
pub fn is_about(title: &str) -> bool {
    ABOUT.is_match(title)
}

/// What a report is called in a title that is one's, not a headline's.
pub fn in_title(title: &str) -> Option<&str> {
    let headline =
        title.ends_with(['.', '。', '!', '！', '?', '？']) || has_ideograph(title) && DELIVERED.is_match(title);
    if headline {
        return None;
    }
    let in_english = || {
        Clues::of(title).has(Clue::Report).then_some(())?;
        let found = TITLE_EN.captures(title)?;
        BEFORE_EN.is_match(&title[..found.get(0)?.start()]).then_some(found.get(1)?.as_str())
    };
    find_chinese(&TITLE, title).or_else(|| in_english().filter(|_| !HEADLINE_EN.is_match(title)))
}

/// What a report is called in a file's or folder's name.
pub fn in_name(name: &str) -> Option<&str> {
    static ENGLISH: Pattern = pattern!(
        r"(?i)(?:gov(?:ernment|t)?[ _-]?)?work[ _-]?reports?|report[ _-]on[ _-]the[ _-]work[ _-]of[ _-](?:the[ _-])?government|state[ _-]of[ _-]the[ _-](?:union|nation)"
    );
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if is_about(stem) {
        return None;
    }
    in_title(stem).or_else(|| find(&ENGLISH, stem))
}

/// The words with which a work report opens: the salutation and the line of delivery, or its title over the text.
pub fn opening<'d>(document: &'d Document, clues: &[Clues]) -> Option<&'d str> {
    static HEAD: Pattern = pattern!(r"^.{0,40}(?:政府工作报告|统计公报|计划执行(?:结果|情况)的公报).{0,60}$");
    let blocks = || document.blocks.iter().take(8).map(|b| document.text_of(b));
    let title = document.title.value.as_str();
    let title = std::iter::once((title, Clues::of(title)));
    let (mut salutation, mut delivery, mut congress) = (None, None, false);
    let mut seen = 0;
    for (text, clues) in title.chain(blocks().zip(clues.iter().copied())) {
        if seen > 900 {
            break;
        }
        seen += text.chars().take(900).count();
        let head = first_chars(text, 400);
        if clues.has(Clue::Speaks) {
            salutation = salutation.or_else(|| find(&SALUTING, head));
            delivery = delivery.or_else(|| find(&SPEAKING, head));
        }
        if clues.has(Clue::Heard) || has_ideograph(head) {
            congress |= HEARD.is_match(head);
        }
        if clues.has(Clue::Heard)
            && let Some(words) = find(&ADDRESSED, head)
        {
            return Some(words);
        }
    }
    if delivery.is_some() || salutation.is_some() && congress {
        return delivery.or(salutation);
    }
    // A file without front matter: the title stands over the text.
    blocks().take(3).find_map(|text| {
        (text.chars().count() <= 100).then_some(())?;
        // Any text could begin so.
        ["政府工作报告", "统计公报", "计划执行"].iter().any(|w| text.contains(w)).then_some(())?;
        let titled = find_chinese(&HEAD, text)?;
        in_title(text).or_else(|| titled.contains("代表大会").then_some(titled)).filter(|_| !is_about(text))
    })
}

/// How a report greets those who hear it.
static SALUTING: Pattern = pattern!(
    r"(各位(?:人大)?代表)[\x20\u{3000}]*(?:[：:，,、！!]|$)|(?i)((?:fellow|dear|esteemed|distinguished|honou?rable)[\x20\u{3000}]+deputies)[\x20\u{3000}]*(?:[,:]|$)"
);
/// Who hears it.
static HEARD: Pattern =
    pattern!(r"(?i)代表大会.{0,20}会议|people['’]s[\x20\u{3000}]+congress|(?:请|供).{0,8}审议|工作报告");
/// Who reports to whom, in the first person: news quotes it in the third.
static SPEAKING: Pattern = pattern!(
    r"(?xi) (?: 我(?:受[^。]{0,30}委托[，,]?)?[，,]?[\x20\u{3000}]*(?:谨)?[\x20\u{3000}]*代表[^。]{2,30}[，,]?[\x20\u{3000}]*向(?:大会|本次大会|会议|大家)[^。]{0,12}(?:报告|作)
    | 我[^。]{0,6}(?:向大会)(?:报告|作)[^。]{0,20}(?:工作|报告)
    | on[\x20\u{3000}]+behalf[\x20\u{3000}]+of[\x20\u{3000}]+[^.]{3,90}?,[\x20\u{3000}]+I[\x20\u{3000}]+(?:will|now|hereby|am|would|have|shall|present|submit|deliver|report|wish)[^.]{0,60}(?:report|work) ) "
);
/// The executive's annual address to a legislature.
static ADDRESSED: Pattern = pattern!(
    r"(?xi) (?: (?:mr\.?|madam|mister)[\x20\u{3000}]+(?:speaker|president|chairman)[^:]{0,160}?(?:members[\x20\u{3000}]+of[\x20\u{3000}]+(?:the[\x20\u{3000}]+)?(?:[0-9]+[0-9A-Za-z_]{2}[\x20\u{3000}]+)?(?:congress|house|parliament|legislature)|my[\x20\u{3000}]+fellow[\x20\u{3000}]+(?:citizens|americans|countrymen))
    | ^to[\x20\u{3000}]+the[\x20\u{3000}]+(?:congress[\x20\u{3000}]+of[\x20\u{3000}]+the[\x20\u{3000}]+united[\x20\u{3000}]+states|senate[\x20\u{3000}]+and[\x20\u{3000}]+house[\x20\u{3000}]+of[\x20\u{3000}]+representatives) ) "
);

/// The salutation in the middle of a text that has lost its beginning: reports speak to the deputies between parts.
pub fn address_within(document: &Document) -> Option<&str> {
    static SALUTATION: Pattern = pattern!(
        r"^(各位代表)[\x20\u{3000}]*(?:[：:，,！!]|$)|^(?i)((?:fellow|esteemed|distinguished)[\x20\u{3000}]+deputies)[\x20\u{3000}]*(?:[,:!]|$)"
    );
    let starts = document.blocks.iter().map(|b| first_chars(document.text_of(b), 30));
    starts.into_iter().find_map(|s| find(&SALUTATION, s))
}

/// The first characters of a text.
pub fn first_chars(text: &str, count: usize) -> &str {
    // A character has a byte at least, and one of ASCII no more.
    match text.as_bytes().get(..count) {
        Some(bytes) if bytes.is_ascii() => &text[..count],
        Some(_) => text.char_indices().nth(count).map_or(text, |(at, _)| &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::test::{clues, document, words_of};
    use super::*;

    #[track_caller]
    fn check(title: &str, expected: bool) {
        assert_eq!(in_title(title).is_some() && !is_about(title), expected, "{title}");
    }

    #[test]
    fn what_stands_before_a_reports_name_makes_no_headline_of_it() {
        assert_eq!(
            in_title("Full text: Report on the Work of the Government"),
            Some("Report on the Work of the Government")
        );
        assert_eq!(in_title("The 2023 Xinjiang Government Work Report"), Some("Government Work Report"));
        assert_eq!(in_title("Markets: government work report"), None);
        assert_eq!(in_title(&format!("{} government work report", "long ".repeat(20))), None);
    }

    #[test]
    fn titles_of_reports_are_known() {
        for title in [
            "政府工作报告",
            "2025年上海市政府工作报告",
            "云南省政府工作报告 （2014年1月20日 李纪恒）",
            "政府工作报告——2012年3月5日在第十一届全国人民代表大会第五次会议上",
            "2024年某市政府工作报告（全文）",
            "某市政府工作报告（摘要）",
            "某市2023年国民经济和社会发展统计公报",
            "关于2023年国民经济和社会发展计划执行情况与2024年计划草案的报告",
            "最高人民法院工作报告",
            "Report on the Work of the Government",
            "2023 Government Work Report of Xinjiang",
            "Report on the Work of the Government (2024)",
            "Full text: Report on the Work of the Government",
            "State of the Union Address, 1965",
        ] {
            check(title, true);
        }
    }

    #[test]
    fn headlines_are_not_titles_of_reports() {
        for title in [
            "代表热议政府工作报告",
            "政府工作报告提出今年目标",
            "政府工作报告里的民生",
            "解读2025年政府工作报告",
            "政府工作报告：今年建设陆港",
            "省长作政府工作报告",
            "关于政府工作报告的决议",
            "政府工作报告重点任务分解方案",
            "Government work report sets growth target",
            "Premier delivers government work report",
            "Deputies discuss the report on the work of the government",
            "某公司2011年年度报告",
        ] {
            check(title, false);
        }
    }

    #[test]
    fn a_report_is_known_by_its_opening() {
        let opens = |blocks: &[&str]| {
            let document = document("无题", blocks);
            opening(&document, &clues(&document)).is_some()
        };
        assert!(opens(&["各位代表：", "现在，我代表省人民政府，向大会报告工作，请予审议。"]));
        assert!(opens(&["On behalf of the State Council, I will now report to you on the work of the government."]));
        assert!(opens(&[
            "Mr. Speaker, Mr. President, Members of the 96th Congress, and my fellow citizens:",
            "Tonight."
        ]));
        assert!(opens(&["1955年政府工作报告——1955年7月5日在第一届全国人民代表大会第二次会议上", "正文。"]));
        assert!(!opens(&["5日，总理代表国务院向大会作政府工作报告，各位代表认真审议。"]));
        assert!(!opens(&["女士们、先生们："]));
    }

    #[test]
    fn what_a_pattern_finds_is_never_without_its_clue() {
        use proptest::strategy::{Strategy, ValueTree};
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let patterns = [
            (&TITLE_EN, Clue::Report),
            (&SALUTING, Clue::Speaks),
            (&SPEAKING, Clue::Speaks),
            (&ADDRESSED, Clue::Heard),
        ];
        for (pattern, clue) in patterns {
            let words = words_of(&pattern.source().replace(r"\W", "-"));
            let mut found = 0;
            for _ in 0..2_000 {
                let words = words.new_tree(&mut runner).unwrap().current();
                if pattern.is_match(&words) {
                    found += 1;
                    assert!(Clues::of(&words).has(clue), "{clue:?}: {words:?}");
                }
            }
            assert!(found > 500, "{clue:?}: {found}");
        }
        for text in ["The People's Congress", "PEOPLE'S CONGRESS"] {
            assert!(HEARD.is_match(text) && Clues::of(text).has(Clue::Heard));
        }
    }
}
