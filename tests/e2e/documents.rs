//! How documents are read: formats, encodings, clutter, metadata, passages.

use crate::support::{corpus, strings};
use serde_json::Value;

const BODY: &str = "The regional government said that the dry port of the capital would open a second yard, that trains would \
                    leave every day, and that customs would clear containers within the hour, as planned before.";

fn page(head: &str, main: &str) -> String {
    let menu = "<li><a href='/x'>Another headline of the day</a></li>".repeat(12);
    format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8>{head}<script>track('<p>script text</p>')</script></head><body>\
         <div class=cookie-notice>We use cookies to improve your experience.</div><nav><ul>{menu}</ul></nav>{main}\
         <div class='share-buttons'>Share on Example</div><div class=related><h3>Related stories</h3><ul>{menu}</ul></div>\
         <div class=comments><p>Comment by a reader: nonsense.</p></div><footer>Copyright Example Daily</footer></body></html>"
    )
}

#[track_caller]
fn inspect(name: &str, text: &str) -> Value {
    corpus().file(name, text).inspect(name)
}

#[test]
fn of_a_web_page_only_the_main_text_is_read() {
    let main = format!(
        "<div class=article><h1>Dry port opens</h1><p>{BODY}</p><h2>Next steps</h2><p>{BODY} Again.</p><ul><li>one thing</li><li>another thing</li></ul><p>{BODY} Third.</p></div>"
    );
    let folder = corpus().file("a.html", &page("<title>Dry port opens | Example Daily</title>", &main));
    let text = folder.run(["inspect", "--text", "docs/a.html"]).stdout.clone();
    assert!(text.starts_with(BODY), "{text}");
    for kept in ["Next steps", "one thing", "another thing", "Third."] {
        assert!(text.contains(kept), "{kept} is lost: {text}");
    }
    for clutter in [
        "cookies",
        "Another headline",
        "Share on",
        "Related",
        "Comment by",
        "Copyright",
        "script text",
        "Dry port opens",
    ] {
        assert!(!text.contains(clutter), "{clutter} is left: {text}");
    }
}

#[test]
fn metadata_of_a_page_is_read_and_says_where_it_was_found() {
    let head = "<title>Dry port opens | Example Daily</title><meta property='og:site_name' content='Example Daily'>\
                <link rel=canonical href='https://news.example.com/a'>\
                <script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Dry port opens\",\"datePublished\":\"2020-06-05T08:00:00+08:00\"}</script>";
    let found = inspect("a.html", &page(head, &format!("<article><p>{BODY}</p><p>{BODY} Again.</p></article>")));
    assert_eq!(found["title"], "Dry port opens");
    assert_eq!((&found["date"], &found["found_in"]["date"]), (&"2020-06-05".into(), &"meta".into()));
    assert_eq!((&found["year"], &found["kind"]), (&2020.into(), &"news".into()));
    assert_eq!((&found["source"], &found["url"]), (&"Example Daily".into(), &"https://news.example.com/a".into()));
    assert_eq!(
        (&found["format"], &found["encoding"], &found["language"]),
        (&"html".into(), &"UTF-8".into(), &"en".into())
    );
}

#[test]
fn a_chinese_page_gives_its_date_source_and_title_from_the_page_itself() {
    let body = "乌鲁木齐国际陆港区今年加快建设，中欧班列开行数量继续增长，口岸通关效率明显提升，沿线贸易往来更加密切。"
        .repeat(4);
    let main = format!(
        "<h1>陆港区加快建设</h1><div class=info>发布时间：2021-03-05 09:12　来源：天山示例报</div><div class=TRS_Editor><p>{body}</p><p>{body}</p></div>"
    );
    let found = inspect("a.html", &page("<title>陆港区加快建设_新闻频道_天山示例网</title>", &main));
    assert_eq!((&found["title"], &found["found_in"]["title"]), (&"陆港区加快建设".into(), &"text".into()));
    assert_eq!((&found["date"], &found["found_in"]["date"]), (&"2021-03-05".into(), &"text".into()));
    assert_eq!((&found["source"], &found["language"]), (&"天山示例报".into(), &"zh".into()));
}

#[test]
fn front_matter_wins() {
    let found = inspect(
        "a.md",
        "---\ntitle: Given title\ndate: 2019-04-02\nregion: Gansu\nkind: policy\nsource: Given Paper\n---\n# Other\n\nText about Xinjiang in 2021.\n",
    );
    assert_eq!(
        (&found["title"], &found["date"], &found["kind"]),
        (&"Given title".into(), &"2019-04-02".into(), &"policy".into())
    );
    assert_eq!((&found["issuer"]["code"], &found["source"]), (&"620000".into(), &"Given Paper".into()));
    for key in ["title", "date", "kind", "issuer", "source"] {
        assert_eq!(found["found_in"][key], "front matter", "{key}");
    }
}

