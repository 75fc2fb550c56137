use super::super::test::{lines, members, members_of};
use super::*;
use crate::source::Limits;
use proptest::prelude::*;

fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><!-- c --><rss version='2.0' xmlns:content='c' xmlns:media='m'><channel><title>Wire &amp; Co</title>\
         <language>en-gb</language><image><title>Logo</title></image>{items}</channel></rss>"
    )
}

#[track_caller]
fn check(feed: &str, expected: &[&str]) {
    assert_eq!(lines(&CONTAINER, "a.xml", feed.as_bytes()), expected);
}

#[track_caller]
fn given(feed: &str, field: &str) -> Vec<Option<String>> {
    let (members, _) = members(&CONTAINER, "a.xml", feed.as_bytes());
    let value = |m: (String, Result<Blob, Problem>)| m.1.unwrap().given.field(field).unwrap().take().map(|f| f.value);
    members.into_iter().map(value).collect()
}

#[test]
fn items_of_rss_have_the_fullest_text_and_what_is_said_of_them() {
    let feed = rss(
        "<item><title>A &lt;b&gt;port&lt;/b&gt;</title><link>http://a.example/1</link><description>short</description>\
         <content:encoded><![CDATA[<p>One &ldquo;two&rdquo;.</p>]]></content:encoded><media:title>no</media:title>\
         <pubDate>Fri, 05 May 2023 09:30:00 +0800</pubDate><author>x@a.example (Sun Qiang)</author></item>\
         <item><title>新闻</title><guid isPermaLink='false'>g-2</guid><description>正文 R&amp;amp;D</description></item>",
    );
    check(
        &feed,
        &[
            "http://a.example/1 [1.fragment.html] <html><body><p>One &ldquo;two&rdquo;.</p></body></html>",
            "g-2 [2.txt] 正文 R&D",
        ],
    );
    let some = |v: &str| Some(v.to_string());
    assert_eq!(given(&feed, "title"), [some("A port"), some("新闻")]);
    assert_eq!(given(&feed, "source"), [some("Wire & Co"), some("Wire & Co")]);
    assert_eq!(given(&feed, "author"), [some("Sun Qiang"), None]);
    assert_eq!(given(&feed, "date"), [some("Fri, 05 May 2023 09:30:00 +0800"), None]);
    assert_eq!(given(&feed, "language"), [some("en-gb"), None], "an item in Chinese is not English");
    assert_eq!(given(&feed, "url"), [some("http://a.example/1"), None]);
}

#[test]
fn items_of_rdf_stand_beside_the_channel() {
    let feed = "<rdf:RDF xmlns:rdf='x' xmlns='http://purl.org/rss/1.0/'><channel rdf:about='f'><title>F</title><items><rdf:Seq>\
        <rdf:li rdf:resource='http://a.example/a'/></rdf:Seq></items></channel>\
        <item rdf:about='http://a.example/a'><title>T</title><description>Text.</description><dc:creator>B</dc:creator></item></rdf:RDF>";
    check(feed, &["http://a.example/a [1.txt] Text."]);
    assert_eq!(given(feed, "author"), [Some("B".to_string())]);
    assert!(recognises(&Head::new(feed.as_bytes())));
}

#[test]
fn entries_of_atom_are_text_html_or_elements() {
    let entry = |content: &str| {
        format!(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>F</title><author><name>Desk</name><uri>u</uri></author>\
             <entry><title type='html'>A &lt;em&gt;b&lt;/em&gt;</title><link rel='self' href='no'/><link href='http://a.example/e'/>\
             <updated>2022-11-20</updated><source><id>x</id><title>Origin</title></source>{content}</entry></feed>"
        )
    };
    for (content, name, text) in [
        ("<content type='html'>&lt;p&gt;x</content>", "1.fragment.html", "<html><body><p>x</body></html>"),
        ("<content>a &lt; b</content>", "1.txt", "a < b"),
        ("<content type='text'>a &lt;p&gt; b</content>", "1.txt", "a <p> b"),
        (
            "<summary>s</summary><content type='xhtml'><h:div xmlns:h='x'><h:p>a &amp; b</h:p></h:div></content>",
            "1.fragment.html",
            "<html><body><div xmlns:h='x'><p>a &amp; b</p></div></body></html>",
        ),
        ("<summary>s</summary><content src='http://a.example/x'/>", "1.txt", "s"),
    ] {
        check(&entry(content), &[&format!("http://a.example/e [{name}] {text}")]);
    }
    let feed = entry("<content>x</content>");
    let some = |v: &str| [Some(v.to_string())];
    assert_eq!(given(&feed, "title"), some("A b"));
    assert_eq!(given(&feed, "author"), some("Desk"));
    assert_eq!(given(&feed, "date"), some("2022-11-20"));
    assert_eq!(given(&feed, "source"), some("Origin"));
    assert_eq!(given(&feed, "language"), some("en"));
}

