//! How text is cleaned: what is repaired, where it came from, and the page that shows it.

use crate::support::{corpus, one};
use serde_json::Value;
use std::fs;

const BODY: &str = "The regional government said that the dry port of the capital would open a second yard, that trains would \
                    leave every day, and that customs would clear containers within the hour, as planned before.";

fn page(main: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>Dry port opens</title></head><body><nav><a href='/'>Home page</a></nav>{main}</body></html>"
    )
}

#[test]
fn damaged_text_is_found_as_it_was_meant() {
    for (text, query) in [
        ("Shaanxi ’s action plan was published.", "\"Shaanxi’s action plan\""),
        ("本报记者张 伟文报道，今年以来新疆加快建设国际陆港，中欧班列开行数量继续保持增长。", "张伟文"),
        ("The plan of ２０２０ was published.", "\"plan of 2020\""),
        ("The in\u{ad}land port\u{200b} opened.", "\"inland port opened\""),
        ("Chinaâ€™s dry port opened.", "\"China’s dry port\""),
        ("鏂扮枂 的陆港。", "新疆"),
        ("The dry&nbsp;port &amp;amp; the hub opened.", "\"dry port\""),
        ("The infrastructure fund pays for infra- structure.", "\"for infrastructure\""),
    ] {
        one(&format!("A title\n\n{text}\n")).index().search([query]).assert_found(1);
    }
}

#[test]
fn a_repair_says_what_was_there_and_where() {
    let text = "A title\n\nShaanxi ’s plan.\n";
    let found = corpus().file("a.txt", text).inspect("a.txt");
    assert_eq!(found["text"], "Shaanxi’s plan.");
    let repair = &found["repairs"][0];
    assert_eq!((&repair["kind"], &repair["was"], &repair["now"]), (&"blank".into(), &" ".into(), &"".into()));
    let at = text.find(" ’").unwrap();
    assert_eq!(repair["bytes"], serde_json::json!([at, at + 1]));
    assert_eq!(found["passages"][0]["bytes"], serde_json::json!([text.find("Shaanxi").unwrap(), text.len() - 1]));
}

#[test]
fn a_passage_leads_back_to_the_bytes_of_a_page_in_another_encoding() {
    let main = format!("<article><p>{BODY}</p><h2>陆港</h2><p>新疆建设国际陆港区&mdash;班列开行。</p></article>");
    let bytes = encoding_rs::GBK.encode(&page(&main).replace("<head>", "<head><meta charset=gb2312>")).0.into_owned();
    let folder = corpus().bytes("a.html", &bytes).index();
    let found = folder.search(["班列"]);
    let range: Vec<usize> = serde_json::from_value(found.hits()[0]["passage"]["bytes"].clone()).unwrap();
    let source = encoding_rs::GBK.decode_without_bom_handling(&bytes[range[0]..range[1]]).0;
    assert_eq!(source, "新疆建设国际陆港区&mdash;班列开行。");
}

#[test]
fn every_value_says_where_it_was_found_and_how_sure_it_is() {
    let head = "<meta property='og:title' content='Dry port opens'><meta name=author content='Li Wei'>\
                <script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"datePublished\":\"2020-06-05\"}</script>\
                <link rel=canonical href='https://news.example.com/a'>";
    let html = page(&format!("<article><p>{BODY}</p></article>")).replace("</head>", &format!("{head}</head>"));
    let found = corpus().file("a.html", &html).inspect("a.html");
    for (field, value, found_in, place, confidence) in [
        ("title", "Dry port opens", "meta", "meta og:title", "high"),
        ("date", "2020-06-05", "meta", "JSON-LD datePublished", "high"),
        ("author", "Li Wei", "meta", "meta author", "high"),
        ("url", "https://news.example.com/a", "meta", "link canonical", "high"),
        ("source", "news.example.com", "meta", "address", "low"),
    ] {
        let evidence = &found["evidence"][field];
        assert_eq!(found[field], value);
        assert_eq!(
            (&evidence["found_in"], &evidence["place"], &evidence["confidence"]),
            (&found_in.into(), &place.into(), &confidence.into()),
            "{field}"
        );
    }
    for field in ["language", "kind", "year"] {
        assert!(found["evidence"][field]["confidence"].is_string(), "{field}");
    }
}