#[test]
fn every_encoding_is_read_declared_or_not() {
    let text = "陆港建设报告\n\n新疆维吾尔自治区加快乌鲁木齐国际陆港区建设，推动中欧班列高质量发展，扩大对外开放。";
    let traditional = "陸港建設\n\n新疆加快國際陸港區建設，推動中歐班列發展，擴大對外開放，物流業者表示樂觀。";
    let utf16 = |to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    let page = |charset: &str| {
        format!(
            "<html><head><meta charset={charset}><title>陆港建设报告</title></head><body><p>{}</p></body></html>",
            text.repeat(3)
        )
    };
    let cases: [(&str, Vec<u8>, &str); 11] = [
        ("utf8.txt", text.into(), "UTF-8"),
        ("bom.txt", [b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8"),
        ("le.txt", [b"\xff\xfe".to_vec(), utf16(u16::to_le_bytes)].concat(), "UTF-16LE"),
        ("be.txt", [b"\xfe\xff".to_vec(), utf16(u16::to_be_bytes)].concat(), "UTF-16BE"),
        ("le-bare.txt", utf16(u16::to_le_bytes), "UTF-16LE"),
        ("be-bare.txt", utf16(u16::to_be_bytes), "UTF-16BE"),
        ("gb.txt", gb18030(text), "gb18030"),
        ("big5.txt", big5(traditional), "Big5"),
        ("declared.html", gb18030(&page("gb2312")), "gb18030"),
        ("contradicted.html", page("gb2312").into(), "UTF-8"),
        ("reverse.html", gb18030(&page("utf-8")), "gb18030"),
    ];
    let mut folder = corpus();
    for (name, bytes, _) in &cases {
        folder = folder.bytes(name, bytes);
    }
    for (name, _, encoding) in &cases {
        let found = folder.inspect(name);
        assert_eq!(found["encoding"], *encoding, "{name}");
        assert!(["陆港建设报告", "陸港建設"].contains(&found["title"].as_str().unwrap()), "{name}: {}", found["title"]);
    }
    let folder = folder.index();
    folder.search(["陆港区", "--limit", "50", "--no-collapse"]).assert_found(cases.len());
}

fn gb18030(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

fn big5(text: &str) -> Vec<u8> {
    encoding_rs::BIG5.encode(text).0.into_owned()
}

#[test]
fn the_content_decides_before_the_name() {
    let html = page("<title>A page</title>", &format!("<article><p>{BODY}</p><p>{BODY} Again.</p></article>"));
    assert_eq!(inspect("a.txt", &html)["format"], "html");
    assert_eq!(inspect("noextension", &html)["format"], "html");
    assert_eq!(inspect("a.txt", "Plain\n\nText.")["format"], "text");
}

#[test]
fn kinds_years_and_issuers_are_told() {
    let report =
        inspect("x.txt", "2021年甘肃省政府工作报告\n\n各位代表：\n\n现在，我代表省人民政府向大会报告工作，请予审议。");
    assert_eq!(
        (&report["kind"], &report["year"], &report["issuer"]["code"]),
        (&"report".into(), &2021.into(), &"620000".into())
    );
    let policy = inspect(
        "x.txt",
        "Notice of Yunnan Province on dry ports (2022)\n\nTo all counties: take note of what follows.",
    );
    assert_eq!((&policy["kind"], &policy["year"]), (&"policy".into(), &2022.into()));
    let news =
        inspect("x.txt", "Port opens\n\nURUMQI, June 12, 2020 (Agency) -- The port opened on Friday, officials said.");
    assert_eq!((&news["kind"], &news["date"]), (&"news".into(), &"2020-06-12".into()));
    let folder = corpus().file("甘肃省/2019.txt", "政府工作报告\n\n各位代表：过去一年成绩很大。");
    let found = folder.inspect("甘肃省/2019.txt");
    assert_eq!((&found["issuer"]["code"], &found["found_in"]["issuer"]), (&"620000".into(), &"folder".into()));
    assert_eq!((&found["year"], &found["found_in"]["year"]), (&2019.into(), &"file name".into()));
}

#[test]
fn dates_to_come_are_doubted() {
    let found = inspect("x.txt", "Port opens\n\n来源：示例报 2098-06-05\n\nThe port opened, officials said.");
    assert_eq!((&found["date"], &found["year"]), (&Value::Null, &Value::Null));
}

#[test]
fn passages_stay_under_their_heading_and_within_bounds() {
    let sentence = "The region will lay more rails to the west and open the yard of the port before the year ends. ";
    let text = format!(
        "# T\n\nShort start.\n\n## One\n\n{}\n\nShort.\n\n## Two\n\nAlso short.\n\nAnd short again.\n\n### Deep\n\nDeep down.\n",
        sentence.repeat(40)
    );
    let found = inspect("a.md", &text);
    let whole: Vec<char> = found["text"].as_str().unwrap().chars().collect();
    let passages = found["passages"].as_array().unwrap();
    let headings: Vec<String> = passages.iter().map(|p| strings(&p["heading"]).join(">")).collect();
    assert_eq!(headings.last().unwrap(), "Two>Deep");
    assert_eq!(headings.iter().filter(|h| *h == "Two").count(), 1, "short paragraphs of one heading are one passage");
    assert!(headings.iter().filter(|h| *h == "One").count() > 3, "a long paragraph is several passages");
    for passage in passages {
        let text = passage["text"].as_str().unwrap();
        let (start, end) = (passage["start"].as_u64().unwrap() as usize, passage["end"].as_u64().unwrap() as usize);
        assert_eq!(whole[start..end].iter().collect::<String>(), text);
        assert!(text.split_whitespace().count() <= 200 && text.ends_with('.'), "{text}");
    }
}

#[test]
fn a_passage_that_names_no_place_inherits_one() {
    let text = "# Work report of Gansu Province, 2021\n\n## Lanzhou\n\nThe yard was enlarged and more trains left from it.\n\n## Fields\n\nHarvests grew and farmers earned more than before.\n";
    let index = corpus().file("a.md", text).index();
    index.search(["yard", "--region", "Lanzhou"]).assert_found(1);
    index.search(["harvests", "--region", "Gansu"]).assert_found(1);
    index.search(["harvests", "--region", "Lanzhou"]).assert_nothing();
}