#[test]
fn sloppy_xml_loses_nothing() {
    let feed = rss("<item><title>a</i></title><description>R&D &nbsp;&unknown; <br>b <b>c</description></item>\
         <item><guid>2</guid><description>5 &lt; 6<title>t</item><item><guid>3</guid><description>d</description></item>");
    let lines = lines(&CONTAINER, "a.xml", feed.as_bytes());
    assert!(lines[0].contains("R&D &nbsp;&unknown; <br>b <b>c"), "{lines:?}");
    assert!(lines[1].starts_with("2 [2.") && lines[1].contains("5 "), "{lines:?}");
    assert_eq!(lines[2], "3 [3.txt] d");
    assert_eq!(lines.len(), 3);
}

#[test]
fn a_broken_item_costs_itself_and_a_cut_feed_its_last() {
    let item = |n: u32| format!("<item><guid>{n}</guid><description>text {n}</description></item>");
    let feed = rss(&format!("{}<item><guid>x</guid><!bad></item>{}", item(1), item(3)));
    let whole = lines(&CONTAINER, "a.xml", feed.as_bytes());
    assert_eq!((whole[0].as_str(), whole[2].as_str()), ("1 [1.txt] text 1", "3 [3.txt] text 3"));
    assert!(whole[1].starts_with("x: is damaged") && whole.len() == 3, "{whole:?}");
    let feed = rss(&format!("{}{}", item(1), item(2)));
    let cut = lines(&CONTAINER, "a.xml", &feed.as_bytes()[..feed.len() - 40]);
    assert_eq!(cut[0], "1 [1.txt] text 1");
    assert_eq!(cut[1..], ["2: is damaged: it ends in the middle", "end: is damaged: it ends in the middle"]);
}

#[test]
fn what_is_no_feed_and_an_item_without_text_are_said_to_be_so() {
    check("<?xml version='1.0'?><book/>", &["end: XML that is no feed is not a format that is read"]);
    check(&rss(""), &["end: has no items"]);
    check(&rss("<item><title>t</title></item>"), &["1: has only a title in the feed, no text"]);
    assert!(!recognises(&Head::new(b"<feed><cow/></feed>")) && !recognises(&Head::new(b"<rssfeed>")));
}

#[test]
fn encodings_entities_and_depth() {
    let text = "<?xml version=\"1.0\" encoding=\"GB2312\"?><rss><channel><item><title>港</title><description>武威陆港</description></item></channel></rss>";
    assert_eq!(lines(&CONTAINER, "a.xml", &encoding_rs::GBK.encode(text).0), ["1 [1.txt] 武威陆港"]);
    let bomb = "<!DOCTYPE rss [<!ENTITY a 'lol'><!ENTITY b '&a;&a;'>]>".to_string()
        + &rss("<item><description>&b;x</description></item>");
    assert_eq!(lines(&CONTAINER, "a.xml", bomb.as_bytes()), ["1 [1.txt] &b;x"]);
    let limits = Limits { xml_entities: 1, xml_depth: 4, ..Limits::default() };
    let (_, result) = members_of(&CONTAINER, &Blob::of_file("a.xml", bomb), &limits, &[]);
    assert_eq!(result, Err(limits.over("max-entities")));
    let deep = rss("<item><description><p><p>x</p></p></description></item>");
    let (_, result) = members_of(&CONTAINER, &Blob::of_file("a.xml", deep), &limits, &[]);
    assert_eq!(result, Err(limits.over("max-xml-depth")));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>, at in 0usize..600, cut in 0usize..50, put in "[<>/&;a-c!\\[\\] -]{0,12}") {
        let _ = members(&CONTAINER, "a.xml", &bytes);
        let mut feed = rss("<item><title>港</title><description><![CDATA[<p>x]]>y<br/></description><link href='x'/></item>").into_bytes();
        let (at, end) = (at.min(feed.len()), (at + cut).min(feed.len()));
        feed.splice(at..end, put.bytes());
        let _ = members(&CONTAINER, "a.xml", &feed);
    }
}
