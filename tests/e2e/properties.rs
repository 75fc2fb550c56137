//! What holds for any document at all: it gives text or a reason, every character of a passage leads
//! back to the bytes it came from, and cleaning what is clean changes nothing.

use dryport::annotate::annotate;
use dryport::clean::{Document, clean};
use dryport::extract::{RawBlock, RawDocument, document};
use dryport::model::{Date, Found, Origin, Span};
use dryport::source::{Blob, Limits};
use dryport::split::split;
use dryport::vocab::Vocabulary;
use encoding_rs::Encoding;
use proptest::prelude::*;

fn blob(name: &str, bytes: Vec<u8>) -> Blob {
    Blob { folders: vec!["docs".into()], ..Blob::of_file(name, bytes) }
}

/// The whole line; the document if there is one.
fn read(blob: &Blob) -> Option<Document> {
    let raw = document(blob, &Limits::default()).ok()?;
    let document = clean(raw);
    if !document.blocks.is_empty() {
        let passages =
            split(&annotate(document.clone(), Vocabulary::builtin(), Date::parse_iso("2026-01-01").unwrap()));
        for passage in &passages {
            assert_eq!(passage.span.of(&document.text), passage.text);
        }
    }
    assert_eq!(document.map.len(), document.text.len());
    Some(document)
}

/// Every character that is no blank leads to bytes that say the same.
fn assert_leads_back(document: &Document, bytes: &[u8]) {
    let encoding = Encoding::for_label(document.original.encoding.as_bytes()).expect("a known encoding");
    for (at, c) in document.text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let source = document.source(Span { start: at, end: at + c.len_utf8() });
        assert!(source.end <= bytes.len(), "{c:?} leads past the end");
        let there = encoding.decode_without_bom_handling(&bytes[source.start..source.end]).0;
        let narrow = |t: &str| {
            t.chars()
                .map(|c| {
                    char::from_u32(c as u32).map_or(c, |c| {
                        if ('！'..='～').contains(&c) { char::from_u32(c as u32 - 0xfee0).unwrap() } else { c }
                    })
                })
                .collect::<String>()
        };
        let same = there == c.to_string()
            || narrow(&there) == c.to_string()
            || narrow(&html_escape::decode_html_entities(&there)) == narrow(&c.to_string())
            || c == '|' && source.start == source.end;
        assert!(same, "{c:?} at {at} leads to {source:?}, which says {there:?}\n{}", document.text);
    }
}

/// Something between tags.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "(The dry port|trains of the region|grew by|in 2020|customs|and the yard)",
        2 => "[新疆陆港建设班列开行增长]{2,12}",
        1 => "(&amp;|&rsquo;|&nbsp;|２０２０年|café|\r\n|  |\u{a0}|，|。|, |\\. )",
        1 => "(<b>|</b>|<i>|</i>|<span class=x>|</span>|<br>|<!-- c -->|<a href='/x'>|</a>)",
    ]
}

fn page() -> impl Strategy<Value = String> {
    let paragraph = proptest::collection::vec(piece(), 6..30).prop_map(|p| p.join(" "));
    let block = (
        prop_oneof![Just("p"), Just("div"), Just("li"), Just("h2"), Just("td"), Just("blockquote"), Just("pre")],
        paragraph,
    );
    proptest::collection::vec(block, 1..8).prop_map(|blocks| {
        let body: String = blocks
            .iter()
            .map(|(tag, text)| match *tag {
                "li" => format!("<ul><li>{text}</li><li>{text}</li></ul>"),
                "td" => format!("<table><tr><td>{text}</td><td>x1</td></tr><tr><td>y</td><td>x2</td></tr></table>"),
                tag => format!("<{tag}>{text}</{tag}>\n"),
            })
            .collect();
        format!("<!doctype html><html><head><title>A title</title></head><body><nav><a href='/'>Home</a></nav><article>{body}</article></body></html>")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_text_or_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), name in "a\\.(html|txt|md)") {
        read(&blob(&name, bytes));
    }

    #[test]
    fn any_soup_of_tags_gives_text_or_a_reason(soup in "(<(div|p|table|tr|td|ul|li|a|b|h1|article|section|figure|pre|nav|script|title)( class=(comment|author|title|more|zoom))?>|</(div|p|table|tr|td|ul|b|a|nav|script)>|text\\. |新疆。|&amp|&#x|\u{0}|\u{fdd0}12\u{fdd1}|<|>|\"|'|=){0,120}", name in "a\\.(html|txt|md)") {
        if let Some(document) = read(&blob(&name, soup.into_bytes())) {
            assert_eq!(document.map.len(), document.text.len());
        }
    }

    #[test]
    fn every_character_of_a_page_leads_back_to_its_bytes(page in page(), label in "(utf-8|gb18030|big5|utf-16le|windows-1252)") {
        let bytes = match label.as_str() {
            "utf-8" => page.clone().into_bytes(),
            "utf-16le" => b"\xff\xfe".iter().copied().chain(page.encode_utf16().flat_map(u16::to_le_bytes)).collect(),
            label => {
                let encoding = Encoding::for_label(label.as_bytes()).unwrap();
                let page = page.replace("<head>", &format!("<head><meta charset={label}>"));
                encoding.encode(&page).0.into_owned()
            }
        };
        if let Some(document) = read(&blob("a.html", bytes.clone())) {
            assert_leads_back(&document, &bytes);
        }
    }

    #[test]
    fn every_character_of_a_text_leads_back_to_its_bytes(lines in proptest::collection::vec("([A-Z][a-z ]{10,70}[.,]?|[新疆陆港]{2,30}[。，]?|)", 1..12), markdown in any::<bool>(), gbk in any::<bool>()) {
        let text = lines.join("\r\n");
        let bytes = if gbk { encoding_rs::GBK.encode(&text).0.into_owned() } else { text.into_bytes() };
        if let Some(document) = read(&blob(if markdown { "a.md" } else { "a.txt" }, bytes.clone())) {
            assert_leads_back(&document, &bytes);
        }
    }

    #[test]
    fn cleaning_twice_changes_nothing(texts in proptest::collection::vec(
        "(Shaanxi ’s plan( &amp;amp; more)?|责任编辑：张伟|来源：天山晚报 2020-06-05|一、工作回顾|今年以来，记者张 伟文报道，|班列开行２０２０列。|Share this article|infra- structure and infrastructure|The government of the region said on Monday that the dry port would|open a second yard\\.|n the process of|A title|R E P O R T|â€™|Photo: Agency|\u{200b})",
        1..14,
    )) {
        let raw = |blocks: Vec<RawBlock>| {
            let mut raw = RawDocument { names: vec!["a.txt".into()], ..RawDocument::default() };
            raw.metadata.title = Some(Found::new("A title".to_string(), Origin::Text));
            raw.blocks = blocks;
            raw
        };
        let kind = dryport::extract::BlockKind::Paragraph;
        let once = clean(raw(texts.iter().map(|t| RawBlock::new(kind, t.as_str())).collect()));
        let again = clean(raw(once.blocks.iter().map(|b| RawBlock::new(b.kind, once.text_of(b))).collect()));
        prop_assert_eq!(&again.text, &once.text);
        prop_assert!(again.repairs.is_empty(), "{:?}", again.repairs);
    }
}