#[test]
fn captions_and_notes_are_told_from_the_body() {
    let main = format!(
        "<article><p>{BODY}</p><figure><img src=a.jpg><figcaption>The yard in June. Photo: Agency</figcaption></figure>\
         <p>{BODY} Again[1].</p><p><b>What comes next</b></p><p>{BODY} Third.</p><div class=footnotes><p id=fn1>[1] Yearbook of the region.</p></div></article>"
    );
    let folder = corpus().file("a.html", &page(&main)).index();
    let body = folder.run(["inspect", "--text", "docs/a.html"]).stdout.clone();
    assert!(!body.contains("The yard in June") && body.contains("Third."), "{body}");
    // What is no body can be found all the same.
    folder.search(["\"yard in June\""]).assert_found(1);
    folder.search(["\"Yearbook of the region\""]).assert_found(1);
    let found = folder.inspect("a.html");
    let under: Vec<&Value> = found["passages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| p["heading"] == serde_json::json!(["What comes next"]))
        .collect();
    assert!(under[0]["text"].as_str().unwrap().contains("Third."));
}

#[test]
fn a_page_shows_what_was_kept_dropped_and_repaired() {
    let main = format!(
        "<h1>Dry port opens</h1><article><p>{BODY}</p><p>Shaanxi ’s &lt;script&gt;alert(1)&lt;/script&gt; plan.</p></article><footer>Imprint \u{202e}</footer>"
    );
    let folder = corpus().file("a.html", &page(&main));
    folder.run(["inspect", "docs/a.html", "--html", "out.html"]).assert_ok();
    let shown = fs::read_to_string(folder.path("out.html")).unwrap();
    for part in [
        "<span class=\"dropped\">Home page</span>",
        "<span class=\"dropped\">Imprint \u{fffd}</span>",
        "<span class=\"metadata\">Dry port opens</span>",
        &format!("<p>{BODY}</p>"),
        "Shaanxi<span class=\"repaired\" title=\"blank\" data-now=\"\"> </span>’s &lt;script&gt;alert(1)",
        "default-src 'none'",
    ] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    assert!(!shown.contains("<script"));
    // Again over its own page, but never over a document.
    folder.run(["inspect", "docs/a.html", "--html", "out.html"]).assert_ok();
    folder.run(["inspect", "docs/a.html", "--html", "docs/a.html"]).assert_error("--html cannot be `docs/a.html`");
    assert!(fs::read_to_string(folder.doc("a.html")).unwrap().contains("Home page"));
}

#[test]
fn dates_are_told_from_those_of_other_articles() {
    let teaser = "<li><a href='/x'>Another headline of the day</a> <span>2019-01-02</span></li>".repeat(5);
    for (main, expected) in [
        ("<h1>Dry port opens</h1><div>来源：天山晚报 2020-06-05 09:12</div>", Some("2020-06-05")),
        ("<h1>Dry port opens</h1><p class=byline>By Li Wei, June 5, 2020</p>", Some("2020-06-05")),
        ("<h1>Dry port opens</h1><p>发布时间：二〇二〇年六月五日</p>", Some("2020-06-05")),
        ("<h1>Dry port opens</h1><p>Published 05.06.2020</p>", Some("2020-06-05")),
        ("<h1>Dry port opens</h1>", None),
    ] {
        let html =
            page(&format!("<ul class=latest>{teaser}</ul>{main}<article><p>{BODY}</p><p>{BODY} Again.</p></article>"));
        let found = corpus().file("a.html", &html).inspect("a.html");
        assert_eq!(found["date"].as_str(), expected, "{main}: {}", found["evidence"]["date"]);
    }
}

#[test]
fn encodings_are_read_right_whatever_the_page_says() {
    let chinese = "新疆建设国际陆港区，中欧班列开行数量继续增长，对外开放水平不断提高。";
    let html = |charset: &str| {
        page(&format!("<article><p>{chinese}</p><p>{chinese}</p></article>"))
            .replace("<head>", &format!("<head><meta charset={charset}>"))
    };
    let gbk = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let traditional = "臺灣與大陸之間的貿易持續增長，港口吞吐量創下新高，物流業者表示樂觀。";
    let big5 = page(&format!("<article><p>{traditional}</p></article>"));
    let utf16: Vec<u8> = html("utf-16").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut damaged = gbk(&html("gb2312"));
    let at = damaged.len() - 60;
    damaged.insert(at, 0xff);
    for (name, bytes, encoding, replaced, text) in [
        ("utf8-said-gbk", html("gb2312").into_bytes(), "UTF-8", 0, chinese),
        ("gbk-said-utf8", gbk(&html("utf-8")), "gb18030", 0, chinese),
        ("gbk-undeclared", gbk(&html("x")), "gb18030", 0, chinese),
        ("four-bytes", gbk(&html("gb18030").replace("陆港区", "陆港区𠀀")), "gb18030", 0, "陆港区𠀀"),
        ("big5", encoding_rs::BIG5.encode(&big5).0.into_owned(), "Big5", 0, traditional),
        ("utf16-no-mark", utf16, "UTF-16LE", 0, chinese),
        ("mark-in-the-middle", html("utf-8").replace("中欧", "\u{feff}中欧").into_bytes(), "UTF-8", 0, chinese),
        ("one-bad-byte", damaged, "gb18030", 1, chinese),
    ] {
        let found = corpus().bytes("a.html", &bytes).inspect("a.html");
        assert_eq!((&found["encoding"], &found["replaced_characters"]), (&encoding.into(), &replaced.into()), "{name}");
        assert!(found["text"].as_str().unwrap().contains(text), "{name}: {}", found["text"]);
    }
}
